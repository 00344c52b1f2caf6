//! Acts: which instance of a duty an event discharges (M14).

use super::case::Case;
use smallvec::SmallVec;

use super::outcome::{FactId, Facts, Question};
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

/// The acts of a duty, in order.
pub(super) type Acts = SmallVec<[Done; 4]>;

/// What acts are matched against: something that started on a day.
#[derive(Debug, Clone, Default)]
pub(super) struct Instance {
    /// The day from which it counts.
    pub(super) from: Option<Date>,
    /// The facts that gave it; their `ref`s name it, and they never discharge it.
    pub(super) facts: Facts,
}

/// The days on which an act belongs to a review, or another event, that lies ahead of it.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// The facts whose `ref`s name it.
    pub(super) facts: Facts,
    /// The first day.
    pub(super) first: Date,
    /// The last day; `None` where it is open.
    pub(super) last: Option<Date>,
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
    pub(super) fn acts(&self, acts: &[Act]) -> Acts {
        let mut found = Acts::new();
        for (kind, act) in (0..).zip(acts) {
            for &id in self.of(act.event.event) {
                let fact = self.fact(id);
                let (date, subject) = (fact.date, Some(Subject::of(id, fact.event)));
                let mut doubt = Sink::new();
                let matched = self.truth_if_any(
                    act.event.test.as_ref(),
                    date,
                    Mode::Acts,
                    subject,
                    &mut doubt,
                );
                let truth = match matched {
                    Truth::No => Truth::No,
                    matched => {
                        let condition = act.condition.as_ref();
                        match self.truth_if_any(condition, date, Mode::Acts, subject, &mut doubt) {
                            Truth::Yes => matched,
                            other => other,
                        }
                    }
                };
                if truth != Truth::No {
                    found.push(Done { date, fact: id, kind, truth, doubt });
                }
            }
        }
        if acts.len() > 1 {
            found.sort_by_key(|done| (done.date, done.fact, done.kind));
        }
        found
    }

    /// Whether any of the facts has the `ref`.
    fn named_by(&self, facts: &[FactId], reference: &str) -> bool {
        facts.iter().any(|&fact| self.reference(fact) == Some(reference))
    }

    /// The instance that an act after its anchor discharges: the one its `ref` names, else the
    /// latest that started on or before it. Instances are in order of their start.
    pub(super) fn taken_after<'i>(
        &self,
        instances: &(impl DoubleEndedIterator<Item = &'i Instance> + ExactSizeIterator + Clone),
        act: FactId,
    ) -> Option<Taken> {
        let date = self.date(act);
        let anchors = instances.clone().any(|instance| instance.facts.contains(&act));
        let started = |instance: &Instance| {
            instance.from.is_some_and(|from| if anchors { from < date } else { from <= date })
        };
        if let Some(reference) = self.reference(act)
            && instances.clone().any(|instance| self.has_reference(&instance.facts))
        {
            let instance = instances.clone().rposition(|instance| {
                started(instance) && self.named_by(&instance.facts, reference)
            })?;
            return Some(Taken { instance, named: true });
        }
        let instance = instances.clone().rposition(started)?;
        Some(Taken { instance, named: false })
    }

    /// The place that an act before an anchor belongs to: the first its `ref` names that lies on or
    /// after it, else the one whose days hold it. A place that is none of the duty's own is `None`.
    pub(super) fn taken_before<'p>(
        &self,
        places: &(impl DoubleEndedIterator<Item = Option<&'p Place>> + ExactSizeIterator + Clone),
        act: FactId,
    ) -> Option<usize> {
        let day = self.date(act);
        let open = |place: &Place| place.last.is_none_or(|last| day <= last);
        if let Some(reference) = self.reference(act)
            && places.clone().flatten().any(|place| self.has_reference(&place.facts))
        {
            return places.clone().position(|place| {
                place.is_some_and(|place| open(place) && self.named_by(&place.facts, reference))
            });
        }
        places
            .clone()
            .rposition(|place| place.is_some_and(|place| place.first <= day && open(place)))
    }

    fn has_reference(&self, facts: &[FactId]) -> bool {
        facts.iter().any(|&fact| self.reference(fact).is_some())
    }
}
