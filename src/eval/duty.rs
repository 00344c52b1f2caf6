//! Duties that count from something that has happened.

use smallvec::SmallVec;

use super::Matching;
use super::act::{Done, Taken};
use super::case::Case;
use super::clocked::Clocked;
use super::limit::{Clock, Governed};
use super::outcome::{Deadline, Due, FactId, Part, Question, Reason, Start, Status, Terms};
use super::rows::Rows;
use super::status::End;
use super::timeline::Fact;
use super::truth::Truth;
use crate::calendar::Date;
use crate::policy::{Duty, EventId, Limit, RuleId, Shape};

/// The acts that are asked about for one instance.
type Usable<'a> = SmallVec<[&'a Done; 2]>;

/// The acts of a duty, each with the instance to which it belongs.
type Given<'a> = SmallVec<[(&'a Done, Taken); 4]>;

/// How each row's instance ended, and its place among the instances.
type Ends = SmallVec<[(Option<End>, usize); 4]>;

impl Case<'_> {
    /// Evaluates a duty that counts from something that has happened.
    pub(super) fn after(&mut self, rule: RuleId, duty: &Duty, matching: Matching, rows: &mut Rows) {
        let clocked = self.clocked(rule, duty, rows);
        if clocked.is_empty() {
            return;
        }
        let instances = clocked.iter().map(|clocked| &clocked.instance);
        let acts = self.acts(&duty.acts);
        let given: Given<'_> = acts
            .iter()
            .filter_map(|done| Some((done, self.taken_after(&instances, done.fact)?)))
            .collect();
        let mut ends = Ends::new();
        for (index, clocked) in clocked.iter().enumerate() {
            let acts: Usable<'_> = given_to(&given, index).map(|(done, _)| *done).collect();
            let (end, doubt) = match self.end_of(rule, clocked) {
                Ok(end) => (end, None),
                Err(questions) => (None, Some(questions)),
            };
            if let Some(mut row) = self.after_row(duty, clocked, &acts, end.as_ref()) {
                if let Some(questions) = doubt.filter(|_| row.done_on.is_none()) {
                    row.undetermined(questions.into_iter().map(Reason::NotRecorded));
                }
                row.ordinal = clocked.number.unwrap_or(ends.len() as u16 + 1);
                rows.push(row);
                ends.push((end, index));
            }
        }
        mark_taken(rows.own(), &ends, &given, matching);
        if let Some(event) = duty.deemed {
            self.reopen(duty, rows.own(), &clocked, &ends);
            self.deem_silence(rule, event, rows.own(), &ends);
        }
    }

    /// The last day of the state in which an instance lives, once it has passed; the questions,
    /// where it is not known whether it has.
    fn end_of(&self, rule: RuleId, clocked: &Clocked) -> Result<Option<End>, Vec<Question>> {
        let (Some(alive), Some(from)) = (&self.policy.rule(rule).while_, clocked.instance.from)
        else {
            return Ok(None);
        };
        let last = self.run_end(alive, from, self.as_of)?;
        Ok(last.map(|last| End { last, reason: Reason::StateEnded(last) }))
    }

    /// The limit of an instance, with the changes through a day.
    fn after_limit(&self, duty: &Duty, clocked: &Clocked, from: Date, horizon: Date) -> Governed {
        self.govern(&Clock {
            limits: &duty.limits,
            changing: duty.mid_clock,
            changes: None,
            ordinal: clocked.ordinal,
            started: from,
            from,
            subject: clocked.subject,
            tested_on: None,
            horizon,
            midway_to: None,
        })
    }

    /// One instance of a duty.
    fn after_row(
        &self,
        duty: &Duty,
        clocked: &Clocked,
        usable: &[&Done],
        end: Option<&End>,
    ) -> Option<Terms> {
        let from = clocked.instance.from?;
        let mut row = Terms::waiting(Part::Whole);
        let fact = clocked.instance.facts.first().copied().or(clocked.shown);
        row.anchor = Some(Start { date: from, fact });
        row.reference = self.first_named(&clocked.instance.facts).or(clocked.named);
        if !self.policy.header.in_force.contains(from) {
            row.due = Due::Unknown;
            row.undetermined([Reason::NotInForce(from)]);
            return Some(row);
        }
        // A limit is looked at throughout its clock (M16), and that ends with the state in which it runs.
        let horizon = end.map_or(self.as_of, |end| end.last.min(self.as_of));
        let governed = self.after_limit(duty, clocked, from, horizon);
        let opens = governed.opens;
        let certain = completed(duty, usable, opens, Certainty::Certain);
        let plain = duty.limits.iter().all(Limit::is_plain);
        let governed = match certain.last().filter(|_| !plain) {
            Some(last) => self.after_limit(duty, clocked, from, last.date.min(self.as_of)),
            None => governed,
        };
        if !governed.applies && governed.change.is_none() {
            return None;
        }
        let replaced = !governed.applies;
        let possible = row.governed(governed);
        take(&mut row, &certain);
        for done in usable {
            if opens.is_some_and(|opens| done.date < opens) && row.done_on.is_none() {
                let early = opens.map_or(0, |opens| done.date.days_until(opens));
                row.reasons.push(Reason::Early(done.fact, early));
            }
        }
        self.settle(&mut row, &possible, end);
        if replaced && row.done_on.is_none() && row.status != Status::Undetermined {
            row.status = Status::Lapsed;
            row.days = 0;
        }
        self.doubt_acts(&mut row, duty, usable, &possible, end);
        if row.due == Due::Unknown && row.reasons.is_empty() {
            ask_for_date(&mut row, duty, clocked);
        }
        still_needed(&mut row, duty, usable);
        if !clocked.doubt.is_empty() {
            row.undetermined(clocked.doubt.iter().cloned());
        }
        let limit = row.limit.and_then(|limit| duty.limits.get(usize::from(limit)));
        self.count_working_days(&mut row, limit.and_then(|limit| limit.window.as_ref()));
        Some(row)
    }

    /// The first of the facts that has a `ref`.
    pub(super) fn first_named(&self, facts: &[FactId]) -> Option<FactId> {
        facts.iter().copied().find(|&fact| self.reference(fact).is_some())
    }

    /// Where an uncertain act would decide the status, it is not known.
    fn doubt_acts(
        &self,
        row: &mut Terms,
        duty: &Duty,
        acts: &[&Done],
        possible: &[(Option<Date>, Due)],
        end: Option<&End>,
    ) {
        if acts.iter().all(|done| done.truth == Truth::Yes) {
            return;
        }
        let perhaps = completed(duty, acts, row.opens, Certainty::Perhaps);
        let mut other = row.clone();
        take(&mut other, &perhaps);
        self.settle(&mut other, possible, end);
        if (other.status, other.days) != (row.status, row.days) {
            let questions = acts.iter().flat_map(|done| done.doubt.iter().cloned());
            row.undetermined(questions.map(Reason::NotRecorded));
        }
    }

    /// M22: an earlier choice recorded after the event was deemed from a later one reopens it.
    fn reopen(
        &self,
        duty: &Duty,
        rows: &mut [Deadline],
        clocked: &[Clocked],
        ends: &[(Option<End>, usize)],
    ) {
        for (row, (_, index)) in rows.iter_mut().zip(ends) {
            let Some(clocked) = clocked.get(*index) else {
                continue;
            };
            let (Some(other), Some(from)) = (clocked.instead_of, clocked.instance.from) else {
                continue;
            };
            let governed = self.after_limit(duty, clocked, self.date(other), self.as_of);
            let Due::On(due) = governed.due else { continue };
            let silent = row.done_on.is_none_or(|done| done > due);
            if let Some(deemed) = due.add_days(1)
                && deemed <= from
                && silent
            {
                row.terms_mut().reasons.push(Reason::Reopened(deemed));
            }
        }
    }

    /// Deems the event for every instance that passed in silence.
    fn deem_silence(
        &mut self,
        rule: RuleId,
        event: EventId,
        rows: &mut [Deadline],
        ends: &[(Option<End>, usize)],
    ) {
        for (row, (end, _)) in rows.iter_mut().zip(ends) {
            let Due::On(due) = row.due else { continue };
            let Some(day) = due.add_days(1) else { continue };
            let ended = end.as_ref().is_some_and(|end| end.last < day);
            let spoken = row.done_on.is_some_and(|done| done <= due);
            if row.status == Status::Undetermined || ended || spoken || day > self.as_of {
                continue;
            }
            let reference = row.reference.and_then(|fact| self.reference(fact)).map(str::to_owned);
            let lapse = Fact { reference, ..Fact::bare(self.policy, event, day) };
            let fact = self.deem(lapse, rule);
            if row.done_on.is_none() {
                let terms = row.terms_mut();
                terms.status = Status::Lapsed;
                terms.days = 0;
                terms.working_days = None;
                terms.reasons.push(Reason::Replaced(day, fact));
            }
        }
    }
}

