//! Characters, comments, words, sizes and garbage.

use std::time::{Duration, Instant};

use super::super::grammar::{self, Rule};
use super::super::words::{self, Wording, wording};
use super::{SURFACE, clean, parse_text, shape, shown};
use crate::diagnostic::Code;
use crate::source::{LineIndex, Source};
use crate::syntax::ast::Declaration;
use crate::syntax::{parse, parse_fact_line, parse_reading_value, parse_timeline, scan};

const UNRESERVED: [&str; 8] = ["basis", "case", "date", "days", "meeting", "number", "ref", "text"];

fn all_words() -> Vec<(Rule, &'static str)> {
    let words = Rule::all_rules().iter().filter_map(|rule| match wording(*rule) {
        Wording::Word(word) => Some((*rule, word)),
        _ => None,
    });
    words.collect()
}

#[test]
fn every_word_ends_at_its_boundary() {
    let matches =
        |rule, text: &str| grammar::parse(rule, text, 0).is_ok_and(|node| node.text() == text);
    for (rule, word) in all_words() {
        assert!(matches(rule, word), "{word}");
        for tail in ["foo", "-foo", "_", "1", "–x", "é"] {
            let longer = format!("{word}{tail}");
            assert!(grammar::parse(rule, &longer, 0).is_err(), "{longer}");
            assert!(matches(Rule::name, &longer), "{longer} is a name");
        }
        let reserved = !UNRESERVED.contains(&word);
        assert_eq!(grammar::parse(Rule::keyword, word, 0).is_ok(), reserved, "{word}");
        assert_eq!(matches(Rule::name, word), !reserved, "{word}");
        assert_eq!(words::is_word(word), reserved, "{word}");
    }
}

#[test]
fn no_rule_reaches_a_reader_under_its_own_name() {
    for rule in Rule::all_rules() {
        if let Wording::Thing(text) | Wording::Sign(text) | Wording::Clause(text) = wording(*rule) {
            assert!(!text.contains('_') && !text.is_empty(), "{rule:?}: {text}");
        }
    }
}

#[test]
fn the_table_of_clauses_names_words_and_puts_the_longer_first() {
    for (index, (clause, owners)) in words::CLAUSES.iter().enumerate() {
        for word in clause.split(' ') {
            assert!(all_words().iter().any(|(_, known)| *known == word), "{clause}");
        }
        for owner in *owners {
            assert!(*owner == "stage" || words::DECLARATIONS.contains(owner), "{owner}");
        }
        let shorter = words::CLAUSES
            .iter()
            .take(index)
            .find(|(before, _)| clause.starts_with(&format!("{before} ")));
        assert_eq!(shorter, None, "{clause} can never be found");
    }
}

#[test]
fn comments_survive_wherever_they_stand() {
    let text = "# first\nrole iro \"a # b\" # after # twice  \n  # own\r\nduty d # héad\n  by iro must\n  due # in a clause\n    at x\n# last";
    let (source, parsed) = parse_text(text);
    assert!(parsed.problems.is_empty());
    let comments: Vec<_> = parsed
        .comments
        .iter()
        .map(|c| {
            assert_eq!(c.span.text(&source), c.text);
            (c.text.as_str(), c.own_line)
        })
        .collect();
    assert_eq!(
        comments,
        [
            ("# first", true),
            ("# after # twice", false),
            ("# own", true),
            ("# héad", false),
            ("# in a clause", false),
            ("# last", true),
        ]
    );
}

/// The grammar and the scanner each know what a comment and a text are; they must agree.
#[test]
fn comments_and_tokens_together_are_the_whole_text() {
    let scanned = scan::scan(SURFACE);
    let mut places: Vec<_> = scanned.tokens.iter().map(|t| t.span).collect();
    places.extend(scanned.comments.iter().map(|c| c.span));
    places.sort();
    let mut end = 0;
    for place in places {
        let gap = SURFACE.get(end as usize..place.start as usize).unwrap();
        assert!(gap.trim().is_empty(), "{gap}");
        end = place.end;
    }
    let mut removed = SURFACE.to_owned();
    for comment in &scanned.comments {
        removed.replace_range(comment.span.range(), &" ".repeat(comment.text.len()));
    }
    assert!(shape(&clean(&removed).1) == shape(&clean(SURFACE).1));
}

