//! What every format has in common, and what each refuses, in the words that the user reads.

mod formats;
mod streams;

use super::*;
use crate::calendar::{Calendar, HolidayTable};
use crate::eval::{Fact, Timeline};
use crate::policy::{Attribute, AttributeKind, Event, EventId, Header, Value};
use crate::source::Span;

const SEMICOLONS: &[u8] = include_bytes!("../../tests/cases-input/excel-semicolons.csv");
const UTF16: &[u8] = include_bytes!("../../tests/cases-input/excel-unicode.txt");
const WINDOWS: &[u8] = include_bytes!("../../tests/cases-input/windows-1252.csv");
const APART: &[u8] = include_bytes!("../../tests/cases-input/rows-apart.csv");

pub(super) fn policy() -> Policy {
    let event = |name: &str, attributes: &[(&str, AttributeKind)]| Event {
        name: name.to_owned(),
        title: name.to_owned(),
        attributes: attributes
            .iter()
            .map(|(name, kind)| Attribute { name: (*name).to_owned(), kind: kind.clone() })
            .collect(),
        origin: Span::default(),
    };
    let words = |words: &[&str]| {
        AttributeKind::OneOf(words.iter().map(|word| (*word).to_owned()).collect())
    };
    let events = vec![
        event("born", &[]),
        event(
            "placed",
            &[
                ("miles", AttributeKind::Number),
                ("setting", words(&["foster", "residential"])),
                ("kin", AttributeKind::YesNo),
                ("note", AttributeKind::Text),
            ],
        ),
        event("review-planned", &[("new-date", AttributeKind::Date)]),
        event("review-held", &[]),
    ];
    let table = HolidayTable::named("england-and-wales").unwrap();
    Policy {
        header: Header {
            name: "test".to_owned(),
            title: "Test".to_owned(),
            authority: "A council".to_owned(),
            source: "A procedure".to_owned(),
            in_force: crate::policy::Period::default(),
        },
        calendar: Calendar::new("england-and-wales", &table, &[]),
        events,
        roles: Vec::new(),
        states: Vec::new(),
        readings: Vec::new(),
        rules: Vec::new(),
        order: Vec::new(),
        born: Some(EventId(0)),
        acceptances: Vec::new(),
    }
}

fn read_text(name: &str, text: &str) -> Cases {
    read_bytes(name, text.as_bytes())
}

fn read_bytes(name: &str, bytes: &[u8]) -> Cases {
    read_cases(&policy(), name, bytes, Format::of(name, bytes))
}

/// Everything that is wrong, one line each: the case's name in brackets, then the help.
fn complaints(cases: &Cases) -> Vec<String> {
    let line = |case: &str, error: &RowError| {
        let help = error.help.as_deref().map(|help| format!(" ({help})"));
        format!("{case}{error}{}", help.unwrap_or_default())
    };
    let of_cases = cases.cases.iter().flat_map(|case| {
        let errors = case.outcome.as_ref().err().into_iter().flatten();
        errors.map(|error| line(&format!("[{}] ", case.case), error))
    });
    let of_whole = cases.errors.iter().map(|error| line("", error));
    of_cases.chain(of_whole).collect()
}

#[track_caller]
fn check_refused(name: &str, text: &str, expected: &[&str]) {
    let cases = read_text(name, text);
    assert_eq!(complaints(&cases), expected);
    assert!(!cases.is_clean());
}

#[track_caller]
fn check_warned(name: &str, text: &str, expected: &[&str]) {
    let cases = read_text(name, text);
    assert_eq!(complaints(&cases), Vec::<String>::new());
    let warnings: Vec<_> = cases
        .cases
        .iter()
        .flat_map(|case| &case.outcome.as_ref().unwrap().warnings)
        .map(ToString::to_string)
        .collect();
    assert_eq!(warnings, expected);
}

/// The timelines of an input in which nothing is wrong, with all lines made 0.
#[track_caller]
fn timelines(cases: &Cases) -> Vec<Timeline> {
    assert_eq!(complaints(cases), Vec::<String>::new());
    let strip = |fact: &Fact| Fact { line: 0, ..fact.clone() };
    let timelines = cases.cases.iter().map(|case| {
        let timeline = &case.outcome.as_ref().unwrap().timeline;
        let facts = timeline.facts().iter().map(strip).collect();
        Timeline::new(timeline.case.clone(), facts).0
    });
    timelines.collect()
}

fn lines(cases: &Cases) -> Vec<Vec<u32>> {
    let lines = |case: &CaseResult| {
        let timeline = &case.outcome.as_ref().unwrap().timeline;
        timeline.facts().iter().map(|fact| fact.line).collect()
    };
    cases.cases.iter().map(lines).collect()
}

