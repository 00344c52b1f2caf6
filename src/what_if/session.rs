//! A situation with those before and after it.

use super::situation::{Inputs, Situation};
use super::{Done, Edit, Refusal};

/// A situation that is edited, with every step back and forth.
///
/// What is kept of the others is what they follow from; the same inputs give the same outcome, so a
/// step back is exact.
#[derive(Debug, Clone)]
pub struct Session {
    now: Situation,
    before: Vec<Inputs>,
    after: Vec<Inputs>,
}

impl Session {
    /// Begins with a situation.
    pub fn new(now: Situation) -> Self {
        Self { now, before: Vec::new(), after: Vec::new() }
    }

    /// The situation as it stands.
    pub fn now(&self) -> &Situation {
        &self.now
    }

    /// How many steps can be taken back.
    pub fn steps(&self) -> usize {
        self.before.len()
    }

    /// Makes an edit and returns the situation before it; where it is refused, nothing changes.
    pub fn edit(&mut self, edit: &Edit) -> Result<(Situation, Done), Refusal> {
        let (after, done) = self.now.edited(edit)?;
        Ok((self.step_to(after), done))
    }

    /// Goes on to another situation, and returns the one before.
    pub fn step_to(&mut self, next: Situation) -> Situation {
        self.after.clear();
        self.before.push(self.now.inputs().clone());
        std::mem::replace(&mut self.now, next)
    }

    /// Takes the last step back and returns the situation it led to; nothing where there is none.
    pub fn undo(&mut self) -> Option<Situation> {
        let earlier = self.before.pop()?;
        let situation = Situation::of(earlier).ok()?;
        self.after.push(self.now.inputs().clone());
        Some(std::mem::replace(&mut self.now, situation))
    }

    /// Takes a step again that was taken back, and returns the situation before it.
    pub fn redo(&mut self) -> Option<Situation> {
        let later = self.after.pop()?;
        let situation = Situation::of(later).ok()?;
        self.before.push(self.now.inputs().clone());
        Some(std::mem::replace(&mut self.now, situation))
    }
}
