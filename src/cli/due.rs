//! `duly due`: what is due in cases, from whom, by when.

use std::path::Path;

use serde_json::{Value, json};

use super::args::{Due, DueFormat, FailOn, Paper, Under};
use super::bulk::{self, Load, OnFault, Taker, Tally};
use super::caseload::case_files;
use super::faults::Fault;
use super::fs::{self, CliError, Printer};
use super::{ExitStatus, policy};
use crate::calendar::Date;
use crate::diagnostic::printable::one_line;
use crate::diagnostic::way_on;
use crate::eval::{Deadline, Evaluator, Matching, Outcome, Status, Timeline};
use crate::policy::{Policy, RuleId};
use crate::render::{
    Answer, Columns, CsvLines, Extent, Style, answer_human, answer_json, answer_plain, count,
    questions_json, questions_text,
};
use crate::search::questions;

/// The name of the form of the data; its number changes when a reader of the old one would go wrong.
const SCHEMA: &str = "duly.due/1";

/// The name of the form of the data in lines.
const SCHEMA_OF_LINES: &str = "duly.due.lines/1";

/// What is asked of each case.
struct Query<'a> {
    command: &'a Due,
    policy: &'a Policy,
    as_of: Date,
    format: DueFormat,
    columns: Columns,
    only: Vec<RuleId>,
    style: Style,
}

/// What was made of a case.
struct Made {
    overdue: bool,
}

impl Made {
    fn of(outcome: &Outcome) -> Made {
        let overdue = |deadline: &Deadline| deadline.status == Status::Overdue;
        Made { overdue: outcome.deadlines.iter().any(overdue) }
    }
}

/// What has been written so far.
struct Page<'a> {
    query: &'a Query<'a>,
    /// How many cases have been written.
    written: usize,
    /// What could not be read, as data, for the form that has it at the end.
    refused: Vec<Value>,
    overdue: bool,
}

pub(super) fn run(
    command: &Due,
    paper: &Paper,
    printer: &mut Printer,
) -> Result<ExitStatus, CliError> {
    let format = format_of(command)?;
    let files = case_files(&command.cases, printer)?;
    let loaded = policy::load_under(&command.under)?;
    let Some(policy) = loaded.policy(printer)? else {
        return Ok(ExitStatus::Found);
    };
    let only = rules(policy, &command.only)?;
    if let Some(out) = &command.out {
        let under = loaded.paths.iter().chain(command.under.holidays.files());
        fs::keep_apart(out, &files.iter().chain(under).collect::<Vec<_>>())?;
        printer.redirect(out, paper)?;
    }
    let query = Query {
        command,
        policy,
        as_of: as_of(&command.under),
        format,
        columns: if command.reasons { Columns::WithReasons } else { Columns::Usual },
        only,
        style: printer.style,
    };
    let on_fault = if command.strict { OnFault::Stop } else { OnFault::GoOn };
    let load = Load { policy, wanted: &command.case, on_fault };
    let mut page = Page { query: &query, written: 0, refused: Vec::new(), overdue: false };
    page.begin(printer)?;
    let work = || {
        let mut evaluator = Evaluator::new(policy, query.as_of, matching(&command.under));
        let mut lines = CsvLines::new(policy, query.columns);
        let query = &query;
        move |timeline: &Timeline, text: &mut Vec<u8>| {
            let outcome = evaluator.evaluate(timeline);
            let (made, outcome) = query.answer(timeline, outcome, &mut lines, text);
            evaluator.take_back(outcome);
            made
        }
    };
    let tally = bulk::run(&load, &files, &work, &mut page, printer)?;
    page.end(&tally, printer)?;
    query.sum_up(&tally, printer)?;
    if tally.stopped {
        return Ok(ExitStatus::Found);
    }
    printer.keep()?;
    let late = page.overdue && command.fail_on == Some(FailOn::Overdue);
    Ok(if late { ExitStatus::Found } else { tally.status() })
}

/// The form of the answer, if it can hold what is asked for.
fn format_of(command: &Due) -> Result<DueFormat, CliError> {
    let ending = command.out.as_deref().and_then(Path::extension).and_then(|it| it.to_str());
    let named = command.format.or_else(|| DueFormat::of_ending(ending?));
    let format = named.unwrap_or_else(super::usual_due_format);
    match format {
        DueFormat::Csv if command.questions => {
            Err(CliError::new("questions are no table, so they cannot be written as CSV")
                .help("`--format json` has all that the text says"))
        }
        DueFormat::Csv => Ok(format),
        _ if command.reasons => Err(CliError::new("`--reasons` is a column of the CSV form")
            .help("add `--format csv`; the other forms say the reasons without being asked")),
        _ => Ok(format),
    }
}

