//! Text made harmless: what was read from a file must not command the terminal it is shown on.

use std::borrow::Cow;
use std::fmt::Write as _;

/// The escape for a character that must not reach a terminal, or that nobody could see there.
///
/// Control characters can move the cursor or rename the window; marks that reverse the direction of text
/// make a line read as what it does not say; blanks of no width hide between letters. The joiner inside
/// an emoji stays.
pub(crate) fn escape(character: char) -> Option<String> {
    let hidden = matches!(character,
        '\u{ad}' | '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}' | '\u{2029}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    match character {
        '\n' | '\t' => None,
        _ if hidden || character.is_control() => Some(character.escape_default().to_string()),
        _ => None,
    }
}

/// Text with everything escaped that could do harm; tabs and line breaks stay.
pub(crate) fn printable(text: &str) -> Cow<'_, str> {
    if text.chars().all(|character| escape(character).is_none()) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match escape(character) {
            Some(escaped) => safe.push_str(&escaped),
            None => safe.push(character),
        }
    }
    Cow::Owned(safe)
}

/// Harmless text on one line.
pub(crate) fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for character in printable(text).chars() {
        // Writing to a string cannot fail.
        let _ = match character {
            '\n' => line.write_str("\\n"),
            '\t' => line.write_str("\\t"),
            _ => line.write_char(character),
        };
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_commands_the_terminal() {
        assert_eq!(printable("a\u{1b}[31m\rb\u{202e}c\td\n"), "a\\u{1b}[31m\\rb\\u{202e}c\td\n");
        assert!(matches!(printable("👩\u{200d}👧 é “”"), Cow::Borrowed(_)));
        assert_eq!(one_line("a\nb\tc\0"), "a\\nb\\tc\\u{0}");
    }
}
