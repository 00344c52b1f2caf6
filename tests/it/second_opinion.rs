//! The engine against the second opinion, on cases drawn over every shipped policy.
//!
//! `DULY_CASES` sets how many cases are drawn in all, and `DULY_SEED` the first of them: the seed
//! that a failure names, with one case, draws that case again.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop where it fails"
)]

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::{env, fs, panic, thread};

use duly::calendar::Date;
use duly::check::{Calendars, Switches, check};
use duly::eval::{Evaluator, Fact, Matching, Timeline, evaluate};
use duly::policy::{Policy, Value};
use duly::source::Source;
use duly::syntax::parse;

use crate::oracle::{self, Verdict, generate::draw};

const CASES: u64 = 100_000;
/// So many different disagreements are enough to look at.
const ENOUGH: usize = 8;

struct Shipped {
    source: Source,
    policy: Policy,
}

/// The policies under `policies/`. Files of scenarios alone declare none.
fn shipped() -> Vec<Shipped> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies");
    let mut paths: Vec<_> = fs::read_dir(folder)
        .expect("the folder of the shipped policies")
        .flat_map(|entry| fs::read_dir(entry.expect("an entry").path()).into_iter().flatten())
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "duly"))
        .collect();
    paths.sort();
    let mut shipped = Vec::new();
    for path in paths {
        let text = fs::read_to_string(&path).expect("a readable policy");
        if !text.lines().any(|line| line.starts_with("policy ")) {
            continue;
        }
        let source = Source::new(path.display().to_string(), text);
        let parsed = parse(&source);
        let checked = check(&parsed.file, &Calendars::default(), &Switches::default());
        let policy = checked.policy.unwrap_or_else(|| {
            let problems = parsed.problems.iter().chain(checked.problems.iter());
            let said: Vec<&str> = problems.map(|problem| problem.message.as_str()).collect();
            panic!("{} is not valid: {}", source.name, said.join("; "))
        });
        shipped.push(Shipped { source, policy });
    }
    shipped
}

#[test]
fn the_engine_and_the_second_opinion_agree() {
    let setting = |name, otherwise| {
        env::var(name).map_or(otherwise, |text| text.parse().expect("a number of cases"))
    };
    let first: u64 = setting("DULY_SEED", 0);
    let cases: u64 = setting("DULY_CASES", CASES);
    let policies = shipped();
    assert!(!policies.is_empty(), "no policy is shipped");

    let next = AtomicU64::new(first);
    // The first disagreement of each kind: by policy and rule.
    let found: Mutex<BTreeMap<String, String>> = Mutex::new(BTreeMap::new());
    let count = || found.lock().expect("no thread has failed").len();
    let work = || {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= first + cases || count() >= ENOUGH {
                break;
            }
            let shipped = &policies[seed as usize % policies.len()];
            let drawn = draw(&shipped.policy, seed);
            let Some((kind, report)) = disagreement(shipped, &drawn.facts, drawn.as_of) else {
                continue;
            };
            let report = format!("seed {seed}, {}\n{report}", shipped.source.name);
            found.lock().expect("no thread has failed").entry(kind).or_insert(report);
        }
    };
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(work);
        }
    });
    let found = found.into_inner().expect("no thread has failed");
    let reports: Vec<String> = found.into_values().collect();
    assert!(
        reports.is_empty(),
        "{} kinds of disagreement\n\n{}",
        reports.len(),
        reports.join("\n")
    );
}

#[test]
fn nothing_of_one_case_is_left_for_the_next() {
    for Shipped { source, policy } in shipped() {
        let mut cases: Vec<_> = (0..300).map(|seed| draw(&policy, seed)).collect();
        // Between the drawn ones stand cases of which nothing is known.
        cases.iter_mut().step_by(7).for_each(|drawn| drawn.facts.clear());
        let as_of = cases.iter().map(|drawn| drawn.as_of).max().expect("a case was drawn");
        let mut evaluator = Evaluator::new(&policy, as_of, Matching::Lenient);
        for (seed, drawn) in cases.into_iter().enumerate() {
            let (timeline, _) = Timeline::new("case", drawn.facts);
            let outcome = evaluator.evaluate(&timeline);
            let alone = evaluate(&policy, &timeline, as_of);
            assert_eq!(outcome, alone, "{}, seed {seed}", source.name);
            evaluator.take_back(outcome);
        }
    }
}

