//! How challenges went: each ladder by month, by stage, by ground, and by the time it took.

use std::collections::BTreeMap;

use super::counts::{Kept, Merge, turned_out};
use super::frame::Frame;
use crate::calendar::{Date, Length, Unit};
use crate::eval::{Deadline, Due, FactId, LadderState, Outcome, Part, Standing, Timeline};
use crate::policy::{Duration, Ladder, Policy, RuleId, Shape, Value};

/// How often something happened, by the place of the stretch; most cases have little on a ladder, so a
/// stretch in which nothing happened is left out.
pub(super) type Times = BTreeMap<usize, u64>;

/// The figures of one ladder.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Challenges {
    /// Raised, by stretch.
    pub(super) raised: Times,
    /// Taken to a further stage, by stretch.
    pub(super) further: Times,
    /// Closed, by stretch.
    pub(super) resolved: Times,
    /// References to the outside track, by stretch.
    pub(super) outside: Times,
    /// By the number of the stage.
    pub(super) stages: BTreeMap<u16, Stage>,
    /// By the ground that was named; without one where none was.
    pub(super) grounds: BTreeMap<Option<u16>, Ground>,
    /// How much of the cap those closed in the time had used.
    pub(super) cap_closed: Used,
    /// How much of the cap those that are open on the as-of day have used.
    pub(super) cap_open: Used,
    /// Where those stand that are not closed.
    pub(super) standing: BTreeMap<LadderState, u64>,
    /// Acts in no order that the policy knows, or on nothing that is open.
    pub(super) irregular: u64,
}

/// What happened at one stage.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Stage {
    /// Challenges that were raised here first, by stretch.
    pub(super) raised: Times,
    /// Times the stage was opened, those included, by stretch.
    pub(super) opened: Times,
    pub(super) in_time: u64,
    pub(super) late: u64,
    pub(super) no_answer: u64,
    pub(super) unsaid: u64,
    /// Of those opened, not due yet, with no time limit, or left for a further stage in time.
    pub(super) other: u64,
    /// Closed here, by stretch.
    pub(super) resolved: Times,
    /// Not closed, and here on the as-of day.
    pub(super) open: u64,
    /// Of those closed here, how many took how many working days.
    pub(super) days: BTreeMap<i32, u64>,
    /// Of those closed here, those whose working days the calendar does not reach.
    pub(super) uncounted: u64,
}

/// How often one ground was named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Ground {
    /// When a challenge was first raised.
    pub(super) raised: u64,
    /// At any stage.
    pub(super) named: u64,
    /// When a challenge that is closed was first raised.
    pub(super) resolved: u64,
}

/// How much of a cap was used, in quarters of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Used {
    /// Up to a quarter, up to half, up to three quarters, up to the whole of it, and more.
    pub(super) quarters: [u64; 5],
    /// The cap had not begun to run.
    pub(super) not_begun: u64,
    /// It cannot be said.
    pub(super) unsaid: u64,
}

impl Challenges {
    /// Counts what one case has on the ladder of a rule; nothing where it has nothing there.
    pub(super) fn of(
        frame: &Frame,
        (policy, rule, ladder): (&Policy, RuleId, &Ladder),
        timeline: &Timeline,
        outcome: &Outcome,
    ) -> Option<Self> {
        let climbed = outcome.deadlines.iter().any(|row| row.rule == rule)
            || outcome.standings.iter().any(|standing| standing.rule == rule)
            || outcome.strays.iter().any(|(of, ..)| *of == rule)
            || timeline.facts().iter().any(|fact| Some(fact.event) == ladder.outside);
        climbed.then(|| {
            let mut challenges = Self::default();
            challenges.add(frame, (policy, rule, ladder), timeline, outcome);
            challenges
        })
    }

