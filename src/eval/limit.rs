//! Limits: which one governs a clock, and the dates it gives (M2 to M10, M16, M17).

use smallvec::{SmallVec, smallvec};

use super::case::Case;
use super::outcome::{Change, Due, Question, Reason};
use super::truth::{Days, Mode, Sink, Subject, Truth};
use super::window::{CountedFrom, duration_after, window_dates};
use crate::calendar::{Date, Undetermined};
use crate::policy::{Duration, Limit, MidClock, Shape, Value, Window};

/// How many unknown exceptions are followed both ways; with more the deadline is simply unknown.
const MOST_UNKNOWN: usize = 6;

/// A clock whose limit is to be found.
#[derive(Debug, Clone, Copy)]
pub(super) struct Clock<'a> {
    pub(super) limits: &'a [Limit],
    pub(super) changing: MidClock,
    /// The days on which the choice of limit may change, in order, where they have been worked out; only
    /// those within the clock matter.
    pub(super) changes: Option<&'a [Date]>,
    /// The ordinal of the review it belongs to; `None` where it belongs to none.
    pub(super) ordinal: Option<u16>,
    /// The day on which it started.
    pub(super) started: Date,
    /// The day from which its dates count: the start, or for a duty before a review its basis.
    pub(super) from: Date,
    /// The event into which the limits' tests look.
    pub(super) subject: Option<Subject>,
    /// The one day on which conditions are tested, where it is not throughout the clock.
    pub(super) tested_on: Option<Date>,
    /// The last day on which a change of limit counts.
    pub(super) horizon: Date,
    /// The other end of a midway.
    pub(super) midway_to: Option<Date>,
}

impl Clock<'_> {
    /// Whether a limit speaks of the review and of the day on which the clock started.
    fn reaches(&self, limit: &Limit) -> bool {
        self.ordinal.is_none_or(|ordinal| limit.ordinals.contains(ordinal))
            && limit.started.contains(self.started)
    }

    /// Those of some days, given in order, on which a change of limit counts.
    fn within<'d>(&self, days: &'d [Date]) -> &'d [Date] {
        let begin = days.partition_point(|&day| day <= self.started);
        let end = days.partition_point(|&day| day <= self.horizon);
        days.get(begin..end).unwrap_or(&[])
    }

    /// The first day on which conditions are tested, and how.
    fn first_test(&self) -> (Date, Mode) {
        match self.tested_on {
            Some(day) => (day, Mode::Acts),
            None => (self.started, Mode::Starts),
        }
    }
}

/// What governs a clock.
#[derive(Debug, Clone, Default)]
pub(super) struct Governed {
    /// Whether any limit applies; where none does, there is no deadline.
    pub(super) applies: bool,
    pub(super) opens: Option<Date>,
    pub(super) due: Due,
    /// Every possible first and last day where something is not known, the governing one included.
    pub(super) possible: Vec<(Option<Date>, Due)>,
    pub(super) limit: Option<u16>,
    pub(super) change: Option<Change>,
    pub(super) reasons: Vec<Reason>,
}

/// The first and last day in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Dates {
    opens: Option<Date>,
    due: Due,
}

/// Which limits fit a clock, day by day.
struct Fitness {
    /// How many limits there are.
    number: usize,
    /// Day by day, and on each day limit by limit.
    truths: SmallVec<[Truth; 24]>,
    /// The limits of which it is not known on some day.
    unknown: SmallVec<[u16; 4]>,
}

impl Fitness {
    /// Which limits fit, day by day.
    fn days(&self) -> impl Iterator<Item = &[Truth]> {
        self.truths.chunks_exact(self.number.max(1))
    }
}

/// The limit chosen for a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Choice {
    None,
    Limit(u16),
    Disagree(u16, u16),
}

