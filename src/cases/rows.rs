//! From the rows of a case to its timeline: the one place where events, attributes and dates of an
//! input are held against the policy.

use std::collections::HashSet;
use std::fmt;

use crate::calendar::{Date, DateError};
use crate::diagnostic::printable::one_line;
use crate::diagnostic::way_on;
use crate::eval::{Fact, Timeline};
use crate::policy::{AttributeId, Policy, Value, ValueErrorKind};

/// More days than this from the middle date of its case make a date suspect: 25 years.
const FAR: i32 = 9_131;

/// One dated event as an input gives it; every format is brought to this.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Row {
    /// The line on which it begins, from 1.
    pub line: u32,
    /// The date as written.
    pub date: String,
    /// The event's name as written.
    pub event: String,
    /// The attributes as written, `ref` and `seq` among them.
    pub pairs: Vec<(String, String)>,
}

/// What is wrong with an input, and where.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RowError {
    /// The line, from 1; 0 where it concerns the whole input.
    pub line: u32,
    /// The field or column.
    pub field: Option<String>,
    /// What is wrong: a phrase without a full stop.
    pub message: String,
    /// What to do about it, where something near is known.
    pub help: Option<String>,
    /// Of which kind it is; many of one kind have a cause in common.
    pub kind: RowErrorKind,
}

/// The kinds of mistake of which many in one input point to what lies behind them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RowErrorKind {
    /// A date is not written as one: a spreadsheet writes them its own way.
    DateForm,
    /// The policy has no such event: the cases may belong to another policy.
    UnknownEvent,
    /// Any other.
    #[default]
    Other,
}

impl RowError {
    /// Makes an error that concerns a line.
    pub(super) fn new(line: u32, message: impl AsRef<str>) -> Self {
        RowError { line, message: one_line(message.as_ref()), ..RowError::default() }
    }

    /// Names the field.
    pub(super) fn field(mut self, field: &str) -> Self {
        self.field = Some(one_line(&short(field)));
        self
    }

    /// Says of which kind it is.
    pub(super) fn kind(self, kind: RowErrorKind) -> Self {
        RowError { kind, ..self }
    }

    /// Says what to do about it.
    pub(super) fn help(mut self, help: impl AsRef<str>) -> Self {
        self.help = Some(one_line(help.as_ref()));
        self
    }

    /// Offers the nearest of the names that would have been right, or those it is a part of, or else lists them.
    pub(super) fn near<'a>(
        self,
        word: &str,
        names: impl Iterator<Item = &'a str> + Clone,
        intro: &str,
    ) -> Self {
        match way_on(&short(word.trim()), names, intro) {
            Some(help) => self.help(help),
            None => self,
        }
    }
}

impl fmt::Display for RowError {
    /// Writes the place and the phrase: ``line 3, field `miles`: …``.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.line, &self.field) {
            (0, None) => {}
            (0, Some(field)) => write!(f, "field `{field}`: ")?,
            (line, None) => write!(f, "line {line}: ")?,
            (line, Some(field)) => write!(f, "line {line}, field `{field}`: ")?,
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for RowError {}

/// Something in a case that was read as it stands but may not be what was meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// What kind of thing it is.
    pub kind: WarningKind,
    /// The line, from 1; 0 where it concerns the whole case.
    pub line: u32,
    /// What it is: a phrase without a full stop.
    pub message: String,
}

impl fmt::Display for Warning {
    /// Writes the place and the phrase.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line > 0 {
            write!(f, "line {}: ", self.line)?;
        }
        f.write_str(&self.message)
    }
}

/// The kinds of warning, so that a caseload can count them and say each once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WarningKind {
    /// An event stands there twice, exactly the same; it is counted once.
    Duplicate,
    /// Two events of one kind on one day differ only in their attributes.
    SameDay,
    /// The events are not in order of date.
    OutOfOrder,
    /// A date is far from the others.
    FarDate,
    /// The case's name looks like that of a person.
    PersonName,
    /// The case has no events.
    NoEvents,
}

