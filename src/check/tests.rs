//! What a whole file compiles to, where a picture of the findings would not show it.

use super::*;
use crate::calendar::{Date, Length, Unit};
use crate::policy::{Body, Duration, Expected, ExpectedStatus, Shape, Value};

const POLICY: &str = r#"
policy visits "Visits"
  calendar england-and-wales
reading bare-days "why"
  days are calendar days
  or working days
reading visit-limit "why"
  is 5 days
  or 1 week
role worker
event placed
  miles is a number
  setting is one of foster, residential
event visited
duty first-visit
  by worker must
  due within visit-limit after placed where miles > 2 and setting is foster
  met by visited
scenario "late"
  read visit-limit as 3 working days
  2026-03-02 placed miles 7.5 setting foster ref a seq 2
  2026-03-06 visited
  as of 2026-03-10
  expect first-visit ref a late by 1 working day, due 2026-03-05
"#;

fn compiled(text: &str, switches: &Switches) -> Compiled {
    let source = Source::new("test.duly", text);
    let compiled = compile(&source, &Calendars::default(), switches);
    assert!(compiled.problems.is_empty(), "{:#?}", compiled.problems);
    compiled
}

fn limit(policy: &Policy) -> (Shape, Vec<String>) {
    let Body::Duty(duty) = &policy.rules[0].body else {
        panic!("the rule is a duty");
    };
    let window = duty.limits[0].window.clone().unwrap();
    let names = window.readings.iter().map(|id| policy.reading(*id).name.clone());
    (window.shape, names.collect())
}

fn within(count: u16, unit: Unit) -> Shape {
    Shape::Within(Duration::Fixed(Length::new(count, unit)))
}

#[test]
fn a_limit_keeps_the_readings_it_rests_on() {
    let policy = compiled(POLICY, &Switches::default()).policy.unwrap();
    let (shape, readings) = limit(&policy);
    assert_eq!(shape, within(5, Unit::CalendarDays));
    assert_eq!(readings, ["bare-days", "visit-limit"]);
    assert!(policy.rules[0].readings.is_empty());
    assert!(policy.readings.iter().all(|reading| !reading.switched));
    assert_eq!(policy.readings[1].chosen, "5 days");
    assert_eq!(policy.readings[1].others, ["1 week"]);
}

#[test]
fn the_switches_of_a_scenario_compile_another_policy() {
    let plain = compiled(POLICY, &Switches::default());
    let switches = Switches::of_scenario(&plain.file, &plain.scenarios[0]);
    assert!(!switches.is_empty());
    let policy = compiled(POLICY, &switches).policy.unwrap();
    let (shape, readings) = limit(&policy);
    assert_eq!(shape, within(3, Unit::WorkingDays));
    assert_eq!(readings, ["visit-limit"]);
    assert!(policy.readings[1].switched);
    assert_eq!(policy.readings[1].chosen, "3 working days");
    assert_eq!(policy.readings[1].others, ["5 days", "1 week"]);
}

#[test]
fn a_switch_of_another_kind_is_refused() {
    let mut switches = Switches::default();
    switches.set("visit-limit", ast::ReadingValue::YesNo(true));
    let source = Source::new("test.duly", POLICY);
    let compiled = compile(&source, &Calendars::default(), &switches);
    assert!(compiled.policy.is_none());
    let codes: Vec<_> = compiled.problems.iter().map(|problem| problem.code).collect();
    assert!(codes.contains(&Code::WrongReading), "{codes:?}");
}

#[test]
fn a_scenario_is_ready_to_be_run() {
    let compiled = compiled(POLICY, &Switches::default());
    let scenario = &compiled.scenarios[0];
    assert_eq!(scenario.switches, [("visit-limit".to_owned(), "3 working days".to_owned())]);
    let placed = &scenario.facts[0];
    assert_eq!(placed.values, [Some(Value::Number(7_500)), Some(Value::Word(0))]);
    assert_eq!(placed.reference.as_deref(), Some("a"));
    assert_eq!(placed.sequence, Some(2));
    assert_eq!(scenario.facts[1].date, Date::from_ymd(2026, 3, 6).unwrap());
    let expectation = &scenario.expectations[0];
    assert_eq!(expectation.reference.as_deref(), Some("a"));
    let Expected::Status { status, by, due, .. } = &expectation.what else {
        panic!("a status is expected");
    };
    assert_eq!(*status, ExpectedStatus::Late);
    assert_eq!(*by, Some(Length::new(1, Unit::WorkingDays)));
    assert_eq!(*due, [Date::from_ymd(2026, 3, 5).unwrap()]);
}

#[test]
fn rules_stand_after_what_they_wait_for() {
    let text = POLICY.replace(
        "scenario \"late\"",
        r#"duty chase
  by worker must
  due within 1 week after overdue remind
  met by visited
duty remind
  by worker must
  due within 1 week after overdue first-visit
  met by visited
scenario "late""#,
    );
    let policy = compiled(&text, &Switches::default()).policy.unwrap();
    let order: Vec<_> = policy.order.iter().map(|id| policy.rule(*id).name.as_str()).collect();
    assert_eq!(order, ["first-visit", "remind", "chase"]);
}

#[test]
fn names_are_not_missed_in_a_text_that_could_not_be_read() {
    let text = POLICY.replace("role worker", "role worker \"Social worker");
    let source = Source::new("test.duly", text);
    let compiled = compile(&source, &Calendars::default(), &Switches::default());
    let codes: Vec<_> = compiled.problems.iter().map(|problem| problem.code).collect();
    assert_eq!(codes, [Code::UnclosedText]);
}

#[test]
fn the_latest_lawful_date_is_that_of_the_only_series_that_is_planned() {
    let text = r#"
policy reviews "Reviews"
  calendar england-and-wales
role iro
event began
event review-held
event health-held
event planned-for
  new-date is a date
event moved
  new-date is a date
review child-review
  by iro must
  held on review-held
  planned by planned-for
  first within 20 working days after began
review health-review
  by iro must
  held on health-held
  first within 12 months after began
forbid put-off
  by iro must
  no moved
  unless new-date is by the latest lawful date
"#;
    let policy = compiled(text, &Switches::default()).policy.unwrap();
    let Body::Forbid(forbid) = &policy.rules[2].body else {
        panic!("the rule is a prohibition");
    };
    let Some(crate::policy::Condition::ByLatestLawful { series, .. }) = forbid.unless else {
        panic!("the excuse is the latest lawful date");
    };
    assert_eq!(policy.rule(series).name, "child-review");
}
