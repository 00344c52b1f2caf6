//! The statements of which an explanation is made: facts, never prose.

use serde::Serialize;

use super::outcome::{BasisKind, Status};
use super::truth::Truth;
use crate::calendar::Date;

/// A statement and the statements it rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Why {
    /// What is so.
    #[serde(flatten)]
    pub statement: Statement,
    /// What it rests on, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub because: Vec<Why>,
}

impl Why {
    pub(super) fn leaf(statement: Statement) -> Why {
        Why { statement, because: Vec::new() }
    }
}

/// A fact as it stands in the input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Source {
    /// The event's name.
    pub event: String,
    /// Its title.
    pub title: String,
    /// The day.
    pub date: Date,
    /// The line of the input; nothing for a deemed event.
    pub line: Option<u32>,
    /// Its attributes and `ref` as they are written.
    pub details: Vec<(String, String)>,
}

/// What a tree can state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Statement {
    /// The deadline: the root of the tree.
    Deadline {
        /// The rule's name.
        rule: String,
        /// Its title.
        title: String,
        /// Which part of it, and which instance.
        which: String,
        /// Who must act.
        owners: Vec<String>,
        /// How strongly.
        strength: &'static str,
        /// The sections of the source.
        cites: Vec<String>,
        /// Who is told.
        tells: Vec<String>,
        /// The status.
        status: &'static str,
        /// Calendar days: late or overdue by, or remaining.
        days: i32,
        /// The same in working days, where the limit is in working days.
        working_days: Option<i32>,
        /// The first day in time, where there is one of its own.
        opens: Option<Date>,
        /// The last day in time.
        due: Option<Date>,
        /// Later dates that are possible too.
        alternatives: Vec<Date>,
        /// The day it was done.
        done: Option<Date>,
        /// The as-of day.
        as_of: Date,
    },
    /// The clock counts from this day.
    CountsFrom {
        /// What the day is, in the policy's words.
        what: String,
        /// The day.
        date: Date,
    },
    /// An event of the case.
    Recorded(Source),
    /// An event that the policy deems to have happened.
    Deemed(Source),
    /// The limit that governs.
    Governs {
        /// The limit in words.
        words: String,
        /// Whether it is an exception.
        exception: bool,
    },
    /// A limit that does not govern.
    DoesNotGovern {
        /// The limit in words.
        words: String,
        /// Whether it is an exception.
        exception: bool,
        /// Why not.
        because_of: NotGoverning,
        /// The last day it would have given.
        would_give: Option<Date>,
    },
    /// A count of days, weeks, months or years.
    Count {
        /// The length.
        length: String,
        /// The anchor, which is not counted unless the period begins with it.
        from: Date,
        /// The day reached.
        to: Date,
        /// Which way, and whether the anchor is counted.
        direction: Direction,
        /// The days off other than weekends that were not counted (working days only).
        skipped: Vec<(Date, String)>,
        /// How many Saturdays and Sundays were not counted (working days only).
        weekend_days: u32,
        /// Whether the month had no such day, so that its last day was taken.
        month_end: bool,
    },
    /// The earlier or the later of two.
    EitherOf {
        /// Whether the earlier (rather than the later) was taken.
        earlier: bool,
        /// The day taken.
        taken: Date,
        /// The other day.
        other: Date,
    },
    /// The day midway between two.
    Midway {
        /// The first.
        first: Date,
        /// The second.
        second: Date,
        /// The days between them.
        between: i32,
        /// The day midway, rounded down.
        middle: Date,
    },
    /// The date that an event carries.
    Carried {
        /// The attribute's name.
        attribute: String,
        /// The date.
        date: Option<Date>,
    },
    /// The limit changed while the clock ran.
    Changed {
        /// The day of change.
        day: Date,
        /// The last day before.
        before: Option<Date>,
        /// What the rule says of changes.
        how: &'static str,
    },
    /// The date was raised to the day of change: it is never brought forward before it.
    Raised {
        /// That day.
        to: Date,
    },
    /// The old date was kept, being the earlier.
    Kept {
        /// That date.
        date: Date,
    },
    /// The last day is a day on which nobody works; it does not roll.
    DayOff {
        /// The last day.
        date: Date,
        /// Why nobody works: "Sunday", "Good Friday".
        name: String,
        /// The last working day before it.
        working_day: Option<Date>,
    },
    /// The review date that a duty counts from.
    Basis {
        /// `actual`, `planned` or `projected`.
        basis: &'static str,
        /// The date.
        date: Date,
        /// The day it became known.
        known: Date,
    },
    /// A condition on a day.
    Condition {
        /// The condition in words.
        words: String,
        /// The day.
        day: Date,
        /// `yes`, `no` or `not known`.
        truth: &'static str,
    },
    /// Something nobody recorded.
    NotRecorded {
        /// The question.
        question: String,
    },
    /// A reading that the date rests on.
    Reading {
        /// Its name.
        name: String,
        /// The value in force.
        chosen: String,
        /// The other values.
        others: Vec<String>,
        /// Why it was chosen.
        reason: String,
        /// The sections it rests on.
        cites: Vec<String>,
        /// Whether it was switched from the policy's own value.
        switched: bool,
    },
    /// It was done by this.
    DoneOn {
        /// The day.
        date: Date,
    },
    /// What would meet it.
    WouldMeet {
        /// The acts, in words.
        acts: Vec<String>,
        /// Whether all are needed.
        all: bool,
    },
    /// A way on from a stage.
    WayOn {
        /// On which outcome.
        outcome: &'static str,
        /// Since when.
        since: Date,
        /// Who may take it.
        by: Vec<String>,
        /// With what strength.
        strength: &'static str,
        /// Where it leads.
        leads: String,
    },
    /// Anything else that the status rests on.
    Note {
        /// In words.
        words: String,
    },
    /// Why a date is not the deadline.
    NotThat {
        /// The date asked about.
        date: Date,
        /// The last day in time.
        due: Option<Date>,
    },
}

