//! Lines of JSON as programs write them, read in one pass and held against the policy on the way.
//!
//! Of a caseload nearly every line is plain: an object of a case and its events, each field once, no
//! escapes, and nothing that is unknown or null. Such a line is read here several times as fast as by the
//! general reader, and to the same end. Any other line is left to that one, which alone finds the words
//! for what is wrong: a reader of plain lines never refuses, it only declines.

use std::cell::Cell;

use super::rows::{Read, finish};
use crate::calendar::{Date, days_in_month};
use crate::eval::Fact;
use crate::policy::{Attribute, AttributeKind, EventId, Policy, Value};

/// A reader of plain lines.
pub(super) struct PlainReader<'p> {
    policy: &'p Policy,
    events: Names<'p>,
    /// The months of dates that were read, each where its year and number put it.
    months: [Cell<Month>; 64],
}

/// Hardly any event takes fewer bytes on the average of a line.
const USUAL: usize = 48;

/// The names of the events, told apart by their lengths and by the letters at their ends before they are
/// compared.
struct Names<'p>(Vec<Vec<(&'p [u8], EventId)>>);

/// What is left of a line.
struct Line<'a> {
    rest: &'a [u8],
}

impl<'p> PlainReader<'p> {
    pub(super) fn new(policy: &'p Policy) -> PlainReader<'p> {
        PlainReader {
            policy,
            events: Names::of(policy),
            months: [const { Cell::new(Month::NONE) }; 64],
        }
    }

    /// Reads the case of a line with the given number; nothing where it is not plain.
    pub(super) fn case(&self, number: u32, text: &str) -> Option<Read> {
        let mut line = Line { rest: text.as_bytes() };
        let (mut case, mut facts) = (None, None);
        line.take(b'{')?;
        loop {
            let key = line.string()?;
            line.take(b':')?;
            match key {
                b"case" if case.is_none() => case = Some(line.string()?),
                b"events" if facts.is_none() => facts = Some(self.events(number, &mut line)?),
                _ => return None,
            }
            if !line.goes_on(b'}')? {
                break;
            }
        }
        let case = str::from_utf8(case?).ok().filter(|case| !case.trim().is_empty())?;
        let facts = facts.filter(|_| line.is_over())?;
        Some(finish(self.policy, case, facts))
    }

    fn events(&self, number: u32, line: &mut Line<'_>) -> Option<Vec<Fact>> {
        let mut facts = Vec::with_capacity(line.rest.len() / USUAL);
        line.take(b'[')?;
        if line.take(b']').is_some() {
            return Some(facts);
        }
        loop {
            self.event(number, line, &mut facts)?;
            if !line.goes_on(b']')? {
                return Some(facts);
            }
        }
    }

    /// Reads an event into its place, behind those before it.
    fn event(&self, number: u32, line: &mut Line<'_>, facts: &mut Vec<Fact>) -> Option<()> {
        line.take(b'{')?;
        // Programs nearly always begin with these two.
        let Some((date, event)) = line.usual_beginning() else {
            facts.push(self.unusual_event(number, line)?);
            return Some(());
        };
        let (event, date) = (self.events.find(event)?, self.date(date)?);
        facts.push(Fact { line: number, ..Fact::bare(self.policy, event, date) });
        if !line.goes_on(b'}')? {
            return Some(());
        }
        let fact = facts.last_mut()?;
        let mut next = 0;
        loop {
            let name = line.string()?;
            line.take(b':')?;
            if name == b"date" || name == b"event" {
                return None;
            }
            next = self.field(fact, next, name, line.scalar()?)?;
            if !line.goes_on(b'}')? {
                return Some(());
            }
        }
    }

    /// Reads an event whose fields are in any order.
    fn unusual_event(&self, number: u32, line: &mut Line<'_>) -> Option<Fact> {
        let (mut date, mut event) = (None, None);
        let mut fields = Vec::new();
        loop {
            let key = line.string()?;
            line.take(b':')?;
            let value = line.scalar()?;
            match key {
                b"date" if date.is_none() => date = Some(value),
                b"event" if event.is_none() => event = Some(value),
                b"date" | b"event" => return None,
                _ => fields.push((key, value)),
            }
            if !line.goes_on(b'}')? {
                break;
            }
        }
        self.fact(number, date?, event?, fields)
    }

    /// Reads an event with the given fields; nothing where it is not plain.
    pub(super) fn fact<'a>(
        &self,
        number: u32,
        date: &[u8],
        event: &[u8],
        fields: impl IntoIterator<Item = (&'a [u8], &'a [u8])>,
    ) -> Option<Fact> {
        let (event, date) = (self.events.find(event)?, self.date(date)?);
        let mut fact = Fact { line: number, ..Fact::bare(self.policy, event, date) };
        let mut next = 0;
        for (name, value) in fields {
            next = self.field(&mut fact, next, name, value)?;
        }
        Some(fact)
    }

