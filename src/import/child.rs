//! One child of the return: whether its rows can be true together, and the events they give.

use std::collections::{BTreeMap, BTreeSet};

use super::episodes::{self, Stays};
use super::late::late_reviews;
use super::mapping::{Codes, Given};
use super::read::{Module, Record, short};
use super::repeats::repeats;
use super::{Child, Fate, Import, Note};
use crate::calendar::Date;
use crate::cases::Row;
use crate::policy::Policy;

/// The events of a child, while they are put together.
pub(super) struct Draft<'a> {
    policy: &'a Policy,
    pub(super) codes: &'a Codes,
    number: &'a str,
    pub(super) rows: Vec<Row>,
    /// What became of each record, as far as is known.
    pub(super) fates: Vec<Option<Fate>>,
    pub(super) notes: Vec<Note>,
    undeclared: Vec<String>,
    /// Whether another record stands for it.
    repeated: Vec<bool>,
    /// The date of birth, if a row gives it.
    birth: Option<Date>,
    /// Which step of the history the events that are added now belong to; none where the return does
    /// not say what came before what.
    step: Option<u32>,
    /// For each of `rows`, its step.
    steps: Vec<Option<u32>>,
}

impl Draft<'_> {
    /// The records for which no other one stands, with their places.
    pub(super) fn live<'r>(&self, records: &[&'r Record]) -> Vec<(usize, &'r Record)> {
        let live = records.iter().enumerate().zip(&self.repeated);
        live.filter(|(_, repeated)| !**repeated)
            .map(|((place, record), _)| (place, *record))
            .collect()
    }

    /// Rejects a record, unless it is rejected already.
    pub(super) fn reject(&mut self, place: usize, why: impl Into<String>) {
        if let Some(fate) = self.fates.get_mut(place)
            && !matches!(fate, Some(Fate::Rejected(_)))
        {
            *fate = Some(Fate::Rejected(why.into()));
        }
    }

    /// Explains a record of which nothing has come so far.
    pub(super) fn explain(&mut self, place: usize, why: &str) {
        if let Some(fate @ None) = self.fates.get_mut(place) {
            *fate = Some(Fate::Explained(why.to_owned()));
        }
    }

    /// Goes on to what came after everything of the steps before it.
    pub(super) fn next_step(&mut self) {
        self.step = Some(self.step.map_or(0, |step| step + 1));
    }

    /// What is added from now on has no place among the steps.
    pub(super) fn unordered(&mut self) {
        self.step = None;
    }

    /// Refuses a day before the child was born.
    pub(super) fn born_by(&self, column: &str, day: Date) -> Result<(), String> {
        match self.birth {
            Some(birth) if day < birth => {
                Err(format!("{column} is before the date of birth, {}", birth.short()))
            }
            _ => Ok(()),
        }
    }

    /// Says in which order the events of one day happened, where the episodes tell: a stay that ends
    /// on the day on which the next begins, or on its own first day.
    fn in_order(&mut self) {
        let mut days: BTreeMap<String, BTreeSet<u32>> = BTreeMap::new();
        for (row, step) in self.rows.iter().zip(&self.steps) {
            if let Some(step) = step {
                days.entry(row.date.clone()).or_default().insert(*step);
            }
        }
        for (row, step) in self.rows.iter_mut().zip(&self.steps) {
            let of_day = days.get(&row.date).filter(|steps| steps.len() > 1);
            if let Some((steps, step)) = of_day.zip(*step) {
                let place = steps.range(..=step).count();
                row.pairs.push(("seq".to_owned(), place.to_string()));
            }
        }
    }

    /// Says something about the child.
    pub(super) fn note(&mut self, record: &Record, message: impl Into<String>) {
        self.notes.push(Note {
            child: self.number.to_owned(),
            place: (record.file.to_string(), record.line),
            message: message.into(),
        });
    }

    /// Gives the events that came last, from a place among them on, the attributes that the table has
    /// for another point of the same day: of a care order the return says where the child was placed.
    /// Says whether it has any, or nothing is asked of them that it has for another code.
    pub(super) fn describe(&mut self, from: usize, of: (&str, &str, &str), day: Date) -> bool {
        let (module, when, code) = of;
        let mut told = self.rows.len() == from;
        for mapping in self.codes.given(module, when, code) {
            let Given::Event(known) = mapping.event(self.policy, day) else { continue };
            let rows = self.rows.iter_mut().skip(from).filter(|row| row.event == known.event);
            for row in rows {
                told = true;
                for (name, value) in &known.pairs {
                    if row.pairs.iter().all(|(given, _)| given != name) {
                        row.pairs.push((name.clone(), value.clone()));
                    }
                }
            }
        }
        if told {
            return true;
        }
        let has = |row: &Row, name: &str| row.pairs.iter().any(|(given, _)| given == name);
        let described = |row: &Row, known: &Row| {
            row.event != known.event || known.pairs.iter().all(|(name, _)| has(row, name))
        };
        self.codes.at(module, when).all(|mapping| match mapping.event(self.policy, day) {
            Given::Event(known) => self.rows.iter().skip(from).all(|row| described(row, &known)),
            Given::Undeclared(_) | Given::Nothing => true,
        })
    }

    /// Adds what the table gives for a point of the history and a code.
    pub(super) fn give(&mut self, place: usize, of: (&str, &str, &str), day: Date) {
        let (module, when, code) = of;
        for mapping in self.codes.given(module, when, code) {
            match mapping.event(self.policy, day) {
                Given::Event(row) => {
                    self.rows.push(row);
                    self.steps.push(self.step);
                    if let Some(fate) = self.fates.get_mut(place)
                        && !matches!(fate, Some(Fate::Rejected(_)))
                    {
                        *fate = Some(Fate::Used);
                    }
                }
                Given::Undeclared(event) => {
                    let policy = &self.policy.header.name;
                    self.explain(
                        place,
                        &format!("the policy `{policy}` has no event `{event}` for it"),
                    );
                    self.undeclared.push(event);
                }
                Given::Nothing if mapping.gives.is_empty() && !mapping.note.is_empty() => {
                    let code = if code.is_empty() { String::new() } else { format!("{code}: ") };
                    self.explain(place, &format!("{code}{}", mapping.note));
                }
                Given::Nothing => {}
            }
        }
    }
}

