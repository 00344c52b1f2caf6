//! Everything that is to be done for the next review, or on a ladder, with the first and the last day of each.
//!
//! The next review is taken to be held on the day planned for it; where none is planned, on the latest day
//! on which nothing is late, else on its last day in time. The case is then evaluated as of that day, as
//! the search for safe days does. On a ladder each stage is followed on the ground of silence, the stage
//! above being opened on the first day on which it can be.

use super::answer::{Tried, Wanted};
use super::case::{Trial, keyed, moves, with};
use super::when::{try_one, when};
use crate::calendar::Date;
use crate::eval::{
    BasisKind, Deadline, Due, Fact, LadderState, Matching, Outcome, Part, Standing, Status,
    Timeline, Way, evaluate_with,
};
use crate::policy::{Body, Ladder, Policy, RuleId, Series, StageOutcome, Value};

/// What a plan is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aim {
    /// The next review of each series.
    Review,
    /// Each ladder that is not closed.
    Ladder,
}

/// A plan for one review or one ladder.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The rule of the series or the ladder.
    pub rule: RuleId,
    /// Which review of the series, or which instance of the ladder.
    pub ordinal: u16,
    /// For a review, the day it is taken to be held, and how that day is known.
    pub day: Option<(Date, Fixed)>,
    /// The case as it is evaluated for the plan, one outcome for each step that was taken.
    pub trials: Vec<Trial>,
    /// What is to be done, in order of the last day, what has none behind.
    pub items: Vec<Item>,
}

/// How the day of a review is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fixed {
    /// It is planned.
    Planned,
    /// It is the latest day on which nothing is late.
    LatestSafe,
    /// It is the last day in time, and something else will be late.
    LastDay,
    /// The last day in time has passed; it is the as-of day.
    Overdue,
}

/// Where a thing to be done stands in a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// Before the review.
    Before,
    /// The review itself.
    Review,
    /// On the day of the review.
    OnTheDay,
    /// After the review.
    After,
    /// On a ladder, as things stand.
    Now,
    /// On a ladder, if nothing is answered.
    IfSilent,
}

/// One thing to be done.
#[derive(Debug, Clone)]
pub struct Item {
    /// Where in the plan it stands.
    pub phase: Phase,
    /// What it is.
    pub what: What,
    /// The first day, where there is one of its own from the as-of day on.
    pub first: Option<Date>,
    /// The last day in time; `None` where there is no time limit.
    pub last: Option<Date>,
    /// Whether the last day has passed and it is not done.
    pub passed: bool,
}

/// What is to be done.
#[derive(Debug, Clone)]
pub enum What {
    /// A deadline: the trial of the plan, and its place in the outcome.
    Deadline(usize, usize),
    /// A way on from a stage of the plan's ladder.
    Way(u16, Way),
}

/// Plans the next review of each series, or each open ladder.
pub fn plan(
    policy: &Policy,
    timeline: &Timeline,
    as_of: Date,
    matching: Matching,
    aim: Aim,
) -> Vec<Plan> {
    let known: Vec<_> =
        timeline.facts().iter().filter(|fact| fact.date <= as_of).cloned().collect();
    let known = Timeline::new(timeline.case.clone(), known).0;
    let outcome = evaluate_with(policy, &known, as_of, matching);
    let planner = Planner { policy, known, as_of, matching, outcome };
    match aim {
        Aim::Review => planner.reviews(),
        Aim::Ladder => planner.ladders(),
    }
}

struct Planner<'a> {
    policy: &'a Policy,
    known: Timeline,
    as_of: Date,
    matching: Matching,
    outcome: Outcome,
}

