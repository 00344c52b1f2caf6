//! The shipped policies: each is sound, and each of its scenarios comes out as it says.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use duly::bundle::Bundle;
use duly::check::{Calendars, Compiled, Switches, compile_parsed};
use duly::source::Source;
use duly::{eval, render, trial};
use libtest_mimic::{Failed, Trial};

/// For each policy one trial that it is sound, and one for each scenario.
pub(crate) fn trials() -> Vec<Trial> {
    let Ok(entries) = fs::read_dir(crate::folder("policies")) else {
        return Vec::new();
    };
    let mut folders: Vec<_> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.join("policy.duly").is_file())
        .collect();
    folders.sort();
    folders.iter().flat_map(|folder| of_policy(folder)).collect()
}

fn of_policy(folder: &Path) -> Vec<Trial> {
    let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let bundle = Bundle::new(files(folder).iter().map(|file| source(file)).collect());
    let compiled = compile_parsed(bundle.parse(), &Calendars::default(), &Switches::default());
    let shared = Arc::new((bundle, compiled));
    let own = Arc::clone(&shared);
    let mut trials =
        vec![Trial::test(format!("policies::{name}::is_sound"), move || is_sound(&own))];
    for (index, scenario) in shared.1.scenarios.iter().enumerate() {
        let title = &scenario.title;
        let shared = Arc::clone(&shared);
        trials.push(Trial::test(format!("policies::{name}::{title}"), move || {
            comes_out(&shared, index)
        }));
    }
    trials
}

/// The policy first, then its files of scenarios.
fn files(folder: &Path) -> Vec<PathBuf> {
    let main = folder.join("policy.duly");
    let mut others: Vec<_> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "duly") && *path != main)
        .collect();
    others.sort();
    others.insert(0, main);
    others
}

fn source(file: &Path) -> Source {
    // A file that cannot be read is an empty one, and an empty policy is not sound.
    let text = fs::read_to_string(file).unwrap_or_default();
    Source::new(file.display().to_string(), text)
}

fn is_sound((bundle, compiled): &(Bundle, Compiled)) -> Result<(), Failed> {
    let found: String = bundle
        .sort_out(&compiled.problems)
        .iter()
        .map(|(source, problems)| render::concise(source, problems))
        .collect();
    if compiled.scenarios.is_empty() {
        return Err(format!("{found}there is no scenario").into());
    }
    if found.is_empty() { Ok(()) } else { Err(found.into()) }
}

fn comes_out((bundle, compiled): &(Bundle, Compiled), index: usize) -> Result<(), Failed> {
    let scenario = compiled.scenarios.get(index).ok_or("there is no such scenario")?;
    let trial = trial::run(bundle, compiled, &Calendars::default(), scenario)
        .ok_or("the policy is not sound, or not under the readings of the scenario")?;
    let mut report = String::new();
    for failure in &trial.failures {
        report += &format!("expected: {:?}\nfound: {}\n", failure.expectation.what, failure.found);
        let why = failure
            .deadline
            .and_then(|index| eval::why(&trial.policy, &trial.timeline, &trial.outcome, index));
        if let Some(why) = why {
            report += &render::why_text(&why, 100);
        }
    }
    if report.is_empty() { Ok(()) } else { Err(report.into()) }
}
