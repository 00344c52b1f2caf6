//! A case being evaluated: its facts up to the as-of day, indexed by event.

use smallvec::SmallVec;

use super::outcome::{Deemed, FactId, Irregular};
use super::series::SeriesView;
use super::stretches::Stretches;
use super::timeline::{Fact, Timeline};
use super::truth::{Sink, Subject, Truth};
use crate::calendar::Date;
use crate::policy::{AttributeId, EventId, EventMatch, Policy, RuleId, Value};

/// Facts that match, each with how certainly, and what that turns on.
pub(super) type Matched = SmallVec<[(FactId, Truth, Sink); 4]>;

/// What one case after another needs, so that nothing is asked of the allocator for each.
#[derive(Debug, Default)]
pub(super) struct Buffers {
    index: Index,
    stretches: Stretches,
}

/// The ids of the facts of each event, those of one event side by side.
#[derive(Debug, Default)]
struct Index {
    /// Where the facts of each event begin, by event, and where those of the last end.
    begins: Vec<u32>,
    ids: Vec<FactId>,
}

/// The facts of one case that have happened by the as-of day, with what was worked out from them.
///
/// INVARIANT: the index holds every considered fact once, in timeline order within its event;
/// deemed facts join it as the rules that deem them are evaluated, and whatever was derived from
/// events of that kind is derived anew.
pub(super) struct Case<'a> {
    pub(super) policy: &'a Policy,
    pub(super) timeline: &'a Timeline,
    pub(super) as_of: Date,
    /// How many recorded facts have happened by the as-of day.
    happened: usize,
    /// Whether any fact has a `ref`.
    pub(super) refers: bool,
    deemed: Vec<Fact>,
    pub(super) deemed_by: Vec<Deemed>,
    index: Index,
    /// The stretches of the states that events open and close.
    pub(super) stretches: Stretches,
    /// The series evaluated so far, with their rules.
    pub(super) views: Vec<(RuleId, SeriesView)>,
    /// How often an event was deemed or a review brought forward, after which what was known of the reviews
    /// is known no more.
    pub(super) revision: u32,
    /// Facts over a count cap, which start no clock.
    pub(super) over_cap: Vec<FactId>,
    /// Acts on a ladder that belong to no instance of it.
    pub(super) strays: Vec<(RuleId, FactId, Irregular)>,
}

impl Index {
    /// Indexes facts that are in the order of a timeline.
    fn fill(&mut self, events: usize, facts: &[Fact]) {
        self.begins.clear();
        self.begins.resize(events + 1, 0);
        self.ids.clear();
        self.ids.resize(facts.len(), FactId(0));
        // First how many there are of each event, then where those of each end; putting them in
        // from the last to the first turns the ends into beginnings.
        for fact in facts {
            if let Some(number) = self.begins.get_mut(fact.event.index()) {
                *number += 1;
            }
        }
        let mut end = 0;
        for number in &mut self.begins {
            end += *number;
            *number = end;
        }
        for (id, fact) in (0..facts.len() as u32).zip(facts).rev() {
            if let Some(place) = self.begins.get_mut(fact.event.index()) {
                *place -= 1;
                if let Some(into) = self.ids.get_mut(*place as usize) {
                    *into = FactId(id);
                }
            }
        }
    }

    fn of(&self, event: EventId) -> &[FactId] {
        match self.begins.get(event.index()..event.index() + 2) {
            Some(&[begin, end]) => self.ids.get(begin as usize..end as usize).unwrap_or(&[]),
            _ => &[],
        }
    }

    /// Puts a fact at a place among those of its event.
    fn insert(&mut self, event: EventId, place: usize, id: FactId) {
        let Some((begin, later)) =
            self.begins.get_mut(event.index()..).and_then(<[u32]>::split_first_mut)
        else {
            return;
        };
        let place = (*begin as usize + place).min(self.ids.len());
        self.ids.insert(place, id);
        for begin in later {
            *begin += 1;
        }
    }
}

impl<'a> Case<'a> {
    /// Indexes the facts dated on or before the as-of day.
    pub(super) fn new(
        policy: &'a Policy,
        timeline: &'a Timeline,
        as_of: Date,
        buffers: Buffers,
    ) -> Case<'a> {
        let facts = timeline.facts();
        let happened = facts.partition_point(|fact| fact.date <= as_of);
        let facts = facts.get(..happened).unwrap_or(facts);
        let Buffers { mut index, stretches } = buffers;
        index.fill(policy.events.len(), facts);
        let mut case = Case {
            policy,
            timeline,
            as_of,
            happened,
            refers: facts.iter().any(|fact| fact.reference.is_some()),
            deemed: Vec::new(),
            deemed_by: Vec::new(),
            index,
            stretches,
            views: Vec::new(),
            revision: 0,
            over_cap: Vec::new(),
            strays: Vec::new(),
        };
        case.derive_states();
        case
    }

    /// Gives back what the next case can use.
    pub(super) fn into_buffers(self) -> Buffers {
        Buffers { index: self.index, stretches: self.stretches }
    }

    /// Adds an event that a rule deems to have happened.
    pub(super) fn deem(&mut self, fact: Fact, rule: RuleId) -> FactId {
        let id = FactId((self.timeline.facts().len() + self.deemed.len()) as u32);
        self.forget();
        self.refers |= fact.reference.is_some();
        let (event, date) = (fact.event, fact.date);
        self.deemed_by.push(Deemed { fact: id, event, date, rule });
        self.deemed.push(fact);
        let place = self.of(event).partition_point(|&other| self.fact(other).date <= date);
        self.index.insert(event, place, id);
        self.derive_states_turned_by(event);
        id
    }

    /// Forgets what was known of the reviews.
    pub(super) fn forget(&mut self) {
        for (_, view) in &mut self.views {
            view.forget();
        }
        self.revision += 1;
    }

    /// The recorded facts that have not happened yet.
    pub(super) fn ahead(&self) -> impl Iterator<Item = FactId> + use<> {
        (self.happened..self.timeline.facts().len()).map(|index| FactId(index as u32))
    }

    /// The facts of an event, in order.
    pub(super) fn of(&self, event: EventId) -> &[FactId] {
        self.index.of(event)
    }

    /// Whether there is any fact of the events that are looked for.
    pub(super) fn has_any(&self, wanted: &[EventMatch]) -> bool {
        wanted.iter().any(|wanted| !self.of(wanted.event).is_empty())
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
        if !self.refers {
            return None;
        }
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
    pub(super) fn matching(&self, wanted: &EventMatch) -> Matched {
        let mut found = Matched::new();
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
