//! On which days an event can happen: answers worked out by hand, and on drawn cases that each day found safe
//! or not is so when the case is simply evaluated with the event on that day, each answer replayed.
//!
//! `DULY_CASES` sets how many cases are drawn over each policy, and `DULY_SEED` the first of them.

#![expect(clippy::expect_used, reason = "a test may stop where it fails")]

use std::collections::{BTreeMap, BTreeSet};
use std::{env, fs, thread};

use duly::calendar::Date;
use duly::cases::{Format, read_cases};
use duly::check::{Calendars, Switches, compile};
use duly::eval::{
    Deadline, Due, Fact, FactId, Matching, Outcome, Part, Reason, Status, Timeline, Verdict,
    evaluate,
};
use duly::policy::{Body, EventId, Policy, Value};
use duly::search::{Key, Objection, Tried, Wanted, When, try_one, when};
use duly::source::Source;

use crate::oracle::generate::draw;
use crate::shipped::{Shipped, root, shipped};

/// A first review with the report five working days before it, and a visit 10 to 20 days before it.
const POLICY: &str = r#"
policy northbury "Reviews"
  authority "Northbury"
  source    "Procedure"
  calendar  england-and-wales
reading talk "The text can be read either way"
  is at least 20 working days before each child-review
  or before each child-review
  cite "6"
role iro "Reviewing officer"
role worker "Social worker"
event became-looked-after "Child became looked after"
event review-held "Review held"
event review-planned "Date fixed"
  new-date is a date
event report-sent "Report sent"
event child-visited "Child visited"
event talked "Purpose discussed"
event decided "Decided"
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
duty talk-over "Purpose discussed"
  by     worker must
  due    talk
  met by talked
  cite   "6"
"#;

fn date(text: &str) -> Date {
    Date::parse(text).expect("a date")
}

fn policy(text: &str) -> Policy {
    let source = Source::new("test.duly", text);
    compile(&source, &Calendars::default(), &Switches::default()).policy.expect("a sound policy")
}

fn case(policy: &Policy, notes: &str) -> Timeline {
    let read = read_cases(policy, "child-a.txt", notes.as_bytes(), Format::Text);
    read.cases.into_iter().next().expect("a case").outcome.expect("a sound case").timeline
}

fn wanted(policy: &Policy, event: EventId) -> Wanted {
    let values = vec![None; policy.event(event).attributes.len()];
    Wanted { event, values, reference: None }
}

fn ask(policy: &Policy, notes: &str, as_of: &str, event: &str) -> When {
    let timeline = case(policy, notes);
    let event = policy.find_event(event).expect("an event");
    when(policy, &timeline, date(as_of), Matching::Lenient, &wanted(policy, event))
}

/// The earliest and the latest safe day.
fn ends(found: &When) -> (String, String) {
    let day = |end: &Option<duly::search::End>| {
        end.as_ref().map_or_else(|| "none".to_owned(), |end| end.on.day.to_string())
    };
    (day(&found.earliest), day(&found.latest))
}

fn rules(policy: &Policy, tried: &Tried) -> Vec<String> {
    tried.objections.iter().map(|one| policy.rule(one.rule()).name.clone()).collect()
}

#[test]
fn twenty_working_days_for_a_first_review_leave_the_day_itself_and_no_more() {
    let policy = policy(POLICY);
    let notes = "case a\n2026-03-02 became-looked-after\n";
    // Twenty working days after Monday 2 March is Monday 30 March. Twenty working days before it is 2
    // March again; they also lie before the Saturday and the Sunday in front of it.
    let found = ask(&policy, notes, "2026-03-02", "review-held");
    assert_eq!(ends(&found), ("2026-03-28".to_owned(), "2026-03-30".to_owned()));
    let latest = found.latest.expect("a latest day");
    let earliest = found.earliest.expect("an earliest day");
    assert_eq!(rules(&policy, &latest.beyond.expect("a day after")), ["child-review"]);
    assert_eq!(rules(&policy, &earliest.beyond.expect("a day before")), ["talk-over"]);
    // By when, for 30 March: purpose 2 March; visit 20 days to 10 days before; report 23 March.
    let outcome = &latest.on.trial.outcome;
    let steps: Vec<(String, String, String)> = latest
        .on
        .steps
        .iter()
        .map(|step| {
            let rule = &policy.rule(outcome.deadlines[step.place].rule).name;
            (rule.clone(), step.first.to_string(), step.last.to_string())
        })
        .collect();
    let expected = [
        ("talk-over", "2026-03-02", "2026-03-02"),
        ("visit-child", "2026-03-10", "2026-03-20"),
        ("send-report", "2026-03-02", "2026-03-23"),
    ];
    let expected =
        expected.map(|(rule, first, last)| (rule.to_owned(), first.to_owned(), last.to_owned()));
    assert_eq!(steps, expected);
}

