//! The order in which the rules can be evaluated, and rules that wait for one another in a circle.

use std::collections::BTreeSet;

use super::Checker;
use super::anchors::Side;
use crate::diagnostic::{Code, Diagnostic};
use crate::policy::{Anchor, Body, EventId, Looks, Rule, RuleId, State};

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
        // Those of one rule lie side by side.
        let own = |index: usize| {
            let begin = edges.partition_point(|edge| edge.after < index);
            edges.iter().skip(begin).take_while(move |edge| edge.after == index)
        };
        let mut done: Vec<usize> = Vec::new();
        let mut is_done = vec![false; rules.len()];
        let mut left: Vec<usize> = (0..rules.len()).collect();
        while !left.is_empty() {
            let free = |index: usize, soft: bool| {
                own(index).all(|edge| {
                    is_done.get(edge.before) == Some(&true) || (soft && edge.why == Why::Better)
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
            if let Some(is_done) = is_done.get_mut(next) {
                *is_done = true;
            }
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
fn edges(rules: &[Option<Rule>], seen: &[Looks]) -> Vec<Edge> {
    let mut edges = Vec::new();
    // Few rules can stand before one that does not name them.
    let acting = |(id, rule): (u16, &Option<Rule>)| {
        rule.as_ref().is_some_and(acts_on_others).then_some(RuleId(id))
    };
    let acting: BTreeSet<RuleId> = (0..).zip(rules).filter_map(acting).collect();
    for (after, looks) in seen.iter().enumerate() {
        let mut others = acting.clone();
        others.extend(looks.overdue.iter().chain(&looks.series));
        for id in others {
            let before = id.index();
            let Some(Some(other)) = rules.get(before) else { continue };
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
                    let counted = forbid.counted();
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

/// Whether a rule does what others may look at without naming it.
const fn acts_on_others(rule: &Rule) -> bool {
    match &rule.body {
        Body::Duty(duty) => duty.deemed.is_some(),
        Body::Trigger(trigger) => trigger.brings_forward.is_some(),
        Body::Forbid(_) => true,
        Body::Series(_) | Body::Ladder(_) => false,
    }
}

/// Everything that a rule looks at; a duty that does not lie after a review looks at its latest lawful date.
fn look(rule: &Rule, states: &[Option<State>]) -> Looks {
    let kind = |index: usize| states.get(index).and_then(Option::as_ref).map(|state| &state.kind);
    let mut looks = Looks::of(rule, &kind);
    if let Body::Duty(duty) = &rule.body
        && let Anchor::Review { series, .. } = &duty.anchor
    {
        let window = duty.limits.first().and_then(|limit| limit.window.as_ref());
        if window.is_some_and(|window| Side::of(&window.shape) != Side::After) {
            looks.bases.insert(*series);
        }
    }
    looks
}
