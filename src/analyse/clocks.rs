//! What moves a clock's end although its limit is clear: the middle between two reviews, a change of
//! limit while the clock runs, and a date that somebody has to record.
//!
//! A day midway counts from the next review, which is planned, or else its latest lawful date; where the
//! days between are odd in number there are two middles, and the language takes the earlier. A limit that
//! changes on the way can count from the clock's start, from the change, or only from the next clock. Both
//! are looked at for every start day, and shown on a case that is replayed: once with each plan, once
//! with each way of changing. A date that an event carries gives no last day until it is recorded.
//!
//! Example: in Walsall a review on Friday 2 January 2026 is followed by one until 2 July, and the midway
//! check is on 2 April; if the next review is planned for 4 June, it is on 19 March.

use super::alternatives::switched_off;
use super::baseline::limits_of;
use super::days::{Days, by_up_to, last_day, share, shown};
use super::made_up::{Instance, Play, step};
use crate::calendar::{Date, midway};
use crate::diagnostic::{Code, Diagnostic, Problems, Witness};
use crate::eval::Due;
use crate::policy::{
    Anchor, AttributeId, Body, Condition, EventId, EventMatch, Limit, MidClock, Policy, Rule,
    RuleId, Series, Shape, Window,
};
use crate::source::Span;

/// How much earlier than its latest date a review is planned in a case that is made up.
const EARLIER: i32 = 28;

/// Looks at the clocks of a policy.
pub(super) fn examine(policy: &Policy, problems: &mut Problems) {
    for (id, rule) in (0..).map(RuleId).zip(&policy.rules) {
        for limit in limits_of(rule) {
            problems.extend(unsettled_midway(policy, id, rule, limit));
        }
        problems.extend(changing(policy, id, rule));
    }
    problems.extend(carried(policy));
}

/// A duty midway between two reviews.
fn unsettled_midway(policy: &Policy, id: RuleId, rule: &Rule, limit: &Limit) -> Option<Diagnostic> {
    let window = limit.window.as_ref()?;
    let asked = matches!(window.shape, Shape::OnMidway | Shape::ByMidway | Shape::AroundMidway(_));
    let Body::Duty(duty) = &rule.body else { return None };
    let Anchor::Review { series: review, .. } = &duty.anchor else { return None };
    let series = policy.series(*review).filter(|_| asked)?;
    let next = series.limits.iter().find(|limit| !limit.exception && limit.ordinals.later)?;
    let next = next.window.as_ref()?;
    let calendar = &policy.calendar;
    let days = Days::for_windows(&[calendar], &[next])?;
    let (mut total, mut odd) = (0, 0);
    for &(day, times) in &days.days {
        if let Some(latest) = last_day(calendar, next, day) {
            total += times;
            odd += if day.days_until(latest) % 2 == 0 { 0 } else { times };
        }
    }
    let name = &rule.name;
    let mut finding = Diagnostic::new(
        Code::MidwayUnsettled,
        format!("the day midway for `{name}` moves with the date of the next review"),
        limit.origin,
        "it counts from the next review as planned, or else from its latest date",
    )
    .note(format!(
        "from one review to the latest date of the next the days are odd in number on {}: there are two \
         middle days, and the earlier is taken",
        share(odd, total)
    ))
    .note(days.proof.words(total));
    if let Some(witness) = midway_shown(policy, id, *review, series, next) {
        finding = finding.witness(witness);
    }
    Some(finding.help(
        "say in the source which date of the next review is meant, and how far from the middle is near enough",
    ))
}

