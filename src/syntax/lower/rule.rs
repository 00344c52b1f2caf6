//! Reviews, visits, duties, triggers and prohibitions.

use crate::source::{Span, Spanned};

use super::declaration::{dated, head};
use super::window::ordinals;
use super::{Lowering, Seen};
use crate::syntax::ast::{
    Act, Asks, By, Consequence, Duty, Exception, Forbid, Forbidden, MetBy, MidClock, OrReading,
    Review, RuleHead, Strength, Trigger, TriggerOn,
};
use crate::syntax::grammar::{Node, Rule};

impl Lowering {
    /// The head of a rule, before its clauses are read.
    pub(super) fn rule_head(&mut self, node: &Node<'_>) -> Option<RuleHead> {
        Some(RuleHead {
            span: node.span(),
            name: self.name_in(node)?,
            title: self.text_in(node),
            by: None,
            whilst: None,
            tells: Vec::new(),
            cites: Vec::new(),
            in_force: None,
            accepts: Vec::new(),
        })
    }

    /// Reads a clause that any rule can have; nothing where it is none of them.
    pub(super) fn common_clause(
        &mut self,
        head: &mut RuleHead,
        seen: &mut Seen,
        clause: &Node<'_>,
    ) -> Option<()> {
        match clause.rule() {
            Rule::by_clause => {
                let by = Some(self.by(clause));
                self.fill(seen, "by", clause, &mut head.by, by)
            }
            Rule::while_clause => {
                let condition = self.condition_in(clause);
                self.fill(seen, "while", clause, &mut head.whilst, condition)
            }
            Rule::tells_clause => {
                let names = self.names_in(clause);
                self.fill_list(seen, "tells", clause, &mut head.tells, names);
                Some(())
            }
            Rule::cite_clause => {
                head.cites.extend(self.texts(clause));
                Some(())
            }
            Rule::in_force => {
                let period = self.period(clause);
                self.fill(seen, "in force", clause, &mut head.in_force, period)
            }
            Rule::accept_clause => {
                head.accepts.push(self.accept(clause));
                Some(())
            }
            _ => None,
        }
    }

    /// Who acts, and how strongly the source says so.
    pub(super) fn by(&mut self, node: &Node<'_>) -> By {
        By {
            span: node.span(),
            roles: self.names_in(node),
            strength: node.find(Rule::strength).map(|strength| {
                let node = if strength.has(Rule::kw_must) {
                    Strength::Must
                } else if strength.has(Rule::kw_may) {
                    Strength::May
                } else if strength.has(Rule::kw_normally) {
                    Strength::ShouldNormally
                } else {
                    Strength::Should
                };
                Spanned::new(node, strength.span())
            }),
        }
    }

    pub(super) fn review(&mut self, node: &Node<'_>) -> Option<Review> {
        let mut seen = Seen::default();
        let visit = node.has(Rule::kw_visit);
        let mut review = Review {
            head: self.rule_head(node)?,
            visit,
            held_on: None,
            held_over: None,
            adjourned_by: None,
            dated: None,
            planned_by: None,
            restarted_by: Vec::new(),
            suspended: None,
            first: None,
            second: None,
            later: None,
            exceptions: Vec::new(),
            mid_clock: None,
        };
        for clause in node.each(Rule::review_clause) {
            let clause = clause.inner()?;
            let seen = &mut seen;
            match clause.rule() {
                Rule::held_clause => {
                    if self.once(seen, if visit { "made on" } else { "held on" }, clause.span()) {
                        self.held(&clause, &mut review)?;
                    }
                }
                Rule::adjourned_clause => {
                    let name = self.name_in(&clause);
                    self.fill(seen, "adjourned by", &clause, &mut review.adjourned_by, name)?;
                }
                Rule::dated_clause => {
                    let by = match clause.find(Rule::dated) {
                        Some(plain) => Spanned::new(OrReading::Plain(dated(&plain)), plain.span()),
                        None => self.as_reading(&clause)?,
                    };
                    self.fill(seen, "dated by", &clause, &mut review.dated, Some(by))?;
                }
                Rule::planned_clause => {
                    let name = self.name_in(&clause);
                    self.fill(seen, "planned by", &clause, &mut review.planned_by, name)?;
                }
                Rule::restarted_clause => {
                    let events = self.events_in(&clause)?;
                    self.fill_list(seen, "restarted by", &clause, &mut review.restarted_by, events);
                }
                Rule::suspended_clause => {
                    let condition = self.condition_in(&clause);
                    self.fill(seen, "suspended while", &clause, &mut review.suspended, condition)?;
                }
                Rule::first_clause => {
                    let window = self.anchored(&clause);
                    self.fill(seen, "first", &clause, &mut review.first, window)?;
                }
                Rule::second_clause => {
                    let window = self.anchored(&clause);
                    self.fill(seen, "second", &clause, &mut review.second, window)?;
                }
                Rule::later_clause => {
                    let window = self.anchored(&clause);
                    self.fill(seen, "later", &clause, &mut review.later, window)?;
                }
                Rule::except_clause => review.exceptions.push(self.exception(&clause)?),
                Rule::mid_clock_clause => {
                    let kind = mid_clock(&clause);
                    self.fill(seen, "changing mid-clock", &clause, &mut review.mid_clock, kind)?;
                }
                _ => self.common_clause(&mut review.head, seen, &clause)?,
            }
        }
        let (what, head) = (if visit { "the visit" } else { "the review" }, head(node));
        let is_held = review.held_on.is_some() || review.held_over.is_some();
        self.missing(is_held, what, head, if visit { "`made on`" } else { "`held on`" });
        self.missing(review.head.by.is_some(), what, head, "`by`");
        self.missing(review.first.is_some(), what, head, "`first`");
        Some(review)
    }

