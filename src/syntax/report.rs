//! Saying what is wrong where the grammar could not go on, and going on without it.

mod habits;
mod slips;

use crate::diagnostic::{Code, Diagnostic, Fix, nearest};
use crate::source::{Source, Span};

use super::grammar::{Failure, Rule};
use super::lower::{number_word, unclosed};
use super::scan::{Head, Kind, Token, clause_at, is_dash};
use super::words::{CLAUSES, DECLARATIONS, Wording, is_word, wording, words};

/// The most clauses that are left out of one declaration before it is given up.
const MOST_LEFT_OUT: usize = 20;

/// What could stand where nothing can.
const NOTHING: &str = "nothing more";

/// One declaration, less the clauses that could not be read so far.
pub(super) struct Recovery<'a> {
    rule: Rule,
    tokens: &'a [Token<'a>],
    /// The text, with blanks for what was left out, so that places stay the same.
    text: String,
    span: Span,
    left_out: usize,
}

/// What the parser met, in terms of tokens.
struct Found<'a> {
    /// Where it is among the tokens; their number at the end.
    index: usize,
    token: Option<Token<'a>>,
    /// The token before it.
    before: Option<Token<'a>>,
    /// The kind of declaration whose next clause could stand here.
    clause_of: Option<&'static str>,
    /// What could stand here: first things, then words.
    things: Vec<&'static str>,
    words: Vec<&'static str>,
}

impl<'a> Recovery<'a> {
    /// Begins with the whole declaration; nothing where there are no tokens.
    pub(super) fn new(source: &'a Source, tokens: &'a [Token<'a>], rule: Rule) -> Option<Self> {
        let span = tokens.first()?.span.join(tokens.last()?.span);
        Some(Self { rule, tokens, text: span.text(source).to_owned(), span, left_out: 0 })
    }

    /// What is to be parsed.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Its place.
    pub(super) fn span(&self) -> Span {
        self.span
    }

    /// Tells whether any clause was left out.
    pub(super) fn left_out(&self) -> bool {
        self.left_out > 0
    }

    fn found(&self, failure: &Failure) -> Found<'a> {
        let at = self.span.start + failure.at as u32;
        let mut index = self.tokens.partition_point(|token| token.span.end <= at);
        // What was left out is blank to the parser, so it never stopped there.
        while self.is_left_out(index) {
            index += 1;
        }
        let before = (0..index).rev().find(|index| !self.is_left_out(*index));
        let mut found = Found {
            index,
            token: self.tokens.get(index).copied(),
            before: before.and_then(|before| self.tokens.get(before)).copied(),
            clause_of: None,
            things: Vec::new(),
            words: Vec::new(),
        };
        let mut signs = Vec::new();
        for rule in &failure.expected {
            match wording(*rule) {
                Wording::Thing(thing) => found.things.push(thing),
                Wording::Sign("`)`") => found.things.push("`)`"),
                Wording::Sign(sign) => signs.push(sign),
                // `accept` can stand nearly everywhere, and is nowhere what was wanted.
                Wording::Word("accept") | Wording::Quiet => {}
                Wording::Word(word) => found.words.push(word),
                // Of two, the inner one (a stage of a ladder) comes first.
                Wording::Clause(kind) => found.clause_of = found.clause_of.or(Some(kind)),
            }
        }
        if failure.expected.contains(&Rule::EOI) && found.clause_of.is_none() {
            let event = self.tokens.first().is_some_and(|head| head.text == "event");
            found.clause_of = Some(match self.rule {
                Rule::fact_line => "the line",
                Rule::typed_reading => "the value",
                _ if event => "the event",
                _ => "the declaration",
            });
        }
        // What is wrong within the line of a dated event concerns that line.
        let within = found.token.is_some_and(|token| !token.first);
        if within && found.clause_of.is_some() && self.in_fact(found.index) {
            found.clause_of = Some("the line");
        }
        // A comma can nearly always make a list longer, and `a` a length: neither is worth the space
        // where something else can stand.
        if found.things.is_empty() && found.words.is_empty() {
            found.things = signs;
        }
        if !found.things.is_empty() {
            found.words.retain(|word| *word != "a");
        }
        for list in [&mut found.things, &mut found.words] {
            list.sort_unstable();
            list.dedup();
        }
        found
    }

