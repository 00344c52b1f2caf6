//! What can be wrong with a policy, as plain data.
//!
//! A stage describes a mistake with a [`Diagnostic`]; the renderers and the editor decide how it looks.
//! Codes, severities and the pages that explain them come from the one table in `code.rs`.

pub(crate) mod cell;
mod code;
mod likest;
pub(crate) mod printable;
mod repair;
mod suggest;

pub use code::Code;
pub use likest::Likest;
pub use repair::{Repaired, repair};
pub use suggest::{LISTED, list, list_and_more, nearest, some_of, way_on};

use crate::source::Span;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The policy has no meaning until this is put right.
    Error,
    /// The policy has a meaning, but probably not the one intended.
    Warning,
    /// The policy could say the same thing better.
    Advice,
}

impl Severity {
    /// The word for it, in lower case.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Advice => "advice",
        }
    }
}

/// One finding: what is wrong, where, and what to do about it.
///
/// The message is a lower-case phrase without a full stop or a line break, names in backticks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Diagnostic {
    /// The kind of finding, which gives its page.
    pub code: Code,
    /// How much it matters: as its code says, unless whoever asked wants it to matter otherwise.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// Where. INVARIANT: there is at least one, and the first is the primary one.
    pub labels: Vec<Label>,
    /// What else was found out about it, a phrase each: on how many days, by how much.
    pub notes: Vec<String>,
    /// A case that shows it, where an analysis found one.
    pub witness: Option<Witness>,
    /// What to do about it, a phrase each.
    pub help: Vec<String>,
    /// A change that puts it right, where one is certain enough to offer.
    pub fix: Option<Fix>,
}

impl Diagnostic {
    /// Describes a finding at its primary place; the label says what stands there.
    pub fn new(
        code: Code,
        message: impl Into<String>,
        span: Span,
        label: impl Into<String>,
    ) -> Self {
        Self {
            code,
            severity: code.severity(),
            message: message.into(),
            labels: vec![Label { span, text: label.into() }],
            notes: Vec::new(),
            witness: None,
            help: Vec::new(),
            fix: None,
        }
    }

    /// Points at a further place.
    #[must_use]
    pub fn label(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// Says what else was found out about it.
    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(text.into());
        self
    }

    /// Shows a case in which it happens.
    #[must_use]
    pub fn witness(mut self, witness: Witness) -> Self {
        self.witness = Some(witness);
        self
    }

    /// Says what to do about it.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(text.into());
        self
    }

    /// Offers a change that puts it right.
    #[must_use]
    pub fn fix(mut self, fix: Fix) -> Self {
        self.fix = Some(fix);
        self
    }

    /// The primary place.
    pub fn span(&self) -> Span {
        self.labels.first().map(|label| label.span).unwrap_or_default()
    }

    /// How much it matters.
    pub const fn severity(&self) -> Severity {
        self.severity
    }
}

/// A place and what is to be said about it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What stands there; may be empty where the message says it all.
    pub text: String,
}

/// A case that shows a finding: what happens on which day, and what comes of it.
///
/// INVARIANT: the steps are in the order of their days, and whoever made the witness has replayed
/// them through the evaluator and seen what it says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Witness {
    /// What happens, or falls due, day by day.
    pub steps: Vec<Step>,
}

/// One day of a witness.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Step {
    /// The day, as `2026-03-27`.
    pub day: String,
    /// What happens on it, as a phrase: an event in the notation of scenarios, or a sentence about
    /// what falls due.
    pub text: String,
    /// The clause from which that follows, where one does.
    pub span: Option<Span>,
}

/// A change to the text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fix {
    /// What the change does, as an instruction: "write a straight quote".
    pub description: String,
    /// The text to take away; empty to insert.
    pub span: Span,
    /// The text to put in its place; empty to remove.
    pub replacement: String,
    /// Whether it may be made without a look at it.
    pub applicability: Applicability,
}

/// Whether a change may be made without a look at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Applicability {
    /// Nothing else can have been meant: a plain quote for a curly one, a hyphen for a dash.
    Safe,
    /// Something else may have been meant, such as another name: somebody has to look at it.
    Unsafe,
}

impl Applicability {
    /// The word for it, in lower case.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Unsafe => "unsafe",
        }
    }
}

impl Fix {
    /// Describes a change that somebody has to look at before it is made.
    pub fn new(description: impl Into<String>, span: Span, replacement: impl Into<String>) -> Self {
        Self {
            description: description.into(),
            span,
            replacement: replacement.into(),
            applicability: Applicability::Unsafe,
        }
    }

    /// Says that nothing else can have been meant.
    #[must_use]
    pub fn safe(mut self) -> Self {
        self.applicability = Applicability::Safe;
        self
    }
}

/// The findings about one text, collected by the stages and reported together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Problems(Vec<Diagnostic>);

impl Problems {
    /// Starts with no findings.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Adds a finding.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    /// Puts findings in the order of the text, then of their codes, and drops exact repetitions.
    ///
    /// Two passes may notice one mistake; the reader needs it once.
    pub fn sort(&mut self) {
        // The last part of the key makes it total, so that repetitions end up side by side.
        let key = |d: &Diagnostic| (d.span().start, d.code);
        self.0.sort_by(|a, b| key(a).cmp(&key(b)).then_with(|| a.cmp(b)));
        self.0.dedup();
    }

    /// Tells whether any finding is an error.
    pub fn has_errors(&self) -> bool {
        self.iter().any(|diagnostic| diagnostic.severity() == Severity::Error)
    }

    /// Counts the findings of a severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.iter().filter(|diagnostic| diagnostic.severity() == severity).count()
    }

    /// The findings, in their present order.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.0.iter()
    }

    /// Counts the findings.
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Tells whether there is nothing to report.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Extend<Diagnostic> for Problems {
    fn extend<I: IntoIterator<Item = Diagnostic>>(&mut self, diagnostics: I) {
        self.0.extend(diagnostics);
    }
}

impl FromIterator<Diagnostic> for Problems {
    fn from_iter<I: IntoIterator<Item = Diagnostic>>(diagnostics: I) -> Self {
        Self(diagnostics.into_iter().collect())
    }
}

impl IntoIterator for Problems {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Problems {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(start: u32, code: Code) -> Diagnostic {
        Diagnostic::new(code, "message", Span::new(start, start + 1), "label")
    }

    #[test]
    fn problems_are_sorted_by_place_then_code_and_told_once() {
        let mut problems = Problems::new();
        problems.push(at(9, Code::SyntaxError));
        problems.extend([
            at(2, Code::RepeatedClause),
            at(9, Code::SyntaxError).help("not the same"),
            at(2, Code::MissingClause),
            at(9, Code::SyntaxError),
        ]);
        problems.push(at(2, Code::RepeatedClause));
        problems.sort();
        let order: Vec<_> = problems.iter().map(|d| (d.span().start, d.code)).collect();
        assert_eq!(
            order[..3],
            [(2, Code::MissingClause), (2, Code::RepeatedClause), (9, Code::SyntaxError)]
        );
        assert_eq!(problems.len(), 4, "a repetition with other help is kept");
    }

    #[test]
    fn the_first_label_is_the_primary_one() {
        let problem = at(7, Code::SyntaxError).label(Span::new(1, 2), "earlier in the text");
        assert_eq!(problem.span(), Span::new(7, 8));
        assert!(Problems::from_iter([problem]).has_errors());
        assert!(!Problems::new().has_errors());
    }
}
