//! States: stretches of days between the events that open and close them (M15).

use smallvec::smallvec;

use super::case::Case;
use super::outcome::{FactId, Question};
use super::stretches::Stretch;
use super::truth::{Days, Mode, Sink, Truth};
use crate::calendar::Date;
use crate::policy::{Condition, Duration, EventId, EventMatch, StateId, StateKind};

/// A run of days on which a condition keeps one truth other than no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Run {
    /// The first day.
    pub(super) from: Date,
    /// The last day; `None` where it goes on.
    pub(super) until: Option<Date>,
    /// Whether the condition is yes (rather than unknown).
    pub(super) certain: bool,
    /// The questions, where it is not known.
    pub(super) doubt: Vec<Question>,
}

/// An event that opens or closes a state.
#[derive(Debug, Clone)]
struct Turn {
    fact: FactId,
    opens: Truth,
    closes: Truth,
    doubt: Option<Question>,
}

impl Case<'_> {
    /// Works out the stretches of every state that events open and close.
    pub(super) fn derive_states(&mut self) {
        self.stretches.clear(self.policy.states.len());
        self.derive_states_that(|_, _| true);
    }

    /// Works out anew those of the states that an event opens or closes.
    pub(super) fn derive_states_turned_by(&mut self, event: EventId) {
        self.derive_states_that(|from, until| {
            from.iter().chain(until).any(|wanted| wanted.event == event)
        });
    }

    fn derive_states_that(&mut self, wanted: impl Fn(&[EventMatch], &[EventMatch]) -> bool) {
        let mut stretches = std::mem::take(&mut self.stretches);
        for (index, state) in self.policy.states.iter().enumerate() {
            let StateKind::Events { from, until } = &state.kind else { continue };
            // What never opens never holds, whatever closes it.
            if (self.has_any(from) || state.unknown_before) && wanted(from, until) {
                stretches.keep(index, self.stretches_of(from, until, state.unknown_before));
            }
        }
        self.stretches = stretches;
    }

    fn stretches_of(
        &self,
        from: &[EventMatch],
        until: &[EventMatch],
        unknown_before: bool,
    ) -> Vec<Stretch> {
        let turns = self.turns(from, until);
        let mut walk = Walk { stretches: Vec::new(), open: None };
        if unknown_before {
            walk.begin(Date::MIN, None, None, false);
        }
        for day in turns.chunk_by(|a, b| self.date(a.fact) == self.date(b.fact)) {
            walk.day(self, day);
        }
        walk.stretches.extend(walk.open);
        walk.stretches
    }

    /// The events that may turn the state, in timeline order.
    fn turns(&self, from: &[EventMatch], until: &[EventMatch]) -> Vec<Turn> {
        let mut turns: Vec<Turn> = Vec::new();
        let mut events: Vec<_> = from.iter().chain(until).map(|wanted| wanted.event).collect();
        events.sort_unstable();
        events.dedup();
        for event in events {
            for &fact in self.of(event) {
                let mut sink = Sink::new();
                let opens = self.any_match(from, fact, &mut sink);
                let closes = self.any_match(until, fact, &mut sink);
                if opens != Truth::No || closes != Truth::No {
                    turns.push(Turn { fact, opens, closes, doubt: sink.into_iter().next() });
                }
            }
        }
        turns.sort_by_key(|turn| {
            let fact = self.fact(turn.fact);
            (fact.date, fact.sequence, turn.fact)
        });
        turns
    }

    fn any_match(&self, wanted: &[EventMatch], fact: FactId, sink: &mut Sink) -> Truth {
        let mut answer = Truth::No;
        for one in wanted {
            match self.matches(one, fact, sink) {
                Truth::Yes => return Truth::Yes,
                Truth::Unknown => answer = Truth::Unknown,
                Truth::No => {}
            }
        }
        answer
    }

    /// The stretches of a state that events open and close.
    pub(super) fn stretches(&self, state: StateId) -> &[Stretch] {
        self.stretches.of(state)
    }

    /// Whether a state holds on a day.
    pub(super) fn state(&self, id: StateId, day: Date, mode: Mode, sink: &mut Sink) -> Truth {
        let state = self.policy.state(id);
        match &state.kind {
            StateKind::Events { .. } => self.stretch_truth(id, day, mode, sink),
            StateKind::While(condition) => {
                let asked = sink.len();
                let answer = self.truth(condition, day, mode, None, sink);
                let nothing_yet = || {
                    let first = self.first_mention(condition);
                    !state.unknown_before && first.is_none_or(|first| day < first)
                };
                if answer == Truth::Unknown && nothing_yet() {
                    sink.truncate(asked);
                    return Truth::No;
                }
                answer
            }
        }
    }

    fn stretch_truth(&self, id: StateId, day: Date, mode: Mode, sink: &mut Sink) -> Truth {
        let stretches = self.stretches(id);
        if stretches.is_empty() {
            return Truth::No;
        }
        let within = |stretch: &&Stretch| stretch.contains(day, mode);
        let Some(stretch) = stretches.iter().filter(within).max_by_key(|stretch| stretch.certain)
        else {
            return closed_in_doubt(stretches, day, mode, sink);
        };
        if !stretch.certain {
            sink.push(stretch.doubt.clone().unwrap_or(Question::State(id, day)));
            return Truth::Unknown;
        }
        let Mode::Order(act) = mode else {
            return Truth::Yes;
        };
        // On the very day of an opening or closing it matters which came first (M11).
        let inner = stretches
            .iter()
            .filter(within)
            .any(|stretch| stretch.certain && stretch.from < day && stretch.until != Some(day));
        if inner {
            return Truth::Yes;
        }
        let opened = stretch.opened.filter(|_| stretch.from == day);
        let closed = stretch.closed.filter(|_| stretch.until == Some(day));
        let after = opened.map_or(Truth::Yes, |opened| self.comes_before(opened, act, sink));
        let before = closed.map_or(Truth::Yes, |closed| self.comes_before(act, closed, sink));
        match (after, before) {
            (Truth::No, _) | (_, Truth::No) => Truth::No,
            (Truth::Yes, Truth::Yes) => Truth::Yes,
            _ => Truth::Unknown,
        }
    }

    /// Whether one of two facts of a day comes before the other; a fact is in order with itself.
    fn comes_before(&self, one: FactId, other: FactId, sink: &mut Sink) -> Truth {
        if one == other {
            return Truth::Yes;
        }
        if let (Some(first), Some(second)) = (self.fact(one).sequence, self.fact(other).sequence) {
            return Truth::from(first < second);
        }
        sink.push(Question::Order(one, other));
        Truth::Unknown
    }

    /// The facts that made a state what it is on a day: the opening that lets it hold, or the
    /// closing that ended it.
    pub(super) fn state_evidence(&self, id: StateId, day: Date) -> Vec<FactId> {
        match &self.policy.state(id).kind {
            StateKind::Events { .. } => {
                let known = self.stretches(id).iter().rev().find(|stretch| stretch.from <= day);
                known.map_or(Vec::new(), |stretch| {
                    let closed = stretch.closed.filter(|&fact| self.date(fact) <= day);
                    stretch.opened.into_iter().chain(closed).collect()
                })
            }
            StateKind::While(condition) => {
                let mut events = Vec::new();
                self.mentioned(condition, &mut events);
                let latest = |event: EventId| {
                    self.of(event).iter().copied().rev().find(|&id| self.date(id) <= day)
                };
                let mut facts: Vec<FactId> = events.into_iter().filter_map(latest).collect();
                facts.sort_by_key(|&id| (self.date(id), id));
                facts.dedup();
                facts
            }
        }
    }

    /// The events that a condition mentions, through states too.
    fn mentioned(&self, condition: &Condition, events: &mut Vec<EventId>) {
        match condition {
            Condition::All(parts) | Condition::Any(parts) => {
                for part in parts {
                    self.mentioned(part, events);
                }
            }
            Condition::Not(part) => self.mentioned(part, events),
            Condition::State(state) | Condition::HeldFor { state, .. } => {
                match &self.policy.state(*state).kind {
                    StateKind::Events { from, until } => {
                        events.extend(from.iter().chain(until).map(|wanted| wanted.event));
                    }
                    StateKind::While(inner) => self.mentioned(inner, events),
                }
            }
            Condition::Latest { event, .. } | Condition::HeldSince { event, .. } => {
                events.push(*event);
            }
            Condition::Recorded(wanted) => events.push(wanted.event),
            Condition::Age { .. } => events.extend(self.policy.born),
            Condition::Reading(..)
            | Condition::Attribute(_)
            | Condition::ByLatestLawful { .. }
            | Condition::Judged { .. } => {}
        }
    }

    /// Whether a state that holds on the day has held for a length since it began.
    pub(super) fn held_for(
        &self,
        state: StateId,
        day: Date,
        length: &Duration,
        at_least: bool,
    ) -> Truth {
        let start = self.starts_of(state).into_iter().filter(|&start| start <= day).max();
        let Some(start) = start else {
            return Truth::Unknown;
        };
        match self.duration_after(length, start) {
            Ok(full) => Truth::from(if at_least { day >= full } else { day > full }),
            Err(_) => Truth::Unknown,
        }
    }

    /// The days on which a state began to hold.
    pub(super) fn starts_of(&self, state: StateId) -> Vec<Date> {
        match &self.policy.state(state).kind {
            StateKind::Events { .. } => self
                .stretches(state)
                .iter()
                .filter(|stretch| stretch.certain)
                .map(|stretch| stretch.from)
                .collect(),
            StateKind::While(_) => self
                .runs(&Condition::State(state))
                .into_iter()
                .filter(|run| run.certain)
                .map(|run| run.from)
                .collect(),
        }
    }

    /// The days on which a state may change.
    pub(super) fn state_change_days(&self, state: StateId, days: &mut Days) {
        match &self.policy.state(state).kind {
            StateKind::Events { .. } => {
                for stretch in self.stretches(state) {
                    days.push(stretch.from);
                    days.extend(stretch.from.add_days(1));
                    days.extend(stretch.until);
                    days.extend(stretch.until.and_then(|until| until.add_days(1)));
                }
            }
            StateKind::While(condition) => {
                self.change_days(condition, days);
                days.extend(self.first_mention(condition));
            }
        }
    }

    /// The maximal runs of days on which a condition is yes, and those on which it is unknown, for
    /// acts, in order.
    pub(super) fn runs(&self, condition: &Condition) -> Vec<Run> {
        let mut days: Days = smallvec![Date::MIN];
        self.change_days(condition, &mut days);
        days.sort_unstable();
        days.dedup();
        let mut runs: Vec<Run> = Vec::new();
        let mut current: Option<(Truth, Run)> = None;
        for day in days {
            let mut sink = Sink::new();
            let truth = self.truth(condition, day, Mode::Acts, None, &mut sink);
            match &mut current {
                Some((kept, _)) if *kept == truth => {}
                _ => {
                    if let Some((_, mut run)) = current.take() {
                        run.until = day.add_days(-1);
                        runs.push(run);
                    }
                    if truth != Truth::No {
                        let certain = truth == Truth::Yes;
                        current =
                            Some((truth, Run { from: day, until: None, certain, doubt: sink }));
                    }
                }
            }
        }
        runs.extend(current.map(|(_, run)| run));
        runs
    }

    /// The last day of the unbroken run of a condition that contains the day, if it ended before
    /// another; the questions, where it is not known whether it went on.
    pub(super) fn run_end(
        &self,
        condition: &Condition,
        day: Date,
        before: Date,
    ) -> Result<Option<Date>, Vec<Question>> {
        let mut days = Days::new();
        self.change_days(condition, &mut days);
        days.retain(|&mut change| day < change && change <= before);
        days.sort_unstable();
        for change in days {
            let mut sink = Sink::new();
            match self.truth(condition, change, Mode::Acts, None, &mut sink) {
                Truth::Yes => {}
                Truth::No => return Ok(change.add_days(-1)),
                Truth::Unknown => return Err(sink),
            }
        }
        Ok(None)
    }
}

