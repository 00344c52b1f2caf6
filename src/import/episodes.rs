//! The episodes of a child: a history of states, each beginning on the day the one before it ended,
//! turned into the events at its joints.

use super::child::Draft;
use super::read::{Module, Record, short};
use crate::calendar::Date;

/// The reason for which an episode ends and another begins the same day.
const GOES_ON: &str = "X1";

/// An episode that can be true by itself.
struct Episode<'a> {
    place: usize,
    record: &'a Record,
    from: Date,
    until: Option<Date>,
    /// RNE: why it began.
    reason: String,
    /// LS.
    legal: String,
    /// PLACE.
    placement: String,
    /// REC: why it ended; empty where it has not.
    ceased: String,
}

impl Episode<'_> {
    /// Part of a series of short breaks, which is no stay in care.
    fn is_break(&self) -> bool {
        matches!(self.legal.as_str(), "V3" | "V4")
    }

    fn goes_on(&self) -> bool {
        self.ceased == GOES_ON
    }
}

/// What the episodes of a child say of the other modules.
pub(super) struct Stays {
    /// Whether all of them are short breaks.
    pub(super) only_breaks: bool,
    /// The days on which the child was in care, first and last; a stay that is open has no last day.
    in_care: Vec<(Date, Option<Date>)>,
}

impl Stays {
    /// Whether there are stays in care, and a day lies in none of them.
    pub(super) fn leave_out(&self, day: Date) -> bool {
        let within = |&(from, until): &(Date, Option<Date>)| {
            from <= day && until.is_none_or(|until| day <= until)
        };
        !self.in_care.is_empty() && !self.in_care.iter().any(within)
    }
}

/// Adds the events of the episodes.
pub(super) fn episodes(draft: &mut Draft<'_>, records: &[&Record]) -> Stays {
    let mut all = Vec::new();
    for (place, record) in draft.live(records) {
        if record.module == Module::Episodes {
            match episode(draft, place, record) {
                Ok(episode) => all.push(episode),
                Err(why) => draft.reject(place, why),
            }
        }
    }
    all.sort_by_key(|episode| (episode.from, episode.until.unwrap_or(Date::MAX)));
    for (before, episode) in all.iter().zip(all.iter().skip(1)) {
        if before.is_break() || episode.is_break() {
            apart(draft, before, episode);
        }
    }
    let (breaks, care): (Vec<_>, Vec<_>) = all.into_iter().partition(Episode::is_break);
    for episode in &breaks {
        in_use(draft, episode);
        short_break(draft, episode);
    }
    let mut before: Option<&Episode<'_>> = None;
    for episode in &care {
        if let Some(before) = before {
            joint(draft, before, episode);
        }
        in_use(draft, episode);
        begin(draft, before, episode);
        end(draft, episode);
        before = Some(episode);
    }
    draft.unordered();
    if let Some(last) = before
        && last.goes_on()
    {
        let message = "the last episode says that another follows, and none does: where the child is since is not known";
        draft.note(last.record, message);
    }
    Stays {
        only_breaks: care.is_empty() && !breaks.is_empty(),
        in_care: care.iter().map(|episode| (episode.from, episode.until)).collect(),
    }
}

/// Reads an episode, or says what is wrong with it by itself.
fn episode<'r>(draft: &Draft<'_>, place: usize, record: &'r Record) -> Result<Episode<'r>, String> {
    let from = record.date("DECOM")?.ok_or("DECOM is empty")?;
    draft.born_by("DECOM", from)?;
    let until = record.date("DEC")?;
    let code = |column: &str, when: &str| {
        let code = &record.code(column);
        if draft.codes.is_known("Episodes", when, code) {
            Ok(())
        } else {
            Err(format!("{column} has no code `{}`", short(code)))
        }
    };
    code("RNE", "new episode")?;
    let breaks = matches!(record.code("LS").as_str(), "V3" | "V4");
    if !breaks {
        code("LS", "legal status begins")?;
        code("PLACE", "placement begins")?;
    }
    match (until, record.code("REC").as_str()) {
        (None, "") => {}
        (None, _) => return Err("REC is given, and DEC is not".to_owned()),
        (Some(_), "") => return Err("DEC is given, and REC is not".to_owned()),
        (Some(until), _) if until < from => return Err("DEC is before DECOM".to_owned()),
        (Some(_), GOES_ON) => {}
        (Some(_), _) => code("REC", "care ends")?,
    }
    let [reason, legal, placement, ceased] =
        ["RNE", "LS", "PLACE", "REC"].map(|column| record.code(column));
    Ok(Episode { place, record, from, until, reason, legal, placement, ceased })
}

