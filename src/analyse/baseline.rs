//! Against a baseline: whether any deadline of a policy falls later than the baseline's.
//!
//! Which rule stands beside which is seen from what they are about, for two authors seldom choose the
//! same names: two series of reviews are counterparts if the same event holds them and the same event
//! starts them; two duties if a same event meets them, or they have the same name, and they count from
//! the same: the same event, or the same day of counterpart reviews. Events are the same if their names
//! are. What is met by the same event and counts from something else is told and not compared.
//!
//! The last days of two counterparts are then compared on every start day (`days.rs`). Where the local one
//! never falls later, that is proved by exhaustion: there is no other day on which a clock could start.
//!
//! Example: Blackburn with Darwen gives later reviews 183 calendar days, the Regulations 6 months. Of the
//! 146,097 start days the 183 days end later on 46.1%, by up to two days: a review held on Friday 2 January
//! 2026 is followed by one until 4 July, where the Regulations say 2 July.

use std::collections::BTreeSet;

use super::Subject;
use super::alternatives::{Alternative, switched_off};
use super::days::{Difference, compare, ends_by_itself, last_day, shown};
use super::made_up::{Instance, Play, before_its_anchor, step};
use crate::calendar::Date;
use crate::diagnostic::{Code, Diagnostic, Problems, Witness};
use crate::policy::{
    Anchor, Body, Duty, EventMatch, Limit, Ordinals, Point, Policy, Rule, RuleId, Series, Shape,
    Window,
};
use crate::source::Span;
use crate::syntax::ast;

/// A rule and what stands beside it in the baseline.
#[derive(Debug, Clone, Copy)]
struct Pair {
    local: RuleId,
    base: RuleId,
}

/// Two limits for one deadline.
#[derive(Debug, Clone, Copy)]
struct Beside<'a> {
    pair: Pair,
    /// A review that both are for; for a duty that counts from an event simply 1.
    ordinal: u16,
    /// The place of the local limit in its rule.
    place: usize,
    local: &'a Limit,
    base: &'a Limit,
    mine: &'a Window,
    theirs: &'a Window,
}

/// What comparing two limits came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Later,
    NeverLater,
}

/// Two policies, and what corresponds.
struct Compared<'a> {
    local: &'a Policy,
    base: &'a Policy,
    alternatives: &'a [Alternative],
    series: Vec<Pair>,
    duties: Vec<Pair>,
    /// Met by the same event, and counted from something else.
    apart: Vec<Pair>,
}

/// Compares a policy with its baseline.
pub(super) fn against(
    subject: &Subject<'_>,
    base: &Policy,
    alternatives: &[Alternative],
    problems: &mut Problems,
) {
    let mut compared = Compared {
        local: subject.policy,
        base,
        alternatives,
        series: Vec::new(),
        duties: Vec::new(),
        apart: Vec::new(),
    };
    compared.find_series();
    compared.find_duties();
    let mut verdicts = Vec::new();
    for beside in compared.limits() {
        if let Some(later) = compared.judge(beside, problems) {
            verdicts.push((beside.pair.local, later));
        }
    }
    let header = subject.file.declarations.iter().find_map(|declaration| match declaration {
        ast::Declaration::Policy(header) => Some(header.name.span),
        _ => None,
    });
    problems.extend(compared.summary(header.unwrap_or_default(), &verdicts));
}

/// The rules of a policy with their ids.
fn rules(policy: &Policy) -> impl Iterator<Item = (RuleId, &Rule)> {
    (0..).map(RuleId).zip(&policy.rules)
}

const fn duty(rule: &Rule) -> Option<&Duty> {
    match &rule.body {
        Body::Duty(duty) => Some(duty),
        Body::Series(_) | Body::Trigger(_) | Body::Forbid(_) | Body::Ladder(_) => None,
    }
}

impl<'a> Compared<'a> {
    fn find_series(&mut self) {
        for (local, _) in rules(self.local) {
            for (base, _) in rules(self.base) {
                let both = (self.local.series(local), self.base.series(base));
                let (Some(mine), Some(theirs)) = both else { continue };
                let held = held_by(self.local, mine);
                let same_start = match (&mine.start, &theirs.start) {
                    (Some(one), Some(other)) => self.same_event(one, other),
                    _ => false,
                };
                if same_start && held_by(self.base, theirs).iter().any(|event| held.contains(event))
                {
                    self.series.push(Pair { local, base });
                }
            }
        }
    }

