//! Reading the value of an attribute as it is written, in a policy file and in a case file alike.
//!
//! One reader serves both, so that a scenario and a case file are refused with the same words.

use std::fmt;

use super::{AttributeId, AttributeKind, EventId, Policy, Value};
use crate::calendar::{Date, DateError};
use crate::diagnostic::{list, nearest};

/// How many digits a number may have before its decimal point.
const WHOLE_DIGITS: usize = 12;

/// How many digits a number may have after its decimal point.
const DECIMALS: usize = 3;

/// What is wrong with the value of an attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueError {
    /// The attribute's name.
    pub attribute: String,
    /// The value as written.
    pub text: String,
    /// What is wrong with it.
    pub kind: ValueErrorKind,
}

/// The ways in which a value can be wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ValueErrorKind {
    /// It is neither `yes` nor `no`.
    NotYesNo,
    /// It is none of the attribute's words.
    NotAWord {
        /// The words that would have been right, in the order of the declaration.
        words: Vec<String>,
    },
    /// It is not a number.
    NotANumber,
    /// It is a number below zero.
    BelowZero,
    /// It is a number with more than twelve digits before or three digits after its point.
    NumberTooLong,
    /// It is not a date.
    NotADate(DateError),
}

impl fmt::Display for ValueError {
    /// Writes a lower-case phrase without a full stop.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { attribute, text, .. } = self;
        match &self.kind {
            ValueErrorKind::NotYesNo => {
                write!(f, "`{attribute}` is `yes` or `no`, not `{text}`")
            }
            ValueErrorKind::NotAWord { words } => {
                let words = list(words);
                write!(f, "`{attribute}` is one of {words}, not `{text}`")
            }
            ValueErrorKind::NotANumber => write!(f, "`{attribute}` is a number, not `{text}`"),
            ValueErrorKind::BelowZero => {
                write!(f, "`{attribute}` cannot be below zero, as `{text}` is")
            }
            ValueErrorKind::NumberTooLong => write!(
                f,
                "`{attribute}` has at most {WHOLE_DIGITS} digits before the point and {DECIMALS} \
                 after it, unlike `{text}`"
            ),
            ValueErrorKind::NotADate(error) => write!(f, "`{attribute}` is a date: {error}"),
        }
    }
}

impl std::error::Error for ValueError {}

impl ValueError {
    /// The text that was probably meant, if one is near.
    pub fn suggestion(&self) -> Option<String> {
        match &self.kind {
            ValueErrorKind::NotYesNo => meant_by_yes_or_no(&self.text).map(str::to_owned),
            ValueErrorKind::NotAWord { words } => {
                nearest(self.text.trim(), words.iter().map(String::as_str)).map(str::to_owned)
            }
            ValueErrorKind::NotANumber => {
                let plain = self.text.replace(' ', "");
                // `1,200` is twelve hundred; `12,5` is a decimal, and never 125.
                let mut groups = plain.split(',').skip(1);
                let plain = match (groups.next(), groups.next()) {
                    (Some(decimals), None) if decimals.len() != 3 => plain.replace(',', "."),
                    _ => plain.replace(',', ""),
                };
                number(&plain).is_ok().then_some(plain)
            }
            ValueErrorKind::NumberTooLong | ValueErrorKind::BelowZero => None,
            ValueErrorKind::NotADate(error) => match error {
                DateError::Spaces { text } => Some(text.clone()),
                // What is said of another form says the date.
                DateError::OtherForm { .. }
                | DateError::NotADate { .. }
                | DateError::Ambiguous { .. }
                | DateError::TwoDigitYear { .. }
                | DateError::TimeOfDay { .. }
                | DateError::MonthOutOfRange { .. }
                | DateError::DayOutOfRange { .. }
                | DateError::YearOutOfRange { .. } => None,
            },
        }
    }
}

/// The answer that another way of saying yes or no stands for.
fn meant_by_yes_or_no(text: &str) -> Option<&'static str> {
    match text.trim().to_lowercase().as_str() {
        "yes" | "y" | "true" | "1" => Some("yes"),
        "no" | "n" | "false" | "0" => Some("no"),
        other => nearest(other, ["yes", "no"]).map(|near| if near == "yes" { "yes" } else { "no" }),
    }
}

impl Policy {
    /// Reads the value of an attribute from the text that stands for it in an input.
    ///
    /// Nothing is read leniently: a word must be one of the attribute's words letter for letter,
    /// a date must be written `YYYY-MM-DD`.
    pub fn read_value(
        &self,
        event: EventId,
        attribute: AttributeId,
        text: &str,
    ) -> Result<Value, ValueError> {
        let attribute = self.attribute(event, attribute);
        attribute.kind.read(&attribute.name, text)
    }
}

impl AttributeKind {
    /// Reads a value of this kind; the attribute's name is for the message.
    pub fn read(&self, attribute: &str, text: &str) -> Result<Value, ValueError> {
        self.value(text).map_err(|kind| ValueError {
            attribute: attribute.to_owned(),
            text: text.to_owned(),
            kind,
        })
    }

