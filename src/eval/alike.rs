//! Duties with the same window: before or between the same reviews, under the same limits. They differ in
//! what does them and in when they are owed at all, so that they come to the same wherever they are owed
//! and nothing was done.
//!
//! A policy has many duties "before each review", and for most reviews little of what they ask for is
//! recorded. What they have in common is worked out once for each review.

use std::cell::OnceCell;
use std::sync::Arc;

use super::outcome::{Deadline, Due, Terms};
use crate::calendar::Date;
use crate::policy::{
    Anchor, Body, Condition, Duty, Limit, Ordinals, Policy, Rule, RuleId, Shape, Window,
};

/// Which duties before or between reviews are alike, and what those have in common in the case that is
/// being evaluated.
#[derive(Debug)]
pub(super) struct Alike {
    /// By rule; none for a rule that is no such duty.
    groups: Vec<Option<Group>>,
    commons: Commons,
    /// The revision of the case from which that was worked out.
    revision: u32,
}

/// The duties to which one is alike.
#[derive(Debug, Clone, Copy)]
pub(super) struct Group {
    /// Those that have the same window.
    pub(super) window: u16,
    /// Those of them that are owed on the same slots too, as they have the same conditions.
    pub(super) owed: u16,
}

impl Alike {
    /// Finds the duties of a policy that are alike.
    pub(super) fn new(policy: &Policy) -> Alike {
        let (mut windows, mut owed) = (Vec::new(), Vec::new());
        let group_of = |rule| {
            let hung = Hung::of(rule)?;
            let window = place_of(&mut windows, hung, Hung::has_the_same_window);
            let both = |one: &(u16, Hung<'_>), other: &(u16, Hung<'_>)| {
                one.0 == other.0 && one.1.has_the_same_conditions(&other.1)
            };
            Some(Group { window, owed: place_of(&mut owed, (window, hung), both) })
        };
        let groups = policy.rules.iter().map(group_of).collect();
        Alike { groups, commons: Commons::default(), revision: 0 }
    }

    /// The duties to which that of a rule is alike; none where it lies neither before nor between reviews.
    pub(super) fn group(&self, rule: RuleId) -> Option<Group> {
        self.groups.get(rule.index()).copied().flatten()
    }

    /// Forgets what was worked out of a case.
    pub(super) fn forget(&mut self) {
        self.commons.clear();
        self.revision = 0;
    }

    /// What duties that are alike have in common in the case, as it stands at a revision.
    // INVARIANT: forgotten, as what was known of the reviews is, whenever an event is deemed or a review
    // brought forward.
    pub(super) fn commons(&mut self, revision: u32) -> &mut Commons {
        if self.revision != revision {
            self.commons.clear();
            self.revision = revision;
        }
        &mut self.commons
    }
}

/// The place of the group to which one belongs, by the first of each group; of a new one, where it belongs to
/// none.
fn place_of<T>(firsts: &mut Vec<T>, one: T, together: impl Fn(&T, &T) -> bool) -> u16 {
    let place = firsts.iter().position(|first| together(first, &one)).unwrap_or_else(|| {
        firsts.push(one);
        firsts.len() - 1
    });
    place as u16
}

/// A duty that hangs on the slots of a series.
#[derive(Clone, Copy)]
struct Hung<'p> {
    rule: &'p Rule,
    duty: &'p Duty,
    series: RuleId,
    ordinals: Ordinals,
    test: Option<&'p Condition>,
}

impl<'p> Hung<'p> {
    fn of(rule: &'p Rule) -> Option<Hung<'p>> {
        let Body::Duty(duty) = &rule.body else { return None };
        // It lies before its reviews or between them, whichever of their days the policy names.
        let Anchor::Review { series, ordinals, point: _, test } = &duty.anchor else { return None };
        let (series, ordinals, test) = (*series, *ordinals, test.as_ref());
        let hangs = duty.lies_before() || duty.lies_midway();
        hangs.then_some(Hung { rule, duty, series, ordinals, test })
    }

    fn has_the_same_window(&self, other: &Hung<'_>) -> bool {
        self.series == other.series && have_the_same_window(self.duty, other.duty)
    }

    fn has_the_same_conditions(&self, other: &Hung<'_>) -> bool {
        (self.ordinals, self.test) == (other.ordinals, other.test)
            && self.rule.in_force == other.rule.in_force
            && self.rule.while_ == other.rule.while_
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
    /// What they come to as far as that is known.
    pub(super) row: Terms,
    /// Its possible dates, where something is not known.
    pub(super) possible: Vec<(Option<Date>, Due)>,
    /// Whether it is the same whatever was done.
    pub(super) settled: bool,
    /// What it comes to where nothing was done, once that is asked.
    pub(super) undone: OnceCell<Arc<Terms>>,
}

impl Common {
    /// What duties come to of which nothing more is known.
    pub(super) fn of(row: Terms) -> Common {
        Common { row, possible: Vec::new(), settled: false, undone: OnceCell::new() }
    }
}

/// What duties with the same window have in common on each slot of their series.
#[derive(Debug, Default)]
pub(super) struct Commons {
    /// Where those of each group begin among the places.
    begins: Vec<Option<u32>>,
    /// By group, then by slot: where it lies among all; none before it is asked for.
    places: Vec<Option<u32>>,
    all: Vec<Option<Common>>,
    /// By group of duties that are owed alike: where what they come to lies, where nothing was done, once
    /// the first of them was evaluated.
    undone: Vec<Option<(u32, u32)>>,
    /// What those come to, one behind the other.
    come_to: Vec<Arc<Terms>>,
}

impl Commons {
    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        self.begins.clear();
        self.places.clear();
        self.all.clear();
        self.undone.clear();
        self.come_to.clear();
    }

    /// What the duties of a group that are owed alike come to where nothing was done; none before the
    /// first of them was evaluated.
    pub(super) fn undone(&self, owed: u16) -> Option<&[Arc<Terms>]> {
        let (begin, end) = self.undone.get(usize::from(owed)).copied().flatten()?;
        self.come_to.get(begin as usize..end as usize)
    }

    /// Keeps what the first of them came to.
    pub(super) fn keep_undone(&mut self, owed: u16, deadlines: &[Deadline]) {
        let owed = usize::from(owed);
        if self.undone.len() <= owed {
            self.undone.resize(owed + 1, None);
        }
        let begin = self.come_to.len() as u32;
        self.come_to.extend(deadlines.iter().map(|deadline| Arc::clone(&deadline.terms)));
        if let Some(place) = self.undone.get_mut(owed) {
            *place = Some((begin, self.come_to.len() as u32));
        }
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
