//! What a line that was typed asks for.

use super::commands::{Command, find};
use crate::diagnostic::list;
use crate::what_if::Refusal;

/// What a line asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Asked {
    /// Nothing: an empty line or a comment.
    Nothing,
    /// A dated event to record.
    Event(String),
    /// A command and what stands behind it.
    Command(Command, String),
}

/// The questions that can be asked without a colon. None of them changes anything.
const QUESTIONS: &[(&str, Command)] = &[
    ("help", Command::Help),
    ("?", Command::Help),
    ("quit", Command::Quit),
    ("exit", Command::Quit),
    ("what is due", Command::Due),
    ("what is overdue", Command::Overdue),
    ("what was late", Command::Overdue),
    ("what if", Command::WhatIf),
    ("what-if", Command::WhatIf),
    ("why", Command::Why),
    ("when", Command::When),
    ("timeline", Command::Timeline),
    ("questions", Command::Questions),
    ("due", Command::Due),
    ("overdue", Command::Overdue),
    ("ladder", Command::Ladder),
    ("readings", Command::Readings),
    ("rules", Command::Rules),
];

/// Reads a line. A mistyped one is refused; nothing is guessed.
pub(super) fn asked(line: &str) -> Result<Asked, Refusal> {
    let line = line.trim();
    if line.is_empty() || line.starts_with('#') {
        return Ok(Asked::Nothing);
    }
    if let Some(rest) = line.strip_prefix(':') {
        let (word, rest) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        return match find(word) {
            Ok(entry) => Ok(Asked::Command(entry.command, rest.trim().to_owned())),
            Err(near) => Err(no_command(word, &near)),
        };
    }
    if line.starts_with(|first: char| first.is_ascii_digit()) {
        return Ok(Asked::Event(line.to_owned()));
    }
    let question = if line == "?" { line } else { line.trim_end_matches(['?', ' ']) };
    for (words, command) in QUESTIONS {
        let Some(rest) = question.strip_prefix(words) else { continue };
        if rest.is_empty() || rest.starts_with(' ') {
            return Ok(Asked::Command(*command, rest.trim().to_owned()));
        }
    }
    let word = line.split_whitespace().next().unwrap_or_default();
    let refusal = Refusal::new("this is neither a dated event nor a question");
    Err(match find(word) {
        Ok(entry) if entry.name.starts_with(word) => {
            refusal.help(format!("did you mean `:{}`?", entry.name))
        }
        _ => refusal.help(
            "an event begins with its day, as in `2026-04-14 review-held`; a command begins with \
             `:`; `help` lists what can be typed",
        ),
    })
}

/// There is no such command, or there are several.
fn no_command(word: &str, near: &[&str]) -> Refusal {
    let names: Vec<String> = near.iter().map(|name| format!(":{name}")).collect();
    match near {
        [] => Refusal::new(format!("there is no command `:{word}`"))
            .help("`:help` lists the commands"),
        [_] => Refusal::new(format!("there is no command `:{word}`"))
            .help(format!("did you mean {}?", list(names))),
        _ => Refusal::new(format!("`:{word}` can be several commands"))
            .help(format!("did you mean one of {}?", list(names))),
    }
}

/// The lines of an input: a line that ends in `\` goes on in the next, and so does one with a quote
/// that is still open. Each comes with the number of the line on which it begins.
pub(super) fn lines(input: &str) -> Vec<(usize, String)> {
    let mut lines: Vec<(usize, String)> = Vec::new();
    let mut open = false;
    for (text, number) in input.lines().zip(1..) {
        match lines.last_mut() {
            Some((_, line)) if open => {
                line.push(' ');
                line.push_str(text.trim());
            }
            _ => lines.push((number, text.trim().to_owned())),
        }
        if let Some((_, line)) = lines.last_mut() {
            open = goes_on(line);
            if let Some(shorter) = line.strip_suffix('\\') {
                *line = shorter.trim_end().to_owned();
            }
        }
    }
    lines
}

/// Whether a line is not whole yet.
pub(super) fn goes_on(line: &str) -> bool {
    let quotes = line.matches('"').count();
    line.trim_end().ends_with('\\') || (quotes % 2 == 1 && !line.trim_start().starts_with('#'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, command: Command, rest: &str) {
        assert_eq!(asked(line), Ok(Asked::Command(command, rest.to_owned())), "{line}");
    }

    #[test]
    fn questions_need_no_colon() {
        check("help", Command::Help, "");
        check("?", Command::Help, "");
        check("why send-report?", Command::Why, "send-report");
        check("what is due?", Command::Due, "");
        check("what if 2026-04-14 review-held", Command::WhatIf, "2026-04-14 review-held");
        check(":why send", Command::Why, "send");
    }

    #[test]
    fn what_changes_something_needs_one() {
        for line in ["undo", "remove review-held", "read x as y", "dues", "review-held"] {
            assert!(asked(line).is_err(), "{line}");
        }
        assert_eq!(asked("undo").unwrap_err().help.as_deref(), Some("did you mean `:undo`?"));
    }

    #[test]
    fn lines_that_go_on_are_joined() {
        let input = "2026-04-14 review-held \\\n  kind ordinary\n# a \"comment\n:due\n";
        let expected =
            [(1, "2026-04-14 review-held kind ordinary"), (3, "# a \"comment"), (4, ":due")];
        let found = lines(input);
        let found: Vec<(usize, &str)> =
            found.iter().map(|(number, line)| (*number, line.as_str())).collect();
        assert_eq!(found, expected);
    }
}
