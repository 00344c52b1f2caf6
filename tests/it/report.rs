//! The figures of a caseload, counted by hand, and how safely each form holds what stands in a case.
//!
//! The twelve cases and what there is to count in them are told in `tests/cli/westbury/caseload.txt`;
//! the tables below were worked out from that file with a calendar, not from what the program says.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may stop where it fails"
)]

use std::fs;
use std::io::{Cursor, Read as _};

use duly::calendar::Date;
use duly::cases::{Format, read_cases};
use duly::check::{Calendars, Switches, check};
use duly::eval::evaluate;
use duly::policy::Policy;
use duly::render::Style;
use duly::report::{
    Figures, Frame, Mistake, Refusal, Report, csv_long, csv_table, json, markdown, page,
    table_names, text, workbook,
};
use duly::source::Source;

use crate::shipped::{root, shipped};

fn westbury() -> Policy {
    let name = root().join("tests/cli/westbury/policy.duly");
    let source = Source::new("policy.duly", fs::read_to_string(name).unwrap());
    let parsed = duly::syntax::parse(&source);
    let checked = check(&parsed.file, &Calendars::default(), &Switches::default());
    checked.policy.expect("the policy is sound")
}

fn frame() -> Frame {
    let day = |text: &str| Date::parse(text).unwrap();
    Frame::new(day("2026-06-30"), Some(day("2026-01-01")), None, 28).unwrap()
}

/// The figures of the cases of a text.
#[track_caller]
fn figures(policy: &Policy, text: &str, list: usize) -> Figures {
    let frame = frame();
    let mut figures = Figures::new(policy, frame.clone(), list);
    let format = if text.starts_with('{') { Format::Jsonl } else { Format::Text };
    let cases = read_cases(policy, "caseload", text.as_bytes(), format);
    assert!(cases.errors.is_empty(), "{:?}", cases.errors);
    for case in cases.cases {
        match case.outcome {
            Ok(read) => {
                assert!(read.warnings.is_empty(), "{:?}", read.warnings);
                let outcome = evaluate(policy, &read.timeline, frame.as_of);
                figures.add(policy, &read.timeline, &outcome);
            }
            Err(errors) => {
                let (line, message) = (errors[0].line, errors[0].message.clone());
                let mistake = Mistake { line, message };
                figures.refuse(Refusal::new("caseload", &case.case, mistake));
            }
        }
    }
    figures
}

fn caseload() -> String {
    fs::read_to_string(root().join("tests/cli/westbury/caseload.txt")).unwrap()
}

#[track_caller]
fn check_table(report: &Report, name: &str, expected: &str) {
    let table = report.tables.iter().find(|table| table.name == name);
    let table = table.unwrap_or_else(|| panic!("there is no table {name}"));
    assert!(!table.definition.is_empty(), "{name} does not say what it counts");
    let expected: Vec<&str> = expected.lines().map(str::trim).filter(|it| !it.is_empty()).collect();
    let actual = csv_table(table);
    let actual: Vec<&str> = actual.lines().collect();
    assert_eq!(actual, expected, "{name}");
}

