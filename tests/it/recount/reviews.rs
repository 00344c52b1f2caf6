//! Reviews and other duties in time, what was forbidden, and what was recorded.

use std::collections::BTreeMap;

use duly::calendar::Date;
use duly::eval::Fact;
use duly::policy::{AttributeKind, Body, Series, Value};
use serde_json::Value as Json;

use super::cells::{Period, cell, share};
use super::owed::owners;
use super::{Case, Count, date};

/// How a deadline turned out, in the words of the columns.
pub(super) fn turned_out(deadline: &Json) -> Option<&'static str> {
    match deadline["status"].as_str().unwrap() {
        "met" => Some("in_time"),
        "late" => Some("late"),
        "overdue" | "missed" | "cannot-be-met" => Some("not_done"),
        "undetermined" => Some("cannot_be_said"),
        "begun" if deadline["days"].as_i64().unwrap() > 0 => Some("cannot_be_said"),
        _ => None,
    }
}

/// The day on which it counts: its last day in time, or the day it was done if that came first.
pub(super) fn counts_on(deadline: &Json) -> Option<Date> {
    [date(&deadline["due"]), date(&deadline["done_on"])].into_iter().flatten().min()
}

fn number(of: &[&str], what: &str) -> u64 {
    of.iter().filter(|&&it| it == what).count() as u64
}

/// The deadlines that count in a period, by how they turned out.
fn in_period<'c>(case: &'c Case, rule: &'c str, period: &Period) -> Vec<&'c Json> {
    let counts = |row: &&Json| {
        let owed = row["status"] != "met" || has_clock(row);
        owed && turned_out(row).is_some() && period.has(counts_on(row))
    };
    case.of("deadlines", rule).filter(counts).collect()
}

/// Whether a review was owed by some day.
fn has_clock(row: &Json) -> bool {
    row["due_kind"] != "never" && row["due_kind"] != "waiting"
}

/// Whether a case has a review that was held and answers to no clock, or one overdue since before.
fn aside(case: &Case, rule: &str, series: &Series, whole: &Period) -> bool {
    let acts = [&series.held_on, &series.completed_on];
    let event = |fact: &Fact| {
        acts.iter().any(|act| {
            act.as_ref().is_some_and(|act| act.test.is_none() && act.event == fact.event)
        })
    };
    let answered = |line: u32| {
        case.all("deadlines").any(|row| {
            let series = ["review", "visit"].contains(&row["kind"].as_str().unwrap());
            let done = row["done_by"].as_array().unwrap();
            series && has_clock(row) && done.iter().any(|fact| fact["line"] == u64::from(line))
        })
    };
    let unclocked = |fact: &Fact| event(fact) && whole.has(Some(fact.date)) && !answered(fact.line);
    let behind = |row: &Json| {
        row["status"] == "overdue" && date(&row["due"]).is_some_and(|due| due < whole.from)
    };
    case.facts.values().any(unclocked) || case.of("deadlines", rule).any(behind)
}

