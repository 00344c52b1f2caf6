//! The states of a case: on which days they hold (S1).

use std::cell::RefCell;
use std::collections::BTreeSet;

use duly::policy::{Condition, EventId, EventMatch, State, StateId, StateKind};

use super::case::{At, Case, Mode, NO, Truth, UNKNOWN, YES, and, not, or};
use super::days::Day;

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

impl Case<'_> {
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
                    && self.facts[subject].day == at.day
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
                for part in parts {
                    self.mentioned(part, events);
                }
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

    pub(super) fn walk_states(&mut self) {
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
