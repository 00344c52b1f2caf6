//! Rules: what the declarations of a policy lower to.

use super::{
    AttributeId, Condition, EventId, EventMatch, Ladder, Period, ReadingId, RoleId, RuleId, StateId,
};
use crate::calendar::{Length, Unit};
use crate::source::Span;

/// A rule: who is bound, how strongly, and where the source says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// The rule's name.
    pub name: String,
    /// Its title for people.
    pub title: String,
    /// Who must act.
    pub owners: Vec<RoleId>,
    /// How strongly the source says it.
    pub strength: Strength,
    /// The sections of the source.
    pub cites: Vec<String>,
    /// Who is told.
    pub tells: Vec<RoleId>,
    /// When this version of the rule is in force. A clock that started outside it (or outside the
    /// policy's own period) is not judged by the rule.
    pub in_force: Period,
    /// The condition under which the rule lives.
    ///
    /// For a series: its life; each stretch in which it holds is a period of care of its own, with
    /// ordinals from one. For a duty after an event or a review: tested on the day the clock
    /// starts (M15: it must not be the closing day); when it ends before the duty is done, the
    /// duty has lapsed (in time) or was missed (overdue). For a duty before or between reviews:
    /// tested on the basis date (M16). For a trigger and a prohibition: tested on the act's day.
    pub while_: Option<Condition>,
    /// The readings the rule rests on apart from those of its limits.
    pub readings: Vec<ReadingId>,
    /// What the rule says.
    pub body: Body,
    /// Where it is declared.
    pub origin: Span,
}

/// How strongly the source says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Strength {
    /// `must`
    Must,
    /// `should`
    Should,
    /// `should normally`
    ShouldNormally,
    /// `may`
    May,
}

/// What a rule says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// A recurring series of reviews or visits.
    Series(Series),
    /// One duty.
    Duty(Duty),
    /// A trigger.
    Trigger(Trigger),
    /// A prohibition.
    Forbid(Forbid),
    /// A ladder.
    Ladder(Ladder),
}

/// A recurring series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    /// The series' own noun: `review` or `visit`.
    pub noun: &'static str,
    /// A review held in one meeting.
    pub held_on: Option<EventMatch>,
    /// The first of several meetings. A review begun and not completed is `begun`.
    pub begun_on: Option<EventMatch>,
    /// What completes a review that was begun (an event of `held_on` does so too).
    pub completed_on: Option<EventMatch>,
    /// An adjournment: begins a review that was not begun, and leaves it open.
    pub adjourned_on: Option<EventId>,
    /// Which day is the date of a review of several meetings.
    pub dated: Point,
    /// The event that plans the next review, and its date attribute.
    pub planned_by: Option<(EventId, AttributeId)>,
    /// Events that restart the ordinals.
    pub restarted_by: Vec<EventMatch>,
    /// While it holds nothing of the series falls due; when it ends, dates that fell within it
    /// fall on the day after.
    pub suspended: Option<Condition>,
    /// The event from which the first limit counts; `None` where it counts from the start of the
    /// series' own condition.
    pub start: Option<EventMatch>,
    /// The limits: one for each of first, second and later, then the exceptions.
    pub limits: Vec<Limit>,
    /// What a limit that changes mid-clock does.
    pub mid_clock: MidClock,
}

/// A day of a review.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Point {
    /// The date of the review: that of its first meeting.
    FirstMeeting,
    /// The day it was completed.
    Completion,
    /// Whatever the series says the date of a review is.
    Date,
}

/// What a limit that changes while its clock runs does (M17).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MidClock {
    /// The new limit counts from the clock's own anchor, and never falls before the day of change.
    FromTheAnchor,
    /// The new limit counts from the day of change, and is never later than the old date.
    FromTheChange,
    /// The running clock keeps the limit it started with.
    FromTheNextClock,
    /// No limit of the rule can change mid-clock.
    NeverChanges,
}

/// Which reviews of a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ordinals {
    /// The first.
    pub first: bool,
    /// The second.
    pub second: bool,
    /// The third and all after it.
    pub later: bool,
}

impl Ordinals {
    /// Every review.
    pub const EACH: Ordinals = Ordinals { first: true, second: true, later: true };

    /// Whether the n-th review (from 1) is one of them.
    pub fn contains(self, ordinal: u16) -> bool {
        match ordinal {
            0 => false,
            1 => self.first,
            2 => self.second,
            _ => self.later,
        }
    }
}