/// Says of a child whose care began nowhere in the return that no clock runs.
fn without_episodes(draft: &mut Draft<'_>, records: &[&Record]) {
    let has = |wanted| records.iter().any(|record| record.module == wanted);
    let in_care = |record: &&&Record| {
        matches!(
            record.module,
            Module::Reviews | Module::Missing | Module::PlacedAdoption | Module::SWEpisodes
        )
    };
    if let Some(record) = records.iter().find(in_care)
        && !has(Module::Episodes)
    {
        draft.note(
            record,
            "the child has no episode: when it became looked after is not known, so no clock runs; \
             give the file of episodes too, or the start in a file of events",
        );
    }
}

/// Makes a case of a child's records. Gives what became of each of them.
pub(super) fn child(
    (policy, codes, today): (&Policy, &Codes, Option<Date>),
    number: &str,
    records: &[&Record],
    import: &mut Import,
) -> Vec<Fate> {
    let repeats = repeats(records);
    let mut draft = Draft {
        policy,
        codes,
        number,
        rows: Vec::new(),
        fates: vec![None; records.len()],
        notes: Vec::new(),
        undeclared: Vec::new(),
        repeated: repeats.iter().map(Option::is_some).collect(),
        birth: None,
        step: None,
        steps: Vec::new(),
    };
    for (place, stands) in repeats.iter().enumerate() {
        if let Some((record, other)) = records.get(place).zip(stands.and_then(|it| records.get(it)))
        {
            draft.explain(place, &format!("the same stands on {}", other.seen_from(record)));
        }
    }
    for (place, record) in records.iter().enumerate() {
        if let Some(flaw) = &record.flaw {
            draft.reject(place, flaw.as_ref());
        }
    }
    born(&mut draft, records);
    let stays = episodes::episodes(&mut draft, records);
    for (place, record) in draft.live(records) {
        let done = match record.module {
            Module::Reviews => review(&mut draft, place, record, &stays),
            Module::Missing => missing(&mut draft, place, record),
            Module::PlacedAdoption => adoption(&mut draft, place, record),
            Module::Other(module) => {
                draft.give(place, (module, "row", ""), Date::MIN);
                Ok(())
            }
            Module::Unknown => {
                draft.explain(place, "the part of the return is none that is known");
                Ok(())
            }
            Module::Header | Module::Episodes | Module::SWEpisodes => Ok(()),
        };
        if let Err(why) = done {
            draft.reject(place, why);
        }
    }
    social_workers(&mut draft, records);
    without_episodes(&mut draft, records);
    out_of_care(&mut draft, records, &stays);
    two_reviews(&mut draft, records);
    late_reviews(&mut draft, records, today);
    finish(draft, records, import)
}

