//! What the scenarios of a policy exercise, and what they do not.
//!
//! A policy has *points*: places where it could be wrong and a scenario could show it. A point is exercised
//! when an expectation that was met stands on it: a deadline that merely came about in a scenario, and
//! of which nothing was expected, proves nothing. What a scenario switches a reading to
//! counts as the policy's own: the rule is the same, and its limit is the one at that place.

use std::collections::BTreeMap;

use super::{Held, Trial};
use crate::calendar::{Calendar, Date};
use crate::eval::{Deadline, Due, Finding, LadderState, Part, Reason, Standing, Status, Verdict};
use crate::policy::{
    Body, ExitTo, Expectation, Expected, ExpectedStatus, Limit, Policy, ReadingId, Rule, RuleId,
    Scenario, Shape, StageOutcome, Window,
};
use crate::source::Span;

/// Something in a policy that a scenario can exercise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Point {
    /// The rule: something is expected of it that its clock, its act or its opening decides.
    Rule(RuleId),
    /// A limit of a rule governs, by its place among the rule's limits: an exception too.
    Limit(RuleId, u16),
    /// Done, or still open, on the last day in time.
    LastDay(RuleId, Clock),
    /// Done late, or overdue, on the day after, or on the first working day after.
    FirstLateDay(RuleId, Clock),
    /// Done on the first day of a window that opens of its own.
    FirstDay(RuleId, Clock),
    /// Done, or not yet open, on the day before that.
    DayBefore(RuleId, Clock),
    /// The event that silence is taken for is deemed to have happened.
    Deemed(RuleId),
    /// The review that a trigger brings forward.
    BroughtForward(RuleId),
    /// An act was against a prohibition.
    Breached(RuleId),
    /// A prohibition was kept.
    Kept(RuleId),
    /// An event calls for the opening of a ladder at this stage.
    Opening(RuleId, u16),
    /// A stage of a ladder is left this way.
    Exit(RuleId, u16, StageOutcome),
    /// A scenario switches the reading to its other value at this place.
    Reading(ReadingId, u16),
}

/// Which clock of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Clock {
    /// That of the limit at this place.
    Limit(u16),
    /// That of the answer at a stage.
    Answer(u16),
    /// That of the approval at a stage.
    Approval(u16),
    /// That of the cap.
    Cap,
}

/// The kinds of points, as figures are given for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Rules.
    Rules,
    /// Limits and exceptions.
    Limits,
    /// Last days in time.
    LastDays,
    /// First days too late.
    FirstLateDays,
    /// First days in time, and the days before them.
    FirstDays,
    /// Prohibitions, kept and breached.
    Prohibitions,
    /// Events deemed, reviews brought forward, openings called for.
    Consequences,
    /// Exits of the stages of ladders.
    Exits,
    /// Other values of readings.
    Readings,
}

impl Kind {
    /// Every kind, in the order of the figures.
    pub const ALL: [Self; 9] = [
        Self::Rules,
        Self::Limits,
        Self::LastDays,
        Self::FirstLateDays,
        Self::FirstDays,
        Self::Prohibitions,
        Self::Consequences,
        Self::Exits,
        Self::Readings,
    ];

    /// What the figures call it.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Rules => "rules",
            Self::Limits => "limits and exceptions",
            Self::LastDays => "last days in time",
            Self::FirstLateDays => "first late days",
            Self::FirstDays => "first days of windows",
            Self::Prohibitions => "prohibitions kept, breached",
            Self::Consequences => "consequences",
            Self::Exits => "exits of stages",
            Self::Readings => "other values of readings",
        }
    }
}

impl Point {
    /// Its kind.
    pub const fn kind(self) -> Kind {
        match self {
            Self::Rule(_) => Kind::Rules,
            Self::Limit(..) => Kind::Limits,
            Self::LastDay(..) => Kind::LastDays,
            Self::FirstLateDay(..) => Kind::FirstLateDays,
            Self::FirstDay(..) | Self::DayBefore(..) => Kind::FirstDays,
            Self::Breached(_) | Self::Kept(_) => Kind::Prohibitions,
            Self::Deemed(_) | Self::BroughtForward(_) | Self::Opening(..) => Kind::Consequences,
            Self::Exit(..) => Kind::Exits,
            Self::Reading(..) => Kind::Readings,
        }
    }

