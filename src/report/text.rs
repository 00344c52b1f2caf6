//! A report as text: tables with small bars, at any width and in ASCII.

use std::borrow::Cow;

use super::frame::{Frame, SpanKind};
use super::table::{Cell, Chart, Column, Report, Shade, Table};
use crate::render::{Style, wrapped};

/// The characters between two columns.
const GAP: usize = 2;

/// The narrowest bar worth drawing.
const SHORTEST: usize = 8;

/// The longest bar that is easy to read.
const LONGEST: usize = 24;

/// The most characters of the words before the figures, so that the figures stay in sight.
const WORDS: usize = 32;

/// Writes a report for a terminal or a letter.
pub fn text(report: &Report, style: &Style) -> String {
    let frame = &report.frame;
    let mut out = wrapped(&format!("{}: figures", report.title), "", "  ", style);
    let cases = match report.cases {
        1 => "1 case".to_owned(),
        cases => format!("{} cases", Cell::Count(cases).shown()),
    };
    let included = match report.refused {
        0 => format!("{cases}."),
        refused => {
            format!("{cases}; not included: {} (see the end).", Cell::Count(refused).shown())
        }
    };
    let time = format!(
        "From {} to {}, as of {}. {included}",
        frame.from.long(),
        frame.to.long(),
        frame.as_of.long()
    );
    out += &wrapped(&time, "", "  ", style);
    for note in &report.notes {
        out += &wrapped(note, "", "  ", style);
    }
    for table in &report.tables {
        out += "\n";
        out += &wrapped(&table.title, "", "  ", style);
        let (table, explained) = by_month(table, frame, style);
        out += &body(&table, style);
        out += &wrapped(&format!("{}{explained}", table.definition), "  ", "  ", style);
    }
    if style.unicode { out } else { out.replace(['“', '”'], "\"") }
}

/// A table with a column for each month of the report, brought to one character for each, with what
/// they mean. Any other table stays as it is.
fn by_month<'a>(table: &'a Table, frame: &Frame, style: &Style) -> (Cow<'a, Table>, String) {
    let of = |kind: SpanKind| {
        let columns = table.columns.iter().enumerate();
        let found = columns.filter_map(move |(place, column)| Some((place, column.span?)));
        found.filter(move |(_, span)| span.kind == kind).collect::<Vec<_>>()
    };
    let (months, whole) = (of(SpanKind::Month), of(SpanKind::Whole));
    let all = frame.spans().iter().filter(|span| span.kind == SpanKind::Month).count();
    let (Some((_, first)), Some((_, last))) = (months.first(), months.last()) else {
        return (Cow::Borrowed(table), String::new());
    };
    if months.len() != all {
        return (Cow::Borrowed(table), String::new());
    }
    let kept: Vec<usize> =
        (0..leading(table)).chain(whole.iter().map(|(place, _)| *place)).collect();
    let rows = table.rows.iter().map(|row| {
        let mut cells: Vec<Cell> =
            kept.iter().filter_map(|&place| row.get(place).cloned()).collect();
        let numbers: Vec<u64> =
            months.iter().map(|(place, _)| row.get(*place).map_or(0, Cell::number)).collect();
        let most = numbers.iter().copied().max().unwrap_or(0);
        cells.push(Cell::Text(numbers.iter().map(|&number| height(number, most, style)).collect()));
        cells
    });
    let mut columns: Vec<Column> =
        kept.iter().filter_map(|&place| table.columns.get(place).cloned()).collect();
    columns.push(Column::new("months", "Month by month"));
    let levels: Vec<String> = (1..=4).map(|part| height(part * 4, 16, style).to_string()).collect();
    let explained = format!(
        " Month by month: a character for each month from {} to {}, a dot for none; the number itself, or \
         in a row with ten or more in a month {} by the quarter of its busiest month that is reached. The \
         forms csv, json, html and xlsx have all numbers.",
        first.month(),
        last.month(),
        levels.join(" ")
    );
    let table = Table { columns, rows: rows.collect(), ..table.clone() };
    (Cow::Owned(table), explained)
}

/// The character for a number, where the largest in its row is `most`: its digit, or else the quarter of
/// the largest that it reaches.
fn height(number: u64, most: u64, style: &Style) -> char {
    if number == 0 {
        return '.';
    }
    if most < 10 {
        return char::from_digit(number as u32, 10).unwrap_or('?');
    }
    match ((number * 4).div_ceil(most), style.unicode) {
        (1, true) => '░',
        (2, true) => '▒',
        (3, true) => '▓',
        (_, true) => '█',
        (1, false) => '-',
        (2, false) => '+',
        (3, false) => '*',
        (_, false) => '#',
    }
}

