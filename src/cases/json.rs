//! Cases as JSON: `{"case":"a","events":[{"date":"2026-01-05","event":"placed","miles":40}]}`.
//!
//! The text is taken apart in layers of untouched slices (the cases, the fields of a case, its
//! events, the fields of an event). So every number stays as it is written, a field given twice is
//! seen, and where a slice begins in the text tells the line it stands on.

use std::fmt;

use serde::de::{Deserializer as _, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::lines::Lines;
use super::rows::{Row, RowError, short};
use super::{Cases, Draft, Seen};
use crate::policy::Policy;

/// The fields of a case.
const FIELDS: [&str; 2] = ["case", "events"];

/// Reads one case or an array of them.
pub(super) fn read(policy: &Policy, text: &str) -> Cases {
    let mut cases = Cases::default();
    if text.trim().is_empty() {
        return cases;
    }
    let mut seen = Seen::default();
    let mut lines = Lines::new(text, 1);
    let mut one = |line, text: &str, cases: &mut Cases| {
        let mut draft = case(policy, line, text);
        seen.note(&mut draft);
        cases.cases.push(draft.finish(policy));
    };
    if text.trim_start().starts_with('[') {
        let mut parts = Vec::new();
        let end = array(text, &mut parts);
        for part in parts {
            one(lines.of(part), part, &mut cases);
        }
        if let Err(error) = end {
            cases.errors.push(unreadable(1, &error));
        }
    } else {
        let text = text.trim();
        one(lines.of(text), text, &mut cases);
    }
    cases
}

/// Reads the object of a case, which begins on the given line.
pub(super) fn case(policy: &Policy, line: u32, text: &str) -> Draft {
    let mut draft = Draft { line, ..Draft::default() };
    let fields = match object(text) {
        Ok(fields) => fields,
        Err(error) => {
            let error = if text.starts_with('{') {
                unreadable(line, &error)
            } else {
                RowError::new(line, "there is no case here, which is an object")
                    .help("write it as `{\"case\": \"a\", \"events\": []}`")
            };
            draft.errors.push(error);
            return draft;
        }
    };
    let mut lines = Lines::new(text, line);
    let (mut name, mut events) = (None, None);
    for (key, value) in fields {
        let line = lines.of(value);
        let place = match key.as_str() {
            "case" => &mut name,
            "events" => &mut events,
            _ => {
                let message = format!("a case has no field `{}`", short(&key));
                let error = RowError::new(line, message).field(&key);
                let error = error.near(&key, FIELDS.into_iter(), "its fields are");
                draft.errors.push(error);
                continue;
            }
        };
        if place.replace((line, value)).is_some() {
            let message = format!("`{key}` is given twice for one case");
            draft.errors.push(RowError::new(line, message).field(&key));
        }
    }
    match name {
        None => draft.errors.push(RowError::new(line, "the case has no name").field("case")),
        Some((line, value)) => match scalar(line, value) {
            Ok(Some(name)) if !name.trim().is_empty() => draft.case = name,
            Ok(_) => draft.errors.push(RowError::new(line, "the case has no name").field("case")),
            Err(error) => draft.errors.push(error.field("case")),
        },
    }
    let Some((line, value)) = events else {
        let error = RowError::new(line, "the case has no list of events").field("events");
        draft.errors.push(error);
        return draft;
    };
    if !value.starts_with('[') {
        let error = RowError::new(line, "the events are not a list, in square brackets");
        draft.errors.push(error.field("events"));
        return draft;
    }
    let mut parts = Vec::new();
    if let Err(error) = array(value, &mut parts) {
        draft.errors.push(unreadable(line, &error));
    }
    let mut lines = Lines::new(value, line);
    for part in parts {
        let line = lines.of(part);
        if let Some(row) = event(policy, line, part, &mut draft.errors) {
            draft.rows.push(row);
        }
    }
    draft
}

/// Reads the object of an event.
fn event(policy: &Policy, line: u32, text: &str, errors: &mut Vec<RowError>) -> Option<Row> {
    let fields = match object(text) {
        Ok(fields) => fields,
        Err(error) => {
            errors.push(if text.starts_with('{') {
                unreadable(line, &error)
            } else {
                RowError::new(line, "there is no event here, which is an object")
                    .help("write it as `{\"date\": \"2026-01-05\", \"event\": \"placed\"}`")
            });
            return None;
        }
    };
    let (mut date, mut event) = (None, None);
    let mut pairs = Vec::with_capacity(fields.len().saturating_sub(2));
    for (key, value) in fields {
        let value = match scalar(line, value) {
            Ok(Some(value)) => value,
            // A field that stands for nothing recorded; a misspelt one must be seen all the same.
            Ok(None) if known(policy, &key) => continue,
            Ok(None) => String::new(),
            Err(error) => {
                errors.push(error.field(&key));
                continue;
            }
        };
        let place = match key.as_str() {
            "date" => &mut date,
            "event" => &mut event,
            _ => {
                pairs.push((key, value));
                continue;
            }
        };
        if place.replace(value).is_some() {
            let message = format!("`{key}` is given twice for one event");
            errors.push(RowError::new(line, message).field(&key));
        }
    }
    Some(Row { line, date: date.unwrap_or_default(), event: event.unwrap_or_default(), pairs })
}

/// Whether any event of the policy has an attribute of this name.
pub(super) fn known(policy: &Policy, name: &str) -> bool {
    let attributes = || policy.events.iter().flat_map(|event| &event.attributes);
    matches!(name, "date" | "event" | "ref" | "seq") || attributes().any(|it| it.name == name)
}

/// The text of a string, a number as it is written, yes or no; nothing for `null`.
fn scalar(line: u32, value: &str) -> Result<Option<String>, RowError> {
    match value.as_bytes() {
        [b'"', ..] => {
            serde_json::from_str(value).map(Some).map_err(|error| unreadable(line, &error))
        }
        b"true" => Ok(Some("yes".to_owned())),
        b"false" => Ok(Some("no".to_owned())),
        b"null" => Ok(None),
        [b'[' | b'{', ..] => Err(RowError::new(
            line,
            "this is a list or an object, where a text, a number, `true` or `false` can stand",
        )),
        _ => Ok(Some(value.to_owned())),
    }
}

/// Says where JSON breaks off. The reader's own words are kept but for the place, which is counted
/// from the slice that was being read.
fn unreadable(first: u32, error: &serde_json::Error) -> RowError {
    let line = first + (error.line() as u32).saturating_sub(1);
    let words = error.to_string();
    let words = words.rsplit_once(" at line ").map_or(words.as_str(), |(words, _)| words);
    let error =
        RowError::new(line, format!("the JSON cannot be read from here on: {}", short(words)));
    if words == "trailing characters" {
        error.help("where each line is a case of its own, call the file .jsonl")
    } else {
        error
    }
}

/// The fields of an object in their order, values untouched.
fn object(text: &str) -> Result<Vec<(String, &str)>, serde_json::Error> {
    struct Fields;
    impl<'de> Visitor<'de> for Fields {
        type Value = Vec<(String, &'de str)>;

        fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut fields = Vec::new();
            while let Some((key, value)) = map.next_entry::<String, &RawValue>()? {
                fields.push((key, value.get()));
            }
            Ok(fields)
        }
    }
    let mut reader = serde_json::Deserializer::from_str(text);
    let fields = reader.deserialize_map(Fields)?;
    reader.end()?;
    Ok(fields)
}

/// The elements of an array, untouched. Those before a mistake are there even so.
fn array<'a>(text: &'a str, parts: &mut Vec<&'a str>) -> Result<(), serde_json::Error> {
    struct Elements<'p, 'a>(&'p mut Vec<&'a str>);
    impl<'de> Visitor<'de> for Elements<'_, 'de> {
        type Value = ();

        fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
            f.write_str("an array")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
            while let Some(part) = seq.next_element::<&RawValue>()? {
                self.0.push(part.get());
            }
            Ok(())
        }
    }
    let mut reader = serde_json::Deserializer::from_str(text);
    reader.deserialize_seq(Elements(parts))?;
    reader.end()
}