#[test]
fn a_day_later_there_is_no_day_left_and_the_two_that_clash_are_named() {
    let policy = policy(POLICY);
    let notes = "case a\n2026-03-02 became-looked-after\n";
    let found = ask(&policy, notes, "2026-03-03", "review-held");
    assert_eq!(ends(&found), ("none".to_owned(), "none".to_owned()));
    let conflict = found.conflict.expect("a conflict");
    let between: Vec<(String, String, String)> = conflict
        .between
        .iter()
        .map(|(objection, free)| {
            let (first, last) = free.first().expect("days on which it does not object");
            (policy.rule(objection.rule()).name.clone(), first.to_string(), last.to_string())
        })
        .collect();
    // From 3 March on twenty working days end before 31 March at the earliest.
    assert_eq!(
        between,
        [
            ("child-review".to_owned(), "2026-03-03".to_owned(), "2026-03-30".to_owned()),
            ("talk-over".to_owned(), "2026-03-31".to_owned(), found.last.to_string()),
        ]
    );
    // With one thing late, the visit and the report in time: ten days and five working days on.
    let (first, last, mildest) = &conflict.least;
    assert_eq!(mildest.objections.len(), 1);
    assert_eq!((*first, *last), (date("2026-03-13"), date("2026-03-30")));
}

#[test]
fn what_is_done_already_binds_no_more() {
    let policy = policy(POLICY);
    let notes = "case a\n2026-03-02 became-looked-after\n2026-03-02 talked\n\
                 2026-03-12 child-visited\n2026-03-16 report-sent\n";
    let found = ask(&policy, notes, "2026-03-17", "review-held");
    // Each was in time by the date that was expected on its day, 30 March, and a date fixed after it
    // takes nothing away (M20); so from the as-of day on every day will do.
    assert_eq!(ends(&found), ("2026-03-17".to_owned(), "2026-03-30".to_owned()));
    assert!(found.latest.expect("a latest day").on.steps.is_empty());
}

#[test]
fn where_no_date_can_be_fixed_preparation_goes_by_the_expected_one() {
    let text = POLICY.replace("  planned by review-planned\n", "");
    let policy = policy(&text);
    let notes = "case a\n2026-03-02 became-looked-after\n";
    // The visit counts from 30 March whatever the day of the review, so it is not before 10 March; and
    // for a review on the 20th it has to be made by then.
    let found = ask(&policy, notes, "2026-03-02", "review-held");
    let latest = found.latest.expect("a latest day");
    assert_eq!(latest.on.day, date("2026-03-30"));
    assert_eq!(rules(&policy, &latest.beyond.expect("a day after")), ["child-review"]);
}

#[test]
fn an_act_has_its_window() {
    let policy = policy(POLICY);
    let notes = "case a\n2026-03-02 became-looked-after\n";
    // No review is planned, so the window counts from 30 March: the 10th to the 20th.
    let found = ask(&policy, notes, "2026-03-03", "child-visited");
    assert_eq!(ends(&found), ("2026-03-10".to_owned(), "2026-03-20".to_owned()));
    let beyond = found.earliest.expect("an earliest day").beyond.expect("a day before");
    assert!(matches!(beyond.objections.first(), Some(Objection::Early(_))), "{beyond:?}");
}

