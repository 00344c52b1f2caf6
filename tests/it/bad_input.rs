//! What people get wrong, row by row, and the file that holds what is said about it.
//!
//! The rows are numbered; none may be missing, and no file of `tests/ui/bad-input` may be in none.

use std::fs;

use crate::house::files;
use crate::shipped::root;

/// Where a row is held.
enum Home {
    /// Files of `tests/ui`, each with its findings and what they underline.
    Ui(&'static [&'static str]),
    /// A transcript, and a piece of what it shows.
    Cli(&'static str, &'static str),
    /// A test of this binary.
    Test(&'static str, &'static str),
    /// There is nothing to get wrong: the language says so, in these words.
    Language(&'static str),
}

use Home::{Cli, Language, Test, Ui};

/// Every row, and what it is about.
const ROWS: [(u32, &str, Home); 41] = [
    (1, "`=` and `==`", Ui(&["bad-input/01-equals-signs"])),
    (2, "the end of a rule is missing", Ui(&["bad-input/02-unfinished"])),
    (3, "a misspelt event in a policy", Ui(&["bad-input/03-misspelt-event"])),
    (4, "a misspelt event or field in a case", Cli("mistakes.md", "did you mean `placed`?")),
    (
        5,
        "declared and never used, used and never declared",
        Ui(&["bad-input/05-declared-not-used", "bad-input/05-used-not-declared"]),
    ),
    (6, "two names one letter apart", Ui(&["bad-input/06-one-letter-apart"])),
    (7, "30 February", Ui(&["bad-input/07-no-such-day"])),
    (8, "03/04/2026", Ui(&["bad-input/08-two-readings"])),
    (9, "a year of two digits, the year 2206", Ui(&["bad-input/09-which-century"])),
    (10, "weeks and months", Ui(&["bad-input/10-other-units"])),
    (11, "20 days that are working days", Ui(&["bad-input/11-which-days"])),
    (12, "the end of the month", Language("or else to the month's last day")),
    (13, "a month against 30 days", Language("the earlier of 91 calendar days and 3 months")),
    (14, "a date compared with a text", Ui(&["bad-input/14-date-and-text"])),
    (15, "unlike things added up", Ui(&["bad-input/15-unlike-things"])),
    (16, "no length, or less", Ui(&["bad-input/16-below-one"])),
    (17, "events out of order", Cli("mistakes.md", "Events out of order")),
    (18, "the same event twice", Cli("mistakes.md", "it is counted once")),
    (19, "an event after the day asked about", Cli("mistakes.md", "after the day that is asked")),
    (20, "a rule that can never apply", Ui(&["analysis/dead"])),
    (21, "two dates for one duty", Ui(&["bad-input/21-two-dates"])),
    (22, "a situation with no rule", Ui(&["analysis/ladder-exits"])),
    (23, "a step before the duty is late", Ui(&["ladder/outcome-cannot-happen"])),
    (24, "a step that is never reached", Ui(&["analysis/ladder-roles"])),
    (25, "a circle", Ui(&["bad-input/25-circle"])),
    (26, "a year without holidays", Cli("mistakes.md", "beyond the last holiday")),
    (27, "another country's holidays", Cli("mistakes.md", "Working days: england-and-wales")),
    (28, "a time of day", Ui(&["bad-input/28-times-of-day"])),
    (29, "nothing is examined", Cli("policies.md", "no scenario has `zebra` in its title")),
    (30, "a scenario with no expectation", Ui(&["bad-input/30-no-expectation"])),
    (31, "a misspelt finding in a silencer", Ui(&["bad-input/31-misspelt-finding"])),
    (32, "a silencer without a reason", Ui(&["bad-input/32-no-reason"])),
    (33, "an unknown clause", Ui(&["bad-input/33-unknown-clause"])),
    (34, "a mistyped verb or flag", Cli("mistakes.md", "a similar subcommand exists: 'check'")),
    (35, "a case given as a policy", Cli("mistakes.md", "looks like a file of cases")),
    (36, "a file that is not there", Cli("mistakes.md", "did you mean `tests/cli/northtown`?")),
    (
        37,
        "what Word, Notepad and the clipboard leave",
        Ui(&["bad-input/37-cannot-be-seen", "bad-input/37-windows", "bad-input/37-word-processor"]),
    ),
    (38, "UTF-16 and Windows-1252", Cli("mistakes.md", "is saved as UTF-16")),
    (39, "a comparison with an unsound side", Cli("mistakes.md", "--against tests/cli/southtown")),
    (40, "a reader that stops reading", Test("check", "fn a_reader_that_stops_ends_it_quietly")),
    (41, "the name of a child in a case", Cli("mistakes.md", "looks like a person's name")),
];

#[test]
fn every_row_has_its_home() {
    for ((row, what, home), expected) in ROWS.iter().zip(1..) {
        assert_eq!(*row, expected);
        let holds = |file: &str, piece: &str| {
            let text = fs::read_to_string(root().join(file)).unwrap();
            // What is wrapped may be broken anywhere between two words.
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(text.contains(piece), "{file} does not hold `{piece}` ({row}: {what})");
        };
        match home {
            Ui(files) => {
                assert!(!files.is_empty());
                for file in *files {
                    holds(&format!("tests/ui/{file}.stderr"), "");
                }
            }
            Cli(file, piece) => holds(&format!("tests/cli/{file}"), piece),
            Test(file, piece) => holds(&format!("tests/it/{file}.rs"), piece),
            Language(piece) => holds("policies/LANGUAGE.md", piece),
        }
    }
}

#[test]
fn every_file_of_bad_input_belongs_to_a_row_and_says_what_is_underlined() {
    for path in files("tests/ui/bad-input", ".duly") {
        let name = format!("bad-input/{}", path.file_stem().unwrap().to_string_lossy());
        let row = ROWS
            .iter()
            .find(|(_, _, home)| matches!(home, Ui(files) if files.contains(&name.as_str())));
        let (row, ..) = row.unwrap_or_else(|| panic!("{name} is of no row"));
        assert!(name.starts_with(&format!("bad-input/{row:02}-")), "{name} is of row {row}");
        let text = fs::read_to_string(&path).unwrap();
        let announced: Vec<_> = text.lines().filter_map(|line| line.split_once("#~")).collect();
        let all = announced.iter().all(|(_, mark)| mark.contains(" | "));
        assert!(all, "{name} does not say what is underlined");
        assert_eq!(announced.is_empty(), name.ends_with("37-windows"), "{name}");
    }
}
