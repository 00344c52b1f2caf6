//! Silence: what a policy does not say.
//!
//! A duty without a time limit can never be overdue. A duty with one, of which nothing is said to follow
//! when it is missed, is told where the policy does say it of others: a text that nowhere speaks of lateness
//! leaves it to other law. Both are gathered into one finding for the policy, since a text that is silent is
//! usually silent often. A role whose title is an abbreviation that nobody explains may be nobody at all.
//!
//! Example: Blackburn with Darwen asks for the Safeguarding Unit to be told "as soon as" a child becomes
//! looked after (4.1). Looked after from Monday 2 March 2026, the notification is still owed a year later,
//! and on no day has it been late.

use std::collections::BTreeMap;

use super::Subject;
use super::climb::example_day;
use super::made_up::{Play, step};
use super::places::Places;
use super::wording::counted;
use crate::calendar::Date;
use crate::diagnostic::{Code, Diagnostic, Problems, Witness, list};
use crate::eval::Status;
use crate::policy::{
    Anchor, Body, EventId, Limit, Policy, RoleId, Rule, RuleId, Shape, Strength, TriggerOn, words,
};

/// How long a witness waits, in days.
const A_YEAR: i32 = 365;

/// How many names a finding lists before it counts the rest.
const LISTED: usize = 12;

/// Examines the policy as a whole. What is said of single rules is gathered later.
pub(super) fn examine(subject: &Subject<'_>, problems: &mut Problems) {
    let policy = subject.policy;
    let places = Places::of(subject.file);
    let answered = answered(policy);
    let speaks = answered.iter().any(|id| deemed(policy.rule(*id)).is_none());
    for (index, rule) in policy.rules.iter().enumerate() {
        let id = RuleId(index as u16);
        if untimed(rule) {
            problems.push(untimed_duty(rule, &places));
        } else if speaks && !answered.contains(&id) && can_be_missed(rule) {
            problems.push(nothing_if_missed(rule, &places));
        }
    }
    for (index, role) in policy.roles.iter().enumerate() {
        if abbreviation(&role.title) {
            problems.push(not_explained(policy, RoleId(index as u16), &places));
        }
    }
    problems.extend(calendar_ends(subject, &places));
}

/// Joins what is left to say of single rules into one finding for each kind, with one witness.
pub(super) fn gather(subject: &Subject<'_>, problems: Problems) -> Problems {
    let mut kept = Problems::new();
    let (mut untimed, mut missed) = (Vec::new(), Vec::new());
    for problem in problems {
        match problem.code {
            Code::UntimedDuty => untimed.push(problem),
            Code::NothingIfMissed => missed.push(problem),
            _ => kept.push(problem),
        }
    }
    let places = Places::of(subject.file);
    let rules: BTreeMap<u32, RuleId> = (0_u16..)
        .zip(&subject.policy.rules)
        .map(|(index, rule)| (places.name(&rule.name).start, RuleId(index)))
        .collect();
    for (found, show) in [(untimed, owed_for_ever as Show), (missed, overdue_for_ever as Show)] {
        let ids: Vec<RuleId> =
            found.iter().filter_map(|one| rules.get(&one.span().start).copied()).collect();
        let Some(first) = found.into_iter().next() else { continue };
        kept.push(gathered(subject.policy, first, &ids, show));
    }
    kept.sort();
    kept
}

/// Makes a case that shows the finding for a rule, if the evaluator confirms it.
type Show = fn(&Policy, RuleId) -> Option<Witness>;

fn gathered(policy: &Policy, mut first: Diagnostic, ids: &[RuleId], show: Show) -> Diagnostic {
    first.witness = ids.iter().find_map(|id| show(policy, *id));
    if ids.len() < 2 {
        return first;
    }
    let number = ids.len() as i32;
    first.message = match first.code {
        Code::UntimedDuty => {
            format!(
                "{} have no time limit, so that they can never be late",
                counted(number, "duty")
            )
        }
        _ => format!("nothing follows when one of {} is missed", counted(number, "rule")),
    };
    let name = |id: &RuleId| policy.rule(*id).name.as_str();
    let mut names = list(ids.iter().take(LISTED).map(name));
    if ids.len() > LISTED {
        names = ids
            .iter()
            .take(LISTED)
            .map(|id| format!("`{}`", name(id)))
            .collect::<Vec<_>>()
            .join(", ");
        names = format!("{names} and {} more", ids.len() - LISTED);
    }
    first.note(names)
}

/// Whether a duty binds and has no last day in any case.
fn untimed(rule: &Rule) -> bool {
    let Body::Duty(duty) = &rule.body else { return false };
    rule.strength != Strength::May && duty.limits.iter().all(|limit| !has_last_day(limit))
}

fn has_last_day(limit: &Limit) -> bool {
    limit.window.as_ref().is_some_and(|window| {
        !matches!(
            window.shape,
            Shape::NoTimeLimit
                | Shape::NoTimeLimitBefore
                | Shape::NotBefore(_)
                | Shape::OncePassed(_)
        )
    })
}

/// Whether a rule binds and has a last day that can pass.
fn can_be_missed(rule: &Rule) -> bool {
    let limits = match &rule.body {
        Body::Duty(duty) => &duty.limits,
        Body::Series(series) => &series.limits,
        Body::Trigger(_) | Body::Forbid(_) | Body::Ladder(_) => return false,
    };
    rule.strength != Strength::May && limits.iter().any(has_last_day)
}

