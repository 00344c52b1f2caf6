//! Findings drawn for a terminal: the line, the place underlined, and what to do about it.
//!
//! This is the only file that knows miette. The picture is miette's; the headline, the help and the
//! change are ours, because miette has one help text and no place for a change. Each run reads the text
//! once into a [`View`], so a finding costs no more in a large file than in a small one.

use std::fmt;

use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents,
    SourceCode, SourceSpan, SpanContents,
};

use crate::diagnostic::printable::{escape, one_line, printable};
use crate::diagnostic::{Applicability, Diagnostic, Fix, Problems, Severity, Witness};
use crate::render::{Style, day, paint, shown, wrapped};
use crate::source::{LineIndex, Source, Span};

/// Draws each finding, in the order given, with a blank line between them.
pub fn diagnostics(source: &Source, problems: &Problems, style: &Style) -> String {
    let index = LineIndex::new(&source.text);
    let view = View::new(source, &index, problems, style);
    let findings: Vec<_> =
        problems.iter().map(|problem| draw(source, &view, problem, style)).collect();
    findings.join("\n")
}

fn draw(source: &Source, view: &View<'_>, problem: &Diagnostic, style: &Style) -> String {
    let mut out = headline(problem, style);
    out += &picture(source, view, problem, style);
    for note in &problem.notes {
        out += &remark("note:", &printable(note), style);
    }
    if let Some(witness) = &problem.witness {
        out += &example(view, witness, style);
    }
    for help in &problem.help {
        out += &remark("help:", &printable(help), style);
    }
    if let Some(fix) = &problem.fix {
        let label = match fix.applicability {
            Applicability::Safe => "fix:",
            Applicability::Unsafe => "perhaps:",
        };
        out += &remark(label, &printable(&fix.description), style);
        out += &change(source, view.index, fix, style);
    }
    out
}

/// `error[E0001 syntax-error]: message`
fn headline(problem: &Diagnostic, style: &Style) -> String {
    let kind = format!("{}[{}]", problem.severity().name(), problem.code);
    let colour = match problem.severity() {
        Severity::Error => "1;31",
        Severity::Warning => "1;33",
        Severity::Advice => "1;36",
    };
    let message = format!("{kind}: {}", printable(&problem.message));
    // Wrapping comes first, so that escapes are not counted as columns. A kind too long for a narrow
    // terminal is broken there and merely goes without colour.
    wrapped(&message, "", "  ", style).replacen(&kind, &paint(style, colour, &kind), 1)
}

/// `  help: text`
fn remark(label: &str, text: &str, style: &Style) -> String {
    let label = format!("  {label}");
    wrapped(&format!("{label} {text}"), "", "        ", style).replacen(
        &label,
        &paint(style, "36", &label),
        1,
    )
}

/// The days of a witness, one below the other, each with the line of the clause it follows from.
fn example(view: &View<'_>, witness: &Witness, style: &Style) -> String {
    const LABEL: &str = "  example:";
    let days: Vec<String> = witness.steps.iter().map(|step| printable(&day(step)).into()).collect();
    let widest = days.iter().map(|day| day.chars().count()).max().unwrap_or_default();
    let mut out = paint(style, "36", LABEL) + "\n";
    for (step, day) in witness.steps.iter().zip(&days) {
        let first = format!("        {day:<widest$}  ");
        let rest = " ".repeat(first.chars().count());
        let line = step.span.map(|span| view.index.location(span.start).line);
        let line = line.map(|line| format!(" (line {line})")).unwrap_or_default();
        out += &wrapped(&format!("{}{line}", one_line(&step.text)), &first, &rest, style);
    }
    out
}

