//! One case as the rules look at it: the days of each kind of event, in order and each once.

use super::days::Day;

/// How many events of a kind a case can hold; the caseload has no more than ten.
const MOST: usize = 16;

/// The kinds of events of which the day alone is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Kind {
    Unit,
    Allocated,
    Assessment,
    Accommodated,
    Interim,
    CareOrder,
    Proceedings,
    Ceased,
    WorkerChanged,
    WentMissing,
    PanelDecision,
    Concern,
    Complaint,
    Eligible,
    Advocate,
    ProtectionPlan,
    PlacementChanged,
    Informed,
    DateAgreed,
    Rearranged,
    Told,
    Consulted,
    PurposeDiscussed,
    AttendanceWeighed,
    Invitations,
    Booklets,
    Visited,
    Seen,
    Documents,
    Consultation,
    Circulated,
    Received,
    OutcomesCompleted,
    Agreed,
    Finalised,
    RecordCompleted,
    Distributed,
    Failure,
    ChallengeRecorded,
    /// Events that no rule of the caseload asks for.
    Unasked,
}

const KINDS: usize = Kind::Unasked as usize + 1;

/// A short list that allocates nothing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct List<T> {
    length: usize,
    items: [T; MOST],
}

impl<T: Copy + Default> Default for List<T> {
    fn default() -> Self {
        List { length: 0, items: [T::default(); MOST] }
    }
}

impl<T: Copy> List<T> {
    /// Adds an item; false where there is no room.
    #[inline]
    pub(crate) fn push(&mut self, item: T) -> bool {
        let Some(place) = self.items.get_mut(self.length) else { return false };
        *place = item;
        self.length += 1;
        true
    }

    #[inline]
    pub(crate) fn clear(&mut self) {
        self.length = 0;
    }
}

impl<T> std::ops::Deref for List<T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        &self.items[..self.length]
    }
}

impl<T> std::ops::DerefMut for List<T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut [T] {
        &mut self.items[..self.length]
    }
}

/// Where a child is placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Setting {
    Foster,
    Residential,
    WithParents,
    #[default]
    Other,
}

/// A judgement whether an event calls for an earlier review.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Judgement {
    pub(crate) day: Day,
    pub(crate) significant: bool,
    pub(crate) review_by: Day,
}

/// A short `ref`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Reference {
    pub(crate) length: u8,
    pub(crate) text: [u8; 16],
}

/// The challenge of a case: all its acts bear one `ref`.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Challenge {
    pub(crate) reference: Reference,
    /// The days on which the stages were opened: the first, the second and so on.
    pub(crate) raised: List<Day>,
    /// The answer at each stage.
    pub(crate) answered: [Option<Day>; 4],
    pub(crate) resolved: Option<Day>,
}

/// A case.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Case {
    pub(crate) name: [u8; 10],
    pub(crate) born: Day,
    pub(crate) begin: Day,
    pub(crate) placed: List<(Day, Setting)>,
    /// Plans of a review: the day of each, and the day it is planned for.
    pub(crate) plans: List<(Day, Day)>,
    /// The reviews that were held, and whether each changed the care plan.
    pub(crate) reviews: List<(Day, bool)>,
    pub(crate) judgements: List<Judgement>,
    /// The decisions, with the day by which each is to be carried out.
    pub(crate) decisions: List<(Day, Day)>,
    pub(crate) challenge: Challenge,
    counts: [u8; KINDS],
    days: [[Day; MOST]; KINDS],
}

impl Case {
    /// A case of which nothing is known yet.
    pub(crate) fn new() -> Case {
        Case {
            name: [0; 10],
            born: Day::MAX,
            begin: Day::MAX,
            placed: List::default(),
            plans: List::default(),
            reviews: List::default(),
            judgements: List::default(),
            decisions: List::default(),
            challenge: Challenge::default(),
            counts: [0; KINDS],
            days: [[0; MOST]; KINDS],
        }
    }

    /// Forgets what was known.
    pub(crate) fn clear(&mut self) {
        self.born = Day::MAX;
        self.begin = Day::MAX;
        self.placed.clear();
        self.plans.clear();
        self.reviews.clear();
        self.judgements.clear();
        self.decisions.clear();
        self.challenge.raised.clear();
        self.challenge.reference.length = 0;
        self.challenge.answered = [None; 4];
        self.challenge.resolved = None;
        self.counts = [0; KINDS];
    }

    /// The days of a kind of event.
    #[inline]
    pub(crate) fn of(&self, kind: Kind) -> &[Day] {
        &self.days[kind as usize][..usize::from(self.counts[kind as usize])]
    }

    /// The first event of a kind.
    #[inline]
    pub(crate) fn first(&self, kind: Kind) -> Option<Day> {
        self.of(kind).first().copied()
    }

    /// The day on which the child ceased to be looked after.
    #[inline]
    pub(crate) fn ceased(&self) -> Option<Day> {
        self.first(Kind::Ceased)
    }

