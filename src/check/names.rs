//! Names: what is declared, and what a name stands for.
//!
//! All declarations share one table, so that a name means the same thing wherever it stands and a
//! name of the wrong kind can be called by its kind.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::Checker;
use super::usage::Use;
use crate::diagnostic::{Code, Diagnostic, Fix, list, nearest};
use crate::policy::{AttributeId, AttributeKind, EventId, ReadingId, RoleId, RuleId, StateId};
use crate::source::Span;
use crate::syntax::ast::{self, Declaration, Name};

/// How many names a help text lists before a list stops helping.
const LISTED: usize = 8;

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Symbol {
    Event(EventId),
    Role(RoleId),
    State(StateId),
    Reading(ReadingId),
    Rule(RuleId),
}

/// The kinds of thing a name can stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Event,
    Role,
    State,
    Reading,
    Review,
    Duty,
    Trigger,
    Forbid,
    Ladder,
}

/// A declaration that lays something down.
#[derive(Debug, Clone, Copy)]
pub(super) enum RuleDeclaration<'a> {
    Review(&'a ast::Review),
    Duty(&'a ast::Duty),
    Trigger(&'a ast::Trigger),
    Forbid(&'a ast::Forbid),
    Ladder(&'a ast::Ladder),
}

/// The declarations of a file by kind, and the table of their names.
#[derive(Debug, Default)]
pub(super) struct Names<'a> {
    pub headers: Vec<&'a ast::PolicyHeader>,
    pub events: Vec<&'a ast::Event>,
    pub roles: Vec<&'a ast::Role>,
    /// In an order in which each state refers only to states before it.
    pub states: Vec<&'a ast::State>,
    pub readings: Vec<&'a ast::Reading>,
    pub rules: Vec<RuleDeclaration<'a>>,
    pub scenarios: Vec<&'a ast::Scenario>,
    table: BTreeMap<&'a str, (Symbol, Span)>,
}

impl Kind {
    /// The kind with its article, for a sentence.
    pub(super) const fn article(self) -> &'static str {
        match self {
            Self::Event => "an event",
            Self::Role => "a role",
            Self::State => "a state",
            Self::Reading => "a reading",
            Self::Review => "a review",
            Self::Duty => "a duty",
            Self::Trigger => "a trigger",
            Self::Forbid => "a prohibition",
            Self::Ladder => "a ladder",
        }
    }

    /// The bare noun.
    pub(super) fn noun(self) -> &'static str {
        self.article().split_once(' ').map_or("", |(_, noun)| noun)
    }

    /// Whether it is one of the rules.
    pub(super) const fn is_rule(self) -> bool {
        match self {
            Self::Event | Self::Role | Self::State | Self::Reading => false,
            Self::Review | Self::Duty | Self::Trigger | Self::Forbid | Self::Ladder => true,
        }
    }
}

impl<'a> RuleDeclaration<'a> {
    /// What all rules have.
    pub(super) const fn head(self) -> &'a ast::RuleHead {
        match self {
            Self::Review(rule) => &rule.head,
            Self::Duty(rule) => &rule.head,
            Self::Trigger(rule) => &rule.head,
            Self::Forbid(rule) => &rule.head,
            Self::Ladder(rule) => &rule.head,
        }
    }

    /// Its stages, if it is a ladder.
    pub(super) fn stages(self) -> &'a [ast::Stage] {
        match self {
            Self::Ladder(ladder) => &ladder.stages,
            Self::Review(_) | Self::Duty(_) | Self::Trigger(_) | Self::Forbid(_) => &[],
        }
    }

    /// Its kind.
    pub(super) const fn kind(self) -> Kind {
        match self {
            Self::Review(_) => Kind::Review,
            Self::Duty(_) => Kind::Duty,
            Self::Trigger(_) => Kind::Trigger,
            Self::Forbid(_) => Kind::Forbid,
            Self::Ladder(_) => Kind::Ladder,
        }
    }
}

impl<'a> Names<'a> {
    /// Sorts the declarations of a file by kind.
    pub(super) fn collect(file: &'a ast::File) -> Self {
        let mut names = Self::default();
        for declaration in &file.declarations {
            match declaration {
                Declaration::Policy(header) => names.headers.push(header),
                Declaration::Reading(reading) => names.readings.push(reading),
                Declaration::Role(role) => names.roles.push(role),
                Declaration::Event(event) => names.events.push(event),
                Declaration::State(state) => names.states.push(state),
                Declaration::Review(rule) => names.rules.push(RuleDeclaration::Review(rule)),
                Declaration::Duty(rule) => names.rules.push(RuleDeclaration::Duty(rule)),
                Declaration::Trigger(rule) => names.rules.push(RuleDeclaration::Trigger(rule)),
                Declaration::Forbid(rule) => names.rules.push(RuleDeclaration::Forbid(rule)),
                Declaration::Ladder(rule) => names.rules.push(RuleDeclaration::Ladder(rule)),
                Declaration::Scenario(scenario) => names.scenarios.push(scenario),
            }
        }
        names
    }

