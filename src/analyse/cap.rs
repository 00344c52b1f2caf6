//! Caps: whether the limits of a ladder's stages add up past it.
//!
//! For every start day that the calendar covers the ladder is climbed as slowly as the policy allows: each
//! answer comes on its last day and does not satisfy, or does not come at all, whichever leads on later. A
//! silent exit costs one day more, since that an answer is missing is known on the day after its last day
//! (M26). A later opening never has an earlier last day, so for each stage only the latest opening counts,
//! and one pass up the stages finds the latest day on which the ladder can be closed. Lengths in different
//! units need nothing special: they are counted on the calendar, day by day.
//!
//! Example: the formal stages of Walsall take 7, 4, 3, 3 and 3 working days, exactly the 20 of the cap. But
//! stages one and two may pass in silence, and each then costs a day more. Opened on Monday 2 March 2026 the
//! last stage need not be answered before Wednesday 1 April, when the cap has passed on Monday 30 March.

use super::Subject;
use super::alternatives::Alternative;
use super::climb::{Climb, example_day, ladders, last_day};
use super::places::Places;
use super::wording::{counted, grouped};
use crate::calendar::Date;
use crate::diagnostic::{Code, Diagnostic, Problems};
use crate::eval::{CountedFrom, Due, Part, Status, window_dates};
use crate::policy::{Body, Cap, ExitTo, Ladder, Policy, RuleId, Shape, Stage, StageOutcome};

/// One stage of the slowest climb: when it is opened, the last day for its answer, and how it was left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Rung {
    stage: usize,
    opened: Date,
    last: Date,
}

/// How a stage is reached at the latest: on which day, from which stage, and by which outcome there.
#[derive(Debug, Clone, Copy)]
struct Reached {
    day: Date,
    from: Option<(usize, StageOutcome)>,
}

/// The slowest climb from one start day.
#[derive(Debug, Clone)]
struct Slowest {
    /// From the stage that starts the cap up, each with the outcome by which it is left.
    path: Vec<(Rung, Option<StageOutcome>)>,
    end: Date,
    cap: Date,
}

/// What going through all start days gave.
#[derive(Debug, Clone)]
struct Searched {
    days: u32,
    past: u32,
    first: Option<Date>,
    /// The most days past the cap, in working days where the cap is in them.
    most: i32,
    /// The climb that is shown.
    shown: Option<Slowest>,
}

/// Says which ladders can run past their caps, as the policy is read and as it could be.
pub(super) fn examine(
    subject: &Subject<'_>,
    alternatives: &[Alternative],
    problems: &mut Problems,
) {
    let policy = subject.policy;
    for (rule, ladder) in ladders(policy) {
        if let Some(found) = exceeds(policy, rule, ladder) {
            problems.extend(told(subject, policy, rule, ladder, &found));
            continue;
        }
        for alternative in alternatives {
            let other = &alternative.policy;
            let Body::Ladder(read) = &other.rule(rule).body else { continue };
            if read == ladder {
                continue;
            }
            let Some(found) = exceeds(other, rule, read) else { continue };
            let diagnostic = told(subject, other, rule, read, &found);
            problems
                .extend(diagnostic.map(|diagnostic| otherwise(subject, alternative, diagnostic)));
        }
    }
}

/// Goes through every start day; nothing where no climb runs past the cap.
fn exceeds(policy: &Policy, rule: RuleId, ladder: &Ladder) -> Option<Searched> {
    let cap = ladder.cap.as_ref()?;
    let (first, last) = policy.calendar.covered();
    let usual = example_day(policy, rule)?;
    let mut found = Searched { days: 0, past: 0, first: None, most: 0, shown: None };
    let mut day = first;
    while day <= last {
        if let Some(slowest) = slowest(policy, ladder, cap, day) {
            found.days += 1;
            if slowest.end > slowest.cap {
                found.past += 1;
                found.first.get_or_insert(day);
                found.most = found.most.max(excess(policy, cap, &slowest).0);
                if found.shown.is_none() || (day >= usual && before(&found, usual)) {
                    found.shown = Some(slowest);
                }
            }
        }
        day = day.add_days(1)?;
    }
    (found.past > 0).then_some(found)
}

/// Whether the climb that is shown so far starts before the usual day.
fn before(found: &Searched, usual: Date) -> bool {
    let start = found.shown.as_ref().and_then(|shown| shown.path.first());
    start.is_some_and(|(rung, _)| rung.opened < usual)
}

