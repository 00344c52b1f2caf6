//! The figures of a caseload, counted a second time.
//!
//! The counts are worked out from the definitions on the page `policies/FIGURES.md`, by going over the
//! answers that `duly due --format json` gives and over the events as they were drawn, once for each
//! cell of each table. Nothing is shared with the code that counts but the policy and the answers;
//! working days are counted one by one.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test may stop where it fails"
)]

mod cells;
mod challenges;
mod owed;
mod reviews;

use std::collections::{BTreeMap, BTreeSet};

use duly::calendar::Date;
use duly::eval::{Fact, Outcome, Timeline, evaluate};
use duly::policy::Policy;
use duly::render::{Answer, answer_json};
use duly::report::{Figures, Frame, Of, Report};
use fastrand::Rng;
use serde_json::Value as Json;

use crate::oracle::generate::draw;
use crate::shipped::shipped;
use cells::{Cells, Period, cells_of, periods};

/// A case that is counted.
pub(crate) struct Case {
    timeline: Timeline,
    outcome: Outcome,
    /// The events, each once, by the line that stands for it in the answer.
    facts: BTreeMap<u32, Fact>,
    answer: Json,
}

impl Case {
    fn new(policy: &Policy, name: &str, facts: &[Fact], as_of: Date) -> Case {
        let mut seen = BTreeSet::new();
        let mut once = BTreeMap::new();
        for (line, fact) in (1..).zip(facts) {
            let same =
                format!("{} {:?} {:?} {:?}", fact.date, fact.event, fact.values, fact.reference);
            if seen.insert(same) {
                once.insert(line, Fact { line, ..fact.clone() });
            }
        }
        let (timeline, _) = Timeline::new(name, once.values().cloned().collect());
        let outcome = evaluate(policy, &timeline, as_of);
        let answer = answer_json(&Answer { policy, timeline: &timeline, outcome: &outcome });
        Case { timeline, outcome, facts: once, answer }
    }

    /// The entries of a list of the answer that are of a rule.
    fn of<'a>(&'a self, list: &str, rule: &'a str) -> impl Iterator<Item = &'a Json> {
        self.all(list).filter(move |entry| entry["rule"] == rule)
    }

    fn all(&self, list: &str) -> impl Iterator<Item = &Json> {
        self.answer[list].as_array().unwrap().iter()
    }

    /// The event that an entry of the answer names.
    fn fact(&self, named: &Json) -> &Fact {
        &self.facts[&u32::try_from(named["line"].as_u64().expect("a recorded event")).unwrap()]
    }
}

/// A caseload, and the time over which it is counted.
pub(crate) struct Count<'a> {
    policy: &'a Policy,
    cases: &'a [Case],
    frame: &'a Frame,
    periods: Vec<Period>,
    cells: Cells,
}

impl<'a> Count<'a> {
    fn new(policy: &'a Policy, cases: &'a [Case], frame: &'a Frame) -> Self {
        let periods = periods(frame.from, frame.to);
        Self { policy, cases, frame, periods, cells: Cells::new() }
    }

    /// Everything, counted again.
    fn all(mut self, list: usize) -> Cells {
        self.reviews();
        self.owed(list);
        self.duties();
        self.prohibitions();
        self.challenges();
        self.events();
        self.summary();
        self.cells.sort();
        self.cells
    }

    fn whole(&self) -> Period {
        self.periods.last().unwrap().clone()
    }
}

fn date(value: &Json) -> Option<Date> {
    value.as_str().map(|text| Date::parse(text).unwrap())
}

fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

fn drawn(policy: &Policy, number: u64, as_of: Date) -> Vec<Case> {
    let case = |seed| Case::new(policy, &format!("c{seed}"), &draw(policy, seed).facts, as_of);
    (0..number).map(case).collect()
}

fn report<'a>(
    policy: &Policy,
    cases: impl IntoIterator<Item = &'a Case>,
    frame: &Frame,
    list: usize,
) -> Report {
    let mut figures = Figures::new(policy, frame.clone(), list);
    for case in cases {
        figures.add(policy, &case.timeline, &case.outcome);
    }
    figures.report(policy)
}

/// The times over which the cases are counted: four years, one that begins and ends within a month and
/// before the as-of day, and a single month.
fn frames(as_of: Date) -> [Frame; 3] {
    [
        Frame::new(as_of, Some(day("2022-06-15")), None, 28).unwrap(),
        Frame::new(as_of, Some(day("2024-02-10")), Some(day("2025-11-20")), 365).unwrap(),
        Frame::new(as_of, Some(day("2026-05-01")), None, 0).unwrap(),
    ]
}

#[track_caller]
fn assert_same(of: &str, counted: &Cells, again: &Cells) {
    let only = |one: &Cells, other: &Cells| -> Vec<String> {
        let other: BTreeSet<&String> = other.iter().collect();
        one.iter().filter(|cell| !other.contains(cell)).take(12).cloned().collect()
    };
    assert!(
        counted == again,
        "{of}: the report has\n{:#?}\nand counted again there is\n{:#?}",
        only(counted, again),
        only(again, counted)
    );
}

#[test]
fn the_figures_of_drawn_cases_are_those_of_their_definitions() {
    let as_of = day("2026-05-20");
    for shipped in shipped() {
        let policy = shipped.policy();
        let cases = drawn(policy, 160, as_of);
        for frame in frames(as_of) {
            let counted = cells_of(&report(policy, &cases, &frame, 7));
            let again = Count::new(policy, &cases, &frame).all(7);
            assert!(again.len() > 100, "{}: hardly anything was counted", shipped.name);
            assert_same(&format!("{}, {}", shipped.name, frame.from), &counted, &again);
        }
    }
}

