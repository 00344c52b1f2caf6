//! `duly report`: the figures of a caseload.

mod output;

use output::Outputs;

use super::args::Report as Command;
use super::bulk::{self, Load, OnFault, Taker, Tally};
use super::caseload::case_files;
use super::due::{as_of, matching};
use super::faults::Fault;
use super::fs::{CliError, Printer};
use super::{ExitStatus, policy};
use crate::diagnostic::printable::one_line;
use crate::diagnostic::{list, way_on};
use crate::eval::{Evaluator, Timeline};
use crate::policy::Policy;
use crate::render::count;
use crate::report::{
    Figures, Frame, LONGEST_OVERDUE, Mistake, Of, Refusal, Report, Share, table_names,
};

/// Takes up the cases in the order of the input.
struct Fold {
    figures: Figures,
    /// The case that was refused last; its further mistakes do not count again.
    refused: Option<(String, String)>,
}

pub(super) fn run(command: &Command, printer: &mut Printer) -> Result<ExitStatus, CliError> {
    let outputs = Outputs::new(command)?;
    let files = case_files(&command.cases, printer)?;
    let loaded = policy::load_under(&command.under)?;
    let Some(policy) = loaded.policy(printer)? else {
        return Ok(ExitStatus::Found);
    };
    let under = loaded.paths.iter().chain(command.under.holidays.files());
    let read: Vec<_> = files.iter().chain(under).collect();
    outputs.keep_apart(&read)?;
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
    outputs.write(&report, &read, printer)?;
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
