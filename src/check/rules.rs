//! Rules: what all of them have, duties and prohibitions.

use super::Checker;
use super::anchors::{Place, Side};
use super::conditions::Scene;
use super::names::{Kind, RuleDeclaration, Symbol};
use super::policies::{cites, title};
use super::windows::RawAnchor;
use crate::diagnostic::{Code, Diagnostic};
use crate::policy::{
    Act, Anchor, Body, Condition, Duty, EventId, Forbid, Forbidden, Limit, MidClock, Moved,
    Ordinals, Period, RoleId, Rule, RuleId, Strength, Window,
};
use crate::source::Span;
use crate::syntax::ast::{self, OrReading};

impl<'a> Checker<'a> {
    /// Compiles every rule.
    pub(super) fn compile_rules(&mut self) -> Vec<Option<Rule>> {
        let rules = self.names.rules.clone();
        let compiled = rules
            .into_iter()
            .enumerate()
            .map(|(index, rule)| {
                self.scope = Some(rule.head().name.node.as_str());
                self.compile_rule(RuleId(index as u16), rule)
            })
            .collect();
        self.scope = None;
        compiled
    }

    fn compile_rule(&mut self, id: RuleId, declaration: RuleDeclaration<'a>) -> Option<Rule> {
        let head = declaration.head();
        let ((parts, body), readings) = self.noting(|checker| {
            let by = checker.owners(declaration);
            let tells = checker.roles(&head.tells);
            let in_force = checker.period(head.in_force.as_ref());
            let while_ = checker.optional_day(head.whilst.as_ref());
            let body = match declaration {
                RuleDeclaration::Review(rule) => {
                    checker.series(rule, while_.as_ref()).map(Body::Series)
                }
                RuleDeclaration::Duty(rule) => checker.duty(rule, while_.as_ref()).map(Body::Duty),
                RuleDeclaration::Trigger(rule) => checker.trigger(rule).map(Body::Trigger),
                RuleDeclaration::Forbid(rule) => checker.forbid(rule).map(Body::Forbid),
                RuleDeclaration::Ladder(rule) => checker.ladder(id, rule).map(Body::Ladder),
            };
            ((by, tells, in_force, while_), body)
        });
        let (by, tells, in_force, while_) = parts;
        let (owners, strength) = by?;
        Some(Rule {
            name: head.name.node.clone(),
            title: title(head.title.as_ref(), &head.name),
            owners,
            strength,
            cites: cites(&head.cites),
            tells,
            in_force: in_force?,
            while_: while_?,
            readings,
            body: body?,
            origin: head.span,
        })
    }

    fn owners(&mut self, declaration: RuleDeclaration<'a>) -> Option<(Vec<RoleId>, Strength)> {
        let head = declaration.head();
        let Some(by) = &head.by else {
            // The parser misses the clause in the others.
            if matches!(declaration.kind(), Kind::Trigger | Kind::Forbid) {
                let help = "add `by ROLE must` (or `should`, `should normally`, `may`)";
                self.lacks(declaration.kind(), &head.name, "by", help);
            }
            return None;
        };
        self.by(by)
    }

    /// Who acts, and how strongly the source says so.
    pub(super) fn by(&mut self, by: &'a ast::By) -> Option<(Vec<RoleId>, Strength)> {
        let roles = self.roles(&by.roles);
        let Some(strength) = &by.strength else {
            self.report(strength_missing(by.span));
            return None;
        };
        let strength = match strength.node {
            ast::Strength::Must => Strength::Must,
            ast::Strength::Should => Strength::Should,
            ast::Strength::ShouldNormally => Strength::ShouldNormally,
            ast::Strength::May => Strength::May,
        };
        Some((roles, strength))
    }

