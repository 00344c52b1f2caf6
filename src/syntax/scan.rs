//! Cutting a text into tokens and declarations, before and beside the grammar.
//!
//! The parser stops at the first mistake of what it is given, so it is given one declaration at a time.
//! This scanner finds where they begin. It knows just enough for that: texts, comments, words.

use crate::source::Span;

use super::comments::Comment;
use super::words::{CLAUSES, DECLARATIONS, is_word};

/// What a token is, as far as the scanner cares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A word, a name, or a number with what is written onto it.
    Word,
    /// A quoted text that is closed on its line.
    Text,
    /// A quoted text that is not.
    UnclosedText,
    /// Any other character.
    Sign,
}

/// A token with its place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token<'t> {
    /// What it is.
    pub(super) kind: Kind,
    /// Where it is.
    pub(super) span: Span,
    /// What it says.
    pub(super) text: &'t str,
    /// Whether it is the first of its line.
    pub(super) first: bool,
    /// Whether it stands in the first column.
    pub(super) flush: bool,
}

/// A text cut into tokens and comments.
#[derive(Debug, Default)]
pub(super) struct Scanned<'t> {
    /// The tokens in order.
    pub(super) tokens: Vec<Token<'t>>,
    /// The comments in order.
    pub(super) comments: Vec<Comment>,
}

/// A run of tokens that is to be read as one declaration.
#[derive(Debug, Clone, Copy)]
pub(super) struct Item<'t, 's> {
    /// Its tokens. INVARIANT: at least one.
    pub(super) tokens: &'s [Token<'t>],
    /// What its first token makes it.
    pub(super) head: Head,
}

/// What stands at the head of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Head {
    /// The keyword of a declaration.
    Declaration,
    /// Another word where such a keyword could stand.
    Mistyped,
    /// Whatever stands before the first declaration.
    Stray,
}

/// The quotes that word processors write.
pub(super) const CURLY: [char; 6] = ['\u{201c}', '\u{201d}', '\u{201e}', '\u{201f}', '«', '»'];

/// Tells whether a character is a dash that word processors write for a hyphen.
pub(super) const fn is_dash(character: char) -> bool {
    matches!(character, '\u{2010}'..='\u{2015}' | '\u{2212}')
}

/// Tells whether a character is a blank of the grammar.
pub(super) const fn is_blank(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\n' | '\r' | '\u{a0}' | '\u{202f}' | '\u{feff}')
}

const fn is_letter(character: char) -> bool {
    character.is_ascii_alphabetic() || matches!(character, '\u{c0}'..='\u{24f}')
}

const fn is_name_part(character: char) -> bool {
    is_letter(character)
        || character.is_ascii_digit()
        || matches!(character, '-' | '_')
        || is_dash(character)
}

/// Cuts a text into tokens and comments.
pub(super) fn scan(text: &str) -> Scanned<'_> {
    let mut scanned = Scanned::default();
    // A file of a bundle has many blank lines in front of it.
    let mut rest = after(text, text.bytes().take_while(|&byte| byte == b'\n').count());
    let (mut first, mut flush) = (true, true);
    while let Some(character) = rest.chars().next() {
        let start = (text.len() - rest.len()) as u32;
        if is_blank(character) {
            if character == '\n' {
                (first, flush) = (true, true);
            } else {
                flush = false;
            }
            rest = after(rest, character.len_utf8());
            continue;
        }
        let (kind, length) = if character == '#' {
            let line = rest.split('\n').next().unwrap_or_default().trim_end();
            scanned.comments.push(Comment {
                span: Span::new(start, start + line.len() as u32),
                text: line.to_owned(),
                own_line: first,
            });
            rest = after(rest, line.len());
            (first, flush) = (false, false);
            continue;
        } else if character == '"' || CURLY.contains(&character) {
            quoted(rest, character)
        } else if is_letter(character) {
            (Kind::Word, run(rest, is_name_part))
        } else if character.is_ascii_digit() {
            let more = |c| is_name_part(c) || matches!(c, '/' | '.');
            (Kind::Word, run(rest, more))
        } else {
            (Kind::Sign, character.len_utf8())
        };
        scanned.tokens.push(Token {
            kind,
            span: Span::new(start, start + length as u32),
            text: rest.get(..length).unwrap_or_default(),
            first,
            flush,
        });
        rest = after(rest, length);
        (first, flush) = (false, false);
    }
    scanned
}

fn after(text: &str, length: usize) -> &str {
    text.get(length..).unwrap_or_default()
}

fn run(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.find(|c| !belongs(c)).unwrap_or(text.len())
}

