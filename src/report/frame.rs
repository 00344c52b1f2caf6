//! The time that a report covers: its months, its quarters and the whole of it.

use std::fmt;

use crate::calendar::{Date, days_in_month, month_name};

/// The time of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// The day on which everything is judged.
    pub as_of: Date,
    /// The first day that is counted.
    pub from: Date,
    /// The last day that is counted; never after the as-of day.
    pub to: Date,
    /// How many days ahead of the as-of day are looked at for what is due next.
    pub next: u16,
    spans: Vec<Span>,
    months: usize,
}

/// A stretch of the report's time for which figures are given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// A month, a quarter, or the whole.
    pub kind: SpanKind,
    /// The first day.
    pub from: Date,
    /// The last day, inclusive.
    pub to: Date,
}

/// The kinds of stretch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SpanKind {
    /// A calendar month.
    Month,
    /// January to March, April to June, July to September or October to December: the quarters of
    /// the financial year and of the calendar year alike.
    Quarter,
    /// The whole time of the report.
    Whole,
}

impl SpanKind {
    /// The word for it in data.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Whole => "whole",
        }
    }
}

/// Why there can be no report for a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FrameError {
    /// It would end before it begins.
    EndsFirst(Date, Date),
    /// It would end after the as-of day, and what happens then is not known.
    AfterAsOf(Date, Date),
}

impl fmt::Display for FrameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EndsFirst(from, to) => {
                write!(f, "the report would begin on {from} and end before that, on {to}")
            }
            Self::AfterAsOf(to, as_of) => write!(
                f,
                "the report would end on {to}, after the as-of day {as_of}; nobody knows yet what \
                 will have been done by then"
            ),
        }
    }
}

impl std::error::Error for FrameError {}

impl Frame {
    /// The time from one day to another, both included. Without a first day it begins with the
    /// month that lies eleven months before the last one; without a last day it ends as of the day.
    pub fn new(
        as_of: Date,
        from: Option<Date>,
        to: Option<Date>,
        next: u16,
    ) -> Result<Frame, FrameError> {
        let to = to.unwrap_or(as_of);
        let from = from.unwrap_or_else(|| first_of_month(to).add_months(-11).unwrap_or(Date::MIN));
        if to > as_of {
            return Err(FrameError::AfterAsOf(to, as_of));
        }
        if to < from {
            return Err(FrameError::EndsFirst(from, to));
        }
        let mut spans = stretches(SpanKind::Month, from, to);
        let months = spans.len();
        spans.extend(stretches(SpanKind::Quarter, from, to));
        spans.push(Span { kind: SpanKind::Whole, from, to });
        Ok(Frame { as_of, from, to, next, spans, months })
    }

    /// The stretches: the months, then the quarters, then the whole.
    pub fn spans(&self) -> &[Span] {
        &self.spans
    }

    /// Where in [`Frame::spans`] a day is counted: in its month, its quarter and the whole; nowhere
    /// if it lies outside.
    pub fn places(&self, day: Date) -> Option<[usize; 3]> {
        if day < self.from || self.to < day {
            return None;
        }
        let number = |date: Date| {
            let (year, month, _) = date.ymd();
            (year * 12 + month as i32 - 1) as usize
        };
        let (first, here) = (number(self.from), number(day));
        let quarter = self.months + here / 3 - first / 3;
        Some([here - first, quarter, self.spans.len() - 1])
    }

    /// The last day of what is due next.
    pub fn horizon(&self) -> Date {
        self.as_of.add_days(i32::from(self.next)).unwrap_or(Date::MAX)
    }
}

impl Span {
    /// The month in which it begins: `Mar 2026`.
    pub(super) fn month(&self) -> String {
        let (year, month, _) = self.from.ymd();
        format!("{} {year}", month_name(month).get(..3).unwrap_or_default())
    }
}

fn first_of_month(day: Date) -> Date {
    let (year, month, _) = day.ymd();
    Date::from_ymd(year, month, 1).unwrap_or(day)
}

/// Cuts a time into months or quarters; the first and the last may be parts of one.
fn stretches(kind: SpanKind, from: Date, to: Date) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut begin = from;
    while begin <= to {
        let (year, month, _) = begin.ymd();
        let last = match kind {
            SpanKind::Month => month,
            SpanKind::Quarter => (month - 1) / 3 * 3 + 3,
            SpanKind::Whole => 12,
        };
        let end = Date::from_ymd(year, last, days_in_month(year, last)).unwrap_or(to).min(to);
        spans.push(Span { kind, from: begin, to: end });
        match end.add_days(1) {
            Some(next) => begin = next,
            None => break,
        }
    }
    spans
}

impl fmt::Display for Span {
    /// Writes `Mar 2026`, `Jan to Mar 2026`, `15 to 31 Mar 2026` or `1 Apr 2025 to 31 Mar 2026`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ((year, month, day), (last_year, last_month, last_day)) =
            (self.from.ymd(), self.to.ymd());
        let whole_months = day == 1 && last_day == days_in_month(last_year, last_month);
        let name = |month| month_name(month).get(..3).unwrap_or_default();
        let text = if self.kind == SpanKind::Whole {
            "Whole period".to_owned()
        } else if (year, month) == (last_year, last_month) {
            match whole_months {
                true => format!("{} {year}", name(month)),
                false if day == last_day => format!("{day} {} {year}", name(month)),
                false => format!("{day} to {last_day} {} {year}", name(month)),
            }
        } else if whole_months {
            format!("{} to {} {year}", name(month), name(last_month))
        } else {
            format!("{day} {} to {last_day} {} {year}", name(month), name(last_month))
        };
        f.pad(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    #[test]
    fn a_time_is_cut_into_months_and_quarters() {
        let frame = Frame::new(date("2026-05-20"), Some(date("2025-11-15")), None, 30).unwrap();
        let labels: Vec<String> = frame.spans().iter().map(ToString::to_string).collect();
        assert_eq!(
            labels,
            [
                "15 to 30 Nov 2025",
                "Dec 2025",
                "Jan 2026",
                "Feb 2026",
                "Mar 2026",
                "Apr 2026",
                "1 to 20 May 2026",
                "15 Nov to 31 Dec 2025",
                "Jan to Mar 2026",
                "1 Apr to 20 May 2026",
                "Whole period",
            ]
        );
        for (day, places) in [
            ("2025-11-14", None),
            ("2025-11-15", Some([0, 7, 10])),
            ("2025-12-31", Some([1, 7, 10])),
            ("2026-01-01", Some([2, 8, 10])),
            ("2026-05-20", Some([6, 9, 10])),
            ("2026-05-21", None),
        ] {
            assert_eq!(frame.places(date(day)), places, "{day}");
        }
    }

    #[test]
    fn the_usual_time_is_a_year_of_months() {
        let frame = Frame::new(date("2026-03-31"), None, None, 28).unwrap();
        assert_eq!((frame.from, frame.to), (date("2025-04-01"), date("2026-03-31")));
        assert_eq!(frame.spans().len(), 12 + 4 + 1);
        assert_eq!(frame.horizon(), date("2026-04-28"));
    }

    #[test]
    fn a_time_that_cannot_be_is_refused() {
        let (may, june) = (date("2026-05-20"), date("2026-06-01"));
        assert_eq!(Frame::new(may, Some(june), None, 0), Err(FrameError::EndsFirst(june, may)));
        assert_eq!(Frame::new(may, None, Some(june), 0), Err(FrameError::AfterAsOf(june, may)));
    }
}
