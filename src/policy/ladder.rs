//! Ladders: the stages on which a dispute climbs.

use super::{AttributeId, EventId, EventMatch, RoleId, Strength, Window};
use crate::source::Span;

/// A ladder.
///
/// A ladder is opened by an act of `opened_by`, one instance for each `ref` (or one without). The
/// same event, with the same `ref`, while the instance is open, opens a further stage. It opens
/// the stage that its `stage` names; without one, the lowest, or the next above the current one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ladder {
    /// Opens the ladder and every further stage.
    pub opened_by: EventId,
    /// The number attribute of the opening event that names the stage.
    pub stage_attribute: Option<AttributeId>,
    /// The word attribute of the opening event that names the ground (`ground`).
    pub ground_attribute: Option<AttributeId>,
    /// An answer, to the latest stage opened on or before it, or to the one its `stage` names.
    pub answered_by: Option<EventId>,
    /// The number attribute of the answer that names the stage.
    pub answer_stage_attribute: Option<AttributeId>,
    /// The approval of an answer.
    pub approved_by: Option<EventId>,
    /// The number attribute of the approval that names the stage.
    pub approval_stage_attribute: Option<AttributeId>,
    /// The judgement of the answer, and its yes-or-no attribute (`satisfied`). It applies to every
    /// answer of the same instance dated on or before it that has none yet.
    pub judged_by: Option<(EventId, AttributeId)>,
    /// Closes the ladder; the only act that meets the cap.
    pub closed_by: Option<EventId>,
    /// Which act must meet a stage's limit where there is an approver.
    pub in_time_when: InTimeWhen,
    /// The only stage it may be entered at, or any.
    pub enters_at: Option<u16>,
    /// The outside track: available at any time, with or without a stage.
    pub outside: Option<EventId>,
    /// The cap: a length after the opening of a stage.
    pub cap: Option<Cap>,
    /// Who is copied in at every stage.
    pub copies: Vec<RoleId>,
    /// Events after which the ladder must be opened at a stage.
    pub opens_on: Vec<OpensOn>,
    /// The stages from the lowest up; numbers rise.
    pub stages: Vec<Stage>,
}

/// The cap of a ladder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cap {
    /// Its window, counted from the stage's opening.
    pub window: Window,
    /// The stage whose opening starts it.
    pub stage: u16,
    /// Whether the first opening of any stage from that one up starts it.
    pub or_above: bool,
}

/// Which act must meet the limit of a stage that has an approver.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InTimeWhen {
    /// The answer.
    Answered,
    /// The approval.
    Approved,
}

/// An event after which the ladder must be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpensOn {
    /// At which stage, or above.
    pub stage: u16,
    /// The event.
    pub event: EventMatch,
    /// Where it is written.
    pub origin: Span,
}

/// One stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    /// Its number.
    pub number: u16,
    /// Its title for people.
    pub title: String,
    /// To whom it is addressed.
    pub to: Vec<RoleId>,
    /// Who must answer.
    pub answer_from: Vec<RoleId>,
    /// Who must approve the answer.
    pub approval_from: Vec<RoleId>,
    /// By when, counted from the stage's opening; `None` where none is given.
    pub limit: Option<Window>,
    /// Who is copied in at this stage.
    pub copies: Vec<RoleId>,
    /// The words of the ground attribute that the stage lists; empty where it lists none.
    pub grounds: Vec<u16>,
    /// What leads on, for each outcome that the policy lists.
    pub exits: Vec<Exit>,
    /// The sections of the source.
    pub cites: Vec<String>,
    /// Where it is declared.
    pub origin: Span,
}

/// A way on from a stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exit {
    /// On which outcome.
    pub outcome: Outcome,
    /// Who may take it.
    pub by: Vec<RoleId>,
    /// With what strength.
    pub strength: Strength,
    /// Where it leads.
    pub leads: ExitTo,
}

/// The outcomes of a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// The answer was judged satisfactory.
    Satisfied,
    /// The answer was judged unsatisfactory.
    NotSatisfied,
    /// No answer by the last day.
    NoAnswer,
    /// An answer, without its approval, by the last day.
    NotApproved,
}

/// Where an exit leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExitTo {
    /// To another stage.
    Stage(u16),
    /// To the end: the ladder is to be closed.
    Ends,
    /// To the outside track.
    Outside,
}
