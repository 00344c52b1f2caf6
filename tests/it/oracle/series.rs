//! Reviews, the slots they fill, and the dates that others count from.

use std::rc::Rc;

use duly::eval::{BasisKind, Part, Status};
use duly::policy::{Body, Condition, Point, RuleId, Series, StateKind};

use super::case::{At, Case, NO, Stretch, Truth, UNKNOWN, YES};
use super::days::{self, Day};
use super::limits::{Clock, Counted, End, From, Path, Ruling, must, ruling, undetermined};
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
    pub(super) previous: Option<Review>,
    pub(super) review: Option<Review>,
    pub(super) paths: Vec<Path>,
}

/// The review date that preparation counts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Basis {
    On { kind: BasisKind, day: Day, known: Day },
    /// It has passed, or there is none.
    None,
    Unknown,
    Beyond,
}

/// The latest lawful date as it is known on a day.
#[derive(Clone, Copy, Debug)]
struct Projected {
    basis: Basis,
    /// The latest of the dates that are possible.
    latest: Option<Day>,
}

struct Cycle {
    period: Stretch,
    start: Option<Day>,
    start_fact: Option<usize>,
    uncertain: bool,
    restarted: Option<Day>,
}

impl Case<'_> {
    fn series(&self, rule: RuleId) -> &Series {
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
        let begins = |fact| if adjourns(fact) { YES } else { matches(&series.begun_on, fact) };

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
            if turns_on_order && in_order {
                of_day.sort_by_key(|f| self.seq(*f));
            } else {
                of_day.sort_by_key(|f| (begins(*f) != NO) == open);
            }
            for fact in of_day {
                let (held, completed) = closes(fact);
                let uncertain = if begins(fact) != NO {
                    begins(fact) == UNKNOWN
                } else {
                    held != YES && completed != YES
                };
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
        for period in self.periods(rule) {
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
            cycles.push(Cycle { period, start, start_fact, uncertain, restarted: None });
            for (fact, seen) in self.facts.iter().enumerate() {
                let cycle = cycles.last_mut().expect("the period has a cycle");
                let later = cycle.start.is_some_and(|start| seen.day > start)
                    && period.contains(seen.day)
                    && period.until != Some(seen.day);
                if later && must(self.any_match(&series.restarted_by, fact)) {
                    cycle.restarted = Some(seen.day);
                    cycles.push(Cycle {
                        period,
                        start: Some(seen.day),
                        start_fact: Some(fact),
                        uncertain: !period.certain,
                        restarted: None,
                    });
                }
            }
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
        let Some(start) = slot.start else { return Vec::new() };
        let series = self.series(rule);
        let done = slot.review.as_ref().and_then(|review| review.date);
        let clock = Clock {
            limits: &series.limits,
            mid_clock: series.mid_clock,
            ordinal: slot.ordinal,
            started: start,
            subject: slot.start_fact,
            from: From { day: start, fact: slot.start_fact, next: None },
        };
        self.paths(&clock, done.unwrap_or(self.as_of).min(self.as_of))
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
                if rule.in_force.contains(days::date(self.as_of)) {
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
        if doubtful || (slot.uncertain && done.is_none()) {
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
    fn unsuspended(&self, series: &Series, window: Counted, today: Day) -> Counted {
        let (Some(condition), Some(due)) = (&series.suspended, window.due.day()) else {
            return window;
        };
        let suspended = |day| self.truth(condition, At::acts(day, None));
        let due = match suspended(due) {
            Some(false) => return window,
            None => Last::Unknown,
            Some(true) => {
                let after = (due..=today + 1).find(|day| suspended(*day) != YES);
                after.map_or(Last::Waiting, |day| Last::on(Some(day)))
            }
        };
        Counted { due, ..window }
    }

    // Basis (S10).

    pub(super) fn basis(&self, rule: RuleId, slot: &Slot, day: Day) -> Basis {
        let begin = slot.review.as_ref().map(|review| review.begin).filter(|begin| *begin <= day);
        if let Some(begin) = begin {
            let known = match self.planned(rule, slot, begin) {
                Some(Basis::On { day, known, .. }) if day == begin => known,
                _ => begin,
            };
            return Basis::On { kind: BasisKind::Actual, day: begin, known };
        }
        if let Some(planned) = self.planned(rule, slot, day) {
            return planned;
        }
        match self.projected(rule, slot, day).basis {
            Basis::On { day: date, .. } if date < day => Basis::None,
            basis => basis,
        }
    }

    /// The facts that plan the slot's review, up to a day.
    pub(super) fn plans(&self, rule: RuleId, slot: &Slot, day: Day) -> Vec<usize> {
        let Some((event, _)) = self.series(rule).planned_by else { return Vec::new() };
        let completion = slot.previous.as_ref().and_then(|previous| previous.completion);
        let Some(first) = completion.or(slot.start) else { return Vec::new() };
        self.of(event).filter(|f| first <= self.facts[*f].day && self.facts[*f].day <= day).collect()
    }

    fn planned(&self, rule: RuleId, slot: &Slot, day: Day) -> Option<Basis> {
        let (_, attribute) = self.series(rule).planned_by?;
        let plans: Vec<(usize, Day)> = self
            .plans(rule, slot, day)
            .into_iter()
            .filter_map(|fact| Some((fact, self.date_value(fact, attribute)?)))
            .collect();
        let known = plans.iter().map(|(fact, _)| self.facts[*fact].day).max()?;
        let last: Vec<(usize, Day)> =
            plans.into_iter().filter(|(fact, _)| self.facts[*fact].day == known).collect();
        let date = if last.iter().all(|(fact, _)| self.seq(*fact).is_some()) {
            last.iter().max_by_key(|(fact, _)| self.seq(*fact))?.1
        } else if last.iter().all(|(_, date)| *date == last[0].1) {
            last[0].1
        } else {
            return Some(Basis::Unknown);
        };
        (day <= date).then_some(Basis::On { kind: BasisKind::Planned, day: date, known })
    }

    fn projected(&self, rule: RuleId, slot: &Slot, day: Day) -> Projected {
        let series = self.series(rule);
        let mut basis = Basis::None;
        let mut latest = None;
        for path in &slot.paths {
            let mut last = Last::Waiting;
            let mut known = day;
            for (since, ruling) in path.iter().filter(|(since, _)| *since <= day) {
                let due = match ruling {
                    Ruling::Window(window) => self.unsuspended(series, *window, day).due,
                    Ruling::DoesNotApply(_) => Last::Never,
                    Ruling::Disagree => Last::Unknown,
                };
                if due != last {
                    known = *since;
                }
                last = due;
            }
            latest = latest.max(last.day());
            basis = match (last, basis) {
                (Last::On(date), Basis::On { day: best, .. }) if best <= date.number() => basis,
                (Last::On(date), _) => {
                    Basis::On { kind: BasisKind::Projected, day: date.number(), known }
                }
                (_, Basis::On { .. }) => basis,
                (Last::Beyond, _) => Basis::Beyond,
                (Last::Unknown, _) => Basis::Unknown,
                _ => basis,
            };
        }
        let reviews = self.reviews(rule);
        for (known, date) in self.brought_forward(rule) {
            let met = reviews.iter().any(|review| known <= review.begin && review.begin <= day);
            let open = known <= day && slot.period.contains(known) && !met;
            let earlier = match basis {
                Basis::On { day: best, .. } => date < best,
                _ => true,
            };
            if open && earlier {
                basis = Basis::On { kind: BasisKind::Projected, day: date, known };
                latest = Some(date);
            }
        }
        Projected { basis, latest }
    }

    /// Whether a date is by the latest lawful date, known on a day, of the next review.
    pub(super) fn by_latest_lawful(&self, rule: RuleId, day: Day, date: Day) -> Truth {
        let slots = self.slots(rule);
        let next = slots.iter().rev().find(|slot| {
            slot.start.is_some_and(|start| start <= day)
                && slot.period.contains(day)
                && slot.review.as_ref().is_none_or(|review| day <= review.begin)
        });
        let Some(slot) = next else { return UNKNOWN };
        let projected = self.projected(rule, slot, day);
        match projected.basis {
            Basis::On { day: earliest, .. } if date <= earliest => YES,
            Basis::On { .. } if projected.latest.is_some_and(|latest| date > latest) => NO,
            Basis::None => YES,
            _ => UNKNOWN,
        }
    }

    /// The dates to which triggers bring a series forward: since when, and to which day.
    fn brought_forward(&self, series: RuleId) -> Vec<(Day, Day)> {
        let mut dates = Vec::new();
        for (index, rule) in self.policy.rules.iter().enumerate() {
            let Body::Trigger(trigger) = &rule.body else { continue };
            let brings = trigger.brings_forward.as_ref().is_some_and(|(to, ..)| *to == series);
            if brings {
                dates.extend(self.forwarded(RuleId(index as u16)));
            }
        }
        dates
    }
}
