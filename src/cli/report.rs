//! `duly report`: the figures of a caseload.

use std::path::{Path, PathBuf};

use super::args::{Report as Command, ReportFormat};
use super::bulk::{self, Load, OnFault, Taker, Tally};
use super::caseload::case_files;
use super::due::{as_of, matching};
use super::faults::Fault;
use super::forms::{FILE_WIDTH, Forms};
use super::fs::{self, CliError, Printer};
use super::{ExitStatus, policy};
use crate::diagnostic::printable::one_line;
use crate::diagnostic::{list, way_on};
use crate::eval::{Evaluator, Timeline};
use crate::policy::Policy;
use crate::render::{Style, count};
use crate::report::{
    Figures, Frame, LONGEST_OVERDUE, Mistake, Of, Refusal, Report, Share, Table, csv_long,
    csv_table, json, markdown, page, table_names, text, workbook,
};

/// Takes up the cases in the order of the input.
struct Fold {
    figures: Figures,
    /// The case that was refused last; its further mistakes do not count again.
    refused: Option<(String, String)>,
}

pub(super) fn run(command: &Command, printer: &mut Printer) -> Result<ExitStatus, CliError> {
    let forms = forms(command)?;
    let files = case_files(&command.cases, printer)?;
    let loaded = policy::load_under(&command.under)?;
    let Some(policy) = loaded.policy(printer)? else {
        return Ok(ExitStatus::Found);
    };
    let under = loaded.paths.iter().chain(command.under.holidays.files());
    let read: Vec<_> = files.iter().chain(under).collect();
    forms.keep_apart(&read)?;
    known_tables(command, policy)?;
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
    let load = Load { policy, wanted: &command.case, on_fault: OnFault::GoOn };
    let tally = bulk::run(&load, &files, &work, &mut fold, printer)?;
    if tally.stopped {
        printer
            .note("Stopped there: figures of a part of the cases would look like those of all.")?;
        return Ok(ExitStatus::Found);
    }
    let figures = fold.figures;
    let Some(report) = set_out(command, policy, &figures, &tally, printer)? else {
        return Ok(ExitStatus::Found);
    };
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
        let mistake = Mistake { line: error.line, message: error.message.clone() };
        let of = Some((file.to_owned(), case.clone()));
        if case.is_empty() || of != self.refused {
            self.figures.refuse(Refusal::new(file, case, mistake));
        } else {
            self.figures.refuse_also(mistake);
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

/// Refuses tables that no report under this policy has, before any case is read.
fn known_tables(command: &Command, policy: &Policy) -> Result<(), CliError> {
    let names = table_names(policy);
    for wanted in &command.table {
        let mut fitting = names.iter().filter(|name| name.starts_with(wanted.as_str())).peekable();
        if fitting.peek().is_none() {
            let error = CliError::new(format!("the report has no table `{}`", one_line(wanted)));
            let help = way_on(wanted, names.iter().map(String::as_str), "it has");
            return Err(error.help(help.unwrap_or_default()));
        }
        if command.list == 0 && fitting.all(|name| name == LONGEST_OVERDUE) {
            let message =
                format!("the table `{LONGEST_OVERDUE}` names cases, and it is not said how many");
            return Err(CliError::new(message).help("add `--list 10`"));
        }
    }
    Ok(())
}

/// The tables that were asked for; none where there is nothing in them, which is said.
fn set_out(
    command: &Command,
    policy: &Policy,
    figures: &Figures,
    tally: &Tally,
    printer: &mut Printer,
) -> Result<Option<Report>, CliError> {
    let absent = tally.tell_absent(printer)?;
    if figures.cases() == 0 {
        if !absent {
            printer.note("error: there was no case to count, so there are no figures")?;
        }
        return Ok(None);
    }
    let mut report = figures.report(policy);
    if !command.case.is_empty() {
        // Figures of a part of the cases would look like those of all.
        let counted = command.case.iter().filter(|case| !tally.is_absent(case));
        let counted = list(counted.map(|case| one_line(case)));
        report.notes.insert(0, format!("Of the caseload only {counted}."));
    }
    Ok(narrow(command, &mut report, printer)?.then_some(report))
}

/// Keeps only the tables that were asked for, and says which of them have nothing to count. Whether
/// there is one that has.
fn narrow(command: &Command, report: &mut Report, printer: &mut Printer) -> Result<bool, CliError> {
    if command.table.is_empty() {
        return Ok(true);
    }
    let here =
        |wanted: &String| report.tables.iter().any(|table| table.name.starts_with(wanted.as_str()));
    let (found, empty): (Vec<&String>, Vec<&String>) =
        command.table.iter().partition(|wanted| here(wanted));
    if !empty.is_empty() {
        let tables = if empty.len() == 1 { "the table" } else { "the tables" };
        let mark = if found.is_empty() { "error: " } else { "" };
        printer
            .note(&format!("{mark}nothing to count in this time for {tables} {}", list(empty)))?;
    }
    if found.is_empty() {
        return Ok(false);
    }
    // What is not included is told in every report.
    report.tables.retain(|table| {
        table.name == "not-included"
            || command.table.iter().any(|wanted| table.name.starts_with(wanted.as_str()))
    });
    Ok(true)
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
