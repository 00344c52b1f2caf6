//! On which days an event can happen so that nothing it bears on is late.
//!
//! A day is tried by writing the event into the case on that day and evaluating the case as of that day.
//! What has not happened by the as-of day is left out; a review's date is taken to be fixed on the as-of
//! day; and whatever has still to be done before the event is taken to be done on its own last day in
//! time, if that day has not passed. The event *bears on* every deadline that then differs from what it
//! would be on that day without the event, and on every deadline that it meets on any day.
//!
//! A day is *safe* if nothing the event bears on is late, missed or past meeting, the event comes before
//! no window of its own, no prohibition is broken by it, and it is no irregular step on a ladder.
//!
//! Not every day has to be tried. The search tries every seventh day and every day at which a deadline
//! begins or ends, and halves the way between neighbours that differ until they are a day apart. A test
//! holds the result against a search that leaves no day out.

use std::collections::{BTreeMap, BTreeSet};

use super::acts::{acts_for, is_late, is_undone};
use super::case::{Key, Trial, keyed, moves, with};
use super::fewest::fewest;
use super::questions::blank;
use crate::calendar::Date;
use crate::eval::{
    Deadline, Due, Fact, FactId, Irregular, Matching, Outcome, Reason, Status, Timeline, Verdict,
    evaluate_with,
};
use crate::policy::{Body, EventId, EventMatch, Policy, RuleId, Strength, Value};

/// The event that is to happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The event.
    pub event: EventId,
    /// Its attributes, one place for each the event declares.
    pub values: Vec<Option<Value>>,
    /// Its `ref`.
    pub reference: Option<String>,
}

/// Why a day is not safe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Objection {
    /// This would be late, missed, or past meeting.
    Late(Key),
    /// The event would come before the window of this opens.
    Early(Key),
    /// Its place would have been taken: the event would no longer meet it.
    Gone(Key),
    /// The event would be against this prohibition.
    Forbidden(RuleId),
    /// The event would be an irregular step on this ladder.
    Irregular(RuleId, Irregular),
}

impl Objection {
    /// The rule that objects.
    pub const fn rule(self) -> RuleId {
        match self {
            Self::Late(key) | Self::Early(key) | Self::Gone(key) => key.rule,
            Self::Forbidden(rule) | Self::Irregular(rule, _) => rule,
        }
    }
}

/// Something that has to be done before the event, or on its day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// Its place in the outcome of the day.
    pub place: usize,
    /// The first day on which it can be done, from the as-of day on.
    pub first: Date,
    /// The last day in time.
    pub last: Date,
}

/// One day, tried.
#[derive(Debug, Clone)]
pub struct Tried {
    /// The day.
    pub day: Date,
    /// The case with the event on that day and what was taken to be done before it, as of that day.
    pub trial: Trial,
    /// Why it is not safe; empty where it is.
    pub objections: BTreeSet<Objection>,
    /// What has still to be done before the event or on its day, in order of the last day.
    pub steps: Vec<Step>,
    /// What has still to be done before the event, with no time limit; places in the outcome.
    pub untimed: Vec<usize>,
    /// The deadlines that the event meets on this day.
    pub meets: Vec<Key>,
    /// The deadlines it bears on, those it meets among them.
    bears_on: Vec<Key>,
    /// What is no longer owed on that day.
    lapsed: Vec<Key>,
}

impl Tried {
    /// The deadline with this key as it stands on the day.
    pub fn row(&self, key: Key) -> Option<&Deadline> {
        let place = *keyed(&self.trial.outcome).get(&key)?;
        self.trial.outcome.deadlines.get(place)
    }
}

/// Days one after another of which the same is to be said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    /// The first day.
    pub first: Date,
    /// The last day.
    pub last: Date,
    /// Why they are not safe; empty where they are.
    pub objections: BTreeSet<Objection>,
}

/// One end of the safe days.
#[derive(Debug, Clone)]
pub struct End {
    /// The day itself.
    pub on: Tried,
    /// The day beyond it, which is not safe; `None` where the search ended with it.
    pub beyond: Option<Tried>,
}

