//! Texts and places in them: the ground on which every other module stands.
//!
//! A place is a byte range ([`Span`]). Bytes become lines and columns only where someone reads them,
//! and only through [`LineIndex`], because the three ways of counting columns (bytes, characters,
//! UTF-16 units) agree on plain English and differ on the first `é`.

use std::hash::{Hash, Hasher};
use std::ops::Range;

/// A named text: a policy file, a case file, or what was typed at a prompt.
///
/// Spans are 32 bits wide, so a text of 4 GiB or more must be refused by whoever reads the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// What messages call the text, usually the path as the user gave it.
    pub name: String,
    /// The text itself, without a byte-order mark.
    pub text: String,
}

impl Source {
    /// Names a text, dropping the byte-order mark that Windows programs put in front of UTF-8.
    ///
    /// The mark is invisible, and leaving it in would shift every column of the first line.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        let mut text = text.into();
        if text.starts_with('\u{feff}') {
            text.remove(0);
        }
        Self { name: name.into(), text }
    }

    /// The span of the whole text.
    pub fn span(&self) -> Span {
        Span::new(0, self.text.len() as u32)
    }
}

/// A range of bytes in a [`Source`]: `start` belongs to it, `end` does not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The offset of the first byte.
    pub start: u32,
    /// The offset just after the last byte.
    pub end: u32,
}

impl Span {
    /// Makes a span; one whose end precedes its start is taken to be empty at its start.
    pub const fn new(start: u32, end: u32) -> Self {
        Self { start, end: if end < start { start } else { end } }
    }

    /// Makes the empty span at an offset.
    pub const fn at(offset: u32) -> Self {
        Self { start: offset, end: offset }
    }

    /// Counts the bytes in the span.
    pub const fn len(self) -> u32 {
        self.end.saturating_sub(self.start)
    }

    /// Tells whether the span covers no byte.
    pub const fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Tells whether the byte at an offset belongs to the span.
    pub const fn contains(self, offset: u32) -> bool {
        self.start <= offset && offset < self.end
    }

    /// The smallest span that covers both, whichever comes first.
    #[must_use]
    pub fn join(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The span as a range for slicing.
    pub const fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The text under the span, or nothing where the span does not fit the text.
    pub fn text(self, source: &Source) -> &str {
        source.text.get(self.range()).unwrap_or_default()
    }
}

/// A piece of syntax and the place it was written.
///
/// Two are equal when their nodes are, wherever they stand: `parse(format(x)) == parse(x)` is then one
/// assertion.
#[derive(Debug, Clone, Copy, Default)]
pub struct Spanned<T> {
    /// What was written.
    pub node: T,
    /// Where it was written.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// Joins a node to its place.
    pub const fn new(node: T, span: Span) -> Self {
        Self { node, span }
    }

    /// Changes the node and keeps the place.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Spanned<U> {
        Spanned { node: change(self.node), span: self.span }
    }

    /// Borrows the node, at the same place.
    pub const fn as_ref(&self) -> Spanned<&T> {
        Spanned { node: &self.node, span: self.span }
    }
}

impl<T: PartialEq> PartialEq for Spanned<T> {
    fn eq(&self, other: &Self) -> bool {
        self.node == other.node
    }
}

impl<T: Eq> Eq for Spanned<T> {}

impl<T: Hash> Hash for Spanned<T> {
    // Equality ignores the span, so the hash must too.
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.node.hash(state);
    }
}

/// A line and a column, both counted from 1 as people count them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Location {
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1; a tab is one column.
    pub column: u32,
}

/// What a column counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Columns {
    /// Unicode characters: what messages for people use.
    Characters,
    /// UTF-16 units: what editors ask for.
    Utf16,
    /// Bytes of UTF-8.
    Bytes,
}

/// Turns byte offsets into lines and columns and back, in logarithmic time.
///
/// It is built once from a text and does not borrow it, so an editor can keep it beside the text. A
/// line ends with a line feed, or with a carriage return and a line feed; a lone carriage return is an
/// ordinary character, because counting it would make our lines differ from every editor's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineIndex {
    /// Each line without its line break. INVARIANT: never empty, in order.
    lines: Vec<Span>,
    /// The characters longer than one byte, in order.
    wide: Vec<Wide>,
    end: u32,
}

/// A character longer than one byte, with what it and those before it add to a byte count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Wide {
    span: Span,
    /// Bytes so far, less characters so far.
    over_characters: u32,
    /// Bytes so far, less UTF-16 units so far.
    over_utf16: u32,
}

