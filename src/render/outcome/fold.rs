//! What a short answer tells together: the many small things of one review.
//!
//! A policy may ask for twenty things on the day of a review. One by one they bury the few dates that
//! matter, so those with the same date and the same standing become one entry, who by who; and so do
//! those that have no date for one and the same reason, that of their review has passed. Whatever has a
//! date or a reason of its own stays by itself.

use super::{Answer, Extent, Item, told, when, words};
use crate::calendar::Date;
use crate::eval::{Deadline, Due, Reason, Status};
use crate::policy::RuleId;

/// Fewer than this are told one by one.
const FEW: usize = 3;

/// How many of what is over are named.
const NAMED: usize = 3;

/// What the things that are told together have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Alike {
    status: Status,
    series: RuleId,
    ordinal: u16,
    /// The place by the review, and the dates, for what is not over.
    open: Option<(words::Side, Due, Option<Date>)>,
    /// The review date that has passed, and the next that would still do, for what waits for another.
    passed: Option<(Date, Option<Date>)>,
}

impl Answer<'_> {
    /// The entries of a short answer, each where its first row stands.
    pub(super) fn folded(&self, rows: &[&Deadline]) -> Vec<Item> {
        let groups: Vec<Option<Alike>> = rows.iter().map(|row| self.alike(row)).collect();
        let mut items = Vec::new();
        for (index, row) in rows.iter().enumerate() {
            let alike = groups.get(index).copied().flatten();
            let same = |place: &usize| alike.is_some() && groups.get(*place) == Some(&alike);
            let places: Vec<usize> = (0..rows.len()).filter(same).collect();
            if places.len() < FEW {
                items.push(self.item(row, Extent::Open));
            } else if places.first() == Some(&index) {
                let group: Vec<&Deadline> =
                    places.iter().filter_map(|place| rows.get(*place)).copied().collect();
                items.push(self.together(row, &group));
            }
        }
        items
    }

    /// What a row could share with others; nothing where it has a date or a reason of its own.
    fn alike(&self, row: &Deadline) -> Option<Alike> {
        let (series, side) = self.review_of(row)?;
        let alike = |open, passed| {
            let (status, ordinal) = (row.status, row.ordinal);
            Some(Alike { status, series, ordinal, open, passed })
        };
        let mut reasons = row.reasons.iter();
        if let (Status::Waiting, Some(&Reason::BasisPassed(date, next)), None) =
            (row.status, reasons.next(), reasons.next())
        {
            return alike(None, Some((date, next)));
        }
        let on_the_day = match row.due {
            Due::On(day) => row.basis.as_ref().is_some_and(|basis| basis.date == day),
            Due::Never => true,
            Due::Waiting | Due::Beyond(_) | Due::Unknown => false,
        };
        if !on_the_day || told(row).next().is_some() || !row.alternatives.is_empty() {
            return None;
        }
        match row.status {
            Status::Missed => alike(None, None),
            Status::Due | Status::NotOpen | Status::Outstanding => {
                let day = row.opens.or(row.anchor.map(|anchor| anchor.date));
                alike(Some((side, row.due, day)), None)
            }
            _ => None,
        }
    }

    /// Things of one review as one entry.
    fn together(&self, first: &Deadline, group: &[&Deadline]) -> Item {
        let over = first.status == Status::Missed;
        let mut item = self.item(first, Extent::Open);
        item.count = group.len();
        // What waits for a date lies on all sides of its review.
        let of_review = over || first.status == Status::Waiting;
        item.title = format!("{} things {}", group.len(), self.place_of(first, of_review));
        if over {
            item.when = Some(match first.basis.as_ref() {
                Some(basis) => basis.date.long().to_string(),
                None => when(first),
            });
            let mut names: Vec<&str> = group.iter().map(|row| self.name_of(row)).collect();
            let more = names.split_off(names.len().min(NAMED)).len();
            let more = match more {
                0 => String::new(),
                more => format!("; and {more} more (`--all` shows them)"),
            };
            item.lines = vec![format!("no record of: {}{more}", names.join("; "))];
            return item;
        }
        // The last line says who; there may be several.
        item.lines.pop();
        let mut owners: Vec<(String, Vec<&str>)> = Vec::new();
        for row in group {
            let who = self.owner_words(row);
            let name = self.name_of(row);
            match owners.iter_mut().find(|(known, _)| *known == who) {
                Some((_, names)) => names.push(name),
                None => owners.push((who, vec![name])),
            }
        }
        let lines = owners.into_iter().map(|(who, names)| format!("{who}: {}", names.join("; ")));
        item.lines.extend(lines);
        item
    }

    fn name_of(&self, row: &Deadline) -> &str {
        &self.policy.rule(row.rule).title
    }
}