/// A review with no plan for the next, and with one, replayed.
fn midway_shown(
    policy: &Policy,
    rule: RuleId,
    review: RuleId,
    series: &Series,
    next: &Window,
) -> Option<Witness> {
    let calendar = &policy.calendar;
    let day = shown(calendar, |day| {
        let in_force = policy.header.in_force.contains(day);
        last_day(calendar, next, day).map(|latest| i32::from(in_force && day < latest))
    })?;
    let latest = last_day(calendar, next, day)?;
    let mut play = Play::new(policy);
    // The clock of a later review: the two before it have been held.
    play.start_cycle(review, 3, day)?;
    let due = |play: &Play<'_>| match play.row(policy, rule, Instance::From(day), day)?.due {
        Due::On(due) => Some(due),
        Due::Never | Due::Waiting | Due::Beyond(_) | Due::Unknown => None,
    };
    let mut steps = play.steps();
    let first = due(&play)?;
    steps.push(step(first, format!("the last day for `{}`", policy.rule(rule).name)));
    steps.push(step(latest, "the last day for the next review"));
    if let Some((event, attribute)) = series.planned_by {
        let planned_for = latest.add_days(-EARLIER)?;
        let mut planned = play.clone();
        planned.carry(day, &EventMatch { event, test: None }, attribute, Some(planned_for))?;
        let second = due(&planned)?;
        steps.push(step(
            second,
            format!("the last day instead, if the next review is planned for {planned_for}"),
        ));
    }
    steps.sort_by(|one, other| one.day.cmp(&other.day));
    Some(Witness { steps })
}

/// The three things that a change can do to a running clock.
const WAYS: [(MidClock, &str); 3] = [
    (MidClock::FromTheAnchor, "from the anchor"),
    (MidClock::FromTheChange, "from the change"),
    (MidClock::FromTheNextClock, "from the next clock"),
];

/// A clock that a change of limit finds running.
struct Changing<'a> {
    policy: &'a Policy,
    id: RuleId,
    rule: &'a Rule,
    chosen: MidClock,
    /// A review that both limits are for.
    ordinal: u16,
    plain: &'a Window,
    exception: &'a Limit,
    other: &'a Window,
}

impl Changing<'_> {
    /// The last day if the change comes on a day, in each way.
    fn ends(&self, day: Date, change: Date) -> Option<[Date; 3]> {
        let calendar = &self.policy.calendar;
        let old = last_day(calendar, self.plain, day).filter(|&old| change <= old)?;
        Some([
            last_day(calendar, self.other, day)?.max(change),
            last_day(calendar, self.other, change)?.min(old),
            old,
        ])
    }

    /// The change that is looked at: half-way through the clock.
    fn halfway(&self, day: Date) -> Option<Date> {
        let last = last_day(&self.policy.calendar, self.plain, day)?;
        Some(midway(day, last))
    }
}

/// A rule that says what a change does to a running clock.
fn changing(policy: &Policy, id: RuleId, rule: &Rule) -> Option<Diagnostic> {
    let chosen = match &rule.body {
        // The clock of a series runs for months, and one shift moves all that follow; that of a single
        // duty is soon over.
        Body::Series(series) => series.mid_clock,
        Body::Duty(_) | Body::Trigger(_) | Body::Forbid(_) | Body::Ladder(_) => {
            MidClock::NeverChanges
        }
    };
    let place = WAYS.iter().position(|(way, _)| *way == chosen)?;
    let limits = limits_of(rule);
    // What holds only while the rule itself does not live never comes about.
    let never = |condition: &Condition| match condition {
        Condition::Not(inner) => rule.while_.as_ref() == Some(&**inner),
        _ => switched_off(policy, condition),
    };
    let lively = |limit: &&Limit| {
        limit.exception && limit.condition.as_ref().is_some_and(|condition| !never(condition))
    };
    limits.iter().filter(lively).find_map(|exception| {
        let ordinal = [3, 2, 1].into_iter().find(|&one| exception.ordinals.contains(one))?;
        let plain = limits.iter().find(|one| !one.exception && one.ordinals.contains(ordinal))?;
        let changing = Changing {
            policy,
            id,
            rule,
            chosen,
            ordinal,
            plain: plain.window.as_ref()?,
            exception,
            other: exception.window.as_ref()?,
        };
        told(&changing, place)
    })
}

