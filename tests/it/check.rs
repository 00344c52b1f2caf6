//! `duly init`, and `duly check` with files of its own: forms that are written to files, changes that
//! are made in policies, and watching.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a broken assumption is to fail the test")]

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use duly::check::{Calendars, Switches, compile};
use duly::diagnostic::{Applicability, repair};
use duly::source::Source;

use crate::shipped::root;

/// A folder of its own for one test.
struct Scratch(PathBuf);

impl Scratch {
    fn new(test: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("check-{test}"));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path
    }

    fn names(&self) -> Vec<String> {
        let entries = crate::shipped::entries(&self.0);
        entries
            .iter()
            .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
            .collect()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn duly(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_duly"));
    for name in ["NO_COLOR", "CLICOLOR_FORCE", "COLUMNS", "DULY_FORMAT"] {
        command.env_remove(name);
    }
    command.arg("check").args(arguments).current_dir(folder).output().unwrap()
}

/// Another verb, which ends as it must.
fn other(folder: &Path, arguments: &[&str], code: i32) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_duly"));
    let output = command.args(arguments).current_dir(folder).output().unwrap();
    let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert_eq!(output.status.code(), Some(code), "{said}");
    said
}

#[test]
fn a_new_policy_is_sound_and_its_scenarios_come_out() {
    let scratch = Scratch::new("init");
    other(&scratch.0, &["init", "policies/North Bury"], 0);
    let policy = fs::read_to_string(scratch.0.join("policies/North Bury/policy.duly")).unwrap();
    assert!(policy.contains("\npolicy north-bury \"North Bury\"\n"), "{policy}");
    let said = other(&scratch.0, &["check", "policies", "--quick", "--deny-warnings"], 0);
    assert!(said.contains("Checked 1 policy, 3 scenarios"), "{said}");
    assert!(other(&scratch.0, &["test", "policies"], 0).contains("3 passed"));
    // What is there stays as it is.
    fs::remove_file(scratch.0.join("policies/North Bury/policies.yml")).unwrap();
    let said = other(&scratch.0, &["init", "policies/North Bury"], 2);
    assert!(said.contains("there is a file `policies/North Bury/policy.duly` already"), "{said}");
    assert!(!scratch.0.join("policies/North Bury/policies.yml").exists());
    let said = other(&scratch.0, &["init", "2026"], 2);
    assert!(said.contains("`2026` cannot be the name of a policy"), "{said}");
}

fn newtown() -> String {
    fs::read_to_string(root().join("tests/cli/newtown/policy.duly")).unwrap()
}

#[test]
fn several_forms_are_written_in_one_run() {
    let scratch = Scratch::new("forms");
    scratch.write("a policy/policy.duly", newtown());
    let arguments = ["a policy", "--format", "concise", "--format", "sarif=o.sarif"];
    let output = duly(&scratch.0, &[&arguments[..], &["--format", "junit=o.xml"]].concat());
    assert_eq!(output.status.code(), Some(1));
    let printed = String::from_utf8(output.stdout).unwrap();
    let log: serde_json::Value =
        serde_json::from_slice(&fs::read(scratch.0.join("o.sarif")).unwrap()).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    let report = fs::read_to_string(scratch.0.join("o.xml")).unwrap();
    assert!(printed.lines().count() > 3, "{printed}");
    assert_eq!(printed.lines().count(), results.len());
    assert_eq!(printed.lines().count(), report.matches("<failure").count());
    // No other file is left behind.
    assert_eq!(scratch.names(), ["a policy", "o.sarif", "o.xml"]);
}

