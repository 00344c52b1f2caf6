//! What can be typed: this file and its folder alone know clap. One file for each verb with much to say.

mod check;
mod due;
mod fmt;
mod forms;
mod import;
mod plan;
mod repl;
mod report;
mod test;
mod timeline;
mod what_if;
mod when;
mod why;

use std::ffi::OsString;
use std::num::{IntErrorKind, ParseIntError};
use std::path::PathBuf;
use std::str::FromStr;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

pub(in crate::cli) use check::{Check, CheckFormat, Level};
pub(in crate::cli) use due::{Due, DueFormat, FailOn};
pub(in crate::cli) use fmt::Fmt;
pub(in crate::cli) use forms::Form;
pub(in crate::cli) use import::{CasesFormat, From, Import, Ssda903};
pub(in crate::cli) use plan::{AimName, PlanFormat, PlanVerb};
pub(in crate::cli) use repl::Repl;
pub(in crate::cli) use report::{Report, ReportFormat};
pub(in crate::cli) use test::{Test, TestFormat};
pub(in crate::cli) use timeline::Timeline;
pub(in crate::cli) use what_if::{Change, WhatIf, WhatIfFormat};
pub(in crate::cli) use when::{WhenFormat, WhenVerb};
pub(in crate::cli) use why::{PartName, Why, WhyFormat};

use crate::calendar::Date;
use crate::diagnostic::list;

/// Shown above everything else: the three commands with which everyone begins.
const BEGIN: &str = "\
Begin with these three:
  duly check policies/leeds                            is the policy sound?
  duly due child-a.csv --policy policies/leeds         what is due, from whom, by when
  duly why child-a.csv RULE --policy policies/leeds    one of those dates, in full";

/// Exit codes, at the end of the help.
const EXITS: &str = "\
Exit status: 0 done, or whoever reads the output has seen enough; 1 something was found (an unsound policy, a case that cannot be read, a failing scenario); 2 the command or the world is wrong (a missing file); 70 a bug in duly.
Set DULY_FORMAT=plain for sentences that a screen reader reads well, NO_COLOR=1 for no colour.";

/// The command line.
#[derive(Debug, Parser)]
#[command(
    name = "duly",
    version,
    about = "Timetables that public bodies bind themselves to: every deadline, and why",
    before_help = BEGIN,
    after_help = EXITS,
    disable_help_subcommand = true
)]
pub(in crate::cli) struct Line {
    #[command(flatten)]
    pub(in crate::cli) paper: Paper,
    #[command(subcommand)]
    pub(in crate::cli) verb: Verb,
}

