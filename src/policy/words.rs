//! The compiled policy in plain words, for explanations.
//!
//! Prose is made from the compiled form, never kept beside it, so that what is said of a rule is
//! what is evaluated.

use super::{
    Act, Anchor, AttributeId, AttributeKind, Comparison, Condition, Duration, EventId, EventMatch,
    Ordinals, Point, Policy, RoleId, Shape, Strength, Test, Value, Window,
};
use crate::calendar::Length;

impl Strength {
    /// The word of the source.
    pub const fn word(self) -> &'static str {
        match self {
            Strength::Must => "must",
            Strength::Should => "should",
            Strength::ShouldNormally => "should normally",
            Strength::May => "may",
        }
    }
}

impl Policy {
    /// Titles of roles, joined: "Social worker and Area Team Manager".
    pub fn role_words(&self, roles: &[RoleId]) -> String {
        joined(roles.iter().map(|&role| self.role(role).title.clone()).collect(), "and")
    }

    /// A length of time: "20 working days", "the earlier of 91 calendar days and 3 months".
    pub fn duration_words(duration: &Duration) -> String {
        match duration {
            Duration::Fixed(length) => length.to_string(),
            Duration::Earlier(one, other) => format!(
                "the earlier of {} and {}",
                Self::duration_words(one),
                Self::duration_words(other)
            ),
            Duration::Later(one, other) => format!(
                "the later of {} and {}",
                Self::duration_words(one),
                Self::duration_words(other)
            ),
        }
    }

    /// A window counted from an anchor that is given in words.
    pub fn window_words(&self, window: &Window, anchor: &str, event: Option<EventId>) -> String {
        let length = |duration: &Duration| Self::duration_words(duration);
        match &window.shape {
            Shape::Within(duration) => format!("within {} after {anchor}", length(duration)),
            Shape::PeriodBeginning(duration) => {
                format!("within a period of {} beginning with {anchor}", length(duration))
            }
            Shape::AtLeastBefore(duration) => {
                format!("at least {} before {anchor}", length(duration))
            }
            Shape::BetweenBefore { near, far } => {
                format!("between {} before {anchor}", range(*near, *far))
            }
            Shape::BetweenAfter { near, far } => {
                format!("between {} after {anchor}", range(*near, *far))
            }
            Shape::OnMidway => format!("on the day midway between {anchor} and the next"),
            Shape::ByMidway => format!("by the day midway between {anchor} and the next"),
            Shape::AroundMidway(duration) => format!(
                "within {} either side of midway between {anchor} and the next",
                length(duration)
            ),
            Shape::ByDateOf(attribute) => match event {
                Some(event) => format!(
                    "by the {} given with {}",
                    self.attribute(event, *attribute).name,
                    self.event(event).title
                ),
                None => "by the date given".to_owned(),
            },
            Shape::Before => format!("before {anchor}, with no length given"),
            Shape::At => format!("at {anchor}"),
            Shape::NotBefore(duration) => {
                format!("not before {} after {anchor}", length(duration))
            }
            Shape::OncePassed(duration) => {
                format!("once {} have passed after {anchor}", length(duration))
            }
            Shape::NoTimeLimit => format!("with no time limit after {anchor}"),
            Shape::NoTimeLimitBefore => format!("before {anchor}, with no time limit"),
        }
    }

    /// Where a duty counts from: "each Looked After Review", "Decisions received, else …".
    pub fn anchor_words(&self, anchor: &Anchor) -> String {
        match anchor {
            Anchor::Events(choices) => choices
                .iter()
                .map(|wanted| self.event_words(wanted))
                .collect::<Vec<_>>()
                .join(", else "),
            Anchor::Review { series, ordinals, point, test } => {
                let which = ordinal_words(*ordinals);
                let title = &self.rule(*series).title;
                let of = match point {
                    Point::Completion => "completion of ",
                    Point::FirstMeeting => "the first meeting of ",
                    Point::Date => "",
                };
                let event = self
                    .series(*series)
                    .and_then(|series| series.held_on.as_ref().or(series.completed_on.as_ref()));
                let test = match (test, event) {
                    (Some(test), Some(wanted)) => {
                        format!(" where {}", self.condition_words(test, Some(wanted.event)))
                    }
                    _ => String::new(),
                };
                format!("{of}{which} {title}{test}")
            }
            Anchor::Birthday(years) => format!("the child's {}", birthday(*years)),
            Anchor::StateStart(state) => format!("the start of “{}”", self.state(*state).title),
            Anchor::Overdue(rule) => {
                format!("the day on which “{}” became overdue", self.rule(*rule).title)
            }
        }
    }