#[test]
fn reviews_are_counted_by_themselves_and_by_child() {
    let policy = westbury();
    let report = figures(&policy, &caseload(), 0).report(&policy);
    assert_eq!((report.cases, report.refused), (12, 0));
    // February: a, g, i, j, k and l in time, b late, d never. March: c never, and of g it cannot be
    // said. April: a, f, i, j, k and l. May: b late, and again it cannot be said of g.
    check_table(
        &report,
        "looked-after-review-per-review",
        "span,from,to,in_time,late,not_held,cannot_be_said,share_in_time
         month,2026-01-01,2026-01-31,0,0,0,0,
         month,2026-02-01,2026-02-28,6,1,1,0,0.7500
         month,2026-03-01,2026-03-31,0,0,1,1,0.0000
         month,2026-04-01,2026-04-30,6,0,0,0,1.0000
         month,2026-05-01,2026-05-31,0,1,0,1,0.0000
         month,2026-06-01,2026-06-30,0,0,0,0,
         quarter,2026-01-01,2026-03-31,6,1,2,1,0.6666
         quarter,2026-04-01,2026-06-30,6,1,0,1,0.8571
         whole,2026-01-01,2026-06-30,12,2,2,2,0.7500",
    );
    // From January to March: a, i, j, k and l; not b, c and d; g was in time once, and once it cannot
    // be said. From April on: those without b, c, d and g, and f besides.
    check_table(
        &report,
        "looked-after-review-per-child",
        "span,from,to,in_time,not_in_time,cannot_be_said,share_in_time
         month,2026-01-01,2026-01-31,0,0,0,
         month,2026-02-01,2026-02-28,6,2,0,0.7500
         month,2026-03-01,2026-03-31,0,1,1,0.0000
         month,2026-04-01,2026-04-30,6,0,0,1.0000
         month,2026-05-01,2026-05-31,0,1,1,0.0000
         month,2026-06-01,2026-06-30,0,0,0,
         quarter,2026-01-01,2026-03-31,5,3,1,0.6250
         quarter,2026-04-01,2026-06-30,6,1,1,0.8571
         whole,2026-01-01,2026-06-30,6,3,1,0.6666",
    );
    check_table(
        &report,
        "looked-after-review-first-later",
        "which,in_time,late,not_held,cannot_be_said,share_in_time
         First,6,1,2,0,0.6666
         Second,5,1,0,1,0.8333
         Later,1,0,0,1,1.0000",
    );
}

#[test]
fn what_no_clock_ran_for_is_told_below_the_tables() {
    let policy = westbury();
    // Of t nobody recorded when care began: two reviews of the period, and one before it. That of u was
    // held after care had ended, and its first was not due yet then. The first of v was due in the year
    // before and is not held. Only that of w counts, and in time.
    let cases = "case t
        2025-12-15 review-held
        2026-02-02 review-held
        2026-04-02 review-held
        case u
        2026-01-05 became-looked-after
        2026-01-12 ceased-to-be-looked-after
        2026-01-20 review-held
        case v
        2025-09-01 became-looked-after
        case w
        2026-02-02 became-looked-after
        2026-02-09 review-held
        2026-02-16 ceased-to-be-looked-after";
    let report = figures(&policy, cases, 0).report(&policy);
    let definition = |name: &str| {
        let table = report.tables.iter().find(|table| table.name == name).unwrap();
        table.definition.clone()
    };
    let reviews = definition("looked-after-review-per-review");
    let expected = "Held while no clock ran for them, as where it is not recorded since when the child is \
                    looked after, or where the policy sets no last day for it: 3, in 2 cases; they are in no row.";
    assert!(reviews.contains(expected), "{reviews}");
    let children = definition("looked-after-review-per-child");
    let expected =
        "is left out (in the whole period 3 of 4; of these 1 with one overdue since before it),";
    assert!(children.contains(expected), "{children}");
    // With no review to count at all, that is told, and not that there is nothing.
    let unknown = "case t\n2026-02-02 review-held";
    let report = figures(&policy, unknown, 0).report(&policy);
    let table =
        report.tables.iter().find(|it| it.name == "looked-after-review-per-review").unwrap();
    assert!(table.definition.contains(": 1, in 1 case;"), "{}", table.definition);
    assert!(report.notes.iter().all(|note| !note.contains("Looked After Review")));
}

#[test]
fn a_review_that_nobody_owed_is_not_in_time() {
    // The second was held while the child was placed for adoption, when this procedure asks for none.
    let cases = "case a
        2026-01-05 became-looked-after
        2026-01-20 review-held
        2026-02-02 placed-for-adoption
        2026-04-07 review-held";
    let policies = shipped();
    let blackburn = policies.iter().find(|it| it.name == "blackburn-with-darwen").unwrap().policy();
    let report = figures(blackburn, cases, 0).report(blackburn);
    let reviews =
        report.tables.iter().find(|it| it.name == "looked-after-review-per-review").unwrap();
    let table = csv_table(reviews);
    assert_eq!(table.lines().last(), Some("whole,2026-01-01,2026-06-30,1,0,0,0,1.0000"));
    assert!(reviews.definition.contains(": 1, in 1 case; they are in no row."));
}

