//! The rules that no scenario shows at work, as a finding.

use super::coverage::names_rule;
use crate::diagnostic::{Code, Diagnostic, Problems};
use crate::policy::{Body, Policy, RuleId, Scenario};
use crate::source::Span;

/// Names the rules of which no scenario expects anything that shows them at work; none where there is no
/// scenario at all, for then nobody has begun.
///
/// No scenario is run, so that an editor can ask at every pause: what the expectations name is enough.
pub fn not_exercised(policy: &Policy, scenarios: &[Scenario]) -> Problems {
    let mut problems = Problems::new();
    if scenarios.is_empty() {
        return problems;
    }
    let mut shown = vec![false; policy.rules.len()];
    for expectation in scenarios.iter().flat_map(|scenario| &scenario.expectations) {
        if let Some(shown) = shown.get_mut(expectation.rule.index()) {
            *shown |= names_rule(expectation);
        }
    }
    for (index, _) in shown.iter().enumerate().filter(|(_, shown)| !**shown) {
        let rule = policy.rule(RuleId(index as u16));
        // The first word stands for the whole declaration, of which no part is at fault.
        let start = rule.origin.start;
        let first_word = Span::new(start, start + keyword(&rule.body).len() as u32);
        problems.push(
            Diagnostic::new(
                Code::RuleNotExercised,
                format!("no scenario shows `{}` at work", rule.name),
                first_word,
                "nothing is expected of it",
            )
            .help(
                "write a scenario that expects something of it on its last day in time, and one on \
                 the day after",
            ),
        );
    }
    problems
}

/// The word with which such a rule is declared.
const fn keyword(body: &Body) -> &'static str {
    match body {
        Body::Series(series) => series.noun,
        Body::Duty(_) => "duty",
        Body::Trigger(_) => "trigger",
        Body::Forbid(_) => "forbid",
        Body::Ladder(_) => "ladder",
    }
}
