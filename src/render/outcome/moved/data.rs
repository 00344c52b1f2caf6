//! What an edit moves, as data: everything, whatever a person would be shown first.

use serde_json::{Value, json};

use super::{Moved, words};
use crate::render::outcome::data::{deadline, finding, standing, stray};
use crate::what_if::{Done, Situation, because};

/// Writes what an edit moves as data; what was or is in the form of the entries of `duly.due/1`.
pub fn moved_json(moved: &Moved<'_>) -> Value {
    let (old, new) = (moved.answer_before(), moved.answer_after());
    let kind = |before: Option<usize>, after: Option<usize>| match (before, after) {
        (None, _) => "appeared",
        (_, None) => "went-away",
        _ => "changed",
    };
    let changes = &moved.difference.deadlines;
    let deadlines: Vec<Value> = changes
        .iter()
        .zip(because(moved.before, moved.after, changes))
        .map(|(change, because)| {
            let (before, after) = moved.rows(change);
            json!({
                "change": kind(change.before, change.after),
                "before": before.map(|row| deadline(&old, row)),
                "after": after.map(|row| deadline(&new, row)),
                "why": because.iter().filter_map(words::because).collect::<Vec<_>>(),
            })
        })
        .collect();
    /// Writes a list of changes, each side with the function given.
    macro_rules! listed {
        ($changes:expr, $list:ident, $write:expr) => {
            $changes
                .iter()
                .map(|change| {
                    let before = change.before.and_then(|index| old.outcome.$list.get(index));
                    let after = change.after.and_then(|index| new.outcome.$list.get(index));
                    json!({
                        "change": kind(change.before, change.after),
                        "before": before.map(|one| $write(&old, one)),
                        "after": after.map(|one| $write(&new, one)),
                    })
                })
                .collect::<Vec<_>>()
        };
    }
    json!({
        "deadlines": deadlines,
        "prohibitions": listed!(moved.difference.findings, findings, finding),
        "ladders": listed!(moved.difference.standings, standings, standing),
        "strays": listed!(moved.difference.strays, strays, |answer, one: &_| stray(answer, *one)),
    })
}

/// Writes what an edit did as data.
pub fn done_json(situation: &Situation, done: &Done) -> Value {
    let written = |record: &crate::what_if::Recorded| situation.written(&record.row);
    match done {
        Done::Added(record, warnings) => json!({
            "edit": "add",
            "fact": written(record),
            "warnings": warnings.iter().map(|one| one.message.as_str()).collect::<Vec<_>>(),
        }),
        Done::Moved(record, to) => json!({
            "edit": "move",
            "fact": written(record),
            "line": record.row.line,
            "from": record.row.date,
            "to": to,
        }),
        Done::Removed(record) => json!({
            "edit": "remove",
            "fact": written(record),
            "line": record.row.line,
        }),
        Done::Switched { name, from, to } => json!({
            "edit": "read",
            "reading": name,
            "from": from,
            "to": to,
        }),
        Done::AsOf(from, to) => json!({ "edit": "as-of", "from": from, "to": to }),
    }
}
