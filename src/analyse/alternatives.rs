//! The policy as it would be if its readings had their other values.

use super::Subject;
use crate::check::{Switches, check};
use crate::policy::{Condition, Policy, ReadingId, StateKind};
use crate::source::Span;
use crate::syntax::ast;

/// A policy with one reading switched to another of its values.
#[derive(Debug, Clone)]
pub(super) struct Alternative {
    /// The reading.
    pub(super) reading: ReadingId,
    /// The other value, as it reads.
    pub(super) value: String,
    /// Where the other value is written.
    pub(super) span: Span,
    /// The policy with it. Its ids are those of the policy itself.
    pub(super) policy: Policy,
}

/// Compiles the policy once for each value that was not chosen. A value with which the policy is not
/// sound gives none.
pub(super) fn alternatives(subject: &Subject<'_>) -> Vec<Alternative> {
    let rules =
        |declaration: &&ast::Declaration| !matches!(declaration, ast::Declaration::Scenario(_));
    let file = ast::File {
        declarations: subject.file.declarations.iter().filter(rules).cloned().collect(),
    };
    let mut found = Vec::new();
    for declaration in &file.declarations {
        let ast::Declaration::Reading(written) = declaration else { continue };
        let place = subject.policy.readings.iter().position(|one| one.name == written.name.node);
        let Some(place) = place else { continue };
        let known = subject.policy.readings.get(place).map(|one| one.others.as_slice());
        for (other, words) in written.others.iter().zip(known.unwrap_or_default()) {
            let mut switches = Switches::default();
            switches.set(written.name.node.clone(), other.node.clone());
            if let Some(policy) = check(&file, subject.calendars, &switches).policy {
                found.push(Alternative {
                    reading: ReadingId(place as u16),
                    value: words.clone(),
                    span: other.span,
                    policy,
                });
            }
        }
    }
    found
}

/// Whether a condition can never hold because of how the policy is read. A limit that hangs on one is not
/// in force, and nothing is to be said of it.
pub(super) fn switched_off(policy: &Policy, condition: &Condition) -> bool {
    settled(policy, condition) == Some(false)
}

/// What a condition comes to by the readings alone, where they settle it.
fn settled(policy: &Policy, condition: &Condition) -> Option<bool> {
    match condition {
        Condition::Reading(_, value) => Some(*value),
        Condition::Not(inner) => settled(policy, inner).map(|value| !value),
        Condition::All(parts) | Condition::Any(parts) => {
            let all = matches!(condition, Condition::All(_));
            let values: Vec<Option<bool>> =
                parts.iter().map(|part| settled(policy, part)).collect();
            if values.contains(&Some(!all)) {
                Some(!all)
            } else {
                values.iter().all(Option::is_some).then_some(all)
            }
        }
        Condition::State(state) => match &policy.state(*state).kind {
            StateKind::While(inner) => settled(policy, inner),
            StateKind::Events { .. } => None,
        },
        Condition::HeldFor { .. }
        | Condition::Latest { .. }
        | Condition::Recorded(_)
        | Condition::HeldSince { .. }
        | Condition::Age { .. }
        | Condition::Attribute(_)
        | Condition::ByLatestLawful { .. }
        | Condition::Judged { .. } => None,
    }
}
