//! A reader of the lines that the generator of the caseload writes, and of no others.
//!
//! It knows in which order the fields of each event stand and which values they can have. Whatever it
//! does not know stops it: it never passes over anything.

use std::io::Read;

use super::Fault;
use super::case::{Case, Judgement, Kind, Setting};
use super::days::{Day, Days};
use super::names::{Found, Names, Rest};

/// How much is read at once.
const PIECE: usize = 1 << 18;
/// How long a line can be at most, and how much may be looked at behind its end.
const LONGEST: usize = 1 << 15;
const BEHIND: usize = 64;

/// Reads cases.
pub(crate) struct Reader<R> {
    input: R,
    names: Names,
    as_of: Day,
    buffer: Vec<u8>,
    begin: usize,
    end: usize,
    over: bool,
    line: u32,
    last: [u8; 10],
}

impl<R: Read> Reader<R> {
    /// Begins to read.
    pub(crate) fn new(input: R, as_of: Day) -> Reader<R> {
        Reader {
            input,
            names: Names::new(),
            as_of,
            buffer: vec![0; PIECE + LONGEST + BEHIND],
            begin: 0,
            end: 0,
            over: false,
            line: 0,
            last: [0; 10],
        }
    }

    /// Reads the next case; false where there is none.
    pub(crate) fn next(&mut self, days: &Days, case: &mut Case) -> Result<bool, Fault> {
        if self.end - self.begin < LONGEST && !self.over {
            self.fill()?;
        }
        if self.begin == self.end {
            return Ok(false);
        }
        self.line += 1;
        let fault = |what| Fault::Line { line: self.line, what };
        case.clear();
        let text = &self.buffer[self.begin..self.end + BEHIND];
        let parser = Parser { days, names: &self.names, as_of: self.as_of };
        let rest = parser.case(text, case).map_err(fault)?;
        let used = text.len() - rest.len();
        self.begin += used;
        if self.begin > self.end {
            return Err(fault("the file ends within a line"));
        }
        if case.name <= self.last {
            return Err(fault("the cases are not in order"));
        }
        self.last = case.name;
        match case.unknown_shape() {
            Some(what) => Err(fault(what)),
            None => Ok(true),
        }
    }

    /// Moves what is left to the front, and reads on behind it.
    fn fill(&mut self) -> Result<(), Fault> {
        self.buffer.copy_within(self.begin..self.end, 0);
        self.end -= self.begin;
        self.begin = 0;
        let room = self.buffer.len() - BEHIND;
        while self.end < LONGEST {
            let read = self.input.read(&mut self.buffer[self.end..room])?;
            self.end += read;
            if read == 0 {
                self.over = true;
                break;
            }
        }
        self.buffer[self.end..self.end + BEHIND].fill(0);
        Ok(())
    }
}

/// Why a line cannot be read.
type Refused = &'static str;

struct Parser<'a> {
    days: &'a Days,
    names: &'a Names,
    as_of: Day,
}

