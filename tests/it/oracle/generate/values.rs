//! Values and days that come near what a policy compares them with.

use duly::calendar::{Length, Unit};
use duly::policy::{
    AttributeId, AttributeKind, Body, Condition, Duration, Event, EventId, Limit, Policy, Shape,
    StateKind, Test, Value, Window,
};

use super::super::days::{self, Day};
use super::Draw;

impl Draw<'_> {
    pub(super) fn value(
        &mut self,
        id: EventId,
        event: &Event,
        of: AttributeId,
        day: Day,
    ) -> Option<Value> {
        if self.rng.u8(..12) == 0 {
            return None;
        }
        let compared: Vec<Value> = self
            .thresholds
            .iter()
            .filter(|(event, attribute, _)| (*event, *attribute) == (id, of))
            .map(|(_, _, value)| value.clone())
            .collect();
        let near =
            (!compared.is_empty()).then(|| compared[self.rng.usize(..compared.len())].clone());
        Some(match (&event.attributes[of.index()].kind, near) {
            (AttributeKind::YesNo, _) => Value::YesNo(self.rng.bool()),
            (AttributeKind::OneOf(_), Some(value)) if self.rng.bool() => value,
            (AttributeKind::OneOf(words), _) => Value::Word(self.rng.u16(..words.len() as u16)),
            (AttributeKind::Number, Some(Value::Number(n))) => {
                Value::Number(n + [0, 0, 1000, -1000, 500][self.rng.usize(..5)])
            }
            (AttributeKind::Number, _) => Value::Number(i64::from(self.rng.u8(1..4)) * 1000),
            (AttributeKind::Date, _) => Value::Date(days::date(day + self.rng.i32(-3..40))),
            (AttributeKind::Text, _) => Value::Text("x".to_owned()),
        })
    }

    pub(super) fn counted(&self, anchor: Day, length: Length, step: i32) -> Day {
        let rough = || {
            anchor
                + step * i32::from(length.count) * if length.unit == Unit::Months { 30 } else { 1 }
        };
        days::counted(&self.policy.calendar, anchor, length, step).unwrap_or_else(rough)
    }

    pub(super) fn duration(&mut self, anchor: Day, duration: &Duration, step: i32) -> Day {
        match duration {
            Duration::Fixed(length) => self.counted(anchor, *length, step),
            Duration::Earlier(a, b) | Duration::Later(a, b) => {
                let one = if self.rng.bool() { a } else { b };
                self.duration(anchor, one, step)
            }
        }
    }

    /// A day at a boundary of one of the limits, or near it.
    pub(super) fn near_limit(&mut self, limits: &[Limit], anchor: Day, otherwise: i32) -> Day {
        let windows: Vec<&Window> =
            limits.iter().filter_map(|limit| limit.window.as_ref()).collect();
        if windows.is_empty() {
            return anchor + otherwise;
        }
        let window = windows[self.rng.usize(..windows.len())];
        self.near(window, anchor)
    }

    pub(super) fn near(&mut self, window: &Window, anchor: Day) -> Day {
        let edge = match &window.shape {
            Shape::Within(n) | Shape::NotBefore(n) | Shape::OncePassed(n) => {
                self.duration(anchor, n, 1)
            }
            Shape::PeriodBeginning(n) => self.duration(anchor, n, 1) - 1,
            Shape::AtLeastBefore(n) => self.duration(anchor, n, -1),
            Shape::BetweenBefore { near, far } => {
                let length = if self.rng.bool() { near } else { far };
                self.counted(anchor, *length, -1)
            }
            Shape::BetweenAfter { near, far } => {
                let length = if self.rng.bool() { near } else { far };
                self.counted(anchor, *length, 1)
            }
            Shape::OnMidway | Shape::ByMidway | Shape::AroundMidway(_) => {
                anchor + [45, 91, 92, -45, -91][self.rng.usize(..5)]
            }
            Shape::ByDateOf(_) | Shape::NoTimeLimit => anchor + self.rng.i32(0..30),
            Shape::Before | Shape::At | Shape::NoTimeLimitBefore => anchor,
        };
        self.edges.push(edge);
        match self.rng.u8(..8) {
            0 => edge + 1,
            1 => edge - 1,
            2 => edge + self.rng.i32(-30..30),
            _ => edge,
        }
    }

    pub(super) fn between(&mut self, a: Day, b: Day) -> Day {
        match self.rng.u8(..4) {
            0 => a,
            1 => b,
            _ => self.rng.i32(a.min(b)..=a.max(b)),
        }
    }
}

/// Every value with which an attribute is compared somewhere in the policy.
pub(super) fn thresholds(policy: &Policy) -> Vec<(EventId, AttributeId, Value)> {
    let mut found = Vec::new();
    let mut note = |event: EventId, test: &Test| {
        found.push((event, test.attribute, test.value.clone()));
    };
    for state in &policy.states {
        match &state.kind {
            StateKind::Events { from, until } => {
                for wanted in from.iter().chain(until) {
                    if let Some(test) = &wanted.test {
                        tests(test, &mut |test| note(wanted.event, test));
                    }
                }
            }
            StateKind::While(condition) => latest(condition, &mut note),
        }
    }
    for rule in &policy.rules {
        if let Body::Ladder(ladder) = &rule.body {
            let events = [
                (Some(ladder.opened_by), ladder.stage_attribute),
                (ladder.answered_by, ladder.answer_stage_attribute),
                (ladder.approved_by, ladder.approval_stage_attribute),
            ];
            for stage in &ladder.stages {
                for (event, attribute) in events {
                    if let (Some(event), Some(attribute)) = (event, attribute) {
                        let number = Value::Number(i64::from(stage.number) * 1000);
                        found.push((event, attribute, number));
                    }
                }
            }
        }
    }
    found
}

pub(super) fn tests(condition: &Condition, each: &mut dyn FnMut(&Test)) {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => {
            for part in parts {
                tests(part, each);
            }
        }
        Condition::Not(inner) => tests(inner, each),
        Condition::Attribute(test) => each(test),
        _ => {}
    }
}

fn latest(condition: &Condition, each: &mut dyn FnMut(EventId, &Test)) {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => {
            for part in parts {
                latest(part, each);
            }
        }
        Condition::Not(inner) => latest(inner, each),
        Condition::Latest { event, test } => each(*event, test),
        _ => {}
    }
}
