//! Duties before a review, or midway to the next one (S11), and duties before an event.

use duly::eval::{BasisKind, Part, Status};
use duly::policy::{Anchor, Duty, Moved, Point, RuleId};

use super::basis::Basis;
use super::case::{At, Case, Mode, NO, Truth, UNKNOWN, YES, and};
use super::days::{self, Day};
use super::duties::{Instance, midway};
use super::limits::{Clock, Counted, End, From, Ruling, undetermined, with_basis};
use super::series::Slot;
use super::verdict::{Last, Row};

/// Something that is to be prepared for.
struct Occasion<'s> {
    of: Of<'s>,
    number: u16,
    /// The ordinal that limits are chosen by.
    ordinal: u16,
    /// The day on which the review's own clock started.
    started: Day,
    /// The day from which half the way is counted.
    from: Day,
    subject: Option<usize>,
    truth: Truth,
    /// The days on which an act belongs to it.
    first: Day,
    last: Option<Day>,
    /// The `ref`s that name it.
    refs: Vec<String>,
    reference: Option<String>,
    /// Whether it has begun.
    held: bool,
    end: Option<End>,
    uncertain: bool,
}

#[derive(Clone, Copy)]
enum Of<'s> {
    Review(RuleId, &'s Slot),
    Event(Day),
}

/// An act that was done in time or late, by the window known on its day.
#[derive(Clone, Copy)]
struct Deed {
    day: Day,
    window: Counted,
    late: bool,
}

