//! Ambiguity: how much rests on each reading.
//!
//! A reading writes down how a source was understood, and how else it could be. The policy is compiled
//! again with each other value, and the two are compared rule by rule. Where a limit differs, its last days
//! are compared on every start day (`days.rs`). Where something else differs - what a clock counts from, a
//! condition, a date - a case is looked for in which the two come to different answers: among cases made up
//! for the rule, and among the policy's own scenarios. A reading with which no rule differs decides
//! nothing.
//!
//! Example: Blackburn with Darwen gives "3 months (91 days)" for the second review. Read as 91 calendar
//! days, as the policy reads it, the last day is another than that of three months on 78.7% of the 146,097
//! start days, by up to two days.

use super::Subject;
use super::alternatives::{Alternative, switched_off};
use super::baseline::{length_words, limits_of, ordinals_of};
use super::days::{Difference, Proof, by_up_to, compare, share};
use super::parting::witness;
use crate::diagnostic::{Code, Diagnostic, Problems, Witness};
use crate::policy::{
    Anchor, Body, Condition, Limit, Policy, ReadingId, Rule, RuleId, StateId, StateKind, Window,
    words::joined,
};
use crate::source::Span;
use crate::syntax::ast;

/// What another value of a reading changes in a rule.
#[derive(Debug, Clone)]
pub(super) struct Effect<'a> {
    pub(super) rule: RuleId,
    pub(super) kind: Kind<'a>,
}

#[derive(Debug, Clone)]
pub(super) enum Kind<'a> {
    /// The last day.
    Dates { place: Place<'a>, found: Difference },
    /// What the clock counts from, in words.
    Anchor(String),
    /// Something else.
    Other,
}

/// Which limit of a rule.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    /// A review that it is for, or the stage of a ladder.
    pub(super) number: u16,
    pub(super) stage: bool,
    pub(super) mine: &'a Window,
    pub(super) other: &'a Window,
}

/// Says of each reading how much rests on it.
pub(super) fn examine(
    subject: &Subject<'_>,
    alternatives: &[Alternative],
    problems: &mut Problems,
) {
    for (id, reading) in (0..).map(ReadingId).zip(&subject.policy.readings) {
        let others: Vec<&Alternative> =
            alternatives.iter().filter(|other| other.reading == id).collect();
        if others.is_empty() {
            continue;
        }
        let effects: Vec<(&Alternative, Vec<Effect<'_>>)> = others
            .into_iter()
            .map(|other| (other, effects(subject.policy, &other.policy)))
            .collect();
        let place = subject.file.declarations.iter().find_map(|declaration| match declaration {
            ast::Declaration::Reading(written) if written.name.node == reading.name => {
                Some(written.name.span)
            }
            _ => None,
        });
        let place = place.unwrap_or_default();
        if effects.iter().all(|(_, effects)| effects.is_empty()) {
            problems.push(changes_nothing(&reading.name, &reading.chosen, place));
        } else {
            problems.push(changes(subject, id, place, &effects));
        }
    }
}

/// What is different in a policy with another value of a reading.
fn effects<'a>(policy: &'a Policy, other: &'a Policy) -> Vec<Effect<'a>> {
    let changed = changed_states(policy, other);
    let mut found = Vec::new();
    for ((rule, mine), theirs) in (0..).map(RuleId).zip(&policy.rules).zip(&other.rules) {
        let through_states = rests_on(mine, &changed);
        if mine == theirs && !through_states {
            continue;
        }
        found.extend(dates(policy, other, rule, mine, theirs));
        if with_windows_of(policy, mine, theirs) == *mine && !through_states {
            continue;
        }
        let kind = match (&mine.body, &theirs.body) {
            (Body::Duty(mine), Body::Duty(theirs)) if mine.anchor != theirs.anchor => {
                Kind::Anchor(format!(
                    "counted from {} instead of {}",
                    other.anchor_words(&theirs.anchor),
                    policy.anchor_words(&mine.anchor)
                ))
            }
            _ => Kind::Other,
        };
        found.push(Effect { rule, kind });
    }
    found
}

/// The states that are known in another way, and those that rest on them.
fn changed_states(policy: &Policy, other: &Policy) -> Vec<StateId> {
    let mut changed = Vec::new();
    // A state rests only on states before it.
    for ((id, mine), theirs) in (0..).map(StateId).zip(&policy.states).zip(&other.states) {
        let rests = match &mine.kind {
            StateKind::While(condition) => mentions(condition, &changed),
            StateKind::Events { .. } => false,
        };
        if mine != theirs || rests {
            changed.push(id);
        }
    }
    changed
}

/// Whether a rule looks at any of these states.
fn rests_on(rule: &Rule, states: &[StateId]) -> bool {
    let limits = limits_of(rule).iter().filter_map(|limit| limit.condition.as_ref());
    let own: Vec<&Condition> = match &rule.body {
        Body::Series(series) => series.suspended.iter().collect(),
        Body::Duty(duty) => duty.acts.iter().filter_map(|act| act.condition.as_ref()).collect(),
        Body::Forbid(forbid) => forbid.unless.iter().collect(),
        Body::Trigger(_) | Body::Ladder(_) => Vec::new(),
    };
    let starts = match &rule.body {
        Body::Duty(duty) => match &duty.anchor {
            Anchor::StateStart(state) => states.contains(state),
            _ => false,
        },
        _ => false,
    };
    starts || rule.while_.iter().chain(limits).chain(own).any(|one| mentions(one, states))
}

/// Whether a condition looks at any of these states.
fn mentions(condition: &Condition, states: &[StateId]) -> bool {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => {
            parts.iter().any(|part| mentions(part, states))
        }
        Condition::Not(inner) => mentions(inner, states),
        Condition::State(state) | Condition::HeldFor { state, .. } => states.contains(state),
        Condition::Reading(..)
        | Condition::Latest { .. }
        | Condition::Recorded(_)
        | Condition::HeldSince { .. }
        | Condition::Age { .. }
        | Condition::Attribute(_)
        | Condition::ByLatestLawful { .. }
        | Condition::Judged { .. } => false,
    }
}

