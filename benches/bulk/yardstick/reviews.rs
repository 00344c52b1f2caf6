//! The reviews of a child: the turns of the series, by when each is due, and what is known of its day.

use super::case::{Case, List};
use super::days::{Day, Days};
use super::lines::Kind;
use super::states::AtHome;

/// The day from which preparation for a review counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Basis {
    pub(crate) kind: Kind,
    pub(crate) date: Day,
    /// Since when it is known.
    pub(crate) known: Day,
}

/// One turn: a review that is held, or to be held.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Turn {
    /// The day from which its clock counts.
    pub(crate) anchor: Day,
    /// Its number, from 1.
    pub(crate) ordinal: usize,
    /// The day it was held.
    pub(crate) held: Option<Day>,
    /// The first day on which preparation belongs to it, and the last.
    pub(crate) first: Day,
    pub(crate) last: Option<Day>,
    /// The day on which the child ceased to be looked after, where the review was not held by then.
    pub(crate) ended: Option<Day>,
    /// What is known today of its day; nothing where that has passed with no review.
    pub(crate) basis: Option<Basis>,
    /// The days to which it was brought forward, each with the day on which that was said.
    pub(crate) forward: List<(Day, Day)>,
}

/// Finds the turns of a case: one for each review that was held in time, and the one to come.
///
/// On the day on which the child ceases to be looked after no new clock starts, and the reviews
/// after it are none of the series.
pub(crate) fn turns(case: &Case, as_of: Day, turns: &mut List<Turn>) {
    turns.clear();
    let ceased = case.ceased();
    let within = |day: Day| ceased.is_none_or(|ceased| day <= ceased);
    let held = case.reviews.iter().map(|(day, _)| *day).filter(|&day| within(day)).map(Some);
    let (mut anchor, mut first) = (case.begin, case.begin);
    for (ordinal, held) in (1..).zip(held.chain([None])) {
        if Some(anchor) == ceased {
            break;
        }
        let ended = ceased.filter(|&ceased| held.is_none() && ceased < as_of);
        // There are fewer reviews than there is room for.
        turns.push(Turn {
            anchor,
            ordinal,
            held,
            first,
            last: held.or(ceased),
            ended,
            ..Turn::default()
        });
        if let Some(held) = held {
            (anchor, first) = (held, held + 1);
        }
    }
}

/// What decides about the days of the reviews of a case.
#[derive(Clone, Copy)]
pub(crate) struct Reviews<'a> {
    pub(crate) case: &'a Case,
    pub(crate) days: &'a Days,
    pub(crate) at_home: &'a AtHome,
    pub(crate) as_of: Day,
}

impl Reviews<'_> {
    /// The last lawful day of a turn, with the changes through a day.
    ///
    /// The first review is due within 20 days, the second within 91 and later ones within 183; while the
    /// child is at home on a care order the second and later ones within three months. Where that
    /// changes, the new limit counts from the same day, and gives no day before the change.
    #[inline]
    pub(crate) fn due(&self, turn: &Turn, through: Day) -> Day {
        self.due_if(turn, through, true)
    }

    fn due_if(&self, turn: &Turn, through: Day, unknown: bool) -> Day {
        let plain = turn.anchor
            + match turn.ordinal {
                1 => 20,
                2 => 91,
                _ => 183,
            };
        if turn.ordinal == 1 || self.at_home.never() {
            return plain;
        }
        let limit = |home: bool| if home { self.days.months_after(turn.anchor, 3) } else { plain };
        let mut home = AtHome::holds(self.case, turn.anchor, unknown);
        let mut due = limit(home);
        for day in self.at_home.changes(turn.anchor, through) {
            if day > due {
                break;
            }
            let now = AtHome::holds(self.case, day, unknown);
            if now != home {
                home = now;
                due = limit(home).max(day);
            }
        }
        due
    }

    /// The last lawful day as it stands today, and a later one where it is not known which holds.
    pub(crate) fn due_today(&self, turn: &Turn) -> (Day, Option<Day>) {
        // What changes after the child ceased to be looked after changes no review any more.
        let ended = turn.held.or(self.case.ceased());
        let through = ended.map_or(self.as_of, |ended| ended.min(self.as_of));
        let due = self.due(turn, through);
        if turn.ordinal == 1
            || self.at_home.never()
            || !self.at_home.in_doubt(self.case, turn.anchor, through)
        {
            return (due, None);
        }
        let other = self.due_if(turn, through, false);
        (due.min(other), Some(due.max(other)).filter(|_| due != other))
    }

    /// The latest lawful day that is known on a day, and since when it is known.
    fn latest(&self, turn: &Turn, day: Day) -> (Day, Day) {
        let due = self.due(turn, day);
        let mut since = turn.anchor;
        if turn.ordinal > 1 && !self.at_home.never() {
            let mut changes = self.at_home.changes(turn.anchor, day).rev().peekable();
            while let Some(change) = changes.next() {
                let before = changes.peek().copied().unwrap_or(turn.anchor);
                if self.due(turn, before) != due {
                    since = change;
                    break;
                }
            }
        }
        let forward = turn.forward.iter().filter(|(since, _)| *since <= day);
        forward.fold((due, since), |least, &(since, date)| least.min((date, since)))
    }

    /// The last plan of a turn that was made through a day: the day it was made, and its date. One that
    /// was made on the day of a review is for that review if it is for that very day, else for the next.
    #[inline]
    fn plan(&self, turn: &Turn, day: Day) -> Option<(Day, Day)> {
        let own = |(made, date): (Day, Day)| {
            if made == date {
                turn.ordinal == 1 || made != turn.anchor
            } else {
                turn.held.is_none_or(|held| made < held)
            }
        };
        let plan = self.case.plans.iter().rfind(|&&(made, date)| made <= day && own((made, date)));
        plan.copied().filter(|(made, _)| turn.anchor <= *made)
    }

    /// What is known today of the day of a turn.
    pub(crate) fn basis(&self, turn: &Turn) -> Option<Basis> {
        if let Some(held) = turn.held {
            let known = match self.plan(turn, held) {
                Some((made, date)) if date == held => made,
                _ => self.known_unplanned(turn, held),
            };
            return Some(Basis { kind: Kind::Actual, date: held, known });
        }
        let day = turn.ended.unwrap_or(self.as_of);
        if let Some((made, date)) = self.plan(turn, day)
            && day <= date
        {
            return Some(Basis { kind: Kind::Planned, date, known: made });
        }
        let (date, known) = self.latest(turn, day);
        (day <= date).then_some(Basis { kind: Kind::Projected, date, known })
    }

    /// Since when the day of a review was known that was not planned for it: one that was held on or
    /// after its latest lawful day makes nothing known that was not before.
    fn known_unplanned(&self, turn: &Turn, held: Day) -> Day {
        match self.latest(turn, held - 1) {
            (date, known) if date <= held => known,
            _ => held,
        }
    }

    /// The day of the review as it was known on a day of a turn.
    #[inline]
    pub(crate) fn known_on(&self, turn: &Turn, day: Day) -> Option<Day> {
        if turn.held == Some(day) {
            return Some(day);
        }
        if let Some((_, date)) = self.plan(turn, day)
            && day <= date
        {
            return Some(date);
        }
        Some(self.latest(turn, day).0).filter(|&date| day <= date)
    }
}
