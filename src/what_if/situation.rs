//! A policy, a case and a day, with what came of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::edit::Edit;
use super::{Book, Refusal};
use crate::calendar::Date;
use crate::cases::{Row, RowError, Warning, WarningKind, read};
use crate::check::Switches;
use crate::eval::{Fact, FactId, Matching, Outcome, Timeline, evaluate_with};
use crate::policy::{AttributeId, AttributeKind, Policy};
use crate::syntax::ast::ReadingValue;

/// A fact of a case that keeps its identity while the case is edited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// Its number, unique in the session.
    pub(super) id: u32,
    /// The fact as it is written; the line is that of the file, or follows it where it was added.
    pub row: Row,
}

impl Recorded {
    /// Whether two facts are the same but for their lines.
    pub(super) fn is_copy_of(&self, other: &Self) -> bool {
        let whole = |row: &Row| (row.date.clone(), row.event.clone(), row.pairs.clone());
        whole(&self.row) == whole(&other.row)
    }
}

/// A reading that has been switched, as it was typed and as it was understood.
#[derive(Debug, Clone)]
struct Switched {
    text: String,
    value: ReadingValue,
}

/// Everything that an outcome follows from. Copies are cheap: what is long is shared.
#[derive(Debug, Clone)]
pub(super) struct Inputs {
    book: Arc<Book>,
    policy: Arc<Policy>,
    switched: Arc<BTreeMap<String, Switched>>,
    case: Arc<str>,
    records: Arc<Vec<Arc<Recorded>>>,
    next: u32,
    as_of: Date,
    matching: Matching,
}

/// A policy, a case and a day, with what came of them.
#[derive(Debug, Clone)]
pub struct Situation {
    inputs: Inputs,
    timeline: Timeline,
    /// The identity of each fact of the timeline.
    ids: Vec<u32>,
    outcome: Outcome,
}

/// What an edit did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Done {
    /// The fact was recorded; what may not be meant about it.
    Added(Recorded, Vec<Warning>),
    /// The fact, as it was, was given another day.
    Moved(Recorded, Date),
    /// The fact was taken away.
    Removed(Recorded),
    /// A reading was switched from one value to another.
    Switched {
        /// Its name.
        name: String,
        /// The value before, as it reads.
        from: String,
        /// The value now.
        to: String,
    },
    /// The as-of day was changed from one to another.
    AsOf(Date, Date),
}

impl Situation {
    /// Evaluates a case under a policy.
    pub fn new(book: Arc<Book>, timeline: &Timeline, as_of: Date, matching: Matching) -> Self {
        let policy = Arc::clone(book.policy());
        let records: Vec<Arc<Recorded>> = timeline
            .facts()
            .iter()
            .zip(1..)
            .map(|(fact, id)| Arc::new(Recorded { id, row: row_of(&policy, fact) }))
            .collect();
        let inputs = Inputs {
            book,
            policy,
            switched: Arc::default(),
            case: timeline.case.as_str().into(),
            next: records.len() as u32 + 1,
            records: Arc::new(records),
            as_of,
            matching,
        };
        let ids = (1..inputs.next).collect();
        Self::evaluated(inputs, timeline.clone(), ids)
    }

    fn evaluated(inputs: Inputs, timeline: Timeline, ids: Vec<u32>) -> Self {
        let outcome = evaluate_with(&inputs.policy, &timeline, inputs.as_of, inputs.matching);
        Self { inputs, timeline, ids, outcome }
    }

    /// Reads the facts and evaluates them. An exact copy of another fact counts for nothing (M12), and
    /// stays recorded: it counts when the other is taken away.
    pub(super) fn of(inputs: Inputs) -> Result<Self, Vec<RowError>> {
        // Where lines stand for identities, a fact of the timeline tells whose it is.
        let numbered: Vec<Row> =
            inputs.records.iter().map(|one| Row { line: one.id, ..one.row.clone() }).collect();
        let read = read(&inputs.policy, &inputs.case, &numbered).map_err(|errors| {
            let line = |id: u32| {
                let record = inputs.records.iter().find(|one| one.id == id);
                record.map_or(0, |one| one.row.line)
            };
            errors
                .into_iter()
                .map(|error| RowError { line: line(error.line), ..error })
                .collect::<Vec<_>>()
        })?;
        let ids: Vec<u32> = read.timeline.facts().iter().map(|fact| fact.line).collect();
        let lines: BTreeMap<u32, u32> =
            inputs.records.iter().map(|one| (one.id, one.row.line)).collect();
        let facts = read.timeline.facts().iter().map(|fact| {
            let line = lines.get(&fact.line).copied().unwrap_or_default();
            Fact { line, ..fact.clone() }
        });
        let (timeline, _) = Timeline::new(&*inputs.case, facts.collect());
        Ok(Self::evaluated(inputs, timeline, ids))
    }

