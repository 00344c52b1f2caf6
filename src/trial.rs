//! Running the scenarios of a policy: each is a case with what is expected of it.
//!
//! A scenario is compiled with its own readings, evaluated like any case, and every expectation is
//! held against the outcome. What was found is told in the notation of the expectation, so that it
//! can be put in its place.

mod coverage;
mod restate;
mod unseen;

pub use coverage::{Clock, Coverage, Kind, Point, Share, names_rule, points};
pub use restate::restated;
pub use unseen::not_exercised;

use std::borrow::Cow;

use crate::bundle::Bundle;
use crate::calendar::{Date, Unit};
use crate::check::{self, Calendars, Compiled, Switches};
use crate::eval::{
    BasisKind, Deadline, Due, Fact, Finding, Outcome, Part, Reason, Standing, Status, Timeline,
    Verdict, evaluate,
};
use crate::policy::{
    Body, ExitTo, Expectation, Expected, ExpectedBasis, ExpectedPart, ExpectedStatus, Policy,
    Scenario, StageOutcome,
};

/// A scenario that was run.
#[derive(Debug, Clone)]
pub struct Trial<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// The policy with the scenario's readings.
    pub policy: Cow<'a, Policy>,
    /// The events as a case.
    pub timeline: Timeline,
    /// What came of them.
    pub outcome: Outcome,
    /// The expectations that were not met, in their order.
    pub failures: Vec<Failure<'a>>,
}

/// An expectation that was not met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure<'a> {
    /// The expectation.
    pub expectation: &'a Expectation,
    /// The place among the outcome's deadlines of the one it is about, if there is exactly one.
    pub deadline: Option<usize>,
    /// What was found, in the notation of expectations; or why nothing could be compared.
    pub found: String,
    /// The particulars in which they differ: `status`, `due`; empty where nothing was compared.
    pub differs: Vec<&'static str>,
}

impl Trial<'_> {
    /// Whether every expectation was met.
    pub fn passed(&self) -> bool {
        self.failures.is_empty()
    }
}

/// Runs a scenario of a policy; `None` if the policy is not sound, or has no meaning under the
/// readings that the scenario switches.
///
/// The policy and the scenario are what was compiled of the bundle.
pub fn run<'a>(
    bundle: &Bundle,
    compiled: &'a Compiled,
    calendars: &Calendars,
    scenario: &'a Scenario,
) -> Option<Trial<'a>> {
    let policy = if scenario.switches.is_empty() {
        Cow::Borrowed(compiled.policy.as_ref()?)
    } else {
        let switches = Switches::of_scenario(&compiled.file, scenario);
        Cow::Owned(check::check(&compiled.file, calendars, &switches).policy?)
    };
    let timeline = timeline(bundle, scenario);
    let outcome = evaluate(&policy, &timeline, scenario.as_of);
    let failures = scenario
        .expectations
        .iter()
        .filter_map(|expectation| hold(&policy, &timeline, &outcome, expectation))
        .collect();
    Some(Trial { scenario, policy, timeline, outcome, failures })
}

/// The events of a scenario as the timeline of a case; the lines are those of their file.
pub fn timeline(bundle: &Bundle, scenario: &Scenario) -> Timeline {
    let facts = scenario.facts.iter();
    let facts = facts.map(|fact| Fact::of_scenario(fact, bundle.line(fact.origin)));
    Timeline::new("scenario", facts.collect()).0
}

/// Holds an expectation against the outcome; `None` if it is met.
fn hold<'a>(
    policy: &Policy,
    timeline: &Timeline,
    outcome: &Outcome,
    expectation: &'a Expectation,
) -> Option<Failure<'a>> {
    let held = Held { policy, timeline, outcome, expectation };
    match &expectation.what {
        Expected::Nothing => held.nothing(),
        Expected::MayOpen { stage, since, ground } => held.may_open(*stage, *since, *ground),
        Expected::Status { status, .. } if status.is_verdict() => held.verdict(*status),
        Expected::Status { status, .. } if status.is_standing() => held.standing(*status),
        Expected::Status { .. } => held.deadline(),
    }
}

