//! The analyses that go through every start day, against counts made without them.
//!
//! The expected numbers come from loops over single days with jiff, or over the holidays one by one; none
//! of the crate's own arithmetic is used for them.

#![expect(clippy::unwrap_used, clippy::string_slice, reason = "a test may stop where it fails")]

use std::collections::BTreeSet;
use std::sync::OnceLock;

use duly::analyse::{Depth, Subject, analyse};
use duly::calendar::{Date, HolidayTable};
use duly::check::{Calendars, Compiled, Switches, compile};
use duly::diagnostic::{Code, Diagnostic, Problems};
use duly::eval::{Due, evaluate};
use duly::source::Source;
use duly::{bundle::Bundle, cases};
use jiff::{Span, ToSpan as _, civil};

use crate::shipped::root;

fn compiled(text: &str) -> Compiled {
    let compiled =
        compile(&Source::new("policy.duly", text), &Calendars::default(), &Switches::default());
    assert!(compiled.policy.is_some(), "{:#?}", compiled.problems);
    compiled
}

fn shipped(name: &str) -> Compiled {
    let path = format!("policies/{name}/policy.duly");
    let text = std::fs::read_to_string(root().join(&path)).unwrap();
    let bundle = Bundle::new(vec![Source::new(path, text)]);
    duly::check::compile_parsed(bundle.parse(), &Calendars::default(), &Switches::default())
}

fn found(own: &Compiled, baseline: Option<&Compiled>, depth: Depth) -> Problems {
    let subject = Subject {
        policy: own.policy.as_ref().unwrap(),
        file: &own.file,
        scenarios: &own.scenarios,
        checked: &own.problems,
        calendars: &Calendars::default(),
        baseline: baseline.and_then(|baseline| baseline.policy.as_ref()),
        today: None,
        depth,
    };
    analyse(&subject).problems
}

/// A policy with one duty after an event.
fn visits(limit: &str) -> String {
    format!(
        "policy visits \"Visits\"\n  calendar england-and-wales\nrole worker \"Worker\"\n\
         event placed \"Placed\"\nevent visited \"Visited\"\nduty visit-child \"Visit\"\n  \
         by worker must\n  due within {limit} after placed\n  met by visited\n  cite \"1\"\n"
    )
}

/// A policy with reviews and a duty before them.
fn consults(first: &str, before: &str) -> String {
    format!(
        "policy reviews \"Reviews\"\n  calendar england-and-wales\nrole iro \"Officer\"\n\
         event care-began \"Began\"\nevent review-held \"Held\"\nevent consulted \"Consulted\"\n\
         review child-review \"Review\"\n  by iro must\n  held on review-held\n  \
         first within {first} after care-began\n  later within 6 months after the previous\n  \
         cite \"1\"\nduty consult-child \"Consult\"\n  by iro must\n  \
         due at least {before} before the first child-review\n  met by consulted\n  cite \"2\"\n"
    )
}

/// A part of a whole in per cent with one digit, rounded as people do.
fn per_cent(part: u32, whole: u32) -> String {
    format!("{:.1}%", f64::from(part) * 100.0 / f64::from(whole))
}

/// How often one length ends later than another over 400 years, and by how much at most.
fn naive(one: Span, other: Span) -> (u32, i64) {
    let (mut later, mut most) = (0, 0);
    let mut day = civil::date(2000, 1, 1);
    for _ in 0..146_097 {
        let by = i64::from((day + one).duration_since(day + other).as_hours() as i32 / 24);
        later += u32::from(by > 0);
        most = most.max(by);
        day = day.tomorrow().unwrap();
    }
    assert_eq!(day, civil::date(2400, 1, 1));
    (later, most)
}

fn of(problems: &Problems, code: Code) -> Vec<&Diagnostic> {
    problems.iter().filter(|problem| problem.code == code).collect()
}

