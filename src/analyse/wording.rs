//! Numbers in the sentences of findings.

/// A number of things: "1 working day", "3 working days", "2 duties".
pub(super) fn counted(number: i32, noun: &str) -> String {
    let ending = match (number, noun.strip_suffix('y')) {
        (1, _) => return format!("1 {noun}"),
        (_, Some(stem)) if !noun.ends_with("day") => return format!("{number} {stem}ies"),
        _ => "s",
    };
    format!("{} {noun}{ending}", grouped(number.unsigned_abs()))
}

/// A number with a comma between its thousands.
pub(super) fn grouped(number: u32) -> String {
    let digits = number.to_string();
    let length = digits.len();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (length - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_and_nouns_agree() {
        assert_eq!([grouped(7), grouped(6_940), grouped(146_097)], ["7", "6,940", "146,097"]);
        assert_eq!(counted(1, "duty"), "1 duty");
        assert_eq!(counted(75, "duty"), "75 duties");
        assert_eq!(counted(2, "working day"), "2 working days");
    }
}
