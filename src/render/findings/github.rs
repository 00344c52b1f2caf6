//! Findings as the annotations that GitHub shows beside the lines of a change.

use super::{Region, Sheet, remarks, sentence};
use crate::diagnostic::printable::one_line;
use crate::diagnostic::{Diagnostic, Severity};
use crate::render::shown;
use crate::source::LineIndex;

/// Writes one workflow command for each finding.
pub fn annotations(sheets: &[Sheet]) -> String {
    let mut out = String::new();
    for sheet in sheets {
        let index = LineIndex::new(&sheet.source.text);
        for problem in &sheet.problems {
            out += &annotation(sheet, &index, problem);
        }
    }
    out
}

fn annotation(sheet: &Sheet, index: &LineIndex, problem: &Diagnostic) -> String {
    let level = match problem.severity() {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Advice => "notice",
    };
    let place = Region::new(index, shown(&sheet.source, problem.span()));
    let mut properties = vec![
        ("file", sheet.path.clone()),
        ("line", place.line.to_string()),
        ("endLine", place.end_line.to_string()),
    ];
    // Columns are shown only within one line, and refused otherwise. They count from 1, and the last
    // one belongs to the place.
    if place.line == place.end_line {
        let last = place.end_column.saturating_sub(1).max(place.column);
        properties.push(("col", place.column.to_string()));
        properties.push(("endColumn", last.to_string()));
    }
    properties.push(("title", problem.code.to_string()));
    let properties: Vec<_> =
        properties.iter().map(|(name, value)| format!("{name}={}", property(value))).collect();
    let mut lines = vec![sentence(&problem.message)];
    lines.extend(remarks(problem));
    let message: Vec<_> = lines.iter().map(|line| data(&one_line(line))).collect();
    format!("::{level} {}::{}\n", properties.join(","), message.join("%0A"))
}

/// Text in the place of a message.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Text in the place of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
