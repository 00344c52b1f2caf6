//! The words for an outcome: which deadline, who, by when, and why it stands as it does.
//!
//! The words are neutral: they say what happened on which day and what the policy's date was, never
//! what that says about anyone's work.

use super::Answer;
use crate::calendar::{Date, Undetermined};
use crate::eval::{Basis, BasisKind, Deadline, Due, FactId, Part, Question, Reason, Way};
use crate::policy::words::{joined, ordinal};
use crate::policy::{
    Anchor, Body, Duty, Event, EventId, ExitTo, Ladder, RoleId, Rule, RuleId, Shape, Strength,
};
use crate::search::judge_of;

/// A fact as the words need it.
pub(in crate::render) struct Known<'a> {
    pub(in crate::render) date: Date,
    pub(in crate::render) event: &'a Event,
    pub(in crate::render) line: u32,
}

/// Where the window of a duty lies by the reviews it is tied to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::render) enum Side {
    Before,
    At,
    Between,
    After,
}

impl<'a> Answer<'a> {
    /// The fact with this id, deemed ones included.
    pub(in crate::render) fn known(&self, id: FactId) -> Option<Known<'a>> {
        if let Some(fact) = self.timeline.fact(id) {
            return Some(Known {
                date: fact.date,
                event: self.policy.event(fact.event),
                line: fact.line,
            });
        }
        let deemed = self.outcome.deemed_as(id)?;
        Some(Known { date: deemed.date, event: self.policy.event(deemed.event), line: 0 })
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
        format!("“{}” on {} ({place})", known.event.title, known.date.long())
    }

    /// The `ref` of a deadline, if it has one.
    pub(super) fn reference(&self, id: Option<FactId>) -> Option<&'a str> {
        if let Some(fact) = self.timeline.fact(id?) {
            return fact.reference.as_deref();
        }
        None
    }

    pub(super) fn rule(&self, id: RuleId) -> &'a Rule {
        self.policy.rule(id)
    }

    /// The titles of roles as a list for a sentence.
    pub(in crate::render) fn roles(&self, roles: &[RoleId]) -> String {
        let titles = roles.iter().map(|&role| self.policy.role(role).title.clone());
        joined(titles.collect(), "and")
    }

    /// Which deadline it is: `Looked After Review (second)`.
    pub fn title(&self, deadline: &Deadline) -> String {
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
                Some((series, ..)) => {
                    format!("{}, brought forward by: {}", self.rule(*series).title, rule.title)
                }
                None => rule.title.clone(),
            },
            (Body::Ladder(_), Part::Answer { stage }) => {
                format!("{}, {}: answer", rule.title, self.policy.stage_title(deadline.rule, stage))
            }
            (Body::Ladder(_), Part::Approval { stage }) => {
                format!(
                    "{}, {}: approval",
                    rule.title,
                    self.policy.stage_title(deadline.rule, stage)
                )
            }
            (Body::Ladder(_), Part::Opening { stage }) => format!(
                "{}: to be opened at {} or above",
                rule.title,
                self.policy.stage_title(deadline.rule, stage)
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
        format!("{} ({})", rule.title, self.by_review(side(duty), series, deadline.ordinal))
    }

    /// Where by which review: `before review 3`.
    fn by_review(&self, side: Side, series: RuleId, number: u16) -> String {
        let noun = self.policy.series(series).map_or("review", |series| series.noun);
        match side {
            Side::Before => format!("before {noun} {number}"),
            Side::At => format!("at {noun} {number}"),
            Side::Between => format!("between {noun}s {number} and {}", number.saturating_add(1)),
            Side::After => format!("after {noun} {number}"),
        }
    }

    /// The reviews a deadline is tied to, and where it lies by them.
    pub(in crate::render) fn review_of(&self, deadline: &Deadline) -> Option<(RuleId, Side)> {
        let Body::Duty(duty) = &self.rule(deadline.rule).body else {
            return None;
        };
        match (&duty.anchor, deadline.anchor) {
            (Anchor::Review { series, .. }, Some(_)) => Some((*series, side(duty))),
            _ => None,
        }
    }

    /// The review of a deadline with its date: `before review 3, planned for Thu 10 Sep 2026`; of what
    /// is over only `of review 3, held on …`.
    pub(in crate::render) fn place_of(&self, deadline: &Deadline, over: bool) -> String {
        let Some((series, side)) = self.review_of(deadline) else {
            return String::new();
        };
        let place = if over {
            let noun = self.policy.series(series).map_or("review", |series| series.noun);
            format!("of {noun} {}", deadline.ordinal)
        } else {
            self.by_review(side, series, deadline.ordinal)
        };
        match deadline.basis.as_ref() {
            Some(known) => format!("{place}, {}", basis(known)),
            None => place,
        }
    }

    /// Who must act, and how strongly: `Team manager (should)`.
    pub(super) fn owner_words(&self, deadline: &Deadline) -> String {
        let (owners, _) = self.owners(deadline);
        format!("{} ({})", self.roles(&owners), strength(self.rule(deadline.rule).strength))
    }

    /// Who must act, and the sections of the source that say so.
    pub(in crate::render) fn owners(&self, deadline: &Deadline) -> (Vec<RoleId>, Vec<String>) {
        self.policy.owners_of(deadline.rule, deadline.part)
    }

    /// The limit that governs a deadline, in words: `at least 10 working days before each review`.
    pub(in crate::render) fn limit_words(&self, deadline: &Deadline) -> Option<String> {
        let rule = self.rule(deadline.rule);
        let (limits, anchor) = match &rule.body {
            Body::Duty(duty) => (&duty.limits, self.policy.anchor_words(&duty.anchor)),
            Body::Series(series) => {
                let start = series.start.as_ref().filter(|_| deadline.ordinal == 1);
                let start = start.map(|start| self.policy.event_words(start));
                (&series.limits, start.unwrap_or_else(|| "the previous".to_owned()))
            }
            Body::Ladder(ladder) => {
                let number = deadline.part.stage()?;
                let stage = ladder.stages.iter().find(|stage| stage.number == number)?;
                let opening = "the stage was opened";
                return Some(self.policy.window_words(stage.limit.as_ref()?, opening, None));
            }
            Body::Trigger(_) | Body::Forbid(_) => return None,
        };
        let window = limits.get(usize::from(deadline.limit?))?.window.as_ref()?;
        Some(self.policy.window_words(window, &anchor, None))
    }

    /// Why a deadline stands as it does, a phrase.
    pub(super) fn reason(&self, deadline: &Deadline, reason: &Reason) -> String {
        match reason {
            Reason::NotRecorded(question) => format!("not recorded: {}", self.question(question)),
            other => self
                .policy
                .reason_words(deadline.rule, other, &|fact| self.outcome.fact(self.timeline, fact)),
        }
    }

    /// The event of a fact, deemed ones included.
    pub(super) fn event_of(&self, id: FactId) -> Option<EventId> {
        match self.timeline.fact(id) {
            Some(fact) => Some(fact.event),
            None => self.outcome.deemed_as(id).map(|deemed| deemed.event),
        }
    }

    /// Which deadline it is, with the review date it counts from: `Report (before review 3, planned
    /// for Thu 10 Sep 2026)`.
    pub(in crate::render) fn full_title(&self, deadline: &Deadline) -> String {
        let title = self.title(deadline);
        let Some(known) = deadline.basis.as_ref() else {
            return title;
        };
        let basis = basis(known);
        match title.strip_suffix(')') {
            Some(open) => format!("{open}, {basis})"),
            None => format!("{title} (counted from what is {basis})"),
        }
    }

    /// Something nobody recorded, as a question, with the line to look at.
    pub(in crate::render) fn question(&self, question: &Question) -> String {
        let words = self.policy.question_words(self.timeline, question);
        match question {
            Question::Attribute(fact, _) => match self.timeline.fact(*fact) {
                Some(fact) if fact.line > 0 => format!("{words} (line {})", fact.line),
                _ => words,
            },
            Question::Event(..) | Question::State(..) | Question::Born | Question::Order(..) => {
                words
            }
        }
    }

    /// Who could answer a question, where the policy makes it someone's judgement.
    pub(super) fn who_knows(&self, question: &Question) -> Option<RoleId> {
        judge_of(self.policy, self.timeline, question)
    }

    /// A way on, as a phrase.
    pub(super) fn way(&self, rule: RuleId, way: &Way) -> String {
        let leads = match way.leads {
            ExitTo::Stage(stage) => format!("open {}", self.policy.stage_title(rule, stage)),
            ExitTo::Ends => "close it".to_owned(),
            ExitTo::Outside => "go to the outside track".to_owned(),
        };
        let who = if way.by.is_empty() {
            String::new()
        } else {
            format!("{} {} ", self.roles(&way.by), strength(way.strength))
        };
        format!("{who}{leads}: {} since {}", way.outcome.words(), way.since.long())
    }
}

/// The last day in time as a short text, for the column of dates.
pub fn when(deadline: &Deadline) -> String {
    match deadline.due {
        Due::On(day) => day.long().to_string(),
        Due::Never => "no time limit".to_owned(),
        Due::Waiting => "no date yet".to_owned(),
        Due::Beyond(_) | Due::Unknown => "not known".to_owned(),
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

pub(super) fn forbidden_event(forbid: &crate::policy::Forbid) -> EventId {
    use crate::policy::Forbidden::{Never, PerPeriod, PerReview};
    match &forbid.what {
        Never(event) | PerReview { event, .. } | PerPeriod { event, .. } => event.event,
    }
}

pub(super) fn basis(basis: &Basis) -> String {
    format!("{} {}", basis_word(basis.kind), basis.date.long())
}

/// What is said of a review before its date.
pub(super) const fn basis_word(kind: BasisKind) -> &'static str {
    match kind {
        BasisKind::Actual => "held on",
        BasisKind::Planned => "planned for",
        BasisKind::Projected => "expected by",
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

/// A number of things: `1 day`, `4 days`.
pub fn count(number: i32, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}
