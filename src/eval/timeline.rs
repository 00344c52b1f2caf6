//! The dated events of one case.

use std::cmp::Ordering;
use std::iter::repeat_with;

use super::{FactId, Few};
use crate::calendar::Date;
use crate::policy::{AttributeId, EventId, Policy, ScenarioFact, Value};

/// One dated event of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// The day.
    pub date: Date,
    /// The event.
    pub event: EventId,
    /// Its attributes, one place for each the event declares; `None` where it was not recorded.
    pub values: Few<Option<Value>>,
    /// Its `ref`, which ties acts to what they answer.
    pub reference: Option<String>,
    /// Its `seq`: an explicit order among the events of one day.
    pub sequence: Option<u32>,
    /// The line of the input on which it stands, from 1; 0 for a deemed event.
    pub line: u32,
}

impl Fact {
    /// An event with nothing recorded but the day, from no line of an input.
    pub fn bare(policy: &Policy, event: EventId, date: Date) -> Fact {
        let values = match policy.event(event).attributes.len() {
            0 => Few::None,
            1 => Few::One(None),
            number => Few::Many(repeat_with(|| None).take(number).collect()),
        };
        Fact { date, event, values, reference: None, sequence: None, line: 0 }
    }

    /// An event of a scenario, as if it stood on a line.
    pub fn of_scenario(fact: &ScenarioFact, line: u32) -> Fact {
        Fact {
            date: fact.date,
            event: fact.event,
            values: fact.values.clone().into(),
            reference: fact.reference.clone(),
            sequence: fact.sequence,
            line,
        }
    }

    /// The value of an attribute, if it was recorded.
    pub fn value(&self, attribute: AttributeId) -> Option<&Value> {
        self.values.get(attribute.index()).and_then(Option::as_ref)
    }

    /// The order of a timeline: by date, then `seq`, then by content. The input's own order plays
    /// no part (M11).
    fn order(&self, other: &Fact) -> Ordering {
        let by_content =
            || (&*self.values, &self.reference).cmp(&(&*other.values, &other.reference));
        (self.date.cmp(&other.date))
            .then(self.sequence.cmp(&other.sequence))
            .then(self.event.cmp(&other.event))
            .then_with(by_content)
    }
}

/// The dated events of one case, in order and without exact duplicates.
///
/// INVARIANT: two timelines of the same facts are equal but for the lines, whatever order the
/// facts were given in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Timeline {
    /// The case's own name: a code, never a person's name.
    pub case: String,
    facts: Vec<Fact>,
}

impl Timeline {
    /// Orders the facts. An exact duplicate (same day, event, attributes and `ref`) is kept once;
    /// the lines of the dropped copies are returned beside the line that was kept (M12).
    pub fn new(case: impl Into<String>, mut facts: Vec<Fact>) -> (Timeline, Vec<(u32, u32)>) {
        let mut duplicates = Vec::new();
        let order = |a: &Fact, b: &Fact| a.order(b).then(a.line.cmp(&b.line));
        // Files are mostly in order of the days already, and then only few facts need to be put in order.
        if facts.is_sorted_by_key(|fact| fact.date) {
            for day in facts.chunk_by_mut(|one, other| one.date == other.date) {
                day.sort_by(order);
            }
        } else {
            facts.sort_by(order);
        }
        if has_namesakes(&facts) {
            facts.dedup_by(|later, kept| {
                let same = later.order(kept) == Ordering::Equal;
                if same {
                    duplicates.push((later.line, kept.line));
                }
                same
            });
        }
        (Timeline { case: case.into(), facts }, duplicates)
    }

    /// Whether any day has two events of a kind of which no `seq` says which came first.
    pub(crate) fn has_namesakes(&self) -> bool {
        has_namesakes(&self.facts)
    }

    /// The facts in order.
    pub fn facts(&self) -> &[Fact] {
        &self.facts
    }

    /// The fact with this id, unless it is a deemed one.
    pub fn fact(&self, id: FactId) -> Option<&Fact> {
        self.facts.get(id.0 as usize)
    }
}

/// Whether events of one kind and one day stand side by side in the order of a timeline; those do of which
/// no `seq` says which came first.
fn has_namesakes(facts: &[Fact]) -> bool {
    facts.windows(2).any(|pair| match pair {
        [one, other] => one.date == other.date && one.event == other.event,
        _ => false,
    })
}
