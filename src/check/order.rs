//! The order in which the rules can be evaluated, and rules that wait for one another in a circle.

use std::collections::BTreeSet;

use super::Checker;
use super::anchors::Side;
use crate::diagnostic::{Code, Diagnostic};
use crate::policy::{
    Anchor, Body, Condition, EventId, EventMatch, Forbidden, Rule, RuleId, State, StateKind,
    TriggerOn,
};

/// Why one rule stands after another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Why {
    /// It waits for the other's deadline to pass.
    Overdue,
    /// It looks at an event that the other deems to have happened.
    Deemed(EventId),
    /// It looks at the other's reviews.
    Reviews,
    /// The order serves better, and nothing depends on it.
    Better,
}

/// What a rule looks at.
#[derive(Debug, Default)]
struct Seen {
    events: BTreeSet<EventId>,
    /// The events of `events` that are looked at otherwise than as acts.
    starts: BTreeSet<EventId>,
    series: BTreeSet<RuleId>,
    /// Series whose latest lawful date is looked at.
    bases: BTreeSet<RuleId>,
    overdue: BTreeSet<RuleId>,
}

/// One rule after another, and why.
#[derive(Debug)]
struct Edge {
    after: usize,
    before: usize,
    why: Why,
}

impl Checker<'_> {
    /// The rules in the order in which they can be evaluated; circles are reported.
    pub(super) fn order(&mut self, rules: &[Option<Rule>]) -> Vec<RuleId> {
        let states = &self.states;
        let seen: Vec<_> = rules
            .iter()
            .map(|rule| rule.as_ref().map(|rule| look(rule, states)).unwrap_or_default())
            .collect();
        let edges = edges(rules, &seen);
        let mut done: Vec<usize> = Vec::new();
        let mut left: Vec<usize> = (0..rules.len()).collect();
        while !left.is_empty() {
            let free = |index: usize, soft: bool| {
                edges.iter().all(|edge| {
                    edge.after != index
                        || done.contains(&edge.before)
                        || (soft && edge.why == Why::Better)
                })
            };
            let next = left
                .iter()
                .copied()
                .find(|index| free(*index, false))
                .or_else(|| left.iter().copied().find(|index| free(*index, true)));
            let Some(next) = next else {
                self.report_circle(&edges, &left);
                break;
            };
            left.retain(|index| *index != next);
            done.push(next);
        }
        done.extend(left);
        done.into_iter().map(|index| RuleId(index as u16)).collect()
    }

    /// Follows what the rules wait for until one comes round again, and tells that circle.
    fn report_circle(&mut self, edges: &[Edge], left: &[usize]) {
        let hard = |index: usize| {
            edges.iter().find(move |edge| {
                edge.after == index && edge.why != Why::Better && left.contains(&edge.before)
            })
        };
        let mut path: Vec<&Edge> = Vec::new();
        let mut at = left.first().copied();
        while let Some(edge) = at.and_then(hard) {
            if let Some(start) = path.iter().position(|earlier| earlier.after == edge.after) {
                let circle = path.split_off(start);
                self.tell_circle(&circle);
                return;
            }
            path.push(edge);
            at = Some(edge.before);
        }
    }

    fn tell_circle(&mut self, circle: &[&Edge]) {
        let name = |index: usize| {
            let rule = self.names.rules.get(index);
            rule.map(|rule| &rule.head().name)
        };
        let sentence: Vec<_> = circle
            .iter()
            .filter_map(|edge| {
                let (after, before) = (name(edge.after)?, name(edge.before)?);
                Some(match edge.why {
                    Why::Overdue => {
                        format!("`{}` waits for overdue `{}`", after.node, before.node)
                    }
                    Why::Deemed(event) => {
                        let event = self.events.get(event.index())?;
                        format!(
                            "`{}` looks at `{}`, which `{}` deems to have happened",
                            after.node, event.name, before.node
                        )
                    }
                    Why::Reviews | Why::Better => {
                        format!("`{}` looks at the reviews of `{}`", after.node, before.node)
                    }
                })
            })
            .collect();
        let Some(first) = circle.first().and_then(|edge| name(edge.after)) else {
            return;
        };
        let mut diagnostic = Diagnostic::new(
            Code::CircularTriggers,
            format!("rules wait for one another in a circle: {}", sentence.join("; ")),
            first.span,
            "comes round to itself",
        );
        for edge in circle.iter().skip(1) {
            if let Some(name) = name(edge.after) {
                diagnostic = diagnostic.label(name.span, "is part of the circle");
            }
        }
        self.report(diagnostic.help("let one of them start from an event that somebody records"));
    }
}

