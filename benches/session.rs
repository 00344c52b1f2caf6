//! How long a person waits for an answer in a session: `cargo bench --bench session`.
//!
//! The case has 500 events: a sample of `examples/`, lived through again and again, some months apart.
//! Each kind of edit is made, what it moves is found out and set on paper, as after each line of a
//! session. Then the days are looked for on which its next review can be held, on one core; a session uses
//! all there are. Without `--bench`, as under `cargo test`, everything is done once.

#![expect(clippy::unwrap_used, reason = "a measurement may stop where it fails")]
#![expect(clippy::print_stdout, reason = "the table is for whoever runs this")]

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use std::{env, fs};

use duly::bundle::Bundle;
use duly::calendar::Date;
use duly::cases::{Format, read_cases};
use duly::check::Calendars;
use duly::eval::{Fact, Matching, Timeline};
use duly::policy::Value;
use duly::render::{Extent, Moved, Style, moved_text};
use duly::search::{Wanted, when};
use duly::source::Source;
use duly::what_if::{Book, Difference, Edit, Session, Situation};

/// How many events the case has.
const EVENTS: usize = 500;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_millis(20);

fn main() {
    let runs = if env::args().any(|argument| argument == "--bench") { 51 } else { 1 };
    println!(
        "{:<21} {:<40} {:>9} {:>9} {:>9} {:>6}",
        "policy", "what", "median", "slowest", "of 20 ms", "moved"
    );
    let blackburn: [(&str, &[&str]); 6] = [
        ("add an event", &["2026-05-13 challenge-answered ref school stage 2"]),
        ("move a review, two years ago", &["move review-held on 2024-04-17 to 2024-05-14"]),
        ("move the last review", &["move review-held on 2026-03-18 to 2026-04-14"]),
        ("take an event away", &["remove review-held on 2026-03-18"]),
        ("switch a reading", &["read second-limit as 3 months"]),
        ("ask for another day", &["as-of 2026-08-20"]),
    ];
    measure("blackburn-with-darwen", "blackburn-easter.txt", &blackburn, runs);
    let walsall: [(&str, &[&str]); 5] = [
        ("add an event", &["2026-05-06 review-held"]),
        ("move the last review", &["move review-held on 2026-03-19 to 2026-04-09"]),
        ("take an event away", &["remove review-held on 2026-03-19"]),
        ("switch a reading", &["read"]),
        ("ask for another day", &["as-of 2026-08-20"]),
    ];
    measure("walsall", "walsall-easter.txt", &walsall, runs);
}

fn measure(policy: &str, case: &str, edits: &[(&str, &[&str])], runs: usize) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(root.join("policies").join(policy).join("policy.duly")).unwrap();
    let bundle = Bundle::new(vec![Source::new("policy.duly", text)]);
    let book = Arc::new(Book::new("policy.duly", bundle.parse(), Calendars::default()).unwrap());
    let text = fs::read(root.join("examples").join(case)).unwrap();
    let cases = read_cases(book.policy(), case, &text, Format::Text);
    let sample = cases.cases.into_iter().next().unwrap().outcome.unwrap().timeline;
    let as_of = Date::parse("2026-05-20").unwrap();
    let now = Situation::new(Arc::clone(&book), &long(&sample), as_of, Matching::Lenient);
    assert_eq!(now.timeline().facts().len(), EVENTS);

    let row = |what: &str, times: &mut Vec<Duration>, moved: usize| {
        times.sort();
        let median = times.get(times.len() / 2).copied().unwrap_or_default();
        let slowest = times.last().copied().unwrap_or_default();
        let part = median.as_secs_f64() / PATIENCE.as_secs_f64() * 100.0;
        println!(
            "{policy:<21} {what:<40} {:>9} {:>9} {part:>8.0}% {moved:>6}",
            format!("{median:.1?}"),
            format!("{slowest:.1?}")
        );
    };
    for (what, texts) in edits {
        let edits: Vec<Edit> = texts.iter().map(|text| edit(&now, text)).collect();
        let (mut times, mut moved) = (Vec::new(), 0);
        for _ in 0..runs {
            let mut session = Session::new(now.clone());
            for edit in &edits {
                let start = Instant::now();
                let (before, _) = session.edit(edit).unwrap();
                moved = answered(&before, session.now());
                times.push(start.elapsed());
            }
        }
        row(what, &mut times, moved);
    }
    let (mut times, mut moved) = (Vec::new(), 0);
    for _ in 0..runs {
        let mut session = Session::new(now.clone());
        for edit in edits.iter().flat_map(|(_, texts)| texts.iter()).map(|text| edit(&now, text)) {
            // An event that was taken away cannot be moved.
            let _ = session.edit(&edit);
        }
        let start = Instant::now();
        let before = session.undo().unwrap();
        moved = answered(&before, session.now());
        times.push(start.elapsed());
    }
    row("take the last step back", &mut times, moved);
    searched(policy, &now, runs.min(11));
}

