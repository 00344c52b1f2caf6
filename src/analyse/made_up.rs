//! Cases made up to show something: events put together until a clock starts on a chosen day, and
//! replayed through the evaluator.
//!
//! Nothing here decides anything. What an analysis claims is compared with what the evaluator says of the
//! case; only a claim that it confirms is reported.

use crate::calendar::Date;
use crate::diagnostic::Step;
use crate::eval::{BasisKind, Deadline, Due, Fact, Part, Timeline, evaluate};
use crate::policy::{
    Anchor, AttributeId, AttributeKind, Body, Condition, EventId, EventMatch, Ladder, Policy, Rule,
    RuleId, Series, Shape, StateKind, Test, Value, Window,
};

/// Days between one review and the next in a case that is made up; that they may be late plays no part.
const APART: i32 = 28;

/// Which instance of a rule is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Instance {
    /// The one whose clock starts on the day.
    From(Date),
    /// The one that lies before the review held on the day.
    Before(Date),
}

/// A case in the making.
#[derive(Debug, Clone)]
pub(super) struct Play<'a> {
    pub(super) policy: &'a Policy,
    pub(super) facts: Vec<Fact>,
    pub(super) order: Order,
}

/// Which of several ways to bring something about is tried first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// The one that is written first.
    FirstFirst,
    /// The one that is written last.
    LastFirst,
}

impl<'a> Play<'a> {
    pub(super) const fn new(policy: &'a Policy) -> Self {
        Self { policy, facts: Vec::new(), order: Order::FirstFirst }
    }

    /// Records an event, unless it is recorded already.
    fn record(&mut self, date: Date, event: EventId, values: Vec<Option<Value>>) {
        let line = self.facts.len() as u32 + 1;
        let values = values.into();
        let fact = Fact { date, event, values, reference: None, sequence: None, line };
        let same =
            |known: &&Fact| (known.date, known.event, &known.values) == (date, event, &fact.values);
        if self.facts.iter().find(same).is_none() {
            self.facts.push(fact);
        }
    }

    /// Lets an event happen, with the attributes that its test asks for.
    pub(super) fn occur(&mut self, date: Date, wanted: &EventMatch) -> Option<()> {
        let mut values = vec![None; self.policy.event(wanted.event).attributes.len()];
        if let Some(test) = &wanted.test {
            self.fill(wanted.event, test, true, &mut values)?;
        }
        self.record(date, wanted.event, values);
        Some(())
    }

    /// Lets an event happen that carries a date.
    pub(super) fn carry(
        &mut self,
        date: Date,
        wanted: &EventMatch,
        attribute: AttributeId,
        carried: Option<Date>,
    ) -> Option<()> {
        self.occur(date, wanted)?;
        let fact = self.facts.last_mut()?;
        *fact.values.get_mut(attribute.index())? = carried.map(Value::Date);
        Some(())
    }

    /// Gives an event's attributes values that pass a test, or fail it.
    fn fill(
        &self,
        event: EventId,
        test: &Condition,
        wanted: bool,
        values: &mut Vec<Option<Value>>,
    ) -> Option<()> {
        match test {
            Condition::Not(inner) => self.fill(event, inner, !wanted, values),
            Condition::All(parts) | Condition::Any(parts) => {
                if matches!(test, Condition::All(_)) == wanted {
                    parts
                        .iter()
                        .try_for_each(|part| self.fill(event, part, wanted, values).ok_or(()))
                        .ok()
                } else {
                    parts.iter().find_map(|part| self.fill(event, part, wanted, values))
                }
            }
            Condition::Attribute(test) => {
                let value = self.value_for(event, test, wanted)?;
                *values.get_mut(test.attribute.index())? = Some(value);
                Some(())
            }
            Condition::Judged { attribute, .. } => {
                *values.get_mut(attribute.index())? = Some(Value::YesNo(wanted));
                Some(())
            }
            Condition::Reading(_, value) => (*value == wanted).then_some(()),
            Condition::State(_)
            | Condition::HeldFor { .. }
            | Condition::Latest { .. }
            | Condition::Recorded(_)
            | Condition::HeldSince { .. }
            | Condition::Age { .. }
            | Condition::ByLatestLawful { .. } => None,
        }
    }

