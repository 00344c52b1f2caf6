//! What could stand next in a line: for completion, and for the hints in grey.

use std::collections::BTreeMap;

use super::commands::{COMMANDS, Takes, find};
use super::session::Repl;
use crate::calendar::Date;
use crate::policy::AttributeKind;

/// What is known of the policy and the case, so that a line can be completed without them.
#[derive(Debug, Clone, Default)]
pub(super) struct Known {
    /// Each event with its attributes, and each of those with its values where they are words.
    events: BTreeMap<String, Vec<(String, Vec<String>)>>,
    rules: Vec<String>,
    /// Each reading with its values.
    readings: Vec<(String, Vec<String>)>,
    /// The events of the case, as they can be named.
    facts: Vec<String>,
    as_of: Option<Date>,
}

/// What could stand from a place in the line on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Completion {
    /// One of these, from that byte on.
    Words(usize, Vec<String>),
    /// The name of a file.
    File,
}

impl Known {
    /// What is known now.
    pub(super) fn of(repl: &Repl<'_>) -> Self {
        let Ok(now) = repl.now() else { return Self::default() };
        let policy = now.policy();
        let values = |kind: &AttributeKind| match kind {
            AttributeKind::YesNo => vec!["yes".to_owned(), "no".to_owned()],
            AttributeKind::OneOf(words) => words.clone(),
            AttributeKind::Date => vec![now.as_of().to_string()],
            AttributeKind::Number | AttributeKind::Text => Vec::new(),
        };
        let events = policy.events.iter().map(|event| {
            let own = event.attributes.iter().map(|one| (one.name.clone(), values(&one.kind)));
            (event.name.clone(), own.collect())
        });
        let readings = policy.readings.iter().map(|reading| {
            let values = std::iter::once(&reading.chosen).chain(&reading.others);
            (reading.name.clone(), values.cloned().collect())
        });
        let mut facts: Vec<String> = now
            .records()
            .iter()
            .map(|one| format!("{} on {}", one.row.event, one.row.date))
            .collect();
        facts.sort();
        facts.dedup();
        Self {
            events: events.collect(),
            rules: policy.rules.iter().map(|rule| rule.name.clone()).collect(),
            readings: readings.collect(),
            facts,
            as_of: Some(now.as_of()),
        }
    }

    /// Whether a word is the name of an event.
    pub(super) fn is_event(&self, word: &str) -> bool {
        self.events.contains_key(word)
    }

    /// Whether a word is the name of an attribute of any event.
    pub(super) fn is_attribute(&self, word: &str) -> bool {
        matches!(word, "ref" | "seq")
            || self.events.values().flatten().any(|(name, _)| name == word)
    }

    /// What could stand at the end of the line.
    pub(super) fn complete(&self, line: &str) -> Completion {
        // Only the line that is being written counts.
        let begin = line.rfind('\n').map_or(0, |place| place + 1);
        let own = line.get(begin..).unwrap_or_default();
        let shifted = |completion| match completion {
            Completion::Words(start, words) => Completion::Words(start + begin, words),
            Completion::File => Completion::File,
        };
        shifted(self.of_line(own))
    }

    fn of_line(&self, line: &str) -> Completion {
        let Some(rest) = line.strip_prefix(':') else {
            if let Some(rest) = line.strip_prefix("why ") {
                return at(line, rest, |rest| self.after_why(rest));
            }
            if let Some(rest) = line.strip_prefix("when ") {
                return at(line, rest, |rest| self.event_name(rest));
            }
            return at(line, line, |line| self.event_line(line));
        };
        let Some((word, behind)) = rest.split_once(' ') else {
            let names = COMMANDS.iter().map(|entry| format!("{} ", entry.name));
            return at(line, rest, |word| (0, begins(word, names)));
        };
        match find(word).map(|entry| entry.takes) {
            Ok(Takes::Event) => at(line, behind, |rest| self.event_line(rest)),
            Ok(Takes::EventName) => at(line, behind, |rest| self.event_name(rest)),
            Ok(Takes::Fact) => at(line, behind, |rest| self.fact(rest)),
            Ok(Takes::Rule) => at(line, behind, |rest| self.after_why(rest)),
            Ok(Takes::Reading) => at(line, behind, |rest| self.reading(rest)),
            Ok(Takes::Day) => at(line, behind, |rest| (0, self.day(rest))),
            Ok(Takes::Edit) => at(line, behind, |rest| self.edit(rest)),
            Ok(Takes::Command) => {
                let names = COMMANDS.iter().map(|entry| entry.name.to_owned());
                at(line, behind, |rest| (0, begins(rest, names)))
            }
            Ok(Takes::File) => Completion::File,
            Ok(Takes::Nothing) | Err(_) => Completion::Words(line.len(), Vec::new()),
        }
    }

