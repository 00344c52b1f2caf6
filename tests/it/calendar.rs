//! The calendar against calendars that share no code with it: another date library, a walk from
//! day to day, and the Act of Parliament that makes the holidays.

#![expect(clippy::expect_used, reason = "a test may stop where it fails")]

use std::collections::{BTreeMap, BTreeSet};

use duly::calendar::{Calendar, Date, HolidayTable, Length, Unit, Weekday, midway};
use jiff::{Span, civil};

const TABLE: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/calendar/england-and-wales.csv"));

const COUNTS: [u16; 9] = [1, 2, 3, 4, 5, 7, 10, 20, 25];

fn shipped() -> Calendar {
    let table = HolidayTable::named("england-and-wales").expect("the shipped table is readable");
    Calendar::new("england-and-wales", &table, &[])
}

fn ours(date: civil::Date) -> Date {
    Date::from_ymd(date.year().into(), date.month() as u32, date.day() as u32)
        .expect("the date is in the range")
}

/// Every day between the two years, both whole, by stepping the other library's date.
fn days(from: i16, through: i16) -> Vec<civil::Date> {
    let mut day = civil::date(from, 1, 1);
    let mut days = Vec::new();
    while day.year() <= through {
        days.push(day);
        day = day.tomorrow().expect("the other library's range is wider");
    }
    days
}

/// The dates and names of the table, read without the crate's parser.
fn rows() -> BTreeMap<civil::Date, String> {
    TABLE
        .lines()
        .skip_while(|line| !line.starts_with("date,"))
        .skip(1)
        .map(|line| {
            let mut fields = line.split(',');
            let date = fields.next().expect("a date").parse().expect("a date");
            (date, fields.nth(1).expect("a name").to_owned())
        })
        .collect()
}

#[test]
fn days_agree_with_another_library() {
    let all = days(2008, 2030);
    let dates: Vec<Date> = all.iter().copied().map(ours).collect();
    let covered = all.iter().enumerate().filter(|(_, day)| (2010..=2028).contains(&day.year()));
    for (at, day) in covered {
        let date = dates[at];
        assert_eq!(date.to_string(), day.to_string());
        assert_eq!(Date::parse(&day.to_string()), Ok(date));
        assert_eq!(date.is_leap_year(), day.in_leap_year());
        assert_eq!(date.weekday() as i8, day.weekday().to_monday_zero_offset(), "{date}");
        for count in 1..=400 {
            let (later, earlier) = (dates[at + count], dates[at - count]);
            let count = i32::try_from(count).expect("small");
            assert_eq!(date.add_days(count), Some(later));
            assert_eq!(date.add_days(-count), Some(earlier));
            assert_eq!(date.days_until(earlier), -count);
        }
    }
}

#[test]
fn months_agree_with_another_library() {
    for day in days(2010, 2028) {
        let date = ours(day);
        for count in 1..=24 {
            for months in [count, -count] {
                let expected = day.checked_add(Span::new().months(months)).map(ours);
                assert_eq!(date.add_months(months), expected.ok(), "{date} and {months} months");
            }
        }
    }
}

#[test]
fn lengths_agree_with_another_library() {
    let calendar = shipped();
    for day in days(2010, 2028) {
        let date = ours(day);
        for count in [1_u16, 2, 6, 13, 52] {
            for (unit, span) in [
                (Unit::CalendarDays, Span::new().days(count)),
                (Unit::Weeks, Span::new().weeks(count)),
                (Unit::Months, Span::new().months(count)),
                (Unit::Years, Span::new().years(count)),
            ] {
                let length = Length::new(count, unit);
                let after = ours(day.checked_add(span).expect("in range"));
                let before = ours(day.checked_sub(span).expect("in range"));
                assert_eq!(calendar.after(date, length), Ok(after), "{length} after {date}");
                assert_eq!(calendar.before(date, length), Ok(before), "{length} before {date}");
                let last = calendar.period_beginning(date, length);
                assert_eq!(last, Ok(after.add_days(-1).expect("in range")));
            }
        }
    }
}

