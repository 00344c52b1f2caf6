//! Conditions: what must be so, on a day or of an event.

use super::{AttributeId, Duration, EventId, ReadingId, RoleId, RuleId, StateId};
use crate::calendar::Date;

/// A condition. It is tested on a day, and some of its parts look at one event: the act, or the
/// event that starts a clock. Each part is yes, no, or not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// All of these. No if any is no; else not known if any is not known.
    All(Vec<Condition>),
    /// Any of these. Yes if any is yes; else not known if any is not known.
    Any(Vec<Condition>),
    /// The contrary.
    Not(Box<Condition>),
    /// A reading that holds yes or no.
    Reading(ReadingId, bool),
    /// The state holds on the day.
    State(StateId),
    /// The state has held without a break since its start for the length, on the day: for
    /// `at_least`, from the day start + length on; otherwise only after it ("more than 12 months"
    /// is false on the day exactly twelve months after the start).
    HeldFor {
        /// The state.
        state: StateId,
        /// The length, counted from the day the state began.
        length: Duration,
        /// Whether exactly the length is enough.
        at_least: bool,
    },
    /// The latest such event on or before the day passes the test. Where there is none it is not
    /// known. Where several share that latest day, disagree, and no `seq` orders them, it is not
    /// known either (M11).
    Latest {
        /// The event.
        event: EventId,
        /// The test.
        test: Test,
    },
    /// Such an event is recorded on or before the day.
    Recorded(Box<EventMatch>),
    /// A review of the series was held (its date) on or after the latest such event that is on or
    /// before the day, and on or before the day. No where there is no such event.
    HeldSince {
        /// The series.
        series: RuleId,
        /// The event.
        event: EventId,
    },
    /// The child's age in completed years on the day is at least `years` (or below, for `under`).
    /// Not known without a date of birth.
    Age {
        /// Completed years.
        years: u16,
        /// Whether the child must be younger.
        under: bool,
    },
    /// The event in question passes the test; not known where the attribute is not recorded.
    Attribute(Test),
    /// The date attribute of the event in question is on or before the latest lawful date, known
    /// on that event's day, of the series' next review.
    ByLatestLawful {
        /// The series.
        series: RuleId,
        /// The date attribute.
        attribute: AttributeId,
    },
    /// The yes-or-no attribute of the event in question is yes, as this role's judgement.
    Judged {
        /// Who judges.
        role: RoleId,
        /// The attribute.
        attribute: AttributeId,
    },
}

/// An event, perhaps only where the event itself passes a test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventMatch {
    /// The event.
    pub event: EventId,
    /// `Attribute` and `Judged` conditions (and `All`, `Any`, `Not` of them) on the event itself.
    pub test: Option<Condition>,
}

/// A test of one attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Test {
    /// The attribute, of the event that the context names.
    pub attribute: AttributeId,
    /// The comparison.
    pub comparison: Comparison,
    /// The value, of the attribute's own kind.
    pub value: Value,
}

impl Test {
    /// Whether a value of the attribute's own kind passes.
    pub fn passes(&self, value: &Value) -> bool {
        match self.comparison {
            Comparison::Is => *value == self.value,
            Comparison::IsNot => *value != self.value,
            Comparison::Less => *value < self.value,
            Comparison::AtMost => *value <= self.value,
            Comparison::More => *value > self.value,
            Comparison::AtLeast => *value >= self.value,
        }
    }
}

/// How values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `is`
    Is,
    /// `is not`
    IsNot,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    More,
    /// `>=`
    AtLeast,
}

/// The value of an attribute.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    /// `yes` or `no`.
    YesNo(bool),
    /// A word of a `one of` attribute, by its index.
    Word(u16),
    /// A decimal number in thousandths: `35.5` is 35500.
    Number(i64),
    /// A date.
    Date(Date),
    /// A text.
    Text(String),
}
