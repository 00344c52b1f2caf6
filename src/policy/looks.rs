//! What a rule looks at: the events and the rules on which what becomes of it can turn.

use std::collections::BTreeSet;

use super::{
    Anchor, Body, Condition, Duty, EventId, EventMatch, Forbidden, Ladder, Limit, Rule, RuleId,
    Series, StateKind, Trigger, TriggerOn,
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
        look.optional(rule.while_.as_ref());
        match &rule.body {
            Body::Series(series) => look.series(series),
            Body::Duty(duty) => look.duty(duty),
            Body::Trigger(trigger) => look.trigger(trigger),
            Body::Forbid(forbid) => {
                look.optional(forbid.unless.as_ref());
                match &forbid.what {
                    Forbidden::Never(event) | Forbidden::PerPeriod { event, .. } => look.act(event),
                    Forbidden::PerReview { event, series, .. } => {
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
        for found in [&series.held_on, &series.begun_on, &series.completed_on, &series.start] {
            self.start(found.as_ref());
        }
        let events = series.adjourned_on.iter().copied();
        let planned = series.planned_by.iter().map(|(event, _)| *event);
        events.chain(planned).for_each(|event| self.event(event));
        series.restarted_by.iter().for_each(|found| self.start(Some(found)));
        self.optional(series.suspended.as_ref());
        self.limits(&series.limits);
    }

    fn duty(&mut self, duty: &Duty) {
        self.anchor(&duty.anchor);
        self.limits(&duty.limits);
        for act in &duty.acts {
            self.act(&act.event);
            self.optional(act.condition.as_ref());
        }
    }

    fn trigger(&mut self, trigger: &Trigger) {
        for on in &trigger.on {
            match on {
                TriggerOn::Event(found) => self.start(Some(found)),
                TriggerOn::Overdue(rule) => {
                    self.looks.overdue.insert(*rule);
                }
            }
        }
        if let Some(judgement) = trigger.judgement {
            self.event(judgement.event);
        }
        if let Some((series, _, _)) = &trigger.brings_forward {
            self.looks.series.insert(*series);
        }
    }

    fn ladder(&mut self, ladder: &Ladder) {
        let judged = ladder.judged_by.map(|(event, _)| event);
        [
            Some(ladder.opened_by),
            ladder.answered_by,
            ladder.approved_by,
            judged,
            ladder.closed_by,
            ladder.outside,
        ]
        .into_iter()
        .flatten()
        .for_each(|event| self.event(event));
        ladder.opens_on.iter().for_each(|opens| self.start(Some(&opens.event)));
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
            self.optional(limit.test.as_ref());
            self.optional(limit.condition.as_ref());
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
