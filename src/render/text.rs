//! Findings as lines for programs that read lines, and as sentences for a screen reader.

use crate::diagnostic::printable::{one_line, printable};
use crate::diagnostic::{Applicability, Diagnostic, Fix, Label, Problems};
use crate::render::{day, shown};
use crate::source::{LineIndex, Source};

/// Writes one line for each finding: `file:line:column: CODE name message`.
pub fn concise(source: &Source, problems: &Problems) -> String {
    let index = LineIndex::new(&source.text);
    let name = one_line(&source.name);
    let line = |problem: &Diagnostic| {
        let at = index.location(shown(source, problem.span()).start);
        let (code, message) = (problem.code, one_line(&problem.message));
        format!("{name}:{}:{}: {code} {message}\n", at.line, at.column)
    };
    problems.iter().map(line).collect()
}

/// Writes each finding as full sentences, without drawing and without relying on position or colour.
pub fn plain(source: &Source, problems: &Problems) -> String {
    let index = LineIndex::new(&source.text);
    let findings: Vec<_> =
        problems.iter().map(|problem| sentences(source, &index, problem)).collect();
    findings.join("\n")
}

fn sentences(source: &Source, index: &LineIndex, problem: &Diagnostic) -> String {
    let at = index.location(shown(source, problem.span()).start);
    let mut lines = vec![
        format!(
            "{} {}, {}, in {}, line {}, column {}.",
            capital(problem.severity().name()),
            problem.code.number(),
            problem.code.name(),
            one_line(&source.name),
            at.line,
            at.column,
        ),
        sentence(&problem.message),
    ];
    if let Some(line) = index.line(at.line) {
        lines.push(format!("Line {} reads: {}", at.line, excerpt(line.text(source).trim())));
    }
    for label in &problem.labels {
        lines.extend(place(source, index, label));
    }
    for note in &problem.notes {
        lines.push(format!("Note: {}", sentence(note)));
    }
    for step in problem.witness.iter().flat_map(|witness| &witness.steps) {
        let line = step.span.map(|span| index.location(span.start).line);
        let line = line.map(|line| format!(", by line {line}")).unwrap_or_default();
        lines.push(format!("Example, {}{line}: {}", day(step), sentence(&step.text)));
    }
    for help in &problem.help {
        lines.push(format!("Help: {}", sentence(help)));
    }
    if let Some(fix) = &problem.fix {
        lines.push(change(source, index, fix));
    }
    lines.join("\n") + "\n"
}

fn place(source: &Source, index: &LineIndex, label: &Label) -> Option<String> {
    if label.text.is_empty() {
        return None;
    }
    let span = shown(source, label.span);
    let (from, to) = (index.location(span.start), index.location(span.end));
    let until = if to.line == from.line { String::new() } else { format!(" to {}", to.line) };
    let text = excerpt(span.text(source));
    Some(format!("On line {}{until}, at `{text}`: {}", from.line, sentence(&label.text)))
}

fn change(source: &Source, index: &LineIndex, fix: &Fix) -> String {
    let line = index.location(fix.span.start).line;
    let (old, new) = (excerpt(fix.span.text(source)), excerpt(&fix.replacement));
    let how = match (old.is_empty(), new.is_empty()) {
        (true, _) => format!("insert `{new}`"),
        (false, true) => format!("remove `{old}`"),
        (false, false) => format!("replace `{old}` with `{new}`"),
    };
    let kind = match fix.applicability {
        Applicability::Safe => "Fix",
        Applicability::Unsafe => "Possible change",
    };
    format!("{kind}: {} On line {line}, {how}.", sentence(&fix.description))
}

/// A piece of the text on one line, cut where it would be too long to listen to.
fn excerpt(text: &str) -> String {
    const LONG: usize = 200;
    match text.char_indices().nth(LONG) {
        Some((cut, _)) => one_line(text.get(..cut).unwrap_or_default()) + " (and so on)",
        None => one_line(text),
    }
}

/// A phrase as a sentence: with a capital, where it begins with a letter, and a full stop.
pub(super) fn sentence(phrase: &str) -> String {
    let phrase = capital(&printable(phrase));
    let stop = if phrase.ends_with(['.', '?', '!']) { "" } else { "." };
    phrase + stop
}

fn capital(phrase: &str) -> String {
    let mut rest = phrase.chars();
    rest.next().map(|first| first.to_uppercase().chain(rest).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Code, Step, Witness};
    use crate::source::Span;

    fn example() -> (Source, Problems) {
        let source = Source::new("visits.duly", "# é\nrole \"zoë😀\" “x”\nduty y");
        let curly = source.text.find('“').unwrap() as u32;
        let role = source.text.find("role").unwrap() as u32;
        let problem = Diagnostic::new(
            Code::WordProcessorCharacter,
            "`“` is not a plain quote",
            Span::new(curly, curly + 3),
            "from a word processor",
        )
        .label(Span::new(role, role + 4), "in this role")
        .note("found in another place too")
        .witness(Witness {
            steps: vec![
                Step { day: "2026-03-02".into(), text: "placed".into(), span: None },
                Step {
                    day: "2026-03-03".into(),
                    text: "the visit is due".into(),
                    span: Some(Span::at(role)),
                },
            ],
        })
        .help("type the quote in a plain editor")
        .fix(Fix::new("write a plain quote", Span::new(curly, curly + 3), "\"").safe());
        (source, Problems::from_iter([problem]))
    }

    #[test]
    fn a_line_for_each_finding() {
        let (source, problems) = example();
        assert_eq!(
            concise(&source, &problems),
            "visits.duly:2:13: E0004 word-processor-character `“` is not a plain quote\n"
        );
    }

    #[test]
    fn a_line_stays_a_line() {
        let source = Source::new("a\nb", "x");
        let problem = Diagnostic::new(Code::SyntaxError, "odd \u{1b}[2J\ntext", Span::at(1), "");
        assert_eq!(
            concise(&source, &Problems::from_iter([problem])),
            "a\\nb:1:1: E0001 syntax-error odd \\u{1b}[2J\\ntext\n"
        );
    }

    #[test]
    fn sentences_can_be_listened_to() {
        let (source, problems) = example();
        assert_eq!(
            plain(&source, &problems),
            "Error E0004, word-processor-character, in visits.duly, line 2, column 13.\n\
             `“` is not a plain quote.\n\
             Line 2 reads: role \"zoë😀\" “x”\n\
             On line 2, at `“`: From a word processor.\n\
             On line 2, at `role`: In this role.\n\
             Note: Found in another place too.\n\
             Example, Mon 2 Mar 2026: Placed.\n\
             Example, Tue 3 Mar 2026, by line 2: The visit is due.\n\
             Help: Type the quote in a plain editor.\n\
             Fix: Write a plain quote. On line 2, replace `“` with `\"`.\n"
        );
    }

    #[test]
    fn the_end_of_the_file_has_a_line_to_read() {
        let source = Source::new("visits.duly", "duty y\n\n");
        let problem = Diagnostic::new(Code::MissingClause, "`y` has no `due`", Span::at(8), "here");
        let said = plain(&source, &Problems::from_iter([problem]));
        assert!(said.contains("line 1, column 6."), "{said}");
        assert!(said.contains("On line 1, at `y`: Here."), "{said}");
    }
}