/// Adds the case, or leaves the child out because of a rejected row.
fn finish(mut draft: Draft<'_>, records: &[&Record], import: &mut Import) -> Vec<Fate> {
    let rejected = draft.fates.iter().position(|fate| matches!(fate, Some(Fate::Rejected(_))));
    if let Some(record) = rejected.and_then(|place| records.get(place)) {
        import.left_out.push(draft.number.to_owned());
        let why = format!(
            "the child is left out, because line {} of {} is rejected",
            record.line, record.file
        );
        let left = |fate| match fate {
            Some(rejected @ Fate::Rejected(_)) => rejected,
            _ => Fate::Explained(why.clone()),
        };
        return draft.fates.into_iter().map(left).collect();
    }
    for event in draft.undeclared.drain(..) {
        *import.undeclared.entry(event).or_default() += 1;
    }
    import.notes.append(&mut draft.notes);
    if draft.rows.is_empty() {
        import.empty += 1;
    } else {
        draft.in_order();
        draft.rows.sort_by(|one, other| one.date.cmp(&other.date));
        draft.rows.dedup();
        let case = draft.number.to_owned();
        import.children.push(Child { case, rows: draft.rows });
    }
    let nothing = || Fate::Explained("nothing of it is in the policy".to_owned());
    draft.fates.into_iter().map(|fate| fate.unwrap_or_else(nothing)).collect()
}

/// The date of birth, which every module repeats.
fn born(draft: &mut Draft<'_>, records: &[&Record]) {
    let mut known: Option<(Date, &Record)> = None;
    for (place, record) in records.iter().enumerate() {
        match (record.date("DOB"), known) {
            (Err(why), _) => draft.reject(place, why),
            (Ok(Some(day)), None) => known = Some((day, record)),
            (Ok(Some(day)), Some((first, other))) if day != first => draft.reject(
                place,
                format!(
                    "DOB is {}, and {} on {}",
                    day.short(),
                    first.short(),
                    other.seen_from(record)
                ),
            ),
            (Ok(_), _) => {}
        }
    }
    draft.birth = known.map(|(day, _)| day);
    let live = draft.live(records);
    let header = live.iter().find(|(_, record)| record.module == Module::Header);
    let header = header.map(|(place, _)| *place);
    if let Some(place) = header {
        match known {
            Some((day, _)) => draft.give(place, ("Header", "row", ""), day),
            None => draft.reject(place, "DOB is empty"),
        }
        draft.explain(place, "the policy does not ask for the date of birth");
    } else if let Some((day, _)) = known {
        // Without a header the date is still good; no row is used up by it.
        draft.give(usize::MAX, ("Header", "row", ""), day);
    }
    for (place, record) in draft.live(records) {
        if record.module == Module::Header && Some(place) != header {
            draft.reject(place, "the child has another row in the header");
        }
    }
}

/// A review that was held.
fn review(
    draft: &mut Draft<'_>,
    place: usize,
    record: &Record,
    stays: &Stays,
) -> Result<(), String> {
    let code = record.code("REVIEW_CODE");
    let code = code.as_str();
    let day = match (record.date("REVIEW")?, code) {
        (None, "") => {
            draft.explain(place, "no review is given");
            return Ok(());
        }
        (None, _) => return Err("REVIEW_CODE is given, and REVIEW is not".to_owned()),
        (Some(_), "") => return Err("REVIEW is given, and REVIEW_CODE is not".to_owned()),
        (Some(day), _) => day,
    };
    if !draft.codes.is_known("Reviews", "row", code) {
        return Err(format!("REVIEW_CODE is PN0 to PN7, not `{}`", short(code)));
    }
    draft.born_by("REVIEW", day)?;
    if stays.only_breaks {
        draft.explain(
            place,
            "the child has short breaks only, and their reviews are not in the return",
        );
        return Ok(());
    }
    if let Ok(Some(born)) = record.date("DOB")
        && let Some(fourth) = born.anniversary(4)
        && ((code == "PN0" && day > fourth) || (code != "PN0" && day < fourth))
    {
        let message = format!(
            "{code} does not go with the child's age; the fourth birthday is {}",
            fourth.short()
        );
        draft.note(record, message);
    }
    draft.give(place, ("Reviews", "row", code), day);
    Ok(())
}

