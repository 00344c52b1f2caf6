//! The rules on which more facts can bear, and a policy of no more rules than it takes to evaluate those.
//!
//! A fact bears on the rules that look at its event, and on those that look at what becomes of them. What
//! it does not bear on comes to the same with it and without it; so where many facts are tried one after
//! another, only the former have to be evaluated, and what they themselves rest on. That there is nothing
//! a rule rests on but what it is seen to look at is what a test makes sure of: it evaluates slices and
//! whole policies side by side.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::policy::{Body, EventId, Looks, Policy, Rule, RuleId};

/// Some rules of a policy, and what it takes to evaluate them.
#[derive(Debug)]
pub(super) struct Slice<'a> {
    /// The policy, in which those rules and what they rest on are evaluated and no others.
    pub(super) policy: Cow<'a, Policy>,
    /// The rules in question, and all that are evaluated; `None` where it is the whole policy.
    rules: Option<(BTreeSet<RuleId>, BTreeSet<RuleId>)>,
}

impl<'a> Slice<'a> {
    /// All rules.
    const fn whole(policy: &'a Policy) -> Self {
        Self { policy: Cow::Borrowed(policy), rules: None }
    }

    /// Whether a rule is one of them.
    pub(super) fn contains(&self, rule: RuleId) -> bool {
        self.rules.as_ref().is_none_or(|(rules, _)| rules.contains(&rule))
    }

    /// Whether all of them are evaluated where another slice is.
    pub(super) fn lies_in(&self, other: &Slice<'_>) -> bool {
        match (&self.rules, &other.rules) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some((rules, _)), Some((_, evaluated))) => rules.is_subset(evaluated),
        }
    }
}

/// What each rule of a policy looks at, and what others see of it.
#[derive(Debug)]
struct Web {
    rules: Vec<Strand>,
    born: Option<EventId>,
}

/// What a rule looks at, and what of it others can see elsewhere than in its own deadlines.
#[derive(Debug)]
struct Strand {
    looks: Looks,
    /// The event that it deems to have happened, or of which it lets only some start a clock.
    event: Option<EventId>,
    /// The series whose reviews it brings forward.
    series: Option<RuleId>,
}

impl Web {
    fn new(policy: &Policy) -> Self {
        let states = |index: usize| policy.states.get(index).map(|state| &state.kind);
        let strand = |rule: &Rule| {
            let (event, series) = match &rule.body {
                Body::Duty(duty) => (duty.deemed, None),
                Body::Forbid(forbid) => (forbid.counted(), None),
                Body::Trigger(trigger) => {
                    (None, trigger.brings_forward.as_ref().map(|(series, ..)| *series))
                }
                Body::Series(_) | Body::Ladder(_) => (None, None),
            };
            Strand { looks: Looks::of(rule, &states), event, series }
        };
        Self { rules: policy.rules.iter().map(strand).collect(), born: policy.born }
    }

    /// The slice of the rules on which facts of some events bear.
    fn slice<'a>(&self, policy: &Policy, events: &BTreeSet<EventId>) -> Slice<'a> {
        let rules = self.borne_on(events);
        let needed = self.needed(&rules);
        let mut policy = policy.clone();
        policy.order.retain(|rule| needed.contains(rule));
        Slice { policy: Cow::Owned(policy), rules: Some((rules, needed)) }
    }

    /// The rules on which facts of some events bear.
    fn borne_on(&self, events: &BTreeSet<EventId>) -> BTreeSet<RuleId> {
        let mut events = events.clone();
        let mut found = BTreeSet::new();
        loop {
            let before = found.len();
            for (rule, strand) in self.each() {
                let borne_on = self.events(strand).any(|event| events.contains(&event))
                    || strand.rules().any(|other| found.contains(&other));
                if borne_on && found.insert(rule) {
                    events.extend(strand.event);
                    found.extend(strand.series);
                }
            }
            if found.len() == before {
                return found;
            }
        }
    }

    /// Some rules with all they rest on.
    fn needed(&self, rules: &BTreeSet<RuleId>) -> BTreeSet<RuleId> {
        let mut needed = rules.clone();
        loop {
            let strands = self.each().filter(|(rule, _)| needed.contains(rule));
            let (mut events, mut seen) = (BTreeSet::new(), BTreeSet::new());
            for (rule, strand) in strands {
                events.extend(self.events(strand));
                seen.extend(strand.rules().chain([rule]));
            }
            let givers = self.each().filter(|(_, strand)| {
                strand.event.is_some_and(|event| events.contains(&event))
                    || strand.series.is_some_and(|series| seen.contains(&series))
            });
            seen.extend(givers.map(|(rule, _)| rule).collect::<Vec<_>>());
            if seen == needed {
                return needed;
            }
            needed = seen;
        }
    }

