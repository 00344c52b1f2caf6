//! The syntax tree: what a policy file says, before anything is known about its names.
//!
//! INVARIANT: a tree holds only what was written. Names are not resolved, units are not known to
//! exist, and nothing is filled in: not every tree is a valid policy. Spans point into the file
//! and take no part in equality, so that two texts with the same meaning have equal trees.
//!
//! This file is long because it is a list: a type for each construct of the grammar.

mod equality;

use crate::source::{Span, Spanned};

/// A name as written: an event, a role, a state, a reading, a rule, an attribute or a value.
pub type Name = Spanned<String>;

/// A quoted text, without its quotes.
pub type Text = Spanned<String>;

/// A date as written (`2026-03-02`), known to exist in the calendar: days since 1970-01-01 are
/// worked out later, the tree keeps year, month and day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DateLiteral {
    /// The year, four digits.
    pub year: i32,
    /// The month, 1 to 12.
    pub month: u32,
    /// The day of the month.
    pub day: u32,
}

/// A policy file: its declarations in the order they stand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct File {
    /// The declarations that could be read.
    pub declarations: Vec<Declaration>,
}

/// One declaration. Each begins with its keyword at the start of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Declaration {
    /// `policy NAME "Title"`
    Policy(PolicyHeader),
    /// `reading NAME "why"`
    Reading(Reading),
    /// `role NAME "Title"`
    Role(Role),
    /// `event NAME "Title"`
    Event(Event),
    /// `state NAME`
    State(State),
    /// `review NAME` or `visit NAME`
    Review(Review),
    /// `duty NAME`
    Duty(Duty),
    /// `trigger NAME`
    Trigger(Trigger),
    /// `forbid NAME`
    Forbid(Forbid),
    /// `ladder NAME`
    Ladder(Ladder),
    /// `scenario "title"`
    Scenario(Scenario),
}

/// A period of civil dates, both ends included; an open end is `None`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct InForce {
    /// `from DATE`
    pub from: Option<Spanned<DateLiteral>>,
    /// `until DATE`
    pub until: Option<Spanned<DateLiteral>>,
}

/// `accept NAME, NAME because "reason"`: findings that the declaration means to live with.
#[derive(Debug, Clone)]
pub struct Accept {
    /// The clause.
    pub span: Span,
    /// The findings, by name or number as written.
    pub findings: Vec<Name>,
    /// Why.
    pub reason: Text,
}

/// `policy NAME "Title"` and its clauses.
#[derive(Debug, Clone)]
pub struct PolicyHeader {
    /// The whole declaration.
    pub span: Span,
    /// The policy's name.
    pub name: Name,
    /// Its title.
    pub title: Text,
    /// `authority "…"`
    pub authority: Option<Text>,
    /// `source "…"`
    pub source: Option<Text>,
    /// `in force from DATE until DATE`
    pub in_force: Option<InForce>,
    /// `calendar NAME`
    pub calendar: Option<Name>,
    /// `closed DATE "reason"`, any number of times.
    pub closed: Vec<(Spanned<DateLiteral>, Text)>,
    /// Each `accept …`.
    pub accepts: Vec<Accept>,
}

/// `reading NAME "why"`: a choice where the source can be understood in more than one way.
#[derive(Debug, Clone)]
pub struct Reading {
    /// The whole declaration.
    pub span: Span,
    /// The reading's name.
    pub name: Name,
    /// The reason for the choice.
    pub reason: Text,
    /// `is VALUE` or `days are UNIT`
    pub chosen: Spanned<ReadingValue>,
    /// Each `or VALUE`.
    pub others: Vec<Spanned<ReadingValue>>,
    /// `for RULE, RULE`: the rules it is for; empty means the whole policy.
    pub rules: Vec<Name>,
    /// `cite "…", "…"`
    pub cites: Vec<Text>,
    /// Each `accept …`.
    pub accepts: Vec<Accept>,
}

/// What a reading can hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadingValue {
    /// `days are calendar days`: the unit of a bare `days`.
    Days(Name),
    /// A length: `91 calendar days`, `the earlier of 91 calendar days and 3 months`.
    Length(Length),
    /// An anchor: `decisions-received, else decisions-circulated`, `the opening of stage 2`.
    Anchor(Anchor),
    /// A whole window: `within 20 working days after review-begun`.
    Window(Window),
    /// `yes` or `no`.
    YesNo(bool),
    /// How a review of several meetings is dated: `the first meeting` or `completion`.
    Dated(Dated),
    /// Which act must meet a stage's limit: `answered` or `approved`.
    InTimeWhen(InTimeWhen),
}

