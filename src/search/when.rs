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
//! Not every day has to be tried. The search tries every seventh day and every day at which a window of
//! the event's own begins or ends, and halves the way between neighbours that differ until they are a
//! day apart. A test holds the result against a search that leaves no day out.

use std::collections::{BTreeMap, BTreeSet};

use super::acts::{acts_for, is_late, is_undone};
use super::answer::{Conflict, End, Objection, Step, Stretch, Tried, Wanted, When};
use super::case::{Key, Trial, keyed, moves, with};
use super::fewest::fewest;
use super::questions::blank;
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
/// More acts than these are not tried for one deadline.
const MOST_ACTS: usize = 8;
/// How far it looks at most, in days: a year and a day.
const FURTHEST: i32 = 366;

struct Search<'a> {
    policy: &'a Policy,
    /// The case up to the as-of day.
    known: Timeline,
    left_out: usize,
    /// What came of it on the as-of day.
    today: Outcome,
    as_of: Date,
    matching: Matching,
    wanted: &'a Wanted,
    /// The event that fixes the date of the review, if the wanted event holds one.
    plan: Option<(EventId, crate::policy::AttributeId)>,
    tried: BTreeMap<Date, Tried>,
    /// The last day in time of anything that the event meets on a day that was tried.
    own_end: Option<Date>,
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
        let today = evaluate_with(policy, &known, as_of, matching);
        Self {
            policy,
            known,
            left_out,
            today,
            as_of,
            matching,
            wanted,
            plan,
            tried,
            own_end: None,
            last: as_of,
        }
    }

    /// Tries days until nothing more can change, so many apart, and then all between two that differ.
    fn look(&mut self, step: i32) {
        let mut days = 0;
        let mut edges: BTreeSet<Date> = BTreeSet::new();
        while let Some(day) = self.as_of.add_days(days) {
            self.last = day;
            let one = self.attempt(day);
            let objected = !one.objections.is_empty();
            let meets_nothing = one.meets.is_empty();
            // Its own windows, those that it meets and those that it comes before.
            let early = one.objections.iter().filter_map(|why| match why {
                Objection::Early(key) => Some(*key),
                _ => None,
            });
            let own: BTreeSet<Key> = one.meets.iter().copied().chain(early).collect();
            edges.extend(self.edges(&own, day));
            // Once it meets nothing any more, or is late for it, no later day can be better.
            let end = self.own_end;
            let over = objected || (meets_nothing && end.is_some());
            let past = over && end.unwrap_or(self.as_of).days_until(day) > BEYOND;
            if past {
                break;
            }
            // Where the calendar ends before the next step, its last day is the last to be tried.
            let covered = |days: &i32| {
                self.as_of.add_days(*days).is_some_and(|day| self.policy.calendar.covers(day))
            };
            let next = (days + step).min(FURTHEST);
            let Some(next) = (days + 1..=next).rev().find(covered) else { break };
            days = next;
        }
        edges.retain(|day| (self.as_of..=self.last).contains(day));
        for day in edges {
            self.attempt(day);
        }
        self.halve();
    }

    /// The days at which the windows of these deadlines begin or end, and their neighbours.
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
            let rows = one.meets.iter().filter_map(|&key| one.row(key));
            let ends = rows.filter_map(|row| row.alternatives.last().copied().or(row.due_date()));
            self.own_end = ends.chain(self.own_end).max();
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
        let expected = keyed(&self.today);
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
            let before = expected.get(&moved.key).and_then(|&at| self.today.deadlines.get(at));
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
            let place = facts.position(|fact| Fact { line: 0, ..fact.clone() } == *wanted);
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

    /// What the event meets on one day it must not have lost, or be late for, on a later one.
    fn complete(&mut self) {
        let mut met: BTreeSet<Key> = BTreeSet::new();
        let mut more: Vec<(Date, Objection)> = Vec::new();
        for (day, one) in &self.tried {
            met.extend(&one.meets);
            let places = keyed(&one.trial.outcome);
            for key in met.iter().filter(|key| !one.meets.contains(key)) {
                let row = places.get(key).and_then(|&at| one.trial.outcome.deadlines.get(at));
                let late = row.is_some_and(|row| is_late(row, *day));
                more.push((*day, if late { Objection::Late(*key) } else { Objection::Gone(*key) }));
            }
        }
        for (day, objection) in more {
            if let Some(one) = self.tried.get_mut(&day) {
                one.objections.insert(objection);
            }
        }
    }

    /// What is late already, on every day the same, is no reason against any of them: the event neither
    /// meets it nor helps it. It is taken out, and told apart.
    fn already_late(&mut self) -> Vec<Key> {
        let places = keyed(&self.today);
        let met: BTreeSet<Key> =
            self.tried.values().flat_map(|one| one.meets.iter().copied()).collect();
        let already: Vec<Key> = places
            .into_iter()
            .filter(|(key, place)| {
                let row = self.today.deadlines.get(*place);
                let late = row.is_some_and(|row| is_late(row, self.as_of));
                let everywhere = || {
                    self.tried.values().all(|one| one.objections.contains(&Objection::Late(*key)))
                };
                late && !met.contains(key) && everywhere()
            })
            .map(|(key, _)| key)
            .collect();
        for one in self.tried.values_mut() {
            for key in &already {
                one.objections.remove(&Objection::Late(*key));
            }
        }
        already
    }

    fn answer(mut self) -> When {
        self.complete();
        let already_late = self.already_late();
        let stretches = self.stretches();
        let safe = |stretch: &&Stretch| stretch.objections.is_empty();
        let first = stretches.iter().find(safe).map(|stretch| stretch.first);
        let last = stretches.iter().rev().find(safe).map(|stretch| stretch.last);
        let conflict = if first.is_none() { self.conflict(&stretches) } else { None };
        // Neighbours that differ were tried down to a day apart, so both sides of an end are there.
        let end = |day: Option<Date>, step: i32| {
            let beyond = day?.add_days(step).filter(|day| (self.as_of..=self.last).contains(day));
            let beyond = beyond.and_then(|day| self.tried.get(&day)).cloned();
            Some(End { on: self.tried.get(&day?)?.clone(), beyond })
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
            already_late,
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
