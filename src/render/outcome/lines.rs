//! An answer as lines of a table for spreadsheets: CSV.

use std::collections::BTreeMap;
use std::io::Write as _;

use super::dates::Dates;
use super::reason::ReasonCells;
use super::words::strength;
use super::{Answer, Status};
use crate::calendar::Date;
use crate::diagnostic::cell::{cell, write_cell};
use crate::eval::{BasisKind, Deadline, Part};
use crate::policy::{Policy, RuleId};

/// The columns that every line of the CSV form has.
const USUAL_COLUMNS: &[&str] = &[
    "case",
    "rule",
    "part",
    "ordinal",
    "ref",
    "owner",
    "strength",
    "opens",
    "due",
    "status",
    "days",
    "working_days",
    "basis",
    "basis_date",
    "done_on",
    "cite",
];

/// The columns of the CSV form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Columns {
    /// Those for a program, and for people who know the policy.
    #[default]
    Usual,
    /// The same, and at the end why each deadline stands as it does.
    WithReasons,
}

impl Columns {
    /// What they are called, in order.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        let reason = (self == Columns::WithReasons).then_some("reason");
        USUAL_COLUMNS.iter().copied().chain(reason)
    }
}

/// So many ordinals of a rule have the beginning of their lines put together beforehand.
const USUAL: u16 = 8;

/// More than the cells of a line between the owners and the sections can take up.
const LONGEST: usize = 160;

/// What ends a line of CSV.
const LINE_END: &str = "\r\n";

/// Writes deadlines as lines of CSV under their [`Columns`], in the order of the policy.
///
/// What is the same for every deadline of a rule is put together once, when it is first wanted, and the
/// text of a date is kept, so that a caseload is written about as fast as it can be copied.
#[derive(Debug)]
pub struct CsvLines<'p> {
    policy: &'p Policy,
    /// The cell of the case that is being written.
    case: Vec<u8>,
    /// The constants of whole rules, by rule.
    whole: Vec<Option<Constants>>,
    /// Those of the parts of rules.
    parts: BTreeMap<(RuleId, Part), Constants>,
    dates: Dates,
    /// The cells written last, by where lines with the same would look for them.
    kept: Vec<Kept>,
    /// What writes the reasons, where they are wanted.
    reasons: Option<ReasonCells>,
}

/// What stands in the lines of a rule, or of a part of it, whatever the case.
#[derive(Debug)]
struct Constants {
    /// The rule and the part, between the case and the ordinal.
    rule: String,
    /// Who and how strongly, between the `ref` and the first day.
    owners: String,
    /// The sections, and where no reason follows the end of the line.
    cites: String,
    /// From the rule to the first day, by ordinal, where there is no `ref`.
    beginnings: Vec<String>,
    /// All from the rule to there, where the deadline waits for its anchor.
    waiting: String,
    /// Why it waits for that, once it has been asked.
    why_waiting: Option<Vec<u8>>,
}

impl Constants {
    fn new(policy: &Policy, id: RuleId, part: Part, columns: Columns) -> Constants {
        let rule = policy.rule(id);
        let (owners, cites) = policy.owners_of(id, part);
        let owners: Vec<&str> =
            owners.iter().map(|&role| policy.role(role).name.as_str()).collect();
        let words = match part.stage() {
            Some(stage) => format!("{} {stage}", part.word()),
            None => part.word().to_owned(),
        };
        let rule_and_part = format!(",{},{},", cell(&rule.name), cell(&words));
        let owners = format!(",{},{},", cell(&owners.join(" ")), strength(rule.strength));
        let end = match columns {
            Columns::Usual => LINE_END,
            Columns::WithReasons => ",",
        };
        let cites = format!(",{}{end}", cell(&cites.join("; ")));
        let beginning = |ordinal: u16| format!("{rule_and_part}{ordinal},{owners}");
        let status = Status::Waiting.word();
        Constants {
            waiting: format!("{},,{status},0,,,,{cites}", beginning(1)),
            beginnings: (0..USUAL).map(beginning).collect(),
            rule: rule_and_part,
            owners,
            cites,
            why_waiting: None,
        }
    }

    /// Writes what stands between the case and the first day.
    fn write_beginning(&self, answer: &Answer<'_>, row: &Deadline, out: &mut Vec<u8>) {
        let reference = answer.reference(row.reference);
        match self.beginnings.get(usize::from(row.ordinal)) {
            Some(beginning) if reference.is_none() => out.extend_from_slice(beginning.as_bytes()),
            _ => {
                out.extend_from_slice(self.rule.as_bytes());
                // Writing to memory cannot fail.
                let _ = write!(out, "{},", row.ordinal);
                write_cell(reference.unwrap_or_default(), out);
                out.extend_from_slice(self.owners.as_bytes());
            }
        }
    }

