//! What nobody recorded, and what each answer would change: answers worked out by hand, and on drawn cases
//! that every answer is what the case would give had it been recorded.

#![expect(clippy::expect_used, reason = "a test may stop where it fails")]

use duly::calendar::Date;
use duly::cases::{Format, read_cases};
use duly::check::{Calendars, Switches, compile};
use duly::eval::{Matching, Status, Timeline, Verdict, evaluate};
use duly::policy::Policy;
use duly::search::{Asked, Possible, moves, questions};
use duly::source::Source;

use crate::oracle::generate::draw;
use crate::shipped::shipped;

const POLICY: &str = r#"
policy unknown "What is not known"
  calendar england-and-wales
role social-worker "Social worker"
role iro "Reviewing officer"
event born        "Child born"
event placed      "Child placed"
  miles is a number
event order-made  "Order made"
  kind is one of interim, full, none
event visited     "Child visited"
event moved       "Child moved"
  exceptional is yes or no
event reviewed    "Review held"
state full-order "Full order in force"
  from order-made where kind is full
duty visit-child "Visit"
  by     social-worker must
  due    within 4 weeks after placed
  except while full-order, within 1 week
  met by visited
  changing mid-clock from the next clock
duty call-child "Call"
  by     social-worker should
  due    within 7 calendar days after placed
  except where miles > 20, within 14 calendar days
  met by visited
duty ask-child "Child asked"
  by     iro should
  due    within 5 calendar days after reviewed
  while  age 16 or over
  met by visited
forbid move "No move"
  by     iro must
  no     moved
  unless iro judged exceptional
"#;

fn date(text: &str) -> Date {
    Date::parse(text).expect("a date")
}

fn policy() -> Policy {
    let source = Source::new("test.duly", POLICY);
    compile(&source, &Calendars::default(), &Switches::default()).policy.expect("a sound policy")
}

fn asked(policy: &Policy, notes: &str, as_of: &str) -> Vec<Asked> {
    let read = read_cases(policy, "child-a.txt", notes.as_bytes(), Format::Text);
    let case = read.cases.into_iter().next().expect("a case").outcome.expect("a sound case");
    let outcome = evaluate(policy, &case.timeline, date(as_of));
    questions(policy, &case.timeline, &outcome, Matching::Lenient)
}

/// Each answer with how the one deadline of a rule would stand.
fn told(policy: &Policy, one: &Asked, rule: &str) -> Vec<(String, Status, String)> {
    let rule = policy.find_rule(rule).expect("a rule");
    let row = |possible: &Possible| {
        let rows = possible.trial.outcome.deadlines.iter();
        rows.filter(|row| row.rule == rule).map(|row| (row.status, row.due_date())).next()
    };
    one.answers
        .iter()
        .map(|possible| {
            let (status, due) = row(possible).expect("a deadline");
            let due = due.map(|day| day.to_string()).unwrap_or_default();
            (possible.words.clone(), status, due)
        })
        .collect()
}

#[test]
fn each_word_is_tried_and_words_that_come_to_the_same_are_one_answer() {
    let policy = policy();
    let notes = "case a\n2026-03-02 order-made\n2026-04-13 placed miles 5\n";
    let asked = asked(&policy, notes, "2026-04-21");
    let [one] = asked.as_slice() else { panic!("{asked:?}") };
    // A week after 13 April is the 20th, four weeks are 11 May.
    assert_eq!(
        told(&policy, one, "visit-child"),
        [
            ("interim or none".to_owned(), Status::Due, "2026-05-11".to_owned()),
            ("full".to_owned(), Status::Overdue, "2026-04-20".to_owned()),
        ]
    );
    assert_eq!(one.judge, None);
    let owners: Vec<&str> =
        one.owners.iter().map(|&role| policy.role(role).name.as_str()).collect();
    assert_eq!(owners, ["social-worker"]);
}

#[test]
fn of_a_number_both_sides_of_what_it_is_compared_with_are_tried() {
    let policy = policy();
    let notes = "case a\n2026-03-02 order-made kind none\n2026-04-13 placed\n";
    let asked = asked(&policy, notes, "2026-04-14");
    let [one] = asked.as_slice() else { panic!("{asked:?}") };
    assert_eq!(
        told(&policy, one, "call-child"),
        [
            ("20 or less".to_owned(), Status::Due, "2026-04-20".to_owned()),
            ("more than 20".to_owned(), Status::Due, "2026-04-27".to_owned()),
        ]
    );
}

#[test]
fn an_age_is_asked_for_and_tried_on_both_sides() {
    let policy = policy();
    let asked = asked(&policy, "case a\n2026-04-13 reviewed\n", "2026-04-14");
    let [one] = asked.as_slice() else { panic!("{asked:?}") };
    let words: Vec<&str> = one.answers.iter().map(|one| one.words.as_str()).collect();
    assert_eq!(words, ["under 16 on Tue 14 Apr 2026", "16 or over on Tue 14 Apr 2026"]);
    let rule = policy.find_rule("ask-child").expect("a rule");
    let owed = |one: &Possible| {
        let mut rows = one.trial.outcome.deadlines.iter();
        rows.any(|row| row.rule == rule && row.due_date() == Some(date("2026-04-18")))
    };
    assert_eq!(one.answers.iter().map(owed).collect::<Vec<_>>(), [false, true]);
}

#[test]
fn a_judgement_is_asked_of_who_judges() {
    let policy = policy();
    let asked = asked(&policy, "case a\n2026-04-13 moved\n", "2026-04-14");
    let [one] = asked.as_slice() else { panic!("{asked:?}") };
    assert_eq!(one.judge.map(|role| policy.role(role).name.as_str()), Some("iro"));
    let verdicts: Vec<_> = one.answers.iter().map(|one| one.verdicts.first()).collect();
    let rule = policy.find_rule("move").expect("a rule");
    assert_eq!(verdicts, [Some(&(rule, Verdict::Kept)), Some(&(rule, Verdict::Breached))]);
}

#[test]
fn every_answer_on_drawn_cases_is_what_the_case_would_give() {
    let (mut tried, mut answered) = (0, 0);
    for (number, shipped) in shipped().iter().enumerate() {
        let policy = shipped.policy();
        for seed in 0..150 {
            let drawn = draw(policy, seed * 11 + number as u64);
            let (timeline, _) = Timeline::new("case", drawn.facts);
            let outcome = evaluate(policy, &timeline, drawn.as_of);
            for one in questions(policy, &timeline, &outcome, Matching::Lenient) {
                assert!(one.rules(&outcome).next().is_some(), "something turns on it");
                for possible in &one.answers {
                    tried += 1;
                    assert!(!possible.words.is_empty(), "an answer has words");
                    let again = evaluate(policy, &possible.trial.timeline, drawn.as_of);
                    assert_eq!(again, possible.trial.outcome);
                    assert_eq!(moves(&outcome, &again), possible.moves);
                    answered += usize::from(!possible.moves.is_empty());
                }
            }
        }
    }
    assert!(tried > 300 && answered > 100, "only {tried} answers, {answered} with a change");
}
