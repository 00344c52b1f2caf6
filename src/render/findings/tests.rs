use super::fingerprint::fingerprints;
use super::*;
use crate::diagnostic::{Code, Fix, Step, Witness};

const TEXT: &str = "# é\r\nrole zoë \"😀\"\r\n\tduty “x” é\r\n";

fn find(text: &str, piece: &str) -> Span {
    let start = text.find(piece).unwrap() as u32;
    Span::new(start, start + piece.len() as u32)
}

fn sheet(path: &str, text: &str, problems: Vec<Diagnostic>) -> Sheet {
    Sheet {
        source: Source::new(path, text),
        path: path.to_owned(),
        problems: Problems::from_iter(problems),
        accepted: Vec::new(),
    }
}

/// A finding with everything that a finding can have, and one with nothing.
fn example() -> Vec<Sheet> {
    let curly = find(TEXT, "“x”");
    let rich =
        Diagnostic::new(Code::WordProcessorCharacter, "`“` [is] not <plain>", curly, "curly")
            .label(find(TEXT, "zoë \"😀\""), "50% of | it")
            .note("found on every line")
            .witness(Witness {
                steps: vec![
                    Step { day: "2026-03-02".into(), text: "placed".into(), span: None },
                    Step {
                        day: "2026-03-03".into(),
                        text: "the duty begins".into(),
                        span: Some(find(TEXT, "duty")),
                    },
                ],
            })
            .help("type it")
            .fix(Fix::new("write plain quotes", curly, "\"x\"").safe());
    let poor = Diagnostic::new(Code::NeverUsed, "nothing uses `zoë`", find(TEXT, "zoë"), "");
    let mut first = sheet("policies/é b.duly", TEXT, vec![rich, poor.clone()]);
    first.accepted.push(Accepted { finding: poor, reason: "kept for \"later\"".to_owned() });
    vec![first, sheet("clean.duly", "", Vec::new())]
}

#[test]
fn what_was_found_is_counted_and_told() {
    let tally = Tally::new(1, 2, &example());
    let expected = Tally {
        policies: 1,
        scenarios: 2,
        errors: 1,
        warnings: 1,
        accepted: 1,
        safe: 1,
        ..Tally::default()
    };
    assert_eq!(tally, expected);
    assert_eq!(tally.examined(), "1 policy, 2 scenarios");
    assert_eq!(tally.found(), "1 error, 1 warning, 1 accepted finding");
    assert_eq!(Tally::default().found(), "nothing to report");
    let advice = Tally { advice: 2, ..Tally::default() };
    assert_eq!(advice.found(), "2 pieces of advice");
}

#[test]
fn annotations_stay_on_a_line_each() {
    assert_eq!(
        annotations(&example()),
        "::error file=policies/é b.duly,line=3,endLine=3,col=7,endColumn=9,\
         title=E0004 word-processor-character::`“` [is] not <plain>.%0AFound on every line.%0A\
         For example, Mon 2 Mar 2026: placed; Tue 3 Mar 2026: the duty begins.%0AType it.\n\
         ::warning file=policies/é b.duly,line=2,endLine=2,col=6,endColumn=8,\
         title=W0101 never-used::Nothing uses `zoë`.\n"
    );
    let odd = Diagnostic::new(Code::SyntaxError, "100%\r\n::x", Span::new(0, 3), "");
    let said = annotations(&[sheet("a:b,c%", "a\nb\n", vec![odd])]);
    assert_eq!(
        said,
        "::error file=a%3Ab%2Cc%25,line=1,endLine=2,title=E0001 syntax-error::100%25\\r\\n::x.\n"
    );
}

#[test]
fn a_test_report_fails_where_the_check_fails() {
    let report = junit(&example(), Severity::Error);
    assert_eq!(
        report,
        r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="duly check" tests="4" failures="1" errors="0" skipped="1">
  <testsuite name="policies/é b.duly" tests="3" failures="1" errors="0" skipped="1">
    <testcase classname="policies/é b.duly" name="E0004 word-processor-character at 3:7">
      <failure type="error" message="`“` [is] not &lt;plain&gt;.">`“` [is] not &lt;plain&gt;.
Found on every line.
For example, Mon 2 Mar 2026: placed; Tue 3 Mar 2026: the duty begins.
Type it.</failure>
    </testcase>
    <testcase classname="policies/é b.duly" name="W0101 never-used at 2:6">
      <system-out>warning: Nothing uses `zoë`.</system-out>
    </testcase>
    <testcase classname="policies/é b.duly" name="W0101 never-used at 2:6">
      <skipped message="accepted: kept for &quot;later&quot;"/>
    </testcase>
  </testsuite>
  <testsuite name="clean.duly" tests="1" failures="0" errors="0" skipped="0">
    <testcase classname="clean.duly" name="nothing to report"/>
  </testsuite>
</testsuites>
"#
    );
    let denied = junit(&example(), Severity::Warning);
    assert!(denied.contains("failures=\"2\"") && denied.contains("<failure type=\"warning\""));
}

