//! From figures to tables: which there are, in which order, and what each of them counts.

use super::challenge::{Challenges, Used, cap_length};
use super::counts::Tally;
use super::figures::Figures;
use super::frame::Span;
use super::owed::{Debt, Owed};
use super::recorded::words;
use super::table::{Cell, Chart, Column, Report, Table};
use super::timely::Series;
use crate::calendar::Date;
use crate::eval::{LadderState, Part};
use crate::policy::words::joined;
use crate::policy::{Body, Ladder, Policy, RoleId, Rule, RuleId};

impl Figures {
    /// Sets the figures out as tables. What there is nothing to say of is named, and has no table.
    pub fn report(&self, policy: &Policy) -> Report {
        let header = &policy.header;
        let of = [&header.title, &header.authority];
        let of: Vec<&str> =
            of.into_iter().map(String::as_str).filter(|it| !it.is_empty()).collect();
        let mut empty = Vec::new();
        let mut tables = Vec::new();
        for (&rule, series) in &self.series {
            let rule = policy.rule(rule);
            if series.is_empty() {
                empty.push(rule.title.clone());
            } else {
                tables.extend(self.series_tables(policy, rule, series));
            }
        }
        tables.extend(self.owed_tables(policy));
        for (&id, challenges) in &self.ladders {
            let rule = policy.rule(id);
            if let (Body::Ladder(ladder), false) = (&rule.body, challenges.is_empty()) {
                tables.extend(self.ladder_tables(policy, (id, rule, ladder), challenges));
            } else {
                empty.push(rule.title.clone());
            }
        }
        tables.extend(self.duties(policy));
        tables.extend(self.prohibitions(policy));
        tables.extend(self.events(policy));
        tables.extend(self.words(policy));
        tables.extend(self.not_included());
        let mut notes = Vec::new();
        if !empty.is_empty() {
            notes.push(format!("Nothing to count in this time: {}.", joined(empty, "and")));
        }
        Report {
            policy: header.name.clone(),
            title: of.join(", "),
            frame: self.frame.clone(),
            cases: self.cases,
            refused: self.refused,
            notes,
            tables,
        }
    }

    /// A row for each stretch of time.
    fn by_span(&self, row: impl Fn(usize) -> Vec<Cell>) -> Vec<Vec<Cell>> {
        let label = |(place, &span): (usize, &Span)| {
            let mut cells = vec![Cell::Span(span)];
            cells.extend(row(place));
            cells
        };
        self.frame.spans().iter().enumerate().map(label).collect()
    }

