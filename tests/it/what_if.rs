//! Cases that are edited: whatever is done to a case in memory comes to what evaluating the edited
//! file would, and as many steps back as forth lead to where one began.
//!
//! The edits are drawn. The second opinion on them is a text file that is edited line by line, read
//! anew and evaluated, so it shares neither the identities of facts nor the reading of single lines.
//!
//! `DULY_CASES` sets how many runs of edits are drawn for each case, and `DULY_SEED` the first of them.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop where it fails"
)]

use std::sync::Arc;
use std::{env, fs};

use duly::bundle::Bundle;
use duly::calendar::Date;
use duly::cases::{Format, read_cases};
use duly::check::{Calendars, Switches, compile_parsed};
use duly::eval::{Matching, Outcome, Timeline, evaluate};
use duly::policy::Policy;
use duly::render::{Extent, Moved, Style, moved_text};
use duly::source::Source;
use duly::syntax::parse_reading_value;
use duly::what_if::{Book, Difference, Edit, Session, Situation};
use fastrand::Rng;

use crate::shipped::root;

const BLACKBURN: (&str, &str, &str) =
    ("blackburn-with-darwen", "blackburn-easter.txt", "2026-05-20");
const WALSALL: (&str, &str, &str) = ("walsall", "walsall-easter.txt", "2026-05-20");

/// A policy, a case and a day, in memory and as texts.
struct Both {
    bundle: Bundle,
    lines: Vec<String>,
    reads: Vec<(String, String)>,
    as_of: Date,
    session: Session,
}

impl Both {
    fn new((policy, case, as_of): (&str, &str, &str)) -> Self {
        let file = root().join("policies").join(policy).join("policy.duly");
        let bundle =
            Bundle::new(vec![Source::new("policy.duly", fs::read_to_string(file).unwrap())]);
        let book = Book::new("policy.duly", bundle.parse(), Calendars::default()).unwrap();
        let text = fs::read_to_string(root().join("examples").join(case)).unwrap();
        let as_of = Date::parse(as_of).unwrap();
        let timeline = timeline(book.policy(), &text);
        // The lines keep their numbers: what is removed leaves an empty one.
        let lines = text.lines().map(|line| line.split(" #").next().unwrap().to_owned()).collect();
        let situation = Situation::new(Arc::new(book), &timeline, as_of, Matching::Lenient);
        Self { bundle, lines, reads: Vec::new(), as_of, session: Session::new(situation) }
    }

    /// What evaluating the edited file gives.
    fn outcome_of_the_file(&self) -> Outcome {
        let mut switches = Switches::default();
        for (name, value) in &self.reads {
            switches.set(name.clone(), parse_reading_value(value).unwrap().node);
        }
        let compiled = compile_parsed(self.bundle.parse(), &Calendars::default(), &switches);
        let policy = compiled.policy.unwrap();
        evaluate(&policy, &timeline(&policy, &self.lines.join("\n")), self.as_of)
    }