#[test]
fn blanks_of_every_kind_are_blanks() {
    let plain = shape(&clean(SURFACE).1);
    let same = |text: &str| shape(&clean(text).1) == plain;
    assert!(same(&SURFACE.replace('\n', "\r\n")), "CRLF");
    assert!(same(&format!("\u{feff}{SURFACE}")), "byte-order mark");
    assert!(same(&SURFACE.replace("  ", "\u{a0}\u{a0}")), "no-break space");
    assert!(same(&SURFACE.replace("  ", "\t")), "tab");
    let flush: Vec<_> = SURFACE.lines().map(str::trim_start).collect();
    assert!(same(&flush.join("\n")), "no indentation");
}

#[test]
fn brackets_and_nots_have_a_limit() {
    let nested = |open: &str, close: &str, depth| {
        let (open, close) = (open.repeat(depth), close.repeat(depth));
        let started = Instant::now();
        let (_, parsed) = parse_text(&format!("state s\n holds while {open}x{close}\nrole iro\n"));
        assert!(started.elapsed() < Duration::from_secs(10));
        assert!(!parsed.file.declarations.is_empty());
        parsed.problems.iter().map(|p| p.code).collect::<Vec<_>>()
    };
    for (open, close) in [("(", ")"), ("not ", ""), ("not (", ")"), ("x where (", ") recorded")] {
        let steps = if open.ends_with(" (") { 2 } else { 1 };
        assert_eq!(nested(open, close, 64 / steps), [], "{open}");
        assert_eq!(nested(open, close, 65 / steps + 1), [Code::NestedTooDeep], "{open}");
        assert_eq!(nested(open, close, 10_000), [Code::NestedTooDeep], "{open}");
    }
    assert_ne!(nested("(", "", 64), []);
    let (_, parsed) = parse_text("state s\n holds while (not ) and x\nrole iro\n");
    assert!(parsed.problems.iter().all(|problem| problem.code == Code::SyntaxError));
    let many = |word: &str, count| nested(&format!("x {word} "), "", count);
    assert_eq!(many("and", 150), []);
    assert_eq!(many("or", 30_000), [Code::NestedTooDeep]);
    let nots = "not x and not (y or not z) and ".repeat(60);
    clean(&format!("state s\n holds while {nots} w\n"));
    for (open, close) in [("the earlier of ", " and y"), ("the later of x and ", "")] {
        let text = |depth: usize| {
            let (open, close) = (open.repeat(depth), close.repeat(depth));
            format!("duty d\n by iro must\n due within {open}x{close} after z\n")
        };
        assert!(parse_text(&text(60)).1.problems.is_empty());
        let codes: Vec<_> = parse_text(&text(10_000)).1.problems.iter().map(|p| p.code).collect();
        assert_eq!(codes, [Code::NestedTooDeep], "{open}");
    }
    let (_, parsed) =
        parse_text(&format!("duty d\n by iro must\n due at x{}\n", ", else x".repeat(10_000)));
    assert!(parsed.problems.has_errors());
}

#[test]
fn a_long_file_takes_little_time() {
    use std::fmt::Write as _;
    let mut text = String::new();
    for number in 0..5000 {
        write!(text, "duty d{number} \"A duty\"\n  by iro must\n  due within 20 working days after placed where kind is x and miles > 3\n  met by any of\n    - a{number}\n    - b\n  cite \"1\"\n").unwrap();
    }
    let started = Instant::now();
    let (_, file) = clean(&text);
    assert_eq!(file.declarations.len(), 5000);
    // A debug build on a busy machine; a release build needs a small part of a second.
    assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
}

