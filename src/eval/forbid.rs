//! Prohibitions: acts that were against one, and acts over a count cap.

use std::collections::BTreeMap;

use super::case::Case;
use super::outcome::{FactId, Finding, Question, Verdict};
use super::truth::{Mode, Sink, Subject, Truth};
use crate::calendar::Date;
use crate::policy::{Body, EventMatch, Forbid, Forbidden, RuleId};

/// What a prohibition made of an act.
struct Ruling {
    fact: FactId,
    truth: Truth,
    questions: Vec<Question>,
}

impl Case<'_> {
    /// Finds the acts over the count caps that speak of a series, or of none: they start no clock,
    /// so this comes before the duties that would count from them.
    pub(super) fn find_over_cap(&mut self, series: Option<RuleId>) {
        let policy = self.policy;
        for (index, rule) in policy.rules.iter().enumerate() {
            let Body::Forbid(forbid) = &rule.body else {
                continue;
            };
            let speaks = match &forbid.what {
                Forbidden::Never(_) => false,
                Forbidden::PerReview { series: counted, .. } => series == Some(*counted),
                Forbidden::PerPeriod { .. } => series.is_none(),
            };
            if speaks {
                let over: Vec<FactId> = self
                    .rulings(RuleId(index as u16), forbid)
                    .into_iter()
                    .filter(|ruling| ruling.truth == Truth::Yes)
                    .map(|ruling| ruling.fact)
                    .collect();
                self.over_cap.extend(over);
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
        match &forbid.what {
            Forbidden::Never(wanted) => {
                let acts = self.matching(wanted).into_iter();
                acts.filter_map(|(fact, matched, questions)| {
                    self.ruling(rule, forbid, fact, matched, questions)
                })
                .collect()
            }
            Forbidden::PerReview { most, event, series } => self
                .over_in_review(*most, event, *series)
                .into_iter()
                .filter_map(|(fact, matched, questions)| {
                    self.ruling(rule, forbid, fact, matched, questions)
                })
                .collect(),
            Forbidden::PerPeriod { most, event, length } => {
                let facts = self.matching(event);
                let over = |index: usize| {
                    let date = facts.get(index).map(|(id, ..)| self.date(*id));
                    facts.iter().take(index + 1).enumerate().any(|(first, (id, ..))| {
                        index + 1 - first > usize::from(*most)
                            && self
                                .policy
                                .calendar
                                .period_beginning(self.date(*id), *length)
                                .is_ok_and(|last| date.is_some_and(|date| date <= last))
                    })
                };
                (0..facts.len())
                    .filter(|&index| over(index))
                    .filter_map(|index| facts.get(index).cloned())
                    .filter_map(|(fact, matched, questions)| {
                        self.ruling(rule, forbid, fact, matched, questions)
                    })
                    .collect()
            }
        }
    }

    /// The facts beyond those allowed in one review.
    fn over_in_review(
        &self,
        most: u16,
        wanted: &EventMatch,
        series: RuleId,
    ) -> Vec<(FactId, Truth, Vec<Question>)> {
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
        for (fact, matched, questions) in self.matching(wanted) {
            let date = self.date(fact);
            let (sure, perhaps) = counts.entry((review_of(date), period_of(date))).or_default();
            if *sure >= most {
                over.push((fact, matched, questions));
            } else if *perhaps >= most {
                // Whether it is one too many turns on those before it.
                over.push((fact, Truth::Unknown, questions));
            }
            *sure += u16::from(matched == Truth::Yes);
            *perhaps += 1;
        }
        over
    }

    /// Whether an act was against the prohibition; nothing where the prohibition does not speak of
    /// it.
    fn ruling(
        &self,
        rule: RuleId,
        forbid: &Forbid,
        fact: FactId,
        matched: Truth,
        mut questions: Vec<Question>,
    ) -> Option<Ruling> {
        let body = self.policy.rule(rule);
        let day = self.date(fact);
        let in_force = body.in_force.contains(day) && self.policy.header.in_force.contains(day);
        if !in_force || matched == Truth::No {
            return None;
        }
        let subject = Some(Subject::of(fact, self.fact(fact).event));
        let mode = Mode::Order(fact);
        let mut sink = Sink::new();
        let alive = self.truth_if_any(body.while_.as_ref(), day, mode, subject, &mut sink);
        if alive == Truth::No {
            return None;
        }
        let excused = forbid
            .unless
            .as_ref()
            .map_or(Truth::No, |unless| self.truth(unless, day, mode, subject, &mut sink));
        let truth = match (excused, alive, matched) {
            (Truth::Yes, ..) => Truth::No,
            (Truth::No, Truth::Yes, Truth::Yes) => Truth::Yes,
            _ => Truth::Unknown,
        };
        if truth == Truth::Unknown {
            questions.extend(sink);
            questions.sort();
            questions.dedup();
        } else {
            questions.clear();
        }
        Some(Ruling { fact, truth, questions })
    }
}
