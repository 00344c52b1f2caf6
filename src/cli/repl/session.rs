//! The session: what a line does, and what is answered. It knows nothing of the terminal.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::commands::{Command, find};
use super::line::{Asked, asked};
use super::{help, questions};
use crate::calendar::Date;
use crate::cli::args::Holidays;
use crate::cli::case;
use crate::cli::fs::{self, CliError, Printer};
use crate::cli::policy::load_book;
use crate::eval::{Matching, Timeline};
use crate::render::{Extent, Moved, Style, done_text, done_words, moved_text, notes_text, wrapped};
use crate::what_if::{Difference, Done, Edit, Refusal, Session, Situation};

/// How to see what an answer leaves out.
const SEE_ALL: &str = "`:changes` shows them";

/// How a saved session begins, by which one is known again.
const SAVED: &str = "# A session of duly. To replay it: duly repl";

/// Why a line was not answered. Nothing has changed.
pub(super) enum Failure {
    /// The line is wrong.
    Refused(Refusal),
    /// Something is wrong with a file, and that has been said.
    Told,
    /// The world is wrong.
    World(CliError),
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<CliError> for Failure {
    fn from(error: CliError) -> Self {
        Self::World(error)
    }
}

/// What is answered.
pub(super) enum Reply {
    Text(String),
    Quit,
}

/// A session.
#[derive(Clone)]
pub(super) struct Repl<'a> {
    session: Option<Session>,
    holidays: &'a Holidays,
    matching: Matching,
    as_of: Date,
    /// The situation before the last change.
    last: Option<Situation>,
    /// What each step that can be taken back did, and each that can be made again.
    done: Vec<String>,
    undone: Vec<String>,
    /// The lines that were answered, for a script.
    said: Vec<String>,
    /// Whether something was changed since the last script was written.
    unsaved: bool,
}

impl<'a> Repl<'a> {
    pub(super) fn new(holidays: &'a Holidays, matching: Matching, as_of: Date) -> Self {
        Self {
            session: None,
            holidays,
            matching,
            as_of,
            last: None,
            done: Vec::new(),
            undone: Vec::new(),
            said: vec![format!(":as-of {as_of}")],
            unsaved: false,
        }
    }

    /// The situation, unless no policy is loaded.
    pub(super) fn now(&self) -> Result<&Situation, Refusal> {
        self.session
            .as_ref()
            .map(Session::now)
            .ok_or_else(|| Refusal::new("no policy is loaded").help("load one with `:load FOLDER`"))
    }

    /// The state of things, to stand in front of what is typed.
    pub(super) fn prompt(&self) -> String {
        /// Longer names are cut.
        const LONG: usize = 20;
        let Ok(now) = self.now() else { return "no policy> ".to_owned() };
        let case: String = now.timeline().case.chars().take(LONG).collect();
        let case = crate::diagnostic::printable::one_line(&case);
        let steps = match self.done.len() {
            0 => String::new(),
            steps => format!(" +{steps}"),
        };
        format!("{case}, {}{steps}> ", now.as_of().short())
    }

    /// Whether something was changed that no script has.
    pub(super) fn unsaved(&self) -> bool {
        self.unsaved
    }

    /// Answers a line, or several of one input. Where one is wrong, none has changed anything.
    pub(super) fn input(
        &mut self,
        lines: &[String],
        printer: &mut Printer,
    ) -> Result<Reply, Failure> {
        let [line] = lines else { return self.several(lines, printer) };
        self.line(line, printer)
    }

    fn several(&mut self, lines: &[String], printer: &mut Printer) -> Result<Reply, Failure> {
        let kept = self.clone();
        let mut answers = String::new();
        for line in lines {
            match self.line(line, printer) {
                Ok(Reply::Text(answer)) => answers += &answer,
                Ok(Reply::Quit) => return Ok(Reply::Quit),
                Err(failure) => {
                    *self = kept;
                    return Err(failure);
                }
            }
        }
        Ok(Reply::Text(answers))
    }