    /// `held on EVENT, or from EVENT to EVENT`
    fn held(&mut self, node: &Node<'_>, review: &mut Review) -> Option<()> {
        if node.has(Rule::event_match) {
            review.held_on = Some(self.event_in(node)?);
        }
        let over = match node.find(Rule::or_held_over) {
            Some(or) => or.find(Rule::held_over),
            None => node.find(Rule::held_over),
        };
        if let Some(over) = over {
            let mut events = over.each(Rule::event_match);
            let begun = self.event_match(&events.next()?)?;
            let completed = self.event_match(&events.next()?)?;
            review.held_over = Some((begun, completed));
        }
        Some(())
    }

    /// The reading that a clause names.
    pub(super) fn as_reading<T>(&mut self, node: &Node<'_>) -> Option<Spanned<OrReading<T>>> {
        let name = self.name_in(node)?;
        let span = name.span;
        Some(Spanned::new(OrReading::Reading(name), span))
    }

    fn exception(&mut self, node: &Node<'_>) -> Option<Exception> {
        let mut seen = Seen::default();
        let mut exception = Exception {
            span: node.span(),
            ordinals: None,
            test: None,
            whilst: None,
            started: None,
            instead: self.instead(&node.find(Rule::instead)?)?,
        };
        for part in node.each(Rule::except_part) {
            let part = part.inner()?;
            let seen = &mut seen;
            match part.rule() {
                Rule::ordinals => {
                    let which = Some(Spanned::new(ordinals(&part), part.span()));
                    self.fill(seen, "which ones", &part, &mut exception.ordinals, which)?;
                }
                Rule::where_test => {
                    let test = self.condition_in(&part);
                    self.fill(seen, "where", &part, &mut exception.test, test)?;
                }
                Rule::while_clause => {
                    let condition = self.condition_in(&part);
                    self.fill(seen, "while", &part, &mut exception.whilst, condition)?;
                }
                Rule::started => {
                    let period = self.period(&part);
                    self.fill(seen, "started", &part, &mut exception.started, period)?;
                }
                _ => return None,
            }
        }
        Some(exception)
    }

    pub(super) fn duty(&mut self, node: &Node<'_>) -> Option<Duty> {
        let mut seen = Seen::default();
        let mut duty = Duty {
            head: self.rule_head(node)?,
            due: None,
            exceptions: Vec::new(),
            mid_clock: None,
            met_by: None,
            deemed: None,
            again: None,
        };
        for clause in node.each(Rule::duty_clause) {
            let clause = clause.inner()?;
            let seen = &mut seen;
            match clause.rule() {
                Rule::due_clause => {
                    let window = self.anchored(&clause);
                    self.fill(seen, "due", &clause, &mut duty.due, window)?;
                }
                Rule::except_clause => duty.exceptions.push(self.exception(&clause)?),
                Rule::mid_clock_clause => {
                    let kind = mid_clock(&clause);
                    self.fill(seen, "changing mid-clock", &clause, &mut duty.mid_clock, kind)?;
                }
                Rule::met_clause => {
                    let met = Some(self.met_by(&clause, &mut duty.head, seen)?);
                    self.fill(seen, "met by", &clause, &mut duty.met_by, met)?;
                }
                Rule::deemed_clause => {
                    let name = self.name_in(&clause);
                    self.fill(seen, "if not done", &clause, &mut duty.deemed, name)?;
                }
                Rule::again_clause => {
                    let again = match clause.find(Rule::as_reading) {
                        Some(reading) => self.as_reading(&reading)?,
                        None => Spanned::new(OrReading::Plain(()), clause.span()),
                    };
                    self.fill(seen, "again", &clause, &mut duty.again, Some(again))?;
                }
                _ => self.common_clause(&mut duty.head, seen, &clause)?,
            }
        }
        let head = head(node);
        self.missing(duty.head.by.is_some(), "the duty", head, "`by`");
        self.missing(duty.due.is_some(), "the duty", head, "`due`");
        Some(duty)
    }