#[test]
fn no_character_that_xml_forbids_reaches_a_test_report() {
    let odd = Diagnostic::new(Code::SyntaxError, "a\u{1b}\u{0}\u{fffe}\u{85}b", Span::at(0), "");
    let report = junit(&[sheet("x\u{1}", "x", vec![odd])], Severity::Error);
    let allowed = |c: char| c == '\n' || c == '\u{fffd}' || !(c.is_control() || c == '\u{fffe}');
    assert!(report.chars().all(allowed), "{report:?}");
}

#[test]
fn a_summary_is_a_table_whatever_stands_in_it() {
    let sheets = example();
    assert_eq!(
        summary(&sheets, &Tally::new(1, 2, &sheets)),
        "\
## duly check: 1 error, 1 warning, 1 accepted finding

Checked 1 policy, 2 scenarios.

| | Where | Finding | What |
| --- | --- | --- | --- |
| error | `policies/é b.duly:3` | E0004 word-processor-character | `“` \\[is\\] not &lt;plain>.<br>\
Found on every line.<br>For example, Mon 2 Mar 2026: placed; Tue 3 Mar 2026: the duty begins.<br>\
Type it. |
| warning | `policies/é b.duly:2` | W0101 never-used | Nothing uses `zoë`. |

### Accepted

| Where | Finding | Why |
| --- | --- | --- |
| `policies/é b.duly:2` | W0101 never-used | Kept for \"later\". |
"
    );
    let odd = Diagnostic::new(Code::SyntaxError, "a | `b | c` *d* @all\n`", Span::at(0), "");
    let many = sheet("p|`", "x", vec![odd; 201]);
    let sheets = [many];
    let said = summary(&sheets, &Tally::new(1, 0, &sheets));
    // Of three backticks the last opens nothing, so none is a sign.
    assert!(said.contains(
        "| `p\\|':1` | E0001 syntax-error | A \\| \\`b \\| c\\` \\*d\\* \\@all\\\\n\\`. |"
    ));
    assert!(said.ends_with("\nAnd 1 more.\n"), "{said}");
}

#[test]
fn code_scanning_is_told_places_in_characters() {
    let log = sarif(&example());
    let run = &log["runs"][0];
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    let result = &run["results"][0];
    let region = |place: &serde_json::Value| {
        let region = &place["physicalLocation"]["region"];
        let numbers = ["startLine", "startColumn", "endLine", "endColumn"];
        (numbers.map(|name| region[name].as_u64().unwrap()), region["snippet"]["text"].clone())
    };
    // A tab is one character, and so is a letter with an accent.
    assert_eq!(region(&result["locations"][0]), ([3, 7, 3, 10], "“x”".into()));
    // So is a picture, and the carriage return belongs to no line.
    assert_eq!(region(&result["relatedLocations"][1]), ([2, 6, 2, 13], "zoë \"😀\"".into()));
    let address = &result["locations"][0]["physicalLocation"]["artifactLocation"];
    assert_eq!(address["uri"], "policies/%C3%A9%20b.duly");
    assert_eq!(address["uriBaseId"], "%SRCROOT%");
    assert_eq!(result["ruleId"], "E0004");
    assert_eq!(run["tool"]["driver"]["rules"][0]["id"], "E0004");
    assert_eq!(result["ruleIndex"], 0);
    assert_eq!(result["level"], "error");
    assert_eq!(
        result["message"]["text"],
        "`“` \\[is\\] not <plain>. Found on every line. For example, Mon 2 Mar 2026: placed; \
         Tue 3 Mar 2026: the duty begins. Type it."
    );
    let replacement = &result["fixes"][0]["artifactChanges"][0]["replacements"][0];
    assert_eq!(replacement["insertedContent"]["text"], "\"x\"");
    assert_eq!(replacement["deletedRegion"]["startColumn"], 7);
    let steps = &result["codeFlows"][0]["threadFlows"][0]["locations"];
    assert_eq!(region(&steps[0]["location"]).1, "“x”", "a day of no clause is at the finding");
    assert_eq!(region(&steps[1]["location"]), ([3, 2, 3, 6], "duty".into()));
    assert_eq!(steps[1]["location"]["message"]["text"], "Tue 3 Mar 2026: the duty begins.");
    assert_eq!(run["results"][2]["suppressions"][0]["justification"], "kept for \"later\"");
    assert_eq!(run["artifacts"][1]["location"]["uri"], "clean.duly");
}