    fn each(&self) -> impl Iterator<Item = (RuleId, &Strand)> {
        (0..).map(RuleId).zip(&self.rules)
    }

    /// The events on which a rule turns; what it deems to have happened can have been recorded too.
    fn events<'s>(&'s self, strand: &'s Strand) -> impl Iterator<Item = EventId> + 's {
        let born = self.born.filter(|_| strand.looks.born);
        strand.looks.events.iter().copied().chain(strand.event).chain(born)
    }
}

impl Strand {
    /// The rules it looks at.
    fn rules(&self) -> impl Iterator<Item = RuleId> + '_ {
        self.looks.series.iter().chain(&self.looks.bases).chain(&self.looks.overdue).copied()
    }
}

/// The slices that were needed so far, each made once.
#[derive(Debug)]
pub(super) struct Slices<'a> {
    policy: &'a Policy,
    /// `None` where every slice is the whole policy.
    web: Option<Web>,
    made: BTreeMap<BTreeSet<EventId>, Rc<Slice<'a>>>,
    /// All events for which there was need of a slice.
    events: BTreeSet<EventId>,
}

impl<'a> Slices<'a> {
    /// Slices of no more rules than it takes.
    pub(super) fn of(policy: &'a Policy) -> Self {
        Self { web: Some(Web::new(policy)), ..Self::whole(policy) }
    }

    /// Every slice is the whole policy.
    pub(super) const fn whole(policy: &'a Policy) -> Self {
        Self { policy, web: None, made: BTreeMap::new(), events: BTreeSet::new() }
    }

    /// The slice of the rules on which facts of some events bear.
    pub(super) fn get(&mut self, events: BTreeSet<EventId>) -> Rc<Slice<'a>> {
        let Some(web) = &self.web else { return Rc::new(Slice::whole(self.policy)) };
        self.events.extend(&events);
        let policy = self.policy;
        let made = self.made.entry(events);
        Rc::clone(made.or_insert_with_key(|events| Rc::new(web.slice(policy, events))))
    }

    /// The slice in which all lie that there was need of so far.
    pub(super) fn widest(&mut self) -> Rc<Slice<'a>> {
        self.get(self.events.clone())
    }
}

#[cfg(test)]
mod tests {
    use fastrand::Rng;

    use super::{Slices, Web};
    use crate::calendar::Date;
    use crate::check::{Calendars, Switches, compile};
    use crate::eval::{Fact, Outcome, Timeline, evaluate};
    use crate::policy::{AttributeKind, EventId, Policy, RuleId, Value};
    use crate::source::Source;

    const POLICY: &str = r#"
policy northbury "Reviews"
  authority "Northbury"
  source    "Procedure"
  calendar  england-and-wales
role worker "Social worker"
event became-looked-after "Child became looked after"
event review-held "Review held"
event report-sent "Report sent"
event concerns-reported "Concerns reported"
event child-visited "Child visited"
event decided "Decided"
event decisions-agreed "Decisions agreed"
event letter-sent "Letter sent"
event reminded "Reminded"
review child-review "Review"
  by      worker must
  held on review-held
  first   within 20 working days after became-looked-after
  later   within 6 months after the previous
  cite    "1"
duty send-report "Report"
  by     worker must
  due    at least 5 working days before each child-review
  met by report-sent
  cite   "2"
trigger after-concerns "Review after concerns"
  by   worker must
  on   concerns-reported
  then child-review due within 10 working days after concerns-reported
  cite "3"
duty visit-child "Visit"
  by     worker must
  due    within 7 calendar days after became-looked-after
  met by child-visited
  cite   "4"
duty agree "Decisions agreed"
  by     worker must
  due    within 5 working days after decided
  met by decisions-agreed
  if not done decisions-agreed is deemed
  cite   "5"
duty tell "Letter"
  by     worker must
  due    within 1 week after decisions-agreed
  met by letter-sent
  cite   "6"
duty remind "Reminder"
  by     worker must
  due    within 1 week after overdue tell
  met by reminded
  cite   "7"
"#;

    fn policy() -> Policy {
        compiled(POLICY)
    }

    fn compiled(text: &str) -> Policy {
        let source = Source::new("test.duly", text);
        let compiled = compile(&source, &Calendars::default(), &Switches::default());
        compiled.policy.expect("a sound policy")
    }

