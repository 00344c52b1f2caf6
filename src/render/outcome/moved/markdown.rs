//! What an edit moves, as Markdown: a table to put into a note or a pull request.

use super::{Moved, words};
use crate::diagnostic::printable::one_line;
use crate::render::outcome::Extent;
use crate::what_if::{Done, Situation};

/// Writes the edits as a list and what they move as a table. The last words say how to see what is
/// left out.
pub fn moved_markdown(
    moved: &Moved<'_>,
    done: &[(&Situation, &Done)],
    extent: Extent,
    see_all: &str,
) -> String {
    let answer = moved.answer_after();
    let mut out = format!(
        "### What if: {}, as of {}\n\n",
        cell(&answer.timeline.case),
        answer.outcome.as_of.long()
    );
    for (situation, done) in done {
        out += &format!("- {}\n", cell(&words::done(situation, done)));
    }
    let (entries, hidden) = moved.entries(extent);
    if !entries.is_empty() {
        out += "\n| | What | Before | After | Why |\n| --- | --- | --- | --- | --- |\n";
        for entry in &entries {
            let side = |side: fn(&(String, String)) -> &String| {
                let phrases = entry.pairs.iter().map(side).filter(|phrase| !phrase.is_empty());
                phrases.map(|phrase| cell(phrase)).collect::<Vec<_>>().join("<br>")
            };
            let why: Vec<String> = entry.why.iter().map(|why| cell(why)).collect();
            out += &format!(
                "| {} | {} | {} | {} | {} |\n",
                entry.group.heading(),
                cell(&entry.title),
                side(|pair| &pair.0),
                side(|pair| &pair.1),
                why.join("<br>")
            );
        }
    }
    if let Some(foot) = Moved::foot(&entries, hidden) {
        let foot = if hidden > 0 { format!("{foot} ({see_all}).") } else { foot };
        out += &format!("\n{foot}\n");
    }
    out
}

/// Text that stays in its cell and is no markup.
fn cell(text: &str) -> String {
    let mut out = String::new();
    for character in one_line(text).chars() {
        if matches!(character, '|' | '\\' | '`' | '*' | '_' | '<' | '>' | '[' | ']' | '#' | '&') {
            out.push('\\');
        }
        out.push(character);
    }
    out
}