    /// Compiles a duty.
    fn duty(&mut self, duty: &'a ast::Duty, while_: Option<&Option<Condition>>) -> Option<Duty> {
        let limit = self.duty_limit(duty, while_);
        let acts = self.acts(duty.met_by.as_ref());
        let deemed = match &duty.deemed {
            Some(name) => self.event(name).map(Some),
            None => Some(None),
        };
        let moved = self.moved(duty, limit.as_ref().map(|(anchor, first)| (anchor, first)));
        let Some((anchor, first)) = limit else {
            self.exceptions(&duty.exceptions, &Place::Unknown, None);
            return None;
        };
        let side = Side::of(&first.shape);
        let place = Place::Duty { anchor: &anchor, side };
        let events = self.events_of(&anchor);
        let exceptions = self.exceptions(&duty.exceptions, &place, Some(&events));
        let mut limits = vec![plain_limit(Ordinals::EACH, first, duty.due.as_ref())];
        limits.extend(exceptions?);
        let mid_clock =
            self.mid_clock(&duty.head, duty.mid_clock.as_ref(), &limits, side == Side::After);
        Some(Duty {
            anchor,
            limits,
            mid_clock: mid_clock?,
            acts: acts?,
            all: duty.met_by.as_ref().is_some_and(|met| met.all),
            deemed: deemed?,
            moved: moved?,
        })
    }

    /// The limit of a duty and what it counts from.
    fn duty_limit(
        &mut self,
        duty: &'a ast::Duty,
        while_: Option<&Option<Condition>>,
    ) -> Option<(Anchor, Window)> {
        let raw = self.window(duty.due.as_ref()?)?;
        let anchor = self.duty_anchor(&raw, while_)?;
        self.shape_fits(&raw, &anchor)?;
        let window = Window { shape: raw.shape, readings: raw.readings };
        Some((anchor, window))
    }

    fn acts(&mut self, met_by: Option<&'a ast::MetBy>) -> Option<Vec<Act>> {
        let acts: Vec<_> = met_by
            .iter()
            .flat_map(|met| &met.acts)
            .map(|act| {
                let event = self.event_match(&act.event);
                let condition = self.optional_day(act.whilst.as_ref());
                Some(Act { event: event?, condition: condition? })
            })
            .collect();
        acts.into_iter().collect()
    }

    /// `again if the review moves later`, which only preparation for a review can have.
    fn moved(&mut self, duty: &'a ast::Duty, limit: Option<(&Anchor, &Window)>) -> Option<Moved> {
        let Some(again) = &duty.again else {
            return Some(Moved::Stands);
        };
        let fits = limit.is_none_or(|(anchor, window)| {
            matches!(anchor, Anchor::Review { .. }) && Side::of(&window.shape) != Side::After
        });
        if !fits {
            self.report(nothing_moves(again.span));
            return None;
        }
        match &again.node {
            OrReading::Plain(()) => Some(Moved::Again),
            OrReading::Reading(name) => match self.yes_no_reading(name)? {
                (_, true) => Some(Moved::Again),
                (_, false) => Some(Moved::Stands),
            },
        }
    }

    /// The events of which a `where` in an exception speaks.
    fn events_of(&self, anchor: &Anchor) -> Vec<EventId> {
        match anchor {
            Anchor::Events(matches) => matches.iter().map(|found| found.event).collect(),
            Anchor::Review { series, .. } => self.review_events(*series),
            Anchor::Birthday(_) | Anchor::StateStart(_) | Anchor::Overdue(_) => Vec::new(),
        }
    }

    /// What a limit that changes while its clock runs does; it must be said where one can.
    pub(super) fn mid_clock(
        &mut self,
        head: &ast::RuleHead,
        said: Option<&crate::source::Spanned<ast::MidClock>>,
        limits: &[Limit],
        runs: bool,
    ) -> Option<MidClock> {
        let changing = limits
            .iter()
            .find(|limit| limit.condition.as_ref().is_some_and(super::exceptions::can_change));
        let Some(changing) = changing.filter(|_| runs) else {
            return Some(MidClock::NeverChanges);
        };
        match said.map(|said| said.node) {
            Some(ast::MidClock::FromTheAnchor) => Some(MidClock::FromTheAnchor),
            Some(ast::MidClock::FromTheChange) => Some(MidClock::FromTheChange),
            Some(ast::MidClock::FromTheNextClock) => Some(MidClock::FromTheNextClock),
            None => {
                self.report(mid_clock_unsaid(head, changing.origin));
                None
            }
        }
    }

