//! By when: windows, the limit that governs from day to day, and the status that follows.

use duly::calendar::{Date, Unit};
use duly::eval::{BasisKind, Part, Status};
use duly::policy::{Duration, Limit, MidClock, RuleId, Shape, Window};

use super::case::{At, Case, Mode, Truth, UNKNOWN, YES, and};
use super::days::{self, Day};
use super::verdict::{Last, Row};

/// A window that has been counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Counted {
    pub(super) opens: Option<Day>,
    pub(super) due: Last,
    /// Whether its length is in working days.
    pub(super) working: bool,
}

/// What a window counts from.
#[derive(Clone, Copy, Debug)]
pub(super) struct From {
    pub(super) day: Day,
    pub(super) fact: Option<usize>,
    /// The basis of the next review, for the windows that lie midway.
    pub(super) next: Option<Day>,
}

/// What governs from a day on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ruling {
    Window(Counted),
    /// The rule does not apply; the window that was given up.
    DoesNotApply(Option<Counted>),
    /// Two exceptions disagree.
    Disagree,
}

/// What governed from which day, under one answer to everything that is not known.
pub(super) type Path = Vec<(Day, Ruling)>;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Selection {
    Nothing,
    Limit(usize),
    Disagree,
}

/// A clock whose limits are to be followed.
pub(super) struct Clock<'l> {
    pub(super) limits: &'l [Limit],
    pub(super) mid_clock: MidClock,
    pub(super) ordinal: u16,
    /// The day the review's or the duty's clock started, for `started from`.
    pub(super) started: Day,
    /// The fact on which limits are tested.
    pub(super) subject: Option<usize>,
    pub(super) from: From,
}