/// A case that could be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// The dated events.
    pub timeline: Timeline,
    /// What may not be what was meant, by line.
    pub warnings: Vec<Warning>,
}

/// Makes the timeline of a case from its rows, or says everything that is wrong with them.
pub fn read(policy: &Policy, case: &str, rows: &[Row]) -> Result<Read, Vec<RowError>> {
    let mut errors = Vec::new();
    let facts: Vec<Fact> = rows.iter().filter_map(|row| fact(policy, row, &mut errors)).collect();
    if !errors.is_empty() {
        return Err(errors);
    }
    Ok(finish(policy, case, facts))
}

/// Puts the facts of a case in order, and says what may not be meant.
pub(super) fn finish(policy: &Policy, case: &str, facts: Vec<Fact>) -> Read {
    let mut warnings = far_dates(policy, &facts);
    warnings.extend(person_name(case, &facts));
    warnings.extend(no_events(&facts));
    warnings.extend(out_of_order(&facts));
    let (timeline, duplicates) = Timeline::new(case, facts);
    for (dropped, kept) in duplicates {
        warnings.push(Warning {
            kind: WarningKind::Duplicate,
            line: dropped,
            message: if dropped == kept {
                "an event stands here twice, exactly the same; it is counted once, unless a `ref` \
                 tells the two apart"
                    .to_owned()
            } else {
                format!(
                    "this is exactly the event of line {kept}; it is counted once, unless a `ref` \
                     tells the two apart"
                )
            },
        });
    }
    warnings.extend(same_day(policy, &timeline));
    warnings.sort_by_key(|warning| (warning.line, warning.kind));
    Read { timeline, warnings }
}

/// Reads one row. What is wrong with it goes to the errors, and then there is no fact.
fn fact(policy: &Policy, row: &Row, errors: &mut Vec<RowError>) -> Option<Fact> {
    let before = errors.len();
    let date = date(row).map_err(|error| errors.push(error)).ok();
    let Some(event) = policy.find_event(&row.event) else {
        errors.push(unknown_event(policy, row));
        return None;
    };
    let date = date.unwrap_or(Date::MIN);
    let mut fact = Fact { line: row.line, ..Fact::bare(policy, event, date) };
    let mut given: HashSet<&str> = HashSet::with_capacity(row.pairs.len());
    for (name, text) in &row.pairs {
        if !given.insert(name) {
            let message = format!("`{}` is given twice for one event", short(name));
            errors.push(RowError::new(row.line, message).field(name));
            continue;
        }
        if let Err(error) = attribute(policy, &mut fact, name, text) {
            errors.push(error.field(name));
        }
    }
    (errors.len() == before).then_some(fact)
}

/// Reads the date of a row.
fn date(row: &Row) -> Result<Date, RowError> {
    Date::parse(&row.date).map_err(|error| {
        let kind = kind_of(&error);
        let error = RowError::new(row.line, error.to_string()).field("date").kind(kind);
        let excel = row.date.len() == 5 && row.date.bytes().all(|byte| byte.is_ascii_digit());
        if excel {
            error.help(
                "Excel keeps dates as such numbers; give the column the format yyyy-mm-dd before \
                 saving it",
            )
        } else {
            error
        }
    })
}

/// The kind of a mistake in a date.
fn kind_of(error: &DateError) -> RowErrorKind {
    if error.is_another_form() { RowErrorKind::DateForm } else { RowErrorKind::Other }
}

/// Says that there is no such event.
fn unknown_event(policy: &Policy, row: &Row) -> RowError {
    let (message, kind) = if row.event.trim().is_empty() {
        ("there is no event here".to_owned(), RowErrorKind::Other)
    } else {
        let message = format!("the policy has no event `{}`", short(&row.event));
        (message, RowErrorKind::UnknownEvent)
    };
    let names = policy.events.iter().map(|event| event.name.as_str());
    let error = RowError::new(row.line, message).field("event").kind(kind);
    error.near(&row.event, names, "its events are")
}