    fn find_duties(&mut self) {
        // Where rules have the same name, nothing that is merely met by the same event is looked at.
        let named: Vec<&str> = rules(self.base)
            .filter(|(_, rule)| duty(rule).is_some())
            .map(|(_, rule)| rule.name.as_str())
            .filter(|name| self.local.find_rule(name).is_some())
            .collect();
        for (base, their_rule) in rules(self.base) {
            let Some(theirs) = duty(their_rule) else { continue };
            for (local, my_rule) in rules(self.local) {
                let Some(mine) = duty(my_rule) else { continue };
                let acts = met_by(self.base, theirs);
                let met = met_by(self.local, mine).iter().any(|event| acts.contains(event));
                let elsewhere = [&my_rule.name, &their_rule.name]
                    .iter()
                    .any(|name| named.contains(&name.as_str()));
                if my_rule.name != their_rule.name && (!met || elsewhere) {
                    continue;
                }
                let pair = Pair { local, base };
                if self.count_alike(&mine.anchor, &theirs.anchor) {
                    self.duties.push(pair);
                } else if met {
                    self.apart.push(pair);
                }
            }
        }
        // What has a proper counterpart is not also told to count from something else.
        let duties = &self.duties;
        self.apart.retain(|apart| {
            !duties.iter().any(|pair| pair.base == apart.base || pair.local == apart.local)
        });
    }

    fn same_event(&self, mine: &EventMatch, theirs: &EventMatch) -> bool {
        self.local.event(mine.event).name == self.base.event(theirs.event).name
    }

    /// Whether two duties count from the same.
    fn count_alike(&self, mine: &Anchor, theirs: &Anchor) -> bool {
        match (mine, theirs) {
            (Anchor::Events(mine), Anchor::Events(theirs)) => {
                match (mine.first(), theirs.first()) {
                    (Some(one), Some(other)) => self.same_event(one, other),
                    _ => false,
                }
            }
            (
                Anchor::Review { series: mine, ordinals, point, test },
                Anchor::Review { series: theirs, ordinals: others, point: other, test: None },
            ) => {
                let series =
                    self.series.iter().any(|pair| pair.local == *mine && pair.base == *theirs);
                let one_day = |policy: &Policy, id| {
                    policy.series(id).is_some_and(|series| series.begun_on.is_none())
                };
                let point = point_of(self.local, *mine, *point);
                let same_day =
                    point == point_of(self.base, *theirs, *other) || one_day(self.local, *mine);
                series && same_day && test.is_none() && !shared(*ordinals, *others).is_empty()
            }
            // Otherwise they are alike if they are in the same words.
            _ => self.local.anchor_words(mine) == self.base.anchor_words(theirs),
        }
    }

