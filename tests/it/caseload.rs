//! A caseload through the commands: which files are read, where answers go, and what is said of mistakes.

#![expect(clippy::unwrap_used, reason = "a broken assumption is to fail the test")]

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::shipped::{entries, root};

/// A folder of its own for one test.
struct Scratch(PathBuf);

impl Scratch {
    fn new(test: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("caseload-{test}"));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.0.join(name)).unwrap()
    }

    /// What a command says in this folder, under the small policy of the transcripts.
    fn run(&self, verb: &str, arguments: &[&str]) -> Output {
        self.command(verb, arguments).output().unwrap()
    }

    fn command(&self, verb: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_duly"));
        for name in ["NO_COLOR", "CLICOLOR_FORCE", "COLUMNS", "DULY_FORMAT"] {
            command.env_remove(name);
        }
        let policy = root().join("tests/cli/northtown");
        command.arg(verb).args(arguments).arg("--policy").arg(policy);
        command.args(["--as-of", "2026-03-09"]).current_dir(&self.0);
        command
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn printed(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// The cases that a CSV of answers is about, each once.
fn answered(output: &Output) -> Vec<String> {
    let text = printed(output);
    let rows = text.lines().skip(1).map(|row| row.split(',').next().unwrap());
    let mut cases: Vec<String> =
        rows.filter(|case| !case.starts_with('#')).map(str::to_owned).collect();
    cases.dedup();
    cases
}

const SOUND: &str = "case,date,event\na,2026-02-09,became-looked-after\n";

#[test]
fn every_command_makes_the_folder_that_it_is_to_write_into() {
    let scratch = Scratch::new("folders");
    scratch.write("cases.csv", SOUND);
    let due = ["cases.csv", "--format", "csv", "--out", "answers/of may/due.csv"];
    assert_eq!(scratch.run("due", &due).status.code(), Some(0));
    assert!(scratch.read("answers/of may/due.csv").contains("#end,1 answered"));
    let report = ["cases.csv", "--format", "csv=figures/all", "--format", "json=data/figures.json"];
    assert_eq!(scratch.run("report", &report).status.code(), Some(0));
    assert!(scratch.0.join("figures/all/now.csv").is_file());
    assert!(scratch.0.join("data/figures.json").is_file());
    let policy = root().join("tests/cli/northtown");
    for (verb, form) in [("check", "sarif=found/duly.sarif"), ("test", "junit=run/duly.xml")] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_duly"));
        command.arg(verb).arg(&policy).args(["--format", form]).current_dir(&scratch.0);
        let output = command.output().unwrap();
        let file = form.split_once('=').unwrap().1;
        assert!(scratch.0.join(file).is_file(), "{verb}: {}", said(&output));
    }
    // Where a file is in its place no folder can be made.
    let output = scratch.run("due", &["cases.csv", "--out", "cases.csv/due.txt"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("`cases.csv` is a file, not a folder"), "{}", said(&output));
}

#[test]
fn the_help_says_what_a_run_that_was_killed_leaves_behind() {
    let scratch = Scratch::new("help");
    let help = printed(&scratch.run("due", &["--help"]));
    let words: Vec<&str> = help.split_whitespace().collect();
    assert!(words.join(" ").contains("written to FILE.part; what a run that was killed left"));
}

#[test]
fn a_strict_run_tells_the_first_mistake_and_no_other() {
    let scratch = Scratch::new("strict");
    let head = "case,date,event\na,2026-02-09,became-looked-after\n";
    let wrong = "b,2026-02-30,became-looked-after\nb,2026-03-02,reveiw-held\nc,2026-03-32,placed\n";
    let errors = |output: &Output| -> Vec<String> {
        let said = said(output);
        said.lines().filter(|line| line.starts_with("error: ")).map(str::to_owned).collect()
    };
    scratch.write("cases.csv", &format!("{head}{wrong}"));
    let usual = scratch.run("due", &["cases.csv", "--format", "csv"]);
    assert_eq!(errors(&usual).len(), 3, "{}", said(&usual));
    let strict = scratch.run("due", &["cases.csv", "--format", "csv", "--strict"]);
    let told = errors(&strict);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].starts_with("error: cases.csv: case `b`, line 3, field `date`: "), "{told:?}");
    assert!(said(&strict).contains("1 case could not be read as it stands, 1 answered;"));
    assert_eq!((answered(&strict), strict.status.code()), (vec!["a".to_owned()], Some(1)));

    // A row of no case comes before them, and another after them.
    scratch.write("cases.csv", &format!("{head},2026-03-02,placed\n{wrong},2026-03-02,placed\n"));
    let strict = scratch.run("due", &["cases.csv", "--format", "csv", "--strict"]);
    let told = errors(&strict);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].starts_with("error: cases.csv: line 3, field `case`: "), "{told:?}");
    assert!(said(&strict).contains("1 file could not be read as it stands, 1 answered;"));
    assert_eq!(answered(&strict), ["a"]);
    // The data has that one mistake too, and no more.
    let lines = printed(&scratch.run("due", &["cases.csv", "--format", "jsonl", "--strict"]));
    assert_eq!(lines.lines().filter(|line| line.starts_with("{\"error\"")).count(), 1, "{lines}");
}

