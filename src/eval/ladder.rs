//! Ladders: where a dispute stands, what is owed at each stage, and the ways on (M23 to M27).

use super::act::Instance;
use super::case::Case;
use super::outcome::{
    Due, FactId, Facts, Irregular, LadderState, Part, Question, Reason, Standing, Start, Status,
    Terms, Way,
};
use super::rows::Rows;
use super::status::End;
use super::truth::{Subject, Truth};
use crate::calendar::Date;
use crate::policy::{
    AttributeId, ExitTo, InTimeWhen, Ladder, RuleId, Shape, Stage, StageOutcome, Value,
};

/// One opening of a stage, with what came of it.
struct Opening {
    fact: FactId,
    number: u16,
    answer: Option<FactId>,
    approval: Option<FactId>,
    answers: Vec<FactId>,
}

/// One instance of a ladder.
#[derive(Default)]
struct Climb {
    openings: Vec<Opening>,
    /// The judgements, in order: each is of every answer before it that has none yet.
    judgements: Vec<(FactId, bool)>,
    closed: Option<FactId>,
    irregular: Vec<(FactId, Irregular)>,
    outside: Vec<FactId>,
}

/// The stage that a fact names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Named {
    /// It names none.
    Unsaid,
    /// It names something that is no stage's number.
    None,
    /// This one.
    Stage(u16),
}

