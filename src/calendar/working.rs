//! The calendar: which days are working days, ready to be looked up.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    date::{Date, Weekday},
    holidays::HolidayTable,
};

/// The working days between two dates, and the reasons for the weekdays that are none.
///
/// A working day is Monday to Friday, less the holidays of the table and the closures the policy
/// declares (rule M7 of the language). Counting and finding working days are look-ups, whatever
/// the length. Nothing is known outside the cover, and every question about it says so. A clone
/// shares the tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar(Arc<Tables>);

#[derive(Debug, PartialEq, Eq)]
struct Tables {
    name: String,
    first: Date,
    last: Date,
    /// For each covered day, how many working days there are from the first day through it.
    // INVARIANT: as many entries as covered days; each is the one before or one more.
    through: Vec<i32>,
    /// Every working day, in order.
    // INVARIANT: as many entries as the last of `through` says.
    working: Vec<Date>,
    /// The holidays and closures by date.
    free: BTreeMap<Date, String>,
}

impl Calendar {
    /// Compiles a calendar from a table of holidays and a policy's own closure days, each with
    /// the reason for it.
    ///
    /// A holiday keeps its name when a closure falls on it. A closure outside the table's cover
    /// changes nothing; ask [`Calendar::covers`] to warn about one.
    pub fn new(name: &str, table: &HolidayTable, closures: &[(Date, String)]) -> Calendar {
        let (first, last) = table.covered();
        let closures = closures.iter().filter(|(date, _)| (first..=last).contains(date)).cloned();
        let holidays = table.holidays().map(|holiday| (holiday.date, holiday.name.clone()));
        let free: BTreeMap<Date, String> = closures.chain(holidays).collect();

        let mut through = Vec::new();
        let mut working = Vec::new();
        let mut closed = free.range(first..).map(|(date, _)| *date).peekable();
        for date in days(first, last) {
            let open = closed.next_if_eq(&date).is_none();
            if open && is_weekday(date) {
                working.push(date);
            }
            through.push(working.len() as i32);
        }
        Calendar(Arc::new(Tables { name: name.to_owned(), first, last, through, working, free }))
    }

    /// Returns the calendar's name, such as `england-and-wales`.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Returns the first and the last day about which the calendar knows, both inclusive.
    pub fn covered(&self) -> (Date, Date) {
        (self.0.first, self.0.last)
    }

    /// Whether the calendar knows about the day.
    pub fn covers(&self, date: Date) -> bool {
        (self.0.first..=self.0.last).contains(&date)
    }

    /// Whether the day is a working day; `None` outside the cover.
    pub fn is_working_day(&self, date: Date) -> Option<bool> {
        self.covers(date).then(|| is_weekday(date) && !self.0.free.contains_key(&date))
    }

    /// Counts the working days after one day and through another: `after < day <= until`.
    ///
    /// The count is negative when `until` comes first, and then counts `until < day <= after`.
    /// It is `None` when either day lies outside the cover.
    pub fn working_days_between(&self, after: Date, until: Date) -> Option<i32> {
        Some(self.working_days_through(until)? - self.working_days_through(after)?)
    }

    /// Returns the name of the holiday or closure on that day, if it is one and is covered.
    pub fn holiday(&self, date: Date) -> Option<&str> {
        self.0.free.get(&date).map(String::as_str)
    }

    /// Returns the holidays and closures from one day to another, both inclusive, that fall on a
    /// weekday: those a count of working days steps over.
    pub fn holidays_between(&self, first: Date, last: Date) -> impl Iterator<Item = (Date, &str)> {
        self.0
            .free
            // The end is filtered, because the map panics on a range that runs backwards.
            .range(first..)
            .take_while(move |(date, _)| **date <= last)
            .filter(|(date, _)| is_weekday(**date))
            .map(|(date, name)| (*date, name.as_str()))
    }

    /// Returns the last working day before the day, which is itself not counted.
    ///
    /// It is `None` when the day lies outside the cover or no covered working day precedes it.
    pub fn last_working_day_before(&self, date: Date) -> Option<Date> {
        self.working_day(self.working_days_before(date)?.checked_sub(1)?)
    }

