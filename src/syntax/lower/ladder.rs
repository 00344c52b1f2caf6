//! Ladders and their stages.

use crate::source::{Span, Spanned};

use super::declaration::{head, in_time_when};
use super::{Lowering, Seen};
use crate::syntax::ast::{By, Exit, ExitTo, Ladder, OpensOn, OrReading, Shape, Stage, Window};
use crate::syntax::grammar::{Node, Rule};

impl Lowering {
    pub(super) fn ladder(&mut self, node: &Node<'_>) -> Option<Ladder> {
        let mut seen = Seen::default();
        let mut ladder = Ladder {
            head: self.rule_head(node)?,
            opened_by: None,
            answered_by: None,
            approved_by: None,
            judged_by: None,
            closed_by: None,
            in_time_when: None,
            enters: None,
            outside: None,
            cap: None,
            copies: Vec::new(),
            opens_on: Vec::new(),
            stages: Vec::new(),
            misplaced: Vec::new(),
        };
        for clause in node.each(Rule::ladder_clause) {
            self.ladder_clause(&mut ladder, &mut seen, &clause.inner()?)?;
        }
        for stage in node.each(Rule::stage) {
            for late in stage.each(Rule::late_clause) {
                ladder.misplaced.push(Spanned::new(leading(&late), late.span()));
            }
            let stage = self.stage(&stage)?;
            ladder.stages.push(stage);
        }
        let head = head(node);
        let misplaced = |words: &str| ladder.misplaced.iter().any(|late| late.node == words);
        let by = ladder.head.by.is_some() || misplaced("by");
        let opened = ladder.opened_by.is_some() || misplaced("opened by");
        self.missing(by, "the ladder", head, "`by`");
        self.missing(opened, "the ladder", head, "`opened by`");
        self.missing(!ladder.stages.is_empty(), "the ladder", head, "first `stage`");
        Some(ladder)
    }

    fn ladder_clause(
        &mut self,
        ladder: &mut Ladder,
        seen: &mut Seen,
        clause: &Node<'_>,
    ) -> Option<()> {
        let (words, place) = match clause.rule() {
            Rule::opened_clause => ("opened by", &mut ladder.opened_by),
            Rule::answered_clause => ("answered by", &mut ladder.answered_by),
            Rule::approved_clause => ("approved by", &mut ladder.approved_by),
            Rule::judged_clause => ("judged by", &mut ladder.judged_by),
            Rule::closed_by_clause => ("closed by", &mut ladder.closed_by),
            Rule::outside_clause => ("outside", &mut ladder.outside),
            Rule::in_time_clause => {
                let when = match clause.find(Rule::in_time_when) {
                    Some(plain) => {
                        Spanned::new(OrReading::Plain(in_time_when(&plain)), plain.span())
                    }
                    None => self.as_reading(clause)?,
                };
                return self.fill(
                    seen,
                    "in time when",
                    clause,
                    &mut ladder.in_time_when,
                    Some(when),
                );
            }
            Rule::enters_clause => {
                let stage = self.count_in(clause).map(|stage| stage.node);
                let enters = Some(Spanned::new(stage, clause.span()));
                return self.fill(seen, "enters", clause, &mut ladder.enters, enters);
            }
            Rule::cap_clause => {
                let cap = Window {
                    span: clause.span(),
                    shape: Shape::Within(self.length_in(clause)?),
                    anchor: clause
                        .find(Rule::after_anchor)
                        .and_then(|after| self.anchor(&after.find(Rule::anchor)?)),
                };
                if cap.anchor.is_none() {
                    self.unanchored(Span::at(cap.span.end), "`after`");
                }
                return self.fill(seen, "cap", clause, &mut ladder.cap, Some(cap));
            }
            Rule::always_clause => {
                let names = self.names_in(clause);
                self.fill_list(seen, "always copies", clause, &mut ladder.copies, names);
                return Some(());
            }
            Rule::opens_clause => {
                ladder.opens_on.push(OpensOn {
                    span: clause.span(),
                    stage: self.count_in(clause)?,
                    event: self.event_in(clause)?,
                });
                return Some(());
            }
            _ => return self.common_clause(&mut ladder.head, seen, clause),
        };
        let name = self.name_in(clause);
        self.fill(seen, words, clause, place, name)
    }

    fn stage(&mut self, node: &Node<'_>) -> Option<Stage> {
        let mut seen = Seen::default();
        let mut stage = Stage {
            span: node.span(),
            number: self.count_in(node)?,
            title: self.text_in(node),
            to: Vec::new(),
            answer_from: Vec::new(),
            approval_from: Vec::new(),
            limit: None,
            copies: Vec::new(),
            grounds: Vec::new(),
            exits: Vec::new(),
            cites: Vec::new(),
            accepts: Vec::new(),
        };
        for clause in node.each(Rule::stage_clause) {
            let clause = clause.inner()?;
            let (words, place) = match clause.rule() {
                Rule::to_clause => ("to", &mut stage.to),
                Rule::answer_from => ("answer from", &mut stage.answer_from),
                Rule::approval_from => ("approval from", &mut stage.approval_from),
                Rule::copies_clause => ("copies", &mut stage.copies),
                Rule::grounds_clause => ("grounds", &mut stage.grounds),
                Rule::limit_clause => {
                    let window = self.led_window(&clause.inner()?);
                    self.fill(&mut seen, "within", &clause, &mut stage.limit, window)?;
                    continue;
                }
                Rule::exit_clause => {
                    stage.exits.push(self.exit(&clause)?);
                    continue;
                }
                Rule::cite_clause => {
                    stage.cites.extend(self.texts(&clause));
                    continue;
                }
                Rule::accept_clause => {
                    stage.accepts.push(self.accept(&clause));
                    continue;
                }
                _ => return None,
            };
            let names = self.names_in(&clause);
            self.fill_list(&mut seen, words, &clause, place, names);
        }
        Some(stage)
    }

    fn exit(&mut self, node: &Node<'_>) -> Option<Exit> {
        let by = node.find(Rule::exit_by).map(|by| -> By { self.by(&by) });
        let leads = if let Some(stage) = node.find(Rule::exit_stage) {
            ExitTo::Stage(self.count_in(&stage)?)
        } else if node.has(Rule::exit_outside) {
            ExitTo::Outside
        } else {
            ExitTo::Ends
        };
        Some(Exit { span: node.span(), outcome: outcome(&node.find(Rule::outcome)?), by, leads })
    }
}

/// An outcome, its words joined by one blank.
pub(super) fn outcome(node: &Node<'_>) -> Spanned<String> {
    let words: Vec<_> = node.parts().map(|part| part.text().trim_end().to_owned()).collect();
    Spanned::new(words.join(" "), node.span())
}

/// The words that a clause begins with.
fn leading(node: &Node<'_>) -> String {
    let mut clause = node.clone();
    while let Some(inner) = clause.inner()
        && clause.parts().next().is_some_and(|first| first.rule() == inner.rule())
    {
        clause = inner;
    }
    let words: Vec<_> = clause.parts().map_while(|part| part.word()).collect();
    words.join(" ")
}
