//! A case with something added to it, and what that moved.

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

/// The place of each deadline of an outcome, in order of the keys.
#[derive(Debug, Default)]
pub(super) struct Places(Vec<(Key, usize)>);

impl Places {
    /// The place of a deadline, if it is there.
    pub(super) fn get(&self, key: &Key) -> Option<usize> {
        let found = self.0.binary_search_by_key(key, |&(key, _)| key).ok()?;
        self.0.get(found).map(|&(_, place)| place)
    }

    /// Whether a deadline is there.
    pub(super) fn contains_key(&self, key: &Key) -> bool {
        self.get(key).is_some()
    }
}

impl IntoIterator for Places {
    type Item = (Key, usize);
    type IntoIter = std::vec::IntoIter<(Key, usize)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// The place of each deadline of an outcome.
pub(super) fn keyed(outcome: &Outcome) -> Places {
    let rows = outcome.deadlines.iter().map(Key::of).zip(0..);
    let mut places: Vec<(Key, usize)> = rows.collect();
    // Those that share a key stay in the order of the outcome, and are numbered in it.
    places.sort_by_key(|&(key, _)| key);
    let mut before: Option<Key> = None;
    for (key, _) in &mut places {
        let twin = before.filter(|before| Key { twin: 0, ..*before } == *key);
        key.twin = twin.map_or(0, |twin| twin.twin + 1);
        before = Some(*key);
    }
    Places(places)
}

/// The deadlines that differ between two outcomes of one case, in the order of the policy. One that waits
/// for something, or that is no longer owed, counts as absent.
pub fn moves(before: &Outcome, after: &Outcome) -> Vec<Move> {
    let owed = |outcome: &Outcome, place: usize| {
        outcome.deadlines.get(place).is_some_and(|row| !is_idle(row))
    };
    let (old, new) = (keyed(before), keyed(after));
    let mut old = old.into_iter().peekable();
    let mut new = new.into_iter().peekable();
    let mut moves = Vec::new();
    while let Some(key) = old.peek().into_iter().chain(new.peek()).map(|&(key, _)| key).min() {
        let was = old.next_if(|&(own, _)| own == key).map(|(_, place)| place);
        let is = new.next_if(|&(own, _)| own == key).map(|(_, place)| place);
        let was = was.filter(|&place| owed(before, place));
        let is = is.filter(|&place| owed(after, place));
        let old_face = was.and_then(|place| before.deadlines.get(place)).map(face);
        let new_face = is.and_then(|place| after.deadlines.get(place)).map(face);
        if old_face != new_face {
            moves.push(Move { key, before: was, after: is });
        }
    }
    moves
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
