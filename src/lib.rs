//! `duly` is a language for the timetables public bodies bind themselves to: review intervals,
//! trigger events, the duties around a review, and escalation ladders. A policy is checked, tested
//! and evaluated against the dated events of a case, and every deadline comes with its reason.
//!
//! ```
//! use duly::calendar::Date;
//! use duly::{cases, check, eval, render, source::Source, syntax};
//!
//! let text = r#"
//! policy example "An example"
//!   authority "A council"
//!   source    "Its procedure"
//!   calendar  england-and-wales
//! role iro "Independent Reviewing Officer"
//! event became-looked-after "Child became looked after"
//! event ceased-to-be-looked-after "Child ceased to be looked after"
//! event review-held "Review held"
//! state looked-after "Looked after"
//!   from  became-looked-after
//!   until ceased-to-be-looked-after
//! review looked-after-review "Looked After Review"
//!   by      iro must
//!   held on review-held
//!   while   looked-after
//!   first   within 20 working days after became-looked-after
//!   later   within 6 months after the previous
//!   cite    "2.1"
//! "#;
//! let source = Source::new("example.duly", text);
//! let parsed = syntax::parse(&source);
//! let checked = check::check(&parsed.file, &Default::default(), &Default::default());
//! let policy = checked.policy.expect("the policy is sound");
//!
//! let notes = b"case child-a\n2026-03-23 became-looked-after\n";
//! let read = cases::read_cases(&policy, "child-a.txt", notes, cases::Format::Text);
//! let case = read.cases[0].outcome.as_ref().expect("the case is sound");
//! let as_of = Date::parse("2026-04-01").expect("a date");
//!
//! let outcome = eval::evaluate(&policy, &case.timeline, as_of);
//! // Good Friday and Easter Monday are not counted.
//! assert_eq!(outcome.deadlines[0].due_date(), Date::parse("2026-04-22").ok());
//!
//! let why = eval::why(&policy, &case.timeline, &outcome, 0).expect("a deadline");
//! assert!(render::why_text(&why, 80).contains("Easter Monday"));
//! ```
//!
//! # The map
//!
//! Data flows down this table; a module imports only those in its last column, and a test reads
//! the table and holds the source to it.
//!
//! | module | what it is | may import |
//! | --- | --- | --- |
//! | `source` | texts, spans, lines and columns | |
//! | `calendar` | dates, lengths, bank holidays, the arithmetic of deadlines | |
//! | `diagnostic` | findings as plain data, one table of codes with a page for each | `source` |
//! | `syntax` | text to tree: the grammar, its lowering, recovery by declaration | `source`, `calendar`, `diagnostic` |
//! | `format` | the canonical layout of a policy file | `source`, `diagnostic`, `syntax` |
//! | `policy` | the compiled policy: names resolved, units known, readings applied | `source`, `calendar`, `diagnostic` |
//! | `check` | tree to compiled policy, with everything that is wrong with it | `source`, `calendar`, `diagnostic`, `syntax`, `policy` |
//! | `eval` | policy, timeline and day to outcome; an outcome's deadline to its explanation | `calendar`, `policy` |
//! | `analyse` | a sound policy's contradictions and gaps, each with a witness | `source`, `calendar`, `diagnostic`, `syntax`, `policy`, `check`, `eval` |
//! | `cases` | the files in which cases are held, to timelines | `source`, `calendar`, `diagnostic`, `syntax`, `policy`, `eval` |
//! | `import` | the files councils hold, to cases | `calendar`, `diagnostic`, `policy`, `eval`, `cases` |
//! | `bundle` | the files of one policy, read as one text | `source`, `diagnostic`, `syntax` |
//! | `trial` | the scenarios of a policy, run, and what they exercise | `source`, `calendar`, `diagnostic`, `policy`, `check`, `eval`, `bundle` |
//! | `search` | what would be so if more were recorded, found by evaluating it | `calendar`, `policy`, `eval` |
//! | `what_if` | a case being edited, and what each edit moves | `calendar`, `diagnostic`, `syntax`, `policy`, `check`, `eval`, `cases` |
//! | `render` | findings, outcomes and explanations as text and data | `source`, `calendar`, `diagnostic`, `policy`, `cases`, `eval`, `search`, `what_if` |
//! | `report` | a caseload's figures, and the forms in which they are given | `calendar`, `diagnostic`, `policy`, `eval`, `render` |
//! | `cli` | the command line, and everything outside | `source`, `calendar`, `diagnostic`, `syntax`, `format`, `policy`, `check`, `eval`, `analyse`, `cases`, `bundle`, `trial`, `search`, `what_if`, `render`, `report`, `import` |
//!
//! # Invariants
//!
//! - Nothing but `cli` knows a clock, a file, the environment, a terminal or a thread; what can be
//!   shared out among threads is handed to it in parts, as by [`search::Search`]. Without default
//!   features the crate has no `cli`, and builds for a browser.
//! - [`check::check`] gives a policy only where it found no error; [`eval::evaluate`] is total on
//!   every such policy and every timeline read with it.
//! - The order of the input is never evidence: timelines are put in order when they are made.
//! - Readings are applied when a policy is compiled; switching one compiles it anew.
//! - An explanation is worked out by the evaluator's own functions, and its prose is made from its
//!   statements.
//! - chrono is named in one file, miette in one, clap in one and its folder, pest in the syntax only.

pub mod analyse;
pub mod bundle;
pub mod calendar;
pub mod cases;
pub mod check;
#[cfg(feature = "cli")]
pub mod cli;
pub mod diagnostic;
pub mod eval;
pub mod format;
#[cfg(feature = "cli")]
pub mod import;
pub mod policy;
pub mod render;
pub mod report;
pub mod search;
pub mod source;
pub mod syntax;
pub mod trial;
pub mod what_if;