/// The answer.
#[derive(Debug, Clone)]
pub struct When {
    /// The event that was asked about.
    pub wanted: Wanted,
    /// The as-of day, the first that was looked at.
    pub first: Date,
    /// The last day that was looked at.
    pub last: Date,
    /// Every day looked at, in stretches.
    pub stretches: Vec<Stretch>,
    /// The earliest safe day.
    pub earliest: Option<End>,
    /// The latest safe day.
    pub latest: Option<End>,
    /// Where no day is safe, what cannot be met together.
    pub conflict: Option<Conflict>,
    /// Whether the date of the review was taken to be fixed on the as-of day.
    pub planned: bool,
    /// How many facts dated after the as-of day were left out.
    pub left_out: usize,
}

/// Why there is no safe day.
#[derive(Debug, Clone)]
pub struct Conflict {
    /// The fewest things one of which objects on every day, each with the days on which it does not.
    pub between: Vec<(Objection, Vec<(Date, Date)>)>,
    /// The days on which the least goes wrong, and one of them tried.
    pub least: (Date, Date, Tried),
}

impl When {
    /// Whether the event meets or moves anything at all.
    pub fn bears_on_nothing(&self) -> bool {
        self.earliest.iter().chain(&self.latest).all(|end| end.on.bears_on.is_empty())
            && self.conflict.is_none()
            && self.stretches.iter().all(|stretch| stretch.objections.is_empty())
    }
}

/// Looks for the days on which an event can happen so that nothing it bears on is late.
pub fn when(
    policy: &Policy,
    timeline: &Timeline,
    as_of: Date,
    matching: Matching,
    wanted: &Wanted,
) -> When {
    let mut search = Search::new(policy, timeline, as_of, matching, wanted);
    search.look(7);
    search.answer()
}

/// The same, with every day tried. It is slow, and there to hold the quick search against.
pub fn when_every_day(
    policy: &Policy,
    timeline: &Timeline,
    as_of: Date,
    matching: Matching,
    wanted: &Wanted,
) -> When {
    let mut search = Search::new(policy, timeline, as_of, matching, wanted);
    search.look(1);
    search.answer()
}

/// Tries one day: the case with the event on it, and with what has to be done before it.
pub(super) fn try_one(
    policy: &Policy,
    timeline: &Timeline,
    as_of: Date,
    matching: Matching,
    wanted: &Wanted,
    day: Date,
) -> Tried {
    Search::new(policy, timeline, as_of, matching, wanted).try_day(day)
}

/// How far beyond the last deadline it looks, in days.
const BEYOND: i32 = 28;
/// How far it looks at most, in days: a year and a day.
const FURTHEST: i32 = 366;

struct Search<'a> {
    policy: &'a Policy,
    /// The case up to the as-of day.
    known: Timeline,
    left_out: usize,
    as_of: Date,
    matching: Matching,
    wanted: &'a Wanted,
    /// The event that fixes the date of the review, if the wanted event holds one.
    plan: Option<(EventId, crate::policy::AttributeId)>,
    tried: BTreeMap<Date, Tried>,
    last: Date,
}

impl<'a> Search<'a> {
    fn new(
        policy: &'a Policy,
        timeline: &Timeline,
        as_of: Date,
        matching: Matching,
        wanted: &'a Wanted,
    ) -> Self {
        let facts = timeline.facts();
        let known: Vec<Fact> = facts.iter().filter(|fact| fact.date <= as_of).cloned().collect();
        let left_out = facts.len() - known.len();
        let known = Timeline::new(timeline.case.clone(), known).0;
        let plan = policy.rules.iter().find_map(|rule| match &rule.body {
            Body::Series(series) => {
                let own = |one: &Option<EventMatch>| {
                    one.as_ref().is_some_and(|one| one.event == wanted.event)
                };
                series.planned_by.filter(|_| own(&series.held_on) || own(&series.begun_on))
            }
            _ => None,
        });
        let tried = BTreeMap::new();
        Self { policy, known, left_out, as_of, matching, wanted, plan, tried, last: as_of }
    }