    /// Reads a field of an event; one that stands there twice is not plain. Programs write the attributes in
    /// the order of their declaration: the next of them is taken, and then given.
    fn field(&self, fact: &mut Fact, next: usize, name: &[u8], text: &[u8]) -> Option<usize> {
        match name {
            b"ref" if fact.reference.is_none() => {
                let text = str::from_utf8(text).ok().filter(|text| !text.trim().is_empty())?;
                fact.reference = Some(text.to_owned());
                Some(next)
            }
            b"ref" | b"seq" => None,
            _ => {
                let attributes = &self.policy.event(fact.event).attributes;
                let named = |attribute: &Attribute| attribute.name.as_bytes() == name;
                let index = match attributes.get(next) {
                    Some(attribute) if named(attribute) => next,
                    _ => attributes.iter().position(named)?,
                };
                let place = fact.values.get_mut(index).filter(|place| place.is_none())?;
                *place = Some(self.value(&attributes.get(index)?.kind, text)?);
                Some(index + 1)
            }
        }
    }

    /// The value of an attribute of this kind.
    fn value(&self, kind: &AttributeKind, text: &[u8]) -> Option<Value> {
        match kind {
            AttributeKind::Date => self.date(text).map(Value::Date),
            AttributeKind::OneOf(words) => {
                let index = words.iter().position(|word| word.as_bytes() == text)?;
                Some(Value::Word(index as u16))
            }
            AttributeKind::YesNo | AttributeKind::Number | AttributeKind::Text => {
                kind.read("", str::from_utf8(text).ok()?).ok()
            }
        }
    }

    /// The date of a text such as `2026-03-27`.
    fn date(&self, text: &[u8]) -> Option<Date> {
        let (written, day) = text.split_first_chunk()?;
        let known = self.months.get(Month::place(*written))?;
        let mut month = known.get();
        if month.written != *written {
            month = Month::of(*written)?;
            known.set(month);
        }
        let &[tens, ones] = day else { return None };
        let day = number([tens, ones])?;
        let within = 1 <= day && day <= month.days;
        within.then(|| month.begin.add_days(day as i32 - 1)).flatten()
    }
}

/// A month in which dates lie.
#[derive(Debug, Clone, Copy)]
struct Month {
    /// As in `2026-03-`.
    written: [u8; 8],
    begin: Date,
    days: u32,
}

impl Month {
    /// A month that no date is of.
    const NONE: Month = Month { written: [0; 8], begin: Date::MIN, days: 0 };

    /// A place below 64, another for each month of two years.
    fn place([_, _, _, year, _, tens, ones, _]: [u8; 8]) -> usize {
        usize::from((year & 1) << 5 | (tens & 1) << 4 | ones & 15)
    }

    fn of(written: [u8; 8]) -> Option<Month> {
        let [y1, y2, y3, y4, b'-', m1, m2, b'-'] = written else { return None };
        let (year, month) = (number([y1, y2, y3, y4])? as i32, number([m1, m2])?);
        let begin = Date::from_ymd(year, month, 1)?;
        Some(Month { written, begin, days: days_in_month(year, month) })
    }
}

/// The number that some digits write.
fn number<const DIGITS: usize>(digits: [u8; DIGITS]) -> Option<u32> {
    let mut number = 0;
    for digit in digits {
        if !digit.is_ascii_digit() {
            return None;
        }
        number = number * 10 + u32::from(digit - b'0');
    }
    Some(number)
}

impl<'p> Names<'p> {
    fn of(policy: &'p Policy) -> Names<'p> {
        let mut names = vec![Vec::new(); 256];
        for (event, index) in policy.events.iter().zip(0..) {
            let name = event.name.as_bytes();
            if let Some(alike) = names.get_mut(shape(name)) {
                alike.push((name, EventId(index)));
            }
        }
        Names(names)
    }

    fn find(&self, name: &[u8]) -> Option<EventId> {
        let mut alike = self.0.get(shape(name))?.iter();
        alike.find(|(known, _)| *known == name).map(|(_, event)| *event)
    }
}

/// What is seen of a name at a glance, as a number below 256.
fn shape(name: &[u8]) -> usize {
    let ends = name.first().zip(name.last()).map_or(0, |(&first, &last)| first ^ last << 3);
    usize::from(ends ^ (name.len() as u8) << 2)
}

impl<'a> Line<'a> {
    /// The date and the name of an event that begins with them, without blanks. Otherwise nothing is
    /// passed over.
    fn usual_beginning(&mut self) -> Option<(&'a [u8], &'a [u8])> {
        let rest = self.rest.strip_prefix(b"\"date\":\"")?;
        let (date, rest) = rest.split_at_checked(10)?;
        let rest = rest.strip_prefix(b"\",\"event\":\"")?;
        let (name, rest) = up_to_quote(rest)?;
        self.rest = rest;
        Some((date, name))
    }

