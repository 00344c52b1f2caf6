//! The outside world: files, the environment, the terminal and what is printed on it.
//!
//! Only this file and its folder touch any of them. Everything printed goes through one locked buffer; a reader
//! that has seen enough (`duly due … | head`) ends the run quietly.

mod near;

use std::fmt;
use std::fs;
use std::io::{self, BufWriter, ErrorKind, IsTerminal as _, Read as _, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

pub(super) use near::missing;

use super::args::{Paper, When};
use super::progress::progress_line;
use crate::diagnostic::printable::one_line;
use crate::render::Style;
use crate::source::Source;

/// Why a command could not do its work.
#[derive(Debug)]
pub(super) enum CliError {
    /// The command or the world is wrong.
    World {
        /// What is wrong: a phrase.
        message: String,
        /// What to do about it.
        help: Option<String>,
    },
    /// Whoever reads the output has stopped.
    Closed,
}

impl CliError {
    /// Says what is wrong.
    pub(super) fn new(message: impl fmt::Display) -> Self {
        Self::World { message: message.to_string(), help: None }
    }

    /// Says what to do about it.
    pub(super) fn help(self, advice: impl Into<String>) -> Self {
        match self {
            Self::World { message, .. } => Self::World { message, help: Some(advice.into()) },
            Self::Closed => Self::Closed,
        }
    }
}

/// How a wrong command or a wrong world is told.
pub(super) fn refusal(message: &str, help: Option<&str>) -> String {
    let help = help.map(|help| format!("  help: {help}\n")).unwrap_or_default();
    format!("error: {message}\n{help}")
}

/// Where results go (standard output, or a file) and everything else (standard error).
pub(super) struct Printer {
    out: BufWriter<Box<dyn Write>>,
    /// The file that is being written, and the one that takes its name when it is whole.
    file: Option<(PathBuf, PathBuf)>,
    progress: Progress,
    /// How to draw on standard output.
    pub(super) style: Style,
    /// How to draw on standard error.
    pub(super) aside: Style,
    paper: Paper,
}

impl Printer {
    /// Decides once, for each of the two, how to draw on it.
    pub(super) fn new(paper: &Paper) -> Self {
        let style = |terminal: bool| Style {
            colour: colour(paper.color, terminal),
            unicode: !paper.ascii,
            width: paper.width.unwrap_or_else(|| width(terminal)),
        };
        Self {
            out: BufWriter::new(Box::new(io::stdout().lock())),
            file: None,
            progress: Progress::new(),
            style: style(io::stdout().is_terminal()),
            aside: style(io::stderr().is_terminal()),
            paper: paper.clone(),
        }
    }

    /// Takes the width of the terminal anew; a window can be given another size.
    pub(super) fn measure(&mut self) {
        if self.paper.width.is_none() {
            self.style.width = width(io::stdout().is_terminal());
            self.aside.width = width(io::stderr().is_terminal());
        }
    }

    /// From now on results go into a file. Until it is [whole](Self::keep) it stands beside its place,
    /// under its name and `.part`. What is no ordinary file, such as a pipe, is written to as it is.
    pub(super) fn redirect(&mut self, path: &Path, paper: &Paper) -> Result<(), CliError> {
        let (target, known) = target_of(path)?;
        let own = known.is_some_and(|known| !known.is_file());
        let mut name = target.as_os_str().to_owned();
        if !own {
            name.push(".part");
        }
        let part = PathBuf::from(name);
        make_folder_of(path)?;
        // What a run that was killed left there is overwritten.
        let file = fs::File::create(&part).map_err(|error| unwritable(path, &error))?;
        self.out = BufWriter::new(Box::new(file));
        self.file = (!own).then_some((part, target));
        self.progress.wanted = self.progress.terminal;
        self.style = Style {
            colour: paper.color == When::Always,
            unicode: !paper.ascii,
            width: paper.width.unwrap_or_else(|| width(false)),
        };
        Ok(())
    }

    /// Puts the file that was written in its place.
    pub(super) fn keep(&mut self) -> Result<(), CliError> {
        self.finish()?;
        let Some((part, path)) = self.file.take() else { return Ok(()) };
        fs::rename(&part, &path).map_err(|error| unwritable(&path, &error))
    }

    /// Shows how far a long piece of work has come, on one line that is wiped away in the end. The
    /// second pair is how much of how many bytes have been read.
    pub(super) fn progress(&mut self, cases: usize, read: Option<(u64, u64)>) {
        self.progress.show(cases, read);
    }

    /// Prints a result.
    pub(super) fn print(&mut self, text: &str) -> Result<(), CliError> {
        self.out.write_all(text.as_bytes()).map_err(|error| closed(&error))
    }

    /// Prints a result that has been put together as bytes.
    pub(super) fn write(&mut self, text: &[u8]) -> Result<(), CliError> {
        self.out.write_all(text).map_err(|error| closed(&error))
    }

    /// Says something that is not a result.
    pub(super) fn say(&mut self, text: &str) -> Result<(), CliError> {
        // What was printed so far belongs in front of it.
        self.finish()?;
        self.progress.wipe();
        match io::stderr().lock().write_all(text.as_bytes()) {
            // Nobody listens, and that is no reason to stop.
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Says a note on a line of its own.
    pub(super) fn note(&mut self, text: &str) -> Result<(), CliError> {
        self.say(&format!("{text}\n"))
    }

    /// Wipes the terminal; what goes into a pipe or a file stays.
    pub(super) fn wipe(&mut self) -> Result<(), CliError> {
        if io::stdout().is_terminal() && variable("TERM").is_none_or(|term| term != "dumb") {
            self.print("\u{1b}[2J\u{1b}[3J\u{1b}[H")?;
        }
        Ok(())
    }

    /// Hands everything over.
    pub(super) fn finish(&mut self) -> Result<(), CliError> {
        self.out.flush().map_err(|error| closed(&error))
    }
}

impl Drop for Printer {
    fn drop(&mut self) {
        self.progress.wipe();
        if let Some((part, _)) = &self.file {
            // It is not whole, and nobody is to take it for that.
            let _ = fs::remove_file(part);
        }
    }
}

/// A line on standard error that says how far the work has come.
struct Progress {
    terminal: bool,
    /// Whether it can be seen, and would not stand in the middle of the results.
    wanted: bool,
    begun: Instant,
    shown: Option<Instant>,
    width: usize,
}

impl Progress {
    /// What takes less time needs no such line.
    const PATIENCE: Duration = Duration::from_millis(700);
    const PAUSE: Duration = Duration::from_millis(200);

    fn new() -> Self {
        let dumb = variable("TERM").is_some_and(|term| term == "dumb");
        let terminal = io::stderr().is_terminal() && !dumb;
        let wanted = terminal && !io::stdout().is_terminal();
        Self { terminal, wanted, begun: Instant::now(), shown: None, width: 0 }
    }

    fn show(&mut self, cases: usize, read: Option<(u64, u64)>) {
        let early = self.begun.elapsed() < Self::PATIENCE
            || self.shown.is_some_and(|shown| shown.elapsed() < Self::PAUSE);
        if !self.wanted || early {
            return;
        }
        let line = progress_line(cases, read);
        self.width = self.width.max(line.len());
        // Where it cannot be shown, nothing is lost.
        let _ = write!(io::stderr().lock(), "\r{line:<width$}", width = self.width);
        self.shown = Some(Instant::now());
    }

    fn wipe(&mut self) {
        if self.shown.take().is_some() {
            let _ = write!(io::stderr().lock(), "\r{:width$}\r", "", width = self.width);
        }
    }
}

fn closed(error: &io::Error) -> CliError {
    // Windows calls a closed pipe 232 or 233.
    let gone = error.kind() == ErrorKind::BrokenPipe
        || (cfg!(windows) && matches!(error.raw_os_error(), Some(232 | 233)));
    if gone { CliError::Closed } else { CliError::new(format!("cannot write the output: {error}")) }
}

/// Says something before it is known how to draw, or when nothing else can be done any more.
pub(super) fn last_words(text: &str, mistake: bool) {
    // There is nobody left to tell of a failure.
    let _ = if mistake {
        io::stderr().lock().write_all(text.as_bytes())
    } else {
        io::stdout().lock().write_all(text.as_bytes())
    };
}

/// Whether messages about the command line itself may be coloured.
pub(super) fn help_in_colour(mistake: bool) -> bool {
    let terminal = if mistake { io::stderr().is_terminal() } else { io::stdout().is_terminal() };
    colour(When::Auto, terminal)
}

fn colour(when: When, terminal: bool) -> bool {
    match when {
        When::Always => true,
        When::Never => false,
        When::Auto => {
            if set("NO_COLOR") {
                return false;
            }
            let forced = variable("CLICOLOR_FORCE").is_some_and(|value| value != "0");
            let dumb = variable("TERM").is_some_and(|term| term == "dumb");
            forced || (terminal && !dumb)
        }
    }
}

/// The width to break lines at: long lines are hard to read, so there is an upper end.
fn width(terminal: bool) -> usize {
    const USUAL: usize = 80;
    const WIDEST: usize = 120;
    if let Some(columns) = variable("COLUMNS").and_then(|columns| columns.parse().ok()) {
        return columns;
    }
    if !terminal {
        return USUAL;
    }
    terminal_size::terminal_size()
        .map_or(USUAL, |(terminal_size::Width(columns), _)| usize::from(columns).min(WIDEST))
}

fn set(name: &str) -> bool {
    variable(name).is_some()
}

/// A variable of the environment, unless it is empty.
pub(super) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Whether lines are typed, and answered on the same terminal.
pub(super) fn is_typed() -> bool {
    io::stdin().is_terminal() && io::stdout().is_terminal()
}

/// The folder in which a program may keep what it needs the next time, if the machine has one.
pub(super) fn state_folder() -> Option<PathBuf> {
    let folder = if cfg!(windows) {
        PathBuf::from(variable("LOCALAPPDATA")?)
    } else if let Some(folder) = variable("XDG_STATE_HOME") {
        PathBuf::from(folder)
    } else {
        PathBuf::from(variable("HOME")?).join(".local").join("state")
    };
    Some(folder.join("duly"))
}

/// Opens a file that nobody else may read.
fn private(options: &mut fs::OpenOptions) -> &mut fs::OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options.create(true)
}

/// Adds to a file that nobody else may read; whoever calls this can do without it.
pub(super) fn append_private(path: &Path, text: &str) {
    if let Some(folder) = path.parent()
        && fs::create_dir_all(folder).is_ok()
        && let Ok(mut file) = private(&mut fs::OpenOptions::new()).append(true).open(path)
    {
        // What cannot be kept is not kept.
        let _ = file.write_all(text.as_bytes());
    }
}

/// Reads a file that this program keeps for itself.
pub(super) fn read_private(path: &Path) -> Option<String> {
    fs::read_to_string(path).ok()
}

/// Writes a script that nobody else may read. A file that does not begin with the line given is none
/// of ours, and stays as it is.
pub(super) fn write_script(path: &Path, text: &str, first: &str) -> Result<(), CliError> {
    let name = shown(path);
    if path.exists() && !fs::read_to_string(path).is_ok_and(|old| old.starts_with(first)) {
        return Err(CliError::new(format!(
            "there is a file `{name}` already, and it is no session"
        ))
        .help("give it another name"));
    }
    private(&mut fs::OpenOptions::new())
        .write(true)
        .truncate(true)
        .open(path)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(|error| CliError::new(format!("`{name}` cannot be written: {error}")))
}

/// The arguments of the command.
pub(super) fn arguments() -> Vec<std::ffi::OsString> {
    std::env::args_os().collect()
}

/// A path as messages show it.
pub(super) fn shown(path: &Path) -> String {
    one_line(&path.display().to_string())
}

/// A file of cases as messages call it; `-` is standard input.
pub(super) fn called(path: &Path) -> String {
    if path.as_os_str() == "-" { "standard input".to_owned() } else { shown(path) }
}

/// Whether a path leads to a folder.
pub(super) fn is_folder(path: &Path) -> bool {
    path.is_dir()
}

/// Whether a path leads to a file.
pub(super) fn is_file(path: &Path) -> bool {
    path.is_file()
}

/// Reads a file; `-` is standard input.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, CliError> {
    if path.as_os_str() == "-" {
        let mut bytes = Vec::new();
        return match io::stdin().lock().read_to_end(&mut bytes) {
            Ok(_) => Ok(bytes),
            Err(error) => Err(CliError::new(format!("cannot read standard input: {error}"))),
        };
    }
    fs::read(path).map_err(|error| unreadable(path, &error))
}

/// Writes a file as [`write_whole`] does; its folder is made if there is none.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), CliError> {
    make_folder_of(path)?;
    write_whole(path, bytes)
}

