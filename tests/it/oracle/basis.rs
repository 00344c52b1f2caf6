//! The review date that preparation counts from (S10), and the latest lawful date.

use duly::eval::BasisKind;
use duly::policy::{Body, RuleId};

use super::case::{Case, NO, Truth, UNKNOWN, YES};
use super::days::Day;
use super::limits::Ruling;
use super::series::Slot;
use super::verdict::Last;

/// The review date that preparation counts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Basis {
    On {
        kind: BasisKind,
        day: Day,
        known: Day,
    },
    /// It has passed, or there is none.
    None,
    Unknown,
    Beyond,
}

/// The latest lawful date as it is known on a day.
#[derive(Clone, Copy, Debug)]
struct Projected {
    basis: Basis,
    /// The latest of the dates that are possible.
    latest: Option<Day>,
}

impl Case<'_> {
    pub(super) fn basis(&self, rule: RuleId, slot: &Slot, day: Day) -> Basis {
        let begin = slot.review.as_ref().map(|review| review.begin).filter(|begin| *begin <= day);
        if let Some(begin) = begin {
            let known = match self.planned(rule, slot, begin, Some(begin)) {
                Some(Basis::On { day, known, .. }) if day == begin => known,
                // Held unplanned, no earlier than the latest date known the day before: nothing
                // new became known.
                _ => match self.projected(rule, slot, begin - 1).basis {
                    Basis::On { day, known, .. }
                        if day <= begin && slot.start.is_some_and(|start| start < begin) =>
                    {
                        known
                    }
                    _ => begin,
                },
            };
            return Basis::On { kind: BasisKind::Actual, day: begin, known };
        }
        if let Some(planned) = self.planned(rule, slot, day, None) {
            return planned;
        }
        match self.projected(rule, slot, day).basis {
            Basis::On { day: date, .. } if date < day => Basis::None,
            basis => basis,
        }
    }

    /// The facts that plan the slot's review, up to a day, where the review was held on another.
    pub(super) fn plans(
        &self,
        rule: RuleId,
        slot: &Slot,
        day: Day,
        held: Option<Day>,
    ) -> Vec<usize> {
        let Some((event, attribute)) = self.series(rule).planned_by else {
            return Vec::new();
        };
        let completion = slot.previous.as_ref().and_then(|previous| previous.completion);
        let Some(first) = completion.or(slot.start) else {
            return Vec::new();
        };
        let mut plans = Vec::new();
        for fact in self.of(event) {
            let recorded = self.facts[fact].day;
            let for_that_day = self.date_value(fact, attribute) == Some(recorded);
            // On the day of the review before, a plan for that day was that review's; on the day of
            // this one, a plan for any other day is the next review's.
            let of_the_last = completion == Some(recorded) && for_that_day;
            let of_the_next = held.is_some_and(|held| held <= recorded) && !for_that_day;
            if first <= recorded && recorded <= day && !of_the_last && !of_the_next {
                plans.push(fact);
            }
        }
        plans
    }

    fn planned(&self, rule: RuleId, slot: &Slot, day: Day, held: Option<Day>) -> Option<Basis> {
        let (_, attribute) = self.series(rule).planned_by?;
        let plans: Vec<(usize, Day)> = self
            .plans(rule, slot, day, held)
            .into_iter()
            .filter_map(|fact| Some((fact, self.date_value(fact, attribute)?)))
            .collect();
        let known = plans.iter().map(|(fact, _)| self.facts[*fact].day).max()?;
        let last: Vec<(usize, Day)> =
            plans.into_iter().filter(|(fact, _)| self.facts[*fact].day == known).collect();
        let date = if last.iter().all(|(fact, _)| self.seq(*fact).is_some()) {
            last.iter().max_by_key(|(fact, _)| self.seq(*fact))?.1
        } else if last.iter().all(|(_, date)| *date == last[0].1) {
            last[0].1
        } else {
            return Some(Basis::Unknown);
        };
        (day <= date).then_some(Basis::On { kind: BasisKind::Planned, day: date, known })
    }

    fn projected(&self, rule: RuleId, slot: &Slot, day: Day) -> Projected {
        let series = self.series(rule);
        let mut basis = Basis::None;
        let mut latest = None;
        for path in &slot.paths {
            let mut last = Last::Waiting;
            let mut known = day;
            for (since, ruling) in path.iter().filter(|(since, _)| *since <= day) {
                let mut since = since;
                let mut moved = false;
                let ended;
                let due = match ruling {
                    Ruling::Window(window) => {
                        let due = self.unsuspended(series, *window, day).due;
                        if let (Some(day), true) = (due.day(), due != window.due) {
                            // Moved by a suspension: known when that ended.
                            ended = (day - 1).max(*since);
                            since = &ended;
                            moved = true;
                        }
                        due
                    }
                    Ruling::DoesNotApply(_) => Last::Never,
                    Ruling::Disagree => Last::Unknown,
                };
                known = if due == last && !moved { known.min(*since) } else { *since };
                last = due;
            }
            latest = latest.max(last.day());
            basis = match (last, basis) {
                (Last::On(date), Basis::On { day: best, .. }) if best < date.number() => basis,
                (Last::On(date), Basis::On { kind, day, known: since }) if day == date.number() => {
                    Basis::On { kind, day, known: since.min(known) }
                }
                (Last::On(date), _) => {
                    Basis::On { kind: BasisKind::Projected, day: date.number(), known }
                }
                (_, Basis::On { .. }) => basis,
                (Last::Beyond, _) => Basis::Beyond,
                (Last::Unknown, _) => Basis::Unknown,
                _ => basis,
            };
        }
        let reviews = self.reviews(rule);
        for (known, date) in self.brought_forward(rule) {
            let met = reviews.iter().any(|review| known <= review.begin && review.begin <= day);
            // Where two periods hold that day, it was asked for in the later.
            let slots = self.slots(rule);
            let own = slots.iter().rev().find(|slot| slot.period.contains(known));
            let asked = own.is_some_and(|own| own.period.from == slot.period.from);
            let open = known <= day && asked && !met;
            let earlier = match basis {
                Basis::On { day: best, .. } => date < best,
                Basis::None => true,
                // A date that is not known may be earlier still.
                Basis::Unknown | Basis::Beyond => false,
            };
            if open && earlier {
                basis = Basis::On { kind: BasisKind::Projected, day: date, known };
                latest = Some(date);
            }
        }
        Projected { basis, latest }
    }

    /// Whether a date is by the latest lawful date, known on a day, of the next review.
    pub(super) fn by_latest_lawful(&self, rule: RuleId, day: Day, date: Day) -> Truth {
        let slots = self.slots(rule);
        let next = slots.iter().rev().find(|slot| {
            slot.start.is_some_and(|start| start <= day)
                && slot.period.contains(day)
                && slot.review.as_ref().is_none_or(|review| day <= review.begin)
        });
        let Some(slot) = next else { return UNKNOWN };
        let projected = self.projected(rule, slot, day);
        match projected.basis {
            Basis::On { day: earliest, .. } if date <= earliest => YES,
            Basis::On { .. } if projected.latest.is_some_and(|latest| date > latest) => NO,
            Basis::None => YES,
            _ => UNKNOWN,
        }
    }

    /// The dates to which triggers bring a series forward: since when, and to which day.
    fn brought_forward(&self, series: RuleId) -> Vec<(Day, Day)> {
        let mut dates = Vec::new();
        for (index, rule) in self.policy.rules.iter().enumerate() {
            let Body::Trigger(trigger) = &rule.body else {
                continue;
            };
            let brings = trigger.brings_forward.as_ref().is_some_and(|(to, ..)| *to == series);
            if brings {
                dates.extend(self.forwarded(RuleId(index as u16)));
            }
        }
        dates
    }
}
