//! The looked-after children return: the table of what each code gives, its page, and what becomes of
//! every row of the sample.

#![expect(clippy::unwrap_used, reason = "a test may stop where it fails")]

use std::collections::BTreeSet;
use std::fs;
use std::sync::LazyLock;

use duly::cases::{Format, read_cases};
use duly::import::{Child, Codes, Fate, Form, Import, import, mappings, page, rows_of, written};
use duly::policy::{AttributeId, Policy};

use crate::shipped::{Shipped, entries, root, shipped};

/// The shipped policies, compiled once for all tests of this file.
fn policies() -> &'static [Shipped] {
    static POLICIES: LazyLock<Vec<Shipped>> = LazyLock::new(shipped);
    &POLICIES
}

fn policy(name: &str) -> &'static Policy {
    policies().iter().find(|shipped| shipped.name == name).unwrap().policy()
}

fn sample() -> Vec<(String, Vec<u8>)> {
    let named = |path: &std::path::PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        (name, fs::read(path).unwrap())
    };
    entries(&root().join("examples/ssda903/return")).iter().map(named).collect()
}

/// One file of a return, made of its lines.
fn file(name: &str, lines: &[&str]) -> (String, Vec<u8>) {
    (name.to_owned(), lines.join("\n").into_bytes())
}

const EPISODES: &str = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE";

#[test]
fn the_page_has_the_table_that_the_importer_reads() {
    let text = fs::read_to_string(root().join("policies/SSDA903.md")).unwrap();
    let text = text.replace("\r\n", "\n");
    let table = text.split("<!-- the table -->\n").nth(1).expect("the page marks its table");
    assert_eq!(table.trim(), page().trim(), "policies/SSDA903.md is not what `page` gives");
}

#[test]
fn each_event_of_the_table_is_one_of_a_shipped_policy() {
    for mapping in mappings() {
        for choice in mapping.gives.iter().filter(|choice| *choice != "-") {
            let mut words = choice.split(' ');
            let event = words.next().unwrap();
            let pairs: Vec<_> = words.map(|pair| pair.split_once('=').unwrap()).collect();
            let known = policies().iter().any(|shipped| {
                let policy = shipped.policy();
                policy.find_event(event).is_some_and(|id| {
                    pairs.iter().all(|(name, value)| {
                        let attributes = &policy.event(id).attributes;
                        let place = attributes.iter().position(|it| it.name == *name);
                        place.is_some_and(|place| {
                            policy.read_value(id, AttributeId(place as u16), value).is_ok()
                        })
                    })
                })
            });
            assert!(known, "no shipped policy has `{choice}` ({})", mapping.code);
        }
        let nothing = mapping.gives.is_empty() && mapping.when != "care ends";
        assert!(!nothing || !mapping.note.is_empty(), "{mapping:?} does not say why");
    }
}

#[test]
fn the_codes_are_those_of_the_return() {
    let check = |when: &str, expected: &str| {
        let codes: BTreeSet<&str> = mappings()
            .iter()
            .filter(|row| row.when == when && row.code != "any")
            .map(|row| row.code.as_str())
            .collect();
        assert_eq!(codes, expected.split(' ').collect(), "{when}");
    };
    // As the sector's own checks of the return list them (rules 143, 144, 146 and 149), and before them
    // the schemas by which the London councils' returns have been put together since 2016-17.
    check("new episode", "S P L T U B");
    check("legal status begins", "C1 C2 D1 E1 V2 J1 J2 J3 L1 L2 L3");
    check("short breaks begin", "V3 V4");
    let placements = "A3 A4 A5 A6 H5 K1 K2 K3 P1 P2 P3 R1 R2 R3 R5 S1 T0 T1 T2 T3 T4 U1 U2 U3 U4 U5 U6 \
                      Z1 Z11 Z12 Z13 Z14";
    check("placement begins", placements);
    check("placement at a care order", placements);
    check(
        "care ends",
        "E11 E12 E2 E3 E4A E4B E13 E41 E43 E44 E45 E46 E47 E48 E5 E6 E7 E8 E9 E14 E15 E16 E17",
    );
    let years: Vec<(&str, &str, &str)> = mappings()
        .iter()
        .map(|row| (row.code.as_str(), row.years.0.as_str(), row.years.1.as_str()))
        .filter(|(_, from, until)| !from.is_empty() || !until.is_empty())
        .collect();
    assert_eq!(
        years,
        [
            ("H5", "", "2024-25"),
            ("K3", "2024-25", ""),
            ("P2", "", "2024-25"),
            ("Z1", "", "2024-25"),
            ("Z11", "2025-26", ""),
            ("Z12", "2025-26", ""),
            ("Z13", "2025-26", ""),
            ("Z14", "2025-26", ""),
            ("E43", "", "2017-18"),
            ("E44", "", "2017-18"),
            ("E45", "2018-19", ""),
            ("E46", "2018-19", ""),
            ("E47", "2018-19", ""),
            ("E48", "2018-19", ""),
        ]
    );
}