/// The rows that only one side has: the engine's, then the second opinion's.
fn difference(policy: &Policy, facts: &[Fact], as_of: Date) -> (Vec<Verdict>, Vec<Verdict>) {
    let (timeline, _) = Timeline::new("case", facts.to_vec());
    let outcome = evaluate(policy, &timeline, as_of);
    let mut engine = oracle::of_outcome(policy, &timeline, &outcome);
    let mut second = oracle::evaluate(policy, facts, as_of);
    engine.retain(|row| {
        let same = second.iter().position(|other| other == row);
        same.map(|place| second.remove(place)).is_none()
    });
    (engine, second)
}

/// The rule on which the two differ, if any. A side that panics differs on everything.
fn differs(policy: &Policy, facts: &[Fact], as_of: Date) -> Option<String> {
    let Ok((engine, second)) = panic::catch_unwind(|| difference(policy, facts, as_of)) else {
        return Some("panic".to_owned());
    };
    engine.iter().chain(&second).map(|row| row.rule().to_owned()).min()
}

fn disagreement(shipped: &Shipped, facts: &[Fact], as_of: Date) -> Option<(String, String)> {
    let Shipped { source, policy } = shipped;
    let rule = differs(policy, facts, as_of)?;
    let facts = shrink(policy, facts, as_of, &rule);
    let mut report = scenario(policy, &facts, as_of);
    if rule == "panic" {
        return Some((rule, report + "  one of the two panicked\n"));
    }
    let (engine, second) = difference(policy, &facts, as_of);
    let others = engine.iter().chain(&second).filter(|row| row.rule() != rule).count();
    for row in engine.iter().filter(|row| row.rule() == rule) {
        writeln!(report, "  engine:         {row}").expect("a text takes every line");
    }
    for row in second.iter().filter(|row| row.rule() == rule) {
        writeln!(report, "  second opinion: {row}").expect("a text takes every line");
    }
    if others > 0 {
        writeln!(report, "  and {others} rows of other rules").expect("a text takes every line");
    }
    let declared = policy.find_rule(&rule).map(|id| policy.rule(id).origin);
    if let Some(origin) = declared {
        let text = source.text.get(origin.start as usize..origin.end as usize);
        report += text.unwrap_or_default();
        report += "\n";
    }
    Some((format!("{} {rule}", policy.header.name), report))
}

/// Drops facts, and what they carry, while the two still differ on the rule.
fn shrink(policy: &Policy, facts: &[Fact], as_of: Date, rule: &str) -> Vec<Fact> {
    let mut facts = facts.to_vec();
    let still = |facts: &[Fact]| differs(policy, facts, as_of).is_some_and(|found| found == rule);
    loop {
        let before = facts.clone();
        for place in (0..facts.len()).rev() {
            let mut fewer = facts.clone();
            fewer.remove(place);
            if still(&fewer) {
                facts = fewer;
                continue;
            }
            for strip in
                [|fact: &mut Fact| fact.sequence = None, |fact: &mut Fact| fact.reference = None]
            {
                let mut plainer = facts.clone();
                strip(&mut plainer[place]);
                if still(&plainer) {
                    facts = plainer;
                }
            }
        }
        if facts == before {
            return facts;
        }
    }
}

/// A case in the notation of scenarios.
fn scenario(policy: &Policy, facts: &[Fact], as_of: Date) -> String {
    let (timeline, _) = Timeline::new("case", facts.to_vec());
    let mut text = String::from("scenario \"the two differ\"\n");
    for fact in timeline.facts() {
        let event = policy.event(fact.event);
        write!(text, "  {} {}", fact.date, event.name).expect("a text takes every line");
        for (attribute, value) in event.attributes.iter().zip(&fact.values) {
            let Some(value) = value else { continue };
            let value = match value {
                Value::YesNo(yes) => if *yes { "yes" } else { "no" }.to_owned(),
                Value::Word(index) => match &attribute.kind {
                    duly::policy::AttributeKind::OneOf(words) => words[usize::from(*index)].clone(),
                    _ => unreachable!("a word has a list of words"),
                },
                Value::Number(n) if n % 1000 == 0 => (n / 1000).to_string(),
                Value::Number(n) => format!("{}.{:03}", n / 1000, n % 1000),
                Value::Date(date) => date.to_string(),
                Value::Text(text) => format!("{text:?}"),
            };
            write!(text, " {} {value}", attribute.name).expect("a text takes every line");
        }
        if let Some(reference) = &fact.reference {
            write!(text, " ref {reference}").expect("a text takes every line");
        }
        if let Some(sequence) = fact.sequence {
            write!(text, " seq {sequence}").expect("a text takes every line");
        }
        text.push('\n');
    }
    writeln!(text, "  as of {as_of}").expect("a text takes every line");
    text
}
