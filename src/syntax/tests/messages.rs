//! What readers are told, and where.

use super::{parse_text, shown};

/// Reads a text with one mistake: `CODE line: message [place] [help]`, or the beginning of that.
#[track_caller]
fn one(text: &str, expected: &str) {
    let (source, parsed) = parse_text(text);
    let problems = shown(&source, &parsed.problems);
    assert_eq!(problems.len(), 1, "{problems:#?}");
    assert!(problems[0].starts_with(expected), "{}\nwanted {expected}", problems[0]);
}

/// A duty with its limit.
#[track_caller]
fn due(limit: &str, expected: &str) {
    one(&format!("duty d\n  by iro must\n  due {limit}\n  met by x\n"), expected);
}

#[test]
fn a_limit_gone_wrong() {
    due("within within 5 days after x", "E0001 3: expected a length, found `within` [within]");
    due(
        "within 5 days aftr x",
        "E0001 3: expected `after` and where the time runs from or a clause of the duty, found `aftr` [aftr] [\"did you mean `after`?\"]",
    );
    due(
        "wihtin 5 days after x",
        "E0001 3: `wihtin` is not a word of the language, and what follows does not fit a name [wihtin] [\"did you mean `within`?\"]",
    );
    due(
        "within 5 days before x",
        "E0001 3: expected `after` and where the time runs from or a clause of the duty, found `before` [before] [\"to count back",
    );
    due("within 5 days", "E0001 3: this limit does not say where its time is counted from []");
    due("within five days after x", "E0001 3: numbers are written in digits, found `five` [five]");
    due("within 0 days after x", "E0006 3: a length runs from 1 to 5000, found `0` [0]");
    due("within 5001 days after x", "E0006 3: a length runs from 1 to 5000, found `5001` [5001]");
    due("within 99999999999999999999 days after x", "E0006 3:");
    due("within 2.5 days after x", "E0001 3: a length has a whole number, found `2.5` [2.5]");
    due(
        "no later than 5 days after x",
        "E0001 3: expected a time limit, found `no` [no] [\"`within` says that the last day is",
    );
    due(
        "on or before x",
        "E0001 3: `on or before` is not a limit of the language [on or before x]",
    );
    due("within", "E0001 3: a length is missing at the end of this line []");
    due("within 5 # days", "E0001 3: a unit is missing at the end of this line []");
    due("at x where kind = y", "E0001 3: expected `is`, found `=` [=]");
    due("at x where kind == y", "E0001 3: expected `is`, found `==` [==]");
    due("at x where kind != y", "E0001 3: expected `is not`, found `!=` [!=]");
    due("at x where miles ≥ 3", "E0004 3: expected `>=`, found `≥` [≥]");
    due(
        "at x where (kind is y",
        "E0001 3: `)`, `and` or `or` is missing at the end of this line []",
    );
}

#[test]
fn what_word_processors_write() {
    one(
        "role x “Curly”\n",
        "E0004 1: this text stands in quotes that a word processor has changed [“Curly”]",
    );
    one("role x \"Curly”\n", "E0004 1:");
    one("role x “Curly\"\n", "E0004 1:");
    one("role y–z\n", "E0004 1: `y–z` has a long dash where a hyphen belongs [y–z]");
    one(
        "policy p \"t\"\n closed 2026–03–02 \"x\"\n",
        "E0004 2: `2026–03–02` has long dashes where hyphens belong",
    );
    one("role x ‘X’\n", "E0004 1: `‘` cannot stand here [‘]");
    one(
        "trigger t\n on any of\n • x\n",
        "E0004 3: a list item begins with a hyphen, found `•` [•]",
    );
    let (_, parsed) = parse_text("role x “Curly”\n");
    let fix = parsed.problems.iter().next().unwrap().fix.clone().unwrap();
    assert_eq!(fix.replacement, "\"Curly\"");
}

#[test]
fn texts_and_names() {
    one("role x \"Title\nrole y \"Y\"\n", "E0002 1: this text is not closed on its line [\"Title]");
    one(
        "forbid f\n no x\n cite \"2.1, \"5\"\n",
        "E0002 3: this text is not closed on its line [\"]",
    );
    one(
        "role x 'X'\n",
        "E0001 1: expected a quoted text or the next declaration, found `'` ['] [\"a text stands in double quotes",
    );
    one("role IRO\n", "E0001 1: `IRO` is not written as names are [IRO]");
    one("role a_b\n", "E0001 1: `a_b` is not written as names are [a_b]");
    one("role b-\n", "E0001 1: `b-` is not written as names are [b-]");
    one("role café\n", "E0001 1: `café` is not written as names are [café]");
    one(
        "role review\n",
        "E0001 1: `review` is a word of the language, so it cannot be a name by itself [review] [\"join another word to it, such as `review-role`",
    );
    one("role\nrole x\n", "E0001 1: a name is missing at the end of this line []");
    one(
        "event e\n review is yes or no\n",
        "E0001 2: `review` is a word of the language, so it cannot be a name by itself [review] [\"join another word to it, such as `is-review`",
    );
}

