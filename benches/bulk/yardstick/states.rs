//! What is so of a child on a day.

use super::case::{Case, Kind, List, Setting};
use super::days::Day;

/// Yes, no, or not known because two events of one day stand in no order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Truth {
    Yes,
    No,
    Unknown,
}

impl From<bool> for Truth {
    fn from(holds: bool) -> Truth {
        if holds { Truth::Yes } else { Truth::No }
    }
}

impl Case {
    /// Whether a state that an event opens holds, and that ends when the child ceases to be looked
    /// after. Where it opens on that very day, it is not known whether it goes on.
    fn until_ceased(&self, opened: Option<Day>, day: Day) -> Truth {
        let Some(opened) = opened.filter(|&opened| opened <= day) else { return Truth::No };
        match self.ceased() {
            Some(ceased) if opened == ceased && ceased < day => Truth::Unknown,
            Some(ceased) if opened < ceased => Truth::from(day <= ceased),
            _ => Truth::Yes,
        }
    }

    /// Eligible young person.
    pub(crate) fn eligible(&self, day: Day) -> Truth {
        self.until_ceased(self.first(Kind::Eligible), day)
    }

    /// In court proceedings, now or earlier.
    pub(crate) fn court_case(&self, day: Day) -> Truth {
        self.until_ceased(self.first(Kind::Proceedings), day)
    }

    /// Accommodated under section 20; no order is ever made about such a child.
    pub(crate) fn accommodated(&self, day: Day) -> Truth {
        self.until_ceased(self.first(Kind::Accommodated), day)
    }

    /// Has an independent visitor or advocate.
    pub(crate) fn has_advocate(&self, day: Day) -> Truth {
        Truth::from(self.first(Kind::Advocate).is_some_and(|opened| opened <= day))
    }

    /// Subject of a child protection plan.
    pub(crate) fn on_protection_plan(&self, day: Day) -> Truth {
        Truth::from(self.first(Kind::ProtectionPlan).is_some_and(|opened| opened <= day))
    }

    /// Whether the latest placement is of this kind.
    pub(crate) fn placed_in(&self, setting: Setting, day: Day) -> Truth {
        let latest = self.placed.iter().rfind(|(placed, _)| *placed <= day);
        Truth::from(latest.is_some_and(|(_, latest)| *latest == setting))
    }

    /// Whether consultation documents came in since the review before, or are of this day's review.
    pub(crate) fn documents_in(&self, day: Day) -> Truth {
        let held = self.reviews.iter().rfind(|(held, _)| *held < day);
        let returned = self.of(Kind::Consultation).iter().rfind(|returned| **returned <= day);
        Truth::from(returned.is_some_and(|returned| held.is_none_or(|(held, _)| held < returned)))
    }

    /// On a care order, interim or full, and placed with parents.
    fn at_home(&self, day: Day) -> Truth {
        if self.placed_in(Setting::WithParents, day) == Truth::No {
            return Truth::No;
        }
        let full = self.first(Kind::CareOrder);
        let interim = self.first(Kind::Interim).is_some_and(|made| {
            made <= day
                && full.is_none_or(|full| day <= full)
                && self.ceased().is_none_or(|ceased| day <= ceased)
        });
        if interim { Truth::Yes } else { self.until_ceased(full, day) }
    }

    /// Whether the child can ever be at home on a care order.
    pub(crate) fn may_be_at_home(&self) -> bool {
        self.placed.iter().any(|(_, setting)| *setting == Setting::WithParents)
            && self.first(Kind::CareOrder).or(self.first(Kind::Interim)).is_some()
    }
}

/// Whether a child is at home on a care order, day by day.
#[derive(Debug, Clone, Default)]
pub(crate) struct AtHome {
    /// The days on which it may change, in order.
    days: List<Day>,
    possible: bool,
}

impl AtHome {
    /// Looks for the days on which it may change; there are none for most children.
    pub(crate) fn find(&mut self, case: &Case) {
        self.days.clear();
        self.possible = case.may_be_at_home();
        if !self.possible {
            return;
        }
        let orders = [case.first(Kind::Interim), case.first(Kind::CareOrder)];
        let ends = [case.first(Kind::CareOrder), case.ceased()].map(|end| end.map(|end| end + 1));
        let placed = case.placed.iter().map(|(day, _)| *day);
        for day in orders.into_iter().chain(ends).flatten().chain(placed) {
            // There are fewer than there is room for.
            self.days.push(day);
        }
        self.days.sort_unstable();
    }

    /// Whether nothing has to be looked at.
    #[inline]
    pub(crate) fn never(&self) -> bool {
        !self.possible
    }

    /// The days of change after one day and through another.
    pub(crate) fn changes(&self, after: Day, through: Day) -> impl DoubleEndedIterator<Item = Day> {
        self.days.iter().copied().filter(move |&day| after < day && day <= through)
    }

    /// Whether it is so on a day; what is not known is taken to be as given.
    pub(crate) fn holds(case: &Case, day: Day, unknown: bool) -> bool {
        match case.at_home(day) {
            Truth::Yes => true,
            Truth::No => false,
            Truth::Unknown => unknown,
        }
    }

    /// Whether it is not known on any day of change.
    pub(crate) fn in_doubt(&self, case: &Case, after: Day, through: Day) -> bool {
        self.changes(after, through).any(|day| case.at_home(day) == Truth::Unknown)
    }
}
