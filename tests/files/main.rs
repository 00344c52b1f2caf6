//! The files under `tests/`, each a test.

fn main() {}
