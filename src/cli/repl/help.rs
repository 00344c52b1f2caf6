//! What can be typed, told from the table of commands.

use super::commands::{COMMANDS, Command, Entry, find};
use crate::render::{Style, paint, wrapped};
use crate::what_if::Refusal;

/// Shown above the list.
const BEGIN: &[(&str, &str)] = &[
    ("2026-04-14 review-held", "an event and its day: what would move if it happened?"),
    (":move review-held to 2026-04-14", "give an event another day"),
    ("why RULE?", "one of the dates, in full"),
];

/// The list of commands, or one of them in full.
pub(super) fn text(rest: &str, style: &Style) -> Result<String, Refusal> {
    let word = rest.trim().trim_start_matches(':');
    if !word.is_empty() {
        return match find(word) {
            Ok(entry) => Ok(row(&usage(entry), entry.summary, style)),
            Err(_) => Err(Refusal::new(format!("there is no command `:{word}`"))
                .help("`:help` lists the commands")),
        };
    }
    let mut out = paint(style, "1;36", "Begin with these three") + "\n";
    for (line, summary) in BEGIN {
        out += &row(line, summary, style);
    }
    out += &paint(style, "1;36", "Commands, by any beginning that is the only one");
    out += "\n";
    for entry in COMMANDS {
        out += &row(&usage(entry), entry.summary, style);
    }
    out += &wrapped(
        "Tab completes, Ctrl-C clears the line, Ctrl-D leaves; a line that ends in `\\` goes on in the \
         next.",
        "",
        "",
        style,
    );
    Ok(out)
}

fn usage(entry: &Entry) -> String {
    format!(":{} {}", entry.name, entry.usage).trim_end().to_owned()
}

fn row(line: &str, summary: &str, style: &Style) -> String {
    let line = if style.unicode { line.to_owned() } else { line.replace('…', "...") };
    let set = wrapped(&line, "  ", "      ", style);
    let set = set.replacen(&line, &paint(style, "1", &line), 1);
    set + &wrapped(summary, "      ", "      ", style)
}

/// Refuses what stands behind a command that takes nothing.
pub(super) fn nothing_behind(command: Command, rest: &str) -> Result<(), Refusal> {
    let entry = COMMANDS.iter().find(|entry| entry.command == command);
    match entry {
        Some(entry) if entry.usage.is_empty() && !rest.is_empty() => {
            Err(Refusal::new(format!("nothing stands behind `:{}`", entry.name)))
        }
        _ => Ok(()),
    }
}