/// The limits of a rule whose last days differ.
fn dates<'a>(
    policy: &Policy,
    other: &Policy,
    rule: RuleId,
    mine: &'a Rule,
    theirs: &'a Rule,
) -> Vec<Effect<'a>> {
    let mut places: Vec<(u16, bool, &Window, &Window)> = Vec::new();
    if let (Body::Ladder(mine), Body::Ladder(theirs)) = (&mine.body, &theirs.body) {
        for (mine, theirs) in mine.stages.iter().zip(&theirs.stages) {
            if let (Some(one), Some(other)) = (&mine.limit, &theirs.limit) {
                places.push((mine.number, true, one, other));
            }
        }
    }
    let asked = ordinals_of(mine);
    for (mine, theirs) in limits_of(mine).iter().zip(limits_of(theirs)) {
        // A limit that both leave out of force says nothing either way.
        let off = |policy, limit: &Limit| {
            limit.condition.as_ref().is_some_and(|condition| switched_off(policy, condition))
        };
        if off(policy, mine) && off(other, theirs) {
            continue;
        }
        let number = (1..=3).find(|&one| mine.ordinals.contains(one) && asked.contains(one));
        if let (Some(one), Some(other)) = (&mine.window, &theirs.window) {
            places.push((number.unwrap_or(1), false, one, other));
        }
    }
    places
        .into_iter()
        .filter_map(|(number, stage, mine, other)| {
            let found = difference(policy, mine, other)?;
            let place = Place { number, stage, mine, other };
            (found.later + found.earlier + found.opens_elsewhere > 0)
                .then_some(Effect { rule, kind: Kind::Dates { place, found } })
        })
        .collect()
}

/// How two windows differ; `None` where they are the same, or cannot be compared day by day.
fn difference(policy: &Policy, mine: &Window, other: &Window) -> Option<Difference> {
    if mine.shape == other.shape {
        return None;
    }
    compare((&policy.calendar, other), (&policy.calendar, mine))
}

/// A rule with its windows replaced by those of another version of it, where the two can be compared day
/// by day.
fn with_windows_of(policy: &Policy, mine: &Rule, theirs: &Rule) -> Rule {
    let mut copy = theirs.clone();
    let replace = |mine: &Option<Window>, copy: &mut Option<Window>| {
        if let (Some(one), Some(other)) = (mine, &*copy)
            && (one.shape == other.shape || difference(policy, one, other).is_some())
        {
            copy.clone_from(mine);
        }
    };
    match (&mine.body, &mut copy.body) {
        (Body::Series(mine), Body::Series(copy)) => {
            for (mine, copy) in mine.limits.iter().zip(&mut copy.limits) {
                replace(&mine.window, &mut copy.window);
            }
        }
        (Body::Duty(mine), Body::Duty(copy)) => {
            for (mine, copy) in mine.limits.iter().zip(&mut copy.limits) {
                replace(&mine.window, &mut copy.window);
            }
        }
        (Body::Ladder(mine), Body::Ladder(copy)) => {
            for (mine, copy) in mine.stages.iter().zip(&mut copy.stages) {
                replace(&mine.limit, &mut copy.limit);
            }
        }
        _ => {}
    }
    copy
}