const JSON: &str = r#"{
  "case": "child-a",
  "events": [
    {"date": "2010-05-04", "event": "born"},
    {"date": "2026-01-05", "event": "placed", "miles": 40.5, "setting": "foster", "kin": true,
     "note": "a, b; 'c' = d", "ref": 17},
    {"date": "2026-02-01", "event": "review-planned", "new-date": "2026-03-01", "seq": 2}
  ]
}"#;
const JSONL: &str = r#"
{"case":"child-a","events":[{"event":"born","date":"2010-05-04"},{"date":"2026-02-01","event":"review-planned","new-date":"2026-03-01","seq":2,"ref":null},{"date":"2026-01-05","event":"placed","miles":"40.5","setting":"foster","kin":"yes","note":"a, b; 'c' = d","ref":"17"}]}
"#;
const CSV: &str = "\
event,date,case,miles,setting,,new-date
born,2010-05-04,child-a
placed,2026-01-05,child-a,40.5,foster,kin=yes,,\"note=a, b; 'c' = d\", ref = 17
review-planned,2026-02-01,child-a,,,seq=2,2026-03-01,,,,
";

const TEXT: &str = "\
case child-a # a comment
2010-05-04 born
2026-01-05 placed miles 40.5 setting foster kin yes note \"a, b; 'c' = d\" ref 17

2026-02-01 review-planned seq 2 new-date 2026-03-01
";

#[test]
fn the_same_case_is_the_same_in_every_format() {
    let expected = timelines(&read_text("a.json", JSON));
    assert_eq!(expected.len(), 1);
    let placed = &expected[0].facts()[1];
    assert_eq!(placed.reference.as_deref(), Some("17"));
    assert_eq!(
        *placed.values,
        [
            Some(Value::Number(40_500)),
            Some(Value::Word(0)),
            Some(Value::YesNo(true)),
            Some(Value::Text("a, b; 'c' = d".to_owned())),
        ]
    );
    assert_eq!(timelines(&read_text("a.jsonl", JSONL)), expected);
    assert_eq!(timelines(&read_text("a.csv", CSV)), expected);
    assert_eq!(timelines(&read_text("a.json", &format!("[{JSON}]"))), expected);
}

#[test]
fn events_know_their_lines() {
    assert_eq!(lines(&read_text("a.json", JSON)), [[4, 5, 7]]);
    assert_eq!(lines(&read_text("a.jsonl", JSONL)), [[2, 2, 2]]);
    assert_eq!(lines(&read_text("a.csv", CSV)), [[2, 3, 4]]);
    assert_eq!(lines(&read_text("a.txt", TEXT)), [[2, 3, 5]]);
    let crlf = CSV.replace('\n', "\r\n\r\n");
    assert_eq!(lines(&read_text("a.csv", &crlf)), [[3, 5, 7]]);
    let macintosh = CSV.replace('\n', "\r");
    assert_eq!(lines(&read_text("a.csv", &macintosh)), [[2, 3, 4]]);
    let crlf = JSON.replace('\n', "\r\n");
    assert_eq!(lines(&read_text("a.json", &crlf)), [[4, 5, 7]]);
    let below = "case,date,event,note\na,2026-01-05,placed,\"two\nlines\"\na,2026-01-06,placed\n";
    assert_eq!(lines(&read_text("a.csv", below)), [[2, 4]]);
    let pair = format!("\n[{JSON},\n{JSON}]").replacen("child-a", "child-b", 1);
    assert_eq!(lines(&read_text("a.json", &pair)), [[5, 6, 8], [14, 15, 17]]);
}

