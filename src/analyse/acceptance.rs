//! What a policy means to live with: `accept NAME because "reason"`.
//!
//! A finding is accepted by the declaration, or the stage, in which its first place lies, or by the
//! policy itself. An `accept`
//! with nothing to accept is itself a finding, for the reason it gives has become untrue; but only
//! where what it speaks of was looked for.

use super::{Analysed, Depth, Subject};
use crate::diagnostic::{Code, Diagnostic, Fix, Problems};
use crate::policy::Acceptance;
use crate::source::Span;

/// A finding that the policy means to live with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// The finding.
    pub finding: Diagnostic,
    /// What accepts it: the name of a declaration, or `stage 2 of NAME`.
    pub holder: String,
    /// Why.
    pub reason: String,
    /// Where the policy says so.
    pub origin: Span,
}

/// Sorts what the policy accepts from what is left to say.
pub(super) fn settle(subject: &Subject<'_>, mut found: Problems) -> Analysed {
    found.sort();
    let acceptances = &subject.policy.acceptances;
    let mut used = vec![false; acceptances.len()];
    let mut analysed = Analysed::default();
    for finding in found {
        let mut by = None;
        for (acceptance, used) in acceptances.iter().zip(&mut used) {
            if acceptance.covers(&finding) {
                *used = true;
                by = Some(acceptance);
            }
        }
        match by {
            None => analysed.problems.push(finding),
            Some(acceptance) => analysed.accepted.push(Accepted {
                finding,
                holder: acceptance.holder.clone(),
                reason: acceptance.reason.clone(),
                origin: acceptance.origin,
            }),
        }
    }
    let idle = acceptances.iter().zip(used).filter(|(acceptance, used)| {
        !used && subject.depth == Depth::Full && looked_for(acceptance.code, subject)
    });
    analysed.problems.extend(idle.map(|(acceptance, _)| nothing_to_accept(acceptance)));
    analysed.problems.sort();
    analysed
}

/// Whether findings of a kind were looked for: some need more than the policy itself.
fn looked_for(code: Code, subject: &Subject<'_>) -> bool {
    let compared = code.number().get(1..3) == Some("12");
    !compared || subject.baseline.is_some()
}

fn nothing_to_accept(acceptance: &Acceptance) -> Diagnostic {
    let (name, holder) = (acceptance.code.name(), &acceptance.holder);
    let diagnostic = Diagnostic::new(
        Code::NothingToAccept,
        format!("`{holder}` accepts `{name}`, and there is nothing to accept"),
        acceptance.origin,
        "is not found here",
    )
    .help("remove it, or move it to the declaration in which the finding lies");
    match acceptance.clause {
        Some(clause) => diagnostic.fix(Fix::new("remove the line", clause, "")),
        None => diagnostic,
    }
}
