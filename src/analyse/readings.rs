//! The policy as it would be if its readings had their other values.

use super::Subject;
use crate::check::{Switches, check};
use crate::policy::{Policy, ReadingId};
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
