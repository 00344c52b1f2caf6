//! Conditions on a day: yes, no, or not known, with the questions on which the unknown turns.

use smallvec::SmallVec;

use super::basis::Latest;
use super::case::Case;
use super::outcome::{FactId, Question};
use crate::calendar::Date;
use crate::policy::{
    AttributeId, Comparison, Condition, EventId, Rule, StateId, StateKind, Test, Value,
};

/// Three-valued truth, after Kleene: what does not matter is not asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Truth {
    Yes,
    No,
    Unknown,
}

impl From<bool> for Truth {
    fn from(value: bool) -> Truth {
        if value { Truth::Yes } else { Truth::No }
    }
}

impl std::ops::Not for Truth {
    type Output = Truth;

    fn not(self) -> Truth {
        match self {
            Truth::Yes => Truth::No,
            Truth::No => Truth::Yes,
            Truth::Unknown => Truth::Unknown,
        }
    }
}

/// For what a condition is tested; it matters on the days on which a state opens or closes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// For an act of that day: the closing day counts.
    Acts,
    /// For the start of a clock: the closing day does not count.
    Starts,
    /// For an act that must be placed before or after the opening or closing of the same day.
    Order(FactId),
}

/// The event that a condition looks into, and the event whose attributes the condition names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Subject {
    pub(super) fact: FactId,
    pub(super) stands_for: EventId,
}

impl Subject {
    /// A fact that stands for itself.
    pub(super) fn of(fact: FactId, event: EventId) -> Subject {
        Subject { fact, stands_for: event }
    }
}

/// A few days.
pub(super) type Days = SmallVec<[Date; 16]>;

/// Collects the questions on which an unknown truth turns.
pub(super) type Sink = Vec<Question>;

