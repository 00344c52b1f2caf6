//! Why a deadline stands as it does: one tree of facts, derived on demand.
//!
//! The tree is worked out again from the policy and the timeline with the evaluator's own
//! functions, so that it cannot say anything that was not evaluated. Renderers turn its
//! statements into sentences or data; no prose is kept here but the policy's own titles.

use super::case::{Buffers, Case};
use super::outcome::{Deadline, Due, FactId, Part, Question, Reason, Standing, Terms};
use super::statement::{NotGoverning, Source, Statement, Why};
use super::truth::{Mode, Sink, Subject, Truth};
use super::{Evaluator, Outcome, Timeline};
use crate::calendar::Date;
use crate::policy::words::ordinal;
use crate::policy::{Anchor, Body, Condition, EventId, Limit, Policy, ReadingId, Rule, Window};

/// Explains one deadline of an outcome of this policy and timeline; nothing where the outcome has
/// no such deadline.
pub fn why(policy: &Policy, timeline: &Timeline, outcome: &Outcome, index: usize) -> Option<Why> {
    why_each(policy, timeline, outcome, &[index]).pop()
}

/// Explains several deadlines of an outcome of this policy and timeline, which is quicker than one by
/// one; an index of no deadline is passed over.
pub fn why_each(
    policy: &Policy,
    timeline: &Timeline,
    outcome: &Outcome,
    indices: &[usize],
) -> Vec<Why> {
    if indices.is_empty() {
        return Vec::new();
    }
    let mut evaluator = Evaluator::new(policy, outcome.as_of, outcome.matching);
    let (case, standings) = evaluator.run(timeline, Buffers::default());
    indices
        .iter()
        .filter_map(|&index| outcome.deadlines.get(index))
        .map(|row| Explainer { case: &case, row, rule: policy.rule(row.rule) }.tree(&standings))
        .collect()
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
    Some(Why { statement: Statement::NotThat { date, due }, because })
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

impl Terms {
    /// The last day in time, where it is a date.
    pub fn due_date(&self) -> Option<Date> {
        match self.due {
            Due::On(date) => Some(date),
            Due::Never | Due::Waiting | Due::Beyond(_) | Due::Unknown => None,
        }
    }
}

/// Explains one deadline of a case.
pub(super) struct Explainer<'a> {
    pub(super) case: &'a Case<'a>,
    pub(super) row: &'a Deadline,
    pub(super) rule: &'a Rule,
}

