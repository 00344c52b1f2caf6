//! The words for how a deadline stands.

use super::Answer;
use super::words::{beyond, count};
use crate::calendar::Date;
use crate::eval::{Deadline, Due, Part, Status};
use crate::policy::words::{joined, ordinal};
use crate::policy::{Anchor, Body, EventId, EventMatch};

/// Where the words of a phrase go, with the days and the numbers between them.
///
/// The same words are a text of their own for a reader and a cell among thousands of others; the second
/// is written without making a text of each part first.
pub(super) trait Phrase {
    /// Adds words.
    fn put(&mut self, words: &str);

    /// Adds a day as prose has it.
    fn day(&mut self, day: Date);

    /// Adds a number of things: `1 day`, `4 days`.
    fn count(&mut self, number: i32, noun: &str);
}

impl Phrase for String {
    fn put(&mut self, words: &str) {
        self.push_str(words);
    }

    fn day(&mut self, day: Date) {
        *self += &day.long().to_string();
    }

    fn count(&mut self, number: i32, noun: &str) {
        *self += &count(number, noun);
    }
}

impl Answer<'_> {
    /// The word for having done it: `held`, `answered`, `done`.
    fn done_word(&self, deadline: &Deadline) -> &'static str {
        match (&self.rule(deadline.rule).body, deadline.part) {
            (Body::Series(series), _) => verb(series.noun),
            (_, Part::BroughtForward) => "held",
            (_, Part::Judgement) => "judged",
            (_, Part::Answer { .. }) => "answered",
            (_, Part::Approval { .. }) => "approved",
            (_, Part::Opening { .. }) => "opened",
            (_, Part::Cap) => "closed",
            (_, Part::Whole) => "done",
        }
    }

    /// How a deadline stands, in a phrase.
    pub(in crate::render) fn status(&self, deadline: &Deadline) -> String {
        let mut words = String::new();
        self.write_status(deadline, &mut words);
        words
    }

    /// Writes how a deadline stands.
    pub(super) fn write_status(&self, deadline: &Deadline, out: &mut impl Phrase) {
        match deadline.status {
            Status::Met => {
                self.write_done(deadline, out);
                if matches!(deadline.due, Due::On(_)) {
                    out.put(", in time");
                }
            }
            Status::Late => {
                self.write_done(deadline, out);
                if deadline.days > 0 {
                    out.put(", ");
                    write_days(deadline, out);
                    out.put(" after the latest date");
                } else {
                    out.put(", outside its time");
                }
            }
            Status::Due if deadline.days == 0 => out.put("due today, the last day"),
            Status::Due => {
                out.put("due in ");
                write_days(deadline, out);
            }
            Status::NotOpen => self.write_opening(deadline, out),
            Status::Begun => self.write_begun(deadline, out),
            Status::Waiting => out.put(&self.waits(deadline)),
            Status::Overdue => {
                out.put("overdue by ");
                write_days(deadline, out);
            }
            Status::CannotBeMet | Status::Missed | Status::Lapsed => {
                out.put("not ");
                out.put(self.done_word(deadline));
            }
            Status::Outstanding => {
                out.put("owed");
                if let Some(start) = deadline.anchor {
                    out.put(" since ");
                    out.day(start.date);
                }
            }
            Status::Undetermined => out.put("cannot be said from what is recorded"),
        }
    }

    fn write_done(&self, deadline: &Deadline, out: &mut impl Phrase) {
        out.put(self.done_word(deadline));
        if let Some(day) = deadline.done_on {
            out.put(" on ");
            out.day(day);
        }
    }

    fn write_opening(&self, deadline: &Deadline, out: &mut impl Phrase) {
        let Some(opens) = deadline.opens else {
            out.put("not open yet");
            return;
        };
        if deadline.due_date() == Some(opens) {
            out.put("on that day");
        } else {
            out.put("from ");
            out.day(opens);
            out.put(" on");
        }
        out.put(", in ");
        out.count(self.outcome.as_of.days_until(opens), "day");
    }

    fn write_begun(&self, deadline: &Deadline, out: &mut impl Phrase) {
        out.put("begun");
        if let Some(begun) = deadline.done_by.first().and_then(|&fact| self.known(fact)) {
            out.put(" on ");
            out.day(begun.date);
        }
        out.put(", ");
        if deadline.days > 0 {
            write_days(deadline, out);
            out.put(" after the latest date; ");
        }
        out.put("not completed");
    }

    /// What a deadline without a date waits for.
    pub(super) fn waits(&self, deadline: &Deadline) -> String {
        if !deadline.reasons.is_empty() {
            return "no date yet to count from".to_owned();
        }
        if let Part::Approval { .. } = deadline.part {
            return "waits for the answer".to_owned();
        }
        let rule = self.rule(deadline.rule);
        let events = |events: &[EventMatch]| self.any_event(events);
        let what = match &rule.body {
            Body::Series(series) => {
                series.start.as_ref().map(|start| events(std::slice::from_ref(start)))
            }
            Body::Duty(duty) => match &duty.anchor {
                Anchor::Events(choices) => Some(events(choices)),
                Anchor::Review { series, .. } => Some(format!("“{}”", self.rule(*series).title)),
                Anchor::Birthday(age) => Some(format!("the {} birthday", ordinal(*age))),
                Anchor::StateStart(state) => Some(format!("“{}”", self.policy.state(*state).title)),
                Anchor::Overdue(rule) => {
                    Some(format!("“{}” to become overdue", self.rule(*rule).title))
                }
            },
            Body::Ladder(ladder) => Some(self.event(ladder.opened_by)),
            Body::Trigger(_) | Body::Forbid(_) => None,
        };
        match what {
            Some(what) => format!("waits for {what}"),
            None => "waits for something that has not happened".to_owned(),
        }
    }

    fn event(&self, id: EventId) -> String {
        format!("“{}”", self.policy.event(id).title)
    }

    fn any_event(&self, events: &[EventMatch]) -> String {
        let titles = events.iter().map(|choice| self.event(choice.event));
        joined(titles.collect(), "or")
    }
}

/// What is to be known of the date itself, besides how the deadline stands.
pub(super) fn remarks(deadline: &Deadline) -> Vec<String> {
    let mut remarks = Vec::new();
    if !deadline.alternatives.is_empty() {
        let days = deadline.alternatives.iter().map(|day| day.long().to_string());
        remarks.push(format!(
            "the date to work to is the earliest; also possible: {}",
            joined(days.collect(), "and")
        ));
    }
    if let Due::Beyond(undetermined) = deadline.due {
        remarks.push(beyond(undetermined));
    }
    remarks
}

/// Writes the days of a deadline: `4 days (3 working days)`.
fn write_days(deadline: &Deadline, out: &mut impl Phrase) {
    out.count(deadline.days, "day");
    if let Some(working) = deadline.working_days {
        out.put(" (");
        out.count(working, "working day");
        out.put(")");
    }
}

fn verb(noun: &str) -> &'static str {
    if noun == "visit" { "made" } else { "held" }
}
