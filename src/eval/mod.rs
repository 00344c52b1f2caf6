//! The evaluator: a policy, the dated events of a case and a day give an [`Outcome`].
//!
//! [`evaluate`] is total: it has no clock, reads nothing, and gives an outcome for every timeline
//! of the policy's events. The meaning is that of section 4 of the language reference; the rule
//! numbers (M1 to M27) stand beside the code that keeps them.

mod act;
mod before;
mod case;
mod count;
mod duty;
mod forbid;
mod ladder;
mod limit;
mod outcome;
mod prepare;
mod review;
mod series;
mod state;
mod statement;
mod status;
mod timeline;
mod trigger;
mod truth;
mod why;
mod window;
mod words;

pub use outcome::{
    Basis, BasisKind, Change, Deadline, Deemed, Due, FactId, Finding, Irregular, LadderState,
    Outcome, Part, Question, Reason, Standing, Start, Status, Verdict, Way,
};
pub use statement::{Direction, NotGoverning, Source, Statement, Why};
pub use timeline::{Fact, Timeline};
pub use why::{why, why_each, why_not};
pub use window::{CountedFrom, window_dates};

use crate::calendar::Date;
use crate::policy::{Anchor, Body, Policy};
use case::Case;

/// What is made of an act that names no `ref` while more than one instance of a duty is open (M14).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Matching {
    /// It is taken for the latest instance, and both say so.
    #[default]
    Lenient,
    /// Neither instance is determined.
    Strict,
}

/// Evaluates a case against a policy on a day, taking acts without a `ref` for the latest instance.
pub fn evaluate(policy: &Policy, timeline: &Timeline, as_of: Date) -> Outcome {
    evaluate_with(policy, timeline, as_of, Matching::Lenient)
}

/// Evaluates a case against a policy on a day.
pub fn evaluate_with(
    policy: &Policy,
    timeline: &Timeline,
    as_of: Date,
    matching: Matching,
) -> Outcome {
    let (mut case, standings) = run(policy, timeline, as_of, matching);
    let mut findings = Vec::new();
    for &rule in &policy.order {
        if let Body::Forbid(forbid) = &policy.rule(rule).body {
            findings.extend(case.findings(rule, forbid));
        }
    }
    findings.sort_by_key(|finding| (finding.rule, finding.fact));
    Outcome {
        as_of,
        matching,
        ahead: case.ahead().collect(),
        deadlines: std::mem::take(&mut case.rows).into_iter().flatten().collect(),
        findings,
        standings,
        strays: case.strays,
        deemed: case.deemed_by,
    }
}

/// Evaluates the rules in their order, each seeing what those before it came to.
fn run<'a>(
    policy: &'a Policy,
    timeline: &'a Timeline,
    as_of: Date,
    matching: Matching,
) -> (Case<'a>, Vec<Standing>) {
    let mut case = Case::new(policy, timeline, as_of);
    case.find_over_cap(None);
    let mut standings = Vec::new();
    for &rule in &policy.order {
        match &policy.rule(rule).body {
            Body::Series(series) => {
                case.series_rows(rule, series);
                case.find_over_cap(Some(rule));
            }
            Body::Duty(duty) => {
                let backwards = prepare::lies_before(duty) || prepare::lies_midway(duty);
                match &duty.anchor {
                    Anchor::Review { .. } if backwards => case.prepare(rule, duty),
                    Anchor::Events(choices) if backwards => {
                        case.before_events(rule, duty, choices);
                    }
                    _ => case.after(rule, duty, matching),
                }
            }
            Body::Trigger(trigger) => case.trigger(rule, trigger, matching),
            Body::Ladder(ladder) => standings.extend(case.ladder(rule, ladder)),
            Body::Forbid(_) => {}
        }
    }
    standings.sort_by_key(|standing: &Standing| (standing.rule, standing.ordinal));
    (case, standings)
}
