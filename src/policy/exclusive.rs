//! Conditions that visibly cannot hold, alone or together.
//!
//! Only what a reader can see in the words counts: two values of one attribute, a condition and its
//! contrary, an age above and below, and the same of the conditions by which states are declared.
//! What follows from the events that open and close a state does not.

use super::{Comparison, Condition, State, StateKind, Test};

/// How many cases are told apart before two conditions are taken to be compatible.
const CASES: usize = 256;

/// How many pairs of cases are tried.
const TRIED: usize = 4096;

/// A simple condition, and whether it holds or not.
#[derive(Debug, Clone, Copy)]
struct Literal<'a> {
    holds: bool,
    condition: &'a Condition,
}

/// One way in which a condition can hold.
type Case<'a> = Vec<Literal<'a>>;

/// Whether the condition can never be yes, whatever the states are.
pub(crate) fn impossible(condition: &Condition) -> bool {
    exclusive(&[condition], &[])
}

/// Whether these conditions can never all be yes: by their own words, or by those of the states.
pub(crate) fn exclusive(conditions: &[&Condition], states: &[Option<State>]) -> bool {
    never(conditions, &[]) || never(conditions, states)
}

/// Whether these conditions can never all be yes, where only these states are looked into.
fn never(conditions: &[&Condition], states: &[Option<State>]) -> bool {
    let parts: Vec<_> = conditions.iter().map(|part| cases(part, true, states)).collect();
    let cases = parts.into_iter().try_fold(vec![Vec::new()], |first, second| both(&first, second));
    cases.is_some_and(|cases| cases.is_empty())
}

/// The ways in which a condition can be yes (or no); `None` where there are too many.
fn cases<'a>(
    condition: &'a Condition,
    holds: bool,
    states: &'a [Option<State>],
) -> Option<Vec<Case<'a>>> {
    let literal = Literal { holds, condition };
    match condition {
        Condition::Not(inner) => cases(inner, !holds, states),
        Condition::All(parts) | Condition::Any(parts) => {
            let mut each = parts.iter().map(|part| cases(part, holds, states));
            if matches!(condition, Condition::All(_)) == holds {
                each.try_fold(vec![Vec::new()], |first, second| both(&first, second))
            } else {
                let all: Option<Vec<_>> = each.collect();
                all.map(|all| all.concat()).filter(|all| all.len() <= CASES)
            }
        }
        Condition::State(id) => {
            let state = states.get(id.index()).and_then(Option::as_ref);
            match state.map(|state| &state.kind) {
                Some(StateKind::While(definition)) => {
                    both(&[vec![literal]], cases(definition, holds, states))
                }
                Some(StateKind::Events { .. }) | None => Some(vec![vec![literal]]),
            }
        }
        Condition::Reading(..)
        | Condition::HeldFor { .. }
        | Condition::Latest { .. }
        | Condition::Recorded(_)
        | Condition::HeldSince { .. }
        | Condition::Age { .. }
        | Condition::Attribute(_)
        | Condition::ByLatestLawful { .. }
        | Condition::Judged { .. } => Some(vec![vec![literal]]),
    }
}

/// Every way in which both can hold. Ways that contradict themselves are dropped at once, which
/// keeps their number small.
fn both<'a>(first: &[Case<'a>], second: Option<Vec<Case<'a>>>) -> Option<Vec<Case<'a>>> {
    let second = second?;
    if first.len() * second.len() > TRIED {
        return None;
    }
    let joined =
        first.iter().flat_map(|one| second.iter().map(|other| [one.as_slice(), other].concat()));
    let joined: Vec<_> = joined.filter(|case| !contradictory(case)).collect();
    (joined.len() <= CASES).then_some(joined)
}

/// Whether a way of holding contradicts itself. That a reading is switched off is no contradiction:
/// a policy must be sound whichever way it is switched.
fn contradictory(case: &Case<'_>) -> bool {
    case.iter().enumerate().any(|(index, first)| {
        let rest = case.iter().skip(index + 1);
        rest.into_iter().any(|second| clash(*first, *second))
    })
}

/// Whether two simple conditions exclude each other.
fn clash(first: Literal<'_>, second: Literal<'_>) -> bool {
    match (first.holds, second.holds) {
        (true, true) => opposed(first.condition, second.condition),
        (true, false) => follows(first.condition, second.condition),
        (false, true) => follows(second.condition, first.condition),
        (false, false) => false,
    }
}

/// Whether two simple conditions cannot both be yes.
fn opposed(first: &Condition, second: &Condition) -> bool {
    match (first, second) {
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

/// Whether the second holds whenever the first does.
fn follows(first: &Condition, second: &Condition) -> bool {
    first == second
        || match (first, second) {
            (Condition::HeldFor { state, .. }, Condition::State(other)) => state == other,
            _ => false,
        }
}

/// Whether no value passes both tests.
fn tests_clash(first: &Test, second: &Test) -> bool {
    if first.attribute != second.attribute {
        return false;
    }
    match (first.comparison, second.comparison) {
        (Comparison::Is, _) => !second.passes(&first.value),
        (_, Comparison::Is) => !first.passes(&second.value),
        (Comparison::Less | Comparison::AtMost, Comparison::More | Comparison::AtLeast) => {
            empty_between(second, first)
        }
        (Comparison::More | Comparison::AtLeast, Comparison::Less | Comparison::AtMost) => {
            empty_between(first, second)
        }
        _ => false,
    }
}

/// Whether nothing lies between a lower and an upper bound.
fn empty_between(lower: &Test, upper: &Test) -> bool {
    let both_included =
        lower.comparison == Comparison::AtLeast && upper.comparison == Comparison::AtMost;
    lower.value > upper.value || (lower.value == upper.value && !both_included)
}