/// The length of a quoted text. The grammar's `text` has the same four cases in the same order.
fn quoted(rest: &str, quote: char) -> (Kind, usize) {
    let line = rest.split('\n').next().unwrap_or_default();
    let body = after(line, quote.len_utf8());
    let curly = |c: char| CURLY.contains(&c);
    let end = if quote == '"' {
        body.find('"').or_else(|| body.find(curly))
    } else {
        body.find(|c| c == '"' || curly(c))
    };
    let closed = end.and_then(|end| {
        let close = after(body, end).chars().next()?;
        Some(quote.len_utf8() + end + close.len_utf8())
    });
    match closed {
        Some(length) => (Kind::Text, length),
        None => (Kind::UnclosedText, line.len()),
    }
}

/// Cuts the tokens into declarations.
pub(super) fn items<'t, 's>(tokens: &'s [Token<'t>]) -> Vec<Item<'t, 's>> {
    let mut items = Vec::new();
    let mut start = 0;
    let mut head = Head::Stray;
    for index in 0..tokens.len() {
        let Some(next) = begins(tokens, index, start) else {
            continue;
        };
        push(&mut items, tokens.get(start..index), head);
        (start, head) = (index, next);
    }
    push(&mut items, tokens.get(start..), head);
    items
}

fn push<'t, 's>(items: &mut Vec<Item<'t, 's>>, tokens: Option<&'s [Token<'t>]>, head: Head) {
    if let Some(tokens) = tokens
        && !tokens.is_empty()
    {
        items.push(Item { tokens, head });
    }
}

/// Tells whether a token begins a declaration, or seems meant to.
fn begins(tokens: &[Token<'_>], index: usize, item: usize) -> Option<Head> {
    let token = tokens.get(index)?;
    if !token.flush || token.kind != Kind::Word {
        return None;
    }
    if DECLARATIONS.contains(&token.text) {
        return Some(Head::Declaration);
    }
    if is_word(token.text)
        || clause_at(tokens, index).is_some()
        || token.text.starts_with(|c: char| c.is_ascii_digit())
    {
        return None;
    }
    let Some(before) = index.checked_sub(1).and_then(|last| tokens.get(last)) else {
        return Some(Head::Mistyped);
    };
    // A clause may stand in the first column too: what follows an unfinished phrase, and the
    // attributes of an event, are not declarations.
    let unfinished = match before.kind {
        Kind::Word => is_word(before.text) && !DECLARATIONS.contains(&before.text),
        Kind::Text | Kind::UnclosedText => false,
        Kind::Sign => before.text != ")",
    };
    let in_event = tokens.get(item).is_some_and(|head| head.text == "event");
    let attribute = in_event && tokens.get(index + 1).is_some_and(|next| next.text == "is");
    (!unfinished && !attribute).then_some(Head::Mistyped)
}

/// The clause that begins with a token: its words, and the declarations it belongs to.
pub(super) fn clause_at(
    tokens: &[Token<'_>],
    index: usize,
) -> Option<(&'static str, &'static [&'static str])> {
    let fits = |words: &str| {
        let mut words = words.split(' ').enumerate();
        words.all(|(offset, word)| tokens.get(index + offset).is_some_and(|t| t.text == word))
    };
    CLAUSES.iter().find(|(words, _)| fits(words)).copied()
}

/// The most brackets, `not`s and the like that may stand inside one another.
const DEEPEST: usize = 64;

/// Finds the token at which things stand inside one another too many times.
///
/// The parser, the lowering and every later stage recur as deeply as the text nests, so this is
/// settled before any of them runs.
pub(super) fn too_deep<'t>(tokens: &[Token<'t>]) -> Option<Token<'t>> {
    /// The words that stand within conditions and lengths; at any other, nesting without brackets ends.
    const WITHIN: [&str; 16] = [
        "the", "of", "and", "or", "is", "yes", "no", "later", "has", "latest", "recorded", "held",
        "since", "for", "calendar", "stage",
    ];
    let mut open: Vec<usize> = Vec::new();
    let (mut nested, mut nots) = (0_usize, 0_usize);
    let mut before = "";
    for token in tokens {
        match token.text {
            // A `not` binds to one operand, so a run of them ends with it.
            "(" => {
                open.push(nested - nots);
                (nested, nots) = (nested + 1, 0);
            }
            ")" => (nested, nots) = (open.pop().unwrap_or_default(), 0),
            "not" => (nested, nots) = (nested + 1, nots + 1),
            "where" | "else" | "earlier" => (nested, nots) = (nested + 1, 0),
            "of" if before == "later" => (nested, nots) = (nested + 1, 0),
            // Where nothing is nested, nothing ends.
            _ if nested == 0 && open.is_empty() => {}
            word if is_word(word) => {
                if !WITHIN.contains(&word) {
                    nested = open.last().map_or(0, |outer| outer + 1);
                }
                nots = 0;
            }
            _ => (nested, nots) = (nested - nots, 0),
        }
        if nested > DEEPEST {
            return Some(*token);
        }
        before = token.text;
    }
    None
}