    fn line(&mut self, line: &str, printer: &mut Printer) -> Result<Reply, Failure> {
        let style = printer.style;
        let text = match asked(line)? {
            Asked::Nothing => return Ok(Reply::Text(String::new())),
            Asked::Event(event) => self.edit(&Edit::add(&event)?, &style)?,
            Asked::Command(Command::Quit, _) => return Ok(Reply::Quit),
            Asked::Command(command, rest) => self.command(command, &rest, printer)?,
        };
        let written = matches!(asked(line), Ok(Asked::Command(Command::Save | Command::Help, _)));
        if !written {
            self.said.push(line.trim().to_owned());
        }
        Ok(Reply::Text(text))
    }

    fn command(
        &mut self,
        command: Command,
        rest: &str,
        printer: &mut Printer,
    ) -> Result<String, Failure> {
        let style = printer.style;
        help::nothing_behind(command, rest)?;
        Ok(match command {
            Command::Add => self.edit(&Edit::add(rest)?, &style)?,
            Command::Move => self.edit(&Edit::moving(rest)?, &style)?,
            Command::Remove => self.edit(&Edit::removing(rest)?, &style)?,
            Command::Read if !rest.contains(" as ") && !rest.contains('=') => {
                questions::reading(self.now()?, rest, &style)?
            }
            Command::Read => self.edit(&Edit::reading(rest)?, &style)?,
            Command::AsOf => self.as_of(rest, &style)?,
            Command::WhatIf => self.what_if(rest, &style)?,
            Command::Undo => self.undo(&style)?,
            Command::Redo => self.redo(&style)?,
            Command::Changes => self.changes(&style)?,
            Command::Open => self.open(rest, printer)?,
            Command::Load => self.load(rest, printer)?,
            Command::Reload => self.reload(printer)?,
            Command::Save => self.save(rest)?,
            Command::Due => questions::due(self.now()?, rest, &style)?,
            Command::Overdue => questions::overdue(self.now()?, &style),
            Command::Why => questions::why(self.now()?, rest, &style)?,
            Command::Ladder => questions::ladder(self.now()?, &style),
            Command::Timeline => questions::timeline(self.now()?, rest, &style)?,
            Command::When => questions::when(self.now()?, rest, &style)?,
            Command::Questions => questions::questions(self.now()?, &style),
            Command::Readings => questions::readings(self.now()?, &style),
            Command::Rules => questions::rules(self.now()?, &style),
            Command::Rule => questions::page(rest)?,
            Command::Help => help::text(rest, &style)?,
            Command::Quit => String::new(),
        })
    }

    /// Makes an edit and says what moves.
    fn edit(&mut self, edit: &Edit, style: &Style) -> Result<String, Failure> {
        self.now()?;
        let Some(session) = &mut self.session else { return Err(Failure::Told) };
        let (before, done) = session.edit(edit)?;
        let now = session.now().clone();
        let what = done_words(&now, &done);
        let mut text = match &done {
            // Whoever typed it can see it above.
            Done::Added(..) => String::new(),
            _ => done_text(&now, &done, style),
        };
        text += &notes_text(&now, &done, style);
        self.stepped(before, what);
        self.as_of = now.as_of();
        text += &self.moved(style, Extent::Open);
        Ok(text)
    }

    /// Takes note of a step.
    fn stepped(&mut self, before: Situation, what: String) {
        self.last = Some(before);
        self.done.push(what);
        self.undone.clear();
        self.unsaved = true;
    }

    /// What the last change moved.
    fn moved(&self, style: &Style, extent: Extent) -> String {
        let (Some(before), Ok(after)) = (&self.last, self.now()) else { return String::new() };
        let difference = Difference::between(before, after);
        let moved = Moved { before, after, difference: &difference };
        moved_text(&moved, extent, style, SEE_ALL)
    }

    fn changes(&self, style: &Style) -> Result<String, Refusal> {
        self.now()?;
        match &self.last {
            Some(_) => Ok(self.moved(style, Extent::All)),
            None => Err(Refusal::new("nothing has been changed yet")),
        }
    }

