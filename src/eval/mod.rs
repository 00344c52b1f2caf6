//! The evaluator.

mod outcome;
mod timeline;

pub use outcome::{
    Basis, BasisKind, Change, Deadline, Deemed, Due, FactId, Finding, Irregular, LadderState,
    Outcome, Part, Question, Reason, Standing, Start, Status, Verdict, Way,
};
pub use timeline::{Fact, Timeline};
