//! An answer as data: JSON for programs, CSV for spreadsheets.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::words::{beyond, strength};
use super::{Answer, keyword};
use crate::calendar::Date;
use crate::eval::{Basis, Deadline, Due, FactId, Finding, Irregular, Part, Standing};
use crate::policy::{ExitTo, Policy, RoleId, RuleId};

/// The columns of the CSV form.
pub const CSV_HEADER: &[&str] = &[
    "case",
    "rule",
    "part",
    "ordinal",
    "ref",
    "owner",
    "strength",
    "opens",
    "due",
    "status",
    "days",
    "working_days",
    "basis",
    "basis_date",
    "done_on",
    "cite",
];

/// Writes an answer as data: the value of one entry of `cases` in the form `duly.due/1`.
pub fn answer_json(answer: &Answer<'_>) -> Value {
    let outcome = answer.outcome;
    json!({
        "case": answer.timeline.case,
        "deadlines": outcome.deadlines.iter().map(|d| deadline(answer, d)).collect::<Vec<_>>(),
        "prohibitions": outcome.findings.iter().map(|f| finding(answer, f)).collect::<Vec<_>>(),
        "ladders": outcome.standings.iter().map(|s| standing(answer, s)).collect::<Vec<_>>(),
        "strays": outcome.strays.iter().map(|&one| stray(answer, one)).collect::<Vec<_>>(),
        "questions": answer.open_questions().iter().map(|question| json!({
            "text": answer.question(question),
            "judged_by": answer.who_knows(question).map(|role| role_json(answer, role)),
        })).collect::<Vec<_>>(),
        "ahead": outcome.ahead.iter().map(|&id| fact(answer, id)).collect::<Vec<_>>(),
        "deemed": outcome.deemed.iter().filter(|deemed| answer.concerns(deemed.rule)).map(|deemed| json!({
            "date": deemed.date,
            "event": answer.known(deemed.fact).map(|known| known.event.name.as_str()),
            "rule": answer.policy.rule(deemed.rule).name,
        })).collect::<Vec<_>>(),
    })
}

pub(super) fn deadline(answer: &Answer<'_>, deadline: &Deadline) -> Value {
    let rule = answer.policy.rule(deadline.rule);
    let (owners, cites) = answer.owners(deadline);
    let (part, stage) = (deadline.part.word(), deadline.part.stage());
    let (due_kind, due, note) = match deadline.due {
        Due::On(day) => ("on", Some(day), None),
        Due::Never => ("never", None, None),
        Due::Waiting => ("waiting", None, None),
        Due::Beyond(undetermined) => ("beyond-calendar", None, Some(beyond(undetermined))),
        Due::Unknown => ("unknown", None, None),
    };
    let mut reasons: Vec<String> =
        deadline.reasons.iter().map(|reason| answer.reason(deadline, reason)).collect();
    reasons.extend(note);
    json!({
        "rule": rule.name,
        "kind": keyword(&rule.body),
        "title": answer.title(deadline),
        "part": part,
        "stage": stage,
        "ordinal": deadline.ordinal,
        "ref": answer.reference(deadline.reference),
        "owners": roles(answer, &owners),
        "strength": strength(rule.strength),
        "tells": roles(answer, &rule.tells),
        "anchor": deadline.anchor.map(|anchor| anchor.date),
        "opens": deadline.opens,
        "due": due,
        "due_kind": due_kind,
        "alternatives": deadline.alternatives,
        "status": deadline.status.word(),
        "days": deadline.days,
        "working_days": deadline.working_days,
        "basis": deadline.basis.as_ref().map(basis),
        "done_on": deadline.done_on,
        "done_by": deadline.done_by.iter().map(|&id| fact(answer, id)).collect::<Vec<_>>(),
        "reasons": reasons,
        "cites": cites,
    })
}

fn basis(basis: &Basis) -> Value {
    json!({ "kind": basis.kind.word(), "date": basis.date, "known": basis.known })
}

