//! Duties before a review and midway between two: they hang on slots and count from a basis
//! (M16, M18 to M20).

use std::sync::Arc;

use smallvec::SmallVec;

use super::act::{Done, Place};

use super::alike::{Alike, Common, Commons, Group, Owed};
use super::basis::Known;
use super::case::Case;
use super::duty::{Certainty, completed, take};
use super::limit::{Clock, Governed};
use super::outcome::{Basis, BasisKind, Due, FactId, Facts, Reason, Status, Terms};
use super::rows::Rows;
use super::series::{Seen, SeriesView, Slot};
use super::slot_duty::{Mine, OnSlots, Preparation, SlotDuty};
use super::status::End;
use super::truth::{Mode, Sink, Truth};
use crate::calendar::Date;
use crate::policy::{Duty, Moved, Series};

/// The acts that could do it.
type Usable<'a> = SmallVec<[(&'a Done, Judged); 2]>;

/// An act with what it came to.
pub(super) struct Judged {
    fact: FactId,
    late: i32,
    /// Whether the last day it was judged against is known.
    known: bool,
    then: Option<Basis>,
    due_then: Option<Date>,
}

impl Case<'_> {
    /// Evaluates a duty before, at or between reviews, which is one of a group with the same window.
    pub(super) fn prepare(
        &self,
        slot_duty: &SlotDuty<'_>,
        (group, alike): (Group, &mut Alike),
        rows: &mut Rows,
    ) {
        let commons = alike.commons(self.revision);
        if commons.owed(group.owed).is_some_and(<[Owed]>::is_empty) {
            return;
        }
        let acts = self.acts(&slot_duty.duty.acts);
        if acts.is_empty()
            && let Some(owed) = commons.owed(group.owed)
            && owed.iter().all(|one| one.undone.get().is_some())
        {
            for terms in owed.iter().filter_map(|one| one.undone.get()) {
                rows.share(Arc::clone(terms));
            }
            return;
        }
        let Some(on_slots) = self.on_slots(slot_duty) else { return };
        if commons.owed(group.owed).is_none() {
            self.find_owed(&on_slots, group, commons);
        }
        let taken = self.taken_by(&on_slots, &acts);
        for one in commons.owed(group.owed).unwrap_or_default() {
            let slot = usize::from(one.slot);
            let own = acts.iter().zip(&taken).filter(|(_, taken)| **taken == Some(slot));
            let mine: Mine<'_> = own.map(|(done, _)| done).collect();
            if let (Some(prepared), Some(common)) = (on_slots.on(slot, &mine), commons.common(one))
            {
                let terms = self.prepare_slot(&prepared, common, one, rows);
                rows.share(terms);
            }
        }
    }

    /// Finds the slots on which duties that are owed alike are owed.
    fn find_owed(&self, on_slots: &OnSlots<'_>, group: Group, commons: &mut Commons) {
        let slots = on_slots.view.slots.len();
        commons.begin_owed(group.owed);
        let never = on_slots.rule.while_.as_ref().is_some_and(|alive| self.is_never(alive));
        for index in 0..slots {
            let Some(prepared) = on_slots.on(index, &[]) else { continue };
            if !on_slots.speaks_of(prepared.slot) {
                continue;
            }
            let start = prepared.slot.anchor.date;
            let mut doubt = Vec::new();
            let common = if self.policy.header.in_force.contains(start) {
                let day = prepared.seen.counted_from();
                if never || !self.lives(&prepared, day, &mut doubt) {
                    continue;
                }
                commons.place_of(group.window, (index, slots), || self.common(&prepared))
            } else {
                prepared.row().map(|mut row| {
                    row.due = Due::Unknown;
                    row.undetermined([Reason::NotInForce(start)]);
                    commons.keep(Common { settled: true, ..Common::of(row) })
                })
            };
            if let Some(common) = common {
                commons.keep_owed(group.owed, Owed::on(prepared.slot.place, common, doubt));
            }
        }
    }

    /// The days on which acts belong to a slot that these facts name.
    pub(super) fn place_of(&self, view: &SeriesView, slot: &Slot, facts: Facts) -> Option<Place> {
        let first = match view.previous_of(slot) {
            Some(previous) => previous.begin.add_days(1)?,
            None => slot.anchor.date,
        };
        let last = match (view.review_of(slot), slot.restarted) {
            (Some(review), _) => Some(review.begin),
            (None, Some(fact)) => self.date(fact).add_days(-1),
            (None, None) => slot.end,
        };
        Some(Place { facts, first, last })
    }

    /// The facts whose `ref`s name a slot: those of its review and of its plans that have one.
    pub(super) fn facts_of(&self, view: &SeriesView, series: &Series, slot: &Slot) -> Facts {
        let mut facts = Facts::new();
        if !self.refers {
            return facts;
        }
        let mut until = None;
        let named = |fact: &FactId| self.reference(*fact).is_some();
        if let Some(review) = view.review_of(slot) {
            facts.extend(Some(review.begun_by).filter(named));
            facts.extend(review.completed.map(|(_, fact)| fact).filter(named));
            until = Some(review.completed.map_or(review.begin, |(day, _)| day));
        }
        let plans = self.plans_of(view, series, slot, until, until.unwrap_or(Date::MAX));
        facts.extend(plans.filter(named));
        facts
    }

    /// The window of a duty counted from a review date.
    pub(super) fn window_from(&self, one: &Preparation<'_>, date: Date) -> Governed {
        let (view, slot, series, duty) = (one.view, one.slot, one.series, one.duty);
        let held = view.review_of(slot).is_some_and(|review| review.begin == date);
        let subject = one.seen.subject.filter(|_| held);
        let (from, midway_to) = if one.midway {
            let previous = view.previous_of(slot).and_then(|previous| previous.date(series.dated));
            (previous.unwrap_or(slot.anchor.date), Some(date))
        } else {
            (date, None)
        };
        self.govern(&Clock {
            limits: &duty.limits,
            changing: duty.mid_clock,
            changes: None,
            ordinal: Some(slot.ordinal),
            started: slot.anchor.date,
            from,
            subject,
            tested_on: Some(date),
            horizon: self.as_of,
            midway_to,
        })
    }

    /// What a duty that is owed comes to on a slot before it is asked what was done; none where no limit
    /// applies.
    fn common(&self, prepared: &Preparation<'_>) -> Option<Common> {
        let seen = prepared.seen;
        let governed = self.window_from(prepared, seen.counted_from());
        if !governed.applies {
            return None;
        }
        let mut row = prepared.row()?;
        let Known::Basis(basis) = seen.known else {
            return Some(Common::of(row));
        };
        row.basis = Some(basis);
        let possible = row.governed(governed);
        let settled = matches!(row.due, Due::Beyond(_) | Due::Unknown);
        if settled {
            row.undetermined([]);
        }
        Some(Common { possible, settled, ..Common::of(row) })
    }

    /// One slot's instance of a duty that is owed; the same for all that are alike, where nothing was done.
    fn prepare_slot(
        &self,
        prepared: &Preparation<'_>,
        common: &Common,
        owed: &Owed,
        rows: &mut Rows,
    ) -> Arc<Terms> {
        let mut come_to = || rows.shareable(self.by_what_was_done(prepared, common, &owed.doubt));
        if !common.settled && !prepared.acts.is_empty() {
            return come_to();
        }
        let undone = owed.undone.get_or_init(|| {
            // Where it is certain that they are owed, others with the same window come to it too.
            if owed.doubt.is_empty() {
                Arc::clone(common.undone.get_or_init(come_to))
            } else {
                come_to()
            }
        });
        Arc::clone(undone)
    }

    /// The same, where it turns on what was done.
    fn by_what_was_done(
        &self,
        prepared: &Preparation<'_>,
        common: &Common,
        doubt: &[Reason],
    ) -> Terms {
        let mut row = common.row.clone();
        if common.settled {
            if !doubt.is_empty() {
                row.undetermined(doubt.iter().cloned());
            }
            return row;
        }
        match row.basis {
            Some(basis) => self.with_basis(prepared, common, basis, &mut row),
            None => self.with_no_basis(prepared, &mut row),
        }
        let slot = prepared.slot;
        if !doubt.is_empty() || (!slot.doubt.is_empty() && row.done_on.is_none()) {
            let unsure = slot.doubt.iter().filter(|_| row.done_on.is_none());
            let unsure = unsure.cloned().map(Reason::NotRecorded);
            row.undetermined(doubt.iter().cloned().chain(unsure).collect::<Vec<_>>());
        }
        if row.basis.is_some() {
            let limit = row.limit.and_then(|limit| prepared.duty.limits.get(usize::from(limit)));
            self.count_working_days(&mut row, limit.and_then(|limit| limit.window.as_ref()));
        }
        row
    }

    /// An instance whose basis is not known.
    fn with_no_basis(&self, prepared: &Preparation<'_>, row: &mut Terms) {
        let Seen { ref end, day, known, .. } = *prepared.seen;
        match known {
            Known::Basis(_) | Known::Open => self.without_basis(prepared, row, end.as_ref()),
            Known::Passed(date) => {
                self.without_basis(prepared, row, end.as_ref());
                if end.is_none() && row.status == Status::Waiting {
                    let earliest = *prepared.seen.earliest.get_or_init(|| self.earliest(prepared));
                    row.reasons.push(Reason::BasisPassed(date, earliest));
                }
            }
            Known::Unknown => {
                row.due = Due::Unknown;
                let limit = self.slot_limit(prepared.view, prepared.series, prepared.slot, day);
                if let Due::Beyond(reason) = limit.due {
                    row.due = Due::Beyond(reason);
                }
                row.undetermined(limit.reasons);
            }
            Known::TwoPlans(one, other) => {
                row.due = Due::Unknown;
                row.undetermined([Reason::OrderNotRecorded(one, other)]);
            }
        }
    }

    /// A duty whose review has no date to count from: no latest date and no plan, or one that
    /// passed (M19). Only what has no time limit can be done.
    fn without_basis(&self, prepared: &Preparation<'_>, row: &mut Terms, end: Option<&End>) {
        let mut perhaps = row.clone();
        let judged = self.judge(prepared, None, row, Certainty::Certain);
        let other = self.judge(prepared, None, &mut perhaps, Certainty::Perhaps);
        if judged.as_ref().map(|judged| judged.late) != other.map(|judged| judged.late) {
            let questions = prepared.acts.iter().flat_map(|done| done.doubt.iter().cloned());
            row.undetermined(questions.map(Reason::NotRecorded));
        } else if let Some(judged) = judged {
            row.status = if judged.late > 0 { Status::Late } else { Status::Met };
            row.days = judged.late;
            let then = judged.then.map(|then| self.window_from(prepared, then.date));
            let limit = then
                .and_then(|then| then.limit)
                .and_then(|limit| prepared.duty.limits.get(usize::from(limit)));
            self.count_working_days(row, limit.and_then(|limit| limit.window.as_ref()));
            if !judged.known {
                row.undetermined([]);
            }
        } else if let Some(end) = end {
            row.status = Status::Lapsed;
            row.reasons.push(end.reason.clone());
        }
    }

    /// The end of a pending slot: its period's, or the restart of its series.
    pub(super) fn slot_end(&self, slot: &Slot, view: &SeriesView) -> Option<End> {
        if view.review_of(slot).is_some_and(|review| review.completed.is_some()) {
            return None;
        }
        if let Some(fact) = slot.restarted {
            return Some(End { last: self.date(fact), reason: Reason::Restarted(fact) });
        }
        let last = slot.end.filter(|&end| end < self.as_of)?;
        Some(End { last, reason: Reason::StateEnded(last) })
    }

    /// An instance whose basis is known.
    fn with_basis(
        &self,
        prepared: &Preparation<'_>,
        common: &Common,
        basis: Basis,
        row: &mut Terms,
    ) {
        let judged = self.judge(prepared, Some(basis), row, Certainty::Certain);
        if let Some(judged) = &judged {
            row.status = if judged.late > 0 { Status::Late } else { Status::Met };
            row.days = judged.late;
            note_move(row, judged, basis);
            if !judged.known {
                row.undetermined([]);
            }
        } else {
            self.undone(row, &common.possible, basis, prepared.seen.end.as_ref());
        }
        if judged.as_ref().is_none_or(|judged| judged.late > 0)
            && prepared.acts.iter().any(|done| done.truth == Truth::Unknown)
        {
            let mut other = row.clone();
            let perhaps = self.judge(prepared, Some(basis), &mut other, Certainty::Perhaps);
            if perhaps.map(|judged| judged.late) != judged.map(|judged| judged.late) {
                let questions = prepared.acts.iter().flat_map(|done| done.doubt.iter().cloned());
                row.undetermined(questions.map(Reason::NotRecorded));
            }
        }
    }

    /// Whether the duty lives on the basis date: its own condition, and its test on the review.
    pub(super) fn lives(
        &self,
        prepared: &Preparation<'_>,
        date: Date,
        doubt: &mut Vec<Reason>,
    ) -> bool {
        let (view, slot) = (prepared.view, prepared.slot);
        let alive = prepared.rule.while_.as_ref();
        if alive.is_none() && prepared.test.is_none() {
            return true;
        }
        let mut sink = Sink::new();
        if self.truth_if_any(alive, date, Mode::Acts, None, &mut sink) == Truth::No {
            return false;
        }
        if let Some(test) = prepared.test {
            let previous = || view.previous_of(slot).and_then(|review| review.completed);
            let subject = if prepared.midway {
                previous().map(|(_, fact)| self.review_subject(prepared.series, fact))
            } else {
                prepared.seen.subject
            };
            match self.truth(test, date, Mode::Acts, subject, &mut sink) {
                Truth::No => return false,
                Truth::Unknown if sink.is_empty() => {
                    // The review that would say so has not been held.
                    doubt.push(Reason::AlternativesDiffer);
                }
                Truth::Unknown | Truth::Yes => {}
            }
        }
        doubt.extend(sink.into_iter().map(Reason::NotRecorded));
        true
    }

    /// Judges the acts of a slot, each against the basis known on its day (M20). The deadline has the
    /// window counted from the last basis, where there is one.
    pub(super) fn judge(
        &self,
        prepared: &Preparation<'_>,
        last: Option<Basis>,
        row: &mut Terms,
        certainty: Certainty,
    ) -> Option<Judged> {
        if prepared.acts.is_empty() {
            return None;
        }
        let mut usable = Usable::new();
        for done in prepared.acts {
            if certainty == Certainty::Certain && done.truth != Truth::Yes {
                continue;
            }
            let known = self.known(prepared.series_rule, prepared.series, prepared.slot, done.date);
            let then = match known {
                Known::Basis(basis) => Some(basis),
                _ => last,
            };
            let counted_from = then.map_or(done.date, |then| then.date);
            let (opens, due) = if last.is_some_and(|last| last.date == counted_from) {
                (row.opens, row.due)
            } else {
                let window = self.window_from(prepared, counted_from);
                (window.opens, window.due)
            };
            if then.is_none() && due != Due::Never {
                // There was nothing to count from, and there is nothing yet.
                continue;
            }
            if let Some(opens) = opens.filter(|&opens| done.date < opens) {
                row.reasons.push(Reason::Early(done.fact, done.date.days_until(opens)));
                continue;
            }
            if let (Moved::Again, Some(then), Some(last)) = (prepared.duty.moved, then, last)
                && then.date < last.date
                && !inside(row, done.date)
            {
                let due_then = on(due);
                row.reasons.push(Reason::BasisMoved { act: done.fact, then, due_then });
                continue;
            }
            let late = on(due).map_or(0, |due| due.days_until(done.date).max(0));
            let known = !matches!(due, Due::Beyond(_) | Due::Unknown);
            let judged = Judged { fact: done.fact, late, known, then, due_then: on(due) };
            usable.push((*done, judged));
        }
        deciding(prepared.duty, usable, row)
    }

    /// The status of preparation that has not been done.
    pub(super) fn undone(
        &self,
        row: &mut Terms,
        possible: &[(Option<Date>, Due)],
        basis: Basis,
        end: Option<&End>,
    ) {
        let held = basis.kind == BasisKind::Actual;
        let due = on(row.due);
        let impossible = due.is_some_and(|due| due < basis.known);
        if matches!(row.due, Due::Beyond(_) | Due::Unknown | Due::Waiting) {
            self.settle(row, possible, end);
            return;
        }
        if held && due.is_none_or(|due| due < self.as_of) {
            row.status = if impossible { Status::CannotBeMet } else { Status::Missed };
            row.reasons.push(if impossible {
                Reason::PassedWhenKnown(basis.known)
            } else {
                Reason::ReviewHeld(basis.date)
            });
            return;
        }
        if let Some(end) = end {
            let missed = due.is_some_and(|due| due < end.last) && !impossible;
            row.status = if missed { Status::Missed } else { Status::Lapsed };
            row.reasons.push(end.reason.clone());
            return;
        }
        if impossible {
            row.status = Status::CannotBeMet;
            row.reasons.push(Reason::PassedWhenKnown(basis.known));
            return;
        }
        self.settle(row, possible, None);
    }
}