#[test]
fn nothing_makes_it_panic() {
    let mut random = fastrand::Rng::with_seed(7);
    let pieces: Vec<&str> = SURFACE.split_inclusive(char::is_whitespace).collect();
    let declarations: Vec<&str> = SURFACE.split_inclusive("\n\n").collect();
    let check = |text: &str| {
        let source = Source::new("garbage", text);
        let parsed = parse(&source);
        for problem in &parsed.problems {
            assert!(
                !problem.message.contains('\n') && !problem.message.ends_with('.'),
                "{}",
                problem.message
            );
            for label in &problem.labels {
                let place = label.span;
                assert!(source.text.get(place.range()).is_some(), "{place:?} in {text:?}");
            }
        }
        let _ = parse_timeline(&source);
        let _ = parse_fact_line(&source);
        let _ = parse_reading_value(text);
    };
    for _ in 0..400 {
        let whole = declarations[random.usize(..declarations.len())];
        let cut =
            (0..=random.usize(..whole.len())).rev().find(|at| whole.is_char_boundary(*at)).unwrap();
        let (before, after) = whole.split_at(cut);
        check(before);
        check(after);
        let shuffled: String =
            (0..random.usize(..40)).map(|_| pieces[random.usize(..pieces.len())]).collect();
        check(&shuffled);
        let bytes: Vec<u8> = (0..random.usize(..60)).map(|_| random.u8(..)).collect();
        check(&String::from_utf8_lossy(&bytes));
        let mut mutated = whole.as_bytes().to_vec();
        for _ in 0..random.usize(1..4) {
            let at = random.usize(..mutated.len());
            mutated[at] = b"\"#(-\n,\xc3x9 "[random.usize(..10)];
        }
        check(&String::from_utf8_lossy(&mutated));
    }
}

#[test]
fn three_broken_declarations_cost_three_messages() {
    let text = "role iro\nduty w\n  by iro must\n  due wihtin 5 days after x\nevent b\nreview c\n  by iro must\n  held by x\n  first at born\nforbid d\n  no more then 1 x in each c\nrole e\n";
    let (source, parsed) = parse_text(text);
    let index = LineIndex::new(text);
    let places: Vec<_> = parsed
        .problems
        .iter()
        .map(|p| (index.location(p.span().start).line, p.span().text(&source)))
        .collect();
    assert_eq!(
        places,
        [(4, "wihtin"), (8, "by"), (11, "then")],
        "{:#?}",
        shown(&source, &parsed.problems)
    );
    let kept = parsed.file.declarations;
    assert_eq!(kept.len(), 6);
    assert!(matches!(&kept[5], Declaration::Role(role) if role.name.node == "e"));
}

#[test]
fn timelines_keep_their_good_lines() {
    let text = "# events\n2026-01-05 born\ncase child-a\n2026-03-01 placed miles 40 ref a # why\n2026-03-02 placed miles\n\ncase 2026/17\n2026-02-30 left\nfoo\n2026-03-04 left seq 2 reason \"x # y\"\n";
    let source = Source::new("t", text);
    let (cases, problems) = parse_timeline(&source);
    assert_eq!(
        shown(&source, &problems),
        [
            "E0001 5: a value is missing at the end of this line [] [\"if these words are the name of the event, write `placed-miles`\"]",
            "E0005 8: there is no 30 February 2026: February 2026 has 28 days, because 2026 is not a leap year [2026-02-30] []",
            "E0001 9: expected a date, found `foo` [foo] [\"a date is written as YYYY-MM-DD, such as 2026-03-02\"]",
        ]
    );
    let names: Vec<_> = cases
        .iter()
        .map(|(name, facts)| (name.as_ref().map(|n| n.node.as_str()), facts.len()))
        .collect();
    assert_eq!(names, [(None, 1), (Some("child-a"), 1), (Some("2026/17"), 2)]);
}
