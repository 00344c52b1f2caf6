//! Texts of dates that are kept, since the dates of a caseload come again and again.

use std::io::Write as _;

use crate::calendar::Date;

/// So many dates have their text kept: those of three years, and no two of them in one place.
const KEPT: usize = 1 << 10;

/// As much as the longest date in prose, `Wed 30 Sep 2026`, and more than the year of any calendar needs.
const LONGEST: usize = 24;

/// The texts of dates, each in the place its number gives it until another date wants that place.
#[derive(Debug)]
struct Kept<T> {
    texts: Vec<Option<(Date, T)>>,
}

impl<T: Copy> Kept<T> {
    fn new() -> Kept<T> {
        Kept { texts: vec![None; KEPT] }
    }

    fn text(&mut self, date: Date, make: impl Fn(Date) -> T) -> T {
        match self.texts.get_mut(date.number().rem_euclid(KEPT as i32) as usize) {
            Some(Some((kept, text))) if *kept == date => *text,
            Some(place) => {
                let text = make(date);
                *place = Some((date, text));
                text
            }
            None => make(date),
        }
    }
}

/// Dates as data has them.
#[derive(Debug)]
pub(super) struct Dates(Kept<[u8; 10]>);

impl Default for Dates {
    fn default() -> Dates {
        Dates(Kept::new())
    }
}

impl Dates {
    /// The text of a date, such as `2026-09-30`.
    pub(super) fn text(&mut self, date: Date) -> [u8; 10] {
        self.0.text(date, Date::iso)
    }
}

/// Dates as prose has them.
#[derive(Debug)]
pub(super) struct LongDates(Kept<([u8; LONGEST], usize)>);

impl Default for LongDates {
    fn default() -> LongDates {
        LongDates(Kept::new())
    }
}

impl LongDates {
    /// Adds the text of a date, such as `Wed 30 Sep 2026`.
    pub(super) fn add(&mut self, date: Date, out: &mut String) {
        let (text, length) = self.0.text(date, |date| {
            let mut text = [0; LONGEST];
            let mut rest = text.as_mut_slice();
            // It fits: a test writes the longest.
            let _ = write!(rest, "{}", date.long());
            let length = LONGEST - rest.len();
            (text, length)
        });
        let text = text.get(..length).unwrap_or_default();
        out.push_str(str::from_utf8(text).unwrap_or_default());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_that_want_one_place_are_not_taken_for_one_another() {
        let (mut dates, mut long) = (Dates::default(), LongDates::default());
        let first = Date::parse("2026-09-30").unwrap();
        let other = first.add_days(KEPT as i32).unwrap();
        for date in [first, other, first, Date::MIN, Date::MAX] {
            assert_eq!(dates.text(date), date.iso());
            let mut text = String::new();
            long.add(date, &mut text);
            assert_eq!(text, date.long().to_string());
        }
    }
}
