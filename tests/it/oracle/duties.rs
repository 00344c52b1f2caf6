//! Duties after something, and the assignment of acts.

use duly::calendar::Date;
use duly::eval::{Part, Status};
use duly::policy::{Act, Anchor, Body, Duty, EventMatch, Ordinals, Point, RuleId, Shape};

use super::case::{At, Case, NO, Truth, UNKNOWN, YES, and};
use super::days::{self, Day};
use super::limits::{Clock, Counted, End, From, Path, Ruling, ruling, undetermined};
use super::series::Review;
use super::verdict::{Last, Row};

/// A day from which something counts, and the facts that gave it.
#[derive(Clone, Debug)]
pub(super) struct Anchored {
    pub(super) day: Day,
    pub(super) facts: Vec<usize>,
}

/// An occurrence of a duty.
pub(super) struct Instance {
    pub(super) anchor: Anchored,
    pub(super) subject: Option<usize>,
    /// Whether it is one: the event's own test, or that of its review.
    pub(super) truth: Truth,
    /// For a duty after a review: its ordinal in its period, and its number in the case.
    pub(super) ordinal: Option<u16>,
    pub(super) number: Option<u16>,
    pub(super) reference: Option<String>,
}

impl Case<'_> {
    pub(super) fn anchored(&self, fact: usize) -> Anchored {
        Anchored { day: self.facts[fact].day, facts: vec![fact] }
    }

    /// S8: the anchor to which an act belongs.
    pub(super) fn assign(&self, anchors: &[Anchored], act: usize) -> Option<usize> {
        let day = self.facts[act].day;
        let is_anchor = anchors.iter().any(|anchor| anchor.facts.contains(&act));
        let in_time = |anchor: &Anchored| {
            if is_anchor { anchor.day < day } else { anchor.day <= day }
        };
        let named = |anchor: &Anchored| {
            anchor.facts.iter().any(|fact| self.reference(*fact) == self.reference(act))
        };
        let refs_matter = anchors
            .iter()
            .any(|anchor| anchor.facts.iter().any(|fact| self.reference(*fact).is_some()));
        let by_ref = refs_matter && self.reference(act).is_some();
        anchors.iter().rposition(|anchor| in_time(anchor) && (!by_ref || named(anchor)))
    }

    pub(super) fn refs(&self, facts: &[usize]) -> Vec<String> {
        facts.iter().filter_map(|fact| self.reference(*fact).cloned()).collect()
    }

    pub(super) fn duty_rows(&mut self, id: RuleId) -> Vec<Row> {
        let rule = self.policy.rule(id);
        let Body::Duty(duty) = &rule.body else { unreachable!("the rule is a duty") };
        let mut rows = if before(duty) || midway(duty) {
            self.before_rows(id, duty, midway(duty))
        } else {
            let (rows, deemed) = self.after_rows(id, duty);
            if let Some(event) = duty.deemed {
                for (day, reference) in deemed {
                    self.deem(event, day, reference);
                    self.deemed.push((id, event, day));
                }
            }
            rows
        };
        if rows.is_empty() && rule.in_force.contains(days::date(self.as_of)) {
            rows.push(self.row(id, Part::Whole, 1));
        }
        rows
    }

    // Instances.

    pub(super) fn instances(&self, anchor: &Anchor) -> Vec<Instance> {
        let mut instances = match anchor {
            Anchor::Events(choices) => self.event_instances(choices),
            Anchor::Review { series, ordinals, point, test } => {
                let mut instances = Vec::new();
                for review in self.reviews(*series).iter() {
                    instances.extend(self.review_instance(*series, *ordinals, *point, review));
                }
                for instance in &mut instances {
                    let at = At::acts(instance.anchor.day, instance.subject);
                    instance.truth = and(instance.truth, self.holds(test.as_ref(), at));
                }
                instances
            }
            Anchor::Birthday(years) => self
                .born()
                .map(|born| days::birthday(born, i32::from(*years)))
                .filter(|day| *day <= self.as_of)
                .map(dated)
                .into_iter()
                .collect(),
            Anchor::StateStart(state) => self
                .stretches(*state)
                .into_iter()
                .filter(|stretch| stretch.certain)
                .filter_map(|stretch| stretch.from)
                .map(dated)
                .collect(),
            Anchor::Overdue(rule) => self
                .overdue(*rule)
                .into_iter()
                .map(|(day, reference)| Instance { reference, ..dated(day) })
                .collect(),
        };
        instances.retain(|instance| instance.truth != NO);
        instances.sort_by_key(|instance| (instance.anchor.day, instance.subject));
        instances
    }

    /// The day after the last day of each deadline of a rule that passed undone.
    pub(super) fn overdue(&self, rule: RuleId) -> Vec<(Day, Option<String>)> {
        let passed = |row: &&Row| {
            row.part == Part::Whole
                && matches!(row.status, Status::Overdue | Status::Late | Status::Missed)
        };
        let mut days: Vec<(Day, Option<String>)> = self.rows[rule.index()]
            .iter()
            .filter(passed)
            .filter_map(|row| Some((row.due.day()?, row.reference.clone())))
            .filter(|(due, _)| *due < self.as_of)
            .map(|(due, reference)| (due + 1, reference))
            .collect();
        days.sort_by_key(|(day, _)| *day);
        days
    }

    fn event_instances(&self, choices: &[EventMatch]) -> Vec<Instance> {
        let over = self.over_cap();
        let mut instances: Vec<Instance> = Vec::new();
        for (place, choice) in choices.iter().enumerate() {
            let own = self.matching(choice);
            for (fact, truth) in &own {
                let next = own.iter().map(|(f, _)| *f).find(|f| f > fact);
                let belongs = choices[..place].iter().any(|first| self.paired(first, *fact, next));
                let taken = instances.iter().any(|i| i.subject == Some(*fact));
                if over.contains(fact) || belongs || taken {
                    continue;
                }
                instances.push(Instance {
                    anchor: self.anchored(*fact),
                    subject: Some(*fact),
                    truth: *truth,
                    ordinal: None,
                    number: None,
                    reference: self.reference(*fact).cloned(),
                });
            }
        }
        instances
    }

    /// Whether an occurrence of an earlier choice belongs to this one of a later choice.
    fn paired(&self, first: &EventMatch, later: usize, next: Option<usize>) -> bool {
        let firsts: Vec<usize> =
            self.matching(first).into_iter().filter(|(_, t)| *t == YES).map(|(f, _)| f).collect();
        if let Some(reference) = self.reference(later) {
            return firsts.iter().any(|f| self.reference(*f) == Some(reference));
        }
        let day = self.facts[later].day;
        firsts.iter().any(|f| {
            let earlier_than_next = next.is_none_or(|n| self.facts[*f].day < self.facts[n].day);
            self.reference(*f).is_none() && self.facts[*f].day >= day && earlier_than_next
        })
    }

    fn review_instance(
        &self,
        series: RuleId,
        ordinals: Ordinals,
        point: Point,
        review: &Review,
    ) -> Option<Instance> {
        let slots = self.slots(series);
        let slot = slots
            .iter()
            .find(|slot| slot.review.as_ref().is_some_and(|own| own.number == review.number));
        let ordinal = slot.map(|slot| slot.ordinal);
        let each = ordinals == Ordinals::EACH;
        if !ordinal.map_or(each, |ordinal| ordinals.contains(ordinal)) {
            return None;
        }
        let completion = review.completion?;
        let mut facts = vec![review.begun_by];
        facts.extend(review.closed_by);
        Some(Instance {
            anchor: Anchored {
                day: match point {
                    Point::FirstMeeting => review.begin,
                    Point::Completion => completion,
                    Point::Date => review.date?,
                },
                facts,
            },
            subject: review.closed_by,
            truth: if review.doubtful { UNKNOWN } else { YES },
            ordinal,
            number: Some(review.number),
            reference: None,
        })
    }

    // Rows.

    /// The rows of a duty after something, and the events deemed because of it.
    fn after_rows(&self, id: RuleId, duty: &Duty) -> (Vec<Row>, Vec<(Day, Option<String>)>) {
        let rule = self.policy.rule(id);
        let mut instances = self.instances(&duty.anchor);
        for instance in &mut instances {
            let at = At::starts(instance.anchor.day, instance.subject);
            instance.truth = and(instance.truth, self.holds(rule.while_.as_ref(), at));
        }
        instances.retain(|instance| {
            instance.truth != NO && rule.in_force.contains(days::date(instance.anchor.day))
        });
        let anchors: Vec<Anchored> = instances.iter().map(|i| i.anchor.clone()).collect();
        let mut rows = Vec::new();
        let mut deemed = Vec::new();
        let mut running = 0;
        for (place, instance) in instances.iter().enumerate() {
            let mut row = self.row(id, Part::Whole, instance.number.unwrap_or(running + 1));
            row.reference.clone_from(&instance.reference);
            if let Some(row) = self.outside_the_policy(&row, instance.anchor.day) {
                running += 1;
                rows.push(row);
                continue;
            }
            let acts: Vec<(usize, usize, Truth)> = self
                .acts(&duty.acts)
                .into_iter()
                .filter(|(act, ..)| self.assign(&anchors, *act) == Some(place))
                .collect();
            let clock = Clock {
                limits: &duty.limits,
                mid_clock: duty.mid_clock,
                ordinal: instance.ordinal.or(instance.number).unwrap_or(running + 1),
                started: instance.anchor.day,
                subject: instance.subject,
                from: From { day: instance.anchor.day, fact: instance.subject, next: None },
            };
            let paths = self.paths(&clock, self.as_of);
            let judged = |unknown: bool| {
                let acts: Vec<(usize, usize)> = acts
                    .iter()
                    .filter(|(_, _, truth)| *truth == YES || (unknown && *truth == UNKNOWN))
                    .map(|(act, item, _)| (*act, *item))
                    .collect();
                let rows: Vec<Option<Row>> = paths
                    .iter()
                    .map(|path| self.after_row(id, duty, instance, path, &acts, &row))
                    .collect();
                self.merge(&rows)
            };
            let Some(mut row) = judged(false) else {
                continue;
            };
            let other = judged(true).expect("acts do not make a duty apply");
            running += 1;
            if (other.status, other.days) != (row.status, row.days) || instance.truth == UNKNOWN {
                undetermined(&mut row);
            }
            if let Some(day) = self.deemed_on(id, instance, &row) {
                deemed.push((
                    day,
                    instance
                        .reference
                        .clone()
                        .or_else(|| self.refs(&instance.anchor.facts).first().cloned()),
                ));
            }
            rows.push(row);
        }
        if duty.deemed.is_none() {
            deemed.clear();
        }
        (rows, deemed)
    }

    /// The facts that match an act on their day: the fact, which act, and how surely.
    pub(super) fn acts(&self, acts: &[Act]) -> Vec<(usize, usize, Truth)> {
        let mut found = Vec::new();
        for (fact, seen) in self.facts.iter().enumerate() {
            for (item, act) in acts.iter().enumerate() {
                let at = At::acts(seen.day, Some(fact));
                let truth =
                    and(self.matches(&act.event, fact), self.holds(act.condition.as_ref(), at));
                if truth != NO {
                    found.push((fact, item, truth));
                }
            }
        }
        found
    }

    fn after_row(
        &self,
        id: RuleId,
        duty: &Duty,
        instance: &Instance,
        path: &Path,
        acts: &[(usize, usize)],
        empty: &Row,
    ) -> Option<Row> {
        let mut row = empty.clone();
        let opened = |act: usize| {
            let day = self.facts[act].day;
            match ruling(path, day) {
                Ruling::Window(window) => window.opens.is_none_or(|opens| opens <= day),
                Ruling::DoesNotApply(_) | Ruling::Disagree => true,
            }
        };
        let first = |item: Option<usize>| {
            acts.iter()
                .filter(|(act, of)| item.is_none_or(|item| *of == item) && opened(*act))
                .map(|(act, _)| self.facts[*act].day)
                .min()
        };
        let done = if duty.all && !duty.acts.is_empty() {
            let each: Option<Vec<Day>> = (0..duty.acts.len()).map(|i| first(Some(i))).collect();
            each.and_then(|days| days.into_iter().max())
        } else {
            first(None)
        };
        // M16: throughout its clock, which ends with the state.
        let (end, sure) = self.run_end(id, instance.anchor.day);
        let clock_ended = end.as_ref().map_or(self.as_of, |end| end.day.min(self.as_of));
        let (window, replaced) = match ruling(path, done.unwrap_or(clock_ended)) {
            Ruling::Window(window) => (window, false),
            Ruling::DoesNotApply(window) => (window?, true),
            Ruling::Disagree => {
                row.due = Last::Unknown;
                undetermined(&mut row);
                return Some(row);
            }
        };
        // An opening that is the anchor's own day goes without saying.
        let opens = window.opens.filter(|opens| *opens != instance.anchor.day);
        let window = Counted { opens, ..window };
        self.judge(&mut row, window, done, end);
        if row.status == Status::Undetermined || done.is_some() {
            return Some(row);
        }
        if replaced {
            self.set_status(&mut row, Status::Lapsed, false);
        } else if !sure {
            undetermined(&mut row);
        } else if self.deemed_on(id, instance, &row).is_some() {
            self.set_status(&mut row, Status::Lapsed, false);
        }
        Some(row)
    }

    /// S8: the last day of the unbroken run of the rule's condition, and whether it is known.
    fn run_end(&self, id: RuleId, start: Day) -> (Option<End>, bool) {
        let Some(condition) = &self.policy.rule(id).while_ else {
            return (None, true);
        };
        // The clock started, so the start itself is no break.
        for day in start + 1..=self.as_of {
            match self.truth(condition, At::acts(day, None)) {
                Some(true) => {}
                Some(false) => return (Some(End { day: day - 1 }), true),
                None => return (None, false),
            }
        }
        (None, true)
    }

    /// S15: the day on which silence lets the deemed event happen.
    fn deemed_on(&self, id: RuleId, instance: &Instance, row: &Row) -> Option<Day> {
        let Body::Duty(Duty { deemed: Some(_), .. }) = &self.policy.rule(id).body else {
            return None;
        };
        let due = row.due.day().filter(|due| *due < self.as_of)?;
        let done = row.done_on.map(Date::number).is_some_and(|done| done <= due);
        let ended = self.run_end(id, instance.anchor.day).0.is_some_and(|end| end.day <= due);
        (row.status != Status::Undetermined && !done && !ended).then_some(due + 1)
    }
}

fn dated(day: Day) -> Instance {
    Instance {
        anchor: Anchored { day, facts: Vec::new() },
        subject: None,
        truth: YES,
        ordinal: None,
        number: None,
        reference: None,
    }
}

fn shapes(duty: &Duty) -> impl Iterator<Item = &Shape> {
    duty.limits.iter().filter_map(|limit| limit.window.as_ref()).map(|window| &window.shape)
}

/// Whether a duty lies before its anchor.
fn before(duty: &Duty) -> bool {
    shapes(duty).any(|shape| {
        matches!(
            shape,
            Shape::AtLeastBefore(_)
                | Shape::BetweenBefore { .. }
                | Shape::Before
                | Shape::At
                | Shape::NoTimeLimitBefore
        )
    })
}

/// Whether a duty lies between a review and the next.
pub(super) fn midway(duty: &Duty) -> bool {
    shapes(duty)
        .any(|shape| matches!(shape, Shape::OnMidway | Shape::ByMidway | Shape::AroundMidway(_)))
}
