//! The files of a return: which module each is, and its rows.

use std::collections::BTreeSet;
use std::sync::Arc;

use csv::{ReaderBuilder, StringRecord};

use super::xml;
use crate::calendar::Date;
use crate::cases::{RowError, decoded, separator};
use crate::diagnostic::list;

/// A module of the return: one kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Module {
    /// One row for each child.
    Header,
    /// What the child's care was, and from when until when.
    Episodes,
    /// Reviews that were held.
    Reviews,
    /// Times missing or away.
    Missing,
    /// Decisions that a child should be placed for adoption, and those that reversed them.
    PlacedAdoption,
    /// The social workers allocated to the child.
    SWEpisodes,
    /// A module of which nothing is in any policy, by its name.
    Other(&'static str),
    /// A part of the return, in its XML form, that is none of these.
    Unknown,
}

/// The modules with the columns by which they are known, the first being in no other.
const MODULES: &[(Module, &[&str])] = &[
    (Module::Episodes, &["DECOM", "CHILD", "RNE", "LS", "PLACE", "DEC", "REC"]),
    (Module::Reviews, &["REVIEW", "CHILD", "REVIEW_CODE"]),
    (Module::Missing, &["MIS_START", "CHILD", "MISSING", "MIS_END"]),
    (Module::PlacedAdoption, &["DATE_PLACED", "CHILD", "DATE_PLACED_CEASED"]),
    (Module::SWEpisodes, &["SW_DECOM", "CHILD", "SW_DEC", "SW_REASON"]),
    (Module::Other("AD1"), &["DATE_INT", "CHILD", "DATE_MATCH"]),
    (Module::Other("UASC"), &["DUC", "CHILD"]),
    (Module::Other("OC2"), &["SDQ_SCORE", "CHILD"]),
    (Module::Other("OC3"), &["IN_TOUCH", "CHILD"]),
    (Module::Other("PrevPerm"), &["PREV_PERM", "CHILD"]),
    (Module::Other("DoLo"), &["DOLO_START", "CHILD"]),
    // The only one with neither of the above.
    (Module::Header, &["DOB", "CHILD", "SEX"]),
];

/// Columns that are known and not needed.
const UNREAD: &[&str] = &[
    "DOB",
    "SEX",
    "ETHNIC",
    "UPN",
    "MOTHER",
    "MC_DOB",
    "CIN",
    "PLACE_PROVIDER",
    "HOME_POST",
    "PL_POST",
    "URN",
    "REASON_PLACE_CHANGE",
    "REASON_PLACED_CEASED",
    "SW_ID",
];

impl Module {
    /// Its name in the return.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Header => "Header",
            Self::Episodes => "Episodes",
            Self::Reviews => "Reviews",
            Self::Missing => "Missing",
            Self::PlacedAdoption => "PlacedAdoption",
            Self::SWEpisodes => "SWEpisodes",
            Self::Other(name) => name,
            Self::Unknown => "no module",
        }
    }
}

/// A row of the return.
#[derive(Debug, Clone)]
pub(super) struct Record {
    pub(super) file: Arc<str>,
    pub(super) line: u32,
    pub(super) module: Module,
    pub(super) fields: Fields,
    /// Why it cannot be relied on, whatever stands in its columns: a phrase.
    pub(super) flaw: Option<Box<str>>,
}

/// What stands in the columns of a row; all rows of a file share the columns.
#[derive(Debug, Clone)]
pub(super) struct Fields {
    columns: Arc<[String]>,
    cells: Box<[Box<str>]>,
}

impl Fields {
    pub(super) fn new(columns: Arc<[String]>, cells: impl Iterator<Item = Box<str>>) -> Self {
        Self { columns, cells: cells.collect() }
    }

    /// The columns and what stands in them.
    fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        let cells = self.cells.iter().map(AsRef::as_ref);
        self.columns.iter().map(String::as_str).zip(cells)
    }

    fn get(&self, column: &str) -> &str {
        self.iter().find(|(name, _)| *name == column).map_or("", |(_, cell)| cell)
    }

    pub(super) fn values(&self) -> impl Iterator<Item = &str> {
        self.iter().map(|(_, cell)| cell)
    }

    /// Whether the same stands in both, in whatever order their columns are.
    pub(super) fn same(&self, other: &Fields) -> bool {
        let in_other = |(column, cell): (&str, &str)| other.get(column) == cell;
        self.iter().all(in_other) && other.iter().all(|(column, cell)| self.get(column) == cell)
    }
}

