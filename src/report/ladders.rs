//! The tables of a ladder: by month, by stage, by the time taken, by the cap used, and by theme.

use std::collections::BTreeMap;

use super::challenge::{Challenges, Times, Used, cap_length, in_all};
use super::counts::Merge;
use super::figures::Figures;
use super::names::OfLadder;
use super::recorded::words;
use super::table::{Cell, Chart, Column, Shade, Table};
use crate::calendar::{Date, Length, Unit};
use crate::eval::LadderState;
use crate::policy::{Ladder, Policy, Rule, RuleId};

impl Figures {
    pub(super) fn ladder_tables(
        &self,
        policy: &Policy,
        (id, rule, ladder): (RuleId, &Rule, &Ladder),
        challenges: &Challenges,
    ) -> Vec<Table> {
        let mut tables = vec![self.ladder_months(policy, rule, ladder, challenges)];
        tables.push(self.stages(policy, (id, rule), challenges));
        tables.push(self.stages_by_month(policy, (id, rule), challenges));
        tables.push(time_taken(policy, (id, rule), challenges));
        tables.extend(self.cap(rule, ladder, challenges));
        tables.extend(themes(policy, rule, ladder, challenges));
        tables.push(standing(rule, challenges, self.frame.as_of));
        tables.retain(|table| !table.rows.is_empty());
        tables
    }

    fn ladder_months(
        &self,
        policy: &Policy,
        rule: &Rule,
        ladder: &Ladder,
        challenges: &Challenges,
    ) -> Table {
        let mut columns = vec![
            Column::new("span", "Period"),
            Column::new("raised", "Raised"),
            Column::new("taken_further", "Taken further"),
            Column::new("resolved", "Resolved"),
        ];
        let mut outside = String::new();
        if let Some(event) = ladder.outside {
            columns.push(Column::new("outside", "Outside"));
            outside =
                format!(" Outside: “{}”, with or without a challenge.", policy.event(event).title);
        }
        Table {
            name: OfLadder::ByMonth.name(rule),
            title: format!("{}: raised and resolved", rule.title),
            definition: format!(
                "Raised: opened for the first time, on the day of its opening. Taken further: opened at \
                 a further stage. Resolved: recorded as closed, on that day, whenever it was \
                 raised.{outside} A number of challenges is neither good nor bad by itself."
            ),
            columns,
            rows: self.by_span(|place| {
                let mut cells = vec![
                    at(&challenges.raised, place),
                    at(&challenges.further, place),
                    at(&challenges.resolved, place),
                ];
                if ladder.outside.is_some() {
                    cells.push(at(&challenges.outside, place));
                }
                cells
            }),
            chart: Some(Chart::Numbers(1)),
        }
    }

    fn stages(&self, policy: &Policy, of: (RuleId, &Rule), challenges: &Challenges) -> Table {
        let (id, rule) = of;
        let irregular = match challenges.irregular {
            0 => String::new(),
            one => format!(
                " Acts out of the policy's order, or on nothing that was open, in all: {one}."
            ),
        };
        Table {
            name: OfLadder::ByStage.name(rule),
            title: format!("{}: at what level", rule.title),
            definition: format!(
                "{} to {}. Raised here: the stage at which a challenge was first raised. Opened: every \
                 opening of the stage, those included; then how the answer to each turned out. None due: \
                 not due yet, without a last day, or no longer owed, since the stage was left or the \
                 challenge closed before the last day. Resolved here: \
                 the stage at which it was closed. Now here: not closed on {}.{irregular}",
                self.frame.from.short(),
                self.frame.to.short(),
                self.frame.as_of.short()
            ),
            columns: [
                ("stage", "Stage"),
                ("raised_here", "Raised here"),
                ("opened", "Opened"),
                ("answered_in_time", "Answer in time"),
                ("answered_late", "Answer late"),
                ("not_answered", "No answer in time"),
                ("cannot_be_said", "Cannot be said"),
                ("none_due", "None due"),
                ("resolved_here", "Resolved here"),
                ("now_here", "Now here"),
            ]
            .map(|(name, title)| Column::new(name, title))
            .to_vec(),
            rows: challenges
                .stages
                .iter()
                .map(|(&number, stage)| {
                    let mut cells = vec![Cell::Text(policy.stage_title(id, number))];
                    cells.extend(
                        [
                            in_all(&stage.raised),
                            in_all(&stage.opened),
                            stage.in_time,
                            stage.late,
                            stage.no_answer,
                            stage.unsaid,
                            stage.other,
                            in_all(&stage.resolved),
                            stage.open,
                        ]
                        .map(Cell::Count),
                    );
                    cells
                })
                .collect(),
            chart: Some(Chart::Numbers(8)),
        }
    }

