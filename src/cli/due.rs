//! `duly due`: what is due in cases, from whom, by when.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::args::{Due, DueFormat, FailOn, Under};
use super::faults::{self, Fault};
use super::fs::{self, CliError, Printer};
use super::{ExitStatus, policy};
use crate::calendar::Date;
use crate::cases::{CaseResult, Format, Read, RowError, read_cases};
use crate::diagnostic::printable::one_line;
use crate::diagnostic::{list, nearest};
use crate::eval::{Matching, Outcome, Status, Timeline, evaluate_with};
use crate::policy::{Policy, RuleId};
use crate::render::{
    Answer, CSV_HEADER, Extent, answer_human, answer_json, answer_plain, count, csv_rows,
};

/// The name of the form of the data; its number changes when a reader of the old one would go wrong.
const SCHEMA: &str = "duly.due/1";

/// What has been answered so far.
struct Run<'a> {
    command: &'a Due,
    policy: &'a Policy,
    as_of: Date,
    format: DueFormat,
    only: Vec<RuleId>,
    /// The cases as data, for the form that needs them all.
    data: Vec<Value>,
    /// What could not be read, as data.
    refused: Vec<Value>,
    /// In which file each case was found.
    seen: BTreeMap<String, String>,
    answered: usize,
    faulty: usize,
    unread: usize,
    overdue: bool,
}

pub(super) fn run(command: &Due, printer: &mut Printer) -> Result<ExitStatus, CliError> {
    let files = case_files(&command.cases)?;
    let loaded = policy::load_under(&command.under)?;
    let Some(policy) = loaded.policy(printer)? else {
        return Ok(ExitStatus::Found);
    };
    let mut run = Run {
        command,
        policy,
        as_of: as_of(&command.under),
        format: command.format.unwrap_or_else(super::usual_due_format),
        only: rules(policy, &command.only)?,
        data: Vec::new(),
        refused: Vec::new(),
        seen: BTreeMap::new(),
        answered: 0,
        faulty: 0,
        unread: 0,
        overdue: false,
    };
    if run.format == DueFormat::Csv {
        printer.print(&format!("{}\r\n", CSV_HEADER.join(",")))?;
        printer.note(&format!("As of {}.", run.as_of.long()))?;
    }
    for path in &files {
        run.file(path, printer)?;
    }
    run.finish(printer)
}

impl Run<'_> {
    fn file(&mut self, path: &Path, printer: &mut Printer) -> Result<(), CliError> {
        let bytes = fs::read(path)?;
        let file = fs::shown(path);
        let format = Format::of(&file, &bytes);
        let cases = read_cases(self.policy, &file, &bytes, format);
        for notice in &cases.notices {
            printer.note(&format!("{file}: {}", one_line(notice)))?;
        }
        if cases.is_empty() && cases.errors.is_empty() {
            printer.note(&format!("{file}: there is no case in it"))?;
        }
        self.unread += usize::from(!cases.errors.is_empty());
        let mut faults: Vec<Fault> =
            cases.errors.into_iter().map(|error| (String::new(), error)).collect();
        let (mut warnings, mut read) = (Vec::new(), Vec::new());
        for case in cases.cases {
            let wanted = &self.command.case;
            if !wanted.is_empty() && !wanted.contains(&case.case) {
                continue;
            }
            match self.timeline(&file, &case) {
                Ok(sound) => {
                    let own = sound.warnings.iter().cloned();
                    warnings.extend(own.map(|warning| (case.case.clone(), warning)));
                    read.push(sound.timeline);
                }
                Err(errors) => {
                    self.faulty += 1;
                    faults.extend(errors.into_iter().map(|error| (case.case.clone(), error)));
                }
            }
        }
        faults::tell(&file, &self.policy.header.name, &faults, printer)?;
        faults::warn(&file, &warnings, printer)?;
        self.refused.extend(faults.iter().map(|fault| fault_json(&file, fault)));
        for timeline in &read {
            self.answer(timeline, printer)?;
        }
        Ok(())
    }

    /// The events of a case, unless something is wrong with it.
    fn timeline(&mut self, file: &str, case: &CaseResult) -> Result<Read, Vec<RowError>> {
        let earlier = self.seen.insert(case.case.clone(), file.to_owned());
        if let Some(earlier) = earlier.filter(|earlier| earlier != file) {
            return Err(vec![RowError {
                line: case.line,
                field: None,
                message: format!("this case is in `{earlier}` already"),
                help: Some("all the events of a case stand together in one file".to_owned()),
            }]);
        }
        case.outcome.clone()
    }

    fn answer(&mut self, timeline: &Timeline, printer: &mut Printer) -> Result<(), CliError> {
        let mut outcome =
            evaluate_with(self.policy, timeline, self.as_of, matching(&self.command.under));
        narrow(&mut outcome, &self.only);
        self.overdue |= outcome.deadlines.iter().any(|deadline| deadline.status == Status::Overdue);
        let answer = Answer { policy: self.policy, timeline, outcome: &outcome };
        let extent = if self.command.all { Extent::All } else { Extent::Open };
        let air = if self.answered > 0 { "\n" } else { "" };
        self.answered += 1;
        match self.format {
            DueFormat::Human => {
                let text = answer_human(&answer, extent, &printer.style);
                printer.print(&format!("{air}{text}"))
            }
            DueFormat::Plain => {
                let text = answer_plain(&answer, extent);
                printer.print(&format!("{air}{text}"))
            }
            DueFormat::Csv => printer.print(&csv_rows(&answer)),
            DueFormat::Json => {
                self.data.push(answer_json(&answer));
                Ok(())
            }
        }
    }

    fn finish(self, printer: &mut Printer) -> Result<ExitStatus, CliError> {
        if self.format == DueFormat::Json {
            let header = &self.policy.header;
            let all = json!({
                "schema": SCHEMA,
                "as_of": self.as_of,
                "policy": {
                    "name": header.name,
                    "title": header.title,
                    "authority": header.authority,
                    "source": header.source,
                    "calendar": self.policy.calendar.name(),
                    "calendar_until": self.policy.calendar.covered().1,
                },
                "cases": self.data,
                "errors": self.refused,
            });
            printer.print(&format!("{all:#}\n"))?;
        }
        let mut parts = Vec::new();
        if self.faulty > 0 {
            parts.push(count(self.faulty as i32, "case"));
        }
        if self.unread > 0 {
            parts.push(count(self.unread as i32, "file"));
        }
        let faults = !parts.is_empty();
        if faults {
            let answered = match self.answered {
                0 => "none was answered".to_owned(),
                some => format!("{some} answered"),
            };
            let stand = if self.faulty + self.unread == 1 { "it stands" } else { "they stand" };
            printer.note(&format!(
                "\n{} could not be read as {stand}, {answered}; as of {}.",
                parts.join(" and "),
                self.as_of.long()
            ))?;
        } else if self.answered == 0 {
            printer.note(&if self.command.case.is_empty() {
                "error: there was no case to answer".to_owned()
            } else {
                let wanted = self.command.case.iter().map(|case| one_line(case));
                format!("error: none of the files has the case {}", list(wanted))
            })?;
        }
        let late = self.overdue && self.command.fail_on == Some(FailOn::Overdue);
        Ok(ExitStatus::found(faults || self.answered == 0 || late))
    }
}