fn fact(answer: &Answer<'_>, id: FactId) -> Value {
    match answer.known(id) {
        Some(known) => json!({
            "date": known.date,
            "event": known.event.name,
            "line": (known.line > 0).then_some(known.line),
        }),
        None => Value::Null,
    }
}

fn role_json(answer: &Answer<'_>, id: RoleId) -> Value {
    let role = answer.policy.role(id);
    json!({ "name": role.name, "title": role.title })
}

fn roles(answer: &Answer<'_>, ids: &[RoleId]) -> Vec<Value> {
    ids.iter().map(|&id| role_json(answer, id)).collect()
}

pub(super) fn finding(answer: &Answer<'_>, finding: &Finding) -> Value {
    let rule = answer.policy.rule(finding.rule);
    json!({
        "rule": rule.name,
        "title": rule.title,
        "verdict": finding.verdict.word(),
        "act": finding.fact.map(|id| fact(answer, id)),
        "owners": roles(answer, &rule.owners),
        "strength": strength(rule.strength),
        "cites": rule.cites,
        "questions": finding.questions.iter().map(|q| answer.question(q)).collect::<Vec<_>>(),
    })
}

pub(super) fn standing(answer: &Answer<'_>, standing: &Standing) -> Value {
    let rule = answer.policy.rule(standing.rule);
    let ways: Vec<Value> = standing
        .ways
        .iter()
        .map(|way| {
            let (leads, stage) = match way.leads {
                ExitTo::Stage(stage) => ("stage", Some(stage)),
                ExitTo::Ends => ("end", None),
                ExitTo::Outside => ("outside", None),
            };
            json!({
                "ground": way.outcome.words(),
                "since": way.since,
                "by": roles(answer, &way.by),
                "strength": strength(way.strength),
                "leads": leads,
                "stage": stage,
            })
        })
        .collect();
    json!({
        "rule": rule.name,
        "title": rule.title,
        "ordinal": standing.ordinal,
        "ref": answer.reference(Some(standing.opened)),
        "opened": fact(answer, standing.opened),
        "stage": standing.stage,
        "stage_opened": fact(answer, standing.stage_opened),
        "state": standing.state.word(),
        "ways": ways,
        "closed": standing.closed.map(|id| fact(answer, id)),
        "outside": standing.outside.iter().map(|&id| fact(answer, id)).collect::<Vec<_>>(),
        "irregular": standing.irregular.iter().map(|&(id, what)| json!({
            "act": fact(answer, id),
            "what": what.words(),
        })).collect::<Vec<_>>(),
    })
}

pub(super) fn stray(answer: &Answer<'_>, (rule, id, what): (RuleId, FactId, Irregular)) -> Value {
    json!({
        "rule": answer.policy.rule(rule).name,
        "act": fact(answer, id),
        "what": what.words(),
    })
}

/// Writes deadlines as lines of CSV under [`CSV_HEADER`], in the order of the policy.
///
/// What is the same for every deadline of a rule is put together once, when it is first wanted, so that
/// a caseload is written about as fast as it can be copied.
#[derive(Debug)]
pub struct CsvLines<'p> {
    policy: &'p Policy,
    /// The constants of whole rules, by rule.
    whole: Vec<Option<Constants>>,
    /// Those of the parts of rules.
    parts: BTreeMap<(RuleId, Part), Constants>,
}

/// What stands in the lines of a rule, or of a part of it, whatever the case.
#[derive(Debug)]
struct Constants {
    /// The rule and the part, between the case and the ordinal.
    rule: String,
    /// Who and how strongly, between the `ref` and the first day.
    owners: String,
    /// The sections, and the end of the line.
    cites: String,
}

impl Constants {
    fn new(policy: &Policy, id: RuleId, part: Part) -> Constants {
        let rule = policy.rule(id);
        let (owners, cites) = policy.owners_of(id, part);
        let owners: Vec<&str> =
            owners.iter().map(|&role| policy.role(role).name.as_str()).collect();
        let words = match part.stage() {
            Some(stage) => format!("{} {stage}", part.word()),
            None => part.word().to_owned(),
        };
        Constants {
            rule: format!(",{},{},", quoted(&rule.name), quoted(&words)),
            owners: format!(",{},{},", quoted(&owners.join(" ")), strength(rule.strength)),
            cites: format!(",{}\r\n", quoted(&guarded(&cites.join("; ")))),
        }
    }
}

