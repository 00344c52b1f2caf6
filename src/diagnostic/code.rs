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
    A1002 TightPreparation       "tight-preparation"        Advice "on some start days there is no time for a duty before a review";
    A1003 PossibleOnlyAsRead     "possible-only-as-read"    Advice "read in another way, a duty could not be done in time";
    A1101 OutcomeLeadsNowhere    "outcome-leads-nowhere"    Advice "a stage says nothing of an outcome that it can come to";
    A1102 NoDefinedEnd           "no-defined-end"           Advice "a ladder does not say what follows its highest stage";
    A1103 EntryWithoutGround     "entry-without-ground"     Advice "a ladder can be entered at a stage that lists no ground";
    A1104 CapRestsOnReading      "cap-rests-on-reading"     Advice "the stages fit their cap only as the source is read";
    A1105 ApproverAnswersNext    "approver-answers-next"    Advice "who approves the answer of a stage answers at the next";
    A1106 CopiesVary             "copies-vary"              Advice "somebody is told of a lower stage and not of a higher one";
    A1202 StricterThanBaseline   "stricter-than-baseline"   Advice "a last day is earlier than the baseline's";
    A1203 NoCounterpart          "no-counterpart"           Advice "a duty of the baseline has no counterpart";
    A1301 ReadingChangesDates    "reading-changes-dates"    Advice "an answer rests on how the source is read";
    A1302 ReadingChangesNothing  "reading-changes-nothing"  Advice "a reading has no effect";
    A1303 MidwayUnsettled        "midway-unsettled"         Advice "a day midway moves with the date of the next review";
    A1304 ChangeMidClock         "change-mid-clock"         Advice "an answer rests on what a change does to a running clock";
    A1305 DateCarried            "date-carried"             Advice "a limit is a date that somebody has to record";
    A1306 SameDayOrder           "same-day-order"           Advice "an answer turns on the order of two events of one day";
    A1401 JudgementLeadsNowhere  "judgement-leads-nowhere"  Advice "nothing follows from what a trigger asks for";
    A1490 RuleNotExercised       "rule-not-exercised"       Advice "no scenario shows a rule at work";
    A1501 UntimedDuty            "untimed-duty"             Advice "a duty has no time limit";
    A1502 NothingIfMissed        "nothing-if-missed"        Advice "nothing follows when a duty is missed";
    A1503 RoleNotExplained       "role-not-explained"       Advice "nothing says who a role is";
    A1504 CalendarEnds           "calendar-ends"            Advice "the holidays end while the policy is in use";
    E0001 SyntaxError            "syntax-error"             Error "the text cannot be read as a policy";
    E0002 UnclosedText           "unclosed-text"            Error "a quoted text is not closed on its line";
    E0003 NestedTooDeep          "nested-too-deep"          Error "brackets stand inside brackets too many times";
    E0004 WordProcessorCharacter "word-processor-character" Error "a word processor has changed a quote or a dash";
    E0005 ImpossibleDate         "impossible-date"          Error "a date is not in the calendar";
    E0006 LengthOutOfRange       "length-out-of-range"      Error "a length is zero or above 5000";
    E0007 MissingClause          "missing-clause"           Error "a declaration lacks a clause it needs";
    E0008 RepeatedClause         "repeated-clause"          Error "a declaration has a clause twice";
    E0009 ClauseOutOfPlace       "clause-out-of-place"      Error "a clause does not belong where it stands";
    E0101 UnknownName            "unknown-name"             Error "a name is not declared";
    E0102 DuplicateName          "duplicate-name"           Error "a name is declared twice";
    E0103 WrongKind              "wrong-kind"               Error "a name stands for something of another kind";
    E0104 NoPolicy               "no-policy"                Error "a file does not say which policy it is";
    E0105 SecondPolicy           "second-policy"            Error "a file holds more than one policy";
    E0106 CircularDefinition     "circular-definition"      Error "a state or a reading rests on itself";
    E0107 NoDateOfBirth          "no-date-of-birth"         Error "an age is asked for and nothing gives the date of birth";
    E0201 WrongType              "wrong-type"               Error "a value or a comparison does not suit the attribute";
    E0202 MissingAttribute       "missing-attribute"        Error "an event lacks the attribute that a clause needs";
    E0203 ConditionOutOfPlace    "condition-out-of-place"   Error "a condition looks at what is not there to be looked at";
    E0204 TextCompared           "text-compared"            Error "a rule looks into a text";
    E0205 NotADate               "not-a-date"               Error "an attribute that must be a date is none";
    E0206 AttributeNotShared     "attribute-not-shared"     Error "events that can stand for one another have unlike attributes";
    E0207 WhichReview            "which-review"             Error "the latest lawful date of no single review is meant";
    E0301 BareDays               "bare-days"                Error "days are not said to be calendar days or working days";
    E0302 UnknownUnit            "unknown-unit"             Error "a length has no unit of time";
    E0303 ReadingLooksLikeLength "reading-looks-like-length" Error "a reading is called like a length";
    E0304 WrongReading           "wrong-reading"            Error "a reading holds another kind of thing than is wanted";
    E0305 StrengthMissing        "strength-missing"         Error "it is not said how strongly somebody is bound";
    E0306 BetweenReversed        "between-reversed"         Error "the ends of a range are in the wrong order";
    E0307 ReadingForOthers       "reading-for-others"       Error "a reading is used by a rule it is not for";
    E0308 TwoReadingsOfDays      "two-readings-of-days"     Error "two readings say what a bare day is";
    E0401 AnchorCannotOccur      "anchor-cannot-occur"      Error "a clock counts from what can never happen";
    E0402 AnchorOutOfPlace       "anchor-out-of-place"      Error "a clock counts from what makes no sense there";
    E0403 CircularTriggers       "circular-triggers"        Error "rules wait for one another in a circle";
    E0404 ExceptionsDisagree     "exceptions-disagree"      Error "two exceptions can apply at once and differ";
    E0405 MidClockUnsaid         "mid-clock-unsaid"         Error "it is not said what a change does to a running clock";
    E0406 OtherAnchor            "other-anchor"             Error "a window counts from something else than it must";
    E0501 LadderClauseAfterStages "ladder-clause-after-stages" Error "a clause of the whole ladder stands within a stage";
    E0502 NoSuchStage            "no-such-stage"            Error "a ladder has no stage of that number";
    E0503 StageOrder             "stage-order"              Error "the stages of a ladder do not rise";
    E0504 UnknownOutcome         "unknown-outcome"          Error "a stage has no such outcome";
    E0505 OutcomeCannotHappen    "outcome-cannot-happen"    Error "an outcome of a stage can never come about";
    E0506 OpenerWithoutStage     "opener-without-stage"     Error "the opening event cannot say which stage it opens";
    E0507 UnknownGround          "unknown-ground"           Error "a ground is not one of those that can be recorded";
    E0601 NoExpectation          "no-expectation"           Error "a scenario expects nothing";
    E0602 UnknownExpectation     "unknown-expectation"      Error "a scenario expects something there is no such word for";
    E0603 ExpectationDoesNotFit  "expectation-does-not-fit" Error "a scenario expects of a rule what it cannot come to";
    W0101 NeverUsed              "never-used"               Warning "something is declared and no rule uses it";
    W0102 SimilarNames           "similar-names"            Warning "two names are one letter apart";
    W1001 ImpossiblePreparation  "impossible-preparation"   Warning "there is no time for a duty before a review";
    W1004 WindowNeverOpens       "window-never-opens"       Warning "a window closes before it opens";
    W1005 WindowsApart           "windows-apart"            Warning "nothing can be in time for two duties at once";
    W1101 StagesExceedCap        "stages-exceed-cap"        Warning "the stages of a ladder can take longer than its cap";
    W1102 StageNeverReached      "stage-never-reached"      Warning "nothing leads to a stage of a ladder";
    W1103 OwnApprover            "own-approver"             Warning "whoever answers at a stage approves the answer";
    W1201 LaterThanBaseline      "later-than-baseline"      Warning "a last day is later than the baseline's";
    W1401 NothingToAccept        "nothing-to-accept"        Warning "a finding is accepted where there is none";
    W1402 NeverApplies           "never-applies"            Warning "a condition can never hold where it stands";
    W1403 ExceptionChangesNothing "exception-changes-nothing" Warning "an exception gives what holds without it";
    W1404 NeverDischarged        "never-discharged"         Warning "nothing can meet a duty";
    W1405 LengthNeverDecides     "length-never-decides"     Warning "of two lengths one never decides";
}

