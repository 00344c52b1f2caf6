//! The figures of a caseload: what one case adds, and how two of them become one.

use std::collections::BTreeMap;

use super::challenge::Challenges;
use super::counts::{Merge, Tally, turned_out};
use super::frame::Frame;
use super::owed::{self, Debt, List, Owed};
use super::recorded::{self, Recorded};
use super::timely::Series;
use crate::eval::{Due, Outcome, Part, Timeline, Verdict};
use crate::policy::{Body, Policy, RuleId};

/// The most cases that are not included and are named; more are only counted.
const NAMED: usize = 100;

/// A case, or a piece of input, that is not in the figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The file.
    pub file: String,
    /// The case; empty where it could not be read.
    pub case: String,
    /// The line, from 1; 0 where it concerns the whole file.
    pub line: u32,
    /// What is wrong: a phrase.
    pub message: String,
}

/// The figures of the cases that were added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figures {
    pub(super) frame: Frame,
    pub(super) cases: u64,
    pub(super) refused: u64,
    pub(super) refusals: Vec<Refusal>,
    /// By the rule of the series.
    pub(super) series: BTreeMap<RuleId, Series>,
    /// Everything else that has a last day, by rule and part.
    pub(super) duties: BTreeMap<(RuleId, Part), Tally>,
    /// Prohibitions: acts against one, and those of which it cannot be said.
    pub(super) prohibitions: BTreeMap<RuleId, Tally>,
    pub(super) owed: BTreeMap<Debt, Owed>,
    pub(super) longest: List,
    /// By the rule of the ladder.
    pub(super) ladders: BTreeMap<RuleId, Challenges>,
    /// By event.
    pub(super) events: Vec<Recorded>,
}

impl Figures {
    /// No figures yet. `list` is how many of the deadlines overdue for longest are to be named, with
    /// their case.
    pub fn new(policy: &Policy, frame: Frame, list: usize) -> Self {
        let rules = || (0..).map(RuleId).zip(&policy.rules);
        Self {
            cases: 0,
            refused: 0,
            refusals: Vec::new(),
            series: rules()
                .filter(|(_, rule)| matches!(rule.body, Body::Series(_)))
                .map(|(id, _)| (id, Series::new(&frame)))
                .collect(),
            duties: BTreeMap::new(),
            prohibitions: BTreeMap::new(),
            owed: BTreeMap::new(),
            longest: List::new(list),
            ladders: rules()
                .filter(|(_, rule)| matches!(rule.body, Body::Ladder(_)))
                .map(|(id, _)| (id, Challenges::new(&frame)))
                .collect(),
            events: recorded::none(policy, &frame),
            frame,
        }
    }

    /// How many cases were added.
    pub fn cases(&self) -> u64 {
        self.cases
    }

    /// How many cases, or pieces of input, are not included.
    pub fn refused(&self) -> u64 {
        self.refused
    }

    /// Adds a case that was evaluated as of the frame's day.
    pub fn add(&mut self, policy: &Policy, timeline: &Timeline, outcome: &Outcome) {
        self.cases += 1;
        for (&rule, series) in &mut self.series {
            let rows = outcome.deadlines.iter().filter(|row| row.rule == rule);
            series.add(&self.frame, rows);
        }
        for row in &outcome.deadlines {
            self.longest.add(&self.frame, &timeline.case, row);
            let mut owed = Owed::default();
            owed.count(&self.frame, row);
            if !owed.is_empty() {
                let debt = owed::debt(policy, row);
                self.owed.entry(debt).or_default().take_in(&owed);
            }
            let apart =
                self.series.contains_key(&row.rule) || matches!(row.part, Part::Answer { .. });
            if apart || row.due == Due::Never {
                continue;
            }
            if let Some((kept, Some(day))) = turned_out(row)
                && self.frame.places(day).is_some()
            {
                self.duties.entry((row.rule, row.part)).or_default().count(kept);
            }
        }
        for finding in &outcome.findings {
            let day = finding.fact.and_then(|fact| timeline.fact(fact)).map(|fact| fact.date);
            if day.is_none_or(|day| self.frame.places(day).is_none()) {
                continue;
            }
            let tally = self.prohibitions.entry(finding.rule).or_default();
            match finding.verdict {
                Verdict::Kept => tally.in_time += 1,
                Verdict::Breached => tally.not_done += 1,
                Verdict::NotKnown => tally.unsaid += 1,
            }
        }
        for (&rule, challenges) in &mut self.ladders {
            if let Body::Ladder(ladder) = &policy.rule(rule).body {
                let of = (policy, rule, ladder);
                challenges.add(&self.frame, of, timeline, outcome);
            }
        }
        recorded::add(&mut self.events, &self.frame, timeline);
    }

    /// Takes note of a case, or a piece of input, that is not included.
    pub fn refuse(&mut self, refusal: Refusal) {
        self.refused += 1;
        if self.refusals.len() < NAMED {
            self.refusals.push(refusal);
        }
    }

    /// Adds the figures of other cases, of the same policy and the same frame.
    pub fn merge(&mut self, other: &Figures) {
        self.cases += other.cases;
        self.refused += other.refused;
        let room = NAMED.saturating_sub(self.refusals.len());
        self.refusals.extend(other.refusals.iter().take(room).cloned());
        self.series.take_in_known(&other.series);
        self.duties.take_in(&other.duties);
        self.prohibitions.take_in(&other.prohibitions);
        self.owed.take_in(&other.owed);
        self.longest.take_in(&other.longest);
        self.ladders.take_in_known(&other.ladders);
        self.events.take_in(&other.events);
    }
}

/// Maps that have the same keys from the beginning, because both are of the same policy.
trait MergeKnown {
    fn take_in_known(&mut self, other: &Self);
}

impl<T: Merge> MergeKnown for BTreeMap<RuleId, T> {
    fn take_in_known(&mut self, other: &Self) {
        for (rule, theirs) in other {
            if let Some(mine) = self.get_mut(rule) {
                mine.take_in(theirs);
            }
        }
    }
}