    /// The limits that stand beside each other, each two once.
    fn limits(&self) -> Vec<Beside<'a>> {
        let mut found: Vec<Beside<'a>> = Vec::new();
        for &pair in self.series.iter().chain(&self.duties) {
            let (mine, theirs) = (self.local.rule(pair.local), self.base.rule(pair.base));
            let (ordinals, others) = (ordinals_of(mine), ordinals_of(theirs));
            for ordinal in shared(ordinals, others) {
                // What the baseline says of that review whatever the case: an exception for it, or else the
                // limit for all.
                let always = |limit: &&Limit| {
                    limit.ordinals.contains(ordinal)
                        && limit.condition.is_none()
                        && limit.test.is_none()
                };
                let all = limits_of(theirs);
                let plain = all
                    .iter()
                    .filter(always)
                    .find(|limit| limit.exception)
                    .or_else(|| all.iter().find(always));
                for (place, local) in limits_of(mine).iter().enumerate() {
                    let Some(window) = &local.window else { continue };
                    if local.condition.as_ref().is_some_and(|one| switched_off(self.local, one)) {
                        continue;
                    }
                    let base = self.same_exception(local, theirs).or(plain);
                    let Some((base, theirs)) =
                        base.and_then(|limit| Some((limit, limit.window.as_ref()?)))
                    else {
                        continue;
                    };
                    // A plain limit that an exception for that review replaces is not in force.
                    let replaced = !local.exception
                        && limits_of(mine).iter().any(|other| {
                            other.exception
                                && other.ordinals.contains(ordinal)
                                && other.condition.is_none()
                                && other.test.is_none()
                        });
                    let known = found.iter().any(|known| {
                        known.pair.local == pair.local
                            && known.place == place
                            && known.theirs.shape == theirs.shape
                    });
                    if !local.ordinals.contains(ordinal) || replaced || known {
                        continue;
                    }
                    found.push(Beside { pair, ordinal, place, local, base, mine: window, theirs });
                }
            }
        }
        found
    }

    /// The baseline's exception for the same condition, in the same words.
    fn same_exception<'b>(&self, local: &Limit, theirs: &'b Rule) -> Option<&'b Limit> {
        let words = |policy: &Policy, limit: &Limit| {
            let condition = limit.condition.as_ref().filter(|_| limit.exception)?;
            Some(policy.condition_words(condition, None))
        };
        let wanted = words(self.local, local)?;
        limits_of(theirs).iter().find(|other| words(self.base, other).as_ref() == Some(&wanted))
    }

    /// Compares two limits and says what comes of it.
    ///
    /// The verdict is whether the local limit is ever later; there is none where they cannot be compared.
    fn judge(&self, beside: Beside<'_>, problems: &mut Problems) -> Option<Verdict> {
        if !ends_by_itself(beside.mine) && ends_by_itself(beside.theirs) {
            if matches!(beside.mine.shape, Shape::NoTimeLimit | Shape::NoTimeLimitBefore) {
                problems.push(self.no_last_day(beside));
                return Some(Verdict::Later);
            }
            return None;
        }
        let found = self.compare(beside.mine, beside.theirs)?;
        if found.later > 0 {
            problems.push(self.later(beside, &found));
            return Some(Verdict::Later);
        }
        if found.earlier > 0 {
            problems.push(self.stricter(beside, &found));
        }
        Some(Verdict::NeverLater)
    }

    fn compare(&self, mine: &Window, theirs: &Window) -> Option<Difference> {
        compare((&self.local.calendar, mine), (&self.base.calendar, theirs))
    }

    /// How a local limit and the baseline's are called in a message.
    fn names(&self, beside: Beside<'_>) -> (String, String) {
        (length_words(self.local, beside.mine), length_words(self.base, beside.theirs))
    }

    /// What the label says of the baseline.
    fn place(&self, beside: Beside<'_>) -> String {
        let rule = self.base.rule(beside.pair.base);
        let cite = match rule.cites.join(", ") {
            none if none.is_empty() => none,
            some => format!(", {some}"),
        };
        let (_, theirs) = self.names(beside);
        format!("`{}` says {theirs} here (`{}`{cite})", self.base.header.name, rule.name)
    }

    fn later(&self, beside: Beside<'_>, found: &Difference) -> Diagnostic {
        let (mine, theirs) = self.names(beside);
        let rule = self.local.rule(beside.pair.local);
        let mut finding = Diagnostic::new(
            Code::LaterThanBaseline,
            format!(
                "`{}`: {mine} is later than {theirs} of `{}` on {}",
                rule.name,
                self.base.header.name,
                found.later_words().unwrap_or_default().replacen("later on ", "", 1)
            ),
            beside.local.origin,
            self.place(beside),
        );
        if let Some(words) = found.earlier_words() {
            finding = finding.note(format!("it is {words}"));
        }
        finding = finding.note(found.proof.words(found.days));
        if let Some(witness) = self.witness(beside, 1) {
            finding = finding.witness(witness);
        }
        for (reading, value) in self.never_later_with(beside) {
            finding = finding
                .help(format!("with the reading `{reading}` as `{value}` it is never later"));
        }
        finding.help(format!("to be never later, write `the earlier of` the two, or {theirs}"))
    }

    fn stricter(&self, beside: Beside<'_>, found: &Difference) -> Diagnostic {
        let (mine, theirs) = self.names(beside);
        let rule = self.local.rule(beside.pair.local);
        let mut finding = Diagnostic::new(
            Code::StricterThanBaseline,
            format!(
                "`{}`: {mine} is stricter than {theirs} of `{}` on {}",
                rule.name,
                self.base.header.name,
                found.earlier_words().unwrap_or_default().replacen("earlier on ", "", 1)
            ),
            beside.local.origin,
            self.place(beside),
        )
        .note(format!("never later: {}", found.proof.words(found.days)));
        if let Some(witness) = self.witness(beside, -1) {
            finding = finding.witness(witness);
        }
        finding.help(
            "if the council did not mean to bind itself more strictly, write the baseline's limit",
        )
    }

    fn no_last_day(&self, beside: Beside<'_>) -> Diagnostic {
        let (_, theirs) = self.names(beside);
        let name = &self.local.rule(beside.pair.local).name;
        Diagnostic::new(
            Code::LaterThanBaseline,
            format!("`{name}` has no last day; `{}` gives it {theirs}", self.base.header.name),
            beside.local.origin,
            self.place(beside),
        )
        .help(format!("to be never later, give it {theirs}"))
    }

    /// The values of readings with which a limit would never be later.
    fn never_later_with(&self, beside: Beside<'_>) -> Vec<(&'a str, &'a str)> {
        let mut found = Vec::new();
        for alternative in self.alternatives {
            if !beside.mine.readings.contains(&alternative.reading) {
                continue;
            }
            let rule = alternative.policy.rule(beside.pair.local);
            let window = limits_of(rule).get(beside.place).and_then(|limit| limit.window.as_ref());
            let other = window.and_then(|window| self.compare(window, beside.theirs));
            if other.is_some_and(|other| other.later == 0) {
                let reading = self.local.reading(alternative.reading);
                found.push((reading.name.as_str(), alternative.value.as_str()));
            }
        }
        found
    }

    /// A case on which the two differ most in one direction, replayed under both policies.
    fn witness(&self, beside: Beside<'_>, direction: i32) -> Option<Witness> {
        let ends = |day: Date| {
            let mine = last_day(&self.local.calendar, beside.mine, day)?;
            Some((mine, last_day(&self.base.calendar, beside.theirs, day)?))
        };
        let in_force = |day: Date| {
            [(self.local, beside.pair.local), (self.base, beside.pair.base)].iter().all(
                |(policy, rule)| {
                    policy.header.in_force.contains(day)
                        && policy.rule(*rule).in_force.contains(day)
                },
            )
        };
        let day = shown(&self.local.calendar, |day| {
            let (mine, theirs) = ends(day).filter(|_| in_force(day))?;
            Some(theirs.days_until(mine) * direction)
        })?;
        let (mine, theirs) = ends(day)?;
        let Pair { local, base } = beside.pair;
        let own = confirmed(self.local, local, beside.ordinal, day, beside.local, mine)?;
        confirmed(self.base, base, beside.ordinal, day, beside.base, theirs)?;
        let mut steps = own.steps();
        let name = &self.local.rule(local).name;
        steps.push(step(mine, format!("the last day for `{name}` here")));
        steps.push(step(theirs, format!("the last day in `{}`", self.base.header.name)));
        steps.sort_by(|one, other| one.day.cmp(&other.day));
        Some(Witness { steps })
    }

    /// What corresponds, what does not, and what has been proved; nothing where all of it corresponds.
    fn summary(&self, header: Span, verdicts: &[(RuleId, Verdict)]) -> Option<Diagnostic> {
        let base = &self.base.header.name;
        let found: BTreeSet<RuleId> =
            self.series.iter().chain(&self.duties).map(|pair| pair.base).collect();
        let owed: Vec<(RuleId, &Rule)> = rules(self.base)
            .filter(|(_, rule)| matches!(rule.body, Body::Series(_) | Body::Duty(_)))
            .collect();
        let apart: BTreeSet<RuleId> = self.apart.iter().map(|pair| pair.base).collect();
        let missing: Vec<&str> = owed
            .iter()
            .filter(|(id, _)| !found.contains(id) && !apart.contains(id))
            .map(|(_, rule)| rule.name.as_str())
            .collect();
        if missing.is_empty() && self.apart.is_empty() {
            return None;
        }
        let message = if missing.is_empty() {
            format!("some duties of `{base}` count from something else here")
        } else {
            format!(
                "{} of the {} reviews and duties of `{base}` have no counterpart here",
                missing.len(),
                owed.len()
            )
        };
        let mut finding =
            Diagnostic::new(Code::NoCounterpart, message, header, format!("held against `{base}`"));
        let later: BTreeSet<RuleId> = verdicts
            .iter()
            .filter(|(_, verdict)| *verdict == Verdict::Later)
            .map(|(rule, _)| *rule)
            .collect();
        let sure: BTreeSet<RuleId> =
            verdicts.iter().map(|(rule, _)| *rule).filter(|rule| !later.contains(rule)).collect();
        let sure: Vec<String> =
            sure.iter().map(|&rule| format!("`{}`", self.local.rule(rule).name)).collect();
        if !sure.is_empty() {
            let all = if later.is_empty() {
                "no limit that can be compared is later"
            } else {
                "never later"
            };
            finding = finding.note(format!(
                "{all}, as going through every start day proves: {}",
                sure.join(", ")
            ));
        }
        for pair in &self.apart {
            let (mine, theirs) = (self.local.rule(pair.local), self.base.rule(pair.base));
            let anchors = duty(mine).zip(duty(theirs));
            if let Some((one, other)) = anchors {
                finding = finding.note(format!(
                    "not compared: `{}` counts from {}, `{}` of `{base}` from {}",
                    mine.name,
                    self.local.anchor_words(&one.anchor),
                    theirs.name,
                    self.base.anchor_words(&other.anchor)
                ));
            }
        }
        if !missing.is_empty() {
            finding = finding.note(format!("no counterpart: {}", missing.join(", ")));
        }
        Some(finding.help(
            "rules are counterparts if they are met by an event of the same name, or have the same name, \
             and count from the same",
        ))
    }
}