    fn is_left_out(&self, index: usize) -> bool {
        let Some(token) = self.tokens.get(index) else {
            return false;
        };
        let start = (token.span.start - self.span.start) as usize;
        self.text.get(start..).is_some_and(|rest| rest.starts_with(' '))
    }

    /// Describes what is wrong.
    pub(super) fn describe(&self, failure: &Failure) -> Diagnostic {
        let found = self.found(failure);
        if let Some(text) = self.unclosed_before(found.index) {
            return unclosed(text.span);
        }
        let at_line_end = found.token.is_none_or(|token| token.first);
        if found.clause_of.is_none()
            && at_line_end
            && let Some(before) = found.before
        {
            let problem = Diagnostic::new(
                Code::SyntaxError,
                format!("{} is missing at the end of this line", found.expected()),
                Span::at(before.span.end),
                "something is missing here",
            );
            let last = found.index.saturating_sub(1);
            let name = self.in_fact(last).then(|| self.joined_event(last)).flatten();
            return match name.filter(|name| name.contains('-')) {
                Some(name) => problem
                    .help(format!("if these words are the name of the event, write `{name}`")),
                None => problem,
            };
        }
        let Some(token) = found.token else {
            return Diagnostic::new(
                Code::SyntaxError,
                format!("{} is missing at the end", found.expected()),
                Span::at(self.span.end),
                "something is missing here",
            );
        };
        self.below_zero(&found, token)
            .or_else(|| word_processor(token))
            .or_else(|| slips::hidden(token))
            .or_else(|| self.time_of_day(&found, token))
            .or_else(|| self.counted_attribute(&found, token))
            .or_else(|| self.limit_without_due(&found, token))
            .or_else(|| self.out_of_place(&found, token))
            .or_else(|| self.reserved(&found, token))
            .unwrap_or_else(|| self.unexpected(&found, token))
    }

