//! The examples on the pages that explain the codes.

use duly::diagnostic::{Code, Severity};
use duly::source::Source;
use libtest_mimic::{Failed, Trial};

/// One trial for each page.
pub(crate) fn trials() -> Vec<Trial> {
    Code::ALL
        .iter()
        .map(|code| Trial::test(format!("pages::{}", code.name()), move || check_page(*code)))
        .collect()
}

/// What raises a code must raise it and nothing else; what is accepted must raise nothing. Where the
/// page shows a baseline, they are held against it.
fn check_page(code: Code) -> Result<(), Failed> {
    let mut shown = 0;
    let baseline = code.page().split("```duly,baseline\n").nth(1);
    let baseline =
        baseline.map(|rest| Source::new("baseline", rest.split("```").next().unwrap_or_default()));
    for fence in code.page().split("```duly,").skip(1) {
        let (kind, rest) = fence.split_once('\n').unwrap_or((fence, ""));
        let text = rest.split("```").next().unwrap_or_default();
        let source = Source::new("example", text);
        let problems = if is_of_an_analysis(code) {
            crate::ui::analysed(&source, baseline.as_ref().filter(|_| kind != "baseline"))
        } else {
            crate::ui::problems(&source)
        };
        let raised: Vec<_> = problems
            .iter()
            .map(|problem| format!("{} {}", problem.code.number(), problem.message))
            .collect();
        let right = match kind.strip_prefix("raises=") {
            Some(number) => {
                number == code.number()
                    && !problems.is_empty()
                    && problems.iter().all(|problem| problem.code == code)
            }
            None => problems.is_empty(),
        };
        if !right {
            return Err(format!("the example `{kind}` raises {raised:#?}").into());
        }
        shown += 1;
    }
    if shown < 2 {
        let what = if code.severity() == Severity::Error { "error" } else { "warning" };
        return Err(format!("the page of this {what} shows {shown} examples").into());
    }
    Ok(())
}

/// Whether a code is one of an analysis: those have numbers from 1000 up.
fn is_of_an_analysis(code: Code) -> bool {
    !code.number().get(1..).unwrap_or_default().starts_with('0')
}
