//! What can be typed after `duly why`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{Under, date};
use crate::calendar::Date;

/// `duly why`
#[derive(Debug, Args)]
pub(in crate::cli) struct Why {
    /// A file with the case; `-` is standard input
    #[arg(value_name = "CASE")]
    pub(in crate::cli) case_file: PathBuf,
    /// The rule, and which of its deadlines: `send-report`, `send-report:2`
    #[arg(value_name = "RULE[:NUMBER]")]
    pub(in crate::cli) rule: String,
    #[command(flatten)]
    pub(in crate::cli) under: Under,
    /// The case, where the file holds several
    #[arg(long, value_name = "ID")]
    pub(in crate::cli) case: Option<String>,
    /// The deadline whose start has this `ref`
    #[arg(long = "ref", value_name = "REF")]
    pub(in crate::cli) reference: Option<String>,
    /// The stage of a ladder
    #[arg(long, value_name = "NUMBER")]
    pub(in crate::cli) stage: Option<u16>,
    /// The part of a rule
    #[arg(long, value_name = "PART")]
    pub(in crate::cli) part: Option<PartName>,
    /// Explain why it is not this date
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(in crate::cli) not: Option<Date>,
    /// The form of the explanation
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(in crate::cli) format: WhyFormat,
}

/// The forms of explanations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum WhyFormat {
    /// Sentences, each with what it rests on
    #[value(alias = "text")]
    Human,
    /// Data
    Json,
}

/// The parts of a rule, as scenarios name them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum PartName {
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
    pub(in crate::cli) const fn word(self) -> &'static str {
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
