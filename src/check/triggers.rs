//! Triggers: events after which a review is brought forward.

use super::Checker;
use super::anchors::Side;
use super::names::Kind;
use super::windows::RawAnchor;
use crate::diagnostic::{Code, Diagnostic};
use crate::policy::{AttributeKind, Judgement, RuleId, Trigger, TriggerOn, Window};
use crate::source::Span;
use crate::syntax::ast::{self, Name};

impl<'a> Checker<'a> {
    /// Compiles a trigger.
    pub(super) fn trigger(&mut self, trigger: &'a ast::Trigger) -> Option<Trigger> {
        if trigger.asks.is_none() && trigger.then.is_none() {
            let help = "say what follows: `asks ROLE to judge …`, or `then REVIEW due …`";
            self.lacks(Kind::Trigger, &trigger.head.name, "then", help);
        }
        let on: Vec<_> = trigger
            .on
            .iter()
            .map(|on| match on {
                ast::TriggerOn::Event(found) => Some(TriggerOn::Event(self.event_match(found)?)),
                ast::TriggerOn::Overdue(name) => {
                    Some(TriggerOn::Overdue(self.rule(name, &[Kind::Duty])?))
                }
            })
            .collect();
        let judgement = match &trigger.asks {
            Some(asks) => self.judgement(asks).map(Some),
            None => Some(None),
        };
        let on: Vec<TriggerOn> = on.into_iter().collect::<Option<_>>()?;
        let judgement = judgement?;
        let brings_forward = match &trigger.then {
            Some(then) => {
                self.fits_judgement(then, trigger.asks.as_ref())?;
                Some(self.brings_forward(then, judgement, &on)?)
            }
            None => None,
        };
        (!on.is_empty() && (judgement.is_some() || brings_forward.is_some())).then_some(Trigger {
            on,
            judgement,
            brings_forward,
        })
    }

    fn judgement(&mut self, asks: &'a ast::Asks) -> Option<Judgement> {
        let role = self.role(&asks.role);
        let event = self.event(&asks.event)?;
        let declared = self.events.get(event.index())?;
        let origin = declared.origin;
        let has = declared.attributes.iter().any(|attribute| attribute.name == asks.attribute.node);
        if !has {
            self.report(judgement_not_recorded(&asks.attribute, &asks.event, origin));
            return None;
        }
        let (attribute, kind) = self.attribute(event, &asks.attribute)?;
        if kind != AttributeKind::YesNo {
            self.report(judgement_not_yes_no(&asks.attribute, origin));
            return None;
        }
        Some(Judgement { role: role?, event, attribute })
    }

    /// `if` goes with a judgement, `then` without one.
    fn fits_judgement(&mut self, then: &ast::Consequence, asks: Option<&ast::Asks>) -> Option<()> {
        match (&then.attribute, asks) {
            (None, None) => Some(()),
            (Some(attribute), Some(asks)) if *attribute == asks.attribute => Some(()),
            (Some(attribute), Some(asks)) => {
                self.report(other_judgement(attribute, &asks.attribute));
                None
            }
            (Some(attribute), None) => {
                self.report(nobody_judges(attribute));
                None
            }
            (None, Some(asks)) => {
                self.report(judged_for_nothing(then.span, &asks.attribute));
                None
            }
        }
    }

    fn brings_forward(
        &mut self,
        then: &'a ast::Consequence,
        judgement: Option<Judgement>,
        on: &[TriggerOn],
    ) -> Option<(RuleId, Window, Option<Window>)> {
        let review = self.rule(&then.review, &[Kind::Review]);
        let due = self.trigger_window(&then.due, judgement, on);
        let otherwise = match &then.otherwise {
            Some(window) => self.trigger_window(window, judgement, on).map(Some),
            None => Some(None),
        };
        Some((review?, due?, otherwise?))
    }

    fn trigger_window(
        &mut self,
        written: &'a ast::Window,
        judgement: Option<Judgement>,
        on: &[TriggerOn],
    ) -> Option<Window> {
        let raw = self.window(written)?;
        if Side::of(&raw.shape) != Side::After {
            self.report(not_forward(raw.span));
            return None;
        }
        let same = match (&raw.anchor, judgement, on) {
            (None, _, _) => true,
            (Some(RawAnchor::Events(matches)), Some(judgement), _) => {
                matches!(matches.as_slice(), [only] if only.event == judgement.event)
            }
            (Some(RawAnchor::Events(matches)), None, [TriggerOn::Event(own)]) => {
                matches!(matches.as_slice(), [only] if only.event == own.event)
            }
            (Some(RawAnchor::Overdue(rule)), None, [TriggerOn::Overdue(own)]) => rule == own,
            _ => false,
        };
        if !same {
            self.report(not_from_the_trigger(raw.anchor_span, judgement.is_some()));
            return None;
        }
        Some(Window { shape: raw.shape, readings: raw.readings })
    }
}

fn judgement_not_recorded(attribute: &Name, event: &Name, origin: Span) -> Diagnostic {
    Diagnostic::new(
        Code::MissingAttribute,
        format!(
            "`{}` has no attribute `{}` to record the judgement in",
            event.node, attribute.node
        ),
        attribute.span,
        "recorded nowhere",
    )
    .label(origin, "the event is declared here")
    .help(format!("declare `{} is yes or no` in `{}`", attribute.node, event.node))
}

fn judgement_not_yes_no(attribute: &Name, origin: Span) -> Diagnostic {
    Diagnostic::new(
        Code::WrongType,
        format!("a judgement is yes or no, and `{}` is not", attribute.node),
        attribute.span,
        "a yes-or-no attribute is wanted",
    )
    .label(origin, "the event is declared here")
    .help(format!("declare `{} is yes or no`", attribute.node))
}

fn other_judgement(attribute: &Name, asked: &Name) -> Diagnostic {
    Diagnostic::new(
        Code::UnknownName,
        format!("nobody is asked whether it is `{}`", attribute.node),
        attribute.span,
        "not what is judged",
    )
    .label(asked.span, format!("the question is `{}`", asked.node))
    .help(format!("write `if {}`", asked.node))
}

fn nobody_judges(attribute: &Name) -> Diagnostic {
    Diagnostic::new(
        Code::MissingClause,
        format!("nobody is asked whether it is `{}`", attribute.node),
        attribute.span,
        "needs `asks`",
    )
    .help("add `asks ROLE to judge …, recorded by EVENT`, or begin with `then` instead of `if`")
}

fn judged_for_nothing(span: Span, asked: &Name) -> Diagnostic {
    Diagnostic::new(
        Code::ClauseOutOfPlace,
        "what follows does not depend on the judgement",
        span,
        "follows in any case",
    )
    .label(asked.span, "judged here")
    .help(format!("write `if {}` in place of `then`", asked.node))
}

fn not_forward(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::AnchorOutOfPlace,
        "a review that is brought forward falls due after what brings it forward",
        span,
        "does not count forward",
    )
    .help("write `within … after`, `by the … of`, or `with no time limit`")
}

fn not_from_the_trigger(span: Span, judged: bool) -> Diagnostic {
    let (label, help) = if judged {
        ("not the judgement", "count from the event that records the judgement")
    } else {
        (
            "not what triggers it",
            "count from the event after `on`; where there are several, write a trigger for each",
        )
    };
    Diagnostic::new(
        Code::OtherAnchor,
        "the review must count from what brings it forward",
        span,
        label,
    )
    .help(help)
}
