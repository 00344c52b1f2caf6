//! The ordinary tests, in one binary.
