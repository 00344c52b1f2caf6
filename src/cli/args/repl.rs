//! What can be typed after `duly repl`.

use std::path::PathBuf;

use clap::Args;

use super::{Holidays, date, reading};
use crate::calendar::Date;

/// `duly repl`
#[derive(Debug, Args)]
pub(in crate::cli) struct Repl {
    /// The policy: a folder with `policy.duly`, or a file
    pub(in crate::cli) policy: Option<PathBuf>,
    /// A file with the case
    #[arg(value_name = "CASE")]
    pub(in crate::cli) case_file: Option<PathBuf>,
    /// The case, where the file holds several
    #[arg(long, value_name = "ID")]
    pub(in crate::cli) case: Option<String>,
    /// The day for which to answer, as YYYY-MM-DD [default: today]
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(in crate::cli) as_of: Option<Date>,
    /// Put another value in place of a reading of the policy
    #[arg(long, value_name = "NAME=VALUE", value_parser = reading)]
    pub(in crate::cli) read: Vec<(String, String)>,
    /// Where an act may belong to two deadlines, decide neither
    #[arg(long)]
    pub(in crate::cli) strict_matching: bool,
    /// Show each line before its answer, where the lines are not typed
    #[arg(long)]
    pub(in crate::cli) echo: bool,
    /// Keep every line for the next session, the facts of cases among them
    #[arg(long)]
    pub(in crate::cli) keep_history: bool,
    #[command(flatten)]
    pub(in crate::cli) holidays: Holidays,
}