    fn stages_by_month(
        &self,
        policy: &Policy,
        of: (RuleId, &Rule),
        challenges: &Challenges,
    ) -> Table {
        let (id, rule) = of;
        let spans = self.span_columns();
        let mut rows = Vec::new();
        for (&number, stage) in &challenges.stages {
            let counts = [
                ("Raised here", &stage.raised),
                ("Opened", &stage.opened),
                ("Resolved here", &stage.resolved),
            ];
            for (what, times) in counts.into_iter().filter(|(_, times)| !times.is_empty()) {
                let labels = [policy.stage_title(id, number), what.to_owned()];
                let mut row: Vec<Cell> = labels.into_iter().map(Cell::Text).collect();
                row.extend(spans.iter().map(|(place, _)| at(times, *place)));
                rows.push(row);
            }
        }
        let mut columns = vec![Column::new("stage", "Stage"), Column::new("what", "What")];
        columns.extend(spans.into_iter().map(|(_, column)| column));
        Table {
            name: OfLadder::StagesByMonth.name(rule),
            title: format!("{}: at what level, by month", rule.title),
            definition: "Raised here: the stage at which a challenge was first raised. Opened: every \
                         opening of the stage, those included. Resolved here: the stage at which it was \
                         closed, by the day it was closed. What there was none of does not stand here."
                .to_owned(),
            columns,
            rows,
            chart: None,
        }
    }

    fn cap(&self, rule: &Rule, ladder: &Ladder, challenges: &Challenges) -> Option<Table> {
        ladder.cap.as_ref()?;
        let length = cap_length(ladder);
        let whole = length.map_or_else(|| "the cap".to_owned(), |length| length.to_string());
        let names = ["first_quarter", "second_quarter", "third_quarter", "fourth_quarter", "over"];
        let days = length.and_then(in_days).filter(|days| days.count >= 4);
        let titles = cap_titles(days);
        let unit = days.map_or(Unit::CalendarDays, |days| days.unit);
        let quarters = match days {
            Some(_) => "",
            None => " Its quarters are those of its calendar days.",
        };
        let mut columns = vec![Column::new("which", "Which")];
        columns.extend(names.iter().zip(&titles).map(|(name, title)| Column::new(name, title)));
        columns.push(Column::new("not_begun", "Not begun"));
        columns.push(Column::new("cannot_be_said", "Cannot be said"));
        let row = |which: &str, used: &Used| {
            let mut cells = vec![Cell::Text(which.to_owned())];
            cells.extend(used.quarters.map(Cell::Count));
            cells.extend([used.not_begun, used.unsaid].map(Cell::Count));
            cells
        };
        let rows =
            [("Resolved", &challenges.cap_closed), ("Not closed, so far", &challenges.cap_open)];
        Some(Table {
            name: OfLadder::Cap.name(rule),
            title: format!("{}: {unit} used of the cap", rule.title),
            definition: format!(
                "The cap on the whole process is {whole}, counted as the policy reads it.{quarters} For those \
                 resolved in the period: used up to the closing. For those not closed: used up to {}. \
                 Not begun: the stage that starts the cap was not opened.",
                self.frame.as_of.short()
            ),
            columns,
            rows: rows
                .into_iter()
                .filter(|(_, used)| used.all() > 0)
                .map(|(which, used)| row(which, used))
                .collect(),
            chart: None,
        })
    }
}