/// A time missing or away.
fn missing(draft: &mut Draft<'_>, place: usize, record: &Record) -> Result<(), String> {
    let code = record.code("MISSING");
    let code = code.as_str();
    if !draft.codes.is_known("Missing", "row", code) {
        return Err(format!("MISSING is M or A, not `{}`", short(code)));
    }
    let start = record.date("MIS_START")?.ok_or("MIS_START is empty")?;
    draft.born_by("MIS_START", start)?;
    if record.date("MIS_END")?.is_some_and(|end| end < start) {
        return Err("MIS_END is before MIS_START".to_owned());
    }
    draft.give(place, ("Missing", "row", code), start);
    Ok(())
}

/// The decision that a child should be placed for adoption, and the one that reversed it. The child is
/// not placed by the first; the episodes say when that happens.
fn adoption(draft: &mut Draft<'_>, place: usize, record: &Record) -> Result<(), String> {
    let (decided, reversed) = (record.date("DATE_PLACED")?, record.date("DATE_PLACED_CEASED")?);
    if let (Some(decided), Some(reversed)) = (decided, reversed)
        && reversed < decided
    {
        return Err("DATE_PLACED_CEASED is before DATE_PLACED".to_owned());
    }
    if let Some(reversed) = reversed {
        draft.give(place, ("PlacedAdoption", "decision reversed", ""), reversed);
    }
    if let Some(decided) = decided {
        draft.give(place, ("PlacedAdoption", "decision made", ""), decided);
    }
    draft.explain(place, "no date is given");
    Ok(())
}

/// Says of reviews on days on which the child was not in care, as the episodes have it, that no clock
/// counts them: a wrong date would otherwise look like a review that was not held.
fn out_of_care(draft: &mut Draft<'_>, records: &[&Record], stays: &Stays) {
    let mut outside: Vec<(Date, &Record)> = dated_reviews(draft, records)
        .into_iter()
        .filter(|(day, _)| stays.leave_out(*day))
        .collect();
    outside.sort_by_key(|(day, _)| *day);
    if let Some((day, record)) = outside.first() {
        let more = match outside.len() - 1 {
            0 => String::new(),
            more => format!(" (and {more} more like it)"),
        };
        draft.note(
            record,
            format!(
                "the review of {}{more} is on a day on which the child was not in care, as the \
                 episodes have it; no clock of that care counts it",
                day.short()
            ),
        );
    }
}

/// Says of two reviews of one day, told apart by the code alone, that they are one.
fn two_reviews(draft: &mut Draft<'_>, records: &[&Record]) {
    let mut known: BTreeMap<Date, &Record> = BTreeMap::new();
    for (day, record) in dated_reviews(draft, records) {
        let Some(other) = known.insert(day, record) else { continue };
        let message = format!(
            "another review of {} is on {} with another code; they are taken as one review",
            day.short(),
            other.seen_from(record)
        );
        draft.note(record, message);
    }
}

/// The reviews of which something has come, with their days.
pub(super) fn dated_reviews<'r>(
    draft: &Draft<'_>,
    records: &[&'r Record],
) -> Vec<(Date, &'r Record)> {
    let used = |place: usize| matches!(draft.fates.get(place), Some(Some(Fate::Used)));
    draft
        .live(records)
        .into_iter()
        .filter(|(place, record)| record.module == Module::Reviews && used(*place))
        .filter_map(|(_, record)| Some((record.date("REVIEW").ok()??, record)))
        .collect()
}

/// Changes of social worker: each allocation but the first.
fn social_workers(draft: &mut Draft<'_>, records: &[&Record]) {
    let mut dated = Vec::new();
    for (place, record) in draft.live(records) {
        if record.module != Module::SWEpisodes {
            continue;
        }
        match (record.date("SW_DECOM"), record.date("SW_DEC")) {
            (Err(why), _) | (_, Err(why)) => draft.reject(place, why),
            (Ok(None), _) => draft.reject(place, "SW_DECOM is empty"),
            (Ok(Some(from)), Ok(Some(until))) if until < from => {
                draft.reject(place, "SW_DEC is before SW_DECOM");
            }
            (Ok(Some(from)), Ok(_)) => dated.push((from, place)),
        }
    }
    dated.sort_unstable();
    for (index, (day, place)) in dated.into_iter().enumerate() {
        let when = if index == 0 { "first" } else { "change" };
        draft.give(place, ("SWEpisodes", when, ""), day);
    }
}
