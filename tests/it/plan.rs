//! Plans: dates worked out by hand, and a calendar that keeps the rules of its form.

#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a test may stop where it fails")]

use std::collections::BTreeSet;
use std::fs;

use duly::calendar::Date;
use duly::cases::{Format, read_cases};
use duly::check::{Calendars, Switches, compile};
use duly::eval::{Matching, Timeline};
use duly::policy::Policy;
use duly::render::{Planned, plan_csv, plan_ics};
use duly::search::{Aim, Fixed, Phase, Plan, What, plan};
use duly::source::Source;

use crate::oracle::generate::draw;
use crate::shipped::{root, shipped};

const POLICY: &str = r#"
policy northbury "Reviews"
  authority "Northbury"
  source    "Procedure"
  calendar  england-and-wales
role iro "Reviewing officer"
role worker "Social worker"
event became-looked-after "Child became looked after"
event review-held "Review held"
event review-planned "Date fixed"
  new-date is a date
event report-sent "Report sent"
event child-visited "Child visited"
event talked "Purpose discussed"
event agenda-agreed "Agenda agreed"
event decisions-sent "Decisions sent"
review child-review "Review"
  by      iro must
  held on review-held
  planned by review-planned
  first   within 20 working days after became-looked-after
  later   within 6 months after the previous
  cite    "2"
duty send-report "Report"
  by     worker must
  due    at least 5 working days before each child-review
  met by report-sent
  cite   "4"
duty visit-child "Visit"
  by     iro should
  due    between 10 and 20 calendar days before each child-review
  met by child-visited
  cite   "5"
duty talk-over "Purpose"
  by     worker must
  due    with no time limit before each child-review
  met by talked
  cite   "6"
duty agree-agenda "Agenda"
  by     iro must
  due    at each child-review
  met by agenda-agreed
  cite   "7"
duty send-decisions "Decisions"
  by     worker must
  due    within 5 working days after each child-review
  met by decisions-sent
  cite   "8"
"#;

fn date(text: &str) -> Date {
    Date::parse(text).expect("a date")
}

fn policy() -> Policy {
    let source = Source::new("test.duly", POLICY);
    compile(&source, &Calendars::default(), &Switches::default()).policy.expect("a sound policy")
}

fn case(policy: &Policy, notes: &str) -> Timeline {
    let read = read_cases(policy, "child-a.txt", notes.as_bytes(), Format::Text);
    read.cases.into_iter().next().expect("a case").outcome.expect("a sound case").timeline
}

/// The items of a plan: the phase, what it is, the first and the last day.
fn told(policy: &Policy, plan: &Plan) -> Vec<(Phase, String, String, String)> {
    let day = |day: Option<Date>| day.map_or_else(|| "-".to_owned(), |day| day.to_string());
    plan.items
        .iter()
        .map(|item| {
            let name = match &item.what {
                What::Deadline(trial, place) => {
                    let row = &plan.trials[*trial].outcome.deadlines[*place];
                    let stage = row.part.stage().map(|stage| format!(" {stage}"));
                    format!("{}{}", policy.rule(row.rule).name, stage.unwrap_or_default())
                }
                What::Way(stage, way) => format!("from {stage}: {}", way.leads.words()),
            };
            (item.phase, name, day(item.first), day(item.last))
        })
        .collect()
}

