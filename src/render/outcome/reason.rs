//! The reason of a deadline in one cell: by which limit and from which day its date was counted, how it
//! stands, and what else decides that.
//!
//! The words are those of the other forms. What is the same for every case is put together once, with a
//! gap for the day.

use super::Answer;
use super::dates::LongDates;
use super::status::{Phrase, remarks};
use super::words::basis_word;
use crate::calendar::Date;
use crate::diagnostic::cell::write_cell;
use crate::eval::{BasisKind, Deadline, Due, FactId, Part, Status};
use crate::policy::words::ordinal;
use crate::policy::{
    Anchor, Body, Condition, Duty, EventId, Ladder, Limit, Point, Policy, RuleId, Series, Window,
};

/// Stands for the day while words are put together; no title can hold it.
const GAP: char = '\0';

/// Writes reasons, one cell for each deadline.
#[derive(Debug)]
pub(super) struct ReasonCells {
    /// The clocks met so far, by rule.
    clocks: Vec<Vec<(Key, Clock)>>,
    dates: LongDates,
    cell: String,
}

/// What decides the words for a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Key {
    part: Part,
    limit: Option<u16>,
    from: From,
}

/// From what a clock counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum From {
    /// From an event.
    Event(EventId),
    /// From a review date that is known in this way.
    Review(BasisKind),
    /// From a day that no event gave.
    Day,
}

/// By which limit and from what, with a gap for the day: what stands before it and after it.
#[derive(Debug)]
struct Clock {
    before: String,
    after: String,
}

/// A cell being written.
struct Cell<'a> {
    text: &'a mut String,
    dates: &'a mut LongDates,
}

impl Phrase for Cell<'_> {
    fn put(&mut self, words: &str) {
        self.text.push_str(words);
    }

    fn day(&mut self, day: Date) {
        self.dates.add(day, self.text);
    }

    fn count(&mut self, number: i32, noun: &str) {
        self.put(&number.to_string());
        self.put(" ");
        self.put(noun);
        if number != 1 {
            self.put("s");
        }
    }
}

impl ReasonCells {
    pub(super) fn new(policy: &Policy) -> ReasonCells {
        let clocks = policy.rules.iter().map(|_| Vec::new()).collect();
        ReasonCells { clocks, dates: LongDates::default(), cell: String::new() }
    }

    /// Writes the reason of a deadline as a cell.
    pub(super) fn write(&mut self, answer: &Answer<'_>, row: &Deadline, out: &mut Vec<u8>) {
        let Self { clocks, dates, cell } = self;
        cell.clear();
        let mut cell = Cell { text: cell, dates };
        // What waits has no clock yet, even where an earlier one ran out.
        if row.status != Status::Waiting
            && let Some((key, day)) = answer.clock_of(row)
            && let Some(known) = clocks.get_mut(row.rule.index())
        {
            let place = known.iter().position(|(other, _)| *other == key);
            let place = place.unwrap_or_else(|| {
                known.push((key, Clock::new(answer.policy, row.rule, key)));
                known.len() - 1
            });
            if let Some((_, clock)) = known.get(place).filter(|(_, clock)| clock.says_something()) {
                cell.put(&clock.before);
                cell.day(day);
                cell.put(&clock.after);
                answer.write_next(row, &mut cell);
                cell.put("; ");
            }
        }
        answer.write_status(row, &mut cell);
        // Of what has lapsed it may have changed because it lapsed.
        if let Some(change) = row.change.filter(|_| row.status != Status::Lapsed) {
            cell.put("; the limit changed on ");
            cell.day(change.day);
            cell.put(" while the clock ran");
        }
        for remark in remarks(row) {
            cell.put("; ");
            cell.put(&remark);
        }
        for reason in &row.reasons {
            cell.put("; ");
            cell.put(&answer.reason(row, reason));
        }
        write_cell(cell.text, out);
    }
}

impl Answer<'_> {
    /// What decides the words for the clock of a deadline, and the day from which it counts.
    fn clock_of(&self, row: &Deadline) -> Option<(Key, Date)> {
        let start = row.anchor?;
        let (limit, from, day) = match (&self.rule(row.rule).body, row.basis) {
            (Body::Duty(Duty { anchor: Anchor::Review { .. }, .. }), Some(basis))
                if !self.lies_between(row) =>
            {
                (row.limit, From::Review(basis.kind), basis.date)
            }
            (Body::Duty(Duty { anchor: Anchor::Review { .. }, .. }), _) => {
                (row.limit, From::Day, start.date)
            }
            (Body::Ladder(_), _) if row.due == Due::Never && row.opens.is_none() => {
                (None, self.source_of(start.fact), start.date)
            }
            (Body::Ladder(_), _) => (Some(0), self.source_of(start.fact), start.date),
            _ => (row.limit, self.source_of(start.fact), start.date),
        };
        Some((Key { part: row.part, limit, from }, day))
    }

    fn source_of(&self, fact: Option<FactId>) -> From {
        fact.and_then(|fact| self.event_of(fact)).map_or(From::Day, From::Event)
    }

    fn lies_between(&self, row: &Deadline) -> bool {
        matches!(self.review_of(row), Some((_, super::Side::Between)))
    }

    /// Writes the date of the review after the one that was named, where the deadline lies between them.
    fn write_next(&self, row: &Deadline, out: &mut impl Phrase) {
        if let Some(basis) = row.basis.filter(|_| self.lies_between(row)) {
            out.put(", ");
            out.put(basis_word(basis.kind));
            out.put(" ");
            out.day(basis.date);
        }
    }
}

