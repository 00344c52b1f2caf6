//! Inputs too large to be read as a whole, with small ones in their place.

use super::*;
use crate::cases::batch::Sizes;

/// So small that nearly every case is a piece of its own; the headings are among the first bytes.
const TINY: Sizes = Sizes { small: 64, piece: 16, largest: 4096 };

/// Everything that a stream gives, piece after piece.
pub(super) fn read(policy: &Policy, name: &str, bytes: &[u8]) -> Cases {
    let mut all = Cases::default();
    for batch in Batches::sized(policy, name, bytes, TINY).unwrap() {
        let cases = batch.unwrap().read(policy);
        all.cases.extend(cases.cases);
        all.errors.extend(cases.errors);
        all.notices.extend(cases.notices);
    }
    all
}

/// Cases of which some cannot be read, as JSON lines.
fn lines(random: &mut fastrand::Rng) -> String {
    let mut text = String::new();
    for case in 0..random.usize(0..30) {
        let events: Vec<String> = (0..random.usize(0..6))
            .map(|_| {
                let day = random.u8(1..31);
                format!("{{\"date\":\"2026-02-{day:02}\",\"event\":\"review-held\"}}")
            })
            .collect();
        let blank = random.choice(["", "\n", "\r\n"]).unwrap_or_default();
        text += &format!("{blank}{{\"case\":\"c{case}\",\"events\":[{}]}}\n", events.join(","));
    }
    text
}

/// The same as a table, the rows of each case together.
fn table(random: &mut fastrand::Rng) -> String {
    let mut text = "date,case,event,note\n".to_owned();
    for case in 0..random.usize(0..30) {
        for _ in 0..random.usize(1..6) {
            let day = random.u8(1..31);
            let notes = ["", "short", "\"two\nlines\"", "\"a \"\"word\"\"\"", "é"];
            let note = random.choice(notes).unwrap_or_default();
            text += &format!("2026-02-{day:02},c{case},placed,{note}\n");
        }
        text += random.choice(["", ",,,\n", "\n"]).unwrap_or_default();
    }
    text
}

#[test]
fn a_stream_gives_what_the_whole_gives() {
    let policy = policy();
    let mut random = fastrand::Rng::with_seed(15);
    let mut cases = 0;
    for _ in 0..300 {
        for (name, text) in [("a.jsonl", lines(&mut random)), ("a.csv", table(&mut random))] {
            let whole = read_text(name, &text);
            assert_eq!(read(&policy, name, text.as_bytes()), whole, "{name}: {text}");
            cases += whole.cases.len();
        }
    }
    assert!(cases > 1000, "{cases}");
}

#[test]
fn a_mark_at_the_beginning_is_no_part_of_it() {
    let policy = policy();
    for (name, text) in [("a.jsonl", JSONL), ("a.csv", CSV)] {
        let marked = [b"\xEF\xBB\xBF", text.as_bytes()].concat();
        assert_eq!(read(&policy, name, &marked), read_text(name, text));
    }
}

#[test]
fn rows_that_lie_apart_are_pieces_for_the_names_to_see() {
    let policy = policy();
    let text = "case,date,event\na,2026-02-02,placed\nb,2026-02-03,placed\na,2026-02-04,placed\n";
    let cases = read(&policy, "a.csv", text.as_bytes()).cases;
    let names: Vec<(&str, u32)> =
        cases.iter().map(|case| (case.case.as_str(), case.line)).collect();
    assert_eq!(names, [("a", 2), ("b", 3), ("a", 4)]);
    let mut known = Names::default();
    let before: Vec<_> = cases.iter().filter_map(|case| known.note(0, case)).collect();
    let refusal = before[0].refusal(&cases[2], None).to_string();
    assert_eq!(
        (before.len(), refusal.as_str()),
        (
            1,
            "line 4, field `case`: case `a` is on line 2 already; all the events of a case stand \
             together"
        )
    );
}

#[test]
fn what_is_not_utf8_in_a_stream_is_refused_where_it_stands() {
    let policy = policy();
    let good = ["a", "b", "c", "d"]
        .map(|case| format!("{{\"case\":\"{case}\",\"events\":[]}}\n"))
        .concat();
    let text = [good.as_bytes(), b"\xFF\n{\"case\":\"e\",\"events\":[]}\n"].concat();
    let cases = read(&policy, "a.jsonl", &text);
    assert_eq!(complaints(&cases), ["[] line 5: this line is not UTF-8 (save the file as UTF-8)"]);
    assert_eq!(cases.cases.len(), 6);
}

#[test]
fn a_quotation_mark_that_is_never_closed_ends_the_stream() {
    let policy = policy();
    let rows = "b,2026-02-03,placed\n".repeat(600);
    let text = format!("case,date,event\na,2026-02-02,\"placed\n{rows}");
    let cases = read(&policy, "a.csv", text.as_bytes());
    let said = complaints(&cases);
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].contains("line 2: from here on no end of a case can be found"), "{said:?}");
}

#[test]
fn a_plain_line_comes_to_the_same_as_any_other() {
    let policy = policy();
    let plain = super::super::plain::PlainReader::new(&policy);
    let fields = [
        "\"date\":\"2026-02-03\"",
        "\"date\": \"2026-02-30\"",
        "\"event\":\"placed\"",
        "\"event\":\"review-held\"",
        "\"event\":\"plaecd\"",
        "\"miles\":40",
        "\"miles\":040",
        "\"miles\":4.5",
        "\"miles\":\"12\"",
        "\"setting\":\"foster\"",
        "\"setting\":\"moon\"",
        "\"kin\":true",
        "\"kin\" : false",
        "\"kin\":null",
        "\"kin\":\"yes\"",
        "\"note\":\"two words\"",
        "\"note\":\"an \\\"escape\\\"\"",
        "\"note\":\"é\"",
        "\"ref\":\"r1\"",
        "\"ref\":\" \"",
        "\"seq\":2",
        "\"nope\":1",
    ];
    let mut random = fastrand::Rng::with_seed(4);
    let (mut taken, mut declined) = (0, 0);
    for _ in 0..6_000 {
        let events: Vec<String> = (0..random.usize(0..4))
            .map(|_| {
                let mut own = vec![fields[0], fields[2]];
                own.extend((0..random.usize(0..3)).filter_map(|_| random.choice(fields)));
                if random.u8(0..8) == 0 {
                    own.swap_remove(random.usize(0..2));
                }
                format!("{{{}}}", own.join(","))
            })
            .collect();
        let blank = random.choice(["", " ", "\t"]).unwrap_or_default();
        let mut line =
            format!("{{{blank}\"case\":\"a\",\"events\":[{}]{blank}}}", events.join(","));
        if random.u8(0..6) == 0 {
            let at = random.usize(0..line.len());
            if line.is_char_boundary(at) {
                line.insert(
                    at,
                    random.choice(['"', ',', '}', ']', ' ', '0', '\\', 'x']).unwrap_or(' '),
                );
            }
        }
        let general = json::case(&policy, 7, &line).finish(&policy);
        match plain.case(7, &line) {
            Some(read) => {
                taken += 1;
                assert_eq!(Ok(&read), general.outcome.as_ref(), "{line}");
                assert_eq!(read.timeline.case, general.case);
            }
            None => declined += 1,
        }
    }
    assert!(taken > 1_000 && declined > 1_000, "{taken} taken, {declined} declined");
}