impl Explainer<'_> {
    pub(super) fn policy(&self) -> &Policy {
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
        Why { statement: self.root(), because }
    }

    fn root(&self) -> Statement {
        let titles = |roles: &[crate::policy::RoleId]| {
            roles.iter().map(|&role| self.policy().role(role).title.clone()).collect::<Vec<_>>()
        };
        let (owners, cites) = self.owners();
        Statement::Deadline {
            rule: self.rule.name.clone(),
            title: self.rule.title.clone(),
            which: self.which(),
            owners: titles(&owners),
            strength: self.rule.strength.words(),
            cites,
            tells: titles(&self.rule.tells),
            status: self.row.status.word(),
            days: self.row.days,
            working_days: self.row.working_days,
            opens: self.row.opens,
            due: self.row.due_date(),
            alternatives: self.row.alternatives.to_vec(),
            done: self.row.done_on,
            as_of: self.case.as_of,
        }
    }

    /// Who owes this part, and where the source says so.
    fn owners(&self) -> (Vec<crate::policy::RoleId>, Vec<String>) {
        self.policy().owners_of(self.row.rule, self.row.part)
    }

    fn which(&self) -> String {
        self.policy().which(self.row, self.row.reference.and_then(|fact| self.case.reference(fact)))
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
                let words = self.policy().value_words(fact.event, id, value.as_ref()?);
                Some((attribute.name.clone(), words))
            })
            .collect();
        details.extend(fact.reference.iter().map(|name| ("ref".to_owned(), name.clone())));
        let source = Source {
            event: event.name.clone(),
            title: event.title.clone(),
            date: fact.date,
            line: (fact.line > 0).then_some(fact.line),
            details,
        };
        let deemed = self.case.deemed_by.iter().any(|deemed| deemed.fact == id);
        Why::leaf(if deemed { Statement::Deemed(source) } else { Statement::Recorded(source) })
    }

    /// What starts the clock.
    fn counts_from(&self) -> Option<Why> {
        let start = self.row.anchor?;
        let what = match (&self.rule.body, self.row.part) {
            (Body::Series(_), _) if self.row.ordinal > 1 => {
                format!("the {} {}", ordinal(self.row.ordinal - 1), self.rule.title)
            }
            (Body::Duty(duty), _) if self.row.basis.is_some() || duty.lies_midway() => {
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
            statement: Statement::CountsFrom { what, date: start.date },
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
            Body::Series(series) => {
                (&series.limits, None, series.start.as_ref().map(|wanted| wanted.event))
            }
            Body::Duty(duty) => {
                let event = match &duty.anchor {
                    Anchor::Events(choices) => choices.first().map(|wanted| wanted.event),
                    _ => None,
                };
                (&duty.limits, Some(self.policy().anchor_words(&duty.anchor)), event)
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
                    limit.window.as_ref().map_or(Vec::new(), |window| self.counting(window)),
                );
                let statement = Statement::Governs { words, exception: limit.exception };
                trees.insert(0, Why { statement, because });
            } else if let Some(because_of) = self.not_governing(limit) {
                let would_give = limit.window.as_ref().and_then(|window| self.would_give(window));
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
            words.push(format!("for {} review", limit.ordinals.words()));
        }
        if let Some(test) = &limit.test {
            words.push(format!("where {}", self.policy().condition_words(test, event)));
        }
        if let Some(condition) = &limit.condition {
            words.push(format!("while {}", self.policy().condition_words(condition, event)));
        }
        if limit.started != crate::policy::Period::default() {
            words.push(match (limit.started.from, limit.started.until) {
                (Some(from), Some(until)) => {
                    format!("for clocks that started from {} to {}", from.short(), until.short())
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

    pub(super) fn subject(&self) -> Option<Subject> {
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
            Condition::All(parts) | Condition::Any(parts) => {
                parts.iter().map(|part| self.condition(part, day, mode)).collect()
            }
            Condition::Not(part) => vec![self.condition(part, day, mode)],
            _ => {
                let mut facts: Vec<Why> =
                    self.evidence(condition, day).into_iter().map(|id| self.fact(id)).collect();
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
            Condition::Age { .. } => {
                self.policy().born.map_or(Vec::new(), |born| self.latest(born, day))
            }
            Condition::Attribute(_)
            | Condition::Judged { .. }
            | Condition::ByLatestLawful { .. } => {
                self.subject().map(|subject| subject.fact).into_iter().collect()
            }
            Condition::Reading(..) | Condition::All(_) | Condition::Any(_) | Condition::Not(_) => {
                Vec::new()
            }
        }
    }

    /// The latest fact of an event on or before a day.
    fn latest(&self, event: EventId, day: Date) -> Vec<FactId> {
        let facts = self.case.of(event).iter().copied();
        facts.rev().find(|&id| self.case.date(id) <= day).into_iter().collect()
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
                self.case.truth(condition, day, mode, self.subject(), &mut Sink::new())
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
                    let number = self.row.ordinal + u16::from(duty.lies_midway());
                    view.slots.iter().find(|slot| slot.number == number).map(|slot| slot.ordinal)
                }
                _ => None,
            },
            Body::Trigger(_) | Body::Forbid(_) | Body::Ladder(_) => None,
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
            (Body::Trigger(trigger), Part::BroughtForward) => trigger.window(self.row.limit?)?,
            _ => return None,
        };
        let event = self.subject().map(|subject| subject.stands_for);
        let words = self.policy().window_words(window, "it", event);
        let because = self.counting(window);
        Some(Why { statement: Statement::Governs { words, exception: false }, because })
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
        // A ladder's own readings say what meets a stage's limit; its cap does not rest on them.
        let mut ids: Vec<ReadingId> = match (&self.rule.body, self.row.part) {
            (Body::Ladder(_), Part::Cap | Part::Opening { .. }) => Vec::new(),
            _ => self.rule.readings.clone(),
        };
        let window = |window: &Window| window.readings.clone();
        match (&self.rule.body, self.row.part) {
            (Body::Series(series), _) => ids.extend(self.limit_readings(&series.limits)),
            (Body::Duty(duty), _) => ids.extend(self.limit_readings(&duty.limits)),
            (Body::Ladder(ladder), Part::Answer { stage } | Part::Approval { stage }) => {
                let stage = ladder.stages.iter().find(|one| one.number == stage);
                ids.extend(stage.and_then(|stage| stage.limit.as_ref()).map_or(Vec::new(), window));
            }
            (Body::Ladder(ladder), Part::Cap) => {
                ids.extend(ladder.cap.as_ref().map_or(Vec::new(), |cap| window(&cap.window)));
            }
            (Body::Trigger(trigger), _) => {
                let governing = self.row.limit.and_then(|index| trigger.window(index));
                ids.extend(governing.map_or(Vec::new(), window));
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
        let facts: Vec<Why> = self.row.done_by.iter().map(|&fact| self.fact(fact)).collect();
        if let Some(date) = self.row.done_on {
            return Some(Why { statement: Statement::DoneOn { date }, because: facts });
        }
        let (acts, all) = self.policy().acts_of(self.row);
        if acts.is_empty() && facts.is_empty() {
            return None;
        }
        Some(Why { statement: Statement::WouldMeet { acts, all }, because: facts })
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
                let by = way.by.iter().map(|&role| self.policy().role(role).title.clone());
                Why::leaf(Statement::WayOn {
                    outcome: way.outcome.words(),
                    since: way.since,
                    by: by.collect(),
                    strength: way.strength.words(),
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
            let words =
                self.policy().reason_words(self.row.rule, reason, &|id| self.case.fact(id).clone());
            let mut because = Vec::new();
            for fact in reason.facts() {
                because.push(self.fact(fact));
            }
            trees.push(Why { statement: Statement::Note { words }, because });
        }
        trees
    }
}
