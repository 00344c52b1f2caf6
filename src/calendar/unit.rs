//! Units of time and lengths of time.

use std::fmt;

use serde::{Serialize, Serializer};

/// What a length of time is counted in.
///
/// There is no bare "day": whether it means a calendar day or a working day is for the policy to
/// say, never for the arithmetic to guess.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    /// Every day counts.
    CalendarDays,
    /// Monday to Friday count, less the holidays and closures of the calendar.
    WorkingDays,
    /// Seven calendar days each.
    Weeks,
    /// Calendar months, by the corresponding date; never converted to days.
    Months,
    /// Twelve calendar months each.
    Years,
}

/// A number of units, such as 20 working days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Length {
    /// How many units.
    pub count: u16,
    /// What is counted.
    pub unit: Unit,
}

impl Unit {
    /// Returns the name of the unit that goes with a count: `month` for 1, otherwise `months`.
    pub const fn name(self, count: u16) -> &'static str {
        match (self, count) {
            (Unit::CalendarDays, 1) => "calendar day",
            (Unit::CalendarDays, _) => "calendar days",
            (Unit::WorkingDays, 1) => "working day",
            (Unit::WorkingDays, _) => "working days",
            (Unit::Weeks, 1) => "week",
            (Unit::Weeks, _) => "weeks",
            (Unit::Months, 1) => "month",
            (Unit::Months, _) => "months",
            (Unit::Years, 1) => "year",
            (Unit::Years, _) => "years",
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name(0))
    }
}

impl Serialize for Unit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name(0))
    }
}

impl Length {
    /// Makes a length of so many units.
    pub const fn new(count: u16, unit: Unit) -> Length {
        Length { count, unit }
    }
}

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.count, self.unit.name(self.count))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_agree_in_number() {
        assert_eq!(Length::new(20, Unit::WorkingDays).to_string(), "20 working days");
        assert_eq!(Length::new(1, Unit::Months).to_string(), "1 month");
        assert_eq!(Length::new(0, Unit::Weeks).to_string(), "0 weeks");
        assert_eq!(
            serde_json::to_string(&Length::new(5, Unit::CalendarDays)).unwrap(),
            r#"{"count":5,"unit":"calendar days"}"#
        );
    }
}
