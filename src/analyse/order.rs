//! Two events of one day, and an answer that turns on which came first.
//!
//! The events of one day count as happening together. Where a state ends and begins again on one day it is
//! so on that day, and not known after it; and `the latest EVENT` is not known where two of one day have
//! different values. Whether a rule is owed at all then turns on an order that nobody may have recorded.
//! For each such pair of events a case is made up in which a rule's clock runs and both fall on the day
//! after it started. It is reported only if the evaluator itself says, without `seq`, that it turns on this
//! order, and gives different answers with the one order and the other.
//!
//! Only the condition of a rule as a whole is looked at. Where an exception turns on the order, the answer
//! gives both last days and the earlier to work to; and of the acts of one day on a ladder the language
//! says what counts first.
//!
//! Example: a child ceases to be looked after and becomes looked after again on Tuesday 3 March 2026. If the
//! ceasing came first, the review is due; if it came last, the child is not looked after.

use super::Subject;
use super::climb::example_day;
use super::made_up::{Play, step};
use super::places::Places;
use crate::calendar::Date;
use crate::diagnostic::{Code, Diagnostic, Problems, Step, Witness};
use crate::eval::{Deadline, FactId, Question, Reason, Status, Timeline, evaluate};
use crate::policy::{Body, Condition, EventMatch, Policy, RuleId, StateId, StateKind};

/// How many states a finding speaks of, each with its first pair, before it counts the other pairs.
const LISTED: usize = 6;

/// Says which rules turn on the order of two events of one day, in one finding.
pub(super) fn examine(subject: &Subject<'_>, problems: &mut Problems) {
    let policy = subject.policy;
    let mut found: Vec<Turning<'_>> = Vec::new();
    for (id, state) in (0..).map(StateId).zip(&policy.states) {
        for pair in pairs(&state.kind) {
            let turning = (0..).map(RuleId).zip(&policy.rules).find_map(|(rule, body)| {
                let rests =
                    body.while_.as_ref().is_some_and(|condition| rests_on(policy, condition, id));
                let (names, steps) = rests.then(|| turns(policy, rule, &pair))??;
                Some(Turning { state: &state.name, rule: &body.name, names, steps })
            });
            found.extend(turning);
        }
    }
    problems.extend(told(&found, &Places::of(subject.file)));
}

/// Two events of one day on whose order a rule turns.
struct Turning<'a> {
    state: &'a str,
    rule: &'a str,
    names: [String; 2],
    steps: Vec<Step>,
}

/// Two events of one day that pull a state in different directions.
enum Pair<'a> {
    /// One ends it, and the other begins it.
    Turns(&'a EventMatch, &'a EventMatch),
    /// The same event twice, with a value that passes a test and with one that does not.
    Latest(&'a Condition),
}

fn pairs(kind: &StateKind) -> Vec<Pair<'_>> {
    match kind {
        StateKind::Events { from, until } => until
            .iter()
            .flat_map(|closing| from.iter().map(move |opening| (closing, opening)))
            .filter(|(closing, opening)| closing != opening)
            .map(|(closing, opening)| Pair::Turns(closing, opening))
            .collect(),
        StateKind::While(condition) => {
            let mut found = Vec::new();
            latest(condition, &mut found);
            found
        }
    }
}

/// The tests of the latest event within a condition.
fn latest<'a>(condition: &'a Condition, found: &mut Vec<Pair<'a>>) {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => {
            for part in parts {
                latest(part, found);
            }
        }
        Condition::Not(inner) => latest(inner, found),
        Condition::Latest { .. } => found.push(Pair::Latest(condition)),
        _ => {}
    }
}

/// Whether a condition looks at a state, itself or through another state.
fn rests_on(policy: &Policy, condition: &Condition, state: StateId) -> bool {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => {
            parts.iter().any(|part| rests_on(policy, part, state))
        }
        Condition::Not(inner) => rests_on(policy, inner, state),
        Condition::State(other) | Condition::HeldFor { state: other, .. } => {
            *other == state
                || matches!(&policy.state(*other).kind,
                    StateKind::While(inner) if rests_on(policy, inner, state))
        }
        _ => false,
    }
}