    /// Writes why a deadline waits, which is the same in every case unless more is known of it.
    fn write_why_waiting(
        &mut self,
        answer: &Answer<'_>,
        row: &Deadline,
        reasons: &mut ReasonCells,
        out: &mut Vec<u8>,
    ) {
        if !row.reasons.is_empty() {
            reasons.write(answer, row, out);
            return;
        }
        let words = self.why_waiting.get_or_insert_with(|| {
            let mut words = Vec::new();
            reasons.write(answer, row, &mut words);
            words
        });
        out.extend_from_slice(words);
    }
}

impl<'p> CsvLines<'p> {
    /// Begins with nothing put together yet.
    pub fn new(policy: &'p Policy, columns: Columns) -> CsvLines<'p> {
        let whole = policy.rules.iter().map(|_| None).collect();
        let reasons = (columns == Columns::WithReasons).then(|| ReasonCells::new(policy));
        CsvLines {
            policy,
            case: Vec::new(),
            whole,
            parts: BTreeMap::new(),
            dates: Dates::default(),
            kept: vec![Kept::default(); KEPT],
            reasons,
        }
    }

    /// Writes the deadlines of a case, which is one of the policy.
    ///
    /// Prohibitions and where ladders stand have no dates to put in these columns: they are in the
    /// other forms. What a spreadsheet would take for a formula is made text by a leading apostrophe.
    pub fn write(&mut self, answer: &Answer<'_>, out: &mut Vec<u8>) {
        self.case.clear();
        write_cell(&answer.timeline.case, &mut self.case);
        for row in &answer.outcome.deadlines {
            self.write_line(answer, row, out);
        }
    }

    /// Writes a deadline of the case whose name was put together last.
    fn write_line(&mut self, answer: &Answer<'_>, row: &Deadline, out: &mut Vec<u8>) {
        let Self { policy, case, whole, parts, dates, kept, reasons } = self;
        let columns = if reasons.is_some() { Columns::WithReasons } else { Columns::Usual };
        let begun = || Constants::new(policy, row.rule, row.part, columns);
        let constants = match (row.part, whole.get_mut(row.rule.index())) {
            (Part::Whole, Some(whole)) => whole.get_or_insert_with(begun),
            _ => parts.entry((row.rule, row.part)).or_insert_with(begun),
        };
        out.extend_from_slice(case);
        if waits(row) {
            out.extend_from_slice(constants.waiting.as_bytes());
            if let Some(reasons) = reasons {
                constants.write_why_waiting(answer, row, reasons, out);
            }
        } else {
            constants.write_beginning(answer, row, out);
            let said = Said::by(row);
            if let Some(kept) = kept.get_mut(said.place(row.ordinal)) {
                out.extend_from_slice(kept.cells(said, dates));
            }
            out.extend_from_slice(constants.cites.as_bytes());
            if let Some(reasons) = reasons {
                reasons.write(answer, row, out);
            }
        }
        if columns == Columns::WithReasons {
            out.extend_from_slice(LINE_END.as_bytes());
        }
    }
}

/// Whether nothing can be said in these columns but that it waits.
fn waits(row: &Deadline) -> bool {
    row.status == Status::Waiting
        && row.ordinal == 1
        && row.days == 0
        && (row.reference, row.opens, row.due_date()) == (None, None, None)
        && (row.working_days, row.basis, row.done_on) == (None, None, None)
}

/// What the columns from the first day to the last say of a deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Said {
    opens: Option<Date>,
    due: Option<Date>,
    status: Status,
    days: i32,
    working_days: Option<i32>,
    basis: Option<(BasisKind, Date)>,
    done_on: Option<Date>,
}

impl Said {
    fn by(row: &Deadline) -> Said {
        Said {
            opens: row.opens,
            due: row.due_date(),
            status: row.status,
            days: row.days,
            working_days: row.working_days,
            basis: row.basis.map(|basis| (basis.kind, basis.date)),
            done_on: row.done_on,
        }
    }

