//! Scenarios: the events and expectations of a test that the policy carries with it.

use super::Checker;
use super::names::{Kind, RULES, RuleDeclaration, Symbol};
use super::reads::value_text;
use super::values::{date_text, told_twice};
use crate::calendar::{Length, Unit};
use crate::diagnostic::{Code, Diagnostic, Fix, list, nearest};
use crate::policy::{
    Expectation, Expected, ExpectedBasis, ExpectedPart, ExpectedStatus, RuleId, Scenario,
    ScenarioFact, Value,
};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{self, Name};

/// The parts of a rule that an expectation can name.
const PARTS: &[(&str, ExpectedPart, Kind)] = &[
    ("answer", ExpectedPart::Answer, Kind::Ladder),
    ("approval", ExpectedPart::Approval, Kind::Ladder),
    ("cap", ExpectedPart::Cap, Kind::Ladder),
    ("opening", ExpectedPart::Opening, Kind::Ladder),
    ("judgement", ExpectedPart::Judgement, Kind::Trigger),
    ("review", ExpectedPart::BroughtForward, Kind::Trigger),
];

/// The kinds of basis that an expectation can name.
const BASES: &[(&str, ExpectedBasis)] = &[
    ("actual", ExpectedBasis::Actual),
    ("planned", ExpectedBasis::Planned),
    ("projected", ExpectedBasis::Projected),
];

impl<'a> Checker<'a> {
    /// Compiles the scenarios that have nothing wrong.
    pub(super) fn scenarios(&mut self) -> Vec<Scenario> {
        let scenarios = self.names.scenarios.clone();
        scenarios.into_iter().filter_map(|scenario| self.scenario(scenario)).collect()
    }

    fn scenario(&mut self, scenario: &'a ast::Scenario) -> Option<Scenario> {
        let title = &scenario.title;
        if scenario.expectations.is_empty() {
            self.report(no_expectation(title));
        }
        let as_of = scenario.as_of.as_ref().and_then(|date| self.date(date));
        let switches: Vec<_> =
            scenario.switches.iter().map(|(name, value)| self.switch(name, value)).collect();
        let facts: Vec<_> = scenario.events.iter().map(|fact| self.fact(fact)).collect();
        let expectations: Vec<_> =
            scenario.expectations.iter().map(|expectation| self.expectation(expectation)).collect();
        Some(Scenario {
            title: title.node.clone(),
            switches: switches.into_iter().collect::<Option<_>>()?,
            facts: facts.into_iter().collect::<Option<_>>()?,
            as_of: as_of?,
            expectations: expectations.into_iter().collect::<Option<_>>()?,
            origin: scenario.span,
        })
    }

    fn switch(
        &mut self,
        name: &Name,
        value: &'a Spanned<ast::ReadingValue>,
    ) -> Option<(String, String)> {
        let Symbol::Reading(id) = self.resolve_quietly(name, Kind::Reading)? else {
            return None;
        };
        let reading = self.reading_declaration(id)?;
        let (held, found) = (self.held(&reading.chosen.node), self.held(&value.node));
        if held != found {
            self.report(super::readings::mixed_reading(name, held, found, value.span));
            return None;
        }
        self.check_reading_value(reading, &value.node);
        Some((name.node.clone(), value_text(&value.node)))
    }

    fn fact(&mut self, fact: &'a ast::Fact) -> Option<ScenarioFact> {
        let date = self.date(&fact.date);
        let Symbol::Event(event) = self.resolve_quietly(&fact.event, Kind::Event)? else {
            return None;
        };
        let declared = self.events.get(event.index())?.clone();
        let mut values: Vec<Option<Value>> = vec![None; declared.attributes.len()];
        let (mut reference, mut sequence) = (None, None);
        let mut right = true;
        for (index, (name, value)) in fact.attributes.iter().enumerate() {
            let mut earlier = fact.attributes.iter().take(index);
            if let Some((first, _)) = earlier.find(|(first, _)| first == name) {
                self.report(told_twice("attribute", &name.node, name.span, first.span));
                right = false;
            }
            match name.node.as_str() {
                "ref" => reference = Some(reference_text(&value.node)),
                "seq" => {
                    sequence = sequence_number(&value.node);
                    if sequence.is_none() {
                        self.report(not_a_sequence(value.span));
                        right = false;
                    }
                }
                _ => {
                    let used = self.used.clone();
                    let read = self
                        .attribute(event, name)
                        .and_then(|(id, kind)| Some((id, self.value(&name.node, &kind, value)?)));
                    // A scenario does not make an attribute matter to a rule.
                    self.used = used;
                    match read {
                        Some((id, value)) => {
                            if let Some(place) = values.get_mut(id.index()) {
                                *place = Some(value);
                            }
                        }
                        None => right = false,
                    }
                }
            }
        }
        right.then_some(ScenarioFact {
            date: date?,
            event,
            values,
            reference,
            sequence,
            origin: fact.span,
        })
    }

