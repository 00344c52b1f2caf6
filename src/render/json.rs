//! Findings for programs.

use serde_json::{Value, json};

use crate::diagnostic::{Diagnostic, Fix, Label, Problems, Step, Witness};
use crate::render::shown;
use crate::source::{LineIndex, Source, Span};

/// The version of the form below; it changes when a reader of the old one would go wrong.
const VERSION: u32 = 2;

/// Writes the findings as data: `{version, file, problems}`.
///
/// Lines and columns count from 1, columns in characters; offsets count bytes from 0 in the text without
/// its byte-order mark. Labels stand where the other forms show them; a fix keeps its exact place.
pub fn diagnostics_json(source: &Source, problems: &Problems) -> Value {
    let index = LineIndex::new(&source.text);
    let problems: Vec<_> =
        problems.iter().map(|problem| finding(source, &index, problem)).collect();
    json!({ "version": VERSION, "file": source.name, "problems": problems })
}

fn finding(source: &Source, index: &LineIndex, problem: &Diagnostic) -> Value {
    let labels: Vec<_> = problem.labels.iter().map(|label| place(source, index, label)).collect();
    json!({
        "code": problem.code.number(),
        "name": problem.code.name(),
        "severity": problem.severity().name(),
        "message": problem.message,
        "labels": labels,
        "notes": problem.notes,
        "example": problem.witness.as_ref().map(|witness| example(index, witness)),
        "help": problem.help,
        "fix": problem.fix.as_ref().map(|fix| change(index, fix)),
    })
}

/// The days of a witness; a step that follows from a clause of this file has its place.
fn example(index: &LineIndex, witness: &Witness) -> Value {
    let step = |step: &Step| {
        let place = step.span.map(|span| {
            let [start, end] = ends(index, span);
            json!({ "start": start, "end": end })
        });
        json!({ "day": step.day, "text": step.text, "clause": place })
    };
    witness.steps.iter().map(step).collect()
}

fn place(source: &Source, index: &LineIndex, label: &Label) -> Value {
    let span = shown(source, label.span);
    let [start, end] = ends(index, span);
    json!({ "start": start, "end": end, "text": label.text })
}

fn change(index: &LineIndex, fix: &Fix) -> Value {
    let [start, end] = ends(index, fix.span);
    json!({
        "description": fix.description,
        "applicability": fix.applicability.name(),
        "start": start,
        "end": end,
        "replacement": fix.replacement,
    })
}

fn ends(index: &LineIndex, span: Span) -> [Value; 2] {
    [span.start, span.end].map(|offset| {
        let at = index.location(offset);
        json!({ "line": at.line, "column": at.column, "offset": offset })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Code;

    #[test]
    fn findings_carry_lines_columns_and_the_fix() {
        let source = Source::new("visits.duly", "é\r\n😀 nop\u{1b}\n");
        let at = source.text.find("nop").unwrap() as u32;
        let problem =
            Diagnostic::new(Code::SyntaxError, "odd \u{1b}", Span::new(at, at + 3), "not a clause")
                .label(Span::at(source.text.len() as u32), "at the end")
                .note("and more")
                .witness(Witness {
                    steps: vec![
                        Step { day: "2026-03-02".into(), text: "placed".into(), span: None },
                        Step {
                            day: "2026-03-03".into(),
                            text: "due".into(),
                            span: Some(Span::new(at, at + 3)),
                        },
                    ],
                })
                .help("leave it out")
                .fix(Fix::new("remove it", Span::new(at, at + 3), ""));
        let value = diagnostics_json(&source, &Problems::from_iter([problem]));
        let start = json!({ "line": 2, "column": 3, "offset": 9 });
        let end = json!({ "line": 2, "column": 6, "offset": 12 });
        let last = json!({ "line": 2, "column": 7, "offset": 13 });
        assert_eq!(
            value,
            json!({ "version": 2, "file": "visits.duly", "problems": [{
                "code": "E0001",
                "name": "syntax-error",
                "severity": "error",
                "message": "odd \u{1b}",
                "labels": [
                    { "start": start, "end": end, "text": "not a clause" },
                    { "start": end, "end": last, "text": "at the end" },
                ],
                "notes": ["and more"],
                "example": [
                    { "day": "2026-03-02", "text": "placed", "clause": null },
                    {
                        "day": "2026-03-03",
                        "text": "due",
                        "clause": { "start": start, "end": end },
                    },
                ],
                "help": ["leave it out"],
                "fix": {
                    "description": "remove it",
                    "applicability": "unsafe",
                    "start": start,
                    "end": end,
                    "replacement": "",
                },
            }] })
        );
        assert!(value.to_string().contains("\\u001b"), "control characters are escaped");
    }
}
