//! Many cases through the command: more than fit into one piece, on every core.

#![expect(clippy::unwrap_used, reason = "a broken assumption is to fail the test")]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::{fs, thread};

/// A folder of this test alone, gone when it ends.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("duly-bulk-{}-{name}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, text).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn due(arguments: &[&str]) -> Command {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut command = Command::new(env!("CARGO_BIN_EXE_duly"));
    command.current_dir(root).args(["due", "--policy", "tests/cli/northtown"]);
    command.args(["--as-of", "2026-03-09", "--only", "looked-after-review"]).args(arguments);
    command
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// The first columns of the answers.
fn cases(output: &Output) -> Vec<String> {
    let rows = text(&output.stdout);
    rows.lines().skip(1).map(|row| row.split(',').next().unwrap().to_owned()).collect()
}

/// So many cases as JSON lines; with their blanks 9,000 of them make several pieces.
fn lines(number: usize) -> String {
    let blanks = " ".repeat(100);
    let mut lines = String::new();
    for case in 0..number {
        let event = r#"{"date":"2026-02-09","event":"became-looked-after"}"#;
        lines += &format!("{{\"case\":\"c{case:05}\",{blanks}\"events\":[{event}]}}\n");
    }
    lines
}

/// The same as a table; with their blanks 11,000 of them are more than is read as a whole.
fn table(number: usize) -> String {
    let blanks = " ".repeat(400);
    let mut rows = "case,date,event,\n".to_owned();
    for case in 0..number {
        rows += &format!("c{case:05},2026-02-09,became-looked-after,{blanks}\n");
    }
    rows
}

#[test]
fn answers_come_in_the_order_of_the_input() {
    let folder = Folder::new("order");
    let path = folder.file("a.jsonl", &lines(9_000));
    let output = due(&["--format", "csv"]).arg(&path).output().unwrap();
    let mut expected: Vec<String> = (0..9_000).map(|case| format!("c{case:05}")).collect();
    expected.push("#end".to_owned());
    assert_eq!(cases(&output), expected);
    assert_eq!(output.status.code(), Some(0));
    assert!(text(&output.stdout).ends_with("#end,9000 answered,,,,,,,,,,,,,,\r\n"));
    // From standard input it is the same.
    let mut piped = due(&["--format", "csv", "-"]);
    let mut child = piped.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let writer = thread::spawn(move || input.write_all(lines(9_000).as_bytes()).unwrap());
    assert_eq!(child.wait_with_output().unwrap().stdout, output.stdout);
    writer.join().unwrap();
}

#[test]
fn a_bad_line_does_not_stop_the_rest_unless_it_is_to() {
    let folder = Folder::new("bad");
    let good = lines(9_000);
    let wrong = |(number, line): (usize, &str)| match number {
        4_321 => line.replace("02-09", "02-30") + "\n",
        _ => format!("{line}\n"),
    };
    let bad: String = good.lines().enumerate().map(wrong).collect();
    let path = folder.file("a.jsonl", &bad);
    let output = due(&["--format", "csv"]).arg(&path).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("case `c04321`, line 4322, field `date`"));
    assert!(text(&output.stdout).ends_with("#end,8999 answered,1 not read,,,,,,,,,,,,,\r\n"));
    let output = due(&["--format", "csv", "--strict"]).arg(&path).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let answered: Vec<String> = (0..4_321).map(|case| format!("c{case:05}")).collect();
    assert_eq!(cases(&output), answered);
    // Nothing stands where the whole was to stand.
    let out = folder.0.join("out.csv");
    let mut command = due(&["--format", "csv", "--strict", "--out"]);
    let status = command.arg(&out).arg(&path).output().unwrap().status;
    assert_eq!((status.code(), fs::read_dir(&folder.0).unwrap().count()), (Some(1), 1));
    let mut command = due(&["--format", "csv", "--out"]);
    assert_eq!(command.arg(&out).arg(&path).output().unwrap().status.code(), Some(1));
    assert!(
        text(&fs::read(&out).unwrap()).ends_with("#end,8999 answered,1 not read,,,,,,,,,,,,,\r\n")
    );
    assert_eq!(fs::read_dir(&folder.0).unwrap().count(), 2);
}

#[test]
fn of_a_case_that_is_nowhere_the_names_most_like_it_are_told_from_all_pieces() {
    let folder = Folder::new("likest");
    let path = folder.file("a.jsonl", &lines(9_000));
    let absent = |name: &str, path: &Path| {
        let output = due(&["--format", "csv", "--case", name]).arg(path).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert_eq!(cases(&output), ["#end"]);
        text(&output.stderr)
    };
    // This one lies in the last piece; it differs in how it is written, and in nothing else.
    assert!(absent("C-8998", &path).ends_with("help: did you mean `c08998`?\n"));
    let told = absent("c08989x", &path);
    let names = "`c08989`, `c00989` and `c01989`";
    assert!(told.ends_with(&format!("help: the names most like it are {names}\n")), "{told}");
    let path = folder.file("a.csv", &table(11_000));
    let told = absent("nobody", &path);
    assert!(told.ends_with("`c00010`, `c00011` and 10988 more\n"), "{told}");
}