#[test]
fn rows_are_held_against_the_policy() {
    check_refused(
        "a.csv",
        "case,date,event,miles\n\
         a,2026-01-05,plcd\n\
         a,2026-01-05,moved\n\
         a,2026-01-05,\n\
         a,03/04/2026,placed\n\
         a,2026-02-30,placed\n\
         a,,placed\n\
         a,46027,placed\n\
         a,2026-01-05,placed,x,setting=fostr,kin=Y,setting=foster\n\
         a,2026-01-05,placed,1,mils=2\n\
         a,2026-01-05,born,1\n\
         a,2026-01-05,born,,seq=-1,ref=\n\
         a,2026-01-05,review-planned,,new-date=5/1/2026\n",
        &[
            "[a] line 2, field `event`: the policy has no event `plcd` (did you mean `placed`?)",
            "[a] line 3, field `event`: the policy has no event `moved` (its events are `born`, \
             `placed`, `review-planned` and `review-held`)",
            "[a] line 4, field `event`: there is no event here (its events are `born`, `placed`, \
             `review-planned` and `review-held`)",
            "[a] line 5, field `date`: 03/04/2026 could be 2026-04-03 (3 April) or 2026-03-04 (4 \
             March); write it as YYYY-MM-DD",
            "[a] line 6, field `date`: there is no 30 February 2026: February 2026 has 28 days, \
             because 2026 is not a leap year",
            "[a] line 7, field `date`: there is no date here; write one as YYYY-MM-DD",
            "[a] line 8, field `date`: `46027` is not a date; write it as YYYY-MM-DD (Excel keeps \
             dates as such numbers; give the column the format yyyy-mm-dd before saving it)",
            "[a] line 9, field `miles`: `miles` is a number, not `x`",
            "[a] line 9, field `setting`: `setting` is one of `foster` and `residential`, not \
             `fostr` (did you mean `foster`?)",
            "[a] line 9, field `kin`: `kin` is `yes` or `no`, not `Y` (did you mean `yes`?)",
            "[a] line 9, field `setting`: `setting` is given twice for one event",
            "[a] line 10, field `mils`: `placed` has no attribute `mils` (did you mean `miles`?)",
            "[a] line 11, field `miles`: `born` has no attribute `miles` (its attributes are `ref` \
             and `seq`)",
            "[a] line 12, field `seq`: `seq` is a whole number from 0 to 4294967295, not `-1`",
            "[a] line 12, field `ref`: `ref` is empty; give it a word or leave it out",
            "[a] line 13, field `new-date`: `new-date` is a date: 5/1/2026 could be 2026-01-05 (5 \
             January) or 2026-05-01 (1 May); write it as YYYY-MM-DD",
        ],
    );
}

#[test]
fn one_bad_case_leaves_the_others() {
    let cases = read_text(
        "a.csv",
        "case,date,event\na,2026-01-05,placed\nb,2026-01-05,x\na,2026-01-06,placed\n,2026-01-05,placed\n",
    );
    assert_eq!(
        complaints(&cases),
        [
            "[b] line 3, field `event`: the policy has no event `x` (its events are `born`, \
             `placed`, `review-planned` and `review-held`)",
            "line 5, field `case`: the row does not say which case it is of",
        ]
    );
    assert_eq!(cases.cases[0].outcome.as_ref().unwrap().timeline.facts().len(), 2);
    let cases = read_text(
        "a.json",
        "[{\"case\":\"a\",\"events\":[]},\n{\"case\":\"b\",\"events\":[]},\n{\"case\":",
    );
    assert_eq!(cases.cases.len(), 2);
    assert_eq!(
        complaints(&cases),
        ["line 3: the JSON cannot be read from here on: EOF while parsing a value"]
    );
}

#[test]
fn control_characters_are_shown_and_long_texts_cut() {
    let long = "x".repeat(500);
    let text = format!(
        "case,date,event\na,2026\u{1b}[31m,\u{202e}placed\na,2026-01-05,{long}\na,2026-01-05,placed,k\u{7}=1,miles={long}\n"
    );
    let complaints = complaints(&read_text("a.csv", &text));
    assert!(complaints[0].contains("`2026\\u{1b}[31m` is not a date"));
    assert!(complaints[1].contains("no event `\\u{202e}placed`"));
    assert!(complaints[3].contains("field `k\\u{7}`"));
    for complaint in complaints {
        assert!(complaint.chars().count() < 300, "{complaint}");
        assert!(!complaint.contains(char::is_control));
    }
}

#[test]
fn very_many_or_very_long_fields_take_no_long_time() {
    let names: Vec<String> = (0..20_000).map(|number| format!("k{number}")).collect();
    let header = format!("case,date,event,{}\n", names.join(","));
    assert_eq!(read_text("a.csv", &header).errors.len(), 20_000);
    let fields: Vec<String> = names.iter().map(|name| format!("{name}=1")).collect();
    let row = format!("case,date,event\na,2026-01-05,born,{}\n", fields.join(","));
    assert_eq!(complaints(&read_text("a.csv", &row)).len(), 20_000);
    let long = "x".repeat(1_000_000);
    let row = format!(
        "case,date,event\na,2026-01-05,{long}\na,2026-01-05,placed,setting={long},{long}=1"
    );
    assert_eq!(complaints(&read_text("a.csv", &row)).len(), 3);
}