/// Whether a day lies in the window of a deadline.
fn inside(row: &Terms, day: Date) -> bool {
    row.opens.is_none_or(|opens| opens <= day) && on(row.due).is_none_or(|due| day <= due)
}

/// Which acts decide: the first in time, else the first late one; or one of each kind.
fn deciding(duty: &Duty, usable: Usable<'_>, row: &mut Terms) -> Option<Judged> {
    if duty.all {
        let dones: SmallVec<[&Done; 4]> = usable.iter().map(|(done, _)| *done).collect();
        let needed = completed(duty, &dones, None, Certainty::Perhaps);
        let last = needed.last()?.fact;
        take(row, &needed);
        let late = usable
            .iter()
            .filter(|(done, _)| needed.iter().any(|other| other.fact == done.fact))
            .map(|(_, judged)| judged.late)
            .max()?;
        let (_, judged) = usable.into_iter().find(|(done, _)| done.fact == last)?;
        return Some(Judged { late, ..judged });
    }
    let place = usable
        .iter()
        .position(|(_, judged)| judged.late == 0)
        .or(if usable.is_empty() { None } else { Some(0) })?;
    let (done, judged) = usable.into_iter().nth(place)?;
    take(row, &[done]);
    Some(judged)
}

/// Shows both bases where the one an act was judged against has moved since.
fn note_move(row: &mut Terms, judged: &Judged, basis: Basis) {
    if let Some(then) = judged.then
        && then.date != basis.date
    {
        row.reasons.push(Reason::BasisMoved { act: judged.fact, then, due_then: judged.due_then });
    }
}

/// The date of a last day that is one.
fn on(due: Due) -> Option<Date> {
    match due {
        Due::On(date) => Some(date),
        Due::Never | Due::Waiting | Due::Beyond(_) | Due::Unknown => None,
    }
}
