//! Equality of trees, in which places take no part: `parse(format(x)) == parse(x)` is one assertion.

use super::{
    Accept, Anchor, Asks, By, Condition, Consequence, Event, Exception, Exit, Expectation, Fact,
    MetBy, OpensOn, PolicyHeader, Reading, Role, RuleHead, Scenario, Stage, State, Window,
};

/// Compares all parts of a type but its `span`.
///
/// Every field is named, so that one added later cannot be left out of the comparison: without it here
/// the crate does not compile.
macro_rules! equal_wherever_they_stand {
    ($($node:ident { $($field:ident),* })*) => {
        $(
            impl PartialEq for $node {
                fn eq(&self, other: &Self) -> bool {
                    let Self { span: _, $($field),* } = self;
                    true $(&& *$field == other.$field)*
                }
            }

            impl Eq for $node {}
        )*
    };
}

equal_wherever_they_stand! {
    Accept { findings, reason }
    PolicyHeader { name, title, authority, source, in_force, calendar, closed, accepts }
    Reading { name, reason, chosen, others, rules, cites, accepts }
    Role { name, title, accepts }
    Event { name, title, attributes, accepts }
    State { name, title, known, before, accepts }
    RuleHead { name, title, by, whilst, tells, cites, in_force, accepts }
    By { roles, strength }
    Exception { ordinals, test, whilst, started, instead }
    Window { shape, anchor }
    Anchor { kind, otherwise }
    Condition { kind }
    MetBy { all, acts }
    Asks { role, attribute, event }
    Consequence { attribute, review, due, otherwise }
    OpensOn { stage, event }
    Stage { number, title, to, answer_from, approval_from, limit, copies, grounds, exits, cites, accepts }
    Exit { outcome, by, leads }
    Scenario { title, switches, events, as_of, expectations }
    Fact { date, event, attributes }
    Expectation { ordinal, rule, stage, part, reference, what }
}

#[cfg(test)]
mod tests {
    use crate::source::Source;
    use crate::syntax::parse;

    fn equal(one: &str, other: &str) -> bool {
        let read = |text: &str| {
            let parsed = parse(&Source::new("a", text));
            assert!(parsed.problems.is_empty(), "{:?}", parsed.problems);
            parsed.file
        };
        read(one) == read(other)
    }

    #[test]
    fn trees_are_equal_wherever_their_parts_stand() {
        let surface = include_str!("../tests/surface.duly");
        assert!(equal(surface, &surface.replace("  ", "      ")));
        assert!(equal(surface, &format!("# A word before.\n\n{surface}")));
    }

    #[test]
    fn trees_that_say_something_else_are_not_equal() {
        let surface = include_str!("../tests/surface.duly");
        for (said, instead) in [
            ("must", "should"),
            ("cite ", "cite \"and more\", "),
            ("policy blackburn-with-darwen", "policy other"),
        ] {
            assert!(surface.contains(said), "{said}");
            assert!(!equal(surface, &surface.replacen(said, instead, 1)), "{said}");
        }
    }
}
