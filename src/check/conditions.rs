//! Conditions: what must be so on a day, or of an event.

use super::Checker;
use super::names::{Kind, Symbol};
use super::values::describe;
use crate::diagnostic::{Code, Diagnostic};
use crate::policy::{
    AttributeKind, Comparison, Condition, EventId, EventMatch, RuleId, Test, Value,
};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{self, ConditionKind, Name};

/// Where a condition stands, and so what it can look at.
#[derive(Debug, Clone, Default)]
pub(super) struct Scene {
    /// The events one of which is in question; empty after `while`.
    pub events: Vec<EventId>,
    /// Whether it is tested on a day, so that states and ages have a meaning.
    pub day: bool,
    /// The series meant by `the latest lawful date`.
    pub series: Option<RuleId>,
}

impl Scene {
    /// After `where`: a test of one of these events.
    pub(super) fn of(events: &[EventId]) -> Self {
        Self { events: events.to_vec(), day: false, series: None }
    }

    /// After `while`: a condition on a day.
    pub(super) fn day() -> Self {
        Self { day: true, ..Self::default() }
    }
}

impl<'a> Checker<'a> {
    /// A condition after `while`.
    pub(super) fn day_condition(&mut self, condition: &'a ast::Condition) -> Option<Condition> {
        self.condition(condition, &Scene::day())
    }

    /// A condition after `while` that may be left out: `None` if it is wrong.
    pub(super) fn optional_day(
        &mut self,
        condition: Option<&'a ast::Condition>,
    ) -> Option<Option<Condition>> {
        match condition {
            Some(condition) => self.day_condition(condition).map(Some),
            None => Some(None),
        }
    }

    /// Compiles a condition.
    pub(super) fn condition(
        &mut self,
        condition: &'a ast::Condition,
        scene: &Scene,
    ) -> Option<Condition> {
        match &condition.kind {
            ConditionKind::And(..) => {
                let parts = self.parts(condition, scene, true);
                Some(Condition::All(parts?))
            }
            ConditionKind::Or(..) => {
                let parts = self.parts(condition, scene, false);
                Some(Condition::Any(parts?))
            }
            ConditionKind::Not(inner) => {
                Some(Condition::Not(Box::new(self.condition(inner, scene)?)))
            }
            ConditionKind::Named(name) => self.named(name, scene),
            ConditionKind::Attribute(test) => {
                self.in_question(condition.span, &test.attribute, scene)?;
                Some(Condition::Attribute(self.test(&scene.events, test)?))
            }
            ConditionKind::Judged { role, attribute } => {
                let role = self.role(role);
                self.in_question(condition.span, attribute, scene)?;
                let (id, kind) = self.shared_attribute(&scene.events, attribute)?;
                if kind != AttributeKind::YesNo {
                    self.report(not_yes_no(attribute, &kind));
                    return None;
                }
                Some(Condition::Judged { role: role?, attribute: id })
            }
            ConditionKind::ByLatestLawful(name) => self.by_latest_lawful(name, scene),
            _ if !scene.day => {
                self.report(state_after_where(condition.span));
                None
            }
            _ => self.on_a_day(condition),
        }
    }

    /// The parts of a chain of `and` or of `or`, flattened.
    fn parts(
        &mut self,
        condition: &'a ast::Condition,
        scene: &Scene,
        all: bool,
    ) -> Option<Vec<Condition>> {
        match &condition.kind {
            ConditionKind::And(first, second) if all => {
                let (first, second) =
                    (self.parts(first, scene, all), self.parts(second, scene, all));
                Some([first?, second?].concat())
            }
            ConditionKind::Or(first, second) if !all => {
                let (first, second) =
                    (self.parts(first, scene, all), self.parts(second, scene, all));
                Some([first?, second?].concat())
            }
            _ => Some(vec![self.condition(condition, scene)?]),
        }
    }

    /// A bare name: a state, or a reading that holds yes or no.
    fn named(&mut self, name: &Name, scene: &Scene) -> Option<Condition> {
        let has_attribute = scene.events.iter().any(|id| {
            self.events.get(id.index()).is_some_and(|event| {
                event.attributes.iter().any(|attribute| attribute.name == name.node)
            })
        });
        if has_attribute && self.names.find(&name.node).is_none() {
            self.report(attribute_alone(name));
            return None;
        }
        match self.resolve(name, &[Kind::State, Kind::Reading])? {
            Symbol::Reading(_) => {
                let (id, answer) = self.yes_no_reading(name)?;
                Some(Condition::Reading(id, answer))
            }
            Symbol::State(id) if scene.day => Some(Condition::State(id)),
            _ => {
                self.report(state_after_where(name.span));
                None
            }
        }
    }

    /// A condition that has a meaning only on a day.
    fn on_a_day(&mut self, condition: &'a ast::Condition) -> Option<Condition> {
        match &condition.kind {
            ConditionKind::HeldFor { state, length, at_least } => {
                let (state, length) = (self.state(state), self.length(length));
                Some(Condition::HeldFor { state: state?, length: length?, at_least: *at_least })
            }
            ConditionKind::Latest { event, test } => {
                let event = self.event(event)?;
                let test = self.test(&[event], test)?;
                Some(Condition::Latest { event, test })
            }
            ConditionKind::Recorded(found) => {
                let EventMatch { event, test } = self.event_match(found)?;
                Some(Condition::Recorded(Box::new(EventMatch { event, test })))
            }
            ConditionKind::HeldSince { review, event } => {
                let (series, event) = (self.rule(review, &[Kind::Review]), self.event(event));
                Some(Condition::HeldSince { series: series?, event: event? })
            }
            ConditionKind::Age { years, under } => {
                self.ages.push(years.span);
                Some(Condition::Age {
                    years: u16::try_from(years.node).unwrap_or(u16::MAX),
                    under: *under,
                })
            }
            _ => None,
        }
    }

