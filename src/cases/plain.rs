//! Lines of JSON as programs write them, read in one pass and held against the policy on the way.
//!
//! Of a caseload nearly every line is plain: an object of a case and its events, each field once, no
//! escapes, and nothing that is unknown or null. Such a line is read here several times as fast as by the
//! general reader, and to the same end. Any other line is left to that one, which alone finds the words
//! for what is wrong: a reader of plain lines never refuses, it only declines.

use std::collections::HashMap;

use super::rows::{Read, finish};
use crate::calendar::Date;
use crate::eval::Fact;
use crate::policy::{AttributeId, EventId, Policy};

/// A reader of plain lines.
pub(super) struct PlainReader<'p> {
    policy: &'p Policy,
    events: HashMap<&'p str, EventId>,
}

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
        PlainReader { policy, events }
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
        let mut facts = Vec::with_capacity(line.rest.len() / 64);
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
        let event = *self.events.get(event?)?;
        let attributes = &self.policy.event(event).attributes;
        let mut fact = Fact {
            date: Date::parse(date?).ok()?,
            event,
            values: vec![None; attributes.len()],
            reference: None,
            sequence: None,
            line: number,
        };
        for &(name, value) in &line.fields {
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

impl<'a> Line<'a> {
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
        let begin = self.text.len() - self.rest.len();
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
