//! What can be typed after `duly check`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::Holidays;

/// `duly check`
#[derive(Debug, Args)]
pub(in crate::cli) struct Check {
    /// Policies: folders, or single files
    #[arg(required = true, value_name = "POLICY")]
    pub(in crate::cli) paths: Vec<PathBuf>,
    /// Say where a limit is later than in this policy
    #[arg(long, value_name = "POLICY")]
    pub(in crate::cli) against: Option<PathBuf>,
    /// The form of the findings [default: human]
    #[arg(long, value_name = "FORMAT")]
    pub(in crate::cli) format: Option<CheckFormat>,
    /// Let a warning fail the check too
    #[arg(long)]
    pub(in crate::cli) deny_warnings: bool,
    /// Leave out the analyses that go through every day of the calendar
    #[arg(long)]
    pub(in crate::cli) quick: bool,
    #[command(flatten)]
    pub(in crate::cli) holidays: Holidays,
}

/// The forms of findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum CheckFormat {
    /// A picture of each place
    Human,
    /// One line each
    Concise,
    /// Sentences, for a screen reader
    Plain,
    /// Data
    Json,
}
