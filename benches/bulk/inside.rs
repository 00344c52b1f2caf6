//! What parts of the command cost, within this process and on one thread.

use std::fs::{self, File};
use std::hint::black_box;
use std::path::Path;
use std::time::Duration;

use duly::bundle::Bundle;
use duly::calendar::Date;
use duly::cases::Batches;
use duly::check::{Calendars, Switches, compile_parsed};
use duly::eval::{Evaluator, Matching, Timeline};
use duly::policy::Policy;
use duly::render::{Answer, Columns, CsvLines};
use duly::source::Source;

use super::generator::Form;
use super::table::{Aim, Pairs, Table};
use super::usage::own_processors;
use super::yardstick::Loaded;
use super::{AS_OF, Effort, Room, wanted};

/// Measures the parts.
pub(super) fn measure(room: &Room, effort: Effort, table: &mut Table) {
    let policy = compiled();
    let as_of = Date::parse(AS_OF).unwrap();
    let cases = room.path("cases.jsonl");
    if wanted("reading") {
        let parse = || timed(|| read(&policy, &cases, |_| {}));
        let all = || timed(|| answer(&policy, &cases, as_of));
        let pairs = Pairs::run(effort.pairs.min(5), all, parse);
        table.row("reading, rules and writing / reading alone", &pairs, Aim::Most(2.5));
    }
    if wanted("rules") {
        rules(room, effort, &policy, as_of, table);
    }
}

/// The rules alone, on cases that have been read.
fn rules(room: &Room, effort: Effort, policy: &Policy, as_of: Date, table: &mut Table) {
    let path = room.cases("few.jsonl", effort.few, Form::Lines);
    let mut timelines: Vec<Timeline> = Vec::new();
    read(policy, &path, |timeline| timelines.push(timeline));
    let mut loaded = Loaded::read(File::open(&path).unwrap(), AS_OF).unwrap();
    let mut evaluator = Evaluator::new(policy, as_of, Matching::default());
    let number: usize =
        timelines.iter().map(|timeline| evaluator.evaluate(timeline).deadlines.len()).sum();
    let worked = loaded.work();
    let general = || {
        timed(|| {
            for timeline in timelines.iter().cycle().take(timelines.len() * effort.rounds as usize)
            {
                let outcome = black_box(evaluator.evaluate(timeline));
                evaluator.take_back(outcome);
            }
        })
    };
    let special = || {
        timed(|| {
            for _ in 0..effort.rounds {
                black_box(loaded.work());
            }
        })
    };
    let pairs = Pairs::run(effort.pairs, general, special);
    table.row("rules alone: eval::Evaluator / yardstick", &pairs, Aim::Most(5.0));
    let (general, special) = pairs.medians();
    let [general, special] = [general, special].map(|time| time / (number as u32 * effort.rounds));
    let constant = (number - worked) * 100 / number;
    table.note(&format!(
        "  for each deadline: {general:.1?} / {special:.1?}; {constant} in a hundred are the same in \
         every case, and the yardstick does nothing for them"
    ));
}

/// The processor time of some work.
fn timed<T>(work: impl FnOnce() -> T) -> Duration {
    let before = own_processors();
    black_box(work());
    own_processors().saturating_sub(before)
}

/// Reads every case.
fn read(policy: &Policy, path: &Path, mut take: impl FnMut(Timeline)) {
    let batches = Batches::new(policy, "cases.jsonl", File::open(path).unwrap()).unwrap();
    for batch in batches {
        for case in batch.unwrap().read(policy).cases {
            take(case.outcome.unwrap().timeline);
        }
    }
}

/// Reads, answers and writes every case, to where nothing is kept.
fn answer(policy: &Policy, path: &Path, as_of: Date) {
    let (mut lines, mut text) = (CsvLines::new(policy, Columns::Usual), Vec::new());
    let mut evaluator = Evaluator::new(policy, as_of, Matching::default());
    read(policy, path, |timeline| {
        let outcome = evaluator.evaluate(&timeline);
        lines.write(&Answer { policy, timeline: &timeline, outcome: &outcome }, &mut text);
        if text.len() > 1 << 20 {
            black_box(&text);
            text.clear();
        }
        evaluator.take_back(outcome);
    });
}

fn compiled() -> Policy {
    let mut paths: Vec<_> =
        fs::read_dir(super::policy()).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "duly"));
    paths.sort_by_key(|path| (!path.ends_with("policy.duly"), path.clone()));
    let source = |path: &std::path::PathBuf| {
        Source::new(path.display().to_string(), fs::read_to_string(path).unwrap())
    };
    let bundle = Bundle::new(paths.iter().map(source).collect());
    compile_parsed(bundle.parse(), &Calendars::default(), &Switches::default()).policy.unwrap()
}
