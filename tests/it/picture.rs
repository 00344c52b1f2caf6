//! The picture of a timeline: where its marks stand, worked out by hand, and that nothing leaves the page.

#![expect(clippy::expect_used, clippy::panic, reason = "a test may stop where it fails")]

use duly::calendar::Date;
use duly::cases::{Format, read_cases};
use duly::check::{Calendars, Switches, compile};
use duly::eval::{Timeline, evaluate};
use duly::policy::Policy;
use duly::render::{Answer, Days, Extent, Style, timeline_picture, timeline_picture_of};
use duly::source::Source;

use crate::oracle::generate::draw;
use crate::shipped::shipped;

const PLAIN: Style = Style { colour: false, unicode: true, width: 60 };

const POLICY: &str = r#"
policy northbury "Reviews"
  authority "Northbury"
  source    "Procedure"
  calendar  england-and-wales
role iro "Reviewing officer"
event became-looked-after "Child became looked after"
event review-held "Review held"
event report-sent "Report sent"
review child-review "Review"
  by      iro must
  held on review-held
  first   within 20 working days after became-looked-after
  later   within 6 months after the previous
duty send-report "Report"
  by     iro must
  due    between 5 and 10 calendar days before each child-review
  met by report-sent
"#;

fn compiled(text: &str) -> Policy {
    let source = Source::new("test.duly", text);
    compile(&source, &Calendars::default(), &Switches::default()).policy.expect("a sound policy")
}

fn date(text: &str) -> Date {
    Date::parse(text).expect("a date")
}

fn case(policy: &Policy, notes: &str) -> Timeline {
    let read = read_cases(policy, "child-a.txt", notes.as_bytes(), Format::Text);
    read.cases.into_iter().next().expect("a case").outcome.expect("a sound case").timeline
}

/// The line that begins with this.
#[track_caller]
fn line<'a>(picture: &'a str, start: &str) -> &'a str {
    let found = picture.lines().find(|line| line.starts_with(start));
    found.unwrap_or_else(|| panic!("no line begins with {start:?} in\n{picture}"))
}

/// The column of the axis in which a character of a line stands; the axis begins in column 25.
#[track_caller]
fn column(line: &str, mark: char) -> usize {
    let place = line.chars().position(|character| character == mark);
    place.unwrap_or_else(|| panic!("no {mark} in {line:?}")) - 25
}

#[test]
fn marks_stand_in_the_columns_of_their_days() {
    let policy = compiled(POLICY);
    let timeline = case(&policy, "case a\n2026-03-02 became-looked-after\n");
    let as_of = date("2026-03-09");
    let outcome = evaluate(&policy, &timeline, as_of);
    let picture = timeline_picture(&policy, &timeline, &outcome, &PLAIN);

    // Four weeks back is Monday 9 February, four weeks on Monday 6 April: 57 days in 35 columns, so
    // two days to a column. The review is due on 30 March, twenty working days on; the window of the
    // report counted from it is 20 to 25 March.
    let span = "From Mon 9 Feb 2026 to Mon 6 Apr 2026; one column is 2 \n  days.";
    assert!(picture.contains(&span.replace(" \n", "\n")), "{picture}");
    let arrow = picture.lines().find(|line| line.contains('▼')).expect("the as-of day");
    assert_eq!(column(arrow, '▼'), 28 / 2);
    assert!(arrow.ends_with("▼ as of 9 Mar 2026"), "{arrow}");
    // 1 March is 20 days after 9 February, 1 April 51.
    let months = picture.lines().find(|line| line.trim_start().starts_with("Mar 2026"));
    assert_eq!(column(months.expect("the months"), 'M'), 20 / 2);
    assert_eq!(column(months.expect("the months"), 'A'), 51 / 2);
    assert_eq!(column(line(&picture, "Events"), 'a'), 21 / 2);
    let review = line(&picture, "30 Mar");
    assert_eq!((column(review, '─'), column(review, '◆')), (21 / 2, 49 / 2));
    let report = line(&picture, "25 Mar");
    assert_eq!((column(report, '├'), column(report, '◆')), (39 / 2, 44 / 2));
    assert_eq!(column(report, '│'), 28 / 2, "the as-of day runs through every lane");
    assert!(picture.contains("\na   2 Mar  Child became looked after\n"), "{picture}");
}

#[test]
fn what_is_overdue_runs_to_the_as_of_day_and_what_is_outside_is_said() {
    let policy = compiled(POLICY);
    let timeline = case(&policy, "case a\n2026-03-02 became-looked-after\n");
    let as_of = date("2026-04-08");
    let outcome = evaluate(&policy, &timeline, as_of);
    let answer = Answer { policy: &policy, timeline: &timeline, outcome: &outcome };
    let days = Days { first: date("2026-03-20"), last: date("2026-04-10") };
    let picture = timeline_picture_of(&answer, Extent::All, Some(days), &PLAIN);
    // 22 days: one to a column. Due on 30 March, day 10; the as-of day is day 19.
    let review = line(&picture, "30 Mar");
    let cells: String = review.chars().skip(25).collect();
    assert_eq!(cells, format!("◂{}◆{}", "─".repeat(9), "━".repeat(9)));
    let foot = picture.replace('\n', " ");
    assert!(foot.ends_with("and 1 event before these days. "), "{picture}");
}

/// The text without its escapes for colour.
fn uncoloured(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\u{1b}') {
        plain += before;
        rest = after.split_once('m').expect("an escape ends").1;
    }
    plain + rest
}

#[test]
fn no_line_leaves_the_page_and_colour_changes_nothing() {
    let mut drawn_lanes = 0;
    for (number, shipped) in shipped().iter().enumerate() {
        let policy = shipped.policy();
        for seed in 0..60 {
            let drawn = draw(policy, seed * 7 + number as u64);
            let (timeline, _) = Timeline::new("case", drawn.facts);
            let outcome = evaluate(policy, &timeline, drawn.as_of);
            let answer = Answer { policy, timeline: &timeline, outcome: &outcome };
            for width in [40, 60, 80, 120, 217] {
                for (unicode, extent) in [(true, Extent::Open), (false, Extent::All)] {
                    let style = Style { colour: false, unicode, width };
                    let picture = timeline_picture_of(&answer, extent, None, &style);
                    for line in picture.lines() {
                        let wide = line.chars().count();
                        assert!(wide <= width, "{wide} columns of {width}: {line}\n{picture}");
                        assert!(!line.ends_with(' '), "{line:?} ends in blanks");
                    }
                    assert!(unicode || picture.is_ascii(), "{picture}");
                    let coloured = Style { colour: true, ..style };
                    let coloured = timeline_picture_of(&answer, extent, None, &coloured);
                    assert_eq!(uncoloured(&coloured), picture);
                    drawn_lanes += picture.matches(if unicode { '◆' } else { '#' }).count();
                }
            }
        }
    }
    assert!(drawn_lanes > 1_000, "only {drawn_lanes} deadlines were drawn");
}
