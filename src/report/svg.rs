//! The charts of the page: horizontal bars as SVG, with a title and a description for those who
//! cannot see them. The figures themselves stand in the table below each chart.

use maud::{Markup, html};

use super::table::{Cell, Chart, Table};

/// The width of the drawing, in its own units; the page scales it.
const WIDE: usize = 720;

/// The height of a row.
const ROW: usize = 26;

/// The width of the labels on the left.
const LABEL: usize = 252;

/// The width of the number on the right.
const NUMBER: usize = 64;

/// A part of a bar.
struct Piece {
    from: usize,
    width: usize,
    class: usize,
    title: String,
}

/// Draws a table, if it has a chart.
pub(super) fn chart(table: &Table) -> Option<Markup> {
    let chart = table.chart.as_ref()?;
    let rows: Vec<&Vec<Cell>> = drawn(table);
    if rows.is_empty() {
        return None;
    }
    let title = |place: usize| table.columns.get(place).map_or("", |column| column.title.as_str());
    let number = |row: &[Cell], place: usize| row.get(place).map_or(0, Cell::number);
    let room = WIDE - LABEL - NUMBER;
    let (parts, most) = match chart {
        Chart::Parts(parts) => (parts.clone(), None),
        Chart::Numbers(place) => {
            let most = rows.iter().map(|row| number(row, *place)).max().unwrap_or(0);
            (vec![*place], Some(most.max(1)))
        }
    };
    let high = rows.len() * ROW + 8;
    let bars = rows.iter().enumerate().map(|(place, row)| {
        let numbers: Vec<u64> = parts.iter().map(|&place| number(row, place)).collect();
        let all: u64 = numbers.iter().sum();
        let label = Table::label(row);
        let mut from = LABEL;
        let mut pieces = Vec::new();
        for (class, (&number, &place)) in numbers.iter().zip(&parts).enumerate() {
            let whole = most.unwrap_or(all).max(1);
            let width = (number * room as u64 / whole) as usize;
            // What is there is seen.
            let width = if number > 0 { width.max(2) } else { 0 };
            let title = format!("{label}: {}, {number}", title(place).to_lowercase());
            pieces.push(Piece { from, width, class, title });
            from += width;
        }
        pieces.retain(|piece| piece.width > 0);
        (place * ROW + 4, label, all, pieces)
    });
    let names: Vec<&str> = parts.iter().map(|&place| title(place)).collect();
    let described = match most {
        Some(_) => format!("A bar for each row shows {}.", names.join(", ").to_lowercase()),
        None => format!(
            "A bar for each row is divided into {}; the number beside it is their sum.",
            names.join(", ").to_lowercase()
        ),
    };
    let id = &table.name;
    Some(html! {
        svg viewBox=(format!("0 0 {WIDE} {high}")) role="img" aria-labelledby=(format!("{id}-t {id}-d")) {
            title id=(format!("{id}-t")) { (table.title) }
            desc id=(format!("{id}-d")) { (described) " The table below has the same figures." }
            @for (top, label, all, pieces) in bars {
                text x=(LABEL - 10) y=(top + 16) text-anchor="end" { (short(&label)) }
                @for piece in pieces {
                    rect class=(format!("p{}", piece.class)) x=(piece.from) y=(top) width=(piece.width) height=(ROW - 6) {
                        title { (piece.title) }
                    }
                }
                text x=(WIDE - 4) y=(top + 16) text-anchor="end" { (all) }
            }
        }
        p.legend {
                @for (class, name) in names.iter().enumerate() {
                    span {
                        svg.key viewBox="0 0 14 14" aria-hidden="true" { rect class=(format!("p{class}")) x="1" y="1" width="12" height="12" {} }
                        (name)
                    }
                }
            }
    })
}

/// The rows that are drawn: of a table by stretches of time, the months, or else the quarters.
fn drawn(table: &Table) -> Vec<&Vec<Cell>> {
    let kind = |row: &Vec<Cell>| match row.first() {
        Some(Cell::Span(span)) => Some(span.kind),
        _ => None,
    };
    let first = table.rows.first().and_then(kind);
    table.rows.iter().filter(|row| kind(row) == first).collect()
}

/// A label that fits beside the bars.
fn short(label: &str) -> String {
    const MOST: usize = 33;
    if label.chars().count() <= MOST {
        return label.to_owned();
    }
    let mut short: String = label.chars().take(MOST - 1).collect();
    short.push('…');
    short
}
