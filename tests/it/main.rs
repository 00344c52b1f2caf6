//! The ordinary tests of `duly`, one binary.

mod alike;
mod bad_input;
mod bulk;
mod calendar;
mod caseload;
mod check;
mod ci;
mod coverage;
mod dates;
mod findings;
mod fmt;
mod format;
mod histories;
mod house;
mod import;
mod oracle;
mod picture;
mod plan;
mod points;
mod questions;
mod reasons;
mod recount;
mod reference;
mod replay;
mod report;
mod returns;
mod samples;
mod second_opinion;
mod shipped;
#[cfg(unix)]
mod terminal;
mod unclocked;
mod what_if;
mod when;
