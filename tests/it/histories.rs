//! The looked-after children return as a history: what an order of days means, and what cannot be so.

#![expect(clippy::unwrap_used, reason = "a test may stop where it fails")]

use std::sync::LazyLock;

use duly::cases::read;
use duly::eval::{Status, evaluate};
use duly::import::{Codes, Fate, Form, Import, import, written};
use duly::policy::Policy;

use crate::shipped::{Shipped, shipped};

const EPISODES: &str = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE";

fn policy(name: &str) -> &'static Policy {
    static POLICIES: LazyLock<Vec<Shipped>> = LazyLock::new(shipped);
    POLICIES.iter().find(|shipped| shipped.name == name).unwrap().policy()
}

/// One file of a return, made of its lines.
fn file(name: &str, lines: &[&str]) -> (String, Vec<u8>) {
    (name.to_owned(), lines.join("\n").into_bytes())
}

/// The rows of which nothing is used, as `file line fate: reason`.
fn unused(import: &Import) -> Vec<String> {
    let told = |fate: &Fate| match fate {
        Fate::Used => None,
        Fate::Explained(why) | Fate::Rejected(why) => Some(format!("{}: {why}", fate.name())),
    };
    let rows = import.outcomes.iter();
    rows.filter_map(|row| Some(format!("{} {} {}", row.file, row.line, told(&row.fate)?))).collect()
}

/// The events of the episodes and decisions of one child that say how adoption stands.
fn adoption(name: &str, episodes: &[&str], decisions: &[&str]) -> Vec<String> {
    let lines: Vec<&str> = [EPISODES].into_iter().chain(episodes.iter().copied()).collect();
    let decided = ["CHILD,DOB,DATE_PLACED,DATE_PLACED_CEASED"];
    let decided: Vec<&str> = decided.into_iter().chain(decisions.iter().copied()).collect();
    let files = [file("e.csv", &lines), file("a.csv", &decided)];
    let import = import(policy(name), &Codes::shipped(), &files, None);
    let rows = import.children.iter().flat_map(|child| &child.rows);
    rows.filter(|row| row.event.contains("adopt") || row.event.contains("authority"))
        .map(|row| format!("{} {}", row.date, row.event))
        .collect()
}

#[test]
fn the_day_of_the_decision_is_not_that_of_the_placement() {
    // In care from September 2019, decided in October, ordered in December, placed in February.
    let episodes = [
        "1,02/09/2019,S,C2,N1,U6,PR1,02/12/2019,X1,",
        "1,02/12/2019,L,E1,N1,U6,PR1,03/02/2020,X1,",
        "1,03/02/2020,P,E1,N1,A6,PR1,,,",
    ];
    let expected = ["2019-12-02 authority-to-place-given", "2020-02-03 placed-for-adoption"];
    for decisions in [&[][..], &["1,,14/10/2019,"]] {
        assert_eq!(adoption("england", &episodes, decisions), expected);
        assert_eq!(adoption("blackburn-with-darwen", &episodes, decisions), expected);
    }
    // The decision to the contrary has an event in one of the policies.
    let reversed = ["1,,14/10/2019,06/04/2020"];
    assert_eq!(adoption("england", &episodes, &reversed), expected);
    let local = adoption("blackburn-with-darwen", &episodes, &reversed);
    assert_eq!(local[2..], ["2020-04-06 adoption-no-longer-planned"]);
    // A child of whom a row is rejected is left out altogether.
    assert_eq!(adoption("england", &episodes, &["1,,30/01/2020,01/01/2020"]), [""; 0]);
}