impl Clock {
    fn new(policy: &Policy, rule: RuleId, key: Key) -> Clock {
        let words = words(policy, rule, key).unwrap_or_default();
        let (before, after) = words.split_once(GAP).unwrap_or((&words, ""));
        Clock { before: before.to_owned(), after: after.to_owned() }
    }

    /// Whether a limit, or what called for the deadline, is known.
    fn says_something(&self) -> bool {
        !self.before.is_empty()
    }
}

/// By which limit and from what a deadline is counted, with a gap for the day.
fn words(policy: &Policy, rule: RuleId, key: Key) -> Option<String> {
    let event = match key.from {
        From::Event(event) => Some(event),
        From::Review(_) | From::Day => None,
    };
    let titled = event.map(|event| format!("“{}” on {GAP}", policy.event(event).title));
    let from_event = || titled.clone().unwrap_or_else(|| GAP.to_string());
    let called_for = || match &titled {
        Some(titled) => format!("called for by {titled}"),
        None => format!("called for on {GAP}"),
    };
    let window = |window: &Window, from: &str| Some(policy.window_words(window, from, event));
    match (&policy.rule(rule).body, key.part) {
        (Body::Series(series), _) => {
            let from = cycle_words(policy, rule, series, event).unwrap_or_else(from_event);
            limit_words(policy, limit(&series.limits, key)?, &from, event)
        }
        (Body::Duty(duty), _) => {
            let from = anchor_words(policy, duty, key.from).unwrap_or_else(from_event);
            limit_words(policy, limit(&duty.limits, key)?, &from, event)
        }
        (Body::Trigger(_), Part::Judgement) | (Body::Ladder(_), Part::Opening { .. }) => {
            Some(called_for())
        }
        (Body::Trigger(trigger), _) => window(trigger.window(key.limit?)?, &from_event()),
        (Body::Ladder(ladder), part) => {
            key.limit?;
            window(ladder_window(ladder, part)?, &from_event())
        }
        (Body::Forbid(_), _) => None,
    }
}

fn limit(limits: &[Limit], key: Key) -> Option<&Limit> {
    limits.get(usize::from(key.limit?))
}

fn ladder_window(ladder: &Ladder, part: Part) -> Option<&Window> {
    match part.stage() {
        Some(number) => ladder.stages.iter().find(|stage| stage.number == number)?.limit.as_ref(),
        None => Some(&ladder.cap.as_ref()?.window),
    }
}

/// A limit with what it counts from; of an exception also when it is one.
fn limit_words(
    policy: &Policy,
    limit: &Limit,
    from: &str,
    event: Option<EventId>,
) -> Option<String> {
    let mut words = policy.window_words(limit.window.as_ref()?, from, event);
    let mut when = Vec::new();
    let mut add = |lead: &str, condition: &Option<Condition>| {
        if let Some(condition) = condition {
            when.push(format!("{lead} {}", policy.condition_words(condition, event)));
        }
    };
    if limit.exception {
        add("where", &limit.test);
        add("while", &limit.condition);
    }
    if !when.is_empty() {
        words = format!("{words} ({})", when.join(", "));
    }
    Some(words)
}

/// From what the clock of a review counts, where that is not simply an event.
fn cycle_words(
    policy: &Policy,
    rule: RuleId,
    series: &Series,
    event: Option<EventId>,
) -> Option<String> {
    let Some(event) = event else {
        return Some(match &policy.rule(rule).while_ {
            Some(Condition::State(state)) => {
                format!("the start of “{}” on {GAP}", policy.state(*state).title)
            }
            _ => format!("the start of its period on {GAP}"),
        });
    };
    let own = [&series.held_on, &series.begun_on, &series.completed_on];
    let own = own.into_iter().flatten().any(|found| found.event == event);
    own.then(|| format!("the previous {} on {GAP}", series.noun))
}

/// From what the clock of a duty counts, where that is not simply an event.
fn anchor_words(policy: &Policy, duty: &Duty, from: From) -> Option<String> {
    match &duty.anchor {
        Anchor::Events(_) => None,
        Anchor::Review { series, point, .. } => {
            let title = &policy.rule(*series).title;
            Some(match (from, point) {
                (From::Review(kind), _) => format!("the “{title}” {} {GAP}", basis_word(kind)),
                (_, Point::Completion) => format!("completion of the “{title}” on {GAP}"),
                (_, Point::FirstMeeting) => {
                    format!("the first meeting of the “{title}” on {GAP}")
                }
                (_, Point::Date) => format!("the “{title}” held on {GAP}"),
            })
        }
        Anchor::Birthday(age) => Some(format!("the {} birthday on {GAP}", ordinal(*age))),
        Anchor::StateStart(state) => {
            Some(format!("the start of “{}” on {GAP}", policy.state(*state).title))
        }
        Anchor::Overdue(rule) => {
            Some(format!("the missed deadline of “{}” on {GAP}", policy.rule(*rule).title))
        }
    }
}
