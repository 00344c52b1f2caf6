//! Why a deadline stands as it does: one tree of facts, derived on demand.
//!
//! The tree is worked out again from the policy and the timeline with the evaluator's own
//! functions, so that it cannot say anything that was not evaluated. Renderers turn its
//! statements into sentences or data; no prose is kept here but the policy's own titles.

use serde::Serialize;

use super::case::Case;
use super::outcome::{Deadline, Due, FactId, Part, Question, Reason, Standing};
use super::prepare::lies_midway;
use super::truth::{Mode, Sink, Subject, Truth};
use super::{Matching, Outcome, Timeline, run};
use crate::calendar::{Date, Length, Unit, midway};
use crate::policy::words::{ordinal, ordinal_words};
use crate::policy::{
    Anchor, Body, Condition, Duration, EventId, Limit, Policy, ReadingId, Rule, Shape, Window,
};

/// A statement and the statements it rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Why {
    /// What is so.
    #[serde(flatten)]
    pub statement: Statement,
    /// What it rests on, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub because: Vec<Why>,
}

impl Why {
    fn leaf(statement: Statement) -> Why {
        Why {
            statement,
            because: Vec::new(),
        }
    }
}

/// A fact as it stands in the input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Source {
    /// The event's name.
    pub event: String,
    /// Its title.
    pub title: String,
    /// The day.
    pub date: Date,
    /// The line of the input; nothing for a deemed event.
    pub line: Option<u32>,
    /// Its attributes and `ref` as they are written.
    pub details: Vec<(String, String)>,
}

/// What a tree can state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Statement {
    /// The deadline: the root of the tree.
    Deadline {
        /// The rule's name.
        rule: String,
        /// Its title.
        title: String,
        /// Which part of it, and which instance.
        which: String,
        /// Who must act.
        owners: Vec<String>,
        /// How strongly.
        strength: &'static str,
        /// The sections of the source.
        cites: Vec<String>,
        /// Who is told.
        tells: Vec<String>,
        /// The status.
        status: &'static str,
        /// Calendar days: late or overdue by, or remaining.
        days: i32,
        /// The same in working days, where the limit is in working days.
        working_days: Option<i32>,
        /// The first day in time, where there is one of its own.
        opens: Option<Date>,
        /// The last day in time.
        due: Option<Date>,
        /// Later dates that are possible too.
        alternatives: Vec<Date>,
        /// The day it was done.
        done: Option<Date>,
        /// The as-of day.
        as_of: Date,
    },
    /// The clock counts from this day.
    CountsFrom {
        /// What the day is, in the policy's words.
        what: String,
        /// The day.
        date: Date,
    },
    /// An event of the case.
    Recorded(Source),
    /// An event that the policy deems to have happened.
    Deemed(Source),
    /// The limit that governs.
    Governs {
        /// The limit in words.
        words: String,
        /// Whether it is an exception.
        exception: bool,
    },
    /// A limit that does not govern.
    DoesNotGovern {
        /// The limit in words.
        words: String,
        /// Whether it is an exception.
        exception: bool,
        /// Why not.
        because_of: NotGoverning,
        /// The last day it would have given.
        would_give: Option<Date>,
    },
    /// A count of days, weeks, months or years.
    Count {
        /// The length.
        length: String,
        /// The anchor, which is not counted unless the period begins with it.
        from: Date,
        /// The day reached.
        to: Date,
        /// Which way, and whether the anchor is counted.
        direction: Direction,
        /// The days off other than weekends that were not counted (working days only).
        skipped: Vec<(Date, String)>,
        /// How many Saturdays and Sundays were not counted (working days only).
        weekend_days: u32,
        /// Whether the month had no such day, so that its last day was taken.
        month_end: bool,
    },
    /// The earlier or the later of two.
    EitherOf {
        /// Whether the earlier (rather than the later) was taken.
        earlier: bool,
        /// The day taken.
        taken: Date,
        /// The other day.
        other: Date,
    },
    /// The day midway between two.
    Midway {
        /// The first.
        first: Date,
        /// The second.
        second: Date,
        /// The days between them.
        between: i32,
        /// The day midway, rounded down.
        middle: Date,
    },
    /// The date that an event carries.
    Carried {
        /// The attribute's name.
        attribute: String,
        /// The date.
        date: Option<Date>,
    },
    /// The limit changed while the clock ran.
    Changed {
        /// The day of change.
        day: Date,
        /// The last day before.
        before: Option<Date>,
        /// What the rule says of changes.
        how: &'static str,
    },
    /// The date was raised to the day of change: it is never brought forward before it.
    Raised {
        /// That day.
        to: Date,
    },
    /// The old date was kept, being the earlier.
    Kept {
        /// That date.
        date: Date,
    },
    /// The last day is a day on which nobody works; it does not roll.
    DayOff {
        /// The last day.
        date: Date,
        /// Why nobody works: "Sunday", "Good Friday".
        name: String,
        /// The last working day before it.
        working_day: Option<Date>,
    },
    /// The review date that a duty counts from.
    Basis {
        /// `actual`, `planned` or `projected`.
        basis: &'static str,
        /// The date.
        date: Date,
        /// The day it became known.
        known: Date,
    },
    /// A condition on a day.
    Condition {
        /// The condition in words.
        words: String,
        /// The day.
        day: Date,
        /// `yes`, `no` or `not known`.
        truth: &'static str,
    },
    /// Something nobody recorded.
    NotRecorded {
        /// The question.
        question: String,
    },
    /// A reading that the date rests on.
    Reading {
        /// Its name.
        name: String,
        /// The value in force.
        chosen: String,
        /// The other values.
        others: Vec<String>,
        /// Why it was chosen.
        reason: String,
        /// The sections it rests on.
        cites: Vec<String>,
        /// Whether it was switched from the policy's own value.
        switched: bool,
    },
    /// It was done by this.
    DoneOn {
        /// The day.
        date: Date,
    },
    /// What would meet it.
    WouldMeet {
        /// The acts, in words.
        acts: Vec<String>,
        /// Whether all are needed.
        all: bool,
    },
    /// A way on from a stage.
    WayOn {
        /// On which outcome.
        outcome: &'static str,
        /// Since when.
        since: Date,
        /// Who may take it.
        by: Vec<String>,
        /// With what strength.
        strength: &'static str,
        /// Where it leads.
        leads: String,
    },
    /// Anything else that the status rests on.
    Note {
        /// In words.
        words: String,
    },
    /// Why a date is not the deadline.
    NotThat {
        /// The date asked about.
        date: Date,
        /// The last day in time.
        due: Option<Date>,
    },
}

