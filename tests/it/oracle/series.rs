//! Reviews, the slots they fill, and the dates that others count from.

use std::rc::Rc;

use duly::eval::{Part, Status};
use duly::policy::{Body, Condition, Point, RuleId, Series, StateKind};

use super::case::{At, Case, NO, UNKNOWN, YES};
use super::days::{self, Day};
use super::limits::{Clock, Counted, End, From, Path, Ruling, must, ruling, undetermined};
use super::states::Stretch;
use super::verdict::{Last, Row};

/// A review that was begun.
#[derive(Clone, Debug)]
pub(super) struct Review {
    /// Its running number in the case.
    pub(super) number: u16,
    pub(super) begin: Day,
    pub(super) begun_by: usize,
    pub(super) closed_by: Option<usize>,
    pub(super) completion: Option<Day>,
    /// The date of the review, once it is completed.
    pub(super) date: Option<Day>,
    pub(super) doubtful: bool,
}

/// A review that is, or was, to be held.
#[derive(Clone, Debug)]
pub(super) struct Slot {
    pub(super) period: Stretch,
    /// The day on which the series was restarted.
    pub(super) restarted: Option<Day>,
    /// From 1, in its period of care.
    pub(super) ordinal: u16,
    /// The running number the review has, or will have.
    pub(super) number: u16,
    /// The day its clock started.
    pub(super) start: Option<Day>,
    pub(super) start_fact: Option<usize>,
    /// Whether it is not known that the period, or the event that starts it, was there.
    pub(super) uncertain: bool,
    /// Whether it is not known whether the series was restarted while it was pending, or before.
    pub(super) perhaps_restarted: bool,
    pub(super) previous: Option<Review>,
    pub(super) review: Option<Review>,
    pub(super) paths: Vec<Path>,
}

struct Cycle {
    period: Stretch,
    start: Option<Day>,
    start_fact: Option<usize>,
    uncertain: bool,
    restarted: Option<Day>,
    /// The days on which it may have been restarted.
    perhaps: Vec<Day>,
}

