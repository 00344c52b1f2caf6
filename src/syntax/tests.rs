//! Tests of the whole way from text to tree and messages.

use super::ast::*;
use super::*;
use crate::diagnostic::Severity;
use crate::source::Span;

mod messages;
mod pages;
mod text;
mod tree;

const SURFACE: &str = include_str!("tests/surface.duly");

#[track_caller]
fn parse_text(text: &str) -> (Source, Parsed) {
    let source = Source::new("test.duly", text);
    let parsed = parse(&source);
    (source, parsed)
}

/// Reads a text that has nothing wrong with it.
#[track_caller]
fn clean(text: &str) -> (Source, File) {
    let (source, parsed) = parse_text(text);
    let problems = shown(&source, &parsed.problems);
    assert!(problems.is_empty(), "{problems:#?}");
    (source, parsed.file)
}

/// Problems as `CODE message [text under the first label]`.
fn shown(source: &Source, problems: &Problems) -> Vec<String> {
    problems
        .iter()
        .map(|p| {
            let (line, span) = (line_of(source, p.span()), p.span().text(source));
            format!(
                "{} {line}: {} [{span}] {:?}",
                p.code.number(),
                p.message,
                p.help
            )
        })
        .collect()
}

/// A tree without its places.
fn shape(tree: &impl std::fmt::Debug) -> String {
    let whole = format!("{tree:?}");
    let mut parts = whole.split("Span { start: ");
    let mut shape = parts.next().unwrap().to_owned();
    for part in parts {
        shape.push_str(part.split_once('}').unwrap().1);
    }
    shape
}

fn line_of(source: &Source, span: Span) -> u32 {
    crate::source::LineIndex::new(&source.text)
        .location(span.start)
        .line
}

#[test]
fn the_whole_surface_parses() {
    let (_, file) = clean(SURFACE);
    assert_eq!(
        file.declarations.len(),
        SURFACE
            .lines()
            .filter(|l| l.starts_with(char::is_alphabetic))
            .count()
    );
    assert!(Severity::Error < Severity::Warning);
}

#[test]
fn explore() {
    for text in [
        "duty d\n  by iro must\n  due within within 5 working days after placed\n  met by x\n",
        "duty d\n  by iro must\n  due within 5 working days\n  met by x\n",
        "duty d\n  by iro must\n  due within\n  met by x\n",
        "duty d\n  by iro must\n  due within 5 working days aftr placed\n  met by x\n",
        "duty d\n  by iro must\n  due within five working days after placed\n  tels x\n",
        "duty d\n  by\n  due within five working days after placed\n",
        "duty d\n  by iro must\n  due within 5 days after placed where kind = x\n",
        "duty d\n  by iro must\n  due on or before placed\n",
        "duty d\n  by iro must\n  due within 5 days before placed\n",
        "duty d\n  by iro must\n  due no later than 5 days after placed\n",
        "review r\n  by iro must\n  held on x\n  first within 5 days after y\n  met by x\n  cite \"2\"\n",
        "duty d\n  by iro must\n  due at x\n  due at y\n  held on z\n  stage 1\n",
        "rewiew x\n  by iro\nrole iro\n",
        "hello there\nrole iro\n",
        " role iro\n",
        "role iro \"Tit\nrole x “Curly” \nrole y–z\nrole IRO\nrole a_b",
        "role review \"x\"\nevent e\n  kind is one of a, b c\n  x is a nmber\n",
        "policy p \"t\"\n in force from 03/04/2026\n closed 2026-02-30 \"x\"\n closed 2 March 2026 \"x\"\n",
        "state s\n until x\nstate t\n holds while (a and b\nstate u\n holds while a or\nstate v\n holds while a b\n",
        "ladder l\n stage 1\n  to x\n by iro must\n opened by x\n if satisfied end\n grounds a,, b\n",
        "scenario \"s\"\n 2026-01-05 placed kind\n 2026-01-05 placed miles 40 x\n as off 2026-01-01\n expect r lat by 5 days due 2026-01-01\n",
        "reading x\n or y\nreading y \"z\"\n is within 0 days after x\n or 6000 weeks\n or 2.5 days\n",
        "trigger t\n on any of\n • x\n – y\n * z\n",
        "duty d\n  by iro must\n  due within 5 days after x\n  cite \"2.1, \"5\"\n",
        "duty d \"D\n  by iro must\n  duee within 5 days after x\n",
        "duty d\n  by iro must\n  due within 5 days after x\n  met by any of\n    a\n    b\n",
        "forbid f\n  no more than two x in each r\n",
        "duty d\n  by iro must\n  due within 5 days after x\n  if not done y\n",
        "role iro ‘IRO’\nrole x 'IRO'\n",
        "duty\nrole\n",
        "duty d\n  by iro must,\n  due at x\n",
        "event e\n  review is yes or no\n  kind one of a, b\n kinds is one of\nrole x\n",
        "state s\n  from\n    a\n  until b c\n",
    ] {
        let (source, parsed) = parse_text(text);
        println!(
            "{text}=> {} declarations\n{:#?}\n",
            parsed.file.declarations.len(),
            shown(&source, &parsed.problems)
        );
    }
}