/// The lines of the text a fix touches, before and after.
fn change(source: &Source, index: &LineIndex, fix: &Fix, style: &Style) -> String {
    let line = |offset| index.line(index.location(offset).line).unwrap_or_default();
    let around = line(fix.span.start).join(line(fix.span.end));
    let head = Span::new(around.start, fix.span.start).text(source);
    let tail = Span::new(fix.span.end, around.end).text(source);
    let after = format!("{head}{}{tail}", fix.replacement);
    let mut out = String::new();
    for (sign, colour, text) in [("-", "31", around.text(source)), ("+", "32", after.as_str())] {
        for line in text.lines() {
            let line = abridge(&printable(line), style);
            let line = paint(style, colour, &format!("{sign} {line}"));
            out.extend(["        ", &line, "\n"]);
        }
    }
    out
}

/// A line cut to what can be compared at a glance.
fn abridge(line: &str, style: &Style) -> String {
    match line.char_indices().nth(View::LONG) {
        Some((cut, _)) => format!("{}{}", line.get(..cut).unwrap_or_default(), dots(style)),
        None => line.to_owned(),
    }
}

/// The lines around the labels, as miette draws them.
fn picture(source: &Source, view: &View<'_>, problem: &Diagnostic, style: &Style) -> String {
    let labels = problem.labels.iter().enumerate().map(|(number, label)| {
        let span = view.place(view.one_glance(shown(source, label.span)));
        let text = (!label.text.is_empty()).then(|| printable(&label.text).into_owned());
        let place = (span.start as usize, span.len() as usize);
        match number {
            0 => LabeledSpan::new_primary_with_span(text, place),
            _ => LabeledSpan::new_with_span(text, place),
        }
    });
    let report = Report { view, labels: labels.collect(), severity: problem.severity() };
    let theme = match (style.unicode, style.colour) {
        (true, true) => GraphicalTheme::unicode(),
        (true, false) => GraphicalTheme::unicode_nocolor(),
        (false, true) => GraphicalTheme::ascii(),
        (false, false) => GraphicalTheme::none(),
    };
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_width(style.width)
        .with_urls(false)
        .without_cause_chain()
        .without_syntax_highlighting();
    let mut drawn = String::new();
    if handler.render_report(&mut drawn, &report).is_err() {
        // A finding without its picture is still a finding.
        let at = view.index.location(shown(source, problem.span()).start);
        return format!("  {}:{}:{}\n", view.name, at.line, at.column);
    }
    // The first line is miette's own headline, left empty; it also pads empty lines.
    drawn.lines().skip(1).flat_map(|line| [line.trim_end(), "\n"]).collect()
}

const fn dots(style: &Style) -> &'static str {
    if style.unicode { "…" } else { "..." }
}

/// A finding in the form miette draws.
#[derive(Debug)]
struct Report<'a> {
    view: &'a View<'a>,
    labels: Vec<LabeledSpan>,
    severity: Severity,
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl std::error::Error for Report<'_> {}

impl miette::Diagnostic for Report<'_> {
    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Advice => miette::Severity::Advice,
        })
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(self.view)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}

/// The text as a terminal may show it, line for line: control characters escaped, and the far parts of
/// very long lines left out.
#[derive(Debug)]
struct View<'a> {
    name: String,
    text: String,
    /// The lines of `text`.
    lines: LineIndex,
    /// The lines of the source.
    index: &'a LineIndex,
    /// Where the view differs from the source, in order.
    edits: Vec<Edit>,
}

/// A piece of the source and what the view has in its place.
#[derive(Debug, Clone, Copy)]
struct Edit {
    source: Span,
    view: Span,
}

impl<'a> View<'a> {
    /// A line of more characters than this is shown only around its labels.
    const LONG: usize = 240;
    /// How much of a long line is shown on either side of a label's end, in bytes.
    const NEAR: u32 = 60;
    /// A label on more lines than this is drawn on its first line only.
    const GLANCE: u32 = 8;