    /// Compiles a prohibition.
    fn forbid(&mut self, forbid: &'a ast::Forbid) -> Option<Forbid> {
        let what = self.forbidden(forbid.what.as_ref()?);
        let (event, series) = match &what {
            Some(Forbidden::Never(found) | Forbidden::PerPeriod { event: found, .. }) => {
                (Some(found.event), None)
            }
            Some(Forbidden::PerReview { event, series, .. }) => (Some(event.event), Some(*series)),
            None => (None, None),
        };
        let unless = match &forbid.unless {
            Some(condition) => {
                let scene = Scene {
                    events: event.into_iter().collect(),
                    day: true,
                    series: series.or_else(|| self.series_planned_by(event?)),
                };
                // Without its event nothing can be said about the excuse.
                event?;
                self.condition(condition, &scene).map(Some)
            }
            None => Some(None),
        };
        Some(Forbid { what: what?, unless: unless? })
    }

    fn forbidden(&mut self, what: &'a ast::Forbidden) -> Option<Forbidden> {
        match what {
            ast::Forbidden::Never(found) => Some(Forbidden::Never(self.event_match(found)?)),
            ast::Forbidden::PerReview { most, event, review } => {
                let (event, series) = (self.event_match(event), self.rule(review, &[Kind::Review]));
                Some(Forbidden::PerReview {
                    most: u16::try_from(most.node).unwrap_or(u16::MAX),
                    event: event?,
                    series: series?,
                })
            }
            ast::Forbidden::PerPeriod { most, event, length } => {
                let event = self.event_match(event);
                let length = self.fixed(length, most.span);
                Some(Forbidden::PerPeriod {
                    most: u16::try_from(most.node).unwrap_or(u16::MAX),
                    event: event?,
                    length: length?,
                })
            }
        }
    }

    /// The series whose next review an event plans; else the only series of which any event does;
    /// else the only series there is.
    fn series_planned_by(&self, event: EventId) -> Option<RuleId> {
        let reviews: Vec<_> = self
            .names
            .rules
            .iter()
            .enumerate()
            .filter_map(|(index, rule)| match rule {
                RuleDeclaration::Review(review) => Some((RuleId(index as u16), *review)),
                _ => None,
            })
            .collect();
        let planned: Vec<_> = reviews
            .iter()
            .filter(|(_, review)| {
                review
                    .planned_by
                    .as_ref()
                    .is_some_and(|name| self.names.find(&name.node) == Some(Symbol::Event(event)))
            })
            .collect();
        let foreseen: Vec<_> =
            reviews.iter().filter(|(_, review)| review.planned_by.is_some()).collect();
        match (planned.as_slice(), foreseen.as_slice(), reviews.as_slice()) {
            ([(only, _)], ..) | ([], [(only, _)], _) | ([], [], [(only, _)]) => Some(*only),
            _ => None,
        }
    }
}

/// The limit that holds where no exception does.
pub(super) fn plain_limit(
    ordinals: Ordinals,
    window: Window,
    written: Option<&ast::Window>,
) -> Limit {
    Limit {
        exception: false,
        ordinals,
        test: None,
        condition: None,
        started: Period::default(),
        window: Some(window),
        origin: written.map(|window| window.span).unwrap_or_default(),
    }
}

/// The single state that a condition is, if it is one.
pub(super) fn only_state(condition: Option<&Option<Condition>>) -> Option<RawAnchor> {
    match condition {
        Some(Some(Condition::State(state))) => Some(RawAnchor::StateStart(*state)),
        _ => None,
    }
}

fn strength_missing(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::StrengthMissing,
        "it is not said how strongly they are bound",
        span,
        "must, should, should normally, or may?",
    )
    .help("add the source's own word: `must`, `should`, `should normally` or `may`")
}

fn nothing_moves(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::ClauseOutOfPlace,
        "no review can move under a duty that does not prepare for one",
        span,
        "only for duties before or between reviews",
    )
    .help("remove the clause")
}

fn mid_clock_unsaid(head: &ast::RuleHead, exception: Span) -> Diagnostic {
    Diagnostic::new(
        Code::MidClockUnsaid,
        format!(
            "`{}` does not say what a change of limit does to a clock that runs",
            head.name.node
        ),
        exception,
        "this can begin or end while the clock runs",
    )
    .label(head.name.span, "needs `changing mid-clock`")
    .help(
        "add `changing mid-clock from the anchor`: the new limit counts from where the clock began",
    )
    .help("or `from the change`: it counts from the day of the change, no later than the old date")
    .help("or `from the next clock`: the running clock keeps its limit")
}
