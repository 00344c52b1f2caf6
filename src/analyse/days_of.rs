//! The start days that are gone through to compare lengths.

use crate::calendar::{Calendar, Date, Length, Unit};

/// Every day from which the lengths can be counted, as far as anything depends on it.
///
/// Working days are known where the calendar covers them. Other lengths depend on nothing but the length
/// of the months, and of the years from 1900 to 2199 some are leap years and two of the round ones are
/// none, so that every succession of years that there can be is among them.
pub(super) fn every_start_day(
    calendar: &Calendar,
    lengths: &[Length],
) -> impl Iterator<Item = Date> + use<> {
    let working = lengths.iter().any(|length| length.unit == Unit::WorkingDays);
    let all = (Date::from_ymd(1900, 1, 1), Date::from_ymd(2199, 12, 31));
    let (first, last) = match all {
        (Some(first), Some(last)) if !working => (first, last),
        _ => calendar.covered(),
    };
    std::iter::successors(Some(first), |day| day.add_days(1)).take_while(move |day| *day <= last)
}