    /// Counts the working days from the start of the cover through the day, inclusive.
    pub(super) fn working_days_through(&self, date: Date) -> Option<i32> {
        let index = usize::try_from(self.0.first.days_until(date)).ok()?;
        self.0.through.get(index).copied()
    }

    /// Counts the working days from the start of the cover to the day, exclusive.
    pub(super) fn working_days_before(&self, date: Date) -> Option<i32> {
        Some(self.working_days_through(date)? - i32::from(self.is_working_day(date)?))
    }

    /// Returns the working day of that index, the first of the cover being 0.
    pub(super) fn working_day(&self, index: i32) -> Option<Date> {
        self.0.working.get(usize::try_from(index).ok()?).copied()
    }
}

/// Whether the day is Monday to Friday.
fn is_weekday(date: Date) -> bool {
    date.weekday() < Weekday::Sat
}

/// The days from one to another, both inclusive.
fn days(first: Date, last: Date) -> impl Iterator<Item = Date> {
    (first.number()..=last.number()).filter_map(Date::from_number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    fn calendar(closures: &[(&str, &str)]) -> Calendar {
        let closures: Vec<_> =
            closures.iter().map(|(day, why)| (date(day), (*why).to_owned())).collect();
        let table = HolidayTable::named("england-and-wales").unwrap();
        Calendar::new("england-and-wales", &table, &closures)
    }

    #[test]
    fn outside_the_cover_nothing_is_known() {
        let calendar = calendar(&[("2029-01-02", "Closed")]);
        assert_eq!(calendar.covered(), (date("2010-01-01"), date("2028-12-31")));
        for day in ["2009-12-31", "2029-01-01", "2029-01-02"] {
            assert_eq!(calendar.is_working_day(date(day)), None);
            assert_eq!(calendar.holiday(date(day)), None);
            assert_eq!(calendar.working_days_between(date(day), date("2020-01-01")), None);
            assert_eq!(calendar.working_days_between(date("2020-01-01"), date(day)), None);
            assert_eq!(calendar.last_working_day_before(date(day)), None);
        }
        assert_eq!(calendar.last_working_day_before(date("2010-01-04")), None);
        assert_eq!(calendar.last_working_day_before(date("2010-01-05")), Some(date("2010-01-04")));
    }

    #[test]
    fn counts_exclude_the_first_day_and_include_the_last() {
        let calendar = calendar(&[]);
        let (friday, monday) = (date("2026-03-27"), date("2026-03-30"));
        assert_eq!(calendar.working_days_between(friday, monday), Some(1));
        assert_eq!(calendar.working_days_between(monday, friday), Some(-1));
        assert_eq!(calendar.working_days_between(friday, friday), Some(0));
        assert_eq!(calendar.working_days_between(date("2026-04-02"), date("2026-04-07")), Some(1));
        assert_eq!(calendar.last_working_day_before(date("2026-04-07")), Some(date("2026-04-02")));
    }

    #[test]
    fn closures_are_days_off_with_a_name() {
        let calendar = calendar(&[
            ("2026-04-02", "Office closed"),
            ("2026-04-03", "Office closed"),
            ("2026-04-04", "Office closed"),
        ]);
        assert_eq!(calendar.is_working_day(date("2026-04-02")), Some(false));
        assert_eq!(calendar.holiday(date("2026-04-02")), Some("Office closed"));
        assert_eq!(calendar.holiday(date("2026-04-03")), Some("Good Friday"));
        let named: Vec<_> =
            calendar.holidays_between(date("2026-04-01"), date("2026-04-06")).collect();
        assert_eq!(
            named,
            [
                (date("2026-04-02"), "Office closed"),
                (date("2026-04-03"), "Good Friday"),
                (date("2026-04-06"), "Easter Monday"),
            ]
        );
    }

    #[test]
    fn a_backward_range_has_no_holidays() {
        let calendar = calendar(&[]);
        let (first, last) = (date("2026-04-06"), date("2026-04-03"));
        assert_eq!(calendar.holidays_between(first, last).count(), 0);
    }
}