    fn series_tables(&self, policy: &Policy, rule: &Rule, series: &Series) -> Vec<Table> {
        let noun = match &rule.body {
            Body::Series(series) => series.noun,
            Body::Duty(_) | Body::Trigger(_) | Body::Forbid(_) | Body::Ladder(_) => "review",
        };
        let held = if noun == "visit" { "made" } else { "held" };
        let tally = |of: &[Tally], place: usize| of.get(place).copied().unwrap_or_default();
        let readings: Vec<String> = policy
            .readings
            .iter()
            .filter(|reading| reading.switched)
            .map(|reading| format!("`{}` read as {}", reading.name, reading.chosen))
            .collect();
        let readings = match readings.len() {
            0 => String::new(),
            _ => format!(" Not as the policy itself reads: {}.", joined(readings, "and")),
        };
        let undated = match series.undated {
            0 => String::new(),
            1 => " One more cannot be said and has no date; it is in no row.".to_owned(),
            more => format!(" {more} more cannot be said and have no date; they are in no row."),
        };
        let cited = match rule.cites.as_slice() {
            [] => String::new(),
            cites => format!(" ({})", cites.join(", ")),
        };
        let reviews = Table {
            name: format!("{}-per-{noun}", rule.name),
            title: format!("{}: in time, per {noun}", rule.title),
            definition: format!(
                "Each {noun} by itself, judged by the last day that the policy gives it{cited}. One \
                 {held} in time counts on the day it was {held}, any other on its last day in time (the earliest, where several are possible), so that \
                 a month that is over changes only where its record does. Not {held}: the last day has passed, and \
                 it was not {held} by the as-of day. Cannot be said: the record leaves open whether it \
                 was in time. Share in time: in time, of those of which it can be said.{undated}\
                 {readings}"
            ),
            columns: [vec![Column::new("span", "Period")], tally_columns(held)].concat(),
            rows: self.by_span(|place| tally_cells(tally(&series.reviews, place))),
            chart: Some(Chart::Parts(vec![1, 2, 3, 4])),
        };
        let children = Table {
            name: format!("{}-per-child", rule.name),
            title: format!("{}: in time, per child", rule.title),
            definition: format!(
                "All or nothing: a child is in time if every {noun} that counts in the period was. \
                 Each case is one child; one with no {noun} to count is left out, one that has ceased \
                 to be looked after is not. Cannot be said: none is known to have been out of time, \
                 and of at least one it cannot be said. Share in time: of the children of whom it can \
                 be said. Lower than the share per {noun} by its nature; the two are not to be \
                 compared.{readings}"
            ),
            columns: vec![
                Column::new("span", "Period"),
                Column::new("in_time", "All in time"),
                Column::new("not_in_time", "Not all in time"),
                Column::new("cannot_be_said", "Cannot be said"),
                Column::new("share_in_time", "Share in time"),
            ],
            rows: self.by_span(|place| {
                let tally = tally(&series.cases, place);
                vec![
                    Cell::Count(tally.in_time),
                    Cell::Count(tally.late),
                    Cell::Count(tally.unsaid),
                    Cell::Share(tally.in_time, tally.said()),
                ]
            }),
            chart: Some(Chart::Parts(vec![1, 2, 3])),
        };
        let ordinals = Table {
            name: format!("{}-first-later", rule.name),
            title: format!("{}: first, second and later", rule.title),
            definition: format!(
                "The {noun}s of the whole period, {} to {}, counted as above, by their place in the \
                 child's period of care.",
                self.frame.from.short(),
                self.frame.to.short()
            ),
            columns: [vec![Column::new("which", "Which")], tally_columns(held)].concat(),
            rows: ["First", "Second", "Later"]
                .into_iter()
                .zip(series.ordinals)
                .map(|(which, tally)| {
                    [vec![Cell::Text(which.to_owned())], tally_cells(tally)].concat()
                })
                .collect(),
            chart: Some(Chart::Parts(vec![1, 2, 3, 4])),
        };
        vec![reviews, children, ordinals]
    }

    fn owed_tables(&self, policy: &Policy) -> Vec<Table> {
        let (as_of, horizon) = (self.frame.as_of.long(), self.frame.horizon().long());
        let next = format!("Due by {}", self.frame.horizon().short());
        let columns = |first: &[(&str, &str)]| -> Vec<Column> {
            let of = |&(name, title): &(&str, &str)| Column::new(name, title);
            let mut columns: Vec<Column> = first.iter().map(of).collect();
            columns.extend([
                Column::new("overdue", "Overdue"),
                Column::new("longest_overdue_days", "Longest, days"),
                Column::new("due_next", &next),
                Column::new("no_time_limit", "No time limit"),
                Column::new("cannot_be_said", "Cannot be said"),
            ]);
            columns
        };
        let cells = |owed: &Owed| {
            let longest = if owed.overdue == 0 { Cell::Blank } else { Cell::Count(owed.longest) };
            let (next, unlimited) = (Cell::Count(owed.next), Cell::Count(owed.unlimited));
            [Cell::Count(owed.overdue), longest, next, unlimited, Cell::Count(owed.unsaid)]
        };
        let mut owners: Vec<(Vec<RoleId>, Owed)> = Vec::new();
        for ((roles, ..), owed) in &self.owed {
            match owners.iter_mut().find(|(known, _)| known == roles) {
                Some((_, sum)) => super::counts::Merge::take_in(sum, owed),
                None => owners.push((roles.clone(), *owed)),
            }
        }
        let definition = format!(
            "As of {as_of}, over all cases. Overdue: the last day has passed, and it is not done. Due: \
             the last day is {horizon} or before and has not passed, or a review was begun and is not \
             completed. No time limit: owed, and the policy gives no last day."
        );
        let by_owner = Table {
            name: "owed-by-owner".to_owned(),
            title: "Overdue and due, by who owes it".to_owned(),
            definition: format!("{definition} What several owe together has a row of its own."),
            columns: columns(&[("owner", "Who")]),
            rows: owners
                .iter()
                .map(|(roles, owed)| {
                    [vec![Cell::Text(titles(policy, roles))], cells(owed).to_vec()].concat()
                })
                .collect(),
            chart: Some(Chart::Numbers(1)),
        };
        let row = |((roles, rule, part), owed): (&Debt, &Owed)| {
            let mut row =
                vec![Cell::Text(titles(policy, roles)), Cell::Text(title_of(policy, *rule, *part))];
            row.extend(cells(owed));
            row
        };
        let by_duty = Table {
            name: "owed-by-duty".to_owned(),
            title: "Overdue and due, by what is owed".to_owned(),
            definition,
            columns: columns(&[("owner", "Who"), ("duty", "What")]),
            rows: self.owed.iter().map(row).collect(),
            chart: None,
        };
        let longest = Table {
            name: "longest-overdue".to_owned(),
            title: "Overdue for longest".to_owned(),
            definition: format!(
                "The deadlines that have been overdue for longest as of {as_of}; `duly why` explains \
                 each."
            ),
            columns: vec![
                Column::new("case", "Case"),
                Column::new("duty", "What"),
                Column::new("last_day", "Last day"),
                Column::new("days_overdue", "Days overdue"),
            ],
            rows: self
                .longest
                .longest
                .iter()
                .map(|one| {
                    vec![
                        Cell::Text(one.case.clone()),
                        Cell::Text(title_of(policy, one.rule, one.part)),
                        Cell::Day(one.due),
                        Cell::Count(one.days),
                    ]
                })
                .collect(),
            chart: None,
        };
        let tables = [by_owner, by_duty, longest];
        tables.into_iter().filter(|table| !table.rows.is_empty()).collect()
    }

