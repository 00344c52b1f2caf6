//! Dates, units, holidays and the arithmetic of deadlines.
//!
//! Everything here is a function of its arguments: there is no clock, no file and no locale. A
//! [`Calendar`] is compiled once from a [`HolidayTable`] and a policy's closures, and then
//! [`Calendar::after`], [`Calendar::before`] and [`Calendar::period_beginning`] turn an anchor and
//! a [`Length`] into a date, or say why there is none ([`Undetermined`]).
//!
//! ```
//! use duly::calendar::{Calendar, Date, HolidayTable, Length, Unit};
//!
//! let table = HolidayTable::named("england-and-wales").ok_or("no such table")?;
//! let calendar = Calendar::new("england-and-wales", &table, &[]);
//! let meeting = Date::parse("2026-03-23")?;
//! let deadline = calendar.after(meeting, Length::new(20, Unit::WorkingDays))?;
//! // Easter is in between, so twenty working days take thirty calendar days.
//! assert_eq!(deadline.long().to_string(), "Wed 22 Apr 2026");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod arithmetic;
mod date;
mod holidays;
mod parse;
mod unit;
mod working;

pub use arithmetic::{Undetermined, midway};
pub use date::{Date, Weekday, days_in_month, is_leap_year, month_name};
pub use holidays::{Holiday, HolidayError, HolidayTable};
pub use parse::DateError;
pub use unit::{Length, Unit};
pub use working::Calendar;
