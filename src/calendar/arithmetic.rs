//! The arithmetic of deadlines: rules M2 to M10 of the language.
//!
//! English law leaves the day of the event out of the reckoning (*Lester v Garland* (1808),
//! *Dodds v Walker* \[1981\] 1 WLR 1027) unless the period is said to begin with it (*Zoan v
//! Rouamba* \[2000\] 1 WLR 1509). Months go by the corresponding date and are counted from the
//! anchor itself. A deadline in calendar days or months that falls on a day off stays there.

use std::fmt;

use super::{
    date::Date,
    unit::{Length, Unit},
    working::Calendar,
};

/// Why a deadline has no date (rule M9: beyond the calendar nothing is guessed).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Undetermined {
    /// The count of working days needs a day after the last one the calendar covers.
    BeyondCalendar {
        /// The last day the calendar covers, inclusive.
        covered_until: Date,
        /// A day after it that the count needs: the anchor if it lies there, else the first.
        needed_from: Date,
    },
    /// The count of working days needs a day before the first one the calendar covers.
    BeforeCalendar {
        /// The first day the calendar covers, inclusive.
        covered_from: Date,
        /// A day before it that the count needs: the anchor if it lies there, else the last.
        needed_until: Date,
    },
    /// The result would lie before 1 January 1900 or after 31 December 2199.
    OutOfRange,
}

/// Which way from its anchor a length is counted.
#[derive(Clone, Copy)]
enum Direction {
    Forwards,
    Backwards,
}

impl Calendar {
    /// Returns the last day that is in time for `within N after` the anchor (rule M2).
    ///
    /// The anchor's own day is not counted and the day returned is in time. For working days the
    /// first one counted is the first after the anchor, whatever day the anchor fell on (M7). A
    /// length of nothing gives the anchor, for nothing is counted.
    pub fn after(&self, anchor: Date, length: Length) -> Result<Date, Undetermined> {
        self.count(anchor, length, Direction::Forwards)
    }

    /// Returns the latest day that is in time for `at least N before` the anchor (rule M4).
    ///
    /// The anchor's own day is not counted and the day returned is in time. For working days the
    /// first one counted is the last before the anchor, whatever day the anchor falls on (M7). A
    /// length of nothing gives the anchor.
    pub fn before(&self, anchor: Date, length: Length) -> Result<Date, Undetermined> {
        self.count(anchor, length, Direction::Backwards)
    }

    /// Returns the last day of `a period of N beginning with` the anchor (rule M3).
    ///
    /// The anchor's own day is day 1, so the last day is the one before [`Calendar::after`] would
    /// give. For working days, day 1 is the anchor if it is a working day, else the first working
    /// day after it. A period of no calendar days ends the day before the anchor, and one of no
    /// working days ends on the last working day before it: it is empty.
    pub fn period_beginning(&self, anchor: Date, length: Length) -> Result<Date, Undetermined> {
        if length.unit == Unit::WorkingDays {
            let before = self.counted(anchor, Calendar::working_days_before)?;
            self.numbered(anchor, before + i32::from(length.count))
        } else {
            self.after(anchor, length)?.add_days(-1).ok_or(Undetermined::OutOfRange)
        }
    }

    fn count(
        &self,
        anchor: Date,
        length: Length,
        direction: Direction,
    ) -> Result<Date, Undetermined> {
        let count = i32::from(length.count);
        let signed = match direction {
            Direction::Forwards => count,
            Direction::Backwards => -count,
        };
        let date = match (length.unit, direction) {
            (Unit::WorkingDays, _) if count == 0 => Some(anchor),
            (Unit::WorkingDays, Direction::Forwards) => {
                let through = self.counted(anchor, Calendar::working_days_through)?;
                return self.numbered(anchor, through + count);
            }
            (Unit::WorkingDays, Direction::Backwards) => {
                let before = self.counted(anchor, Calendar::working_days_before)?;
                return self.numbered(anchor, before - count + 1);
            }
            (Unit::CalendarDays, _) => anchor.add_days(signed),
            (Unit::Weeks, _) => anchor.add_days(signed * 7),
            (Unit::Months, _) => anchor.add_months(signed),
            (Unit::Years, _) => anchor.add_months(signed * 12),
        };
        date.ok_or(Undetermined::OutOfRange)
    }

