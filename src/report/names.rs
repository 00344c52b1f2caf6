//! The names of the tables, by which a reader asks for some of them.

use crate::policy::{Body, Policy, Rule};

/// The names of the tables of a series: each review by itself, each child, and by their order.
pub(super) fn of_series(rule: &Rule) -> [String; 3] {
    let noun = rule.body.noun();
    [format!("per-{noun}"), "per-child".to_owned(), "first-later".to_owned()]
        .map(|of| format!("{}-{of}", rule.name))
}

/// The tables of a ladder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OfLadder {
    ByMonth,
    ByStage,
    StagesByMonth,
    TimeTaken,
    Cap,
    Themes,
    Standing,
}

impl OfLadder {
    const ALL: [Self; 7] = [
        Self::ByMonth,
        Self::ByStage,
        Self::StagesByMonth,
        Self::TimeTaken,
        Self::Cap,
        Self::Themes,
        Self::Standing,
    ];

    /// The name of this table of a ladder.
    pub(super) fn name(self, rule: &Rule) -> String {
        let of = match self {
            Self::ByMonth => "by-month",
            Self::ByStage => "by-stage",
            Self::StagesByMonth => "stages-by-month",
            Self::TimeTaken => "time-taken",
            Self::Cap => "cap",
            Self::Themes => "themes",
            Self::Standing => "standing",
        };
        format!("{}-{of}", rule.name)
    }
}

/// The name of the table that names single cases; it is there only where that was asked for.
pub const LONGEST_OVERDUE: &str = "longest-overdue";

/// The names of all tables that a report under this policy can have. Those in which there is nothing to
/// count are left out of a report.
pub fn table_names(policy: &Policy) -> Vec<String> {
    let mut names: Vec<String> = ["summary", "now"].map(str::to_owned).into();
    for rule in &policy.rules {
        if let Body::Series(_) = &rule.body {
            names.extend(of_series(rule));
        }
    }
    names.extend(["owed-by-owner", LONGEST_OVERDUE].map(str::to_owned));
    for rule in &policy.rules {
        if let Body::Ladder(ladder) = &rule.body {
            let here = |table: &OfLadder| match table {
                OfLadder::Cap => ladder.cap.is_some(),
                OfLadder::Themes => ladder.ground_attribute.is_some(),
                OfLadder::ByMonth
                | OfLadder::ByStage
                | OfLadder::StagesByMonth
                | OfLadder::TimeTaken
                | OfLadder::Standing => true,
            };
            names.extend(OfLadder::ALL.iter().filter(|table| here(table)).map(|it| it.name(rule)));
        }
    }
    names.extend(["owed-by-duty", "duties"].map(str::to_owned));
    if policy.rules.iter().any(|rule| matches!(rule.body, Body::Forbid(_))) {
        names.push("prohibitions".to_owned());
    }
    names.extend(["events", "words", "not-included"].map(str::to_owned));
    names
}
