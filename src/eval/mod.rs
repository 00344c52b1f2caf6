//! The evaluator: a policy, the dated events of a case and a day give an [`Outcome`].
//!
//! [`evaluate`] is total: it has no clock, reads nothing, and gives an outcome for every timeline
//! of the policy's events. The meaning is that of section 4 of the language reference; the rule
//! numbers (M1 to M27) stand beside the code that keeps them.

mod act;
mod alike;
mod basis;
mod before;
mod case;
mod count;
mod duty;
mod few;
mod forbid;
mod ladder;
mod limit;
mod outcome;
mod prepare;
mod review;
mod rows;
mod series;
mod state;
mod statement;
mod status;
mod stretches;
mod timeline;
mod trigger;
mod truth;
mod why;
mod window;
mod words;

pub use few::Few;
pub use outcome::{
    Basis, BasisKind, Change, Deadline, Deemed, Due, FactId, Facts, Finding, Irregular,
    LadderState, Outcome, Part, Question, Reason, Reasons, Standing, Start, Status, Terms, Verdict,
    Way,
};
pub use statement::{Direction, NotGoverning, Source, Statement, Why};
pub use timeline::{Fact, Timeline};
pub use why::{why, why_each, why_not};
pub use window::{CountedFrom, window_dates};

use crate::calendar::Date;
use crate::policy::{Anchor, Body, Policy};
use alike::Alike;
use case::{Buffers, Case};
use rows::Rows;

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
    Evaluator::new(policy, as_of, matching).evaluate(timeline)
}

/// Evaluates case after case against a policy on a day, and needs little more memory for many than for
/// one: what was worked out for a case is written over by the next.
#[derive(Debug)]
pub struct Evaluator<'p> {
    policy: &'p Policy,
    as_of: Date,
    matching: Matching,
    alike: Alike,
    buffers: Buffers,
    rows: Rows,
}

impl<'p> Evaluator<'p> {
    /// Makes an evaluator that has seen no case yet.
    pub fn new(policy: &'p Policy, as_of: Date, matching: Matching) -> Evaluator<'p> {
        let (buffers, rows) = (Buffers::default(), Rows::default());
        Evaluator { policy, as_of, matching, alike: Alike::new(policy), buffers, rows }
    }

    /// Evaluates a case.
    pub fn evaluate(&mut self, timeline: &Timeline) -> Outcome {
        let Evaluator { policy, as_of, matching, .. } = *self;
        let buffers = std::mem::take(&mut self.buffers);
        let case = Case::new(policy, timeline, as_of, buffers);
        let (mut case, standings) = run(case, &mut self.alike, &mut self.rows, matching);
        let mut findings = Vec::new();
        for &rule in &policy.order {
            if let Body::Forbid(forbid) = &policy.rule(rule).body {
                findings.extend(case.findings(rule, forbid));
            }
        }
        findings.sort_by_key(|finding| (finding.rule, finding.fact));
        let outcome = Outcome {
            as_of,
            matching,
            ahead: case.ahead().collect(),
            deadlines: self.rows.take(),
            findings,
            standings,
            strays: std::mem::take(&mut case.strays),
            deemed: std::mem::take(&mut case.deemed_by),
        };
        self.buffers = case.into_buffers();
        self.alike.forget();
        outcome
    }

    /// Takes up again what an outcome needed, when nobody wants it any more.
    pub fn take_back(&mut self, outcome: Outcome) {
        self.rows.take_back(outcome.deadlines);
    }
}

/// Evaluates the rules in their order, each seeing what those before it came to.
fn run<'a>(
    mut case: Case<'a>,
    alike: &mut Alike,
    rows: &mut Rows,
    matching: Matching,
) -> (Case<'a>, Vec<Standing>) {
    let policy = case.policy;
    alike.forget();
    rows.clear(policy.rules.len());
    case.find_over_cap(None);
    let mut standings = Vec::new();
    for &rule in &policy.order {
        rows.begin(rule);
        match &policy.rule(rule).body {
            Body::Series(series) => {
                case.series_rows(rule, series, rows);
                case.find_over_cap(Some(rule));
            }
            Body::Duty(duty) => match (alike.group(rule), &duty.anchor) {
                (Some(group), _) => case.prepare(rule, duty, (group, alike), rows),
                // Nothing has happened from which it could count.
                (None, Anchor::Events(choices)) if !case.has_any(choices) => {}
                (None, Anchor::Events(choices)) if duty.lies_before() || duty.lies_midway() => {
                    case.before_events(rule, duty, choices, rows);
                }
                (None, _) => case.after(rule, duty, matching, rows),
            },
            Body::Trigger(trigger) => case.trigger(rule, trigger, matching, rows),
            Body::Ladder(ladder) => standings.extend(case.ladder(rule, ladder, rows)),
            Body::Forbid(_) => {}
        }
        let waits = matches!(policy.rule(rule).body, Body::Series(_) | Body::Duty(_));
        if waits && rows.own().is_empty() && policy.rule(rule).in_force.contains(case.as_of) {
            rows.wait();
        }
    }
    standings.sort_by_key(|standing: &Standing| (standing.rule, standing.ordinal));
    (case, standings)
}
