//! What an edit moves: each deadline, prohibition and ladder that stands otherwise, old and new, and
//! why.
//!
//! The changes are first brought into the order in which people read them and given their words; the
//! same entries are then set on paper, written as Markdown, or as data.

mod data;
mod markdown;
mod text;
mod words;

pub use data::{done_json, moved_json};
pub use markdown::moved_markdown;
pub use text::{done_text, done_words, moved_text, notes_text};

use super::{Answer, Extent, is_quiet, when};
use crate::calendar::Date;
use crate::eval::{Deadline, Due, Status, Verdict};
use crate::what_if::{
    Because, DeadlineChange, Difference, FindingChange, Situation, StandingChange, StrayChange,
    because,
};

/// Two situations and what they have not in common.
#[derive(Debug, Clone, Copy)]
pub struct Moved<'a> {
    /// The situation before.
    pub before: &'a Situation,
    /// The situation after.
    pub after: &'a Situation,
    /// What differs.
    pub difference: &'a Difference,
}

/// Something that stands otherwise, in words.
struct Entry {
    group: Group,
    /// What orders the entries of a group: whether it stands as before, how pressing it is now, and
    /// its day.
    order: (bool, u8, Option<Date>),
    title: String,
    /// What was and what is, each pair as two phrases; one of them is empty where there was or is
    /// nothing to say.
    pairs: Vec<(String, String)>,
    why: Vec<String>,
    /// How many things it tells of; more than one where they are told together.
    count: usize,
    /// What the entry has in common with others that may be told with it.
    alike: Option<(String, Vec<(String, String)>)>,
}

/// The headings, in the order in which they stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Group {
    Moved,
    New,
    Gone,
    Prohibition,
    Ladder,
    Stray,
}

impl Group {
    const ALL: [Self; 6] =
        [Self::Moved, Self::New, Self::Gone, Self::Prohibition, Self::Ladder, Self::Stray];

    const fn heading(self) -> &'static str {
        match self {
            Self::Moved => "Moved",
            Self::New => "New",
            Self::Gone => "Gone",
            Self::Prohibition => "Not to be done",
            Self::Ladder => "Escalation",
            Self::Stray => "Recorded, and fits nothing",
        }
    }
}

/// Fewer than this are told one by one.
const FEW: usize = 3;