/// On a day that closes a state and may open it again, or may not close it at all, it is not
/// known whether a clock can start.
fn closed_in_doubt(stretches: &[Stretch], day: Date, mode: Mode, sink: &mut Sink) -> Truth {
    let closed = stretches.iter().find(|stretch| stretch.certain && stretch.until == Some(day));
    match (mode, closed.and_then(|stretch| stretch.doubt.clone())) {
        (Mode::Starts, Some(doubt)) => {
            sink.push(doubt);
            Truth::Unknown
        }
        _ => Truth::No,
    }
}

/// The walk over the days on which a state may turn.
struct Walk {
    stretches: Vec<Stretch>,
    open: Option<Stretch>,
}

impl Walk {
    fn begin(
        &mut self,
        from: Date,
        opened: Option<FactId>,
        doubt: Option<Question>,
        certain: bool,
    ) {
        self.open = Some(Stretch { from, until: None, certain, opened, closed: None, doubt });
    }

    fn end(&mut self, until: Option<Date>, closed: Option<FactId>) {
        if let Some(mut open) = self.open.take() {
            open.until = until;
            open.closed = closed;
            // A stretch that would end before it began never was.
            if until.is_none_or(|until| open.from <= until) {
                self.stretches.push(open);
            }
        }
    }

    /// Ends what is open on a day, and lets what follows be unknown: it may have ended, or not.
    fn end_in_doubt(&mut self, day: Date, closed: FactId, doubt: Option<Question>) {
        if let Some(open) = &mut self.open {
            open.doubt.clone_from(&doubt);
        }
        self.end(Some(day), Some(closed));
        if let Some(next) = day.add_days(1) {
            self.begin(next, None, doubt, false);
        }
    }