/// Makes the folder of a file that is to be written, if there is none.
fn make_folder_of(path: &Path) -> Result<(), CliError> {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => make_folder(folder),
        _ => Ok(()),
    }
}

/// What is written where a path is given, and what stands there now: a file that may be replaced, or what
/// never is, such as a pipe or a device. A link stays a link: what it leads to is written.
fn target_of(path: &Path) -> Result<(PathBuf, Option<fs::Metadata>), CliError> {
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let known = fs::metadata(&target).ok();
    let name = shown(path);
    match &known {
        Some(known) if known.is_dir() => {
            Err(CliError::new(format!("`{name}` is a folder, not a file")))
        }
        Some(known) if known.is_file() && known.permissions().readonly() => {
            Err(CliError::new(format!("`{name}` may only be read")))
        }
        _ => Ok((target, known)),
    }
}

/// Opens a file for reading; `-` is standard input.
pub(super) fn open(path: &Path) -> Result<Box<dyn io::Read>, CliError> {
    if path.as_os_str() == "-" {
        return Ok(Box::new(io::stdin().lock()));
    }
    match fs::File::open(path) {
        Ok(file) => Ok(Box::new(file)),
        Err(error) => Err(unreadable(path, &error)),
    }
}

/// The first bytes of a file, so many at most.
pub(super) fn beginning(path: &Path, most: usize) -> Result<Vec<u8>, CliError> {
    let mut bytes = Vec::new();
    let mut file = open(path)?.take(most as u64);
    file.read_to_end(&mut bytes).map_err(|error| unreadable(path, &error))?;
    Ok(bytes)
}

