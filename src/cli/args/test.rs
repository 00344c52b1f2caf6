//! What can be typed after `duly test`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::Holidays;
use super::forms::{Form, form};

/// What stands below the options.
const NOTES: &str = "\
A policy has points that a scenario can exercise: each rule; each limit and exception; the last day in
time and the first late day of each limit; the first day of a window that opens of its own, and the day
before it; each prohibition, kept and breached; each consequence (an event deemed, a review brought
forward, an opening called for); each way on from a stage; each other value of a reading. A point is
exercised when an expectation that is met stands on it: what merely comes about proves nothing.";

/// `duly test`
#[derive(Debug, Args)]
#[command(after_help = NOTES)]
pub(in crate::cli) struct Test {
    /// Policies with scenarios: folders, or single files
    #[arg(required = true, value_name = "POLICY")]
    pub(in crate::cli) paths: Vec<PathBuf>,
    /// Run only the scenarios whose title contains this
    #[arg(long, value_name = "TEXT")]
    pub(in crate::cli) only: Option<String>,
    /// The form of the results: human, json, junit or markdown; with `=FILE` it is written there. May be
    /// given several times [default: human]
    #[arg(long, value_name = "FORMAT[=FILE]", value_parser = form::<TestFormat>)]
    pub(in crate::cli) format: Vec<Form<TestFormat>>,
    /// Say which rules and boundaries no scenario exercises
    #[arg(long)]
    pub(in crate::cli) coverage: bool,
    /// Fail where the scenarios of a policy exercise less than this share of its points
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    pub(in crate::cli) coverage_at_least: Option<u8>,
    #[command(flatten)]
    pub(in crate::cli) changes: Rewriting,
    #[command(flatten)]
    pub(in crate::cli) holidays: Holidays,
}

/// Whether files are changed.
#[derive(Debug, Args)]
pub(in crate::cli) struct Rewriting {
    /// Rewrite the expectations that are not met, in their files, and show the difference
    #[arg(long, conflicts_with_all = ["format", "coverage", "coverage_at_least"])]
    pub(in crate::cli) update: bool,
    /// With `--update`, only show the difference
    #[arg(long, requires = "update")]
    pub(in crate::cli) diff: bool,
}

/// The forms of results of scenarios.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum TestFormat {
    /// What failed, and why
    #[value(alias = "text")]
    Human,
    /// Data: every scenario
    Json,
    /// The report of a test run
    Junit,
    /// The summary of a pull request
    Markdown,
}

/// Reads `90` or `90%`.
fn percent(text: &str) -> Result<u8, String> {
    let number = text.trim_end_matches('%').parse().ok().filter(|percent| *percent <= 100);
    number.ok_or_else(|| "write a share from 0 to 100, as in `90` or `90%`".to_owned())
}
