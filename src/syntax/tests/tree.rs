//! What trees hold.

use super::super::ast::*;
use super::{SURFACE, clean, parse_text, shape};
use crate::source::{Source, Span};
use crate::syntax::{parse_fact_line, parse_reading_value};

/// The one declaration of a text that `pick` finds.
#[track_caller]
fn the<T>(file: &File, pick: impl Fn(&Declaration) -> Option<T>) -> T {
    file.declarations.iter().find_map(pick).unwrap()
}

macro_rules! named {
    ($file:expr, $kind:ident, $name:literal) => {
        the(&$file, |declaration| match declaration {
            Declaration::$kind(it) if it.head.name.node == $name => Some(it.clone()),
            _ => None,
        })
    };
}

#[track_caller]
fn says(source: &Source, span: Span, text: &str) {
    assert_eq!(span.text(source), text);
}

fn duty_due(limit: &str) -> (Source, Window) {
    let (source, file) = clean(&format!("duty d\n by iro must\n due {limit} # why\n met by x\n"));
    let due = named!(file, Duty, "d").due.unwrap();
    says(&source, due.span, limit);
    (source, due)
}

fn condition(text: &str) -> String {
    let (source, file) = clean(&format!("state s\n holds while {text}   # why\n before then no\n"));
    let condition = the(&file, |d| match d {
        Declaration::State(State { known: StateKind::While(c), .. }) => Some(c.clone()),
        _ => None,
    });
    says(&source, condition.span, text);
    written(&condition)
}

/// A condition with all its brackets.
fn written(condition: &Condition) -> String {
    match &condition.kind {
        ConditionKind::And(a, b) => format!("({} and {})", written(a), written(b)),
        ConditionKind::Or(a, b) => format!("({} or {})", written(a), written(b)),
        ConditionKind::Not(a) => format!("not {}", written(a)),
        ConditionKind::Named(name) => name.node.clone(),
        other => shape(other),
    }
}

#[test]
fn and_binds_tighter_than_or() {
    assert_eq!(condition("x and y or z"), "((x and y) or z)");
    assert_eq!(condition("x or y and z"), "(x or (y and z))");
    assert_eq!(condition("x and y and z"), "((x and y) and z)");
    assert_eq!(condition("not x and y"), "(not x and y)");
    assert_eq!(condition("not (x and y) or not not z"), "(not (x and y) or not not z)");
    assert_eq!(condition("x and (y or z)"), "(x and (y or z))");
}

#[test]
fn conditions_of_every_kind() {
    let has = |text: &str, part: &str| {
        let found = condition(text);
        assert!(found.starts_with(part), "{found}");
    };
    has("x for more than 12 months", "HeldFor { state: Spanned { node: \"x\"");
    has("the latest placed has miles > 35", "Latest");
    has("placed recorded", "Recorded(EventMatch");
    has("placed where kind is x recorded", "Recorded(EventMatch");
    has("r held since placed", "HeldSince");
    has("age 16 or over", "Age { years: Spanned { node: 16, span:  }, under: false }");
    has("age under 5", "Age { years: Spanned { node: 5, span:  }, under: true }");
    has("new-date is by the latest lawful date", "ByLatestLawful");
    has("iro judged exceptional", "Judged { role: Spanned { node: \"iro\"");
    has("days > 17", "Attribute(Test");
    has("stage is 2", "Attribute(Test { attribute: Spanned { node: \"stage\"");
    has("d is not 2026-01-01", "Attribute(Test");
    has("number is 3", "Attribute(Test");
}

#[test]
fn windows_of_every_shape() {
    let shape_of = |limit: &str| shape(&duty_due(limit).1.shape);
    let starts = |limit: &str, wanted: &str| {
        let found = shape_of(limit);
        assert!(found.starts_with(wanted), "{limit}: {found}");
    };
    starts(
        "within 20 working days after x",
        "Within(Plain(Spanned { node: 20, span:  }, Spanned { node: \"working days\"",
    );
    starts(
        "within 20 business  days after x",
        "Within(Plain(Spanned { node: 20, span:  }, Spanned { node: \"business days\"",
    );
    starts(
        "within 2 fortnights after x",
        "Within(Plain(Spanned { node: 2, span:  }, Spanned { node: \"fortnights\"",
    );
    starts("within some-limit after x", "Within(Reading(");
    starts("within the later of 1 week and some-limit after x", "Within(Later(");
    starts("within a period of 20 days beginning with x", "PeriodBeginning(");
    starts("at least 5 days before each r", "AtLeastBefore(");
    starts(
        "between 10 and 20 days before x",
        "Between(Plain(Spanned { node: 10, span:  }, Spanned { node: \"days\", span:  }), Plain(",
    );
    starts("between 10 days and 3 weeks after x", "Between(");
    starts("on midway between each r and the next", "OnMidway");
    starts("by midway between each r and the next", "ByMidway");
    starts("within 5 days either side of midway between each r and the next", "AroundMidway(");
    starts("by the review-by of x", "ByDateOf(Spanned { node: \"review-by\"");
    starts("before x", "Before");
    starts("at x", "At");
    starts("not before 3 weeks after x", "NotBefore(");
    starts("once 3 weeks have passed after x", "OncePassed(");
    starts("with no time limit", "NoTimeLimit(After)");
    starts("with no time limit before x", "NoTimeLimit(Before)");
    starts("some-window", "Reading(");
}

