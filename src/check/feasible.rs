//! Conditions that visibly cannot hold, alone or together.
//!
//! Only what a reader can see in the words counts: two values of one attribute, a condition and its
//! contrary, an age above and below. What follows from how states are declared does not.

use crate::policy::{Comparison, Condition, Test};

/// Whether the condition can never be yes.
pub(super) fn impossible(condition: &Condition) -> bool {
    exclusive(&[condition])
}

/// Whether these conditions can never all be yes.
pub(super) fn exclusive(conditions: &[&Condition]) -> bool {
    let mut parts = Vec::new();
    for condition in conditions {
        conjuncts(condition, &mut parts);
    }
    let alone = parts.iter().any(|part| match part {
        Condition::Reading(_, answer) => !answer,
        Condition::Any(branches) => branches.iter().all(impossible),
        _ => false,
    });
    alone
        || parts
            .iter()
            .enumerate()
            .any(|(index, first)| parts.iter().skip(index + 1).any(|second| clash(first, second)))
}

/// The parts that must all hold.
fn conjuncts<'a>(condition: &'a Condition, parts: &mut Vec<&'a Condition>) {
    match condition {
        Condition::All(inner) => inner.iter().for_each(|part| conjuncts(part, parts)),
        Condition::Not(inner) => match &**inner {
            // Not (A or B) is not A and not B; the parts stay negated, so they are kept as they are.
            Condition::Not(twice) => conjuncts(twice, parts),
            _ => parts.push(condition),
        },
        _ => parts.push(condition),
    }
}

/// Whether two conditions exclude each other.
fn clash(first: &Condition, second: &Condition) -> bool {
    match (first, second) {
        (Condition::Not(inner), other) | (other, Condition::Not(inner)) => follows(other, inner),
        (Condition::Attribute(first), Condition::Attribute(second)) => tests_clash(first, second),
        (Condition::Latest { event, test }, Condition::Latest { event: other, test: against }) => {
            event == other && tests_clash(test, against)
        }
        (Condition::Age { years, under: false }, Condition::Age { years: below, under: true })
        | (Condition::Age { years: below, under: true }, Condition::Age { years, under: false }) => {
            years >= below
        }
        _ => false,
    }
}

/// Whether the second holds whenever the first does, visibly.
fn follows(first: &Condition, second: &Condition) -> bool {
    first == second
        || match (first, second) {
            (Condition::HeldFor { state, .. }, Condition::State(other)) => state == other,
            (_, Condition::Any(branches)) => branches.iter().any(|branch| follows(first, branch)),
            _ => false,
        }
}

/// Whether no value passes both tests.
fn tests_clash(first: &Test, second: &Test) -> bool {
    if first.attribute != second.attribute {
        return false;
    }
    match (first.comparison, second.comparison) {
        (Comparison::Is, _) => !passes(&first.value, second),
        (_, Comparison::Is) => !passes(&second.value, first),
        (Comparison::IsNot, _) | (_, Comparison::IsNot) => false,
        (Comparison::Less | Comparison::AtMost, Comparison::More | Comparison::AtLeast) => {
            empty_between(second, first)
        }
        (Comparison::More | Comparison::AtLeast, Comparison::Less | Comparison::AtMost) => {
            empty_between(first, second)
        }
        _ => false,
    }
}

/// Whether a value passes a test.
fn passes(value: &crate::policy::Value, test: &Test) -> bool {
    match test.comparison {
        Comparison::Is => *value == test.value,
        Comparison::IsNot => *value != test.value,
        Comparison::Less => *value < test.value,
        Comparison::AtMost => *value <= test.value,
        Comparison::More => *value > test.value,
        Comparison::AtLeast => *value >= test.value,
    }
}

/// Whether nothing lies between a lower and an upper bound.
fn empty_between(lower: &Test, upper: &Test) -> bool {
    let both_included =
        lower.comparison == Comparison::AtLeast && upper.comparison == Comparison::AtMost;
    lower.value > upper.value || (lower.value == upper.value && !both_included)
}