#[test]
fn every_rule_says_what_code_scanning_wants_to_know() {
    let problems = Code::ALL.iter().map(|code| Diagnostic::new(*code, "x", Span::at(0), ""));
    let log = sarif(&[sheet("a.duly", "x", problems.collect())]);
    let rules = log["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
    assert_eq!(rules.len(), Code::ALL.len());
    for (rule, code) in rules.iter().zip(Code::ALL) {
        assert_eq!(rule["id"], code.number());
        let name = rule["name"].as_str().unwrap();
        assert_eq!(name.to_lowercase(), code.name().replace('-', ""), "{name}");
        for text in ["shortDescription", "fullDescription", "help"] {
            let text = rule[text]["text"].as_str().unwrap();
            assert!(text.len() > 10 && !text.contains("```") && !text.starts_with('#'), "{text}");
        }
        assert_eq!(rule["help"]["markdown"], code.page());
    }
}

#[test]
fn a_file_outside_the_repository_has_a_whole_address() {
    for (path, expected) in
        [("/a b/c.duly", "file:///a%20b/c.duly"), ("C:/x.duly", "file:///C%3A/x.duly")]
    {
        let problem = Diagnostic::new(Code::SyntaxError, "x", Span::at(0), "");
        let log = sarif(&[sheet(path, "x", vec![problem])]);
        let result = &log["runs"][0]["results"][0];
        let address = &result["locations"][0]["physicalLocation"]["artifactLocation"];
        assert_eq!(address["uri"], expected);
        assert_eq!(address["uriBaseId"], serde_json::Value::Null);
    }
}

/// Every word of the text that is `bad`, as a finding.
fn bad_words(text: &str) -> Vec<Diagnostic> {
    let places = text.match_indices("bad").map(|(start, _)| start as u32);
    places
        .map(|start| Diagnostic::new(Code::SyntaxError, "bad", Span::new(start, start + 3), ""))
        .collect()
}

#[test]
fn a_finding_keeps_its_fingerprint_when_other_lines_change() {
    let text = "duty a\n  due bad\n  cite bad\nduty b\n  due bad\n  due bad and bad\n";
    let prints = |text: &str| fingerprints(&sheet("a.duly", text, bad_words(text)));
    let known = prints(text);
    let mut distinct = known.clone();
    distinct.sort();
    distinct.dedup();
    assert_eq!(distinct.len(), 5, "one for each: {known:?}");
    // Lines of any kind, put before any line but within no line.
    let mut random = fastrand::Rng::with_seed(7);
    let fillers = ["\n", "# a remark\n", "role é \"X\"\n\n", "event x\n  miles is a number\n"];
    for _ in 0..500 {
        let mut changed = String::new();
        for line in text.lines() {
            // A declaration in the midst of another would part it, so that one stays together.
            if line.starts_with("duty") {
                changed += fillers[random.usize(..fillers.len())];
            } else if random.bool() {
                changed += fillers[random.usize(..2)];
            }
            let line = if random.bool() { format!("{line}  ") } else { line.to_owned() };
            changed += &line.replace("  due", if random.bool() { "\tdue" } else { "  due" });
            changed += if random.bool() { "\r\n" } else { "\n" };
        }
        assert_eq!(prints(&changed), known, "{changed}");
    }
    assert_ne!(prints(&text.replace("duty b", "duty c"))[2..], known[2..]);
    assert_eq!(prints(&text.replace("duty b", "duty c"))[..2], known[..2]);
    assert_ne!(fingerprints(&sheet("b.duly", text, bad_words(text))), known);
}

#[test]
fn what_can_be_put_right_is_said_as_a_person_would() {
    let said = |errors: usize, safe: usize| {
        let tally = Tally { errors, safe, ..Tally::default() };
        tally.changes(false)
    };
    assert_eq!(said(1, 0), None);
    assert_eq!(said(1, 1).unwrap(), "`duly check --fix` puts it right.");
    assert_eq!(said(2, 1).unwrap(), "`duly check --fix` puts one of them right.");
    assert_eq!(said(2, 2).unwrap(), "`duly check --fix` puts all of them right.");
    assert_eq!(said(5, 3).unwrap(), "`duly check --fix` puts 3 of them right.");
}