#[test]
fn a_large_table_is_answered_as_long_as_the_rows_of_a_case_stand_together() {
    let folder = Folder::new("table");
    let rows = table(11_000);
    let path = folder.file("a.csv", &rows);
    let output = due(&["--format", "csv"]).arg(&path).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(text(&output.stdout).ends_with("#end,11000 answered,,,,,,,,,,,,,,\r\n"));
    let path = folder.file("b.csv", &format!("{rows}c00007,2026-03-02,review-held\n"));
    let output = due(&["--format", "csv"]).arg(&path).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stderr);
    assert!(
        said.contains("line 11002, field `case`: case `c00007` is on line 9 already"),
        "{said}"
    );
    assert!(said.contains("Stopped there"), "{said}");
    assert!(!text(&output.stdout).contains("#end"));
}

/// Waits until something is so, on a machine that may be busy.
fn until(so: impl Fn() -> bool) {
    let begun = std::time::Instant::now();
    while !so() {
        assert!(begun.elapsed() < std::time::Duration::from_mins(1), "it never came to that");
        thread::sleep(std::time::Duration::from_millis(20));
    }
}

/// Feeds cases to a command, keeps its input open, and stops it in the middle, as Ctrl-C or a server
/// that goes down would, once something of the answers is there.
#[cfg(unix)]
fn stopped(mut command: Command, is_there: impl Fn(&mut std::process::Child) -> bool) -> Output {
    use std::os::unix::process::ExitStatusExt as _;
    let command = command.arg("-").stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let writer = thread::spawn(move || {
        // More than is read before the first case is answered; what is not taken any more is lost.
        let _ = input.write_all(lines(28_000).as_bytes());
        input
    });
    let there = is_there(&mut child);
    let stop = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert!(there && stop.success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.signal(), Some(15));
    // Only now may the input end.
    drop(writer.join().unwrap());
    output
}

#[cfg(unix)]
#[test]
fn an_answer_that_was_interrupted_is_not_taken_for_a_whole_one() {
    use std::io::Read as _;
    let begun = std::cell::RefCell::new(Vec::new());
    let output = stopped(due(&["--format", "csv"]), |child| {
        let mut first = vec![0; 20_000];
        child.stdout.as_mut().unwrap().read_exact(&mut first).unwrap();
        *begun.borrow_mut() = first;
        true
    });
    let printed = text(&begun.take()) + &text(&output.stdout);
    assert!(printed.contains("\nc00100,looked-after-review,"));
    assert!(!printed.contains("#end"));
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_leaves_the_old_file_as_it_was() {
    let folder = Folder::new("interrupted");
    let out = folder.file("out.csv", "an old answer\n");
    let part = folder.0.join("out.csv.part");
    let mut command = due(&["--format", "csv", "--out"]);
    command.arg(&out);
    stopped(command, |_| {
        until(|| fs::metadata(&part).is_ok_and(|part| part.len() > 20_000));
        true
    });
    assert_eq!(fs::read_to_string(&out).unwrap(), "an old answer\n");
    assert!(!fs::read_to_string(&part).unwrap().contains("#end"));
    // What was left behind is in nobody's way.
    let path = folder.file("a.jsonl", &lines(3));
    let status = due(&["--format", "csv", "--out"]).arg(&out).arg(&path).output().unwrap().status;
    assert_eq!(status.code(), Some(0));
    assert!(fs::read_to_string(&out).unwrap().contains("#end,3 answered"));
    assert!(!part.exists());
}

#[cfg(unix)]
#[test]
fn what_is_no_ordinary_file_is_written_to_and_never_replaced() {
    use std::os::unix::fs::FileTypeExt as _;
    let folder = Folder::new("pipe");
    let path = folder.file("a.jsonl", &lines(3));
    let pipe = folder.0.join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let reader = thread::spawn({
        let pipe = pipe.clone();
        move || fs::read_to_string(pipe).unwrap()
    });
    let status = due(&["--format", "csv", "--out"]).arg(&pipe).arg(&path).output().unwrap().status;
    assert!(reader.join().unwrap().contains("#end,3 answered"));
    assert_eq!(status.code(), Some(0));
    assert!(fs::metadata(&pipe).unwrap().file_type().is_fifo());
    // Of a folder it says what it is.
    let output = due(&["--format", "csv", "--out"]).arg(&folder.0).arg(&path).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("is a folder, not a file"));
}

#[cfg(unix)]
#[test]
fn a_link_stays_a_link_and_what_may_only_be_read_stays_as_it_is() {
    let folder = Folder::new("link");
    let path = folder.file("a.jsonl", &lines(3));
    let behind = folder.file("behind.csv", "");
    let link = folder.0.join("link.csv");
    std::os::unix::fs::symlink(&behind, &link).unwrap();
    let status = due(&["--format", "csv", "--out"]).arg(&link).arg(&path).output().unwrap().status;
    assert_eq!(status.code(), Some(0));
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert!(fs::read_to_string(&behind).unwrap().contains("#end,3 answered"));

    let kept = folder.file("kept.csv", "kept");
    let mut permissions = fs::metadata(&kept).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&kept, permissions).unwrap();
    let output = due(&["--format", "csv", "--out"]).arg(&kept).arg(&path).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("kept.csv` may only be read"));
    assert_eq!(fs::read_to_string(&kept).unwrap(), "kept");
}

#[test]
fn a_reader_that_has_seen_enough_ends_the_run_quietly() {
    let folder = Folder::new("head");
    let path = folder.file("a.jsonl", &lines(9_000));
    let mut command = due(&["--format", "csv"]);
    let mut child =
        command.arg(&path).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    // The line above the answers may have been said before it was found that nobody listens.
    assert!(["", "As of Mon 9 Mar 2026.\n"].contains(&text(&output.stderr).as_str()));
}