/// Which day stands for a review that took several meetings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dated {
    /// `the first meeting`
    FirstMeeting,
    /// `completion`
    Completion,
}

/// Which act must meet a ladder stage's limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InTimeWhen {
    /// `answered`
    Answered,
    /// `approved`
    Approved,
}

/// `role NAME "Title"`
#[derive(Debug, Clone)]
pub struct Role {
    /// The whole declaration.
    pub span: Span,
    /// The role's name.
    pub name: Name,
    /// Its title; the name serves where it is left out.
    pub title: Option<Text>,
    /// Each `accept …`.
    pub accepts: Vec<Accept>,
}

/// `event NAME "Title"` with its attributes.
#[derive(Debug, Clone)]
pub struct Event {
    /// The whole declaration.
    pub span: Span,
    /// The event's name.
    pub name: Name,
    /// Its title; the name serves where it is left out.
    pub title: Option<Text>,
    /// `NAME is …`
    pub attributes: Vec<Attribute>,
    /// Each `accept …`.
    pub accepts: Vec<Accept>,
}

/// An attribute of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// The attribute's name.
    pub name: Name,
    /// What it can hold.
    pub kind: AttributeKind,
}

/// What an attribute can hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AttributeKind {
    /// `is yes or no`
    YesNo,
    /// `is one of a, b, c`
    OneOf(Vec<Name>),
    /// `is a number`
    Number,
    /// `is a date`
    Date,
    /// `is a text`
    Text,
}

/// `state NAME`
#[derive(Debug, Clone)]
pub struct State {
    /// The whole declaration.
    pub span: Span,
    /// The state's name.
    pub name: Name,
    /// An optional title.
    pub title: Option<Text>,
    /// How it is known.
    pub known: StateKind,
    /// `before then no` or `before then not known`
    pub before: Option<Spanned<Before>>,
    /// Each `accept …`.
    pub accepts: Vec<Accept>,
}

/// How a state is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StateKind {
    /// `from …` and `until …`
    Events {
        /// Any of these opens it.
        from: Vec<EventMatch>,
        /// Any of these closes it; may be empty.
        until: Vec<EventMatch>,
    },
    /// `holds while CONDITION`
    While(Condition),
}

/// What a state is before anything about it is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Before {
    /// `no`
    No,
    /// `not known`
    NotKnown,
}

/// What the rules have in common.
#[derive(Debug, Clone)]
pub struct RuleHead {
    /// The whole declaration.
    pub span: Span,
    /// The rule's name.
    pub name: Name,
    /// An optional title.
    pub title: Option<Text>,
    /// `by ROLE STRENGTH`
    pub by: Option<By>,
    /// `while CONDITION`
    pub whilst: Option<Condition>,
    /// `tells ROLE, ROLE`
    pub tells: Vec<Name>,
    /// `cite "…", "…"`
    pub cites: Vec<Text>,
    /// `in force from DATE until DATE`
    pub in_force: Option<InForce>,
    /// Each `accept …`.
    pub accepts: Vec<Accept>,
}

/// `by ROLE, ROLE STRENGTH`
#[derive(Debug, Clone)]
pub struct By {
    /// The clause.
    pub span: Span,
    /// Who; several act together.
    pub roles: Vec<Name>,
    /// How strongly, as the source has it; `None` where it was left out (an error later).
    pub strength: Option<Spanned<Strength>>,
}

/// How strongly the source says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strength {
    /// `must`
    Must,
    /// `should`
    Should,
    /// `should normally`
    ShouldNormally,
    /// `may`
    May,
}

/// `review NAME` (or `visit NAME`): a recurring series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// What all rules have.
    pub head: RuleHead,
    /// Whether it is declared as `visit`.
    pub visit: bool,
    /// `held on EVENT`, in one meeting.
    pub held_on: Option<EventMatch>,
    /// `, or from EVENT to EVENT`: begun and completed on different days.
    pub held_over: Option<(EventMatch, EventMatch)>,
    /// `adjourned by EVENT`
    pub adjourned_by: Option<Name>,
    /// `dated by the first meeting`, `dated by completion`, `dated by READING`
    pub dated: Option<Spanned<OrReading<Dated>>>,
    /// `planned by EVENT`
    pub planned_by: Option<Name>,
    /// `restarted by EVENT`: the ordinals begin again.
    pub restarted_by: Vec<EventMatch>,
    /// `suspended while CONDITION`
    pub suspended: Option<Condition>,
    /// `first WINDOW`
    pub first: Option<Window>,
    /// `second WINDOW`
    pub second: Option<Window>,
    /// `later WINDOW`
    pub later: Option<Window>,
    /// Each `except …`.
    pub exceptions: Vec<Exception>,
    /// `changing mid-clock  from …`
    pub mid_clock: Option<Spanned<MidClock>>,
}

