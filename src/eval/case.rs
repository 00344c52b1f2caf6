//! A case being evaluated: its facts up to the as-of day, indexed by event.

use std::cell::RefCell;

use super::outcome::{Deadline, Deemed, FactId, Irregular, Question};
use super::series::{Known, SeriesView};
use super::state::Stretch;
use super::timeline::{Fact, Timeline};
use super::truth::{Sink, Subject, Truth};
use crate::calendar::Date;
use crate::policy::{AttributeId, EventId, EventMatch, Policy, RuleId, Value};

/// A review date that is asked about: the series, the slot and the day.
pub(super) type AskedOf = (RuleId, u16, Date);

/// The facts of one case that have happened by the as-of day, with what was worked out from them.
///
/// INVARIANT: `by_event` holds every considered fact once, in timeline order within its event;
/// deemed facts join it as the rules that deem them are evaluated, and whatever was derived from
/// events of that kind is derived anew.
pub(super) struct Case<'a> {
    pub(super) policy: &'a Policy,
    pub(super) timeline: &'a Timeline,
    pub(super) as_of: Date,
    /// How many recorded facts have happened by the as-of day.
    happened: usize,
    deemed: Vec<Fact>,
    pub(super) deemed_by: Vec<Deemed>,
    /// The ids of each event's facts.
    by_event: Vec<Vec<FactId>>,
    /// The stretches of each state that events open and close; empty for the others.
    pub(super) stretches: Vec<Vec<Stretch>>,
    /// The series evaluated so far, by rule.
    pub(super) views: Vec<Option<SeriesView>>,
    /// What was known of review dates.
    // INVARIANT: emptied whenever an event is deemed, a series is derived or a review brought forward,
    // on which alone it rests.
    pub(super) known: RefCell<Vec<(AskedOf, Known)>>,
    /// Facts over a count cap, which start no clock.
    pub(super) over_cap: Vec<FactId>,
    /// Acts on a ladder that belong to no instance of it.
    pub(super) strays: Vec<(RuleId, FactId, Irregular)>,
    /// The deadlines of the rules evaluated so far, by rule.
    pub(super) rows: Vec<Vec<Deadline>>,
}

impl<'a> Case<'a> {
    /// Indexes the facts dated on or before the as-of day.
    pub(super) fn new(policy: &'a Policy, timeline: &'a Timeline, as_of: Date) -> Case<'a> {
        let happened = timeline.facts().partition_point(|fact| fact.date <= as_of);
        let mut case = Case {
            policy,
            timeline,
            as_of,
            happened,
            deemed: Vec::new(),
            deemed_by: Vec::new(),
            by_event: vec![Vec::new(); policy.events.len()],
            stretches: Vec::new(),
            views: policy.rules.iter().map(|_| None).collect(),
            known: RefCell::default(),
            over_cap: Vec::new(),
            strays: Vec::new(),
            rows: policy.rules.iter().map(|_| Vec::new()).collect(),
        };
        for (index, fact) in timeline.facts().iter().enumerate().take(happened) {
            if let Some(ids) = case.by_event.get_mut(fact.event.index()) {
                ids.push(FactId(index as u32));
            }
        }
        case.derive_states();
        case
    }

    /// Adds an event that a rule deems to have happened.
    pub(super) fn deem(&mut self, fact: Fact, rule: RuleId) -> FactId {
        let id = FactId((self.timeline.facts().len() + self.deemed.len()) as u32);
        self.known.get_mut().clear();
        let (event, date) = (fact.event, fact.date);
        self.deemed_by.push(Deemed { fact: id, date, rule });
        self.deemed.push(fact);
        let place = self.of(event).partition_point(|&other| self.fact(other).date <= date);
        if let Some(ids) = self.by_event.get_mut(event.index()) {
            ids.insert(place, id);
        }
        self.derive_states();
        id
    }

    /// The recorded facts that have not happened yet.
    pub(super) fn ahead(&self) -> impl Iterator<Item = FactId> + use<> {
        (self.happened..self.timeline.facts().len()).map(|index| FactId(index as u32))
    }

    /// The facts of an event, in order.
    pub(super) fn of(&self, event: EventId) -> &[FactId] {
        self.by_event.get(event.index()).map_or(&[], Vec::as_slice)
    }

    /// A fact, recorded or deemed.
    #[expect(clippy::indexing_slicing, reason = "every id was made for this case")]
    pub(super) fn fact(&self, id: FactId) -> &Fact {
        let recorded = self.timeline.facts();
        let index = id.0 as usize;
        recorded.get(index).unwrap_or_else(|| &self.deemed[index - recorded.len()])
    }

    /// The day of a fact.
    pub(super) fn date(&self, id: FactId) -> Date {
        self.fact(id).date
    }

    /// The `ref` of a fact.
    pub(super) fn reference(&self, id: FactId) -> Option<&str> {
        self.fact(id).reference.as_deref()
    }

    /// The value of an attribute of the event in question. The attribute belongs to the event that
    /// the subject stands for; where the fact is of another event, the attribute of that name.
    pub(super) fn value(&self, subject: Subject, attribute: AttributeId) -> Option<&Value> {
        let fact = self.fact(subject.fact);
        if fact.event == subject.stands_for {
            return fact.value(attribute);
        }
        let name = &self.policy.attribute(subject.stands_for, attribute).name;
        let attributes = &self.policy.event(fact.event).attributes;
        let own = attributes.iter().position(|other| &other.name == name)?;
        fact.value(AttributeId(own as u16))
    }

    /// The date an attribute of a fact carries.
    pub(super) fn date_value(&self, id: FactId, attribute: AttributeId) -> Option<Date> {
        match self.fact(id).value(attribute) {
            Some(Value::Date(date)) => Some(*date),
            _ => None,
        }
    }

    /// Whether a fact is one the match speaks of.
    pub(super) fn matches(&self, wanted: &EventMatch, id: FactId, sink: &mut Sink) -> Truth {
        let fact = self.fact(id);
        if fact.event != wanted.event {
            return Truth::No;
        }
        match &wanted.test {
            None => Truth::Yes,
            Some(test) => self.truth_of(test, fact.date, Some(Subject::of(id, fact.event)), sink),
        }
    }

    /// The facts that match, with certainty or not, in order.
    pub(super) fn matching(&self, wanted: &EventMatch) -> Vec<(FactId, Truth, Vec<Question>)> {
        let mut found = Vec::new();
        for &id in self.of(wanted.event) {
            let mut sink = Sink::new();
            let truth = self.matches(wanted, id, &mut sink);
            if truth != Truth::No {
                found.push((id, truth, sink));
            }
        }
        found
    }
}
