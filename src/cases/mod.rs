//! Reading the cases: dated events as people and programs write them down.
//!
//! Four formats (JSON, JSON lines, CSV and the plain notation of the language) are brought to the
//! same neutral [`Row`]s, and one function, [`read`], makes a [`Timeline`] of the rows of a case. So
//! a mistake is refused with the same words wherever it stands, and the same case in two formats
//! gives the same timeline.
//!
//! Nothing is ignored and nothing is guessed (M12). A mistake in one case leaves the others to be
//! read; [`Cases::is_clean`] says whether there was any.
//!
//! INVARIANT: no message holds a control character, or any other that could command a terminal.
//!
//! [`Timeline`]: crate::eval::Timeline

#[cfg(feature = "cli")]
mod batch;
mod bytes;
#[cfg(feature = "cli")]
mod csv;
mod json;
mod jsonl;
mod lines;
#[cfg(feature = "cli")]
mod names;
#[cfg(feature = "cli")]
mod plain;
mod rows;
mod text;

#[cfg(test)]
#[cfg(feature = "cli")]
mod tests;

use std::collections::HashMap;

use crate::policy::Policy;
#[cfg(feature = "cli")]
use csv::Table;
#[cfg(feature = "cli")]
pub(crate) use csv::separator;

#[cfg(feature = "cli")]
pub use batch::{Batch, Batches};
pub use bytes::{Encoding, read_text};
#[cfg(feature = "cli")]
pub use names::{Before, Names};
pub use rows::{Read, Row, RowError, RowErrorKind, Warning, WarningKind, read};

/// The forms in which cases are written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// One case as a JSON object, or an array of them.
    Json,
    /// One case as a JSON object on each line.
    Jsonl,
    /// One event on each line: `case,date,event`, then attributes.
    Csv,
    /// The notation of the language: `2026-03-01 placed miles 40`.
    Text,
}

impl Format {
    /// Tells the format of a file by the ending of its name, or else by how its text begins.
    pub fn of(name: &str, bytes: &[u8]) -> Format {
        let ending = name.rsplit_once('.').map(|(_, ending)| ending);
        match ending.map(str::to_ascii_lowercase).as_deref() {
            Some("json") => Format::Json,
            Some("jsonl" | "ndjson") => Format::Jsonl,
            Some("csv" | "tsv") => Format::Csv,
            Some("duly") => Format::Text,
            // Among others `.txt`, the ending of Excel's tables in UTF-16 as well as of plain notes.
            _ => Format::sniff(&bytes::beginning(bytes)),
        }
    }

    /// Tells the format by how the text begins.
    fn sniff(text: &str) -> Format {
        let text = text.trim_start();
        if text.starts_with('[') {
            return Format::Json;
        }
        let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
        if text.starts_with('{') {
            let whole = serde_json::from_str::<serde::de::IgnoredAny>(first).is_ok();
            return if whole && !rest.trim().is_empty() { Format::Jsonl } else { Format::Json };
        }
        let cells: Vec<_> = first
            .split([',', ';', '\t'])
            .map(|cell| cell.trim().trim_matches('"').to_lowercase())
            .collect();
        let separator = first.to_ascii_lowercase();
        let separator = separator.starts_with("sep=");
        let header = |name: &str| cells.iter().any(|cell| cell == name);
        if separator || (cells.len() > 1 && (header("case") || header("date") || header("event"))) {
            Format::Csv
        } else {
            Format::Text
        }
    }
}

/// The cases of one input.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cases {
    /// The cases in the order in which they first appear.
    pub cases: Vec<CaseResult>,
    /// What is wrong with the input outside any of its cases. Where there is something, cases may
    /// be missing.
    pub errors: Vec<RowError>,
    /// What the reader did that the user may want to know, such as the encoding it took the bytes
    /// to be in.
    pub notices: Vec<String>,
}

impl Cases {
    /// Whether no case was found, be it whole or faulty.
    pub fn is_empty(&self) -> bool {
        self.cases.is_empty()
    }

    /// Whether everything could be read.
    pub fn is_clean(&self) -> bool {
        self.errors.is_empty() && self.cases.iter().all(|case| case.outcome.is_ok())
    }

    /// The result for an input of which nothing can be read.
    fn refused(error: RowError) -> Cases {
        Cases { errors: vec![error], ..Cases::default() }
    }
}

