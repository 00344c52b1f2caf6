//! Reading policies: from text to the tree of [`ast`].
//!
//! [`parse`] never fails. It reads each declaration by itself, so that a mistake in one costs one
//! message and the others are kept.

pub mod ast;
mod comments;
mod grammar;
mod lower;
mod pieces;
mod report;
mod scan;
mod timeline;
mod words;

pub use comments::Comment;
pub use pieces::{Before, Group, Kind, Piece, pieces};
pub use timeline::{Cases, parse_fact_line, parse_reading_value, parse_timeline};

use crate::diagnostic::{Code, Diagnostic, Problems};
use crate::source::Source;

use grammar::Rule;
use lower::Lowering;
use report::Recovery;
use scan::Item;

/// What was read of a policy file.
#[derive(Debug, Clone, Default)]
pub struct Parsed {
    /// The declarations that could be read.
    pub file: ast::File,
    /// The comments, in the order they stand.
    pub comments: Vec<Comment>,
    /// What is wrong with the text, in the order of the text.
    pub problems: Problems,
}

/// Reads a policy file.
///
/// Where nothing is wrong, the tree says all that the text says. Otherwise it holds what could be
/// understood: whole declarations, less the clauses that could not be read.
pub fn parse(source: &Source) -> Parsed {
    let scanned = scan::scan(&source.text);
    let mut parsed = Parsed { comments: scanned.comments, ..Parsed::default() };
    for item in scan::items(&scanned.tokens) {
        let declaration = parse_item(source, item, &mut parsed.problems);
        parsed.file.declarations.extend(declaration);
    }
    parsed.problems.sort();
    parsed
}

/// Reads one declaration.
fn parse_item(
    source: &Source,
    item: Item<'_, '_>,
    problems: &mut Problems,
) -> Option<ast::Declaration> {
    let first = item.tokens.first()?;
    if let Some(problem) = report::not_a_declaration(item.head, *first, source) {
        problems.push(problem);
        return None;
    }
    read(source, item.tokens, Rule::item, problems, Lowering::declaration)
}

/// Reads some tokens by a rule, leaving out the clauses that cannot be read.
fn read<T>(
    source: &Source,
    tokens: &[scan::Token<'_>],
    rule: Rule,
    problems: &mut Problems,
    lower: impl FnOnce(&mut Lowering, &grammar::Node<'_>) -> Option<T>,
) -> Option<T> {
    if let Some(token) = scan::too_deep(tokens) {
        problems.push(report::too_deep(token.span));
        return None;
    }
    let mut recovery = Recovery::new(source, tokens, rule)?;
    let base = recovery.span().start;
    loop {
        match grammar::parse(rule, recovery.text(), base) {
            Ok(node) => {
                let mut lowering =
                    Lowering { incomplete: recovery.left_out(), ..Lowering::default() };
                let lowered = lower(&mut lowering, &node);
                if lowered.is_none() && lowering.problems.is_empty() && !lowering.incomplete {
                    problems.push(Diagnostic::new(
                        Code::SyntaxError,
                        "this could not be read, which is a fault of `duly` and not of the text",
                        recovery.span(),
                        "not understood",
                    ));
                }
                problems.extend(lowering.problems);
                return lowered;
            }
            Err(failure) => {
                problems.push(recovery.describe(&failure));
                // An event line is one fact: half of it would be another.
                if rule != Rule::item || !recovery.leave_out(&failure) {
                    return None;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
