//! Names, texts, dates and numbers.

use crate::calendar::{Date, DateError};
use crate::diagnostic::{Code, Diagnostic, Fix};
use crate::source::{Span, Spanned};

use super::Lowering;
use crate::syntax::ast::{DateLiteral, InForce, Name, Text, Value};
use crate::syntax::grammar::{Node, Rule};
use crate::syntax::scan::{CURLY, is_dash};

impl Lowering {
    /// A name, in the form that names have.
    pub(super) fn name(&mut self, node: &Node<'_>) -> Name {
        let (text, span) = (node.text(), node.span());
        if is_well_written(text) {
            return Spanned::new(text.to_owned(), span);
        }
        let plain: String = text.chars().map(|c| if is_dash(c) { '-' } else { c }).collect();
        if plain != text {
            self.report(
                Diagnostic::new(
                    Code::WordProcessorCharacter,
                    format!("`{text}` has a long dash where a hyphen belongs"),
                    span,
                    "a long dash",
                )
                .fix(Fix::new("write a hyphen", span, plain.clone()).safe()),
            );
        }
        let folded = plain.to_lowercase().replace('_', "-");
        let folded =
            folded.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-");
        let legal = folded.is_ascii() && folded.starts_with(|c: char| c.is_ascii_lowercase());
        if folded != plain || !legal {
            let problem = Diagnostic::new(
                Code::SyntaxError,
                format!("`{plain}` is not written as names are"),
                span,
                "not a name",
            )
            .help("a name is small letters a to z and digits, its parts joined by single hyphens");
            self.report(if legal {
                problem.fix(Fix::new(format!("write `{folded}`"), span, folded.clone()).safe())
            } else {
                problem
            });
        }
        Spanned::new(if legal { folded } else { plain }, span)
    }

    /// The first name among the parts.
    pub(super) fn name_in(&mut self, node: &Node<'_>) -> Option<Name> {
        node.find(Rule::name).map(|name| self.name(&name))
    }

    /// The name of an attribute.
    pub(super) fn attribute_name(&mut self, node: &Node<'_>) -> Name {
        match node.find(Rule::name) {
            Some(name) => self.name(&name),
            None => Spanned::new(node.text().trim_end().to_owned(), node.span()),
        }
    }

    /// The names of a list.
    pub(super) fn names(&mut self, node: &Node<'_>) -> Vec<Name> {
        node.each(Rule::name).map(|name| self.name(&name)).collect()
    }

    /// The names of the list among the parts.
    pub(super) fn names_in(&mut self, node: &Node<'_>) -> Vec<Name> {
        node.find(Rule::names).map(|names| self.names(&names)).unwrap_or_default()
    }

    /// A quoted text, without its quotes.
    pub(super) fn text(&mut self, node: &Node<'_>) -> Text {
        let (text, span) = (node.text(), node.span());
        let quote = |c: char| c == '"' || CURLY.contains(&c);
        let open = text.chars().next().map_or(0, char::len_utf8);
        let close = text.chars().next_back().filter(|c| quote(*c));
        let close = close.map_or(0, char::len_utf8);
        let end = text.len().saturating_sub(close);
        let Some(body) = text.get(open..end) else {
            self.unclosed(span);
            return Spanned::new(String::new(), span);
        };
        if close == 0 {
            self.unclosed(Span::new(span.start, span.start + text.trim_end().len() as u32));
            return Spanned::new(body.trim_end().to_owned(), span);
        }
        if text.starts_with(CURLY) || text.ends_with(CURLY) {
            self.report(
                Diagnostic::new(
                    Code::WordProcessorCharacter,
                    "this text stands in quotes that a word processor has changed",
                    span,
                    "curly quotes",
                )
                .fix(Fix::new("write straight quotes", span, format!("\"{body}\"")).safe()),
            );
        }
        Spanned::new(body.to_owned(), span)
    }

    fn unclosed(&mut self, span: Span) {
        self.report(unclosed(span));
    }

    /// The first text among the parts.
    pub(super) fn text_in(&mut self, node: &Node<'_>) -> Option<Text> {
        node.find(Rule::text).map(|text| self.text(&text))
    }