impl Count<'_> {
    fn tally(&mut self, table: &str, row: &str, done: &str, found: &[&str]) {
        let [in_time, late, not, unsaid] =
            ["in_time", "late", "not_done", "cannot_be_said"].map(|what| number(found, what));
        self.cells.push(cell(table, row, "in_time", in_time));
        self.cells.push(cell(table, row, "late", late));
        self.cells.push(cell(table, row, &format!("not_{done}"), not));
        self.cells.push(cell(table, row, "cannot_be_said", unsaid));
        let share = share(in_time, in_time + late + not);
        self.cells.push(cell(table, row, "share_in_time", share));
    }

    /// Whether there is anything to say of a series.
    pub(super) fn has_series(&self, rule: &str, series: &Series) -> bool {
        let whole = self.whole();
        let undated = |case: &Case| {
            let mut rows = case.of("deadlines", rule);
            rows.any(|row| turned_out(row).is_some() && counts_on(row).is_none())
        };
        self.cases.iter().any(|case| {
            undated(case)
                || !in_period(case, rule, &whole).is_empty()
                || aside(case, rule, series, &whole)
        })
    }

    /// How the reviews of a period turned out, and how the children did.
    pub(super) fn timely(&self, rule: &str, period: &Period) -> (Vec<&'static str>, [u64; 3]) {
        let mut reviews = Vec::new();
        let mut children = [0; 3];
        for case in self.cases {
            let own: Vec<&'static str> =
                in_period(case, rule, period).iter().filter_map(|row| turned_out(row)).collect();
            if own.is_empty() {
                continue;
            }
            let place = if own.contains(&"late") || own.contains(&"not_done") {
                1
            } else if own.contains(&"cannot_be_said") {
                2
            } else {
                0
            };
            children[place] += 1;
            reviews.extend(own);
        }
        (reviews, children)
    }

    pub(super) fn reviews(&mut self) {
        for rule in &self.policy.rules {
            let Body::Series(series) = &rule.body else { continue };
            if !self.has_series(&rule.name, series) {
                continue;
            }
            let done = if series.noun == "visit" { "made" } else { "held" };
            for period in self.periods.clone() {
                let (reviews, [all, not, unsaid]) = self.timely(&rule.name, &period);
                let row = period.label();
                self.tally(&format!("{}-per-{}", rule.name, series.noun), &row, done, &reviews);
                let table = format!("{}-per-child", rule.name);
                self.cells.push(cell(&table, &row, "in_time", all));
                self.cells.push(cell(&table, &row, "not_in_time", not));
                self.cells.push(cell(&table, &row, "cannot_be_said", unsaid));
                self.cells.push(cell(&table, &row, "share_in_time", share(all, all + not)));
            }
            let whole = self.whole();
            for (label, ordinals) in
                [("/First", 1..=1), ("/Second", 2..=2), ("/Later", 3..=u64::MAX)]
            {
                let mut found = Vec::new();
                for case in self.cases {
                    for row in in_period(case, &rule.name, &whole) {
                        if ordinals.contains(&row["ordinal"].as_u64().unwrap()) {
                            found.extend(turned_out(row));
                        }
                    }
                }
                self.tally(&format!("{}-first-later", rule.name), label, done, &found);
            }
        }
    }

    pub(super) fn duties(&mut self) {
        let whole = self.whole();
        let mut found: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for case in self.cases {
            for row in case.all("deadlines") {
                let series = ["review", "visit"].contains(&row["kind"].as_str().unwrap());
                if series || row["part"] == "answer" || row["due_kind"] == "never" {
                    continue;
                }
                if let (Some(how), true) = (turned_out(row), whole.has(counts_on(row))) {
                    let label = format!("/{}/{}", owners(row), self.what(row));
                    found.entry(label).or_default().push(how);
                }
            }
        }
        for (label, found) in found {
            self.tally("duties", &label, "recorded", &found);
        }
    }

    pub(super) fn prohibitions(&mut self) {
        let whole = self.whole();
        let mut found: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for case in self.cases {
            for finding in case.all("prohibitions") {
                if whole.has(date(&finding["act"]["date"])) {
                    let title = finding["title"].as_str().unwrap();
                    found.entry(title).or_default().push(finding["verdict"].as_str().unwrap());
                }
            }
        }
        for (title, found) in found {
            for (column, verdict) in [
                ("against_the_rule", "breached"),
                ("excused", "kept"),
                ("cannot_be_said", "not-known"),
            ] {
                let times = number(&found, verdict);
                self.cells.push(cell("prohibitions", &format!("/{title}"), column, times));
            }
        }
    }

    pub(super) fn events(&mut self) {
        let mut found: BTreeMap<(&str, String), Vec<Date>> = BTreeMap::new();
        for case in self.cases {
            for fact in case.facts.values() {
                let event = self.policy.event(fact.event);
                found.entry(("events", format!("/{}", event.title))).or_default().push(fact.date);
                for (attribute, value) in event.attributes.iter().zip(&fact.values) {
                    let word = match (&attribute.kind, value) {
                        (AttributeKind::OneOf(words), Some(Value::Word(word))) => {
                            words[usize::from(*word)].as_str()
                        }
                        (AttributeKind::YesNo, Some(Value::YesNo(true))) => "yes",
                        (AttributeKind::YesNo, Some(Value::YesNo(false))) => "no",
                        (AttributeKind::OneOf(_) | AttributeKind::YesNo, _) => "(not recorded)",
                        _ => continue,
                    };
                    let row = format!("/{}/{}/{word}", event.title, attribute.name);
                    found.entry(("words", row)).or_default().push(fact.date);
                }
            }
        }
        let whole = self.whole();
        for ((table, row), days) in found {
            if !days.iter().any(|day| whole.has(Some(*day))) {
                continue;
            }
            for period in self.periods.clone() {
                let times = days.iter().filter(|day| period.has(Some(**day))).count();
                self.cells.push(cell(table, &row, &period.column(), times));
            }
        }
    }
}