    fn holds(&self) -> bool {
        self.open.as_ref().is_some_and(|open| open.certain)
    }

    /// One day with its turns.
    fn day(&mut self, case: &Case<'_>, turns: &[Turn]) {
        let opening = turns.iter().find(|turn| turn.opens == Truth::Yes);
        let closing = turns.iter().find(|turn| turn.closes == Truth::Yes);
        let ordered = turns.iter().all(|turn| case.fact(turn.fact).sequence.is_some());
        match (opening, closing) {
            (Some(opening), Some(closing)) if turns.len() > 1 && !ordered => {
                let day = case.date(opening.fact);
                let order = Question::Order(opening.fact, closing.fact);
                if !self.holds() {
                    self.end(day.add_days(-1), None);
                    self.begin(day, Some(opening.fact), None, true);
                }
                self.end_in_doubt(day, closing.fact, Some(order));
            }
            (Some(turn), None) | (None, Some(turn)) => self.turn(case, turn),
            _ => {
                for turn in turns {
                    self.turn(case, turn);
                }
            }
        }
    }

    /// One event: a closing first, then an opening.
    fn turn(&mut self, case: &Case<'_>, turn: &Turn) {
        let day = case.date(turn.fact);
        match turn.closes {
            Truth::Yes => self.end(Some(day), Some(turn.fact)),
            Truth::Unknown if self.holds() => {
                self.end_in_doubt(day, turn.fact, turn.doubt.clone());
            }
            Truth::Unknown | Truth::No => {}
        }
        match turn.opens {
            Truth::Yes if !self.holds() => {
                self.end(day.add_days(-1), None);
                self.begin(day, Some(turn.fact), None, true);
            }
            Truth::Unknown if self.open.is_none() => {
                self.begin(day, Some(turn.fact), turn.doubt.clone(), false);
            }
            Truth::Yes | Truth::Unknown | Truth::No => {}
        }
    }
}
