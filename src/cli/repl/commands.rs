//! What can be typed after a colon, in one table: the help, the completion and the search for what was
//! meant all read it.

use crate::diagnostic::nearest;

/// A command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Command {
    Add,
    AsOf,
    Changes,
    Due,
    Help,
    Ladder,
    Load,
    Move,
    Open,
    Overdue,
    Questions,
    Quit,
    Read,
    Readings,
    Redo,
    Reload,
    Remove,
    Rule,
    Rules,
    Save,
    Timeline,
    Undo,
    WhatIf,
    When,
    Why,
}

/// What stands behind a command, for completion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Takes {
    Nothing,
    /// A dated event.
    Event,
    /// An event of the policy.
    EventName,
    /// An event of the case.
    Fact,
    /// A rule of the policy.
    Rule,
    /// A reading of the policy.
    Reading,
    /// A file.
    File,
    /// A day.
    Day,
    /// A command.
    Command,
    /// An edit.
    Edit,
}

/// A row of the table.
pub(super) struct Entry {
    pub(super) command: Command,
    pub(super) name: &'static str,
    pub(super) takes: Takes,
    /// What stands behind the name.
    pub(super) usage: &'static str,
    pub(super) summary: &'static str,
}

const fn entry(
    command: Command,
    name: &'static str,
    takes: Takes,
    usage: &'static str,
    summary: &'static str,
) -> Entry {
    Entry { command, name, takes, usage, summary }
}

/// The commands in the order in which the help tells of them.
pub(super) const COMMANDS: &[Entry] = &[
    entry(Command::Due, "due", Takes::Rule, "[all] [RULE]", "what is due, most urgent first"),
    entry(Command::Overdue, "overdue", Takes::Nothing, "", "only what is overdue"),
    entry(
        Command::Why,
        "why",
        Takes::Rule,
        "[not] RULE[:NUMBER] [ref REF] [stage N] [part PART] [on DATE]",
        "one deadline in full, or why it is not a date",
    ),
    entry(
        Command::Ladder,
        "ladder",
        Takes::Nothing,
        "",
        "where each escalation stands, the time used, what opens next and when",
    ),
    entry(
        Command::Timeline,
        "timeline",
        Takes::Nothing,
        "[all]",
        "the case as a picture: events, windows, deadlines and the day",
    ),
    entry(
        Command::When,
        "when",
        Takes::EventName,
        "EVENT [ATTRIBUTE VALUE …]",
        "on which days it can happen so that nothing it bears on is late",
    ),
    entry(
        Command::Questions,
        "questions",
        Takes::Nothing,
        "",
        "what nobody recorded, who could say, and what each answer would change",
    ),
    entry(Command::Changes, "changes", Takes::Nothing, "", "everything the last change moved"),
    entry(
        Command::Add,
        "add",
        Takes::Event,
        "DATE EVENT …",
        "record an event, as a bare line does",
    ),
    entry(
        Command::Move,
        "move",
        Takes::Fact,
        "EVENT [on DATE] to DATE",
        "give an event another day; `by 2 days later` for `to DATE` works too",
    ),
    entry(Command::Remove, "remove", Takes::Fact, "EVENT [on DATE]", "take an event away"),
    entry(Command::Read, "read", Takes::Reading, "NAME [as VALUE]", "switch a reading, or show it"),
    entry(Command::Readings, "readings", Takes::Nothing, "", "how the policy's text is read"),
    entry(Command::AsOf, "as-of", Takes::Day, "DATE", "answer for another day"),
    entry(
        Command::WhatIf,
        "what-if",
        Takes::Edit,
        "EDIT [; EDIT …]",
        "try changes and keep none: an event line, or move, remove, read, as-of",
    ),
    entry(Command::Undo, "undo", Takes::Nothing, "", "take the last change back"),
    entry(Command::Redo, "redo", Takes::Nothing, "", "make it again"),
    entry(Command::Open, "open", Takes::File, "CASE [ID]", "another case"),
    entry(Command::Load, "load", Takes::File, "POLICY", "another policy; the case is kept"),
    entry(
        Command::Reload,
        "reload",
        Takes::Nothing,
        "",
        "read the policy's file again; the case is kept",
    ),
    entry(
        Command::Save,
        "save",
        Takes::File,
        "FILE",
        "write what was typed to a script: `duly repl < FILE` gives the same answers",
    ),
    entry(Command::Rules, "rules", Takes::Nothing, "", "the rules of the policy"),
    entry(Command::Rule, "rule", Takes::Nothing, "CODE", "explain a finding of `duly check`"),
    entry(Command::Help, "help", Takes::Command, "[COMMAND]", "this list, or one of it"),
    entry(Command::Quit, "quit", Takes::Nothing, "", "leave, as Ctrl-D does"),
];

/// Finds a command by its name or an unambiguous beginning of it.
///
/// Otherwise those that were perhaps meant: the commands that begin so, or else the nearest.
pub(super) fn find(word: &str) -> Result<&'static Entry, Vec<&'static str>> {
    /// Two that everyone types, whatever else begins with these letters.
    const SHORT: &[(&str, &str)] = &[("q", "quit"), ("exit", "quit"), ("?", "help")];
    let word = SHORT.iter().find(|(short, _)| *short == word).map_or(word, |(_, name)| name);
    if let Some(exact) = COMMANDS.iter().find(|entry| entry.name == word) {
        return Ok(exact);
    }
    let begins: Vec<&Entry> =
        COMMANDS.iter().filter(|entry| !word.is_empty() && entry.name.starts_with(word)).collect();
    match begins.as_slice() {
        [only] => Ok(only),
        [] => {
            let names = COMMANDS.iter().map(|entry| entry.name);
            Err(nearest(word, names).into_iter().collect())
        }
        several => Err(several.iter().map(|entry| entry.name).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(word: &str, expected: Result<Command, &[&str]>) {
        let found = find(word).map(|entry| entry.command);
        assert_eq!(found, expected.map_err(<[&str]>::to_vec), "{word}");
    }

    #[test]
    fn a_beginning_is_enough_where_it_is_the_only_one() {
        check("due", Ok(Command::Due));
        check("o", Err(&["overdue", "open"]));
        check("ov", Ok(Command::Overdue));
        check("rem", Ok(Command::Remove));
        check("wh", Err(&["why", "when", "what-if"]));
        check("q", Ok(Command::Quit));
        check("read", Ok(Command::Read));
        check("readi", Ok(Command::Readings));
        check("re", Err(&["remove", "read", "readings", "redo", "reload"]));
    }

    #[test]
    fn what_is_mistyped_is_never_taken_for_a_command() {
        check("udno", Err(&["undo"]));
        check("remvoe", Err(&["remove"]));
        check("", Err(&[]));
        check("frobnicate", Err(&[]));
    }
}
