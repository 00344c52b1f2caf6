//! The cases that were asked for and are nowhere, and what to say of each.
//!
//! A caseload is read piece by piece and its names are not kept: only the few that are most like one that
//! was asked for, and the first.

use super::fs::{CliError, Printer};
use crate::diagnostic::printable::one_line;
use crate::diagnostic::{LISTED, Likest, list_and_more, some_of};

/// The cases that were asked for and have not been seen, and something of those that were.
#[derive(Debug, Default)]
pub(super) struct Absent {
    /// What was asked for and not seen, each with the names most like it.
    names: Vec<(String, Likest)>,
    /// How many were asked for.
    asked: usize,
    /// The first of the cases that were not asked for.
    first: Vec<String>,
    /// How many there were.
    passed: usize,
}

impl Absent {
    /// Nothing has been seen yet of the cases that are asked for.
    pub(super) fn new(wanted: &[String]) -> Self {
        let mut names = wanted.to_vec();
        names.sort();
        names.dedup();
        let names = names.into_iter().map(|name| {
            let likest = Likest::new(&name);
            (name, likest)
        });
        let names: Vec<_> = names.collect();
        Self { asked: names.len(), names, ..Self::default() }
    }

    /// Takes note of a case that was asked for, and is there.
    pub(super) fn found(&mut self, case: &str) {
        self.names.retain(|(absent, _)| absent != case);
    }

    /// Takes note of a case that was not asked for.
    pub(super) fn pass(&mut self, case: &str) {
        if case.is_empty() {
            return;
        }
        self.passed += 1;
        if self.first.len() < LISTED {
            self.first.push(case.to_owned());
        }
        self.names.iter_mut().for_each(|(_, likest)| likest.add(case));
    }

    /// Takes note of all that another one did, which began behind this one.
    pub(super) fn take_in(&mut self, other: Self) {
        self.passed += other.passed;
        let room = LISTED.saturating_sub(self.first.len());
        self.first.extend(other.first.into_iter().take(room));
        for (name, likest) in &mut self.names {
            if let Some((_, theirs)) = other.names.iter().find(|(other, _)| other == name) {
                likest.take_in(theirs);
            }
        }
    }

    /// Whether nothing that was asked for is absent.
    pub(super) fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Whether a case was asked for and is nowhere.
    pub(super) fn has(&self, case: &str) -> bool {
        self.names.iter().any(|(absent, _)| absent == case)
    }

    /// Says which cases are nowhere, and what there is instead.
    pub(super) fn tell(&self, printer: &mut Printer) -> Result<(), CliError> {
        let cases = if self.names.len() == 1 { "case" } else { "cases" };
        let absent = some_of(self.names.iter().map(|(name, _)| one_line(name)));
        printer.note(&format!("error: none of the files has the {cases} {absent}"))?;
        let mut unlike = false;
        for (name, likest) in self.names.iter().take(LISTED) {
            match likest.way_on(one_line) {
                None => unlike = true,
                Some(way) if self.names.len() == 1 => printer.note(&format!("  help: {way}"))?,
                Some(way) => printer.note(&format!("  help: for `{}`: {way}", one_line(name)))?,
            }
        }
        if unlike && !self.first.is_empty() {
            let first = self.first.iter().map(|case| one_line(case));
            let more = self.passed.saturating_sub(self.first.len());
            let intro = if self.asked == 1 { "there are" } else { "the others are" };
            printer.note(&format!("  help: {intro} {}", list_and_more(first, more)))?;
        }
        Ok(())
    }
}
