//! The compiled policy: every name resolved, every unit known, every reading applied.
//!
//! `review`, `duty`, `trigger`, `ladder` and `forbid` keep their shape only where it carries
//! meaning. What they share is here once: a [`Rule`] says *who must do what, cited from where*; a
//! [`Limit`] says *by when, counted from what, under which conditions*; the engine turns each
//! into deadlines of one kind.
//!
//! INVARIANT: every id indexes its own table; every `Condition`, `Limit` and `Anchor` refers only
//! to things that exist, with attributes of the right type. The checker guarantees it, the
//! evaluator relies on it.

use crate::calendar::{Calendar, Date, Length};
use crate::source::Span;

mod acceptance;
mod condition;
mod dump;
mod exclusive;
mod ladder;
mod looks;
mod rule;
mod scenario;
mod values;
pub mod words;

pub use acceptance::Acceptance;
pub use condition::{Comparison, Condition, EventMatch, Test, Value};
pub(crate) use exclusive::{exclusive, impossible};
pub use ladder::{Cap, Exit, ExitTo, InTimeWhen, Ladder, OpensOn, Outcome as StageOutcome, Stage};
pub(crate) use looks::Looks;
pub use rule::{
    Act, Anchor, Body, Duration, Duty, Forbid, Forbidden, Judgement, Limit, MidClock, Moved,
    Ordinals, Point, Rule, Series, Shape, Strength, Trigger, TriggerOn, Window,
};
pub use scenario::{
    Expectation, Expected, ExpectedBasis, ExpectedPart, ExpectedStatus, Scenario, ScenarioFact,
};
pub use values::{ValueError, ValueErrorKind};

/// Declares a typed index into one of the policy's tables.
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u16);
        impl $name {
            /// The index into its table.
            pub const fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

ids! {
    /// An event of [`Policy::events`].
    EventId
    /// An attribute of an event: an index into [`Event::attributes`].
    AttributeId
    /// A role of [`Policy::roles`].
    RoleId
    /// A state of [`Policy::states`].
    StateId
    /// A reading of [`Policy::readings`].
    ReadingId
    /// A rule of [`Policy::rules`].
    RuleId
}

/// A policy, ready to be evaluated.
#[derive(Debug, Clone)]
pub struct Policy {
    /// Name, title, authority and source.
    pub header: Header,
    /// The days on which people work, closure days of the policy included.
    pub calendar: Calendar,
    /// The events a case can hold.
    pub events: Vec<Event>,
    /// Who acts.
    pub roles: Vec<Role>,
    /// What can be the case over time. A state refers only to states before it.
    pub states: Vec<State>,
    /// The choices made where the source can be understood in more than one way.
    pub readings: Vec<Reading>,
    /// The rules in the order of the file. Their ids are in this order too.
    pub rules: Vec<Rule>,
    /// The rules in the order in which they can be evaluated: a rule stands after every rule
    /// whose deemed event or overdue deadline it waits for, and after the series it refers to.
    pub order: Vec<RuleId>,
    /// The event that gives the child's date of birth, where the policy asks for an age.
    pub born: Option<EventId>,
    /// The findings that it means to live with, in the order of the text.
    pub acceptances: Vec<Acceptance>,
}

/// What stands at the head of a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The policy's name in kebab-case.
    pub name: String,
    /// Its title.
    pub title: String,
    /// The public body.
    pub authority: String,
    /// The document it expresses.
    pub source: String,
    /// The days on which it is in force.
    pub in_force: Period,
}

/// A period of civil dates, both ends included; an open end is `None`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Period {
    /// The first day.
    pub from: Option<Date>,
    /// The last day.
    pub until: Option<Date>,
}

impl Period {
    /// Whether the day lies in the period.
    pub fn contains(self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }
}

/// An event that a case can hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its name.
    pub name: String,
    /// Its title for people.
    pub title: String,
    /// Its attributes. `ref` and `seq` belong to every event and are not among them.
    pub attributes: Vec<Attribute>,
    /// Where it is declared.
    pub origin: Span,
}

