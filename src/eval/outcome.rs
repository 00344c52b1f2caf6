//! What evaluating a case gives: deadlines, prohibitions, where each ladder stands, and questions.
//!
//! An outcome holds decisions, not prose: every line of text is derived from it by `why` and the
//! renderers. Facts are referred to by [`FactId`], an index into the timeline.

use std::ops::Deref;
use std::sync::Arc;

use super::few::Few;

use super::{Fact, Matching, Timeline};
use crate::calendar::{Date, Undetermined};
use crate::policy::{EventId, ExitTo, RoleId, RuleId, StageOutcome, Strength};

/// A fact of the timeline; deemed events stand behind the recorded ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FactId(pub u32);

/// A few facts; one, nearly always.
pub type Facts = Few<FactId>;

/// A few reasons; one, nearly always.
pub type Reasons = Few<Reason>;

/// The result of evaluating one case on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The day.
    pub as_of: Date,
    /// What was made of acts that name no `ref`, so that an explanation makes the same of them.
    pub matching: Matching,
    /// Every deadline, by rule in the order of the policy, then by instance.
    pub deadlines: Vec<Deadline>,
    /// What each prohibition came to.
    pub findings: Vec<Finding>,
    /// Where each ladder stands.
    pub standings: Vec<Standing>,
    /// Acts on a ladder that belong to no instance of it, with what is irregular about them.
    pub strays: Vec<(RuleId, FactId, Irregular)>,
    /// Reviews that were held, or begun, while no clock of their series ran, and that meet nothing else, in
    /// the order of the rules.
    pub unclocked: Vec<Unclocked>,
    /// Facts dated after the as-of day: they have not happened.
    pub ahead: Vec<FactId>,
    /// Events deemed to have happened.
    pub deemed: Vec<Deemed>,
}

impl Outcome {
    /// How an event came to be deemed; nothing where the fact was recorded.
    pub fn deemed_as(&self, id: FactId) -> Option<&Deemed> {
        self.deemed.iter().find(|deemed| deemed.fact == id)
    }

    /// A fact of the timeline that was evaluated, with everything that is known of it; a deemed one has a
    /// day and an event, and nothing else.
    pub fn fact(&self, timeline: &Timeline, id: FactId) -> Fact {
        timeline.fact(id).cloned().unwrap_or_else(|| {
            let deemed = self.deemed_as(id);
            Fact {
                date: deemed.map_or(self.as_of, |deemed| deemed.date),
                event: deemed.map_or(EventId(0), |deemed| deemed.event),
                values: Few::new(),
                reference: None,
                sequence: None,
                line: 0,
            }
        })
    }
}

/// A review that was held, or begun, while no clock of its series ran (M21.9).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unclocked {
    /// The series.
    pub rule: RuleId,
    /// The review.
    pub fact: FactId,
    /// The event that would have started a clock, where none is recorded on or before that day; asked once
    /// for each series.
    pub start: Option<Question>,
}

/// An event that nobody recorded and that the policy deems to have happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deemed {
    /// The fact's place behind the recorded ones.
    pub fact: FactId,
    /// The event.
    pub event: EventId,
    /// The day after the last day.
    pub date: Date,
    /// The rule by whose silence it came about.
    pub rule: RuleId,
}

/// Which part of a rule a deadline expresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// The review itself, or the duty.
    Whole,
    /// A trigger's judgement.
    Judgement,
    /// A review brought forward by a trigger.
    BroughtForward,
    /// The opening of a ladder that an event calls for.
    Opening {
        /// The lowest stage that does.
        stage: u16,
    },
    /// The answer owed at a stage of a ladder.
    Answer {
        /// The stage.
        stage: u16,
    },
    /// The approval owed at a stage of a ladder.
    Approval {
        /// The stage.
        stage: u16,
    },
    /// The cap of a ladder.
    Cap,
}

/// One deadline: a rule, and what it comes to, which stands here as if it were the deadline's own.
///
/// Rules often come to the same, as a policy has many duties "before each review". What they come to is
/// shared by their deadlines then, so that a deadline is as cheap to make and to copy as a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deadline {
    /// The rule.
    pub rule: RuleId,
    pub(super) terms: Arc<Terms>,
}

impl Deadline {
    /// What it comes to, to be changed for this deadline alone.
    pub(super) fn terms_mut(&mut self) -> &mut Terms {
        Arc::make_mut(&mut self.terms)
    }
}

