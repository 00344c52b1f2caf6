//! A caseload that is made up: children looked after under the policy of Blackburn with Darwen, 35
//! events each on average, the same for the same seed.
//!
//! `cargo run --release --example caseload -- 84000 jsonl > cases.jsonl`; in place of `jsonl` can stand
//! `csv`, and behind it another seed. No case is real. Most reviews are held in time and some late, some
//! are moved, one child in eight lives far away or at home, one in seven meets a challenge.

mod generator;

use std::env;
use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use generator::{Form, SEED};

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let number = arguments.first().and_then(|text| text.parse().ok());
    let form = match arguments.get(1).map(String::as_str) {
        None | Some("jsonl") => Some(Form::Lines),
        Some("csv") => Some(Form::Table),
        Some(_) => None,
    };
    let seed = arguments.get(2).map_or(Some(SEED), |text| text.parse().ok());
    let (Some(number), Some(form), Some(seed)) = (number, form, seed) else {
        let _ = writeln!(io::stderr(), "caseload NUMBER [jsonl|csv] [SEED]");
        return ExitCode::from(2);
    };
    let mut out = BufWriter::with_capacity(1 << 20, io::stdout().lock());
    match generator::write(&mut out, number, form, seed) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
