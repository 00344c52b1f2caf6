//! The sample cases in `examples/`: each reads under its policy without a word of warning, and
//! every deadline of it can be explained.

use std::fs;

use duly::calendar::Date;
use duly::cases::{Format, read_cases};
use duly::eval::{Matching, Timeline, evaluate, evaluate_with, why};
use duly::render::why_text;

use crate::oracle::generate::draw;
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

/// Both ways of matching deem different events, so an explanation worked out in the other way would
/// name facts that its outcome does not have.
#[test]
fn an_explanation_matches_acts_as_its_outcome_did() {
    let mut differ = 0;
    for shipped in shipped() {
        let policy = shipped.policy();
        for seed in 0..150 {
            let drawn = draw(policy, seed);
            let timeline = Timeline::new("drawn", drawn.facts).0;
            let lenient = evaluate(policy, &timeline, drawn.as_of);
            let strict = evaluate_with(policy, &timeline, drawn.as_of, Matching::Strict);
            if lenient.deadlines == strict.deadlines {
                continue;
            }
            differ += 1;
            for outcome in [lenient, strict] {
                for (index, deadline) in outcome.deadlines.iter().enumerate() {
                    let why = why(policy, &timeline, &outcome, index);
                    let text = why.map(|why| why_text(&why, 80)).unwrap_or_default();
                    let due = deadline.due_date().map(|due| due.short().to_string());
                    let told = due.is_none_or(|due| text.replace('\n', " ").contains(&due));
                    assert!(told, "{}, seed {seed}, {index}: {text}", shipped.name);
                }
            }
        }
    }
    assert!(differ > 0, "no drawn case tells the two apart");
}
