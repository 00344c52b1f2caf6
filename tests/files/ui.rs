//! What is said about a wrong policy: `tests/ui/**/‹slug›.duly`, with the picture beside it.
//!
//! Each finding is announced in the file itself, on its line, as `#~ E0101 part of the message`; a
//! line that has no room for it is announced on the line above with `#~v`. What is underlined may
//! follow after a bar: `#~ E0101 part of the message | revew-held`. So a careless blessing of the
//! pictures cannot lose a finding. The files in folders `analysis…` are analysed as well.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use duly::analyse::{Depth, Subject, analyse};
use duly::check::{Calendars, Compiled, Switches, compile};
use duly::diagnostic::{Code, Diagnostic, Problems};
use duly::render;
use duly::source::{LineIndex, Source};
use duly::trial::not_exercised;
use libtest_mimic::{Failed, Trial};

/// One trial for each file, and one that no code is left without a file.
pub(crate) fn trials() -> Vec<Trial> {
    let root = crate::folder("tests/ui");
    let mut files = Vec::new();
    find(&root, &mut files);
    files.sort();
    let mut trials: Vec<_> = files
        .iter()
        .cloned()
        .map(|path| {
            let name = path.strip_prefix(&root).unwrap_or(&path).with_extension("");
            let name = format!("ui::{}", name.display().to_string().replace('/', "::"));
            Trial::test(name, move || check_file(&path))
        })
        .collect();
    trials.push(Trial::test("ui::every_code_has_a_file", move || check_codes(&files)));
    trials
}

pub(crate) fn find(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            find(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "duly") {
            files.push(path);
        }
    }
}

/// Everything there is to say about a text, short of the analyses.
pub(crate) fn problems(source: &Source) -> Problems {
    compiled(source).problems
}

fn compiled(source: &Source) -> Compiled {
    compile(source, &Calendars::default(), &Switches::default())
}

/// The policy that a text is to be held against: it names its file in a comment, such as
/// `# against policies/england/policy.duly`.
fn baseline(source: &Source) -> Option<Source> {
    let path = source.text.lines().find_map(|line| line.strip_prefix("# against "))?.trim();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    Some(Source::new(path, fs::read_to_string(file).unwrap_or_default()))
}

/// Everything there is to say about a text, with what the analyses find.
pub(crate) fn analysed(source: &Source, baseline: Option<&Source>) -> Problems {
    let own = compiled(source);
    let baseline = baseline.map(compiled);
    let Some(policy) = &own.policy else {
        return own.problems;
    };
    let mut checked = own.problems.clone();
    checked.extend(not_exercised(policy, &own.scenarios));
    let subject = Subject {
        policy,
        file: &own.file,
        scenarios: &own.scenarios,
        checked: &checked,
        calendars: &Calendars::default(),
        baseline: baseline.as_ref().and_then(|baseline| baseline.policy.as_ref()),
        today: None,
        depth: Depth::Full,
    };
    analyse(&subject).problems
}

/// A finding as a file announces it.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Announced {
    line: u32,
    code: String,
    message: String,
    /// What is underlined, with single blanks for whatever lies between its words.
    underlined: Option<String>,
}

fn announced(text: &str) -> Vec<Announced> {
    let mut found = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        for mark in line.split("#~").skip(1) {
            let (line, mark) = match mark.strip_prefix('v') {
                Some(mark) => (number + 1, mark),
                None => (number, mark),
            };
            let mark = mark.trim();
            let (code, message) = mark.split_once(' ').unwrap_or((mark, ""));
            let (message, underlined) = match message.split_once(" | ") {
                Some((message, underlined)) => (message, Some(underlined.trim().to_owned())),
                None => (message, None),
            };
            found.push(Announced {
                line,
                code: code.to_owned(),
                message: message.trim().to_owned(),
                underlined,
            });
        }
    }
    found
}

fn check_file(path: &Path) -> Result<(), Failed> {
    let text = fs::read_to_string(path)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let source = Source::new(name, text);
    let folder = path.parent().and_then(Path::file_name).unwrap_or_default();
    let problems = if folder.to_string_lossy().starts_with("analysis") {
        analysed(&source, baseline(&source).as_ref())
    } else {
        problems(&source)
    };
    check_announced(&source, &problems)?;
    let expected = path.with_extension("stderr");
    let actual = picture(&source, &problems);
    if crate::bless() {
        fs::write(expected, actual)?;
        return Ok(());
    }
    let known = fs::read_to_string(&expected).unwrap_or_default();
    if known == actual {
        return Ok(());
    }
    Err(format!("{} differs; now it is:\n{actual}", expected.display()).into())
}

/// Each finding must be announced, and each announcement must be found.
fn check_announced(source: &Source, problems: &Problems) -> Result<(), Failed> {
    let index = LineIndex::new(&source.text);
    let mut left = announced(&source.text);
    let mut report = String::new();
    for problem in problems {
        let shown = render::shown(source, problem.span());
        let line = index.location(shown.start).line;
        let text = shown.text(source).split_whitespace().collect::<Vec<_>>().join(" ");
        let place = left.iter().position(|wanted| {
            wanted.line == line
                && wanted.code == problem.code.number()
                && problem.message.contains(&wanted.message)
                && wanted.underlined.as_ref().is_none_or(|wanted| *wanted == text)
        });
        match place {
            Some(place) => drop(left.remove(place)),
            None => writeln!(report, "unexpected on line {line}: {} | {text}", told(problem))?,
        }
    }
    for wanted in left {
        writeln!(report, "missing on line {}: {} {}", wanted.line, wanted.code, wanted.message)?;
    }
    if report.is_empty() { Ok(()) } else { Err(report.into()) }
}

fn told(problem: &Diagnostic) -> String {
    format!("{} {}", problem.code.number(), problem.message)
}

/// The findings as lines and as pictures.
fn picture(source: &Source, problems: &Problems) -> String {
    let style = render::Style { colour: false, unicode: true, width: 80 };
    let pictures = render::diagnostics(source, problems, &style);
    format!("{}\n{pictures}", render::concise(source, problems))
}

/// Every code must be announced in some file.
fn check_codes(files: &[PathBuf]) -> Result<(), Failed> {
    let mut seen = BTreeSet::new();
    for file in files {
        let text = fs::read_to_string(file)?;
        seen.extend(announced(&text).into_iter().map(|announced| announced.code));
    }
    let left: Vec<_> = Code::ALL
        .iter()
        .filter(|code| !seen.contains(code.number()))
        .map(ToString::to_string)
        .collect();
    if left.is_empty() {
        return Ok(());
    }
    Err(format!("no file under tests/ui shows {}", left.join(", ")).into())
}