/// The fate of each row, as `file line fate`.
fn fates(import: &Import) -> Vec<String> {
    let short = |fate: &Fate| match fate {
        Fate::Used => "used".to_owned(),
        Fate::Explained(why) | Fate::Rejected(why) => format!("{}: {why}", fate.name()),
    };
    import
        .outcomes
        .iter()
        .map(|row| format!("{} {} {}", row.file, row.line, short(&row.fate)))
        .collect()
}

#[test]
fn every_row_of_the_sample_is_used_or_explained() {
    let england = import(policy("england"), &Codes::shipped(), &sample(), None);
    assert_eq!((england.children.len(), england.left_out.len(), england.empty), (7, 0, 0));
    let unused: Vec<String> =
        fates(&england).into_iter().filter(|fate| !fate.ends_with(" used")).collect();
    assert_eq!(
        unused,
        [
            "missing.csv 2 explained: the policy `england` has no event `went-missing` for it",
            "missing.csv 3 explained: A: away without authorisation and not missing; no event of the \
             policies stands for it",
            "placed_for_adoption.csv 2 explained: the day on which it was decided that the child should \
             be placed for adoption; that is neither a placement nor the authority to place",
            "reviews.csv 8 explained: the child has short breaks only, and their reviews are not in \
             the return",
            "sw_episodes.csv 2 explained: the first social worker is no change of social worker",
            "sw_episodes.csv 3 explained: the policy `england` has no event `social-worker-changed` \
             for it",
            "uasc.csv 2 explained: unaccompanied children; nothing in it is in any policy",
        ]
    );
    assert_eq!(england.outcomes.len(), 35);
    // Nobody knows when the child came into care whose first episode is a move.
    let notes: Vec<(&str, u32)> =
        england.notes.iter().map(|note| (note.child.as_str(), note.place.1)).collect();
    assert_eq!(notes, [("9003", 8)]);
    let of = |case: &str| england.children.iter().find(|child| child.case == case).unwrap();
    assert!(of("9003").rows.iter().all(|row| row.event != "became-looked-after"));
    // The child is placed on the day of the episode, three months after the day in `DATE_PLACED`, on which
    // it was decided that the child should be.
    let placed: Vec<&str> = of("9002")
        .rows
        .iter()
        .filter(|row| row.event == "placed-for-adoption")
        .map(|row| row.date.as_str())
        .collect();
    assert_eq!(placed, ["2026-03-16"]);
}

#[test]
fn the_same_row_gives_each_policy_the_event_that_it_has() {
    let lines =
        [EPISODES, "1,01/09/2025,S,C1,N1,U1,PR1,05/01/2026,X1,", "1,05/01/2026,L,C2,N1,U1,PR1,,,"];
    let events = |name: &str| {
        let import = import(policy(name), &Codes::shipped(), &[file("e.csv", &lines)], None);
        written(&import.children, Form::Text)
    };
    assert_eq!(
        events("england"),
        "case 1\n2025-09-01 became-looked-after\n2025-09-01 care-order-made order interim at-home no\n\
         2025-09-01 placed setting connected-person to-eighteen yes\n\
         2026-01-05 care-order-made order full at-home no\n"
    );
    assert_eq!(
        events("blackburn-with-darwen"),
        "case 1\n2025-09-01 became-looked-after\n2025-09-01 interim-care-order-made\n\
         2025-09-01 placed setting foster\n2025-09-01 long-term-placement-began\n\
         2026-01-05 care-order-made\n"
    );
    assert_eq!(events("walsall"), "case 1\n2025-09-01 became-looked-after\n");
}