/// Walks from the anchor a day at a time and notes each working day met, until there are enough
/// or the table ends.
fn walk(
    anchor: civil::Date,
    is_working: impl Fn(civil::Date) -> bool,
    step: impl Fn(civil::Date) -> civil::Date,
) -> Vec<Date> {
    let mut met = Vec::new();
    let mut day = step(anchor);
    while met.len() < 25 && (2010..=2028).contains(&day.year()) {
        if is_working(day) {
            met.push(ours(day));
        }
        day = step(day);
    }
    met
}

#[test]
fn working_days_agree_with_a_walk_from_day_to_day() {
    let calendar = shipped();
    let holidays: BTreeSet<civil::Date> = rows().into_keys().collect();
    let is_working = |day: civil::Date| {
        let weekend = matches!(day.weekday(), civil::Weekday::Saturday | civil::Weekday::Sunday);
        !weekend && !holidays.contains(&day)
    };
    let tomorrow = |day: civil::Date| day.tomorrow().expect("in range");
    let yesterday = |day: civil::Date| day.yesterday().expect("in range");
    for day in days(2010, 2028) {
        let date = ours(day);
        assert_eq!(calendar.is_working_day(date), Some(is_working(day)), "{date}");
        let forwards = walk(day, is_working, tomorrow);
        let backwards = walk(day, is_working, yesterday);
        assert_eq!(calendar.last_working_day_before(date), backwards.first().copied());
        let mut inclusive = forwards.clone();
        if is_working(day) {
            inclusive.insert(0, date);
        }
        for count in COUNTS {
            let length = Length::new(count, Unit::WorkingDays);
            let nth = |met: &[Date]| met.get(usize::from(count) - 1).copied();
            // A count that runs off the table has no date, rather than a guessed one.
            assert_eq!(calendar.after(date, length).ok(), nth(&forwards), "{length} after {date}");
            assert_eq!(
                calendar.before(date, length).ok(),
                nth(&backwards),
                "{length} before {date}"
            );
            assert_eq!(
                calendar.period_beginning(date, length).ok(),
                nth(&inclusive),
                "{length} beginning with {date}"
            );
        }
    }
}

#[test]
fn working_days_obey_their_laws() {
    let calendar = shipped();
    for day in days(2010, 2028) {
        let date = ours(day);
        let next = date.add_days(1).expect("in range");
        for count in COUNTS {
            let length = Length::new(count, Unit::WorkingDays);
            let Ok(after) = calendar.after(date, length) else {
                continue;
            };
            assert_eq!(calendar.is_working_day(after), Some(true));
            assert_eq!(calendar.working_days_between(date, after), Some(count.into()));
            assert_eq!(calendar.working_days_between(after, date), Some(-i32::from(count)));
            let back = calendar.before(after, length);
            if calendar.is_working_day(date) == Some(true) {
                assert_eq!(back, Ok(date), "{length} after and before {date}");
            } else {
                // From a day off the way back ends on the last working day before it.
                assert_eq!(back.ok(), calendar.last_working_day_before(date));
            }
            if let Ok(following) = calendar.after(next, length) {
                assert!(after <= following, "{length} after {date} and after the day after it");
            }
        }
        let whole_year = date.add_days(365).expect("in range");
        let between = midway(date, whole_year);
        assert_eq!((date.days_until(between), between.days_until(whole_year)), (182, 183));
    }
}