    /// The texts among the parts.
    pub(super) fn texts(&mut self, node: &Node<'_>) -> Vec<Text> {
        node.each(Rule::text).map(|text| self.text(&text)).collect()
    }

    /// A date. One that cannot be read is reported, and another stands in for it.
    pub(super) fn date(&mut self, node: &Node<'_>) -> Spanned<DateLiteral> {
        let (text, span) = (node.text(), node.span());
        let plain: String = text.chars().map(|c| if is_dash(c) { '-' } else { c }).collect();
        let read = Date::parse(&plain);
        let (year, month, day) = match &read {
            Ok(date) | Err(DateError::OtherForm { date, .. }) => date.ymd(),
            Err(DateError::Ambiguous { day_first, .. }) => day_first.ymd(),
            Err(_) => (2000, 1, 1),
        };
        match read {
            Ok(date) if plain != text => self.report(
                Diagnostic::new(
                    Code::WordProcessorCharacter,
                    format!("`{text}` has long dashes where hyphens belong"),
                    span,
                    "long dashes",
                )
                .fix(Fix::new("write hyphens", span, date.to_string()).safe()),
            ),
            Ok(_) => {}
            Err(error) => {
                let problem =
                    Diagnostic::new(Code::ImpossibleDate, error.to_string(), span, "not a date");
                self.report(match error {
                    DateError::OtherForm { date, .. } => problem
                        .fix(Fix::new(format!("write {date}"), span, date.to_string()).safe()),
                    _ => problem,
                });
            }
        }
        Spanned::new(DateLiteral { year, month, day }, span)
    }

    /// The first date among the parts.
    pub(super) fn date_in(&mut self, node: &Node<'_>) -> Option<Spanned<DateLiteral>> {
        node.find(Rule::date).map(|date| self.date(&date))
    }

    /// A period: `from DATE until DATE`, of which either may be missing.
    pub(super) fn period(&mut self, node: &Node<'_>) -> Option<InForce> {
        let period = node.find(Rule::period)?;
        let from = period.find(Rule::from_date);
        let until = period.find(Rule::until_date);
        Some(InForce {
            from: from.and_then(|from| self.date_in(&from)),
            until: until.and_then(|until| self.date_in(&until)),
        })
    }

    /// A whole number: of a stage, an age, a count of acts.
    pub(super) fn count(&mut self, node: &Node<'_>) -> Spanned<u32> {
        let (text, span) = (node.text(), node.span());
        let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let number = digits.parse().unwrap_or_else(|_| {
            self.report(Diagnostic::new(
                Code::SyntaxError,
                format!("a whole number below ten digits belongs here, found `{text}`"),
                span,
                "not a whole number that can be meant",
            ));
            1
        });
        Spanned::new(number, span)
    }

    /// The first number among the parts.
    pub(super) fn count_in(&mut self, node: &Node<'_>) -> Option<Spanned<u32>> {
        node.find(Rule::number).map(|number| self.count(&number))
    }

    /// A value.
    pub(super) fn value(&mut self, node: &Node<'_>) -> Option<Spanned<Value>> {
        let inner = node.inner()?;
        let value = match inner.rule() {
            Rule::yes_no => Value::YesNo(inner.has(Rule::kw_yes)),
            Rule::date => Value::Date(self.date(&inner).node),
            Rule::number => Value::Number(inner.text().to_owned()),
            Rule::text => Value::Text(self.text(&inner).node),
            Rule::name => Value::Word(self.name(&inner).node),
            _ => return None,
        };
        Some(Spanned::new(value, inner.span()))
    }
}

/// Whether a name is written as names are.
fn is_well_written(name: &str) -> bool {
    let part = |part: &[u8]| {
        !part.is_empty()
            && part.iter().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.as_bytes().split(|&byte| byte == b'-').all(part)
}

/// Describes a text that is not closed.
pub(in crate::syntax) fn unclosed(span: Span) -> Diagnostic {
    Diagnostic::new(Code::UnclosedText, "this text is not closed on its line", span, "opened here")
        .help("a text ends with `\"` on the line it begins on")
}
