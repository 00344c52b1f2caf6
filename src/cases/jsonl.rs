//! Cases as JSON lines: one case on each line.

use super::rows::RowError;
#[cfg(feature = "cli")]
use super::{CaseResult, plain::PlainReader};
use super::{Cases, Draft, Seen, json};
use crate::policy::Policy;

/// Reads every line of a text.
pub(super) fn read(policy: &Policy, text: &str) -> Cases {
    let mut seen = Seen::default();
    let cases = lines(text.as_bytes(), 1)
        .map(|(line, number)| {
            let mut draft = draft(policy, number, line);
            seen.note(&mut draft);
            draft.finish(policy)
        })
        .collect();
    Cases { cases, ..Cases::default() }
}

/// Reads lines of a stream, the first of which has the given number. Whether a case stands there
/// twice is not looked at.
///
/// A line that is not UTF-8 is refused, where [`read_cases`](super::read_cases), which has the whole
/// of the text before it, would find out its encoding.
#[cfg(feature = "cli")]
pub(super) fn pieces(policy: &Policy, bytes: &[u8], first: u32) -> Vec<CaseResult> {
    let plain = PlainReader::new(policy);
    let one = |(line, number): (&str, u32)| match plain.case(number, line) {
        Some(read) => {
            CaseResult { case: read.timeline.case.clone(), line: number, outcome: Ok(read) }
        }
        None => json::case(policy, number, line.trim()).finish(policy),
    };
    if let Ok(text) = std::str::from_utf8(bytes) {
        let mut begin = 0;
        let ends = memchr::memchr_iter(b'\n', bytes).chain([bytes.len()]);
        let lines = ends.filter_map(|end| text.get(std::mem::replace(&mut begin, end + 1)..end));
        let lines = lines.map(str::trim_ascii).zip(first..);
        return lines.filter(|(line, _)| !line.is_empty()).map(one).collect();
    }
    let any = |(line, number)| match std::str::from_utf8(line) {
        Ok(line) => one((line, number)),
        Err(_) => draft(policy, number, line).finish(policy),
    };
    lines(bytes, first).map(any).collect()
}

/// The lines that are not empty, with their numbers.
fn lines(bytes: &[u8], first: u32) -> impl Iterator<Item = (&[u8], u32)> {
    let lines = bytes.split(|&byte| byte == b'\n').zip(first..);
    lines.map(|(line, number)| (line.trim_ascii(), number)).filter(|(line, _)| !line.is_empty())
}

fn draft(policy: &Policy, number: u32, line: &[u8]) -> Draft {
    match std::str::from_utf8(line) {
        Ok(text) => json::case(policy, number, text.trim()),
        Err(_) => Draft {
            line: number,
            errors: vec![
                RowError::new(number, "this line is not UTF-8").help("save the file as UTF-8"),
            ],
            ..Draft::default()
        },
    }
}
