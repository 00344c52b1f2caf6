//! The command as a whole: against the yardstick, on two cores, on one case, and its memory.

use std::fs::{self, File};
use std::io::BufWriter;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::available_parallelism;
use std::time::Duration;

use super::answers::as_yardstick;
use super::generator::{self, Form, SEED};
use super::table::{Aim, Pairs, Table};
use super::usage::{cost_of, cost_with_input};
use super::{AS_OF, Effort, Room, due, duly, wanted};

/// A policy of a few lines, and a case for it.
const SMALL: &str = r#"policy small "A small one"
  calendar england-and-wales
role iro "Independent Reviewing Officer"
event became-looked-after "Child became looked after"
event review-held         "Review held"
duty hold-review "First review"
  by     iro must
  due    within 20 working days after became-looked-after
  met by review-held
  cite   "1"
"#;
const SMALL_CASE: &str = "{\"case\":\"LA-0000000\",\"events\":[{\"date\":\"2026-04-28\",\
    \"event\":\"became-looked-after\"}]}\n";

/// Measures the command.
pub(super) fn measure(room: &Room, effort: Effort, table: &mut Table) {
    let cases = room.path("cases.jsonl");
    if wanted("yardstick") {
        against_yardstick(room, &cases, effort, table);
    }
    if wanted("reasons") {
        reasons(&cases, effort, table);
    }
    if wanted("cores") {
        two_cores(&cases, effort, table);
    }
    if wanted("case") {
        one_case(room, effort, table);
    }
    if wanted("memory") {
        memory(effort, table);
    }
}

fn due_command(cases: &Path) -> Command {
    let mut command = duly();
    command.args(due(cases));
    command
}

/// From one end to the other, once to where nothing is kept and once to a file.
fn against_yardstick(room: &Room, cases: &Path, effort: Effort, table: &mut Table) {
    let (general, special) = (due_command(cases), as_yardstick(cases));
    let nowhere = |command: &Command| cost_of(command, Stdio::null()).processors;
    let pairs = Pairs::run(effort.pairs, || nowhere(&general), || nowhere(&special));
    table.row("duly due / yardstick, both to /dev/null", &pairs, Aim::Most(2.0));
    let path = room.path("answers.csv");
    let file = |command: &Command| {
        let cost = cost_of(command, Stdio::from(File::create(&path).unwrap())).processors;
        fs::remove_file(&path).unwrap();
        cost
    };
    let pairs = Pairs::run(effort.pairs, || file(&general), || file(&special));
    table.row("duly due / yardstick, both to a file", &pairs, Aim::Most(2.0));
}

/// With a reason for every deadline.
fn reasons(cases: &Path, effort: Effort, table: &mut Table) {
    let plain = due_command(cases);
    let mut reasons = due_command(cases);
    reasons.arg("--reasons");
    let nowhere = |command: &Command| cost_of(command, Stdio::null()).processors;
    let pairs = Pairs::run(effort.pairs, || nowhere(&reasons), || nowhere(&plain));
    table.row("with a reason for every deadline / without", &pairs, Aim::Most(2.0));
}

/// By the clock, on one core and on two.
fn two_cores(cases: &Path, effort: Effort, table: &mut Table) {
    let pinned = |cores: &str| {
        let mut command = Command::new("taskset");
        command.args(["-c", cores, env!("CARGO_BIN_EXE_duly")]).args(due(cases));
        command
    };
    let there = Command::new("taskset").arg("--version").output();
    if there.is_err() || available_parallelism().map_or(1, usize::from) < 2 {
        table.note("one core / two: not measured, for that needs `taskset` and two cores");
        return;
    }
    let (one, two) = (pinned("0"), pinned("0,1"));
    let clock = |command: &Command| cost_of(command, Stdio::null()).clock;
    let pairs = Pairs::run(effort.pairs, || clock(&one), || clock(&two));
    table.row("duly due on one core / on two, by the clock", &pairs, Aim::Least(1.7));
}

/// One case, in a process of its own, by the clock.
fn one_case(room: &Room, effort: Effort, table: &mut Table) {
    let case = room.cases("one.jsonl", 1, Form::Lines);
    let (small_case, small) = (room.path("small.jsonl"), room.path("small.duly"));
    fs::write(&small_case, SMALL_CASE).unwrap();
    fs::write(&small, SMALL).unwrap();
    let shipped = due_command(&case);
    let mut tiny = duly();
    tiny.arg("due").arg("--policy").arg(&small).arg(&small_case);
    tiny.args(["--as-of", AS_OF, "--format", "csv"]);
    let nothing = Command::new("true");
    let clock = |command: &Command| cost_of(command, Stdio::null()).clock;
    let pairs = Pairs::run(effort.starts, || clock(&shipped), || clock(&nothing));
    table.row("one case / true, shipped policy, by the clock", &pairs, Aim::Most(4.0));
    let pairs = Pairs::run(effort.starts, || clock(&tiny), || clock(&nothing));
    table.row("one case / true, small policy, by the clock", &pairs, Aim::None);
}

/// The most memory there was, for more and more cases from the standard input.
fn memory(effort: Effort, table: &mut Table) {
    let mut command = duly();
    command.args(due(Path::new("-")));
    let mut most = Vec::new();
    for &size in effort.sizes {
        let cost = cost_with_input(&command, |input| {
            let mut input = BufWriter::with_capacity(1 << 18, input);
            generator::write(&mut input, size, Form::Lines, SEED).unwrap();
        });
        let clock = Duration::from_millis(cost.clock.as_millis() as u64);
        table
            .note(&format!("memory for {size} cases: {} KiB at most, in {clock:.1?}", cost.memory));
        most.push(f64::from(cost.memory));
    }
    let [.., before, last] = most[..] else { return };
    let of = effort.sizes.last().copied().unwrap_or_default();
    // That of ten thousand cases is the measure.
    let ten_thousand = if most.len() > 2 { most[1] } else { before };
    let what = format!("memory for {of} cases / for 10000");
    table.single(&what, last / ten_thousand, Aim::Most(1.2), "");
    let megabytes = last / 1024.0;
    table.single("memory for the most cases, in MiB", megabytes, Aim::Most(64.0), "");
}