/// Which rule stands after which.
fn edges(rules: &[Option<Rule>], seen: &[Seen]) -> Vec<Edge> {
    let mut edges = Vec::new();
    for (after, looks) in seen.iter().enumerate() {
        for (before, other) in rules.iter().enumerate() {
            let id = RuleId(before as u16);
            let Some(other) = other else { continue };
            let mut add = |why| {
                edges.push(Edge { after, before, why });
            };
            if looks.overdue.contains(&id) {
                add(Why::Overdue);
            }
            if looks.series.contains(&id) {
                add(Why::Reviews);
            }
            match &other.body {
                Body::Duty(duty) => {
                    if let Some(event) = duty.deemed
                        && (looks.starts.contains(&event)
                            || (after != before && looks.events.contains(&event)))
                    {
                        add(Why::Deemed(event));
                    }
                }
                Body::Trigger(trigger) => {
                    let series = trigger.brings_forward.as_ref().map(|(series, _, _)| *series);
                    if after != before && series.is_some_and(|id| looks.bases.contains(&id)) {
                        add(Why::Better);
                    }
                }
                Body::Forbid(forbid) => {
                    let counted = match &forbid.what {
                        Forbidden::PerReview { event, .. } | Forbidden::PerPeriod { event, .. } => {
                            Some(event.event)
                        }
                        Forbidden::Never(_) => None,
                    };
                    if after != before && counted.is_some_and(|id| looks.starts.contains(&id)) {
                        add(Why::Better);
                    }
                }
                Body::Series(_) | Body::Ladder(_) => {}
            }
        }
    }
    edges
}

/// Everything that a rule looks at.
fn look(rule: &Rule, states: &[Option<State>]) -> Seen {
    let mut seen = Seen::default();
    let mut look = Look { seen: &mut seen, states };
    look.optional(rule.while_.as_ref());
    match &rule.body {
        Body::Series(series) => {
            for found in [&series.held_on, &series.begun_on, &series.completed_on, &series.start] {
                look.start(found.as_ref());
            }
            let events = series.adjourned_on.iter().copied();
            let planned = series.planned_by.iter().map(|(event, _)| *event);
            events.chain(planned).for_each(|event| look.event(event));
            series.restarted_by.iter().for_each(|found| look.start(Some(found)));
            look.optional(series.suspended.as_ref());
            look.limits(&series.limits);
        }
        Body::Duty(duty) => {
            look.anchor(&duty.anchor);
            look.limits(&duty.limits);
            let window = duty.limits.first().and_then(|limit| limit.window.as_ref());
            if let Anchor::Review { series, .. } = &duty.anchor
                && window.is_some_and(|window| Side::of(&window.shape) != Side::After)
            {
                look.seen.bases.insert(*series);
            }
            for act in &duty.acts {
                look.act(&act.event);
                look.optional(act.condition.as_ref());
            }
        }
        Body::Trigger(trigger) => {
            for on in &trigger.on {
                match on {
                    TriggerOn::Event(found) => look.start(Some(found)),
                    TriggerOn::Overdue(rule) => {
                        look.seen.overdue.insert(*rule);
                    }
                }
            }
            if let Some(judgement) = trigger.judgement {
                look.event(judgement.event);
            }
            if let Some((series, _, _)) = &trigger.brings_forward {
                look.seen.series.insert(*series);
            }
        }
        Body::Forbid(forbid) => {
            look.optional(forbid.unless.as_ref());
            match &forbid.what {
                Forbidden::Never(event) | Forbidden::PerPeriod { event, .. } => look.act(event),
                Forbidden::PerReview { event, series, .. } => {
                    look.act(event);
                    look.seen.series.insert(*series);
                }
            }
        }
        Body::Ladder(ladder) => {
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
            .for_each(|event| look.event(event));
            ladder.opens_on.iter().for_each(|opens| look.start(Some(&opens.event)));
        }
    }
    seen
}

/// Walks a rule and notes what it looks at.
struct Look<'a> {
    seen: &'a mut Seen,
    states: &'a [Option<State>],
}

impl Look<'_> {
    fn event(&mut self, event: EventId) {
        self.seen.events.insert(event);
        self.seen.starts.insert(event);
    }

    fn start(&mut self, found: Option<&EventMatch>) {
        if let Some(found) = found {
            self.event(found.event);
            self.optional(found.test.as_ref());
        }
    }

    fn act(&mut self, found: &EventMatch) {
        self.seen.events.insert(found.event);
        self.optional(found.test.as_ref());
    }

    fn anchor(&mut self, anchor: &Anchor) {
        match anchor {
            Anchor::Events(matches) => matches.iter().for_each(|found| self.start(Some(found))),
            Anchor::Review { series, test, .. } => {
                self.seen.series.insert(*series);
                self.optional(test.as_ref());
            }
            Anchor::Birthday(_) => {}
            Anchor::StateStart(state) => self.condition(&Condition::State(*state)),
            Anchor::Overdue(rule) => {
                self.seen.overdue.insert(*rule);
            }
        }
    }

    fn limits(&mut self, limits: &[crate::policy::Limit]) {
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
            Condition::State(id) | Condition::HeldFor { state: id, .. } => {
                let states = self.states;
                match states.get(id.index()).and_then(Option::as_ref).map(|state| &state.kind) {
                    Some(StateKind::Events { from, until }) => {
                        from.iter().chain(until).for_each(|found| self.start(Some(found)));
                    }
                    Some(StateKind::While(condition)) => self.condition(condition),
                    None => {}
                }
            }
            Condition::Latest { event, .. } => self.event(*event),
            Condition::Recorded(found) => self.start(Some(found)),
            Condition::HeldSince { series, event } => {
                self.seen.series.insert(*series);
                self.event(*event);
            }
            Condition::ByLatestLawful { series, .. } => {
                self.seen.series.insert(*series);
                self.seen.bases.insert(*series);
            }
            Condition::Reading(..)
            | Condition::Age { .. }
            | Condition::Attribute(_)
            | Condition::Judged { .. } => {}
        }
    }
}
