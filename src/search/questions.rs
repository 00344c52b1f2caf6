//! What nobody recorded, who could say, and what each answer would change.
//!
//! Each possible answer is written into the case, and the case is evaluated with it. Of a number only the
//! values with which the policy compares it matter, and those between; of a date every day is tried, and
//! days on which everything stands the same are one answer.

use super::case::{Move, Trial, moves, with};
use super::tests_of::{ages, compared, looked_up, passing};
use crate::calendar::Date;
use crate::eval::{
    Fact, FactId, Matching, Outcome, Question, Reason, Status, Timeline, Verdict, evaluate_with,
};
use crate::policy::{
    AttributeId, AttributeKind, Body, Condition, EventId, Forbidden, Policy, RoleId, RuleId,
    StateId, StateKind, Value,
};

/// Something nobody recorded on which a deadline or a prohibition turns.
#[derive(Debug, Clone)]
pub struct Asked {
    /// What is asked.
    pub question: Question,
    /// Who is to judge it, where the policy makes it somebody's judgement.
    pub judge: Option<RoleId>,
    /// Who owes what turns on it.
    pub owners: Vec<RoleId>,
    /// The deadlines that name it, as places in the outcome.
    pub deadlines: Vec<usize>,
    /// The prohibitions that name it, as places among the findings of the outcome.
    pub findings: Vec<usize>,
    /// The series of which a review was held while no clock ran, as the event that starts it is not recorded.
    pub unstarted: Vec<RuleId>,
    /// Each possible answer. None where nothing that could be recorded is known to answer it.
    pub answers: Vec<Possible>,
}

impl Asked {
    /// The rules of which a deadline or a prohibition turns on it.
    pub fn rules<'a>(&'a self, outcome: &'a Outcome) -> impl Iterator<Item = RuleId> + 'a {
        let deadlines = self.deadlines.iter().filter_map(|&at| outcome.deadlines.get(at));
        let findings = self.findings.iter().filter_map(|&at| outcome.findings.get(at));
        let named = deadlines.map(|row| row.rule).chain(findings.map(|finding| finding.rule));
        named.chain(self.unstarted.iter().copied())
    }
}

/// One possible answer.
#[derive(Debug, Clone)]
pub struct Possible {
    /// The answer in words, such as `more than 35`.
    pub words: String,
    /// Whether it stands for several values that give other dates but the same standing.
    pub several: bool,
    /// The case with this answer, or with one of those it stands for.
    pub trial: Trial,
    /// The deadlines it changes.
    pub moves: Vec<Move>,
    /// The prohibitions on which it decides otherwise: which, and what they come to.
    pub verdicts: Vec<(RuleId, Verdict)>,
}

/// Lists what nobody recorded on which an answer of the outcome turns, each question once, and tries
/// every answer to it.
pub fn questions(
    policy: &Policy,
    timeline: &Timeline,
    outcome: &Outcome,
    matching: Matching,
) -> Vec<Asked> {
    let case = Asker { policy, timeline, outcome, matching };
    let mut asked: Vec<Asked> = Vec::new();
    for (place, row) in outcome.deadlines.iter().enumerate() {
        for question in row.reasons.iter().filter_map(question_of) {
            let known = case.entry(&mut asked, question);
            known.deadlines.extend((known.deadlines.last() != Some(&place)).then_some(place));
            let (owners, _) = policy.owners_of(row.rule, row.part);
            add(&mut known.owners, &owners);
        }
    }
    for (place, finding) in outcome.findings.iter().enumerate() {
        for question in &finding.questions {
            let known = case.entry(&mut asked, question.clone());
            known.findings.extend((known.findings.last() != Some(&place)).then_some(place));
            add(&mut known.owners, &policy.rule(finding.rule).owners);
        }
    }
    for one in &outcome.unclocked {
        let Some(question) = one.start.clone() else { continue };
        let known = case.entry(&mut asked, question);
        known.unstarted.push(one.rule);
        add(&mut known.owners, &policy.rule(one.rule).owners);
    }
    asked
}