#[test]
fn lengths_are_compared_over_all_days_of_four_hundred_years() {
    let pairs = [
        ("91 calendar days", 91.days(), "3 months", 3.months()),
        ("183 calendar days", 183.days(), "6 months", 6.months()),
        ("26 weeks", 26.weeks(), "6 months", 6.months()),
        ("30 calendar days", 30.days(), "1 month", 1.month()),
        ("1 month", 1.month(), "4 weeks", 4.weeks()),
        ("12 months", 12.months(), "365 calendar days", 365.days()),
        ("5 years", 5.years(), "1826 calendar days", 1826.days()),
    ];
    for (mine, one, theirs, other) in pairs {
        let baseline = compiled(&visits(theirs));
        let problems = found(&compiled(&visits(mine)), Some(&baseline), Depth::Full);
        let (later, most) = naive(one, other);
        let findings = of(&problems, Code::LaterThanBaseline);
        if later == 0 {
            assert!(findings.is_empty(), "{mine} is never later than {theirs}");
            continue;
        }
        let [finding] = findings.as_slice() else { panic!("{mine}, {theirs}: {problems:#?}") };
        let by = if most == 1 { "by 1 day".to_owned() } else { format!("by up to {most} days") };
        let share = format!("on {} of start days, {by}", per_cent(later, 146_097));
        assert!(finding.message.ends_with(&share), "{} is not {share}", finding.message);
        assert!(finding.notes.iter().any(|note| note.contains("all 146,097 start days")));
    }
}

#[test]
fn the_shares_agree_with_those_counted_for_four_years() {
    // The list of contradictions counts 2024 to 2027: 91 days are later than three months on 21% of
    // start days, 183 days later than six months on 46%.
    for (days, months, expected) in [(91, 3, 21), (183, 6, 46)] {
        let mut later = 0;
        let (mut day, end) = (civil::date(2024, 1, 1), civil::date(2028, 1, 1));
        let mut all = 0;
        while day < end {
            later += u32::from(day + days.days() > day + months.months());
            all += 1;
            day = day.tomorrow().unwrap();
        }
        assert_eq!((f64::from(later) * 100.0 / f64::from(all)).round() as i32, expected);
    }
}

/// The calendar's days, and which of them are worked, from the list of holidays alone.
fn worked() -> Vec<(civil::Date, bool)> {
    let table = HolidayTable::named("england-and-wales").unwrap();
    let holidays: BTreeSet<String> =
        table.holidays().map(|holiday| holiday.date.to_string()).collect();
    let (first, last) = (civil::date(2010, 1, 1), civil::date(2028, 12, 31));
    first
        .series(1.day())
        .take_while(|day| *day <= last)
        .map(|day| {
            let weekend = day.weekday().to_monday_zero_offset() >= 5;
            (day, !weekend && !holidays.contains(&day.to_string()))
        })
        .collect()
}

/// The place of the n-th working day after one, or before it, step by step.
fn step(worked: &[(civil::Date, bool)], from: usize, count: i32) -> Option<usize> {
    let (mut place, mut left) = (from, count.abs());
    while left > 0 {
        place = if count > 0 { place + 1 } else { place.checked_sub(1)? };
        left -= i32::from(worked.get(place)?.1);
    }
    Some(place)
}

#[test]
fn working_days_are_compared_on_every_day_the_calendar_covers() {
    let worked = worked();
    let differences: Vec<usize> =
        (0..worked.len()).filter_map(|day| Some(step(&worked, day, 20)? - day - 20)).collect();
    assert!(differences.iter().all(|&by| by > 0), "working days always take longer");
    let most = differences.iter().max().unwrap();
    let baseline = compiled(&visits("20 working days"));
    let problems = found(&compiled(&visits("20 calendar days")), Some(&baseline), Depth::Full);
    let finding = of(&problems, Code::StricterThanBaseline)[0];
    let end = format!("on every start day, by up to {most} days");
    assert!(finding.message.ends_with(&end), "{} is not {end}", finding.message);
    let days = format!("{},{:03}", differences.len() / 1000, differences.len() % 1000);
    assert!(finding.notes.iter().any(|note| note.contains(&format!("all {days} start days"))));
    assert!(of(&problems, Code::LaterThanBaseline).is_empty());
}

