//! The language reference is run: its policies are checked, its scenarios must pass, its cases must
//! read, and nothing of the language is missing from it.
//!
//! - A block ` ```duly ` is a complete policy; it must give no finding, not even a warning, but those
//!   that it accepts.
//! - The policy of the read-me and that of `tests/reference` are run in the same way.
//! - A block ` ```text `, ` ```json `, ` ```jsonl ` or ` ```csv ` is a file of cases for the policy
//!   that stands above it; it must read without an error or a warning.

#![expect(clippy::unwrap_used, reason = "a test may stop where it fails")]

use std::collections::BTreeSet;
use std::fmt::Write as _;

use duly::bundle::Bundle;
use duly::calendar::Date;
use duly::cases::{self, Format};
use duly::check::{Calendars, Compiled, Switches, compile};
use duly::eval::{Fact, Status, Timeline, evaluate};
use duly::policy::ExpectedStatus;
use duly::source::{LineIndex, Source};
use duly::trial;

const REFERENCE: &str = include_str!("../../policies/LANGUAGE.md");
const README: &str = include_str!("../../README.md");
const DECISIONS: &str = include_str!("../reference/decisions.duly");
const GRAMMAR: &str = include_str!("../../grammar/duly.pest");

/// A fenced block: what kind it is, the line on which it begins, its text.
struct Block {
    kind: String,
    line: usize,
    text: String,
}

fn blocks(document: &str) -> Vec<Block> {
    let mut found: Vec<Block> = Vec::new();
    let mut open = false;
    for (line, number) in document.lines().zip(1..) {
        match (line.strip_prefix("```"), open) {
            (Some(kind), false) => {
                found.push(Block { kind: kind.to_owned(), line: number, text: String::new() });
                open = true;
            }
            (Some(_), true) => open = false,
            (None, true) => {
                let block = found.last_mut().unwrap();
                writeln!(block.text, "{line}").unwrap();
            }
            (None, false) => {}
        }
    }
    assert!(!open, "a block is not closed");
    found
}

fn source(block: &Block) -> Source {
    // With the lines above it, a place in the block is a place in the document.
    let above = "\n".repeat(block.line);
    Source::new("document", format!("{above}{}", block.text))
}

fn compiled(block: &Block, report: &mut String) -> Compiled {
    let source = source(block);
    let compiled = compile(&source, &Calendars::default(), &Switches::default());
    let index = LineIndex::new(&source.text);
    let accepted = compiled.policy.iter().flat_map(|policy| &policy.acceptances);
    let accepted: Vec<_> = accepted.collect();
    for problem in &compiled.problems {
        if accepted.iter().any(|acceptance| acceptance.covers(problem)) {
            continue;
        }
        let line = index.location(problem.span().start).line;
        let (code, message) = (problem.code, &problem.message);
        let help = problem.help.join("; ");
        writeln!(report, "line {line}: {code}: {message} ({help})").unwrap();
    }
    compiled
}

#[test]
fn every_policy_of_the_reference_checks_and_its_scenarios_pass() {
    check_policies(REFERENCE);
}

#[test]
fn the_policy_of_the_read_me_checks_and_its_scenario_passes() {
    check_policies(README);
}

#[test]
fn the_case_of_the_read_me_is_late_by_the_day_it_says() {
    let blocks = blocks(README);
    let of = |kind: &str| blocks.iter().find(|block| block.kind == kind).unwrap();
    let policy = compiled(of("duly"), &mut String::new()).policy.unwrap();
    let bytes = of("text").text.as_bytes();
    let cases = cases::read_cases(&policy, "a-1.txt", bytes, Format::Text);
    let read = cases.cases.into_iter().next().unwrap().outcome.unwrap();
    let outcome = evaluate(&policy, &read.timeline, Date::parse("2026-04-20").unwrap());
    let found: Vec<_> = outcome.deadlines.iter().map(|one| (one.status, one.days)).collect();
    assert_eq!(found, [(Status::Late, 1)]);
}

#[test]
fn decisions_without_an_example_of_their_own_hold() {
    check_policies(&format!("```duly\n{DECISIONS}\n```\n"));
}

#[test]
fn every_decision_tried_is_in_the_reference() {
    let titles = DECISIONS.lines().filter_map(|line| line.strip_prefix("scenario \""));
    for title in titles {
        let number = title.split(['\"', ' ']).next().unwrap();
        assert!(REFERENCE.contains(&format!("- **{number}.** ")) || number == "M9", "{number}");
    }
}

#[track_caller]
fn check_policies(document: &str) {
    let mut report = String::new();
    let mut policies = 0;
    for block in blocks(document) {
        if block.kind != "duly" {
            continue;
        }
        policies += 1;
        let compiled = compiled(&block, &mut report);
        let bundle = Bundle::new(vec![source(&block)]);
        for scenario in &compiled.scenarios {
            let trial = trial::run(&bundle, &compiled, &Calendars::default(), scenario);
            let Some(trial) = trial else {
                writeln!(report, "`{}` was not run", scenario.title).unwrap();
                continue;
            };
            for failure in trial.failures {
                let line = bundle.line(failure.expectation.origin);
                writeln!(report, "line {line}: found {}", failure.found).unwrap();
            }
        }
    }
    assert!(policies > 0);
    assert!(report.is_empty(), "\n{report}");
}

