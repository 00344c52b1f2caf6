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

/// What is wrong with a text that should have been a date written as `YYYY-MM-DD`.
///
/// The text is kept as it was written, shortened when it is long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DateError {
    /// The text is not a date in any form that could be named.
    NotADate {
        /// The text as written.
        text: String,
    },
    /// The date is right, but there is a space before or after it.
    Spaces {
        /// The text without the spaces.
        text: String,
    },
    /// The day and the month stand before the year, and either of the two could come first.
    Ambiguous {
        /// The text as written.
        text: String,
        /// The date if the day comes first, as in British use.
        day_first: Date,
        /// The date if the month comes first, as in American use.
        month_first: Date,
    },
    /// The text can be only one date, but it is written in another form.
    OtherForm {
        /// The text as written.
        text: String,
        /// The date it must be.
        date: Date,
    },
    /// The year has two digits, so the century is not known.
    TwoDigitYear {
        /// The text as written.
        text: String,
    },
    /// A time of day follows the date.
    TimeOfDay {
        /// The text as written.
        text: String,
        /// The date without the time, when that part is a proper date.
        date: Option<Date>,
    },
    /// The month is not one of the twelve.
    MonthOutOfRange {
        /// The month as written.
        month: u32,
    },
    /// The month has no such day.
    DayOutOfRange {
        /// The year as written.
        year: i32,
        /// The month, 1 to 12.
        month: u32,
        /// The day as written.
        day: u32,
    },
    /// The year is before 1900 or after 2199.
    YearOutOfRange {
        /// The year as written.
        year: i32,
    },
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

    /// Reads a date written exactly as `YYYY-MM-DD`: ten ASCII characters and nothing else.
    ///
    /// Whatever else is written is refused, never read leniently; the error says what it could
    /// have meant.
    pub fn parse(text: &str) -> Result<Date, DateError> {
        match iso_parts(text) {
            Some((year, month, day)) => checked(year, month, day),
            None => Err(DateError::of_form(text)),
        }
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
        if number < Date::MIN.0 || number > Date::MAX.0 {
            None
        } else {
            Some(Date(number))
        }
    }

    /// Returns the day of the week.
    pub fn weekday(self) -> Weekday {
        match self.naive().weekday() {
            chrono::Weekday::Mon => Weekday::Mon,
            chrono::Weekday::Tue => Weekday::Tue,
            chrono::Weekday::Wed => Weekday::Wed,
            chrono::Weekday::Thu => Weekday::Thu,
            chrono::Weekday::Fri => Weekday::Fri,
            chrono::Weekday::Sat => Weekday::Sat,
            chrono::Weekday::Sun => Weekday::Sun,
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
        let (year, month) = (
            since_year_zero.div_euclid(12),
            since_year_zero.rem_euclid(12) as u32 + 1,
        );
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

/// Splits a text of exactly the form `YYYY-MM-DD` into its three numbers.
fn iso_parts(text: &str) -> Option<(i32, u32, u32)> {
    let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text.as_bytes() else {
        return None;
    };
    Some((
        digits(&[y1, y2, y3, y4])?.try_into().ok()?,
        digits(&[m1, m2])?,
        digits(&[d1, d2])?,
    ))
}

/// Reads one to four ASCII digits as a number; a sign or any other character is no number.
fn digits(bytes: &[u8]) -> Option<u32> {
    if bytes.is_empty() || bytes.len() > 4 || !bytes.iter().all(u8::is_ascii_digit) {
        return None;
    }
    Some(
        bytes
            .iter()
            .fold(0, |number, digit| number * 10 + u32::from(digit - b'0')),
    )
}

/// Gives the date of the three numbers, or says which of them is out of range.
fn checked(year: i32, month: u32, day: u32) -> Result<Date, DateError> {
    if !(1..=12).contains(&month) {
        return Err(DateError::MonthOutOfRange { month });
    }
    if !(1..=days_in_month(year, month)).contains(&day) {
        return Err(DateError::DayOutOfRange { year, month, day });
    }
    Date::from_ymd(year, month, day).ok_or(DateError::YearOutOfRange { year })
}

/// Splits a text such as `3/4/2026` at its slashes, hyphens or full stops into three fields.
fn three_fields(text: &str) -> Option<[(usize, u32); 3]> {
    let mut fields = text
        .split(['/', '-', '.'])
        .map(|field| Some((field.len(), digits(field.as_bytes())?)));
    let three = [fields.next()??, fields.next()??, fields.next()??];
    fields.next().is_none().then_some(three)
}

impl DateError {
    /// Finds out what a text that is not of the form `YYYY-MM-DD` was meant to be.
    fn of_form(text: &str) -> DateError {
        let bare = text.trim();
        if bare != text && iso_parts(bare).is_some() {
            return DateError::Spaces {
                text: bare.to_owned(),
            };
        }
        if let Some((before, after)) = text.split_once(['T', 't', ' '])
            && after.starts_with(|first: char| first.is_ascii_digit())
            && three_fields(before).is_some()
        {
            return DateError::TimeOfDay {
                text: shortened(text),
                date: Date::parse(before).ok(),
            };
        }
        let text = shortened(text);
        match three_fields(bare) {
            Some([(4, year), (1 | 2, month), (1 | 2, day)]) => {
                match checked(year as i32, month, day) {
                    Ok(date) => DateError::OtherForm { text, date },
                    Err(error) => error,
                }
            }
            Some([(1 | 2, first), (1 | 2, second), (4, year)]) => {
                let year = year as i32;
                match (checked(year, second, first), checked(year, first, second)) {
                    (Ok(day_first), Ok(month_first)) if day_first != month_first => {
                        DateError::Ambiguous {
                            text,
                            day_first,
                            month_first,
                        }
                    }
                    (Ok(date), _) | (Err(_), Ok(date)) => DateError::OtherForm { text, date },
                    // The day comes first in the places this language is written for.
                    (Err(error), Err(_)) => error,
                }
            }
            Some([(1 | 2, _), (1 | 2, _), (1 | 2, _)]) => DateError::TwoDigitYear { text },
            _ => DateError::NotADate { text },
        }
    }
}

/// Keeps an error readable when a whole paragraph stands where a date should.
fn shortened(text: &str) -> String {
    const KEPT: usize = 40;
    if text.chars().count() <= KEPT {
        return text.to_owned();
    }
    text.chars().take(KEPT).chain(['…']).collect()
}

impl fmt::Display for DateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DateError::NotADate { text } if text.trim().is_empty() => {
                f.write_str("there is no date here; write one as YYYY-MM-DD")
            }
            DateError::NotADate { text } => {
                write!(f, "`{text}` is not a date; write it as YYYY-MM-DD")
            }
            DateError::Spaces { text } => {
                write!(
                    f,
                    "there is a space before or after {text}; write the date alone"
                )
            }
            DateError::Ambiguous {
                text,
                day_first,
                month_first,
            } => {
                let (_, month, day) = day_first.ymd();
                write!(
                    f,
                    "{text} could be {day_first} ({day} {})",
                    month_name(month)
                )?;
                let (_, month, day) = month_first.ymd();
                write!(
                    f,
                    " or {month_first} ({day} {}); write it as YYYY-MM-DD",
                    month_name(month)
                )
            }
            DateError::OtherForm { text, date } => {
                write!(f, "{text} is not written as YYYY-MM-DD; write {date}")
            }
            DateError::TwoDigitYear { text } => write!(
                f,
                "{text} has a year of two digits, so the century is not known; write it as \
                 YYYY-MM-DD"
            ),
            DateError::TimeOfDay {
                text,
                date: Some(date),
            } => {
                write!(
                    f,
                    "{text} has a time of day attached; write the date alone, as {date}"
                )
            }
            DateError::TimeOfDay { text, date: None } => {
                write!(
                    f,
                    "{text} has a time of day attached; write the date alone, as YYYY-MM-DD"
                )
            }
            DateError::MonthOutOfRange { month } => {
                write!(f, "there is no month {month:02}; months run from 01 to 12")
            }
            DateError::DayOutOfRange { year, month, day } => {
                let (name, last) = (month_name(*month), days_in_month(*year, *month));
                write!(
                    f,
                    "there is no {day} {name} {year}: {name} {year} has {last} days"
                )?;
                match (month, is_leap_year(*year)) {
                    (2, true) => write!(f, ", because {year} is a leap year"),
                    (2, false) => write!(f, ", because {year} is not a leap year"),
                    _ => Ok(()),
                }
            }
            DateError::YearOutOfRange { year } => {
                write!(
                    f,
                    "the year {year:04} is out of range; years run from 1900 to 2199"
                )
            }
        }
    }
}

