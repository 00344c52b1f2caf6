//! A case: its facts in order, the states over its days, and what is so on a day.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;

use duly::calendar::Date;
use duly::eval::{Fact, Timeline};
use duly::policy::{
    Comparison, Condition, Duration, EventId, EventMatch, Policy, State, StateId, StateKind, Test,
    Value,
};

use super::days::{self, Day};
use super::series::{Review, Slot};
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

/// Days on which a state holds, or may hold. Both ends are inclusive.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stretch {
    /// `None`: since before anything was recorded.
    pub(super) from: Option<Day>,
    pub(super) until: Option<Day>,
    /// Whether the last day is that of a closing event; `None` where that is not known.
    pub(super) closed: Truth,
    /// Whether the state holds; else it is not known.
    pub(super) certain: bool,
}

impl Stretch {
    pub(super) fn contains(&self, day: Day) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }
}

pub(super) struct Case<'a> {
    pub(super) policy: &'a Policy,
    pub(super) as_of: Day,
    pub(super) facts: Vec<Seen>,
    /// The rows of the rules evaluated so far.
    pub(super) rows: Vec<Vec<Row>>,
    /// The events deemed to have happened: by which rule, and when.
    pub(super) deemed: Vec<(duly::policy::RuleId, Day)>,
    /// The stretches of each state that events open and close.
    stretches: Vec<Vec<Stretch>>,
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
            values: vec![None; self.policy.event(event).attributes.len()],
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

    pub(super) fn value(&self, fact: usize, attribute: duly::policy::AttributeId) -> Option<&Value> {
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
                let Some(born) = self.born() else { return UNKNOWN };
                let reached = days::birthday(born, i32::from(*years)) <= at.day;
                Some(reached != *under)
            }
            Condition::Attribute(test) => {
                at.subject.map_or(UNKNOWN, |fact| self.test(test, fact))
            }
            Condition::ByLatestLawful { series, attribute } => {
                let Some(fact) = at.subject else { return UNKNOWN };
                let Some(date) = self.date_value(fact, *attribute) else { return UNKNOWN };
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
        let of_day: Vec<usize> =
            past.into_iter().filter(|f| self.facts[*f].day == last).collect();
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
            Duration::Fixed(length) => {
                days::counted(&self.policy.calendar, anchor, *length, step)?
            }
            Duration::Earlier(a, b) => {
                self.duration(anchor, a, step)?.min(self.duration(anchor, b, step)?)
            }
            Duration::Later(a, b) => {
                self.duration(anchor, a, step)?.max(self.duration(anchor, b, step)?)
            }
        })
    }

    // States.

    /// The first day on which anything is recorded.
    pub(super) fn first_day(&self) -> Day {
        self.facts.first().map_or(self.as_of, |seen| seen.day.min(self.as_of))
    }

    pub(super) fn state(&self, id: StateId, at: At) -> Truth {
        let state = self.policy.state(id);
        match &state.kind {
            StateKind::Events { from, until } => {
                if at.ordered
                    && let Some(subject) = at.subject
                    && let Some(truth) = self.state_at_act(id, from, until, subject)
                {
                    return truth;
                }
                self.in_stretches(&self.stretches[id.index()], at)
            }
            StateKind::While(condition) => {
                let truth = self.truth(condition, at);
                if truth == UNKNOWN && !state.unknown_before {
                    let mut events = BTreeSet::new();
                    self.mentioned(condition, &mut events);
                    let first = events.iter().filter_map(|e| self.of(*e).next()).min();
                    let before = first.is_none_or(|fact| at.day < self.facts[fact].day);
                    if before && !events.is_empty() {
                        return NO;
                    }
                }
                truth
            }
        }
    }

    fn in_stretches(&self, stretches: &[Stretch], at: At) -> Truth {
        let part = |stretch: &Stretch| {
            if !stretch.contains(at.day) {
                return NO;
            }
            let closing_day = at.mode == Mode::Starts && stretch.until == Some(at.day);
            let belongs = if closing_day { not(stretch.closed) } else { YES };
            if stretch.certain { belongs } else { and(belongs, UNKNOWN) }
        };
        stretches.iter().fold(NO, |t, stretch| or(t, part(stretch)))
    }

    /// S12: the state at an act of the very day on which it opened or closed, by `seq`. `None`
    /// where nothing turned on that day.
    fn state_at_act(
        &self,
        id: StateId,
        from: &[EventMatch],
        until: &[EventMatch],
        subject: usize,
    ) -> Option<Truth> {
        let day = self.facts[subject].day;
        // A clock could start on the day before only if the state was still open at its end.
        let eve = At::starts(day - 1, None);
        let mut value = self.in_stretches(&self.stretches[id.index()], eve);
        let turns = |fact: usize| (self.any_match(from, fact), self.any_match(until, fact));
        let mut of_day: Vec<usize> = (0..self.facts.len())
            .filter(|f| self.facts[*f].day == day && turns(*f) != (NO, NO))
            .collect();
        if of_day.is_empty() || of_day.contains(&subject) {
            return None;
        }
        let opens = of_day.iter().any(|f| turns(*f).0 != NO);
        let closes = of_day.iter().any(|f| turns(*f).1 != NO);
        if (value == YES && !closes) || (value == NO && !opens) {
            return Some(value);
        }
        let all_in_order = self.seq(subject).is_some()
            && of_day.iter().all(|f| self.seq(*f).is_some() && self.seq(*f) != self.seq(subject));
        if !all_in_order {
            return Some(UNKNOWN);
        }
        of_day.sort_by_key(|f| self.seq(*f));
        for fact in of_day {
            if self.seq(fact) > self.seq(subject) {
                break;
            }
            let (opening, closing) = turns(fact);
            if closing != NO {
                value = and(value, not(closing));
            }
            value = or(value, opening);
        }
        Some(value)
    }

    fn mentioned(&self, condition: &Condition, events: &mut BTreeSet<EventId>) {
        match condition {
            Condition::All(parts) | Condition::Any(parts) => {
                parts.iter().for_each(|part| self.mentioned(part, events));
            }
            Condition::Not(inner) => self.mentioned(inner, events),
            Condition::State(state) | Condition::HeldFor { state, .. } => {
                match &self.policy.state(*state).kind {
                    StateKind::Events { from, until } => {
                        events.extend(from.iter().chain(until).map(|m| m.event));
                    }
                    StateKind::While(inner) => self.mentioned(inner, events),
                }
            }
            Condition::Latest { event, .. } | Condition::HeldSince { event, .. } => {
                events.insert(*event);
            }
            Condition::Recorded(wanted) => {
                events.insert(wanted.event);
            }
            Condition::Reading(..)
            | Condition::Age { .. }
            | Condition::Attribute(_)
            | Condition::ByLatestLawful { .. }
            | Condition::Judged { .. } => {}
        }
    }

    /// The stretches of a state, or the runs of days on which its condition holds.
    pub(super) fn stretches(&self, id: StateId) -> Vec<Stretch> {
        match &self.policy.state(id).kind {
            StateKind::Events { .. } => self.stretches[id.index()].clone(),
            StateKind::While(_) => self.runs(|day| self.state(id, At::acts(day, None))),
        }
    }

    /// The maximal runs of days with one answer other than no, up to the as-of day.
    pub(super) fn runs(&self, truth: impl Fn(Day) -> Truth) -> Vec<Stretch> {
        let mut runs: Vec<Stretch> = Vec::new();
        let mut last = NO;
        for day in self.first_day() - 1..=self.as_of {
            let now = truth(day);
            if now != last {
                if let Some(run) = runs.last_mut().filter(|_| last != NO) {
                    run.until = Some(day - 1);
                }
                if now != NO {
                    let from = Some(day).filter(|day| *day >= self.first_day());
                    runs.push(Stretch { from, until: None, closed: YES, certain: now == YES });
                }
            }
            last = now;
        }
        // A state that closes on the as-of day itself has ended, though no later day shows it.
        if last != NO && truth(self.as_of + 1) != last {
            runs.last_mut().expect("a run is open").until = Some(self.as_of);
        }
        runs
    }

    fn walk_states(&mut self) {
        let rules = self.policy.rules.len();
        self.reviews = RefCell::new(vec![None; rules]);
        self.slots = RefCell::new(vec![None; rules]);
        self.stretches = Vec::new();
        for state in &self.policy.states {
            let stretches = match &state.kind {
                StateKind::Events { from, until } => self.walk_state(state, from, until),
                StateKind::While(_) => Vec::new(),
            };
            self.stretches.push(stretches);
        }
    }

    fn walk_state(&self, state: &State, from: &[EventMatch], until: &[EventMatch]) -> Vec<Stretch> {
        let mut walk = StateWalk { done: Vec::new(), open: None };
        if state.unknown_before {
            walk.begin(None, false);
        }
        let turns: Vec<(usize, Truth, Truth)> = (0..self.facts.len())
            .map(|f| (f, self.any_match(from, f), self.any_match(until, f)))
            .filter(|(_, opening, closing)| (*opening, *closing) != (NO, NO))
            .collect();
        let days: BTreeSet<Day> = turns.iter().map(|(f, ..)| self.facts[*f].day).collect();
        for day in days {
            let mut of_day: Vec<_> =
                turns.iter().copied().filter(|(f, ..)| self.facts[*f].day == day).collect();
            let in_order = of_day.iter().all(|(f, ..)| self.seq(*f).is_some());
            let opens = of_day.iter().any(|(_, opening, _)| *opening == YES);
            let closes = of_day.iter().any(|(_, _, closing)| *closing == YES);
            let one = of_day.len() == 1;
            if opens && closes && !one && !in_order {
                walk.simultaneous(day);
                continue;
            }
            if in_order {
                of_day.sort_by_key(|(f, ..)| self.seq(*f));
            } else {
                // What is certain goes before what is not.
                of_day.sort_by_key(|(_, opening, closing)| *opening != YES && *closing != YES);
            }
            for (_, opening, closing) in of_day {
                walk.close(day, closing);
                walk.open(day, opening);
            }
        }
        walk.done.extend(walk.open);
        walk.done
    }
}