impl LineIndex {
    /// Reads a text once.
    pub fn new(text: &str) -> Self {
        let mut lines = Vec::new();
        let mut line_start = 0;
        for (offset, _) in text.match_indices('\n') {
            let line = text.get(line_start..offset).unwrap_or_default();
            let line = line.strip_suffix('\r').unwrap_or(line);
            lines.push(Span::new(line_start as u32, (line_start + line.len()) as u32));
            line_start = offset + 1;
        }
        let mut wide = Vec::new();
        let (mut over_characters, mut over_utf16) = (0, 0);
        let mut begin = 0;
        for line in text.split_inclusive('\n') {
            // Most lines are told at a glance to have none.
            let characters = if line.is_ascii() { "" } else { line }.char_indices();
            for (offset, character) in characters.filter(|(_, character)| !character.is_ascii()) {
                let (offset, bytes) = (begin + offset as u32, character.len_utf8() as u32);
                over_characters += bytes - 1;
                over_utf16 += bytes - character.len_utf16() as u32;
                let span = Span::new(offset, offset + bytes);
                wide.push(Wide { span, over_characters, over_utf16 });
            }
            begin += line.len() as u32;
        }
        let end = text.len() as u32;
        lines.push(Span::new(line_start as u32, end));
        Self { lines, wide, end }
    }

    /// Counts the lines; a text that ends with a line break has an empty last line.
    pub fn len(&self) -> u32 {
        self.lines.len() as u32
    }

    /// Tells whether the text is empty.
    pub const fn is_empty(&self) -> bool {
        self.end == 0
    }

    /// The span of a line, counted from 1, without its line break; nothing beyond the last line.
    pub fn line(&self, line: u32) -> Option<Span> {
        let index = line.checked_sub(1)?;
        self.lines.get(index as usize).copied()
    }

    /// The line and column of an offset, counting characters.
    ///
    /// An offset inside a character is taken to be at its start, one beyond the text at its end.
    pub fn location(&self, offset: u32) -> Location {
        self.location_in(offset, Columns::Characters)
    }

    /// The line and column of an offset, counting columns as asked.
    pub fn location_in(&self, offset: u32, columns: Columns) -> Location {
        let offset = self.floor(offset);
        let line = self.lines.partition_point(|line| line.start <= offset) as u32;
        let start = self.line(line).unwrap_or_default().start;
        Location { line, column: self.width(start, offset, columns) + 1 }
    }

    /// The offset of a line and column, counting characters.
    ///
    /// A column beyond its line is taken to be at the end of it, a line beyond the text at its end.
    pub fn offset(&self, location: Location) -> u32 {
        self.offset_in(location, Columns::Characters)
    }

