//! What both sides are compared by.

use std::fmt;

use duly::calendar::Date;
use duly::eval::Verdict as Finding;
use duly::eval::{BasisKind, Due, FactId, LadderState, Outcome, Part, Status, Timeline};
use duly::policy::{Anchor, Body, ExitTo, Policy, RuleId, StageOutcome};

use super::days::{self, Day};

/// One line of a result.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Verdict {
    /// A deadline.
    Deadline(Row),
    /// What a prohibition came to.
    Prohibition { rule: String, fact: Option<Date>, verdict: Finding },
    /// Where a ladder stands.
    Ladder {
        rule: String,
        ordinal: u16,
        reference: Option<String>,
        stage: u16,
        state: LadderState,
        ways: Vec<(StageOutcome, Date, String)>,
    },
    /// An event deemed to have happened.
    Deemed { rule: String, event: String, date: Date },
}

/// A deadline, as plain values.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Row {
    pub(crate) rule: String,
    pub(crate) part: Part,
    pub(crate) ordinal: u16,
    pub(crate) reference: Option<String>,
    pub(crate) opens: Option<Date>,
    pub(crate) due: Last,
    pub(crate) alternatives: Vec<Date>,
    pub(crate) done_on: Option<Date>,
    pub(crate) status: Status,
    pub(crate) days: i32,
    pub(crate) working_days: Option<i32>,
    pub(crate) basis: Option<(BasisKind, Date)>,
}

/// The last day in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Last {
    On(Date),
    Never,
    Waiting,
    Beyond,
    Unknown,
}

impl Last {
    pub(super) fn day(self) -> Option<Day> {
        match self {
            Last::On(date) => Some(date.number()),
            Last::Never | Last::Waiting | Last::Beyond | Last::Unknown => None,
        }
    }

    pub(super) fn on(day: Option<Day>) -> Last {
        day.map_or(Last::Beyond, |day| Last::On(days::date(day)))
    }
}

/// The rows of the engine's outcome, in the order of [`Verdict`].
pub(crate) fn of_outcome(policy: &Policy, timeline: &Timeline, outcome: &Outcome) -> Vec<Verdict> {
    let name = |rule: RuleId| policy.rule(rule).name.clone();
    let date = |id: FactId| {
        let deemed = || outcome.deemed.iter().find(|deemed| deemed.fact == id).map(|d| d.date);
        timeline.fact(id).map(|fact| fact.date).or_else(deemed)
    };
    let reference = |id: FactId| timeline.fact(id).and_then(|fact| fact.reference.clone());
    let mut rows: Vec<Verdict> = Vec::new();
    for deadline in &outcome.deadlines {
        let by_review = tied_to_reviews(policy, deadline.rule);
        rows.push(Verdict::Deadline(plain(Row {
            rule: name(deadline.rule),
            part: deadline.part,
            ordinal: deadline.ordinal,
            reference: deadline.reference.filter(|_| !by_review).and_then(reference),
            opens: deadline.opens,
            due: match deadline.due {
                Due::On(date) => Last::On(date),
                Due::Never => Last::Never,
                Due::Waiting => Last::Waiting,
                Due::Beyond(_) => Last::Beyond,
                Due::Unknown => Last::Unknown,
            },
            alternatives: deadline.alternatives.to_vec(),
            done_on: deadline.done_on,
            status: deadline.status,
            days: deadline.days,
            working_days: deadline.working_days,
            basis: deadline.basis.map(|basis| (basis.kind, basis.date)),
        })));
    }
    for finding in &outcome.findings {
        rows.push(Verdict::Prohibition {
            rule: name(finding.rule),
            fact: finding.fact.and_then(date),
            verdict: finding.verdict,
        });
    }
    for standing in &outcome.standings {
        let mut ways: Vec<_> =
            standing.ways.iter().map(|way| (way.outcome, way.since, leads(way.leads))).collect();
        ways.sort();
        rows.push(Verdict::Ladder {
            rule: name(standing.rule),
            ordinal: standing.ordinal,
            reference: reference(standing.opened),
            stage: standing.stage,
            state: standing.state,
            ways,
        });
    }
    for deemed in &outcome.deemed {
        let event = policy.event(deemed.event).name.clone();
        rows.push(Verdict::Deemed { rule: name(deemed.rule), event, date: deemed.date });
    }
    rows.sort();
    rows
}

/// What cannot be said has no last day either: by which road it is unknown is not compared.
pub(super) fn plain(mut row: Row) -> Row {
    if row.status == Status::Undetermined && row.due.day().is_none() {
        row.due = Last::Unknown;
    }
    row
}

/// Whether the rule counts from reviews. Which of a review's facts lends its `ref` to a deadline
/// is not said anywhere, so that the `ref` of such a rule is left out on both sides.
pub(super) fn tied_to_reviews(policy: &Policy, rule: RuleId) -> bool {
    match &policy.rule(rule).body {
        Body::Series(_) => true,
        Body::Duty(duty) => matches!(duty.anchor, Anchor::Review { .. }),
        Body::Trigger(_) | Body::Forbid(_) | Body::Ladder(_) => false,
    }
}

pub(super) fn leads(to: ExitTo) -> String {
    match to {
        ExitTo::Stage(stage) => format!("stage {stage}"),
        ExitTo::Ends => "ends".to_owned(),
        ExitTo::Outside => "outside".to_owned(),
    }
}

impl Verdict {
    /// The name of the rule it is about.
    pub(crate) fn rule(&self) -> &str {
        match self {
            Verdict::Deadline(Row { rule, .. })
            | Verdict::Prohibition { rule, .. }
            | Verdict::Ladder { rule, .. }
            | Verdict::Deemed { rule, .. } => rule,
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Verdict::Deadline(row) => row.fmt(f),
            Verdict::Prohibition { rule, fact, verdict } => {
                write!(f, "{rule}: {verdict:?}")?;
                fact.map_or(Ok(()), |date| write!(f, " by the act of {date}"))
            }
            Verdict::Ladder { rule, ordinal, reference, stage, state, ways } => {
                write!(f, "{ordinal}. {rule} {reference:?} at stage {stage}: {state:?}")?;
                for (outcome, since, to) in ways {
                    write!(f, ", on {outcome:?} since {since} to {to}")?;
                }
                Ok(())
            }
            Verdict::Deemed { rule, event, date } => {
                write!(f, "{rule}: {event} deemed on {date}")
            }
        }
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}. {} {:?}: {:?}", self.ordinal, self.rule, self.part, self.status)?;
        write!(f, " by {} days", self.days)?;
        if let Some(days) = self.working_days {
            write!(f, " ({days} working)")?;
        }
        match self.due {
            Last::On(date) => write!(f, ", due {date}")?,
            other => write!(f, ", due {other:?}")?,
        }
        for date in &self.alternatives {
            write!(f, " or {date}")?;
        }
        if let Some(date) = self.opens {
            write!(f, ", opens {date}")?;
        }
        if let Some(date) = self.done_on {
            write!(f, ", done {date}")?;
        }
        if let Some((kind, date)) = self.basis {
            write!(f, ", basis {kind:?} {date}")?;
        }
        if let Some(reference) = &self.reference {
            write!(f, ", ref {reference}")?;
        }
        Ok(())
    }
}