#[test]
fn what_is_feasible_is_counted_day_by_day() {
    let worked = worked();
    for (first, calendar_days) in [("20 calendar days", true), ("20 working days", false)] {
        for before in [20, 14, 12, 11, 10, 9] {
            let mut longest = Vec::new();
            for day in 0..worked.len() {
                let review = if calendar_days { Some(day + 20) } else { step(&worked, day, 20) };
                let Some(review) = review.filter(|&place| place < worked.len()) else { continue };
                if step(&worked, review, -before).is_none() {
                    continue;
                }
                let fits = |count: &i32| step(&worked, review, -count).is_some_and(|at| at >= day);
                longest.push((0..=before).rev().find(fits).unwrap());
            }
            let impossible = longest.iter().filter(|&&count| count < before).count();
            let text = consults(first, &format!("{before} working days"));
            let problems = found(&compiled(&text), None, Depth::Full);
            let case = format!("{before} working days before a review within {first}");
            let code = if impossible * 2 > longest.len() {
                Code::ImpossiblePreparation
            } else {
                Code::TightPreparation
            };
            if impossible == 0 {
                assert!(problems.is_empty(), "{case}: {problems:#?}");
                continue;
            }
            let [finding] = of(&problems, code)[..] else { panic!("{case}: {problems:#?}") };
            let share = match impossible {
                all if all == longest.len() => "on any start day".to_owned(),
                some => format!("on {} of start", per_cent(some as u32, longest.len() as u32)),
            };
            assert!(finding.message.contains(&share), "{case}: {} is not {share}", finding.message);
            longest.sort_unstable();
            let (every, most) = (longest[0], longest[(longest.len() - 1) / 2]);
            let help = format!("with {every} working days, on most with {most} working days");
            let said = finding.help.first().unwrap();
            assert!(said.ends_with(&help) || every == most, "{case}: {said} is not {help}");
        }
    }
}

/// The events of a witness as a case, and the last days that it names for rules.
fn read_back(policy: &duly::policy::Policy, finding: &Diagnostic) -> (String, Vec<(String, Date)>) {
    let mut notes = "case witness\n".to_owned();
    let mut due = Vec::new();
    for step in &finding.witness.as_ref().unwrap().steps {
        let first = step.text.split(' ').next().unwrap();
        if policy.find_event(first).is_some() {
            notes += &format!("{} {}\n", step.day, step.text);
        } else if let Some(rest) = step.text.strip_prefix("the last day for `") {
            let (name, rest) = rest.split_once('`').unwrap();
            // What is read in another way, or comes without a date, is not the policy's own answer.
            if rest.is_empty()
                || rest.starts_with(" here")
                || rest.starts_with(", as the policy")
                || rest.starts_with(", counted")
                || rest.ends_with("too early")
            {
                due.push((name.to_owned(), Date::parse(&step.day).unwrap()));
            }
        }
    }
    (notes, due)
}

