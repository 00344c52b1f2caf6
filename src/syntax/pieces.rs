//! The tokens of a policy file, each with what belongs in front of it when the file is laid out.
//!
//! The printer works on the tokens as they were written, not on the tree: what a file says can then not be
//! lost, whatever the grammar learns later. Where a line begins follows from the shape of a
//! declaration (its head, then its clauses), so a new clause begins a line without being named here.

use crate::source::{Source, Span};

use super::grammar::{self, Node, Rule};
use super::scan;

/// A token and what belongs in front of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// Its place.
    pub span: Span,
    /// What belongs in front of it.
    pub before: Before,
}

/// What belongs in front of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Before {
    /// A new line: a declaration of this kind begins.
    Declaration(Kind),
    /// A new line: a stage of a ladder begins.
    Stage,
    /// A new line: a clause begins.
    Clause,
    /// A new line: an item of a list begins.
    Item,
    /// Blanks up to the column in which the titles of neighbours stand.
    Title,
    /// Blanks up to the column in which the values of this group stand.
    Column(Group),
    /// As `Column`, but the words before it do not push the column to the right.
    Fitted(Group),
    /// Two blanks, which set a consequence apart from its condition.
    Apart,
    /// One blank, or a new line: another of several names or texts between commas follows.
    Entry,
    /// One blank, or a new line where the line would grow too long.
    Break,
    /// One blank.
    Blank,
    /// Nothing.
    Nothing,
}

/// The clauses of a declaration whose values stand in one column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// `by`, `while`, `cite`, …
    Clauses,
    /// What a reading holds, and what else it could.
    Choices,
    /// The exits of a stage.
    Exits,
    /// The attributes of an event.
    Attributes,
}

/// How the head of a declaration is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A role.
    Role,
    /// An event.
    Event,
    /// A state.
    State,
    /// A policy, a reading, a rule or a scenario.
    Other,
}

/// Cuts a policy file into its pieces; `None` where something in it cannot be read.
pub fn pieces(source: &Source) -> Option<Vec<Piece>> {
    let scanned = scan::scan(&source.text);
    let mut cutter = Cutter { pieces: Vec::new(), last: None, list: None, unbroken: false };
    for item in scan::items(&scanned.tokens) {
        let (first, last) = (item.tokens.first()?, item.tokens.last()?);
        if scan::too_deep(item.tokens).is_some() {
            return None;
        }
        let text = first.span.join(last.span).text(source);
        let node = grammar::parse(Rule::item, text, first.span.start).ok()?;
        cutter.declaration(&node);
    }
    Some(cutter.pieces)
}

/// Takes a declaration apart.
struct Cutter {
    pieces: Vec<Piece>,
    /// The rule of the last token.
    last: Option<Rule>,
    /// The node whose parts between commas are a list.
    list: Option<Rule>,
    /// Whether the line may not be broken here.
    unbroken: bool,
}

impl Cutter {
    fn declaration(&mut self, node: &Node<'_>) {
        let kind = match node.rule() {
            Rule::role => Kind::Role,
            Rule::event => Kind::Event,
            Rule::state => Kind::State,
            _ => Kind::Other,
        };
        self.block(node, Before::Declaration(kind));
    }

    /// A declaration or a stage: the tokens of its head, then its clauses, each on a line.
    fn block(&mut self, node: &Node<'_>, begin: Before) {
        for (index, part) in node.parts().enumerate() {
            if part.is_token() {
                let before = match part.rule() {
                    _ if index == 0 => begin,
                    Rule::text if matches!(node.rule(), Rule::role | Rule::event) => Before::Title,
                    _ => Before::Blank,
                };
                self.token(&part, before);
            } else if part.rule() == Rule::stage {
                self.block(&part, Before::Stage);
            } else {
                self.clause(node.rule(), &clause(&part));
            }
        }
    }

    /// A clause: the words it begins with, then its value.
    fn clause(&mut self, within: Rule, node: &Node<'_>) {
        let lead = lead(node);
        let outer = self.list;
        self.list = (node.rule() == Rule::cite_clause).then_some(Rule::cite_clause);
        for (index, part) in node.parts().enumerate() {
            let before = match index {
                0 => Before::Clause,
                // `no more than` is one phrase.
                _ if part.parts().any(|first| first.rule() == Rule::more_than) => Before::Blank,
                _ if index == lead => value(within, node.rule()),
                _ => Before::Blank,
            };
            self.part(node.rule(), &part, before);
        }
        self.list = outer;
    }

    /// A part of a clause.
    fn part(&mut self, within: Rule, part: &Node<'_>, before: Before) {
        let before = match (before, part.rule()) {
            (_, Rule::event_item | Rule::act_item | Rule::on_item) => Before::Item,
            (
                Before::Blank,
                Rule::where_test
                | Rule::while_clause
                | Rule::after_anchor
                | Rule::kw_else
                | Rule::else_window,
            ) => Before::Break,
            (Before::Blank, Rule::kw_and | Rule::kw_or)
                if matches!(within, Rule::condition | Rule::conjunction) =>
            {
                Before::Break
            }
            (before, _) => before,
        };
        if part.is_token() {
            self.token(part, before);
            return;
        }
        if part.rule() == Rule::act {
            self.act(part, before);
            return;
        }
        let outer = self.list;
        self.list = (part.rule() == Rule::names).then_some(Rule::names);
        for (index, inner) in part.parts().enumerate() {
            self.part(part.rule(), &inner, if index == 0 { before } else { Before::Blank });
        }
        self.list = outer;
    }

