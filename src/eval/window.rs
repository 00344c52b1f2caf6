//! The arithmetic of a window: from the day it counts from to its first and last day (M2 to M10).
//!
//! It needs no case, so that the analyses, which go through the days of a calendar, and the
//! evaluator, which looks at one case, cannot differ.

use super::outcome::Due;
use crate::calendar::{Calendar, Date, Length, Undetermined, midway};
use crate::policy::{Duration, Shape, Window};

/// The days that a window counts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CountedFrom {
    /// The anchor's day.
    pub anchor: Date,
    /// The other end of a midway, where it is known.
    pub midway_to: Option<Date>,
    /// The date that the anchor carries, where the window asks for one and it was recorded.
    pub carried: Option<Date>,
}

impl CountedFrom {
    /// Counts from one day alone.
    pub const fn day(anchor: Date) -> Self {
        Self { anchor, midway_to: None, carried: None }
    }
}

/// The first and last day in time that a window gives, both inclusive.
///
/// There is no first day where the window is open from its anchor, or from any day before it, on.
pub fn window_dates(
    calendar: &Calendar,
    window: &Window,
    from: &CountedFrom,
) -> (Option<Date>, Due) {
    let anchor = from.anchor;
    let between = |ends: Result<(Date, Date), Undetermined>| match ends {
        Ok((opens, due)) => (Some(opens), Due::On(due)),
        Err(reason) => (None, Due::Beyond(reason)),
    };
    let until = |due: Result<Date, Undetermined>| (None, due.map_or_else(Due::Beyond, Due::On));
    let opening = |opens: Result<Date, Undetermined>| match opens {
        Ok(opens) => (Some(opens), Due::Never),
        Err(reason) => (None, Due::Beyond(reason)),
    };
    let middle = from.midway_to.map(|to| midway(anchor, to));
    match &window.shape {
        Shape::Within(length) => until(duration_after(calendar, length, anchor)),
        Shape::PeriodBeginning(length) => {
            until(counted(length, &|length| calendar.period_beginning(anchor, length)))
        }
        Shape::AtLeastBefore(length) => {
            until(counted(length, &|length| calendar.before(anchor, length)))
        }
        Shape::BetweenBefore { near, far } => between(
            calendar
                .before(anchor, *far)
                .and_then(|opens| Ok((opens, calendar.before(anchor, *near)?))),
        ),
        Shape::BetweenAfter { near, far } => between(
            calendar
                .after(anchor, *near)
                .and_then(|opens| Ok((opens, calendar.after(anchor, *far)?))),
        ),
        Shape::OnMidway => middle.map_or((None, Due::Waiting), |day| (Some(day), Due::On(day))),
        Shape::ByMidway => middle.map_or((None, Due::Waiting), |day| (None, Due::On(day))),
        Shape::AroundMidway(length) => match middle {
            None => (None, Due::Waiting),
            Some(day) => between(
                counted(length, &|length| calendar.before(day, length))
                    .and_then(|opens| Ok((opens, duration_after(calendar, length, day)?))),
            ),
        },
        Shape::ByDateOf(_) => (None, from.carried.map_or(Due::Unknown, Due::On)),
        Shape::Before => (None, Due::On(anchor)),
        Shape::At => (Some(anchor), Due::On(anchor)),
        Shape::NotBefore(length) => opening(duration_after(calendar, length, anchor)),
        Shape::OncePassed(length) => opening(
            duration_after(calendar, length, anchor)
                .and_then(|last| last.add_days(1).ok_or(Undetermined::OutOfRange)),
        ),
        Shape::NoTimeLimit | Shape::NoTimeLimitBefore => (None, Due::Never),
    }
}

/// The day a duration after another.
pub(super) fn duration_after(
    calendar: &Calendar,
    length: &Duration,
    anchor: Date,
) -> Result<Date, Undetermined> {
    counted(length, &|length| calendar.after(anchor, length))
}

/// Counts a duration: the earlier or the later of two is that of the dates they give.
fn counted(
    duration: &Duration,
    count: &dyn Fn(Length) -> Result<Date, Undetermined>,
) -> Result<Date, Undetermined> {
    match duration {
        Duration::Fixed(length) => count(*length),
        Duration::Earlier(one, other) => Ok(counted(one, count)?.min(counted(other, count)?)),
        Duration::Later(one, other) => Ok(counted(one, count)?.max(counted(other, count)?)),
    }
}
