//! Where the results of scenarios go, and in which forms.

use serde_json::{Value, json};

use super::{Report, Run, coverage, passed};
use crate::cli::args::{Test, TestFormat};
use crate::cli::forms::{FILE_WIDTH, Forms};
use crate::cli::fs::{self, CliError, Printer};
use crate::cli::policies;
use crate::cli::policy::Loaded;
use crate::diagnostic::printable::one_line;
use crate::eval::why;
use crate::policy::Scenario;
use crate::render::{Case, CaseResult, Style, Suite, count, test_report, why_text, wrapped};
use crate::trial::{Failure, Trial};

/// The name of the form of the data; its number changes when a reader of the old one would go wrong.
const SCHEMA: &str = "duly.test/1";

/// Why a scenario cannot be run.
const NO_MEANING: &str = "the policy has no meaning under the readings it switches";

/// What is to be written.
pub(super) struct Outputs(Forms<TestFormat>);

impl Outputs {
    /// Reads what was asked for.
    pub(super) fn read(command: &Test) -> Result<Self, CliError> {
        let mut forms = Forms::read(&command.format, "--format human --format junit=out.xml")?;
        // Whoever waits for results at a terminal sees them, whatever goes to files.
        forms.printed = forms.printed.or(Some(TestFormat::Human));
        Ok(Self(forms))
    }

    /// Writes the results in every form that was asked for, files first: what cannot be written is said
    /// before anything is printed.
    pub(super) fn write(&self, report: &Report<'_>, printer: &mut Printer) -> Result<(), CliError> {
        let read = report.runs.iter().flat_map(|run| &run.loaded.paths);
        self.0.keep_apart(&read.collect::<Vec<_>>())?;
        let style = Style { colour: false, width: FILE_WIDTH, ..printer.style };
        for (format, file) in &self.0.files {
            fs::write(file, text(*format, report, &style).as_bytes())?;
        }
        match self.0.printed {
            Some(format) => printer.print(&text(format, report, &printer.style)),
            None => Ok(()),
        }
    }
}

fn text(format: TestFormat, report: &Report<'_>, style: &Style) -> String {
    match format {
        TestFormat::Human => human(report, style),
        TestFormat::Json => format!("{:#}\n", data(report)),
        TestFormat::Junit => {
            test_report("duly test", &report.runs.iter().map(suite).collect::<Vec<_>>())
        }
        TestFormat::Markdown => markdown(report),
    }
}

/// What failed, and why; then what was exercised.
fn human(report: &Report<'_>, style: &Style) -> String {
    let mut out = String::new();
    for run in &report.runs {
        for (scenario, trial) in &run.trials {
            match trial {
                Some(trial) if trial.passed() => {}
                Some(trial) => out += &failing(run.loaded, trial, style),
                None => {
                    let place = run.loaded.bundle.place(scenario.origin);
                    let title = one_line(&scenario.title);
                    out += &format!("FAILED {place}: {title}\n  {NO_MEANING}\n\n");
                }
            }
        }
    }
    for run in &report.runs {
        out += &coverage::human(run, style);
    }
    out + &format!("{}.\n", summary(report))
}

/// How many scenarios came out how.
fn summary(report: &Report<'_>) -> String {
    let tally = report.tally();
    let mut parts = vec![format!("{} passed", tally.passed)];
    if tally.failed > 0 {
        parts.push(format!("{} failed", tally.failed));
    }
    if tally.left_out > 0 {
        parts.push(format!("{} left out by `--only`", tally.left_out));
    }
    if report.unsound > 0 {
        parts.push(format!("{} could not be read", policies(report.unsound)));
    }
    format!(
        "{} of {}: {}",
        count((tally.passed + tally.failed) as i32, "scenario"),
        policies(report.runs.len() + report.unsound),
        parts.join(", ")
    )
}

/// Everything, for programs.
fn data(report: &Report<'_>) -> Value {
    let tally = report.tally();
    let scenarios: Vec<Value> = report.runs.iter().flat_map(scenarios).collect();
    let mut all = json!({
        "schema": SCHEMA,
        "policies": report.runs.len() + report.unsound,
        "unsound": report.unsound,
        "passed": tally.passed,
        "failed": tally.failed,
        "left_out": tally.left_out,
        "scenarios": scenarios,
    });
    let coverage: Vec<Value> = report.runs.iter().filter_map(coverage::data).collect();
    if let (Some(all), false) = (all.as_object_mut(), coverage.is_empty()) {
        all.insert("coverage".to_owned(), coverage.into());
    }
    all
}