    /// `met by …`
    ///
    /// `while` on the line of an act belongs to the act. On a line of its own it is a clause of the
    /// duty, though the grammar, which knows no lines, reads it with the last act.
    fn met_by(&mut self, node: &Node<'_>, head: &mut RuleHead, seen: &mut Seen) -> Option<MetBy> {
        let mut span = node.span();
        let mut acts = Vec::new();
        for part in node.parts() {
            let act = match part.rule() {
                Rule::act => part,
                Rule::act_item => {
                    self.bullet(&part);
                    part.find(Rule::act)?
                }
                _ => continue,
            };
            let mut whilst = None;
            if let Some(clause) = act.find(Rule::while_clause) {
                let event = act.find(Rule::event_match)?.span();
                let between = Span::new(event.start, clause.span().start);
                if act.text_at(between).contains('\n') {
                    span = Span::new(span.start, event.end);
                    self.common_clause(head, seen, &clause)?;
                } else {
                    whilst = Some(self.condition_in(&clause)?);
                }
            }
            acts.push(Act { event: self.event_in(&act)?, whilst });
        }
        Some(MetBy { span, all: node.has(Rule::all_of), acts })
    }

    pub(super) fn trigger(&mut self, node: &Node<'_>) -> Option<Trigger> {
        let mut seen = Seen::default();
        let mut trigger =
            Trigger { head: self.rule_head(node)?, on: Vec::new(), asks: None, then: None };
        for clause in node.each(Rule::trigger_clause) {
            let clause = clause.inner()?;
            let seen = &mut seen;
            match clause.rule() {
                Rule::on_clause => {
                    let on = self.trigger_on(&clause)?;
                    self.fill_list(seen, "on", &clause, &mut trigger.on, on);
                }
                Rule::asks_clause => {
                    let names: Vec<_> = clause.each(Rule::name).map(|n| self.name(&n)).collect();
                    let [role, attribute, event] = <[_; 3]>::try_from(names).ok()?;
                    let asks = Asks { span: clause.span(), role, attribute, event };
                    self.fill(seen, "asks", &clause, &mut trigger.asks, Some(asks))?;
                }
                Rule::if_clause | Rule::then_clause => {
                    let then = self.consequence(&clause);
                    self.fill(seen, "if", &clause, &mut trigger.then, then)?;
                }
                _ => self.common_clause(&mut trigger.head, seen, &clause)?,
            }
        }
        self.missing(!trigger.on.is_empty(), "the trigger", head(node), "`on`");
        Some(trigger)
    }

    fn trigger_on(&mut self, node: &Node<'_>) -> Option<Vec<TriggerOn>> {
        let mut on = Vec::new();
        for part in node.parts() {
            let what = match part.rule() {
                Rule::on_what => part,
                Rule::on_item => {
                    self.bullet(&part);
                    part.find(Rule::on_what)?
                }
                _ => continue,
            };
            on.push(match what.find(Rule::overdue_anchor) {
                Some(overdue) => TriggerOn::Overdue(self.name_in(&overdue)?),
                None => TriggerOn::Event(self.event_in(&what)?),
            });
        }
        Some(on)
    }

    fn consequence(&mut self, node: &Node<'_>) -> Option<Consequence> {
        let then = node.find(Rule::consequence)?;
        Some(Consequence {
            span: node.span(),
            attribute: self.name_in(node),
            review: self.name_in(&then)?,
            due: self.anchored(&then)?,
            otherwise: match then.find(Rule::else_window) {
                Some(otherwise) => Some(self.anchored(&otherwise)?),
                None => None,
            },
        })
    }

    pub(super) fn forbid(&mut self, node: &Node<'_>) -> Option<Forbid> {
        let mut seen = Seen::default();
        let mut forbid = Forbid { head: self.rule_head(node)?, what: None, unless: None };
        for clause in node.each(Rule::forbid_clause) {
            let clause = clause.inner()?;
            let seen = &mut seen;
            match clause.rule() {
                Rule::no_clause => {
                    let what = self.forbidden(&clause);
                    self.fill(seen, "no", &clause, &mut forbid.what, what)?;
                }
                Rule::unless_clause => {
                    let condition = self.condition_in(&clause);
                    self.fill(seen, "unless", &clause, &mut forbid.unless, condition)?;
                }
                _ => self.common_clause(&mut forbid.head, seen, &clause)?,
            }
        }
        self.missing(
            forbid.what.is_some(),
            "the prohibition",
            head(node),
            "`no` and what is forbidden",
        );
        Some(forbid)
    }

    fn forbidden(&mut self, node: &Node<'_>) -> Option<Forbidden> {
        let Some(more) = node.find(Rule::no_more_than) else {
            return Some(Forbidden::Never(self.event_in(node)?));
        };
        let most = self.count_in(&more)?;
        let event = self.event_in(&more)?;
        Some(match more.find(Rule::each_review) {
            Some(each) => Forbidden::PerReview { most, event, review: self.name_in(&each)? },
            None => Forbidden::PerPeriod {
                most,
                event,
                length: self.length_in(&more.find(Rule::any_period)?)?,
            },
        })
    }
}

fn mid_clock(node: &Node<'_>) -> Option<Spanned<MidClock>> {
    let words = node.find(Rule::mid_clock)?;
    let kind = if words.has(Rule::kw_change) {
        MidClock::FromTheChange
    } else if words.has(Rule::kw_clock) {
        MidClock::FromTheNextClock
    } else {
        MidClock::FromTheAnchor
    };
    Some(Spanned::new(kind, words.span()))
}