/// How many bytes a file has, where that can be told.
pub(super) fn size(path: &Path) -> Option<u64> {
    let known = fs::metadata(path).ok()?;
    known.is_file().then_some(known.len())
}

/// Refuses to write to a file that is read: what stands in it would be lost.
pub(super) fn keep_apart(written: &Path, read: &[&PathBuf]) -> Result<(), CliError> {
    // What is not there yet is not read.
    let Ok(whole) = fs::canonicalize(written) else { return Ok(()) };
    let same = |file: &&PathBuf| fs::canonicalize(file).is_ok_and(|file| file == whole);
    if read.iter().any(same) {
        let name = shown(written);
        return Err(CliError::new(format!("`{name}` is to be read; it cannot be written too")));
    }
    Ok(())
}

/// Reads a text file that must be in UTF-8.
pub(super) fn read_text(path: &Path) -> Result<Source, CliError> {
    const LARGEST: usize = 64 << 20;
    let bytes = read(path)?;
    let name = shown(path);
    if bytes.len() > LARGEST {
        return Err(CliError::new(format!("`{name}` is larger than a policy can be (64 MiB)")));
    }
    let kinds: [(&[u8], &str); 3] = [
        (b"PK\x03\x04", "a Word document, a workbook or an archive"),
        (b"\xD0\xCF\x11\xE0", "an old Word document or workbook"),
        (b"%PDF", "a PDF"),
    ];
    if let Some((_, kind)) = kinds.iter().find(|(mark, _)| bytes.starts_with(mark)) {
        return Err(CliError::new(format!("`{name}` is {kind}, not a plain text"))
            .help("in Word, choose Save As, the type Plain Text and the encoding UTF-8"));
    }
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(CliError::new(format!("`{name}` is saved as UTF-16"))
            .help(format!("`duly fmt {name}` makes it UTF-8; or in Notepad, Save as, Encoding")));
    }
    String::from_utf8(bytes).map(|text| Source::new(name.clone(), text)).map_err(|error| {
        let good = error.utf8_error().valid_up_to();
        let before = error.as_bytes().get(..good).unwrap_or_default();
        let line = before.split(|&byte| byte == b'\n').count();
        CliError::new(format!(
            "`{name}` is not in UTF-8: line {line} has a byte that cannot stand there, as in \
                 a file saved as Windows-1252"
        ))
        .help(format!("`duly fmt {name}` makes it UTF-8; or in Notepad, Save as, Encoding"))
    })
}