    /// The rule or the reading it belongs to.
    pub fn owner(self, policy: &Policy) -> &str {
        match self {
            Self::Rule(rule)
            | Self::Limit(rule, _)
            | Self::LastDay(rule, _)
            | Self::FirstLateDay(rule, _)
            | Self::FirstDay(rule, _)
            | Self::DayBefore(rule, _)
            | Self::Deemed(rule)
            | Self::BroughtForward(rule)
            | Self::Breached(rule)
            | Self::Kept(rule)
            | Self::Opening(rule, _)
            | Self::Exit(rule, ..) => &policy.rule(rule).name,
            Self::Reading(reading, _) => &policy.reading(reading).name,
        }
    }

    /// What no scenario shows of its owner, where none does.
    pub fn words(self, policy: &Policy) -> String {
        match self {
            Self::Rule(_) => "nothing is expected of it".to_owned(),
            Self::Limit(rule, place) => limit_words(policy.rule(rule), Some(place)),
            Self::LastDay(rule, clock) => of(policy, rule, clock, "the last day in time"),
            Self::FirstLateDay(rule, clock) => of(policy, rule, clock, "the first late day"),
            Self::FirstDay(rule, clock) => of(policy, rule, clock, "the first day in time"),
            Self::DayBefore(rule, clock) => of(policy, rule, clock, "the day before the first"),
            Self::Deemed(_) => "its silence, from which an event is deemed".to_owned(),
            Self::BroughtForward(_) => "the review it brings forward".to_owned(),
            Self::Breached(_) => "an act against it".to_owned(),
            Self::Kept(_) => "that it is kept".to_owned(),
            Self::Opening(_, stage) => format!("the opening called for at stage {stage}"),
            Self::Exit(_, stage, outcome) => {
                format!("stage {stage}, the way on after `{}`", outcome.words())
            }
            Self::Reading(reading, place) => {
                let other = policy.reading(reading).others.get(usize::from(place));
                format!("its other value `{}`", other.map_or("", String::as_str))
            }
        }
    }

    /// Where it is written, if that is known.
    pub fn origin(self, policy: &Policy) -> Option<Span> {
        let limit = |rule: RuleId, place: u16| {
            limits(policy.rule(rule)).get(usize::from(place)).map(|limit| limit.origin)
        };
        let stage = |rule: RuleId, number: u16| match &policy.rule(rule).body {
            Body::Ladder(ladder) => {
                ladder.stages.iter().find(|stage| stage.number == number).map(|stage| stage.origin)
            }
            Body::Series(_) | Body::Duty(_) | Body::Trigger(_) | Body::Forbid(_) => None,
        };
        match self {
            Self::Limit(rule, place)
            | Self::LastDay(rule, Clock::Limit(place))
            | Self::FirstLateDay(rule, Clock::Limit(place))
            | Self::FirstDay(rule, Clock::Limit(place))
            | Self::DayBefore(rule, Clock::Limit(place)) => limit(rule, place),
            Self::LastDay(rule, Clock::Answer(number) | Clock::Approval(number))
            | Self::FirstLateDay(rule, Clock::Answer(number) | Clock::Approval(number))
            | Self::Exit(rule, number, _) => stage(rule, number),
            Self::Reading(..) => None,
            Self::Rule(rule)
            | Self::LastDay(rule, _)
            | Self::FirstLateDay(rule, _)
            | Self::FirstDay(rule, _)
            | Self::DayBefore(rule, _)
            | Self::Deemed(rule)
            | Self::BroughtForward(rule)
            | Self::Breached(rule)
            | Self::Kept(rule)
            | Self::Opening(rule, _) => Some(policy.rule(rule).origin),
        }
    }
}

fn of(policy: &Policy, rule: RuleId, clock: Clock, day: &str) -> String {
    match clock {
        Clock::Limit(place) => {
            let rule = policy.rule(rule);
            if limits(rule).len() == 1 {
                return day.to_owned();
            }
            format!("{day} of {}", limit_words(rule, Some(place)))
        }
        Clock::Answer(stage) => format!("{day} for the answer at stage {stage}"),
        Clock::Approval(stage) => format!("{day} for the approval at stage {stage}"),
        Clock::Cap => format!("{day} of the cap"),
    }
}

