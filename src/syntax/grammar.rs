//! The grammar at work: the only place, with the lowering, that knows how texts are parsed.

use pest::Parser;
use pest::error::{ErrorVariant, InputLocation};
use pest::iterators::Pair;

use crate::source::Span;

use super::words::{Wording, wording};

/// The generated parser.
#[derive(pest_derive::Parser)]
#[grammar = "grammar/duly.pest"]
struct Grammar;

/// A piece of the parsed text that stands for one rule of the grammar.
#[derive(Clone)]
pub(super) struct Node<'t> {
    pair: Pair<'t, Rule>,
    /// Where the parsed text begins in its source.
    base: u32,
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
        Ok(mut pairs) => match pairs.next() {
            Some(pair) => Ok(Node { pair, base }),
            None => Err(Failure { at: 0, expected: Vec::new() }),
        },
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

impl<'t> Node<'t> {
    /// The rule that was matched.
    pub(super) fn rule(&self) -> Rule {
        self.pair.as_rule()
    }

    /// The text of a token. For anything larger it may run on into the blanks that follow.
    pub(super) fn text(&self) -> &'t str {
        self.pair.as_str()
    }

    /// The place, from the first token to the last.
    pub(super) fn span(&self) -> Span {
        // The parser's own span takes in the blanks and comments before an optional part that is
        // not there, so the end is that of the last token.
        let mut last = self.pair.clone();
        while let Some(inner) = last.clone().into_inner().next_back() {
            last = inner;
        }
        Span::new(
            self.base + self.pair.as_span().start() as u32,
            self.base + last.as_span().end() as u32,
        )
    }

    /// The parts.
    pub(super) fn parts(&self) -> impl Iterator<Item = Node<'t>> + use<'t> {
        let base = self.base;
        self.pair.clone().into_inner().map(move |pair| Node { pair, base })
    }

    /// Whether this is a token: a piece that has no parts.
    pub(super) fn is_token(&self) -> bool {
        self.pair.clone().into_inner().next().is_none()
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
        let start = span.start.saturating_sub(self.base) as usize;
        let end = span.end.saturating_sub(self.base) as usize;
        self.pair.get_input().get(start..end).unwrap_or_default()
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
