//! Civil dates: the only file that names the date crate.
//!
//! A [`Date`] is a day of the Gregorian calendar with no time, no zone and no clock. Its range is
//! bounded, so every sum either gives a date or says that it left the range; nothing panics.

use std::fmt;

use chrono::{Datelike, NaiveDate};
use serde::{Serialize, Serializer};

/// A day of the calendar, from 1 January 1900 to 31 December 2199, both inclusive.
///
/// It is held as the number of days since 1 January 1970, so order and differences are those of
/// whole numbers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
// INVARIANT: the number lies between those of `Date::MIN` and `Date::MAX`.
pub struct Date(i32);

/// A day of the week, in the order of ISO 8601: Monday first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Weekday {
    /// Monday.
    Mon,
    /// Tuesday.
    Tue,
    /// Wednesday.
    Wed,
    /// Thursday.
    Thu,
    /// Friday.
    Fri,
    /// Saturday.
    Sat,
    /// Sunday.
    Sun,
}

/// Whether the year has a 29 February.
pub const fn is_leap_year(year: i32) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// The number of days in the month (1 to 12) of the year; 0 when there is no such month.
pub const fn days_in_month(year: i32, month: u32) -> u32 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if is_leap_year(year) => 29,
        2 => 28,
        _ => 0,
    }
}

/// The English name of the month (1 to 12); empty when there is no such month.
pub const fn month_name(month: u32) -> &'static str {
    match month {
        1 => "January",
        2 => "February",
        3 => "March",
        4 => "April",
        5 => "May",
        6 => "June",
        7 => "July",
        8 => "August",
        9 => "September",
        10 => "October",
        11 => "November",
        12 => "December",
        _ => "",
    }
}

impl Date {
    /// The first date there is: 1 January 1900.
    pub const MIN: Date = Date(-25_567);
    /// The last date there is: 31 December 2199.
    pub const MAX: Date = Date(84_005);

    /// Returns the date of a year, a month (1 to 12) and a day (from 1), if there is such a day
    /// within the range.
    pub fn from_ymd(year: i32, month: u32, day: u32) -> Option<Date> {
        Date::from_number(NaiveDate::from_ymd_opt(year, month, day)?.to_epoch_days())
    }

    /// Returns the year, the month (1 to 12) and the day of the month (from 1).
    pub fn ymd(self) -> (i32, u32, u32) {
        let date = self.naive();
        (date.year(), date.month(), date.day())
    }

    /// Returns the number of days since 1 January 1970, negative before it.
    pub const fn number(self) -> i32 {
        self.0
    }

    /// Returns the date that lies this number of days after 1 January 1970, if it is in the range.
    pub const fn from_number(number: i32) -> Option<Date> {
        if number < Date::MIN.0 || number > Date::MAX.0 { None } else { Some(Date(number)) }
    }

    /// Returns the day of the week.
    pub fn weekday(self) -> Weekday {
        // 1 January 1970 was a Thursday.
        match (self.0 + 3).rem_euclid(7) {
            0 => Weekday::Mon,
            1 => Weekday::Tue,
            2 => Weekday::Wed,
            3 => Weekday::Thu,
            4 => Weekday::Fri,
            5 => Weekday::Sat,
            _ => Weekday::Sun,
        }
    }

    /// Whether the date's year has a 29 February.
    pub fn is_leap_year(self) -> bool {
        is_leap_year(self.ymd().0)
    }

    /// Returns the date this number of calendar days later (earlier when negative), if it is in
    /// the range.
    pub const fn add_days(self, days: i32) -> Option<Date> {
        match self.0.checked_add(days) {
            Some(number) => Date::from_number(number),
            None => None,
        }
    }

    /// Returns the number of calendar days from this date to the other, negative when the other
    /// comes first: `other - self`.
    pub const fn days_until(self, other: Date) -> i32 {
        other.0 - self.0
    }

    /// Returns the corresponding date this number of months later (earlier when negative), if it
    /// is in the range.
    ///
    /// The corresponding date bears the same day of the month; where the month has no such day it
    /// is the last day of that month (*Dodds v Walker* \[1981\] 1 WLR 1027). Steps do not add up: 31
    /// January and one month is 28 February, and another is 28 March, while 31 January and two
    /// months is 31 March. A limit is therefore always counted from its anchor in one go.
    pub fn add_months(self, months: i32) -> Option<Date> {
        let (year, month, day) = self.ymd();
        let since_year_zero = (year * 12 + month as i32 - 1).checked_add(months)?;
        let (year, month) =
            (since_year_zero.div_euclid(12), since_year_zero.rem_euclid(12) as u32 + 1);
        Date::from_ymd(year, month, day.min(days_in_month(year, month)))
    }

    /// Returns the day on which someone born on this date reaches an age, counted in years.
    ///
    /// It is the same day and month, and for someone born on 29 February it is 1 March in a
    /// common year. The Family Law Reform Act 1969, section 9, makes an age attained at the
    /// beginning of the anniversary of the birth and does not say which day that is for 29
    /// February. Taking 1 March is a stated choice: on 28 February the whole year has not yet
    /// run. It differs on purpose from [`Date::add_months`], which would give 28 February.
    pub fn anniversary(self, years: i32) -> Option<Date> {
        let (year, month, day) = self.ymd();
        let year = year.checked_add(years)?;
        if (month, day) == (2, 29) && !is_leap_year(year) {
            Date::from_ymd(year, 3, 1)
        } else {
            Date::from_ymd(year, month, day)
        }
    }

