//! `duly` is a language for the timetables public bodies bind themselves to.

pub mod calendar;
