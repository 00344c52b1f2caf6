//! A duty that hangs on the slots of a series: on which of them, and which acts belong to which.

use std::ops::Deref;

use smallvec::SmallVec;

use super::act::{Done, Place};
use super::case::Case;
use super::outcome::{Part, Terms};
use super::series::{Seen, SeriesView, Slot};
use crate::policy::{Anchor, Body, Condition, Duty, Ordinals, Policy, Rule, RuleId, Series};

/// A duty before or between the reviews of a series, as the policy has it.
#[derive(Debug, Clone, Copy)]
pub(super) struct SlotDuty<'p> {
    pub(super) rule: &'p Rule,
    pub(super) duty: &'p Duty,
    pub(super) series_rule: RuleId,
    pub(super) series: &'p Series,
    pub(super) ordinals: Ordinals,
    pub(super) test: Option<&'p Condition>,
    pub(super) midway: bool,
}

impl<'p> SlotDuty<'p> {
    /// The duty of a rule; none where it hangs on no series.
    pub(super) fn of(policy: &'p Policy, rule: &'p Rule) -> Option<SlotDuty<'p>> {
        let Body::Duty(duty) = &rule.body else { return None };
        // It lies before its reviews or between them, whichever of their days the policy names.
        let Anchor::Review { series: series_rule, ordinals, point: _, test } = &duty.anchor else {
            return None;
        };
        let (series_rule, ordinals, midway) = (*series_rule, *ordinals, duty.lies_midway());
        let series = policy.series(series_rule).filter(|_| midway || duty.lies_before())?;
        Some(SlotDuty { rule, duty, series_rule, series, ordinals, test: test.as_ref(), midway })
    }

    /// The ordinal by which the duty chooses a slot: that of the review it follows, for a duty
    /// midway between two.
    fn ordinal_of(&self, slot: &Slot) -> Option<u16> {
        let ordinal = slot.ordinal.checked_sub(u16::from(self.midway))?;
        (ordinal > 0).then_some(ordinal)
    }

    /// Whether the duty speaks of a slot.
    pub(super) fn speaks_of(&self, slot: &Slot) -> bool {
        self.ordinal_of(slot).is_some_and(|ordinal| self.ordinals.contains(ordinal))
            && self.rule.in_force.contains(slot.anchor.date)
    }
}

/// Such a duty in a case whose series was evaluated.
#[derive(Clone, Copy)]
pub(super) struct OnSlots<'a> {
    slot_duty: &'a SlotDuty<'a>,
    pub(super) view: &'a SeriesView,
    /// What every duty asks of the slots, by slot.
    all_seen: &'a [Seen],
}

impl<'a> Deref for OnSlots<'a> {
    type Target = SlotDuty<'a>;

    fn deref(&self) -> &SlotDuty<'a> {
        self.slot_duty
    }
}

/// Such a duty on one of the slots.
#[derive(Clone, Copy)]
pub(super) struct Preparation<'a> {
    pub(super) on_slots: &'a OnSlots<'a>,
    pub(super) slot: &'a Slot,
    pub(super) seen: &'a Seen,
    /// The acts that belong to the slot.
    pub(super) acts: &'a [&'a Done],
}

impl<'a> Deref for Preparation<'a> {
    type Target = OnSlots<'a>;

    fn deref(&self) -> &OnSlots<'a> {
        self.on_slots
    }
}

/// The acts that belong to a slot.
pub(super) type Mine<'a> = SmallVec<[&'a Done; 2]>;

impl OnSlots<'_> {
    /// The duty on a slot, with the acts that belong to it.
    pub(super) fn on<'b>(&'b self, slot: usize, acts: &'b [&'b Done]) -> Option<Preparation<'b>> {
        let (slot, seen) = (self.view.slots.get(slot)?, self.all_seen.get(slot)?);
        Some(Preparation { on_slots: self, slot, seen, acts })
    }
}

impl Preparation<'_> {
    /// The deadline, of which nothing is worked out yet.
    pub(super) fn row(&self) -> Option<Terms> {
        let mut row = Terms::waiting(Part::Whole);
        let number = if self.midway { self.slot.previous? as u16 + 1 } else { self.slot.number };
        row.ordinal = number;
        row.anchor = Some(self.slot.anchor);
        row.reference = self.seen.reference;
        Some(row)
    }
}

impl Case<'_> {
    /// A duty that hangs on a series; none before that was evaluated.
    pub(super) fn on_slots<'a>(&'a self, slot_duty: &'a SlotDuty<'a>) -> Option<OnSlots<'a>> {
        let view = self.view(slot_duty.series_rule)?;
        let all_seen = self.seen(slot_duty.series_rule, slot_duty.series, view);
        Some(OnSlots { slot_duty, view, all_seen })
    }

    /// To which slot each act belongs, of those of which the duty speaks.
    pub(super) fn taken_by(
        &self,
        on_slots: &OnSlots<'_>,
        acts: &[Done],
    ) -> SmallVec<[Option<usize>; 8]> {
        if acts.is_empty() {
            return SmallVec::new();
        }
        let slots = on_slots.view.slots.iter().zip(on_slots.all_seen);
        let places: SmallVec<[Option<&Place>; 8]> = slots
            .map(|(slot, seen)| seen.place.as_ref().filter(|_| on_slots.speaks_of(slot)))
            .collect();
        let places = places.iter().copied();
        acts.iter().map(|done| self.taken_before(&places, done.fact)).collect()
    }
}