    /// A value that passes a test, or fails it.
    fn value_for(&self, event: EventId, test: &Test, wanted: bool) -> Option<Value> {
        let kind = &self.policy.attribute(event, test.attribute).kind;
        let candidates = match (&test.value, kind) {
            (Value::YesNo(value), _) => vec![Value::YesNo(*value), Value::YesNo(!value)],
            (Value::Word(word), AttributeKind::OneOf(words)) => {
                std::iter::once(*word).chain(0..words.len() as u16).map(Value::Word).collect()
            }
            (Value::Number(number), _) => [*number, number + 1000, number - 1000]
                .into_iter()
                .filter(|number| *number >= 0)
                .map(Value::Number)
                .collect(),
            (Value::Date(date), _) => [Some(*date), date.add_days(1), date.add_days(-1)]
                .into_iter()
                .flatten()
                .map(Value::Date)
                .collect(),
            (Value::Word(_) | Value::Text(_), _) => Vec::new(),
        };
        candidates.into_iter().find(|value| test.passes(value) == wanted)
    }

    /// Brings it about that a condition holds on a day, or that it does not.
    pub(super) fn bring_about(
        &mut self,
        condition: &Condition,
        wanted: bool,
        day: Date,
    ) -> Option<()> {
        match condition {
            Condition::Not(inner) => self.bring_about(inner, !wanted, day),
            Condition::All(parts) | Condition::Any(parts) => {
                if matches!(condition, Condition::All(_)) == wanted {
                    parts
                        .iter()
                        .try_for_each(|part| self.bring_about(part, wanted, day).ok_or(()))
                        .ok()
                } else {
                    let mut parts: Vec<&Condition> = parts.iter().collect();
                    if self.order == Order::LastFirst {
                        parts.reverse();
                    }
                    parts.into_iter().find_map(|part| self.bring_about(part, wanted, day))
                }
            }
            Condition::Reading(_, value) => (*value == wanted).then_some(()),
            Condition::State(state) => {
                let state = self.policy.state(*state);
                match &state.kind {
                    StateKind::While(inner) => {
                        if !wanted && !state.unknown_before {
                            return Some(());
                        }
                        self.bring_about(inner, wanted, day)
                    }
                    StateKind::Events { from, until } => {
                        let open = self.happened(from, day);
                        match (open, wanted) {
                            (true, true) => Some(()),
                            (false, false) if !state.unknown_before => Some(()),
                            (_, true) => from.iter().find_map(|one| self.occur(day, one)),
                            (_, false) => {
                                until.iter().find_map(|one| self.occur(day.add_days(-1)?, one))
                            }
                        }
                    }
                }
            }
            Condition::HeldFor { state, .. } => {
                let long = if wanted { day.add_days(-1500)? } else { day };
                self.bring_about(&Condition::State(*state), wanted, long)
            }
            Condition::Latest { event, test } => {
                let mut values = vec![None; self.policy.event(*event).attributes.len()];
                let value = self.value_for(*event, test, wanted)?;
                *values.get_mut(test.attribute.index())? = Some(value);
                self.record(day, *event, values);
                Some(())
            }
            Condition::Recorded(found) if wanted => self.occur(day, found),
            Condition::Recorded(_) => Some(()),
            Condition::HeldSince { .. } => (!wanted).then_some(()),
            Condition::Age { years, under } => {
                let months = i32::from(*years) * 12;
                let months = if *under == wanted { months - 6 } else { months + 6 };
                let born = day.add_months(-months)?;
                self.record(born, self.policy.born?, Vec::new());
                Some(())
            }
            Condition::Attribute(_)
            | Condition::ByLatestLawful { .. }
            | Condition::Judged { .. } => None,
        }
    }