#[test]
fn the_order_of_cases_and_of_their_parts_changes_nothing() {
    let as_of = day("2026-05-20");
    let mut random = Rng::with_seed(7);
    for shipped in shipped() {
        let policy = shipped.policy();
        let cases = drawn(policy, 120, as_of);
        let [frame, ..] = frames(as_of);
        // The list of the longest overdue names those that came first among equals.
        let whole = report(policy, &cases, &frame, 0);
        let mut order: Vec<usize> = (0..cases.len()).collect();
        for _ in 0..3 {
            random.shuffle(&mut order);
            let mut parts: Vec<Figures> =
                (0..4).map(|_| Figures::new(policy, frame.clone(), 0)).collect();
            for &place in &order {
                let case = &cases[place];
                let mut facts: Vec<Fact> = case.facts.values().cloned().collect();
                random.shuffle(&mut facts);
                let again = Case::new(policy, &case.timeline.case, &facts, as_of);
                // As the command does it: counted in one place, and added in another.
                let of = Of { policy, frame: &frame, list: 0 };
                let share = of.share(&again.timeline, &again.outcome);
                parts[random.usize(..4)].take(share);
            }
            let mut sum = Figures::new(policy, frame.clone(), 0);
            for part in &parts {
                sum.merge(part);
            }
            assert!(sum.report(policy) == whole, "{}: the order changes figures", shipped.name);
        }
    }
}

#[test]
fn what_is_counted_by_child_is_the_sum_over_the_children() {
    let as_of = day("2026-05-20");
    for shipped in shipped() {
        let policy = shipped.policy();
        let cases = drawn(policy, 60, as_of);
        let [frame, ..] = frames(as_of);
        let mut sums: BTreeMap<String, u64> = BTreeMap::new();
        for case in &cases {
            for cell in cells_of(&report(policy, [case], &frame, 0)) {
                // Averages, the longest and shares are no sums.
                let cell = cell.replace("Longest", "longest");
                if cell.contains("longest") || cell.contains("middle") || cell.contains(" of ") {
                    continue;
                }
                let (key, number) = cell.rsplit_once(" = ").unwrap();
                *sums.entry(key.to_owned()).or_default() += number.parse::<u64>().unwrap_or(0);
            }
        }
        let mut compared = 0;
        for cell in cells_of(&report(policy, &cases, &frame, 0)) {
            let cell = cell.replace("Longest", "longest");
            let (key, number) = cell.rsplit_once(" = ").unwrap();
            if let (Some(sum), Ok(number)) = (sums.get(key), number.parse::<u64>())
                && !key.contains("-time-taken | All")
            {
                assert_eq!(*sum, number, "{}: {key}", shipped.name);
                compared += 1;
            }
        }
        assert!(compared > 100, "{}: hardly anything was compared", shipped.name);
    }
}

#[test]
fn a_case_without_reviews_changes_no_timeliness() {
    let as_of = day("2026-05-20");
    for shipped in shipped() {
        let policy = shipped.policy();
        let cases = drawn(policy, 40, as_of);
        let [frame, ..] = frames(as_of);
        let alone = Case::new(policy, "alone", &[], as_of);
        let before = report(policy, &cases, &frame, 0);
        let after = report(policy, cases.iter().chain([&alone]), &frame, 0);
        assert_eq!(after.cases, before.cases + 1);
        let timely = |report: &Report| -> Cells {
            let kept = |cell: &String| {
                ["-per-review", "-per-visit", "-per-child", "-first-later"]
                    .iter()
                    .any(|name| cell.split(" | ").next().unwrap().ends_with(name))
            };
            cells_of(report).into_iter().filter(kept).collect()
        };
        assert_same(&shipped.name, &timely(&after), &timely(&before));
    }
}

#[test]
fn a_time_is_the_sum_of_its_parts() {
    let as_of = day("2026-05-20");
    let next = 28;
    for shipped in shipped() {
        let policy = shipped.policy();
        let cases = drawn(policy, 120, as_of);
        let frame =
            |from: &str, to: &str| Frame::new(as_of, Some(day(from)), Some(day(to)), next).unwrap();
        // Only what is counted once, on one day, can be added up: a child counts in both parts.
        let additive = |report: &Report| -> BTreeMap<String, u64> {
            cells_of(report)
                .into_iter()
                .filter_map(|cell| {
                    let (key, number) = cell.rsplit_once(" = ")?;
                    let table = key.split(" | ").next()?;
                    let once = table.ends_with("-per-review")
                        || table.ends_with("-per-visit")
                        || table.ends_with("-first-later")
                        || table.ends_with("-by-month")
                        || table == "duties"
                        || table == "prohibitions";
                    // A stretch of time is a row, or else a column.
                    let parts = [" month ", " quarter ", "| month_", "| quarter_"];
                    let whole = !parts.iter().any(|part| key.contains(part));
                    let key = key.split("whole_").next()?;
                    let key = key.split(" whole ").next()?.to_owned()
                        + key.rsplit_once(" | ").map_or("", |(_, column)| column);
                    (once && whole).then(|| Some((key, number.parse().ok()?))).flatten()
                })
                .collect()
        };
        let whole = additive(&report(policy, &cases, &frame("2019-01-01", "2026-03-31"), 0));
        let first = additive(&report(policy, &cases, &frame("2019-01-01", "2024-08-14"), 0));
        let second = additive(&report(policy, &cases, &frame("2024-08-15", "2026-03-31"), 0));
        assert!(whole.len() > 10, "{}: hardly anything was counted", shipped.name);
        for (key, number) in whole {
            let part = |of: &BTreeMap<String, u64>| of.get(&key).copied().unwrap_or(0);
            assert_eq!(number, part(&first) + part(&second), "{}: {key}", shipped.name);
        }
    }
}