#[test]
fn a_window_that_opens_months_ahead_is_found() {
    let policy = policy(POLICY);
    let notes = "case a\n2026-03-02 became-looked-after\n2026-03-15 child-visited\n\
                 2026-03-30 review-held\n";
    // Six months after 30 March is 30 September; 20 days and 10 days before it are the 10th and the 20th.
    // Until then a visit is too early: more than five months from the as-of day on.
    let found = ask(&policy, notes, "2026-03-31", "child-visited");
    assert_eq!(ends(&found), ("2026-09-10".to_owned(), "2026-09-20".to_owned()));
    assert_eq!(found.last, date("2027-04-01"));
}

#[test]
fn an_event_on_which_nothing_turns_is_told_apart() {
    let policy = policy(POLICY);
    let notes = "case a\n2026-03-02 became-looked-after\n";
    assert!(ask(&policy, notes, "2026-03-03", "decided").bears_on_nothing());
    assert!(!ask(&policy, notes, "2026-03-03", "report-sent").bears_on_nothing());
}

#[test]
fn blackburn_as_written_leaves_no_day_for_a_first_review_with_twenty_working_days() {
    let text = fs::read_to_string(root().join("policies/blackburn-with-darwen/policy.duly"));
    let text = text.expect("a policy");
    let notes = "case a\n2026-03-02 became-looked-after\n";
    let as_written = policy(&text);
    // Twenty days after 2 March is Sunday the 22nd. Invitations go out ten working days before: from 2
    // March that is Saturday the 14th at the earliest.
    let found = ask(&as_written, notes, "2026-03-02", "review-held");
    assert_eq!(ends(&found), ("2026-03-14".to_owned(), "2026-03-22".to_owned()));
    let is = "  is before each looked-after-review\n  or at least 20 working days before each";
    let or = "  is at least 20 working days before each looked-after-review\n  or before each";
    let discussed = text.replace(is, or);
    assert_ne!(discussed, text, "the reading has other words now");
    let policy = policy(&discussed);
    let found = ask(&policy, notes, "2026-03-02", "review-held");
    assert_eq!(ends(&found), ("none".to_owned(), "none".to_owned()));
    let conflict = found.conflict.expect("a conflict");
    let names: Vec<&str> = conflict
        .between
        .iter()
        .map(|(objection, _)| policy.rule(objection.rule()).name.as_str())
        .collect();
    assert_eq!(names, ["looked-after-review", "discuss-purpose"]);
}

/// Evaluates the case of a day again: nothing that objects may be missing, and nothing late unsaid.
fn replay(policy: &Policy, tried: &Tried) {
    let again = evaluate(policy, &tried.trial.timeline, tried.day);
    assert_eq!(again, tried.trial.outcome);
    for objection in &tried.objections {
        if let Objection::Late(key) = objection {
            let row = tried.row(*key).expect("what is late is there");
            let bad = [Status::Met, Status::Due, Status::NotOpen, Status::Outstanding];
            assert!(!bad.contains(&row.status), "{row:?}");
        }
    }
    for key in &tried.meets {
        let row = tried.row(*key).expect("what is met is there");
        let late = matches!(row.status, Status::Late | Status::Missed | Status::Overdue);
        assert!(!late || !tried.objections.is_empty(), "{row:?}");
    }
}

/// Events that meet something: those with which reviews are held, duties are met, ladders climbed.
fn acts(policy: &Policy) -> Vec<EventId> {
    let mut events: Vec<EventId> = Vec::new();
    for rule in &policy.rules {
        match &rule.body {
            Body::Series(series) => events.extend(series.held_on.iter().map(|one| one.event)),
            Body::Duty(duty) => events.extend(duty.acts.iter().map(|one| one.event.event)),
            Body::Ladder(ladder) => {
                events.extend(ladder.closed_by.iter().chain(&ladder.answered_by));
                events.push(ladder.opened_by);
            }
            Body::Trigger(_) | Body::Forbid(_) => {}
        }
    }
    events.sort_unstable();
    events.dedup();
    events
}

