//! Findings as the summary of a pull request.

use super::{Sheet, Tally, remarks, sentence};
use crate::diagnostic::printable::one_line;
use crate::diagnostic::{Diagnostic, Severity};
use crate::render::shown;
use crate::source::LineIndex;

/// The most findings that are listed: a summary that scrolls for ever is not read, and GitHub takes
/// no more than a megabyte.
const LISTED: usize = 200;

/// Writes a heading with what was found, a table of the findings, and the findings that were accepted.
pub fn summary(sheets: &[Sheet], tally: &Tally) -> String {
    let mut out = format!("## duly check: {}\n\n", tally.found());
    out += &format!("Checked {}.\n", tally.examined());
    let mut findings: Vec<(&Sheet, &Diagnostic, String)> = Vec::new();
    let mut accepted: Vec<String> = Vec::new();
    for sheet in sheets {
        let index = LineIndex::new(&sheet.source.text);
        let place = |problem: &Diagnostic| {
            let line = index.location(shown(&sheet.source, problem.span()).start).line;
            format!("{}:{line}", sheet.path)
        };
        findings.extend(sheet.problems.iter().map(|problem| (sheet, problem, place(problem))));
        accepted.extend(sheet.accepted.iter().map(|accepted| {
            row(&[
                code(&place(&accepted.finding)),
                accepted.finding.code.to_string(),
                words(&sentence(&accepted.reason)),
            ])
        }));
    }
    // What matters most comes first; the order of the text decides among equals.
    findings.sort_by_key(|(_, problem, _)| problem.severity());
    if !findings.is_empty() {
        out += "\n| | Where | Finding | What |\n| --- | --- | --- | --- |\n";
        for (_, problem, place) in findings.iter().take(LISTED) {
            let sign = match problem.severity() {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Advice => "advice",
            };
            let mut said = vec![words(&sentence(&problem.message))];
            said.extend(remarks(problem).iter().map(|remark| words(remark)));
            out +=
                &row(&[sign.to_owned(), code(place), problem.code.to_string(), said.join("<br>")]);
        }
        if findings.len() > LISTED {
            out += &format!("\nAnd {} more.\n", findings.len() - LISTED);
        }
    }
    if !accepted.is_empty() {
        out += "\n### Accepted\n\n| Where | Finding | Why |\n| --- | --- | --- |\n";
        out.extend(accepted);
    }
    out
}

fn row(cells: &[String]) -> String {
    format!("| {} |\n", cells.join(" | "))
}

/// Text that is to be read as it stands, in a cell of a table.
fn code(text: &str) -> String {
    format!("`{}`", one_line(text).replace('`', "'").replace('|', "\\|"))
}

/// A sentence in a cell of a table. What stands between backticks keeps them; nothing else in it is
/// taken for a sign of Markdown.
fn words(text: &str) -> String {
    let text = one_line(text);
    let whole = text.matches('`').count().is_multiple_of(2);
    let mut out = String::new();
    let mut quoted = false;
    for character in text.chars() {
        match character {
            '`' if whole => {
                quoted = !quoted;
                out.push(character);
            }
            '|' => out.push_str("\\|"),
            _ if quoted => out.push(character),
            '<' => out.push_str("&lt;"),
            '&' => out.push_str("&amp;"),
            '*' | '_' | '[' | ']' | '`' | '\\' | '@' | '#' => {
                out.push('\\');
                out.push(character);
            }
            _ => out.push(character),
        }
    }
    out
}
