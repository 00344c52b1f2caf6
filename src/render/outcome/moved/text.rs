//! What an edit moves, on paper.

use super::{Group, Moved, words};
use crate::calendar::Date;
use crate::diagnostic::printable::one_line;
use crate::render::outcome::Extent;
use crate::render::{Style, paint, wrapped};
use crate::what_if::{Done, Situation};

/// Sets what an edit moves, old and new, and why. The last words say how to see what is left out.
pub fn moved_text(moved: &Moved<'_>, extent: Extent, style: &Style, see_all: &str) -> String {
    let (entries, hidden) = moved.entries(extent);
    let mut out = String::new();
    for group in Group::ALL {
        let own: Vec<_> = entries.iter().filter(|entry| entry.group == group).collect();
        let count: usize = own.iter().map(|entry| entry.count).sum();
        if count == 0 {
            continue;
        }
        let colour = if group == Group::Prohibition { "1;31" } else { "1;36" };
        out += &paint(style, colour, &format!("{} ({count})", group.heading()));
        out += "\n";
        for entry in own {
            let title = line(&entry.title, style);
            let set = wrapped(&title, "  ", "    ", style);
            out += &set.replacen(&title, &paint(style, "1", &title), 1);
            for (old, new) in &entry.pairs {
                let words = match (old.as_str(), new.as_str()) {
                    ("", new) => new.to_owned(),
                    (old, "") => format!("was: {old}"),
                    (old, new) => format!("{old} {} {new}", arrow(style)),
                };
                out += &wrapped(&line(&words, style), "    ", "      ", style);
            }
            for why in &entry.why {
                out += &wrapped(&line(why, style), "    - ", "      ", style);
            }
        }
    }
    if let Some(foot) = Moved::foot(&entries, hidden) {
        let foot = if hidden > 0 { format!("{foot} ({see_all}).") } else { foot };
        out += &wrapped(&foot, "", "", style);
    }
    out
}

/// Says what an edit did, as a phrase.
pub fn done_words(situation: &Situation, done: &Done) -> String {
    one_line(&words::done(situation, done))
}

/// Says what an edit did.
pub fn done_text(situation: &Situation, done: &Done, style: &Style) -> String {
    wrapped(&line(&words::done(situation, done), style), "", "  ", style)
}

/// Says what may not be meant about an edit, if there is anything to say.
pub fn notes_text(situation: &Situation, done: &Done, style: &Style) -> String {
    let mut notes: Vec<String> = match done {
        Done::Added(_, warnings) => warnings.iter().map(|one| one.message.clone()).collect(),
        Done::Moved(..) | Done::Removed(_) | Done::Switched { .. } | Done::AsOf(..) => Vec::new(),
    };
    let day = match done {
        Done::Added(record, _) => Date::parse(&record.row.date).ok(),
        Done::Moved(_, to) => Some(*to),
        Done::Removed(_) | Done::Switched { .. } | Done::AsOf(..) => None,
    };
    if day.is_some_and(|day| day > situation.as_of()) {
        let as_of = situation.as_of();
        notes.push(format!(
            "it is dated after {}, the as-of day, so it has not happened yet",
            as_of.long()
        ));
    }
    let note = |note: &String| wrapped(&line(&format!("note: {note}"), style), "", "  ", style);
    notes.iter().map(note).collect()
}

fn arrow(style: &Style) -> &'static str {
    if style.unicode { "→" } else { "->" }
}

/// Harmless text on one line, with straight quotes where only ASCII can be drawn.
fn line(text: &str, style: &Style) -> String {
    let text = one_line(text);
    if style.unicode { text } else { text.replace(['“', '”'], "\"") }
}
