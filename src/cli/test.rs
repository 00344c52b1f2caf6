//! `duly test`: the scenarios of policies, run.

mod coverage;
mod output;
mod update;

use super::args::Test;
use super::fs::{CliError, Printer};
use super::policy::Loaded;
use super::{ExitStatus, policy};
use crate::diagnostic::printable::one_line;
use crate::policy::Scenario;
use crate::trial::{self, Coverage, Trial};
use output::Outputs;

/// A policy whose scenarios were run.
struct Run<'a> {
    loaded: &'a Loaded,
    /// Each scenario that was meant; nothing where the policy has no meaning under its readings.
    trials: Vec<(&'a Scenario, Option<Trial<'a>>)>,
    /// How many scenarios were not meant.
    left_out: usize,
    /// What the scenarios exercise, where that was asked for.
    coverage: Option<Coverage<'a>>,
}

/// Everything that was run.
struct Report<'a> {
    runs: Vec<Run<'a>>,
    /// How many policies could not be read.
    unsound: usize,
}

/// How many scenarios came out how.
#[derive(Default)]
struct Tally {
    passed: usize,
    failed: usize,
    left_out: usize,
}

pub(super) fn run(command: &Test, printer: &mut Printer) -> Result<ExitStatus, CliError> {
    let outputs = Outputs::read(command)?;
    let (mut sound, mut unsound) = (Vec::new(), 0);
    for path in &command.paths {
        for found in policy::find(path)? {
            let loaded = policy::load(&found, policy::Reach::Scenarios, &command.holidays, &[])?;
            if loaded.policy(printer)?.is_some() {
                sound.push(loaded);
            } else {
                unsound += 1;
            }
        }
    }
    let report =
        Report { runs: sound.iter().map(|loaded| try_all(command, loaded)).collect(), unsound };
    let tally = report.tally();
    if command.changes.update {
        return update::update(command, &report, printer);
    }
    outputs.write(&report, printer)?;
    if tally.passed + tally.failed == 0 && unsound == 0 {
        printer.note(&nothing_ran(command))?;
        return Ok(ExitStatus::Found);
    }
    let mut thin = false;
    if let Some(least) = command.coverage_at_least {
        for run in &report.runs {
            let percent = run.coverage.as_ref().map_or(0, |coverage| coverage.whole().percent());
            if percent < usize::from(least) {
                thin = true;
                printer.note(&format!(
                    "{}: {percent}% of its points are exercised, and {least}% are asked for",
                    run.loaded.name
                ))?;
            }
        }
    }
    Ok(ExitStatus::found(tally.failed > 0 || unsound > 0 || thin))
}

/// Runs the scenarios of a policy that are meant.
fn try_all<'a>(command: &Test, loaded: &'a Loaded) -> Run<'a> {
    let compiled = &loaded.compiled;
    let meant = |scenario: &&Scenario| {
        command.only.as_ref().is_none_or(|only| scenario.title.contains(only))
    };
    let trials: Vec<_> = compiled
        .scenarios
        .iter()
        .filter(meant)
        .map(|scenario| {
            (scenario, trial::run(&loaded.bundle, compiled, &loaded.calendars, scenario))
        })
        .collect();
    let left_out = compiled.scenarios.len() - trials.len();
    let asked = command.coverage || command.coverage_at_least.is_some();
    let coverage =
        compiled.policy.as_ref().filter(|_| asked).map(|policy| {
            Coverage::of(policy, trials.iter().filter_map(|(_, trial)| trial.as_ref()))
        });
    Run { loaded, trials, left_out, coverage }
}

fn nothing_ran(command: &Test) -> String {
    match &command.only {
        Some(only) => format!("error: no scenario has `{}` in its title", one_line(only)),
        None => "error: there is no scenario to run".to_owned(),
    }
}

impl Report<'_> {
    fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        for run in &self.runs {
            let passed = run.trials.iter().filter(|(_, trial)| passed(trial.as_ref())).count();
            tally.passed += passed;
            tally.failed += run.trials.len() - passed;
            tally.left_out += run.left_out;
        }
        tally
    }
}

fn passed(trial: Option<&Trial<'_>>) -> bool {
    trial.is_some_and(Trial::passed)
}