/// The deadlines of an outcome by their keys; those that wait for something or are no longer owed are
/// only places.
fn rows(outcome: &Outcome) -> BTreeMap<Key, &Deadline> {
    let mut rows = BTreeMap::new();
    for row in &outcome.deadlines {
        let own =
            |key: &&Key| (key.rule, key.part, key.ordinal) == (row.rule, row.part, row.ordinal);
        let twin = rows.keys().filter(own).count() as u16;
        rows.insert(Key { twin, ..Key::of(row) }, row);
    }
    rows.retain(|_, row| row.status != Status::Waiting || !row.reasons.is_empty());
    rows
}

/// Whether a deadline has gone wrong by a day.
fn is_late(row: &Deadline, day: Date) -> bool {
    use Status::{Begun, CannotBeMet, Late, Missed, Overdue, Undetermined};
    match (row.status, row.due) {
        (Late | Missed | Overdue | CannotBeMet, _) => true,
        (Begun, _) => row.days > 0,
        (Undetermined, Due::On(due)) => due < row.done_on.unwrap_or(day),
        _ => false,
    }
}

/// What simply evaluating the case with the event on a day says.
struct Simply {
    /// Why the day is not safe.
    objections: BTreeSet<Objection>,
    /// What the event meets.
    meets: BTreeSet<Key>,
    /// All that is late, moved or not.
    late: BTreeSet<Key>,
    /// Whether something it bears on would have to be done before it.
    wanting: bool,
}

/// The case with the event on a day, and without it, as of that day.
fn simply(policy: &Policy, known: &[Fact], wanted: &Wanted, as_of: Date, day: Date) -> Simply {
    let mut facts = known.to_vec();
    let plan = policy.rules.iter().find_map(|rule| match &rule.body {
        Body::Series(series) => {
            let mut held = series.held_on.iter().chain(&series.begun_on);
            series.planned_by.filter(|_| held.any(|one| one.event == wanted.event))
        }
        _ => None,
    });
    if let Some((event, attribute)) = plan.filter(|_| day > as_of) {
        let mut plan = Fact::bare(policy, event, as_of);
        let slot = plan.values.get_mut(attribute.index()).expect("an attribute of the event");
        *slot = Some(Value::Date(day));
        facts.push(plan);
    }
    let without = evaluate(policy, &Timeline::new("case", facts.clone()).0, day);
    facts.push(Fact::bare(policy, wanted.event, day));
    let timeline = Timeline::new("case", facts).0;
    let outcome = evaluate(policy, &timeline, day);
    // Of two events that are the same but for their line, that of line 0 is kept.
    let mut places = timeline.facts().iter();
    let place = places.position(|fact| *fact == Fact::bare(policy, wanted.event, day));
    let event = FactId(place.expect("the event is there") as u32);

    let (old, new) = (rows(&without), rows(&outcome));
    let silence = |row: &Deadline| match (&policy.rule(row.rule).body, row.part) {
        (Body::Ladder(ladder), Part::Answer { .. } | Part::Approval { .. }) => {
            ladder.opened_by == wanted.event
        }
        _ => false,
    };
    let mut found = Simply {
        objections: BTreeSet::new(),
        meets: BTreeSet::new(),
        late: BTreeSet::new(),
        wanting: false,
    };
    for (&key, row) in &new {
        let shown = |row: &Deadline| {
            let basis = row.basis.map(|basis| (basis.kind, basis.date));
            (row.status, row.opens, row.due, row.alternatives.clone(), basis, row.done_on)
        };
        let moved = old.get(&key).is_none_or(|old| shown(old) != shown(row));
        let own = row.done_by.contains(&event);
        let late = is_late(row, day);
        found.late.extend(late.then_some(key));
        found.meets.extend((moved && own).then_some(key));
        found.objections.extend((moved && late && !silence(row)).then_some(Objection::Late(key)));
        let early = |why: &Reason| matches!(why, Reason::Early(fact, _) if *fact == event);
        let early = row.done_on.is_none() && row.reasons.iter().any(early);
        found.objections.extend(early.then_some(Objection::Early(key)));
        let undone = row.done_on.is_none() && (late || row.status == Status::Lapsed);
        found.wanting |= moved && undone && !silence(row);
    }
    let breached = outcome.findings.iter();
    let breached = breached
        .filter(|finding| finding.verdict == Verdict::Breached && finding.fact == Some(event));
    found.objections.extend(breached.map(|finding| Objection::Forbidden(finding.rule)));
    for standing in &outcome.standings {
        let own = standing.irregular.iter().filter(|(fact, _)| *fact == event);
        found.objections.extend(own.map(|(_, what)| Objection::Irregular(standing.rule, *what)));
    }
    let strays = outcome.strays.iter().filter(|(_, fact, _)| *fact == event);
    found.objections.extend(strays.map(|(rule, _, what)| Objection::Irregular(*rule, *what)));
    found
}