/// A case in which the clock of a rule starts on a day and has this last day, as the evaluator confirms.
fn confirmed<'a>(
    policy: &'a Policy,
    rule: RuleId,
    ordinal: u16,
    day: Date,
    limit: &Limit,
    due: Date,
) -> Option<Play<'a>> {
    let mut play = Play::new(policy);
    let instance = if let Some(review) = before_review(policy, rule) {
        play.start_cycle(review, ordinal + 1, day)?;
        Instance::Before(day)
    } else {
        play.start(rule, ordinal, day)?;
        Instance::From(day)
    };
    if let Some(condition) = &limit.condition {
        play.bring_about(condition, true, day)?;
    }
    if play.is_due(policy, rule, instance, due) {
        return Some(play);
    }
    // An exception may hang on something that is not recorded: then it is recorded that it is not so.
    for other in limits_of(policy.rule(rule)) {
        if let Some(condition) = other.condition.as_ref().filter(|_| other.origin != limit.origin) {
            play.bring_about(condition, false, day)?;
        }
    }
    play.is_due(policy, rule, instance, due).then_some(play)
}

/// The series before whose reviews a duty lies, if it does.
fn before_review(policy: &Policy, rule: RuleId) -> Option<RuleId> {
    let duty = duty(policy.rule(rule))?;
    let Anchor::Review { series, .. } = &duty.anchor else { return None };
    let mut windows = duty.limits.iter().filter_map(|limit| limit.window.as_ref());
    let backwards = windows.any(before_its_anchor);
    backwards.then_some(*series)
}

