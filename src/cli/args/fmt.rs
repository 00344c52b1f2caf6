//! What can be typed after `duly fmt`.

use std::path::PathBuf;

use clap::Args;

/// `duly fmt`
///
/// Every line keeps its words, its comments and its place. Only blanks change: clauses are indented, values
/// stand in columns, lines of more than 120 characters go on in the next. Line ends stay as they are
/// where all lines end alike. A file in UTF-16 or Windows-1252 becomes UTF-8
#[derive(Debug, Args)]
pub(in crate::cli) struct Fmt {
    /// Files, or folders in which every `*.duly` is meant; `-` reads standard input and writes standard
    /// output
    #[arg(value_name = "PATH", default_value = ".")]
    pub(in crate::cli) paths: Vec<PathBuf>,
    /// Write nothing; name the files that are laid out otherwise, and end with 1 if there is one
    #[arg(long)]
    pub(in crate::cli) check: bool,
    /// Write nothing; show what would change, and end with 1 if anything would
    #[arg(long)]
    pub(in crate::cli) diff: bool,
}