/// Writes a file, whole or not at all: to another name beside it first, which then takes its place.
///
/// What is no ordinary file, such as a terminal or a pipe, is written to as it is.
pub(super) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), CliError> {
    let (target, known) = target_of(path)?;
    if known.as_ref().is_some_and(|known| !known.is_file()) {
        return fs::write(&target, bytes).map_err(|error| unwritable(path, &error));
    }
    let Some(name) = target.file_name() else {
        return Err(CliError::new(format!("`{}` is not the name of a file", shown(path))));
    };
    let mut beside = std::ffi::OsString::from(".");
    beside.push(name);
    beside.push(format!(".duly-{}", std::process::id()));
    let beside = target.with_file_name(beside);
    let written = fs::write(&beside, bytes)
        .and_then(|()| match known {
            Some(known) => fs::set_permissions(&beside, known.permissions()),
            None => Ok(()),
        })
        .and_then(|()| fs::rename(&beside, &target));
    written.map_err(|error| {
        // It may not even be there; and what is wrong is told already.
        let _ = fs::remove_file(&beside);
        unwritable(path, &error)
    })
}

/// Why a file could not be written.
fn unwritable(path: &Path, error: &io::Error) -> CliError {
    let name = shown(path);
    match error.kind() {
        ErrorKind::NotFound => {
            let folder = path.parent().unwrap_or(Path::new(""));
            CliError::new(format!("`{name}` cannot be written"))
                .help(format!("there is no folder `{}`", shown(folder)))
        }
        ErrorKind::PermissionDenied => {
            CliError::new(format!("`{name}` may not be written by this user"))
        }
        ErrorKind::IsADirectory => CliError::new(format!("`{name}` is a folder, not a file")),
        _ => CliError::new(format!("`{name}` cannot be written: {error}")),
    }
}

