//! A report as an Excel workbook: a sheet of what it is, then one for each table.
//!
//! Dates are dates and shares are percentages, so that they can be sorted and reckoned with. Text is
//! written as text, and what looks like a formula has an apostrophe in front as well, because it would
//! become one as soon as somebody saved the sheet as CSV. Charts are the workbook's own, so that they
//! can be copied into a paper. The same report gives the same bytes.

use std::collections::BTreeSet;
use std::fmt;

use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, FormatUnderline, Url,
    Workbook, Worksheet, XlsxError,
};

use super::drawing;
use super::frame::Span;
use super::table::{Cell, Report, Table, decimal};
use crate::calendar::Date;
use crate::diagnostic::cell::guarded;

/// Why a workbook could not be made.
#[derive(Debug)]
pub struct WorkbookError(XlsxError);

impl fmt::Display for WorkbookError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the workbook cannot be made: {}", self.0)
    }
}

impl std::error::Error for WorkbookError {}

impl From<XlsxError> for WorkbookError {
    fn from(error: XlsxError) -> Self {
        Self(error)
    }
}

/// How cells look.
struct Look {
    heading: Format,
    words_heading: Format,
    title: Format,
    prose: Format,
    words: Format,
    link: Format,
    number: Format,
    share: Format,
    day: Format,
}

impl Look {
    fn new() -> Self {
        let heading = Format::new()
            .set_bold()
            .set_text_wrap()
            .set_align(FormatAlign::Top)
            .set_border_bottom(FormatBorder::Medium)
            .set_background_color(Color::RGB(0x00E7_EDF3));
        Self {
            words_heading: heading.clone(),
            heading: heading.set_align(FormatAlign::Right),
            title: Format::new().set_bold().set_font_size(14),
            prose: Format::new().set_text_wrap().set_align(FormatAlign::Top),
            words: Format::new().set_text_wrap().set_align(FormatAlign::Top),
            link: Format::new()
                .set_font_color(Color::RGB(0x001D_4F7C))
                .set_underline(FormatUnderline::Single)
                .set_align(FormatAlign::Top),
            number: Format::new().set_num_format("#,##0").set_align(FormatAlign::Top),
            share: Format::new().set_num_format("0.0%").set_align(FormatAlign::Top),
            day: Format::new().set_num_format("dd/mm/yyyy").set_align(FormatAlign::Top),
        }
    }
}

/// Writes a report as the bytes of a workbook.
pub fn workbook(report: &Report) -> Result<Vec<u8>, WorkbookError> {
    let mut book = Workbook::new();
    let mut properties = DocProperties::new().set_title(&report.title);
    // The clock plays no part, so that the same report is the same file.
    if let Some(day) = excel_day(report.frame.as_of)? {
        properties = properties.set_creation_datetime(&day);
    }
    book.set_properties(&properties);
    let look = Look::new();
    let mut taken = BTreeSet::from(["about".to_owned()]);
    let names: Vec<String> =
        report.tables.iter().map(|table| sheet_name(&table.name, &mut taken)).collect();
    about(book.add_worksheet().set_name("about")?, report, &names, &look)?;
    for (table, name) in report.tables.iter().zip(&names) {
        sheet(book.add_worksheet().set_name(name)?, (table, name), &look)?;
    }
    Ok(book.save_to_buffer()?)
}

/// The height of a line of text.
const LINE: f64 = 15.0;

/// How many lines a text takes in a column of a width. Not every program makes a row as high as the words
/// in it, so each is told; a line more than needed does no harm.
fn lines(text: &str, width: f64) -> f64 {
    let (mut lines, mut used) = (1.0, 0.0);
    for word in text.split(' ') {
        let long = decimal(word.chars().count() as u64);
        if used > 0.0 && used + 1.0 + long > width - 1.0 {
            lines += 1.0;
            used = 0.0;
        }
        used += long + 1.0;
    }
    lines
}

