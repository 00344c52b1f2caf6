//! Sessions in a terminal of their own, as a person would have them.

#![expect(clippy::unwrap_used, reason = "a test may stop where it fails")]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::Command;

use rexpect::session::{PtySession, spawn_command};

use crate::shipped::root;

/// Long enough for a machine that is busy with other tests.
const PATIENCE: u64 = 60_000;

/// A folder of its own for what a session writes.
fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn session(state: &PathBuf, more: &[&str]) -> PtySession {
    session_under("policies/walsall", state, more)
}

fn session_under(policy: &str, state: &PathBuf, more: &[&str]) -> PtySession {
    let mut command = Command::new(env!("CARGO_BIN_EXE_duly"));
    command
        .args(["repl", policy, "examples/walsall-easter.txt", "--as-of", "2026-05-20"])
        .args(more)
        .current_dir(root())
        .env("TERM", "xterm")
        .env("XDG_STATE_HOME", state)
        .env("COLUMNS", "60");
    for name in ["NO_COLOR", "CLICOLOR_FORCE", "DULY_FORMAT"] {
        command.env_remove(name);
    }
    spawn_command(command, Some(PATIENCE)).unwrap()
}

/// Waits until the session waits, and gives what it said in between.
fn prompt(session: &mut PtySession, steps: &str) -> String {
    session.exp_string(&format!("20 May 2026{steps}> ")).unwrap()
}

#[test]
fn a_session_from_the_first_line_to_the_last() {
    let state = folder("terminal-session");
    let mut session = session(&state, &["--color", "never"]);
    let banner = prompt(&mut session, "");
    assert!(banner.contains(":help"), "{banner}");
    assert!(!banner.contains('\u{1b}') || banner.contains("\u{1b}[?2004h"), "{banner}");

    // A mistyped line changes nothing, and says what was meant.
    session.send_line(":udno").unwrap();
    session.exp_string("did you mean `:undo`?").unwrap();
    prompt(&mut session, "");

    session.send_line("2026-05-06 review-hled").unwrap();
    session.exp_string("did you mean `review-held`?").unwrap();
    prompt(&mut session, "");

    // Ctrl-C clears the line; what was on it is gone.
    session.send("2026-05-06 review-held").unwrap();
    session.send_control('c').unwrap();
    prompt(&mut session, "");

    session.send_line("2026-05-06 review-held").unwrap();
    session.exp_string("Looked after review (fourth)").unwrap();
    prompt(&mut session, " +1");
    session.send_line(":undo").unwrap();
    session.exp_string("taken back: added 2026-05-06 review-held").unwrap();
    prompt(&mut session, "");

    // Tab completes the command, and the arrow brings the last line back.
    session.send(":ove\t\n").unwrap();
    session.exp_string(":overdue").unwrap();
    prompt(&mut session, "");

    // Ctrl-D leaves.
    session.send_control('d').unwrap();
    session.exp_eof().unwrap();
}

