//! Findings for other programs: code scanning, annotations, test reports, the summary of a pull request.
//!
//! Each form takes the same [`Sheet`]s, one for each file that was examined, whether or not anything
//! was found in it: a report in which a file is missing looks like one in which it is clean.

mod fingerprint;
mod github;
mod junit;
mod markdown;
mod sarif;

pub use github::annotations;
pub use junit::junit;
pub use markdown::summary;
pub use sarif::sarif;

use crate::diagnostic::{Applicability, Diagnostic, Problems, Severity};
use crate::render::count;
use crate::source::{LineIndex, Source, Span};

/// One file with everything found in it.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// The file.
    pub source: Source,
    /// Where it is, with forward slashes: from the root of the repository, or from the root of the
    /// machine where it lies outside.
    pub path: String,
    /// What was found.
    pub problems: Problems,
    /// What was found and the policy means to live with.
    pub accepted: Vec<Accepted>,
}

/// A finding that the policy means to live with.
#[derive(Debug, Clone)]
pub struct Accepted {
    /// The finding.
    pub finding: Diagnostic,
    /// Why, as the policy says.
    pub reason: String,
}

/// How much was examined, and how much was found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Policies examined.
    pub policies: usize,
    /// Scenarios read.
    pub scenarios: usize,
    /// Errors found.
    pub errors: usize,
    /// Warnings found.
    pub warnings: usize,
    /// Pieces of advice given.
    pub advice: usize,
    /// Findings that the policies mean to live with.
    pub accepted: usize,
    /// Findings with a change that is safe to make.
    pub safe: usize,
    /// Findings with a change that somebody has to look at.
    pub to_look_at: usize,
}

impl Tally {
    /// Counts what stands on the sheets.
    pub fn new(policies: usize, scenarios: usize, sheets: &[Sheet]) -> Self {
        let mut tally = Self { policies, scenarios, ..Self::default() };
        for sheet in sheets {
            tally.errors += sheet.problems.count(Severity::Error);
            tally.warnings += sheet.problems.count(Severity::Warning);
            tally.advice += sheet.problems.count(Severity::Advice);
            tally.accepted += sheet.accepted.len();
            for fix in sheet.problems.iter().filter_map(|problem| problem.fix.as_ref()) {
                match fix.applicability {
                    Applicability::Safe => tally.safe += 1,
                    Applicability::Unsafe => tally.to_look_at += 1,
                }
            }
        }
        tally
    }

    /// What was examined: `2 policies, 34 scenarios`.
    pub fn examined(&self) -> String {
        let policies = match self.policies {
            1 => "1 policy".to_owned(),
            more => format!("{more} policies"),
        };
        format!("{policies}, {}", count(self.scenarios as i32, "scenario"))
    }

    /// What was found: `1 error, 2 warnings`.
    pub fn found(&self) -> String {
        let advice = match self.advice {
            1 => "1 piece of advice".to_owned(),
            more => format!("{more} pieces of advice"),
        };
        let parts = [
            (self.errors, count(self.errors as i32, "error")),
            (self.warnings, count(self.warnings as i32, "warning")),
            (self.advice, advice),
        ];
        let parts: Vec<_> =
            parts.into_iter().filter(|(number, _)| *number > 0).map(|(_, words)| words).collect();
        let found =
            if parts.is_empty() { "nothing to report".to_owned() } else { parts.join(", ") };
        match self.accepted {
            0 => found,
            some => format!("{found}, {}", count(some as i32, "accepted finding")),
        }
    }

    /// What else could be changed: before the safe changes are made those, afterwards the others.
    /// Nothing where no finding offers a change.
    pub fn changes(&self, fixed: bool) -> Option<String> {
        match (fixed, self.safe, self.to_look_at) {
            (false, 0, _) | (true, _, 0) => None,
            (false, safe, _) => {
                let found = self.errors + self.warnings + self.advice;
                let which = match (safe, found - safe) {
                    (1, 0) => "it".to_owned(),
                    (_, 0) => "all of them".to_owned(),
                    (1, _) => "one of them".to_owned(),
                    _ => format!("{safe} of them"),
                };
                Some(format!("`duly check --fix` puts {which} right."))
            }
            (true, _, 1) => Some(
                "1 other change must be looked at: `--fix --unsafe-fixes` makes it.".to_owned(),
            ),
            (true, _, others) => Some(format!(
                "{others} other changes must be looked at: `--fix --unsafe-fixes` makes them."
            )),
        }
    }
}

/// A place in lines and columns, both from 1; the end lies just after the last character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Region {
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
}

impl Region {
    fn new(index: &LineIndex, span: Span) -> Self {
        let (start, end) = (index.location(span.start), index.location(span.end));
        Self { line: start.line, column: start.column, end_line: end.line, end_column: end.column }
    }
}

/// A phrase as a sentence.
fn sentence(phrase: &str) -> String {
    super::text::sentence(phrase)
}

/// Everything said about a finding beside its message: labels elsewhere, notes, the example and help,
/// a sentence each.
fn remarks(problem: &Diagnostic) -> Vec<String> {
    let mut remarks: Vec<String> = problem.notes.iter().map(|note| sentence(note)).collect();
    if let Some(witness) = &problem.witness {
        let days: Vec<_> = witness
            .steps
            .iter()
            .map(|step| format!("{}: {}", super::day(step), super::one_line(&step.text)))
            .collect();
        remarks.push(sentence(&format!("for example, {}", days.join("; "))));
    }
    remarks.extend(problem.help.iter().map(|help| sentence(help)));
    remarks
}

#[cfg(test)]
mod tests;