    /// The rules on which an event bears, and those that are evaluated for it, in the order of the file.
    #[track_caller]
    fn check(event: &str, borne_on: &[&str], evaluated: &[&str]) {
        let policy = policy();
        let event = policy.find_event(event).expect("an event");
        let slice = Slices::of(&policy).get([event].into());
        let each = || (0..policy.rules.len() as u16).map(RuleId);
        let name = |rule: RuleId| policy.rule(rule).name.as_str();
        let found: Vec<&str> = each().filter(|&rule| slice.contains(rule)).map(name).collect();
        assert_eq!(found, borne_on);
        let in_order = |rule: &RuleId| slice.policy.order.contains(rule);
        assert_eq!(each().filter(in_order).map(name).collect::<Vec<_>>(), evaluated);
    }

    #[test]
    fn an_act_bears_on_its_duty_which_rests_on_the_reviews_and_on_what_brings_them_forward() {
        let all = ["child-review", "send-report", "after-concerns"];
        check("report-sent", &["send-report"], &all);
        check("concerns-reported", &all, &all);
        check("review-held", &["child-review", "send-report", "after-concerns"], &all);
    }

    #[test]
    fn what_is_deemed_and_what_is_overdue_is_followed() {
        let all = ["agree", "tell", "remind"];
        check("decided", &all, &all);
        check("reminded", &["remind"], &all);
        check("letter-sent", &["tell", "remind"], &all);
    }

    #[test]
    fn what_nothing_looks_at_bears_on_nothing() {
        check("child-visited", &["visit-child"], &["visit-child"]);
        let policy = policy();
        assert!(Web::new(&policy).borne_on(&[].into()).is_empty());
    }

    #[test]
    fn the_widest_slice_is_that_of_all_events_there_were() {
        let policy = policy();
        let event = |name| policy.find_event(name).expect("an event");
        let mut slices = Slices::of(&policy);
        let visit = slices.get([event("child-visited")].into());
        let tell = slices.get([event("letter-sent")].into());
        assert!(!tell.lies_in(&visit));
        let widest = slices.widest();
        assert!(visit.lies_in(&widest) && tell.lies_in(&widest));
        assert!(widest.lies_in(&Slices::whole(&policy).widest()));
    }

    /// What little is drawn of in a large policy: few events, and every kind of thing that a rule looks at.
    const DENSE: [&str; 2] = [
        include_str!("../../tests/cli/westbury/policy.duly"),
        r#"
policy westbury "Reviews"
  authority "Westbury"
  source    "Procedure"
  calendar  england-and-wales
role worker "Social worker"
event born "Born"
event became-looked-after "Child became looked after"
event came-back "Came back"
event went-abroad "Went abroad"
event placed "Placed"
  kin is yes or no
event review-held "Review held"
  meeting is yes or no
event review-begun "Review begun"
event review-adjourned "Review adjourned"
event review-completed "Review completed"
  meeting is yes or no
event change-proposed "Change proposed"
event changed "Changed"
event told "Told"
event extended "Extended"
state abroad "Abroad"
  from  went-abroad
  until came-back
review child-review "Review"
  by       worker must
  held on  review-held, or from review-begun to review-completed
  adjourned by review-adjourned
  dated by the first meeting
  restarted by placed
  suspended while abroad
  first    within 20 working days after became-looked-after
  later    within 2 months after the previous
  except later, while age under 5, within 1 month
  changing mid-clock from the anchor
  cite     "1"
forbid second-adjournment
  by worker must
  no more than 1 review-adjourned in each child-review
  cite "2"
forbid second-extension
  by worker must
  no more than 1 extended in any 6 weeks
  cite "3"
forbid early-change
  by worker must
  no changed
  unless child-review held since change-proposed
  cite "4"
duty tell-adjourned "Told of it"
  by     worker must
  due    within 1 week after review-adjourned
  met by told
  cite   "5"
duty tell-extended "Told of it"
  by     worker must
  due    within 1 week after extended
  met by told while abroad
  cite   "6"
duty tell-held "Told of it"
  by     worker must
  due    within 1 week after each child-review where meeting is yes
  while  change-proposed recorded
  met by told
  cite   "7"
duty tell-birthday "Told of it"
  by     worker must
  due    within 1 month after the 5th birthday
  met by told
  cite   "8"
"#,
    ];

    const SHIPPED: [&str; 3] = [
        include_str!("../../policies/blackburn-with-darwen/policy.duly"),
        include_str!("../../policies/england/policy.duly"),
        include_str!("../../policies/walsall/policy.duly"),
    ];

