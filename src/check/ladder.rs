//! Ladders: stages, ways on, the cap.

use super::Checker;
use super::anchors::Side;
use super::names::Kind;
use super::policies::cites;
use super::readings::in_time;
use super::usage::Use;
use super::windows::RawAnchor;
use crate::diagnostic::{Code, Diagnostic, Fix, list, nearest};
use crate::policy::{
    AttributeId, AttributeKind, Cap, EventId, Exit, ExitTo, InTimeWhen, Ladder, OpensOn, RuleId,
    Stage, StageOutcome, Strength, Window,
};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{self, Name, OrReading};

/// The outcomes of a stage as they are written.
const OUTCOMES: &[(&str, StageOutcome)] = &[
    ("satisfied", StageOutcome::Satisfied),
    ("not satisfied", StageOutcome::NotSatisfied),
    ("no answer", StageOutcome::NoAnswer),
    ("not approved", StageOutcome::NotApproved),
];

/// The events of a ladder, with the attributes that have a meaning in it.
struct Acts {
    opened_by: EventId,
    stage: Option<AttributeId>,
    ground: Option<(AttributeId, Vec<String>)>,
    answered_by: Option<EventId>,
    answer_stage: Option<AttributeId>,
    approved_by: Option<EventId>,
    approval_stage: Option<AttributeId>,
    judged_by: Option<(EventId, AttributeId)>,
    closed_by: Option<EventId>,
    outside: Option<EventId>,
}

impl<'a> Checker<'a> {
    /// Compiles a ladder.
    pub(super) fn ladder(&mut self, id: RuleId, ladder: &'a ast::Ladder) -> Option<Ladder> {
        for clause in &ladder.misplaced {
            let first = ladder.stages.first().map(|stage| stage.number.span);
            self.report(after_the_stages(clause, first));
        }
        self.stage_order(ladder);
        let acts = self.acts_of_ladder(ladder);
        let in_time_when = self.in_time_when(ladder);
        let enters_at = self.enters_at(ladder, acts.as_ref());
        let copies = self.roles(&ladder.copies);
        let cap = match &ladder.cap {
            Some(window) => self.cap(id, ladder, window).map(Some),
            None => Some(None),
        };
        let opens_on: Vec<_> = ladder
            .opens_on
            .iter()
            .map(|opens| {
                let event = self.event_match(&opens.event);
                let stage = self.known_stage(ladder, &opens.stage);
                Some(OpensOn { stage: stage?, event: event?, origin: opens.span })
            })
            .collect();
        let stages: Vec<_> =
            ladder.stages.iter().map(|stage| self.stage(ladder, stage, acts.as_ref())).collect();
        let acts = acts?;
        Some(Ladder {
            opened_by: acts.opened_by,
            stage_attribute: acts.stage,
            ground_attribute: acts.ground.map(|(id, _)| id),
            answered_by: acts.answered_by,
            answer_stage_attribute: acts.answer_stage,
            approved_by: acts.approved_by,
            approval_stage_attribute: acts.approval_stage,
            judged_by: acts.judged_by,
            closed_by: acts.closed_by,
            in_time_when: in_time_when?,
            enters_at: enters_at?,
            outside: acts.outside,
            cap: cap?,
            copies,
            opens_on: opens_on.into_iter().collect::<Option<_>>()?,
            stages: stages.into_iter().collect::<Option<_>>()?,
        })
    }

