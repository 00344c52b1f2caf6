//! The reviews of a series, the periods in which they recur, and the slots that each must fill.
//!
//! A *slot* is one turn of the series: a clock that started, the review that is to be held before
//! it runs out, and that review once it is held. Duties before and between reviews hang on slots.

use std::cell::{OnceCell, RefCell};

use super::act::Place;
use super::basis::Known;
use super::case::Case;
use super::limit::{Clock, Governed, earliness};
use super::outcome::{Deadline, Due, FactId, Question, Reason, Start, Unclocked};
use super::review::Review;
use super::state::Run;
use super::status::End;
use super::truth::{Days, Mode, Sink, Subject, Truth};
use crate::calendar::Date;
use crate::policy::{Condition, Point, RuleId, Series, StateKind};

/// One turn of the series.
#[derive(Debug, Clone)]
pub(super) struct Slot {
    /// Its place among the slots of the series.
    pub(super) place: u16,
    /// The ordinal in its cycle, from 1.
    pub(super) ordinal: u16,
    /// The running number of its review in the case, from 1.
    pub(super) number: u16,
    /// The day from which its clock counts, and the fact that gave it.
    pub(super) anchor: Start,
    /// The fact that started its cycle.
    pub(super) cycle: Option<FactId>,
    /// The review before it, an index into the reviews.
    pub(super) previous: Option<usize>,
    /// Its review, an index into the reviews.
    pub(super) review: Option<usize>,
    /// The last day of its period of care.
    pub(super) end: Option<Date>,
    /// The fact that restarted the series while it was pending.
    pub(super) restarted: Option<FactId>,
    /// Why it is not certain that the slot is there as it stands: the series may not have been alive, or may
    /// have been restarted.
    pub(super) doubt: Vec<Question>,
    /// Whether it may have been restarted: then a review that was held answers the doubt as little as none.
    pub(super) perhaps_restarted: bool,
    /// Dates to which triggers brought it forward: the day that became known, and the date.
    pub(super) forward: Vec<(Date, Date)>,
}

/// What was worked out of a series.
#[derive(Debug, Clone, Default)]
pub(super) struct SeriesView {
    pub(super) reviews: Vec<Review>,
    pub(super) slots: Vec<Slot>,
    /// The periods in which the series is alive and its first clock has nothing to start from, each
    /// with the questions on which it turns whether it is.
    pub(super) unstarted: Vec<Vec<Question>>,
    /// The periods in which it is, or may be, alive.
    pub(super) periods: Vec<Run>,
    dated: Option<Point>,
    /// What every duty asks of a slot, by slot.
    // INVARIANT: forgotten, as what was known is, whenever an event is deemed or a review brought
    // forward, on which alone they rest.
    seen: OnceCell<Vec<Seen>>,
    /// The days on which the choice of its limits may change, in order.
    pub(super) changes: OnceCell<Days>,
    /// What was known of the review dates: of the slot at a place, on a day.
    pub(super) known: RefCell<Vec<(u16, Date, Known)>>,
}

/// What every duty that hangs on a slot asks of it, worked out once for all of them.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    /// The days on which acts belong to it.
    pub(super) place: Option<Place>,
    /// The fact whose `ref` names it.
    pub(super) reference: Option<FactId>,
    /// How it ended while it was pending.
    pub(super) end: Option<End>,
    /// The day as of which it is seen: a slot that ended, as on the last day it was open.
    pub(super) day: Date,
    /// What its review date is known to be on that day.
    pub(super) known: Known,
    /// The event of its review, once that is completed.
    pub(super) subject: Option<Subject>,
    /// The earliest date that still allows all preparation, once it is asked for.
    pub(super) earliest: OnceCell<Option<Date>>,
}

impl Seen {
    /// The day from which preparation counts, and on which its conditions are tested; with nothing to
    /// count from they are tested on the day as of which it is seen.
    pub(super) fn counted_from(&self) -> Date {
        match self.known {
            Known::Basis(basis) => basis.date,
            _ => self.day,
        }
    }
}

impl SeriesView {
    /// Forgets what was worked out from events that are now others.
    pub(super) fn forget(&mut self) {
        self.seen.take();
        self.changes.take();
        self.known.get_mut().clear();
    }

    /// The dates of the reviews that were completed.
    pub(super) fn dates(&self) -> impl Iterator<Item = Date> {
        let dated = self.dated.unwrap_or(Point::FirstMeeting);
        self.reviews.iter().filter_map(move |review| review.date(dated))
    }

