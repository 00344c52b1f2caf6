//! Ladders (S14).

use duly::eval::{LadderState, Part, Status};
use duly::policy::{
    AttributeId, EventId, InTimeWhen, Ladder, OpensOn, RuleId, Stage, StageOutcome, Value,
};

use super::case::{Case, UNKNOWN};
use super::days::{self, Day};
use super::duties::Anchored;
use super::limits::{Counted, End, From, undetermined};
use super::verdict::{Last, Row, Verdict, leads, plain};

/// One dispute.
struct Dispute {
    reference: Option<String>,
    opened: usize,
    openings: Vec<Opening>,
    closed: Option<usize>,
}

/// The opening of a stage.
#[derive(Clone, Copy)]
struct Opening {
    fact: usize,
    stage: u16,
}

/// What was answered at one opening.
struct Answered {
    first: Option<Day>,
    latest: Option<usize>,
    approved: Option<Day>,
}

const NEVER: Counted = Counted { opens: None, due: Last::Never, working: false };

impl Case<'_> {
    pub(super) fn ladder_verdicts(&self, id: RuleId, ladder: &Ladder) -> Vec<Verdict> {
        let disputes = self.disputes(ladder);
        let mut verdicts = Vec::new();
        for (place, dispute) in disputes.iter().enumerate() {
            let ordinal = place as u16 + 1;
            let mut rows = Vec::new();
            for (step, opening) in dispute.openings.iter().enumerate() {
                rows.extend(self.stage_rows(id, ladder, dispute, step, *opening, ordinal));
            }
            rows.extend(self.cap_row(id, ladder, dispute, ordinal));
            for mut row in rows {
                row.reference.clone_from(&dispute.reference);
                verdicts.push(Verdict::Deadline(plain(row)));
            }
            verdicts.push(self.standing(id, ladder, dispute, ordinal));
        }
        for opens_on in &ladder.opens_on {
            let rows = self.opening_rows(id, opens_on, &disputes);
            verdicts.extend(rows.into_iter().map(plain).map(Verdict::Deadline));
        }
        verdicts
    }

    /// The disputes of a ladder, one for each `ref` and each time it is opened anew.
    fn disputes(&self, ladder: &Ladder) -> Vec<Dispute> {
        let mut acts: Vec<usize> = self.of(ladder.opened_by).collect();
        acts.extend(ladder.closed_by.into_iter().flat_map(|event| self.of(event)));
        let closes = |fact: usize| Some(self.facts[fact].fact.event) == ladder.closed_by;
        acts.sort_by_key(|fact| (self.facts[*fact].day, closes(*fact), *fact));
        // Where both of a day's acts say their order, that order holds.
        for i in 1..acts.len() {
            for j in (1..=i).rev() {
                let (a, b) = (acts[j - 1], acts[j]);
                let same_day = self.facts[a].day == self.facts[b].day;
                let ordered = self.seq(a).is_some() && self.seq(b).is_some();
                if same_day && ordered && self.seq(b) < self.seq(a) {
                    acts.swap(j - 1, j);
                }
            }
        }
        let mut disputes: Vec<Dispute> = Vec::new();
        for fact in acts {
            let reference = self.reference(fact).cloned();
            let open = disputes
                .iter_mut()
                .rev()
                .find(|dispute| dispute.reference == reference)
                .filter(|dispute| dispute.closed.is_none());
            if closes(fact) {
                if let Some(open) = open {
                    open.closed = Some(fact);
                }
                continue;
            }
            let current = open.as_ref().and_then(|open| open.openings.last()).map(|o| o.stage);
            let Some(stage) = self.stage_of(ladder, fact, current) else {
                continue;
            };
            let opening = Opening { fact, stage };
            match open {
                Some(open) => open.openings.push(opening),
                None => disputes.push(Dispute {
                    reference,
                    opened: fact,
                    openings: vec![opening],
                    closed: None,
                }),
            }
        }
        disputes
    }

    /// The stage an opening names, else the lowest, or the next above the current one.
    fn stage_of(&self, ladder: &Ladder, fact: usize, current: Option<u16>) -> Option<u16> {
        let named = self.number(fact, ladder.stage_attribute);
        let mut stages = ladder.stages.iter().map(|stage| stage.number);
        match (named, current) {
            (Some(named), _) => stages.find(|stage| i64::from(*stage) * 1000 == named),
            (None, Some(current)) => stages.find(|stage| *stage > current),
            (None, None) => stages.next(),
        }
    }

    fn number(&self, fact: usize, attribute: Option<AttributeId>) -> Option<i64> {
        match self.value(fact, attribute?)? {
            Value::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// The facts of an event that belong to a dispute: the latest of its `ref` on or before.
    fn facts_of(&self, ladder: &Ladder, dispute: &Dispute, event: Option<EventId>) -> Vec<usize> {
        let disputes = self.disputes(ladder);
        let Some(event) = event else {
            return Vec::new();
        };
        self.of(event)
            .filter(|fact| {
                let own = disputes.iter().rev().find(|other| {
                    other.reference.as_ref() == self.reference(*fact)
                        && self.by(other.opened, *fact)
                });
                own.is_some_and(|own| own.opened == dispute.opened)
            })
            .collect()
    }

    /// The opening to which an answer or an approval belongs.
    fn opening_for(
        &self,
        dispute: &Dispute,
        fact: usize,
        stage: Option<AttributeId>,
    ) -> Option<usize> {
        let named = self.number(fact, stage);
        dispute.openings.iter().rposition(|opening| {
            let (act, opened) = (&self.facts[fact], &self.facts[opening.fact]);
            let comes_after = act.day == opened.day
                && matches!((self.seq(opening.fact), self.seq(fact)), (Some(o), Some(a)) if o > a);
            opened.day <= act.day
                && !comes_after
                && named.is_none_or(|named| named == i64::from(opening.stage) * 1000)
        })
    }

    /// Whether one fact is not after another: by day, and by `seq` on one day where both have it.
    fn by(&self, one: usize, other: usize) -> bool {
        let (first, second) = (self.facts[one].day, self.facts[other].day);
        first < second
            || (first == second
                && !matches!((self.seq(one), self.seq(other)), (Some(a), Some(b)) if a > b))
    }

    fn answered(&self, ladder: &Ladder, dispute: &Dispute, step: usize) -> Answered {
        let belonging = |event, attribute| -> Vec<usize> {
            self.facts_of(ladder, dispute, event)
                .into_iter()
                .filter(|fact| self.opening_for(dispute, *fact, attribute) == Some(step))
                .collect()
        };
        let answers = belonging(ladder.answered_by, ladder.answer_stage_attribute);
        let first = answers.first().map(|fact| self.facts[*fact].day);
        let approvals = belonging(ladder.approved_by, ladder.approval_stage_attribute);
        let approved = approvals
            .into_iter()
            .find(|fact| answers.first().is_some_and(|answer| self.by(*answer, *fact)))
            .map(|fact| self.facts[fact].day);
        Answered { first, latest: answers.last().copied(), approved }
    }

    /// What was judged of an answer, and when.
    fn judged(&self, ladder: &Ladder, dispute: &Dispute, answer: usize) -> Option<(Day, bool)> {
        let (event, attribute) = ladder.judged_by?;
        self.facts_of(ladder, dispute, Some(event)).into_iter().find_map(|fact| {
            let day = self.facts[fact].day;
            match self.value(fact, attribute) {
                Some(Value::YesNo(says)) if self.by(answer, fact) => Some((day, *says)),
                _ => None,
            }
        })
    }

    /// By when a stage is to be answered.
    fn limit(&self, stage: &Stage, opening: Opening) -> Counted {
        let from = From { day: self.facts[opening.fact].day, fact: Some(opening.fact), next: None };
        let limit = stage.limit.as_ref();
        limit.map_or(NEVER, |limit| {
            let counted = self.window(limit, from);
            Counted { opens: counted.opens.filter(|opens| *opens != from.day), ..counted }
        })
    }

    fn stage_rows(
        &self,
        id: RuleId,
        ladder: &Ladder,
        dispute: &Dispute,
        step: usize,
        opening: Opening,
        ordinal: u16,
    ) -> Vec<Row> {
        let start = self.facts[opening.fact].day;
        if !self.policy.rule(id).in_force.contains(days::date(start)) {
            return Vec::new();
        }
        let stage = stage(ladder, opening.stage);
        let limit = self.limit(stage, opening);
        let answered = self.answered(ladder, dispute, step);
        let next = dispute.openings.get(step + 1).map(|next| self.facts[next.fact].day);
        let closed = dispute.closed.map(|fact| self.facts[fact].day);
        let end = next.into_iter().chain(closed).min().map(|day| End { day });

        let mut answer = self.row(id, Part::Answer { stage: opening.stage }, ordinal);
        self.judge(&mut answer, limit, answered.first, end);
        let mut rows = vec![self.outside_the_policy(&answer, start).unwrap_or(answer)];
        if !stage.approval_from.is_empty() {
            let window = match ladder.in_time_when {
                InTimeWhen::Answered => NEVER,
                InTimeWhen::Approved => limit,
            };
            let mut approval = self.row(id, Part::Approval { stage: opening.stage }, ordinal);
            self.judge(&mut approval, window, answered.approved, end);
            let open = answered.first.is_none()
                && end.is_none()
                && approval.status != Status::Undetermined;
            if open {
                self.set_status(&mut approval, Status::Waiting, false);
            }
            rows.push(self.outside_the_policy(&approval, start).unwrap_or(approval));
        }
        rows
    }

    fn cap_row(&self, id: RuleId, ladder: &Ladder, dispute: &Dispute, ordinal: u16) -> Option<Row> {
        let cap = ladder.cap.as_ref()?;
        let mut row = self.row(id, Part::Cap, ordinal);
        let first = dispute.openings.iter().find(|opening| {
            opening.stage == cap.stage || (cap.or_above && opening.stage > cap.stage)
        });
        let Some(first) = first else { return Some(row) };
        let day = self.facts[first.fact].day;
        if !self.policy.rule(id).in_force.contains(days::date(day)) {
            return None;
        }
        let window = self.window(&cap.window, From { day, fact: Some(first.fact), next: None });
        let closed = dispute.closed.map(|fact| self.facts[fact].day);
        self.judge(&mut row, window, closed, None);
        Some(self.outside_the_policy(&row, day).unwrap_or(row))
    }

    fn standing(&self, id: RuleId, ladder: &Ladder, dispute: &Dispute, ordinal: u16) -> Verdict {
        let step = dispute.openings.len() - 1;
        let opening = dispute.openings[step];
        let stage = stage(ladder, opening.stage);
        let top = ladder.stages.iter().map(|stage| stage.number).max() == Some(stage.number);
        let answered = self.answered(ladder, dispute, step);
        let due = self.limit(stage, opening).due.day().filter(|due| self.as_of > *due);
        let judged = answered.latest.and_then(|answer| self.judged(ladder, dispute, answer));

        let mut grounds: Vec<(StageOutcome, Day)> = Vec::new();
        if let (Some(due), None) = (due, answered.first) {
            grounds.push((StageOutcome::NoAnswer, due + 1));
        }
        if let (Some(due), Some(answer), None) = (due, answered.first, answered.approved)
            && !stage.approval_from.is_empty()
        {
            grounds.push((StageOutcome::NotApproved, answer.max(due + 1)));
        }
        if let Some((day, satisfied)) = judged {
            let outcome =
                if satisfied { StageOutcome::Satisfied } else { StageOutcome::NotSatisfied };
            grounds.push((outcome, day));
        }
        let listed = |outcome| stage.exits.iter().any(|exit| exit.outcome == outcome);
        let stuck = grounds
            .iter()
            .any(|(outcome, _)| *outcome != StageOutcome::Satisfied && !listed(*outcome));
        let state = match judged {
            _ if dispute.closed.is_some() => LadderState::Closed,
            Some((_, true)) => LadderState::Settled,
            Some((_, false)) if top => LadderState::Exhausted,
            _ if stuck => LadderState::NoListedWayOn,
            _ => LadderState::Open,
        };
        let mut ways = Vec::new();
        if dispute.closed.is_none() {
            for (outcome, since) in grounds {
                let exits = stage.exits.iter().filter(|exit| exit.outcome == outcome);
                ways.extend(exits.map(|e| (outcome, days::date(since), leads(e.leads))));
            }
        }
        ways.sort();
        Verdict::Ladder {
            rule: self.policy.rule(id).name.clone(),
            ordinal,
            reference: dispute.reference.clone(),
            stage: stage.number,
            state,
            ways,
        }
    }

    /// The openings that an event calls for.
    fn opening_rows(&self, id: RuleId, opens_on: &OpensOn, disputes: &[Dispute]) -> Vec<Row> {
        let rule = self.policy.rule(id);
        let over = self.over_cap();
        let events: Vec<_> = self
            .matching(&opens_on.event)
            .into_iter()
            .filter(|(fact, _)| !over.contains(fact))
            .filter(|(fact, _)| rule.in_force.contains(days::date(self.facts[*fact].day)))
            .collect();
        let anchors: Vec<Anchored> = events.iter().map(|(fact, _)| self.anchored(*fact)).collect();
        let mut openings: Vec<usize> = disputes
            .iter()
            .flat_map(|dispute| &dispute.openings)
            .filter(|opening| opening.stage >= opens_on.stage)
            .map(|opening| opening.fact)
            .collect();
        openings.sort_unstable();
        let mut rows = Vec::new();
        for (place, (fact, truth)) in events.iter().enumerate() {
            let part = Part::Opening { stage: opens_on.stage };
            let mut row = self.row(id, part, place as u16 + 1);
            row.reference = self.reference(*fact).cloned();
            let done = openings
                .iter()
                .find(|opening| self.assign(&anchors, **opening) == Some(place))
                .map(|opening| self.facts[*opening].day);
            self.judge(&mut row, NEVER, done, None);
            if *truth == UNKNOWN {
                undetermined(&mut row);
            }
            rows.push(self.outside_the_policy(&row, anchors[place].day).unwrap_or(row));
        }
        rows
    }
}

fn stage(ladder: &Ladder, number: u16) -> &Stage {
    ladder.stages.iter().find(|stage| stage.number == number).expect("the stage was found before")
}
