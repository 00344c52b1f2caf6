//! Feasibility: whether everything around one review can be done in time.
//!
//! A duty before a review counts back from the review, and the review has a last day of its own, counted
//! from the clock that started it. The later the review is held, the later the duty's last day: so the
//! duty can be met at all only if it can be met for a review on its very last day. That is looked at for
//! every start day (`days.rs`); where the duty's last day then lies before the clock started, nobody could
//! have known of it in time, and no other review day helps.
//!
//! Example: Blackburn with Darwen asks for the child to be consulted at least 20 working days before a
//! review (section 6) that is to be held within 20 calendar days (2.1). For a child looked after from
//! Friday 2 January 2026 the review must be held by 22 January; twenty working days before that is 23
//! December. There is no start day on which it works, and so the policy reads the rule of later reviews
//! only.
//!
//! Windows that close before they open are found in the same way, and so are two duties that the same act
//! meets, whose windows never meet.

use super::alternatives::{Alternative, switched_off};
use super::baseline::{length_words, limits_of, ordinals_of};
use super::days::{Days, Proof, ends_by_itself, last_day, share, shown};
use super::made_up::{Instance, Play, step};
use crate::calendar::{Calendar, Date, Length};
use crate::diagnostic::{Code, Diagnostic, Problems, Step, Witness, list};
use crate::eval::{CountedFrom, Due, Status, window_dates};
use crate::policy::{Anchor, Body, Duration, Duty, Limit, Policy, RuleId, Shape, Window, words};

/// A duty for which there is no time on some start days.
#[derive(Debug, Clone)]
struct Infeasible<'a> {
    duty: RuleId,
    series: RuleId,
    ordinal: u16,
    limit: &'a Limit,
    review: &'a Limit,
    found: Searched,
}

/// What going through the start days gave for two windows.
#[derive(Debug, Clone)]
struct Searched {
    days: u64,
    impossible: u64,
    proof: Proof,
    /// The longest lengths that would be possible on every start day, and on most, in the duty's own
    /// unit.
    on_every: Option<Length>,
    on_most: Option<Length>,
}

/// The searches that were made, so that none is made twice.
type Known<'a> = Vec<(&'a Shape, &'a Shape, Option<Searched>)>;

/// Says which duties cannot be met, as the policy is read and as it could be.
pub(super) fn examine(policy: &Policy, alternatives: &[Alternative], problems: &mut Problems) {
    let mut known = Known::new();
    let found = infeasible(policy, &mut known);
    for duty in grouped_by_duty(&found) {
        problems.extend(told(policy, &duty));
    }
    for alternative in alternatives {
        let other = infeasible(&alternative.policy, &mut known);
        let new: Vec<&Infeasible<'_>> = other
            .iter()
            .filter(|one| {
                !found.iter().any(|had| had.duty == one.duty && had.ordinal == one.ordinal)
            })
            .collect();
        problems.extend(only_as_read(policy, alternative, &new));
    }
    windows_that_never_open(policy, problems);
    windows_apart(policy, problems);
}

/// Every duty before a review that is impossible on some start day.
fn infeasible<'a>(policy: &'a Policy, known: &mut Known<'a>) -> Vec<Infeasible<'a>> {
    let mut found = Vec::new();
    for (duty, rule) in (0..).map(RuleId).zip(&policy.rules) {
        let Body::Duty(body) = &rule.body else { continue };
        let Anchor::Review { series, .. } = &body.anchor else { continue };
        let review = policy.rule(*series);
        for ordinal in 1..=3 {
            if !ordinals_of(rule).contains(ordinal) {
                continue;
            }
            for limit in in_force(policy, limits_of(rule), ordinal) {
                for held in in_force(policy, limits_of(review), ordinal) {
                    let windows = (held.window.as_ref(), limit.window.as_ref());
                    let (Some(by), Some(before)) = windows else { continue };
                    let seen = known
                        .iter()
                        .find(|(one, other, _)| **one == by.shape && **other == before.shape);
                    let searched = if let Some((.., searched)) = seen {
                        searched.clone()
                    } else {
                        let searched = search(&policy.calendar, by, before);
                        known.push((&by.shape, &before.shape, searched.clone()));
                        searched
                    };
                    if let Some(searched) = searched.filter(|searched| searched.impossible > 0) {
                        found.push(Infeasible {
                            duty,
                            series: *series,
                            ordinal,
                            limit,
                            review: held,
                            found: searched,
                        });
                    }
                }
            }
        }
    }
    found
}

