//! Which findings are told, and how much each matters: `--select`, `--ignore` and `--level`.

use crate::cli::args::{Check, Level};
use crate::cli::fs::CliError;
use crate::diagnostic::printable::one_line;
use crate::diagnostic::{Code, Problems, Severity};

/// What was asked for, each with the codes it stands for.
#[derive(Debug, Default)]
pub(super) struct Choice {
    select: Vec<Wanted>,
    ignore: Vec<Wanted>,
    levels: Vec<(Wanted, Level)>,
}

/// A finding as somebody names it: by its code, its name, or the beginning of its code.
#[derive(Debug, Clone)]
struct Wanted {
    codes: Vec<Code>,
    /// How much of the code was given: the more, the more it counts.
    exact: usize,
}

impl Wanted {
    fn read(text: &str, option: &str) -> Result<Self, CliError> {
        let text = text.trim();
        if let Some(code) = Code::find(text) {
            return Ok(Self { codes: vec![code], exact: code.number().len() });
        }
        let beginning = text.to_ascii_uppercase();
        let codes: Vec<Code> = Code::ALL
            .iter()
            .copied()
            .filter(|code| !text.is_empty() && code.number().starts_with(&beginning))
            .collect();
        if !codes.is_empty() {
            return Ok(Self { codes, exact: beginning.len() });
        }
        let error =
            CliError::new(format!("`--{option}`: there is no finding `{}`", one_line(text)));
        Err(match Code::near(text) {
            Some(near) => error.help(format!("did you mean `{}`?", near.name())),
            None => error.help("`duly rule` lists them all; `W11` stands for all that begin so"),
        })
    }

    /// How exactly it names a code, if it does.
    fn names(&self, code: Code) -> Option<usize> {
        self.codes.contains(&code).then_some(self.exact)
    }
}

impl Choice {
    /// Reads what was asked for.
    pub(super) fn read(command: &Check) -> Result<Self, CliError> {
        let all = |texts: &[String], option: &str| {
            texts.iter().map(|text| Wanted::read(text, option)).collect::<Result<Vec<_>, _>>()
        };
        let select = all(&command.select, "select")?;
        let ignore = all(&command.ignore, "ignore")?;
        for (wanted, text) in ignore.iter().zip(&command.ignore) {
            soft(wanted, text, "ignore")?;
        }
        let mut levels = Vec::new();
        for (text, level) in &command.level {
            let wanted = Wanted::read(text, "level")?;
            soft(&wanted, text, "level")?;
            levels.push((wanted, *level));
        }
        Ok(Self { select, ignore, levels })
    }

    /// What is left of the findings, each with the severity that was asked for.
    pub(super) fn apply(&self, problems: &Problems) -> Problems {
        let chosen = problems.iter().filter(|problem| self.tells(problem.code));
        let levelled = chosen.filter_map(|problem| {
            let mut problem = problem.clone();
            problem.severity = self.severity(problem.code)?;
            Some(problem)
        });
        levelled.collect()
    }

    /// Whether findings of a kind are told.
    pub(super) fn tells(&self, code: Code) -> bool {
        if code.severity() == Severity::Error {
            return true;
        }
        let most = |wanted: &[Wanted]| wanted.iter().filter_map(|wanted| wanted.names(code)).max();
        let selected = most(&self.select);
        if !self.select.is_empty() && selected.is_none() {
            return false;
        }
        most(&self.ignore).is_none_or(|ignored| selected.is_some_and(|exact| exact > ignored))
    }

    /// How much findings of a kind matter; nothing where they are switched off.
    fn severity(&self, code: Code) -> Option<Severity> {
        if code.severity() == Severity::Error {
            return Some(Severity::Error);
        }
        // Of two that are equally exact the later one counts, as `max_by_key` has it.
        let named =
            self.levels.iter().filter_map(|(wanted, level)| Some((wanted.names(code)?, level)));
        match named.max_by_key(|(exact, _)| *exact) {
            None => Some(code.severity()),
            Some((_, Level::Error)) => Some(Severity::Error),
            Some((_, Level::Warning)) => Some(Severity::Warning),
            Some((_, Level::Advice)) => Some(Severity::Advice),
            Some((_, Level::Off)) => None,
        }
    }
}

/// Refuses to hush an error up: without the rest of it there is no policy to say anything about.
fn soft(wanted: &Wanted, text: &str, option: &str) -> Result<(), CliError> {
    if wanted.codes.iter().any(|code| code.severity() != Severity::Error) {
        return Ok(());
    }
    let text = one_line(text.trim());
    Err(CliError::new(format!("`--{option}`: `{text}` is an error, and errors are always told"))
        .help(
            "a policy with an error in it means nothing; `duly rule CODE` says how to put it right",
        ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Diagnostic;
    use crate::source::Span;

    fn choice(select: &str, ignore: &str, levels: &[(&str, Level)]) -> Choice {
        let read = |texts: &str, option: &str| -> Vec<Wanted> {
            let texts = texts.split(',').filter(|text| !text.is_empty());
            texts.map(|text| Wanted::read(text, option).unwrap()).collect()
        };
        let levels = levels.iter().map(|(text, level)| (Wanted::read(text, "").unwrap(), *level));
        Choice { select: read(select, ""), ignore: read(ignore, ""), levels: levels.collect() }
    }

    #[track_caller]
    fn check(choice: &Choice, expected: &[(&str, &str)]) {
        let all = [Code::UnknownName, Code::NeverUsed, Code::SimilarNames];
        let all = all.map(|code| Diagnostic::new(code, "message", Span::at(0), ""));
        let left = choice.apply(&Problems::from_iter(all));
        let left: Vec<_> =
            left.iter().map(|left| (left.code.number(), left.severity().name())).collect();
        assert_eq!(left, expected);
    }

    #[test]
    fn errors_are_told_whatever_is_chosen() {
        let error = ("E0101", "error");
        check(&choice("W0102", "", &[]), &[error, ("W0102", "warning")]);
        check(&choice("E03", "", &[]), &[error]);
        check(&choice("", "W", &[]), &[error]);
        check(&choice("", "", &[("w", Level::Off)]), &[error]);
    }

    #[test]
    fn the_longest_that_fits_counts() {
        let error = ("E0101", "error");
        check(&choice("similar-names", "W01", &[]), &[error, ("W0102", "warning")]);
        check(&choice("W01", "similar-names", &[]), &[error, ("W0101", "warning")]);
        check(&choice("W01", "W01", &[]), &[error]);
        check(
            &choice("", "", &[("W0101", Level::Error), ("W01", Level::Advice)]),
            &[error, ("W0101", "error"), ("W0102", "advice")],
        );
        check(
            &choice("", "", &[("W0101", Level::Error), ("never-used", Level::Warning)]),
            &[error, ("W0101", "warning"), ("W0102", "warning")],
        );
    }

    #[test]
    fn what_names_no_finding_is_refused() {
        for text in ["", " ", "W99", "never-usd", "X", "W01 02"] {
            assert!(Wanted::read(text, "select").is_err(), "{text}");
        }
        let Err(CliError::World { message, help }) = Wanted::read("never-usd", "select") else {
            panic!("there is no such finding");
        };
        assert_eq!(message, "`--select`: there is no finding `never-usd`");
        assert_eq!(help.as_deref(), Some("did you mean `never-used`?"));
    }
}
