//! Findings as the report of a test run, which most build servers can show.

use super::{Sheet, remarks, sentence};
use crate::diagnostic::{Diagnostic, Severity};
use crate::render::shown;
use crate::source::LineIndex;

/// Writes a suite for each file and a case for each finding; a file in which nothing was found has one
/// case that passed.
///
/// A case fails where the finding fails the check: findings below `failing` pass, and their text is
/// kept as what the case printed.
pub fn junit(sheets: &[Sheet], failing: Severity) -> String {
    let mut suites = String::new();
    let (mut all, mut all_failed, mut all_skipped) = (0, 0, 0);
    for sheet in sheets {
        let (tests, failed, cases) = suite(sheet, failing);
        let (name, skipped) = (attribute(&sheet.path), sheet.accepted.len());
        suites += &format!(
            "  <testsuite name=\"{name}\" tests=\"{tests}\" failures=\"{failed}\" errors=\"0\" \
             skipped=\"{skipped}\">\n{cases}  </testsuite>\n"
        );
        all += tests;
        all_failed += failed;
        all_skipped += skipped;
    }
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"duly check\" tests=\"{all}\" \
         failures=\"{all_failed}\" errors=\"0\" skipped=\"{all_skipped}\">\n{suites}</testsuites>\n"
    )
}

/// How many cases a suite has, how many of them failed, and the cases.
fn suite(sheet: &Sheet, failing: Severity) -> (usize, usize, String) {
    let index = LineIndex::new(&sheet.source.text);
    let class = attribute(&sheet.path);
    let (mut failed, mut cases) = (0, String::new());
    let name = |problem: &Diagnostic| {
        let at = index.location(shown(&sheet.source, problem.span()).start);
        attribute(&format!("{} at {}:{}", problem.code, at.line, at.column))
    };
    for problem in &sheet.problems {
        let message = sentence(&problem.message);
        let mut lines = vec![message.clone()];
        lines.extend(remarks(problem));
        let body = text(&lines.join("\n"));
        let (message, level) = (attribute(&message), problem.severity().name());
        // The severities are in falling order.
        let inside = if problem.severity() <= failing {
            failed += 1;
            format!("<failure type=\"{level}\" message=\"{message}\">{body}</failure>")
        } else {
            format!("<system-out>{level}: {body}</system-out>")
        };
        cases += &case(&class, &name(problem), &inside);
    }
    for accepted in &sheet.accepted {
        let reason = attribute(&format!("accepted: {}", accepted.reason));
        cases +=
            &case(&class, &name(&accepted.finding), &format!("<skipped message=\"{reason}\"/>"));
    }
    let tests = sheet.problems.len() + sheet.accepted.len();
    if tests == 0 {
        return (
            1,
            0,
            format!("    <testcase classname=\"{class}\" name=\"nothing to report\"/>\n"),
        );
    }
    (tests, failed, cases)
}

fn case(class: &str, name: &str, inside: &str) -> String {
    format!(
        "    <testcase classname=\"{class}\" name=\"{name}\">\n      {inside}\n    </testcase>\n"
    )
}

/// Text between tags. What no XML may hold is written as the character that stands for the unknown.
fn text(text: &str) -> String {
    let mut out = String::new();
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\n' | '\t' => out.push(character),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            _ if character.is_control() => out.push('\u{fffd}'),
            _ => out.push(character),
        }
    }
    out
}

/// Text between quotes.
fn attribute(value: &str) -> String {
    text(value).replace('"', "&quot;").replace('\n', "&#10;").replace('\t', "&#9;")
}
