//! Reports of test runs, which most build servers can show: findings and scenarios alike.

/// A group of cases: those of one file, or of one policy.
#[derive(Debug, Clone, Default)]
pub struct Suite {
    /// What the report calls it; the class of each of its cases too.
    pub name: String,
    /// Its cases.
    pub cases: Vec<Case>,
}

/// One thing that was tried.
#[derive(Debug, Clone)]
pub struct Case {
    /// What the report calls it.
    pub name: String,
    /// What came of it.
    pub result: CaseResult,
}

/// What came of a case.
#[derive(Debug, Clone)]
pub enum CaseResult {
    /// It passed, and perhaps there is something to read about it.
    Passed(Option<String>),
    /// It failed.
    Failed {
        /// What kind of failure it is, in a word.
        kind: String,
        /// What is wrong, in a line.
        message: String,
        /// All there is to say.
        body: String,
    },
    /// It was not tried, or does not count, for this reason.
    Skipped(String),
}

/// Writes a report.
pub fn report(name: &str, suites: &[Suite]) -> String {
    let (mut all, mut all_failed, mut all_skipped) = (0, 0, 0);
    let mut out = String::new();
    for suite in suites {
        let failed = |case: &&Case| matches!(case.result, CaseResult::Failed { .. });
        let skipped = |case: &&Case| matches!(case.result, CaseResult::Skipped(_));
        let tests = suite.cases.len();
        let failed = suite.cases.iter().filter(failed).count();
        let skipped = suite.cases.iter().filter(skipped).count();
        let class = attribute(&suite.name);
        out += &format!(
            "  <testsuite name=\"{class}\" tests=\"{tests}\" failures=\"{failed}\" errors=\"0\" \
             skipped=\"{skipped}\">\n"
        );
        for case in &suite.cases {
            out += &one(&class, case);
        }
        out += "  </testsuite>\n";
        all += tests;
        all_failed += failed;
        all_skipped += skipped;
    }
    let name = attribute(name);
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"{name}\" tests=\"{all}\" \
         failures=\"{all_failed}\" errors=\"0\" skipped=\"{all_skipped}\">\n{out}</testsuites>\n"
    )
}

fn one(class: &str, case: &Case) -> String {
    let name = attribute(&case.name);
    let inside = match &case.result {
        CaseResult::Passed(None) => {
            return format!("    <testcase classname=\"{class}\" name=\"{name}\"/>\n");
        }
        CaseResult::Passed(Some(said)) => format!("<system-out>{}</system-out>", text(said)),
        CaseResult::Failed { kind, message, body } => format!(
            "<failure type=\"{}\" message=\"{}\">{}</failure>",
            attribute(kind),
            attribute(message),
            text(body)
        ),
        CaseResult::Skipped(reason) => format!("<skipped message=\"{}\"/>", attribute(reason)),
    };
    format!(
        "    <testcase classname=\"{class}\" name=\"{name}\">\n      {inside}\n    </testcase>\n"
    )
}

/// Text between tags. What no XML may hold is written as the character that stands for the unknown.
fn text(text: &str) -> String {
    let mut out = String::new();
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\n' | '\t' => out.push(character),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            _ if character.is_control() => out.push('\u{fffd}'),
            _ => out.push(character),
        }
    }
    out
}

/// Text between quotes.
fn attribute(value: &str) -> String {
    text(value).replace('"', "&quot;").replace('\n', "&#10;").replace('\t', "&#9;")
}
