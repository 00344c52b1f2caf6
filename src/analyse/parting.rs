//! Cases in which two readings part: replayed under the policy as it is read, and as it could be.
//!
//! Tried in this order: a case made up for a limit, on a day on which its last days differ most; the
//! policy's own scenarios, those first that switch the reading; a case made up for the rule. What the two
//! evaluations say differently of the rules that differ becomes the end of the witness.
//!
//! Example: in Blackburn with Darwen the reading `receipt` lets the manager's five days count from the
//! receipt of the decisions; a case in which they are received later than they were circulated has two
//! last days.

use super::Subject;
use super::alternatives::Alternative;
use super::ambiguity::{Effect, Kind};
use super::baseline::limits_of;
use super::days::{last_day, shown};
use super::made_up::{Order, Play, step};
use crate::calendar::Date;
use crate::diagnostic::Step;
use crate::eval::{Deadline, Due, Fact, Outcome, Part, Timeline, evaluate};
use crate::policy::{Body, Policy, RuleId, Scenario};

/// How many cases of the policy's own are tried for a reading.
const MOST_SCENARIOS: usize = 8;

/// A case on which the two values come to different answers.
pub(super) fn witness(
    subject: &Subject<'_>,
    other: &Alternative,
    effects: &[Effect<'_>],
) -> Option<Vec<Step>> {
    let mut rules: Vec<RuleId> = effects.iter().map(|effect| effect.rule).collect();
    rules.dedup();
    let trial = Trial { policy: subject.policy, other, rules: &rules };
    if let Some((_, steps)) = effects.iter().find_map(|effect| trial.dated(effect)) {
        return Some(steps);
    }
    // Two last days are the plainest difference; anything else serves where there are no such.
    let own = trial.own(subject);
    if let Some((Parting::Dates, steps)) = own {
        return Some(steps);
    }
    let made_up = plainest(rules.iter().map(|&rule| trial.made_up(rule)));
    match (own, made_up) {
        (_, Some((Parting::Dates, steps))) | (Some((_, steps)), _) | (None, Some((_, steps))) => {
            Some(steps)
        }
        (None, None) => None,
    }
}

/// A difference that was found, and of which kind.
type Found = Option<(Parting, Vec<Step>)>;

/// The first difference in dates, or else the first difference; nothing is tried after the former.
fn plainest(found: impl Iterator<Item = Found>) -> Found {
    let mut best: Found = None;
    for one in found.flatten() {
        if one.0 == Parting::Dates {
            return Some(one);
        }
        best = best.or(Some(one));
    }
    best
}

/// In what two outcomes differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Parting {
    /// In a last day that both have.
    Dates,
    /// In anything.
    Anything,
}

/// A policy and what it would be with another value of a reading.
struct Trial<'a> {
    policy: &'a Policy,
    other: &'a Alternative,
    rules: &'a [RuleId],
}