impl Case<'_> {
    /// Finds what governs a clock.
    pub(super) fn govern(&self, clock: &Clock<'_>) -> Governed {
        if let [limit] = clock.limits
            && limit.is_plain()
        {
            return self.plainly(clock, limit);
        }
        let own;
        let days = match clock.changes {
            Some(changes) => clock.within(changes),
            None if clock.tested_on.is_some() => &[],
            None => {
                own = self.days_of_change(clock.limits, clock.changing);
                clock.within(&own)
            }
        };
        let mut questions = Sink::new();
        let fitness = self.fitness(clock, days, &mut questions);
        if fitness.unknown.is_empty() {
            return self.walk(clock, days, &fitness, &[]);
        }
        if fitness.unknown.len() > MOST_UNKNOWN {
            return Governed {
                applies: true,
                due: Due::Unknown,
                reasons: questions.into_iter().map(Reason::NotRecorded).collect(),
                ..Governed::default()
            };
        }
        self.every_way(clock, days, &fitness, questions)
    }

    /// What governs a clock with one limit that nothing changes.
    fn plainly(&self, clock: &Clock<'_>, limit: &Limit) -> Governed {
        match limit.window.as_ref().filter(|_| clock.reaches(limit)) {
            None => Governed { due: Due::Never, ..Governed::default() },
            Some(window) => {
                let (opens, due) = self.window(window, clock.from, clock.subject, clock.midway_to);
                Governed { applies: true, opens, due, limit: Some(0), ..Governed::default() }
            }
        }
    }

    /// Follows every combination of the unknown exceptions being yes or no.
    fn every_way(
        &self,
        clock: &Clock<'_>,
        days: &[Date],
        fitness: &Fitness,
        mut questions: Vec<Question>,
    ) -> Governed {
        let mut ways: Vec<Governed> = (0..1u32 << fitness.unknown.len())
            .map(|combination| {
                let assumed: Vec<(u16, bool)> = fitness
                    .unknown
                    .iter()
                    .enumerate()
                    .map(|(place, &limit)| (limit, combination >> place & 1 == 1))
                    .collect();
                self.walk(clock, days, fitness, &assumed)
            })
            .collect();
        ways.sort_by_key(|way| earliness(way.due));
        let mut possible: Vec<(Option<Date>, Due)> = Vec::new();
        let any = ways.iter().any(|way| way.applies);
        for way in &ways {
            // Where nothing would be owed at all, or no longer, no status is the same.
            let owed = way.applies || (way.change.is_some() && !any);
            let dates = if owed { (way.opens, way.due) } else { (None, Due::Unknown) };
            if !possible.contains(&dates) {
                possible.push(dates);
            }
        }
        questions.sort();
        questions.dedup();
        let mut governed =
            ways.into_iter().find(|way| way.applies || way.change.is_some()).unwrap_or_default();
        if possible.len() > 1 {
            governed.reasons.extend(questions.into_iter().map(Reason::NotRecorded));
            governed.possible = possible;
        }
        governed
    }

    /// The days on which the choice of limit may change, in order.
    pub(super) fn days_of_change(&self, limits: &[Limit], changing: MidClock) -> Days {
        let mut days = Days::new();
        if matches!(changing, MidClock::FromTheNextClock | MidClock::NeverChanges) {
            return days;
        }
        for condition in limits.iter().filter_map(|limit| limit.condition.as_ref()) {
            self.change_days(condition, &mut days);
        }
        days.sort_unstable();
        days.dedup();
        days
    }

    /// Which limits fit a clock, on its first day and on each day on which that may change.
    fn fitness(&self, clock: &Clock<'_>, days: &[Date], questions: &mut Sink) -> Fitness {
        let number = clock.limits.len();
        let mut fitness = Fitness {
            number,
            truths: smallvec![Truth::No; number * (days.len() + 1)],
            unknown: SmallVec::new(),
        };
        let later = days.iter().map(|&day| (day, Mode::Acts));
        let asked = std::iter::once(clock.first_test()).chain(later);
        for (index, limit) in clock.limits.iter().enumerate() {
            if !clock.reaches(limit) {
                continue;
            }
            let subject = clock.subject;
            let mut sink = Sink::new();
            let test = limit.test.as_ref();
            let test = self.truth_if_any(test, clock.started, Mode::Acts, subject, &mut sink);
            if test == Truth::No {
                continue;
            }
            let mut doubted = false;
            let own = fitness.truths.iter_mut().skip(index).step_by(number);
            for (truth, (day, mode)) in own.zip(asked.clone()) {
                let condition = limit.condition.as_ref();
                let held = self.truth_if_any(condition, day, mode, subject, &mut sink);
                *truth = if held == Truth::Yes { test } else { held };
                if *truth == Truth::Unknown && !doubted {
                    doubted = true;
                    fitness.unknown.push(index as u16);
                    questions.append(&mut sink);
                }
            }
        }
        fitness
    }

    /// Follows the clock from its start, limit by limit (M17).
    fn walk(
        &self,
        clock: &Clock<'_>,
        days: &[Date],
        fitness: &Fitness,
        assumed: &[(u16, bool)],
    ) -> Governed {
        let mut choices = fitness.days().map(|fits| self.choose(clock, fits, assumed));
        let mut choice = choices.next().unwrap_or(Choice::None);
        let Some(mut dates) = self.dates_of(clock, choice, clock.from) else {
            return Governed { due: Due::Never, ..Governed::default() };
        };
        let mut change = None;
        let mut applies = true;
        for (&day, next) in days.iter().zip(choices) {
            // A change after the governing date never alters it, and from a disagreement on there
            // is no date that could change.
            if matches!(dates.due, Due::On(due) if day > due)
                || matches!(choice, Choice::Disagree(..))
            {
                break;
            }
            if next == choice {
                continue;
            }
            let changed = match clock.changing {
                MidClock::FromTheAnchor => {
                    self.dates_of(clock, next, clock.from).map(|dates| not_before(dates, day))
                }
                MidClock::FromTheChange => {
                    self.dates_of(clock, next, day).map(|new| no_later(new, dates))
                }
                MidClock::FromTheNextClock | MidClock::NeverChanges => break,
            };
            let before = match dates.due {
                Due::On(date) => Some(date),
                _ => None,
            };
            change = Some(Change { day, before, limit: choice.limit() });
            choice = next;
            // Where what applied no longer does, its dates stay until something applies again.
            applies = changed.is_some();
            dates = changed.unwrap_or(dates);
        }
        let mut reasons = Vec::new();
        if let Choice::Disagree(one, other) = choice {
            reasons.push(Reason::ExceptionsDisagree(one, other));
        }
        Governed {
            applies,
            opens: dates.opens,
            due: dates.due,
            possible: Vec::new(),
            limit: choice.limit(),
            change,
            reasons,
        }
    }

    /// Which limit governs on a day, of those that fit: an exception before a plain one.
    fn choose(&self, clock: &Clock<'_>, fits: &[Truth], assumed: &[(u16, bool)]) -> Choice {
        let mut exception: Option<u16> = None;
        let mut plain: Option<u16> = None;
        for ((index, limit), fits) in (0..).zip(clock.limits).zip(fits) {
            if !limit.exception && plain.is_some() {
                continue;
            }
            let fits = match fits {
                Truth::Yes => true,
                Truth::No => false,
                Truth::Unknown => assumed.iter().any(|&(assumed, yes)| assumed == index && yes),
            };
            match (fits, limit.exception) {
                (false, _) => {}
                (true, false) => plain = Some(index),
                (true, true) => match exception {
                    Some(other) if self.differ(clock, other, index) => {
                        return Choice::Disagree(other, index);
                    }
                    Some(_) => {}
                    None => exception = Some(index),
                },
            }
        }
        exception.or(plain).map_or(Choice::None, Choice::Limit)
    }

    /// Whether two limits give different dates.
    fn differ(&self, clock: &Clock<'_>, one: u16, other: u16) -> bool {
        let dates = |index| self.dates_of(clock, Choice::Limit(index), clock.from);
        dates(one) != dates(other)
    }

    /// The dates of the chosen limit, counted from a day; `None` where none applies.
    fn dates_of(&self, clock: &Clock<'_>, choice: Choice, from: Date) -> Option<Dates> {
        match choice {
            Choice::None => None,
            Choice::Disagree(..) => Some(Dates { opens: None, due: Due::Unknown }),
            Choice::Limit(index) => {
                let window = clock.limits.get(usize::from(index))?.window.as_ref()?;
                let (opens, due) = self.window(window, from, clock.subject, clock.midway_to);
                Some(Dates { opens, due })
            }
        }
    }

    /// The first and last day in time that a window gives.
    pub(super) fn window(
        &self,
        window: &Window,
        anchor: Date,
        subject: Option<Subject>,
        midway_to: Option<Date>,
    ) -> (Option<Date>, Due) {
        let carried = match (&window.shape, subject) {
            (Shape::ByDateOf(attribute), Some(subject)) => match self.value(subject, *attribute) {
                Some(Value::Date(date)) => Some(*date),
                _ => None,
            },
            _ => None,
        };
        let from = CountedFrom { anchor, midway_to, carried };
        window_dates(&self.policy.calendar, window, &from)
    }

    /// The day a duration after another.
    pub(super) fn duration_after(
        &self,
        length: &Duration,
        anchor: Date,
    ) -> Result<Date, Undetermined> {
        duration_after(&self.policy.calendar, length, anchor)
    }
}

impl Choice {
    fn limit(self) -> Option<u16> {
        match self {
            Choice::Limit(index) => Some(index),
            Choice::None | Choice::Disagree(..) => None,
        }
    }
}

/// A date brought forward never falls before the day of the change.
fn not_before(dates: Dates, day: Date) -> Dates {
    match dates.due {
        Due::On(due) if due < day => Dates { due: Due::On(day), ..dates },
        _ => dates,
    }
}

/// The new date, but no later than the old one.
fn no_later(new: Dates, old: Dates) -> Dates {
    match (new.due, old.due) {
        (Due::On(date), Due::On(limit)) if limit < date => old,
        (Due::Never, Due::On(_)) => old,
        _ => new,
    }
}

/// Sorts the possible last days: dates first, the earliest in front.
pub(super) fn earliness(due: Due) -> (u8, i32) {
    match due {
        Due::On(date) => (0, date.number()),
        Due::Beyond(_) => (1, 0),
        Due::Unknown => (2, 0),
        Due::Waiting => (3, 0),
        Due::Never => (4, 0),
    }
}
