//! A policy in several files, read as one text.
//!
//! A policy is a folder: `policy.duly`, and beside it files of scenarios. The files are laid end to
//! end, so that every place in any of them is one [`Span`], and what is found there is handed back
//! to the file it is in.

use crate::diagnostic::{Diagnostic, Fix, Label, Problems};
use crate::source::{LineIndex, Source, Span};
use crate::syntax::{self, Parsed};

/// One of the files.
#[derive(Debug, Clone)]
struct Part {
    /// Where it begins in the whole.
    start: u32,
    source: Source,
    lines: LineIndex,
}

/// The files of one policy.
#[derive(Debug, Clone, Default)]
pub struct Bundle {
    files: Vec<Part>,
}

impl Bundle {
    /// Lays the files end to end.
    pub fn new(sources: Vec<Source>) -> Self {
        let mut start = 0_u32;
        let mut files = Vec::new();
        for source in sources {
            let length = u32::try_from(source.text.len()).unwrap_or(u32::MAX);
            let lines = LineIndex::new(&source.text);
            files.push(Part { start, source, lines });
            // One place lies between two files, so that the end of one is not the start of the next.
            start = start.saturating_add(length).saturating_add(1);
        }
        Self { files }
    }

    /// The files.
    pub fn sources(&self) -> impl Iterator<Item = &Source> {
        self.files.iter().map(|part| &part.source)
    }

    /// Reads every file; the places in the tree and in the problems are those of the whole.
    pub fn parse(&self) -> Parsed {
        let mut whole = Parsed::default();
        for Part { start, source, .. } in &self.files {
            // Blank lines in front put the places where they belong, and change nothing else.
            let padded = Source {
                name: source.name.clone(),
                text: "\n".repeat(*start as usize) + &source.text,
            };
            let parsed = syntax::parse(&padded);
            whole.file.declarations.extend(parsed.file.declarations);
            whole.comments.extend(parsed.comments);
            whole.problems.extend(parsed.problems);
        }
        whole
    }

    /// The file in which a place lies, and the place in that file.
    pub fn locate(&self, span: Span) -> Option<(&Source, Span)> {
        let index = self.index(span)?;
        let part = self.files.get(index)?;
        Some((&part.source, within(part.start, span)))
    }

    /// The line on which a place begins, in its own file.
    pub fn line(&self, span: Span) -> u32 {
        let part = self.index(span).and_then(|index| self.files.get(index));
        part.map_or(0, |part| part.lines.location(within(part.start, span).start).line)
    }

    /// The name and the line of a place: `policies/leeds/policy.duly:12`.
    pub fn place(&self, span: Span) -> String {
        let name = self.locate(span).map_or("", |(source, _)| source.name.as_str());
        format!("{name}:{}", self.line(span))
    }

    /// Hands the problems to the files they are in; files without any are left out.
    pub fn sort_out(&self, problems: &Problems) -> Vec<(&Source, Problems)> {
        let mut sorted: Vec<(&Source, Problems)> =
            self.sources().map(|source| (source, Problems::new())).collect();
        for problem in problems {
            let index = self.index(problem.span()).unwrap_or_default();
            let (Some(part), Some((_, own))) = (self.files.get(index), sorted.get_mut(index))
            else {
                continue;
            };
            own.push(self.hand_over(problem, index, part.start));
        }
        for (_, problems) in &mut sorted {
            problems.sort();
        }
        sorted.retain(|(_, problems)| !problems.is_empty());
        sorted
    }

    /// A problem with its places counted in its own file. What it says of a place in another file
    /// becomes help that names the file and the line.
    fn hand_over(&self, problem: &Diagnostic, index: usize, start: u32) -> Diagnostic {
        let mut own = Diagnostic { labels: Vec::new(), fix: None, ..problem.clone() };
        // A step whose clause stands in another file is shown without its place.
        for step in own.witness.iter_mut().flat_map(|witness| &mut witness.steps) {
            step.span = step
                .span
                .filter(|&span| self.index(span) == Some(index))
                .map(|span| within(start, span));
        }
        for label in &problem.labels {
            if self.index(label.span) == Some(index) {
                own.labels
                    .push(Label { span: within(start, label.span), text: label.text.clone() });
            } else {
                own.help.push(format!("at {}: {}", self.place(label.span), label.text));
            }
        }
        own.fix = problem
            .fix
            .as_ref()
            .filter(|fix| self.index(fix.span) == Some(index))
            .map(|fix| Fix { span: within(start, fix.span), ..fix.clone() });
        own
    }

    /// Which file a place lies in: the last that begins at or before it.
    fn index(&self, span: Span) -> Option<usize> {
        let after = self.files.partition_point(|part| part.start <= span.start);
        after.checked_sub(1)
    }
}

/// A place of the whole as a place of the file that begins at `start`.
fn within(start: u32, span: Span) -> Span {
    Span::new(span.start.saturating_sub(start), span.end.saturating_sub(start))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::ast;

    fn bundle() -> Bundle {
        Bundle::new(vec![
            Source::new("policy.duly", "event é \"One\""),
            Source::new("more.duly", "\nevent placed\nrubbish here\n"),
        ])
    }

    #[test]
    fn places_are_those_of_the_whole() {
        let bundle = bundle();
        let Parsed { file, problems, .. } = bundle.parse();
        assert!(!problems.is_empty());
        let ast::Declaration::Event(placed) = &file.declarations[file.declarations.len() - 1]
        else {
            panic!("an event");
        };
        let (source, span) = bundle.locate(placed.name.span).unwrap();
        assert_eq!(source.name, "more.duly");
        assert_eq!(span.text(source), "placed");
        assert_eq!(bundle.place(placed.name.span), "more.duly:2");
    }

    #[test]
    fn problems_go_to_their_files() {
        let bundle = bundle();
        let problems = bundle.parse().problems;
        let names: Vec<_> = bundle
            .sort_out(&problems)
            .into_iter()
            .map(|(source, own)| {
                for problem in &own {
                    assert!(problem.span().end as usize <= source.text.len());
                }
                source.name.as_str()
            })
            .collect();
        assert_eq!(names, ["policy.duly", "more.duly"]);
    }
}
