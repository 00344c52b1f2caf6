//! Readings: the choices a policy writes down, and what stands in force for each.

use super::Checker;
use super::names::{Kind, RULES, Symbol};
use super::reads::value_text;
use super::windows::{RawAnchor, RawWindow};
use crate::diagnostic::{Code, Diagnostic, list};
use crate::policy::{Duration, InTimeWhen, Point, Reading, ReadingId};
use crate::source::Span;
use crate::syntax::ast::{self, AnchorKind, Name, ReadingValue};

/// What kind of thing a reading holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Held {
    Unit,
    Length,
    Anchor,
    Window,
    YesNo,
    Dated,
    InTime,
}

impl Held {
    /// The kind with its article, for a sentence.
    const fn article(self) -> &'static str {
        match self {
            Self::Unit => "the unit of bare days",
            Self::Length => "a length",
            Self::Anchor => "something to count from",
            Self::Window => "a whole limit",
            Self::YesNo => "yes or no",
            Self::Dated => "the date of a review",
            Self::InTime => "which act counts",
        }
    }
}

impl<'a> Checker<'a> {
    /// The declaration of a reading.
    pub(super) fn reading_declaration(&self, id: ReadingId) -> Option<&'a ast::Reading> {
        self.names.readings.get(id.index()).copied()
    }

    /// The value in force: the one a switch puts in place, or the policy's own.
    pub(super) fn in_force(&self, id: ReadingId) -> Option<&'a ReadingValue> {
        let reading = self.reading_declaration(id)?;
        let switched = self.switches.get(&reading.name.node);
        Some(switched.unwrap_or(&reading.chosen.node))
    }

    /// What kind of thing a value is. A bare name can be a reading of any kind.
    pub(super) fn held(&self, value: &ReadingValue) -> Held {
        match value {
            ReadingValue::Days(_) => Held::Unit,
            ReadingValue::Length(ast::Length::Reading(name)) => {
                self.held_by_name(name, Held::Length)
            }
            ReadingValue::Length(_) => Held::Length,
            ReadingValue::Anchor(anchor) => match &anchor.kind {
                AnchorKind::Event(found) if found.test.is_none() && anchor.otherwise.is_none() => {
                    self.held_by_name(&found.event, Held::Anchor)
                }
                _ => Held::Anchor,
            },
            ReadingValue::Window(_) => Held::Window,
            ReadingValue::YesNo(_) => Held::YesNo,
            ReadingValue::Dated(_) => Held::Dated,
            ReadingValue::InTimeWhen(_) => Held::InTime,
        }
    }

    fn held_by_name(&self, name: &Name, otherwise: Held) -> Held {
        match self.names.find(&name.node) {
            // One step is enough: a reading of a reading of a reading is refused elsewhere.
            Some(Symbol::Reading(id)) => match self.in_force(id) {
                Some(ReadingValue::Days(_)) => Held::Unit,
                Some(ReadingValue::Length(_)) => Held::Length,
                Some(ReadingValue::Window(_)) => Held::Window,
                Some(ReadingValue::YesNo(_)) => Held::YesNo,
                Some(ReadingValue::Dated(_)) => Held::Dated,
                Some(ReadingValue::InTimeWhen(_)) => Held::InTime,
                Some(ReadingValue::Anchor(_)) | None => otherwise,
            },
            _ => otherwise,
        }
    }

    /// Notes that what is being checked rests on a reading.
    pub(super) fn note(&mut self, id: ReadingId) {
        self.noted.insert(id);
    }

    /// Runs a part of the check and returns the readings that it rests on.
    pub(super) fn noting<T>(&mut self, part: impl FnOnce(&mut Self) -> T) -> (T, Vec<ReadingId>) {
        let outer = std::mem::take(&mut self.noted);
        let result = part(self);
        let inner = std::mem::replace(&mut self.noted, outer);
        (result, inner.into_iter().collect())
    }

    /// The value of a reading that a name stands for, resolved by the part given; guards against
    /// readings that refer to themselves.
    fn resolve_reading<T>(
        &mut self,
        name: &Name,
        wanted: Held,
        resolve: impl FnOnce(&mut Self, &'a ReadingValue) -> Option<T>,
    ) -> Option<T> {
        let id = self.reading(name)?;
        let value = self.in_force(id)?;
        if self.resolving.contains(&id) {
            self.report(circular_reading(name));
            return None;
        }
        let held = self.held(value);
        if held != wanted {
            let place = self.names.place(&name.node);
            self.report(wrong_reading(name, held, wanted, place));
            return None;
        }
        self.note(id);
        self.resolving.push(id);
        let result = resolve(self, value);
        self.resolving.pop();
        result
    }

    /// The length a reading holds.
    pub(super) fn length_reading(&mut self, name: &Name) -> Option<Duration> {
        self.resolve_reading(name, Held::Length, |checker, value| match value {
            ReadingValue::Length(length) => checker.length(length),
            ReadingValue::Anchor(anchor) => match &anchor.kind {
                AnchorKind::Event(found) => checker.length_reading(&found.event),
                _ => None,
            },
            _ => None,
        })
    }

    /// The anchor a reading holds.
    pub(super) fn anchor_reading(&mut self, name: &Name) -> Option<RawAnchor> {
        self.resolve_reading(name, Held::Anchor, |checker, value| match value {
            ReadingValue::Anchor(anchor) => checker.anchor(anchor),
            _ => None,
        })
    }

    /// The window a reading holds.
    pub(super) fn window_reading(&mut self, name: &Name) -> Option<RawWindow> {
        self.resolve_reading(name, Held::Window, |checker, value| match value {
            ReadingValue::Window(window) => checker.window(window),
            ReadingValue::Anchor(anchor) => match &anchor.kind {
                AnchorKind::Event(found) => checker.window_reading(&found.event),
                _ => None,
            },
            _ => None,
        })
    }

    /// The yes or no that a reading holds.
    pub(super) fn yes_no_reading(&mut self, name: &Name) -> Option<(ReadingId, bool)> {
        let id = self.reading(name)?;
        self.resolve_reading(name, Held::YesNo, |_, value| match value {
            ReadingValue::YesNo(answer) => Some((id, *answer)),
            _ => None,
        })
    }

    /// How a review of several meetings is dated, by a reading.
    pub(super) fn dated_reading(&mut self, name: &Name) -> Option<Point> {
        self.resolve_reading(name, Held::Dated, |_, value| match value {
            ReadingValue::Dated(dated) => Some(point(*dated)),
            _ => None,
        })
    }

    /// Which act must meet a stage's limit, by a reading.
    pub(super) fn in_time_reading(&mut self, name: &Name) -> Option<InTimeWhen> {
        self.resolve_reading(name, Held::InTime, |_, value| match value {
            ReadingValue::InTimeWhen(act) => Some(in_time(*act)),
            _ => None,
        })
    }

    /// The reading that says what a bare `days` means for the rule being checked.
    pub(super) fn days_reading(&self) -> Option<(ReadingId, &'a Name)> {
        let unit = |named: bool| {
            self.names.readings.iter().enumerate().find_map(|(index, reading)| {
                let id = ReadingId(index as u16);
                let serves = match self.scope {
                    Some(rule) if named => reading.rules.iter().any(|name| name.node == rule),
                    _ => !named && reading.rules.is_empty(),
                };
                match self.in_force(id) {
                    Some(ReadingValue::Days(unit)) if serves => Some((id, unit)),
                    _ => None,
                }
            })
        };
        unit(true).or_else(|| unit(false))
    }

    /// Says so if a reading that is for some rules only is used by another.
    pub(super) fn reading_serves(&mut self, name: &Name, id: ReadingId) {
        let Some((reading, rule)) = self.reading_declaration(id).zip(self.scope) else {
            return;
        };
        let named = reading.rules.iter().any(|name| name.node == rule);
        if !reading.rules.is_empty() && !named {
            self.report(reading_for_others(name, reading, rule));
        }
    }

    /// Checks the readings themselves: names, kinds, and the values that are not in force.
    pub(super) fn check_readings(&mut self) {
        let readings = self.names.readings.clone();
        for reading in &readings {
            if let Some(unit) = length_in_name(&reading.name.node) {
                self.report(looks_like_length(&reading.name, unit));
            }
            for rule in &reading.rules {
                self.rule(rule, RULES);
            }
            let held = self.held(&reading.chosen.node);
            if held == Held::Unit {
                self.used.mark(super::usage::Use::Name(reading.name.node.clone()));
            }
            let values = std::iter::once(&reading.chosen).chain(&reading.others);
            for value in values {
                let found = self.held(&value.node);
                if found == held {
                    self.check_reading_value(reading, &value.node);
                } else {
                    self.report(mixed_reading(&reading.name, held, found, value.span));
                }
            }
            if let Some(switched) = self.switches.get(&reading.name.node) {
                let found = self.held(switched);
                if found != held {
                    self.report(mixed_reading(&reading.name, held, found, reading.name.span));
                }
            }
        }
        self.check_days_readings();
    }

    /// Checks a value on its own; whether it fits is checked where the reading is used.
    pub(super) fn check_reading_value(
        &mut self,
        reading: &'a ast::Reading,
        value: &'a ReadingValue,
    ) {
        let outer = self.scope;
        self.scope = reading.rules.first().map(|name| name.node.as_str());
        if let Some(Symbol::Reading(id)) = self.names.find(&reading.name.node) {
            self.resolving.push(id);
        }
        let _ = self.noting(|checker| match value {
            ReadingValue::Days(unit) => {
                checker.unit(unit);
            }
            ReadingValue::Length(length) => {
                checker.length(length);
            }
            ReadingValue::Anchor(anchor) => checker.check_bare_value(anchor),
            ReadingValue::Window(window) => {
                checker.window(window);
            }
            ReadingValue::YesNo(_) | ReadingValue::Dated(_) | ReadingValue::InTimeWhen(_) => {}
        });
        self.resolving.clear();
        self.scope = outer;
    }

    /// A bare name as a value: an anchor, or another reading of any kind.
    fn check_bare_value(&mut self, anchor: &'a ast::Anchor) {
        let AnchorKind::Event(found) = &anchor.kind else {
            self.anchor(anchor);
            return;
        };
        match self.names.find(&found.event.node) {
            Some(Symbol::Reading(id)) if found.test.is_none() && anchor.otherwise.is_none() => {
                let looping = self.resolving.contains(&id);
                self.resolve(&found.event, &[Kind::Reading]);
                if looping {
                    self.report(circular_reading(&found.event));
                }
            }
            _ => {
                self.anchor(anchor);
            }
        }
    }

    /// Two readings of bare days for the same rules leave open which one holds.
    fn check_days_readings(&mut self) {
        let units: Vec<_> = self
            .names
            .readings
            .iter()
            .filter(|reading| matches!(reading.chosen.node, ReadingValue::Days(_)))
            .copied()
            .collect();
        for (index, later) in units.iter().enumerate() {
            let clash = units.iter().take(index).find(|earlier| {
                let shared = |name: &Name| later.rules.iter().any(|other| other.node == name.node);
                (earlier.rules.is_empty() && later.rules.is_empty())
                    || earlier.rules.iter().any(shared)
            });
            if let Some(earlier) = clash {
                self.report(two_readings_of_days(&later.name, &earlier.name));
            }
        }
    }

    /// The readings as the compiled policy keeps them.
    pub(super) fn compiled_readings(&self) -> Vec<Reading> {
        let text = |value: &ReadingValue| value_text(value);
        self.names
            .readings
            .iter()
            .map(|reading| {
                let own = &reading.chosen.node;
                let switch = self.switches.get(&reading.name.node);
                let chosen = switch.unwrap_or(own);
                let mut others: Vec<_> = std::iter::once(own)
                    .chain(reading.others.iter().map(|other| &other.node))
                    .filter(|other| *other != chosen)
                    .map(text)
                    .collect();
                others.dedup();
                Reading {
                    name: reading.name.node.clone(),
                    reason: reading.reason.node.clone(),
                    chosen: text(chosen),
                    others,
                    cites: super::texts(&reading.cites),
                    switched: switch.is_some_and(|value| value != own),
                }
            })
            .collect()
    }
}

