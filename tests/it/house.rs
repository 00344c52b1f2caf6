//! The house rules that a compiler does not know: who may import whom, which file alone may name
//! which library, and how long a file may be.
//!
//! The import table is read from the crate documentation, so that the two cannot drift apart.

#![expect(clippy::unwrap_used, reason = "a broken assumption is to fail the test")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Every file below a folder with this ending, in order.
pub(crate) fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    fn walk(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
        let mut entries: Vec<PathBuf> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        entries.sort();
        for path in entries {
            if path.is_dir() {
                walk(&path, ending, found);
            } else if path.to_string_lossy().ends_with(ending) {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    walk(&root().join(folder), ending, &mut found);
    assert!(!found.is_empty(), "no *{ending} below {folder}: the check would be empty");
    found
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The path as it is written in the repository.
fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/")
}

/// The module that a file of `src` belongs to.
fn module(path: &Path) -> String {
    let inside = shown(path);
    let inside = inside.strip_prefix("src/").unwrap();
    inside.split('/').next().unwrap().trim_end_matches(".rs").to_owned()
}

/// The text of a file without its comments and without its own unit tests.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let text = text.split("\n#[cfg(test)]").next().unwrap().to_owned();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The table of the crate documentation: each module with those it may import.
fn import_table() -> BTreeMap<String, Vec<String>> {
    let text = fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let names = |cell: &str| -> Vec<String> {
        cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
    };
    text.lines()
        .filter_map(|line| line.strip_prefix("//! | `"))
        .map(|row| {
            let (module, rest) = row.split_once('`').unwrap();
            let last = rest.trim_end().trim_end_matches('|').rsplit('|').next().unwrap();
            (module.to_owned(), names(last))
        })
        .collect()
}

#[test]
fn every_module_imports_only_what_the_crate_documentation_lets_it() {
    let table = import_table();
    for path in files("src", ".rs") {
        let module = module(&path);
        if module == "lib" || module == "main" {
            continue;
        }
        let allowed = table
            .get(&module)
            .unwrap_or_else(|| panic!("`{module}` is not in the table of src/lib.rs"));
        let text = code(&path);
        for used in text.split("crate::").skip(1) {
            let name: String =
                used.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
            assert!(
                name == module || name.is_empty() || allowed.contains(&name),
                "{} imports `{name}`, which `{module}` may not",
                shown(&path)
            );
        }
    }
}

#[test]
fn every_module_of_the_table_exists() {
    for (module, allowed) in import_table() {
        for name in allowed.iter().chain([&module]) {
            let exists = root().join(format!("src/{name}.rs")).exists()
                || root().join(format!("src/{name}/mod.rs")).exists();
            assert!(exists, "the table of src/lib.rs names `{name}`, which is no module");
        }
    }
}

#[test]
fn each_library_is_named_only_where_it_is_fenced_in() {
    let fences: [(&str, &[&str]); 11] = [
        ("chrono", &["src/calendar/date.rs"]),
        ("pest", &["src/syntax/grammar.rs", "src/syntax/lower", "src/syntax/report.rs"]),
        ("miette", &["src/render/terminal.rs"]),
        ("clap", &["src/cli/args.rs", "src/cli/args/"]),
        ("csv", &["src/cases/csv.rs", "src/import/read.rs", "src/import/mapping.rs"]),
        ("quick_xml", &["src/import/xml.rs"]),
        ("maud", &["src/report/html.rs", "src/report/bars.rs"]),
        ("rust_xlsxwriter", &["src/report/drawing.rs", "src/report/workbook.rs"]),
        ("encoding_rs", &["src/cases/bytes.rs"]),
        ("rustyline", &["src/cli/repl/editor.rs"]),
        ("similar", &["src/cli/difference.rs"]),
    ];
    for path in files("src", ".rs") {
        let (name, text) = (shown(&path), code(&path));
        for (library, homes) in fences {
            let named = text.contains(&format!("{library}::"));
            assert!(
                !named || homes.iter().any(|home| name.starts_with(home)),
                "{name} names `{library}`, which belongs in {homes:?}"
            );
        }
    }
}

/// The modules of the standard library that a text names, one by one or in a list.
fn modules_of_std(text: &str) -> Vec<String> {
    let name = |text: &str| -> String {
        text.trim_start().chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect()
    };
    let mut found = Vec::new();
    for rest in text.split("std::").skip(1) {
        let mut depth = 0;
        for (place, sign) in rest.char_indices() {
            match sign {
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            // What stands in a list within the list belongs to a module of it.
            if depth == 1 && matches!(sign, '{' | ',') {
                found.push(name(rest.get(place + 1..).unwrap()));
            } else if depth == 0 {
                if place == 0 {
                    found.push(name(rest));
                }
                break;
            }
        }
    }
    found.retain(|name| !name.is_empty());
    found
}

#[test]
fn only_the_command_line_touches_the_world() {
    let text =
        "use std::{\n    fmt::{self, Write},\n    panic, thread,\n};\nstd::env::args(); std::fs";
    assert_eq!(modules_of_std(text), ["fmt", "panic", "thread", "env", "fs"]);
    let worldly = ["fs", "env", "process", "thread", "net"];
    for path in files("src", ".rs") {
        if ["cli", "main"].contains(&module(&path).as_str()) {
            continue;
        }
        let text = code(&path);
        for module in modules_of_std(&text) {
            assert!(!worldly.contains(&module.as_str()), "{} uses `{module}`", shown(&path));
        }
        for word in ["println!", "eprintln!"] {
            assert!(!text.contains(word), "{} uses `{word}`", shown(&path));
        }
    }
}

#[test]
fn a_file_that_is_longer_than_six_hundred_lines_says_why() {
    for path in files("src", ".rs").into_iter().chain(files("tests", ".rs")) {
        let text = fs::read_to_string(&path).unwrap();
        let lines = text.lines().count();
        let says_why = text.lines().any(|line| line.starts_with("//! This file is long"));
        assert!(lines <= 600 || says_why, "{} has {lines} lines", shown(&path));
    }
}

/// The names of what a folder holds, in order.
fn names(folder: &str) -> Vec<String> {
    let entries = crate::shipped::entries(&root().join(folder));
    entries.iter().map(|path| path.file_name().unwrap().to_string_lossy().into_owned()).collect()
}

#[test]
fn no_file_of_the_tests_is_forgotten() {
    let text = |name: &str| fs::read_to_string(root().join(name)).unwrap();
    let sources =
        |folder: &str| files(folder, ".rs").iter().map(|path| code(path)).collect::<String>();
    let transcripts: String =
        files("tests/cli", ".md").iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    for folder in names("tests") {
        let below = format!("tests/{folder}");
        match folder.as_str() {
            // A file of expected output stands beside the file that it is of.
            "ui" | "dump" | "format" => {
                for path in files(&below, "") {
                    let input = path.with_extension("duly");
                    assert!(input.is_file(), "{} is of no file", shown(&path));
                    let ending = path.extension().unwrap().to_string_lossy().into_owned();
                    let output = match folder.as_str() {
                        "ui" => "stderr",
                        "dump" => "dump",
                        _ => "out",
                    };
                    let known = ["duly", output];
                    assert!(known.contains(&ending.as_str()), "{} is not read", shown(&path));
                }
            }
            "cli" => {
                for name in names(&below) {
                    let used = transcripts.contains(&format!("{below}/{name}"));
                    assert!(used || name.ends_with("md"), "{below}/{name} is not read");
                }
            }
            // Every one of them is a transcript that is run.
            "repl" => {
                for name in names(&below) {
                    assert!(name.ends_with("md"), "{below}/{name} is not read");
                }
            }
            "cases-input" => {
                let tests = sources("src/cases") + &transcripts;
                for name in names(&below).iter().filter(|name| !name.starts_with('.')) {
                    assert!(tests.contains(name), "{below}/{name} is not read");
                }
            }
            "reference" => {
                let tests = text("tests/it/reference.rs");
                for name in names(&below) {
                    assert!(tests.contains(&name), "{below}/{name} is not read");
                }
            }
            "coverage" | "findings" => {
                for name in names(&below) {
                    let policy = name.strip_suffix(".txt").unwrap();
                    assert!(root().join("policies").join(policy).is_dir(), "{below}/{name}");
                }
            }
            "it" | "files" => {
                let text = sources(&below);
                for path in files(&below, "") {
                    let name = path.file_stem().unwrap().to_string_lossy().into_owned();
                    let name = if name == "mod" {
                        path.parent().unwrap().file_name().unwrap().to_string_lossy().into_owned()
                    } else {
                        name
                    };
                    let known = name == "main"
                        || text.lines().any(|line| line.ends_with(&format!("mod {name};")));
                    assert!(known, "{} is part of no test", shown(&path));
                }
            }
            other => panic!("nobody looks into tests/{other}"),
        }
    }
}

#[test]
fn nothing_is_left_unfinished() {
    // Written in two halves, so that this file does not find itself.
    let marks =
        [("to", "do!"), ("unimple", "mented!"), ("dbg", "!("), ("FIX", "ME"), ("#[ig", "nore")];
    for path in files("src", ".rs").into_iter().chain(files("tests", ".rs")) {
        let text = fs::read_to_string(&path).unwrap();
        for (first, second) in marks {
            let mark = format!("{first}{second}");
            assert!(!text.contains(&mark), "{} holds `{mark}`", shown(&path));
        }
    }
}

#[test]
fn no_file_names_the_machine_it_was_written_on() {
    let folders = ["src", "tests", "policies", "grammar"];
    let marks = [("/ro", "ot/"), ("/wo", "rk/"), ("/ho", "me/"), ("/tm", "p/")];
    for path in folders.iter().flat_map(|folder| files(folder, "")) {
        let Ok(text) = fs::read_to_string(&path) else { continue };
        for (first, second) in marks {
            assert!(!text.contains(&format!("{first}{second}")), "{}", shown(&path));
        }
    }
}
