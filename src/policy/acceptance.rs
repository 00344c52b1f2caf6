//! Findings that a policy means to live with.

use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;

/// One finding that a declaration accepts, with the reason: `accept never-used because "…"`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acceptance {
    /// The kind of finding. INVARIANT: it is no error.
    pub code: Code,
    /// What accepts it, as it is called: the name of a declaration, or `stage 2 of NAME`.
    pub holder: String,
    /// The declaration, or the stage, within which the finding is accepted; the whole text where the
    /// policy itself accepts it.
    pub scope: Span,
    /// Why.
    pub reason: String,
    /// Where the finding is named.
    pub origin: Span,
    /// The clause, where it names no other finding.
    pub clause: Option<Span>,
}

impl Acceptance {
    /// Whether it is this finding that is accepted: one of the kind whose first place lies within.
    pub fn covers(&self, finding: &Diagnostic) -> bool {
        let place = finding.span();
        self.code == finding.code && self.scope.start <= place.start && place.end <= self.scope.end
    }
}
