//! `duly report`: the figures of a caseload.

use std::path::{Path, PathBuf};

use super::args::{Report as Command, ReportFormat};
use super::bulk::{self, Load, OnFault, Taker};
use super::due::{as_of, case_files, matching};
use super::faults::Fault;
use super::forms::{FILE_WIDTH, Forms};
use super::fs::{self, CliError, Printer};
use super::{ExitStatus, policy};
use crate::diagnostic::printable::one_line;
use crate::diagnostic::{list, nearest};
use crate::eval::{Evaluator, Timeline};
use crate::render::{Style, count};
use crate::report::{
    Figures, Frame, Of, Refusal, Report, Share, Table, csv_long, csv_table, json, markdown, page,
    text, workbook,
};

/// Takes up the cases in the order of the input.
struct Fold {
    figures: Figures,
    /// The case that was refused last; its further mistakes do not count again.
    refused: Option<(String, String)>,
}

pub(super) fn run(command: &Command, printer: &mut Printer) -> Result<ExitStatus, CliError> {
    let forms = forms(command)?;
    let files = case_files(&command.cases)?;
    let loaded = policy::load_under(&command.under)?;
    let Some(policy) = loaded.policy(printer)? else {
        return Ok(ExitStatus::Found);
    };
    let under = loaded.paths.iter().chain(command.under.holidays.files());
    let read: Vec<_> = files.iter().chain(under).collect();
    forms.keep_apart(&read)?;
    let as_of = as_of(&command.under);
    let frame = Frame::new(as_of, command.from, command.to, command.next).map_err(CliError::new)?;
    let mut fold =
        Fold { figures: Figures::new(policy, frame.clone(), command.list), refused: None };
    let matching = matching(&command.under);
    let of = Of { policy, frame: &frame, list: command.list };
    let work = || {
        let mut evaluator = Evaluator::new(policy, as_of, matching);
        move |timeline: &Timeline, _: &mut Vec<u8>| {
            let outcome = evaluator.evaluate(timeline);
            let share = of.share(timeline, &outcome);
            evaluator.take_back(outcome);
            share
        }
    };
    let load = Load { policy, wanted: &[], on_fault: OnFault::GoOn };
    let tally = bulk::run(&load, &files, &work, &mut fold, printer)?;
    if tally.stopped {
        printer
            .note("Stopped there: figures of a part of the cases would look like those of all.")?;
        return Ok(ExitStatus::Found);
    }
    let figures = fold.figures;
    if figures.cases() == 0 {
        printer.note("error: there was no case to count, so there are no figures")?;
        return Ok(ExitStatus::Found);
    }
    let mut report = figures.report(policy);
    narrow(command, &mut report)?;
    for (_, folder) in forms.files.iter().filter(|(format, _)| *format == ReportFormat::Csv) {
        for table in &report.tables {
            fs::keep_apart(&file_of(folder, table), &read)?;
        }
    }
    write(&forms, &report, printer)?;
    let refused = figures.refused();
    if refused > 0 {
        let refused = count(i32::try_from(refused).unwrap_or(i32::MAX), "case");
        printer.note(&format!("\nnot included: {refused}, counted in the report"))?;
    }
    Ok(tally.status())
}

impl Taker<Share> for Fold {
    fn answer(&mut self, share: Share, _: &[u8], _: &mut Printer) -> Result<(), CliError> {
        self.figures.take(share);
        Ok(())
    }

    fn waits(&self) -> bool {
        false
    }

    fn refuse(&mut self, file: &str, fault: &Fault, _: &mut Printer) -> Result<(), CliError> {
        let (case, error) = fault;
        let of = Some((file.to_owned(), case.clone()));
        if case.is_empty() || of != self.refused {
            self.figures.refuse(Refusal {
                file: file.to_owned(),
                case: case.clone(),
                line: error.line,
                message: error.message.clone(),
            });
        }
        self.refused = of;
        Ok(())
    }
}

/// The forms asked for; refuses what cannot be written before any work is done.
fn forms(command: &Command) -> Result<Forms<ReportFormat>, CliError> {
    let mut forms = Forms::read(&command.format, "--format human --format html=page.html")?;
    if forms.printed == Some(ReportFormat::Xlsx) {
        return Err(CliError::new("a workbook cannot be printed")
            .help("give it a file: `--format xlsx=figures.xlsx`"));
    }
    if command.format.is_empty() {
        forms.printed = Some(ReportFormat::Human);
    }
    Ok(forms)
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
                None if report.notes.is_empty() => error.help(format!("it has {}", list(&names))),
                // A table with nothing to count in this time is not there.
                None => {
                    error.help(format!("{} There are {}", report.notes.join(" "), list(&names)))
                }
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

/// The file of a table in a folder.
fn file_of(folder: &Path, table: &Table) -> PathBuf {
    folder.join(format!("{}.csv", table.name))
}

/// Writes the report in every form, files first: what cannot be written is said before anything is
/// printed.
fn write(
    forms: &Forms<ReportFormat>,
    report: &Report,
    printer: &mut Printer,
) -> Result<(), CliError> {
    let in_files = Style { colour: false, width: FILE_WIDTH, ..printer.style };
    for (format, place) in &forms.files {
        if *format == ReportFormat::Csv {
            for table in &report.tables {
                fs::write(&file_of(place, table), csv_table(table).as_bytes())?;
            }
        } else {
            fs::write(place, &written(*format, report, &in_files)?)?;
        }
    }
    match forms.printed {
        None => Ok(()),
        Some(format) => {
            let bytes = written(format, report, &printer.style)?;
            printer.print(&String::from_utf8_lossy(&bytes))
        }
    }
}

fn written(format: ReportFormat, report: &Report, style: &Style) -> Result<Vec<u8>, CliError> {
    Ok(match format {
        ReportFormat::Human => text(report, style).into_bytes(),
        ReportFormat::Markdown => markdown(report).into_bytes(),
        ReportFormat::Csv => csv_long(report).into_bytes(),
        ReportFormat::Json => format!("{:#}\n", json(report)).into_bytes(),
        ReportFormat::Html => page(report).into_bytes(),
        ReportFormat::Xlsx => workbook(report).map_err(CliError::new)?,
    })
}
