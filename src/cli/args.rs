//! What can be typed: the only file that knows clap.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};

use crate::calendar::Date;

/// Shown above everything else: the three commands with which everyone begins.
const BEGIN: &str = "\
Begin with these three:
  duly check policies/leeds                            is the policy sound?
  duly due child-a.csv --policy policies/leeds         what is due, from whom, by when
  duly why child-a.csv RULE --policy policies/leeds    one of those dates, in full";

/// Exit codes, at the end of the help.
const EXITS: &str = "\
Exit status: 0 done; 1 something was found (an unsound policy, a case that cannot be read, a failing
scenario); 2 the command or the world is wrong (a missing file); 70 a bug in duly.
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
pub(super) struct Line {
    #[command(flatten)]
    pub(super) paper: Paper,
    #[command(subcommand)]
    pub(super) verb: Verb,
}

/// What is drawn on.
#[derive(Debug, Clone, Args)]
pub(super) struct Paper {
    /// Use colour: on a terminal only, always, or never
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(super) color: When,
    /// Draw with ASCII characters only
    #[arg(long, global = true)]
    pub(super) ascii: bool,
    /// Break lines at this many columns [default: the terminal's width, or 80]
    #[arg(long, global = true, value_name = "COLUMNS")]
    pub(super) width: Option<usize>,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum When {
    Auto,
    Always,
    Never,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// Say what is wrong with policies and their scenarios
    Check(Check),
    /// Run the scenarios of policies
    Test(Test),
    /// Say what is due in cases: what, who, by when, and how it stands
    Due(Due),
    /// Explain one deadline in full: what it counts from, how, under which conditions
    Why(Why),
    /// Explain a finding by its code or its name; without one, list them all
    Rule(Page),
    /// Write a script with which a shell completes what is typed after `duly`
    Completions(Completions),
}

/// `duly check`
#[derive(Debug, Args)]
pub(super) struct Check {
    /// Policies: folders, or single files
    #[arg(required = true, value_name = "POLICY")]
    pub(super) paths: Vec<PathBuf>,
    /// The form of the findings [default: human]
    #[arg(long, value_name = "FORMAT")]
    pub(super) format: Option<CheckFormat>,
    /// Let a warning fail the check too
    #[arg(long)]
    pub(super) deny_warnings: bool,
    #[command(flatten)]
    pub(super) holidays: Holidays,
}

/// The forms of findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum CheckFormat {
    /// A picture of each place
    Human,
    /// One line each
    Concise,
    /// Sentences, for a screen reader
    Plain,
    /// Data
    Json,
}

/// `duly test`
#[derive(Debug, Args)]
pub(super) struct Test {
    /// Policies with scenarios: folders, or single files
    #[arg(required = true, value_name = "POLICY")]
    pub(super) paths: Vec<PathBuf>,
    /// Run only the scenarios whose title contains this
    #[arg(long, value_name = "TEXT")]
    pub(super) only: Option<String>,
    /// The form of the results
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(super) format: TestFormat,
    #[command(flatten)]
    pub(super) holidays: Holidays,
}

/// The forms of results of scenarios.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum TestFormat {
    /// What failed, and why
    Human,
    /// Data: every scenario
    Json,
}

/// What to read a case with.
#[derive(Debug, Args)]
pub(super) struct Under {
    /// The policy: a folder with `policy.duly`, or a file
    #[arg(long, short, value_name = "POLICY")]
    pub(super) policy: PathBuf,
    /// The day for which to answer, as YYYY-MM-DD [default: today]
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(super) as_of: Option<Date>,
    /// Put another value in place of a reading of the policy
    #[arg(long, value_name = "NAME=VALUE", value_parser = reading)]
    pub(super) read: Vec<(String, String)>,
    /// Where an act may belong to two deadlines, decide neither
    #[arg(long)]
    pub(super) strict: bool,
    #[command(flatten)]
    pub(super) holidays: Holidays,
}

/// Which days are holidays.
#[derive(Debug, Args)]
pub(super) struct Holidays {
    /// Add a table of holidays to the policy's calendar
    #[arg(long = "holidays", value_name = "FILE")]
    pub(super) added: Vec<PathBuf>,
    /// Put a table of holidays in place of the policy's calendar
    #[arg(long = "replace-holidays", value_name = "FILE")]
    pub(super) replaced: Option<PathBuf>,
}

