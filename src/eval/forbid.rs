//! Prohibitions: acts that were against one, and acts over a count cap.

use std::collections::BTreeMap;

use super::case::Case;
use super::outcome::{FactId, Finding, Question, Verdict};
use super::truth::{Mode, Subject, Truth};
use crate::calendar::{Date, Length};
use crate::policy::{EventMatch, Forbid, Forbidden, RuleId};

/// What a prohibition made of an act.
struct Ruling {
    fact: FactId,
    truth: Truth,
    questions: Vec<Question>,
}

impl Case<'_> {
    /// Finds the acts over the count caps that speak of a series, or of none: they start no clock,
    /// so this comes before the duties that would count from them.
    pub(super) fn find_over_cap(
        &mut self,
        prohibitions: &[(RuleId, &Forbid)],
        series: Option<RuleId>,
    ) {
        for &(rule, forbid) in prohibitions {
            let speaks = match &forbid.what {
                Forbidden::Never(_) => false,
                Forbidden::PerReview { series: counted, .. } => series == Some(*counted),
                Forbidden::PerPeriod { .. } => series.is_none(),
            };
            if speaks {
                let over = self.rulings(rule, forbid);
                let over = over.into_iter().filter(|ruling| ruling.truth == Truth::Yes);
                self.over_cap.extend(over.map(|ruling| ruling.fact));
            }
        }
    }

    /// What a prohibition came to.
    pub(super) fn findings(&self, rule: RuleId, forbid: &Forbid) -> Vec<Finding> {
        let mut findings: Vec<Finding> = self
            .rulings(rule, forbid)
            .into_iter()
            .map(|ruling| Finding {
                rule,
                verdict: match ruling.truth {
                    Truth::Yes => Verdict::Breached,
                    Truth::No => Verdict::Kept,
                    Truth::Unknown => Verdict::NotKnown,
                },
                fact: Some(ruling.fact),
                questions: ruling.questions,
            })
            .collect();
        if findings.is_empty() {
            findings.push(Finding {
                rule,
                verdict: Verdict::Kept,
                fact: None,
                questions: Vec::new(),
            });
        }
        findings
    }

    /// The acts that a prohibition speaks of: against it, excused, or not known.
    fn rulings(&self, rule: RuleId, forbid: &Forbid) -> Vec<Ruling> {
        let against = match &forbid.what {
            Forbidden::Never(wanted) => self.candidates(rule, wanted),
            Forbidden::PerReview { most, event, series } => {
                self.over_in_review(*most, self.candidates(rule, event), *series)
            }
            Forbidden::PerPeriod { most, event, length } => {
                self.over_in_period(*most, self.candidates(rule, event), *length)
            }
        };
        against.into_iter().map(|ruling| self.excused(forbid, ruling)).collect()
    }

    /// The acts of which a prohibition speaks, while it is in force and its condition holds.
    fn candidates(&self, rule: RuleId, wanted: &EventMatch) -> Vec<Ruling> {
        let body = self.policy.rule(rule);
        let header = self.policy.header.in_force;
        let mut found = Vec::new();
        for (fact, matched, mut questions) in self.matching(wanted) {
            let day = self.date(fact);
            if !body.in_force.contains(day) || !header.contains(day) {
                continue;
            }
            let subject = Some(Subject::of(fact, self.fact(fact).event));
            let alive = self.truth_if_any(
                body.while_.as_ref(),
                day,
                Mode::Order(fact),
                subject,
                &mut questions,
            );
            let truth = match (matched, alive) {
                (Truth::No, _) | (_, Truth::No) => continue,
                (Truth::Yes, Truth::Yes) => Truth::Yes,
                _ => Truth::Unknown,
            };
            found.push(Ruling { fact, truth, questions });
        }
        found
    }

    /// The acts beyond those allowed in one review.
    fn over_in_review(&self, most: u16, acts: Vec<Ruling>, series: RuleId) -> Vec<Ruling> {
        let Some(view) = self.view(series) else {
            return Vec::new();
        };
        let review_of = |date: Date| {
            view.reviews
                .iter()
                .position(|review| review.completed.is_none_or(|(day, _)| date <= day))
                .unwrap_or(view.reviews.len())
        };
        // A new period of care restarts the count (M15).
        let period_of =
            |date: Date| view.periods.iter().filter(|period| period.from <= date).count();
        let mut counts: BTreeMap<(usize, usize), (u16, u16)> = BTreeMap::new();
        let mut over = Vec::new();
        for act in acts {
            let date = self.date(act.fact);
            let (sure, perhaps) = counts.entry((review_of(date), period_of(date))).or_default();
            let before = (*sure, *perhaps);
            *sure += u16::from(act.truth == Truth::Yes);
            *perhaps += 1;
            over.extend(act.over(most, before));
        }
        over
    }

    /// The acts beyond those allowed in a period beginning with any of them.
    fn over_in_period(&self, most: u16, acts: Vec<Ruling>, length: Length) -> Vec<Ruling> {
        let counted: Vec<(Date, Truth)> =
            acts.iter().map(|act| (self.date(act.fact), act.truth)).collect();
        let calendar = &self.policy.calendar;
        let together = |first: Date, date: Date| {
            calendar.period_beginning(first, length).is_ok_and(|last| date <= last)
        };
        acts.into_iter()
            .enumerate()
            .filter_map(|(index, act)| {
                let date = self.date(act.fact);
                let before = counted.iter().take(index).filter(|(first, _)| together(*first, date));
                let sure = before.clone().filter(|(_, truth)| *truth == Truth::Yes).count();
                act.over(most, (sure as u16, before.count() as u16))
            })
            .collect()
    }

    /// What the excuse of a prohibition makes of an act.
    fn excused(&self, forbid: &Forbid, ruling: Ruling) -> Ruling {
        let Ruling { fact, truth, mut questions } = ruling;
        let subject = Some(Subject::of(fact, self.fact(fact).event));
        let day = self.date(fact);
        let excused = forbid.unless.as_ref().map_or(Truth::No, |unless| {
            self.truth(unless, day, Mode::Order(fact), subject, &mut questions)
        });
        let truth = match (excused, truth) {
            (Truth::Yes, _) => Truth::No,
            (Truth::No, truth) => truth,
            (Truth::Unknown, _) => Truth::Unknown,
        };
        if truth != Truth::Unknown {
            questions.clear();
        }
        questions.sort();
        questions.dedup();
        Ruling { fact, truth, questions }
    }
}

impl Ruling {
    /// The act, where those before it (the sure ones, and all that may count) are as many as are
    /// allowed; not known, where that turns on those that may count.
    fn over(self, most: u16, (sure, perhaps): (u16, u16)) -> Option<Ruling> {
        if sure >= most {
            Some(self)
        } else if perhaps >= most {
            Some(Ruling { truth: Truth::Unknown, ..self })
        } else {
            None
        }
    }
}
