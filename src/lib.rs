//! `duly`, a language for the timetables that public bodies bind themselves to.

pub mod source;

pub mod diagnostic;

pub mod render;