/// What is found in the shipped policies, held against England's.
fn of_the_shipped() -> &'static [(&'static str, Compiled, Problems)] {
    static FOUND: OnceLock<Vec<(&'static str, Compiled, Problems)>> = OnceLock::new();
    FOUND.get_or_init(|| {
        let england = shipped("england");
        let names = ["england", "walsall", "blackburn-with-darwen"];
        let all = names.into_iter().map(|name| {
            let own = shipped(name);
            let problems = found(&own, Some(&england), Depth::Full);
            (name, own, problems)
        });
        all.collect()
    })
}

#[test]
fn every_last_day_of_a_witness_is_confirmed_by_the_evaluator() {
    let mut confirmed = 0;
    for (name, own, problems) in of_the_shipped() {
        let policy = own.policy.as_ref().unwrap();
        for finding in problems.iter().filter(|finding| finding.witness.is_some()) {
            let (notes, due) = read_back(policy, finding);
            if finding.code == Code::PossibleOnlyAsRead || due.is_empty() {
                continue;
            }
            let read =
                cases::read_cases(policy, "witness.txt", notes.as_bytes(), cases::Format::Text);
            let case = read.cases[0].outcome.as_ref().unwrap();
            // The last event is where the witness stops and the answer begins.
            let as_of = case.timeline.facts().last().unwrap().date;
            let outcome = evaluate(policy, &case.timeline, as_of);
            for (rule, day) in due {
                let rule = policy.find_rule(&rule).unwrap();
                let mut rows = outcome.deadlines.iter().filter(|row| row.rule == rule);
                assert!(
                    rows.any(|row| row.due == Due::On(day)),
                    "{name}: {}: {day} is not confirmed\n{notes}",
                    finding.message
                );
                confirmed += 1;
            }
        }
    }
    assert!(confirmed > 20, "{confirmed} last days were confirmed");
}

#[test]
fn nothing_falls_later_than_in_a_policy_that_is_the_same() {
    for name in ["england", "walsall", "blackburn-with-darwen"] {
        let own = shipped(name);
        let problems = found(&own, Some(&own), Depth::Full);
        let compared = [Code::LaterThanBaseline, Code::StricterThanBaseline, Code::NoCounterpart];
        let said: Vec<_> = problems.iter().filter(|one| compared.contains(&one.code)).collect();
        assert!(said.is_empty(), "{name}: {said:#?}");
    }
}

#[test]
fn the_quick_depth_goes_through_no_days() {
    let own = shipped("blackburn-with-darwen");
    let quick = found(&own, Some(&own), Depth::Quick);
    let days = ["10", "12", "13"];
    assert!(!quick.iter().any(|one| days.contains(&&one.code.number()[1..3])), "{quick:#?}");
}

/// Rows of the list of contradictions, with what answers to them under the baseline.
const CONTRADICTIONS: &[(&str, &str, &str, &str)] = &[
    (
        "K-01",
        "blackburn-with-darwen",
        "A1202",
        "20 calendar days is stricter than 20 working days of `england` on every start day",
    ),
    (
        "K-01",
        "walsall",
        "A1202",
        "20 calendar days is stricter than 20 working days of `england` on every start day",
    ),
    (
        "K-02",
        "blackburn-with-darwen",
        "W1201",
        "91 calendar days is later than 3 months of `england` on 20.9% of start days, by up to 2 days",
    ),
    (
        "K-02",
        "blackburn-with-darwen",
        "W1201",
        "183 calendar days is later than 6 months of `england` on 46.1% of start days, by up to 2 days",
    ),
    (
        "K-02",
        "blackburn-with-darwen",
        "A1301",
        "the reading `second-limit` moves the last day for `looked-after-review` on 78.7% of start days",
    ),
    (
        "K-02",
        "blackburn-with-darwen",
        "A1301",
        "the reading `later-limit` moves the last day for `looked-after-review` on 78.8% of start days",
    ),
    (
        "K-04",
        "blackburn-with-darwen",
        "A1304",
        "`looked-after-review`: a change while the clock runs counts from the anchor",
    ),
    (
        "K-04",
        "blackburn-with-darwen",
        "A1301",
        "the reading `home-rule-from-first` decides about `looked-after-review`",
    ),
    (
        "K-04",
        "blackburn-with-darwen",
        "A1301",
        "the reading `interim-orders-count` decides about `looked-after-review`",
    ),
    (
        "K-12",
        "blackburn-with-darwen",
        "A1003",
        "`discuss-purpose` could not be done in time for the first `looked-after-review` on any start day",
    ),
    (
        "K-12",
        "england",
        "A1002",
        "`consult-child` cannot be done in time for the first `case-review` on 30.8% of start days",
    ),
    (
        "K-14",
        "blackburn-with-darwen",
        "A1301",
        "the reading `receipt` decides about `answer-decisions` and `finalise-outcomes`",
    ),
    (
        "K-15",
        "blackburn-with-darwen",
        "W1201",
        "`distribute-record`: 25 working days is later than 20 working days of `england` on every start day",
    ),
    (
        "K-19",
        "walsall",
        "A1301",
        "the reading `stage-days` moves the last day for `resolution` on every start day, by up to 8 days",
    ),
    (
        "K-21",
        "walsall",
        "A1303",
        "the day midway for `midway-check` moves with the date of the next review",
    ),
    (
        "K-23",
        "walsall",
        "A1305",
        "dates that somebody has to record; without one nothing falls due",
    ),
    ("K-27", "blackburn-with-darwen", "A1301", "the reading `bare-days` moves the last day for"),
];

#[test]
fn the_contradictions_about_dates_are_found_with_a_witness() {
    let mut report = String::new();
    for (name, _, problems) in of_the_shipped() {
        for (row, _, code, message) in
            CONTRADICTIONS.iter().filter(|(_, policy, ..)| policy == name)
        {
            let mut answers = problems
                .iter()
                .filter(|one| one.code.number() == *code && one.message.contains(message));
            if !answers.any(|one| one.witness.is_some()) {
                report += &format!("{row}: no {code} in {name} with: {message}\n");
            }
        }
    }
    assert!(report.is_empty(), "\n{report}");
}
