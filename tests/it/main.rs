//! The ordinary tests of `duly`, one binary.

mod calendar;
mod reference;
