//! What the analyses find in the shipped policies: neither more nor less than the tables say.
//!
//! `tests/findings/‹policy›.txt` has a line for each finding: its code, the rule (or role, or the policy)
//! at which it points, a part of its message, and the rows of the list of contradictions in the two sources
//! that it answers to (K-01 to K-28), or why it is there. A finding that is new or lost fails the test.
//!
//! Whatever a finding shows as an example is read back as a case and evaluated: the property holds of the
//! shipped policies and of every text under `tests/ui/analysis…`.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop where it fails")]

use std::fmt::Write as _;
use std::fs;

use duly::analyse::{Analysed, Depth, Subject, analyse};
use duly::bundle::Bundle;
use duly::calendar::Date;
use duly::cases::{self, Format};
use duly::check::{Calendars, Compiled, Switches, compile_parsed};
use duly::diagnostic::{Code, Diagnostic, Witness};
use duly::eval::{LadderState, Outcome, Part, Status, evaluate};
use duly::policy::Policy;
use duly::source::{Source, Span};
use duly::syntax::ast::{Declaration, File};
use duly::trial;

use crate::shipped::{root, shipped};

fn analysed(compiled: &Compiled, depth: Depth) -> Analysed {
    analyse(&Subject {
        policy: compiled.policy.as_ref().unwrap(),
        file: &compiled.file,
        scenarios: &compiled.scenarios,
        checked: &compiled.problems,
        calendars: &Calendars::default(),
        baseline: None,
        today: Some(Date::parse("2026-11-22").unwrap()),
        depth,
    })
}

fn compiled(paths: &[&str]) -> (Bundle, Compiled) {
    let source = |path: &&str| Source::new(*path, fs::read_to_string(root().join(path)).unwrap());
    let bundle = Bundle::new(paths.iter().map(source).collect());
    let compiled = compile_parsed(bundle.parse(), &Calendars::default(), &Switches::default());
    (bundle, compiled)
}

/// What is declared where a finding points: the name of a declaration.
fn holder(file: &File, place: Span) -> String {
    let named = file.declarations.iter().filter_map(|declaration| {
        Some(match declaration {
            Declaration::Policy(header) => (header.span, &header.name),
            Declaration::Reading(reading) => (reading.span, &reading.name),
            Declaration::Role(role) => (role.span, &role.name),
            Declaration::Event(event) => (event.span, &event.name),
            Declaration::State(state) => (state.span, &state.name),
            Declaration::Review(rule) => (rule.head.span, &rule.head.name),
            Declaration::Duty(rule) => (rule.head.span, &rule.head.name),
            Declaration::Trigger(rule) => (rule.head.span, &rule.head.name),
            Declaration::Forbid(rule) => (rule.head.span, &rule.head.name),
            Declaration::Ladder(rule) => (rule.head.span, &rule.head.name),
            Declaration::Scenario(_) => return None,
        })
    });
    let mut within = named.filter(|(span, _)| span.start <= place.start && place.end <= span.end);
    within.next().map_or_else(|| "?".to_owned(), |(_, name)| name.node.clone())
}

/// A line of a table.
#[derive(Debug)]
struct Row {
    code: String,
    holder: String,
    message: String,
    rows: String,
}

fn table(policy: &str) -> Vec<Row> {
    let path = root().join("tests/findings").join(format!("{policy}.txt"));
    let text = fs::read_to_string(path).unwrap_or_default();
    let lines = text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let cells: Vec<_> = line.split('|').map(|cell| cell.trim().to_owned()).collect();
            let [code, holder, message, rows] = cells.try_into().unwrap_or_else(|cells| {
                panic!("{policy}: a line has four cells, apart by `|`: {cells:?}")
            });
            Row { code, holder, message, rows }
        })
        .collect()
}

