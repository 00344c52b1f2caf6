//! Prohibitions and caps (S12), and triggers (S13).

use std::collections::BTreeSet;

use duly::eval::Part;
use duly::eval::Verdict as Finding;
use duly::policy::{Body, EventMatch, Forbid, Forbidden, RuleId, Shape, Trigger, TriggerOn};

use super::case::{At, Case, NO, Truth, UNKNOWN, YES, and, or};
use super::days::{self, Day};
use super::duties::Anchored;
use super::limits::{Counted, End, From, must, undetermined};
use super::verdict::{Last, Row, Verdict};

/// An act that a prohibition looks at: whether it is one, is against it, and is excused.
struct Looked {
    fact: usize,
    against: Truth,
    excused: Truth,
}

struct Triggered {
    day: Day,
    fact: Option<usize>,
    /// The `ref` of what was overdue.
    overdue: Option<String>,
    truth: Truth,
}

impl Case<'_> {
    pub(super) fn findings(&self, id: RuleId, forbid: &Forbid) -> Vec<Verdict> {
        let name = &self.policy.rule(id).name;
        let finding = |fact: Option<usize>, verdict| Verdict::Prohibition {
            rule: name.clone(),
            fact: fact.map(|fact| days::date(self.facts[fact].day)),
            verdict,
        };
        let mut findings = Vec::new();
        for looked in self.looked(id, forbid) {
            let verdict = match (looked.against, looked.excused) {
                (Some(false), _) => continue,
                (_, Some(true)) => Finding::Kept,
                (Some(true), Some(false)) => Finding::Breached,
                _ => Finding::NotKnown,
            };
            findings.push(finding(Some(looked.fact), verdict));
        }
        if findings.is_empty() {
            findings.push(finding(None, Finding::Kept));
        }
        findings
    }

    /// The facts over a count cap, which start no clock.
    pub(super) fn over_cap(&self) -> BTreeSet<usize> {
        let mut over = BTreeSet::new();
        if self.capping.replace(true) {
            return over;
        }
        for (index, rule) in self.policy.rules.iter().enumerate() {
            let Body::Forbid(forbid) = &rule.body else {
                continue;
            };
            if matches!(forbid.what, Forbidden::Never(_)) {
                continue;
            }
            for looked in self.looked(RuleId(index as u16), forbid) {
                if must(looked.against) && looked.excused == NO {
                    over.insert(looked.fact);
                }
            }
        }
        self.capping.set(false);
        over
    }

    fn looked(&self, id: RuleId, forbid: &Forbid) -> Vec<Looked> {
        let rule = self.policy.rule(id);
        let candidates = |wanted: &EventMatch| -> Vec<(usize, Truth)> {
            self.matching(wanted)
                .into_iter()
                .filter(|(fact, _)| {
                    let day = days::date(self.facts[*fact].day);
                    rule.in_force.contains(day) && self.policy.header.in_force.contains(day)
                })
                .map(|(fact, truth)| {
                    let holds = self.holds(rule.while_.as_ref(), self.at_act(fact));
                    (fact, and(truth, holds))
                })
                .filter(|(_, truth)| *truth != NO)
                .collect()
        };
        let against: Vec<(usize, Truth)> = match &forbid.what {
            Forbidden::Never(wanted) => candidates(wanted),
            Forbidden::PerReview { most, event, series } => {
                let facts = candidates(event);
                let place = |fact: usize| self.review_span(*series, self.facts[fact].day);
                count_over(&facts, *most, |first, second| place(first) == place(second))
            }
            Forbidden::PerPeriod { most, event, length } => {
                let facts = candidates(event);
                count_over(&facts, *most, |first, second| {
                    let first = self.facts[first].day;
                    let last = days::period(&self.policy.calendar, first, *length);
                    last.is_none_or(|last| self.facts[second].day <= last)
                })
            }
        };
        against
            .into_iter()
            .map(|(fact, against)| {
                let unless = forbid.unless.as_ref();
                let excused = unless.map_or(NO, |c| self.truth(c, self.at_act(fact)));
                Looked { fact, against, excused }
            })
            .collect()
    }

    fn at_act(&self, fact: usize) -> At {
        At { ordered: true, ..At::acts(self.facts[fact].day, Some(fact)) }
    }

    /// Which review of which period of care a day belongs to: after the completion of the one
    /// before, through its own. A new period of care restarts caps (M15).
    fn review_span(&self, series: RuleId, day: Day) -> (usize, usize) {
        let reviews = self.reviews(series);
        let completed =
            reviews.iter().filter(|r| r.completion.is_some_and(|completion| completion < day));
        let slots = self.slots(series);
        let periods: BTreeSet<Day> =
            slots.iter().filter_map(|slot| slot.period.from).filter(|from| *from <= day).collect();
        (completed.count(), periods.len())
    }

    // Triggers.

    fn triggered(&self, id: RuleId, trigger: &Trigger) -> Vec<Triggered> {
        let rule = self.policy.rule(id);
        let over = self.over_cap();
        let mut found: Vec<Triggered> = Vec::new();
        for on in &trigger.on {
            match on {
                TriggerOn::Event(wanted) => {
                    for (fact, truth) in self.matching(wanted) {
                        let day = self.facts[fact].day;
                        let twice = found.iter_mut().find(|t| t.fact == Some(fact));
                        if let Some(twice) = twice {
                            twice.truth = or(twice.truth, truth);
                        } else if !over.contains(&fact) {
                            found.push(Triggered { day, fact: Some(fact), overdue: None, truth });
                        }
                    }
                }
                TriggerOn::Overdue(duty) => {
                    found.extend(self.overdue(*duty).into_iter().map(|(day, overdue)| Triggered {
                        day,
                        fact: None,
                        overdue,
                        truth: YES,
                    }));
                }
            }
        }
        for one in &mut found {
            let at = At::starts(one.day, one.fact);
            one.truth = and(one.truth, self.holds(rule.while_.as_ref(), at));
        }
        found.retain(|one| one.truth != NO && rule.in_force.contains(days::date(one.day)));
        found.sort_by_key(|one| (one.day, one.fact.is_none(), one.fact));
        found
    }

    /// The judgement on each occurrence: the fact, and what it says.
    fn judgements(&self, trigger: &Trigger, found: &[Triggered]) -> Vec<Option<(usize, bool)>> {
        let mut judged = vec![None; found.len()];
        let Some(judgement) = &trigger.judgement else {
            return judged;
        };
        let anchors: Vec<Anchored> = found
            .iter()
            .map(|one| Anchored { day: one.day, facts: one.fact.into_iter().collect() })
            .collect();
        for fact in self.of(judgement.event) {
            let Some(duly::policy::Value::YesNo(says)) = self.value(fact, judgement.attribute)
            else {
                continue;
            };
            if let Some(place) = self.assign(&anchors, fact)
                && judged[place].is_none()
            {
                judged[place] = Some((fact, *says));
            }
        }
        judged
    }

    pub(super) fn trigger_rows(&self, id: RuleId, trigger: &Trigger) -> Vec<Row> {
        let found = self.triggered(id, trigger);
        let judgements = self.judgements(trigger, &found);
        let mut rows = Vec::new();
        for (place, one) in found.iter().enumerate() {
            let ordinal = place as u16 + 1;
            let own = one.fact.and_then(|fact| self.reference(fact).cloned());
            let reference = own.or(one.overdue.clone());
            let mut row = self.row(id, Part::Judgement, ordinal);
            row.reference.clone_from(&reference);
            let outside = self.outside_the_policy(&row, one.day);
            if trigger.judgement.is_some() {
                let done = judgements[place].map(|(fact, _)| self.facts[fact].day);
                self.judge(&mut row, NEVER, done, None);
                if one.truth == UNKNOWN {
                    undetermined(&mut row);
                }
                rows.push(outside.clone().unwrap_or(row));
            }
            if let Some((day, window)) = self.forward(trigger, one, judgements[place]) {
                let mut row = self.row(id, Part::BroughtForward, ordinal);
                row.reference = judgements[place]
                    .and_then(|(fact, _)| self.reference(fact).cloned())
                    .or(reference);
                if let Some(outside) = self.outside_the_policy(&row, day) {
                    rows.push(outside);
                    continue;
                }
                self.forward_row(trigger, day, window, &mut row);
                if one.truth == UNKNOWN {
                    undetermined(&mut row);
                }
                rows.push(row);
            }
        }
        rows
    }

    /// The day from which a review is brought forward, and the window, once it is judged so.
    fn forward(
        &self,
        trigger: &Trigger,
        one: &Triggered,
        judgement: Option<(usize, bool)>,
    ) -> Option<(Day, Counted)> {
        let (_, first, second) = trigger.brings_forward.as_ref()?;
        let (day, fact) = match (&trigger.judgement, judgement) {
            (None, _) => (one.day, one.fact),
            (Some(_), Some((fact, true))) => (self.facts[fact].day, Some(fact)),
            (Some(_), _) => return None,
        };
        let from = From { day, fact, next: None };
        let mut window = self.window(first, from);
        if let (Shape::ByDateOf(_), Last::Unknown, Some(second)) =
            (&first.shape, window.due, second)
        {
            window = self.window(second, from);
        }
        if window.due.day().is_some_and(|due| due < day) {
            window.due = Last::on(Some(day));
        }
        window.opens = window.opens.filter(|opens| *opens != day);
        Some((day, window))
    }

    fn forward_row(&self, trigger: &Trigger, day: Day, window: Counted, row: &mut Row) {
        let Some((series, ..)) = trigger.brings_forward else {
            return;
        };
        let slots = self.slots(series);
        // The period in which it is asked for, or else the next that begins.
        let slot =
            slots.iter().rev().find(|slot| slot.period.contains(day)).or_else(|| {
                slots.iter().find(|slot| slot.period.until.is_none_or(|end| day <= end))
            });
        let until = slot.and_then(|slot| slot.period.until);
        let reviews = self.reviews(series);
        let review = reviews
            .iter()
            .find(|review| review.begin >= day && until.is_none_or(|until| review.begin <= until));
        let done = review.filter(|review| !review.doubtful).and_then(|review| review.date);
        let end = until.filter(|until| self.as_of > *until).map(|day| End { day });
        self.judge(row, window, done, end);
        if let Some(review) = review.filter(|review| review.completion.is_none()) {
            let Body::Series(series) = &self.policy.rule(series).body else {
                return;
            };
            self.begun(row, review, series.dated, window);
        }
        let uncertain = slot.is_some_and(|slot| slot.uncertain) && done.is_none();
        if uncertain || review.is_some_and(|review| review.doubtful) {
            undetermined(row);
        }
    }

    /// The dates to which a trigger brings its series forward.
    pub(super) fn forwarded(&self, id: RuleId) -> Vec<(Day, Day)> {
        let Body::Trigger(trigger) = &self.policy.rule(id).body else {
            return Vec::new();
        };
        let found = self.triggered(id, trigger);
        if found.is_empty() {
            return Vec::new();
        }
        let judgements = self.judgements(trigger, &found);
        found
            .iter()
            .zip(judgements)
            .filter(|(one, _)| one.truth == YES)
            .filter_map(|(one, judgement)| self.forward(trigger, one, judgement))
            .filter_map(|(day, window)| Some((day, window.due.day()?)))
            .collect()
    }
}

const NEVER: Counted = Counted { opens: None, due: Last::Never, working: false };

/// Which facts have at least so many before them that count together with them.
fn count_over(
    facts: &[(usize, Truth)],
    most: u16,
    together: impl Fn(usize, usize) -> bool,
) -> Vec<(usize, Truth)> {
    let over = |place: usize| {
        let (fact, truth) = facts[place];
        let before = |sure: bool| {
            let earlier =
                facts[..place].iter().filter(|(f, t)| together(*f, fact) && (*t == YES || !sure));
            earlier.count() >= usize::from(most)
        };
        let over = match (before(true), before(false)) {
            (true, _) => YES,
            (false, true) => UNKNOWN,
            (false, false) => NO,
        };
        (fact, and(truth, over))
    };
    (0..facts.len()).map(over).filter(|(_, truth)| *truth != NO).collect()
}
