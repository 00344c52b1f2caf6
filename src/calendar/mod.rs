//! Dates, units, holidays and the arithmetic of deadlines.

mod date;
mod holidays;
mod unit;

pub use date::{Date, DateError, Weekday, days_in_month, is_leap_year, month_name};
pub use holidays::{Holiday, HolidayError, HolidayTable};
pub use unit::{Length, Unit};
