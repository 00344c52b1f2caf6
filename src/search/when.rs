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
//! Every day of a year is tried. What a day leads to turns on working days, on windows and on what has to
//! be done first; between two days on which all is well there can be one on which it is not, and months
//! can go by before the first day that will do. So no day is left out, and none ends the search early.
//!
//! But on each day only those rules are evaluated on which the event bears, or what was added last before
//! it; the others come to the same as before. The few days that are told of are tried once more with the
//! whole policy.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::acts::{acts_for, is_late, is_undone};
use super::answer::{Conflict, End, Objection, Step, Stretch, Tried, Wanted, When};
use super::case::{Key, Places, Trial, keyed, keys, moves_of, with};
use super::fewest::fewest;
use super::slice::{Slice, Slices};
use crate::calendar::Date;
use crate::eval::{
    Deadline, Due, Fact, FactId, Matching, Outcome, Part, Reason, Status, Timeline, Verdict,
    evaluate_with,
};
use crate::policy::{Body, EventId, EventMatch, Policy, RuleId, Strength, Value};

/// Looks for the days on which an event can happen so that nothing it bears on is late.
pub fn when(
    policy: &Policy,
    timeline: &Timeline,
    as_of: Date,
    matching: Matching,
    wanted: &Wanted,
) -> When {
    let search = Search::new(policy, timeline, as_of, matching, wanted);
    let tried = search.try_days(search.days());
    search.answer(tried)
}

/// Tries one day, with the whole policy: the case with the event on it, and with what has to be done before
/// it.
pub fn try_one(
    policy: &Policy,
    timeline: &Timeline,
    as_of: Date,
    matching: Matching,
    wanted: &Wanted,
    day: Date,
) -> Tried {
    Search::new(policy, timeline, as_of, matching, wanted).try_day(day)
}

/// More acts than these are not tried for one deadline.
const MOST_ACTS: usize = 8;
/// How far it looks, in days: a year and a day.
const FURTHEST: i32 = 366;

/// The search in its parts. No day rests on another: whoever has several cores can have each of them try
/// some of the days, and put together what they found.
#[derive(Debug)]
pub struct Search<'a> {
    policy: &'a Policy,
    /// The case up to the as-of day.
    known: Timeline,
    left_out: usize,
    /// What came of it on the as-of day.
    today: Outcome,
    /// The places of the deadlines in it.
    places: Places,
    as_of: Date,
    matching: Matching,
    wanted: &'a Wanted,
    /// The event that fixes the date of the review, if the wanted event holds one.
    plan: Option<(EventId, crate::policy::AttributeId)>,
}

/// What is kept of a day that was tried: outcomes of a long case are too large to keep them all.
#[derive(Debug)]
pub struct Day {
    /// Why it is not safe; empty where it is.
    objections: BTreeSet<Objection>,
    /// The deadlines that the event meets on this day.
    meets: Vec<Key>,
    /// What is late by this day of the rules that were evaluated, in order.
    late: Vec<Key>,
}

/// What became of a day, rule by rule as of the last time that something was added that bears on the rule.
#[derive(Default)]
struct Found {
    /// What is not as it would be without the event, in order of the keys.
    moved: Vec<Moved>,
    /// The deadlines for which the event is early, in order.
    early: Vec<Key>,
    /// The prohibitions that the event breaks, and what is irregular about it as a step on a ladder.
    broken: BTreeSet<Objection>,
    /// All that is late, moved or not, in order.
    late: Vec<Key>,
}

/// A deadline that is not as it would be without the event.
struct Moved {
    key: Key,
    /// How it stands, with its place in the outcome; `None` where it is not owed any more.
    row: Option<(usize, Deadline)>,
    /// The `ref` of what it belongs to.
    reference: Option<String>,
    /// Whether the event meets it.
    own: bool,
    /// Whether something that was taken to be done meets it.
    assumed: bool,
    /// Whether nothing else does, and too late.
    in_vain: bool,
}

