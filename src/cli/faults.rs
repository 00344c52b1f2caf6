//! Saying what is wrong with files of cases: each mistake once, however often it was made.
//!
//! Whoever names the wrong policy, or a column wrongly, makes the same mistake on every line. The
//! first place is told, and how many more there are; the data of `--format json` has them all.

use super::fs::{CliError, Printer};
use crate::cases::{RowError, RowErrorKind, Warning, WarningKind};
use crate::diagnostic::printable::one_line;

/// The most kinds of mistake that are told of one file.
const TOLD: usize = 12;

/// As many unknown events as make it likely that the cases belong to another policy, and as many dates
/// in another form as make it likely that a spreadsheet wrote them.
const STRANGE: usize = 5;

/// A mistake in a case, or outside any case where the name is empty.
pub(super) type Fault = (String, RowError);

/// So many kinds of mistake are told apart; what is beyond them is only counted.
const APART: usize = 200;

/// What is wrong with a file of cases.
#[derive(Debug, Default)]
pub(super) struct Faults {
    kinds: Vec<(Fault, usize)>,
    /// Mistakes of yet other kinds.
    others: usize,
    /// How many of them are outside any case.
    pub(super) outside: usize,
}

impl Faults {
    /// Adds a mistake.
    pub(super) fn add(&mut self, fault: &Fault) {
        let same = |(told, _): &&mut (Fault, usize)| {
            (&told.1.field, &told.1.message) == (&fault.1.field, &fault.1.message)
        };
        if let Some((_, more)) = self.kinds.iter_mut().find(same) {
            *more += 1;
        } else if self.kinds.len() < APART {
            self.kinds.push((fault.clone(), 0));
        } else {
            self.others += 1;
        }
    }

    /// Says each mistake once, and how often it was made.
    pub(super) fn tell(
        &self,
        file: &str,
        policy: &str,
        printer: &mut Printer,
    ) -> Result<(), CliError> {
        let mut helped = Vec::new();
        for ((case, error), more) in self.kinds.iter().take(TOLD) {
            let case = if case.is_empty() {
                String::new()
            } else {
                format!("case `{}`, ", one_line(case))
            };
            let again = match more {
                0 => String::new(),
                1 => " (and in another place)".to_owned(),
                more => format!(" (and in {more} other places)"),
            };
            printer.note(&one_line(&format!("error: {file}: {case}{error}{again}")))?;
            if let Some(help) = error.help.as_deref().filter(|help| !helped.contains(help)) {
                printer.note(&format!("  help: {}", one_line(help)))?;
                helped.push(help);
            }
        }
        let beyond: usize = self.kinds.iter().skip(TOLD).map(|(_, more)| more + 1).sum();
        if beyond + self.others > 0 {
            let number = match beyond + self.others {
                1 => "1 other mistake".to_owned(),
                number => format!("{number} other mistakes"),
            };
            printer.note(&format!("error: {file}: {number}"))?;
        }
        let many = |kind| {
            self.kinds.iter().filter(|((_, error), _)| error.kind == kind).count() >= STRANGE
        };
        if many(RowErrorKind::DateForm) {
            let advice = "in a spreadsheet, give the columns of dates the format yyyy-mm-dd before \
                          saving it as CSV";
            printer.note(&format!("  help: {advice}"))?;
        }
        if many(RowErrorKind::UnknownEvent) {
            let advice = "are these cases to be read under the policy";
            printer.note(&format!("  help: {advice} `{policy}`?"))?;
        }
        Ok(())
    }
}

/// Says what is wrong with a file of cases.
pub(super) fn tell(
    file: &str,
    policy: &str,
    faults: &[Fault],
    printer: &mut Printer,
) -> Result<(), CliError> {
    let mut all = Faults::default();
    for fault in faults {
        all.add(fault);
    }
    all.tell(file, policy, printer)
}

/// What may not be meant in a file of cases: the first of each kind with its case, and how many there
/// are like it.
#[derive(Debug, Default)]
pub(super) struct Warnings(Vec<(String, Warning, usize)>);

impl Warnings {
    /// Adds a warning about a case.
    pub(super) fn add(&mut self, case: &str, warning: Warning) {
        match self.0.iter_mut().find(|(_, known, _)| known.kind == warning.kind) {
            Some((.., more)) => *more += 1,
            None => self.0.push((case.to_owned(), warning, 0)),
        }
    }

    /// Says each kind once.
    pub(super) fn tell(&self, file: &str, printer: &mut Printer) -> Result<(), CliError> {
        for (case, warning, more) in &self.0 {
            let again = match more {
                0 => String::new(),
                1 => " (and one more like it)".to_owned(),
                more => format!(" (and {more} more like it)"),
            };
            // A warning that a name was found does not spread it.
            let case = match warning.kind {
                WarningKind::PersonName => String::new(),
                _ => format!("case `{case}`, "),
            };
            printer.note(&one_line(&format!("warning: {file}: {case}{warning}{again}")))?;
        }
        Ok(())
    }
}
