//! Duties that lie before the same reviews share what they have in common: each of them comes to the same
//! among the others as in a policy of its own.

#![expect(clippy::expect_used, reason = "a test may stop where it fails")]

use duly::check::{Calendars, Switches, compile};
use duly::eval::{Outcome, Reason, Terms, Timeline, evaluate};
use duly::policy::{Policy, RuleId};
use duly::source::Source;

use crate::oracle::generate::draw;

/// Two series of reviews, and all that the duties look at.
const REVIEWS: &str = r#"
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
  meeting is yes or no
event review-planned "Date fixed"
  new-date is a date
event visit-made "Visit made"
event report-sent "Report sent"
event summary-sent "Summary sent"
state looked-after "Looked after"
  from  became-looked-after
  until ceased-to-be-looked-after
state far "Far away"
  from  placed-far
  until came-back
review child-review "Review"
  by      worker must
  held on review-held
  planned by review-planned
  while   looked-after
  first   within 20 working days after became-looked-after
  later   within 3 months after the previous
  cite    "1"
visit child-visit "Visit"
  by      worker must
  held on visit-made
  while   looked-after
  first   within 20 working days after became-looked-after
  later   within 3 months after the previous
  cite    "2"
"#;

/// What follows `due` in each duty. Each differs from one before it in a single thing on which its window
/// turns, or in none.
const WINDOWS: [&str; 17] = [
    "at least 5 working days before each child-review",
    "at least 5 working days before each child-visit",
    "at least 5 calendar days before each child-review",
    "at least 5 working days before the first child-review",
    "at least 5 working days before each later child-review",
    "at least 5 working days before each child-review where meeting is no",
    "at least 5 working days before each child-review where meeting is yes",
    "at least 5 working days before each child-review\n  except for the first, at least 3 working days",
    "at least 5 working days before each child-review\n  except for the second, at least 3 working days",
    "at least 5 working days before each child-review\n  except for the second, at least 2 working days",
    "at least 5 working days before each child-review\n  except while far, at least 3 working days",
    "at least 5 working days before each child-review\n  except while not far, at least 3 working days",
    "at least 5 working days before each child-review\n  except where meeting is no, at least 3 working days",
    "at least 5 working days before each child-review\n  except where meeting is yes, at least 3 working days",
    "at least 5 working days before each child-review\n  except started from 2026-03-01, at least 3 working days",
    "at least 5 working days before each child-review\n  except started until 2026-03-01, at least 3 working days",
    "at least 5 working days before each child-review\n  except while far, does not apply",
];

/// What else a duty has, which its window does not turn on. Some differ only in what does them, so that of
/// one nothing may be done and of the other something.
const RESTS: [&str; 6] = [
    "  met by report-sent",
    "  met by summary-sent",
    "  while  far\n  met by report-sent",
    "  while  not far\n  met by summary-sent",
    "  in force from 2026-03-01\n  met by report-sent",
    "  met by all of\n    - report-sent\n    - summary-sent",
];

fn duties() -> Vec<String> {
    let mut duties = Vec::new();
    for due in WINDOWS {
        for rest in RESTS {
            let name = format!("send-{}", duties.len());
            duties.push(format!(
                "duty {name} \"Report\"\n  by     worker must\n  due    {due}\n{rest}\n  cite   \"3\"\n"
            ));
        }
    }
    duties
}

fn policy(duties: &[String]) -> Policy {
    let source = Source::new("test.duly", format!("{REVIEWS}{}", duties.concat()));
    compile(&source, &Calendars::default(), &Switches::default()).policy.expect("a sound policy")
}

/// What the deadlines of a rule come to. The earliest day of a review rests on all duties
/// before it.
fn deadlines(outcome: &Outcome, rule: RuleId) -> Vec<Terms> {
    let own = outcome.deadlines.iter().filter(|row| row.rule == rule);
    let alone = |terms: &Terms| {
        let reasons = terms.reasons.iter();
        let reasons = reasons.filter(|reason| !matches!(reason, Reason::BasisPassed(..)));
        Terms { reasons: reasons.cloned().collect(), ..terms.clone() }
    };
    own.map(|row| alone(row)).collect()
}

#[test]
fn each_duty_comes_to_the_same_among_others_as_alone() {
    let duties = duties();
    let together = policy(&duties);
    let alone: Vec<Policy> = duties.iter().map(|duty| policy(std::slice::from_ref(duty))).collect();
    let first = together.find_rule("send-0").expect("the first duty");
    let mut owed = 0;
    for seed in 0..300 {
        let drawn = draw(&together, seed);
        let (timeline, _) = Timeline::new("case", drawn.facts);
        let all = evaluate(&together, &timeline, drawn.as_of);
        for (number, policy) in (0..).zip(&alone) {
            let one = evaluate(policy, &timeline, drawn.as_of);
            let among = deadlines(&all, RuleId(first.0 + number));
            let expected = deadlines(&one, first);
            owed += among.len();
            let duty = duties.get(usize::from(number)).expect("its text");
            assert_eq!(among, expected, "seed {seed}, as of {}:\n{duty}", drawn.as_of);
        }
    }
    assert!(owed > 300 * duties.len() / 2, "only {owed} deadlines");
}
