//! Acts: which instance of a duty an event discharges (M14).

use super::case::Case;
use super::outcome::{FactId, Question};
use super::truth::{Mode, Sink, Subject, Truth};
use crate::calendar::Date;
use crate::policy::Act;

/// An act that may meet a duty.
#[derive(Debug, Clone)]
pub(super) struct Done {
    pub(super) date: Date,
    pub(super) fact: FactId,
    /// Which of the duty's acts it is.
    pub(super) kind: u16,
    /// Whether it certainly is one.
    pub(super) truth: Truth,
    pub(super) doubt: Vec<Question>,
}

/// What acts are matched against: something that started on a day.
#[derive(Debug, Clone, Default)]
pub(super) struct Instance {
    /// The day from which it counts.
    pub(super) from: Option<Date>,
    /// The facts that gave it; their `ref`s name it, and they never discharge it.
    pub(super) facts: Vec<FactId>,
}

/// How an act came to its instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Taken {
    pub(super) instance: usize,
    /// Whether its `ref` named the instance.
    pub(super) named: bool,
}

impl Case<'_> {
    /// The facts that are, or may be, one of a duty's acts, in order.
    pub(super) fn acts(&self, acts: &[Act]) -> Vec<Done> {
        let mut found = Vec::new();
        for (kind, act) in acts.iter().enumerate() {
            for &fact in self.of(act.event.event) {
                let mut doubt = Sink::new();
                let date = self.date(fact);
                let subject = Subject::of(fact, act.event.event);
                let matched = self.matches(&act.event, fact, &mut doubt);
                let condition = act.condition.as_ref();
                let truth = match matched {
                    Truth::No => Truth::No,
                    matched => match self.truth_if_any(
                        condition,
                        date,
                        Mode::Acts,
                        Some(subject),
                        &mut doubt,
                    ) {
                        Truth::Yes => matched,
                        other => other,
                    },
                };
                if truth != Truth::No {
                    found.push(Done { date, fact, kind: kind as u16, truth, doubt });
                }
            }
        }
        found.sort_by_key(|done| (done.date, done.fact, done.kind));
        found
    }

    /// Whether any of the facts has the `ref`.
    fn named_by(&self, facts: &[FactId], reference: &str) -> bool {
        facts.iter().any(|&fact| self.reference(fact) == Some(reference))
    }

    /// The instance that an act after its anchor discharges: the one its `ref` names, else the
    /// latest that started on or before it. Instances are in order of their start.
    pub(super) fn taken_after(&self, instances: &[Instance], act: FactId) -> Option<Taken> {
        let date = self.date(act);
        let anchors = instances.iter().any(|instance| instance.facts.contains(&act));
        let started = |instance: &Instance| {
            instance.from.is_some_and(|from| if anchors { from < date } else { from <= date })
        };
        if let Some(reference) = self.reference(act)
            && instances
                .iter()
                .any(|instance| instance.facts.iter().any(|&fact| self.reference(fact).is_some()))
        {
            let instance = instances.iter().rposition(|instance| {
                started(instance) && self.named_by(&instance.facts, reference)
            })?;
            return Some(Taken { instance, named: true });
        }
        let instance = instances.iter().rposition(started)?;
        Some(Taken { instance, named: false })
    }

    /// Whether the `ref` of an act speaks for an instance, against it, or not at all, among those
    /// that have facts with `ref`s.
    pub(super) fn speaks_for(
        &self,
        instances: &[Vec<FactId>],
        one: usize,
        act: FactId,
    ) -> Option<bool> {
        let reference = self.reference(act)?;
        let any = instances.iter().flatten().any(|&fact| self.reference(fact).is_some());
        if !any {
            return None;
        }
        Some(instances.get(one).is_some_and(|facts| self.named_by(facts, reference)))
    }
}
