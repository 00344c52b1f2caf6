//! Comments, kept beside the tree.

use crate::source::Span;

/// A comment of a policy file.
///
/// Comments take no part in a policy's meaning, so the tree does not hold them; whoever writes the
/// tree out again attaches them by their place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// Its place, from the `#` to the last character that is not blank.
    pub span: Span,
    /// The comment as written, with its `#` and without blanks at its end.
    pub text: String,
    /// Whether nothing but blanks stands before it on its line.
    pub own_line: bool,
}