#[test]
fn anchors_of_every_kind() {
    let starts = |anchor: &str, wanted: &str| {
        let (source, due) = duty_due(&format!("at {anchor}"));
        let found = due.anchor.unwrap();
        says(&source, found.span, anchor);
        let kind = shape(&found.kind);
        assert!(kind.starts_with(wanted), "{anchor}: {kind}");
    };
    starts("x where kind is y", "Event(EventMatch");
    starts("each r", "Review { ordinals: Each");
    starts("each later r", "Review { ordinals: Later");
    starts("the first r", "Review { ordinals: First");
    starts("the second r where kind is y", "Review { ordinals: Second");
    starts(
        "completion of each r",
        "Review { ordinals: Each, review: Spanned { node: \"r\", span:  }, completion: true",
    );
    starts("the first", "Own(First)");
    starts("the previous", "Own(Previous)");
    starts("the 16th birthday", "Birthday(Spanned { node: 16");
    starts("the start of s", "StateStart(");
    starts("overdue d", "Overdue(");
    starts(
        "the opening of stage 2",
        "StageOpening { stage: Spanned { node: 2, span:  }, or_above: false, ladder: None }",
    );
    starts(
        "the first opening from stage 2 up of l",
        "StageOpening { stage: Spanned { node: 2, span:  }, or_above: true, ladder: Some(",
    );
    let (source, due) = duty_due("at x, else the second r, else y");
    let second = due.anchor.unwrap().otherwise.unwrap();
    says(&source, second.span, "the second r, else y");
    says(&source, second.otherwise.unwrap().span, "y");
}

#[test]
fn a_while_on_its_own_line_belongs_to_the_duty() {
    let (source, file) = clean(SURFACE);
    let duty = named!(file, Duty, "visit-child");
    let acts = duty.met_by.unwrap().acts;
    assert!(acts[0].whilst.is_none());
    says(&source, acts[1].whilst.as_ref().unwrap().span, "placed-far");
    says(&source, duty.head.whilst.unwrap().span, "looked-after");
    let duty = named!(file, Duty, "send-documents");
    says(&source, duty.met_by.unwrap().span, "met by documents-sent");
    assert!(matches!(duty.again.unwrap().node, OrReading::Reading(name) if name.node == "redo"));
    assert_eq!(duty.deemed.unwrap().node, "decisions-agreed");
}

#[test]
fn reviews_hold_what_was_written() {
    let (source, file) = clean(SURFACE);
    let review = named!(file, Review, "looked-after-review");
    assert_eq!(review.head.by.as_ref().unwrap().strength.unwrap().node, Strength::ShouldNormally);
    says(&source, review.head.by.unwrap().span, "by       iro should normally");
    assert!(review.held_on.unwrap().test.is_some());
    let (begun, completed) = review.held_over.unwrap();
    assert_eq!(
        (begun.event.node, completed.event.node),
        ("review-begun".into(), "review-completed".into())
    );
    assert_eq!(review.restarted_by.len(), 2);
    assert_eq!(review.head.cites.len(), 2);
    assert_eq!(review.head.tells.len(), 2);
    let [first, second, third, fourth] = review.exceptions.try_into().unwrap();
    assert_eq!(first.ordinals.unwrap().node, Ordinals::SecondAndLater);
    assert!(first.whilst.is_some());
    assert!(second.started.unwrap().until.is_some());
    assert_eq!(third.instead, Instead::DoesNotApply);
    assert!(third.test.is_some());
    assert_eq!(fourth.ordinals.unwrap().node, Ordinals::Later);
    assert_eq!(review.mid_clock.unwrap().node, MidClock::FromTheAnchor);
    let visit = named!(file, Review, "social-visits");
    assert!(visit.held_on.is_some());
    assert_eq!(visit.mid_clock.unwrap().node, MidClock::FromTheAnchor);
    assert!(matches!(visit.dated.unwrap().node, OrReading::Reading(_)));
    let other = named!(file, Review, "second-series");
    assert!(other.held_on.is_none() && other.held_over.is_some());
    assert_eq!(other.mid_clock.unwrap().node, MidClock::FromTheNextClock);
}

