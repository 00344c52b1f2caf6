//! Cases made up to climb a ladder, and replayed through the evaluator.
//!
//! Like `made_up.rs` it decides nothing: it puts acts together in the order in which they would happen, and
//! asks the evaluator where the ladder then stands. The acts of one day are numbered with `seq`, so that
//! their order is not left open.
//!
//! Example: stage 3 of Walsall's resolution raised on Monday 2 March 2026 and never answered. The last day
//! is Thursday 5 March, and on the 6th the evaluator says that the ladder has no listed way on.

use super::made_up::{Play, step};
use crate::calendar::Date;
use crate::diagnostic::{Step, Witness};
use crate::eval::{CountedFrom, Due, Fact, Outcome, Standing, Timeline, evaluate, window_dates};
use crate::policy::{
    AttributeId, Body, EventId, ExitTo, Ladder, Policy, RuleId, Shape, Stage, StageOutcome, Value,
};

/// A day on which an example can begin, where the policy has nothing against it.
const USUAL: &str = "2026-03-02";

/// A climb in the making.
#[derive(Debug, Clone)]
pub(super) struct Climb<'a> {
    policy: &'a Policy,
    rule: RuleId,
    pub(super) ladder: &'a Ladder,
    facts: Vec<Fact>,
    /// What falls due, or fails to happen, between the acts.
    remarks: Vec<Step>,
}

/// The ladders of a policy.
pub(super) fn ladders(policy: &Policy) -> impl Iterator<Item = (RuleId, &Ladder)> {
    policy.rules.iter().enumerate().filter_map(|(index, rule)| match &rule.body {
        Body::Ladder(ladder) => Some((RuleId(index as u16), ladder)),
        Body::Series(_) | Body::Duty(_) | Body::Trigger(_) | Body::Forbid(_) => None,
    })
}

/// A day on which a clock of the rule can start: a Monday in March 2026, or the first working day after
/// the policy, or the rule, came into force.
pub(super) fn example_day(policy: &Policy, rule: RuleId) -> Option<Date> {
    let periods = [policy.header.in_force, policy.rule(rule).in_force];
    let usual = Date::parse(USUAL).ok()?;
    let fits = |day: Date| {
        periods.iter().all(|period| period.contains(day))
            && policy.calendar.is_working_day(day) == Some(true)
    };
    if fits(usual) {
        return Some(usual);
    }
    let first = periods.iter().filter_map(|period| period.from).max();
    let first = first.unwrap_or_else(|| policy.calendar.covered().0);
    (0..31).filter_map(|days| first.add_days(days)).find(|day| fits(*day))
}

/// The last day for the answer at a stage that is opened on a day. Where the day is to be agreed, that is
/// taken to be a week.
pub(super) fn last_day(policy: &Policy, stage: &Stage, opened: Date) -> Option<Date> {
    let window = stage.limit.as_ref()?;
    let from = CountedFrom { carried: opened.add_days(7), ..CountedFrom::day(opened) };
    match window_dates(&policy.calendar, window, &from).1 {
        Due::On(day) => Some(day),
        Due::Never | Due::Waiting | Due::Beyond(_) | Due::Unknown => None,
    }
}

impl<'a> Climb<'a> {
    pub(super) const fn new(policy: &'a Policy, rule: RuleId, ladder: &'a Ladder) -> Self {
        Self { policy, rule, ladder, facts: Vec::new(), remarks: Vec::new() }
    }

    fn act(&mut self, day: Date, event: EventId, values: &[(Option<AttributeId>, Value)]) {
        let mut fact = Fact::bare(self.policy, event, day);
        for (attribute, value) in values {
            if let Some(place) = attribute.and_then(|id| fact.values.get_mut(id.index())) {
                *place = Some(value.clone());
            }
        }
        fact.line = self.facts.len() as u32 + 1;
        let mut of_day: Vec<_> = self.facts.iter_mut().filter(|fact| fact.date == day).collect();
        fact.sequence = (!of_day.is_empty()).then_some(of_day.len() as u32 + 1);
        for (place, other) in of_day.iter_mut().enumerate() {
            other.sequence = Some(place as u32 + 1);
        }
        self.facts.push(fact);
    }

    /// Opens a stage; where its last day is to be agreed, it is agreed to be a week later.
    pub(super) fn open(&mut self, day: Date, stage: &Stage) {
        let mut values = vec![(self.ladder.stage_attribute, number(stage))];
        if let Some(Shape::ByDateOf(attribute)) = stage.limit.as_ref().map(|window| &window.shape)
            && let Some(agreed) = day.add_days(7)
        {
            values.push((Some(*attribute), Value::Date(agreed)));
        }
        self.act(day, self.ladder.opened_by, &values);
    }

    /// Answers at a stage.
    pub(super) fn answer(&mut self, day: Date, stage: &Stage) -> Option<()> {
        let named = [(self.ladder.answer_stage_attribute, number(stage))];
        self.act(day, self.ladder.answered_by?, &named);
        Some(())
    }

