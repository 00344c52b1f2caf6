//! Scenarios: dated events, and what is expected of the rules on a day.

use super::{EventId, RuleId, StageOutcome, Value};
use crate::calendar::{Date, Length};
use crate::source::Span;

/// A scenario, ready to be run. Its ids are those of the policy it stands in, whatever readings
/// it switches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scenario {
    /// What it shows.
    pub title: String,
    /// The readings it switches, each with the value as it reads. The policy is to be compiled
    /// again with them.
    pub switches: Vec<(String, String)>,
    /// The dated events in the order of the file.
    pub facts: Vec<ScenarioFact>,
    /// The day on which the expectations hold.
    pub as_of: Date,
    /// What is expected.
    pub expectations: Vec<Expectation>,
    /// Where it is declared.
    pub origin: Span,
}

/// A dated event of a scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScenarioFact {
    /// The day.
    pub date: Date,
    /// The event.
    pub event: EventId,
    /// Its attributes, one place for each the event declares; `None` where it is not given.
    pub values: Vec<Option<Value>>,
    /// Its `ref`.
    pub reference: Option<String>,
    /// Its `seq`.
    pub sequence: Option<u32>,
    /// Where it is written.
    pub origin: Span,
}

/// What is expected of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expectation {
    /// The rule.
    pub rule: RuleId,
    /// Which instance; where neither it nor a `ref` is given, the rule must have exactly one.
    pub ordinal: Option<u16>,
    /// The stage of a ladder.
    pub stage: Option<u16>,
    /// The part of the rule; where it is left out, the rule itself, or the answer at a stage.
    pub part: Option<ExpectedPart>,
    /// The `ref` of the instance.
    pub reference: Option<String>,
    /// What is expected.
    pub what: Expected,
    /// Where it is written.
    pub origin: Span,
}

/// The parts of a rule that an expectation can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExpectedPart {
    /// `answer`: the answer owed at a stage.
    Answer,
    /// `approval`: the approval owed at a stage.
    Approval,
    /// `cap`: the cap of a ladder.
    Cap,
    /// `judgement`: the judgement a trigger asks for.
    Judgement,
    /// `review`: the review a trigger brings forward.
    BroughtForward,
    /// `opening`: the opening of a ladder that an event calls for.
    Opening,
}

/// What an expectation says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expected {
    /// A status and its particulars.
    Status {
        /// The status.
        status: ExpectedStatus,
        /// By how many days, calendar days or working days.
        by: Option<Length>,
        /// The last day, and the other last days that are possible.
        due: Vec<Date>,
        /// The first day.
        opens: Option<Date>,
        /// The day it was done, breached, closed or deemed.
        on: Option<Date>,
        /// What kind of date it counts from.
        basis: Option<ExpectedBasis>,
    },
    /// A ladder may be moved to a stage.
    MayOpen {
        /// The stage.
        stage: u16,
        /// Since when.
        since: Option<Date>,
        /// On which ground.
        ground: Option<StageOutcome>,
    },
    /// The rule has no deadline.
    Nothing,
}

/// The kinds of date that preparation can count from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExpectedBasis {
    /// The review's actual date.
    Actual,
    /// Its planned date.
    Planned,
    /// Its latest lawful date.
    Projected,
}

/// Declares the status words that an expectation can use.
macro_rules! statuses {
    ($($(#[$doc:meta])* $variant:ident $word:literal)*) => {
        /// A status that an expectation can name.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum ExpectedStatus {
            $($(#[$doc])* $variant,)*
        }

        impl ExpectedStatus {
            /// Every status, in the order of the reference.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The word for it.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }
        }
    };
}

statuses! {
    /// Done in time.
    Met "met"
    /// Done after the last day.
    Late "late"
    /// Open, and in time.
    Due "due"
    /// The window lies ahead.
    NotOpen "not-open"
    /// The review was begun and is not completed.
    Begun "begun"
    /// What it counts from has not happened.
    Waiting "waiting"
    /// Not done, and the last day has passed.
    Overdue "overdue"
    /// The last day had passed before it could be met.
    CannotBeMet "cannot-be-met"
    /// Overdue when its state ended.
    Missed "missed"
    /// Its state ended in time.
    Lapsed "lapsed"
    /// Owed, with no time limit.
    Outstanding "outstanding"
    /// It cannot be said.
    Undetermined "undetermined"
    /// A prohibition was kept.
    Kept "kept"
    /// A prohibition was breached.
    Breached "breached"
    /// Whether a prohibition was kept is not known.
    NotKnown "not-known"
    /// A ladder is open.
    Open "open"
    /// The last answer of a ladder was judged satisfactory.
    Settled "settled"
    /// A ladder is closed.
    Closed "closed"
    /// The top stage's answer was judged unsatisfactory.
    Exhausted "exhausted"
    /// A ladder has no listed way on.
    NoListedWayOn "no-listed-way-on"
}

impl ExpectedStatus {
    /// The status that a word stands for.
    pub fn find(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|status| status.word() == word)
    }

    /// Whether it is a verdict on a prohibition.
    pub const fn is_verdict(self) -> bool {
        matches!(self, Self::Kept | Self::Breached | Self::NotKnown)
    }

    /// Whether it says where a ladder stands.
    pub const fn is_standing(self) -> bool {
        matches!(
            self,
            Self::Open | Self::Settled | Self::Closed | Self::Exhausted | Self::NoListedWayOn
        )
    }
}