/// The slowest climb that the policy allows, if the calendar reaches its end.
fn slowest(policy: &Policy, ladder: &Ladder, cap: &Cap, start: Date) -> Option<Slowest> {
    let due = match window_dates(&policy.calendar, &cap.window, &CountedFrom::day(start)).1 {
        Due::On(due) => due,
        Due::Never | Due::Waiting | Due::Beyond(_) | Due::Unknown => return None,
    };
    let stages = &ladder.stages;
    // Of each stage: the latest opening, and from where and by which outcome it is reached.
    let mut opened: Vec<Option<Reached>> = vec![None; stages.len()];
    let entry = stages.iter().position(|stage| stage.number == cap.stage)?;
    *opened.get_mut(entry)? = Some(Reached { day: start, from: None });
    let mut lasts: Vec<Option<Date>> = vec![None; stages.len()];
    for (place, stage) in stages.iter().enumerate() {
        let Some(Reached { day: from, .. }) = opened.get(place).copied().flatten() else {
            continue;
        };
        // What has no last day of its own is taken to pass on the day: it can only take longer.
        let last = if timed(stage) { last_day(policy, stage, from)? } else { from };
        *lasts.get_mut(place)? = Some(last);
        for exit in &stage.exits {
            let ExitTo::Stage(number) = exit.leads else { continue };
            let Some(next) = stages.iter().position(|stage| stage.number == number) else {
                continue;
            };
            let day = match exit.outcome {
                StageOutcome::NoAnswer | StageOutcome::NotApproved => last.add_days(1)?,
                StageOutcome::Satisfied | StageOutcome::NotSatisfied => last,
            };
            let known = opened.get_mut(next)?;
            if next > place && known.is_none_or(|known| day > known.day) {
                *known = Some(Reached { day, from: Some((place, exit.outcome)) });
            }
        }
    }
    let (mut place, end) = lasts
        .iter()
        .enumerate()
        .filter_map(|(place, last)| last.map(|last| (place, last)))
        .max_by_key(|(_, last)| *last)?;
    let mut path = Vec::new();
    let mut left = None;
    loop {
        let Reached { day: from, from: reached } = opened.get(place).copied().flatten()?;
        let last = lasts.get(place).copied().flatten()?;
        path.push((Rung { stage: place, opened: from, last }, left));
        let Some((below, outcome)) = reached else { break };
        (place, left) = (below, Some(outcome));
    }
    path.reverse();
    Some(Slowest { path, end, cap: due })
}

/// Whether a stage has a last day that the policy itself gives.
fn timed(stage: &Stage) -> bool {
    let shape = stage.limit.as_ref().map(|window| &window.shape);
    shape.is_some_and(|shape| !matches!(shape, Shape::ByDateOf(_) | Shape::NoTimeLimit))
}

/// By how many days a climb ends past the cap, and the noun for them.
fn excess(policy: &Policy, cap: &Cap, slowest: &Slowest) -> (i32, &'static str) {
    let working = words_of(policy, cap).contains("working");
    let between = policy.calendar.working_days_between(slowest.cap, slowest.end);
    match between.filter(|_| working) {
        Some(days) => (days, "working day"),
        None => (slowest.cap.days_until(slowest.end), "calendar day"),
    }
}

/// The cap's window in words.
fn words_of(policy: &Policy, cap: &Cap) -> String {
    policy.shape_words(&cap.window.shape, "", None)
}

