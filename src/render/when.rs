//! On which days an event can happen: the safe days, what binds at each end, and what has to be done before.

use serde_json::{Value, json};

use super::page::{self, Part};
use super::{Answer, Style, count};
use crate::calendar::{Calendar, Date};
use crate::eval::{Deadline, Due};
use crate::policy::Policy;
use crate::policy::words::joined;
use crate::search::{Conflict, End, Objection, Step, Tried, When};

/// The version of the JSON form.
const SCHEMA: &str = "duly.when/1";

/// The answer as text.
pub fn when_text(policy: &Policy, when: &When, style: &Style) -> String {
    page::text(&parts(policy, when), style)
}

/// The answer as Markdown.
pub fn when_markdown(policy: &Policy, when: &When) -> String {
    page::markdown(&parts(policy, when))
}

fn parts(policy: &Policy, when: &When) -> Vec<Part> {
    let mut parts = vec![Part::Title(asked(policy, when))];
    let Some((earliest, latest)) = when.earliest.as_ref().zip(when.latest.as_ref()) else {
        parts.extend(when.conflict.iter().flat_map(|found| conflict_parts(policy, when, found)));
        parts.extend(taken(policy, when));
        return parts;
    };
    parts.push(Part::Say(safe_days(&policy.calendar, when, earliest, latest)));
    parts.extend(meets(policy, &earliest.on).map(Part::Say));
    parts.push(Part::Heading(format!("Earliest: {}", earliest.on.day.long())));
    match &earliest.beyond {
        None => {
            parts.push(Part::Say("It is the day asked about; nothing binds before it.".to_owned()));
        }
        Some(before) => parts.extend(beyond(policy, when, before, "the day before")),
    }
    match &latest.beyond {
        None => {
            parts.push(Part::Heading("Latest: none".to_owned()));
            let looked = count(when.first.days_until(when.last), "day");
            let until = when.last.long();
            parts.push(Part::Say(format!("Nothing binds up to {until}; {looked} were looked at.")));
        }
        Some(after) => {
            parts.push(Part::Heading(format!("Latest: {}", latest.on.day.long())));
            parts.extend(beyond(policy, when, after, "the day after"));
            parts.extend(steps(policy, when, latest));
        }
    }
    parts.extend(taken(policy, when));
    parts
}

fn asked(policy: &Policy, when: &When) -> String {
    let wanted = &when.wanted;
    let mut title = format!("When can “{}” happen", policy.event(wanted.event).title);
    let attributes = (0..).zip(&wanted.values).filter_map(|(place, value)| {
        let attribute = crate::policy::AttributeId(place);
        let name = &policy.attribute(wanted.event, attribute).name;
        let value = policy.value_words(wanted.event, attribute, value.as_ref()?);
        Some(format!("{name} {value}"))
    });
    let mut with: Vec<String> = attributes.collect();
    with.extend(wanted.reference.iter().map(|reference| format!("ref {reference}")));
    if !with.is_empty() {
        title += &format!(" with {}", joined(with, "and"));
    }
    format!("{title}, so that nothing is late? As of {}", when.first.long())
}

/// The safe days in a sentence, with those between that are not.
fn safe_days(calendar: &Calendar, when: &When, earliest: &End, latest: &End) -> String {
    let (first, last) = (earliest.on.day, latest.on.day);
    let mut text = if first == last {
        format!("On one day only: {}.", first.long())
    } else if latest.beyond.is_none() {
        format!("From {} on.", first.long())
    } else {
        let days = count(first.days_until(last) + 1, "day");
        let working = first.add_days(-1).and_then(|eve| calendar.working_days_between(eve, last));
        let working = working.map(|number| format!(", {}", count(number, "working day")));
        let working = working.unwrap_or_default();
        format!("From {} to {} ({days}{working}).", first.long(), last.long())
    };
    let between = when.stretches.iter().filter(|stretch| {
        !stretch.objections.is_empty() && first < stretch.first && stretch.last < last
    });
    let gaps: Vec<String> = between.map(|gap| days(gap.first, gap.last)).collect();
    if !gaps.is_empty() {
        text += &format!(" But not {}.", joined(gaps, "or"));
    }
    text
}

/// Days as a phrase.
fn days(first: Date, last: Date) -> String {
    if first == last {
        format!("on {}", first.long())
    } else {
        format!("from {} to {}", first.long(), last.long())
    }
}

