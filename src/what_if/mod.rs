//! What if: a case being edited, and what each edit moves.
//!
//! A [`Situation`] is a policy, a case and a day with what came of them. An [`Edit`] gives another
//! situation and leaves the first as it was, so nothing is ever half done; a [`Session`] keeps the
//! situations before and after, and a [`Difference`] says what two of them have not in common.
//!
//! INVARIANT: a situation's outcome is what evaluating its file would give, had the file been edited
//! instead.

mod because;
mod book;
mod difference;
mod edit;
mod fact_name;
mod session;
mod situation;

pub use because::{Because, because};
pub use book::Book;
pub use difference::{DeadlineChange, Difference, FindingChange, StandingChange, StrayChange};
pub use edit::{Edit, Shift, Target};
pub use fact_name::FactName;
pub use session::Session;
pub use situation::{Done, Recorded, Situation};

use crate::cases::RowError;
use crate::diagnostic::printable::one_line;
use crate::diagnostic::way_on;

/// Why an edit was not made: nothing has changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What is wrong: a phrase without a full stop.
    pub message: String,
    /// What to do about it, where something near is known.
    pub help: Option<String>,
    /// What could have been meant, each as it would be written.
    pub candidates: Vec<String>,
}

impl Refusal {
    /// Says what is wrong.
    pub(crate) fn new(message: impl AsRef<str>) -> Self {
        Self { message: one_line(message.as_ref()), help: None, candidates: Vec::new() }
    }

    /// Says what to do about it.
    pub(crate) fn help(mut self, help: impl AsRef<str>) -> Self {
        self.help = Some(one_line(help.as_ref()));
        self
    }

    /// Lists what could have been meant.
    pub(crate) fn among(mut self, candidates: impl IntoIterator<Item = String>) -> Self {
        self.candidates = candidates.into_iter().map(|text| one_line(&text)).collect();
        self
    }

    /// Offers the nearest of the names, or else lists them.
    pub(crate) fn near<'a>(
        self,
        word: &str,
        names: impl Iterator<Item = &'a str> + Clone,
        intro: &str,
    ) -> Self {
        match way_on(word, names, intro) {
            Some(help) => self.help(help),
            None => self,
        }
    }
}

impl From<RowError> for Refusal {
    fn from(error: RowError) -> Self {
        let help = error.help.clone();
        // The line is the one that was just typed.
        let message = RowError { line: 0, ..error }.to_string();
        Self { message, help, candidates: Vec::new() }
    }
}
