//! What a sound policy says that its authors may not have meant.
//!
//! The checker finds what has no meaning; the analyses find meanings that contradict one another:
//! duties that no day can satisfy, ladders that lead nowhere, limits later than the law's. They work
//! on the compiled [`Policy`] and search the days of the calendar one by one, with the evaluator's own
//! arithmetic, so that what they say is proved by exhaustion and not by argument. Whatever they claim
//! of a case comes with a witness that was replayed through the evaluator.

mod acceptance;
mod alternatives;
mod ambiguity;
mod baseline;
mod cap;
mod climb;
mod clocks;
mod days;
mod days_of;
mod dead;
mod feasible;
mod ladders;
mod made_up;
mod order;
mod parting;
mod places;
mod silence;
mod wording;

pub use acceptance::Accepted;

use alternatives::Alternative;

use crate::calendar::Date;
use crate::check::Calendars;
use crate::diagnostic::Problems;
use crate::policy::{Policy, Scenario};
use crate::syntax::ast;

/// What is examined.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The compiled policy.
    pub policy: &'a Policy,
    /// The tree it came from, from which a policy with other readings is compiled.
    pub file: &'a ast::File,
    /// The scenarios that go with it.
    pub scenarios: &'a [Scenario],
    /// What the checker has to say: the policy may accept these warnings too.
    pub checked: &'a Problems,
    /// The tables of holidays it was compiled with.
    pub calendars: &'a Calendars,
    /// The policy that it may not be laxer than.
    pub baseline: Option<&'a Policy>,
    /// The day on which the policy is used; without it nothing is said that depends on one.
    pub today: Option<Date>,
    /// How far to go.
    pub depth: Depth,
}

/// How far the analyses go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Depth {
    /// What can be seen without going through the days: fast enough for every pause of an editor.
    Quick,
    /// Everything.
    #[default]
    Full,
}

/// What examining a policy gives.
#[derive(Debug, Clone, Default)]
pub struct Analysed {
    /// What is left to say, the checker's own findings included, in the order of the text.
    pub problems: Problems,
    /// What was found and the policy means to live with, in the order of the text.
    pub accepted: Vec<Accepted>,
}

/// Examines a policy.
pub fn analyse(subject: &Subject<'_>) -> Analysed {
    let mut found = subject.checked.clone();
    ladders::examine(subject, &mut found);
    dead::examine(subject, &mut found);
    silence::examine(subject, &mut found);
    if subject.depth == Depth::Full {
        let alternatives = alternatives::alternatives(subject);
        cap::examine(subject, &alternatives, &mut found);
        dead::examine_lengths(subject, &mut found);
        through_the_days(subject, &alternatives, &mut found);
    }
    let mut analysed = acceptance::settle(subject, found);
    analysed.problems = silence::gather(subject, analysed.problems);
    analysed
}

/// The analyses that go through every start day.
fn through_the_days(subject: &Subject<'_>, alternatives: &[Alternative], problems: &mut Problems) {
    feasible::examine(subject.policy, alternatives, problems);
    if let Some(base) = subject.baseline {
        baseline::against(subject, base, alternatives, problems);
    }
    ambiguity::examine(subject, alternatives, problems);
    clocks::examine(subject.policy, problems);
    order::examine(subject, problems);
}
