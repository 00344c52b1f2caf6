//! What scenarios exercise, counted by hand, and expectations rewritten.

#![expect(clippy::unwrap_used, reason = "a broken assumption is to fail the test")]

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use duly::bundle::Bundle;
use duly::check::{Calendars, Switches, compile_parsed};
use duly::source::Source;
use duly::trial::{Coverage, run};

const POLICY: &str = r#"
policy visits "Visits"
  authority "Anytown"
  source    "Visits procedure"
  calendar  england-and-wales
reading far "Why"
  is yes
  or no
role iro "Reviewing officer"
event placed  "Child placed"
  miles is a number
event visited "Child visited"
event called  "Child called"
state distant
  holds while the latest placed has miles > 20
duty visit-child "Visit"
  by     iro must
  due    within 5 working days after placed
  except while distant and far, within 10 working days
  changing mid-clock from the anchor
  met by visited
duty call-child "Call"
  by     iro should
  due    between 2 and 5 calendar days after visited
  met by called
forbid call-at-once "No call"
  by iro must
  no called
  unless visited recorded
"#;

/// What is not exercised by some scenarios, as `owner: what`.
fn missing(scenarios: &str) -> BTreeSet<String> {
    let bundle = Bundle::new(vec![Source::new("policy.duly", format!("{POLICY}{scenarios}"))]);
    let calendars = Calendars::default();
    let compiled = compile_parsed(bundle.parse(), &calendars, &Switches::default());
    let policy = compiled.policy.as_ref().unwrap();
    let trials: Vec<_> = compiled
        .scenarios
        .iter()
        .map(|scenario| run(&bundle, &compiled, &calendars, scenario).unwrap())
        .collect();
    for trial in &trials {
        assert!(trial.passed(), "{:?}", trial.failures);
    }
    let coverage = Coverage::of(policy, &trials);
    coverage
        .missing()
        .map(|point| format!("{}: {}", point.owner(policy), point.words(policy)))
        .collect()
}

/// What these scenarios exercise that no scenario at all does not.
#[track_caller]
fn exercised(scenarios: &str, expected: &[&str]) {
    let all = missing("");
    let left = missing(scenarios);
    let exercised: Vec<&str> = all.difference(&left).map(String::as_str).collect();
    assert_eq!(exercised, expected);
}

#[test]
fn every_point_of_a_policy_is_named() {
    let expected = [
        "call-at-once: an act against it",
        "call-at-once: nothing is expected of it",
        "call-at-once: that it is kept",
        "call-child: nothing is expected of it",
        "call-child: the day before the first",
        "call-child: the first day in time",
        "call-child: the first late day",
        "call-child: the last day in time",
        "call-child: the plain limit",
        "far: its other value `no`",
        "visit-child: nothing is expected of it",
        "visit-child: the exception",
        "visit-child: the first late day of the exception",
        "visit-child: the first late day of the plain limit",
        "visit-child: the last day in time of the exception",
        "visit-child: the last day in time of the plain limit",
        "visit-child: the plain limit",
    ];
    assert_eq!(missing("").iter().map(String::as_str).collect::<Vec<_>>(), expected);
}

// Five working days after Mon 2 Mar 2026 are Mon 9 Mar; after Fri 27 Feb they are Fri 6 Mar.

#[test]
fn the_last_day_is_exercised_by_an_act_on_it_or_by_waiting_until_it() {
    let on_it = [
        "visit-child: nothing is expected of it",
        "visit-child: the last day in time of the plain limit",
        "visit-child: the plain limit",
    ];
    exercised(
        "scenario \"done\"\n  2026-03-02 placed miles 1\n  2026-03-09 visited\n  as of 2026-03-20\n  \
         expect visit-child met\n",
        &on_it,
    );
    exercised(
        "scenario \"open\"\n  2026-03-02 placed miles 1\n  as of 2026-03-09\n  expect visit-child due\n",
        &on_it,
    );
    exercised(
        "scenario \"the day before\"\n  2026-03-02 placed miles 1\n  2026-03-08 visited\n  as of \
         2026-03-20\n  expect visit-child met\n",
        &["visit-child: nothing is expected of it", "visit-child: the plain limit"],
    );
}

#[test]
fn the_first_late_day_is_the_day_after_or_the_first_working_day_after() {
    let late = [
        "visit-child: nothing is expected of it",
        "visit-child: the first late day of the plain limit",
        "visit-child: the plain limit",
    ];
    let visited = |day: &str| {
        format!(
            "scenario \"s\"\n  2026-02-27 placed miles 1\n  2026-03-{day} visited\n  as of \
             2026-03-20\n  expect visit-child late\n"
        )
    };
    exercised(&visited("07"), &late);
    exercised(&visited("09"), &late);
    // On the second working day nobody can tell whether the first was late.
    exercised(&visited("10"), &[late[0], late[2]]);
    exercised(
        "scenario \"s\"\n  2026-02-27 placed miles 1\n  as of 2026-03-07\n  expect visit-child overdue\n",
        &late,
    );
}