    /// Returns the long form for prose, such as `Fri 27 Mar 2026`.
    pub fn long(self) -> impl fmt::Display {
        fmt::from_fn(move |f| write!(f, "{} {}", self.weekday(), self.short()))
    }

    /// Returns the short form for prose, such as `27 Mar 2026`.
    pub fn short(self) -> impl fmt::Display {
        let (year, month, day) = self.ymd();
        fmt::from_fn(move |f| write!(f, "{day} {:.3} {year}", month_name(month)))
    }

    /// Returns the digits and hyphens of the date as data has it, such as `2026-03-27`.
    pub fn iso(self) -> [u8; 10] {
        let (year, month, day) = self.ymd();
        let digit = |number: u32| b'0' + (number % 10) as u8;
        let year = year.unsigned_abs();
        [
            digit(year / 1000),
            digit(year / 100),
            digit(year / 10),
            digit(year),
            b'-',
            digit(month / 10),
            digit(month),
            b'-',
            digit(day / 10),
            digit(day),
        ]
    }

    /// Returns today's date by the machine's clock and zone.
    ///
    /// Only the command line has a clock; the language takes every date it needs as an argument.
    #[cfg(feature = "cli")]
    pub fn today() -> Date {
        let number = chrono::Local::now().date_naive().to_epoch_days();
        Date(number.clamp(Date::MIN.0, Date::MAX.0))
    }

    /// Returns the date as the date crate has it.
    fn naive(self) -> NaiveDate {
        // By the invariant the number is always within that crate's far wider range.
        NaiveDate::from_epoch_days(self.0).unwrap_or_default()
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.ymd();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl fmt::Display for Weekday {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Weekday::Mon => "Mon",
            Weekday::Tue => "Tue",
            Weekday::Wed => "Wed",
            Weekday::Thu => "Thu",
            Weekday::Fri => "Fri",
            Weekday::Sat => "Sat",
            Weekday::Sun => "Sun",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    #[test]
    fn range_is_bounded_at_both_ends() {
        assert_eq!(Date::from_ymd(1900, 1, 1), Some(Date::MIN));
        assert_eq!(Date::from_ymd(2199, 12, 31), Some(Date::MAX));
        assert_eq!(Date::MIN.add_days(-1), None);
        assert_eq!(Date::MAX.add_days(1), None);
        assert_eq!(Date::MAX.add_days(i32::MAX), None);
        assert_eq!(Date::MIN.add_days(i32::MIN), None);
        assert_eq!(Date::MAX.add_months(1), None);
        assert_eq!(Date::MAX.add_months(i32::MAX), None);
        assert_eq!(Date::MIN.add_months(i32::MIN), None);
        assert_eq!(Date::MIN.anniversary(i32::MAX), None);
        assert_eq!(Date::from_number(i32::MIN), None);
        assert_eq!(Date::from_ymd(2026, 2, 29), None);
        assert_eq!(date("1970-01-01").number(), 0);
    }

    #[test]
    fn forms_of_a_date() {
        let day = date("2026-03-27");
        assert_eq!(day.to_string(), "2026-03-27");
        for day in [Date::MIN, day, Date::MAX] {
            assert_eq!(day.iso(), day.to_string().as_bytes());
        }
        assert_eq!(day.long().to_string(), "Fri 27 Mar 2026");
        assert_eq!(day.short().to_string(), "27 Mar 2026");
        assert_eq!(serde_json::to_string(&day).unwrap(), "\"2026-03-27\"");
    }

    #[test]
    fn months_clamp_and_do_not_add_up() {
        let end = date("2025-01-31");
        assert_eq!(end.add_months(1), Some(date("2025-02-28")));
        assert_eq!(end.add_months(1).unwrap().add_months(1), Some(date("2025-03-28")));
        assert_eq!(end.add_months(2), Some(date("2025-03-31")));
        assert_eq!(date("2024-03-31").add_months(-1), Some(date("2024-02-29")));
        assert_eq!(date("2024-02-29").add_months(12), Some(date("2025-02-28")));
        assert_eq!(date("2025-01-15").add_months(-13), Some(date("2023-12-15")));
    }

    #[test]
    fn a_leap_day_birthday_is_kept_on_the_first_of_march() {
        let born = date("2008-02-29");
        assert_eq!(born.anniversary(18), Some(date("2026-03-01")));
        assert_eq!(born.anniversary(20), Some(date("2028-02-29")));
        assert_eq!(date("2008-03-31").anniversary(18), Some(date("2026-03-31")));
        assert!(born.is_leap_year() && !date("2026-01-01").is_leap_year());
        assert!(is_leap_year(2000) && !is_leap_year(1900) && !is_leap_year(2100));
    }

    #[cfg(feature = "cli")]
    #[test]
    fn today_is_in_the_range() {
        assert!(Date::MIN < Date::today() && Date::today() < Date::MAX);
    }
}
