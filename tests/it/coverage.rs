//! What the shipped policies leave out: `policies/*/coverage.csv` against the policy, against the
//! rows of its source (`tests/coverage/‹policy›.txt`) and against its scenarios.

#![expect(clippy::unwrap_used, reason = "a test may stop where it fails")]

use std::collections::BTreeSet;
use std::fs;

use duly::policy::Expected;

use crate::shipped::{Shipped, shipped};

/// A row of a source, and what became of it.
struct Row {
    id: String,
    rules: Vec<String>,
    why_not: String,
}

fn rows(policy: &Shipped) -> Vec<Row> {
    let mut table = csv::Reader::from_path(policy.folder.join("coverage.csv")).unwrap();
    let header: Vec<_> = table.headers().unwrap().iter().map(str::to_owned).collect();
    assert_eq!(header, ["row", "section", "what", "rules", "why-not"], "{}", policy.name);
    let row = |record: csv::StringRecord| {
        let cell = |place: usize| record.get(place).unwrap().to_owned();
        assert!(!cell(0).is_empty() && !cell(1).is_empty() && !cell(2).is_empty(), "{record:?}");
        let rules = cell(3).split_whitespace().map(str::to_owned).collect();
        Row { id: cell(0), rules, why_not: cell(4) }
    };
    table.records().map(|record| row(record.unwrap())).collect()
}

#[test]
fn every_row_has_a_rule_that_exists_or_says_why_it_has_none() {
    for policy in shipped() {
        let mut seen = BTreeSet::new();
        for row in rows(&policy) {
            assert!(seen.insert(row.id.clone()), "{}: two rows {}", policy.name, row.id);
            assert!(
                !row.rules.is_empty() || row.why_not.len() > 10,
                "{}: {} has no rule and does not say why",
                policy.name,
                row.id
            );
            for rule in &row.rules {
                let known = policy.policy().find_rule(rule).is_some();
                assert!(known, "{}: {} names `{rule}`", policy.name, row.id);
            }
        }
    }
}

#[test]
fn every_rule_comes_from_a_row() {
    for policy in shipped() {
        let rows = rows(&policy);
        let named: BTreeSet<_> = rows.iter().flat_map(|row| &row.rules).collect();
        let rules = policy.policy().rules.iter().map(|rule| &rule.name);
        let missing: Vec<_> = rules.filter(|rule| !named.contains(rule)).collect();
        assert!(missing.is_empty(), "{}: no row for {missing:?}", policy.name);
    }
}

#[test]
fn every_row_of_the_sources_is_answered_for() {
    let mut sources = 0;
    for policy in shipped() {
        let list = crate::shipped::root().join(format!("tests/coverage/{}.txt", policy.name));
        let Ok(list) = fs::read_to_string(list) else { continue };
        sources += 1;
        let wanted: Vec<_> = list.lines().collect();
        let found: Vec<_> = rows(&policy).into_iter().map(|row| row.id).collect();
        let found: BTreeSet<_> = found.iter().map(String::as_str).collect();
        let wanted: BTreeSet<_> = wanted.into_iter().collect();
        let missing: Vec<_> = wanted.difference(&found).collect();
        let unknown: Vec<_> = found.difference(&wanted).collect();
        assert!(missing.is_empty(), "{}: {missing:?} are left out", policy.name);
        assert!(unknown.is_empty(), "{}: the source has no {unknown:?}", policy.name);
    }
    assert_eq!(
        sources,
        fs::read_dir(crate::shipped::root().join("tests/coverage")).unwrap().count()
    );
}

#[test]
fn every_rule_is_expected_to_come_to_something_by_a_scenario() {
    let mut report = String::new();
    for policy in shipped() {
        let expectations = policy.compiled.scenarios.iter().flat_map(|one| &one.expectations);
        let tried: BTreeSet<_> = expectations
            .filter(|expectation| expectation.what != Expected::Nothing)
            .map(|expectation| policy.policy().rule(expectation.rule).name.as_str())
            .collect();
        let names = policy.policy().rules.iter().map(|rule| rule.name.as_str());
        let missing: Vec<_> = names.filter(|name| !tried.contains(name)).collect();
        if !missing.is_empty() {
            let count = missing.len();
            report += &format!("{}: no scenario tries {count}: {missing:?}\n", policy.name);
        }
    }
    assert!(report.is_empty(), "{report}");
}