#[test]
fn what_merely_comes_about_exercises_nothing() {
    exercised(
        "scenario \"s\"\n  2026-03-02 placed miles 1\n  2026-03-09 visited\n  2026-03-14 called\n  as of \
         2026-03-20\n  expect call-at-once kept\n",
        &["call-at-once: nothing is expected of it", "call-at-once: that it is kept"],
    );
    exercised(
        "scenario \"s\"\n  2026-03-02 placed miles 1\n  as of 2026-03-03\n  expect call-child waiting\n",
        &[],
    );
    exercised(
        "scenario \"s\"\n  2026-03-02 placed miles 1\n  as of 2026-03-03\n  expect call-child nothing\n",
        &[],
    );
}

#[test]
fn exceptions_and_readings_are_exercised_where_they_govern() {
    exercised(
        "scenario \"s\"\n  2026-03-02 placed miles 40\n  2026-03-16 visited\n  as of 2026-03-20\n  expect \
         visit-child met, due 2026-03-16\n",
        &[
            "visit-child: nothing is expected of it",
            "visit-child: the exception",
            "visit-child: the last day in time of the exception",
        ],
    );
    exercised(
        "scenario \"s\"\n  read far as no\n  2026-03-02 placed miles 40\n  as of 2026-03-05\n  expect \
         visit-child due, due 2026-03-09\n",
        &[
            "far: its other value `no`",
            "visit-child: nothing is expected of it",
            "visit-child: the plain limit",
        ],
    );
}

// Visited on 2 March: the window is 4 to 7 March.
#[test]
fn a_window_that_opens_of_its_own_has_a_first_day_and_a_day_before() {
    let called = |day: &str, status: &str| {
        format!(
            "scenario \"s\"\n  2026-03-02 visited\n  2026-03-{day} called\n  as of 2026-03-{day}\n  \
             expect call-child {status}\n"
        )
    };
    let rule = "call-child: nothing is expected of it";
    let limit = "call-child: the plain limit";
    exercised(&called("04", "met"), &[rule, "call-child: the first day in time", limit]);
    exercised(&called("07", "met"), &[rule, "call-child: the last day in time", limit]);
    exercised(&called("08", "late"), &[rule, "call-child: the first late day", limit]);
    exercised(
        "scenario \"s\"\n  2026-03-02 visited\n  as of 2026-03-03\n  expect call-child not-open\n",
        &[rule, "call-child: the day before the first", limit],
    );
}

#[test]
fn expectations_are_rewritten_and_nothing_else() {
    let folder = std::env::temp_dir().join(format!("duly-update-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let scenarios = "\
# What is kept.
scenario \"a visit\"   # and this
  2026-03-02  placed miles 1
  2026-03-10 visited
  as of 2026-03-10
  expect visit-child met, due 2026-03-08,   on 2026-03-10   # the last day
  expect call-child waiting
  expect call-at-once breached

scenario \"two\"
  2026-03-02 placed miles 1 ref a
  2026-03-03 placed miles 1 ref b
  as of 2026-03-03
  expect visit-child due
  expect visit-child ref b overdue by 1 working day
";
    fs::write(folder.join("policy.duly"), POLICY).unwrap();
    let file = folder.join("scenarios.duly");
    fs::write(&file, scenarios.replace('\n', "\r\n")).unwrap();
    let update = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_duly"));
        let output =
            command.arg("test").arg(&folder).arg("--update").args(arguments).output().unwrap();
        (String::from_utf8(output.stderr).unwrap(), output.status.code())
    };
    let (aside, code) = update(&["--diff"]);
    assert!(aside.ends_with("4 expectations in 1 file would be rewritten.\n"), "{aside}");
    assert_eq!(code, Some(1));
    assert_eq!(fs::read_to_string(&file).unwrap(), scenarios.replace('\n', "\r\n"));

    let (aside, code) = update(&[]);
    // Which of two is meant, no program can say.
    assert!(
        aside.contains("scenarios.duly:14: left as it is: several deadlines fit it"),
        "{aside}"
    );
    assert_eq!(code, Some(1));
    // A visit on Tue 10 March, one day after Mon 9 March; a call may follow from the 12th to the 15th.
    // From Tue 3 March five working days lead to Tue 10 March, which is five working days away.
    let expected = scenarios
        .replace(
            "met, due 2026-03-08,   on 2026-03-10",
            "late by 1 day, due 2026-03-09, on 2026-03-10",
        )
        .replace("expect call-child waiting", "expect call-child not-open")
        .replace("expect call-at-once breached", "expect call-at-once kept")
        .replace("overdue by 1 working day", "due by 5 working days");
    assert_eq!(fs::read_to_string(&file).unwrap(), expected.replace('\n', "\r\n"));
    fs::remove_dir_all(&folder).unwrap();
}
