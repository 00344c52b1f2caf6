//! The words of the line that says how far a long piece of work has come.

/// How many cases have been answered, and how much of the input has been read, where its size is known.
pub(super) fn progress_line(cases: usize, read: Option<(u64, u64)>) -> String {
    let noun = if cases == 1 { "case" } else { "cases" };
    let share = match read {
        Some((read, size)) if size > 0 => format!(", {} %", read.min(size) * 100 / size),
        _ => String::new(),
    };
    format!("{cases} {noun} answered{share}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_says_how_many_cases_and_what_share_of_the_input() {
        for (cases, read, line) in [
            (0, None, "0 cases answered"),
            (1, Some((10, 1000)), "1 case answered, 1 %"),
            (8400, Some((999, 1000)), "8400 cases answered, 99 %"),
            // A file can grow while it is read, and an empty one has no shares.
            (8400, Some((2000, 1000)), "8400 cases answered, 100 %"),
            (0, Some((0, 0)), "0 cases answered"),
        ] {
            assert_eq!(progress_line(cases, read), line);
        }
    }
}