/// Something written out, or a reading that holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OrReading<T> {
    /// Written out.
    Plain(T),
    /// The name of a reading.
    Reading(Name),
}

/// `changing mid-clock  from the anchor | from the change | from the next clock`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MidClock {
    /// Counted from the clock's own anchor.
    FromTheAnchor,
    /// Counted from the day of the change, no later than the old date.
    FromTheChange,
    /// The running clock keeps its limit.
    FromTheNextClock,
}

/// `except SELECTOR, where TEST, while CONDITION, started from DATE until DATE, WINDOW`
#[derive(Debug, Clone)]
pub struct Exception {
    /// The clause.
    pub span: Span,
    /// `for the first`, `second and later`, …; all ordinals where left out.
    pub ordinals: Option<Spanned<Ordinals>>,
    /// `where TEST`, of the event that starts the clock.
    pub test: Option<Condition>,
    /// `while CONDITION`
    pub whilst: Option<Condition>,
    /// `started from DATE until DATE`: only clocks that started in this period.
    pub started: Option<InForce>,
    /// What holds instead.
    pub instead: Instead,
}

/// What an exception puts in place of the limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Instead {
    /// A window; its anchor may be left out, and is then that of the limit it replaces.
    Window(Window),
    /// `does not apply`
    DoesNotApply,
}

/// Which reviews of a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ordinals {
    /// `the first`
    First,
    /// `the second`
    Second,
    /// `each later`: the third and all after it.
    Later,
    /// `second and later`
    SecondAndLater,
    /// `each`
    Each,
}

/// `within 20 working days after became-looked-after`: a shape of time and where it counts from.
#[derive(Debug, Clone)]
pub struct Window {
    /// The words.
    pub span: Span,
    /// The shape.
    pub shape: Shape,
    /// Where it counts from; may be left out in an exception and after `with no time limit`.
    pub anchor: Option<Anchor>,
}

/// Before or after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// `before`
    Before,
    /// `after`
    After,
}

/// The shape of a window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// `within LENGTH after ANCHOR`
    Within(Length),
    /// `within a period of LENGTH beginning with ANCHOR`
    PeriodBeginning(Length),
    /// `at least LENGTH before ANCHOR`
    AtLeastBefore(Length),
    /// `between LENGTH and LENGTH before|after ANCHOR`
    Between(Length, Length, Side),
    /// `on midway between ANCHOR and the next`
    OnMidway,
    /// `by midway between ANCHOR and the next`
    ByMidway,
    /// `within LENGTH either side of midway between ANCHOR and the next`
    AroundMidway(Length),
    /// `by the ATTRIBUTE of EVENT`
    ByDateOf(Name),
    /// `before ANCHOR`: in order only.
    Before,
    /// `at ANCHOR`: on its day.
    At,
    /// `not before LENGTH after ANCHOR`
    NotBefore(Length),
    /// `once LENGTH have passed after ANCHOR`
    OncePassed(Length),
    /// `with no time limit`, `with no time limit after ANCHOR`, `with no time limit before ANCHOR`
    NoTimeLimit(Side),
    /// A reading that holds a whole window.
    Reading(Name),
}

/// A length of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Length {
    /// `20 working days`: the unit as it was written, which may be none that exists.
    Plain(Spanned<u32>, Name),
    /// The name of a reading that holds a length.
    Reading(Name),
    /// `the earlier of A and B`
    Earlier(Box<Length>, Box<Length>),
    /// `the later of A and B`
    Later(Box<Length>, Box<Length>),
}

/// Where a clock counts from.
#[derive(Debug, Clone)]
pub struct Anchor {
    /// The words.
    pub span: Span,
    /// The anchor.
    pub kind: AnchorKind,
    /// `, else ANCHOR`: what it counts from until the first is recorded.
    pub otherwise: Option<Box<Anchor>>,
}

