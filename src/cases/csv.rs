//! Cases as CSV: one event on each line, as spreadsheets and databases export them.
//!
//! The first line names the columns: `case`, `date` and `event` in any order, then attributes by
//! name. A column without a heading, or with `key=value` as one, and every cell beyond the last
//! heading, holds attributes as `miles=40`. An empty cell is an attribute that was not recorded. The
//! rows of a case may lie apart where the whole of the table is at hand; in a stream they stand
//! together.

mod plain;

use std::collections::{HashMap, HashSet};

use csv::{ReaderBuilder, StringRecord};

use super::lines::Lines;
use super::rows::{Row, RowError, short};
use super::{CaseResult, Cases, Draft, json};
use crate::policy::{AttributeKind, Policy};

/// What a column holds.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Column {
    Case,
    Date,
    Event,
    Attribute(String),
    /// Attributes written `key=value`.
    Free,
}

/// How the rows of a table are to be read: what its first line says.
#[derive(Debug)]
pub(super) struct Table {
    columns: Vec<Column>,
    separator: u8,
}

/// Reads every row of a text, however the rows of its cases lie.
pub(super) fn read(policy: &Policy, text: &str) -> Cases {
    let mut cases = Cases::default();
    let Some((table, body, line)) = Table::of(policy, text, &mut cases.errors) else {
        return cases;
    };
    let mut drafts = Drafts { places: Some(HashMap::new()), ..Drafts::default() };
    let body = text.get(body..).unwrap_or_default();
    table.rows(policy, body, line, &mut drafts, &mut cases.errors);
    cases.cases = drafts.list.into_iter().map(|draft| draft.finish(policy)).collect();
    cases
}

/// Whether to go on with the next record.
type Flow = std::ops::ControlFlow<()>;

/// Whether a record holds nothing at all, as below the last row of a sheet.
fn blank(record: &StringRecord) -> bool {
    record.iter().all(|cell| cell.trim().is_empty())
}

impl Table {
    /// Reads the first line of a text, and tells where the rows begin and on which line; nothing where
    /// there is no row at all, or where something is wrong with the headings.
    pub(super) fn of(
        policy: &Policy,
        text: &str,
        errors: &mut Vec<RowError>,
    ) -> Option<(Table, usize, u32)> {
        let (separator, skipped) = separator(text);
        let (before, body) = text.split_at_checked(skipped).unwrap_or_default();
        let first = Lines::new(before, 1).at(before.len());
        let mut table = Table { columns: Vec::new(), separator };
        let mut found = None;
        table.records(body, first, errors, |record, line, end, errors| {
            if blank(record) {
                return Flow::Continue(());
            }
            match header(policy, line, record) {
                Ok(header) => found = Some((header, end)),
                Err(wrong) => errors.extend(wrong),
            }
            Flow::Break(())
        });
        let (columns, end) = found?;
        table.columns = columns;
        Some((table, skipped + end, Lines::new(body, first).at(end)))
    }

    /// Reads the rows of a text that begins on the given line.
    fn rows(
        &self,
        policy: &Policy,
        text: &str,
        line: u32,
        drafts: &mut Drafts,
        errors: &mut Vec<RowError>,
    ) {
        self.records(text, line, errors, |record, line, _, errors| {
            if !blank(record) {
                drafts.add(policy, &self.columns, line, record, errors);
            }
            Flow::Continue(())
        });
    }

    /// Reads rows whose cases each stand in one piece: a case that comes again is another piece.
    pub(super) fn pieces(
        &self,
        policy: &Policy,
        text: &str,
        line: u32,
        errors: &mut Vec<RowError>,
    ) -> Vec<CaseResult> {
        plain::pieces(self, policy, text, line, errors)
            .unwrap_or_else(|| self.any_pieces(policy, text, line, errors))
    }

    /// The same for rows of whatever kind.
    fn any_pieces(
        &self,
        policy: &Policy,
        text: &str,
        line: u32,
        errors: &mut Vec<RowError>,
    ) -> Vec<CaseResult> {
        let mut drafts = Drafts::default();
        self.rows(policy, text, line, &mut drafts, errors);
        drafts.list.into_iter().map(|draft| draft.finish(policy)).collect()
    }