    fn ladder_tables(
        &self,
        policy: &Policy,
        (id, rule, ladder): (RuleId, &Rule, &Ladder),
        challenges: &Challenges,
    ) -> Vec<Table> {
        let mut tables = vec![self.ladder_months(policy, rule, ladder, challenges)];
        tables.push(self.stages(policy, (id, rule), challenges));
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
        let at = |times: &[u64], place: usize| Cell::Count(times.get(place).copied().unwrap_or(0));
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
            name: format!("{}-by-month", rule.name),
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
            name: format!("{}-by-stage", rule.name),
            title: format!("{}: at what level", rule.title),
            definition: format!(
                "{} to {}. Raised here: the stage at which a challenge was first raised. Opened: every \
                 opening of the stage, those included; then how the answer to each turned out. Open: \
                 not due yet, without a last day, or left in time for a further stage. Resolved here: \
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
                ("open", "Open"),
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
                            stage.raised,
                            stage.opened,
                            stage.in_time,
                            stage.late,
                            stage.no_answer,
                            stage.unsaid,
                            stage.other,
                            stage.resolved,
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

    fn cap(&self, rule: &Rule, ladder: &Ladder, challenges: &Challenges) -> Option<Table> {
        ladder.cap.as_ref()?;
        let length = cap_length(ladder);
        let whole = length.map_or_else(|| "the cap".to_owned(), |length| length.to_string());
        let names = ["first_quarter", "second_quarter", "third_quarter", "fourth_quarter", "over"];
        let titles: Vec<String> = match length.filter(|length| length.count >= 4) {
            Some(length) => {
                let end = |quarter: u16| length.count * quarter / 4;
                let titles = (0..4).map(|quarter| match quarter {
                    0 => format!("Up to {}", end(1)),
                    _ => format!("{} to {}", end(quarter) + 1, end(quarter + 1)),
                });
                titles.chain([format!("Over {}", length.count)]).collect()
            }
            None => ["1st quarter", "2nd quarter", "3rd quarter", "4th quarter", "Over"]
                .map(str::to_owned)
                .to_vec(),
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
        let rows = [
            ("Resolved in the period", &challenges.cap_closed),
            ("Not closed, so far", &challenges.cap_open),
        ];
        Some(Table {
            name: format!("{}-cap", rule.name),
            title: format!("{}: days used of the cap", rule.title),
            definition: format!(
                "The cap on the whole process is {whole}, counted as the policy reads it. For those \
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

    fn duties(&self, policy: &Policy) -> Option<Table> {
        let mut duties: Vec<_> = self
            .duties
            .iter()
            .map(|(&(rule, part), tally)| (policy.owners_of(rule, part).0, rule, part, *tally))
            .collect();
        duties.sort_by(|one, other| (&one.0, one.1, one.2).cmp(&(&other.0, other.1, other.2)));
        let rows: Vec<Vec<Cell>> = duties
            .into_iter()
            .map(|(owners, rule, part, tally)| {
                let who = Cell::Text(titles(policy, &owners));
                let what = Cell::Text(title_of(policy, rule, part));
                [vec![who, what], tally_cells(tally)].concat()
            })
            .collect();
        (!rows.is_empty()).then(|| Table {
            name: "duties".to_owned(),
            title: "Everything else with a last day".to_owned(),
            definition: format!(
                "{} to {}. One done in time counts on the day it was done, any other on its last day \
                 in time. Not recorded: the last day has passed, and there is no record that it was done. What has no time limit is not here; where it is owed, it stands above.",
                self.frame.from.short(),
                self.frame.to.short()
            ),
            columns: [
                vec![Column::new("owner", "Who"), Column::new("duty", "What")],
                tally_columns("recorded"),
            ]
            .concat(),
            rows,
            chart: None,
        })
    }

    fn prohibitions(&self, policy: &Policy) -> Option<Table> {
        let rows: Vec<Vec<Cell>> = self
            .prohibitions
            .iter()
            .map(|(&rule, tally)| {
                vec![
                    Cell::Text(policy.rule(rule).title.clone()),
                    Cell::Count(tally.not_done),
                    Cell::Count(tally.in_time),
                    Cell::Count(tally.unsaid),
                ]
            })
            .collect();
        (!rows.is_empty()).then(|| Table {
            name: "prohibitions".to_owned(),
            title: "Not to be done".to_owned(),
            definition: format!(
                "Acts from {} to {} of a kind that the policy forbids: against the rule, or excused by \
                 what the rule itself allows.",
                self.frame.from.short(),
                self.frame.to.short()
            ),
            columns: vec![
                Column::new("prohibition", "What"),
                Column::new("against_the_rule", "Against the rule"),
                Column::new("excused", "Excused"),
                Column::new("cannot_be_said", "Cannot be said"),
            ],
            rows,
            chart: None,
        })
    }

    /// The columns for each stretch, the whole first because it is what most will look for.
    fn span_columns(&self) -> Vec<(usize, Column)> {
        let mut columns: Vec<_> =
            self.frame.spans().iter().map(|&span| Column::of(span)).enumerate().collect();
        columns.rotate_right(1);
        columns
    }

    fn events(&self, policy: &Policy) -> Option<Table> {
        let spans = self.span_columns();
        let rows: Vec<Vec<Cell>> = policy
            .events
            .iter()
            .zip(&self.events)
            .filter(|(_, recorded)| recorded.times.iter().any(|&times| times > 0))
            .map(|(event, recorded)| {
                let mut row = vec![Cell::Text(event.title.clone())];
                row.extend(spans.iter().map(|&(place, _)| at(&recorded.times, place)));
                row
            })
            .collect();
        let mut columns = vec![Column::new("event", "Event")];
        columns.extend(spans.into_iter().map(|(_, column)| column));
        (!rows.is_empty()).then(|| Table {
            name: "events".to_owned(),
            title: "What was recorded".to_owned(),
            definition: "How often each event was recorded, by the day it happened; the same event on \
                         the same day of one case, with nothing to tell them apart, counts once. An \
                         event that does not stand here was not recorded in the period."
                .to_owned(),
            columns,
            rows,
            chart: None,
        })
    }

    fn words(&self, policy: &Policy) -> Option<Table> {
        let spans = self.span_columns();
        let mut rows = Vec::new();
        for (event, recorded) in policy.events.iter().zip(&self.events) {
            for (attribute, counts) in event.attributes.iter().zip(&recorded.words) {
                let said = words(attribute);
                let labels = said.into_iter().chain(["(not recorded)"]);
                for (word, times) in labels.zip(counts) {
                    if times.iter().all(|&times| times == 0) {
                        continue;
                    }
                    let labels = [event.title.as_str(), attribute.name.as_str(), word];
                    let mut row: Vec<Cell> =
                        labels.into_iter().map(|text| Cell::Text(text.to_owned())).collect();
                    row.extend(spans.iter().map(|&(place, _)| at(times, place)));
                    rows.push(row);
                }
            }
        }
        let mut columns = vec![
            Column::new("event", "Event"),
            Column::new("attribute", "Attribute"),
            Column::new("word", "Word"),
        ];
        columns.extend(spans.into_iter().map(|(_, column)| column));
        (!rows.is_empty()).then(|| Table {
            name: "words".to_owned(),
            title: "What was recorded, by word".to_owned(),
            definition:
                "How often each event was recorded with each of the words it can carry, such \
                         as a rating or a ground."
                    .to_owned(),
            columns,
            rows,
            chart: None,
        })
    }

    fn not_included(&self) -> Option<Table> {
        let more = self.refused - self.refusals.len() as u64;
        let more = match more {
            0 => String::new(),
            more => format!(" {more} more are not listed."),
        };
        (self.refused > 0).then(|| Table {
            name: "not-included".to_owned(),
            title: "Not included".to_owned(),
            definition: format!(
                "Cases that could not be read as they stand. None of their events is in any \
                 figure.{more}"
            ),
            columns: vec![
                Column::new("case", "Case"),
                Column::new("file", "File"),
                Column::new("line", "Line"),
                Column::new("why", "Why"),
            ],
            rows: self
                .refusals
                .iter()
                .map(|refusal| {
                    let line = match refusal.line {
                        0 => Cell::Blank,
                        line => Cell::Count(u64::from(line)),
                    };
                    vec![
                        Cell::Text(refusal.case.clone()),
                        Cell::Text(refusal.file.clone()),
                        line,
                        Cell::Text(refusal.message.clone()),
                    ]
                })
                .collect(),
            chart: None,
        })
    }
}

fn at(times: &[u64], place: usize) -> Cell {
    Cell::Count(times.get(place).copied().unwrap_or(0))
}

fn tally_columns(done: &str) -> Vec<Column> {
    vec![
        Column::new("in_time", "In time"),
        Column::new("late", "Late"),
        Column::new(&format!("not_{done}"), &format!("Not {done}")),
        Column::new("cannot_be_said", "Cannot be said"),
        Column::new("share_in_time", "Share in time"),
    ]
}

fn tally_cells(tally: Tally) -> Vec<Cell> {
    vec![
        Cell::Count(tally.in_time),
        Cell::Count(tally.late),
        Cell::Count(tally.not_done),
        Cell::Count(tally.unsaid),
        Cell::Share(tally.in_time, tally.said()),
    ]
}

fn titles(policy: &Policy, roles: &[RoleId]) -> String {
    let titles = roles.iter().map(|&role| policy.role(role).title.clone());
    joined(titles.collect(), "and")
}

/// What is owed: a rule, or the part of it.
fn title_of(policy: &Policy, id: RuleId, part: Part) -> String {
    let rule = policy.rule(id);
    let stage = |stage| policy.stage_title(id, stage);
    match part {
        Part::Whole => rule.title.clone(),
        Part::Judgement => format!("{}: judgement", rule.title),
        Part::BroughtForward => format!("{}: review brought forward", rule.title),
        Part::Opening { stage: number } => {
            format!("{}: to be opened at {} or above", rule.title, stage(number))
        }
        Part::Answer { stage: number } => format!("{}, {}: answer", rule.title, stage(number)),
        Part::Approval { stage: number } => format!("{}, {}: approval", rule.title, stage(number)),
        Part::Cap => format!("{}: whole process", rule.title),
    }
}

/// How long those that were resolved took, by the stage at which they were.
fn time_taken(policy: &Policy, (id, rule): (RuleId, &Rule), challenges: &Challenges) -> Table {
    const ENDS: [i32; 4] = [5, 10, 15, 20];
    let row = |label: String, days: &std::collections::BTreeMap<i32, u64>, uncounted: u64| {
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
    let closed = || challenges.stages.iter().filter(|(_, stage)| stage.resolved > 0);
    let mut rows: Vec<Vec<Cell>> = closed()
        .map(|(&number, stage)| row(policy.stage_title(id, number), &stage.days, stage.uncounted))
        .collect();
    if rows.len() > 1 {
        let mut all = std::collections::BTreeMap::new();
        for (_, stage) in closed() {
            super::counts::Merge::take_in(&mut all, &stage.days);
        }
        rows.push(row("All".to_owned(), &all, closed().map(|(_, stage)| stage.uncounted).sum()));
    }
    Table {
        name: format!("{}-time-taken", rule.name),
        title: format!("{}: in what time resolved", rule.title),
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
        chart: Some(Chart::Parts(vec![2, 3, 4, 5, 6])),
    }
}

/// The smallest number of days that at least half of them did not exceed.
fn middle(days: &std::collections::BTreeMap<i32, u64>) -> Option<i32> {
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
        name: format!("{}-themes", rule.name),
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
        name: format!("{}-standing", rule.name),
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
