//! `duly` is a language for the timetables public bodies bind themselves to.

pub mod bundle;
pub mod calendar;
pub mod cases;
pub mod check;
#[cfg(feature = "cli")]
pub mod cli;
pub mod diagnostic;
pub mod eval;
pub mod policy;
pub mod render;
pub mod source;
pub mod syntax;
pub mod trial;
