//! Reviews that are dated later than they can have been held: a slip in the year, as 2062 for 2026, would
//! otherwise look like a review that was not held, and say nothing.

use super::child::{Draft, dated_reviews};
use super::read::Record;
use crate::calendar::Date;

/// Says of reviews that lie in the future, or after the year of which their file is the return.
pub(super) fn late_reviews(draft: &mut Draft<'_>, records: &[&Record], today: Option<Date>) {
    let (future, past): (Vec<_>, Vec<_>) = dated_reviews(draft, records)
        .into_iter()
        .partition(|(day, _)| today.is_some_and(|today| *day > today));
    if let Some((_, record)) = future.first() {
        let message = format!(
            "REVIEW is a day that is still to come{}; until then no clock counts the review",
            more(future.len())
        );
        draft.note(record, message);
    }
    let mut beyond = past.into_iter().filter_map(|(day, record)| {
        let end = year_end(&record.file).filter(|end| day > *end)?;
        Some((record, end))
    });
    if let Some((record, end)) = beyond.next() {
        let message = format!(
            "REVIEW is after {}, the end of the year in the name of its file or folder{}; it is taken \
             as it stands",
            end.short(),
            more(1 + beyond.count())
        );
        draft.note(record, message);
    }
}

/// How many reviews like the one that is told the child has.
fn more(reviews: usize) -> String {
    match reviews {
        0 | 1 => String::new(),
        reviews => format!(" (and {} more of the child's reviews)", reviews - 1),
    }
}

/// The last day of the year of a return, where the name of its file, or else of its folder, tells it.
/// Nothing in the files themselves does.
fn year_end(name: &str) -> Option<Date> {
    let year = name.rsplit(['/', '\\']).take(2).find_map(year)?;
    Date::from_ymd(year + 1, 3, 31)
}

/// The year in a name, as `2025-26`, `2025_2026` or `202526`; the last of several.
fn year(name: &str) -> Option<i32> {
    let runs: Vec<&str> = name.split(|letter: char| !letter.is_ascii_digit()).collect();
    let apart = runs.iter().zip(runs.iter().skip(1)).map(|(first, last)| (*first, *last));
    let joined = runs.iter().filter_map(|run| run.split_at_checked(4));
    apart.chain(joined).filter_map(|(first, last)| first_of(first, last)).max()
}

/// The first of two numbers, if they are a year of the return. Before 2016-17, the first year whose codes
/// are known, `2011-12` might as well be a month.
fn first_of(first: &str, last: &str) -> Option<i32> {
    let (year, next): (i32, i32) = (first.parse().ok()?, last.parse().ok()?);
    let follows = match last.len() {
        2 => (year + 1) % 100 == next,
        4 => year + 1 == next,
        _ => false,
    };
    (first.len() == 4 && (2016..2100).contains(&year) && follows).then_some(year)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_year_is_that_of_the_file_or_its_folder() {
        let check = |name: &str, end: Option<(i32, u32, u32)>| {
            let end = end.and_then(|(year, month, day)| Date::from_ymd(year, month, day));
            assert_eq!(year_end(name), end, "{name}");
        };
        for name in [
            "2025-26/reviews.csv",
            "returns/SSDA903 2025_26/reviews.csv",
            "C:\\returns\\2025-2026\\reviews.csv",
            "ssda903-202526.xml",
            "20252026/reviews.csv",
            "reviews 2025-26 (2).csv",
            // The name of the file goes before that of the folder, and no other counts.
            "2024-25/reviews-2025-26.csv",
            "2019-20/2025-26/reviews.csv",
            "2024-25 and 2025-26/reviews.csv",
        ] {
            check(name, Some((2026, 3, 31)));
        }
        for name in [
            "reviews.csv",
            "2026/reviews.csv",
            "2025-09-01/reviews.csv",
            "20250901/reviews.csv",
            "2025-27/reviews.csv",
            "2011-12/reviews.csv",
            "2025--26/reviews.csv",
            "2019-20/a/reviews.csv",
        ] {
            check(name, None);
        }
    }
}