impl Record {
    /// What stands in a column; nothing where there is none.
    pub(super) fn get(&self, column: &str) -> &str {
        self.fields.get(column)
    }

    /// The code in a column, in the capitals in which the return has them.
    pub(super) fn code(&self, column: &str) -> String {
        self.get(column).to_uppercase()
    }

    /// Where it stands, told to somebody who looks at another record.
    pub(super) fn seen_from(&self, other: &Record) -> String {
        if self.file == other.file {
            format!("line {}", self.line)
        } else {
            format!("line {} of {}", self.line, self.file)
        }
    }

    /// The date in a column, if one stands there.
    pub(super) fn date(&self, column: &str) -> Result<Option<Date>, String> {
        let text = self.get(column);
        if text.is_empty() {
            return Ok(None);
        }
        british(text).map(Some).ok_or_else(|| {
            let meant = Date::parse(text).map_or_else(
                |_| String::new(),
                |date| {
                    let (year, month, day) = date.ymd();
                    format!("; write {day:02}/{month:02}/{year}")
                },
            );
            format!("{column} is a date as dd/mm/yyyy, not `{}`{meant}", short(text))
        })
    }
}

/// Reads a date as the return writes it, `dd/mm/yyyy` and nothing else.
pub(super) fn british(text: &str) -> Option<Date> {
    let &[d1, d2, b'/', m1, m2, b'/', y1, y2, y3, y4] = text.as_bytes() else { return None };
    let number = |digits: &[u8]| {
        digits.iter().try_fold(0_u32, |sum, &digit| {
            digit.is_ascii_digit().then(|| sum * 10 + u32::from(digit - b'0'))
        })
    };
    let (day, month, year) = (number(&[d1, d2])?, number(&[m1, m2])?, number(&[y1, y2, y3, y4])?);
    Date::from_ymd(i32::try_from(year).ok()?, month, day)
}

/// A value as a message repeats it.
pub(super) fn short(text: &str) -> String {
    text.chars().take(30).flat_map(char::escape_default).collect()
}

/// A mistake in a file as a whole.
pub(super) fn wrong(line: u32, message: impl Into<String>) -> RowError {
    RowError { line, message: message.into(), ..RowError::default() }
}

/// Reads a file, or says why it is no part of a return.
pub(super) fn file(
    name: &str,
    bytes: &[u8],
    notices: &mut Vec<String>,
) -> Result<Vec<Record>, RowError> {
    let (text, notice) = decoded(bytes)?;
    notices.extend(notice.map(|notice| format!("{name}: {notice}")));
    if text.trim_start().starts_with('<') {
        return xml::records(name, &text, notices);
    }
    let (separator, skipped) = separator(&text);
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .from_reader(text.get(skipped..).unwrap_or_default().as_bytes());
    let (mut offset, mut line) = (0, 1);
    let file: Arc<str> = Arc::from(name);
    let mut header: Option<(Module, Arc<[String]>)> = None;
    let mut records = Vec::new();
    let mut record = StringRecord::new();
    loop {
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => return Err(wrong(line, error.to_string())),
        }
        // Empty lines before a record are counted to it.
        let start = skipped + record.position().map_or(0, |at| at.byte() as usize);
        let rest = text.get(start..).unwrap_or_default();
        let start = start + (rest.len() - rest.trim_start_matches(['\r', '\n']).len());
        let passed = text.as_bytes().get(offset..start).unwrap_or_default();
        line += passed.iter().map(|&byte| u32::from(byte == b'\n')).sum::<u32>();
        offset = start;
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        let cells = record.iter().map(str::trim);
        match &header {
            None => {
                let columns: Vec<String> = cells.map(column).collect();
                let module = module(&columns).ok_or_else(|| RowError {
                    help: Some(lacking(&columns)),
                    ..wrong(line, "the columns are those of no module of the return")
                })?;
                if let Some(column) = doubled(&columns).filter(|_| is_read(module)) {
                    let message = format!("the column `{column}` stands there twice");
                    let help = "which of the two is meant nobody can tell; take one away";
                    return Err(RowError { help: Some(help.to_owned()), ..wrong(line, message) });
                }
                notices.extend(unread(name, module, &columns));
                header = Some((module, Arc::from(columns)));
            }
            Some((module, columns)) => records.push(Record {
                file: Arc::clone(&file),
                line,
                module: *module,
                flaw: cells
                    .clone()
                    .skip(columns.len())
                    .any(|cell| !cell.is_empty())
                    .then(|| "the row is longer than the header".into()),
                fields: Fields::new(Arc::clone(columns), cells.map(Box::from)),
            }),
        }
    }
    if header.is_none() {
        return Err(wrong(0, "the file is empty"));
    }
    Ok(records)
}

