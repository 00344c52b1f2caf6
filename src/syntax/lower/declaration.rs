//! Policies, roles, events, states and readings.

use crate::diagnostic::{Code, Diagnostic, Fix};
use crate::source::{Span, Spanned};

use super::window::unit;
use super::{Lowering, Seen};
use crate::syntax::ast::{
    Accept, Attribute, AttributeKind, Before, Dated, Event, InTimeWhen, Name, PolicyHeader,
    Reading, ReadingValue, Role, State, StateKind, Text,
};
use crate::syntax::grammar::{Node, Rule};

/// The place of a declaration's keyword, name and title.
pub(super) fn head(node: &Node<'_>) -> Span {
    node.parts()
        .take_while(|part| part.inner().is_none())
        .fold(Span::at(node.span().start), |head, part| head.join(part.span()))
}

impl Lowering {
    pub(super) fn policy(&mut self, node: &Node<'_>) -> Option<PolicyHeader> {
        let (span, head) = (node.span(), head(node));
        let name = self.name_in(node);
        let title = self.text_in(node);
        self.missing(name.is_some(), "the policy", head, "name");
        self.missing(title.is_some(), "the policy", head, "title");
        let mut policy = PolicyHeader {
            span,
            name: name.unwrap_or_else(|| Name::new("policy".to_owned(), head)),
            title: title.unwrap_or_else(|| Text::new(String::new(), head)),
            authority: None,
            source: None,
            in_force: None,
            calendar: None,
            closed: Vec::new(),
            accepts: Vec::new(),
        };
        let mut seen = Seen::default();
        for clause in node.each(Rule::policy_clause) {
            let clause = clause.inner()?;
            match clause.rule() {
                Rule::authority_clause => {
                    let text = self.text_in(&clause);
                    self.fill(&mut seen, "authority", &clause, &mut policy.authority, text)?;
                }
                Rule::source_clause => {
                    let text = self.text_in(&clause);
                    self.fill(&mut seen, "source", &clause, &mut policy.source, text)?;
                }
                Rule::in_force => {
                    let period = self.period(&clause);
                    self.fill(&mut seen, "in force", &clause, &mut policy.in_force, period)?;
                }
                Rule::calendar_clause => {
                    let name = self.name_in(&clause);
                    self.fill(&mut seen, "calendar", &clause, &mut policy.calendar, name)?;
                }
                Rule::closed_clause => {
                    let date = self.date_in(&clause)?;
                    policy.closed.push((date, self.text_in(&clause)?));
                }
                Rule::accept_clause => policy.accepts.push(self.accept(&clause)),
                _ => return None,
            }
        }
        Some(policy)
    }

    pub(super) fn role(&mut self, node: &Node<'_>) -> Option<Role> {
        let clauses = node.each(Rule::role_clause).filter_map(|clause| clause.inner());
        Some(Role {
            span: node.span(),
            name: self.name_in(node)?,
            title: self.text_in(node),
            accepts: clauses.map(|clause| self.accept(&clause)).collect(),
        })
    }

    pub(super) fn event(&mut self, node: &Node<'_>) -> Option<Event> {
        let mut event = Event {
            span: node.span(),
            name: self.name_in(node)?,
            title: self.text_in(node),
            attributes: Vec::new(),
            accepts: Vec::new(),
        };
        for clause in node.each(Rule::event_clause) {
            let clause = clause.inner()?;
            match clause.rule() {
                Rule::accept_clause => event.accepts.push(self.accept(&clause)),
                _ => event.attributes.push(self.attribute(&clause)?),
            }
        }
        Some(event)
    }

    fn attribute(&mut self, node: &Node<'_>) -> Option<Attribute> {
        let name = self.attribute_name(&node.find(Rule::attribute_name)?);
        let kind = node.find(Rule::attribute_kind)?.inner()?;
        Some(Attribute {
            name,
            kind: match kind.rule() {
                Rule::yes_or_no => AttributeKind::YesNo,
                Rule::one_of => AttributeKind::OneOf(self.names_in(&kind)),
                Rule::a_number => AttributeKind::Number,
                Rule::a_date => AttributeKind::Date,
                Rule::a_text => AttributeKind::Text,
                _ => return None,
            },
        })
    }

    pub(super) fn state(&mut self, node: &Node<'_>) -> Option<State> {
        let mut seen = Seen::default();
        let (mut from, mut until) = (None, None);
        let (mut holds, mut before, mut accepts) = (None, None, Vec::new());
        for clause in node.each(Rule::state_clause) {
            let clause = clause.inner()?;
            match clause.rule() {
                Rule::from_clause => {
                    let events = self.events_in(&clause);
                    self.fill(&mut seen, "from", &clause, &mut from, events)?;
                }
                Rule::until_clause => {
                    let events = self.events_in(&clause);
                    self.fill(&mut seen, "until", &clause, &mut until, events)?;
                }
                Rule::holds_clause => {
                    let condition = self.condition_in(&clause);
                    self.fill(&mut seen, "holds while", &clause, &mut holds, condition)?;
                }
                Rule::before_clause => {
                    let value = clause.find(Rule::before_value)?;
                    let known =
                        if value.has(Rule::kw_known) { Before::NotKnown } else { Before::No };
                    let known = Some(Spanned::new(known, value.span()));
                    self.fill(&mut seen, "before then", &clause, &mut before, known)?;
                }
                Rule::accept_clause => accepts.push(self.accept(&clause)),
                _ => return None,
            }
        }
        let known = if let Some(condition) = holds {
            let clash = seen.0.iter().find(|(name, _)| matches!(*name, "from" | "until"));
            if let Some((name, span)) = clash {
                self.report(
                    Diagnostic::new(
                        Code::ClauseOutOfPlace,
                        format!("`{name}` does not belong in a state that `holds while` something"),
                        *span,
                        "does not belong here",
                    )
                    .help("a state is known from its events or from a condition, not from both"),
                );
            }
            StateKind::While(condition)
        } else {
            self.missing(from.is_some(), "the state", head(node), "`from` or `holds while`");
            StateKind::Events { from: from.unwrap_or_default(), until: until.unwrap_or_default() }
        };
        Some(State {
            span: node.span(),
            name: self.name_in(node)?,
            title: self.text_in(node),
            known,
            before,
            accepts,
        })
    }