    /// Reads a value of this kind, or says what is wrong.
    fn value(&self, text: &str) -> Result<Value, ValueErrorKind> {
        match self {
            Self::YesNo => match text {
                "yes" => Ok(Value::YesNo(true)),
                "no" => Ok(Value::YesNo(false)),
                _ => Err(ValueErrorKind::NotYesNo),
            },
            Self::OneOf(words) => words
                .iter()
                .position(|word| word == text)
                .map(|index| Value::Word(index as u16))
                .ok_or_else(|| ValueErrorKind::NotAWord { words: words.clone() }),
            Self::Number => number(text).map(Value::Number),
            Self::Date => Date::parse(text).map(Value::Date).map_err(ValueErrorKind::NotADate),
            Self::Text => Ok(Value::Text(text.to_owned())),
        }
    }
}

/// Reads a decimal number (`35`, `7.5`) into thousandths. A policy cannot speak of a number below
/// zero, so a case cannot hold one.
fn number(text: &str) -> Result<i64, ValueErrorKind> {
    if let Some(digits) = text.strip_prefix(['-', '\u{2212}']) {
        return Err(number(digits).err().unwrap_or(ValueErrorKind::BelowZero));
    }
    let (whole, decimals) = match text.split_once('.') {
        Some((_, "")) => return Err(ValueErrorKind::NotANumber),
        Some(parts) => parts,
        None => (text, ""),
    };
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !all_digits(whole) || !all_digits(decimals) {
        return Err(ValueErrorKind::NotANumber);
    }
    let whole = whole.trim_start_matches('0');
    let decimals = decimals.trim_end_matches('0');
    if whole.len() > WHOLE_DIGITS || decimals.len() > DECIMALS {
        return Err(ValueErrorKind::NumberTooLong);
    }
    // Three decimals, those that are not written being zero.
    let digits =
        whole.bytes().chain(decimals.bytes().chain(std::iter::repeat(b'0')).take(DECIMALS));
    Ok(digits.fold(0, |number, digit| number * 10 + i64::from(digit - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn setting() -> AttributeKind {
        AttributeKind::OneOf(vec!["foster".into(), "residential".into()])
    }

    #[track_caller]
    fn check_refused(kind: &AttributeKind, text: &str, message: &str, suggestion: Option<&str>) {
        let error = kind.read("it", text).unwrap_err();
        assert_eq!(error.to_string(), message);
        assert_eq!(error.suggestion().as_deref(), suggestion);
    }

    #[test]
    fn values_are_read_as_written() {
        let read = |kind: AttributeKind, text: &str| kind.read("it", text);
        assert_eq!(read(AttributeKind::YesNo, "no"), Ok(Value::YesNo(false)));
        assert_eq!(read(setting(), "residential"), Ok(Value::Word(1)));
        for (text, thousandths) in [("35", 35_000), ("007.50", 7_500), ("0.125", 125), ("0", 0)] {
            let value = read(AttributeKind::Number, text);
            assert_eq!(value, Ok(Value::Number(thousandths)), "{text}");
        }
        let date = Date::from_ymd(2026, 3, 2).unwrap();
        assert_eq!(read(AttributeKind::Date, "2026-03-02"), Ok(Value::Date(date)));
        assert_eq!(read(AttributeKind::Text, "A note"), Ok(Value::Text("A note".into())));
    }

    #[test]
    fn wrong_values_are_refused_with_what_was_meant() {
        check_refused(&AttributeKind::YesNo, "Y", "`it` is `yes` or `no`, not `Y`", Some("yes"));
        check_refused(
            &setting(),
            "Foster",
            "`it` is one of `foster` and `residential`, not `Foster`",
            Some("foster"),
        );
        check_refused(
            &AttributeKind::Number,
            "1,200",
            "`it` is a number, not `1,200`",
            Some("1200"),
        );
        let decimal = AttributeKind::Number.read("it", "12,5").unwrap_err();
        assert_eq!(decimal.suggestion().as_deref(), Some("12.5"));
        for text in ["", "-", ".5", "5.", "1e3", "+2", "½"] {
            let error = AttributeKind::Number.read("it", text).unwrap_err();
            assert_eq!(error.kind, ValueErrorKind::NotANumber, "{text}");
        }
        check_refused(&AttributeKind::Number, "-5", "`it` cannot be below zero, as `-5` is", None);
        for text in ["0.1234", "1234567890123"] {
            let error = AttributeKind::Number.read("it", text).unwrap_err();
            assert_eq!(error.kind, ValueErrorKind::NumberTooLong, "{text}");
        }
        let error = AttributeKind::Date.read("it", "2026/03/02").unwrap_err();
        assert_eq!(error.suggestion(), None);
        assert!(error.to_string().ends_with("; write 2026-03-02"), "{error}");
    }
}
