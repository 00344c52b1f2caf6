//! Draws cases for any policy: a few of its rules, and events that come near their boundaries.

use std::collections::BTreeSet;

use duly::calendar::Date;
use duly::eval::Fact;
use duly::policy::{
    Anchor, AttributeId, Body, Condition, Duty, EventId, EventMatch, Forbidden, Ladder, Policy,
    RuleId, Series, StateKind, Trigger, TriggerOn, Value,
};
use fastrand::Rng;

mod values;

use super::days::{self, Day};

/// A case that was drawn.
#[derive(Clone, Debug)]
pub(crate) struct Drawn {
    pub(crate) facts: Vec<Fact>,
    pub(crate) as_of: Date,
}

/// Days before holidays that fall oddly: Christmas, Easter, one-off holidays, and the end of what
/// the calendar covers.
const BEFORE_HOLIDAYS: [(i32, i32, i32); 9] = [
    (2019, 12, 10),
    (2020, 4, 20),
    (2021, 12, 15),
    (2022, 5, 20),
    (2022, 9, 5),
    (2023, 4, 24),
    (2025, 4, 1),
    (2026, 3, 20),
    (2028, 11, 20),
];

/// Draws the case of a seed; the same seed gives the same case.
pub(crate) fn draw(policy: &Policy, seed: u64) -> Drawn {
    let mut draw = Draw {
        policy,
        rng: Rng::with_seed(seed),
        facts: Vec::new(),
        edges: Vec::new(),
        thresholds: values::thresholds(policy),
        done: BTreeSet::new(),
        states: BTreeSet::new(),
        reference: None,
    };
    let start = draw.start();
    for _ in 0..draw.rng.usize(1..=4) {
        let rule = draw.choose();
        draw.rule(rule, start);
    }
    draw.birth(start);
    draw.finish(start)
}

struct Draw<'a> {
    policy: &'a Policy,
    rng: Rng,
    facts: Vec<Fact>,
    /// Days on which something turns.
    edges: Vec<Day>,
    /// The values with which some test compares an attribute.
    thresholds: Vec<(EventId, AttributeId, Value)>,
    done: BTreeSet<RuleId>,
    states: BTreeSet<u16>,
    /// The `ref` of what is being drawn.
    reference: Option<String>,
}

