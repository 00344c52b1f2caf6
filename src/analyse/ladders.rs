//! Ladders: whether every exit of every stage leads somewhere or is declared final.
//!
//! A stage can come to four outcomes: satisfied, not satisfied, no answer, and not approved where it has an
//! approver. Which of them can come about follows from the acts that the ladder records; each that can and
//! is not listed leaves the dispute where it is. Whether a stage can be reached is decided by following the
//! ways on from where the ladder is entered.
//!
//! Example: Walsall lists no response as a ground at the first stages only. Stage three is raised on Monday
//! 2 March 2026, its last day is Thursday 5 March, nobody answers; on the 6th the evaluator finds that the
//! ladder has no listed way on. Nor does stage five say what follows it.

use super::Subject;
use super::climb::{Climb, example_day, ladders, reachable};
use crate::calendar::Date;
use crate::diagnostic::{Code, Diagnostic, Problems};
use crate::eval::LadderState;
use crate::policy::{ExitTo, Ladder, Policy, RoleId, RuleId, Stage, StageOutcome, words};

/// The outcomes of a stage, in the order in which they are told.
const OUTCOMES: [StageOutcome; 4] = [
    StageOutcome::NoAnswer,
    StageOutcome::NotApproved,
    StageOutcome::NotSatisfied,
    StageOutcome::Satisfied,
];

/// Examines every ladder of the policy.
pub(super) fn examine(subject: &Subject<'_>, problems: &mut Problems) {
    for (rule, ladder) in ladders(subject.policy) {
        let view = View { policy: subject.policy, rule, ladder };
        for outcome in OUTCOMES {
            problems.extend(view.leads_nowhere(outcome));
        }
        problems.extend(view.no_defined_end());
        problems.extend(view.never_reached());
        problems.extend(view.without_ground());
        problems.extend(view.own_approver());
        problems.extend(view.approver_answers_next());
        problems.extend(view.copies_vary());
    }
}

/// One ladder.
#[derive(Debug, Clone, Copy)]
struct View<'a> {
    policy: &'a Policy,

    rule: RuleId,
    ladder: &'a Ladder,
}