/// Rejects an episode that begins before the one before it ended; gives the end of that.
fn apart(draft: &mut Draft<'_>, before: &Episode<'_>, episode: &Episode<'_>) -> Option<Date> {
    let line = before.record.seen_from(episode.record);
    let why = match before.until {
        None => format!("it begins while the episode of {line} is open"),
        Some(until) if episode.from < until => {
            format!("it begins before the episode of {line} ended")
        }
        Some(until) => return Some(until),
    };
    draft.reject(episode.place, why);
    None
}

/// Whether two episodes in care can stand one after the other.
fn joint(draft: &mut Draft<'_>, before: &Episode<'_>, episode: &Episode<'_>) {
    let line = before.record.seen_from(episode.record);
    let Some(until) = apart(draft, before, episode) else { return };
    if before.goes_on() && episode.from != until {
        let why = format!(
            "the episode of {line} ended on {} and says that another begins that day; this one \
             begins on {}",
            until.short(),
            episode.from.short()
        );
        draft.reject(episode.place, why);
    } else if before.goes_on() && episode.reason == "S" {
        let why = format!("it starts care anew, and the episode of {line} says that care goes on");
        draft.reject(episode.place, why);
    }
}

/// Notes codes that were not in use at the time.
fn in_use(draft: &mut Draft<'_>, episode: &Episode<'_>) {
    let ended = episode.until.unwrap_or(episode.from);
    for (column, when, code, from, until) in [
        ("PLACE", "placement begins", &episode.placement, episode.from, episode.until),
        ("REC", "care ends", &episode.ceased, ended, Some(ended)),
    ] {
        let mut rows = draft.codes.given("Episodes", when, code).filter(|row| row.code == *code);
        let known = rows.next();
        if known.is_some_and(|row| !row.in_use(from, until))
            && !rows.any(|row| row.in_use(from, until))
        {
            let message = format!("{column} {code} was not in use in the years of the episode");
            draft.note(episode.record, message);
        }
    }
}

fn short_break(draft: &mut Draft<'_>, episode: &Episode<'_>) {
    let code = episode.legal.as_str();
    draft.next_step();
    draft.give(episode.place, ("Episodes", "short breaks begin", code), episode.from);
    if let Some(until) = episode.until
        && !episode.goes_on()
    {
        draft.next_step();
        draft.give(episode.place, ("Episodes", "short breaks end", code), until);
    }
}

