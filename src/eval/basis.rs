//! What is known of the date of a review on a day: the date that preparation counts from (M18, M19).

use super::case::Case;
use super::limit::Governed;
use super::outcome::{Basis, BasisKind, Due, FactId, Reason};
use super::series::{SeriesView, Slot};
use crate::calendar::Date;
use crate::policy::{RuleId, Series};

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
        let review = view.review_of(slot).filter(|review| review.begin <= day);
        let held = review.map(|review| review.begin);
        let plans = self.plans_of(view, series, slot, held, held.unwrap_or(day));
        let plan = match self.plan(series, plans) {
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
    pub(super) fn limit_changes<'v>(&self, view: &'v SeriesView, series: &Series) -> &'v [Date] {
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

    /// The plans that belong to a slot and were recorded through a day: those since the review before.
    /// One that was recorded on the day of a review is for that review if it is for that very day, and
    /// otherwise for the next (M18.1).
    pub(super) fn plans_of(
        &self,
        view: &SeriesView,
        series: &Series,
        slot: &Slot,
        held: Option<Date>,
        through: Date,
    ) -> impl DoubleEndedIterator<Item = FactId> + Clone {
        let before = view.previous_of(slot).and_then(|review| review.completed);
        let before = before.map(|(completion, _)| completion);
        let since = before.unwrap_or(slot.anchor.date);
        let (event, attribute) = series.planned_by.unzip();
        // They are in the order of their days.
        let recorded = event.map_or(&[][..], |event| self.of(event));
        let from = recorded.partition_point(|&id| self.date(id) < since);
        let upto = recorded.partition_point(|&id| self.date(id) <= through);
        let plans = recorded.get(from..upto).unwrap_or(&[]).iter().copied();
        plans.filter(move |&id| {
            let day = self.date(id);
            let planned = attribute.and_then(|attribute| self.date_value(id, attribute));
            if planned == Some(day) {
                before != planned
            } else {
                held.is_none_or(|held| day < held)
            }
        })
    }

    /// The last of some plans.
    fn plan(
        &self,
        series: &Series,
        plans: impl DoubleEndedIterator<Item = FactId>,
    ) -> Result<Option<Basis>, (FactId, FactId)> {
        let Some((_, attribute)) = series.planned_by else {
            return Ok(None);
        };
        let dated = |id| Some((id, self.date_value(id, attribute)?));
        let mut plans = plans.rev().filter_map(dated);
        let Some((last, date)) = plans.next() else {
            return Ok(None);
        };
        let known = self.date(last);
        let mut unordered = self.fact(last).sequence.is_none();
        let mut other = None;
        for (id, planned) in plans.take_while(|&(id, _)| self.date(id) == known) {
            unordered |= self.fact(id).sequence.is_none();
            if planned != date {
                other = Some(id);
            }
        }
        match other {
            Some(other) if unordered => Err((other, last)),
            _ => Ok(Some(Basis { kind: BasisKind::Planned, date, known, fact: Some(last) })),
        }
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
