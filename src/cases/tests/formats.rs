//! What each format refuses, and what it reads as a spreadsheet saves it.

use super::*;

#[test]
fn json_is_refused_where_it_is_wrong() {
    let object = "line 1: there is no case here, which is an object (write it as `{\"case\": \"a\", \
                  \"events\": []}`)";
    check_refused("a.json", "3", &[&format!("[] {object}")]);
    check_refused(
        "a.json",
        "{\n\"case\": \"a\",\n\"evnts\": [],\n\"x\": 1}",
        &[
            "[a] line 3, field `evnts`: a case has no field `evnts` (did you mean `events`?)",
            "[a] line 4, field `x`: a case has no field `x` (its fields are `case` and `events`)",
            "[a] line 1, field `events`: the case has no list of events",
        ],
    );
    check_refused(
        "a.json",
        "{\"events\": {}}",
        &[
            "[] line 1, field `case`: the case has no name",
            "[] line 1, field `events`: the events are not a list, in square brackets",
        ],
    );
    check_refused(
        "a.json",
        "{\"case\": \"\", \"case\": [], \"events\": []}",
        &[
            "[] line 1, field `case`: `case` is given twice for one case",
            "[] line 1, field `case`: this is a list or an object, where a text, a number, `true` \
             or `false` can stand",
        ],
    );
    check_refused(
        "a.json",
        "{\"case\": \"a\", \"events\": [\n1,\n{\"date\": \"2026-01-05\", \"date\": \"2026-01-06\", \
         \"event\": \"placed\",\n \"miles\": [1], \"mils\": null, \"kin\": null, \"setting\": true}\n]}",
        &[
            "[a] line 2: there is no event here, which is an object (write it as `{\"date\": \
             \"2026-01-05\", \"event\": \"placed\"}`)",
            "[a] line 3, field `date`: `date` is given twice for one event",
            "[a] line 3, field `miles`: this is a list or an object, where a text, a number, \
             `true` or `false` can stand",
            "[a] line 3, field `mils`: `placed` has no attribute `mils` (did you mean `miles`?)",
            "[a] line 3, field `setting`: `setting` is one of `foster` and `residential`, not `yes`",
        ],
    );
    check_refused(
        "a.json",
        "{\"case\": \"a\", \"events\": []}\n{\"case\": \"b\", \"events\": []}",
        &["[] line 2: the JSON cannot be read from here on: trailing characters (where each line \
             is a case of its own, call the file .jsonl)"],
    );
    check_refused(
        "a.json",
        "{\n\"case\": \"a\",\n\"events\": [}]\n}",
        &["[] line 3: the JSON cannot be read from here on: expected value"],
    );
}

#[test]
fn json_lines_fail_one_by_one() {
    let text = "{\"case\":\"a\",\"events\":[]}\n\nx\n{\"case\":\"b\",\"events\":[}]}\n\
                {\"case\":\"a\",\"events\":[]}\n{\"case\":\"c\",\"events\":[{}]}\n";
    let expected = [
        "[] line 3: there is no case here, which is an object (write it as `{\"case\": \"a\", \
         \"events\": []}`)",
        "[] line 4: the JSON cannot be read from here on: expected value",
        "[a] line 5, field `case`: case `a` is on line 1 already; all the events of a case stand \
         together",
        "[c] line 6, field `date`: there is no date here; write one as YYYY-MM-DD",
        "[c] line 6, field `event`: there is no event here (its events are `born`, `placed`, \
         `review-planned` and `review-held`)",
    ];
    check_refused("a.jsonl", text, &expected);
}

#[test]
fn notes_are_refused_line_by_line() {
    check_refused(
        "a.txt",
        "case child-a\n03/04/2026 placed\n2026-01-05 plcd\n2026-01-05 placed\n\
         case\ncase a b\n2026-01-05 placed\ncase b\n2026-01-05 placed\ncase child-a\n",
        &[
            "[child-a] line 2, field `date`: 03/04/2026 could be 2026-04-03 (3 April) or 2026-03-04 \
             (4 March); write it as YYYY-MM-DD",
            "[child-a] line 3, field `event`: the policy has no event `plcd` (did you mean \
             `placed`?)",
            "[] line 5, field `case`: a case is called by one word: `case child-a`",
            "[] line 6, field `case`: a case is called by one word: `case child-a`",
            "[child-a] line 10, field `case`: case `child-a` is on line 1 already; all the events \
             of a case stand together",
        ],
    );
    // The words for what cannot be parsed are the parser's own.
    for line in [
        "2026-01-05",
        "2026-01-05 placed miles",
        "2026-01-05 placed miles 4, ref 1",
        "2026-01-05 placed note \"x",
        "x",
        "“",
    ] {
        let cases = read_text("a.txt", &format!("case a\n{line}\ncase b\n2026-01-05 placed\n"));
        assert_eq!(complaints(&cases).len(), 1);
        assert!(complaints(&cases)[0].starts_with("[a] line 2: "), "{line}");
        assert!(cases.cases[1].outcome.is_ok());
    }
    check_refused(
        "a.txt",
        "\n2026-01-05 placed\ncase a\n",
        &["line 2: there are events above the first `case` line (begin each case with a line \
             such as `case child-a`)"],
    );
}

