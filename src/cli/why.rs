//! `duly why`: one deadline, explained.

use super::args::{Why, WhyFormat};
use super::due::{as_of, matching, rule};
use super::fs::{CliError, Printer};
use super::{ExitStatus, case, policy};
use crate::diagnostic::printable::one_line;
use crate::eval::{Deadline, Outcome, Timeline, evaluate_with, why, why_not};
use crate::policy::{Body, Policy, RuleId};
use crate::render::{Answer, forbid_json, forbid_text, when, why_json, why_text};

pub(super) fn run(command: &Why, printer: &mut Printer) -> Result<ExitStatus, CliError> {
    let loaded = policy::load_under(&command.under)?;
    let Some(policy) = loaded.policy(printer)? else {
        return Ok(ExitStatus::Found);
    };
    let (name, number) = split(&command.rule)?;
    let which = Which {
        number,
        reference: command.reference.clone(),
        stage: command.stage,
        part: command.part.map(super::args::PartName::word),
    };
    let wanted = rule(policy, name)?;
    let case = (command.case.as_deref(), case::BY_OPTION);
    let Some(timeline) = case::only(&command.case_file, case, policy, printer)? else {
        return Ok(ExitStatus::Found);
    };
    let as_of = as_of(&command.under);
    let outcome = evaluate_with(policy, &timeline, as_of, matching(&command.under));
    let matching: Vec<usize> = outcome
        .deadlines
        .iter()
        .enumerate()
        .filter(|(_, deadline)| deadline.rule == wanted && which.fits(deadline, &timeline))
        .map(|(index, _)| index)
        .collect();
    match matching.as_slice() {
        [only] => explain(command, policy, &timeline, &outcome, *only, printer),
        [] if matches!(policy.rule(wanted).body, Body::Forbid(_)) => {
            let answer = Answer { policy, timeline: &timeline, outcome: &outcome };
            let text = match command.format {
                WhyFormat::Human => forbid_text(&answer, wanted, &printer.style),
                WhyFormat::Json => forbid_json(&answer, wanted).map(|value| format!("{value:#}\n")),
            };
            printer.print(&text.unwrap_or_default())?;
            Ok(ExitStatus::Done)
        }
        [] => {
            let all: Vec<usize> = (0..outcome.deadlines.len()).collect();
            let own = choices(policy, &timeline, &outcome, wanted, &all);
            let error = CliError::new(format!(
                "as of {}, `{name}` has no such deadline in this case",
                as_of.long()
            ));
            Err(if own.is_empty() {
                error.help("it has none at all: what it counts from has not happened")
            } else {
                error.help(format!("it has these:\n{own}"))
            })
        }
        some => Err(CliError::new(format!(
            "as of {}, `{name}` has {} such deadlines in this case; say which",
            as_of.long(),
            some.len()
        ))
        .help(format!("one of these:\n{}", choices(policy, &timeline, &outcome, wanted, some)))),
    }
}

fn explain(
    command: &Why,
    policy: &Policy,
    timeline: &Timeline,
    outcome: &Outcome,
    index: usize,
    printer: &mut Printer,
) -> Result<ExitStatus, CliError> {
    let tree = match command.not {
        Some(date) => why_not(policy, timeline, outcome, index, date),
        None => why(policy, timeline, outcome, index),
    };
    let Some(tree) = tree else {
        return Err(CliError::new("this deadline cannot be explained"));
    };
    match command.format {
        WhyFormat::Json => printer.print(&format!("{:#}\n", why_json(&tree)))?,
        WhyFormat::Human => {
            let text = why_text(&tree, printer.style.width);
            let text: String = text.lines().map(|line| one_line(line) + "\n").collect();
            printer.print(&text)?;
        }
    }
    Ok(ExitStatus::Done)
}

/// `RULE:NUMBER`
fn split(text: &str) -> Result<(&str, Option<u16>), CliError> {
    match text.split_once(':') {
        None => Ok((text, None)),
        Some((name, number)) => number.parse().map(|number| (name, Some(number))).map_err(|_| {
            CliError::new(format!(
                "after the rule stands a number, as in `{}:2`, not `{}`",
                one_line(name),
                one_line(number)
            ))
        }),
    }
}

/// Which of the deadlines of a rule is meant.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Which {
    /// Its number.
    pub(super) number: Option<u16>,
    /// The `ref` of what started it.
    pub(super) reference: Option<String>,
    /// The stage of a ladder.
    pub(super) stage: Option<u16>,
    /// The part of the rule.
    pub(super) part: Option<&'static str>,
}

impl Which {
    /// Whether a deadline is one that is meant.
    pub(super) fn fits(&self, deadline: &Deadline, timeline: &Timeline) -> bool {
        let reference = deadline
            .reference
            .and_then(|fact| timeline.fact(fact))
            .and_then(|fact| fact.reference.as_ref());
        // A stage without a part means its answer, as in scenarios.
        let part = self.part.or(self.stage.map(|_| "answer"));
        self.number.is_none_or(|number| deadline.ordinal == number)
            && part.is_none_or(|part| deadline.part.word() == part)
            && self.stage.is_none_or(|stage| deadline.part.stage() == Some(stage))
            && self.reference.as_ref().is_none_or(|wanted| reference == Some(wanted))
    }
}

/// The deadlines to choose from, each as it is asked for on the command line.
fn choices(
    policy: &Policy,
    timeline: &Timeline,
    outcome: &Outcome,
    rule: RuleId,
    among: &[usize],
) -> String {
    let answer = Answer { policy, timeline, outcome };
    let lines: Vec<String> =
        asked_for(&answer, rule, among, "--").iter().map(|line| format!("    {line}")).collect();
    lines.join("\n")
}

/// Deadlines of a rule, each as it is asked for, with its title and its day. The mark stands before
/// `stage` and `part`.
pub(super) fn asked_for(
    answer: &Answer<'_>,
    rule: RuleId,
    among: &[usize],
    mark: &str,
) -> Vec<String> {
    let rows = among.iter().filter_map(|&index| answer.outcome.deadlines.get(index));
    rows.filter(|deadline| deadline.rule == rule)
        .map(|deadline| {
            let mut asked = format!("{}:{}", answer.policy.rule(rule).name, deadline.ordinal);
            let part = deadline.part.word();
            match (deadline.part.stage(), part) {
                (Some(stage), "answer") => asked += &format!(" {mark}stage {stage}"),
                (Some(stage), part) => asked += &format!(" {mark}stage {stage} {mark}part {part}"),
                (None, "whole") => {}
                (None, part) => asked += &format!(" {mark}part {part}"),
            }
            one_line(&format!("{asked}  {}, {}", answer.title(deadline), when(deadline)))
        })
        .collect()
}
