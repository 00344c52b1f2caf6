//! The command line: what is typed becomes a verb, and the verb's file does the work.

mod absent;
mod args;
mod bulk;
mod case;
mod caseload;
mod check;
mod difference;
mod due;
mod faults;
mod fmt;
mod forms;
mod fs;
mod import;
mod init;
mod plan;
mod policy;
mod progress;
mod repl;
mod report;
mod rule;
mod test;
mod timeline;
mod what_if;
mod when;
mod why;

use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

use args::{CheckFormat, DueFormat, Verb};
use fs::{CliError, Printer};

use crate::render::count;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExitStatus {
    /// Everything was done, and there is nothing to report.
    Done,
    /// Something was found: an unsound policy, a case that cannot be read, a failing scenario.
    Found,
    /// The command or the world is wrong: a bad flag, a missing file.
    Refused,
    /// A bug in `duly`.
    Bug,
}

impl ExitStatus {
    /// The status for a run that found something, or did not.
    const fn found(something: bool) -> Self {
        if something { Self::Found } else { Self::Done }
    }

    /// The number the process ends with.
    pub const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Found => 1,
            Self::Refused => 2,
            Self::Bug => 70,
        }
    }
}

impl From<ExitStatus> for ExitCode {
    fn from(status: ExitStatus) -> Self {
        Self::from(status.code())
    }
}

/// Runs the command that was typed.
///
/// The work is done on a stack large enough for deeply nested policies. A panic is a bug of ours;
/// it is told without the message of the panic, which might repeat what stands in a case.
pub fn run() -> ExitStatus {
    const STACK: usize = 64 << 20;
    let place = Arc::new(Mutex::new(String::new()));
    let noted = Arc::clone(&place);
    std::panic::set_hook(Box::new(move |panic| {
        let at = panic.location().map(ToString::to_string).unwrap_or_default();
        let mut place = noted.lock().unwrap_or_else(PoisonError::into_inner);
        // Where a worker panics, those who wait for it panic too; only the first says where it was.
        if place.is_empty() {
            *place = at;
        }
    }));
    let worker = std::thread::Builder::new().stack_size(STACK).spawn(command);
    match worker.map(std::thread::JoinHandle::join) {
        Ok(Ok(status)) => status,
        Ok(Err(_)) => {
            let place = place.lock().unwrap_or_else(PoisonError::into_inner);
            fs::last_words(&bug(&place), true);
            ExitStatus::Bug
        }
        Err(error) => {
            fs::last_words(&format!("error: cannot start: {error}\n"), true);
            ExitStatus::Refused
        }
    }
}

fn bug(place: &str) -> String {
    format!(
        "error: this is a bug in duly, not in what you wrote\n  help: please report the next line, \
         with what you typed; it holds nothing from a case\n  duly {} at {place}\n",
        env!("CARGO_PKG_VERSION")
    )
}

fn command() -> ExitStatus {
    let line = match args::parse(fs::arguments()) {
        Ok(line) => line,
        Err(refused) => {
            let text =
                if fs::help_in_colour(refused.mistake) { refused.coloured } else { refused.text };
            fs::last_words(&text, refused.mistake);
            return if refused.mistake { ExitStatus::Refused } else { ExitStatus::Done };
        }
    };
    let mut printer = Printer::new(&line.paper);
    let status = match &line.verb {
        Verb::Init(command) => init::run(command, &mut printer),
        Verb::Check(command) => check::run(command, &mut printer),
        Verb::Fmt(command) => fmt::run(command, &mut printer),
        Verb::Test(command) => test::run(command, &mut printer),
        Verb::Due(command) => due::run(command, &line.paper, &mut printer),
        Verb::Why(command) => why::run(command, &mut printer),
        Verb::WhatIf(command) => what_if::run(command, &mut printer),
        Verb::Repl(command) => repl::run(command, &mut printer),
        Verb::Report(command) => report::run(command, &mut printer),
        Verb::Import(command) => import::run(command, &mut printer),
        Verb::When(command) => when::run(command, &mut printer),
        Verb::Plan(command) => plan::run(command, &mut printer),
        Verb::Timeline(command) => timeline::run(command, &mut printer),
        Verb::Rule(command) => rule::run(command, &mut printer),
        Verb::Completions(command) => {
            printer.print(&args::completions(command.shell)).map(|()| ExitStatus::Done)
        }
    };
    match status.and_then(|status| printer.finish().map(|()| status)) {
        Ok(status) => status,
        // Whoever reads has seen enough.
        Err(CliError::Closed) => ExitStatus::Done,
        Err(CliError::World { message, help }) => {
            fs::last_words(&fs::refusal(&message, help.as_deref()), true);
            ExitStatus::Refused
        }
    }
}

/// The form of findings where none is asked for: `DULY_FORMAT` can say that sentences are wanted.
fn usual_check_format() -> CheckFormat {
    if wants_sentences() { CheckFormat::Plain } else { CheckFormat::Human }
}

/// The form of answers where none is asked for.
fn usual_due_format() -> DueFormat {
    if wants_sentences() { DueFormat::Plain } else { DueFormat::Human }
}

fn wants_sentences() -> bool {
    fs::variable("DULY_FORMAT").is_some_and(|format| format == "plain")
}

/// A number of policies: `1 policy`, `3 policies`.
fn policies(number: usize) -> String {
    if number == 1 { count(1, "policy") } else { format!("{number} policies") }
}