/// Why a limit does not govern.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NotGoverning {
    /// It is for other reviews.
    OtherReviews,
    /// It is for clocks that started in another period.
    OtherPeriod,
    /// Its condition is not so.
    ConditionNo,
    /// Its condition is not known.
    ConditionUnknown,
    /// An exception takes its place.
    Excepted,
    /// Another exception stands before it and gives the same date, or disagrees.
    AnotherException,
}

/// Which way a count goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// Forwards, the anchor not counted.
    After,
    /// Backwards, the anchor not counted.
    Before,
    /// Forwards, the anchor counted as day 1.
    BeginningWith,
}

impl Status {
    /// The status as a word of the language.
    pub const fn word(self) -> &'static str {
        match self {
            Status::Met => "met",
            Status::Late => "late",
            Status::Due => "due",
            Status::NotOpen => "not-open",
            Status::Begun => "begun",
            Status::Waiting => "waiting",
            Status::Overdue => "overdue",
            Status::CannotBeMet => "cannot-be-met",
            Status::Missed => "missed",
            Status::Lapsed => "lapsed",
            Status::Outstanding => "outstanding",
            Status::Undetermined => "undetermined",
        }
    }
}

impl BasisKind {
    /// The kind as a word of the language.
    pub const fn word(self) -> &'static str {
        match self {
            BasisKind::Actual => "actual",
            BasisKind::Planned => "planned",
            BasisKind::Projected => "projected",
        }
    }
}

impl Truth {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Truth::Yes => "yes",
            Truth::No => "no",
            Truth::Unknown => "not known",
        }
    }
}

impl Statement {
    /// The day that a count reached.
    pub(super) fn reached(&self) -> Option<Date> {
        match self {
            Statement::Count { to, .. } => Some(*to),
            Statement::EitherOf { taken, .. } => Some(*taken),
            _ => None,
        }
    }
}