/// What is drawn on.
#[derive(Debug, Clone, Args)]
pub(in crate::cli) struct Paper {
    /// Use colour: on a terminal only, always, or never
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(in crate::cli) color: When,
    /// Draw with ASCII characters only
    #[arg(long, global = true)]
    pub(in crate::cli) ascii: bool,
    /// Break lines at this many columns [default: the terminal's width, or 80]
    #[arg(long, global = true, value_name = "COLUMNS", value_parser = number::<usize>)]
    pub(in crate::cli) width: Option<usize>,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum When {
    Auto,
    Always,
    Never,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Verb {
    /// Make a folder with a policy to begin with, its scenarios and a workflow
    Init(Init),
    /// Say what is wrong with policies and their scenarios
    Check(Check),
    /// Lay policy files out in one way, comments and all
    Fmt(Fmt),
    /// Run the scenarios of policies
    Test(Test),
    /// Say what is due in cases: what, who, by when, and how it stands
    Due(Due),
    /// Explain one deadline in full: what it counts from, how, under which conditions
    Why(Why),
    /// Change a case or a reading, and show only what moves
    WhatIf(WhatIf),
    /// Edit a case line by line, and see what each line moves
    Repl(Repl),
    /// Count a caseload: timeliness, what is owed and by whom, and how challenges went
    Report(Report),
    /// Make cases of the files that councils hold
    Import(Import),
    /// Find the days on which an event can happen so that nothing it bears on is late
    When(WhenVerb),
    /// List everything that is to be done for the next review or on a ladder, and by when
    Plan(PlanVerb),
    /// Draw a case: its events, windows and deadlines on one axis, around the day asked about
    Timeline(Timeline),
    /// Explain a finding by its code or its name; without one, list them all
    Rule(Page),
    /// Write a script with which a shell completes what is typed after `duly`
    Completions(Completions),
}

/// What to read a case with.
#[derive(Debug, Args)]
pub(in crate::cli) struct Under {
    /// The policy: a folder with `policy.duly`, or a file
    #[arg(long, short, value_name = "POLICY")]
    pub(in crate::cli) policy: PathBuf,
    /// The day for which to answer, as YYYY-MM-DD [default: today]
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(in crate::cli) as_of: Option<Date>,
    /// Put another value in place of a reading of the policy
    #[arg(long, value_name = "NAME=VALUE", value_parser = reading)]
    pub(in crate::cli) read: Vec<(String, String)>,
    /// Where an act may belong to two deadlines, decide neither
    #[arg(long)]
    pub(in crate::cli) strict_matching: bool,
    #[command(flatten)]
    pub(in crate::cli) holidays: Holidays,
}

/// Which days are holidays.
#[derive(Debug, Args)]
pub(in crate::cli) struct Holidays {
    /// Add a table of holidays to the policy's calendar
    #[arg(long = "holidays", value_name = "FILE")]
    pub(in crate::cli) added: Vec<PathBuf>,
    /// Put a table of holidays in place of the policy's calendar
    #[arg(long = "replace-holidays", value_name = "FILE")]
    pub(in crate::cli) replaced: Option<PathBuf>,
}

impl Holidays {
    /// The files that are read for them.
    pub(in crate::cli) fn files(&self) -> impl Iterator<Item = &PathBuf> {
        self.added.iter().chain(&self.replaced)
    }
}

/// `duly rule`
#[derive(Debug, Args)]
pub(in crate::cli) struct Page {
    /// The code or the name of a finding, such as `E0001` or `syntax-error`
    pub(in crate::cli) code: Option<String>,
}

/// `duly init`
#[derive(Debug, Args)]
pub(in crate::cli) struct Init {
    /// The folder to make; the policy is called as it is
    #[arg(value_name = "FOLDER")]
    pub(in crate::cli) folder: PathBuf,
}

/// `duly completions`
#[derive(Debug, Args)]
pub(in crate::cli) struct Completions {
    /// The shell
    pub(in crate::cli) shell: clap_complete::Shell,
}

/// The script with which a shell completes commands.
pub(in crate::cli) fn completions(shell: clap_complete::Shell) -> String {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Line::command(), "duly", &mut script);
    String::from_utf8_lossy(&script).into_owned()
}

/// Why the command line was not understood, or was answered at once (`--help`).
pub(in crate::cli) struct Refused {
    /// What to show.
    pub(in crate::cli) text: String,
    /// The same with escapes for colour.
    pub(in crate::cli) coloured: String,
    /// Whether it is a mistake, and not something that was asked for.
    pub(in crate::cli) mistake: bool,
}

/// Reads the command line.
pub(in crate::cli) fn parse(arguments: Vec<OsString>) -> Result<Line, Refused> {
    let read = |arguments| {
        let matches = Line::command().try_get_matches_from(arguments)?;
        let mut line = Line::from_arg_matches(&matches)?;
        if let (Verb::WhatIf(command), Some((_, own))) = (&mut line.verb, matches.subcommand()) {
            command.changes = what_if::in_order(command, own);
        }
        Ok(line)
    };
    read(arguments).map_err(|error: clap::Error| {
        let mistake = error.use_stderr();
        let rendered = of_other_verbs(error).render();
        Refused { text: rendered.to_string(), coloured: rendered.ansi().to_string(), mistake }
    })
}

/// Says of an option that a verb does not have which verbs have it. That the name of a file is meant, as
/// clap supposes, is hardly ever so.
fn of_other_verbs(mut error: clap::Error) -> clap::Error {
    const FEW: usize = 3;
    let Some(ContextValue::String(option)) = error.get(ContextKind::InvalidArg) else {
        return error;
    };
    if error.kind() != ErrorKind::UnknownArgument {
        return error;
    }
    let option = option.clone();
    let wanted = option.trim_start_matches('-');
    let line = Line::command();
    let has = |verb: &&clap::Command| {
        verb.get_arguments().any(|argument| argument.get_long() == Some(wanted))
    };
    let verbs = line.get_subcommands().filter(has).map(|verb| format!("duly {}", verb.get_name()));
    let verbs: Vec<String> = verbs.collect();
    let mut tips = match error.remove(ContextKind::Suggested) {
        Some(ContextValue::StyledStrs(tips)) => tips,
        _ => Vec::new(),
    };
    tips.retain(|tip| !tip.to_string().contains("as a value"));
    // What nearly every verb has says nothing of this one.
    if (1..=FEW).contains(&verbs.len()) {
        tips.push(format!("'{option}' is an option of {}", list(verbs)).into());
    }
    if !tips.is_empty() {
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(tips));
    }
    error
}

fn number<T: FromStr<Err = ParseIntError>>(text: &str) -> Result<T, String> {
    text.parse().map_err(|error: ParseIntError| match error.kind() {
        IntErrorKind::PosOverflow => "that is too large a number".to_owned(),
        _ => "write a whole number, such as `28`".to_owned(),
    })
}

fn date(text: &str) -> Result<Date, String> {
    Date::parse(text).map_err(|error| error.to_string())
}

fn reading(text: &str) -> Result<(String, String), String> {
    let (name, value) = text
        .split_once('=')
        .ok_or("write the reading, `=` and the value, as in `second-limit=3 months`")?;
    Ok((name.trim().to_owned(), value.trim().to_owned()))
}
