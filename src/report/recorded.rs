//! What was recorded: each event by month, and each word that an event can carry.

use super::counts::Merge;
use super::frame::Frame;
use crate::eval::Timeline;
use crate::policy::{Attribute, AttributeKind, EventId, Policy, Value};

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
}

impl Merge for Recorded {
    fn take_in(&mut self, other: &Self) {
        self.times.take_in(&other.times);
        self.words.take_in(&other.words);
    }
}

/// Adds one in each place.
fn add_one(times: &mut [u64], places: [usize; 3]) {
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

/// An event, or a word that it was recorded with, on a day that counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mention {
    event: EventId,
    /// The attribute and its word, as [`words`] has them; past the last of them where none was recorded.
    word: Option<(u16, u16)>,
    places: [usize; 3],
}

/// The events of one case that have happened, and their words.
pub(super) fn mentions(frame: &Frame, timeline: &Timeline) -> Vec<Mention> {
    let mut mentions = Vec::with_capacity(2 * timeline.facts().len());
    for fact in timeline.facts() {
        let Some(places) = frame.places(fact.date) else { continue };
        let event = fact.event;
        mentions.push(Mention { event, word: None, places });
        for (attribute, value) in (0..).zip(&fact.values) {
            let word = match value {
                Some(Value::Word(word)) => *word,
                Some(Value::YesNo(yes)) => u16::from(!yes),
                None => u16::MAX,
                Some(Value::Number(_) | Value::Date(_) | Value::Text(_)) => continue,
            };
            mentions.push(Mention { event, word: Some((attribute, word)), places });
        }
    }
    mentions
}

/// Adds the events of one case.
pub(super) fn add(events: &mut [Recorded], mentions: &[Mention]) {
    for Mention { event, word, places } in mentions {
        let Some(event) = events.get_mut(event.index()) else { continue };
        let Some((attribute, word)) = word else {
            add_one(&mut event.times, *places);
            continue;
        };
        let Some(words) = event.words.get_mut(usize::from(*attribute)) else { continue };
        let word = usize::from(*word).min(words.len().saturating_sub(1));
        if let Some(times) = words.get_mut(word) {
            add_one(times, *places);
        }
    }
}

/// No event of a policy yet.
pub(super) fn none(policy: &Policy, frame: &Frame) -> Vec<Recorded> {
    policy.events.iter().map(|event| Recorded::new(frame, &event.attributes)).collect()
}
