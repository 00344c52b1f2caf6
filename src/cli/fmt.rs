//! `duly fmt`: policy files in one layout.

use std::path::{Path, PathBuf};

use super::args::Fmt;
use super::difference::difference;
use super::fs::{self, CliError, Printer};
use super::{ExitStatus, policy};
use crate::cases::{Encoding, read_text};
use crate::format::{Refusal, format};
use crate::render::{count, diagnostics};
use crate::source::Source;

/// What came of the files.
#[derive(Default)]
struct Tally {
    changed: usize,
    unchanged: usize,
    refused: usize,
    unfaithful: usize,
}

pub(super) fn run(command: &Fmt, printer: &mut Printer) -> Result<ExitStatus, CliError> {
    let mut tally = Tally::default();
    for path in files(&command.paths)? {
        one(command, &path, &mut tally, printer)?;
    }
    if command.paths.iter().all(|path| !is_stream(path)) {
        printer.note(&summary(command, &tally))?;
    }
    if tally.unfaithful > 0 {
        return Ok(ExitStatus::Bug);
    }
    let looked = command.check || command.diff;
    Ok(ExitStatus::found(tally.refused > 0 || (looked && tally.changed > 0)))
}

/// Lays one file out.
fn one(
    command: &Fmt,
    path: &Path,
    tally: &mut Tally,
    printer: &mut Printer,
) -> Result<(), CliError> {
    let bytes = fs::read(path)?;
    let (text, encoding) = read_text(&bytes)
        .map_err(|error| CliError::new(format!("`{}`: {}", fs::shown(path), error.message)))?;
    let name = if is_stream(path) { "standard input".to_owned() } else { fs::shown(path) };
    let source = Source::new(name, text);
    if policy::looks_like_cases(&source.text) {
        return Err(CliError::new(format!(
            "`{}` looks like a file of cases, not a policy",
            source.name
        )));
    }
    let laid_out = match format(&source) {
        Ok(laid_out) => laid_out,
        Err(Refusal::Mistakes(problems)) => {
            tally.refused += 1;
            let style = printer.aside;
            printer.say(&diagnostics(&source, &problems, &style))?;
            return printer.note(&format!(
                "\n{}: left as it is, because it cannot be read without a guess\n",
                source.name
            ));
        }
        Err(Refusal::Unfaithful) => {
            tally.unfaithful += 1;
            return printer.note(&format!(
                "error: {}: left as it is; laid out it would not say the same, which is a bug in duly",
                source.name
            ));
        }
    };
    let changed = laid_out.as_bytes() != bytes;
    if changed {
        tally.changed += 1;
        if encoding != Encoding::Utf8 {
            printer.note(&format!("{}: {}", source.name, transcoded(command, encoding)))?;
        }
    } else {
        tally.unchanged += 1;
    }
    if command.diff {
        return printer.print(&difference(&source.name, &source.text, &laid_out));
    }
    if command.check {
        return if changed { printer.print(&format!("{}\n", source.name)) } else { Ok(()) };
    }
    if is_stream(path) {
        return printer.print(&laid_out);
    }
    if changed {
        fs::write_whole(path, laid_out.as_bytes())?;
        printer.print(&format!("{}\n", source.name))?;
    }
    Ok(())
}

fn transcoded(command: &Fmt, encoding: Encoding) -> String {
    let name = encoding.name();
    if command.check || command.diff {
        format!("in {name}; it would become UTF-8")
    } else {
        format!("was in {name} and is now in UTF-8; see whether its accents and quotes are right")
    }
}

fn summary(command: &Fmt, tally: &Tally) -> String {
    let files = |number: usize| count(number as i32, "file");
    let mut said = match (tally.changed, command.check || command.diff) {
        (0, _) => Vec::new(),
        (some, true) => vec![format!("{} would change", files(some))],
        (some, false) => vec![format!("{} laid out", files(some))],
    };
    if tally.unchanged > 0 {
        let as_it_is =
            if tally.unchanged == 1 { "is as it should be" } else { "are as they should be" };
        said.push(format!("{} {as_it_is}", files(tally.unchanged)));
    }
    if tally.refused > 0 {
        said.push(format!("{} with mistakes", files(tally.refused)));
    }
    said.join("; ") + "."
}

/// The files that are meant, each once.
fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, CliError> {
    let mut files: Vec<PathBuf> = Vec::new();
    for path in paths {
        if fs::is_folder(path) {
            let inside = below(path)?;
            if inside.is_empty() {
                return Err(CliError::new(format!(
                    "there is no policy file in `{}`",
                    fs::shown(path)
                ))
                .help("the name of a policy file ends in `.duly`"));
            }
            files.extend(inside);
        } else if fs::is_file(path) || is_stream(path) {
            files.push(path.clone());
        } else {
            return Err(fs::missing(path));
        }
    }
    let mut seen = std::collections::BTreeSet::new();
    files.retain(|file| seen.insert(file.clone()));
    Ok(files)
}

/// The policy files in a folder and in those below it; what begins with a dot is somebody else's.
fn below(folder: &Path) -> Result<Vec<PathBuf>, CliError> {
    let mut found = Vec::new();
    for entry in fs::entries(folder)? {
        let hidden = entry.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if hidden {
            continue;
        }
        if fs::is_folder(&entry) {
            found.extend(below(&entry)?);
        } else if entry.extension().is_some_and(|ending| ending == "duly") {
            found.push(entry);
        }
    }
    Ok(found)
}

/// Whether a path stands for standard input.
fn is_stream(path: &Path) -> bool {
    path.as_os_str() == "-"
}
