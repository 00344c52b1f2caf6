//! Small policies built by hand, so that the second opinion can be tried without a parser.

use duly::calendar::{Calendar, HolidayTable, Length, Unit};
use duly::policy::{
    Act, Anchor, Attribute, AttributeId, AttributeKind, Body, Cap, Comparison, Condition, Duration,
    Duty, Event, EventId, EventMatch, Exit, ExitTo, Forbid, Forbidden, Header, InTimeWhen,
    Judgement, Ladder, Limit, MidClock, Moved, Ordinals, Period, Point, Policy, Role, RoleId, Rule,
    RuleId, Series, Shape, Stage, StageOutcome, State, StateId, StateKind, Strength, Test, Trigger,
    TriggerOn, Value, Window,
};
use duly::source::Span;

use AttributeKind::{Date as ADate, Number, YesNo};
use Unit::{CalendarDays, Months, WorkingDays};

/// The events of [`looked_after`], with their attributes.
fn events() -> Vec<(&'static str, Vec<(&'static str, AttributeKind)>)> {
    vec![
        ("became-looked-after", vec![]),
        ("ceased", vec![]),
        ("review-held", vec![]),
        ("review-begun", vec![]),
        ("review-completed", vec![]),
        ("review-adjourned", vec![]),
        ("review-planned", vec![("new-date", ADate)]),
        ("placed", vec![("miles", Number)]),
        ("child-visited", vec![]),
        ("child-called", vec![]),
        ("documents-sent", vec![]),
        ("decisions-received", vec![]),
        ("decisions-circulated", vec![]),
        ("decisions-agreed", vec![]),
        ("excluded", vec![]),
        ("judged", vec![("significant", YesNo), ("review-by", ADate)]),
        ("challenge-raised", vec![("stage", Number)]),
        ("challenge-answered", vec![("stage", Number)]),
        ("challenge-approved", vec![]),
        ("answer-judged", vec![("satisfied", YesNo)]),
        ("challenge-resolved", vec![]),
        ("midway-checked", vec![]),
        ("went-home", vec![]),
        ("left-home", vec![]),
    ]
}

pub(super) fn event(name: &str) -> EventId {
    let place = events().iter().position(|(event, _)| *event == name);
    EventId(place.expect("the event is one of the sample's") as u16)
}

fn on(name: &str) -> EventMatch {
    EventMatch { event: event(name), test: None }
}

fn length(count: u16, unit: Unit) -> Length {
    Length::new(count, unit)
}

fn fixed(count: u16, unit: Unit) -> Duration {
    Duration::Fixed(length(count, unit))
}

fn window(shape: Shape) -> Window {
    Window { shape, readings: Vec::new() }
}

pub(super) fn limit(ordinals: Ordinals, shape: Shape) -> Limit {
    Limit {
        exception: false,
        ordinals,
        test: None,
        condition: None,
        started: Period::default(),
        window: Some(window(shape)),
        origin: Span::default(),
    }
}

fn only(first: bool, second: bool, later: bool) -> Ordinals {
    Ordinals { first, second, later }
}

fn rule(name: &str, while_: Option<Condition>, body: Body) -> Rule {
    Rule {
        name: name.to_owned(),
        title: name.to_owned(),
        owners: vec![RoleId(0)],
        strength: Strength::Must,
        cites: Vec::new(),
        tells: Vec::new(),
        in_force: Period::default(),
        while_,
        readings: Vec::new(),
        body,
        origin: Span::default(),
    }
}

fn duty(anchor: Anchor, shape: Shape, acts: &[&str]) -> Duty {
    let acts = acts.iter().map(|act| Act { event: on(act), condition: None }).collect();
    Duty {
        anchor,
        limits: vec![limit(Ordinals::EACH, shape)],
        mid_clock: MidClock::NeverChanges,
        acts,
        all: false,
        deemed: None,
        moved: Moved::Stands,
    }
}

fn each_review(ordinals: Ordinals) -> Anchor {
    Anchor::Review { series: RuleId(0), ordinals, point: Point::Date, test: None }
}

