//! Tables of holidays: data with a stated cover, never rules.
//!
//! A holiday can be announced after a case has begun (the State Funeral of 19 September 2022 had
//! nine days' notice), so the list is a file that can be extended or replaced. The file says from
//! when to when it is complete; outside that cover nobody knows which days are working days.
//!
//! ```text
//! # a note, such as where the list is from
//! covered from 2027-01-01 to 2027-12-31
//! date,weekday,name,note,source
//! 2027-01-01,Fri,New Year's Day,,govuk
//! ```
//!
//! Lines that begin with `#` and empty lines are skipped. The columns `date` and `name` are
//! required; `weekday`, when given, must agree with the date. A field may stand in double quotes.

use std::{collections::BTreeMap, fmt};

use super::date::Date;

/// The table shipped with the language.
const ENGLAND_AND_WALES: &str = include_str!("england-and-wales.csv");

/// A day on which nobody works although it may be a weekday.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holiday {
    /// The day.
    pub date: Date,
    /// What it is called, such as `Good Friday`.
    pub name: String,
    /// A remark, such as `substitute day`; empty when there is none.
    pub note: String,
}

/// A list of holidays that is complete from one day to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HolidayTable {
    // INVARIANT: `first <= last`, and every holiday lies between them, both inclusive.
    first: Date,
    last: Date,
    /// The holidays by date, each with the line it was read from.
    rows: BTreeMap<Date, (usize, Holiday)>,
}

/// What is wrong with a table of holidays, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HolidayError {
    /// The line of the file, counted from 1.
    pub line: usize,
    /// What is wrong there.
    pub message: String,
}

/// The columns a table may have.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Column {
    Date,
    Weekday,
    Name,
    Note,
    Source,
}

impl HolidayTable {
    /// Returns the shipped table of that name; the only one is `england-and-wales`.
    pub fn named(name: &str) -> Option<HolidayTable> {
        match name {
            "england-and-wales" => HolidayTable::parse(ENGLAND_AND_WALES).ok(),
            _ => None,
        }
    }

    /// Reads a table in the form described at the top of this module.
    ///
    /// A row that is garbled, lies outside the cover, or gives a date a second time is refused,
    /// because a holiday misread is a deadline a day out.
    pub fn parse(text: &str) -> Result<HolidayTable, HolidayError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut lines = text
            .lines()
            .enumerate()
            .map(|(index, line)| (index + 1, line))
            // A spreadsheet pads short lines with commas, so these alone make an empty line.
            .filter(|(_, line)| !line.starts_with('#') && !line.trim_end_matches(',').is_empty());

        let end = text.lines().count().max(1);
        let (line, cover) = lines.next().ok_or_else(|| {
            HolidayError::new(end, "the file is empty; it begins with the line that says its cover")
        })?;
        let (first, last) = parse_cover(line, cover)?;
        let (line, header) = lines.next().ok_or_else(|| {
            HolidayError::new(end, "the line of column names is missing; it names date and name")
        })?;
        let columns = parse_header(line, header)?;

        let mut rows: BTreeMap<Date, (usize, Holiday)> = BTreeMap::new();
        for (line, row) in lines {
            let holiday = parse_row(line, row, &columns)?;
            let date = holiday.date;
            if date < first || last < date {
                let message = format!("{date} is outside the cover, {first} to {last}");
                return Err(HolidayError::new(line, message));
            }
            if let Some((earlier, _)) = rows.insert(date, (line, holiday)) {
                let message = format!("{date} is already given on line {earlier}");
                return Err(HolidayError::new(line, message));
            }
        }
        Ok(HolidayTable { first, last, rows })
    }

    /// Returns the first and the last day for which the list is complete, both inclusive.
    pub const fn covered(&self) -> (Date, Date) {
        (self.first, self.last)
    }

    /// Returns the holidays in order of date.
    pub fn holidays(&self) -> impl Iterator<Item = &Holiday> {
        self.rows.values().map(|(_, holiday)| holiday)
    }

    /// Adds the holidays of the other table and widens the cover to take in both.
    ///
    /// It only ever adds: a holiday that was moved away needs a table of its own. A gap between
    /// the two covers is refused, as nothing is known about the days in it; so is a day to which
    /// the two give different names. The line of an error is one of the other table. On an error
    /// this table is left as it was.
    pub fn extend(&mut self, other: HolidayTable) -> Result<(), HolidayError> {
        let (early, late) =
            if self.first <= other.first { (&*self, &other) } else { (&other, &*self) };
        if early.last.days_until(late.first) > 1 {
            let message = format!(
                "nothing covers the days between {} and {}, so the tables do not join",
                early.last, late.first
            );
            return Err(HolidayError::new(1, message));
        }
        for (date, (line, holiday)) in &other.rows {
            if let Some((_, known)) = self.rows.get(date)
                && known.name != holiday.name
            {
                let message =
                    format!("{date} is `{}` here, and already `{}`", holiday.name, known.name);
                return Err(HolidayError::new(*line, message));
            }
        }
        self.first = self.first.min(other.first);
        self.last = self.last.max(other.last);
        for (date, row) in other.rows {
            self.rows.entry(date).or_insert(row);
        }
        Ok(())
    }
}