/// By when, and under which conditions.
///
/// Among the limits whose ordinals, `started` period and conditions fit, an exception governs
/// before a plain limit; two exceptions that apply at once and give different dates disagree, and
/// the deadline is undetermined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    /// Whether it is an `except`.
    pub exception: bool,
    /// The reviews it is for.
    pub ordinals: Ordinals,
    /// The test on the event (or review) that starts the clock.
    pub test: Option<Condition>,
    /// The condition, tested throughout the clock (on the basis date for a duty before a review).
    pub condition: Option<Condition>,
    /// Only clocks that started in this period.
    pub started: Period,
    /// The window; `None` is `does not apply`.
    pub window: Option<Window>,
    /// Where it is written.
    pub origin: Span,
}

impl Limit {
    /// Whether nothing that happens decides if it governs.
    pub fn is_plain(&self) -> bool {
        self.test.is_none() && self.condition.is_none()
    }
}

/// A shape of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// The shape.
    pub shape: Shape,
    /// The readings that decided its units, lengths or anchor.
    pub readings: Vec<ReadingId>,
}

impl Window {
    /// Hands over each of the lengths it is made of.
    pub fn each_length(&self, take: &mut dyn FnMut(Length)) {
        match &self.shape {
            Shape::Within(duration)
            | Shape::PeriodBeginning(duration)
            | Shape::AtLeastBefore(duration)
            | Shape::AroundMidway(duration)
            | Shape::NotBefore(duration)
            | Shape::OncePassed(duration) => duration.each_length(take),
            Shape::BetweenBefore { near, far } | Shape::BetweenAfter { near, far } => {
                take(*near);
                take(*far);
            }
            Shape::OnMidway
            | Shape::ByMidway
            | Shape::ByDateOf(_)
            | Shape::Before
            | Shape::At
            | Shape::NoTimeLimit
            | Shape::NoTimeLimitBefore => {}
        }
    }

    /// Whether any of its lengths is in working days.
    pub fn in_working_days(&self) -> bool {
        let mut any = false;
        self.each_length(&mut |length| any |= length.unit == Unit::WorkingDays);
        any
    }
}

/// A length of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Duration {
    /// A fixed length.
    Fixed(Length),
    /// Whichever gives the earlier date.
    Earlier(Box<Duration>, Box<Duration>),
    /// Whichever gives the later date.
    Later(Box<Duration>, Box<Duration>),
}

impl Duration {
    /// Hands over each of the lengths it is made of.
    fn each_length(&self, take: &mut dyn FnMut(Length)) {
        match self {
            Self::Fixed(length) => take(*length),
            Self::Earlier(one, other) | Self::Later(one, other) => {
                one.each_length(take);
                other.each_length(take);
            }
        }
    }
}

/// The shapes of a window. A is the anchor's day; all ends are inclusive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// From A to A + N (M2).
    Within(Duration),
    /// From A to A + N − 1 (M3).
    PeriodBeginning(Duration),
    /// On or before A − N (M4).
    AtLeastBefore(Duration),
    /// From A − far to A − near (M5).
    BetweenBefore {
        /// The smaller length.
        near: Length,
        /// The larger length.
        far: Length,
    },
    /// From A + near to A + far.
    BetweenAfter {
        /// The smaller length.
        near: Length,
        /// The larger length.
        far: Length,
    },
    /// On the day midway between A and the next review's basis (M10).
    OnMidway,
    /// From A to the day midway.
    ByMidway,
    /// From midway − N to midway + N.
    AroundMidway(Duration),
    /// From A to the date that the anchor event carries.
    ByDateOf(AttributeId),
    /// On or before A, in order only.
    Before,
    /// On A.
    At,
    /// From A + N on, with no last day.
    NotBefore(Duration),
    /// From the day after A + N on, with no last day.
    OncePassed(Duration),
    /// From A on, with no last day.
    NoTimeLimit,
    /// On or before A (a review), never overdue: an act before it, with no time given.
    NoTimeLimitBefore,
}

/// Where a duty's clocks count from. Each occurrence is an instance of the duty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Anchor {
    /// Each occurrence of the first event; of a later one only where no occurrence of an earlier
    /// one belongs to it. An occurrence of an earlier choice belongs to one of a later choice when
    /// their `ref`s are equal; where neither has one, when it is the first on or after it and
    /// before the next occurrence of that later choice.
    Events(Vec<EventMatch>),
    /// Each review of the series that the ordinals and the test name. Whether the duty lies before,
    /// after or at it follows from the shape.
    Review {
        /// The series.
        series: RuleId,
        /// Which reviews.
        ordinals: Ordinals,
        /// Which day of the review.
        point: Point,
        /// The test on the event that held (or completed) the review.
        test: Option<Condition>,
    },
    /// The child's birthday (a person born on 29 February comes of age on 1 March in a common year).
    Birthday(u16),
    /// Each day on which the state begins.
    StateStart(StateId),
    /// Each deadline of the duty that passed undone: the clock starts on the day after its last
    /// day.
    Overdue(RuleId),
}

