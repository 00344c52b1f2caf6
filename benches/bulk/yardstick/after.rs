//! The duties that count from something that has happened, the triggers and the ladder.

use super::case::{Judgement, Kind as Event, List};
use super::days::Day;
use super::lines::{Kind, Middle, OUTSTANDING, Status, WAITING};
use super::reviews::Turn;
use super::rules::Run;
use super::table::Rule;

/// An occasion on which a trigger went off, and the judgement that was made of it.
pub(super) type Occasion = (Day, Option<Judgement>);

/// The first act from one day on and before another.
pub(super) fn first_act(acts: &[Day], from: Day, next: Option<Day>) -> Option<Day> {
    let first = acts.iter().copied().find(|&act| from <= act);
    first.filter(|&act| next.is_none_or(|next| act < next))
}

/// Each item with the one behind it.
pub(super) fn with_next<T: Copy>(items: &[T]) -> impl Iterator<Item = (T, Option<T>)> {
    items.iter().copied().zip(items.iter().skip(1).copied().map(Some).chain([None]))
}

impl Run<'_> {
    /// A status from the dates alone, where nothing was done and nothing ended.
    #[inline]
    pub(super) fn standing(&self, opens: Option<Day>, due: Option<Day>) -> (Status, i32) {
        let ahead = opens.is_some_and(|opens| self.as_of < opens);
        match due {
            Some(due) if due < self.as_of => (Status::Overdue, self.as_of - due),
            Some(due) => (if ahead { Status::NotOpen } else { Status::Due }, due - self.as_of),
            None => (if ahead { Status::NotOpen } else { Status::Outstanding }, 0),
        }
    }

    /// The working days that an open deadline is overdue by, or that remain.
    #[inline]
    pub(super) fn working_days(&self, status: Status, due: Option<Day>) -> Option<i32> {
        match (status, due) {
            (Status::Overdue, Some(due)) => Some(self.days.between(due, self.as_of)),
            (Status::Due | Status::NotOpen, Some(due)) => Some(self.days.between(self.as_of, due)),
            _ => None,
        }
    }

    /// A deadline with a last day.
    pub(super) fn dated(&self, due: Day, done: Option<Day>, ended: Option<Day>) -> Middle {
        let (status, days) = match (done, ended) {
            (Some(done), _) if due < done => (Status::Late, done - due),
            (Some(_), _) => (Status::Met, 0),
            (None, Some(ended)) if due < ended => (Status::Missed, 0),
            (None, Some(_)) => (Status::Lapsed, 0),
            (None, None) => self.standing(None, Some(due)),
        };
        Middle { due: Some(due), days, done, ..Middle::bare(status) }
    }

    /// The same, counted in working days too.
    pub(super) fn dated_in_working_days(
        &self,
        due: Day,
        done: Option<Day>,
        ended: Option<Day>,
    ) -> Middle {
        let middle = self.dated(due, done, ended);
        let working = match (middle.status, done) {
            (Status::Late, Some(done)) => Some(self.days.between(due, done)),
            (status, _) => self.working_days(status, Some(due)),
        };
        Middle { working, ..middle }
    }

    /// Where a rule has no line it waits.
    #[inline]
    pub(super) fn waiting_if_none(&mut self, rule: Rule, lines: usize) {
        if self.sheet.lines.len() == lines {
            self.sheet.line(rule, 1, WAITING);
        }
    }

    /// What is owed with no time limit after something, by when it was done.
    fn owed(&mut self, done: Option<Day>, ended: Option<Day>) -> u16 {
        match (done, ended) {
            (Some(_), _) => self.sheet.middle(Middle { done, ..Middle::bare(Status::Met) }),
            (None, Some(_)) => self.sheet.middle(Middle::bare(Status::Lapsed)),
            (None, None) => OUTSTANDING,
        }
    }

    /// A duty with no time limit after each of some days.
    pub(super) fn owed_after(
        &mut self,
        rule: Rule,
        starts: &[Day],
        acts: &[Day],
        ended: Option<Day>,
    ) {
        for (ordinal, (start, next)) in (1..).zip(with_next(starts)) {
            let middle = self.owed(first_act(acts, start, next), ended);
            self.sheet.line(rule, ordinal, middle);
        }
        if starts.is_empty() {
            self.sheet.line(rule, 1, WAITING);
        }
    }

    /// A duty so many working days after each review, however late in the case.
    pub(super) fn after_reviews(&mut self, rule: Rule, event: Event, working_days: i32) {
        let case = self.case;
        for (ordinal, ((held, _), next)) in (1..).zip(with_next(&case.reviews)) {
            let done = first_act(case.of(event), held, next.map(|(held, _)| held));
            let due = self.days.after(held, working_days);
            let middle = self.dated_in_working_days(due, done, None);
            let middle = self.sheet.middle(middle);
            self.sheet.line(rule, ordinal, middle);
        }
        if case.reviews.is_empty() {
            self.sheet.line(rule, 1, WAITING);
        }
    }

    /// A duty before each of some events that nothing meets.
    pub(super) fn before_each(&mut self, rule: Rule, days: impl Iterator<Item = Day>) {
        let lines = self.sheet.lines.len();
        for (ordinal, day) in (1..).zip(days) {
            let middle = self.before_event(day, None, None);
            self.sheet.line(rule, ordinal, middle);
        }
        self.waiting_if_none(rule, lines);
    }

    /// A duty before, or at, an event: by the day of the event itself.
    pub(super) fn before_event(&mut self, day: Day, opens: Option<Day>, done: Option<Day>) -> u16 {
        let status = match done {
            Some(_) => Status::Met,
            None if day < self.as_of => Status::Missed,
            None => Status::Due,
        };
        let basis = Some((Kind::Actual, day));
        let bare = Middle::bare(status);
        self.sheet.middle(Middle { opens, due: Some(day), basis, done, ..bare })
    }

    /// The judgements that a trigger asks for, and the reviews that they bring forward.
    pub(super) fn trigger(&mut self, judgement: Rule, review: Rule, occasions: &[Occasion]) {
        for (ordinal, (_, judged)) in (1..).zip(occasions) {
            let middle = self.owed(judged.map(|judged| judged.day), None);
            self.sheet.line(judgement, ordinal, middle);
        }
        for (ordinal, (_, judged)) in (1..).zip(occasions) {
            let Some(judged) = judged.filter(|judged| judged.significant) else { continue };
            let ceased = self.case.ceased().filter(|&ceased| judged.day <= ceased);
            let held = self.case.reviews.iter().map(|(held, _)| *held);
            let done = held
                .filter(|&held| ceased.is_none_or(|ceased| held <= ceased))
                .find(|&held| judged.day <= held);
            let ended = ceased.filter(|&ceased| ceased < self.as_of);
            let middle = self.dated(judged.review_by.max(judged.day), done, ended);
            let middle = self.sheet.middle(middle);
            self.sheet.line(review, ordinal, middle);
        }
    }

    /// The challenge: the answer at each stage, and the cap on the formal stages.
    pub(super) fn ladder(&mut self) {
        const ANSWERS: [Rule; 4] = [
            Rule::ChallengeAnswer1,
            Rule::ChallengeAnswer2,
            Rule::ChallengeAnswer3,
            Rule::ChallengeAnswer4,
        ];
        let challenge = &self.case.challenge;
        if challenge.raised.is_empty() {
            return;
        }
        let stages = ANSWERS.into_iter().zip(challenge.answered).zip(with_next(&challenge.raised));
        for ((rule, answered), (raised, next)) in stages {
            let due = self.days.after(raised, 5);
            let middle = self.dated_in_working_days(due, answered, next.or(challenge.resolved));
            let middle = self.sheet.middle(middle);
            self.sheet.named(rule, 1, middle);
        }
        let cap = match challenge.raised.get(1) {
            None => WAITING,
            Some(&formal) => {
                let due = self.days.after(formal, 20);
                let middle = self.dated_in_working_days(due, challenge.resolved, None);
                self.sheet.middle(middle)
            }
        };
        self.sheet.named(Rule::ChallengeCap, 1, cap);
    }
}

/// Ties judgements to the occasions of a trigger: each is of the latest occasion by then, and the first
/// of an occasion counts.
pub(super) fn judged(occasions: &mut List<Occasion>, judgements: &[Judgement]) {
    occasions.sort_unstable_by_key(|(day, _)| *day);
    for judgement in judgements {
        if let Some((_, own)) = occasions.iter_mut().rfind(|(day, _)| *day <= judgement.day) {
            own.get_or_insert(*judgement);
        }
    }
}

/// Lets the turns know to which days they were brought forward: the first that was running when it was
/// said and not yet over.
pub(super) fn bring_forward(turns: &mut [Turn], occasions: &[Occasion], ceased: Option<Day>) {
    let significant = occasions.iter().filter_map(|(_, judged)| *judged);
    for judged in significant.filter(|judged| judged.significant) {
        let day = judged.day;
        if ceased.is_some_and(|ceased| ceased < day) {
            continue;
        }
        let running =
            |turn: &&mut Turn| turn.anchor <= day && turn.held.is_none_or(|held| day <= held);
        if let Some(turn) = turns.iter_mut().find(running) {
            // There are no more judgements than there is room for.
            turn.forward.push((day, judged.review_by.max(day)));
        }
    }
}