    /// Tries days until nothing more can change, so many apart, and then all between two that differ.
    fn look(&mut self, step: i32) {
        let mut days = 0;
        let mut edges: BTreeSet<Date> = BTreeSet::new();
        while let Some(day) = self.as_of.add_days(days) {
            if !self.policy.calendar.covers(day) && days > 0 {
                break;
            }
            self.last = day;
            let one = self.attempt(day);
            let objected = !one.objections.is_empty();
            let bears_on: BTreeSet<Key> = one.bears_on.iter().copied().collect();
            edges.extend(self.edges(&bears_on, day));
            let end = self.meeting_ends().unwrap_or(self.as_of);
            let past = end.days_until(day) > BEYOND && objected;
            if past || days >= FURTHEST {
                break;
            }
            days += step;
        }
        edges.retain(|day| (self.as_of..=self.last).contains(day));
        for day in edges {
            self.attempt(day);
        }
        self.halve();
    }

    /// The days at which something that the event bears on begins or ends, and the days after them.
    fn edges(&self, keys: &BTreeSet<Key>, day: Date) -> BTreeSet<Date> {
        let mut days = BTreeSet::new();
        let Some(one) = self.tried.get(&day) else { return days };
        for (key, place) in keyed(&one.trial.outcome) {
            let Some(row) = one.trial.outcome.deadlines.get(place) else { continue };
            if keys.contains(&key) {
                let found = [row.due_date(), row.opens, row.basis.map(|basis| basis.date)];
                for day in found.into_iter().flatten().chain(row.alternatives.iter().copied()) {
                    days.insert(day);
                    days.extend(day.add_days(1));
                    days.extend(day.add_days(-1));
                }
            }
        }
        days
    }

    /// The last day in time of anything that the event meets on a day that was tried.
    fn meeting_ends(&self) -> Option<Date> {
        let ends = self.tried.values().flat_map(|one| {
            let places = keyed(&one.trial.outcome);
            one.meets.iter().filter_map(move |key| {
                let row = one.trial.outcome.deadlines.get(*places.get(key)?)?;
                row.alternatives.last().copied().or_else(|| row.due_date())
            })
        });
        ends.max()
    }

    /// Tries what lies between two neighbours that differ, until they are a day apart.
    fn halve(&mut self) {
        loop {
            let days: Vec<Date> = self.tried.keys().copied().collect();
            let same = |one: Date, other: Date| {
                let objections =
                    |day: Date| self.tried.get(&day).map(|tried| (&tried.objections, &tried.meets));
                objections(one) == objections(other)
            };
            let middles: Vec<Date> = days
                .windows(2)
                .filter_map(|pair| match pair {
                    [one, other] if one.days_until(*other) > 1 && !same(*one, *other) => {
                        one.add_days(one.days_until(*other) / 2)
                    }
                    _ => None,
                })
                .collect();
            if middles.is_empty() {
                return;
            }
            for day in middles {
                self.attempt(day);
            }
        }
    }

    fn attempt(&mut self, day: Date) -> &Tried {
        if !self.tried.contains_key(&day) {
            let one = self.try_day(day);
            self.tried.insert(day, one);
        }
        #[expect(clippy::indexing_slicing, reason = "it was put there just now")]
        &self.tried[&day]
    }

    /// The event on a day.
    fn event_on(&self, date: Date) -> Fact {
        let Wanted { event, values, reference } = self.wanted;
        Fact {
            values: values.clone(),
            reference: reference.clone(),
            ..blank(self.policy, *event, date)
        }
    }

    /// Tries a day: evaluates without the event, with it, and with what has to be done before it.
    fn try_day(&self, day: Date) -> Tried {
        let evaluated = |timeline: Timeline| {
            let outcome = evaluate_with(self.policy, &timeline, day, self.matching);
            Trial { timeline, outcome }
        };
        let plan = self.plan.filter(|_| day > self.as_of).map(|(event, attribute)| {
            let mut fact = blank(self.policy, event, self.as_of);
            if let Some(slot) = fact.values.get_mut(attribute.index()) {
                *slot = Some(Value::Date(day));
            }
            fact
        });
        let base = with(&self.known, plan.as_slice());
        let without = evaluated(base.clone());
        let event = self.event_on(day);
        let mut facts = vec![event.clone()];
        let mut trial = evaluated(with(&base, &facts));
        let mut done = Done::default();
        // What is done may itself ask for something; a few rounds are enough for any policy.
        for _ in 0..6 {
            let more = self.still_to_do(&without.outcome, &trial, &mut done);
            if more.is_empty() {
                break;
            }
            facts.extend(more);
            trial = evaluated(with(&base, &facts));
        }
        self.judge(day, &without.outcome, trial, &facts)
    }

