//! A report as tables: what every renderer is given.

use super::frame::{Frame, Span, SpanKind};
use crate::calendar::Date;

/// A report, ready to be written in any form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The policy's name.
    pub policy: String,
    /// What it is called, and of whom: `Looked After Reviews, Northtown`.
    pub title: String,
    /// The time it covers.
    pub frame: Frame,
    /// How many cases are in the figures.
    pub cases: u64,
    /// How many cases, or pieces of input, are not.
    pub refused: u64,
    /// What holds for the whole report, a sentence each.
    pub notes: Vec<String>,
    /// The tables, in the order in which to read them.
    pub tables: Vec<Table>,
}

/// A table of figures, with what it counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its name in data: small letters, digits and hyphens.
    pub name: String,
    /// Its title for people.
    pub title: String,
    /// What is counted, in sentences. Every figure of the table means this and nothing else.
    pub definition: String,
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows; each has a cell for every column.
    pub rows: Vec<Vec<Cell>>,
    /// What to draw of it, if anything.
    pub chart: Option<Chart>,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name in data: small letters, digits and underscores.
    pub name: String,
    /// Its heading for people.
    pub title: String,
    /// The stretch of time that it is for, where it is for one.
    pub span: Option<Span>,
}

/// What stands in one place of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// A stretch of the report's time.
    Span(Span),
    /// A text. It may come from the policy or from a case, and no renderer trusts it.
    Text(String),
    /// A number of things.
    Count(u64),
    /// A part of a whole; nothing can be said where the whole is none.
    Share(u64, u64),
    /// A day.
    Day(Date),
    /// Nothing, because there is nothing to say.
    Blank,
}

/// What is drawn of a table, beside its figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Chart {
    /// For each row the parts that these columns count, as shares of their sum.
    Parts(Vec<(usize, Shade)>),
    /// For each row the number in this column.
    Numbers(usize),
}

/// How a part of a bar looks: what means the same looks the same in every chart. None of them calls a
/// figure good or bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shade {
    /// In time.
    InTime,
    /// Late, or not all in time.
    Late,
    /// Not done.
    NotDone,
    /// Cannot be said.
    Unsaid,
    /// One of five steps of a scale, from 0.
    Step(u8),
}

impl Column {
    /// A column of this name and heading.
    pub(super) fn new(name: &str, title: &str) -> Self {
        Self { name: name.to_owned(), title: title.to_owned(), span: None }
    }

    /// A column for a stretch of time.
    pub(super) fn of(span: Span) -> Self {
        let name = format!("{}_{}", span.kind.name(), span.from).replace('-', "_");
        Self { name, title: span.to_string(), span: Some(span) }
    }
}

impl Cell {
    /// The number in it, for a chart.
    pub(super) fn number(&self) -> u64 {
        match self {
            Self::Count(number) => *number,
            Self::Span(_) | Self::Text(_) | Self::Share(..) | Self::Day(_) | Self::Blank => 0,
        }
    }

    /// The kind of the stretch that it is for, if it is one.
    pub(super) fn kind(&self) -> Option<SpanKind> {
        match self {
            Self::Span(span) => Some(span.kind),
            Self::Text(_) | Self::Count(_) | Self::Share(..) | Self::Day(_) | Self::Blank => None,
        }
    }

    /// Whether it stands on the left of its column, as words do.
    pub(super) fn is_words(&self) -> bool {
        matches!(self, Self::Span(_) | Self::Text(_))
    }

    /// The cell as people read it. A share is rounded down, so that 100% means all of them.
    pub(super) fn shown(&self) -> String {
        match self {
            Self::Span(span) => span.to_string(),
            Self::Text(text) => crate::diagnostic::printable::one_line(text),
            Self::Count(number) => grouped(*number),
            Self::Share(_, 0) | Self::Blank => "-".to_owned(),
            Self::Share(part, whole) => {
                let thousandths = part * 1000 / whole;
                format!("{}.{}%", thousandths / 10, thousandths % 10)
            }
            Self::Day(day) => day.short().to_string(),
        }
    }
}

/// A number with a comma before each three digits.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A count for a form that has one kind of number.
pub(super) fn decimal(number: u64) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}

impl Table {
    /// Whether each row is for a stretch of time.
    pub(super) fn spanned(&self) -> bool {
        self.rows.iter().any(|row| row.first().is_some_and(|cell| cell.kind().is_some()))
    }
}

#[cfg(feature = "report")]
impl Table {
    /// The rows that are drawn: of a table by stretches of time, the months.
    pub(super) fn drawn(&self) -> Vec<&Vec<Cell>> {
        let kind = |row: &Vec<Cell>| row.first().and_then(Cell::kind);
        let first = self.rows.first().and_then(kind);
        self.rows.iter().take_while(|row| kind(row) == first).collect()
    }

    /// The words that stand before the figures of a row.
    pub(super) fn label(row: &[Cell]) -> String {
        let words: Vec<String> =
            row.iter().take_while(|cell| cell.is_words()).map(Cell::shown).collect();
        words.join(", ")
    }
}
