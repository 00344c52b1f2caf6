//! What a policy asks to be done for each case, put in order once for all of them.

use smallvec::SmallVec;

use super::alike::{Alike, Group};
use super::slot_duty::SlotDuty;
use crate::calendar::Date;
use crate::policy::{
    Anchor, Body, Duty, EventId, EventMatch, Forbid, Ladder, Policy, RuleId, Series, Trigger,
    TriggerOn,
};

/// What is to be done for each case, on one day.
#[derive(Debug)]
pub(super) struct Plan<'p> {
    /// The rules that come to deadlines, each after those on which it rests.
    pub(super) steps: Vec<Step<'p>>,
    /// The prohibitions, in the order of the policy.
    pub(super) prohibitions: Vec<(RuleId, &'p Forbid)>,
}

/// One rule, to be evaluated.
#[derive(Debug)]
pub(super) struct Step<'p> {
    pub(super) rule: RuleId,
    pub(super) task: Task<'p>,
    /// Whether it is said of the rule that it waits, where it comes to nothing.
    pub(super) waits: bool,
    /// The events without any of which it comes to nothing; none where it may come to something
    /// whatever has happened.
    pub(super) starts: SmallVec<[EventId; 4]>,
}

/// How a rule is evaluated.
#[derive(Debug)]
pub(super) enum Task<'p> {
    Series(&'p Series),
    /// A duty before, at or between reviews, with those to which it is alike.
    Prepare(SlotDuty<'p>, Group),
    /// A duty before an event that is no review.
    Before(&'p Duty, &'p [EventMatch]),
    /// A duty that counts from something that has happened.
    After(&'p Duty),
    Trigger(&'p Trigger),
    Ladder(&'p Ladder),
}

impl<'p> Plan<'p> {
    /// Puts in order what a policy asks on a day.
    pub(super) fn new(policy: &'p Policy, alike: &Alike, as_of: Date) -> Plan<'p> {
        let steps = policy.order.iter().filter_map(|&id| Step::new(policy, id, alike, as_of));
        let prohibitions = (0..).map(RuleId).zip(&policy.rules).filter_map(|(id, rule)| {
            if let Body::Forbid(forbid) = &rule.body { Some((id, forbid)) } else { None }
        });
        Plan { steps: steps.collect(), prohibitions: prohibitions.collect() }
    }
}

impl<'p> Step<'p> {
    fn new(policy: &'p Policy, id: RuleId, alike: &Alike, as_of: Date) -> Option<Step<'p>> {
        let rule = policy.rule(id);
        let mut starts = SmallVec::new();
        let slot_duty = || Some((SlotDuty::of(policy, rule)?, alike.group(id)?));
        let task = match &rule.body {
            Body::Series(series) => Task::Series(series),
            Body::Duty(duty) => match (slot_duty(), &duty.anchor) {
                (Some((slot_duty, group)), _) => Task::Prepare(slot_duty, group),
                (None, Anchor::Events(choices)) => {
                    starts.extend(choices.iter().map(|wanted| wanted.event));
                    if duty.lies_before() || duty.lies_midway() {
                        Task::Before(duty, choices)
                    } else {
                        Task::After(duty)
                    }
                }
                (None, _) => Task::After(duty),
            },
            Body::Trigger(trigger) => {
                let events = trigger.on.iter().map(|on| match on {
                    TriggerOn::Event(wanted) => Some(wanted.event),
                    TriggerOn::Overdue(_) => None,
                });
                starts = events.collect::<Option<_>>().unwrap_or_default();
                Task::Trigger(trigger)
            }
            Body::Ladder(ladder) => Task::Ladder(ladder),
            Body::Forbid(_) => return None,
        };
        let waits =
            matches!(task, Task::Series(_) | Task::Prepare(..) | Task::Before(..) | Task::After(_));
        let waits = waits && rule.in_force.contains(as_of);
        Some(Step { rule: id, task, waits, starts })
    }
}