/// Holds the answer for a drawn case against simply evaluating it, day after day; whether there is a safe
/// day, and on how many days all objections had to be the same.
fn compared(name: &str, policy: &Policy, seed: u64, event: EventId) -> (bool, usize) {
    let drawn = draw(policy, seed);
    let (timeline, _) = Timeline::new("case", drawn.facts);
    let (wanted, as_of) = (wanted(policy, event), drawn.as_of);
    let found = when(policy, &timeline, as_of, Matching::Lenient, &wanted);
    let told = format!("{name}, seed {seed}, {}, as of {as_of}", policy.event(event).name);
    let known: Vec<Fact> =
        timeline.facts().iter().filter(|fact| fact.date <= as_of).cloned().collect();
    let (mut met, mut certain, mut days) = (BTreeSet::new(), true, 0);
    let mut day = as_of;
    for stretch in &found.stretches {
        assert_eq!(stretch.first, day, "{told}: every day is in a stretch");
        while day <= stretch.last {
            let simply = simply(policy, &known, &wanted, as_of, day);
            let told = format!("{told}, on {day}");
            day = day.add_days(1).expect("a day after it");
            // What would have to be done first is another question: then it is not so simple.
            certain &= !simply.wanting;
            if simply.wanting {
                continue;
            }
            let mut expected = simply.objections;
            met.extend(&simply.meets);
            for &key in met.difference(&simply.meets) {
                let late = simply.late.contains(&key);
                expected.insert(if late { Objection::Late(key) } else { Objection::Gone(key) });
            }
            expected.retain(
                |one| !matches!(one, Objection::Late(key) if found.already_late.contains(key)),
            );
            if certain {
                assert_eq!(stretch.objections, expected, "{told}");
                days += 1;
            }
            // On a day that was passed over it may have met something that it meets no more.
            assert!(stretch.objections.is_superset(&expected), "{told}: {expected:?}");
            let mut more = stretch.objections.difference(&expected);
            assert!(
                more.all(|one| matches!(one, Objection::Gone(_) | Objection::Late(_))),
                "{told}: {:?}, {expected:?}",
                stretch.objections
            );
        }
    }
    assert_eq!(found.last.add_days(1), Some(day), "{told}");
    let safe = |stretch: &&duly::search::Stretch| stretch.objections.is_empty();
    let first = found.stretches.iter().find(safe).map(|stretch| stretch.first);
    let last = found.stretches.iter().rev().find(safe).map(|stretch| stretch.last);
    assert_eq!(found.earliest.as_ref().map(|end| end.on.day), first, "{told}");
    assert_eq!(found.latest.as_ref().map(|end| end.on.day), last, "{told}");
    for end in found.earliest.iter().chain(&found.latest) {
        assert!(end.on.objections.is_empty(), "{told}");
        replay(policy, &end.on);
        if let Some(beyond) = &end.beyond {
            assert!(!beyond.objections.is_empty(), "{told}");
            replay(policy, beyond);
        }
    }
    (found.earliest.is_some(), days)
}

/// A case to draw: of which policy, by which seed, and the event of which days are looked for.
type Drawn<'a> = (&'a str, &'a Policy, u64, EventId);

