//! Lines of JSON as programs write them, read in one pass and held against the policy on the way.
//!
//! Of a caseload nearly every line is plain: an object of a case and its events, each field once, no
//! escapes, and nothing that is unknown or null. Such a line is read here several times as fast as by the
//! general reader, and to the same end. Any other line is left to that one, which alone finds the words
//! for what is wrong: a reader of plain lines never refuses, it only declines.

use std::cell::RefCell;

use rustc_hash::FxHashMap;

use super::rows::{Read, finish};
use crate::calendar::{Date, days_in_month};
use crate::eval::Fact;
use crate::policy::{AttributeId, EventId, Policy};

/// A reader of plain lines.
pub(super) struct PlainReader<'p> {
    policy: &'p Policy,
    events: FxHashMap<&'p str, EventId>,
    months: RefCell<Months>,
}

/// Hardly any event takes fewer bytes on the average of a line.
const USUAL: usize = 48;

/// What is left of a line, and the fields of the event that is being read.
struct Line<'a> {
    rest: &'a [u8],
    text: &'a str,
    fields: Vec<(&'a str, &'a str)>,
}

impl<'p> PlainReader<'p> {
    pub(super) fn new(policy: &'p Policy) -> PlainReader<'p> {
        let events = policy.events.iter().zip(0..);
        let events = events.map(|(event, index)| (event.name.as_str(), EventId(index))).collect();
        PlainReader { policy, events, months: RefCell::default() }
    }

    /// Reads the case of a line with the given number; nothing where it is not plain.
    pub(super) fn case(&self, number: u32, text: &str) -> Option<Read> {
        let mut line = Line { rest: text.as_bytes(), text, fields: Vec::new() };
        let (mut case, mut facts) = (None, None);
        line.take(b'{')?;
        loop {
            let key = line.string()?;
            line.take(b':')?;
            match key {
                "case" if case.is_none() => case = Some(line.string()?),
                "events" if facts.is_none() => facts = Some(self.events(number, &mut line)?),
                _ => return None,
            }
            if !line.goes_on(b'}')? {
                break;
            }
        }
        let case = case.filter(|case| !case.trim().is_empty())?;
        let facts = facts.filter(|_| line.rest.trim_ascii().is_empty())?;
        Some(finish(self.policy, case, facts))
    }

    fn events(&self, number: u32, line: &mut Line<'_>) -> Option<Vec<Fact>> {
        let mut facts = Vec::with_capacity(line.rest.len() / USUAL);
        line.take(b'[')?;
        if line.peek()? == b']' {
            line.take(b']')?;
            return Some(facts);
        }
        loop {
            facts.push(self.event(number, line)?);
            if !line.goes_on(b']')? {
                return Some(facts);
            }
        }
    }

    fn event(&self, number: u32, line: &mut Line<'_>) -> Option<Fact> {
        let (mut date, mut event) = (None, None);
        line.fields.clear();
        line.take(b'{')?;
        // Programs nearly always begin with these two.
        if let Some((day, name, ends)) = line.usual_beginning() {
            (date, event) = (Some(day), Some(name));
            if ends {
                return self.fact(number, day, name, &[]);
            }
        }
        loop {
            let key = line.string()?;
            line.take(b':')?;
            let value = line.scalar()?;
            match key {
                "date" if date.is_none() => date = Some(value),
                "event" if event.is_none() => event = Some(value),
                "date" | "event" => return None,
                _ => line.fields.push((key, value)),
            }
            if !line.goes_on(b'}')? {
                break;
            }
        }
        self.fact(number, date?, event?, &line.fields)
    }

    /// Reads an event with the given fields; nothing where it is not plain.
    pub(super) fn fact(
        &self,
        number: u32,
        date: &str,
        event: &str,
        fields: &[(&str, &str)],
    ) -> Option<Fact> {
        let event = *self.events.get(event)?;
        let attributes = &self.policy.event(event).attributes;
        let date = self.months.borrow_mut().date(date)?;
        let mut fact = Fact { line: number, ..Fact::bare(self.policy, event, date) };
        for &(name, value) in fields {
            match name {
                "ref" if fact.reference.is_none() && !value.trim().is_empty() => {
                    fact.reference = Some(value.to_owned());
                }
                "ref" | "seq" => return None,
                _ => {
                    let index = attributes.iter().position(|attribute| attribute.name == name)?;
                    let place = fact.values.get_mut(index).filter(|place| place.is_none())?;
                    let read = self.policy.read_value(event, AttributeId(index as u16), value);
                    *place = Some(read.ok()?);
                }
            }
        }
        Some(fact)
    }
}

/// When each month began that has been met so far.
#[derive(Debug, Default)]
struct Months {
    begins: FxHashMap<(i32, u32), Date>,
    last: Option<((i32, u32), Date)>,
}

impl Months {
    /// The date of a text such as `2026-03-27`.
    fn date(&mut self, text: &str) -> Option<Date> {
        let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text.as_bytes() else { return None };
        let digit = |byte: u8| byte.is_ascii_digit().then(|| u32::from(byte - b'0'));
        let year = digit(y1)? * 1000 + digit(y2)? * 100 + digit(y3)? * 10 + digit(y4)?;
        let (month, day) = (digit(m1)? * 10 + digit(m2)?, digit(d1)? * 10 + digit(d2)?);
        let month = (year as i32, month);
        let begin = match self.last {
            Some((last, begin)) if last == month => begin,
            _ => {
                let known = self.begins.get(&month).copied();
                let begin = known.or_else(|| Date::from_ymd(month.0, month.1, 1))?;
                self.begins.insert(month, begin);
                begin
            }
        };
        self.last = Some((month, begin));
        let within = 1 <= day && day <= days_in_month(month.0, month.1);
        within.then(|| begin.add_days(day as i32 - 1)).flatten()
    }
}

impl<'a> Line<'a> {
    /// The date and the name of an event that begins with them, without blanks, and whether that is all of
    /// it. Otherwise nothing is passed over.
    fn usual_beginning(&mut self) -> Option<(&'a str, &'a str, bool)> {
        const DATE: &[u8] = b"\"date\":\"";
        const EVENT: &[u8] = b"\",\"event\":\"";
        let rest = self.rest.strip_prefix(DATE)?;
        let (date, rest) = (self.at(rest, 10)?, rest.get(10..)?);
        let rest = rest.strip_prefix(EVENT)?;
        // What is escaped in a name makes it the name of no event.
        let end = rest.iter().position(|&byte| byte == b'"')?;
        let (name, rest) = (self.at(rest, end)?, rest.get(end..)?);
        let (rest, ends) = match rest {
            [b'"', b'}', rest @ ..] => (rest, true),
            [b'"', b',', rest @ ..] => (rest, false),
            _ => return None,
        };
        self.rest = rest;
        Some((date, name, ends))
    }

