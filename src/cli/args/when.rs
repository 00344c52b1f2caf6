//! What can be typed after `duly when`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::Under;

/// `duly when`
#[derive(Debug, Args)]
pub(in crate::cli) struct WhenVerb {
    /// A file with the case; `-` is standard input
    #[arg(value_name = "CASE")]
    pub(in crate::cli) case_file: PathBuf,
    /// The event that is to happen, such as `review-held`
    #[arg(value_name = "EVENT")]
    pub(in crate::cli) event: String,
    #[command(flatten)]
    pub(in crate::cli) under: Under,
    /// An attribute of the event, as in `--with "miles 40"`
    #[arg(long, value_name = "NAME VALUE")]
    pub(in crate::cli) with: Vec<String>,
    /// The `ref` of the event
    #[arg(long = "ref", value_name = "REF")]
    pub(in crate::cli) reference: Option<String>,
    /// The case, where the file holds several
    #[arg(long, value_name = "ID")]
    pub(in crate::cli) case: Option<String>,
    /// The form of the answer
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(in crate::cli) format: WhenFormat,
}

/// The forms of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum WhenFormat {
    /// Sentences: the days, what binds at each end, and what has to be done before
    #[value(alias = "text")]
    Human,
    /// Data
    Json,
    /// For a document or an e-mail
    Markdown,
}