/// Easter Sunday, by the method of Meeus, Jones and Butcher for the Gregorian calendar.
#[expect(clippy::many_single_char_names, reason = "the letters are those of the published method")]
fn easter(year: i16) -> civil::Date {
    let y = i32::from(year);
    let (a, b, c) = (y % 19, y / 100, y % 100);
    let (d, e) = (b / 4, b % 4);
    let g = (b - (b + 8) / 25 + 1) / 3;
    let h = (19 * a + b - d - g + 15) % 30;
    let l = (32 + 2 * e + 2 * (c / 4) - h - c % 4) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let n = h + l - 7 * m + 114;
    civil::date(year, (n / 31) as i8, (n % 31 + 1) as i8)
}

/// The holidays the law's standing rules give a year: the Banking and Financial Dealings Act 1971,
/// Schedule 1, the yearly proclamations under its section 1(3), and the common-law Good Friday and
/// Christmas Day.
fn by_rule(year: i16) -> Vec<(civil::Date, &'static str)> {
    let monday = |nth: i8, month: i8| {
        civil::date(year, month, 1)
            .nth_weekday_of_month(nth, civil::Weekday::Monday)
            .expect("every month has a first and a last Monday")
    };
    let easter = easter(year);
    let new_year = civil::date(year, 1, 1);
    let substitute = match new_year.weekday() {
        civil::Weekday::Saturday => 3,
        civil::Weekday::Sunday => 2,
        _ => 1,
    };
    // When one of the two falls on the weekend, the day that is displaced moves past the other.
    let (christmas, boxing) = match civil::date(year, 12, 25).weekday() {
        civil::Weekday::Friday => (25, 28),
        civil::Weekday::Saturday => (27, 28),
        civil::Weekday::Sunday => (27, 26),
        _ => (25, 26),
    };
    vec![
        (civil::date(year, 1, substitute), "New Year's Day"),
        (easter.checked_sub(Span::new().days(2)).expect("in range"), "Good Friday"),
        (easter.tomorrow().expect("in range"), "Easter Monday"),
        (monday(1, 5), "Early May bank holiday"),
        (monday(-1, 5), "Spring bank holiday"),
        (monday(-1, 8), "Summer bank holiday"),
        (civil::date(year, 12, christmas), "Christmas Day"),
        (civil::date(year, 12, boxing), "Boxing Day"),
    ]
}

#[test]
fn table_is_what_the_law_makes_it() {
    let mut expected: BTreeMap<civil::Date, String> =
        (2010..=2028).flat_map(by_rule).map(|(day, name)| (day, name.to_owned())).collect();
    // What royal proclamations moved or added, year by year.
    for (from, to) in [
        (civil::date(2012, 5, 28), civil::date(2012, 6, 4)),
        (civil::date(2020, 5, 4), civil::date(2020, 5, 8)),
        (civil::date(2022, 5, 30), civil::date(2022, 6, 2)),
    ] {
        let name = expected.remove(&from).expect("only a holiday can be moved");
        expected.insert(to, name);
    }
    for (day, name) in [
        (civil::date(2011, 4, 29), "Royal Wedding"),
        (civil::date(2012, 6, 5), "Queen's Diamond Jubilee"),
        (civil::date(2022, 6, 3), "Platinum Jubilee bank holiday"),
        (civil::date(2022, 9, 19), "State Funeral of Queen Elizabeth II"),
        (civil::date(2023, 5, 8), "Coronation of King Charles III"),
    ] {
        assert_eq!(expected.insert(day, name.to_owned()), None);
    }

    let rows: BTreeMap<civil::Date, String> = rows()
        .into_iter()
        // The list explains the move of 2020 in the name itself.
        .map(|(day, name)| {
            (day, name.trim_end_matches(" (moved to VE Day anniversary)").to_owned())
        })
        .collect();
    assert_eq!(rows, expected);

    let calendar = shipped();
    let (first, last) = calendar.covered();
    let read: Vec<Date> = calendar.holidays_between(first, last).map(|(date, _)| date).collect();
    assert_eq!(read, expected.keys().copied().map(ours).collect::<Vec<_>>());
    assert!(read.iter().all(|date| date.weekday() < Weekday::Sat));
}