#[test]
fn what_is_owed_is_counted_by_who_owes_it() {
    let policy = westbury();
    let report = figures(&policy, &caseload(), 2).report(&policy);
    // Due by 28 July: e on the 13th and f on the 8th; those held on 30 April are due on the 30th.
    check_table(
        &report,
        "owed-by-duty",
        "owner,duty,overdue,longest_overdue_days,due_next,no_time_limit,cannot_be_said
         Independent Reviewing Officer,Looked After Review,1,120,2,0,1
         Independent Reviewing Officer,Challenge: whole process,1,1,0,0,0
         Social Worker,Visit after a placement,1,1,0,0,0
         Team Manager,\"Challenge, stage 1 (Team manager): answer\",1,22,0,0,0",
    );
    check_table(
        &report,
        "owed-by-owner",
        "owner,overdue,longest_overdue_days,due_next,no_time_limit,cannot_be_said
         Independent Reviewing Officer,2,120,2,0,1
         Social Worker,1,1,0,0,0
         Team Manager,1,22,0,0,0",
    );
    check_table(
        &report,
        "longest-overdue",
        "case,duty,last_day,days_overdue
         c,Looked After Review,2026-03-02,120
         k,\"Challenge, stage 1 (Team manager): answer\",2026-06-08,22",
    );
    check_table(
        &report,
        "duties",
        "owner,duty,in_time,late,not_recorded,cannot_be_said,share_in_time
         Independent Reviewing Officer,Challenge: whole process,2,0,1,0,0.6666
         Social Worker,Visit after a placement,1,1,1,0,0.3333",
    );
}

#[test]
fn what_most_will_look_for_stands_first() {
    let policy = westbury();
    let report = figures(&policy, &caseload(), 0).report(&policy);
    let names: Vec<&str> = report.tables.iter().take(2).map(|table| table.name.as_str()).collect();
    assert_eq!(names, ["summary", "now"]);
    // June, then April to June, then all of it; as the tables below have them.
    check_table(
        &report,
        "summary",
        "what,month_2026_06_01,quarter_2026_04_01,whole_2026_01_01
         \"Looked After Review: in time, per review\",,0.8571,0.7500
         \"Looked After Review: in time, per child\",,0.8571,0.6666
         Challenge: raised,1,1,3
         Challenge: resolved,0,0,2",
    );
    check_table(
        &report,
        "now",
        "what,number
         Overdue,4
         \"Longest overdue, in calendar days\",120
         Due by Tue 28 Jul 2026,2
         Challenge: not closed,1",
    );
}