impl Case<'_> {
    pub(super) fn before_rows(&self, id: RuleId, duty: &Duty, midway: bool) -> Vec<Row> {
        let Anchor::Review { series, .. } = &duty.anchor else {
            return self.occasions_rows(id, duty, &self.event_occasions(duty));
        };
        let slots = self.slots(*series);
        let occasions: Vec<Occasion<'_>> = slots
            .iter()
            .filter_map(|slot| self.review_occasion(duty, slot, midway))
            .filter(|occasion| self.policy.rule(id).in_force.contains(days::date(occasion.started)))
            .collect();
        self.occasions_rows(id, duty, &occasions)
    }

    fn review_occasion<'s>(
        &self,
        duty: &Duty,
        slot: &'s Slot,
        midway: bool,
    ) -> Option<Occasion<'s>> {
        let Anchor::Review { series, ordinals, point, test } = &duty.anchor else {
            return None;
        };
        let started = slot.start?;
        let previous = slot.previous.as_ref();
        let review = slot.review.as_ref();
        let (ordinal, number, own) = if midway {
            (slot.ordinal - 1, previous?.number, previous)
        } else {
            (slot.ordinal, slot.number, review)
        };
        if !ordinals.contains(ordinal) {
            return None;
        }
        let subject = own.and_then(|own| own.closed_by);
        let test_day = subject.map_or(started, |fact| self.facts[fact].day);
        let truth = match (test, subject) {
            (None, _) => YES,
            (Some(_), None) => UNKNOWN,
            (Some(test), Some(_)) => self.truth(test, At::acts(test_day, subject)),
        };
        let from = previous.filter(|_| midway).map_or(started, |previous| match point {
            Point::FirstMeeting => previous.begin,
            Point::Completion => previous.completion.unwrap_or(started),
            Point::Date => started,
        });
        let until = review.map(|r| r.completion.unwrap_or(r.begin));
        let mut facts = self.plans(*series, slot, until.unwrap_or(self.as_of), until);
        facts.extend(review.map(|review| review.begun_by));
        facts.extend(review.and_then(|review| review.closed_by));
        Some(Occasion {
            of: Of::Review(*series, slot),
            number,
            ordinal,
            started,
            from,
            subject,
            truth,
            first: previous.map_or(started, |previous| previous.begin + 1),
            last: review
                .map(|review| review.begin)
                .or(slot.restarted.map(|day| day - 1))
                .or(slot.period.until),
            refs: self.refs(&facts),
            reference: None,
            held: review.is_some(),
            end: self.slot_end(slot),
            uncertain: slot.uncertain || slot.perhaps_restarted,
        })
    }

    fn event_occasions(&self, duty: &Duty) -> Vec<Occasion<'static>> {
        let instances: Vec<Instance> = self.instances(&duty.anchor);
        let mut previous = Day::MIN;
        let mut occasions = Vec::new();
        for (place, instance) in instances.iter().enumerate() {
            let day = instance.anchor.day;
            occasions.push(Occasion {
                of: Of::Event(day),
                number: place as u16 + 1,
                ordinal: place as u16 + 1,
                started: day,
                from: day,
                subject: instance.subject,
                truth: instance.truth,
                first: previous.saturating_add(1),
                last: Some(day),
                refs: self.refs(&instance.anchor.facts),
                reference: instance.reference.clone(),
                held: true,
                end: None,
                uncertain: false,
            });
            previous = day;
        }
        occasions
    }

    fn basis_of(&self, occasion: &Occasion<'_>, day: Day) -> Basis {
        match occasion.of {
            Of::Review(series, slot) => self.basis(series, slot, day),
            Of::Event(day) => Basis::On { kind: BasisKind::Actual, day, known: day },
        }
    }

    fn occasions_rows(&self, id: RuleId, duty: &Duty, occasions: &[Occasion<'_>]) -> Vec<Row> {
        let mut rows = Vec::new();
        for occasion in occasions {
            let mut row = self.row(id, Part::Whole, occasion.number);
            row.reference.clone_from(&occasion.reference);
            if !self.policy.rule(id).in_force.contains(days::date(occasion.started)) {
                continue;
            }
            if let Some(row) = self.outside_the_policy(&row, occasion.started) {
                rows.push(row);
                continue;
            }
            let today = match occasion.end {
                Some(end) if !occasion.held => end.day.min(self.as_of),
                _ => self.as_of,
            };
            let basis = self.basis_of(occasion, today);
            let day = match basis {
                Basis::On { day, .. } => day,
                _ => today,
            };
            let at = At::acts(day, occasion.subject);
            let holds = self.holds(self.policy.rule(id).while_.as_ref(), at);
            let truth = and(occasion.truth, holds);
            if truth == NO {
                continue;
            }
            let acts: Vec<(usize, usize, Truth)> = self
                .acts(&duty.acts)
                .into_iter()
                .filter(|(act, ..)| self.belongs(occasions, occasion, *act))
                .collect();
            let judged = |unknown: bool| {
                let acts: Vec<(usize, usize)> = acts
                    .iter()
                    .filter(|(_, _, truth)| *truth == YES || (unknown && *truth == UNKNOWN))
                    .map(|(act, item, _)| (*act, *item))
                    .collect();
                self.prepared(duty, occasion, basis, today, &acts, &row)
            };
            let Some(mut row) = judged(false) else {
                continue;
            };
            let other = judged(true);
            let same = other.is_some_and(|o| (o.status, o.days) == (row.status, row.days));
            if !same || truth == UNKNOWN || (occasion.uncertain && row.done_on.is_none()) {
                undetermined(&mut row);
            }
            rows.push(row);
        }
        rows
    }

    /// Whether an act belongs to an occasion: by its `ref`, else by its day.
    fn belongs(&self, all: &[Occasion<'_>], own: &Occasion<'_>, act: usize) -> bool {
        let day = self.facts[act].day;
        let spans = |o: &Occasion<'_>| o.first <= day && o.last.is_none_or(|last| day <= last);
        let named = all.iter().any(|occasion| !occasion.refs.is_empty());
        let chosen = match self.reference(act) {
            Some(reference) if named => all.iter().position(|occasion| {
                occasion.refs.contains(reference) && occasion.last.is_none_or(|last| day <= last)
            }),
            _ => all.iter().rposition(spans),
        };
        chosen.is_some_and(|place| std::ptr::eq(&raw const all[place], own))
    }

    /// The limits that are not known on a basis date.
    fn open_limits(&self, duty: &Duty, occasion: &Occasion<'_>, day: Day) -> Vec<usize> {
        let clock = clock(duty, occasion, day);
        self.fitting(&clock)
            .into_iter()
            .filter(|i| self.applies(&duty.limits[*i], &clock, day, Mode::Acts) == UNKNOWN)
            .collect()
    }

    /// The row under each answer to what is not known, put together.
    fn prepared(
        &self,
        duty: &Duty,
        occasion: &Occasion<'_>,
        basis: Basis,
        today: Day,
        acts: &[(usize, usize)],
        empty: &Row,
    ) -> Option<Row> {
        let mut open: Vec<usize> = Vec::new();
        let on_days = acts.iter().map(|(act, _)| self.facts[*act].day);
        for day in on_days.chain([today]) {
            if let Basis::On { day, .. } = self.basis_of(occasion, day) {
                open.extend(self.open_limits(duty, occasion, day));
            }
        }
        open.sort_unstable();
        open.dedup();
        let rows: Vec<Option<Row>> = (0..1_u32 << open.len())
            .map(|answers| {
                let assumed = |limit: usize| {
                    let place = open.iter().position(|o| *o == limit);
                    place.is_some_and(|place| answers >> place & 1 == 1)
                };
                let window = |basis: Day| {
                    let clock = clock(duty, occasion, basis);
                    let chosen: Vec<usize> = self
                        .fitting(&clock)
                        .into_iter()
                        .filter(|i| {
                            self.applies(&duty.limits[*i], &clock, basis, Mode::Acts)
                                .unwrap_or_else(|| assumed(*i))
                        })
                        .collect();
                    self.ruling_of(&clock, &chosen)
                };
                self.prepare(duty, occasion, (basis, today), &window, acts, empty)
            })
            .collect();
        self.merge(&rows)
    }

    fn prepare(
        &self,
        duty: &Duty,
        occasion: &Occasion<'_>,
        (basis, today): (Basis, Day),
        window: &dyn Fn(Day) -> Ruling,
        acts: &[(usize, usize)],
        empty: &Row,
    ) -> Option<Row> {
        let mut row = empty.clone();
        let mut last = None;
        let mut working = false;
        let mut known = Day::MIN;
        match basis {
            Basis::On { kind, day, known: since } => {
                known = since;
                with_basis(&mut row, kind, day);
                match window(day) {
                    Ruling::Window(counted) => {
                        last = Some((day, counted));
                        working = counted.working;
                        row.opens = counted.opens.map(days::date);
                        row.due = counted.due;
                    }
                    Ruling::DoesNotApply(_) => return None,
                    Ruling::Disagree => {
                        row.due = Last::Unknown;
                        undetermined(&mut row);
                        return Some(row);
                    }
                }
            }
            Basis::None => {}
            Basis::Unknown => row.due = Last::Unknown,
            Basis::Beyond => row.due = Last::Beyond,
        }
        if last.is_none() && matches!(window(today), Ruling::DoesNotApply(_)) {
            return None;
        }
        if matches!(row.due, Last::Unknown | Last::Beyond) {
            undetermined(&mut row);
            return Some(row);
        }
        if let Some(deed) = self.deed(duty, occasion, last, window, acts) {
            row.done_on = Some(days::date(deed.day));
            row.status = if deed.late { Status::Late } else { Status::Met };
            if let (true, Some(due)) = (deed.late, deed.window.due.day()) {
                self.set_days(&mut row, due, deed.day, deed.window.working);
            }
            if matches!(deed.window.due, Last::Beyond | Last::Unknown) {
                undetermined(&mut row);
            }
            return Some(row);
        }
        let due = row.due.day();
        let passed_when_known = due.is_some_and(|due| due < known);
        let over = due.is_none_or(|due| self.as_of > due);
        let status = if last.is_none() {
            if occasion.end.is_some() { Status::Lapsed } else { Status::Waiting }
        } else if occasion.held && over {
            if passed_when_known { Status::CannotBeMet } else { Status::Missed }
        } else if let Some(end) = occasion.end.filter(|_| !occasion.held) {
            let overdue = due.is_some_and(|due| due < end.day) && !passed_when_known;
            if overdue { Status::Missed } else { Status::Lapsed }
        } else if passed_when_known {
            Status::CannotBeMet
        } else {
            let (_, counted) = last?;
            self.judge(&mut row, counted, None, None);
            row.status
        };
        self.set_status(&mut row, status, working);
        Some(row)
    }

    /// What was done: each act by the window known on its day, in time before late.
    fn deed(
        &self,
        duty: &Duty,
        occasion: &Occasion<'_>,
        last: Option<(Day, Counted)>,
        window: &dyn Fn(Day) -> Ruling,
        acts: &[(usize, usize)],
    ) -> Option<Deed> {
        let within = |counted: Counted, day: Day| {
            counted.opens.is_none_or(|opens| opens <= day)
                && counted.due.day().is_none_or(|due| day <= due)
        };
        let judge = |act: usize| {
            let day = self.facts[act].day;
            let then = match self.basis_of(occasion, day) {
                Basis::On { day: basis, .. } => match window(basis) {
                    Ruling::Window(counted) => Some((basis, counted)),
                    Ruling::DoesNotApply(_) | Ruling::Disagree => None,
                },
                Basis::None | Basis::Unknown | Basis::Beyond => None,
            };
            // With nothing to count from, only what has no time limit is done.
            let untimed = || match window(day) {
                Ruling::Window(counted) if counted.due == Last::Never => Some((day, counted)),
                _ => None,
            };
            let (basis, counted) = then.or(last).or_else(untimed)?;
            if counted.opens.is_some_and(|opens| day < opens) {
                return None;
            }
            let moved_later = last.filter(|(final_basis, _)| *final_basis > basis);
            if let (Moved::Again, Some((_, final_window))) = (duty.moved, moved_later)
                && !within(final_window, day)
            {
                return None;
            }
            Some(Deed { day, window: counted, late: !within(counted, day) })
        };
        let decide = |item: Option<usize>| {
            let deeds: Vec<Deed> = acts
                .iter()
                .filter(|(_, of)| item.is_none_or(|item| *of == item))
                .filter_map(|(act, _)| judge(*act))
                .collect();
            deeds.iter().find(|deed| !deed.late).or(deeds.first()).copied()
        };
        if !duty.all || duty.acts.is_empty() {
            return decide(None);
        }
        let each: Option<Vec<Deed>> = (0..duty.acts.len()).map(|i| decide(Some(i))).collect();
        let mut each = each?;
        each.sort_by_key(|deed| deed.day);
        let late = each.iter().any(|deed| deed.late);
        each.last().map(|deed| Deed { late, ..*deed })
    }
}

fn clock<'d>(duty: &'d Duty, occasion: &Occasion<'_>, basis: Day) -> Clock<'d> {
    let midway = midway(duty);
    Clock {
        limits: &duty.limits,
        mid_clock: duty.mid_clock,
        ordinal: occasion.ordinal,
        started: occasion.started,
        subject: occasion.subject,
        from: From {
            day: if midway { occasion.from } else { basis },
            fact: occasion.subject,
            next: Some(basis),
        },
    }
}
