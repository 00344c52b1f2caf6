//! The picture of a case in characters: its events, windows and deadlines and the as-of day, on one axis.
//!
//! A picture is as wide as the page. On the left stand the dates and the names, on the right the days, so
//! many to a column. One lane is one deadline, one ladder, or the many small things of one review; the
//! lanes stand under the headings of the answer, most urgent first. Nothing rests on colour, and every
//! date that a mark stands for is written out beside it.

mod axis;
mod lanes;

use axis::{Axis, Cell, Lane};

use super::outcome::{Extent, Group, NOW, OVER, THEN, Tone, is_quiet};
use super::{Answer, Style, paint, why, wrapped};
use crate::calendar::{Date, Weekday};
use crate::diagnostic::printable::one_line;
use crate::eval::{Deadline, Due, LadderState, Outcome, Status, Timeline};
use crate::policy::Policy;
use crate::policy::words::joined;

/// The first and the last day of a picture, both inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days {
    /// The first day.
    pub first: Date,
    /// The last day.
    pub last: Date,
}

/// Draws a case around the as-of day with what is open, and says what is left out.
pub fn timeline_picture(
    policy: &Policy,
    timeline: &Timeline,
    outcome: &Outcome,
    style: &Style,
) -> String {
    timeline_picture_of(&Answer { policy, timeline, outcome }, Extent::Open, None, style)
}

/// Draws a case: what is open or everything that has a date, on the days given or around the as-of day.
///
/// No line is wider than the style's width, or than 40 columns where that is less.
pub fn timeline_picture_of(
    answer: &Answer<'_>,
    extent: Extent,
    span: Option<Days>,
    style: &Style,
) -> String {
    let style = Style { width: style.width.max(LEAST), ..*style };
    let picture = Picture { answer: *answer, extent, style };
    let groups = picture.groups();
    let axis = picture.axis(span, &groups);
    picture.draw(&groups, &axis)
}

/// No picture is narrower.
const LEAST: usize = 40;
/// Days before and after the as-of day that are always shown.
const NEAR: i32 = 28;
/// How far back something overdue stretches a picture.
const BACK: i32 = 91;
/// More days than these to a column show nothing of a week.
const COARSEST: i32 = 7;

/// What is being drawn.
struct Picture<'a> {
    answer: Answer<'a>,
    extent: Extent,
    style: Style,
}

/// Lanes under one heading.
struct Lanes {
    heading: &'static str,
    tone: Tone,
    rows: Vec<Lane>,
    /// How many deadlines or ladders they stand for.
    count: usize,
}

