//! `duly check --fix`: making the changes that findings offer, in the files.

use std::path::{Path, PathBuf};

use super::{Examiner, policy};
use crate::cli::fs::{self, CliError};
use crate::diagnostic::{Applicability, repair};
use crate::source::Source;

/// Changes that are made one after another make room for others only so often; what goes on longer
/// than this goes round in a circle.
const PASSES: usize = 32;

/// What mark Windows programs put in front of UTF-8.
const MARK: &[u8] = "\u{feff}".as_bytes();

/// Makes the changes in the files of a policy, and says how many findings that put right.
///
/// After each pass the policy is checked anew, until no finding offers a change that may be made. Only
/// then are the files written, each whole or not at all.
pub(super) fn fix(
    path: &Path,
    examiner: &Examiner<'_>,
    allowed: Applicability,
) -> Result<usize, CliError> {
    let read = policy::read(path, policy::Reach::Scenarios)?;
    if read.iter().any(|(file, _)| file.as_os_str() == "-") {
        return Err(CliError::new("standard input cannot be changed")
            .help("give the name of the file to be changed"));
    }
    let mut texts = read.clone();
    let mut fixed = 0;
    let mut seen = vec![texts.clone()];
    for _ in 0..PASSES {
        let (next, made) = pass(path, &texts, examiner, allowed)?;
        if made == 0 || seen.contains(&next) {
            break;
        }
        fixed += made;
        seen.push(next.clone());
        texts = next;
    }
    for ((file, before), (_, after)) in read.iter().zip(&texts) {
        if before != after {
            write(file, before, after)?;
        }
    }
    Ok(fixed)
}

type Texts = Vec<(PathBuf, Source)>;

/// The texts after every change that can be made at once, and how many findings that puts right.
fn pass(
    path: &Path,
    texts: &Texts,
    examiner: &Examiner<'_>,
    allowed: Applicability,
) -> Result<(Texts, usize), CliError> {
    let loaded = policy::compile(path, texts.clone(), &examiner.command.holidays, &[])?;
    let mut next = texts.clone();
    let mut made = 0;
    for sheet in examiner.sheets(&loaded) {
        let text = next.iter_mut().find(|(_, source)| source.name == sheet.source.name);
        if let Some((_, source)) = text {
            let repaired = repair(&source.text, &sheet.problems, allowed);
            made += repaired.made;
            source.text = repaired.text;
        }
    }
    Ok((next, made))
}

/// Writes a changed text in the place of what was read, with the mark in front if it had one.
fn write(file: &Path, before: &Source, after: &Source) -> Result<(), CliError> {
    let now = fs::read(file)?;
    let (mark, text) = match now.strip_prefix(MARK) {
        Some(text) => (MARK, text),
        None => (&[][..], now.as_slice()),
    };
    if text != before.text.as_bytes() {
        return Err(CliError::new(format!("`{}` has been changed meanwhile", before.name))
            .help("nothing was written to it; try again"));
    }
    fs::write_whole(file, &[mark, after.text.as_bytes()].concat())
}
