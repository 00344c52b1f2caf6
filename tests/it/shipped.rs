//! The shipped policies with their scenarios, as the tests of this binary read them.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop where it fails"
)]

use std::fs;
use std::path::{Path, PathBuf};

use duly::bundle::Bundle;
use duly::check::{Calendars, Compiled, Switches, compile_parsed};
use duly::policy::Policy;
use duly::source::Source;

/// A policy, compiled with the scenarios beside it.
pub(crate) struct Shipped {
    /// The name of its folder.
    pub(crate) name: String,
    pub(crate) folder: PathBuf,
    pub(crate) compiled: Compiled,
}

impl Shipped {
    pub(crate) fn policy(&self) -> &Policy {
        self.compiled.policy.as_ref().expect("a shipped policy is sound")
    }
}

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// What a folder holds, in order.
pub(crate) fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|_| panic!("no folder {}", folder.display()));
    let mut entries: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    entries
}

/// The policies under `policies/`.
pub(crate) fn shipped() -> Vec<Shipped> {
    let folders = entries(&root().join("policies"));
    let found: Vec<_> = folders.into_iter().filter(|path| path.is_dir()).map(compiled).collect();
    assert!(!found.is_empty(), "no policy is shipped");
    found
}

fn compiled(folder: PathBuf) -> Shipped {
    let duly = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "duly");
    let mut files: Vec<_> = entries(&folder).into_iter().filter(duly).collect();
    files.sort_by_key(|path| !path.ends_with("policy.duly"));
    let source =
        |path: &PathBuf| Source::new(path.display().to_string(), fs::read_to_string(path).unwrap());
    let bundle = Bundle::new(files.iter().map(source).collect());
    let compiled = compile_parsed(bundle.parse(), &Calendars::default(), &Switches::default());
    let name = folder.file_name().unwrap().to_string_lossy().into_owned();
    Shipped { name, folder, compiled }
}