/// Puts one attribute into its place in the fact.
fn attribute(policy: &Policy, fact: &mut Fact, name: &str, text: &str) -> Result<(), RowError> {
    let line = fact.line;
    match name {
        "ref" if text.trim().is_empty() => {
            let message = "`ref` is empty; give it a word or leave it out";
            return Err(RowError::new(line, message));
        }
        "ref" => fact.reference = Some(text.to_owned()),
        "seq" => fact.sequence = Some(sequence(line, text)?),
        _ => {
            let event = policy.event(fact.event);
            let index = event.attributes.iter().position(|attribute| attribute.name == name);
            let Some(index) = index else {
                let names = event
                    .attributes
                    .iter()
                    .map(|attribute| attribute.name.as_str())
                    .chain(["ref", "seq"]);
                let message = format!("`{}` has no attribute `{}`", event.name, short(name));
                return Err(RowError::new(line, message).near(name, names, "its attributes are"));
            };
            let value = policy.read_value(fact.event, AttributeId(index as u16), text).map_err(
                |mut error| {
                    error.text = short(&error.text);
                    let suggestion = error.suggestion();
                    let kind = match &error.kind {
                        ValueErrorKind::NotADate(error) => kind_of(error),
                        _ => RowErrorKind::Other,
                    };
                    let error = RowError::new(line, error.to_string()).kind(kind);
                    match suggestion {
                        Some(near) => error.help(format!("did you mean `{near}`?")),
                        None => error,
                    }
                },
            )?;
            if let Some(place) = fact.values.get_mut(index) {
                *place = Some(value);
            }
        }
    }
    Ok(())
}

/// Reads a `seq`.
fn sequence(line: u32, text: &str) -> Result<u32, RowError> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match text.parse() {
        Ok(sequence) if digits => Ok(sequence),
        _ => {
            let message =
                format!("`seq` is a whole number from 0 to {}, not `{}`", u32::MAX, short(text));
            Err(RowError::new(line, message))
        }
    }
}

/// Warns of a case that is called by what looks like a person's name. The name itself is not
/// repeated, because what is warned of must not spread.
fn person_name(case: &str, facts: &[Fact]) -> Option<Warning> {
    looks_like_a_name(case).then(|| Warning {
        kind: WarningKind::PersonName,
        line: facts.first().map_or(0, |fact| fact.line),
        message: "the case is called by what looks like a person's name; use a code instead"
            .to_owned(),
    })
}

/// Whether a text is two to four words that each begin with their only capital, as names do.
fn looks_like_a_name(text: &str) -> bool {
    /// Words that begin the codes of cases, and no person's name.
    const NO_NAMES: [&str; 5] = ["Case", "Child", "Person", "Sibling", "Test"];
    let words = text.split([' ', ',', '_', '.', '\u{a0}']).filter(|word| !word.is_empty());
    let name = |word: &str| {
        let mut letters = word.chars();
        letters.next().is_some_and(char::is_uppercase)
            && word.chars().nth(1).is_some()
            && word
                .chars()
                .all(|letter| letter.is_alphabetic() || matches!(letter, '-' | '\'' | '’'))
            && word.chars().any(char::is_lowercase)
    };
    (2..=4).contains(&words.clone().count())
        && words.clone().all(name)
        && !words.clone().any(|word| NO_NAMES.contains(&word))
}

/// Warns of a case without any event.
fn no_events(facts: &[Fact]) -> Option<Warning> {
    facts.is_empty().then(|| Warning {
        kind: WarningKind::NoEvents,
        line: 0,
        message: "the case has no events".to_owned(),
    })
}

/// Warns once of events that are not in order of date.
fn out_of_order(facts: &[Fact]) -> Option<Warning> {
    let (earlier, later) =
        facts.iter().zip(facts.iter().skip(1)).find(|(first, second)| second.date < first.date)?;
    Some(Warning {
        kind: WarningKind::OutOfOrder,
        line: later.line,
        message: format!(
            "{} stands after {} (line {}); events are taken in order of date, not of lines",
            later.date, earlier.date, earlier.line
        ),
    })
}