#[test]
fn every_case_of_the_reference_reads() {
    let mut report = String::new();
    let mut policy = None;
    let mut forms = BTreeSet::new();
    for block in blocks(REFERENCE) {
        let (format, name) = match block.kind.as_str() {
            "duly" => {
                policy = compiled(&block, &mut report).policy;
                continue;
            }
            "text" => (Format::Text, "cases.txt"),
            "json" => (Format::Json, "cases.json"),
            "jsonl" => (Format::Jsonl, "cases.jsonl"),
            "csv" => (Format::Csv, "cases.csv"),
            other => panic!("line {}: what is a block of `{other}`?", block.line),
        };
        forms.insert(block.kind.clone());
        assert_eq!(Format::of(name, block.text.as_bytes()), format);
        let policy = policy.as_ref().expect("a policy stands above the cases");
        let cases = cases::read_cases(policy, name, block.text.as_bytes(), format);
        let mut say = |what: String| writeln!(report, "line {}: {what}", block.line).unwrap();
        cases.errors.iter().for_each(|error| say(error.to_string()));
        for case in &cases.cases {
            match &case.outcome {
                Ok(read) => (read.warnings.iter()).for_each(|warning| say(warning.to_string())),
                Err(errors) => errors.iter().for_each(|error| say(error.to_string())),
            }
        }
        assert!(!cases.is_empty(), "line {}: no case", block.line);
    }
    assert!(report.is_empty(), "\n{report}");
    assert_eq!(forms.len(), 4, "every form of case file is shown");
}

#[test]
fn the_forms_of_a_case_file_say_the_same() {
    let mut policy = None;
    let mut before: Option<Timeline> = None;
    for block in blocks(REFERENCE) {
        let format = match block.kind.as_str() {
            "duly" => {
                policy = compiled(&block, &mut String::new()).policy;
                before = None;
                continue;
            }
            "json" => Format::Json,
            "jsonl" => Format::Jsonl,
            "csv" => Format::Csv,
            _ => Format::Text,
        };
        let policy = policy.as_ref().unwrap();
        let cases = cases::read_cases(policy, "cases", block.text.as_bytes(), format);
        let first = cases.cases.into_iter().next().unwrap().outcome.unwrap();
        let bare = |fact: &Fact| Fact { line: 0, ..fact.clone() };
        let facts = first.timeline.facts().iter().map(bare).collect();
        let timeline = Timeline::new("", facts).0;
        if let Some(before) = &before {
            assert_eq!(&timeline, before, "line {}", block.line);
        }
        before = Some(timeline);
    }
}

/// The words of the language, from its grammar.
fn keywords() -> BTreeSet<&'static str> {
    let words = GRAMMAR.lines().filter(|line| line.starts_with("kw_"));
    words.filter_map(|line| line.split('"').nth(1)).collect::<BTreeSet<_>>()
}

/// The code of the reference: its blocks, and what stands between backticks in its text.
fn code() -> String {
    let mut code = String::new();
    let mut open = false;
    for line in REFERENCE.lines() {
        if line.starts_with("```") {
            open = !open;
        } else if open {
            let line = line.split('#').next().unwrap_or_default();
            code += line.split('"').step_by(2).collect::<String>().as_str();
        } else {
            code += &line.split('`').skip(1).step_by(2).collect::<Vec<_>>().join(" ");
        }
        code += "\n";
    }
    code
}

#[test]
fn every_word_of_the_language_is_in_the_reference() {
    let code = code();
    let used: BTreeSet<_> =
        code.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-').collect();
    let words = keywords();
    assert!(words.len() > 100, "{words:?}");
    let missing: Vec<_> = words.iter().filter(|word| !used.contains(*word)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    let statuses = ExpectedStatus::ALL.iter().map(|status| status.word());
    let missing: Vec<_> = statuses.filter(|word| !used.contains(word)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn the_list_of_reserved_words_is_the_grammars() {
    let rule = GRAMMAR.split("\nkeyword = @{").nth(1).unwrap();
    let rule = rule.split('}').next().unwrap();
    let reserved: BTreeSet<_> = rule.split('"').skip(1).step_by(2).collect();
    let listed = REFERENCE.split("<!-- reserved words -->").nth(1).unwrap();
    let listed: BTreeSet<_> = listed.split('`').skip(1).step_by(2).collect();
    assert_eq!(listed, reserved);
}

#[test]
fn every_rule_of_meaning_has_its_number() {
    for rule in 1..=27 {
        let heading = format!("\n**M{rule}. ");
        assert_eq!(REFERENCE.matches(&heading).count(), 1, "M{rule}");
    }
    let numbers: Vec<_> = REFERENCE
        .lines()
        .filter_map(|line| line.strip_prefix("- **"))
        .filter_map(|line| line.split_once(".** "))
        .map(|(number, _)| number)
        .collect();
    let once: BTreeSet<_> = numbers.iter().collect();
    assert_eq!(once.len(), numbers.len(), "a number is given twice");
}