/// The acts given to an instance.
fn given_to<'g, 'd>(
    given: &'g [(&'d Done, Taken)],
    instance: usize,
) -> impl Iterator<Item = &'g (&'d Done, Taken)> {
    given.iter().filter(move |(_, taken)| taken.instance == instance)
}

/// Which acts count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Certainty {
    /// Those that certainly are acts of the duty.
    Certain,
    /// Those that may be, too.
    Perhaps,
}

/// The acts that complete a duty: the first, or the first of each kind where all are needed; none
/// where it is not complete. Acts before the window opens do not count.
pub(super) fn completed<'a>(
    duty: &Duty,
    acts: &[&'a Done],
    opens: Option<Date>,
    certainty: Certainty,
) -> Usable<'a> {
    let counts = |done: &&&Done| {
        (certainty == Certainty::Perhaps || done.truth == Truth::Yes)
            && opens.is_none_or(|opens| opens <= done.date)
    };
    if !duty.all {
        return acts.iter().filter(counts).take(1).copied().collect();
    }
    let mut found = Usable::new();
    for kind in 0..duty.acts.len() as u16 {
        match acts.iter().filter(counts).find(|done| done.kind == kind) {
            Some(done) => found.push(*done),
            None => return Usable::new(),
        }
    }
    found.sort_by_key(|done| (done.date, done.fact));
    found
}

