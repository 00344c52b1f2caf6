//! Finding policies, reading them and compiling them.

use std::path::{Path, PathBuf};

use super::args::{Holidays, Under};
use super::fs::{self, CliError, Printer};
use crate::bundle::Bundle;
use crate::calendar::HolidayTable;
use crate::check::{self, Calendars, Checked, Switches};
use crate::diagnostic::{Problems, Severity, list, nearest};
use crate::policy::Policy;
use crate::render::{count, diagnostics};
use crate::syntax::{ast, parse_reading_value};

/// The file of a folder that holds the policy itself.
const MAIN: &str = "policy.duly";

/// The calendar of a policy that names none.
const USUAL_CALENDAR: &str = "england-and-wales";

/// A policy as it was read.
pub(super) struct Loaded {
    /// What the user calls it.
    pub(super) name: String,
    pub(super) bundle: Bundle,
    pub(super) file: ast::File,
    pub(super) calendars: Calendars,
    pub(super) checked: Checked,
    /// Everything there is to say, in the places of the bundle.
    pub(super) problems: Problems,
}

impl Loaded {
    /// The policy, or everything that is wrong with it, said aside.
    pub(super) fn policy(&self, printer: &mut Printer) -> Result<Option<&Policy>, CliError> {
        if let Some(policy) = self.checked.policy.as_ref()
            && !self.problems.has_errors()
        {
            return Ok(Some(policy));
        }
        let errors: Problems = self
            .problems
            .iter()
            .filter(|problem| problem.severity() == Severity::Error)
            .cloned()
            .collect();
        let style = printer.aside;
        for (source, own) in self.bundle.sort_out(&errors) {
            printer.say(&diagnostics(source, &own, &style))?;
        }
        printer.note(&format!(
            "\n{}: {}, so nothing can be said under this policy",
            self.name,
            count(errors.len() as i32, "error")
        ))?;
        Ok(None)
    }
}

/// How much of a policy's folder to read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// The policy alone.
    Policy,
    /// Its files of scenarios too.
    Scenarios,
}

/// The policies at a path: a file, a folder with a policy, or a folder of such folders.
pub(super) fn find(path: &Path) -> Result<Vec<PathBuf>, CliError> {
    if fs::is_file(path) {
        return Ok(vec![path.to_owned()]);
    }
    if !fs::is_folder(path) {
        return Err(fs::missing(path));
    }
    if fs::is_file(&path.join(MAIN)) {
        return Ok(vec![path.to_owned()]);
    }
    let mut found: Vec<PathBuf> = fs::entries(path)?
        .into_iter()
        .filter(|entry| fs::is_file(&entry.join(MAIN)))
        .collect();
    if found.is_empty() {
        found = own_files(path)?;
    }
    if found.is_empty() {
        return Err(no_policy(path)?);
    }
    Ok(found)
}

/// Reads and compiles the policy at a path.
pub(super) fn load(
    path: &Path,
    reach: Reach,
    holidays: &Holidays,
    reads: &[(String, String)],
) -> Result<Loaded, CliError> {
    let mut sources = Vec::new();
    for file in files(path, reach)? {
        let source = fs::read_text(&file)?;
        if looks_like_cases(&source.text) {
            return Err(CliError::new(format!(
                "`{}` looks like a file of cases, not a policy",
                source.name
            ))
            .help(format!(
                "to see what is due: `duly due {} --policy POLICY`",
                source.name
            )));
        }
        sources.push(source);
    }
    let bundle = Bundle::new(sources);
    let (file, mut problems) = bundle.parse();
    let calendars = calendars(&file, holidays)?;
    let switches = switches(&file, reads)?;
    let checked = check::check(&file, &calendars, &switches);
    problems.extend(checked.problems.iter().cloned());
    problems.sort();
    Ok(Loaded {
        name: fs::shown(path),
        bundle,
        file,
        calendars,
        checked,
        problems,
    })
}

/// Reads the policy under which a case is to be answered.
pub(super) fn load_under(under: &Under) -> Result<Loaded, CliError> {
    load(&under.policy, Reach::Policy, &under.holidays, &under.read)
}

