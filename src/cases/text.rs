//! Cases in the notation of the language, the one that scenarios use:
//!
//! ```text
//! case child-a
//! 2026-01-05 became-looked-after
//! 2026-03-01 placed miles 40 setting foster   # a comment
//! ```
//!
//! A file of one case may do without the `case` line; the case is then called as the file is.

use super::rows::{Row, RowError, short};
use super::{Cases, Draft, Seen};
use crate::policy::Policy;

/// What the case of a file is called when neither the text nor the file has a name for it.
const NAMELESS: &str = "case";

/// What a line that is not empty says.
enum Line {
    Case(String),
    Event(Row),
}

/// Reads every case.
pub(super) fn read(policy: &Policy, name: &str, text: &str) -> Cases {
    let mut cases = Cases::default();
    let mut drafts: Vec<Draft> = Vec::new();
    let mut before = Draft {
        case: name_of_file(name).to_owned(),
        ..Draft::default()
    };
    for (text, number) in text.lines().zip(1..) {
        let draft = drafts.last_mut().unwrap_or(&mut before);
        match line(number, text) {
            Ok(None) => {}
            Ok(Some(Line::Event(row))) => draft.rows.push(row),
            Ok(Some(Line::Case(case))) => drafts.push(Draft {
                case,
                line: number,
                ..Draft::default()
            }),
            Err(error) => draft.errors.push(error),
        }
    }
    let first = before.rows.iter().map(|row| row.line);
    let first = first
        .chain(before.errors.iter().map(|error| error.line))
        .min();
    match first {
        Some(line) if drafts.is_empty() => {
            before.line = line;
            drafts.push(before);
        }
        Some(line) => cases.errors.push(
            RowError::new(line, "there are events above the first `case` line")
                .help("begin each case with a line such as `case child-a`"),
        ),
        None => {}
    }
    let mut seen = Seen::default();
    for mut draft in drafts {
        seen.note(&mut draft);
        cases.cases.push(draft.finish(policy));
    }
    cases
}

/// The name of a file without its folders and its ending.
fn name_of_file(path: &str) -> &str {
    let name = path.rsplit(['/', '\\']).next().unwrap_or_default();
    match name.rsplit_once('.').map_or(name, |(stem, _)| stem) {
        "" | "-" => NAMELESS,
        stem => stem,
    }
}

/// Reads one line.
fn line(number: u32, text: &str) -> Result<Option<Line>, RowError> {
    let mut words = Words(text);
    let error = |message: &str| RowError::new(number, message);
    let Some(first) = words.next().transpose().map_err(error)? else {
        return Ok(None);
    };
    if first == "case" {
        let case = words.next().transpose().map_err(error)?;
        return match (case, words.next()) {
            (Some(case), None) if !case.is_empty() => Ok(Some(Line::Case(case.to_owned()))),
            _ => Err(error("a case is called by one word: `case child-a`").field("case")),
        };
    }
    let event = words.next().transpose().map_err(error)?.unwrap_or_default();
    let mut row = Row {
        line: number,
        date: first.to_owned(),
        event: event.to_owned(),
        pairs: Vec::new(),
    };
    while let Some(name) = words.next().transpose().map_err(error)? {
        let Some(value) = words.next().transpose().map_err(error)? else {
            let message = format!("`{}` has no value", short(name));
            return Err(error(&message).field(name));
        };
        row.pairs.push((name.to_owned(), value.to_owned()));
    }
    Ok(Some(Line::Event(row)))
}

/// The words of a line up to its comment; a text in quotation marks is one word.
struct Words<'a>(&'a str);

impl<'a> Iterator for Words<'a> {
    type Item = Result<&'a str, &'static str>;

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.0.trim_start();
        self.0 = "";
        if rest.starts_with(['“', '”', '„']) {
            return Some(Err("quotation marks are written straight: \"…\""));
        }
        if let Some(quoted) = rest.strip_prefix('"') {
            let Some((word, rest)) = quoted.split_once('"') else {
                return Some(Err("a text in quotation marks is not closed on its line"));
            };
            self.0 = rest;
            return Some(Ok(word));
        }
        let end = rest
            .find(|it: char| it.is_whitespace() || matches!(it, '#' | '"'))
            .unwrap_or(rest.len());
        let (word, rest) = rest.split_at_checked(end)?;
        self.0 = rest;
        (!word.is_empty()).then_some(Ok(word))
    }
}
