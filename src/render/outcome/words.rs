//! The words for an outcome: which deadline, who, by when, and why it stands as it does.
//!
//! The words are neutral: they say what happened on which day and what the policy's date was, never
//! what that says about anyone's work.

use super::Answer;
use crate::calendar::{Date, Undetermined};
use crate::eval::{
    Basis, BasisKind, Deadline, Due, FactId, Irregular, Part, Question, Reason, Status, Way,
};
use crate::policy::{
    Anchor, AttributeId, AttributeKind, Body, Condition, Duty, Event, EventId, EventMatch, ExitTo,
    Ladder, RoleId, Rule, RuleId, Shape, Stage, StageOutcome, Strength,
};

/// A fact as the words need it.
pub(super) struct Known<'a> {
    pub(super) date: Date,
    pub(super) event: &'a Event,
    pub(super) line: u32,
}

/// Where the window of a duty lies by the reviews it is tied to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Before,
    At,
    Between,
    After,
}

impl<'a> Answer<'a> {
    /// The fact with this id, deemed ones included.
    pub(super) fn known(&self, id: FactId) -> Option<Known<'a>> {
        if let Some(fact) = self.timeline.fact(id) {
            return Some(Known {
                date: fact.date,
                event: self.policy.event(fact.event),
                line: fact.line,
            });
        }
        let deemed = self
            .outcome
            .deemed
            .iter()
            .find(|deemed| deemed.fact == id)?;
        let Body::Duty(duty) = &self.policy.rule(deemed.rule).body else {
            return None;
        };
        Some(Known {
            date: deemed.date,
            event: self.policy.event(duty.deemed?),
            line: 0,
        })
    }

    /// A fact as a phrase: `"Child placed" on Sun 1 Mar 2026 (line 3)`.
    pub(super) fn fact(&self, id: FactId) -> String {
        let Some(known) = self.known(id) else {
            return "an event".to_owned();
        };
        let place = match known.line {
            0 => "deemed".to_owned(),
            line => format!("line {line}"),
        };
        format!(
            "\"{}\" on {} ({place})",
            known.event.title,
            known.date.long()
        )
    }

    /// The `ref` of a deadline, if it has one.
    pub(super) fn reference(&self, id: Option<FactId>) -> Option<&'a str> {
        if let Some(fact) = self.timeline.fact(id?) {
            return fact.reference.as_deref();
        }
        None
    }

    fn rule(&self, id: RuleId) -> &'a Rule {
        self.policy.rule(id)
    }

    /// The titles of roles as a list for a sentence.
    pub(super) fn roles(&self, roles: &[RoleId]) -> String {
        let titles = roles
            .iter()
            .map(|&role| self.policy.role(role).title.clone());
        sentence_list(titles.collect(), "and")
    }

    fn stage(&self, rule: RuleId, number: u16) -> Option<&'a Stage> {
        ladder(self.rule(rule))?
            .stages
            .iter()
            .find(|stage| stage.number == number)
    }

    /// A stage as a phrase: `stage 2 (Area manager)`.
    pub(super) fn stage_words(&self, rule: RuleId, number: u16) -> String {
        match self.stage(rule, number) {
            Some(stage) if !stage.title.is_empty() && !generic(&stage.title, number) => {
                format!("stage {number} ({})", stage.title)
            }
            _ => format!("stage {number}"),
        }
    }

    /// Which deadline it is: `Looked After Review (second)`.
    pub(super) fn title(&self, deadline: &Deadline) -> String {
        let rule = self.rule(deadline.rule);
        let mut title = match (&rule.body, deadline.part) {
            (Body::Series(_), _) => {
                let which = ordinal(deadline.ordinal);
                return match self.again(deadline) {
                    Some(day) => format!("{} ({which}, counted from {})", rule.title, day.long()),
                    None => format!("{} ({which})", rule.title),
                };
            }
            (Body::Duty(duty), _) => {
                if let (Anchor::Review { series, .. }, Some(_)) = (&duty.anchor, deadline.anchor) {
                    return self.beside_review(rule, duty, *series, deadline);
                }
                rule.title.clone()
            }
            (Body::Trigger(_), Part::Judgement) => format!("{}: judgement", rule.title),
            (Body::Trigger(trigger), _) => match &trigger.brings_forward {
                Some((series, ..)) => format!(
                    "{}, brought forward by: {}",
                    self.rule(*series).title,
                    rule.title
                ),
                None => rule.title.clone(),
            },
            (Body::Ladder(_), Part::Answer { stage }) => {
                format!(
                    "{}, {}: answer",
                    rule.title,
                    self.stage_words(deadline.rule, stage)
                )
            }
            (Body::Ladder(_), Part::Approval { stage }) => {
                format!(
                    "{}, {}: approval",
                    rule.title,
                    self.stage_words(deadline.rule, stage)
                )
            }
            (Body::Ladder(_), Part::Opening { stage }) => format!(
                "{}: to be opened at {} or above",
                rule.title,
                self.stage_words(deadline.rule, stage)
            ),
            (Body::Ladder(_), _) => format!("{}: whole process", rule.title),
            (Body::Forbid(_), _) => rule.title.clone(),
        };
        if let Some(reference) = self.reference(deadline.reference) {
            title += &format!(", ref {reference}");
        } else if self.several(deadline) {
            title += &format!(" ({})", ordinal(deadline.ordinal));
        }
        title
    }

    /// The anchor's day, where a period of care or a restart gives the same ordinal twice.
    fn again(&self, deadline: &Deadline) -> Option<Date> {
        let twins = self.outcome.deadlines.iter().filter(|other| {
            (other.rule, other.part, other.ordinal)
                == (deadline.rule, deadline.part, deadline.ordinal)
        });
        (twins.count() > 1).then_some(deadline.anchor?.date)
    }

    fn several(&self, deadline: &Deadline) -> bool {
        self.outcome.deadlines.iter().any(|other| {
            (other.rule, other.part) == (deadline.rule, deadline.part)
                && other.ordinal != deadline.ordinal
        })
    }

    fn beside_review(
        &self,
        rule: &Rule,
        duty: &Duty,
        series: RuleId,
        deadline: &Deadline,
    ) -> String {
        let noun = self
            .policy
            .series(series)
            .map_or("review", |series| series.noun);
        let number = deadline.ordinal;
        let place = match side(duty) {
            Side::Before => format!("before {noun} {number}"),
            Side::At => format!("at {noun} {number}"),
            Side::Between => format!("between {noun}s {number} and {}", number.saturating_add(1)),
            Side::After => format!("after {noun} {number}"),
        };
        format!("{} ({place})", rule.title)
    }

    /// Who must act.
    pub(super) fn owners(&self, deadline: &Deadline) -> Vec<RoleId> {
        let rule = self.rule(deadline.rule);
        let at_stage = match (&rule.body, deadline.part) {
            (_, Part::Answer { stage }) => self
                .stage(deadline.rule, stage)
                .map(|stage| &stage.answer_from),
            (_, Part::Approval { stage }) => self
                .stage(deadline.rule, stage)
                .map(|stage| &stage.approval_from),
            (Body::Trigger(trigger), Part::Judgement) => {
                return trigger
                    .judgement
                    .iter()
                    .map(|judgement| judgement.role)
                    .collect();
            }
            _ => None,
        };
        at_stage
            .filter(|roles| !roles.is_empty())
            .unwrap_or(&rule.owners)
            .clone()
    }

    /// The sections of the source that a deadline rests on, those of its stage first.
    pub(super) fn cites(&self, deadline: &Deadline) -> Vec<&'a str> {
        let rule = self.rule(deadline.rule);
        let stage = match deadline.part {
            Part::Answer { stage } | Part::Approval { stage } => self.stage(deadline.rule, stage),
            _ => None,
        };
        let mut cites: Vec<&str> = stage
            .map(|stage| stage.cites.as_slice())
            .unwrap_or_default()
            .iter()
            .chain(&rule.cites)
            .map(String::as_str)
            .collect();
        let mut seen = std::collections::BTreeSet::new();
        cites.retain(|cite| seen.insert(*cite));
        cites
    }

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
    pub(super) fn status(&self, deadline: &Deadline) -> String {
        let as_of = self.outcome.as_of;
        let done = self.done_word(deadline);
        let done_on = deadline.done_on.map_or_else(
            || done.to_owned(),
            |day| format!("{done} on {}", day.long()),
        );
        let days = self.days(deadline);
        match deadline.status {
            Status::Met if matches!(deadline.due, Due::On(_)) => format!("{done_on}, in time"),
            Status::Met => done_on,
            Status::Late if deadline.days > 0 => format!("{done_on}, {days} after the latest date"),
            Status::Late => format!("{done_on}, outside its time"),
            Status::Due if deadline.days == 0 => "due today, the last day".to_owned(),
            Status::Due => format!("due in {days}"),
            Status::NotOpen => match deadline.opens {
                Some(opens) => format!(
                    "not open yet: from {}, in {}",
                    opens.long(),
                    count(as_of.days_until(opens), "day")
                ),
                None => "not open yet".to_owned(),
            },
            Status::Begun => {
                let begun = deadline.done_by.first().and_then(|&fact| self.known(fact));
                let begun = begun.map_or_else(
                    || "begun".to_owned(),
                    |fact| format!("begun on {}", fact.date.long()),
                );
                if deadline.days > 0 {
                    format!("{begun}, {days} after the latest date; not completed")
                } else {
                    format!("{begun}, not completed")
                }
            }
            Status::Waiting => self.waits(deadline),
            Status::Overdue => format!("overdue by {days}"),
            Status::CannotBeMet => "cannot be met in time".to_owned(),
            Status::Missed => format!("not {done}"),
            Status::Lapsed => "no longer owed".to_owned(),
            Status::Outstanding => "owed, with no time limit".to_owned(),
            Status::Undetermined => "cannot be said from what is recorded".to_owned(),
        }
    }

    /// The days of a deadline: `4 days (3 working days)`.
    fn days(&self, deadline: &Deadline) -> String {
        let days = count(deadline.days, "day");
        match deadline.working_days {
            Some(working) => format!("{days} ({})", count(working, "working day")),
            None => days,
        }
    }

    /// What a deadline without a date waits for.
    fn waits(&self, deadline: &Deadline) -> String {
        if !deadline.reasons.is_empty() {
            return "no date for now".to_owned();
        }
        if let Part::Approval { .. } = deadline.part {
            return "waits for the answer".to_owned();
        }
        let rule = self.rule(deadline.rule);
        let events = |events: &[EventMatch]| self.any_event(events);
        let what = match &rule.body {
            Body::Series(series) => series
                .start
                .as_ref()
                .map(|start| events(std::slice::from_ref(start))),
            Body::Duty(duty) => match &duty.anchor {
                Anchor::Events(choices) => Some(events(choices)),
                Anchor::Review { series, .. } => Some(format!("\"{}\"", self.rule(*series).title)),
                Anchor::Birthday(age) => Some(format!("the {age}th birthday")),
                Anchor::StateStart(state) => {
                    Some(format!("\"{}\"", self.policy.state(*state).title))
                }
                Anchor::Overdue(rule) => {
                    Some(format!("\"{}\" to become overdue", self.rule(*rule).title))
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
        format!("\"{}\"", self.policy.event(id).title)
    }

    fn any_event(&self, events: &[EventMatch]) -> String {
        let titles = events.iter().map(|choice| self.event(choice.event));
        sentence_list(titles.collect(), "or")
    }

    /// Why a deadline stands as it does, a phrase.
    pub(super) fn reason(&self, deadline: &Deadline, reason: &Reason) -> String {
        match reason {
            Reason::NotRecorded(question) => format!("not recorded: {}", self.question(question)),
            Reason::OrderNotRecorded(one, other) => format!(
                "not recorded: which came first, {} or {}",
                self.fact(*one),
                self.fact(*other)
            ),
            Reason::ExceptionsDisagree(..) => {
                "two exceptions of the policy apply at once and give different dates".to_owned()
            }
            Reason::NotInForce(day) => {
                format!("neither rule nor policy is in force on {}", day.long())
            }
            Reason::StateEnded(day) => {
                format!("the time for which it is asked ended on {}", day.long())
            }
            Reason::ReviewHeld(day) => format!("the review was held on {}", day.long()),
            Reason::Replaced(_, fact) => format!("then came {}", self.fact(*fact)),
            Reason::Restarted(fact) => format!("counting began again with {}", self.fact(*fact)),
            Reason::Early(fact, days) => format!(
                "{} came {} before the time for it began",
                self.fact(*fact),
                count(*days, "day")
            ),
            Reason::BasisMoved {
                act,
                then,
                due_then,
            } => {
                let latest = due_then
                    .map(|due| format!(", so the latest date was {}", due.long()))
                    .unwrap_or_default();
                format!(
                    "when {} was recorded, the review was {}{latest}; it has moved since",
                    self.fact(*act),
                    basis(then)
                )
            }
            Reason::PassedWhenKnown(day) => format!(
                "the latest date had passed when the review date became known, on {}",
                day.long()
            ),
            Reason::BasisPassed(passed, earliest) => {
                let next = earliest
                    .map(|day| {
                        format!(
                            "; a review on or after {} would still allow all preparation",
                            day.long()
                        )
                    })
                    .unwrap_or_default();
                format!(
                    "the review expected by {} has not been held{next}",
                    passed.long()
                )
            }
            Reason::TakenForLatest(fact) => format!(
                "{} has no `ref` and was taken for this one, the latest",
                self.fact(*fact)
            ),
            Reason::MayBelongHere(fact) => format!(
                "{} has no `ref` and was taken for a later one; it may belong here",
                self.fact(*fact)
            ),
            Reason::Reopened(day) => format!(
                "by an earlier start it had been taken as done in silence on {}; what starts the \
                 time was recorded later, so the question is open again",
                day.long()
            ),
            Reason::Suspended(day) => format!("suspended until {}", day.long()),
            Reason::BroughtForwardTo(day) => format!("brought forward to {}", day.long()),
            Reason::NoListedWayOn => "the policy lists no way on".to_owned(),
            Reason::AlternativesDiffer => {
                "what is not recorded decides between the possible dates".to_owned()
            }
            Reason::StillNeeded(acts) => format!("still needed: {}", self.acts(deadline, acts)),
            Reason::OverCap(fact) => {
                format!("{} is one too many, and starts no time", self.fact(*fact))
            }
        }
    }

    fn acts(&self, deadline: &Deadline, acts: &[u16]) -> String {
        let Body::Duty(duty) = &self.rule(deadline.rule).body else {
            return String::new();
        };
        let titles = acts
            .iter()
            .filter_map(|&act| duty.acts.get(usize::from(act)))
            .map(|act| self.event(act.event.event));
        sentence_list(titles.collect(), "and")
    }

    /// What the date counts from, where it is a review date that may still move.
    pub(super) fn basis(&self, deadline: &Deadline) -> Option<String> {
        let known = deadline.basis.as_ref()?;
        Some(format!("with the review {}", basis(known)))
    }

    /// Something nobody recorded, as a phrase.
    pub(super) fn question(&self, question: &Question) -> String {
        match question {
            Question::Attribute(fact, attribute) => {
                let Some(known) = self.known(*fact) else {
                    return "a particular of an event".to_owned();
                };
                let Some(attribute) = known.event.attributes.get(attribute.index()) else {
                    return self.fact(*fact);
                };
                format!(
                    "the `{}` ({}) of {}",
                    attribute.name,
                    kind(&attribute.kind),
                    self.fact(*fact)
                )
            }
            Question::Event(event, day) => {
                format!("any {} on or before {}", self.event(*event), day.long())
            }
            Question::State(state, day) => format!(
                "whether \"{}\" was so on {}",
                self.policy.state(*state).title,
                day.long()
            ),
            Question::Born => "the date of birth".to_owned(),
            Question::Order(one, other) => format!(
                "which came first, {} or {} (add `seq`)",
                self.fact(*one),
                self.fact(*other)
            ),
        }
    }

    /// Who could answer a question, where the policy makes it someone's judgement.
    pub(super) fn who_knows(&self, question: &Question) -> Option<RoleId> {
        let Question::Attribute(fact, attribute) = question else {
            return None;
        };
        let event = self.timeline.fact(*fact)?.event;
        self.policy.rules.iter().find_map(|rule| match &rule.body {
            Body::Trigger(trigger) => trigger
                .judgement
                .filter(|asked| (asked.event, asked.attribute) == (event, *attribute))
                .map(|asked| asked.role),
            Body::Forbid(forbid) => forbid
                .unless
                .as_ref()
                .filter(|_| forbidden_event(forbid) == event)
                .and_then(|condition| judge(condition, *attribute)),
            Body::Series(_) | Body::Duty(_) | Body::Ladder(_) => None,
        })
    }

    /// A way on, as a phrase.
    pub(super) fn way(&self, rule: RuleId, way: &Way) -> String {
        let leads = match way.leads {
            ExitTo::Stage(stage) => format!("open {}", self.stage_words(rule, stage)),
            ExitTo::Ends => "close it".to_owned(),
            ExitTo::Outside => "go to the outside track".to_owned(),
        };
        let who = if way.by.is_empty() {
            String::new()
        } else {
            format!("{} {} ", self.roles(&way.by), strength(way.strength))
        };
        format!(
            "{who}{leads}: {} since {}",
            outcome(way.outcome),
            way.since.long()
        )
    }

    /// The day in time as a short text, for the column of dates.
    pub(super) fn when(&self, deadline: &Deadline) -> String {
        match deadline.due {
            Due::On(day) => day.long().to_string(),
            Due::Never => "no time limit".to_owned(),
            Due::Waiting => "no date yet".to_owned(),
            Due::Beyond(_) | Due::Unknown => "not known".to_owned(),
        }
    }
}

/// Why the calendar gives no date.
pub(super) fn beyond(undetermined: Undetermined) -> String {
    undetermined.to_string()
}

/// The ladder a rule declares.
pub(super) fn ladder(rule: &Rule) -> Option<&Ladder> {
    match &rule.body {
        Body::Ladder(ladder) => Some(ladder),
        Body::Series(_) | Body::Duty(_) | Body::Trigger(_) | Body::Forbid(_) => None,
    }
}

/// Whether a stage's title says no more than its number.
fn generic(title: &str, number: u16) -> bool {
    title.eq_ignore_ascii_case(&format!("stage {number}"))
}

fn side(duty: &Duty) -> Side {
    let Some(window) = duty.limits.iter().find_map(|limit| limit.window.as_ref()) else {
        return Side::After;
    };
    match window.shape {
        Shape::AtLeastBefore(_)
        | Shape::BetweenBefore { .. }
        | Shape::Before
        | Shape::NoTimeLimitBefore => Side::Before,
        Shape::At => Side::At,
        Shape::OnMidway | Shape::ByMidway | Shape::AroundMidway(_) => Side::Between,
        Shape::Within(_)
        | Shape::PeriodBeginning(_)
        | Shape::BetweenAfter { .. }
        | Shape::ByDateOf(_)
        | Shape::NotBefore(_)
        | Shape::OncePassed(_)
        | Shape::NoTimeLimit => Side::After,
    }
}

fn forbidden_event(forbid: &crate::policy::Forbid) -> EventId {
    use crate::policy::Forbidden::{Never, PerPeriod, PerReview};
    match &forbid.what {
        Never(event) | PerReview { event, .. } | PerPeriod { event, .. } => event.event,
    }
}

/// The role to whose judgement a condition leaves an attribute.
fn judge(condition: &Condition, attribute: AttributeId) -> Option<RoleId> {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => {
            parts.iter().find_map(|part| judge(part, attribute))
        }
        Condition::Not(part) => judge(part, attribute),
        Condition::Judged {
            role,
            attribute: judged,
        } if *judged == attribute => Some(*role),
        Condition::Judged { .. }
        | Condition::Reading(..)
        | Condition::State(_)
        | Condition::HeldFor { .. }
        | Condition::Latest { .. }
        | Condition::Recorded(_)
        | Condition::HeldSince { .. }
        | Condition::Age { .. }
        | Condition::Attribute(_)
        | Condition::ByLatestLawful { .. } => None,
    }
}

fn basis(basis: &Basis) -> String {
    let day = basis.date.long();
    match basis.kind {
        BasisKind::Actual => format!("held on {day}"),
        BasisKind::Planned => format!("planned for {day}"),
        BasisKind::Projected => format!("expected by {day}, its latest date"),
    }
}

fn verb(noun: &str) -> &'static str {
    if noun == "visit" { "made" } else { "held" }
}

