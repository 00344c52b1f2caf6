//! What the evaluator decided, in plain words.

use super::outcome::{
    Basis, Deadline, FactId, Irregular, LadderState, Part, Question, Reason, Verdict,
};
use super::timeline::{Fact, Timeline};
use crate::policy::words::{joined, ordinal};
use crate::policy::{Anchor, Body, ExitTo, Policy, RoleId, RuleId, StageOutcome};

impl StageOutcome {
    /// The outcome as a phrase of the language.
    pub const fn words(self) -> &'static str {
        match self {
            StageOutcome::Satisfied => "satisfied",
            StageOutcome::NotSatisfied => "not satisfied",
            StageOutcome::NoAnswer => "no answer",
            StageOutcome::NotApproved => "not approved",
        }
    }
}

impl ExitTo {
    /// Where an exit leads.
    pub fn words(self) -> String {
        match self {
            ExitTo::Stage(stage) => format!("open stage {stage}"),
            ExitTo::Ends => "close it".to_owned(),
            ExitTo::Outside => "go outside".to_owned(),
        }
    }
}

impl LadderState {
    /// The state as a word of the language.
    pub const fn word(self) -> &'static str {
        match self {
            LadderState::Open => "open",
            LadderState::Settled => "settled",
            LadderState::Closed => "closed",
            LadderState::Exhausted => "exhausted",
            LadderState::NoListedWayOn => "no-listed-way-on",
        }
    }
}

impl Verdict {
    /// The word for it, such as `not-known`.
    pub const fn word(self) -> &'static str {
        match self {
            Verdict::Kept => "kept",
            Verdict::Breached => "breached",
            Verdict::NotKnown => "not-known",
        }
    }
}

impl Part {
    /// The word for it; that of a review or a duty itself is `whole`.
    pub const fn word(self) -> &'static str {
        match self {
            Part::Whole => "whole",
            Part::Judgement => "judgement",
            Part::BroughtForward => "review",
            Part::Opening { .. } => "opening",
            Part::Answer { .. } => "answer",
            Part::Approval { .. } => "approval",
            Part::Cap => "cap",
        }
    }

    /// The stage of a ladder that it concerns, if it concerns one.
    pub const fn stage(self) -> Option<u16> {
        match self {
            Part::Opening { stage } | Part::Answer { stage } | Part::Approval { stage } => {
                Some(stage)
            }
            Part::Whole | Part::Judgement | Part::BroughtForward | Part::Cap => None,
        }
    }
}

impl Irregular {
    /// What was irregular about the opening of a stage.
    pub const fn words(self) -> &'static str {
        match self {
            Irregular::NoSuchStage => "the policy has no such stage",
            Irregular::NothingOpen => "nothing of that ref was open",
            Irregular::NotTheEntry => "the policy does not let the ladder be entered there",
            Irregular::NoGround => "no ground for leaving the stage before had matured",
            Irregular::GroundNotListed => "the policy does not list this ground for the stage",
        }
    }
}

impl Reason {
    /// The facts a reason speaks of.
    pub fn facts(&self) -> Vec<FactId> {
        match self {
            Reason::OrderNotRecorded(one, other) => vec![*one, *other],
            Reason::Replaced(_, fact)
            | Reason::Restarted(fact)
            | Reason::Early(fact, _)
            | Reason::TakenForLatest(fact)
            | Reason::MayBelongHere(fact)
            | Reason::OverCap(fact) => vec![*fact],
            Reason::BasisMoved { act, .. } => vec![*act],
            Reason::NotRecorded(_)
            | Reason::ExceptionsDisagree(..)
            | Reason::NotInForce(_)
            | Reason::StateEnded(_)
            | Reason::ReviewHeld(_)
            | Reason::PassedWhenKnown(_)
            | Reason::BasisPassed(..)
            | Reason::Reopened(_)
            | Reason::Suspended(_)
            | Reason::BroughtForwardTo(_)
            | Reason::NoListedWayOn
            | Reason::AlternativesDiffer
            | Reason::StillNeeded(_) => Vec::new(),
        }
    }
}

impl Policy {
    /// Who owes a part of a rule, and the sections that say so.
    pub fn owners_of(&self, rule: RuleId, part: Part) -> (Vec<RoleId>, Vec<String>) {
        let body = self.rule(rule);
        let whole = || (body.owners.clone(), body.cites.clone());
        match (&body.body, part) {
            (Body::Ladder(ladder), Part::Answer { stage } | Part::Approval { stage }) => {
                let Some(stage) = ladder.stages.iter().find(|one| one.number == stage) else {
                    return whole();
                };
                let owners = match part {
                    Part::Approval { .. } => &stage.approval_from,
                    _ if stage.answer_from.is_empty() => &stage.to,
                    _ => &stage.answer_from,
                };
                let cites = if stage.cites.is_empty() { &body.cites } else { &stage.cites };
                (owners.clone(), cites.clone())
            }
            (Body::Trigger(trigger), Part::Judgement) => match trigger.judgement {
                Some(judgement) => (vec![judgement.role], body.cites.clone()),
                None => whole(),
            },
            _ => whole(),
        }
    }