    /// What a name stands for, without counting as a use of it.
    fn resolve_quietly(&mut self, name: &Name, kind: Kind) -> Option<Symbol> {
        let used = self.used.clone();
        let symbol = self.resolve(name, &[kind]);
        self.used = used;
        symbol
    }

    fn expectation(&mut self, written: &'a ast::Expectation) -> Option<Expectation> {
        let rule = self.rule(&written.rule, RULES);
        let part = match &written.part {
            Some(word) => self.part(word, rule).map(Some),
            None => Some(None),
        };
        let stage = match &written.stage {
            Some(stage) => self.stage_of(rule, stage).map(Some),
            None => Some(None),
        };
        let what = self.expected(&written.what, rule);
        Some(Expectation {
            rule: rule?,
            ordinal: written
                .ordinal
                .as_ref()
                .map(|ordinal| u16::try_from(ordinal.node).unwrap_or(u16::MAX)),
            stage: stage?,
            part: part?,
            reference: written.reference.as_ref().map(|text| text.node.clone()),
            what: what?,
            origin: written.span,
        })
    }

    fn part(&mut self, word: &Name, rule: Option<RuleId>) -> Option<ExpectedPart> {
        let found = PARTS.iter().find(|(name, _, _)| *name == word.node);
        let Some((_, part, kind)) = found else {
            let words: Vec<_> = PARTS.iter().map(|(name, _, _)| *name).collect();
            self.report(unknown_word("part of a rule", word, &words));
            return None;
        };
        let own = self.names.kind(Symbol::Rule(rule?));
        if own != *kind {
            self.report(does_not_fit(word, &format!("{} has", kind.article()), own));
            return None;
        }
        Some(*part)
    }

    /// The stage of the ladder that an expectation is about.
    fn stage_of(&mut self, rule: Option<RuleId>, stage: &Spanned<u32>) -> Option<u16> {
        let rule = rule?;
        if let Some(RuleDeclaration::Ladder(ladder)) = self.names.rules.get(rule.index()).copied() {
            return self.known_stage(ladder, stage);
        }
        let own = self.names.kind(Symbol::Rule(rule));
        let word = Spanned::new(format!("stage {}", stage.node), stage.span);
        self.report(does_not_fit(&word, "a ladder has", own));
        None
    }

    fn expected(&mut self, what: &'a ast::Expected, rule: Option<RuleId>) -> Option<Expected> {
        match what {
            ast::Expected::Nothing => Some(Expected::Nothing),
            ast::Expected::MayOpen { stage, since, ground } => {
                let stage = self.stage_of(rule, stage);
                let since = self.optional_date(since.as_ref());
                let ground = match ground {
                    Some(words) => self.outcome(words).map(Some),
                    None => Some(None),
                };
                Some(Expected::MayOpen { stage: stage?, since: since?, ground: ground? })
            }
            ast::Expected::Status { status, by, due, opens, on, basis } => {
                let status = self.status(status, rule);
                let by = match by {
                    Some((count, unit)) => self.by_days(count, unit).map(Some),
                    None => Some(None),
                };
                let dates = self.dates(due);
                let opens = self.optional_date(opens.as_ref());
                let on = self.optional_date(on.as_ref());
                let basis = match basis {
                    Some(word) => self.basis(word).map(Some),
                    None => Some(None),
                };
                Some(Expected::Status {
                    status: status?,
                    by: by?,
                    due: (dates.len() == due.len()).then_some(dates)?,
                    opens: opens?,
                    on: on?,
                    basis: basis?,
                })
            }
        }
    }