/// What the event meets.
fn meets(policy: &Policy, on: &Tried) -> Option<String> {
    let answer = answer(policy, on);
    let rows = on.meets.iter().filter_map(|&key| on.row(key));
    let mut titles: Vec<String> = rows.map(|row| answer.title(row)).collect();
    titles.dedup();
    (!titles.is_empty()).then(|| format!("It meets: {}.", titles.join("; ")))
}

fn answer<'a>(policy: &'a Policy, on: &'a Tried) -> Answer<'a> {
    Answer { policy, timeline: &on.trial.timeline, outcome: &on.trial.outcome }
}

/// What would go wrong on the day beyond an end.
fn beyond(policy: &Policy, when: &When, on: &Tried, which: &str) -> Vec<Part> {
    let mut parts = vec![Part::Say(format!(
        "What binds is what would go wrong on {which}, {}:",
        on.day.long()
    ))];
    parts.extend(on.objections.iter().map(|&objection| objected(policy, when, on, objection)));
    parts
}

/// An objection on a day: what, why, who, and where the source says so.
fn objected(policy: &Policy, when: &When, on: &Tried, objection: Objection) -> Part {
    let answer = answer(policy, on);
    let rule = policy.rule(objection.rule());
    let row = key(objection).and_then(|key| on.row(key));
    let why = match (objection, row) {
        (Objection::Late(_), Some(row)) => late(&answer, when, row),
        (Objection::Early(_), Some(row)) => match row.opens {
            Some(opens) => format!("too early: the first day is {}", opens.long()),
            None => "too early".to_owned(),
        },
        (Objection::Gone(_), Some(row)) => match row.due_date() {
            Some(due) => format!("too late to count: the last day was {}", due.long()),
            None => "too late to count: something has taken its place".to_owned(),
        },
        (Objection::Irregular(_, what), _) => what.words().to_owned(),
        (Objection::Forbidden(_), _) | (_, None) => "against the rule".to_owned(),
    };
    let title = row.map_or_else(|| rule.title.clone(), |row| answer.title(row));
    let lines = vec![why, who(&answer, row, objection)];
    Part::Entry { date: None, title: format!("{title} [{}]", rule.name), lines }
}

const fn key(objection: Objection) -> Option<crate::search::Key> {
    match objection {
        Objection::Late(key) | Objection::Early(key) | Objection::Gone(key) => Some(key),
        Objection::Forbidden(_) | Objection::Irregular(..) => None,
    }
}

/// In which way a deadline goes wrong.
fn late(answer: &Answer<'_>, when: &When, row: &Deadline) -> String {
    let Due::On(due) = row.due else {
        return answer.status(row);
    };
    let limit = answer.limit_words(row);
    let limit = limit.map(|limit| format!(" ({limit})")).unwrap_or_default();
    if row.done_on.is_none() && due < when.first {
        return format!(
            "its last day would be {}{limit}, which has passed, and it is not done",
            due.long()
        );
    }
    format!("{}; the last day is {}{limit}", answer.status(row), due.long())
}

/// Who, how strongly, by which section.
fn who(answer: &Answer<'_>, row: Option<&Deadline>, objection: Objection) -> String {
    let rule = answer.policy.rule(objection.rule());
    let (owners, cites) = match row {
        Some(row) => answer.owners(row),
        None => (rule.owners.clone(), rule.cites.clone()),
    };
    let mut line = format!("{} ({})", answer.roles(&owners), rule.strength.words());
    if !cites.is_empty() {
        line += &format!("; source: {}", cites.join(", "));
    }
    line
}

/// What has to be done before the event on its latest day, and how far each can slip.
fn steps(policy: &Policy, when: &When, latest: &End) -> Vec<Part> {
    let on = &latest.on;
    let answer = answer(policy, on);
    let (same_day, before): (Vec<&Step>, Vec<&Step>) =
        on.steps.iter().partition(|step| step.first == step.last && step.last == on.day);
    let mut parts = Vec::new();
    if !before.is_empty() {
        let heading = format!("By when, if it happens on {}", on.day.long());
        parts.push(Part::Heading(heading));
    }
    for step in before {
        let Some(row) = on.trial.outcome.deadlines.get(step.place) else { continue };
        let mut lines = vec![slack(policy, when, step)];
        lines.push(who(&answer, Some(row), Objection::Late(crate::search::Key::of(row))));
        let date = Some(step.last.long().to_string());
        parts.push(Part::Entry { date, title: answer.title(row), lines });
    }
    let untimed = "Before it, with no day given";
    let same_day = same_day.into_iter().map(|step| step.place).collect();
    for (phrase, places) in [(untimed, on.untimed.clone()), ("On the day itself", same_day)] {
        let rows = places.iter().filter_map(|&place| on.trial.outcome.deadlines.get(place));
        let names: Vec<&str> = rows.map(|row| policy.rule(row.rule).title.as_str()).collect();
        if !names.is_empty() {
            parts.push(Part::Heading(format!("{phrase} ({})", names.len())));
            parts.push(Part::Entry { date: None, title: names.join("; "), lines: Vec::new() });
        }
    }
    parts
}

