//! Windows: lengths with their units, shapes, and where clocks count from.
//!
//! A window is first read on its own, wherever it stands; whether its anchor and shape fit the rule
//! is for the rule to say (`anchors.rs`), since a reading can hold a window for several rules.

use super::Checker;
use super::conditions::Scene;
use super::names::{Kind, RuleDeclaration, Symbol};
use crate::calendar;
use crate::calendar::Unit;
use crate::diagnostic::{Code, Diagnostic, Fix, nearest};
use crate::policy::{
    AttributeId, AttributeKind, Duration, EventId, EventMatch, Ordinals, Point, ReadingId, RuleId,
    Shape, StateId,
};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{self, AnchorKind, Name, OwnReview, Side};

/// The longest length in any unit: beyond it a number is a slip.
const LONGEST: u32 = 5000;

/// Where a clock counts from, before it is known in which rule it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum RawAnchor {
    Events(Vec<EventMatch>),
    Own(OwnReview),
    Review {
        series: RuleId,
        ordinals: Ordinals,
        point: Point,
        test: Option<crate::policy::Condition>,
    },
    Birthday(u16),
    StateStart(StateId),
    Overdue(RuleId),
    Stage {
        stage: u16,
        or_above: bool,
        ladder: Option<RuleId>,
    },
}

/// A window, before it is known in which rule it stands.
#[derive(Debug, Clone)]
pub(super) struct RawWindow {
    pub shape: Shape,
    pub anchor: Option<RawAnchor>,
    /// The readings it rests on.
    pub readings: Vec<ReadingId>,
    /// The words of the window.
    pub span: Span,
    /// The words of the anchor, or of the window where none is written.
    pub anchor_span: Span,
}

impl<'a> Checker<'a> {
    /// Reads a window on its own.
    pub(super) fn window(&mut self, window: &'a ast::Window) -> Option<RawWindow> {
        let (raw, mut readings) = self.noting(|checker| match &window.shape {
            ast::Shape::Reading(name) => checker.window_reading(name),
            _ => checker.written_window(window),
        });
        let mut raw = raw?;
        readings.append(&mut raw.readings);
        readings.sort_unstable();
        readings.dedup();
        Some(RawWindow {
            readings,
            span: window.span,
            anchor_span: window.anchor.as_ref().map_or(window.span, |anchor| anchor.span),
            ..raw
        })
    }

    /// Reads a window that is written out.
    fn written_window(&mut self, window: &'a ast::Window) -> Option<RawWindow> {
        let anchor = match &window.anchor {
            Some(anchor) => self.anchor(anchor).map(Some),
            None => Some(None),
        };
        let shape = match &window.shape {
            ast::Shape::ByDateOf(name) => {
                let anchor = anchor.as_ref()?.as_ref();
                Some(Shape::ByDateOf(self.carried_date(name, anchor)?))
            }
            shape => self.shape(shape, window.span),
        };
        Some(RawWindow {
            shape: shape?,
            anchor: anchor?,
            readings: Vec::new(),
            span: window.span,
            anchor_span: window.span,
        })
    }

    fn shape(&mut self, shape: &'a ast::Shape, span: Span) -> Option<Shape> {
        Some(match shape {
            ast::Shape::Within(length) => Shape::Within(self.length(length)?),
            ast::Shape::PeriodBeginning(length) => Shape::PeriodBeginning(self.length(length)?),
            ast::Shape::AtLeastBefore(length) => Shape::AtLeastBefore(self.length(length)?),
            ast::Shape::Between(near, far, side) => {
                let (near, far) = self.between(near, far, span)?;
                match side {
                    Side::Before => Shape::BetweenBefore { near, far },
                    Side::After => Shape::BetweenAfter { near, far },
                }
            }
            ast::Shape::OnMidway => Shape::OnMidway,
            ast::Shape::ByMidway => Shape::ByMidway,
            ast::Shape::AroundMidway(length) => Shape::AroundMidway(self.length(length)?),
            ast::Shape::Before => Shape::Before,
            ast::Shape::At => Shape::At,
            ast::Shape::NotBefore(length) => Shape::NotBefore(self.length(length)?),
            ast::Shape::OncePassed(length) => Shape::OncePassed(self.length(length)?),
            ast::Shape::NoTimeLimit(Side::After) => Shape::NoTimeLimit,
            ast::Shape::NoTimeLimit(Side::Before) => Shape::NoTimeLimitBefore,
            ast::Shape::ByDateOf(_) | ast::Shape::Reading(_) => return None,
        })
    }

