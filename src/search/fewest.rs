//! The fewest things that cannot be met together.

use std::collections::BTreeSet;

use super::answer::{Objection, Stretch};

/// The smallest set of objections of which every stretch has one: found by trying all of one, two and
/// three, and else the most frequent first.
pub(super) fn fewest(stretches: &[Stretch]) -> Vec<Objection> {
    let mut all: BTreeSet<Objection> = BTreeSet::new();
    for stretch in stretches {
        all.extend(&stretch.objections);
    }
    let all: Vec<Objection> = all.into_iter().collect();
    let covers = |chosen: &[Objection]| {
        stretches.iter().all(|stretch| chosen.iter().any(|one| stretch.objections.contains(one)))
    };
    if let Some(&one) = all.iter().find(|one| covers(&[**one])) {
        return vec![one];
    }
    for (at, &one) in all.iter().enumerate() {
        for &two in all.iter().skip(at + 1) {
            if covers(&[one, two]) {
                return vec![one, two];
            }
        }
    }
    for (at, &one) in all.iter().enumerate() {
        for (next, &two) in all.iter().enumerate().skip(at + 1) {
            for &three in all.iter().skip(next + 1) {
                if covers(&[one, two, three]) {
                    return vec![one, two, three];
                }
            }
        }
    }
    let mut chosen: Vec<Objection> = Vec::new();
    while !covers(&chosen) {
        let open = |one: &Objection| {
            let left = stretches.iter();
            let left = left.filter(|s| !chosen.iter().any(|one| s.objections.contains(one)));
            left.filter(|stretch| stretch.objections.contains(one)).count()
        };
        match all.iter().max_by_key(|one| open(one)) {
            Some(&most) if open(&most) > 0 => chosen.push(most),
            _ => break,
        }
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Date;
    use crate::policy::RuleId;

    fn stretch(day: i32, rules: &[u16]) -> Stretch {
        let day = Date::from_number(day).unwrap();
        let objections = rules.iter().map(|&rule| Objection::Forbidden(RuleId(rule))).collect();
        Stretch { first: day, last: day, objections }
    }

    #[track_caller]
    fn check(stretches: &[&[u16]], expected: &[u16]) {
        let stretches: Vec<Stretch> =
            (0..).zip(stretches).map(|(day, rules)| stretch(day, rules)).collect();
        let found: Vec<u16> = fewest(&stretches).iter().map(|one| one.rule().0).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn every_day_has_one_of_the_fewest() {
        // The first rule objects early, the third late, and the second only where another does.
        check(&[&[1, 2], &[1], &[2, 3], &[3]], &[1, 3]);
        check(&[&[1, 2], &[2], &[2, 3]], &[2]);
        check(&[&[1], &[2], &[3]], &[1, 2, 3]);
        check(&[&[1], &[2], &[3], &[4]], &[4, 3, 2, 1]);
    }
}
