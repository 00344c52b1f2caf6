//! A report as Markdown tables.

use super::table::{Cell, Report, Table};

/// Writes a report as Markdown.
pub fn markdown(report: &Report) -> String {
    let frame = &report.frame;
    let mut out = format!("# {}: figures\n\n", escaped(&report.title));
    let included = match report.refused {
        0 => String::new(),
        refused => format!(" Not included: {}.", Cell::Count(refused).shown()),
    };
    out += &format!(
        "From {} to {}, as of {}. Cases: {}.{included}\n",
        frame.from.long(),
        frame.to.long(),
        frame.as_of.long(),
        Cell::Count(report.cases).shown()
    );
    for note in &report.notes {
        out += &format!("\n{}\n", escaped(note));
    }
    for table in &report.tables {
        out += &format!(
            "\n## {}\n\n{}\n{}\n",
            escaped(&table.title),
            rows(table),
            escaped(&table.definition)
        );
    }
    out
}

fn rows(table: &Table) -> String {
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let mut out = line(table.columns.iter().map(|column| escaped(&column.title)).collect());
    let ruled = |place: usize| {
        let words = table.rows.iter().any(|row| row.get(place).is_some_and(Cell::is_words));
        if words { "---".to_owned() } else { "---:".to_owned() }
    };
    out += &line((0..table.columns.len()).map(ruled).collect());
    for row in &table.rows {
        out += &line(row.iter().map(|cell| escaped(&cell.shown())).collect());
    }
    out
}

/// Text in which nothing is markup: what comes from a case must not become a link or a tag.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' => {
                out.push('\\');
                out.push(letter);
            }
            _ => out.push(letter),
        }
    }
    out
}