/// From when a step can be taken, and how far it can slip.
fn slack(policy: &Policy, when: &When, step: &Step) -> String {
    let from = if step.first == when.first {
        "can be done at once".to_owned()
    } else {
        format!("from {} on", step.first.long())
    };
    let days = step.first.days_until(step.last);
    if days == 0 {
        return format!("{from}; it cannot slip by a day");
    }
    let working = policy.calendar.working_days_between(step.first, step.last);
    let working = working.map(|working| format!(" ({})", count(working, "working day")));
    format!("{from}; it can slip by {}{}", count(days, "day"), working.unwrap_or_default())
}

/// Why there is no safe day.
fn conflict_parts(policy: &Policy, when: &When, found: &Conflict) -> Vec<Part> {
    let (first, last, mildest) = &found.least;
    let answer = answer(policy, mildest);
    let mut parts = vec![Part::Say(format!(
        "There is no such day from {} to {}.",
        when.first.long(),
        when.last.long()
    ))];
    let heading = match found.between.len() {
        1 => "What cannot be met on any day",
        _ => "What cannot be met together",
    };
    parts.push(Part::Heading(heading.to_owned()));
    for (objection, free) in &found.between {
        let rule = policy.rule(objection.rule());
        let row = key(*objection).and_then(|key| mildest.row(key));
        let title = row.map_or_else(|| rule.title.clone(), |row| answer.title(row));
        let lines = vec![allowed(when, free), who(&answer, row, *objection)];
        parts.push(Part::Entry { date: None, title: format!("{title} [{}]", rule.name), lines });
    }
    let on = days(*first, *last);
    parts.push(Part::Heading(format!("The least goes wrong {on}: {}", mildest.objections.len())));
    parts.extend(mildest.objections.iter().map(|&one| objected(policy, when, mildest, one)));
    parts
}

/// The days on which something would not go wrong.
fn allowed(when: &When, free: &[(Date, Date)]) -> String {
    if free.is_empty() {
        return "on no day in time".to_owned();
    }
    let spans = free.iter().map(|&(first, last)| match (first == when.first, last == when.last) {
        (true, true) => "on any day".to_owned(),
        (true, false) => format!("up to {}", last.long()),
        (false, true) => format!("from {} on", first.long()),
        (false, false) => days(first, last),
    });
    format!("in time only {}", joined(spans.collect(), "and"))
}

/// What the answer takes to be so.
fn taken(policy: &Policy, when: &When) -> Vec<Part> {
    let mut lines = Vec::new();
    if when.planned {
        lines.push(format!("the date is fixed on {}, and not moved after", when.first.long()));
    }
    lines.push(
        "what has still to be done before it is done in time, where there is time left".to_owned(),
    );
    if when.left_out > 0 {
        let events = count(when.left_out as i32, "event");
        lines.push(format!("{events} dated after {} left out", when.first.long()));
    }
    let late: Vec<String> = already_late(policy, when);
    if !late.is_empty() {
        lines.push(format!("already late, whatever the day: {}", late.join(", ")));
    }
    let readings = policy.readings.iter().filter(|reading| reading.switched);
    let switched = readings.map(|reading| format!("{} read as {}", reading.name, reading.chosen));
    lines.extend(switched);
    vec![
        Part::Heading("This takes it that".to_owned()),
        Part::Entry { date: None, title: lines.join("; "), lines: Vec::new() },
    ]
}

/// What is late already and stays so, by name.
fn already_late(policy: &Policy, when: &When) -> Vec<String> {
    let ends = when.latest.iter().map(|end| &end.on);
    let tried = ends.chain(when.conflict.iter().map(|found| &found.least.2)).next();
    let titles = when.already_late.iter().filter_map(|&key| {
        let tried = tried?;
        Some(answer(policy, tried).title(tried.row(key)?))
    });
    titles.collect()
}