impl Case<'_> {
    /// A condition tested for an act of a day.
    pub(super) fn truth_of(
        &self,
        condition: &Condition,
        day: Date,
        subject: Option<Subject>,
        sink: &mut Sink,
    ) -> Truth {
        self.truth(condition, day, Mode::Acts, subject, sink)
    }

    /// Whether a condition is certainly no on every day and for every act, as nothing has happened that could
    /// make it anything else.
    pub(super) fn is_never(&self, condition: &Condition) -> bool {
        match condition {
            Condition::All(parts) => parts.iter().any(|part| self.is_never(part)),
            Condition::Any(parts) => parts.iter().all(|part| self.is_never(part)),
            Condition::Reading(_, value) => !value,
            Condition::State(state) | Condition::HeldFor { state, .. } => {
                match &self.policy.state(*state).kind {
                    StateKind::Events { .. } => self.stretches(*state).is_empty(),
                    StateKind::While(condition) => self.is_never(condition),
                }
            }
            Condition::Recorded(wanted) => self.of(wanted.event).is_empty(),
            Condition::HeldSince { event, .. } => self.of(*event).is_empty(),
            Condition::Not(_)
            | Condition::Latest { .. }
            | Condition::Age { .. }
            | Condition::Attribute(_)
            | Condition::ByLatestLawful { .. }
            | Condition::Judged { .. } => false,
        }
    }

    /// A condition that may be left out, which is then yes.
    pub(super) fn truth_if_any(
        &self,
        condition: Option<&Condition>,
        day: Date,
        mode: Mode,
        subject: Option<Subject>,
        sink: &mut Sink,
    ) -> Truth {
        condition.map_or(Truth::Yes, |condition| self.truth(condition, day, mode, subject, sink))
    }

    /// Whether a clock of a rule can start on a day: the day has come, the rule is in force on it, and its
    /// condition holds.
    pub(super) fn can_start(
        &self,
        rule: &Rule,
        day: Date,
        subject: Option<Subject>,
        sink: &mut Sink,
    ) -> Truth {
        if day > self.as_of || !rule.in_force.contains(day) {
            return Truth::No;
        }
        self.truth_if_any(rule.while_.as_ref(), day, Mode::Starts, subject, sink)
    }

    /// A condition on a day. The sink receives questions only where the answer is unknown.
    pub(super) fn truth(
        &self,
        condition: &Condition,
        day: Date,
        mode: Mode,
        subject: Option<Subject>,
        sink: &mut Sink,
    ) -> Truth {
        let asked = sink.len();
        let answer = match condition {
            Condition::All(parts) => self.combined(parts, Truth::No, (day, mode, subject), sink),
            Condition::Any(parts) => self.combined(parts, Truth::Yes, (day, mode, subject), sink),
            Condition::Not(part) => !self.truth(part, day, mode, subject, sink),
            Condition::Reading(_, value) => Truth::from(*value),
            Condition::State(state) => self.state(*state, day, mode, sink),
            Condition::Attribute(test) => self.attribute(subject, test, sink),
            other => self.truth_of_history(other, day, (mode, subject), sink),
        };
        if answer != Truth::Unknown {
            sink.truncate(asked);
        }
        answer
    }

    /// A condition that looks at more of the case than a state or the event in question.
    fn truth_of_history(
        &self,
        condition: &Condition,
        day: Date,
        (mode, subject): (Mode, Option<Subject>),
        sink: &mut Sink,
    ) -> Truth {
        match condition {
            Condition::HeldFor { state, length, at_least } => {
                match self.state(*state, day, mode, sink) {
                    Truth::Yes => self.held_for(*state, day, length, *at_least),
                    other => other,
                }
            }
            Condition::Latest { event, test } => self.latest(*event, test, day, sink),
            Condition::Recorded(wanted) => {
                let mut answer = Truth::No;
                for &id in self.of(wanted.event) {
                    if self.date(id) > day {
                        break;
                    }
                    match self.matches(wanted, id, sink) {
                        Truth::Yes => {
                            answer = Truth::Yes;
                            break;
                        }
                        Truth::Unknown => answer = Truth::Unknown,
                        Truth::No => {}
                    }
                }
                answer
            }
            Condition::HeldSince { series, event } => {
                let since =
                    self.of(*event).iter().map(|&id| self.date(id)).filter(|&date| date <= day);
                match (since.max(), self.view(*series)) {
                    (Some(since), Some(view)) => view.held_between(since, day, sink),
                    _ => Truth::No,
                }
            }
            Condition::Age { years, under } => match self.born() {
                None => {
                    sink.push(Question::Born);
                    Truth::Unknown
                }
                Some(born) => {
                    let reached =
                        born.anniversary(i32::from(*years)).is_some_and(|birthday| birthday <= day);
                    Truth::from(reached != *under)
                }
            },
            Condition::ByLatestLawful { series, attribute } => {
                self.by_latest_lawful(*series, *attribute, subject, sink)
            }
            Condition::Judged { attribute, .. } => {
                let test = Test {
                    attribute: *attribute,
                    comparison: Comparison::Is,
                    value: Value::YesNo(true),
                };
                self.attribute(subject, &test, sink)
            }
            Condition::All(_)
            | Condition::Any(_)
            | Condition::Not(_)
            | Condition::Reading(..)
            | Condition::State(_)
            | Condition::Attribute(_) => self.truth(condition, day, mode, subject, sink),
        }
    }

    /// `and` (where a no decides) or `or` (where a yes decides).
    fn combined(
        &self,
        parts: &[Condition],
        deciding: Truth,
        (day, mode, subject): (Date, Mode, Option<Subject>),
        sink: &mut Sink,
    ) -> Truth {
        let mut answer = !deciding;
        for part in parts {
            let truth = self.truth(part, day, mode, subject, sink);
            if truth == deciding {
                return deciding;
            }
            if truth == Truth::Unknown {
                answer = Truth::Unknown;
            }
        }
        answer
    }

    /// The date of birth.
    pub(super) fn born(&self) -> Option<Date> {
        let born = self.policy.born?;
        self.of(born).last().map(|&id| self.date(id))
    }

    /// The latest event on or before the day passes the test (M11 where several share the day).
    fn latest(&self, event: EventId, test: &Test, day: Date, sink: &mut Sink) -> Truth {
        let upto = self.of(event).partition_point(|&id| self.date(id) <= day);
        let known = self.of(event).get(..upto).unwrap_or(&[]);
        let Some(&last) = known.last() else {
            sink.push(Question::Event(event, day));
            return Truth::Unknown;
        };
        let date = self.date(last);
        let same_day = known.partition_point(|&id| self.date(id) < date);
        let candidates = known.get(same_day..).unwrap_or(&[]);
        let test_one =
            |id: FactId, sink: &mut Sink| self.attribute(Some(Subject::of(id, event)), test, sink);
        if candidates.iter().all(|&id| self.fact(id).sequence.is_some()) {
            return test_one(last, sink);
        }
        let mut answer = test_one(last, sink);
        for &id in candidates {
            if test_one(id, sink) != answer {
                sink.push(Question::Order(id, last));
                answer = Truth::Unknown;
            }
        }
        answer
    }

    /// A test of an attribute of the event in question.
    fn attribute(&self, subject: Option<Subject>, test: &Test, sink: &mut Sink) -> Truth {
        let Some(subject) = subject else {
            return Truth::Unknown;
        };
        if let Some(value) = self.value(subject, test.attribute) {
            Truth::from(test.passes(value))
        } else {
            sink.push(Question::Attribute(subject.fact, test.attribute));
            Truth::Unknown
        }
    }

    /// The date an act carries is by the latest lawful date of the next review.
    fn by_latest_lawful(
        &self,
        series: crate::policy::RuleId,
        attribute: AttributeId,
        subject: Option<Subject>,
        sink: &mut Sink,
    ) -> Truth {
        let Some(subject) = subject else {
            return Truth::Unknown;
        };
        let Some(Value::Date(date)) = self.value(subject, attribute) else {
            sink.push(Question::Attribute(subject.fact, attribute));
            return Truth::Unknown;
        };
        match self.latest_lawful(series, self.date(subject.fact)) {
            Latest::Between(earliest, _) if *date <= earliest => Truth::Yes,
            Latest::Between(_, Some(latest)) if *date > latest => Truth::No,
            Latest::None => Truth::Yes,
            Latest::Between(..) | Latest::Unknown => Truth::Unknown,
        }
    }

    /// The days on which a condition may change, in no order: a superset of those on which it does.
    pub(super) fn change_days(&self, condition: &Condition, days: &mut Days) {
        match condition {
            Condition::All(parts) | Condition::Any(parts) => {
                for part in parts {
                    self.change_days(part, days);
                }
            }
            Condition::Not(part) => self.change_days(part, days),
            Condition::State(state) => self.state_change_days(*state, days),
            Condition::HeldFor { state, length, .. } => {
                self.state_change_days(*state, days);
                for start in self.starts_of(*state) {
                    if let Ok(full) = self.duration_after(length, start) {
                        days.push(full);
                        days.extend(full.add_days(1));
                    }
                }
            }
            Condition::Latest { event, .. } => {
                days.extend(self.of(*event).iter().map(|&id| self.date(id)));
            }
            Condition::Recorded(wanted) => {
                days.extend(self.of(wanted.event).iter().map(|&id| self.date(id)));
            }
            Condition::HeldSince { series, event } => {
                days.extend(self.of(*event).iter().map(|&id| self.date(id)));
                if let Some(view) = self.view(*series) {
                    days.extend(view.dates());
                }
            }
            Condition::Age { years, .. } => {
                days.extend(self.born().and_then(|born| born.anniversary(i32::from(*years))));
            }
            Condition::Reading(..)
            | Condition::Attribute(_)
            | Condition::ByLatestLawful { .. }
            | Condition::Judged { .. } => {}
        }
    }

    /// The first day on which any event that a condition mentions was recorded.
    pub(super) fn first_mention(&self, condition: &Condition) -> Option<Date> {
        match condition {
            Condition::All(parts) | Condition::Any(parts) => {
                parts.iter().filter_map(|part| self.first_mention(part)).min()
            }
            Condition::Not(part) => self.first_mention(part),
            Condition::State(state) | Condition::HeldFor { state, .. } => {
                self.first_mention_of_state(*state)
            }
            Condition::Latest { event, .. } => self.of(*event).first().map(|&id| self.date(id)),
            Condition::Recorded(wanted) => self.of(wanted.event).first().map(|&id| self.date(id)),
            Condition::HeldSince { event, .. } => self.of(*event).first().map(|&id| self.date(id)),
            Condition::Age { .. } => self.born(),
            Condition::Reading(..)
            | Condition::Attribute(_)
            | Condition::ByLatestLawful { .. }
            | Condition::Judged { .. } => None,
        }
    }

    fn first_mention_of_state(&self, state: StateId) -> Option<Date> {
        match &self.policy.state(state).kind {
            StateKind::Events { from, until } => from
                .iter()
                .chain(until)
                .filter_map(|wanted| self.of(wanted.event).first().map(|&id| self.date(id)))
                .min(),
            StateKind::While(condition) => self.first_mention(condition),
        }
    }
}