impl Code {
    /// What it means, in the first paragraph of its page.
    pub fn summary(self) -> &'static str {
        let (_, what) = self.page().split_once("\n## What\n").unwrap_or_default();
        what.trim_start().split("\n\n").next().unwrap_or_default().trim_end()
    }

    /// Finds a code by its number or its name, in either case of letters.
    pub fn find(text: &str) -> Option<Self> {
        let text = text.trim();
        Self::ALL.iter().copied().find(|code| {
            code.number().eq_ignore_ascii_case(text) || code.name().eq_ignore_ascii_case(text)
        })
    }

    /// Finds the code whose number or name is nearest to a mistyped one, if any is near.
    pub fn near(text: &str) -> Option<Self> {
        let words = Self::ALL.iter().flat_map(|code| [code.name(), code.number()]);
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
            assert_eq!(page.matches(&raises).count(), 1, "{code} shows what raises it");
            assert!(page.contains("```duly,accepts\n"), "{code} shows what puts it right");
            assert_eq!(page.matches("\n```\n").count(), page.matches("\n```duly").count());
            for heading in ["\n## What\n", "\n## Why\n", "\n## Example\n"] {
                assert!(page.contains(heading), "{code} lacks{heading}");
            }
            assert!(code.summary().ends_with(['.', ':']), "{code}: {}", code.summary());
            assert!(!code.summary().contains('#'), "{code}: {}", code.summary());
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
        let expected: Vec<_> =
            Code::ALL.iter().map(|code| format!("{}-{}.md", code.number(), code.name())).collect();
        assert_eq!(pages, expected);
    }

    #[test]
    fn titles_follow_the_house_style() {
        for code in Code::ALL {
            let title = code.title();
            assert!(title.starts_with(char::is_lowercase) && !title.ends_with('.'), "{title}");
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
