//! What can be typed after `duly report`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::forms::{Form, form};
use super::{Under, date, number};
use crate::calendar::Date;

/// `duly report`
#[derive(Debug, Args)]
pub(in crate::cli) struct Report {
    /// Files of cases (CSV, JSON, JSON lines, text), or folders, of which the files that look like cases are
    /// read; `-` is standard input
    #[arg(required = true, value_name = "CASES")]
    pub(in crate::cli) cases: Vec<PathBuf>,
    #[command(flatten)]
    pub(in crate::cli) under: Under,
    /// The first day to count, as YYYY-MM-DD [default: the first of the month eleven months before]
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(in crate::cli) from: Option<Date>,
    /// The last day to count [default: the as-of day]
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(in crate::cli) to: Option<Date>,
    /// How many days ahead to look for what is due next
    #[arg(long, value_name = "DAYS", default_value_t = 28, value_parser = number::<u16>)]
    pub(in crate::cli) next: u16,
    /// Name so many of the deadlines that have been overdue for longest, with their case
    #[arg(long, value_name = "NUMBER", default_value_t = 0, value_parser = number::<usize>)]
    pub(in crate::cli) list: usize,
    /// Count only this case
    #[arg(long, value_name = "ID")]
    pub(in crate::cli) case: Vec<String>,
    /// Show only the tables of this name (or of names that begin with it)
    #[arg(long, value_name = "TABLE")]
    pub(in crate::cli) table: Vec<String>,
    /// Put the report into this file, in the form of its ending: .html, .xlsx, .md, .csv, .json or .txt. May
    /// be given several times. Its folder is made if there is none
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) out: Vec<PathBuf>,
    /// The form: human, markdown, csv, json, html or xlsx; with `=FILE` it is written there. May be given
    /// several times. `csv=FOLDER` writes a file for each table. Folders are made if there are none
    /// [default: by the ending of `--out`, or else human]
    #[arg(long, value_name = "FORMAT[=FILE]", value_parser = form::<ReportFormat>)]
    pub(in crate::cli) format: Vec<Form<ReportFormat>>,
}

/// The forms of reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum ReportFormat {
    /// For people: tables with small bars
    #[value(alias = "text")]
    Human,
    /// Tables for a document
    Markdown,
    /// Data: each figure on a line; into a folder, each table in a file
    Csv,
    /// Data: everything
    Json,
    /// One page with charts that needs nothing else
    Html,
    /// An Excel workbook, a sheet for each table
    #[value(alias = "excel")]
    Xlsx,
}

/// The endings of files, and the form that each names. The first of a form is the usual one.
const ENDINGS: &[(&str, ReportFormat)] = &[
    ("html", ReportFormat::Html),
    ("htm", ReportFormat::Html),
    ("xlsx", ReportFormat::Xlsx),
    ("md", ReportFormat::Markdown),
    ("markdown", ReportFormat::Markdown),
    ("csv", ReportFormat::Csv),
    ("json", ReportFormat::Json),
    ("txt", ReportFormat::Human),
];

impl ReportFormat {
    /// The form that the ending of a file names.
    pub(in crate::cli) fn of_ending(ending: &str) -> Option<Self> {
        let known = ENDINGS.iter().find(|(known, _)| ending.eq_ignore_ascii_case(known));
        known.map(|(_, format)| *format)
    }

    /// The usual ending of each form, with its dot.
    pub(in crate::cli) fn endings() -> impl Iterator<Item = String> {
        let usual = |form| ENDINGS.iter().find(|(_, known)| known == form);
        Self::value_variants().iter().filter_map(usual).map(|(ending, _)| format!(".{ending}"))
    }

    /// The word for it on the command line.
    pub(in crate::cli) fn name(self) -> String {
        self.to_possible_value().map(|word| word.get_name().to_owned()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum as _;

    use super::ReportFormat;

    #[test]
    fn every_form_has_an_ending() {
        for format in ReportFormat::value_variants() {
            let named = |ending: &String| {
                ReportFormat::of_ending(ending.trim_start_matches('.')) == Some(*format)
            };
            assert_eq!(ReportFormat::endings().filter(named).count(), 1, "{format:?}");
        }
        assert_eq!(ReportFormat::of_ending("HTML"), Some(ReportFormat::Html));
        assert_eq!(ReportFormat::of_ending("pdf"), None);
    }

    #[test]
    fn a_workbook_may_be_called_what_people_call_it() {
        for name in ["xlsx", "excel", "Excel"] {
            assert!(matches!(ReportFormat::from_str(name, true), Ok(ReportFormat::Xlsx)), "{name}");
        }
    }
}
