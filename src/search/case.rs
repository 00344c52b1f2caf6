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
    pub fn of(row: &Deadline) -> Key {
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
    Places(groups(outcome).flat_map(Group::keyed).collect())
}

/// The keys of the deadlines of some rules that are as is wanted, in order.
pub(super) fn keys(
    outcome: &Outcome,
    rules: impl Fn(RuleId) -> bool,
    wanted: impl Fn(&Deadline) -> bool,
) -> Vec<Key> {
    let groups =
        groups(outcome).filter(|group| rules(group.rule) && group.rows.iter().any(&wanted));
    let wanted = |&(_, place): &(Key, usize)| outcome.deadlines.get(place).is_some_and(&wanted);
    groups.flat_map(Group::keyed).filter(wanted).map(|(key, _)| key).collect()
}

/// The deadlines that differ between two outcomes of one case, in the order of the policy. One that waits
/// for something, or that is no longer owed, counts as absent.
pub fn moves(before: &Outcome, after: &Outcome) -> Vec<Move> {
    moves_of(before, after, |_| true)
}

/// Those of some rules.
pub(super) fn moves_of(
    before: &Outcome,
    after: &Outcome,
    wanted: impl Fn(RuleId) -> bool,
) -> Vec<Move> {
    let mut old = groups(before).peekable();
    let mut new = groups(after).peekable();
    let mut moves = Vec::new();
    while let Some(rule) = old.peek().into_iter().chain(new.peek()).map(|one| one.rule).min() {
        let was = old.next_if(|one| one.rule == rule).unwrap_or(Group::empty(rule));
        let is = new.next_if(|one| one.rule == rule).unwrap_or(Group::empty(rule));
        if wanted(rule) {
            was.moves(is, &mut moves);
        }
    }
    moves
}

/// The deadlines of one rule in an outcome.
#[derive(Debug, Clone, Copy)]
struct Group<'a> {
    rule: RuleId,
    /// The place of the first of them in the outcome.
    begin: usize,
    rows: &'a [Deadline],
}

/// The deadlines of an outcome rule by rule, in the order of the policy.
fn groups(outcome: &Outcome) -> impl Iterator<Item = Group<'_>> {
    let mut begin = 0;
    outcome.deadlines.chunk_by(|one, next| one.rule == next.rule).filter_map(move |rows| {
        let group = Group { rule: rows.first()?.rule, begin, rows };
        begin += rows.len();
        Some(group)
    })
}

impl<'a> Group<'a> {
    const fn empty(rule: RuleId) -> Self {
        Group { rule, begin: 0, rows: &[] }
    }

    /// The place of each of them, in order of the keys.
    fn keyed(self) -> Vec<(Key, usize)> {
        let mut places: Vec<(Key, usize)> =
            self.rows.iter().map(Key::of).zip(self.begin..).collect();
        // Those that share a key stay in the order of the outcome, and are numbered in it.
        places.sort_by_key(|&(key, _)| key);
        let mut before: Option<Key> = None;
        for (key, _) in &mut places {
            let twin = before.filter(|before| Key { twin: 0, ..*before } == *key);
            key.twin = twin.map_or(0, |twin| twin.twin + 1);
            before = Some(*key);
        }
        places
    }

    /// Adds each of them that is not the same in another outcome, in order of the keys.
    fn moves(self, after: Group<'_>, moves: &mut Vec<Move>) {
        let same = |(one, other): (&Deadline, &Deadline)| {
            Key::of(one) == Key::of(other) && shown(one) == shown(other)
        };
        // Mostly nothing has moved, and then there is no need of putting anything in order.
        if self.rows.len() == after.rows.len() && self.rows.iter().zip(after.rows).all(same) {
            return;
        }
        let mut old = self.keyed().into_iter().peekable();
        let mut new = after.keyed().into_iter().peekable();
        while let Some(key) = old.peek().into_iter().chain(new.peek()).map(|&(key, _)| key).min() {
            let was = old.next_if(|&(own, _)| own == key).map(|(_, place)| place);
            let is = new.next_if(|&(own, _)| own == key).map(|(_, place)| place);
            let old_face = was.and_then(|place| self.at(place)).and_then(shown);
            let new_face = is.and_then(|place| after.at(place)).and_then(shown);
            if old_face != new_face {
                let before = was.filter(|_| old_face.is_some());
                let after = is.filter(|_| new_face.is_some());
                moves.push(Move { key, before, after });
            }
        }
    }

    /// The deadline at a place of the outcome.
    fn at(self, place: usize) -> Option<&'a Deadline> {
        self.rows.get(place.checked_sub(self.begin)?)
    }
}

/// The face of a deadline that is owed.
fn shown(row: &Deadline) -> Option<Face<'_>> {
    (!is_idle(row)).then(|| face(row))
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