fn question_of(reason: &Reason) -> Option<Question> {
    match reason {
        Reason::NotRecorded(question) => Some(question.clone()),
        Reason::OrderNotRecorded(one, other) => Some(Question::Order(*one, *other)),
        _ => None,
    }
}

fn add(roles: &mut Vec<RoleId>, more: &[RoleId]) {
    for role in more {
        if !roles.contains(role) {
            roles.push(*role);
        }
    }
}

/// The role whose judgement a question asks for, where the policy makes it somebody's.
pub fn judge_of(policy: &Policy, timeline: &Timeline, question: &Question) -> Option<RoleId> {
    let Question::Attribute(fact, attribute) = question else {
        return None;
    };
    let event = timeline.fact(*fact)?.event;
    policy.rules.iter().find_map(|rule| match &rule.body {
        Body::Trigger(trigger) => trigger
            .judgement
            .filter(|asked| (asked.event, asked.attribute) == (event, *attribute))
            .map(|asked| asked.role),
        Body::Forbid(forbid) => {
            let (Forbidden::Never(act)
            | Forbidden::PerReview { event: act, .. }
            | Forbidden::PerPeriod { event: act, .. }) = &forbid.what;
            let unless = forbid.unless.as_ref().filter(|_| act.event == event)?;
            judge_in(unless, *attribute)
        }
        Body::Series(_) | Body::Duty(_) | Body::Ladder(_) => None,
    })
}

/// The role to whose judgement a condition leaves an attribute.
fn judge_in(condition: &Condition, attribute: AttributeId) -> Option<RoleId> {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => {
            parts.iter().find_map(|part| judge_in(part, attribute))
        }
        Condition::Not(part) => judge_in(part, attribute),
        Condition::Judged { role, attribute: judged } => (*judged == attribute).then_some(*role),
        Condition::Reading(..)
        | Condition::State(_)
        | Condition::HeldFor { .. }
        | Condition::Latest { .. }
        | Condition::Recorded(_)
        | Condition::HeldSince { .. }
        | Condition::Age { .. }
        | Condition::Attribute(_)
        | Condition::ByLatestLawful { .. } => None,
    }
}

/// The case about which is asked.
struct Asker<'a> {
    policy: &'a Policy,
    timeline: &'a Timeline,
    outcome: &'a Outcome,
    matching: Matching,
}

/// An answer that is to be tried: its words, and the case with it.
struct Try {
    words: String,
    several: bool,
    timeline: Timeline,
}

