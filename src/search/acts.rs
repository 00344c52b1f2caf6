//! What is late by a day, what was left undone, and which acts would have done it.

use super::tests_of::passing;
use crate::calendar::Date;
use crate::eval::{Deadline, Due, Part, Reason, Status};
use crate::policy::{Body, EventId, EventMatch, Policy, Value};

/// Whether a deadline went wrong by a day on which the case is seen.
pub(super) fn is_late(row: &Deadline, day: Date) -> bool {
    match row.status {
        Status::Late | Status::Missed | Status::Overdue | Status::CannotBeMet => true,
        Status::Begun => row.days > 0,
        // The date to work to is the earliest of those that are possible.
        Status::Undetermined => {
            matches!(row.due, Due::On(due) if due < row.done_on.unwrap_or(day))
        }
        Status::Met
        | Status::Due
        | Status::NotOpen
        | Status::Waiting
        | Status::Lapsed
        | Status::Outstanding => false,
    }
}

/// Whether a deadline has a last day and nothing was done about it by the time it was over.
pub(super) fn is_undone(row: &Deadline) -> bool {
    let over = match row.status {
        Status::Missed | Status::Overdue | Status::CannotBeMet => true,
        // A review held on the very last day ends what was to be done before it.
        Status::Lapsed => row.reasons.iter().any(|why| matches!(why, Reason::ReviewHeld(_))),
        Status::Late
        | Status::Met
        | Status::Due
        | Status::NotOpen
        | Status::Begun
        | Status::Waiting
        | Status::Outstanding
        | Status::Undetermined => false,
    };
    over && row.done_on.is_none()
}

/// The acts that would meet a deadline: events, each with values by the place of the attribute. Where any
/// of several would do, each is tried in its turn.
pub(super) fn acts_for(
    policy: &Policy,
    row: &Deadline,
    turn: usize,
) -> Vec<(EventId, Vec<(usize, Value)>)> {
    let act = |wanted: &EventMatch| {
        let values = wanted.test.as_ref().map(passing).unwrap_or_default();
        let values = values.into_iter().map(|(attribute, value)| (attribute.index(), value));
        (wanted.event, values.collect())
    };
    let once = |wanted: Option<&EventMatch>| match turn {
        0 => wanted.map(act).into_iter().collect(),
        _ => Vec::new(),
    };
    match (&policy.rule(row.rule).body, row.part) {
        (Body::Duty(duty), _) if duty.all => match turn {
            0 => duty.acts.iter().map(|one| act(&one.event)).collect(),
            _ => Vec::new(),
        },
        (Body::Duty(duty), _) => {
            duty.acts.get(turn).map(|one| act(&one.event)).into_iter().collect()
        }
        (Body::Series(series), _) => once(series.held_on.as_ref()),
        (Body::Ladder(ladder), Part::Answer { stage } | Part::Approval { stage }) if turn == 0 => {
            let (event, attribute) = match row.part {
                Part::Answer { .. } => (ladder.answered_by, ladder.answer_stage_attribute),
                _ => (ladder.approved_by, ladder.approval_stage_attribute),
            };
            let number = Value::Number(i64::from(stage) * 1000);
            let values = attribute.map(|attribute| (attribute.index(), number));
            event.map(|event| (event, values.into_iter().collect())).into_iter().collect()
        }
        (Body::Ladder(_) | Body::Trigger(_) | Body::Forbid(_), _) => Vec::new(),
    }
}
