//! Challenges: by month, by stage, by the time they took, by the cap they used, and by theme.

use std::collections::{BTreeMap, BTreeSet};

use duly::calendar::{Date, Unit};
use duly::eval::{Deadline, Part};
use duly::policy::{AttributeKind, Body, Duration, Ladder, Rule, RuleId, Shape, Value};
use serde_json::Value as Json;

use super::cells::cell;
use super::reviews::turned_out;
use super::{Case, Count, date};

/// A stage that was opened: its case, its number, its answer, and whether it was the first.
struct Opened<'a> {
    case: &'a Case,
    row: &'a Json,
    deadline: &'a Deadline,
    first: bool,
}

impl<'a> Count<'a> {
    /// The challenges on a ladder, each with its case.
    pub(super) fn standings<'s>(
        &self,
        rule: &'s str,
    ) -> impl Iterator<Item = (&'a Case, &'a Json)> + use<'a, 's> {
        let cases = self.cases;
        cases.iter().flat_map(move |case| {
            case.all("ladders").filter(move |it| it["rule"] == rule).map(move |it| (case, it))
        })
    }

    fn openings(&self, rule: &Rule) -> Vec<Opened<'a>> {
        let mut found = Vec::new();
        for case in self.cases {
            let firsts: BTreeSet<u64> = self
                .standings(&rule.name)
                .filter(|(of, _)| std::ptr::eq(*of, case))
                .filter_map(|(_, it)| it["opened"]["line"].as_u64())
                .collect();
            for (row, deadline) in case.all("deadlines").zip(&case.outcome.deadlines) {
                if row["rule"] != rule.name.as_str() || row["part"] != "answer" {
                    continue;
                }
                let fact = deadline.anchor.and_then(|start| case.timeline.fact(start.fact?));
                let first = fact.is_some_and(|fact| firsts.contains(&u64::from(fact.line)));
                found.push(Opened { case, row, deadline, first });
            }
        }
        found
    }

    /// Whether there is anything to say of a ladder.
    pub(super) fn has_ladder(&self, rule: &Rule, ladder: &Ladder) -> bool {
        let whole = self.whole();
        let climbed = self.standings(&rule.name).any(|(_, it)| {
            it["closed"].is_null()
                || whole.has(date(&it["closed"]["date"]))
                || !it["irregular"].as_array().unwrap().is_empty()
        });
        let stray = self.cases.iter().any(|case| case.of("strays", &rule.name).next().is_some());
        let outside = self.outside(ladder).iter().any(|day| whole.has(Some(*day)));
        let opened = self.openings(rule).iter().any(|it| whole.has(date(&it.row["anchor"])));
        climbed || stray || outside || opened
    }

    /// The days on which a concern went outside.
    fn outside(&self, ladder: &Ladder) -> Vec<Date> {
        let facts = self.cases.iter().flat_map(|case| case.facts.values());
        let outside = facts.filter(|fact| Some(fact.event) == ladder.outside);
        outside.map(|fact| fact.date).collect()
    }

    pub(super) fn challenges(&mut self) {
        for (id, rule) in (0..).map(RuleId).zip(&self.policy.rules) {
            let Body::Ladder(ladder) = &rule.body else { continue };
            if !self.has_ladder(rule, ladder) {
                continue;
            }
            self.by_month(rule, ladder);
            self.by_stage(id, rule);
            self.stages_by_month(id, rule);
            self.time_taken(id, rule);
            self.cap(rule, ladder);
            self.themes(rule, ladder);
            self.standing(rule);
        }
    }

    fn by_month(&mut self, rule: &Rule, ladder: &Ladder) {
        let table = format!("{}-by-month", rule.name);
        let opened = self.openings(rule);
        for period in self.periods.clone() {
            let on = |named: &str| {
                let dated = |(_, it): &(&Case, &Json)| period.has(date(&it[named]["date"]));
                self.standings(&rule.name).filter(dated).count()
            };
            let further =
                opened.iter().filter(|it| !it.first && period.has(date(&it.row["anchor"])));
            let (raised, further, resolved) = (on("opened"), further.count(), on("closed"));
            let row = period.label();
            self.cells.push(cell(&table, &row, "raised", raised));
            self.cells.push(cell(&table, &row, "taken_further", further));
            self.cells.push(cell(&table, &row, "resolved", resolved));
            if ladder.outside.is_some() {
                let days = self.outside(ladder);
                let times = days.iter().filter(|day| period.has(Some(**day))).count();
                self.cells.push(cell(&table, &row, "outside", times));
            }
        }
    }

    fn by_stage(&mut self, id: RuleId, rule: &Rule) {
        let Body::Ladder(ladder) = &rule.body else { return };
        let whole = self.whole();
        let opened: Vec<_> = self
            .openings(rule)
            .into_iter()
            .filter(|it| whole.has(date(&it.row["anchor"])))
            .collect();
        for number in ladder.stages.iter().map(|stage| stage.number) {
            let here: Vec<_> =
                opened.iter().filter(|it| it.row["stage"] == u64::from(number)).collect();
            let answered =
                |how: Option<&str>| here.iter().filter(|it| turned_out(it.row) == how).count();
            let at = |closed: bool| {
                self.standings(&rule.name)
                    .filter(|(_, it)| it["stage"] == u64::from(number))
                    .filter(|(_, it)| {
                        let date = date(&it["closed"]["date"]);
                        if closed { whole.has(date) } else { date.is_none() }
                    })
                    .count()
            };
            let counts = [
                ("raised_here", here.iter().filter(|it| it.first).count()),
                ("opened", here.len()),
                ("answered_in_time", answered(Some("in_time"))),
                ("answered_late", answered(Some("late"))),
                ("not_answered", answered(Some("not_done"))),
                ("cannot_be_said", answered(Some("cannot_be_said"))),
                ("none_due", answered(None)),
                ("resolved_here", at(true)),
                ("now_here", at(false)),
            ];
            if counts.iter().all(|(_, times)| *times == 0) {
                continue;
            }
            let row = format!("/{}", self.policy.stage_title(id, number));
            for (column, times) in counts {
                self.cells.push(cell(&format!("{}-by-stage", rule.name), &row, column, times));
            }
        }
    }

    fn stages_by_month(&mut self, id: RuleId, rule: &Rule) {
        let Body::Ladder(ladder) = &rule.body else { return };
        let opened = self.openings(rule);
        for number in ladder.stages.iter().map(|stage| stage.number) {
            let stage = u64::from(number);
            let here = || opened.iter().filter(|it| it.row["stage"] == stage);
            let day = |it: &Opened<'_>| date(&it.row["anchor"]);
            let closed = self.standings(&rule.name).filter(|(_, it)| it["stage"] == stage);
            let counted: [(&str, Vec<Option<Date>>); 3] = [
                ("Raised here", here().filter(|it| it.first).map(day).collect()),
                ("Opened", here().map(day).collect()),
                ("Resolved here", closed.map(|(_, it)| date(&it["closed"]["date"])).collect()),
            ];
            for (what, days) in counted {
                if !days.iter().any(|day| self.whole().has(*day)) {
                    continue;
                }
                let row = format!("/{}/{what}", self.policy.stage_title(id, number));
                for period in self.periods.clone() {
                    let times = days.iter().filter(|day| period.has(**day)).count();
                    let table = format!("{}-stages-by-month", rule.name);
                    self.cells.push(cell(&table, &row, &period.column(), times));
                }
            }
        }
    }

    /// Working days after one day, up to another.
    fn working_days(&self, after: Date, until: Date) -> Option<i32> {
        let mut number = 0;
        let mut day = after;
        // A day outside the calendar is neither.
        self.policy.calendar.is_working_day(day)?;
        while day < until {
            day = day.add_days(1)?;
            number += i32::from(self.policy.calendar.is_working_day(day)?);
        }
        Some(number)
    }

    fn time_taken(&mut self, id: RuleId, rule: &Rule) {
        let whole = self.whole();
        let mut rows: BTreeMap<u64, Vec<Option<i32>>> = BTreeMap::new();
        for (_, it) in self.standings(&rule.name) {
            let closed = date(&it["closed"]["date"]);
            if whole.has(closed) {
                let opened = date(&it["opened"]["date"]).unwrap();
                let days = self.working_days(opened, closed.unwrap());
                rows.entry(it["stage"].as_u64().unwrap()).or_default().push(days);
            }
        }
        let all: Vec<Option<i32>> = rows.values().flatten().copied().collect();
        let several = rows.len() > 1;
        let stage = |number: u64| self.policy.stage_title(id, u16::try_from(number).unwrap());
        let mut rows: Vec<(String, Vec<Option<i32>>)> =
            rows.into_iter().map(|(number, days)| (stage(number), days)).collect();
        if several {
            rows.push(("All".to_owned(), all));
        }
        let table = format!("{}-time-taken", rule.name);
        for (label, days) in rows {
            let row = format!("/{label}");
            self.cells.push(cell(&table, &row, "resolved", days.len()));
            let mut days: Vec<i32> = days.into_iter().flatten().collect();
            days.sort_unstable();
            for (column, least, most) in [
                ("up_to_5", 0, 5),
                ("from_6_to_10", 6, 10),
                ("from_11_to_15", 11, 15),
                ("from_16_to_20", 16, 20),
                ("over_20", 21, i32::MAX),
            ] {
                let times = days.iter().filter(|it| (least..=most).contains(*it)).count();
                self.cells.push(cell(&table, &row, column, times));
            }
            // Half of them took no longer: of three the second, of four the second too.
            let middle = days.get(days.len().div_ceil(2).wrapping_sub(1));
            let text = |days: Option<&i32>| days.map(ToString::to_string).unwrap_or_default();
            self.cells.push(cell(&table, &row, "middle_working_days", text(middle)));
            self.cells.push(cell(&table, &row, "longest_working_days", text(days.last())));
        }
    }

    fn cap(&mut self, rule: &Rule, ladder: &Ladder) {
        let Some(cap) = &ladder.cap else { return };
        let working = match &cap.window.shape {
            Shape::Within(Duration::Fixed(length))
            | Shape::PeriodBeginning(Duration::Fixed(length)) => length.unit == Unit::WorkingDays,
            _ => false,
        };
        let whole = self.whole();
        let mut rows: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (case, it) in self.standings(&rule.name) {
            let closed = date(&it["closed"]["date"]);
            let (label, until) = match closed {
                Some(closed) if whole.has(Some(closed)) => ("/Resolved", closed),
                Some(_) => continue,
                None => ("/Not closed, so far", self.frame.as_of),
            };
            let mut caps = case
                .of("deadlines", &rule.name)
                .filter(|row| row["part"] == "cap" && row["ordinal"] == it["ordinal"]);
            let Some(row) = caps.next() else { continue };
            let days = |from: Date, to: Date| match working {
                true if to < from => self.working_days(to, from).map(|days| -days),
                true => self.working_days(from, to),
                false => Some(from.days_until(to)),
            };
            let column = match (date(&row["anchor"]), row["due_kind"].as_str().unwrap()) {
                (None, _) => "not_begun",
                (Some(start), "on") => {
                    let due = date(&row["due"]).unwrap();
                    match (days(start, until), days(start, due)) {
                        (Some(_), Some(_)) if until > due => "over",
                        (Some(used), Some(all)) if used * 4 <= all => "first_quarter",
                        (Some(used), Some(all)) if used * 2 <= all => "second_quarter",
                        (Some(used), Some(all)) if used * 4 <= all * 3 => "third_quarter",
                        (Some(_), Some(_)) => "fourth_quarter",
                        _ => "cannot_be_said",
                    }
                }
                _ => "cannot_be_said",
            };
            rows.entry(label).or_default().push(column);
        }
        for (label, found) in rows {
            for column in [
                "first_quarter",
                "second_quarter",
                "third_quarter",
                "fourth_quarter",
                "over",
                "not_begun",
                "cannot_be_said",
            ] {
                let times = found.iter().filter(|it| **it == column).count();
                self.cells.push(cell(&format!("{}-cap", rule.name), label, column, times));
            }
        }
    }

    fn themes(&mut self, rule: &Rule, ladder: &Ladder) {
        let Some(attribute) = ladder.ground_attribute else { return };
        let AttributeKind::OneOf(words) = &self.policy.attribute(ladder.opened_by, attribute).kind
        else {
            return;
        };
        let ground = |value: Option<&Value>| match value {
            Some(Value::Word(word)) => words[usize::from(*word)].clone(),
            _ => "(not recorded)".to_owned(),
        };
        let whole = self.whole();
        let mut found: BTreeMap<String, [u64; 3]> = BTreeMap::new();
        for (case, it) in self.standings(&rule.name) {
            let word = ground(case.fact(&it["opened"]).value(attribute));
            let counts = found.entry(word).or_default();
            counts[0] += u64::from(whole.has(date(&it["opened"]["date"])));
            counts[2] += u64::from(whole.has(date(&it["closed"]["date"])));
        }
        for it in self.openings(rule) {
            assert!(matches!(it.deadline.part, Part::Answer { .. }));
            let fact = it.deadline.anchor.and_then(|start| it.case.timeline.fact(start.fact?));
            if let Some(fact) = fact.filter(|fact| whole.has(Some(fact.date))) {
                found.entry(ground(fact.value(attribute))).or_default()[1] += 1;
            }
        }
        for (word, counts) in found.into_iter().filter(|(_, counts)| *counts != [0; 3]) {
            for (column, times) in ["raised", "at_any_stage", "resolved"].into_iter().zip(counts) {
                let table = format!("{}-themes", rule.name);
                self.cells.push(cell(&table, &format!("/{word}"), column, times));
            }
        }
    }

    fn standing(&mut self, rule: &Rule) {
        for (state, label) in [
            ("open", "A stage is open"),
            ("settled", "Answer judged satisfactory, closing not recorded"),
            ("exhausted", "Answer at the highest stage judged not satisfactory"),
            ("no-listed-way-on", "A ground for leaving the stage has matured; no way on is listed"),
        ] {
            let times = self
                .standings(&rule.name)
                .filter(|(_, it)| it["closed"].is_null() && it["state"] == state)
                .count();
            if times > 0 {
                let table = format!("{}-standing", rule.name);
                self.cells.push(cell(&table, &format!("/{label}"), "number", times));
            }
        }
    }
}
