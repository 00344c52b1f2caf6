//! Why a deadline moved: the statements of the evaluator in which the two explanations differ.

use super::difference::{DeadlineChange, reasons};
use super::situation::Situation;
use crate::eval::{Statement, Why, why_each};

/// The most that is said of one deadline; `why` says the rest.
const SAID: usize = 3;

/// A statement that is made of one situation and not, or not so, of the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Because {
    /// What was so before.
    pub before: Option<Statement>,
    /// What is so after.
    pub after: Option<Statement>,
}

/// Says of each change why it came about, the most telling first.
pub fn because(
    before: &Situation,
    after: &Situation,
    changes: &[DeadlineChange],
) -> Vec<Vec<Because>> {
    if before.differs_in_the_day_only(after) {
        return changes.iter().map(|change| notes(before, after, *change)).collect();
    }
    let indices = |side: fn(&DeadlineChange) -> Option<usize>| -> Vec<usize> {
        changes.iter().filter_map(side).collect()
    };
    let trees = |situation: &Situation, indices: &[usize]| {
        why_each(situation.policy(), situation.timeline(), situation.outcome(), indices)
    };
    let mut old = trees(before, &indices(|change| change.before)).into_iter();
    let mut new = trees(after, &indices(|change| change.after)).into_iter();
    changes
        .iter()
        .map(|change| {
            let one = change.before.and_then(|_| old.next());
            let other = change.after.and_then(|_| new.next());
            let mut said = differing(one.as_ref(), other.as_ref());
            said.extend(notes(before, after, *change));
            said.truncate(SAID);
            said
        })
        .collect()
}

/// The reasons of the engine that are new, or gone where none is new.
fn notes(before: &Situation, after: &Situation, change: DeadlineChange) -> Vec<Because> {
    let of = |situation: &Situation, index: Option<usize>| {
        let row = index.and_then(|index| situation.outcome().deadlines.get(index));
        row.map(|row| reasons(situation, row)).unwrap_or_default()
    };
    let (old, new) = (of(before, change.before), of(after, change.after));
    let note = |words: &String| Some(Statement::Note { words: words.clone() });
    let added: Vec<Because> = new
        .iter()
        .filter(|words| !old.contains(words))
        .map(|words| Because { before: None, after: note(words) })
        .collect();
    if !added.is_empty() || change.after.is_none() {
        return added;
    }
    old.iter()
        .filter(|words| !new.contains(words))
        .map(|words| Because { before: note(words), after: None })
        .collect()
}

/// What two explanations differ in, of what a reader would look at first.
fn differing(before: Option<&Why>, after: Option<&Why>) -> Vec<Because> {
    let (old, new) = (flat(before), flat(after));
    let mut said = Vec::new();
    // A duty that counts from a review's date moves with that, whatever moved the date.
    let counts = if new.iter().any(|statement| bases(statement)) { bases } else { starts };
    for kind in [counts, governs, changed, skipped] {
        let (one, other) = (
            old.iter().copied().find(|&statement| kind(statement)),
            new.iter().copied().find(|&statement| kind(statement)),
        );
        // Of what went away only its start is worth telling.
        let untold = after.is_none() && !said.is_empty();
        if !untold && !same(one, other) {
            said.push(Because { before: one.cloned(), after: other.cloned() });
        }
    }
    let reading = |name: &str| {
        old.iter().copied().find(
            |statement| matches!(statement, Statement::Reading { name: own, .. } if own == name),
        )
    };
    let mut readings = Vec::new();
    for statement in &new {
        if let Statement::Reading { name, chosen, .. } = statement
            && let Some(old @ Statement::Reading { chosen: other, .. }) = reading(name)
            && chosen != other
        {
            readings.push(Because { before: Some(old.clone()), after: Some((*statement).clone()) });
        }
    }
    readings.extend(said);
    readings
}

fn starts(statement: &Statement) -> bool {
    matches!(statement, Statement::CountsFrom { .. })
}

fn bases(statement: &Statement) -> bool {
    matches!(statement, Statement::Basis { .. })
}

fn governs(statement: &Statement) -> bool {
    matches!(statement, Statement::Governs { .. })
}

fn changed(statement: &Statement) -> bool {
    matches!(statement, Statement::Changed { .. })
}

/// A count that passed over days off other than weekends.
fn skipped(statement: &Statement) -> bool {
    matches!(statement, Statement::Count { skipped, .. } if !skipped.is_empty())
}

/// Whether two statements say the same to a reader who has seen the dates.
fn same(one: Option<&Statement>, other: Option<&Statement>) -> bool {
    match (one, other) {
        (
            Some(Statement::Basis { basis, date, .. }),
            Some(Statement::Basis { basis: other, date: day, .. }),
        ) => (basis, date) == (other, day),
        (
            Some(Statement::Count { skipped, .. }),
            Some(Statement::Count { skipped: others, .. }),
        ) => skipped == others,
        // That a count meets no holiday any more is not why anything moved.
        (Some(Statement::Count { .. }), None) => true,
        (one, other) => one == other,
    }
}

/// The statements of a tree but for its root, from the top down; what does not govern is left out.
fn flat(tree: Option<&Why>) -> Vec<&Statement> {
    fn walk<'a>(tree: &'a Why, found: &mut Vec<&'a Statement>) {
        for part in &tree.because {
            if matches!(part.statement, Statement::DoesNotGovern { .. }) {
                continue;
            }
            found.push(&part.statement);
            walk(part, found);
        }
    }
    let mut found = Vec::new();
    if let Some(tree) = tree {
        walk(tree, &mut found);
    }
    found
}