/// Cases to draw of every policy, so many of each; `DULY_CASES` and `DULY_SEED` ask for others. A large
/// policy takes long to evaluate, and here it is for every day of a year: of such there are two.
fn to_draw(
    policies: &[Shipped],
    usual: u64,
    event: impl Fn(&Policy, u64) -> EventId,
) -> Vec<Drawn<'_>> {
    let setting =
        |name| env::var(name).ok().map(|text| text.parse::<u64>().expect("a number of cases"));
    let first = setting("DULY_SEED").unwrap_or_default();
    let mut drawn = Vec::new();
    for (number, shipped) in policies.iter().enumerate() {
        let policy = shipped.policy();
        let usual = if policy.rules.len() > 100 { 2 } else { usual };
        for seed in first..first + setting("DULY_CASES").unwrap_or(usual) {
            let event = event(policy, seed);
            drawn.push((shipped.name.as_str(), policy, seed * 13 + number as u64, event));
        }
    }
    drawn
}

/// Works on each case. Each thread takes every so many of them, so that none has all that take long.
fn on_each<T: Send>(drawn: &[Drawn<'_>], work: impl Fn(Drawn<'_>) -> T + Sync) -> Vec<T> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let work = &work;
    thread::scope(|scope| {
        let shares: Vec<_> = (0..threads)
            .map(|begin| {
                let own = drawn.iter().skip(begin).step_by(threads);
                scope.spawn(move || own.map(|&one| work(one)).collect::<Vec<T>>())
            })
            .collect();
        shares.into_iter().flat_map(|share| share.join().expect("no case disagrees")).collect()
    })
}

#[test]
fn on_drawn_cases_each_day_is_as_evaluating_the_case_with_the_event_on_it_says() {
    let policies = shipped();
    let drawn = to_draw(&policies, 24, |policy, seed| {
        let events = acts(policy);
        events[(seed as usize * 7) % events.len()]
    });
    let found = on_each(&drawn, |(name, policy, seed, event)| compared(name, policy, seed, event));
    let safe = found.iter().filter(|(safe, _)| *safe).count();
    assert!(safe > drawn.len() / 4, "only {safe} of {} with a safe day", drawn.len());
    let days: usize = found.iter().map(|(_, days)| days).sum();
    assert!(days > drawn.len() * 100, "only {days} days of {} cases compared", drawn.len());
}

/// Holds each day of the answer for a drawn case against trying that day with the whole policy, and says
/// how many days there were.
fn held_against_the_whole(name: &str, policy: &Policy, seed: u64, event: EventId) -> usize {
    let drawn = draw(policy, seed);
    let (timeline, _) = Timeline::new("case", drawn.facts);
    let (wanted, as_of) = (wanted(policy, event), drawn.as_of);
    let known = timeline.facts().iter().filter(|fact| fact.date <= as_of).cloned().collect();
    let known = Timeline::new("case", known).0;
    let found = when(policy, &timeline, as_of, Matching::Lenient, &wanted);
    let mut met = BTreeSet::new();
    let mut days = 0;
    for stretch in &found.stretches {
        let mut day = stretch.first;
        while day <= stretch.last {
            let tried = try_one(policy, &known, as_of, Matching::Lenient, &wanted, day);
            let meets: BTreeSet<Key> = tried.meets.iter().copied().collect();
            met.extend(&meets);
            let rows = rows(&tried.trial.outcome);
            let mut expected = tried.objections.clone();
            for &key in met.difference(&meets) {
                let late = rows.get(&key).is_some_and(|row| is_late(row, day));
                expected.insert(if late { Objection::Late(key) } else { Objection::Gone(key) });
            }
            expected.retain(
                |one| !matches!(one, Objection::Late(key) if found.already_late.contains(key)),
            );
            let event = &policy.event(event).name;
            let told = format!("{name}, seed {seed}, {event}, as of {as_of}, on {day}");
            assert_eq!(stretch.objections, expected, "{told}");
            day = day.add_days(1).expect("a day after it");
            days += 1;
        }
    }
    days
}

#[test]
fn each_day_is_as_trying_it_with_the_whole_policy_says() {
    let policies = shipped();
    // Any event, not only those that meet something: what one bears on turns on much else.
    let drawn = to_draw(&policies, 6, |policy, seed| {
        EventId((seed * 29 % policy.events.len() as u64) as u16)
    });
    let days = on_each(&drawn, |(name, policy, seed, event)| {
        held_against_the_whole(name, policy, seed, event)
    });
    let days: usize = days.iter().sum();
    assert!(days > drawn.len() * 100, "only {days} days of {} cases compared", drawn.len());
}