/// What is said of a reading with which no rule differs.
fn changes_nothing(name: &str, chosen: &str, place: Span) -> Diagnostic {
    Diagnostic::new(
        Code::ReadingChangesNothing,
        format!("whichever way `{name}` is read, every rule stays the same"),
        place,
        format!("read as `{chosen}`, with no effect"),
    )
    .help("take the reading out, or let the rule rest on it that was meant to")
}

/// What is said of a reading on which dates rest.
fn changes(
    subject: &Subject<'_>,
    id: ReadingId,
    place: Span,
    effects: &[(&Alternative, Vec<Effect<'_>>)],
) -> Diagnostic {
    let policy = subject.policy;
    let reading = policy.reading(id);
    let mut rules: Vec<RuleId> =
        effects.iter().flat_map(|(_, effects)| effects).map(|effect| effect.rule).collect();
    rules.sort_unstable();
    rules.dedup();
    let mut finding = Diagnostic::new(
        Code::ReadingChangesDates,
        headline(policy, &reading.name, effects, &rules),
        place,
        format!("read as `{}`", reading.chosen),
    );
    let mut proofs: Vec<(Proof, u64)> = Vec::new();
    for (other, effects) in effects {
        for words in effect_words(policy, effects, &mut proofs) {
            finding = finding.note(format!("as `{}`: {words}", other.value));
        }
        if effects.is_empty() {
            finding = finding.note(format!("as `{}`: no difference", other.value));
        }
    }
    for (proof, days) in proofs {
        finding = finding.note(proof.words(days));
    }
    let witness = effects.iter().find_map(|(other, effects)| witness(subject, other, effects));
    if let Some(steps) = witness {
        finding = finding.witness(Witness { steps });
    }
    finding.help("ask whoever owns the source to say in its text which of them is meant")
}

/// The message: what rests on the reading, and on how many days if that can be counted.
fn headline(
    policy: &Policy,
    name: &str,
    effects: &[(&Alternative, Vec<Effect<'_>>)],
    rules: &[RuleId],
) -> String {
    let worst = effects
        .iter()
        .flat_map(|(_, effects)| effects)
        .filter_map(|effect| match &effect.kind {
            Kind::Dates { found, .. } => Some((effect.rule, found)),
            Kind::Anchor(_) | Kind::Other => None,
        })
        .max_by_key(|(_, found)| (found.later + found.earlier) * 1000 / found.days.max(1));
    match worst {
        Some((rule, found)) if found.later + found.earlier == 0 => format!(
            "the reading `{name}` moves the first day for `{}` on {}",
            policy.rule(rule).name,
            share(found.opens_elsewhere, found.days)
        ),
        Some((rule, found)) => format!(
            "the reading `{name}` moves the last day for `{}` on {}, {}",
            policy.rule(rule).name,
            share(found.later + found.earlier, found.days),
            by_up_to(found.most_later.max(found.most_earlier))
        ),
        None => format!("the reading `{name}` decides about {}", named(policy, rules)),
    }
}

/// The names of some rules: the first three, and how many more.
fn named(policy: &Policy, rules: &[RuleId]) -> String {
    const SHOWN: usize = 3;
    let mut names: Vec<String> =
        rules.iter().take(SHOWN).map(|&rule| format!("`{}`", policy.rule(rule).name)).collect();
    if rules.len() > SHOWN {
        names.push(format!("{} more", rules.len() - SHOWN));
    }
    joined(names, "and")
}

/// What one other value changes, a phrase each; the proofs are collected. What is the same of several
/// rules, or stages, is said once.
fn effect_words(
    policy: &Policy,
    effects: &[Effect<'_>],
    proofs: &mut Vec<(Proof, u64)>,
) -> Vec<String> {
    let mut said: Vec<(String, Vec<String>)> = Vec::new();
    for effect in effects {
        let name = format!("`{}`", policy.rule(effect.rule).name);
        let (name, what) = match &effect.kind {
            Kind::Dates { place, found } => {
                if !proofs.iter().any(|known| known.0 == found.proof) {
                    proofs.push((found.proof, found.days));
                }
                let often = [found.later_words(), found.earlier_words(), found.opens_words()];
                let often: Vec<String> = often.into_iter().flatten().collect();
                let what = format!(
                    "{} instead of {}, {}",
                    length_words(policy, place.other),
                    length_words(policy, place.mine),
                    often.join("; ")
                );
                let number = place.number;
                (if place.stage { format!("stage {number} of {name}") } else { name }, what)
            }
            Kind::Anchor(words) => (name, words.clone()),
            Kind::Other => (name, "answers differ, as in the example".to_owned()),
        };
        match said.iter_mut().find(|(known, _)| *known == what) {
            Some((_, names)) => names.push(name),
            None => said.push((what, vec![name])),
        }
    }
    said.into_iter().map(|(what, names)| format!("{}: {what}", joined(names, "and"))).collect()
}
