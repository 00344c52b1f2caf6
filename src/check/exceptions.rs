//! Exceptions: what holds instead, and whether two of them can disagree.

use super::Checker;
use super::anchors::Place;
use super::conditions::Scene;
use super::windows::ordinals;
use crate::diagnostic::{Code, Diagnostic};
use crate::policy::{Condition, EventId, Limit, Ordinals, Period, State, Window};
use crate::syntax::ast::{self, Instead};

impl<'a> Checker<'a> {
    /// Compiles the exceptions of a rule; `None` if any of them is wrong. The events are those that
    /// can start its clock, if they are known.
    pub(super) fn exceptions(
        &mut self,
        written: &'a [ast::Exception],
        place: &Place<'_>,
        events: Option<&[EventId]>,
    ) -> Option<Vec<Limit>> {
        let compiled: Vec<_> =
            written.iter().map(|exception| self.exception(exception, place, events)).collect();
        let known: Vec<_> = compiled.iter().flatten().collect();
        for (index, later) in known.iter().enumerate() {
            let clashing: Vec<_> = known
                .iter()
                .take(index)
                .filter(|earlier| disagree(earlier, later, &self.states))
                .copied()
                .collect();
            if !clashing.is_empty() {
                self.report(exceptions_disagree(&clashing, later));
            }
        }
        compiled.into_iter().collect()
    }

    fn exception(
        &mut self,
        exception: &'a ast::Exception,
        place: &Place<'_>,
        events: Option<&[EventId]>,
    ) -> Option<Limit> {
        let which =
            exception.ordinals.as_ref().map_or(Ordinals::EACH, |which| ordinals(which.node));
        let test = match (&exception.test, events) {
            (Some(test), Some(events)) => self.condition(test, &Scene::of(events)).map(Some),
            (Some(_), None) => None,
            (None, _) => Some(None),
        };
        let condition = self.optional_day(exception.whilst.as_ref());
        let started = self.period(exception.started.as_ref());
        let window = match &exception.instead {
            Instead::DoesNotApply => Some(None),
            Instead::Window(window) => self.window(window).and_then(|mut raw| {
                self.exception_fits(&mut raw, which, place)?;
                Some(Some(Window { shape: raw.shape, readings: raw.readings }))
            }),
        };
        Some(Limit {
            exception: true,
            ordinals: which,
            test: test?,
            condition: condition?,
            started: started?,
            window: window?,
            origin: exception.span,
        })
    }
}

/// Whether a condition can begin or end while a clock runs.
pub(super) fn can_change(condition: &Condition) -> bool {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => parts.iter().any(can_change),
        Condition::Not(inner) => can_change(inner),
        Condition::Reading(..) | Condition::Attribute(_) | Condition::Judged { .. } => false,
        Condition::State(_)
        | Condition::HeldFor { .. }
        | Condition::Latest { .. }
        | Condition::Recorded(_)
        | Condition::HeldSince { .. }
        | Condition::Age { .. }
        | Condition::ByLatestLawful { .. } => true,
    }
}

/// Whether two exceptions can apply together and put different windows in place of the limit.
fn disagree(first: &Limit, second: &Limit, states: &[Option<State>]) -> bool {
    let shared = (first.ordinals.first && second.ordinals.first)
        || (first.ordinals.second && second.ordinals.second)
        || (first.ordinals.later && second.ordinals.later);
    if !shared || !overlap(first.started, second.started) {
        return false;
    }
    let same = match (&first.window, &second.window) {
        (Some(first), Some(second)) => first.shape == second.shape,
        (None, None) => true,
        _ => false,
    };
    if same {
        return false;
    }
    // Tests of the starting event and conditions on a day never exclude each other.
    let tests: Vec<_> = [&first.test, &second.test].into_iter().flatten().collect();
    let conditions: Vec<_> = [&first.condition, &second.condition].into_iter().flatten().collect();
    !crate::policy::exclusive(&tests, &[]) && !crate::policy::exclusive(&conditions, states)
}

/// Whether two periods share a day.
fn overlap(first: Period, second: Period) -> bool {
    let begins_in_time = |from: Option<_>, until: Option<_>| match (from, until) {
        (Some(from), Some(until)) => from <= until,
        _ => true,
    };
    begins_in_time(first.from, second.until) && begins_in_time(second.from, first.until)
}

fn exceptions_disagree(earlier: &[&Limit], later: &Limit) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        Code::ExceptionsDisagree,
        "two exceptions can apply at once and give different limits",
        later.origin,
        "gives another limit",
    );
    // A period on one side alone excludes nothing: the other applies in that time too.
    let outside = earlier.iter().find_map(|earlier| {
        match (earlier.started == Period::default(), later.started == Period::default()) {
            (true, false) => beside(later.started),
            (false, true) => beside(earlier.started),
            _ => None,
        }
    });
    let help = match outside {
        Some(outside) => format!(
            "neither comes before the other; say which clocks the one without a period is for \
             ({outside}), or let a condition tell them apart, with `and not …`"
        ),
        None => "make them exclude each other: with `and not …` in one of them, or with periods \
                 that do not meet"
            .to_owned(),
    };
    earlier.iter().fold(diagnostic.help(help), |diagnostic, limit| {
        diagnostic.label(limit.origin, "can apply at the same time")
    })
}

/// The clocks outside a period, as exceptions say it.
fn beside(period: Period) -> Option<String> {
    let before = period.from.and_then(|from| from.add_days(-1));
    let after = period.until.and_then(|until| until.add_days(1));
    match (before, after) {
        (Some(before), Some(after)) => {
            Some(format!("one exception `started until {before}`, one `started from {after}`"))
        }
        (Some(before), None) => Some(format!("`started until {before}`")),
        (None, Some(after)) => Some(format!("`started from {after}`")),
        (None, None) => None,
    }
}
