//! How a fact of a case is named: as it is written, or by as much of it as tells it from the others.

use super::Refusal;
use super::situation::{Recorded, Situation};
use crate::calendar::Date;
use crate::cases::{Row, read_line};

/// The most candidates that a message lists.
const LISTED: usize = 12;

/// The date that stands in for one that was not given.
const ANY_DAY: &str = "2000-01-01";

/// Which fact is meant: its line as it is written, `EVENT`, `EVENT on DATE`, each with as many of its
/// attributes and its `ref` as are needed, or `line 12`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactName {
    /// As it was typed.
    text: String,
    wanted: Wanted,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Wanted {
    Line(u32),
    /// The row holds what was given; the day is meant only where it was given.
    Like {
        row: Row,
        dated: bool,
    },
}

impl FactName {
    /// Reads a name.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let text = text.trim();
        let whole = text.to_owned();
        if let Some(line) = text.strip_prefix("line ").and_then(|rest| rest.trim().parse().ok()) {
            return Ok(Self { text: whole, wanted: Wanted::Line(line) });
        }
        let (event, rest) = text.split_once(' ').unwrap_or((text, ""));
        if event.is_empty() {
            return Err(Refusal::new("there is no event here").help(
                "name it as it is written, or by its event and its day: `review-held on 2026-03-18`",
            ));
        }
        if event.starts_with(|first: char| first.is_ascii_digit()) {
            let row = read_line(0, text)?;
            return Ok(Self { text: whole, wanted: Wanted::Like { row, dated: true } });
        }
        let (line, dated) = match rest.trim_start().strip_prefix("on ") {
            Some(rest) => {
                let (day, rest) = rest.trim_start().split_once(' ').unwrap_or((rest.trim(), ""));
                (format!("{day} {event} {rest}"), true)
            }
            None => (format!("{ANY_DAY} {event} {rest}"), false),
        };
        let row = read_line(0, &line)?;
        Ok(Self { text: whole, wanted: Wanted::Like { row, dated } })
    }

    /// Finds the one fact of that name.
    pub(super) fn find(&self, situation: &Situation) -> Result<Recorded, Refusal> {
        let records = situation.records();
        let Wanted::Like { row, dated } = &self.wanted else {
            return self.on_line(situation);
        };
        let wanted = situation.normal(row)?;
        let alike = |one: &&Recorded| {
            one.row.event == wanted.event
                && (!dated || one.row.date == wanted.date)
                && wanted.pairs.iter().all(|pair| one.row.pairs.contains(pair))
        };
        let found: Vec<&Recorded> = records.iter().map(AsRef::as_ref).filter(alike).collect();
        match found.as_slice() {
            [only] => Ok((*only).clone()),
            [] => Err(self.nothing(situation, &wanted)),
            // Of exact copies it does not matter which is meant.
            [first, rest @ ..] if rest.iter().all(|one| first.is_copy_of(one)) => {
                Ok((*first).clone())
            }
            several => {
                // What is written in full names one, though others say more.
                let mut full = several
                    .iter()
                    .filter(|one| *dated && one.row.pairs.len() == wanted.pairs.len());
                match (full.next(), full.next()) {
                    (Some(only), None) => Ok((*only).clone()),
                    _ => Err(self.several(situation, several)),
                }
            }
        }
    }

    fn on_line(&self, situation: &Situation) -> Result<Recorded, Refusal> {
        let Wanted::Line(line) = self.wanted else {
            return Err(Refusal::new("this is no line"));
        };
        let records = situation.records();
        let found: Vec<&Recorded> =
            records.iter().map(AsRef::as_ref).filter(|one| one.row.line == line).collect();
        match found.as_slice() {
            [only] => Ok((*only).clone()),
            [] => Err(Refusal::new(format!("there is no event on line {line} of the case"))),
            several => Err(self.several(situation, several)),
        }
    }

    /// There is no such fact; where the event is recorded on other days, they are told.
    fn nothing(&self, situation: &Situation, wanted: &Row) -> Refusal {
        let refusal = Refusal::new(format!("the case has no `{}`", self.text));
        let same: Vec<String> = situation
            .records()
            .iter()
            .filter(|one| one.row.event == wanted.event)
            .map(|one| situation.place(one))
            .collect();
        if same.is_empty() {
            let names: Vec<&str> =
                situation.records().iter().map(|one| one.row.event.as_str()).collect();
            return refusal.near(&wanted.event, Vec::into_iter(dedup(names)), "it has");
        }
        refusal.help("it has").among(cut(same))
    }

    fn several(&self, situation: &Situation, found: &[&Recorded]) -> Refusal {
        Refusal::new(format!("the case has {} events like `{}`", found.len(), self.text))
            .help("say which")
            .among(cut(found.iter().map(|one| situation.place(one)).collect()))
    }
}

fn dedup(mut names: Vec<&str>) -> Vec<&str> {
    names.sort_unstable();
    names.dedup();
    names
}

/// As many as can be taken in, and how many more there are.
fn cut(mut places: Vec<String>) -> Vec<String> {
    let more = places.len().saturating_sub(LISTED);
    places.truncate(LISTED);
    if more > 0 {
        places.push(format!("and {more} more"));
    }
    places
}

/// Reads a day as it is typed.
pub(super) fn day(text: &str) -> Result<Date, Refusal> {
    Date::parse(text.trim()).map_err(|error| Refusal::new(error.to_string()))
}
