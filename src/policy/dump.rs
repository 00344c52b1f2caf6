//! A stable text form of a compiled policy, for tests.

use std::fmt::Write as _;

use super::{
    Anchor, Body, Duty, EventId, EventMatch, ExitTo, Forbid, Forbidden, Ladder, Limit, Policy,
    Rule, Series, StateKind, Trigger, TriggerOn,
};

impl Policy {
    /// Writes what was compiled, a line for each thing that has a meaning.
    pub fn dump(&self) -> String {
        let mut dump = Dump { policy: self, out: String::new() };
        dump.header();
        self.rules.iter().for_each(|rule| dump.rule(rule));
        dump.out
    }
}

struct Dump<'a> {
    policy: &'a Policy,
    out: String,
}

impl Dump<'_> {
    /// Adds a line. Writing to a string cannot fail.
    fn line(&mut self, text: impl AsRef<str>) {
        let _ = writeln!(self.out, "{}", text.as_ref().trim_end());
    }

    fn header(&mut self) {
        let policy = self.policy;
        let header = &policy.header;
        self.line(format!("policy {} {}", header.name, header.in_force.words()));
        for reading in &policy.readings {
            let switched = if reading.switched { " (switched)" } else { "" };
            let others = reading.others.join(" | ");
            self.line(format!("reading {}: {}{switched} | {others}", reading.name, reading.chosen));
        }
        for state in &policy.states {
            let unknown = if state.unknown_before { "not known" } else { "no" };
            let known = match &state.kind {
                StateKind::Events { from, until } => {
                    format!("from {} until {}", self.events(from), self.events(until))
                }
                StateKind::While(condition) => {
                    format!("while {}", policy.condition_words(condition, None))
                }
            };
            self.line(format!("state {}: {known}; before {unknown}", state.name));
        }
        let order: Vec<_> = policy.order.iter().map(|id| policy.rule(*id).name.as_str()).collect();
        self.line(format!("order {}", order.join(", ")));
        for accepted in &policy.acceptances {
            let (holder, code, reason) = (&accepted.holder, accepted.code, &accepted.reason);
            self.line(format!("accept {}: {} because {reason}", holder, code.name()));
        }
    }

    fn events(&self, matches: &[EventMatch]) -> String {
        let words: Vec<_> = matches.iter().map(|found| self.policy.event_words(found)).collect();
        words.join(" or ")
    }

    fn rule(&mut self, rule: &Rule) {
        let policy = self.policy;
        let owners: Vec<_> = rule.owners.iter().map(|id| policy.role(*id).name.as_str()).collect();
        let names = |ids: &[super::ReadingId]| {
            let names: Vec<_> = ids.iter().map(|id| policy.reading(*id).name.as_str()).collect();
            names.join(", ")
        };
        self.line(format!(
            "{} {}: {} {} {}",
            rule.body.noun(),
            rule.name,
            owners.join(", "),
            rule.strength.words(),
            rule.in_force.words()
        ));
        if let Some(condition) = &rule.while_ {
            self.line(format!("  while {}", policy.condition_words(condition, None)));
        }
        if !rule.readings.is_empty() {
            self.line(format!("  readings {}", names(&rule.readings)));
        }
        match &rule.body {
            Body::Series(series) => self.series(series),
            Body::Duty(duty) => self.duty(duty),
            Body::Trigger(trigger) => self.trigger(trigger),
            Body::Forbid(forbid) => self.forbid(forbid),
            Body::Ladder(ladder) => self.ladder(ladder),
        }
    }

    fn limits(&mut self, limits: &[Limit], anchor: &str, event: Option<EventId>) {
        let policy = self.policy;
        for limit in limits {
            let kind = if limit.exception { "except" } else { "limit" };
            let window = limit.window.as_ref().map_or("does not apply".to_owned(), |window| {
                policy.window_words(window, anchor, event)
            });
            let test = limit.test.as_ref();
            let test = test.map(|test| format!(", where {}", policy.condition_words(test, event)));
            let condition = limit.condition.as_ref();
            let condition = condition
                .map(|condition| format!(", while {}", policy.condition_words(condition, None)));
            let started = (limit.started != super::Period::default())
                .then(|| format!(", started {}", limit.started.words()));
            let conditions: String = [test, condition, started].into_iter().flatten().collect();
            let readings: Vec<_> = limit
                .window
                .iter()
                .flat_map(|window| &window.readings)
                .map(|id| format!(" [{}]", policy.reading(*id).name))
                .collect();
            let ordinals = limit.ordinals.words();
            self.line(format!("  {kind} {ordinals}{conditions}: {window}{}", readings.concat()));
        }
    }

    fn series(&mut self, series: &Series) {
        let event = |found: &Option<EventMatch>| {
            found.as_ref().map_or("-".to_owned(), |found| self.policy.event_words(found))
        };
        let text = format!(
            "  held {}, begun {}, completed {}, dated {:?}, mid-clock {:?}",
            event(&series.held_on),
            event(&series.begun_on),
            event(&series.completed_on),
            series.dated,
            series.mid_clock
        );
        let start = event(&series.start);
        let restarted = self.events(&series.restarted_by);
        self.line(text);
        self.line(format!("  starts {start}, restarts {restarted}"));
        if let Some(condition) = &series.suspended {
            let words = self.policy.condition_words(condition, None);
            self.line(format!("  suspended while {words}"));
        }
        self.limits(&series.limits, "A", series.start.as_ref().map(|found| found.event));
    }

    fn duty(&mut self, duty: &Duty) {
        let policy = self.policy;
        let anchor = policy.anchor_words(&duty.anchor);
        let event = match &duty.anchor {
            Anchor::Events(matches) => matches.first().map(|found| found.event),
            Anchor::Review { .. }
            | Anchor::Birthday(_)
            | Anchor::StateStart(_)
            | Anchor::Overdue(_) => None,
        };
        self.limits(&duty.limits, &anchor, event);
        let acts: Vec<_> = duty
            .acts
            .iter()
            .map(|act| {
                let event = policy.event_words(&act.event);
                match &act.condition {
                    Some(condition) => {
                        format!("{event} while {}", policy.condition_words(condition, None))
                    }
                    None => event,
                }
            })
            .collect();
        let all = if duty.all { "all of" } else { "any of" };
        self.line(format!("  met by {all} {}", acts.join("; ")));
        if let Some(event) = duty.deemed {
            self.line(format!("  deems {}", policy.event(event).name));
        }
        self.line(format!("  mid-clock {:?}, moved {:?}", duty.mid_clock, duty.moved));
    }

    fn trigger(&mut self, trigger: &Trigger) {
        let policy = self.policy;
        for on in &trigger.on {
            self.line(match on {
                TriggerOn::Event(found) => format!("  on {}", policy.event_words(found)),
                TriggerOn::Overdue(rule) => format!("  on overdue {}", policy.rule(*rule).name),
            });
        }
        if let Some(judgement) = &trigger.judgement {
            self.line(format!(
                "  asks {} by {}",
                policy.role(judgement.role).name,
                policy.event(judgement.event).name
            ));
        }
        if let Some((series, window, otherwise)) = &trigger.brings_forward {
            let event = trigger.judgement.map(|judgement| judgement.event);
            let words = policy.window_words(window, "A", event);
            let otherwise = otherwise
                .as_ref()
                .map(|window| format!(", else {}", policy.window_words(window, "A", event)));
            let series = &policy.rule(*series).name;
            self.line(format!("  then {series} {words}{}", otherwise.unwrap_or_default()));
        }
    }

    fn forbid(&mut self, forbid: &Forbid) {
        let policy = self.policy;
        let (event, text) = match &forbid.what {
            Forbidden::Never(found) => (found.event, format!("no {}", policy.event_words(found))),
            Forbidden::PerReview { most, event, series } => (
                event.event,
                format!(
                    "at most {most} {} in each {}",
                    policy.event_words(event),
                    policy.rule(*series).name
                ),
            ),
            Forbidden::PerPeriod { most, event, length } => (
                event.event,
                format!("at most {most} {} in any {length}", policy.event_words(event)),
            ),
        };
        self.line(format!("  {text}"));
        if let Some(condition) = &forbid.unless {
            self.line(format!("  unless {}", policy.condition_words(condition, Some(event))));
        }
    }

    fn ladder(&mut self, ladder: &Ladder) {
        let policy = self.policy;
        let opener = Some(ladder.opened_by);
        self.line(format!(
            "  opened by {}, enters {:?}, in time when {:?}",
            policy.event(ladder.opened_by).name,
            ladder.enters_at,
            ladder.in_time_when
        ));
        if let Some(cap) = &ladder.cap {
            let up = if cap.or_above { " up" } else { "" };
            let anchor = format!("stage {}{up}", cap.stage);
            self.line(format!("  cap {}", policy.window_words(&cap.window, &anchor, opener)));
        }
        for opens in &ladder.opens_on {
            let event = policy.event_words(&opens.event);
            self.line(format!("  opens at stage {} on {event}", opens.stage));
        }
        for stage in &ladder.stages {
            let limit = stage
                .limit
                .as_ref()
                .map_or("no limit".to_owned(), |limit| policy.window_words(limit, "A", opener));
            self.line(format!("  stage {}: {limit}, grounds {:?}", stage.number, stage.grounds));
            for exit in &stage.exits {
                let leads = match exit.leads {
                    ExitTo::Stage(number) => format!("stage {number}"),
                    ExitTo::Ends => "ends".to_owned(),
                    ExitTo::Outside => "outside".to_owned(),
                };
                self.line(format!("    {:?} {}: {leads}", exit.outcome, exit.strength.words()));
            }
        }
    }
}

impl Body {
    /// What kind of rule it is, in one word.
    pub const fn noun(&self) -> &'static str {
        match self {
            Self::Series(series) => series.noun,
            Self::Duty(_) => "duty",
            Self::Trigger(_) => "trigger",
            Self::Forbid(_) => "prohibition",
            Self::Ladder(_) => "ladder",
        }
    }
}