/// A length as a number of days, where it is one however long the months are.
fn in_days(length: Length) -> Option<Length> {
    match length.unit {
        Unit::CalendarDays | Unit::WorkingDays => Some(length),
        Unit::Weeks => {
            let count = length.count.checked_mul(7)?;
            Some(Length { count, unit: Unit::CalendarDays })
        }
        Unit::Months | Unit::Years => None,
    }
}

/// What stands above the quarters of a cap of so many days, and above what is over it.
fn cap_titles(days: Option<Length>) -> [String; 5] {
    let Some(Length { count, unit }) = days else {
        return ["1st quarter", "2nd quarter", "3rd quarter", "4th quarter", "Over the cap"]
            .map(str::to_owned);
    };
    let end = |quarter: u32| u32::from(count) * quarter / 4;
    let between = |quarter: u32| match (end(quarter) + 1, end(quarter + 1)) {
        (first, last) if first == last => format!("{first} {unit}"),
        (first, last) => format!("{first} to {last} {unit}"),
    };
    let first = format!("Up to {}", Length { count: count / 4, unit });
    let over = format!("Over {}", Length { count, unit });
    [first, between(1), between(2), between(3), over]
}

fn at(times: &Times, place: usize) -> Cell {
    Cell::Count(times.get(&place).copied().unwrap_or(0))
}

/// How long those that were resolved took, by the stage at which they were.
fn time_taken(policy: &Policy, (id, rule): (RuleId, &Rule), challenges: &Challenges) -> Table {
    const ENDS: [i32; 4] = [5, 10, 15, 20];
    let row = |label: String, days: &BTreeMap<i32, u64>, uncounted: u64| {
        let mut buckets = [0; 5];
        for (&days, &times) in days {
            let bucket = ENDS.iter().position(|&end| days <= end).unwrap_or(ENDS.len());
            if let Some(sum) = buckets.get_mut(bucket) {
                *sum += times;
            }
        }
        let all: u64 = days.values().sum();
        let number = |days: i32| Cell::Count(u64::try_from(days).unwrap_or(0));
        let middle = middle(days).map_or(Cell::Blank, number);
        let longest = days.keys().next_back().map_or(Cell::Blank, |&days| number(days));
        let mut cells = vec![Cell::Text(label), Cell::Count(all + uncounted)];
        cells.extend(buckets.map(Cell::Count));
        cells.extend([middle, longest]);
        cells
    };
    let closed = || challenges.stages.iter().filter(|(_, stage)| in_all(&stage.resolved) > 0);
    let mut rows: Vec<Vec<Cell>> = closed()
        .map(|(&number, stage)| row(policy.stage_title(id, number), &stage.days, stage.uncounted))
        .collect();
    if rows.len() > 1 {
        let mut all = BTreeMap::new();
        for (_, stage) in closed() {
            all.take_in(&stage.days);
        }
        rows.push(row("All".to_owned(), &all, closed().map(|(_, stage)| stage.uncounted).sum()));
    }
    Table {
        name: OfLadder::TimeTaken.name(rule),
        title: format!("{}: in how many working days resolved", rule.title),
        definition:
            "Those resolved in the period, by the stage at which they were closed, and the \
                     working days from the day they were first raised to the day they were closed. \
                     Middle: half of them took no longer."
                .to_owned(),
        columns: [
            ("stage", "Stage"),
            ("resolved", "Resolved"),
            ("up_to_5", "Up to 5"),
            ("from_6_to_10", "6 to 10"),
            ("from_11_to_15", "11 to 15"),
            ("from_16_to_20", "16 to 20"),
            ("over_20", "Over 20"),
            ("middle_working_days", "Middle"),
            ("longest_working_days", "Longest"),
        ]
        .map(|(name, title)| Column::new(name, title))
        .to_vec(),
        rows,
        chart: Some(Chart::Parts(
            (0..5).map(|step| (usize::from(step) + 2, Shade::Step(step))).collect(),
        )),
    }
}

