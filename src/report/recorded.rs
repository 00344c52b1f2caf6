//! What was recorded: each event by month, and each word that an event can carry.

use super::counts::Merge;
use super::frame::Frame;
use crate::eval::{Fact, Timeline};
use crate::policy::{Attribute, AttributeKind, Policy, Value};

/// How often one event was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Recorded {
    /// By stretch.
    pub(super) times: Vec<u64>,
    /// For each attribute, for each word it can carry and last for none, by stretch. Empty for an
    /// attribute whose values are no words.
    pub(super) words: Vec<Vec<Vec<u64>>>,
}

impl Recorded {
    pub(super) fn new(frame: &Frame, attributes: &[Attribute]) -> Self {
        let times = vec![0; frame.spans().len()];
        let words = attributes
            .iter()
            .map(|attribute| match words(attribute).len() {
                0 => Vec::new(),
                many => vec![times.clone(); many + 1],
            })
            .collect();
        Self { times, words }
    }

    fn add(&mut self, places: [usize; 3], fact: &Fact) {
        add_one(&mut self.times, places);
        for (attribute, value) in self.words.iter_mut().zip(&fact.values) {
            let word = match value {
                Some(Value::Word(word)) => usize::from(*word),
                // As `words` has them.
                Some(Value::YesNo(yes)) => usize::from(!yes),
                _ => attribute.len().saturating_sub(1),
            };
            if let Some(times) = attribute.get_mut(word) {
                add_one(times, places);
            }
        }
    }
}

impl Merge for Recorded {
    fn take_in(&mut self, other: &Self) {
        self.times.take_in(&other.times);
        self.words.take_in(&other.words);
    }
}

/// Adds one in each place.
pub(super) fn add_one(times: &mut [u64], places: [usize; 3]) {
    for place in places {
        if let Some(times) = times.get_mut(place) {
            *times += 1;
        }
    }
}

/// The words that an attribute can carry.
pub(super) fn words(attribute: &Attribute) -> Vec<&str> {
    match &attribute.kind {
        AttributeKind::OneOf(words) => words.iter().map(String::as_str).collect(),
        AttributeKind::YesNo => vec!["yes", "no"],
        AttributeKind::Number | AttributeKind::Date | AttributeKind::Text => Vec::new(),
    }
}

/// Counts the events of one case that have happened.
pub(super) fn add(events: &mut [Recorded], frame: &Frame, timeline: &Timeline) {
    for fact in timeline.facts() {
        if let Some(places) = frame.places(fact.date)
            && let Some(event) = events.get_mut(fact.event.index())
        {
            event.add(places, fact);
        }
    }
}

/// No event of a policy yet.
pub(super) fn none(policy: &Policy, frame: &Frame) -> Vec<Recorded> {
    policy.events.iter().map(|event| Recorded::new(frame, &event.attributes)).collect()
}
