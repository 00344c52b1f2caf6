//! The deadlines of the rules evaluated so far.

use super::outcome::Deadline;
use crate::policy::RuleId;

/// The deadlines of the rules evaluated so far.
///
/// Rules are evaluated in the order in which they rest on one another, and their deadlines are wanted in
/// the order of the policy. Each rule has a list of its own, which is used again for the next case.
#[derive(Debug, Default)]
pub(super) struct Rows {
    by_rule: Vec<Vec<Deadline>>,
    /// The rule whose deadlines are being made.
    open: usize,
    /// Where they are put one behind the other.
    all: Vec<Deadline>,
}

impl Rows {
    /// Forgets everything, and makes room for so many rules.
    pub(super) fn clear(&mut self, rules: usize) {
        self.by_rule.iter_mut().for_each(Vec::clear);
        self.by_rule.resize_with(rules, Vec::new);
    }

    /// Begins with the deadlines of a rule.
    pub(super) fn begin(&mut self, rule: RuleId) {
        self.open = rule.index();
    }

    /// Adds a deadline of the rule begun with last.
    #[inline]
    pub(super) fn push(&mut self, row: Deadline) {
        if let Some(own) = self.by_rule.get_mut(self.open) {
            own.push(row);
        }
    }

    /// The deadlines of the rule begun with last.
    pub(super) fn own(&mut self) -> &mut [Deadline] {
        self.by_rule.get_mut(self.open).map_or(&mut [], Vec::as_mut_slice)
    }

    /// The deadlines of a rule; none before it is evaluated.
    pub(super) fn of(&self, rule: RuleId) -> &[Deadline] {
        self.by_rule.get(rule.index()).map_or(&[], Vec::as_slice)
    }

    /// The deadlines of a rule; none before it is evaluated.
    pub(super) fn of_mut(&mut self, rule: RuleId) -> &mut [Deadline] {
        self.by_rule.get_mut(rule.index()).map_or(&mut [], Vec::as_mut_slice)
    }

    /// Gives all deadlines away, by rule in the order of the policy.
    pub(super) fn take(&mut self) -> Vec<Deadline> {
        let mut all = std::mem::take(&mut self.all);
        all.clear();
        for own in &mut self.by_rule {
            all.append(own);
        }
        all
    }

    /// Takes up again the memory of deadlines that nobody wants any more.
    pub(super) fn take_back(&mut self, deadlines: Vec<Deadline>) {
        self.all = deadlines;
    }
}
