//! The reason of each deadline in the CSV of `duly due`, held against what a person would write.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a broken assumption is to fail the test"
)]

use duly::calendar::Date;
use duly::check::{Calendars, Switches};
use duly::policy::Policy;
use duly::render::{Answer, Columns, CsvLines};
use duly::source::Source;
use duly::{cases, check, eval, syntax};

const POLICY: &str = r#"
policy example "An example"
  authority "A council"
  source    "Its procedure"
  calendar  england-and-wales
role iro   "Independent Reviewing Officer"
role staff "Staff"
event became-looked-after       "Child became looked after"
event ceased-to-be-looked-after "Child ceased to be looked after"
event review-planned            "Date of the review fixed"
  new-date is a date
event review-held               "Review held"
event report-sent               "Report sent"
event invited                   "Invitations sent"
event decisions-circulated      "Decisions circulated"
event placed                    "Child placed"
  miles is a number
event child-visited             "Child visited"
event advocate-met              "Advocate met"
event went-missing              "Child went missing"
event significance-judged       "Significance judged"
  significant is yes or no
  review-by   is a date
event challenge-raised          "Challenge raised"
  stage is a number
event challenge-answered        "Challenge answered"
event answer-approved           "Answer approved"
event challenge-resolved        "Challenge resolved"
state looked-after "Looked after"
  from  became-looked-after
  until ceased-to-be-looked-after
review looked-after-review "Looked After Review"
  by      iro must
  held on review-held
  planned by review-planned
  while   looked-after
  first   within 20 working days after became-looked-after
  second  within 3 months after the previous
  later   within 6 months after the previous
duty report "Report"
  by    staff must
  due   at least 3 working days before each looked-after-review
  met by report-sent
duty invite "Invitations"
  by    staff should
  due   between 5 and 10 working days before each looked-after-review
  met by invited
duty circulate "Decisions"
  by    staff must
  due   within 5 working days after each looked-after-review
  met by decisions-circulated
duty visit-after-move "Visit after a move"
  by    staff must
  while looked-after
  due   within 1 week after placed
  except while the latest placed has miles > 20, within 2 weeks after placed
  met by child-visited
  changing mid-clock from the anchor
duty advocate "Advocate"
  by    staff should
  due   with no time limit after became-looked-after
  met by advocate-met
trigger significant-change "A change that may be significant"
  by   iro must
  on   went-missing
  asks iro to judge significant, recorded by significance-judged
  if significant  looked-after-review due by the review-by of significance-judged,
      else within 30 calendar days after significance-judged
ladder challenge "Challenge"
  by iro must
  opened by   challenge-raised
  answered by challenge-answered
  approved by answer-approved
  closed by   challenge-resolved
  in time when answered
  cap         20 working days after the first opening from stage 1 up
  stage 1 "Manager"
    to            staff
    answer from   staff
    approval from iro
    within 5 working days
    accept no-defined-end because "an example goes no further"
"#;

/// Which deadline of which case, and its reason.
type Expected = (&'static str, &'static str, &'static str, &'static str);

fn policy() -> Policy {
    let source = Source::new("example.duly", POLICY);
    let parsed = syntax::parse(&source);
    let checked = check::check(&parsed.file, &Calendars::default(), &Switches::default());
    checked.policy.unwrap()
}

/// The reasons of a case as of 15 April 2026, a Wednesday: rule, part, ordinal and the words.
fn reasons(notes: &str) -> Vec<[String; 4]> {
    let policy = policy();
    let read = cases::read_cases(&policy, "a.txt", notes.as_bytes(), cases::Format::Text);
    let timeline = &read.cases[0].outcome.as_ref().unwrap().timeline;
    let as_of = Date::parse("2026-04-15").unwrap();
    let outcome = eval::evaluate(&policy, timeline, as_of);
    let answer = Answer { policy: &policy, timeline, outcome: &outcome };
    let mut text = Vec::new();
    CsvLines::new(&policy, Columns::WithReasons).write(&answer, &mut text);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_slice());
    let columns: Vec<&str> = Columns::WithReasons.names().collect();
    let column = |name| columns.iter().position(|column| *column == name).unwrap();
    let wanted = ["rule", "part", "ordinal", "reason"].map(column);
    reader.records().map(|row| row.unwrap()).map(|row| wanted.map(|at| row[at].into())).collect()
}

#[track_caller]
fn check_reasons(notes: &str, expected: &[Expected]) {
    let found = reasons(notes);
    for &(rule, part, ordinal, reason) in expected {
        let row = found.iter().find(|row| row[..3] == [rule, part, ordinal]);
        assert_eq!(row.map(|row| row[3].as_str()), Some(reason), "{rule}, {part}, {ordinal}");
    }
}

