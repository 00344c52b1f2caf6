//! Saying what is wrong with files of cases: each mistake once, however often it was made.
//!
//! Whoever names the wrong policy, or a column wrongly, makes the same mistake on every line. The
//! first place is told, and how many more there are; the data of `--format json` has them all.

use super::fs::{CliError, Printer};
use crate::cases::{RowError, Warning, WarningKind};
use crate::diagnostic::printable::one_line;

/// The most kinds of mistake that are told of one file.
const TOLD: usize = 12;

/// As many unknown events as make it likely that the cases belong to another policy.
const STRANGE: usize = 5;

/// A mistake in a case, or outside any case where the name is empty.
pub(super) type Fault = (String, RowError);

/// Says what is wrong with a file of cases.
pub(super) fn tell(
    file: &str,
    policy: &str,
    faults: &[Fault],
    printer: &mut Printer,
) -> Result<(), CliError> {
    let mut kinds: Vec<(&Fault, usize)> = Vec::new();
    for fault in faults {
        let same = |(told, _): &&mut (&Fault, usize)| {
            (&told.1.field, &told.1.message) == (&fault.1.field, &fault.1.message)
        };
        match kinds.iter_mut().find(same) {
            Some((_, more)) => *more += 1,
            None => kinds.push((fault, 0)),
        }
    }
    let mut helped = Vec::new();
    for ((case, error), more) in kinds.iter().take(TOLD) {
        let case =
            if case.is_empty() { String::new() } else { format!("case `{}`, ", one_line(case)) };
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
    if kinds.len() > TOLD {
        printer.note(&format!("error: {file}: {} other kinds of mistake", kinds.len() - TOLD))?;
    }
    let unknown = kinds.iter().filter(|((_, error), _)| {
        error.field.as_deref() == Some("event") && error.message.starts_with("the policy has no")
    });
    if unknown.count() >= STRANGE {
        printer
            .note(&format!("  help: are these cases to be read under the policy `{policy}`?"))?;
    }
    Ok(())
}

/// Says what may not be meant in a file of cases, each kind once.
pub(super) fn warn(
    file: &str,
    warnings: &[(String, Warning)],
    printer: &mut Printer,
) -> Result<(), CliError> {
    let mut told = Vec::new();
    for (case, warning) in warnings {
        if told.contains(&warning.kind) {
            continue;
        }
        told.push(warning.kind);
        let alike = warnings.iter().filter(|(_, other)| other.kind == warning.kind).count() - 1;
        let again = match alike {
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