impl<'a> Search<'a> {
    /// Prepares a search.
    pub fn new(
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
        let today = evaluate_with(policy, &known, as_of, matching);
        let places = keyed(&today);
        Self { policy, known, left_out, today, places, as_of, matching, wanted, plan }
    }

    /// The days to try: all of a year, or until the calendar ends.
    pub fn days(&self) -> Vec<Date> {
        let later = (1..=FURTHEST).map_while(|days| self.as_of.add_days(days));
        let later = later.take_while(|&day| self.policy.calendar.covers(day));
        std::iter::once(self.as_of).chain(later).collect()
    }

    /// Tries days, each with no more rules than it takes.
    pub fn try_days(&self, days: impl IntoIterator<Item = Date>) -> Vec<(Date, Day)> {
        let mut slices = Slices::of(self.policy);
        let tried = days.into_iter().map(|day| {
            let (found, _) = self.attempt(day, &mut slices);
            let (objections, meets) = (self.objections(&found, day), found.meets());
            (day, Day { objections, meets, late: found.late })
        });
        tried.collect()
    }

    /// The event on a day.
    fn event_on(&self, date: Date) -> Fact {
        let Wanted { event, values, reference } = self.wanted;
        Fact {
            values: values.clone().into(),
            reference: reference.clone(),
            ..Fact::bare(self.policy, *event, date)
        }
    }

    /// Tries a day with the whole policy.
    fn try_day(&self, day: Date) -> Tried {
        let (found, trial) = self.attempt(day, &mut Slices::whole(self.policy));
        let (steps, untimed) = self.steps(&found, day);
        let moved = found.moved.iter().map(|one| one.key);
        Tried {
            day,
            trial,
            objections: self.objections(&found, day),
            steps,
            untimed,
            meets: found.meets(),
            bears_on: moved.chain(found.early).collect(),
        }
    }

