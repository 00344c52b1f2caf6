//! What can be typed after `duly due`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::Under;

/// `duly due`
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag that is given or not")]
pub(in crate::cli) struct Due {
    /// Files of cases (CSV, JSON, JSON lines, text), or folders, of which the files that look like cases are
    /// read; `-` is standard input
    #[arg(required = true, value_name = "CASES")]
    pub(in crate::cli) cases: Vec<PathBuf>,
    #[command(flatten)]
    pub(in crate::cli) under: Under,
    /// Show what was done in time, what is no longer owed and what waits, too
    #[arg(long)]
    pub(in crate::cli) all: bool,
    /// List what nobody recorded, who could say, and what each answer would change
    #[arg(long)]
    pub(in crate::cli) questions: bool,
    /// Show only this rule
    #[arg(long, value_name = "RULE")]
    pub(in crate::cli) only: Vec<String>,
    /// Show only this case
    #[arg(long, value_name = "ID")]
    pub(in crate::cli) case: Vec<String>,
    /// The form of the answer [default: by the ending of `--out`, or else human]
    #[arg(long, value_name = "FORMAT")]
    pub(in crate::cli) format: Option<DueFormat>,
    /// Say why each deadline stands as it does, in a last column of the CSV; other forms always do
    #[arg(long)]
    pub(in crate::cli) reasons: bool,
    /// Put the answer into this file, which is there only once it is whole. Until then it is written to
    /// FILE.part; what a run that was killed left there, the next one replaces. Its folder is
    /// made if there is none
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) out: Option<PathBuf>,
    /// Stop at the first case or row that cannot be read, and tell its first mistake alone
    #[arg(long)]
    pub(in crate::cli) strict: bool,
    /// Exit with 1 when something of this kind is found
    #[arg(long, value_name = "WHAT")]
    pub(in crate::cli) fail_on: Option<FailOn>,
}

/// The forms of answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum DueFormat {
    /// For people: most urgent first
    #[value(alias = "text")]
    Human,
    /// Sentences, for a screen reader
    Plain,
    /// Data: everything
    Json,
    /// Data: everything, one line for each case, and a last line that begins with `{"end"`
    Jsonl,
    /// Data: one line for each deadline, and a last line that begins with `#end`
    Csv,
}

impl DueFormat {
    /// The form that the ending of a file names, if it is one for programs.
    pub(in crate::cli) fn of_ending(ending: &str) -> Option<Self> {
        let known = [
            ("csv", Self::Csv),
            ("json", Self::Json),
            ("jsonl", Self::Jsonl),
            ("ndjson", Self::Jsonl),
        ];
        let named = known.into_iter().find(|(known, _)| ending.eq_ignore_ascii_case(known));
        named.map(|(_, format)| format)
    }
}

/// What makes `duly due` fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum FailOn {
    /// A deadline that is overdue
    Overdue,
}
