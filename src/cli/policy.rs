//! Finding policies, reading them and compiling them.

use std::path::{Path, PathBuf};

use super::args::{Holidays, Under};
use super::fs::{self, CliError, Printer};
use crate::bundle::Bundle;
use crate::calendar::HolidayTable;
use crate::check::{self, Calendars, Compiled, Switches};
use crate::diagnostic::printable::one_line;
use crate::diagnostic::{Problems, Severity, list, way_on};
use crate::policy::Policy;
use crate::render::{count, diagnostics};
use crate::source::Source;
use crate::syntax::{Parsed, ast, parse_reading_value};
use crate::what_if::Book;

/// The file of a folder that holds the policy itself.
const MAIN: &str = "policy.duly";

/// The calendar of a policy that names none.
const USUAL_CALENDAR: &str = "england-and-wales";

/// A policy as it was read.
pub(super) struct Loaded {
    /// What the user calls it.
    pub(super) name: String,
    /// Its files, in the order of the bundle.
    pub(super) paths: Vec<PathBuf>,
    pub(super) bundle: Bundle,
    pub(super) calendars: Calendars,
    /// What came of it; the places are those of the bundle.
    pub(super) compiled: Compiled,
}

impl Loaded {
    /// The policy, or everything that is wrong with it, said aside.
    pub(super) fn policy(&self, printer: &mut Printer) -> Result<Option<&Policy>, CliError> {
        if let Some(policy) = &self.compiled.policy {
            return Ok(Some(policy));
        }
        tell(&self.name, &self.bundle, &self.compiled.problems, printer)?;
        Ok(None)
    }
}

/// Says everything that makes a policy unsound.
fn tell(
    name: &str,
    bundle: &Bundle,
    problems: &Problems,
    printer: &mut Printer,
) -> Result<(), CliError> {
    let errors: Problems =
        problems.iter().filter(|problem| problem.severity() == Severity::Error).cloned().collect();
    let style = printer.aside;
    for (source, own) in bundle.sort_out(&errors) {
        printer.say(&diagnostics(source, &own, &style))?;
    }
    printer.note(&format!(
        "\n{name}: {}, so nothing can be said under this policy",
        count(errors.len() as i32, "error")
    ))
}

