//! `duly check`: everything there is to say about policies.

mod choice;
mod fix;
mod output;
mod watch;

use std::path::{Path, PathBuf};

use super::args::Check;
use super::fs::{self, CliError, Printer};
use super::policy::Loaded;
use super::{ExitStatus, policy};
use crate::analyse::{Accepted, Analysed, Depth, Subject, analyse};
use crate::calendar::Date;
use crate::diagnostic::{Applicability, Problems};
use crate::policy::Policy;
use crate::render::{self, Sheet, Tally, count};
use crate::source::Source;
use crate::trial::not_exercised;
use choice::Choice;
use output::Outputs;

/// What a round of checking found.
struct Report {
    /// The files that were read.
    read: Vec<PathBuf>,
    /// One for each file, clean ones included.
    sheets: Vec<Sheet>,
    tally: Tally,
    /// How many findings `--fix` put right, where it was asked for.
    fixed: Option<usize>,
}

/// What every policy is examined with.
struct Examiner<'a> {
    command: &'a Check,
    choice: &'a Choice,
    baseline: Option<&'a Policy>,
}

pub(super) fn run(command: &Check, printer: &mut Printer) -> Result<ExitStatus, CliError> {
    let choice = Choice::read(command)?;
    let outputs = Outputs::read(command)?;
    if !command.watch {
        return round(command, &choice, &outputs, printer);
    }
    watch::watch(command, printer, |printer| {
        round(command, &choice, &outputs, printer).map(|_| ())
    })?;
    Ok(ExitStatus::Done)
}

/// Checks everything once.
fn round(
    command: &Check,
    choice: &Choice,
    outputs: &Outputs,
    printer: &mut Printer,
) -> Result<ExitStatus, CliError> {
    let baseline = match &command.against {
        Some(path) => Some(policy::load(path, policy::Reach::Policy, &command.holidays, &[])?),
        None => None,
    };
    let baseline = match &baseline {
        // A yardstick that has no meaning measures nothing.
        Some(loaded) => match loaded.policy(printer)? {
            Some(policy) => Some(policy),
            None => return Ok(ExitStatus::found(true)),
        },
        None => None,
    };
    let report = Examiner { command, choice, baseline }.report()?;
    outputs.write(&report, printer)?;
    if !outputs.for_a_program() {
        let air = if outputs.airy(&report) { "\n" } else { "" };
        printer.note(&format!("{air}{}", closing(&report)))?;
    }
    let Tally { errors, warnings, .. } = report.tally;
    Ok(ExitStatus::found(errors > 0 || (command.deny_warnings && warnings > 0)))
}

impl Examiner<'_> {
    /// Examines every policy, after making changes where that was asked for.
    fn report(&self) -> Result<Report, CliError> {
        let command = self.command;
        let changes = &command.changes;
        let allowed =
            if changes.unsafe_fixes { Applicability::Unsafe } else { Applicability::Safe };
        let mut fixed = changes.fix.then_some(0);
        let (mut sheets, mut policies, mut scenarios) = (Vec::new(), 0, 0);
        let mut read: Vec<PathBuf> = command.holidays.files().cloned().collect();
        for path in &command.paths {
            for found in policy::find(path)? {
                if let Some(fixed) = &mut fixed {
                    *fixed += fix::fix(&found, self, allowed)?;
                }
                let reach = policy::Reach::Scenarios;
                let loaded = policy::load(&found, reach, &command.holidays, &[])?;
                policies += 1;
                scenarios += loaded.compiled.scenarios.len();
                sheets.extend(self.sheets(&loaded));
                read.extend(loaded.paths);
            }
        }
        let tally = Tally::new(policies, scenarios, &sheets);
        Ok(Report { read, sheets, tally, fixed })
    }

    /// A sheet for each file of a policy.
    fn sheets(&self, loaded: &Loaded) -> Vec<Sheet> {
        let Analysed { problems, accepted } = self.everything(loaded);
        let mut sorted = loaded.bundle.sort_out(&self.choice.apply(&problems));
        let sheet = |(source, path): (&Source, &PathBuf)| {
            let own = sorted.iter_mut().find(|(other, _)| std::ptr::eq(*other, source));
            Sheet {
                source: source.clone(),
                path: fs::in_repository(path),
                problems: own.map(|(_, own)| std::mem::take(own)).unwrap_or_default(),
                accepted: Vec::new(),
            }
        };
        let mut sheets: Vec<Sheet> =
            loaded.bundle.sources().zip(&loaded.paths).map(sheet).collect();
        for Accepted { finding, reason, .. } in accepted {
            let alone = self.choice.apply(&Problems::from_iter([finding]));
            for (source, own) in loaded.bundle.sort_out(&alone) {
                let sheet = sheets.iter_mut().find(|sheet| sheet.source.name == source.name);
                if let (Some(sheet), Some(finding)) = (sheet, own.into_iter().next()) {
                    sheet.accepted.push(render::Accepted { finding, reason: reason.clone() });
                }
            }
        }
        sheets
    }

    /// Everything that is wrong with a policy: what the checker says of it and, where it is sound, what
    /// the analyses find.
    fn everything(&self, loaded: &Loaded) -> Analysed {
        let compiled = &loaded.compiled;
        let Some(policy) = &compiled.policy else {
            return Analysed { problems: compiled.problems.clone(), ..Analysed::default() };
        };
        let mut checked = compiled.problems.clone();
        // One file of scenarios out of several says nothing of what the others show.
        let whole = loaded.paths.len() == 1 || fs::is_folder(Path::new(&loaded.name));
        if whole && !self.command.quick {
            checked.extend(not_exercised(policy, &compiled.scenarios));
        }
        analyse(&Subject {
            policy,
            file: &compiled.file,
            scenarios: &compiled.scenarios,
            checked: &checked,
            calendars: &loaded.calendars,
            baseline: self.baseline,
            today: Some(Date::today()),
            depth: if self.command.quick { Depth::Quick } else { Depth::Full },
        })
    }
}

/// What was examined and found, in a sentence or two.
fn closing(report: &Report) -> String {
    let tally = report.tally;
    let mut closing = format!("Checked {}: {}.", tally.examined(), tally.found());
    if let Some(fixed) = report.fixed {
        closing += &match fixed {
            0 => " Nothing was changed.".to_owned(),
            fixed => format!(" {} put right.", count(fixed as i32, "finding")),
        };
    }
    if let Some(changes) = tally.changes(report.fixed.is_some()) {
        closing += &format!("\n{changes}");
    }
    closing
}
