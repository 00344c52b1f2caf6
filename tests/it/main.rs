//! The ordinary tests of `duly`, one binary.

mod bulk;
mod calendar;
mod check;
mod coverage;
mod house;
mod import;
mod oracle;
mod picture;
mod questions;
mod reference;
mod report;
mod samples;
mod second_opinion;
mod shipped;