/// Looks for the days on which the next review can be held.
fn searched(name: &str, now: &Situation, runs: usize) {
    let policy = now.policy();
    let event = policy.find_event("review-held").unwrap();
    let values = vec![None; policy.event(event).attributes.len()];
    let wanted = Wanted { event, values, reference: None };
    let mut times = Vec::new();
    for _ in 0..runs {
        let start = Instant::now();
        black_box(when(policy, now.timeline(), now.as_of(), now.matching(), &wanted));
        times.push(start.elapsed());
    }
    times.sort();
    let median = times.get(times.len() / 2).copied().unwrap_or_default();
    let slowest = times.last().copied().unwrap_or_default();
    println!(
        "{name:<21} {:<40} {:>9} {:>9}",
        "look for the days of the next review",
        format!("{median:.1?}"),
        format!("{slowest:.1?}")
    );
}

/// Finds out what moved and sets it on paper; how many deadlines differ.
fn answered(before: &Situation, after: &Situation) -> usize {
    let difference = Difference::between(before, after);
    let moved = Moved { before, after, difference: &difference };
    let style = Style { colour: true, unicode: true, width: 60 };
    black_box(moved_text(&moved, Extent::Open, &style, ""));
    difference.deadlines.len()
}

fn edit(now: &Situation, text: &str) -> Edit {
    match text.split_once(' ') {
        Some(("move", rest)) => Edit::moving(rest).unwrap(),
        Some(("remove", rest)) => Edit::removing(rest).unwrap(),
        Some(("read", rest)) => Edit::reading(rest).unwrap(),
        Some(("as-of", rest)) => Edit::as_of(rest).unwrap(),
        Some(_) => Edit::add(text).unwrap(),
        // The first reading there is.
        None => {
            let reading = now.policy().readings.first().unwrap();
            let value = reading.others.first().unwrap().clone();
            Edit::Read { name: reading.name.clone(), value }
        }
    }
}

/// A case of many events: the sample again and again, each time 100 weeks earlier, less than all of the
/// first time. What opens and closes the child's time in care is kept once.
fn long(sample: &Timeline) -> Timeline {
    let mut facts: Vec<Fact> = sample.facts().to_vec();
    let mut line = facts.iter().map(|fact| fact.line).max().unwrap_or_default();
    let mut back = 0;
    while facts.len() < EVENTS {
        back -= 700;
        for fact in sample.facts().iter().rev() {
            if facts.len() == EVENTS {
                break;
            }
            line += 1;
            let mut fact = Fact { date: fact.date.add_days(back).unwrap(), line, ..fact.clone() };
            for value in fact.values.iter_mut().flatten() {
                if let Value::Date(date) = value {
                    *date = date.add_days(back).unwrap();
                }
            }
            fact.reference = fact.reference.map(|name| format!("{name}{back}"));
            facts.push(fact);
        }
    }
    Timeline::new(sample.case.clone(), facts).0
}