    /// Every declared name with what it stands for, kind by kind; repeated ones among them.
    pub(super) fn declared(&self) -> Vec<(&'a Name, Symbol)> {
        let mut all = Vec::new();
        let id = |index: usize| index as u16;
        for (index, event) in self.events.iter().enumerate() {
            all.push((&event.name, Symbol::Event(EventId(id(index)))));
        }
        for (index, role) in self.roles.iter().enumerate() {
            all.push((&role.name, Symbol::Role(RoleId(id(index)))));
        }
        for (index, state) in self.states.iter().enumerate() {
            all.push((&state.name, Symbol::State(StateId(id(index)))));
        }
        for (index, reading) in self.readings.iter().enumerate() {
            all.push((&reading.name, Symbol::Reading(ReadingId(id(index)))));
        }
        for (index, rule) in self.rules.iter().enumerate() {
            all.push((&rule.head().name, Symbol::Rule(RuleId(id(index)))));
        }
        all
    }

    /// Fills the table; of two declarations of one name the first in the file keeps it.
    pub(super) fn index(&mut self) -> Vec<Diagnostic> {
        let mut all = self.declared();
        all.sort_by_key(|(name, _)| name.span.start);
        let mut repeated = Vec::new();
        for (name, symbol) in all {
            match self.table.entry(name.node.as_str()) {
                Entry::Vacant(place) => {
                    place.insert((symbol, name.span));
                }
                Entry::Occupied(first) => {
                    repeated.push(duplicate_name(name, first.get().1));
                }
            }
        }
        repeated
    }

    /// What a name stands for, if it is declared.
    pub(super) fn find(&self, name: &str) -> Option<Symbol> {
        self.table.get(name).map(|(symbol, _)| *symbol)
    }

    /// Where a name is declared.
    pub(super) fn place(&self, name: &str) -> Option<Span> {
        self.table.get(name).map(|(_, span)| *span)
    }

    /// The kind of thing a symbol is.
    pub(super) fn kind(&self, symbol: Symbol) -> Kind {
        match symbol {
            Symbol::Event(_) => Kind::Event,
            Symbol::Role(_) => Kind::Role,
            Symbol::State(_) => Kind::State,
            Symbol::Reading(_) => Kind::Reading,
            Symbol::Rule(id) => self.rules.get(id.index()).map_or(Kind::Duty, |rule| rule.kind()),
        }
    }

    /// The names of a kind, in the order of the alphabet; all rules where `wanted` is empty.
    fn of_kinds(&self, wanted: &[Kind]) -> Vec<&'a str> {
        self.table
            .iter()
            .filter(|(_, (symbol, _))| wanted.contains(&self.kind(*symbol)))
            .map(|(name, _)| *name)
            .collect()
    }
}

/// All kinds of rule.
pub(super) const RULES: &[Kind] =
    &[Kind::Review, Kind::Duty, Kind::Trigger, Kind::Forbid, Kind::Ladder];

impl Checker<'_> {
    /// What a name stands for, which must be one of the kinds wanted; says so if it is not.
    pub(super) fn resolve(&mut self, name: &Name, wanted: &[Kind]) -> Option<Symbol> {
        let noun = noun_of(wanted);
        let Some(symbol) = self.names.find(&name.node) else {
            let declared = self.names.of_kinds(wanted);
            self.report(unknown_name(noun, name, &declared));
            return None;
        };
        self.used.mark(Use::Name(name.node.clone()));
        let kind = self.names.kind(symbol);
        if wanted.contains(&kind) {
            return Some(symbol);
        }
        let place = self.names.place(&name.node);
        let near = self.names.of_kinds(wanted);
        self.report(wrong_kind(name, kind, noun, place, &near));
        None
    }

    /// The event a name stands for.
    pub(super) fn event(&mut self, name: &Name) -> Option<EventId> {
        match self.resolve(name, &[Kind::Event])? {
            Symbol::Event(id) => Some(id),
            _ => None,
        }
    }

    /// The role a name stands for.
    pub(super) fn role(&mut self, name: &Name) -> Option<RoleId> {
        match self.resolve(name, &[Kind::Role])? {
            Symbol::Role(id) => Some(id),
            _ => None,
        }
    }

    /// The roles of a list; those that do not exist are reported and left out.
    pub(super) fn roles(&mut self, names: &[Name]) -> Vec<RoleId> {
        names.iter().filter_map(|name| self.role(name)).collect()
    }

    /// The state a name stands for.
    pub(super) fn state(&mut self, name: &Name) -> Option<StateId> {
        match self.resolve(name, &[Kind::State])? {
            Symbol::State(id) => Some(id),
            _ => None,
        }
    }

    /// The reading a name stands for; it must be for the rule that is being checked.
    pub(super) fn reading(&mut self, name: &Name) -> Option<ReadingId> {
        match self.resolve(name, &[Kind::Reading])? {
            Symbol::Reading(id) => {
                self.reading_serves(name, id);
                Some(id)
            }
            _ => None,
        }
    }

    /// The rule of one of these kinds that a name stands for.
    pub(super) fn rule(&mut self, name: &Name, wanted: &[Kind]) -> Option<RuleId> {
        match self.resolve(name, wanted)? {
            Symbol::Rule(id) => Some(id),
            _ => None,
        }
    }

    /// The attribute of an event that a name stands for, and what it can hold.
    pub(super) fn attribute(
        &mut self,
        event: EventId,
        name: &Name,
    ) -> Option<(AttributeId, AttributeKind)> {
        let declared = self.events.get(event.index())?;
        let found = declared
            .attributes
            .iter()
            .position(|attribute| attribute.name == name.node)
            .and_then(|index| Some((index, declared.attributes.get(index)?)));
        if let Some((index, attribute)) = found {
            let kind = attribute.kind.clone();
            self.used.mark(Use::Attribute(event, name.node.clone()));
            return Some((AttributeId(index as u16), kind));
        }
        let report = unknown_attribute(declared, name);
        self.report(report);
        None
    }
}

