//! How the dates of an explanation were counted, unit by unit.

use super::outcome::Due;
use super::statement::{Direction, Statement, Why};
use super::why::Explainer;
use crate::calendar::{Date, Length, Unit, midway};
use crate::policy::{Body, Duration, MidClock, Shape, Window};

impl Explainer<'_> {
    /// From which day the governing window counts.
    pub(super) fn counted_from(&self) -> Option<Date> {
        if let Some(basis) = self.row.basis
            && !self.midway()
        {
            return Some(basis.date);
        }
        self.row.anchor.map(|start| start.date)
    }

    pub(super) fn midway(&self) -> bool {
        matches!(&self.rule.body, Body::Duty(duty) if duty.lies_midway())
    }

    /// The last day that a window of the rule would give.
    pub(super) fn would_give(&self, window: &Window) -> Option<Date> {
        let midway_to = self.row.basis.filter(|_| self.midway()).map(|basis| basis.date);
        let (_, due) = self.case.window(window, self.counted_from()?, self.subject(), midway_to);
        match due {
            Due::On(date) => Some(date),
            _ => None,
        }
    }

    /// How a window's dates were counted.
    pub(super) fn counting(&self, window: &Window) -> Vec<Why> {
        let Some(from) = self.counted_from() else {
            return Vec::new();
        };
        let length = |duration: &Duration, direction| self.count(duration, from, direction);
        let fixed = |one: Length, direction| self.count(&Duration::Fixed(one), from, direction);
        match &window.shape {
            Shape::Within(duration) | Shape::NotBefore(duration) | Shape::OncePassed(duration) => {
                let change = self.row.change.map(|change| change.day);
                let from =
                    if self.counts_from_the_change() { change.unwrap_or(from) } else { from };
                self.count(duration, from, Direction::After)
            }
            Shape::PeriodBeginning(duration) => length(duration, Direction::BeginningWith),
            Shape::AtLeastBefore(duration) => length(duration, Direction::Before),
            Shape::BetweenBefore { near, far } => {
                let mut parts = fixed(*far, Direction::Before);
                parts.extend(fixed(*near, Direction::Before));
                parts
            }
            Shape::BetweenAfter { near, far } => {
                let mut parts = fixed(*near, Direction::After);
                parts.extend(fixed(*far, Direction::After));
                parts
            }
            Shape::OnMidway | Shape::ByMidway => self.middle(from).into_iter().collect(),
            Shape::AroundMidway(duration) => {
                let mut parts: Vec<Why> = self.middle(from).into_iter().collect();
                if let Some(basis) = self.row.basis {
                    let middle = midway(from, basis.date);
                    parts.extend(self.count(duration, middle, Direction::Before));
                    parts.extend(self.count(duration, middle, Direction::After));
                }
                parts
            }
            Shape::ByDateOf(attribute) => {
                let subject = self.subject();
                let name = subject.map_or_else(String::new, |subject| {
                    self.policy().attribute(subject.stands_for, *attribute).name.clone()
                });
                let date =
                    subject.and_then(|subject| self.case.date_value(subject.fact, *attribute));
                vec![Why::leaf(Statement::Carried { attribute: name, date })]
            }
            Shape::Before | Shape::At | Shape::NoTimeLimit | Shape::NoTimeLimitBefore => Vec::new(),
        }
    }

    fn middle(&self, first: Date) -> Option<Why> {
        let second = self.row.basis?.date;
        Some(Why::leaf(Statement::Midway {
            first,
            second,
            between: first.days_until(second),
            middle: midway(first, second),
        }))
    }

    /// How a duration was counted from a day.
    fn count(&self, duration: &Duration, from: Date, direction: Direction) -> Vec<Why> {
        let calendar = &self.policy().calendar;
        let count = |length: Length| match direction {
            Direction::After => calendar.after(from, length),
            Direction::Before => calendar.before(from, length),
            Direction::BeginningWith => calendar.period_beginning(from, length),
        };
        match duration {
            Duration::Fixed(length) => match count(*length) {
                Ok(to) => vec![Why::leaf(self.counted(*length, from, to, direction))],
                Err(reason) => vec![Why::leaf(Statement::Note { words: reason.to_string() })],
            },
            Duration::Earlier(one, other) | Duration::Later(one, other) => {
                let earlier = matches!(duration, Duration::Earlier(..));
                let mut because = self.count(one, from, direction);
                because.extend(self.count(other, from, direction));
                let mut reached: Vec<Date> =
                    because.iter().filter_map(|part| part.statement.reached()).collect();
                reached.sort_unstable();
                match (reached.first(), reached.last()) {
                    (Some(&first), Some(&last)) => {
                        let (taken, other) = if earlier { (first, last) } else { (last, first) };
                        vec![Why {
                            statement: Statement::EitherOf { earlier, taken, other },
                            because,
                        }]
                    }
                    _ => because,
                }
            }
        }
    }

    fn counted(&self, length: Length, from: Date, to: Date, direction: Direction) -> Statement {
        let calendar = &self.policy().calendar;
        let (first, last) = match direction {
            Direction::Before => (to, from.add_days(-1).unwrap_or(from)),
            Direction::After => (from.add_days(1).unwrap_or(from), to),
            Direction::BeginningWith => (from, to),
        };
        let working = length.unit == Unit::WorkingDays;
        let skipped: Vec<(Date, String)> = if working {
            calendar
                .holidays_between(first, last)
                .map(|(day, name)| (day, name.to_owned()))
                .collect()
        } else {
            Vec::new()
        };
        let off = first.days_until(last) + 1 - i32::from(length.count);
        let weekend_days =
            if working { (off - skipped.len() as i32).max(0).unsigned_abs() } else { 0 };
        let monthly = matches!(length.unit, Unit::Months | Unit::Years);
        Statement::Count {
            length: length.to_string(),
            from,
            to,
            direction,
            skipped,
            weekend_days,
            month_end: monthly
                && direction != Direction::BeginningWith
                && from.ymd().2 != to.ymd().2,
        }
    }

    fn counts_from_the_change(&self) -> bool {
        let how = match &self.rule.body {
            Body::Series(series) => series.mid_clock,
            Body::Duty(duty) => duty.mid_clock,
            Body::Trigger(_) | Body::Forbid(_) | Body::Ladder(_) => return false,
        };
        self.row.change.is_some() && how == MidClock::FromTheChange
    }

    /// What a change of limit mid-clock did.
    pub(super) fn change(&self) -> Option<Why> {
        let change = self.row.change?;
        let how = if self.counts_from_the_change() { "from the change" } else { "from the anchor" };
        let mut because = Vec::new();
        if let Some(due) = self.row.due_date() {
            if due == change.day && !self.counts_from_the_change() {
                because.push(Why::leaf(Statement::Raised { to: due }));
            }
            if self.counts_from_the_change() && change.before == Some(due) {
                because.push(Why::leaf(Statement::Kept { date: due }));
            }
        }
        let statement = Statement::Changed { day: change.day, before: change.before, how };
        Some(Why { statement, because })
    }

    /// A last day on which nobody works (M8).
    pub(super) fn day_off(&self) -> Option<Why> {
        let date = self.row.due_date()?;
        let calendar = &self.policy().calendar;
        if calendar.is_working_day(date) != Some(false) {
            return None;
        }
        let name =
            calendar.holiday(date).map_or_else(|| weekday_name(date).to_owned(), str::to_owned);
        let working_day = calendar.last_working_day_before(date);
        Some(Why::leaf(Statement::DayOff { date, name, working_day }))
    }
}

fn weekday_name(date: Date) -> &'static str {
    use crate::calendar::Weekday;
    match date.weekday() {
        Weekday::Mon => "Monday",
        Weekday::Tue => "Tuesday",
        Weekday::Wed => "Wednesday",
        Weekday::Thu => "Thursday",
        Weekday::Fri => "Friday",
        Weekday::Sat => "Saturday",
        Weekday::Sun => "Sunday",
    }
}
