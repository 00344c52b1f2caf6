//! A form of output, and the file it is to go to: `sarif=out.sarif`.

use std::path::PathBuf;

use clap::ValueEnum;

use crate::diagnostic::nearest;

/// A form, and the file it goes to; standard output where there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::cli) struct Form<T> {
    pub(in crate::cli) format: T,
    pub(in crate::cli) file: Option<PathBuf>,
}

/// Reads `sarif=out.sarif`, or `sarif` alone.
pub(super) fn form<T: ValueEnum>(text: &str) -> Result<Form<T>, String> {
    let (name, file) = match text.split_once('=') {
        Some((_, "")) => return Err("after `=` the name of a file is missing".to_owned()),
        Some((name, file)) => (name, Some(PathBuf::from(file))),
        None => (text, None),
    };
    Ok(Form { format: word(name, "form")?, file })
}

/// Reads one of a few words.
pub(super) fn word<T: ValueEnum>(text: &str, kind: &str) -> Result<T, String> {
    if let Ok(word) = T::from_str(text, true) {
        return Ok(word);
    }
    let known: Vec<String> = T::value_variants()
        .iter()
        .filter_map(|word| Some(word.to_possible_value()?.get_name().to_owned()))
        .collect();
    Err(match nearest(text, known.iter().map(String::as_str)) {
        Some(near) => format!("there is no {kind} `{text}`; did you mean `{near}`?"),
        None => format!("there is no {kind} `{text}`; there are {}", known.join(", ")),
    })
}
