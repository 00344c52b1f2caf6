//! How policy files are laid out: `tests/format/‹slug›.duly`, with the layout in `‹slug›.out` beside it.
//!
//! Whatever the file shows, its layout is laid out as it is already, reads as the file does and has the
//! same comments.

use std::fs;
use std::path::Path;

use duly::format::{Refusal, format};
use duly::render;
use duly::source::Source;
use duly::syntax::{Parsed, parse};
use libtest_mimic::{Failed, Trial};

/// One trial for each file.
pub(crate) fn trials() -> Vec<Trial> {
    let mut files = Vec::new();
    crate::ui::find(&crate::folder("tests/format"), &mut files);
    files.sort();
    files
        .into_iter()
        .map(|path| {
            let name = path.file_stem().unwrap_or_default().to_string_lossy();
            Trial::test(format!("format::{name}"), move || check_file(&path))
        })
        .collect()
}

fn check_file(path: &Path) -> Result<(), Failed> {
    let source = Source::new("policy.duly", fs::read_to_string(path)?);
    let actual = laid_out(&source)?;
    let again = Source::new("policy.duly", actual.clone());
    if laid_out(&again)? != actual {
        return Err(format!("laid out again it changes:\n{}", laid_out(&again)?).into());
    }
    let (before, after) = (parse(&source), parse(&again));
    if before.file != after.file {
        return Err(format!("it does not read as before:\n{actual}").into());
    }
    if comments(&before) != comments(&after) {
        return Err(format!("the comments differ:\n{actual}").into());
    }
    let expected = path.with_extension("out");
    if crate::bless() {
        fs::write(expected, actual)?;
        return Ok(());
    }
    if fs::read_to_string(&expected).unwrap_or_default() == actual {
        return Ok(());
    }
    Err(format!("{} differs; now it is:\n{actual}", expected.display()).into())
}

fn laid_out(source: &Source) -> Result<String, Failed> {
    format(source).map_err(|refusal| match refusal {
        Refusal::Mistakes(problems) => render::concise(source, &problems).into(),
        Refusal::Unfaithful => "it would not have said the same".into(),
    })
}

fn comments(parsed: &Parsed) -> Vec<(&str, bool)> {
    parsed.comments.iter().map(|comment| (comment.text.as_str(), comment.own_line)).collect()
}