    /// Takes a count at the anchor, which must be covered.
    fn counted(
        &self,
        anchor: Date,
        count: fn(&Calendar, Date) -> Option<i32>,
    ) -> Result<i32, Undetermined> {
        count(self, anchor).ok_or_else(|| {
            if anchor < self.covered().0 {
                self.before_calendar(anchor)
            } else {
                self.beyond_calendar(anchor)
            }
        })
    }

    /// Returns the working day of that number, the first of the cover being number 1.
    fn numbered(&self, anchor: Date, number: i32) -> Result<Date, Undetermined> {
        self.working_day(number - 1).ok_or_else(|| {
            if number < 1 { self.before_calendar(anchor) } else { self.beyond_calendar(anchor) }
        })
    }

    fn before_calendar(&self, anchor: Date) -> Undetermined {
        let (first, _) = self.covered();
        first.add_days(-1).map_or(Undetermined::OutOfRange, |needed| Undetermined::BeforeCalendar {
            covered_from: first,
            needed_until: needed.min(anchor),
        })
    }

    fn beyond_calendar(&self, anchor: Date) -> Undetermined {
        let (_, last) = self.covered();
        last.add_days(1).map_or(Undetermined::OutOfRange, |needed| Undetermined::BeyondCalendar {
            covered_until: last,
            needed_from: needed.max(anchor),
        })
    }
}

/// Returns the day midway between two: the first and half the calendar days to the second,
/// rounded down (rule M10). Of the two middle days of an odd span it is the earlier, even when
/// the dates are given in reverse.
pub fn midway(first: Date, second: Date) -> Date {
    // The middle of two dates in the range is in the range, so the sum always succeeds.
    first.add_days(first.days_until(second).div_euclid(2)).unwrap_or(first)
}

impl fmt::Display for Undetermined {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Undetermined::BeyondCalendar { covered_until, needed_from } => write!(
                f,
                "the calendar ends on {covered_until}, and this count of working days \
                 needs to know about {needed_from}"
            ),
            Undetermined::BeforeCalendar { covered_from, needed_until } => write!(
                f,
                "the calendar begins on {covered_from}, and this count of working days \
                 needs to know about {needed_until}"
            ),
            Undetermined::OutOfRange => {
                write!(f, "the date would lie outside {} to {}", Date::MIN, Date::MAX)
            }
        }
    }
}

impl std::error::Error for Undetermined {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::holidays::HolidayTable;

