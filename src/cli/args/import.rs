//! What can be typed after `duly import`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::Holidays;

/// `duly import`
#[derive(Debug, Args)]
pub(in crate::cli) struct Import {
    #[command(subcommand)]
    pub(in crate::cli) from: From,
}

/// What there is to import.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum From {
    /// The looked-after children return (SSDA903), of one year or several: its CSV files or its XML
    Ssda903(Ssda903),
}

/// `duly import ssda903`
#[derive(Debug, Args)]
pub(in crate::cli) struct Ssda903 {
    /// The files of the return, or the folders that hold them; each is known by its columns. Those of
    /// several years can be given together
    #[arg(required = true, value_name = "FILES")]
    pub(in crate::cli) files: Vec<PathBuf>,
    /// The policy whose events are wanted: a folder with `policy.duly`, or a file
    #[arg(long, short, value_name = "POLICY")]
    pub(in crate::cli) policy: PathBuf,
    /// Where to write the cases; a folder is made if there is none [default: standard output]
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) out: Option<PathBuf>,
    /// The form of the cases [default: by the ending of the file, or else jsonl]
    #[arg(long, value_name = "FORMAT")]
    pub(in crate::cli) format: Option<CasesFormat>,
    /// Add events that the return does not hold: a CSV with the columns case, date and event
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) events: Vec<PathBuf>,
    /// Give codes a meaning that are not known here, or another: a CSV in the form of the table in
    /// policies/SSDA903.md, with the columns module, when, code, from, until, gives and note
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) codes: Vec<PathBuf>,
    /// Write what became of every row: file, line, child, and why
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) rows: Option<PathBuf>,
    #[command(flatten)]
    pub(in crate::cli) holidays: Holidays,
}

/// The forms of files of cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum CasesFormat {
    /// One case on each line
    Jsonl,
    /// One event on each line
    Csv,
    /// The notation of the language
    Text,
}