impl Case<'_> {
    /// Evaluates a ladder: its deadlines, and where each instance stands.
    pub(super) fn ladder(
        &mut self,
        rule: RuleId,
        ladder: &Ladder,
        kept: &mut Rows,
    ) -> Vec<Standing> {
        let mut rows = Vec::new();
        let mut standings = Vec::new();
        let (climbs, strays) = self.climbs(ladder);
        self.strays.extend(strays.into_iter().map(|(fact, what)| (rule, fact, what)));
        self.openings_owed(ladder, &climbs, &mut rows);
        for (index, climb) in climbs.iter().enumerate() {
            let ordinal = index as u16 + 1;
            let first = rows.len();
            for place in 0..climb.openings.len() {
                rows.extend(self.stage_rows(ladder, climb, place));
            }
            rows.extend(self.cap_row(ladder, climb));
            if let Some(standing) = self.standing(rule, ladder, climb, ordinal) {
                if standing.state == LadderState::NoListedWayOn
                    && let Some(row) = rows.iter_mut().skip(first).rfind(|row| {
                        matches!(row.part, Part::Answer { .. }) && row.status == Status::Overdue
                    })
                {
                    row.reasons.push(Reason::NoListedWayOn);
                }
                standings.push(standing);
            }
            for row in rows.iter_mut().skip(first) {
                row.ordinal = ordinal;
                row.reference = climb
                    .openings
                    .first()
                    .map(|opening| opening.fact)
                    .filter(|&fact| self.reference(fact).is_some());
            }
        }
        let body = self.policy.rule(rule);
        let header = self.policy.header.in_force;
        rows.retain_mut(|row: &mut Terms| {
            let Some(start) = row.anchor else { return true };
            if !header.contains(start.date) {
                row.due = Due::Unknown;
                row.undetermined([Reason::NotInForce(start.date)]);
            }
            body.in_force.contains(start.date)
        });
        for row in rows {
            kept.push(row);
        }
        standings
    }

    /// The instances of a ladder, in order of their opening, and the acts that belong to none.
    fn climbs(&self, ladder: &Ladder) -> (Vec<Climb>, Vec<(FactId, Irregular)>) {
        let mut strays = Vec::new();
        let mut climbs = self.opened(ladder, &mut strays);
        for &answer in ladder.answered_by.map_or(&[][..], |event| self.of(event)) {
            match self.climb_of(&mut climbs, answer) {
                Some(climb) => self.answer(ladder, climb, answer),
                None => strays.push((answer, Irregular::NothingOpen)),
            }
        }
        for &approval in ladder.approved_by.map_or(&[][..], |event| self.of(event)) {
            match self.climb_of(&mut climbs, approval) {
                Some(climb) => self.approve(ladder, climb, approval),
                None => strays.push((approval, Irregular::NothingOpen)),
            }
        }
        if let Some((event, attribute)) = ladder.judged_by {
            for &judgement in self.of(event) {
                let satisfied = self.fact(judgement).value(attribute);
                match (self.climb_of(&mut climbs, judgement), satisfied) {
                    (Some(climb), Some(Value::YesNo(satisfied))) => {
                        climb.judgements.push((judgement, *satisfied));
                    }
                    (Some(_), _) => {}
                    (None, _) => strays.push((judgement, Irregular::NothingOpen)),
                }
            }
        }
        if let Some(event) = ladder.outside {
            for &fact in self.of(event) {
                let reference = self.reference(fact);
                for climb in &mut climbs {
                    let named = climb.openings.first().map(|opening| self.reference(opening.fact));
                    if reference.is_none() || named == Some(reference) {
                        climb.outside.push(fact);
                    }
                }
            }
        }
        (climbs, strays)
    }

    /// The instances with their openings and closings alone. Of one day openings come before
    /// closings, unless their `seq` says otherwise.
    fn opened(&self, ladder: &Ladder, strays: &mut Vec<(FactId, Irregular)>) -> Vec<Climb> {
        let closings = ladder.closed_by.map_or(&[][..], |event| self.of(event));
        let openings = self.of(ladder.opened_by).iter().map(|&fact| (fact, true));
        let mut turns: Vec<(FactId, bool)> =
            openings.chain(closings.iter().map(|&fact| (fact, false))).collect();
        turns.sort_by_key(|&(fact, opens)| (self.date(fact), !opens, fact));
        let mut ordered: Vec<(FactId, bool)> = Vec::with_capacity(turns.len());
        for (fact, opens) in turns {
            let later = |&(other, _): &(FactId, bool)| !self.not_after(other, fact);
            let place = ordered.iter().position(later).unwrap_or(ordered.len());
            ordered.insert(place, (fact, opens));
        }
        let mut climbs: Vec<Climb> = Vec::new();
        for (fact, opens) in ordered {
            let open = climbs
                .iter_mut()
                .rev()
                .find(|climb| climb.closed.is_none() && self.shares_reference(climb, fact));
            match (opens, open) {
                (true, Some(climb)) => self.open(ladder, climb, fact),
                (true, None) => {
                    let mut climb = Climb::default();
                    self.open(ladder, &mut climb, fact);
                    if climb.openings.is_empty() {
                        strays.extend(climb.irregular);
                    } else {
                        climbs.push(climb);
                    }
                }
                (false, Some(climb)) => climb.closed = Some(fact),
                (false, None) => strays.push((fact, Irregular::NothingOpen)),
            }
        }
        climbs
    }

    /// Whether an instance goes by the `ref` of a fact, or by none where it has none.
    fn shares_reference(&self, climb: &Climb, fact: FactId) -> bool {
        let first = climb.openings.first();
        first.is_some_and(|opening| self.reference(opening.fact) == self.reference(fact))
    }

    /// The instance an act belongs to: the latest of its `ref` that was opened by then. What comes
    /// after the closing is late, not lost.
    fn climb_of<'c>(&self, climbs: &'c mut [Climb], act: FactId) -> Option<&'c mut Climb> {
        climbs.iter_mut().rev().find(|climb| {
            climb.openings.first().is_some_and(|opening| {
                self.reference(opening.fact) == self.reference(act)
                    && self.not_after(opening.fact, act)
            })
        })
    }

    /// Opens a stage of an instance.
    fn open(&self, ladder: &Ladder, climb: &mut Climb, fact: FactId) {
        let current = climb.openings.last().map(|opening| opening.number);
        let number = self.stage_of(ladder, fact, current);
        let Some(stage) = ladder.stages.iter().find(|stage| Some(stage.number) == number) else {
            climb.irregular.push((fact, Irregular::NoSuchStage));
            return;
        };
        if current.is_none() && ladder.enters_at.is_some_and(|entry| entry != stage.number) {
            climb.irregular.push((fact, Irregular::NotTheEntry));
        }
        if let Some(attribute) = ladder.ground_attribute
            && let Some(Value::Word(word)) = self.fact(fact).value(attribute)
            && !stage.grounds.is_empty()
            && !stage.grounds.contains(word)
        {
            climb.irregular.push((fact, Irregular::GroundNotListed));
        }
        climb.openings.push(Opening {
            fact,
            number: stage.number,
            answer: None,
            approval: None,
            answers: Vec::new(),
        });
    }

    /// The stage an opening names; without one the lowest, or the next above the current one.
    fn stage_of(&self, ladder: &Ladder, fact: FactId, current: Option<u16>) -> Option<u16> {
        let mut numbers = ladder.stages.iter().map(|stage| stage.number);
        match (self.number(fact, ladder.stage_attribute), current) {
            (Named::Stage(number), _) => Some(number),
            (Named::None, _) => None,
            (Named::Unsaid, None) => numbers.next(),
            (Named::Unsaid, Some(current)) => numbers.find(|&number| number > current),
        }
    }

    /// The stage number an attribute carries.
    fn number(&self, fact: FactId, attribute: Option<AttributeId>) -> Named {
        match attribute.and_then(|attribute| self.fact(fact).value(attribute)) {
            None => Named::Unsaid,
            Some(Value::Number(thousandths)) if thousandths % 1000 == 0 => {
                u16::try_from(thousandths / 1000).map_or(Named::None, Named::Stage)
            }
            Some(_) => Named::None,
        }
    }

    /// The opening an act belongs to: of the stage it names, or else the latest by then.
    fn opening_of<'c>(
        &self,
        climb: &'c mut Climb,
        act: FactId,
        attribute: Option<AttributeId>,
    ) -> Option<&'c mut Opening> {
        let named = self.number(act, attribute);
        climb.openings.iter_mut().rev().find(|opening| {
            let fits = named == Named::Unsaid || named == Named::Stage(opening.number);
            fits && self.not_after(opening.fact, act)
        })
    }

    /// An answer: the first is the one that has to be in time.
    fn answer(&self, ladder: &Ladder, climb: &mut Climb, answer: FactId) {
        if let Some(opening) = self.opening_of(climb, answer, ladder.answer_stage_attribute) {
            opening.answer.get_or_insert(answer);
            opening.answers.push(answer);
        }
    }

    /// An approval: the first that is not before the answer.
    fn approve(&self, ladder: &Ladder, climb: &mut Climb, approval: FactId) {
        if let Some(opening) = self.opening_of(climb, approval, ladder.approval_stage_attribute)
            && opening.answer.is_some_and(|answer| self.not_after(answer, approval))
        {
            opening.approval.get_or_insert(approval);
        }
    }

    /// Whether one fact is not after another: by date, and by `seq` on one day where both have it.
    fn not_after(&self, one: FactId, other: FactId) -> bool {
        let (one, other) = (self.fact(one), self.fact(other));
        match (one.sequence, other.sequence) {
            (Some(first), Some(second)) if one.date == other.date => first <= second,
            _ => one.date <= other.date,
        }
    }

    fn stage(ladder: &Ladder, number: u16) -> Option<&Stage> {
        ladder.stages.iter().find(|stage| stage.number == number)
    }

    /// The last day for a stage's answer.
    fn stage_due(&self, stage: &Stage, opening: &Opening) -> Due {
        let subject = Subject::of(opening.fact, self.fact(opening.fact).event);
        stage.limit.as_ref().map_or(Due::Never, |window| {
            self.window(window, self.date(opening.fact), Some(subject), None).1
        })
    }

    /// The answer, and where a stage has an approver the approval, owed at one opening.
    fn stage_rows(&self, ladder: &Ladder, climb: &Climb, place: usize) -> Vec<Terms> {
        let Some(opening) = climb.openings.get(place) else {
            return Vec::new();
        };
        let Some(stage) = Self::stage(ladder, opening.number) else {
            return Vec::new();
        };
        let number = opening.number;
        let start = Start { date: self.date(opening.fact), fact: Some(opening.fact) };
        let due = self.stage_due(stage, opening);
        let replaced = climb.openings.get(place + 1).map(|next| next.fact).or(climb.closed);
        let end = replaced.map(|fact| {
            let last = self.date(fact);
            End { last, reason: Reason::Replaced(last, fact) }
        });
        let mut answer = Terms::waiting(Part::Answer { stage: number });
        answer.anchor = Some(start);
        answer.due = due;
        answer.done_by = opening.answer.into_iter().collect();
        answer.done_on = opening.answer.map(|fact| self.date(fact));
        self.settle(&mut answer, &[], end.as_ref());
        if due == Due::Unknown {
            let asked = match stage.limit.as_ref().map(|window| &window.shape) {
                Some(Shape::ByDateOf(attribute)) => {
                    Some(Question::Attribute(opening.fact, *attribute))
                }
                _ => None,
            };
            answer.undetermined(asked.map(Reason::NotRecorded));
        }
        self.count_working_days(&mut answer, stage.limit.as_ref());
        let mut rows = vec![answer];
        if !stage.approval_from.is_empty() {
            let mut approval = Terms::waiting(Part::Approval { stage: number });
            approval.anchor = Some(start);
            approval.due = match ladder.in_time_when {
                InTimeWhen::Approved => due,
                InTimeWhen::Answered => Due::Never,
            };
            approval.done_by = opening.approval.into_iter().collect();
            approval.done_on = opening.approval.map(|fact| self.date(fact));
            self.settle(&mut approval, &[], end.as_ref());
            let open = matches!(
                approval.status,
                Status::Due | Status::NotOpen | Status::Overdue | Status::Outstanding
            );
            if open && opening.answer.is_none() {
                // There is nothing to approve before the answer; its own row says what is owed.
                approval.status = Status::Waiting;
                approval.days = 0;
            }
            self.count_working_days(&mut approval, stage.limit.as_ref());
            rows.push(approval);
        }
        rows
    }

    /// The cap of one instance (M26).
    fn cap_row(&self, ladder: &Ladder, climb: &Climb) -> Option<Terms> {
        let cap = ladder.cap.as_ref()?;
        let mut row = Terms::waiting(Part::Cap);
        let start = climb.openings.iter().find(|opening| {
            opening.number == cap.stage || (cap.or_above && opening.number > cap.stage)
        });
        let Some(start) = start else {
            return Some(row);
        };
        let date = self.date(start.fact);
        row.anchor = Some(Start { date, fact: Some(start.fact) });
        (row.opens, row.due) = self.window(&cap.window, date, None, None);
        row.done_by = climb.closed.into_iter().collect();
        row.done_on = climb.closed.map(|fact| self.date(fact));
        self.settle(&mut row, &[], None);
        self.count_working_days(&mut row, Some(&cap.window));
        Some(row)
    }

    /// The openings that events call for.
    fn openings_owed(&self, ladder: &Ladder, climbs: &[Climb], rows: &mut Vec<Terms>) {
        let mut openings: Vec<(FactId, u16)> = climbs
            .iter()
            .flat_map(|climb| climb.openings.iter().map(|opening| (opening.fact, opening.number)))
            .collect();
        openings.sort_by_key(|&(fact, _)| (self.date(fact), fact));
        for call in &ladder.opens_on {
            let calls = self.matching(&call.event);
            let instances: Vec<Instance> = calls
                .iter()
                .map(|&(fact, ..)| Instance {
                    from: Some(self.date(fact)),
                    facts: Facts::One(fact),
                })
                .collect();
            let mut met: Vec<Option<FactId>> = vec![None; calls.len()];
            for &(fact, _) in openings.iter().filter(|&&(_, number)| number >= call.stage) {
                if let Some(taken) = self.taken_after(&instances.iter(), fact)
                    && let Some(place) = met.get_mut(taken.instance)
                {
                    place.get_or_insert(fact);
                }
            }
            for (index, ((fact, truth, doubt), met)) in calls.into_iter().zip(met).enumerate() {
                let mut row = Terms::waiting(Part::Opening { stage: call.stage });
                row.ordinal = index as u16 + 1;
                row.anchor = Some(Start { date: self.date(fact), fact: Some(fact) });
                row.reference = self.first_named(&[fact]);
                row.due = Due::Never;
                row.done_on = met.map(|met| self.date(met));
                row.done_by = met.into_iter().collect();
                self.settle(&mut row, &[], None);
                if truth == Truth::Unknown {
                    row.undetermined(doubt.into_iter().map(Reason::NotRecorded));
                }
                rows.push(row);
            }
        }
    }

    /// The outcomes of an opened stage that have matured by a day, and since when (M24, M25).
    fn matured(
        &self,
        stage: &Stage,
        climb: &Climb,
        opening: &Opening,
        day: Date,
    ) -> Vec<(StageOutcome, Date)> {
        let after = match self.stage_due(stage, opening) {
            Due::On(due) if due < day => due.add_days(1),
            _ => None,
        };
        let by_then = |fact: &FactId| self.date(*fact) <= day;
        let answered = opening.answer.filter(by_then).map(|fact| self.date(fact));
        let approved = opening.approval.filter(by_then);
        let mut found = Vec::new();
        if let (Some(since), None) = (after, answered) {
            found.push((StageOutcome::NoAnswer, since));
        }
        if let (Some(since), Some(answered), None, false) =
            (after, answered, approved, stage.approval_from.is_empty())
        {
            found.push((StageOutcome::NotApproved, since.max(answered)));
        }
        let latest = opening.answers.iter().rfind(|fact| by_then(fact));
        let judged = latest.and_then(|&latest| {
            climb.judgements.iter().find(|&&(fact, _)| self.not_after(latest, fact))
        });
        if let Some(&(fact, satisfied)) = judged.filter(|(fact, _)| by_then(fact)) {
            let outcome =
                if satisfied { StageOutcome::Satisfied } else { StageOutcome::NotSatisfied };
            found.push((outcome, self.date(fact)));
        }
        found
    }

    /// The ways on from an opened stage that are open on a day.
    fn ways(&self, ladder: &Ladder, climb: &Climb, opening: &Opening, day: Date) -> Vec<Way> {
        let Some(stage) = Self::stage(ladder, opening.number) else {
            return Vec::new();
        };
        let matured = self.matured(stage, climb, opening, day);
        let mut ways = Vec::new();
        for exit in &stage.exits {
            for &(_, since) in matured.iter().filter(|(outcome, _)| *outcome == exit.outcome) {
                ways.push(Way {
                    outcome: exit.outcome,
                    since,
                    by: exit.by.clone(),
                    strength: exit.strength,
                    leads: exit.leads,
                });
            }
        }
        ways
    }

    /// The further openings for which no ground had matured at the stage before, whichever way the
    /// events of that day are ordered.
    fn without_ground(&self, ladder: &Ladder, climb: &Climb) -> Vec<(FactId, Irregular)> {
        climb
            .openings
            .iter()
            .zip(climb.openings.iter().skip(1))
            .filter(|(before, next)| {
                let day = self.date(next.fact);
                let grounded = |day: Date| {
                    let ways = self.ways(ladder, climb, before, day);
                    ways.iter().any(|way| matches!(way.leads, ExitTo::Stage(_)))
                };
                !grounded(day) && !day.add_days(-1).is_some_and(grounded)
            })
            .map(|(_, next)| (next.fact, Irregular::NoGround))
            .collect()
    }

    /// Where an instance stands.
    fn standing(
        &self,
        rule: RuleId,
        ladder: &Ladder,
        climb: &Climb,
        ordinal: u16,
    ) -> Option<Standing> {
        let (first, current) = (climb.openings.first()?, climb.openings.last()?);
        let rung = Self::stage(ladder, current.number)?;
        let matured = self.matured(rung, climb, current, self.as_of);
        let listed = |outcome: StageOutcome| rung.exits.iter().any(|exit| exit.outcome == outcome);
        let has = |outcome: StageOutcome| matured.iter().any(|&(other, _)| other == outcome);
        let top = ladder.stages.last().is_some_and(|top| top.number == rung.number);
        let stuck = |outcome: StageOutcome| has(outcome) && !listed(outcome);
        let state = if climb.closed.is_some() {
            LadderState::Closed
        } else if has(StageOutcome::Satisfied) {
            LadderState::Settled
        } else if has(StageOutcome::NotSatisfied) && top {
            LadderState::Exhausted
        } else if stuck(StageOutcome::NoAnswer)
            || stuck(StageOutcome::NotApproved)
            || stuck(StageOutcome::NotSatisfied)
        {
            LadderState::NoListedWayOn
        } else {
            LadderState::Open
        };
        let ways = if climb.closed.is_some() {
            Vec::new()
        } else {
            self.ways(ladder, climb, current, self.as_of)
        };
        let mut irregular = climb.irregular.clone();
        irregular.extend(self.without_ground(ladder, climb));
        irregular.sort_by_key(|&(fact, what)| (self.date(fact), fact, what));
        Some(Standing {
            rule,
            ordinal,
            opened: first.fact,
            stage: current.number,
            stage_opened: current.fact,
            state,
            ways,
            closed: climb.closed,
            outside: climb.outside.clone(),
            irregular,
        })
    }
}
