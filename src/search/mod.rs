//! Questions put to the evaluator: what would be so if something more were recorded.
//!
//! Nothing here decides a date. Every answer comes from evaluating the case with something added, and
//! looking what became of its deadlines; so an answer can never disagree with the evaluator.

mod acts;
mod answer;
mod case;
mod fewest;
mod plan;
mod questions;
mod slice;
mod tests_of;
mod when;

pub use answer::{Conflict, End, Objection, Step, Stretch, Tried, Wanted, When};
pub use case::{Key, Move, Trial, moves};
pub use plan::{Aim, Fixed, Item, Phase, Plan, What, plan};
pub use questions::{Asked, Possible, judge_of, questions};
pub use when::{Day, Search, try_one, when};