    fn status(&mut self, word: &Name, rule: Option<RuleId>) -> Option<ExpectedStatus> {
        let Some(status) = ExpectedStatus::find(&word.node) else {
            let words: Vec<_> = ExpectedStatus::ALL.iter().map(|status| status.word()).collect();
            self.report(unknown_word("status", word, &words));
            return None;
        };
        let own = self.names.kind(Symbol::Rule(rule?));
        let misfit = match own {
            Kind::Forbid if !status.is_verdict() => "a deadline can be",
            Kind::Forbid => return Some(status),
            _ if status.is_verdict() => "a prohibition can be",
            Kind::Review | Kind::Duty | Kind::Trigger if status.is_standing() => "a ladder can be",
            _ => return Some(status),
        };
        self.report(does_not_fit(word, misfit, own));
        None
    }

    /// `by N days`: lateness is told in calendar days, or in working days where it says so.
    fn by_days(&mut self, count: &Spanned<u32>, unit: &Name) -> Option<Length> {
        let unit = match unit.node.as_str() {
            "day" | "days" | "calendar day" | "calendar days" => Unit::CalendarDays,
            "working day" | "working days" => Unit::WorkingDays,
            _ => {
                self.report(unknown_word("unit of lateness", unit, &["days", "working days"]));
                return None;
            }
        };
        Some(Length::new(u16::try_from(count.node).unwrap_or(u16::MAX), unit))
    }

    fn basis(&mut self, word: &Name) -> Option<ExpectedBasis> {
        let found = BASES.iter().find(|(name, _)| *name == word.node);
        if found.is_none() {
            let words: Vec<_> = BASES.iter().map(|(name, _)| *name).collect();
            self.report(unknown_word("basis", word, &words));
        }
        found.map(|(_, basis)| *basis)
    }

    fn optional_date(
        &mut self,
        date: Option<&Spanned<ast::DateLiteral>>,
    ) -> Option<Option<crate::calendar::Date>> {
        match date {
            Some(date) => self.date(date).map(Some),
            None => Some(None),
        }
    }
}

/// The text of a `ref`, however it is written.
fn reference_text(value: &ast::Value) -> String {
    match value {
        ast::Value::Word(text) | ast::Value::Text(text) | ast::Value::Number(text) => text.clone(),
        ast::Value::YesNo(true) => "yes".to_owned(),
        ast::Value::YesNo(false) => "no".to_owned(),
        ast::Value::Date(date) => date_text(date),
    }
}

fn sequence_number(value: &ast::Value) -> Option<u32> {
    match value {
        ast::Value::Number(text) => text.parse().ok(),
        _ => None,
    }
}

fn not_a_sequence(span: Span) -> Diagnostic {
    Diagnostic::new(Code::WrongType, "`seq` is a whole number", span, "not a whole number")
        .help("number the events of the day `seq 1`, `seq 2` in the order in which they happened")
}

fn no_expectation(title: &ast::Text) -> Diagnostic {
    Diagnostic::new(
        Code::NoExpectation,
        format!("the scenario \"{}\" expects nothing, so it can never fail", title.node),
        title.span,
        "needs `expect`",
    )
    .help("add for instance `expect RULE met`")
}

fn unknown_word(noun: &str, word: &Name, words: &[&str]) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        Code::UnknownExpectation,
        format!("`{}` is not a {noun}", word.node),
        word.span,
        "not known",
    );
    match nearest(&word.node, words.iter().copied()) {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")).fix(Fix::new(
            format!("write `{near}`"),
            word.span,
            near,
        )),
        None => diagnostic.help(format!("there are {}", list(words))),
    }
}

fn does_not_fit(word: &Name, who: &str, own: Kind) -> Diagnostic {
    Diagnostic::new(
        Code::ExpectationDoesNotFit,
        format!("only {who} `{}`, and this is {}", word.node, own.article()),
        word.span,
        format!("not of {}", own.article()),
    )
    .help(match own {
        Kind::Forbid => "a prohibition is `kept`, `breached` or `not-known`",
        Kind::Ladder => "ask where the ladder stands, or for the answer at a stage",
        _ => "ask for the status of the deadline, such as `met` or `overdue`",
    })
}