    /// Facts for what has to be done by the event, each on its last day in time, unless that has passed.
    fn still_to_do(&self, without: &Outcome, trial: &Trial, done: &mut Done) -> Vec<Fact> {
        let mut facts = Vec::new();
        for moved in moves(without, &trial.outcome) {
            let row = moved.after.and_then(|place| trial.outcome.deadlines.get(place));
            let Some(row) = row.filter(|row| is_undone(row)) else { continue };
            // What has no time limit can be done as late as the event itself.
            let due = row.due_date().or((row.due == Due::Never).then_some(trial.outcome.as_of));
            let Some(due) = due.filter(|&due| due >= self.as_of) else { continue };
            let round = done.rounds.entry(moved.key).or_default();
            let acts = acts_for(self.policy, row, *round);
            *round += 1;
            let reference = row.reference.and_then(|fact| trial.timeline.fact(fact));
            let reference = reference.and_then(|fact| fact.reference.clone());
            facts.extend(acts.into_iter().map(|(event, values)| {
                let mut fact = blank(self.policy, event, due);
                for (attribute, value) in values {
                    if let Some(slot) = fact.values.get_mut(attribute) {
                        *slot = Some(value);
                    }
                }
                fact.reference.clone_from(&reference);
                fact
            }));
        }
        facts
    }

    fn judge(&self, day: Date, without: &Outcome, trial: Trial, added: &[Fact]) -> Tried {
        let place = |wanted: &Fact| {
            let mut facts = trial.timeline.facts().iter();
            let place = facts.position(|fact| Fact { line: 0, ..fact.clone() } == *wanted);
            place.map(|place| FactId(place as u32))
        };
        let event = added.first().and_then(place);
        let assumed: Vec<FactId> = added.iter().skip(1).filter_map(place).collect();
        let moved = moves(without, &trial.outcome);
        let mut objections = BTreeSet::new();
        let mut meets = Vec::new();
        let (mut steps, mut untimed) = (Vec::new(), Vec::new());
        let bears_on: Vec<Key> = moved.iter().map(|one| one.key).collect();
        for one in &moved {
            let Some(place) = one.after else { continue };
            let Some(row) = trial.outcome.deadlines.get(place) else { continue };
            let own = event.is_some_and(|event| row.done_by.contains(&event));
            if own {
                meets.push(one.key);
            }
            if is_late(row, day) {
                objections.insert(Objection::Late(one.key));
            }
            let early =
                |reason: &Reason| matches!(reason, Reason::Early(fact, _) if Some(*fact) == event);
            if row.done_on.is_none() && row.reasons.iter().any(early) {
                objections.insert(Objection::Early(one.key));
            }
            let step = row.done_by.iter().any(|fact| assumed.contains(fact))
                || (row.status == Status::Due && row.due_date() == Some(day));
            if step && !own && row.due == Due::Never {
                untimed.push(place);
            }
            if let Some(last) = row.due_date().filter(|_| step && !own) {
                let first = row.opens.map_or(self.as_of, |opens| opens.max(self.as_of));
                steps.push(Step { place, first, last });
            }
        }
        steps.sort_by_key(|step| (step.last, step.place));
        let breached = trial.outcome.findings.iter();
        let breached = breached
            .filter(|finding| finding.verdict == Verdict::Breached && finding.fact == event);
        objections.extend(
            breached.filter(|_| event.is_some()).map(|found| Objection::Forbidden(found.rule)),
        );
        for standing in &trial.outcome.standings {
            let own = standing.irregular.iter().filter(|(fact, _)| Some(*fact) == event);
            objections.extend(own.map(|(_, what)| Objection::Irregular(standing.rule, *what)));
        }
        let strays = trial.outcome.strays.iter().filter(|(_, fact, _)| Some(*fact) == event);
        objections.extend(strays.map(|(rule, _, what)| Objection::Irregular(*rule, *what)));
        let lapsed = keyed(&trial.outcome)
            .into_iter()
            .filter(|(_, place)| {
                let row = trial.outcome.deadlines.get(*place);
                row.is_some_and(|row| row.status == Status::Lapsed)
            })
            .map(|(key, _)| key)
            .collect();
        Tried { day, trial, objections, steps, untimed, meets, bears_on, lapsed }
    }