impl Deref for Deadline {
    type Target = Terms;

    fn deref(&self) -> &Terms {
        &self.terms
    }
}

/// What a deadline comes to, whatever the rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// Which part of the rule.
    pub part: Part,
    /// For a review its ordinal in its period of care (from 1); for a duty tied to reviews the
    /// running number of that review in the case; otherwise the running number of the instance.
    pub ordinal: u16,
    /// The fact whose `ref` names it, if one does: the one that started it; for a review the one
    /// that started its cycle, else the review's own.
    pub reference: Option<FactId>,
    /// The day from which its clock counts, and the fact that gave it.
    pub anchor: Option<Start>,
    /// For a duty before or between reviews: the review date it counts from.
    pub basis: Option<Basis>,
    /// The first day on which it can be done in time, where that is not simply the anchor's.
    pub opens: Option<Date>,
    /// The last day in time.
    pub due: Due,
    /// Other dates that are possible because something is not known; each later than `due`.
    pub alternatives: Few<Date>,
    /// The index of the governing limit in the rule's limits; for a review brought forward, that of the
    /// governing window of the trigger.
    pub limit: Option<u16>,
    /// The change of limit while the clock ran, if there was one.
    pub change: Option<Change>,
    /// The facts that did it.
    pub done_by: Facts,
    /// The day it was done.
    pub done_on: Option<Date>,
    /// The status on the as-of day.
    pub status: Status,
    /// Calendar days: late or overdue by, or remaining until the last day for what is open.
    pub days: i32,
    /// The same in working days, where the limit is in working days.
    pub working_days: Option<i32>,
    /// Why it has this status, where the dates alone do not say.
    pub reasons: Reasons,
}

/// Where a clock counts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Start {
    /// The day.
    pub date: Date,
    /// The fact, if one fact gave the day.
    pub fact: Option<FactId>,
}

/// The last day in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Due {
    /// This day, inclusive. Where several are possible, the earliest, the one to work to.
    On(Date),
    /// No last day: no time limit, or only an earliest day.
    Never,
    /// Not yet known: what it counts from has not happened.
    #[default]
    Waiting,
    /// The calendar does not reach it.
    Beyond(Undetermined),
    /// Two exceptions apply at once and disagree, or what decides it is not known.
    Unknown,
}

/// The review date that a duty before or between reviews counts from (M18).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Basis {
    /// What kind of date it is.
    pub kind: BasisKind,
    /// The date.
    pub date: Date,
    /// The day on which it became known.
    pub known: Date,
    /// The fact that gave it; for a projected date the fact from which the review's clock counts.
    pub fact: Option<FactId>,
}

/// The kinds of basis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BasisKind {
    /// The review's actual date.
    Actual,
    /// Its planned date.
    Planned,
    /// Its latest lawful date.
    Projected,
}

/// A limit that changed while its clock ran (M17).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// The (last) day of change.
    pub day: Date,
    /// The last day in time before that change.
    pub before: Option<Date>,
    /// The index of the limit that governed before.
    pub limit: Option<u16>,
}

/// The status of a deadline as of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// Done in time.
    Met,
    /// Done after the last day (or before the window opened, and never again: see the reasons).
    Late,
    /// Open, and in time.
    Due,
    /// The window lies ahead.
    NotOpen,
    /// The review was begun and is not completed.
    Begun,
    /// What it counts from has not happened, or its basis has passed with no review.
    Waiting,
    /// Not done, and the last day has passed.
    Overdue,
    /// The last day had passed when its basis became known, or passed before the window could open.
    CannotBeMet,
    /// Overdue when its state ended or its review was held: never done.
    Missed,
    /// Its state ended in time, or something replaced it.
    Lapsed,
    /// Owed, with no time limit.
    Outstanding,
    /// It cannot be said; the reasons say why.
    Undetermined,
}