#[test]
fn a_placement_for_adoption_ends_when_the_child_is_placed_otherwise() {
    // Placed under an order, returned while the order stands, and the order revoked.
    let returned = [
        "1,02/12/2019,S,E1,N1,A6,PR1,03/02/2020,X1,",
        "1,03/02/2020,P,E1,N1,U6,PR1,04/05/2020,X1,",
        "1,04/05/2020,L,C2,N1,U6,PR1,,,",
    ];
    assert_eq!(
        adoption("england", &returned, &[]),
        [
            "2019-12-02 authority-to-place-given",
            "2019-12-02 placed-for-adoption",
            "2020-02-03 returned-from-adopters",
            "2020-05-04 authority-to-place-ended",
        ]
    );
    // While the order stands the child may be placed again; there the policy has one event for both.
    assert_eq!(
        adoption("blackburn-with-darwen", &returned, &[]),
        [
            "2019-12-02 authority-to-place-given",
            "2019-12-02 placed-for-adoption",
            "2020-05-04 adoption-no-longer-planned",
        ]
    );
    // Placed by consent, which no order follows: it is over with the placement.
    let consent = ["1,02/12/2019,S,V2,N1,A4,PR1,03/02/2020,X1,", "1,03/02/2020,P,V2,N1,U6,PR1,,,"];
    assert_eq!(
        adoption("blackburn-with-darwen", &consent, &[]),
        ["2019-12-02 placed-for-adoption", "2020-02-03 adoption-no-longer-planned"]
    );
    // From consent to an order with the same adopters, then to others; then adopted.
    let moved = [
        "1,02/12/2019,S,V2,N1,A4,PR1,03/02/2020,X1,",
        "1,03/02/2020,U,E1,N1,A6,PR1,04/05/2020,X1,",
        "1,04/05/2020,P,E1,N1,A6,PR1,06/07/2020,E12,",
    ];
    assert_eq!(
        adoption("england", &moved, &[]),
        [
            "2019-12-02 placed-for-adoption",
            "2020-02-03 authority-to-place-given",
            "2020-05-04 placed-for-adoption",
            "2020-07-06 adoption-order-made",
        ]
    );
}

#[test]
fn the_order_of_one_day_is_told_where_the_episodes_tell_it() {
    let events = |rows: &[&str]| -> Vec<String> {
        let lines: Vec<&str> = [EPISODES].into_iter().chain(rows.iter().copied()).collect();
        let import = import(policy("england"), &Codes::shipped(), &[file("e.csv", &lines)], None);
        written(&import.children, Form::Text).lines().skip(1).map(str::to_owned).collect()
    };
    // Care ends and begins anew on one day.
    assert_eq!(
        events(&["1,03/03/2025,S,V2,N1,U6,PR1,30/04/2025,E4A,", "1,30/04/2025,S,V2,N1,K2,PR1,,,"]),
        [
            "2025-03-03 became-looked-after",
            "2025-03-03 placed setting foster",
            "2025-04-30 ceased-to-be-looked-after seq 1",
            "2025-04-30 placement-ended seq 1",
            "2025-04-30 became-looked-after seq 2",
            "2025-04-30 placed setting residential seq 2",
        ]
        .map(str::to_owned)
    );
    // Care ends on the day it began; and two placements of one day.
    assert_eq!(
        events(&[
            "1,03/03/2025,S,V2,N1,U6,PR1,03/03/2025,X1,",
            "1,03/03/2025,P,V2,N1,K2,PR1,03/03/2025,E4A,"
        ]),
        [
            "2025-03-03 became-looked-after seq 1",
            "2025-03-03 placed setting foster seq 1",
            "2025-03-03 placed setting residential seq 2",
            "2025-03-03 ceased-to-be-looked-after seq 3",
            "2025-03-03 placement-ended seq 3",
        ]
        .map(str::to_owned)
    );
    // One secure home after another: the first is left before the second begins.
    assert_eq!(
        events(&["1,03/03/2025,S,C2,N1,K1,PR1,01/04/2025,X1,", "1,01/04/2025,P,C2,N1,K1,PR1,,,"])
            [4..],
        [
            "2025-04-01 secure-placement-ended seq 1",
            "2025-04-01 placed setting residential seq 2",
            "2025-04-01 secure-placement-began seq 2",
        ]
        .map(str::to_owned)
    );
}