/// Warns of dates that are far from the middle one. A birth is long ago, and is no part of it.
fn far_dates(policy: &Policy, facts: &[Fact]) -> Vec<Warning> {
    // Where none is far from any other, none is far from the middle one; a birth is rarely so long ago.
    if !far_apart(facts) {
        return Vec::new();
    }
    let birth =
        |fact: &&Fact| Some(fact.event) == policy.born || policy.event(fact.event).name == "born";
    let mut dates: Vec<Date> =
        facts.iter().filter(|fact| !birth(fact)).map(|fact| fact.date).collect();
    dates.sort_unstable();
    let Some(&middle) = dates.get(dates.len().saturating_sub(1) / 2) else {
        return Vec::new();
    };
    let mut warnings = Vec::new();
    for fact in facts.iter().filter(|fact| !birth(fact)) {
        for date in days_of(fact) {
            if middle.days_until(date).abs() > FAR {
                warnings.push(Warning {
                    kind: WarningKind::FarDate,
                    line: fact.line,
                    message: format!(
                        "{date} is more than 25 years from the other dates of the case (around \
                         {middle}); is the year right?"
                    ),
                });
            }
        }
    }
    warnings
}

/// Whether any two dates are far from each other.
fn far_apart(facts: &[Fact]) -> bool {
    let (mut first, mut last) = (Date::MAX, Date::MIN);
    for fact in facts {
        (first, last) = (first.min(fact.date), last.max(fact.date));
        for value in fact.values.iter().flatten() {
            if let Value::Date(date) = *value {
                (first, last) = (first.min(date), last.max(date));
            }
        }
    }
    first.days_until(last) > FAR
}

/// The day of a fact, and those it carries.
fn days_of(fact: &Fact) -> impl Iterator<Item = Date> + Clone {
    let carried = fact.values.iter().flatten().filter_map(|value| match value {
        Value::Date(date) => Some(*date),
        Value::YesNo(_) | Value::Word(_) | Value::Number(_) | Value::Text(_) => None,
    });
    [fact.date].into_iter().chain(carried)
}

/// Warns of events of one kind on one day that differ in their attributes and have nothing to tell
/// one from the other.
fn same_day(policy: &Policy, timeline: &Timeline) -> Vec<Warning> {
    let mut warnings = Vec::new();
    if !timeline.has_namesakes() {
        return warnings;
    }
    let alone = |fact: &&Fact| fact.reference.is_none() && fact.sequence.is_none();
    for day in timeline.facts().chunk_by(|one, other| one.date == other.date) {
        for (place, fact) in day.iter().enumerate().filter(|(_, fact)| alone(fact)) {
            let mut before = day.iter().take(place).filter(alone);
            let Some(first) = before.find(|other| other.event == fact.event) else { continue };
            warnings.push(another(policy, fact, first.line));
        }
    }
    warnings
}

/// Says that another event of the kind is on the same day, on the given line.
fn another(policy: &Policy, fact: &Fact, line: u32) -> Warning {
    let (one, other) = (fact.line.min(line), fact.line.max(line));
    // Events that come from no file have no line.
    let place = if one == 0 { "there".to_owned() } else { format!("on line {one}") };
    Warning {
        kind: WarningKind::SameDay,
        line: other,
        message: format!(
            "another `{}` on {} is {place}, with other attributes; both count, and a `ref` or `seq` \
             would tell them apart",
            policy.event(fact.event).name,
            fact.date
        ),
    }
}

/// A text as a message may repeat it: not a whole paragraph.
pub(super) fn short(text: &str) -> String {
    const KEPT: usize = 60;
    let mut characters = text.chars();
    let kept: String = characters.by_ref().take(KEPT).collect();
    if characters.next().is_some() { kept + "…" } else { kept }
}
