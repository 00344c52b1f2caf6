//! The ordinary tests of `duly`, one binary.

mod calendar;
mod house;
mod oracle;
mod second_opinion;