    /// What the event meets on one day it must not have lost, or be late for, on a later one.
    fn complete(&mut self) {
        let mut met: BTreeSet<Key> = BTreeSet::new();
        let mut more: Vec<(Date, Objection)> = Vec::new();
        for (day, one) in &self.tried {
            met.extend(&one.meets);
            let places = keyed(&one.trial.outcome);
            for key in met.iter().filter(|key| !one.meets.contains(key)) {
                if one.lapsed.contains(key) {
                    more.push((*day, Objection::Gone(*key)));
                }
                let row = places.get(key).and_then(|&at| one.trial.outcome.deadlines.get(at));
                if row.is_some_and(|row| is_late(row, *day)) {
                    more.push((*day, Objection::Late(*key)));
                }
            }
        }
        for (day, objection) in more {
            if let Some(one) = self.tried.get_mut(&day) {
                one.objections.insert(objection);
            }
        }
    }

    fn answer(mut self) -> When {
        self.complete();
        let stretches = self.stretches();
        let safe = |stretch: &&Stretch| stretch.objections.is_empty();
        let first = stretches.iter().find(safe).map(|stretch| stretch.first);
        let last = stretches.iter().rev().find(safe).map(|stretch| stretch.last);
        let conflict = if first.is_none() { self.conflict(&stretches) } else { None };
        let mut end = |day: Option<Date>, step: i32| {
            let day = day?;
            self.ensure(day);
            let beyond = day.add_days(step).filter(|day| (self.as_of..=self.last).contains(day));
            if let Some(beyond) = beyond {
                self.ensure(beyond);
            }
            let beyond = beyond.and_then(|day| self.tried.get(&day)).cloned();
            Some(End { on: self.tried.get(&day)?.clone(), beyond })
        };
        let (earliest, latest) = (end(first, -1), end(last, 1));
        When {
            wanted: self.wanted.clone(),
            first: self.as_of,
            last: self.last,
            stretches,
            earliest,
            latest,
            conflict,
            planned: self.plan.is_some(),
            left_out: self.left_out,
        }
    }

    /// Tries a day inside a stretch that was not tried itself.
    fn ensure(&mut self, day: Date) {
        if !self.tried.contains_key(&day) {
            self.attempt(day);
            self.complete();
        }
    }

    /// All days in stretches of the same objections; days not tried are as their neighbours.
    fn stretches(&self) -> Vec<Stretch> {
        let mut stretches: Vec<Stretch> = Vec::new();
        for (day, one) in &self.tried {
            match stretches.last_mut() {
                Some(last) if last.objections == one.objections => last.last = *day,
                _ => stretches.push(Stretch {
                    first: *day,
                    last: *day,
                    objections: one.objections.clone(),
                }),
            }
        }
        stretches
    }

    /// The fewest objections one of which stands on every day, and the days on which the least does.
    fn conflict(&self, stretches: &[Stretch]) -> Option<Conflict> {
        let mildest = self.tried.values().min_by_key(|one| self.weight(&one.objections))?;
        let (from, to) = stretches
            .iter()
            .find(|stretch| (stretch.first..=stretch.last).contains(&mildest.day))
            .map_or((mildest.day, mildest.day), |stretch| (stretch.first, stretch.last));
        let between = fewest(stretches)
            .into_iter()
            .map(|objection| {
                let free = stretches.iter().filter(|one| !one.objections.contains(&objection));
                let mut days: Vec<(Date, Date)> = Vec::new();
                for stretch in free {
                    match days.last_mut() {
                        Some((_, last)) if last.add_days(1) == Some(stretch.first) => {
                            *last = stretch.last;
                        }
                        _ => days.push((stretch.first, stretch.last)),
                    }
                }
                (objection, days)
            })
            .collect();
        Some(Conflict { between, least: (from, to, mildest.clone()) })
    }

    /// How much goes wrong: first what is most strongly asked for, then how many things.
    fn weight(&self, objections: &BTreeSet<Objection>) -> (usize, usize) {
        let must =
            |objection: &&Objection| self.policy.rule(objection.rule()).strength == Strength::Must;
        (objections.iter().filter(must).count(), objections.len())
    }
}

/// The duties for which acts were taken to be done, and which of their acts was tried last.
#[derive(Default)]
struct Done {
    rounds: BTreeMap<Key, usize>,
}