#[test]
fn what_does_not_go_with_the_episodes_is_told() {
    let episodes = [
        EPISODES,
        "1,03/03/2025,S,V2,N1,U6,PR1,30/04/2025,E4A,",
        "1,01/07/2025,S,V2,N1,U6,PR1,,,",
        "2,03/03/2025,S,V4,N1,U6,PR1,05/03/2025,E8,",
        "2,10/03/2025,S,V2,N1,U6,PR1,,,",
    ];
    let reviews = [
        "CHILD,DOB,REVIEW,REVIEW_CODE",
        "1,05/06/2015,28/03/2025,PN1",
        // Between the two times in care, twice; the days on which one ends or begins are in it.
        "1,05/06/2015,20/05/2025,PN1",
        "1,05/06/2015,15/05/2025,PN1",
        "1,05/06/2015,30/04/2025,PN1",
        "1,05/06/2015,01/07/2025,PN1",
        "1,05/06/2015,01/07/2025,PN7",
        // In a short break, before care.
        "2,05/06/2015,04/03/2025,PN1",
        "2,05/06/2015,20/03/2025,PN1",
    ];
    let header = ["CHILD,SEX,DOB", "1,1,05/06/2015"];
    let files = [file("h.csv", &header), file("e.csv", &episodes), file("r.csv", &reviews)];
    let import = import(policy("england"), &Codes::shipped(), &files, None);
    let notes: Vec<String> = import
        .notes
        .iter()
        .map(|note| format!("{} {}:{} {}", note.child, note.place.0, note.place.1, note.message))
        .collect();
    let outside = "on a day on which the child was not in care, as the episodes have it; no clock of that \
                   care counts it";
    assert_eq!(
        notes,
        [
            format!("1 r.csv:4 the review of 15 May 2025 (and 1 more like it) is {outside}"),
            "1 r.csv:7 another review of 1 Jul 2025 is on line 6 with another code; they are taken as \
             one review"
                .to_owned(),
            format!("2 r.csv:8 the review of 4 Mar 2025 is {outside}"),
            "2 e.csv:4 the child is not in the header".to_owned(),
        ]
    );
    assert_eq!(unused(&import), [""; 0]);
}

#[test]
fn a_review_that_is_dated_too_late_is_told() {
    let episodes = [EPISODES, "1,03/03/2025,S,V2,N1,U6,PR1,,,", "2,03/03/2025,S,V2,N1,U6,PR1,,,"];
    let reviews = [
        "CHILD,DOB,REVIEW,REVIEW_CODE",
        // The last day of the year, the first after it, today, and tomorrow.
        "1,05/06/2015,31/03/2026,PN1",
        "1,05/06/2015,01/04/2026,PN1",
        "1,05/06/2015,20/04/2026,PN1",
        "1,05/06/2015,21/04/2026,PN1",
        // Slips of the year: 2062 for 2026.
        "2,05/06/2015,12/03/2062,PN1",
        "2,05/06/2015,13/03/2062,PN1",
    ];
    let notes = |name: &str, today: Option<&str>| -> Vec<String> {
        let files = [file("2025-26/e.csv", &episodes), file(name, &reviews)];
        let today = today.map(|day| duly::calendar::Date::parse(day).unwrap());
        let import = import(policy("england"), &Codes::shipped(), &files, today);
        assert_eq!(unused(&import), [""; 0]);
        let told = import.notes.iter();
        told.map(|note| {
            format!("{} {}:{} {}", note.child, note.place.0, note.place.1, note.message)
        })
        .collect()
    };
    let beyond =
        "REVIEW is after 31 Mar 2026, the end of the year in the name of its file or folder";
    let taken = "it is taken as it stands";
    let to_come = "REVIEW is a day that is still to come";
    let until = "until then no clock counts the review";
    assert_eq!(
        notes("2025-26/r.csv", Some("2026-04-20")),
        [
            format!("1 2025-26/r.csv:5 {to_come}; {until}"),
            format!("1 2025-26/r.csv:3 {beyond} (and 1 more of the child's reviews); {taken}"),
            format!("2 2025-26/r.csv:6 {to_come} (and 1 more of the child's reviews); {until}"),
        ]
    );
    // Without a year in the name only the future tells, and without a day only the name.
    assert_eq!(
        notes("r.csv", Some("2026-04-21")),
        [format!("2 r.csv:6 {to_come} (and 1 more of the child's reviews); {until}")]
    );
    assert_eq!(
        notes("2025-26/r.csv", None),
        [
            format!("1 2025-26/r.csv:3 {beyond} (and 2 more of the child's reviews); {taken}"),
            format!("2 2025-26/r.csv:6 {beyond} (and 1 more of the child's reviews); {taken}"),
        ]
    );
    assert_eq!(notes("r.csv", None), [""; 0]);
    // 12 March 2062 lies in the year 2061-62.
    assert_eq!(notes("2061-62/r.csv", None), [""; 0]);
}

