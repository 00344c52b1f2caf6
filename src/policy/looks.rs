//! What a rule looks at: the events and the rules on which what becomes of it can turn.
//!
//! Everything a rule is made of is named here, so that nothing can be added to one and be forgotten.

use std::collections::BTreeSet;

use super::{
    Act, Anchor, Body, Condition, Duty, EventId, EventMatch, Forbid, Forbidden, Ladder, Limit,
    Rule, RuleId, Series, StateKind, Trigger, TriggerOn,
};

/// What a rule looks at.
#[derive(Debug, Clone, Default)]
pub(crate) struct Looks {
    /// The events.
    pub(crate) events: BTreeSet<EventId>,
    /// Those of `events` that are looked at otherwise than as acts.
    pub(crate) starts: BTreeSet<EventId>,
    /// Series of whose reviews it knows.
    pub(crate) series: BTreeSet<RuleId>,
    /// Series whose latest lawful date is looked at.
    pub(crate) bases: BTreeSet<RuleId>,
    /// Rules for whose deadlines it waits to pass.
    pub(crate) overdue: BTreeSet<RuleId>,
    /// Whether it looks at the day on which the child was born.
    pub(crate) born: bool,
}

/// How each state is known, by its index; nothing for one that could not be made sense of.
type States<'a> = dyn Fn(usize) -> Option<&'a StateKind> + 'a;

impl Looks {
    /// Everything that a rule looks at.
    pub(crate) fn of(rule: &Rule, states: &States<'_>) -> Looks {
        let mut look = Look { looks: Looks::default(), states };
        let Rule {
            while_,
            body,
            name: _,
            title: _,
            owners: _,
            strength: _,
            cites: _,
            tells: _,
            in_force: _,
            readings: _,
            origin: _,
        } = rule;
        look.optional(while_.as_ref());
        match body {
            Body::Series(series) => look.series(series),
            Body::Duty(duty) => look.duty(duty),
            Body::Trigger(trigger) => look.trigger(trigger),
            Body::Forbid(Forbid { what, unless }) => {
                look.optional(unless.as_ref());
                match what {
                    Forbidden::Never(event) | Forbidden::PerPeriod { event, .. } => look.act(event),
                    Forbidden::PerReview { event, series, most: _ } => {
                        look.act(event);
                        look.looks.series.insert(*series);
                    }
                }
            }
            Body::Ladder(ladder) => look.ladder(ladder),
        }
        look.looks
    }
}

/// Walks a rule and notes what it looks at.
struct Look<'a, 's> {
    looks: Looks,
    states: &'s States<'a>,
}

impl Look<'_, '_> {
    fn series(&mut self, series: &Series) {
        let Series {
            held_on,
            begun_on,
            completed_on,
            adjourned_on,
            planned_by,
            restarted_by,
            suspended,
            start,
            limits,
            noun: _,
            dated: _,
            mid_clock: _,
        } = series;
        for found in [held_on, begun_on, completed_on, start] {
            self.start(found.as_ref());
        }
        let events = adjourned_on.iter().copied();
        let planned = planned_by.iter().map(|(event, _)| *event);
        events.chain(planned).for_each(|event| self.event(event));
        for found in restarted_by {
            self.start(Some(found));
        }
        self.optional(suspended.as_ref());
        self.limits(limits);
    }

    fn duty(&mut self, duty: &Duty) {
        // What it deems to have happened is for others to look at.
        let Duty { anchor, limits, acts, mid_clock: _, all: _, deemed: _, moved: _ } = duty;
        self.anchor(anchor);
        self.limits(limits);
        for Act { event, condition } in acts {
            self.act(event);
            self.optional(condition.as_ref());
        }
    }

    fn trigger(&mut self, trigger: &Trigger) {
        let Trigger { on, judgement, brings_forward } = trigger;
        for on in on {
            match on {
                TriggerOn::Event(found) => self.start(Some(found)),
                TriggerOn::Overdue(rule) => {
                    self.looks.overdue.insert(*rule);
                }
            }
        }
        if let Some(judgement) = judgement {
            self.event(judgement.event);
        }
        if let Some((series, _, _)) = brings_forward {
            self.looks.series.insert(*series);
        }
    }

    fn ladder(&mut self, ladder: &Ladder) {
        // Stages and the cap count from these events alone.
        let Ladder {
            opened_by,
            answered_by,
            approved_by,
            judged_by,
            closed_by,
            outside,
            opens_on,
            stage_attribute: _,
            ground_attribute: _,
            answer_stage_attribute: _,
            approval_stage_attribute: _,
            in_time_when: _,
            enters_at: _,
            cap: _,
            copies: _,
            stages: _,
        } = ladder;
        let judged_by = judged_by.map(|(event, _)| event);
        [Some(*opened_by), *answered_by, *approved_by, judged_by, *closed_by, *outside]
            .into_iter()
            .flatten()
            .for_each(|event| self.event(event));
        for opens in opens_on {
            self.start(Some(&opens.event));
        }
    }

    fn event(&mut self, event: EventId) {
        self.looks.events.insert(event);
        self.looks.starts.insert(event);
    }

    fn start(&mut self, found: Option<&EventMatch>) {
        if let Some(found) = found {
            self.event(found.event);
            self.optional(found.test.as_ref());
        }
    }

    fn act(&mut self, found: &EventMatch) {
        self.looks.events.insert(found.event);
        self.optional(found.test.as_ref());
    }

    fn anchor(&mut self, anchor: &Anchor) {
        match anchor {
            Anchor::Events(matches) => matches.iter().for_each(|found| self.start(Some(found))),
            Anchor::Review { series, test, .. } => {
                self.looks.series.insert(*series);
                self.optional(test.as_ref());
            }
            Anchor::Birthday(_) => self.looks.born = true,
            Anchor::StateStart(state) => self.state(state.index()),
            Anchor::Overdue(rule) => {
                self.looks.overdue.insert(*rule);
            }
        }
    }

    fn limits(&mut self, limits: &[Limit]) {
        for limit in limits {
            // A window looks into the event that starts the clock, and at nothing else.
            let Limit {
                test,
                condition,
                exception: _,
                ordinals: _,
                started: _,
                window: _,
                origin: _,
            } = limit;
            self.optional(test.as_ref());
            self.optional(condition.as_ref());
        }
    }

    fn optional(&mut self, condition: Option<&Condition>) {
        if let Some(condition) = condition {
            self.condition(condition);
        }
    }

    fn condition(&mut self, condition: &Condition) {
        match condition {
            Condition::All(parts) | Condition::Any(parts) => {
                for part in parts {
                    self.condition(part);
                }
            }
            Condition::Not(inner) => self.condition(inner),
            Condition::State(id) | Condition::HeldFor { state: id, .. } => self.state(id.index()),
            Condition::Latest { event, .. } => self.event(*event),
            Condition::Recorded(found) => self.start(Some(found)),
            Condition::HeldSince { series, event } => {
                self.looks.series.insert(*series);
                self.event(*event);
            }
            Condition::ByLatestLawful { series, .. } => {
                self.looks.series.insert(*series);
                self.looks.bases.insert(*series);
            }
            Condition::Age { .. } => self.looks.born = true,
            Condition::Reading(..) | Condition::Attribute(_) | Condition::Judged { .. } => {}
        }
    }

    fn state(&mut self, index: usize) {
        match (self.states)(index) {
            Some(StateKind::Events { from, until }) => {
                from.iter().chain(until).for_each(|found| self.start(Some(found)));
            }
            Some(StateKind::While(condition)) => self.condition(condition),
            None => {}
        }
    }
}
