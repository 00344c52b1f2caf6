//! What one case adds to the figures.
//!
//! It is made where the case is evaluated, by as many workers as there are, and added by whoever takes
//! the cases up in their order: so nothing of a case outlives its evaluation but the few counts that it
//! comes to.

use super::challenge::Challenges;
use super::counts::{Kept, turned_out};
use super::frame::Frame;
use super::owed::{List, Owed};
use super::recorded::{Mention, mentions};
use super::timely::{OfCase, behind, reviews, unowed};
use crate::eval::{Due, Outcome, Part, Timeline, Verdict};
use crate::policy::{Body, Policy, RuleId};

/// What is counted, and over which time.
#[derive(Debug, Clone, Copy)]
pub struct Of<'a> {
    /// The policy by which the cases were evaluated.
    pub policy: &'a Policy,
    /// The time; the cases are evaluated as of its day.
    pub frame: &'a Frame,
    /// How many of the deadlines overdue for longest are to be named.
    pub list: usize,
}

/// What one case adds to the figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    pub(super) series: Vec<(RuleId, OfCase)>,
    pub(super) duties: Vec<(RuleId, Part, Kept)>,
    pub(super) prohibitions: Vec<(RuleId, Kept)>,
    pub(super) owed: Vec<(RuleId, Part, Owed)>,
    pub(super) longest: List,
    pub(super) ladders: Vec<(RuleId, Challenges)>,
    pub(super) mentions: Vec<Mention>,
}

impl Of<'_> {
    /// Counts one case.
    pub fn share(&self, timeline: &Timeline, outcome: &Outcome) -> Share {
        let mut share = Share {
            series: Vec::new(),
            duties: Vec::new(),
            prohibitions: Vec::new(),
            owed: Vec::new(),
            longest: List::new(self.list),
            ladders: Vec::new(),
            mentions: mentions(self.frame, timeline),
        };
        for (rule, body) in (0..).map(RuleId).zip(self.policy.rules.iter().map(|it| &it.body)) {
            match body {
                Body::Series(series) => {
                    let rows = || outcome.deadlines.iter().filter(|row| row.rule == rule);
                    let of = (self.policy, self.frame, series);
                    let case = OfCase {
                        reviews: reviews(self.frame, rows()),
                        unowed: unowed(of, timeline, outcome),
                        behind: behind(self.frame, rows()),
                    };
                    if case != OfCase::default() {
                        share.series.push((rule, case));
                    }
                }
                Body::Ladder(ladder) => {
                    let of = (self.policy, rule, ladder);
                    let challenges = Challenges::of(self.frame, of, timeline, outcome);
                    share.ladders.extend(challenges.map(|challenges| (rule, challenges)));
                }
                Body::Duty(_) | Body::Trigger(_) | Body::Forbid(_) => {}
            }
        }
        self.deadlines(&mut share, timeline, outcome);
        self.findings(&mut share, timeline, outcome);
        share
    }

    fn deadlines(&self, share: &mut Share, timeline: &Timeline, outcome: &Outcome) {
        for row in &outcome.deadlines {
            share.longest.add(self.frame, &timeline.case, row);
            let owed = Owed::of(self.frame, row);
            if !owed.is_empty() {
                share.owed.push((row.rule, row.part, owed));
            }
            // Reviews and answers have tables of their own.
            let apart = matches!(self.policy.rule(row.rule).body, Body::Series(_))
                || matches!(row.part, Part::Answer { .. });
            if apart || row.due == Due::Never {
                continue;
            }
            if let Some((kept, Some(day))) = turned_out(row)
                && self.frame.places(day).is_some()
            {
                share.duties.push((row.rule, row.part, kept));
            }
        }
    }

    fn findings(&self, share: &mut Share, timeline: &Timeline, outcome: &Outcome) {
        for finding in &outcome.findings {
            let day = finding.fact.and_then(|fact| timeline.fact(fact)).map(|fact| fact.date);
            if day.is_none_or(|day| self.frame.places(day).is_none()) {
                continue;
            }
            let kept = match finding.verdict {
                Verdict::Kept => Kept::InTime,
                Verdict::Breached => Kept::NotDone,
                Verdict::NotKnown => Kept::Unsaid,
            };
            share.prohibitions.push((finding.rule, kept));
        }
    }
}