    /// The two lengths of `between`, the smaller first.
    fn between(
        &mut self,
        near: &'a ast::Length,
        far: &'a ast::Length,
        span: Span,
    ) -> Option<(calendar::Length, calendar::Length)> {
        let (first, second) = (self.fixed(near, span), self.fixed(far, span));
        let (first, second) = (first?, second?);
        if days(first).zip(days(second)).is_some_and(|(near, far)| near > far)
            || (first.unit == second.unit && first.count > second.count)
        {
            self.report(between_reversed(near, far, span));
            return None;
        }
        Some((first, second))
    }

    /// A length that is one number of one unit.
    pub(super) fn fixed(
        &mut self,
        length: &'a ast::Length,
        span: Span,
    ) -> Option<calendar::Length> {
        match self.length(length)? {
            Duration::Fixed(length) => Some(length),
            Duration::Earlier(..) | Duration::Later(..) => {
                self.report(not_one_length(span));
                None
            }
        }
    }

    /// Reads a length.
    pub(super) fn length(&mut self, length: &'a ast::Length) -> Option<Duration> {
        match length {
            ast::Length::Plain(count, unit) => {
                let unit_known = self.unit(unit);
                let count = self.count(count, unit);
                let length = calendar::Length::new(count?, unit_known?);
                Some(Duration::Fixed(length))
            }
            ast::Length::Reading(name) => self.length_reading(name),
            ast::Length::Earlier(first, second) => {
                let (first, second) = (self.length(first), self.length(second));
                Some(Duration::Earlier(Box::new(first?), Box::new(second?)))
            }
            ast::Length::Later(first, second) => {
                let (first, second) = (self.length(first), self.length(second));
                Some(Duration::Later(Box::new(first?), Box::new(second?)))
            }
        }
    }

    fn count(&mut self, count: &Spanned<u32>, unit: &Name) -> Option<u16> {
        if (1..=LONGEST).contains(&count.node) {
            return u16::try_from(count.node).ok();
        }
        self.report(out_of_range(count, unit));
        None
    }

    /// The unit that the words stand for; a bare `days` needs a reading.
    pub(super) fn unit(&mut self, unit: &Name) -> Option<Unit> {
        let known = known_unit(&unit.node);
        if known.is_some() {
            return known;
        }
        if !matches!(unit.node.as_str(), "day" | "days") {
            self.report(unknown_unit(unit));
            return None;
        }
        let Some((id, name)) = self.days_reading() else {
            self.report(bare_days(unit));
            return None;
        };
        self.note(id);
        if let Some(reading) = self.reading_declaration(id) {
            self.used.mark(super::usage::Use::Name(reading.name.node.clone()));
        }
        // A wrong unit is reported where the reading is declared.
        known_unit(&name.node)
    }

    /// The attribute of `by the ATTRIBUTE of EVENT`, which must be a date.
    fn carried_date(&mut self, name: &Name, anchor: Option<&RawAnchor>) -> Option<AttributeId> {
        let Some(RawAnchor::Events(matches)) = anchor else {
            self.report(no_event_of(name));
            return None;
        };
        let events: Vec<EventId> = matches.iter().map(|found| found.event).collect();
        let (attribute, kind) = self.shared_attribute(&events, name)?;
        if kind != AttributeKind::Date {
            let event = events.first().and_then(|id| self.events.get(id.index()));
            let declared = event.map(|event| (event.name.clone(), event.origin));
            self.report(not_a_date(name, declared));
            return None;
        }
        Some(attribute)
    }

    /// Reads an anchor on its own.
    pub(super) fn anchor(&mut self, anchor: &'a ast::Anchor) -> Option<RawAnchor> {
        let first = self.one_anchor(anchor);
        let Some(otherwise) = &anchor.otherwise else {
            return first;
        };
        let second = self.anchor(otherwise);
        let (RawAnchor::Events(first), RawAnchor::Events(second)) = (first?, second?) else {
            self.report(else_of_events(anchor.span));
            return None;
        };
        Some(RawAnchor::Events([first, second].concat()))
    }

