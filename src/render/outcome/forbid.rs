//! A prohibition in full: what it forbids, in which time, what excuses it, and each act it speaks of.

use serde_json::{Value, json};

use super::{Answer, data, words};
use crate::diagnostic::printable::one_line;
use crate::eval::{FactId, Finding, Verdict};
use crate::policy::{Body, Forbid, Forbidden, RuleId};
use crate::render::{Style, wrapped};

/// What a prohibition says, in phrases.
struct Said {
    not_allowed: String,
    only_while: Option<String>,
    excused: Option<String>,
}

/// Explains what a prohibition came to; nothing where the rule is none.
pub fn forbid_text(answer: &Answer<'_>, rule: RuleId, style: &Style) -> Option<String> {
    let said = answer.said(rule)?;
    let declared = answer.policy.rule(rule);
    let cites = if declared.cites.is_empty() {
        String::new()
    } else {
        format!(" (source: {})", declared.cites.join("; "))
    };
    let who = answer.roles(&declared.owners);
    let mut head = vec![
        format!("{} [{}]", declared.title, declared.name),
        format!("{who} {}{cites}.", words::strength(declared.strength)),
        format!("Not to be done: {}.", said.not_allowed),
    ];
    head.extend(
        said.only_while.map(|words| format!("Only while, on the day of the act: {words}.")),
    );
    head.extend(said.excused.map(|words| format!("Excused if, on the act and its day: {words}.")));
    head.push(format!("As of {}.", answer.outcome.as_of.long()));
    let line = |text: &str| {
        let text = one_line(text);
        if style.unicode { text } else { text.replace(['“', '”'], "\"") }
    };
    let mut out = String::new();
    for text in head {
        out += &wrapped(&line(&text), "", "", style);
    }
    out += "\n";
    for finding in answer.outcome.findings.iter().filter(|finding| finding.rule == rule) {
        out += &wrapped(&line(&answer.ruling(finding)), "- ", "  ", style);
        for question in &finding.questions {
            let text = format!("Not recorded: {}", answer.question(question));
            out += &wrapped(&line(&text), "  - ", "    ", style);
        }
    }
    Some(out)
}

/// The same as data.
pub fn forbid_json(answer: &Answer<'_>, rule: RuleId) -> Option<Value> {
    let said = answer.said(rule)?;
    let findings = answer.outcome.findings.iter().filter(|finding| finding.rule == rule);
    Some(json!({
        "schema": "duly.why/1",
        "kind": "prohibition",
        "rule": answer.policy.rule(rule).name,
        "as_of": answer.outcome.as_of,
        "not_allowed": said.not_allowed,
        "only_while": said.only_while,
        "excused_if": said.excused,
        "findings": findings.map(|found| data::finding(answer, found)).collect::<Vec<_>>(),
    }))
}

impl Answer<'_> {
    fn said(&self, rule: RuleId) -> Option<Said> {
        let declared = self.policy.rule(rule);
        let Body::Forbid(forbid) = &declared.body else {
            return None;
        };
        let event = words::forbidden_event(forbid);
        let words = |condition| self.policy.condition_words(condition, Some(event));
        Some(Said {
            not_allowed: self.forbidden(forbid),
            only_while: declared.while_.as_ref().map(words),
            excused: forbid.unless.as_ref().map(words),
        })
    }

    fn forbidden(&self, forbid: &Forbid) -> String {
        match &forbid.what {
            Forbidden::Never(event) => self.policy.event_words(event),
            Forbidden::PerReview { most, event, series } => format!(
                "more than {most} of {} in one “{}”",
                self.policy.event_words(event),
                self.policy.rule(*series).title
            ),
            Forbidden::PerPeriod { most, event, length } => {
                format!("more than {most} of {} in any {length}", self.policy.event_words(event))
            }
        }
    }

    /// What came of one act.
    fn ruling(&self, finding: &Finding) -> String {
        let Some(fact) = finding.fact else {
            return "Nothing against it is recorded, so it is kept.".to_owned();
        };
        let stands = match finding.verdict {
            Verdict::Breached => "Against the rule",
            Verdict::Kept => "Excused",
            Verdict::NotKnown => "Whether this was against the rule cannot be said",
        };
        format!("{stands}: {}{}.", self.fact(fact), self.details(fact))
    }

    /// What an act records: `: miles 40, urgent no`.
    fn details(&self, id: FactId) -> String {
        let Some(fact) = self.timeline.fact(id) else {
            return String::new();
        };
        let attributes = &self.policy.event(fact.event).attributes;
        let recorded = attributes.iter().zip(&fact.values).zip(0u16..);
        let words: Vec<String> = recorded
            .filter_map(|((attribute, value), index)| {
                let id = crate::policy::AttributeId(index);
                let value = self.policy.value_words(fact.event, id, value.as_ref()?);
                Some(format!("{} {value}", attribute.name))
            })
            .collect();
        if words.is_empty() { String::new() } else { format!(", with {}", words.join(", ")) }
    }
}
