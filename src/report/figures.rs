//! The figures of a caseload: what one case adds, and how two of them become one.

use std::collections::BTreeMap;

use super::challenge::Challenges;
use super::counts::{Merge, Tally};
use super::frame::Frame;
use super::owed::{List, Owed};
use super::recorded::{self, Recorded};
use super::share::{Of, Share};
use super::timely::Timeliness;
use crate::eval::{Outcome, Part, Timeline};
use crate::policy::{Body, Policy, RuleId};

/// The most cases that are not included and are named; more are only counted.
const NAMED: usize = 100;

/// The most mistakes of one of them that are named.
const MISTAKES: usize = 5;

/// A case, or a piece of input, that is not in the figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The file.
    pub file: String,
    /// The case; empty where it could not be read.
    pub case: String,
    mistakes: Vec<Mistake>,
    more: u64,
}

/// What is wrong with a case, or with a piece of input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The line, from 1; 0 where it concerns the whole file.
    pub line: u32,
    /// What is wrong: a phrase.
    pub message: String,
}

impl Refusal {
    /// A case of a file that is not included because of a mistake.
    pub fn new(file: &str, case: &str, mistake: Mistake) -> Self {
        Self { file: file.to_owned(), case: case.to_owned(), mistakes: vec![mistake], more: 0 }
    }

    /// Adds a further mistake.
    pub fn add(&mut self, mistake: Mistake) {
        if self.mistakes.len() < MISTAKES {
            self.mistakes.push(mistake);
        } else {
            self.more += 1;
        }
    }

    /// The first of its mistakes, in the order in which they were added.
    pub fn mistakes(&self) -> &[Mistake] {
        &self.mistakes
    }

    /// How many mistakes it has besides.
    pub fn more(&self) -> u64 {
        self.more
    }
}

/// The figures of the cases that were added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figures {
    pub(super) frame: Frame,
    pub(super) cases: u64,
    pub(super) refused: u64,
    pub(super) refusals: Vec<Refusal>,
    /// By the rule of the series.
    pub(super) series: BTreeMap<RuleId, Timeliness>,
    /// Everything else that has a last day, by rule and part.
    pub(super) duties: BTreeMap<(RuleId, Part), Tally>,
    /// Prohibitions: acts against one, and those of which it cannot be said.
    pub(super) prohibitions: BTreeMap<RuleId, Tally>,
    /// By the rule and the part of it.
    pub(super) owed: BTreeMap<(RuleId, Part), Owed>,
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
                .map(|(id, _)| (id, Timeliness::new(&frame)))
                .collect(),
            duties: BTreeMap::new(),
            prohibitions: BTreeMap::new(),
            owed: BTreeMap::new(),
            longest: List::new(list),
            ladders: rules()
                .filter(|(_, rule)| matches!(rule.body, Body::Ladder(_)))
                .map(|(id, _)| (id, Challenges::default()))
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
        let of = Of { policy, frame: &self.frame, list: self.longest.most() };
        let share = of.share(timeline, outcome);
        self.take(share);
    }

    /// Adds what one case comes to.
    pub fn take(&mut self, share: Share) {
        self.cases += 1;
        for (rule, case) in &share.series {
            if let Some(mine) = self.series.get_mut(rule) {
                mine.add(case);
            }
        }
        for (rule, part, kept) in share.duties {
            self.duties.entry((rule, part)).or_default().count(kept);
        }
        for (rule, kept) in share.prohibitions {
            self.prohibitions.entry(rule).or_default().count(kept);
        }
        for (rule, part, owed) in &share.owed {
            self.owed.entry((*rule, *part)).or_default().take_in(owed);
        }
        self.longest.take_in(&share.longest);
        for (rule, challenges) in &share.ladders {
            if let Some(mine) = self.ladders.get_mut(rule) {
                mine.take_in(challenges);
            }
        }
        recorded::add(&mut self.events, &share.mentions);
    }

    /// Takes note of a case, or a piece of input, that is not included.
    pub fn refuse(&mut self, refusal: Refusal) {
        self.refused += 1;
        if self.refusals.len() < NAMED {
            self.refusals.push(refusal);
        }
    }

    /// Takes note of a further mistake of the case that was refused last.
    pub fn refuse_also(&mut self, mistake: Mistake) {
        let is_named = self.refused == self.refusals.len() as u64;
        if let Some(last) = self.refusals.last_mut().filter(|_| is_named) {
            last.add(mistake);
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
