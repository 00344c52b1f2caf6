//! What has to be known of a whole file before its first line can be printed: which lines there are, where
//! their columns stand, and which lists have lines of their own.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::source::{Source, Span};
use crate::syntax::{Before, Comment, Group, Kind, Piece};

use super::WIDTH;

/// One step to the right.
pub(super) const STEP: usize = 2;

/// A name that is longer than this, and longer than every other by more than `FAR`, does not push the
/// titles of its neighbours.
const LONG: usize = 24;

/// See [`LONG`].
const FAR: usize = 8;

/// What is known of the whole before the first line is printed.
#[derive(Default)]
pub(super) struct Plan {
    /// For each token that stands in a column: how wide what comes before it on its line is to be.
    pub(super) columns: BTreeMap<usize, usize>,
    /// The lists that stand on lines of their own, each from its first token on.
    pub(super) blocks: BTreeMap<usize, Range<usize>>,
}

/// The tokens of one line as it would be without any break.
pub(super) struct Line {
    pub(super) tokens: Range<usize>,
    pub(super) indent: usize,
    /// The part of the file whose columns are shared: a declaration, or a stage.
    pub(super) section: usize,
    /// Where the clauses of that part begin.
    body: usize,
}

pub(super) fn plan(
    source: &Source,
    pieces: &[Piece],
    comments: &[Comment],
    lines: &[Line],
) -> Plan {
    let mut plan = Plan::default();
    let mut widest: BTreeMap<(usize, Group), usize> = BTreeMap::new();
    for line in lines {
        for index in line.tokens.clone() {
            if let Some(Before::Column(group)) = before(pieces, index) {
                let lead = measure(source, pieces, line.tokens.start..index);
                let column = widest.entry((line.section, group)).or_default();
                *column = (*column).max(lead + gap(group));
            }
        }
    }
    for (number, line) in lines.iter().enumerate() {
        let list = list(pieces, &line.tokens);
        let written = list.as_ref().is_some_and(|list| is_broken(source, pieces, comments, list));
        let has_items = lines.get(number + 1).is_some_and(|next| is_item(pieces, next))
            && !is_item(pieces, line);
        let mut length = line.indent + measure(source, pieces, line.tokens.clone());
        let column = line.tokens.clone().find_map(|index| {
            let (Before::Column(group) | Before::Fitted(group)) = before(pieces, index)? else {
                return None;
            };
            let lead = measure(source, pieces, line.tokens.start..index);
            let column = *widest.get(&(line.section, group))?;
            (column > lead && !has_items).then_some((index, lead, column))
        });
        if let Some((_, lead, column)) = column {
            length += column - lead - 1;
        }
        match list {
            Some(list) if written || length > WIDTH => {
                plan.blocks.insert(list.start, list);
            }
            _ => {
                if let Some((index, _, column)) = column {
                    plan.columns.insert(index, column);
                }
            }
        }
    }
    titles(source, pieces, &mut plan);
    plan
}

/// The blanks that belong at least between the words of a clause and its value.
const fn gap(group: Group) -> usize {
    match group {
        Group::Clauses | Group::Choices | Group::Attributes => 1,
        // `if not satisfied  iro must open stage 2`: two phrases, so two blanks.
        Group::Exits => 2,
    }
}

pub(super) fn before(pieces: &[Piece], index: usize) -> Option<Before> {
    pieces.get(index).map(|piece| piece.before)
}

/// The lines of a file, if each declaration head, stage, clause and item has one.
pub(super) fn lines(pieces: &[Piece]) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let (mut section, mut body) = (0, 0);
    for (index, piece) in pieces.iter().enumerate() {
        let indent = match piece.before {
            Before::Declaration(_) => {
                (section, body) = (index, STEP);
                0
            }
            Before::Stage => {
                (section, body) = (index, STEP + STEP);
                STEP
            }
            Before::Clause => body,
            Before::Item => body + STEP,
            Before::Title
            | Before::Column(_)
            | Before::Fitted(_)
            | Before::Apart
            | Before::Entry
            | Before::Break
            | Before::Blank
            | Before::Nothing => {
                if let Some(line) = lines.last_mut() {
                    line.tokens.end = index + 1;
                }
                continue;
            }
        };
        lines.push(Line { tokens: index..index + 1, indent, section, body });
    }
    lines
}

