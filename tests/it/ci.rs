//! The hooks and the workflow that are offered to others do what they say, on a shipped policy.

#![expect(clippy::unwrap_used, reason = "a broken assumption is to fail the test")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::shipped::root;

/// Runs a command of duly in a folder of its own, on the shipped policies, and gives what it wrote.
fn run(name: &str, command: &str) -> BTreeMap<String, String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("ci-{name}"));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    // The smallest will do here; `.ci/run` does the same with all of them.
    let policies = root().join("policies/walsall").display().to_string();
    let mut words = command.split_whitespace();
    assert_eq!(words.next(), Some("duly"), "{command}");
    let words = words.map(|word| if word == "policies" { policies.as_str() } else { word });
    let output =
        Command::new(env!("CARGO_BIN_EXE_duly")).args(words).current_dir(&folder).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{command}: {said}");
    let written = crate::shipped::entries(&folder)
        .iter()
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, fs::read_to_string(path).unwrap())
        })
        .collect();
    fs::remove_dir_all(&folder).unwrap();
    written
}

#[test]
fn every_hook_runs_on_a_shipped_policy() {
    let text = fs::read_to_string(root().join(".pre-commit-hooks.yaml")).unwrap();
    let hooks: Vec<BTreeMap<&str, &str>> = text
        .split("\n- ")
        .skip(1)
        .map(|hook| hook.lines().filter_map(|line| line.trim().split_once(": ")).collect())
        .collect();
    assert!(hooks.len() >= 2);
    for hook in hooks {
        let keys: Vec<&str> = hook.keys().copied().collect();
        let expected =
            ["args", "description", "entry", "files", "id", "language", "name", "pass_filenames"];
        assert_eq!(keys, expected);
        assert_eq!((hook["language"], hook["files"]), ("rust", r"\.duly$"));
        let arguments = hook["args"].trim_matches(['[', ']']).replace(',', " ");
        run(hook["id"], &format!("{} {arguments}", hook["entry"]));
    }
}

#[test]
fn every_command_of_the_workflow_runs_on_a_shipped_policy() {
    let text = fs::read_to_string(root().join("examples/ci/github.yml")).unwrap();
    // Two blanks further in for each level, and no tabs: what is not so laid out is not understood.
    for line in text.lines().filter(|line| !line.trim_start().starts_with('#')) {
        let inset = line.len() - line.trim_start().len();
        assert!(inset % 2 == 0 && !line.contains('\t'), "{line}");
        let item = line.trim_start().strip_prefix("- ").unwrap_or(line.trim_start());
        let key = item.split_once(':').map_or("", |(key, _)| key);
        assert!(line.is_empty() || !key.is_empty() && !key.contains(' '), "{line}");
    }
    for key in ["name", "on", "permissions", "jobs"] {
        assert!(text.lines().any(|line| line.starts_with(&format!("{key}:"))), "{key}");
    }
    let commands: Vec<&str> = text
        .lines()
        .filter_map(|line| line.trim().strip_prefix("run: "))
        .filter(|command| command.starts_with("duly "))
        .collect();
    assert_eq!(commands.len(), 2);
    let mut written = BTreeMap::new();
    for command in commands {
        written.extend(run("workflow", command));
    }
    // What later steps take was written by earlier ones.
    for (file, piece) in [("duly.sarif", "\"2.1.0\""), ("duly.md", "## duly check: ")] {
        assert!(text.matches(file).count() >= 2, "{file} is written and taken");
        assert!(written[file].contains(piece), "{file}");
    }
}
