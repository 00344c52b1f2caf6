//! The grammar at work: the only place, with the lowering, that knows how texts are parsed.

use std::sync::LazyLock;

use pest::Parser;
use pest::error::{ErrorVariant, InputLocation};
use pest::iterators::Pair;

use crate::source::Span;

/// The generated parser.
#[derive(pest_derive::Parser)]
#[grammar = "grammar/duly.pest"]
struct Grammar;

/// A piece of the parsed text that stands for one rule of the grammar.
#[derive(Clone)]
pub(super) struct Node<'t> {
    pair: Pair<'t, Rule>,
    /// Where the parsed text begins in its source.
    base: u32,
}

/// Where the parser could not go on, and what it could have gone on with.
pub(super) struct Failure {
    /// The offset into the parsed text.
    pub(super) at: usize,
    /// The rules that were tried there.
    pub(super) expected: Vec<Rule>,
}

/// Parses a text that begins at an offset of its source.
pub(super) fn parse(rule: Rule, text: &str, base: u32) -> Result<Node<'_>, Failure> {
    match Grammar::parse(rule, text) {
        Ok(mut pairs) => match pairs.next() {
            Some(pair) => Ok(Node { pair, base }),
            None => Err(Failure { at: 0, expected: Vec::new() }),
        },
        Err(error) => Err(Failure {
            at: match error.location {
                InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
            },
            expected: match error.variant {
                ErrorVariant::ParsingError { positives, .. } => positives,
                ErrorVariant::CustomError { .. } => Vec::new(),
            },
        }),
    }
}

impl<'t> Node<'t> {
    /// The rule that was matched.
    pub(super) fn rule(&self) -> Rule {
        self.pair.as_rule()
    }

    /// The text of a token. For anything larger it may run on into the blanks that follow.
    pub(super) fn text(&self) -> &'t str {
        self.pair.as_str()
    }

    /// The place, from the first token to the last.
    pub(super) fn span(&self) -> Span {
        // The parser's own span takes in the blanks and comments before an optional part that is
        // not there, so the end is that of the last token.
        let mut last = self.pair.clone();
        while let Some(inner) = last.clone().into_inner().next_back() {
            last = inner;
        }
        Span::new(
            self.base + self.pair.as_span().start() as u32,
            self.base + last.as_span().end() as u32,
        )
    }

    /// The parts.
    pub(super) fn parts(&self) -> impl Iterator<Item = Node<'t>> + use<'t> {
        let base = self.base;
        self.pair.clone().into_inner().map(move |pair| Node { pair, base })
    }

    /// The word of the language that this is, if it is one.
    pub(super) fn word(&self) -> Option<&'static str> {
        match wording(self.rule()) {
            Wording::Word(word) => Some(word),
            _ => None,
        }
    }

    /// A stretch of the text that was parsed, by its place in the source.
    pub(super) fn text_at(&self, span: Span) -> &'t str {
        let start = span.start.saturating_sub(self.base) as usize;
        let end = span.end.saturating_sub(self.base) as usize;
        self.pair.get_input().get(start..end).unwrap_or_default()
    }

    /// The first part that is more than a word of the language or a sign.
    pub(super) fn inner(&self) -> Option<Node<'t>> {
        self.parts()
            .find(|part| !matches!(wording(part.rule()), Wording::Word(_) | Wording::Sign(_)))
    }

    /// The parts of one rule.
    pub(super) fn each(&self, rule: Rule) -> impl Iterator<Item = Node<'t>> + use<'t> {
        self.parts().filter(move |part| part.rule() == rule)
    }

    /// The first part of a rule.
    pub(super) fn find(&self, rule: Rule) -> Option<Node<'t>> {
        self.each(rule).next()
    }

    /// Tells whether a part of a rule is there.
    pub(super) fn has(&self, rule: Rule) -> bool {
        self.find(rule).is_some()
    }
}