#[test]
fn rows_that_cannot_be_true_are_rejected_with_their_line() {
    let england = policy("england");
    let check = |rows: &[&str], expected: &[&str]| {
        let lines: Vec<&str> = [EPISODES].into_iter().chain(rows.iter().copied()).collect();
        let import = import(england, &Codes::shipped(), &[file("e.csv", &lines)], None);
        let rejected: Vec<String> =
            fates(&import).into_iter().filter(|fate| fate.contains("rejected:")).collect();
        assert_eq!(rejected, expected);
        assert!(import.children.is_empty(), "a child with a rejected row is written");
        assert_eq!(import.outcomes.len(), rows.len());
    };
    let begun = "1,01/09/2025,S,C2,N1,U6,PR1,01/12/2025,X1,";
    check(
        &[begun, "1,03/12/2025,P,C2,N1,K2,PR1,,,"],
        &[
            "e.csv 3 rejected: the episode of line 2 ended on 1 Dec 2025 and says that another begins \
           that day; this one begins on 3 Dec 2025",
        ],
    );
    check(
        &[begun, "1,20/11/2025,P,C2,N1,K2,PR1,,,"],
        &["e.csv 3 rejected: it begins before the episode of line 2 ended"],
    );
    check(
        &["1,01/09/2025,S,C2,N1,U6,PR1,,,", "1,20/11/2025,P,C2,N1,K2,PR1,,,"],
        &["e.csv 3 rejected: it begins while the episode of line 2 is open"],
    );
    check(
        &[begun, "1,01/12/2025,S,C2,N1,K2,PR1,,,"],
        &[
            "e.csv 3 rejected: it starts care anew, and the episode of line 2 says that care goes on",
        ],
    );
    // A short break cannot stand in another episode, of breaks or of care.
    check(
        &[
            "1,01/09/2025,S,V4,N1,U6,PR1,04/09/2025,E8,",
            "1,03/09/2025,S,V4,N1,U6,PR1,05/09/2025,E8,",
        ],
        &["e.csv 3 rejected: it begins before the episode of line 2 ended"],
    );
    check(
        &["1,01/09/2025,S,C2,N1,U6,PR1,,,", "1,03/09/2025,S,V4,N1,U6,PR1,05/09/2025,E8,"],
        &["e.csv 3 rejected: it begins while the episode of line 2 is open"],
    );
    for (row, why) in [
        ("1,1/9/2025,S,C2,N1,U6,PR1,,,", "DECOM is a date as dd/mm/yyyy, not `1/9/2025`"),
        ("1,31/09/2025,S,C2,N1,U6,PR1,,,", "DECOM is a date as dd/mm/yyyy, not `31/09/2025`"),
        ("1,,S,C2,N1,U6,PR1,,,", "DECOM is empty"),
        ("1,01/09/2025,S,C9,N1,U6,PR1,,,", "LS has no code `C9`"),
        ("1,01/09/2025,Q,C2,N1,U6,PR1,,,", "RNE has no code `Q`"),
        ("1,01/09/2025,S,C2,N1,U6,PR1,02/09/2025,E99,", "REC has no code `E99`"),
        ("1,01/09/2025,S,C2,N1,U6,PR1,01/08/2025,E8,", "DEC is before DECOM"),
        ("1,01/09/2025,S,C2,N1,U6,PR1,,E8,", "REC is given, and DEC is not"),
        ("1,01/09/2025,S,C2,N1,U6,PR1,02/09/2025,,", "DEC is given, and REC is not"),
        (",01/09/2025,S,C2,N1,U6,PR1,,,", "the row does not say which child it is of"),
    ] {
        check(&[row], &[&format!("e.csv 2 rejected: {why}")]);
    }
}

#[test]
fn what_is_written_is_read_back() {
    for shipped in policies() {
        let policy = shipped.policy();
        let import = import(policy, &Codes::shipped(), &sample(), None);
        let forms = [
            (Form::Jsonl, Format::Jsonl, "c.jsonl"),
            (Form::Csv, Format::Csv, "c.csv"),
            (Form::Text, Format::Text, "c.txt"),
        ];
        for (form, format, name) in forms {
            let text = written(&import.children, form);
            let cases = read_cases(policy, name, text.as_bytes(), format);
            assert!(cases.is_clean(), "{}: {name} is refused", shipped.name);
            assert_eq!(cases.cases.len(), import.children.len());
            for (case, child) in cases.cases.iter().zip(&import.children) {
                assert_eq!(case.case, child.case);
                let rows = rows_of(policy, &case.outcome.as_ref().unwrap().timeline);
                let plain = |rows: &[duly::cases::Row]| {
                    let mut rows: Vec<String> = rows
                        .iter()
                        .map(|row| format!("{} {} {:?}", row.date, row.event, row.pairs))
                        .collect();
                    rows.sort();
                    rows
                };
                assert_eq!(plain(&rows), plain(&child.rows));
            }
        }
    }
}