/// Reads the line `covered from 2010-01-01 to 2028-12-31`.
fn parse_cover(line: usize, text: &str) -> Result<(Date, Date), HolidayError> {
    let (first, last) = text
        .trim_end_matches(',')
        .strip_prefix("covered from ")
        .and_then(|dates| dates.split_once(" to "))
        .ok_or_else(|| {
            let message = "the first line must say the cover, as in \
                           `covered from 2027-01-01 to 2027-12-31`";
            HolidayError::new(line, message)
        })?;
    let (first, last) = (parse_date(line, first)?, parse_date(line, last)?);
    if last < first {
        let message = format!("the cover ends on {last}, before it begins on {first}");
        return Err(HolidayError::new(line, message));
    }
    Ok((first, last))
}

/// Reads the line of column names.
fn parse_header(line: usize, text: &str) -> Result<Vec<Column>, HolidayError> {
    let mut columns = Vec::new();
    for name in parse_fields(line, text)? {
        let column = match name.as_str() {
            "date" => Column::Date,
            "weekday" => Column::Weekday,
            "name" => Column::Name,
            "note" => Column::Note,
            "source" => Column::Source,
            _ => {
                let message = format!(
                    "`{name}` is not a column; the columns are date, weekday, name, note and source"
                );
                return Err(HolidayError::new(line, message));
            }
        };
        if columns.contains(&column) {
            return Err(HolidayError::new(line, format!("the column `{name}` is there twice")));
        }
        columns.push(column);
    }
    for (column, name) in [(Column::Date, "date"), (Column::Name, "name")] {
        if !columns.contains(&column) {
            return Err(HolidayError::new(line, format!("the column `{name}` is missing")));
        }
    }
    Ok(columns)
}

/// Reads one holiday.
fn parse_row(line: usize, text: &str, columns: &[Column]) -> Result<Holiday, HolidayError> {
    let fields = parse_fields(line, text)?;
    if fields.len() != columns.len() {
        let message = format!(
            "this row has {} fields, and there are {} columns",
            fields.len(),
            columns.len()
        );
        return Err(HolidayError::new(line, message));
    }
    let field = |wanted: Column| {
        let found = columns.iter().zip(&fields).find(|(column, _)| **column == wanted);
        found.map_or("", |(_, field)| field.as_str())
    };
    let date = parse_date(line, field(Column::Date))?;
    let weekday = field(Column::Weekday);
    if !weekday.is_empty() && weekday != date.weekday().to_string() {
        let message = format!("{date} is a {}, not a `{weekday}`", date.weekday());
        return Err(HolidayError::new(line, message));
    }
    let name = field(Column::Name).trim();
    if name.is_empty() {
        return Err(HolidayError::new(line, format!("the holiday on {date} has no name")));
    }
    Ok(Holiday { date, name: name.to_owned(), note: field(Column::Note).trim().to_owned() })
}

/// Reads a date, with the line in the error.
fn parse_date(line: usize, text: &str) -> Result<Date, HolidayError> {
    Date::parse(text).map_err(|error| HolidayError::new(line, error.to_string()))
}

/// Splits a line at its commas, save those in double quotes; `""` in quotes is a quote.
fn parse_fields(line: usize, text: &str) -> Result<Vec<String>, HolidayError> {
    let garbled = || HolidayError::new(line, "the double quotes on this line do not match");
    let mut fields = Vec::new();
    let mut rest = text;
    loop {
        let mut field = String::new();
        if let Some(mut quoted) = rest.strip_prefix('"') {
            loop {
                let (part, after) = quoted.split_once('"').ok_or_else(garbled)?;
                field.push_str(part);
                if let Some(after) = after.strip_prefix('"') {
                    field.push('"');
                    quoted = after;
                } else {
                    rest = after;
                    break;
                }
            }
            fields.push(field);
            match rest.strip_prefix(',') {
                Some(after) => rest = after,
                None if rest.is_empty() => return Ok(fields),
                None => return Err(garbled()),
            }
        } else if let Some((part, after)) = rest.split_once(',') {
            fields.push(part.to_owned());
            rest = after;
        } else {
            fields.push(rest.to_owned());
            return Ok(fields);
        }
    }
}

impl HolidayError {
    fn new(line: usize, message: impl Into<String>) -> HolidayError {
        HolidayError { line, message: message.into() }
    }
}

impl fmt::Display for HolidayError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

