//! The value of a reading as it reads, for lists of what was chosen and what was not.

use super::values::date_text;
use crate::syntax::ast::{
    Anchor, AnchorKind, Comparison, Condition, ConditionKind, Dated, EventMatch, InTimeWhen,
    Length, Ordinals, OwnReview, ReadingValue, Shape, Side, Test, Value, Window,
};

/// A value of a reading in the words of the language.
pub(super) fn value_text(value: &ReadingValue) -> String {
    match value {
        ReadingValue::Days(unit) => unit.node.clone(),
        ReadingValue::Length(length) => length_text(length),
        ReadingValue::Anchor(anchor) => anchor_text(anchor),
        ReadingValue::Window(window) => window_text(window),
        ReadingValue::YesNo(true) => "yes".to_owned(),
        ReadingValue::YesNo(false) => "no".to_owned(),
        ReadingValue::Dated(Dated::FirstMeeting) => "the first meeting".to_owned(),
        ReadingValue::Dated(Dated::Completion) => "completion".to_owned(),
        ReadingValue::InTimeWhen(InTimeWhen::Answered) => "answered".to_owned(),
        ReadingValue::InTimeWhen(InTimeWhen::Approved) => "approved".to_owned(),
    }
}

fn length_text(length: &Length) -> String {
    match length {
        Length::Plain(count, unit) => format!("{} {}", count.node, unit.node),
        Length::Reading(name) => name.node.clone(),
        Length::Earlier(first, second) => {
            format!("the earlier of {} and {}", length_text(first), length_text(second))
        }
        Length::Later(first, second) => {
            format!("the later of {} and {}", length_text(first), length_text(second))
        }
    }
}

fn window_text(window: &Window) -> String {
    let anchor = window.anchor.as_ref().map(anchor_text).unwrap_or_default();
    let side = |side: Side| match side {
        Side::Before => "before",
        Side::After => "after",
    };
    let text = match &window.shape {
        Shape::Within(length) => format!("within {} after {anchor}", length_text(length)),
        Shape::PeriodBeginning(length) => {
            format!("within a period of {} beginning with {anchor}", length_text(length))
        }
        Shape::AtLeastBefore(length) => {
            format!("at least {} before {anchor}", length_text(length))
        }
        Shape::Between(near, far, which) => format!(
            "between {} and {} {} {anchor}",
            length_text(near),
            length_text(far),
            side(*which)
        ),
        Shape::OnMidway => format!("on midway between {anchor} and the next"),
        Shape::ByMidway => format!("by midway between {anchor} and the next"),
        Shape::AroundMidway(length) => format!(
            "within {} either side of midway between {anchor} and the next",
            length_text(length)
        ),
        Shape::ByDateOf(name) => format!("by the {} of {anchor}", name.node),
        Shape::Before => format!("before {anchor}"),
        Shape::At => format!("at {anchor}"),
        Shape::NotBefore(length) => format!("not before {} after {anchor}", length_text(length)),
        Shape::OncePassed(length) => {
            format!("once {} have passed after {anchor}", length_text(length))
        }
        Shape::NoTimeLimit(which) if window.anchor.is_some() => {
            format!("with no time limit {} {anchor}", side(*which))
        }
        Shape::NoTimeLimit(_) => "with no time limit".to_owned(),
        Shape::Reading(name) => name.node.clone(),
    };
    match window.anchor {
        Some(_) => text,
        // Without an anchor the words that would lead to it are left out too.
        None => text.trim_end().trim_end_matches(" after").trim_end_matches(" before").to_owned(),
    }
}

fn anchor_text(anchor: &Anchor) -> String {
    let first = match &anchor.kind {
        AnchorKind::Event(found) => event_text(found),
        AnchorKind::Own(OwnReview::First) => "the first".to_owned(),
        AnchorKind::Own(OwnReview::Previous) => "the previous".to_owned(),
        AnchorKind::Review { ordinals, review, completion, test } => {
            let which = match ordinals {
                Ordinals::First => "the first",
                Ordinals::Second => "the second",
                Ordinals::Later => "each later",
                Ordinals::SecondAndLater => "second and later",
                Ordinals::Each => "each",
            };
            let completion = if *completion { "completion of " } else { "" };
            format!("{completion}{which} {}{}", review.node, test_text(test.as_ref()))
        }
        AnchorKind::Birthday(age) => format!("the {} birthday", ordinal(age.node)),
        AnchorKind::StateStart(state) => format!("the start of {}", state.node),
        AnchorKind::Overdue(duty) => format!("overdue {}", duty.node),
        AnchorKind::StageOpening { stage, or_above, ladder } => {
            let of = ladder.as_ref().map(|name| format!(" of {}", name.node));
            let of = of.unwrap_or_default();
            if *or_above {
                format!("the first opening from stage {} up{of}", stage.node)
            } else {
                format!("the opening of stage {}{of}", stage.node)
            }
        }
    };
    match &anchor.otherwise {
        Some(otherwise) => format!("{first}, else {}", anchor_text(otherwise)),
        None => first,
    }
}

fn event_text(found: &EventMatch) -> String {
    format!("{}{}", found.event.node, test_text(found.test.as_ref()))
}

fn test_text(test: Option<&Condition>) -> String {
    test.map(|test| format!(" where {}", condition_text(test))).unwrap_or_default()
}

fn condition_text(condition: &Condition) -> String {
    let inner = |part: &Condition| match &part.kind {
        ConditionKind::And(..) | ConditionKind::Or(..) => format!("({})", condition_text(part)),
        _ => condition_text(part),
    };
    match &condition.kind {
        ConditionKind::And(first, second) => format!("{} and {}", inner(first), inner(second)),
        ConditionKind::Or(first, second) => format!("{} or {}", inner(first), inner(second)),
        ConditionKind::Not(part) => format!("not {}", inner(part)),
        ConditionKind::Named(name) => name.node.clone(),
        ConditionKind::HeldFor { state, length, at_least } => {
            let bound = if *at_least { "at least" } else { "more than" };
            format!("{} for {bound} {}", state.node, length_text(length))
        }
        ConditionKind::Latest { event, test } => {
            format!("the latest {} has {}", event.node, comparison_text(test))
        }
        ConditionKind::Recorded(found) => format!("{} recorded", event_text(found)),
        ConditionKind::HeldSince { review, event } => {
            format!("{} held since {}", review.node, event.node)
        }
        ConditionKind::Age { years, under: true } => format!("age under {}", years.node),
        ConditionKind::Age { years, .. } => format!("age {} or over", years.node),
        ConditionKind::Attribute(test) => comparison_text(test),
        ConditionKind::ByLatestLawful(name) => {
            format!("{} is by the latest lawful date", name.node)
        }
        ConditionKind::Judged { role, attribute } => {
            format!("{} judged {}", role.node, attribute.node)
        }
    }
}

fn comparison_text(test: &Test) -> String {
    let sign = match test.comparison {
        Comparison::Is => "is",
        Comparison::IsNot => "is not",
        Comparison::Less => "<",
        Comparison::AtMost => "<=",
        Comparison::More => ">",
        Comparison::AtLeast => ">=",
    };
    let value = match &test.value.node {
        Value::YesNo(true) => "yes".to_owned(),
        Value::YesNo(false) => "no".to_owned(),
        Value::Number(written) | Value::Word(written) => written.clone(),
        Value::Date(date) => date_text(date),
        Value::Text(written) => format!("\"{written}\""),
    };
    format!("{} {sign} {value}", test.attribute.node)
}

/// A number as it counts in a row: `1st`, `16th`.
fn ordinal(number: u32) -> String {
    let ending = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}