/// The limits that can govern a review: no plain one that an exception without condition replaces.
fn in_force<'a>(policy: &Policy, limits: &'a [Limit], ordinal: u16) -> Vec<&'a Limit> {
    let always = |limit: &&Limit| {
        limit.exception
            && limit.ordinals.contains(ordinal)
            && limit.condition.is_none()
            && limit.test.is_none()
    };
    let replaced = limits.iter().any(|limit| always(&limit));
    limits
        .iter()
        .filter(|limit| limit.ordinals.contains(ordinal) && (limit.exception || !replaced))
        .filter(|limit| !limit.condition.as_ref().is_some_and(|one| switched_off(policy, one)))
        .collect()
}

/// Goes through the start days: a review held by its last day, and a duty before it.
fn search(calendar: &Calendar, by: &Window, before: &Window) -> Option<Searched> {
    let backwards = matches!(before.shape, Shape::AtLeastBefore(_) | Shape::BetweenBefore { .. });
    if !backwards || !ends_by_itself(by) {
        return None;
    }
    let days = Days::for_windows(&[calendar], &[by, before])?;
    let ends = |day: Date| {
        let review = last_day(calendar, by, day)?;
        Some((review, last_day(calendar, before, review)?))
    };
    let (mut total, mut impossible) = (0, 0);
    for &(day, times) in &days.days {
        if let Some((_, last)) = ends(day) {
            total += times;
            impossible += if last < day { times } else { 0 };
        }
    }
    // Shorter lengths are tried only where the length itself is too long on some day.
    let whole = only_length(before).filter(|_| impossible > 0);
    let most = whole.map_or(0, |length| usize::from(length.count));
    let mut possible_at = vec![0u64; most + 1];
    if let Some(length) = whole {
        for &(day, times) in &days.days {
            let Some((review, _)) = ends(day) else { continue };
            let longest = longest(calendar, review, day, length);
            if let Some(place) = possible_at.get_mut(usize::from(longest)) {
                *place += times;
            }
        }
    }
    let on_every = possible_at.iter().position(|&days| days > 0);
    let mut so_far = 0;
    let on_most = (0..possible_at.len()).rev().find(|&count| {
        so_far += possible_at.get(count).copied().unwrap_or_default();
        so_far * 2 > total
    });
    let length = |count: Option<usize>| {
        let count = u16::try_from(count?).ok().filter(|&count| count > 0)?;
        Some(Length { count, ..whole? })
    };
    Some(Searched {
        days: total,
        impossible,
        proof: days.proof,
        on_every: length(on_every),
        on_most: length(on_most),
    })
    .filter(|searched| searched.days > 0)
}

/// The one length of a window before a review, where it has one.
const fn only_length(before: &Window) -> Option<Length> {
    match &before.shape {
        Shape::AtLeastBefore(Duration::Fixed(length)) => Some(*length),
        Shape::BetweenBefore { near, .. } => Some(*near),
        _ => None,
    }
}

/// The greatest number of units, up to those of the length, that still reach no further back from a
/// review than a day. More units reach further back, so halving finds it.
fn longest(calendar: &Calendar, review: Date, day: Date, length: Length) -> u16 {
    let fits =
        |count| calendar.before(review, Length { count, ..length }).is_ok_and(|last| last >= day);
    let (mut fitting, mut too_long) = (0, length.count + 1);
    while too_long - fitting > 1 {
        let middle = u16::midpoint(fitting, too_long);
        if fits(middle) { fitting = middle } else { too_long = middle }
    }
    fitting
}