impl std::error::Error for HolidayError {}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "# a note\ncovered from 2027-01-01 to 2027-12-31\ndate,weekday,name,note\n";

    #[track_caller]
    fn check_row(row: &str, message: &str) {
        let error = HolidayTable::parse(&format!("{HEAD}{row}")).unwrap_err();
        assert_eq!(error.to_string(), message);
    }

    fn table(first: &str, last: &str, rows: &str) -> HolidayTable {
        HolidayTable::parse(&format!("covered from {first} to {last}\ndate,name\n{rows}")).unwrap()
    }

    #[test]
    fn shipped_table_is_read() {
        let table = HolidayTable::named("england-and-wales").unwrap();
        let (first, last) = table.covered();
        assert_eq!(
            (first.to_string(), last.to_string()),
            ("2010-01-01".into(), "2028-12-31".into())
        );
        assert_eq!(table.holidays().count(), 157);
        assert_eq!(HolidayTable::named("scotland"), None);
    }

    #[test]
    fn rows_that_cannot_be_trusted_are_refused() {
        check_row(
            "2027-1-1,Fri,New Year's Day,",
            "line 4: 2027-1-1 is not written as YYYY-MM-DD; write 2027-01-01",
        );
        check_row("2027-01-01,Mon,New Year's Day,", "line 4: 2027-01-01 is a Fri, not a `Mon`");
        check_row(
            "2028-01-03,Mon,New Year's Day,",
            "line 4: 2028-01-03 is outside the cover, 2027-01-01 to 2027-12-31",
        );
        check_row(
            "2027-01-01,Fri,New Year's Day,\n\n2027-01-01,Fri,Opening Day,",
            "line 6: 2027-01-01 is already given on line 4",
        );
        check_row("2027-01-01,Fri", "line 4: this row has 2 fields, and there are 4 columns");
        check_row("2027-01-01,Fri,,", "line 4: the holiday on 2027-01-01 has no name");
        check_row(
            "2027-01-01,Fri,\"New Year,",
            "line 4: the double quotes on this line do not match",
        );
    }

    #[test]
    fn heads_that_cannot_be_trusted_are_refused() {
        let message = |text: &str| HolidayTable::parse(text).unwrap_err().to_string();
        assert_eq!(
            message(""),
            "line 1: the file is empty; it begins with the line that says its cover"
        );
        assert_eq!(
            message("date,name\n2027-01-01,New Year's Day"),
            "line 1: the first line must say the cover, as in `covered from 2027-01-01 to \
             2027-12-31`"
        );
        assert_eq!(
            message("covered from 2027-12-31 to 2027-01-01"),
            "line 1: the cover ends on 2027-01-01, before it begins on 2027-12-31"
        );
        assert_eq!(
            message("covered from 2027-01-01 to 2027-12-31"),
            "line 1: the line of column names is missing; it names date and name"
        );
        assert_eq!(
            message("covered from 2027-01-01 to 2027-12-31\ndate,title"),
            "line 2: `title` is not a column; the columns are date, weekday, name, note and source"
        );
        assert_eq!(
            message("covered from 2027-01-01 to 2027-12-31\ndate,note"),
            "line 2: the column `name` is missing"
        );
        assert_eq!(
            message("covered from 2027-01-01 to 2027-12-31\ndate,name,date"),
            "line 2: the column `date` is there twice"
        );
    }

    #[test]
    fn what_a_spreadsheet_does_to_the_file_is_read() {
        let text = "\u{feff}covered from 2027-01-01 to 2027-12-31,,\r\ndate,name,note\r\n,,\r\n\
                    2027-01-04,\"Founders, \"\"Old\"\" Day\",\r\n";
        let table = HolidayTable::parse(text).unwrap();
        let names: Vec<_> = table.holidays().map(|holiday| holiday.name.as_str()).collect();
        assert_eq!(names, ["Founders, \"Old\" Day"]);
    }

    #[test]
    fn tables_join_when_they_meet_and_agree() {
        let mut joined = table("2027-01-01", "2027-12-31", "2027-01-01,New Year's Day");
        joined
            .extend(table(
                "2027-06-01",
                "2028-12-31",
                "2027-06-07,Jubilee\n2028-01-03,New Year's Day",
            ))
            .unwrap();
        assert_eq!(joined.holidays().count(), 3);
        assert_eq!(joined.covered().1.to_string(), "2028-12-31");

        let before = joined.clone();
        let gap = joined.extend(table("2029-01-02", "2029-12-31", "")).unwrap_err();
        assert_eq!(
            gap.to_string(),
            "line 1: nothing covers the days between 2028-12-31 and 2029-01-02, so the tables do \
             not join"
        );
        let conflict =
            joined.extend(table("2027-01-01", "2027-12-31", "2027-06-07,Fair")).unwrap_err();
        assert_eq!(
            conflict.to_string(),
            "line 3: 2027-06-07 is `Fair` here, and already `Jubilee`"
        );
        assert_eq!(joined, before);
    }
}
