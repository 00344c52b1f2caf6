//! From figures to tables: which there are, in which order, and what each of them counts.

use std::collections::BTreeMap;

use super::counts::{Merge, Tally};
use super::figures::{Figures, Refusal};
use super::frame::Span;
use super::names::{LONGEST_OVERDUE, of_series};
use super::owed::Owed;
use super::recorded::words;
use super::table::{Cell, Chart, Column, Report, Shade, Table};
use super::timely::Timeliness;
use crate::eval::Part;
use crate::policy::words::joined;
use crate::policy::{Body, Policy, RoleId, Rule, RuleId};

/// The parts of a bar beside the columns of [`tally_columns`].
const KEPT: [(usize, Shade); 4] =
    [(1, Shade::InTime), (2, Shade::Late), (3, Shade::NotDone), (4, Shade::Unsaid)];

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
        let mut owed = self.owed_tables(policy);
        // What each owes in all comes first, what it is after the challenges: it is long.
        let by_duty = owed.pop();
        tables.extend(owed);
        for (&id, challenges) in &self.ladders {
            let rule = policy.rule(id);
            if let (Body::Ladder(ladder), false) = (&rule.body, challenges.is_empty()) {
                tables.extend(self.ladder_tables(policy, (id, rule, ladder), challenges));
            } else {
                empty.push(rule.title.clone());
            }
        }
        tables.extend(by_duty);
        tables.extend(self.duties(policy));
        tables.extend(self.prohibitions(policy));
        tables.extend(self.events(policy));
        tables.extend(self.words(policy));
        tables.extend(self.not_included());
        let mut notes = Vec::new();
        if !empty.is_empty() {
            notes.push(format!("Nothing to count in this time: {}.", joined(empty, "and")));
        }
        if !tables.is_empty() {
            let summary = [self.summary(policy), self.now(policy)];
            tables.splice(0..0, summary.into_iter().flatten());
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
    pub(super) fn by_span(&self, row: impl Fn(usize) -> Vec<Cell>) -> Vec<Vec<Cell>> {
        let label = |(place, &span): (usize, &Span)| {
            let mut cells = vec![Cell::Span(span)];
            cells.extend(row(place));
            cells
        };
        self.frame.spans().iter().enumerate().map(label).collect()
    }

    fn series_tables(&self, policy: &Policy, rule: &Rule, series: &Timeliness) -> Vec<Table> {
        let [per_review, per_child, first_later] = of_series(rule);
        let noun = rule.body.noun();
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
        let unowed = match series.unowed {
            (0, _) => String::new(),
            (reviews, cases) => format!(
                " {held} while no clock ran for them, as where it is not recorded since when the child is \
                 looked after, or where the policy sets no last day for it: {reviews}, in {}; they are in no row.",
                match cases {
                    1 => "1 case".to_owned(),
                    cases => format!("{cases} cases"),
                },
                held = if held == "made" { "Made" } else { "Held" },
            ),
        };
        let whole = tally(&series.cases, self.frame.spans().len().saturating_sub(1)).all();
        let left_out = match (self.cases.saturating_sub(whole), series.behind) {
            (0, _) => String::new(),
            (left, 0) => format!(" (in the whole period {left} of {})", self.cases),
            (left, behind) => format!(
                " (in the whole period {left} of {}; of these {behind} with one overdue since before it)",
                self.cases
            ),
        };
        let cited = match rule.cites.as_slice() {
            [] => String::new(),
            cites => format!(" ({})", cites.join(", ")),
        };
        let reviews = Table {
            name: per_review,
            title: format!("{}: in time, per {noun}", rule.title),
            definition: format!(
                "Each {noun} by itself, judged by the last day that the policy gives it{cited}. It counts on \
                 that day (the earliest, where several are possible), or on the day it was {held} if that \
                 came first, so that a month that is over changes only where its record does. Not {held}: the last day has passed, and \
                 it was not {held} by the as-of day. Cannot be said: the record leaves open whether it \
                 was in time. Share in time: in time, of those of which it can be said.{undated}\
                 {unowed}{readings}"
            ),
            columns: [vec![Column::new("span", "Period")], tally_columns(held)].concat(),
            rows: self.by_span(|place| tally_cells(tally(&series.reviews, place))),
            chart: Some(Chart::Parts(KEPT.to_vec())),
        };
        let children = Table {
            name: per_child,
            title: format!("{}: in time, per child", rule.title),
            definition: format!(
                "All or nothing: a child is in time if every {noun} that counts in the period was. \
                 Each case is one child; one with no {noun} to count is left out{left_out}, one that \
                 has ceased to be looked after is not. Cannot be said: none is known to have been out of time, \
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
            chart: Some(Chart::Parts(vec![
                (1, Shade::InTime),
                (2, Shade::Late),
                (3, Shade::Unsaid),
            ])),
        };
        let ordinals = Table {
            name: first_later,
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
            chart: Some(Chart::Parts(KEPT.to_vec())),
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
                Column::new("longest_overdue_days", "Longest, calendar days"),
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
        // Whoever is named first owes it no more than the others.
        let mut owners: BTreeMap<Vec<RoleId>, Owed> = BTreeMap::new();
        let mut debts: Vec<_> = self
            .owed
            .iter()
            .map(|(&(rule, part), owed)| (policy.owners_of(rule, part).0, rule, part, owed))
            .collect();
        debts.sort_by(|one, other| (&one.0, one.1, one.2).cmp(&(&other.0, other.1, other.2)));
        for (roles, _, _, owed) in &debts {
            let mut together = roles.clone();
            together.sort_unstable();
            owners.entry(together).or_default().take_in(owed);
        }
        let definition = format!(
            "As of {as_of}, over all cases. Overdue: the last day has passed, and it is not done; \
             also where it had passed already when it became known. Due: the last day is {horizon} or \
             before and has not passed, or a review was begun and is not \
             completed. No time limit: owed, and the policy gives no last day."
        );
        let by_owner = Table {
            name: "owed-by-owner".to_owned(),
            title: "Overdue and due, by who owes it".to_owned(),
            definition: format!(
                "{definition} What several owe together has a row of its own, whoever of them is \
                 named first."
            ),
            columns: columns(&[("owner", "Who")]),
            rows: owners
                .iter()
                .map(|(roles, owed)| {
                    [vec![Cell::Text(titles(policy, roles))], cells(owed).to_vec()].concat()
                })
                .collect(),
            chart: Some(Chart::Numbers(1)),
        };
        let row = |(roles, rule, part, owed): &(Vec<RoleId>, RuleId, Part, &Owed)| {
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
            rows: debts.iter().map(row).collect(),
            chart: None,
        };
        let longest = Table {
            name: LONGEST_OVERDUE.to_owned(),
            title: "Overdue for longest".to_owned(),
            definition: format!(
                "The deadlines that have been overdue for longest as of {as_of}; `duly why` explains \
                 each."
            ),
            columns: vec![
                Column::new("case", "Case"),
                Column::new("duty", "What"),
                Column::new("last_day", "Last day"),
                Column::new("days_overdue", "Calendar days overdue"),
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
        let tables = [by_owner, longest, by_duty];
        tables.into_iter().filter(|table| !table.rows.is_empty()).collect()
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
                "{} to {}. Each counts on its last day in time, or on the day it was done if that came \
                 first. Not recorded: the last day has passed, and there is no record that it was done. What has no time limit is not here; where it is owed, it stands above.",
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
    pub(super) fn span_columns(&self) -> Vec<(usize, Column)> {
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
            1 => " 1 more is not listed.".to_owned(),
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
            rows: self.refusals.iter().flat_map(refusal_rows).collect(),
            chart: None,
        })
    }
}

/// A row for each mistake of a case that is not included, and one for those that are not listed.
fn refusal_rows(refusal: &Refusal) -> Vec<Vec<Cell>> {
    let row = |line, why| {
        let (case, file) = (refusal.case.clone(), refusal.file.clone());
        vec![Cell::Text(case), Cell::Text(file), line, Cell::Text(why)]
    };
    let listed = refusal.mistakes().iter().map(|mistake| {
        let line = match mistake.line {
            0 => Cell::Blank,
            line => Cell::Count(u64::from(line)),
        };
        row(line, mistake.message.clone())
    });
    let more = match refusal.more() {
        0 => None,
        1 => Some("and 1 more mistake".to_owned()),
        more => Some(format!("and {more} more mistakes")),
    };
    listed.chain(more.map(|more| row(Cell::Blank, more))).collect()
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