/// What a message calls a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Wording {
    /// Something with a name of its own: `a length`.
    Thing(&'static str),
    /// A word of the language.
    Word(&'static str),
    /// A sign.
    Sign(&'static str),
    /// Any clause of a kind of declaration.
    Clause(&'static str),
    /// Nothing worth saying.
    Quiet,
}

/// The wording of every rule; a new rule cannot reach a reader under its own name.
pub(super) const fn wording(rule: Rule) -> Wording {
    use Wording::{Clause, Quiet, Sign, Thing, Word};
    match rule {
        Rule::name => Thing("a name"),
        Rule::attribute_name => Thing("the name of an attribute"),
        Rule::loose_word => Thing("a reference"),
        Rule::number => Thing("a number"),
        Rule::nth => Thing("an age such as `16th`"),
        Rule::number_word => Quiet,
        Rule::date => Thing("a date"),
        Rule::text => Thing("a quoted text"),
        Rule::comma => Sign("`,`"),
        Rule::colon => Sign("`:`"),
        Rule::open_bracket => Sign("`(`"),
        Rule::close_bracket => Sign("`)`"),
        Rule::bullet => Sign("a list item (`- event`)"),
        Rule::case_line => Quiet,
        Rule::names => Thing("a name"),
        Rule::period => Thing("`from` or `until`"),
        Rule::from_date => Thing("`from`"),
        Rule::until_date => Thing("`until`"),
        Rule::in_force => Thing("`in force`"),
        Rule::cite_clause => Thing("`cite`"),
        Rule::by_clause => Thing("`by`"),
        Rule::strength => Thing("`must`, `should`, `should normally` or `may`"),
        Rule::while_clause => Thing("`while`"),
        Rule::tells_clause => Thing("`tells`"),
        Rule::event_match => Thing("an event"),
        Rule::where_test => Thing("`where`"),
        Rule::event_list => Thing("an event or `any of`"),
        Rule::event_item => Thing("a list item (`- event`)"),
        Rule::policy => Thing("a declaration"),
        Rule::policy_clause => Clause("the policy"),
        Rule::authority_clause => Thing("`authority`"),
        Rule::source_clause => Thing("`source`"),
        Rule::calendar_clause => Thing("`calendar`"),
        Rule::closed_clause => Thing("`closed`"),
        Rule::role => Thing("a declaration"),
        Rule::event => Thing("a declaration"),
        Rule::event_clause => Clause("the event"),
        Rule::attribute_kind => Thing("`yes or no`, `one of …`, `a number`, `a date` or `a text`"),
        Rule::yes_or_no => Thing("`yes or no`"),
        Rule::one_of => Thing("`one of`"),
        Rule::a_number => Thing("`a number`"),
        Rule::a_date => Thing("`a date`"),
        Rule::a_text => Thing("`a text`"),
        Rule::state => Thing("a declaration"),
        Rule::state_clause => Clause("the state"),
        Rule::from_clause => Thing("`from`"),
        Rule::until_clause => Thing("`until`"),
        Rule::holds_clause => Thing("`holds while`"),
        Rule::before_clause => Thing("`before then`"),
        Rule::before_value => Thing("`no` or `not known`"),
        Rule::reading => Thing("a declaration"),
        Rule::reading_clause => Clause("the reading"),
        Rule::is_clause => Thing("`is`"),
        Rule::days_clause => Thing("`days are`"),
        Rule::or_clause => Thing("`or`"),
        Rule::for_clause => Thing("`for`"),
        Rule::alternative => Thing("what the reading holds"),
        Rule::reading_value => Thing("what the reading holds"),
        Rule::dated => Thing("`the first meeting` or `completion`"),
        Rule::in_time_when => Thing("`answered` or `approved`"),
        Rule::length => Thing("a length"),
        Rule::plain_length => Thing("a length"),
        Rule::worded_length => Quiet,
        Rule::extreme => Quiet,
        Rule::unit => Thing("a unit"),
        Rule::bare_unit => Thing("a unit"),
        Rule::window => Thing("a time limit"),
        Rule::led_window => Thing("a time limit"),
        Rule::within_window => Thing("`within`"),
        Rule::period_of => Thing("`a period of`"),
        Rule::within_tail => Thing("`after` and where the time runs from"),
        Rule::either_side => Thing("`either side of`"),
        Rule::at_least_window => Thing("`at least`"),
        Rule::between_window => Thing("`between`"),
        Rule::side => Thing("`before` or `after`"),
        Rule::between_start => Thing("a length"),
        Rule::midway_window => Thing("`on midway`"),
        Rule::midway => Thing("`midway between`"),
        Rule::midway_anchor => Thing("`each` and a review"),
        Rule::by_window => Thing("`by the`"),
        Rule::on_or_before => Quiet,
        Rule::before_window => Thing("`before`"),
        Rule::at_window => Thing("`at`"),
        Rule::not_before_window => Thing("`not before`"),
        Rule::once_window => Thing("`once`"),
        Rule::no_limit_window => Thing("`with no time limit`"),
        Rule::after_anchor => Thing("`after` and where the time runs from"),
        Rule::before_anchor => Thing("`before` and what it comes before"),
        Rule::anchor => Thing("where the time runs from"),
        Rule::anchor_part => Thing("where the time runs from"),
        Rule::birthday => Thing("a birthday"),
        Rule::state_start => Thing("`the start of`"),
        Rule::stage_opening => Thing("`the opening of stage`"),
        Rule::first_opening => Thing("`the first opening from stage`"),
        Rule::of_ladder => Thing("`of`"),
        Rule::review_anchor => Thing("a review"),
        Rule::completion_of => Thing("`completion of`"),
        Rule::which_reviews => Thing("`each`, `the first` or `the second`"),
        Rule::own_review => Thing("`the first` or `the previous`"),
        Rule::overdue_anchor => Thing("`overdue`"),
        Rule::condition => Thing("a condition"),
        Rule::conjunction => Thing("a condition"),
        Rule::operand => Thing("a condition"),
        Rule::negation => Thing("`not`"),
        Rule::bracketed => Thing("`(`"),
        Rule::age_test => Thing("`age`"),
        Rule::age_over => Thing("a number and `or over`"),
        Rule::age_under => Thing("`under`"),
        Rule::latest_test => Thing("`the latest`"),
        Rule::soft_test => Thing("`stage`"),
        Rule::named_test => Thing("a condition"),
        Rule::judged_tail => Thing("`judged`"),
        Rule::since_tail => Thing("`held since`"),
        Rule::held_for_tail => Thing("`for more than` or `for at least`"),
        Rule::more_than => Thing("`more than`"),
        Rule::at_least => Thing("`at least`"),
        Rule::lawful_tail => Thing("`is by the latest lawful date`"),
        Rule::recorded_tail => Thing("`recorded`"),
        Rule::compared => Thing("a comparison"),
        Rule::comparison => Thing("a comparison (`is`, `is not`, `<`, `<=`, `>`, `>=`)"),
        Rule::sign => Thing("a comparison"),
        Rule::value => Thing("a value"),
        Rule::yes_no => Thing("`yes` or `no`"),
        Rule::review => Thing("a declaration"),
        Rule::review_clause => Clause("the review"),
        Rule::held_clause => Thing("`held`"),
        Rule::or_held_over => Thing("`, or from`"),
        Rule::held_over => Thing("`from`"),
        Rule::adjourned_clause => Thing("`adjourned by`"),
        Rule::dated_clause => Thing("`dated by`"),
        Rule::planned_clause => Thing("`planned by`"),
        Rule::restarted_clause => Thing("`restarted by`"),
        Rule::suspended_clause => Thing("`suspended while`"),
        Rule::first_clause => Thing("`first`"),
        Rule::second_clause => Thing("`second`"),
        Rule::later_clause => Thing("`later`"),
        Rule::mid_clock_clause => Thing("`changing mid-clock`"),
        Rule::mid_clock => Thing("`the anchor`, `the change` or `the next clock`"),
        Rule::except_clause => Thing("`except for`"),
        Rule::except_part => Quiet,
        Rule::ordinals => Thing("`the first`, `second and later` or `later`"),
        Rule::started => Thing("`started from`"),
        Rule::instead => Thing("a time limit or `does not apply`"),
        Rule::does_not_apply => Thing("`does not apply`"),
        Rule::duty => Thing("a declaration"),
        Rule::duty_clause => Clause("the duty"),
        Rule::due_clause => Thing("`due`"),
        Rule::met_clause => Thing("`met by`"),
        Rule::any_of => Thing("`any of`"),
        Rule::all_of => Thing("`all of`"),
        Rule::act_item => Thing("a list item (`- event`)"),
        Rule::act => Thing("an event"),
        Rule::deemed_clause => Thing("`if not done`"),
        Rule::again_clause => Thing("`again if the review moves later`"),
        Rule::as_reading => Thing("`, as`"),
        Rule::trigger => Thing("a declaration"),
        Rule::trigger_clause => Clause("the trigger"),
        Rule::on_clause => Thing("`on`"),
        Rule::on_item => Thing("a list item (`- event`)"),
        Rule::on_what => Thing("an event or `overdue`"),
        Rule::asks_clause => Thing("`asks`"),
        Rule::if_clause => Thing("`if`"),
        Rule::then_clause => Thing("`then`"),
        Rule::consequence => Thing("the review that is brought forward"),
        Rule::else_window => Thing("`, else`"),
        Rule::forbid => Thing("a declaration"),
        Rule::forbid_clause => Clause("the prohibition"),
        Rule::no_clause => Thing("`no`"),
        Rule::no_more_than => Thing("`more than`"),
        Rule::each_review => Thing("`each` and a review"),
        Rule::any_period => Thing("`any` and a length"),
        Rule::unless_clause => Thing("`unless`"),
        Rule::ladder => Thing("a declaration"),
        Rule::ladder_clause => Clause("the ladder"),
        Rule::opened_clause => Thing("`opened by`"),
        Rule::answered_clause => Thing("`answered by`"),
        Rule::approved_clause => Thing("`approved by`"),
        Rule::judged_clause => Thing("`judged by`"),
        Rule::closed_by_clause => Thing("`closed by`"),
        Rule::in_time_clause => Thing("`in time when`"),
        Rule::enters_clause => Thing("`enters at`"),
        Rule::outside_clause => Thing("`outside`"),
        Rule::cap_clause => Thing("`cap`"),
        Rule::always_clause => Thing("`always copies`"),
        Rule::opens_clause => Thing("`opens at stage`"),
        Rule::stage => Thing("`stage`"),
        Rule::stage_clause => Clause("the stage"),
        Rule::to_clause => Thing("`to`"),
        Rule::answer_from => Thing("`answer from`"),
        Rule::approval_from => Thing("`approval from`"),
        Rule::limit_clause => Thing("`within`"),
        Rule::copies_clause => Thing("`copies`"),
        Rule::grounds_clause => Thing("`grounds`"),
        Rule::exit_clause => Thing("`if`"),
        Rule::outcome => {
            Thing("an outcome (`satisfied`, `not satisfied`, `no answer`, `not approved`)")
        }
        Rule::exit_by => Thing("a role"),
        Rule::exit_stage => Thing("`open stage`"),
        Rule::exit_outside => Thing("`go outside`"),
        Rule::late_clause => Quiet,
        Rule::scenario => Thing("a declaration"),
        Rule::scenario_line => Clause("the scenario"),
        Rule::read_line => Thing("`read`"),
        Rule::as_of_line => Thing("`as of`"),
        Rule::fact => Thing("a dated event"),
        Rule::ref_pair => Thing("`ref`"),
        Rule::fact_pair => Thing("an attribute and its value"),
        Rule::expect_line => Thing("`expect`"),
        Rule::ordinal => Thing("`first`, `second` or `third`"),
        Rule::expect_stage => Thing("`stage`"),
        Rule::part => Thing("`answer`, `approval`, `cap`, `judgement`, `review` or `opening`"),
        Rule::expect_ref => Thing("`ref`"),
        Rule::expected => Thing("what is expected"),
        Rule::nothing => Thing("`nothing`"),
        Rule::may_open => Thing("`may open stage`"),
        Rule::since_date => Thing("`since`"),
        Rule::on_outcome => Thing("`on`"),
        Rule::status_what => Thing("a status"),
        Rule::status => Thing("a status"),
        Rule::late_by => Thing("`by`"),
        Rule::particular => Thing("`due`, `opens`, `on` or `basis`"),
        Rule::due_dates => Thing("`due`"),
        Rule::opens_date => Thing("`opens`"),
        Rule::on_date => Thing("`on`"),
        Rule::basis => Thing("`basis`"),
        Rule::keyword => Quiet,
        Rule::kw_a => Word("a"),
        Rule::kw_adjourned => Word("adjourned"),
        Rule::kw_after => Word("after"),
        Rule::kw_again => Word("again"),
        Rule::kw_age => Word("age"),
        Rule::kw_all => Word("all"),
        Rule::kw_always => Word("always"),
        Rule::kw_anchor => Word("anchor"),
        Rule::kw_and => Word("and"),
        Rule::kw_answer => Word("answer"),
        Rule::kw_answered => Word("answered"),
        Rule::kw_any => Word("any"),
        Rule::kw_apply => Word("apply"),
        Rule::kw_approval => Word("approval"),
        Rule::kw_approved => Word("approved"),
        Rule::kw_are => Word("are"),
        Rule::kw_as => Word("as"),
        Rule::kw_asks => Word("asks"),
        Rule::kw_at => Word("at"),
        Rule::kw_authority => Word("authority"),
        Rule::kw_basis => Word("basis"),
        Rule::kw_before => Word("before"),
        Rule::kw_beginning => Word("beginning"),
        Rule::kw_between => Word("between"),
        Rule::kw_birthday => Word("birthday"),
        Rule::kw_by => Word("by"),
        Rule::kw_calendar => Word("calendar"),
        Rule::kw_cap => Word("cap"),
        Rule::kw_case => Word("case"),
        Rule::kw_change => Word("change"),
        Rule::kw_changing => Word("changing"),
        Rule::kw_cite => Word("cite"),
        Rule::kw_clock => Word("clock"),
        Rule::kw_closed => Word("closed"),
        Rule::kw_completion => Word("completion"),
        Rule::kw_copies => Word("copies"),
        Rule::kw_date => Word("date"),
        Rule::kw_dated => Word("dated"),
        Rule::kw_days => Word("days"),
        Rule::kw_deemed => Word("deemed"),
        Rule::kw_does => Word("does"),
        Rule::kw_done => Word("done"),
        Rule::kw_due => Word("due"),
        Rule::kw_duty => Word("duty"),
        Rule::kw_each => Word("each"),
        Rule::kw_earlier => Word("earlier"),
        Rule::kw_either => Word("either"),
        Rule::kw_else => Word("else"),
        Rule::kw_ends => Word("ends"),
        Rule::kw_enters => Word("enters"),
        Rule::kw_event => Word("event"),
        Rule::kw_except => Word("except"),
        Rule::kw_expect => Word("expect"),
        Rule::kw_first => Word("first"),
        Rule::kw_for => Word("for"),
        Rule::kw_forbid => Word("forbid"),
        Rule::kw_force => Word("force"),
        Rule::kw_from => Word("from"),
        Rule::kw_go => Word("go"),
        Rule::kw_goes => Word("goes"),
        Rule::kw_grounds => Word("grounds"),
        Rule::kw_has => Word("has"),
        Rule::kw_have => Word("have"),
        Rule::kw_held => Word("held"),
        Rule::kw_holds => Word("holds"),
        Rule::kw_if => Word("if"),
        Rule::kw_in => Word("in"),
        Rule::kw_is => Word("is"),
        Rule::kw_judge => Word("judge"),
        Rule::kw_judged => Word("judged"),
        Rule::kw_judgement => Word("judgement"),
        Rule::kw_known => Word("known"),
        Rule::kw_ladder => Word("ladder"),
        Rule::kw_later => Word("later"),
        Rule::kw_latest => Word("latest"),
        Rule::kw_lawful => Word("lawful"),
        Rule::kw_least => Word("least"),
        Rule::kw_limit => Word("limit"),
        Rule::kw_made => Word("made"),
        Rule::kw_may => Word("may"),
        Rule::kw_meeting => Word("meeting"),
        Rule::kw_met => Word("met"),
        Rule::kw_mid_clock => Word("mid-clock"),
        Rule::kw_midway => Word("midway"),
        Rule::kw_more => Word("more"),
        Rule::kw_moves => Word("moves"),
        Rule::kw_must => Word("must"),
        Rule::kw_next => Word("next"),
        Rule::kw_no => Word("no"),
        Rule::kw_normally => Word("normally"),
        Rule::kw_not => Word("not"),
        Rule::kw_nothing => Word("nothing"),
        Rule::kw_number => Word("number"),
        Rule::kw_of => Word("of"),
        Rule::kw_on => Word("on"),
        Rule::kw_once => Word("once"),
        Rule::kw_one => Word("one"),
        Rule::kw_open => Word("open"),
        Rule::kw_opened => Word("opened"),
        Rule::kw_opening => Word("opening"),
        Rule::kw_opens => Word("opens"),
        Rule::kw_or => Word("or"),
        Rule::kw_outside => Word("outside"),
        Rule::kw_over => Word("over"),
        Rule::kw_overdue => Word("overdue"),
        Rule::kw_passed => Word("passed"),
        Rule::kw_period => Word("period"),
        Rule::kw_planned => Word("planned"),
        Rule::kw_policy => Word("policy"),
        Rule::kw_previous => Word("previous"),
        Rule::kw_read => Word("read"),
        Rule::kw_reading => Word("reading"),
        Rule::kw_recorded => Word("recorded"),
        Rule::kw_ref => Word("ref"),
        Rule::kw_restarted => Word("restarted"),
        Rule::kw_review => Word("review"),
        Rule::kw_role => Word("role"),
        Rule::kw_scenario => Word("scenario"),
        Rule::kw_second => Word("second"),
        Rule::kw_should => Word("should"),
        Rule::kw_side => Word("side"),
        Rule::kw_since => Word("since"),
        Rule::kw_source => Word("source"),
        Rule::kw_stage => Word("stage"),
        Rule::kw_start => Word("start"),
        Rule::kw_started => Word("started"),
        Rule::kw_state => Word("state"),
        Rule::kw_suspended => Word("suspended"),
        Rule::kw_tells => Word("tells"),
        Rule::kw_text => Word("text"),
        Rule::kw_than => Word("than"),
        Rule::kw_the => Word("the"),
        Rule::kw_then => Word("then"),
        Rule::kw_third => Word("third"),
        Rule::kw_time => Word("time"),
        Rule::kw_to => Word("to"),
        Rule::kw_trigger => Word("trigger"),
        Rule::kw_under => Word("under"),
        Rule::kw_unless => Word("unless"),
        Rule::kw_until => Word("until"),
        Rule::kw_up => Word("up"),
        Rule::kw_visit => Word("visit"),
        Rule::kw_when => Word("when"),
        Rule::kw_where => Word("where"),
        Rule::kw_while => Word("while"),
        Rule::kw_with => Word("with"),
        Rule::kw_within => Word("within"),
        Rule::kw_yes => Word("yes"),
        Rule::WHITESPACE
        | Rule::COMMENT
        | Rule::item
        | Rule::declaration
        | Rule::fact_line
        | Rule::typed_reading
        | Rule::dash
        | Rule::letter
        | Rule::name_part
        | Rule::blank
        | Rule::date_sign
        | Rule::curly
        | Rule::outermost
        | Rule::two_words
        | Rule::one_unit
        | Rule::or_word
        | Rule::EOI => Quiet,
    }
}

/// The keywords that begin a declaration.
pub(super) const DECLARATIONS: [&str; 12] = [
    "policy", "reading", "role", "event", "state", "review", "visit", "duty", "trigger", "forbid",
    "ladder", "scenario",
];

/// The words of the language that are only understood as such where nothing else can stand, so that
/// they may be names too.
const UNRESERVED: [&str; 8] = ["basis", "case", "date", "days", "meeting", "number", "ref", "text"];

/// The words that cannot be names, sorted.
static WORDS: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let mut words: Vec<_> = Rule::all_rules()
        .iter()
        .filter_map(|rule| match wording(*rule) {
            Wording::Word(word) => Some(word),
            _ => None,
        })
        .filter(|word| !UNRESERVED.contains(word))
        .collect();
    words.sort_unstable();
    words
});

/// Tells whether a word belongs to the language and so cannot be a name.
pub(super) fn is_word(text: &str) -> bool {
    WORDS.binary_search(&text).is_ok()
}

/// The clauses: the words each begins with, and the declarations it belongs to.
///
/// Of two that fit, the longer is meant, so the longer stands first.
pub(super) const CLAUSES: &[(&str, &[&str])] = &[
    ("in time when", &["ladder"]),
    ("in force", &["policy", "review", "visit", "duty", "trigger", "forbid", "ladder"]),
    ("if not done", &["duty"]),
    ("always copies", &["ladder"]),
    ("opens at", &["ladder"]),
    ("opened by", &["ladder"]),
    ("answered by", &["ladder"]),
    ("approved by", &["ladder"]),
    ("judged by", &["ladder"]),
    ("closed by", &["ladder"]),
    ("enters at", &["ladder"]),
    ("answer from", &["stage"]),
    ("approval from", &["stage"]),
    ("by the", &["stage"]),
    ("as of", &["scenario"]),
    ("before then", &["state"]),
    ("holds while", &["state"]),
    ("days are", &["reading"]),
    ("held on", &["review", "visit"]),
    ("made on", &["review", "visit"]),
    ("held from", &["review", "visit"]),
    ("adjourned by", &["review", "visit"]),
    ("dated by", &["review", "visit"]),
    ("planned by", &["review", "visit"]),
    ("restarted by", &["review", "visit"]),
    ("suspended while", &["review", "visit"]),
    ("changing mid-clock", &["review", "visit", "duty"]),
    ("met by", &["duty"]),
    ("again if", &["duty"]),
    ("asks", &["trigger"]),
    ("authority", &["policy"]),
    ("by", &["review", "visit", "duty", "trigger", "forbid", "ladder"]),
    ("calendar", &["policy"]),
    ("cap", &["ladder"]),
    ("cite", &["reading", "review", "visit", "duty", "trigger", "forbid", "ladder", "stage"]),
    ("closed", &["policy"]),
    ("copies", &["stage"]),
    ("due", &["duty"]),
    ("except", &["review", "visit", "duty"]),
    ("expect", &["scenario"]),
    ("first", &["review", "visit"]),
    ("for", &["reading"]),
    ("from", &["state"]),
    ("grounds", &["stage"]),
    ("if", &["trigger", "stage"]),
    ("is", &["reading"]),
    ("later", &["review", "visit"]),
    ("no", &["forbid"]),
    ("on", &["trigger"]),
    ("or", &["reading"]),
    ("outside", &["ladder"]),
    ("read", &["scenario"]),
    ("second", &["review", "visit"]),
    ("source", &["policy"]),
    ("stage", &["ladder", "stage"]),
    ("tells", &["review", "visit", "duty", "trigger", "forbid", "ladder"]),
    ("then", &["trigger"]),
    ("to", &["stage"]),
    ("unless", &["forbid"]),
    ("until", &["state"]),
    ("while", &["review", "visit", "duty", "trigger", "forbid", "ladder"]),
    ("within", &["stage"]),
];
