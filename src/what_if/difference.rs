//! What two situations have not in common.
//!
//! A deadline is the same in both where its rule, its part, the fact it counts from, its `ref` and its
//! number are; failing that, where fewer of them are. So a review that is moved takes its deadlines
//! with it, and one that is put in between leaves the others what they were.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::situation::Situation;
use crate::calendar::Date;
use crate::eval::{BasisKind, Deadline, Due, Part, Question, Reason, Status, Verdict};
use crate::policy::ExitTo;

/// What differs between two situations; each number is a place in the list of that outcome.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Difference {
    /// The deadlines that appeared, went away or stand otherwise.
    pub deadlines: Vec<DeadlineChange>,
    /// The prohibitions of which something else is to be said.
    pub findings: Vec<FindingChange>,
    /// The ladders that stand otherwise.
    pub standings: Vec<StandingChange>,
    /// The acts that fit nothing, and before did or were not there, or the other way round.
    pub strays: Vec<StrayChange>,
}

/// Declares what there was before and is after; at least one of them is.
macro_rules! changes {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub struct $name {
            /// Its place in the outcome before; nothing where it appeared.
            pub before: Option<usize>,
            /// Its place in the outcome after; nothing where it went away.
            pub after: Option<usize>,
        }
    )*};
}

changes! {
    /// A deadline that differs: a place in `Outcome::deadlines`.
    DeadlineChange
    /// What a prohibition came to: a place in `Outcome::findings`.
    FindingChange
    /// Where a ladder stands: a place in `Outcome::standings`.
    StandingChange
    /// An act that fits nothing: a place in `Outcome::strays`.
    StrayChange
}

impl Difference {
    /// Compares two situations.
    pub fn between(before: &Situation, after: &Situation) -> Self {
        Self {
            deadlines: deadlines(before, after),
            findings: findings(before, after),
            standings: standings(before, after),
            strays: strays(before, after),
        }
    }

    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        self.deadlines.is_empty()
            && self.findings.is_empty()
            && self.standings.is_empty()
            && self.strays.is_empty()
    }
}

/// How much must be the same for two deadlines to be held the same, from most to least.
#[derive(Clone, Copy)]
enum Alike {
    Everything,
    AnchorAndReference,
    ReferenceAndNumber,
    Number,
}

/// What tells a deadline from the others of its rule and part: the fact it counts from, its `ref`, its
/// number.
type Marks<'a> = (Option<u32>, Option<&'a str>, u16);

/// The marks that count; nothing where the deadline lacks one that is needed.
fn marks(situation: &Situation, index: usize, alike: Alike) -> Option<Marks<'_>> {
    let row = situation.outcome().deadlines.get(index)?;
    let anchor = row.anchor.and_then(|start| start.fact).and_then(|fact| situation.identity(fact));
    let fact = row.reference.and_then(|fact| situation.timeline().fact(fact));
    let reference = fact.and_then(|fact| fact.reference.as_deref());
    match alike {
        Alike::Everything => Some((anchor, reference, row.ordinal)),
        Alike::AnchorAndReference => Some((Some(anchor?), reference, 0)),
        Alike::ReferenceAndNumber => Some((None, Some(reference?), row.ordinal)),
        Alike::Number => Some((None, None, row.ordinal)),
    }
}

fn deadlines(before: &Situation, after: &Situation) -> Vec<DeadlineChange> {
    let mut groups: BTreeMap<(&str, Part), [Vec<usize>; 2]> = BTreeMap::new();
    for (side, situation) in [before, after].into_iter().enumerate() {
        for (index, row) in situation.outcome().deadlines.iter().enumerate() {
            let name = situation.policy().rule(row.rule).name.as_str();
            let sides = groups.entry((name, row.part)).or_default();
            if let Some(rows) = sides.get_mut(side) {
                rows.push(index);
            }
        }
    }
    let mut changes = Vec::new();
    for [mut old, mut new] in groups.into_values() {
        for alike in
            [Alike::Everything, Alike::AnchorAndReference, Alike::ReferenceAndNumber, Alike::Number]
        {
            for (one, other) in pairs([before, after], &mut old, &mut new, alike) {
                if face(before, one) != face(after, other) {
                    changes.push(DeadlineChange { before: Some(one), after: Some(other) });
                }
            }
        }
        changes.extend(old.iter().map(|&one| DeadlineChange { before: Some(one), after: None }));
        changes.extend(new.iter().map(|&one| DeadlineChange { before: None, after: Some(one) }));
    }
    changes.sort_by_key(|change| (change.after.is_none(), change.after, change.before));
    changes
}

/// Takes those out of both lists that are alike.
fn pairs(
    [before, after]: [&Situation; 2],
    old: &mut Vec<usize>,
    new: &mut Vec<usize>,
    alike: Alike,
) -> Vec<(usize, usize)> {
    if old.is_empty() || new.is_empty() {
        return Vec::new();
    }
    let mut waiting: BTreeMap<Marks<'_>, VecDeque<usize>> = BTreeMap::new();
    for &index in new.iter() {
        if let Some(marks) = marks(after, index, alike) {
            waiting.entry(marks).or_default().push_back(index);
        }
    }
    let mut found = Vec::new();
    let mut taken = BTreeSet::new();
    old.retain(|&index| {
        let other = marks(before, index, alike)
            .and_then(|marks| waiting.get_mut(&marks))
            .and_then(VecDeque::pop_front);
        found.extend(other.map(|other| (index, other)));
        taken.extend(other);
        other.is_none()
    });
    new.retain(|index| !taken.contains(index));
    found
}