    /// Whether a review was held in a period, both ends included; not known where only a review
    /// that is itself in doubt was.
    pub(super) fn held_between(&self, from: Date, until: Date, sink: &mut Sink) -> Truth {
        let dated = self.dated.unwrap_or(Point::FirstMeeting);
        let held =
            |review: &&Review| review.date(dated).is_some_and(|date| from <= date && date <= until);
        let mut answer = Truth::No;
        for review in self.reviews.iter().filter(held) {
            if review.doubt.is_empty() {
                return Truth::Yes;
            }
            answer = Truth::Unknown;
            sink.extend(review.doubt.iter().filter_map(|reason| match reason {
                Reason::NotRecorded(question) => Some(question.clone()),
                Reason::OrderNotRecorded(one, other) => Some(Question::Order(*one, *other)),
                _ => None,
            }));
        }
        answer
    }

    /// The review of a slot.
    pub(super) fn review_of(&self, slot: &Slot) -> Option<&Review> {
        slot.review.and_then(|index| self.reviews.get(index))
    }

    /// The review before a slot.
    pub(super) fn previous_of(&self, slot: &Slot) -> Option<&Review> {
        slot.previous.and_then(|index| self.reviews.get(index))
    }

    /// The slot of a review, by the review's index.
    pub(super) fn slot_of(&self, review: usize) -> Option<&Slot> {
        self.slots.iter().find(|slot| slot.review == Some(review))
    }
}

