//! A policy kept parsed, so that a reading can be switched without reading the file again.

use std::sync::Arc;

use super::Refusal;
use crate::check::{Calendars, Switches, check};
use crate::diagnostic::printable::one_line;
use crate::diagnostic::{Problems, Severity, list};
use crate::policy::{Policy, Reading};
use crate::syntax::ast::{Declaration, ReadingValue};
use crate::syntax::{Parsed, ast, parse_reading_value};

/// A policy as it was read, without its scenarios, and what it compiles to as it stands.
#[derive(Debug)]
pub struct Book {
    name: String,
    file: ast::File,
    calendars: Calendars,
    plain: Arc<Policy>,
}

impl Book {
    /// Compiles a policy that was read; where it is unsound, everything that is wrong with it.
    ///
    /// The name is what the user calls it: where it was read from.
    pub fn new(
        name: impl Into<String>,
        parsed: Parsed,
        calendars: Calendars,
    ) -> Result<Self, Problems> {
        let Parsed { mut file, mut problems, .. } = parsed;
        // A case has no use for scenarios, and compiling them takes longer than all the rest.
        file.declarations.retain(|one| !matches!(one, Declaration::Scenario(_)));
        let checked = check(&file, &calendars, &Switches::default());
        problems.extend(checked.problems);
        problems.sort();
        match checked.policy {
            Some(plain) if !problems.has_errors() => {
                Ok(Self { name: name.into(), file, calendars, plain: Arc::new(plain) })
            }
            _ => Err(problems),
        }
    }

    /// What the user calls it: where it was read from.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The policy with its own readings.
    pub fn policy(&self) -> &Arc<Policy> {
        &self.plain
    }

    /// The reading of a name, or what was probably meant.
    pub fn reading(&self, name: &str) -> Result<&Reading, Refusal> {
        let found = self.plain.readings.iter().find(|reading| reading.name == name);
        found.ok_or_else(|| {
            let refusal = Refusal::new(format!("the policy has no reading `{}`", one_line(name)));
            let names = self.plain.readings.iter().map(|reading| reading.name.as_str());
            if self.plain.readings.is_empty() {
                refusal.help("it has no readings at all")
            } else {
                refusal.near(name, names, "it has")
            }
        })
    }

    /// Reads the value of a reading as it is typed.
    pub(super) fn value(&self, name: &str, text: &str) -> Result<ReadingValue, Refusal> {
        let reading = self.reading(name)?;
        parse_reading_value(text).map(|value| value.node).map_err(|problems| {
            let what = problems.iter().next().map_or("", |problem| &problem.message);
            unfit(reading, text, what)
        })
    }

    /// Compiles the policy with readings switched. The names and the texts are those that were
    /// switched, the last one last: where the policy is not sound any more, it is to blame.
    pub(super) fn compile(
        &self,
        switches: &Switches,
        last: (&str, &str),
    ) -> Result<Arc<Policy>, Refusal> {
        if switches.is_empty() {
            return Ok(Arc::clone(&self.plain));
        }
        let checked = check(&self.file, &self.calendars, switches);
        checked.policy.map(Arc::new).ok_or_else(|| {
            let wrong =
                checked.problems.iter().find(|problem| problem.severity() == Severity::Error);
            let what = wrong.map_or("", |problem| &problem.message);
            match self.reading(last.0) {
                Ok(reading) => unfit(reading, last.1, what),
                Err(refusal) => refusal,
            }
        })
    }
}

/// A value that does not fit its reading, with those that the policy lists.
fn unfit(reading: &Reading, text: &str, what: &str) -> Refusal {
    let values = std::iter::once(&reading.chosen).chain(&reading.others);
    Refusal::new(format!("`{}` cannot be read as `{}`: {what}", reading.name, one_line(text)))
        .help(format!("the policy lists {}", list(values)))
}
