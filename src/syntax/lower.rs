//! From the parser's pieces to the tree.
//!
//! The grammar reads a little more than the language has, so that common mistakes can be named here
//! rather than met with "expected …". What was meant is kept in the tree wherever it is clear.

mod condition;
mod declaration;
mod ladder;
mod rule;
mod scenario;
mod token;
mod window;

pub(super) use token::unclosed;
pub(super) use window::number_word;

use crate::diagnostic::{Code, Diagnostic, Problems};
use crate::source::Span;

use super::ast::{Declaration, Fact, ReadingValue};
use super::grammar::{Node, Rule};
use crate::source::Spanned;

/// Turns pieces into the tree and collects what is wrong with them.
///
/// A function that returns nothing has met a piece that the grammar does not make; `parse`
/// then reports one internal error rather than ending the program.
#[derive(Default)]
pub(super) struct Lowering {
    pub(super) problems: Problems,
    /// Set where a clause had to be left out: what is missing may have stood in it.
    pub(super) incomplete: bool,
}

/// The clauses that a declaration has had.
#[derive(Default)]
struct Seen(Vec<(&'static str, Span)>);

impl Lowering {
    /// Lowers a declaration.
    pub(super) fn declaration(&mut self, node: &Node<'_>) -> Option<Declaration> {
        Some(match node.rule() {
            Rule::policy => Declaration::Policy(self.policy(node)?),
            Rule::reading => Declaration::Reading(self.reading(node)?),
            Rule::role => Declaration::Role(self.role(node)?),
            Rule::event => Declaration::Event(self.event(node)?),
            Rule::state => Declaration::State(self.state(node)?),
            Rule::review => Declaration::Review(self.review(node)?),
            Rule::duty => Declaration::Duty(self.duty(node)?),
            Rule::trigger => Declaration::Trigger(self.trigger(node)?),
            Rule::forbid => Declaration::Forbid(self.forbid(node)?),
            Rule::ladder => Declaration::Ladder(self.ladder(node)?),
            Rule::scenario => Declaration::Scenario(self.scenario(node)?),
            _ => return None,
        })
    }

    /// Lowers an event line.
    pub(super) fn fact_line(&mut self, node: &Node<'_>) -> Option<Fact> {
        self.fact(node)
    }

    /// Lowers the value of a reading as it is typed at a prompt.
    pub(super) fn typed_reading(&mut self, node: &Node<'_>) -> Option<Spanned<ReadingValue>> {
        self.alternative(node)
    }

    /// Adds a finding.
    fn report(&mut self, problem: Diagnostic) {
        self.problems.push(problem);
    }

    /// Admits a clause that a declaration can have once, and reports a second.
    fn once(&mut self, seen: &mut Seen, clause: &'static str, span: Span) -> bool {
        match seen.0.iter().find(|(name, _)| *name == clause) {
            None => {
                seen.0.push((clause, span));
                true
            }
            Some((_, first)) => {
                self.report(
                    Diagnostic::new(
                        Code::RepeatedClause,
                        format!("`{clause}` is here twice"),
                        span,
                        "the second",
                    )
                    .label(*first, "the first")
                    .help("keep the one that holds"),
                );
                false
            }
        }
    }

    /// Puts a clause that a declaration can have once in its place.
    fn fill<T>(
        &mut self,
        seen: &mut Seen,
        clause: &'static str,
        node: &Node<'_>,
        place: &mut Option<T>,
        value: Option<T>,
    ) -> Option<()> {
        let value = value?;
        if self.once(seen, clause, node.span()) {
            *place = Some(value);
        }
        Some(())
    }

    /// Puts a list that a declaration can have once in its place.
    fn fill_list<T>(
        &mut self,
        seen: &mut Seen,
        clause: &'static str,
        node: &Node<'_>,
        place: &mut Vec<T>,
        value: Vec<T>,
    ) {
        if self.once(seen, clause, node.span()) {
            *place = value;
        }
    }

    /// Reports a clause that a declaration needs and does not have.
    fn missing(&mut self, here: bool, what: &str, head: Span, clause: &str) {
        if here || self.incomplete {
            return;
        }
        self.report(Diagnostic::new(
            Code::MissingClause,
            format!("{what} lacks its {clause}"),
            head,
            format!("{clause} is missing"),
        ));
    }
}
