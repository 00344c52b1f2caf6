//! What can be asked about a situation. Nothing here changes it.

use crate::calendar::Date;
use crate::cases::{read, read_line};
use crate::cli::due::narrow;
use crate::cli::fs::CliError;
use crate::cli::when::on_every_core;
use crate::cli::why::{Which, asked_for};
use crate::diagnostic::printable::one_line;
use crate::diagnostic::{Code, list};
use crate::eval::{Status, why_not};
use crate::policy::words::joined;
use crate::policy::{Body, Policy, Reading, RuleId};
use crate::render::{
    Answer, Extent, Style, answer_human, forbid_text, ladders_text, paint, questions_text,
    timeline_picture_of, when_text, why_text, wrapped,
};
use crate::search::{self, Search, Wanted};
use crate::what_if::{Refusal, Situation};

use super::session::sentence;

fn answer(now: &Situation) -> Answer<'_> {
    Answer { policy: now.policy(), timeline: now.timeline(), outcome: now.outcome() }
}

/// Text for a terminal that may draw ASCII only.
fn drawn(text: &str, style: &Style) -> String {
    if style.unicode { text.to_owned() } else { text.replace(['“', '”'], "\"") }
}

/// Which policy, which case, which day, and how much presses.
pub(super) fn summary(now: &Situation, style: &Style) -> String {
    let header = &now.policy().header;
    let case = one_line(&now.timeline().case);
    let events = match now.timeline().facts().len() {
        0 => "no events yet".to_owned(),
        1 => "1 event".to_owned(),
        several => format!("{several} events"),
    };
    let mut out = sentence(
        &format!(
            "{}, {}. {case}: {events}. As of {}.",
            header.title,
            header.authority,
            now.as_of().long()
        ),
        style,
    );
    let number = |status| now.outcome().deadlines.iter().filter(|row| row.status == status).count();
    let parts: Vec<String> = [
        (number(Status::Overdue), "overdue"),
        (number(Status::CannotBeMet), "cannot be met in time"),
        (number(Status::Undetermined), "cannot be said"),
        (number(Status::Due), "due"),
    ]
    .into_iter()
    .filter(|(number, _)| *number > 0)
    .map(|(number, what)| format!("{number} {what}"))
    .collect();
    if !parts.is_empty() {
        out += &sentence(&format!("{}; `:due` lists them.", joined(parts, "and")), style);
    }
    out
}

/// `[all] [RULE …]`
pub(super) fn due(now: &Situation, rest: &str, style: &Style) -> Result<String, Refusal> {
    let mut extent = Extent::Open;
    let mut only = Vec::new();
    for word in rest.split_whitespace() {
        if word == "all" {
            extent = Extent::All;
        } else {
            only.push(rule(now.policy(), word)?);
        }
    }
    let mut outcome = now.outcome().clone();
    narrow(&mut outcome, &only);
    let text = answer_human(&Answer { outcome: &outcome, ..answer(now) }, extent, style);
    // What shows everything is another word here.
    Ok(text.replace("`--all`", "`:due all`"))
}

pub(super) fn overdue(now: &Situation, style: &Style) -> String {
    let mut outcome = now.outcome().clone();
    outcome.deadlines.retain(|row| matches!(row.status, Status::Overdue | Status::CannotBeMet));
    if outcome.deadlines.is_empty() {
        return format!("Nothing is overdue as of {}.\n", now.as_of().long());
    }
    outcome.findings.clear();
    outcome.standings.clear();
    outcome.strays.clear();
    outcome.unclocked.clear();
    outcome.ahead.clear();
    outcome.deemed.clear();
    answer_human(&Answer { outcome: &outcome, ..answer(now) }, Extent::Open, style)
        .replace("`--all`", "`:due all`")
}

/// The rule of a name, or what was probably meant.
fn rule(policy: &Policy, name: &str) -> Result<RuleId, Refusal> {
    policy.find_rule(name).ok_or_else(|| {
        let names = policy.rules.iter().map(|rule| rule.name.as_str());
        Refusal::new(format!("the policy has no rule `{}`", one_line(name))).near(
            name,
            names,
            "its rules are",
        )
    })
}

/// What stands behind `why`.
struct Asked {
    rule: String,
    which: Which,
    not: bool,
    on: Option<Date>,
}

/// The parts of a rule, as they are asked for.
const PARTS: &[&str] = &["answer", "approval", "cap", "judgement", "review", "opening"];

