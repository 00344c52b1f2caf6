//! What people write who are used to ordinary prose, and to a word processor: what to write instead.

use super::super::grammar::Rule;
use super::super::scan::{Kind, Token, is_dash};
use super::super::words::{DECLARATIONS, is_word, words};
use super::{Found, Recovery, shown};
use crate::diagnostic::{Code, Diagnostic, Fix, nearest};
use crate::source::Span;

impl<'a> Recovery<'a> {
    /// A number with a minus before it.
    pub(super) fn below_zero(&self, found: &Found<'a>, token: Token<'a>) -> Option<Diagnostic> {
        let minus = token.text == "-" || token.text.starts_with(is_dash);
        let number = self.tokens.get(found.index + 1)?;
        let digits = number.text.starts_with(|c: char| c.is_ascii_digit());
        if !minus || token.first || number.first || !digits {
            return None;
        }
        let written = format!("-{}", shown(number.text));
        let span = token.span.join(number.span);
        Some(
            Diagnostic::new(
                Code::SyntaxError,
                format!("a number cannot be below zero, as `{written}` is"),
                span,
                "below zero",
            )
            .help(if found.things.contains(&"a length") {
                "to count back from something, write `at least 5 working days before …`"
            } else {
                "write it without the sign"
            }),
        )
    }

    /// A word of the language where a name should be.
    pub(super) fn reserved(&self, found: &Found<'a>, token: Token<'a>) -> Option<Diagnostic> {
        let name = found.things.iter().any(|thing| {
            matches!(
                *thing,
                "a name"
                    | "the name of an attribute"
                    | "an event"
                    | "an event or `any of`"
                    | "an event or `overdue`"
                    | "a value"
                    | "a role"
                    | "a condition"
            )
        });
        // In an event the next clause is a name, so a word of the language was meant as one.
        let attribute = found.clause_of == Some("the event") && token.first;
        // Right after the keyword the name stands, even where it may be left out.
        let titled = self.tokens.first().is_some_and(|head| head.text == "scenario");
        let declared = found.index == 1 && !token.first && self.rule == Rule::item && !titled;
        let in_fact = self.in_fact(found.index) && !token.first;
        let fits = attribute || declared || in_fact || name && found.clause_of.is_none();
        if !fits || !is_word(token.text) {
            return None;
        }
        let word = token.text;
        let help = self.another_name(found.index, word).unwrap_or_else(|| {
            "join another word to it with a hyphen, here and where it is declared".to_owned()
        });
        let label = match found.expected() {
            _ if attribute => "an attribute of the event should stand here".to_owned(),
            _ if declared => "a name should stand here".to_owned(),
            _ if in_fact => "an attribute or its value should stand here".to_owned(),
            expected => format!("{expected} should stand here"),
        };
        Some(
            Diagnostic::new(
                Code::SyntaxError,
                format!("`{word}` is a word of the language, so it cannot be a name by itself"),
                token.span,
                label,
            )
            .help(help),
        )
    }

    /// What to write for a word of the language that was meant as a name.
    fn another_name(&self, index: usize, word: &str) -> Option<String> {
        let head = self.tokens.first()?.text;
        let joined = |name: String| Some(format!("join another word to it, such as `{name}`"));
        if self.in_fact(index) {
            let event = self.joined_event(index)?;
            return Some(format!(
                "if these words are the name of the event, write `{event}`; otherwise the policy \
                 has to call the attribute or the value something else"
            ));
        }
        if index == 1 && DECLARATIONS.contains(&head) {
            let kind = if head == word { "series" } else { head };
            return joined(format!("{word}-{kind}"));
        }
        if head != "event" {
            return None;
        }
        if self.next_is(index, "is") {
            let yes_or_no = self.next_is(index + 1, "yes");
            let kind = self.tokens.get(index + 3).map_or("kind", |token| token.text);
            let kind = if matches!(kind, "number" | "date" | "text") { kind } else { "kind" };
            return joined(if yes_or_no { format!("is-{word}") } else { format!("{word}-{kind}") });
        }
        let start = (0..index).rev().find(|place| self.begins_line(*place))?;
        let attribute = self.tokens.get(start)?.text;
        joined(format!("{word}-{attribute}"))
    }

    /// The words after the date of a dated event as one name.
    pub(super) fn joined_event(&self, index: usize) -> Option<String> {
        let start = (0..=index).rev().find(|place| self.begins_line(*place))?;
        let line = self.tokens.get(start + 1..)?;
        let words = line.iter().take_while(|token| !token.first && token.kind == Kind::Word);
        let words: Vec<&str> = words.map(|token| token.text).collect();
        Some(shown(&words.join("-")))
    }