#[test]
fn challenges_are_counted_by_month_level_time_and_theme() {
    let policy = westbury();
    let report = figures(&policy, &caseload(), 0).report(&policy);
    check_table(
        &report,
        "challenge-by-month",
        "span,from,to,raised,taken_further,resolved,outside
         month,2026-01-01,2026-01-31,0,0,0,0
         month,2026-02-01,2026-02-28,1,0,1,0
         month,2026-03-01,2026-03-31,1,1,1,0
         month,2026-04-01,2026-04-30,0,0,0,0
         month,2026-05-01,2026-05-31,0,0,0,0
         month,2026-06-01,2026-06-30,1,0,0,1
         quarter,2026-01-01,2026-03-31,2,1,2,0
         quarter,2026-04-01,2026-06-30,1,0,0,1
         whole,2026-01-01,2026-06-30,3,1,2,1",
    );
    check_table(
        &report,
        "challenge-by-stage",
        "stage,raised_here,opened,answered_in_time,answered_late,not_answered,cannot_be_said,\
         none_due,resolved_here,now_here
         stage 1 (Team manager),3,3,1,1,1,0,0,1,1
         stage 2 (Head of service),0,1,1,0,0,0,0,1,0",
    );
    // One was raised on 3 February and closed on the 10th; two was raised on 2 March, taken to stage 2 on
    // the 13th and closed there on the 23rd; three was raised on 1 June.
    let months = "month_2026_01_01,month_2026_02_01,month_2026_03_01,month_2026_04_01,\
                  month_2026_05_01,month_2026_06_01,quarter_2026_01_01,quarter_2026_04_01";
    check_table(
        &report,
        "challenge-stages-by-month",
        &format!(
            "stage,what,whole_2026_01_01,{months}
             stage 1 (Team manager),Raised here,3,0,1,1,0,0,1,2,1
             stage 1 (Team manager),Opened,3,0,1,1,0,0,1,2,1
             stage 1 (Team manager),Resolved here,1,0,1,0,0,0,0,1,0
             stage 2 (Head of service),Opened,1,0,0,1,0,0,0,1,0
             stage 2 (Head of service),Resolved here,1,0,0,1,0,0,0,1,0"
        ),
    );
    // From 3 to 10 February five working days; from 2 to 23 March fifteen.
    check_table(
        &report,
        "challenge-time-taken",
        "stage,resolved,up_to_5,from_6_to_10,from_11_to_15,from_16_to_20,over_20,\
         middle_working_days,longest_working_days
         stage 1 (Team manager),1,1,0,0,0,0,5,5
         stage 2 (Head of service),1,0,0,1,0,0,15,15
         All,2,1,0,1,0,0,5,15",
    );
    check_table(
        &report,
        "challenge-cap",
        "which,first_quarter,second_quarter,third_quarter,fourth_quarter,over,not_begun,\
         cannot_be_said
         Resolved,1,0,1,0,0,0,0
         \"Not closed, so far\",0,0,0,0,1,0,0",
    );
    check_table(
        &report,
        "challenge-themes",
        "theme,raised,at_any_stage,resolved
         plan-missing,1,1,1
         review-late,1,2,1
         (not recorded),1,1,0",
    );
    check_table(&report, "challenge-standing", "standing,number\nA stage is open,1");
}

#[test]
fn events_and_their_words_are_counted_by_month() {
    let policy = westbury();
    let report = figures(&policy, &caseload(), 0).report(&policy);
    let months = "month_2026_01_01,month_2026_02_01,month_2026_03_01,month_2026_04_01,\
                  month_2026_05_01,month_2026_06_01,quarter_2026_01_01,quarter_2026_04_01";
    check_table(
        &report,
        "words",
        &format!(
            "event,attribute,word,whole_2026_01_01,{months}
             Review rated,rating,green,1,0,1,0,0,0,0,1,0
             Review rated,rating,amber,1,0,0,0,1,0,0,0,1
             Challenge raised,ground,plan-missing,1,0,1,0,0,0,0,1,0
             Challenge raised,ground,review-late,2,0,0,2,0,0,0,2,0
             Challenge raised,ground,(not recorded),1,0,0,0,0,0,1,0,1
             Answer judged,satisfied,yes,2,0,1,1,0,0,0,2,0
             Answer judged,satisfied,no,1,0,0,1,0,0,0,1,0"
        ),
    );
    let events = report.tables.iter().find(|table| table.name == "events").unwrap();
    let events = csv_table(events);
    // f began before the time of the report; its second review, of 8 January, is the one in January.
    for line in [
        "Child became looked after,11,8,1,0,0,1,1,9,2",
        "Review held,16,1,7,0,7,1,0,8,8",
        "Positive feedback sent,2,0,1,0,0,1,0,1,1",
    ] {
        assert!(events.contains(&format!("{line}\r\n")), "{line} is not in\n{events}");
    }
}

#[test]
fn figures_of_parts_make_the_figures_of_the_whole() {
    let policy = westbury();
    let text = caseload();
    let parts: Vec<String> =
        text.split("\ncase ").skip(1).map(|case| format!("case {case}")).collect();
    assert_eq!(parts.len(), 12);
    let whole = figures(&policy, &text, 3);
    for cut in [1, 4, 7, 11] {
        let (one, other) = parts.split_at(cut);
        let mut merged = figures(&policy, &one.join("\n"), 3);
        merged.merge(&figures(&policy, &other.join("\n"), 3));
        assert_eq!(merged.report(&policy), whole.report(&policy), "cut after {cut}");
    }
}