/// Why a limit does not govern.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NotGoverning {
    /// It is for other reviews.
    OtherReviews,
    /// It is for clocks that started in another period.
    OtherPeriod,
    /// Its condition is not so.
    ConditionNo,
    /// Its condition is not known.
    ConditionUnknown,
    /// An exception takes its place.
    Excepted,
    /// Another exception stands before it and gives the same date, or disagrees.
    AnotherException,
}

/// Which way a count goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// Forwards, the anchor not counted.
    After,
    /// Backwards, the anchor not counted.
    Before,
    /// Forwards, the anchor counted as day 1.
    BeginningWith,
}

impl Truth {
    const fn word(self) -> &'static str {
        match self {
            Truth::Yes => "yes",
            Truth::No => "no",
            Truth::Unknown => "not known",
        }
    }
}

/// Explains one deadline of an outcome of this policy and timeline; nothing where the outcome has
/// no such deadline.
pub fn why(policy: &Policy, timeline: &Timeline, outcome: &Outcome, index: usize) -> Option<Why> {
    let row = outcome.deadlines.get(index)?;
    let (case, standings) = run(policy, timeline, outcome.as_of, Matching::Lenient);
    Some(
        Explainer {
            case: &case,
            row,
            rule: policy.rule(row.rule),
        }
        .tree(&standings),
    )
}

/// Explains why a deadline does not fall on a date: what would have given that date, and what the
/// count makes of it.
pub fn why_not(
    policy: &Policy,
    timeline: &Timeline,
    outcome: &Outcome,
    index: usize,
    date: Date,
) -> Option<Why> {
    let row = outcome.deadlines.get(index)?;
    let due = row.due_date();
    let tree = why(policy, timeline, outcome, index)?;
    let because = if due == Some(date) {
        vec![tree]
    } else {
        let mut others = Vec::new();
        collect_giving(&tree, date, &mut others);
        others.push(tree);
        others
    };
    Some(Why {
        statement: Statement::NotThat { date, due },
        because,
    })
}

/// Collects the limits that would have given the date and do not govern.
fn collect_giving(tree: &Why, date: Date, found: &mut Vec<Why>) {
    if matches!(&tree.statement, Statement::DoesNotGovern { would_give, .. } if *would_give == Some(date))
        || matches!(&tree.statement, Statement::EitherOf { other, .. } if *other == date)
    {
        found.push(tree.clone());
    }
    for part in &tree.because {
        collect_giving(part, date, found);
    }
}