/// What is wanted, in one word.
fn noun_of(wanted: &[Kind]) -> &'static str {
    match wanted {
        [only] => only.noun(),
        [Kind::State, Kind::Reading] => "state",
        [Kind::Event, Kind::Reading] => "event",
        _ if wanted.iter().all(|kind| kind.is_rule()) => "rule",
        _ => "name",
    }
}

/// A noun with its article.
fn with_article(noun: &str) -> String {
    let article = if noun.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {noun}")
}

/// More than one of a noun.
fn plural(noun: &str) -> String {
    match noun.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None => format!("{noun}s"),
    }
}

/// The help for a name that is not right: what it probably should be, or what there is.
fn suggest(diagnostic: Diagnostic, noun: &str, name: &Name, right: &[&str]) -> Diagnostic {
    if let Some(near) = nearest(&name.node, right.iter().copied()) {
        let fix = Fix::new(format!("write `{near}`"), name.span, near);
        return diagnostic.help(format!("did you mean `{near}`?")).fix(fix);
    }
    match right.len() {
        0 => diagnostic.help(format!("the policy declares no {noun} at all")),
        1..=LISTED => {
            let nouns = plural(noun);
            diagnostic.help(format!("the {nouns} declared: {}", list(right)))
        }
        _ => diagnostic.help(format!("declare {} `{}`", with_article(noun), name.node)),
    }
}

pub(super) fn unknown_name(noun: &str, name: &Name, right: &[&str]) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        Code::UnknownName,
        format!("there is no {noun} called `{}`", name.node),
        name.span,
        "not declared",
    );
    suggest(diagnostic, noun, name, right)
}

fn unknown_attribute(event: &crate::policy::Event, name: &Name) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        Code::UnknownName,
        format!("the event `{}` has no attribute called `{}`", event.name, name.node),
        name.span,
        "not declared",
    )
    .label(event.origin, "the event is declared here");
    let words: Vec<_> = event.attributes.iter().map(|attribute| attribute.name.as_str()).collect();
    if let Some(near) = nearest(&name.node, words.iter().copied()) {
        let fix = Fix::new(format!("write `{near}`"), name.span, near);
        return diagnostic.help(format!("did you mean `{near}`?")).fix(fix);
    }
    if words.is_empty() {
        return diagnostic.help(format!("`{}` has no attributes at all", event.name));
    }
    diagnostic.help(format!("its attributes: {}", list(words)))
}

fn wrong_kind(
    name: &Name,
    kind: Kind,
    noun: &str,
    place: Option<Span>,
    right: &[&str],
) -> Diagnostic {
    let mut diagnostic = Diagnostic::new(
        Code::WrongKind,
        format!("`{}` is {}, and {} is wanted here", name.node, kind.article(), with_article(noun)),
        name.span,
        format!("{} is wanted", with_article(noun)),
    );
    if let Some(place) = place {
        diagnostic = diagnostic.label(place, format!("declared as {} here", kind.article()));
    }
    suggest(diagnostic, noun, name, right)
}

pub(super) fn duplicate_name(name: &Name, first: Span) -> Diagnostic {
    Diagnostic::new(
        Code::DuplicateName,
        format!("`{}` is declared twice", name.node),
        name.span,
        "declared again",
    )
    .label(first, "declared first here")
    .help("give one of them another name: a name stands for one thing only")
}