    fn day(&self, word: &str) -> Vec<String> {
        begins(word, self.as_of.map(|day| format!("{day} ")).into_iter())
    }

    /// `DATE EVENT attribute value …`
    fn event_line(&self, line: &str) -> (usize, Vec<String>) {
        let start = last_word(line);
        let (before, word) = line.split_at_checked(start).unwrap_or((line, ""));
        let words: Vec<&str> = before.split_whitespace().collect();
        let candidates = match words.as_slice() {
            [] => return (start, self.day(word)),
            [_] => self.events.keys().map(|name| format!("{name} ")).collect(),
            [_, event, pairs @ ..] => self.pair(event, pairs),
        };
        (start, begins(word, candidates.into_iter()))
    }

    /// `EVENT attribute value …`
    fn event_name(&self, rest: &str) -> (usize, Vec<String>) {
        // As if a day stood in front of it.
        const DAY: &str = "0 ";
        let (start, words) = self.event_line(&format!("{DAY}{rest}"));
        (start.saturating_sub(DAY.len()), words)
    }

    /// The attributes not given yet, or the values of the one that was begun.
    fn pair(&self, event: &str, pairs: &[&str]) -> Vec<String> {
        let Some(attributes) = self.events.get(event) else { return Vec::new() };
        if let ([.., name], 1) = (pairs, pairs.len() % 2) {
            let values = attributes.iter().find(|(own, _)| own == name).map(|(_, values)| values);
            return values.into_iter().flatten().map(|value| format!("{value} ")).collect();
        }
        let given: Vec<&&str> = pairs.iter().step_by(2).collect();
        let names = attributes.iter().map(|(name, _)| name.as_str()).chain(["ref", "seq"]);
        names.filter(|name| !given.contains(&name)).map(|name| format!("{name} ")).collect()
    }

    /// `EVENT on DATE to DATE`
    fn fact(&self, rest: &str) -> (usize, Vec<String>) {
        match rest.rsplit_once(" to ") {
            Some((before, day)) => (before.len() + 4, self.day(day)),
            None => (0, begins(rest, self.facts.iter().map(|fact| format!("{fact} ")))),
        }
    }

    /// `[not] RULE …`
    fn after_why(&self, rest: &str) -> (usize, Vec<String>) {
        let start = last_word(rest);
        let (before, word) = rest.split_at_checked(start).unwrap_or((rest, ""));
        let candidates: Vec<String> = match before.trim() {
            "" | "not" | "all" => self.rules.iter().map(|name| format!("{name} ")).collect(),
            _ => ["ref ", "stage ", "part ", "on "].map(str::to_owned).to_vec(),
        };
        (start, begins(word, candidates.into_iter()))
    }

    /// `NAME as VALUE`
    fn reading(&self, rest: &str) -> (usize, Vec<String>) {
        let Some((name, behind)) = rest.split_once(' ') else {
            let names = self.readings.iter().map(|(name, _)| format!("{name} as "));
            return (0, begins(rest, names));
        };
        let start = name.len() + 1;
        let Some(value) = behind.strip_prefix("as ") else {
            return (start, begins(behind, std::iter::once("as ".to_owned())));
        };
        let values = self.readings.iter().find(|(own, _)| own == name).map(|(_, values)| values);
        (start + 3, begins(value, values.into_iter().flatten().cloned()))
    }

    /// What stands behind `:what-if`, of which the last edit counts.
    fn edit(&self, rest: &str) -> (usize, Vec<String>) {
        let begin = rest.rfind(';').map_or(0, |place| place + 1);
        let own = rest.get(begin..).unwrap_or_default();
        let begin = begin + (own.len() - own.trim_start().len());
        let own = own.trim_start();
        let (word, behind) = own.split_once(' ').unwrap_or((own, ""));
        let (start, words) = match word {
            "move" | "remove" => self.fact(behind),
            "read" => self.reading(behind),
            "add" => self.event_line(behind),
            _ if own.starts_with(|first: char| first.is_ascii_digit()) => {
                let (start, words) = self.event_line(own);
                return (begin + start, words);
            }
            _ => {
                let words = ["add ", "move ", "remove ", "read ", "as-of "].map(str::to_owned);
                return (begin, begins(own, words.into_iter()));
            }
        };
        (begin + word.len() + 1 + start, words)
    }

