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

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::{panic, thread};

use super::acts::{acts_for, is_late, is_undone};
use super::answer::{Conflict, End, Objection, Step, Stretch, Tried, Wanted, When};
use super::case::{Key, Places, Trial, keyed, moves, with};
use super::fewest::fewest;
use crate::calendar::Date;
use crate::eval::{
    Deadline, Due, Evaluator, Fact, FactId, Matching, Outcome, Part, Reason, Status, Timeline,
    Verdict, evaluate_with,
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
    Search::new(policy, timeline, as_of, matching, wanted).answer()
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

/// More acts than these are not tried for one deadline.
const MOST_ACTS: usize = 8;
/// How far it looks, in days: a year and a day.
const FURTHEST: i32 = 366;

struct Search<'a> {
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
struct Day {
    /// Why it is not safe; empty where it is.
    objections: BTreeSet<Objection>,
    /// The deadlines that the event meets on this day.
    meets: Vec<Key>,
    /// All that is late by this day, in order.
    late: Vec<Key>,
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
        let today = evaluate_with(policy, &known, as_of, matching);
        let places = keyed(&today);
        Self { policy, known, left_out, today, places, as_of, matching, wanted, plan }
    }

    /// Tries every day of a year, or until the calendar ends; several at a time where there are cores.
    fn look(&self) -> BTreeMap<Date, Day> {
        let later = (1..=FURTHEST).map_while(|days| self.as_of.add_days(days));
        let later = later.take_while(|&day| self.policy.calendar.covers(day));
        let days: Vec<Date> = std::iter::once(self.as_of).chain(later).collect();
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let share = |begin: usize| -> Vec<(Date, Day)> {
            let own = days.iter().skip(begin).step_by(cores);
            own.map(|&day| (day, Day::of(&self.try_day(day)))).collect()
        };
        // Where there is one core, or threads are not to be had at all, nobody else does a share.
        let share = &share;
        thread::scope(|scope| {
            let others: Vec<_> =
                (1..cores).map(|begin| scope.spawn(move || share(begin))).collect();
            let mut all: BTreeMap<Date, Day> = share(0).into_iter().collect();
            for other in others {
                all.extend(other.join().unwrap_or_else(|cause| panic::resume_unwind(cause)));
            }
            all
        })
    }

    /// The event on a day.
    fn event_on(&self, date: Date) -> Fact {
        let Wanted { event, values, reference } = self.wanted;
        Fact {
            values: values.clone(),
            reference: reference.clone(),
            ..Fact::bare(self.policy, *event, date)
        }
    }

    /// Tries a day: evaluates without the event, with it, and with what has to be done before it.
    fn try_day(&self, day: Date) -> Tried {
        let mut evaluator = Evaluator::new(self.policy, day, self.matching);
        let plan = self.plan.filter(|_| day > self.as_of).map(|(event, attribute)| {
            let mut fact = Fact::bare(self.policy, event, self.as_of);
            if let Some(slot) = fact.values.get_mut(attribute.index()) {
                *slot = Some(Value::Date(day));
            }
            fact
        });
        let base = match &plan {
            Some(plan) => Cow::Owned(with(&self.known, std::slice::from_ref(plan))),
            None => Cow::Borrowed(&self.known),
        };
        let without = evaluator.evaluate(&base);
        let mut evaluated = |facts: &[Fact]| {
            let timeline = with(&base, facts);
            let outcome = evaluator.evaluate(&timeline);
            Trial { timeline, outcome }
        };
        let mut facts = vec![self.event_on(day)];
        let mut trial = evaluated(&facts);
        let mut done = Done::default();
        // What is done may itself ask for something; a few rounds are enough for any policy.
        for _ in 0..6 {
            let more = self.still_to_do(&without, &trial, &mut done);
            if more.is_empty() {
                break;
            }
            facts.extend(more);
            trial = evaluated(&facts);
        }
        self.judge(day, &without, trial, &facts)
    }

    /// Facts for what has to be done by the event, each on its last day in time, unless that has passed.
    fn still_to_do(&self, without: &Outcome, trial: &Trial, done: &mut Done) -> Vec<Fact> {
        let mut facts = Vec::new();
        for moved in moves(without, &trial.outcome) {
            let row = moved.after.and_then(|place| trial.outcome.deadlines.get(place));
            let in_vain =
                |row: &Deadline| row.status == Status::Late && self.is_assumed(row, trial);
            let wanting = |row: &&Deadline| is_undone(row) || in_vain(row);
            let Some(row) = row.filter(wanting).filter(|row| !self.is_silence(row)) else {
                continue;
            };
            // What has no time limit can be done as late as the event itself.
            let due = row.due_date().or((row.due == Due::Never).then_some(trial.outcome.as_of));
            let Some(mut due) = due.filter(|&due| due >= self.as_of) else { continue };
            let round = done.rounds.entry(moved.key).or_default();
            let mut acts = acts_for(self.policy, row, *round);
            // Where no date can be fixed, an act is judged by the date expected on its day.
            let before = self.places.get(&moved.key);
            let before = before.and_then(|at| self.today.deadlines.get(at));
            let expected = before.and_then(Deadline::due_date).filter(|&day| day >= self.as_of);
            if let Some(expected) = expected.filter(|&day| acts.is_empty() && day < due) {
                acts = acts_for(self.policy, row, 0);
                due = expected;
            }
            if *round > MOST_ACTS {
                continue;
            }
            *round += 1;
            let reference = row.reference.and_then(|fact| trial.timeline.fact(fact));
            let reference = reference.and_then(|fact| fact.reference.clone());
            facts.extend(acts.into_iter().map(|(event, values)| {
                let mut fact = Fact::bare(self.policy, event, due);
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

    fn judge(&self, day: Date, without: &Outcome, trial: Trial, added: &[Fact]) -> Tried {
        let place = |wanted: &Fact| {
            let mut facts = trial.timeline.facts().iter();
            let place = facts.position(|fact| same(fact, wanted));
            place.map(|place| FactId(place as u32))
        };
        let event = added.first().and_then(place);
        let assumed: Vec<FactId> = added.iter().skip(1).filter_map(place).collect();
        let moved = moves(without, &trial.outcome);
        let mut objections = BTreeSet::new();
        let mut meets = Vec::new();
        let (mut steps, mut untimed) = (Vec::new(), Vec::new());
        let mut bears_on: Vec<Key> = moved.iter().map(|one| one.key).collect();
        for one in &moved {
            let Some(place) = one.after else { continue };
            let Some(row) = trial.outcome.deadlines.get(place) else { continue };
            let own = event.is_some_and(|event| row.done_by.contains(&event));
            if own {
                meets.push(one.key);
            }
            if is_late(row, day) && !self.is_silence(row) {
                objections.insert(Objection::Late(one.key));
            }
            let step = row.done_by.iter().any(|fact| assumed.contains(fact))
                || (row.status == Status::Due && row.due_date() == Some(day));
            if step && !own && row.due == Due::Never {
                untimed.push(place);
            }
            if let Some(last) = row.due_date().filter(|_| step && !own) {
                // Of what counts forwards, the clock's own day is the first.
                let start = row.anchor.filter(|_| row.basis.is_none()).map(|start| start.date);
                let first = row.opens.or(start).map_or(self.as_of, |day| day.max(self.as_of));
                steps.push(Step { place, first, last });
            }
        }
        steps.sort_by_key(|step| (step.last, step.place));
        let early = |row: &Deadline| {
            let own = |why: &Reason| matches!(why, Reason::Early(fact, _) if Some(*fact) == event);
            row.done_on.is_none() && row.reasons.iter().any(own)
        };
        for (key, place) in keyed(&trial.outcome) {
            if trial.outcome.deadlines.get(place).is_some_and(early) {
                objections.insert(Objection::Early(key));
                bears_on.push(key);
            }
        }
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
        Tried { day, trial, objections, steps, untimed, meets, bears_on }
    }

    /// What is late already, on every day the same, is no reason against any of them: the event neither
    /// meets it nor helps it. It is taken out, and told apart.
    fn already_late(&self, days: &mut BTreeMap<Date, Day>) -> Vec<Key> {
        let met: BTreeSet<Key> = days.values().flat_map(|day| day.meets.iter().copied()).collect();
        let today = Day::late(&self.today, self.as_of);
        let already: Vec<Key> = today
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

    fn answer(self) -> When {
        let mut days = self.look();
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

impl Day {
    fn of(tried: &Tried) -> Day {
        Day {
            objections: tried.objections.clone(),
            meets: tried.meets.clone(),
            late: Self::late(&tried.trial.outcome, tried.day),
        }
    }

    /// All that is late in an outcome by a day, in order.
    fn late(outcome: &Outcome, day: Date) -> Vec<Key> {
        let late = |place| outcome.deadlines.get(place).is_some_and(|row| is_late(row, day));
        keyed(outcome).into_iter().filter(|&(_, place)| late(place)).map(|(key, _)| key).collect()
    }
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