    /// Which part of its rule a deadline is, and which instance, in words.
    pub fn which(&self, row: &Deadline, reference: Option<&str>) -> String {
        let mut words = match (&self.rule(row.rule).body, row.part) {
            (Body::Series(series), Part::Whole) => {
                format!("{} {}", ordinal(row.ordinal), series.noun)
            }
            (Body::Duty(duty), Part::Whole) => match &duty.anchor {
                Anchor::Review { series, .. } => {
                    let noun = self.series(*series).map_or("review", |series| series.noun);
                    let place = if duty.lies_midway() {
                        "after"
                    } else if duty.lies_before() {
                        "before"
                    } else {
                        "after"
                    };
                    format!("{place} {noun} {} of the case", row.ordinal)
                }
                _ if row.ordinal > 1 => format!("{} time", ordinal(row.ordinal)),
                _ => String::new(),
            },
            (_, Part::Judgement) => format!("judgement on occasion {}", row.ordinal),
            (_, Part::BroughtForward) => format!("brought forward, occasion {}", row.ordinal),
            (_, Part::Opening { stage }) => format!("opening at stage {stage} or above"),
            (_, Part::Answer { stage }) => {
                format!("answer at {}", self.stage_title(row.rule, stage))
            }
            (_, Part::Approval { stage }) => {
                format!("approval at {}", self.stage_title(row.rule, stage))
            }
            (_, Part::Cap) => "cap".to_owned(),
            (_, Part::Whole) => String::new(),
        };
        if let Some(reference) = reference {
            words.push_str(if words.is_empty() { "ref " } else { ", ref " });
            words.push_str(reference);
        }
        words
    }

    /// A stage of a ladder: "stage 2 (Area Team Managers)".
    pub fn stage_title(&self, rule: RuleId, number: u16) -> String {
        let title = match &self.rule(rule).body {
            Body::Ladder(ladder) => ladder.stages.iter().find(|stage| stage.number == number),
            _ => None,
        };
        match title {
            Some(stage) if !says_no_more_than_its_number(&stage.title) => {
                format!("stage {number} ({})", stage.title)
            }
            _ => format!("stage {number}"),
        }
    }

    /// What would meet a deadline, and whether all of it is needed.
    pub fn acts_of(&self, row: &Deadline) -> (Vec<String>, bool) {
        let title = |event: crate::policy::EventId| format!("“{}”", self.event(event).title);
        match (&self.rule(row.rule).body, row.part) {
            (Body::Series(series), _) => {
                let mut acts: Vec<String> =
                    series.held_on.iter().map(|wanted| self.event_words(wanted)).collect();
                acts.extend(series.completed_on.iter().map(|wanted| self.event_words(wanted)));
                (acts, false)
            }
            (Body::Duty(duty), _) => {
                (duty.acts.iter().map(|act| self.act_words(act)).collect(), duty.all)
            }
            (Body::Trigger(trigger), Part::Judgement) => {
                (trigger.judgement.iter().map(|judgement| title(judgement.event)).collect(), false)
            }
            (Body::Trigger(trigger), _) => {
                let series = trigger.brings_forward.as_ref().map(|(series, ..)| *series);
                let held = series.and_then(|series| self.series(series));
                let acts = held.and_then(|series| series.held_on.as_ref());
                (acts.iter().map(|wanted| self.event_words(wanted)).collect(), false)
            }
            (Body::Ladder(ladder), part) => {
                let event = match part {
                    Part::Answer { .. } => ladder.answered_by,
                    Part::Approval { .. } => ladder.approved_by,
                    Part::Cap => ladder.closed_by,
                    _ => Some(ladder.opened_by),
                };
                (event.map(title).into_iter().collect(), false)
            }
            (Body::Forbid(_), _) => (Vec::new(), false),
        }
    }

    /// Something nobody recorded, as a question.
    pub fn question_words(&self, timeline: &Timeline, question: &Question) -> String {
        match question {
            Question::Attribute(fact, attribute) => match timeline.fact(*fact) {
                Some(fact) => format!(
                    "what was the {} of “{}” on {}?",
                    self.attribute(fact.event, *attribute).name,
                    self.event(fact.event).title,
                    fact.date.long()
                ),
                None => "what was recorded of it?".to_owned(),
            },
            Question::Event(event, day) => format!(
                "was there any “{}” on or before {}, and with what particulars?",
                self.event(*event).title,
                day.long()
            ),
            Question::State(state, day) => {
                format!("did “{}” hold on {}?", self.state(*state).title, day.long())
            }
            Question::Born => "when was the child born?".to_owned(),
            Question::Order(one, other) => match (timeline.fact(*one), timeline.fact(*other)) {
                (Some(one), Some(other)) => format!(
                    "which came first on {}: “{}” or “{}”? (write `seq 1` and `seq 2`)",
                    one.date.long(),
                    self.event(one.event).title,
                    self.event(other.event).title
                ),
                _ => "which of the two came first?".to_owned(),
            },
        }
    }

