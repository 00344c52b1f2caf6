//! What policies are compiled to: `tests/dump/‹name›.duly`, with the compiled form beside it.

use std::fs;
use std::path::Path;

use duly::check::{Calendars, Switches, compile};
use duly::source::Source;
use libtest_mimic::{Failed, Trial};

/// One trial for each file.
pub(crate) fn trials() -> Vec<Trial> {
    let mut files = Vec::new();
    crate::ui::find(&crate::folder("tests/dump"), &mut files);
    files.sort();
    files
        .into_iter()
        .map(|path| {
            let name = path.file_stem().unwrap_or_default().to_string_lossy();
            Trial::test(format!("dump::{name}"), move || check_file(&path))
        })
        .collect()
}

fn check_file(path: &Path) -> Result<(), Failed> {
    let source = Source::new("policy.duly", fs::read_to_string(path)?);
    let compiled = compile(&source, &Calendars::default(), &Switches::default());
    let Some(policy) = compiled.policy else {
        return Err(duly::render::concise(&source, &compiled.problems).into());
    };
    let expected = path.with_extension("dump");
    let actual = policy.dump();
    if crate::bless() {
        fs::write(expected, actual)?;
        return Ok(());
    }
    if fs::read_to_string(&expected).unwrap_or_default() == actual {
        return Ok(());
    }
    Err(format!("{} differs; now it is:\n{actual}", expected.display()).into())
}
