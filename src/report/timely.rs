//! Whether things were in time: each series of reviews and visits by month, per review and per
//! case, and every other duty that has a last day.

use std::collections::BTreeMap;

use super::counts::{Kept, Merge, Tally, turned_out};
use super::frame::Frame;
use crate::eval::Deadline;

/// The timeliness of one series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Series {
    /// By stretch, each review by itself.
    pub(super) reviews: Vec<Tally>,
    /// By stretch, each case by all its reviews together; `late` stands for any that was not in
    /// time, and `not_done` is not used.
    pub(super) cases: Vec<Tally>,
    /// In the whole time: the first, the second, and all later ones.
    pub(super) ordinals: [Tally; 3],
    /// Those of which neither whether nor when can be said.
    pub(super) undated: u64,
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

impl Series {
    pub(super) fn new(frame: &Frame) -> Self {
        let empty = vec![Tally::default(); frame.spans().len()];
        Self { reviews: empty.clone(), cases: empty, ordinals: [Tally::default(); 3], undated: 0 }
    }

    /// Adds the reviews of one case.
    pub(super) fn add(&mut self, reviews: &[Review]) {
        // The worst of each stretch decides the case.
        let mut worst: BTreeMap<usize, Kept> = BTreeMap::new();
        for &Review { kept, places, class } in reviews {
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
        self.undated == 0 && self.reviews.iter().all(|tally| tally.all() == 0)
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

impl Merge for Series {
    fn take_in(&mut self, other: &Self) {
        self.reviews.take_in(&other.reviews);
        self.cases.take_in(&other.cases);
        self.ordinals.take_in(&other.ordinals);
        self.undated += other.undated;
    }
}
