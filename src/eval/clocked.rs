//! What starts the clocks of a duty that counts from something that has happened.

use smallvec::SmallVec;

use super::act::Instance;
use super::case::Case;
use super::outcome::{Deadline, Due, FactId, Facts, Part, Reason, Status};
use super::rows::Rows;
use super::truth::{Mode, Sink, Subject, Truth};
use crate::calendar::Date;
use crate::policy::{Anchor, Duty, EventMatch, Ordinals, Point, RuleId, Series, StateId};

/// The instances of a duty.
pub(super) type Clocks = SmallVec<[Clocked; 2]>;

/// An instance of a duty, with the clock it starts.
#[derive(Debug, Clone, Default)]
pub(super) struct Clocked {
    pub(super) instance: Instance,
    pub(super) subject: Option<Subject>,
    /// The running number, where the anchor gives one of its own.
    pub(super) number: Option<u16>,
    /// The ordinal of the review in its cycle.
    pub(super) ordinal: Option<u16>,
    /// The fact that gave its day, where it is not one to which acts could refer.
    pub(super) shown: Option<FactId>,
    /// The fact whose `ref` names what was overdue.
    pub(super) named: Option<FactId>,
    /// The fact of a later choice that it took the place of.
    pub(super) instead_of: Option<FactId>,
    pub(super) doubt: Vec<Reason>,
}

