//! Whether the yardstick and `duly` give the same answers, line by line.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::{env, fs};

use super::generator::Form;
use super::{AS_OF, Room, due, duly, yardstick};

/// Compares the answers to so many cases; stops where a line differs.
///
/// The same cases are answered from a table, too: that those answers are the same shows that the lines
/// that both read are read aright.
pub(super) fn compare(room: &Room, number: u32) {
    let cases = room.cases("cases.jsonl", number, Form::Lines);
    let table = room.cases("cases.csv", number.min(2_000), Form::Table);
    let short = room.cases("short.jsonl", number.min(2_000), Form::Lines);
    let theirs = answered(room, "duly.csv", duly().args(due(&cases)));
    let own = answered(room, "yardstick.csv", &mut as_yardstick(&cases));
    let lines = same(&theirs, &own);
    let from_table = answered(room, "table.csv", duly().args(due(&table)));
    let from_lines = answered(room, "lines.csv", duly().args(due(&short)));
    same(&from_table, &from_lines);
    refused(&short);
    for file in [theirs, own, from_table, from_lines, table] {
        let _ = fs::remove_file(file);
    }
    println!("The yardstick and `duly due` give the same {lines} lines.");
}

/// This program as the yardstick.
pub(super) fn as_yardstick(cases: &Path) -> Command {
    let mut command = Command::new(env::current_exe().unwrap());
    command.arg("--as-yardstick").arg(cases);
    command
}

fn answered(room: &Room, name: &str, command: &mut Command) -> std::path::PathBuf {
    let path = room.path(name);
    let out = command.stdout(File::create(&path).unwrap()).stderr(Stdio::piped()).spawn().unwrap();
    let out = out.wait_with_output().unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    path
}

/// How many lines two files have, which are the same.
fn same(one: &Path, other: &Path) -> usize {
    let lines = |path: &Path| BufReader::with_capacity(1 << 20, File::open(path).unwrap());
    let (mut one, mut other) = (lines(one), lines(other));
    let (mut left, mut right) = (Vec::new(), Vec::new());
    let mut number = 0;
    loop {
        left.clear();
        right.clear();
        one.read_until(b'\n', &mut left).unwrap();
        other.read_until(b'\n', &mut right).unwrap();
        if left != right {
            let [left, right] = [&left, &right].map(|line| String::from_utf8_lossy(line));
            panic!("line {} differs:\n{left}\n{right}", number + 1);
        }
        if left.is_empty() {
            return number;
        }
        number += 1;
    }
}

/// Whatever the generator does not write the yardstick refuses: it never passes over anything.
fn refused(cases: &Path) {
    let text = fs::read_to_string(cases).unwrap();
    let changes = [
        ("\"event\":\"placed\"", "\"event\":\"moved\""),
        ("\"event\":\"placed\"", "\"event\":\"placef\""),
        ("\"event\":\"born\"}", "\"event\":\"born\",\"seq\":1}"),
        ("\"who\":\"child\"", "\"who\":\"parents\""),
        ("\"setting\":\"foster\"", "\"setting\":\"hostel\""),
        ("\"miles\":", "\"miles\":-"),
        ("\"date\":\"2026-", "\"date\":\"2027-"),
        ("\"date\":\"2026-03-", "\"date\":\"2026-3-"),
        ("\"meeting\":true", "\"meeting\":false"),
        ("\"kind\":\"initial\"", "\"kind\":\"cease\""),
        ("\"stage\":1", "\"stage\":2"),
        ("\"event\":\"unit-notified\"", "\"event\":\"became-looked-after\""),
        ("\"case\":\"LA-0000002\"", "\"case\":\"LA-0000001\""),
        ("\"case\":\"LA-0000002\"", "\"case\":\"LA-2\""),
        ("]}\n", "] }\n"),
        ("]}\n", "]}\n\n"),
        ("{\"case\":", "{ \"case\":"),
    ];
    for (from, to) in changes {
        assert!(text.contains(from), "nothing to change: {from}");
        let other = text.replacen(from, to, 1);
        let answered = yardstick::run(other.as_bytes(), Vec::new(), AS_OF);
        assert!(answered.is_err(), "the yardstick takes {to} in place of {from}");
    }
    let cut = text.len() - 1;
    assert!(yardstick::run(&text.as_bytes()[..cut], Vec::new(), AS_OF).is_err(), "a cut line");
    assert!(yardstick::run(text.as_bytes(), Vec::new(), AS_OF).is_ok());
}