    /// The policy with its readings as they are switched.
    pub fn policy(&self) -> &Policy {
        &self.inputs.policy
    }

    /// The policy as it was read.
    pub fn book(&self) -> &Book {
        &self.inputs.book
    }

    /// The case.
    pub fn timeline(&self) -> &Timeline {
        &self.timeline
    }

    /// What came of it.
    pub fn outcome(&self) -> &Outcome {
        &self.outcome
    }

    /// The as-of day.
    pub fn as_of(&self) -> Date {
        self.inputs.as_of
    }

    /// What is made of acts that may belong to two deadlines.
    pub fn matching(&self) -> Matching {
        self.inputs.matching
    }

    /// The facts of the case.
    pub fn records(&self) -> &[Arc<Recorded>] {
        &self.inputs.records
    }

    /// The readings that are switched, with their values as they were typed.
    pub fn switched(&self) -> impl Iterator<Item = (&str, &str)> {
        self.inputs.switched.iter().map(|(name, value)| (name.as_str(), value.text.as_str()))
    }

    pub(super) fn inputs(&self) -> &Inputs {
        &self.inputs
    }

    /// The identity of a fact of the timeline; a deemed one has none.
    pub(super) fn identity(&self, fact: FactId) -> Option<u32> {
        self.ids.get(fact.0 as usize).copied()
    }

    /// A fact of the outcome; a deemed one has a day and an event, and nothing else.
    pub(super) fn fact(&self, id: FactId) -> Fact {
        self.outcome.fact(&self.timeline, id)
    }

    /// A row as the records have it, its values in the one form they are written in.
    pub(super) fn normal(&self, row: &Row) -> Result<Row, Refusal> {
        let read =
            read(self.policy(), &self.inputs.case, std::slice::from_ref(row)).map_err(refused)?;
        let fact = read.timeline.facts().first();
        Ok(fact.map(|fact| row_of(self.policy(), fact)).unwrap_or_default())
    }