    /// A text that is not closed and ends on the line of a token.
    fn unclosed_before(&self, index: usize) -> Option<Token<'a>> {
        let rest = self.tokens.get(index..)?;
        let line = rest
            .iter()
            .enumerate()
            .take_while(|(offset, token)| *offset == 0 || !token.first)
            .map(|(_, token)| *token);
        line.filter(|token| token.kind == Kind::UnclosedText).last()
    }

    /// A clause that belongs to another kind of declaration.
    fn out_of_place(&self, found: &Found<'a>, token: Token<'a>) -> Option<Diagnostic> {
        let here = found.clause_of?;
        let (words, owners) = clause_at(self.tokens, found.index)?;
        let kind = self.tokens.first()?.text;
        // A word that can begin a clause here is not out of place; something else is wrong with it.
        if !token.first || owners.contains(&kind) && here != "the stage" {
            return None;
        }
        // In an event `source is …` is an attribute of that name.
        if here == "the event" && self.next_is(found.index, "is") {
            return None;
        }
        let (kind, owners) = if owners.contains(&"stage") && kind == "ladder" {
            ("a ladder before its first stage", "a stage".to_owned())
        } else {
            let owners: Vec<_> = owners.iter().map(|owner| with_article(owner)).collect();
            // `accept` belongs nearly everywhere, and a list of everywhere says nothing.
            let owners = if owners.len() > 8 {
                "any other declaration".to_owned()
            } else {
                owners.join(" or ")
            };
            (with_article(kind), owners)
        };
        if kind.is_empty() {
            return None;
        }
        let problem = Diagnostic::new(
            Code::ClauseOutOfPlace,
            format!("`{words}` does not belong in {kind}"),
            Span::new(token.span.start, self.end_of(found.index, words)),
            format!("belongs in {owners}"),
        );
        Some(problem)
    }

    fn begins_line(&self, index: usize) -> bool {
        self.tokens.get(index).is_some_and(|token| token.first)
    }

    fn next_is(&self, index: usize, word: &str) -> bool {
        self.tokens.get(index + 1).is_some_and(|token| token.text == word)
    }

    /// Whether a token stands on a line that begins with a date: a dated event.
    fn in_fact(&self, index: usize) -> bool {
        let scenario = self.tokens.first().is_some_and(|head| head.text == "scenario");
        let start = (0..=index).rev().find(|place| self.begins_line(*place));
        let first = start.and_then(|start| self.tokens.get(start));
        (scenario || self.rule == Rule::fact_line)
            && first.is_some_and(|first| first.text.starts_with(|c: char| c.is_ascii_digit()))
    }

    /// The end of the words that begin a clause.
    fn end_of(&self, index: usize, words: &str) -> u32 {
        let last = index + words.split(' ').count() - 1;
        self.tokens.get(last).map_or(0, |token| token.span.end)
    }

    /// Whatever else it is.
    fn unexpected(&self, found: &Found<'a>, token: Token<'a>) -> Diagnostic {
        let message = match found.expected() {
            nothing if nothing == NOTHING => {
                format!("`{}` is one thing too many here", shown(token.text))
            }
            expected => format!("expected {expected}, found `{}`", shown(token.text)),
        };
        let problem = Diagnostic::new(Code::SyntaxError, message, token.span, "not expected here");
        let told = slips::other_strength(found, token, &problem)
            .or_else(|| self.no_later_than(found, token, &problem))
            .or_else(|| self.habit(found, token, &problem));
        if let Some(told) = told {
            return told;
        }
        if found.things.contains(&"a number")
            && let Some(number) = number_word(token.text)
        {
            return problem
                .help("numbers are written in digits")
                .fix(Fix::new(format!("write `{number}`"), token.span, number.to_string()).safe());
        }
        if found.things.contains(&"a date") {
            let problem = problem.help("a date is written as YYYY-MM-DD, such as 2026-03-02");
            return match self.date_in_words(found.index) {
                Some((span, date)) => {
                    problem.fix(Fix::new(format!("write `{date}`"), span, date.clone()).safe())
                }
                None => problem,
            };
        }
        if found.things.contains(&"a time limit") {
            return problem.help(
                "a time limit begins with `within`, `at least`, `between`, `by the`, `before`, `at`, \
                 `not before`, `once` or `with no time limit`",
            );
        }
        if token.text == "before" && found.things.contains(&"`after` and where the time runs from")
        {
            return problem.help("to count back from something, write `at least` for `within`");
        }
        if matches!(token.text, "," | ";" | ":" | "=") && self.in_fact(found.index) {
            return problem
                .help("leave it out: blanks are enough between the parts of an event line");
        }
        if let Some(told) = slips::other_length(found, token, &problem) {
            return told;
        }
        if token.text == "'" {
            return problem.help("a text stands in double quotes, `\"…\"`");
        }
        if token.text == "," {
            return problem.help(
                "leave it out; several events stand below `any of`, each on a line of its own after \
                 a hyphen",
            );
        }
        if token.kind != Kind::Word {
            return self.mistaken_for_a_name(found).unwrap_or(problem);
        }
        let kind = self.tokens.first().map_or("", |head| head.text);
        let in_stage = found.clause_of == Some("the stage");
        let clauses = CLAUSES
            .iter()
            .filter(|(_, owners)| {
                found.clause_of.is_some()
                    && (owners.contains(&kind) || in_stage && owners.contains(&"stage"))
            })
            .filter_map(|(words, _)| words.split(' ').next());
        let candidates = found.words.iter().chain(&found.things);
        let candidates = candidates.flat_map(|phrase| words_of(phrase)).chain(clauses);
        match nearest(token.text, candidates.filter(|word| *word != token.text)) {
            Some(word) => did_you_mean(problem, token, word),
            None => self
                .unknown_clause(found, token)
                .or_else(|| self.mistaken_for_a_name(found))
                .unwrap_or(problem),
        }
    }

    /// A mistyped word just before, which the grammar could only take for a name.
    fn mistaken_for_a_name(&self, found: &Found<'a>) -> Option<Diagnostic> {
        if self.in_fact(found.index) {
            return None;
        }
        let before = found.before?;
        if before.kind != Kind::Word || is_word(before.text) || before.span.start == self.span.start
        {
            return None;
        }
        // Short words are near to too much.
        let words = words().filter(|word| word.len() > 2);
        let word = nearest(before.text, words)?;
        let problem = Diagnostic::new(
            Code::SyntaxError,
            format!(
                "`{}` is not a word of the language, and what follows does not fit a name",
                shown(before.text)
            ),
            before.span,
            "taken for a name",
        );
        Some(did_you_mean(problem, before, word))
    }

    /// Blanks the clause that could not be read, and tells whether there is something left to read.
    pub(super) fn leave_out(&mut self, failure: &Failure) -> bool {
        let found = self.found(failure);
        self.left_out += 1;
        if self.left_out > MOST_LEFT_OUT || self.tokens.is_empty() {
            return false;
        }
        let last = self.tokens.len() - 1;
        let next = found.token.is_none_or(|token| token.first);
        let culprit = if next && found.clause_of.is_none() {
            (0..found.index).rev().find(|index| !self.is_left_out(*index)).unwrap_or(0)
        } else {
            found.index.min(last)
        };
        let begins_line = self.tokens.get(culprit).is_some_and(|token| token.first);
        let start = if begins_line && next && found.clause_of.is_some() {
            culprit
        } else {
            (0..=culprit).rev().find(|index| self.is_clause(*index)).unwrap_or(0)
        };
        let start = match (start, found.clause_of) {
            // What follows a head that could be read may be left out; the head itself may not.
            (0, Some(_)) if culprit > 0 => culprit,
            (0, _) => return false,
            (start, _) => start,
        };
        let stage = self.tokens.get(start).is_some_and(|token| token.text == "stage");
        // Where no clause could be recognised, the next may be unrecognisable too.
        let unknown = begins_line && start == culprit && !self.is_clause(culprit);
        let end = (start.max(culprit) + 1..self.tokens.len())
            .find(|index| {
                (self.is_clause(*index) || unknown && self.is_strange(*index))
                    && (!stage || self.tokens.get(*index).is_some_and(|t| t.text == "stage"))
            })
            .unwrap_or(self.tokens.len());
        self.blank(start, end)
    }

    /// Tells whether a clause begins at a token: one at the start of a line, with words that begin one.
    fn is_clause(&self, index: usize) -> bool {
        let Some(token) = self.tokens.get(index) else {
            return false;
        };
        let attribute = self.tokens.get(index + 1).is_some_and(|next| next.text == "is");
        let dated = token.text.starts_with(|c: char| c.is_ascii_digit());
        // Each line of a scenario stands for itself.
        let scenario = self.tokens.first().is_some_and(|head| head.text == "scenario");
        token.first && (scenario || attribute || dated || clause_at(self.tokens, index).is_some())
    }

    /// Tells whether a line begins with a word that is none of the language.
    fn is_strange(&self, index: usize) -> bool {
        let token = self.tokens.get(index);
        token.is_some_and(|token| token.first && token.kind == Kind::Word && !is_word(token.text))
    }

    /// Blanks some tokens and all between them; false where they are blank already.
    fn blank(&mut self, start: usize, end: usize) -> bool {
        let tokens = self.tokens.get(start..end).unwrap_or_default();
        let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else {
            return false;
        };
        if (start..end).all(|index| self.is_left_out(index)) {
            return false;
        }
        let start = (first.span.start - self.span.start) as usize;
        let end = (last.span.end - self.span.start) as usize;
        let blanks = " ".repeat(end - start);
        self.text.replace_range(start..end, &blanks);
        true
    }
}