    fn add(
        &mut self,
        frame: &Frame,
        (policy, rule, ladder): (&Policy, RuleId, &Ladder),
        timeline: &Timeline,
        outcome: &Outcome,
    ) {
        let standings = || outcome.standings.iter().filter(|standing| standing.rule == rule);
        for row in outcome.deadlines.iter().filter(|row| row.rule == rule) {
            if let Part::Answer { stage } = row.part {
                self.answer(frame, stage, row, |fact| {
                    standings().any(|standing| standing.opened == fact)
                });
                self.ground(frame, ladder, timeline, row);
            }
        }
        for standing in standings() {
            let cap = outcome.deadlines.iter().find(|row| {
                (row.rule, row.part, row.ordinal) == (rule, Part::Cap, standing.ordinal)
            });
            self.standing(frame, (policy, ladder), timeline, standing, cap);
        }
        self.irregular += outcome.strays.iter().filter(|(of, ..)| *of == rule).count() as u64;
        for fact in timeline.facts().iter().filter(|fact| Some(fact.event) == ladder.outside) {
            if let Some(places) = frame.places(fact.date) {
                add_one(&mut self.outside, places);
            }
        }
    }

    /// Counts the opening of a stage, and the answer to it.
    fn answer(
        &mut self,
        frame: &Frame,
        stage: u16,
        row: &Deadline,
        first: impl Fn(FactId) -> bool,
    ) {
        let Some(start) = row.anchor else { return };
        let Some(places) = frame.places(start.date) else { return };
        let figures = self.stages.entry(stage).or_default();
        add_one(&mut figures.opened, places);
        if start.fact.is_some_and(first) {
            add_one(&mut figures.raised, places);
        } else {
            add_one(&mut self.further, places);
        }
        match turned_out(row) {
            Some((Kept::InTime, _)) => figures.in_time += 1,
            Some((Kept::Late, _)) => figures.late += 1,
            Some((Kept::NotDone, _)) => figures.no_answer += 1,
            Some((Kept::Unsaid, _)) => figures.unsaid += 1,
            None => figures.other += 1,
        }
    }

    fn ground(&mut self, frame: &Frame, ladder: &Ladder, timeline: &Timeline, row: &Deadline) {
        let opening = row.anchor.and_then(|start| timeline.fact(start.fact?));
        if let Some(opening) = opening.filter(|opening| frame.places(opening.date).is_some()) {
            let ground = ground(ladder, &opening.values);
            self.grounds.entry(ground).or_default().named += 1;
        }
    }

    fn standing(
        &mut self,
        frame: &Frame,
        (policy, ladder): (&Policy, &Ladder),
        timeline: &Timeline,
        standing: &Standing,
        cap: Option<&Deadline>,
    ) {
        self.irregular += standing.irregular.len() as u64;
        let Some(opened) = timeline.fact(standing.opened) else { return };
        let ground = self.grounds.entry(ground(ladder, &opened.values)).or_default();
        if let Some(places) = frame.places(opened.date) {
            add_one(&mut self.raised, places);
            ground.raised += 1;
        }
        let Some(closed) = standing.closed.and_then(|fact| timeline.fact(fact)) else {
            self.stages.entry(standing.stage).or_default().open += 1;
            *self.standing.entry(standing.state).or_default() += 1;
            self.cap_open.count(policy, ladder, cap, frame.as_of);
            return;
        };
        let Some(places) = frame.places(closed.date) else { return };
        add_one(&mut self.resolved, places);
        ground.resolved += 1;
        let stage = self.stages.entry(standing.stage).or_default();
        add_one(&mut stage.resolved, places);
        match policy.calendar.working_days_between(opened.date, closed.date) {
            Some(days) => *stage.days.entry(days).or_default() += 1,
            None => stage.uncounted += 1,
        }
        self.cap_closed.count(policy, ladder, cap, closed.date);
    }

