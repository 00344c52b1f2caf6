//! The declarations that are no rules (the header, events, roles, states), and the policy as a whole.

use super::names::{Kind, Symbol};
use super::usage::Use;
use super::values::told_twice;
use super::{Checker, texts};
use crate::calendar::{Calendar, Date};
use crate::diagnostic::{Code, Diagnostic, Fix, list, nearest};
use crate::policy::{
    Acceptance, Attribute, AttributeKind, Event, EventId, Header, Period, Policy, Role, Rule,
    RuleId, State, StateKind,
};
use crate::source::Span;
use crate::syntax::ast::{self, Condition, ConditionKind, Name};

/// What is compiled of a file; `None` where something in it is wrong.
pub(super) struct Parts {
    pub header: Option<(Header, Calendar)>,
    pub rules: Vec<Option<Rule>>,
    pub order: Vec<RuleId>,
    pub born: Option<EventId>,
    pub acceptances: Vec<Acceptance>,
}

impl Checker<'_> {
    /// Puts the policy together; `None` where a part of it is wrong.
    pub(super) fn assemble(&mut self, parts: Parts) -> Option<Policy> {
        let (header, calendar) = parts.header?;
        let roles = self.names.roles.iter().map(|role| Role {
            name: role.name.node.clone(),
            title: title(role.title.as_ref(), &role.name),
        });
        Some(Policy {
            header,
            calendar,
            events: self.events.clone(),
            roles: roles.collect(),
            states: std::mem::take(&mut self.states).into_iter().collect::<Option<_>>()?,
            readings: self.compiled_readings(),
            rules: parts.rules.into_iter().collect::<Option<_>>()?,
            order: parts.order,
            born: parts.born,
            acceptances: parts.acceptances,
        })
    }

    /// Enters all names into the table and compiles the events.
    pub(super) fn declare(&mut self) {
        self.sort_states();
        let repeated = self.names.index();
        self.problems.extend(repeated);
        let events = self.names.events.clone();
        for event in events {
            let compiled = self.compile_event(event);
            self.events.push(compiled);
        }
    }

    fn compile_event(&mut self, event: &ast::Event) -> Event {
        let mut attributes: Vec<Attribute> = Vec::new();
        for (index, attribute) in event.attributes.iter().enumerate() {
            let name = &attribute.name;
            if matches!(name.node.as_str(), "ref" | "seq" | "case" | "date" | "event") {
                self.report(belongs_to_all(name, &event.name.node));
            }
            let earlier = event.attributes.iter().take(index);
            if let Some(first) = earlier.map(|other| &other.name).find(|other| *other == name) {
                self.report(told_twice("attribute", &name.node, name.span, first.span));
            }
            let kind = match &attribute.kind {
                ast::AttributeKind::YesNo => AttributeKind::YesNo,
                ast::AttributeKind::OneOf(words) => {
                    self.words_differ(words);
                    AttributeKind::OneOf(words.iter().map(|word| word.node.clone()).collect())
                }
                ast::AttributeKind::Number => AttributeKind::Number,
                ast::AttributeKind::Date => AttributeKind::Date,
                ast::AttributeKind::Text => AttributeKind::Text,
            };
            attributes.push(Attribute { name: name.node.clone(), kind });
        }
        Event {
            name: event.name.node.clone(),
            title: title(event.title.as_ref(), &event.name),
            attributes,
            origin: event.name.span,
        }
    }

    fn words_differ(&mut self, words: &[Name]) {
        for (index, word) in words.iter().enumerate() {
            if let Some(first) = words.iter().take(index).find(|other| *other == word) {
                self.report(told_twice("value", &word.node, word.span, first.span));
            }
        }
    }

    /// The policy's own clauses.
    pub(super) fn header(&mut self) -> Option<(Header, Calendar)> {
        let headers = self.names.headers.clone();
        let Some((header, others)) = headers.split_first() else {
            self.report(no_policy());
            return None;
        };
        for other in others {
            self.report(second_policy(other.name.span, header.name.span));
        }
        let in_force = self.period(header.in_force.as_ref());
        let closures: Vec<_> = header
            .closed
            .iter()
            .map(|(date, reason)| Some((self.date(date)?, reason.node.clone())))
            .collect();
        let calendar = self.calendar(header, &closures.into_iter().flatten().collect::<Vec<_>>());
        let text = |text: &Option<ast::Text>| {
            text.as_ref().map(|text| text.node.clone()).unwrap_or_default()
        };
        let compiled = Header {
            name: header.name.node.clone(),
            title: header.title.node.clone(),
            authority: text(&header.authority),
            source: text(&header.source),
            in_force: in_force?,
        };
        Some((compiled, calendar?))
    }

    fn calendar(
        &mut self,
        header: &ast::PolicyHeader,
        closures: &[(Date, String)],
    ) -> Option<Calendar> {
        let Some(name) = &header.calendar else {
            let report = missing_clause("policy", &header.name, "calendar")
                .help("add `calendar england-and-wales`: working days depend on its holidays");
            self.report(report);
            return None;
        };
        let calendars = self.calendars;
        let Some(table) = calendars.get(&name.node) else {
            let known: Vec<_> = calendars.names().collect();
            self.report(unknown_calendar(name, &known));
            return None;
        };
        Some(Calendar::new(&name.node, table, closures))
    }

    /// A period of dates, the first of which must not be the later.
    pub(super) fn period(&mut self, written: Option<&ast::InForce>) -> Option<Period> {
        let Some(written) = written else {
            return Some(Period::default());
        };
        let from = written.from.as_ref().map(|date| self.date(date));
        let until = written.until.as_ref().map(|date| self.date(date));
        let period = Period {
            from: from.map_or(Some(None), |date| date.map(Some))?,
            until: until.map_or(Some(None), |date| date.map(Some))?,
        };
        if let (Some(first), Some(last), Some(from)) = (period.from, period.until, &written.from)
            && first > last
        {
            let end = written.until.as_ref().map_or(from.span, |until| until.span);
            self.report(period_reversed(from.span.join(end)));
            return None;
        }
        Some(period)
    }

    /// Compiles the states, in an order in which each refers only to states before it.
    pub(super) fn compile_states(&mut self) -> Vec<Option<State>> {
        let states = self.names.states.clone();
        let sound = self.sound_states;
        states
            .into_iter()
            .enumerate()
            .map(|(index, state)| {
                let kind = self.state_kind(&state.known)?;
                // What follows could run round a circle for ever.
                if index >= sound {
                    return None;
                }
                let by_default = matches!(kind, StateKind::While(_));
                Some(State {
                    name: state.name.node.clone(),
                    title: title(state.title.as_ref(), &state.name),
                    kind,
                    unknown_before: state
                        .before
                        .as_ref()
                        .map_or(by_default, |before| before.node == ast::Before::NotKnown),
                })
            })
            .collect()
    }

    /// Sorts the states and reports those that rest on themselves.
    fn sort_states(&mut self) {
        let states = self.names.states.clone();
        self.sound_states = states.len();
        let mut sorted: Vec<&ast::State> = Vec::new();
        let mut left = states;
        while !left.is_empty() {
            let waits = |state: &&ast::State| {
                let mut named = Vec::new();
                if let ast::StateKind::While(condition) = &state.known {
                    states_in(condition, &mut named);
                }
                let mut others = left.iter().map(|other| &other.name.node);
                others.any(|other| named.iter().any(|name| name.node == *other))
            };
            let (waiting, ready): (Vec<_>, Vec<_>) = left.iter().copied().partition(waits);
            if ready.is_empty() {
                let names: Vec<_> = waiting.iter().map(|state| &state.name).collect();
                self.problems.extend(circular_states(&names));
                self.sound_states = sorted.len();
                sorted.extend(waiting);
                break;
            }
            sorted.extend(ready);
            left = waiting;
        }
        self.names.states = sorted;
    }

    /// The event that gives the date of birth.
    pub(super) fn born(&mut self) -> Option<EventId> {
        let ages = std::mem::take(&mut self.ages);
        if let Some(Symbol::Event(id)) = self.names.find("born") {
            if !ages.is_empty() {
                self.used.mark(Use::Name("born".to_owned()));
            }
            return Some(id);
        }
        for span in ages {
            self.report(no_date_of_birth(span));
        }
        None
    }
}

