//! Reviews as deadlines of their own, and the triggers that bring them forward.

use super::Matching;
use super::act::Instance;
use super::case::Case;
use super::clocked::overdue_days;
use super::duty::mark;
use super::outcome::{Due, FactId, Facts, Part, Question, Reason, Start, Status, Terms};
use super::review::Review;
use super::rows::Rows;
use super::series::{SeriesView, Slot};
use super::state::Run;
use super::status::End;
use super::truth::{Subject, Truth};
use crate::calendar::Date;
use crate::policy::{Judgement, Point, RuleId, Series, Trigger, TriggerOn, Value, Window};

/// A trigger that has gone off.
struct Fired {
    instance: Instance,
    subject: Option<Subject>,
    /// The fact whose `ref` names what was overdue.
    named: Option<FactId>,
    doubt: Vec<Question>,
}

impl Case<'_> {
    /// Evaluates a series: one deadline for each slot.
    pub(super) fn series_rows(&mut self, rule: RuleId, series: &Series, rows: &mut Rows) {
        self.derive_series(rule, series);
        let body = self.policy.rule(rule);
        if let Some(view) = self.view(rule) {
            for slot in &view.slots {
                if body.in_force.contains(slot.anchor.date)
                    && let Some(row) = self.slot_row(series, view, slot)
                {
                    rows.push(row);
                }
            }
            for doubt in &view.unstarted {
                // The series is alive, and what its first clock counts from has not happened.
                let mut row = Terms::waiting(Part::Whole);
                if !doubt.is_empty() {
                    row.undetermined(doubt.iter().cloned().map(Reason::NotRecorded));
                }
                rows.push(row);
            }
        }
    }

    /// The deadline of one slot.
    fn slot_row(&self, series: &Series, view: &SeriesView, slot: &Slot) -> Option<Terms> {
        let mut row = Terms::waiting(Part::Whole);
        row.ordinal = slot.ordinal;
        row.anchor = Some(slot.anchor);
        let review = view.review_of(slot);
        let mut facts: Facts = slot.cycle.into_iter().collect();
        if let Some(review) = review {
            facts.extend(review_facts(review).iter().copied());
        }
        row.reference = self.first_named(&facts);
        if !self.policy.header.in_force.contains(slot.anchor.date) {
            row.due = Due::Unknown;
            row.undetermined([Reason::NotInForce(slot.anchor.date)]);
            return Some(row);
        }
        let done = review.and_then(|review| review.date(series.dated));
        // A limit is looked at throughout its clock (M16), and that runs no longer than its period.
        let end = self.slot_end(slot, view);
        let last = done.or(end.as_ref().map(|end| end.last));
        let horizon = last.map_or(self.as_of, |last| last.min(self.as_of));
        let governed = self.slot_limit_known(view, series, slot, horizon, self.as_of);
        if !governed.applies && governed.change.is_none() {
            return None;
        }
        let replaced = !governed.applies;
        let possible = row.governed(governed);
        if let (Some(review), Some(done)) = (review, done) {
            row.done_on = Some(done).filter(|_| review.doubt.is_empty());
            row.done_by = review_facts(review);
        }
        self.settle(&mut row, &possible, end.as_ref());
        if replaced && row.done_on.is_none() && row.status != Status::Undetermined {
            row.status = Status::Lapsed;
            row.days = 0;
        }
        if let Some(review) = review.filter(|review| review.completed.is_none()) {
            begun(&mut row, series, review, end.as_ref());
        }
        if let Some(review) = review.filter(|review| !review.doubt.is_empty()) {
            row.undetermined(review.doubt.iter().cloned());
        }
        if slot.perhaps_restarted || (!slot.doubt.is_empty() && row.done_on.is_none()) {
            row.undetermined(slot.doubt.iter().cloned().map(Reason::NotRecorded));
        }
        let limit = row.limit.and_then(|limit| series.limits.get(usize::from(limit)));
        self.count_working_days(&mut row, limit.and_then(|limit| limit.window.as_ref()));
        Some(row)
    }

    /// Evaluates a trigger: the judgements it asks for, and the reviews it brings forward.
    pub(super) fn trigger(
        &mut self,
        rule: RuleId,
        trigger: &Trigger,
        matching: Matching,
        rows: &mut Rows,
    ) {
        let fired = self.fired(rule, trigger, rows);
        let instances = fired.iter().map(|fired| &fired.instance);
        let mut judged: Vec<Option<FactId>> = vec![None; fired.len()];
        let mut unnamed = Vec::new();
        if let Some(judgement) = trigger.judgement {
            for &fact in self.of(judgement.event) {
                if let Some(taken) = self.taken_after(&instances, fact)
                    && let Some(place) = judged.get_mut(taken.instance)
                    && self.fact(fact).value(judgement.attribute).is_some()
                {
                    place.get_or_insert(fact);
                    if !taken.named {
                        unnamed.push(fact);
                    }
                }
            }
        }
        let mut judgements = Vec::new();
        let mut forwards = Vec::new();
        for (index, (fired, judged)) in fired.iter().zip(judged).enumerate() {
            let ordinal = index as u16 + 1;
            if trigger.judgement.is_some() {
                judgements.push(self.judgement_row(ordinal, fired, judged));
            }
            let yes = match (trigger.judgement, judged) {
                (Some(judgement), Some(fact)) => self.says_yes(judgement, fact),
                (Some(_), None) => false,
                (None, _) => true,
            };
            if let (true, Some((series, first, otherwise))) = (yes, &trigger.brings_forward) {
                let windows = (first, otherwise.as_ref());
                forwards.extend(self.forward(ordinal, fired, judged, *series, windows));
            }
        }
        self.mark_unnamed(&mut judgements, &unnamed, matching);
        if let Some((series, ..)) = &trigger.brings_forward {
            self.bring_forward(*series, &forwards, rows);
        }
        for row in judgements.into_iter().chain(forwards) {
            rows.push(row);
        }
    }

    /// Says which judgements were taken for the latest occasion while an older one was open (M14).
    fn mark_unnamed(&self, rows: &mut [Terms], unnamed: &[FactId], matching: Matching) {
        for place in 0..rows.len() {
            let Some(&fact) = rows.get(place).and_then(|row| row.done_by.first()) else {
                continue;
            };
            if !unnamed.contains(&fact) {
                continue;
            }
            let day = self.date(fact);
            let (older, row) = rows.split_at_mut(place);
            let open: Vec<&mut Terms> = older
                .iter_mut()
                .filter(|older| older.done_on.is_none_or(|done| done > day))
                .collect();
            if let (Some(row), false) = (row.first_mut(), open.is_empty()) {
                mark(row, Reason::TakenForLatest(fact), matching);
            }
            for older in open {
                mark(older, Reason::MayBelongHere(fact), matching);
            }
        }
    }

    /// The occasions on which a trigger went off, in order.
    fn fired(&self, rule: RuleId, trigger: &Trigger, rows: &Rows) -> Vec<Fired> {
        let body = self.policy.rule(rule);
        let mut found = Vec::new();
        for on in &trigger.on {
            match on {
                TriggerOn::Event(wanted) => {
                    for (id, truth, questions) in self.matching(wanted) {
                        if self.over_cap.contains(&id) {
                            continue;
                        }
                        let instance =
                            Instance { from: Some(self.date(id)), facts: Facts::One(id) };
                        let doubt = if truth == Truth::Unknown { questions } else { Vec::new() };
                        let subject = Some(Subject::of(id, wanted.event));
                        found.push(Fired { instance, subject, named: None, doubt });
                    }
                }
                TriggerOn::Overdue(other) => {
                    for (day, fact) in overdue_days(rows.of(*other)) {
                        let instance = Instance { from: Some(day), facts: Facts::new() };
                        let doubt = Vec::new();
                        found.push(Fired { instance, subject: None, named: fact, doubt });
                    }
                }
            }
        }
        found.retain_mut(|fired| {
            let Some(from) = fired.instance.from else {
                return false;
            };
            self.can_start(body, from, fired.subject, &mut fired.doubt) != Truth::No
        });
        found.sort_by_key(|fired| (fired.instance.from, fired.instance.facts.first().copied()));
        found
    }

    fn says_yes(&self, judgement: Judgement, fact: FactId) -> bool {
        self.fact(fact).value(judgement.attribute) == Some(&Value::YesNo(true))
    }

    /// The judgement that a trigger asks for.
    fn judgement_row(&self, ordinal: u16, fired: &Fired, judged: Option<FactId>) -> Terms {
        let mut row = Terms::waiting(Part::Judgement);
        row.ordinal = ordinal;
        row.anchor = fired
            .instance
            .from
            .map(|date| Start { date, fact: fired.instance.facts.first().copied() });
        row.reference = self.first_named(&fired.instance.facts).or(fired.named);
        row.due = Due::Never;
        row.done_on = judged.map(|fact| self.date(fact));
        row.done_by = judged.into_iter().collect();
        self.settle(&mut row, &[], None);
        if let Some(start) = row.anchor
            && !self.policy.header.in_force.contains(start.date)
        {
            row.due = Due::Unknown;
            row.done_on = None;
            row.undetermined([Reason::NotInForce(start.date)]);
        }
        if !fired.doubt.is_empty() {
            row.undetermined(fired.doubt.iter().cloned().map(Reason::NotRecorded));
        }
        row
    }

    /// A review that a trigger brings forward.
    fn forward(
        &self,
        ordinal: u16,
        fired: &Fired,
        judged: Option<FactId>,
        series_rule: RuleId,
        (first, otherwise): (&Window, Option<&Window>),
    ) -> Option<Terms> {
        let series = self.policy.series(series_rule)?;
        let view = self.view(series_rule)?;
        let from = judged.map(|fact| self.date(fact)).or(fired.instance.from)?;
        let subject = judged.map(|fact| Subject::of(fact, self.fact(fact).event)).or(fired.subject);
        let mut row = Terms::waiting(Part::BroughtForward);
        row.ordinal = ordinal;
        row.anchor =
            Some(Start { date: from, fact: judged.or(fired.instance.facts.first().copied()) });
        let own = judged.into_iter().chain(fired.instance.facts.iter().copied());
        row.reference = self.first_named(&own.collect::<Facts>()).or(fired.named);
        if !self.policy.header.in_force.contains(from) {
            row.due = Due::Unknown;
            row.undetermined([Reason::NotInForce(from)]);
            return Some(row);
        }
        let dates = |window: &Window| self.window(window, from, subject, None);
        let by_first = dates(first);
        let (governing, index, (opens, due)) = match otherwise {
            Some(otherwise) if by_first.1 == Due::Unknown => (otherwise, 1, dates(otherwise)),
            _ => (first, 0, by_first),
        };
        row.limit = Some(index);
        row.opens = opens;
        // A date brought forward never falls before the day of the change (M17).
        row.due = match due {
            Due::On(date) => Due::On(date.max(from)),
            other => other,
        };
        // It belongs to the period in which it was asked for, or else to the next that begins.
        let open = |period: &&Run| period.until.is_none_or(|until| from <= until);
        let period = view
            .periods
            .iter()
            .rfind(|period| period.from <= from && open(period))
            .or_else(|| view.periods.iter().find(open));
        let until = period.and_then(|period| period.until);
        let review = view
            .reviews
            .iter()
            .find(|review| review.begin >= from && until.is_none_or(|until| review.begin <= until));
        if let Some(review) = review {
            row.done_by = review_facts(review);
            row.done_on = review.date(series.dated).filter(|_| review.doubt.is_empty());
        }
        let end = until
            .filter(|&until| until < self.as_of)
            .map(|last| End { last, reason: Reason::StateEnded(last) });
        self.settle(&mut row, &[], end.as_ref());
        if let Some(review) = review.filter(|review| review.completed.is_none()) {
            begun(&mut row, series, review, end.as_ref());
        }
        if let Some(review) = review.filter(|review| !review.doubt.is_empty()) {
            row.undetermined(review.doubt.iter().cloned());
        }
        if let Some(period) = period.filter(|period| !period.certain && row.done_on.is_none()) {
            row.undetermined(period.doubt.iter().cloned().map(Reason::NotRecorded));
        }
        if !fired.doubt.is_empty() {
            row.undetermined(fired.doubt.iter().cloned().map(Reason::NotRecorded));
        }
        self.count_working_days(&mut row, Some(governing));
        Some(row)
    }

    /// Lets the slots of a series know the dates to which they were brought forward.
    fn bring_forward(&mut self, series: RuleId, forwards: &[Terms], rows: &mut Rows) {
        if forwards.is_empty() {
            return;
        }
        self.forget();
        let dates: Vec<(Date, Date)> = forwards
            .iter()
            .filter_map(|row| match (row.anchor, row.due) {
                (Some(start), Due::On(due)) if row.certain() => Some((start.date, due)),
                _ => None,
            })
            .collect();
        let Some((_, view)) = self.views.iter_mut().find(|(rule, _)| *rule == series) else {
            return;
        };
        let mut told = Vec::new();
        for (known, due) in dates {
            let fits = |slot: &&Slot| {
                slot.review
                    .and_then(|index| view.reviews.get(index))
                    .is_none_or(|review| review.begin >= known)
                    && slot.end.is_none_or(|end| known <= end)
                    && slot.anchor.date <= known
            };
            // Where one period ends and the next begins that day, it belongs to the next.
            let end = view.slots.iter().rfind(fits).map(|slot| slot.end);
            let place = view.slots.iter().position(|slot| fits(&slot) && Some(slot.end) == end);
            if let Some(slot) = place.and_then(|place| view.slots.get_mut(place)) {
                slot.forward.push((known, due));
                told.push((slot.anchor, slot.ordinal, due));
            }
        }
        for (anchor, ordinal, due) in told {
            let rows = rows.of_mut(series);
            let row =
                rows.iter_mut().find(|row| row.anchor == Some(anchor) && row.ordinal == ordinal);
            if let Some(row) = row.filter(|row| row.due != Due::Unknown) {
                row.terms_mut().reasons.push(Reason::BroughtForwardTo(due));
            }
        }
    }
}

/// A review that was begun and is not completed (M21).
fn begun(row: &mut Terms, series: &Series, review: &Review, end: Option<&End>) {
    if end.is_some() || matches!(row.due, Due::Beyond(_) | Due::Unknown) {
        return;
    }
    row.done_by = review_facts(review);
    let overdue = row.status == Status::Overdue;
    if overdue && series.dated == Point::Completion {
        return;
    }
    row.status = Status::Begun;
    row.days = match row.due {
        Due::On(due) => due.days_until(review.begin).max(0),
        _ => 0,
    };
}

impl Terms {
    /// Whether nothing that was not recorded decides it.
    fn certain(&self) -> bool {
        !self.reasons.iter().any(|reason| matches!(reason, Reason::NotRecorded(_)))
    }
}

/// The facts of a review.
fn review_facts(review: &Review) -> Facts {
    let mut facts = Facts::One(review.begun_by);
    facts.extend(review.completed.map(|(_, fact)| fact).filter(|&fact| fact != review.begun_by));
    facts
}