    fn new(source: &Source, index: &'a LineIndex, problems: &Problems, style: &Style) -> Self {
        let mut ends: Vec<u32> = problems
            .iter()
            .flat_map(|problem| &problem.labels)
            .map(|label| shown(source, label.span))
            .flat_map(|span| [span.start, span.end])
            .collect();
        ends.sort_unstable();
        let near = |offset: u32| {
            let from = ends.partition_point(|end| *end + Self::NEAR < offset);
            ends.get(from).is_some_and(|end| *end <= offset + Self::NEAR)
        };

        let mut view = Self {
            name: one_line(&source.name),
            text: String::with_capacity(source.text.len()),
            lines: LineIndex::new(""),
            index,
            edits: Vec::new(),
        };
        for number in 1..=index.len() {
            let Some(line) = index.line(number) else {
                break;
            };
            if number > 1 {
                view.line_break(source, line.start);
            }
            let text = line.text(source);
            let long = text.chars().nth(Self::LONG).is_some();
            // What is left out starts here, when something is.
            let mut gap = None;
            for (offset, character) in text.char_indices() {
                let here = line.start + offset as u32;
                if long && !near(here) {
                    gap = gap.or(Some(here));
                    continue;
                }
                if let Some(start) = gap.take() {
                    view.replace(Span::new(start, here), dots(style));
                }
                match escape(character) {
                    Some(escaped) => {
                        let span = Span::new(here, here + character.len_utf8() as u32);
                        view.replace(span, &escaped);
                    }
                    None => view.text.push(character),
                }
            }
            if let Some(start) = gap {
                view.replace(Span::new(start, line.end), dots(style));
            }
        }
        if view.text.is_empty() {
            // An empty file is drawn as one empty line, or its label would be lost.
            view.text.push('\n');
        }
        view.lines = LineIndex::new(&view.text);
        view
    }

    fn replace(&mut self, source: Span, text: &str) {
        let start = self.text.len() as u32;
        self.text.push_str(text);
        self.edits.push(Edit { source, view: Span::new(start, self.text.len() as u32) });
    }

    /// Copies the line break in front of an offset as it is, because miette counts its bytes.
    fn line_break(&mut self, source: &Source, next: u32) {
        let crlf = source.text.get(..next as usize).is_some_and(|text| text.ends_with("\r\n"));
        self.text.push_str(if crlf { "\r\n" } else { "\n" });
    }

    /// The first line of a span that covers too many to take in.
    fn one_glance(&self, span: Span) -> Span {
        let (first, last) = (self.index.location(span.start), self.index.location(span.end));
        match self.index.line(first.line) {
            Some(line) if last.line - first.line >= Self::GLANCE => Span::new(span.start, line.end),
            _ => span,
        }
    }

    /// Where a span of the source stands in the view.
    fn place(&self, span: Span) -> Span {
        let place = |offset: u32| {
            let next = self.edits.partition_point(|edit| edit.source.start <= offset);
            let last = next.checked_sub(1).and_then(|last| self.edits.get(last));
            match last {
                Some(edit) if edit.source.contains(offset) => edit.view.start,
                Some(edit) => edit.view.end + (offset - edit.source.end),
                None => offset,
            }
        };
        Span::new(place(span.start), place(span.end))
    }

    /// Where an offset of the view stands in the source.
    fn origin(&self, offset: u32) -> u32 {
        let next = self.edits.partition_point(|edit| edit.view.start <= offset);
        let last = next.checked_sub(1).and_then(|last| self.edits.get(last));
        match last {
            Some(edit) if edit.view.contains(offset) => edit.source.start,
            Some(edit) => edit.source.end + (offset - edit.view.end),
            None => offset,
        }
    }
}

