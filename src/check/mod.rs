//! From the syntax tree to the compiled policy, with everything that is wrong with it.
//!
//! Every declaration is checked as far as it can be, whatever is wrong with the others, so that
//! all problems are told at once. A function here returns `None` only where it, or one it called,
//! has reported an error, or where the parser has missed the clause and said so.

#![expect(
    clippy::option_option,
    reason = "the outer says whether it could be compiled, the inner whether it is written"
)]

mod acceptances;
mod anchors;
mod conditions;
mod exceptions;
mod ladder;
mod names;
mod order;
mod policies;
mod readings;
mod reads;
mod rules;
mod scenarios;
mod series;
mod triggers;
mod usage;
mod values;
mod windows;

use std::collections::{BTreeMap, BTreeSet};

use crate::calendar::HolidayTable;
use crate::diagnostic::{Code, Diagnostic, Problems};
use crate::policy::{Event, Policy, ReadingId, Scenario, State};
use crate::source::{Source, Span};
use crate::syntax::{self, Parsed, ast};

use names::Names;
use usage::Used;

/// What checking a file gives.
#[derive(Debug, Clone)]
pub struct Checked {
    /// The policy. INVARIANT: `None` only where `problems`, or those of the parser, have errors: a
    /// clause that a declaration needs and lacks has been reported by the parser.
    pub policy: Option<Policy>,
    /// The scenarios that could be read; their ids are those of the policy.
    pub scenarios: Vec<Scenario>,
    /// Everything there is to say, in the order of the text.
    pub problems: Problems,
}

/// The tables of holidays that a policy can name.
#[derive(Debug, Clone)]
pub struct Calendars(BTreeMap<String, HolidayTable>);

impl Default for Calendars {
    /// The tables shipped with the language.
    fn default() -> Self {
        const SHIPPED: &str = "england-and-wales";
        let shipped = HolidayTable::named(SHIPPED).map(|table| (SHIPPED.to_owned(), table));
        Self(shipped.into_iter().collect())
    }
}

impl Calendars {
    /// Adds a table, in place of one of the same name.
    pub fn add(&mut self, name: impl Into<String>, table: HolidayTable) {
        self.0.insert(name.into(), table);
    }

    /// The table of a name.
    pub fn get(&self, name: &str) -> Option<&HolidayTable> {
        self.0.get(name)
    }

    /// The names of the tables, in the order of the alphabet.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

/// Readings that a scenario or a what-if puts in place of the policy's own.
#[derive(Debug, Clone, Default)]
pub struct Switches(BTreeMap<String, ast::ReadingValue>);

impl Switches {
    /// Switches a reading to a value.
    pub fn set(&mut self, reading: impl Into<String>, value: ast::ReadingValue) {
        self.0.insert(reading.into(), value);
    }

    /// The value a reading is switched to, if it is.
    pub fn get(&self, reading: &str) -> Option<&ast::ReadingValue> {
        self.0.get(reading)
    }