#[test]
fn what_may_not_be_meant_is_warned_of() {
    check_warned(
        "a.csv",
        "case,date,event,ref,miles\n\
         a,1990-01-01,born\n\
         a,2026-01-05,placed\n\
         a,2026-01-05,placed\n\
         a,2026-01-05,placed,,3\n\
         a,2026-01-05,placed,x\n\
         a,2026-01-03,placed\n\
         a,2026-01-02,review-planned,,,new-date=2062-01-01\n\
         a,1962-01-02,review-held\n",
        &[
            "line 4: this is exactly the event of line 3; it is counted once, unless a `ref` tells \
             the two apart",
            "line 5: another `placed` on 2026-01-05 is on line 3, with other attributes; both \
             count, and a `ref` or `seq` would tell them apart",
            "line 7: 2026-01-03 stands after 2026-01-05 (line 6); events are taken in order of \
             date, not of lines",
            "line 8: 2062-01-01 is more than 25 years from the other dates of the case (around \
             2026-01-05); is the year right?",
            "line 9: 1962-01-02 is more than 25 years from the other dates of the case (around \
             2026-01-05); is the year right?",
        ],
    );
    check_warned("a.json", r#"{"case": "a", "events": []}"#, &["the case has no events"]);
    check_warned(
        "a.jsonl",
        r#"{"case":"a","events":[{"date":"2026-01-05","event":"placed"},{"date":"2026-01-05","event":"placed"}]}"#,
        &["line 1: an event stands here twice, exactly the same; it is counted once, unless a \
           `ref` tells the two apart"],
    );
}

#[test]
fn names_of_persons_are_warned_of_and_not_repeated() {
    let warning = "line 2: the case is called by what looks like a person's name; use a code \
                   instead";
    for name in ["Anna Smith", "\"Smith, Anna\"", "Mary O'Neill", "Åsa_Lind", "Anna-Lea B Young"] {
        let text = format!("case,date,event\n{name},2026-01-05,placed\n");
        let expected: &[&str] = if name.contains(" B ") { &[] } else { &[warning] };
        check_warned("a.csv", &text, expected);
    }
    for code in ["child-a", "Child A", "Case Blue", "LAC 17", "anna", "A B", "IRO Case 4"] {
        check_warned("a.csv", &format!("case,date,event\n{code},2026-01-05,placed\n"), &[]);
    }
}

#[test]
fn nothing_gives_no_case() {
    for name in ["a.json", "a.jsonl", "a.csv", "a.txt", "a"] {
        for text in ["", " \r\n\n", "\u{feff}"] {
            let cases = read_text(name, text);
            assert!(cases.is_empty() && cases.is_clean(), "{name} {text:?}");
        }
    }
    assert!(read_text("a.csv", "case,date,event\r\n").is_empty());
    assert!(read_text("a.json", "[]").is_empty());
}

#[test]
fn the_format_is_told_by_name_or_beginning() {
    let of = |name: &str, text: &str| Format::of(name, text.as_bytes());
    assert_eq!(of("a.JSON", ""), Format::Json);
    assert_eq!(of("a.b.ndjson", ""), Format::Jsonl);
    assert_eq!(of("a.TSV", ""), Format::Csv);
    assert_eq!(of("a.txt", "{}"), Format::Json);
    assert_eq!(of("-", " [{}]"), Format::Json);
    assert_eq!(of("-", "{\"case\":\n1}\n"), Format::Json);
    assert_eq!(of("-", "{\"case\": 1}\n"), Format::Json);
    assert_eq!(of("-", "\u{feff}{\"case\": 1}\n{"), Format::Jsonl);
    assert_eq!(of("-", "Event;\"Date\";Case\n"), Format::Csv);
    assert_eq!(of("-", "sep=,\n"), Format::Csv);
    assert_eq!(of("-", "case a\n2026-01-05 placed\n"), Format::Text);
    assert_eq!(of("-", "2026-01-05 placed\n"), Format::Text);
}

#[test]
fn garbage_is_refused_quietly() {
    let seeds: [&[u8]; 8] = [
        JSON.as_bytes(),
        JSONL.as_bytes(),
        CSV.as_bytes(),
        TEXT.as_bytes(),
        SEMICOLONS,
        UTF16,
        WINDOWS,
        b"",
    ];
    let policy = policy();
    let formats = [Format::Json, Format::Jsonl, Format::Csv, Format::Text];
    let mut random = fastrand::Rng::with_seed(903);
    for _ in 0..1_500 {
        let mut bytes = random.choice(seeds).unwrap_or_default().to_vec();
        for _ in 0..random.usize(1..8) {
            let at = random.usize(..=bytes.len());
            match random.u8(0..4) {
                0 => bytes.truncate(at),
                1 => bytes.insert(at, random.u8(..)),
                2 => drop(bytes.splice(at..at, *b"\"\n,;{[=\r\0")),
                _ => {
                    if let Some(byte) = bytes.get_mut(at) {
                        *byte = random.u8(..);
                    }
                }
            }
        }
        for format in formats {
            let cases = read_cases(&policy, "a", &bytes, format);
            for complaint in complaints(&cases) {
                let said = complaint.split_once("] ").map_or(complaint.as_str(), |it| it.1);
                assert!(!said.contains(char::is_control), "{complaint:?}");
            }
        }
        let _ = Format::of("a", &bytes);
        for name in ["a.jsonl", "a.csv"] {
            streams::read(&policy, name, &bytes);
        }
    }
}
