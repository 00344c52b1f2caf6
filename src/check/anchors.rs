//! Whether an anchor and a shape fit the rule they stand in.

use super::Checker;
use super::rules::only_state;
use super::windows::{RawAnchor, RawWindow};
use crate::diagnostic::{Code, Diagnostic};
use crate::policy::{Anchor, Condition, EventMatch, Ordinals, Point, Shape};
use crate::source::Span;
use crate::syntax::ast::OwnReview;

/// On which side of its anchor a window lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Before,
    After,
    Midway,
}

impl Side {
    /// The side of a shape.
    pub(super) const fn of(shape: &Shape) -> Self {
        match shape {
            Shape::AtLeastBefore(_)
            | Shape::BetweenBefore { .. }
            | Shape::Before
            | Shape::At
            | Shape::NoTimeLimitBefore => Self::Before,
            Shape::OnMidway | Shape::ByMidway | Shape::AroundMidway(_) => Self::Midway,
            Shape::Within(_)
            | Shape::PeriodBeginning(_)
            | Shape::BetweenAfter { .. }
            | Shape::ByDateOf(_)
            | Shape::NotBefore(_)
            | Shape::OncePassed(_)
            | Shape::NoTimeLimit => Self::After,
        }
    }

    /// The side in words.
    const fn words(self) -> &'static str {
        match self {
            Self::Before => "before",
            Self::After => "after",
            Self::Midway => "midway between",
        }
    }
}

/// Where an exception stands, and so what its window can count from.
pub(super) enum Place<'p> {
    /// In a duty with this anchor.
    Duty { anchor: &'p Anchor, side: Side },
    /// In a rule whose own limit is wrong: what it counts from is not known.
    Unknown,
    /// In a series that starts from this event.
    Series { start: Option<&'p EventMatch> },
}

impl Checker<'_> {
    /// What a duty's clocks count from.
    pub(super) fn duty_anchor(
        &mut self,
        raw: &RawWindow,
        while_: Option<&Option<Condition>>,
    ) -> Option<Anchor> {
        let implied = || only_state(while_).filter(|_| raw.shape == Shape::NoTimeLimit);
        let Some(anchor) = raw.anchor.clone().or_else(implied) else {
            self.report(no_anchor(raw.span));
            return None;
        };
        match anchor {
            RawAnchor::Events(matches) => Some(Anchor::Events(matches)),
            RawAnchor::Review { series, ordinals, point, test } => {
                Some(Anchor::Review { series, ordinals, point, test })
            }
            RawAnchor::Birthday(age) => Some(Anchor::Birthday(age)),
            RawAnchor::StateStart(state) => Some(Anchor::StateStart(state)),
            RawAnchor::Overdue(rule) => Some(Anchor::Overdue(rule)),
            RawAnchor::Own(own) => {
                self.report(own_outside(raw.anchor_span, own));
                None
            }
            RawAnchor::Stage { .. } => {
                self.report(stage_outside(raw.anchor_span));
                None
            }
        }
    }

    /// Says so if a duty's shape makes no sense with its anchor.
    pub(super) fn shape_fits(&mut self, raw: &RawWindow, anchor: &Anchor) -> Option<()> {
        let side = Side::of(&raw.shape);
        let at = raw.shape == Shape::At;
        let wrong = match (anchor, side) {
            (Anchor::Birthday(_), Side::Before) if !at => "a birthday",
            (Anchor::StateStart(_), Side::Before) if !at => "the start of a state",
            (Anchor::Overdue(_), Side::Before) => "a missed deadline",
            (Anchor::Review { point: Point::Completion, .. }, Side::Before | Side::Midway) => {
                "the completion of a review"
            }
            (
                Anchor::Events(_)
                | Anchor::Birthday(_)
                | Anchor::StateStart(_)
                | Anchor::Overdue(_),
                Side::Midway,
            ) => "anything but reviews",
            _ => return Some(()),
        };
        self.report(shape_misfit(raw.span, side, wrong));
        None
    }

    /// Gives an exception's window the side and the anchor of the limit it replaces.
    pub(super) fn exception_fits(
        &mut self,
        raw: &mut RawWindow,
        ordinals: Ordinals,
        place: &Place<'_>,
    ) -> Option<()> {
        match place {
            Place::Unknown => Some(()),
            Place::Duty { anchor, side } => self.fits_duty(raw, ordinals, anchor, *side),
            Place::Series { start } => {
                self.series_shape(raw)?;
                let same = match &raw.anchor {
                    None => true,
                    Some(RawAnchor::Own(OwnReview::Previous)) => !ordinals.first,
                    Some(RawAnchor::Own(OwnReview::First)) => !ordinals.first && !ordinals.later,
                    Some(RawAnchor::Events(matches)) => {
                        ordinals_first_only(ordinals) && matches.first() == *start
                    }
                    Some(_) => false,
                };
                if same {
                    return Some(());
                }
                self.report(other_anchor(raw.anchor_span, ordinals.first));
                None
            }
        }
    }

    fn fits_duty(
        &mut self,
        raw: &mut RawWindow,
        ordinals: Ordinals,
        anchor: &Anchor,
        side: Side,
    ) -> Option<()> {
        if raw.anchor.is_none() && side == Side::Before {
            // Without an anchor the words do not say on which side they lie.
            raw.shape = match raw.shape.clone() {
                Shape::BetweenAfter { near, far } => Shape::BetweenBefore { near, far },
                Shape::NoTimeLimit => Shape::NoTimeLimitBefore,
                other => other,
            };
        }
        let found = Side::of(&raw.shape);
        if found != side {
            self.report(other_side(raw.span, found, side));
            return None;
        }
        let occurs = match anchor {
            Anchor::Birthday(_) => ordinals.first,
            Anchor::Review { ordinals: reviews, .. } => {
                (reviews.first && ordinals.first)
                    || (reviews.second && ordinals.second)
                    || (reviews.later && ordinals.later)
            }
            Anchor::Events(_) | Anchor::StateStart(_) | Anchor::Overdue(_) => true,
        };
        if !occurs {
            self.report(never_such_instance(raw.span));
            return None;
        }
        let same = match (&raw.anchor, anchor) {
            (None, _) => true,
            (Some(RawAnchor::Events(matches)), Anchor::Events(own)) => matches == own,
            (
                Some(RawAnchor::Review { series, point, .. }),
                Anchor::Review { series: own, point: day, .. },
            ) => series == own && point == day,
            (Some(RawAnchor::Birthday(age)), Anchor::Birthday(own)) => age == own,
            (Some(RawAnchor::StateStart(state)), Anchor::StateStart(own)) => state == own,
            (Some(RawAnchor::Overdue(rule)), Anchor::Overdue(own)) => rule == own,
            _ => false,
        };
        if !same {
            self.report(other_anchor(raw.anchor_span, false));
            return None;
        }
        Some(())
    }

    /// Says so if a shape cannot be the limit of a series.
    pub(super) fn series_shape(&mut self, raw: &RawWindow) -> Option<()> {
        if Side::of(&raw.shape) == Side::After {
            return Some(());
        }
        self.report(not_after(raw.span));
        None
    }
}

