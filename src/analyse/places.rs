//! Where things are declared: what a finding points at.

use std::collections::BTreeMap;

use crate::source::Span;
use crate::syntax::ast::{self, Declaration, Name};

/// The places of the declarations of a file.
#[derive(Debug)]
pub(super) struct Places<'a> {
    file: &'a ast::File,
    names: BTreeMap<&'a str, Span>,
}

impl<'a> Places<'a> {
    pub(super) fn of(file: &'a ast::File) -> Self {
        let names = file.declarations.iter().filter_map(name_of);
        Self { file, names: names.map(|name| (name.node.as_str(), name.span)).collect() }
    }

    /// The name at which a rule, role, event, state or reading is declared.
    pub(super) fn name(&self, wanted: &str) -> Span {
        self.names.get(wanted).copied().unwrap_or(Span::at(0))
    }

    /// The name of the policy.
    pub(super) fn policy(&self) -> Span {
        let header = self.file.declarations.iter().find_map(|declaration| match declaration {
            Declaration::Policy(header) => Some(header.name.span),
            _ => None,
        });
        header.unwrap_or(Span::at(0))
    }

    /// The ladder of a name, as it is written.
    pub(super) fn ladder(&self, wanted: &str) -> Option<&'a ast::Ladder> {
        self.file.declarations.iter().find_map(|declaration| match declaration {
            Declaration::Ladder(ladder) if ladder.head.name.node == wanted => Some(ladder),
            _ => None,
        })
    }

    /// The trigger of a name, as it is written.
    pub(super) fn trigger(&self, wanted: &str) -> Option<&'a ast::Trigger> {
        self.file.declarations.iter().find_map(|declaration| match declaration {
            Declaration::Trigger(trigger) if trigger.head.name.node == wanted => Some(trigger),
            _ => None,
        })
    }

    /// The `calendar` clause.
    pub(super) fn calendar(&self) -> Span {
        let header = self.file.declarations.iter().find_map(|declaration| match declaration {
            Declaration::Policy(header) => header.calendar.as_ref().map(|name| name.span),
            _ => None,
        });
        header.unwrap_or_else(|| self.policy())
    }
}

/// The name that a declaration declares, if it does.
fn name_of(declaration: &Declaration) -> Option<&Name> {
    Some(match declaration {
        Declaration::Policy(_) | Declaration::Scenario(_) => return None,
        Declaration::Reading(reading) => &reading.name,
        Declaration::Role(role) => &role.name,
        Declaration::Event(event) => &event.name,
        Declaration::State(state) => &state.name,
        Declaration::Review(rule) => &rule.head.name,
        Declaration::Duty(rule) => &rule.head.name,
        Declaration::Trigger(rule) => &rule.head.name,
        Declaration::Forbid(rule) => &rule.head.name,
        Declaration::Ladder(rule) => &rule.head.name,
    })
}
