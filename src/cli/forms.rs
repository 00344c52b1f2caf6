//! The forms in which an answer is given: at most one printed, any number in files.

use std::path::PathBuf;

use super::args::Form;
use super::fs::{self, CliError};

/// The width of lines in a file, which has none of its own.
pub(super) const FILE_WIDTH: usize = 100;

/// What is to be written.
pub(super) struct Forms<T> {
    /// On standard output, if anything is.
    pub(super) printed: Option<T>,
    /// In files.
    pub(super) files: Vec<(T, PathBuf)>,
}

impl<T: Copy> Forms<T> {
    /// Sorts out what was asked for; the example shows how two forms are asked for.
    pub(super) fn read(asked: &[Form<T>], example: &str) -> Result<Self, CliError> {
        let mut forms = Self { printed: None, files: Vec::new() };
        for Form { format, file } in asked {
            match file {
                Some(file) if forms.files.iter().any(|(_, other)| other == file) => {
                    let file = fs::shown(file);
                    return Err(CliError::new(format!("two forms are to be written to `{file}`"))
                        .help("give each form a file of its own"));
                }
                Some(file) => forms.files.push((*format, file.clone())),
                None if forms.printed.is_some() => {
                    return Err(CliError::new("only one form can be printed")
                        .help(format!("write the others to files: `{example}`")));
                }
                None => forms.printed = Some(*format),
            }
        }
        Ok(forms)
    }

    /// Refuses to write a form to a file that is read.
    pub(super) fn keep_apart(&self, read: &[&PathBuf]) -> Result<(), CliError> {
        self.files.iter().try_for_each(|(_, file)| fs::keep_apart(file, read))
    }
}