/// Why a deadline stands as it does, where the dates alone do not say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// A condition is not known: the fact it rests on was not recorded.
    NotRecorded(Question),
    /// Two facts of one day, and the answer turns on their order.
    OrderNotRecorded(FactId, FactId),
    /// Two exceptions apply at once and give different dates (indices of the limits).
    ExceptionsDisagree(u16, u16),
    /// The rule, or the policy, was not in force on the day the clock started.
    NotInForce(Date),
    /// The state it lives in ended on this day.
    StateEnded(Date),
    /// The review it prepares for was held on this day.
    ReviewHeld(Date),
    /// A later stage was opened, or the ladder was closed, on this day.
    Replaced(Date, FactId),
    /// The series was restarted by this fact.
    Restarted(FactId),
    /// An act was done before the window opened, by so many calendar days.
    Early(FactId, i32),
    /// The act was judged against the basis known on its day; the basis moved since.
    BasisMoved {
        /// The act.
        act: FactId,
        /// The basis known on its day.
        then: Basis,
        /// The last day in time, from that basis.
        due_then: Option<Date>,
    },
    /// The date had passed when the basis became known.
    PassedWhenKnown(Date),
    /// The basis passed with no review; this is the earliest review date that would still allow
    /// all preparation.
    BasisPassed(Date, Option<Date>),
    /// The act named no `ref`; it was taken for the latest instance, and an older one was open.
    TakenForLatest(FactId),
    /// The act may belong to another instance, which was taken (the lenient mode), or to this one.
    MayBelongHere(FactId),
    /// The event was deemed on this day from an earlier clock, and the act that starts the clock was
    /// recorded later: the answer is reopened.
    Reopened(Date),
    /// The series was suspended until this day.
    Suspended(Date),
    /// A trigger brings the review forward to this date.
    BroughtForwardTo(Date),
    /// Overdue, and the policy lists no way on.
    NoListedWayOn,
    /// The alternatives of an unknown condition differ in what they say today.
    AlternativesDiffer,
    /// The first act of several that are all needed has been done; these are still needed
    /// (indices of the duty's acts).
    StillNeeded(Vec<u16>),
    /// An act over a count cap, which starts no clock.
    OverCap(FactId),
}

/// Something nobody recorded.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Question {
    /// The attribute of this fact.
    Attribute(FactId, crate::policy::AttributeId),
    /// Any event of this kind on or before the day.
    Event(crate::policy::EventId, Date),
    /// Whether the state held on the day.
    State(crate::policy::StateId, Date),
    /// The date of birth.
    Born,
    /// The order of two facts of one day.
    Order(FactId, FactId),
}

/// What a prohibition came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The prohibition.
    pub rule: RuleId,
    /// Kept, breached or not known.
    pub verdict: Verdict,
    /// The act, where one decides it.
    pub fact: Option<FactId>,
    /// The questions it turns on, where it is not known.
    pub questions: Vec<Question>,
}

/// Kept, breached or not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// No act against it (one finding for the rule), or this act was excused.
    Kept,
    /// This act was against it.
    Breached,
    /// It turns on something nobody recorded.
    NotKnown,
}

/// Where a ladder stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The ladder.
    pub rule: RuleId,
    /// The running number of the instance.
    pub ordinal: u16,
    /// The fact that opened it; its `ref` names the instance.
    pub opened: FactId,
    /// The current (latest opened) stage and the fact that opened it.
    pub stage: u16,
    /// The fact that opened the current stage.
    pub stage_opened: FactId,
    /// The state of the ladder.
    pub state: LadderState,
    /// The ways on that are open today.
    pub ways: Vec<Way>,
    /// The fact that closed it.
    pub closed: Option<FactId>,
    /// References to the outside track.
    pub outside: Vec<FactId>,
    /// Stages that were opened out of the policy's order, on a ground it does not list, or not at
    /// the stage it must be entered at.
    pub irregular: Vec<(FactId, Irregular)>,
}

/// The state of a ladder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LadderState {
    /// A stage is open.
    Open,
    /// The answer was judged satisfactory; the closing is not recorded.
    Settled,
    /// Closed.
    Closed,
    /// The top stage's answer was judged unsatisfactory (M27).
    Exhausted,
    /// The answer is overdue, and the policy lists no way on (M24).
    NoListedWayOn,
}

/// A way on that is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// On which outcome.
    pub outcome: StageOutcome,
    /// Since which day.
    pub since: Date,
    /// Who may take it.
    pub by: Vec<RoleId>,
    /// With what strength.
    pub strength: Strength,
    /// Where it leads.
    pub leads: ExitTo,
}

/// What was irregular about the opening of a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Irregular {
    /// The policy has no such stage.
    NoSuchStage,
    /// Nothing was open that it could answer, approve, judge or close.
    NothingOpen,
    /// The stage is not where the ladder is entered.
    NotTheEntry,
    /// No ground had matured for leaving the stage before.
    NoGround,
    /// The ground named is not among those the stage lists.
    GroundNotListed,
}