fn is_item(pieces: &[Piece], line: &Line) -> bool {
    before(pieces, line.tokens.start) == Some(Before::Item)
}

/// The list between commas that a line holds, from its first name to its last.
fn list(pieces: &[Piece], line: &Range<usize>) -> Option<Range<usize>> {
    let entry = line.clone().find(|&index| before(pieces, index) == Some(Before::Entry))?;
    // The second name follows the first and a comma.
    let start = entry.checked_sub(2)?;
    let end = (entry..line.end)
        .find(|&index| !matches!(before(pieces, index), Some(Before::Entry | Before::Nothing)))
        .unwrap_or(line.end);
    Some(start..end)
}

/// Whether a list was written on more than one line.
fn is_broken(source: &Source, pieces: &[Piece], comments: &[Comment], list: &Range<usize>) -> bool {
    let span = |index: usize| pieces.get(index).map(|piece| piece.span);
    let ends = span(list.start).zip(list.end.checked_sub(1).and_then(span));
    let Some((start, end)) = ends else { return false };
    let place = start.join(end);
    let from = list.start.checked_sub(1).and_then(span).map_or(place.start, |lead| lead.end);
    let within = |comment: &Comment| from <= comment.span.start && comment.span.start < place.end;
    place.text(source).contains('\n') || comments.iter().any(within)
}

/// The width in characters of some tokens on one line.
pub(super) fn measure(source: &Source, pieces: &[Piece], range: Range<usize>) -> usize {
    let start = range.start;
    range
        .filter_map(|index| pieces.get(index).map(|piece| (index, piece)))
        .map(|(index, piece)| {
            let blanks = match piece.before {
                _ if index == start => 0,
                Before::Nothing => 0,
                Before::Apart => 2,
                Before::Declaration(_)
                | Before::Stage
                | Before::Clause
                | Before::Item
                | Before::Title
                | Before::Column(_)
                | Before::Fitted(_)
                | Before::Entry
                | Before::Break
                | Before::Blank => 1,
            };
            blanks + width(piece.span.text(source))
        })
        .sum()
}

pub(super) fn width(text: &str) -> usize {
    text.chars().count()
}

/// Sets the titles of neighbouring roles, or of neighbouring events, in one column.
fn titles(source: &Source, pieces: &[Piece], plan: &mut Plan) {
    let mut run: Vec<usize> = Vec::new();
    let mut kind = Kind::Other;
    let mut last_end = 0;
    for index in 0..pieces.len() {
        let Some(piece) = pieces.get(index) else { continue };
        if let Before::Declaration(this) = piece.before {
            let between = Span::new(last_end, piece.span.start);
            if this != kind || has_blank_line(between.text(source)) {
                settle(source, pieces, &mut run, plan);
                kind = this;
            }
        }
        if piece.before == Before::Title && index >= 2 {
            run.push(index);
        }
        last_end = piece.span.end;
    }
    settle(source, pieces, &mut run, plan);
}

/// Whether a text between two tokens, comments and all, has an empty line.
pub(super) fn has_blank_line(between: &str) -> bool {
    let mut lines = between.split('\n').skip(1).peekable();
    while let Some(line) = lines.next() {
        if lines.peek().is_some() && line.trim().is_empty() {
            return true;
        }
    }
    false
}

/// Gives the titles of a run their column.
fn settle(source: &Source, pieces: &[Piece], run: &mut Vec<usize>, plan: &mut Plan) {
    let name = |index: usize| index.checked_sub(1).and_then(|name| pieces.get(name));
    let mut widths: Vec<usize> = run
        .iter()
        .filter_map(|&index| name(index).map(|piece| width(piece.span.text(source))))
        .collect();
    widths.sort_unstable_by(|a, b| b.cmp(a));
    let far = |pair: &&[usize]| matches!(pair, [long, next] if *long > LONG && *long > next + FAR);
    let far = widths.windows(2).take_while(far).count();
    let Some(name) = widths.get(far) else { return };
    for index in run.drain(..) {
        let keyword = measure(source, pieces, index - 2..index - 1);
        plan.columns.insert(index, keyword + 1 + name + 1);
    }
}

impl Line {
    /// Where the clauses around this line begin.
    pub(super) const fn body(&self) -> usize {
        self.body
    }
}
