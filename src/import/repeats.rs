//! What is returned more than once. The returns of two years both have an episode that was open between
//! them, once without its end and once with it; both have a row for the child in their headers; and a
//! file can hold a row twice.

use std::collections::BTreeMap;

use super::read::{Module, Record};

/// For each record, the one that stands for it, if another does.
pub(super) fn repeats(records: &[&Record]) -> Vec<Option<usize>> {
    let mut stands: Vec<Option<usize>> = vec![None; records.len()];
    // By what a record is about: those of which no other has taken the place.
    let mut known: BTreeMap<Vec<&str>, Vec<usize>> = BTreeMap::new();
    for (place, record) in records.iter().enumerate() {
        let others = known.entry(about(record)).or_default();
        let mut taken = false;
        for known in others.iter_mut() {
            let Some(other) = records.get(*known) else { continue };
            match between(other, record) {
                Some(Newer::Repeats) => {
                    if let Some(mine) = stands.get_mut(place) {
                        *mine = Some(*known);
                    }
                    taken = true;
                }
                Some(Newer::Completes) => {
                    if let Some(theirs) = stands.get_mut(*known) {
                        *theirs = Some(place);
                    }
                    *known = place;
                    taken = true;
                }
                None => continue,
            }
            break;
        }
        if !taken {
            others.push(place);
        }
    }
    (0..records.len()).map(|place| last(&stands, place)).collect()
}

/// The record at the end of a chain of those that stand for one another.
fn last(stands: &[Option<usize>], place: usize) -> Option<usize> {
    let mut end = None;
    let mut here = place;
    while let Some(&Some(next)) = stands.get(here) {
        (end, here) = (Some(next), next);
    }
    end
}

/// What the later of two records about one thing is to the earlier.
enum Newer {
    /// It says nothing more.
    Repeats,
    /// It says how the thing ended, and the earlier does not.
    Completes,
}

fn between(earlier: &Record, later: &Record) -> Option<Newer> {
    if earlier.fields.same(&later.fields) {
        return Some(Newer::Repeats);
    }
    // Two rows of one file that differ are for that file to explain.
    if earlier.file == later.file {
        return None;
    }
    let ends = |record: &Record| -> Vec<String> {
        ends(record.module).iter().map(|column| record.code(column)).collect()
    };
    let (before, after) = (ends(earlier), ends(later));
    let open = |ends: &[String]| ends.iter().all(String::is_empty);
    if before == after || open(&after) {
        Some(Newer::Repeats)
    } else if open(&before) {
        Some(Newer::Completes)
    } else {
        None
    }
}

/// What says which thing a record is about.
fn about(record: &Record) -> Vec<&str> {
    let columns: &[&str] = match record.module {
        Module::Header => &[],
        Module::Episodes => &["DECOM", "RNE", "LS", "PLACE"],
        Module::Reviews => &["REVIEW", "REVIEW_CODE"],
        Module::Missing => &["MISSING", "MIS_START"],
        Module::PlacedAdoption => &["DATE_PLACED"],
        Module::SWEpisodes => &["SW_DECOM", "SW_ID"],
        Module::Other(_) | Module::Unknown => {
            let fields = record.fields.values();
            return [record.module.name()].into_iter().chain(fields).collect();
        }
    };
    let named = columns.iter().map(|column| record.get(column));
    [record.module.name()].into_iter().chain(named).collect()
}

/// The columns that say how the thing ended.
fn ends(module: Module) -> &'static [&'static str] {
    match module {
        Module::Episodes => &["DEC", "REC"],
        Module::Missing => &["MIS_END"],
        Module::PlacedAdoption => &["DATE_PLACED_CEASED"],
        Module::SWEpisodes => &["SW_DEC"],
        Module::Header | Module::Reviews | Module::Other(_) | Module::Unknown => &[],
    }
}