    fn acts_of_ladder(&mut self, ladder: &'a ast::Ladder) -> Option<Acts> {
        let opened_by = ladder.opened_by.as_ref().and_then(|name| self.event(name));
        let mut optional = |name: &'a Option<Name>| match name {
            Some(name) => self.event(name).map(Some),
            None => Some(None),
        };
        let answered_by = optional(&ladder.answered_by);
        let approved_by = optional(&ladder.approved_by);
        let closed_by = optional(&ladder.closed_by);
        let outside = optional(&ladder.outside);
        let judged_by = match &ladder.judged_by {
            Some(name) => self.judged_by(name).map(Some),
            None => Some(None),
        };
        let (opened_by, answered_by, approved_by) = (opened_by?, answered_by?, approved_by?);
        Some(Acts {
            opened_by,
            stage: self.stage_attribute(opened_by),
            ground: self.ground_attribute(opened_by),
            answered_by,
            answer_stage: answered_by.and_then(|event| self.stage_attribute(event)),
            approved_by,
            approval_stage: approved_by.and_then(|event| self.stage_attribute(event)),
            judged_by: judged_by?,
            closed_by: closed_by?,
            outside: outside?,
        })
    }

    /// The number attribute `stage` of an event, if it has one.
    fn stage_attribute(&mut self, event: EventId) -> Option<AttributeId> {
        let declared = self.events.get(event.index())?;
        let index = declared.attributes.iter().position(|attribute| {
            attribute.name == "stage" && attribute.kind == AttributeKind::Number
        })?;
        self.used.mark(Use::Attribute(event, "stage".to_owned()));
        Some(AttributeId(index as u16))
    }

    /// The word attribute `ground` of the opening event, if it has one.
    fn ground_attribute(&mut self, event: EventId) -> Option<(AttributeId, Vec<String>)> {
        let declared = self.events.get(event.index())?;
        let found =
            declared.attributes.iter().enumerate().find_map(
                |(index, attribute)| match &attribute.kind {
                    AttributeKind::OneOf(words) if attribute.name == "ground" => {
                        Some((AttributeId(index as u16), words.clone()))
                    }
                    _ => None,
                },
            )?;
        self.used.mark(Use::Attribute(event, "ground".to_owned()));
        Some(found)
    }

    /// The event that records the judgement, and its one yes-or-no attribute.
    fn judged_by(&mut self, name: &Name) -> Option<(EventId, AttributeId)> {
        let event = self.event(name)?;
        let declared = self.events.get(event.index())?;
        let answers: Vec<_> = declared
            .attributes
            .iter()
            .enumerate()
            .filter(|(_, attribute)| attribute.kind == AttributeKind::YesNo)
            .map(|(index, attribute)| (AttributeId(index as u16), attribute.name.clone()))
            .collect();
        let origin = declared.origin;
        let [(attribute, word)] = answers.as_slice() else {
            self.report(one_answer_wanted(name, origin));
            return None;
        };
        self.used.mark(Use::Attribute(event, word.clone()));
        Some((event, *attribute))
    }

    fn in_time_when(&mut self, ladder: &'a ast::Ladder) -> Option<InTimeWhen> {
        match ladder.in_time_when.as_ref().map(|act| &act.node) {
            Some(OrReading::Plain(act)) => Some(in_time(*act)),
            Some(OrReading::Reading(name)) => self.in_time_reading(name),
            None if ladder.stages.iter().any(|stage| !stage.approval_from.is_empty()) => {
                let help = "a stage has an approver: say which act must be in time, with \
                            `in time when answered` or `in time when approved`";
                self.lacks(Kind::Ladder, &ladder.head.name, "in time when", help);
                None
            }
            None => Some(InTimeWhen::Answered),
        }
    }

    fn enters_at(&mut self, ladder: &'a ast::Ladder, acts: Option<&Acts>) -> Option<Option<u16>> {
        let Some(enters) = &ladder.enters else {
            return Some(None);
        };
        if let Some(stage) = enters.node {
            let stage = Spanned::new(stage, enters.span);
            return self.known_stage(ladder, &stage).map(Some);
        }
        if acts.is_some_and(|acts| acts.stage.is_none()) {
            let opener = ladder.opened_by.as_ref();
            self.report(opener_without_stage(enters.span, opener));
            return None;
        }
        Some(None)
    }

    /// The number of a stage that the ladder has.
    pub(super) fn known_stage(
        &mut self,
        ladder: &ast::Ladder,
        stage: &Spanned<u32>,
    ) -> Option<u16> {
        let numbers: Vec<_> = ladder.stages.iter().map(|stage| stage.number.node).collect();
        if numbers.contains(&stage.node) {
            return u16::try_from(stage.node).ok();
        }
        self.report(no_such_stage(stage, &numbers));
        None
    }

    fn stage_order(&mut self, ladder: &ast::Ladder) {
        let pairs = ladder.stages.iter().zip(ladder.stages.iter().skip(1));
        for (lower, upper) in pairs {
            if upper.number.node <= lower.number.node {
                self.report(stages_out_of_order(&upper.number, &lower.number));
            }
        }
    }

    fn cap(&mut self, id: RuleId, ladder: &ast::Ladder, written: &'a ast::Window) -> Option<Cap> {
        if ladder.closed_by.is_none() {
            let help = "only the closing meets the cap: add `closed by EVENT`";
            self.lacks(Kind::Ladder, &ladder.head.name, "closed by", help);
        }
        // What the anchor rests on belongs to the cap's window, not to the ladder at large.
        let raw = self.window(written)?;
        let Some(RawAnchor::Stage { stage, or_above, ladder: other }) = raw.anchor else {
            self.report(cap_from_elsewhere(raw.anchor_span));
            return None;
        };
        if other.is_some_and(|other| other != id) || Side::of(&raw.shape) != Side::After {
            self.report(cap_from_elsewhere(raw.anchor_span));
            return None;
        }
        let place = Spanned::new(u32::from(stage), raw.anchor_span);
        let stage = self.known_stage(ladder, &place)?;
        Some(Cap { window: Window { shape: raw.shape, readings: raw.readings }, stage, or_above })
    }

    fn stage(
        &mut self,
        ladder: &'a ast::Ladder,
        stage: &'a ast::Stage,
        acts: Option<&Acts>,
    ) -> Option<Stage> {
        let to = self.roles(&stage.to);
        let answer_from = self.roles(&stage.answer_from);
        let approval_from = self.roles(&stage.approval_from);
        let copies = self.roles(&stage.copies);
        let limit = match &stage.limit {
            Some(window) => self.stage_limit(window, acts).map(Some),
            None => Some(None),
        };
        let grounds: Vec<_> =
            stage.grounds.iter().map(|ground| self.ground(ladder, ground, acts)).collect();
        let exits: Vec<_> = stage.exits.iter().map(|exit| self.exit(ladder, stage, exit)).collect();
        let number = stage.number.node;
        Some(Stage {
            number: u16::try_from(number).unwrap_or(u16::MAX),
            title: stage
                .title
                .as_ref()
                .map_or_else(|| format!("Stage {number}"), |title| title.node.clone()),
            to,
            answer_from,
            approval_from,
            limit: limit?,
            copies,
            grounds: grounds.into_iter().collect::<Option<_>>()?,
            exits: exits.into_iter().collect::<Option<_>>()?,
            cites: cites(&stage.cites),
            origin: stage.number.span,
        })
    }

    fn stage_limit(&mut self, written: &'a ast::Window, acts: Option<&Acts>) -> Option<Window> {
        let raw = self.window(written)?;
        let opener = acts.map(|acts| acts.opened_by);
        let fits = Side::of(&raw.shape) == Side::After
            && match &raw.anchor {
                None => true,
                Some(RawAnchor::Events(matches)) => {
                    matches.iter().all(|found| opener.is_none_or(|opener| found.event == opener))
                }
                Some(_) => false,
            };
        if !fits {
            self.report(stage_from_elsewhere(raw.anchor_span));
            return None;
        }
        Some(Window { shape: raw.shape, readings: raw.readings })
    }

    fn ground(&mut self, ladder: &ast::Ladder, ground: &Name, acts: Option<&Acts>) -> Option<u16> {
        let acts = acts?;
        let words = acts.ground.as_ref().map(|(_, words)| words);
        let known = words.and_then(|words| words.iter().position(|word| *word == ground.node));
        if let Some(index) = known {
            return Some(index as u16);
        }
        let opener = ladder.opened_by.as_ref();
        self.report(unknown_ground(ground, words, opener));
        None
    }

    fn exit(
        &mut self,
        ladder: &'a ast::Ladder,
        stage: &'a ast::Stage,
        exit: &'a ast::Exit,
    ) -> Option<Exit> {
        let outcome = self.outcome(&exit.outcome);
        if let Some(outcome) = outcome
            && let Some((lacking, help)) = cannot_come(outcome, ladder, stage)
        {
            self.report(outcome_cannot_happen(&exit.outcome, lacking, help));
        }
        let by = match &exit.by {
            Some(by) => self.by(by).map(Some),
            None => Some(None),
        };
        let leads = match &exit.leads {
            ast::ExitTo::Stage(stage) => self.known_stage(ladder, stage).map(ExitTo::Stage),
            ast::ExitTo::Ends => Some(ExitTo::Ends),
            ast::ExitTo::Outside => {
                if ladder.outside.is_none() {
                    let help = "say which event it is, with `outside EVENT`";
                    self.lacks(Kind::Ladder, &ladder.head.name, "outside", help);
                }
                Some(ExitTo::Outside)
            }
        };
        let (by, leads) = (by?, leads?);
        if by.is_none() && leads != ExitTo::Ends {
            self.report(exit_without_owner(exit.span));
            return None;
        }
        let (by, strength) = by.unwrap_or((Vec::new(), Strength::Must));
        Some(Exit { outcome: outcome?, by, strength, leads })
    }

    /// The outcome that the words stand for.
    pub(super) fn outcome(&mut self, words: &Spanned<String>) -> Option<StageOutcome> {
        let found = OUTCOMES.iter().find(|(name, _)| *name == words.node);
        if found.is_none() {
            self.report(unknown_outcome(words));
        }
        found.map(|(_, outcome)| *outcome)
    }
}