/// `duly due`
#[derive(Debug, Args)]
pub(super) struct Due {
    /// Files of cases (CSV, JSON, JSON lines, text); `-` is standard input
    #[arg(required = true, value_name = "CASES")]
    pub(super) cases: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) under: Under,
    /// Show what was done in time, what is no longer owed and what waits, too
    #[arg(long)]
    pub(super) all: bool,
    /// Show only this rule
    #[arg(long, value_name = "RULE")]
    pub(super) only: Vec<String>,
    /// Show only this case
    #[arg(long, value_name = "ID")]
    pub(super) case: Vec<String>,
    /// The form of the answer [default: human]
    #[arg(long, value_name = "FORMAT")]
    pub(super) format: Option<DueFormat>,
    /// Exit with 1 when something of this kind is found
    #[arg(long, value_name = "WHAT")]
    pub(super) fail_on: Option<FailOn>,
}

/// The forms of answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum DueFormat {
    /// For people: most urgent first
    Human,
    /// Sentences, for a screen reader
    Plain,
    /// Data: everything
    Json,
    /// Data: one line for each deadline
    Csv,
}

/// What makes `duly due` fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOn {
    /// A deadline that is overdue
    Overdue,
}

/// `duly why`
#[derive(Debug, Args)]
pub(super) struct Why {
    /// A file with the case; `-` is standard input
    #[arg(value_name = "CASE")]
    pub(super) case_file: PathBuf,
    /// The rule, and which of its deadlines: `send-report`, `send-report:2`
    #[arg(value_name = "RULE[:NUMBER]")]
    pub(super) rule: String,
    #[command(flatten)]
    pub(super) under: Under,
    /// The case, where the file holds several
    #[arg(long, value_name = "ID")]
    pub(super) case: Option<String>,
    /// The deadline whose start has this `ref`
    #[arg(long = "ref", value_name = "REF")]
    pub(super) reference: Option<String>,
    /// The stage of a ladder
    #[arg(long, value_name = "NUMBER")]
    pub(super) stage: Option<u16>,
    /// The part of a rule
    #[arg(long, value_name = "PART")]
    pub(super) part: Option<PartName>,
    /// Explain why it is not this date
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(super) not: Option<Date>,
    /// The form of the explanation
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(super) format: WhyFormat,
}

/// The forms of explanations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum WhyFormat {
    /// Sentences, each with what it rests on
    Text,
    /// Data
    Json,
}

/// The parts of a rule, as scenarios name them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum PartName {
    /// The answer owed at a stage
    Answer,
    /// The approval owed at a stage
    Approval,
    /// The cap of a ladder
    Cap,
    /// The judgement a trigger asks for
    Judgement,
    /// The review a trigger brings forward
    Review,
    /// The opening of a ladder that an event calls for
    Opening,
}

impl PartName {
    /// The word for it.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Answer => "answer",
            Self::Approval => "approval",
            Self::Cap => "cap",
            Self::Judgement => "judgement",
            Self::Review => "review",
            Self::Opening => "opening",
        }
    }
}

/// `duly rule`
#[derive(Debug, Args)]
pub(super) struct Page {
    /// The code or the name of a finding, such as `E0001` or `syntax-error`
    pub(super) code: Option<String>,
}

/// `duly completions`
#[derive(Debug, Args)]
pub(super) struct Completions {
    /// The shell
    pub(super) shell: clap_complete::Shell,
}

/// The script with which a shell completes commands.
pub(super) fn completions(shell: clap_complete::Shell) -> String {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Line::command(), "duly", &mut script);
    String::from_utf8_lossy(&script).into_owned()
}

/// Why the command line was not understood, or was answered at once (`--help`).
pub(super) struct Refused {
    /// What to show.
    pub(super) text: String,
    /// The same with escapes for colour.
    pub(super) coloured: String,
    /// Whether it is a mistake, and not something that was asked for.
    pub(super) mistake: bool,
}

/// Reads the command line.
pub(super) fn parse(arguments: Vec<OsString>) -> Result<Line, Refused> {
    Line::try_parse_from(arguments).map_err(|error| {
        let rendered = error.render();
        Refused {
            text: rendered.to_string(),
            coloured: rendered.ansi().to_string(),
            mistake: error.use_stderr(),
        }
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