    fn by_latest_lawful(&mut self, name: &Name, scene: &Scene) -> Option<Condition> {
        self.in_question(name.span, name, scene)?;
        let (attribute, kind) = self.shared_attribute(&scene.events, name)?;
        if kind != AttributeKind::Date {
            let event = scene.events.first().and_then(|id| self.events.get(id.index()));
            let report = date_wanted(name, event.map(|event| event.origin));
            self.report(report);
            return None;
        }
        let Some(series) = scene.series else {
            self.report(which_review(name));
            return None;
        };
        Some(Condition::ByLatestLawful { series, attribute })
    }

    /// Says so where a test of an event stands where no event is in question.
    fn in_question(&mut self, span: Span, attribute: &Name, scene: &Scene) -> Option<()> {
        if scene.events.is_empty() {
            self.report(no_event_in_question(span, attribute));
            return None;
        }
        Some(())
    }

    /// A test of one attribute that all these events have.
    pub(super) fn test(&mut self, events: &[EventId], test: &'a ast::Test) -> Option<Test> {
        let (attribute, kind) = self.shared_attribute(events, &test.attribute)?;
        let comparison = comparison(test.comparison);
        let ordered = !matches!(comparison, Comparison::Is | Comparison::IsNot);
        match kind {
            AttributeKind::Text => {
                self.report(text_compared(&test.attribute));
                return None;
            }
            AttributeKind::YesNo | AttributeKind::OneOf(_) if ordered => {
                self.report(no_order(test, &kind));
                return None;
            }
            _ => {}
        }
        let value = self.value(&test.attribute.node, &kind, &test.value)?;
        Some(Test { attribute, comparison, value })
    }

    /// A value as written, if it is of the attribute's kind.
    pub(super) fn value(
        &mut self,
        attribute: &str,
        kind: &AttributeKind,
        value: &Spanned<ast::Value>,
    ) -> Option<Value> {
        let read = super::values::read(self, attribute, kind, value);
        read.map_err(|problem| self.report(*problem)).ok()
    }
}

/// The comparison that the sign stands for.
const fn comparison(sign: ast::Comparison) -> Comparison {
    match sign {
        ast::Comparison::Is => Comparison::Is,
        ast::Comparison::IsNot => Comparison::IsNot,
        ast::Comparison::Less => Comparison::Less,
        ast::Comparison::AtMost => Comparison::AtMost,
        ast::Comparison::More => Comparison::More,
        ast::Comparison::AtLeast => Comparison::AtLeast,
    }
}

fn no_event_in_question(span: Span, attribute: &Name) -> Diagnostic {
    Diagnostic::new(
        Code::ConditionOutOfPlace,
        format!("there is no event here whose `{}` could be meant", attribute.node),
        span,
        "looks at an event",
    )
    .help(format!(
        "after `while` write `the latest EVENT has {} …`, or move the test after `where`",
        attribute.node
    ))
}

fn state_after_where(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::ConditionOutOfPlace,
        "what stands after `where` looks at the event alone",
        span,
        "depends on the day",
    )
    .help("`where` is for attributes of the event; put states and ages after `while`")
}

fn attribute_alone(name: &Name) -> Diagnostic {
    Diagnostic::new(
        Code::ConditionOutOfPlace,
        format!("`{}` is an attribute, and its value is missing", name.node),
        name.span,
        "is what?",
    )
    .help(format!(
        "write `{0} is yes`, or `ROLE judged {0}` where it is somebody's judgement",
        name.node
    ))
}

fn which_review(name: &Name) -> Diagnostic {
    Diagnostic::new(
        Code::WhichReview,
        "it is not clear of which review the latest lawful date is meant",
        name.span,
        "no single review is planned by this event",
    )
    .help("name the event in `planned by` of the review that is meant")
}

fn date_wanted(name: &Name, event: Option<Span>) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        Code::NotADate,
        format!("`{}` is not a date, so it cannot be `by the latest lawful date`", name.node),
        name.span,
        "a date attribute is wanted",
    );
    match event {
        Some(span) => diagnostic.label(span, "the event is declared here"),
        None => diagnostic,
    }
}

fn not_yes_no(name: &Name, kind: &AttributeKind) -> Diagnostic {
    Diagnostic::new(
        Code::WrongType,
        format!("a judgement is yes or no, and `{}` holds {}", name.node, describe(kind)),
        name.span,
        "a yes-or-no attribute is wanted",
    )
    .help(format!("declare `{} is yes or no`", name.node))
}

fn text_compared(name: &Name) -> Diagnostic {
    Diagnostic::new(
        Code::TextCompared,
        format!("`{}` is a text, and no rule looks into texts", name.node),
        name.span,
        "a text",
    )
    .help("declare its possible values with `is one of`, or test another attribute")
}

fn no_order(test: &ast::Test, kind: &AttributeKind) -> Diagnostic {
    Diagnostic::new(
        Code::WrongType,
        format!(
            "`{}` holds {}, which is neither more nor less than another",
            test.attribute.node,
            describe(kind)
        ),
        test.attribute.span.join(test.value.span),
        "only numbers and dates have an order",
    )
    .help("compare it with `is` or `is not`")
}