impl Picture<'_> {
    /// The lanes of the picture, most urgent first.
    fn groups(&self) -> Vec<Lanes> {
        let mut groups: Vec<Lanes> = NOW.iter().map(|group| self.group(group)).collect();
        let standings = self.answer.outcome.standings.iter();
        let open =
            standings.filter(|one| self.extent == Extent::All || one.state != LadderState::Closed);
        let lanes: Vec<Lane> = open.map(|standing| self.ladder_lane(standing)).collect();
        let count = lanes.len();
        groups.push(Lanes { heading: "Escalation", tone: Tone::Open, rows: lanes, count });
        groups.extend(THEN.iter().chain(OVER).map(|group| self.group(group)));
        groups.retain(|group| !group.rows.is_empty());
        groups
    }

    fn group(&self, &(heading, tone, statuses): &Group) -> Lanes {
        let rows = self.answer.outcome.deadlines.iter();
        let mut rows: Vec<&Deadline> =
            rows.filter(|row| statuses.contains(&row.status) && self.is_drawn(row)).collect();
        rows.sort_by_key(|row| (row.due_date().is_none(), row.due_date(), row.rule));
        let count = rows.len();
        Lanes { heading, tone, rows: self.lanes(&rows), count }
    }

    /// Whether a deadline has a lane: it has a date, and a short picture shows what it stands for.
    fn is_drawn(&self, row: &Deadline) -> bool {
        let dated = match row.status {
            // What cannot be said is urgent, with a date or without.
            Status::Undetermined => true,
            _ => row.due_date().is_some(),
        };
        let history = matches!(row.status, Status::Late | Status::Missed) || is_quiet(row);
        dated && (self.extent == Extent::All || !history)
    }

    /// The days of the picture: those given, else around the as-of day and up to what is open.
    fn axis(&self, span: Option<Days>, groups: &[Lanes]) -> Axis {
        let as_of = self.answer.outcome.as_of;
        let (names, columns) = axis::columns(self.style.width);
        let span = span.unwrap_or_else(|| {
            let furthest = (COARSEST * columns as i32 - BACK).min(366);
            let days = || groups.iter().flat_map(|group| &group.rows).flat_map(Lane::days);
            let shift = |days: i32| as_of.add_days(days).unwrap_or(as_of);
            let first = days().filter(|&day| day >= shift(-BACK)).min();
            let first = first.map_or(shift(-NEAR), |day| day.min(shift(-NEAR)));
            let last = days().filter(|&day| day <= shift(furthest)).max();
            let last = last.map_or(shift(NEAR), |day| day.max(shift(NEAR)));
            // A whole week at the beginning, so that the marks of the weeks stand on Mondays.
            let back = (0..7).filter_map(|days| first.add_days(-days));
            let monday = back.clone().find(|day| day.weekday() == Weekday::Mon);
            Days { first: monday.unwrap_or(first), last }
        });
        let lanes = groups.iter().flat_map(|group| &group.rows);
        Axis::new(span, as_of, names, columns, self.style).fit(lanes)
    }

    fn draw(&self, groups: &[Lanes], axis: &Axis) -> String {
        let answer = &self.answer;
        let style = &self.style;
        let mut out = String::new();
        for (line, bold) in answer.head().iter().zip([true, false]) {
            let text = wrapped(&self.plain(line), "", "  ", style);
            let text = text.trim_end_matches('\n');
            out += &if bold { paint(style, "1", text) } else { text.to_owned() };
            out += "\n";
        }
        out += &wrapped(&format!("{}\n", axis.described()), "", "  ", style);
        out += "\n";
        out += &axis.head();
        let (row, legend) = self.events(axis);
        out += &row;
        let mut cells: Vec<Cell> = Vec::new();
        for group in groups {
            let colour = match group.tone {
                Tone::Urgent => "1;31",
                Tone::Open => "1;36",
                Tone::Quiet => "1",
            };
            let heading = self.heading(group);
            out += &axis.titled(&heading, colour);
            for lane in &group.rows {
                out += &axis.lane(lane, group.tone == Tone::Urgent);
                cells.extend(axis.cells(lane));
            }
        }
        if groups.is_empty() {
            let nothing = "Nothing that is open has a date.";
            out += &wrapped(nothing, "", "", style);
        }
        out += "\n";
        out += &axis.key(&cells);
        out += &legend;
        out + &self.foot(axis)
    }

    /// A heading with its number, on one line.
    fn heading(&self, group: &Lanes) -> String {
        let heading = match group.heading.split_once(',') {
            Some((short, _)) => short,
            None => group.heading,
        };
        axis::cut(&format!("{heading} ({})", group.count), self.style.width, &self.style)
    }

    /// Harmless text on one line, in characters that can be drawn.
    fn plain(&self, text: &str) -> String {
        let text = one_line(text);
        if self.style.unicode { text } else { text.replace(['“', '”'], "\"") }
    }

    /// The row of the events in the span, and below it which key stands for what.
    ///
    /// Events of one column share a key. There are as many keys as letters; what is nearest to the as-of
    /// day has one, the rest is a dot.
    fn events(&self, axis: &Axis) -> (String, String) {
        let keys: Vec<char> = match self.extent {
            Extent::Open => ('a'..='z').collect(),
            Extent::All => ('a'..='z').chain('A'..='Z').collect(),
        };
        let days = self.events_by_day(axis);
        let mut columns: Vec<usize> = days.iter().map(|(column, ..)| *column).collect();
        columns.dedup();
        let today = axis.column(self.answer.outcome.as_of).unwrap_or_default();
        let mut named = columns.clone();
        named.sort_by_key(|column| (column.abs_diff(today), *column));
        named.truncate(keys.len());
        named.sort_unstable();
        let key_of = |column: usize| {
            let place = named.iter().position(|named| *named == column);
            place.and_then(|place| keys.get(place)).copied()
        };
        let marks: Vec<(usize, char)> =
            columns.iter().map(|&column| (column, key_of(column).unwrap_or('.'))).collect();
        if marks.is_empty() {
            return (axis.keys("Events: none here", &marks), String::new());
        }
        let mut legend = String::new();
        let mut last = None;
        let mut unnamed = 0;
        for (column, day, what) in &days {
            let Some(key) = key_of(*column) else {
                unnamed += 1;
                continue;
            };
            let key = if last == Some(key) { ' ' } else { key };
            last = key_of(*column);
            let first = format!("{key}  {:6}  ", axis.date(*day));
            let rest = " ".repeat(first.chars().count());
            let text = self.plain(&what.join("; "));
            for (number, line) in
                why::wrapped(&text, self.style.width.saturating_sub(rest.len())).iter().enumerate()
            {
                let line =
                    axis::cut(line, self.style.width.saturating_sub(rest.len()), &self.style);
                legend += &format!("{}{line}\n", if number == 0 { &first } else { &rest });
            }
        }
        if unnamed > 0 {
            let days = super::count(unnamed, "day");
            legend += &wrapped(&format!(".  events on {days} further off"), "", "   ", &self.style);
        }
        (axis.keys("Events", &marks), legend)
    }

    /// What happened in the span, day by day: the column, the day, and what.
    fn events_by_day(&self, axis: &Axis) -> Vec<(usize, Date, Vec<String>)> {
        let outcome = self.answer.outcome;
        let mut found: Vec<(Date, String)> = Vec::new();
        for fact in self.answer.timeline.facts() {
            let ahead = if fact.date > outcome.as_of { " (dated later)" } else { "" };
            let title = &self.answer.policy.event(fact.event).title;
            found.push((fact.date, format!("{title}{ahead}")));
        }
        for deemed in &outcome.deemed {
            if let Some(known) = self.answer.known(deemed.fact) {
                found.push((deemed.date, format!("{} (deemed)", known.event.title)));
            }
        }
        found.sort_by_key(|(day, _)| *day);
        let mut days: Vec<(usize, Date, Vec<String>)> = Vec::new();
        for (day, what) in found {
            let Some(column) = axis.column(day) else { continue };
            match days.last_mut().filter(|(_, last, _)| *last == day) {
                Some((_, _, all)) if all.contains(&what) => {}
                Some((_, _, all)) => all.push(what),
                None => days.push((column, day, vec![what])),
            }
        }
        days
    }

    /// What is left out, in a sentence.
    fn foot(&self, axis: &Axis) -> String {
        let outcome = self.answer.outcome;
        let hidden = |wanted: &dyn Fn(&Deadline) -> bool| {
            let rows = outcome.deadlines.iter();
            rows.filter(|row| !self.is_drawn(row) && wanted(row)).count() as i32
        };
        let over = |status: Status| matches!(status, Status::Late | Status::Missed);
        let mut parts: Vec<String> = [
            (hidden(&|row| row.status == Status::Met), "done in time"),
            (hidden(&|row| over(row.status)), "done late or not done"),
            (hidden(&|row| row.status == Status::Lapsed), "no longer owed"),
            (hidden(&|row| row.status == Status::Waiting), "waiting for something to happen"),
            (hidden(&|row| row.status == Status::Outstanding), "owed with no time limit"),
            (
                hidden(&|row| {
                    let told = [Status::Met, Status::Lapsed, Status::Waiting, Status::Outstanding];
                    !told.contains(&row.status) && !over(row.status) && row.due == Due::Never
                }),
                "open with no last day",
            ),
        ]
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, what)| format!("{number} {what}"))
        .collect();
        let facts = self.answer.timeline.facts();
        let before = facts.iter().filter(|fact| fact.date < axis.span.first).count() as i32;
        let after = facts.iter().filter(|fact| fact.date > axis.span.last).count() as i32;
        let outside = [(before, "before"), (after, "after")].into_iter();
        parts.extend(
            outside.filter(|(number, _)| *number > 0).map(|(number, side)| {
                format!("{} {side} these days", super::count(number, "event"))
            }),
        );
        if parts.is_empty() {
            return String::new();
        }
        let text = format!("Not drawn: {}.", joined(parts, "and"));
        format!("\n{}", wrapped(&text, "", "", &self.style))
    }
}