/// The day of a review that the words stand for.
pub(super) const fn point(dated: ast::Dated) -> Point {
    match dated {
        ast::Dated::FirstMeeting => Point::FirstMeeting,
        ast::Dated::Completion => Point::Completion,
    }
}

/// The act that the word stands for.
pub(super) const fn in_time(act: ast::InTimeWhen) -> InTimeWhen {
    match act {
        ast::InTimeWhen::Answered => InTimeWhen::Answered,
        ast::InTimeWhen::Approved => InTimeWhen::Approved,
    }
}

/// The unit in a name that reads like a length, such as `three-months` or `20-days`.
fn length_in_name(name: &str) -> Option<&str> {
    const NUMBERS: &[&str] = &[
        "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
        "twelve", "fifteen", "twenty", "thirty", "forty", "fifty", "sixty", "ninety", "hundred",
    ];
    const UNITS: &[&str] = &[
        "day",
        "days",
        "week",
        "weeks",
        "fortnight",
        "fortnights",
        "month",
        "months",
        "year",
        "years",
        "d",
        "w",
        "m",
        "y",
    ];
    let parts: Vec<_> = name.split('-').collect();
    let is_number = |part: &str| {
        NUMBERS.contains(&part)
            || (!part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let joined = parts.iter().find(|part| {
        let unit = part.trim_start_matches(|letter: char| letter.is_ascii_digit());
        unit.len() < part.len() && UNITS.contains(&unit)
    });
    let number = parts.iter().position(|part| is_number(part));
    let unit = parts.iter().rposition(|part| part.len() > 1 && UNITS.contains(part));
    match (joined, number.zip(unit)) {
        (Some(joined), _) => Some(joined),
        (None, Some((number, unit))) if number < unit => parts.get(unit).copied(),
        _ => None,
    }
}

fn looks_like_length(name: &Name, unit: &str) -> Diagnostic {
    Diagnostic::new(
        Code::ReadingLooksLikeLength,
        format!("the reading `{}` is called like a length", name.node),
        name.span,
        format!("`{unit}` reads as if the name said how long"),
    )
    .help("name it after what it decides, such as `second-limit`: its value can be switched")
}

fn wrong_reading(name: &Name, held: Held, wanted: Held, place: Option<Span>) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        Code::WrongReading,
        format!(
            "the reading `{}` holds {}, and {} is wanted here",
            name.node,
            held.article(),
            wanted.article()
        ),
        name.span,
        format!("{} is wanted", wanted.article()),
    )
    .help(format!("use a reading that holds {}", wanted.article()));
    match place {
        Some(place) => diagnostic.label(place, format!("it holds {}", held.article())),
        None => diagnostic,
    }
}