    /// An act that meets a duty. On its line, `while` is a condition of the act; on a line of its own it is a
    /// clause of the duty, though the grammar reads it with the act. So the line may not be broken before
    /// the one, and the other begins a line.
    fn act(&mut self, act: &Node<'_>, before: Before) {
        let whilst = act.find(Rule::while_clause);
        let own_line = whilst.as_ref().is_some_and(|whilst| {
            act.text_at(Span::new(act.span().start, whilst.span().start)).contains('\n')
        });
        self.unbroken = whilst.is_some() && !own_line;
        for part in act.each(Rule::event_match) {
            self.part(act.rule(), &part, before);
        }
        self.unbroken = false;
        match whilst {
            Some(whilst) if own_line => self.clause(Rule::duty, &whilst),
            Some(whilst) => {
                for part in whilst.parts() {
                    self.part(whilst.rule(), &part, Before::Blank);
                }
            }
            None => {}
        }
    }

    fn token(&mut self, node: &Node<'_>, before: Before) {
        let before = match (node.rule(), self.last) {
            (Rule::comma | Rule::colon | Rule::close_bracket, _)
            | (_, Some(Rule::open_bracket)) => Before::Nothing,
            (Rule::name | Rule::text, Some(Rule::comma)) if self.list.is_some() => Before::Entry,
            (_, Some(Rule::comma)) if before == Before::Blank => Before::Break,
            _ => before,
        };
        let before = match before {
            Before::Break | Before::Entry if self.unbroken => Before::Blank,
            before => before,
        };
        self.last = Some(node.rule());
        // A unit is one token of the grammar and may be two words.
        let (mut before, text, start) = (before, node.text(), node.span().start);
        if node.rule() == Rule::text {
            self.pieces.push(Piece { span: node.span(), before });
            return;
        }
        for word in text.split(scan::is_blank).filter(|word| !word.is_empty()) {
            let at = start + (word.as_ptr() as usize - text.as_ptr() as usize) as u32;
            let span = Span::new(at, at + word.len() as u32);
            self.pieces.push(Piece { span, before });
            before = Before::Blank;
        }
    }
}

/// What stands at the place of a clause: itself, without the rules that only gather alternatives.
fn clause<'t>(node: &Node<'t>) -> Node<'t> {
    let mut clause = node.clone();
    loop {
        let mut parts = clause.parts();
        match (parts.next(), parts.next()) {
            (Some(only), None) if !only.is_token() => clause = only,
            _ => return clause,
        }
    }
}

/// With how many of its parts a clause begins before its value.
fn lead(node: &Node<'_>) -> usize {
    match node.rule() {
        Rule::exit_clause | Rule::if_clause => 2,
        Rule::attribute => 1,
        _ => node.parts().take_while(|part| part.word().is_some()).count(),
    }
}

/// What belongs in front of the value of a clause.
fn value(within: Rule, clause: Rule) -> Before {
    match clause {
        Rule::cite_clause if matches!(within, Rule::reading | Rule::ladder | Rule::stage) => {
            Before::Blank
        }
        Rule::in_force if within != Rule::policy => Before::Fitted(Group::Clauses),
        Rule::before_clause => Before::Fitted(Group::Clauses),
        Rule::authority_clause
        | Rule::source_clause
        | Rule::in_force
        | Rule::calendar_clause
        | Rule::closed_clause
        | Rule::from_clause
        | Rule::until_clause
        | Rule::holds_clause
        | Rule::by_clause
        | Rule::while_clause
        | Rule::tells_clause
        | Rule::cite_clause
        | Rule::held_clause
        | Rule::dated_clause
        | Rule::first_clause
        | Rule::second_clause
        | Rule::later_clause
        | Rule::due_clause
        | Rule::met_clause
        | Rule::on_clause
        | Rule::then_clause
        | Rule::no_clause
        | Rule::unless_clause
        | Rule::opened_clause
        | Rule::answered_clause
        | Rule::approved_clause
        | Rule::judged_clause
        | Rule::closed_by_clause
        | Rule::outside_clause
        | Rule::cap_clause
        | Rule::to_clause
        | Rule::answer_from
        | Rule::approval_from
        | Rule::copies_clause
        | Rule::grounds_clause => Before::Column(Group::Clauses),
        Rule::is_clause | Rule::days_clause | Rule::or_clause => Before::Column(Group::Choices),
        Rule::exit_clause => Before::Column(Group::Exits),
        Rule::attribute => Before::Column(Group::Attributes),
        Rule::deemed_clause | Rule::if_clause => Before::Apart,
        // Any other stands as it is read, a word after the other.
        _ => Before::Blank,
    }
}
