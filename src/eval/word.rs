//! The words of the language for what an outcome says, as scenarios and data have them.

use super::outcome::{BasisKind, LadderState, Part, Status, Verdict};

impl Status {
    /// The word for it, such as `not-open`.
    pub const fn word(self) -> &'static str {
        match self {
            Status::Met => "met",
            Status::Late => "late",
            Status::Due => "due",
            Status::NotOpen => "not-open",
            Status::Begun => "begun",
            Status::Waiting => "waiting",
            Status::Overdue => "overdue",
            Status::CannotBeMet => "cannot-be-met",
            Status::Missed => "missed",
            Status::Lapsed => "lapsed",
            Status::Outstanding => "outstanding",
            Status::Undetermined => "undetermined",
        }
    }
}

impl Verdict {
    /// The word for it, such as `not-known`.
    pub const fn word(self) -> &'static str {
        match self {
            Verdict::Kept => "kept",
            Verdict::Breached => "breached",
            Verdict::NotKnown => "not-known",
        }
    }
}

impl LadderState {
    /// The word for it, such as `no-listed-way-on`.
    pub const fn word(self) -> &'static str {
        match self {
            LadderState::Open => "open",
            LadderState::Settled => "settled",
            LadderState::Closed => "closed",
            LadderState::Exhausted => "exhausted",
            LadderState::NoListedWayOn => "no-listed-way-on",
        }
    }
}

impl BasisKind {
    /// The word for it, such as `planned`.
    pub const fn word(self) -> &'static str {
        match self {
            BasisKind::Actual => "actual",
            BasisKind::Planned => "planned",
            BasisKind::Projected => "projected",
        }
    }
}

impl Part {
    /// The word for it; that of a review or a duty itself is `whole`.
    pub const fn word(self) -> &'static str {
        match self {
            Part::Whole => "whole",
            Part::Judgement => "judgement",
            Part::BroughtForward => "review",
            Part::Opening { .. } => "opening",
            Part::Answer { .. } => "answer",
            Part::Approval { .. } => "approval",
            Part::Cap => "cap",
        }
    }

    /// The stage of a ladder that it concerns, if it concerns one.
    pub const fn stage(self) -> Option<u16> {
        match self {
            Part::Opening { stage } | Part::Answer { stage } | Part::Approval { stage } => {
                Some(stage)
            }
            Part::Whole | Part::Judgement | Part::BroughtForward | Part::Cap => None,
        }
    }
}
