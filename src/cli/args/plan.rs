//! What can be typed after `duly plan`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::Under;

/// `duly plan`
#[derive(Debug, Args)]
pub(in crate::cli) struct PlanVerb {
    /// A file with the case; `-` is standard input
    #[arg(value_name = "CASE")]
    pub(in crate::cli) case_file: PathBuf,
    #[command(flatten)]
    pub(in crate::cli) under: Under,
    /// The case, where the file holds several
    #[arg(long, value_name = "ID")]
    pub(in crate::cli) case: Option<String>,
    /// What the plan is for
    #[arg(long = "for", value_name = "WHAT", default_value = "review")]
    pub(in crate::cli) aim: AimName,
    /// The form of the plan
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(in crate::cli) format: PlanFormat,
}

/// What a plan is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum AimName {
    /// The next review
    Review,
    /// The ladders that are open
    Ladder,
}

/// The forms of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum PlanFormat {
    /// A dated list
    #[value(alias = "text")]
    Human,
    /// Data
    Json,
    /// For a document or an e-mail
    Markdown,
    /// A table
    Csv,
    /// Entries for a calendar, each a whole day
    Ics,
}