    fn as_of(&mut self, rest: &str, style: &Style) -> Result<String, Failure> {
        let edit = Edit::as_of(rest)?;
        if self.session.is_some() {
            return self.edit(&edit, style);
        }
        if let Edit::AsOf(day) = edit {
            self.as_of = day;
        }
        Ok(format!("As of {}.\n", self.as_of.long()))
    }

    /// Takes the last step back.
    fn back(&mut self) -> Option<String> {
        self.last = Some(self.session.as_mut()?.undo()?);
        let what = self.done.pop()?;
        self.undone.push(what.clone());
        self.as_of = self.now().map_or(self.as_of, Situation::as_of);
        Some(what)
    }

    fn undo(&mut self, style: &Style) -> Result<String, Failure> {
        self.now()?;
        let what = self.back().ok_or_else(|| Refusal::new("there is nothing to take back"))?;
        let first = sentence(&format!("taken back: {what}"), style);
        Ok(first + &self.moved(style, Extent::Open))
    }

    fn redo(&mut self, style: &Style) -> Result<String, Failure> {
        self.now()?;
        let again = self.session.as_mut().and_then(Session::redo);
        let again = again.ok_or_else(|| Refusal::new("there is nothing to make again"))?;
        self.last = Some(again);
        let what = self.undone.pop().unwrap_or_default();
        self.done.push(what.clone());
        self.as_of = self.now()?.as_of();
        let first = sentence(&format!("made again: {what}"), style);
        Ok(first + &self.moved(style, Extent::Open))
    }

    /// Tries edits and keeps none.
    fn what_if(&self, rest: &str, style: &Style) -> Result<String, Failure> {
        let before = self.now()?;
        let mut after = before.clone();
        let mut text = String::new();
        for part in rest.split(';').map(str::trim).filter(|part| !part.is_empty()) {
            let (next, done) = after.edited(&edit(part)?)?;
            text += &done_text(&next, &done, style);
            text += &notes_text(&next, &done, style);
            after = next;
        }
        if text.is_empty() {
            return Err(Refusal::new("there is nothing to try")
                .help("write an event line, or `move`, `remove`, `read` or `as-of` and the rest")
                .into());
        }
        let difference = Difference::between(before, &after);
        let moved = Moved { before, after: &after, difference: &difference };
        let see_all = "made, `:changes` would show them";
        text += &moved_text(&moved, Extent::Open, style, see_all);
        Ok(text + "This was only tried; nothing is kept.\n")
    }

    /// Loads a policy. A case that is open is kept.
    fn load(&mut self, rest: &str, printer: &mut Printer) -> Result<String, Failure> {
        let path = path(rest, ":load policies/leeds")?;
        let Some(book) = load_book(&path, self.holidays, printer)? else {
            return Err(Failure::Told);
        };
        let book = Arc::new(book);
        match &mut self.session {
            None => {
                let (case, _) = Timeline::new("case", Vec::new());
                let situation = Situation::new(book, &case, self.as_of, self.matching);
                self.session = Some(Session::new(situation));
            }
            Some(session) => {
                let next = session.now().under(book).map_err(not_under)?;
                let before = session.step_to(next);
                self.stepped(before, format!("loaded {}", fs::shown(&path)));
            }
        }
        Ok(questions::summary(self.now()?, &printer.style))
    }

    /// Reads the policy's file again. Where it is broken, the policy stays as it was.
    fn reload(&mut self, printer: &mut Printer) -> Result<String, Failure> {
        let path = PathBuf::from(self.now()?.book().name());
        let Some(book) = load_book(&path, self.holidays, printer)? else {
            printer.note("the policy stays in force as it was before")?;
            return Err(Failure::Told);
        };
        let Some(session) = &mut self.session else { return Err(Failure::Told) };
        let next = session.now().under(Arc::new(book)).map_err(not_under)?;
        let before = session.step_to(next);
        self.stepped(before, format!("read {} again", fs::shown(&path)));
        Ok(self.moved(&printer.style, Extent::Open))
    }

    fn open(&mut self, rest: &str, printer: &mut Printer) -> Result<String, Failure> {
        let whole = path(rest, ":open child-a.csv")?;
        let (path, id) = match rest.rsplit_once(' ') {
            Some((path, id)) if !fs::is_file(&whole) => (PathBuf::from(path.trim()), Some(id)),
            _ => (whole, None),
        };
        self.open_case(&path, id, printer)
    }

