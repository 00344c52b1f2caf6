//! The sample cases in `examples/`: each reads under its policy without a word of warning, and
//! every deadline of it can be explained.

use std::fs;

use duly::calendar::Date;
use duly::cases::{Format, read_cases};
use duly::check::{Calendars, Switches, compile};
use duly::eval::{Matching, evaluate, evaluate_with, why};
use duly::render::why_text;
use duly::source::Source;

use crate::shipped::{entries, root, shipped};

#[test]
fn every_sample_reads_and_is_answered() {
    let policies = shipped();
    let mut used: Vec<&str> = Vec::new();
    // A folder is no file of cases; the return in one is tried in `import.rs`.
    for path in entries(&root().join("examples")).into_iter().filter(|path| path.is_file()) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        // `walsall-easter.txt` is a case under `policies/walsall`.
        let place = name.split('-').next().unwrap_or_default();
        let shipped = policies
            .iter()
            .find(|shipped| shipped.name.starts_with(place))
            .unwrap_or_else(|| panic!("{name} is named after no policy"));
        used.push(&shipped.name);
        let policy = shipped.policy();
        let bytes = fs::read(&path).unwrap_or_default();
        let cases = read_cases(policy, &name, &bytes, Format::of(&name, &bytes));
        assert!(cases.errors.is_empty(), "{name}: {:?}", cases.errors);
        assert!(cases.notices.is_empty(), "{name}: {:?}", cases.notices);
        assert!(!cases.is_empty(), "{name} holds no case");
        for case in cases.cases {
            let read = case.outcome.unwrap_or_else(|errors| panic!("{name}: {errors:?}"));
            assert!(read.warnings.is_empty(), "{name}: {:?}", read.warnings);
            let days: Vec<Date> = read.timeline.facts().iter().map(|fact| fact.date).collect();
            for &as_of in &days {
                let outcome = evaluate(policy, &read.timeline, as_of);
                assert!(!outcome.deadlines.is_empty(), "{name}, as of {as_of}");
            }
            let last = days.into_iter().max().unwrap();
            let outcome = evaluate(policy, &read.timeline, last);
            for index in 0..outcome.deadlines.len() {
                let why = why(policy, &read.timeline, &outcome, index);
                let text = why.map(|why| why_text(&why, 80)).unwrap_or_default();
                assert!(text.lines().count() > 2, "{name}: {text}");
            }
        }
    }
    used.dedup();
    assert_eq!(used.len(), policies.len(), "not every policy has a sample: {used:?}");
}

/// An answer without a `ref` is taken for the second question, so that the first goes unanswered and
/// silence is deemed agreement; matched strictly it decides neither, and nothing is deemed.
#[test]
fn an_explanation_matches_acts_as_its_outcome_did() {
    let text = r#"
policy northbury "Questions"
  authority "Northbury"
  source    "Procedure"
  calendar  england-and-wales
role officer "Officer"
event question-put "Asked"
event question-answered "Answered"
event agreed "Agreed"
event ordered "Ordered"
event withdrawn "Withdrawn"
event delivered "Delivered"
state in-agreement "In agreement"
  from  agreed
  until withdrawn
duty reply "Answer"
  by     officer must
  due    within 5 calendar days after question-put
  met by question-answered
  if not done  agreed is deemed
  cite   "1"
duty deliver "Delivery"
  by     officer must
  due    within 20 calendar days after ordered
  except while in-agreement, within 10 calendar days
    changing mid-clock from the anchor
  met by delivered
  cite   "2"
"#;
    let source = Source::new("policy.duly", text);
    let compiled = compile(&source, &Calendars::default(), &Switches::default());
    let policy = compiled.policy.unwrap_or_else(|| panic!("{:?}", compiled.problems));
    let notes = "2026-03-02 question-put ref a\n2026-03-02 question-put ref b\n2026-03-04 question-answered\n\
                 2026-03-16 ordered\n";
    let cases = read_cases(&policy, "a.txt", notes.as_bytes(), Format::Text);
    let timeline = &cases.cases[0].outcome.as_ref().unwrap().timeline;
    let as_of = Date::parse("2026-03-20").unwrap();
    let deliver = policy.find_rule("deliver").unwrap();
    // Agreement was deemed on 8 March, the day after the last day for an answer; 16 March and ten
    // days are 26 March, and twenty days 5 April.
    for (matching, due, deemed) in
        [(Matching::Lenient, "2026-03-26", true), (Matching::Strict, "2026-04-05", false)]
    {
        let outcome = evaluate_with(&policy, timeline, as_of, matching);
        let index = outcome.deadlines.iter().position(|row| row.rule == deliver).unwrap();
        assert_eq!(outcome.deadlines[index].due_date(), Date::parse(due).ok(), "{matching:?}");
        let told = why_text(&why(&policy, timeline, &outcome, index).unwrap(), 80);
        assert_eq!(told.contains("deemed"), deemed, "{matching:?}: {told}");
    }
}