/// The limits of a rule.
pub(super) fn limits_of(rule: &Rule) -> &[Limit] {
    match &rule.body {
        Body::Series(series) => &series.limits,
        Body::Duty(duty) => &duty.limits,
        Body::Trigger(_) | Body::Forbid(_) | Body::Ladder(_) => &[],
    }
}

/// The reviews that a rule is for.
pub(super) fn ordinals_of(rule: &Rule) -> Ordinals {
    match duty(rule).map(|duty| &duty.anchor) {
        Some(Anchor::Review { ordinals, .. }) => *ordinals,
        _ => Ordinals::EACH,
    }
}

/// The reviews that are among both; the third stands for all later ones.
fn shared(one: Ordinals, other: Ordinals) -> Vec<u16> {
    (1..=3).filter(|&ordinal| one.contains(ordinal) && other.contains(ordinal)).collect()
}

/// The names of the events that hold a review.
fn held_by<'a>(policy: &'a Policy, series: &Series) -> Vec<&'a str> {
    let events = series.held_on.iter().chain(&series.begun_on);
    events.map(|found| policy.event(found.event).name.as_str()).collect()
}

/// The names of the events that meet a duty.
fn met_by<'a>(policy: &'a Policy, duty: &Duty) -> Vec<&'a str> {
    duty.acts.iter().map(|act| policy.event(act.event.event).name.as_str()).collect()
}

/// Which day of a review is meant, where `Date` is as its series says.
fn point_of(policy: &Policy, series: RuleId, point: Point) -> Option<Point> {
    match point {
        Point::Date => policy.series(series).map(|series| series.dated),
        Point::FirstMeeting | Point::Completion => Some(point),
    }
}

/// A limit without what it counts from: "183 calendar days", "at least 20 working days before".
pub(super) fn length_words(policy: &Policy, window: &Window) -> String {
    match &window.shape {
        Shape::Within(length) => length.words(),
        Shape::PeriodBeginning(length) => format!("a period of {}", length.words()),
        shape => {
            let words = policy.shape_words(shape, "", None);
            words.trim().to_owned()
        }
    }
}