/// An expectation and what it is held against.
struct Held<'a, 'e> {
    policy: &'a Policy,
    timeline: &'a Timeline,
    outcome: &'a Outcome,
    expectation: &'e Expectation,
}

impl<'e> Held<'_, 'e> {
    fn fail(&self, found: impl Into<String>) -> Failure<'e> {
        Failure {
            expectation: self.expectation,
            deadline: None,
            found: found.into(),
            differs: Vec::new(),
        }
    }

    /// The deadlines the expectation can mean, each with its place in the outcome.
    fn deadlines(&self) -> Vec<(usize, &Deadline)> {
        let deadlines = self.outcome.deadlines.iter().enumerate();
        deadlines.filter(|(_, deadline)| self.fits(deadline)).collect()
    }

    fn fits(&self, deadline: &Deadline) -> bool {
        let Expectation { rule, ordinal, stage, part, reference, .. } = self.expectation;
        deadline.rule == *rule
            && self.part(*part, deadline)
            && stage.is_none_or(|stage| deadline.part.stage() == Some(stage))
            && ordinal.is_none_or(|ordinal| deadline.ordinal == ordinal)
            && reference
                .as_ref()
                .is_none_or(|reference| self.reference(deadline) == Some(reference))
    }

    fn part(&self, part: Option<ExpectedPart>, deadline: &Deadline) -> bool {
        let Some(part) = part else {
            return match &self.policy.rule(deadline.rule).body {
                Body::Trigger(trigger) => match deadline.part {
                    Part::Judgement => true,
                    _ => trigger.judgement.is_none(),
                },
                // The answer, where a stage is named; a ladder itself has no deadline.
                Body::Ladder(_) => match self.expectation.what {
                    Expected::Nothing if self.expectation.stage.is_none() => true,
                    _ => {
                        self.expectation.stage.is_some()
                            && matches!(deadline.part, Part::Answer { .. })
                    }
                },
                Body::Series(_) | Body::Duty(_) | Body::Forbid(_) => true,
            };
        };
        matches!(
            (part, deadline.part),
            (ExpectedPart::Answer, Part::Answer { .. })
                | (ExpectedPart::Approval, Part::Approval { .. })
                | (ExpectedPart::Opening, Part::Opening { .. })
                | (ExpectedPart::Cap, Part::Cap)
                | (ExpectedPart::Judgement, Part::Judgement)
                | (ExpectedPart::BroughtForward, Part::BroughtForward)
        )
    }

    fn reference(&self, deadline: &Deadline) -> Option<&String> {
        let fact = self.timeline.fact(deadline.reference?)?;
        fact.reference.as_ref()
    }

    /// Whether an instance was named, so that the latest of several is meant.
    fn names_one(&self) -> bool {
        self.expectation.ordinal.is_some() || self.expectation.reference.is_some()
    }

    /// `nothing`: no deadline. One that waits for what has not happened is none yet.
    fn nothing(&self) -> Option<Failure<'e>> {
        let rule = self.expectation.rule;
        let mut found: Vec<String> = self
            .deadlines()
            .into_iter()
            .filter(|(_, row)| row.status != Status::Waiting || row.anchor.is_some())
            .map(|(_, row)| self.describe(row))
            .collect();
        if self.expectation.part.is_none() && self.expectation.stage.is_none() {
            let standings = self.outcome.standings.iter();
            found.extend(
                standings
                    .filter(|standing| standing.rule == rule)
                    .map(|standing| self.describe_standing(standing)),
            );
            let findings = self.outcome.findings.iter();
            found.extend(
                findings
                    .filter(|finding| finding.rule == rule && finding.fact.is_some())
                    .map(|finding| self.describe_finding(finding)),
            );
        }
        if found.is_empty() { None } else { Some(self.fail(found.join("; "))) }
    }

    /// The status of a deadline.
    fn deadline(&self) -> Option<Failure<'e>> {
        let rows = self.deadlines();
        let (index, row) = match rows.as_slice() {
            [] => return Some(self.fail(self.none())),
            [only] => *only,
            // In an earlier period of care the ordinals were the same: the latest is meant.
            [.., last] if self.names_one() => *last,
            many => {
                let all: Vec<_> = many.iter().map(|(_, row)| self.describe(row)).collect();
                return Some(self.fail(format!(
                    "{} deadlines, so say which by an ordinal or a `ref`: {}",
                    many.len(),
                    all.join("; ")
                )));
            }
        };
        let differs = self.differs(row);
        if differs.is_empty() {
            return None;
        }
        Some(Failure {
            expectation: self.expectation,
            deadline: Some(index),
            found: self.describe(row),
            differs,
        })
    }

    fn none(&self) -> String {
        let rule = self.policy.rule(self.expectation.rule);
        let others =
            self.outcome.deadlines.iter().filter(|deadline| deadline.rule == self.expectation.rule);
        let others: Vec<_> = others.map(|row| self.describe(row)).collect();
        match (&rule.body, others.is_empty()) {
            (Body::Ladder(_), false) => {
                format!("no such deadline; name the stage or the part: {}", others.join("; "))
            }
            (_, true) => "nothing".to_owned(),
            (_, false) => format!("no such deadline; there are: {}", others.join("; ")),
        }
    }

    /// The particulars in which a deadline differs from what is expected of it.
    fn differs(&self, row: &Deadline) -> Vec<&'static str> {
        let Expected::Status { status, by, due, opens, on, basis } = &self.expectation.what else {
            return Vec::new();
        };
        let mut differs = Vec::new();
        if status.word() != row.status.word() {
            differs.push("status");
        }
        if let Some(by) = by {
            let days = match by.unit {
                Unit::WorkingDays => self.working_days(row),
                Unit::CalendarDays | Unit::Weeks | Unit::Months | Unit::Years => Some(row.days),
            };
            if days != Some(i32::from(by.count)) {
                differs.push("by");
            }
        }
        if !due.is_empty() {
            let mut possible: Vec<Date> = possible(row);
            let mut expected = due.clone();
            possible.sort_unstable();
            expected.sort_unstable();
            if possible != expected {
                differs.push("due");
            }
        }
        if opens.is_some() && *opens != opening(row) {
            differs.push("opens");
        }
        if on.is_some() && *on != ended(row) {
            differs.push("on");
        }
        let expected_basis = basis.map(|basis| match basis {
            ExpectedBasis::Actual => BasisKind::Actual,
            ExpectedBasis::Planned => BasisKind::Planned,
            ExpectedBasis::Projected => BasisKind::Projected,
        });
        if expected_basis.is_some() && expected_basis != row.basis.map(|basis| basis.kind) {
            differs.push("basis");
        }
        differs
    }

    /// The days of a deadline in working days, whatever its limit is in.
    fn working_days(&self, row: &Deadline) -> Option<i32> {
        if row.working_days.is_some() {
            return row.working_days;
        }
        let Due::On(due) = row.due else { return None };
        let as_of = self.outcome.as_of;
        let (from, to) = match row.status {
            Status::Late => (due, row.done_on?),
            Status::Overdue => (due, as_of),
            Status::Due | Status::NotOpen => (as_of, due),
            _ => return Some(0),
        };
        self.policy.calendar.working_days_between(from, to)
    }

    /// A deadline in the notation of expectations.
    fn describe(&self, row: &Deadline) -> String {
        let mut text = self.name(row.ordinal, row.part);
        if let Some(reference) = self.reference(row) {
            text += &format!(" ref {reference}");
        }
        text += &format!(" {}", row.status.word());
        if row.days != 0 {
            text += &format!(" by {} day{}", row.days, plural(row.days));
        }
        let days: Vec<_> = possible(row).iter().map(Date::to_string).collect();
        if !days.is_empty() {
            text += &format!(", due {}", days.join(" or "));
        }
        if let Some(opens) = row.opens {
            text += &format!(", opens {opens}");
        }
        if let Some(on) = ended(row) {
            text += &format!(", on {on}");
        }
        if let Some(basis) = row.basis {
            text += &format!(", basis {}", basis.kind.word());
        }
        text
    }

    fn name(&self, ordinal: u16, part: Part) -> String {
        let rule = &self.policy.rule(self.expectation.rule).name;
        let mut text = format!("{} {rule}", ordinal_word(ordinal));
        if let Some(stage) = part.stage() {
            text += &format!(" stage {stage}");
        }
        if part != Part::Whole {
            text += &format!(" {}", part.word());
        }
        text
    }

    /// A verdict on a prohibition. Without a day, `kept` means that nothing was against it, and
    /// the others that some act was.
    fn verdict(&self, status: ExpectedStatus) -> Option<Failure<'e>> {
        let on = match &self.expectation.what {
            Expected::Status { on, .. } => *on,
            Expected::MayOpen { .. } | Expected::Nothing => None,
        };
        let all: Vec<&Finding> = self
            .outcome
            .findings
            .iter()
            .filter(|finding| finding.rule == self.expectation.rule)
            .collect();
        let right = |finding: &&Finding| finding.verdict.word() == status.word();
        let on_day = |finding: &&&Finding| on.is_none_or(|on| self.day(finding) == Some(on));
        let met = if status == ExpectedStatus::Kept && on.is_none() {
            all.iter().all(|finding| finding.verdict == Verdict::Kept)
        } else if let Some(ordinal) = self.expectation.ordinal {
            let nth = usize::from(ordinal).checked_sub(1);
            nth.and_then(|nth| all.get(nth)).filter(on_day).is_some_and(right)
        } else {
            all.iter().filter(on_day).any(right)
        };
        if met {
            return None;
        }
        let found: Vec<_> = all.iter().map(|finding| self.describe_finding(finding)).collect();
        Some(self.fail(if found.is_empty() { "nothing".to_owned() } else { found.join("; ") }))
    }

    fn day(&self, finding: &Finding) -> Option<Date> {
        Some(self.timeline.fact(finding.fact?)?.date)
    }

    fn describe_finding(&self, finding: &Finding) -> String {
        let rule = &self.policy.rule(finding.rule).name;
        let on = self.day(finding).map(|day| format!(", on {day}")).unwrap_or_default();
        format!("{rule} {}{on}", finding.verdict.word())
    }

    /// The ladders the expectation can mean; an error where it is not exactly one.
    fn ladder(&self) -> Result<&Standing, String> {
        let all: Vec<&Standing> = self
            .outcome
            .standings
            .iter()
            .filter(|standing| {
                let opened = self.timeline.fact(standing.opened);
                let reference = opened.and_then(|fact| fact.reference.as_ref());
                let Expectation { rule, ordinal, reference: wanted, .. } = self.expectation;
                standing.rule == *rule
                    && ordinal.is_none_or(|ordinal| standing.ordinal == ordinal)
                    && wanted.as_ref().is_none_or(|wanted| reference == Some(wanted))
            })
            .collect();
        match all.as_slice() {
            [] => Err("nothing".to_owned()),
            [only] => Ok(only),
            // A `ref` that was used again after the ladder was closed: the latest is meant.
            [.., last] if self.names_one() => Ok(last),
            many => {
                let all: Vec<_> = many.iter().map(|one| self.describe_standing(one)).collect();
                Err(format!(
                    "{} instances, so say which by an ordinal or a `ref`: {}",
                    many.len(),
                    all.join("; ")
                ))
            }
        }
    }

    fn standing(&self, status: ExpectedStatus) -> Option<Failure<'e>> {
        let standing = match self.ladder() {
            Ok(standing) => standing,
            Err(found) => return Some(self.fail(found)),
        };
        let on = match &self.expectation.what {
            Expected::Status { on, .. } => *on,
            Expected::MayOpen { .. } | Expected::Nothing => None,
        };
        let stage = self.expectation.stage;
        let met = standing.state.word() == status.word()
            && stage.is_none_or(|stage| standing.stage == stage)
            && (on.is_none() || on == self.closed(standing));
        if met {
            return None;
        }
        Some(self.fail(self.describe_standing(standing)))
    }

    fn closed(&self, standing: &Standing) -> Option<Date> {
        Some(self.timeline.fact(standing.closed?)?.date)
    }

    fn may_open(
        &self,
        stage: u16,
        since: Option<Date>,
        ground: Option<StageOutcome>,
    ) -> Option<Failure<'e>> {
        let standing = match self.ladder() {
            Ok(standing) => standing,
            Err(found) => return Some(self.fail(found)),
        };
        let met = standing.ways.iter().any(|way| {
            way.leads == ExitTo::Stage(stage)
                && since.is_none_or(|since| way.since == since)
                && ground.is_none_or(|ground| way.outcome == ground)
        });
        if met {
            return None;
        }
        Some(self.fail(self.describe_standing(standing)))
    }

    fn describe_standing(&self, standing: &Standing) -> String {
        let rule = &self.policy.rule(standing.rule).name;
        let mut text =
            format!("{} {rule} stage {}", ordinal_word(standing.ordinal), standing.stage);
        let opened = self.timeline.fact(standing.opened);
        if let Some(reference) = opened.and_then(|fact| fact.reference.as_ref()) {
            text += &format!(" ref {reference}");
        }
        text += &format!(" {}", standing.state.word());
        if let Some(closed) = self.closed(standing) {
            text += &format!(", on {closed}");
        }
        for way in &standing.ways {
            let leads = match way.leads {
                ExitTo::Stage(stage) => format!("may open stage {stage}"),
                ExitTo::Ends => "may end".to_owned(),
                ExitTo::Outside => "may go outside".to_owned(),
            };
            let ground = way.outcome.words();
            text += &format!("; {leads} since {} on {ground}", way.since);
        }
        text
    }
}

