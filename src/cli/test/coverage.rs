//! What scenarios exercise, told.

use serde_json::{Map, Value, json};

use super::Run;
use crate::diagnostic::printable::one_line;
use crate::policy::Policy;
use crate::render::{Style, wrapped};
use crate::trial::{Coverage, Kind, Point};

/// The figures of a policy and the names of what is not exercised; nothing where it was not asked for.
pub(super) fn human(run: &Run<'_>, style: &Style) -> String {
    let Some((coverage, policy)) = asked(run) else { return String::new() };
    let whole = coverage.whole();
    let mut out = format!(
        "{}: {} of {} points exercised ({}%)\n",
        run.loaded.name,
        whole.exercised,
        whole.all,
        whole.percent()
    );
    let widest = Kind::ALL.iter().map(|kind| kind.words().len()).max().unwrap_or_default();
    for (kind, share) in shares(coverage) {
        let words = kind.words();
        out += &format!("  {words:widest$}  {:>4} of {}\n", share.exercised, share.all);
    }
    let missing = told(coverage, policy);
    if !missing.is_empty() {
        out += "\n  Not exercised:\n";
    }
    for point in missing {
        let line = format!(
            "{} {}: {}",
            place(run, point, policy),
            point.owner(policy),
            one_line(&point.words(policy))
        );
        out += &wrapped(&line, "  ", "      ", style);
    }
    out + "\n"
}

/// The same for programs.
pub(super) fn data(run: &Run<'_>) -> Option<Value> {
    let (coverage, policy) = asked(run)?;
    let whole = coverage.whole();
    let kinds: Map<String, Value> = shares(coverage)
        .map(|(kind, share)| {
            (kind.words().to_owned(), json!({"exercised": share.exercised, "all": share.all}))
        })
        .collect();
    let points: Vec<Value> = coverage
        .points
        .iter()
        .map(|(point, by)| {
            json!({
                "of": point.owner(policy),
                "kind": point.kind().words(),
                "what": point.words(policy),
                "place": place(run, *point, policy),
                "exercised_by": by.map(|scenario| &scenario.title),
            })
        })
        .collect();
    Some(json!({
        "policy": run.loaded.name,
        "exercised": whole.exercised,
        "all": whole.all,
        "percent": whole.percent(),
        "kinds": kinds,
        "points": points,
    }))
}

/// The same as a table for a pull request.
pub(super) fn markdown(run: &Run<'_>) -> String {
    let Some((coverage, policy)) = asked(run) else { return String::new() };
    let whole = coverage.whole();
    let mut out = format!(
        "\n### What the scenarios of {} exercise\n\n| points | exercised | all |\n| --- | ---: | ---: |\n",
        plain(&run.loaded.name)
    );
    for (kind, share) in shares(coverage) {
        out += &format!("| {} | {} | {} |\n", kind.words(), share.exercised, share.all);
    }
    out += &format!("| together | {} ({}%) | {} |\n", whole.exercised, whole.percent(), whole.all);
    let missing = told(coverage, policy);
    if missing.is_empty() {
        return out;
    }
    out += "\n<details><summary>Not exercised</summary>\n\n";
    for point in missing {
        out += &format!("- `{}`: {}\n", point.owner(policy), plain(&point.words(policy)));
    }
    out + "\n</details>\n"
}

/// The points that are not exercised; of a rule of which nothing at all is expected, only that.
fn told(coverage: &Coverage<'_>, policy: &Policy) -> Vec<Point> {
    let missing: Vec<Point> = coverage.missing().collect();
    let silent = |point: &Point| {
        missing.iter().any(|other| {
            matches!(other, Point::Rule(_)) && other.owner(policy) == point.owner(policy)
        })
    };
    let told =
        |point: &Point| matches!(point, Point::Rule(_) | Point::Reading(..)) || !silent(point);
    missing.iter().copied().filter(told).collect()
}

/// A text that Markdown takes as it is.
pub(super) fn plain(text: &str) -> String {
    one_line(text)
        .replace('\\', "\\\\")
        .replace('<', "&lt;")
        .replace('|', "\\|")
        .replace('*', "\\*")
}

fn asked<'r>(run: &'r Run<'_>) -> Option<(&'r Coverage<'r>, &'r Policy)> {
    Some((run.coverage.as_ref()?, run.loaded.compiled.policy.as_ref()?))
}

/// The kinds of points that the policy has, each with its share.
fn shares<'c>(
    coverage: &'c Coverage<'_>,
) -> impl Iterator<Item = (Kind, crate::trial::Share)> + use<'c> {
    let shares: Vec<_> = Kind::ALL.iter().map(|kind| (*kind, coverage.share(*kind))).collect();
    shares.into_iter().filter(|(_, share)| share.all > 0)
}

/// Where a point is written.
fn place(run: &Run<'_>, point: Point, policy: &Policy) -> String {
    match point.origin(policy) {
        Some(origin) => run.loaded.bundle.place(origin),
        None => run.loaded.name.clone(),
    }
}
