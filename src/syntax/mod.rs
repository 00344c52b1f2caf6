//! Reading policies.

pub mod ast;
