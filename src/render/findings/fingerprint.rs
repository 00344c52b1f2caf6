//! What a finding is recognised by when the text around it has changed.

use std::collections::BTreeMap;

use super::Sheet;
use crate::diagnostic::Diagnostic;
use crate::render::shown;
use crate::source::{LineIndex, Source};

/// One fingerprint for each finding, in their order; those of accepted ones come last.
///
/// A finding is known by its file, its code, the head of the declaration it stands in, its line without
/// the blanks around it, and what is underlined: so edits elsewhere leave it alone, wherever they move
/// it. Findings that are alike in all of that are numbered in the order of the text.
pub(super) fn fingerprints(sheet: &Sheet) -> Vec<String> {
    let index = LineIndex::new(&sheet.source.text);
    let accepted = sheet.accepted.iter().map(|accepted| &accepted.finding);
    let mut seen: BTreeMap<u64, u32> = BTreeMap::new();
    sheet
        .problems
        .iter()
        .chain(accepted)
        .map(|problem| {
            let hash = hash(&features(&sheet.path, &sheet.source, &index, problem));
            let number = seen.entry(hash).or_default();
            *number += 1;
            format!("{hash:016x}:{number}")
        })
        .collect()
}

fn features(path: &str, source: &Source, index: &LineIndex, problem: &Diagnostic) -> String {
    let span = shown(source, problem.span());
    let line = index.location(span.start).line;
    let text = |line: u32| index.line(line).map(|line| line.text(source)).unwrap_or_default();
    let head = (1..=line)
        .rev()
        .map(text)
        .find(|text| text.starts_with(|first: char| !first.is_whitespace() && first != '#'));
    let parts = [
        path,
        problem.code.number(),
        head.unwrap_or_default(),
        text(line).trim(),
        span.text(source),
    ];
    // A line feed parts them, so that no two rows of parts run together to one text.
    parts.map(|part| part.split_whitespace().collect::<Vec<_>>().join(" ")).join("\n")
}

/// The hash of Fowler, Noll and Vo (1a, 64 bits): the same on every machine and in every version.
fn hash(text: &str) -> u64 {
    const BASIS: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0000_0100_0000_01b3;
    text.bytes().fold(BASIS, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(PRIME))
}
