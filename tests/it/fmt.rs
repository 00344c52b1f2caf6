//! `duly fmt` where it writes: in a folder of its own.

#![expect(clippy::unwrap_used, reason = "a broken assumption is to fail the test")]

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const UNTIDY: &str = "role  iro \"Officer\" # é\nevent   placed\n";
const TIDY: &str = "role iro \"Officer\"  # é\nevent placed\n";

/// A folder that is gone when the test is over.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("duly-fmt-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

fn fmt(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_duly"));
    command.current_dir(folder).arg("fmt").args(arguments).stdin(Stdio::null());
    command.output().unwrap()
}

fn said(output: &Output) -> (String, String, Option<i32>) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (text(&output.stdout), text(&output.stderr), output.status.code())
}

#[test]
fn files_are_written_and_named_and_those_in_order_are_left_alone() {
    let folder = Folder::new("written");
    let untidy = folder.file("a/policy.duly", UNTIDY.as_bytes());
    let tidy = folder.file("b.duly", TIDY.as_bytes());
    let hidden = folder.file(".old/policy.duly", UNTIDY.as_bytes());
    let other = folder.file("notes.txt", UNTIDY.as_bytes());
    let (out, aside, code) = said(&fmt(&folder.0, &[]));
    assert_eq!(out, "./a/policy.duly\n");
    assert_eq!(aside, "1 file laid out; 1 file is as it should be.\n");
    assert_eq!(code, Some(0));
    assert_eq!(fs::read_to_string(untidy).unwrap(), TIDY);
    assert_eq!(fs::read_to_string(tidy).unwrap(), TIDY);
    assert_eq!(fs::read_to_string(hidden).unwrap(), UNTIDY);
    assert_eq!(fs::read_to_string(other).unwrap(), UNTIDY);
    // No draft is left behind.
    assert_eq!(fs::read_dir(folder.0.join("a")).unwrap().count(), 1);
}

#[test]
fn other_encodings_become_utf_8_and_line_ends_stay() {
    let folder = Folder::new("encodings");
    let windows = UNTIDY.replace('\n', "\r\n");
    let utf16: Vec<u8> =
        std::iter::once(0xfeff).chain(windows.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let one_byte: Vec<u8> = UNTIDY.chars().map(|character| character as u8).collect();
    let wide = folder.file("wide.duly", &utf16);
    let narrow = folder.file("narrow.duly", &one_byte);
    let (_, aside, code) = said(&fmt(&folder.0, &["--check", "."]));
    assert!(aside.contains("wide.duly: in UTF-16; it would become UTF-8"), "{aside}");
    assert_eq!((code, fs::read(&wide).unwrap()), (Some(1), utf16));
    let (_, aside, code) = said(&fmt(&folder.0, &["wide.duly", "narrow.duly"]));
    assert!(aside.contains("wide.duly: was in UTF-16 and is now in UTF-8"), "{aside}");
    assert!(aside.contains("narrow.duly: was in Windows-1252 and is now in UTF-8"), "{aside}");
    assert_eq!(code, Some(0));
    assert_eq!(fs::read_to_string(wide).unwrap(), TIDY.replace('\n', "\r\n"));
    assert_eq!(fs::read_to_string(narrow).unwrap(), TIDY);
}

#[test]
fn a_file_with_a_mistake_is_left_and_the_others_are_laid_out() {
    let folder = Folder::new("mistake");
    let wrong = "role  iro \"Officer\nduty x\n";
    let mistake = folder.file("a.duly", wrong.as_bytes());
    let untidy = folder.file("b.duly", UNTIDY.as_bytes());
    let (out, aside, code) = said(&fmt(&folder.0, &["."]));
    assert_eq!((out.as_str(), code), ("./b.duly\n", Some(1)));
    assert!(aside.contains("E0002"), "{aside}");
    assert_eq!(fs::read_to_string(mistake).unwrap(), wrong);
    assert_eq!(fs::read_to_string(untidy).unwrap(), TIDY);
}

#[test]
fn standard_input_goes_to_standard_output() {
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_duly"));
        let mut child = command
            .arg("fmt")
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(UNTIDY.as_bytes()).unwrap();
        said(&child.wait_with_output().unwrap())
    };
    assert_eq!(run(&["-"]), (TIDY.to_owned(), String::new(), Some(0)));
    assert_eq!(run(&["-", "--check"]), ("standard input\n".to_owned(), String::new(), Some(1)));
}

#[test]
#[cfg(unix)]
fn rights_and_links_are_kept() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let folder = Folder::new("rights");
    let path = folder.file("policy.duly", UNTIDY.as_bytes());
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    let link = folder.0.join("link.duly");
    symlink(&path, &link).unwrap();
    assert_eq!(fmt(&folder.0, &["link.duly"]).status.code(), Some(0));
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(fs::read_to_string(&path).unwrap(), TIDY);
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
}
