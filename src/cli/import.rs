//! `duly import`: the files councils hold, to cases.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::ExitStatus;
use super::args::{CasesFormat, From, Import as Command, Ssda903};
use super::faults::{self, Fault, Warnings};
use super::fs::{self, CliError, Printer};
use super::policy::{self, Reach};
use crate::calendar::Date;
use crate::cases::{Format, Read, RowError, read, read_cases};
use crate::diagnostic::cell::write_line;
use crate::diagnostic::printable::one_line;
use crate::eval::Timeline;
use crate::import::{Child, Codes, Fate, Form, Import, Outcome, import, rows_of, written};
use crate::policy::Policy;
use crate::render::count;

/// How many notes of one kind are told with their place; of the others only the number.
const TOLD: usize = 3;

/// The way on where a code is not known.
const UNKNOWN: &str = "the codes of 2016-17 to 2025-26 are known; `--codes FILE` gives others a meaning, as \
                       policies/SSDA903.md describes";

pub(super) fn run(command: &Command, printer: &mut Printer) -> Result<ExitStatus, CliError> {
    match &command.from {
        From::Ssda903(command) => ssda903(command, printer),
    }
}

fn ssda903(command: &Ssda903, printer: &mut Printer) -> Result<ExitStatus, CliError> {
    let given = paths(&command.files)?;
    let loaded = policy::load(&command.policy, Reach::Policy, &command.holidays, &[])?;
    let Some(policy) = loaded.policy(printer)? else {
        return Ok(ExitStatus::Found);
    };
    let under = loaded.paths.iter().chain(command.holidays.files());
    let read = given.iter().chain(&command.events).chain(&command.codes).chain(under);
    let read: Vec<_> = read.collect();
    for written in command.out.iter().chain(&command.rows) {
        fs::keep_apart(written, &read)?;
    }
    if command.rows.is_some() && command.rows == command.out {
        return Err(CliError::new("the cases and the rows are to be written to one file")
            .help("give each a file of its own"));
    }
    let mut files = Vec::new();
    for path in &given {
        files.push((fs::called(path), fs::read(path)?));
    }
    let codes = codes(command, printer)?;
    let mut import = import(policy, &codes, &files, Some(Date::today()));
    let mut sound = tell(&import, policy, printer)?;
    if !command.events.is_empty() {
        sound &= merge(policy, &command.events, &mut import, printer)?;
    }
    sound &= check(policy, &mut import, printer)?;
    if import.outcomes.is_empty() {
        printer.note("error: there was no row to read")?;
        return Ok(ExitStatus::Found);
    }
    let form = form(command);
    let text = written(&import.children, form);
    if form == Form::Text {
        same(policy, &import.children, &text)?;
    }
    if let Some(path) = &command.rows {
        fs::write(path, rows_csv(&import.outcomes).as_bytes())?;
    }
    match &command.out {
        Some(path) => fs::write(path, text.as_bytes())?,
        None => printer.print(&text)?,
    }
    summary(&import, printer)?;
    Ok(ExitStatus::found(!sound))
}

/// The codes of the return, with those that the user adds.
fn codes(command: &Ssda903, printer: &mut Printer) -> Result<Codes, CliError> {
    let mut codes = Codes::shipped();
    for path in &command.codes {
        let added = codes.add(&fs::read(path)?).map_err(|error| {
            CliError::new(format!("{}:{}: {}", fs::called(path), error.line, error.message))
        })?;
        let added = count(i32::try_from(added).unwrap_or(i32::MAX), "code");
        printer.note(&format!("{}: {added}, taken as they stand there", fs::called(path)))?;
    }
    Ok(codes)
}

/// The files to read: of a folder, its CSV and XML files.
fn paths(given: &[PathBuf]) -> Result<Vec<PathBuf>, CliError> {
    let mut found = Vec::new();
    for path in given {
        if !fs::is_folder(path) {
            found.push(path.clone());
            continue;
        }
        let before = found.len();
        found.extend(fs::entries(path)?.into_iter().filter(|file| {
            let ending = file.extension().and_then(|ending| ending.to_str());
            fs::is_file(file)
                && ending.is_some_and(|ending| {
                    ["csv", "xml"].iter().any(|known| ending.eq_ignore_ascii_case(known))
                })
        }));
        if found.len() == before {
            let folder = fs::shown(path);
            return Err(CliError::new(format!(
                "there is no CSV or XML file in the folder `{folder}`"
            ))
            .help(
                "the return is read from its CSV files, one for each module, or from its XML file",
            ));
        }
    }
    Ok(found)
}

