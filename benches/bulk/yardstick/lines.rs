//! The lines of the answers: what differs between them, and how they are put together.
//!
//! A line is the case, what is constant for its rule and number, a *middle* with the dates, and what is
//! constant at its end. Many lines of a case share a middle, which is put into words once. All copies
//! are of a fixed width, so that none is a call: what is copied too much is written over.

use std::io::Write;

use super::Fault;
use super::case::Case;
use super::days::{Day, Days};
use super::table::{RULES, Rule};

/// The status of a deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Status {
    Met,
    Late,
    Due,
    NotOpen,
    Waiting,
    Overdue,
    CannotBeMet,
    Missed,
    Lapsed,
    Outstanding,
    Undetermined,
}

/// What preparation for a review counts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Kind {
    Actual,
    Planned,
    Projected,
}

const STATUSES: [&str; 11] = [
    "met",
    "late",
    "due",
    "not-open",
    "waiting",
    "overdue",
    "cannot-be-met",
    "missed",
    "lapsed",
    "outstanding",
    "undetermined",
];
const KINDS: [&str; 3] = ["actual", "planned", "projected"];

/// What differs between the lines of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Middle {
    pub(crate) opens: Option<Day>,
    pub(crate) due: Option<Day>,
    pub(crate) status: Status,
    pub(crate) days: i32,
    pub(crate) working: Option<i32>,
    pub(crate) basis: Option<(Kind, Day)>,
    pub(crate) done: Option<Day>,
}

impl Middle {
    /// A status without dates.
    pub(crate) const fn bare(status: Status) -> Middle {
        Middle { opens: None, due: None, status, days: 0, working: None, basis: None, done: None }
    }
}

/// Which middle a line has.
pub(crate) type MiddleId = u16;

/// The middles that every case has: what waits, and what is outstanding.
pub(crate) const WAITING: MiddleId = 0;
pub(crate) const OUTSTANDING: MiddleId = 1;

/// One line.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line {
    pub(crate) rule: Rule,
    pub(crate) ordinal: u8,
    /// Whether it bears the `ref` of the challenge.
    pub(crate) named: bool,
    pub(crate) middle: MiddleId,
}

/// The lines of a case, but for those that are the same in every case.
#[derive(Debug, Default)]
pub(crate) struct Sheet {
    pub(crate) lines: Vec<Line>,
    pub(crate) middles: Vec<Middle>,
}

impl Sheet {
    /// Begins a case.
    #[inline]
    pub(crate) fn clear(&mut self) {
        self.lines.clear();
        self.middles.clear();
        self.middles.push(Middle::bare(Status::Waiting));
        self.middles.push(Middle::bare(Status::Outstanding));
    }

    /// Adds a middle.
    #[inline]
    pub(crate) fn middle(&mut self, middle: Middle) -> MiddleId {
        self.middles.push(middle);
        self.middles.len() as MiddleId - 1
    }

    /// Adds a line.
    #[inline]
    pub(crate) fn line(&mut self, rule: Rule, ordinal: usize, middle: MiddleId) {
        self.lines.push(Line { rule, ordinal: ordinal as u8, named: false, middle });
    }

    /// Adds a line that bears the `ref` of the challenge.
    pub(crate) fn named(&mut self, rule: Rule, ordinal: usize, middle: MiddleId) {
        self.lines.push(Line { rule, ordinal: ordinal as u8, named: true, middle });
    }
}

/// A short text in a place of fixed width.
#[derive(Clone, Copy)]
struct Piece<const N: usize> {
    length: usize,
    bytes: [u8; N],
}

impl<const N: usize> Piece<N> {
    const EMPTY: Piece<N> = Piece { length: 0, bytes: [0; N] };

    fn new(text: &str) -> Piece<N> {
        let mut piece = Piece::EMPTY;
        piece.length = text.len();
        piece.bytes[..text.len()].copy_from_slice(text.as_bytes());
        piece
    }

    /// Adds what begins a field of fixed width.
    #[inline]
    fn put<const M: usize>(&mut self, bytes: &[u8; M], length: usize) {
        self.bytes[self.length..self.length + M].copy_from_slice(bytes);
        self.length += length;
    }