    /// Whether nothing is switched.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The switches of a scenario, found again in the tree it came from.
    pub fn of_scenario(file: &ast::File, scenario: &Scenario) -> Self {
        let mut switches = Self::default();
        for declaration in &file.declarations {
            if let ast::Declaration::Scenario(written) = declaration
                && written.span == scenario.origin
            {
                for (name, value) in &written.switches {
                    switches.set(name.node.clone(), value.node.clone());
                }
            }
        }
        switches
    }
}

/// Checks a file and compiles its policy.
pub fn check(file: &ast::File, calendars: &Calendars, switches: &Switches) -> Checked {
    let mut checker = Checker::new(file, calendars, switches);
    checker.declare();
    let header = checker.header();
    checker.check_readings();
    checker.states = checker.compile_states();
    let rules = checker.compile_rules();
    let order = checker.order(&rules);
    let scenarios = checker.scenarios();
    let born = checker.born();
    checker.check_usage();
    let acceptances = checker.acceptances();
    let policy = checker.assemble(policies::Parts { header, rules, order, born, acceptances });
    let mut problems = checker.problems;
    problems.sort();
    Checked { policy: policy.filter(|_| !problems.has_errors()), scenarios, problems }
}

/// What reading and checking a text gives.
#[derive(Debug, Clone)]
pub struct Compiled {
    /// The tree.
    pub file: ast::File,
    /// The policy. INVARIANT: `None` only where `problems` has errors.
    pub policy: Option<Policy>,
    /// The scenarios that could be read.
    pub scenarios: Vec<Scenario>,
    /// Everything there is to say, in the order of the text.
    pub problems: Problems,
}

/// Reads a text and checks it.
///
/// Where the text could not be read as a whole, nothing that seems to be missing is told: what
/// could not be read may well declare, use or say it.
pub fn compile(source: &Source, calendars: &Calendars, switches: &Switches) -> Compiled {
    compile_parsed(syntax::parse(source), calendars, switches)
}

/// Checks what was read of a text, or of several, as [`compile`] does.
pub fn compile_parsed(parsed: Parsed, calendars: &Calendars, switches: &Switches) -> Compiled {
    let checked = check(&parsed.file, calendars, switches);
    let mut problems = parsed.problems;
    let unread = problems.has_errors();
    // A limit that breaks off counts from nothing, and need not be told twice.
    let ends: Vec<u32> = problems.iter().map(|problem| problem.span().start).collect();
    let broken_off = |problem: &Diagnostic| {
        problem.code == Code::AnchorOutOfPlace && ends.contains(&problem.span().end)
    };
    let told = checked
        .problems
        .into_iter()
        .filter(|problem| !(unread && misses_something(problem.code) || broken_off(problem)));
    problems.extend(told);
    problems.sort();
    Compiled {
        file: parsed.file,
        policy: checked.policy.filter(|_| !problems.has_errors()),
        scenarios: checked.scenarios,
        problems,
    }
}

/// Whether a finding says that something is missing from the text.
const fn misses_something(code: Code) -> bool {
    matches!(
        code,
        Code::UnknownName
            | Code::NoPolicy
            | Code::NoDateOfBirth
            | Code::MissingClause
            | Code::MissingAttribute
            | Code::WhichReview
            | Code::BareDays
            | Code::MidClockUnsaid
            | Code::NoSuchStage
            | Code::OutcomeCannotHappen
            | Code::OpenerWithoutStage
            | Code::UnknownGround
            | Code::NoExpectation
            | Code::NeverUsed
    )
}

/// What the parts of the check share.
struct Checker<'a> {
    names: Names<'a>,
    calendars: &'a Calendars,
    switches: &'a Switches,
    /// The events as compiled, one for each declaration.
    events: Vec<Event>,
    /// The states as compiled; `None` where one is wrong.
    states: Vec<Option<State>>,
    /// How many of the states, from the first, do not rest on themselves.
    sound_states: usize,
    problems: Problems,
    used: Used,
    /// The rule that is being checked.
    scope: Option<&'a str>,
    /// The readings that what is being checked rests on so far.
    noted: BTreeSet<ReadingId>,
    /// The readings whose values are being resolved, outermost first.
    resolving: Vec<ReadingId>,
    /// Where an age or a birthday is asked for.
    ages: Vec<Span>,
}

impl<'a> Checker<'a> {
    fn new(file: &'a ast::File, calendars: &'a Calendars, switches: &'a Switches) -> Self {
        Self {
            names: Names::collect(file),
            calendars,
            switches,
            events: Vec::new(),
            states: Vec::new(),
            sound_states: 0,
            problems: Problems::new(),
            used: Used::default(),
            scope: None,
            noted: BTreeSet::new(),
            resolving: Vec::new(),
            ages: Vec::new(),
        }
    }

    /// Adds a finding.
    fn report(&mut self, diagnostic: Diagnostic) {
        self.problems.push(diagnostic);
    }
}

/// The texts of a list.
fn texts(list: &[ast::Text]) -> Vec<String> {
    list.iter().map(|text| text.node.clone()).collect()
}

#[cfg(test)]
mod tests;