impl Asker<'_> {
    /// The entry of a question, made with its answers if it is new.
    fn entry<'b>(&self, asked: &'b mut Vec<Asked>, question: Question) -> &'b mut Asked {
        let place = asked.iter().position(|known| known.question == question);
        let place = place.unwrap_or_else(|| {
            asked.push(Asked {
                judge: judge_of(self.policy, self.timeline, &question),
                owners: Vec::new(),
                deadlines: Vec::new(),
                findings: Vec::new(),
                unstarted: Vec::new(),
                answers: self.answers(&question),
                question,
            });
            asked.len() - 1
        });
        #[expect(clippy::indexing_slicing, reason = "the place was found or made just now")]
        &mut asked[place]
    }

    fn answers(&self, question: &Question) -> Vec<Possible> {
        let tries = match question {
            Question::Attribute(fact, attribute) => return self.values(*fact, *attribute),
            Question::Event(event, day) => self.recorded(*event, *day),
            Question::State(state, day) => self.held(*state, *day),
            Question::Born => self.born(),
            Question::Order(one, other) => self.orders(*one, *other),
        };
        tries.into_iter().map(|one| self.tried(one)).collect()
    }

    fn tried(&self, one: Try) -> Possible {
        let outcome = evaluate_with(self.policy, &one.timeline, self.outcome.as_of, self.matching);
        let moved = moves(self.outcome, &outcome);
        let verdicts = outcome
            .findings
            .iter()
            .filter(|finding| {
                let same = self.outcome.findings.iter();
                let same = same.filter(|other| other.rule == finding.rule);
                !same.map(|other| other.verdict).any(|verdict| verdict == finding.verdict)
            })
            .map(|finding| (finding.rule, finding.verdict))
            .collect();
        let trial = Trial { timeline: one.timeline, outcome };
        Possible { words: one.words, several: one.several, trial, moves: moved, verdicts }
    }

    /// The case with a value put into a fact.
    fn put(&self, fact: FactId, attribute: AttributeId, value: Value) -> Timeline {
        let mut facts = self.timeline.facts().to_vec();
        let place = facts.get_mut(fact.0 as usize);
        if let Some(slot) = place.and_then(|fact| fact.values.get_mut(attribute.index())) {
            *slot = Some(value);
        }
        Timeline::new(self.timeline.case.clone(), facts).0
    }

    /// The values that an attribute of a fact can have.
    fn values(&self, id: FactId, attribute: AttributeId) -> Vec<Possible> {
        let Some(fact) = self.timeline.fact(id) else {
            return Vec::new();
        };
        let one = |words: String, value: Value| Try {
            words,
            several: false,
            timeline: self.put(id, attribute, value),
        };
        match &self.policy.attribute(fact.event, attribute).kind {
            AttributeKind::YesNo => [(true, "yes"), (false, "no")]
                .map(|(yes, words)| self.tried(one(words.to_owned(), Value::YesNo(yes))))
                .into(),
            AttributeKind::OneOf(words) => {
                let tries = (0u16..).zip(words);
                let each =
                    tries.map(|(place, word)| self.tried(one(word.clone(), Value::Word(place))));
                together(each.collect())
            }
            AttributeKind::Number => self.numbers(&one, fact.event, attribute),
            AttributeKind::Date => self.dates(&one, fact.date),
            // No rule looks into a text.
            AttributeKind::Text => Vec::new(),
        }
    }

    /// Each number with which the policy compares, and those before, between and after; what comes to the
    /// same is one answer.
    fn numbers(
        &self,
        one: &dyn Fn(String, Value) -> Try,
        event: EventId,
        attribute: AttributeId,
    ) -> Vec<Possible> {
        /// A thousandth is the smallest step, so half of the way between two is a value of its own.
        const STEP: i64 = 1;
        let bounds: Vec<i64> = compared(self.policy, event, attribute)
            .into_iter()
            .filter_map(|value| if let Value::Number(number) = value { Some(number) } else { None })
            .collect();
        let mut ranges: Vec<Range> = Vec::new();
        let mut below = None;
        for &bound in &bounds {
            if below.map_or(bound > 0, |below| below + STEP < bound) {
                let from = below.map(|below| (below, false));
                ranges.push(Range { from, to: Some((bound, false)), value: bound - STEP });
            }
            let own = Some((bound, true));
            ranges.push(Range { from: own, to: own, value: bound });
            below = Some(bound);
        }
        let from = below.map(|below| (below, false));
        ranges.push(Range { from, to: None, value: below.unwrap_or_default() + STEP });
        let mut kept: Vec<(Range, Possible)> = Vec::new();
        for range in ranges {
            let tried = self.tried(one(String::new(), Value::Number(range.value)));
            match kept.last_mut().filter(|(_, last)| alike(last, &tried)) {
                Some((last, _)) => last.to = range.to,
                None => kept.push((range, tried)),
            }
        }
        kept.into_iter()
            .map(|(range, possible)| Possible { words: range.words(), ..possible })
            .collect()
    }

    /// Every day from a month before to a year after; days on which all stands the same are one answer.
    fn dates(&self, one: &dyn Fn(String, Value) -> Try, from: Date) -> Vec<Possible> {
        let until = self.outcome.as_of.max(from);
        let (Some(first), Some(last)) = (from.add_days(-31), until.add_days(366)) else {
            return Vec::new();
        };
        let days = (0..=first.days_until(last)).filter_map(|days| first.add_days(days));
        let mut kept: Vec<(Date, Date, Possible)> = Vec::new();
        for day in days {
            let tried = self.tried(one(String::new(), Value::Date(day)));
            match kept.last_mut().filter(|(.., known)| standing(known) == standing(&tried)) {
                Some((_, until, known)) => {
                    *until = day;
                    known.several = true;
                }
                None => kept.push((day, day, tried)),
            }
        }
        kept.into_iter()
            .map(|(from, until, possible)| {
                let words = match (from == first, until == last) {
                    (true, true) => "any date".to_owned(),
                    (true, false) => format!("{} or earlier", until.long()),
                    (false, true) => format!("{} or later", from.long()),
                    (false, false) if from == until => from.long().to_string(),
                    (false, false) => format!("{} to {}", from.long(), until.long()),
                };
                Possible { words, ..possible }
            })
            .collect()
    }

    /// The event recorded on the day, with each value that the policy looks up.
    fn recorded(&self, event: EventId, day: Date) -> Vec<Try> {
        let mut tries = Vec::new();
        for attribute in looked_up(self.policy, event) {
            let declared = self.policy.attribute(event, attribute);
            for value in self.samples(event, attribute) {
                let words = self.policy.value_words(event, attribute, &value);
                tries.push(Try {
                    words: format!("recorded, with {} {words}", declared.name),
                    several: false,
                    timeline: self.with_event(event, day, &[(attribute, value)]),
                });
            }
        }
        tries
    }

    /// Values of an attribute on both sides of everything the policy compares it with.
    fn samples(&self, event: EventId, attribute: AttributeId) -> Vec<Value> {
        let bounds = compared(self.policy, event, attribute);
        let mut values: Vec<Value> = match &self.policy.attribute(event, attribute).kind {
            AttributeKind::YesNo => vec![Value::YesNo(true), Value::YesNo(false)],
            AttributeKind::OneOf(words) => (0..words.len() as u16).map(Value::Word).collect(),
            AttributeKind::Number => bounds
                .into_iter()
                .filter_map(|bound| match bound {
                    Value::Number(number) => Some([number, number + 1000]),
                    _ => None,
                })
                .flatten()
                .map(Value::Number)
                .collect(),
            AttributeKind::Date | AttributeKind::Text => Vec::new(),
        };
        values.dedup();
        values
    }

    fn with_event(&self, event: EventId, date: Date, known: &[(AttributeId, Value)]) -> Timeline {
        let mut fact = Fact::bare(self.policy, event, date);
        for (attribute, value) in known {
            if let Some(slot) = fact.values.get_mut(attribute.index()) {
                *slot = Some(value.clone());
            }
        }
        with(self.timeline, &[fact])
    }

    /// A state that held on the day, or did not: its first way in on that day, its first way out on the
    /// day before.
    fn held(&self, state: StateId, day: Date) -> Vec<Try> {
        let StateKind::Events { from, until } = &self.policy.state(state).kind else {
            return Vec::new();
        };
        let mut tries = Vec::new();
        let ends = [("yes", from.first(), Some(day)), ("no", until.first(), day.add_days(-1))];
        for (words, found, date) in ends {
            if let (Some(found), Some(date)) = (found, date) {
                let known = found.test.as_ref().map(passing).unwrap_or_default();
                let title = &self.policy.event(found.event).title;
                tries.push(Try {
                    words: format!("{words} (“{title}” by {})", date.long()),
                    several: false,
                    timeline: self.with_event(found.event, date, &known),
                });
            }
        }
        tries
    }

    /// An age between each two of which the policy speaks, half a year past the birthday.
    fn born(&self) -> Vec<Try> {
        let Some(event) = self.policy.born else {
            return Vec::new();
        };
        let as_of = self.outcome.as_of;
        let bounds = ages(self.policy);
        let mut tries = Vec::new();
        let below = bounds.first().filter(|&&first| first > 0).map(|first| (first - 1, None));
        let own = bounds.iter().map(|&age| (age, Some(age)));
        for (age, from) in below.into_iter().chain(own) {
            let next = bounds.iter().find(|&&bound| bound > age);
            let words = match (from, next) {
                (None, Some(next)) => format!("under {next} on {}", as_of.long()),
                (Some(from), Some(next)) if from + 1 == *next => {
                    format!("aged {from} on {}", as_of.long())
                }
                (Some(from), Some(next)) => {
                    format!("{from} or over and under {next} on {}", as_of.long())
                }
                (Some(from), None) => format!("{from} or over on {}", as_of.long()),
                (None, None) => continue,
            };
            let born = as_of.add_months(-12 * i32::from(age) - 6);
            if let Some(born) = born {
                let timeline = self.with_event(event, born, &[]);
                tries.push(Try { words, several: true, timeline });
            }
        }
        tries
    }

    /// Either order of two facts of one day.
    fn orders(&self, one: FactId, other: FactId) -> Vec<Try> {
        let title = |id: FactId| {
            let fact = self.timeline.fact(id);
            fact.map_or_else(String::new, |fact| {
                format!("“{}” (line {})", self.policy.event(fact.event).title, fact.line)
            })
        };
        let mut tries = Vec::new();
        for (first, second) in [(one, other), (other, one)] {
            let mut facts = self.timeline.facts().to_vec();
            for (id, sequence) in [(first, 1), (second, 2)] {
                if let Some(fact) = facts.get_mut(id.0 as usize) {
                    fact.sequence = Some(sequence);
                }
            }
            tries.push(Try {
                words: format!("{} came first", title(first)),
                several: false,
                timeline: Timeline::new(self.timeline.case.clone(), facts).0,
            });
        }
        tries
    }
}