/// Describes a ladder that runs past its cap; nothing where the evaluator does not say so.
fn told(
    subject: &Subject<'_>,
    policy: &Policy,
    rule: RuleId,
    ladder: &Ladder,
    found: &Searched,
) -> Option<Diagnostic> {
    let cap = ladder.cap.as_ref()?;
    let shown = found.shown.as_ref()?;
    let (over, noun) = excess(policy, cap, shown);
    let climb = replayed(policy, rule, ladder, shown, over, noun)?;
    let name = &policy.rule(rule).name;
    let written = Places::of(subject.file).ladder(name);
    let span = written.and_then(|ladder| ladder.cap.as_ref()).map(|cap| cap.span)?;
    let limits: Vec<String> = shown
        .path
        .iter()
        .filter_map(|(rung, left)| {
            let stage = ladder.stages.get(rung.stage)?;
            let limit = stage.limit.as_ref()?;
            let length = policy.shape_words(&limit.shape, "", None);
            let length = length.trim().trim_end_matches(" after").trim_start_matches("within ");
            let silent = matches!(left, Some(StageOutcome::NoAnswer | StageOutcome::NotApproved));
            let more = if silent { " and a day, if it passes in silence" } else { "" };
            Some(format!("stage {}: {length}{more}", stage.number))
        })
        .collect();
    let share = if found.past == found.days {
        format!("on all {} start days that the calendar covers", grouped(found.days))
    } else {
        format!(
            "on {} of the {} start days that the calendar covers",
            grouped(found.past),
            grouped(found.days)
        )
    };
    let first = found.first.map(|day| day.short().to_string()).unwrap_or_default();
    let diagnostic = Diagnostic::new(
        Code::StagesExceedCap,
        format!(
            "the stages of `{name}` can take longer than its cap allows, by up to {}",
            counted(found.most, noun)
        ),
        span,
        "passes before the last stage need be answered",
    )
    .note(format!("{share}, the earliest of them {first}"))
    .note(limits.join("; "))
    .witness(climb.witness())
    .help("lengthen the cap, shorten a stage, or start the cap at a higher stage");
    let top = shown.path.last().and_then(|(rung, _)| ladder.stages.get(rung.stage));
    Some(match top {
        Some(stage) => diagnostic.label(stage.origin, "the last of them"),
        None => diagnostic,
    })
}

/// Turns what is true of a policy into what would be true if a reading had another value.
fn otherwise(
    subject: &Subject<'_>,
    alternative: &Alternative,
    mut diagnostic: Diagnostic,
) -> Diagnostic {
    let reading = subject.policy.reading(alternative.reading);
    diagnostic.code = Code::CapRestsOnReading;
    diagnostic.severity = diagnostic.code.severity();
    diagnostic.message =
        format!("{}, if `{}` is read as {}", diagnostic.message, reading.name, alternative.value);
    diagnostic.notes.insert(
        0,
        format!("with {}, as the policy reads it, the stages fit the cap", reading.chosen),
    );
    diagnostic.help = vec![
        "keep the reading if its reason holds, and ask whoever wrote the source for the other"
            .to_owned(),
    ];
    diagnostic.label(alternative.span, "the other reading")
}

/// The climb as a case, where the evaluator says of it that the cap is passed by so many days.
fn replayed<'a>(
    policy: &'a Policy,
    rule: RuleId,
    ladder: &'a Ladder,
    slowest: &Slowest,
    over: i32,
    noun: &str,
) -> Option<Climb<'a>> {
    let mut climb = Climb::new(policy, rule, ladder);
    for (rung, left) in &slowest.path {
        let stage = ladder.stages.get(rung.stage)?;
        climb.open(rung.opened, stage);
        match left {
            Some(outcome) if timed(stage) => {
                climb.come_to(rung.opened, stage, *outcome)?;
            }
            Some(StageOutcome::NotSatisfied) => {
                climb.answer(rung.opened, stage)?;
                climb.approve(rung.opened, stage)?;
                climb.judge(rung.opened, StageOutcome::NotSatisfied)?;
            }
            _ => {}
        }
    }
    let (top, _) = slowest.path.last()?;
    let stage = ladder.stages.get(top.stage)?;
    climb.remark(slowest.cap, "the cap: the ladder is to be closed by now");
    climb.answer(slowest.end, stage);
    climb.approve(slowest.end, stage);
    let expected = match climb.close(slowest.end) {
        Some(()) => Status::Late,
        None => Status::Overdue,
    };
    climb.remark(
        slowest.end,
        format!("in time for its stage, and {} past the cap", counted(over, noun)),
    );
    climb.standing(slowest.end)?;
    let outcome = climb.outcome(slowest.end);
    let cap = outcome.deadlines.iter().find(|row| row.rule == rule && row.part == Part::Cap)?;
    let by = if noun == "working day" { cap.working_days } else { Some(cap.days) };
    let answered = outcome
        .deadlines
        .iter()
        .filter(|row| row.rule == rule && row.part == Part::Answer { stage: stage.number });
    let in_time = answered.into_iter().all(|row| matches!(row.status, Status::Met | Status::Due));
    (cap.status == expected && by == Some(over) && cap.due == Due::On(slowest.cap) && in_time)
        .then_some(climb)
}