    #[inline]
    fn comma(&mut self) {
        self.bytes[self.length] = b',';
        self.length += 1;
    }
}

/// Numbers up to here are looked up.
const NUMBERS: usize = 1000;
/// For so many numbers of a rule the beginning of the line is put together beforehand.
const ORDINALS: usize = 8;
/// When so much has been put together it is written; a case adds no more than stands behind it.
const PIECE: usize = 1 << 18;
const ONE_CASE: usize = 1 << 18;

/// What stands in the lines of a rule.
struct Constants {
    /// From the case to the middle, by the number.
    begin: [Piece<96>; ORDINALS],
    /// The same in two, where a number or a `ref` stands between.
    rule: String,
    owners: String,
    end: Piece<32>,
    /// The lines that are the same in every case and stand before those of the rule, and where in them
    /// the case stands.
    before: Vec<u8>,
    names: Vec<usize>,
}

/// Puts lines together and writes them.
pub(crate) struct Writer<W> {
    output: W,
    buffer: Vec<u8>,
    used: usize,
    constants: Vec<Constants>,
    statuses: [Piece<16>; 11],
    kinds: [Piece<16>; 3],
    numbers: Vec<Piece<4>>,
    middles: Vec<Piece<112>>,
}

impl<W: Write> Writer<W> {
    /// Begins with the names of the columns.
    pub(crate) fn new(output: W, days: &Days) -> Writer<W> {
        let mut writer = Writer {
            output,
            buffer: vec![0; PIECE + ONE_CASE],
            used: 0,
            constants: Vec::new(),
            statuses: STATUSES.map(|text| Piece::new(&format!(",{text},"))),
            kinds: KINDS.map(Piece::new),
            numbers: (0..NUMBERS).map(|number| Piece::new(&number.to_string())).collect(),
            middles: Vec::new(),
        };
        writer.find_constants(days);
        writer.copy(
            b"case,rule,part,ordinal,ref,owner,strength,opens,due,status,days,working_days,\
            basis,basis_date,done_on,cite\r\n",
        );
        writer
    }

    /// Puts together what is the same in every case.
    fn find_constants(&mut self, days: &Days) {
        let (mut before, mut names) = (Vec::new(), Vec::new());
        for rule in RULES {
            let name = format!(",{},{},", rule.name, rule.part);
            let owners = format!(",{},{},", rule.owners, rule.strength);
            let end: Piece<32> = Piece::new(&format!(",{}\r\n", rule.cites));
            let begin =
                std::array::from_fn(|ordinal| Piece::new(&format!("{name}{ordinal},{owners}")));
            if let Some(status) = rule.always {
                let middle = self.render(&Middle::bare(status), days);
                names.push(before.len());
                before.extend_from_slice(&[0; 10]);
                let first: &Piece<96> = &begin[1];
                before.extend_from_slice(&first.bytes[..first.length]);
                before.extend_from_slice(&middle.bytes[..middle.length]);
                before.extend_from_slice(&end.bytes[..end.length]);
            }
            self.constants.push(Constants {
                begin,
                rule: name,
                owners,
                end,
                before: if rule.always.is_none() {
                    std::mem::take(&mut before)
                } else {
                    Vec::new()
                },
                names: if rule.always.is_none() { std::mem::take(&mut names) } else { Vec::new() },
            });
        }
    }

