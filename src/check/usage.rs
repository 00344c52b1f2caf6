//! What is declared and never used, and names that are easily taken for one another.

use std::collections::BTreeSet;

use super::Checker;
use super::names::Symbol;
use crate::diagnostic::{Code, Diagnostic};
use crate::policy::{AttributeKind, EventId};
use crate::source::Span;
use crate::syntax::ast::Name;

/// Names shorter than this are too short for one letter to tell.
const SHORT: usize = 4;

/// A use of something declared.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Use {
    Name(String),
    Attribute(EventId, String),
}

/// Everything that was used so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Used(BTreeSet<Use>);

impl Used {
    /// Notes a use.
    pub(super) fn mark(&mut self, used: Use) {
        self.0.insert(used);
    }
}

impl Checker<'_> {
    /// Warns of names one letter apart, and of what no rule uses.
    pub(super) fn check_usage(&mut self) {
        self.check_similar();
        // A name that is misspelt, or stands in what could not be understood, may be its use.
        if self.problems.has_errors() {
            return;
        }
        for (name, symbol) in self.names.declared() {
            let kind = self.names.kind(symbol);
            let first = self.names.place(&name.node) == Some(name.span);
            let used = self.used.0.contains(&Use::Name(name.node.clone()));
            if first && !used && !matches!(symbol, Symbol::Rule(_)) {
                self.report(never_used(kind.noun(), &name.node, name.span));
            }
        }
        self.check_attributes_used();
    }

    fn check_attributes_used(&mut self) {
        let mut idle = Vec::new();
        for (index, event) in self.names.events.iter().enumerate() {
            let id = EventId(index as u16);
            // An event that is itself unused is told once, not once more for each attribute.
            if !self.used.0.contains(&Use::Name(event.name.node.clone())) {
                continue;
            }
            let compiled = self.events.get(index);
            for attribute in &event.attributes {
                let name = &attribute.name;
                // A text is kept for people; no rule can look into it.
                let text = compiled.is_some_and(|event| {
                    event
                        .attributes
                        .iter()
                        .any(|known| known.name == name.node && known.kind == AttributeKind::Text)
                });
                let used = Use::Attribute(id, name.node.clone());
                if !text && !self.used.0.contains(&used) {
                    idle.push(never_used("attribute", &name.node, name.span));
                }
            }
        }
        self.problems.extend(idle);
    }

    fn check_similar(&mut self) {
        let mut all = self.names.declared();
        all.sort_by_key(|(name, _)| name.span.start);
        // Names one letter apart are the same less one letter each, so only those need be compared: to
        // compare each with each would take a large policy seconds.
        let mut keys: Vec<(u64, usize)> = Vec::new();
        for (index, (name, _)) in all.iter().enumerate() {
            less_one_letter(&name.node, |key| keys.push((key, index)));
        }
        keys.sort_unstable_by_key(|(key, _)| *key);
        let mut near = BTreeSet::new();
        for alike in keys.chunk_by(|(one, _), (other, _)| one == other) {
            for (_, later) in alike {
                let earlier = alike.iter().filter(|(_, earlier)| earlier < later);
                near.extend(earlier.map(|(_, earlier)| (*later, *earlier)));
            }
        }
        let mut found = Vec::new();
        let mut told = None;
        for (later, earlier) in near {
            let (Some((name, symbol)), Some((other, kind))) = (all.get(later), all.get(earlier))
            else {
                continue;
            };
            // Each is told of the first that is like it.
            if told != Some(later)
                && self.names.kind(*symbol) == self.names.kind(*kind)
                && one_letter_apart(&other.node, &name.node)
            {
                found.push(similar_names(name, other));
                told = Some(later);
            }
        }
        self.problems.extend(found);
    }
}

/// Gives numbers that stand for a name, and for the same with each of its letters left out in turn. The same
/// letters have the same number; that others have it too is as good as impossible, and would do no harm.
fn less_one_letter(name: &str, mut found: impl FnMut(u64)) {
    /// Large and odd, so that the places of the letters tell.
    const BASE: u64 = 0x9e37_79b9_7f4a_7c15;
    let letters = || name.chars().map(u64::from);
    // What stands for the letters from each place on, the last first.
    let mut after: Vec<u64> = vec![0];
    for letter in letters().rev() {
        let rest = after.last().copied().unwrap_or_default();
        after.push(rest.wrapping_mul(BASE).wrapping_add(letter));
    }
    let (mut before, mut place) = (0_u64, 1_u64);
    for (letter, rest) in letters().zip(after.iter().rev().skip(1)) {
        found(before.wrapping_add(rest.wrapping_mul(place)));
        before = before.wrapping_add(letter.wrapping_mul(place));
        place = place.wrapping_mul(BASE);
    }
    found(before);
}

/// Whether two names differ by one letter; a digit that differs is a numbering, not a slip.
fn one_letter_apart(first: &str, second: &str) -> bool {
    let long = first.len().min(second.len()) >= SHORT;
    let letters =
        |name: &str| -> String { name.chars().filter(|letter| !letter.is_ascii_digit()).collect() };
    long && one_slip(first, second)
        && letters(first) != letters(second)
        && strsim::damerau_levenshtein(first, second) == 1
}

fn never_used(noun: &str, name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::NeverUsed,
        format!("the {noun} `{name}` is never used"),
        span,
        "no rule refers to it",
    )
    .help("use it in a rule, or remove the declaration")
}

fn similar_names(later: &Name, earlier: &Name) -> Diagnostic {
    Diagnostic::new(
        Code::SimilarNames,
        format!("`{}` and `{}` are one letter apart", later.node, earlier.node),
        later.span,
        "easily taken for the other",
    )
    .label(earlier.span, "the other name")
    .help("rename one of them, or remove it if it is a slip")
}

/// Whether one slip could lie between two names: what is left of each between a common beginning and a
/// common end is no more than two letters. Most pairs are told apart by this, at little cost.
fn one_slip(first: &str, second: &str) -> bool {
    let (first, second) = (first.as_bytes(), second.as_bytes());
    let same = |(one, other): &(&u8, &u8)| one == other;
    let begin = first.iter().zip(second).take_while(same).count();
    let end = first.iter().rev().zip(second.iter().rev()).take_while(same).count();
    // A letter takes up to four bytes.
    first.len().max(second.len()).saturating_sub(begin + end) <= 8
}