fn scenarios(run: &Run<'_>) -> Vec<Value> {
    let one = |(scenario, trial): &(&Scenario, Option<Trial<'_>>)| {
        let failures = trial.iter().flat_map(|trial| &trial.failures);
        json!({
            "policy": run.loaded.name,
            "title": scenario.title,
            "place": run.loaded.bundle.place(scenario.origin),
            "passed": passed(trial.as_ref()),
            "failures": failures.map(|failure| json!({
                "expected": expected(run.loaded, failure),
                "found": failure.found,
                "differs": failure.differs,
            })).collect::<Vec<_>>(),
            "error": trial.is_none().then_some(NO_MEANING),
        })
    };
    run.trials.iter().map(one).collect()
}

/// The scenarios of a policy for the report of a test run. Its texts have no colour and no pictures.
fn suite(run: &Run<'_>) -> Suite {
    let style = Style { colour: false, unicode: true, width: FILE_WIDTH };
    let case = |(scenario, trial): &(&Scenario, Option<Trial<'_>>)| {
        let failed = |message: &str, body: String| CaseResult::Failed {
            kind: "failed".to_owned(),
            message: message.to_owned(),
            body,
        };
        let result = match trial {
            Some(trial) if trial.passed() => CaseResult::Passed(None),
            Some(trial) => {
                let first = trial.failures.first().map(|failure| {
                    let expected = expected(run.loaded, failure);
                    format!("expected {expected}; found {}", failure.found)
                });
                failed(&first.unwrap_or_default(), failing(run.loaded, trial, &style))
            }
            None => failed(NO_MEANING, run.loaded.bundle.place(scenario.origin)),
        };
        Case { name: one_line(&scenario.title), result }
    };
    Suite { name: run.loaded.name.clone(), cases: run.trials.iter().map(case).collect() }
}

/// The summary of a pull request.
fn markdown(report: &Report<'_>) -> String {
    let mut out = format!("## Scenarios\n\n{}.\n", summary(report));
    for run in &report.runs {
        for (scenario, trial) in &run.trials {
            if passed(trial.as_ref()) {
                continue;
            }
            let place = run.loaded.bundle.place(scenario.origin);
            out += &format!("\n### {}\n\n`{place}`\n", coverage::plain(&scenario.title));
            let failures = trial.iter().flat_map(|trial| &trial.failures);
            for failure in failures {
                let expected = expected(run.loaded, failure);
                out += &format!("\n- expected `{}`", one_line(&expected).replace('`', "'"));
                out += &format!("\n  found `{}`\n", one_line(&failure.found).replace('`', "'"));
            }
            if trial.is_none() {
                out += &format!("\n{NO_MEANING}\n");
            }
        }
    }
    for run in &report.runs {
        out += &coverage::markdown(run);
    }
    out
}

/// A scenario that failed: what was expected, what was found, and how to run it again.
fn failing(loaded: &Loaded, trial: &Trial<'_>, style: &Style) -> String {
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
fn expected(loaded: &Loaded, failure: &Failure<'_>) -> String {
    let origin = failure.expectation.origin;
    let written =
        loaded.bundle.locate(origin).map(|(source, span)| span.text(source)).unwrap_or_default();
    let written: Vec<_> = written.split_whitespace().collect();
    let written = written.join(" ");
    written.strip_prefix("expect ").unwrap_or(&written).to_owned()
}

fn told(loaded: &Loaded, failure: &Failure<'_>, style: &Style) -> String {
    let expected = expected(loaded, failure);
    let hanging = " ".repeat(12);
    let mut out = wrapped(&format!("expected: {}", one_line(&expected)), "  ", &hanging, style);
    out += &wrapped(&format!("found:    {}", one_line(&failure.found)), "  ", &hanging, style);
    if !failure.differs.is_empty() {
        out += &format!("  differs:  {}\n", failure.differs.join(", "));
    }
    out
}