impl<'a> Moved<'a> {
    fn answer_before(&self) -> Answer<'a> {
        answer(self.before)
    }

    fn answer_after(&self) -> Answer<'a> {
        answer(self.after)
    }

    /// The entries to show, and how many more there are.
    fn entries(&self, extent: Extent) -> (Vec<Entry>, usize) {
        let all = &self.difference.deadlines;
        let shown: Vec<DeadlineChange> = all
            .iter()
            .filter(|change| extent == Extent::All || !self.quiet(change))
            .copied()
            .collect();
        let mut entries: Vec<Entry> = shown
            .iter()
            .zip(because(self.before, self.after, &shown))
            .filter_map(|(change, because)| self.deadline(change, &because))
            .collect();
        let difference = self.difference;
        entries.extend(difference.findings.iter().filter_map(|change| self.finding(change)));
        entries.extend(difference.standings.iter().filter_map(|change| self.standing(change)));
        entries.extend(difference.strays.iter().filter_map(|change| self.stray(change)));
        entries.sort_by_key(|entry| (entry.group, entry.order));
        if extent == Extent::Open {
            entries = folded(entries);
        }
        (entries, all.len() - shown.len())
    }

    fn rows(&self, change: &DeadlineChange) -> (Option<&'a Deadline>, Option<&'a Deadline>) {
        let row = |situation: &'a Situation, index: Option<usize>| {
            index.and_then(|index| situation.outcome().deadlines.get(index))
        };
        (row(self.before, change.before), row(self.after, change.after))
    }

    /// Whether nothing is open on either side: it was and is settled, or waits; or it was and is
    /// missed; or it has no time limit and only another review to be done for.
    fn quiet(&self, change: &DeadlineChange) -> bool {
        let (old, new) = self.rows(change);
        let still = |row: &Deadline| row.due == Due::Never || row.status == Status::Missed;
        let same = match (old, new) {
            (Some(old), Some(new)) => still(old) && still(new) && old.status == new.status,
            _ => false,
        };
        same || (old.is_none_or(is_quiet) && new.is_none_or(is_quiet))
    }

    fn deadline(&self, change: &DeadlineChange, because: &[Because]) -> Option<Entry> {
        let (old, new) = self.rows(change);
        let row = new.or(old)?;
        let own = if new.is_some() { self.answer_after() } else { self.answer_before() };
        let dates = |row: Option<&Deadline>| row.map(days_of).unwrap_or_default();
        let stands = |answer: Answer<'_>, row: Option<&Deadline>| {
            row.map(|row| answer.status(row)).unwrap_or_default()
        };
        let (before, after) = (dates(old), dates(new));
        let group = match (old, new) {
            (None, _) => Group::New,
            (_, None) => Group::Gone,
            (Some(_), Some(_)) => Group::Moved,
        };
        let mut pairs = Vec::new();
        let same_day = before == after;
        if !same_day {
            pairs.push((before, after));
        }
        let status = (stands(self.answer_before(), old), stands(self.answer_after(), new));
        let same_status = old.map(|row| row.status) == new.map(|row| row.status);
        if group != Group::Moved || same_day || said_anew(old, new) {
            pairs.push(if status.0 == status.1 { (String::new(), status.1) } else { status });
        }
        Some(Entry {
            group,
            order: (same_status, pressing(row.status), row.due_date()),
            title: own.title(row),
            alike: own.review_of(row).is_some().then(|| (own.place_of(row, false), pairs.clone())),
            pairs,
            why: because.iter().filter_map(words::because).collect(),
            count: 1,
        })
    }

    fn finding(&self, change: &FindingChange) -> Option<Entry> {
        let said = |answer: Answer<'_>, index: Option<usize>| {
            let finding = index.and_then(|index| answer.outcome.findings.get(index));
            finding.map_or_else(String::new, |finding| {
                let act = finding.fact.map(|fact| format!("{}: ", answer.fact(fact)));
                let verdict = match finding.verdict {
                    Verdict::Kept => "kept",
                    Verdict::Breached => "against the rule",
                    Verdict::NotKnown => "whether it is against the rule cannot be said",
                };
                act.unwrap_or_default() + verdict
            })
        };
        let own = change
            .after
            .map_or((self.answer_before(), change.before), |_| (self.answer_after(), change.after));
        let finding = own.0.outcome.findings.get(own.1?)?;
        let why = match change.after {
            Some(_) => finding.questions.iter(),
            None => [].iter(),
        };
        let why = why.map(|one| format!("not recorded: {}", own.0.question(one))).collect();
        Some(Entry::of(
            Group::Prohibition,
            own.0.policy.rule(finding.rule).title.clone(),
            vec![(
                said(self.answer_before(), change.before),
                said(self.answer_after(), change.after),
            )],
            why,
        ))
    }

    fn standing(&self, change: &StandingChange) -> Option<Entry> {
        let item = |answer: Answer<'_>, index: Option<usize>| {
            index
                .and_then(|index| answer.outcome.standings.get(index))
                .and_then(|standing| answer.ladder(standing))
        };
        let (old, new) =
            (item(self.answer_before(), change.before), item(self.answer_after(), change.after));
        let title = new.as_ref().or(old.as_ref())?.title.clone();
        let first = |item: &Option<super::Item>| {
            item.as_ref().and_then(|item| item.lines.first()).cloned().unwrap_or_default()
        };
        let (before, after) = (first(&old), first(&new));
        let mut pairs = if before == after { Vec::new() } else { vec![(before, after)] };
        let lines = |item: Option<super::Item>| {
            item.map(|item| item.lines.into_iter().skip(1).collect::<Vec<_>>()).unwrap_or_default()
        };
        let (before, after) = (lines(old), lines(new));
        let added = after.iter().filter(|line| !before.contains(line));
        pairs.extend(added.map(|line| (String::new(), line.clone())));
        Some(Entry::of(Group::Ladder, title, pairs, Vec::new()))
    }

    fn stray(&self, change: &StrayChange) -> Option<Entry> {
        let own = change
            .after
            .map_or((self.answer_before(), change.before), |_| (self.answer_after(), change.after));
        let &(rule, fact, what) = own.0.outcome.strays.get(own.1?)?;
        let ladder = &own.0.policy.rule(rule).title;
        let line = format!("{ladder}: {}; it counts for nothing", what.words());
        let pair = match change.after {
            Some(_) => (String::new(), line),
            None => (line, "this is not so any more".to_owned()),
        };
        Some(Entry::of(Group::Stray, own.0.fact(fact), vec![pair], Vec::new()))
    }

    /// What is said where nothing differs, or nothing that is shown.
    fn foot(entries: &[Entry], hidden: usize) -> Option<String> {
        match (!entries.is_empty(), hidden) {
            (true, 0) => None,
            (false, 0) => Some(
                "Nothing changes: every deadline, prohibition and escalation stands as before."
                    .to_owned(),
            ),
            (shown, hidden) => {
                let nothing = if shown { "" } else { "Nothing that is open changes. " };
                let what = if hidden == 1 { "1 change" } else { &format!("{hidden} changes") };
                Some(format!(
                    "{nothing}Not shown: {what} to what is over, waits or has no time limit"
                ))
            }
        }
    }
}