/// An attribute of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// Its name.
    pub name: String,
    /// What it can hold.
    pub kind: AttributeKind,
}

/// What an attribute can hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AttributeKind {
    /// `yes` or `no`.
    YesNo,
    /// One of these words; a value is the word's index.
    OneOf(Vec<String>),
    /// A decimal number.
    Number,
    /// A date.
    Date,
    /// A text, which no rule looks into.
    Text,
}

/// Someone who acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// The role's name.
    pub name: String,
    /// Its title for people.
    pub title: String,
}

/// Something that is the case over time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    /// The state's name.
    pub name: String,
    /// Its title for people.
    pub title: String,
    /// How it is known.
    pub kind: StateKind,
    /// Whether it is not known (rather than no) before anything about it is recorded.
    pub unknown_before: bool,
}

/// How a state is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StateKind {
    /// Opened and closed by events. It holds from the day of the opening event through the day of
    /// the closing event for acts of that day; no new clock starts on the closing day (M15).
    Events {
        /// Any of these opens it.
        from: Vec<EventMatch>,
        /// Any of these closes it.
        until: Vec<EventMatch>,
    },
    /// Holds while the condition does.
    While(Condition),
}

/// A reading: a choice written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// The reading's name.
    pub name: String,
    /// Why this was chosen.
    pub reason: String,
    /// The value in force, as it reads.
    pub chosen: String,
    /// The other values, as they read.
    pub others: Vec<String>,
    /// The sections of the source it rests on.
    pub cites: Vec<String>,
    /// Whether a scenario or a what-if has put another value in place of the policy's own.
    pub switched: bool,
}

impl Policy {
    /// The event with this id.
    #[expect(clippy::indexing_slicing, reason = "the checker made the id")]
    pub fn event(&self, id: EventId) -> &Event {
        &self.events[id.index()]
    }

    /// The rule with this id.
    #[expect(clippy::indexing_slicing, reason = "the checker made the id")]
    pub fn rule(&self, id: RuleId) -> &Rule {
        &self.rules[id.index()]
    }

    /// The role with this id.
    #[expect(clippy::indexing_slicing, reason = "the checker made the id")]
    pub fn role(&self, id: RoleId) -> &Role {
        &self.roles[id.index()]
    }

    /// The state with this id.
    #[expect(clippy::indexing_slicing, reason = "the checker made the id")]
    pub fn state(&self, id: StateId) -> &State {
        &self.states[id.index()]
    }

    /// The reading with this id.
    #[expect(clippy::indexing_slicing, reason = "the checker made the id")]
    pub fn reading(&self, id: ReadingId) -> &Reading {
        &self.readings[id.index()]
    }

    /// The attribute of an event.
    #[expect(clippy::indexing_slicing, reason = "the checker made the ids")]
    pub fn attribute(&self, event: EventId, attribute: AttributeId) -> &Attribute {
        &self.event(event).attributes[attribute.index()]
    }

    /// The event with this name.
    pub fn find_event(&self, name: &str) -> Option<EventId> {
        self.events.iter().position(|event| event.name == name).map(|index| EventId(index as u16))
    }

    /// The rule with this name.
    pub fn find_rule(&self, name: &str) -> Option<RuleId> {
        self.rules.iter().position(|rule| rule.name == name).map(|index| RuleId(index as u16))
    }

    /// The series of reviews that a rule declares, if it does.
    pub fn series(&self, id: RuleId) -> Option<&Series> {
        match &self.rule(id).body {
            Body::Series(series) => Some(series),
            Body::Duty(_) | Body::Trigger(_) | Body::Forbid(_) | Body::Ladder(_) => None,
        }
    }
}

/// A length in one of the calendar's units; see [`Duration`] for what a rule holds.
pub type Fixed = Length;
