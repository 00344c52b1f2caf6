//! The canonical layout of policy files.
//!
//! A declaration begins in the first column and its clauses one step in, each on a line of its own with its
//! values in one column; the items of a list and the clauses of a stage stand a step further. Comments
//! and blank lines stay where they are: no line is moved, no text is broken, and what people group by
//! a blank line or by a line break within a list stays grouped. A line that would be longer than
//! [`WIDTH`] goes on in the next.
//!
//! [`format`] checks its own work: what it returns reads as what it was given.

mod plan;
mod printer;

use crate::diagnostic::{Problems, Severity};
use crate::source::Source;
use crate::syntax::{self, Parsed};

/// The length in characters beyond which a line is broken, where it can be.
pub const WIDTH: usize = 120;

/// Why a file was not laid out.
#[derive(Debug, Clone)]
pub enum Refusal {
    /// It has mistakes: what they are, in the order of the text.
    Mistakes(Problems),
    /// The result would not have said the same, which is a fault of ours.
    Unfaithful,
}

/// Lays a policy file out.
///
/// The result ends its lines as the file does: with a carriage return and a line feed where all of them
/// end so, else with a line feed. It has no byte-order mark.
pub fn format(source: &Source) -> Result<String, Refusal> {
    let before = syntax::parse(source);
    if before.problems.count(Severity::Error) > 0 {
        return Err(Refusal::Mistakes(before.problems));
    }
    let pieces = syntax::pieces(source).ok_or(Refusal::Unfaithful)?;
    let text = printer::print(source, &pieces, &before.comments);
    let after = Source::new(source.name.clone(), text);
    if !same(&before, &syntax::parse(&after)) || !same_tokens(source, &pieces, &after) {
        return Err(Refusal::Unfaithful);
    }
    Ok(if ends_in_crlf(&source.text) { after.text.replace('\n', "\r\n") } else { after.text })
}

/// Whether two texts say the same and have the same comments.
fn same(one: &Parsed, other: &Parsed) -> bool {
    let comments = |parsed: &Parsed| -> Vec<(String, bool)> {
        parsed.comments.iter().map(|comment| (comment.text.clone(), comment.own_line)).collect()
    };
    one.file == other.file && comments(one) == comments(other)
}

/// Whether the same tokens stand in both texts, in the same order.
fn same_tokens(one: &Source, pieces: &[syntax::Piece], other: &Source) -> bool {
    let texts = |source: &Source, pieces: &[syntax::Piece]| -> Vec<String> {
        pieces.iter().map(|piece| piece.span.text(source).to_owned()).collect()
    };
    syntax::pieces(other).is_some_and(|after| texts(one, pieces) == texts(other, &after))
}

/// Whether every line of a text ends with a carriage return and a line feed.
fn ends_in_crlf(text: &str) -> bool {
    text.contains("\r\n") && text.matches('\n').count() == text.matches("\r\n").count()
}
