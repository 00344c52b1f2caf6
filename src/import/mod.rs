//! The looked-after children return (SSDA903) as timelines.
//!
//! The return holds the state of each child by episodes; a timeline holds what happened on which day.
//! What each code gives is said once, in `ssda903.csv`, which the importer reads and which its page in
//! `policies/SSDA903.md` prints.
//!
//! The returns of several years can be read together: what one says of an open episode and the next of
//! its end is one episode.
//!
//! Every row is used, explained or rejected, with its file and line. A child of whom one row is
//! rejected is left out, and the other rows say so: a timeline with a hole gives wrong dates, and
//! nobody would see it. A history that begins in the middle has no start, and none is made up.

mod child;
mod episodes;
mod late;
mod mapping;
mod read;
mod repeats;
mod write;
mod xml;

use std::collections::BTreeMap;

use crate::calendar::Date;
use crate::cases::{Row, RowError};
use crate::policy::Policy;

pub use mapping::{Codes, Mapping, mappings, page};
pub use read::Module;
pub use write::{Form, rows_of, written};

/// What became of a row of the return.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// At least one event of a timeline comes from it.
    Used,
    /// Nothing comes from it, for this reason.
    Explained(String),
    /// It is wrong, and its child is left out.
    Rejected(String),
}

impl Fate {
    /// The word for it in data.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Used => "used",
            Self::Explained(_) => "explained",
            Self::Rejected(_) => "rejected",
        }
    }

    /// Why, if a reason is needed.
    pub fn why(&self) -> &str {
        match self {
            Self::Used => "",
            Self::Explained(why) | Self::Rejected(why) => why,
        }
    }
}

/// A row of the return, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The file.
    pub file: String,
    /// The line on which the row begins, from 1.
    pub line: u32,
    /// The child's number; empty where the row gives none.
    pub child: String,
    /// What became of it.
    pub fate: Fate,
}

/// Something about a child that a user has to know before relying on the timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The child's number.
    pub child: String,
    /// The file and line it is about.
    pub place: (String, u32),
    /// What it is: a phrase.
    pub message: String,
}

/// A child of the return as a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Child {
    /// The child's number, which names the case.
    pub case: String,
    /// The events, by date.
    pub rows: Vec<Row>,
}

/// What came of reading a return.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Import {
    /// The cases, in the order in which their children first appear.
    pub children: Vec<Child>,
    /// Every row that was read, in the order of the files.
    pub outcomes: Vec<Outcome>,
    /// What is to be known of single children.
    pub notes: Vec<Note>,
    /// Files that are no part of a return, and why.
    pub refused: Vec<(String, RowError)>,
    /// Columns that are not read, and how texts were decoded.
    pub notices: Vec<String>,
    /// Children of whom a row was rejected: they are left out.
    pub left_out: Vec<String>,
    /// Children of whom no row gives an event that the policy declares.
    pub empty: usize,
    /// Events that the return gives and the policy does not declare, and how often.
    pub undeclared: BTreeMap<String, usize>,
}

/// Reads the files of a return, each given by its name and its bytes. With `today` it is told what cannot
/// have happened yet.
pub fn import(
    policy: &Policy,
    codes: &Codes,
    files: &[(String, Vec<u8>)],
    today: Option<Date>,
) -> Import {
    let mut import = Import::default();
    let mut records = Vec::new();
    for (name, bytes) in files {
        match read::file(name, bytes, &mut import.notices) {
            Ok(read) => records.extend(read),
            Err(error) => import.refused.push((name.clone(), error)),
        }
    }
    let mut fates: Vec<Option<Fate>> = vec![None; records.len()];
    let mut children: Vec<(&str, Vec<usize>)> = Vec::new();
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    for (place, (record, fate)) in records.iter().zip(&mut fates).enumerate() {
        let number = record.get("CHILD");
        if number.is_empty() {
            *fate = Some(Fate::Rejected("the row does not say which child it is of".to_owned()));
            continue;
        }
        let child = *places.entry(number).or_insert_with(|| {
            children.push((number, Vec::new()));
            children.len() - 1
        });
        if let Some((_, rows)) = children.get_mut(child) {
            rows.push(place);
        }
    }
    let headed = records.iter().any(|record| record.module == Module::Header);
    for (number, rows) in children {
        let own: Vec<&read::Record> = rows.iter().filter_map(|&row| records.get(row)).collect();
        let done = child::child((policy, codes, today), number, &own, &mut import);
        let left_out = import.left_out.last().is_some_and(|last| last == number);
        if headed && !left_out && own.iter().all(|record| record.module != Module::Header) {
            import.notes.extend(own.first().map(|record| Note {
                child: number.to_owned(),
                place: (record.file.to_string(), record.line),
                message: "the child is not in the header".to_owned(),
            }));
        }
        for (row, fate) in rows.into_iter().zip(done) {
            if let Some(place) = fates.get_mut(row) {
                *place = Some(fate);
            }
        }
    }
    import.outcomes = records
        .iter()
        .zip(fates)
        .map(|(record, fate)| Outcome {
            file: record.file.to_string(),
            line: record.line,
            child: record.get("CHILD").to_owned(),
            fate: fate.unwrap_or_else(|| Fate::Explained("nothing was made of it".to_owned())),
        })
        .collect();
    import
}