#[test]
fn columns_are_held_against_the_policy() {
    check_refused(
        "a.csv",
        "\ncase;dat;event;mils;x;event\n",
        &[
            "line 2, field `event`: the column `event` stands there twice",
            "line 2, field `date`: there is no column `date`",
            "line 2, field `dat`: no event has an attribute `dat` (did you mean `date`?)",
            "line 2, field `mils`: no event has an attribute `mils` (did you mean `miles`?)",
            "line 2, field `x`: no event has an attribute `x` (a column can be called `date`, \
             `kin`, `miles`, `new-date`, `note`, `ref`, `seq` and `setting`)",
        ],
    );
    check_refused(
        "a.csv",
        "a,2026-01-05,placed\n",
        &["line 1: the first line does not name the columns (put `case,date,event` above the \
             rows, then the attributes)"],
    );
    check_refused(
        "a.csv",
        "case,date,event\na,2026-01-05,placed,40\n",
        &["[a] line 2, field `column 4`: `40` is not written as key=value"],
    );
    check_refused(
        "a.csv",
        "case,date,event,note\na,2026-01-05,placed\nb,2026-01-05,placed,\"x\nc,2026-01-05,placed\n",
        &["line 3: a cell begins with a quotation mark and never ends with one (close it, or \
             write the mark itself twice, in quotation marks)"],
    );
}

#[test]
fn spreadsheets_are_read_as_they_are_saved() {
    let expected = timelines(&read_bytes("a.csv", SEMICOLONS));
    assert_eq!(expected.len(), 2);
    assert_eq!(lines(&read_bytes("a.csv", SEMICOLONS)), [[2, 3], [5, 6]].map(Vec::from));
    let note = Some(Value::Text("Café – two\r\nlines".to_owned()));
    assert_eq!(expected[0].facts()[1].values[3], note);
    assert_eq!(expected[0].facts()[1].values[2], Some(Value::YesNo(true)));
    assert_eq!(read_bytes("a.csv", SEMICOLONS).notices, Vec::<String>::new());

    let utf16 = read_bytes("excel-unicode.txt", UTF16);
    assert_eq!(timelines(&utf16), expected);
    assert_eq!(utf16.notices, ["the text is in UTF-16 and was read as such; UTF-8 is safer"]);
    let windows = read_bytes("a.csv", WINDOWS);
    assert_eq!(timelines(&windows), expected);
    assert_eq!(
        windows.notices,
        ["the text is not UTF-8 (first on line 3) and was read as Windows-1252; UTF-8 is safer, \
             in Excel the type is CSV UTF-8"]
    );
    let apart = read_bytes("a.csv", APART);
    assert_eq!(timelines(&apart), expected);
    assert_eq!(lines(&apart), [[3, 5], [4, 7]].map(Vec::from));
    let notes = "sep=|\ncase|date|event\na|2026-01-05|placed\n";
    assert_eq!(lines(&read_text("", notes)), [[3]]);
}

#[test]
fn a_file_of_another_kind_is_told_apart() {
    for name in ["a.txt", "a.json", "a.csv", "a.duly", "a"] {
        check_refused(
            name,
            "\u{feff}# a policy\n\npolicy blackburn \"Reviews\"\n",
            &["line 3: this looks like a policy file, not a file of cases (a file of cases holds \
                 dated events, such as `2026-03-01 placed`; give the policy in its own place)"],
        );
    }
    let cases = read_bytes("a.csv", b"PK\x03\x04...");
    assert_eq!(
        complaints(&cases),
        ["this is a workbook or an archive, not a text (in Excel, choose Save As and the type \
             CSV UTF-8)"]
    );
    let cases = read_bytes("a.csv", b"\xFF\xFEa\0\0\xD8");
    assert_eq!(
        complaints(&cases),
        ["the text begins as UTF-16 but does not go on so (save it as UTF-8; in Excel the type \
             is CSV UTF-8)"]
    );
}