impl Asked {
    fn parse(text: &str) -> Result<Self, Refusal> {
        let wrong = |what: &str| {
            Refusal::new(what).help(
            "write `why RULE`, and where there are several `why RULE:2`, `ref REF`, `stage 2` or \
             `part answer`; `why not RULE on DATE` asks about another day",
        )
        };
        let mut words = text.split_whitespace().peekable();
        let not = words.next_if_eq(&"not").is_some();
        let name = words.next().ok_or_else(|| wrong("which rule is not said"))?;
        let (rule, number) = match name.split_once(':') {
            None => (name, None),
            Some((rule, number)) => {
                let number = number.parse().map_err(|_| wrong("behind `:` stands a number"))?;
                (rule, Some(number))
            }
        };
        let mut wanted = Self {
            rule: rule.to_owned(),
            which: Which { number, ..Which::default() },
            not,
            on: None,
        };
        while let Some(word) = words.next() {
            let value = words.next().ok_or_else(|| wrong("something is missing at the end"))?;
            match word {
                "ref" => wanted.which.reference = Some(value.to_owned()),
                "stage" => {
                    let stage = value.parse().map_err(|_| wrong("behind `stage` stands a number"));
                    wanted.which.stage = Some(stage?);
                }
                "part" => {
                    let part = PARTS.iter().find(|part| **part == value).copied();
                    wanted.which.part = Some(part.ok_or_else(|| {
                        Refusal::new(format!("there is no part `{}`", one_line(value)))
                            .help(format!("the parts are {}", list(PARTS)))
                    })?);
                }
                "on" => {
                    let date = Date::parse(value).map_err(|error| Refusal::new(error.to_string()));
                    wanted.on = Some(date?);
                }
                _ => return Err(wrong(&format!("`{}` is not understood here", one_line(word)))),
            }
        }
        if wanted.not != wanted.on.is_some() {
            return Err(wrong("`not` and `on DATE` go together"));
        }
        Ok(wanted)
    }
}

/// `[not] RULE[:NUMBER] [ref REF] [stage N] [part PART] [on DATE]`
pub(super) fn why(now: &Situation, rest: &str, style: &Style) -> Result<String, Refusal> {
    let wanted = Asked::parse(rest)?;
    let id = rule(now.policy(), &wanted.rule)?;
    let own = |index: &usize| {
        let row = now.outcome().deadlines.get(*index);
        row.is_some_and(|row| row.rule == id)
    };
    let all: Vec<usize> = (0..now.outcome().deadlines.len()).filter(own).collect();
    let fits = |index: &&usize| {
        let row = now.outcome().deadlines.get(**index);
        row.is_some_and(|row| wanted.which.fits(row, now.timeline()))
    };
    let found: Vec<usize> = all.iter().filter(fits).copied().collect();
    let listed = |among: &[usize]| asked_for(&answer(now), id, among, "");
    let day = now.as_of().long().to_string();
    match found.as_slice() {
        [only] => {
            let (policy, timeline, outcome) = (now.policy(), now.timeline(), now.outcome());
            let tree = match wanted.on {
                Some(date) => why_not(policy, timeline, outcome, *only, date),
                None => crate::eval::why(policy, timeline, outcome, *only),
            };
            let tree = tree.ok_or_else(|| Refusal::new("this deadline cannot be explained"))?;
            let text = why_text(&tree, style.width);
            Ok(text.lines().map(|line| drawn(&one_line(line), style) + "\n").collect())
        }
        [] if matches!(now.policy().rule(id).body, Body::Forbid(_)) => {
            Ok(forbid_text(&answer(now), id, style).unwrap_or_default())
        }
        [] if all.is_empty() => Err(Refusal::new(format!(
            "as of {day}, `{}` has no deadline in this case",
            wanted.rule
        ))
        .help("what it counts from has not happened")),
        [] => Err(Refusal::new(format!("as of {day}, `{}` has no such deadline", wanted.rule))
            .help("it has")
            .among(listed(&all))),
        several => Err(Refusal::new(format!(
            "as of {day}, `{}` has {} such deadlines",
            wanted.rule,
            several.len()
        ))
        .help("say which")
        .among(listed(several))),
    }
}

