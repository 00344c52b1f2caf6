//! A report as data: CSV, one table or all of them in long form, and JSON.

use serde_json::{Map, Value, json};

use super::frame::Span;
use super::table::{Cell, Report, Table, decimal};
use crate::diagnostic::cell::write_line;

/// The name of the form of the data; its number changes when a reader of the old one would go wrong.
const SCHEMA: &str = "duly.report/1";

/// The columns of the long form: each figure on a line of its own.
pub const CSV_HEADER: [&str; 7] = ["table", "span", "from", "to", "row", "measure", "value"];

/// Writes every figure of a report on a line of its own.
pub fn csv_long(report: &Report) -> String {
    let mut out = String::new();
    write_line(CSV_HEADER, &mut out);
    for table in &report.tables {
        for row in &table.rows {
            let words: Vec<String> = row
                .iter()
                .take_while(|cell| cell.is_words())
                .filter(|cell| matches!(cell, Cell::Text(_)))
                .map(Cell::shown)
                .collect();
            let own = row.iter().find_map(|cell| match cell {
                Cell::Span(span) => Some(*span),
                _ => None,
            });
            let lead = row.iter().take_while(|cell| cell.is_words()).count();
            for (cell, column) in row.iter().zip(&table.columns).skip(lead) {
                let span = column.span.or(own);
                let [kind, from, to] = span_fields(span);
                let measure = if column.span.is_some() { "times" } else { column.name.as_str() };
                let fields = [
                    table.name.clone(),
                    kind,
                    from,
                    to,
                    words.join(" / "),
                    measure.to_owned(),
                    value(cell),
                ];
                write_line(&fields, &mut out);
            }
        }
    }
    out
}

/// Writes one table; a stretch of time takes three columns.
pub fn csv_table(table: &Table) -> String {
    let spanned = table.spanned();
    let mut header = Vec::new();
    for (place, column) in table.columns.iter().enumerate() {
        if place == 0 && spanned {
            header.extend(["span", "from", "to"].map(str::to_owned));
        } else {
            header.push(column.name.clone());
        }
    }
    let mut out = String::new();
    write_line(&header, &mut out);
    for row in &table.rows {
        let mut fields = Vec::new();
        for cell in row {
            match cell {
                Cell::Span(span) => fields.extend(span_fields(Some(*span))),
                other => fields.push(value(other)),
            }
        }
        write_line(&fields, &mut out);
    }
    out
}

fn span_fields(span: Option<Span>) -> [String; 3] {
    match span {
        Some(span) => [span.kind.name().to_owned(), span.from.to_string(), span.to.to_string()],
        None => [String::new(), String::new(), String::new()],
    }
}

/// A cell as data.
fn value(cell: &Cell) -> String {
    match cell {
        Cell::Span(span) => span.to_string(),
        Cell::Text(text) => text.clone(),
        Cell::Count(number) => number.to_string(),
        Cell::Share(_, 0) | Cell::Blank => String::new(),
        Cell::Share(part, whole) => share(*part, *whole),
        Cell::Day(day) => day.to_string(),
    }
}

/// A share as a decimal, rounded down to four places.
fn share(part: u64, whole: u64) -> String {
    let parts = part * 10_000 / whole.max(1);
    format!("{}.{:04}", parts / 10_000, parts % 10_000)
}

/// The report as a JSON value.
pub fn json(report: &Report) -> Value {
    let frame = &report.frame;
    json!({
        "schema": SCHEMA,
        "policy": report.policy,
        "title": report.title,
        "as_of": frame.as_of,
        "from": frame.from,
        "to": frame.to,
        "next_until": frame.horizon(),
        "cases": report.cases,
        "not_included": report.refused,
        "notes": report.notes,
        "tables": report.tables.iter().map(table_json).collect::<Vec<_>>(),
    })
}

fn table_json(table: &Table) -> Value {
    let columns = table.columns.iter().map(|column| {
        let mut value = json!({ "name": column.name, "title": column.title });
        if let (Some(span), Some(map)) = (column.span, value.as_object_mut()) {
            map.insert("span".to_owned(), span_json(span));
        }
        value
    });
    let rows = table.rows.iter().map(|row| {
        let cells = table.columns.iter().zip(row);
        Value::Object(
            cells
                .map(|(column, cell)| (column.name.clone(), cell_json(cell)))
                .collect::<Map<_, _>>(),
        )
    });
    json!({
        "name": table.name,
        "title": table.title,
        "definition": table.definition,
        "columns": columns.collect::<Vec<_>>(),
        "rows": rows.collect::<Vec<_>>(),
    })
}

fn span_json(span: Span) -> Value {
    json!({ "kind": span.kind.name(), "from": span.from, "to": span.to })
}

fn cell_json(cell: &Cell) -> Value {
    match cell {
        Cell::Span(span) => span_json(*span),
        Cell::Text(text) => json!(text),
        Cell::Count(number) => json!(number),
        Cell::Share(_, 0) | Cell::Blank => Value::Null,
        Cell::Share(part, whole) => json!(decimal(part * 10_000 / whole) / 10_000.0),
        Cell::Day(day) => json!(day),
    }
}
