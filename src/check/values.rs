//! Values as they are written, and attributes that several events share.

use super::Checker;
use crate::calendar::Date;
use crate::diagnostic::{Code, Diagnostic, Fix, list};
use crate::policy::{AttributeId, AttributeKind, EventId, Value};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{self, DateLiteral, Name};

impl Checker<'_> {
    /// The attribute that every one of these events has, at the same place and of the same kind:
    /// a test does not know beforehand which of them it will look at.
    pub(super) fn shared_attribute(
        &mut self,
        events: &[EventId],
        name: &Name,
    ) -> Option<(AttributeId, AttributeKind)> {
        let (first, rest) = events.split_first()?;
        let found = self.attribute(*first, name)?;
        for other in rest {
            let same = self.attribute(*other, name)?;
            if same != found {
                let names: Vec<_> = [first, other]
                    .iter()
                    .filter_map(|id| self.events.get(id.index()))
                    .map(|event| event.name.clone())
                    .collect();
                self.report(not_shared(name, &names));
                return None;
            }
        }
        Some(found)
    }

    /// The date that a literal stands for.
    pub(super) fn date(&mut self, date: &Spanned<DateLiteral>) -> Option<Date> {
        let DateLiteral { year, month, day } = date.node;
        let found = Date::from_ymd(year, month, day);
        if found.is_none() {
            self.report(outside_the_calendar(date));
        }
        found
    }

    /// The dates that literals stand for.
    pub(super) fn dates(&mut self, dates: &[Spanned<DateLiteral>]) -> Vec<Date> {
        dates.iter().filter_map(|date| self.date(date)).collect()
    }
}

/// Reads a value as written, or says why it is not of the attribute's kind.
pub(super) fn read(
    checker: &Checker<'_>,
    attribute: &str,
    kind: &AttributeKind,
    value: &Spanned<ast::Value>,
) -> Result<Value, Box<Diagnostic>> {
    let wrong = || Box::new(wrong_type(attribute, kind, value));
    let (matches, text) = match (&value.node, kind) {
        (ast::Value::Date(date), AttributeKind::Date) => {
            let DateLiteral { year, month, day } = *date;
            return Date::from_ymd(year, month, day)
                .map(Value::Date)
                .ok_or_else(|| Box::new(outside_the_calendar(&Spanned::new(*date, value.span))));
        }
        (ast::Value::YesNo(answer), _) => {
            (*kind == AttributeKind::YesNo, if *answer { "yes" } else { "no" })
        }
        (ast::Value::Number(text), _) => (*kind == AttributeKind::Number, text.as_str()),
        (ast::Value::Word(text), AttributeKind::OneOf(words)) => {
            return words
                .iter()
                .position(|word| word == text)
                .map(|index| Value::Word(index as u16))
                .ok_or_else(|| Box::new(unknown_value(checker, attribute, words, value, text)));
        }
        (ast::Value::Text(text), _) => (*kind == AttributeKind::Text, text.as_str()),
        (ast::Value::Word(_) | ast::Value::Date(_), _) => return Err(wrong()),
    };
    if !matches {
        return Err(wrong());
    }
    kind.read(attribute, text).map_err(|error| {
        Box::new(Diagnostic::new(
            Code::WrongType,
            error.to_string(),
            value.span,
            "not such a value",
        ))
    })
}

/// What an attribute holds, for a sentence.
pub(super) fn describe(kind: &AttributeKind) -> &'static str {
    match kind {
        AttributeKind::YesNo => "yes or no",
        AttributeKind::OneOf(_) => "one of its words",
        AttributeKind::Number => "a number",
        AttributeKind::Date => "a date",
        AttributeKind::Text => "a text",
    }
}

/// What a value is, and how it was written.
fn shown(value: &ast::Value) -> (&'static str, String) {
    match value {
        ast::Value::YesNo(true) => ("yes", "yes".into()),
        ast::Value::YesNo(false) => ("no", "no".into()),
        ast::Value::Number(text) => ("a number", text.clone()),
        ast::Value::Date(date) => ("a date", date_text(date)),
        ast::Value::Word(word) => ("a word", word.clone()),
        ast::Value::Text(text) => ("a text", format!("\"{text}\"")),
    }
}

/// A date as it is written.
pub(super) fn date_text(date: &DateLiteral) -> String {
    format!("{:04}-{:02}-{:02}", date.year, date.month, date.day)
}

fn wrong_type(attribute: &str, kind: &AttributeKind, value: &Spanned<ast::Value>) -> Diagnostic {
    let (what, text) = shown(&value.node);
    let diagnostic = Diagnostic::new(
        Code::WrongType,
        format!("`{attribute}` holds {}, not {what}", describe(kind)),
        value.span,
        format!("{} is wanted", describe(kind)),
    );
    let AttributeKind::OneOf(words) = kind else {
        return diagnostic.help(match kind {
            AttributeKind::YesNo => "write `yes` or `no`",
            AttributeKind::Number => "write a number such as `35` or `7.5`, without a unit",
            AttributeKind::Date => "write a date such as `2026-03-02`",
            AttributeKind::Text | AttributeKind::OneOf(_) => "write a text in double quotes",
        });
    };
    let bare = text.trim_matches('"');
    if words.iter().any(|word| word == bare) {
        let fix = Fix::new(format!("write `{bare}`"), value.span, bare).safe();
        return diagnostic.help("words of `one of` stand without quotes").fix(fix);
    }
    diagnostic.help(format!("its words: {}", list(words)))
}

fn unknown_value(
    checker: &Checker<'_>,
    attribute: &str,
    words: &[String],
    value: &Spanned<ast::Value>,
    text: &str,
) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        Code::UnknownName,
        format!("`{text}` is not a value of `{attribute}`"),
        value.span,
        "not one of its words",
    );
    let near = crate::diagnostic::nearest(text, words.iter().map(String::as_str));
    if let Some(near) = near {
        return diagnostic.help(format!("did you mean `{near}`?")).fix(Fix::new(
            format!("write `{near}`"),
            value.span,
            near,
        ));
    }
    let diagnostic = diagnostic.help(format!("its words: {}", list(words)));
    match checker.names.find(text) {
        Some(symbol) => diagnostic
            .help(format!("`{text}` is declared as {}", checker.names.kind(symbol).article())),
        None => diagnostic,
    }
}

fn not_shared(name: &Name, events: &[String]) -> Diagnostic {
    Diagnostic::new(
        Code::AttributeNotShared,
        format!("`{}` is not the same in {}", name.node, list(events)),
        name.span,
        "either event can be in question here",
    )
    .help(format!("declare `{}` first in both events, with the same values", name.node))
}

fn outside_the_calendar(date: &Spanned<DateLiteral>) -> Diagnostic {
    Diagnostic::new(
        Code::ImpossibleDate,
        format!("{} lies outside the years 1900 to 2199", date_text(&date.node)),
        date.span,
        "too far from today",
    )
    .help("check the year")
}

/// Says that something stands at two places.
pub(super) fn told_twice(what: &str, name: &str, later: Span, earlier: Span) -> Diagnostic {
    Diagnostic::new(
        Code::DuplicateName,
        format!("the {what} `{name}` is declared twice"),
        later,
        "declared again",
    )
    .label(earlier, "declared first here")
    .help("remove one of them, or give it another name")
}
