//! The ordinary tests of `duly`, one binary.

mod calendar;
mod house;
mod oracle;
mod reference;
mod second_opinion;