impl Entry {
    fn of(group: Group, title: String, pairs: Vec<(String, String)>, why: Vec<String>) -> Self {
        Self { group, order: (false, 0, None), title, pairs, why, count: 1, alike: None }
    }
}

fn answer(situation: &Situation) -> Answer<'_> {
    Answer {
        policy: situation.policy(),
        timeline: situation.timeline(),
        outcome: situation.outcome(),
    }
}

/// The days of a deadline: `Fri 27 Mar 2026`, `from … to …`, with other days that are possible.
fn days_of(row: &Deadline) -> String {
    let mut days = match row.opens {
        Some(opens) if row.due_date() == Some(opens) => format!("on {}", opens.long()),
        Some(opens) => format!("from {}, to {}", opens.long(), when(row)),
        None => when(row),
    };
    for day in &row.alternatives {
        days += &format!(", or {}", day.long());
    }
    // A date that rests on a review is nothing by itself.
    if let (None, Some(known)) = (row.due_date(), row.basis.as_ref()) {
        days += &format!(" ({})", super::words::basis(known));
    }
    days
}

/// Whether how a deadline stands is worth telling beside its new day: what is due stays due.
fn said_anew(old: Option<&Deadline>, new: Option<&Deadline>) -> bool {
    match (old, new) {
        (Some(old), Some(new)) => {
            let open = |row: &Deadline| matches!(row.status, Status::Due | Status::NotOpen);
            (old.status, old.done_on) != (new.status, new.done_on) && !(open(old) && open(new))
        }
        _ => true,
    }
}

/// How pressing a deadline is: the least first.
const fn pressing(status: Status) -> u8 {
    match status {
        Status::Overdue => 0,
        Status::CannotBeMet => 1,
        Status::Undetermined => 2,
        Status::Late | Status::Missed => 3,
        Status::Due | Status::Begun => 4,
        Status::NotOpen | Status::Outstanding => 5,
        Status::Waiting => 6,
        Status::Met | Status::Lapsed => 7,
    }
}

/// Some of the names, and how many more there are.
fn named(mut names: Vec<String>) -> String {
    /// How many are named.
    const NAMED: usize = 3;
    let more = names.len().saturating_sub(NAMED);
    names.truncate(NAMED);
    if more > 0 {
        names.push(format!("and {more} more"));
    }
    names.join("; ")
}

/// Tells together what belongs to one review and changes in one way.
fn folded(entries: Vec<Entry>) -> Vec<Entry> {
    let mut out: Vec<(Entry, Vec<String>)> = Vec::new();
    let alike = |entry: &Entry| entry.alike.as_ref().map(|alike| (entry.group, alike.clone()));
    let mut numbers = std::collections::BTreeMap::new();
    for entry in &entries {
        *numbers.entry(alike(entry)).or_insert(0_usize) += 1;
    }
    for entry in entries {
        let key = alike(&entry);
        let together = key.is_some() && numbers.get(&key).is_some_and(|&number| number >= FEW);
        let known = out.iter_mut().find(|(first, _)| together && alike(first) == key);
        let name = entry.title.rsplit_once(" (").map_or(&*entry.title, |(name, _)| name).to_owned();
        match known {
            Some((first, names)) => {
                first.count += 1;
                names.push(name);
            }
            None => out.push((entry, vec![name])),
        }
    }
    out.into_iter()
        .map(|(mut entry, names)| {
            if entry.count > 1 {
                let place = entry.alike.as_ref().map(|(place, _)| place.as_str());
                entry.title = format!("{} things {}", entry.count, place.unwrap_or_default());
                entry.why.push(named(names));
            }
            entry
        })
        .collect()
}