    fn one_anchor(&mut self, anchor: &'a ast::Anchor) -> Option<RawAnchor> {
        match &anchor.kind {
            AnchorKind::Event(found) => match self.names.find(&found.event.node) {
                Some(Symbol::Reading(_)) if found.test.is_none() => {
                    self.anchor_reading(&found.event)
                }
                _ => Some(RawAnchor::Events(vec![self.event_match(found)?])),
            },
            AnchorKind::Own(own) => Some(RawAnchor::Own(*own)),
            AnchorKind::Review { ordinals: which, review, completion, test } => {
                let series = self.rule(review, &[Kind::Review])?;
                let test = match test {
                    Some(test) => Some(self.review_test(series, test)?),
                    None => None,
                };
                Some(RawAnchor::Review {
                    series,
                    ordinals: ordinals(*which),
                    point: if *completion { Point::Completion } else { Point::Date },
                    test,
                })
            }
            AnchorKind::Birthday(age) => {
                self.ages.push(age.span);
                if age.node == 0 || age.node > 120 {
                    self.report(no_such_birthday(age));
                    return None;
                }
                Some(RawAnchor::Birthday(age.node as u16))
            }
            AnchorKind::StateStart(name) => Some(RawAnchor::StateStart(self.state(name)?)),
            AnchorKind::Overdue(name) => Some(RawAnchor::Overdue(self.rule(name, &[Kind::Duty])?)),
            AnchorKind::StageOpening { stage, or_above, ladder } => {
                let ladder = match ladder {
                    Some(name) => Some(self.rule(name, &[Kind::Ladder])?),
                    None => None,
                };
                Some(RawAnchor::Stage {
                    stage: u16::try_from(stage.node).unwrap_or(u16::MAX),
                    or_above: *or_above,
                    ladder,
                })
            }
        }
    }

    /// An event with its test.
    pub(super) fn event_match(&mut self, found: &'a ast::EventMatch) -> Option<EventMatch> {
        let event = self.event(&found.event)?;
        let test = match &found.test {
            Some(test) => Some(self.test_of(&[event], test)?),
            None => None,
        };
        Some(EventMatch { event, test })
    }

    /// A list of events with their tests; `None` if any of them is wrong.
    pub(super) fn event_matches(&mut self, list: &'a [ast::EventMatch]) -> Option<Vec<EventMatch>> {
        let matches: Vec<_> = list.iter().map(|found| self.event_match(found)).collect();
        matches.into_iter().collect()
    }

    /// A test after `where`, of one of these events.
    pub(super) fn test_of(
        &mut self,
        events: &[EventId],
        test: &'a ast::Condition,
    ) -> Option<crate::policy::Condition> {
        let compiled = self.condition(test, &Scene::of(events))?;
        if crate::policy::impossible(&compiled) {
            self.report(can_never_be(test.span));
            return None;
        }
        Some(compiled)
    }

    /// A test of the events by which reviews of a series are held.
    pub(super) fn review_test(
        &mut self,
        series: RuleId,
        test: &'a ast::Condition,
    ) -> Option<crate::policy::Condition> {
        let events = self.review_events(series);
        self.test_of(&events, test)
    }

    /// The events that hold or complete a review of the series.
    pub(super) fn review_events(&self, series: RuleId) -> Vec<EventId> {
        let Some(RuleDeclaration::Review(review)) = self.names.rules.get(series.index()) else {
            return Vec::new();
        };
        let completed = review.held_over.as_ref().map(|(_, completed)| completed);
        let mut events: Vec<_> = review
            .held_on
            .iter()
            .chain(completed)
            .filter_map(|found| match self.names.find(&found.event.node) {
                Some(Symbol::Event(id)) => Some(id),
                _ => None,
            })
            .collect();
        events.dedup();
        events
    }
}

/// The reviews that the words stand for.
pub(super) const fn ordinals(which: ast::Ordinals) -> Ordinals {
    let (first, second, later) = match which {
        ast::Ordinals::First => (true, false, false),
        ast::Ordinals::Second => (false, true, false),
        ast::Ordinals::Later => (false, false, true),
        ast::Ordinals::SecondAndLater => (false, true, true),
        ast::Ordinals::Each => (true, true, true),
    };
    Ordinals { first, second, later }
}

/// The unit that the words name without any reading.
fn known_unit(words: &str) -> Option<Unit> {
    Some(match words {
        "calendar day" | "calendar days" => Unit::CalendarDays,
        "working day" | "working days" => Unit::WorkingDays,
        "week" | "weeks" => Unit::Weeks,
        "month" | "months" => Unit::Months,
        "year" | "years" => Unit::Years,
        _ => return None,
    })
}

/// The calendar days of a length, where they are always the same number.
fn days(length: calendar::Length) -> Option<u32> {
    match length.unit {
        Unit::CalendarDays => Some(u32::from(length.count)),
        Unit::Weeks => Some(u32::from(length.count) * 7),
        Unit::WorkingDays | Unit::Months | Unit::Years => None,
    }
}

