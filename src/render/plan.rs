//! A plan on paper, as data, as a table, and for a calendar.

use serde_json::{Value, json};

use super::page::{self, Part};
use super::{Answer, Style, count};
use crate::calendar::Date;
use crate::diagnostic::cell::write_line;
use crate::eval::Deadline;
use crate::policy::{Policy, RoleId};
use crate::search::{Fixed, Item, Phase, Plan, What};

/// The version of the JSON form.
const SCHEMA: &str = "duly.plan/1";

/// The columns of the CSV form.
pub const PLAN_CSV_HEADER: &[&str] = &[
    "case", "plan", "phase", "first", "last", "basis", "rule", "part", "ordinal", "title", "owner",
    "strength", "cite",
];

/// The plans of one case, and what they are made of.
#[derive(Debug, Clone, Copy)]
pub struct Planned<'a> {
    /// The policy.
    pub policy: &'a Policy,
    /// The case's own name.
    pub case: &'a str,
    /// The day for which the plans were made.
    pub as_of: Date,
    /// The plans.
    pub plans: &'a [Plan],
}

/// An item with everything that is said of it.
struct Told {
    title: String,
    /// The title without anything that is the case's own, for a calendar that others see.
    bare: String,
    rule: String,
    part: &'static str,
    stage: Option<u16>,
    ordinal: u16,
    /// How many before it share its rule, part and ordinal.
    twin: usize,
    owners: Vec<RoleId>,
    strength: &'static str,
    cites: Vec<String>,
    limit: Option<String>,
}

impl Planned<'_> {
    fn told(&self, plan: &Plan, item: &Item) -> Option<Told> {
        let policy = self.policy;
        match &item.what {
            What::Deadline(trial, place) => {
                let trial = plan.trials.get(*trial)?;
                let row: &Deadline = trial.outcome.deadlines.get(*place)?;
                let answer = Answer { policy, timeline: &trial.timeline, outcome: &trial.outcome };
                let rule = policy.rule(row.rule);
                let (owners, cites) = answer.owners(row);
                let alike = |other: &&Deadline| {
                    (other.rule, other.part, other.ordinal) == (row.rule, row.part, row.ordinal)
                };
                let before = trial.outcome.deadlines.iter().take(*place);
                let stage = row.part.stage();
                let bare = match stage {
                    Some(stage) => format!(
                        "{}, {}: {}",
                        rule.title,
                        policy.stage_title(row.rule, stage),
                        row.part.word()
                    ),
                    None if row.part.word() == "whole" => rule.title.clone(),
                    None => format!("{}: {}", rule.title, row.part.word()),
                };
                Some(Told {
                    title: answer.title(row),
                    bare,
                    rule: rule.name.clone(),
                    part: row.part.word(),
                    stage,
                    ordinal: row.ordinal,
                    twin: before.filter(alike).count(),
                    owners,
                    strength: rule.strength.words(),
                    cites,
                    limit: answer.limit_words(row),
                })
            }
            What::Way(stage, way) => {
                let rule = policy.rule(plan.rule);
                let leads = way.leads.words();
                let title = format!(
                    "{}: {leads} may follow, on the ground “{}”",
                    rule.title,
                    way.outcome.words()
                );
                Some(Told {
                    bare: title.clone(),
                    title,
                    rule: rule.name.clone(),
                    part: "way-on",
                    stage: Some(*stage),
                    ordinal: plan.ordinal,
                    twin: 0,
                    owners: way.by.clone(),
                    strength: way.strength.words(),
                    cites: rule.cites.clone(),
                    limit: None,
                })
            }
        }
    }

    fn roles(&self, owners: &[RoleId]) -> String {
        let titles = owners.iter().map(|&role| self.policy.role(role).title.clone());
        crate::policy::words::joined(titles.collect(), "and")
    }

    /// What a plan is of, and on what its days rest.
    fn heading(&self, plan: &Plan) -> (String, String) {
        let rule = self.policy.rule(plan.rule);
        let which = crate::policy::words::ordinal(plan.ordinal);
        if let Some((day, fixed)) = plan.day {
            let heading = format!("{} ({which}): {}", rule.title, day.long());
            return (heading, format!("{} The days below are counted from it.", basis(fixed)));
        }
        let number = if plan.ordinal > 1 { format!(" ({which})") } else { String::new() };
        if !plan.items.iter().any(|item| item.phase == Phase::IfSilent) {
            return (format!("{}{number}", rule.title), "As things stand.".to_owned());
        }
        let rests_on = "What is to be done “if there is no answer before” counts from stages that are \
                        not open yet; each is taken to be opened on the first day on which it can be.";
        (format!("{}{number}", rule.title), rests_on.to_owned())
    }

    fn parts(&self) -> Vec<Part> {
        let header = &self.policy.header;
        let of = [&header.title, &header.authority];
        let of: Vec<&str> =
            of.map(String::as_str).into_iter().filter(|it| !it.is_empty()).collect();
        let mut parts = vec![
            Part::Title(format!("{}: {}", self.case, of.join(", "))),
            Part::Say(format!("A plan as of {}.", self.as_of.long())),
        ];
        for plan in self.plans {
            let (heading, rests_on) = self.heading(plan);
            parts.push(Part::Heading(heading));
            parts.push(Part::Say(rests_on));
            let mut phase = None;
            for item in &plan.items {
                let Some(told) = self.told(plan, item) else { continue };
                let heading = section(item);
                if phase != Some(heading) && plan.day.is_some() {
                    parts.push(Part::Heading(heading.to_owned()));
                }
                phase = Some(heading);
                parts.push(self.entry(item, told));
            }
        }
        parts
    }

    fn entry(&self, item: &Item, told: Told) -> Part {
        let date = match (item.last, &item.what) {
            (Some(last), _) => last.long().to_string(),
            (None, What::Way(..)) => {
                item.first.map_or_else(String::new, |first| format!("{} on", first.long()))
            }
            (None, What::Deadline(..)) => "no time limit".to_owned(),
        };
        let mut lines = Vec::new();
        if item.phase == Phase::Review {
            lines.push("its last day in time".to_owned());
        }
        if item.passed {
            let days = item.last.map_or(0, |last| last.days_until(self.as_of));
            lines.push(format!("its last day passed {} ago", count(days, "day")));
        } else if let (Some(first), Some(last)) = (item.first, item.last) {
            lines.push(match first == last {
                true => "on that day".to_owned(),
                false if first <= self.as_of => "from now to that day".to_owned(),
                false => format!("from {} to that day", first.long()),
            });
        }
        if item.phase == Phase::IfSilent {
            lines.push("if there is no answer before".to_owned());
        }
        let mut who = format!("{} ({})", self.roles(&told.owners), told.strength);
        if !told.cites.is_empty() {
            who += &format!("; source: {}", told.cites.join(", "));
        }
        lines.push(who);
        Part::Entry { date: Some(date), title: told.title, lines }
    }
}