#[track_caller]
fn check(found: &[(Phase, String, String, String)], expected: &[(Phase, &str, &str, &str)]) {
    let expected: Vec<_> = expected
        .iter()
        .map(|&(phase, name, first, last)| {
            (phase, name.to_owned(), first.to_owned(), last.to_owned())
        })
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn without_a_fixed_day_it_counts_from_the_latest_safe_one() {
    let policy = policy();
    let timeline = case(&policy, "case a\n2026-03-02 became-looked-after\n");
    let plans = plan(&policy, &timeline, date("2026-03-03"), Matching::Lenient, Aim::Review);
    let [only] = plans.as_slice() else { panic!("{plans:?}") };
    // Twenty working days after 2 March; then Good Friday and Easter Monday do not count.
    assert_eq!(only.day, Some((date("2026-03-30"), Fixed::LatestSafe)));
    check(
        &told(&policy, only),
        &[
            (Phase::Before, "visit-child", "2026-03-10", "2026-03-20"),
            (Phase::Before, "send-report", "2026-03-03", "2026-03-23"),
            (Phase::Before, "talk-over", "-", "-"),
            (Phase::Review, "child-review", "-", "2026-03-30"),
            (Phase::OnTheDay, "agree-agenda", "2026-03-30", "2026-03-30"),
            (Phase::After, "send-decisions", "2026-03-30", "2026-04-08"),
        ],
    );
}

#[test]
fn a_planned_day_is_kept_even_where_something_is_late_by_it() {
    let policy = policy();
    let notes = "case a\n2026-03-02 became-looked-after\n\
                 2026-03-16 review-planned new-date 2026-03-20\n";
    let timeline = case(&policy, notes);
    let plans = plan(&policy, &timeline, date("2026-03-17"), Matching::Lenient, Aim::Review);
    let [only] = plans.as_slice() else { panic!("{plans:?}") };
    assert_eq!(only.day, Some((date("2026-03-20"), Fixed::Planned)));
    // The visit had to be made by the 10th, the report to go out by the 13th.
    check(
        &told(&policy, only),
        &[
            (Phase::Before, "visit-child", "-", "2026-03-10"),
            (Phase::Before, "send-report", "-", "2026-03-13"),
            (Phase::Before, "talk-over", "-", "-"),
            (Phase::Review, "child-review", "-", "2026-03-30"),
            (Phase::OnTheDay, "agree-agenda", "2026-03-20", "2026-03-20"),
            (Phase::After, "send-decisions", "2026-03-20", "2026-03-27"),
        ],
    );
    let passed: Vec<bool> = only.items.iter().map(|item| item.passed).collect();
    assert_eq!(passed, [true, true, false, false, false, false]);
}

#[test]
fn a_ladder_is_followed_up_as_if_nobody_answered() {
    let shipped = shipped();
    let walsall = shipped.iter().find(|one| one.name == "walsall").expect("a policy");
    let policy = walsall.policy();
    let text = fs::read_to_string(root().join("examples/walsall-easter.txt")).expect("a case");
    let timeline = case(policy, &text);
    let plans = plan(policy, &timeline, date("2026-04-16"), Matching::Lenient, Aim::Ladder);
    let [only] = plans.as_slice() else { panic!("{plans:?}") };
    // Stage two was opened on 15 April: four working days. The day after, stage three: three more. At
    // stage three the text gives silence no ground, so there it ends.
    let found = told(policy, only);
    let stages: Vec<_> = found
        .into_iter()
        .filter(|(_, name, ..)| name.contains(|c: char| c.is_ascii_digit()))
        .collect();
    check(
        &stages,
        &[
            (Phase::Now, "resolution 2", "2026-04-16", "2026-04-21"),
            (Phase::IfSilent, "from 2: open stage 3", "2026-04-22", "-"),
            (Phase::IfSilent, "resolution 3", "2026-04-22", "2026-04-27"),
        ],
    );
}

/// The lines of a calendar put together again, each checked on the way.
fn unfolded(text: &str) -> Vec<String> {
    assert!(text.ends_with("\r\n"), "{text:?}");
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
    let mut lines: Vec<String> = Vec::new();
    for line in text.trim_end_matches("\r\n").split("\r\n") {
        assert!(line.len() <= 75, "{line:?} is longer than 75 octets");
        match line.strip_prefix(' ') {
            Some(rest) => lines.last_mut().expect("a line before").push_str(rest),
            None => lines.push(line.to_owned()),
        }
    }
    lines
}

fn values<'a>(lines: &'a [String], name: &str) -> Vec<&'a str> {
    lines.iter().filter_map(|line| line.strip_prefix(name)).collect()
}

#[test]
fn entries_of_a_calendar_last_a_day_keep_their_names_and_hold_nothing_of_the_case() {
    let policy = policy();
    let notes = "case a\n2026-03-02 became-looked-after ref secret\n";
    let timeline = case(&policy, notes);
    let ics = |as_of: &str| {
        let as_of = date(as_of);
        let plans = plan(&policy, &timeline, as_of, Matching::Lenient, Aim::Review);
        plan_ics(&Planned { policy: &policy, case: "a", as_of, plans: &plans })
    };
    let text = ics("2026-03-03");
    assert_eq!(text, ics("2026-03-03"));
    assert!(!text.contains("secret"), "{text}");
    let lines = unfolded(&text);
    // Five of the six items have a last day.
    assert_eq!(values(&lines, "BEGIN:VEVENT").len(), 5);
    let starts = values(&lines, "DTSTART;VALUE=DATE:");
    assert_eq!(starts, ["20260320", "20260323", "20260330", "20260330", "20260408"]);
    let ends = values(&lines, "DTEND;VALUE=DATE:");
    assert_eq!(ends, ["20260321", "20260324", "20260331", "20260331", "20260409"]);
    assert_eq!(values(&lines, "DTSTAMP:").first(), Some(&"20260303T000000Z"));
    // A day on, the same things have the same names.
    let later = unfolded(&ics("2026-03-04"));
    assert_eq!(values(&lines, "UID:"), values(&later, "UID:"));
}

#[test]
fn the_plans_of_drawn_cases_are_whole() {
    let mut items = 0;
    for (number, shipped) in shipped().iter().enumerate() {
        let policy = shipped.policy();
        let cases = if policy.rules.len() > 100 { 2 } else { 12 };
        for seed in 0..cases {
            let drawn = draw(policy, seed * 17 + number as u64);
            let (timeline, _) = Timeline::new("case", drawn.facts);
            for aim in [Aim::Review, Aim::Ladder] {
                let as_of = drawn.as_of;
                let plans = plan(policy, &timeline, as_of, Matching::Lenient, aim);
                let planned = Planned { policy, case: "case", as_of, plans: &plans };
                let lines = unfolded(&plan_ics(&planned));
                let names = values(&lines, "UID:");
                let different: BTreeSet<&str> = names.iter().copied().collect();
                assert_eq!(names.len(), different.len(), "{}: {names:?}", shipped.name);
                let all: usize = plans.iter().map(|plan| plan.items.len()).sum();
                assert_eq!(plan_csv(&planned).matches("\r\n").count(), all + 1);
                items += all;
                for item in plans.iter().flat_map(|plan| &plan.items) {
                    let (first, last) = (item.first, item.last);
                    assert!(first.is_none_or(|day| day >= as_of), "{item:?}");
                    assert_eq!(item.passed, last.is_some_and(|day| day < as_of), "{item:?}");
                    let ordered = first.zip(last).is_none_or(|(first, last)| first <= last);
                    assert!(ordered, "{item:?}");
                }
            }
        }
    }
    assert!(items > 100, "only {items} things to do");
}