/// A case in which a rule turns on the order of a pair: the two events, and the steps that show it.
fn turns(policy: &Policy, rule: RuleId, pair: &Pair<'_>) -> Option<([String; 2], Vec<Step>)> {
    if !matches!(policy.rule(rule).body, Body::Duty(_) | Body::Series(_)) {
        return None;
    }
    let clock = example_day(policy, rule)?;
    let day = clock.add_days(1)?;
    let as_of = day.add_days(1)?;
    let mut play = Play::new(policy);
    play.start_either_way(rule, 1, clock)?;
    let before = play.facts.len();
    match pair {
        Pair::Turns(closing, opening) => {
            play.occur(day, closing)?;
            play.occur(day, opening)?;
        }
        Pair::Latest(test) => {
            play.bring_about(test, false, day)?;
            play.bring_about(test, true, day)?;
        }
    }
    let [one, other] = play.facts.get(before..)? else { return None };
    let names = [play.notation(one), play.notation(other)];
    let unclear = unclear_row(&play, rule, day, as_of)?;
    let mut steps = play.steps();
    let name = &policy.rule(rule).name;
    steps.push(step(as_of, format!("`{name}` is undetermined, for the order is not recorded")));
    let mut answers = Vec::new();
    for (sequences, first) in [([1, 2], &names[0]), ([2, 1], &names[1])] {
        let mut ordered = play.clone();
        for (fact, sequence) in ordered.facts.iter_mut().skip(before).zip(sequences) {
            fact.sequence = Some(sequence);
        }
        let row = ordered.rows(policy, rule, as_of).into_iter().find(|row| {
            (row.ordinal, row.part) == (unclear.ordinal, unclear.part)
                && row.anchor.map(|start| start.date) == unclear.anchor.map(|start| start.date)
        });
        let status = row.as_ref().map(|row| row.status);
        if status == Some(Status::Undetermined) {
            return None;
        }
        let word = status.map_or("not owed", Status::word);
        steps.push(step(as_of, format!("if `{first}` came first, it is {word}")));
        answers.push(status);
    }
    let [one, other] = answers.as_slice() else { return None };
    (one != other).then_some((names, steps))
}

/// The part of a rule of which the evaluator says that it turns on the order of events of a day.
fn unclear_row(play: &Play<'_>, rule: RuleId, day: Date, as_of: Date) -> Option<Deadline> {
    let timeline = Timeline::new("witness", play.facts.clone()).0;
    let of_day = |id: &FactId| timeline.fact(*id).is_some_and(|fact| fact.date == day);
    let on_order = |reason: &Reason| match reason {
        Reason::OrderNotRecorded(one, other) | Reason::NotRecorded(Question::Order(one, other)) => {
            of_day(one) && of_day(other)
        }
        _ => false,
    };
    let rows = evaluate(play.policy, &timeline, as_of).deadlines.into_iter();
    rows.filter(|row| row.rule == rule && row.status == Status::Undetermined)
        .find(|row| row.reasons.iter().any(on_order))
}

fn told(found: &[Turning<'_>], places: &Places<'_>) -> Option<Diagnostic> {
    let first = found.first()?;
    let [one, other] = &first.names;
    let mut finding = Diagnostic::new(
        Code::SameDayOrder,
        format!(
            "whether `{}` is owed turns on the order of `{one}` and `{other}` on one day",
            first.rule
        ),
        places.name(first.state),
        "is not known after such a day",
    );
    let mut listed = found.iter().collect::<Vec<_>>();
    listed.dedup_by_key(|one| one.state);
    listed.truncate(LISTED);
    for also in listed.iter().skip(1) {
        let [one, other] = &also.names;
        finding = finding.note(format!("the same with `{}`: `{one}` and `{other}`", also.rule));
    }
    match found.len() - listed.len() {
        0 => {}
        1 => finding = finding.note("and with one more such pair"),
        more => finding = finding.note(format!("and with {more} more such pairs")),
    }
    Some(finding.witness(Witness { steps: first.steps.clone() }).help(
        "see that `seq` is recorded where two such events fall on one day, or ask whoever owns the source \
         which of them counts first",
    ))
}
