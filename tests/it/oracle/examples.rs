//! Worked examples, with expected values found by hand.
