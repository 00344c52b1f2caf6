//! Putting tokens and comments on lines.

use std::ops::Range;

use crate::source::{Source, Span};
use crate::syntax::{Before, Comment, Kind, Piece};

use super::WIDTH;
use super::plan::{Line, Plan, STEP, before, lines, measure, plan, width};

/// How much further a clause goes on in its next line.
const HANGING: usize = 4;

/// Prints the tokens of a file with its comments between them.
pub(super) fn print(source: &Source, pieces: &[Piece], comments: &[Comment]) -> String {
    let lines = lines(pieces);
    let mut printer = Printer {
        source,
        pieces,
        comments,
        plan: plan(source, pieces, comments, &lines),
        out: String::with_capacity(source.text.len()),
        line: String::new(),
        printed: 0,
    };
    let mut last = None;
    for line in &lines {
        printer.start(last, line);
        printer.go_on(line);
        last = Some(line);
    }
    printer.end(last);
    printer.out
}

struct Printer<'a> {
    source: &'a Source,
    pieces: &'a [Piece],
    comments: &'a [Comment],
    plan: Plan,
    out: String,
    /// The line that is being put together.
    line: String,
    /// How far in the source everything has been printed.
    printed: u32,
}

impl Printer<'_> {
    /// Begins the line of a declaration, a stage, a clause or an item, below the comments before it.
    fn start(&mut self, last: Option<&Line>, line: &Line) {
        let Some(first) = self.pieces.get(line.tokens.start) else { return };
        self.trailing_comment(first.span.start);
        self.close_line();
        let own_lines = self.comments_before(first.span.start);
        let own_lines = self.comments.get(own_lines).unwrap_or_default();
        let mut blanks: Vec<bool> = Vec::new();
        let mut end = self.printed;
        for place in own_lines.iter().map(|comment| comment.span).chain([first.span]) {
            blanks.push(self.blank_line(Span::new(end, place.start)));
            end = place.end;
        }
        let indents: Vec<usize> = own_lines
            .iter()
            .map(|comment| comment_indent(self.column(comment), last, Some(line)))
            .collect();
        let outer = indents.iter().position(|&indent| indent == line.indent);
        match self.air(last, line) {
            Air::None => blanks.fill(false),
            Air::AsWritten => {}
            Air::AfterHead => {
                if let Some(first) = blanks.first_mut() {
                    *first = false;
                }
            }
            Air::Always => {
                if !blanks.contains(&true)
                    && let Some(blank) = blanks.get_mut(outer.unwrap_or(own_lines.len()))
                {
                    *blank = true;
                }
            }
        }
        for ((comment, indent), blank) in own_lines.iter().zip(indents).zip(&blanks) {
            self.blank_if(*blank);
            self.line = " ".repeat(indent) + &comment.text;
            self.close_line();
            self.printed = comment.span.end;
        }
        self.blank_if(blanks.last() == Some(&true));
        self.line = " ".repeat(line.indent);
        self.put(first.span);
    }

    /// Prints the rest of a line, over as many lines as it needs.
    fn go_on(&mut self, line: &Line) {
        let mut block: Option<&Range<usize>> = None;
        let plan = std::mem::take(&mut self.plan);
        for index in line.tokens.clone().skip(1) {
            let Some(piece) = self.pieces.get(index) else { continue };
            let opens = plan.blocks.get(&index);
            block = opens.or(block).filter(|block| block.contains(&index));
            let indent = line.indent + if block.is_some() { STEP } else { HANGING };
            if self.comments_between(piece.span.start) {
                self.inner_comments(piece.span.start, indent);
            } else {
                let breaks = opens.is_some()
                    || match piece.before {
                        Before::Entry if block.is_some() => {
                            self.newline_before(piece.span.start) || self.is_full(line, index)
                        }
                        Before::Entry | Before::Break => self.is_full(line, index),
                        _ => false,
                    };
                if breaks {
                    self.close_line();
                    self.line = " ".repeat(indent);
                } else {
                    let column = plan.columns.get(&index).map(|column| column + line.indent);
                    self.space(piece.before, column);
                }
            }
            self.put(piece.span);
        }
        self.plan = plan;
    }

    /// Prints what follows the last token.
    fn end(&mut self, last: Option<&Line>) {
        let end = self.source.span().end;
        self.trailing_comment(end);
        self.close_line();
        let rest = self.comments_before(end);
        for comment in self.comments.get(rest).unwrap_or_default() {
            let blank = !self.out.is_empty()
                && self.blank_line(Span::new(self.printed, comment.span.start));
            self.blank_if(blank);
            self.line =
                " ".repeat(comment_indent(self.column(comment), last, None)) + &comment.text;
            self.close_line();
            self.printed = comment.span.end;
        }
    }

    /// Puts blanks in front of a token that stays on its line.
    fn space(&mut self, before: Before, column: Option<usize>) {
        let blanks = match before {
            Before::Nothing => 0,
            Before::Apart => 2,
            Before::Title | Before::Column(_) | Before::Fitted(_) => {
                column.unwrap_or_default().saturating_sub(width(&self.line)).max(1)
            }
            Before::Declaration(_)
            | Before::Stage
            | Before::Clause
            | Before::Item
            | Before::Entry
            | Before::Break
            | Before::Blank => 1,
        };
        self.line += &" ".repeat(blanks);
    }

    fn put(&mut self, span: Span) {
        self.line += span.text(self.source);
        self.printed = span.end;
    }

    fn close_line(&mut self) {
        if !self.line.is_empty() {
            self.out += self.line.trim_end();
            self.out.push('\n');
            self.line.clear();
        }
    }

    fn blank_if(&mut self, wanted: bool) {
        if wanted && !self.out.is_empty() {
            self.out.push('\n');
        }
    }

    /// The comments that are not yet printed and stand before a place.
    fn comments_before(&self, place: u32) -> Range<usize> {
        let start = self.comments.partition_point(|comment| comment.span.start < self.printed);
        let end = self.comments.partition_point(|comment| comment.span.start < place);
        start..end
    }

    fn comments_between(&self, place: u32) -> bool {
        !self.comments_before(place).is_empty()
    }

    /// Prints the comment that stands behind the last token on its line.
    fn trailing_comment(&mut self, place: u32) {
        let next = self.comments_before(place).start;
        let comment = self.comments.get(next).filter(|comment| comment.span.start < place);
        if let Some(comment) = comment.filter(|comment| !comment.own_line) {
            self.line += "  ";
            self.line += &comment.text;
            self.printed = comment.span.end;
        }
    }

    /// Prints the comments inside a clause, and begins the line after them.
    fn inner_comments(&mut self, place: u32, indent: usize) {
        self.trailing_comment(place);
        self.close_line();
        let own_lines = self.comments_before(place);
        for comment in self.comments.get(own_lines).unwrap_or_default() {
            self.line = " ".repeat(indent) + &comment.text;
            self.close_line();
            self.printed = comment.span.end;
        }
        self.line = " ".repeat(indent);
    }

    /// Whether a line was broken just before a place.
    fn newline_before(&self, place: u32) -> bool {
        Span::new(self.printed, place).text(self.source).contains('\n')
    }

    /// Whether there is an empty line between two places that have nothing else between them.
    fn blank_line(&self, between: Span) -> bool {
        between.text(self.source).matches('\n').count() > 1
    }

    /// Whether a line is to be broken before a token: what follows up to the next place as good for a
    /// break does not fit on it any more.
    fn is_full(&self, line: &Line, index: usize) -> bool {
        let here = self.worth(index);
        let next = (index + 1..line.tokens.end).find(|&index| self.worth(index) >= here);
        let end = next.unwrap_or(line.tokens.end);
        width(&self.line) + 1 + measure(self.source, self.pieces, index..end) > WIDTH
    }

    /// How good a place for a break is.
    fn worth(&self, index: usize) -> Worth {
        let comma = index.checked_sub(1).and_then(|index| self.pieces.get(index));
        let after_comma = comma.is_some_and(|piece| piece.span.text(self.source) == ",");
        match before(self.pieces, index) {
            Some(Before::Break | Before::Entry) if after_comma => Worth::Good,
            Some(Before::Break | Before::Entry) => Worth::Fair,
            _ => Worth::None,
        }
    }

    /// The column in which a comment was written, from 0.
    fn column(&self, comment: &Comment) -> usize {
        let before = Span::new(0, comment.span.start).text(self.source);
        before.rsplit('\n').next().map_or(0, width)
    }

    /// How the blank lines before a line are to be treated.
    fn air(&self, last: Option<&Line>, line: &Line) -> Air {
        let kind = |line: &Line| before(self.pieces, line.tokens.start);
        let Some(last) = last else { return Air::AsWritten };
        match kind(line) {
            Some(Before::Declaration(this)) => match self.kind_of(last.section) {
                // Vocabulary is grouped as its authors see fit.
                Some(Kind::Role | Kind::Event | Kind::State) if this != Kind::Other => {
                    Air::AsWritten
                }
                _ => Air::Always,
            },
            Some(Before::Stage) => Air::Always,
            Some(Before::Item) if kind(last) != Some(Before::Item) => Air::None,
            _ if matches!(kind(last), Some(Before::Declaration(_) | Before::Stage)) => {
                Air::AfterHead
            }
            _ => Air::AsWritten,
        }
    }

    /// The kind of declaration that a section belongs to.
    fn kind_of(&self, section: usize) -> Option<Kind> {
        match before(self.pieces, section) {
            Some(Before::Declaration(kind)) => Some(kind),
            _ => None,
        }
    }
}

/// How good a place for a break is.
#[derive(PartialEq, PartialOrd)]
enum Worth {
    /// There is none to be made.
    None,
    /// Before a word that joins or conditions.
    Fair,
    /// After a comma.
    Good,
}

/// How the blank lines before a line are to be treated.
enum Air {
    /// There is none.
    None,
    /// They stay, one for several.
    AsWritten,
    /// They stay, except directly below the head of a declaration.
    AfterHead,
    /// There is at least one.
    Always,
}

/// Where a comment on a line of its own stands: with what follows it, unless it was written further in,
/// as a last word on what goes before.
fn comment_indent(column: usize, last: Option<&Line>, next: Option<&Line>) -> usize {
    let next = next.map_or(0, |line| line.indent);
    let body = last.map_or(0, Line::body);
    if column > next && body > next { body } else { next }
}