/// A range of numbers in thousandths; of each end, whether it belongs to the range.
#[derive(Debug, Clone, Copy)]
struct Range {
    from: Option<(i64, bool)>,
    to: Option<(i64, bool)>,
    value: i64,
}

impl Range {
    fn words(self) -> String {
        let number = |thousandths: i64| {
            let text = format!("{}.{:03}", thousandths / 1000, thousandths % 1000);
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        };
        let end = |(bound, inside): (i64, bool), within: &str, beyond: &str| {
            let number = number(bound);
            if inside { format!("{number} {within}") } else { format!("{beyond} {number}") }
        };
        let from = self.from.map(|bound| end(bound, "or more", "more than"));
        let to = self.to.map(|bound| end(bound, "or less", "less than"));
        match (from, to) {
            (Some(_), Some(_)) if self.from == self.to => number(self.value),
            (Some(from), Some(to)) => format!("{from} and {to}"),
            (Some(one), None) | (None, Some(one)) => one,
            (None, None) => "any number".to_owned(),
        }
    }
}

/// How a deadline stands; nothing where it is not there.
type Stands = (super::Key, Option<Status>);

/// How every deadline and prohibition stands.
fn standing(possible: &Possible) -> (Vec<Stands>, &[(RuleId, Verdict)]) {
    let rows = &possible.trial.outcome.deadlines;
    let status = |place: Option<usize>| place.and_then(|place| rows.get(place));
    let moves = possible.moves.iter();
    let moves = moves.map(|one| (one.key, status(one.after).map(|row| row.status)));
    (moves.collect(), &possible.verdicts)
}

/// Whether two answers come to the same in everything.
fn alike(one: &Possible, other: &Possible) -> bool {
    one.verdicts == other.verdicts && moves(&one.trial.outcome, &other.trial.outcome).is_empty()
}

/// Answers that come to the same told as one, their words joined.
fn together(all: Vec<Possible>) -> Vec<Possible> {
    let mut kept: Vec<Possible> = Vec::new();
    for possible in all {
        match kept.iter_mut().find(|known| alike(known, &possible)) {
            Some(known) => {
                known.words = format!("{} or {}", known.words, possible.words);
            }
            None => kept.push(possible),
        }
    }
    kept
}