    /// Where its cells are kept. Of one review much the same is said by one rule after another: most of
    /// them differ in whether there is a first or a last day.
    fn place(&self, ordinal: u16) -> usize {
        let shape = usize::from(self.opens.is_some()) + 2 * usize::from(self.due.is_some());
        usize::from(ordinal % USUAL) * 4 + shape
    }
}

/// So many places there are for cells.
const KEPT: usize = USUAL as usize * 4;

/// Cells that may be wanted again.
#[derive(Debug, Clone, Default)]
struct Kept {
    said: Option<Said>,
    text: Cells,
}

impl Kept {
    /// The cells that say this; put together where they are not those kept here.
    fn cells(&mut self, said: Said, dates: &mut Dates) -> &[u8] {
        if self.said != Some(said) {
            self.text.length = 0;
            self.text.say(&said, dates);
            self.said = Some(said);
        }
        self.text.written()
    }
}

/// Cells of a line, put together before they are written.
#[derive(Debug, Clone)]
struct Cells {
    text: [u8; LONGEST],
    length: usize,
}

impl Default for Cells {
    fn default() -> Cells {
        Cells { text: [0; LONGEST], length: 0 }
    }
}

impl Cells {
    /// Adds what the columns from the first day to the last say of a deadline.
    fn say(&mut self, said: &Said, dates: &mut Dates) {
        self.day(said.opens, dates);
        self.put(b",");
        self.day(said.due, dates);
        self.put(b",");
        self.word(said.status.word());
        self.put(b",");
        self.number(said.days);
        self.put(b",");
        if let Some(days) = said.working_days {
            self.number(days);
        }
        self.put(b",");
        if let Some((kind, date)) = said.basis {
            self.word(kind.word());
            self.put(b",");
            self.day(Some(date), dates);
        } else {
            self.put(b",");
        }
        self.put(b",");
        self.day(said.done_on, dates);
    }

    /// Adds some bytes.
    fn put(&mut self, bytes: &[u8]) {
        if let Some(place) = self.text.get_mut(self.length..self.length + bytes.len()) {
            place.copy_from_slice(bytes);
            self.length += bytes.len();
        }
    }

    /// Adds a word of the program's own.
    fn word(&mut self, word: &str) {
        self.put(word.as_bytes());
    }

    /// Adds a day as it stands in data; nothing where there is none.
    fn day(&mut self, day: Option<Date>, dates: &mut Dates) {
        if let Some(day) = day {
            let text = dates.text(day);
            self.put(&text);
        }
    }

    /// Adds a number in decimal digits.
    fn number(&mut self, number: i32) {
        if let digit @ 0..10 = number {
            self.put(&[b'0' + digit as u8]);
            return;
        }
        let mut digits = [b'0'; 11];
        let mut rest = number.unsigned_abs();
        let mut first = digits.len();
        while rest > 0 {
            first -= 1;
            if let Some(place) = digits.get_mut(first) {
                *place = b'0' + (rest % 10) as u8;
            }
            rest /= 10;
        }
        if number < 0 {
            self.put(b"-");
        }
        self.put(digits.get(first..).unwrap_or_default());
    }

    fn written(&self) -> &[u8] {
        self.text.get(..self.length).unwrap_or(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_in_full() {
        for expected in [0, 7, -7, 10, 2026, i32::MAX, i32::MIN] {
            let mut cells = Cells::default();
            cells.number(expected);
            assert_eq!(cells.written(), expected.to_string().as_bytes());
        }
    }

    #[test]
    fn what_is_kept_in_a_place_is_written_only_where_it_is_what_is_said() {
        let due = |text: &str| Said {
            opens: None,
            due: Date::parse(text).ok(),
            status: Status::Due,
            days: 3,
            working_days: None,
            basis: None,
            done_on: None,
        };
        let (one, other) = (due("2026-05-23"), Said { days: 4, ..due("2026-05-24") });
        assert_eq!(one.place(1), other.place(1));
        let (mut kept, mut dates) = (Kept::default(), Dates::default());
        for _ in 0..2 {
            assert_eq!(kept.cells(one, &mut dates), b",2026-05-23,due,3,,,,");
            assert_eq!(kept.cells(other, &mut dates), b",2026-05-24,due,4,,,,");
        }
    }

    #[test]
    fn the_longest_cells_fit() {
        // Four dates, a status, two numbers, a kind of basis and seven commas.
        let words = [Status::CannotBeMet.word(), "projected", "-2147483648", "-2147483648"];
        let longest = 4 * 10 + words.iter().map(|word| word.len()).sum::<usize>() + 7;
        assert!(longest <= LONGEST);
    }
}
