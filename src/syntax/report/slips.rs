//! What slips in: characters that nobody sees, times of day, and clauses that there are not.

use super::super::scan::{Kind, Token};
use super::super::words::{CLAUSES, is_word};
use super::{Found, Recovery, shown, with_article};
use crate::calendar::{Date, DateError};
use crate::diagnostic::{Code, Diagnostic, Fix, list};
use crate::source::Span;

/// The units that a number may have in a limit.
const UNITS: [&str; 8] = ["day", "days", "week", "weeks", "month", "months", "year", "years"];

/// A character that nobody can see, as copied from a web page or a word processor.
pub(super) fn hidden(token: Token<'_>) -> Option<Diagnostic> {
    let character = token.text.chars().next()?;
    let name = match character {
        '\u{ad}' => "a soft hyphen",
        '\u{200b}' | '\u{2060}' => "a blank of no width",
        '\u{200c}' | '\u{200d}' => "a joiner of letters",
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            "a mark of the direction of writing"
        }
        _ => return None,
    };
    let fix = Fix::new("remove it", token.span, "");
    // The blank may part two words, and the soft hyphen may stand for one that is meant.
    let fix = if matches!(character, '\u{ad}' | '\u{200b}') { fix } else { fix.safe() };
    Some(
        Diagnostic::new(
            Code::WordProcessorCharacter,
            format!(
                "a character that cannot be seen stands here: {name} (U+{:04X})",
                u32::from(character)
            ),
            token.span,
            "cannot be seen",
        )
        .help("it came with text copied from elsewhere; type the line anew, or remove it")
        .fix(fix),
    )
}

/// A suggested word as a safe change, where the word only has the wrong capitals.
pub(super) fn unless_capital(fix: Fix, written: &str) -> Fix {
    if written.to_lowercase() == fix.replacement { fix.safe() } else { fix }
}

/// How strongly somebody is bound, in the words of statutes and letters.
pub(super) fn other_strength(
    found: &Found<'_>,
    token: Token<'_>,
    problem: &Diagnostic,
) -> Option<Diagnostic> {
    let word = match token.text {
        "shall" | "will" => "must",
        "ought" => "should",
        "can" => "may",
        _ => return None,
    };
    found.expected().contains("`should normally`").then(|| {
        problem
            .clone()
            .help(format!("for the `{}` of a source write `{word}`", token.text))
            .fix(Fix::new(format!("write `{word}`"), token.span, word))
    })
}

/// Two lengths where a limit is one, and a length that has another name.
pub(super) fn other_length(
    found: &Found<'_>,
    token: Token<'_>,
    problem: &Diagnostic,
) -> Option<Diagnostic> {
    if token.text == "fortnight"
        && let Some(article) = found.before.filter(|before| before.text == "a")
    {
        let place = article.span.join(token.span);
        let fix = Fix::new("write `2 weeks`", place, "2 weeks").safe();
        let message = "`fortnight` is not a unit of time";
        return Some(
            Diagnostic::new(Code::UnknownUnit, message, place, "not a unit")
                .help("a fortnight is 2 weeks")
                .fix(fix),
        );
    }
    let length = found.things.contains(&"`after` and where the time runs from");
    let adds = matches!(token.text, "+" | "and" | "plus");
    (length && adds).then(|| {
        problem.clone().help(
            "lengths are not added up: a limit is one length, or `the later of` two, as in \
             `the later of 1 month and 20 working days`",
        )
    })
}

impl<'a> Recovery<'a> {
    /// A date with a time of day, or a dated event with one.
    pub(super) fn time_of_day(&self, found: &Found<'a>, token: Token<'a>) -> Option<Diagnostic> {
        let (span, text) = self.unbroken(found.index)?;
        if found.things.contains(&"a date") {
            let error = Date::parse(&text).err().filter(|_| text.contains(':'))?;
            let problem =
                Diagnostic::new(Code::ImpossibleDate, error.to_string(), span, "not a date");
            return Some(match error {
                DateError::TimeOfDay { date: Some(date), .. } => {
                    problem.fix(Fix::new("write the date alone", span, date.to_string()))
                }
                _ => problem,
            });
        }
        let time = text.starts_with(|c: char| c.is_ascii_digit())
            && text.contains(':')
            && text.chars().all(|c| c.is_ascii_digit() || c == ':');
        if !time || token.first || !self.in_fact(found.index) {
            return None;
        }
        Some(
            Diagnostic::new(
                Code::SyntaxError,
                format!("events are dated by the day, found the time `{}`", shown(&text)),
                span,
                "a time of day",
            )
            .help("leave it out: a deadline is a day, and an act on its last day is in time")
            .fix(Fix::new(
                "leave it out",
                Span::new(span.start, self.next_start(span)),
                "",
            )),
        )
    }

