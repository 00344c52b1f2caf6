//! What nobody recorded, as a list of questions: who could answer, and what each answer would change.

use serde_json::{Value, json};

use super::{Answer, Style, paint, when, wrapped};
use crate::diagnostic::printable::one_line;
use crate::eval::{Deadline, Due, Outcome};
use crate::search::{Asked, Move, Possible};

/// The version of the JSON form.
const SCHEMA: &str = "duly.questions/1";
/// How many changes of one answer are told one by one.
const TOLD: usize = 6;

/// The questions of a case as text.
pub fn questions_text(answer: &Answer<'_>, asked: &[Asked], style: &Style) -> String {
    let plain = |text: &str| {
        let text = one_line(text);
        if style.unicode { text } else { text.replace(['“', '”'], "\"").replace('→', "->") }
    };
    let mut out = String::new();
    for line in answer.head() {
        out += &wrapped(&plain(&line), "", "  ", style);
    }
    if asked.is_empty() {
        out += &wrapped("\nNothing turns on what nobody recorded.", "", "", style);
        return out;
    }
    for (one, number) in asked.iter().zip(1..) {
        let question = capitalised(&plain(&answer.question(&one.question)));
        let first = format!("{number}. ");
        let rest = " ".repeat(first.len());
        let text = wrapped(&question, &first, &rest, style);
        let text = text.trim_end_matches('\n');
        out += &format!("\n{}\n", paint(style, "1", text));
        let hang = format!("{rest}  ");
        for line in about(answer, one) {
            out += &wrapped(&plain(&line), &rest, &hang, style);
        }
        for possible in &one.answers {
            let lines = changes(answer, possible);
            let only = if lines.is_empty() { " nothing changes" } else { "" };
            let head = format!("If {}:{only}", possible.words);
            out += &wrapped(&plain(&head), &rest, &hang, style);
            for line in lines {
                out += &wrapped(&plain(&line), &format!("{rest}  "), &format!("{rest}    "), style);
            }
        }
    }
    out
}

/// Who could answer, and what turns on it.
fn about(answer: &Answer<'_>, one: &Asked) -> Vec<String> {
    let mut lines = Vec::new();
    match one.judge {
        Some(role) => {
            let role = &answer.policy.role(role).title;
            lines.push(format!("Ask: {role}, to whose judgement the policy leaves it"));
        }
        None if one.owners.is_empty() => {}
        None => lines
            .push(format!("Ask: {}, who is bound by what turns on it", answer.roles(&one.owners))),
    }
    let deadlines = one.deadlines.iter().filter_map(|&at| answer.outcome.deadlines.get(at));
    let mut turning: Vec<String> = deadlines.map(|row| answer.full_title(row)).collect();
    let findings = one.findings.iter().filter_map(|&at| answer.outcome.findings.get(at));
    turning.extend(findings.map(|finding| answer.policy.rule(finding.rule).title.clone()));
    turning.extend(
        one.unstarted
            .iter()
            .map(|&rule| format!("every deadline of: {}", answer.policy.rule(rule).title)),
    );
    turning.dedup();
    lines.push(format!("What turns on it: {}", few(turning)));
    if one.answers.is_empty() && !one.unstarted.is_empty() {
        lines.push("Any day up to then can be the answer, so none was tried".to_owned());
    } else if one.answers.is_empty() {
        lines.push("No answer could be tried".to_owned());
    }
    lines
}

/// The first of some names, and how many more there are.
fn few(mut names: Vec<String>) -> String {
    let more = names.split_off(names.len().min(TOLD)).len();
    let more = if more > 0 { format!("; and {more} more") } else { String::new() };
    format!("{}{more}", names.join("; "))
}

/// What an answer changes, one line for each; of many only the first.
fn changes(answer: &Answer<'_>, possible: &Possible) -> Vec<String> {
    let after = Answer {
        policy: answer.policy,
        timeline: &possible.trial.timeline,
        outcome: &possible.trial.outcome,
    };
    let mut lines: Vec<String> =
        possible.moves.iter().map(|one| change(answer, &after, one, possible.several)).collect();
    lines.extend(possible.verdicts.iter().map(|(rule, verdict)| {
        format!("{}: {}", answer.policy.rule(*rule).title, verdict.word().replace('-', " "))
    }));
    let more = lines.split_off(lines.len().min(TOLD)).len();
    if more > 0 {
        lines.push(format!("and {more} more"));
    }
    lines
}

