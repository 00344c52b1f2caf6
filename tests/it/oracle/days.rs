//! Dates as plain day numbers, counted one day at a time.

use duly::calendar::{Calendar, Date, Length, Unit};

/// A day by its number, 1 January 1970 being 0.
pub(crate) type Day = i32;

pub(super) fn date(day: Day) -> Date {
    Date::from_number(day.clamp(Date::MIN.number(), Date::MAX.number()))
        .expect("the number was brought into the range")
}

/// Year, month and day of a day number, by stepping over whole years and months.
pub(super) fn civil(day: Day) -> (i32, i32, i32) {
    let mut year = 1970 + day.div_euclid(366);
    while first_of_year(year + 1) <= day {
        year += 1;
    }
    let mut rest = day - first_of_year(year);
    let mut month = 1;
    while rest >= month_length(year, month) {
        rest -= month_length(year, month);
        month += 1;
    }
    (year, month, rest + 1)
}

pub(super) fn number(year: i32, month: i32, day: i32) -> Day {
    let months: i32 = (1..month).map(|earlier| month_length(year, earlier)).sum();
    first_of_year(year) + months + day - 1
}

fn first_of_year(year: i32) -> Day {
    let before = year - 1;
    let leaps = |y: i32| y.div_euclid(4) - y.div_euclid(100) + y.div_euclid(400);
    (year - 1970) * 365 + leaps(before) - leaps(1969)
}

fn month_length(year: i32, month: i32) -> i32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// M6: the corresponding date, else the last day of that month.
fn add_months(day: Day, months: i32) -> Day {
    let (year, month, of_month) = civil(day);
    let index = year * 12 + month - 1 + months;
    let (year, month) = (index.div_euclid(12), index.rem_euclid(12) + 1);
    number(year, month, of_month.min(month_length(year, month)))
}

/// A person born on 29 February comes of age on 1 March in a common year.
pub(super) fn birthday(born: Day, years: i32) -> Day {
    let (year, month, of_month) = civil(born);
    number(year + years, month, of_month)
}

/// M2 and M4: the day so many units after (or before) the anchor, whose own day is not counted.
/// `None` beyond the calendar or out of range.
pub(super) fn counted(calendar: &Calendar, anchor: Day, length: Length, step: i32) -> Option<Day> {
    let count = i32::from(length.count);
    let day = match length.unit {
        Unit::CalendarDays => anchor + step * count,
        Unit::Weeks => anchor + step * count * 7,
        Unit::Months => add_months(anchor, step * count),
        Unit::Years => add_months(anchor, step * count * 12),
        Unit::WorkingDays => {
            let mut day = anchor;
            let mut left = count;
            if left > 0 {
                works(calendar, anchor)?;
            }
            while left > 0 {
                day += step;
                left -= i32::from(works(calendar, day)?);
            }
            day
        }
    };
    in_range(day)
}

/// M3: the last day of a period whose first day is the anchor.
pub(super) fn period(calendar: &Calendar, anchor: Day, length: Length) -> Option<Day> {
    if length.unit != Unit::WorkingDays {
        return in_range(counted(calendar, anchor, length, 1)? - 1);
    }
    let mut day = anchor;
    let mut left = i32::from(length.count) - i32::from(works(calendar, anchor)?);
    while left > 0 {
        day += 1;
        left -= i32::from(works(calendar, day)?);
    }
    in_range(day)
}

/// The working days after one day and through another, negative when the other comes first.
pub(super) fn working_between(calendar: &Calendar, after: Day, until: Day) -> Option<i32> {
    works(calendar, after)?;
    works(calendar, until)?;
    let (first, last, sign) = if after <= until { (after, until, 1) } else { (until, after, -1) };
    let mut count = 0;
    for day in first + 1..=last {
        count += i32::from(works(calendar, day)?);
    }
    Some(count * sign)
}

fn works(calendar: &Calendar, day: Day) -> Option<bool> {
    calendar.is_working_day(Date::from_number(day)?)
}

fn in_range(day: Day) -> Option<Day> {
    Date::from_number(day).map(|_| day)
}
