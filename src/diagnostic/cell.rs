//! Cells of a table as CSV: what was read from a file must not command the spreadsheet that opens it.
//!
//! Whatever people may open goes through [`write_cell`] or [`write_line`], which guard it. Only a table
//! that is read back, where an apostrophe would be part of a name, is written with [`write_exactly`].

/// What cells are written to: a text, or the bytes of one.
pub(crate) trait Target {
    /// Adds a piece of text.
    fn put(&mut self, piece: &str);
}

impl Target for String {
    fn put(&mut self, piece: &str) {
        self.push_str(piece);
    }
}

impl Target for Vec<u8> {
    fn put(&mut self, piece: &str) {
        self.extend_from_slice(piece.as_bytes());
    }
}

/// What stands in front of a text so that no spreadsheet takes it for a formula: an apostrophe, or
/// nothing.
///
/// A formula begins with one of four signs, of which there are wide forms as well that some spreadsheets
/// take for the same. Tabs and line breaks are passed over in front of it.
fn guard(text: &str) -> &'static str {
    match text.as_bytes() {
        [b'=' | b'+' | b'-' | b'@' | b'\t' | b'\n' | b'\r', ..] => "'",
        // Of ASCII nothing else is a formula; most cells are that.
        [0..0x80, ..] => "",
        _ if text.starts_with(['＝', '＋', '－', '＠']) => "'",
        _ => "",
    }
}

/// Text that no spreadsheet takes for a formula; for a workbook, which needs no quotes.
#[cfg(any(test, feature = "report"))]
pub(crate) fn guarded(text: &str) -> std::borrow::Cow<'_, str> {
    match guard(text) {
        "" => text.into(),
        guard => format!("{guard}{text}").into(),
    }
}

/// A text as a cell that is no formula, in double quotes where it needs them.
pub(crate) fn cell(text: &str) -> String {
    let mut cell = String::with_capacity(text.len() + 3);
    write_cell(text, &mut cell);
    cell
}

/// Writes a text as a cell that is no formula, in double quotes where it needs them.
pub(crate) fn write_cell(text: &str, out: &mut impl Target) {
    write(guard(text), text, out);
}

/// Writes a text as a cell that gives it back to a program to the letter, in double quotes where it needs
/// them. A spreadsheet may take it for a formula.
#[cfg(any(test, feature = "cli"))]
pub(crate) fn write_exactly(text: &str, out: &mut impl Target) {
    write("", text, out);
}

/// Writes a line of cells, none of which is a formula.
pub(crate) fn write_line<T: AsRef<str>>(cells: impl IntoIterator<Item = T>, out: &mut impl Target) {
    for (place, cell) in cells.into_iter().enumerate() {
        if place > 0 {
            out.put(",");
        }
        write_cell(cell.as_ref(), out);
    }
    out.put("\r\n");
}

fn write(guard: &str, text: &str, out: &mut impl Target) {
    if !text.bytes().any(|byte| matches!(byte, b'"' | b',' | b'\n' | b'\r')) {
        out.put(guard);
        out.put(text);
        return;
    }
    out.put("\"");
    out.put(guard);
    for (place, part) in text.split('"').enumerate() {
        if place > 0 {
            out.put("\"\"");
        }
        out.put(part);
    }
    out.put("\"");
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(cell(text), expected);
        let mut bytes = Vec::new();
        write_cell(text, &mut bytes);
        assert_eq!(bytes, expected.as_bytes(), "as bytes");
    }

    #[test]
    fn what_begins_like_a_formula_is_made_text() {
        check("=1", "'=1");
        check("+1", "'+1");
        check("-1", "'-1");
        check("@SUM(A1)", "'@SUM(A1)");
        check("\t=1", "'\t=1");
        check("＝1", "'＝1");
        check("＋1", "'＋1");
        check("－1", "'－1");
        check("＠1", "'＠1");
        // A line break needs quotes, and the apostrophe stands within them.
        check("\n=1", "\"'\n=1\"");
        check("\r=1", "\"'\r=1\"");
        check("=cmd|'/c calc'!A1", "'=cmd|'/c calc'!A1");
        check("@a, b", "\"'@a, b\"");
    }

    #[test]
    fn nothing_else_is_guarded() {
        check("", "");
        check("child-a", "child-a");
        check("2026-03-23", "2026-03-23");
        check("a=1", "a=1");
        check("'", "'");
        check("é", "é");
        // It begins with the same byte as the wide signs.
        check("！", "！");
        // The dash and the quotation marks of prose are no signs of a formula.
        check("—", "—");
        check("“=”", "“=”");
    }

    #[test]
    fn a_cell_is_quoted_where_it_would_end_before_its_end() {
        check("due in 4 days", "due in 4 days");
        check("a, b", "\"a, b\"");
        check("a\nb", "\"a\nb\"");
        check("a\rb", "\"a\rb\"");
        check("\"", "\"\"\"\"");
        check("waits for \"this\"", "\"waits for \"\"this\"\"\"");
        check("a \"b\", c", "\"a \"\"b\"\", c\"");
        // Neither is a separator here.
        check("2.1; 2.2", "2.1; 2.2");
        check("a\tb", "a\tb");
    }

    #[test]
    fn what_is_read_back_is_left_as_it_is() {
        for (text, expected) in
            [("=1", "=1"), ("－1", "－1"), ("-a,b", "\"-a,b\""), ("+\"", "\"+\"\"\"")]
        {
            let mut out = String::new();
            write_exactly(text, &mut out);
            assert_eq!(out, expected);
        }
    }

    #[test]
    fn a_line_has_commas_between_its_cells_and_ends() {
        let mut out = String::new();
        write_line(["case", "=1", "", "a,b"], &mut out);
        write_line([""], &mut out);
        assert_eq!(out, "case,'=1,,\"a,b\"\r\n\r\n");
    }

    #[test]
    fn a_text_is_copied_only_where_it_is_guarded() {
        assert!(matches!(guarded("Reviews held"), Cow::Borrowed("Reviews held")));
        assert_eq!(guarded("=1"), "'=1");
        // No CSV: nothing is quoted.
        assert_eq!(guarded("-\"a\", b"), "'-\"a\", b");
    }
}