impl Case<'_> {
    pub(super) fn series(&self, rule: RuleId) -> &Series {
        match &self.policy.rule(rule).body {
            Body::Series(series) => series,
            _ => unreachable!("the rule is a series"),
        }
    }

    pub(super) fn reviews(&self, rule: RuleId) -> Rc<Vec<Review>> {
        if let Some(reviews) = &self.reviews.borrow()[rule.index()] {
            return Rc::clone(reviews);
        }
        let reviews = Rc::new(self.find_reviews(rule));
        self.reviews.borrow_mut()[rule.index()] = Some(Rc::clone(&reviews));
        reviews
    }

    /// S5: the reviews of a series over the whole case.
    fn find_reviews(&self, rule: RuleId) -> Vec<Review> {
        let series = self.series(rule);
        let matches = |wanted: &Option<_>, fact| {
            wanted.as_ref().map_or(NO, |wanted| self.matches(wanted, fact))
        };
        let closes = |fact| {
            let held = matches(&series.held_on, fact);
            let completed = matches(&series.completed_on, fact);
            (held, completed)
        };
        let adjourns = |fact: usize| series.adjourned_on == Some(self.facts[fact].fact.event);
        let begins = |fact| {
            if adjourns(fact) { YES } else { matches(&series.begun_on, fact) }
        };

        let mut reviews: Vec<Review> = Vec::new();
        let mut days: Vec<Day> = self.facts.iter().map(|seen| seen.day).collect();
        days.dedup();
        for day in days {
            let mut of_day: Vec<usize> = (0..self.facts.len())
                .filter(|f| self.facts[*f].day == day)
                .filter(|f| closes(*f) != (NO, NO) || begins(*f) != NO)
                .collect();
            let turns_on_order = of_day.iter().any(|f| adjourns(*f))
                && of_day.iter().any(|f| closes(*f) != (NO, NO));
            let in_order = of_day.iter().all(|f| self.seq(*f).is_some());
            let open = reviews.last().is_some_and(|review| review.completion.is_none());
            if in_order {
                of_day.sort_by_key(|f| self.seq(*f));
            } else {
                // Held before completed, begun before adjourned: of one day they are one review.
                of_day.sort_by_key(|f| {
                    ((begins(*f) != NO) == open, closes(*f).0 == NO, adjourns(*f))
                });
            }
            for fact in of_day {
                let (held, completed) = closes(fact);
                let sure = match begins(fact) {
                    NO => held == YES || completed == YES,
                    begun => begun == YES,
                };
                let uncertain = !sure;
                let doubtful = uncertain || (turns_on_order && !in_order && begins(fact) == NO);
                let open = reviews.last().is_some_and(|review| review.completion.is_none());
                if !open && (begins(fact) != NO || held != NO) {
                    reviews.push(Review {
                        number: reviews.len() as u16 + 1,
                        begin: day,
                        begun_by: fact,
                        closed_by: None,
                        completion: None,
                        date: None,
                        doubtful: false,
                    });
                }
                let Some(review) = reviews.last_mut().filter(|r| r.completion.is_none()) else {
                    continue;
                };
                review.doubtful |= doubtful;
                if begins(fact) == NO {
                    review.closed_by = Some(fact);
                    review.completion = Some(day);
                    review.date = Some(match series.dated {
                        Point::FirstMeeting | Point::Date => review.begin,
                        Point::Completion => day,
                    });
                }
            }
        }
        reviews
    }

    /// S6: the stretches of days in which the series lives.
    fn periods(&self, rule: RuleId) -> Vec<Stretch> {
        match &self.policy.rule(rule).while_ {
            None => vec![Stretch { from: None, until: None, closed: NO, certain: true }],
            Some(Condition::State(state))
                if matches!(self.policy.state(*state).kind, StateKind::Events { .. }) =>
            {
                self.stretches(*state)
            }
            Some(condition) => self.runs(|day| self.truth(condition, At::acts(day, None))),
        }
    }

    fn cycles(&self, rule: RuleId) -> Vec<Cycle> {
        let series = self.series(rule);
        let mut cycles = Vec::new();
        let begun = |period: &Stretch| period.from.is_none_or(|from| from <= self.as_of);
        for period in self.periods(rule).into_iter().filter(begun) {
            let (start, start_fact, known) = match &series.start {
                Some(wanted) => {
                    let facts = self.matching(wanted);
                    let first = facts.iter().find(|(f, _)| period.contains(self.facts[*f].day));
                    first.map_or((None, None, YES), |(fact, truth)| {
                        (Some(self.facts[*fact].day), Some(*fact), *truth)
                    })
                }
                None => (period.from, None, YES),
            };
            let start = start.filter(|day| period.until != Some(*day));
            let start_fact = start_fact.filter(|_| start.is_some());
            let uncertain = !period.certain || known == UNKNOWN;
            let (restarted, perhaps) = (None, Vec::new());
            cycles.push(Cycle { period, start, start_fact, uncertain, restarted, perhaps });
            for (fact, seen) in self.facts.iter().enumerate() {
                let cycle = cycles.last_mut().expect("the period has a cycle");
                let later = cycle.start.is_some_and(|start| seen.day > start)
                    && period.contains(seen.day)
                    && period.until != Some(seen.day);
                let restarts = self.any_match(&series.restarted_by, fact);
                if later && restarts == UNKNOWN {
                    cycle.perhaps.push(seen.day);
                }
                if later && must(restarts) {
                    cycle.restarted = Some(seen.day);
                    cycles.push(Cycle {
                        period,
                        start: Some(seen.day),
                        start_fact: Some(fact),
                        uncertain: !period.certain,
                        restarted: None,
                        perhaps: Vec::new(),
                    });
                }
            }
        }
        for cycle in &mut cycles {
            cycle.perhaps.retain(|day| cycle.restarted != Some(*day));
        }
        cycles
    }

    pub(super) fn slots(&self, rule: RuleId) -> Rc<Vec<Slot>> {
        if let Some(slots) = &self.slots.borrow()[rule.index()] {
            return Rc::clone(slots);
        }
        let slots = Rc::new(self.find_slots(rule));
        self.slots.borrow_mut()[rule.index()] = Some(Rc::clone(&slots));
        slots
    }

    fn find_slots(&self, rule: RuleId) -> Vec<Slot> {
        let reviews = self.reviews(rule);
        let cycles = self.cycles(rule);
        let home = |review: &Review| {
            cycles.iter().rposition(|cycle| {
                cycle.start.is_some_and(|start| start <= review.begin)
                    && cycle.period.contains(review.begin)
            })
        };
        let mut slots = Vec::new();
        for (index, cycle) in cycles.iter().enumerate() {
            let own: Vec<&Review> =
                reviews.iter().filter(|review| home(review) == Some(index)).collect();
            for k in 0..=own.len() {
                let previous = k.checked_sub(1).map(|before| own[before]);
                let review = own.get(k).copied();
                let start = previous.map_or(cycle.start, |previous| previous.date);
                let over = start.is_some_and(|start| {
                    k > 0
                        && (cycle.period.until.is_some_and(|until| start >= until)
                            || cycle.restarted.is_some_and(|day| start >= day))
                });
                if over || (k > 0 && start.is_none()) {
                    break;
                }
                let number = review.or(previous).map_or_else(
                    || {
                        let before = |review: &&Review| Some(review.begin) < cycle.start;
                        reviews.iter().filter(before).count() as u16 + 1
                    },
                    |r| r.number + u16::from(review.is_none()),
                );
                let mut slot = Slot {
                    period: cycle.period,
                    restarted: cycle.restarted,
                    ordinal: k as u16 + 1,
                    number,
                    start,
                    start_fact: previous.map_or(cycle.start_fact, |previous| previous.closed_by),
                    uncertain: cycle.uncertain,
                    perhaps_restarted: cycle
                        .perhaps
                        .iter()
                        .any(|day| review.is_none_or(|review| review.begin >= *day)),
                    previous: previous.cloned(),
                    review: review.cloned(),
                    paths: Vec::new(),
                };
                slot.paths = self.slot_paths(rule, &slot);
                slots.push(slot);
            }
        }
        slots
    }

    fn slot_paths(&self, rule: RuleId, slot: &Slot) -> Vec<Path> {
        let Some(start) = slot.start else {
            return Vec::new();
        };
        let series = self.series(rule);
        let done = slot.review.as_ref().and_then(|review| review.date);
        // M16: throughout its clock, which ends with the period or the restart.
        let ended = done.or(self.slot_end(slot).map(|end| end.day));
        let clock = Clock {
            limits: &series.limits,
            mid_clock: series.mid_clock,
            ordinal: slot.ordinal,
            started: start,
            subject: slot.start_fact,
            from: From { day: start, fact: slot.start_fact, next: None },
        };
        self.paths(&clock, ended.unwrap_or(self.as_of).min(self.as_of))
    }

    /// The day on which a slot's life ended, if it has.
    pub(super) fn slot_end(&self, slot: &Slot) -> Option<End> {
        let restarted = slot.restarted;
        let until = slot.period.until.filter(|until| self.as_of > *until);
        restarted.or(until).map(|day| End { day })
    }

    pub(super) fn series_rows(&self, id: RuleId) -> Vec<Row> {
        let rule = self.policy.rule(id);
        let mut rows = Vec::new();
        for slot in self.slots(id).iter() {
            let mut row = self.row(id, Part::Whole, slot.ordinal);
            let Some(start) = slot.start else {
                if slot.uncertain {
                    undetermined(&mut row);
                }
                let alive = slot.period.until.is_none_or(|until| self.as_of < until);
                if alive && rule.in_force.contains(days::date(self.as_of)) {
                    rows.push(row);
                }
                continue;
            };
            if !rule.in_force.contains(days::date(start)) {
                continue;
            }
            if let Some(row) = self.outside_the_policy(&row, start) {
                rows.push(row);
                continue;
            }
            let judged: Vec<Option<Row>> =
                slot.paths.iter().map(|path| self.series_row(id, slot, &row, path)).collect();
            rows.extend(self.merge(&judged));
        }
        rows
    }

    /// S3: a clock that started when the policy was not in force.
    pub(super) fn outside_the_policy(&self, row: &Row, start: Day) -> Option<Row> {
        if self.policy.header.in_force.contains(days::date(start)) {
            return None;
        }
        let mut row = row.clone();
        row.due = Last::Unknown;
        undetermined(&mut row);
        Some(row)
    }

    fn series_row(&self, id: RuleId, slot: &Slot, empty: &Row, path: &Path) -> Option<Row> {
        let series = self.series(id);
        let mut row = empty.clone();
        let review = slot.review.as_ref();
        let done = review.filter(|review| !review.doubtful).and_then(|review| review.date);
        let end = self.slot_end(slot);
        let (window, replaced) = match ruling(path, self.as_of) {
            Ruling::Window(window) => (self.unsuspended(series, window, self.as_of), false),
            Ruling::DoesNotApply(window) => (window?, true),
            Ruling::Disagree => {
                row.due = Last::Unknown;
                undetermined(&mut row);
                return Some(row);
            }
        };
        self.judge(&mut row, window, done, end);
        if window.due == Last::Waiting && row.status == Status::Outstanding {
            row.status = Status::Waiting;
        }
        if replaced && done.is_none() && row.status != Status::Undetermined {
            self.set_status(&mut row, Status::Lapsed, false);
        }
        if let Some(review) = review.filter(|review| review.completion.is_none()) {
            self.begun(&mut row, review, series.dated, window);
        }
        let doubtful = review.is_some_and(|review| review.doubtful);
        if doubtful || slot.perhaps_restarted || (slot.uncertain && done.is_none()) {
            undetermined(&mut row);
        }
        Some(row)
    }

    /// A review that was begun and is not completed, where its life has not ended.
    pub(super) fn begun(&self, row: &mut Row, review: &Review, dated: Point, window: Counted) {
        let open = matches!(
            row.status,
            Status::Due | Status::NotOpen | Status::Overdue | Status::Outstanding | Status::Waiting
        );
        if !open || (dated == Point::Completion && row.status == Status::Overdue) {
            return;
        }
        row.status = Status::Begun;
        let due = row.due.day().unwrap_or(review.begin).min(review.begin);
        self.set_days(row, due, review.begin, window.working && row.due.day().is_some());
    }

    /// While it is suspended nothing of a series falls due.
    pub(super) fn unsuspended(&self, series: &Series, window: Counted, today: Day) -> Counted {
        let (Some(condition), Some(due)) = (&series.suspended, window.due.day()) else {
            return window;
        };
        let suspended = |day| self.truth(condition, At::acts(day, None));
        let due = match suspended(due) {
            Some(false) => return window,
            None => Last::Unknown,
            Some(true) => {
                let after = (due..=today + 1).find(|day| suspended(*day) != YES);
                match after {
                    // It may go on.
                    Some(day) if suspended(day) == UNKNOWN => Last::Unknown,
                    day => day.map_or(Last::Waiting, |day| Last::on(Some(day))),
                }
            }
        };
        Counted { due, ..window }
    }
}
