//! A case: its facts in order, the states over its days, and what is so on a day.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use duly::calendar::Date;
use duly::eval::{Fact, Timeline};
use duly::policy::{
    Comparison, Condition, Duration, EventId, EventMatch, Policy, StateId, StateKind, Test, Value,
};

use super::days::{self, Day};
use super::series::{Review, Slot};
use super::states::Stretch;
use super::verdict::Row;

/// Yes, no, or not known.
pub(super) type Truth = Option<bool>;

pub(super) const YES: Truth = Some(true);
pub(super) const NO: Truth = Some(false);
pub(super) const UNKNOWN: Truth = None;

pub(super) fn and(a: Truth, b: Truth) -> Truth {
    match (a, b) {
        (Some(false), _) | (_, Some(false)) => NO,
        (Some(true), Some(true)) => YES,
        _ => UNKNOWN,
    }
}

pub(super) fn or(a: Truth, b: Truth) -> Truth {
    not(and(not(a), not(b)))
}

pub(super) fn not(a: Truth) -> Truth {
    a.map(|a| !a)
}

/// What a day is asked for: an act of that day, or a clock that would start on it (M15).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Mode {
    Acts,
    Starts,
}

/// Where a condition is tested.
#[derive(Clone, Copy, Debug)]
pub(super) struct At {
    pub(super) day: Day,
    pub(super) mode: Mode,
    /// The event in question.
    pub(super) subject: Option<usize>,
    /// Whether the order of the subject and the events of its day matters (prohibitions).
    pub(super) ordered: bool,
}

impl At {
    pub(super) fn acts(day: Day, subject: Option<usize>) -> At {
        At { day, mode: Mode::Acts, subject, ordered: false }
    }

    pub(super) fn starts(day: Day, subject: Option<usize>) -> At {
        At { day, mode: Mode::Starts, subject, ordered: false }
    }
}

/// A fact that has happened.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub(super) day: Day,
    pub(super) fact: Fact,
}

pub(super) struct Case<'a> {
    pub(super) policy: &'a Policy,
    pub(super) as_of: Day,
    pub(super) facts: Vec<Seen>,
    /// The rows of the rules evaluated so far.
    pub(super) rows: Vec<Vec<Row>>,
    /// The events deemed to have happened: by which rule, which, and when.
    pub(super) deemed: Vec<(duly::policy::RuleId, EventId, Day)>,
    /// The stretches of each state that events open and close.
    pub(super) stretches: Vec<Vec<Stretch>>,
    /// The reviews and slots of each series, found when first asked for.
    pub(super) reviews: RefCell<Vec<Option<Rc<Vec<Review>>>>>,
    pub(super) slots: RefCell<Vec<Option<Rc<Vec<Slot>>>>>,
    /// Whether the caps are being looked at, which must not look at themselves.
    pub(super) capping: Cell<bool>,
}

impl<'a> Case<'a> {
    pub(super) fn new(policy: &'a Policy, facts: &[Fact], as_of: Date) -> Case<'a> {
        let (timeline, _) = Timeline::new("case", facts.to_vec());
        let facts = timeline
            .facts()
            .iter()
            .filter(|fact| fact.date <= as_of)
            .map(|fact| Seen { day: fact.date.number(), fact: fact.clone() })
            .collect();
        let rules = policy.rules.len();
        let mut case = Case {
            policy,
            as_of: as_of.number(),
            facts,
            rows: vec![Vec::new(); rules],
            deemed: Vec::new(),
            stretches: Vec::new(),
            reviews: RefCell::new(vec![None; rules]),
            slots: RefCell::new(vec![None; rules]),
            capping: Cell::new(false),
        };
        case.walk_states();
        case
    }

    /// Adds an event that is deemed to have happened, behind the recorded ones of its day.
    pub(super) fn deem(&mut self, event: EventId, day: Day, reference: Option<String>) {
        let fact = Fact {
            date: days::date(day),
            event,
            values: vec![None; self.policy.event(event).attributes.len()].into(),
            reference,
            sequence: None,
            line: 0,
        };
        let place = self.facts.iter().filter(|seen| seen.day <= day).count();
        self.facts.insert(place, Seen { day, fact });
        self.walk_states();
    }

    pub(super) fn reference(&self, fact: usize) -> Option<&String> {
        self.facts[fact].fact.reference.as_ref()
    }

    pub(super) fn seq(&self, fact: usize) -> Option<u32> {
        self.facts[fact].fact.sequence
    }

    /// The facts that match, or may.
    pub(super) fn matching(&self, wanted: &EventMatch) -> Vec<(usize, Truth)> {
        (0..self.facts.len())
            .map(|fact| (fact, self.matches(wanted, fact)))
            .filter(|(_, truth)| *truth != NO)
            .collect()
    }

    pub(super) fn matches(&self, wanted: &EventMatch, fact: usize) -> Truth {
        if self.facts[fact].fact.event != wanted.event {
            return NO;
        }
        let at = At::acts(self.facts[fact].day, Some(fact));
        wanted.test.as_ref().map_or(YES, |test| self.truth(test, at))
    }

    pub(super) fn any_match(&self, wanted: &[EventMatch], fact: usize) -> Truth {
        wanted.iter().fold(NO, |so_far, one| or(so_far, self.matches(one, fact)))
    }

    /// The facts of one event.
    pub(super) fn of(&self, event: EventId) -> impl Iterator<Item = usize> + '_ {
        (0..self.facts.len()).filter(move |fact| self.facts[*fact].fact.event == event)
    }

