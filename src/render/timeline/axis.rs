//! The axis of a picture: which column a day falls in, and rows of cells under it.

use super::Days;
use crate::calendar::{Date, Weekday, month_name};
use crate::render::{Style, count, paint, why};

/// One lane: a name, and what is drawn beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lane {
    date: Option<Date>,
    name: String,
    /// The days in which it can be done, both inclusive.
    pub(super) window: Option<(Date, Date)>,
    /// Whether the window has a first day of its own.
    pub(super) opens: bool,
    /// From the last day in time to the day on which it was done, or to the as-of day.
    pub(super) after: Option<(Date, Date)>,
    /// What stands on single days; of two on one day the later one is seen.
    pub(super) marks: Vec<(Date, Mark)>,
    /// Words in place of a drawing.
    pub(super) says: Option<&'static str>,
}

/// Something on one day of a lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    Last,
    Other,
    Done,
    Stage(u16),
}

/// What one column of a lane shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cell {
    Blank,
    Today,
    Window,
    Opens,
    After,
    Earlier,
    Later,
    Mark(Mark),
}

impl Cell {
    const fn is_mark(self) -> bool {
        matches!(self, Cell::Mark(_))
    }
}

impl Lane {
    pub(super) fn new(date: Option<Date>, name: String) -> Self {
        let (window, opens, after, says) = (None, false, None, None);
        Self { date, name, window, opens, after, marks: Vec::new(), says }
    }

    /// The days that matter for the choice of a span: those a reader looks for first.
    pub(super) fn days(&self) -> impl Iterator<Item = Date> + '_ {
        let opens = self.window.filter(|_| self.opens).map(|(first, _)| first);
        self.marks.iter().map(|(day, _)| *day).chain(opens)
    }
}

/// How wide `17 Apr` is, with the blank after it.
const SHORT: usize = 7;
/// How wide `17 Apr 27` is, with the blank after it.
const LONG: usize = 10;

/// How wide the names are, and how many columns are left for the days.
pub(super) fn columns(width: usize) -> (usize, usize) {
    let names = (width * 2 / 5).clamp(18, 52);
    (names, width.saturating_sub(names + 1))
}

/// A text that ends in an ellipsis where it would be wider than this.
pub(super) fn cut(text: &str, width: usize, style: &Style) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let dots = if style.unicode { "…" } else { "..." };
    let kept: String = text.chars().take(width.saturating_sub(dots.chars().count())).collect();
    format!("{}{dots}", kept.trim_end())
}

/// The days of a picture, so many to a column.
pub(super) struct Axis {
    pub(super) span: Days,
    as_of: Date,
    /// The days to a column.
    scale: i32,
    columns: usize,
    names: usize,
    /// How wide the dates of the lanes are, with the blank after them.
    dates: usize,
    style: Style,
}

impl Axis {
    pub(super) fn new(span: Days, as_of: Date, names: usize, columns: usize, style: Style) -> Self {
        let last = span.last.max(span.first);
        let days = span.first.days_until(last) + 1;
        let most = columns.max(1) as i32;
        let scale = (days + most - 1) / most;
        let columns = ((days + scale - 1) / scale) as usize;
        Self { span: Days { last, ..span }, as_of, scale, columns, names, dates: SHORT, style }
    }