#[test]
fn no_fact_of_a_case_is_kept_unless_asked_for() {
    let state = folder("terminal-history");
    let file = state.join("duly").join("history");
    for (more, expected) in [
        (&["--color", "never"][..], ":overdue\n"),
        (
            &["--color", "never", "--keep-history"][..],
            ":overdue\n2026-05-06 review-held\n:overdue\n",
        ),
    ] {
        let mut session = session(&state, more);
        prompt(&mut session, "");
        session.send_line("2026-05-06 review-held").unwrap();
        prompt(&mut session, " +1");
        session.send_line(":overdue").unwrap();
        prompt(&mut session, " +1");
        session.send_line(":quit").unwrap();
        session.exp_string("not kept").unwrap();
        session.exp_eof().unwrap();
        assert!(fs::read_to_string(&file).unwrap().starts_with(expected), "{more:?}");
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn colour_only_where_it_is_wanted() {
    let state = folder("terminal-colour");
    let mut session = session(&state, &["--color", "always"]);
    session.exp_string("\u{1b}[1mchild").unwrap();
    session.send_line(":overdue").unwrap();
    session.exp_string("\u{1b}[1;36m:overdue\u{1b}[0m").unwrap();
    // Ctrl-D ends the session only once it is waiting for a line again.
    session.exp_string("Overdue (3)").unwrap();
    session.exp_string("\u{1b}[1mchild").unwrap();
    session.send_control('d').unwrap();
    session.exp_eof().unwrap();
}

#[test]
fn lines_that_are_not_whole_go_on() {
    let state = folder("terminal-lines");
    let mut session = session(&state, &["--color", "never"]);
    prompt(&mut session, "");
    session.send_line("2026-05-06 \\").unwrap();
    session.send_line("review-held").unwrap();
    prompt(&mut session, " +1");
    // What is pasted comes as one: where one line is wrong, none is kept.
    session.send("\u{1b}[200~:undo\n2026-05-06 review-hled\u{1b}[201~\n").unwrap();
    session.exp_string("did you mean `review-held`?").unwrap();
    prompt(&mut session, " +1");
    session.send_control('d').unwrap();
    session.exp_eof().unwrap();
}

#[test]
fn a_policy_that_is_broken_leaves_the_one_before_in_force() {
    let state = folder("terminal-reload");
    let file = state.join("policy.duly");
    let text = fs::read_to_string(root().join("policies/walsall/policy.duly")).unwrap();
    fs::write(&file, &text).unwrap();
    let mut session = session_under(file.to_str().unwrap(), &state, &["--color", "never"]);
    prompt(&mut session, "");
    session.send_line("2026-05-06 review-held").unwrap();
    prompt(&mut session, " +1");
    session.send_line(":due").unwrap();
    let due = prompt(&mut session, " +1");
    assert!(due.contains("Looked after review (fourth)"), "{due}");

    fs::write(&file, format!("{text}\nduty broken \"Broken\"\n  due soon\n")).unwrap();
    session.send_line(":reload").unwrap();
    let told = prompt(&mut session, " +1");
    assert!(told.contains("error[E") && told.contains("due soon"), "{told}");
    assert!(told.contains("the policy stays in force as it was before"), "{told}");
    session.send_line(":due").unwrap();
    assert_eq!(prompt(&mut session, " +1"), due);

    // What is sound again is taken, with the case as it stands, and that too can be taken back.
    let changed = text.replacen("is within 6 months", "is within 5 months", 1);
    assert_ne!(changed, text, "the policy has other words now");
    fs::write(&file, changed).unwrap();
    session.send_line(":reload").unwrap();
    let moved = prompt(&mut session, " +2");
    assert!(moved.contains("Moved ("), "{moved}");
    session.send_line(":undo").unwrap();
    session.exp_string("taken back: read").unwrap();
    prompt(&mut session, " +1");
    session.send_line(":due").unwrap();
    assert_eq!(prompt(&mut session, " +1"), due);
    session.send_control('d').unwrap();
    session.exp_eof().unwrap();
}

/// The longest line that is not typed.
#[cfg(target_os = "linux")]
fn widest(text: &str) -> usize {
    text.lines().skip(1).map(|line| line.trim_end().chars().count()).max().unwrap_or_default()
}

#[cfg(target_os = "linux")]
#[test]
fn a_window_of_another_size_is_taken_note_of() {
    let state = folder("terminal-size");
    let mut command = Command::new("sh");
    command
        .args(["-c", "stty rows 40 cols 110; tty; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_duly")])
        .args(["repl", "policies/walsall", "examples/walsall-easter.txt", "--as-of", "2026-05-20"])
        .args(["--color", "never", "--ascii"])
        .current_dir(root())
        .env("TERM", "xterm")
        .env("XDG_STATE_HOME", &state)
        .env_remove("COLUMNS");
    let mut session = spawn_command(command, Some(PATIENCE)).unwrap();
    let name = session.read_line().unwrap();
    prompt(&mut session, "");
    session.send_line(":due").unwrap();
    let wide = widest(&prompt(&mut session, ""));
    assert!((81..=110).contains(&wide), "{wide}");
    let smaller = Command::new("stty").args(["-F", name.trim(), "cols", "60"]).status().unwrap();
    assert!(smaller.success(), "{name}");
    session.send_line(":due").unwrap();
    let narrow = widest(&prompt(&mut session, ""));
    assert!((30..=60).contains(&narrow), "{narrow}");
    session.send_control('d').unwrap();
    session.exp_eof().unwrap();
}

#[test]
fn a_long_run_says_how_far_it_has_come_and_wipes_that_away() {
    let folder = folder("terminal-progress");
    let mut lines = String::new();
    for case in 0..24_000 {
        let blanks = " ".repeat(100);
        let event = r#"{"date":"2026-02-09","event":"became-looked-after"}"#;
        lines += &format!("{{\"case\":\"c{case:05}\",{blanks}\"events\":[{event}]}}\n");
    }
    let (first, rest) = lines.split_at(lines.len() - 100_000);
    fs::write(folder.join("first"), first).unwrap();
    fs::write(folder.join("rest"), rest).unwrap();
    // Whoever feeds it takes longer than the patience of a person.
    let run = "(cat $1/first; sleep 1; cat $1/rest) | $0 due - --policy tests/cli/northtown \
               --as-of 2026-03-09 --format csv --out $1/out.csv";
    let mut command = Command::new("sh");
    command.args(["-c", run, env!("CARGO_BIN_EXE_duly")]).arg(&folder);
    command.current_dir(root()).env("TERM", "xterm");
    let mut session = spawn_command(command, Some(PATIENCE)).unwrap();
    session.exp_regex(r"\r\d+ cases answered *\r +\r").unwrap();
    session.exp_string("24000 cases answered; as of Mon 9 Mar 2026.").unwrap();
    session.exp_eof().unwrap();
}
