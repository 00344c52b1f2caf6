//! What a file would gain and lose, line by line.

use similar::TextDiff;

use crate::diagnostic::printable::one_line;

/// The lines that would be taken out and put in, with three lines around them.
pub(super) fn difference(name: &str, before: &str, after: &str) -> String {
    let diff = TextDiff::from_lines(before, after);
    let shown = diff
        .unified_diff()
        .context_radius(3)
        .missing_newline_hint(false)
        .header(name, name)
        .to_string();
    shown.lines().map(|line| one_line(line) + "\n").collect()
}