    /// A date such as `1 January 2024`, as it should be written.
    pub(super) fn date_in_words(&self, index: usize) -> Option<(Span, String)> {
        let [day, month, year] = self.tokens.get(index..index + 3)? else {
            return None;
        };
        let digits = day.text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let name = month.text.to_lowercase();
        let month = (1..=12).find(|number| {
            let long = crate::calendar::month_name(*number).to_lowercase();
            name.len() >= 3 && long.starts_with(&name)
        })?;
        let date =
            crate::calendar::Date::from_ymd(year.text.parse().ok()?, month, digits.parse().ok()?)?;
        Some((day.span.join(year.span), date.to_string()))
    }

    /// Habits of ordinary writing: what to write instead.
    pub(super) fn habit(
        &self,
        found: &Found<'a>,
        token: Token<'a>,
        problem: &Diagnostic,
    ) -> Option<Diagnostic> {
        let problem = problem.clone();
        let wants = |thing: &str| found.things.contains(&thing);
        let before = found.before.filter(|_| !token.first);
        let word = token.kind == Kind::Word;
        let digit = token.text.starts_with(|c: char| c.is_ascii_digit());
        if word && wants("a quoted text") && found.things.len() == 1 && found.clause_of.is_none() {
            return Some(if digit {
                problem.help("a text stands in double quotes").fix(
                    Fix::new("put it in quotes", token.span, format!("\"{}\"", token.text)).safe(),
                )
            } else {
                problem.help("a text stands in double quotes, `\"…\"`")
            });
        }
        if word && wants("`yes or no`, `one of …`, `a number`, `a date` or `a text`") {
            let kind = match token.text {
                "number" | "numeric" | "integer" => "a number",
                "date" | "day" => "a date",
                "text" | "string" | "free-text" => "a text",
                "boolean" | "yes-no" | "yes" | "true" => "yes or no",
                _ => return None,
            };
            return Some(problem.fix(Fix::new(format!("write `{kind}`"), token.span, kind).safe()));
        }
        if wants("a time limit") && digit {
            return Some(
                problem
                    .help("to say by when, write `within`; to count back, `at least`")
                    .fix(Fix::new("write `within`", Span::at(token.span.start), "within ")),
            );
        }
        if matches!(token.text, "of" | "from" | "since" | "following")
            && wants("`after` and where the time runs from")
        {
            return Some(problem.fix(Fix::new("write `after`", token.span, "after")));
        }
        let head = self.tokens.first().map_or("", |head| head.text);
        let line = (0..=found.index).rev().find(|place| self.begins_line(*place));
        let clause = line.and_then(|line| self.tokens.get(line)).map_or("", |first| first.text);
        if clause == "calendar" && token.text == "and" {
            return Some(problem.help("a calendar is called by one name: `england-and-wales`"));
        }
        if clause == "by" && token.text == "," {
            return Some(problem.help(
                "one `by` says one strength, for all in it: `by iro, manager must`; who is bound \
                 otherwise needs a rule of its own",
            ));
        }
        if clause == "if" && head == "duty" && before.is_some_and(|it| it.text == "if") {
            return Some(problem.help(
                "to say what holds in some cases, write `except where …` (of the event) or \
                 `except while …` (on the day), a comma, and the limit",
            ));
        }
        if matches!(token.text, "or" | "and") && before.is_some_and(|it| !is_word(it.text)) {
            if head == "event" {
                return Some(
                    problem.help("the values are parted by commas alone").fix(
                        Fix::new(
                            "write a comma",
                            before.map_or(token.span, |it| Span::new(it.span.end, token.span.end)),
                            ",",
                        )
                        .safe(),
                    ),
                );
            }
            if token.text == "or" && matches!(head, "duty" | "trigger" | "state") {
                return Some(problem.help(
                    "for several events write `any of`, and each on a line of its own after a hyphen",
                ));
            }
        }
        match before {
            Some(name)
                if word
                    && !digit
                    && !is_word(token.text)
                    && name.kind == Kind::Word
                    && !is_word(name.text)
                    && !self.in_fact(found.index)
                    && nearest(token.text, words().filter(|word| word.len() > 2)).is_none() =>
            {
                let joined = format!("{}-{}", name.text, token.text);
                Some(problem.help("a name of several words is joined with hyphens").fix(Fix::new(
                    format!("write `{}`", shown(&joined)),
                    name.span.join(token.span),
                    joined,
                )))
            }
            _ => None,
        }
    }
}
