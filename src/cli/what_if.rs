//! `duly what-if`: a case or a reading changed, and only what moves.

use std::sync::Arc;

use serde_json::{Value, json};

use super::args::{Change, WhatIf, WhatIfFormat};
use super::fs::{CliError, Printer};
use super::{ExitStatus, case, policy};
use crate::calendar::Date;
use crate::eval::Matching;
use crate::render::{
    Extent, Moved, Style, done_json, done_text, moved_json, moved_markdown, moved_text, notes_text,
    wrapped,
};
use crate::what_if::{Difference, Done, Edit, Refusal, Situation};

/// The name of the form of the data; its number changes when a reader of the old one would go wrong.
const SCHEMA: &str = "duly.what-if/1";

/// How to see what is left out.
const SEE_ALL: &str = "`--all` shows them";

pub(super) fn run(command: &WhatIf, printer: &mut Printer) -> Result<ExitStatus, CliError> {
    let Some(book) = policy::load_book(&command.policy, &command.holidays, printer)? else {
        return Ok(ExitStatus::Found);
    };
    let wanted = (command.case.as_deref(), case::BY_OPTION);
    let case = case::only(&command.case_file, wanted, book.policy(), printer)?;
    let Some(timeline) = case else {
        return Ok(ExitStatus::Found);
    };
    let matching = if command.strict_matching { Matching::Strict } else { Matching::Lenient };
    let as_of = command.as_of.unwrap_or_else(Date::today);
    let before = Situation::new(Arc::new(book), &timeline, as_of, matching);
    let mut after = before.clone();
    let mut done: Vec<(Situation, Done)> = Vec::new();
    for change in &command.changes {
        match edit(change).and_then(|edit| after.edited(&edit)) {
            Ok((next, what)) => {
                after = next;
                done.push((after.clone(), what));
            }
            Err(refusal) => {
                let style = printer.aside;
                printer.say(&refused(&shown(change), &refusal, &style))?;
                return Ok(ExitStatus::Refused);
            }
        }
    }
    let difference = Difference::between(&before, &after);
    let moved = Moved { before: &before, after: &after, difference: &difference };
    let extent = if command.all { Extent::All } else { Extent::Open };
    let text = match command.format {
        WhatIfFormat::Json => format!("{:#}\n", data(&moved, &done)),
        WhatIfFormat::Markdown => {
            let done: Vec<_> = done.iter().map(|(situation, done)| (situation, done)).collect();
            moved_markdown(&moved, &done, extent, SEE_ALL)
        }
        WhatIfFormat::Human => text(&moved, &done, extent, &printer.style),
    };
    printer.print(&text)?;
    Ok(ExitStatus::Done)
}

/// The edit that a change stands for.
fn edit(change: &Change) -> Result<Edit, Refusal> {
    match change {
        Change::Add(line) => Edit::add(line),
        Change::Move(text) => Edit::moving(text),
        Change::Remove(text) => Edit::removing(text),
        Change::Read(name, value) => Ok(Edit::Read { name: name.clone(), value: value.clone() }),
    }
}

/// A change as it was typed.
fn shown(change: &Change) -> String {
    match change {
        Change::Add(line) => format!("--add \"{line}\""),
        Change::Move(text) => format!("--move \"{text}\""),
        Change::Remove(text) => format!("--remove \"{text}\""),
        Change::Read(name, value) => format!("--read \"{name}={value}\""),
    }
}

fn text(moved: &Moved<'_>, done: &[(Situation, Done)], extent: Extent, style: &Style) -> String {
    let case = &moved.after.timeline().case;
    let mut out = wrapped(
        &format!("What if, in {case}, as of {}:", moved.after.as_of().long()),
        "",
        "  ",
        style,
    );
    for (situation, done) in done {
        out += &done_text(situation, done, style);
        out += &notes_text(situation, done, style);
    }
    out += "\n";
    out += &moved_text(moved, extent, style, SEE_ALL);
    out
}

fn data(moved: &Moved<'_>, done: &[(Situation, Done)]) -> Value {
    let edits: Vec<Value> =
        done.iter().map(|(situation, done)| done_json(situation, done)).collect();
    let mut data = json!({
        "schema": SCHEMA,
        "case": moved.after.timeline().case,
        "as_of": moved.after.as_of(),
        "edits": edits,
        "nothing_changes": moved.difference.is_empty(),
    });
    if let (Value::Object(data), Value::Object(own)) = (&mut data, moved_json(moved)) {
        data.extend(own);
    }
    data
}

/// Why a change was not made, with what could have been meant.
pub(super) fn refused(what: &str, refusal: &Refusal, style: &Style) -> String {
    let what = crate::diagnostic::printable::one_line(what);
    let what = if what.is_empty() { String::new() } else { format!("{what}: ") };
    let mut out = wrapped(&format!("error: {what}{}", refusal.message), "", "  ", style);
    if let Some(help) = &refusal.help {
        let colon = if refusal.candidates.is_empty() { "" } else { ":" };
        out += &wrapped(&format!("help: {help}{colon}"), "  ", "  ", style);
    }
    for candidate in &refusal.candidates {
        out += &wrapped(candidate, "    ", "      ", style);
    }
    out
}
