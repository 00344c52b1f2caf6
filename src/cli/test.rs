//! `duly test`: the scenarios of policies, run.

use serde_json::{Value, json};

use super::args::{Test, TestFormat};
use super::fs::{CliError, Printer};
use super::{ExitStatus, policy};
use crate::diagnostic::printable::one_line;
use crate::eval::why;
use crate::render::{Style, count, why_text, wrapped};
use crate::trial::{self, Failure, Trial};

/// The name of the form of the data; its number changes when a reader of the old one would go wrong.
const SCHEMA: &str = "duly.test/1";

/// Why a scenario cannot be run.
const NO_MEANING: &str = "the policy has no meaning under the readings it switches";

/// How many scenarios came out how.
#[derive(Default)]
struct Tally {
    policies: usize,
    passed: usize,
    failed: usize,
    left_out: usize,
    unsound: usize,
    /// Every scenario that was run, for the form that is data.
    data: Vec<Value>,
}

pub(super) fn run(command: &Test, printer: &mut Printer) -> Result<ExitStatus, CliError> {
    let mut tally = Tally::default();
    for path in &command.paths {
        for found in policy::find(path)? {
            let loaded = policy::load(&found, policy::Reach::Scenarios, &command.holidays, &[])?;
            tally.policies += 1;
            test(command, &loaded, &mut tally, printer)?;
        }
    }
    let ran = tally.passed + tally.failed;
    if command.format == TestFormat::Json {
        let all = json!({
            "schema": SCHEMA,
            "policies": tally.policies,
            "unsound": tally.unsound,
            "passed": tally.passed,
            "failed": tally.failed,
            "left_out": tally.left_out,
            "scenarios": tally.data,
        });
        printer.print(&format!("{all:#}\n"))?;
    }
    let mut parts = vec![format!("{} passed", tally.passed)];
    if tally.failed > 0 {
        parts.push(format!("{} failed", tally.failed));
    }
    if tally.left_out > 0 {
        parts.push(format!("{} left out by `--only`", tally.left_out));
    }
    if tally.unsound > 0 {
        parts.push(format!("{} could not be read", super::policies(tally.unsound)));
    }
    if command.format == TestFormat::Human {
        printer.print(&format!(
            "{} of {}: {}.\n",
            count(ran as i32, "scenario"),
            super::policies(tally.policies),
            parts.join(", ")
        ))?;
    }
    if ran == 0 && tally.unsound == 0 {
        printer.note(&match &command.only {
            Some(only) => format!("error: no scenario has `{}` in its title", one_line(only)),
            None => "error: there is no scenario to run".to_owned(),
        })?;
    }
    Ok(ExitStatus::found(ran == 0 || tally.failed > 0 || tally.unsound > 0))
}

fn test(
    command: &Test,
    loaded: &policy::Loaded,
    tally: &mut Tally,
    printer: &mut Printer,
) -> Result<(), CliError> {
    if loaded.policy(printer)?.is_none() {
        tally.unsound += 1;
        return Ok(());
    }
    let style = printer.style;
    for scenario in &loaded.compiled.scenarios {
        let only = command.only.as_ref();
        if only.is_some_and(|only| !scenario.title.contains(only)) {
            tally.left_out += 1;
            continue;
        }
        let trial = trial::run(&loaded.bundle, &loaded.compiled, &loaded.calendars, scenario);
        let passed = trial.as_ref().is_some_and(Trial::passed);
        *(if passed { &mut tally.passed } else { &mut tally.failed }) += 1;
        let place = loaded.bundle.place(scenario.origin);
        if command.format == TestFormat::Json {
            let failures = trial.iter().flat_map(|trial| &trial.failures);
            tally.data.push(json!({
                "policy": loaded.name,
                "title": scenario.title,
                "place": place,
                "passed": passed,
                "failures": failures.map(|failure| json!({
                    "expected": expected(loaded, failure),
                    "found": failure.found,
                    "differs": failure.differs,
                })).collect::<Vec<_>>(),
                "error": trial.is_none().then_some(NO_MEANING),
            }));
            continue;
        }
        match trial {
            Some(_) if passed => {}
            Some(trial) => printer.print(&failing(loaded, &trial, &style))?,
            None => printer.print(&format!(
                "FAILED {place}: {}\n  {NO_MEANING}\n\n",
                one_line(&scenario.title)
            ))?,
        }
    }
    Ok(())
}

/// A scenario that failed: what was expected, what was found, and how to run it again.
fn failing(loaded: &policy::Loaded, trial: &Trial<'_>, style: &Style) -> String {
    let scenario = trial.scenario;
    let title = one_line(&scenario.title);
    let mut out = wrapped(
        &format!("FAILED {}: {title}", loaded.bundle.place(scenario.origin)),
        "",
        "  ",
        style,
    );
    for failure in &trial.failures {
        out += &told(loaded, failure, style);
        out += &explained(trial, failure, style);
    }
    let quoted = title.replace('\'', "'\\''");
    out += &format!("  again:    duly test {} --only '{quoted}'\n\n", loaded.name);
    out
}

/// Why the deadline stands as it does, below what was expected of it.
fn explained(trial: &Trial<'_>, failure: &Failure<'_>, style: &Style) -> String {
    let tree = failure
        .deadline
        .and_then(|index| why(&trial.policy, &trial.timeline, &trial.outcome, index));
    let Some(tree) = tree else {
        return String::new();
    };
    let text = why_text(&tree, style.width.saturating_sub(4));
    text.lines()
        .map(|line| format!("    {}", one_line(line)).trim_end().to_owned() + "\n")
        .collect()
}

/// What was expected, as it is written in the scenario.
fn expected(loaded: &policy::Loaded, failure: &Failure<'_>) -> String {
    let origin = failure.expectation.origin;
    let written =
        loaded.bundle.locate(origin).map(|(source, span)| span.text(source)).unwrap_or_default();
    let written: Vec<_> = written.split_whitespace().collect();
    let written = written.join(" ");
    written.strip_prefix("expect ").unwrap_or(&written).to_owned()
}

fn told(loaded: &policy::Loaded, failure: &Failure<'_>, style: &Style) -> String {
    let expected = expected(loaded, failure);
    let hanging = " ".repeat(12);
    let mut out = wrapped(&format!("expected: {}", one_line(&expected)), "  ", &hanging, style);
    out += &wrapped(&format!("found:    {}", one_line(&failure.found)), "  ", &hanging, style);
    if !failure.differs.is_empty() {
        out += &format!("  differs:  {}\n", failure.differs.join(", "));
    }
    out
}