impl<'p> CsvLines<'p> {
    /// Begins with nothing put together yet.
    pub fn new(policy: &'p Policy) -> CsvLines<'p> {
        let whole = policy.rules.iter().map(|_| None).collect();
        CsvLines { policy, whole, parts: BTreeMap::new() }
    }

    /// Writes the deadlines of a case, which is one of the policy.
    ///
    /// Prohibitions and where ladders stand have no dates to put in these columns: they are in the
    /// other forms. What a spreadsheet would take for a formula is made text by a leading apostrophe.
    pub fn write(&mut self, answer: &Answer<'_>, out: &mut Vec<u8>) {
        let case = quoted(&guarded(&answer.timeline.case));
        let policy = self.policy;
        for row in &answer.outcome.deadlines {
            let constants = match (row.part, self.whole.get_mut(row.rule.index())) {
                (Part::Whole, Some(whole)) => {
                    whole.get_or_insert_with(|| Constants::new(policy, row.rule, row.part))
                }
                _ => self
                    .parts
                    .entry((row.rule, row.part))
                    .or_insert_with(|| Constants::new(policy, row.rule, row.part)),
            };
            out.extend_from_slice(case.as_bytes());
            out.extend_from_slice(constants.rule.as_bytes());
            number(i32::from(row.ordinal), out);
            out.push(b',');
            if let Some(reference) = answer.reference(row.reference) {
                out.extend_from_slice(quoted(&guarded(reference)).as_bytes());
            }
            out.extend_from_slice(constants.owners.as_bytes());
            day(row.opens, out);
            out.push(b',');
            day(row.due_date(), out);
            out.push(b',');
            out.extend_from_slice(row.status.word().as_bytes());
            out.push(b',');
            number(row.days, out);
            out.push(b',');
            if let Some(days) = row.working_days {
                number(days, out);
            }
            out.push(b',');
            if let Some(basis) = &row.basis {
                out.extend_from_slice(basis.kind.word().as_bytes());
            }
            out.push(b',');
            day(row.basis.as_ref().map(|basis| basis.date), out);
            out.push(b',');
            day(row.done_on, out);
            out.extend_from_slice(constants.cites.as_bytes());
        }
    }
}

/// Writes a day as it stands in data; nothing where there is none.
fn day(day: Option<Date>, out: &mut Vec<u8>) {
    if let Some(day) = day {
        out.extend_from_slice(&day.iso());
    }
}

/// Writes a number in decimal digits.
fn number(number: i32, out: &mut Vec<u8>) {
    let mut digits = [b'0'; 11];
    let mut rest = number.unsigned_abs();
    let mut written = 0;
    for place in digits.iter_mut().rev() {
        *place = b'0' + (rest % 10) as u8;
        rest /= 10;
        written += 1;
        if rest == 0 {
            break;
        }
    }
    if number < 0 {
        out.push(b'-');
    }
    out.extend(digits.iter().skip(digits.len() - written));
}

/// Text that no spreadsheet takes for a formula.
pub(in crate::render) fn guarded(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

/// A field, in double quotes where it needs them.
pub(in crate::render) fn quoted(field: &str) -> String {
    if field.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_survive_a_spreadsheet() {
        assert_eq!(quoted("a \"b\", c"), "\"a \"\"b\"\", c\"");
        assert_eq!(quoted("plain"), "plain");
        assert_eq!(guarded("=cmd|'/c calc'!A1"), "'=cmd|'/c calc'!A1");
        assert_eq!(guarded("child-a"), "child-a");
    }

    #[test]
    fn numbers_are_written_in_full() {
        for expected in [0, 7, -7, 10, 2026, i32::MAX, i32::MIN] {
            let mut out = Vec::new();
            number(expected, &mut out);
            assert_eq!(String::from_utf8(out).unwrap(), expected.to_string());
        }
    }
}