    pub(super) fn value(
        &self,
        fact: usize,
        attribute: duly::policy::AttributeId,
    ) -> Option<&Value> {
        self.facts[fact].fact.value(attribute)
    }

    pub(super) fn date_value(
        &self,
        fact: usize,
        attribute: duly::policy::AttributeId,
    ) -> Option<Day> {
        match self.value(fact, attribute)? {
            Value::Date(date) => Some(date.number()),
            _ => None,
        }
    }

    /// The day of birth.
    pub(super) fn born(&self) -> Option<Day> {
        let event = self.policy.born?;
        self.of(event).next().map(|fact| self.facts[fact].day)
    }

    // Conditions.

    pub(super) fn holds(&self, condition: Option<&Condition>, at: At) -> Truth {
        condition.map_or(YES, |condition| self.truth(condition, at))
    }

    pub(super) fn truth(&self, condition: &Condition, at: At) -> Truth {
        match condition {
            Condition::All(all) => all.iter().fold(YES, |t, c| and(t, self.truth(c, at))),
            Condition::Any(any) => any.iter().fold(NO, |t, c| or(t, self.truth(c, at))),
            Condition::Not(inner) => not(self.truth(inner, at)),
            Condition::Reading(_, value) => Some(*value),
            Condition::State(state) => self.state(*state, at),
            Condition::HeldFor { state, length, at_least } => {
                self.held_for(*state, length, *at_least, at)
            }
            Condition::Latest { event, test } => self.latest(*event, test, at.day),
            Condition::Recorded(wanted) => (0..self.facts.len())
                .filter(|fact| self.facts[*fact].day <= at.day)
                .fold(NO, |t, fact| or(t, self.matches(wanted, fact))),
            Condition::HeldSince { series, event } => {
                let latest =
                    self.of(*event).map(|f| self.facts[f].day).filter(|d| *d <= at.day).max();
                let Some(latest) = latest else { return NO };
                self.reviews(*series).iter().fold(NO, |t, review| {
                    let held = review.date.is_some_and(|date| latest <= date && date <= at.day);
                    or(t, if held && review.doubtful { UNKNOWN } else { Some(held) })
                })
            }
            Condition::Age { years, under } => {
                let Some(born) = self.born() else {
                    return UNKNOWN;
                };
                let reached = days::birthday(born, i32::from(*years)) <= at.day;
                Some(reached != *under)
            }
            Condition::Attribute(test) => at.subject.map_or(UNKNOWN, |fact| self.test(test, fact)),
            Condition::ByLatestLawful { series, attribute } => {
                let Some(fact) = at.subject else {
                    return UNKNOWN;
                };
                let Some(date) = self.date_value(fact, *attribute) else {
                    return UNKNOWN;
                };
                self.by_latest_lawful(*series, self.facts[fact].day, date)
            }
            Condition::Judged { attribute, .. } => {
                match at.subject.and_then(|fact| self.value(fact, *attribute)) {
                    Some(Value::YesNo(yes)) => Some(*yes),
                    _ => UNKNOWN,
                }
            }
        }
    }

    fn test(&self, test: &Test, fact: usize) -> Truth {
        let value = self.value(fact, test.attribute)?;
        Some(match test.comparison {
            Comparison::Is => *value == test.value,
            Comparison::IsNot => *value != test.value,
            Comparison::Less => *value < test.value,
            Comparison::AtMost => *value <= test.value,
            Comparison::More => *value > test.value,
            Comparison::AtLeast => *value >= test.value,
        })
    }

    fn latest(&self, event: EventId, test: &Test, day: Day) -> Truth {
        let past: Vec<usize> = self.of(event).filter(|f| self.facts[*f].day <= day).collect();
        let last = past.iter().map(|f| self.facts[*f].day).max()?;
        let of_day: Vec<usize> = past.into_iter().filter(|f| self.facts[*f].day == last).collect();
        if of_day.iter().all(|f| self.seq(*f).is_some()) {
            let fact = of_day.iter().max_by_key(|f| self.seq(**f))?;
            return self.test(test, *fact);
        }
        let first = self.test(test, of_day[0]);
        if of_day.iter().all(|f| self.test(test, *f) == first) { first } else { UNKNOWN }
    }

    fn held_for(&self, id: StateId, length: &Duration, at_least: bool, at: At) -> Truth {
        if self.state(id, at) != YES {
            return self.state(id, at);
        }
        let start = match &self.policy.state(id).kind {
            StateKind::Events { .. } => self.stretches[id.index()]
                .iter()
                .find(|s| {
                    let closing = at.mode == Mode::Starts && s.until == Some(at.day);
                    s.certain && s.contains(at.day) && !closing
                })
                .and_then(|s| s.from),
            StateKind::While(_) => {
                let mut day = at.day;
                while self.state(id, At { day: day - 1, ..at }) == YES {
                    day -= 1;
                    if day < self.first_day() {
                        return YES;
                    }
                }
                Some(day)
            }
        };
        let Some(start) = start else { return YES };
        let reached = self.duration(start, length, 1)?;
        Some(if at_least { at.day >= reached } else { at.day > reached })
    }

    /// The day a duration after (or before) an anchor; `None` beyond the calendar.
    pub(super) fn duration(&self, anchor: Day, duration: &Duration, step: i32) -> Option<Day> {
        Some(match duration {
            Duration::Fixed(length) => days::counted(&self.policy.calendar, anchor, *length, step)?,
            Duration::Earlier(a, b) => {
                self.duration(anchor, a, step)?.min(self.duration(anchor, b, step)?)
            }
            Duration::Later(a, b) => {
                self.duration(anchor, a, step)?.max(self.duration(anchor, b, step)?)
            }
        })
    }
}