    /// The case that a record is of; nothing where it does not say.
    pub(super) fn case_of(&self, record: &str) -> Option<String> {
        let mut case = None;
        self.records(record, 1, &mut Vec::new(), |record, _, _, _| {
            let place = self.columns.iter().position(|column| *column == Column::Case);
            let cell = place.and_then(|place| record.get(place)).unwrap_or_default().trim();
            case = (!cell.is_empty()).then(|| cell.to_owned());
            Flow::Break(())
        });
        case
    }

    /// Goes through the records of a text that begins on the given line, each with its own line and
    /// the place where it ends, until it is told to stop or the text can be read no further.
    fn records(
        &self,
        text: &str,
        first: u32,
        errors: &mut Vec<RowError>,
        mut take: impl FnMut(&StringRecord, u32, usize, &mut Vec<RowError>) -> Flow,
    ) {
        let mut lines = Lines::new(text, first);
        let mut reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(self.separator)
            .from_reader(text.as_bytes());
        let mut record = StringRecord::new();
        loop {
            match reader.read_record(&mut record) {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    errors.push(RowError::new(0, error.to_string()));
                    break;
                }
            }
            let start = record.position().map_or(0, |at| at.byte() as usize);
            let end = reader.position().byte() as usize;
            let raw = text.get(start..end).unwrap_or_default();
            // The line breaks of the row before, and empty lines, are counted to this row.
            let line = lines.at(start + (raw.len() - raw.trim_start_matches(['\r', '\n']).len()));
            if !blank(&record) && unclosed(raw) {
                let message = "a cell begins with a quotation mark and never ends with one";
                errors.push(
                    RowError::new(line, message)
                        .help("close it, or write the mark itself twice, in quotation marks"),
                );
                break;
            }
            if take(&record, line, end, errors).is_break() {
                break;
            }
        }
    }
}

/// Finds the separator that the first line uses, and where the header begins. Excel writes a first
/// line such as `sep=;` for itself.
pub(crate) fn separator(text: &str) -> (u8, usize) {
    let begin = text.len() - text.trim_start_matches(['\r', '\n', ' ']).len();
    let rest = text.get(begin..).unwrap_or_default();
    let first = rest.split(['\r', '\n']).next().unwrap_or_default();
    if let Some((b"sep=" | b"SEP=" | b"Sep=", &[separator])) = first.as_bytes().split_at_checked(4)
        && matches!(separator, b',' | b';' | b'\t' | b'|')
    {
        return (separator, begin + first.len());
    }
    let count = |separator: u8| first.bytes().filter(|&byte| byte == separator).count();
    let separator = [b'\t', b';', b','].into_iter().max_by_key(|&separator| count(separator));
    (separator.unwrap_or(b','), 0)
}

/// Whether a row runs to the end of the text because a quotation mark was not closed: it takes up
/// several lines, and its marks do not come in pairs.
fn unclosed(raw: &str) -> bool {
    let raw = raw.trim_matches(['\r', '\n']);
    raw.contains(['\r', '\n']) && raw.bytes().filter(|&byte| byte == b'"').count() % 2 == 1
}

/// Reads the headings.
fn header(policy: &Policy, line: u32, record: &StringRecord) -> Result<Vec<Column>, Vec<RowError>> {
    let mut errors = Vec::new();
    let mut columns: Vec<Column> = Vec::new();
    let mut seen = HashSet::new();
    for heading in record {
        let heading = heading.trim();
        let column = match heading.to_ascii_lowercase().as_str() {
            "case" => Column::Case,
            "date" => Column::Date,
            "event" => Column::Event,
            folded if folded.is_empty() || folded.contains('=') => Column::Free,
            _ => Column::Attribute(heading.to_owned()),
        };
        if column != Column::Free && !seen.insert(column.clone()) {
            let message = format!("the column `{}` stands there twice", short(heading));
            errors.push(RowError::new(line, message).field(heading));
        }
        columns.push(column);
    }
    let missing: Vec<&str> =
        [(Column::Case, "case"), (Column::Date, "date"), (Column::Event, "event")]
            .into_iter()
            .filter_map(|(column, name)| (!columns.contains(&column)).then_some(name))
            .collect();
    if missing.len() == 3 {
        return Err(vec![
            RowError::new(line, "the first line does not name the columns")
                .help("put `case,date,event` above the rows, then the attributes"),
        ]);
    }
    let unknown = |column: &&Column| match column {
        Column::Attribute(name) => !json::known(policy, name),
        Column::Case | Column::Date | Column::Event | Column::Free => false,
    };
    // `Case ID`, `Event date`: the word itself is in the heading.
    let meant = |heading: &str| {
        let folded = heading.to_lowercase();
        let mut words = folded.split(|letter: char| !letter.is_alphanumeric());
        words.find_map(|word| missing.iter().copied().find(|name| *name == word))
    };
    let told: Vec<&str> = columns
        .iter()
        .filter(unknown)
        .filter_map(|column| match column {
            Column::Attribute(name) => meant(name),
            Column::Case | Column::Date | Column::Event | Column::Free => None,
        })
        .collect();
    for name in missing.iter().filter(|name| !told.contains(name)) {
        let message = format!("there is no column `{name}`");
        errors.push(RowError::new(line, message).field(name));
    }
    let mut names: Vec<&str> = policy
        .events
        .iter()
        .flat_map(|event| &event.attributes)
        .map(|attribute| attribute.name.as_str())
        .chain(["ref", "seq"])
        .collect();
    names.sort_unstable();
    names.dedup();
    for column in columns.iter().filter(unknown) {
        let Column::Attribute(name) = column else {
            continue;
        };
        let message = format!("no event has an attribute `{}`", short(name));
        let names = missing.iter().chain(&names).copied();
        let error = RowError::new(line, message).field(name);
        if let Some(meant) = meant(name) {
            errors.push(error.help(format!("did you mean `{meant}`?")));
            continue;
        }
        errors.push(error.near(name, names, "a column can be called"));
    }
    if errors.is_empty() { Ok(columns) } else { Err(errors) }
}

