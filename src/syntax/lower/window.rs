//! Lengths, windows and anchors.

use crate::diagnostic::{Code, Diagnostic, Fix};
use crate::source::{Span, Spanned};

use super::Lowering;
use crate::syntax::ast::{
    Anchor, AnchorKind, EventMatch, Instead, Length, Name, Ordinals, OwnReview, Shape, Side, Window,
};
use crate::syntax::grammar::{Node, Rule};

/// The largest number a length can have.
const LONGEST: u32 = 5000;

/// The numbers that may be written as words by mistake.
const NUMBER_WORDS: [(&str, u32); 25] = [
    ("one", 1),
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
    ("eleven", 11),
    ("twelve", 12),
    ("thirteen", 13),
    ("fourteen", 14),
    ("fifteen", 15),
    ("sixteen", 16),
    ("seventeen", 17),
    ("eighteen", 18),
    ("nineteen", 19),
    ("twenty", 20),
    ("thirty", 30),
    ("forty", 40),
    ("fifty", 50),
    ("sixty", 60),
    ("ninety", 90),
];

/// The number that a word stands for.
pub(in crate::syntax) fn number_word(text: &str) -> Option<u32> {
    NUMBER_WORDS.iter().find(|(word, _)| *word == text).map(|(_, number)| *number)
}

impl Lowering {
    /// The first length among the parts, in any of the forms a length can take.
    pub(super) fn length_in(&mut self, node: &Node<'_>) -> Option<Length> {
        node.find(Rule::length).and_then(|length| self.length(&length.inner()?))
    }

    /// A length.
    pub(super) fn length(&mut self, node: &Node<'_>) -> Option<Length> {
        Some(match node.rule() {
            Rule::plain_length => {
                let number = self.length_number(&node.find(Rule::number)?);
                Length::Plain(number, unit(&node.find(Rule::unit)?))
            }
            Rule::worded_length => {
                let word = node.find(Rule::number_word)?;
                let number = number_word(word.text())?;
                self.report(
                    Diagnostic::new(
                        Code::SyntaxError,
                        format!("numbers are written in digits, found `{}`", word.text()),
                        word.span(),
                        format!("write `{number}`"),
                    )
                    .fix(
                        Fix::new(format!("write `{number}`"), word.span(), number.to_string())
                            .safe(),
                    ),
                );
                Length::Plain(Spanned::new(number, word.span()), unit(&node.find(Rule::unit)?))
            }
            Rule::extreme => {
                let mut lengths = node.each(Rule::length);
                let first = Box::new(self.length(&lengths.next()?.inner()?)?);
                let second = Box::new(self.length(&lengths.next()?.inner()?)?);
                if node.has(Rule::kw_earlier) {
                    Length::Earlier(first, second)
                } else {
                    Length::Later(first, second)
                }
            }
            Rule::name => Length::Reading(self.name(node)),
            Rule::length => return self.length(&node.parts().next()?),
            _ => return None,
        })
    }

    /// The number of a length: whole, not zero, not absurd.
    fn length_number(&mut self, node: &Node<'_>) -> Spanned<u32> {
        let (text, span) = (node.text(), node.span());
        let number = match text.parse::<u32>() {
            Ok(number) if (1..=LONGEST).contains(&number) => number,
            _ if text.contains('.') => {
                self.report(Diagnostic::new(
                    Code::SyntaxError,
                    format!("a length has a whole number, found `{text}`"),
                    span,
                    "not a whole number",
                ));
                1
            }
            _ => {
                let zero = text.chars().all(|digit| digit == '0');
                let problem = Diagnostic::new(
                    Code::LengthOutOfRange,
                    format!("a length runs from 1 to {LONGEST}, found `{text}`"),
                    span,
                    if zero { "no time at all" } else { "too long" },
                );
                self.report(if zero {
                    problem.help("for the day itself, write `at` and what happens on it")
                } else {
                    problem
                });
                1
            }
        };
        Spanned::new(number, span)
    }

    /// The window that a clause must count from somewhere.
    pub(super) fn anchored(&mut self, node: &Node<'_>) -> Option<Window> {
        let window = self.window(&node.find(Rule::window)?)?;
        if window.anchor.is_none() {
            let word = match window.shape {
                Shape::Within(_) | Shape::NotBefore(_) | Shape::OncePassed(_) => "`after`",
                Shape::PeriodBeginning(_) => "`beginning with`",
                Shape::AtLeastBefore(_) => "`before`",
                Shape::Between(..) => "an event or a review",
                _ => return Some(window),
            };
            self.unanchored(Span::at(window.span.end), word);
        }
        Some(window)
    }

    /// Reports a limit that does not say where its time is counted from.
    pub(super) fn unanchored(&mut self, end: Span, word: &str) {
        self.report(
            Diagnostic::new(
                Code::SyntaxError,
                "this limit does not say where its time is counted from",
                end,
                format!("{word} is missing"),
            )
            .help("only an exception may leave it out: it then counts as the limit does"),
        );
    }