/// Reads the policy at a path so that its readings can be switched; where it is unsound, that is said
/// aside, and there is none.
pub(super) fn load_book(
    path: &Path,
    holidays: &Holidays,
    printer: &mut Printer,
) -> Result<Option<Book>, CliError> {
    let sources = read(path, Reach::Policy)?.into_iter().map(|(_, source)| source);
    let bundle = Bundle::new(sources.collect());
    let parsed = bundle.parse();
    let calendars = calendars(&parsed.file, holidays)?;
    match Book::new(path.to_string_lossy(), parsed, calendars) {
        Ok(book) => Ok(Some(book)),
        Err(problems) => {
            tell(&fs::shown(path), &bundle, &problems, printer)?;
            Ok(None)
        }
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
    let mut found: Vec<PathBuf> =
        fs::entries(path)?.into_iter().filter(|entry| fs::is_file(&entry.join(MAIN))).collect();
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
    compile(path, read(path, reach)?, holidays, reads)
}

/// Reads the texts of the policy at a path.
pub(super) fn read(path: &Path, reach: Reach) -> Result<Vec<(PathBuf, Source)>, CliError> {
    let mut texts = Vec::new();
    for file in files(path, reach)? {
        let source = fs::read_text(&file)?;
        if looks_like_cases(&source.text) {
            return Err(CliError::new(format!(
                "`{}` looks like a file of cases, not a policy",
                source.name
            ))
            .help(format!("to see what is due: `duly due {} --policy POLICY`", source.name)));
        }
        texts.push((file, source));
    }
    Ok(texts)
}

/// Compiles the texts of a policy.
pub(super) fn compile(
    path: &Path,
    texts: Vec<(PathBuf, Source)>,
    holidays: &Holidays,
    reads: &[(String, String)],
) -> Result<Loaded, CliError> {
    let (paths, sources) = texts.into_iter().unzip();
    let bundle = Bundle::new(sources);
    let parsed = bundle.parse();
    let calendars = calendars(&parsed.file, holidays)?;
    let switches = switches(&bundle, &parsed.file, reads)?;
    let kept = (!reads.is_empty()).then(|| parsed.clone());
    let compiled = check::compile_parsed(parsed, &calendars, &switches);
    if let Some(parsed) = kept.filter(|_| compiled.policy.is_none()) {
        blame_switches(&bundle, &parsed, &calendars, reads)?;
    }
    Ok(Loaded { name: fs::shown(path), paths, bundle, calendars, compiled })
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
    Ok(entries.into_iter().filter(|file| duly(file) && fs::is_file(file)).collect())
}

fn no_policy(folder: &Path) -> Result<CliError, CliError> {
    let files = own_files(folder)?;
    let names: Vec<String> =
        files.iter().filter_map(|file| Some(file.file_name()?.to_str()?.to_owned())).collect();
    let error = CliError::new(format!(
        "there is no policy in `{}`: a policy is a folder with a file `{MAIN}`",
        fs::shown(folder)
    ));
    Ok(if names.is_empty() { error } else { error.help(format!("the folder has {}", list(names))) })
}

/// Whether a text is one of dated events, not of declarations.
pub(super) fn looks_like_cases(text: &str) -> bool {
    let first = text
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty() && !line.starts_with('#'))
        .unwrap_or_default();
    let dated = first.len() > 10
        && first.bytes().take(10).all(|byte| byte.is_ascii_digit() || byte == b'-');
    let cells = first.split([',', ';', '\t']).map(|cell| cell.trim().trim_matches('"'));
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

/// Says that a switched value does not fit, where the policy is sound without it: what is wrong is on
/// the command line, and no place in the policy.
fn blame_switches(
    bundle: &Bundle,
    parsed: &Parsed,
    calendars: &Calendars,
    reads: &[(String, String)],
) -> Result<(), CliError> {
    let compile = |switches| check::compile_parsed(parsed.clone(), calendars, &switches);
    if compile(Switches::default()).policy.is_none() {
        return Ok(());
    }
    for read in reads {
        let alone = compile(switches(bundle, &parsed.file, std::slice::from_ref(read))?);
        let wrong = alone.problems.iter().find(|problem| problem.severity() == Severity::Error);
        if let Some(problem) = wrong {
            return Err(misread(bundle, &parsed.file, read, &problem.message));
        }
    }
    // Each is right alone, and together they are not.
    let all = compile(switches(bundle, &parsed.file, reads)?);
    let wrong = all.problems.iter().find(|problem| problem.severity() == Severity::Error);
    let what = wrong.map_or("", |problem| &problem.message);
    Err(CliError::new(format!("the values given with `--read` do not go together: {what}")))
}

/// A value that does not fit its reading, with those that the policy lists.
fn misread(
    bundle: &Bundle,
    file: &ast::File,
    (name, value): &(String, String),
    what: &str,
) -> CliError {
    let (name, value) = (one_line(name), one_line(value));
    let error = CliError::new(format!("`--read '{name}={value}'`: {}", one_line(what)));
    let listed: Vec<String> = file
        .declarations
        .iter()
        .filter_map(|declaration| match declaration {
            ast::Declaration::Reading(reading) if reading.name.node == name => Some(reading),
            _ => None,
        })
        .flat_map(|reading| std::iter::once(&reading.chosen).chain(&reading.others))
        .filter_map(|value| bundle.locate(value.span))
        .map(|(source, span)| one_line(span.text(source)))
        .collect();
    if listed.is_empty() { error } else { error.help(format!("the policy lists {}", list(listed))) }
}

/// The readings that the user switches.
fn switches(
    bundle: &Bundle,
    file: &ast::File,
    reads: &[(String, String)],
) -> Result<Switches, CliError> {
    let names: Vec<&str> = file
        .declarations
        .iter()
        .filter_map(|declaration| match declaration {
            ast::Declaration::Reading(reading) => Some(reading.name.node.as_str()),
            _ => None,
        })
        .collect();
    let mut switches = Switches::default();
    for read in reads {
        let (name, value) = read;
        if !names.contains(&name.as_str()) {
            let error = CliError::new(format!("the policy has no reading `{}`", one_line(name)));
            let help = way_on(name, names.iter().copied(), "it has");
            return Err(error.help(help.unwrap_or_else(|| "it has no readings at all".to_owned())));
        }
        let value = parse_reading_value(value).map_err(|problems| {
            let what = problems.iter().next().map_or("", |problem| &problem.message);
            misread(bundle, file, read, what)
        })?;
        switches.set(name.clone(), value.node);
    }
    Ok(switches)
}