    /// Whether any of these events has happened by a day.
    fn happened(&self, wanted: &[EventMatch], day: Date) -> bool {
        self.facts
            .iter()
            .any(|fact| fact.date <= day && wanted.iter().any(|one| one.event == fact.event))
    }

    /// Lets a review of a series be held.
    pub(super) fn hold(&mut self, series: &Series, date: Date) -> Option<()> {
        match (&series.held_on, &series.begun_on, &series.completed_on) {
            (Some(held), ..) => self.occur(date, held),
            (None, Some(begun), Some(completed)) => {
                self.occur(date, begun)?;
                self.occur(date, completed)
            }
            _ => None,
        }
    }

    /// Starts a series, and holds reviews, so that the clock of the review with this ordinal starts on a
    /// day.
    pub(super) fn start_cycle(&mut self, rule: RuleId, ordinal: u16, clock: Date) -> Option<()> {
        let policy = self.policy;
        let series = policy.series(rule)?;
        let start = clock.add_days(-APART * i32::from(ordinal.saturating_sub(1)))?;
        self.begin(policy.rule(rule), series.start.as_ref(), start)?;
        for before in (0..ordinal.saturating_sub(1)).rev() {
            self.hold(series, clock.add_days(-APART * i32::from(before))?)?;
        }
        Some(())
    }

    /// Lets an event happen, and what the rule's own condition asks for.
    pub(super) fn begin(
        &mut self,
        rule: &Rule,
        event: Option<&EventMatch>,
        day: Date,
    ) -> Option<()> {
        if let Some(event) = event {
            self.occur(day, event)?;
        }
        match &rule.while_ {
            Some(condition) => self.bring_about(condition, true, day),
            None => Some(()),
        }
    }

    /// Starts the clock of a rule on a day: that of the review with an ordinal, or of a duty after an
    /// event or a review.
    pub(super) fn start(&mut self, rule: RuleId, ordinal: u16, clock: Date) -> Option<()> {
        let policy = self.policy;
        let body = policy.rule(rule);
        match &body.body {
            Body::Series(_) => self.start_cycle(rule, ordinal, clock),
            Body::Duty(duty) => match &duty.anchor {
                Anchor::Events(choices) => self.begin(body, choices.first(), clock),
                Anchor::Review { series, test, .. } => {
                    let held = policy.series(*series)?.held_on.clone();
                    self.start_cycle(*series, ordinal + 1, clock)?;
                    if let (Some(test), Some(held)) = (test, held) {
                        let event = held.event;
                        self.facts.retain(|fact| fact.event != event || fact.date != clock);
                        self.occur(clock, &EventMatch { event, test: Some(test.clone()) })?;
                    }
                    self.begin(body, None, clock)
                }
                Anchor::StateStart(state) => {
                    self.bring_about(&Condition::State(*state), true, clock)?;
                    self.begin(body, None, clock)
                }
                Anchor::Birthday(_) | Anchor::Overdue(_) => None,
            },
            Body::Trigger(_) | Body::Forbid(_) | Body::Ladder(_) => None,
        }
    }

    /// As [`Play::start`]; for a duty before a review, starts the clock of that review.
    pub(super) fn start_either_way(
        &mut self,
        rule: RuleId,
        ordinal: u16,
        clock: Date,
    ) -> Option<()> {
        let policy = self.policy;
        if let Body::Duty(duty) = &policy.rule(rule).body
            && let Anchor::Review { series, .. } = &duty.anchor
            && duty.limits.iter().filter_map(|limit| limit.window.as_ref()).any(before_its_anchor)
        {
            return self.start_cycle(*series, ordinal, clock);
        }
        self.start(rule, ordinal, clock)
    }

    /// Opens a stage of a ladder.
    pub(super) fn open_stage(&mut self, ladder: &Ladder, stage: u16, day: Date) -> Option<()> {
        let mut values = vec![None; self.policy.event(ladder.opened_by).attributes.len()];
        if let Some(attribute) = ladder.stage_attribute {
            *values.get_mut(attribute.index())? = Some(Value::Number(i64::from(stage) * 1000));
        }
        self.record(day, ladder.opened_by, values);
        Some(())
    }

