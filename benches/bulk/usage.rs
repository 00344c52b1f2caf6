//! What a command costs: its processor time, its time by the clock, and the most memory it had.
//!
//! The system tells how much memory *any* of the children of a process had at most; so a command is
//! started by a watcher, which is this program called again, and has no other child.

use std::env;
use std::io::Write;
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use nix::sys::resource::{Usage, UsageWho, getrusage};

/// What a command cost.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cost {
    /// In user and in system mode.
    pub(super) processors: Duration,
    pub(super) clock: Duration,
    /// In KiB.
    pub(super) memory: u32,
}

/// Starts a command and says what it cost, in three numbers.
pub(super) fn watch(arguments: &[String]) -> ExitCode {
    let start = Instant::now();
    let mut command = Command::new(&arguments[0]);
    // What it has to say beside its answers is not wanted here.
    let status = command.args(&arguments[1..]).stderr(Stdio::null()).status();
    let clock = start.elapsed();
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).unwrap();
    eprintln!("{} {} {}", processors(&usage).as_nanos(), clock.as_nanos(), memory(&usage));
    match status {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

/// Starts a command under a watcher.
pub(super) fn start(command: &Command, input: Stdio, output: Stdio) -> Child {
    let mut watcher = Command::new(env::current_exe().unwrap());
    watcher.arg("--as-watcher").arg(command.get_program()).args(command.get_args());
    watcher.stdin(input).stdout(output).stderr(Stdio::piped()).spawn().unwrap()
}

/// What a command cost that was started under a watcher.
pub(super) fn cost(watcher: Child) -> Cost {
    let out = watcher.wait_with_output().unwrap();
    let text = String::from_utf8_lossy(&out.stderr);
    assert!(out.status.success(), "the command failed: {text}");
    let mut numbers = text.split_whitespace().map(|number| number.parse::<u64>().unwrap());
    let mut next = || numbers.next().unwrap();
    let (processors, clock) = (Duration::from_nanos(next()), Duration::from_nanos(next()));
    Cost { processors, clock, memory: next() as u32 }
}

/// What a command cost that reads nothing and writes there.
pub(super) fn cost_of(command: &Command, output: Stdio) -> Cost {
    cost(start(command, Stdio::null(), output))
}

/// What a command cost to which so much is written.
pub(super) fn cost_with_input(command: &Command, write: impl FnOnce(&mut dyn Write)) -> Cost {
    let mut watcher = start(command, Stdio::piped(), Stdio::null());
    let mut input = watcher.stdin.take().unwrap();
    write(&mut input);
    drop(input);
    cost(watcher)
}

/// The processor time that this process has had.
pub(super) fn own_processors() -> Duration {
    processors(&getrusage(UsageWho::RUSAGE_SELF).unwrap())
}

fn processors(usage: &Usage) -> Duration {
    let times = [usage.user_time(), usage.system_time()];
    times
        .iter()
        .map(|time| {
            let seconds = Duration::from_secs(time.tv_sec().unsigned_abs());
            seconds + Duration::from_micros(time.tv_usec().unsigned_abs())
        })
        .sum()
}

/// The memory in KiB; macOS counts bytes.
fn memory(usage: &Usage) -> u64 {
    let most = usage.max_rss().unsigned_abs();
    if cfg!(target_os = "macos") { most >> 10 } else { most }
}