/// What a ladder or its stage lacks for an outcome to come about.
fn cannot_come(
    outcome: StageOutcome,
    ladder: &ast::Ladder,
    stage: &ast::Stage,
) -> Option<(&'static str, &'static str)> {
    match outcome {
        StageOutcome::Satisfied | StageOutcome::NotSatisfied if ladder.judged_by.is_none() => {
            Some(("nobody judges an answer", "add `judged by EVENT` to the ladder"))
        }
        StageOutcome::NoAnswer if stage.limit.is_none() => {
            Some(("the stage has no limit", "add `within …` to the stage"))
        }
        StageOutcome::NotApproved if stage.approval_from.is_empty() => {
            Some(("the stage has no approver", "add `approval from ROLE` to the stage"))
        }
        StageOutcome::NotApproved if ladder.approved_by.is_none() => {
            Some(("no event is an approval", "add `approved by EVENT` to the ladder"))
        }
        StageOutcome::Satisfied
        | StageOutcome::NotSatisfied
        | StageOutcome::NoAnswer
        | StageOutcome::NotApproved => None,
    }
}

fn after_the_stages(clause: &Spanned<String>, first: Option<Span>) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        Code::LadderClauseAfterStages,
        format!("`{}` is for the whole ladder, and stands within a stage", clause.node),
        clause.span,
        "belongs before the stages",
    )
    .help("move it up, before the first `stage`");
    match first {
        Some(span) => diagnostic.label(span, "the stages begin here"),
        None => diagnostic,
    }
}

