//! Duties with the same window: before or between the same reviews, under the same limits. They differ in
//! what does them and in when they are owed at all, so that they come to the same wherever they are owed
//! and nothing was done.
//!
//! A policy has many duties "before each review", and for most reviews little of what they ask for is
//! recorded. What they have in common is worked out once for each review.

use std::cell::OnceCell;
use std::sync::Arc;

use super::outcome::{Due, Reason, Terms};
use super::slot_duty::SlotDuty;
use crate::calendar::Date;
use crate::policy::{Duty, Limit, Policy, RuleId, Shape, Window};

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
            let slot_duty = SlotDuty::of(policy, rule)?;
            let window = place_of(&mut windows, slot_duty, SlotDuty::has_the_same_window);
            let both = |one: &(u16, SlotDuty<'_>), other: &(u16, SlotDuty<'_>)| {
                one.0 == other.0 && one.1.has_the_same_conditions(&other.1)
            };
            Some(Group { window, owed: place_of(&mut owed, (window, slot_duty), both) })
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

impl SlotDuty<'_> {
    fn has_the_same_window(&self, other: &SlotDuty<'_>) -> bool {
        self.series_rule == other.series_rule && have_the_same_window(self.duty, other.duty)
    }

    fn has_the_same_conditions(&self, other: &SlotDuty<'_>) -> bool {
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
    /// What it comes to where nothing was done, and no doubt is left whether it is owed; once that is asked.
    pub(super) undone: OnceCell<Arc<Terms>>,
}

impl Common {
    /// What duties come to of which nothing more is known.
    pub(super) fn of(row: Terms) -> Common {
        Common { row, possible: Vec::new(), settled: false, undone: OnceCell::new() }
    }
}

/// A slot on which duties that are owed alike are owed.
#[derive(Debug)]
pub(super) struct Owed {
    /// The slot, by its place.
    pub(super) slot: u16,
    /// What they have in common with all duties that have the same window, by its place.
    pub(super) common: u32,
    /// Why it is not certain that they are owed.
    pub(super) doubt: Vec<Reason>,
    /// What they come to where nothing was done, once that is asked.
    pub(super) undone: OnceCell<Arc<Terms>>,
}

impl Owed {
    /// A slot on which it was not asked yet what was done.
    pub(super) fn on(slot: u16, common: u32, doubt: Vec<Reason>) -> Owed {
        Owed { slot, common, doubt, undone: OnceCell::new() }
    }
}

/// What duties have in common that are alike.
#[derive(Debug, Default)]
pub(super) struct Commons {
    /// By group of duties with the same window: where its slots begin among the places.
    begins: Vec<Option<u32>>,
    /// By group, then by slot: what is known of it.
    places: Vec<Asked>,
    all: Vec<Common>,
    /// By group of duties that are owed alike: where the slots on which they are owed begin and end, once
    /// the first of them was evaluated.
    groups: Vec<Option<(u32, u32)>>,
    owed: Vec<Owed>,
}

/// What is known of what the duties of a group have in common on a slot.
#[derive(Debug, Clone, Copy)]
enum Asked {
    NotYet,
    /// They owe nothing.
    Nothing,
    /// It lies at this place.
    At(u32),
}

impl Commons {
    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        self.begins.clear();
        self.places.clear();
        self.all.clear();
        self.groups.clear();
        self.owed.clear();
    }

    /// The slots on which the duties of a group that are owed alike are owed; none before the first of them
    /// was evaluated.
    pub(super) fn owed(&self, owed: u16) -> Option<&[Owed]> {
        let (begin, end) = self.groups.get(usize::from(owed)).copied().flatten()?;
        self.owed.get(begin as usize..end as usize)
    }

    /// Begins with the slots on which the duties of a group are owed.
    pub(super) fn begin_owed(&mut self, owed: u16) {
        let group = usize::from(owed);
        if self.groups.len() <= group {
            self.groups.resize(group + 1, None);
        }
        let begin = self.owed.len() as u32;
        if let Some(place) = self.groups.get_mut(group) {
            *place = Some((begin, begin));
        }
    }

    /// Keeps one of them, of the group begun with last.
    pub(super) fn keep_owed(&mut self, owed: u16, slot: Owed) {
        self.owed.push(slot);
        if let Some(Some((_, end))) = self.groups.get_mut(usize::from(owed)) {
            *end = self.owed.len() as u32;
        }
    }

    /// What duties have in common on a slot on which they are owed.
    pub(super) fn common(&self, owed: &Owed) -> Option<&Common> {
        self.all.get(owed.common as usize)
    }

    /// Keeps what duties come to on one slot, and says where.
    pub(super) fn keep(&mut self, common: Common) -> u32 {
        self.all.push(common);
        self.all.len() as u32 - 1
    }

    /// Where it lies what a group has in common on a slot; worked out the first time. None where it owes nothing.
    pub(super) fn place_of(
        &mut self,
        group: u16,
        (slot, slots): (usize, usize),
        work_out: impl FnOnce() -> Option<Common>,
    ) -> Option<u32> {
        let group = usize::from(group);
        if self.begins.len() <= group {
            self.begins.resize(group + 1, None);
        }
        let begin = self.begins.get_mut(group)?;
        let begin = *begin.get_or_insert_with(|| {
            let begin = self.places.len();
            self.places.resize(begin + slots, Asked::NotYet);
            begin as u32
        });
        let place = begin as usize + slot;
        if let Some(Asked::NotYet) = self.places.get(place) {
            let asked = work_out().map_or(Asked::Nothing, |common| Asked::At(self.keep(common)));
            if let Some(place) = self.places.get_mut(place) {
                *place = asked;
            }
        }
        match self.places.get(place)? {
            Asked::At(place) => Some(*place),
            Asked::NotYet | Asked::Nothing => None,
        }
    }
}