    /// Makes one edit in both, drawn from a seed.
    fn step(&mut self, rng: &mut Rng, seed: u64) {
        let events: Vec<usize> = (0..self.lines.len())
            .filter(|&index| self.lines[index].starts_with(|first: char| first.is_ascii_digit()))
            .collect();
        let index = events[rng.usize(..events.len())];
        let line = self.lines[index].trim().to_owned();
        let (date, rest) = line.split_once(' ').unwrap();
        let day = Date::parse(date).unwrap().add_days(rng.i32(-40..40)).unwrap();
        let edit = match rng.u8(..10) {
            0..4 => {
                self.lines[index] = format!("{day} {rest}");
                // A fact that has nothing to tell it from a twin is named by its line; of two lines that say
                // exactly the same the case has only one.
                let number = index as u32 + 1;
                let facts = self.session.now().timeline().facts();
                let by_line = rng.bool() && facts.iter().any(|fact| fact.line == number);
                let name = if by_line { format!("line {number}") } else { line };
                Edit::moving(&format!("{name} to {day}")).unwrap()
            }
            4..6 => {
                self.lines[index] = String::new();
                Edit::removing(&line).unwrap()
            }
            6..8 => {
                let added = format!("{day} {rest}");
                // It stands behind the last event; lines that were emptied behind that are no more.
                self.lines.truncate(events.last().unwrap() + 1);
                self.lines.push(added.clone());
                Edit::add(&added).unwrap()
            }
            8 => {
                self.as_of = self.as_of.add_days(rng.i32(-30..30)).unwrap();
                Edit::AsOf(self.as_of)
            }
            _ => {
                let readings = &self.session.now().policy().readings;
                if readings.is_empty() {
                    return;
                }
                let reading = &readings[rng.usize(..readings.len())];
                let value = reading.others[rng.usize(..reading.others.len())].clone();
                let name = reading.name.clone();
                self.reads.push((name.clone(), value.clone()));
                Edit::Read { name, value }
            }
        };
        let before = self.session.now().clone();
        let refused = |refusal| panic!("seed {seed}, {edit:?}: {refusal:?}");
        self.session.edit(&edit).unwrap_or_else(refused);
        told_apart(&before, self.session.now());
    }
}

fn timeline(policy: &Policy, text: &str) -> Timeline {
    let cases = read_cases(policy, "case.txt", text.as_bytes(), Format::Text);
    cases.cases.into_iter().next().unwrap().outcome.unwrap().timeline
}

/// What a difference says goes up: those that are in neither list are as many on both sides, and where
/// it says nothing the deadlines are the same but for what nobody would ask about.
fn told_apart(before: &Situation, after: &Situation) {
    let difference = Difference::between(before, after);
    let gone = difference.deadlines.iter().filter(|change| change.after.is_none()).count();
    let new = difference.deadlines.iter().filter(|change| change.before.is_none()).count();
    let (old_rows, new_rows) = (&before.outcome().deadlines, &after.outcome().deadlines);
    assert_eq!(old_rows.len() - gone, new_rows.len() - new);
    if difference.is_empty() {
        // Where two facts pass each other on the way, their deadlines may change places.
        let faces = |outcome: &Outcome| -> Vec<String> {
            let rows = outcome.deadlines.iter();
            let mut faces: Vec<String> =
                rows.map(|row| format!("{:?} {:?} {:?}", row.rule, row.due, row.status)).collect();
            faces.sort();
            faces
        };
        assert_eq!(faces(before.outcome()), faces(after.outcome()));
    }
    let moved = Moved { before, after, difference: &difference };
    let style = Style { colour: false, unicode: true, width: 60 };
    let text = moved_text(&moved, Extent::All, &style, "");
    assert_eq!(text.starts_with("Nothing changes"), difference.is_empty(), "{text}");
}

#[track_caller]
fn check(case: (&str, &str, &str), runs: u64, edits: usize) {
    let setting = |name| env::var(name).ok().map(|text| text.parse::<u64>().unwrap());
    let first = setting("DULY_SEED").unwrap_or_default();
    for seed in first..first + setting("DULY_CASES").unwrap_or(runs) {
        let mut rng = Rng::with_seed(seed);
        let mut both = Both::new(case);
        let first = both.session.now().clone();
        assert_eq!(*first.outcome(), both.outcome_of_the_file());
        for _ in 0..edits {
            both.step(&mut rng, seed);
        }
        let last = both.session.now().clone();
        assert_eq!(*last.outcome(), both.outcome_of_the_file(), "seed {seed}");
        let steps = both.session.steps();
        for _ in 0..steps {
            both.session.undo().unwrap();
        }
        assert!(both.session.undo().is_none());
        assert_eq!(both.session.now().outcome(), first.outcome(), "seed {seed}");
        assert_eq!(both.session.now().timeline(), first.timeline(), "seed {seed}");
        for _ in 0..steps {
            both.session.redo().unwrap();
        }
        assert!(both.session.redo().is_none());
        assert_eq!(both.session.now().outcome(), last.outcome(), "seed {seed}");
        assert_eq!(both.session.now().timeline(), last.timeline(), "seed {seed}");
    }
}