impl Case<'_> {
    /// The instances of a duty, in order of their start.
    pub(super) fn clocked(&self, rule: RuleId, duty: &Duty, rows: &Rows) -> Clocks {
        let mut found = match &duty.anchor {
            Anchor::Events(choices) => self.after_events(choices),
            Anchor::Review { series, ordinals, point, test } => {
                let matched = test.as_ref();
                self.policy.series(*series).map_or_else(Clocks::new, |body| {
                    self.after_reviews(*series, body, *ordinals, *point, matched)
                })
            }
            Anchor::Birthday(years) => self.at_birthday(*years),
            Anchor::StateStart(state) => self.at_state_starts(*state),
            Anchor::Overdue(other) => when_overdue(rows.of(*other)),
        };
        found.sort_by_key(|clocked| {
            (clocked.instance.from, clocked.instance.facts.first().copied())
        });
        let body = self.policy.rule(rule);
        found.retain_mut(|clocked| {
            let Some(from) = clocked.instance.from else {
                return false;
            };
            let mut sink = Sink::new();
            let alive = self.can_start(body, from, clocked.subject, &mut sink);
            clocked.doubt.extend(sink.into_iter().map(Reason::NotRecorded));
            alive != Truth::No
        });
        found
    }

    /// Each occurrence of the first choice, and of a later one to which none of an earlier belongs.
    fn after_events(&self, choices: &[EventMatch]) -> Clocks {
        let mut found = Clocks::new();
        for wanted in choices {
            let of_earlier = found.len();
            if of_earlier > 0 && !self.of(wanted.event).is_empty() {
                self.beside_earlier(choices, wanted, &mut found);
                continue;
            }
            for &id in self.of(wanted.event) {
                let mut questions = Sink::new();
                if !self.over_cap.contains(&id)
                    && self.matches(wanted, id, &mut questions) != Truth::No
                {
                    found.push(self.started_by(wanted, id, questions));
                }
            }
        }
        found
    }

    /// An instance that an event starts, perhaps.
    fn started_by(&self, wanted: &EventMatch, id: FactId, questions: Sink) -> Clocked {
        let instance = Instance { from: Some(self.date(id)), facts: Facts::One(id) };
        let subject = Some(Subject::of(id, wanted.event));
        let doubt = questions.into_iter().map(Reason::NotRecorded).collect();
        Clocked { instance, subject, doubt, ..Clocked::default() }
    }

    /// The occurrences of a later choice, beside those found of earlier ones.
    fn beside_earlier(&self, choices: &[EventMatch], wanted: &EventMatch, found: &mut Clocks) {
        let mut facts = self.matching(wanted);
        facts.retain(|(id, ..)| !self.over_cap.contains(id));
        let of_earlier = found.len();
        let days: Vec<Date> = facts.iter().map(|(id, ..)| self.date(*id)).collect();
        let unnamed = self.unnamed(choices);
        for (place, (id, _, questions)) in facts.into_iter().enumerate() {
            let next = days.get(place + 1).copied();
            let mut earlier = found.iter_mut().take(of_earlier);
            let earlier = earlier.find(|clocked| {
                let first = clocked.instance.facts.first();
                first.is_some_and(|&first| self.belongs(first, id, next, &unnamed))
            });
            if let Some(clocked) = earlier {
                clocked.instead_of.get_or_insert(id);
                clocked.instance.facts.push(id);
            } else {
                found.push(self.started_by(wanted, id, questions));
            }
        }
    }

    /// The occurrences of any choice that have no `ref`, choice by choice.
    fn unnamed(&self, choices: &[EventMatch]) -> Vec<FactId> {
        let all = choices.iter().flat_map(|wanted| self.matching(wanted));
        all.map(|(id, ..)| id).filter(|&id| self.reference(id).is_none()).collect()
    }

    /// Whether an occurrence of an earlier choice belongs to one of a later choice: by their
    /// `ref`s, or as the first of its event on or after it and before the next of that later choice.
    fn belongs(
        &self,
        earlier: FactId,
        later: FactId,
        next: Option<Date>,
        unnamed: &[FactId],
    ) -> bool {
        match (self.reference(earlier), self.reference(later)) {
            (Some(one), Some(other)) => one == other,
            (None, None) => {
                let (date, from) = (self.date(earlier), self.date(later));
                let event = self.fact(earlier).event;
                let mut from_then_on = unnamed
                    .iter()
                    .filter(|&&id| self.fact(id).event == event && self.date(id) >= from);
                date >= from
                    && next.is_none_or(|next| date < next)
                    && from_then_on.next() == Some(&earlier)
            }
            _ => false,
        }
    }

    /// Each completed review that the anchor names.
    fn after_reviews(
        &self,
        rule: RuleId,
        series: &Series,
        ordinals: Ordinals,
        point: Point,
        test: Option<&crate::policy::Condition>,
    ) -> Clocks {
        let Some(view) = self.view(rule) else {
            return Clocks::new();
        };
        let mut found = Clocks::new();
        for (index, review) in view.reviews.iter().enumerate() {
            let Some((completion, fact)) = review.completed else {
                continue;
            };
            let ordinal = view.slot_of(index).map(|slot| slot.ordinal);
            let named = ordinal.map_or(ordinals == Ordinals::EACH, |n| ordinals.contains(n));
            if !named {
                continue;
            }
            let subject = self.review_subject(series, fact);
            let mut sink = Sink::new();
            let passed = self.truth_if_any(test, completion, Mode::Acts, Some(subject), &mut sink);
            if passed == Truth::No {
                continue;
            }
            let from = match point {
                Point::Completion => Some(completion),
                Point::FirstMeeting => Some(review.begin),
                Point::Date => review.date(series.dated),
            };
            let mut facts = Facts::One(fact);
            if review.begun_by != fact {
                facts.push(review.begun_by);
            }
            let mut doubt = review.doubt.clone();
            doubt.extend(sink.into_iter().map(Reason::NotRecorded));
            found.push(Clocked {
                instance: Instance { from, facts },
                subject: Some(subject),
                number: Some(index as u16 + 1),
                ordinal,
                instead_of: None,
                shown: None,
                named: None,
                doubt,
            });
        }
        found
    }

    /// The event of a review, standing for the one whose attributes the policy names.
    pub(super) fn review_subject(&self, series: &Series, fact: FactId) -> Subject {
        let named = series.held_on.as_ref().or(series.completed_on.as_ref());
        let stands_for = named.map_or(self.fact(fact).event, |wanted| wanted.event);
        Subject { fact, stands_for }
    }

    fn at_birthday(&self, years: u16) -> Clocks {
        let birthday = self.born().and_then(|born| born.anniversary(i32::from(years)));
        let facts = self.policy.born.and_then(|born| self.of(born).last().copied());
        birthday
            .map(|day| Clocked {
                instance: Instance { from: Some(day), facts: facts.into_iter().collect() },
                ..Clocked::default()
            })
            .into_iter()
            .collect()
    }

    fn at_state_starts(&self, state: StateId) -> Clocks {
        let opened = |day: Date| {
            self.stretches(state)
                .iter()
                .find(|stretch| stretch.certain && stretch.from == day)
                .and_then(|stretch| stretch.opened)
        };
        self.starts_of(state)
            .into_iter()
            .filter(|&day| day > Date::MIN)
            .map(|day| {
                let instance = Instance { from: Some(day), facts: Facts::new() };
                Clocked { instance, shown: opened(day), ..Clocked::default() }
            })
            .collect()
    }
}

/// The days after the last days of a duty's deadlines that passed undone.
fn when_overdue(rows: &[Deadline]) -> Clocks {
    overdue_days(rows)
        .map(|(day, reference)| Clocked {
            instance: Instance { from: Some(day), facts: Facts::new() },
            named: reference,
            ..Clocked::default()
        })
        .collect()
}

/// Each day after the last day of one of a rule's deadlines that passed undone, with the fact whose `ref`
/// names it.
pub(super) fn overdue_days(rows: &[Deadline]) -> impl Iterator<Item = (Date, Option<FactId>)> + '_ {
    rows.iter()
        .filter(|row| {
            row.part == Part::Whole
                && matches!(row.status, Status::Overdue | Status::Late | Status::Missed)
        })
        .filter_map(|row| match row.due {
            Due::On(due) if row.done_on.is_none_or(|done| done > due) => {
                Some((due.add_days(1)?, row.reference))
            }
            _ => None,
        })
}
