//! The tests of a policy: with which values it compares what is recorded.

use crate::policy::{
    AttributeId, Body, Condition, EventId, EventMatch, Forbidden, Policy, StateKind, Test,
    TriggerOn, Value,
};

/// The values with which the policy compares an attribute of an event, and perhaps some with which it
/// compares another event's attribute in the same place; in order, each once.
pub(super) fn compared(policy: &Policy, event: EventId, attribute: AttributeId) -> Vec<Value> {
    let mut values = Vec::new();
    each_test(policy, &mut |of, test: &Test| {
        if of.is_none_or(|of| of == event) && test.attribute == attribute {
            values.push(test.value.clone());
        }
    });
    values.sort();
    values.dedup();
    values
}

/// The attributes that the policy looks up in the latest event of a kind.
pub(super) fn looked_up(policy: &Policy, event: EventId) -> Vec<AttributeId> {
    let mut found = Vec::new();
    each_test(policy, &mut |of, test: &Test| {
        if of == Some(event) {
            found.push(test.attribute);
        }
    });
    found.sort_unstable();
    found.dedup();
    found
}

/// The ages of which the policy speaks, in order.
pub(super) fn ages(policy: &Policy) -> Vec<u16> {
    let mut years = Vec::new();
    each_condition(policy, &mut |condition| {
        if let Condition::Age { years: age, .. } = condition {
            years.push(*age);
        }
    });
    years.sort_unstable();
    years.dedup();
    years
}

/// Values that an event can have so that it passes a test, as far as single values can say it.
pub(super) fn passing(test: &Condition) -> Vec<(AttributeId, Value)> {
    match test {
        Condition::All(parts) => parts.iter().flat_map(passing).collect(),
        Condition::Any(parts) => parts.first().map(passing).unwrap_or_default(),
        Condition::Attribute(test) => vec![(test.attribute, near(test))],
        Condition::Judged { attribute, .. } => vec![(*attribute, Value::YesNo(true))],
        Condition::Not(_)
        | Condition::Reading(..)
        | Condition::State(_)
        | Condition::HeldFor { .. }
        | Condition::Latest { .. }
        | Condition::Recorded(_)
        | Condition::HeldSince { .. }
        | Condition::Age { .. }
        | Condition::ByLatestLawful { .. } => Vec::new(),
    }
}

/// A value that passes a test.
fn near(test: &Test) -> Value {
    use crate::policy::Comparison::{AtLeast, AtMost, Is, IsNot, Less, More};
    match (&test.value, test.comparison) {
        (value, Is | AtMost | AtLeast) => value.clone(),
        (Value::YesNo(yes), _) => Value::YesNo(!yes),
        (Value::Word(word), IsNot | More) => Value::Word(word.saturating_add(1)),
        (Value::Word(word), Less) => Value::Word(word.saturating_sub(1)),
        (Value::Number(number), Less) => Value::Number(number - 1),
        (Value::Number(number), _) => Value::Number(number + 1),
        (Value::Date(day), Less) => Value::Date(day.add_days(-1).unwrap_or(*day)),
        (Value::Date(day), _) => Value::Date(day.add_days(1).unwrap_or(*day)),
        (Value::Text(words), _) => Value::Text(format!("{words}.")),
    }
}

/// Every test of an attribute, with the event where the test itself names it.
fn each_test(policy: &Policy, found: &mut dyn FnMut(Option<EventId>, &Test)) {
    each_condition(policy, &mut |condition| match condition {
        Condition::Attribute(test) => found(None, test),
        Condition::Latest { event, test } => found(Some(*event), test),
        _ => {}
    });
}

/// Every condition of a policy, and every part of each.
fn each_condition(policy: &Policy, found: &mut dyn FnMut(&Condition)) {
    for state in &policy.states {
        match &state.kind {
            StateKind::Events { from, until } => {
                from.iter().chain(until).for_each(|event| of_event(event, found));
            }
            StateKind::While(condition) => parts(condition, found),
        }
    }
    for rule in &policy.rules {
        rule.while_.iter().for_each(|condition| parts(condition, found));
        match &rule.body {
            Body::Series(series) => {
                let held = [&series.held_on, &series.begun_on, &series.completed_on, &series.start];
                held.into_iter().flatten().for_each(|event| of_event(event, found));
                series.restarted_by.iter().for_each(|event| of_event(event, found));
                series.suspended.iter().for_each(|condition| parts(condition, found));
                series.limits.iter().for_each(|limit| of_limit(limit, found));
            }
            Body::Duty(duty) => {
                duty.limits.iter().for_each(|limit| of_limit(limit, found));
                for act in &duty.acts {
                    of_event(&act.event, found);
                    act.condition.iter().for_each(|condition| parts(condition, found));
                }
                match &duty.anchor {
                    crate::policy::Anchor::Events(choices) => {
                        for event in choices {
                            of_event(event, found);
                        }
                    }
                    crate::policy::Anchor::Review { test: Some(condition), .. } => {
                        parts(condition, found);
                    }
                    _ => {}
                }
            }
            Body::Trigger(trigger) => {
                for on in &trigger.on {
                    if let TriggerOn::Event(event) = on {
                        of_event(event, found);
                    }
                }
            }
            Body::Forbid(forbid) => {
                let (Forbidden::Never(event)
                | Forbidden::PerReview { event, .. }
                | Forbidden::PerPeriod { event, .. }) = &forbid.what;
                of_event(event, found);
                forbid.unless.iter().for_each(|condition| parts(condition, found));
            }
            Body::Ladder(ladder) => {
                ladder.opens_on.iter().for_each(|opens| of_event(&opens.event, found));
            }
        }
    }
}

fn of_limit(limit: &crate::policy::Limit, found: &mut dyn FnMut(&Condition)) {
    limit.test.iter().chain(&limit.condition).for_each(|condition| parts(condition, found));
}

fn of_event(event: &EventMatch, found: &mut dyn FnMut(&Condition)) {
    event.test.iter().for_each(|condition| parts(condition, found));
}

fn parts(condition: &Condition, found: &mut dyn FnMut(&Condition)) {
    found(condition);
    match condition {
        Condition::All(all) | Condition::Any(all) => all.iter().for_each(|part| parts(part, found)),
        Condition::Not(part) => parts(part, found),
        Condition::Recorded(event) => of_event(event, found),
        _ => {}
    }
}
