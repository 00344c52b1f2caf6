//! The one table of codes. Everything said about a kind of finding comes from here.
//!
//! To add a code, add a line to the table, in order, and a page `pages/NUMBER-name.md`. A page starts
//! with `# NUMBER name`, says what the finding means and why it matters, and shows an example that
//! raises the code and one that puts it right.

use std::fmt;

use super::Severity;
use super::suggest::nearest;

/// Makes [`Code`] from lines of `NUMBER Variant "name" Severity "title";`.
macro_rules! codes {
    ($($number:ident $variant:ident $name:literal $severity:ident $title:literal;)*) => {
        /// A kind of finding.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = concat!("`", stringify!($number), " ", $name, "`: ", $title, ".")] $variant,)*
        }

        impl Code {
            /// Every code, in the order of the numbers.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The number, such as `E0001`; a number is never used for anything else.
            pub const fn number(self) -> &'static str {
                match self { $(Self::$variant => stringify!($number),)* }
            }

            /// The name, such as `syntax-error`.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// How much findings of this kind matter.
            pub const fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity,)* }
            }

            /// What it means, in a phrase.
            pub const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)* }
            }

            /// The page that explains it, in Markdown.
            pub const fn page(self) -> &'static str {
                match self {
                    $(Self::$variant => {
                        include_str!(concat!("pages/", stringify!($number), "-", $name, ".md"))
                    })*
                }
            }
        }
    };
}

codes! {
    E0001 SyntaxError            "syntax-error"             Error "the text cannot be read as a policy";
    E0002 UnclosedText           "unclosed-text"            Error "a quoted text is not closed on its line";
    E0003 NestedTooDeep          "nested-too-deep"          Error "brackets stand inside brackets too many times";
    E0004 WordProcessorCharacter "word-processor-character" Error "a word processor has changed a quote or a dash";
    E0005 ImpossibleDate         "impossible-date"          Error "a date is not in the calendar";
    E0006 LengthOutOfRange       "length-out-of-range"      Error "a length is zero or above 5000";
    E0007 MissingClause          "missing-clause"           Error "a declaration lacks a clause it needs";
    E0008 RepeatedClause         "repeated-clause"          Error "a declaration has a clause twice";
    E0009 ClauseOutOfPlace       "clause-out-of-place"      Error "a clause does not belong where it stands";
}

impl Code {
    /// Finds a code by its number or its name, in either case of letters.
    pub fn find(text: &str) -> Option<Self> {
        let text = text.trim();
        Self::ALL.iter().copied().find(|code| {
            code.number().eq_ignore_ascii_case(text) || code.name().eq_ignore_ascii_case(text)
        })
    }

    /// Finds the code whose number or name is nearest to a mistyped one, if any is near.
    pub fn near(text: &str) -> Option<Self> {
        let words = Self::ALL
            .iter()
            .flat_map(|code| [code.name(), code.number()]);
        nearest(text.trim(), words).and_then(Self::find)
    }
}

impl fmt::Display for Code {
    /// Writes the number and the name: `E0001 syntax-error`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.number(), self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_in_order_and_names_are_unique() {
        assert!(Code::ALL.is_sorted_by(|a, b| a.number() < b.number()));
        let mut names: Vec<_> = Code::ALL.iter().map(|code| code.name()).collect();
        names.sort_unstable();
        assert!(names.windows(2).all(|pair| pair[0] != pair[1]), "{names:?}");
    }

    #[test]
    fn every_page_names_its_code_and_shows_both_examples() {
        for code in Code::ALL {
            let page = code.page();
            assert_eq!(page.lines().next(), Some(format!("# {code}").as_str()));
            let raises = format!("```duly,raises={}\n", code.number());
            assert_eq!(
                page.matches(&raises).count(),
                1,
                "{code} shows what raises it"
            );
            assert!(
                page.contains("```duly,accepts\n"),
                "{code} shows what puts it right"
            );
            assert_eq!(
                page.matches("\n```\n").count(),
                page.matches("\n```duly").count()
            );
            for heading in ["\n## What\n", "\n## Why\n", "\n## Example\n"] {
                assert!(page.contains(heading), "{code} lacks{heading}");
            }
        }
    }

    #[test]
    fn no_page_is_left_without_a_code() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/diagnostic/pages");
        let mut pages: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        pages.sort();
        let expected: Vec<_> = Code::ALL
            .iter()
            .map(|code| format!("{}-{}.md", code.number(), code.name()))
            .collect();
        assert_eq!(pages, expected);
    }

    #[test]
    fn titles_follow_the_house_style() {
        for code in Code::ALL {
            let title = code.title();
            assert!(
                title.starts_with(char::is_lowercase) && !title.ends_with('.'),
                "{title}"
            );
        }
    }

    #[test]
    fn a_code_is_found_by_either_name() {
        assert_eq!(Code::find("E0004"), Some(Code::WordProcessorCharacter));
        assert_eq!(Code::find("e0004"), Some(Code::WordProcessorCharacter));
        assert_eq!(Code::find(" Syntax-Error "), Some(Code::SyntaxError));
        assert_eq!(Code::find("sintax-error"), None);
        assert_eq!(Code::near("sintax-error"), Some(Code::SyntaxError));
        assert_eq!(Code::near("unclosed_text"), Some(Code::UnclosedText));
        assert_eq!(Code::near("holidays"), None);
        assert_eq!(Code::SyntaxError.to_string(), "E0001 syntax-error");
    }
}
