//! Where findings go, and in which forms.

use serde_json::json;

use super::Report;
use crate::cli::args::{Check, CheckFormat};
use crate::cli::forms::{FILE_WIDTH, Forms};
use crate::cli::fs::{self, CliError, Printer};
use crate::diagnostic::Severity;
use crate::render::{
    Style, annotations, concise, diagnostics, diagnostics_json, junit, plain, sarif, summary,
};

/// The name of the form of the data below; its number changes when a reader would go wrong.
const SCHEMA: &str = "duly.check/2";

/// What is to be written.
pub(super) struct Outputs {
    forms: Forms<CheckFormat>,
    /// The least that fails the check.
    failing: Severity,
}

impl Outputs {
    /// Reads what was asked for.
    pub(super) fn read(command: &Check) -> Result<Self, CliError> {
        let mut forms = Forms::read(&command.format, "--format human --format sarif=out.sarif")?;
        if command.format.is_empty() {
            forms.printed = Some(super::super::usual_check_format());
        }
        let failing = if command.deny_warnings { Severity::Warning } else { Severity::Error };
        Ok(Self { forms, failing })
    }

    /// Writes the findings in every form that was asked for, files first: what cannot be written is
    /// said before anything is printed.
    pub(super) fn write(&self, report: &Report, printer: &mut Printer) -> Result<(), CliError> {
        self.forms.keep_apart(&report.read.iter().collect::<Vec<_>>())?;
        let style = Style { colour: false, width: FILE_WIDTH, ..printer.style };
        for (format, file) in &self.forms.files {
            fs::write(file, self.text(*format, report, &style).as_bytes())?;
        }
        if let Some(format) = self.forms.printed {
            let text = self.text(format, report, &printer.style);
            printer.print(&text)?;
        }
        Ok(())
    }

    /// Whether what is printed is for a program, which wants to read nothing else.
    pub(super) fn for_a_program(&self) -> bool {
        self.forms.printed.is_some_and(|format| match format {
            CheckFormat::Human | CheckFormat::Concise | CheckFormat::Plain => false,
            CheckFormat::Json
            | CheckFormat::Sarif
            | CheckFormat::Github
            | CheckFormat::Junit
            | CheckFormat::Markdown => true,
        })
    }

    /// Whether something with air in it was printed, so that more air is wanted before the summary.
    pub(super) fn airy(&self, report: &Report) -> bool {
        let printed = self.forms.printed.is_some() && !self.for_a_program();
        printed && report.sheets.iter().any(|sheet| !sheet.problems.is_empty())
    }

    fn text(&self, format: CheckFormat, report: &Report, style: &Style) -> String {
        let sheets = || report.sheets.iter().filter(|sheet| !sheet.problems.is_empty());
        let joined = |texts: Vec<String>, air: &str| texts.join(air);
        match format {
            // Pictures and sentences need air between them, lines do not.
            CheckFormat::Human => joined(
                sheets().map(|sheet| diagnostics(&sheet.source, &sheet.problems, style)).collect(),
                "\n",
            ),
            CheckFormat::Plain => {
                joined(sheets().map(|sheet| plain(&sheet.source, &sheet.problems)).collect(), "\n")
            }
            CheckFormat::Concise => {
                joined(sheets().map(|sheet| concise(&sheet.source, &sheet.problems)).collect(), "")
            }
            CheckFormat::Json => format!("{:#}\n", data(report)),
            CheckFormat::Sarif => format!("{:#}\n", sarif(&report.sheets)),
            CheckFormat::Github => annotations(&report.sheets),
            CheckFormat::Junit => junit(&report.sheets, self.failing),
            CheckFormat::Markdown => summary(&report.sheets, &report.tally),
        }
    }
}

/// Everything that was found, for programs.
fn data(report: &Report) -> serde_json::Value {
    let files: Vec<_> = report
        .sheets
        .iter()
        .filter(|sheet| !sheet.problems.is_empty())
        .map(|sheet| diagnostics_json(&sheet.source, &sheet.problems))
        .collect();
    let tally = report.tally;
    json!({
        "schema": SCHEMA,
        "policies": tally.policies,
        "scenarios": tally.scenarios,
        "errors": tally.errors,
        "warnings": tally.warnings,
        "advice": tally.advice,
        "accepted": tally.accepted,
        "fixed": report.fixed,
        "files": files,
    })
}
