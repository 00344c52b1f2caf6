//! Reviews that were held while no clock of their series ran: they meet nothing, and it is said.

#![expect(clippy::expect_used, reason = "a test may stop where it fails")]

use duly::calendar::Date;
use duly::cases::{Format, read_cases};
use duly::check::{Calendars, Switches, compile};
use duly::eval::{Question, evaluate};
use duly::policy::Policy;
use duly::source::Source;

const TEXT: &str = r#"
policy northbury "Reviews"
  authority "Northbury"
  source    "Procedure"
  calendar  england-and-wales
role worker "Social worker"
event became-looked-after "Child became looked after"
event ceased-to-be-looked-after "Child ceased to be looked after"
event placed-far "Placed far away"
event came-back "Came back"
event review-held "Review held"
event visit-made "Visit made"
state looked-after "Looked after"
  from  became-looked-after
  until ceased-to-be-looked-after
state far "Far away"
  from  placed-far
  until came-back
visit far-visit "Visit to a child far away"
  by      worker must
  held on visit-made
  while   far
  first   within 10 working days after placed-far
  later   within 1 month after the previous
  cite    "1"
review child-review "Review"
  by      worker must
  held on review-held
  while   looked-after
  first   within 20 working days after became-looked-after
  later   within 3 months after the previous
  cite    "2"
visit near-visit "Visit"
  by      worker must
  held on visit-made
  while   looked-after
  first   within 20 working days after became-looked-after
  later   within 3 months after the previous
  cite    "3"
"#;

fn policy() -> Policy {
    let source = Source::new("test.duly", TEXT);
    compile(&source, &Calendars::default(), &Switches::default()).policy.expect("a sound policy")
}

/// What is unclocked in a case on 1 April 2026, by rule and day, and which starts are asked for.
fn unclocked(notes: &str) -> (Vec<String>, Vec<String>) {
    let policy = policy();
    let read = read_cases(&policy, "a.txt", notes.as_bytes(), Format::Text);
    let case = read.cases.first().expect("a case").outcome.as_ref().expect("a sound case");
    let as_of = Date::parse("2026-04-01").expect("a date");
    let outcome = evaluate(&policy, &case.timeline, as_of);
    let name = |rule| &policy.rule(rule).name;
    let day = |fact| case.timeline.fact(fact).expect("a recorded fact").date;
    let found = outcome.unclocked.iter().map(|one| format!("{} {}", name(one.rule), day(one.fact)));
    let asked = outcome.unclocked.iter().filter_map(|one| {
        let (event, day) = match one.start.as_ref()? {
            Question::Event(event, day) => (policy.event(*event).name.as_str(), *day),
            _ => ("something else", as_of),
        };
        Some(format!("{}: {event} by {day}", name(one.rule)))
    });
    (found.collect(), asked.collect())
}

#[test]
fn before_care_began_and_after_it_ended() {
    let (found, asked) = unclocked(
        "case a\n\
         2026-01-05 review-held\n\
         2026-01-12 became-looked-after\n\
         2026-02-02 review-held\n\
         2026-02-09 visit-made\n\
         2026-03-02 ceased-to-be-looked-after\n\
         2026-03-09 review-held\n\
         2026-03-10 visit-made\n",
    );
    // The visit of 9 February is one of a child who is looked after, though of none who is far away. That of
    // 10 March comes after the clock of the former, and no clock of the latter ever began.
    let expected = ["child-review 2026-01-05", "child-review 2026-03-09", "near-visit 2026-03-10"];
    assert_eq!(found, expected);
    assert_eq!(asked, ["child-review: became-looked-after by 2026-01-05"]);
}

#[test]
fn on_the_day_on_which_care_ended_a_review_still_counts() {
    let (found, asked) = unclocked(
        "case a\n\
         2026-01-12 became-looked-after\n\
         2026-03-02 review-held\n\
         2026-03-02 ceased-to-be-looked-after\n",
    );
    assert!(found.is_empty() && asked.is_empty(), "{found:?} {asked:?}");
}

#[test]
fn of_several_reviews_without_a_start_the_first_asks_for_it() {
    let (found, asked) = unclocked("case a\n2026-02-02 review-held\n2026-03-09 review-held\n");
    assert_eq!(found, ["child-review 2026-02-02", "child-review 2026-03-09"]);
    assert_eq!(asked, ["child-review: became-looked-after by 2026-02-02"]);
}
