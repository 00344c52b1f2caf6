//! What can be changed about a situation, as it is typed.

use super::Refusal;
use super::fact_name::{FactName, day};
use crate::calendar::{Calendar, Date, Length, Unit};
use crate::cases::{Row, read_line};

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// Records a fact.
    Add(Row),
    /// Gives a fact another day; everything else of it stays.
    Move(FactName, Target),
    /// Takes a fact away.
    Remove(FactName),
    /// Switches a reading to a value, as it is typed.
    Read {
        /// The reading's name.
        name: String,
        /// The value.
        value: String,
    },
    /// Asks for another day.
    AsOf(Date),
}

/// Where a fact is moved to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// To this day.
    On(Date),
    /// By so much from where it is.
    By(Length, Shift),
}

/// Which way a fact is moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shift {
    /// To a later day.
    Later,
    /// To an earlier day.
    Earlier,
}

impl Edit {
    /// Reads an event line: `2026-04-14 review-held meeting yes`.
    pub fn add(text: &str) -> Result<Self, Refusal> {
        Ok(Self::Add(read_line(0, text.trim())?))
    }

    /// Reads `FACT to DATE`, or `FACT by 2 days` (`later` or `earlier`).
    pub fn moving(text: &str) -> Result<Self, Refusal> {
        if let Some((fact, to)) = text.rsplit_once(" to ") {
            return Ok(Self::Move(FactName::parse(fact)?, Target::On(day(to)?)));
        }
        if let Some((fact, by)) = text.rsplit_once(" by ") {
            return Ok(Self::Move(FactName::parse(fact)?, shift(by)?));
        }
        Err(Refusal::new("it is not said where to move it").help(
            "write the event, `to` and the day: `review-held to 2026-04-14`; or `by 2 days later`",
        ))
    }

    /// Reads the name of a fact that is to be taken away.
    pub fn removing(text: &str) -> Result<Self, Refusal> {
        FactName::parse(text).map(Self::Remove)
    }

    /// Reads `NAME as VALUE`.
    pub fn reading(text: &str) -> Result<Self, Refusal> {
        match text.split_once(" as ").or_else(|| text.split_once('=')) {
            Some((name, value)) => {
                Ok(Self::Read { name: name.trim().to_owned(), value: value.trim().to_owned() })
            }
            None => Err(Refusal::new("it is not said what to read it as")
                .help("write the reading, `as` and the value: `second-limit as 3 months`")),
        }
    }

    /// Reads the day for which to answer.
    pub fn as_of(text: &str) -> Result<Self, Refusal> {
        day(text).map(Self::AsOf)
    }
}

impl Target {
    /// The day that a fact of this day is moved to, if the calendar reaches it.
    pub(super) fn from(self, date: Date, calendar: &Calendar) -> Result<Date, Refusal> {
        match self {
            Self::On(date) => Ok(date),
            Self::By(length, Shift::Later) => calendar.after(date, length),
            Self::By(length, Shift::Earlier) => calendar.before(date, length),
        }
        .map_err(|beyond| Refusal::new(beyond.to_string()))
    }
}

/// Reads `2 days`, `5 working days earlier`, `1 month later`.
fn shift(text: &str) -> Result<Target, Refusal> {
    let wrong = || {
        Refusal::new(format!("`{}` is no length of time", text.trim())).help(
            "write a number and a unit, then `later` or `earlier`: `2 days later`, \
             `5 working days earlier`, `1 month later`",
        )
    };
    let mut words: Vec<&str> = text.split_whitespace().collect();
    let shift = match words.last() {
        Some(&"earlier") => Shift::Earlier,
        _ => Shift::Later,
    };
    if matches!(words.last(), Some(&("earlier" | "later"))) {
        words.pop();
    }
    let (count, unit) = words.split_first().ok_or_else(wrong)?;
    let count = count.parse().map_err(|_| wrong())?;
    let unit = match unit {
        // A fact is moved on the calendar that hangs on the wall; no rule is read here.
        ["day" | "days"] | ["calendar", "day" | "days"] => Unit::CalendarDays,
        ["working", "day" | "days"] => Unit::WorkingDays,
        ["week" | "weeks"] => Unit::Weeks,
        ["month" | "months"] => Unit::Months,
        ["year" | "years"] => Unit::Years,
        _ => return Err(wrong()),
    };
    Ok(Target::By(Length::new(count, unit), shift))
}