/// What became of one deadline: how it stood, and how it would stand.
fn change(before: &Answer<'_>, after: &Answer<'_>, one: &Move, several: bool) -> String {
    let was = one.before.and_then(|at| before.outcome.deadlines.get(at));
    let is = one.after.and_then(|at| after.outcome.deadlines.get(at));
    let state = |answer: &Answer<'_>, row: Option<&Deadline>| match row {
        None => "not owed".to_owned(),
        Some(row) if several => answer.status(row),
        Some(row) => {
            let mut text = answer.status(row);
            if let Due::On(_) = row.due {
                text += &format!(", last day {}", when(row));
            }
            let others: Vec<String> =
                row.alternatives.iter().map(|day| format!(" or {}", day.long())).collect();
            text + &others.concat()
        }
    };
    let title = match (was, is) {
        (_, Some(row)) => after.title(row),
        (Some(row), None) => before.title(row),
        (None, None) => String::new(),
    };
    format!("{title}: {} → {}", state(before, was), state(after, is))
}

fn capitalised(text: &str) -> String {
    let mut rest = text.chars();
    let first: String = rest.next().into_iter().flat_map(char::to_uppercase).collect();
    first + rest.as_str()
}

/// The questions of a case as data: the form `duly.questions/1`.
pub fn questions_json(answer: &Answer<'_>, asked: &[Asked]) -> Value {
    let named = |id| {
        let role = answer.policy.role(id);
        json!({ "name": role.name, "title": role.title })
    };
    let row = |of: &Answer<'_>, at: Option<usize>| -> Value {
        at.and_then(|at| of.outcome.deadlines.get(at)).map_or(Value::Null, |row| {
            json!({
                "status": row.status.word(),
                "due": row.due_date(),
                "alternatives": &*row.alternatives,
            })
        })
    };
    let name = |outcome: &Outcome, at: usize| -> Value {
        outcome.deadlines.get(at).map_or(Value::Null, |row| {
            let rule = answer.policy.rule(row.rule);
            json!({
                "rule": rule.name,
                "part": row.part.word(),
                "stage": row.part.stage(),
                "ordinal": row.ordinal,
                "title": answer.title(row),
                "strength": rule.strength.words(),
            })
        })
    };
    let possible = |one: &Possible| {
        let after = Answer {
            policy: answer.policy,
            timeline: &one.trial.timeline,
            outcome: &one.trial.outcome,
        };
        json!({
            "answer": one.words,
            "changes": one.moves.iter().map(|moved| json!({
                "rule": answer.policy.rule(moved.key.rule).name,
                "part": moved.key.part.word(),
                "stage": moved.key.part.stage(),
                "ordinal": moved.key.ordinal,
                "before": row(answer, moved.before),
                "after": row(&after, moved.after),
            })).collect::<Vec<_>>(),
            "prohibitions": one.verdicts.iter().map(|(rule, verdict)| json!({
                "rule": answer.policy.rule(*rule).name,
                "verdict": verdict.word(),
            })).collect::<Vec<_>>(),
        })
    };
    let findings = &answer.outcome.findings;
    json!({
        "schema": SCHEMA,
        "case": answer.timeline.case,
        "as_of": answer.outcome.as_of,
        "questions": asked.iter().map(|one| json!({
            "question": answer.question(&one.question),
            "judged_by": one.judge.map(named),
            "owners": one.owners.iter().map(|&owner| named(owner)).collect::<Vec<_>>(),
            "deadlines": one.deadlines.iter().map(|&at| name(answer.outcome, at)).collect::<Vec<_>>(),
            "prohibitions": one.findings.iter().filter_map(|&at| findings.get(at)).map(|finding| {
                answer.policy.rule(finding.rule).name.as_str()
            }).collect::<Vec<_>>(),
            "unstarted": one.unstarted.iter().map(|&rule| answer.policy.rule(rule).name.as_str())
                .collect::<Vec<_>>(),
            "answers": one.answers.iter().map(possible).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
    })
}