/// Records what did it.
pub(super) fn take(row: &mut Terms, done: &[&Done]) {
    row.done_on = done.iter().map(|done| done.date).max();
    row.done_by = done.iter().map(|done| done.fact).collect();
}

/// A date that the anchor should carry and does not.
fn ask_for_date(row: &mut Terms, duty: &Duty, clocked: &Clocked) {
    let window = row
        .limit
        .and_then(|limit| duty.limits.get(usize::from(limit)))
        .and_then(|limit| limit.window.as_ref());
    if let (Some(Shape::ByDateOf(attribute)), Some(subject)) =
        (window.map(|window| &window.shape), clocked.subject)
    {
        let question = super::outcome::Question::Attribute(subject.fact, *attribute);
        row.reasons.push(Reason::NotRecorded(question));
    }
}

/// Says which acts were taken for the latest instance while an older one was open (M14).
fn mark_taken(
    rows: &mut [Deadline],
    ends: &[(Option<End>, usize)],
    given: &[(&Done, Taken)],
    matching: Matching,
) {
    for place in 1..rows.len() {
        let (Some(row), Some((_, index))) = (rows.get(place), ends.get(place)) else {
            continue;
        };
        let unnamed: SmallVec<[(FactId, Date); 2]> = given_to(given, *index)
            .filter(|(done, taken)| !taken.named && row.done_by.contains(&done.fact))
            .map(|(done, _)| (done.fact, done.date))
            .collect();
        for (fact, day) in unnamed {
            let mut older = false;
            for other in 0..place {
                let ended = ends
                    .get(other)
                    .and_then(|(end, _)| end.as_ref())
                    .is_some_and(|end| end.last < day);
                if let Some(open) = rows.get_mut(other)
                    && !ended
                    && open.done_on.is_none_or(|done| done > day)
                    && open.due != Due::Unknown
                {
                    older = true;
                    mark(open.terms_mut(), Reason::MayBelongHere(fact), matching);
                }
            }
            if older && let Some(row) = rows.get_mut(place) {
                mark(row.terms_mut(), Reason::TakenForLatest(fact), matching);
            }
        }
    }
}

/// Says which of several needed acts are still to come, once the first was done.
fn still_needed(row: &mut Terms, duty: &Duty, acts: &[&Done]) {
    if !duty.all || row.done_on.is_some() || acts.is_empty() {
        return;
    }
    let missing: Vec<u16> = (0..duty.acts.len() as u16)
        .filter(|kind| !acts.iter().any(|done| done.kind == *kind))
        .collect();
    row.reasons.push(Reason::StillNeeded(missing));
}

/// Records that an act was taken for one instance while another was open; strictly, neither is
/// then known.
pub(super) fn mark(row: &mut Terms, reason: Reason, matching: Matching) {
    match matching {
        Matching::Lenient => row.reasons.push(reason),
        Matching::Strict => row.undetermined([reason]),
    }
}
