//! The compiled policy in plain English, for explanations.
//!
//! The words are made from what is evaluated, never written beside it, so they cannot disagree
//! with it.

use super::{
    Act, Anchor, AttributeId, AttributeKind, Comparison, Condition, Duration, EventId, EventMatch,
    Ordinals, Period, Point, Policy, Shape, Strength, Test, Value, Window,
};

impl Policy {
    /// A condition as a clause: "Looked after, and not Placed at home". The event is the one in
    /// question, where the condition looks at one.
    pub fn condition_words(&self, condition: &Condition, event: Option<EventId>) -> String {
        match condition {
            Condition::All(parts) => self.joined_words(parts, event, " and "),
            Condition::Any(parts) => self.joined_words(parts, event, " or "),
            Condition::Not(inner) => match &**inner {
                Condition::All(_) | Condition::Any(_) => {
                    format!("not ({})", self.condition_words(inner, event))
                }
                Condition::Reading(id, _) => {
                    format!("the reading {} is no", self.reading(*id).name)
                }
                Condition::State(_)
                | Condition::HeldFor { .. }
                | Condition::Not(_)
                | Condition::Latest { .. }
                | Condition::Recorded(_)
                | Condition::HeldSince { .. }
                | Condition::Age { .. }
                | Condition::Attribute(_)
                | Condition::ByLatestLawful { .. }
                | Condition::Judged { .. } => {
                    format!("not {}", self.condition_words(inner, event))
                }
            },
            // What is asked, whatever the answer is under the readings in force.
            Condition::Reading(id, _) => format!("the reading {} is yes", self.reading(*id).name),
            Condition::State(id) => format!("“{}”", self.state(*id).title),
            Condition::HeldFor { state, length, at_least } => {
                let bound = if *at_least { "at least" } else { "more than" };
                let length = length.words();
                format!("“{}” for {bound} {length}", self.state(*state).title)
            }
            Condition::Latest { event, test } => {
                let title = &self.event(*event).title;
                format!("the latest “{title}” has {}", self.test_words(test, Some(*event)))
            }
            Condition::Recorded(found) => format!("{} is recorded", self.event_words(found)),
            Condition::HeldSince { series, event } => {
                format!("“{}” held since “{}”", self.rule(*series).title, self.event(*event).title)
            }
            Condition::Age { years, under: true } => format!("the child is under {years}"),
            Condition::Age { years, .. } => format!("the child is {years} or over"),
            Condition::Attribute(test) => self.test_words(test, event),
            Condition::ByLatestLawful { series, attribute } => format!(
                "{} is by the latest lawful date of “{}”",
                self.attribute_words(*attribute, event),
                self.rule(*series).title
            ),
            Condition::Judged { role, attribute } => format!(
                "{} judged it {}",
                self.role(*role).title,
                self.attribute_words(*attribute, event)
            ),
        }
    }

    fn joined_words(&self, parts: &[Condition], event: Option<EventId>, between: &str) -> String {
        let words: Vec<_> = parts
            .iter()
            .map(|part| match part {
                Condition::All(_) | Condition::Any(_) => {
                    format!("({})", self.condition_words(part, event))
                }
                Condition::Not(_)
                | Condition::Reading(..)
                | Condition::State(_)
                | Condition::HeldFor { .. }
                | Condition::Latest { .. }
                | Condition::Recorded(_)
                | Condition::HeldSince { .. }
                | Condition::Age { .. }
                | Condition::Attribute(_)
                | Condition::ByLatestLawful { .. }
                | Condition::Judged { .. } => self.condition_words(part, event),
            })
            .collect();
        words.join(between)
    }

    fn attribute_words(&self, attribute: AttributeId, event: Option<EventId>) -> String {
        let name = event.and_then(|event| {
            let attributes = &self.event(event).attributes;
            attributes.get(attribute.index()).map(|attribute| attribute.name.clone())
        });
        name.unwrap_or_else(|| "what it records".to_owned())
    }

