//! A case with something added to it, and what that moved.

use std::collections::BTreeMap;

use crate::calendar::Date;
use crate::eval::{BasisKind, Deadline, Due, Fact, Outcome, Part, Status, Timeline};
use crate::policy::RuleId;

/// A case and what came of it.
#[derive(Debug, Clone)]
pub struct Trial {
    /// The case, with what was added to it.
    pub timeline: Timeline,
    /// What evaluating it gave.
    pub outcome: Outcome,
}

/// Which deadline it is, in every outcome of one case: the places of facts change when one is added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// The rule.
    pub rule: RuleId,
    /// Which part of it.
    pub part: Part,
    /// Which instance.
    pub ordinal: u16,
    /// Which of those that share all this, from 0: a restart or a new period of care gives an ordinal twice.
    pub twin: u16,
}

impl Key {
    /// The key of a deadline that shares its rule, part and ordinal with none before it.
    pub const fn of(row: &Deadline) -> Key {
        Key { rule: row.rule, part: row.part, ordinal: row.ordinal, twin: 0 }
    }
}

/// A deadline that is not the same in two outcomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Move {
    /// Which one.
    pub key: Key,
    /// Its place in the first outcome, if it is there.
    pub before: Option<usize>,
    /// Its place in the second outcome, if it is there.
    pub after: Option<usize>,
}

/// Everything of a deadline that can be compared between two outcomes: no places of facts, and no count
/// of days, which changes by itself as time goes by.
#[derive(PartialEq)]
struct Face<'a> {
    status: Status,
    opens: Option<Date>,
    due: Due,
    alternatives: &'a [Date],
    basis: Option<(BasisKind, Date)>,
    done_on: Option<Date>,
}

fn face(row: &Deadline) -> Face<'_> {
    Face {
        status: row.status,
        opens: row.opens,
        due: row.due,
        alternatives: &row.alternatives,
        basis: row.basis.map(|basis| (basis.kind, basis.date)),
        done_on: row.done_on,
    }
}

/// The place of each deadline of an outcome.
pub(super) fn keyed(outcome: &Outcome) -> BTreeMap<Key, usize> {
    let mut places: BTreeMap<Key, usize> = BTreeMap::new();
    for (place, row) in outcome.deadlines.iter().enumerate() {
        let mut key = Key { rule: row.rule, part: row.part, ordinal: row.ordinal, twin: 0 };
        while places.contains_key(&key) {
            key.twin += 1;
        }
        places.insert(key, place);
    }
    places
}

/// The deadlines that differ between two outcomes of one case, in the order of the policy. One that waits
/// for something, or that is no longer owed, counts as absent.
pub fn moves(before: &Outcome, after: &Outcome) -> Vec<Move> {
    let (old, new) = (keyed(before), keyed(after));
    let mut keys: Vec<Key> = old.keys().chain(new.keys()).copied().collect();
    keys.sort_unstable();
    keys.dedup();
    let row = |outcome: &'_ Outcome, place: Option<&usize>| {
        place.and_then(|&place| outcome.deadlines.get(place)).filter(|row| !is_idle(row)).cloned()
    };
    keys.into_iter()
        .filter_map(|key| {
            let (was, is) = (row(before, old.get(&key)), row(after, new.get(&key)));
            let same = match (&was, &is) {
                (None, None) => true,
                (Some(was), Some(is)) => face(was) == face(is),
                _ => false,
            };
            (!same).then(|| Move {
                key,
                before: was.and(old.get(&key).copied()),
                after: is.and(new.get(&key).copied()),
            })
        })
        .collect()
}

/// Whether a deadline is only a place for one that may come.
fn is_idle(row: &Deadline) -> bool {
    row.status == Status::Waiting && row.reasons.is_empty()
}

/// The case with more facts.
pub(super) fn with(timeline: &Timeline, more: &[Fact]) -> Timeline {
    let mut facts = timeline.facts().to_vec();
    facts.extend_from_slice(more);
    Timeline::new(timeline.case.clone(), facts).0
}