    /// Makes room for the years of the dates, where one lane has a date of another year.
    pub(super) fn fit<'a>(mut self, mut lanes: impl Iterator<Item = &'a Lane>) -> Self {
        let year = self.as_of.ymd().0;
        let longer = lanes.any(|lane| lane.date.is_none_or(|day| day.ymd().0 != year));
        self.dates = if longer { LONG } else { SHORT };
        self
    }

    /// The column of a day, if it is in the span.
    pub(super) fn column(&self, day: Date) -> Option<usize> {
        let inside = (self.span.first..=self.span.last).contains(&day);
        inside.then(|| (self.span.first.days_until(day) / self.scale) as usize)
    }

    /// The first day of a column.
    fn day(&self, column: usize) -> Option<Date> {
        self.span.first.add_days(column as i32 * self.scale)
    }

    /// The span and the scale in words.
    pub(super) fn described(&self) -> String {
        format!(
            "From {} to {}; one column is {}.",
            self.span.first.long(),
            self.span.last.long(),
            count(self.scale, "day")
        )
    }

    /// A date as the lanes show it: with its year where that is not the year of the as-of day.
    pub(super) fn date(&self, day: Date) -> String {
        let (year, month, number) = day.ymd();
        let month: String = month_name(month).chars().take(3).collect();
        let year = match year {
            same if same == self.as_of.ymd().0 => String::new(),
            other => format!(" {:02}", other.rem_euclid(100)),
        };
        format!("{number:>2} {month}{year}")
    }

    /// The three rows above the lanes: the as-of day, the months, and the marks of months and weeks.
    pub(super) fn head(&self) -> String {
        let blank = " ".repeat(self.names + 1);
        let mut out = String::new();
        if let Some(column) = self.column(self.as_of) {
            let (year, month, day) = self.as_of.ymd();
            let month: String = month_name(month).chars().take(3).collect();
            let arrow = if self.style.unicode { '▼' } else { 'v' };
            let words = format!("as of {day} {month} {year}");
            let room = words.chars().count() + 2;
            let text = if column + room <= self.wide() {
                format!("{}{arrow} {words}", " ".repeat(column))
            } else {
                let before = column.saturating_sub(room - 1);
                format!("{}{words} {arrow}", " ".repeat(before))
            };
            out += &format!("{blank}{}\n", paint(&self.style, "36", &text));
        }
        out += &format!("{blank}{}\n", self.months().trim_end());
        out + &format!("{blank}{}\n", self.ticks())
    }

    /// The columns there would be if the days filled the page.
    fn wide(&self) -> usize {
        self.style.width.saturating_sub(self.names + 1)
    }

    /// Whether a month begins in the column; the number and year of the month.
    fn month_of(&self, column: usize) -> Option<(i32, u32)> {
        let days = (0..self.scale).filter_map(|day| self.day(column)?.add_days(day));
        let first = days.map(Date::ymd).find(|(_, _, day)| *day == 1)?;
        Some((first.0, first.1))
    }

    fn months(&self) -> String {
        let starts: Vec<(usize, i32, u32)> = (0..self.columns)
            .filter_map(|column| self.month_of(column).map(|(year, month)| (column, year, month)))
            .collect();
        let mut row = String::new();
        for (place, (column, year, month)) in starts.iter().enumerate() {
            let used = row.chars().count();
            let room = starts.get(place + 1).map_or(self.wide(), |next| next.0) - column;
            let name: String = month_name(*month).chars().take(3).collect();
            let dated = format!("{name} {year}");
            // The year stands where it begins, and at the first month.
            let wants = (*month == 1 || used == 0) && room > dated.len();
            let name = if wants { dated } else { name };
            let free = used == 0 || *column > used;
            if free && column + name.len() <= self.wide() {
                row += &" ".repeat(column - used);
                row += &name;
            }
        }
        row
    }

    fn ticks(&self) -> String {
        let [month, week, day] =
            if self.style.unicode { ['┼', '┴', '─'] } else { ['+', '\'', '-'] };
        let monday = |column: usize| {
            let mut days = (0..self.scale).filter_map(|day| self.day(column)?.add_days(day));
            self.scale <= 3 && days.any(|day| day.weekday() == Weekday::Mon)
        };
        (0..self.columns)
            .map(|column| match self.month_of(column) {
                Some(_) => month,
                None if monday(column) => week,
                None => day,
            })
            .collect()
    }

    /// The row of the events.
    pub(super) fn keys(&self, name: &str, marks: &[(usize, char)]) -> String {
        let name = cut(name, self.names, &self.style);
        let names = self.names;
        let row: String = (0..self.columns)
            .map(|column| {
                let mark = marks.iter().find(|(marked, _)| *marked == column);
                mark.map_or(self.glyph(self.background(column)), |(_, key)| *key)
            })
            .collect();
        let name = paint(&self.style, "1", &format!("{name:names$}"));
        format!("{name} {}\n", row.trim_end())
    }

    /// A heading, with the as-of day running through its row where there is room.
    pub(super) fn titled(&self, heading: &str, colour: &str) -> String {
        let used = heading.chars().count();
        let line = paint(&self.style, colour, heading);
        match self.column(self.as_of).map(|column| self.names + 1 + column) {
            Some(place) if place > used => {
                let today = paint(&self.style, "36", &self.glyph(Cell::Today).to_string());
                format!("{line}{}{today}\n", " ".repeat(place - used))
            }
            _ => format!("{line}\n"),
        }
    }

    /// A lane: its name on a few lines, and its cells beside the first.
    pub(super) fn lane(&self, lane: &Lane, urgent: bool) -> String {
        const MOST: usize = 3;
        let date = lane.date.map_or_else(|| "no date".to_owned(), |day| self.date(day));
        let (names, dates) = (self.names, self.dates);
        let room = names.saturating_sub(dates);
        let mut lines = why::wrapped(&lane.name, room);
        if lines.len() > MOST {
            let rest = lines.split_off(MOST - 1).join(" ");
            lines.push(rest);
        }
        let blank: Vec<Cell> = (0..self.columns).map(|column| self.background(column)).collect();
        let mut out = String::new();
        for (number, line) in lines.iter().enumerate() {
            let first = if number == 0 { date.as_str() } else { "" };
            let name = format!("{first:dates$}{}", cut(line, room, &self.style));
            let cells = match (number, lane.says) {
                (0, Some(words)) => cut(words, self.wide(), &self.style),
                (0, None) => self.painted(&self.cells(lane), urgent),
                _ => self.painted(&blank, urgent),
            };
            out += &format!("{}\n", format!("{name:names$} {cells}").trim_end());
        }
        out
    }

    fn background(&self, column: usize) -> Cell {
        if self.column(self.as_of) == Some(column) { Cell::Today } else { Cell::Blank }
    }

    /// What each column of a lane shows.
    pub(super) fn cells(&self, lane: &Lane) -> Vec<Cell> {
        let mut cells: Vec<Cell> =
            (0..self.columns).map(|column| self.background(column)).collect();
        let mut fill = |(from, to): (Date, Date), cell: Cell| {
            for (column, slot) in cells.iter_mut().enumerate() {
                let Some(first) = self.day(column) else { continue };
                let last = first.add_days(self.scale - 1).unwrap_or(first);
                if from <= last && first <= to {
                    *slot = cell;
                }
            }
        };
        if let Some(window) = lane.window {
            fill(window, Cell::Window);
        }
        if let Some((due, until)) = lane.after {
            fill((due, until), Cell::After);
        }
        if let Some((first, _)) = lane.window.filter(|_| lane.opens) {
            fill((first, first), Cell::Opens);
        }
        for (day, mark) in &lane.marks {
            fill((*day, *day), Cell::Mark(*mark));
        }
        let ends = lane.window.into_iter().chain(lane.after).flat_map(|(from, to)| [from, to]);
        let days = || ends.clone().chain(lane.marks.iter().map(|(day, _)| *day));
        if days().any(|day| day < self.span.first)
            && let Some(slot) = cells.first_mut().filter(|cell| !cell.is_mark())
        {
            *slot = Cell::Earlier;
        }
        if days().any(|day| day > self.span.last)
            && let Some(slot) = cells.last_mut().filter(|cell| !cell.is_mark())
        {
            *slot = Cell::Later;
        }
        cells
    }

    fn glyph(&self, cell: Cell) -> char {
        let [fine, ascii] = match cell {
            Cell::Blank => [' ', ' '],
            Cell::Today => ['│', '|'],
            Cell::Window => ['─', '-'],
            Cell::Opens => ['├', '['],
            Cell::After => ['━', '='],
            Cell::Earlier => ['◂', '<'],
            Cell::Later => ['▸', '>'],
            Cell::Mark(Mark::Last) => ['◆', '#'],
            Cell::Mark(Mark::Other) => ['◇', '?'],
            Cell::Mark(Mark::Done) => ['●', 'o'],
            Cell::Mark(Mark::Stage(stage)) => {
                let digit = char::from_digit(u32::from(stage.min(35)), 36).unwrap_or('*');
                [digit, digit]
            }
        };
        if self.style.unicode { fine } else { ascii }
    }

    /// Cells as text, the same colour in one piece.
    fn painted(&self, cells: &[Cell], urgent: bool) -> String {
        let colour = |cell: Cell| match cell {
            Cell::Today => "36",
            Cell::After => "31",
            Cell::Mark(Mark::Last) if urgent => "1;31",
            Cell::Mark(_) => "1",
            Cell::Blank | Cell::Window | Cell::Opens | Cell::Earlier | Cell::Later => "",
        };
        let end = cells.iter().rposition(|cell| *cell != Cell::Blank).map_or(0, |last| last + 1);
        let mut out = String::new();
        for piece in cells.get(..end).unwrap_or_default().chunk_by(|a, b| colour(*a) == colour(*b))
        {
            let text: String = piece.iter().map(|cell| self.glyph(*cell)).collect();
            let colour = piece.first().map_or("", |cell| colour(*cell));
            out += &if colour.is_empty() { text } else { paint(&self.style, colour, &text) };
        }
        out
    }

    /// What the marks that were used stand for.
    pub(super) fn key(&self, used: &[Cell]) -> String {
        let stages = used.iter().any(|cell| matches!(cell, Cell::Mark(Mark::Stage(_))));
        let mut parts: Vec<String> = [
            (Cell::Window, "time in which it can be done"),
            (Cell::Opens, "first day"),
            (Cell::Mark(Mark::Last), "last day in time"),
            (Cell::Mark(Mark::Other), "also possible"),
            (Cell::After, "after the last day"),
            (Cell::Mark(Mark::Done), "done"),
            (Cell::Earlier, "begins earlier"),
            (Cell::Later, "goes on"),
            (Cell::Today, "as of"),
        ]
        .into_iter()
        .filter(|(cell, _)| used.contains(cell))
        .map(|(cell, words)| format!("{} {words}", self.glyph(cell)))
        .collect();
        if stages {
            parts.push("a number: that stage is opened".to_owned());
        }
        let mut lines: Vec<String> = Vec::new();
        for part in parts {
            match lines.last_mut() {
                Some(line)
                    if line.chars().count() + 3 + part.chars().count() <= self.style.width =>
                {
                    line.push_str("   ");
                    line.push_str(&part);
                }
                _ => lines.push(part),
            }
        }
        lines.into_iter().map(|line| line + "\n").collect()
    }
}