    fn date(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    fn calendar() -> Calendar {
        let table = HolidayTable::named("england-and-wales").unwrap();
        Calendar::new("england-and-wales", &table, &[])
    }

    const fn days(count: u16) -> Length {
        Length::new(count, Unit::CalendarDays)
    }

    const fn working(count: u16) -> Length {
        Length::new(count, Unit::WorkingDays)
    }

    const fn months(count: u16) -> Length {
        Length::new(count, Unit::Months)
    }

    #[track_caller]
    fn check(found: Result<Date, Undetermined>, expected: &str) {
        assert_eq!(found, Ok(date(expected)));
    }

    #[test]
    fn twenty_days_in_every_sense() {
        let calendar = calendar();
        for (event, calendar_days, working_days, four_weeks) in [
            ("2026-03-02", "2026-03-22", "2026-03-30", "2026-03-30"),
            ("2026-03-23", "2026-04-12", "2026-04-22", "2026-04-20"),
            ("2025-12-01", "2025-12-21", "2025-12-31", "2025-12-29"),
            ("2025-12-15", "2026-01-04", "2026-01-15", "2026-01-12"),
            ("2022-05-23", "2022-06-12", "2022-06-22", "2022-06-20"),
            ("2022-09-01", "2022-09-21", "2022-09-30", "2022-09-29"),
            ("2020-04-20", "2020-05-10", "2020-05-19", "2020-05-18"),
        ] {
            let event = date(event);
            check(calendar.after(event, days(20)), calendar_days);
            check(calendar.after(event, working(20)), working_days);
            check(calendar.after(event, days(28)), four_weeks);
            check(calendar.after(event, Length::new(4, Unit::Weeks)), four_weeks);
        }
    }

    #[test]
    fn months_are_not_days() {
        let calendar = calendar();
        for (event, three, ninety_one, six, one_eighty_three) in [
            ("2025-01-31", "2025-04-30", "2025-05-02", "2025-07-31", "2025-08-02"),
            ("2025-11-30", "2026-02-28", "2026-03-01", "2026-05-30", "2026-06-01"),
            ("2024-11-29", "2025-02-28", "2025-02-28", "2025-05-29", "2025-05-31"),
            ("2026-05-31", "2026-08-31", "2026-08-30", "2026-11-30", "2026-11-30"),
            ("2026-06-01", "2026-09-01", "2026-08-31", "2026-12-01", "2026-12-01"),
            ("2026-12-01", "2027-03-01", "2027-03-02", "2027-06-01", "2027-06-02"),
        ] {
            let event = date(event);
            check(calendar.after(event, months(3)), three);
            check(calendar.after(event, days(91)), ninety_one);
            check(calendar.after(event, months(6)), six);
            check(calendar.after(event, days(183)), one_eighty_three);
        }
        // The notice of Dodds v Walker: four months from 30 September end on 30 January.
        check(calendar.after(date("1978-09-30"), months(4)), "1979-01-30");
        check(calendar.after(date("2024-02-29"), Length::new(1, Unit::Years)), "2025-02-28");
        check(calendar.before(date("2026-05-31"), months(3)), "2026-02-28");
    }

    #[test]
    fn working_days_start_beside_the_anchor_whatever_day_it_is() {
        let calendar = calendar();
        // Good Friday is 3 April and Easter Monday 6 April 2026.
        for anchor in ["2026-04-02", "2026-04-03", "2026-04-04", "2026-04-05", "2026-04-06"] {
            check(calendar.after(date(anchor), working(1)), "2026-04-07");
        }
        for anchor in ["2026-04-03", "2026-04-04", "2026-04-05", "2026-04-06", "2026-04-07"] {
            check(calendar.before(date(anchor), working(1)), "2026-04-02");
        }
        check(calendar.before(date("2026-04-30"), working(20)), "2026-03-31");
        check(calendar.before(date("2026-04-30"), days(20)), "2026-04-10");
    }

    #[test]
    fn a_length_of_nothing_is_the_anchor() {
        let calendar = calendar();
        for anchor in ["2026-04-03", "2026-04-04", "2035-01-01", "1950-01-01"] {
            check(calendar.after(date(anchor), working(0)), anchor);
            check(calendar.before(date(anchor), working(0)), anchor);
            check(calendar.after(date(anchor), days(0)), anchor);
        }
    }

    #[test]
    fn a_period_counts_its_first_day() {
        let calendar = calendar();
        check(calendar.period_beginning(date("2026-04-01"), days(30)), "2026-04-30");
        check(calendar.period_beginning(date("2026-04-01"), days(1)), "2026-04-01");
        check(calendar.period_beginning(date("2026-04-01"), months(1)), "2026-04-30");
        check(calendar.period_beginning(date("2026-03-02"), working(1)), "2026-03-02");
        check(calendar.period_beginning(date("2026-03-02"), working(20)), "2026-03-27");
        check(calendar.period_beginning(date("2026-04-03"), working(1)), "2026-04-07");
        check(calendar.period_beginning(date("2026-04-03"), working(2)), "2026-04-08");
        check(calendar.period_beginning(date("2026-04-03"), days(0)), "2026-04-02");
        check(calendar.period_beginning(date("2026-04-07"), working(0)), "2026-04-02");
    }

    #[test]
    fn deadlines_in_calendar_days_do_not_roll() {
        let calendar = calendar();
        // Easter Sunday.
        check(calendar.after(date("2026-03-22"), days(14)), "2026-04-05");
        check(calendar.after(date("2026-01-05"), months(3)), "2026-04-05");
    }

    #[test]
    fn beyond_the_cover_nothing_is_guessed() {
        let calendar = calendar();
        // 29 December 2028 is the last working day of the cover.
        check(calendar.after(date("2028-12-28"), working(1)), "2028-12-29");
        let beyond = calendar.after(date("2028-12-28"), working(2)).unwrap_err();
        assert_eq!(
            beyond,
            Undetermined::BeyondCalendar {
                covered_until: date("2028-12-31"),
                needed_from: date("2029-01-01"),
            }
        );
        assert_eq!(
            beyond.to_string(),
            "the calendar ends on 2028-12-31, and this count of working days \
             needs to know about 2029-01-01"
        );
        let anchored = calendar.before(date("2030-05-01"), working(1)).unwrap_err();
        assert_eq!(
            anchored.to_string(),
            "the calendar ends on 2028-12-31, and this count of working days \
             needs to know about 2030-05-01"
        );
        assert!(calendar.period_beginning(date("2028-12-31"), working(1)).is_err());
        assert!(calendar.after(date("2020-01-01"), working(u16::MAX)).is_err());
        // Calendar days need no table.
        check(calendar.after(date("2028-12-28"), days(30)), "2029-01-27");
    }

    #[test]
    fn before_the_cover_nothing_is_guessed() {
        let calendar = calendar();
        // 4 January 2010 is the first working day of the cover.
        check(calendar.before(date("2010-01-05"), working(1)), "2010-01-04");
        assert_eq!(
            calendar.before(date("2010-01-05"), working(2)).unwrap_err().to_string(),
            "the calendar begins on 2010-01-01, and this count of working days \
             needs to know about 2009-12-31"
        );
        assert_eq!(
            calendar.after(date("2009-06-01"), working(1)),
            Err(Undetermined::BeforeCalendar {
                covered_from: date("2010-01-01"),
                needed_until: date("2009-06-01"),
            })
        );
        assert!(calendar.before(date("2020-01-01"), working(u16::MAX)).is_err());
    }

    #[test]
    fn sums_beyond_the_range_of_dates_are_undetermined() {
        let calendar = calendar();
        for unit in [Unit::CalendarDays, Unit::Weeks, Unit::Months, Unit::Years] {
            let length = Length::new(u16::MAX, unit);
            assert_eq!(calendar.after(Date::MAX, length), Err(Undetermined::OutOfRange));
            assert_eq!(calendar.before(Date::MIN, length), Err(Undetermined::OutOfRange));
        }
        assert_eq!(calendar.period_beginning(Date::MIN, days(0)), Err(Undetermined::OutOfRange));
        assert_eq!(
            Undetermined::OutOfRange.to_string(),
            "the date would lie outside 1900-01-01 to 2199-12-31"
        );
    }

    #[test]
    fn midway_rounds_down() {
        assert_eq!(midway(date("2026-03-01"), date("2026-03-11")), date("2026-03-06"));
        assert_eq!(midway(date("2026-03-01"), date("2026-03-10")), date("2026-03-05"));
        assert_eq!(midway(date("2026-03-10"), date("2026-03-01")), date("2026-03-05"));
        assert_eq!(midway(date("2026-03-01"), date("2026-03-01")), date("2026-03-01"));
        assert_eq!(midway(Date::MIN, Date::MAX).ymd().0, 2049);
    }
}
