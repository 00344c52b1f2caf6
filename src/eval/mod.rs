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
mod clocked;
mod count;
mod duty;
mod few;
mod forbid;
mod ladder;
mod limit;
mod outcome;
mod plan;
mod prepare;
mod review;
mod rows;
mod series;
mod slot_duty;
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
    LadderState, Outcome, Part, Question, Reason, Reasons, Standing, Start, Status, Terms,
    Unclocked, Verdict, Way,
};
pub use statement::{Direction, NotGoverning, Source, Statement, Why};
pub use timeline::{Fact, Timeline};
pub use why::{why, why_each, why_not};
pub use window::{CountedFrom, window_dates};

use crate::calendar::Date;
use crate::policy::Policy;
use alike::Alike;
use case::{Buffers, Case};
use plan::{Plan, Task};
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
    plan: Plan<'p>,
    alike: Alike,
    buffers: Buffers,
    rows: Rows,
}

impl<'p> Evaluator<'p> {
    /// Makes an evaluator that has seen no case yet.
    pub fn new(policy: &'p Policy, as_of: Date, matching: Matching) -> Evaluator<'p> {
        let alike = Alike::new(policy);
        let plan = Plan::new(policy, &alike, as_of);
        let (buffers, rows) = (Buffers::default(), Rows::default());
        Evaluator { policy, as_of, matching, plan, alike, buffers, rows }
    }

    /// Evaluates a case.
    pub fn evaluate(&mut self, timeline: &Timeline) -> Outcome {
        let buffers = std::mem::take(&mut self.buffers);
        let (mut case, standings) = self.run(timeline, buffers);
        let mut findings = Vec::new();
        for &(rule, forbid) in &self.plan.prohibitions {
            findings.extend(case.findings(rule, forbid));
        }
        findings.sort_by_key(|finding| (finding.rule, finding.fact));
        let deadlines = self.rows.take();
        let outcome = Outcome {
            as_of: self.as_of,
            matching: self.matching,
            ahead: case.ahead().collect(),
            unclocked: case.unclocked(&deadlines),
            deadlines,
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

    /// Evaluates the rules in their order, each seeing what those before it came to.
    fn run<'a>(&mut self, timeline: &'a Timeline, buffers: Buffers) -> (Case<'a>, Vec<Standing>)
    where
        'p: 'a,
    {
        let Evaluator { policy, as_of, matching, plan, alike, rows, .. } = self;
        let mut case = Case::new(policy, timeline, *as_of, buffers);
        alike.forget();
        rows.clear(policy.rules.len());
        case.find_over_cap(&plan.prohibitions, None);
        let mut standings = Vec::new();
        for step in &plan.steps {
            let rule = step.rule;
            rows.begin(rule);
            // Nothing has happened from which it could count.
            let idle = !step.starts.is_empty()
                && step.starts.iter().all(|&event| case.of(event).is_empty());
            if idle {
                if step.waits {
                    rows.wait();
                }
                continue;
            }
            match &step.task {
                Task::Series(series) => {
                    case.series_rows(rule, series, rows);
                    case.find_over_cap(&plan.prohibitions, Some(rule));
                }
                Task::Prepare(slot_duty, group) => case.prepare(slot_duty, (*group, alike), rows),
                Task::Before(duty, choices) => case.before_events(rule, duty, choices, rows),
                Task::After(duty) => case.after(rule, duty, *matching, rows),
                Task::Trigger(trigger) => case.trigger(rule, trigger, *matching, rows),
                Task::Ladder(ladder) => standings.extend(case.ladder(rule, ladder, rows)),
            }
            if step.waits && rows.own().is_empty() {
                rows.wait();
            }
        }
        standings.sort_by_key(|standing: &Standing| (standing.rule, standing.ordinal));
        (case, standings)
    }
}