/// The kinds of anchor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AnchorKind {
    /// An event, or a reading that holds an anchor.
    Event(EventMatch),
    /// `the first`, `the previous` inside a review.
    Own(OwnReview),
    /// `each looked-after-review`, `the second looked-after-review`, `completion of each …`
    Review {
        /// Which reviews.
        ordinals: Ordinals,
        /// The series.
        review: Name,
        /// `completion of`
        completion: bool,
        /// `where TEST`, of the review's own events.
        test: Option<Condition>,
    },
    /// `the 16th birthday`
    Birthday(Spanned<u32>),
    /// `the start of STATE`
    StateStart(Name),
    /// `overdue DUTY`
    Overdue(Name),
    /// `the opening of stage 2`, `the first opening from stage 2 up`; `of LADDER` outside it.
    StageOpening {
        /// The stage.
        stage: Spanned<u32>,
        /// `from stage 2 up`
        or_above: bool,
        /// `of LADDER`
        ladder: Option<Name>,
    },
}

/// A review of the series that is being declared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnReview {
    /// `the first`
    First,
    /// `the previous`
    Previous,
}

/// An event, perhaps only where its attributes pass a test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventMatch {
    /// The event.
    pub event: Name,
    /// `where TEST`
    pub test: Option<Condition>,
}

/// A condition.
#[derive(Debug, Clone)]
pub struct Condition {
    /// The words.
    pub span: Span,
    /// The condition.
    pub kind: ConditionKind,
}

/// The kinds of condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConditionKind {
    /// `A and B`
    And(Box<Condition>, Box<Condition>),
    /// `A or B`
    Or(Box<Condition>, Box<Condition>),
    /// `not A`
    Not(Box<Condition>),
    /// A state, or a reading that holds yes or no.
    Named(Name),
    /// `STATE for more than LENGTH` (`at_least` false) or `STATE for at least LENGTH`
    HeldFor {
        /// The state.
        state: Name,
        /// The length.
        length: Length,
        /// Whether exactly the length is enough.
        at_least: bool,
    },
    /// `the latest EVENT has ATTRIBUTE TEST`
    Latest {
        /// The event.
        event: Name,
        /// What its attribute must be.
        test: Test,
    },
    /// `EVENT recorded`
    Recorded(Box<EventMatch>),
    /// `REVIEW held since EVENT`
    HeldSince {
        /// The series.
        review: Name,
        /// The event.
        event: Name,
    },
    /// `age 16 or over` (`under` false) or `age under 5`
    Age {
        /// The age in completed years.
        years: Spanned<u32>,
        /// Whether the child must be younger.
        under: bool,
    },
    /// `ATTRIBUTE is VALUE`, of the act or event in question.
    Attribute(Test),
    /// `ATTRIBUTE is by the latest lawful date`, of the act in question.
    ByLatestLawful(Name),
    /// `ROLE judged ATTRIBUTE`: the attribute is yes, as that role's judgement.
    Judged {
        /// Who judges.
        role: Name,
        /// The yes-or-no attribute of the act in question.
        attribute: Name,
    },
}

/// `ATTRIBUTE is VALUE`, `ATTRIBUTE > 35`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Test {
    /// The attribute.
    pub attribute: Name,
    /// The comparison.
    pub comparison: Comparison,
    /// The value.
    pub value: Spanned<Value>,
}

/// How values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `is`
    Is,
    /// `is not`
    IsNot,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    More,
    /// `>=`
    AtLeast,
}

/// A value as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// `yes`, `no`
    YesNo(bool),
    /// `35`, `7.5`: kept as text, exact.
    Number(String),
    /// `2026-03-02`
    Date(DateLiteral),
    /// One of the attribute's words.
    Word(String),
    /// `"a text"`
    Text(String),
}

/// `duty NAME`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duty {
    /// What all rules have.
    pub head: RuleHead,
    /// `due WINDOW`
    pub due: Option<Window>,
    /// Each `except …`.
    pub exceptions: Vec<Exception>,
    /// `changing mid-clock  from …`
    pub mid_clock: Option<Spanned<MidClock>>,
    /// `met by …`
    pub met_by: Option<MetBy>,
    /// `if not done  EVENT is deemed`
    pub deemed: Option<Name>,
    /// `again if the review moves later` (`Plain`) or `…, as READING`
    pub again: Option<Spanned<OrReading<()>>>,
}

