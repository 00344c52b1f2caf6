//! Findings in the Static Analysis Results Interchange Format 2.1.0, for code scanning.
//!
//! What a rule says comes from its page, so that there is one place to write it. A case that shows a
//! finding is written as a code flow: viewers step through its days.

use serde_json::{Value, json};

use super::fingerprint::fingerprints;
use super::{Region, Sheet, remarks, sentence};
use crate::diagnostic::printable::printable;
use crate::diagnostic::{Code, Diagnostic, Fix, Severity, Witness};
use crate::render::{day, shown};
use crate::source::{LineIndex, Source, Span};

/// Writes a log with one run.
///
/// Columns count Unicode characters, from 1, and a byte-order mark counts for nothing; the log says so.
/// Addresses are relative to the root of the repository.
pub fn sarif(sheets: &[Sheet]) -> Value {
    let mut codes: Vec<Code> = sheets.iter().flat_map(codes).collect();
    codes.sort_unstable();
    codes.dedup();
    let results: Vec<Value> = sheets.iter().flat_map(|sheet| results(sheet, &codes)).collect();
    let rules: Vec<Value> = codes.iter().map(|code| rule(*code)).collect();
    let artifacts: Vec<Value> = sheets
        .iter()
        .map(|sheet| json!({ "location": location(&sheet.path), "sourceLanguage": "duly" }))
        .collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "duly",
                "organization": "duly",
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            } },
            "automationDetails": { "id": "duly/check/" },
            "invocations": [{ "executionSuccessful": true }],
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": { ROOT: { "description": { "text": "The root of the repository." } } },
            "artifacts": artifacts,
            "results": results,
        }],
    })
}

/// What addresses are relative to; code scanning knows it by this name.
const ROOT: &str = "%SRCROOT%";

fn codes(sheet: &Sheet) -> impl Iterator<Item = Code> {
    let accepted = sheet.accepted.iter().map(|accepted| accepted.finding.code);
    sheet.problems.iter().map(|problem| problem.code).chain(accepted)
}

/// What a rule says of itself.
fn rule(code: Code) -> Value {
    let kind = match code.severity() {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Advice => "recommendation",
    };
    json!({
        "id": code.number(),
        "name": pascal(code.name()),
        "shortDescription": { "text": sentence(code.title()) },
        "fullDescription": { "text": code.summary() },
        "help": { "text": unmarked(code.page()), "markdown": code.page() },
        "defaultConfiguration": { "level": level(code.severity()) },
        "properties": {
            "precision": "very-high",
            "problem.severity": kind,
            "tags": ["policy"],
        },
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Advice => "note",
    }
}

/// `unknown-name` as `UnknownName`, which is how the format likes names.
fn pascal(name: &str) -> String {
    let capital = |part: &str| {
        let mut rest = part.chars();
        rest.next().map(|first| first.to_uppercase().chain(rest).collect::<String>())
    };
    name.split('-').filter_map(capital).collect()
}

/// A page without the marks of Markdown, for viewers that show plain text only.
fn unmarked(page: &str) -> String {
    let lines = page.lines().filter(|line| !line.starts_with("```"));
    let lines: Vec<_> =
        lines.map(|line| line.trim_start_matches('#').trim_start_matches(' ')).collect();
    lines.join("\n").trim().to_owned()
}

/// The results of one file: first what was found, then what was accepted.
fn results(sheet: &Sheet, codes: &[Code]) -> Vec<Value> {
    let index = LineIndex::new(&sheet.source.text);
    let page = Page { sheet, index: &index, codes };
    let found = sheet.problems.iter().map(|problem| (problem, None));
    let accepted =
        sheet.accepted.iter().map(|accepted| (&accepted.finding, Some(accepted.reason.as_str())));
    found
        .chain(accepted)
        .zip(fingerprints(sheet))
        .map(|((problem, reason), fingerprint)| page.result(problem, reason, &fingerprint))
        .collect()
}

/// A file whose results are written.
struct Page<'a> {
    sheet: &'a Sheet,
    index: &'a LineIndex,
    codes: &'a [Code],
}

