//! Duties with the same window: before or between the same reviews, under the same limits. They differ in
//! what does them and in when they are owed at all, so that they come to the same wherever they are owed
//! and nothing was done.
//!
//! A policy has many duties "before each review", and for most reviews little of what they ask for is
//! recorded. What they have in common is worked out once for each review.

use std::cell::OnceCell;

use super::outcome::{Deadline, Due};
use super::prepare::{lies_before, lies_midway};
use crate::calendar::Date;
use crate::policy::{Anchor, Body, Duty, Limit, Policy, Rule, RuleId, Shape, Window};

/// Which duties before or between reviews have the same window.
#[derive(Debug)]
pub(super) struct Alike {
    /// The group of each rule, by rule; none for a rule that is no such duty.
    groups: Vec<Option<u16>>,
}

impl Alike {
    /// Finds the duties of a policy that have the same window.
    pub(super) fn new(policy: &Policy) -> Alike {
        let mut firsts: Vec<(RuleId, &Duty)> = Vec::new();
        let mut group_of = |rule| {
            let (series, duty) = preparation(rule)?;
            let same = |&(other, first): &(RuleId, &Duty)| {
                series == other && have_the_same_window(first, duty)
            };
            let place = firsts.iter().position(same).unwrap_or_else(|| {
                firsts.push((series, duty));
                firsts.len() - 1
            });
            Some(place as u16)
        };
        Alike { groups: policy.rules.iter().map(&mut group_of).collect() }
    }

    /// The group of a rule.
    pub(super) fn group(&self, rule: RuleId) -> Option<u16> {
        self.groups.get(rule.index()).copied().flatten()
    }
}

/// The duty of a rule that lies before or between reviews, with their series.
fn preparation(rule: &Rule) -> Option<(RuleId, &Duty)> {
    match &rule.body {
        Body::Duty(duty) => match &duty.anchor {
            Anchor::Review { series, .. } if lies_before(duty) || lies_midway(duty) => {
                Some((*series, duty))
            }
            _ => None,
        },
        _ => None,
    }
}

fn have_the_same_window(one: &Duty, other: &Duty) -> bool {
    // The series is compared apart; which of its reviews a duty speaks of is asked of each duty, before
    // what it has in common with others.
    let Duty { limits, mid_clock, anchor: _, acts: _, all: _, deemed: _, moved: _ } = one;
    *mid_clock == other.mid_clock
        && limits.len() == other.limits.len()
        && limits.iter().zip(&other.limits).all(|(one, other)| govern_the_same(one, other))
}

/// Whether two limits are the same but for where they are written and the readings they rest on.
fn govern_the_same(one: &Limit, other: &Limit) -> bool {
    fn shape(window: &Window) -> &Shape {
        &window.shape
    }
    let Limit { exception, ordinals, test, condition, started, window, origin: _ } = one;
    *exception == other.exception
        && *ordinals == other.ordinals
        && *test == other.test
        && *condition == other.condition
        && *started == other.started
        && window.as_ref().map(shape) == other.window.as_ref().map(shape)
}

/// What duties with the same window come to on a slot, as far as it does not rest on what was done.
#[derive(Debug, Clone)]
pub(super) struct Common {
    /// The deadline, of whatever rule it is.
    pub(super) row: Deadline,
    /// Its possible dates, where something is not known.
    pub(super) possible: Vec<(Option<Date>, Due)>,
    /// Whether it is the same whatever was done.
    pub(super) settled: bool,
    /// What it comes to where nothing was done, once that is asked.
    pub(super) undone: OnceCell<Deadline>,
}

impl Common {
    /// A deadline of which nothing more is known.
    pub(super) fn of(row: Deadline) -> Common {
        Common { row, possible: Vec::new(), settled: false, undone: OnceCell::new() }
    }
}

/// What duties with the same window have in common on each slot of their series.
// INVARIANT: forgotten, as what was known of the reviews is, whenever an event is deemed or a review
// brought forward.
#[derive(Debug, Default)]
pub(super) struct Commons {
    /// Where those of each group begin among the places.
    begins: Vec<Option<u32>>,
    /// By group, then by slot: where it lies among all; none before it is asked for.
    places: Vec<Option<u32>>,
    all: Vec<Option<Common>>,
}

impl Commons {
    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        self.begins.clear();
        self.places.clear();
        self.all.clear();
    }

    /// What a group has in common on a slot; worked out the first time. None where it owes nothing.
    pub(super) fn of(
        &mut self,
        group: u16,
        (slot, slots): (usize, usize),
        work_out: impl FnOnce() -> Option<Common>,
    ) -> Option<&Common> {
        let group = usize::from(group);
        if self.begins.len() <= group {
            self.begins.resize(group + 1, None);
        }
        let begin = self.begins.get_mut(group)?;
        let begin = *begin.get_or_insert_with(|| {
            let begin = self.places.len();
            self.places.resize(begin + slots, None);
            begin as u32
        });
        let place = self.places.get_mut(begin as usize + slot)?;
        let place = *place.get_or_insert_with(|| {
            self.all.push(work_out());
            self.all.len() as u32 - 1
        });
        self.all.get(place as usize)?.as_ref()
    }
}