/// The files to read for a path: of a folder its policy first, then its scenarios.
fn files(path: &Path, reach: Reach) -> Result<Vec<PathBuf>, CliError> {
    if fs::is_folder(path) {
        let main = path.join(MAIN);
        if !fs::is_file(&main) {
            return Err(no_policy(path)?);
        }
        let mut files = vec![main.clone()];
        if reach == Reach::Scenarios {
            files.extend(own_files(path)?.into_iter().filter(|file| *file != main));
        }
        return Ok(files);
    }
    if !fs::is_file(path) && path.as_os_str() != "-" {
        return Err(fs::missing(path));
    }
    // A file of scenarios means nothing without the policy beside it.
    let main = path.with_file_name(MAIN);
    if main != path && fs::is_file(&main) && path.as_os_str() != "-" {
        let source = fs::read_text(path)?;
        let parsed = crate::syntax::parse(&source);
        let only_scenarios = parsed
            .file
            .declarations
            .iter()
            .all(|declaration| matches!(declaration, ast::Declaration::Scenario(_)));
        if only_scenarios && !parsed.file.declarations.is_empty() {
            return Ok(vec![main, path.to_owned()]);
        }
    }
    Ok(vec![path.to_owned()])
}

/// The `.duly` files of a folder.
fn own_files(folder: &Path) -> Result<Vec<PathBuf>, CliError> {
    let entries = fs::entries(folder)?;
    let duly = |file: &PathBuf| file.extension().is_some_and(|ending| ending == "duly");
    Ok(entries
        .into_iter()
        .filter(|file| duly(file) && fs::is_file(file))
        .collect())
}

fn no_policy(folder: &Path) -> Result<CliError, CliError> {
    let files = own_files(folder)?;
    let names: Vec<String> = files
        .iter()
        .filter_map(|file| Some(file.file_name()?.to_str()?.to_owned()))
        .collect();
    let error = CliError::new(format!(
        "there is no policy in `{}`: a policy is a folder with a file `{MAIN}`",
        fs::shown(folder)
    ));
    Ok(if names.is_empty() {
        error
    } else {
        error.help(format!("the folder has {}", list(names)))
    })
}

/// Whether a text is one of dated events, not of declarations.
fn looks_like_cases(text: &str) -> bool {
    let first = text
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty() && !line.starts_with('#'))
        .unwrap_or_default();
    let dated = first.len() > 10
        && first
            .bytes()
            .take(10)
            .all(|byte| byte.is_ascii_digit() || byte == b'-');
    let cells = first
        .split([',', ';', '\t'])
        .map(|cell| cell.trim().trim_matches('"'));
    let header = first.contains([',', ';', '\t'])
        && cells.clone().any(|cell| cell.eq_ignore_ascii_case("event"))
        && cells.clone().any(|cell| cell.eq_ignore_ascii_case("date"));
    dated || header || first.starts_with("case ") || first.starts_with(['{', '['])
}

/// The tables of holidays, with those the user brings.
fn calendars(file: &ast::File, holidays: &Holidays) -> Result<Calendars, CliError> {
    let mut calendars = Calendars::default();
    let name = file
        .declarations
        .iter()
        .find_map(|declaration| match declaration {
            ast::Declaration::Policy(header) => header.calendar.as_ref(),
            _ => None,
        })
        .map_or(USUAL_CALENDAR, |name| name.node.as_str());
    if let Some(path) = &holidays.replaced {
        calendars.add(name, table(path)?);
    }
    for path in &holidays.added {
        let added = table(path)?;
        let whole = match calendars.get(name) {
            None => added,
            Some(known) => {
                let mut whole = known.clone();
                whole.extend(added).map_err(|error| {
                    CliError::new(format!("holidays in `{}`: {error}", fs::shown(path)))
                })?;
                whole
            }
        };
        calendars.add(name, whole);
    }
    Ok(calendars)
}

fn table(path: &Path) -> Result<HolidayTable, CliError> {
    let source = fs::read_text(path)?;
    HolidayTable::parse(&source.text)
        .map_err(|error| CliError::new(format!("holidays in `{}`: {error}", source.name)))
}

/// The readings that the user switches.
fn switches(file: &ast::File, reads: &[(String, String)]) -> Result<Switches, CliError> {
    let names: Vec<&str> = file
        .declarations
        .iter()
        .filter_map(|declaration| match declaration {
            ast::Declaration::Reading(reading) => Some(reading.name.node.as_str()),
            _ => None,
        })
        .collect();
    let mut switches = Switches::default();
    for (name, value) in reads {
        if !names.contains(&name.as_str()) {
            let error = CliError::new(format!("the policy has no reading `{name}`"));
            return Err(match nearest(name, names.iter().copied()) {
                Some(near) => error.help(format!("did you mean `{near}`?")),
                None if names.is_empty() => error.help("it has no readings at all"),
                None => error.help(format!("it has {}", list(names))),
            });
        }
        let read = parse_reading_value(value).map_err(|problems| {
            let what = problems.iter().next().map_or_else(
                || "it cannot be read".to_owned(),
                |problem| problem.message.clone(),
            );
            CliError::new(format!(
                "the value `{value}` for the reading `{name}`: {what}"
            ))
        })?;
        switches.set(name.clone(), read.node);
    }
    Ok(switches)
}