#[test]
fn the_shipped_policies_have_the_findings_of_the_tables_and_no_other() {
    let mut report = String::new();
    for policy in shipped() {
        let mut left = table(&policy.name);
        for finding in &analysed(&policy.compiled, Depth::Full).problems {
            let holder = holder(&policy.compiled.file, finding.span());
            let place = left.iter().position(|row| {
                row.code == finding.code.number()
                    && row.holder == holder
                    && finding.message.contains(&row.message)
            });
            match place {
                Some(place) => drop(left.remove(place)),
                None => writeln!(
                    report,
                    "{}: new: {} | {holder} | {}",
                    policy.name,
                    finding.code.number(),
                    finding.message
                )
                .unwrap(),
            }
        }
        for row in left {
            writeln!(report, "{}: lost: {row:?}", policy.name).unwrap();
        }
    }
    assert!(report.is_empty(), "\n{report}");
}

#[test]
fn the_contradictions_of_the_two_sources_are_found() {
    let found: Vec<String> = ["blackburn-with-darwen", "walsall"]
        .iter()
        .flat_map(|policy| table(policy))
        .map(|row| row.rows)
        .collect();
    for wanted in ["K-16", "K-17", "K-18", "K-24", "K-25", "K-26", "K-28"] {
        assert!(found.iter().any(|rows| rows.contains(wanted)), "{wanted} is in no table");
    }
}

#[test]
fn the_cap_of_walsall_is_passed_on_the_days_counted_by_hand() {
    // Counted apart from the program, by a script of thirty lines that knows the list of holidays and
    // nothing else: seven, four and three times three working days, with a day of silence after the
    // first two, against twenty.
    let all = shipped();
    let walsall = all.iter().find(|policy| policy.name == "walsall").unwrap();
    let found = analysed(&walsall.compiled, Depth::Full);
    let cap = found.problems.iter().find(|one| one.code == Code::StagesExceedCap).unwrap();
    assert!(cap.message.contains("by up to 2 working days"), "{}", cap.message);
    assert_eq!(
        cap.notes[0],
        "on 6,790 of the 6,906 start days that the calendar covers, the earliest of them 1 Jan 2010"
    );
}

#[test]
fn an_example_of_good_work_has_no_findings() {
    let files = ["examples/complaints/policy.duly", "examples/complaints/scenarios.duly"];
    let (bundle, compiled) = compiled(&files);
    let found = analysed(&compiled, Depth::Full);
    assert!(found.problems.is_empty(), "{:#?}", found.problems);
    assert!(found.accepted.is_empty(), "it needs no excuses");
    assert!(compiled.scenarios.len() > 5);
    for scenario in &compiled.scenarios {
        let trial = trial::run(&bundle, &compiled, &Calendars::default(), scenario).unwrap();
        assert!(trial.failures.is_empty(), "{}", scenario.title);
    }
}

#[test]
fn what_england_accepts_is_told_with_its_reasons() {
    let all = shipped();
    let england = all.iter().find(|policy| policy.name == "england").unwrap();
    let found = analysed(&england.compiled, Depth::Full);
    let holders: Vec<_> = found.accepted.iter().map(|one| one.holder.as_str()).collect();
    assert_eq!(holders, ["fill-iro-vacancy", "prepare-pathway-plan", "record-informal-dispute"]);
    for accepted in &found.accepted {
        assert_eq!(accepted.finding.code, Code::UntimedDuty);
        assert!(accepted.reason.contains(' '));
    }
}

#[test]
fn the_quick_findings_are_among_all_of_them() {
    for policy in shipped() {
        let all = analysed(&policy.compiled, Depth::Full).problems;
        for finding in &analysed(&policy.compiled, Depth::Quick).problems {
            assert!(all.iter().any(|other| other == finding), "{}", finding.message);
        }
    }
}

