//! Colour for a line that is being typed. What is shown is as wide as what was typed.

use super::commands::find;
use super::complete::Known;
use crate::calendar::Date;

/// Colours that can be read on light and on dark ground alike.
const COMMAND: &str = "1;36";
const DATE: &str = "32";
const EVENT: &str = "1";
const ATTRIBUTE: &str = "35";

/// A line with escapes for colour between its words.
pub(super) fn coloured(line: &str, known: &Known) -> String {
    let mut out = String::with_capacity(line.len() * 2);
    let mut quoted = false;
    for (place, word) in line.split_inclusive([' ', '\n']).enumerate() {
        let bare = word.trim_end_matches([' ', '\n']);
        let colour = match bare {
            _ if quoted => None,
            _ if place == 0 && bare.strip_prefix(':').is_some_and(|name| find(name).is_ok()) => {
                Some(COMMAND)
            }
            _ if Date::parse(bare).is_ok() => Some(DATE),
            _ if known.is_event(bare) => Some(EVENT),
            _ if known.is_attribute(bare) => Some(ATTRIBUTE),
            _ => None,
        };
        quoted ^= bare.matches('"').count() % 2 == 1;
        match colour {
            Some(colour) => {
                let rest = word.get(bare.len()..).unwrap_or_default();
                out += &format!("\u{1b}[{colour}m{bare}\u{1b}[0m{rest}");
            }
            None => out += word,
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_stay_as_they_are() {
        let known = Known::default();
        for line in ["", ":due all", "2026-04-14 \"2026-01-01\nx", "é  é", ":frob 2026-02-30"] {
            let mut shown = coloured(line, &known);
            for escape in [COMMAND, DATE, EVENT, ATTRIBUTE, "0"] {
                shown = shown.replace(&format!("\u{1b}[{escape}m"), "");
            }
            assert_eq!(shown, line);
        }
        assert_eq!(coloured(":due all", &known), "\u{1b}[1;36m:due\u{1b}[0m all");
        assert_eq!(coloured("2026-04-14 x", &known), "\u{1b}[32m2026-04-14\u{1b}[0m x");
    }
}
