//! What can be typed after `duly what-if`.

use std::path::PathBuf;

use clap::{ArgGroup, ArgMatches, Args, ValueEnum};

use super::{Holidays, date, reading};
use crate::calendar::Date;

/// `duly what-if`
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("changes").required(true).multiple(true))]
pub(in crate::cli) struct WhatIf {
    /// A file with the case; `-` is standard input
    #[arg(value_name = "CASE")]
    pub(in crate::cli) case_file: PathBuf,
    /// Record an event: `2026-04-14 review-held meeting yes`
    #[arg(long, value_name = "EVENT-LINE", group = "changes")]
    pub(in crate::cli) add: Vec<String>,
    /// Give an event another day: `review-held on 2026-03-18 to 2026-04-14`, `… by 2 days later`
    #[arg(long = "move", value_name = "EVENT to DATE", group = "changes")]
    pub(in crate::cli) moved: Vec<String>,
    /// Take an event away: as it is written, `EVENT`, `EVENT on DATE`, with `ref`, or `line 12`
    #[arg(long, value_name = "EVENT", group = "changes")]
    pub(in crate::cli) remove: Vec<String>,
    /// Put another value in place of a reading of the policy
    #[arg(long, value_name = "NAME=VALUE", value_parser = reading, group = "changes")]
    pub(in crate::cli) read: Vec<(String, String)>,
    /// The policy: a folder with `policy.duly`, or a file
    #[arg(long, short, value_name = "POLICY")]
    pub(in crate::cli) policy: PathBuf,
    /// The day for which to answer, as YYYY-MM-DD [default: today]
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(in crate::cli) as_of: Option<Date>,
    /// The case, where the file holds several
    #[arg(long, value_name = "ID")]
    pub(in crate::cli) case: Option<String>,
    /// Show what changes of what is done, no longer owed or waiting, too
    #[arg(long)]
    pub(in crate::cli) all: bool,
    /// Where an act may belong to two deadlines, decide neither
    #[arg(long)]
    pub(in crate::cli) strict_matching: bool,
    /// The form of the answer
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(in crate::cli) format: WhatIfFormat,
    #[command(flatten)]
    pub(in crate::cli) holidays: Holidays,
    /// The changes in the order in which they were typed.
    #[arg(skip)]
    pub(in crate::cli) changes: Vec<Change>,
}

/// A change as it was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::cli) enum Change {
    Add(String),
    Move(String),
    Remove(String),
    Read(String, String),
}

/// The forms of what moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum WhatIfFormat {
    /// For people
    #[value(alias = "text")]
    Human,
    /// Data: everything
    Json,
    /// A table for a note or a pull request
    Markdown,
}

/// The changes in the order in which they were typed; the options by themselves do not keep it.
pub(super) fn in_order(command: &WhatIf, matches: &ArgMatches) -> Vec<Change> {
    let places = |id: &str| matches.indices_of(id).into_iter().flatten();
    let mut changes: Vec<(usize, Change)> = Vec::new();
    changes.extend(places("add").zip(command.add.iter().cloned().map(Change::Add)));
    changes.extend(places("moved").zip(command.moved.iter().cloned().map(Change::Move)));
    changes.extend(places("remove").zip(command.remove.iter().cloned().map(Change::Remove)));
    let reads = command.read.iter().cloned().map(|(name, value)| Change::Read(name, value));
    changes.extend(places("read").zip(reads));
    changes.sort_by_key(|(place, _)| *place);
    changes.into_iter().map(|(_, change)| change).collect()
}
