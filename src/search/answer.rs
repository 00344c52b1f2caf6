//! The answer to on which days an event can happen, and what it is made of.

use std::collections::BTreeSet;

use super::case::{Key, Trial, keyed};
use crate::calendar::Date;
use crate::eval::{Deadline, Irregular};
use crate::policy::{EventId, RuleId, Value};

/// The event that is to happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The event.
    pub event: EventId,
    /// Its attributes, one place for each the event declares.
    pub values: Vec<Option<Value>>,
    /// Its `ref`.
    pub reference: Option<String>,
}

/// Why a day is not safe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Objection {
    /// This would be late, missed, or past meeting.
    Late(Key),
    /// The event would come before the window of this opens.
    Early(Key),
    /// Its place would have been taken: the event would no longer meet it.
    Gone(Key),
    /// The event would be against this prohibition.
    Forbidden(RuleId),
    /// The event would be an irregular step on this ladder.
    Irregular(RuleId, Irregular),
}

impl Objection {
    /// The rule that objects.
    pub const fn rule(self) -> RuleId {
        match self {
            Self::Late(key) | Self::Early(key) | Self::Gone(key) => key.rule,
            Self::Forbidden(rule) | Self::Irregular(rule, _) => rule,
        }
    }
}

/// Something that has to be done before the event, or on its day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// Its place in the outcome of the day.
    pub place: usize,
    /// The first day on which it can be done, from the as-of day on.
    pub first: Date,
    /// The last day in time.
    pub last: Date,
}

/// One day, tried.
#[derive(Debug, Clone)]
pub struct Tried {
    /// The day.
    pub day: Date,
    /// The case with the event on that day and what was taken to be done before it, as of that day.
    pub trial: Trial,
    /// Why it is not safe; empty where it is.
    pub objections: BTreeSet<Objection>,
    /// What has still to be done before the event or on its day, in order of the last day.
    pub steps: Vec<Step>,
    /// What has still to be done before the event, with no time limit; places in the outcome.
    pub untimed: Vec<usize>,
    /// The deadlines that the event meets on this day.
    pub meets: Vec<Key>,
    /// The deadlines it bears on, those it meets among them.
    pub(super) bears_on: Vec<Key>,
}

impl Tried {
    /// The deadline with this key as it stands on the day.
    pub fn row(&self, key: Key) -> Option<&Deadline> {
        let place = keyed(&self.trial.outcome).get(&key)?;
        self.trial.outcome.deadlines.get(place)
    }
}

/// Days one after another of which the same is to be said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    /// The first day.
    pub first: Date,
    /// The last day.
    pub last: Date,
    /// Why they are not safe; empty where they are.
    pub objections: BTreeSet<Objection>,
}

/// One end of the safe days.
#[derive(Debug, Clone)]
pub struct End {
    /// The day itself.
    pub on: Tried,
    /// The day beyond it, which is not safe; `None` where the search ended with it.
    pub beyond: Option<Tried>,
}

/// The answer.
#[derive(Debug, Clone)]
pub struct When {
    /// The event that was asked about.
    pub wanted: Wanted,
    /// The as-of day, the first that was looked at.
    pub first: Date,
    /// The last day that was looked at.
    pub last: Date,
    /// Every day looked at, in stretches.
    pub stretches: Vec<Stretch>,
    /// The earliest safe day.
    pub earliest: Option<End>,
    /// The latest safe day.
    pub latest: Option<End>,
    /// Where no day is safe, what cannot be met together.
    pub conflict: Option<Conflict>,
    /// Whether the date of the review was taken to be fixed on the as-of day.
    pub planned: bool,
    /// How many facts dated after the as-of day were left out.
    pub left_out: usize,
    /// What is late already, whatever the day, and is no reason against any.
    pub already_late: Vec<Key>,
}

/// Why there is no safe day.
#[derive(Debug, Clone)]
pub struct Conflict {
    /// The fewest things one of which objects on every day, each with the days on which it does not.
    pub between: Vec<(Objection, Vec<(Date, Date)>)>,
    /// The days on which the least goes wrong, and one of them tried.
    pub least: (Date, Date, Tried),
}

impl When {
    /// Whether the event meets or moves anything at all.
    pub fn bears_on_nothing(&self) -> bool {
        self.earliest.iter().chain(&self.latest).all(|end| end.on.bears_on.is_empty())
            && self.conflict.is_none()
            && self.stretches.iter().all(|stretch| stretch.objections.is_empty())
    }
}
