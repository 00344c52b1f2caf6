//! Stretches of days, and the stretches of all states of a case in one buffer.

use super::outcome::{FactId, Question};
use super::truth::Mode;
use crate::calendar::Date;
use crate::policy::StateId;

/// A stretch of days on which a state holds, or on which it is not known whether it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stretch {
    /// The first day.
    pub(super) from: Date,
    /// The last day, the closing day included; `None` while it goes on.
    pub(super) until: Option<Date>,
    /// Whether it holds (rather than: it is not known whether it does).
    pub(super) certain: bool,
    /// The fact that began it.
    pub(super) opened: Option<FactId>,
    /// The fact that ended it.
    pub(super) closed: Option<FactId>,
    /// What it turns on, where it is not certain; or what its end turns on, where it is.
    pub(super) doubt: Option<Question>,
}

impl Stretch {
    /// Whether the day lies in it; the closing day does only for acts.
    pub(super) fn contains(&self, day: Date, mode: Mode) -> bool {
        self.from <= day
            && match (self.until, mode) {
                (None, _) => true,
                (Some(until), Mode::Starts) if self.closed.is_some() => day < until,
                (Some(until), _) => day <= until,
            }
    }
}

/// The stretches of the states that events open and close, those of one state side by side. The buffer is
/// used again for the next case.
#[derive(Debug, Default)]
pub(super) struct Stretches {
    all: Vec<Stretch>,
    /// Where those of each state begin and end.
    places: Vec<(u32, u32)>,
}

impl Stretches {
    /// Forgets everything, and makes room for so many states.
    pub(super) fn clear(&mut self, states: usize) {
        self.all.clear();
        self.places.clear();
        self.places.resize(states, (0, 0));
    }

    /// Keeps the stretches of a state, in order; those kept of it before count no more.
    pub(super) fn keep(&mut self, state: usize, stretches: Vec<Stretch>) {
        let begin = self.all.len() as u32;
        self.all.extend(stretches);
        if let Some(place) = self.places.get_mut(state) {
            *place = (begin, self.all.len() as u32);
        }
    }

    /// The stretches of a state, in order.
    pub(super) fn of(&self, state: StateId) -> &[Stretch] {
        let (begin, end) = self.places.get(state.index()).copied().unwrap_or_default();
        self.all.get(begin as usize..end as usize).unwrap_or(&[])
    }
}