fn told(changing: &Changing<'_>, place: usize) -> Option<Diagnostic> {
    let policy = changing.policy;
    let calendar = &policy.calendar;
    let days = Days::for_windows(&[calendar], &[changing.plain, changing.other])?;
    let mut total = 0;
    let mut often = [(0u64, 0i32); 3];
    for &(day, times) in &days.days {
        let Some(change) = changing.halfway(day) else { continue };
        let Some(ends) = changing.ends(day, change) else { continue };
        total += times;
        let Some(&mine) = ends.get(place) else { continue };
        for ((count, most), end) in often.iter_mut().zip(ends) {
            let by = mine.days_until(end).abs();
            *count += if by > 0 { times } else { 0 };
            *most = (*most).max(by);
        }
    }
    let worst = often.iter().map(|&(_, most)| most).max().filter(|&most| most > 0)?;
    let (_, way) = WAYS.get(place)?;
    let condition = changing.exception.condition.as_ref()?;
    let mut finding = Diagnostic::new(
        Code::ChangeMidClock,
        format!(
            "`{}`: a change while the clock runs counts {way}; other ways differ {}",
            changing.rule.name,
            by_up_to(worst)
        ),
        changing.exception.origin,
        "this can begin to apply while a clock runs",
    );
    for ((other, words), (count, most)) in WAYS.iter().zip(often) {
        if *other != changing.chosen && count > 0 {
            finding = finding.note(format!(
                "{words}: another last day on {}, {}, where the change comes half-way",
                share(count, total),
                by_up_to(most)
            ));
        }
    }
    finding = finding.note(days.proof.words(total));
    let witness = shown_change(changing, condition)?;
    Some(
        finding
            .witness(witness)
            .help("if the source does not say, ask whoever owns it which of the three is meant"),
    )
}

/// A change half-way through a clock, replayed in each of the three ways.
fn shown_change(changing: &Changing<'_>, condition: &Condition) -> Option<Witness> {
    let policy = changing.policy;
    let day = shown(&policy.calendar, |day| {
        let change = changing.halfway(day)?;
        let ends = changing.ends(day, change)?;
        let in_force = policy.header.in_force.contains(day);
        let spread = ends.iter().max()?.number() - ends.iter().min()?.number();
        in_force.then_some(spread)
    })?;
    let change = changing.halfway(day)?;
    let ends = changing.ends(day, change)?;
    let mut play = Play::new(policy);
    play.start(changing.id, changing.ordinal, day)?;
    play.bring_about(condition, false, day);
    play.bring_about(condition, true, change)?;
    let mut steps = play.steps();
    for ((way, words), end) in WAYS.iter().zip(ends) {
        let mut other = policy.clone();
        match &mut other.rules.get_mut(changing.id.index())?.body {
            Body::Series(series) => series.mid_clock = *way,
            Body::Duty(duty) => duty.mid_clock = *way,
            Body::Trigger(_) | Body::Forbid(_) | Body::Ladder(_) => return None,
        }
        let row = play.row(&other, changing.id, Instance::From(day), change)?;
        if row.due != Due::On(end) || !row.alternatives.is_empty() {
            return None;
        }
        let name = &changing.rule.name;
        let text = if *way == changing.chosen {
            format!("the last day for `{name}`, counted {words} as the policy says")
        } else {
            format!("the last day, if a change counted {words}")
        };
        steps.push(step(end, text));
    }
    steps.sort_by(|one, other| one.day.cmp(&other.day));
    Some(Witness { steps })
}

/// A limit that is a date an event carries.
struct Carried<'a> {
    rule: &'a str,
    /// The event and its attribute.
    event: String,
    attribute: String,
    place: Span,
    witness: Option<Witness>,
}

