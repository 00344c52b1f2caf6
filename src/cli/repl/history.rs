//! What was typed in earlier sessions. Facts of cases are no part of it, unless that is asked for.

use std::path::PathBuf;

use super::commands::Command;
use super::line::{Asked, asked};
use crate::cli::fs;

/// The most lines that are offered again.
const KEPT: usize = 500;

/// The lines of earlier sessions.
pub(super) struct History {
    /// Where they are kept; nowhere where the machine has no place for such things.
    file: Option<PathBuf>,
    /// Whether the lines with facts are kept too.
    facts: bool,
}

impl History {
    /// Finds the file.
    pub(super) fn open(facts: bool) -> Self {
        let file = fs::state_folder().map(|folder| folder.join("history"));
        Self { file, facts }
    }

    /// The lines, oldest first.
    pub(super) fn lines(&self) -> Vec<String> {
        let text = self.file.as_deref().and_then(fs::read_private).unwrap_or_default();
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines.split_off(lines.len().saturating_sub(KEPT))
    }

    /// Keeps a line for the next session. That it cannot be kept is no reason to stop.
    pub(super) fn keep(&self, line: &str) {
        if let Some(file) = &self.file
            && (self.facts || holds_no_fact(line))
        {
            fs::append_private(file, &format!("{line}\n"));
        }
    }
}

/// Whether a line says nothing of a case: neither an event, nor a day, a `ref` or the name of a file.
fn holds_no_fact(line: &str) -> bool {
    match asked(line) {
        Ok(Asked::Command(command, rest)) => match command {
            Command::Due
            | Command::Overdue
            | Command::Ladder
            | Command::Timeline
            | Command::Questions
            | Command::Changes
            | Command::Readings
            | Command::Read
            | Command::Rules
            | Command::Rule
            | Command::Undo
            | Command::Redo
            | Command::Reload
            | Command::Help => true,
            Command::Why => !rest.split_whitespace().any(|word| word == "ref" || word == "on"),
            Command::When => !rest.contains(' '),
            Command::Add
            | Command::AsOf
            | Command::Load
            | Command::Move
            | Command::Open
            | Command::Quit
            | Command::Remove
            | Command::Save
            | Command::WhatIf => false,
        },
        Ok(Asked::Nothing | Asked::Event(_)) | Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::holds_no_fact;

    #[test]
    fn facts_are_not_kept() {
        for line in [":due", "why send-report:2", ":read second-limit as 3 months", ":ladder"] {
            assert!(holds_no_fact(line), "{line}");
        }
        for line in [
            "2026-04-14 review-held",
            ":move review-held to 2026-04-14",
            ":open smith.csv",
            "why challenge ref school",
            "why not send-report on 2026-04-14",
            ":what-if 2026-04-14 review-held",
            "2026-04-14 reveiw-held",
            "a mistyped line",
            "# a comment",
        ] {
            assert!(!holds_no_fact(line), "{line}");
        }
    }
}