/// The rows of a table, in several pieces side by side in the order of the columns if the page is too
/// narrow for one.
fn body(table: &Table, style: &Style) -> String {
    let lead = leading(table);
    // Of several columns of words the first stands above the rows that share it.
    let grouped = usize::from(lead > 1);
    let indent = if grouped > 0 { "  " } else { "" };
    let room = label_room(style).saturating_sub(indent.len());
    let labels: Vec<Vec<String>> = table
        .rows
        .iter()
        .map(|row| {
            let words: Vec<String> = row.iter().take(lead).skip(grouped).map(Cell::shown).collect();
            let lines = cut(&words.join(": "), room);
            lines.into_iter().map(|line| format!("{indent}{line}")).collect()
        })
        .collect();
    let heading: Vec<String> =
        table.columns.iter().take(lead).map(|column| column.title.clone()).collect();
    let heading = cut(&heading.join(", "), room);
    let first = labels.iter().flatten().chain(&heading).map(|line| line.chars().count()).max();
    let first = first.unwrap_or(0);
    let columns: Vec<Set> =
        (lead..table.columns.len()).map(|place| Set::of(table, place)).collect();
    let mut out = String::new();
    let mut rest = columns.as_slice();
    loop {
        let mut used = 2 + first;
        let fits = rest
            .iter()
            .take_while(|column| {
                used += GAP + column.width;
                used <= style.width
            })
            .count()
            .max(1)
            .min(rest.len());
        let (here, left) = rest.split_at(fits);
        let used = 2 + first + here.iter().map(|column| GAP + column.width).sum::<usize>();
        let room = style.width.saturating_sub(used + GAP).min(LONGEST);
        let beside = left.is_empty().then(|| bars(table, room, style)).flatten();
        out += &piece((&heading, &labels, first), here, beside.as_deref(), table);
        if left.is_empty() {
            if beside.is_none() {
                // There is no room beside the figures, so the bars stand below them.
                let room = style.width.saturating_sub(2 + first + GAP).clamp(SHORTEST, LONGEST);
                if let Some(below) = bars(table, room, style) {
                    out += "\n";
                    out += &piece((&[], &labels, first), &[], Some(&below), table);
                }
            }
            break;
        }
        out += "\n";
        rest = left;
    }
    if let Some(legend) = legend(table, style) {
        out += &wrapped(&legend, "  ", "  ", style);
    }
    out
}

/// How many columns of words stand before the figures.
fn leading(table: &Table) -> usize {
    let words =
        |place: usize| table.rows.iter().all(|row| row.get(place).is_some_and(Cell::is_words));
    let known = table.columns.iter().map(|column| column.name.as_str());
    known.enumerate().take_while(|&(place, name)| words(place) && name != "months").count()
}

fn label_room(style: &Style) -> usize {
    WORDS.min(style.width.saturating_sub(26)).max(16)
}