/// The rules of which the policy says what follows when they are missed.
fn answered(policy: &Policy) -> Vec<RuleId> {
    let mut found = Vec::new();
    for (index, rule) in policy.rules.iter().enumerate() {
        match &rule.body {
            Body::Duty(duty) => {
                if let Anchor::Overdue(missed) = duty.anchor {
                    found.push(missed);
                }
                if deemed(rule).is_some() {
                    found.push(RuleId(index as u16));
                }
            }
            Body::Trigger(trigger) => found.extend(trigger.on.iter().filter_map(|on| match on {
                TriggerOn::Overdue(missed) => Some(*missed),
                TriggerOn::Event(_) => None,
            })),
            Body::Series(_) | Body::Forbid(_) | Body::Ladder(_) => {}
        }
    }
    found
}

/// What a duty is deemed to be if it is missed.
fn deemed(rule: &Rule) -> Option<EventId> {
    match &rule.body {
        Body::Duty(duty) => duty.deemed,
        Body::Series(_) | Body::Trigger(_) | Body::Forbid(_) | Body::Ladder(_) => None,
    }
}

fn untimed_duty(rule: &Rule, places: &Places<'_>) -> Diagnostic {
    Diagnostic::new(
        Code::UntimedDuty,
        format!("`{}` has no time limit, so that it can never be late", rule.name),
        places.name(&rule.name),
        "owed, and never overdue",
    )
    .help("ask for a number of days, or accept it with the reason why none is set")
}

fn nothing_if_missed(rule: &Rule, places: &Places<'_>) -> Diagnostic {
    Diagnostic::new(
        Code::NothingIfMissed,
        format!("nothing follows when `{}` is missed", rule.name),
        places.name(&rule.name),
        "overdue, and nobody has to do anything about it",
    )
    .help("say what follows: a `trigger` or a duty `after overdue NAME`, or `if not done`; or accept it")
}

/// A case in which a duty is still owed a year on.
fn owed_for_ever(policy: &Policy, rule: RuleId) -> Option<Witness> {
    shown(policy, rule, Status::Outstanding, "still owed, and not late")
}

/// A case in which a duty is overdue a year on, and nothing else has come of it.
fn overdue_for_ever(policy: &Policy, rule: RuleId) -> Option<Witness> {
    shown(policy, rule, Status::Overdue, "overdue, and nothing follows")
}

fn shown(policy: &Policy, rule: RuleId, status: Status, words: &str) -> Option<Witness> {
    let start = example_day(policy, rule)?;
    let mut play = Play::new(policy);
    play.start(rule, 1, start)?;
    let later: Date = start.add_days(A_YEAR)?;
    let rows = play.rows(policy, rule, later);
    rows.iter().find(|row| row.status == status)?;
    let mut steps = play.steps();
    steps.push(step(later, format!("`{}` is {words}", policy.rule(rule).name)));
    Some(Witness { steps })
}

/// Whether a title, less what stands in brackets, is nothing but capitals.
fn abbreviation(title: &str) -> bool {
    let bare = title.split('(').next().unwrap_or_default().trim();
    (2..=6).contains(&bare.len()) && bare.chars().all(|letter| letter.is_ascii_uppercase())
}

fn not_explained(policy: &Policy, id: RoleId, places: &Places<'_>) -> Diagnostic {
    let role = policy.role(id);
    let bare = role.title.split('(').next().unwrap_or_default().trim();
    let tasks = tasks(policy, id);
    let diagnostic = Diagnostic::new(
        Code::RoleNotExplained,
        format!("nothing says who `{}` is: its title is only `{bare}`", role.name),
        places.name(&role.name),
        "an abbreviation",
    );
    let diagnostic = if tasks.is_empty() {
        diagnostic
    } else {
        diagnostic.note(format!("it is named by {}", words::joined(tasks, "and")))
    };
    diagnostic.help("write the title out, or ask whoever wrote the source")
}

/// What a role is named for.
fn tasks(policy: &Policy, id: RoleId) -> Vec<String> {
    let mut found = Vec::new();
    for rule in &policy.rules {
        if rule.owners.contains(&id) || rule.tells.contains(&id) {
            found.push(format!("`{}`", rule.name));
        }
        if let Body::Ladder(ladder) = &rule.body {
            for stage in &ladder.stages {
                let lists = [&stage.to, &stage.answer_from, &stage.approval_from, &stage.copies];
                if lists.iter().any(|list| list.contains(&id)) {
                    found.push(format!("stage {} of `{}`", stage.number, rule.name));
                }
            }
        }
    }
    found
}

/// A calendar that ends before the policy does, or within a year of the day on which it is used.
fn calendar_ends(subject: &Subject<'_>, places: &Places<'_>) -> Option<Diagnostic> {
    let (_, last) = subject.policy.calendar.covered();
    let name = subject.policy.calendar.name();
    let in_force = subject.policy.header.in_force.until;
    let soon = subject.today.and_then(|today| today.add_months(12));
    let (message, label) = if let Some(until) = in_force.filter(|until| *until > last) {
        (
            format!(
                "the holidays of `{name}` end on {last}, and the policy is in force until {until}"
            ),
            "ends before the policy does",
        )
    } else if soon.is_some_and(|soon| soon > last) {
        (format!("the holidays of `{name}` end on {last}, within a year from today"), "ends soon")
    } else {
        return None;
    };
    Some(
        Diagnostic::new(Code::CalendarEnds, message, places.calendar(), label)
            .note("a last day in working days after that cannot be worked out, and is told as such")
            .help("give the holidays of the years after that, with `--holidays FILE`"),
    )
}
