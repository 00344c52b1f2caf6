//! The `duly` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    duly::cli::run().into()
}