impl Deadline {
    /// The last day in time, where it is a date.
    pub fn due_date(&self) -> Option<Date> {
        match self.due {
            Due::On(date) => Some(date),
            Due::Never | Due::Waiting | Due::Beyond(_) | Due::Unknown => None,
        }
    }
}

/// Explains one deadline of a case.
struct Explainer<'a> {
    case: &'a Case<'a>,
    row: &'a Deadline,
    rule: &'a Rule,
}

impl Explainer<'_> {
    fn policy(&self) -> &Policy {
        self.case.policy
    }

    fn tree(&self, standings: &[Standing]) -> Why {
        let mut because = Vec::new();
        because.extend(self.counts_from());
        because.extend(self.basis());
        because.extend(self.limits());
        because.extend(self.change());
        because.extend(self.day_off());
        because.extend(self.lives());
        because.extend(self.readings());
        because.extend(self.done());
        because.extend(self.ways(standings));
        because.extend(self.reasons());
        Why {
            statement: self.root(),
            because,
        }
    }

    fn root(&self) -> Statement {
        let titles = |roles: &[crate::policy::RoleId]| {
            roles
                .iter()
                .map(|&role| self.policy().role(role).title.clone())
                .collect::<Vec<_>>()
        };
        let (owners, cites) = self.owners();
        Statement::Deadline {
            rule: self.rule.name.clone(),
            title: self.rule.title.clone(),
            which: self.which(),
            owners: titles(&owners),
            strength: self.rule.strength.word(),
            cites,
            tells: titles(&self.rule.tells),
            status: self.row.status.word(),
            days: self.row.days,
            working_days: self.row.working_days,
            opens: self.row.opens,
            due: self.row.due_date(),
            alternatives: self.row.alternatives.clone(),
            done: self.row.done_on,
            as_of: self.case.as_of,
        }
    }

    /// Who owes this part, and where the source says so.
    fn owners(&self) -> (Vec<crate::policy::RoleId>, Vec<String>) {
        self.policy().owners_of(self.row.rule, self.row.part)
    }

    fn which(&self) -> String {
        self.policy().which(
            self.row,
            self.row
                .reference
                .and_then(|fact| self.case.reference(fact)),
        )
    }

    /// A fact as it stands in the input.
    fn fact(&self, id: FactId) -> Why {
        let fact = self.case.fact(id);
        let event = self.policy().event(fact.event);
        let mut details: Vec<(String, String)> = event
            .attributes
            .iter()
            .zip(&fact.values)
            .enumerate()
            .filter_map(|(index, (attribute, value))| {
                let id = crate::policy::AttributeId(index as u16);
                let words = self
                    .policy()
                    .value_words(Some(fact.event), id, value.as_ref()?);
                Some((attribute.name.clone(), words))
            })
            .collect();
        details.extend(
            fact.reference
                .iter()
                .map(|name| ("ref".to_owned(), name.clone())),
        );
        let source = Source {
            event: event.name.clone(),
            title: event.title.clone(),
            date: fact.date,
            line: (fact.line > 0).then_some(fact.line),
            details,
        };
        let deemed = self.case.deemed_by.iter().any(|deemed| deemed.fact == id);
        Why::leaf(if deemed {
            Statement::Deemed(source)
        } else {
            Statement::Recorded(source)
        })
    }

    /// What starts the clock.
    fn counts_from(&self) -> Option<Why> {
        let start = self.row.anchor?;
        let what = match (&self.rule.body, self.row.part) {
            (Body::Series(_), _) if self.row.ordinal > 1 => {
                format!("the {} {}", ordinal(self.row.ordinal - 1), self.rule.title)
            }
            (Body::Duty(duty), _) if self.row.basis.is_some() || lies_midway(duty) => {
                "the clock of the review itself".to_owned()
            }
            (Body::Duty(duty), _) => self.policy().anchor_words(&duty.anchor),
            (Body::Ladder(_), Part::Answer { stage } | Part::Approval { stage }) => {
                format!("the opening of stage {stage}")
            }
            (Body::Ladder(_), Part::Cap) => "the opening that starts the cap".to_owned(),
            _ => "this event".to_owned(),
        };
        Some(Why {
            statement: Statement::CountsFrom {
                what,
                date: start.date,
            },
            because: start.fact.map(|fact| self.fact(fact)).into_iter().collect(),
        })
    }

    fn basis(&self) -> Option<Why> {
        let basis = self.row.basis?;
        Some(Why {
            statement: Statement::Basis {
                basis: basis.kind.word(),
                date: basis.date,
                known: basis.known,
            },
            because: basis.fact.map(|fact| self.fact(fact)).into_iter().collect(),
        })
    }

    /// The limits of the rule, the governing one first.
    fn limits(&self) -> Vec<Why> {
        let (limits, anchor, subject_event) = match &self.rule.body {
            Body::Series(series) => (
                &series.limits,
                None,
                series.start.as_ref().map(|wanted| wanted.event),
            ),
            Body::Duty(duty) => {
                let event = match &duty.anchor {
                    Anchor::Events(choices) => choices.first().map(|wanted| wanted.event),
                    _ => None,
                };
                (
                    &duty.limits,
                    Some(self.policy().anchor_words(&duty.anchor)),
                    event,
                )
            }
            Body::Ladder(_) | Body::Trigger(_) | Body::Forbid(_) => {
                return self.plain_window().into_iter().collect();
            }
        };
        let mut trees = Vec::new();
        for (index, limit) in limits.iter().enumerate() {
            let governs = self.row.limit == Some(index as u16);
            let words = self.limit_words(limit, anchor.as_deref(), subject_event);
            if governs {
                let mut because = self.conditions_of(limit);
                because.extend(
                    limit
                        .window
                        .as_ref()
                        .map_or(Vec::new(), |window| self.counting(window)),
                );
                let statement = Statement::Governs {
                    words,
                    exception: limit.exception,
                };
                trees.insert(0, Why { statement, because });
            } else if let Some(because_of) = self.not_governing(limit) {
                let would_give = limit
                    .window
                    .as_ref()
                    .and_then(|window| self.would_give(window));
                trees.push(Why {
                    statement: Statement::DoesNotGovern {
                        words,
                        exception: limit.exception,
                        because_of,
                        would_give,
                    },
                    because: self.conditions_of(limit),
                });
            }
        }
        trees
    }

    /// A limit in words, with what it is for.
    fn limit_words(&self, limit: &Limit, anchor: Option<&str>, event: Option<EventId>) -> String {
        let mut words = Vec::new();
        if limit.ordinals != crate::policy::Ordinals::EACH {
            words.push(format!("for {} review", ordinal_words(limit.ordinals)));
        }
        if let Some(test) = &limit.test {
            words.push(format!(
                "where {}",
                self.policy().condition_words(test, event)
            ));
        }
        if let Some(condition) = &limit.condition {
            words.push(format!(
                "while {}",
                self.policy().condition_words(condition, event)
            ));
        }
        if limit.started != crate::policy::Period::default() {
            words.push(match (limit.started.from, limit.started.until) {
                (Some(from), Some(until)) => {
                    format!(
                        "for clocks that started from {} to {}",
                        from.short(),
                        until.short()
                    )
                }
                (Some(from), None) => format!("for clocks that started from {}", from.short()),
                (_, Some(until)) => format!("for clocks that started up to {}", until.short()),
                (None, None) => String::new(),
            });
        }
        let from = anchor.map_or_else(|| self.own_anchor(limit), str::to_owned);
        words.push(match &limit.window {
            Some(window) => self.policy().window_words(window, &from, event),
            None => "does not apply".to_owned(),
        });
        words.join(", ")
    }

    /// From what a limit of a series counts.
    fn own_anchor(&self, limit: &Limit) -> String {
        match &self.rule.body {
            Body::Series(series) if limit.ordinals.first && !limit.ordinals.later => {
                series.start.as_ref().map_or_else(
                    || "the start of its period".to_owned(),
                    |wanted| self.policy().event_words(wanted),
                )
            }
            Body::Series(_) if limit.ordinals.second && !limit.ordinals.later => {
                "the first".to_owned()
            }
            _ => "the previous".to_owned(),
        }
    }

    /// The days on which the limits' conditions matter: the basis date, else the clock's start and
    /// the day of change.
    fn tested_on(&self) -> Option<(Date, Mode)> {
        if let Some(basis) = self.row.basis {
            return Some((basis.date, Mode::Acts));
        }
        match (self.row.change, self.row.anchor) {
            (Some(change), _) => Some((change.day, Mode::Acts)),
            (None, Some(start)) => Some((start.date, Mode::Starts)),
            (None, None) => None,
        }
    }

    fn subject(&self) -> Option<Subject> {
        let fact = self.row.anchor.and_then(|start| start.fact)?;
        Some(Subject::of(fact, self.case.fact(fact).event))
    }

    /// The conditions of a limit, with what made them true, false or unknown.
    fn conditions_of(&self, limit: &Limit) -> Vec<Why> {
        let Some((day, mode)) = self.tested_on() else {
            return Vec::new();
        };
        limit
            .condition
            .iter()
            .chain(&limit.test)
            .map(|condition| self.condition(condition, day, mode))
            .collect()
    }

    /// A condition on a day, part by part.
    fn condition(&self, condition: &Condition, day: Date, mode: Mode) -> Why {
        let mut sink = Sink::new();
        let subject = self.subject();
        let truth = self.case.truth(condition, day, mode, subject, &mut sink);
        let event = subject.map(|subject| subject.stands_for);
        let statement = Statement::Condition {
            words: self.policy().condition_words(condition, event),
            day,
            truth: truth.word(),
        };
        let because = match condition {
            Condition::All(parts) | Condition::Any(parts) => parts
                .iter()
                .map(|part| self.condition(part, day, mode))
                .collect(),
            Condition::Not(part) => vec![self.condition(part, day, mode)],
            _ => {
                let mut facts: Vec<Why> = self
                    .evidence(condition, day)
                    .into_iter()
                    .map(|id| self.fact(id))
                    .collect();
                facts.extend(sink.iter().map(|question| self.question(question)));
                facts
            }
        };
        Why { statement, because }
    }

    /// The facts that made a condition what it is on a day.
    fn evidence(&self, condition: &Condition, day: Date) -> Vec<FactId> {
        match condition {
            Condition::State(state) | Condition::HeldFor { state, .. } => {
                self.case.state_evidence(*state, day)
            }
            Condition::Latest { event, .. } | Condition::HeldSince { event, .. } => {
                self.latest(*event, day)
            }
            Condition::Recorded(wanted) => self.latest(wanted.event, day),
            Condition::Age { .. } => self
                .policy()
                .born
                .map_or(Vec::new(), |born| self.latest(born, day)),
            Condition::Attribute(_)
            | Condition::Judged { .. }
            | Condition::ByLatestLawful { .. } => self
                .subject()
                .map(|subject| subject.fact)
                .into_iter()
                .collect(),
            Condition::Reading(..) | Condition::All(_) | Condition::Any(_) | Condition::Not(_) => {
                Vec::new()
            }
        }
    }

    /// The latest fact of an event on or before a day.
    fn latest(&self, event: EventId, day: Date) -> Vec<FactId> {
        let facts = self.case.of(event).iter().copied();
        facts
            .rev()
            .find(|&id| self.case.date(id) <= day)
            .into_iter()
            .collect()
    }

    fn question(&self, question: &Question) -> Why {
        Why::leaf(Statement::NotRecorded {
            question: self.policy().question_words(self.case.timeline, question),
        })
    }

    /// Why a limit does not govern; nothing where it simply is for other reviews without being an
    /// exception.
    fn not_governing(&self, limit: &Limit) -> Option<NotGoverning> {
        let ordinal = self.row_ordinal();
        if ordinal.is_some_and(|ordinal| !limit.ordinals.contains(ordinal)) {
            return limit.exception.then_some(NotGoverning::OtherReviews);
        }
        if let Some(start) = self.row.anchor
            && !limit.started.contains(start.date)
        {
            return Some(NotGoverning::OtherPeriod);
        }
        if !limit.exception {
            return self.row.limit.map(|_| NotGoverning::Excepted);
        }
        let (day, mode) = self.tested_on()?;
        let truths: Vec<Truth> = limit
            .condition
            .iter()
            .chain(&limit.test)
            .map(|condition| {
                self.case
                    .truth(condition, day, mode, self.subject(), &mut Sink::new())
            })
            .collect();
        if truths.contains(&Truth::No) {
            Some(NotGoverning::ConditionNo)
        } else if truths.contains(&Truth::Unknown) {
            Some(NotGoverning::ConditionUnknown)
        } else {
            Some(NotGoverning::AnotherException)
        }
    }

    /// The ordinal by which limits are chosen.
    fn row_ordinal(&self) -> Option<u16> {
        match &self.rule.body {
            Body::Series(_) => Some(self.row.ordinal),
            Body::Duty(duty) => match &duty.anchor {
                Anchor::Review { series, .. } => {
                    let view = self.case.view(*series)?;
                    let number = self.row.ordinal + u16::from(lies_midway(duty));
                    view.slots
                        .iter()
                        .find(|slot| slot.number == number)
                        .map(|slot| slot.ordinal)
                }
                _ => None,
            },
            Body::Trigger(_) | Body::Forbid(_) | Body::Ladder(_) => None,
        }
    }

    /// From which day the governing window counts.
    fn counted_from(&self) -> Option<Date> {
        if let Some(basis) = self.row.basis
            && !self.midway()
        {
            return Some(basis.date);
        }
        self.row.anchor.map(|start| start.date)
    }

    fn midway(&self) -> bool {
        matches!(&self.rule.body, Body::Duty(duty) if lies_midway(duty))
    }

    /// The last day that a window of the rule would give.
    fn would_give(&self, window: &Window) -> Option<Date> {
        let midway_to = self
            .row
            .basis
            .filter(|_| self.midway())
            .map(|basis| basis.date);
        let (_, due) = self
            .case
            .window(window, self.counted_from()?, self.subject(), midway_to);
        match due {
            Due::On(date) => Some(date),
            _ => None,
        }
    }

    /// How a window's dates were counted.
    fn counting(&self, window: &Window) -> Vec<Why> {
        let Some(from) = self.counted_from() else {
            return Vec::new();
        };
        let length = |duration: &Duration, direction| self.count(duration, from, direction);
        let fixed = |one: Length, direction| self.count(&Duration::Fixed(one), from, direction);
        match &window.shape {
            Shape::Within(duration) | Shape::NotBefore(duration) | Shape::OncePassed(duration) => {
                let change = self.row.change.map(|change| change.day);
                let from = if self.counts_from_the_change() {
                    change.unwrap_or(from)
                } else {
                    from
                };
                self.count(duration, from, Direction::After)
            }
            Shape::PeriodBeginning(duration) => length(duration, Direction::BeginningWith),
            Shape::AtLeastBefore(duration) => length(duration, Direction::Before),
            Shape::BetweenBefore { near, far } => {
                let mut parts = fixed(*far, Direction::Before);
                parts.extend(fixed(*near, Direction::Before));
                parts
            }
            Shape::BetweenAfter { near, far } => {
                let mut parts = fixed(*near, Direction::After);
                parts.extend(fixed(*far, Direction::After));
                parts
            }
            Shape::OnMidway | Shape::ByMidway => self.middle(from).into_iter().collect(),
            Shape::AroundMidway(duration) => {
                let mut parts: Vec<Why> = self.middle(from).into_iter().collect();
                if let Some(basis) = self.row.basis {
                    let middle = midway(from, basis.date);
                    parts.extend(self.count(duration, middle, Direction::Before));
                    parts.extend(self.count(duration, middle, Direction::After));
                }
                parts
            }
            Shape::ByDateOf(attribute) => {
                let subject = self.subject();
                let name = subject.map_or_else(String::new, |subject| {
                    self.policy()
                        .attribute(subject.stands_for, *attribute)
                        .name
                        .clone()
                });
                let date =
                    subject.and_then(|subject| self.case.date_value(subject.fact, *attribute));
                vec![Why::leaf(Statement::Carried {
                    attribute: name,
                    date,
                })]
            }
            Shape::Before | Shape::At | Shape::NoTimeLimit | Shape::NoTimeLimitBefore => Vec::new(),
        }
    }

    fn middle(&self, first: Date) -> Option<Why> {
        let second = self.row.basis?.date;
        Some(Why::leaf(Statement::Midway {
            first,
            second,
            between: first.days_until(second),
            middle: midway(first, second),
        }))
    }

    /// How a duration was counted from a day.
    fn count(&self, duration: &Duration, from: Date, direction: Direction) -> Vec<Why> {
        let calendar = &self.policy().calendar;
        let count = |length: Length| match direction {
            Direction::After => calendar.after(from, length),
            Direction::Before => calendar.before(from, length),
            Direction::BeginningWith => calendar.period_beginning(from, length),
        };
        match duration {
            Duration::Fixed(length) => match count(*length) {
                Ok(to) => vec![Why::leaf(self.counted(*length, from, to, direction))],
                Err(reason) => vec![Why::leaf(Statement::Note {
                    words: reason.to_string(),
                })],
            },
            Duration::Earlier(one, other) | Duration::Later(one, other) => {
                let earlier = matches!(duration, Duration::Earlier(..));
                let mut because = self.count(one, from, direction);
                because.extend(self.count(other, from, direction));
                let mut reached: Vec<Date> = because
                    .iter()
                    .filter_map(|part| part.statement.reached())
                    .collect();
                reached.sort_unstable();
                match (reached.first(), reached.last()) {
                    (Some(&first), Some(&last)) => {
                        let (taken, other) = if earlier {
                            (first, last)
                        } else {
                            (last, first)
                        };
                        vec![Why {
                            statement: Statement::EitherOf {
                                earlier,
                                taken,
                                other,
                            },
                            because,
                        }]
                    }
                    _ => because,
                }
            }
        }
    }

    fn counted(&self, length: Length, from: Date, to: Date, direction: Direction) -> Statement {
        let calendar = &self.policy().calendar;
        let (first, last) = match direction {
            Direction::Before => (to, from.add_days(-1).unwrap_or(from)),
            Direction::After => (from.add_days(1).unwrap_or(from), to),
            Direction::BeginningWith => (from, to),
        };
        let working = length.unit == Unit::WorkingDays;
        let skipped: Vec<(Date, String)> = if working {
            calendar
                .holidays_between(first, last)
                .map(|(day, name)| (day, name.to_owned()))
                .collect()
        } else {
            Vec::new()
        };
        let off = first.days_until(last) + 1 - i32::from(length.count);
        let weekend_days = if working {
            (off - skipped.len() as i32).max(0).unsigned_abs()
        } else {
            0
        };
        let monthly = matches!(length.unit, Unit::Months | Unit::Years);
        Statement::Count {
            length: length.to_string(),
            from,
            to,
            direction,
            skipped,
            weekend_days,
            month_end: monthly
                && direction != Direction::BeginningWith
                && from.ymd().2 != to.ymd().2,
        }
    }

    /// The window of a ladder's stage or cap.
    fn plain_window(&self) -> Option<Why> {
        let window = match (&self.rule.body, self.row.part) {
            (Body::Ladder(ladder), Part::Answer { stage } | Part::Approval { stage }) => {
                let stage = ladder.stages.iter().find(|one| one.number == stage)?;
                stage.limit.as_ref()?
            }
            (Body::Ladder(ladder), Part::Cap) => &ladder.cap.as_ref()?.window,
            (Body::Trigger(trigger), Part::BroughtForward) => {
                let (_, first, otherwise) = trigger.brings_forward.as_ref()?;
                match (self.would_give(first), &first.shape, otherwise) {
                    (None, Shape::ByDateOf(_), Some(otherwise)) => otherwise,
                    _ => first,
                }
            }
            _ => return None,
        };
        let event = self.subject().map(|subject| subject.stands_for);
        let words = self.policy().window_words(window, "it", event);
        let because = self.counting(window);
        Some(Why {
            statement: Statement::Governs {
                words,
                exception: false,
            },
            because,
        })
    }

    fn counts_from_the_change(&self) -> bool {
        let how = match &self.rule.body {
            Body::Series(series) => series.mid_clock,
            Body::Duty(duty) => duty.mid_clock,
            Body::Trigger(_) | Body::Forbid(_) | Body::Ladder(_) => return false,
        };
        self.row.change.is_some() && how == crate::policy::MidClock::FromTheChange
    }

    /// What a change of limit mid-clock did.
    fn change(&self) -> Option<Why> {
        let change = self.row.change?;
        let how = if self.counts_from_the_change() {
            "from the change"
        } else {
            "from the anchor"
        };
        let mut because = Vec::new();
        if let Some(due) = self.row.due_date() {
            if due == change.day && !self.counts_from_the_change() {
                because.push(Why::leaf(Statement::Raised { to: due }));
            }
            if self.counts_from_the_change() && change.before == Some(due) {
                because.push(Why::leaf(Statement::Kept { date: due }));
            }
        }
        let statement = Statement::Changed {
            day: change.day,
            before: change.before,
            how,
        };
        Some(Why { statement, because })
    }

    /// A last day on which nobody works (M8).
    fn day_off(&self) -> Option<Why> {
        let date = self.row.due_date()?;
        let calendar = &self.policy().calendar;
        if calendar.is_working_day(date) != Some(false) {
            return None;
        }
        let name = calendar
            .holiday(date)
            .map_or_else(|| weekday_name(date).to_owned(), str::to_owned);
        let working_day = calendar.last_working_day_before(date);
        Some(Why::leaf(Statement::DayOff {
            date,
            name,
            working_day,
        }))
    }

    /// The condition under which the rule lives.
    fn lives(&self) -> Option<Why> {
        let alive = self.rule.while_.as_ref()?;
        let (day, mode) = match (self.row.basis, self.row.anchor) {
            (Some(basis), _) => (basis.date, Mode::Acts),
            (None, Some(start)) => (start.date, Mode::Starts),
            (None, None) => (self.case.as_of, Mode::Acts),
        };
        Some(self.condition(alive, day, mode))
    }

    /// The readings that the date rests on.
    fn readings(&self) -> Vec<Why> {
        let mut ids: Vec<ReadingId> = self.rule.readings.clone();
        let window = |window: &Window| window.readings.clone();
        match (&self.rule.body, self.row.part) {
            (Body::Series(series), _) => ids.extend(self.limit_readings(&series.limits)),
            (Body::Duty(duty), _) => ids.extend(self.limit_readings(&duty.limits)),
            (Body::Ladder(ladder), Part::Answer { stage } | Part::Approval { stage }) => {
                let stage = ladder.stages.iter().find(|one| one.number == stage);
                ids.extend(
                    stage
                        .and_then(|stage| stage.limit.as_ref())
                        .map_or(Vec::new(), window),
                );
            }
            (Body::Ladder(ladder), Part::Cap) => {
                ids.extend(
                    ladder
                        .cap
                        .as_ref()
                        .map_or(Vec::new(), |cap| window(&cap.window)),
                );
            }
            (Body::Trigger(trigger), _) => {
                if let Some((_, first, _)) = &trigger.brings_forward {
                    ids.extend(window(first));
                }
            }
            (Body::Forbid(_) | Body::Ladder(_), _) => {}
        }
        ids.sort_unstable();
        ids.dedup();
        ids.into_iter()
            .map(|id| {
                let reading = self.policy().reading(id);
                Why::leaf(Statement::Reading {
                    name: reading.name.clone(),
                    chosen: reading.chosen.clone(),
                    others: reading.others.clone(),
                    reason: reading.reason.clone(),
                    cites: reading.cites.clone(),
                    switched: reading.switched,
                })
            })
            .collect()
    }

    fn limit_readings(&self, limits: &[Limit]) -> Vec<ReadingId> {
        self.row
            .limit
            .and_then(|limit| limits.get(usize::from(limit)))
            .and_then(|limit| limit.window.as_ref())
            .map_or(Vec::new(), |window| window.readings.clone())
    }

    /// What did it, or what would.
    fn done(&self) -> Option<Why> {
        let facts: Vec<Why> = self
            .row
            .done_by
            .iter()
            .map(|&fact| self.fact(fact))
            .collect();
        if let Some(date) = self.row.done_on {
            return Some(Why {
                statement: Statement::DoneOn { date },
                because: facts,
            });
        }
        let (acts, all) = self.policy().acts_of(self.row);
        if acts.is_empty() && facts.is_empty() {
            return None;
        }
        Some(Why {
            statement: Statement::WouldMeet { acts, all },
            because: facts,
        })
    }

    /// The ways on from the current stage of a ladder.
    fn ways(&self, standings: &[Standing]) -> Vec<Why> {
        let Part::Answer { stage } = self.row.part else {
            return Vec::new();
        };
        standings
            .iter()
            .filter(|standing| {
                standing.rule == self.row.rule
                    && standing.ordinal == self.row.ordinal
                    && standing.stage == stage
            })
            .flat_map(|standing| &standing.ways)
            .map(|way| {
                let by = way
                    .by
                    .iter()
                    .map(|&role| self.policy().role(role).title.clone());
                Why::leaf(Statement::WayOn {
                    outcome: way.outcome.words(),
                    since: way.since,
                    by: by.collect(),
                    strength: way.strength.word(),
                    leads: way.leads.words(),
                })
            })
            .collect()
    }

    /// The reasons that the engine recorded.
    fn reasons(&self) -> Vec<Why> {
        let mut trees = Vec::new();
        for reason in &self.row.reasons {
            if let Reason::NotRecorded(question) = reason {
                trees.push(self.question(question));
                continue;
            }
            let words = self
                .policy()
                .reason_words(self.row.rule, reason, &|id| self.case.fact(id).clone());
            let mut because = Vec::new();
            for fact in reason.facts() {
                because.push(self.fact(fact));
            }
            trees.push(Why {
                statement: Statement::Note { words },
                because,
            });
        }
        trees
    }
}

impl Statement {
    /// The day that a count reached.
    fn reached(&self) -> Option<Date> {
        match self {
            Statement::Count { to, .. } => Some(*to),
            Statement::EitherOf { taken, .. } => Some(*taken),
            _ => None,
        }
    }
}

fn weekday_name(date: Date) -> &'static str {
    use crate::calendar::Weekday;
    match date.weekday() {
        Weekday::Mon => "Monday",
        Weekday::Tue => "Tuesday",
        Weekday::Wed => "Wednesday",
        Weekday::Thu => "Thursday",
        Weekday::Fri => "Friday",
        Weekday::Sat => "Saturday",
        Weekday::Sun => "Sunday",
    }
}