    /// The tokens from here on that stand together without a blank, as one text.
    fn unbroken(&self, index: usize) -> Option<(Span, String)> {
        let rest = self.tokens.get(index..)?;
        let first = rest.first()?;
        let (mut span, mut text) = (first.span, first.text.to_owned());
        for token in rest.iter().skip(1).take_while(|token| !token.first) {
            if token.span.start != span.end {
                break;
            }
            span = span.join(token.span);
            text.push_str(token.text);
        }
        Some((span, text))
    }

    /// Where the next token after a place starts, or where the place ends.
    fn next_start(&self, span: Span) -> u32 {
        let next = self.tokens.iter().find(|token| token.span.start >= span.end && !token.first);
        next.map_or(span.end, |token| token.span.start)
    }

    /// A number with a unit where an attribute is compared: `miles > 3 weeks,`.
    pub(super) fn counted_attribute(
        &self,
        found: &Found<'a>,
        token: Token<'a>,
    ) -> Option<Diagnostic> {
        let unit = found.before.filter(|before| UNITS.contains(&before.text))?;
        let number = self.tokens.get(found.index.checked_sub(2)?)?;
        let digits = number.text.starts_with(|c: char| c.is_ascii_digit());
        if token.text != "," || !digits || number.span.start >= unit.span.start {
            return None;
        }
        Some(
            Diagnostic::new(
                Code::SyntaxError,
                format!("an attribute is compared with a number alone, found `{}`", unit.text),
                unit.span,
                "a unit of time",
            )
            .help(
                "what the number counts is said by the name of the attribute, such as `weeks-away`",
            ),
        )
    }

    /// `within …` on a line of a duty, without the word that makes it its limit.
    pub(super) fn limit_without_due(
        &self,
        found: &Found<'a>,
        token: Token<'a>,
    ) -> Option<Diagnostic> {
        let duty = self.tokens.first().is_some_and(|head| head.text == "duty");
        let limit = token.first && matches!(token.text, "within" | "between");
        if !duty || !limit || found.clause_of.is_none() {
            return None;
        }
        Some(
            Diagnostic::new(
                Code::SyntaxError,
                format!("the limit of a duty begins with `due`, found `{}`", token.text),
                token.span,
                "a limit",
            )
            .fix(Fix::new("write `due` in front", Span::at(token.span.start), "due ").safe()),
        )
    }

    /// `no later than 5 working days after …`, which is `within`.
    pub(super) fn no_later_than(
        &self,
        found: &Found<'a>,
        token: Token<'a>,
        problem: &Diagnostic,
    ) -> Option<Diagnostic> {
        let start = match token.text {
            "no" => found.index,
            "later" if found.before.is_some_and(|before| before.text == "not") => {
                found.index.checked_sub(1)?
            }
            _ => return None,
        };
        let [first, later, than, length] = self.tokens.get(start..start + 4)? else {
            return None;
        };
        let counts = length.text.starts_with(|c: char| c.is_ascii_digit());
        if (later.text, than.text) != ("later", "than") || !counts {
            return None;
        }
        let fix = Fix::new("write `within`", first.span.join(than.span), "within");
        Some(
            problem
                .clone()
                .help("`within` says that the last day is still in time")
                .fix(fix.safe()),
        )
    }

    /// A line that begins with a word that begins no clause.
    pub(super) fn unknown_clause(&self, found: &Found<'a>, token: Token<'a>) -> Option<Diagnostic> {
        let here = found.clause_of?;
        if !token.first || token.kind != Kind::Word || is_word(token.text) {
            return None;
        }
        let kind = if here == "the stage" { "stage" } else { self.tokens.first()?.text };
        let whole = with_article(kind);
        let mut clauses: Vec<&str> = CLAUSES
            .iter()
            .filter(|(_, owners)| owners.contains(&kind))
            .map(|(words, _)| *words)
            .collect();
        clauses.sort_unstable();
        if whole.is_empty() || clauses.is_empty() {
            return None;
        }
        Some(
            Diagnostic::new(
                Code::SyntaxError,
                format!("`{}` does not begin a clause of {whole}", shown(token.text)),
                token.span,
                "not a clause",
            )
            .help(format!("the clauses of {whole}: {}", list(clauses))),
        )
    }
}