/// The answer as data: the form `duly.when/1`.
pub fn when_json(policy: &Policy, when: &When) -> Value {
    let wanted = &when.wanted;
    let event = policy.event(wanted.event);
    let end = |end: &End| {
        json!({
            "day": end.on.day,
            "bound_by": end.beyond.as_ref().map(|beyond| json!({
                "day": beyond.day,
                "objections": objections(policy, beyond),
            })),
            "steps": end.on.steps.iter().filter_map(|step| {
                let row = end.on.trial.outcome.deadlines.get(step.place)?;
                let mut value = named(policy, &end.on, row);
                let fields = value.as_object_mut()?;
                fields.insert("first".to_owned(), json!(step.first));
                fields.insert("last".to_owned(), json!(step.last));
                fields.insert("slack_days".to_owned(), json!(step.first.days_until(step.last)));
                let working = policy.calendar.working_days_between(step.first, step.last);
                fields.insert("slack_working_days".to_owned(), json!(working));
                Some(value)
            }).collect::<Vec<_>>(),
            "steps_with_no_time_limit": end.on.untimed.iter().filter_map(|&place| {
                Some(named(policy, &end.on, end.on.trial.outcome.deadlines.get(place)?))
            }).collect::<Vec<_>>(),
        })
    };
    json!({
        "schema": SCHEMA,
        "event": event.name,
        "ref": wanted.reference,
        "attributes": (0..).zip(&wanted.values).filter_map(|(place, value)| {
            let attribute = crate::policy::AttributeId(place);
            let name = policy.attribute(wanted.event, attribute).name.clone();
            Some((name, json!(policy.value_words(wanted.event, attribute, value.as_ref()?))))
        }).collect::<serde_json::Map<_, _>>(),
        "as_of": when.first,
        "looked_until": when.last,
        "date_fixed_on_as_of": when.planned,
        "left_out": when.left_out,
        "already_late": already_late(policy, when),
        "earliest": when.earliest.as_ref().map(end),
        "latest": when.latest.as_ref().map(end),
        "stretches": when.stretches.iter().map(|stretch| json!({
            "first": stretch.first,
            "last": stretch.last,
            "safe": stretch.objections.is_empty(),
        })).collect::<Vec<_>>(),
        "conflict": when.conflict.as_ref().map(|found| json!({
            "between": found.between.iter().map(|(objection, free)| json!({
                "rule": policy.rule(objection.rule()).name,
                "title": policy.rule(objection.rule()).title,
                "in_time": free.iter().map(|(first, last)| {
                    json!({ "first": first, "last": last })
                }).collect::<Vec<_>>(),
            })).collect::<Vec<_>>(),
            "least": {
                "first": found.least.0,
                "last": found.least.1,
                "objections": objections(policy, &found.least.2),
            },
        })),
    })
}

fn objections(policy: &Policy, on: &Tried) -> Vec<Value> {
    on.objections
        .iter()
        .map(|&objection| {
            let kind = match objection {
                Objection::Late(_) => "late",
                Objection::Early(_) => "early",
                Objection::Gone(_) => "gone",
                Objection::Forbidden(_) => "forbidden",
                Objection::Irregular(..) => "irregular",
            };
            let rule = policy.rule(objection.rule());
            let row = key(objection).and_then(|key| on.row(key));
            let mut value = match row {
                Some(row) => named(policy, on, row),
                None => json!({ "rule": rule.name, "title": rule.title, "cites": rule.cites }),
            };
            if let Some(fields) = value.as_object_mut() {
                fields.insert("why".to_owned(), json!(kind));
            }
            value
        })
        .collect()
}

/// A deadline by name, with its standing on the day.
fn named(policy: &Policy, on: &Tried, row: &Deadline) -> Value {
    let answer = answer(policy, on);
    let (owners, cites) = answer.owners(row);
    let rule = policy.rule(row.rule);
    json!({
        "rule": rule.name,
        "part": row.part.word(),
        "stage": row.part.stage(),
        "ordinal": row.ordinal,
        "title": answer.title(row),
        "owners": owners.iter().map(|&role| policy.role(role).name.as_str()).collect::<Vec<_>>(),
        "strength": rule.strength.words(),
        "cites": cites,
        "due": row.due_date(),
        "status": row.status.word(),
    })
}