impl Draw<'_> {
    fn start(&mut self) -> Day {
        if self.rng.bool() {
            let (year, month, day) = BEFORE_HOLIDAYS[self.rng.usize(..BEFORE_HOLIDAYS.len())];
            days::number(year, month, day) + self.rng.i32(-20..20)
        } else {
            self.rng.i32(days::number(2019, 1, 1)..days::number(2028, 6, 1))
        }
    }

    /// Any rule; now and then one of those that most others hang on.
    fn choose(&mut self) -> RuleId {
        let rules = 0..self.policy.rules.len() as u16;
        let turns = |rule: &u16| {
            let body = &self.policy.rule(RuleId(*rule)).body;
            matches!(body, Body::Series(_) | Body::Ladder(_))
        };
        let central: Vec<u16> = rules.clone().filter(turns).collect();
        if central.is_empty() || self.rng.u8(..3) > 0 {
            return RuleId(self.rng.u16(rules));
        }
        RuleId(central[self.rng.usize(..central.len())])
    }

    /// What is drawn from here on has a `ref` of its own.
    fn name(&mut self) {
        self.reference = Some(["a", "b", "c"][self.rng.usize(..3)].to_owned());
    }

    fn rule(&mut self, id: RuleId, start: Day) {
        self.name();
        if !self.done.insert(id) {
            return;
        }
        let policy = self.policy;
        let rule = policy.rule(id);
        self.condition(rule.while_.as_ref(), start, true);
        match &rule.body {
            Body::Series(series) => self.series(series, start),
            Body::Duty(duty) => self.duty(duty, start),
            Body::Trigger(trigger) => self.trigger(trigger, start),
            Body::Forbid(forbid) => {
                self.condition(forbid.unless.as_ref(), start, false);
                match &forbid.what {
                    Forbidden::Never(event) => self.some(event, start, 3),
                    Forbidden::PerReview { event, series, .. } => {
                        self.rule(*series, start);
                        self.some(event, start, 4);
                    }
                    Forbidden::PerPeriod { event, length, .. } => {
                        self.some(event, start, 4);
                        let again = self.counted(start, *length, 1) + self.rng.i32(-2..2);
                        self.event(event, again);
                    }
                }
            }
            Body::Ladder(ladder) => self.ladder(ladder, start),
        }
    }

    fn series(&mut self, series: &Series, start: Day) {
        let mut anchor = start;
        if let Some(first) = &series.start {
            self.event(first, start);
        }
        for limit in &series.limits {
            self.condition(limit.condition.as_ref(), start, false);
        }
        self.condition(series.suspended.as_ref(), start, false);
        for _ in 0..self.rng.usize(0..4) {
            let due = self.near_limit(&series.limits, anchor, 0);
            let held =
                due.max(anchor) + if self.rng.u8(..4) == 0 { self.rng.i32(-60..10) } else { 0 };
            if let Some((event, attribute)) = series.planned_by {
                for _ in 0..self.rng.usize(0..3) {
                    let day = self.between(anchor, held);
                    let date = held + [0, 0, 0, -3, 7][self.rng.usize(..5)];
                    let fact = self.push(event, day);
                    self.facts[fact].values[attribute.index()] =
                        (self.rng.u8(..10) > 0).then(|| Value::Date(days::date(date)));
                }
            }
            anchor = self.review(series, held);
        }
        self.near_limit(&series.limits, anchor, 0);
        if self.rng.u8(..6) == 0 {
            let restart = series.restarted_by.first().cloned();
            let day = anchor + self.rng.i32(-40..40);
            if let Some(restart) = restart {
                self.event(&restart, day);
            }
        }
    }

    /// A review on a day, of one meeting or several; gives the day of its completion.
    fn review(&mut self, series: &Series, day: Day) -> Day {
        let several = self.rng.u8(..4) == 0 || series.held_on.is_none();
        let mut end = day;
        if several {
            if let Some(begun) = &series.begun_on {
                self.event(begun, day);
            }
            if let Some(adjourned) = series.adjourned_on
                && (series.begun_on.is_none() || self.rng.bool())
            {
                self.push(adjourned, day);
                if self.rng.u8(..3) == 0 {
                    let again = day + self.rng.i32(0..20);
                    self.push(adjourned, again);
                }
            }
            end += [0, 1, 10, 28, 40][self.rng.usize(..5)];
            if self.rng.u8(..5) == 0 {
                return end;
            }
            if let Some(completed) = &series.completed_on {
                self.event(completed, end);
                return end;
            }
        }
        if let Some(held) = &series.held_on {
            self.event(held, end);
        }
        end
    }

    fn duty(&mut self, duty: &Duty, start: Day) {
        for limit in &duty.limits {
            self.condition(limit.condition.as_ref(), start, false);
        }
        let anchors: Vec<Day> = match &duty.anchor {
            Anchor::Events(choices) => {
                let mut days = Vec::new();
                for _ in 0..self.rng.usize(1..3) {
                    if self.rng.bool() {
                        self.name();
                    }
                    let choice = &choices[self.rng.usize(..choices.len())];
                    let day = start + self.rng.i32(0..60);
                    self.event(choice, day);
                    days.push(day);
                }
                days
            }
            Anchor::Review { series, .. } => {
                let from = self.facts.len();
                self.rule(*series, start);
                let held: Vec<Day> = self.facts[from..].iter().map(|f| f.date.number()).collect();
                let mut days = self.days_of_series(*series);
                days.extend(held.last());
                days
            }
            Anchor::Birthday(years) => {
                let born = days::birthday(start, -i32::from(*years)) + self.rng.i32(-30..30);
                if let Some(event) = self.policy.born {
                    self.push(event, born);
                }
                vec![start]
            }
            Anchor::StateStart(state) => {
                self.state(state.0, start, true);
                vec![start]
            }
            Anchor::Overdue(rule) => {
                self.rule(*rule, start);
                vec![start + 20]
            }
        };
        for _ in 0..self.rng.usize(0..4) {
            if anchors.is_empty() || duty.acts.is_empty() {
                break;
            }
            let anchor = anchors[self.rng.usize(..anchors.len())];
            let act = &duty.acts[self.rng.usize(..duty.acts.len())];
            let other = anchors[self.rng.usize(..anchors.len())];
            let day = if super::duties::midway(duty) && other != anchor {
                anchor.midpoint(other) + self.rng.i32(-1..=1)
            } else {
                self.near_limit(&duty.limits, anchor, 0)
            };
            self.event(&act.event, day);
            self.condition(act.condition.as_ref(), start, false);
        }
    }

    /// The days of the reviews of a series, and those for which they are planned.
    fn days_of_series(&self, rule: RuleId) -> Vec<Day> {
        let Some(series) = self.policy.series(rule) else {
            return Vec::new();
        };
        let meets = |event: EventId| {
            [&series.held_on, &series.begun_on, &series.completed_on]
                .into_iter()
                .flatten()
                .any(|wanted| wanted.event == event)
        };
        self.facts
            .iter()
            .filter(|fact| {
                meets(fact.event) || series.planned_by.is_some_and(|p| p.0 == fact.event)
            })
            .map(|fact| match (series.planned_by, meets(fact.event)) {
                (Some((_, attribute)), false) => match fact.value(attribute) {
                    Some(Value::Date(date)) => date.number(),
                    _ => fact.date.number(),
                },
                _ => fact.date.number(),
            })
            .collect()
    }

    fn trigger(&mut self, trigger: &Trigger, start: Day) {
        if let Some((series, ..)) = &trigger.brings_forward {
            self.rule(*series, start);
        }
        for _ in 0..self.rng.usize(1..4) {
            let on = &trigger.on[self.rng.usize(..trigger.on.len())];
            let day = start + self.rng.i32(0..200);
            match on {
                TriggerOn::Event(event) => self.event(event, day),
                TriggerOn::Overdue(rule) => self.rule(*rule, start),
            }
            let judged = day + self.rng.i32(0..12);
            if let Some(judgement) = &trigger.judgement
                && self.rng.u8(..4) > 0
            {
                let fact = self.push(judgement.event, judged);
                if self.rng.bool() {
                    self.facts[fact].values[judgement.attribute.index()] = Some(Value::YesNo(true));
                }
            }
            if let Some((series, window, _)) = &trigger.brings_forward
                && self.rng.bool()
                && let Some(series) = self.policy.series(*series)
            {
                let day = self.near(window, judged).max(judged);
                self.review(series, day);
            }
        }
    }

    fn ladder(&mut self, ladder: &Ladder, start: Day) {
        for opens_on in &ladder.opens_on {
            if self.rng.bool() {
                let day = start - self.rng.i32(0..10);
                self.event(&opens_on.event, day);
            }
        }
        self.name();
        let mut day = start;
        let lowest = self.rng.usize(..ladder.stages.len());
        for step in 0..self.rng.usize(1..4) {
            let stage = &ladder.stages[(lowest + step).min(ladder.stages.len() - 1)];
            let opening = self.push(ladder.opened_by, day);
            if let Some(attribute) = ladder.stage_attribute
                && self.rng.u8(..4) > 0
            {
                let number = Value::Number(i64::from(stage.number) * 1000);
                self.facts[opening].values[attribute.index()] = Some(number);
            }
            let answer = match &stage.limit {
                Some(limit) => self.near(limit, day).max(day),
                None => day + self.rng.i32(0..15),
            };
            for event in [ladder.answered_by, ladder.approved_by].into_iter().flatten() {
                if self.rng.u8(..3) > 0 {
                    let delay = [0, 0, 1, 6][self.rng.usize(..4)];
                    let fact = self.push(event, answer + delay);
                    let attribute = if ladder.answered_by == Some(event) {
                        ladder.answer_stage_attribute
                    } else {
                        ladder.approval_stage_attribute
                    };
                    if let Some(attribute) = attribute
                        && self.rng.u8(..4) > 0
                    {
                        let number = Value::Number(i64::from(stage.number) * 1000);
                        self.facts[fact].values[attribute.index()] = Some(number);
                    }
                }
            }
            if let Some((event, _)) = ladder.judged_by
                && self.rng.bool()
            {
                let delay = self.rng.i32(0..5);
                self.push(event, answer + delay);
            }
            day = answer + [0, 1, 2, 10][self.rng.usize(..4)];
            self.edges.extend([day, answer]);
        }
        if let Some(cap) = &ladder.cap {
            day = if self.rng.bool() { self.near(&cap.window, start) } else { day };
        }
        if let Some(closed) = ladder.closed_by
            && self.rng.bool()
        {
            self.push(closed, day);
        }
    }

    /// What a condition asks about: its states mostly begin with the case.
    fn condition(&mut self, condition: Option<&Condition>, start: Day, holds: bool) {
        match condition {
            None
            | Some(
                Condition::Reading(..)
                | Condition::Age { .. }
                | Condition::Attribute(_)
                | Condition::Judged { .. }
                | Condition::ByLatestLawful { .. },
            ) => {}
            Some(Condition::All(parts) | Condition::Any(parts)) => {
                for part in parts {
                    self.condition(Some(part), start, holds);
                }
            }
            Some(Condition::Not(inner)) => self.condition(Some(inner), start, false),
            Some(Condition::State(state)) => self.state(state.0, start, holds),
            Some(Condition::HeldFor { state, length, .. }) => {
                let before = self.duration(start, length, -1);
                let from = before + self.rng.i32(-20..200);
                self.state(state.0, from, true);
            }
            Some(Condition::Latest { event, .. } | Condition::HeldSince { event, .. }) => {
                for _ in 0..self.rng.usize(0..3) {
                    let day = start + self.rng.i32(-5..200);
                    self.push(*event, day);
                }
            }
            Some(Condition::Recorded(event)) => self.some(event, start, 1),
        }
    }

    fn state(&mut self, index: u16, start: Day, holds: bool) {
        if !self.states.insert(index) {
            return;
        }
        let policy = self.policy;
        match &policy.state(duly::policy::StateId(index)).kind {
            StateKind::While(condition) => self.condition(Some(condition), start, holds),
            StateKind::Events { from, until } => {
                let mut day = start;
                let toggles = if holds { self.rng.usize(1..4) } else { self.rng.usize(0..4) };
                if !holds {
                    day += self.rng.i32(-10..150);
                }
                for toggle in 0..toggles {
                    let side = if toggle % 2 == 0 { from } else { until };
                    if side.is_empty() {
                        continue;
                    }
                    let wanted = &side[self.rng.usize(..side.len())];
                    self.event(wanted, day);
                    // The first stretch is mostly long enough for something to fall due.
                    day += match self.rng.u8(..4) {
                        0 => self.rng.i32(0..3),
                        1 => self.rng.i32(0..60),
                        _ => self.rng.i32(60..400),
                    };
                }
            }
        }
    }

    fn some(&mut self, event: &EventMatch, start: Day, most: usize) {
        for _ in 0..self.rng.usize(0..=most) {
            let day = start + self.rng.i32(0..150);
            self.event(event, day);
        }
    }

    /// An event that mostly passes its test.
    fn event(&mut self, wanted: &EventMatch, day: Day) {
        let fact = self.push(wanted.event, day);
        if self.rng.u8(..8) > 0 {
            let mut tests = Vec::new();
            if let Some(test) = &wanted.test {
                values::tests(test, &mut |test| tests.push(test.clone()));
            }
            for test in tests {
                self.facts[fact].values[test.attribute.index()] = Some(test.value);
            }
        }
    }

    fn push(&mut self, event: EventId, day: Day) -> usize {
        let declared = self.policy.event(event);
        let values = (0..declared.attributes.len())
            .map(|index| self.value(event, declared, AttributeId(index as u16), day))
            .collect();
        self.edges.push(day);
        self.facts.push(Fact {
            date: days::date(day),
            event,
            values,
            reference: self.reference.clone(),
            sequence: None,
            line: 0,
        });
        self.facts.len() - 1
    }

    fn birth(&mut self, start: Day) {
        let Some(event) = self.policy.born else {
            return;
        };
        if self.rng.u8(..3) == 0 {
            let years = [4, 5, 15, 16, 17, 10][self.rng.usize(..6)];
            let day = days::birthday(start, -years) + self.rng.i32(-100..100);
            self.push(event, day);
        }
    }

    fn finish(mut self, start: Day) -> Drawn {
        while self.facts.len() > 25 {
            let place = self.rng.usize(..self.facts.len());
            self.facts.swap_remove(place);
        }
        let count = self.facts.len();
        // Some things happen on one day.
        for _ in 0..[0, 0, 0, 1, 2][self.rng.usize(..5)] {
            if count > 1 {
                let (a, b) = (self.rng.usize(..count), self.rng.usize(..count));
                self.facts[a].date = self.facts[b].date;
            }
        }
        let named = self.rng.u8(..3) == 0;
        let ordered = self.rng.u8(..3);
        // No two events of a case share a `seq`.
        let mut order: Vec<u32> = (1..=count as u32).collect();
        self.rng.shuffle(&mut order);
        for (fact, place) in self.facts.iter_mut().zip(order) {
            let keeps = named && self.rng.u8(..8) > 0;
            fact.reference = fact.reference.take().filter(|_| keeps);
            if ordered == 0 || (ordered == 1 && self.rng.u8(..4) == 0) {
                fact.sequence = Some(place);
            }
        }
        let as_of = self.as_of(start);
        Drawn { facts: self.facts, as_of: days::date(as_of) }
    }

    fn as_of(&mut self, start: Day) -> Day {
        let last = self.facts.iter().map(|fact| fact.date.number()).max().unwrap_or(start);
        if self.edges.is_empty() || self.rng.u8(..3) == 0 {
            return self.rng.i32(start..=last.max(start) + 120);
        }
        let edge = self.edges[self.rng.usize(..self.edges.len())];
        edge.max(start) + self.rng.i32(0..=1)
    }
}
