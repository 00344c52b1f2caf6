//! `duly report`: the figures of a caseload.

use std::collections::BTreeMap;
use std::path::Path;

use super::args::{Report as Command, ReportFormat};
use super::due::{as_of, case_files, matching};
use super::faults::{self, Fault};
use super::fs::{self, CliError, Printer};
use super::{ExitStatus, policy};
use crate::cases::{Format, RowError, read_cases};
use crate::diagnostic::printable::one_line;
use crate::diagnostic::{list, nearest};
use crate::eval::evaluate_with;
use crate::policy::Policy;
use crate::render::count;
use crate::report::{
    Figures, Frame, Refusal, Report, csv_long, csv_table, json, markdown, page, text, workbook,
};

pub(super) fn run(command: &Command, printer: &mut Printer) -> Result<ExitStatus, CliError> {
    check_forms(command)?;
    let files = case_files(&command.cases)?;
    let loaded = policy::load_under(&command.under)?;
    let Some(policy) = loaded.policy(printer)? else {
        return Ok(ExitStatus::Found);
    };
    let frame = Frame::new(as_of(&command.under), command.from, command.to, command.next)
        .map_err(CliError::new)?;
    let mut figures = Figures::new(policy, frame, command.list);
    let mut seen = BTreeMap::new();
    for path in &files {
        add_file(command, policy, path, &mut seen, &mut figures, printer)?;
    }
    if figures.cases() == 0 {
        printer.note("error: there was no case to count, so there are no figures")?;
        return Ok(ExitStatus::Found);
    }
    let mut report = figures.report(policy);
    narrow(command, &mut report)?;
    write(command, &report, printer)?;
    let refused = figures.refused();
    if refused > 0 {
        printer.note(&format!(
            "\nnot included: {}, counted in the report",
            count(i32::try_from(refused).unwrap_or(i32::MAX), "case")
        ))?;
    }
    Ok(ExitStatus::found(refused > 0))
}

/// Adds the cases of a file to the figures, one at a time.
fn add_file(
    command: &Command,
    policy: &Policy,
    path: &Path,
    seen: &mut BTreeMap<String, String>,
    figures: &mut Figures,
    printer: &mut Printer,
) -> Result<(), CliError> {
    let as_of = as_of(&command.under);
    let bytes = fs::read(path)?;
    let file = fs::shown(path);
    let cases = read_cases(policy, &file, &bytes, Format::of(&file, &bytes));
    for notice in &cases.notices {
        printer.note(&format!("{file}: {}", one_line(notice)))?;
    }
    let mut faults: Vec<Fault> = Vec::new();
    let mut warnings = Vec::new();
    let mut refuse = |case: &str, errors: Vec<RowError>, figures: &mut Figures| {
        if let Some(first) = errors.first() {
            figures.refuse(Refusal {
                file: file.clone(),
                case: case.to_owned(),
                line: first.line,
                message: first.message.clone(),
            });
        }
        faults.extend(errors.into_iter().map(|error| (case.to_owned(), error)));
    };
    for error in cases.errors {
        refuse("", vec![error], figures);
    }
    for case in cases.cases {
        let earlier = seen.insert(case.case.clone(), file.clone());
        match (earlier.filter(|earlier| *earlier != file), case.outcome) {
            (Some(earlier), _) => {
                let error = RowError {
                    line: case.line,
                    field: None,
                    message: format!("this case is in `{earlier}` already"),
                    help: Some("all the events of a case stand together in one file".to_owned()),
                };
                refuse(&case.case, vec![error], figures);
            }
            (None, Ok(read)) => {
                let timeline = &read.timeline;
                let matching = matching(&command.under);
                let outcome = evaluate_with(policy, timeline, as_of, matching);
                figures.add(policy, timeline, &outcome);
                let own = read.warnings.into_iter();
                warnings.extend(own.map(|warning| (case.case.clone(), warning)));
            }
            (None, Err(errors)) => refuse(&case.case, errors, figures),
        }
    }
    faults::tell(&file, &policy.header.name, &faults, printer)?;
    faults::warn(&file, &warnings, printer)
}

/// Refuses forms that cannot be written before any work is done.
fn check_forms(command: &Command) -> Result<(), CliError> {
    let to_paper = command.format.iter().filter(|(_, file)| file.is_none());
    if to_paper.clone().count() > 1 {
        return Err(CliError::new("only one form can go to standard output")
            .help("give the others a file each, as in `--format html=page.html`"));
    }
    if to_paper.clone().any(|(format, _)| *format == ReportFormat::Xlsx) {
        return Err(CliError::new("a workbook cannot be printed")
            .help("give it a file: `--format xlsx=figures.xlsx`"));
    }
    Ok(())
}

/// Keeps only the tables that were asked for.
fn narrow(command: &Command, report: &mut Report) -> Result<(), CliError> {
    if command.table.is_empty() {
        return Ok(());
    }
    let names: Vec<String> = report.tables.iter().map(|table| table.name.clone()).collect();
    for wanted in &command.table {
        if !names.iter().any(|name| name.starts_with(wanted.as_str())) {
            let error = CliError::new(format!("the report has no table `{}`", one_line(wanted)));
            return Err(match nearest(wanted, names.iter().map(String::as_str)) {
                Some(near) => error.help(format!("did you mean `{near}`?")),
                None => error.help(format!("it has {}", list(&names))),
            });
        }
    }
    // What is not included is told in every report.
    report.tables.retain(|table| {
        table.name == "not-included"
            || command.table.iter().any(|wanted| table.name.starts_with(wanted.as_str()))
    });
    Ok(())
}

fn write(command: &Command, report: &Report, printer: &mut Printer) -> Result<(), CliError> {
    let usual = [(ReportFormat::Text, None)];
    let forms =
        if command.format.is_empty() { usual.as_slice() } else { command.format.as_slice() };
    for (format, file) in forms {
        if let (ReportFormat::Csv, Some(folder)) = (format, file) {
            for table in &report.tables {
                let place = folder.join(format!("{}.csv", table.name));
                fs::write(&place, csv_table(table).as_bytes())?;
            }
            continue;
        }
        let style = &printer.style;
        let bytes = match format {
            ReportFormat::Text => text(report, style).into_bytes(),
            ReportFormat::Markdown => markdown(report).into_bytes(),
            ReportFormat::Csv => csv_long(report).into_bytes(),
            ReportFormat::Json => format!("{:#}\n", json(report)).into_bytes(),
            ReportFormat::Html => page(report).into_bytes(),
            ReportFormat::Xlsx => workbook(report).map_err(CliError::new)?,
        };
        match file {
            Some(file) => fs::write(file, &bytes)?,
            None => printer.print(&String::from_utf8_lossy(&bytes))?,
        }
    }
    Ok(())
}
