//! Whether things were in time: each series of reviews and visits by month, per review and per
//! case, and every other duty that has a last day.

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

impl Series {
    pub(super) fn new(frame: &Frame) -> Self {
        let empty = vec![Tally::default(); frame.spans().len()];
        Self { reviews: empty.clone(), cases: empty, ordinals: [Tally::default(); 3], undated: 0 }
    }

    /// Counts the deadlines that one case has in the series; nothing where it has none.
    pub(super) fn of<'a>(
        frame: &Frame,
        deadlines: impl Iterator<Item = &'a Deadline>,
    ) -> Option<Self> {
        let mut deadlines = deadlines.peekable();
        deadlines.peek()?;
        let mut series = Self::new(frame);
        series.add(frame, deadlines);
        Some(series)
    }

    fn add<'a>(&mut self, frame: &Frame, deadlines: impl Iterator<Item = &'a Deadline>) {
        // The worst of each stretch decides the case.
        let mut worst: Vec<Option<Kept>> = vec![None; frame.spans().len()];
        for deadline in deadlines {
            let Some((kept, day)) = turned_out(deadline) else { continue };
            let Some(day) = day else {
                self.undated += 1;
                continue;
            };
            let Some(places) = frame.places(day) else { continue };
            for place in places {
                if let Some(tally) = self.reviews.get_mut(place) {
                    tally.count(kept);
                }
                if let Some(worst) = worst.get_mut(place) {
                    *worst = Some(worse(*worst, kept));
                }
            }
            let class = usize::from(deadline.ordinal.clamp(1, 3)) - 1;
            if let Some(tally) = self.ordinals.get_mut(class) {
                tally.count(kept);
            }
        }
        for (tally, worst) in self.cases.iter_mut().zip(worst) {
            if let Some(worst) = worst {
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
