//! Cases as CSV: one event on each line, as spreadsheets and databases export them.
//!
//! The first line names the columns: `case`, `date` and `event` in any order, then attributes by
//! name. A column without a heading, or with `key=value` as one, and every cell beyond the last
//! heading, holds attributes as `miles=40`. An empty cell is an attribute that was not recorded. The
//! rows of a case may lie apart.

use std::collections::{HashMap, HashSet};

use csv::{ReaderBuilder, StringRecord};

use super::lines::Lines;
use super::rows::{Row, RowError, short};
use super::{Cases, Draft, json};
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

/// Reads every row.
pub(super) fn read(policy: &Policy, text: &str) -> Cases {
    let (separator, skipped) = separator(text);
    let body = text.get(skipped..).unwrap_or_default();
    let mut lines = Lines::new(text, 1);
    let mut cases = Cases::default();
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .from_reader(body.as_bytes());
    let mut columns = None;
    let mut drafts = Drafts::default();
    let mut record = StringRecord::new();
    loop {
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => {
                cases.errors.push(RowError::new(0, error.to_string()));
                break;
            }
        }
        let start = skipped + record.position().map_or(0, |at| at.byte() as usize);
        let end = skipped + reader.position().byte() as usize;
        let raw = text.get(start..end).unwrap_or_default();
        // The line breaks of the row before, and empty lines, are counted to this row.
        let line = lines.at(start + (raw.len() - raw.trim_start_matches(['\r', '\n']).len()));
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        if unclosed(raw) {
            cases.errors.push(
                RowError::new(line, "a cell begins with a quotation mark and never ends with one")
                    .help("close it, or write the mark itself twice, in quotation marks"),
            );
            break;
        }
        match &columns {
            None => match header(policy, line, &record) {
                Ok(header) => columns = Some(header),
                Err(errors) => {
                    cases.errors.extend(errors);
                    break;
                }
            },
            Some(columns) => drafts.add(policy, columns, line, &record, &mut cases.errors),
        }
    }
    cases.cases = drafts.list.into_iter().map(|draft| draft.finish(policy)).collect();
    cases
}

/// Finds the separator that the first line uses, and where the header begins. Excel writes a first
/// line such as `sep=;` for itself.
fn separator(text: &str) -> (u8, usize) {
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
    places: HashMap<String, usize>,
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
        let place = self.places.get(case).copied().unwrap_or_else(|| {
            self.places.insert(case.to_owned(), self.list.len());
            self.list.push(Draft { case: case.to_owned(), line, ..Draft::default() });
            self.list.len() - 1
        });
        if let Some(draft) = self.list.get_mut(place) {
            draft.rows.push(row);
            draft.errors.extend(errors);
        }
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
