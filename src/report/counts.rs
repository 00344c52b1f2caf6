//! The small counts of which all figures are made; each can take in another of its kind.

use std::collections::BTreeMap;

use crate::calendar::Date;
use crate::eval::{Deadline, Status};

/// Takes in what another one counted.
pub(super) trait Merge {
    /// Adds the other's counts to these.
    fn take_in(&mut self, other: &Self);
}

impl Merge for u64 {
    fn take_in(&mut self, other: &Self) {
        *self += other;
    }
}

impl<T: Merge> Merge for [T] {
    fn take_in(&mut self, other: &Self) {
        for (mine, theirs) in self.iter_mut().zip(other) {
            mine.take_in(theirs);
        }
    }
}

impl<T: Merge> Merge for Vec<T> {
    fn take_in(&mut self, other: &Self) {
        self.as_mut_slice().take_in(other);
    }
}

impl<K: Ord + Clone, T: Merge + Default> Merge for BTreeMap<K, T> {
    fn take_in(&mut self, other: &Self) {
        for (key, theirs) in other {
            self.entry(key.clone()).or_default().take_in(theirs);
        }
    }
}

/// How something with a last day turned out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kept {
    /// Done by its last day.
    InTime,
    /// Done, but after it (or before its window opened, and never again).
    Late,
    /// Its last day passed, and it was not done.
    NotDone,
    /// The record does not say.
    Unsaid,
}

/// How many turned out how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Tally {
    pub(super) in_time: u64,
    pub(super) late: u64,
    pub(super) not_done: u64,
    pub(super) unsaid: u64,
}

impl Tally {
    pub(super) fn count(&mut self, kept: Kept) {
        match kept {
            Kept::InTime => self.in_time += 1,
            Kept::Late => self.late += 1,
            Kept::NotDone => self.not_done += 1,
            Kept::Unsaid => self.unsaid += 1,
        }
    }

    /// Those of which it can be said whether they were in time.
    pub(super) fn said(&self) -> u64 {
        self.in_time + self.late + self.not_done
    }

    pub(super) fn all(&self) -> u64 {
        self.said() + self.unsaid
    }
}

impl Merge for Tally {
    fn take_in(&mut self, other: &Self) {
        self.in_time += other.in_time;
        self.late += other.late;
        self.not_done += other.not_done;
        self.unsaid += other.unsaid;
    }
}

/// How a deadline turned out, and the day on which that was settled: the day it was done or its last
/// day in time, whichever came first. Without a day where the record gives neither. Nothing for what
/// is still open or no longer owed.
pub(super) fn turned_out(deadline: &Deadline) -> Option<(Kept, Option<Date>)> {
    let day = match (deadline.done_on, deadline.due_date()) {
        (Some(done), Some(due)) => Some(done.min(due)),
        (done, due) => done.or(due),
    };
    let kept = match deadline.status {
        Status::Met => Kept::InTime,
        Status::Late => Kept::Late,
        Status::Overdue | Status::Missed | Status::CannotBeMet => Kept::NotDone,
        Status::Undetermined => Kept::Unsaid,
        // Whether a review was in time is not settled before it is completed.
        Status::Begun if deadline.days > 0 => Kept::Unsaid,
        Status::Begun
        | Status::Due
        | Status::NotOpen
        | Status::Waiting
        | Status::Lapsed
        | Status::Outstanding => return None,
    };
    Some((kept, day))
}