/// What begins with an episode, and what ends because of it.
fn begin(draft: &mut Draft<'_>, before: Option<&Episode<'_>>, episode: &Episode<'_>) {
    let (place, day) = (episode.place, episode.from);
    let (reason, legal, placement) =
        (episode.reason.as_str(), episode.legal.as_str(), episode.placement.as_str());
    let started = reason == "S";
    // What went on without a break until this day.
    let known = before.filter(|before| before.goes_on());
    if !started && known.is_none() {
        let which =
            if before.is_none() { "first episode" } else { "first episode after care ended" };
        draft.note(
            episode.record,
            format!(
                "the {which} is not a start ({reason}): when the child became looked after is not known, so no clock runs from it; give the start, and the reviews before it, in a file of events"
            ),
        );
    }
    let legal_changed = match known {
        Some(before) => before.legal != legal,
        None => started || matches!(reason, "L" | "B" | "U"),
    };
    let placement_changed = started
        || matches!(reason, "P" | "B" | "T" | "U")
        || known.is_some_and(|before| before.placement != placement);
    // Between two placements for adoption the child is with other adopters only if the carer changed;
    // else the parents' consent has become an order, or an order consent.
    let other_carer = matches!(reason, "P" | "B");
    let for_adoption = |draft: &Draft<'_>, of: &Episode<'_>| {
        draft.codes.is_known("Episodes", "placement for adoption begins", &of.placement)
    };
    if let Some(before) = known {
        draft.next_step();
        if legal_changed && !stands(&before.legal, legal) {
            draft.give(place, ("Episodes", "legal status ends", before.legal.as_str()), day);
        }
        if placement_changed {
            draft.give(place, ("Episodes", "placement ends", before.placement.as_str()), day);
        }
        adoption_ends(draft, before, episode);
    }
    draft.next_step();
    if started {
        draft.give(place, ("Episodes", "new episode", "S"), day);
    }
    if legal_changed {
        legal_begins(draft, episode);
    } else if known.is_none() {
        draft.explain(
            place,
            "the placement changed that day; the legal status is older than the return says",
        );
    }
    if placement_changed {
        if other_carer || !known.is_some_and(|before| for_adoption(draft, before)) {
            draft.give(place, ("Episodes", "placement for adoption begins", placement), day);
        }
        draft.give(place, ("Episodes", "placement begins", placement), day);
    }
    if let Some(fate @ None) = draft.fates.get_mut(place) {
        let why = "nothing changes on its first day of which a policy speaks";
        *fate = Some(super::Fate::Explained(why.to_owned()));
    }
}

/// The legal status that begins, and where the child is placed on that day: the policies ask of a care
/// order whether the child was at home when it was made.
fn legal_begins(draft: &mut Draft<'_>, episode: &Episode<'_>) {
    let from = draft.rows.len();
    let begins = ("Episodes", "legal status begins", episode.legal.as_str());
    draft.give(episode.place, begins, episode.from);
    let placed = ("Episodes", "placement at a care order", episode.placement.as_str());
    if !draft.describe(from, placed, episode.from) {
        let message = format!(
            "PLACE {} does not tell whether the child was at home when the care order was made; what \
             counts from an order at home cannot be said until the case tells it (`at-home`)",
            episode.placement
        );
        draft.note(episode.record, message);
    }
}

/// What the end of a placement for adoption, or of the order for one, comes to. A child who goes from
/// one placement for adoption to another, or who may still be placed, is still on that way.
fn adoption_ends(draft: &mut Draft<'_>, before: &Episode<'_>, episode: &Episode<'_>) {
    let placed = |of: &Episode<'_>| {
        draft.codes.is_known("Episodes", "placement for adoption begins", &of.placement)
    };
    let ordered = |of: &Episode<'_>| draft.codes.is_known("Episodes", "adoption over", &of.legal);
    let (was_placed, is_placed) = (placed(before), placed(episode));
    let (place, day) = (episode.place, episode.from);
    if was_placed && !is_placed {
        let of = ("Episodes", "placement for adoption ends", before.placement.as_str());
        draft.give(place, of, day);
    }
    if (was_placed || ordered(before)) && !is_placed && !ordered(episode) {
        let code = if ordered(before) { &before.legal } else { &before.placement };
        draft.give(place, ("Episodes", "adoption over", code.as_str()), day);
    }
}

/// Whether an order is not ended by what follows it: a full care order takes the place of an interim
/// one, and under a placement order a care order is suspended, not over.
fn stands(before: &str, after: &str) -> bool {
    matches!((before, after), ("C1", "C2") | ("C1" | "C2", "E1"))
}

fn end(draft: &mut Draft<'_>, episode: &Episode<'_>) {
    if let Some(until) = episode.until
        && !episode.goes_on()
    {
        draft.next_step();
        draft.give(
            episode.place,
            ("Episodes", "placement ends", episode.placement.as_str()),
            until,
        );
        draft.give(episode.place, ("Episodes", "care ends", episode.ceased.as_str()), until);
    }
}