#[test]
fn editing_is_evaluating_the_edited_file_and_undoing_is_exact() {
    check(BLACKBURN, 3, 10);
    check(WALSALL, 30, 10);
}

#[test]
fn what_is_refused_changes_nothing() {
    let both = Both::new(BLACKBURN);
    let now = both.session.now();
    let wrong = [
        Edit::add("2026-05-01 reveiw-held"),
        Edit::add("2026-05-01 review-held kind unusual"),
        Edit::add("2026-02-30 review-held"),
        Edit::add("03/04/2026 review-held"),
        Edit::add("review-held"),
        Edit::moving("review-held to 2026-05-01"),
        Edit::moving("review-held on 2026-03-19 to 2026-05-01"),
        Edit::moving("review-held on 2026-03-18"),
        Edit::moving("review-held on 2026-03-18 to tomorrow"),
        Edit::moving("review-held on 2026-03-18 by 2 fortnights"),
        Edit::moving("review-held on 2026-03-18 by 60000 years"),
        Edit::removing("line 4000"),
        Edit::removing("answer-judgd"),
        Edit::removing(""),
        Edit::reading("second-limit as 3 fortnights"),
        Edit::reading("second-limit as yes"),
        Edit::reading("secnd-limit as 3 months"),
        Edit::reading("second-limit"),
    ];
    for (number, edit) in wrong.into_iter().enumerate() {
        let outcome = edit.and_then(|edit| now.edited(&edit));
        assert!(outcome.is_err(), "number {number}");
    }
}

#[test]
fn names_that_fit_several_facts_list_them() {
    let both = Both::new(BLACKBURN);
    let refused = |text: &str| {
        let edit = Edit::removing(text).unwrap();
        both.session.now().edited(&edit).unwrap_err()
    };
    let several = refused("review-held");
    assert_eq!(several.message, "the case has 2 events like `review-held`");
    assert_eq!(
        several.candidates,
        [
            "2025-12-18 review-held kind initial meeting yes plan-changed no (line 22)",
            "2026-03-18 review-held kind ordinary meeting yes plan-changed yes (line 46)",
        ]
    );
    assert_eq!(refused("answer-judged satisfied yes").candidates.len(), 1);
    assert_eq!(refused("review-hled").help.as_deref(), Some("did you mean `review-held`?"));
    for one in [
        "review-held on 2026-03-18",
        "review-held kind ordinary",
        "2026-03-18 review-held",
        "challenge-raised ref school stage 1",
        "line 46",
    ] {
        assert!(both.session.now().edited(&Edit::removing(one).unwrap()).is_ok(), "{one}");
    }
}

#[test]
fn a_deadline_stays_itself_when_its_fact_is_moved() {
    let both = Both::new(BLACKBURN);
    let now = both.session.now();
    let edit = Edit::moving("challenge-raised ref school stage 2 to 2026-05-05").unwrap();
    let (after, _) = now.edited(&edit).unwrap();
    let difference = Difference::between(now, &after);
    let challenge = |situation: &Situation, index: usize| {
        let row = &situation.outcome().deadlines[index];
        (situation.policy().rule(row.rule).name == "challenge").then_some(row.due_date())
    };
    let moved: Vec<(Option<Date>, Option<Date>)> = difference
        .deadlines
        .iter()
        .filter_map(|change| {
            Some((challenge(now, change.before?)?, challenge(&after, change.after?)?))
        })
        .collect();
    // Five working days after 5 May 2026, and twenty: the Spring bank holiday is 25 May.
    let day = |text| Date::parse(text).ok();
    assert_eq!(
        moved,
        [(day("2026-05-11"), day("2026-05-12")), (day("2026-06-02"), day("2026-06-03"))]
    );
    assert!(
        difference.deadlines.iter().all(|change| change.before.is_some() && change.after.is_some())
    );
}