/// `met by any of …`, `met by all of …`
#[derive(Debug, Clone)]
pub struct MetBy {
    /// The clause.
    pub span: Span,
    /// Whether all are needed.
    pub all: bool,
    /// The acts.
    pub acts: Vec<Act>,
}

/// An act that meets a duty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// The event.
    pub event: EventMatch,
    /// `while CONDITION`, tested on the act's day.
    pub whilst: Option<Condition>,
}

/// `trigger NAME`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trigger {
    /// What all rules have.
    pub head: RuleHead,
    /// `on any of …`, `on EVENT`, `on overdue DUTY`
    pub on: Vec<TriggerOn>,
    /// `asks ROLE to judge ATTRIBUTE, recorded by EVENT`
    pub asks: Option<Asks>,
    /// `if ATTRIBUTE  REVIEW due WINDOW, else WINDOW`, or `then REVIEW due WINDOW, else WINDOW`
    pub then: Option<Consequence>,
}

/// What a trigger waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TriggerOn {
    /// An event.
    Event(EventMatch),
    /// `overdue DUTY`
    Overdue(Name),
}

/// `asks ROLE to judge ATTRIBUTE, recorded by EVENT`
#[derive(Debug, Clone)]
pub struct Asks {
    /// The clause.
    pub span: Span,
    /// Who judges.
    pub role: Name,
    /// What, a yes-or-no attribute of the recording event.
    pub attribute: Name,
    /// The event that records the judgement.
    pub event: Name,
}

/// What a trigger leads to.
#[derive(Debug, Clone)]
pub struct Consequence {
    /// The clause.
    pub span: Span,
    /// The attribute it depends on; `None` after `then`.
    pub attribute: Option<Name>,
    /// The review that is brought forward.
    pub review: Name,
    /// By when.
    pub due: Window,
    /// `, else WINDOW`: where the first window cannot be worked out (no date was given).
    pub otherwise: Option<Window>,
}

/// `forbid NAME`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forbid {
    /// What all rules have (`while` is tested on the act's day).
    pub head: RuleHead,
    /// What is forbidden.
    pub what: Option<Forbidden>,
    /// `unless CONDITION`, tested on the act and its day.
    pub unless: Option<Condition>,
}

/// What a prohibition forbids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Forbidden {
    /// `no EVENT where TEST`
    Never(EventMatch),
    /// `no more than N EVENT in each REVIEW`
    PerReview {
        /// How many are allowed.
        most: Spanned<u32>,
        /// The event.
        event: EventMatch,
        /// The series.
        review: Name,
    },
    /// `no more than N EVENT in any LENGTH`
    PerPeriod {
        /// How many are allowed.
        most: Spanned<u32>,
        /// The event.
        event: EventMatch,
        /// The length of the period, beginning with any of them.
        length: Length,
    },
}

/// `ladder NAME`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ladder {
    /// What all rules have.
    pub head: RuleHead,
    /// `opened by EVENT`
    pub opened_by: Option<Name>,
    /// `answered by EVENT`
    pub answered_by: Option<Name>,
    /// `approved by EVENT`
    pub approved_by: Option<Name>,
    /// `judged by EVENT`
    pub judged_by: Option<Name>,
    /// `closed by EVENT`
    pub closed_by: Option<Name>,
    /// `in time when answered`, `in time when approved`, `in time when READING`
    pub in_time_when: Option<Spanned<OrReading<InTimeWhen>>>,
    /// `enters at any stage` (`None`) or `enters at stage 1`
    pub enters: Option<Spanned<Option<u32>>>,
    /// `outside EVENT`
    pub outside: Option<Name>,
    /// `cap LENGTH after ANCHOR`
    pub cap: Option<Window>,
    /// `always copies ROLE, ROLE`
    pub copies: Vec<Name>,
    /// Each `opens at stage N on EVENT where TEST`.
    pub opens_on: Vec<OpensOn>,
    /// The stages.
    pub stages: Vec<Stage>,
    /// Clauses of the whole ladder that stand after a stage began: kept, and reported.
    pub misplaced: Vec<Spanned<String>>,
}

/// `opens at stage N on EVENT where TEST`
#[derive(Debug, Clone)]
pub struct OpensOn {
    /// The clause.
    pub span: Span,
    /// The stage.
    pub stage: Spanned<u32>,
    /// The event.
    pub event: EventMatch,
}

