//! The second opinion: a naive evaluator, written from the text of the language.
//!
//! It shares with the engine the compiled policy, the facts and the vocabulary of the result, and
//! nothing else: not the arithmetic of dates, not the states, not the order of work. Where the
//! engine looks up, it walks from day to day. It keeps no questions and no explanations, only the
//! plain rows of [`Verdict`].

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a second opinion may stop where it fails"
)]
#![expect(
    clippy::unused_self,
    clippy::similar_names,
    clippy::struct_field_names,
    reason = "it keeps the words of the language, and one way to call everything"
)]

mod basis;
mod before;
mod case;
mod days;
mod duties;
mod examples;
pub(crate) mod generate;
mod ladders;
mod limits;
mod others;
mod samples;
mod series;
mod states;
mod verdict;

use duly::calendar::Date;
use duly::eval::Fact;
use duly::policy::{Body, Policy};

use case::Case;
pub(crate) use verdict::{Last, Row, Verdict, of_outcome};

/// Evaluates a case on a day, one rule after another in the order the policy gives.
pub(crate) fn evaluate(policy: &Policy, facts: &[Fact], as_of: Date) -> Vec<Verdict> {
    let mut case = Case::new(policy, facts, as_of);
    let mut verdicts = Vec::new();
    for &id in &policy.order {
        let rule = policy.rule(id);
        let rows = match &rule.body {
            Body::Series(_) => {
                let rows = case.series_rows(id);
                let waits = rows.is_empty() && rule.in_force.contains(as_of);
                if waits { vec![case.row(id, duly::eval::Part::Whole, 1)] } else { rows }
            }
            Body::Duty(_) => case.duty_rows(id),
            Body::Trigger(trigger) => case.trigger_rows(id, trigger),
            Body::Forbid(forbid) => {
                verdicts.extend(case.findings(id, forbid));
                Vec::new()
            }
            Body::Ladder(ladder) => {
                verdicts.extend(case.ladder_verdicts(id, ladder));
                Vec::new()
            }
        };
        case.rows[id.index()].clone_from(&rows);
        verdicts.extend(rows.into_iter().map(verdict::plain).map(Verdict::Deadline));
    }
    let deemed = case.deemed.iter().map(|(rule, event, day)| Verdict::Deemed {
        rule: policy.rule(*rule).name.clone(),
        event: policy.event(*event).name.clone(),
        date: days::date(*day),
    });
    verdicts.extend(deemed);
    verdicts.sort();
    verdicts
}