    /// Whether the child is looked after on a day on which a clock starts: the closing day is none.
    #[inline]
    pub(crate) fn can_start(&self, day: Day) -> bool {
        self.begin <= day && self.ceased().is_none_or(|ceased| day < ceased)
    }

    /// Adds an event of a kind, which is not before the last; the same again counts once. False where
    /// there is no room.
    #[inline]
    pub(crate) fn add(&mut self, kind: Kind, day: Day) -> bool {
        let count = &mut self.counts[kind as usize];
        let days = &mut self.days[kind as usize];
        let length = usize::from(*count);
        if kind == Kind::Unasked || (length > 0 && days[length - 1] == day) {
            return true;
        }
        let Some(place) = days.get_mut(length) else { return false };
        *place = day;
        *count += 1;
        true
    }

    /// Adds a judgement at its place: on one day a no stands before a yes, and the earlier date first.
    pub(crate) fn judge(&mut self, judgement: Judgement) -> bool {
        if self.judgements.contains(&judgement) {
            return true;
        }
        let added = self.judgements.push(judgement);
        // They are nearly in order already.
        self.judgements.sort_unstable();
        added
    }

    /// What of the case the rules are not written for; nothing in a caseload.
    pub(crate) fn unknown_shape(&self) -> Option<&'static str> {
        self.too_many().or_else(|| self.out_of_order()).or_else(|| self.unknown_orders())
    }

    /// What there is more of than the rules have room for.
    fn too_many(&self) -> Option<&'static str> {
        let of = |kind: Kind| self.of(kind).len();
        let once = [Kind::Unit, Kind::CareOrder, Kind::Ceased, Kind::Eligible];
        let occasions = of(Kind::WorkerChanged)
            + of(Kind::Concern)
            + of(Kind::Complaint)
            + of(Kind::WentMissing)
            + of(Kind::PanelDecision);
        first_broken(&[
            (once.into_iter().all(|kind| of(kind) <= 1), "once at most"),
            (self.reviews.len() <= 7, "seven reviews at most"),
            (self.judgements.len() <= 8, "eight judgements at most"),
            (self.placed.len() <= 12, "twelve placements at most"),
            (of(Kind::Received) + of(Kind::Circulated) <= MOST, "sixteen receipts at most"),
            (
                occasions + of(Kind::PlacementChanged).max(self.decisions.len()) <= MOST,
                "sixteen occasions at most",
            ),
        ])
    }

    /// What does not follow upon what it should, or stands twice on a day.
    fn out_of_order(&self) -> Option<&'static str> {
        let begin = self.begin;
        let placed = self.placed.first().is_some_and(|&(day, _)| day == begin);
        let reviewed = |day: &Day| self.reviews.iter().any(|(held, _)| held == day);
        let last_stage = self.challenge.raised.last();
        first_broken(&[
            (self.born < begin && begin < Day::MAX, "born, then looked after"),
            (self.ceased().is_none_or(|ceased| begin < ceased), "ceased after it began"),
            (placed && rise(&self.placed, |placed| placed.0), "placed from the beginning on"),
            (rise(&self.plans, |plan| plan.0), "one plan a day"),
            (rise(&self.reviews, |review| review.0), "one review a day"),
            (rise(&self.decisions, |decision| decision.0), "one decision a day"),
            (rise(&self.challenge.raised, |&day| day), "one challenge a day"),
            (self.reviews.first().is_none_or(|&(day, _)| begin < day), "reviewed after it began"),
            (!self.of(Kind::Consultation).iter().any(reviewed), "consulted before the day"),
            (
                self.challenge.resolved.is_none_or(|end| last_stage.is_some_and(|&day| day <= end)),
                "resolved after it was raised",
            ),
        ])
    }

    /// Orders and agreements as no child of the caseload has them.
    fn unknown_orders(&self) -> Option<&'static str> {
        let at_begin = |kind: Kind| self.of(kind).iter().all(|&day| day == self.begin);
        let (interim, full) = (self.first(Kind::Interim), self.first(Kind::CareOrder));
        let by_agreement = self.first(Kind::Accommodated).is_some();
        first_broken(&[
            (at_begin(Kind::Accommodated), "accommodated from the beginning"),
            (at_begin(Kind::Interim), "an interim order from the beginning"),
            (at_begin(Kind::Proceedings), "proceedings from the beginning"),
            (full.is_none_or(|full| self.begin <= full), "an order after it began"),
            (interim.is_none() || interim != full, "one order a day"),
            (!by_agreement || (interim.is_none() && full.is_none()), "an agreement or an order"),
        ])
    }
}

/// The first of some conditions that does not hold.
fn first_broken(conditions: &[(bool, &'static str)]) -> Option<&'static str> {
    conditions.iter().find(|(holds, _)| !holds).map(|(_, what)| *what)
}

/// Whether the days rise.
fn rise<T>(items: &[T], day: impl Fn(&T) -> Day) -> bool {
    items.windows(2).all(|pair| day(&pair[0]) < day(&pair[1]))
}