/// `stage N "Title"`
#[derive(Debug, Clone)]
pub struct Stage {
    /// The stage with its clauses.
    pub span: Span,
    /// Its number.
    pub number: Spanned<u32>,
    /// Its title.
    pub title: Option<Text>,
    /// `to ROLE, ROLE`
    pub to: Vec<Name>,
    /// `answer from ROLE`
    pub answer_from: Vec<Name>,
    /// `approval from ROLE`
    pub approval_from: Vec<Name>,
    /// `within LENGTH` (no anchor: it counts from the stage's opening) or `by the ATTRIBUTE of EVENT`
    pub limit: Option<Window>,
    /// `copies ROLE, ROLE`
    pub copies: Vec<Name>,
    /// `grounds a, b`: words of the opening event's `ground` attribute.
    pub grounds: Vec<Name>,
    /// `if OUTCOME  …`
    pub exits: Vec<Exit>,
    /// `cite "…"`
    pub cites: Vec<Text>,
    /// Each `accept …`.
    pub accepts: Vec<Accept>,
}

/// `if not satisfied  iro must open stage 2`
#[derive(Debug, Clone)]
pub struct Exit {
    /// The clause.
    pub span: Span,
    /// On which outcome, as written: closed later to `satisfied`, `not satisfied`, `no answer`, `not approved`.
    pub outcome: Spanned<String>,
    /// Who may move; left out for `ends`.
    pub by: Option<By>,
    /// Where it leads.
    pub leads: ExitTo,
}

/// Where an exit leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExitTo {
    /// `open stage N`
    Stage(Spanned<u32>),
    /// `ends`: the ladder is to be closed.
    Ends,
    /// `goes outside`: the outside track.
    Outside,
}

/// `scenario "title"`: dated events and what is expected of them.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// The whole declaration.
    pub span: Span,
    /// What it shows.
    pub title: Text,
    /// `read NAME as VALUE`: readings switched for this scenario.
    pub switches: Vec<(Name, Spanned<ReadingValue>)>,
    /// The event lines.
    pub events: Vec<Fact>,
    /// `as of DATE`
    pub as_of: Option<Spanned<DateLiteral>>,
    /// Each `expect …`.
    pub expectations: Vec<Expectation>,
}

/// `2026-03-01 placed miles 40 ref a`
#[derive(Debug, Clone)]
pub struct Fact {
    /// The line.
    pub span: Span,
    /// The date.
    pub date: Spanned<DateLiteral>,
    /// The event.
    pub event: Name,
    /// Attributes in the order they stand, `ref` and `seq` among them.
    pub attributes: Vec<(Name, Spanned<Value>)>,
}

/// `expect second looked-after-review late by 1 day, due 2026-04-21`
#[derive(Debug, Clone)]
pub struct Expectation {
    /// The line.
    pub span: Span,
    /// `first`, `second`, `3rd`: which instance.
    pub ordinal: Option<Spanned<u32>>,
    /// The rule.
    pub rule: Name,
    /// `stage N`: the answer owed at that stage of a ladder.
    pub stage: Option<Spanned<u32>>,
    /// The part of a rule: `cap`, `approval`, `judgement`, `review`, `opening`.
    pub part: Option<Name>,
    /// `ref X`
    pub reference: Option<Spanned<String>>,
    /// What is expected.
    pub what: Expected,
}

/// What a scenario expects of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expected {
    /// A status and its particulars.
    Status {
        /// The status, as written: `met`, `late`, `due`, `cannot-be-met`, `kept`, `exhausted`, …
        status: Name,
        /// `by N days` or `by N working days`
        by: Option<(Spanned<u32>, Name)>,
        /// `, due DATE or DATE`
        due: Vec<Spanned<DateLiteral>>,
        /// `, opens DATE`
        opens: Option<Spanned<DateLiteral>>,
        /// `, on DATE`: the day it was done, breached, closed or deemed.
        on: Option<Spanned<DateLiteral>>,
        /// `, basis planned`
        basis: Option<Name>,
    },
    /// `may open stage N since DATE on no answer`: where a ladder stands.
    MayOpen {
        /// The stage that may be opened.
        stage: Spanned<u32>,
        /// `since DATE`
        since: Option<Spanned<DateLiteral>>,
        /// `on OUTCOME`
        ground: Option<Spanned<String>>,
    },
    /// `nothing`: no deadline of this rule.
    Nothing,
}
