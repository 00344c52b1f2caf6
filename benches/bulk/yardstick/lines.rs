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

    /// The text.
    fn text(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

/// Numbers up to here are looked up.
const NUMBERS: usize = 1000;
/// For so many numbers of a rule the beginning of the line is put together beforehand.
const ORDINALS: usize = 8;
/// When so much has been put together it is written; a case adds no more than stands behind it.
const PIECE: usize = 1 << 18;
const ONE_CASE: usize = 1 << 18;
/// No line is longer.
const LINE: usize = 320;
/// Most texts are no longer than this, and are copied at once.
const MOST: usize = 64;

/// What stands in the lines of a rule.
struct Constants {
    /// What stands before and behind the `ref`, where there is one, or a high number.
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
    /// What stands between the case and the middle: for each rule and number.
    begins: Vec<Piece<96>>,
    words: Words,
    /// The middles of the case; what is left of the case before stands behind them.
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
            begins: Vec::new(),
            words: Words::new(),
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
            for ordinal in 0..ORDINALS {
                self.begins.push(Piece::new(&format!("{name}{ordinal},{owners}")));
            }
            if let Some(status) = rule.always {
                let mut middle = Piece::EMPTY;
                self.words.render(&Middle::bare(status), days, &mut middle);
                names.push(before.len());
                before.extend_from_slice(&[0; 10]);
                before.extend_from_slice(format!("{name}1,{owners}").as_bytes());
                before.extend_from_slice(middle.text());
                before.extend_from_slice(end.text());
            }
            let own = rule.always.is_none();
            let before = if own { std::mem::take(&mut before) } else { Vec::new() };
            let names = if own { std::mem::take(&mut names) } else { Vec::new() };
            self.constants.push(Constants { rule: name, owners, end, before, names });
        }
    }

    /// Writes the lines of a case.
    pub(crate) fn write(&mut self, case: &Case, sheet: &Sheet, days: &Days) -> Result<(), Fault> {
        if self.middles.len() < sheet.middles.len() {
            self.middles.resize(sheet.middles.len(), Piece::EMPTY);
        }
        for (middle, piece) in sheet.middles.iter().zip(&mut self.middles) {
            self.words.render(middle, days, piece);
        }
        let mut name = [0; 16];
        name[..10].copy_from_slice(&case.name);
        let mut previous = None;
        for &line in &sheet.lines {
            if previous != Some(line.rule) {
                previous = Some(line.rule);
                self.constant_lines(line.rule, &case.name);
            }
            let rule = line.rule as usize;
            let ordinal = usize::from(line.ordinal);
            if line.named || ordinal >= ORDINALS {
                self.named(line, case);
                continue;
            }
            let begin = &self.begins[rule * ORDINALS + ordinal];
            let middle = &self.middles[usize::from(line.middle)];
            let end = &self.constants[rule].end;
            let room = self.buffer[self.used..].first_chunk_mut::<LINE>().unwrap();
            room[..16].copy_from_slice(&name);
            let mut used = put::<96>(room, 10, begin);
            used = put::<112>(room, used, middle);
            room[used..used + 32].copy_from_slice(&end.bytes);
            self.used += used + end.length;
        }
        if self.used > PIECE {
            self.flush()?;
        }
        Ok(())
    }

    /// Writes a line with the `ref` of the challenge, or with a high number.
    fn named(&mut self, line: Line, case: &Case) {
        let reference = &case.challenge.reference;
        let length = if line.named { usize::from(reference.length) } else { 0 };
        let constants = &self.constants[line.rule as usize];
        for text in [
            &case.name,
            constants.rule.as_bytes(),
            line.ordinal.to_string().as_bytes(),
            b",",
            &reference.text[..length],
            constants.owners.as_bytes(),
            self.middles[usize::from(line.middle)].text(),
            constants.end.text(),
        ] {
            self.buffer[self.used..self.used + text.len()].copy_from_slice(text);
            self.used += text.len();
        }
    }

    /// Copies the lines that are the same in every case and stand before a rule, and puts in the case.
    #[inline]
    fn constant_lines(&mut self, rule: Rule, name: &[u8; 10]) {
        let constants = &self.constants[rule as usize];
        if constants.before.is_empty() {
            return;
        }
        let room = &mut self.buffer[self.used..self.used + constants.before.len()];
        room.copy_from_slice(&constants.before);
        for &place in &constants.names {
            room[place..place + 10].copy_from_slice(name);
        }
        self.used += constants.before.len();
    }

    fn copy(&mut self, text: &[u8]) {
        self.buffer[self.used..self.used + text.len()].copy_from_slice(text);
        self.used += text.len();
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

/// Copies a text into a line; where the next begins.
#[inline]
fn put<const N: usize>(line: &mut [u8; LINE], at: usize, piece: &Piece<N>) -> usize {
    let room = &mut line[at..at + N];
    room[..MOST].copy_from_slice(&piece.bytes[..MOST]);
    if piece.length > MOST {
        room[MOST..].copy_from_slice(&piece.bytes[MOST..]);
    }
    at + piece.length
}

/// The words of a middle.
struct Words {
    statuses: [Piece<16>; 11],
    kinds: [Piece<16>; 3],
    numbers: Vec<Piece<8>>,
}

impl Words {
    fn new() -> Words {
        Words {
            statuses: STATUSES.map(|text| Piece::new(&format!(",{text},"))),
            kinds: KINDS.map(|text| Piece::new(&format!("{text},"))),
            numbers: (0..NUMBERS).map(|number| Piece::new(&format!("{number},"))).collect(),
        }
    }

    /// Puts a middle into words.
    #[inline]
    fn render(&self, middle: &Middle, days: &Days, piece: &mut Piece<112>) {
        let room = &mut piece.bytes;
        let mut at = 0;
        if let Some(day) = middle.opens {
            room[..16].copy_from_slice(days.text(day));
            at = 10;
        }
        room[at] = b',';
        at += 1;
        at = day(room, at, middle.due, days);
        let status = &self.statuses[middle.status as usize];
        room[at..at + 16].copy_from_slice(&status.bytes);
        at = self.number(room, at + status.length, middle.days);
        if let Some(working) = middle.working {
            at = self.number(room, at, working);
        } else {
            room[at] = b',';
            at += 1;
        }
        if let Some((kind, date)) = middle.basis {
            let kind = &self.kinds[kind as usize];
            room[at..at + 16].copy_from_slice(&kind.bytes);
            at += kind.length;
            room[at..at + 16].copy_from_slice(days.text(date));
            at += 10;
        } else {
            room[at] = b',';
            at += 1;
        }
        room[at] = b',';
        piece.length = day(room, at + 1, middle.done, days);
    }

    /// Writes a number and a comma; where the next begins.
    #[inline]
    fn number(&self, room: &mut [u8; 112], at: usize, number: i32) -> usize {
        if let Some(known) = usize::try_from(number).ok().and_then(|n| self.numbers.get(n)) {
            room[at..at + 8].copy_from_slice(&known.bytes);
            return at + known.length;
        }
        let text = format!("{number},");
        room[at..at + text.len()].copy_from_slice(text.as_bytes());
        at + text.len()
    }
}

/// Writes a day, if there is one; where the next begins.
#[inline]
fn day(room: &mut [u8; 112], at: usize, day: Option<Day>, days: &Days) -> usize {
    let Some(day) = day else { return at };
    room[at..at + 16].copy_from_slice(days.text(day));
    at + 10
}
