//! The one table of what each code of the return gives, what a user adds to it, and its page.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use csv::{ReaderBuilder, StringRecord};

use super::read::{short, wrong};
use crate::calendar::Date;
use crate::cases::{Row, RowError, decoded};
use crate::diagnostic::list;
use crate::policy::{AttributeId, Policy};

/// The columns of the table.
const COLUMNS: [&str; 7] = ["module", "when", "code", "from", "until", "gives", "note"];

/// The table as it is kept.
const TABLE: &str = include_str!("ssda903.csv");

/// A row of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping {
    /// The module of the return.
    pub module: String,
    /// At which point of the child's history, or of the row.
    pub when: String,
    /// The code; empty where there is none, `any` for every one.
    pub code: String,
    /// The first and the last year of the return in which the code is used, as `2025-26`; empty where
    /// it has no such end that is known.
    pub years: (String, String),
    /// The events it gives, the first that the policy declares; `-` stands for none at all, where the
    /// row has others. Empty where nothing comes of it.
    pub gives: Vec<String>,
    /// What the code means, or why nothing comes of it.
    pub note: String,
}

/// The rows of the table.
pub fn mappings() -> &'static [Mapping] {
    static ROWS: LazyLock<Vec<Mapping>> = LazyLock::new(|| {
        let mut reader = ReaderBuilder::new().from_reader(TABLE.as_bytes());
        reader.records().flatten().map(|record| Mapping::of(&record)).collect()
    });
    &ROWS
}

/// The codes of the return: the table, and what a user has added to it.
#[derive(Debug, Clone)]
pub struct Codes {
    rows: Vec<Mapping>,
    /// By module, point and code, where in `rows` they stand.
    places: BTreeMap<(String, String, String), Vec<usize>>,
}

impl Codes {
    /// The codes of the table.
    pub fn shipped() -> Codes {
        let mut codes = Codes { rows: Vec::new(), places: BTreeMap::new() };
        for row in mappings() {
            codes.push(row.clone());
        }
        codes
    }

    fn push(&mut self, row: Mapping) {
        self.places.entry(row.key()).or_default().push(self.rows.len());
        self.rows.push(row);
    }

    /// Adds the codes of a file in the form of the table. What it says of a code stands in place of what
    /// the table says. Gives how many codes it has.
    pub fn add(&mut self, bytes: &[u8]) -> Result<usize, RowError> {
        let (text, _) = decoded(bytes)?;
        let wrong =
            |line: u64, message: String| wrong(u32::try_from(line).unwrap_or(u32::MAX), message);
        let mut reader = ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
        let header = reader.headers().map_err(|error| wrong(1, error.to_string()))?;
        if !header.iter().map(str::trim).eq(COLUMNS) {
            let message = format!("the columns of a file of codes are {}", COLUMNS.join(","));
            return Err(wrong(1, message));
        }
        let mut own: Vec<Mapping> = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|error| wrong(1, error.to_string()))?;
            let line = record.position().map_or(0, csv::Position::line);
            let mut row = Mapping::of(&record);
            row.code = row.code.to_uppercase();
            self.sound(&row).map_err(|message| wrong(line, message))?;
            own.push(row);
        }
        for row in &own {
            self.places.remove(&row.key());
        }
        let codes: BTreeSet<_> = own.iter().map(Mapping::key).collect();
        for row in own {
            self.push(row);
        }
        Ok(codes.len())
    }

    /// Says what is wrong with a row that a user wrote.
    fn sound(&self, row: &Mapping) -> Result<(), String> {
        let coded = |known: &&Mapping| !known.code.is_empty() && known.code != "any";
        let known = || self.rows.iter().filter(coded);
        if !known().any(|it| (&it.module, &it.when) == (&row.module, &row.when)) {
            let points: BTreeSet<String> =
                known().map(|it| format!("`{},{}`", it.module, it.when)).collect();
            return Err(format!(
                "`{},{}` has no codes; there are {}",
                short(&row.module),
                short(&row.when),
                list(&points)
            ));
        }
        if row.code.is_empty() || row.code == "ANY" {
            return Err("the code is missing".to_owned());
        }
        let year = |text: &str| text.is_empty() || first_year(text).is_some();
        if !year(&row.years.0) || !year(&row.years.1) {
            return Err("a year of the return is written as 2015-16".to_owned());
        }
        if row.gives.is_empty() && row.note.is_empty() {
            return Err("of a code that gives nothing the note says why".to_owned());
        }
        let event = |choice: &String| {
            choice == "-" || choice.split(' ').skip(1).all(|pair| pair.contains('='))
        };
        match row.gives.iter().find(|choice| !event(choice)) {
            Some(wrong) => Err(format!("`{}` is not an event and name=value", short(wrong))),
            None => Ok(()),
        }
    }

    /// The rows for a point of the history and a code.
    pub(super) fn given<'a>(
        &'a self,
        module: &str,
        when: &str,
        code: &str,
    ) -> impl Iterator<Item = &'a Mapping> {
        let of = |code: &str| {
            let key = (module.to_owned(), when.to_owned(), code.to_owned());
            self.places.get(&key).map_or(&[][..], Vec::as_slice)
        };
        of(code).iter().chain(of("any")).filter_map(|&place| self.rows.get(place))
    }

    /// All rows for a point of the history, whatever the code.
    pub(super) fn at<'a>(
        &'a self,
        module: &'a str,
        when: &'a str,
    ) -> impl Iterator<Item = &'a Mapping> {
        self.rows.iter().filter(move |row| row.module == module && row.when == when)
    }

    /// Whether a code is one of those that stand in a column.
    pub(super) fn is_known(&self, module: &str, when: &str, code: &str) -> bool {
        self.places.contains_key(&(module.to_owned(), when.to_owned(), code.to_owned()))
    }
}

