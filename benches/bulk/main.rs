//! How fast and in how much memory a whole caseload is answered: `cargo bench --bench bulk`.
//!
//! The measure is a [yardstick]: the rules of Blackburn with Darwen written by hand for the made-up
//! caseload alone. Both answer the same 84,000 cases (all of England's children looked after, some 36
//! events each), and their answers are compared line by line before anything is measured. What is held
//! against something else runs in pairs, one after the other and turn about, so that whatever else the
//! machine does bears on both; what counts is the median of the ratios. Times are those of the processors
//! (in user and in system mode together) unless it says otherwise.
//!
//! `cargo bench --bench bulk -- --only PART` measures one part: `yardstick`, `reasons`, `cores`, `case`,
//! `memory`, `reading` or `rules`; with `--million` the memory for a million cases is measured too.
//!
//! Without `--bench`, as under `cargo test`, the answers to 300 cases are compared, and everything else is
//! done once and on few cases, to see that it works. Processor times and memory are asked of Unix;
//! elsewhere the answers are compared and nothing is measured.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a measurement may stop where it fails"
)]
#![expect(clippy::print_stdout, reason = "the table is for whoever runs this")]
#![expect(clippy::print_stderr, reason = "a call for one thing says what is wrong with it")]

mod answers;
#[path = "../generator.rs"]
mod generator;
#[cfg(unix)]
mod inside;
#[cfg(unix)]
mod table;
#[cfg(unix)]
mod usage;
#[cfg(unix)]
mod whole;
mod yardstick;

use std::fs::{self, File};
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, process};

use generator::{Form, SEED};

/// The day as of which the cases are looked at.
const AS_OF: &str = "2026-05-20";

/// How much to do.
#[derive(Clone, Copy)]
struct Effort {
    cases: u32,
    /// Of how many cases the rules alone are measured, and how often each time.
    few: u32,
    rounds: u32,
    pairs: usize,
    /// How often a process that is over at once is started.
    starts: usize,
    /// Of how many cases the memory is measured.
    sizes: &'static [u32],
    /// Whether times are looked at.
    timed: bool,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.first().map(String::as_str) {
        Some("--as-yardstick") => return as_yardstick(&arguments[1..]),
        #[cfg(unix)]
        Some("--as-watcher") => return usage::watch(&arguments[1..]),
        _ => {}
    }
    let has = |flag: &str| arguments.iter().any(|argument| argument == flag);
    let (cases, few) = (84_000, 2_000);
    let sizes: &[u32] = match (has("--bench"), has("--million")) {
        (true, true) => &[1_000, 10_000, 84_000, 1_000_000],
        (true, false) => &[1_000, 10_000, 84_000],
        (false, _) => &[10, 20],
    };
    let effort = if has("--bench") {
        Effort { cases, few, rounds: 10, pairs: 7, starts: 51, sizes, timed: true }
    } else {
        Effort { cases: 300, few: 20, rounds: 1, pairs: 1, starts: 1, sizes, timed: false }
    };
    let room = Room::new();
    println!("{} cases, seed {SEED}, as of {AS_OF}.", effort.cases);
    answers::compare(&room, effort.cases);
    #[cfg(unix)]
    {
        let mut table = table::Table::new(effort.timed);
        whole::measure(&room, effort, &mut table);
        inside::measure(&room, effort, &mut table);
        table.end();
    }
    #[cfg(not(unix))]
    println!("Processor times and memory are measured on Unix only.");
    ExitCode::SUCCESS
}

/// Answers a file of cases as the yardstick does.
fn as_yardstick(arguments: &[String]) -> ExitCode {
    let answered = File::open(&arguments[0])
        .map_err(yardstick::Fault::from)
        .and_then(|file| yardstick::run(file, standard_output(), AS_OF));
    match answered {
        Ok(_) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("{}: {fault}", arguments[0]);
            ExitCode::FAILURE
        }
    }
}

/// The standard output as it is: the lines are not to be looked for again.
#[cfg(unix)]
fn standard_output() -> File {
    use std::os::fd::AsFd;
    File::from(io::stdout().as_fd().try_clone_to_owned().unwrap())
}

/// The standard output.
#[cfg(not(unix))]
fn standard_output() -> io::Stdout {
    io::stdout()
}

/// A folder for what is written, gone when it is dropped.
struct Room {
    folder: PathBuf,
}

impl Room {
    fn new() -> Room {
        let folder = env::temp_dir().join(format!("duly-bulk-{}", process::id()));
        fs::create_dir_all(&folder).unwrap();
        Room { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Writes so many cases into a file.
    fn cases(&self, name: &str, number: u32, form: Form) -> PathBuf {
        let path = self.path(name);
        let mut out = BufWriter::with_capacity(1 << 20, File::create(&path).unwrap());
        generator::write(&mut out, number, form, SEED).unwrap();
        path
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// What can be measured by itself.
#[cfg(unix)]
const PARTS: [&str; 7] = ["yardstick", "reasons", "cores", "case", "memory", "reading", "rules"];

/// Whether a part is to be measured: all are, unless one is asked for.
#[cfg(unix)]
fn wanted(part: &str) -> bool {
    let mut arguments = env::args().skip_while(|argument| argument != "--only").skip(1);
    let only = arguments.next();
    let known = only.iter().all(|only| PARTS.contains(&only.as_str()));
    assert!(known, "what can be measured by itself: {}", PARTS.join(", "));
    only.is_none_or(|only| only == part)
}

/// The folder with the policy.
fn policy() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("policies").join("blackburn-with-darwen")
}

/// The command that is measured.
fn duly() -> process::Command {
    process::Command::new(env!("CARGO_BIN_EXE_duly"))
}

/// The arguments by which it answers cases.
fn due(cases: &Path) -> Vec<String> {
    let policy = policy();
    let [policy, cases] = [&policy, cases].map(|path| path.display().to_string());
    ["due", "--policy", &policy, &cases, "--as-of", AS_OF, "--format", "csv"]
        .map(String::from)
        .into()
}
