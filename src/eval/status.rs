//! From dates to a status: what a deadline comes to on the as-of day.

use super::case::Case;
use super::few::Few;
use super::limit::Governed;
use super::outcome::{Due, Facts, Part, Reason, Reasons, Status, Terms};
use crate::calendar::Date;
use crate::policy::Window;

/// How a deadline ended before it was done.
#[derive(Debug, Clone)]
pub(super) struct End {
    /// The last day on which it could be done.
    pub(super) last: Date,
    /// Why it ended.
    pub(super) reason: Reason,
}

/// What decides a status.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dates<'a> {
    pub(super) opens: Option<Date>,
    pub(super) due: Due,
    pub(super) done: Option<Date>,
    pub(super) end: Option<&'a End>,
}

/// The status of a deadline and its days: late or overdue by, or remaining.
pub(super) fn status(dates: Dates<'_>, as_of: Date) -> (Status, i32) {
    let Dates { opens, due, done, end } = dates;
    let due = match due {
        Due::On(date) => Some(date),
        Due::Never => None,
        // Nothing of a suspended series falls due, so what was done is in time.
        Due::Waiting if done.is_some() => return (Status::Met, 0),
        Due::Waiting if end.is_some() => return (Status::Lapsed, 0),
        Due::Waiting => return (Status::Waiting, 0),
        Due::Beyond(_) | Due::Unknown => return (Status::Undetermined, 0),
    };
    if let Some(done) = done {
        return match due {
            Some(due) if done > due => (Status::Late, due.days_until(done)),
            _ => (Status::Met, 0),
        };
    }
    if let Some(end) = end {
        let missed = due.is_some_and(|due| due < end.last);
        return (if missed { Status::Missed } else { Status::Lapsed }, 0);
    }
    let ahead = opens.is_some_and(|opens| opens > as_of);
    match due {
        None if ahead => (Status::NotOpen, 0),
        None => (Status::Outstanding, 0),
        Some(due) if as_of > due => (Status::Overdue, due.days_until(as_of)),
        Some(due) if ahead => (Status::NotOpen, as_of.days_until(due)),
        Some(due) => (Status::Due, as_of.days_until(due)),
    }
}

impl Terms {
    /// A deadline of which nothing is known yet but what it waits for.
    pub(super) fn waiting(part: Part) -> Terms {
        Terms {
            part,
            ordinal: 1,
            reference: None,
            anchor: None,
            basis: None,
            opens: None,
            due: Due::Waiting,
            alternatives: Few::new(),
            limit: None,
            change: None,
            done_by: Facts::new(),
            done_on: None,
            status: Status::Waiting,
            days: 0,
            working_days: None,
            reasons: Reasons::new(),
        }
    }

    /// Takes over what governs it.
    pub(super) fn governed(&mut self, governed: Governed) -> Vec<(Option<Date>, Due)> {
        self.opens = governed.opens;
        self.due = governed.due;
        self.limit = governed.limit;
        self.change = governed.change;
        if !governed.reasons.is_empty() {
            self.reasons.extend(governed.reasons);
        }
        if governed.possible.is_empty() {
            return governed.possible;
        }
        for (_, due) in &governed.possible {
            if let Due::On(date) = *due
                && *due != self.due
                && !self.alternatives.contains(&date)
            {
                self.alternatives.push(date);
            }
        }
        self.alternatives.sort_unstable();
        governed.possible
    }

    /// Makes it undetermined, for a reason.
    pub(super) fn undetermined(&mut self, reasons: impl IntoIterator<Item = Reason>) {
        self.status = Status::Undetermined;
        self.days = 0;
        self.working_days = None;
        for reason in reasons {
            if !self.reasons.contains(&reason) {
                self.reasons.push(reason);
            }
        }
    }
}

impl Case<'_> {
    /// Settles the status of a deadline from its dates, following every possible date.
    pub(super) fn settle(
        &self,
        row: &mut Terms,
        possible: &[(Option<Date>, Due)],
        end: Option<&End>,
    ) {
        let end = end.filter(|_| row.done_on.is_none());
        let dates = Dates { opens: row.opens, due: row.due, done: row.done_on, end };
        (row.status, row.days) = status(dates, self.as_of);
        let differs = possible
            .iter()
            .any(|&(opens, due)| status(Dates { opens, due, ..dates }, self.as_of).0 != row.status);
        if differs {
            row.undetermined([Reason::AlternativesDiffer]);
        }
        if let (Status::Missed | Status::Lapsed, Some(end)) = (row.status, end) {
            row.reasons.push(end.reason.clone());
        }
    }

    /// Adds the days in working days, where the governing limit is in working days.
    pub(super) fn count_working_days(&self, row: &mut Terms, window: Option<&Window>) {
        if !window.is_some_and(Window::in_working_days) {
            return;
        }
        let calendar = &self.policy.calendar;
        if let (Status::Late, Some(done)) = (row.status, row.done_on) {
            // The last day it was judged against, which need not be the one that stands now.
            let due = done.add_days(-row.days);
            row.working_days = due.and_then(|due| calendar.working_days_between(due, done));
            return;
        }
        let Due::On(due) = row.due else { return };
        row.working_days = match (row.status, row.done_on) {
            (Status::Overdue, _) => calendar.working_days_between(due, self.as_of),
            (Status::Due | Status::NotOpen, _) => calendar.working_days_between(self.as_of, due),
            (Status::Begun, _) => {
                due.add_days(row.days).and_then(|begin| calendar.working_days_between(due, begin))
            }
            _ => None,
        };
    }
}