    /// A test of one attribute: "miles is more than 35".
    pub fn test_words(&self, test: &Test, event: Option<EventId>) -> String {
        let sign = match (test.comparison, &test.value) {
            (Comparison::Is, _) => "is",
            (Comparison::IsNot, _) => "is not",
            (Comparison::Less, Value::Date(_)) => "is before",
            (Comparison::AtMost, Value::Date(_)) => "is on or before",
            (Comparison::More, Value::Date(_)) => "is after",
            (Comparison::AtLeast, Value::Date(_)) => "is on or after",
            (Comparison::Less, _) => "is less than",
            (Comparison::AtMost, _) => "is at most",
            (Comparison::More, _) => "is more than",
            (Comparison::AtLeast, _) => "is at least",
        };
        let attribute = self.attribute_words(test.attribute, event);
        let value = match event {
            Some(event) => self.value_words(event, test.attribute, &test.value),
            None => plain_value(&test.value),
        };
        format!("{attribute} {sign} {value}")
    }

    /// A value as it is written in a case file.
    pub fn value_words(&self, event: EventId, attribute: AttributeId, value: &Value) -> String {
        let kind =
            self.event(event).attributes.get(attribute.index()).map(|attribute| &attribute.kind);
        match (value, kind) {
            (Value::Word(index), Some(AttributeKind::OneOf(words))) => {
                words.get(usize::from(*index)).cloned().unwrap_or_else(|| plain_value(value))
            }
            _ => plain_value(value),
        }
    }

    /// An event, and what must be so of it: "“Child placed” where miles is more than 35".
    pub fn event_words(&self, found: &EventMatch) -> String {
        let title = &self.event(found.event).title;
        match &found.test {
            Some(test) => {
                let test = self.condition_words(test, Some(found.event));
                format!("“{title}” where {test}")
            }
            None => format!("“{title}”"),
        }
    }

    /// An act that meets a duty.
    pub fn act_words(&self, act: &Act) -> String {
        let event = self.event_words(&act.event);
        match &act.condition {
            None => event,
            Some(condition) => {
                format!("{event} while {}", self.condition_words(condition, Some(act.event.event)))
            }
        }
    }

    /// What a clock counts from: "“Decisions received”, else “Decisions circulated”".
    pub fn anchor_words(&self, anchor: &Anchor) -> String {
        match anchor {
            Anchor::Events(matches) => {
                let words: Vec<_> = matches.iter().map(|found| self.event_words(found)).collect();
                words.join(", else ")
            }
            Anchor::Review { series, ordinals, point, test } => {
                let completion = match point {
                    Point::Completion => "completion of ",
                    Point::FirstMeeting => "the first meeting of ",
                    Point::Date => "",
                };
                let held = self.series(*series).and_then(|series| series.held_on.as_ref());
                let test = test.as_ref().map(|test| {
                    let test = self.condition_words(test, held.map(|found| found.event));
                    format!(" where {test}")
                });
                format!(
                    "{completion}{} “{}”{}",
                    ordinals.words(),
                    self.rule(*series).title,
                    test.unwrap_or_default()
                )
            }
            Anchor::Birthday(age) => format!("the {} birthday", ordinal(*age)),
            Anchor::StateStart(state) => format!("the start of “{}”", self.state(*state).title),
            Anchor::Overdue(rule) => format!("the missed deadline of “{}”", self.rule(*rule).title),
        }
    }

    /// A window, with the words for its anchor: "within 20 calendar days after “Child placed”".
    /// The event is the anchor's, for a date that it carries.
    pub fn window_words(&self, window: &Window, anchor: &str, event: Option<EventId>) -> String {
        self.shape_words(&window.shape, anchor, event)
    }

    /// A shape, with the words for its anchor.
    pub fn shape_words(&self, shape: &Shape, anchor: &str, event: Option<EventId>) -> String {
        match shape {
            Shape::Within(length) => format!("within {} after {anchor}", length.words()),
            Shape::PeriodBeginning(length) => {
                format!("within a period of {} beginning with {anchor}", length.words())
            }
            Shape::AtLeastBefore(length) => format!("at least {} before {anchor}", length.words()),
            Shape::BetweenBefore { near, far } => {
                format!("between {near} and {far} before {anchor}")
            }
            Shape::BetweenAfter { near, far } => format!("between {near} and {far} after {anchor}"),
            Shape::OnMidway => format!("on the day midway between {anchor} and the next"),
            Shape::ByMidway => format!("by the day midway between {anchor} and the next"),
            Shape::AroundMidway(length) => format!(
                "within {} either side of the day midway between {anchor} and the next",
                length.words()
            ),
            Shape::ByDateOf(attribute) => {
                format!("by the {} given in {anchor}", self.attribute_words(*attribute, event))
            }
            Shape::Before => format!("before {anchor}"),
            Shape::At => format!("on the day of {anchor}"),
            Shape::NotBefore(length) => format!("not before {} after {anchor}", length.words()),
            Shape::OncePassed(length) => {
                format!("once {} have passed after {anchor}", length.words())
            }
            Shape::NoTimeLimit => format!("with no time limit, from {anchor} on"),
            Shape::NoTimeLimitBefore => format!("before {anchor}, with no time limit"),
        }
    }
}