    /// Opens a case of a file.
    pub(super) fn open_case(
        &mut self,
        path: &Path,
        id: Option<&str>,
        printer: &mut Printer,
    ) -> Result<String, Failure> {
        let now = self.now()?;
        let wanted = (id, "with `:open FILE ID`, or at the start with `--case ID`");
        let Some(timeline) = case::only(path, wanted, now.policy(), printer)? else {
            return Err(Failure::Told);
        };
        let next = now.opening(&timeline);
        let Some(session) = &mut self.session else { return Err(Failure::Told) };
        let before = session.step_to(next);
        self.stepped(before, format!("opened {}", fs::shown(path)));
        self.unsaved = false;
        Ok(questions::summary(self.now()?, &printer.style))
    }

    /// Begins with what was given on the command line; none of it can be taken back.
    pub(super) fn begin_here(&mut self) {
        if let Some(session) = self.session.take() {
            self.session = Some(Session::new(session.now().clone()));
        }
        self.done.clear();
        self.last = None;
        self.unsaved = false;
    }

    /// The options on which the answers rest, and for which no line can be typed.
    fn options(&self) -> String {
        let mut options = String::new();
        if self.matching == Matching::Strict {
            options += " --strict-matching";
        }
        let added = self.holidays.added.iter().map(|path| ("--holidays", path));
        let replaced = self.holidays.replaced.iter().map(|path| ("--replace-holidays", path));
        for (option, path) in added.chain(replaced) {
            options += &format!(" {option} \"{}\"", fs::shown(path));
        }
        options
    }

    /// Writes what was typed to a script.
    fn save(&mut self, rest: &str) -> Result<String, Failure> {
        let path = path(rest, ":save session.txt")?;
        let options = self.options();
        let text = format!("{SAVED}{options} < THIS-FILE\n{}\n", self.said.join("\n"));
        fs::write_script(&path, &text, SAVED)?;
        self.unsaved = false;
        Ok(format!("Saved to {}.\n", fs::shown(&path)))
    }
}

/// An edit as it is written after `:what-if`.
fn edit(part: &str) -> Result<Edit, Refusal> {
    let bare = part.trim_start_matches(':');
    let (word, rest) = bare.split_once(' ').unwrap_or((bare, ""));
    // As everywhere else, a beginning is enough where it is the only one.
    match find(word).map(|entry| entry.command) {
        Ok(Command::Add) => Edit::add(rest),
        Ok(Command::Move) => Edit::moving(rest),
        Ok(Command::Remove) => Edit::removing(rest),
        Ok(Command::Read) => Edit::reading(rest),
        Ok(Command::AsOf) => Edit::as_of(rest),
        _ if bare.starts_with(|first: char| first.is_ascii_digit()) => Edit::add(bare),
        _ => Err(Refusal::new(format!("`{word}` is no change that can be tried"))
            .help("write an event line, or `move`, `remove`, `read` or `as-of` and the rest")),
    }
}

/// The path that was typed, without quotes around it.
fn path(text: &str, example: &str) -> Result<PathBuf, Refusal> {
    let text = text.trim();
    let bare = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text);
    if bare.is_empty() {
        return Err(Refusal::new("which file is not said").help(format!("as in `{example}`")));
    }
    if bare == "-" {
        return Err(Refusal::new(
            "the lines of a session come from standard input, and nothing else",
        ));
    }
    Ok(PathBuf::from(bare))
}

/// The case cannot be read under another policy.
fn not_under(refusal: Refusal) -> Refusal {
    let message = format!("the case cannot be read under it: {}", refusal.message);
    Refusal { message, ..refusal }
}

/// Why a line was refused, in words for a person.
pub(super) fn refused(refusal: &Refusal, style: &Style) -> String {
    crate::cli::what_if::refused("", refusal, style)
}

/// Breaks a sentence into lines.
pub(super) fn sentence(text: &str, style: &Style) -> String {
    wrapped(text, "", "  ", style)
}
