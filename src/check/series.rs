//! Series of reviews and visits.

use super::Checker;
use super::anchors::{Place, stage_outside};
use super::names::Kind;
use super::readings::point;
use super::rules::{only_state, plain_limit};
use super::usage::Use;
use super::windows::{RawAnchor, RawWindow};
use crate::diagnostic::{Code, Diagnostic};
use crate::policy::{
    AttributeId, AttributeKind, Condition, EventId, EventMatch, Limit, Ordinals, Point, Series,
    Shape, Window,
};
use crate::source::Span;
use crate::syntax::ast::{self, Name, OrReading, OwnReview};

/// The events by which the reviews of a series happen.
struct Meetings {
    held: Option<EventMatch>,
    begun: Option<EventMatch>,
    completed: Option<EventMatch>,
    adjourned: Option<EventId>,
    dated: Point,
}

impl<'a> Checker<'a> {
    /// Compiles a series.
    pub(super) fn series(
        &mut self,
        review: &'a ast::Review,
        while_: Option<&Option<Condition>>,
    ) -> Option<Series> {
        let meetings = self.meetings(review);
        let planned = match &review.planned_by {
            Some(name) => self.planned_by(name).map(Some),
            None => Some(None),
        };
        let restarted = self.event_matches(&review.restarted_by);
        let suspended = self.optional_day(review.suspended.as_ref());
        let Some((start, mut limits)) = self.series_limits(review, while_) else {
            self.exceptions(&review.exceptions, &Place::Unknown, None);
            return None;
        };
        let events: Vec<_> = start.iter().map(|found| found.event).collect();
        let place = Place::Series { start: start.as_ref() };
        limits.extend(self.exceptions(&review.exceptions, &place, Some(&events))?);
        let mid_clock = self.mid_clock(&review.head, review.mid_clock.as_ref(), &limits, true);
        let meetings = meetings?;
        Some(Series {
            noun: if review.visit { "visit" } else { "review" },
            held_on: meetings.held,
            begun_on: meetings.begun,
            completed_on: meetings.completed,
            adjourned_on: meetings.adjourned,
            dated: meetings.dated,
            planned_by: planned?,
            restarted_by: restarted?,
            suspended: suspended?,
            start,
            limits,
            mid_clock: mid_clock?,
        })
    }

    fn meetings(&mut self, review: &'a ast::Review) -> Option<Meetings> {
        if review.held_on.is_none() && review.held_over.is_none() {
            return None;
        }
        let held = review.held_on.as_ref().map(|found| self.event_match(found));
        let over = review
            .held_over
            .as_ref()
            .map(|(begun, completed)| (self.event_match(begun), self.event_match(completed)));
        let adjourned = review.adjourned_by.as_ref().map(|name| self.event(name));
        let several = over.is_some() || adjourned.is_some();
        let dated = self.dated(review, several);
        let (begun, completed) = match over {
            Some((begun, completed)) => (Some(begun?), Some(completed?)),
            None => (None, None),
        };
        Some(Meetings {
            held: held.map_or(Some(None), |held| held.map(Some))?,
            begun,
            completed,
            adjourned: adjourned.map_or(Some(None), |event| event.map(Some))?,
            dated: dated?,
        })
    }

    /// Which day is the date of a review; it must be said where one can take several meetings.
    fn dated(&mut self, review: &'a ast::Review, several: bool) -> Option<Point> {
        match review.dated.as_ref().map(|dated| &dated.node) {
            Some(OrReading::Plain(dated)) => Some(point(*dated)),
            Some(OrReading::Reading(name)) => self.dated_reading(name),
            None if several => {
                let help = "a review can take several meetings: add `dated by the first meeting` \
                            or `dated by completion`";
                self.lacks(Kind::Review, &review.head.name, "dated by", help);
                None
            }
            None => Some(Point::FirstMeeting),
        }
    }

    /// The event that plans the next review, and its one date attribute.
    fn planned_by(&mut self, name: &Name) -> Option<(EventId, AttributeId)> {
        let event = self.event(name)?;
        let declared = self.events.get(event.index())?;
        let dates: Vec<_> = declared
            .attributes
            .iter()
            .enumerate()
            .filter(|(_, attribute)| attribute.kind == AttributeKind::Date)
            .map(|(index, attribute)| (AttributeId(index as u16), attribute.name.clone()))
            .collect();
        let origin = declared.origin;
        let [(attribute, word)] = dates.as_slice() else {
            self.report(one_date_wanted(name, origin, !dates.is_empty()));
            return None;
        };
        self.used.mark(Use::Attribute(event, word.clone()));
        Some((event, *attribute))
    }