impl Planner<'_> {
    fn reviews(&self) -> Vec<Plan> {
        let rows = self.outcome.deadlines.iter();
        rows.filter(|row| {
            let open = [Status::Due, Status::NotOpen, Status::Overdue, Status::Begun];
            row.part == Part::Whole && open.contains(&row.status)
        })
        .filter_map(|row| match &self.policy.rule(row.rule).body {
            Body::Series(series) if series.noun == "review" => self.review(row, series),
            _ => None,
        })
        .collect()
    }

    fn review(&self, row: &Deadline, series: &Series) -> Option<Plan> {
        let begun = row.status == Status::Begun;
        let held = series.completed_on.as_ref().filter(|_| begun);
        let held = held.or(series.held_on.as_ref()).or(series.begun_on.as_ref())?;
        let values = vec![None; self.policy.event(held.event).attributes.len()];
        let wanted = Wanted { event: held.event, values, reference: None };
        let found = || when(self.policy, &self.known, self.as_of, self.matching, &wanted).latest;
        let due = row.due_date();
        let (day, fixed) = match (self.planned(row.rule), due) {
            (Some(day), _) => (day, Fixed::Planned),
            (None, Some(due)) if due < self.as_of => (self.as_of, Fixed::Overdue),
            (None, due) => match (found(), due) {
                (Some(latest), _) if latest.beyond.is_some() => (latest.on.day, Fixed::LatestSafe),
                (_, Some(due)) => (due, Fixed::LastDay),
                (_, None) => return None,
            },
        };
        let tried = try_one(self.policy, &self.known, self.as_of, self.matching, &wanted, day);
        let items = self.around(row, &tried, day);
        let (rule, ordinal) = (row.rule, row.ordinal);
        Some(Plan { rule, ordinal, day: Some((day, fixed)), trials: vec![tried.trial], items })
    }

    /// The planned date of the next review, as what is to be done before it knows it.
    fn planned(&self, series: RuleId) -> Option<Date> {
        let rows = self.outcome.deadlines.iter().filter(|row| {
            let anchor = match &self.policy.rule(row.rule).body {
                Body::Duty(duty) => Some(&duty.anchor),
                _ => None,
            };
            let own = matches!(anchor,
                Some(crate::policy::Anchor::Review { series: of, .. }) if *of == series);
            own && !matches!(row.status, Status::Lapsed | Status::Missed)
        });
        let planned = rows.filter_map(|row| row.basis);
        let planned = planned.filter(|basis| basis.kind == BasisKind::Planned);
        planned.map(|basis| basis.date).filter(|&day| day >= self.as_of).max()
    }

    /// What is to be done before a review on this day, on it, and after it.
    fn around(&self, review: &Deadline, tried: &Tried, day: Date) -> Vec<Item> {
        let outcome = &tried.trial.outcome;
        let mut items = Vec::new();
        let places = keyed(outcome);
        let before = keyed(&self.outcome);
        for (key, place) in places {
            let Some(row) = outcome.deadlines.get(place) else { continue };
            let step = tried.steps.iter().find(|step| step.place == place);
            let untimed = tried.untimed.contains(&place);
            let was = before.get(&key).and_then(|at| self.outcome.deadlines.get(at));
            let own = (row.rule, row.ordinal) == (review.rule, review.ordinal);
            let on_day =
                row.basis.is_some_and(|basis| basis.kind == BasisKind::Actual && basis.date == day);
            let phase = if own {
                Phase::Review
            } else if untimed {
                Phase::Before
            } else if let Some(step) = step {
                if step.first == day { Phase::OnTheDay } else { Phase::Before }
            } else if on_day && row.done_on.is_none() {
                match row.opens {
                    Some(opens) if opens == day => Phase::OnTheDay,
                    _ => Phase::Before,
                }
            } else if row.anchor.is_some_and(|anchor| anchor.date == day)
                && row.basis.is_none()
                && was.is_none_or(|was| was.status == Status::Waiting)
                && matches!(row.status, Status::Due | Status::NotOpen | Status::Outstanding)
                && !matches!(self.policy.rule(row.rule).body, Body::Series(_))
            {
                Phase::After
            } else {
                continue;
            };
            let last = match phase {
                Phase::Review => review.due_date(),
                _ => row.due_date(),
            };
            let first = match phase {
                Phase::After | Phase::OnTheDay => Some(day),
                Phase::Review => None,
                _ => step.map(|step| step.first).or(row.opens),
            };
            let passed = last.is_some_and(|last| last < self.as_of);
            let first = first.filter(|_| !passed);
            items.push(Item { phase, what: What::Deadline(0, place), first, last, passed });
        }
        sort(&mut items);
        items
    }

    fn ladders(&self) -> Vec<Plan> {
        let open = self.outcome.standings.iter();
        open.filter(|standing| standing.state != LadderState::Closed)
            .filter_map(|standing| match &self.policy.rule(standing.rule).body {
                Body::Ladder(ladder) => Some(self.ladder(standing, ladder)),
                _ => None,
            })
            .collect()
    }

    /// The ladder as it stands, then stage after stage as if nothing were answered.
    fn ladder(&self, standing: &Standing, ladder: &Ladder) -> Plan {
        let mut items = Vec::new();
        let mut trials =
            vec![Trial { timeline: self.known.clone(), outcome: self.outcome.clone() }];
        let mut reached = standing.stage;
        self.open_rows(standing, &trials, Phase::Now, &mut items);
        items.extend(standing.ways.iter().map(|way| Item {
            phase: Phase::Now,
            what: What::Way(standing.stage, way.clone()),
            first: Some(way.since.max(self.as_of)),
            last: None,
            passed: false,
        }));
        // Each round climbs by a stage at least, so there are no more rounds than stages.
        for _ in &ladder.stages {
            let Some(next) = self.silent(standing, ladder, reached, &trials, &mut items) else {
                break;
            };
            reached = next.1;
            trials.push(next.0);
            self.open_rows(standing, &trials, Phase::IfSilent, &mut items);
        }
        sort(&mut items);
        let (rule, ordinal) = (standing.rule, standing.ordinal);
        Plan { rule, ordinal, day: None, trials, items }
    }

    /// What the latest step on a ladder left owed that was not owed before.
    fn open_rows(
        &self,
        standing: &Standing,
        trials: &[Trial],
        phase: Phase,
        items: &mut Vec<Item>,
    ) {
        let Some((last, earlier)) = trials.split_last() else { return };
        let known = earlier.last().map(|trial| keyed(&trial.outcome)).unwrap_or_default();
        for (key, place) in keyed(&last.outcome) {
            let Some(row) = last.outcome.deadlines.get(place) else { continue };
            let own = (row.rule, row.ordinal) == (standing.rule, standing.ordinal);
            let open = matches!(row.status, Status::Due | Status::NotOpen | Status::Overdue);
            let owed = open || (row.status == Status::Outstanding && phase == Phase::Now);
            if own && owed && !known.contains_key(&key) {
                let last = row.due_date();
                let passed = last.is_some_and(|last| last < self.as_of);
                let first = row.anchor.map(|anchor| anchor.date.max(self.as_of));
                items.push(Item {
                    phase,
                    what: What::Deadline(earlier.len(), place),
                    first: first.filter(|_| !passed),
                    last,
                    passed,
                });
            }
        }
    }

    /// The next stage opened on the first day on which silence lets it, if the policy does.
    fn silent(
        &self,
        standing: &Standing,
        ladder: &Ladder,
        reached: u16,
        trials: &[Trial],
        items: &mut Vec<Item>,
    ) -> Option<(Trial, u16)> {
        let last = trials.last()?;
        let owed = last.outcome.deadlines.iter().find(|row| {
            (row.rule, row.ordinal, row.part)
                == (standing.rule, standing.ordinal, Part::Answer { stage: reached })
        })?;
        let Due::On(due) = owed.due else { return None };
        if owed.done_on.is_some() {
            return None;
        }
        let day = due.add_days(1)?.max(self.as_of);
        let seen = evaluate_with(self.policy, &last.timeline, day, self.matching);
        let way = seen
            .standings
            .iter()
            .find(|one| (one.rule, one.ordinal) == (standing.rule, standing.ordinal))?
            .ways
            .iter()
            .find(|way| way.outcome == StageOutcome::NoAnswer)?
            .clone();
        let crate::policy::ExitTo::Stage(next) = way.leads else {
            items.push(Item {
                phase: Phase::IfSilent,
                first: Some(day),
                what: What::Way(reached, way),
                last: None,
                passed: false,
            });
            return None;
        };
        // A way that is open already stands among those of today.
        if day > self.as_of {
            items.push(Item {
                phase: Phase::IfSilent,
                first: Some(day),
                what: What::Way(reached, way),
                last: None,
                passed: false,
            });
        }
        let mut opening = Fact::bare(self.policy, ladder.opened_by, day);
        let number = ladder.stage_attribute.map(crate::policy::AttributeId::index);
        if let Some(slot) = number.and_then(|place| opening.values.get_mut(place)) {
            *slot = Some(Value::Number(i64::from(next) * 1000));
        }
        let first = self.known.fact(standing.opened);
        opening.reference = first.and_then(|fact| fact.reference.clone());
        let timeline = with(&last.timeline, &[opening]);
        let outcome = evaluate_with(self.policy, &timeline, day, self.matching);
        let climbed = !moves(&last.outcome, &outcome).is_empty() && next > reached;
        climbed.then_some((Trial { timeline, outcome }, next))
    }
}

/// By the last day, and before it by the first; what has no last day goes by its first.
fn sort(items: &mut [Item]) {
    items.sort_by_key(|item| {
        let ladder = matches!(item.phase, Phase::Now | Phase::IfSilent);
        let phase = if ladder { Phase::Now } else { item.phase };
        (phase, item.last.is_none() && !ladder, item.last.or(item.first), item.first)
    });
}