/// The last days that are possible, the one to work to first.
fn possible(row: &Deadline) -> Vec<Date> {
    match row.due {
        Due::On(day) => std::iter::once(day).chain(row.alternatives.iter().copied()).collect(),
        Due::Never | Due::Waiting | Due::Beyond(_) | Due::Unknown => row.alternatives.to_vec(),
    }
}

/// The first day on which it can be done in time.
fn opening(row: &Deadline) -> Option<Date> {
    row.opens.or(row.anchor.map(|anchor| anchor.date))
}

/// The day it was done, or was deemed to be.
fn ended(row: &Deadline) -> Option<Date> {
    let replaced = row.reasons.iter().find_map(|reason| match reason {
        Reason::Replaced(day, _) => Some(*day),
        _ => None,
    });
    row.done_on.or(replaced)
}

fn plural(number: i32) -> &'static str {
    if number == 1 { "" } else { "s" }
}

/// An ordinal as a scenario writes it: `second`, `12th`.
fn ordinal_word(number: u16) -> String {
    match (number, number % 100, number % 10) {
        (1, ..) => "first".to_owned(),
        (2, ..) => "second".to_owned(),
        (3, ..) => "third".to_owned(),
        (_, 11..=13, _) | (_, _, 0 | 4..=9) => format!("{number}th"),
        (_, _, 1) => format!("{number}st"),
        (_, _, 2) => format!("{number}nd"),
        (_, _, _) => format!("{number}rd"),
    }
}
