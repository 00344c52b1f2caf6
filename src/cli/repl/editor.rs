//! The line editor: the only file that knows rustyline.

use std::borrow::Cow;

use rustyline::completion::{Completer, FilenameCompleter, Pair};
use rustyline::error::ReadlineError;
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::{Hint, Hinter};
use rustyline::history::MemHistory;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{ColorMode, CompletionType, Config, Context, Helper};

use super::complete::{Completion, Known};
use super::{highlight, line};
use crate::cli::fs::CliError;

/// What came from the keyboard.
pub(super) enum Input {
    /// A line, or several.
    Line(String),
    /// Ctrl-C: whatever was typed is gone.
    Cleared,
    /// Ctrl-D.
    Left,
}

/// A terminal with a line that is edited.
pub(super) struct Editor {
    editor: rustyline::Editor<Hand, MemHistory>,
}

impl Editor {
    /// Opens the terminal, with lines of earlier sessions to go back to.
    pub(super) fn new(colour: bool, earlier: &[String]) -> Result<Self, CliError> {
        /// As many as a terminal shows without asking.
        const SHOWN: usize = 60;
        let config = Config::builder()
            .color_mode(if colour { ColorMode::Enabled } else { ColorMode::Disabled })
            .completion_type(CompletionType::List)
            .completion_prompt_limit(SHOWN)
            .build();
        let mut editor =
            rustyline::Editor::with_history(config.clone(), MemHistory::with_config(&config))
                .map_err(|error| unusable(&error))?;
        editor.set_helper(Some(Hand {
            known: Known::default(),
            colour,
            files: FilenameCompleter::new(),
        }));
        let mut own = Self { editor };
        for line in earlier {
            own.remember(line);
        }
        Ok(own)
    }

    /// Offers a line again.
    pub(super) fn remember(&mut self, line: &str) {
        // A line that cannot be offered again can be typed again.
        let _ = self.editor.add_history_entry(line);
    }

    /// Waits for a line.
    pub(super) fn read(&mut self, prompt: &str, known: Known) -> Result<Input, CliError> {
        if let Some(hand) = self.editor.helper_mut() {
            hand.known = known;
        }
        loop {
            return match self.editor.readline(prompt) {
                Ok(line) => Ok(Input::Line(line)),
                Err(ReadlineError::Interrupted) => Ok(Input::Cleared),
                Err(ReadlineError::Eof) => Ok(Input::Left),
                // The window was given another size.
                Err(ReadlineError::Signal(_)) => continue,
                Err(error) => Err(unusable(&error)),
            };
        }
    }
}

fn unusable(error: &ReadlineError) -> CliError {
    CliError::new(format!("this terminal cannot be read from: {error}"))
        .help("lines can come from a pipe instead: `duly repl … < script.txt`")
}

/// What helps while a line is typed.
struct Hand {
    known: Known,
    colour: bool,
    files: FilenameCompleter,
}

impl Helper for Hand {}

impl Completer for Hand {
    type Candidate = Pair;

    fn complete(
        &self,
        text: &str,
        place: usize,
        context: &Context<'_>,
    ) -> rustyline::Result<(usize, Vec<Pair>)> {
        let before = text.get(..place).unwrap_or(text);
        match self.known.complete(before) {
            Completion::File => self.files.complete(text, place, context),
            Completion::Words(start, words) => {
                let pair =
                    |word: String| Pair { display: word.trim_end().to_owned(), replacement: word };
                Ok((start, words.into_iter().map(pair).collect()))
            }
        }
    }
}

/// A hint that is only shown: it says what kind of thing is missing, not what to write.
struct Shown(String);

impl Hint for Shown {
    fn display(&self) -> &str {
        &self.0
    }

    fn completion(&self) -> Option<&str> {
        None
    }
}

impl Hinter for Hand {
    type Hint = Shown;

    fn hint(&self, text: &str, place: usize, _: &Context<'_>) -> Option<Shown> {
        // Without colour a hint could be taken for what was typed.
        let wanted = self.colour && place == text.len();
        wanted.then(|| self.known.hint(text)).flatten().map(Shown)
    }
}

impl Highlighter for Hand {
    fn highlight<'l>(&self, text: &'l str, _: usize) -> Cow<'l, str> {
        if self.colour { highlight::coloured(text, &self.known).into() } else { text.into() }
    }

    fn highlight_prompt<'b, 's: 'b, 'p: 'b>(&'s self, prompt: &'p str, _: bool) -> Cow<'b, str> {
        if self.colour { format!("\u{1b}[1m{prompt}\u{1b}[0m").into() } else { prompt.into() }
    }

    fn highlight_hint<'h>(&self, hint: &'h str) -> Cow<'h, str> {
        if self.colour { format!("\u{1b}[2m{hint}\u{1b}[0m").into() } else { hint.into() }
    }

    fn highlight_char(&self, _: &str, _: usize, kind: CmdKind) -> bool {
        self.colour && kind != CmdKind::MoveCursor
    }
}

impl Validator for Hand {
    fn validate(&self, context: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        let last = context.input().lines().last().unwrap_or_default();
        Ok(if line::goes_on(last) {
            ValidationResult::Incomplete
        } else {
            ValidationResult::Valid(None)
        })
    }
}
