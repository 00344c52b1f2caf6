//! Findings as the report of a test run, which most build servers can show.

use super::{Sheet, remarks, sentence};
use crate::diagnostic::{Diagnostic, Severity};
use crate::render::{Case, CaseResult, Suite, shown, test_report};
use crate::source::LineIndex;

/// Writes a suite for each file and a case for each finding; a file in which nothing was found has one
/// case that passed.
///
/// A case fails where the finding fails the check: findings below `failing` pass, and their text is
/// kept as what the case printed.
pub fn junit(sheets: &[Sheet], failing: Severity) -> String {
    let suites: Vec<Suite> = sheets.iter().map(|sheet| suite(sheet, failing)).collect();
    test_report("duly check", &suites)
}

fn suite(sheet: &Sheet, failing: Severity) -> Suite {
    let index = LineIndex::new(&sheet.source.text);
    let name = |problem: &Diagnostic| {
        let at = index.location(shown(&sheet.source, problem.span()).start);
        format!("{} at {}:{}", problem.code, at.line, at.column)
    };
    let mut suite = Suite { name: sheet.path.clone(), cases: Vec::new() };
    for problem in &sheet.problems {
        let message = sentence(&problem.message);
        let mut lines = vec![message.clone()];
        lines.extend(remarks(problem));
        let body = lines.join("\n");
        let kind = problem.severity().name();
        // The severities are in falling order.
        let result = if problem.severity() <= failing {
            CaseResult::Failed { kind: kind.to_owned(), message, body }
        } else {
            CaseResult::Passed(Some(format!("{kind}: {body}")))
        };
        suite.cases.push(Case { name: name(problem), result });
    }
    for accepted in &sheet.accepted {
        let result = CaseResult::Skipped(format!("accepted: {}", accepted.reason));
        suite.cases.push(Case { name: name(&accepted.finding), result });
    }
    if suite.cases.is_empty() {
        let name = "nothing to report".to_owned();
        suite.cases.push(Case { name, result: CaseResult::Passed(None) });
    }
    suite
}