/// Cases whose names are made to do harm, each long overdue.
fn harmful() -> String {
    let names = ["<script>alert(1)</script>", "=1+1", "+1", "-1", "@SUM(A1)", "\\tx", "a,\\\"b"];
    let line = |name: &&str| {
        format!(
            "{{\"case\":\"{name}\",\"events\":[{{\"date\":\"2026-01-05\",\"event\":\"became-looked-after\"}}]}}\n"
        )
    };
    let mut text: String = names.iter().map(line).collect();
    text += "{\"case\":\"=2+2\",\"events\":[{\"date\":\"2026-02-30\",\"event\":\"placed\"}]}\n";
    text
}

#[test]
fn the_page_holds_no_markup_from_a_case_and_loads_nothing() {
    let policy = westbury();
    let report = figures(&policy, &harmful(), 20).report(&policy);
    let page = page(&report);
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    for mark in
        ["<script", "javascript:", "src=", "url(", "@import", "http://", "https://", "onload"]
    {
        assert!(!page.contains(mark), "the page holds {mark}");
    }
    assert!(page.contains("Content-Security-Policy"));
    // Each chart has a description, and the table behind it.
    let charts = page.matches("role=\"img\"").count();
    assert!(charts > 0 && charts == page.matches("The table below has the same figures.").count());
    assert!(page.matches("<table>").count() >= charts);
    let text = markdown(&report);
    assert!(!text.contains("<script"), "{text}");
}

fn mistake(line: u32, message: &str) -> Mistake {
    Mistake { line, message: message.to_owned() }
}

#[test]
fn what_is_not_included_is_listed_with_its_first_mistakes() {
    let policy = westbury();
    let mut figures = figures(&policy, &caseload(), 0);
    figures.refuse(Refusal::new("a.csv", "m", mistake(2, "one")));
    figures.refuse(Refusal::new("a.csv", "n", mistake(3, "two")));
    for line in 4..10 {
        figures.refuse_also(mistake(line, "again"));
    }
    figures.refuse(Refusal::new("b.csv", "", mistake(0, "whole")));
    let rows = "a.csv,2,one
         n,a.csv,3,two
         n,a.csv,4,again
         n,a.csv,5,again
         n,a.csv,6,again
         n,a.csv,7,again
         n,a.csv,,and 2 more mistakes
         ,b.csv,,whole";
    let expected = format!("case,file,line,why\n         m,{rows}");
    let report = figures.report(&policy);
    // The mistakes of a case do not count: three pieces of input are not included.
    assert_eq!(report.refused, 3);
    check_table(&report, "not-included", &expected);
    // A hundred cases are named, and no further mistake is taken for one of the last of them.
    for _ in 3..100 {
        figures.refuse(Refusal::new("c.csv", "o", mistake(1, "one")));
    }
    let before = figures.report(&policy);
    figures.refuse(Refusal::new("c.csv", "p", mistake(1, "one")));
    figures.refuse_also(mistake(2, "two"));
    let after = figures.report(&policy);
    let rows = |report: &Report| {
        let table = report.tables.iter().find(|table| table.name == "not-included").unwrap();
        (table.rows.len(), table.definition.contains(" 1 more is not listed."))
    };
    assert_eq!((rows(&before), rows(&after)), ((105, false), (105, true)));
}

#[test]
fn many_cases_are_counted_in_groups_of_three_digits() {
    let policy = westbury();
    let mut report = figures(&policy, &caseload(), 0).report(&policy);
    report.cases = 10_000;
    report.refused = 1_234;
    let style = Style { colour: false, unicode: true, width: 120 };
    let told = "10,000 cases; not included: 1,234 (see the end).";
    assert!(text(&report, &style).contains(told));
    assert!(markdown(&report).contains("Cases: 10,000. Not included: 1,234."));
}

#[test]
fn nothing_in_the_tables_is_a_formula() {
    let policy = westbury();
    let report = figures(&policy, &harmful(), 20).report(&policy);
    assert_eq!(report.refused, 1);
    let long = csv_long(&report);
    let table = |name: &str| csv_table(report.tables.iter().find(|it| it.name == name).unwrap());
    let listed = table("longest-overdue") + &table("not-included");
    for name in ["'=1+1", "'+1", "'-1", "'@SUM(A1)", "'=2+2", "\"a,\"\"b\""] {
        assert!(listed.contains(name), "{name} is not in\n{listed}");
    }
    for text in [&long, &listed] {
        for field in text.split([',', '\n']) {
            let field = field.trim_matches('"');
            assert!(!field.starts_with(['=', '+', '@', '\t']), "{field} is a formula");
        }
    }
}

