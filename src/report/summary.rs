//! What stands first: the figures most will look for, all of which the tables below have again.

use super::challenge::Times;
use super::counts::{Merge, Tally};
use super::figures::Figures;
use super::frame::{Span, SpanKind};
use super::owed::Owed;
use super::table::{Cell, Column, Table};
use crate::policy::Policy;

impl Figures {
    /// The latest month, the latest quarter and the whole, where they differ, by their place.
    fn latest(&self) -> Vec<(usize, Span)> {
        let mut latest: Vec<(usize, Span)> = Vec::new();
        for (place, &span) in self.frame.spans().iter().enumerate() {
            match latest.last_mut() {
                Some(last) if last.1.kind == span.kind => *last = (place, span),
                _ => latest.push((place, span)),
            }
        }
        let whole = |span: &Span| (span.from, span.to) == (self.frame.from, self.frame.to);
        latest.retain(|(_, span)| span.kind == SpanKind::Whole || !whole(span));
        latest
    }

    /// Timeliness and challenges of the latest month, the latest quarter and the whole.
    pub(super) fn summary(&self, policy: &Policy) -> Option<Table> {
        let latest = self.latest();
        let mut rows = Vec::new();
        let mut row = |label: String, cell: &dyn Fn(usize) -> Cell| {
            let mut cells = vec![Cell::Text(label)];
            cells.extend(latest.iter().map(|&(place, _)| cell(place)));
            rows.push(cells);
        };
        for (&rule, series) in self.series.iter().filter(|(_, series)| !series.is_empty()) {
            let rule = policy.rule(rule);
            let share = |of: &[Tally], place: usize| {
                let tally = of.get(place).copied().unwrap_or_default();
                Cell::Share(tally.in_time, tally.said())
            };
            let noun = rule.body.noun();
            row(format!("{}: in time, per {noun}", rule.title), &|place| {
                share(&series.reviews, place)
            });
            row(format!("{}: in time, per child", rule.title), &|place| {
                share(&series.cases, place)
            });
        }
        for (&rule, ladder) in self.ladders.iter().filter(|(_, ladder)| !ladder.is_empty()) {
            let title = &policy.rule(rule).title;
            let at = |of: &Times, place: usize| Cell::Count(of.get(&place).copied().unwrap_or(0));
            row(format!("{title}: raised"), &|place| at(&ladder.raised, place));
            row(format!("{title}: resolved"), &|place| at(&ladder.resolved, place));
        }
        let mut columns = vec![Column::new("what", "What")];
        columns.extend(latest.iter().map(|&(_, span)| Column::of(span)));
        (!rows.is_empty()).then(|| Table {
            name: "summary".to_owned(),
            title: "In short".to_owned(),
            definition:
                "The latest month, the latest quarter and the whole period. The tables below \
                         have the numbers behind each of these, and say what they count."
                    .to_owned(),
            columns,
            rows,
            chart: None,
        })
    }

    /// What is owed and what is open on the as-of day, over everybody.
    pub(super) fn now(&self, policy: &Policy) -> Option<Table> {
        let mut all = Owed::default();
        for owed in self.owed.values() {
            all.take_in(owed);
        }
        let next = format!("Due by {}", self.frame.horizon().long());
        let mut rows = vec![
            ("Overdue".to_owned(), all.overdue),
            ("Longest overdue, in calendar days".to_owned(), all.longest),
            (next, all.next),
        ];
        for (&rule, ladder) in self.ladders.iter().filter(|(_, ladder)| !ladder.is_empty()) {
            let open = ladder.standing.values().sum();
            rows.push((format!("{}: not closed", policy.rule(rule).title), open));
        }
        (!all.is_empty()).then(|| Table {
            name: "now".to_owned(),
            title: format!("As of {}", self.frame.as_of.long()),
            definition:
                "Everything with a last day, over everybody who owes it and over all cases."
                    .to_owned(),
            columns: vec![Column::new("what", "What"), Column::new("number", "Number")],
            rows: rows
                .into_iter()
                .map(|(label, number)| vec![Cell::Text(label), Cell::Count(number)])
                .collect(),
            chart: None,
        })
    }
}
