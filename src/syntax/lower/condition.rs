//! Conditions.

use crate::diagnostic::{Code, Diagnostic, Fix};
use crate::source::Spanned;

use super::Lowering;
use crate::syntax::ast::{Comparison, Condition, ConditionKind, EventMatch, Name, Test};
use crate::syntax::grammar::{Node, Rule};

/// The most conditions that `and` or `or` may join.
///
/// The tree grows one level with each, and every later stage recurs over it.
const MOST_JOINED: usize = 200;

impl Lowering {
    /// The condition among the parts.
    pub(super) fn condition_in(&mut self, node: &Node<'_>) -> Option<Condition> {
        self.condition(&node.find(Rule::condition)?)
    }

    /// The test of `where`, if there is one.
    pub(super) fn where_in(&mut self, node: &Node<'_>) -> Option<Condition> {
        let test = node.find(Rule::where_test)?;
        self.condition_in(&test)
    }

    /// A condition.
    pub(super) fn condition(&mut self, node: &Node<'_>) -> Option<Condition> {
        self.joined(node, Rule::conjunction, ConditionKind::Or, |this, part| {
            this.joined(part, Rule::operand, ConditionKind::And, Self::operand)
        })
    }

    /// Joins the parts of a rule, the first two first.
    fn joined(
        &mut self,
        node: &Node<'_>,
        rule: Rule,
        join: fn(Box<Condition>, Box<Condition>) -> ConditionKind,
        mut lower: impl FnMut(&mut Self, &Node<'_>) -> Option<Condition>,
    ) -> Option<Condition> {
        let mut parts = node.each(rule);
        let mut joined = lower(self, &parts.next()?)?;
        for (count, part) in parts.enumerate() {
            if count + 1 >= MOST_JOINED {
                self.report(
                    Diagnostic::new(
                        Code::NestedTooDeep,
                        format!("more than {MOST_JOINED} conditions are joined here"),
                        part.span(),
                        "one too many",
                    )
                    .help("give a part of the condition a name with `state`"),
                );
                break;
            }
            let next = lower(self, &part)?;
            joined = Condition {
                span: joined.span.join(next.span),
                kind: join(Box::new(joined), Box::new(next)),
            };
        }
        Some(joined)
    }

    fn operand(&mut self, node: &Node<'_>) -> Option<Condition> {
        let span = node.span();
        let inner = node.inner()?;
        let kind = match inner.rule() {
            Rule::negation => {
                let operand = self.operand(&inner.find(Rule::operand)?)?;
                ConditionKind::Not(Box::new(operand))
            }
            // Brackets only group: what is in them is the condition, but its place takes them in.
            Rule::bracketed => self.condition_in(&inner)?.kind,
            Rule::age_test => {
                let test = inner.inner()?;
                ConditionKind::Age {
                    years: self.count_in(&test)?,
                    under: test.rule() == Rule::age_under,
                }
            }
            Rule::latest_test => {
                let attribute = self.attribute_name(&inner.find(Rule::attribute_name)?);
                ConditionKind::Latest {
                    event: self.name_in(&inner)?,
                    test: self.test(attribute, &inner)?,
                }
            }
            Rule::soft_test => {
                let word = inner.find(Rule::kw_stage)?;
                let attribute = Spanned::new(word.text().to_owned(), word.span());
                ConditionKind::Attribute(self.test(attribute, &inner)?)
            }
            Rule::named_test => self.named_test(&inner)?,
            _ => return None,
        };
        Some(Condition { span, kind })
    }

    /// A condition that begins with a name.
    fn named_test(&mut self, node: &Node<'_>) -> Option<ConditionKind> {
        let mut parts = node.parts();
        let name = self.name(&parts.next()?);
        let Some(tail) = parts.next() else {
            return Some(ConditionKind::Named(name));
        };
        Some(match tail.rule() {
            Rule::judged_tail => {
                ConditionKind::Judged { role: name, attribute: self.name_in(&tail)? }
            }
            Rule::since_tail => {
                ConditionKind::HeldSince { review: name, event: self.name_in(&tail)? }
            }
            Rule::held_for_tail => ConditionKind::HeldFor {
                state: name,
                length: self.length_in(&tail)?,
                at_least: tail.has(Rule::at_least),
            },
            Rule::lawful_tail => ConditionKind::ByLatestLawful(name),
            Rule::recorded_tail => ConditionKind::Recorded(Box::new(EventMatch {
                event: name,
                test: self.where_in(&tail),
            })),
            Rule::compared => ConditionKind::Attribute(self.test(name, node)?),
            _ => return None,
        })
    }

    /// `is VALUE`, of an attribute.
    fn test(&mut self, attribute: Name, node: &Node<'_>) -> Option<Test> {
        let compared = node.find(Rule::compared)?;
        Some(Test {
            attribute,
            comparison: self.comparison(&compared.find(Rule::comparison)?),
            value: self.value(&compared.find(Rule::value)?)?,
        })
    }

    fn comparison(&mut self, node: &Node<'_>) -> Comparison {
        let Some(sign) = node.find(Rule::sign) else {
            return if node.has(Rule::kw_not) { Comparison::IsNot } else { Comparison::Is };
        };
        let (code, comparison, plain) = match sign.text() {
            "<" => return Comparison::Less,
            "<=" => return Comparison::AtMost,
            ">" => return Comparison::More,
            ">=" => return Comparison::AtLeast,
            "\u{2264}" => (Code::WordProcessorCharacter, Comparison::AtMost, "<="),
            "\u{2265}" => (Code::WordProcessorCharacter, Comparison::AtLeast, ">="),
            "!=" | "<>" | "\u{2260}" => (Code::SyntaxError, Comparison::IsNot, "is not"),
            _ => (Code::SyntaxError, Comparison::Is, "is"),
        };
        self.report(
            Diagnostic::new(
                code,
                format!("expected `{plain}`, found `{}`", sign.text()),
                sign.span(),
                format!("write `{plain}`"),
            )
            .fix(Fix::new(format!("write `{plain}`"), sign.span(), plain).safe()),
        );
        comparison
    }
}
