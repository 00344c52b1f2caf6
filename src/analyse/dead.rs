//! Dead and shadowed: what is written and can never matter.
//!
//! Decided from the conditions themselves, by the reasoning with which the checker looks for exceptions
//! that disagree: two conditions exclude each other if every way in which both could hold contradicts
//! itself. An exception, or an excuse, that excludes the condition of its own rule never applies. An
//! exception whose condition cannot hold without that of an earlier one, and that gives the same window,
//! adds nothing. Of two lengths joined by `the earlier of` the later matters only if it is the earlier on
//! some start day, which is looked at on every day there is.
//!
//! Example: a duty that lives `while looked-after` with `except while not looked-after, within 10 working
//! days`. The day on which the exception could apply is never one on which the duty exists.

use super::Subject;
use super::climb::example_day;
use super::days_of::every_start_day;
use super::made_up::{Play, step};
use super::places::Places;
use crate::calendar::{Calendar, Date, Length};
use crate::diagnostic::{Code, Diagnostic, Problems, Witness};
use crate::eval::Status;
use crate::policy::{
    Body, Condition, Duration, Duty, EventMatch, Forbidden, Limit, Policy, Rule, RuleId, Shape,
    State, StateKind, Trigger, TriggerOn, Window, exclusive,
};
use crate::source::Span;

/// How long the witness of a duty that nothing can discharge is waited for, in days.
const A_YEAR: i32 = 365;

/// Says what can never matter, as far as it shows without going through the days.
pub(super) fn examine(subject: &Subject<'_>, problems: &mut Problems) {
    let policy = subject.policy;
    let places = Places::of(subject.file);
    let states: Vec<Option<State>> = policy.states.iter().cloned().map(Some).collect();
    for state in &policy.states {
        if let StateKind::While(condition) = &state.kind
            && exclusive(&[condition], &states)
        {
            problems.push(never_so(&state.name, places.name(&state.name)));
        }
    }
    for (index, rule) in policy.rules.iter().enumerate() {
        let view = View { policy, rule, states: &states, place: places.name(&rule.name) };
        match &rule.body {
            Body::Series(series) => problems.extend(view.limits(&series.limits)),
            Body::Duty(duty) => {
                problems.extend(view.limits(&duty.limits));
                problems.extend(view.never_discharged(RuleId(index as u16), duty));
            }
            Body::Forbid(forbid) => problems.extend(
                forbid.unless.as_ref().and_then(|unless| view.no_excuse(&forbid.what, unless)),
            ),
            Body::Trigger(trigger) => {
                let written = places.trigger(&rule.name);
                let span = written.and_then(|trigger| trigger.asks.as_ref()).map(|asks| asks.span);
                problems.extend(view.leads_nowhere(trigger, span));
            }
            Body::Ladder(_) => {}
        }
    }
}

/// Says which lengths never decide anything, going through every start day.
pub(super) fn examine_lengths(subject: &Subject<'_>, problems: &mut Problems) {
    let policy = subject.policy;
    for rule in &policy.rules {
        let limits = match &rule.body {
            Body::Series(series) => &series.limits,
            Body::Duty(duty) => &duty.limits,
            Body::Trigger(_) | Body::Forbid(_) | Body::Ladder(_) => continue,
        };
        for limit in limits {
            let shape = limit.window.as_ref().map(|window| &window.shape);
            let Some(Shape::Within(duration) | Shape::PeriodBeginning(duration)) = shape else {
                continue;
            };
            problems.extend(never_binds(&policy.calendar, &rule.name, limit.origin, duration));
        }
    }
}

/// One rule.
#[derive(Debug, Clone, Copy)]
struct View<'a> {
    policy: &'a Policy,
    rule: &'a Rule,
    states: &'a [Option<State>],
    place: Span,
}

