//! Inputs of any size, a piece at a time: [`Batches`] cuts a stream into pieces that hold whole cases,
//! and each piece can be read by itself, on whichever thread.
//!
//! What is small is read as a whole, so that everything is as it is for [`read_cases`]: the rows of a
//! case may lie apart, and the encoding is found out. Of a larger table the rows of a case stand
//! together; whether they do is for [`Names`](super::Names) to see, which is shown each case in order.
//! JSON and text notes are always read as a whole, since nobody keeps a caseload in them.

use std::io::{self, Read};
use std::sync::Arc;

use super::rows::RowError;
use super::{CaseResult, Cases, Format, Table, bytes, jsonl, policy_line, read_cases};
use crate::policy::Policy;

/// Where the lines between small and large are drawn, in bytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sizes {
    /// An input below this size is small: some 2,000 cases of 35 events.
    pub(super) small: usize,
    /// A piece is cut when there is at least so much of it.
    pub(super) piece: usize,
    /// So much of one case, or of one line, is more than any case is.
    pub(super) largest: usize,
}

const SIZES: Sizes = Sizes { small: 4 << 20, piece: 512 << 10, largest: 64 << 20 };

/// How many cases that were read as a whole make a piece.
const READY: usize = 64;

/// The pieces of an input, in order.
///
/// An error of the stream itself is passed on and ends it.
#[derive(Debug)]
pub struct Batches<R> {
    source: Source<R>,
}

#[derive(Debug)]
enum Source<R> {
    /// Everything has been read.
    Ready(Cases),
    /// JSON lines are cut at their ends.
    Lines(Stream<R>),
    /// A table is cut where one case ends and the next begins.
    Rows(Stream<R>, Arc<Table>),
    Ended,
}

/// A stream, and what has been read of it and not yet been handed on.
#[derive(Debug)]
struct Stream<R> {
    rest: R,
    held: Vec<u8>,
    /// The line on which what is held begins.
    line: u32,
    ended: bool,
    sizes: Sizes,
}

/// What was cut off, and the line on which it begins.
struct Piece {
    held: Vec<u8>,
    line: u32,
    errors: Vec<RowError>,
}

impl Piece {
    fn batch(self, content: impl FnOnce(Vec<u8>, u32) -> Content) -> Batch {
        let size = self.held.len();
        Batch { content: content(self.held, self.line), errors: self.errors, size }
    }
}

/// A piece of an input, which holds whole cases.
#[derive(Debug)]
pub struct Batch {
    content: Content,
    errors: Vec<RowError>,
    /// How much of the input it takes up, in bytes, where that is known.
    size: usize,
}

#[derive(Debug)]
enum Content {
    Ready(Cases),
    Lines(Vec<u8>, u32),
    Rows(Vec<u8>, u32, Arc<Table>),
}

impl<R: Read> Batches<R> {
    /// Begins to read an input. The name tells the format, if it does, and is that of a case that has
    /// none of its own.
    pub fn new(policy: &Policy, name: &str, input: R) -> io::Result<Batches<R>> {
        Batches::sized(policy, name, input, SIZES)
    }

    /// Begins to read an input, with sizes of one's own.
    pub(super) fn sized(
        policy: &Policy,
        name: &str,
        mut input: R,
        sizes: Sizes,
    ) -> io::Result<Batches<R>> {
        let mut held = Vec::new();
        input.by_ref().take(sizes.small as u64).read_to_end(&mut held)?;
        let format = Format::of(name, &held);
        let small = held.len() < sizes.small;
        let text = utf8(&held);
        let streamed = match format {
            Format::Jsonl => true,
            Format::Csv => !small,
            Format::Json | Format::Text => false,
        };
        let Some(text) = text.filter(|text| streamed && policy_line(text).is_none()) else {
            input.read_to_end(&mut held)?;
            let cases = read_cases(policy, name, &held, format);
            return Ok(Batches { source: Source::Ready(cases) });
        };
        let mark = held.len() - bytes::without_mark(&held).len();
        let stream = |held: &[u8], line| Stream {
            rest: input,
            held: held.to_vec(),
            line,
            ended: false,
            sizes,
        };
        if format == Format::Jsonl {
            let held = held.get(mark..).unwrap_or_default();
            return Ok(Batches { source: Source::Lines(stream(held, 1)) });
        }
        let mut errors = Vec::new();
        let source = match Table::of(policy, text, &mut errors) {
            Some((table, rows, line)) => {
                let held = held.get(mark + rows..).unwrap_or_default();
                Source::Rows(stream(held, line), Arc::new(table))
            }
            None => Source::Ready(Cases { errors, ..Cases::default() }),
        };
        Ok(Batches { source })
    }
}

/// The text of a beginning, unless it is in another encoding. Its last character may be cut in two.
fn utf8(held: &[u8]) -> Option<&str> {
    if bytes::is_utf16(held) {
        return None;
    }
    let held = bytes::without_mark(held);
    match std::str::from_utf8(held) {
        Ok(text) => Some(text),
        Err(error) if error.error_len().is_none() => {
            held.get(..error.valid_up_to()).and_then(|held| std::str::from_utf8(held).ok())
        }
        Err(_) => None,
    }
}

impl<R: Read> Iterator for Batches<R> {
    type Item = io::Result<Batch>;