/// The form to write: what was asked for, or what the name of the file says.
fn form(command: &Ssda903) -> Form {
    match command.format {
        Some(CasesFormat::Jsonl) => Form::Jsonl,
        Some(CasesFormat::Csv) => Form::Csv,
        Some(CasesFormat::Text) => Form::Text,
        None => {
            let ending = command.out.as_deref().and_then(Path::extension);
            match ending.and_then(|ending| ending.to_str()) {
                Some("csv") => Form::Csv,
                Some("txt") => Form::Text,
                _ => Form::Jsonl,
            }
        }
    }
}

/// Says what was rejected, what is to be known of single children, and what the policy has no event
/// for. Says whether everything could be read.
fn tell(import: &Import, policy: &Policy, printer: &mut Printer) -> Result<bool, CliError> {
    for notice in &import.notices {
        printer.note(&one_line(notice))?;
    }
    for (file, error) in &import.refused {
        let fault: Fault = (String::new(), error.clone());
        faults::tell(file, &policy.header.name, &[fault], printer)?;
    }
    let mut rejected: BTreeMap<&str, Vec<Fault>> = BTreeMap::new();
    for row in &import.outcomes {
        if let Fate::Rejected(why) = &row.fate {
            let help = why.contains(" has no code ").then(|| UNKNOWN.to_owned());
            let error =
                RowError { line: row.line, message: why.clone(), help, ..RowError::default() };
            rejected.entry(&row.file).or_default().push((row.child.clone(), error));
        }
    }
    for (file, faults) in &rejected {
        faults::tell(file, &policy.header.name, faults, printer)?;
    }
    let mut notes: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for note in &import.notes {
        let (file, line) = &note.place;
        let place = format!("{file}: case `{}`, line {line}", note.child);
        notes.entry(&note.message).or_default().push(place);
    }
    for (message, places) in &notes {
        for place in places.iter().take(TOLD) {
            printer.note(&one_line(&format!("warning: {place}: {message}")))?;
        }
        if places.len() > TOLD {
            printer.note(&format!("  (and of {} more children)", places.len() - TOLD))?;
        }
    }
    for (event, times) in &import.undeclared {
        printer.note(&one_line(&format!(
            "the policy `{}` has no event `{event}`, which the return gives {}",
            policy.header.name,
            match times {
                1 => "once".to_owned(),
                times => format!("{times} times"),
            }
        )))?;
    }
    Ok(import.refused.is_empty() && rejected.is_empty())
}

/// Adds the events of plain files to the cases. Says whether all of them could be read.
fn merge(
    policy: &Policy,
    paths: &[PathBuf],
    import: &mut Import,
    printer: &mut Printer,
) -> Result<bool, CliError> {
    let left_out: BTreeSet<String> = import.left_out.iter().cloned().collect();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for (place, child) in import.children.iter().enumerate() {
        places.insert(child.case.clone(), place);
    }
    let mut sound = true;
    for path in paths {
        let bytes = fs::read(path)?;
        let (name, file) = (fs::shown(path), fs::called(path));
        let cases = read_cases(policy, &name, &bytes, Format::of(&name, &bytes));
        for notice in &cases.notices {
            printer.note(&format!("{file}: {}", one_line(notice)))?;
        }
        let mut faults: Vec<Fault> =
            cases.errors.into_iter().map(|error| (String::new(), error)).collect();
        let mut warnings = Warnings::default();
        let (mut added, mut alone) = (0, 0);
        for case in cases.cases {
            let read = match case.outcome {
                // Alone these events would look like all there is of the child.
                Ok(_) if left_out.contains(&case.case) => {
                    let message = "the child is left out, because a row of the return is rejected";
                    let (line, message) = (case.line, message.to_owned());
                    let error = RowError { line, message, ..RowError::default() };
                    faults.push((case.case, error));
                    continue;
                }
                Ok(read) => read,
                Err(errors) => {
                    faults.extend(errors.into_iter().map(|error| (case.case.clone(), error)));
                    continue;
                }
            };
            for warning in &read.warnings {
                warnings.add(&case.case, warning.clone());
            }
            let rows = rows_of(policy, &read.timeline);
            added += rows.len();
            let known = places.get(&case.case).and_then(|&place| import.children.get_mut(place));
            if let Some(child) = known {
                child.rows.extend(rows);
                child.rows.sort_by(|one, other| one.date.cmp(&other.date));
            } else {
                alone += 1;
                places.insert(case.case.clone(), import.children.len());
                import.children.push(Child { case: case.case, rows });
            }
        }
        faults::tell(&file, &policy.header.name, &faults, printer)?;
        warnings.tell(&file, printer)?;
        let alone = match alone {
            0 => String::new(),
            alone => format!("; {} not in the return", count(alone, "case")),
        };
        printer.note(&format!("{file}: {} added{alone}", count(added as i32, "event")))?;
        sound &= faults.is_empty();
    }
    Ok(sound)
}

