//! The reviews of a series, the periods in which they recur, and the slots that each must fill.
//!
//! A *slot* is one turn of the series: a clock that started, the review that is to be held before
//! it runs out, and that review once it is held. Duties before and between reviews hang on slots.

use std::cell::{OnceCell, RefCell};

use super::act::Place;
use super::case::Case;
use super::limit::{Clock, Governed, earliness};
use super::outcome::{Basis, BasisKind, Due, FactId, Question, Reason, Reasons, Start};
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
    /// Why it is not certain that the series was alive.
    pub(super) doubt: Vec<Question>,
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
    changes: OnceCell<Days>,
    /// What was known of the review dates: of the slot at a place, on a day.
    known: RefCell<Vec<(u16, Date, Known)>>,
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
    /// The earliest date that still allows all preparation, once it is asked for.
    pub(super) earliest: OnceCell<Option<Date>>,
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

/// What is known of a slot's review date on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Known {
    /// It counts from this.
    Basis(Basis),
    /// The last basis has passed with no review.
    Passed(Date),
    /// The review has no latest date: nothing to count from.
    Open,
    /// It cannot be said: the calendar does not reach it, or something is not known.
    Unknown,
    /// Two plans of one day disagree.
    TwoPlans(FactId, FactId),
}

impl Case<'_> {
    /// What was worked out of a series, once it was evaluated.
    pub(super) fn view(&self, rule: RuleId) -> Option<&SeriesView> {
        self.views.iter().find(|(series, _)| *series == rule).map(|(_, view)| view)
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
                    Seen {
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
        for wanted in &series.restarted_by {
            for (id, truth, _) in self.matching(wanted) {
                let date = self.date(id);
                let closing = period.until == Some(date);
                if truth == Truth::Yes && date > start.date && within(date) && !closing {
                    starts.push(Start { date, fact: Some(id) });
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
            cycle(view, series.dated, period, *start, &held, restarted);
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
            let mut reasons = Reasons::new();
            let unmoved: Vec<Due> = governed.possible.iter().map(|&(_, due)| due).collect();
            governed.due = self.unsuspended(suspended, governed.due, known, &mut reasons);
            if !unmoved.contains(&governed.due) {
                governed.reasons.extend(reasons);
            }
            for (_, due) in &mut governed.possible {
                *due = self.unsuspended(suspended, *due, known, &mut Reasons::new());
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
        reasons: &mut Reasons,
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

    /// What the review date of a slot is known to be on a day (M18).
    ///
    /// Every duty that hangs on the slot asks it anew, so the answers are kept.
    pub(super) fn known(&self, rule: RuleId, series: &Series, slot: &Slot, day: Date) -> Known {
        let Some(view) = self.view(rule) else {
            return Known::Unknown;
        };
        let asked = |&&(place, on, _): &&(u16, Date, Known)| place == slot.place && on == day;
        let before = view.known.borrow().iter().find(asked).copied();
        if let Some((.., known)) = before {
            return known;
        }
        let known = self.work_out_known(view, series, slot, day);
        view.known.borrow_mut().push((slot.place, day, known));
        known
    }

    fn work_out_known(&self, view: &SeriesView, series: &Series, slot: &Slot, day: Date) -> Known {
        if day < slot.anchor.date {
            return Known::Open;
        }
        let since = view
            .previous_of(slot)
            .and_then(|review| review.completed)
            .map_or(slot.anchor.date, |(completion, _)| completion);
        let review = view.review_of(slot).filter(|review| review.begin <= day);
        let seen = review.map_or(day, |review| review.begin);
        let plan = match self.plan(series, since, seen) {
            Ok(plan) => plan,
            Err((one, other)) if review.is_none() => return Known::TwoPlans(one, other),
            Err(_) => None,
        };
        if let Some(review) = review {
            let known = match plan {
                Some(plan) if plan.date == review.begin => plan.known,
                _ => self.known_before(view, series, slot, review.begin),
            };
            return Known::Basis(Basis {
                kind: BasisKind::Actual,
                date: review.begin,
                known,
                fact: Some(review.begun_by),
            });
        }
        if let Some(plan) = plan
            && day <= plan.date
        {
            return Known::Basis(plan);
        }
        self.projected(view, series, slot, day)
    }

    /// Since when the date of a review that was held unplanned could be reckoned with: since the
    /// latest lawful date was known, where the review was held no earlier; else the day itself.
    fn known_before(&self, view: &SeriesView, series: &Series, slot: &Slot, begin: Date) -> Date {
        let eve = begin.add_days(-1).filter(|&eve| slot.anchor.date <= eve);
        match eve.map(|eve| self.latest_date(view, series, slot, eve)) {
            Some(Some((date, known))) if date <= begin => known,
            _ => begin,
        }
    }

    /// Since when a last day could be reckoned with: the first of the unbroken run of days, up to the
    /// one given, on which it was the last day or one of those possible.
    fn reckoned_since(
        &self,
        view: &SeriesView,
        series: &Series,
        slot: &Slot,
        due: Due,
        day: Date,
    ) -> Date {
        let changes = self.limit_changes(view, series).iter().copied();
        let within = changes.filter(|&change| slot.anchor.date < change && change <= day);
        let possible = |&change: &Date| {
            let then = self.slot_limit_known(view, series, slot, change, day);
            then.due == due || then.possible.iter().any(|&(_, other)| other == due)
        };
        within.rev().chain([slot.anchor.date]).take_while(possible).last().unwrap_or(day)
    }

    /// The days on which the choice of a series' limits may change, in order.
    fn limit_changes<'v>(&self, view: &'v SeriesView, series: &Series) -> &'v [Date] {
        view.changes.get_or_init(|| self.days_of_change(&series.limits, series.mid_clock))
    }

    /// The latest lawful date of a slot's review as known on a day, and since when it is that.
    fn latest_date(
        &self,
        view: &SeriesView,
        series: &Series,
        slot: &Slot,
        day: Date,
    ) -> Option<(Date, Date)> {
        let governed = self.slot_limit(view, series, slot, day);
        self.latest_of(view, series, slot, day, &governed)
    }

    /// The same, where what governs the slot on the day is known.
    fn latest_of(
        &self,
        view: &SeriesView,
        series: &Series,
        slot: &Slot,
        day: Date,
        governed: &Governed,
    ) -> Option<(Date, Date)> {
        let known = self.reckoned_since(view, series, slot, governed.due, day);
        // A date that a suspension moved is known when the suspension ended.
        let ended = governed.reasons.iter().find_map(|reason| match reason {
            Reason::Suspended(day) => Some(*day),
            _ => None,
        });
        let own = match governed.due {
            Due::On(date) => Some((date, ended.map_or(known, |ended| known.max(ended)))),
            // A date that is not known may be earlier than any other.
            Due::Beyond(_) | Due::Unknown => return None,
            Due::Never | Due::Waiting => None,
        };
        let forward = slot.forward.iter().filter(|(since, _)| *since <= day);
        own.into_iter().chain(forward.map(|&(since, date)| (date, since))).min()
    }

    /// The latest lawful date of a slot's review as known on a day.
    fn projected(&self, view: &SeriesView, series: &Series, slot: &Slot, day: Date) -> Known {
        let governed = self.slot_limit(view, series, slot, day);
        if matches!(governed.due, Due::Beyond(_) | Due::Unknown) {
            return Known::Unknown;
        }
        match self.latest_of(view, series, slot, day, &governed) {
            None => Known::Open,
            Some((date, _)) if date < day => Known::Passed(date),
            Some((date, known)) => Known::Basis(Basis {
                kind: BasisKind::Projected,
                date,
                known,
                fact: slot.anchor.fact,
            }),
        }
    }

    /// The last plan recorded from one day through another.
    fn plan(
        &self,
        series: &Series,
        since: Date,
        day: Date,
    ) -> Result<Option<Basis>, (FactId, FactId)> {
        let Some((event, attribute)) = series.planned_by else {
            return Ok(None);
        };
        // They are in the order of their days.
        let recorded = self.of(event);
        let from = recorded.partition_point(|&id| self.date(id) < since);
        let upto = recorded.partition_point(|&id| self.date(id) <= day);
        let plans = recorded.get(from..upto).unwrap_or(&[]).iter().copied();
        let plans = plans.filter(|&id| self.date_value(id, attribute).is_some());
        let Some(last) = plans.clone().next_back() else {
            return Ok(None);
        };
        let known = self.date(last);
        let mut same_day = plans.filter(|&id| self.date(id) == known);
        if !same_day.clone().all(|id| self.fact(id).sequence.is_some()) {
            let date = self.date_value(last, attribute);
            if let Some(other) = same_day.find(|&id| self.date_value(id, attribute) != date) {
                return Err((other, last));
            }
        }
        Ok(self.date_value(last, attribute).map(|date| Basis {
            kind: BasisKind::Planned,
            date,
            known,
            fact: Some(last),
        }))
    }

    /// The latest lawful date, known on a day, of the next review of a series.
    pub(super) fn latest_lawful(&self, rule: RuleId, day: Date) -> Latest {
        let (Some(series), Some(view)) = (self.policy.series(rule), self.view(rule)) else {
            return Latest::Unknown;
        };
        let slot = view.slots.iter().rfind(|slot| {
            slot.anchor.date <= day
                && view.review_of(slot).is_none_or(|review| day <= review.begin)
                && slot.end.is_none_or(|end| day <= end)
        });
        let Some(slot) = slot else { return Latest::Unknown };
        let governed = self.slot_limit(view, series, slot, day);
        if matches!(governed.due, Due::Beyond(_) | Due::Unknown) {
            return Latest::Unknown;
        }
        let Some((date, _)) = self.latest_of(view, series, slot, day, &governed) else {
            return Latest::None;
        };
        // The latest of the dates that are possible, where all of them are dates.
        let mut latest = Some(date);
        for (_, due) in &governed.possible {
            latest = match (latest, due) {
                (Some(latest), Due::On(other)) => Some(latest.max(*other)),
                _ => None,
            };
        }
        Latest::Between(date, latest)
    }
}

/// The latest lawful date of a review.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Latest {
    /// The earliest of the days that are possible, and the latest where it is known.
    Between(Date, Option<Date>),
    /// There is none: no limit, or a suspended series.
    None,
    /// It cannot be said.
    Unknown,
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
            forward: Vec::new(),
        });
        previous = review;
        anchor = review.and_then(|index| view.reviews.get(index)).and_then(|review| {
            let date = review.date(dated)?;
            Some(Start { date, fact: review.completed.map(|(_, fact)| fact) })
        });
    }
}