    fn next(&mut self) -> Option<Self::Item> {
        let piece = match &mut self.source {
            Source::Ended => return None,
            Source::Ready(cases) => {
                let kept = cases.cases.split_off(READY.min(cases.cases.len()));
                let more = (!kept.is_empty()).then(|| Cases { cases: kept, ..Cases::default() });
                let ready = match more {
                    Some(more) => std::mem::replace(cases, more),
                    None => std::mem::take(cases),
                };
                if cases.is_empty() {
                    self.source = Source::Ended;
                }
                let (content, errors) = (Content::Ready(ready), Vec::new());
                return Some(Ok(Batch { content, errors, size: 0 }));
            }
            Source::Lines(stream) => {
                let piece = stream.cut(end_of_lines);
                piece.map(|piece| piece.map(|piece| piece.batch(Content::Lines)))
            }
            Source::Rows(stream, table) => {
                let piece = stream.cut(|held| end_of_cases(table, held));
                let rows = |held, line| Content::Rows(held, line, Arc::clone(table));
                piece.map(|piece| piece.map(|piece| piece.batch(rows)))
            }
        };
        if !matches!(piece, Ok(Some(_))) {
            self.source = Source::Ended;
        }
        piece.transpose()
    }
}

impl<R: Read> Stream<R> {
    /// Cuts off the next piece; nothing at the end.
    fn cut(&mut self, end: impl Fn(&[u8]) -> usize) -> io::Result<Option<Piece>> {
        let mut wanted = self.sizes.piece;
        let mut errors = Vec::new();
        let place = loop {
            if !self.ended && self.held.len() < wanted {
                let missing = wanted - self.held.len();
                self.held.reserve(missing);
                let read = self.rest.by_ref().take(missing as u64).read_to_end(&mut self.held)?;
                self.ended = read < missing;
            }
            // What has been read at the beginning may be far more than a piece.
            let front = self.held.get(..wanted).unwrap_or(&self.held);
            if self.ended && front.len() == self.held.len() {
                break self.held.len();
            }
            match end(front) {
                0 if wanted >= self.sizes.largest => {
                    let message = "from here on no end of a case can be found, so that nothing \
                                   more is read";
                    let error = RowError::new(self.line, message);
                    errors.push(error.help("is there a quotation mark that is never closed?"));
                    self.ended = true;
                    self.held.clear();
                    break 0;
                }
                0 => wanted *= 2,
                place => break place,
            }
        };
        if place == 0 && errors.is_empty() {
            return Ok(None);
        }
        let rest = self.held.get(place..).unwrap_or_default().to_vec();
        let mut piece = std::mem::replace(&mut self.held, rest);
        piece.truncate(place);
        let line = self.line;
        self.line += memchr::memchr_iter(b'\n', &piece).count() as u32;
        Ok(Some(Piece { held: piece, line, errors }))
    }
}

/// Where the last whole line ends.
fn end_of_lines(held: &[u8]) -> usize {
    memchr::memrchr(b'\n', held).map_or(0, |place| place + 1)
}

/// Where the last case begins of which there may be more; every case before it is whole.
fn end_of_cases(table: &Table, held: &[u8]) -> usize {
    if held.contains(&b'"') {
        return begin_of_last(table, held, quoted_rows(held).into_iter().rev());
    }
    // Only the rows of the last case are looked at.
    let mut end = end_of_lines(held);
    let rows = std::iter::from_fn(|| {
        let before = held.get(..end.checked_sub(1)?)?;
        let row = (end_of_lines(before), end);
        end = row.0;
        Some(row)
    });
    begin_of_last(table, held, rows)
}

/// Where each whole row begins and ends, in a text where a cell may hold an end of line.
fn quoted_rows(held: &[u8]) -> Vec<(usize, usize)> {
    let mut ends = Vec::new();
    let mut quoted = false;
    for (place, &byte) in held.iter().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => ends.push(place + 1),
            _ => {}
        }
    }
    let starts = std::iter::once(0).chain(ends.iter().copied());
    starts.zip(ends.iter().copied()).collect()
}

/// Where the last case begins, by the rows from the last up; 0 where no other is before it.
fn begin_of_last(table: &Table, held: &[u8], rows: impl Iterator<Item = (usize, usize)>) -> usize {
    // Rows that do not say whose they are stay with what follows.
    let mut last: Option<(String, usize)> = None;
    for (start, end) in rows {
        let row = held.get(start..end).and_then(|row| std::str::from_utf8(row).ok());
        let Some(case) = row.and_then(|row| table.case_of(row)) else { continue };
        match &mut last {
            Some((known, begin)) if *known == case => *begin = start,
            Some((_, begin)) => return *begin,
            None => last = Some((case, start)),
        }
    }
    0
}

impl Batch {
    /// Reads the cases of the piece.
    pub fn read(self, policy: &Policy) -> Cases {
        let mut cases = match self.content {
            Content::Ready(cases) => cases,
            Content::Lines(bytes, line) => {
                let cases = jsonl::pieces(policy, &bytes, line);
                Cases { cases, ..Cases::default() }
            }
            Content::Rows(bytes, line, table) => rows(policy, &table, &bytes, line),
        };
        cases.errors.extend(self.errors);
        cases
    }

    /// Whether it is a piece of a table, in which the rows of a case have to stand together.
    pub fn is_of_table(&self) -> bool {
        matches!(self.content, Content::Rows(..))
    }

    /// How much of the input it takes up, in bytes; 0 where the input was read as a whole.
    pub fn size(&self) -> usize {
        self.size
    }
}

fn rows(policy: &Policy, table: &Table, bytes: &[u8], line: u32) -> Cases {
    let mut errors = Vec::new();
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let good = bytes.get(..error.valid_up_to()).unwrap_or_default();
            let line = line + good.iter().map(|&byte| u32::from(byte == b'\n')).sum::<u32>();
            let error = RowError::new(
                line,
                "this line is not UTF-8, and the cases around it were not read",
            );
            errors.push(error.help("save the file as UTF-8"));
            return Cases { errors, ..Cases::default() };
        }
    };
    let cases: Vec<CaseResult> = table.pieces(policy, text, line, &mut errors);
    Cases { cases, errors, notices: Vec::new() }
}