    /// Passes over blanks; nothing where there are none.
    #[cold]
    fn blanks(&mut self) -> Option<()> {
        let blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
        let blanks = self.rest.iter().take_while(|byte| blank(byte)).count();
        self.rest = self.rest.get(blanks..)?;
        (blanks > 0).then_some(())
    }

    /// Whether nothing but blanks is left.
    fn is_over(&mut self) -> bool {
        self.rest.is_empty() || self.blanks().is_some_and(|()| self.rest.is_empty())
    }

    /// Passes over this byte, and blanks before it.
    #[inline]
    fn take(&mut self, byte: u8) -> Option<()> {
        loop {
            match self.rest {
                [first, rest @ ..] if *first == byte => {
                    self.rest = rest;
                    return Some(());
                }
                _ => self.blanks()?,
            }
        }
    }

    /// Passes over a comma, or over the bracket that ends the list: whether there is more.
    #[inline]
    fn goes_on(&mut self, end: u8) -> Option<bool> {
        loop {
            match self.rest {
                [b',', rest @ ..] => {
                    self.rest = rest;
                    return Some(true);
                }
                [first, rest @ ..] if *first == end => {
                    self.rest = rest;
                    return Some(false);
                }
                _ => self.blanks()?,
            }
        }
    }

    /// A string without escapes.
    fn string(&mut self) -> Option<&'a [u8]> {
        self.take(b'"')?;
        let (text, rest) = up_to_quote(self.rest)?;
        self.rest = rest;
        Some(text)
    }

    /// A string, a number as it is written, or `yes` or `no` for what is true or not.
    fn scalar(&mut self) -> Option<&'a [u8]> {
        match self.rest {
            [b't', b'r', b'u', b'e', rest @ ..] => {
                self.rest = rest;
                Some(b"yes")
            }
            [b'f', b'a', b'l', b's', b'e', rest @ ..] => {
                self.rest = rest;
                Some(b"no")
            }
            [first @ b'0'..=b'9', ..] => {
                let digit = |byte: &&u8| byte.is_ascii_digit();
                let whole = self.rest.iter().take_while(digit).count();
                if whole > 1 && *first == b'0' {
                    return None;
                }
                // Whatever is not a plain whole number is found by what follows it.
                let (text, rest) = self.rest.split_at_checked(whole)?;
                self.rest = rest;
                Some(text)
            }
            [b'"', ..] => self.string(),
            _ => {
                self.blanks()?;
                self.scalar()
            }
        }
    }
}

/// What stands before the quotation mark that ends a string, and what stands behind it; nothing where the
/// string is not plain.
#[inline]
fn up_to_quote(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (text, rest) = bytes.split_at_checked(end_of_string(bytes)?)?;
    Some((text, rest.strip_prefix(b"\"")?))
}

/// Where a string ends, or where it shows that it is not plain: the first quotation mark, backslash or
/// control character. Strings are short, so eight bytes are looked at together.
fn end_of_string(bytes: &[u8]) -> Option<usize> {
    /// A byte in each of the eight places.
    const EACH: u64 = u64::MAX / 255;
    // The highest bit of a byte below the given one is set, and none before the first such byte.
    let below = |eight: u64, byte: u8| eight.wrapping_sub(EACH * u64::from(byte)) & !eight;
    let mut rest = bytes;
    while let Some((eight, more)) = rest.split_first_chunk() {
        let eight = u64::from_le_bytes(*eight);
        let same = |byte: u8| below(eight ^ (EACH * u64::from(byte)), 1);
        let found = (same(b'"') | same(b'\\') | below(eight, b' ')) & (EACH * 0x80);
        if found != 0 {
            return Some(bytes.len() - rest.len() + found.trailing_zeros() as usize / 8);
        }
        rest = more;
    }
    let end = rest.iter().position(|&byte| matches!(byte, b'"' | b'\\' | 0..b' '))?;
    Some(bytes.len() - rest.len() + end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_string_ends_at_the_first_byte_that_can_end_it() {
        let mut random = fastrand::Rng::with_seed(11);
        for _ in 0..20_000 {
            let some = [b'"', b'\\', 0, 7, 31, b' ', b'!', b'#', b'[', b']', 127, 128, 159, 255];
            let text: Vec<u8> = (0..random.usize(0..30))
                .map(|_| if random.u8(0..9) == 0 { random.choice(some).unwrap() } else { b'a' })
                .collect();
            let ends = |byte: &u8| *byte == b'"' || *byte == b'\\' || *byte < 32;
            assert_eq!(end_of_string(&text), text.iter().position(ends), "{text:?}");
        }
    }
}
