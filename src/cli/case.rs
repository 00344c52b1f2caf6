//! The one case that a command is about.

use std::path::Path;

use super::faults;
use super::fs::{self, CliError, Printer};
use crate::cases::{CaseResult, Format, read_cases};
use crate::diagnostic::printable::one_line;
use crate::diagnostic::{Likest, some_of};
use crate::eval::Timeline;
use crate::policy::Policy;

/// How a command is told which case of a file is meant.
pub(super) const BY_OPTION: &str = "with `--case`";

/// The case of a file, by its name where the file holds several; what is wrong with it is said aside,
/// and there is none then. How the case would be named is said where it was not.
pub(super) fn only(
    path: &Path,
    (wanted, how): (Option<&str>, &str),
    policy: &Policy,
    printer: &mut Printer,
) -> Result<Option<Timeline>, CliError> {
    let bytes = fs::read(path)?;
    let (name, file) = (fs::shown(path), fs::called(path));
    let cases = read_cases(policy, &name, &bytes, Format::of(&name, &bytes));
    let title = &policy.header.name;
    let outside = cases.errors.iter().map(|error| (String::new(), error.clone()));
    faults::tell(&file, title, &outside.collect::<Vec<_>>(), printer)?;
    let is_wanted = |case: &CaseResult| wanted.is_none_or(|id| case.case == *id);
    let names: Vec<String> = cases.cases.iter().map(|case| one_line(&case.case)).collect();
    let mut found: Vec<CaseResult> = cases.cases.into_iter().filter(is_wanted).collect();
    match (found.pop(), found.is_empty()) {
        (Some(case), true) => match case.outcome {
            Ok(read) => Ok(Some(read.timeline)),
            Err(errors) => {
                let own = errors.into_iter().map(|error| (case.case.clone(), error));
                faults::tell(&file, title, &own.collect::<Vec<_>>(), printer)?;
                Ok(None)
            }
        },
        (Some(_), false) => {
            Err(CliError::new(format!("`{file}` holds {} cases; say which {how}", names.len()))
                .help(format!("it has {}", some_of(&names))))
        }
        (None, _) if names.is_empty() => {
            printer.note(&format!("error: there is no case in `{file}`"))?;
            Ok(None)
        }
        (None, _) => {
            let wanted = wanted.unwrap_or_default();
            let mut likest = Likest::new(wanted);
            for name in &names {
                likest.add(name);
            }
            let way = likest.way_on(str::to_owned);
            Err(CliError::new(format!("`{file}` has no case `{}`", one_line(wanted)))
                .help(way.unwrap_or_else(|| format!("it has {}", some_of(&names)))))
        }
    }
}
