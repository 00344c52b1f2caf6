//! The deadlines of the rules evaluated so far.

use super::outcome::Deadline;
use crate::policy::RuleId;

/// The deadlines of the rules evaluated so far, those of one rule side by side.
///
/// Rules are evaluated in the order in which they rest on one another, and their deadlines are wanted in
/// the order of the policy. Where a rule stands before one that was evaluated earlier, a new run begins;
/// in the end the runs are merged.
#[derive(Debug, Default)]
pub(super) struct Rows {
    runs: Vec<Vec<Deadline>>,
    /// The run that grows.
    current: usize,
    /// The rule whose deadlines are being made, and where they begin in their run.
    open: Option<(RuleId, usize)>,
    places: Vec<Place>,
    /// Where the runs are merged.
    merged: Vec<Deadline>,
}

/// Where the deadlines of a rule lie.
#[derive(Debug, Clone, Copy, Default)]
struct Place {
    run: usize,
    begin: usize,
    end: usize,
}

impl Rows {
    /// Forgets everything, and makes room for so many rules.
    pub(super) fn clear(&mut self, rules: usize) {
        self.runs.iter_mut().for_each(Vec::clear);
        self.places.clear();
        self.places.resize(rules, Place::default());
        (self.current, self.open) = (0, None);
    }

    /// Begins with the deadlines of a rule; those of the rule before are all there.
    pub(super) fn begin(&mut self, rule: RuleId) {
        if let Some((before, _)) = self.open
            && rule < before
        {
            self.current += 1;
        }
        if self.runs.len() <= self.current {
            self.runs.push(Vec::new());
        }
        let begin = self.runs.get(self.current).map_or(0, Vec::len);
        self.open = Some((rule, begin));
    }

    /// Adds a deadline of the rule begun with last.
    pub(super) fn push(&mut self, row: Deadline) {
        if let Some(run) = self.runs.get_mut(self.current) {
            run.push(row);
        }
    }

    /// The deadlines of the rule begun with last.
    pub(super) fn own(&mut self) -> &mut [Deadline] {
        let begin = self.open.map_or(0, |(_, begin)| begin);
        let run = self.runs.get_mut(self.current).map_or(&mut [][..], Vec::as_mut_slice);
        run.get_mut(begin..).unwrap_or(&mut [])
    }

    /// Keeps what has been added as the deadlines of the rule begun with last.
    pub(super) fn keep(&mut self) {
        let end = self.runs.get(self.current).map_or(0, Vec::len);
        if let Some((rule, begin)) = self.open
            && let Some(place) = self.places.get_mut(rule.index())
        {
            *place = Place { run: self.current, begin, end };
        }
    }

    /// The deadlines of a rule; none before it is evaluated.
    pub(super) fn of(&self, rule: RuleId) -> &[Deadline] {
        let Place { run, begin, end } = self.places.get(rule.index()).copied().unwrap_or_default();
        self.runs.get(run).and_then(|run| run.get(begin..end)).unwrap_or(&[])
    }

    /// The deadlines of a rule; none before it is evaluated.
    pub(super) fn of_mut(&mut self, rule: RuleId) -> &mut [Deadline] {
        let Place { run, begin, end } = self.places.get(rule.index()).copied().unwrap_or_default();
        self.runs.get_mut(run).and_then(|run| run.get_mut(begin..end)).unwrap_or(&mut [])
    }

    /// Gives all deadlines away, by rule in the order of the policy.
    pub(super) fn take(&mut self) -> Vec<Deadline> {
        let mut merged = std::mem::take(&mut self.merged);
        merged.clear();
        if let (0, Some(run)) = (self.current, self.runs.first_mut()) {
            std::mem::swap(run, &mut merged);
            return merged;
        }
        merged.reserve(self.runs.iter().map(Vec::len).sum());
        let mut runs: Vec<_> = self.runs.iter_mut().map(|run| run.drain(..)).collect();
        for &Place { run, begin, end } in &self.places {
            let Some(run) = runs.get_mut(run) else { continue };
            for _ in begin..end {
                if let Some(row) = run.next() {
                    merged.push(row);
                }
            }
        }
        merged
    }

    /// Takes up again the memory of deadlines that nobody wants any more.
    pub(super) fn take_back(&mut self, deadlines: Vec<Deadline>) {
        self.merged = deadlines;
    }
}