    /// A reason in words; facts are looked up with the function given.
    pub fn reason_words(
        &self,
        rule: RuleId,
        reason: &Reason,
        fact: &dyn Fn(FactId) -> Fact,
    ) -> String {
        let title = |id: FactId| format!("“{}”", self.event(fact(id).event).title);
        match reason {
            Reason::NotRecorded(_) => "something was not recorded".to_owned(),
            Reason::OrderNotRecorded(one, other) => format!(
                "{} and {} fall on one day, and the answer turns on their order, which is not \
                 recorded",
                title(*one),
                title(*other)
            ),
            Reason::ExceptionsDisagree(..) => {
                "two exceptions apply at once and give different dates".to_owned()
            }
            Reason::NotInForce(day) => {
                format!("the policy was not in force on {}, when the clock started", day.long())
            }
            Reason::StateEnded(day) => {
                format!("it ended with {}, the last day of the state in which it lives", day.long())
            }
            Reason::ReviewHeld(day) => format!(
                "what it prepares for took place on {}, so it can no longer be done",
                day.long()
            ),
            Reason::Replaced(day, by) => format!("{} took its place on {}", title(*by), day.long()),
            Reason::Restarted(by) => format!("{} restarted the series", title(*by)),
            Reason::Early(act, days) => format!(
                "{} on {} was {} too early to count",
                title(*act),
                fact(*act).date.long(),
                days_words(*days)
            ),
            Reason::BasisMoved { act, then, due_then } => {
                let due =
                    due_then.map_or_else(String::new, |due| format!(", which gave {}", due.long()));
                format!(
                    "{} was judged against what was known on its day, {}{due}; the review date has \
                     moved since",
                    title(*act),
                    basis_words(then)
                )
            }
            Reason::PassedWhenKnown(day) => format!(
                "the last day had already passed when the review date became known, on {}",
                day.long()
            ),
            Reason::BasisPassed(day, earliest) => {
                let earliest = earliest.map_or_else(
                    || {
                        "no review date within 400 days would still allow all preparation"
                            .to_owned()
                    },
                    |date| {
                        format!(
                            "{} is the earliest review date that would still allow all preparation",
                            date.long()
                        )
                    },
                );
                format!("{} passed with no review; {earliest}", day.long())
            }
            Reason::TakenForLatest(act) => format!(
                "{} names no ref and was taken for this, the latest; an older one was open too",
                title(*act)
            ),
            Reason::MayBelongHere(act) => format!(
                "{} names no ref and was taken for a later instance; did it belong here?",
                title(*act)
            ),
            Reason::Reopened(day) => format!(
                "it had been deemed on {}, counted from what was recorded first; what starts the \
                 clock was recorded later, so the answer is reopened",
                day.long()
            ),
            Reason::Suspended(day) => format!("the series was suspended until {}", day.long()),
            Reason::BroughtForwardTo(day) => {
                format!("a trigger brings the review forward to {}", day.long())
            }
            Reason::NoListedWayOn => {
                "the policy lists no way on from here; the answer stays owed".to_owned()
            }
            Reason::AlternativesDiffer => {
                "what it comes to today depends on what is not recorded".to_owned()
            }
            Reason::StillNeeded(acts) => self.still_needed(rule, acts),
            Reason::OverCap(act) => {
                format!("{} was more than the policy allows and starts no clock", title(*act))
            }
        }
    }

    fn still_needed(&self, rule: RuleId, missing: &[u16]) -> String {
        let Body::Duty(duty) = &self.rule(rule).body else {
            return "something is still needed".to_owned();
        };
        let acts = missing
            .iter()
            .filter_map(|&act| duty.acts.get(usize::from(act)))
            .map(|act| self.act_words(act))
            .collect();
        format!("still needed: {}", joined(acts, "and"))
    }
}

/// Whether a stage's title is of the kind "Stage three", or empty.
fn says_no_more_than_its_number(title: &str) -> bool {
    let mut words = title.split(' ');
    let stage = words.next().is_some_and(|word| word.eq_ignore_ascii_case("stage"));
    title.is_empty() || (stage && words.count() == 1)
}

/// A review date and how it is known.
pub(super) fn basis_words(basis: &Basis) -> String {
    use super::outcome::BasisKind;
    match basis.kind {
        BasisKind::Actual => format!("the review of {}", basis.date.long()),
        BasisKind::Planned => format!("the review planned for {}", basis.date.long()),
        BasisKind::Projected => {
            format!("the latest lawful review date, {}", basis.date.long())
        }
    }
}

/// A number of calendar days: "1 day", "4 days".
pub(super) fn days_words(days: i32) -> String {
    if days == 1 { "1 day".to_owned() } else { format!("{days} days") }
}