/// The unit that was probably meant by words that name none.
fn meant_unit(words: &str) -> Option<&'static str> {
    const UNITS: &[&str] = &["calendar days", "working days", "weeks", "months", "years"];
    let lower = words.to_lowercase();
    match lower.as_str() {
        "business days" | "business day" | "work days" | "work day" | "office days"
        | "workdays" | "weekdays" | "week days" | "week day" | "weekday" => Some("working days"),
        "consecutive days" | "clear days" | "consecutive day" => Some("calendar days"),
        _ => nearest(&lower, UNITS.iter().copied())
            .and_then(|near| UNITS.iter().copied().find(|unit| *unit == near)),
    }
}

fn bare_days(unit: &Name) -> Diagnostic {
    Diagnostic::new(
        Code::BareDays,
        "`days` does not say which days are counted",
        unit.span,
        "calendar days or working days?",
    )
    .help("write the unit: `calendar days` or `working days`")
    .help(
        "or declare how the policy reads the word: `reading bare-days \"why\"` with \
         `days are calendar days` and `or working days`",
    )
}

fn unknown_unit(unit: &Name) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        Code::UnknownUnit,
        format!("`{}` is not a unit of time", unit.node),
        unit.span,
        "not a unit",
    );
    match meant_unit(&unit.node) {
        Some(meant) => diagnostic.help(format!("did you mean `{meant}`?")).fix(Fix::new(
            format!("write `{meant}`"),
            unit.span,
            meant,
        )),
        None if matches!(unit.node.as_str(), "fortnight" | "fortnights") => {
            diagnostic.help("a fortnight is 2 weeks")
        }
        None if matches!(unit.node.as_str(), "hour" | "hours" | "minute" | "minutes") => diagnostic
            .help("there are no times of day: write the limit in days, and keep the hours in a comment"),
        None => diagnostic
            .help("the units are `calendar days`, `working days`, `weeks`, `months` and `years`"),
    }
}

fn out_of_range(count: &Spanned<u32>, unit: &Name) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        Code::LengthOutOfRange,
        if count.node == 0 {
            "a length of nothing sets no limit".to_owned()
        } else {
            format!("a length of {} {} is too long", count.node, unit.node)
        },
        count.span,
        format!("from 1 to {LONGEST}"),
    );
    if count.node == 0 {
        diagnostic.help("for the anchor's own day write `at`; for order alone write `before`")
    } else {
        diagnostic.help("is a digit too many, or a year in the place of a length?")
    }
}

fn between_reversed(near: &ast::Length, far: &ast::Length, span: Span) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        Code::BetweenReversed,
        "the first length of `between` is longer than the second",
        span,
        "no day lies between the two",
    )
    .help("write the shorter length first");
    let (ast::Length::Plain(first, unit), ast::Length::Plain(second, other)) = (near, far) else {
        return diagnostic;
    };
    // A first number without a unit has that of the second.
    let words = if unit.span == other.span {
        format!("{} and {} {}", second.node, first.node, unit.node)
    } else {
        let shorter = format!("{} {}", second.node, other.node);
        format!("{shorter} and {} {}", first.node, unit.node)
    };
    let place = first.span.join(other.span);
    diagnostic.fix(Fix::new("swap the lengths", place, words))
}

fn not_one_length(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::WrongReading,
        "one number of one unit is wanted here",
        span,
        "`the earlier of` and `the later of` cannot stand here",
    )
    .help("write one length, such as `10 working days`")
}

fn not_a_date(name: &Name, event: Option<(String, Span)>) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        Code::NotADate,
        format!("`{}` is not a date, so nothing can fall due by it", name.node),
        name.span,
        "a date attribute is wanted",
    );
    match event {
        Some((event, span)) => diagnostic
            .label(span, format!("`{event}` is declared here"))
            .help(format!("declare `{} is a date` in `{event}`", name.node)),
        None => diagnostic,
    }
}

fn no_event_of(name: &Name) -> Diagnostic {
    Diagnostic::new(
        Code::AnchorOutOfPlace,
        format!("`by the {}` needs the event that carries the date", name.node),
        name.span,
        "of which event?",
    )
    .help(format!("write `by the {} of` and an event", name.node))
}

fn else_of_events(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::AnchorOutOfPlace,
        "only events can stand on either side of `else` in an anchor",
        span,
        "something other than an event",
    )
    .help("write the two cases as two duties")
}

fn no_such_birthday(age: &Spanned<u32>) -> Diagnostic {
    Diagnostic::new(
        Code::AnchorCannotOccur,
        format!("nobody has a birthday number {}", age.node),
        age.span,
        "from 1 to 120",
    )
    .help("write the age that the child comes to on that day")
}

fn can_never_be(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::AnchorCannotOccur,
        "no event can ever pass this test",
        span,
        "its parts contradict one another",
    )
    .help("an attribute has one value only: join alternatives with `or`")
}