    /// A window.
    pub(super) fn window(&mut self, node: &Node<'_>) -> Option<Window> {
        let inner = node.inner()?;
        match inner.rule() {
            Rule::name => Some(Window {
                span: inner.span(),
                shape: Shape::Reading(self.name(&inner)),
                anchor: None,
            }),
            Rule::led_window => self.led_window(&inner.inner()?),
            _ => self.led_window(&inner),
        }
    }

    /// What an exception puts in place of the limit.
    pub(super) fn instead(&mut self, node: &Node<'_>) -> Option<Instead> {
        let inner = node.inner()?;
        match inner.rule() {
            Rule::does_not_apply => Some(Instead::DoesNotApply),
            _ => Some(Instead::Window(self.window(&inner)?)),
        }
    }

    /// A window that begins with a word of its own.
    pub(super) fn led_window(&mut self, node: &Node<'_>) -> Option<Window> {
        let span = node.span();
        let mut anchor = node.find(Rule::anchor).and_then(|anchor| self.anchor(&anchor));
        for tail in [Rule::after_anchor, Rule::before_anchor] {
            if let Some(tail) = node.find(tail) {
                anchor = Some(self.anchor(&tail.find(Rule::anchor)?)?);
            }
        }
        let shape = match node.rule() {
            Rule::within_window => return self.within(node),
            Rule::at_least_window => Shape::AtLeastBefore(self.length_in(node)?),
            Rule::between_window => self.between(node)?,
            Rule::midway_window => {
                anchor = Some(self.midway(&node.find(Rule::midway)?)?);
                if node.has(Rule::kw_on) { Shape::OnMidway } else { Shape::ByMidway }
            }
            Rule::by_window => {
                let event = node.find(Rule::event_match)?;
                let event_span = event.span();
                anchor = Some(Anchor {
                    span: event_span,
                    kind: AnchorKind::Event(self.event_match(&event)?),
                    otherwise: None,
                });
                Shape::ByDateOf(self.attribute_name(&node.find(Rule::attribute_name)?))
            }
            Rule::on_or_before => {
                self.report(
                    Diagnostic::new(
                        Code::SyntaxError,
                        "`on or before` is not a limit of the language",
                        span,
                        "on the day, or before it?",
                    )
                    .help("`before` ends on the day before; `at` is the day itself")
                    .help("for a date that an event carries, write `by the` and the attribute `of` the event"),
                );
                Shape::Before
            }
            Rule::before_window => Shape::Before,
            Rule::at_window => Shape::At,
            Rule::not_before_window => Shape::NotBefore(self.length_in(node)?),
            Rule::once_window => Shape::OncePassed(self.length_in(node)?),
            Rule::no_limit_window => Shape::NoTimeLimit(side(node).unwrap_or(Side::After)),
            _ => return None,
        };
        Some(Window { span, shape, anchor })
    }

    /// `within LENGTH after ANCHOR` and the other windows that begin with `within`.
    fn within(&mut self, node: &Node<'_>) -> Option<Window> {
        let span = node.span();
        if let Some(period) = node.find(Rule::period_of) {
            let length = self.length_in(&period)?;
            let anchor = period.find(Rule::anchor);
            return Some(Window {
                span,
                shape: Shape::PeriodBeginning(length),
                anchor: anchor.and_then(|anchor| self.anchor(&anchor)),
            });
        }
        let length = self.length_in(node)?;
        let Some(tail) = node.find(Rule::within_tail) else {
            return Some(Window { span, shape: Shape::Within(length), anchor: None });
        };
        if let Some(either) = tail.find(Rule::either_side) {
            return Some(Window {
                span,
                shape: Shape::AroundMidway(length),
                anchor: Some(self.midway(&either.find(Rule::midway)?)?),
            });
        }
        let after = tail.find(Rule::after_anchor)?;
        Some(Window {
            span,
            shape: Shape::Within(length),
            anchor: Some(self.anchor(&after.find(Rule::anchor)?)?),
        })
    }

    /// `between 10 and 20 days before ANCHOR`: a first number without a unit has that of the second.
    fn between(&mut self, node: &Node<'_>) -> Option<Shape> {
        let second = self.length_in(node)?;
        let start = node.find(Rule::between_start)?.inner()?;
        let first = if start.rule() == Rule::number {
            let number = self.length_number(&start);
            if let Length::Plain(_, unit) = &second {
                Length::Plain(number, unit.clone())
            } else {
                self.report(Diagnostic::new(
                    Code::SyntaxError,
                    format!("`{}` has no unit", start.text()),
                    start.span(),
                    "days, weeks, months?",
                ));
                second.clone()
            }
        } else {
            self.length(&start)?
        };
        Some(Shape::Between(first, second, side(node)?))
    }

