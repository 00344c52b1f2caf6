//! What can be typed after `duly check`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::Holidays;
use super::forms::{Form, form, word};

/// What stands below the options.
const NOTES: &str = "\
Findings are named by code or name (`W0101`, `never-used`), or by the beginning of a code (`W01`); of several that fit, the longest counts. Errors are always told: a policy that has one means nothing.
The check fails on an error; on a warning with --deny-warnings; on advice never, unless --level raises it.";

/// `duly check`
#[derive(Debug, Args)]
#[command(after_help = NOTES)]
pub(in crate::cli) struct Check {
    /// Policies: folders, or single files
    #[arg(required = true, value_name = "POLICY")]
    pub(in crate::cli) paths: Vec<PathBuf>,
    /// Say where a limit is later than in this policy
    #[arg(long, value_name = "POLICY")]
    pub(in crate::cli) against: Option<PathBuf>,
    /// The form of the findings: human, concise, plain, json, sarif, github, junit or markdown; with
    /// `=FILE` it is written there. May be given several times [default: human]
    #[arg(long, value_name = "FORMAT[=FILE]", value_parser = form::<CheckFormat>)]
    pub(in crate::cli) format: Vec<Form<CheckFormat>>,
    /// Tell only these warnings and advice
    #[arg(long, value_name = "FINDING", value_delimiter = ',')]
    pub(in crate::cli) select: Vec<String>,
    /// Do not tell these warnings and advice
    #[arg(long, value_name = "FINDING", value_delimiter = ',')]
    pub(in crate::cli) ignore: Vec<String>,
    /// Let a warning or advice matter otherwise: error, warning, advice or off
    #[arg(long, value_name = "FINDING=LEVEL", value_delimiter = ',', value_parser = level)]
    pub(in crate::cli) level: Vec<(String, Level)>,
    /// Let a warning fail the check too
    #[arg(long)]
    pub(in crate::cli) deny_warnings: bool,
    #[command(flatten)]
    pub(in crate::cli) changes: Changes,
    /// Check again whenever a file changes
    #[arg(long)]
    pub(in crate::cli) watch: bool,
    /// Leave out the analyses that go through every day of the calendar
    #[arg(long)]
    pub(in crate::cli) quick: bool,
    #[command(flatten)]
    pub(in crate::cli) holidays: Holidays,
}

/// Whether files are changed.
#[derive(Debug, Args)]
pub(in crate::cli) struct Changes {
    /// Make the changes that are safe to make, in the files
    #[arg(long)]
    pub(in crate::cli) fix: bool,
    /// With `--fix`, make those too that somebody has to look at afterwards
    #[arg(long, requires = "fix")]
    pub(in crate::cli) unsafe_fixes: bool,
}

/// The forms of findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum CheckFormat {
    /// A picture of each place
    #[value(alias = "text")]
    Human,
    /// One line each
    Concise,
    /// Sentences, for a screen reader
    Plain,
    /// Data
    Json,
    /// Data for code scanning
    Sarif,
    /// Annotations beside the lines of a change
    Github,
    /// The report of a test run
    Junit,
    /// The summary of a pull request
    Markdown,
}

/// How much a finding is to matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Level {
    Error,
    Warning,
    Advice,
    Off,
}

/// Reads `never-used=error`.
fn level(text: &str) -> Result<(String, Level), String> {
    let (finding, level) = text
        .split_once('=')
        .ok_or("write the finding, `=` and how much it matters, as in `never-used=error`")?;
    Ok((finding.to_owned(), word(level.trim(), "level")?))
}