    /// Approves the answer of a stage, where it needs approval.
    pub(super) fn approve(&mut self, day: Date, stage: &Stage) -> Option<()> {
        if stage.approval_from.is_empty() {
            return Some(());
        }
        let named = [(self.ladder.approval_stage_attribute, number(stage))];
        self.act(day, self.ladder.approved_by?, &named);
        Some(())
    }

    /// Judges the answer.
    pub(super) fn judge(&mut self, day: Date, outcome: StageOutcome) -> Option<()> {
        let (event, attribute) = self.ladder.judged_by?;
        let satisfied = Value::YesNo(outcome == StageOutcome::Satisfied);
        self.act(day, event, &[(Some(attribute), satisfied)]);
        Some(())
    }

    /// Closes the ladder.
    pub(super) fn close(&mut self, day: Date) -> Option<()> {
        self.act(day, self.ladder.closed_by?, &[]);
        Some(())
    }

    /// Lets a stage that was opened on a day come to an outcome as late as it can: on its last day, or for
    /// want of an answer or an approval on the day after. Gives the day.
    pub(super) fn come_to(
        &mut self,
        opened: Date,
        stage: &Stage,
        outcome: StageOutcome,
    ) -> Option<Date> {
        let last = last_day(self.policy, stage, opened)?;
        match outcome {
            StageOutcome::NoAnswer => {
                self.remark(last, "no answer has come, and this was the last day for it");
                last.add_days(1)
            }
            StageOutcome::NotApproved => {
                self.answer(last, stage)?;
                self.remark(last, "the answer is not approved, and this was the last day for it");
                last.add_days(1)
            }
            StageOutcome::Satisfied | StageOutcome::NotSatisfied => {
                self.answer(last, stage)?;
                self.approve(last, stage)?;
                self.judge(last, outcome)?;
                Some(last)
            }
        }
    }

    /// Climbs from an entry to a stage, by the ways that the policy lists, and opens it. Gives the day.
    pub(super) fn climb_to(&mut self, start: Date, wanted: &Stage) -> Option<Date> {
        let ladder = self.ladder;
        let Some(entry) = ladder.enters_at.filter(|entry| *entry != wanted.number) else {
            self.open(start, wanted);
            return Some(start);
        };
        let mut day = start;
        for (number, outcome) in route(ladder, entry, wanted.number)? {
            let stage = ladder.stages.iter().find(|stage| stage.number == number)?;
            self.open(day, stage);
            day = self.come_to(day, stage, outcome)?;
        }
        self.open(day, wanted);
        Some(day)
    }

    /// Says what is so on a day, between the acts.
    pub(super) fn remark(&mut self, day: Date, text: impl Into<String>) {
        self.remarks.push(step(day, text));
    }

    /// What the evaluator says on a day.
    pub(super) fn outcome(&self, as_of: Date) -> Outcome {
        evaluate(self.policy, &Timeline::new("witness", self.facts.clone()).0, as_of)
    }

    /// Where the ladder stands on a day, if that is one that the policy foresees.
    pub(super) fn standing(&self, as_of: Date) -> Option<Standing> {
        let mut outcome = self.outcome(as_of);
        outcome.standings.retain(|standing| standing.rule == self.rule);
        outcome.standings.pop().filter(|standing| standing.irregular.is_empty())
    }

    /// The acts and what was said between them, day by day.
    pub(super) fn witness(&self) -> Witness {
        let mut play = Play::new(self.policy);
        play.facts.clone_from(&self.facts);
        let mut steps = play.steps();
        steps.extend(self.remarks.iter().cloned());
        // What is said of a day is said after what happens on it.
        steps.sort_by(|one, other| one.day.cmp(&other.day));
        Witness { steps }
    }
}

/// The number of a stage as an attribute carries it.
fn number(stage: &Stage) -> Value {
    Value::Number(i64::from(stage.number) * 1000)
}

/// The stages from an entry to a wanted one, each with the outcome that leads on.
fn route(ladder: &Ladder, entry: u16, wanted: u16) -> Option<Vec<(u16, StageOutcome)>> {
    let mut routes: Vec<(u16, Vec<(u16, StageOutcome)>)> = vec![(entry, Vec::new())];
    let mut next = 0;
    while let Some((at, path)) = routes.get(next).cloned() {
        next += 1;
        if at == wanted {
            return Some(path);
        }
        let Some(stage) = ladder.stages.iter().find(|stage| stage.number == at) else { continue };
        for exit in &stage.exits {
            let ExitTo::Stage(to) = exit.leads else { continue };
            if routes.iter().all(|(known, _)| *known != to) {
                let further = path.iter().copied().chain([(at, exit.outcome)]).collect();
                routes.push((to, further));
            }
        }
    }
    None
}

/// The stages that can be reached at all.
pub(super) fn reachable(ladder: &Ladder) -> Vec<u16> {
    let all = || ladder.stages.iter().map(|stage| stage.number);
    match ladder.enters_at {
        None => all().collect(),
        Some(entry) => {
            let called = ladder.opens_on.iter().map(|call| call.stage);
            let entries: Vec<u16> = called.chain([entry]).collect();
            let reached =
                |number: u16| entries.iter().any(|&entry| route(ladder, entry, number).is_some());
            all().filter(|number| reached(*number)).collect()
        }
    }
}