fn kind(kind: &AttributeKind) -> String {
    match kind {
        AttributeKind::YesNo => "yes or no".to_owned(),
        AttributeKind::OneOf(words) => sentence_list(words.clone(), "or"),
        AttributeKind::Number => "a number".to_owned(),
        AttributeKind::Date => "a date".to_owned(),
        AttributeKind::Text => "a text".to_owned(),
    }
}

/// How strongly the source says it.
pub(super) const fn strength(strength: Strength) -> &'static str {
    match strength {
        Strength::Must => "must",
        Strength::Should => "should",
        Strength::ShouldNormally => "should normally",
        Strength::May => "may",
    }
}

/// The outcome of a stage as the grounds of a way on.
pub(super) const fn outcome(outcome: StageOutcome) -> &'static str {
    match outcome {
        StageOutcome::Satisfied => "satisfied",
        StageOutcome::NotSatisfied => "not satisfied",
        StageOutcome::NoAnswer => "no answer",
        StageOutcome::NotApproved => "not approved",
    }
}

/// What was irregular about the opening of a stage.
pub(super) const fn irregular(irregular: Irregular) -> &'static str {
    match irregular {
        Irregular::NoSuchStage => "the policy has no such stage",
        Irregular::NotTheEntry => "the policy does not let it begin at this stage",
        Irregular::NoGround => "no way to this stage was open on that day",
        Irregular::GroundNotListed => "the policy does not list this ground at this stage",
    }
}

/// A number of things: `1 day`, `4 days`.
pub fn count(number: i32, noun: &str) -> String {
    if number == 1 {
        format!("1 {noun}")
    } else {
        format!("{number} {noun}s")
    }
}

/// An ordinal: `second`, `12th`.
pub fn ordinal(number: u16) -> String {
    const WORDS: [&str; 10] = [
        "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth",
        "tenth",
    ];
    if let Some(word) = usize::from(number)
        .checked_sub(1)
        .and_then(|n| WORDS.get(n))
    {
        return (*word).to_owned();
    }
    let ending = match (number % 100, number % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

/// Words as a list for a sentence: `a, b and c`.
pub(super) fn sentence_list(words: Vec<String>, last: &str) -> String {
    match words.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((end, rest)) => format!("{} {last} {end}", rest.join(", ")),
    }
}