    /// The next byte that is no blank.
    fn peek(&mut self) -> Option<u8> {
        self.rest = self.rest.trim_ascii_start();
        self.rest.first().copied()
    }

    /// Passes over this byte, and blanks before it.
    fn take(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.skip(1))
    }

    fn skip(&mut self, bytes: usize) {
        self.rest = self.rest.get(bytes..).unwrap_or_default();
    }

    /// Passes over a comma, or over the bracket that ends the list: whether there is more.
    fn goes_on(&mut self, end: u8) -> Option<bool> {
        let next = self.peek()?;
        self.skip(1);
        match next {
            b',' => Some(true),
            _ => (next == end).then_some(false),
        }
    }

    /// So many bytes of what is left, as text.
    fn part(&self, bytes: usize) -> Option<&'a str> {
        self.at(self.rest, bytes)
    }

    /// So many bytes of what is left from a place on, as text.
    fn at(&self, rest: &[u8], bytes: usize) -> Option<&'a str> {
        let begin = self.text.len() - rest.len();
        self.text.get(begin..begin + bytes)
    }

    /// A string without escapes.
    fn string(&mut self) -> Option<&'a str> {
        self.take(b'"')?;
        let end = self.rest.iter().position(|&byte| matches!(byte, b'"' | b'\\' | 0..b' '))?;
        let text = self.part(end)?;
        self.skip(end);
        self.take(b'"')?;
        Some(text)
    }

    /// A string, a number as it is written, or `yes` or `no` for what is true or not.
    fn scalar(&mut self) -> Option<&'a str> {
        match self.peek()? {
            b'"' => self.string(),
            b't' if self.rest.starts_with(b"true") => {
                self.skip(4);
                Some("yes")
            }
            b'f' if self.rest.starts_with(b"false") => {
                self.skip(5);
                Some("no")
            }
            b'0'..=b'9' => {
                let digit = |byte: &&u8| byte.is_ascii_digit();
                let whole = self.rest.iter().take_while(digit).count();
                if whole > 1 && self.rest.first() == Some(&b'0') {
                    return None;
                }
                // Whatever is not a plain whole number is found by what follows it.
                let text = self.part(whole)?;
                self.skip(whole);
                Some(text)
            }
            _ => None,
        }
    }
}
