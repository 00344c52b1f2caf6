//! Cases as JSON lines: one case on each line, read one at a time however long the file is.

use std::io::{self, BufRead};

use super::rows::RowError;
use super::{CaseResult, Cases, Seen, bytes, json};
use crate::policy::Policy;

/// Reads every line of a text.
pub(super) fn read(policy: &Policy, text: &str) -> Cases {
    let mut seen = Seen::default();
    let cases = text
        .split('\n')
        .zip(1..)
        .map(|(line, number)| (line.trim(), number))
        .filter(|(line, _)| !line.is_empty())
        .map(|(line, number)| json::line(policy, &mut seen, number, line))
        .collect();
    Cases { cases, ..Cases::default() }
}

/// Reads cases from a stream, line by line. No more than a line and the names of the cases are kept.
///
/// Each item is a case, read or refused; an error of the stream itself is passed on and ends it. A
/// line that is not UTF-8 is refused, where [`read_cases`](super::read_cases), which has the whole of
/// the text before it, would find out its encoding.
pub fn cases<R: BufRead>(policy: &Policy, reader: R) -> Stream<'_, R> {
    Stream { policy, reader, seen: Seen::default(), buffer: Vec::new(), line: 0, ended: false }
}

/// The cases of a stream; see [`cases`].
#[derive(Debug)]
pub struct Stream<'p, R> {
    policy: &'p Policy,
    reader: R,
    seen: Seen,
    buffer: Vec<u8>,
    line: u32,
    ended: bool,
}

impl<R: BufRead> Iterator for Stream<'_, R> {
    type Item = io::Result<CaseResult>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.ended {
            self.buffer.clear();
            self.line += 1;
            match self.reader.read_until(b'\n', &mut self.buffer) {
                Ok(0) => self.ended = true,
                Ok(_) => {
                    if let Some(case) = self.case() {
                        return Some(Ok(case));
                    }
                }
                Err(error) => {
                    self.ended = true;
                    return Some(Err(error));
                }
            }
        }
        None
    }
}

impl<R> Stream<'_, R> {
    /// Reads the case in the buffer; there is none on an empty line.
    fn case(&mut self) -> Option<CaseResult> {
        let line = bytes::without_mark(&self.buffer);
        let Ok(text) = std::str::from_utf8(line) else {
            let error = RowError::new(self.line, "this line is not UTF-8");
            return Some(CaseResult {
                case: String::new(),
                line: self.line,
                outcome: Err(vec![error.help("save the file as UTF-8")]),
            });
        };
        let text = text.trim();
        (!text.is_empty()).then(|| json::line(self.policy, &mut self.seen, self.line, text))
    }
}
