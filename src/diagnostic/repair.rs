//! Making the changes that findings offer.

use super::{Applicability, Fix, Problems};

/// A text with changes made in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repaired {
    /// The text.
    pub text: String,
    /// How many findings had their change made.
    pub made: usize,
}

/// Makes the changes that the findings about a text offer: the safe ones, or all of them.
///
/// Where two changes touch, only the first in the text is made; the other belongs to the next pass,
/// since the finding that offers it may be gone by then. A change that several findings offer is made
/// once. Line breaks are written as the text has them.
pub fn repair(text: &str, problems: &Problems, allowed: Applicability) -> Repaired {
    let mut fixes: Vec<&Fix> = problems
        .iter()
        .filter_map(|problem| problem.fix.as_ref())
        .filter(|fix| fix.applicability <= allowed)
        .collect();
    fixes.sort_by_key(|fix| (fix.span, &fix.replacement));
    let windows = text.contains("\r\n");
    let mut out = String::with_capacity(text.len());
    let (mut made, mut end) = (0, 0);
    let mut last: Option<&Fix> = None;
    for fix in fixes {
        let again =
            last.is_some_and(|last| (last.span, &last.replacement) == (fix.span, &fix.replacement));
        if again {
            made += 1;
            continue;
        }
        let range = fix.span.range();
        // Two changes that meet at a point touch: which of them comes first would be chance.
        if last.is_some() && range.start <= end {
            continue;
        }
        let (Some(before), Some(_)) = (text.get(end..range.start), text.get(range.clone())) else {
            continue;
        };
        out.push_str(before);
        if windows {
            out.push_str(&fix.replacement.replace("\r\n", "\n").replace('\n', "\r\n"));
        } else {
            out.push_str(&fix.replacement);
        }
        end = range.end;
        made += 1;
        last = Some(fix);
    }
    out.push_str(text.get(end..).unwrap_or_default());
    Repaired { text: out, made }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Code, Diagnostic};
    use crate::source::Span;

    fn offers(fixes: Vec<Fix>) -> Problems {
        let problem =
            |fix: Fix| Diagnostic::new(Code::SyntaxError, "wrong", fix.span, "here").fix(fix);
        fixes.into_iter().map(problem).collect()
    }

    #[track_caller]
    fn check(text: &str, fixes: Vec<Fix>, allowed: Applicability, expected: &str, made: usize) {
        let repaired = repair(text, &offers(fixes), allowed);
        assert_eq!((repaired.text.as_str(), repaired.made), (expected, made));
    }

    #[test]
    fn safe_changes_are_made_and_others_only_when_allowed() {
        let fixes = || {
            vec![
                Fix::new("write b", Span::new(4, 5), "b"),
                Fix::new("write é", Span::new(0, 2), "é").safe(),
            ]
        };
        check("xx, y", fixes(), Applicability::Safe, "é, y", 1);
        check("xx, y", fixes(), Applicability::Unsafe, "é, b", 2);
    }

    #[test]
    fn of_changes_that_touch_the_first_is_made() {
        let fixes = vec![
            Fix::new("one", Span::new(0, 3), "1").safe(),
            Fix::new("two", Span::new(2, 5), "2").safe(),
            Fix::new("three", Span::at(3), "3").safe(),
            Fix::new("four", Span::new(5, 6), "4").safe(),
        ];
        check("abcdefg", fixes, Applicability::Safe, "1de4g", 2);
    }

    #[test]
    fn a_change_that_two_findings_offer_is_made_once() {
        let fix = Fix::new("one", Span::at(1), "-").safe();
        check("ab", vec![fix.clone(), fix], Applicability::Safe, "a-b", 2);
    }

    #[test]
    fn line_breaks_stay_those_of_the_text() {
        let fix = Fix::new("one", Span::new(3, 4), "x\ny").safe();
        check("a\r\nb\r\n", vec![fix.clone()], Applicability::Safe, "a\r\nx\r\ny\r\n", 1);
        check("a\n\nb\n", vec![fix], Applicability::Safe, "a\n\nx\ny\n", 1);
    }

    #[test]
    fn a_place_outside_the_text_changes_nothing() {
        let fixes = vec![
            Fix::new("far", Span::new(90, 99), "x").safe(),
            Fix::new("within a letter", Span::new(1, 2), "x").safe(),
        ];
        check("é", fixes, Applicability::Safe, "é", 0);
    }
}