impl Trial<'_> {
    /// A case made up for a limit whose last days differ, on a day on which they differ most.
    fn dated(&self, effect: &Effect<'_>) -> Found {
        let Kind::Dates { place, .. } = &effect.kind else { return None };
        let policy = self.policy;
        let rule = policy.rule(effect.rule);
        let calendar = &policy.calendar;
        let day = shown(calendar, |day| {
            let in_force = policy.header.in_force.contains(day) && rule.in_force.contains(day);
            let ends = (last_day(calendar, place.mine, day), last_day(calendar, place.other, day));
            let (Some(mine), Some(other)) = ends else { return None };
            in_force.then(|| mine.days_until(other).abs())
        })?;
        let mut play = Play::new(policy);
        match &rule.body {
            Body::Ladder(ladder) => play.open_stage(ladder, place.number, day)?,
            _ => play.start_either_way(effect.rule, place.number, day)?,
        }
        let limit = limits_of(rule).iter().find(|limit| limit.window.as_ref() == Some(place.mine));
        if let Some(condition) = limit.and_then(|limit| limit.condition.as_ref()) {
            play.bring_about(condition, true, day)?;
        }
        self.differ(&play, day).filter(|(parting, _)| *parting == Parting::Dates)
    }

    /// A case made up for a rule that differs in something else than a length.
    fn made_up(&self, rule: RuleId) -> Found {
        let policy = self.policy;
        let first = shown(&policy.calendar, |day| {
            let in_force =
                policy.header.in_force.contains(day) && policy.rule(rule).in_force.contains(day);
            Some(i32::from(in_force))
        })?;
        // What is done under either policy, a weekend apart, so that the two can part.
        let later = first.add_days(3)?;
        let cases = (1..=2).flat_map(|ordinal| self.cases(rule, ordinal, first, later));
        plainest(cases.map(|play| self.differ(&play, later)))
    }

    /// Cases in which the clock of a rule starts: with what starts it under either value, and with each
    /// of its conditions brought about in either way.
    fn cases(&self, rule: RuleId, ordinal: u16, first: Date, later: Date) -> Vec<Play<'_>> {
        let mut play = Play::new(self.policy);
        if play.start_either_way(rule, ordinal, later).is_none() {
            return Vec::new();
        }
        let mut cases = Vec::new();
        let mut both = Play::new(&self.other.policy);
        if both.start_either_way(rule, ordinal, first).is_some() {
            let known: Vec<_> = both.facts.iter().map(|fact| fact.event).collect();
            let own = play.facts.iter().filter(|fact| !known.contains(&fact.event)).cloned();
            both.facts.extend(own);
            cases.push(both);
        }
        cases.push(play.clone());
        let rules = [self.policy.rule(rule), self.other.policy.rule(rule)];
        let limits = rules.into_iter().flat_map(limits_of);
        for condition in limits.filter_map(|limit| limit.condition.as_ref()) {
            for under in [self.policy, &self.other.policy] {
                for order in [Order::FirstFirst, Order::LastFirst] {
                    let mut case = Play { policy: under, facts: play.facts.clone(), order };
                    if case.bring_about(condition, true, later).is_some() {
                        cases.push(case);
                    }
                }
            }
        }
        cases
    }

    /// Of the policy's own scenarios in which the two differ, the shortest. Those that switch the
    /// reading were written to show it, and are tried first.
    fn own(&self, subject: &Subject<'_>) -> Found {
        let name = &self.policy.reading(self.other.reading).name;
        let mut scenarios: Vec<&Scenario> = subject.scenarios.iter().collect();
        scenarios.sort_by_key(|scenario| {
            let switches = scenario.switches.iter().any(|(reading, _)| reading == name);
            (!switches, scenario.facts.len())
        });
        plainest(scenarios.into_iter().take(MOST_SCENARIOS).map(|scenario| {
            let facts = (1..).zip(&scenario.facts);
            let mut play = Play::new(self.policy);
            play.facts = facts.map(|(line, fact)| Fact::of_scenario(fact, line)).collect();
            self.differ(&play, scenario.as_of)
        }))
    }

    /// Replays a case under both values; the steps if they come to different answers.
    fn differ(&self, play: &Play<'_>, as_of: Date) -> Found {
        let timeline = Timeline::new("witness", play.facts.clone()).0;
        let mine = evaluate(self.policy, &timeline, as_of);
        let theirs = evaluate(&self.other.policy, &timeline, as_of);
        let (parting, said) = self.parted(&mine, &theirs)?;
        let mut steps = play.steps();
        steps.retain(|step| step.day <= as_of.to_string());
        steps.extend(said);
        steps.sort_by(|one, other| one.day.cmp(&other.day));
        Some((parting, steps))
    }

    /// What two outcomes say differently of the rules that differ.
    fn parted(&self, mine: &Outcome, theirs: &Outcome) -> Found {
        // What both say is no difference, whichever instance it is of.
        let alike = |one: &Deadline, other: &Deadline| {
            (one.rule, one.part, one.ordinal, one.anchor, one.due, one.status)
                == (other.rule, other.part, other.ordinal, other.anchor, other.due, other.status)
        };
        let only = |rows: &[Deadline], others: &[Deadline]| -> Vec<Deadline> {
            rows.iter()
                .filter(|row| self.rules.contains(&row.rule))
                .filter(|row| !others.iter().any(|other| alike(row, other)))
                .cloned()
                .collect()
        };
        let one = only(&mine.deadlines, &theirs.deadlines);
        let two = only(&theirs.deadlines, &mine.deadlines);
        let same = |one: &Deadline, other: &Deadline| {
            (one.rule, one.part, one.ordinal) == (other.rule, other.part, other.ordinal)
        };
        let pairs: Vec<(&Deadline, &Deadline)> = one
            .iter()
            .filter_map(|row| Some((row, two.iter().find(|other| same(row, other))?)))
            .collect();
        let dates = pairs.iter().find_map(|(row, other)| self.two_dates(row, other));
        if let Some(steps) = dates {
            return Some((Parting::Dates, steps));
        }
        let said = pairs.iter().find_map(|(row, other)| self.otherwise(row, other, mine.as_of));
        let value = &self.other.value;
        let unmatched = |rows: &[Deadline], others: &[Deadline]| {
            rows.iter().find(|row| !others.iter().any(|other| same(row, other))).cloned()
        };
        said.or_else(|| {
            let row = unmatched(&one, &two)?;
            let (name, word) = (self.name(&row), row.status.word());
            let text = format!("{name} is {word}; read as `{value}` it is not owed");
            Some(vec![step(mine.as_of, text)])
        })
        .or_else(|| {
            let row = unmatched(&two, &one)?;
            let (name, word) = (self.name(&row), row.status.word());
            let text = format!("{name} is not owed; read as `{value}` it is {word}");
            Some(vec![step(mine.as_of, text)])
        })
        .or_else(|| self.judged(mine, theirs))
        .map(|steps| (Parting::Anything, steps))
    }

    /// Two rows with different last days.
    fn two_dates(&self, row: &Deadline, other: &Deadline) -> Option<Vec<Step>> {
        let (Due::On(mine), Due::On(theirs)) = (row.due, other.due) else { return None };
        let (name, value) = (self.name(row), &self.other.value);
        (mine != theirs).then(|| {
            vec![
                step(mine, format!("the last day for {name}, as the policy reads it")),
                step(theirs, format!("the last day for {name}, read as `{value}`")),
            ]
        })
    }

    /// Two rows of which one has a last day and the other none, or that stand differently.
    fn otherwise(&self, row: &Deadline, other: &Deadline, as_of: Date) -> Option<Vec<Step>> {
        let (name, value) = (self.name(row), &self.other.value);
        let (day, text) = match (row.due, other.due) {
            (Due::On(day), Due::Never | Due::Waiting) => {
                (day, format!("the last day for {name}; read as `{value}` it has none"))
            }
            (Due::Never | Due::Waiting, Due::On(day)) => {
                (day, format!("the last day for {name}, read as `{value}`; else it has none"))
            }
            _ if row.status != other.status => {
                let (mine, theirs) = (row.status.word(), other.status.word());
                (as_of, format!("{name} is {mine}; read as `{value}` it is {theirs}"))
            }
            _ => return None,
        };
        Some(vec![step(day, text)])
    }

    /// What two outcomes say differently of prohibitions.
    fn judged(&self, mine: &Outcome, theirs: &Outcome) -> Option<Vec<Step>> {
        let value = &self.other.value;
        mine.findings.iter().zip(&theirs.findings).find_map(|(one, other)| {
            let differs = one.rule == other.rule
                && one.verdict != other.verdict
                && self.rules.contains(&one.rule);
            differs.then(|| {
                let name = &self.policy.rule(one.rule).name;
                vec![step(
                    mine.as_of,
                    format!(
                        "`{name}` is {}; read as `{value}` it is {}",
                        one.verdict.word(),
                        other.verdict.word()
                    ),
                )]
            })
        })
    }

    /// What a row is of: "`resolution`, stage 1".
    fn name(&self, row: &Deadline) -> String {
        let name = &self.policy.rule(row.rule).name;
        match row.part {
            Part::Answer { stage } => format!("the answer at stage {stage} of `{name}`"),
            Part::Approval { stage } => format!("the approval at stage {stage} of `{name}`"),
            Part::Opening { stage } => format!("the opening of `{name}` at stage {stage}"),
            Part::Cap => format!("the cap of `{name}`"),
            Part::Judgement => format!("the judgement of `{name}`"),
            Part::BroughtForward => format!("the review that `{name}` brings forward"),
            Part::Whole => format!("`{name}`"),
        }
    }
}
