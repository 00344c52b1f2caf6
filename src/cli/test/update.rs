//! `duly test --update`: expectations that were not met, written anew for somebody to review.
//!
//! Only the words of the expectation change. Each new one is tried before anything is written: it has to
//! be met, or the old one stays.

use super::{Report, Run, nothing_ran};
use crate::bundle::Bundle;
use crate::check::{Switches, compile_parsed};
use crate::cli::ExitStatus;
use crate::cli::args::Test;
use crate::cli::difference::difference;
use crate::cli::fs::{self, CliError, Printer};
use crate::diagnostic::printable::one_line;
use crate::policy::Expectation;
use crate::render::count;
use crate::source::{Source, Span};
use crate::trial;

/// A new expectation and the place of the old one.
struct Edit<'a> {
    /// The scenario's place among those of the policy.
    scenario: usize,
    /// The expectation's place in its scenario.
    expectation: usize,
    old: &'a Expectation,
    /// The whole line, `expect` included.
    new: String,
}

pub(super) fn update(
    command: &Test,
    report: &Report<'_>,
    printer: &mut Printer,
) -> Result<ExitStatus, CliError> {
    let tally = report.tally();
    if tally.passed + tally.failed == 0 && report.unsound == 0 {
        printer.note(&nothing_ran(command))?;
        return Ok(ExitStatus::Found);
    }
    let (mut rewritten, mut left, mut files) = (0, 0, 0);
    for run in &report.runs {
        let (edits, reasons) = edits(run);
        let (edits, unmet) = tried(run, edits);
        for (old, reason) in reasons.into_iter().chain(unmet) {
            left += 1;
            let place = run.loaded.bundle.place(old.origin);
            printer.note(&format!("{place}: left as it is: {reason}"))?;
        }
        rewritten += edits.len();
        for ((before, after), path) in sources(run, &edits).into_iter().zip(&run.loaded.paths) {
            if before.text == after.text {
                continue;
            }
            files += 1;
            printer.print(&difference(&before.name, &before.text, &after.text))?;
            if !command.changes.diff {
                let bytes = fs::read(path)?;
                let mark: &[u8] = if bytes.starts_with(MARK) { MARK } else { b"" };
                fs::write_whole(path, &[mark, after.text.as_bytes()].concat())?;
            }
        }
    }
    let what = count(rewritten as i32, "expectation");
    let place = count(files, "file");
    printer.note(&match (rewritten, command.changes.diff) {
        (0, _) if left == 0 => "Every expectation is met; nothing was changed.".to_owned(),
        (0, _) => "Nothing was changed.".to_owned(),
        (_, true) => format!("{what} in {place} would be rewritten."),
        (_, false) => {
            format!("{what} in {place} rewritten: read the difference before you keep it.")
        }
    })?;
    let shown = command.changes.diff && rewritten > 0;
    Ok(ExitStatus::found(left > 0 || report.unsound > 0 || shown))
}

/// The byte-order mark that Windows programs put in front of UTF-8.
const MARK: &[u8] = b"\xEF\xBB\xBF";

/// An expectation that stays, and why.
type Left<'a> = (&'a Expectation, &'static str);

/// What the expectations that were not met would have to say.
fn edits<'r>(run: &'r Run<'_>) -> (Vec<Edit<'r>>, Vec<Left<'r>>) {
    let (mut edits, mut left) = (Vec::new(), Vec::new());
    for (scenario, tried) in &run.trials {
        let place =
            run.loaded.compiled.scenarios.iter().position(|own| std::ptr::eq(own, *scenario));
        let (Some(place), Some(tried)) = (place, tried) else {
            let no_meaning = "the policy has no meaning under the readings of its scenario";
            left.extend(scenario.expectations.first().map(|first| (first, no_meaning)));
            continue;
        };
        for failure in &tried.failures {
            let old = failure.expectation;
            let at = scenario.expectations.iter().position(|own| std::ptr::eq(own, old));
            match trial::restated(tried, old) {
                Ok(new) => edits.push(Edit {
                    scenario: place,
                    expectation: at.unwrap_or_default(),
                    old,
                    new: format!("expect {new}"),
                }),
                Err(reason) => left.push((old, reason)),
            }
        }
    }
    (edits, left)
}

/// Tries the new expectations; those that would not be met are left out.
fn tried<'r>(run: &Run<'_>, edits: Vec<Edit<'r>>) -> (Vec<Edit<'r>>, Vec<Left<'r>>) {
    let after = sources(run, &edits).into_iter().map(|(_, after)| after).collect();
    let bundle = Bundle::new(after);
    let calendars = &run.loaded.calendars;
    let compiled = compile_parsed(bundle.parse(), calendars, &Switches::default());
    let (mut kept, mut left) = (Vec::new(), Vec::new());
    for edit in edits {
        let scenario = compiled.scenarios.get(edit.scenario);
        let again = scenario.and_then(|own| trial::run(&bundle, &compiled, calendars, own));
        let met = again.is_some_and(|again| {
            let new = again.scenario.expectations.get(edit.expectation);
            new.is_some_and(|new| {
                again.failures.iter().all(|failure| !std::ptr::eq(failure.expectation, new))
            })
        });
        if met {
            kept.push(edit);
        } else {
            left.push((edit.old, "no expectation can say what was found"));
        }
    }
    (kept, left)
}

/// Each file of the policy, as it is and with the new expectations.
fn sources(run: &Run<'_>, edits: &[Edit<'_>]) -> Vec<(Source, Source)> {
    let bundle = &run.loaded.bundle;
    let with_edits = |source: &Source| {
        let mut own: Vec<(Span, &str)> = edits
            .iter()
            .filter_map(|edit| {
                let (home, span) = bundle.locate(edit.old.origin)?;
                std::ptr::eq(home, source).then_some((span, edit.new.as_str()))
            })
            .collect();
        own.sort_unstable();
        let mut after = source.clone();
        // From the end, so that the places before stay right.
        for (span, new) in own.iter().rev() {
            after.text.replace_range(span.range(), &one_line(new));
        }
        (source.clone(), after)
    };
    bundle.sources().map(with_edits).collect()
}
