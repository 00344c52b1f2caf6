//! Worked examples, with expected values found by hand.

use duly::calendar::{Calendar, Date, HolidayTable, Length, Unit};
use duly::eval::Verdict as Finding;
use duly::eval::{
    BasisKind, Deemed, Fact, FactId, Finding as Found, LadderState, Matching, Outcome, Part,
    Status, Timeline,
};
use duly::policy::{Policy, RuleId, StageOutcome, Value};

use super::days;
use super::samples::{event, looked_after};
use super::{Last, Row, Verdict, evaluate, generate, of_outcome};

fn date(text: &str) -> Date {
    Date::parse(text).expect("a date")
}

/// Facts in the notation of timelines, with the values of the first attributes in order.
fn facts(policy: &Policy, lines: &[&str]) -> Vec<Fact> {
    lines.iter().map(|line| fact(policy, line)).collect()
}

fn fact(policy: &Policy, line: &str) -> Fact {
    let mut words = line.split(' ');
    let day = date(words.next().expect("a date"));
    let id = event(words.next().expect("an event"));
    let mut fact = Fact {
        date: day,
        event: id,
        values: vec![None; policy.event(id).attributes.len()].into(),
        reference: None,
        sequence: None,
        line: 0,
    };
    while let Some(name) = words.next() {
        let value = words.next().expect("a value");
        match name {
            "ref" => fact.reference = Some(value.to_owned()),
            "seq" => fact.sequence = value.parse().ok(),
            _ => {
                let place = policy.event(id).attributes.iter().position(|a| a.name == name);
                let value = match value {
                    "yes" | "no" => Value::YesNo(value == "yes"),
                    _ => value.parse().map_or_else(
                        |_| Value::Date(date(value)),
                        |number: i64| Value::Number(number * 1000),
                    ),
                };
                fact.values[place.expect("an attribute")] = Some(value);
            }
        }
    }
    fact
}

/// The verdicts on one rule.
#[track_caller]
fn verdicts(rule: &str, lines: &[&str], as_of: &str) -> Vec<Verdict> {
    let policy = looked_after();
    evaluate(&policy, &facts(&policy, lines), date(as_of))
        .into_iter()
        .filter(|verdict| verdict.rule() == rule)
        .collect()
}

#[track_caller]
fn rows(rule: &str, lines: &[&str], as_of: &str) -> Vec<Row> {
    verdicts(rule, lines, as_of)
        .into_iter()
        .filter_map(|verdict| match verdict {
            Verdict::Deadline(row) => Some(row),
            _ => None,
        })
        .collect()
}

/// Status, last day and days of each row of a rule.
#[track_caller]
fn brief(rule: &str, lines: &[&str], as_of: &str) -> Vec<(Status, Last, i32)> {
    rows(rule, lines, as_of).into_iter().map(|row| (row.status, row.due, row.days)).collect()
}

fn last(text: &str) -> Last {
    Last::On(date(text))
}

#[test]
fn lengths_are_counted_as_the_law_counts_them() {
    let table = HolidayTable::named("england-and-wales").expect("the shipped table");
    let calendar = Calendar::new("england-and-wales", &table, &[]);
    let after = |from: &str, count, unit| {
        let length = Length::new(count, unit);
        let day = days::counted(&calendar, date(from).number(), length, 1);
        days::date(day.expect("covered")).to_string()
    };
    for (from, calendar_days, working, weeks) in [
        ("2026-03-02", "2026-03-22", "2026-03-30", "2026-03-30"),
        ("2026-03-23", "2026-04-12", "2026-04-22", "2026-04-20"),
        ("2025-12-01", "2025-12-21", "2025-12-31", "2025-12-29"),
        ("2025-12-15", "2026-01-04", "2026-01-15", "2026-01-12"),
        ("2022-05-23", "2022-06-12", "2022-06-22", "2022-06-20"),
        ("2022-09-01", "2022-09-21", "2022-09-30", "2022-09-29"),
        ("2020-04-20", "2020-05-10", "2020-05-19", "2020-05-18"),
    ] {
        assert_eq!(after(from, 20, Unit::CalendarDays), calendar_days);
        assert_eq!(after(from, 20, Unit::WorkingDays), working);
        assert_eq!(after(from, 4, Unit::Weeks), weeks);
    }
    for (from, three, six) in [
        ("2025-01-31", "2025-04-30", "2025-07-31"),
        ("2025-11-30", "2026-02-28", "2026-05-30"),
        ("2024-11-29", "2025-02-28", "2025-05-29"),
        ("2026-05-31", "2026-08-31", "2026-11-30"),
        ("2026-12-01", "2027-03-01", "2027-06-01"),
    ] {
        assert_eq!(after(from, 3, Unit::Months), three);
        assert_eq!(after(from, 6, Unit::Months), six);
    }
}

