//! The words for why a deadline moved, and for what an edit did.

use crate::calendar::Date;
use crate::cases::Row;
use crate::eval::Statement;
use crate::what_if::{Because, Done, Situation};

/// Why, as a phrase; nothing where the dates say it already.
pub(super) fn because(because: &Because) -> Option<String> {
    match (&because.before, &because.after) {
        (
            Some(Statement::CountsFrom { what: old, date: from }),
            Some(Statement::CountsFrom { what, date }),
        ) => Some(if old == what {
            format!("it counts from {what}, now {}, before {}", date.long(), from.long())
        } else {
            format!("it counts from {what}, {}; before from {old}, {}", date.long(), from.long())
        }),
        (None, Some(Statement::CountsFrom { what, date })) => {
            Some(format!("it counts from {what}, {}", date.long()))
        }
        (Some(Statement::CountsFrom { what, date }), None) => {
            Some(format!("it counted from {what}, {}", date.long()))
        }
        (
            Some(Statement::Basis { basis: old, date: from, .. }),
            Some(Statement::Basis { basis, date, .. }),
        ) => Some(format!(
            "it counts from {}, before from {}",
            review(basis, *date),
            review(old, *from)
        )),
        (None, Some(Statement::Basis { basis, date, .. })) => {
            Some(format!("it counts from {}", review(basis, *date)))
        }
        (
            Some(Statement::Reading { chosen: old, .. }),
            Some(Statement::Reading { name, chosen, .. }),
        ) => Some(format!("the reading {name} is {chosen}, before {old}")),
        (Some(Statement::Governs { words: old, .. }), Some(Statement::Governs { words, .. })) => {
            Some(format!("the limit is {words}; before {old}"))
        }
        (None, Some(Statement::Governs { words, .. })) => Some(format!("the limit is {words}")),
        (_, Some(Statement::Changed { day, .. })) => {
            Some(format!("the limit changed on {} while the clock ran", day.long()))
        }
        (Some(Statement::Changed { day, .. }), None) => {
            Some(format!("the limit does not change on {} any more", day.long()))
        }
        (_, Some(Statement::Count { skipped, .. })) => {
            let days: Vec<String> =
                skipped.iter().map(|(day, name)| format!("{name} ({})", day.short())).collect();
            Some(format!("not counted: {}", days.join(", ")))
        }
        (_, Some(Statement::Note { words })) => Some(words.clone()),
        (Some(Statement::Note { words }), None) => Some(format!("no longer: {words}")),
        _ => None,
    }
}

/// A review by how it is known.
fn review(basis: &str, date: Date) -> String {
    match basis {
        "actual" => format!("the review held on {}", date.long()),
        "planned" => format!("the review planned for {}", date.long()),
        _ => format!("the latest lawful review date, {}", date.long()),
    }
}

/// What an edit did, as a phrase.
pub(super) fn done(situation: &Situation, done: &Done) -> String {
    match done {
        Done::Added(record, _) => {
            format!("added {} (line {})", situation.written(&record.row), record.row.line)
        }
        Done::Moved(record, to) => {
            let Row { line, date, .. } = &record.row;
            let written = situation.written(&record.row);
            let fact = written.strip_prefix(&format!("{date} ")).unwrap_or(&written);
            let from =
                Date::parse(date).map_or_else(|_| date.clone(), |from| from.long().to_string());
            format!("moved {fact} (line {line}) from {from} to {}", to.long())
        }
        Done::Removed(record) => {
            format!("removed {} (line {})", situation.written(&record.row), record.row.line)
        }
        Done::Switched { name, from, to } if from == to => {
            format!("{name} is read as {to} already")
        }
        Done::Switched { name, from, to } => format!("{name} is read as {to}, before as {from}"),
        Done::AsOf(from, to) => format!("as of {}, before {}", to.long(), from.long()),
    }
}