/// The walk of S1 over the days on which a state is opened or closed.
struct StateWalk {
    done: Vec<Stretch>,
    open: Option<Stretch>,
}

impl StateWalk {
    fn begin(&mut self, from: Option<Day>, certain: bool) {
        self.open = Some(Stretch { from, until: None, closed: NO, certain });
    }

    fn end(&mut self, until: Day, closed: Truth) {
        if let Some(open) = self.open.take()
            && open.from.is_none_or(|from| from <= until)
        {
            self.done.push(Stretch { until: Some(until), closed, ..open });
        }
    }

    fn open(&mut self, day: Day, opening: Truth) {
        let certain = self.open.map(|open| open.certain);
        match (opening, certain) {
            (Some(true), None | Some(false)) => {
                self.end(day - 1, NO);
                self.begin(Some(day), true);
            }
            (None, None) => self.begin(Some(day), false),
            _ => {}
        }
    }

    fn close(&mut self, day: Day, closing: Truth) {
        let certain = self.open.map(|open| open.certain);
        match (closing, certain) {
            (Some(true), Some(_)) => self.end(day, YES),
            (None, Some(true)) => {
                self.end(day, UNKNOWN);
                self.begin(Some(day + 1), false);
            }
            _ => {}
        }
    }

    /// Opened and closed on one day in an order that nobody recorded.
    fn simultaneous(&mut self, day: Day) {
        if self.open.is_some_and(|open| !open.certain) {
            self.end(day - 1, NO);
        }
        if self.open.is_none() {
            self.begin(Some(day), true);
        }
        self.end(day, UNKNOWN);
        self.begin(Some(day + 1), false);
    }
}