impl Page<'_> {
    fn result(&self, problem: &Diagnostic, reason: Option<&str>, fingerprint: &str) -> Value {
        let mut message = vec![sentence(&problem.message)];
        message.extend(remarks(problem));
        let rule = self.codes.iter().position(|code| *code == problem.code);
        let mut result = json!({
            "ruleId": problem.code.number(),
            "ruleIndex": rule,
            "level": level(problem.severity()),
            "message": { "text": text(&message.join(" ")) },
            "locations": [{ "physicalLocation": self.place(problem.span()) }],
            "partialFingerprints": { "primaryLocationLineHash": fingerprint },
        });
        let others: Vec<Value> = problem
            .labels
            .iter()
            .enumerate()
            .filter(|(number, label)| *number > 0 || !label.text.is_empty())
            .map(|(number, label)| {
                json!({
                    "id": number,
                    "physicalLocation": self.place(label.span),
                    "message": { "text": text(&sentence(&label.text)) },
                })
            })
            .collect();
        let mut set = |name: &str, value: Value| {
            if let Some(result) = result.as_object_mut() {
                result.insert(name.to_owned(), value);
            }
        };
        if !others.is_empty() {
            set("relatedLocations", others.into());
        }
        if let Some(witness) = &problem.witness {
            set("codeFlows", json!([self.flow(problem, witness)]));
        }
        if let Some(fix) = &problem.fix {
            set("fixes", json!([self.fix(fix)]));
        }
        if let Some(reason) = reason {
            set("suppressions", json!([{ "kind": "inSource", "justification": reason }]));
        }
        result
    }

    /// The days of a witness. A day that follows from no clause is shown at the finding.
    fn flow(&self, problem: &Diagnostic, witness: &Witness) -> Value {
        let step = |(number, step): (usize, &crate::diagnostic::Step)| {
            let span = step.span.unwrap_or_else(|| problem.span());
            let words = format!("{}: {}", day(step), printable(&step.text));
            json!({
                "executionOrder": number + 1,
                "location": {
                    "physicalLocation": self.place(span),
                    "message": { "text": text(&sentence(&words)) },
                },
            })
        };
        let locations: Vec<Value> = witness.steps.iter().enumerate().map(step).collect();
        json!({
            "message": { "text": "An example, day by day." },
            "threadFlows": [{ "locations": locations }],
        })
    }

    fn fix(&self, fix: &Fix) -> Value {
        json!({
            "description": { "text": text(&sentence(&fix.description)) },
            "artifactChanges": [{
                "artifactLocation": location(&self.sheet.path),
                "replacements": [{
                    "deletedRegion": region(self.index, fix.span),
                    "insertedContent": { "text": fix.replacement },
                }],
            }],
        })
    }

    fn place(&self, span: Span) -> Value {
        let Sheet { source, path, .. } = self.sheet;
        let span = shown(source, span);
        json!({
            "artifactLocation": location(path),
            "region": with_snippet(region(self.index, span), source, span),
        })
    }
}

fn with_snippet(mut region: Value, source: &Source, span: Span) -> Value {
    if let Some(region) = region.as_object_mut() {
        region.insert("snippet".to_owned(), json!({ "text": span.text(source) }));
    }
    region
}

fn region(index: &LineIndex, span: Span) -> Value {
    let Region { line, column, end_line, end_column } = Region::new(index, span);
    json!({
        "startLine": line,
        "startColumn": column,
        "endLine": end_line,
        "endColumn": end_column,
    })
}

fn location(path: &str) -> Value {
    // `C:/…` is how Windows writes a place from the root of the machine.
    let from_root = path.starts_with('/') || path.get(1..3) == Some(":/");
    if from_root {
        json!({ "uri": format!("file:///{}", escaped(path.trim_start_matches('/'))) })
    } else {
        json!({ "uri": escaped(path), "uriBaseId": ROOT })
    }
}

/// A path as part of an address: what is not plain is written in percents, byte by byte.
fn escaped(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                out.push(char::from(byte));
            }
            _ => out += &format!("%{byte:02X}"),
        }
    }
    out
}

/// Text in a message, where square brackets and braces would begin a link or a place to fill in.
fn text(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for character in words.chars() {
        match character {
            '[' | ']' | '\\' => out.extend(['\\', character]),
            '{' | '}' => out.extend([character, character]),
            _ => out.push(character),
        }
    }
    out
}