    /// `midway between each REVIEW and the next`
    fn midway(&mut self, node: &Node<'_>) -> Option<Anchor> {
        let anchor = node.find(Rule::midway_anchor)?;
        let name = self.name_in(&anchor)?;
        let kind = match anchor.find(Rule::which_reviews) {
            Some(which) => AnchorKind::Review {
                ordinals: ordinals(&which),
                review: name,
                completion: false,
                test: None,
            },
            None => AnchorKind::Event(EventMatch { event: name, test: None }),
        };
        Some(Anchor { span: anchor.span(), kind, otherwise: None })
    }

    /// An anchor with all its `, else …`.
    pub(super) fn anchor(&mut self, node: &Node<'_>) -> Option<Anchor> {
        let span = node.span();
        let parts: Vec<_> = node.each(Rule::anchor_part).collect();
        let mut otherwise = None;
        for part in parts.iter().rev() {
            let kind = self.anchor_kind(&part.inner()?)?;
            // The first begins the whole; each of the others runs to the end of it.
            let span = Span::new(part.span().start, span.end);
            otherwise = Some(Box::new(Anchor { span, kind, otherwise }));
        }
        otherwise.map(|anchor| *anchor)
    }

    fn anchor_kind(&mut self, node: &Node<'_>) -> Option<AnchorKind> {
        Some(match node.rule() {
            Rule::birthday => AnchorKind::Birthday(self.count(&node.find(Rule::nth)?)),
            Rule::state_start => AnchorKind::StateStart(self.name_in(node)?),
            Rule::overdue_anchor => AnchorKind::Overdue(self.name_in(node)?),
            Rule::stage_opening | Rule::first_opening => AnchorKind::StageOpening {
                stage: self.count_in(node)?,
                or_above: node.rule() == Rule::first_opening,
                ladder: node.find(Rule::of_ladder).and_then(|ladder| self.name_in(&ladder)),
            },
            Rule::review_anchor => AnchorKind::Review {
                ordinals: ordinals(&node.find(Rule::which_reviews)?),
                review: self.name_in(node)?,
                completion: node.has(Rule::completion_of),
                test: self.where_in(node),
            },
            Rule::own_review => AnchorKind::Own(if node.has(Rule::kw_first) {
                OwnReview::First
            } else {
                OwnReview::Previous
            }),
            Rule::event_match => AnchorKind::Event(self.event_match(node)?),
            _ => return None,
        })
    }

    /// An event, perhaps with a test.
    pub(super) fn event_match(&mut self, node: &Node<'_>) -> Option<EventMatch> {
        Some(EventMatch { event: self.name_in(node)?, test: self.where_in(node) })
    }

    /// The event among the parts.
    pub(super) fn event_in(&mut self, node: &Node<'_>) -> Option<EventMatch> {
        self.event_match(&node.find(Rule::event_match)?)
    }

    /// `any of …`, or one event.
    pub(super) fn events_in(&mut self, node: &Node<'_>) -> Option<Vec<EventMatch>> {
        let list = node.find(Rule::event_list)?;
        if list.has(Rule::event_match) {
            return Some(vec![self.event_in(&list)?]);
        }
        list.each(Rule::event_item)
            .map(|item| {
                self.bullet(&item);
                self.event_in(&item)
            })
            .collect()
    }

    /// Reports a list item whose sign is not a hyphen.
    pub(super) fn bullet(&mut self, item: &Node<'_>) {
        if let Some(bullet) = item.find(Rule::bullet)
            && bullet.text() != "-"
        {
            self.report(
                Diagnostic::new(
                    Code::WordProcessorCharacter,
                    format!("a list item begins with a hyphen, found `{}`", bullet.text()),
                    bullet.span(),
                    "not a hyphen",
                )
                .fix(Fix::new("write a hyphen", bullet.span(), "-").safe()),
            );
        }
    }
}

/// A unit, its two words joined by one blank.
pub(super) fn unit(node: &Node<'_>) -> Name {
    let words: Vec<_> = node.text().split_whitespace().collect();
    Spanned::new(words.join(" "), node.span())
}

/// The reviews that the words select.
pub(super) fn ordinals(node: &Node<'_>) -> Ordinals {
    if node.has(Rule::kw_second) {
        if node.has(Rule::kw_later) { Ordinals::SecondAndLater } else { Ordinals::Second }
    } else if node.has(Rule::kw_first) {
        Ordinals::First
    } else if node.has(Rule::kw_later) {
        Ordinals::Later
    } else {
        Ordinals::Each
    }
}

fn side(node: &Node<'_>) -> Option<Side> {
    let side = node.find(Rule::side)?;
    Some(if side.has(Rule::kw_before) { Side::Before } else { Side::After })
}