#[test]
fn nothing_happens_before_the_child_is_born() {
    let rejected = |episode: &str, module: [&str; 2]| -> Vec<String> {
        let files = [
            file("h.csv", &["CHILD,SEX,DOB", "1,1,05/06/2015"]),
            file("e.csv", &[EPISODES, episode]),
            file("m.csv", &module),
        ];
        let import = import(policy("england"), &Codes::shipped(), &files, None);
        unused(&import).into_iter().filter(|fate| fate.contains("rejected:")).collect()
    };
    let reviews = "CHILD,DOB,REVIEW,REVIEW_CODE";
    let at_birth = "1,05/06/2015,S,V2,N1,U6,PR1,,,";
    assert_eq!(rejected(at_birth, [reviews, "1,05/06/2015,05/06/2015,PN0"]), [""; 0]);
    assert_eq!(
        rejected("1,04/06/2015,S,V2,N1,U6,PR1,,,", [reviews, "1,05/06/2015,04/06/2015,PN0"]),
        [
            "e.csv 2 rejected: DECOM is before the date of birth, 5 Jun 2015",
            "m.csv 2 rejected: REVIEW is before the date of birth, 5 Jun 2015",
        ]
    );
    let missing = "CHILD,DOB,MISSING,MIS_START,MIS_END";
    assert_eq!(
        rejected(at_birth, [missing, "1,05/06/2015,M,04/06/2014,"]),
        ["m.csv 2 rejected: MIS_START is before the date of birth, 5 Jun 2015"]
    );
}

#[test]
fn a_stay_that_begins_on_the_day_on_which_another_ended_has_a_clock_of_its_own() {
    let rows = ["1,03/03/2025,S,V2,N1,U6,PR1,30/04/2025,E4A,", "1,30/04/2025,S,V2,N1,K2,PR1,,,"];
    let lines: Vec<&str> = [EPISODES].into_iter().chain(rows).collect();
    let england = policy("england");
    let import = import(england, &Codes::shipped(), &[file("e.csv", &lines)], None);
    let timeline = read(england, "1", &import.children[0].rows).unwrap().timeline;
    let outcome = evaluate(england, &timeline, duly::calendar::Date::parse("2025-06-02").unwrap());
    let reviews: Vec<_> = outcome
        .deadlines
        .iter()
        .filter(|row| england.rule(row.rule).name == "case-review")
        .map(|row| (row.due_date().map(|day| day.to_string()), row.status))
        .collect();
    // Twenty working days after Mon 3 March are four weeks. After Wed 30 April the bank holidays of 5 and
    // 26 May lie between: 2 to the end of that week, 4, 5, 5, and of the last week Tuesday to Friday.
    assert_eq!(
        reviews,
        [
            (Some("2025-03-31".to_owned()), Status::Missed),
            (Some("2025-05-30".to_owned()), Status::Overdue),
        ]
    );
}