/// The cases met so far, in the order in which they first appear.
#[derive(Debug, Default)]
struct Drafts {
    list: Vec<Draft>,
    /// Where each case is in the list; left out where only the last can go on.
    places: Option<HashMap<String, usize>>,
}

impl Drafts {
    /// Adds a row to its case. A row that names no case goes to the errors of the whole.
    fn add(
        &mut self,
        policy: &Policy,
        columns: &[Column],
        line: u32,
        record: &StringRecord,
        whole: &mut Vec<RowError>,
    ) {
        let mut case = "";
        let mut row = Row { line, ..Row::default() };
        let mut errors = Vec::new();
        for (index, cell) in record.iter().enumerate() {
            let cell = cell.trim();
            match columns.get(index).unwrap_or(&Column::Free) {
                Column::Case => case = cell,
                Column::Date => cell.clone_into(&mut row.date),
                Column::Event => cell.clone_into(&mut row.event),
                Column::Attribute(_) | Column::Free if cell.is_empty() => {}
                Column::Attribute(name) => row.pairs.push((name.clone(), cell.to_owned())),
                Column::Free => {
                    if let Some((name, value)) = cell.split_once('=') {
                        let pair = (name.trim().to_owned(), value.trim().to_owned());
                        row.pairs.push(pair);
                    } else {
                        let message = format!("`{}` is not written as key=value", short(cell));
                        let field = format!("column {}", index + 1);
                        errors.push(RowError::new(line, message).field(&field));
                    }
                }
            }
        }
        if case.is_empty() {
            whole.push(
                RowError::new(line, "the row does not say which case it is of").field("case"),
            );
            return;
        }
        spreadsheet_truths(policy, &mut row);
        let draft = match &mut self.places {
            None => self.list.last_mut().filter(|last| last.case == case),
            Some(places) => places.get(case).and_then(|&place| self.list.get_mut(place)),
        };
        if let Some(draft) = draft {
            draft.rows.push(row);
            draft.errors.extend(errors);
            return;
        }
        if let Some(places) = &mut self.places {
            places.insert(case.to_owned(), self.list.len());
        }
        let rows = vec![row];
        self.list.push(Draft { case: case.to_owned(), line, rows, errors });
    }
}

/// Reads `TRUE` and `FALSE`, into which spreadsheets turn the answers to a question, as yes and no;
/// a text and a word stay as they are.
fn spreadsheet_truths(policy: &Policy, row: &mut Row) {
    let Some(event) = policy.find_event(&row.event) else {
        return;
    };
    for (name, value) in &mut row.pairs {
        let answer = match value.as_str() {
            "TRUE" | "True" | "true" => "yes",
            "FALSE" | "False" | "false" => "no",
            _ => continue,
        };
        let yes_or_no = policy
            .event(event)
            .attributes
            .iter()
            .any(|attribute| attribute.name == *name && attribute.kind == AttributeKind::YesNo);
        if yes_or_no {
            answer.clone_into(value);
        }
    }
}