impl std::error::Error for DateError {}

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

    #[track_caller]
    fn check_refused(text: &str, message: &str) {
        assert_eq!(
            Date::parse(text).unwrap_err().to_string(),
            message,
            "for {text:?}"
        );
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
    fn parser_says_exactly_what_is_wrong() {
        check_refused(
            "2025-1-5",
            "2025-1-5 is not written as YYYY-MM-DD; write 2025-01-05",
        );
        check_refused(
            "2025/01/05",
            "2025/01/05 is not written as YYYY-MM-DD; write 2025-01-05",
        );
        check_refused(
            "25-01-05",
            "25-01-05 has a year of two digits, so the century is not known; write it as YYYY-MM-DD",
        );
        check_refused(
            " 2025-01-01",
            "there is a space before or after 2025-01-01; write the date alone",
        );
        check_refused(
            "2025-01-01T00:00:00",
            "2025-01-01T00:00:00 has a time of day attached; write the date alone, as 2025-01-01",
        );
        check_refused(
            "03/04/2026 00:00",
            "03/04/2026 00:00 has a time of day attached; write the date alone, as YYYY-MM-DD",
        );
        check_refused(
            "+2025-01-01",
            "`+2025-01-01` is not a date; write it as YYYY-MM-DD",
        );
        check_refused(
            "2025 - 1 - 5",
            "`2025 - 1 - 5` is not a date; write it as YYYY-MM-DD",
        );
        check_refused(
            "٢٠٢٥-٠١-٠١",
            "`٢٠٢٥-٠١-٠١` is not a date; write it as YYYY-MM-DD",
        );
        check_refused("", "there is no date here; write one as YYYY-MM-DD");
        check_refused(
            "03/04/2026",
            "03/04/2026 could be 2026-04-03 (3 April) or 2026-03-04 (4 March); write it as \
             YYYY-MM-DD",
        );
        check_refused(
            "3/4/2026",
            "3/4/2026 could be 2026-04-03 (3 April) or 2026-03-04 (4 March); write it as \
             YYYY-MM-DD",
        );
        check_refused(
            "30/03/2026",
            "30/03/2026 is not written as YYYY-MM-DD; write 2026-03-30",
        );
        check_refused(
            "03/30/2026",
            "03/30/2026 is not written as YYYY-MM-DD; write 2026-03-30",
        );
        check_refused(
            "04/04/2026",
            "04/04/2026 is not written as YYYY-MM-DD; write 2026-04-04",
        );
        check_refused(
            "30/02/2026",
            "there is no 30 February 2026: February 2026 has 28 days, because 2026 is not a leap \
             year",
        );
        check_refused(
            "2026-02-30",
            "there is no 30 February 2026: February 2026 has 28 days, because 2026 is not a leap \
             year",
        );
        check_refused(
            "2028-02-30",
            "there is no 30 February 2028: February 2028 has 29 days, because 2028 is a leap year",
        );
        check_refused(
            "2026-04-31",
            "there is no 31 April 2026: April 2026 has 30 days",
        );
        check_refused(
            "2026-04-00",
            "there is no 0 April 2026: April 2026 has 30 days",
        );
        check_refused(
            "2026-13-01",
            "there is no month 13; months run from 01 to 12",
        );
        check_refused(
            "2206-01-01",
            "the year 2206 is out of range; years run from 1900 to 2199",
        );
        check_refused(
            "1899-12-31",
            "the year 1899 is out of range; years run from 1900 to 2199",
        );
        let long = "x".repeat(500);
        assert!(Date::parse(&long).unwrap_err().to_string().chars().count() < 100);
    }

    #[test]
    fn forms_of_a_date() {
        let day = date("2026-03-27");
        assert_eq!(day.to_string(), "2026-03-27");
        assert_eq!(day.long().to_string(), "Fri 27 Mar 2026");
        assert_eq!(day.short().to_string(), "27 Mar 2026");
        assert_eq!(serde_json::to_string(&day).unwrap(), "\"2026-03-27\"");
    }

    #[test]
    fn months_clamp_and_do_not_add_up() {
        let end = date("2025-01-31");
        assert_eq!(end.add_months(1), Some(date("2025-02-28")));
        assert_eq!(
            end.add_months(1).unwrap().add_months(1),
            Some(date("2025-03-28"))
        );
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
