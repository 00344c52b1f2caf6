//! What can be typed after `duly test`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::Holidays;

/// `duly test`
#[derive(Debug, Args)]
pub(in crate::cli) struct Test {
    /// Policies with scenarios: folders, or single files
    #[arg(required = true, value_name = "POLICY")]
    pub(in crate::cli) paths: Vec<PathBuf>,
    /// Run only the scenarios whose title contains this
    #[arg(long, value_name = "TEXT")]
    pub(in crate::cli) only: Option<String>,
    /// The form of the results
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(in crate::cli) format: TestFormat,
    #[command(flatten)]
    pub(in crate::cli) holidays: Holidays,
}

/// The forms of results of scenarios.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum TestFormat {
    /// What failed, and why
    Human,
    /// Data: every scenario
    Json,
}