impl Case<'_> {
    pub(super) fn window(&self, window: &Window, from: From) -> Counted {
        let calendar = &self.policy.calendar;
        let after = |n: &Duration| self.duration(from.day, n, 1);
        let before = |n: &Duration| self.duration(from.day, n, -1);
        let midway = || from.next.map(|next| from.day + (next - from.day).div_euclid(2));
        let working = |n: &Duration| in_working_days(n);
        let (opens, due, working) = match &window.shape {
            Shape::Within(n) => (None, Last::on(after(n)), working(n)),
            Shape::PeriodBeginning(n) => (None, Last::on(self.period(from.day, n)), working(n)),
            Shape::AtLeastBefore(n) => (None, Last::on(before(n)), working(n)),
            Shape::BetweenBefore { near, far } => (
                days::counted(calendar, from.day, *far, -1),
                Last::on(days::counted(calendar, from.day, *near, -1)),
                near.unit == Unit::WorkingDays || far.unit == Unit::WorkingDays,
            ),
            Shape::BetweenAfter { near, far } => (
                days::counted(calendar, from.day, *near, 1),
                Last::on(days::counted(calendar, from.day, *far, 1)),
                near.unit == Unit::WorkingDays || far.unit == Unit::WorkingDays,
            ),
            Shape::OnMidway => (midway(), Last::on(midway()), false),
            Shape::ByMidway => (None, Last::on(midway()), false),
            Shape::AroundMidway(n) => (
                midway().and_then(|day| self.duration(day, n, -1)),
                Last::on(midway().and_then(|day| self.duration(day, n, 1))),
                working(n),
            ),
            Shape::ByDateOf(attribute) => {
                let date = from.fact.and_then(|fact| self.date_value(fact, *attribute));
                (None, date.map_or(Last::Unknown, |day| Last::on(Some(day))), false)
            }
            Shape::Before => (None, Last::on(Some(from.day)), false),
            Shape::At => (Some(from.day), Last::on(Some(from.day)), false),
            Shape::NotBefore(n) => (after(n), never_from(after(n)), working(n)),
            Shape::OncePassed(n) => {
                let passed = after(n).map(|day| day + 1);
                (passed, never_from(passed), working(n))
            }
            Shape::NoTimeLimit | Shape::NoTimeLimitBefore => (None, Last::Never, false),
        };
        Counted { opens, due, working }
    }

    fn period(&self, anchor: Day, duration: &Duration) -> Option<Day> {
        Some(match duration {
            Duration::Fixed(length) => days::period(&self.policy.calendar, anchor, *length)?,
            Duration::Earlier(a, b) => self.period(anchor, a)?.min(self.period(anchor, b)?),
            Duration::Later(a, b) => self.period(anchor, a)?.max(self.period(anchor, b)?),
        })
    }

    /// Which limit governs, under each answer to what is not known, from the start of the clock
    /// through a day (S7).
    pub(super) fn paths(&self, clock: &Clock<'_>, through: Day) -> Vec<Path> {
        let start = clock.from.day;
        let fits = self.fitting(clock);
        let changes = clock.limits.iter().any(|limit| limit.condition.is_some())
            && matches!(clock.mid_clock, MidClock::FromTheAnchor | MidClock::FromTheChange);
        let last = if changes { through.max(start) } else { start };
        // Whether each limit applies, day by day.
        let applies: Vec<Vec<Truth>> = (start..=last)
            .map(|day| {
                let mode = if day == start { Mode::Starts } else { Mode::Acts };
                fits.iter().map(|i| self.applies(&clock.limits[*i], clock, day, mode)).collect()
            })
            .collect();
        let unknown: Vec<usize> = (0..fits.len())
            .filter(|i| applies.iter().any(|of_day| of_day[*i] == UNKNOWN))
            .collect();
        (0..1_u32 << unknown.len())
            .map(|answers| {
                let assumed = |day: Day, i: usize| {
                    applies[(day - start) as usize][i].unwrap_or_else(|| {
                        let place = unknown.iter().position(|u| *u == i).expect("it is unknown");
                        answers >> place & 1 == 1
                    })
                };
                let select = |day: Day| {
                    let chosen: Vec<usize> =
                        (0..fits.len()).filter(|i| assumed(day, *i)).map(|i| fits[i]).collect();
                    self.select(clock, &chosen)
                };
                self.path(clock, start..=last, select)
            })
            .collect()
    }

    /// The limits whose ordinals and period fit a clock.
    pub(super) fn fitting(&self, clock: &Clock<'_>) -> Vec<usize> {
        (0..clock.limits.len())
            .filter(|i| clock.limits[*i].ordinals.contains(clock.ordinal))
            .filter(|i| clock.limits[*i].started.contains(days::date(clock.started)))
            .collect()
    }

    /// What the limits that apply come to, with no change to follow.
    pub(super) fn ruling_of(&self, clock: &Clock<'_>, applicable: &[usize]) -> Ruling {
        match self.select(clock, applicable) {
            Selection::Nothing => Ruling::DoesNotApply(None),
            Selection::Disagree => Ruling::Disagree,
            Selection::Limit(i) => {
                clock.limits[i].window.as_ref().map_or(Ruling::DoesNotApply(None), |window| {
                    Ruling::Window(self.window(window, clock.from))
                })
            }
        }
    }

    pub(super) fn applies(&self, limit: &Limit, clock: &Clock<'_>, day: Day, mode: Mode) -> Truth {
        let at = At { day, mode, subject: clock.subject, ordered: false };
        let test = self.holds(limit.test.as_ref(), at);
        and(test, self.holds(limit.condition.as_ref(), at))
    }

    /// Exceptions govern before plain limits, and must agree.
    fn select(&self, clock: &Clock<'_>, applicable: &[usize]) -> Selection {
        let exceptions: Vec<usize> =
            applicable.iter().copied().filter(|i| clock.limits[*i].exception).collect();
        let due = |i: usize| {
            let window = clock.limits[i].window.as_ref();
            window.map(|window| self.window(window, clock.from).due)
        };
        if let Some(first) = exceptions.first() {
            let agree = exceptions[1..].iter().all(|i| due(*i) == due(*first));
            return if agree { Selection::Limit(*first) } else { Selection::Disagree };
        }
        applicable.first().map_or(Selection::Nothing, |first| Selection::Limit(*first))
    }

    fn path(
        &self,
        clock: &Clock<'_>,
        mut days: impl Iterator<Item = Day>,
        select: impl Fn(Day) -> Selection,
    ) -> Path {
        let Some(start) = days.next() else {
            return Vec::new();
        };
        let counted = |i: usize, from: From| {
            clock.limits[i].window.as_ref().map(|window| self.window(window, from))
        };
        let mut selected = select(start);
        let mut window = None;
        let ruling = match selected {
            Selection::Nothing => Ruling::DoesNotApply(None),
            Selection::Disagree => Ruling::Disagree,
            Selection::Limit(i) => {
                window = counted(i, clock.from);
                window.map_or(Ruling::DoesNotApply(None), Ruling::Window)
            }
        };
        let mut path = vec![(start, ruling)];
        if matches!(ruling, Ruling::DoesNotApply(_)) {
            // S7: what does not apply at its start gives no row.
            return path;
        }
        for day in days {
            let now = select(day);
            if now == selected {
                continue;
            }
            if window.and_then(|w| w.due.day()).is_some_and(|due| day > due) {
                break;
            }
            selected = now;
            let changed = match now {
                Selection::Nothing => None,
                Selection::Disagree => {
                    path.push((day, Ruling::Disagree));
                    continue;
                }
                Selection::Limit(i) => match clock.mid_clock {
                    MidClock::FromTheChange => {
                        counted(i, From { day, ..clock.from }).map(|new| earlier(window, new))
                    }
                    _ => counted(i, clock.from).map(|new| not_before(new, day)),
                },
            };
            match changed {
                Some(new) => {
                    window = Some(new);
                    path.push((day, Ruling::Window(new)));
                }
                None => path.push((day, Ruling::DoesNotApply(window))),
            }
        }
        path
    }

    // Status.

    pub(super) fn row(&self, rule: RuleId, part: Part, ordinal: u16) -> Row {
        Row {
            rule: self.policy.rule(rule).name.clone(),
            part,
            ordinal,
            reference: None,
            opens: None,
            due: Last::Waiting,
            alternatives: Vec::new(),
            done_on: None,
            status: Status::Waiting,
            days: 0,
            working_days: None,
            basis: None,
        }
    }

    /// S9 for a window: fills in opens, due, status and days.
    pub(super) fn judge(
        &self,
        row: &mut Row,
        window: Counted,
        done: Option<Day>,
        end: Option<End>,
    ) {
        row.opens = window.opens.map(days::date);
        row.due = window.due;
        row.done_on = done.map(days::date);
        let due = window.due.day();
        let as_of = self.as_of;
        let status = match (window.due, done, end) {
            (Last::Beyond | Last::Unknown, ..) => Status::Undetermined,
            (_, Some(done), _) if due.is_none_or(|due| done <= due) => Status::Met,
            (_, Some(_), _) => Status::Late,
            (_, None, Some(end)) if due.is_some_and(|due| due < end.day) => Status::Missed,
            (_, None, Some(_)) => Status::Lapsed,
            _ if due.is_some_and(|due| as_of > due) => Status::Overdue,
            _ if window.opens.is_some_and(|opens| opens > as_of) => Status::NotOpen,
            _ if due.is_none() => Status::Outstanding,
            _ => Status::Due,
        };
        self.set_status(row, status, window.working);
    }

    /// S16: the days that go with a status.
    pub(super) fn set_status(&self, row: &mut Row, status: Status, working: bool) {
        row.status = status;
        row.days = 0;
        row.working_days = None;
        let Some(due) = row.due.day() else { return };
        let (first, last) = match status {
            Status::Late => (due, row.done_on.map_or(due, Date::number)),
            Status::Overdue => (due, self.as_of),
            Status::Due | Status::NotOpen => (self.as_of, due),
            _ => return,
        };
        self.set_days(row, first, last, working);
    }

    pub(super) fn set_days(&self, row: &mut Row, first: Day, last: Day, working: bool) {
        row.days = last - first;
        row.working_days =
            if working { days::working_between(&self.policy.calendar, first, last) } else { None };
    }

    /// One row out of those that the answers to what is not known would give (S7). `None` stands
    /// for no row at all.
    pub(super) fn merge(&self, rows: &[Option<Row>]) -> Option<Row> {
        let some: Vec<&Row> = rows.iter().flatten().collect();
        let earliest =
            some.iter().filter(|row| row.due.day().is_some()).min_by_key(|row| row.due.day());
        let mut row = (*earliest.or(some.first())?).clone();
        let due = row.due.day();
        row.alternatives = some
            .iter()
            .flat_map(|other| {
                other.due.day().into_iter().chain(other.alternatives.iter().map(|d| d.number()))
            })
            .filter(|day| Some(*day) != due)
            .map(days::date)
            .collect();
        row.alternatives.sort();
        row.alternatives.dedup();
        let agree = some.iter().all(|other| other.status == row.status);
        if some.len() < rows.len() || !agree {
            undetermined(&mut row);
        }
        Some(row)
    }
}