impl Parser<'_> {
    /// Reads a line; what stands behind it.
    fn case<'t>(&self, text: &'t [u8], case: &mut Case) -> Result<&'t [u8], Refused> {
        let (head, mut text) = text.split_first_chunk::<31>().ok_or("a line is cut off")?;
        if head[..12] != *br#"{"case":"LA-"# || head[19..] != *br#"","events":["# {
            return Err("a line does not begin with a case and its events");
        }
        if !head[12..19].iter().all(u8::is_ascii_digit) {
            return Err("the name of a case has not seven digits");
        }
        case.name.copy_from_slice(&head[9..19]);
        let mut last = Day::MIN;
        loop {
            let (head, rest) = text.split_first_chunk::<30>().ok_or("an event is cut off")?;
            if head[..9] != *br#"{"date":""# || head[19..] != *br#"","event":""# {
                return Err("an event does not begin with its date and its name");
            }
            let date = head[9..].first_chunk().ok_or("a date is cut off")?;
            let day = self.days.parse(date).ok_or("a date is none")?;
            if day < last || self.as_of < day {
                return Err("an event is not in order, or has not happened yet");
            }
            last = day;
            text = self.event(rest, day, case)?;
            match text.first_chunk::<3>() {
                Some([b',', ..]) => text = &text[1..],
                Some(b"]}\n") => return Ok(&text[3..]),
                _ => return Err("behind an event stands neither another nor the end"),
            }
        }
    }

    /// Reads an event from its name on; what stands behind it.
    #[inline]
    fn event<'t>(&self, text: &'t [u8], day: Day, case: &mut Case) -> Result<&'t [u8], Refused> {
        let Found { rest, text } = self.names.find(text).ok_or("an event is not known")?;
        match rest {
            Rest::Kind(kind) => {
                if !case.add(kind, day) {
                    return Err("there are too many events of a kind");
                }
                Ok(text)
            }
            rest => self.attributes(rest, text, day, case),
        }
    }

    /// Reads the attributes of an event that has some; they begin with the first value.
    fn attributes<'t>(
        &self,
        rest: Rest,
        text: &'t [u8],
        day: Day,
        case: &mut Case,
    ) -> Result<&'t [u8], Refused> {
        let (done, text) = match rest {
            Rest::Kind(kind) => (case.add(kind, day), text),
            Rest::Born => {
                let first = case.born == Day::MAX;
                case.born = day;
                (first, text)
            }
            Rest::Begin => {
                let first = case.begin == Day::MAX;
                case.begin = day;
                (first, text)
            }
            Rest::Placed => {
                let (setting, text) = placed(text)?;
                (case.placed.push((day, setting)), text)
            }
            Rest::Planned => {
                let (date, text) = self.date(text)?;
                (case.plans.push((day, date)), after(text, br#""}"#)?)
            }
            Rest::Rearranged => {
                let (_, text) = self.date(text)?;
                let text = after(text, br#"","exceptional":true}"#)?;
                let again = case.of(Kind::Rearranged).last() == Some(&day);
                (!again && case.add(Kind::Rearranged, day), text)
            }
            Rest::Held => {
                let text = after(text, b"initial").or_else(|_| after(text, b"ordinary"))?;
                let text = after(text, br#"","meeting":true,"plan-changed":"#)?;
                let (changed, text) = truth(text)?;
                (case.reviews.push((day, changed)), text)
            }
            Rest::Decided => {
                let (date, text) = self.date(text)?;
                (case.decisions.push((day, date)), after(text, br#""}"#)?)
            }
            Rest::Judged => {
                let (significant, text) = truth_before(text, br#","review-by":""#)?;
                let (review_by, text) = self.date(text)?;
                (case.judge(Judgement { day, significant, review_by }), after(text, br#""}"#)?)
            }
            Rest::Raised | Rest::Answered | Rest::Satisfied | Rest::Resolved => {
                return challenge(rest, text, day, case);
            }
        };
        if done { Ok(text) } else { Err("an event stands there twice, or too often") }
    }

    /// Reads a date that an event carries.
    fn date<'t>(&self, text: &'t [u8]) -> Result<(Day, &'t [u8]), Refused> {
        let (date, text) = text.split_first_chunk().ok_or("a date is cut off")?;
        let day = self.days.parse(date).filter(|&day| self.days.leaves_room(day));
        Ok((day.ok_or("a date is none, or too far ahead")?, text))
    }
}

/// Reads where a child is placed.
fn placed(text: &[u8]) -> Result<(Setting, &[u8]), Refused> {
    let digits = text.iter().take(4).take_while(|byte| byte.is_ascii_digit()).count();
    if !(1..4).contains(&digits) {
        return Err("the miles are no number");
    }
    let text = after(&text[digits..], br#","setting":""#)?;
    let (setting, length) = match text.first() {
        Some(b'f') => (Setting::Foster, after(text, br#"foster"}"#)),
        Some(b'r') => (Setting::Residential, after(text, br#"residential"}"#)),
        Some(b'w') => (Setting::WithParents, after(text, br#"with-parents"}"#)),
        _ => (Setting::Other, after(text, br#"other"}"#)),
    };
    Ok((setting, length?))
}

/// Reads an act of a challenge from its `ref` on.
fn challenge<'t>(
    rest: Rest,
    text: &'t [u8],
    day: Day,
    case: &mut Case,
) -> Result<&'t [u8], Refused> {
    let challenge = &mut case.challenge;
    let length = text.iter().take(15).position(|&byte| byte == b'"').ok_or("a ref is too long")?;
    let (own, text) = text.split_at(length);
    let known = &mut challenge.reference;
    if known.length == 0 {
        let plain = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'-';
        if own.first().is_none_or(|byte| !byte.is_ascii_lowercase()) || !own.iter().all(plain) {
            return Err("a ref is no plain word");
        }
        known.length = length as u8;
        known.text[..length].copy_from_slice(own);
    } else if known.text[..usize::from(known.length)] != *own {
        return Err("a case has a second challenge");
    }
    if challenge.resolved.is_some() {
        return Err("a challenge goes on after it was resolved");
    }
    let stage = |text: &'t [u8]| {
        let (stage, rest) = after(text, br#"","stage":"#)?.split_first().ok_or("a stage")?;
        Ok::<_, Refused>((usize::from(stage.wrapping_sub(b'1')), rest))
    };
    match rest {
        Rest::Raised => {
            let (stage, text) = stage(text)?;
            if stage > 3 || stage != challenge.raised.len() || !challenge.raised.push(day) {
                return Err("a stage is opened out of its order");
            }
            after(text, br#","ground":"decision-not-implemented"}"#)
        }
        Rest::Answered => {
            let (stage, text) = stage(text)?;
            if stage >= challenge.raised.len() || challenge.answered[stage].replace(day).is_some() {
                return Err("a stage is answered before it was opened, or twice");
            }
            after(text, b"}")
        }
        Rest::Satisfied => Ok(truth(after(text, br#"","satisfied":"#)?)?.1),
        _ => {
            challenge.resolved = Some(day);
            after(text, br#""}"#)
        }
    }
}

/// What stands behind a text that has to stand there.
#[inline]
fn after<'t>(text: &'t [u8], expected: &[u8]) -> Result<&'t [u8], Refused> {
    text.strip_prefix(expected).ok_or("an attribute or its value is not known")
}

/// Reads `true` or `false` at the end of an event.
fn truth(text: &[u8]) -> Result<(bool, &[u8]), Refused> {
    truth_before(text, b"}")
}

/// Reads `true` or `false`, and what has to stand behind it.
fn truth_before<'t>(text: &'t [u8], expected: &[u8]) -> Result<(bool, &'t [u8]), Refused> {
    let (truth, text) = match text.strip_prefix(b"true") {
        Some(text) => (true, text),
        None => (false, after(text, b"false")?),
    };
    Ok((truth, after(text, expected)?))
}
