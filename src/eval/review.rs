//! The reviews of a series over a whole case: meetings begun, adjourned, held and completed (M21).

use super::case::Case;
use super::outcome::{FactId, Question, Reason};
use super::truth::Truth;
use crate::calendar::Date;
use crate::policy::{Point, Series};

/// A review that was begun or held.
#[derive(Debug, Clone)]
pub(super) struct Review {
    /// The day of its first meeting, and the fact.
    pub(super) begin: Date,
    pub(super) begun_by: FactId,
    /// The day it was completed, and the fact.
    pub(super) completed: Option<(Date, FactId)>,
    /// Why it is not certain what this review was.
    pub(super) doubt: Vec<Reason>,
}

impl Review {
    /// The date of the review, once it is completed.
    pub(super) fn date(&self, dated: Point) -> Option<Date> {
        self.completed.map(|(completion, _)| match dated {
            Point::FirstMeeting | Point::Date => self.begin,
            Point::Completion => completion,
        })
    }
}

impl Case<'_> {
    /// The reviews of the whole case, in order.
    pub(super) fn reviews(&self, series: &Series) -> Vec<Review> {
        let mut walk = Meetings { reviews: Vec::new(), open: None };
        let mut acts = Vec::new();
        let mut collect = |wanted, kind: Meeting| {
            for (id, truth, questions) in self.matching(wanted) {
                acts.push((id, kind, truth, questions));
            }
        };
        for (wanted, kind) in [
            (&series.begun_on, Meeting::Begun),
            (&series.held_on, Meeting::Held),
            (&series.completed_on, Meeting::Completed),
        ] {
            if let Some(wanted) = wanted {
                collect(wanted, kind);
            }
        }
        if let Some(event) = series.adjourned_on {
            for &id in self.of(event) {
                acts.push((id, Meeting::Adjourned, Truth::Yes, Vec::new()));
            }
        }
        acts.sort_by_key(|(id, kind, ..)| (self.date(*id), *kind, *id));
        for day in acts.chunk_by(|a, b| self.date(a.0) == self.date(b.0)) {
            let mut day: Vec<_> = day.to_vec();
            let ordered = day.iter().all(|(id, ..)| self.fact(*id).sequence.is_some());
            let adjourned = day.iter().find(|act| act.1 == Meeting::Adjourned).map(|act| act.0);
            let ended = day.iter().find(|act| act.1.ends()).map(|act| act.0);
            if ordered && day.len() > 1 {
                day.sort_by_key(|(id, ..)| self.fact(*id).sequence);
            } else if walk.open.is_some() {
                day.sort_by_key(|(id, kind, ..)| (!kind.ends(), *kind, *id));
            }
            for (id, kind, truth, questions) in day {
                walk.act(self.date(id), id, kind, truth, questions);
            }
            if let (Some(adjourned), Some(ended), false) = (adjourned, ended, ordered) {
                walk.doubt(self.date(ended), &Reason::OrderNotRecorded(adjourned, ended));
            }
        }
        let mut reviews = walk.reviews;
        reviews.extend(walk.open);
        reviews
    }
}

/// What an event does to the reviews of a series. The order is that of one day on which none is
/// open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Meeting {
    Begun,
    Adjourned,
    Held,
    Completed,
}

impl Meeting {
    fn ends(self) -> bool {
        matches!(self, Meeting::Held | Meeting::Completed)
    }
}

/// The walk over the meetings of a series.
struct Meetings {
    reviews: Vec<Review>,
    open: Option<Review>,
}

impl Meetings {
    fn act(
        &mut self,
        day: Date,
        fact: FactId,
        kind: Meeting,
        truth: Truth,
        questions: Vec<Question>,
    ) {
        let doubt: Vec<Reason> = if truth == Truth::Unknown {
            questions.into_iter().map(Reason::NotRecorded).collect()
        } else {
            Vec::new()
        };
        let review = Review { begin: day, begun_by: fact, completed: None, doubt };
        match (kind, self.open.take()) {
            (Meeting::Begun | Meeting::Adjourned, None) => self.open = Some(review),
            (Meeting::Begun | Meeting::Adjourned, open) => self.open = open,
            (Meeting::Held | Meeting::Completed, Some(mut open)) => {
                open.completed = Some((day, fact));
                open.doubt.extend(review.doubt);
                self.reviews.push(open);
            }
            (Meeting::Held, None) => {
                self.reviews.push(Review { completed: Some((day, fact)), ..review });
            }
            (Meeting::Completed, None) => {}
        }
    }

    /// Marks the reviews completed on a day as doubtful.
    fn doubt(&mut self, day: Date, reason: &Reason) {
        let completed = |review: &&mut Review| review.completed.is_some_and(|(on, _)| on == day);
        for review in self.reviews.iter_mut().filter(completed) {
            review.doubt.push(reason.clone());
        }
    }
}
