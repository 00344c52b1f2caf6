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
    let mut command = Command::new(env!("CARGO_BIN_EXE_duly"));
    command
        .args(["repl", "policies/walsall", "examples/walsall-easter.txt", "--as-of", "2026-05-20"])
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