impl Duration {
    /// The length in words.
    pub fn words(&self) -> String {
        match self {
            Self::Fixed(length) => length.to_string(),
            Self::Earlier(first, second) => {
                format!("the earlier of {} and {}", first.words(), second.words())
            }
            Self::Later(first, second) => {
                format!("the later of {} and {}", first.words(), second.words())
            }
        }
    }
}

impl Ordinals {
    /// Which reviews, as a determiner: "each", "the first", "each later".
    pub const fn words(self) -> &'static str {
        match (self.first, self.second, self.later) {
            (true, false, false) => "the first",
            (false, true, false) => "the second",
            (false, false, true) => "each later",
            (false, true, true) => "the second and each later",
            (true, true, false) => "the first and the second",
            (true, false, true) => "the first and each later",
            (true, true, true) | (false, false, false) => "each",
        }
    }
}

impl Strength {
    /// The source's own words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Must => "must",
            Self::Should => "should",
            Self::ShouldNormally => "should normally",
            Self::May => "may",
        }
    }
}

impl Period {
    /// The period in words: "from 2019-03-01 until 2024-03-31"; empty where it has no ends.
    pub fn words(self) -> String {
        let from = self.from.map(|date| format!("from {date}"));
        let until = self.until.map(|date| format!("until {date}"));
        let both: Vec<_> = from.into_iter().chain(until).collect();
        both.join(" ")
    }
}

/// A value where the words of its attribute are not known.
fn plain_value(value: &Value) -> String {
    match value {
        Value::YesNo(true) => "yes".to_owned(),
        Value::YesNo(false) => "no".to_owned(),
        Value::Word(index) => format!("word {index}"),
        Value::Number(thousandths) => number_words(*thousandths),
        Value::Date(date) => date.to_string(),
        Value::Text(text) => text.clone(),
    }
}

/// A number of thousandths as a decimal, without needless zeros.
fn number_words(thousandths: i64) -> String {
    let sign = if thousandths < 0 { "-" } else { "" };
    let (whole, rest) = (thousandths.unsigned_abs() / 1000, thousandths.unsigned_abs() % 1000);
    if rest == 0 {
        return format!("{sign}{whole}");
    }
    let text = format!("{sign}{whole}.{rest:03}");
    text.trim_end_matches('0').to_owned()
}

/// A number as it counts in a row: `second`, `12th`.
pub fn ordinal(number: u16) -> String {
    const WORDS: [&str; 10] = [
        "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth",
        "tenth",
    ];
    if let Some(word) = usize::from(number).checked_sub(1).and_then(|place| WORDS.get(place)) {
        return (*word).to_owned();
    }
    let ending = match (number % 100, number % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

/// Joins words: "a", "a and b", "a, b and c".
pub fn joined(mut words: Vec<String>, last: &str) -> String {
    match words.pop() {
        None => String::new(),
        Some(only) if words.is_empty() => only,
        Some(end) => format!("{} {last} {end}", words.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinals_are_words_up_to_ten() {
        for (number, words) in
            [(0, "0th"), (1, "first"), (10, "tenth"), (12, "12th"), (16, "16th"), (22, "22nd")]
        {
            assert_eq!(ordinal(number), words);
        }
    }

    #[test]
    fn numbers_lose_needless_zeros() {
        for (thousandths, words) in [(35_000, "35"), (7_500, "7.5"), (-125, "-0.125"), (0, "0")] {
            assert_eq!(number_words(thousandths), words);
        }
    }
}