    /// Evaluates a day without the event, with it, and with what has to be done before it; each time the
    /// rules on which what is added bears.
    fn attempt(&self, day: Date, slices: &mut Slices<'a>) -> (Found, Trial) {
        let base = match self.planned(day) {
            Some(plan) => Cow::Owned(with(&self.known, &[plan])),
            None => Cow::Borrowed(&self.known),
        };
        let evaluated = |slice: &Slice<'_>, timeline: &Timeline| {
            evaluate_with(&slice.policy, timeline, day, self.matching)
        };
        let tried = |slice: &Slice<'_>, facts: &[Fact]| {
            let timeline = with(&base, facts);
            Trial { outcome: evaluated(slice, &timeline), timeline }
        };
        let slice = slices.get(BTreeSet::from([self.wanted.event]));
        // What was needed on the days before will mostly be needed on this one.
        let mut widest = slices.widest();
        let mut without = evaluated(&widest, &base);
        let mut facts = vec![self.event_on(day)];
        let mut trial = tried(&slice, &facts);
        let mut found = Found::default();
        self.take_in(&mut found, &slice, &without, &trial, &facts);
        let mut done = Done::default();
        // What is done may itself ask for something; a few rounds are enough for any policy.
        for _ in 0..6 {
            let more = self.still_to_do(day, &found, &mut done);
            if more.is_empty() {
                break;
            }
            let slice = slices.get(more.iter().map(|fact| fact.event).collect());
            if !slice.lies_in(&widest) {
                widest = slices.widest();
                without = evaluated(&widest, &base);
            }
            facts.extend(more);
            trial = tried(&slice, &facts);
            self.take_in(&mut found, &slice, &without, &trial, &facts);
        }
        (found, trial)
    }

    /// The event that fixes the date of the review on the as-of day, where the event is to hold one later.
    fn planned(&self, day: Date) -> Option<Fact> {
        let (event, attribute) = self.plan.filter(|_| day > self.as_of)?;
        let mut fact = Fact::bare(self.policy, event, self.as_of);
        if let Some(slot) = fact.values.get_mut(attribute.index()) {
            *slot = Some(Value::Date(day));
        }
        Some(fact)
    }

    /// Puts what became of the rules of a slice in place of what was found of them before.
    fn take_in(
        &self,
        found: &mut Found,
        slice: &Slice<'_>,
        without: &Outcome,
        trial: &Trial,
        added: &[Fact],
    ) {
        let Trial { timeline, outcome } = trial;
        let place = |wanted: &Fact| {
            let place = timeline.facts().iter().position(|fact| same(fact, wanted));
            place.map(|place| FactId(place as u32))
        };
        let event = added.first().and_then(place);
        let assumed: Vec<FactId> = added.iter().skip(1).filter_map(place).collect();
        let ours = |rule: RuleId| slice.contains(rule);
        found.moved.retain(|one| !ours(one.key.rule));
        found.moved.extend(moves_of(without, outcome, ours).into_iter().map(|one| {
            let row = one.after.and_then(|place| Some((place, outcome.deadlines.get(place)?)));
            let done_by = row.iter().flat_map(|(_, row)| &row.done_by);
            let belongs_to = row.and_then(|(_, row)| timeline.fact(row.reference?));
            Moved {
                key: one.key,
                reference: belongs_to.and_then(|fact| fact.reference.clone()),
                own: done_by.clone().any(|&fact| Some(fact) == event),
                assumed: done_by.clone().any(|fact| assumed.contains(fact)),
                in_vain: row.is_some_and(|(_, row)| {
                    row.status == Status::Late && self.is_assumed(row, trial)
                }),
                row: row.map(|(place, row)| (place, row.clone())),
            }
        }));
        found.moved.sort_by_key(|one| one.key);
        let early = |row: &Deadline| {
            let own = |why: &Reason| matches!(why, Reason::Early(fact, _) if Some(*fact) == event);
            row.done_on.is_none() && row.reasons.iter().any(own)
        };
        replace(&mut found.early, keys(outcome, ours, early), ours);
        let late = |row: &Deadline| is_late(row, outcome.as_of);
        replace(&mut found.late, keys(outcome, ours, late), ours);
        found.broken.retain(|one| !ours(one.rule()));
        let broken = event.into_iter().flat_map(|event| broken(outcome, event));
        found.broken.extend(broken.filter(|one| ours(one.rule())));
    }

    /// Facts for what has to be done by the event, each on its last day in time, unless that has passed.
    fn still_to_do(&self, day: Date, found: &Found, done: &mut Done) -> Vec<Fact> {
        let mut facts = Vec::new();
        for moved in &found.moved {
            let Some((_, row)) = &moved.row else { continue };
            if !(is_undone(row) || moved.in_vain) || self.is_silence(row) {
                continue;
            }
            // What has no time limit can be done as late as the event itself.
            let due = row.due_date().or((row.due == Due::Never).then_some(day));
            let Some(mut due) = due.filter(|&due| due >= self.as_of) else { continue };
            let round = done.rounds.entry(moved.key).or_default();
            let mut acts = acts_for(self.policy, row, *round);
            // Where no date can be fixed, an act is judged by the date expected on its day.
            let before = self.places.get(&moved.key);
            let before = before.and_then(|at| self.today.deadlines.get(at));
            let expected = before.and_then(|row| row.due_date()).filter(|&day| day >= self.as_of);
            if let Some(expected) = expected.filter(|&day| acts.is_empty() && day < due) {
                acts = acts_for(self.policy, row, 0);
                due = expected;
            }
            if *round > MOST_ACTS {
                continue;
            }
            *round += 1;
            facts.extend(acts.into_iter().map(|(event, values)| {
                let mut fact = Fact::bare(self.policy, event, due);
                for (attribute, value) in values {
                    if let Some(slot) = fact.values.get_mut(attribute) {
                        *slot = Some(value);
                    }
                }
                fact.reference.clone_from(&moved.reference);
                fact
            }));
        }
        facts
    }

    /// Whether something was done by an act that was only taken to be done.
    fn is_assumed(&self, row: &Deadline, trial: &Trial) -> bool {
        let facts = row.done_by.iter().filter_map(|&fact| trial.timeline.fact(fact));
        facts.clone().count() > 0
            && facts.clone().all(|fact| {
                fact.event != self.wanted.event
                    && !self.known.facts().iter().any(|known| known == fact)
            })
    }

    /// Whether a deadline is an answer whose want is why a stage is opened: opening it takes the answer
    /// not to come.
    fn is_silence(&self, row: &Deadline) -> bool {
        let answer = matches!(row.part, Part::Answer { .. } | Part::Approval { .. });
        let opens = |rule: RuleId| match &self.policy.rule(rule).body {
            Body::Ladder(ladder) => ladder.opened_by == self.wanted.event,
            _ => false,
        };
        answer && opens(row.rule)
    }

    /// Why a day is not safe.
    fn objections(&self, found: &Found, day: Date) -> BTreeSet<Objection> {
        let late = found.moved.iter().filter(|one| {
            one.row.as_ref().is_some_and(|(_, row)| is_late(row, day) && !self.is_silence(row))
        });
        let late = late.map(|one| Objection::Late(one.key));
        let early = found.early.iter().map(|&key| Objection::Early(key));
        late.chain(early).chain(found.broken.iter().copied()).collect()
    }

    /// What has still to be done before the event or on its day, in order of the last day; and what of it
    /// has no time limit.
    fn steps(&self, found: &Found, day: Date) -> (Vec<Step>, Vec<usize>) {
        let (mut steps, mut untimed) = (Vec::new(), Vec::new());
        for one in &found.moved {
            let Some((place, row)) = &one.row else { continue };
            let step = one.assumed || (row.status == Status::Due && row.due_date() == Some(day));
            if !step || one.own {
                continue;
            }
            if row.due == Due::Never {
                untimed.push(*place);
            }
            if let Some(last) = row.due_date() {
                // Of what counts forwards, the clock's own day is the first.
                let start = row.anchor.filter(|_| row.basis.is_none()).map(|start| start.date);
                let first = row.opens.or(start).map_or(self.as_of, |day| day.max(self.as_of));
                steps.push(Step { place: *place, first, last });
            }
        }
        steps.sort_by_key(|step| (step.last, step.place));
        (steps, untimed)
    }

    /// What is late already, on every day the same, is no reason against any of them: the event neither
    /// meets it nor helps it. It is taken out, and told apart.
    fn already_late(&self, days: &mut BTreeMap<Date, Day>) -> Vec<Key> {
        let met: BTreeSet<Key> = days.values().flat_map(|day| day.meets.iter().copied()).collect();
        let late = |row: &Deadline| is_late(row, self.as_of);
        let already: Vec<Key> = keys(&self.today, |_| true, late)
            .into_iter()
            .filter(|key| {
                let late = Objection::Late(*key);
                !met.contains(key) && days.values().all(|day| day.objections.contains(&late))
            })
            .collect();
        for day in days.values_mut() {
            for key in &already {
                day.objections.remove(&Objection::Late(*key));
            }
        }
        already
    }

    /// The answer, once every day has been tried.
    pub fn answer(self, tried: impl IntoIterator<Item = (Date, Day)>) -> When {
        let mut days: BTreeMap<Date, Day> = tried.into_iter().collect();
        complete(&mut days);
        let already_late = self.already_late(&mut days);
        let stretches = stretches(&days);
        let safe = |stretch: &&Stretch| stretch.objections.is_empty();
        let first = stretches.iter().find(safe).map(|stretch| stretch.first);
        let last = stretches.iter().rev().find(safe).map(|stretch| stretch.last);
        let conflict = if first.is_none() { self.conflict(&days, &stretches) } else { None };
        // The outcomes of the few days that are told of are worked out again.
        let tried = |day: Date| {
            let objections = days.get(&day)?.objections.clone();
            Some(Tried { objections, ..self.try_day(day) })
        };
        let end = |day: Option<Date>, step: i32| {
            let beyond = day?.add_days(step).and_then(tried);
            Some(End { on: tried(day?)?, beyond })
        };
        let (earliest, latest) = (end(first, -1), end(last, 1));
        When {
            wanted: self.wanted.clone(),
            first: self.as_of,
            last: days.last_key_value().map_or(self.as_of, |(day, _)| *day),
            stretches,
            earliest,
            latest,
            conflict,
            planned: self.plan.is_some(),
            left_out: self.left_out,
            already_late,
        }
    }

    /// The fewest objections one of which stands on every day, and the days on which the least does.
    fn conflict(&self, days: &BTreeMap<Date, Day>, stretches: &[Stretch]) -> Option<Conflict> {
        let (&mildest, day) = days.iter().min_by_key(|(_, day)| self.weight(&day.objections))?;
        let tried = Tried { objections: day.objections.clone(), ..self.try_day(mildest) };
        let (from, to) = stretches
            .iter()
            .find(|stretch| (stretch.first..=stretch.last).contains(&mildest))
            .map_or((mildest, mildest), |stretch| (stretch.first, stretch.last));
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
        Some(Conflict { between, least: (from, to, tried) })
    }

    /// How much goes wrong: first what is most strongly asked for, then how many things.
    fn weight(&self, objections: &BTreeSet<Objection>) -> (usize, usize) {
        let must =
            |objection: &&Objection| self.policy.rule(objection.rule()).strength == Strength::Must;
        (objections.iter().filter(must).count(), objections.len())
    }
}