/// The limits that are dates which somebody has to record, as one finding.
fn carried(policy: &Policy) -> Option<Diagnostic> {
    let mut found: Vec<Carried<'_>> = Vec::new();
    for (id, rule) in (0..).map(RuleId).zip(&policy.rules) {
        match &rule.body {
            Body::Duty(duty) => {
                let Anchor::Events(choices) = &duty.anchor else { continue };
                let Some(event) = choices.first() else { continue };
                for limit in &duty.limits {
                    if let Some(Shape::ByDateOf(attribute)) =
                        limit.window.as_ref().map(|window| &window.shape)
                    {
                        let witness = undated_duty(policy, id, rule, event);
                        let place = (limit.origin, *attribute, event.event);
                        found.push(Carried::new(policy, rule, place, witness));
                    }
                }
            }
            Body::Ladder(ladder) => {
                for stage in &ladder.stages {
                    if let Some(Shape::ByDateOf(attribute)) =
                        stage.limit.as_ref().map(|window| &window.shape)
                    {
                        let day = example(policy, rule);
                        let witness = day.and_then(|day| {
                            let mut play = Play::new(policy);
                            play.open_stage(ladder, stage.number, day)?;
                            undated(&play, id, &rule.name, day)
                        });
                        let place = (stage.origin, *attribute, ladder.opened_by);
                        found.push(Carried::new(policy, rule, place, witness));
                    }
                }
            }
            Body::Series(_) | Body::Trigger(_) | Body::Forbid(_) => {}
        }
    }
    let first = found.iter().position(|one| one.witness.is_some())?;
    found.swap(0, first);
    let (first, others) = found.split_first()?;
    let what = match others.len() {
        0 => format!("the last day of `{}` is a date", first.rule),
        more => {
            format!("the last days of `{}` and of {more} other", first.rule)
                + if more == 1 { " are dates" } else { "s are dates" }
        }
    };
    let mut finding = Diagnostic::new(
        Code::DateCarried,
        format!("{what} that somebody has to record; without one nothing falls due"),
        first.place,
        format!("by the `{}` of `{}`", first.attribute, first.event),
    );
    for other in others {
        finding = finding
            .label(other.place, format!("by the `{}` of `{}`", other.attribute, other.event));
    }
    if let Some(witness) = &first.witness {
        finding = finding.witness(witness.clone());
    }
    Some(finding.help(
        "if the source gives no limit for where no date is agreed, ask whoever owns it; meanwhile see that \
         the date is recorded each time",
    ))
}

impl<'a> Carried<'a> {
    fn new(
        policy: &Policy,
        rule: &'a Rule,
        (place, attribute, event): (Span, AttributeId, EventId),
        witness: Option<Witness>,
    ) -> Self {
        Self {
            rule: &rule.name,
            event: policy.event(event).name.clone(),
            attribute: policy.attribute(event, attribute).name.clone(),
            place,
            witness,
        }
    }
}

/// A day on which a case can begin.
fn example(policy: &Policy, rule: &Rule) -> Option<Date> {
    shown(&policy.calendar, |day| {
        let in_force = policy.header.in_force.contains(day) && rule.in_force.contains(day);
        Some(i32::from(in_force))
    })
}

fn undated_duty(policy: &Policy, id: RuleId, rule: &Rule, event: &EventMatch) -> Option<Witness> {
    let day = example(policy, rule)?;
    let mut play = Play::new(policy);
    play.begin(rule, Some(event), day)?;
    undated(&play, id, &rule.name, day)
}

/// A case in which the event comes without its date: the evaluator must say that it knows no last day.
fn undated(play: &Play<'_>, id: RuleId, name: &str, day: Date) -> Option<Witness> {
    let rows = play.rows(play.policy, id, day);
    let row = rows.iter().find(|row| row.due == Due::Unknown)?;
    let mut steps = play.steps();
    steps.push(step(day, format!("`{name}` is {}: no date was recorded", row.status.word())));
    Some(Witness { steps })
}