/// The year in which a year of the return begins: of `2015-16` it is 2015.
fn first_year(text: &str) -> Option<i32> {
    let (first, last) = text.split_once('-')?;
    let (first, last): (i32, i32) = (first.parse().ok()?, last.parse().ok()?);
    ((1990..2100).contains(&first) && (first + 1) % 100 == last).then_some(first)
}

/// What a row of the table comes to under a policy.
pub(super) enum Given {
    /// This event.
    Event(Row),
    /// Nothing, and nothing was meant to.
    Nothing,
    /// The policy declares none of the events.
    Undeclared(String),
}

impl Mapping {
    /// A row of the table, as its columns have it.
    fn of(record: &StringRecord) -> Mapping {
        let cell = |place: usize| record.get(place).unwrap_or_default().trim().to_owned();
        let gives = cell(5);
        let gives = gives.split(" | ").filter(|event| !event.is_empty());
        Mapping {
            module: cell(0),
            when: cell(1),
            code: cell(2),
            years: (cell(3), cell(4)),
            gives: gives.map(str::to_owned).collect(),
            note: cell(6),
        }
    }

    fn key(&self) -> (String, String, String) {
        (self.module.clone(), self.when.clone(), self.code.clone())
    }

    /// The event that it gives on a day.
    pub(super) fn event(&self, policy: &Policy, day: Date) -> Given {
        for choice in &self.gives {
            if choice == "-" {
                return Given::Nothing;
            }
            let mut words = choice.split(' ');
            let event = words.next().unwrap_or_default().to_owned();
            let pairs: Vec<(String, String)> = words
                .filter_map(|pair| pair.split_once('='))
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect();
            if declares(policy, &event, &pairs) {
                return Given::Event(Row { line: 0, date: day.to_string(), event, pairs });
            }
        }
        match self.gives.first().and_then(|choice| choice.split(' ').next()) {
            Some(event) => Given::Undeclared(event.to_owned()),
            None => Given::Nothing,
        }
    }

    /// Whether the code was in use at some time from one day to another: a year of the return runs from
    /// 1 April to 31 March.
    pub(super) fn in_use(&self, from: Date, until: Option<Date>) -> bool {
        let (first, last) = (first_year(&self.years.0), first_year(&self.years.1));
        let begins = first.and_then(|year| Date::from_ymd(year, 4, 1));
        let ends = last.and_then(|year| Date::from_ymd(year + 1, 3, 31));
        begins.is_none_or(|begins| until.is_none_or(|until| begins <= until))
            && ends.is_none_or(|ends| from <= ends)
    }
}

/// Whether a policy has the event with these attributes and values.
fn declares(policy: &Policy, event: &str, pairs: &[(String, String)]) -> bool {
    let Some(id) = policy.find_event(event) else { return false };
    pairs.iter().all(|(name, value)| {
        let attributes = &policy.event(id).attributes;
        let place = attributes.iter().position(|attribute| attribute.name == *name);
        place.is_some_and(|place| policy.read_value(id, AttributeId(place as u16), value).is_ok())
    })
}

/// The table as Markdown, for its page.
pub fn page() -> String {
    let mut out = String::new();
    let mut before = ("", "");
    for row in mappings() {
        let here = (row.module.as_str(), row.when.as_str());
        if here != before {
            let heading = if row.when == "row" {
                format!("### {}", row.module)
            } else {
                format!("### {}: {}", row.module, row.when)
            };
            out += &format!("\n{heading}\n\n| Code | Years | Gives | Note |\n|---|---|---|---|\n");
            before = here;
        }
        let years = match (row.years.0.as_str(), row.years.1.as_str()) {
            ("", "") => String::new(),
            (from, "") => format!("from {from}"),
            ("", until) => format!("until {until}"),
            (from, until) => format!("{from} to {until}"),
        };
        let gives: Vec<String> = row
            .gives
            .iter()
            .map(
                |event| if event == "-" { "else nothing".to_owned() } else { format!("`{event}`") },
            )
            .collect();
        let gives = match gives.len() {
            0 => "nothing".to_owned(),
            _ => gives.join(", or "),
        };
        out += &format!("| {} | {years} | {gives} | {} |\n", row.code, row.note);
    }
    out
}