/// The first sheet: which report it is, and what each of the others counts.
fn about(
    sheet: &mut Worksheet,
    report: &Report,
    names: &[String],
    look: &Look,
) -> Result<(), WorkbookError> {
    const TITLE: f64 = 44.0;
    const PROSE: f64 = 90.0;
    let frame = &report.frame;
    sheet.set_column_width(0, 34)?;
    sheet.set_column_width(1, TITLE)?;
    sheet.set_column_width(2, PROSE)?;
    sheet.set_landscape();
    sheet.set_print_fit_to_pages(1, 0);
    sheet.write_string_with_format(0, 0, guarded(&report.title), &look.title)?;
    let days = [("From", frame.from), ("To", frame.to), ("As of", frame.as_of)];
    let mut row = 1;
    for (name, day) in days {
        sheet.write_string(row, 0, name)?;
        write_day(sheet, row, 1, day, &look.day.clone().set_align(FormatAlign::Left))?;
        row += 1;
    }
    let left = look.number.clone().set_align(FormatAlign::Left);
    for (name, number) in [("Cases", report.cases), ("Not included", report.refused)] {
        sheet.write_string(row, 0, name)?;
        sheet.write_number_with_format(row, 1, decimal(number), &left)?;
        row += 1;
    }
    for note in &report.notes {
        sheet.write_string(row, 0, "Note")?;
        sheet.merge_range(row, 1, row, 2, &guarded(note), &look.prose)?;
        sheet.set_row_height(row, lines(note, TITLE + PROSE) * LINE)?;
        row += 1;
    }
    row += 1;
    for (column, heading) in ["Sheet", "Table", "What it counts"].into_iter().enumerate() {
        sheet.write_string_with_format(row, column as u16, heading, &look.words_heading)?;
    }
    for (table, name) in report.tables.iter().zip(names) {
        row += 1;
        let link = Url::new(format!("internal:'{name}'!A1")).set_text(name);
        sheet.write_url_with_format(row, 0, link, &look.link)?;
        sheet.write_string_with_format(row, 1, guarded(&table.title), &look.prose)?;
        sheet.write_string_with_format(row, 2, guarded(&table.definition), &look.prose)?;
        let high = lines(&table.definition, PROSE).max(lines(&table.title, TITLE));
        sheet.set_row_height(row, high * LINE)?;
    }
    Ok(())
}

/// One table: headings in the first row, so that it can be filtered and pivoted as it is.
fn sheet(
    sheet: &mut Worksheet,
    (table, name): (&Table, &str),
    look: &Look,
) -> Result<(), WorkbookError> {
    const NARROW: f64 = 12.0;
    const MOST: f64 = 60.0;
    let mut column = 0;
    let mut places = Vec::new();
    for (place, heading) in table.columns.iter().enumerate() {
        places.push(column);
        let cells = || table.rows.iter().filter_map(move |row| row.get(place));
        if cells().any(|cell| matches!(cell, Cell::Span(_))) {
            let (words, days) = (&look.words_heading, &look.heading);
            for (name, width, look) in [
                ("Period", 23.0, words),
                ("Span", 10.0, words),
                ("From", NARROW, days),
                ("To", NARROW, days),
            ] {
                sheet.write_string_with_format(0, column, name, look)?;
                sheet.set_column_width(column, width)?;
                column += 1;
            }
            continue;
        }
        let words = cells().any(Cell::is_words);
        let format = if words { &look.words_heading } else { &look.heading };
        sheet.write_string_with_format(0, column, guarded(&heading.title), format)?;
        let widest = cells().map(|cell| cell.shown().chars().count()).max().unwrap_or(0);
        let width = if words { (decimal(widest as u64) + 2.0).clamp(NARROW, MOST) } else { NARROW };
        sheet.set_column_width(column, width)?;
        column += 1;
    }
    for (row, cells) in (1..).zip(&table.rows) {
        let mut high = 1.0_f64;
        for (cell, &column) in cells.iter().zip(&places) {
            write(sheet, row, column, cell, look)?;
            high = high.max(lines(&cell.shown(), MOST));
        }
        sheet.set_row_height(row, high * LINE)?;
    }
    // The headings stay in sight, and so do the words before the figures.
    let words =
        |place: &usize| table.rows.iter().all(|row| row.get(*place).is_some_and(Cell::is_words));
    let lead = if table.spanned() { 1 } else { (0..table.columns.len()).take_while(words).count() };
    sheet.set_freeze_panes(1, lead as u16)?;
    let lines = table.columns.iter().map(|column| lines(&column.title, NARROW)).fold(1.0, f64::max);
    sheet.set_row_height(0, lines * LINE)?;
    sheet.set_landscape();
    // A chart is not cut in two by the end of a page.
    sheet.set_print_fit_to_pages(1, u16::from(table.chart.is_some()));
    sheet.set_repeat_rows(0, 0)?;
    if !table.rows.is_empty() {
        sheet.autofilter(0, 0, table.rows.len() as u32, column.saturating_sub(1))?;
    }
    if let Some(chart) = drawing::chart(table, name, &places) {
        sheet.insert_chart(table.rows.len() as u32 + 2, 0, &chart)?;
    }
    Ok(())
}