impl Found<'_> {
    /// What could stand here, as a phrase.
    fn expected(&self) -> String {
        const MOST: usize = 4;
        let mut all: Vec<String> = self.things.iter().map(|thing| (*thing).to_owned()).collect();
        all.extend(self.words.iter().map(|word| format!("`{word}`")));
        if let Some(kind) = self.clause_of {
            // Where a declaration can go on, the ways to make the last clause longer are not the point.
            if all.len() > 2 || kind == "the line" || self.token.is_some_and(|token| token.first) {
                all.clear();
            }
            all.push(match kind {
                "the declaration" => "the next declaration".to_owned(),
                "the event" => "an attribute of the event".to_owned(),
                "the scenario" => "a line of the scenario".to_owned(),
                "the line" => "an attribute or the end of the line".to_owned(),
                "the value" => NOTHING.to_owned(),
                _ => format!("a clause of {kind}"),
            });
        }
        if all.len() > MOST {
            all.truncate(MOST);
            all.push("something else".to_owned());
        }
        match all.split_last() {
            None => NOTHING.to_owned(),
            Some((only, [])) => only.clone(),
            Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        }
    }
}

/// A character that a word processor put in place of another.
fn word_processor(token: Token<'_>) -> Option<Diagnostic> {
    let plain = match token.text.chars().next()? {
        '\u{2018}' | '\u{2019}' => "\"",
        dash if is_dash(dash) => "-",
        '\u{2026}' => "...",
        _ => return None,
    };
    let label = "a character that word processors write";
    let message = format!("`{}` cannot stand here", token.text);
    let fix = Fix::new(format!("write `{plain}`"), token.span, plain);
    // An apostrophe may have been meant by the others.
    let fix = if plain == "-" { fix.safe() } else { fix };
    Some(Diagnostic::new(Code::WordProcessorCharacter, message, token.span, label).fix(fix))
}

