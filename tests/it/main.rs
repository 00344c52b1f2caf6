//! The ordinary tests of `duly`, one binary.

mod bad_input;
mod bulk;
mod calendar;
mod check;
mod ci;
mod coverage;
mod findings;
mod house;
mod oracle;
mod picture;
mod questions;
mod reference;
mod samples;
mod second_opinion;
mod shipped;