    /// The event from which the first limit counts, and the limits.
    fn series_limits(
        &mut self,
        review: &'a ast::Review,
        while_: Option<&Option<Condition>>,
    ) -> Option<(Option<EventMatch>, Vec<Limit>)> {
        let first = review.first.as_ref()?;
        let start = self.first_limit(first, while_);
        let second = self.next_limit(review.second.as_ref(), false);
        let later = self.next_limit(review.later.as_ref(), true);
        let (start, window) = start?;
        let (second, later) = (second?, later?);
        let only = |first, second, later| Ordinals { first, second, later };
        // Where one of the three is missing, the nearest before it serves, or else the one after.
        let alone = second.is_none() && later.is_none();
        let mut limits = vec![plain_limit(only(true, alone, alone), window, Some(first))];
        if let Some(window) = second {
            let which = only(false, true, later.is_none());
            limits.push(plain_limit(which, window, review.second.as_ref()));
        }
        if let Some(window) = later {
            let which = only(false, review.second.is_none(), true);
            limits.push(plain_limit(which, window, review.later.as_ref()));
        }
        Some((start, limits))
    }

    fn first_limit(
        &mut self,
        written: &'a ast::Window,
        while_: Option<&Option<Condition>>,
    ) -> Option<(Option<EventMatch>, Window)> {
        let raw = self.window(written)?;
        self.series_shape(&raw)?;
        let own_state = raw.anchor.is_some() && raw.anchor == only_state(while_);
        let start = match raw.anchor.clone() {
            Some(RawAnchor::Events(matches)) if matches.len() == 1 => matches.into_iter().next(),
            Some(RawAnchor::StateStart(_)) if own_state => None,
            None if raw.shape == Shape::NoTimeLimit => None,
            Some(RawAnchor::Stage { .. }) => {
                self.report(stage_outside(raw.anchor_span));
                return None;
            }
            _ => {
                self.report(not_a_start(raw.anchor_span));
                return None;
            }
        };
        Some((start, compiled(raw)))
    }

    fn next_limit(
        &mut self,
        written: Option<&'a ast::Window>,
        later: bool,
    ) -> Option<Option<Window>> {
        let Some(written) = written else {
            return Some(None);
        };
        let raw = self.window(written)?;
        self.series_shape(&raw)?;
        let fits = match &raw.anchor {
            Some(RawAnchor::Own(OwnReview::Previous)) => true,
            Some(RawAnchor::Own(OwnReview::First)) => !later,
            None => raw.shape == Shape::NoTimeLimit,
            Some(_) => false,
        };
        if !fits {
            self.report(not_the_previous(raw.anchor_span, later));
            return None;
        }
        Some(Some(compiled(raw)))
    }
}

fn compiled(raw: RawWindow) -> Window {
    Window { shape: raw.shape, readings: raw.readings }
}

fn one_date_wanted(name: &Name, event: Span, many: bool) -> Diagnostic {
    let (message, help) = if many {
        (
            format!("`{}` carries several dates, and only one can be the plan", name.node),
            "give the planned date an event of its own",
        )
    } else {
        (
            format!("`{}` carries no date that a review could be planned for", name.node),
            "declare it with an attribute such as `new-date is a date`",
        )
    };
    Diagnostic::new(
        Code::MissingAttribute,
        message,
        name.span,
        "exactly one date attribute is wanted",
    )
    .label(event, "declared here")
    .help(help)
}

fn not_a_start(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::AnchorOutOfPlace,
        "the first review counts from one event, or from the start of the series' own state",
        span,
        "cannot start a series",
    )
    .help("write `after EVENT`, or `after the start of STATE` with the state of its `while`")
}

fn not_the_previous(span: Span, later: bool) -> Diagnostic {
    let words = if later { "`the previous`" } else { "`the first`" };
    Diagnostic::new(
        Code::AnchorOutOfPlace,
        "a further review counts from the one before it",
        span,
        format!("{words} is wanted"),
    )
    .help(format!("write `after {}`", words.trim_matches('`')))
}