fn write(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    cell: &Cell,
    look: &Look,
) -> Result<(), WorkbookError> {
    match cell {
        Cell::Span(span) => write_span(sheet, row, column, *span, look)?,
        Cell::Text(_) => {
            let shown = cell.shown();
            sheet.write_string_with_format(row, column, guarded(&shown), &look.words)?;
        }
        Cell::Count(number) => {
            sheet.write_number_with_format(row, column, decimal(*number), &look.number)?;
        }
        Cell::Share(_, 0) | Cell::Blank => {}
        Cell::Share(part, whole) => {
            // Rounded down, as in every other form.
            let share = decimal(part * 1000 / whole) / 1000.0;
            sheet.write_number_with_format(row, column, share, &look.share)?;
        }
        Cell::Day(day) => write_day(sheet, row, column, *day, &look.day)?,
    }
    Ok(())
}

fn write_span(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    span: Span,
    look: &Look,
) -> Result<(), WorkbookError> {
    sheet.write_string_with_format(row, column, span.to_string(), &look.words)?;
    sheet.write_string_with_format(row, column + 1, span.kind.name(), &look.words)?;
    write_day(sheet, row, column + 2, span.from, &look.day)?;
    write_day(sheet, row, column + 3, span.to, &look.day)?;
    Ok(())
}

/// Writes a day as a date, or as text where Excel would show another day.
fn write_day(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    day: Date,
    format: &Format,
) -> Result<(), WorkbookError> {
    match excel_day(day)? {
        Some(date) => sheet.write_datetime_with_format(row, column, date, format)?,
        None => sheet.write_string(row, column, day.to_string())?,
    };
    Ok(())
}

/// A day as Excel has it. Its calendar has a 29 February 1900, so the days before are left alone.
fn excel_day(day: Date) -> Result<Option<ExcelDateTime>, WorkbookError> {
    let (year, month, day_of_month) = day.ymd();
    if Date::from_ymd(1900, 3, 1).is_some_and(|first| day < first) {
        return Ok(None);
    }
    Ok(Some(ExcelDateTime::from_ymd(year as u16, month as u8, day_of_month as u8)?))
}

/// A name that Excel takes for a sheet: 31 characters, and unlike any other.
fn sheet_name(name: &str, taken: &mut BTreeSet<String>) -> String {
    const MOST: usize = 31;
    let mut wanted: String = name.chars().take(MOST).collect();
    let mut number = 2;
    while !taken.insert(wanted.to_lowercase()) {
        let ending = format!("-{number}");
        wanted = name.chars().take(MOST - ending.len()).collect::<String>() + &ending;
        number += 1;
    }
    wanted
}