/// Which limit of a rule is meant: `the limit for the second`, `exception 2`.
fn limit_words(rule: &Rule, place: Option<u16>) -> String {
    let limits = limits(rule);
    let place = place.map_or(0, usize::from);
    let Some(limit) = limits.get(place) else { return "its limit".to_owned() };
    if limit.exception {
        let before = limits.iter().take(place).filter(|limit| limit.exception).count();
        return match limits.iter().filter(|limit| limit.exception).count() {
            1 => "the exception".to_owned(),
            _ => format!("exception {}", before + 1),
        };
    }
    let ordinals = limit.ordinals;
    match (&rule.body, ordinals.first, ordinals.second, ordinals.later) {
        (Body::Series(_), true, false, false) => "the limit for the first".to_owned(),
        (Body::Series(_), false, true, false) => "the limit for the second".to_owned(),
        (Body::Series(_), false, _, true) => "the limit for the later ones".to_owned(),
        _ => "the plain limit".to_owned(),
    }
}

fn limits(rule: &Rule) -> &[Limit] {
    match &rule.body {
        Body::Series(series) => &series.limits,
        Body::Duty(duty) => &duty.limits,
        Body::Trigger(_) | Body::Forbid(_) | Body::Ladder(_) => &[],
    }
}

/// Every point of a policy, in the order of its rules, then of its readings.
pub fn points(policy: &Policy) -> Vec<Point> {
    let mut points = Vec::new();
    for (index, rule) in policy.rules.iter().enumerate() {
        let id = RuleId(index as u16);
        points.push(Point::Rule(id));
        for (place, limit) in limits(rule).iter().enumerate() {
            points.push(Point::Limit(id, place as u16));
            if let Some(window) = &limit.window {
                of_window(id, Clock::Limit(place as u16), window, &mut points);
            }
        }
        match &rule.body {
            Body::Series(_) => {}
            Body::Duty(duty) => points.extend(duty.deemed.map(|_| Point::Deemed(id))),
            Body::Trigger(trigger) => {
                points.extend(trigger.brings_forward.as_ref().map(|_| Point::BroughtForward(id)));
            }
            Body::Forbid(_) => points.extend([Point::Kept(id), Point::Breached(id)]),
            Body::Ladder(ladder) => {
                points.extend(ladder.opens_on.iter().map(|opens| Point::Opening(id, opens.stage)));
                for stage in &ladder.stages {
                    let number = stage.number;
                    if let Some(window) = &stage.limit {
                        of_window(id, Clock::Answer(number), window, &mut points);
                        if !stage.approval_from.is_empty() {
                            of_window(id, Clock::Approval(number), window, &mut points);
                        }
                    }
                    let exits = stage.exits.iter();
                    points.extend(exits.map(|exit| Point::Exit(id, number, exit.outcome)));
                }
                if let Some(cap) = &ladder.cap {
                    of_window(id, Clock::Cap, &cap.window, &mut points);
                }
            }
        }
    }
    for (index, reading) in policy.readings.iter().enumerate() {
        let others = 0..reading.others.len();
        points.extend(others.map(|place| Point::Reading(ReadingId(index as u16), place as u16)));
    }
    points
}

/// The boundaries of a window.
fn of_window(rule: RuleId, clock: Clock, window: &Window, points: &mut Vec<Point>) {
    let (opens, closes) = match window.shape {
        Shape::BetweenBefore { .. } | Shape::BetweenAfter { .. } | Shape::AroundMidway(_) => {
            (true, true)
        }
        Shape::NotBefore(_) | Shape::OncePassed(_) => (true, false),
        Shape::Within(_)
        | Shape::PeriodBeginning(_)
        | Shape::AtLeastBefore(_)
        | Shape::OnMidway
        | Shape::ByMidway
        | Shape::ByDateOf(_)
        | Shape::Before
        | Shape::At => (false, true),
        Shape::NoTimeLimit | Shape::NoTimeLimitBefore => (false, false),
    };
    if opens {
        points.extend([Point::FirstDay(rule, clock), Point::DayBefore(rule, clock)]);
    }
    if closes {
        points.extend([Point::LastDay(rule, clock), Point::FirstLateDay(rule, clock)]);
    }
}

