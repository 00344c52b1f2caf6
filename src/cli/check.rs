//! `duly check`: everything there is to say about policies.

use serde_json::json;

use super::args::{Check, CheckFormat};
use super::fs::{CliError, Printer};
use super::policy::Loaded;
use super::{ExitStatus, policy};
use crate::analyse::{Depth, Subject, analyse};
use crate::diagnostic::{Problems, Severity};
use crate::policy::Policy;
use crate::render::{concise, count, diagnostics, diagnostics_json, plain};
use crate::source::Source;

/// The name of the form of the data below; its number changes when a reader would go wrong.
const SCHEMA: &str = "duly.check/2";

pub(super) fn run(command: &Check, printer: &mut Printer) -> Result<ExitStatus, CliError> {
    let format = command.format.unwrap_or_else(super::usual_check_format);
    let (mut errors, mut warnings, mut policies, mut scenarios) = (0, 0, 0, 0);
    let mut data = Vec::new();
    let mut first = true;
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
    for path in &command.paths {
        for found in policy::find(path)? {
            let loaded = policy::load(&found, policy::Reach::Scenarios, &command.holidays, &[])?;
            policies += 1;
            scenarios += loaded.compiled.scenarios.len();
            let problems = everything(&loaded, baseline, command);
            errors += problems.count(Severity::Error);
            warnings += problems.len() - problems.count(Severity::Error);
            for (source, own) in loaded.bundle.sort_out(&problems) {
                if format == CheckFormat::Json {
                    data.push(diagnostics_json(source, &own));
                    continue;
                }
                // Pictures and sentences need air between them, lines do not.
                if !first && format != CheckFormat::Concise {
                    printer.print("\n")?;
                }
                first = false;
                let text = written(format, source, &own, printer);
                printer.print(&text)?;
            }
        }
    }
    let failed = errors > 0 || (command.deny_warnings && warnings > 0);
    if format == CheckFormat::Json {
        let all = json!({
            "schema": SCHEMA,
            "policies": policies,
            "errors": errors,
            "warnings": warnings,
            "files": data,
        });
        printer.print(&format!("{all:#}\n"))?;
    } else {
        let found = match (errors, warnings) {
            (0, 0) => "nothing to report".to_owned(),
            (0, some) => count(some as i32, "warning"),
            (some, 0) => count(some as i32, "error"),
            (some, more) => {
                format!("{}, {}", count(some as i32, "error"), count(more as i32, "warning"))
            }
        };
        let air = if first { "" } else { "\n" };
        printer.note(&format!(
            "{air}Checked {}, {}: {found}.",
            super::policies(policies),
            count(scenarios as i32, "scenario")
        ))?;
    }
    Ok(ExitStatus::found(failed))
}

/// Everything that is wrong with a policy: what the checker says of it and, where it is sound, what the
/// analyses find.
fn everything(loaded: &Loaded, baseline: Option<&Policy>, command: &Check) -> Problems {
    let mut problems = loaded.compiled.problems.clone();
    if let Some(policy) = &loaded.compiled.policy {
        problems.extend(analyse(&Subject {
            policy,
            file: &loaded.compiled.file,
            scenarios: &loaded.compiled.scenarios,
            calendars: &loaded.calendars,
            baseline,
            depth: if command.quick { Depth::Quick } else { Depth::Full },
        }));
        problems.sort();
    }
    problems
}

fn written(format: CheckFormat, source: &Source, problems: &Problems, printer: &Printer) -> String {
    match format {
        CheckFormat::Human => diagnostics(source, problems, &printer.style),
        CheckFormat::Concise | CheckFormat::Json => concise(source, problems),
        CheckFormat::Plain => plain(source, problems),
    }
}