#[test]
fn a_care_order_says_whether_the_child_was_at_home_when_it_was_made() {
    let orders = |name: &str, rows: &[&str]| -> Vec<String> {
        let lines: Vec<&str> = [EPISODES].into_iter().chain(rows.iter().copied()).collect();
        let import = import(policy(name), &Codes::shipped(), &[file("e.csv", &lines)], None);
        let text = written(&import.children, Form::Text);
        text.lines().filter(|line| line.contains("order-made")).map(str::to_owned).collect()
    };
    // In foster care under an interim order, home in May, and the full order there in June.
    let home = [
        "1,03/03/2025,S,C1,N1,U6,PR1,06/05/2025,X1,",
        "1,06/05/2025,P,C1,N1,P1,PR0,02/06/2025,X1,",
        "1,02/06/2025,L,C2,N1,P1,PR0,,,",
    ];
    assert_eq!(
        orders("england", &home),
        [
            "2025-03-03 care-order-made order interim at-home no",
            "2025-06-02 care-order-made order full at-home yes",
        ]
    );
    // A policy that does not ask is not told.
    assert_eq!(
        orders("blackburn-with-darwen", &home),
        ["2025-03-03 interim-care-order-made", "2025-06-02 care-order-made"]
    );
    // Home on the very day of the order; and of one whose history begins with the order.
    for row in ["1,02/06/2025,S,C2,N1,P1,PR0,,,", "1,02/06/2025,L,C2,N1,P1,PR0,,,"] {
        assert_eq!(
            orders("england", &[row]),
            ["2025-06-02 care-order-made order full at-home yes"],
            "{row}"
        );
    }
    // In hospital, or in a family centre: where the child lives otherwise, or with whom, is not told.
    for place in ["T1", "R3"] {
        let row = format!("1,02/06/2025,S,C2,N1,{place},PR0,,,");
        assert_eq!(orders("england", &[&row]), ["2025-06-02 care-order-made order full"], "{row}");
    }
}

#[test]
fn a_placement_that_does_not_tell_of_home_is_told_where_the_policy_asks() {
    let check = |name: &str, row: &str, told: usize| {
        let files = [file("e.csv", &[EPISODES, row])];
        let import = import(policy(name), &Codes::shipped(), &files, None);
        let notes = import.notes.iter().filter(|note| note.place.1 == 2);
        let home = "does not tell whether the child was at home when the care order was made";
        let found = notes.filter(|note| note.message.contains(home)).count();
        assert_eq!((found, import.notes.len()), (told, told), "{name}: {row}");
    };
    for (place, told) in [("T1", 1), ("R3", 1), ("T3", 0), ("P1", 0)] {
        let row = format!("1,02/06/2025,S,C2,N1,{place},PR0,,,");
        check("england", &row, told);
        // It is no matter without a care order, or where the policy does not ask.
        check("england", &row.replace("C2", "V2"), 0);
        check("blackburn-with-darwen", &row, 0);
    }
}

#[test]
fn a_full_order_at_home_asks_for_a_visit_within_a_week() {
    let england = policy("england");
    let visits = |place: &str| -> Vec<Option<String>> {
        let first = format!("1,03/03/2025,S,C1,N1,{place},PR0,02/06/2025,X1,");
        let second = format!("1,02/06/2025,L,C2,N1,{place},PR0,,,");
        let files = [file("e.csv", &[EPISODES, &first, &second])];
        let import = import(england, &Codes::shipped(), &files, None);
        let timeline = read(england, "1", &import.children[0].rows).unwrap().timeline;
        let outcome =
            evaluate(england, &timeline, duly::calendar::Date::parse("2025-06-03").unwrap());
        let visits = outcome
            .deadlines
            .iter()
            .filter(|row| england.rule(row.rule).name == "placement-visit")
            .map(|row| row.due_date().map(|day| day.to_string()));
        visits.collect()
    };
    let dates = |dates: &[&str]| -> Vec<Option<String>> {
        dates.iter().map(|day| Some((*day).to_owned())).collect()
    };
    // No visit is in the return. One is due a week after the placement of Mon 3 March, and where the child
    // is at home another a week after the order of Mon 2 June.
    assert_eq!(visits("P1"), dates(&["2025-03-10", "2025-06-09"]));
    assert_eq!(visits("U6"), dates(&["2025-03-10"]));
}