impl View<'_> {
    fn name(&self) -> &str {
        &self.policy.rule(self.rule).name
    }

    fn top(&self) -> Option<&Stage> {
        self.ladder.stages.last()
    }

    /// Whether a stage can come to an outcome, as far as the policy records what leads to it.
    fn can_come(&self, stage: &Stage, outcome: StageOutcome) -> bool {
        let ladder = self.ladder;
        let judged = ladder.judged_by.is_some() && ladder.answered_by.is_some();
        match outcome {
            StageOutcome::NoAnswer => ladder.answered_by.is_some() && stage.limit.is_some(),
            StageOutcome::NotApproved => {
                let acts = ladder.answered_by.is_some() && ladder.approved_by.is_some();
                acts && stage.limit.is_some() && !stage.approval_from.is_empty()
            }
            StageOutcome::NotSatisfied => judged,
            // A closing is the way on, whether or not it is listed.
            StageOutcome::Satisfied => judged && ladder.closed_by.is_none(),
        }
    }

    fn lacks(&self, stage: &Stage, outcome: StageOutcome) -> bool {
        let listed = stage.exits.iter().any(|exit| exit.outcome == outcome);
        self.can_come(stage, outcome) && !listed
    }

    /// A stage that comes to an outcome and does not know where to go: the day on which it is stuck.
    fn stuck(
        &self,
        stage: &Stage,
        outcome: StageOutcome,
    ) -> Option<(Climb<'_>, Date, LadderState)> {
        let mut climb = Climb::new(self.policy, self.rule, self.ladder);
        let opened = climb.climb_to(example_day(self.policy, self.rule)?, stage)?;
        let stuck = climb.come_to(opened, stage, outcome)?;
        let standing = climb.standing(stuck)?;
        let there = standing.stage == stage.number && standing.ways.is_empty();
        there.then_some((climb, stuck, standing.state))
    }

    /// An outcome for which stages below the highest list no way on.
    fn leads_nowhere(&self, outcome: StageOutcome) -> Option<Diagnostic> {
        let top = self.top()?.number;
        let below: Vec<&Stage> = self.ladder.stages.iter().filter(|s| s.number != top).collect();
        let lacking: Vec<&Stage> =
            below.iter().copied().filter(|stage| self.lacks(stage, outcome)).collect();
        let first = lacking.first()?;
        let (mut climb, day, _) = self.stuck(first, outcome)?;
        climb.remark(day, format!("`{}` has no listed way on", self.name()));
        let what = match outcome {
            StageOutcome::NoAnswer => "a missing answer",
            StageOutcome::NotApproved => "an answer without its approval",
            StageOutcome::NotSatisfied => "an answer that does not satisfy",
            StageOutcome::Satisfied => "an answer that satisfies",
        };
        let diagnostic = Diagnostic::new(
            Code::OutcomeLeadsNowhere,
            format!("in `{}` {what} leads nowhere at {}", self.name(), stages(&lacking)),
            first.origin,
            format!("lists no way on if {}", outcome.words()),
        );
        let diagnostic = lacking.iter().skip(1).fold(diagnostic, |diagnostic, stage| {
            diagnostic.label(stage.origin, "nor does this one")
        });
        let others: Vec<&Stage> =
            below.into_iter().filter(|stage| !self.lacks(stage, outcome)).collect();
        let diagnostic = if others.is_empty() {
            diagnostic
        } else {
            diagnostic.note(format!("{} {} a way on", stages(&others), says(&others, "list")))
        };
        Some(diagnostic.witness(climb.witness()).help(format!(
            "say what follows: `if {0} ROLE may open stage NUMBER`, or `if {0} ends`",
            outcome.words()
        )))
    }

    /// The highest stage, where it does not say what follows it.
    fn no_defined_end(&self) -> Option<Diagnostic> {
        let top = self.top()?;
        let lacking: Vec<StageOutcome> = OUTCOMES
            .into_iter()
            .filter(|outcome| *outcome != StageOutcome::Satisfied && self.lacks(top, *outcome))
            .collect();
        let first = *lacking.first()?;
        let (mut climb, day, state) = self.stuck(top, first)?;
        let where_it_stands = match state {
            LadderState::Exhausted => "is exhausted, and nothing is said of what follows",
            _ => "has no listed way on, and there is no higher stage",
        };
        climb.remark(day, format!("`{}` {where_it_stands}", self.name()));
        let cases: Vec<String> = lacking
            .iter()
            .map(|outcome| match outcome {
                StageOutcome::NoAnswer => "nobody answers".to_owned(),
                StageOutcome::NotApproved => "the answer is not approved".to_owned(),
                StageOutcome::NotSatisfied | StageOutcome::Satisfied => {
                    "the answer does not satisfy".to_owned()
                }
            })
            .collect();
        let diagnostic = Diagnostic::new(
            Code::NoDefinedEnd,
            format!(
                "`{}` has no defined end: nothing follows stage {}, its highest, if {}",
                self.name(),
                top.number,
                words::joined(cases, "or")
            ),
            top.origin,
            "the highest stage",
        );
        let outside = self.ladder.outside.map(|event| {
            format!("`{}` stands beside the ladder at any time", self.policy.event(event).name)
        });
        let diagnostic = outside.into_iter().fold(diagnostic, Diagnostic::note);
        Some(diagnostic.witness(climb.witness()).help(format!(
            "say how it ends: `if {} ends`, or `goes outside` if the ladder has an `outside`",
            first.words()
        )))
    }

    /// Stages to which nothing leads.
    fn never_reached(&self) -> Option<Diagnostic> {
        let entry = self.ladder.enters_at?;
        let reached = reachable(self.ladder);
        let lost: Vec<&Stage> =
            self.ladder.stages.iter().filter(|stage| !reached.contains(&stage.number)).collect();
        let first = lost.first()?;
        // Opened nevertheless, it is irregular: that is what the evaluator must say.
        let mut climb = Climb::new(self.policy, self.rule, self.ladder);
        let day = example_day(self.policy, self.rule)?;
        climb.open(day, first);
        if climb.standing(day).is_some() {
            return None;
        }
        climb.remark(day, "this opening is irregular: the ladder is not entered at that stage");
        let lead = if lost.len() == 1 { "is" } else { "are" };
        Some(
            Diagnostic::new(
                Code::StageNeverReached,
                format!("{} of `{}` {lead} never reached", stages(&lost), self.name()),
                first.origin,
                "nothing leads here",
            )
            .note(format!("the ladder is entered at stage {entry}"))
            .witness(climb.witness())
            .help(
                "list a way on that opens it, let the ladder be entered at any stage, or remove it",
            ),
        )
    }

    /// Stages at which the ladder can be entered and that list no ground, where others list them.
    fn without_ground(&self) -> Option<Diagnostic> {
        let listing = self.ladder.stages.iter().filter(|stage| !stage.grounds.is_empty()).count();
        if self.ladder.ground_attribute.is_none() || listing == 0 {
            return None;
        }
        let entry = |stage: &Stage| {
            self.ladder.enters_at.is_none_or(|entry| entry == stage.number)
                || self.ladder.opens_on.iter().any(|call| call.stage == stage.number)
        };
        let stages_in = self.ladder.stages.iter();
        let bare: Vec<&Stage> =
            stages_in.filter(|stage| stage.grounds.is_empty() && entry(stage)).collect();
        let first = bare.first()?;
        let event = &self.policy.event(self.ladder.opened_by).name;
        Some(
            Diagnostic::new(
                Code::EntryWithoutGround,
                format!(
                    "`{}` can be entered at {} on any ground: none is listed there",
                    self.name(),
                    stages(&bare)
                ),
                first.origin,
                "lists no `grounds`",
            )
            .note(format!("{listing} of its stages list the grounds of `{event}` that open them"))
            .help("list the `grounds` of the stage, or all of them if any will do"),
        )
    }

    /// Stages at which whoever answers also approves.
    fn own_approver(&self) -> Option<Diagnostic> {
        let both = |stage: &&Stage| shared(&stage.answer_from, &stage.approval_from).is_some();
        let own: Vec<&Stage> = self.ladder.stages.iter().filter(both).collect();
        let first = own.first()?;
        let role = &self.policy.role(shared(&first.answer_from, &first.approval_from)?).name;
        let diagnostic = Diagnostic::new(
            Code::OwnApprover,
            format!(
                "at {} of `{}` the answer is approved by whoever gives it",
                stages(&own),
                self.name()
            ),
            first.origin,
            format!("`{role}` answers and approves"),
        );
        let diagnostic = own
            .iter()
            .skip(1)
            .fold(diagnostic, |diagnostic, stage| diagnostic.label(stage.origin, "here too"));
        Some(diagnostic.help("name somebody else in `approval from`, or leave the approval out"))
    }

    /// Stages whose approver is the one who answers at the stage to which an unsatisfactory answer leads.
    fn approver_answers_next(&self) -> Option<Diagnostic> {
        let next = |stage: &Stage| {
            let exit =
                stage.exits.iter().find(|exit| exit.outcome == StageOutcome::NotSatisfied)?;
            let ExitTo::Stage(number) = exit.leads else { return None };
            let next = self.ladder.stages.iter().find(|stage| stage.number == number)?;
            Some((shared(&stage.approval_from, &next.answer_from)?, next))
        };
        let found: Vec<(&Stage, RoleId, &Stage)> = self
            .ladder
            .stages
            .iter()
            .filter_map(|stage| next(stage).map(|(role, next)| (stage, role, next)))
            .collect();
        let (first, role, second) = found.first()?;
        let (role, own) = (&self.policy.role(*role).name, found.iter().map(|(stage, ..)| *stage));
        let own: Vec<&Stage> = own.collect();
        let mut climb = Climb::new(self.policy, self.rule, self.ladder);
        let opened = climb.climb_to(example_day(self.policy, self.rule)?, first)?;
        let day = climb.come_to(opened, first, StageOutcome::NotSatisfied)?;
        climb.open(day, second);
        let standing = climb.standing(day)?;
        if standing.stage != second.number {
            return None;
        }
        climb.remark(day, format!("`{role}`, who approved the answer, is to answer now"));
        let diagnostic = Diagnostic::new(
            Code::ApproverAnswersNext,
            format!(
                "in `{}` whoever approves the answer of {} answers at the next",
                self.name(),
                stages(&own)
            ),
            first.origin,
            format!("approved by `{role}`"),
        )
        .label(second.origin, format!("answered by `{role}`"));
        Some(
            diagnostic
                .note("`in time when` says whether the approval, too, has to be there by the last day")
                .witness(climb.witness())
                .help("if that is meant, accept it with the reason; if not, name another role"),
        )
    }

    /// Somebody who is copied in at some stage and not at one above it.
    fn copies_vary(&self) -> Option<Diagnostic> {
        let all = self.ladder.stages.as_slice();
        let copied = |stage: &Stage, role: RoleId| {
            let owned = [&stage.to, &stage.answer_from, &stage.approval_from, &stage.copies];
            owned.iter().any(|roles| roles.contains(&role))
        };
        all.iter().enumerate().find_map(|(place, first)| {
            let role = *first.copies.iter().find(|role| {
                all.iter().skip(place).any(|above| !copied(above, **role))
            })?;
            let with: Vec<&Stage> = all.iter().filter(|stage| copied(stage, role)).collect();
            let without: Vec<&Stage> =
                all.iter().skip(place).filter(|stage| !copied(stage, role)).collect();
            let gap = without.first()?;
            let name = &self.policy.role(role).name;
            Some(
                Diagnostic::new(
                    Code::CopiesVary,
                    format!(
                        "`{name}` is told of {} of `{}` and not of {} above",
                        stages(&with),
                        self.name(),
                        stages(&without)
                    ),
                    gap.origin,
                    format!("no copy to `{name}`"),
                )
                .label(first.origin, "copied in from here on")
                .help("copy the role in at the higher stage too, or in every stage with `always copies`"),
            )
        })
    }
}

/// The first role that two lists share.
fn shared(one: &[RoleId], other: &[RoleId]) -> Option<RoleId> {
    one.iter().copied().find(|role| other.contains(role))
}

/// Stages in words: "stage 3", "stages 3 and 4".
pub(super) fn stages(stages: &[&Stage]) -> String {
    let noun = if stages.len() == 1 { "stage" } else { "stages" };
    let numbers = stages.iter().map(|stage| stage.number.to_string()).collect();
    format!("{noun} {}", words::joined(numbers, "and"))
}

/// A verb for one stage or for several.
fn says(stages: &[&Stage], verb: &str) -> String {
    if stages.len() == 1 { format!("{verb}s") } else { verb.to_owned() }
}