impl<'a> Checker<'a> {
    fn state_kind(&mut self, known: &'a ast::StateKind) -> Option<StateKind> {
        match known {
            ast::StateKind::Events { from, until } => {
                let (from, until) = (self.event_matches(from), self.event_matches(until));
                Some(StateKind::Events { from: from?, until: until? })
            }
            ast::StateKind::While(condition) => {
                Some(StateKind::While(self.day_condition(condition)?))
            }
        }
    }

    /// Says that a declaration lacks a clause.
    pub(super) fn lacks(&mut self, kind: Kind, name: &Name, clause: &str, help: &str) {
        let report = missing_clause(kind.noun(), name, clause).help(help);
        self.report(report);
    }
}

/// The title, or the name where none is given.
pub(super) fn title(title: Option<&ast::Text>, name: &Name) -> String {
    title.unwrap_or(name).node.clone()
}

/// The sections of the source that a rule cites.
pub(super) fn cites(list: &[ast::Text]) -> Vec<String> {
    texts(list)
}

/// The states that a condition names.
fn states_in<'c>(condition: &'c Condition, names: &mut Vec<&'c Name>) {
    match &condition.kind {
        ConditionKind::And(first, second) | ConditionKind::Or(first, second) => {
            states_in(first, names);
            states_in(second, names);
        }
        ConditionKind::Not(inner) => states_in(inner, names),
        ConditionKind::Named(name) | ConditionKind::HeldFor { state: name, .. } => {
            names.push(name);
        }
        ConditionKind::Latest { .. }
        | ConditionKind::Recorded(_)
        | ConditionKind::HeldSince { .. }
        | ConditionKind::Age { .. }
        | ConditionKind::Attribute(_)
        | ConditionKind::ByLatestLawful(_)
        | ConditionKind::Judged { .. } => {}
    }
}