/// All of a deadline that is worth telling when it changes.
#[derive(PartialEq, Eq)]
struct Face<'a> {
    due: Due,
    opens: Option<Date>,
    alternatives: &'a [Date],
    status: Status,
    basis: Option<(BasisKind, Date)>,
    done_on: Option<Date>,
    reasons: Vec<String>,
}

fn face(situation: &Situation, index: usize) -> Option<Face<'_>> {
    let row = situation.outcome().deadlines.get(index)?;
    Some(Face {
        due: row.due,
        opens: row.opens,
        alternatives: &row.alternatives,
        status: row.status,
        basis: row.basis.map(|basis| (basis.kind, basis.date)),
        done_on: row.done_on,
        reasons: reasons(situation, row),
    })
}

/// Why a deadline stands as it does, in words, as far as the engine recorded it.
pub(super) fn reasons(situation: &Situation, row: &Deadline) -> Vec<String> {
    let policy = situation.policy();
    // The date of the review is told with the basis.
    let told = row.reasons.iter().filter(|reason| !matches!(reason, Reason::ReviewHeld(_)));
    told.map(|reason| match reason {
        Reason::NotRecorded(question) => policy.question_words(situation.timeline(), question),
        other => policy.reason_words(row.rule, other, &|fact| situation.fact(fact)),
    })
    .collect()
}

/// Pairs what has the same key on both sides, and tells what differs or stands alone.
fn differing<K: Ord, F: PartialEq>(
    old: Vec<(K, F)>,
    new: Vec<(K, F)>,
) -> Vec<(Option<usize>, Option<usize>)> {
    let mut waiting: BTreeMap<K, VecDeque<(usize, F)>> = BTreeMap::new();
    for (index, (key, face)) in new.into_iter().enumerate() {
        waiting.entry(key).or_default().push_back((index, face));
    }
    let mut found = Vec::new();
    for (index, (key, face)) in old.into_iter().enumerate() {
        match waiting.get_mut(&key).and_then(VecDeque::pop_front) {
            Some((_, other)) if other == face => {}
            Some((other, _)) => found.push((Some(index), Some(other))),
            None => found.push((Some(index), None)),
        }
    }
    let left = waiting.into_values().flatten();
    found.extend(left.map(|(index, _)| (None, Some(index))));
    found.sort_by_key(|&(before, after)| (after.is_none(), after, before));
    found
}

fn findings(before: &Situation, after: &Situation) -> Vec<FindingChange> {
    let keys = |situation: &Situation| -> Vec<_> {
        let face = |finding: &crate::eval::Finding| {
            let rule = situation.policy().rule(finding.rule).name.clone();
            let act = finding.fact.and_then(|fact| situation.identity(fact));
            let date = finding.fact.map(|fact| situation.fact(fact).date);
            let questions: Vec<String> =
                finding.questions.iter().map(|one| asked(situation, one)).collect();
            ((rule, act), (finding.verdict, date, questions))
        };
        situation.outcome().findings.iter().map(face).collect()
    };
    let kept = |situation: &Situation, index: Option<usize>| {
        let finding = index.and_then(|index| situation.outcome().findings.get(index));
        finding.is_none_or(|finding| finding.verdict == Verdict::Kept)
    };
    differing(keys(before), keys(after))
        .into_iter()
        // That a rule is kept, and by which act, is nothing to be told of.
        .filter(|&(one, other)| !(kept(before, one) && kept(after, other)))
        .map(|(before, after)| FindingChange { before, after })
        .collect()
}

fn asked(situation: &Situation, question: &Question) -> String {
    situation.policy().question_words(situation.timeline(), question)
}

fn standings(before: &Situation, after: &Situation) -> Vec<StandingChange> {
    let keys = |situation: &Situation| -> Vec<_> {
        let day = |fact| situation.fact(fact).date;
        let face = |standing: &crate::eval::Standing| {
            let rule = situation.policy().rule(standing.rule).name.clone();
            let ways: Vec<(&str, Date, ExitTo)> = standing
                .ways
                .iter()
                .map(|way| (way.outcome.words(), way.since, way.leads))
                .collect();
            let irregular: Vec<_> =
                standing.irregular.iter().map(|&(fact, what)| (day(fact), what)).collect();
            let outside: Vec<Date> = standing.outside.iter().map(|&fact| day(fact)).collect();
            let at = (standing.stage, day(standing.stage_opened), standing.state);
            let key = (rule, situation.identity(standing.opened));
            (key, (at, standing.closed.map(day), ways, irregular, outside))
        };
        situation.outcome().standings.iter().map(face).collect()
    };
    differing(keys(before), keys(after))
        .into_iter()
        .map(|(before, after)| StandingChange { before, after })
        .collect()
}

fn strays(before: &Situation, after: &Situation) -> Vec<StrayChange> {
    let keys = |situation: &Situation| -> Vec<_> {
        let strays = situation.outcome().strays.iter();
        strays
            .map(|&(rule, fact, what)| {
                let rule = situation.policy().rule(rule).name.clone();
                ((rule, situation.identity(fact), what), situation.fact(fact).date)
            })
            .collect()
    };
    differing(keys(before), keys(after))
        .into_iter()
        .map(|(before, after)| StrayChange { before, after })
        .collect()
}
