//! What the command says: `tests/cli/*.md`, `tests/repl/*.md` and the read-me, with each command run
//! and its output held against the one that stands below it.
//!
//! In a block marked `console` a line `$ duly …` is a command, run in the root of the repository;
//! what follows is everything it prints, and `[exit N]` where it does not end with 0. The read-me
//! writes `cargo run --release --` for `duly`, since nothing is installed yet where it is read.
//!
//! Below a `$ duly repl …` the lines that begin with `> ` are what is typed: they come through a pipe,
//! as the lines of a script, and are shown again before their answers.

use std::fs;
use std::io::{Read as _, Write as _, pipe};
use std::path::Path;
use std::process::{Command, Stdio};

use libtest_mimic::{Failed, Trial};

/// One trial for each file.
pub(crate) fn trials() -> Vec<Trial> {
    let mut files = Vec::new();
    for kind in ["cli", "repl"] {
        let entries = fs::read_dir(crate::folder("tests").join(kind)).into_iter().flatten();
        let mut own: Vec<_> = entries
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|ending| ending == "md"))
            .collect();
        own.sort();
        files.extend(own.into_iter().map(|path| (kind, path)));
    }
    files.push(("cli", crate::folder("README.md")));
    files
        .into_iter()
        .map(|(kind, path)| {
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            Trial::test(format!("{kind}::{name}"), move || check_file(&path))
        })
        .collect()
}

fn check_file(path: &Path) -> Result<(), Failed> {
    let known = fs::read_to_string(path)?.replace("\r\n", "\n");
    let mut actual = String::new();
    let mut block = Block::Outside;
    for (number, line) in known.lines().enumerate() {
        match (block, line.strip_prefix("$ ")) {
            (Block::Outside, _) => {
                push(&mut actual, line);
                if line == "```console" {
                    block = Block::Console;
                }
            }
            (Block::Console, _) if line == "```" => {
                push(&mut actual, line);
                block = Block::Outside;
            }
            (Block::Console, Some(command)) => {
                push(&mut actual, line);
                let below = known.lines().skip(number + 1);
                let answer = below.take_while(|line| *line != "```" && !line.starts_with("$ "));
                let typed = answer.filter_map(|line| line.strip_prefix('>'));
                let typed: Vec<&str> = typed.map(str::trim_start).collect();
                actual += &run(command, &typed.join("\n"))?;
            }
            // What was printed the last time.
            (Block::Console, None) => {}
        }
    }
    if crate::bless() {
        fs::write(path, actual)?;
        return Ok(());
    }
    if known == actual {
        return Ok(());
    }
    let place = known.lines().zip(actual.lines()).position(|(known, actual)| known != actual);
    let line = place.map_or(known.lines().count(), |place| place) + 1;
    Err(format!("{} differs from line {line} on; now it is:\n{actual}", path.display()).into())
}

#[derive(Clone, Copy)]
enum Block {
    Outside,
    Console,
}

fn push(text: &mut String, line: &str) {
    text.push_str(line);
    text.push('\n');
}

/// Everything a command prints, in the order in which it does.
fn run(command: &str, typed: &str) -> Result<String, Failed> {
    let command = command.replacen("cargo run --release --", "duly", 1);
    let mut words = split(&command);
    if words.first().map(String::as_str) != Some("duly") {
        return Err(format!("`{command}` is not a command of duly").into());
    }
    words.remove(0);
    let (mut reader, writer) = pipe()?;
    let mut command = Command::new(env!("CARGO_BIN_EXE_duly"));
    command.args(&words).current_dir(env!("CARGO_MANIFEST_DIR"));
    if words.first().is_some_and(|verb| verb == "repl") {
        command.arg("--echo");
    }
    for name in ["NO_COLOR", "CLICOLOR_FORCE", "COLUMNS", "DULY_FORMAT"] {
        command.env_remove(name);
    }
    command.stdin(Stdio::piped());
    let mut child = command.stdout(writer.try_clone()?).stderr(writer).spawn()?;
    // The command holds the writing ends; without this the pipe would never end.
    drop(command);
    if let Some(mut input) = child.stdin.take() {
        input.write_all(typed.as_bytes())?;
    }
    let mut printed = String::new();
    reader.read_to_string(&mut printed)?;
    let status = child.wait()?;
    if !printed.is_empty() && !printed.ends_with('\n') {
        printed.push('\n');
    }
    if !status.success() {
        let code = status.code().map_or_else(|| "signal".to_owned(), |code| code.to_string());
        printed += &format!("[exit {code}]\n");
    }
    Ok(printed.replace("\r\n", "\n").replace("duly.exe", "duly"))
}

/// The words of a command, as a shell would take them.
fn split(command: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut quote = None;
    for letter in command.chars() {
        match (quote, letter) {
            (None, '\'' | '"') => quote = Some(letter),
            (Some(open), _) if open == letter => quote = None,
            (None, ' ') => words.push(std::mem::take(&mut word)),
            _ => word.push(letter),
        }
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}