#[test]
fn ladders_hold_their_stages() {
    let (source, file) = clean(SURFACE);
    let ladder = named!(file, Ladder, "challenge");
    assert_eq!(ladder.enters.unwrap().node, None);
    assert_eq!(ladder.copies.len(), 2);
    says(&source, ladder.cap.unwrap().span, "cap          20 working days after cap-start");
    assert_eq!(ladder.opens_on.len(), 1);
    let [one, two] = ladder.stages.try_into().unwrap();
    assert_eq!((one.to.len(), one.grounds.len(), one.exits.len()), (2, 2, 5));
    assert_eq!(one.exits[0].leads, ExitTo::Ends);
    assert_eq!(one.exits[2].outcome.node, "no answer");
    assert_eq!(one.exits[4].leads, ExitTo::Outside);
    says(&source, one.limit.unwrap().span, "within 5 working days");
    says(&source, two.limit.unwrap().span, "by the agreed-date of resolution-raised");
    assert_eq!(two.exits[0].leads, ExitTo::Outside);
}

#[test]
fn clauses_of_the_whole_ladder_after_a_stage_are_kept() {
    let text = "ladder l\n by iro must\n opened by x\n stage 1\n  to y\n closed by z # why\n stage 2\n  by z must\n";
    let (source, file) = clean(text);
    let late = named!(file, Ladder, "l").misplaced;
    let words: Vec<_> = late.iter().map(|late| late.node.as_str()).collect();
    assert_eq!(words, ["closed by", "by"]);
    says(&source, late[0].span, "closed by z");
}

#[test]
fn triggers_and_prohibitions() {
    let (_, file) = clean(SURFACE);
    let trigger = named!(file, Trigger, "significant-event");
    assert_eq!(trigger.on.len(), 3);
    assert!(
        matches!(&trigger.on[2], TriggerOn::Overdue(name) if name.node == "carry-out-decisions")
    );
    assert_eq!(trigger.asks.unwrap().event.node, "significance-judged");
    let then = trigger.then.unwrap();
    assert_eq!(then.attribute.unwrap().node, "significant");
    assert!(then.otherwise.is_some());
    assert!(named!(file, Trigger, "iro-asks").then.unwrap().attribute.is_none());
    assert!(matches!(
        named!(file, Forbid, "second-adjournment").what,
        Some(Forbidden::PerReview { .. })
    ));
    assert!(matches!(
        named!(file, Forbid, "rearranging").what,
        Some(Forbidden::Never(EventMatch { test: Some(_), .. }))
    ));
    assert!(matches!(named!(file, Forbid, "breaks").what, Some(Forbidden::PerPeriod { .. })));
}

#[test]
fn readings_hold_values_of_every_kind() {
    let (source, file) = clean(SURFACE);
    let reading = |name: &str| {
        the(&file, |d| match d {
            Declaration::Reading(it) if it.name.node == name => Some(it.clone()),
            _ => None,
        })
    };
    let bare = reading("bare-days");
    assert!(matches!(&bare.chosen.node, ReadingValue::Days(unit) if unit.node == "calendar days"));
    assert!(
        matches!(&bare.others[0].node, ReadingValue::Days(unit) if unit.node == "working days")
    );
    assert_eq!((bare.rules.len(), bare.cites.len()), (2, 2));
    assert!(matches!(
        reading("second-limit").others[1].node,
        ReadingValue::Length(Length::Earlier(..))
    ));
    assert!(
        matches!(&reading("receipt").chosen.node, ReadingValue::Anchor(a) if a.otherwise.is_some())
    );
    assert!(matches!(reading("series-window").chosen.node, ReadingValue::Window(_)));
    assert!(matches!(reading("redo").others[0].node, ReadingValue::YesNo(true)));
    assert!(matches!(reading("dating").others[0].node, ReadingValue::Dated(Dated::Completion)));
    assert!(matches!(
        reading("approval-counts").chosen.node,
        ReadingValue::InTimeWhen(InTimeWhen::Approved)
    ));
    let or = reading("bracketed-or");
    assert_eq!(or.others.len(), 3, "a bare `or` begins an alternative");
    says(&source, or.others[0].span, "review-held where (kind is initial or kind is cease)");
}