#[test]
fn a_period_begins_with_its_first_day_and_nothing_is_known_beyond_the_calendar() {
    let table = HolidayTable::named("england-and-wales").expect("the shipped table");
    let calendar = Calendar::new("england-and-wales", &table, &[]);
    let period = |from: &str, count, unit| {
        days::period(&calendar, date(from).number(), Length::new(count, unit)).map(days::date)
    };
    assert_eq!(period("2026-04-01", 30, Unit::CalendarDays), Some(date("2026-04-30")));
    // Good Friday 3 April to Easter Monday 6 April: day 1 is Tuesday 7 April.
    assert_eq!(period("2026-04-03", 1, Unit::WorkingDays), Some(date("2026-04-07")));
    assert_eq!(period("2026-04-02", 2, Unit::WorkingDays), Some(date("2026-04-07")));
    assert_eq!(period("2028-12-29", 2, Unit::WorkingDays), None);
    assert_eq!(days::date(days::birthday(date("2008-02-29").number(), 18)), date("2026-03-01"));
}

#[test]
fn a_second_review_on_day_92_is_late_by_one_day() {
    let lines =
        ["2026-01-05 became-looked-after", "2026-01-20 review-held", "2026-04-22 review-held"];
    assert_eq!(
        brief("looked-after-review", &lines, "2026-04-22"),
        [
            (Status::Met, last("2026-01-25"), 0),
            (Status::Late, last("2026-04-21"), 1),
            (Status::Due, last("2026-10-22"), 183),
        ]
    );
    // The day before, the third review has not been held: it is owed on its last day.
    assert_eq!(
        brief("looked-after-review", &lines[..2], "2026-04-21")[1],
        (Status::Due, last("2026-04-21"), 0)
    );
}

#[test]
fn a_limit_that_shortens_never_falls_before_the_change() {
    let lines = [
        "2026-01-05 became-looked-after",
        "2026-01-20 review-held",
        "2026-04-10 review-held",
        "2026-08-01 went-home",
    ];
    // Three months from 10 April is 10 July, which had passed when the child went home.
    assert_eq!(
        brief("looked-after-review", &lines, "2026-08-02")[2],
        (Status::Overdue, last("2026-08-01"), 1)
    );
}

#[test]
fn the_end_of_care_makes_what_is_overdue_missed_and_what_is_not_lapsed() {
    let lines = ["2026-01-05 became-looked-after", "2026-01-25 ceased"];
    assert_eq!(
        brief("looked-after-review", &lines, "2026-01-26"),
        [(Status::Lapsed, last("2026-01-25"), 0)]
    );
    let lines = ["2026-01-05 became-looked-after", "2026-01-26 ceased"];
    assert_eq!(
        brief("looked-after-review", &lines, "2026-01-27"),
        [(Status::Missed, last("2026-01-25"), 0)]
    );
}

