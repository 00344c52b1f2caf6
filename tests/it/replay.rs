//! What a session writes down gives the same answers when it is run again.

#![expect(clippy::unwrap_used, reason = "a test may stop where it fails")]

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::shipped::root;

/// Lines of every kind: a fact, an edit of each sort, steps back and forth, questions.
const LINES: &str = "\
2026-05-06 review-held
:what-if mov review-held on 2026-03-19 to 2026-04-09
:read review-days as working days
:undo
:redo
:move review-held on 2026-03-19 by 3 working days later
what is due?
why looked-after-review:3
:remove line 6
:as-of 2026-06-15
:open examples/walsall-easter.txt
:changes
2026-06-01 review-held
:ladder
";

/// A folder of its own for what a session writes.
fn folder() -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("replay");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// What a session answers to the lines of a file.
#[track_caller]
fn answers(options: &[&str], lines: &Path) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_duly"));
    command.args(["repl", "--echo", "--width", "80"]).args(options).current_dir(root());
    let found = command.stdin(File::open(lines).unwrap()).output().unwrap();
    assert!(found.status.success(), "{}", String::from_utf8_lossy(&found.stderr));
    String::from_utf8(found.stdout).unwrap()
}

#[test]
fn a_session_that_was_saved_gives_the_same_answers_again() {
    let folder = folder();
    let (typed, saved) = (folder.join("typed.txt"), folder.join("saved.txt"));
    // What asks for nothing is not written down.
    let lines = format!("{LINES}\n# Enough.\n:help\n:save {}\n", saved.display());
    fs::write(&typed, lines).unwrap();
    let given = ["policies/walsall", "examples/walsall-easter.txt", "--as-of", "2026-05-20"];
    let first = answers(&[&given[..], &["--strict-matching"]].concat(), &typed);
    let (first, _) = first.split_once(">\n> # Enough.").unwrap();
    assert!(first.contains("Moved (") && first.contains("at stage 4"), "{first}");

    // The script says on what its answers rest, so it needs nothing but its options.
    let script = fs::read_to_string(&saved).unwrap();
    let head = "# A session of duly. To replay it: duly repl --strict-matching < THIS-FILE\n\
                :as-of 2026-05-20\n:load policies/walsall\n:open examples/walsall-easter.txt\n";
    assert!(script.starts_with(head), "{script}");
    assert_eq!(script.strip_prefix(head), Some(LINES));
    let again = answers(&["--strict-matching"], &saved);
    let (_, again) = again.split_once("\n> 2026-05-06 review-held").unwrap();
    assert_eq!(first.strip_prefix("> 2026-05-06 review-held"), Some(again));
}