#[test]
fn a_form_that_cannot_be_written_leaves_what_was_there() {
    let scratch = Scratch::new("unwritable");
    scratch.write("policy.duly", newtown());
    let kept = scratch.write("kept.sarif", "as it was");
    let mut rights = fs::metadata(&kept).unwrap().permissions();
    rights.set_readonly(true);
    fs::set_permissions(&kept, rights).unwrap();
    let output = duly(&scratch.0, &["policy.duly", "--format", "sarif=kept.sarif"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(fs::read_to_string(&kept).unwrap(), "as it was");
    assert_eq!(output.stderr, b"error: `kept.sarif` may only be read\n");
    assert_eq!(scratch.names(), ["kept.sarif", "policy.duly"]);
}

#[test]
fn safe_changes_keep_the_mark_and_the_line_breaks_of_windows() {
    let scratch = Scratch::new("windows");
    let text = newtown().replace('\n', "\r\n");
    let path = scratch.write("policy.duly", format!("\u{feff}{text}"));
    let output = duly(&scratch.0, &["policy.duly", "--fix", "--format", "concise"]);
    let expected = text
        .replace(['“', '”'], "\"")
        .replace("01/13/2026", "2026-01-13")
        .replace("Social_Worker", "social-worker")
        .replace("is number", "is a number")
        .replace("five", "5");
    assert_eq!(fs::read_to_string(&path).unwrap(), format!("\u{feff}{expected}"));
    let said = String::from_utf8(output.stderr).unwrap();
    let closing = "1 error. 5 findings put right.\n1 other change must be looked at: \
                   `--fix --unsafe-fixes` makes it.\n";
    assert!(said.ends_with(closing), "{said}");
    // The misspelt event is left: which event is meant is a question.
    assert_eq!(output.status.code(), Some(1));
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(printed.contains("E0101 unknown-name") && printed.lines().count() == 1, "{printed}");

    let output = duly(&scratch.0, &["policy.duly", "--fix", "--unsafe-fixes"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stdout));
    let expected = expected.replace("plaecd", "placed");
    assert_eq!(fs::read_to_string(&path).unwrap(), format!("\u{feff}{expected}"));
}

#[test]
fn what_is_left_out_is_not_changed() {
    let scratch = Scratch::new("chosen");
    let path = scratch.write("policy.duly", newtown().replace(['“', '”'], "\""));
    let before = fs::metadata(&path).unwrap().modified().unwrap();
    let sound = newtown()
        .replace(['“', '”'], "\"")
        .replace("01/13/2026", "2026-01-13")
        .replace("Social_Worker", "social-worker")
        .replace("is number", "is a number")
        .replace("five", "5")
        .replace("plaecd", "placed");
    fs::write(&path, &sound).unwrap();
    let written = fs::metadata(&path).unwrap().modified().unwrap();
    assert!(before <= written);
    let output = duly(&scratch.0, &["policy.duly", "--fix"]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), written, "it was not written");
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("Nothing was changed."), "{said}");
}

/// The text after every change that may be made, pass by pass.
fn repaired(source: &Source, allowed: Applicability) -> Source {
    let mut source = source.clone();
    for _ in 0..32 {
        let found = compile(&source, &Calendars::default(), &Switches::default()).problems;
        let next = repair(&source.text, &found, allowed);
        if next.made == 0 {
            return source;
        }
        source.text = next.text;
    }
    panic!("{} is changed without end", source.name);
}

#[test]
fn what_is_put_right_stays_right() {
    let mut changed = 0;
    for path in crate::house::files("tests/ui", ".duly") {
        let source = Source::new(path.to_string_lossy(), fs::read_to_string(&path).unwrap());
        let errors = |source: &Source| {
            let found = compile(source, &Calendars::default(), &Switches::default()).problems;
            found.iter().filter(|found| found.fix.is_some()).count()
        };
        let safe = repaired(&source, Applicability::Safe);
        assert_eq!(repaired(&safe, Applicability::Safe), safe, "{}", source.name);
        if safe != source {
            changed += 1;
            assert!(errors(&safe) < errors(&source), "{}\n{}", source.name, safe.text);
        }
        // The others come to an end as well.
        repaired(&source, Applicability::Unsafe);
    }
    assert!(changed > 2, "only {changed} files were changed");
}

#[test]
fn a_watched_policy_is_checked_again_when_it_changes() {
    let scratch = Scratch::new("watch");
    let path = scratch.write("policy.duly", newtown());
    let mut child = Command::new(env!("CARGO_BIN_EXE_duly"))
        .args(["check", "policy.duly", "--watch", "--format", "concise"])
        .current_dir(&scratch.0)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = child.stderr.take().unwrap();
    let mut wait_for = |times: usize, phrase: &str| {
        let start = Instant::now();
        let mut text = String::new();
        let mut byte = [0];
        while text.matches(phrase).count() < times {
            assert!(start.elapsed() < Duration::from_mins(1), "{text}");
            assert!(said.read(&mut byte).unwrap() > 0, "it ended: {text}");
            text.push(char::from(byte[0]));
        }
        text
    };
    let first = wait_for(1, "Watching for changes; Ctrl-C ends.");
    assert!(first.contains("error"), "{first}");
    // Of another length, so that it counts as changed however coarse the clock of the disk is.
    fs::write(&path, "").unwrap();
    let second = wait_for(1, "Watching for changes; Ctrl-C ends.");
    assert!(second.contains("Checked 1 policy"), "{second}");
    fs::remove_file(&path).unwrap();
    let third = wait_for(1, "Watching for changes; Ctrl-C ends.");
    assert!(third.contains("there is no `policy.duly`"), "{third}");
    child.kill().unwrap();
    child.wait().unwrap();
    let mut printed = String::new();
    child.stdout.take().unwrap().read_to_string(&mut printed).unwrap();
    assert!(!printed.contains('\u{1b}'), "a pipe is not wiped: {printed}");
}

#[test]
fn a_reader_that_stops_ends_it_quietly() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_duly"))
        .args(["rule", "syntax-error"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // The reading end is closed before anything was read.
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}
