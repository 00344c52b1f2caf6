//! Scenarios and event lines.

use crate::source::Spanned;

use super::declaration::head;
use super::ladder::outcome;
use super::window::unit;
use super::{Lowering, Seen};
use crate::syntax::ast::{Expectation, Expected, Fact, Name, Scenario, Value};
use crate::syntax::grammar::{Node, Rule};

impl Lowering {
    pub(super) fn scenario(&mut self, node: &Node<'_>) -> Option<Scenario> {
        let mut seen = Seen::default();
        let mut scenario = Scenario {
            span: node.span(),
            title: self.text_in(node)?,
            switches: Vec::new(),
            events: Vec::new(),
            as_of: None,
            expectations: Vec::new(),
        };
        for line in node.each(Rule::scenario_line) {
            let line = line.inner()?;
            match line.rule() {
                Rule::read_line => {
                    let value = self.alternative(&line.find(Rule::alternative)?)?;
                    scenario.switches.push((self.name_in(&line)?, value));
                }
                Rule::fact => scenario.events.push(self.fact(&line)?),
                Rule::as_of_line => {
                    let date = self.date_in(&line);
                    self.fill(&mut seen, "as of", &line, &mut scenario.as_of, date)?;
                }
                Rule::expect_line => scenario.expectations.push(self.expectation(&line)?),
                _ => return None,
            }
        }
        self.missing(scenario.as_of.is_some(), "the scenario", head(node), "`as of`");
        Some(scenario)
    }

    /// An event line.
    pub(super) fn fact(&mut self, node: &Node<'_>) -> Option<Fact> {
        let date = self.date_in(node)?;
        let event = self.name_in(node)?;
        let mut attributes = Vec::new();
        for pair in node.parts() {
            match pair.rule() {
                Rule::ref_pair => {
                    let (name, word) = (pair.find(Rule::kw_ref)?, pair.find(Rule::loose_word)?);
                    let name = Name::new(name.text().to_owned(), name.span());
                    let value = Value::Word(word.text().to_owned());
                    attributes.push((name, Spanned::new(value, word.span())));
                }
                Rule::fact_pair => {
                    let name = self.attribute_name(&pair.find(Rule::attribute_name)?);
                    attributes.push((name, self.value(&pair.find(Rule::value)?)?));
                }
                _ => {}
            }
        }
        Some(Fact { span: node.span(), date, event, attributes })
    }

    fn expectation(&mut self, node: &Node<'_>) -> Option<Expectation> {
        let ordinal = node.find(Rule::ordinal).map(|ordinal| {
            let span = ordinal.span();
            match ordinal.find(Rule::nth) {
                Some(nth) => self.count(&nth),
                None if ordinal.has(Rule::kw_first) => Spanned::new(1, span),
                None if ordinal.has(Rule::kw_second) => Spanned::new(2, span),
                None => Spanned::new(3, span),
            }
        });
        Some(Expectation {
            span: node.span(),
            ordinal,
            rule: self.name_in(node)?,
            stage: node.find(Rule::expect_stage).and_then(|stage| self.count_in(&stage)),
            part: node.find(Rule::part).map(|part| word(&part)),
            reference: node
                .find(Rule::expect_ref)
                .and_then(|reference| Some(word(&reference.find(Rule::loose_word)?))),
            what: self.expected(&node.find(Rule::expected)?.inner()?)?,
        })
    }

    fn expected(&mut self, node: &Node<'_>) -> Option<Expected> {
        if node.rule() == Rule::nothing {
            return Some(Expected::Nothing);
        }
        if node.rule() == Rule::may_open {
            return Some(Expected::MayOpen {
                stage: self.count_in(node)?,
                since: node.find(Rule::since_date).and_then(|since| self.date_in(&since)),
                ground: node
                    .find(Rule::on_outcome)
                    .and_then(|on| Some(outcome(&on.find(Rule::outcome)?))),
            });
        }
        let by = match node.find(Rule::late_by) {
            Some(late) => Some((self.count_in(&late)?, unit(&late.find(Rule::unit)?))),
            None => None,
        };
        let mut seen = Seen::default();
        let (mut due, mut opens, mut on, mut basis) = (Vec::new(), None, None, None);
        for particular in node.each(Rule::particular) {
            let particular = particular.inner()?;
            match particular.rule() {
                Rule::due_dates => {
                    let dates = particular.each(Rule::date).map(|date| self.date(&date));
                    let dates = dates.collect();
                    self.fill_list(&mut seen, "due", &particular, &mut due, dates);
                }
                Rule::opens_date => {
                    let date = self.date_in(&particular);
                    self.fill(&mut seen, "opens", &particular, &mut opens, date)?;
                }
                Rule::on_date => {
                    let date = self.date_in(&particular);
                    self.fill(&mut seen, "on", &particular, &mut on, date)?;
                }
                Rule::basis => {
                    let last = particular.parts().last();
                    let name = last.map(|last| word(&last));
                    self.fill(&mut seen, "basis", &particular, &mut basis, name)?;
                }
                _ => return None,
            }
        }
        Some(Expected::Status {
            status: word(&node.find(Rule::status)?),
            by,
            due,
            opens,
            on,
            basis,
        })
    }
}

/// A single word, whether or not it is one of the language.
fn word(node: &Node<'_>) -> Name {
    Name::new(node.text().trim_end().to_owned(), node.span())
}