    /// What the evaluator says of the parts of a rule on a day.
    pub(super) fn rows(&self, policy: &Policy, rule: RuleId, as_of: Date) -> Vec<Deadline> {
        let timeline = Timeline::new("witness", self.facts.clone()).0;
        let outcome = evaluate(policy, &timeline, as_of);
        outcome.deadlines.into_iter().filter(|row| row.rule == rule).collect()
    }

    /// What the evaluator says of one instance of a rule.
    pub(super) fn row(
        &self,
        policy: &Policy,
        rule: RuleId,
        instance: Instance,
        as_of: Date,
    ) -> Option<Deadline> {
        let mut rows = self.rows(policy, rule, as_of);
        rows.retain(|row| {
            row.part == Part::Whole
                && match instance {
                    Instance::From(day) => row.anchor.is_some_and(|start| start.date == day),
                    Instance::Before(day) => row
                        .basis
                        .is_some_and(|basis| basis.kind == BasisKind::Actual && basis.date == day),
                }
        });
        rows.pop()
    }

    /// Whether the evaluator gives an instance of a rule this last day, and no other.
    pub(super) fn is_due(
        &self,
        policy: &Policy,
        rule: RuleId,
        instance: Instance,
        due: Date,
    ) -> bool {
        let (Instance::From(day) | Instance::Before(day)) = instance;
        self.row(policy, rule, instance, day)
            .is_some_and(|row| row.due == Due::On(due) && row.alternatives.is_empty())
    }

    /// The events as the steps of a witness, in the notation of scenarios.
    pub(super) fn steps(&self) -> Vec<Step> {
        let mut facts = self.facts.clone();
        facts.sort_by_key(|fact| (fact.date, fact.line));
        facts.iter().map(|fact| step(fact.date, self.notation(fact))).collect()
    }

    /// An event as a scenario would write it, without its date.
    pub(super) fn notation(&self, fact: &Fact) -> String {
        let event = self.policy.event(fact.event);
        let mut text = event.name.clone();
        for (attribute, value) in event.attributes.iter().zip(&fact.values) {
            if let Some(value) = value {
                text += &format!(" {} {}", attribute.name, written(&attribute.kind, value));
            }
        }
        if let Some(reference) = &fact.reference {
            text += &format!(" ref {reference}");
        }
        if let Some(sequence) = fact.sequence {
            text += &format!(" seq {sequence}");
        }
        text
    }
}

/// Whether a window lies before what it counts from.
pub(super) const fn before_its_anchor(window: &Window) -> bool {
    matches!(
        window.shape,
        Shape::AtLeastBefore(_)
            | Shape::BetweenBefore { .. }
            | Shape::Before
            | Shape::NoTimeLimitBefore
    )
}

/// One day of a witness.
pub(super) fn step(day: Date, text: impl Into<String>) -> Step {
    Step { day: day.to_string(), text: text.into(), span: None }
}

/// A value as a scenario would write it.
fn written(kind: &AttributeKind, value: &Value) -> String {
    match value {
        Value::YesNo(true) => "yes".to_owned(),
        Value::YesNo(false) => "no".to_owned(),
        Value::Word(word) => match kind {
            AttributeKind::OneOf(words) => {
                words.get(usize::from(*word)).cloned().unwrap_or_default()
            }
            _ => String::new(),
        },
        Value::Number(thousandths) if thousandths % 1000 == 0 => (thousandths / 1000).to_string(),
        Value::Number(thousandths) => {
            let text = format!("{}.{:03}", thousandths / 1000, thousandths % 1000);
            text.trim_end_matches('0').to_owned()
        }
        Value::Date(date) => date.to_string(),
        Value::Text(text) => format!("\"{text}\""),
    }
}