impl Query<'_> {
    /// Writes the answer of a case that came to an outcome.
    fn answer(
        &self,
        timeline: &Timeline,
        mut outcome: Outcome,
        lines: &mut CsvLines<'_>,
        text: &mut Vec<u8>,
    ) -> (Made, Outcome) {
        if self.command.questions {
            self.ask(timeline, &outcome, text);
            return (Made::of(&outcome), outcome);
        }
        narrow(&mut outcome, &self.only);
        let answer = Answer { policy: self.policy, timeline, outcome: &outcome };
        let extent = if self.command.all { Extent::All } else { Extent::Open };
        match self.format {
            DueFormat::Human => text.extend(answer_human(&answer, extent, &self.style).bytes()),
            DueFormat::Plain => text.extend(answer_plain(&answer, extent).bytes()),
            DueFormat::Csv => lines.write(&answer, text),
            DueFormat::Json => text.extend(indented(&answer_json(&answer)).bytes()),
            DueFormat::Jsonl => text.extend(format!("{}\n", answer_json(&answer)).bytes()),
        }
        (Made::of(&outcome), outcome)
    }

    /// Writes what nobody recorded, of a case that was answered.
    fn ask(&self, timeline: &Timeline, outcome: &Outcome, text: &mut Vec<u8>) {
        let mut asked = questions(self.policy, timeline, outcome, matching(&self.command.under));
        if !self.only.is_empty() {
            asked.retain(|one| one.rules(outcome).any(|rule| self.only.contains(&rule)));
        }
        let answer = Answer { policy: self.policy, timeline, outcome };
        let data = || questions_json(&answer, &asked);
        match self.format {
            DueFormat::Json => text.extend(indented(&data()).bytes()),
            DueFormat::Jsonl => text.extend(format!("{}\n", data()).bytes()),
            DueFormat::Human | DueFormat::Plain | DueFormat::Csv => {
                text.extend(questions_text(&answer, &asked, &self.style).bytes());
            }
        }
    }

    /// The day, the policy and its calendar, as data.
    fn told(&self) -> Value {
        let header = &self.policy.header;
        json!({
            "name": header.name,
            "title": header.title,
            "authority": header.authority,
            "source": header.source,
            "calendar": self.policy.calendar.name(),
            "calendar_until": self.policy.calendar.covered().1,
        })
    }

    /// Says aside how many cases were answered, how many not, and why not.
    fn sum_up(&self, tally: &Tally, printer: &mut Printer) -> Result<(), CliError> {
        let as_of = self.as_of.long();
        let absent = tally.tell_absent(printer)?;
        if tally.is_clean() {
            if tally.answered == 0 && !absent {
                printer.note("error: there was no case to answer")?;
            } else if tally.answered > 1 && !self.is_prose() {
                printer.note(&format!("{} cases answered; as of {as_of}.", tally.answered))?;
            }
            return Ok(());
        }
        let mut parts = Vec::new();
        if tally.faulty > 0 {
            parts.push(format!("{}{}", count(tally.faulty as i32, "case"), reasons(tally)));
        }
        if tally.unread > 0 {
            parts.push(count(tally.unread as i32, "file"));
        }
        let answered = match tally.answered {
            0 => "none was answered".to_owned(),
            some => format!("{some} answered"),
        };
        let stand = if tally.faulty + tally.unread == 1 { "it stands" } else { "they stand" };
        let parts = parts.join(" and ");
        printer
            .note(&format!("\n{parts} could not be read as {stand}, {answered}; as of {as_of}."))?;
        if tally.stopped {
            printer.note("Stopped there: what came before it is not the whole answer.")?;
        }
        Ok(())
    }

    /// Whether people read the answer from beginning to end.
    fn is_prose(&self) -> bool {
        matches!(self.format, DueFormat::Human | DueFormat::Plain)
    }
}

/// In which fields the mistakes were, where there is more than one to tell of.
fn reasons(tally: &Tally) -> String {
    const TOLD: usize = 5;
    if tally.faulty < 2 {
        return String::new();
    }
    let mut fields: Vec<(&String, &usize)> = tally.fields.iter().collect();
    fields.sort_by_key(|&(_, number)| std::cmp::Reverse(number));
    let told: usize = fields.iter().take(TOLD).map(|(_, number)| *number).sum();
    let mut parts: Vec<String> = fields
        .iter()
        .take(TOLD)
        .map(|(field, number)| match field.as_str() {
            "" => format!("{number} as a whole"),
            field => format!("{number} for `{field}`"),
        })
        .collect();
    if told < tally.faulty {
        parts.push(format!("{} for others", tally.faulty - told));
    }
    format!(" ({})", parts.join(", "))
}

/// A value as an element of the list of cases.
fn indented(value: &Value) -> String {
    let text = format!("{value:#}");
    let lines: Vec<String> = text.lines().map(|line| format!("    {line}")).collect();
    lines.join("\n")
}

