//! What to say of a path at which there is nothing: what was probably meant.

use std::path::{Path, PathBuf};

use super::{CliError, entries, shown};
use crate::diagnostic::nearest;

/// There is nothing at a path.
pub(in crate::cli) fn missing(path: &Path) -> CliError {
    let error = CliError::new(format!("there is no `{}`", shown(path)));
    match (near(path), folder_of(path)) {
        (Some(near), _) => error.help(format!("did you mean `{}`?", shown(&near))),
        (None, folder) if !folder.is_dir() => {
            error.help(format!("there is no folder `{}` either", shown(folder)))
        }
        (None, _) => error,
    }
}

/// The folder in which a path would lie.
fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// The path that was probably meant. Where already a folder on the way is not there, the folder that was
/// probably meant has to hold the rest of the path.
fn near(path: &Path) -> Option<PathBuf> {
    let folder = folder_of(path);
    if !folder.is_dir() {
        let found = near(folder)?.join(path.file_name()?);
        return found.exists().then_some(found);
    }
    let wanted = path.file_name()?.to_string_lossy();
    let entries = entries(folder).ok()?;
    let names: Vec<&str> = entries.iter().filter_map(|entry| entry.file_name()?.to_str()).collect();
    let near = nearest(&wanted, names.iter().copied());
    near.or_else(|| cut_short(&wanted, &names)).map(|near| path.with_file_name(near))
}

/// The name that was written with another ending, or the one name of which only the beginning was written.
fn cut_short<'a>(wanted: &str, names: &[&'a str]) -> Option<&'a str> {
    let stem = |name: &str| name.split('.').next().unwrap_or_default().to_owned();
    let beginning = wanted.to_lowercase();
    let same_stem = names.iter().find(|name| stem(name) == stem(wanted));
    let mut begun = names.iter().filter(|name| name.to_lowercase().starts_with(&beginning));
    let only = begun.next().filter(|_| begun.next().is_none());
    // The same name with another ending is as likely as a slip in the name.
    same_stem.or(only).copied()
}