pub(super) fn mixed_reading(name: &Name, held: Held, found: Held, span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::WrongReading,
        format!(
            "a value of the reading `{}` is {}, the one in force is {}",
            name.node,
            found.article(),
            held.article()
        ),
        span,
        format!("{} is wanted", held.article()),
    )
    .help("all values of a reading are of one kind, so that each can stand for another")
}

fn circular_reading(name: &Name) -> Diagnostic {
    Diagnostic::new(
        Code::CircularDefinition,
        format!("the reading `{}` rests on itself", name.node),
        name.span,
        "leads back to the same reading",
    )
    .help("write the value out in one of them")
}

fn reading_for_others(name: &Name, reading: &ast::Reading, rule: &str) -> Diagnostic {
    let rules = list(reading.rules.iter().map(|rule| &rule.node));
    Diagnostic::new(
        Code::ReadingForOthers,
        format!("the reading `{}` is for {rules}, not for `{rule}`", name.node),
        name.span,
        format!("used in `{rule}`"),
    )
    .label(reading.name.span, format!("declared for {rules}"))
    .help(format!("add `{rule}` to its `for`, or leave `for` out"))
}

fn two_readings_of_days(later: &Name, earlier: &Name) -> Diagnostic {
    Diagnostic::new(
        Code::TwoReadingsOfDays,
        format!("`{}` and `{}` both say what a bare `days` means", earlier.node, later.node),
        later.span,
        "the second",
    )
    .label(earlier.span, "the first")
    .help("keep one of them, or give each its own rules with `for`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_read_like_lengths_are_found() {
        for name in ["three-months", "limit-20-days", "91d", "two-working-days"] {
            assert!(length_in_name(name).is_some(), "{name}");
        }
        for name in ["bare-days", "second-limit", "stage-2", "days-one", "d", "later-limit"] {
            assert_eq!(length_in_name(name), None, "{name}");
        }
    }
}