impl SourceCode for View<'_> {
    /// Gives the whole lines around a span; miette's own way walks the file from its start each time.
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        lines_before: usize,
        lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let start = span.offset() as u32;
        let last = (start + span.len() as u32).saturating_sub(1).max(start);
        let first_line = self.lines.location(start).line.saturating_sub(lines_before as u32).max(1);
        let last_line = self.lines.location(last).line + lines_after as u32;
        let last_line = last_line.min(self.lines.len());
        let from = self.lines.line(first_line).ok_or(MietteError::OutOfBounds)?.start;
        // Up to the start of the next line, so that the line break is there as miette expects.
        let to = self.lines.line(last_line + 1).map_or(self.text.len() as u32, |line| line.start);
        let data = self.text.get(Span::new(from, to).range()).ok_or(MietteError::OutOfBounds)?;
        // Without context, miette asks where a label starts; with it, what the lines are.
        let column = match lines_before {
            0 => self.index.location(self.origin(start)).column as usize - 1,
            _ => 0,
        };
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            data.as_bytes(),
            (from as usize, (to - from) as usize).into(),
            first_line as usize - 1,
            column,
            (last_line + 1 - first_line) as usize,
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Code, Step};

    const ASCII: Style = Style { colour: false, unicode: false, width: 80 };
    const UNICODE: Style = Style { colour: false, unicode: true, width: 80 };

    fn find(source: &Source, piece: &str) -> Span {
        let start = source.text.find(piece).unwrap();
        Span::new(start as u32, (start + piece.len()) as u32)
    }

    fn problem(span: Span) -> Diagnostic {
        Diagnostic::new(Code::SyntaxError, "`nop` is not a clause", span, "not a clause")
    }

    fn one(source: &Source, problem: Diagnostic, style: &Style) -> String {
        diagnostics(source, &Problems::from_iter([problem]), style)
    }

    #[track_caller]
    fn check(source: &Source, problem: Diagnostic, style: &Style, expected: &str) {
        let drawn = one(source, problem, style);
        assert_eq!(drawn, expected, "\n{drawn}");
    }

    #[test]
    fn a_finding_is_drawn_with_its_help_and_fix() {
        let source = Source::new("visits.duly", "duty visit\r\n\tnop é “x”\r\n  cite \"1\"\r\n");
        let mistake = problem(find(&source, "“x”"))
            .label(find(&source, "visit"), "in this duty")
            .help("write a clause")
            .help("or leave it out")
            .fix(Fix::new("write plain quotes", find(&source, "“x”"), "\"x\""));
        check(
            &source,
            mistake,
            &UNICODE,
            "\
error[E0001 syntax-error]: `nop` is not a clause
   ╭─[visits.duly:2:8]
 1 │ duty visit
   ·      ──┬──
   ·        ╰── in this duty
 2 │     nop é “x”
   ·           ─┬─
   ·            ╰── not a clause
 3 │   cite \"1\"
   ╰────
  help: write a clause
  help: or leave it out
  perhaps: write plain quotes
        - \tnop é “x”
        + \tnop é \"x\"
",
        );
    }

    #[test]
    fn notes_and_the_days_of_an_example_follow_the_picture() {
        let source = Source::new("visits.duly", "duty visit\n  due within 5 days\n");
        let step = |day: &str, text: &str, span| Step { day: day.into(), text: text.into(), span };
        let mistake = problem(find(&source, "visit"))
            .note("impossible on all 6,209 start days that the calendar covers")
            .witness(Witness {
                steps: vec![
                    step("2026-03-02", "became-looked-after", None),
                    step(
                        "2026-03-07",
                        "the visit is due, five days after the child became looked after",
                        Some(find(&source, "within")),
                    ),
                    step("some day", "\u{1b}", None),
                ],
            })
            .help("write a clause");
        check(
            &source,
            mistake,
            &ASCII,
            "\
error[E0001 syntax-error]: `nop` is not a clause
   ,-[visits.duly:1:6]
 1 | duty visit
   :      ^^|^^
   :        `-- not a clause
 2 |   due within 5 days
   `----
  note: impossible on all 6,209 start days that the calendar covers
  example:
        Mon 2 Mar 2026  became-looked-after
        Sat 7 Mar 2026  the visit is due, five days after the child became
                        looked after (line 2)
        some day        \\u{1b}
  help: write a clause
",
        );
    }

    #[test]
    fn an_end_that_cannot_be_seen_is_shown_at_the_last_word() {
        let source = Source::new("visits.duly", "duty visit\n\n");
        check(
            &source,
            problem(Span::at(12)),
            &ASCII,
            "\
error[E0001 syntax-error]: `nop` is not a clause
   ,-[visits.duly:1:10]
 1 | duty visit
   :          |
   :          `-- not a clause
 2 |
   `----
",
        );
    }

    #[test]
    fn an_empty_file_still_shows_its_label() {
        let source = Source::new("visits.duly", "");
        check(
            &source,
            problem(Span::at(0)),
            &ASCII,
            "\
error[E0001 syntax-error]: `nop` is not a clause
   ,-[visits.duly:1:1]
 1 |
   : ^
   : `-- not a clause
   `----
",
        );
    }

    #[test]
    fn control_characters_are_escaped_and_columns_still_count_characters() {
        let source = Source::new("visits.duly", "\u{1b}[2J\r é nop\u{202e}\nx");
        check(
            &source,
            problem(find(&source, "nop")),
            &ASCII,
            "\
error[E0001 syntax-error]: `nop` is not a clause
   ,-[visits.duly:1:9]
 1 | \\u{1b}[2J\\r é nop\\u{202e}
   :               ^|^
   :                `-- not a clause
 2 | x
   `----
",
        );
    }

    #[test]
    fn a_long_line_is_cut_around_its_labels() {
        let source =
            Source::new("visits.duly", format!("{}nop{}", "é ".repeat(999), " y".repeat(999)));
        check(&source, problem(find(&source, "nop")), &UNICODE, "\
error[E0001 syntax-error]: `nop` is not a clause
   ╭─[visits.duly:1:1999]
 1 │ …é é é é é é é é é é é é é é é é é é é é nop y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y …
   ·                                          ─┬─
   ·                                           ╰── not a clause
   ╰────
");
    }

    #[test]
    fn a_long_label_is_drawn_on_its_first_line() {
        let source = Source::new("visits.duly", "duty visit\n  by me\n".repeat(9));
        let drawn = one(&source, problem(source.span()), &ASCII);
        assert!(drawn.contains("duty visit\n") && drawn.lines().count() < 10, "{drawn}");
    }

    #[test]
    fn colour_is_used_only_when_asked_for() {
        let source = Source::new("visits.duly", "nop");
        let coloured = one(&source, problem(source.span()), &Style { colour: true, ..ASCII });
        assert!(coloured.starts_with("\u{1b}[1;31merror[E0001 syntax-error]\u{1b}[0m: "));
        assert!(!one(&source, problem(source.span()), &UNICODE).contains('\u{1b}'));
    }

    #[test]
    fn sentences_wrap_between_words() {
        let narrow = Style { width: 40, ..ASCII };
        let source = Source::new("visits.duly", "nop");
        let text = "give the limit in calendar days, working days, weeks, months or years";
        let drawn = one(&source, problem(source.span()).help(text), &narrow);
        assert!(drawn.lines().all(|line| line.chars().count() <= 40), "{drawn}");
        assert!(drawn.ends_with("\n        weeks, months or years\n"), "{drawn}");
    }

    #[test]
    fn a_finding_costs_no_more_in_a_large_file() {
        let source = Source::new("large.duly", "duty visit\n  nop\n".repeat(60_000));
        let line = |number: u32| number * 17 * 200;
        let nop = |number| Span::new(line(number) + 13, line(number) + 16);
        let problems: Problems = (0..200).map(|number| problem(nop(number))).collect();
        let start = std::time::Instant::now();
        let drawn = diagnostics(&source, &problems, &ASCII);
        assert_eq!(drawn.matches("`-- not a clause").count(), 200);
        // miette's own reading of the text takes 8 seconds here without optimisation.
        assert!(start.elapsed().as_secs_f32() < 2.0, "{:?}", start.elapsed());
    }

    #[test]
    fn any_place_in_any_text_can_be_drawn() {
        let texts = ["", "\n", "a", "é\r\n\r\n😀", "\r\r\n\0\t x\n\n", &"é\u{7}".repeat(300)];
        for text in texts {
            let source = Source::new("any", text);
            for start in 0..=(text.len() as u32 + 1).min(40) {
                for end in (start..=start + 9).chain([9999]) {
                    let drawn = one(&source, problem(Span::new(start, end)), &UNICODE);
                    assert!(drawn.contains("── not a clause"), "{text:?} {start}..{end}\n{drawn}");
                }
            }
        }
    }
}
