//! Every start day: what is claimed of dates is proved by going through all of them.
//!
//! A limit in calendar days, weeks, months or years depends on nothing but the day and month on which
//! its clock starts and on which of the years around are leap years. The Gregorian calendar repeats
//! after 400 years, which are 146,097 days, so a claim that holds on each of these holds for ever. Years
//! with the same pattern of leap years around them give the same answers: one year stands for all of its
//! pattern and is counted as often as the pattern occurs in the cycle. That makes the search some
//! thousand days long, and leaves no day out.
//!
//! Where working days are counted, nothing is known beyond the table of holidays: the start days are
//! those that it covers, less the last ones, whose limits end after the table does.
//!
//! Example: 183 calendar days against 6 months (Blackburn with Darwen, 2.1) differ on most of the 146,097
//! days; 20 calendar days against 20 working days on all of the days of 2010 to 2028 that can be counted.

use std::collections::BTreeMap;

use crate::calendar::{Calendar, Date, Length, Unit, is_leap_year};
use crate::eval::{CountedFrom, Due, window_dates};
use crate::policy::{Shape, Window};

/// The years of a whole cycle, and the days in them.
const CYCLE: std::ops::Range<i32> = 2000..2400;

/// A clock that reaches over more years than this is not gone into.
const MOST_YEARS: i32 = 40;

/// Over which days something was proved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Proof {
    /// All days of 400 years.
    Cycle,
    /// The days that a calendar covers.
    Covered {
        /// The first of them.
        first: Date,
        /// The last of them.
        last: Date,
    },
}

/// Start days, each with the number of days that it stands for.
#[derive(Debug, Clone)]
pub(super) struct Days {
    pub(super) days: Vec<(Date, u64)>,
    pub(super) proof: Proof,
}

impl Days {
    /// The days that have to be gone through for these windows; `None` where one of them reaches
    /// further than dates do.
    pub(super) fn for_windows(calendars: &[&Calendar], windows: &[&Window]) -> Option<Self> {
        let mut lengths = Vec::new();
        for window in windows {
            window.each_length(&mut |length| lengths.push(length));
        }
        if lengths.iter().any(|length| length.unit == Unit::WorkingDays) {
            return Self::covered(calendars);
        }
        let years = lengths.iter().map(|length| years(*length)).max().unwrap_or(1);
        (years <= MOST_YEARS).then(|| Self::cycle(years))
    }

    /// The days that all of these calendars cover.
    pub(super) fn covered(calendars: &[&Calendar]) -> Option<Self> {
        let first = calendars.iter().map(|calendar| calendar.covered().0).max()?;
        let last = calendars.iter().map(|calendar| calendar.covered().1).min()?;
        let days = (first.number()..=last.number()).filter_map(Date::from_number);
        Some(Self {
            days: days.map(|day| (day, 1)).collect(),
            proof: Proof::Covered { first, last },
        })
    }

    /// The days of 400 years, for clocks that reach over at most so many years either way.
    fn cycle(years: i32) -> Self {
        let pattern =
            |year: i32| -> Vec<bool> { (year - years..=year + years).map(is_leap_year).collect() };
        let (first, last) = (Date::MIN.ymd().0 + years, Date::MAX.ymd().0 - years);
        let mut standing: BTreeMap<Vec<bool>, i32> = BTreeMap::new();
        for year in first..=last {
            standing.entry(pattern(year)).or_insert(year);
        }
        let mut often: BTreeMap<i32, u64> = BTreeMap::new();
        for year in CYCLE {
            if let Some(year) = standing.get(&pattern(year)) {
                *often.entry(*year).or_default() += 1;
            }
        }
        let days = often
            .into_iter()
            .flat_map(|(year, times)| days_of(year).into_iter().map(move |day| (day, times)));
        Self { days: days.collect(), proof: Proof::Cycle }
    }
}

/// The days of a year.
fn days_of(year: i32) -> Vec<Date> {
    let ends = (Date::from_ymd(year, 1, 1), Date::from_ymd(year, 12, 31));
    let (Some(first), Some(last)) = ends else { return Vec::new() };
    (first.number()..=last.number()).filter_map(Date::from_number).collect()
}

/// How far a length reaches, in whole years and one for the rest.
fn years(length: Length) -> i32 {
    let count = i32::from(length.count);
    1 + match length.unit {
        Unit::CalendarDays | Unit::WorkingDays => count / 365 + 1,
        Unit::Weeks => count / 52 + 1,
        Unit::Months => count / 12 + 1,
        Unit::Years => count,
    }
}

/// Whether a window counts from its anchor alone and has a last day.
pub(super) fn ends_by_itself(window: &Window) -> bool {
    match &window.shape {
        Shape::Within(_)
        | Shape::PeriodBeginning(_)
        | Shape::AtLeastBefore(_)
        | Shape::BetweenBefore { .. }
        | Shape::BetweenAfter { .. }
        | Shape::Before
        | Shape::At => true,
        Shape::OnMidway
        | Shape::ByMidway
        | Shape::AroundMidway(_)
        | Shape::ByDateOf(_)
        | Shape::NotBefore(_)
        | Shape::OncePassed(_)
        | Shape::NoTimeLimit
        | Shape::NoTimeLimitBefore => false,
    }
}

