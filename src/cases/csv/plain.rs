//! Rows of a table as programs write them, read in one pass and held against the policy on the way.
//!
//! What holds for lines of JSON holds for these: a row without quotation marks, whose cells are what the
//! policy knows, is read here to the same end as by the general reader. Everything else is left to that
//! one: a case with a row that is not plain, or the whole text where the rows themselves cannot be told
//! apart so simply.

use super::super::plain::PlainReader;
use super::super::rows::finish;
use super::super::{CaseResult, RowError};
use super::{Column, Table};
use crate::eval::Fact;
use crate::policy::Policy;

/// The rows of a case that stand together.
struct Group<'a> {
    case: &'a str,
    /// The line of its first row.
    line: u32,
    /// Where its first row begins in the text.
    begin: usize,
    /// Its events; nothing once one of them was not plain.
    facts: Option<Vec<Fact>>,
}

/// Reads rows whose cases each stand in one piece; nothing where the text is not plain.
pub(super) fn pieces(
    table: &Table,
    policy: &Policy,
    text: &str,
    first: u32,
    errors: &mut Vec<RowError>,
) -> Option<Vec<CaseResult>> {
    if text.as_bytes().contains(&b'"') {
        return None;
    }
    let reader = PlainReader::new(policy);
    let mut groups: Vec<Group<'_>> = Vec::new();
    let mut cells = Vec::new();
    let mut begin = 0;
    let place = table.columns.iter().position(|column| *column == Column::Case)?;
    for (row, line) in text.split_inclusive('\n').zip(first..) {
        let own = begin;
        begin += row.len();
        let row = row.strip_suffix('\n').unwrap_or(row);
        let row = row.strip_suffix('\r').unwrap_or(row);
        if row.as_bytes().contains(&b'\r') {
            return None;
        }
        cells.clear();
        cells.extend(row.split(char::from(table.separator)).map(str::trim));
        if cells.iter().all(|cell| cell.is_empty()) {
            continue;
        }
        let case = cells.get(place).copied().filter(|case| !case.is_empty())?;
        if groups.last().is_none_or(|last| last.case != case) {
            groups.push(Group { case, line, begin: own, facts: Some(Vec::new()) });
        }
        if let Some(Group { facts, .. }) = groups.last_mut()
            && let Some(known) = facts
        {
            match fact(table, &reader, line, &cells) {
                Some(fact) => known.push(fact),
                None => *facts = None,
            }
        }
    }
    let ends: Vec<usize> = groups.iter().skip(1).map(|group| group.begin).collect();
    let mut cases = Vec::with_capacity(groups.len());
    for (group, end) in groups.into_iter().zip(ends.into_iter().chain([text.len()])) {
        let Group { case, line, begin, facts } = group;
        if let Some(facts) = facts {
            let outcome = Ok(finish(policy, case, facts));
            cases.push(CaseResult { case: case.to_owned(), line, outcome });
        } else {
            let rows = text.get(begin..end).unwrap_or_default();
            cases.extend(table.any_pieces(policy, rows, line, errors));
        }
    }
    Some(cases)
}

/// Reads a row; nothing where it is not plain.
fn fact(table: &Table, reader: &PlainReader<'_>, line: u32, cells: &[&str]) -> Option<Fact> {
    let (mut date, mut event) = ("", "");
    let mut fields: smallvec::SmallVec<[(&str, &str); 4]> = smallvec::SmallVec::new();
    for (index, &cell) in cells.iter().enumerate() {
        match table.columns.get(index).unwrap_or(&Column::Free) {
            Column::Case => {}
            Column::Date => date = cell,
            Column::Event => event = cell,
            Column::Attribute(_) | Column::Free if cell.is_empty() => {}
            Column::Attribute(name) => fields.push((name, cell)),
            Column::Free => {
                let (name, value) = cell.split_once('=')?;
                fields.push((name.trim(), value.trim()));
            }
        }
    }
    let fields = fields.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes()));
    reader.fact(line, date.as_bytes(), event.as_bytes(), fields)
}

#[cfg(test)]
mod tests {
    use super::super::super::tests::policy;
    use super::*;

    #[test]
    fn plain_rows_come_to_the_same_as_any_other() {
        let policy = policy();
        let headings = "case,date,event,miles,kin,,note\n";
        let (table, ..) = Table::of(&policy, headings, &mut Vec::new()).unwrap();
        let rows = [
            "a,2026-02-03,review-held",
            "a,2026-02-03,review-held,,,",
            "b, 2026-02-03 ,placed,40",
            "b,2026-02-04,placed,4.5,yes,,two words",
            "b,2026-02-04,placed,4.5,TRUE,miles=3",
            "b,2026-02-04,placed,,no,setting=foster,é",
            "c,2026-02-04,placed,,maybe",
            "c,3 February 2026,placed",
            "c,2026-02-30,placed",
            "c,2026-02-05,nothing-like-it",
            "c,2026-02-05,placed,,,ref=r1,",
            "c,2026-02-05,placed,,,seq=1,,ref = r2",
            "c,2026-02-05,placed,,,ref=,",
            "c,2026-02-05,placed,,,loose",
            ",2026-02-05,placed",
            ",,,,",
            "",
            "  ",
            "d,2026-02-05,placed,,,,\"a \"\"word\"\",\ntwo lines\"",
            "d,2026-02-05\r,placed",
        ];
        let mut random = fastrand::Rng::with_seed(27);
        let (mut taken, mut declined) = (0, 0);
        for _ in 0..4_000 {
            // The last rows make a whole text one for the general reader, so most texts have none of them.
            let some = random.choice([12, 18, rows.len()]).unwrap_or(12);
            let end = random.choice(["\n", "\r\n"]).unwrap_or("\n");
            let picked: Vec<&str> =
                (0..random.usize(0..8)).map(|_| rows[random.usize(0..some)]).collect();
            let text = picked.join(end) + end;
            let (mut wrong, mut general_wrong) = (Vec::new(), Vec::new());
            let general = table.any_pieces(&policy, &text, 9, &mut general_wrong);
            match pieces(&table, &policy, &text, 9, &mut wrong) {
                Some(plain) => {
                    taken += 1;
                    assert_eq!((plain, wrong), (general, general_wrong), "{text}");
                }
                None => declined += 1,
            }
        }
        assert!(taken > 1_000 && declined > 500, "{taken} taken, {declined} declined");
    }
}
