//! `duly repl`: a case edited line by line, each answered with what it moves.
//!
//! What a line does is decided in `session`, which can be run without a terminal: lines that come
//! from a pipe are read as a script, and those that are typed come through `editor`, the only file
//! that knows the line editor.

mod commands;
mod complete;
mod editor;
mod help;
mod highlight;
mod history;
mod line;
mod questions;
mod session;

use editor::{Editor, Input};
use session::{Failure, Repl, Reply, refused};

use super::ExitStatus;
use super::args;
use super::fs::{self, CliError, Printer};
use crate::calendar::Date;
use crate::eval::Matching;

pub(super) fn run(command: &args::Repl, printer: &mut Printer) -> Result<ExitStatus, CliError> {
    let matching = if command.strict_matching { Matching::Strict } else { Matching::Lenient };
    let as_of = command.as_of.unwrap_or_else(Date::today);
    let mut repl = Repl::new(&command.holidays, matching, as_of);
    let terminal = fs::is_typed();
    let mut first = String::new();
    for line in begin(command)? {
        match repl.input(&[line], printer) {
            Ok(Reply::Text(text)) => first = text,
            Ok(Reply::Quit) => {}
            Err(failure) => return failed(&failure, None, printer),
        }
    }
    repl.begin_here();
    if terminal {
        printer.print(&format!(
            "duly {}. `:help` lists what can be typed.\n",
            env!("CARGO_PKG_VERSION")
        ))?;
        printer.print(&first)?;
        typed(&mut repl, command, printer)
    } else {
        script(&mut repl, command, printer)
    }
}

/// The lines that stand for what was given on the command line.
fn begin(command: &args::Repl) -> Result<Vec<String>, CliError> {
    let mut lines = Vec::new();
    let named = |path: &std::path::Path| {
        if path.as_os_str() == "-" {
            return Err(CliError::new("standard input brings the lines of a session, no file"));
        }
        let text = path.to_str().filter(|text| !text.contains(['\n', '"']));
        text.map(str::to_owned)
            .ok_or_else(|| CliError::new(format!("`{}` cannot be a name here", fs::shown(path))))
    };
    if let Some(path) = &command.policy {
        lines.push(format!(":load {}", named(path)?));
    }
    for (name, value) in &command.read {
        lines.push(format!(":read {name} as {value}"));
    }
    if let Some(path) = &command.case_file {
        let id = command.case.as_ref().map(|id| format!(" {id}")).unwrap_or_default();
        lines.push(format!(":open {}{id}", named(path)?));
    }
    Ok(lines)
}

/// Runs what comes from a pipe as a script: no banner, no prompt, and the first mistake ends it.
fn script(
    repl: &mut Repl<'_>,
    command: &args::Repl,
    printer: &mut Printer,
) -> Result<ExitStatus, CliError> {
    let bytes = fs::read(std::path::Path::new("-"))?;
    let text = String::from_utf8(bytes)
        .map_err(|_| CliError::new("what comes in is not in UTF-8").help("save it as UTF-8"))?;
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    let mut asked = 0;
    for (number, line) in line::lines(&text) {
        if command.echo {
            let shown = format!("> {}", crate::diagnostic::printable::one_line(&line));
            printer.print(&format!("{}\n", shown.trim_end()))?;
        }
        asked += usize::from(!line.is_empty());
        match repl.input(&[line], printer) {
            Ok(Reply::Text(text)) => printer.print(&text)?,
            Ok(Reply::Quit) => return Ok(ExitStatus::Done),
            Err(failure) => return failed(&failure, Some(number), printer),
        }
    }
    if asked == 0 {
        printer.note("error: there was nothing to answer: no line came in")?;
        return Ok(ExitStatus::Found);
    }
    Ok(ExitStatus::Done)
}

/// Says why a line was not answered; the status is the one to end with.
fn failed(
    failure: &Failure,
    number: Option<usize>,
    printer: &mut Printer,
) -> Result<ExitStatus, CliError> {
    let place = number.map(|number| format!("line {number}: ")).unwrap_or_default();
    let style = printer.aside;
    match failure {
        Failure::Refused(refusal) => {
            let message = format!("{place}{}", refusal.message);
            let placed = crate::what_if::Refusal { message, ..refusal.clone() };
            printer.say(&refused(&placed, &style))?;
            Ok(ExitStatus::Found)
        }
        Failure::Told => {
            if let Some(number) = number {
                printer.note(&format!("error: line {number}: stopped here"))?;
            }
            Ok(ExitStatus::Found)
        }
        Failure::World(CliError::Closed) => Err(CliError::Closed),
        Failure::World(CliError::World { message, help }) => {
            let help = help.as_ref().map(|help| format!("\n  help: {help}")).unwrap_or_default();
            printer.note(&format!("error: {place}{message}{help}"))?;
            Ok(ExitStatus::Refused)
        }
    }
}

/// Answers what is typed, until whoever types it leaves.
fn typed(
    repl: &mut Repl<'_>,
    command: &args::Repl,
    printer: &mut Printer,
) -> Result<ExitStatus, CliError> {
    let history = history::History::open(command.keep_history);
    let mut editor = Editor::new(printer.style.colour, &history.lines())?;
    loop {
        printer.finish()?;
        let known = complete::Known::of(repl);
        let input = match editor.read(&repl.prompt(), known)? {
            Input::Line(input) => input,
            Input::Cleared => continue,
            Input::Left => break,
        };
        // The window may have another width by now.
        printer.measure();
        let lines: Vec<String> = line::lines(&input).into_iter().map(|(_, line)| line).collect();
        if lines.iter().all(String::is_empty) {
            continue;
        }
        editor.remember(&input);
        match repl.input(&lines, printer) {
            Ok(Reply::Text(text)) => printer.print(&text)?,
            Ok(Reply::Quit) => break,
            Err(failure) => {
                failed(&failure, None, printer)?;
            }
        }
        for line in &lines {
            history.keep(line);
        }
    }
    if repl.unsaved() {
        let note = "What was changed is not kept; `:save FILE` would have written it down.";
        let style = printer.aside;
        printer.say(&session::sentence(note, &style))?;
    }
    Ok(ExitStatus::Done)
}