/// The last day that a window gives, counted from a day; `None` beyond the calendar.
pub(super) fn last_day(calendar: &Calendar, window: &Window, anchor: Date) -> Option<Date> {
    match window_dates(calendar, window, &CountedFrom::day(anchor)).1 {
        Due::On(date) => Some(date),
        Due::Never | Due::Waiting | Due::Beyond(_) | Due::Unknown => None,
    }
}

/// How the last days of two windows differ, over all start days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Difference {
    /// How many start days there are.
    pub(super) days: u64,
    /// On how many the first window ends later, and on how many earlier, than the second.
    pub(super) later: u64,
    pub(super) earlier: u64,
    /// By how many calendar days at most.
    pub(super) most_later: i32,
    pub(super) most_earlier: i32,
    /// On how many the windows open on different days.
    pub(super) opens_elsewhere: u64,
    /// Over which days.
    pub(super) proof: Proof,
}

/// Compares the last days of two windows over all start days; `None` where one of them does not end by
/// itself, or on no day that is known.
pub(super) fn compare(
    one: (&Calendar, &Window),
    other: (&Calendar, &Window),
) -> Option<Difference> {
    if !ends_by_itself(one.1) || !ends_by_itself(other.1) {
        return None;
    }
    let days = Days::for_windows(&[one.0, other.0], &[one.1, other.1])?;
    let mut found = Difference {
        days: 0,
        later: 0,
        earlier: 0,
        most_later: 0,
        most_earlier: 0,
        opens_elsewhere: 0,
        proof: days.proof,
    };
    for &(day, times) in &days.days {
        let (first_opens, first) = window_dates(one.0, one.1, &CountedFrom::day(day));
        let (second_opens, second) = window_dates(other.0, other.1, &CountedFrom::day(day));
        let (Due::On(first), Due::On(second)) = (first, second) else { continue };
        found.days += times;
        let by = second.days_until(first);
        if by > 0 {
            found.later += times;
        } else if by < 0 {
            found.earlier += times;
        }
        found.most_later = found.most_later.max(by);
        found.most_earlier = found.most_earlier.max(-by);
        if first_opens != second_opens {
            found.opens_elsewhere += times;
        }
    }
    (found.days > 0).then_some(found)
}

/// A start day to show to a reader: of the days that score highest, the first working day of the
/// third-last year of the calendar, or else the first day of that year, or else of any of its years.
pub(super) fn shown(calendar: &Calendar, score: impl Fn(Date) -> Option<i32>) -> Option<Date> {
    let (first, last) = calendar.covered();
    let recent = days_of(last.ymd().0 - 2);
    let mut working =
        recent.iter().copied().filter(|&day| calendar.is_working_day(day) == Some(true));
    let mut all = (first.number()..=last.number()).filter_map(Date::from_number);
    let highest = |days: &mut dyn Iterator<Item = Date>| -> Option<Date> {
        let mut best: Option<(i32, Date)> = None;
        for day in days {
            let score = score(day).filter(|&score| score > 0);
            if let Some(score) = score
                && best.is_none_or(|(most, _)| score > most)
            {
                best = Some((score, day));
            }
        }
        best.map(|(_, day)| day)
    };
    highest(&mut working)
        .or_else(|| highest(&mut recent.iter().copied()))
        .or_else(|| highest(&mut all))
}

impl Proof {
    /// Over which days, as the end of a sentence: "going through all 146,097 days of 400 years".
    pub(super) fn words(self, days: u64) -> String {
        match self {
            Self::Cycle => {
                format!(
                    "proved on all {} start days of the 400 years after which the calendar \
                         repeats",
                    grouped(days)
                )
            }
            Self::Covered { first, last } => format!(
                "proved on all {} start days from {} to {} for which the calendar knows enough \
                 working days",
                grouped(days),
                first.short(),
                last.short()
            ),
        }
    }
}

impl Difference {
    /// How often the first window ends later than the second, and by how much: "later on 46.1% of start
    /// days, by up to 2 days". Empty where it never does.
    pub(super) fn later_words(&self) -> Option<String> {
        (self.later > 0).then(|| {
            format!("later on {}, {}", share(self.later, self.days), by_up_to(self.most_later))
        })
    }

    /// How often it ends earlier, and by how much.
    pub(super) fn earlier_words(&self) -> Option<String> {
        (self.earlier > 0).then(|| {
            format!(
                "earlier on {}, {}",
                share(self.earlier, self.days),
                by_up_to(self.most_earlier)
            )
        })
    }
}

impl Difference {
    /// How often the windows open on different days.
    pub(super) fn opens_words(&self) -> Option<String> {
        let often = share(self.opens_elsewhere, self.days);
        (self.opens_elsewhere > 0).then(|| format!("with another first day on {often}"))
    }
}

/// "by 1 day", "by up to 2 days".
pub(super) fn by_up_to(days: i32) -> String {
    match days {
        1 => "by 1 day".to_owned(),
        _ => format!("by up to {days} days"),
    }
}

/// A part of all start days: "every start day", "46.1% of start days".
pub(super) fn share(part: u64, whole: u64) -> String {
    if part == whole {
        return "every start day".to_owned();
    }
    // Neither nothing nor everything may be rounded away.
    let tenths = ((part * 2000 + whole) / (2 * whole.max(1))).clamp(1, 999);
    format!("{}.{}% of start days", tenths / 10, tenths % 10)
}

/// A number with its thousands set apart: `146,097`.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