    /// An event, perhaps only where it passes a test.
    pub fn event_words(&self, wanted: &EventMatch) -> String {
        let title = &self.event(wanted.event).title;
        match &wanted.test {
            None => format!("“{title}”"),
            Some(test) => {
                format!("“{title}” where {}", self.condition_words(test, Some(wanted.event)))
            }
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

    /// A condition; attributes in it are those of the event.
    pub fn condition_words(&self, condition: &Condition, event: Option<EventId>) -> String {
        let part = |part: &Condition| self.part_words(part, event);
        match condition {
            Condition::All(parts) => joined(parts.iter().map(part).collect(), "and"),
            Condition::Any(parts) => joined(parts.iter().map(part).collect(), "or"),
            Condition::Not(inner) => format!("not {}", part(inner)),
            Condition::Reading(reading, value) => format!(
                "the reading {} ({})",
                self.reading(*reading).name,
                if *value { "yes" } else { "no" }
            ),
            Condition::State(state) => format!("“{}”", self.state(*state).title),
            Condition::HeldFor { state, length, at_least } => format!(
                "“{}” for {} {}",
                self.state(*state).title,
                if *at_least { "at least" } else { "more than" },
                Self::duration_words(length)
            ),
            Condition::Latest { event, test } => format!(
                "the latest “{}” has {}",
                self.event(*event).title,
                self.test_words(test, Some(*event))
            ),
            Condition::Recorded(wanted) => format!("{} is recorded", self.event_words(wanted)),
            Condition::HeldSince { series, event } => format!(
                "a {} was held since the latest “{}”",
                self.rule(*series).title,
                self.event(*event).title
            ),
            Condition::Age { years, under: false } => format!("the child is {years} or over"),
            Condition::Age { years, under: true } => format!("the child is under {years}"),
            Condition::Attribute(test) => self.test_words(test, event),
            Condition::ByLatestLawful { series, attribute } => format!(
                "{} is by the latest lawful date of the {}",
                self.attribute_name(event, *attribute),
                self.rule(*series).title
            ),
            Condition::Judged { role, attribute } => format!(
                "the {} judged it {}",
                self.role(*role).title,
                self.attribute_name(event, *attribute)
            ),
        }
    }

    /// A part of a condition, in brackets where it needs them.
    fn part_words(&self, condition: &Condition, event: Option<EventId>) -> String {
        let words = self.condition_words(condition, event);
        match condition {
            Condition::All(_) | Condition::Any(_) => format!("({words})"),
            _ => words,
        }
    }

    fn test_words(&self, test: &Test, event: Option<EventId>) -> String {
        let name = self.attribute_name(event, test.attribute);
        let comparison = match test.comparison {
            Comparison::Is => "is",
            Comparison::IsNot => "is not",
            Comparison::Less => "is less than",
            Comparison::AtMost => "is at most",
            Comparison::More => "is more than",
            Comparison::AtLeast => "is at least",
        };
        format!("{name} {comparison} {}", self.value_words(event, test.attribute, &test.value))
    }

    fn attribute_name(&self, event: Option<EventId>, attribute: AttributeId) -> String {
        event.map_or_else(
            || "the attribute".to_owned(),
            |event| self.attribute(event, attribute).name.clone(),
        )
    }

    /// The value of an attribute as it is written in a case.
    pub fn value_words(
        &self,
        event: Option<EventId>,
        attribute: AttributeId,
        value: &Value,
    ) -> String {
        match value {
            Value::YesNo(true) => "yes".to_owned(),
            Value::YesNo(false) => "no".to_owned(),
            Value::Word(word) => {
                let kind = event.map(|event| &self.attribute(event, attribute).kind);
                match kind {
                    Some(AttributeKind::OneOf(words)) => {
                        words.get(usize::from(*word)).cloned().unwrap_or_default()
                    }
                    _ => word.to_string(),
                }
            }
            Value::Number(thousandths) => decimal(*thousandths),
            Value::Date(date) => date.to_string(),
            Value::Text(text) => text.clone(),
        }
    }
}

/// A number in thousandths as a decimal, without idle zeros.
fn decimal(thousandths: i64) -> String {
    let (whole, rest) = (thousandths / 1000, (thousandths % 1000).abs());
    let sign = if thousandths < 0 && whole == 0 { "-" } else { "" };
    if rest == 0 {
        return format!("{whole}");
    }
    format!("{sign}{whole}.{}", format!("{rest:03}").trim_end_matches('0'))
}

/// Which reviews, before the noun.
pub fn ordinal_words(ordinals: Ordinals) -> &'static str {
    match (ordinals.first, ordinals.second, ordinals.later) {
        (true, true, true) => "each",
        (true, false, false) => "the first",
        (false, true, false) => "the second",
        (false, false, true) => "each later",
        (false, true, true) => "the second and each later",
        (true, true, false) => "the first and the second",
        (true, false, true) => "the first and each later",
        (false, false, false) => "no",
    }
}

/// A number as an ordinal: "1st", "22nd".
pub fn ordinal(number: u16) -> String {
    let suffix = match (number % 100, number % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
    format!("{number}{suffix}")
}

fn birthday(years: u16) -> String {
    format!("{} birthday", ordinal(years))
}

/// "10 and 20 calendar days", "1 week and 1 month".
fn range(near: Length, far: Length) -> String {
    if near.unit == far.unit {
        format!("{} and {far}", near.count)
    } else {
        format!("{near} and {far}")
    }
}

/// Joins words: "a", "a and b", "a, b and c".
pub fn joined(mut words: Vec<String>, last: &str) -> String {
    match words.pop() {
        None => String::new(),
        Some(only) if words.is_empty() => only,
        Some(end) => format!("{} {last} {end}", words.join(", ")),
    }
}