#[test]
fn preparation_counts_from_the_plan_then_from_the_review() {
    let lines = [
        "2026-01-05 became-looked-after",
        "2026-01-06 review-planned new-date 2026-01-23",
        "2026-01-09 child-visited",
        "2026-01-19 documents-sent",
        "2026-01-22 review-held",
    ];
    let planned = &rows("send-documents", &lines[..2], "2026-01-08")[0];
    assert_eq!((planned.status, planned.due), (Status::Due, last("2026-01-16")));
    assert_eq!(planned.basis, Some((BasisKind::Planned, date("2026-01-23"))));
    assert_eq!((planned.days, planned.working_days), (8, Some(6)));
    let held = &rows("visit-child", &lines, "2026-02-01")[0];
    assert_eq!(held.basis, Some((BasisKind::Actual, date("2026-01-22"))));
    // The visit was in the planned window (3 to 13 January), and in the actual one too.
    assert_eq!((held.status, held.done_on), (Status::Met, Some(date("2026-01-09"))));
    assert_eq!((held.opens, held.due), (Some(date("2026-01-02")), last("2026-01-12")));
    // Five working days before 23 January were over on the 16th.
    let late = &rows("send-documents", &lines, "2026-02-01")[0];
    assert_eq!((late.status, late.days, late.working_days), (Status::Late, 3, Some(1)));
}

#[test]
fn midway_between_two_reviews_is_rounded_down() {
    let lines =
        ["2026-01-05 became-looked-after", "2026-01-20 review-held", "2026-03-06 midway-checked"];
    // To 21 April it is 91 days, half of which are 45.
    let row = &rows("midway-check", &lines, "2026-03-06")[0];
    assert_eq!((row.status, row.due), (Status::Met, last("2026-03-06")));
    assert_eq!(row.basis, Some((BasisKind::Projected, date("2026-04-21"))));
}

#[test]
fn silence_is_deemed_agreement_on_the_day_after_the_last() {
    let lines = ["2026-03-30 decisions-received"];
    // Good Friday and Easter Monday are left out: the fifth working day is 8 April.
    assert_eq!(
        brief("answer-decisions", &lines, "2026-04-08"),
        [(Status::Due, last("2026-04-08"), 0)]
    );
    let after = verdicts("answer-decisions", &lines, "2026-04-09");
    assert!(matches!(&after[0], Verdict::Deadline(row) if row.status == Status::Lapsed));
    let Verdict::Deemed { date: day, .. } = &after[1] else { panic!("nothing was deemed") };
    assert_eq!(*day, date("2026-04-09"));
}

#[test]
fn the_fallback_serves_only_where_nothing_better_belongs_to_it() {
    let lines = ["2026-03-02 decisions-circulated", "2026-03-04 decisions-received"];
    assert_eq!(
        brief("answer-decisions", &lines, "2026-03-04"),
        [(Status::Due, last("2026-03-11"), 7)]
    );
}

#[test]
fn a_judgement_brings_the_review_forward() {
    let lines = [
        "2026-01-05 became-looked-after",
        "2026-01-20 review-held",
        "2026-02-02 excluded",
        "2026-02-03 judged significant yes review-by 2026-02-20",
    ];
    let rows = rows("significant-event", &lines, "2026-02-21");
    assert_eq!((rows[0].part, rows[0].status), (Part::Judgement, Status::Met));
    assert_eq!((rows[1].part, rows[1].status), (Part::BroughtForward, Status::Overdue));
    let documents = &self::rows("send-documents", &lines, "2026-02-04")[1];
    assert_eq!(documents.basis, Some((BasisKind::Projected, date("2026-02-20"))));
}