impl Case<'_> {
    /// What was worked out of a series, once it was evaluated.
    pub(super) fn view(&self, rule: RuleId) -> Option<&SeriesView> {
        self.views.iter().find(|(series, _)| *series == rule).map(|(_, view)| view)
    }

    /// The reviews that were held, or begun, while no clock of their series ran, and that meet none of all
    /// deadlines. What could be a review of several series is told of one that had been started before.
    pub(super) fn unclocked(&self, deadlines: &[Deadline]) -> Vec<Unclocked> {
        let mut found: Vec<Unclocked> = Vec::new();
        for (rule, view) in &self.views {
            for (index, review) in view.reviews.iter().enumerate() {
                let fact = review.begun_by;
                let meets = |deadline: &Deadline| deadline.done_by.contains(&fact);
                if view.slot_of(index).is_some() || deadlines.iter().any(meets) {
                    continue;
                }
                let start = self.start_not_recorded(*rule, review.begin);
                let one = Unclocked { rule: *rule, fact, start };
                match found.iter_mut().find(|other| other.fact == fact) {
                    Some(kept) if kept.start.is_some() => *kept = one,
                    Some(_) => {}
                    None => found.push(one),
                }
            }
        }
        found.sort_unstable_by_key(|one| (one.rule, one.fact));
        let mut asked = None;
        for one in &mut found {
            if one.start.is_some() && asked.replace(one.rule) == Some(one.rule) {
                one.start = None;
            }
        }
        found
    }

    /// The question about the event that starts a series, where none is recorded on or before a day.
    fn start_not_recorded(&self, rule: RuleId, day: Date) -> Option<Question> {
        let start = self.policy.series(rule)?.start.as_ref()?.event;
        let recorded = self.of(start).first().is_some_and(|&first| self.date(first) <= day);
        (!recorded).then_some(Question::Event(start, day))
    }

    /// What every duty asks of the slots of a series.
    pub(super) fn seen<'v>(
        &self,
        rule: RuleId,
        series: &Series,
        view: &'v SeriesView,
    ) -> &'v [Seen] {
        view.seen.get_or_init(|| {
            let slots = view.slots.iter();
            slots
                .map(|slot| {
                    let facts = self.facts_of(view, series, slot);
                    let end = self.slot_end(slot, view);
                    let day = end.as_ref().map_or(self.as_of, |end| end.last);
                    let completed = view.review_of(slot).and_then(|review| review.completed);
                    Seen {
                        subject: completed.map(|(_, fact)| self.review_subject(series, fact)),
                        reference: facts.first().copied(),
                        place: self.place_of(view, slot, facts),
                        known: self.known(rule, series, slot, day),
                        end,
                        day,
                        earliest: OnceCell::new(),
                    }
                })
                .collect()
        })
    }

    /// Works out the reviews and slots of a series.
    pub(super) fn derive_series(&mut self, rule: RuleId, series: &Series) {
        let reviews = self.reviews(series);
        let mut view = SeriesView { reviews, dated: Some(series.dated), ..SeriesView::default() };
        let alive = self.policy.rule(rule).while_.as_ref();
        let mut periods = self.periods(alive);
        periods.retain(|period| period.from <= self.as_of);
        view.periods.clone_from(&periods);
        for (index, period) in periods.iter().enumerate() {
            let next = periods
                .get(index + 1)
                .and_then(|next| self.start_of(series, next))
                .map(|start| start.date);
            self.fill(&mut view, series, period, next);
        }
        let SeriesView { reviews, slots, .. } = &mut view;
        for slot in slots {
            // A pending slot has the number its review will have.
            let before = match (slot.review, slot.previous) {
                (Some(index), _) => index,
                (None, Some(previous)) => previous + 1,
                (None, None) => {
                    reviews.iter().filter(|review| review.begin < slot.anchor.date).count()
                }
            };
            slot.number = before as u16 + 1;
        }
        self.forget();
        self.views.retain(|(other, _)| *other != rule);
        self.views.push((rule, view));
    }

    /// The periods in which a series is alive.
    fn periods(&self, alive: Option<&Condition>) -> Vec<Run> {
        match alive {
            None => {
                vec![Run { from: Date::MIN, until: None, certain: true, doubt: Vec::new() }]
            }
            Some(Condition::State(state))
                if matches!(self.policy.state(*state).kind, StateKind::Events { .. }) =>
            {
                self.stretches(*state)
                    .iter()
                    .map(|stretch| Run {
                        from: stretch.from,
                        until: stretch.until,
                        certain: stretch.certain,
                        doubt: if stretch.certain {
                            Vec::new()
                        } else {
                            vec![
                                stretch
                                    .doubt
                                    .clone()
                                    .unwrap_or(Question::State(*state, stretch.from)),
                            ]
                        },
                    })
                    .collect()
            }
            Some(condition) => self.runs(condition),
        }
    }

    /// Adds the slots of one period. A review on the day on which one period ends and the next
    /// begins belongs to the next.
    fn fill(&self, view: &mut SeriesView, series: &Series, period: &Run, next: Option<Date>) {
        let within =
            |date: Date| period.from <= date && period.until.is_none_or(|until| date <= until);
        let Some(start) = self.start_of(series, period) else {
            // On the closing day nothing can start any more.
            if period.until.is_none_or(|until| self.as_of < until) {
                view.unstarted.push(period.doubt.clone());
            }
            return;
        };
        let mut starts = vec![start];
        let mut perhaps: Vec<(Date, Sink)> = Vec::new();
        for wanted in &series.restarted_by {
            for (id, truth, questions) in self.matching(wanted) {
                let date = self.date(id);
                let closing = period.until == Some(date);
                if date <= start.date || !within(date) || closing {
                    continue;
                }
                match truth {
                    Truth::Yes => starts.push(Start { date, fact: Some(id) }),
                    Truth::Unknown => perhaps.push((date, questions)),
                    Truth::No => {}
                }
            }
        }
        starts.sort_by_key(|start| (start.date, start.fact));
        starts.dedup_by_key(|start| start.date);
        for (index, start) in starts.iter().enumerate() {
            let restart = starts.get(index + 1);
            let mine = |begin: Date| {
                within(begin)
                    && start.date <= begin
                    && restart.is_none_or(|restart| begin < restart.date)
                    && next.is_none_or(|next| begin < next)
            };
            let held: Vec<usize> = view
                .reviews
                .iter()
                .enumerate()
                .filter(|(_, review)| mine(review.begin))
                .map(|(place, _)| place)
                .collect();
            let restarted = restart.and_then(|restart| restart.fact);
            let first = view.slots.len();
            cycle(view, series.dated, period, *start, &held, restarted);
            let within = perhaps.iter().filter(|(day, _)| {
                start.date < *day && restart.is_none_or(|restart| *day < restart.date)
            });
            for (day, questions) in within {
                doubt_from(view, first, *day, questions);
            }
        }
    }

    /// The start of the first clock of a period.
    fn start_of(&self, series: &Series, period: &Run) -> Option<Start> {
        match &series.start {
            None => (period.from > Date::MIN).then_some(Start { date: period.from, fact: None }),
            Some(wanted) => self
                .matching(wanted)
                .into_iter()
                .filter(|(_, truth, _)| *truth == Truth::Yes)
                .map(|(id, ..)| Start { date: self.date(id), fact: Some(id) })
                .find(|start| {
                    period.from <= start.date
                        && period.until.is_none_or(|until| start.date <= until)
                }),
        }
    }

    /// The limit of a slot with what is known on a day.
    pub(super) fn slot_limit(
        &self,
        view: &SeriesView,
        series: &Series,
        slot: &Slot,
        horizon: Date,
    ) -> Governed {
        self.slot_limit_known(view, series, slot, horizon, horizon)
    }

    /// The limit of a slot with its changes through one day, and what is known of suspensions on
    /// another.
    pub(super) fn slot_limit_known(
        &self,
        view: &SeriesView,
        series: &Series,
        slot: &Slot,
        horizon: Date,
        known: Date,
    ) -> Governed {
        let subject = slot.anchor.fact.map(|fact| match slot.previous {
            Some(_) => self.review_subject(series, fact),
            None => Subject::of(fact, self.fact(fact).event),
        });
        let clock = Clock {
            limits: &series.limits,
            changing: series.mid_clock,
            changes: Some(self.limit_changes(view, series)),
            ordinal: Some(slot.ordinal),
            started: slot.anchor.date,
            from: slot.anchor.date,
            subject,
            tested_on: None,
            horizon,
            midway_to: None,
        };
        let mut governed = self.govern(&clock);
        if let Some(suspended) = &series.suspended {
            let mut reasons = Vec::new();
            let unmoved: Vec<Due> = governed.possible.iter().map(|&(_, due)| due).collect();
            governed.due = self.unsuspended(suspended, governed.due, known, &mut reasons);
            if !unmoved.contains(&governed.due) {
                governed.reasons.extend(reasons);
            }
            for (_, due) in &mut governed.possible {
                *due = self.unsuspended(suspended, *due, known, &mut Vec::new());
            }
            governed.possible.sort_by_key(|&(_, due)| earliness(due));
            governed.possible.dedup();
            if let Some(&(opens, due)) = governed.possible.first() {
                (governed.opens, governed.due) = (opens, due);
            }
            if governed.possible.len() == 1 {
                governed.possible.clear();
            }
        }
        governed
    }

    /// A date that falls within a suspension moves to the day after it, once that is known.
    fn unsuspended(
        &self,
        suspended: &Condition,
        due: Due,
        known: Date,
        reasons: &mut Vec<Reason>,
    ) -> Due {
        let Due::On(date) = due else { return due };
        match self.truth(suspended, date, Mode::Acts, None, &mut Sink::new()) {
            Truth::No => due,
            Truth::Unknown => Due::Unknown,
            Truth::Yes => {
                let over = known.add_days(1).unwrap_or(known);
                let Ok(ended) = self.run_end(suspended, date, over) else { return Due::Unknown };
                reasons.push(Reason::Suspended(ended.unwrap_or(known)));
                ended.and_then(|end| end.add_days(1)).map_or(Due::Waiting, Due::On)
            }
        }
    }
}