/// A day on which the life of a deadline ended.
#[derive(Clone, Copy, Debug)]
pub(super) struct End {
    pub(super) day: Day,
}

pub(super) fn undetermined(row: &mut Row) {
    row.status = Status::Undetermined;
    row.days = 0;
    row.working_days = None;
}

pub(super) fn with_basis(row: &mut Row, kind: BasisKind, day: Day) {
    row.basis = Some((kind, days::date(day)));
}

/// What governs on a day.
pub(super) fn ruling(path: &Path, day: Day) -> Ruling {
    let past = path.iter().rev().find(|(since, _)| *since <= day);
    past.or(path.first()).map_or(Ruling::DoesNotApply(None), |(_, ruling)| *ruling)
}

fn never_from(opens: Option<Day>) -> Last {
    if opens.is_some() { Last::Never } else { Last::Beyond }
}

fn earlier(old: Option<Counted>, new: Counted) -> Counted {
    let Some(old) = old else { return new };
    match (old.due.day(), new.due.day()) {
        (Some(a), Some(b)) if b < a => new,
        (None, Some(_)) => new,
        _ => old,
    }
}

fn not_before(new: Counted, day: Day) -> Counted {
    match new.due.day() {
        Some(due) if due < day => Counted { due: Last::on(Some(day)), ..new },
        _ => new,
    }
}

fn in_working_days(duration: &Duration) -> bool {
    match duration {
        Duration::Fixed(length) => length.unit == Unit::WorkingDays,
        Duration::Earlier(a, b) | Duration::Later(a, b) => in_working_days(a) || in_working_days(b),
    }
}

pub(super) fn must(truth: Truth) -> bool {
    truth == YES
}