/// One duty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duty {
    /// What starts its clocks.
    pub anchor: Anchor,
    /// The limit, then the exceptions; all count from the same anchor.
    pub limits: Vec<Limit>,
    /// What a limit that changes mid-clock does.
    pub mid_clock: MidClock,
    /// The acts that meet it. Empty where nothing is recorded of it.
    pub acts: Vec<Act>,
    /// Whether all acts are needed, each at least once; it is then done on the day of the last.
    pub all: bool,
    /// The event deemed to have happened on the day after the last day, if nothing was done.
    pub deemed: Option<EventId>,
    /// Whether an act done for an earlier basis must be done again when the review moves later.
    pub moved: Moved,
}

impl Duty {
    /// Whether its first limit lies before its anchor.
    pub fn lies_before(&self) -> bool {
        self.shape().is_some_and(|shape| {
            matches!(
                shape,
                Shape::AtLeastBefore(_)
                    | Shape::BetweenBefore { .. }
                    | Shape::Before
                    | Shape::At
                    | Shape::NoTimeLimitBefore
            )
        })
    }

    /// Whether its first limit lies midway between two reviews.
    pub fn lies_midway(&self) -> bool {
        self.shape().is_some_and(|shape| {
            matches!(shape, Shape::OnMidway | Shape::ByMidway | Shape::AroundMidway(_))
        })
    }

    fn shape(&self) -> Option<&Shape> {
        self.limits.iter().find_map(|limit| limit.window.as_ref()).map(|window| &window.shape)
    }
}

/// What becomes of preparation when the review moves later (M20).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moved {
    /// It stands.
    Stands,
    /// It must be done again.
    Again,
}

/// An act that meets a duty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// The event.
    pub event: EventMatch,
    /// The condition, tested on the act's day.
    pub condition: Option<Condition>,
}

/// A trigger: an event after which a review is brought forward, perhaps only if someone judges so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trigger {
    /// What it waits for.
    pub on: Vec<TriggerOn>,
    /// Who is asked.
    pub judgement: Option<Judgement>,
    /// The review that is brought forward, and by when. The window counts from the judgement, or
    /// from the event where nobody is asked; the second serves where the first has no date. `None`:
    /// the judgement itself is all that is asked.
    pub brings_forward: Option<(RuleId, Window, Option<Window>)>,
}

impl Trigger {
    /// One of the windows of a review that is brought forward: 0 for the first, 1 for the one that serves
    /// where the first has no date.
    pub fn window(&self, index: u16) -> Option<&Window> {
        let (_, first, otherwise) = self.brings_forward.as_ref()?;
        match index {
            0 => Some(first),
            1 => otherwise.as_ref(),
            _ => None,
        }
    }
}

/// What a trigger waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TriggerOn {
    /// An event.
    Event(EventMatch),
    /// A deadline that passed undone; it happens on the day after the last day.
    Overdue(RuleId),
}

/// A judgement that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Judgement {
    /// Who judges.
    pub role: RoleId,
    /// The event that records it.
    pub event: EventId,
    /// Its yes-or-no attribute.
    pub attribute: AttributeId,
}

/// A prohibition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forbid {
    /// What is forbidden.
    pub what: Forbidden,
    /// What excuses it, tested on the act and its day.
    pub unless: Option<Condition>,
}

impl Forbid {
    /// The event of which it allows so many: those over the cap start no clock.
    pub(crate) const fn counted(&self) -> Option<EventId> {
        match &self.what {
            Forbidden::PerReview { event, .. } | Forbidden::PerPeriod { event, .. } => {
                Some(event.event)
            }
            Forbidden::Never(_) => None,
        }
    }
}

/// What a prohibition forbids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Forbidden {
    /// The event, at all (while the rule's own condition holds).
    Never(EventMatch),
    /// More than so many in one review of the series.
    PerReview {
        /// How many are allowed.
        most: u16,
        /// The event.
        event: EventMatch,
        /// The series.
        series: RuleId,
    },
    /// More than so many in a period of this length beginning with any of them.
    PerPeriod {
        /// How many are allowed.
        most: u16,
        /// The event.
        event: EventMatch,
        /// The length.
        length: Length,
    },
}
