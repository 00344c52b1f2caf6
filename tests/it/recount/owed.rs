//! What is owed on the as-of day, and what stands first.

use std::collections::BTreeMap;

use duly::calendar::Date;
use duly::policy::{Body, RuleId};
use serde_json::Value as Json;

use super::cells::{Period, cell, share};
use super::{Count, date};

/// Whether a deadline is overdue, due soon, owed without a limit, or not to be said.
#[derive(Default, Clone)]
struct Owed {
    overdue: Vec<i32>,
    next: u64,
    unlimited: u64,
    unsaid: u64,
}

impl Owed {
    fn add(&mut self, row: &Json, as_of: Date, horizon: Date) -> bool {
        let soon = date(&row["due"]).is_some_and(|due| due <= horizon);
        match row["status"].as_str().unwrap() {
            "overdue" | "cannot-be-met" => {
                let late = date(&row["due"]).map_or(0, |due| due.days_until(as_of));
                self.overdue.push(late);
            }
            "due" | "not-open" if soon => self.next += 1,
            "begun" => self.next += 1,
            "outstanding" => self.unlimited += 1,
            "undetermined" if row["done_on"].is_null() => self.unsaid += 1,
            _ => return false,
        }
        true
    }
}

/// Who owes a deadline, in words.
pub(super) fn owners(row: &Json) -> String {
    joined(&titles(row))
}

fn titles(row: &Json) -> Vec<&str> {
    row["owners"].as_array().unwrap().iter().map(|it| it["title"].as_str().unwrap()).collect()
}

fn joined(titles: &[&str]) -> String {
    match titles {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

impl Count<'_> {
    /// What is owed, without the case's own words.
    pub(super) fn what(&self, row: &Json) -> String {
        let mut rules = (0..).map(RuleId).zip(&self.policy.rules);
        let (id, rule) = rules.find(|(_, rule)| rule.name == row["rule"]).unwrap();
        let title = &rule.title;
        let stage = || {
            let number = u16::try_from(row["stage"].as_u64().unwrap()).unwrap();
            self.policy.stage_title(id, number)
        };
        match row["part"].as_str().unwrap() {
            "judgement" => format!("{title}: judgement"),
            "review" => format!("{title}: review brought forward"),
            "opening" => format!("{title}: to be opened at {} or above", stage()),
            "answer" => format!("{title}, {}: answer", stage()),
            "approval" => format!("{title}, {}: approval", stage()),
            "cap" => format!("{title}: whole process"),
            _ => title.clone(),
        }
    }

    pub(super) fn owed(&mut self, list: usize) {
        let as_of = self.frame.as_of;
        let horizon = as_of.add_days(i32::from(self.frame.next)).unwrap();
        let mut found: BTreeMap<(&str, String), Owed> = BTreeMap::new();
        let mut longest: Vec<(i32, String, Date)> = Vec::new();
        for case in self.cases {
            for row in case.all("deadlines") {
                let mut one = Owed::default();
                if !one.add(row, as_of, horizon) {
                    continue;
                }
                let (who, what) = (owners(row), self.what(row));
                let mut together = titles(row);
                together.sort_by_key(|title| {
                    self.policy.roles.iter().position(|role| role.title == *title)
                });
                if let (Some(days), Some(due)) = (one.overdue.first(), date(&row["due"])) {
                    longest.push((*days, format!("/{}/{what}", case.timeline.case), due));
                }
                for (table, label) in [
                    ("owed-by-owner", format!("/{}", joined(&together))),
                    ("owed-by-duty", format!("/{who}/{what}")),
                    ("now", String::new()),
                ] {
                    found.entry((table, label)).or_default().add(row, as_of, horizon);
                }
            }
        }
        for ((table, label), owed) in found {
            let most = owed.overdue.iter().max().copied();
            let overdue = owed.overdue.len();
            if table == "now" {
                let next = format!("/Due by {}", horizon.long());
                self.cells.push(cell(table, "/Overdue", "number", overdue));
                self.cells.push(cell(
                    table,
                    "/Longest overdue, in calendar days",
                    "number",
                    most.unwrap_or(0),
                ));
                self.cells.push(cell(table, &next, "number", owed.next));
                self.open_challenges();
                continue;
            }
            let most = most.map(|days| days.to_string()).unwrap_or_default();
            self.cells.push(cell(table, &label, "overdue", overdue));
            self.cells.push(cell(table, &label, "longest_overdue_days", most));
            self.cells.push(cell(table, &label, "due_next", owed.next));
            self.cells.push(cell(table, &label, "no_time_limit", owed.unlimited));
            self.cells.push(cell(table, &label, "cannot_be_said", owed.unsaid));
        }
        longest.sort_by_key(|(days, ..)| -days);
        for (days, label, due) in longest.into_iter().take(list) {
            self.cells.push(cell("longest-overdue", &label, "last_day", due));
            self.cells.push(cell("longest-overdue", &label, "days_overdue", days));
        }
    }

    fn open_challenges(&mut self) {
        for rule in &self.policy.rules {
            let Body::Ladder(ladder) = &rule.body else { continue };
            if self.has_ladder(rule, ladder) {
                let open = self.standings(&rule.name).filter(|(_, it)| it["closed"].is_null());
                let open = open.count();
                let row = format!("/{}: not closed", rule.title);
                self.cells.push(cell("now", &row, "number", open));
            }
        }
    }

    /// The latest month, the latest quarter and the whole; one that is the whole is not told twice.
    pub(super) fn summary(&mut self) {
        let whole = self.whole();
        let latest = |kind: &str| {
            let last = self.periods.iter().rev().find(|period| period.kind == kind).unwrap();
            let differs = (last.from, last.to) != (whole.from, whole.to);
            differs.then(|| last.clone())
        };
        let periods: Vec<Period> = [latest("month"), latest("quarter"), Some(whole.clone())]
            .into_iter()
            .flatten()
            .collect();
        for rule in &self.policy.rules {
            for period in &periods {
                let column = period.column();
                match &rule.body {
                    Body::Series(series) if self.has_series(&rule.name, series) => {
                        let (reviews, [all, not, _]) = self.timely(&rule.name, period);
                        let in_time = reviews.iter().filter(|&&it| it == "in_time").count() as u64;
                        let said =
                            reviews.iter().filter(|&&it| it != "cannot_be_said").count() as u64;
                        let row = format!("/{}: in time, per {}", rule.title, series.noun);
                        self.cells.push(cell("summary", &row, &column, share(in_time, said)));
                        let row = format!("/{}: in time, per child", rule.title);
                        self.cells.push(cell("summary", &row, &column, share(all, all + not)));
                    }
                    Body::Ladder(ladder) if self.has_ladder(rule, ladder) => {
                        for (word, named) in [("raised", "opened"), ("resolved", "closed")] {
                            let row = format!("/{}: {word}", rule.title);
                            let times = self
                                .standings(&rule.name)
                                .filter(|(_, it)| period.has(date(&it[named]["date"])))
                                .count();
                            self.cells.push(cell("summary", &row, &column, times));
                        }
                    }
                    _ => {}
                }
            }
        }
    }
}
