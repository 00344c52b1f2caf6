//! The grammar at work: the only place, with the lowering, that knows how texts are parsed.

use std::rc::Rc;

use pest::error::{ErrorVariant, InputLocation};
use pest::iterators::Pairs;
use pest::{Parser, Token};

use crate::source::Span;

use super::words::{Wording, wording};

/// The generated parser.
#[derive(pest_derive::Parser)]
#[grammar = "grammar/duly.pest"]
struct Grammar;

/// A piece of the parsed text that stands for one rule of the grammar.
#[derive(Clone)]
pub(super) struct Node<'t> {
    tree: Rc<Tree<'t>>,
    index: u32,
}

/// All pieces of a parsed text, each followed by its parts. The parser's own pieces find their parts anew
/// each time they are asked.
struct Tree<'t> {
    text: &'t str,
    /// Where the parsed text begins in its source.
    base: u32,
    pieces: Vec<Piece>,
}

/// What is known of a piece.
#[derive(Clone, Copy)]
struct Piece {
    rule: Rule,
    start: u32,
    end: u32,
    /// The end of its last token. The parser takes in the blanks and comments before an optional part that
    /// is not there.
    last: u32,
    /// The piece after its parts.
    after: u32,
}

/// Where the parser could not go on, and what it could have gone on with.
pub(super) struct Failure {
    /// The offset into the parsed text.
    pub(super) at: usize,
    /// The rules that were tried there.
    pub(super) expected: Vec<Rule>,
}

/// Parses a text that begins at an offset of its source.
pub(super) fn parse(rule: Rule, text: &str, base: u32) -> Result<Node<'_>, Failure> {
    match Grammar::parse(rule, text) {
        Ok(pairs) if !pairs.is_empty() => {
            let tree = Tree { text, base, pieces: pieces(pairs) };
            Ok(Node { tree: Rc::new(tree), index: 0 })
        }
        Ok(_) => Err(Failure { at: 0, expected: Vec::new() }),
        Err(error) => Err(Failure {
            at: match error.location {
                InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
            },
            expected: match error.variant {
                ErrorVariant::ParsingError { positives, .. } => positives,
                ErrorVariant::CustomError { .. } => Vec::new(),
            },
        }),
    }
}

/// Hardly any piece takes fewer bytes on the average.
const USUAL: usize = 8;

/// The pieces in the order in which they begin.
fn pieces(pairs: Pairs<'_, Rule>) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::with_capacity(pairs.as_str().len() / USUAL);
    let mut open: Vec<u32> = Vec::new();
    let mut last = 0;
    for token in pairs.tokens() {
        match token {
            Token::Start { rule, pos } => {
                let (start, index) = (pos.pos() as u32, pieces.len() as u32);
                open.push(index);
                pieces.push(Piece { rule, start, end: start, last: start, after: index + 1 });
            }
            Token::End { pos, .. } => {
                let (end, after) = (pos.pos() as u32, pieces.len() as u32);
                let Some(index) = open.pop() else { continue };
                if index + 1 == after {
                    last = end;
                }
                if let Some(piece) = pieces.get_mut(index as usize) {
                    *piece = Piece { end, last, after, ..*piece };
                }
            }
        }
    }
    pieces
}

impl<'t> Node<'t> {
    #[expect(clippy::indexing_slicing, reason = "every index was made for this tree")]
    fn piece(&self) -> &Piece {
        &self.tree.pieces[self.index as usize]
    }

    /// The rule that was matched.
    pub(super) fn rule(&self) -> Rule {
        self.piece().rule
    }

    /// The text of a token. For anything larger it may run on into the blanks that follow.
    pub(super) fn text(&self) -> &'t str {
        let Piece { start, end, .. } = *self.piece();
        self.tree.text.get(start as usize..end as usize).unwrap_or_default()
    }

    /// The place, from the first token to the last.
    pub(super) fn span(&self) -> Span {
        let Piece { start, last, .. } = *self.piece();
        Span::new(self.tree.base + start, self.tree.base + last)
    }

    /// The parts.
    pub(super) fn parts(&self) -> impl Iterator<Item = Node<'t>> + use<'t> {
        let (mut next, end) = (self.index + 1, self.piece().after);
        let tree = Rc::clone(&self.tree);
        std::iter::from_fn(move || {
            let index = next;
            next = tree.pieces.get(index as usize).filter(|_| index < end)?.after;
            Some(Node { tree: Rc::clone(&tree), index })
        })
    }

    /// Whether this is a token: a piece that has no parts.
    pub(super) fn is_token(&self) -> bool {
        self.piece().after == self.index + 1
    }

    /// The word of the language that this is, if it is one.
    pub(super) fn word(&self) -> Option<&'static str> {
        match wording(self.rule()) {
            Wording::Word(word) => Some(word),
            _ => None,
        }
    }

    /// A stretch of the text that was parsed, by its place in the source.
    pub(super) fn text_at(&self, span: Span) -> &'t str {
        let start = span.start.saturating_sub(self.tree.base) as usize;
        let end = span.end.saturating_sub(self.tree.base) as usize;
        self.tree.text.get(start..end).unwrap_or_default()
    }

    /// The first part that is more than a word of the language or a sign.
    pub(super) fn inner(&self) -> Option<Node<'t>> {
        self.parts()
            .find(|part| !matches!(wording(part.rule()), Wording::Word(_) | Wording::Sign(_)))
    }

    /// The parts of one rule.
    pub(super) fn each(&self, rule: Rule) -> impl Iterator<Item = Node<'t>> + use<'t> {
        self.parts().filter(move |part| part.rule() == rule)
    }

    /// The first part of a rule.
    pub(super) fn find(&self, rule: Rule) -> Option<Node<'t>> {
        self.each(rule).next()
    }

    /// Tells whether a part of a rule is there.
    pub(super) fn has(&self, rule: Rule) -> bool {
        self.find(rule).is_some()
    }
}