#[test]
fn scenarios_hold_facts_and_expectations() {
    let (source, file) = clean(SURFACE);
    let scenario = the(&file, |d| match d {
        Declaration::Scenario(it) => Some(it.clone()),
        _ => None,
    });
    assert_eq!((scenario.switches.len(), scenario.events.len()), (2, 3));
    let fact = &scenario.events[1];
    says(&source, fact.span, "2026-01-20 review-held kind initial miles 7.5 note \"a # text\"");
    assert_eq!(fact.attributes[1].1.node, Value::Number("7.5".into()));
    assert_eq!(scenario.events[2].attributes[0].1.node, Value::Word("17".into()));
    let [one, two, three, four, standing, last] = scenario.expectations.try_into().unwrap();
    assert_eq!(one.ordinal.unwrap().node, 2);
    assert!(
        matches!(&one.what, Expected::Status { by: Some((n, unit)), .. } if n.node == 1 && unit.node == "day")
    );
    assert_eq!(two.ordinal.unwrap().node, 4);
    assert!(
        matches!(&two.what, Expected::Status { due, basis: Some(basis), .. } if due.len() == 2 && basis.node == "planned")
    );
    assert_eq!(
        (three.stage.unwrap().node, three.part.unwrap().node, three.reference.unwrap().node),
        (1, "answer".into(), "17".into())
    );
    assert!(
        matches!(four.what, Expected::MayOpen { since: Some(_), ground: Some(g), .. } if g.node == "no answer")
    );
    assert!(matches!(standing.what, Expected::Status { status, .. } if status.node == "open"));
    assert_eq!(last.what, Expected::Nothing);
}

#[test]
fn events_hold_their_attributes() {
    let (_, file) = clean(SURFACE);
    let event = the(&file, |d| match d {
        Declaration::Event(it) if it.name.node == "review-held" => Some(it.clone()),
        _ => None,
    });
    let kinds: Vec<_> = event.attributes.iter().map(|a| &a.kind).collect();
    assert!(matches!(
        kinds[..],
        [
            AttributeKind::OneOf(_),
            AttributeKind::YesNo,
            AttributeKind::Date,
            AttributeKind::Number,
            AttributeKind::Text,
            AttributeKind::Number,
            AttributeKind::Number
        ]
    ));
}

#[test]
fn a_rule_may_lack_its_strength_here() {
    let (_, file) = clean("duty d\n by iro\n due at x\n");
    assert!(named!(file, Duty, "d").head.by.unwrap().strength.is_none());
}

#[test]
fn single_lines_are_read() {
    let line = |text: &str| parse_fact_line(&Source::new("line", text));
    let fact = line("  2026-03-01 placed miles 40 ref a # why").unwrap();
    assert_eq!((fact.event.node, fact.attributes.len()), ("placed".into(), 2));
    for wrong in [
        "",
        "# why",
        "placed",
        "2026-03-01",
        "2026-03-01 placed miles",
        "2026-03-01 placed x y z",
        "2026-03-01 x\n2026-03-02 y",
        "2026-02-30 x",
    ] {
        assert_eq!(line(wrong).unwrap_err().len(), 1, "{wrong}");
    }
    let value = |text: &str| parse_reading_value(text).map(|v| v.node);
    assert!(matches!(value("3 months"), Ok(ReadingValue::Length(_))));
    assert!(matches!(value("working days"), Ok(ReadingValue::Days(_))));
    assert!(matches!(value("the first meeting"), Ok(ReadingValue::Dated(_))));
    assert!(matches!(value("x where kind is y or kind is z"), Ok(ReadingValue::Anchor(_))));
    assert!(value("").is_err() && value("3").is_err() && value("yes no").is_err());
}

#[test]
fn what_could_not_be_read_is_left_out_of_the_tree() {
    let (_, parsed) = parse_text("duty d\n by iro must\n due at at x\n met by y\n cite \"1\"\n");
    let duty = named!(parsed.file, Duty, "d");
    assert!(duty.due.is_none() && duty.met_by.is_some());
    assert_eq!(duty.head.cites.len(), 1);
    assert_eq!(parsed.problems.len(), 1, "and is not said to be missing");
}