    pub(super) fn reading(&mut self, node: &Node<'_>) -> Option<Reading> {
        let mut seen = Seen::default();
        let (mut chosen, mut others) = (None, Vec::new());
        let (mut rules, mut cites, mut accepts) = (Vec::new(), Vec::new(), Vec::new());
        for clause in node.each(Rule::reading_clause) {
            let clause = clause.inner()?;
            match clause.rule() {
                Rule::is_clause => {
                    let value = self.reading_value(&clause.find(Rule::reading_value)?);
                    self.fill(&mut seen, "is", &clause, &mut chosen, value)?;
                }
                Rule::days_clause => {
                    let unit = unit(&clause.find(Rule::unit)?);
                    let value = Spanned::new(ReadingValue::Days(unit.clone()), unit.span);
                    self.fill(&mut seen, "is", &clause, &mut chosen, Some(value))?;
                }
                Rule::or_clause => {
                    others.push(self.alternative(&clause.find(Rule::alternative)?)?);
                }
                Rule::for_clause => {
                    let names = self.names_in(&clause);
                    self.fill_list(&mut seen, "for", &clause, &mut rules, names);
                }
                Rule::cite_clause => cites.extend(self.texts(&clause)),
                Rule::accept_clause => accepts.push(self.accept(&clause)),
                _ => return None,
            }
        }
        let head = head(node);
        let name = self.name_in(node)?;
        let reason = self.text_in(node);
        self.missing(reason.is_some(), "the reading", head, "reason, a quoted text");
        self.missing(chosen.is_some(), "the reading", head, "`is` or `days are`");
        Some(Reading {
            span: node.span(),
            reason: reason.unwrap_or_else(|| Text::new(String::new(), name.span)),
            name,
            chosen: chosen?,
            others,
            rules,
            cites,
            accepts,
        })
    }

    /// `accept NAME, NAME because "reason"`
    pub(super) fn accept(&mut self, node: &Node<'_>) -> Accept {
        let findings: Vec<Name> = node
            .each(Rule::accepted)
            .map(|name| Spanned::new(name.text().to_owned(), name.span()))
            .collect();
        let span = node.span();
        let because = node.find(Rule::because);
        let reason = because.as_ref().and_then(|because| self.text_in(because));
        let unled = because.is_some_and(|because| !because.has(Rule::kw_because));
        if unled && let Some(reason) = &reason {
            self.report(because_missing(reason.span));
        }
        let said = reason.as_ref().is_some_and(|reason| !reason.node.trim().is_empty());
        if !said {
            self.report(reason_missing(span, findings.first()));
        }
        Accept { span, findings, reason: reason.unwrap_or_else(|| Text::new(String::new(), span)) }
    }

    /// An alternative of a reading, which may be a unit alone.
    pub(super) fn alternative(&mut self, node: &Node<'_>) -> Option<Spanned<ReadingValue>> {
        let inner = node.inner()?;
        if inner.rule() == Rule::bare_unit {
            let unit = unit(&inner);
            return Some(Spanned::new(ReadingValue::Days(unit.clone()), unit.span));
        }
        self.reading_value(&inner)
    }

    /// What a reading holds.
    pub(super) fn reading_value(&mut self, node: &Node<'_>) -> Option<Spanned<ReadingValue>> {
        let inner = node.inner()?;
        let value = match inner.rule() {
            Rule::yes_no => ReadingValue::YesNo(inner.has(Rule::kw_yes)),
            Rule::in_time_when => ReadingValue::InTimeWhen(in_time_when(&inner)),
            Rule::dated => ReadingValue::Dated(dated(&inner)),
            Rule::plain_length | Rule::worded_length | Rule::extreme => {
                ReadingValue::Length(self.length(&inner)?)
            }
            Rule::led_window => ReadingValue::Window(self.led_window(&inner.inner()?)?),
            Rule::anchor => ReadingValue::Anchor(self.anchor(&inner)?),
            _ => return None,
        };
        Some(Spanned::new(value, inner.span()))
    }
}

fn because_missing(reason: Span) -> Diagnostic {
    Diagnostic::new(
        Code::SyntaxError,
        "expected `because`, found a quoted text",
        reason,
        "not expected here",
    )
    .fix(Fix::new("write `because` before the reason", Span::at(reason.start), "because "))
}

fn reason_missing(clause: Span, finding: Option<&Name>) -> Diagnostic {
    let finding = finding.map_or("never-used", |name| name.node.as_str());
    Diagnostic::new(
        Code::MissingClause,
        "`accept` gives no reason",
        clause,
        "`because` and a reason are missing",
    )
    .help(format!(
        "say why the policy means to live with it: \
         `accept {finding} because \"the council has decided so\"`"
    ))
}

/// `the first meeting` or `completion`
pub(super) fn dated(node: &Node<'_>) -> Dated {
    if node.has(Rule::kw_completion) { Dated::Completion } else { Dated::FirstMeeting }
}

/// `answered` or `approved`
pub(super) fn in_time_when(node: &Node<'_>) -> InTimeWhen {
    if node.has(Rule::kw_answered) { InTimeWhen::Answered } else { InTimeWhen::Approved }
}
