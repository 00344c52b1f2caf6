//! What an expectation that was not met would have to say, in the notation of expectations.
//!
//! It keeps to the particulars that the expectation gives: whoever wrote down no last day is not
//! handed one.

use super::{Held, Trial, ended, opening, ordinal_word, plural, possible};
use crate::calendar::Unit;
use crate::eval::{Deadline, Finding, Standing, Status, Way};
use crate::policy::{ExitTo, Expectation, Expected, ExpectedPart};

/// Says what an expectation would have to say, without its first word `expect`.
///
/// The error is why that cannot be said: a phrase.
pub fn restated(trial: &Trial<'_>, expectation: &Expectation) -> Result<String, &'static str> {
    let held = Held {
        policy: &trial.policy,
        timeline: &trial.timeline,
        outcome: &trial.outcome,
        expectation,
    };
    match &expectation.what {
        Expected::MayOpen { .. } => held.restated_standing(),
        Expected::Status { status, .. } if status.is_standing() => held.restated_standing(),
        Expected::Status { status, .. } if status.is_verdict() => held.restated_verdict(),
        Expected::Status { .. } | Expected::Nothing => held.restated_deadline(),
    }
}

impl Held<'_, '_> {
    /// The words that say which deadline or ladder is meant.
    fn subject(&self, stage: Option<u16>) -> String {
        let Expectation { rule, ordinal, part, reference, .. } = self.expectation;
        let mut words: Vec<String> = ordinal.map(ordinal_word).into_iter().collect();
        words.push(self.policy.rule(*rule).name.clone());
        words.extend(stage.map(|stage| format!("stage {stage}")));
        words.extend(part.map(|part| part_word(part).to_owned()));
        words.extend(reference.as_ref().map(|reference| format!("ref {reference}")));
        words.join(" ")
    }

    fn restated_deadline(&self) -> Result<String, &'static str> {
        let expects_nothing = self.expectation.what == Expected::Nothing;
        let rows = self.deadlines();
        let counts = |row: &Deadline| {
            !expects_nothing || row.status != Status::Waiting || row.anchor.is_some()
        };
        let rows: Vec<&Deadline> =
            rows.into_iter().map(|(_, row)| row).filter(|row| counts(row)).collect();
        let subject = self.subject(self.expectation.stage);
        match rows.as_slice() {
            [] if expects_nothing => Err("what was found is no deadline"),
            [] => Ok(format!("{subject} nothing")),
            [only] => Ok(format!("{subject} {}", self.particulars(only))),
            [.., last] if self.names_one() => Ok(format!("{subject} {}", self.particulars(last))),
            _ => Err("several deadlines fit it; an ordinal or a `ref` has to say which is meant"),
        }
    }

    /// The status of a deadline with those particulars that the expectation gives, and how late it is.
    fn particulars(&self, row: &Deadline) -> String {
        let (by_given, due_given, opens_given, on_given, basis_given) = match &self.expectation.what
        {
            Expected::Status { by, due, opens, on, basis, .. } => {
                (*by, !due.is_empty(), opens.is_some(), on.is_some(), basis.is_some())
            }
            Expected::MayOpen { .. } | Expected::Nothing => (None, true, false, false, false),
        };
        let mut text = row.status.word().to_owned();
        let late = matches!(row.status, Status::Late | Status::Overdue);
        let counted = late || matches!(row.status, Status::Due | Status::NotOpen);
        if late || (by_given.is_some() && counted) {
            let in_working_days = by_given.is_some_and(|by| by.unit == Unit::WorkingDays);
            text += &match self.working_days(row).filter(|_| in_working_days) {
                Some(days) => format!(" by {days} working day{}", plural(days)),
                None => format!(" by {} day{}", row.days, plural(row.days)),
            };
        }
        let days: Vec<String> = possible(row).iter().map(ToString::to_string).collect();
        if due_given && !days.is_empty() {
            text += &format!(", due {}", days.join(" or "));
        }
        if let Some(opens) = opening(row).filter(|_| opens_given) {
            text += &format!(", opens {opens}");
        }
        if let Some(on) = ended(row).filter(|_| on_given) {
            text += &format!(", on {on}");
        }
        if let Some(basis) = row.basis.filter(|_| basis_given) {
            text += &format!(", basis {}", basis.kind.word());
        }
        text
    }

    fn restated_verdict(&self) -> Result<String, &'static str> {
        let rule = self.expectation.rule;
        let of_rule = self.outcome.findings.iter().filter(|finding| finding.rule == rule);
        let all: Vec<&Finding> = of_rule.collect();
        let [only] = all.as_slice() else {
            return Err("there is not exactly one verdict; a day has to say which act is meant");
        };
        let on = self.day(only).map(|day| format!(", on {day}")).unwrap_or_default();
        Ok(format!("{} {}{on}", self.subject(None), only.verdict.word()))
    }

    fn restated_standing(&self) -> Result<String, &'static str> {
        let Ok(standing) = self.ladder() else {
            return Err("there is not exactly one such ladder");
        };
        let stage = self.expectation.stage.map(|_| standing.stage);
        if let Expected::MayOpen { stage: expected, ground, .. } = &self.expectation.what
            && !standing.ways.is_empty()
        {
            let way = nearest_way(standing, *expected, |way| *ground == Some(way.outcome))?;
            let (ExitTo::Stage(leads), ground) = (way.leads, way.outcome.words()) else {
                return Err("no expectation can name the way on that is open");
            };
            let subject = self.subject(None);
            return Ok(format!("{subject} may open stage {leads} since {} on {ground}", way.since));
        }
        let on = match &self.expectation.what {
            Expected::Status { on, .. } => on.and_then(|_| self.closed(standing)),
            Expected::MayOpen { .. } | Expected::Nothing => None,
        };
        let on = on.map(|on| format!(", on {on}")).unwrap_or_default();
        Ok(format!("{} {}{on}", self.subject(stage), standing.state.word()))
    }
}

/// The open way on that was meant: the only one, or the one that leads where or on the ground it should.
fn nearest_way(
    standing: &Standing,
    stage: u16,
    ground: impl Fn(&Way) -> bool,
) -> Result<&Way, &'static str> {
    if let [only] = standing.ways.as_slice() {
        return Ok(only);
    }
    let leads = |way: &&Way| way.leads == ExitTo::Stage(stage);
    let near = standing.ways.iter().find(leads);
    near.or_else(|| standing.ways.iter().find(|way| ground(way)))
        .ok_or("several ways on are open, and none of them is near")
}

const fn part_word(part: ExpectedPart) -> &'static str {
    match part {
        ExpectedPart::Answer => "answer",
        ExpectedPart::Approval => "approval",
        ExpectedPart::Cap => "cap",
        ExpectedPart::Judgement => "judgement",
        ExpectedPart::BroughtForward => "review",
        ExpectedPart::Opening => "opening",
    }
}