    /// An event on a day, with whatever it can carry.
    fn drawn(policy: &Policy, random: &mut Rng, event: EventId, day: Date) -> Fact {
        let mut fact = Fact::bare(policy, event, day);
        for (attribute, slot) in policy.event(event).attributes.iter().zip(fact.values.iter_mut()) {
            *slot = match &attribute.kind {
                AttributeKind::YesNo => Some(Value::YesNo(random.bool())),
                AttributeKind::OneOf(words) => Some(Value::Word(random.u16(..words.len() as u16))),
                AttributeKind::Number => Some(Value::Number(random.i64(1..40) * 1000)),
                AttributeKind::Date => day.add_days(random.i32(0..60)).map(Value::Date),
                AttributeKind::Text => None,
            };
            if random.u8(..8) == 0 {
                *slot = None;
            }
        }
        fact
    }

    /// Everything that was found of a rule, but for the facts it rests on: they have other numbers where
    /// another event was deemed.
    fn of_rule(outcome: &Outcome, rule: RuleId) -> Vec<String> {
        let rows = outcome.deadlines.iter().filter(|row| row.rule == rule);
        let rows = rows.map(|row| {
            let basis = row.basis.map(|basis| (basis.kind, basis.date));
            let dates = (row.opens, row.due, &row.alternatives, row.done_on);
            format!("{:?}", (row.part, row.ordinal, dates, basis, row.status, row.days))
        });
        let findings = outcome.findings.iter().filter(|finding| finding.rule == rule);
        let findings = findings.map(|finding| format!("{:?}", finding.verdict));
        let standings = outcome.standings.iter().filter(|standing| standing.rule == rule);
        let standings = standings.map(|one| format!("{:?}", (one.ordinal, one.stage, one.state)));
        rows.chain(findings).chain(standings).collect()
    }

    /// On drawn cases: a fact changes nothing of the rules it does not bear on, and the others come to the
    /// same in their slice as in the whole policy.
    fn hold(policy: &Policy, cases: u64) {
        let mut slices = Slices::of(policy);
        let begin = Date::parse("2025-06-02").expect("a date");
        let events = policy.events.len();
        for seed in 0..cases {
            let mut random = Rng::with_seed(seed);
            let as_of = begin.add_days(random.i32(20..300)).expect("a date");
            let mut day = || begin.add_days(random.i32(0..300)).expect("a date").min(as_of);
            let days: Vec<Date> = (0..40).map(|_| day()).collect();
            // A few events often, so that much happens of what they bear on, and any other now and then.
            let usual: Vec<usize> = (0..8).map(|_| random.usize(..events)).collect();
            let event = |random: &mut Rng| match random.u8(..4) {
                0 => EventId(random.usize(..events) as u16),
                _ => EventId(usual[random.usize(..usual.len())] as u16),
            };
            let mut facts = Vec::new();
            for day in days {
                let event = event(&mut random);
                facts.push(drawn(policy, &mut random, event, day));
            }
            // What nearly everything begins with.
            let start = policy.find_event("became-looked-after").filter(|_| seed % 4 > 0);
            facts.extend(start.map(|it| Fact::bare(policy, it, begin)));
            let known = facts.clone();
            let before = evaluate(policy, &Timeline::new("case", known.clone()).0, as_of);
            for _ in 0..6 {
                let event = event(&mut random);
                let day = begin.add_days(random.i32(0..300)).expect("a date").min(as_of);
                // A fifth birthday lies in the time of the others.
                let born = policy.born == Some(event);
                let day = if born { day.add_months(-60).unwrap_or(day) } else { day };
                let mut facts = known.clone();
                facts.push(drawn(policy, &mut random, event, day));
                let timeline = Timeline::new("case", facts).0;
                let after = evaluate(policy, &timeline, as_of);
                let slice = slices.get([event].into());
                let within = evaluate(&slice.policy, &timeline, as_of);
                for rule in (0..policy.rules.len() as u16).map(RuleId) {
                    let told = (&policy.rule(rule).name, &policy.event(event).name, seed);
                    let found = of_rule(&after, rule);
                    if slice.contains(rule) {
                        assert_eq!(of_rule(&within, rule), found, "{told:?} in its slice");
                    } else {
                        assert_eq!(of_rule(&before, rule), found, "{told:?} outside the slice");
                    }
                }
            }
        }
    }

    #[test]
    fn what_a_fact_does_not_bear_on_stays_and_what_it_does_is_the_same_in_its_slice() {
        hold(&policy(), 300);
        for text in DENSE {
            hold(&compiled(text), 600);
        }
        for text in SHIPPED {
            hold(&compiled(text), 200);
        }
    }
}