impl View<'_> {
    /// Exceptions that never apply, or that change nothing.
    fn limits(&self, limits: &[Limit]) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        for (index, limit) in limits.iter().enumerate().filter(|(_, limit)| limit.exception) {
            let conditions: Vec<&Condition> =
                self.rule.while_.iter().chain(&limit.condition).collect();
            if limit.condition.is_some() && exclusive(&conditions, self.states) {
                found.push(self.never_applies(limit));
                continue;
            }
            let earlier = limits.iter().take(index).filter(|earlier| earlier.exception);
            if let Some(other) = earlier.into_iter().find(|other| self.covered(limit, other)) {
                found.push(self.changes_nothing(limit, other, "covers it"));
                continue;
            }
            let plain = limits.iter().filter(|plain| !plain.exception);
            let replaced: Vec<&Limit> = plain.filter(|plain| overlap(plain, limit)).collect();
            if let [only] = replaced.as_slice()
                && same_window(only, limit)
            {
                found.push(self.changes_nothing(limit, only, "is the same"));
            }
        }
        found
    }

    /// Whether an exception can apply only where another does, which gives the same window.
    fn covered(&self, limit: &Limit, other: &Limit) -> bool {
        let wider = |one: bool, two: bool| !one || two;
        let ordinals = wider(limit.ordinals.first, other.ordinals.first)
            && wider(limit.ordinals.second, other.ordinals.second)
            && wider(limit.ordinals.later, other.ordinals.later);
        ordinals
            && same_window(limit, other)
            && limit.started == other.started
            && self.implies(limit.condition.as_ref(), other.condition.as_ref())
            && self.implies(limit.test.as_ref(), other.test.as_ref())
    }

    /// Whether the second condition holds whenever the first does.
    fn implies(&self, first: Option<&Condition>, second: Option<&Condition>) -> bool {
        let Some(second) = second else { return true };
        let Some(first) = first else { return false };
        exclusive(&[first, &Condition::Not(Box::new(second.clone()))], self.states)
    }

    fn never_applies(&self, limit: &Limit) -> Diagnostic {
        let lives = match &self.rule.while_ {
            Some(condition) => {
                format!(
                    "the rule exists only while {}",
                    self.policy.condition_words(condition, None)
                )
            }
            None => "the condition contradicts itself".to_owned(),
        };
        Diagnostic::new(
            Code::NeverApplies,
            format!("an exception of `{}` can never apply", self.rule.name),
            limit.origin,
            "holds only when the rule does not",
        )
        .note(lives)
        .help("remove the exception, or put its condition right")
    }

    fn changes_nothing(&self, limit: &Limit, other: &Limit, how: &str) -> Diagnostic {
        Diagnostic::new(
            Code::ExceptionChangesNothing,
            format!("an exception of `{}` changes nothing", self.rule.name),
            limit.origin,
            "gives the same as without it",
        )
        .label(other.origin, how)
        .help("remove it, or write what is different about it")
    }

    /// An excuse that cannot hold on an act against the prohibition.
    fn no_excuse(&self, what: &Forbidden, unless: &Condition) -> Option<Diagnostic> {
        let (Forbidden::Never(event)
        | Forbidden::PerReview { event, .. }
        | Forbidden::PerPeriod { event, .. }) = what;
        let conditions: Vec<&Condition> =
            self.rule.while_.iter().chain(&event.test).chain([unless]).collect();
        exclusive(&conditions, self.states).then(|| {
            Diagnostic::new(
                Code::NeverApplies,
                format!("what excuses an act against `{}` can never be so", self.rule.name),
                self.place,
                "its `unless` cannot hold",
            )
            .note("the prohibition's own conditions exclude it")
            .help("remove the `unless`, or put its condition right")
        })
    }

    /// A duty that falls due and that no act can meet.
    fn never_discharged(&self, rule: RuleId, duty: &Duty) -> Option<Diagnostic> {
        if !duty.acts.is_empty() || duty.deemed.is_some() {
            return None;
        }
        let start = example_day(self.policy, rule)?;
        let mut play = Play::new(self.policy);
        play.start(rule, 1, start)?;
        let later = start.add_days(A_YEAR)?;
        let rows = play.rows(self.policy, rule, later);
        let row = rows.iter().find(|row| {
            matches!(row.status, Status::Overdue | Status::Outstanding | Status::CannotBeMet)
        })?;
        let mut steps = play.steps();
        steps.push(step(
            later,
            match row.status {
                Status::Outstanding => format!("`{}` is still owed", self.rule.name),
                _ => format!("`{}` is overdue, and nothing can meet it", self.rule.name),
            },
        ));
        Some(
            Diagnostic::new(
                Code::NeverDischarged,
                format!("nothing can meet `{}`", self.rule.name),
                self.place,
                "has no `met by`",
            )
            .witness(Witness { steps })
            .help("say which event records that it was done, with `met by EVENT`"),
        )
    }

    /// A trigger of which nothing comes.
    fn leads_nowhere(&self, trigger: &Trigger, asks: Option<Span>) -> Option<Diagnostic> {
        if trigger.brings_forward.is_some() {
            return None;
        }
        let Some(judgement) = trigger.judgement else {
            return Some(
                Diagnostic::new(
                    Code::JudgementLeadsNowhere,
                    format!("nothing follows from `{}`", self.rule.name),
                    self.place,
                    "neither asks anybody nor brings a review forward",
                )
                .help("say what follows, with `asks` or `then`, or remove the trigger"),
            );
        };
        let looked_at = |found: &EventMatch| found.event == judgement.event && found.test.is_some();
        if matches(self.policy).any(looked_at) {
            return None;
        }
        let attribute = &self.policy.attribute(judgement.event, judgement.attribute).name;
        Some(
            Diagnostic::new(
                Code::JudgementLeadsNowhere,
                format!("nothing follows from the judgement that `{}` asks for", self.rule.name),
                asks.unwrap_or(self.place),
                format!("no rule looks at `{attribute}`"),
            )
            .help("say what follows if it is yes, with `if ATTRIBUTE REVIEW due …` or a duty `after` it"),
        )
    }
}

