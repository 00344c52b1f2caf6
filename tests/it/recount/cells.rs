//! Tables as plain lines, one for each cell: `table | row | column = value`.

use std::fmt::Display;

use duly::calendar::Date;
use duly::report::{Cell, Report};

/// The cells of tables, sorted.
pub(super) type Cells = Vec<String>;

/// A stretch of time for which there are figures.
#[derive(Clone, Debug)]
pub(super) struct Period {
    pub(super) kind: &'static str,
    pub(super) from: Date,
    pub(super) to: Date,
}

impl Period {
    pub(super) fn has(&self, day: Option<Date>) -> bool {
        day.is_some_and(|day| self.from <= day && day <= self.to)
    }

    pub(super) fn label(&self) -> String {
        format!(" {} {} {}", self.kind, self.from, self.to)
    }

    /// The name of its column, in a table that has one for each.
    pub(super) fn column(&self) -> String {
        format!("{}_{}", self.kind, self.from).replace('-', "_")
    }
}

/// The months, the quarters and the whole of a time, found by going through its days.
pub(super) fn periods(from: Date, to: Date) -> Vec<Period> {
    let mut months: Vec<Period> = Vec::new();
    let mut quarters: Vec<Period> = Vec::new();
    let mut day = from;
    while day <= to {
        let (_, month, date) = day.ymd();
        let new = day == from || date == 1;
        if new {
            months.push(Period { kind: "month", from: day, to: day });
        }
        if new && (day == from || [1, 4, 7, 10].contains(&month)) {
            quarters.push(Period { kind: "quarter", from: day, to: day });
        }
        for last in [months.last_mut(), quarters.last_mut()].into_iter().flatten() {
            last.to = day;
        }
        day = day.add_days(1).unwrap();
    }
    let mut all = months;
    all.append(&mut quarters);
    all.push(Period { kind: "whole", from, to });
    all
}

pub(super) fn cell(table: &str, row: &str, column: &str, value: impl Display) -> String {
    format!("{table} | {row} | {column} = {value}")
}

/// A share, as what it is of what.
pub(super) fn share(part: u64, whole: u64) -> String {
    format!("{part} of {whole}")
}

/// The cells of a report.
pub(super) fn cells_of(report: &Report) -> Cells {
    let mut cells = Cells::new();
    for table in &report.tables {
        for row in &table.rows {
            let mut labels = String::new();
            for (one, column) in row.iter().zip(&table.columns) {
                let value = match one {
                    Cell::Span(span) => {
                        labels += &format!(" {} {} {}", span.kind.name(), span.from, span.to);
                        continue;
                    }
                    Cell::Text(text) => {
                        labels += &format!("/{text}");
                        continue;
                    }
                    Cell::Count(number) => number.to_string(),
                    Cell::Share(part, whole) => share(*part, *whole),
                    Cell::Day(day) => day.to_string(),
                    Cell::Blank => String::new(),
                };
                cells.push(cell(&table.name, &labels, &column.name, value));
            }
        }
    }
    cells.sort();
    cells
}
