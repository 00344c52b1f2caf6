//! What is owed on the as-of day, by who owes it.

use super::counts::Merge;
use super::frame::Frame;
use crate::calendar::Date;
use crate::eval::{Deadline, Part, Status};
use crate::policy::RuleId;

/// How much of one thing one owner owes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Owed {
    /// The last day has passed.
    pub(super) overdue: u64,
    /// The most calendar days by which one of these is overdue.
    pub(super) longest: u64,
    /// Its last day lies within the days looked ahead, or it was begun and is not completed.
    pub(super) next: u64,
    /// Owed, with no time limit.
    pub(super) unlimited: u64,
    /// Cannot be said.
    pub(super) unsaid: u64,
}

impl Owed {
    pub(super) fn is_empty(&self) -> bool {
        self.overdue + self.next + self.unlimited + self.unsaid == 0
    }

    /// What is owed of one deadline.
    pub(super) fn of(frame: &Frame, deadline: &Deadline) -> Self {
        let mut owed = Self::default();
        let soon = deadline.due_date().is_some_and(|due| due <= frame.horizon());
        match deadline.status {
            Status::Overdue | Status::CannotBeMet => {
                owed.overdue = 1;
                owed.longest = overdue_by(frame, deadline);
            }
            Status::Due | Status::NotOpen if soon => owed.next = 1,
            Status::Begun => owed.next = 1,
            Status::Outstanding => owed.unlimited = 1,
            // What was done is owed no longer, whether or not it was in time.
            Status::Undetermined if deadline.done_on.is_none() => owed.unsaid = 1,
            Status::Due
            | Status::NotOpen
            | Status::Undetermined
            | Status::Met
            | Status::Late
            | Status::Waiting
            | Status::Missed
            | Status::Lapsed => {}
        }
        owed
    }
}

impl Merge for Owed {
    fn take_in(&mut self, other: &Self) {
        self.overdue += other.overdue;
        self.longest = self.longest.max(other.longest);
        self.next += other.next;
        self.unlimited += other.unlimited;
        self.unsaid += other.unsaid;
    }
}

/// The calendar days by which the last day has passed.
fn overdue_by(frame: &Frame, deadline: &Deadline) -> u64 {
    let days = deadline.due_date().map_or(0, |due| due.days_until(frame.as_of));
    u64::try_from(days).unwrap_or(0)
}

/// One of the deadlines that have been overdue for longest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Longest {
    pub(super) case: String,
    pub(super) rule: RuleId,
    pub(super) part: Part,
    pub(super) due: Date,
    pub(super) days: u64,
}

/// The deadlines overdue for longest, no more of them than were asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct List {
    most: usize,
    pub(super) longest: Vec<Longest>,
}

impl List {
    pub(super) fn new(most: usize) -> Self {
        Self { most, longest: Vec::new() }
    }

    /// How many are wanted.
    pub(super) fn most(&self) -> usize {
        self.most
    }

    pub(super) fn add(&mut self, frame: &Frame, case: &str, deadline: &Deadline) {
        let overdue = matches!(deadline.status, Status::Overdue | Status::CannotBeMet);
        let Some(due) = deadline.due_date().filter(|_| overdue && self.most > 0) else { return };
        let days = overdue_by(frame, deadline);
        let full = self.longest.len() >= self.most;
        if full && self.longest.last().is_some_and(|last| last.days >= days) {
            return;
        }
        let (rule, part) = (deadline.rule, deadline.part);
        self.longest.push(Longest { case: case.to_owned(), rule, part, due, days });
        self.cut();
    }

    pub(super) fn take_in(&mut self, other: &Self) {
        if !other.longest.is_empty() {
            self.longest.extend(other.longest.iter().cloned());
            self.cut();
        }
    }

    /// Longest first; of the same length, in the order in which they came.
    fn cut(&mut self) {
        self.longest.sort_by_key(|one| std::cmp::Reverse(one.days));
        self.longest.truncate(self.most);
    }
}