fn no_such_stage(stage: &Spanned<u32>, numbers: &[u32]) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        Code::NoSuchStage,
        format!("the ladder has no stage {}", stage.node),
        stage.span,
        "no such stage",
    );
    match numbers {
        [] => diagnostic,
        [only] => diagnostic.help(format!("its only stage is {only}")),
        [first, .., last] => diagnostic.help(format!("its stages run from {first} to {last}")),
    }
}

fn stages_out_of_order(upper: &Spanned<u32>, lower: &Spanned<u32>) -> Diagnostic {
    let same = upper.node == lower.node;
    Diagnostic::new(
        Code::StageOrder,
        if same {
            format!("stage {} is declared twice", upper.node)
        } else {
            format!("stage {} stands after stage {}", upper.node, lower.node)
        },
        upper.span,
        format!("must be more than {}", lower.node),
    )
    .label(lower.span, "the stage before it")
    .help("number the stages from the lowest up")
}

/// The outcome that was probably meant. The nearest word alone would make `unsatisfied` its contrary.
fn meant_outcome(words: &str) -> Option<&'static str> {
    let meant = match words {
        "unsatisfied" | "dissatisfied" | "not satisfactory" | "unsatisfactory" => "not satisfied",
        "unanswered" | "not answered" | "no response" | "no reply" | "silence" => "no answer",
        "unapproved" | "no approval" | "not authorised" => "not approved",
        _ => {
            let contrary = |words: &str| words.starts_with("no") || words.starts_with("un");
            let known = OUTCOMES.iter().map(|(name, _)| *name);
            nearest(words, known.filter(|name| contrary(name) == contrary(words)))?
        }
    };
    OUTCOMES.iter().map(|(name, _)| *name).find(|name| *name == meant)
}