/// Whether an expectation shows its rule at work: that nothing is owed, or that the rule still waits for
/// what starts its clock, does not.
pub fn names_rule(expectation: &Expectation) -> bool {
    match &expectation.what {
        Expected::Nothing => false,
        Expected::Status { status, .. } => *status != ExpectedStatus::Waiting,
        Expected::MayOpen { .. } => true,
    }
}

/// What the scenarios exercise.
#[derive(Debug, Clone)]
pub struct Coverage<'a> {
    /// Every point, in the order of [`points`], with the first scenario that exercises it.
    pub points: Vec<(Point, Option<&'a Scenario>)>,
}

/// How many points there are, and how many of them are exercised.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Share {
    /// Exercised.
    pub exercised: usize,
    /// All.
    pub all: usize,
}

impl Share {
    /// The share in per cent, rounded down, so that only the whole is 100; 100 where there is nothing.
    pub const fn percent(self) -> usize {
        match self.all {
            0 => 100,
            all => self.exercised * 100 / all,
        }
    }

    /// The sum of two.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self { exercised: self.exercised + other.exercised, all: self.all + other.all }
    }
}

impl<'a> Coverage<'a> {
    /// Works out what some scenarios exercise of their policy.
    pub fn of<'t>(policy: &Policy, trials: impl IntoIterator<Item = &'t Trial<'a>>) -> Self
    where
        'a: 't,
    {
        let mut seen: BTreeMap<Point, &'a Scenario> = BTreeMap::new();
        for trial in trials {
            for point in exercised(policy, trial) {
                seen.entry(point).or_insert(trial.scenario);
            }
        }
        let points = points(policy).into_iter();
        Self { points: points.map(|point| (point, seen.get(&point).copied())).collect() }
    }

    /// The share of one kind of points.
    pub fn share(&self, kind: Kind) -> Share {
        self.count(|point| point.kind() == kind)
    }

    /// The share of all points.
    pub fn whole(&self) -> Share {
        self.count(|_| true)
    }

    /// The points that nothing exercises.
    pub fn missing(&self) -> impl Iterator<Item = Point> {
        self.points.iter().filter(|(_, by)| by.is_none()).map(|(point, _)| *point)
    }

    fn count(&self, which: impl Fn(Point) -> bool) -> Share {
        let mut share = Share::default();
        for (_, by) in self.points.iter().filter(|(point, _)| which(*point)) {
            share.all += 1;
            share.exercised += usize::from(by.is_some());
        }
        share
    }
}

/// The points that a scenario exercises.
fn exercised(policy: &Policy, trial: &Trial<'_>) -> Vec<Point> {
    let mut seen = Vec::new();
    let met = trial.scenario.expectations.iter().filter(|expectation| {
        !trial.failures.iter().any(|failure| failure.expectation.origin == expectation.origin)
    });
    for expectation in met {
        let held = Held {
            policy: &trial.policy,
            timeline: &trial.timeline,
            outcome: &trial.outcome,
            expectation,
        };
        held.exercises(&mut seen);
    }
    if !seen.is_empty() {
        for (name, value) in &trial.scenario.switches {
            let reading = policy.readings.iter().position(|reading| reading.name == *name);
            let Some(reading) = reading else { continue };
            let others = policy.readings.get(reading).map_or(&[][..], |reading| &reading.others);
            let place = others.iter().position(|other| other == value);
            seen.extend(place.map(|place| Point::Reading(ReadingId(reading as u16), place as u16)));
        }
    }
    seen
}

impl Held<'_, '_> {
    /// The points that an expectation stands on, once it is met.
    fn exercises(&self, seen: &mut Vec<Point>) {
        let Expectation { rule, what, .. } = self.expectation;
        if names_rule(self.expectation) {
            seen.push(Point::Rule(*rule));
        }
        match what {
            Expected::Nothing => {}
            Expected::MayOpen { stage, ground, .. } => {
                let Ok(standing) = self.ladder() else { return };
                seen.extend(
                    standing
                        .ways
                        .iter()
                        .filter(|way| {
                            way.leads == ExitTo::Stage(*stage)
                                && ground.is_none_or(|ground| way.outcome == ground)
                        })
                        .map(|way| Point::Exit(*rule, standing.stage, way.outcome)),
                );
            }
            Expected::Status { status, on, .. } if status.is_verdict() => {
                let found = self.outcome.findings.iter().filter(|finding| {
                    finding.rule == *rule
                        && finding.verdict.word() == status.word()
                        && on.is_none_or(|on| self.day(finding) == Some(on))
                });
                found.for_each(|finding| of_finding(finding, seen));
            }
            Expected::Status { status, .. } if status.is_standing() => {
                if let Ok(standing) = self.ladder() {
                    of_standing(standing, seen);
                }
            }
            Expected::Status { .. } => {
                let deadlines = self.deadlines();
                if let Some((_, deadline)) = deadlines.last() {
                    self.of_deadline(deadline, seen);
                }
            }
        }
    }