/// The heading under which an item stands.
const fn section(item: &Item) -> &'static str {
    match (item.phase, item.last) {
        (Phase::Before, None) => "Before it, with no day given",
        (Phase::Before, Some(_)) => "Before it",
        (Phase::Review, _) => "The review",
        (Phase::OnTheDay, _) => "On its day",
        (Phase::After, None) => "After it, with no time limit",
        (Phase::After, Some(_)) => "After it",
        (Phase::Now | Phase::IfSilent, _) => "The ladder",
    }
}

const fn basis(fixed: Fixed) -> &'static str {
    match fixed {
        Fixed::Planned => "That day is planned.",
        Fixed::LatestSafe => "No day is fixed; this is the latest on which nothing is late.",
        Fixed::LastDay => {
            "No day is fixed; this is the last day in time, and something below is late by it."
        }
        Fixed::Overdue => {
            "Its last day has passed; it is taken to be held on the day of this plan."
        }
    }
}

/// How the day of a plan is known, as a word for data.
const fn basis_word(fixed: Option<(Date, Fixed)>) -> &'static str {
    match fixed {
        Some((_, Fixed::Planned)) => "planned",
        Some((_, Fixed::LatestSafe)) => "latest-safe",
        Some((_, Fixed::LastDay)) => "last-day",
        Some((_, Fixed::Overdue)) => "overdue",
        None => "actual",
    }
}

const fn phase_word(phase: Phase) -> &'static str {
    match phase {
        Phase::Before => "before",
        Phase::Review => "review",
        Phase::OnTheDay => "on-the-day",
        Phase::After => "after",
        Phase::Now => "now",
        Phase::IfSilent => "if-silent",
    }
}