#[test]
fn a_workbook_holds_text_numbers_and_dates_and_is_the_same_each_time() {
    let policy = westbury();
    let make = || {
        let mut figures = figures(&policy, &caseload(), 3);
        figures.merge(&self::figures(&policy, &harmful(), 3));
        workbook(&figures.report(&policy)).unwrap()
    };
    let bytes = make();
    assert!(bytes == make(), "two workbooks of one report differ");
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let (mut sheets, mut charts) = (0, 0);
    for place in 0..archive.len() {
        let mut file = archive.by_index(place).unwrap();
        let name = file.name().unwrap().into_owned();
        let mut xml = String::new();
        file.read_to_string(&mut xml).unwrap();
        if name.starts_with("xl/worksheets/sheet") {
            sheets += 1;
            assert!(!xml.contains("<f>") && !xml.contains("<f "), "{name} holds a formula");
            // But for the first, which is prose, each has its headings in sight and can be filtered.
            let table = xml.contains("state=\"frozen\"") && xml.contains("<autoFilter ref=\"A1:");
            assert!(table || name.ends_with("/sheet1.xml"), "{name}");
        }
        if name.starts_with("xl/charts/chart") {
            charts += 1;
        }
        if name == "xl/sharedStrings.xml" {
            assert!(xml.contains("<t>'=2+2</t>"), "{xml}");
            assert!(xml.contains("&lt;script&gt;"), "{xml}");
        }
        // After the first sheet, the summary and what is owed; 1 January 2026 as Excel counts days.
        if name == "xl/worksheets/sheet4.xml" {
            assert!(xml.contains("<v>46023</v>"), "{xml}");
        }
    }
    assert!(charts > 5, "{charts} charts");
    assert!(sheets > 10, "{sheets} sheets");
}

#[test]
fn the_data_is_the_same_in_every_form() {
    let policy = westbury();
    let report = figures(&policy, &caseload(), 0).report(&policy);
    let data = json(&report);
    assert_eq!(data["schema"], "duly.report/1");
    assert_eq!(data["cases"], 12);
    let tables = data["tables"].as_array().unwrap();
    let reviews = tables.iter().find(|it| it["name"] == "looked-after-review-per-review").unwrap();
    let first = &reviews["rows"][1];
    assert_eq!(first["in_time"], 6);
    assert_eq!(first["share_in_time"], 0.75);
    assert_eq!(first["span"]["from"], "2026-02-01");
    let long = csv_long(&report);
    let line = "looked-after-review-per-review,month,2026-02-01,2026-02-28,,in_time,6\r\n";
    assert!(long.contains(line), "{long}");
    let line = "words,month,2026-02-01,2026-02-28,Review rated / rating / green,times,1\r\n";
    assert!(long.contains(line), "{long}");
}

#[test]
fn the_text_keeps_to_its_width() {
    let policy = westbury();
    let report = figures(&policy, &caseload(), 3).report(&policy);
    for (width, unicode) in [(60, false), (80, true), (120, true)] {
        let style = Style { colour: false, unicode, width };
        let text = text(&report, &style);
        for line in text.lines() {
            assert!(line.chars().count() <= width, "wider than {width}: {line}");
            assert!(unicode || line.is_ascii(), "not ASCII: {line}");
        }
    }
}

#[test]
fn every_table_of_a_report_can_be_asked_for() {
    let policy = westbury();
    let mut figures = figures(&policy, &caseload(), 3);
    figures.refuse(Refusal::new("a.csv", "", mistake(0, "it is no table")));
    let report = figures.report(&policy);
    let tables: Vec<&str> = report.tables.iter().map(|table| table.name.as_str()).collect();
    let names = table_names(&policy);
    // In the order of the report, and nothing else: the caseload has something of everything.
    assert_eq!(tables, names);
}