/// A policy shaped like Blackburn with Darwen's, with at least one rule of every kind.
pub(super) fn looked_after() -> Policy {
    let review = Series {
        noun: "review",
        held_on: Some(on("review-held")),
        begun_on: Some(on("review-begun")),
        completed_on: Some(on("review-completed")),
        adjourned_on: Some(event("review-adjourned")),
        dated: Point::FirstMeeting,
        planned_by: Some((event("review-planned"), AttributeId(0))),
        restarted_by: Vec::new(),
        suspended: None,
        start: Some(on("became-looked-after")),
        limits: vec![
            limit(only(true, false, false), Shape::Within(fixed(20, CalendarDays))),
            limit(only(false, true, false), Shape::Within(fixed(91, CalendarDays))),
            limit(only(false, false, true), Shape::Within(fixed(6, Months))),
            Limit {
                exception: true,
                condition: Some(Condition::State(StateId(2))),
                ..limit(only(false, true, true), Shape::Within(fixed(3, Months)))
            },
        ],
        mid_clock: MidClock::FromTheAnchor,
    };
    let mut visit = duty(
        each_review(Ordinals::EACH),
        Shape::BetweenBefore { near: length(10, CalendarDays), far: length(20, CalendarDays) },
        &["child-visited", "child-called"],
    );
    visit.acts[1].condition = Some(Condition::State(StateId(1)));
    let documents = duty(
        each_review(Ordinals::EACH),
        Shape::AtLeastBefore(fixed(5, WorkingDays)),
        &["documents-sent"],
    );
    let mut answer = duty(
        Anchor::Events(vec![on("decisions-received"), on("decisions-circulated")]),
        Shape::Within(fixed(5, WorkingDays)),
        &["decisions-agreed"],
    );
    answer.deemed = Some(event("decisions-agreed"));
    let midway = duty(each_review(Ordinals::EACH), Shape::OnMidway, &["midway-checked"]);
    let trigger = Trigger {
        on: vec![TriggerOn::Event(on("excluded")), TriggerOn::Overdue(RuleId(3))],
        judgement: Some(Judgement {
            role: RoleId(0),
            event: event("judged"),
            attribute: AttributeId(0),
        }),
        brings_forward: Some((
            RuleId(0),
            window(Shape::ByDateOf(AttributeId(1))),
            Some(window(Shape::NoTimeLimit)),
        )),
    };
    let looked_after = Condition::State(StateId(0));
    let second_adjournment = Forbid {
        what: Forbidden::PerReview { most: 1, event: on("review-adjourned"), series: RuleId(0) },
        unless: None,
    };
    let call = Forbid { what: Forbidden::Never(on("child-called")), unless: None };
    let far = Condition::Not(Box::new(Condition::State(StateId(1))));
    let rules = vec![
        rule("looked-after-review", Some(looked_after), Body::Series(review)),
        rule("visit-child", None, Body::Duty(visit)),
        rule("send-documents", None, Body::Duty(documents)),
        rule("answer-decisions", None, Body::Duty(answer)),
        rule("midway-check", None, Body::Duty(midway)),
        rule("significant-event", None, Body::Trigger(trigger)),
        rule("second-adjournment", None, Body::Forbid(second_adjournment)),
        rule("call-when-near", Some(far), Body::Forbid(call)),
        rule("challenge", None, Body::Ladder(ladder())),
    ];
    policy(rules)
}

fn policy(rules: Vec<Rule>) -> Policy {
    let state = |name: &str, kind, unknown_before| State {
        name: name.to_owned(),
        title: name.to_owned(),
        kind,
        unknown_before,
    };
    let between = |from: &str, until: &str| StateKind::Events {
        from: vec![on(from)],
        until: vec![on(until)],
    };
    let far = StateKind::While(Condition::Latest {
        event: event("placed"),
        test: Test {
            attribute: AttributeId(0),
            comparison: Comparison::More,
            value: Value::Number(35_000),
        },
    });
    let table = HolidayTable::named("england-and-wales").expect("the shipped table");
    Policy {
        header: Header {
            name: "sample".to_owned(),
            title: "Sample".to_owned(),
            authority: "Sample".to_owned(),
            source: "Sample".to_owned(),
            in_force: Period::default(),
        },
        calendar: Calendar::new("england-and-wales", &table, &[]),
        events: events()
            .into_iter()
            .map(|(name, attributes)| Event {
                name: name.to_owned(),
                title: name.to_owned(),
                attributes: attributes
                    .into_iter()
                    .map(|(name, kind)| Attribute { name: name.to_owned(), kind })
                    .collect(),
                origin: Span::default(),
            })
            .collect(),
        roles: vec![Role { name: "iro".to_owned(), title: "IRO".to_owned() }],
        states: vec![
            state("looked-after", between("became-looked-after", "ceased"), false),
            state("placed-far", far, true),
            state("at-home", between("went-home", "left-home"), false),
        ],
        readings: Vec::new(),
        order: (0..rules.len()).map(|index| RuleId(index as u16)).collect(),
        rules,
        born: None,
        acceptances: Vec::new(),
    }
}

fn ladder() -> Ladder {
    let exit =
        |outcome, to| Exit { outcome, by: vec![RoleId(0)], strength: Strength::Must, leads: to };
    let stage = |number: u16, exits| Stage {
        number,
        title: format!("Stage {number}"),
        to: Vec::new(),
        answer_from: Vec::new(),
        approval_from: if number == 2 { vec![RoleId(0)] } else { Vec::new() },
        limit: Some(window(Shape::Within(fixed(5, WorkingDays)))),
        copies: Vec::new(),
        grounds: Vec::new(),
        exits,
        cites: Vec::new(),
        origin: Span::default(),
    };
    Ladder {
        opened_by: event("challenge-raised"),
        stage_attribute: Some(AttributeId(0)),
        ground_attribute: None,
        answered_by: Some(event("challenge-answered")),
        answer_stage_attribute: Some(AttributeId(0)),
        approved_by: Some(event("challenge-approved")),
        approval_stage_attribute: None,
        judged_by: Some((event("answer-judged"), AttributeId(0))),
        closed_by: Some(event("challenge-resolved")),
        in_time_when: InTimeWhen::Approved,
        enters_at: None,
        outside: None,
        cap: Some(Cap {
            window: window(Shape::Within(fixed(20, WorkingDays))),
            stage: 2,
            or_above: true,
        }),
        copies: Vec::new(),
        opens_on: Vec::new(),
        stages: vec![
            stage(1, vec![exit(StageOutcome::NotSatisfied, ExitTo::Stage(2))]),
            stage(
                2,
                vec![
                    exit(StageOutcome::NoAnswer, ExitTo::Stage(3)),
                    exit(StageOutcome::NotApproved, ExitTo::Stage(3)),
                    exit(StageOutcome::Satisfied, ExitTo::Ends),
                ],
            ),
            stage(3, vec![exit(StageOutcome::NotSatisfied, ExitTo::Outside)]),
        ],
    }
}
