//! The yardstick: Blackburn with Darwen's rules, written by hand for the made-up caseload alone.
//!
//! It reads what the generator writes and nothing else, knows no policy, and gives the same lines as
//! `duly due --format csv`. How much slower the general program is, is what the language costs.

mod after;
mod before;
mod case;
mod days;
mod lines;
mod names;
mod reader;
mod reviews;
mod rules;
mod states;
mod table;

use std::fmt;
use std::hint::black_box;
use std::io::{self, Read, Write};

use case::Case;
use days::{Day, Days};
use lines::{Sheet, Writer};
use reader::Reader;
use rules::Rules;

/// Why a caseload cannot be answered.
#[derive(Debug)]
pub(crate) enum Fault {
    /// The world is in the way.
    Io(io::Error),
    /// Something stands in a line that the yardstick does not know.
    Line {
        /// The line, from 1.
        line: u32,
        /// What is wrong with it.
        what: &'static str,
    },
    /// The as-of day is none.
    AsOf,
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Fault {
        Fault::Io(error)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Io(error) => write!(f, "{error}"),
            Fault::Line { line, what } => write!(f, "line {line}: {what}"),
            Fault::AsOf => write!(f, "the as-of day is none"),
        }
    }
}

/// Answers a caseload as of a day.
pub(crate) fn run(input: impl Read, output: impl Write, as_of: &str) -> Result<u32, Fault> {
    let days = Days::new();
    let as_of = day(&days, as_of)?;
    let mut reader = Reader::new(input, as_of);
    let mut writer = Writer::new(output, &days);
    let (mut case, mut rules, mut sheet) = (Case::new(), Rules::default(), Sheet::default());
    let mut cases = 0;
    while reader.next(&days, &mut case)? {
        rules.work(&case, &days, as_of, &mut sheet);
        writer.write(&case, &sheet, &days)?;
        cases += 1;
    }
    writer.finish(cases)?;
    Ok(cases)
}

/// A caseload that has been read, for measuring the rules alone.
pub(crate) struct Loaded {
    days: Days,
    as_of: Day,
    cases: Vec<Case>,
    rules: Rules,
    sheet: Sheet,
}

impl Loaded {
    /// Reads every case.
    pub(crate) fn read(input: impl Read, as_of: &str) -> Result<Loaded, Fault> {
        let days = Days::new();
        let as_of = day(&days, as_of)?;
        let mut reader = Reader::new(input, as_of);
        let (mut cases, mut case) = (Vec::new(), Case::new());
        while reader.next(&days, &mut case)? {
            cases.push(case);
        }
        Ok(Loaded { days, as_of, cases, rules: Rules::default(), sheet: Sheet::default() })
    }

    /// Works out the deadlines of every case; how many lines differ between cases.
    pub(crate) fn work(&mut self) -> usize {
        let mut lines = 0;
        for case in &self.cases {
            self.rules.work(case, &self.days, self.as_of, &mut self.sheet);
            lines += black_box(&self.sheet).lines.len();
        }
        lines
    }
}

fn day(days: &Days, text: &str) -> Result<Day, Fault> {
    let day = text.as_bytes().first_chunk().and_then(|text| days.parse(text));
    day.filter(|&day| days.leaves_room(day)).ok_or(Fault::AsOf)
}
