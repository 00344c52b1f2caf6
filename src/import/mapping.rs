//! The one table of what each code of the return gives, and its page.

use std::sync::LazyLock;

use csv::ReaderBuilder;

use crate::calendar::Date;
use crate::cases::Row;
use crate::policy::{AttributeId, Policy};

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
        reader
            .records()
            .flatten()
            .map(|record| {
                let cell = |place: usize| record.get(place).unwrap_or_default().to_owned();
                let gives = cell(5);
                Mapping {
                    module: cell(0),
                    when: cell(1),
                    code: cell(2),
                    years: (cell(3), cell(4)),
                    gives: gives
                        .split(" | ")
                        .filter(|event| !event.is_empty())
                        .map(str::to_owned)
                        .collect(),
                    note: cell(6),
                }
            })
            .collect()
    });
    &ROWS
}

/// The rows for a point of the history and a code.
pub(super) fn given(
    module: &str,
    when: &str,
    code: &str,
) -> impl Iterator<Item = &'static Mapping> {
    let found = move |row: &&Mapping| {
        row.module == module && row.when == when && (row.code == code || row.code == "any")
    };
    mappings().iter().filter(found)
}

/// Whether a code is one of those that stand in a column.
pub(super) fn is_known(module: &str, when: &str, code: &str) -> bool {
    mappings().iter().any(|row| row.module == module && row.when == when && row.code == code)
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
        let year = |text: &str| text.get(..4).and_then(|year| year.parse::<i32>().ok());
        let (first, last) = (year(&self.years.0), year(&self.years.1));
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
