//! Whether things were in time: each series of reviews and visits by month, per review and per
//! case, and every other duty that has a last day.

use std::collections::BTreeMap;

use super::counts::{Kept, Merge, Tally, turned_out};
use super::frame::Frame;
use crate::eval::{Deadline, Due, FactId, Outcome, Status, Timeline};
use crate::policy::{Body, Policy, Series};

/// The timeliness of one series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Timeliness {
    /// By stretch, each review by itself.
    pub(super) reviews: Vec<Tally>,
    /// By stretch, each case by all its reviews together; `late` stands for any that was not in
    /// time, and `not_done` is not used.
    pub(super) cases: Vec<Tally>,
    /// In the whole time: the first, the second, and all later ones.
    pub(super) ordinals: [Tally; 3],
    /// Those of which neither whether nor when can be said.
    pub(super) undated: u64,
    /// In the whole time: reviews that were held while no clock ran for them, and the cases they are of.
    pub(super) unowed: (u64, u64),
    /// Cases with no review to count, and one that was due before the time and is not held yet.
    pub(super) behind: u64,
}

/// What one case adds to the timeliness of a series.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct OfCase {
    /// The reviews that count.
    pub(super) reviews: Vec<Review>,
    /// How many more were held while no clock ran for them.
    pub(super) unowed: u64,
    /// Whether one was due before the time of the report and is not held yet.
    pub(super) behind: bool,
}

/// How a review of one case turned out, and where it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Review {
    kept: Kept,
    /// The stretches; none where neither whether nor when can be said.
    places: Option<[usize; 3]>,
    /// 0 for the first, 1 for the second and 2 for all later ones.
    class: usize,
}

/// The reviews of one case, from its deadlines in one series.
pub(super) fn reviews<'a>(
    frame: &Frame,
    deadlines: impl Iterator<Item = &'a Deadline>,
) -> Vec<Review> {
    let review = |deadline: &Deadline| {
        // One that nobody owed by any day says nothing of whether reviews are held in time.
        if !has_clock(deadline) && deadline.status == Status::Met {
            return None;
        }
        let (kept, day) = turned_out(deadline)?;
        let places = match day {
            Some(day) => Some(frame.places(day)?),
            None => None,
        };
        let class = usize::from(deadline.ordinal.clamp(1, 3)) - 1;
        Some(Review { kept, places, class })
    };
    deadlines.filter_map(review).collect()
}

/// Whether there was a last day to hold it by; there is none while the policy suspends the series, or
/// sets no time limit.
fn has_clock(deadline: &Deadline) -> bool {
    !matches!(deadline.due, Due::Never | Due::Waiting)
}

/// How many reviews of one case were held and met no clock of any series: as where nobody recorded what
/// the first counts from, where the child was not in care, or where the series was suspended. An act that
/// has to fulfil a condition is left aside, since it may be none of the series.
pub(super) fn unowed(
    of: (&Policy, &Frame, &Series),
    timeline: &Timeline,
    outcome: &Outcome,
) -> u64 {
    let (policy, frame, series) = of;
    let acts = [&series.held_on, &series.completed_on]
        .map(|act| act.as_ref().filter(|act| act.test.is_none()).map(|act| act.event));
    let clocked = |id: FactId| {
        outcome.deadlines.iter().any(|row| {
            let series = matches!(policy.rule(row.rule).body, Body::Series(_));
            series && has_clock(row) && row.done_by.contains(&id)
        })
    };
    let held = (0..).map(FactId).zip(timeline.facts());
    held.filter(|(id, fact)| {
        acts.contains(&Some(fact.event)) && frame.places(fact.date).is_some() && !clocked(*id)
    })
    .map(|_| 1)
    .sum()
}

/// Whether a review was due before the time of the report and is not held yet.
pub(super) fn behind<'a>(frame: &Frame, mut deadlines: impl Iterator<Item = &'a Deadline>) -> bool {
    deadlines.any(|row| {
        row.status == Status::Overdue && row.due_date().is_some_and(|due| due < frame.from)
    })
}

impl Timeliness {
    pub(super) fn new(frame: &Frame) -> Self {
        let empty = vec![Tally::default(); frame.spans().len()];
        Self {
            reviews: empty.clone(),
            cases: empty,
            ordinals: [Tally::default(); 3],
            undated: 0,
            unowed: (0, 0),
            behind: 0,
        }
    }

    /// Adds one case.
    pub(super) fn add(&mut self, case: &OfCase) {
        self.unowed.0 += case.unowed;
        self.unowed.1 += u64::from(case.unowed > 0);
        let none = case.reviews.iter().all(|review| review.places.is_none());
        self.behind += u64::from(case.behind && none);
        // The worst of each stretch decides the case.
        let mut worst: BTreeMap<usize, Kept> = BTreeMap::new();
        for &Review { kept, places, class } in &case.reviews {
            let Some(places) = places else {
                self.undated += 1;
                continue;
            };
            for place in places {
                if let Some(tally) = self.reviews.get_mut(place) {
                    tally.count(kept);
                }
                let before = worst.get(&place).copied();
                worst.insert(place, worse(before, kept));
            }
            if let Some(tally) = self.ordinals.get_mut(class) {
                tally.count(kept);
            }
        }
        for (place, worst) in worst {
            if let Some(tally) = self.cases.get_mut(place) {
                tally.count(worst);
            }
        }
    }

    /// Whether there was anything to count.
    pub(super) fn is_empty(&self) -> bool {
        self.undated == 0 && self.unowed.0 == 0 && self.reviews.iter().all(|tally| tally.all() == 0)
    }
}

/// All or nothing: one that was not in time decides, then one that cannot be said.
fn worse(before: Option<Kept>, kept: Kept) -> Kept {
    let kept = if kept == Kept::NotDone { Kept::Late } else { kept };
    match (before, kept) {
        (Some(Kept::Late), _) => Kept::Late,
        (Some(Kept::Unsaid), Kept::InTime) => Kept::Unsaid,
        (_, kept) => kept,
    }
}

impl Merge for Timeliness {
    fn take_in(&mut self, other: &Self) {
        self.reviews.take_in(&other.reviews);
        self.cases.take_in(&other.cases);
        self.ordinals.take_in(&other.ordinals);
        self.undated += other.undated;
        self.unowed.0 += other.unowed.0;
        self.unowed.1 += other.unowed.1;
        self.behind += other.behind;
    }
}