fn ordinals_first_only(ordinals: Ordinals) -> bool {
    ordinals.first && !ordinals.second && !ordinals.later
}

fn no_anchor(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::AnchorOutOfPlace,
        "it is not said from what the clock counts",
        span,
        "after what?",
    )
    .help("add `after EVENT`, or `while STATE` where it counts from the start of the state")
}

pub(super) fn own_outside(span: Span, own: OwnReview) -> Diagnostic {
    let words = match own {
        OwnReview::First => "the first",
        OwnReview::Previous => "the previous",
    };
    Diagnostic::new(
        Code::AnchorOutOfPlace,
        format!("`{words}` means a review of the series that is being declared"),
        span,
        "stands outside a review",
    )
    .help("name the review, such as `each looked-after-review`")
}

pub(super) fn stage_outside(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::AnchorOutOfPlace,
        "the opening of a stage can start the cap of its ladder only",
        span,
        "stands outside a ladder",
    )
    .help("count from the event that opens the stage")
}

fn shape_misfit(span: Span, side: Side, wrong: &str) -> Diagnostic {
    let (message, help) = match side {
        Side::Midway => (
            "only reviews have a midway between them".to_owned(),
            "write `midway between each REVIEW and the next`",
        ),
        Side::Before | Side::After => (
            format!("nothing can be counted back from {wrong}: it is known only once it has come"),
            "count from an event or to a review, which can be planned",
        ),
    };
    Diagnostic::new(Code::AnchorOutOfPlace, message, span, format!("{} {wrong}", side.words()))
        .help(help)
}

fn not_after(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::AnchorOutOfPlace,
        "the limit of a review counts forward from what went before",
        span,
        "does not count forward",
    )
    .help("write it with `within … after`")
}

fn other_side(span: Span, found: Side, own: Side) -> Diagnostic {
    Diagnostic::new(
        Code::OtherAnchor,
        format!(
            "the exception lies {} its anchor, the limit it replaces {} it",
            found.words(),
            own.words()
        ),
        span,
        "on the other side",
    )
    .help("write it as a duty of its own, and let the exception say `does not apply`")
}

fn other_anchor(span: Span, first: bool) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        Code::OtherAnchor,
        "the exception counts from something else than the limit it replaces",
        span,
        "another anchor",
    );
    if first {
        diagnostic.help(
            "the first review counts from another event: name the reviews (`except second and \
             later, …`), or leave the anchor out",
        )
    } else {
        diagnostic.help("leave the anchor out: an exception counts from where its limit does")
    }
}

fn never_such_instance(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::AnchorCannotOccur,
        "the exception is for instances that this duty never has",
        span,
        "never applies",
    )
    .help("remove the exception, or change what it is for")
}
