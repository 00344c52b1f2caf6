//! The duties at and before a review: what is not done, and what was done by what was known that day.

use super::days::Day;
use super::lines::{Kind, Middle, MiddleId, Status, WAITING};
use super::reviews::Turn;
use super::rules::Run;
use super::states::Truth;
use super::table::Rule;

/// The windows that most of the duties have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Shape {
    /// At the review.
    At,
    /// Before the review.
    Before,
    /// Before the review, with no time limit.
    Unlimited,
}

/// The windows of the duties that something can meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Window {
    /// Before the review.
    Before,
    /// At least so many working days before the review.
    Working(i32),
    /// Between so many days before the review, the later first.
    Between(Day, Day),
}

/// What an act came to: its day, and by how many days it was late.
type Judged = (Day, i32);

/// What has not been done for a turn, for each shape; and the day on which conditions are tested.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Undone {
    middles: [MiddleId; 3],
    tested: Day,
}

impl Undone {
    pub(super) fn of(self, shape: Shape) -> MiddleId {
        self.middles[shape as usize]
    }
}

impl Run<'_> {
    /// Works out what is said of a turn for which nothing was done.
    pub(super) fn undone(&mut self, turn: &Turn) -> Undone {
        let Some(basis) = turn.basis else {
            let middle = match turn.ended {
                Some(_) => self.sheet.middle(Middle::bare(Status::Lapsed)),
                None => WAITING,
            };
            let tested = turn.ended.unwrap_or(self.as_of);
            return Undone { middles: [middle; 3], tested };
        };
        let date = Some(basis.date);
        let dates = [(date, date), (None, date), (None, None)];
        let middles = dates.map(|dates| {
            let middle = self.not_done(turn, dates, false);
            self.sheet.middle(middle)
        });
        Undone { middles, tested: basis.date }
    }

    /// A duty of which nothing was done, where the day it counts from is known.
    fn not_done(
        &self,
        turn: &Turn,
        (opens, due): (Option<Day>, Option<Day>),
        working: bool,
    ) -> Middle {
        let Some(basis) = turn.basis else { return Middle::bare(Status::Waiting) };
        let impossible = due.is_some_and(|due| due < basis.known);
        let over = basis.kind == Kind::Actual && due.is_none_or(|due| due < self.as_of);
        let (status, days) = match turn.ended {
            _ if over && !impossible => (Status::Missed, 0),
            _ if over => (Status::CannotBeMet, 0),
            Some(ended) if due.is_some_and(|due| due < ended) && !impossible => (Status::Missed, 0),
            Some(_) => (Status::Lapsed, 0),
            None if impossible => (Status::CannotBeMet, 0),
            None => self.standing(opens, due),
        };
        let working = if working { self.working_days(status, due) } else { None };
        let basis = Some((basis.kind, basis.date));
        Middle { opens, due, status, days, working, basis, done: None }
    }

    /// A duty for each turn, which nothing meets.
    #[inline]
    pub(super) fn each(&mut self, rule: Rule, shape: Shape) {
        for (ordinal, undone) in (1..).zip(self.undone.iter()) {
            self.sheet.line(rule, ordinal, undone.of(shape));
        }
    }

    /// The same for some turns only.
    pub(super) fn each_of(&mut self, rule: Rule, shape: Shape, wanted: impl Fn(usize) -> bool) {
        let lines = self.sheet.lines.len();
        for (ordinal, undone) in (1..).zip(self.undone.iter()) {
            if wanted(ordinal) {
                self.sheet.line(rule, ordinal, undone.of(shape));
            }
        }
        self.waiting_if_none(rule, lines);
    }

    /// The same while something is so on the day from which it counts.
    #[inline]
    pub(super) fn each_while(&mut self, rule: Rule, shape: Shape, holds: impl Fn(Day) -> Truth) {
        let lines = self.sheet.lines.len();
        for (ordinal, undone) in (1..).zip(self.undone.iter()) {
            match holds(undone.tested) {
                Truth::No => {}
                Truth::Yes => self.sheet.line(rule, ordinal, undone.of(shape)),
                Truth::Unknown => {
                    let known = self.sheet.middles[usize::from(undone.of(shape))];
                    let status = Status::Undetermined;
                    let unknown = Middle { status, days: 0, working: None, ..known };
                    let unknown = self.sheet.middle(unknown);
                    self.sheet.line(rule, ordinal, unknown);
                }
            }
        }
        self.waiting_if_none(rule, lines);
    }

    /// A duty with no time limit before a review, met by the first act that belongs to it.
    pub(super) fn unlimited(&mut self, rule: Rule, turn: &Turn, acts: impl Iterator<Item = Day>) {
        let mut own = acts.skip_while(|&day| day < turn.first);
        let done = own.next().filter(|&day| turn.last.is_none_or(|last| day <= last));
        let middle = if done.is_some() {
            let basis = turn.basis.map(|basis| (basis.kind, basis.date));
            self.sheet.middle(Middle { basis, done, ..Middle::bare(Status::Met) })
        } else {
            self.undone[turn.ordinal - 1].of(Shape::Unlimited)
        };
        self.sheet.line(rule, turn.ordinal, middle);
    }

    /// The first and the last day of a window before a review.
    #[inline]
    fn window(&self, window: Window, date: Day) -> (Option<Day>, Day) {
        match window {
            Window::Before => (None, date),
            Window::Working(number) => (None, self.days.before(date, number)),
            Window::Between(near, far) => (Some(date - far), date - near),
        }
    }

    /// The act that decides about a turn: the first in time, or else the first. Each is judged by what
    /// was known on its day, or where that was nothing by what is known now.
    fn judge(&self, turn: &Turn, acts: &[Day], window: Window) -> Option<Judged> {
        let mut first = None;
        for &day in acts {
            if day < turn.first {
                continue;
            }
            if turn.last.is_some_and(|last| last < day) {
                break;
            }
            let known = self.reviews.known_on(turn, day).or(turn.basis.map(|basis| basis.date));
            let Some(date) = known else { continue };
            let (opens, due) = self.window(window, date);
            if opens.is_some_and(|opens| day < opens) {
                continue;
            }
            if day <= due {
                return Some((day, 0));
            }
            first = first.or(Some((day, day - due)));
        }
        first
    }

    /// A duty before a review that any of the acts meets.
    pub(super) fn any_of(&mut self, rule: Rule, turn: &Turn, acts: &[&[Day]], window: Window) {
        let judged = acts.iter().filter_map(|acts| self.judge(turn, acts, window));
        // What was in time comes first, then what was done first.
        let judged = judged.min_by_key(|&(day, late)| (late > 0, day));
        self.prepared(rule, turn, judged, window);
    }

    /// A duty before a review that needs all of the acts.
    pub(super) fn all_of(&mut self, rule: Rule, turn: &Turn, acts: &[&[Day]], window: Window) {
        let mut all = Some((Day::MIN, 0));
        for acts in acts {
            // The first of each kind, be it late.
            let own = acts.iter().position(|&day| turn.first <= day);
            let judged = own.and_then(|first| {
                let mut each = acts[first..].chunks(1);
                each.find_map(|act| self.judge(turn, act, window))
            });
            all = all
                .zip(judged)
                .map(|((day, late), (other, later))| (day.max(other), late.max(later)));
        }
        self.prepared(rule, turn, all, window);
    }

    /// The line of a duty before a review.
    fn prepared(&mut self, rule: Rule, turn: &Turn, judged: Option<Judged>, window: Window) {
        let working = matches!(window, Window::Working(_));
        let dates = turn.basis.map(|basis| self.window(window, basis.date));
        let (opens, due) = dates.map_or((None, None), |(opens, due)| (opens, Some(due)));
        let middle = match (judged, turn.basis) {
            (Some((done, late)), basis) => {
                let status = if late > 0 { Status::Late } else { Status::Met };
                let counted = working && late > 0;
                self.sheet.middle(Middle {
                    opens,
                    due,
                    status,
                    days: late,
                    working: counted.then(|| self.days.between(done - late, done)),
                    basis: basis.map(|basis| (basis.kind, basis.date)),
                    done: Some(done),
                })
            }
            (None, None) => self.undone[turn.ordinal - 1].of(Shape::At),
            (None, Some(_)) if window == Window::Before => {
                self.undone[turn.ordinal - 1].of(Shape::Before)
            }
            (None, Some(_)) => {
                let middle = self.not_done(turn, (opens, due), working);
                self.sheet.middle(middle)
            }
        };
        self.sheet.line(rule, turn.ordinal, middle);
    }
}