/// It is not known whether a cycle was restarted on a day: that leaves in doubt what was held from then on,
/// and what is pending.
fn doubt_from(view: &mut SeriesView, first: usize, day: Date, questions: &[Question]) {
    let SeriesView { reviews, slots, .. } = view;
    for slot in slots.iter_mut().skip(first) {
        let review = slot.review.and_then(|index| reviews.get(index));
        if review.is_none_or(|review| day <= review.begin) {
            slot.doubt.extend_from_slice(questions);
            slot.perhaps_restarted = true;
        }
    }
}

/// Adds the slots of one cycle: one for each review, and the pending one.
fn cycle(
    view: &mut SeriesView,
    dated: Point,
    period: &Run,
    start: Start,
    held: &[usize],
    restarted: Option<FactId>,
) {
    let mut anchor = Some(start);
    let mut previous = None;
    let turns = held.iter().map(|&index| Some(index)).chain(std::iter::once(None));
    for (ordinal, review) in (1..).zip(turns) {
        let Some(from) = anchor.take() else { break };
        // No new clock starts on the closing day (M15).
        if period.until == Some(from.date) {
            break;
        }
        view.slots.push(Slot {
            place: view.slots.len() as u16,
            ordinal,
            number: 0,
            anchor: from,
            cycle: start.fact,
            previous,
            review,
            end: period.until,
            restarted: if review.is_none() { restarted } else { None },
            doubt: period.doubt.clone(),
            perhaps_restarted: false,
            forward: Vec::new(),
        });
        previous = review;
        anchor = review.and_then(|index| view.reviews.get(index)).and_then(|review| {
            let date = review.date(dated)?;
            Some(Start { date, fact: review.completed.map(|(_, fact)| fact) })
        });
    }
}
