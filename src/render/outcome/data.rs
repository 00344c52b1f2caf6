//! An answer as data for programs: JSON.

use serde_json::{Value, json};

use super::words::{beyond, strength};
use super::{Answer, keyword};
use crate::eval::{Basis, Deadline, Due, FactId, Finding, Irregular, Standing};
use crate::policy::{ExitTo, RoleId, RuleId};

/// Writes an answer as data: the value of one entry of `cases` in the form `duly.due/1`.
pub fn answer_json(answer: &Answer<'_>) -> Value {
    let outcome = answer.outcome;
    json!({
        "case": answer.timeline.case,
        "deadlines": outcome.deadlines.iter().map(|d| deadline(answer, d)).collect::<Vec<_>>(),
        "prohibitions": outcome.findings.iter().map(|f| finding(answer, f)).collect::<Vec<_>>(),
        "ladders": outcome.standings.iter().map(|s| standing(answer, s)).collect::<Vec<_>>(),
        "strays": outcome.strays.iter().map(|&one| stray(answer, one)).collect::<Vec<_>>(),
        "unclocked": outcome.unclocked.iter().map(|one| json!({
            "rule": answer.policy.rule(one.rule).name,
            "act": fact(answer, one.fact),
        })).collect::<Vec<_>>(),
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
        "alternatives": &*deadline.alternatives,
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
