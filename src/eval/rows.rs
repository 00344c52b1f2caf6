//! The deadlines of the rules evaluated so far.

use std::sync::Arc;

use super::outcome::{Deadline, Part, Terms};
use crate::policy::RuleId;

/// The deadlines of the rules evaluated so far.
///
/// Rules are evaluated in the order in which they rest on one another, and their deadlines are wanted in
/// the order of the policy. Each rule has a list of its own, which is used again for the next case.
#[derive(Debug)]
pub(super) struct Rows {
    by_rule: Vec<Vec<Deadline>>,
    /// The rule whose deadlines are being made.
    open: RuleId,
    /// What a rule comes to for which nothing has happened.
    waiting: Arc<Terms>,
    /// Where they are put one behind the other.
    all: Vec<Deadline>,
    /// What deadlines came to that nobody wants any more: room for others.
    spare: Vec<Arc<Terms>>,
}

impl Default for Rows {
    fn default() -> Rows {
        let waiting = Arc::new(Terms::waiting(Part::Whole));
        let (by_rule, all, spare) = (Vec::new(), Vec::new(), Vec::new());
        Rows { by_rule, open: RuleId(0), waiting, all, spare }
    }
}

impl Rows {
    /// Forgets everything, and makes room for so many rules.
    pub(super) fn clear(&mut self, rules: usize) {
        self.by_rule.iter_mut().for_each(Vec::clear);
        self.by_rule.resize_with(rules, Vec::new);
    }

    /// Begins with the deadlines of a rule.
    pub(super) fn begin(&mut self, rule: RuleId) {
        self.open = rule;
    }

    /// Adds a deadline of the rule begun with last.
    pub(super) fn push(&mut self, terms: Terms) {
        let terms = self.shareable(terms);
        self.share(terms);
    }

    /// Makes ready what several deadlines may come to.
    pub(super) fn shareable(&mut self, terms: Terms) -> Arc<Terms> {
        if let Some(mut spare) = self.spare.pop()
            && let Some(room) = Arc::get_mut(&mut spare)
        {
            *room = terms;
            return spare;
        }
        Arc::new(terms)
    }

    /// Adds a deadline that comes to what others come to.
    #[inline]
    pub(super) fn share(&mut self, terms: Arc<Terms>) {
        let rule = self.open;
        if let Some(own) = self.by_rule.get_mut(rule.index()) {
            own.push(Deadline { rule, terms });
        }
    }

    /// Adds the deadline of a rule for which nothing has happened.
    pub(super) fn wait(&mut self) {
        self.share(Arc::clone(&self.waiting));
    }

    /// The deadlines of the rule begun with last.
    pub(super) fn own(&mut self) -> &mut [Deadline] {
        self.of_mut(self.open)
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
    pub(super) fn take_back(&mut self, mut deadlines: Vec<Deadline>) {
        for mut deadline in deadlines.drain(..) {
            // The last of those that share it gives it away.
            if Arc::get_mut(&mut deadline.terms).is_some() {
                self.spare.push(deadline.terms);
            }
        }
        self.all = deadlines;
    }
}
