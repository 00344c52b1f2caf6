//! Cases in the notation of the language, the one that scenarios use:
//!
//! ```text
//! case child-a
//! 2026-01-05 became-looked-after
//! 2026-03-01 placed miles 40 setting foster   # a comment
//! ```
//!
//! A file of one case may do without the `case` line; the case is then called as the file is.

use super::rows::{Row, RowError};
use super::{Cases, Draft, Seen};
use crate::diagnostic::{Code, Diagnostic};
use crate::policy::Policy;
use crate::source::Source;
use crate::syntax::ast::{DateLiteral, Fact, Value};
use crate::syntax::{parse_fact_line, parse_timeline};

/// What the case of a file is called when neither the text nor the file has a name for it.
const NAMELESS: &str = "case";

/// Reads every case.
///
/// The parser is given one line at a time, so that each mistake belongs to the case it stands in.
pub(super) fn read(policy: &Policy, name: &str, text: &str) -> Cases {
    let mut cases = Cases::default();
    let mut drafts: Vec<Draft> = Vec::new();
    let mut before = Draft { case: name_of_file(name).to_owned(), ..Draft::default() };
    for (text, number) in text.lines().zip(1..) {
        let source = Source::new(name, text);
        let (parsed, problems) = parse_timeline(&source);
        if begins_case(text) {
            let case = parsed.iter().find_map(|(name, _)| name.as_ref());
            drafts.push(Draft {
                case: case.map(|case| case.node.clone()).unwrap_or_default(),
                line: number,
                ..Draft::default()
            });
        }
        let draft = drafts.last_mut().unwrap_or(&mut before);
        let errors = draft.errors.len();
        let problems = problems.iter().map(|problem| described(number, text, problem));
        draft.errors.extend(problems);
        if draft.errors.len() == errors {
            let facts = parsed.iter().flat_map(|(_, facts)| facts);
            draft.rows.extend(facts.map(|fact| row(number, fact)));
        }
    }
    let lines = before.rows.iter().map(|row| row.line);
    let lines = lines.chain(before.errors.iter().map(|error| error.line));
    match lines.min() {
        Some(line) if drafts.is_empty() => {
            before.line = line;
            drafts.push(before);
        }
        Some(line) => cases.errors.push(
            RowError::new(line, "there are events above the first `case` line")
                .help("begin each case with a line such as `case child-a`"),
        ),
        None => {}
    }
    let mut seen = Seen::default();
    for mut draft in drafts {
        seen.note(&mut draft);
        cases.cases.push(draft.finish(policy));
    }
    cases
}

/// Reads one event line as the row of a case: the line is given the number.
pub(super) fn read_line(number: u32, text: &str) -> Result<Row, RowError> {
    let source = Source::new("line", text);
    match parse_fact_line(&source) {
        Ok(fact) => Ok(row(number, &fact)),
        Err(problems) => Err(problems.iter().next().map_or_else(
            || RowError::new(number, "there is no event here"),
            |problem| described(number, text, problem),
        )),
    }
}

/// Whether a line is one that begins a case, be its name readable or not.
fn begins_case(line: &str) -> bool {
    let rest = line.trim_start().strip_prefix("case");
    rest.is_some_and(|rest| !rest.starts_with(|next: char| next.is_alphanumeric() || next == '-'))
}

/// The name of a file without its folders and its ending.
fn name_of_file(path: &str) -> &str {
    let name = path.rsplit(['/', '\\']).next().unwrap_or_default();
    match name.rsplit_once('.').map_or(name, |(stem, _)| stem) {
        "" | "-" => NAMELESS,
        stem => stem,
    }
}

/// What the parser found wrong with a line.
fn described(number: u32, line: &str, problem: &Diagnostic) -> RowError {
    if begins_case(line) {
        return RowError::new(number, "a case is called by one word: `case child-a`").field("case");
    }
    let mut error = RowError::new(number, &problem.message);
    let first = line.len() - line.trim_start().len();
    if problem.code == Code::ImpossibleDate && problem.span().start as usize == first {
        error = error.field("date");
    }
    // What is said of a date says how to write it.
    let fix = problem.fix.as_ref().filter(|_| problem.code != Code::ImpossibleDate);
    match problem.help.first().or(fix.map(|fix| &fix.description)) {
        Some(help) => error.help(help),
        None if problem.code == Code::SyntaxError => error.help(
            "write a date, an event, then each attribute and its value: `2026-03-01 placed miles 40`",
        ),
        None => error,
    }
}

/// The row of an event line.
fn row(line: u32, fact: &Fact) -> Row {
    let date = |date: &DateLiteral| format!("{:04}-{:02}-{:02}", date.year, date.month, date.day);
    let text = |value: &Value| match value {
        Value::YesNo(true) => "yes".to_owned(),
        Value::YesNo(false) => "no".to_owned(),
        Value::Date(it) => date(it),
        Value::Number(text) | Value::Word(text) | Value::Text(text) => text.clone(),
    };
    Row {
        line,
        date: date(&fact.date.node),
        event: fact.event.node.clone(),
        pairs: fact
            .attributes
            .iter()
            .map(|(name, value)| (name.node.clone(), text(&value.node)))
            .collect(),
    }
}