    /// Whether nothing was ever raised that would show in any figure.
    pub(super) fn is_empty(&self) -> bool {
        self.irregular == 0
            && self.standing.is_empty()
            && self.outside.is_empty()
            && self.resolved.is_empty()
            && self.stages.values().all(|stage| *stage == Stage::default())
    }
}

/// How often in the whole time, which is the last of the stretches.
pub(super) fn in_all(times: &Times) -> u64 {
    times.values().next_back().copied().unwrap_or(0)
}

/// Adds one in each place.
fn add_one(times: &mut Times, places: [usize; 3]) {
    for place in places {
        *times.entry(place).or_default() += 1;
    }
}

/// The word of the ground that an opening names.
fn ground(ladder: &Ladder, values: &[Option<Value>]) -> Option<u16> {
    match values.get(ladder.ground_attribute?.index())? {
        Some(Value::Word(word)) => Some(*word),
        _ => None,
    }
}

/// The length of a cap, where it is one length.
pub(super) fn cap_length(ladder: &Ladder) -> Option<Length> {
    match &ladder.cap.as_ref()?.window.shape {
        Shape::Within(Duration::Fixed(length))
        | Shape::PeriodBeginning(Duration::Fixed(length)) => Some(*length),
        _ => None,
    }
}

impl Used {
    /// Counts how much of the cap has been used by a day.
    fn count(&mut self, policy: &Policy, ladder: &Ladder, cap: Option<&Deadline>, until: Date) {
        let Some(cap) = cap else { return };
        let Some(start) = cap.anchor else {
            self.not_begun += 1;
            return;
        };
        let working = cap_length(ladder).is_some_and(|length| length.unit == Unit::WorkingDays);
        let days = |until: Date| {
            if working {
                policy.calendar.working_days_between(start.date, until)
            } else {
                Some(start.date.days_until(until))
            }
        };
        let Due::On(due) = cap.due else {
            self.unsaid += 1;
            return;
        };
        match (days(until), days(due)) {
            (Some(used), Some(whole)) if until <= due && whole > 0 => {
                let quarter = (used * 4 + whole - 1).div_euclid(whole).clamp(1, 4) - 1;
                if let Some(times) = self.quarters.get_mut(quarter as usize) {
                    *times += 1;
                }
            }
            (Some(_), Some(_)) => self.quarters[4] += 1,
            _ => self.unsaid += 1,
        }
    }

    /// Those counted.
    pub(super) fn all(&self) -> u64 {
        self.quarters.iter().sum::<u64>() + self.not_begun + self.unsaid
    }
}

impl Merge for Used {
    fn take_in(&mut self, other: &Self) {
        self.quarters.take_in(&other.quarters);
        self.not_begun += other.not_begun;
        self.unsaid += other.unsaid;
    }
}

impl Merge for Ground {
    fn take_in(&mut self, other: &Self) {
        self.raised += other.raised;
        self.named += other.named;
        self.resolved += other.resolved;
    }
}

impl Merge for Stage {
    fn take_in(&mut self, other: &Self) {
        self.raised.take_in(&other.raised);
        self.opened.take_in(&other.opened);
        self.in_time += other.in_time;
        self.late += other.late;
        self.no_answer += other.no_answer;
        self.unsaid += other.unsaid;
        self.other += other.other;
        self.resolved.take_in(&other.resolved);
        self.open += other.open;
        self.days.take_in(&other.days);
        self.uncounted += other.uncounted;
    }
}

impl Merge for Challenges {
    fn take_in(&mut self, other: &Self) {
        self.raised.take_in(&other.raised);
        self.further.take_in(&other.further);
        self.resolved.take_in(&other.resolved);
        self.outside.take_in(&other.outside);
        self.stages.take_in(&other.stages);
        self.grounds.take_in(&other.grounds);
        self.cap_closed.take_in(&other.cap_closed);
        self.cap_open.take_in(&other.cap_open);
        self.standing.take_in(&other.standing);
        self.irregular += other.irregular;
    }
}
