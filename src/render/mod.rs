//! What people and programs read: the same findings in several forms, one file for each.
//!
//! Nothing here prints, or asks what it is printing to. What holds for all forms stands in this file:
//! where an invisible place is shown.

mod findings;
mod json;
mod outcome;
mod page;
mod plan;
mod questions;
mod report;
#[cfg(feature = "cli")]
mod terminal;
mod text;
mod timeline;
mod when;
mod why;

pub use findings::{Accepted, Sheet, Tally, annotations, junit, sarif, summary};
pub use json::diagnostics_json;
pub use outcome::{
    Answer, Columns, CsvLines, Extent, Moved, answer_human, answer_json, answer_plain, count,
    done_json, done_text, done_words, forbid_json, forbid_text, ladders_text, moved_json,
    moved_markdown, moved_text, notes_text, when,
};
pub use plan::{PLAN_CSV_HEADER, Planned, plan_csv, plan_ics, plan_json, plan_markdown, plan_text};
pub use questions::{questions_json, questions_text};
pub use report::{Case, CaseResult, Suite, report as test_report};
#[cfg(feature = "cli")]
pub use terminal::diagnostics;
pub use text::{concise, plain};
pub use timeline::{Days, timeline_picture, timeline_picture_of};
pub use when::{when_json, when_markdown, when_text};
pub use why::{why_json, why_text};

use crate::calendar::Date;
use crate::diagnostic::Step;
use crate::diagnostic::printable::one_line;
use crate::source::{Source, Span};

/// How to draw, decided once by whoever knows what is drawn on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Whether to colour with ANSI escapes.
    pub colour: bool,
    /// Whether to draw with box characters rather than ASCII.
    pub unicode: bool,
    /// The width to wrap sentences at, in columns; lines of the policy are never wrapped.
    pub width: usize,
}

/// The visible place that stands for a span, the same in every form of output.
///
/// The end of a file and the end of a line have nothing to underline, so the last visible character
/// before them is shown instead: that is where what is missing should have been written. An empty span
/// in front of a visible character is shown as that character.
pub fn shown(source: &Source, span: Span) -> Span {
    let text = source.text.as_str();
    let start = text.floor_char_boundary(span.start as usize);
    let end = text.ceil_char_boundary(span.end as usize).max(start);
    let (before, rest) = text.split_at_checked(start).unwrap_or((text, ""));
    let covered = rest.get(..end - start).unwrap_or_default();

    let body = covered.trim_start_matches(['\r', '\n']);
    let start = start + (covered.len() - body.len());
    let body = body.trim_end_matches(['\r', '\n']);
    let blank_to_the_end = rest.trim_start_matches([' ', '\t', '\r', '\n']).is_empty();
    if !body.is_empty() && !blank_to_the_end {
        return Span::new(start as u32, (start + body.len()) as u32);
    }
    let here = rest.chars().next().map(|next| (before.len(), next));
    let last = || before.char_indices().rfind(|(_, before)| !before.is_whitespace());
    here.filter(|(_, next)| !next.is_whitespace())
        .or_else(last)
        .map(|(offset, shown)| Span::new(offset as u32, (offset + shown.len_utf8()) as u32))
        .unwrap_or_default()
}

/// The day of a step as people read it: `Fri 27 Mar 2026`.
fn day(step: &Step) -> String {
    // A day that is none is shown as it was written, rather than not at all.
    Date::parse(&step.day).map_or_else(|_| step.day.clone(), |day| day.long().to_string())
}

pub(crate) fn paint(style: &Style, colour: &str, text: &str) -> String {
    if style.colour { format!("\u{1b}[{colour}m{text}\u{1b}[0m") } else { text.to_owned() }
}

/// Breaks text between words so that lines keep within the width, ending each with a line break.
///
/// Characters are counted, not columns: a message in wide characters runs over a little, which is
/// better than cutting it.
pub fn wrapped(text: &str, first: &str, rest: &str, style: &Style) -> String {
    const LEAST: usize = 40;
    let width = style.width.max(LEAST);
    let mut out = String::new();
    let mut indent = first;
    for paragraph in text.lines() {
        out += indent;
        indent = rest;
        let mut used = indent.chars().count();
        let words = paragraph.split(' ');
        for (number, word) in words.enumerate() {
            let length = word.chars().count();
            if number > 0 && used + 1 + length > width {
                out += "\n";
                out += rest;
                used = rest.chars().count();
            } else if number > 0 {
                out += " ";
                used += 1;
            }
            out += word;
            used += length;
        }
        out += "\n";
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, span: Span, expected: &str) {
        let source = Source::new("test.duly", text);
        assert_eq!(shown(&source, span).text(&source), expected);
    }

    #[test]
    fn a_place_that_cannot_be_seen_moves_to_one_that_can() {
        check("duty x\n", Span::at(7), "x");
        check("duty é\r\n\r\n  ", Span::new(9, 99), "é");
        check("duty x\n", Span::at(6), "x");
        check("duty x\r\nrole", Span::new(6, 8), "x");
        check("duty x", Span::at(0), "d");
        check("duty x", Span::at(4), "y");
        check("", Span::at(0), "");
        check(" \n", Span::at(2), "");
        check("duty x", Span::new(40, 50), "x");
    }

    #[test]
    fn a_place_that_can_be_seen_stays() {
        check("duty x\nrole y\n", Span::new(0, 6), "duty x");
        check("duty x\nrole y\n", Span::new(0, 7), "duty x");
        check("duty x\nrole y\n", Span::new(6, 11), "role");
        check("a \u{a0}b", Span::new(2, 4), "\u{a0}");
        check("é", Span::new(1, 2), "é");
    }
}