#[test]
fn dates() {
    let date = |date: &str, expected: &str| {
        one(&format!("policy p \"t\"\n closed {date} \"x\"\n"), expected);
    };
    date(
        "03/04/2026",
        "E0005 2: 03/04/2026 could be 2026-04-03 (3 April) or 2026-03-04 (4 March); write it as YYYY-MM-DD [03/04/2026]",
    );
    date(
        "2026-02-30",
        "E0005 2: there is no 30 February 2026: February 2026 has 28 days, because 2026 is not a leap year [2026-02-30]",
    );
    date("2026-3-2", "E0005 2: 2026-3-2 is not written as YYYY-MM-DD; write 2026-03-02");
    date("26-03-02", "E0005 2: 26-03-02 has a year of two digits");
    date(
        "2 March 2026",
        "E0001 2: expected a date, found `2` [2] [\"a date is written as YYYY-MM-DD",
    );
}

#[test]
fn declarations() {
    one(
        "rewiew x\n  by iro\nrole iro\n",
        "E0001 1: `rewiew` does not begin a declaration [rewiew] [\"did you mean `review`?\"]",
    );
    one(
        "role iro\ndutty d\n  by iro must\nrole x\n",
        "E0001 2: `dutty` does not begin a declaration [dutty] [\"did you mean `duty`?\"]",
    );
    one("5 things\nrole x\n", "E0001 1: expected a declaration, found `5` [5]");
    one(
        " role x\n",
        "E0001 1: expected a declaration, found `role` [role] [\"a declaration begins in the first column\"]",
    );
    one(
        "role iro iro\n",
        "E0001 1: expected a quoted text or the next declaration, found `iro` [iro]",
    );
}

#[test]
fn clauses_in_the_wrong_number_or_place() {
    one("duty d\n by iro must\n due at x\n due at y\n", "E0008 4: `due` is here twice [due at y]");
    one(
        "duty d\n by iro must\n due at x\n met by y\n  while z\n while w\n",
        "E0008 6: `while` is here twice [while w]",
    );
    one(
        "review r\n by iro must\n held on x\n first at y\n met by z\n cite \"1\"\n",
        "E0009 5: `met by` does not belong in a review [met by]",
    );
    one(
        "duty d\n by iro must\n due at x\n stage 1\n",
        "E0009 4: `stage` does not belong in a duty [stage]",
    );
    one(
        "ladder l\n by iro must\n opened by x\n copies y\n stage 1\n  to z\n",
        "E0009 4: `copies` does not belong in a ladder before its first stage [copies]",
    );
    one(
        "state s\n from x\n holds while y\n",
        "E0009 2: `from` does not belong in a state that `holds while` something",
    );
    let (_, parsed) = parse_text("review r\n by iro must\n held on x\n first at y\n met by z\n");
    assert_eq!(parsed.problems.iter().next().unwrap().labels[0].text, "belongs in a duty");
}

#[test]
fn clauses_that_are_missing() {
    let lacks = |text: &str, expected: &[&str]| {
        let (source, parsed) = parse_text(text);
        let mut missing: Vec<_> = shown(&source, &parsed.problems)
            .iter()
            .map(|p| {
                assert!(p.starts_with("E0007 1: "), "{p}");
                p.split_once(" lacks its ").unwrap().1.split(" [").next().unwrap().to_owned()
            })
            .collect();
        missing.sort();
        assert_eq!(missing, expected);
    };
    lacks("policy\n", &["name", "title"]);
    lacks("review r\n", &["`by`", "`first`", "`held on`"]);
    lacks("visit r\n", &["`by`", "`first`", "`made on`"]);
    lacks("duty d\n", &["`by`", "`due`"]);
    lacks("ladder l\n", &["`by`", "`opened by`", "first `stage`"]);
    lacks("forbid f\n", &["`no` and what is forbidden"]);
    lacks("trigger t\n", &["`on`"]);
    lacks("scenario \"s\"\n", &["`as of`"]);
    lacks("state s\n until x\n", &["`from` or `holds while`"]);
    lacks("reading r\n or y\n", &["`is` or `days are`", "reason, a quoted text"]);
}

#[test]
fn mistyped_clauses_cost_a_message_each() {
    let text = "duty d\n by iro must\n duee at x\n tels y\n citee \"1\"\n met by z\n";
    let (source, parsed) = parse_text(text);
    assert_eq!(
        shown(&source, &parsed.problems),
        [
            "E0001 3: expected a clause of the duty, found `duee` [duee] [\"did you mean `due`?\"]",
            "E0001 4: expected a clause of the duty, found `tels` [tels] [\"did you mean `tells`?\"]",
            "E0001 5: expected a clause of the duty, found `citee` [citee] [\"did you mean `cite`?\"]",
        ]
    );
}

#[test]
fn scenario_lines_fail_alone() {
    let text = "scenario \"s\"\n 2026-01-05 placed kind\n 2026-01-05 placed miles 40 x\n as off 2026-01-01\n expct r late\n expect r late due 2026-02-30\n";
    let (source, parsed) = parse_text(text);
    let problems = shown(&source, &parsed.problems);
    let lines: Vec<_> = problems.iter().map(|p| p.get(..7).unwrap()).collect();
    assert_eq!(lines, ["E0001 2", "E0001 3", "E0001 4", "E0001 5", "E0005 6"], "{problems:#?}");
}
