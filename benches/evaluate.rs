//! How long it takes to read, to evaluate and to explain: `cargo bench`.
//!
//! The cases are those of `examples/`, moved by whole weeks so that no two are the same. Without
//! `--bench`, as under `cargo test`, everything is done once and on few cases, to see that it works.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a measurement may stop where it fails"
)]
#![expect(clippy::print_stdout, reason = "the table is for whoever runs this")]

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use std::{env, fs};

use duly::cases::{Format, read_cases};
use duly::check::{Calendars, Switches, compile};
use duly::eval::{Fact, Matching, Timeline, evaluate, why};
use duly::policy::{AttributeKind, Body, Policy, Value};
use duly::render::{Style, timeline_picture, why_text};
use duly::search::{Wanted, questions, when};
use duly::source::Source;
use serde_json::{Map, json};

const STYLE: Style = Style { colour: false, unicode: true, width: 120 };

/// How much to do.
#[derive(Clone, Copy)]
struct Effort {
    cases: usize,
    /// Runs of something that takes long, and of something that does not.
    few: usize,
    many: usize,
}

fn main() {
    let effort = if env::args().any(|argument| argument == "--bench") {
        Effort { cases: 10_000, few: 5, many: 201 }
    } else {
        Effort { cases: 20, few: 1, many: 1 }
    };
    println!("{:<21} {:<27} {:>11} {:>10} {:>13}", "policy", "what", "median", "deadlines", "each");
    for folder in entries("policies").into_iter().filter(|path| path.is_dir()) {
        measure(&folder, effort);
    }
}

fn entries(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut entries: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    entries
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

fn measure(folder: &Path, effort: Effort) {
    let text = fs::read_to_string(folder.join("policy.duly")).unwrap();
    let policy_name = name(folder);
    let row = |what: &str, median: Duration, deadlines: usize| {
        let each = match u32::try_from(deadlines) {
            Ok(number) if number > 0 => format!("{:.2?}", median / number),
            _ => String::new(),
        };
        let number = if deadlines == 0 { String::new() } else { deadlines.to_string() };
        let median = format!("{median:.2?}");
        println!("{policy_name:<21} {what:<27} {median:>11} {number:>10} {each:>13}");
    };

    let source = Source::new("policy.duly", text);
    let compiled = || compile(&source, &Calendars::default(), &Switches::default());
    row("parse and check", median(effort.few, compiled), 0);

    let policy = compiled().policy.unwrap();
    let samples = samples(&policy, &policy_name);
    let first = samples.first().unwrap();
    let as_of = first.facts().last().unwrap().date;
    let outcome = evaluate(&policy, first, as_of);
    let found = outcome.deadlines.len();
    row("evaluate one case", median(effort.many, || evaluate(&policy, first, as_of)), found);

    let explain = || {
        let whys = (0..found).map(|index| why(&policy, first, &outcome, index).unwrap());
        whys.map(|why| why_text(&why, 80).len()).sum::<usize>()
    };
    row("explain each of its dates", median(effort.few, explain), found);

    let held = policy.rules.iter().find_map(|rule| match &rule.body {
        Body::Series(series) => series.held_on.as_ref().map(|held| held.event),
        _ => None,
    });
    if let Some(event) = held {
        let values = vec![None; policy.event(event).attributes.len()];
        let wanted = Wanted { event, values, reference: None };
        let search = || when(&policy, first, as_of, Matching::Lenient, &wanted);
        row("when can it be reviewed", median(effort.few, search), 0);
        let asked = || questions(&policy, first, &outcome, Matching::Lenient);
        row("ask what is not recorded", median(effort.few, asked), asked().len());
        let drawn = || timeline_picture(&policy, first, &outcome, &STYLE);
        row("draw the case", median(effort.few, drawn), 0);
    }

    let cases: Vec<Timeline> =
        (0..effort.cases).map(|number| moved(&samples[number % samples.len()], number)).collect();
    let lines: String = cases.iter().map(|case| line(&policy, case)).collect();
    let read = || read_cases(&policy, "cases.jsonl", lines.as_bytes(), Format::Jsonl);
    assert!(read().is_clean());
    row(&format!("read {} cases (JSONL)", cases.len()), median(effort.few, read), 0);

    let all = || -> usize {
        let last = |case: &Timeline| case.facts().last().unwrap().date;
        cases.iter().map(|case| evaluate(&policy, case, last(case)).deadlines.len()).sum()
    };
    row(&format!("evaluate {} cases", cases.len()), median(effort.few, all), all());
}

/// The time that half of the runs stay below.
fn median<T>(runs: usize, mut work: impl FnMut() -> T) -> Duration {
    let mut times: Vec<Duration> = (0..runs)
        .map(|_| {
            let start = Instant::now();
            black_box(work());
            start.elapsed()
        })
        .collect();
    times.sort();
    times[runs / 2]
}

/// The sample cases of a policy; their files begin with the first word of its name.
fn samples(policy: &Policy, policy_name: &str) -> Vec<Timeline> {
    let mut samples = Vec::new();
    for path in entries("examples") {
        let file = name(&path);
        if file.split('-').next() != policy_name.split('-').next() {
            continue;
        }
        let bytes = fs::read(&path).unwrap();
        let cases = read_cases(policy, &file, &bytes, Format::of(&file, &bytes));
        samples.extend(cases.cases.into_iter().map(|case| case.outcome.unwrap().timeline));
    }
    samples
}

/// The case with a name of its own, at most a year earlier or later.
fn moved(case: &Timeline, number: usize) -> Timeline {
    let days = (i32::try_from(number % 104).unwrap() - 52) * 7;
    let facts = case.facts().iter().map(|fact| {
        let mut fact = Fact { date: fact.date.add_days(days).unwrap(), ..fact.clone() };
        for value in fact.values.iter_mut().flatten() {
            if let Value::Date(date) = value {
                *date = date.add_days(days).unwrap();
            }
        }
        fact
    });
    Timeline::new(format!("{}-{number}", case.case), facts.collect()).0
}

/// A case as a line of JSON.
fn line(policy: &Policy, case: &Timeline) -> String {
    let events: Vec<_> = case
        .facts()
        .iter()
        .map(|fact| {
            let event = policy.event(fact.event);
            let mut fields = Map::new();
            fields.insert("date".to_owned(), json!(fact.date.to_string()));
            fields.insert("event".to_owned(), json!(event.name));
            for (attribute, value) in event.attributes.iter().zip(&fact.values) {
                let Some(value) = value else { continue };
                let value = match (value, &attribute.kind) {
                    (Value::YesNo(yes), _) => json!(yes),
                    (Value::Word(word), AttributeKind::OneOf(words)) => {
                        json!(words[usize::from(*word)])
                    }
                    (Value::Word(word), _) => json!(word),
                    (Value::Number(thousandths), _) => {
                        json!(format!("{}.{:03}", thousandths / 1000, thousandths % 1000))
                    }
                    (Value::Date(date), _) => json!(date.to_string()),
                    (Value::Text(text), _) => json!(text),
                };
                fields.insert(attribute.name.clone(), value);
            }
            if let Some(reference) = &fact.reference {
                fields.insert("ref".to_owned(), json!(reference));
            }
            if let Some(sequence) = fact.sequence {
                fields.insert("seq".to_owned(), json!(sequence));
            }
            fields
        })
        .collect();
    format!("{}\n", json!({ "case": case.case, "events": events }))
}