    /// What is still to be written, in grey behind the end of the line.
    pub(super) fn hint(&self, line: &str) -> Option<String> {
        if line.contains('\n') {
            return None;
        }
        if let Some(rest) = line.strip_prefix(':') {
            let (word, behind) = rest.split_once(' ').unwrap_or((rest, ""));
            let entry = find(word).ok().filter(|_| behind.is_empty())?;
            let left = entry.name.strip_prefix(word).unwrap_or_default();
            let air = if rest.contains(' ') || entry.usage.is_empty() { "" } else { " " };
            return Some(format!("{left}{air}{}", entry.usage)).filter(|hint| !hint.is_empty());
        }
        let words: Vec<&str> = line.split_whitespace().collect();
        let [_, event, pairs @ ..] = words.as_slice() else { return None };
        if !line.ends_with(' ') || !line.starts_with(|first: char| first.is_ascii_digit()) {
            return None;
        }
        let attributes = self.events.get(*event)?;
        if let ([.., name], 1) = (pairs, pairs.len() % 2) {
            let (_, values) = attributes.iter().find(|(own, _)| own == name)?;
            return Some(values.join("|")).filter(|hint| !hint.is_empty());
        }
        let given: Vec<&&str> = pairs.iter().step_by(2).collect();
        let left: Vec<&str> = attributes
            .iter()
            .map(|(name, _)| name.as_str())
            .filter(|name| !given.contains(&name))
            .collect();
        Some(left.join(" ")).filter(|hint| !hint.is_empty())
    }
}

/// A completion of the end of a line.
fn at(line: &str, rest: &str, complete: impl FnOnce(&str) -> (usize, Vec<String>)) -> Completion {
    let (start, words) = complete(rest);
    Completion::Words(line.len() - rest.len() + start, words)
}

/// Those that begin with what was typed.
fn begins(word: &str, candidates: impl Iterator<Item = String>) -> Vec<String> {
    candidates.filter(|candidate| candidate.starts_with(word)).collect()
}

/// Where the last word begins.
fn last_word(line: &str) -> usize {
    line.rfind(' ').map_or(0, |place| place + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Known {
        let texts = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        Known {
            events: BTreeMap::from([
                ("placed".to_owned(), vec![("miles".to_owned(), Vec::new())]),
                (
                    "review-held".to_owned(),
                    vec![
                        ("kind".to_owned(), texts(&["initial", "ordinary"])),
                        ("meeting".to_owned(), texts(&["yes", "no"])),
                    ],
                ),
            ]),
            rules: texts(&["send-report", "see-child"]),
            readings: vec![("limit".to_owned(), texts(&["3 months", "91 calendar days"]))],
            facts: texts(&["placed on 2026-01-02"]),
            as_of: Date::parse("2026-05-20").ok(),
        }
    }

    #[track_caller]
    fn check(line: &str, start: usize, words: &[&str]) {
        let expected = words.iter().map(|word| (*word).to_owned()).collect();
        assert_eq!(known().complete(line), Completion::Words(start, expected), "{line}");
    }

    #[test]
    fn events_then_attributes_then_values() {
        check("20", 0, &["2026-05-20 "]);
        check("2026-05-20 r", 11, &["review-held "]);
        check("2026-05-20 review-held ", 23, &["kind ", "meeting ", "ref ", "seq "]);
        check("2026-05-20 review-held kind ", 28, &["initial ", "ordinary "]);
        check("2026-05-20 review-held kind initial ", 36, &["meeting ", "ref ", "seq "]);
        check("2026-05-20 unknown ", 19, &[]);
    }

    #[test]
    fn commands_and_what_stands_behind_them() {
        check(":und", 1, &["undo "]);
        check(":why s", 5, &["send-report ", "see-child "]);
        check("why not see", 8, &["see-child "]);
        check(":why send-report o", 17, &["on "]);
        check(":read l", 6, &["limit as "]);
        check(":read limit as 3", 15, &["3 months"]);
        check(":when review-held k", 18, &["kind "]);
        check("when pl", 5, &["placed "]);
        check(":move p", 6, &["placed on 2026-01-02 "]);
        check(":move placed on 2026-01-02 to ", 30, &["2026-05-20 "]);
        check(":what-if move p", 14, &["placed on 2026-01-02 "]);
        check(":what-if 2026-05-20 pl", 20, &["placed "]);
        check(":what-if remove placed; re", 24, &["remove ", "read "]);
        assert_eq!(known().complete(":open ex"), Completion::File);
    }

    #[test]
    fn hints_say_what_is_missing() {
        let hint = |line: &str| known().hint(line);
        assert_eq!(hint("2026-05-20 review-held "), Some("kind meeting".to_owned()));
        assert_eq!(hint("2026-05-20 review-held meeting "), Some("yes|no".to_owned()));
        assert_eq!(hint(":mov"), Some("e EVENT [on DATE] to DATE".to_owned()));
        assert_eq!(hint(":undo"), None);
        assert_eq!(hint("2026-05-20 review-hel"), None);
    }
}
