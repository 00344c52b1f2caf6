//! The one notation for events outside policy files: timelines, and what is typed at a prompt.

use crate::diagnostic::Problems;
use crate::source::{Source, Spanned};

use super::ast::{Fact, Name, ReadingValue};
use super::grammar::{self, Rule};
use super::lower::Lowering;
use super::read;
use super::scan::{Token, scan};

/// The cases of a timeline with their events; events before the first `case` belong to no named one.
pub type Cases = Vec<(Option<Name>, Vec<Fact>)>;

/// Reads one event line, such as `2026-03-01 placed miles 40 ref a`.
///
/// An empty text is an error; a comment may follow the event.
pub fn parse_fact_line(line: &Source) -> Result<Fact, Problems> {
    let tokens = scan(&line.text).tokens;
    whole(line, &tokens, Rule::fact_line, "an event line", Lowering::fact_line)
}

/// Reads the value of a reading as it is typed: `3 months`, `working days`, `the first meeting`.
///
/// Places in the value and in the problems are places in the text.
pub fn parse_reading_value(text: &str) -> Result<Spanned<ReadingValue>, Problems> {
    let source = Source::new("reading", text);
    let tokens = scan(&source.text).tokens;
    whole(&source, &tokens, Rule::typed_reading, "a value", Lowering::typed_reading)
}

/// Reads a timeline: event lines, and `case NAME` lines that say whose they are.
///
/// Each line is read by itself, so one that cannot be read does not lose the others.
pub fn parse_timeline(source: &Source) -> (Cases, Problems) {
    let scanned = scan(&source.text);
    let mut cases = Cases::new();
    let mut problems = Problems::new();
    for line in scanned.tokens.chunk_by(|_, next| !next.first) {
        if line.first().is_some_and(|first| first.text == "case") {
            let name = read(source, line, Rule::case_line, &mut problems, |_, node| {
                let name = node.find(Rule::loose_word)?;
                Some(Name::new(name.text().to_owned(), name.span()))
            });
            // The events that follow an unreadable name still belong together.
            cases.push((name, Vec::new()));
            continue;
        }
        let fact = read(source, line, Rule::fact_line, &mut problems, Lowering::fact_line);
        if cases.is_empty() {
            cases.push((None, Vec::new()));
        }
        if let (Some(fact), Some((_, facts))) = (fact, cases.last_mut()) {
            facts.push(fact);
        }
    }
    problems.sort();
    (cases, problems)
}

/// Reads some tokens that must be right as a whole.
fn whole<T>(
    source: &Source,
    tokens: &[Token<'_>],
    rule: Rule,
    what: &str,
    lower: impl FnOnce(&mut Lowering, &grammar::Node<'_>) -> Option<T>,
) -> Result<T, Problems> {
    let mut problems = Problems::new();
    let read = read(source, tokens, rule, &mut problems, lower);
    problems.sort();
    match read {
        Some(read) if problems.is_empty() => Ok(read),
        _ => {
            if problems.is_empty() {
                problems.push(super::report::nothing_there(what, source.span()));
            }
            Err(problems)
        }
    }
}
