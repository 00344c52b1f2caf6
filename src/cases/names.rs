//! The names of the cases that went by, so that no case is answered twice from two halves of it.
//!
//! Two pieces of one case are refused, not joined: the first has been passed on by the time the second
//! comes, and each alone would give wrong deadlines.
//!
//! The first names are kept with the lines on which they stand. Of a caseload of a million that would
//! be too much, so the names that come later leave only a trace: sixteen places of a large table of
//! bits, which a second case of that name finds set. Another name finds them all set once in some
//! hundred thousand million, and is then refused without a reason; that is the price of a table that
//! does not grow.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::CaseResult;
use super::rows::{RowError, short};

/// So many names are kept as they are.
const KEPT: usize = 4096;

/// The words of a table: 8 MiB.
const WORDS: usize = 1 << 20;

/// How many places a name leaves its trace in.
const PLACES: u64 = 16;

/// A table takes so many names, one for each 64 of its bits.
const ROOM: usize = WORDS;

/// The names of the cases met so far, in any number of files.
#[derive(Debug, Default)]
pub struct Names {
    kept: HashMap<String, (u32, u32)>,
    traces: Vec<Trace>,
}

#[derive(Debug)]
struct Trace {
    words: Vec<u64>,
    names: usize,
}

impl Names {
    /// Takes note of a case of a file, whose number is the caller's to choose. A case that was there
    /// before is told with the file and the line, where they are still known.
    pub fn note(&mut self, file: u32, case: &CaseResult) -> Option<Before> {
        if case.case.is_empty() {
            return None;
        }
        if let Some(&(file, line)) = self.kept.get(&case.case) {
            return Some(Before { place: Some((file, line)) });
        }
        if self.kept.len() < KEPT {
            self.kept.insert(case.case.clone(), (file, case.line));
            return None;
        }
        let mut hasher = DefaultHasher::new();
        case.case.hash(&mut hasher);
        let first = hasher.finish();
        hasher.write_u8(1);
        let step = hasher.finish() | 1;
        if self.traces.iter().any(|trace| trace.holds(first, step)) {
            return Some(Before { place: None });
        }
        if self.traces.last().is_none_or(|trace| trace.names >= ROOM) {
            self.traces.push(Trace { words: vec![0; WORDS], names: 0 });
        }
        if let Some(trace) = self.traces.last_mut() {
            trace.leave(first, step);
        }
        None
    }
}

/// Where a case stood before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Before {
    /// The file and the line; nothing where that is no longer known.
    pub place: Option<(u32, u32)>,
}

impl Before {
    /// Says that all the events of a case stand together. The file is named where it is another one.
    pub fn refusal(self, case: &CaseResult, other: Option<&str>) -> RowError {
        let name = short(&case.case);
        let message = match (self.place, other) {
            (_, Some(file)) => format!("this case is in `{file}` already"),
            (Some((_, line)), None) => format!(
                "case `{name}` is on line {line} already; all the events of a case stand together"
            ),
            (None, None) => format!(
                "case `{name}` stands further up already; all the events of a case stand together"
            ),
        };
        let error = RowError::new(case.line, message);
        match other {
            Some(_) => error.help("all the events of a case stand together in one file"),
            None => error.field("case").help(
                "what was answered for it rests on the first of its pieces alone; sort the input by case",
            ),
        }
    }
}

impl Trace {
    /// The places of a name: the word, and the bit in it.
    fn places(first: u64, step: u64) -> impl Iterator<Item = (usize, u64)> {
        (0..PLACES).map(move |turn| {
            let place = first.wrapping_add(turn.wrapping_mul(step)) >> 38;
            ((place >> 6) as usize, 1 << (place & 63))
        })
    }

    fn holds(&self, first: u64, step: u64) -> bool {
        Self::places(first, step)
            .all(|(word, bit)| self.words.get(word).is_some_and(|word| word & bit != 0))
    }

    fn leave(&mut self, first: u64, step: u64) {
        self.names += 1;
        for (word, bit) in Self::places(first, step) {
            if let Some(word) = self.words.get_mut(word) {
                *word |= bit;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(number: u32) -> CaseResult {
        CaseResult { case: format!("child-{number}"), line: number, outcome: Err(Vec::new()) }
    }

    #[test]
    fn a_name_is_found_again_and_no_other_is() {
        let mut names = Names::default();
        for number in 0..60_000 {
            assert_eq!(names.note(1, &case(number)), None, "{number}");
        }
        assert_eq!(names.note(2, &case(17)), Some(Before { place: Some((1, 17)) }));
        for number in [KEPT as u32, 30_000, 59_999] {
            assert_eq!(names.note(1, &case(number)), Some(Before { place: None }));
        }
        assert_eq!(names.note(1, &case(60_000)), None);
    }

    #[test]
    fn a_case_without_a_name_is_no_other() {
        let mut names = Names::default();
        let nameless = CaseResult { case: String::new(), ..case(1) };
        assert_eq!((names.note(1, &nameless), names.note(1, &nameless)), (None, None));
    }
}