/// Breaks words into lines of so many characters; what cannot be broken runs over.
fn cut(words: &str, room: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in words.split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// A column of figures, set.
struct Set {
    heading: Vec<String>,
    cells: Vec<Vec<String>>,
    width: usize,
    words: bool,
}

impl Set {
    fn of(table: &Table, place: usize) -> Self {
        let title = table.columns.get(place).map_or("", |column| column.title.as_str());
        let words = table.rows.iter().any(|row| matches!(row.get(place), Some(Cell::Text(_))));
        let room = if words { WORDS } else { 0 };
        let cells: Vec<Vec<String>> = table
            .rows
            .iter()
            .map(|row| {
                let shown = row.get(place).map(Cell::shown).unwrap_or_default();
                if words { cut(&shown, room) } else { vec![shown] }
            })
            .collect();
        let widest = cells.iter().flatten().map(|line| line.chars().count()).max().unwrap_or(0);
        // Narrow columns of figures have headings of several short lines.
        let heading = cut(title, widest.max(6));
        let headed = heading.iter().map(|line| line.chars().count()).max().unwrap_or(0);
        Self { heading, cells, width: widest.max(headed), words }
    }

    fn pad(&self, text: &str) -> String {
        let gap = " ".repeat(self.width.saturating_sub(text.chars().count()));
        if self.words { format!("{text}{gap}") } else { format!("{gap}{text}") }
    }
}

/// One piece of a table: the words, some columns, and the bars.
fn piece(
    (heading, labels, first): (&[String], &[Vec<String>], usize),
    columns: &[Set],
    bars: Option<&[String]>,
    table: &Table,
) -> String {
    let line = |label: &str, cells: &mut dyn Iterator<Item = String>, bar: &str| {
        let mut line =
            format!("  {label}{}", " ".repeat(first.saturating_sub(label.chars().count())));
        for cell in cells {
            line += &" ".repeat(GAP);
            line += &cell;
        }
        if !bar.is_empty() {
            line += &" ".repeat(GAP);
            line += bar;
        }
        format!("{}\n", line.trim_end())
    };
    let mut out = String::new();
    let grouped = leading(table) > 1;
    let high = columns.iter().map(|column| column.heading.len()).max().unwrap_or(0);
    let high = high.max(heading.len());
    for row in 0..high {
        // Headings stand on the line above the figures, so short ones begin lower.
        let at = |lines: &[String]| {
            let skip = high - lines.len();
            row.checked_sub(skip).and_then(|row| lines.get(row)).cloned().unwrap_or_default()
        };
        let mut cells = columns.iter().map(|column| column.pad(&at(&column.heading)));
        out += &line(&at(heading), &mut cells, "");
    }
    let mut before = None;
    let mut group = String::new();
    for (place, label) in labels.iter().enumerate() {
        let shared = table.rows.get(place).and_then(|row| row.first()).map(Cell::shown);
        if let Some(shared) = shared.filter(|shared| grouped && *shared != group) {
            out += &format!("  {shared}\n");
            group = shared;
        }
        // Months, quarters and the whole stand apart.
        let kind = table.rows.get(place).and_then(|row| row.first()?.kind());
        if place > 0 && kind != before {
            out += "\n";
        }
        before = kind;
        let cell = |column: &Set, row: usize| {
            let lines = column.cells.get(place);
            column.pad(lines.and_then(|lines| lines.get(row)).map_or("", String::as_str))
        };
        let deep = columns.iter().filter_map(|column| column.cells.get(place).map(Vec::len)).max();
        for row in 0..label.len().max(deep.unwrap_or(1)) {
            let words = label.get(row).map_or("", String::as_str);
            let bar = bars.and_then(|bars| bars.get(place)).map_or("", String::as_str);
            let mut cells = columns.iter().map(|column| cell(column, row));
            out += &line(words, &mut cells, if row == 0 { bar } else { "" });
        }
    }
    out
}

/// The character for a part of a bar.
fn mark(shade: Shade, style: &Style) -> char {
    match (shade, style.unicode) {
        (Shade::InTime | Shade::Step(0), true) => '█',
        (Shade::Late | Shade::Step(1), true) => '▓',
        (Shade::NotDone | Shade::Step(2), true) => '▒',
        (Shade::Unsaid | Shade::Step(3), true) => '░',
        (Shade::Step(_), true) => '·',
        (Shade::InTime | Shade::Step(0), false) => '#',
        (Shade::Late | Shade::Step(1), false) => '+',
        (Shade::NotDone | Shade::Step(2), false) => '-',
        (Shade::Unsaid | Shade::Step(3), false) => '?',
        (Shade::Step(_), false) => '.',
    }
}

/// What the parts of a bar stand for.
fn legend(table: &Table, style: &Style) -> Option<String> {
    let parts = match table.chart.as_ref()? {
        Chart::Parts(parts) => parts,
        Chart::Numbers(place) => &vec![(*place, Shade::InTime)],
    };
    let names = parts.iter().filter_map(|&(place, shade)| {
        let title = table.columns.get(place)?.title.to_lowercase();
        Some(format!("{} {title}", mark(shade, style)))
    });
    Some(names.collect::<Vec<_>>().join("   "))
}

/// A bar for each row, if there is room for one.
fn bars(table: &Table, room: usize, style: &Style) -> Option<Vec<String>> {
    if room < SHORTEST {
        return None;
    }
    let number = |row: &[Cell], place: usize| row.get(place).map_or(0, Cell::number);
    let bars = match table.chart.as_ref()? {
        Chart::Parts(parts) => {
            let bar = |row: &Vec<Cell>| {
                let numbers: Vec<u64> =
                    parts.iter().map(|&(place, _)| number(row, place)).collect();
                let drawn = |(length, &(_, shade)): (usize, &(usize, Shade))| {
                    std::iter::repeat_n(mark(shade, style), length).collect::<String>()
                };
                shares(&numbers, room).into_iter().zip(parts).map(drawn).collect()
            };
            table.rows.iter().map(bar).collect()
        }
        Chart::Numbers(place) => {
            // A quarter is no longer than its longest quarter, a month than its longest month.
            let kind = |row: &[Cell]| row.first().and_then(Cell::kind);
            let most = |row: &[Cell]| {
                let alike = table.rows.iter().filter(|other| kind(other) == kind(row));
                alike.map(|row| number(row, *place)).max().unwrap_or(0).max(1)
            };
            let mark = mark(Shade::InTime, style);
            let bar = |row: &Vec<Cell>| {
                let length = (number(row, *place) * room as u64).div_ceil(most(row));
                std::iter::repeat_n(mark, length as usize).collect()
            };
            table.rows.iter().map(bar).collect()
        }
    };
    Some(bars)
}

/// Divides a bar among numbers by their shares. What is there is seen: the least share has one
/// character, at the cost of the largest.
fn shares(numbers: &[u64], room: usize) -> Vec<usize> {
    let all: u64 = numbers.iter().sum();
    if all == 0 {
        return vec![0; numbers.len()];
    }
    let mut lengths: Vec<usize> = numbers
        .iter()
        .map(|&number| match number * room as u64 / all {
            0 if number > 0 => 1,
            length => length as usize,
        })
        .collect();
    while lengths.iter().sum::<usize>() != room {
        let short = lengths.iter().sum::<usize>() < room;
        let Some(longest) = lengths.iter_mut().max_by_key(|length| **length) else { break };
        if short {
            *longest += 1;
        } else if *longest > 1 {
            *longest -= 1;
        } else {
            break;
        }
    }
    lengths
}