/// The basis of an item: that of its plan, or silence.
fn item_basis(plan: &Plan, item: &Item) -> &'static str {
    match item.phase {
        Phase::IfSilent => "if-silent",
        _ => basis_word(plan.day),
    }
}

/// The plans as text.
pub fn plan_text(planned: &Planned<'_>, style: &Style) -> String {
    page::text(&planned.parts(), style)
}

/// The plans as Markdown.
pub fn plan_markdown(planned: &Planned<'_>) -> String {
    page::markdown(&planned.parts())
}

/// The plans as data: the form `duly.plan/1`.
pub fn plan_json(planned: &Planned<'_>) -> Value {
    let policy = planned.policy;
    let item = |plan: &Plan, item: &Item| {
        let told = planned.told(plan, item)?;
        Some(json!({
            "phase": phase_word(item.phase),
            "basis": item_basis(plan, item),
            "first": item.first,
            "last": item.last,
            "passed": item.passed,
            "rule": told.rule,
            "part": told.part,
            "stage": told.stage,
            "ordinal": told.ordinal,
            "title": told.title,
            "owners": told.owners.iter().map(|&role| policy.role(role).name.as_str()).collect::<Vec<_>>(),
            "strength": told.strength,
            "limit": told.limit,
            "cites": told.cites,
        }))
    };
    json!({
        "schema": SCHEMA,
        "case": planned.case,
        "as_of": planned.as_of,
        "plans": planned.plans.iter().map(|plan| json!({
            "rule": policy.rule(plan.rule).name,
            "ordinal": plan.ordinal,
            "day": plan.day.map(|(day, _)| day),
            "basis": basis_word(plan.day),
            "items": plan.items.iter().filter_map(|one| item(plan, one)).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
    })
}

/// The plans as CSV, with a line of headings.
pub fn plan_csv(planned: &Planned<'_>) -> String {
    let mut out = String::new();
    write_line(PLAN_CSV_HEADER, &mut out);
    for plan in planned.plans {
        for item in &plan.items {
            let Some(told) = planned.told(plan, item) else { continue };
            let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
            let part = match told.stage {
                Some(stage) => format!("{} {stage}", told.part),
                None => told.part.to_owned(),
            };
            let owners: Vec<&str> =
                told.owners.iter().map(|&role| planned.policy.role(role).name.as_str()).collect();
            let fields = [
                planned.case.to_owned(),
                planned.policy.rule(plan.rule).name.clone(),
                phase_word(item.phase).to_owned(),
                day(item.first),
                day(item.last),
                item_basis(plan, item).to_owned(),
                told.rule,
                part,
                told.ordinal.to_string(),
                told.title,
                owners.join(" "),
                told.strength.to_owned(),
                told.cites.join("; "),
            ];
            write_line(&fields, &mut out);
        }
    }
    out
}

/// The plans for a calendar (RFC 5545): an entry of a whole day for each last day, and nothing of the
/// case but its code. The same plan gives the same bytes, and an entry that moves keeps its UID.
pub fn plan_ics(planned: &Planned<'_>) -> String {
    let (year, month, day) = planned.as_of.ymd();
    let stamp = format!("{year:04}{month:02}{day:02}T000000Z");
    let mut out = String::new();
    let mut line = |text: &str| out += &folded(text);
    line("BEGIN:VCALENDAR");
    line("VERSION:2.0");
    line("PRODID:-//duly//plan//EN");
    line("CALSCALE:GREGORIAN");
    for (number, plan) in planned.plans.iter().enumerate() {
        let alike = |other: &&Plan| (other.rule, other.ordinal) == (plan.rule, plan.ordinal);
        let twin = planned.plans.iter().take(number).filter(alike).count();
        let of = &planned.policy.rule(plan.rule).name;
        let of = format!("{of} {} {twin}", plan.ordinal);
        for item in &plan.items {
            let (Some(told), Some(last)) = (planned.told(plan, item), item.last) else { continue };
            // A review whose day is planned stands on that day, everything else on its last.
            let held = match plan.day {
                Some((day, Fixed::Planned)) if item.phase == Phase::Review => Some(day),
                _ => None,
            };
            let entry = held.unwrap_or(last);
            let stage = told.stage.map_or_else(String::new, |stage| stage.to_string());
            let twin = told.twin.to_string();
            let ordinal = told.ordinal.to_string();
            let key = [planned.case, &of, &told.rule, &ordinal, told.part, &stage, &twin];
            let basis = match plan.day {
                _ if item.phase == Phase::IfSilent => "If there is no answer before.",
                Some((_, fixed)) => basis(fixed),
                None => "As things stand.",
            };
            let first = item.first.filter(|&first| first < last);
            let first = first.map_or_else(String::new, |first| {
                format!("Can be done from {} on. ", first.long())
            });
            let source = if told.cites.is_empty() {
                String::new()
            } else {
                format!(" Source: {}.", told.cites.join(", "))
            };
            let limit = match held {
                Some(_) => {
                    format!("Planned for this day; the last day in time is {}. ", last.long())
                }
                None => "The last day in time. ".to_owned(),
            };
            let who = planned.roles(&told.owners);
            let fixed = matches!(plan.day, None | Some((_, Fixed::Planned)))
                && item.phase != Phase::IfSilent;
            line("BEGIN:VEVENT");
            line(&format!("UID:{:016x}@duly", hash(&key)));
            line(&format!("DTSTAMP:{stamp}"));
            line(&format!("DTSTART;VALUE=DATE:{}", compact(entry)));
            if let Some(next) = entry.add_days(1) {
                line(&format!("DTEND;VALUE=DATE:{}", compact(next)));
            }
            line(&format!("SUMMARY:{}", escaped(&format!("{}: {}", planned.case, told.bare))));
            line(&format!(
                "DESCRIPTION:{}",
                escaped(&format!("{limit}{first}{who} ({}). {basis}{source}", told.strength))
            ));
            line(if fixed { "STATUS:CONFIRMED" } else { "STATUS:TENTATIVE" });
            line("TRANSP:TRANSPARENT");
            line("END:VEVENT");
        }
    }
    line("END:VCALENDAR");
    out
}

fn compact(day: Date) -> String {
    let (year, month, day) = day.ymd();
    format!("{year:04}{month:02}{day:02}")
}

/// Text as a value of a calendar (RFC 5545, 3.3.11).
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for character in
        crate::diagnostic::printable::one_line(&text.replace(['\n', '\t'], " ")).chars()
    {
        if matches!(character, '\\' | ';' | ',') {
            out.push('\\');
        }
        out.push(character);
    }
    out
}

/// A line with its end, broken so that no piece is longer than 75 octets (RFC 5545, 3.1).
fn folded(line: &str) -> String {
    const MOST: usize = 75;
    let mut out = String::new();
    let mut used = 0;
    for character in line.chars() {
        if used + character.len_utf8() > MOST {
            out += "\r\n ";
            used = 1;
        }
        out.push(character);
        used += character.len_utf8();
    }
    out + "\r\n"
}

/// The FNV-1a hash of some texts, which will be the same in every version.
fn hash(parts: &[&str]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for part in parts {
        // A byte that no text holds keeps `a`, `bc` apart from `ab`, `c`.
        for byte in part.bytes().chain([0xff]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_folded_between_characters() {
        let line = format!("SUMMARY:{}", "é".repeat(60));
        let text = folded(&line);
        assert!(text.split("\r\n").all(|piece| piece.len() <= 75), "{text:?}");
        assert!(text.ends_with("\r\n"));
        assert_eq!(text.replace("\r\n ", "").trim_end(), line);
    }

    #[test]
    fn the_parts_of_a_uid_are_kept_apart() {
        // The hash of no bytes and of the byte 0xff, from the definition of FNV-1a.
        assert_eq!(hash(&[]), 0xcbf2_9ce4_8422_2325);
        assert_eq!(hash(&[""]), (0xcbf2_9ce4_8422_2325_u64 ^ 0xff).wrapping_mul(0x0100_0000_01b3));
        assert_ne!(hash(&["a", "bc"]), hash(&["ab", "c"]));
    }

    #[test]
    fn what_a_calendar_would_take_apart_is_escaped() {
        assert_eq!(escaped("a, b; c\\d\ne"), "a\\, b\\; c\\\\d e");
    }
}