#[test]
fn a_table_of_cases_gives_their_names_back_to_the_letter() {
    let england = policy("england");
    let names = [
        "=1+1",
        "+1",
        "-1",
        "@a",
        "＝1",
        "a,b",
        "a;b;c;d;e;f",
        "a\tb\tc\td",
        "\"a\" b",
        "a\nb",
        "'a",
    ];
    let mut import = import(england, &Codes::shipped(), &sample(), None);
    let child = import.children.swap_remove(0);
    let children: Vec<Child> = names
        .iter()
        .map(|name| Child { case: (*name).to_owned(), rows: child.rows.clone() })
        .collect();
    let text = written(&children, Form::Csv);
    let cases = read_cases(england, "c.csv", text.as_bytes(), Format::Csv);
    assert!(cases.is_clean());
    assert_eq!(cases.cases.iter().map(|case| case.case.as_str()).collect::<Vec<_>>(), names);
}

#[test]
fn the_cases_of_the_transcript_are_those_of_the_sample() {
    let england = policy("england");
    let mut import = import(england, &Codes::shipped(), &sample(), None);
    let events = fs::read(root().join("examples/ssda903/events.csv")).unwrap();
    for case in read_cases(england, "events.csv", &events, Format::Csv).cases {
        let rows = rows_of(england, &case.outcome.unwrap().timeline);
        let child = import.children.iter_mut().find(|child| child.case == case.case).unwrap();
        child.rows.extend(rows);
        child.rows.sort_by(|one, other| one.date.cmp(&other.date));
    }
    let known = fs::read_to_string(root().join("tests/cli/ssda903-cases.jsonl")).unwrap();
    assert_eq!(written(&import.children, Form::Jsonl), known.replace("\r\n", "\n"));
}

#[test]
fn rows_of_any_content_are_each_accounted_for() {
    let england = policy("england");
    let mut random = fastrand::Rng::with_seed(903);
    let cells = [
        "",
        "1",
        "2",
        "01/09/2025",
        "02/10/2025",
        "31/02/2025",
        "S",
        "P",
        "L",
        "C1",
        "C2",
        "V4",
        "E1",
        "U6",
        "A5",
        "K1",
        "X1",
        "E8",
        "PN0",
        "PN7",
        "M",
        "é",
        "2025-09-01",
    ];
    let headers = [
        EPISODES,
        "CHILD,DOB,REVIEW,REVIEW_CODE",
        "CHILD,DOB,MISSING,MIS_START,MIS_END",
        "CHILD,DOB,DATE_PLACED,DATE_PLACED_CEASED",
        "CHILD,DOB,SW_ID,SW_DECOM,SW_DEC,SW_REASON",
        "CHILD,SEX,DOB",
    ];
    for _ in 0..300 {
        let mut rows = 0;
        let files: Vec<(String, Vec<u8>)> = headers
            .iter()
            .map(|header| {
                let mut lines = vec![(*header).to_owned()];
                for _ in 0..random.usize(1..5) {
                    let cell = |random: &mut fastrand::Rng| cells[random.usize(..cells.len())];
                    let row: Vec<&str> =
                        (0..random.usize(1..11)).map(|_| cell(&mut random)).collect();
                    rows += usize::from(row.iter().any(|cell| !cell.is_empty()));
                    lines.push(row.join(","));
                }
                ("f.csv".to_owned(), lines.join("\n").into_bytes())
            })
            .collect();
        let import = import(england, &Codes::shipped(), &files, None);
        for child in &import.children {
            let read = duly::cases::read(england, &child.case, &child.rows);
            assert!(read.is_ok(), "{:?}", read.err());
        }
        assert_eq!(import.outcomes.len(), rows);
        let left: BTreeSet<&str> = import
            .outcomes
            .iter()
            .filter(|row| matches!(row.fate, Fate::Rejected(_)))
            .map(|row| row.child.as_str())
            .collect();
        assert!(import.children.iter().all(|child| !left.contains(child.case.as_str())));
    }
}