    /// Writes the lines of a case.
    pub(crate) fn write(&mut self, case: &Case, sheet: &Sheet, days: &Days) -> Result<(), Fault> {
        self.middles.clear();
        for middle in &sheet.middles {
            let rendered = self.render(middle, days);
            self.middles.push(rendered);
        }
        let mut name = [0; 16];
        name[..10].copy_from_slice(&case.name);
        let mut previous = None;
        for line in &sheet.lines {
            if previous != Some(line.rule) {
                previous = Some(line.rule);
                self.constant_lines(line.rule, &case.name);
            }
            let constants = &self.constants[line.rule as usize];
            let mut used = put(&mut self.buffer, self.used, &name, 10);
            match constants.begin.get(usize::from(line.ordinal)) {
                Some(begin) if !line.named => {
                    used = put(&mut self.buffer, used, &begin.bytes, begin.length);
                }
                _ => {
                    let reference = &case.challenge.reference;
                    let length = if line.named { usize::from(reference.length) } else { 0 };
                    let number = line.ordinal.to_string();
                    used = copy(&mut self.buffer, used, constants.rule.as_bytes());
                    used = copy(&mut self.buffer, used, number.as_bytes());
                    used = copy(&mut self.buffer, used, b",");
                    used = put(&mut self.buffer, used, &reference.text, length);
                    used = copy(&mut self.buffer, used, constants.owners.as_bytes());
                }
            }
            let middle = &self.middles[usize::from(line.middle)];
            used = put(&mut self.buffer, used, &middle.bytes, middle.length);
            self.used = put(&mut self.buffer, used, &constants.end.bytes, constants.end.length);
        }
        if self.used > PIECE {
            self.flush()?;
        }
        Ok(())
    }

    /// Copies the lines that are the same in every case and stand before a rule, and puts in the case.
    #[inline]
    fn constant_lines(&mut self, rule: Rule, name: &[u8; 10]) {
        let constants = &self.constants[rule as usize];
        let room = &mut self.buffer[self.used..self.used + constants.before.len()];
        room.copy_from_slice(&constants.before);
        for &place in &constants.names {
            room[place..place + 10].copy_from_slice(name);
        }
        self.used += constants.before.len();
    }

    /// Puts a middle into words.
    #[inline]
    fn render(&self, middle: &Middle, days: &Days) -> Piece<112> {
        let mut piece = Piece::EMPTY;
        let day = |piece: &mut Piece<112>, day: Option<Day>| {
            if let Some(day) = day {
                piece.put(days.text(day), 10);
            }
        };
        day(&mut piece, middle.opens);
        piece.comma();
        day(&mut piece, middle.due);
        let status = &self.statuses[middle.status as usize];
        piece.put(&status.bytes, status.length);
        self.number(&mut piece, middle.days);
        piece.comma();
        if let Some(working) = middle.working {
            self.number(&mut piece, working);
        }
        piece.comma();
        if let Some((kind, date)) = middle.basis {
            let kind = &self.kinds[kind as usize];
            piece.put(&kind.bytes, kind.length);
            piece.comma();
            piece.put(days.text(date), 10);
        } else {
            piece.comma();
        }
        piece.comma();
        day(&mut piece, middle.done);
        piece
    }

    #[inline]
    fn number(&self, piece: &mut Piece<112>, number: i32) {
        if let Some(known) = usize::try_from(number).ok().and_then(|n| self.numbers.get(n)) {
            piece.put(&known.bytes, known.length);
        } else {
            for byte in number.to_string().bytes() {
                piece.put(&[byte], 1);
            }
        }
    }

    fn copy(&mut self, text: &[u8]) {
        self.used = copy(&mut self.buffer, self.used, text);
    }

    fn flush(&mut self) -> Result<(), Fault> {
        self.output.write_all(&self.buffer[..self.used])?;
        self.used = 0;
        Ok(())
    }

    /// Ends with the line that says that everything is there.
    pub(crate) fn finish(mut self, cases: u32) -> Result<(), Fault> {
        self.copy(format!("#end,{cases} answered,,,,,,,,,,,,,,\r\n").as_bytes());
        self.flush()?;
        Ok(self.output.flush()?)
    }
}

/// Copies a text of fixed width; where the next begins, of which so many bytes are part of the text.
#[inline]
fn put<const N: usize>(buffer: &mut [u8], at: usize, bytes: &[u8; N], length: usize) -> usize {
    buffer[at..at + N].copy_from_slice(bytes);
    at + length
}

/// Copies a text; where the next begins.
#[inline]
fn copy(buffer: &mut [u8], at: usize, text: &[u8]) -> usize {
    buffer[at..at + text.len()].copy_from_slice(text);
    at + text.len()
}