/// The smallest number of days that at least half of them did not exceed.
fn middle(days: &BTreeMap<i32, u64>) -> Option<i32> {
    let half = days.values().sum::<u64>().div_ceil(2);
    let mut sum = 0;
    days.iter().find_map(|(&days, &times)| {
        sum += times;
        (sum >= half).then_some(days)
    })
}

/// What the challenges were about.
fn themes(policy: &Policy, rule: &Rule, ladder: &Ladder, challenges: &Challenges) -> Option<Table> {
    let ground = policy.attribute(ladder.opened_by, ladder.ground_attribute?);
    let said = words(ground);
    let label = |word: Option<u16>| {
        let word = word.and_then(|word| said.get(usize::from(word)).copied());
        Cell::Text(word.unwrap_or("(not recorded)").to_owned())
    };
    Some(Table {
        name: OfLadder::Themes.name(rule),
        title: format!("{}: themes", rule.title),
        definition: format!(
            "By the {} that “{}” names. Raised: on the first opening. At any stage: on every opening. \
             Resolved: the ground on which one that was closed in the period had first been raised.",
            ground.name,
            policy.event(ladder.opened_by).title
        ),
        columns: [
            ("theme", "Theme"),
            ("raised", "Raised"),
            ("at_any_stage", "At any stage"),
            ("resolved", "Resolved"),
        ]
        .map(|(name, title)| Column::new(name, title))
        .to_vec(),
        // Those without a ground come last.
        rows: challenges
            .grounds
            .iter()
            .skip_while(|(word, _)| word.is_none())
            .chain(challenges.grounds.get_key_value(&None))
            .filter(|(_, ground)| ground.raised + ground.named + ground.resolved > 0)
            .map(|(&word, ground)| {
                let mut cells = vec![label(word)];
                cells.extend([ground.raised, ground.named, ground.resolved].map(Cell::Count));
                cells
            })
            .collect(),
        chart: Some(Chart::Numbers(2)),
    })
}

fn standing(rule: &Rule, challenges: &Challenges, as_of: Date) -> Table {
    let words = |state: LadderState| match state {
        LadderState::Open => "A stage is open",
        LadderState::Settled => "Answer judged satisfactory, closing not recorded",
        LadderState::Closed => "Closed",
        LadderState::Exhausted => "Answer at the highest stage judged not satisfactory",
        LadderState::NoListedWayOn => {
            "A ground for leaving the stage has matured; no way on is listed"
        }
    };
    Table {
        name: OfLadder::Standing.name(rule),
        title: format!("{}: where those stand that are not closed", rule.title),
        definition: format!("As of {}, whenever they were raised.", as_of.short()),
        columns: vec![Column::new("standing", "Where"), Column::new("number", "Number")],
        rows: challenges
            .standing
            .iter()
            .map(|(&state, &times)| vec![Cell::Text(words(state).to_owned()), Cell::Count(times)])
            .collect(),
        chart: None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Length, Unit, cap_titles, in_days};

    #[test]
    fn every_quarter_of_a_cap_names_its_days() {
        let titles = |count, unit| cap_titles(in_days(Length { count, unit }));
        assert_eq!(
            titles(22, Unit::WorkingDays),
            [
                "Up to 5 working days",
                "6 to 11 working days",
                "12 to 16 working days",
                "17 to 22 working days",
                "Over 22 working days"
            ]
        );
        assert_eq!(
            titles(4, Unit::CalendarDays),
            [
                "Up to 1 calendar day",
                "2 calendar days",
                "3 calendar days",
                "4 calendar days",
                "Over 4 calendar days"
            ]
        );
        // Six weeks are 42 days, and a quarter of them is ten and a half.
        assert_eq!(
            titles(6, Unit::Weeks),
            [
                "Up to 10 calendar days",
                "11 to 21 calendar days",
                "22 to 31 calendar days",
                "32 to 42 calendar days",
                "Over 42 calendar days"
            ]
        );
        // Three months have no number of days.
        let quarters = ["1st quarter", "2nd quarter", "3rd quarter", "4th quarter", "Over the cap"];
        assert_eq!(titles(3, Unit::Months), quarters);
    }
}