/// The findings by duty, the worst of each first.
fn grouped_by_duty<'a>(found: &'a [Infeasible<'a>]) -> Vec<Vec<&'a Infeasible<'a>>> {
    let mut groups: Vec<Vec<&Infeasible<'_>>> = Vec::new();
    for one in found {
        match groups.iter_mut().find(|group| group.iter().any(|other| other.duty == one.duty)) {
            Some(group) => group.push(one),
            None => groups.push(vec![one]),
        }
    }
    for group in &mut groups {
        // Parts of different wholes are compared crosswise.
        group.sort_by(|one, other| {
            (other.found.impossible * one.found.days)
                .cmp(&(one.found.impossible * other.found.days))
        });
    }
    groups
}

/// What is said of a duty for which there is no time.
fn told(policy: &Policy, group: &[&Infeasible<'_>]) -> Option<Diagnostic> {
    let worst = group.first()?;
    let found = &worst.found;
    let code = if found.impossible * 2 > found.days {
        Code::ImpossiblePreparation
    } else {
        Code::TightPreparation
    };
    let name = &policy.rule(worst.duty).name;
    let mut finding = Diagnostic::new(
        code,
        format!(
            "`{name}` cannot be done in time for {} on {}",
            review_words(policy, worst),
            on_days(found)
        ),
        worst.limit.origin,
        "counted back from a review on its last day, this ends before the clock starts",
    )
    .label(worst.review.origin, "the review must be held in this time");
    for other in group.iter().skip(1) {
        finding = finding.note(format!(
            "for {}: on {}",
            review_words(policy, other),
            share(other.found.impossible, other.found.days)
        ));
    }
    finding = finding.note(found.proof.words(found.days));
    finding = finding.witness(replayed(policy, worst)?);
    if let Some(words) = possible_words(found) {
        finding = finding.help(words);
    }
    Some(finding.help(format!(
        "leave that review out (`except for the {}, …`), or give the review more time",
        words::ordinal(worst.ordinal)
    )))
}

/// On how many start days there is no time: "any start day", "30.8% of start days".
fn on_days(found: &Searched) -> String {
    if found.impossible == found.days {
        return "any start day".to_owned();
    }
    share(found.impossible, found.days)
}

/// "the first `looked-after-review`".
fn review_words(policy: &Policy, one: &Infeasible<'_>) -> String {
    let which = match one.ordinal {
        3 => "a later".to_owned(),
        ordinal => format!("the {}", words::ordinal(ordinal)),
    };
    let review = format!("{which} `{}`", policy.rule(one.series).name);
    match &one.review.condition {
        Some(condition) => format!("{review} (while {})", policy.condition_words(condition, None)),
        None => review,
    }
}

/// "possible on every start day at 10 working days, on most at 14".
fn possible_words(found: &Searched) -> Option<String> {
    match (found.on_every, found.on_most) {
        (Some(every), Some(most)) if every == most => {
            Some(format!("it is possible on every start day with {every}"))
        }
        (Some(every), Some(most)) => {
            Some(format!("it is possible on every start day with {every}, on most with {most}"))
        }
        (None, Some(most)) => Some(format!("it is possible on most start days with {most}")),
        (_, None) => None,
    }
}

/// The worst start day as a case, replayed: the evaluator must say of it that it cannot be met.
fn replayed(policy: &Policy, one: &Infeasible<'_>) -> Option<Witness> {
    let calendar = &policy.calendar;
    let (by, before) = (one.review.window.as_ref()?, one.limit.window.as_ref()?);
    let ends = |day: Date| {
        let review = last_day(calendar, by, day)?;
        Some((review, last_day(calendar, before, review)?))
    };
    let day = shown(calendar, |day| {
        let rules = [policy.rule(one.duty), policy.rule(one.series)];
        let in_force = policy.header.in_force.contains(day)
            && rules.iter().all(|rule| rule.in_force.contains(day));
        ends(day).filter(|_| in_force).map(|(_, last)| last.days_until(day))
    })?;
    let (review, last) = ends(day)?;
    let mut play = Play::new(policy);
    play.start_cycle(one.series, one.ordinal, day)?;
    for condition in [&one.review.condition, &one.limit.condition].into_iter().flatten() {
        play.bring_about(condition, true, day)?;
    }
    if let Some(condition) = &policy.rule(one.duty).while_ {
        play.bring_about(condition, true, day)?;
    }
    let row = play.row(policy, one.duty, Instance::From(day), day)?;
    if row.status != Status::CannotBeMet || row.due != Due::On(last) {
        return None;
    }
    let mut steps = play.steps();
    let duty = &policy.rule(one.duty).name;
    steps.push(step(
        last,
        format!("the last day for `{duty}`, {} too early", counted(last.days_until(day))),
    ));
    steps.push(step(review, "the last day for the review".to_owned()));
    steps.sort_by(|one, other| one.day.cmp(&other.day));
    Some(Witness { steps })
}

fn counted(days: i32) -> String {
    if days == 1 { "1 day".to_owned() } else { format!("{days} days") }
}

/// What could not be met if a reading had its other value.
fn only_as_read(
    policy: &Policy,
    alternative: &Alternative,
    new: &[&Infeasible<'_>],
) -> Option<Diagnostic> {
    let seen: Vec<(&&Infeasible<'_>, Witness)> =
        new.iter().filter_map(|one| Some((one, replayed(&alternative.policy, one)?))).collect();
    let (worst, witness) = seen.first()?;
    let mut names: Vec<String> =
        seen.iter().map(|(one, _)| policy.rule(one.duty).name.clone()).collect();
    names.dedup();
    let reading = &policy.reading(alternative.reading).name;
    let found = &worst.found;
    let mut finding = Diagnostic::new(
        Code::PossibleOnlyAsRead,
        format!(
            "read in the other way, {} could not be done in time for {} on {}",
            list(names),
            review_words(policy, worst),
            on_days(found)
        ),
        alternative.span,
        format!("`{reading}` could also be read so"),
    )
    .note(found.proof.words(found.days))
    .witness(witness.clone());
    if let Some(words) = possible_words(found) {
        finding = finding.note(words);
    }
    Some(finding.help("ask whoever owns the source to say which is meant: as it may be read, it contradicts itself"))
}

/// Windows between two lengths of different units, which on some days close before they open.
fn windows_that_never_open(policy: &Policy, problems: &mut Problems) {
    let calendar = &policy.calendar;
    for (id, rule) in (0..).map(RuleId).zip(&policy.rules) {
        for limit in limits_of(rule) {
            let Some(window) = &limit.window else { continue };
            let mixed = match &window.shape {
                Shape::BetweenAfter { near, far } | Shape::BetweenBefore { near, far } => {
                    near.unit != far.unit
                }
                _ => false,
            };
            if !mixed {
                continue;
            }
            let Some(days) = Days::for_windows(&[calendar], &[window]) else { continue };
            let closed = |day: Date| match window_dates(calendar, window, &CountedFrom::day(day)) {
                (Some(opens), Due::On(due)) => Some(due.days_until(opens)),
                _ => None,
            };
            let (mut total, mut never) = (0, 0);
            for &(day, times) in &days.days {
                if let Some(by) = closed(day) {
                    total += times;
                    never += if by > 0 { times } else { 0 };
                }
            }
            let example = shown(calendar, closed);
            if let (true, Some(day)) = (never > 0, example)
                && let (Some(opens), Due::On(due)) =
                    window_dates(calendar, window, &CountedFrom::day(day))
            {
                let finding = Diagnostic::new(
                    Code::WindowNeverOpens,
                    format!("`{}` closes before it opens on {}", rule.name, share(never, total)),
                    limit.origin,
                    format!("{}, in two units", length_words(policy, window)),
                )
                .note(days.proof.words(total))
                .help("write both lengths in one unit");
                let last = format!("the last day for `{}`", rule.name);
                problems.push(match started(policy, &[(id, opens, due)], day) {
                    None => finding,
                    Some(mut steps) => {
                        steps.push(step(opens, format!("`{}` opens", rule.name)));
                        steps.push(step(due, last));
                        steps.sort_by(|one, other| one.day.cmp(&other.day));
                        finding.witness(Witness { steps })
                    }
                });
            }
        }
    }
}

/// The events that start the clocks of duties on a day, where the evaluator confirms that each opens and
/// ends on these days.
fn started(policy: &Policy, duties: &[(RuleId, Date, Date)], day: Date) -> Option<Vec<Step>> {
    let mut play = Play::new(policy);
    for &(rule, ..) in duties {
        play.start(rule, 1, day)?;
    }
    let confirmed = duties.iter().all(|&(rule, opens, due)| {
        play.row(policy, rule, Instance::From(day), day).is_some_and(|row| {
            row.due == Due::On(due) && row.opens.is_none_or(|first| first == opens)
        })
    });
    confirmed.then(|| play.steps())
}

/// Two duties that the same single act meets, from one anchor, whose windows never meet.
fn windows_apart(policy: &Policy, problems: &mut Problems) {
    let duties: Vec<(RuleId, &Duty)> = (0..)
        .map(RuleId)
        .zip(&policy.rules)
        .filter_map(|(id, rule)| match &rule.body {
            Body::Duty(duty) if rule.while_.is_none() => Some((id, duty)),
            _ => None,
        })
        .collect();
    for (place, (early, first)) in duties.iter().enumerate() {
        for (late, second) in duties.iter().skip(place + 1) {
            if first.anchor != second.anchor || first.acts != second.acts || first.acts.is_empty() {
                continue;
            }
            let ([one], [other]) = (first.limits.as_slice(), second.limits.as_slice()) else {
                continue;
            };
            for (early, one, late, other) in [(early, one, late, other), (late, other, early, one)]
            {
                problems.extend(apart(policy, (*early, one), (*late, other)));
            }
        }
    }
}

/// What is said where the first of two windows closes before the second opens.
fn apart(policy: &Policy, early: (RuleId, &Limit), late: (RuleId, &Limit)) -> Option<Diagnostic> {
    let calendar = &policy.calendar;
    let (first, second) = (early.1.window.as_ref()?, late.1.window.as_ref()?);
    let days = Days::for_windows(&[calendar], &[first, second])?;
    let gap = |day: Date| {
        let (opens, _) = window_dates(calendar, second, &CountedFrom::day(day));
        Some(last_day(calendar, first, day)?.days_until(opens?))
    };
    let (mut total, mut never) = (0, 0);
    for &(day, times) in &days.days {
        if let Some(gap) = gap(day) {
            total += times;
            never += if gap > 0 { times } else { 0 };
        }
    }
    let day = shown(calendar, gap).filter(|_| never > 0)?;
    let (opens, last) = window_dates(calendar, second, &CountedFrom::day(day));
    let (opens, due) = (opens?, last_day(calendar, first, day)?);
    let (one, other) = (&policy.rule(early.0).name, &policy.rule(late.0).name);
    let finding = Diagnostic::new(
        Code::WindowsApart,
        format!("nothing can be in time for both `{one}` and `{other}` on {}", share(never, total)),
        early.1.origin,
        "this ends",
    )
    .label(late.1.origin, "before this begins, and the same act meets both")
    .note(days.proof.words(total))
    .help("let the windows overlap, or give the two duties acts of their own");
    let mut clocks = vec![(early.0, day, due)];
    if let Due::On(last) = last {
        clocks.push((late.0, opens, last));
    }
    Some(match started(policy, &clocks, day) {
        None => finding,
        Some(mut steps) => {
            steps.push(step(due, format!("the last day for `{one}`")));
            steps.push(step(opens, format!("`{other}` opens")));
            finding.witness(Witness { steps })
        }
    })
}
