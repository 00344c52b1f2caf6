//! Preparation beyond one review: the earliest review date that still allows all of it, and duties
//! before an event that is no review.

use super::act::{Done, Place};
use super::case::Case;
use super::duty::{Certainty, completed, take};
use super::limit::Clock;
use super::outcome::{Basis, BasisKind, Due, FactId, Facts, Part, Question, Reason, Start, Terms};
use super::rows::Rows;
use super::slot_duty::{Mine, OnSlots, Preparation, SlotDuty};
use super::status::{Dates, status};
use super::truth::{Mode, Sink, Subject, Truth};
use crate::calendar::Date;
use crate::policy::{Duty, EventMatch, RuleId};

/// How far ahead an earliest review date is looked for, in days.
const SEARCH: i32 = 400;

impl Case<'_> {
    /// The earliest review date from the as-of day on that still allows all preparation for a slot
    /// that has not been done (M19).
    pub(super) fn earliest(&self, one: &Preparation<'_>) -> Option<Date> {
        let index = usize::from(one.slot.place);
        let duties = self.policy.rules.iter().filter_map(|rule| SlotDuty::of(self.policy, rule));
        let own = |other: &SlotDuty<'_>| {
            other.series_rule == one.series_rule && other.speaks_of(one.slot)
        };
        let duties: Vec<SlotDuty<'_>> = duties.filter(own).collect();
        let mut open: Vec<OnSlots<'_>> = Vec::new();
        for other in duties.iter().filter_map(|other| self.on_slots(other)) {
            let done = self.acts(&other.duty.acts);
            let taken = self.taken_by(&other, &done);
            let mine = done.iter().zip(taken).filter(|(_, taken)| *taken == Some(index));
            let acts: Mine<'_> = mine.map(|(done, _)| done).collect();
            if other.on(index, &acts).is_some_and(|other| !self.is_done(&other)) {
                open.push(other);
            }
        }
        (0..SEARCH).filter_map(|days| self.as_of.add_days(days)).find(|&date| {
            let in_the_way = open.iter().position(|other| {
                other.on(index, &[]).is_some_and(|other| !self.still_possible(&other, date))
            });
            // What stands in the way on one day mostly does so on the next, and is asked first there.
            if let Some(place) = in_the_way {
                open.swap(0, place);
            }
            in_the_way.is_none()
        })
    }

    /// Whether preparation has been done, be it late.
    fn is_done(&self, other: &Preparation<'_>) -> bool {
        let mut row = Terms::waiting(Part::Whole);
        self.judge(other, None, &mut row, Certainty::Certain).is_some()
    }

    /// Whether preparation can still be in time for a review on a date.
    fn still_possible(&self, other: &Preparation<'_>, date: Date) -> bool {
        if !self.lives(other, date, &mut Vec::new()) {
            return true;
        }
        let window = self.window_from(other, date);
        !window.applies || !matches!(window.due, Due::On(due) if due < self.as_of)
    }

    /// A duty that lies before an event other than a review: the event is its basis.
    pub(super) fn before_events(
        &self,
        rule: RuleId,
        duty: &Duty,
        choices: &[EventMatch],
        rows: &mut Rows,
    ) {
        let mut found: Vec<(FactId, Truth, Vec<Question>)> = choices
            .iter()
            .flat_map(|wanted| self.matching(wanted))
            .filter(|(id, ..)| !self.over_cap.contains(id))
            .collect();
        found.sort_by_key(|&(id, ..)| (self.date(id), id));
        let anchors: Vec<FactId> = found.iter().map(|&(id, ..)| id).collect();
        let acts = self.acts(&duty.acts);
        let mut first = Date::MIN;
        let places: Vec<Place> = anchors
            .iter()
            .map(|&anchor| {
                let last = self.date(anchor);
                let from = std::mem::replace(&mut first, last.add_days(1).unwrap_or(last));
                Place { facts: Facts::One(anchor), first: from, last: Some(last) }
            })
            .collect();
        let places = places.iter().map(Some);
        let taken: Vec<Option<usize>> =
            acts.iter().map(|done| self.taken_before(&places, done.fact)).collect();
        for (index, &anchor) in anchors.iter().enumerate() {
            let mine = acts.iter().zip(&taken).filter(|(_, taken)| **taken == Some(index));
            let mine: Vec<&Done> = mine.map(|(done, _)| done).collect();
            if let Some(mut row) = self.before_event(rule, duty, anchor, &mine) {
                row.ordinal = index as u16 + 1;
                if let Some((_, Truth::Unknown, questions)) = found.get(index) {
                    row.undetermined(questions.iter().cloned().map(Reason::NotRecorded));
                }
                rows.push(row);
            }
        }
    }

    /// One instance of a duty before an event.
    fn before_event(
        &self,
        rule: RuleId,
        duty: &Duty,
        anchor: FactId,
        acts: &[&Done],
    ) -> Option<Terms> {
        let body = self.policy.rule(rule);
        let date = self.date(anchor);
        if !body.in_force.contains(date) {
            return None;
        }
        let mut row = Terms::waiting(Part::Whole);
        row.anchor = Some(Start { date, fact: Some(anchor) });
        row.reference = self.first_named(&[anchor]);
        if !self.policy.header.in_force.contains(date) {
            row.due = Due::Unknown;
            row.undetermined([Reason::NotInForce(date)]);
            return Some(row);
        }
        let mut doubt = Sink::new();
        let alive = self.truth_if_any(body.while_.as_ref(), date, Mode::Acts, None, &mut doubt);
        if alive == Truth::No {
            return None;
        }
        let governed = self.govern(&Clock {
            limits: &duty.limits,
            changing: duty.mid_clock,
            changes: None,
            ordinal: None,
            started: date,
            from: date,
            subject: Some(Subject::of(anchor, self.fact(anchor).event)),
            tested_on: Some(date),
            horizon: self.as_of,
            midway_to: None,
        });
        if !governed.applies {
            return None;
        }
        let basis = Basis { kind: BasisKind::Actual, date, known: date, fact: Some(anchor) };
        row.basis = Some(basis);
        let possible = row.governed(governed);
        let unsure = acts.iter().any(|done| done.truth == Truth::Unknown);
        let perhaps = unsure.then(|| row.clone());
        self.judge_before(&mut row, duty, acts, &possible, Certainty::Certain);
        if let Some(mut perhaps) = perhaps {
            self.judge_before(&mut perhaps, duty, acts, &possible, Certainty::Perhaps);
            if (perhaps.status, perhaps.days) != (row.status, row.days) {
                doubt.extend(acts.iter().flat_map(|done| done.doubt.iter().cloned()));
                row.undetermined([]);
            }
        }
        if alive == Truth::Unknown || !doubt.is_empty() {
            row.undetermined(doubt.into_iter().map(Reason::NotRecorded));
        }
        let limit = row.limit.and_then(|limit| duty.limits.get(usize::from(limit)));
        self.count_working_days(&mut row, limit.and_then(|limit| limit.window.as_ref()));
        Some(row)
    }
    /// What the acts before an event come to.
    fn judge_before(
        &self,
        row: &mut Terms,
        duty: &Duty,
        acts: &[&Done],
        possible: &[(Option<Date>, Due)],
        certainty: Certainty,
    ) {
        let done = completed(duty, acts, row.opens, certainty);
        if !done.is_empty() {
            take(row, &done);
            let dates = Dates { opens: row.opens, due: row.due, done: row.done_on, end: None };
            (row.status, row.days) = status(dates, self.as_of);
        } else if let Some(basis) = row.basis {
            self.undone(row, possible, basis, None);
        }
    }
}