/// Every place at which a policy looks for an event, save those of ladders, which look for no test.
fn matches(policy: &Policy) -> impl Iterator<Item = &EventMatch> {
    let of_states = policy.states.iter().flat_map(|state| match &state.kind {
        StateKind::Events { from, until } => from.iter().chain(until).collect(),
        StateKind::While(_) => Vec::new(),
    });
    let of_rules = policy.rules.iter().flat_map(|rule| match &rule.body {
        Body::Series(series) => {
            let places = [&series.held_on, &series.begun_on, &series.completed_on, &series.start];
            places.into_iter().flatten().chain(&series.restarted_by).collect()
        }
        Body::Duty(duty) => {
            let acts = duty.acts.iter().map(|act| &act.event);
            match &duty.anchor {
                crate::policy::Anchor::Events(events) => acts.chain(events).collect(),
                _ => acts.collect::<Vec<_>>(),
            }
        }
        Body::Trigger(trigger) => trigger
            .on
            .iter()
            .filter_map(|on| match on {
                TriggerOn::Event(event) => Some(event),
                TriggerOn::Overdue(_) => None,
            })
            .collect(),
        Body::Forbid(forbid) => match &forbid.what {
            Forbidden::Never(event)
            | Forbidden::PerReview { event, .. }
            | Forbidden::PerPeriod { event, .. } => vec![event],
        },
        Body::Ladder(ladder) => ladder.opens_on.iter().map(|call| &call.event).collect(),
    });
    of_states.chain(of_rules)
}

/// Whether two limits are of a review in common.
fn overlap(one: &Limit, other: &Limit) -> bool {
    let (one, other) = (one.ordinals, other.ordinals);
    one.first && other.first || one.second && other.second || one.later && other.later
}

/// Whether two limits give the same window, whichever readings they rest on.
fn same_window(one: &Limit, other: &Limit) -> bool {
    let shape = |limit: &Limit| limit.window.as_ref().map(|window: &Window| window.shape.clone());
    let bare = |limit: &Limit| limit.window.as_ref().is_some_and(|w| w.readings.is_empty());
    shape(one) == shape(other) && bare(one) == bare(other)
}

fn never_so(name: &str, place: Span) -> Diagnostic {
    Diagnostic::new(
        Code::NeverApplies,
        format!("`{name}` can never be so"),
        place,
        "its condition contradicts itself",
    )
    .note("what rests on it never applies either")
    .help("put the condition right")
}

/// Of two lengths joined together, one that decides on no start day.
fn never_binds(
    calendar: &Calendar,
    rule: &str,
    place: Span,
    duration: &Duration,
) -> Option<Diagnostic> {
    let (one, other, earlier) = match duration {
        Duration::Earlier(one, other) => (one, other, true),
        Duration::Later(one, other) => (one, other, false),
        Duration::Fixed(_) => return None,
    };
    let (Duration::Fixed(one), Duration::Fixed(other)) = (one.as_ref(), other.as_ref()) else {
        return None;
    };
    let compared = every_start_day(calendar, &[*one, *other]);
    let (mut days, mut first_before, mut second_before) = (0_u32, 0_u32, 0_u32);
    for day in compared {
        let ends = |length: Length| -> Option<Date> { calendar.after(day, length).ok() };
        let (Some(first), Some(second)) = (ends(*one), ends(*other)) else { continue };
        days += 1;
        first_before += u32::from(first < second);
        second_before += u32::from(second < first);
    }
    let idle = match (first_before, second_before, earlier) {
        _ if days == 0 => return None,
        (_, 0, true) | (0, _, false) => other,
        (0, _, true) | (_, 0, false) => one,
        _ => return None,
    };
    let word = if earlier { "earlier" } else { "later" };
    Some(
        Diagnostic::new(
            Code::LengthNeverDecides,
            format!("in `{rule}` {idle} never decide: the other length is {word} on every start day, or the same"),
            place,
            format!("always comes to the {word} of the two"),
        )
        .note(format!("proved on all {} start days", super::wording::grouped(days)))
        .help("write the length that decides alone"),
    )
}
