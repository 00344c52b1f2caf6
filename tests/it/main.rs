//! The ordinary tests of the crate, in one binary.

mod calendar;