/// A column by the name that the CSV form gives it; the XML form calls two of them otherwise.
pub(super) fn column(name: &str) -> String {
    match name.to_ascii_uppercase().as_str() {
        "CHILDID" => "CHILD".to_owned(),
        "PL" => "PLACE".to_owned(),
        name => name.to_owned(),
    }
}

/// The module that has these columns.
pub(super) fn module(columns: &[String]) -> Option<Module> {
    let has = |wanted: &&str| columns.iter().any(|column| column == wanted);
    MODULES.iter().find(|(_, needed)| needed.iter().all(&has)).map(|(it, _)| *it)
}

/// Says which columns are missing from the module that is nearest, or else which modules there are.
fn lacking(columns: &[String]) -> String {
    let has = |wanted: &&&str| columns.iter().any(|column| column == **wanted);
    // The child alone is in all of them.
    let some = |needed: &&[&str]| needed.iter().filter(has).count() > 1;
    let nearest = MODULES
        .iter()
        .filter(|(_, needed)| some(needed))
        .map(|(module, needed)| (module, needed.iter().filter(|it| !has(it)).collect::<Vec<_>>()))
        .min_by_key(|(_, lacked)| lacked.len());
    let page = "the columns by which each module is known stand in policies/SSDA903.md";
    let Some((module, lacked)) = nearest else {
        let modules = list(MODULES.iter().map(|(module, _)| module.name()));
        return format!("the modules are {modules}; {page}");
    };
    let columns = if lacked.len() == 1 { "the column" } else { "the columns" };
    format!("to be `{}` it would need {columns} {} too; {page}", module.name(), list(lacked))
}

/// The first column that has the name of one before it.
fn doubled(columns: &[String]) -> Option<&String> {
    let mut known = BTreeSet::new();
    columns.iter().filter(|column| !column.is_empty()).find(|column| !known.insert(*column))
}

/// Whether anything is taken from the rows of a module.
pub(super) const fn is_read(module: Module) -> bool {
    !matches!(module, Module::Other(_) | Module::Unknown)
}

/// Says which columns of a module are not the return's.
fn unread(name: &str, module: Module, columns: &[String]) -> Option<String> {
    if !is_read(module) {
        return None;
    }
    let known: Vec<&str> = MODULES
        .iter()
        .filter(|(it, _)| *it == module)
        .flat_map(|(_, needed)| needed.iter().copied())
        .chain(UNREAD.iter().copied())
        .collect();
    let strange: Vec<&String> =
        columns.iter().filter(|column| !known.contains(&column.as_str())).collect();
    (!strange.is_empty()).then(|| {
        format!(
            "{name}: not read, because the return has no such column in {}: {}",
            module.name(),
            list(strange)
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_has_the_columns_of_every_module() {
        let text = include_str!("../../policies/SSDA903.md");
        let rows = MODULES.iter().map(|(module, needed)| {
            let columns: Vec<String> = needed.iter().map(|it| format!("`{it}`")).collect();
            format!("| {} | {} |\n", module.name(), columns.join(", "))
        });
        let table = rows.collect::<String>();
        assert!(text.replace("\r\n", "\n").contains(&table), "the page lacks\n{table}");
    }

    #[test]
    fn the_nearest_module_says_what_it_lacks() {
        let said = |columns: &[&str]| {
            let columns: Vec<String> = columns.iter().map(|&it| it.to_owned()).collect();
            assert_eq!(module(&columns), None, "{columns:?}");
            lacking(&columns)
        };
        let one = said(&["CHILD", "DOB", "REVIEW DATE", "REVIEW_CODE"]);
        assert!(
            one.starts_with("to be `Reviews` it would need the column `REVIEW` too; "),
            "{one}"
        );
        let two = said(&["CHILD", "DECOM", "LS", "PLACE", "DEC", "WHY"]);
        let wanted = "to be `Episodes` it would need the columns `RNE` and `REC` too; ";
        assert!(two.starts_with(wanted), "{two}");
        for none in [&["NAME", "AGE"], &["CHILD", "AGE"]] {
            assert!(said(none).starts_with("the modules are `Episodes`, `Reviews`, "), "{none:?}");
        }
    }
}