/// Reads each case as it will be read from the file, so that nothing is written that `due` refuses.
fn check(policy: &Policy, import: &mut Import, printer: &mut Printer) -> Result<bool, CliError> {
    let mut refused = Vec::new();
    let mut warnings = Warnings::default();
    import.children.retain(|child| match read(policy, &child.case, &child.rows) {
        Ok(read) => {
            for mut warning in read.warnings {
                // The lines are of different files.
                warning.line = 0;
                warnings.add(&child.case, warning);
            }
            true
        }
        Err(errors) => {
            refused.extend(errors.into_iter().map(|mut error| {
                error.line = 0;
                (child.case.clone(), error)
            }));
            false
        }
    });
    faults::tell("the cases put together", &policy.header.name, &refused, printer)?;
    warnings.tell("the cases put together", printer)?;
    Ok(refused.is_empty())
}

/// Makes sure that the notation gives back what was written in it, or names the case of which it does not.
fn same(policy: &Policy, children: &[Child], text: &str) -> Result<(), CliError> {
    let cases = read_cases(policy, "cases.txt", text.as_bytes(), Format::Text);
    let rows = |timeline: &Timeline| {
        let mut rows = rows_of(policy, timeline);
        for row in &mut rows {
            row.line = 0;
        }
        rows
    };
    let back = |child: &Child, name: &str, outcome: &Result<Read, Vec<RowError>>| match (
        outcome,
        read(policy, &child.case, &child.rows),
    ) {
        (Ok(one), Ok(other)) => name == child.case && rows(&one.timeline) == rows(&other.timeline),
        _ => false,
    };
    let mut found = cases.cases.iter();
    let lost = children.iter().find(|child| {
        let case = found.next();
        !case.is_some_and(|case| back(child, &case.case, &case.outcome))
    });
    match lost {
        None if cases.errors.is_empty() && found.next().is_none() => Ok(()),
        lost => {
            let which = lost.or(children.first()).map_or("", |child| child.case.as_str());
            Err(CliError::new(one_line(&format!(
                "the name of the case `{which}`, or a text in it, cannot stand in the notation of the \
                 language"
            )))
            .help("write the cases as jsonl or csv"))
        }
    }
}

/// What became of every row, as data.
fn rows_csv(outcomes: &[Outcome]) -> String {
    let mut out = String::new();
    write_line(["file", "line", "child", "fate", "why"], &mut out);
    for row in outcomes {
        let line = row.line.to_string();
        write_line([&row.file, &line, &row.child, row.fate.name(), row.fate.why()], &mut out);
    }
    out
}

/// How many rows were used, explained and rejected; together they are the rows read.
fn summary(import: &Import, printer: &mut Printer) -> Result<(), CliError> {
    let mut why: Vec<(&str, usize)> = Vec::new();
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    for row in &import.outcomes {
        if let Fate::Explained(reason) = &row.fate {
            // Which line of which file is told where the row is rejected.
            let reason = match reason.split_once(", because") {
                Some((reason, _)) => reason,
                None => reason,
            };
            // Of what stands twice, the line of the other is of no use in a sum.
            let twice = reason.contains(" stands on line ");
            let reason = if twice { "the same stands in another row" } else { reason };
            let place = *places.entry(reason).or_insert(why.len());
            match why.get_mut(place) {
                Some((_, times)) => *times += 1,
                None => why.push((reason, 1)),
            }
        }
    }
    why.sort_by_key(|(_, times)| std::cmp::Reverse(*times));
    let of = |name: &str| import.outcomes.iter().filter(|row| row.fate.name() == name).count();
    printer.note(&format!(
        "Rows read: {}. Used {}, explained {}, rejected {}.",
        import.outcomes.len(),
        of("used"),
        of("explained"),
        of("rejected")
    ))?;
    for (reason, times) in why {
        printer.note(&one_line(&format!("  {times} explained: {reason}")))?;
    }
    let mut line = format!("Cases written: {}", import.children.len());
    if !import.left_out.is_empty() {
        line += &format!("; left out because of a rejected row: {}", import.left_out.len());
    }
    if import.empty > 0 {
        line += &format!("; with no event that the policy declares: {}", import.empty);
    }
    printer.note(&format!("{line}."))
}