/// Adds a suggestion and the change that follows it.
fn did_you_mean(problem: Diagnostic, token: Token<'_>, word: &str) -> Diagnostic {
    let fix = Fix::new(format!("write `{word}`"), token.span, word);
    problem.help(format!("did you mean `{word}`?")).fix(slips::unless_capital(fix, token.text))
}

/// The words of a phrase that stand in backticks.
fn words_of(phrase: &str) -> impl Iterator<Item = &str> {
    let quoted = phrase.contains('`');
    let parts = phrase.split('`').enumerate();
    parts
        .filter(move |(index, _)| !quoted || index % 2 == 1)
        .filter(|(_, part)| !part.starts_with("a ") && !part.starts_with("an "))
        .filter_map(|(_, part)| part.split(' ').next())
}

/// A token as a message shows it: never long, never with control characters.
fn shown(text: &str) -> String {
    const MOST: usize = 30;
    let kept = text.chars().take(MOST);
    let mut shown: String = kept.map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if text.chars().count() > MOST {
        shown.push('…');
    }
    shown
}

/// A kind of declaration with its article; nothing for what is none.
fn with_article(kind: &str) -> &'static str {
    match kind {
        "policy" => "a policy",
        "reading" => "a reading",
        "role" => "a role",
        "event" => "an event",
        "state" => "a state",
        "review" => "a review",
        "visit" => "a visit",
        "duty" => "a duty",
        "trigger" => "a trigger",
        "forbid" => "a prohibition",
        "ladder" => "a ladder",
        "stage" => "a stage",
        "scenario" => "a scenario",
        _ => "",
    }
}

/// Describes an item that does not begin as a declaration does.
pub(super) fn not_a_declaration(
    head: Head,
    first: Token<'_>,
    source: &Source,
) -> Option<Diagnostic> {
    let found = shown(first.text);
    let problem = match head {
        Head::Declaration => return None,
        Head::Mistyped => Diagnostic::new(
            Code::SyntaxError,
            format!("`{found}` does not begin a declaration"),
            first.span,
            "not the keyword of a declaration",
        ),
        Head::Stray => Diagnostic::new(
            Code::SyntaxError,
            format!("expected a declaration, found `{found}`"),
            first.span,
            "stands before the first declaration",
        ),
    };
    let indented = DECLARATIONS.contains(&first.text);
    if head == Head::Stray && indented {
        let before = source.text.get(..first.span.start as usize)?;
        let line = before.rfind('\n').map_or(0, |line| line + 1) as u32;
        return Some(
            problem.help("a declaration begins in the first column").fix(
                Fix::new("take the blanks away", Span::new(line, first.span.start), "").safe(),
            ),
        );
    }
    Some(match nearest(first.text, DECLARATIONS) {
        Some(word) => did_you_mean(problem, first, word),
        None => problem.help(
            "a declaration begins with `policy`, `reading`, `role`, `event`, `state`, `review`, \
             `visit`, `duty`, `trigger`, `forbid`, `ladder` or `scenario`",
        ),
    })
}

/// Describes what stands inside too much else.
pub(super) fn too_deep(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::NestedTooDeep,
        "more than 64 things stand inside one another here",
        span,
        "one too many",
    )
    .help("give a part of the condition a name with `state`")
}

/// Describes a text with nothing in it.
pub(super) fn nothing_there(what: &str, span: Span) -> Diagnostic {
    let message = format!("expected {what}, found nothing");
    Diagnostic::new(Code::SyntaxError, message, span, "nothing is written here")
}