/// What the policy says of a witness, on its last day: the steps that are events, read back as a case.
fn replayed(policy: &Policy, witness: &Witness) -> (usize, Outcome) {
    let mut text = "case witness\n".to_owned();
    let mut events = 0;
    for step in &witness.steps {
        let name = step.text.split(' ').next().unwrap();
        if policy.find_event(name).is_some() {
            writeln!(text, "{} {}", step.day, step.text).unwrap();
            events += 1;
        }
    }
    let read = cases::read_cases(policy, "witness.txt", text.as_bytes(), Format::Text);
    assert!(read.errors.is_empty(), "{text}\n{:?}", read.errors);
    let case = read.cases.into_iter().next().unwrap().outcome;
    let case = case.unwrap_or_else(|errors| panic!("{text}\n{errors:?}"));
    let last = witness.steps.iter().map(|step| step.day.as_str()).max().unwrap();
    (events, evaluate(policy, &case.timeline, Date::parse(last).unwrap()))
}

/// Whether an outcome is what a finding claims.
fn bears_out(finding: &Diagnostic, outcome: &Outcome) -> bool {
    let has =
        |statuses: &[Status]| outcome.deadlines.iter().any(|row| statuses.contains(&row.status));
    let stands = |states: &[LadderState]| {
        outcome
            .standings
            .iter()
            .any(|standing| standing.ways.is_empty() && states.contains(&standing.state))
    };
    match finding.code {
        Code::OutcomeLeadsNowhere => stands(&[LadderState::NoListedWayOn, LadderState::Settled]),
        Code::NoDefinedEnd => stands(&[LadderState::NoListedWayOn, LadderState::Exhausted]),
        Code::StagesExceedCap | Code::CapRestsOnReading => outcome
            .deadlines
            .iter()
            .any(|row| row.part == Part::Cap && row.status == Status::Late && row.days > 0),
        Code::StageNeverReached => {
            outcome.standings.iter().any(|standing| !standing.irregular.is_empty())
        }
        Code::ApproverAnswersNext => stands(&[LadderState::Open]),
        Code::UntimedDuty => has(&[Status::Outstanding]),
        Code::NothingIfMissed => has(&[Status::Overdue]),
        Code::NeverDischarged => has(&[Status::Overdue, Status::Outstanding, Status::CannotBeMet]),
        Code::SameDayOrder => has(&[Status::Undetermined]),
        // The other analyses are held to their claims where they are tested.
        _ => true,
    }
}

/// The policy under which a finding is claimed: that of the reading it speaks of, if it does.
fn read_otherwise(compiled: &Compiled, finding: &Diagnostic) -> Policy {
    let mut switches = Switches::default();
    if finding.code == Code::CapRestsOnReading {
        let place = finding.labels.iter().find(|label| label.text == "the other reading").unwrap();
        for declaration in &compiled.file.declarations {
            let Declaration::Reading(reading) = declaration else { continue };
            let other = reading.others.iter().find(|other| other.span == place.span);
            if let Some(other) = other {
                switches.set(reading.name.node.clone(), other.node.clone());
            }
        }
        assert!(!switches.is_empty());
    }
    let checked = duly::check::check(&compiled.file, &Calendars::default(), &switches);
    checked.policy.unwrap()
}

#[test]
fn every_example_bears_its_finding_out() {
    let mut all: Vec<(String, Compiled)> =
        shipped().into_iter().map(|policy| (policy.name, policy.compiled)).collect();
    for file in crate::shipped::entries(&root().join("tests/ui/analysis")) {
        if file.extension().is_some_and(|ending| ending == "duly") {
            let path = file.strip_prefix(root()).unwrap().to_string_lossy().into_owned();
            let compiled = compiled(&[path.as_str()]).1;
            all.push((path, compiled));
        }
    }
    let mut shown = 0;
    for (name, compiled) in &all {
        for finding in &analysed(compiled, Depth::Full).problems {
            let Some(witness) = &finding.witness else { continue };
            assert!(witness.steps.is_sorted_by(|one, other| one.day <= other.day));
            let policy = read_otherwise(compiled, finding);
            let (events, outcome) = replayed(&policy, witness);
            assert!(events > 0, "{name}: {}", finding.message);
            assert!(bears_out(finding, &outcome), "{name}: {}\n{outcome:#?}", finding.message);
            shown += 1;
        }
    }
    assert!(shown >= 15, "only {shown} examples");
}
