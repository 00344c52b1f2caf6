//! A page of an answer in a few kinds of parts, set as text or as Markdown.

use super::{Style, paint, wrapped};
use crate::diagnostic::printable::one_line;

/// A part of a page.
pub(super) enum Part {
    /// What the page is about.
    Title(String),
    /// The heading of what follows.
    Heading(String),
    /// A sentence.
    Say(String),
    /// Something with a date, perhaps, and lines that belong to it.
    Entry { date: Option<String>, title: String, lines: Vec<String> },
}

/// As wide as the longest date, `Wed 30 Sep 2026`, and the blanks after it.
const DATE: usize = 17;
/// Below this width the dates stand above what they are for, not beside it.
const NARROW: usize = 50;

/// The page as text.
pub(super) fn text(parts: &[Part], style: &Style) -> String {
    let plain = |text: &str| {
        let text = one_line(text);
        if style.unicode { text } else { text.replace(['“', '”'], "\"") }
    };
    let bold = |text: String| -> String {
        let lines = text.lines().map(|line| paint(style, "1", line) + "\n");
        lines.collect()
    };
    let mut out = String::new();
    for part in parts {
        match part {
            Part::Title(title) => out += &bold(wrapped(&plain(title), "", "  ", style)),
            Part::Heading(heading) => {
                let line = wrapped(&plain(heading), "", "  ", style);
                let lines: String =
                    line.lines().map(|line| paint(style, "1;36", line) + "\n").collect();
                out += &format!("\n{lines}");
            }
            Part::Say(sentence) => out += &wrapped(&plain(sentence), "", "", style),
            Part::Entry { date, title, lines } => {
                let (first, rest, title) = match date {
                    Some(date) if style.width >= NARROW => {
                        (format!("  {date:DATE$}"), " ".repeat(DATE + 2), plain(title))
                    }
                    Some(date) => {
                        ("  ".to_owned(), "    ".to_owned(), format!("{date}: {}", plain(title)))
                    }
                    None => ("  ".to_owned(), "    ".to_owned(), plain(title)),
                };
                out += &wrapped(&title, &first, &rest, style);
                let hang = format!("{rest}  ");
                for line in lines {
                    out += &wrapped(&plain(line), &rest, &hang, style);
                }
            }
        }
    }
    out
}

/// The page as Markdown.
pub(super) fn markdown(parts: &[Part]) -> String {
    let mut out = String::new();
    let mut listing = false;
    for part in parts {
        let entry = matches!(part, Part::Entry { .. });
        if listing && !entry {
            out += "\n";
        }
        listing = entry;
        match part {
            Part::Title(title) => out += &format!("# {}\n\n", escaped(title)),
            Part::Heading(heading) => out += &format!("## {}\n\n", escaped(heading)),
            Part::Say(sentence) => out += &format!("{}\n\n", escaped(sentence)),
            Part::Entry { date, title, lines } => {
                let date = date.as_ref().map(|date| format!("**{date}** ")).unwrap_or_default();
                out += &format!("- {date}{}\n", escaped(title));
                for line in lines {
                    out += &format!("  - {}\n", escaped(line));
                }
            }
        }
    }
    out.trim_end().to_owned() + "\n"
}

/// Text in which nothing is taken for Markdown or for HTML.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::new();
    for character in one_line(text).chars() {
        if matches!(character, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' | '&') {
            out.push('\\');
        }
        out.push(character);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_case_holds_cannot_become_markup() {
        let parts = [
            Part::Title("A *b* <script>".to_owned()),
            Part::Entry {
                date: Some("Fri 1 May 2026".to_owned()),
                title: "ref [x](y)".to_owned(),
                lines: vec!["a|b".to_owned()],
            },
            Part::Say("End.".to_owned()),
        ];
        assert_eq!(
            markdown(&parts),
            "# A \\*b\\* \\<script\\>\n\n- **Fri 1 May 2026** ref \\[x\\](y)\n  - a\\|b\n\nEnd.\n"
        );
    }
}
