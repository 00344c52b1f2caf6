//! What can be typed after `duly timeline`.

use std::path::PathBuf;

use clap::Args;

use super::{Under, date};
use crate::calendar::Date;

/// `duly timeline`
#[derive(Debug, Args)]
pub(in crate::cli) struct Timeline {
    /// A file with the case; `-` is standard input
    #[arg(value_name = "CASE")]
    pub(in crate::cli) case_file: PathBuf,
    #[command(flatten)]
    pub(in crate::cli) under: Under,
    /// The case, where the file holds several
    #[arg(long, value_name = "ID")]
    pub(in crate::cli) case: Option<String>,
    /// Draw what was done in time and what is no longer owed, too
    #[arg(long)]
    pub(in crate::cli) all: bool,
    /// Draw only this rule
    #[arg(long, value_name = "RULE")]
    pub(in crate::cli) only: Vec<String>,
    /// The first day to draw [default: some weeks back]
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(in crate::cli) from: Option<Date>,
    /// The last day to draw [default: as far as what is open]
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(in crate::cli) until: Option<Date>,
}