pub(super) fn ladder(now: &Situation, style: &Style) -> String {
    let text = ladders_text(&answer(now), style);
    if !text.is_empty() {
        return text;
    }
    let ladders: Vec<&str> = now
        .policy()
        .rules
        .iter()
        .filter(|rule| matches!(rule.body, Body::Ladder(_)))
        .map(|rule| rule.title.as_str())
        .collect();
    if ladders.is_empty() {
        return "The policy has no escalation.\n".to_owned();
    }
    format!("No escalation is open: {}.\n", ladders.join(", "))
}

/// `[all]`
pub(super) fn timeline(now: &Situation, rest: &str, style: &Style) -> Result<String, Refusal> {
    let extent = match rest {
        "" => Extent::Open,
        "all" => Extent::All,
        _ => return Err(Refusal::new("behind `:timeline` stands `all`, or nothing")),
    };
    let text = timeline_picture_of(&answer(now), extent, None, style);
    Ok(text.replace("`--all`", "`:timeline all`"))
}

/// `EVENT [ATTRIBUTE VALUE …]`
pub(super) fn when(now: &Situation, rest: &str, style: &Style) -> Result<String, Refusal> {
    /// Stands in for the day that is looked for.
    const ANY_DAY: &str = "2000-01-01";
    if rest.is_empty() {
        return Err(Refusal::new("which event is not said").help("as in `when review-held`"));
    }
    let row = read_line(0, &format!("{ANY_DAY} {rest}"))?;
    let event = row.event.clone();
    let read = read(now.policy(), "", &[row]).map_err(|mut errors| {
        errors.pop().map_or_else(|| Refusal::new("it cannot be read"), Refusal::from)
    })?;
    let Some(fact) = read.timeline.facts().first().cloned() else {
        return Err(Refusal::new("it cannot be read"));
    };
    let wanted =
        Wanted { event: fact.event, values: fact.values.to_vec(), reference: fact.reference };
    let (policy, timeline) = (now.policy(), now.timeline());
    let search = Search::new(policy, timeline, now.as_of(), now.matching(), &wanted);
    let found = on_every_core(search);
    if found.bears_on_nothing() {
        return Err(Refusal::new(format!(
            "as of {}, `{event}` bears on nothing in this case, whatever the day",
            now.as_of().long()
        )));
    }
    Ok(when_text(now.policy(), &found, style))
}

/// What nobody recorded.
pub(super) fn questions(now: &Situation, style: &Style) -> String {
    let asked = search::questions(now.policy(), now.timeline(), now.outcome(), now.matching());
    questions_text(&answer(now), &asked, style)
}

/// One reading, with the values it can have.
pub(super) fn reading(now: &Situation, name: &str, style: &Style) -> Result<String, Refusal> {
    now.book().reading(name.trim())?;
    let own = now.policy().readings.iter().find(|reading| reading.name == name.trim());
    Ok(own.map(|reading| told(reading, style)).unwrap_or_default())
}

pub(super) fn readings(now: &Situation, style: &Style) -> String {
    if now.policy().readings.is_empty() {
        return "The policy has no readings.\n".to_owned();
    }
    now.policy().readings.iter().map(|reading| told(reading, style)).collect()
}

fn told(reading: &Reading, style: &Style) -> String {
    let mark = if reading.switched { " (switched)" } else { "" };
    let first = format!("{}: {}{mark}", reading.name, reading.chosen);
    let set = wrapped(&first, "", "    ", style);
    let mut out = set.replacen(&reading.name, &paint(style, "1", &reading.name), 1);
    for other in &reading.others {
        out += &wrapped(&format!("or {other}"), "    ", "      ", style);
    }
    out
}

pub(super) fn rules(now: &Situation, style: &Style) -> String {
    let rule = |rule: &crate::policy::Rule| {
        let line = format!("{}: {}", rule.name, drawn(&rule.title, style));
        let set = wrapped(&line, "", "    ", style);
        set.replacen(&rule.name, &paint(style, "1", &rule.name), 1)
    };
    now.policy().rules.iter().map(rule).collect()
}

/// The page of a finding.
pub(super) fn page(wanted: &str) -> Result<String, CliError> {
    Code::find(wanted).map(|code| code.page().to_owned()).ok_or_else(|| {
        let error = CliError::new(format!("there is no finding `{}`", one_line(wanted)));
        match Code::near(wanted) {
            Some(near) => error.help(format!("did you mean `{near}`?")),
            None => error.help("`duly rule` lists them all"),
        }
    })
}