    /// Whether another situation has the same policy and the same facts, so that only the day can
    /// make a difference.
    pub(super) fn differs_in_the_day_only(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.inputs.policy, &other.inputs.policy) && self.timeline == other.timeline
    }

    /// A fact as it is written, with its line.
    pub fn place(&self, record: &Recorded) -> String {
        format!("{} (line {})", self.written(&record.row), record.row.line)
    }

    /// A row in the notation of the language.
    pub fn written(&self, row: &Row) -> String {
        let mut line = format!("{} {}", row.date, row.event);
        let event = self.policy().find_event(&row.event).map(|id| self.policy().event(id));
        for (name, value) in &row.pairs {
            let text = event.is_some_and(|event| {
                let mut own = event.attributes.iter().filter(|one| one.name == *name);
                own.any(|one| one.kind == AttributeKind::Text)
            });
            if text {
                line += &format!(" {name} \"{value}\"");
            } else {
                line += &format!(" {name} {value}");
            }
        }
        line
    }

    /// Makes an edit; the situation itself stays as it is.
    pub fn edited(&self, edit: &Edit) -> Result<(Self, Done), Refusal> {
        match edit {
            Edit::Add(row) => self.with(row),
            Edit::Move(name, target) => {
                let found = name.find(self)?;
                let from = super::fact_name::day(&found.row.date)?;
                let to = target.from(from, &self.policy().calendar)?;
                let mut moved = found.clone();
                moved.row.date = to.to_string();
                let after = self.replacing(found.id, Some(moved))?;
                Ok((after, Done::Moved(found, to)))
            }
            Edit::Remove(name) => {
                let found = name.find(self)?;
                Ok((self.replacing(found.id, None)?, Done::Removed(found)))
            }
            Edit::Read { name, value } => self.switching(name, value),
            Edit::AsOf(day) => {
                let inputs = Inputs { as_of: *day, ..self.inputs.clone() };
                let after = Self::evaluated(inputs, self.timeline.clone(), self.ids.clone());
                Ok((after, Done::AsOf(self.as_of(), *day)))
            }
        }
    }

    fn with(&self, row: &Row) -> Result<(Self, Done), Refusal> {
        let mut row = self.normal(row)?;
        // What is added stands behind the last line of the file.
        row.line = self.records().iter().map(|one| one.row.line).max().unwrap_or_default() + 1;
        let record = Recorded { id: self.inputs.next, row };
        let mut inputs = self.inputs.clone();
        inputs.next += 1;
        let mut records = self.records().to_vec();
        records.push(Arc::new(record.clone()));
        inputs.records = Arc::new(records);
        let rows: Vec<Row> = inputs.records.iter().map(|one| one.row.clone()).collect();
        let mut warnings = read(self.policy(), &self.inputs.case, &rows).map_err(refused)?.warnings;
        warnings.retain(|warning| {
            warning.line == record.row.line && warning.kind != WarningKind::OutOfOrder
        });
        let after = Self::of(inputs).map_err(refused)?;
        Ok((after, Done::Added(record, warnings)))
    }

    /// Puts another fact in the place of one, or none.
    fn replacing(&self, id: u32, by: Option<Recorded>) -> Result<Self, Refusal> {
        let by = by.map(Arc::new);
        let records = self
            .records()
            .iter()
            .filter_map(|one| if one.id == id { by.clone() } else { Some(Arc::clone(one)) });
        let inputs = Inputs { records: Arc::new(records.collect()), ..self.inputs.clone() };
        Self::of(inputs).map_err(refused)
    }

    fn switching(&self, name: &str, text: &str) -> Result<(Self, Done), Refusal> {
        let value = self.inputs.book.value(name, text)?;
        let mut switched = (*self.inputs.switched).clone();
        switched.insert(name.to_owned(), Switched { text: text.to_owned(), value });
        let policy = self.inputs.book.compile(&switches(&switched), (name, text))?;
        let chosen = |policy: &Policy| {
            let reading = policy.readings.iter().find(|reading| reading.name == name);
            reading.map(|reading| reading.chosen.clone()).unwrap_or_default()
        };
        let done = Done::Switched {
            name: name.to_owned(),
            from: chosen(self.policy()),
            to: chosen(&policy),
        };
        // The events of a policy do not rest on its readings, so the facts need not be read again.
        let inputs = Inputs { policy, switched: Arc::new(switched), ..self.inputs.clone() };
        Ok((Self::evaluated(inputs, self.timeline.clone(), self.ids.clone()), done))
    }

    /// The same case and day under another policy, as far as it can be read under it. Readings that
    /// are switched stay so, where the policy has them.
    pub fn under(&self, book: Arc<Book>) -> Result<Self, Refusal> {
        let mut switched = (*self.inputs.switched).clone();
        switched.retain(|name, _| book.reading(name).is_ok());
        let last = switched.iter().next_back();
        let last = last.map_or(("", ""), |(name, value)| (name, &value.text));
        let policy = book.compile(&switches(&switched), last)?;
        let inputs =
            Inputs { book, policy, switched: Arc::new(switched.clone()), ..self.inputs.clone() };
        Self::of(inputs).map_err(refused)
    }

    /// Another case under the same policy on the same day.
    #[must_use]
    pub fn opening(&self, timeline: &Timeline) -> Self {
        let mut other =
            Self::new(Arc::clone(&self.inputs.book), timeline, self.as_of(), self.inputs.matching);
        other.inputs.policy = Arc::clone(&self.inputs.policy);
        other.inputs.switched = Arc::clone(&self.inputs.switched);
        Self::evaluated(other.inputs, other.timeline, other.ids)
    }
}

fn switches(readings: &BTreeMap<String, Switched>) -> Switches {
    let mut switches = Switches::default();
    for (name, value) in readings {
        switches.set(name, value.value.clone());
    }
    switches
}

/// The first of what is wrong; the rest comes to light when it is put right.
fn refused(errors: Vec<RowError>) -> Refusal {
    errors.into_iter().next().map_or_else(|| Refusal::new("it cannot be read"), Refusal::from)
}

/// A fact as it is written.
fn row_of(policy: &Policy, fact: &Fact) -> Row {
    let event = policy.event(fact.event);
    let values = event.attributes.iter().zip(&fact.values).enumerate();
    let mut pairs: Vec<(String, String)> = values
        .filter_map(|(index, (attribute, value))| {
            let id = AttributeId(index as u16);
            let words = policy.value_words(fact.event, id, value.as_ref()?);
            Some((attribute.name.clone(), words))
        })
        .collect();
    pairs.extend(fact.reference.iter().map(|name| ("ref".to_owned(), name.clone())));
    pairs.extend(fact.sequence.iter().map(|number| ("seq".to_owned(), number.to_string())));
    Row { line: fact.line, date: fact.date.to_string(), event: event.name.clone(), pairs }
}
