//! The lanes of a picture: what each deadline, each ladder and each bundle of small things is drawn as.

use super::axis::{Lane, Mark};
use super::{Picture, Status};
use crate::calendar::Date;
use crate::eval::{Deadline, Part, Standing};
use crate::render::outcome::Side;

/// Fewer than this have a lane each.
const FEW: usize = 3;

/// What the deadlines of one lane have in common.
#[derive(PartialEq)]
struct Alike {
    status: Status,
    due: Date,
    opens: Option<Date>,
    side: Side,
    series: crate::policy::RuleId,
    ordinal: u16,
}

impl Picture<'_> {
    /// The lanes of some deadlines of one status; those of one review with the same days are one lane.
    pub(super) fn lanes(&self, rows: &[&Deadline]) -> Vec<Lane> {
        let mut bundles: Vec<(Option<Alike>, Vec<&Deadline>)> = Vec::new();
        for row in rows {
            let alike = self.alike(row);
            match bundles.iter_mut().find(|(known, _)| known.is_some() && *known == alike) {
                Some((_, bundle)) => bundle.push(row),
                None => bundles.push((alike, vec![row])),
            }
        }
        let mut lanes = Vec::new();
        for (_, bundle) in bundles {
            match bundle.first() {
                Some(first) if bundle.len() >= FEW => {
                    let name = format!(
                        "{} things {}",
                        bundle.len(),
                        self.answer.place_of(first, first.status == Status::Missed)
                    );
                    lanes.push(self.lane(first, &name));
                }
                _ => lanes
                    .extend(bundle.into_iter().map(|row| self.lane(row, &self.answer.title(row)))),
            }
        }
        lanes
    }

    fn alike(&self, row: &Deadline) -> Option<Alike> {
        let (series, side) = self.answer.review_of(row)?;
        if !row.alternatives.is_empty() || row.done_on.is_some() {
            return None;
        }
        let (status, ordinal, opens) = (row.status, row.ordinal, row.opens);
        Some(Alike { status, due: row.due_date()?, opens, side, series, ordinal })
    }

    fn lane(&self, row: &Deadline, name: &str) -> Lane {
        let as_of = self.answer.outcome.as_of;
        let mut lane = Lane::new(row.due_date(), self.plain(name));
        let Some(due) = row.due_date() else {
            lane.says = Some("no date can be given");
            return lane;
        };
        let start = row.opens.or(row.anchor.map(|anchor| anchor.date)).filter(|&day| day <= due);
        lane.window = Some((start.unwrap_or(due), due));
        lane.opens = row.opens.is_some() && start < Some(due);
        let until = match row.status {
            Status::Overdue | Status::Begun => Some(as_of),
            Status::Late => row.done_on,
            _ => None,
        };
        lane.after = until.filter(|&day| day > due).map(|day| (due, day));
        lane.marks.push((due, Mark::Last));
        lane.marks.extend(row.alternatives.iter().map(|&day| (day, Mark::Other)));
        lane.marks.extend(row.done_on.map(|day| (day, Mark::Done)));
        lane
    }

    /// A ladder: from its opening to its cap, with the number of each stage on the day it was opened.
    pub(super) fn ladder_lane(&self, standing: &Standing) -> Lane {
        let outcome = self.answer.outcome;
        let own = || {
            let rows = outcome.deadlines.iter();
            rows.filter(|row| (row.rule, row.ordinal) == (standing.rule, standing.ordinal))
        };
        let cap = own().find(|row| row.part == Part::Cap).and_then(|row| row.due_date());
        let name = format!(
            "{}: {}",
            self.answer.ladder_title(standing),
            self.answer.policy.stage_title(standing.rule, standing.stage)
        );
        let closed = standing.closed.and_then(|fact| self.answer.known(fact));
        let closed = closed.map(|known| known.date);
        let mut lane = Lane::new(cap, self.plain(&name));
        let opened = self.answer.known(standing.opened).map(|known| known.date);
        let end = closed.or(cap).unwrap_or(outcome.as_of);
        lane.window = opened.map(|day| (day.min(end), end));
        lane.after = cap
            .filter(|&cap| cap < outcome.as_of && closed.is_none())
            .map(|cap| (cap, outcome.as_of));
        lane.marks.extend(cap.map(|day| (day, Mark::Last)));
        for row in own() {
            if let (Part::Answer { stage }, Some(anchor)) = (row.part, row.anchor) {
                lane.marks.push((anchor.date, Mark::Stage(stage)));
            }
        }
        if let Some(known) = self.answer.known(standing.stage_opened) {
            lane.marks.push((known.date, Mark::Stage(standing.stage)));
        }
        lane.marks.extend(closed.map(|day| (day, Mark::Done)));
        lane
    }
}
