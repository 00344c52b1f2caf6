//! The charts of the page: horizontal bars, with a description for those who cannot see them. They are
//! made of the page's own boxes, so that their words wrap and stay as large as any other on a phone.
//! The figures themselves stand in the table below each chart.

use maud::{Markup, html};

use super::table::{Cell, Chart, Shade, Table};

/// A part of a bar.
struct Piece {
    number: u64,
    shade: Shade,
    title: String,
}

/// Draws a table, if it has a chart.
pub(super) fn chart(table: &Table) -> Option<Markup> {
    let chart = table.chart.as_ref()?;
    let rows = table.drawn();
    let number = |row: &[Cell], place: usize| row.get(place).map_or(0, Cell::number);
    let (parts, most) = match chart {
        Chart::Parts(parts) => (parts.clone(), None),
        Chart::Numbers(place) => {
            let most = rows.iter().map(|row| number(row, *place)).max().unwrap_or(0);
            (vec![(*place, Shade::InTime)], Some(most))
        }
    };
    let all = |row: &[Cell]| parts.iter().map(|&(place, _)| number(row, place)).sum::<u64>();
    // A month with nothing is a gap to be seen; anybody else with nothing only takes room.
    let gap = |row: &[Cell]| row.first().is_some_and(|cell| cell.kind().is_some());
    let rows: Vec<&Vec<Cell>> = rows.into_iter().filter(|row| all(row) > 0 || gap(row)).collect();
    if rows.iter().all(|row| all(row) == 0) {
        return None;
    }
    let title = |place: usize| table.columns.get(place).map_or("", |column| column.title.as_str());
    let names: Vec<(&str, Shade)> =
        parts.iter().map(|&(place, shade)| (title(place), shade)).collect();
    // What the number beside each bar is.
    let beside = match (most, names.first()) {
        (Some(_), Some((name, _))) => name,
        _ => "In all",
    };
    let listed = names.iter().map(|(name, _)| name.to_lowercase()).collect::<Vec<_>>().join(", ");
    let described = match most {
        Some(_) => format!("{}: a bar for each row shows {listed}.", table.title),
        None => format!(
            "{}: a bar for each row is divided into {listed}; the number beside it is their sum.",
            table.title
        ),
    };
    let bars = rows.iter().map(|row| {
        let label = Table::label(row);
        let pieces: Vec<Piece> = parts
            .iter()
            .map(|&(place, shade)| {
                let number = number(row, place);
                let shown = Cell::Count(number).shown();
                let title = format!("{label}: {}, {shown}", title(place).to_lowercase());
                Piece { number, shade, title }
            })
            .filter(|piece| piece.number > 0)
            .collect();
        (label, all(row), pieces)
    });
    Some(html! {
        div.chart role="img" aria-label={ (described) " The table below has the same figures." } {
            div.bar { span.label {} span.track {} span.number.head { (beside) } }
            @for (label, all, pieces) in bars {
                div.bar {
                    span.label { (label) }
                    span.track {
                        @for piece in pieces {
                            span.(class(piece.shade)) style=(width(piece.number, most.unwrap_or(all))) title=(piece.title) {}
                        }
                    }
                    span.number { (Cell::Count(all).shown()) }
                }
            }
        }
        @if names.len() > 1 {
            p.legend {
                @for (name, shade) in &names {
                    span.key { span.(class(*shade)) aria-hidden="true" {} (name) }
                }
            }
        }
    })
}

/// The width of a part, in hundredths of a percent of the whole bar. What is there is seen: the style of
/// the page gives each at least two points.
fn width(number: u64, whole: u64) -> String {
    let parts = number * 10_000 / whole.max(1);
    format!("width:{}.{:02}%", parts / 100, parts % 100)
}

/// The class of a part in the page's style.
fn class(shade: Shade) -> String {
    match shade {
        Shade::InTime => "kept".to_owned(),
        Shade::Late => "late".to_owned(),
        Shade::NotDone => "not".to_owned(),
        Shade::Unsaid => "unsaid".to_owned(),
        Shade::Step(step) => format!("step{step}"),
    }
}