/// One case, read or refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseResult {
    /// The case's own name; empty where it could not be read.
    pub case: String,
    /// The line on which the case begins, from 1.
    pub line: u32,
    /// The timeline with its warnings, or everything that is wrong with it.
    pub outcome: Result<Read, Vec<RowError>>,
}

/// The text of a file, and what is to be said about how it was found in the bytes.
pub fn decoded(bytes: &[u8]) -> Result<(String, Option<String>), RowError> {
    bytes::decode(bytes).map(|decoded| (decoded.text.into_owned(), decoded.notice))
}

/// Reads every case of an input.
///
/// The name is that of the file, for a text whose only case does not give its own. An empty input
/// gives no case and no error.
pub fn read_cases(policy: &Policy, name: &str, bytes: &[u8], format: Format) -> Cases {
    let decoded = match bytes::decode(bytes) {
        Ok(decoded) => decoded,
        Err(error) => return Cases::refused(error),
    };
    let text = decoded.text.as_ref();
    let mut cases = match policy_line(text) {
        Some(line) => Cases::refused(
            RowError::new(line, "this looks like a policy file, not a file of cases").help(
                "a file of cases holds dated events, such as `2026-03-01 placed`; give the policy \
                 in its own place",
            ),
        ),
        None => match format {
            Format::Json => json::read(policy, text),
            Format::Jsonl => jsonl::read(policy, text),
            #[cfg(feature = "cli")]
            Format::Csv => csv::read(policy, text),
            #[cfg(not(feature = "cli"))]
            Format::Csv => Cases::refused(RowError::new(0, "CSV cannot be read here")),
            Format::Text => text::read(policy, name, text),
        },
    };
    cases.notices.extend(decoded.notice);
    cases
}

/// Reads one event line in the notation of the language, such as `2026-03-01 placed miles 40`.
///
/// The row is given the number as its line, and so is what is wrong with it. Whether the policy has
/// such an event is for [`read`] to say.
pub fn read_line(number: u32, text: &str) -> Result<Row, RowError> {
    text::read_line(number, text)
}

/// The line of the declaration with which a policy file begins, if the text begins with one.
fn policy_line(text: &str) -> Option<u32> {
    let (number, line) = text
        .lines()
        .enumerate()
        .find(|(_, line)| !matches!(line.trim_start().as_bytes(), [] | [b'#', ..]))?;
    let (keyword, rest) = line.split_once(' ')?;
    let declares = matches!(
        keyword,
        "policy"
            | "reading"
            | "role"
            | "event"
            | "state"
            | "review"
            | "visit"
            | "duty"
            | "trigger"
            | "forbid"
            | "ladder"
            | "scenario"
    );
    let named = rest
        .trim_start()
        .starts_with(|first: char| first.is_ascii_lowercase() || matches!(first, '"' | '“'));
    (declares && named).then_some(number as u32 + 1)
}

/// A case as a format gives it, before anything is known of events and dates.
#[derive(Debug, Default)]
struct Draft {
    case: String,
    line: u32,
    rows: Vec<Row>,
    errors: Vec<RowError>,
}

impl Draft {
    /// Makes the timeline, unless the format or the rows have something wrong with them.
    fn finish(mut self, policy: &Policy) -> CaseResult {
        let outcome = match read(policy, &self.case, &self.rows) {
            Ok(read) if self.errors.is_empty() => Ok(read),
            Ok(_) => Err(self.errors),
            Err(errors) => {
                self.errors.extend(errors);
                self.errors.sort_by_key(|error| error.line);
                Err(self.errors)
            }
        };
        CaseResult { case: self.case, line: self.line, outcome }
    }
}

/// The names of the cases met so far, for the formats in which a case stands in one piece.
///
/// Two pieces of one case are refused, not joined: a stream has passed the first on by the time the
/// second comes, and each alone would give wrong deadlines.
#[derive(Debug, Default)]
struct Seen(HashMap<String, u32>);

impl Seen {
    /// Takes note of a case, and finds fault with one that was there before.
    fn note(&mut self, draft: &mut Draft) {
        if draft.case.is_empty() {
            return;
        }
        if let Some(first) = self.0.get(&draft.case) {
            let message = format!(
                "case `{}` is on line {first} already; all the events of a case stand together",
                rows::short(&draft.case)
            );
            draft.errors.push(RowError::new(draft.line, message).field("case"));
        } else {
            self.0.insert(draft.case.clone(), draft.line);
        }
    }
}