/// Says that a declaration lacks a clause it needs.
pub(super) fn missing_clause(noun: &str, name: &Name, clause: &str) -> Diagnostic {
    Diagnostic::new(
        Code::MissingClause,
        format!("the {noun} `{}` has no `{clause}`", name.node),
        name.span,
        format!("needs `{clause}`"),
    )
}

fn no_policy() -> Diagnostic {
    Diagnostic::new(
        Code::NoPolicy,
        "the file does not say which policy it is",
        Span::at(0),
        "begins without `policy`",
    )
    .help("begin with `policy NAME \"Title\"` and its `authority`, `source` and `calendar`")
}

fn second_policy(second: Span, first: Span) -> Diagnostic {
    Diagnostic::new(
        Code::SecondPolicy,
        "a file holds one policy",
        second,
        "a second policy begins here",
    )
    .label(first, "the first")
    .help("move the second policy to a file of its own")
}

fn unknown_calendar(name: &Name, known: &[&str]) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        Code::UnknownName,
        format!("there is no calendar called `{}`", name.node),
        name.span,
        "not known",
    );
    match nearest(&name.node, known.iter().copied()) {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")).fix(Fix::new(
            format!("write `{near}`"),
            name.span,
            near,
        )),
        None => diagnostic.help(format!("the calendars are {}", list(known))),
    }
}

fn belongs_to_all(name: &Name, event: &str) -> Diagnostic {
    let word = &name.node;
    if matches!(word.as_str(), "ref" | "seq") {
        return Diagnostic::new(
            Code::DuplicateName,
            format!("`{word}` belongs to every event already"),
            name.span,
            "not to be declared",
        )
        .help("remove the line, or give the attribute another name");
    }
    Diagnostic::new(
        Code::DuplicateName,
        format!(
            "`{word}` belongs to every event already: files of cases have a column of that name"
        ),
        name.span,
        "could not be told from that column",
    )
    .help(format!("give the attribute another name, such as `{event}-{word}`"))
}

fn period_reversed(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::BetweenReversed,
        "the period ends before it begins",
        span,
        "no day lies in it",
    )
    .help("write the earlier date after `from` and the later one after `until`")
}

fn circular_states(names: &[&Name]) -> Option<Diagnostic> {
    let (first, rest) = names.split_first()?;
    let diagnostic = Diagnostic::new(
        Code::CircularDefinition,
        format!("whether `{}` holds depends on itself", first.node),
        first.span,
        "leads back to itself",
    );
    let diagnostic = rest.iter().fold(diagnostic, |diagnostic, name| {
        diagnostic.label(name.span, "is part of the circle, or rests on it")
    });
    let all = list(names.iter().map(|name| &name.node));
    Some(match rest {
        [] => diagnostic.help("say from which events it holds, and until which"),
        _ => diagnostic.help(format!("none of {all} can be known before another of them")),
    })
}

fn no_date_of_birth(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::NoDateOfBirth,
        "an age needs the event `born`, and the policy declares none",
        span,
        "depends on the date of birth",
    )
    .help("declare `event born \"Date of birth\"`")
}