#[test]
fn what_was_done_and_what_is_open_say_by_which_limit_and_since_when() {
    let notes = "\
case child-a
2026-01-05 became-looked-after
2026-01-28 report-sent
2026-02-02 review-held
2026-02-11 decisions-circulated
2026-03-16 went-missing
2026-03-18 significance-judged significant yes
2026-04-07 placed miles 12
2026-04-10 review-planned new-date 2026-04-16
2026-04-13 challenge-raised stage 1
";
    check_reasons(
        notes,
        &[
            // Met.
            (
                "looked-after-review",
                "whole",
                "1",
                "within 20 working days after “Child became looked after” on Mon 5 Jan 2026; held on \
                 Mon 2 Feb 2026, in time",
            ),
            // Due, and brought forward: 13 days to the end of March, and 17 more.
            (
                "looked-after-review",
                "whole",
                "2",
                "within 3 months after the previous review on Mon 2 Feb 2026; due in 17 days; a \
                 trigger brings the review forward to Fri 17 Apr 2026",
            ),
            (
                "significant-change",
                "review",
                "1",
                "within 30 calendar days after “Significance judged” on Wed 18 Mar 2026; due in 2 \
                 days",
            ),
            (
                "significant-change",
                "judgement",
                "1",
                "called for by “Child went missing” on Mon 16 Mar 2026; judged on Wed 18 Mar 2026",
            ),
            // Before reviews, by an actual and by a planned date; 13 April was the last day.
            (
                "report",
                "whole",
                "1",
                "at least 3 working days before the “Looked After Review” held on Mon 2 Feb 2026; \
                 done on Wed 28 Jan 2026, in time",
            ),
            (
                "report",
                "whole",
                "2",
                "at least 3 working days before the “Looked After Review” planned for Thu 16 Apr \
                 2026; overdue by 2 days (2 working days)",
            ),
            // Never done before the review, which took its place: missed.
            (
                "invite",
                "whole",
                "1",
                "between 5 working days and 10 working days before the “Looked After Review” held \
                 on Mon 2 Feb 2026; not done; what it prepares for took place on Mon 2 Feb 2026, so \
                 it can no longer be done",
            ),
            // Late.
            (
                "circulate",
                "whole",
                "1",
                "within 5 working days after the “Looked After Review” held on Mon 2 Feb 2026; done \
                 on Wed 11 Feb 2026, 2 days (2 working days) after the latest date",
            ),
            // Overdue.
            (
                "visit-after-move",
                "whole",
                "1",
                "within 1 week after “Child placed” on Tue 7 Apr 2026; overdue by 1 day",
            ),
            // Outstanding.
            (
                "advocate",
                "whole",
                "1",
                "with no time limit, from “Child became looked after” on Mon 5 Jan 2026 on; owed \
                 since Mon 5 Jan 2026",
            ),
            // The parts of a ladder; a day off, 4 May, lies in the time of the whole.
            (
                "challenge",
                "answer 1",
                "1",
                "within 5 working days after “Challenge raised” on Mon 13 Apr 2026; due in 5 days (3 \
                 working days)",
            ),
            ("challenge", "approval 1", "1", "waits for the answer"),
            (
                "challenge",
                "cap",
                "1",
                "within 20 working days after “Challenge raised” on Mon 13 Apr 2026; due in 27 days \
                 (18 working days)",
            ),
        ],
    );
}

#[test]
fn what_is_over_says_how_it_ended() {
    // Overdue since 2 February when the child left care: missed.
    check_reasons(
        "case child-b\n2026-01-05 became-looked-after\n2026-02-20 ceased-to-be-looked-after\n",
        &[(
            "looked-after-review",
            "whole",
            "1",
            "within 20 working days after “Child became looked after” on Mon 5 Jan 2026; not held; it \
             ended with Fri 20 Feb 2026, the last day of the state in which it lives",
        )],
    );
    // In time when the child left care: lapsed; and by an exception.
    check_reasons(
        "case child-c\n2026-03-30 became-looked-after\n2026-04-01 placed miles 30\n\
         2026-04-02 ceased-to-be-looked-after\n",
        &[(
            "visit-after-move",
            "whole",
            "1",
            "within 2 weeks after “Child placed” on Wed 1 Apr 2026 (while the latest “Child placed” \
             has miles is more than 20); not done; it ended with Thu 2 Apr 2026, the last day of the \
             state in which it lives",
        )],
    );
    // Held before anyone could know: 7 January had passed.
    check_reasons(
        "case child-d\n2026-01-05 became-looked-after\n2026-01-12 review-held\n",
        &[
            (
                "report",
                "whole",
                "1",
                "at least 3 working days before the “Looked After Review” held on Mon 12 Jan 2026; not \
             done; the last day had already passed when the review date became known, on Mon 12 Jan \
             2026",
            ),
            // The second review was due on 12 April; invitations take five working days from today.
            (
                "report",
                "whole",
                "2",
                "no date yet to count from; Sun 12 Apr 2026 passed with no review; Wed 22 Apr 2026 is \
                 the earliest review date that would still allow all preparation",
            ),
        ],
    );
}

#[test]
fn what_lies_ahead_or_is_not_known_says_what_is_missing() {
    // By 12 May: 20 working days after 13 April, without 4 May; its preparation from 27 April on.
    check_reasons(
        "case child-e\n2026-04-13 became-looked-after\n",
        &[(
            "invite",
            "whole",
            "1",
            "between 5 working days and 10 working days before the “Looked After Review” expected by \
             Tue 12 May 2026; from Mon 27 Apr 2026 on, in 12 days",
        )],
    );
    check_reasons(
        "case child-f\n2026-04-14 went-missing\n",
        &[
            ("looked-after-review", "whole", "1", "waits for “Child became looked after”"),
            ("visit-after-move", "whole", "1", "waits for “Child placed”"),
            ("report", "whole", "1", "waits for “Looked After Review”"),
        ],
    );
    // One week has passed, and two have not.
    check_reasons(
        "case child-g\n2026-04-01 became-looked-after\n2026-04-07 placed\n",
        &[(
            "visit-after-move",
            "whole",
            "1",
            "within 1 week after “Child placed” on Tue 7 Apr 2026; cannot be said from what is \
             recorded; the date to work to is the earliest; also possible: Tue 21 Apr 2026; not \
             recorded: what was the miles of “Child placed” on Tue 7 Apr 2026? (line 3); what it \
             comes to today depends on what is not recorded",
        )],
    );
}

#[test]
fn without_the_column_everything_else_is_the_same() {
    let usual: Vec<&str> = Columns::Usual.names().collect();
    let with: Vec<&str> = Columns::WithReasons.names().collect();
    assert_eq!(with.split_last(), Some((&"reason", usual.as_slice())));
}
