//! An answer on paper, and as sentences for a screen reader.

use super::{Answer, Extent, Item, Section, Tone};
use crate::diagnostic::printable::one_line;
use crate::render::{Style, paint, wrapped};

/// As wide as the longest date, `Wed 30 Sep 2026`, and the blanks after it.
const DATE: usize = 17;

/// Below this width the dates stand above what they are for, not beside it.
const NARROW: usize = 50;

/// Sets an answer for people: most urgent first, dates in a column of their own.
pub fn answer_human(answer: &Answer<'_>, extent: Extent, style: &Style) -> String {
    let [first, second] = answer.head();
    let mut out = String::new();
    let first = line(&first, style);
    out += &coloured(&wrapped(&first, "", "  ", style), &first, "1", style);
    out += &wrapped(&line(&second, style), "", "  ", style);
    let sections = answer.sections(extent);
    for section in &sections {
        out += "\n";
        out += &set(section, style);
    }
    if let Some(foot) = answer.foot(extent, sections.is_empty()) {
        out += "\n";
        out += &wrapped(&foot, "", "", style);
    }
    out
}

fn set(section: &Section, style: &Style) -> String {
    let count: usize = section.items.iter().map(|item| item.count).sum();
    let heading = format!("{} ({count})", section.heading);
    let colour = match section.tone {
        Tone::Urgent => "1;31",
        Tone::Open => "1;36",
        Tone::Quiet => "1",
    };
    let mut out = paint(style, colour, &heading) + "\n";
    for item in &section.items {
        out += &entry(item, style);
    }
    out
}

fn entry(item: &Item, style: &Style) -> String {
    let title = line(&item.title, style);
    let (first, rest, title) = match &item.when {
        Some(when) if style.width >= NARROW => {
            (format!("  {:DATE$}", line(when, style)), " ".repeat(DATE + 2), title)
        }
        Some(when) => {
            ("  ".to_owned(), "    ".to_owned(), format!("{}: {title}", line(when, style)))
        }
        None => ("  ".to_owned(), "    ".to_owned(), title),
    };
    let hanging = format!("{rest}  ");
    let mut out = coloured(&wrapped(&title, &first, &rest, style), &title, "1", style);
    for line in &item.lines {
        out += &wrapped(&self::line(line, style), &rest, &hanging, style);
    }
    out
}

/// Harmless text on one line, with straight quotes where only ASCII can be drawn.
fn line(text: &str, style: &Style) -> String {
    let text = one_line(text);
    if style.unicode { text } else { text.replace(['“', '”'], "\"") }
}

/// Colours a phrase in text that is already broken into lines, where it stands in one piece.
fn coloured(text: &str, phrase: &str, colour: &str, style: &Style) -> String {
    text.replacen(phrase, &paint(style, colour, phrase), 1)
}

/// Tells an answer in sentences, one on each line, without relying on position or colour.
pub fn answer_plain(answer: &Answer<'_>, extent: Extent) -> String {
    let [first, second] = answer.head();
    let mut out = format!("Case {}.\n{}\n", one_line(&first), one_line(&second));
    let sections = answer.sections(extent);
    for section in &sections {
        let of = section.items.len();
        for (item, number) in section.items.iter().zip(1..) {
            out +=
                &format!("\n{}, {number} of {of}: {}.\n", section.heading, one_line(&item.title));
            if let Some(when) = &item.when {
                out += &format!("Date: {}.\n", one_line(when));
            }
            for line in &item.lines {
                out += &sentence(&one_line(line));
            }
        }
    }
    if let Some(foot) = answer.foot(extent, sections.is_empty()) {
        out += &format!("\n{foot}\n");
    }
    out
}

fn sentence(phrase: &str) -> String {
    let mut rest = phrase.chars();
    let first: String = rest.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{first}{}.\n", rest.as_str())
}