impl Page<'_> {
    /// Writes what stands above the first case.
    fn begin(&self, printer: &mut Printer) -> Result<(), CliError> {
        let query = self.query;
        match query.format {
            DueFormat::Csv => {
                let names: Vec<&str> = query.columns.names().collect();
                printer.print(&format!("{}\r\n", names.join(",")))?;
                printer.note(&format!("As of {}.", query.as_of.long()))
            }
            DueFormat::Jsonl => {
                let head = json!({
                    "schema": SCHEMA_OF_LINES,
                    "as_of": query.as_of,
                    "policy": query.told(),
                });
                printer.print(&format!("{head}\n"))
            }
            // Of JSON the first line is written with the first case, so that no message on a terminal
            // stands in the middle of it.
            DueFormat::Human | DueFormat::Plain | DueFormat::Json => Ok(()),
        }
    }

    /// The beginning of the JSON, up to the cases.
    fn head_of_json(&self) -> String {
        format!("{{\n  \"as_of\": {},\n  \"cases\": [", json!(self.query.as_of))
    }

    /// Writes what stands below the last case, by which a reader knows that the answer is whole. An
    /// answer that was stopped has none.
    fn end(&self, tally: &Tally, printer: &mut Printer) -> Result<(), CliError> {
        if tally.stopped {
            return Ok(());
        }
        let Tally { answered, faulty, unread, .. } = tally;
        match self.query.format {
            DueFormat::Csv => {
                let mut cells = vec![String::new(); self.query.columns.names().count()];
                let told = ["#end".to_owned(), format!("{answered} answered"), not_read(tally)];
                for (cell, told) in cells.iter_mut().zip(told) {
                    *cell = told;
                }
                printer.print(&format!("{}\r\n", cells.join(",")))
            }
            DueFormat::Json => {
                let close = match self.written {
                    0 => self.head_of_json() + "]",
                    _ => "\n  ]".to_owned(),
                };
                let rest = json!({
                    "errors": self.refused,
                    "policy": self.query.told(),
                    "schema": SCHEMA,
                });
                let rest = format!("{rest:#}");
                let rest = rest.strip_prefix('{').unwrap_or_default();
                printer.print(&format!("{close},{rest}\n"))
            }
            DueFormat::Jsonl => {
                let end = json!({ "end": {
                    "answered": answered, "faulty": faulty, "unread_files": unread,
                } });
                printer.print(&format!("{end}\n"))
            }
            DueFormat::Human | DueFormat::Plain if answered + faulty > 1 => {
                let air = if self.written > 0 { "\n" } else { "" };
                let whole = count((answered + faulty) as i32, "case");
                let of = if *faulty > 0 { format!("{answered} of ") } else { String::new() };
                printer.print(&format!("{air}End: {of}{whole} answered.\n"))
            }
            DueFormat::Human | DueFormat::Plain => Ok(()),
        }
    }
}

/// What was not answered, in a few words; nothing where there is none.
fn not_read(tally: &Tally) -> String {
    match (tally.faulty, tally.unread) {
        (0, 0) => String::new(),
        (cases, 0) => format!("{cases} not read"),
        (cases, files) => {
            format!("{cases} not read and {} with mistakes", count(files as i32, "file"))
        }
    }
}

impl Taker<Made> for Page<'_> {
    fn answer(&mut self, made: Made, text: &[u8], printer: &mut Printer) -> Result<(), CliError> {
        self.overdue |= made.overdue;
        match (self.query.format, self.written) {
            (DueFormat::Human | DueFormat::Plain, 1..) => printer.print("\n")?,
            (DueFormat::Json, 0) => printer.print(&(self.head_of_json() + "\n"))?,
            (DueFormat::Json, _) => printer.print(",\n")?,
            _ => {}
        }
        self.written += 1;
        printer.write(text)
    }

    fn answers(
        &mut self,
        made: Vec<(Made, usize)>,
        text: &[u8],
        printer: &mut Printer,
    ) -> Result<(), CliError> {
        if matches!(self.query.format, DueFormat::Csv | DueFormat::Jsonl) {
            // Nothing stands between them.
            self.overdue |= made.iter().any(|(made, _)| made.overdue);
            self.written += made.len();
            return printer.write(text);
        }
        bulk::one_by_one(self, made, text, printer)
    }

    fn refuse(&mut self, file: &str, fault: &Fault, printer: &mut Printer) -> Result<(), CliError> {
        match self.query.format {
            DueFormat::Json => self.refused.push(fault_json(file, fault)),
            DueFormat::Jsonl => {
                let line = json!({ "error": fault_json(file, fault) });
                printer.print(&format!("{line}\n"))?;
            }
            DueFormat::Human | DueFormat::Plain | DueFormat::Csv => {}
        }
        Ok(())
    }
}

/// Keeps only the rules that were asked for; all of them where none was.
pub(super) fn narrow(outcome: &mut Outcome, only: &[RuleId]) {
    if only.is_empty() {
        return;
    }
    let wanted = |rule: RuleId| only.contains(&rule);
    outcome.deadlines.retain(|deadline| wanted(deadline.rule));
    outcome.findings.retain(|finding| wanted(finding.rule));
    outcome.standings.retain(|standing| wanted(standing.rule));
    outcome.strays.retain(|(rule, ..)| wanted(*rule));
    outcome.unclocked.retain(|one| wanted(one.rule));
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
    if under.strict_matching { Matching::Strict } else { Matching::Lenient }
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
        match way_on(name, names, "it has") {
            Some(help) => error.help(help),
            None => error,
        }
    })
}
