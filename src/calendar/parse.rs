//! Reading a date as it is written, and saying what is wrong when it is not one.
//!
//! The date crate's own reader is lenient (it takes `25-01-05` for the year 25), so this one
//! accepts a single form. It recognises others only to say what they could have meant.

use std::fmt;

use super::date::{Date, days_in_month, is_leap_year, month_name};

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

impl DateError {
    /// Whether the text is not written as the dates of data are, whatever date is meant: a spreadsheet
    /// writes them its own way.
    pub const fn is_another_form(&self) -> bool {
        matches!(
            self,
            DateError::NotADate { .. }
                | DateError::Ambiguous { .. }
                | DateError::OtherForm { .. }
                | DateError::TwoDigitYear { .. }
                | DateError::TimeOfDay { date: None, .. }
        )
    }
}

impl Date {
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
}

/// Splits a text of exactly the form `YYYY-MM-DD` into its three numbers.
fn iso_parts(text: &str) -> Option<(i32, u32, u32)> {
    let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text.as_bytes() else {
        return None;
    };
    Some((digits(&[y1, y2, y3, y4])?.try_into().ok()?, digits(&[m1, m2])?, digits(&[d1, d2])?))
}

/// Reads one to four ASCII digits as a number; a sign or any other character is no number.
fn digits(bytes: &[u8]) -> Option<u32> {
    if bytes.is_empty() || bytes.len() > 4 || !bytes.iter().all(u8::is_ascii_digit) {
        return None;
    }
    Some(bytes.iter().fold(0, |number, digit| number * 10 + u32::from(digit - b'0')))
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
    let mut fields =
        text.split(['/', '-', '.']).map(|field| Some((field.len(), digits(field.as_bytes())?)));
    let three = [fields.next()??, fields.next()??, fields.next()??];
    fields.next().is_none().then_some(three)
}

impl DateError {
    /// Finds out what a text that is not of the form `YYYY-MM-DD` was meant to be.
    fn of_form(text: &str) -> DateError {
        let bare = text.trim();
        if bare != text && iso_parts(bare).is_some() {
            return DateError::Spaces { text: bare.to_owned() };
        }
        if let Some((before, after)) = text.split_once(['T', 't', ' '])
            && after.starts_with(|first: char| first.is_ascii_digit())
            && three_fields(before).is_some()
        {
            return DateError::TimeOfDay { text: shortened(text), date: Date::parse(before).ok() };
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
                        DateError::Ambiguous { text, day_first, month_first }
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
                write!(f, "there is a space before or after {text}; write the date alone")
            }
            DateError::Ambiguous { text, day_first, month_first } => {
                let (_, month, day) = day_first.ymd();
                write!(f, "{text} could be {day_first} ({day} {})", month_name(month))?;
                let (_, month, day) = month_first.ymd();
                write!(f, " or {month_first} ({day} {}); write it as YYYY-MM-DD", month_name(month))
            }
            DateError::OtherForm { text, date } => {
                write!(f, "{text} is not written as YYYY-MM-DD; write {date}")
            }
            DateError::TwoDigitYear { text } => write!(
                f,
                "{text} has a year of two digits, so the century is not known; write it as \
                 YYYY-MM-DD"
            ),
            DateError::TimeOfDay { text, date: Some(date) } => {
                write!(f, "{text} has a time of day attached; write the date alone, as {date}")
            }
            DateError::TimeOfDay { text, date: None } => {
                write!(f, "{text} has a time of day attached; write the date alone, as YYYY-MM-DD")
            }
            DateError::MonthOutOfRange { month } => {
                write!(f, "there is no month {month:02}; months run from 01 to 12")
            }
            DateError::DayOutOfRange { year, month, day } => {
                let (name, last) = (month_name(*month), days_in_month(*year, *month));
                write!(f, "there is no {day} {name} {year}: {name} {year} has {last} days")?;
                match (month, is_leap_year(*year)) {
                    (2, true) => write!(f, ", because {year} is a leap year"),
                    (2, false) => write!(f, ", because {year} is not a leap year"),
                    _ => Ok(()),
                }
            }
            DateError::YearOutOfRange { year } => {
                write!(f, "the year {year:04} is out of range; years run from 1900 to 2199")
            }
        }
    }
}

impl std::error::Error for DateError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_refused(text: &str, message: &str) {
        assert_eq!(Date::parse(text).unwrap_err().to_string(), message, "for {text:?}");
    }

    #[test]
    fn parser_says_exactly_what_is_wrong() {
        check_refused("2025-1-5", "2025-1-5 is not written as YYYY-MM-DD; write 2025-01-05");
        check_refused("2025/01/05", "2025/01/05 is not written as YYYY-MM-DD; write 2025-01-05");
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
        check_refused("+2025-01-01", "`+2025-01-01` is not a date; write it as YYYY-MM-DD");
        check_refused("2025 - 1 - 5", "`2025 - 1 - 5` is not a date; write it as YYYY-MM-DD");
        check_refused("٢٠٢٥-٠١-٠١", "`٢٠٢٥-٠١-٠١` is not a date; write it as YYYY-MM-DD");
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
        check_refused("30/03/2026", "30/03/2026 is not written as YYYY-MM-DD; write 2026-03-30");
        check_refused("03/30/2026", "03/30/2026 is not written as YYYY-MM-DD; write 2026-03-30");
        check_refused("04/04/2026", "04/04/2026 is not written as YYYY-MM-DD; write 2026-04-04");
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
        check_refused("2026-04-31", "there is no 31 April 2026: April 2026 has 30 days");
        check_refused("2026-04-00", "there is no 0 April 2026: April 2026 has 30 days");
        check_refused("2026-13-01", "there is no month 13; months run from 01 to 12");
        check_refused("2206-01-01", "the year 2206 is out of range; years run from 1900 to 2199");
        check_refused("1899-12-31", "the year 1899 is out of range; years run from 1900 to 2199");
        let long = "x".repeat(500);
        assert!(Date::parse(&long).unwrap_err().to_string().chars().count() < 100);
    }
}