/// Keeps only the rules that were asked for; where none was, all of them.
pub(super) fn narrow(outcome: &mut Outcome, only: &[RuleId]) {
    if only.is_empty() {
        return;
    }
    let wanted = |rule: RuleId| only.contains(&rule);
    outcome.deadlines.retain(|deadline| wanted(deadline.rule));
    outcome.findings.retain(|finding| wanted(finding.rule));
    outcome.standings.retain(|standing| wanted(standing.rule));
    outcome.strays.retain(|(rule, ..)| wanted(*rule));
    outcome.ahead.clear();
}

/// What is wrong with a case, as data.
fn fault_json(file: &str, (case, error): &Fault) -> Value {
    json!({
        "file": file,
        "case": (!case.is_empty()).then_some(case),
        "line": (error.line > 0).then_some(error.line),
        "field": error.field,
        "message": error.message,
        "help": error.help,
    })
}

/// The day for which to answer; the clock is asked only here.
pub(super) fn as_of(under: &Under) -> Date {
    under.as_of.unwrap_or_else(Date::today)
}

/// What to make of an act that may belong to two deadlines.
pub(super) fn matching(under: &Under) -> Matching {
    if under.strict { Matching::Strict } else { Matching::Lenient }
}

/// The rules of these names.
pub(super) fn rules(policy: &Policy, names: &[String]) -> Result<Vec<RuleId>, CliError> {
    names.iter().map(|name| rule(policy, name)).collect()
}

/// The rule of a name, or what was probably meant.
pub(super) fn rule(policy: &Policy, name: &str) -> Result<RuleId, CliError> {
    policy.find_rule(name).ok_or_else(|| {
        let names = policy.rules.iter().map(|rule| rule.name.as_str());
        let error = CliError::new(format!(
            "the policy `{}` has no rule `{}`",
            policy.header.name,
            one_line(name)
        ));
        match nearest(name, names.clone()) {
            Some(near) => error.help(format!("did you mean `{near}`?")),
            None => error.help(format!("it has {}", list(names))),
        }
    })
}

/// The files of cases at the paths; of a folder, those in it.
pub(super) fn case_files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, CliError> {
    const ENDINGS: &[&str] = &["csv", "tsv", "json", "jsonl", "ndjson", "txt", "duly"];
    let mut files = Vec::new();
    for path in paths {
        if !fs::is_folder(path) {
            files.push(path.clone());
            continue;
        }
        let before = files.len();
        files.extend(fs::entries(path)?.into_iter().filter(|file| {
            let ending = file.extension().and_then(|ending| ending.to_str());
            fs::is_file(file) && ending.is_some_and(|ending| ENDINGS.contains(&ending))
        }));
        if files.len() == before {
            return Err(CliError::new(format!(
                "there is no file of cases in the folder `{}`",
                fs::shown(path)
            ))
            .help(format!("they end in {}", list(ENDINGS))));
        }
    }
    Ok(files)
}