fn unknown_outcome(words: &Spanned<String>) -> Diagnostic {
    let known = OUTCOMES.iter().map(|(name, _)| *name);
    let diagnostic = Diagnostic::new(
        Code::UnknownOutcome,
        format!("`{}` is not an outcome of a stage", words.node),
        words.span,
        "not an outcome",
    );
    match meant_outcome(&words.node) {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")).fix(Fix::new(
            format!("write `{near}`"),
            words.span,
            near,
        )),
        None => diagnostic.help(format!("the outcomes are {}", list(known))),
    }
}

fn outcome_cannot_happen(words: &Spanned<String>, lacking: &str, help: &str) -> Diagnostic {
    Diagnostic::new(
        Code::OutcomeCannotHappen,
        format!("the outcome `{}` never comes about: {lacking}", words.node),
        words.span,
        lacking,
    )
    .help(help)
}

fn opener_without_stage(span: Span, opener: Option<&Name>) -> Diagnostic {
    let event = opener.map_or("the opening event", |name| name.node.as_str());
    let diagnostic = Diagnostic::new(
        Code::OpenerWithoutStage,
        format!("`{event}` cannot say at which stage the ladder is entered"),
        span,
        "needs the number of the stage",
    )
    .help(format!("declare `stage is a number` in `{event}`"));
    match opener {
        Some(name) => diagnostic.label(name.span, "opens the ladder"),
        None => diagnostic,
    }
}

fn one_answer_wanted(name: &Name, origin: Span) -> Diagnostic {
    Diagnostic::new(
        Code::MissingAttribute,
        format!("`{}` does not say in one yes or no how the answer was judged", name.node),
        name.span,
        "exactly one yes-or-no attribute is wanted",
    )
    .label(origin, "declared here")
    .help("declare it with `satisfied is yes or no`")
}

fn cap_from_elsewhere(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::AnchorOutOfPlace,
        "the cap of a ladder counts forward from the opening of one of its stages",
        span,
        "not the opening of a stage",
    )
    .help("write `the opening of stage 1`, or `the first opening from stage 2 up`")
}

fn stage_from_elsewhere(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::AnchorOutOfPlace,
        "the limit of a stage counts forward from the event that opens it",
        span,
        "counts from something else",
    )
    .help("leave the anchor out, or write `by the DATE of` the opening event")
}

fn unknown_ground(ground: &Name, words: Option<&Vec<String>>, opener: Option<&Name>) -> Diagnostic {
    let event = opener.map_or("the opening event", |name| name.node.as_str());
    let diagnostic = Diagnostic::new(
        Code::UnknownGround,
        format!("`{}` is not a ground on which `{event}` can open a stage", ground.node),
        ground.span,
        "not one of the words of `ground`",
    );
    let Some(words) = words else {
        return diagnostic.help(format!("declare `ground is one of …` in `{event}`"));
    };
    match nearest(&ground.node, words.iter().map(String::as_str)) {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")).fix(Fix::new(
            format!("write `{near}`"),
            ground.span,
            near,
        )),
        None => diagnostic.help(format!("its grounds: {}", list(words))),
    }
}

fn exit_without_owner(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::MissingClause,
        "it is not said who takes this way on",
        span,
        "whose move, and how strongly?",
    )
    .help("write for instance `iro must open stage 2`")
}
