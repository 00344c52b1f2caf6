//! The files under `tests/`, each a test of its own.
//!
//! Each module finds the files of one kind and makes a trial of each. With `BLESS=1` in the
//! environment the expected outputs are written anew; read them before you commit them.

mod dump;
mod format;
mod pages;
mod scenarios;
mod transcripts;
mod ui;

use std::process::ExitCode;

use libtest_mimic::Arguments;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let mut trials = ui::trials();
    trials.extend(pages::trials());
    trials.extend(scenarios::trials());
    trials.extend(transcripts::trials());
    trials.extend(dump::trials());
    trials.extend(format::trials());
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// Whether the expected outputs are to be written anew.
fn bless() -> bool {
    std::env::var_os("BLESS").is_some_and(|value| value == "1")
}

/// A folder of the repository.
fn folder(name: &str) -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}