/// Makes a folder, and those it lies in.
pub(super) fn make_folder(path: &Path) -> Result<(), CliError> {
    if path.is_file() {
        return Err(CliError::new(format!("`{}` is a file, not a folder", shown(path))));
    }
    let name = shown(path);
    fs::create_dir_all(path).map_err(|error| match error.kind() {
        ErrorKind::PermissionDenied => {
            CliError::new(format!("the folder `{name}` may not be made by this user"))
        }
        _ => CliError::new(format!("cannot make the folder `{name}`: {error}")),
    })
}

/// Where a file is, with forward slashes: from the root of the repository it lies in, else from the
/// folder in which the command runs, else from the root of the machine.
pub(super) fn in_repository(path: &Path) -> String {
    let Ok(whole) = fs::canonicalize(path) else {
        return slashes(path);
    };
    let root = whole.ancestors().find(|folder| folder.join(".git").exists()).map(Path::to_owned);
    let here = || std::env::current_dir().and_then(fs::canonicalize).ok();
    let inside = root.or_else(here).and_then(|root| whole.strip_prefix(root).ok());
    slashes(inside.unwrap_or(&whole))
}

fn slashes(path: &Path) -> String {
    let text = path.to_string_lossy();
    let text = text.strip_prefix(r"\\?\").unwrap_or(&text);
    if cfg!(windows) { text.replace('\\', "/") } else { text.to_owned() }
}

/// What tells whether a file has changed: when it was last written, and how long it is. Nothing where
/// there is none.
pub(super) type Stamp = Option<(std::time::SystemTime, u64)>;

/// The stamp of a file.
pub(super) fn stamp(path: &Path) -> Stamp {
    let known = fs::metadata(path).ok()?;
    Some((known.modified().ok()?, known.len()))
}

/// Waits.
pub(super) fn pause(duration: std::time::Duration) {
    std::thread::sleep(duration);
}

/// The entries of a folder in the order of their names.
pub(super) fn entries(folder: &Path) -> Result<Vec<PathBuf>, CliError> {
    let listing = fs::read_dir(folder).map_err(|error| unreadable(folder, &error))?;
    let mut entries = Vec::new();
    for entry in listing {
        entries.push(entry.map_err(|error| unreadable(folder, &error))?.path());
    }
    entries.sort();
    Ok(entries)
}

/// Why a path could not be read, with near names in its folder if it is not there.
pub(super) fn unreadable(path: &Path, error: &io::Error) -> CliError {
    let name = shown(path);
    match error.kind() {
        ErrorKind::NotFound => missing(path),
        ErrorKind::PermissionDenied => {
            CliError::new(format!("`{name}` may not be read by this user"))
        }
        ErrorKind::IsADirectory => CliError::new(format!("`{name}` is a folder, not a file")),
        _ => CliError::new(format!("`{name}` cannot be read: {error}")),
    }
}