#[test]
fn standard_input_is_called_so() {
    let scratch = Scratch::new("input");
    let piped = |verb: &str, arguments: &[&str], text: &str| {
        let mut command = scratch.command(verb, arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        said(&child.wait_with_output().unwrap())
    };
    let text = "case a\n2026-03-02 child-visited\n2026-02-09 became-looked-after\n\
                case b\n2026-02-30 placed\n";
    for verb in ["due", "report"] {
        let said = piped(verb, &["-"], text);
        assert!(said.contains("warning: standard input: case `a`, line 3: "), "{said}");
        assert!(said.contains("error: standard input: case `b`, line 5, field `date`"), "{said}");
    }
    let said = piped("due", &["-"], "");
    assert!(said.contains("standard input: there is no case in it"), "{said}");
    let said = piped("timeline", &["-"], text);
    assert!(said.contains("`standard input` holds 2 cases; say which with `--case`"), "{said}");
    // A case without a name is not called after it.
    let said = piped("due", &["-", "--case", "case"], "2026-02-09 became-looked-after\n");
    assert!(!said.contains("error"), "{said}");
}

#[test]
fn of_a_folder_what_could_be_of_cases_is_read_and_the_rest_is_named() {
    let scratch = Scratch::new("folder");
    scratch.write("in/b.csv", SOUND);
    scratch.write("in/A.CSV", &SOUND.replace("\na,", "\nc,"));
    scratch.write("in/read me.txt", "In case of doubt ask.\n\n1. Save the file.\n");
    scratch.write("in/codes.csv", "module,when,code\nEpisodes,row,X\n");
    scratch.write("in/letter.docx", "no text");
    let first = ["in", "--format", "csv", "--out", "in/answers.csv"];
    // The second time the answer of the first lies there too.
    for tables in
        ["`codes.csv`: its first line has", "`answers.csv` and `codes.csv`: their first lines have"]
    {
        let output = scratch.run("due", &first);
        let said = said(&output);
        assert!(said.contains("in: reading `A.CSV` and `b.csv`\n"), "{said}");
        let told = format!("in: not reading {tables} neither a column `date` nor `event`\n");
        assert!(said.contains(&told), "{said}");
        assert!(said.contains("in: not reading `read me.txt`, in which nothing looks like a case"));
        assert_eq!(output.status.code(), Some(0), "{said}");
        assert!(scratch.read("in/answers.csv").contains("#end,2 answered"));
    }
    let output = scratch.run("report", &["in", "--table", "now"]);
    assert!(said(&output).contains("in: reading `A.CSV` and `b.csv`\n"), "{}", said(&output));
    assert!(printed(&output).contains("2 cases."), "{}", printed(&output));
    // A mistake in what could be of cases is told, and does not hide the file.
    scratch.write("in/c.csv", "case,date,evnet\nd,2026-02-09,became-looked-after\n");
    let output = scratch.run("due", &["in", "--format", "csv"]);
    assert!(said(&output).contains("error: in/c.csv: line 1, field `evnet`"), "{}", said(&output));
    assert_eq!(output.status.code(), Some(1));
    // Where there is nothing else it is no caseload.
    for name in ["A.CSV", "b.csv", "c.csv"] {
        fs::remove_file(scratch.0.join("in").join(name)).unwrap();
    }
    let output = scratch.run("due", &["in"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("there is no file of cases in the folder `in`"));
    let told = "help: there is `answers.csv` and `codes.csv`: their first lines have neither a column \
                `date` nor `event`; and `read me.txt`, in which nothing looks like a case\n";
    assert!(said(&output).contains(told), "{}", said(&output));
}

#[test]
fn a_name_cut_short_is_completed_where_only_one_begins_so() {
    let scratch = Scratch::new("near");
    for name in ["blackburn-with-darwen/policy.duly", "walsall/policy.duly", "child-a.csv"] {
        scratch.write(name, "");
    }
    scratch.write("child-b.csv", "");
    let help = |path: &str| {
        let output = scratch.run("due", &[path]);
        assert_eq!(output.status.code(), Some(2));
        let said = said(&output);
        said.lines().nth(1).map(|line| line.trim().to_owned())
    };
    let meant = |path: &str| Some(format!("help: did you mean `{path}`?"));
    assert_eq!(help("blackburn"), meant("blackburn-with-darwen"));
    assert_eq!(help("Blackburn-With"), meant("blackburn-with-darwen"));
    assert_eq!(help("blackburn/policy.duly"), meant("blackburn-with-darwen/policy.duly"));
    assert_eq!(help("walsal/policy.duly"), meant("walsall/policy.duly"));
    assert_eq!(help("child-a.txt"), meant("child-a.csv"));
    // Two begin so; and in the folder that was meant there is nothing of the name.
    assert_eq!(help("ch"), None);
    assert_eq!(
        help("blackburn/cases.csv"),
        Some("help: there is no folder `blackburn` either".to_owned())
    );
}

#[test]
fn the_form_for_people_has_one_name_and_the_other_is_understood() {
    let scratch = Scratch::new("forms");
    let case = "case,date,event\na,2026-02-09,became-looked-after\n";
    scratch.write("cases.csv", case);
    let asked: [(&str, &[&str]); 6] = [
        ("due", &["cases.csv"]),
        ("report", &["cases.csv"]),
        ("why", &["cases.csv", "looked-after-review"]),
        ("when", &["cases.csv", "review-held"]),
        ("plan", &["cases.csv"]),
        ("what-if", &["cases.csv", "--add", "2026-03-02 review-held"]),
    ];
    for (verb, arguments) in asked {
        let with = |form: &str| {
            let output = scratch.run(verb, &[arguments, &["--format", form]].concat());
            assert_eq!(output.status.code(), Some(0), "{verb}: {}", said(&output));
            printed(&output)
        };
        assert!(!with("human").is_empty(), "{verb}");
        assert_eq!(with("human"), with("text"), "{verb}");
        assert_eq!(with("human"), printed(&scratch.run(verb, arguments)), "{verb}");
    }
    for verb in ["due", "report", "why", "when", "plan", "what-if", "check", "test"] {
        let help = printed(&scratch.run(verb, &["--help"]));
        assert!(!help.contains("- text:") && help.contains("human"), "{verb}: {help}");
    }
    let policy = root().join("tests/cli/northtown");
    for verb in ["check", "test"] {
        let of = |form: &str| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_duly"));
            command.arg(verb).arg(&policy).args(["--format", form]).output().unwrap()
        };
        assert_eq!(of("human"), of("text"), "{verb}");
    }
    assert_eq!(entries(&scratch.0).len(), 1);
}

#[test]
fn a_report_has_the_form_that_the_ending_of_its_file_names() {
    let scratch = Scratch::new("endings");
    scratch.write("cases.csv", SOUND);
    let files = ["a.html", "a.MD", "a.csv", "a.json", "new/a.txt", "a.xlsx"];
    let mut arguments = vec!["cases.csv"];
    arguments.extend(files.iter().flat_map(|file| ["--out", *file]));
    let output = scratch.run("report", &arguments);
    assert!(output.status.success(), "{}", said(&output));
    assert_eq!(printed(&output), "");
    for (file, format) in files.iter().zip(["html", "markdown", "csv", "json"]) {
        let output = scratch.run("report", &["cases.csv", "--format", format]);
        assert_eq!(scratch.read(file), printed(&output), "{file}");
    }
    assert!(scratch.read("new/a.txt").contains("figures\nFrom Tue 1 Apr 2025"));
    assert!(fs::read(scratch.0.join("a.xlsx")).unwrap().starts_with(b"PK"));
    // A form without a file is that of the file, as in `due`; without an ending it says what to write.
    for file in ["b.json", "b"] {
        let output = scratch.run("report", &["cases.csv", "--format", "json", "--out", file]);
        assert_eq!((output.status.code(), printed(&output).as_str()), (Some(0), ""));
        assert_eq!(scratch.read(file), scratch.read("a.json"));
    }
    // A file of CSV holds all figures; a folder holds a file for each table.
    let output = scratch.run("report", &["cases.csv", "--format", "csv=c.csv"]);
    assert!(output.status.success(), "{}", said(&output));
    assert_eq!(scratch.read("c.csv"), scratch.read("a.csv"));
    let output = scratch.run("report", &["cases.csv", "--format", "csv=c"]);
    assert!(output.status.success(), "{}", said(&output));
    assert!(scratch.read("c/now.csv").starts_with("what,number\r\n"));
}

#[test]
fn a_file_that_cannot_hold_a_report_is_refused_and_stays_as_it_was() {
    let scratch = Scratch::new("refused");
    scratch.write("cases.csv", SOUND);
    scratch.write("old.html", "old");
    fs::create_dir_all(scratch.0.join("folder.html")).unwrap();
    for (arguments, told) in [
        (["--out", "cases.csv"].as_slice(), "`cases.csv` is to be read"),
        (&["--out", "figures"], "the ending of `figures` names no form of a report"),
        (&["--out", "figures.docx"], "`.html` and `.xlsx`"),
        (&["--out", "figures.pdf"], "a browser prints a page as PDF: `--out figures.html`"),
        (&["--out", "old.html", "--format", "json"], "`--format json --format html=old.html`"),
        (&["--out", "old.html", "--out", "old.html"], "two forms are to be written to"),
        (&["--out", "old.html", "--out", "folder.html"], "`folder.html` is a folder, not a file"),
        (&["--format", "html=folder.html"], "`--format csv=folder.html` writes a file for each"),
    ] {
        let output = scratch.run("report", &[["cases.csv"].as_slice(), arguments].concat());
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(said(&output).contains(told), "{arguments:?}: {}", said(&output));
        assert_eq!(
            (scratch.read("old.html").as_str(), scratch.read("cases.csv").as_str()),
            ("old", SOUND)
        );
    }
}

#[test]
fn an_answer_has_the_form_of_its_file_unless_another_is_asked_for() {
    let scratch = Scratch::new("answers");
    scratch.write("cases.csv", SOUND);
    let beginnings =
        [("a.csv", "case,rule,"), ("a.json", "{\n"), ("a.JSONL", "{\"as_of\""), ("a.txt", "a: ")];
    for (file, beginning) in beginnings {
        let output = scratch.run("due", &["cases.csv", "--out", file]);
        assert!(output.status.success(), "{}", said(&output));
        assert!(scratch.read(file).starts_with(beginning), "{}", scratch.read(file));
    }
    let output = scratch.run("due", &["cases.csv", "--out", "b.csv", "--format", "human"]);
    assert!(output.status.success(), "{}", said(&output));
    assert_eq!(scratch.read("b.csv"), scratch.read("a.txt"));
}
