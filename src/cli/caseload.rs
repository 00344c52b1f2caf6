//! Finding files of cases: those that are named, and of a folder those that look like one.
//!
//! A folder of a caseload may hold other things too: a read-me, a table of codes, an answer of the day
//! before. What is read of it, and what is not, is said.

use std::path::{Path, PathBuf};

use super::fs::{self, CliError, Printer};
use crate::cases::decoded;
use crate::diagnostic::{list, some_of};
use crate::source::Source;
use crate::syntax::parse;

/// The endings of files of cases.
const ENDINGS: &[&str] = &["csv", "tsv", "json", "jsonl", "ndjson", "txt", "duly"];

/// The endings of those that are tables.
const TABLES: &[&str] = &["csv", "tsv"];

/// So much of a file is looked at.
const BEGINNING: usize = 16 << 10;

/// The files of cases at the paths; of a folder, those in it that look like one.
pub(super) fn case_files(
    paths: &[PathBuf],
    printer: &mut Printer,
) -> Result<Vec<PathBuf>, CliError> {
    let mut files = Vec::new();
    for path in paths {
        if fs::is_folder(path) {
            files.extend(of_folder(path, printer)?);
        } else {
            files.push(path.clone());
        }
    }
    Ok(files)
}

fn of_folder(folder: &Path, printer: &mut Printer) -> Result<Vec<PathBuf>, CliError> {
    let entries = fs::entries(folder)?;
    let known = |file: &PathBuf| {
        let ending = file.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        fs::is_file(file) && ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known))
    };
    let (mut read, mut tables, mut others) = (Vec::new(), Vec::new(), Vec::new());
    for file in entries.into_iter().filter(known) {
        match kind_of(&file)? {
            Kind::Cases => read.push(file),
            Kind::OtherTable => tables.push(file),
            Kind::Other => others.push(file),
        }
    }
    let shown = fs::shown(folder);
    let tables = (!tables.is_empty()).then(|| {
        let lack = if tables.len() == 1 { "its first line has" } else { "their first lines have" };
        format!("{}: {lack} neither a column `date` nor `event`", some_of(names(&tables)))
    });
    let others = (!others.is_empty())
        .then(|| format!("{}, in which nothing looks like a case", some_of(names(&others))));
    let left_out: Vec<String> = tables.into_iter().chain(others).collect();
    if read.is_empty() {
        let error = CliError::new(format!("there is no file of cases in the folder `{shown}`"));
        return Err(error.help(if left_out.is_empty() {
            format!("they end in {}", list(ENDINGS))
        } else {
            format!("there is {}", left_out.join("; and "))
        }));
    }
    printer.note(&format!("{shown}: reading {}", some_of(names(&read))))?;
    for left_out in left_out {
        printer.note(&format!("{shown}: not reading {left_out}"))?;
    }
    Ok(read)
}

/// The names of files, without their folder.
fn names(files: &[PathBuf]) -> impl Iterator<Item = String> {
    files.iter().filter_map(|file| Some(fs::shown(Path::new(file.file_name()?))))
}

/// What a file could be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Cases,
    /// A table that names none of the columns that one of cases has to have.
    OtherTable,
    Other,
}

/// What a file could be. What only might be of cases is read, so that a mistake in it is told.
fn kind_of(file: &Path) -> Result<Kind, CliError> {
    let beginning = fs::beginning(file, BEGINNING)?;
    let ending = file.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    let is_table = TABLES.iter().any(|known| ending.eq_ignore_ascii_case(known));
    Ok(match decoded(&beginning) {
        Ok((text, _)) if could_be_cases(&text) => Kind::Cases,
        Ok((text, _)) if is_table && !text.trim().is_empty() => Kind::OtherTable,
        Ok(_) => Kind::Other,
        // What cannot be read as a text is refused with its reason where it is read.
        Err(_) => Kind::Cases,
    })
}

fn could_be_cases(text: &str) -> bool {
    let text = text.trim_start();
    if text.starts_with(['{', '[']) {
        return could_be_data(text);
    }
    let mut lines = text.lines().map(str::trim);
    let header = lines.clone().find(|line| !line.to_ascii_lowercase().starts_with("sep="));
    let cells: Vec<&str> = header.unwrap_or_default().split([',', ';', '\t']).collect();
    let column = |cell: &&str| {
        let cell = cell.trim().trim_matches('"');
        ["date", "event"].iter().any(|known| cell.eq_ignore_ascii_case(known))
    };
    if cells.len() > 1 && cells.iter().any(column) {
        return true;
    }
    // The scenarios of a policy have dated events too.
    lines.any(could_be_of_a_case) && parse(&Source::new("", text)).file.declarations.is_empty()
}

/// Whether a text in JSON could be of cases. An answer of `duly` begins with the day or with the name of
/// its form.
fn could_be_data(text: &str) -> bool {
    let first = text.trim_start_matches(['{', '[']).trim_start();
    let answer = ["\"as_of\"", "\"schema\""].iter().any(|key| first.starts_with(key));
    !answer && ["\"case\"", "\"event\"", "\"events\""].iter().any(|key| text.contains(key))
}

/// Whether a line could be one of a case in the notation of the language: the name of the case, or an
/// event behind a date in any form.
fn could_be_of_a_case(line: &str) -> bool {
    const SHORTEST: usize = "1/2/26".len();
    let mut words = line.split_whitespace();
    let first = words.next().unwrap_or_default();
    let in_date = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'-' | b'/' | b'.');
    let dated = first.len() >= SHORTEST
        && first.bytes().all(in_date)
        && first.contains(['-', '/', '.'])
        && words.clone().next().is_some();
    dated || (first.eq_ignore_ascii_case("case") && words.count() == 1)
}

#[cfg(test)]
mod tests {
    use super::could_be_cases;

    #[test]
    fn what_might_be_a_case_is_taken_for_one() {
        for text in [
            "case,date,event\na,2026-01-05,placed\n",
            "sep=;\r\nFall;\"Date\";Ereignis\r\n",
            "case child-a\n2026-01-05 placed\n",
            "# notes\n\nChild: a\n05/01/2026 placed\n",
            "Case child-a\n",
            "[{\"case\": \"a\", \"evnets\": []}]",
            "{\"case\":\"a\",\"events\":[]}\n{\"case\":\"b\",\"events\":[]}\n",
        ] {
            assert!(could_be_cases(text), "{text}");
        }
    }

    #[test]
    fn what_is_something_else_is_left_alone() {
        for text in [
            "",
            "Read me first.\n\nIn case of doubt ask.\n1. Open the folder\n2026-01-05\n",
            "module,when,code,from,until,gives,note\nEpisodes,RNE,X,,,placed,\n",
            // The answers of `due`, as CSV, as data and as data in lines.
            "case,rule,part,ordinal,ref,owner,strength,opens,due,status\n",
            "{\n  \"as_of\": \"2026-01-05\",\n  \"cases\": [{\"case\": \"a\"}]\n}\n",
            "{\"as_of\":\"2026-01-05\",\"schema\":\"duly.due.lines/1\"}\n{\"case\":\"a\"}\n",
            "{\"name\": \"a package\", \"version\": \"1.0.0\"}",
            "policy a \"A\"\n  calendar england-and-wales\nevent placed\n\
             scenario \"b\"\n  2026-01-05 placed\n",
        ] {
            assert!(!could_be_cases(text), "{text}");
        }
    }
}