    /// The offset of a line and column, counting columns as asked.
    pub fn offset_in(&self, location: Location, columns: Columns) -> u32 {
        let Some(line) = self.line(location.line.max(1)) else {
            return self.end;
        };
        let wanted = location.column.saturating_sub(1);
        // The width of a line up to an offset never shrinks as the offset grows, so it can be bisected.
        let (mut low, mut high) = (line.start, line.end);
        while low < high {
            let middle = low + (high - low).div_ceil(2);
            if self.width(line.start, self.floor(middle), columns) <= wanted {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        self.floor(low)
    }

    /// The start of the character an offset falls in, or the end of the text.
    fn floor(&self, offset: u32) -> u32 {
        let offset = offset.min(self.end);
        let next = self.wide.partition_point(|wide| wide.span.end <= offset);
        match self.wide.get(next) {
            Some(wide) if wide.span.contains(offset) => wide.span.start,
            _ => offset,
        }
    }

    /// The width of the text between two character boundaries.
    fn width(&self, from: u32, to: u32, columns: Columns) -> u32 {
        let over = |offset| {
            let before = self.wide.partition_point(|wide| wide.span.end <= offset);
            let last = before.checked_sub(1).and_then(|last| self.wide.get(last));
            last.map_or(0, |wide| match columns {
                Columns::Characters => wide.over_characters,
                Columns::Utf16 => wide.over_utf16,
                Columns::Bytes => 0,
            })
        };
        (to - from) - (over(to) - over(from))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The locations of the first occurrence of a piece of text: characters, UTF-16, bytes.
    #[track_caller]
    fn columns(text: &str, piece: &str) -> (u32, u32, u32, u32) {
        let index = LineIndex::new(text);
        let offset = text.find(piece).unwrap() as u32;
        let characters = index.location(offset);
        let utf16 = index.location_in(offset, Columns::Utf16);
        let bytes = index.location_in(offset, Columns::Bytes);
        assert_eq!(characters.line, utf16.line);
        assert_eq!(characters.line, bytes.line);
        (characters.line, characters.column, utf16.column, bytes.column)
    }

    #[test]
    fn a_byte_order_mark_is_dropped_once() {
        assert_eq!(Source::new("a", "\u{feff}policy").text, "policy");
        assert_eq!(Source::new("a", "policy\u{feff}").text, "policy\u{feff}");
    }

    #[test]
    fn columns_differ_only_where_they_should() {
        assert_eq!(columns("role x", "x"), (1, 6, 6, 6));
        assert_eq!(columns("é x", "x"), (1, 3, 3, 4));
        assert_eq!(columns("\tx", "x"), (1, 2, 2, 2));
        assert_eq!(columns("😀 x", "x"), (1, 3, 4, 6));
        assert_eq!(columns("é😀\r\n😀é x", "x"), (2, 4, 5, 8));
    }

    #[test]
    fn only_a_line_feed_ends_a_line() {
        assert_eq!(columns("a\rb\r\nc\nd", "b"), (1, 3, 3, 3));
        assert_eq!(columns("a\rb\r\nc\nd", "c"), (2, 1, 1, 1));
        assert_eq!(columns("a\rb\r\nc\nd", "d"), (3, 1, 1, 1));
        let source = Source::new("a", "one\r\ntwo\n");
        let index = LineIndex::new(&source.text);
        assert_eq!(index.len(), 3);
        assert_eq!(index.line(1).unwrap().text(&source), "one");
        assert_eq!(index.line(2).unwrap().text(&source), "two");
        assert_eq!(index.line(3).unwrap().text(&source), "");
        assert_eq!(index.line(0), None);
        assert_eq!(index.line(4), None);
    }

    #[test]
    fn every_character_goes_there_and_back() {
        let text = "é\tduty 😀\r\n\r\nzoë—x\rq\n";
        let index = LineIndex::new(text);
        for offset in text.char_indices().map(|(offset, _)| offset).chain([text.len()]) {
            let rest = text.get(offset..).unwrap();
            if rest.starts_with('\n') || rest.starts_with("\r\n") {
                continue;
            }
            for columns in [Columns::Characters, Columns::Utf16, Columns::Bytes] {
                let location = index.location_in(offset as u32, columns);
                assert_eq!(index.offset_in(location, columns), offset as u32, "{location:?}");
            }
        }
    }

    #[test]
    fn places_outside_the_text_are_drawn_in() {
        let index = LineIndex::new("é\nab");
        assert_eq!(index.location(99), Location { line: 2, column: 3 });
        assert_eq!(index.location(1), Location { line: 1, column: 1 });
        assert_eq!(index.offset(Location { line: 1, column: 40 }), 2);
        assert_eq!(index.offset(Location { line: 9, column: 1 }), 5);
        assert_eq!(index.offset(Location { line: 0, column: 0 }), 0);
        assert_eq!(LineIndex::new("").location(0), Location { line: 1, column: 1 });
    }

    #[test]
    fn half_of_an_emoji_is_its_start() {
        let index = LineIndex::new("😀x");
        assert_eq!(index.offset_in(Location { line: 1, column: 2 }, Columns::Utf16), 0);
        assert_eq!(index.offset_in(Location { line: 1, column: 3 }, Columns::Utf16), 4);
    }

    #[test]
    fn spans_join_in_either_order_and_read_safely() {
        let source = Source::new("a", "first second");
        let (first, second) = (Span::new(0, 5), Span::new(6, 12));
        assert_eq!(first.join(second).text(&source), "first second");
        assert_eq!(second.join(first), first.join(second));
        assert_eq!(Span::new(6, 99).text(&source), "");
        assert_eq!(Span::new(1, 3).text(&Source::new("a", "é—")), "");
        assert!(Span::new(5, 2).is_empty());
    }

    #[test]
    fn a_place_takes_no_part_in_equality() {
        let here = Spanned::new("iro", Span::new(0, 3));
        let there = Spanned::new("iro", Span::new(9, 12));
        assert_eq!(here, there);
        assert_eq!(here.map(str::len).span, here.span);
        assert_eq!(*there.as_ref().node, "iro");
    }
}