#[test]
fn a_second_adjournment_is_a_breach() {
    let lines = [
        "2026-01-05 became-looked-after",
        "2026-01-20 review-adjourned",
        "2026-02-02 review-adjourned",
        "2026-02-10 review-completed",
    ];
    let found = verdicts("second-adjournment", &lines, "2026-02-10");
    let [Verdict::Prohibition { fact, verdict, .. }] = &found[..] else { panic!("{found:?}") };
    assert_eq!((*fact, *verdict), (Some(date("2026-02-02")), Finding::Breached));
    // It is dated by the first meeting, and was in time.
    assert_eq!(
        brief("looked-after-review", &lines, "2026-02-10")[0],
        (Status::Met, last("2026-01-25"), 0)
    );
}

#[test]
fn silence_leads_on_only_where_the_ladder_lists_it() {
    let stands = |lines: &[&str], as_of| {
        let found = verdicts("challenge", lines, as_of);
        let standing = found.into_iter().find_map(|verdict| match verdict {
            Verdict::Ladder { state, ways, .. } => Some((state, ways)),
            _ => None,
        });
        standing.expect("the ladder is open")
    };
    let one = ["2026-03-02 challenge-raised stage 1"];
    assert_eq!(stands(&one, "2026-03-09"), (LadderState::Open, vec![]));
    assert_eq!(stands(&one, "2026-03-10"), (LadderState::NoListedWayOn, vec![]));
    let two = ["2026-03-02 challenge-raised stage 2"];
    let way = (StageOutcome::NoAnswer, date("2026-03-10"), "stage 3".to_owned());
    assert_eq!(stands(&two, "2026-03-10"), (LadderState::Open, vec![way]));
    let top = [
        "2026-03-02 challenge-raised stage 3",
        "2026-03-03 challenge-answered",
        "2026-03-04 answer-judged satisfied no",
    ];
    let way = (StageOutcome::NotSatisfied, date("2026-03-04"), "outside".to_owned());
    assert_eq!(stands(&top, "2026-03-04"), (LadderState::Exhausted, vec![way]));
    // Twenty working days from 2 March end on 30 March.
    let cap = rows("challenge", &two, "2026-03-31");
    let cap = cap.iter().find(|row| row.part == Part::Cap).expect("a cap");
    assert_eq!((cap.status, cap.due, cap.days), (Status::Overdue, last("2026-03-30"), 1));
}

#[test]
fn the_order_of_facts_and_what_lies_ahead_change_nothing() {
    let policy = looked_after();
    for seed in 0..300 {
        let drawn = generate::draw(&policy, seed);
        let verdicts = evaluate(&policy, &drawn.facts, drawn.as_of);
        let mut other = drawn.facts.clone();
        other.reverse();
        other.retain(|fact| fact.date <= drawn.as_of);
        assert_eq!(verdicts, evaluate(&policy, &other, drawn.as_of));
    }
}

#[test]
fn an_outcome_becomes_the_same_rows() {
    let policy = looked_after();
    let facts = facts(&policy, &["2026-03-30 decisions-received", "2026-04-09 child-called"]);
    let (timeline, _) = Timeline::new("case", facts);
    let outcome = Outcome {
        as_of: date("2026-04-09"),
        matching: Matching::Lenient,
        deadlines: Vec::new(),
        findings: vec![Found {
            rule: RuleId(7),
            verdict: Finding::NotKnown,
            fact: Some(FactId(1)),
            questions: Vec::new(),
        }],
        standings: Vec::new(),
        strays: Vec::new(),
        unclocked: Vec::new(),
        ahead: Vec::new(),
        deemed: vec![Deemed {
            fact: FactId(2),
            event: event("decisions-agreed"),
            date: date("2026-04-09"),
            rule: RuleId(3),
        }],
    };
    let mut expected =
        verdicts("answer-decisions", &["2026-03-30 decisions-received"], "2026-04-09");
    expected.retain(|row| matches!(row, Verdict::Deemed { .. }));
    let lines = ["2026-04-09 child-called"];
    expected.extend(verdicts("call-when-near", &lines, "2026-04-09"));
    expected.sort();
    assert_eq!(of_outcome(&policy, &timeline, &outcome), expected);
}