    fn of_deadline(&self, deadline: &Deadline, seen: &mut Vec<Point>) {
        if deadline.status == Status::Waiting {
            return;
        }
        let rule = deadline.rule;
        let clock = match deadline.part {
            Part::Whole => deadline.limit.map(Clock::Limit),
            Part::Answer { stage } => Some(Clock::Answer(stage)),
            Part::Approval { stage } => Some(Clock::Approval(stage)),
            Part::Cap => Some(Clock::Cap),
            Part::Judgement => None,
            Part::BroughtForward => {
                seen.push(Point::BroughtForward(rule));
                None
            }
            Part::Opening { stage } => {
                seen.push(Point::Opening(rule, stage));
                None
            }
        };
        let deemed = |reason: &Reason| match reason {
            Reason::Replaced(_, by) => {
                self.outcome.deemed.iter().any(|deemed| deemed.rule == rule && deemed.fact == *by)
            }
            _ => false,
        };
        if deadline.reasons.iter().any(deemed) {
            seen.push(Point::Deemed(rule));
        }
        let Some(clock) = clock else { return };
        if let Clock::Limit(place) = clock {
            seen.push(Point::Limit(rule, place));
        }
        let as_of = self.outcome.as_of;
        let calendar = &self.policy.calendar;
        if let Due::On(due) = deadline.due {
            let (on_it, after) = match deadline.status {
                Status::Met => (deadline.done_on == Some(due), false),
                Status::Due | Status::Begun => (as_of == due, false),
                Status::Late => {
                    (false, deadline.done_on.is_some_and(|day| follows(calendar, due, day)))
                }
                Status::Overdue | Status::Missed => (false, follows(calendar, due, as_of)),
                Status::NotOpen
                | Status::Waiting
                | Status::CannotBeMet
                | Status::Lapsed
                | Status::Outstanding
                | Status::Undetermined => (false, false),
            };
            seen.extend(on_it.then_some(Point::LastDay(rule, clock)));
            seen.extend(after.then_some(Point::FirstLateDay(rule, clock)));
        }
        let Some(opens) = deadline.opens else { return };
        if deadline.status == Status::Met && deadline.done_on == Some(opens) {
            seen.push(Point::FirstDay(rule, clock));
        }
        let early = deadline.reasons.iter().any(|reason| matches!(reason, Reason::Early(_, 1)));
        if early || (deadline.status == Status::NotOpen && as_of.add_days(1) == Some(opens)) {
            seen.push(Point::DayBefore(rule, clock));
        }
    }
}

/// Whether a day is the first after the last day in time, or the first working day after it.
fn follows(calendar: &Calendar, due: Date, day: Date) -> bool {
    due.add_days(1) == Some(day)
        || (due < day
            && calendar.is_working_day(day) == Some(true)
            && calendar.working_days_between(due, day) == Some(1))
}

fn of_finding(finding: &Finding, seen: &mut Vec<Point>) {
    match finding.verdict {
        Verdict::Kept => seen.push(Point::Kept(finding.rule)),
        Verdict::Breached => seen.push(Point::Breached(finding.rule)),
        Verdict::NotKnown => {}
    }
}

fn of_standing(standing: &Standing, seen: &mut Vec<Point>) {
    let rule = standing.rule;
    let exit = |outcome| Point::Exit(rule, standing.stage, outcome);
    if standing.state == LadderState::Settled {
        seen.push(exit(StageOutcome::Satisfied));
    }
    // No expectation names these, so that they are open is all that can be shown.
    let elsewhere = standing.ways.iter().filter(|way| !matches!(way.leads, ExitTo::Stage(_)));
    seen.extend(elsewhere.map(|way| exit(way.outcome)));
}
