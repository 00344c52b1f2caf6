//! Tests of the whole way from text to tree and messages.

use super::ast::File;
use super::*;
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
            format!("{} {line}: {} [{span}] {:?}", p.code.number(), p.message, p.help)
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
    crate::source::LineIndex::new(&source.text).location(span.start).line
}

#[test]
fn the_whole_surface_parses() {
    let (_, file) = clean(SURFACE);
    assert_eq!(
        file.declarations.len(),
        SURFACE.lines().filter(|l| l.starts_with(char::is_alphabetic)).count()
    );
}