impl Found {
    /// The deadlines that the event meets.
    fn meets(&self) -> Vec<Key> {
        let own = self.moved.iter().filter(|one| one.own);
        own.map(|one| one.key).collect()
    }
}

/// Puts some keys, in order, in place of those of the same rules.
fn replace(keys: &mut Vec<Key>, by: Vec<Key>, rules: impl Fn(RuleId) -> bool) {
    keys.retain(|key| !rules(key.rule));
    keys.extend(by);
    keys.sort_unstable();
}

/// The prohibitions that an event breaks, and what is irregular about it as a step on a ladder.
fn broken(outcome: &Outcome, event: FactId) -> impl Iterator<Item = Objection> + '_ {
    let findings = outcome.findings.iter();
    let forbidden = findings
        .filter(move |found| found.verdict == Verdict::Breached && found.fact == Some(event))
        .map(|found| Objection::Forbidden(found.rule));
    let on_ladders = outcome.standings.iter().flat_map(move |standing| {
        let own = standing.irregular.iter().filter(move |(fact, _)| *fact == event);
        own.map(|(_, what)| Objection::Irregular(standing.rule, *what))
    });
    let strays = outcome.strays.iter().filter(move |(_, fact, _)| *fact == event);
    let strays = strays.map(|(rule, _, what)| Objection::Irregular(*rule, *what));
    forbidden.chain(on_ladders).chain(strays)
}

/// What the event meets on one day it must not have lost, or be late for, on a later one.
fn complete(days: &mut BTreeMap<Date, Day>) {
    let mut met: BTreeSet<Key> = BTreeSet::new();
    for day in days.values_mut() {
        met.extend(&day.meets);
        for key in met.iter().filter(|key| !day.meets.contains(key)) {
            let late = day.late.binary_search(key).is_ok();
            day.objections.insert(if late { Objection::Late(*key) } else { Objection::Gone(*key) });
        }
    }
}

/// All days in stretches of the same objections.
fn stretches(days: &BTreeMap<Date, Day>) -> Vec<Stretch> {
    let mut stretches: Vec<Stretch> = Vec::new();
    for (day, one) in days {
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

/// Whether two facts are the same, whatever the lines they stand on.
fn same(one: &Fact, other: &Fact) -> bool {
    let Fact { date, event, values, reference, sequence, line: _ } = one;
    (*date, *event, *sequence) == (other.date, other.event, other.sequence)
        && *values == other.values
        && *reference == other.reference
}

/// The duties for which acts were taken to be done, and which of their acts was tried last.
#[derive(Default)]
struct Done {
    rounds: BTreeMap<Key, usize>,
}
