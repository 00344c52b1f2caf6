//! The pages that explain the codes of this module keep their word.

use super::parse_text;
use crate::diagnostic::Code;

/// The examples of a page: the code each raises, if any, and its text.
fn examples(page: &str) -> Vec<(Option<&str>, &str)> {
    page.split("```duly,")
        .skip(1)
        .map(|rest| {
            let (info, text) = rest.split_once('\n').unwrap();
            let text = text.split_once("```").unwrap().0;
            (info.strip_prefix("raises="), text)
        })
        .collect()
}

#[test]
fn every_page_raises_its_code_and_no_other() {
    let syntax = Code::ALL.iter().filter(|code| code.number().starts_with("E00"));
    for code in syntax {
        let examples = examples(code.page());
        assert!(examples.len() >= 2, "{code}");
        for (raises, text) in examples {
            let (source, parsed) = parse_text(text);
            let codes: Vec<_> = parsed.problems.iter().map(|p| p.code.number()).collect();
            let expected: Vec<_> = raises.into_iter().collect();
            assert_eq!(codes, expected, "{code}: {:#?}", super::shown(&source, &parsed.problems));
        }
    }
}
