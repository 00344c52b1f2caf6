//! `duly check --watch`: again whenever a file changes.
//!
//! The files are looked at a few times a second. That costs next to nothing for the few files of a
//! policy, needs no library, and works on the shared drives of an office, which announce no changes.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::cli::args::Check;
use crate::cli::fs::{self, CliError, Printer, Stamp};

/// How long to wait between two looks.
const BETWEEN: Duration = Duration::from_millis(250);

/// Runs rounds until nobody reads any more; the key that interrupts a command ends it too.
pub(super) fn watch(
    command: &Check,
    printer: &mut Printer,
    mut round: impl FnMut(&mut Printer) -> Result<(), CliError>,
) -> Result<(), CliError> {
    loop {
        // Noted before the round, so that a change during the round is not missed.
        let before = stamps(command);
        printer.wipe()?;
        match round(printer) {
            Ok(()) => {}
            Err(CliError::Closed) => return Err(CliError::Closed),
            // A file that is missing for a moment, while an editor saves it, will be back.
            Err(CliError::World { message, help }) => {
                printer.say(&fs::refusal(&message, help.as_deref()))?;
            }
        }
        printer.note("Watching for changes; Ctrl-C ends.")?;
        while stamps(command) == before {
            fs::pause(BETWEEN);
        }
    }
}

/// Every file that has a say, with its stamp.
fn stamps(command: &Check) -> Vec<(PathBuf, Stamp)> {
    let mut found = Vec::new();
    for path in command.paths.iter().chain(&command.against) {
        collect(path, 2, &mut found);
        if !fs::is_folder(path) {
            // A file of scenarios is checked with the policy beside it.
            note(&path.with_file_name("policy.duly"), &mut found);
        }
    }
    for path in command.holidays.added.iter().chain(&command.holidays.replaced) {
        note(path, &mut found);
    }
    found
}

/// The policy files at a path, and in folders below it down to a depth.
fn collect(path: &Path, depth: usize, found: &mut Vec<(PathBuf, Stamp)>) {
    if !fs::is_folder(path) {
        note(path, found);
        return;
    }
    for entry in fs::entries(path).unwrap_or_default() {
        if fs::is_folder(&entry) {
            if depth > 1 {
                collect(&entry, depth - 1, found);
            }
        } else if entry.extension().is_some_and(|ending| ending == "duly") {
            note(&entry, found);
        }
    }
}

fn note(path: &Path, found: &mut Vec<(PathBuf, Stamp)>) {
    found.push((path.to_owned(), fs::stamp(path)));
}
