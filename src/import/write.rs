//! Timelines as files of cases, in the forms that are read elsewhere.

use serde_json::{Map, Value as Json};

use super::Child;
use crate::cases::Row;
use crate::diagnostic::cell::write_exactly;
use crate::eval::Timeline;
use crate::policy::{AttributeKind, Policy, Value};

/// The forms in which timelines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// One case on each line.
    Jsonl,
    /// One event on each line: `case,date,event`, then `key=value`.
    Csv,
    /// The notation of the language.
    Text,
}

/// Writes cases. They are read back as they were, unless the name of a case or a text cannot stand in
/// the form.
pub fn written(children: &[Child], form: Form) -> String {
    match form {
        Form::Jsonl => children.iter().map(jsonl).collect(),
        Form::Csv => csv(children),
        Form::Text => children.iter().map(text).collect::<Vec<_>>().join("\n"),
    }
}

fn jsonl(child: &Child) -> String {
    let events = child.rows.iter().map(|row| {
        let mut event = Map::new();
        event.insert("date".to_owned(), Json::from(row.date.as_str()));
        event.insert("event".to_owned(), Json::from(row.event.as_str()));
        for (name, value) in &row.pairs {
            event.insert(name.clone(), Json::from(value.as_str()));
        }
        Json::Object(event)
    });
    let case = serde_json::json!({ "case": child.case, "events": events.collect::<Vec<_>>() });
    format!("{case}\n")
}

/// Nothing is guarded against a spreadsheet here: the apostrophe would be part of what is read back.
fn csv(children: &[Child]) -> String {
    let rows = || children.iter().flat_map(|child| &child.rows);
    let most = rows().map(|row| row.pairs.len()).max().unwrap_or(0);
    let mut out = format!("case,date,event{}\r\n", ",key=value".repeat(most));
    for child in children {
        for row in &child.rows {
            write_exactly(&child.case, &mut out);
            for field in [&row.date, &row.event] {
                out += ",";
                write_exactly(field, &mut out);
            }
            for (name, value) in &row.pairs {
                out += ",";
                write_exactly(&format!("{name}={value}"), &mut out);
            }
            out += &",".repeat(most - row.pairs.len());
            out += "\r\n";
        }
    }
    out
}

fn text(child: &Child) -> String {
    let mut out = format!("case {}\n", word(&child.case));
    for row in &child.rows {
        out += &format!("{} {}", row.date, row.event);
        for (name, value) in &row.pairs {
            out += &format!(" {name} {}", word(value));
        }
        out += "\n";
    }
    out
}

/// A value as the notation has it: a word by itself, anything else in quotation marks.
fn word(value: &str) -> String {
    let plain =
        |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
    let dated = |letter: char| letter.is_ascii_digit() || matches!(letter, '-' | '.');
    if value.chars().all(plain) || value.chars().all(dated) {
        value.to_owned()
    } else {
        format!("\"{value}\"")
    }
}

/// The events of a timeline as they would be written.
pub fn rows_of(policy: &Policy, timeline: &Timeline) -> Vec<Row> {
    let row = |fact: &crate::eval::Fact| {
        let event = policy.event(fact.event);
        let values = event.attributes.iter().zip(&fact.values);
        let mut pairs: Vec<(String, String)> = values
            .filter_map(|(attribute, value)| {
                Some((attribute.name.clone(), value_text(&attribute.kind, value.as_ref()?)))
            })
            .collect();
        pairs.extend(fact.reference.iter().map(|word| ("ref".to_owned(), word.clone())));
        pairs.extend(fact.sequence.iter().map(|number| ("seq".to_owned(), number.to_string())));
        Row { line: fact.line, date: fact.date.to_string(), event: event.name.clone(), pairs }
    };
    timeline.facts().iter().map(row).collect()
}

fn value_text(kind: &AttributeKind, value: &Value) -> String {
    match (value, kind) {
        (Value::YesNo(yes), _) => if *yes { "yes" } else { "no" }.to_owned(),
        (Value::Word(word), AttributeKind::OneOf(words)) => {
            words.get(usize::from(*word)).cloned().unwrap_or_default()
        }
        (Value::Word(word), _) => word.to_string(),
        (Value::Number(thousandths), _) => {
            let text = format!("{}.{:03}", thousandths / 1000, thousandths % 1000);
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        }
        (Value::Date(date), _) => date.to_string(),
        (Value::Text(text), _) => text.clone(),
    }
}
