//! An explanation as text and as data: sentences made from the statements, one for each.

use serde_json::{Value, json};

use crate::calendar::Date;
use crate::eval::{Direction, NotGoverning, Source, Statement, Why};

/// The version of the JSON form.
const SCHEMA: &str = "duly.why/1";

/// An explanation as indented sentences, wrapped at a width in characters.
pub fn why_text(why: &Why, width: usize) -> String {
    let mut text = String::new();
    write_tree(why, 0, width.max(40), &mut text);
    text
}

fn write_tree(why: &Why, depth: usize, width: usize, text: &mut String) {
    let lead = match depth {
        0 => String::new(),
        _ => format!("{}- ", "  ".repeat(depth - 1)),
    };
    let hang = " ".repeat(lead.chars().count());
    let mut first = true;
    for paragraph in sentence(&why.statement) {
        for line in wrapped(&paragraph, width.saturating_sub(lead.chars().count())) {
            text.push_str(if first { &lead } else { &hang });
            text.push_str(&line);
            text.push('\n');
            first = false;
        }
    }
    if depth == 0 && !why.because.is_empty() {
        text.push('\n');
    }
    for part in &why.because {
        write_tree(part, depth + 1, width, text);
    }
}

/// Breaks a paragraph into lines of at most so many characters, at blanks.
pub(crate) fn wrapped(paragraph: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in paragraph.split(' ') {
        let needed = line.chars().count() + 1 + word.chars().count();
        if !line.is_empty() && needed > width {
            lines.push(std::mem::take(&mut line).trim_end().to_owned());
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
    lines
}

/// An explanation as data: each statement with its own fields, its sentence, and what it rests on.
pub fn why_json(why: &Why) -> Value {
    let mut value = node(why);
    if let Value::Object(fields) = &mut value {
        fields.insert("schema".to_owned(), json!(SCHEMA));
    }
    value
}

fn node(why: &Why) -> Value {
    let mut value = serde_json::to_value(&why.statement).unwrap_or(Value::Null);
    if let Value::Object(fields) = &mut value {
        fields.insert("text".to_owned(), json!(sentence(&why.statement).join(" ")));
        let because: Vec<Value> = why.because.iter().map(node).collect();
        fields.insert("because".to_owned(), Value::Array(because));
    }
    value
}

/// The sentence of a statement; the root has more than one.
fn sentence(statement: &Statement) -> Vec<String> {
    let one = match statement {
        Statement::Deadline { .. } => return headline(statement),
        Statement::CountsFrom { what, date } => {
            format!("The clock counts from {what}, {}.", date.long())
        }
        Statement::Recorded(source) => recorded(source),
        Statement::Deemed(source) => format!(
            "“{}” is deemed to have happened on {}, because nothing was done by the day before.",
            source.title,
            source.date.long()
        ),
        Statement::Governs { words, exception: false } => format!("The limit is {words}."),
        Statement::Governs { words, exception: true } => {
            format!("An exception sets the limit: {words}.")
        }
        Statement::DoesNotGovern { words, exception, because_of, would_give } => {
            let kind = if *exception { "exception" } else { "limit" };
            let give = would_give
                .map_or_else(String::new, |date| format!(" It would have given {}.", date.long()));
            format!("The {kind} “{words}” does not govern: {}.{give}", not_governing(*because_of))
        }
        Statement::Count { .. } => count(statement),
        Statement::EitherOf { earlier, taken, other } => format!(
            "The {} of the two is {} (the other is {}).",
            if *earlier { "earlier" } else { "later" },
            taken.long(),
            other.long()
        ),
        Statement::Midway { first, second, between, middle } => format!(
            "From {} to {} is {between} days; half of that, rounded down, leads to {}.",
            first.long(),
            second.long(),
            middle.long()
        ),
        Statement::Carried { attribute, date: Some(date) } => {
            format!("The event carries the date itself: {attribute} {}.", date.long())
        }
        Statement::Carried { attribute, date: None } => {
            format!("The event should carry the date as {attribute}, and none is recorded.")
        }
        Statement::Changed { day, before, how } => {
            let before = before.map_or_else(
                || "there was no last day before".to_owned(),
                |date| format!("until then the last day was {}", date.long()),
            );
            format!(
                "The limit changed on {} while the clock ran ({before}); the rule counts changes \
                 {how}.",
                day.long()
            )
        }
        Statement::Raised { to } => format!(
            "A date brought forward never falls before the day of the change, {}.",
            to.long()
        ),
        Statement::Kept { date } => {
            format!("The old date, {}, is the earlier and stays.", date.long())
        }
        Statement::DayOff { date, name, working_day } => {
            let working_day = working_day.map_or_else(String::new, |day| {
                format!(" The last working day before it is {}.", day.long())
            });
            format!(
                "{} is not a working day ({name}); the deadline does not move.{working_day}",
                date.long()
            )
        }
        Statement::Basis { basis, date, known } => basis_sentence(basis, *date, *known),
        Statement::Condition { words, day, truth } => {
            let so = match *truth {
                "yes" => "was so",
                "no" => "was not so",
                _ => "is not known",
            };
            format!("On {}, “{}” {so}.", day.long(), words.replace(['“', '”'], ""))
        }
        Statement::NotRecorded { question } => format!("Not recorded: {question}"),
        Statement::Reading { .. } => reading(statement),
        Statement::DoneOn { date } => format!("It was done on {}.", date.long()),
        Statement::WouldMeet { acts, .. } if acts.is_empty() => "It was begun by this.".to_owned(),
        Statement::WouldMeet { acts, all: false } => {
            format!("It would be met by {}.", acts.join(" or "))
        }
        Statement::WouldMeet { acts, all: true } => {
            format!("It would be met by all of {}.", acts.join(", "))
        }
        Statement::WayOn { outcome, since, by, strength, leads } => {
            let who = if by.is_empty() { "Anyone".to_owned() } else { by.join(" and ") };
            format!("Since {}, on the ground “{outcome}”: {who} {strength} {leads}.", since.long())
        }
        Statement::Note { words } => format!("{}.", capitalised(words).trim_end_matches('.')),
        Statement::NotThat { date, due: Some(due) } if date == due => {
            format!("It is {}: that is the last day.", date.long())
        }
        Statement::NotThat { date, due: Some(due) } => format!(
            "Not {}: the last day is {}, {} {}.",
            date.long(),
            due.long(),
            super::count(date.days_until(*due).abs(), "day"),
            if due > date { "later" } else { "earlier" }
        ),
        Statement::NotThat { date, due: None } => {
            format!("Not {}: this has no last day.", date.long())
        }
    };
    vec![one]
}

/// What is owed, by whom, by when, and how it stands.
fn headline(statement: &Statement) -> Vec<String> {
    let Statement::Deadline {
        rule,
        title,
        which,
        owners,
        strength,
        cites,
        tells,
        status,
        days,
        working_days,
        opens,
        due,
        alternatives,
        done,
        as_of,
    } = statement
    else {
        return Vec::new();
    };
    let which = if which.is_empty() { String::new() } else { format!(", {which}") };
    let mut lines = vec![format!("{title}{which}  [{rule}]")];
    let who = if owners.is_empty() { "Whoever is bound".to_owned() } else { owners.join(" and ") };
    let cites = source_words(cites);
    lines.push(format!("{who} {strength}{cites}."));
    let last = match (opens, due) {
        (Some(opens), Some(due)) if opens == due => format!("On {}.", due.long()),
        (Some(opens), Some(due)) => {
            format!("From {} to {}, both included.", opens.long(), due.long())
        }
        (None, Some(due)) => format!("Last day in time: {}.", due.long()),
        (Some(opens), None) => format!("From {} on, with no last day.", opens.long()),
        (None, None) => "No last day.".to_owned(),
    };
    lines.push(last);
    if !alternatives.is_empty() {
        let dates: Vec<String> = alternatives.iter().map(|date| date.long().to_string()).collect();
        lines.push(format!(
            "Also possible: {}. Work to the earliest; what decides is not recorded.",
            dates.join(", ")
        ));
    }
    lines.push(format!(
        "{} As of {}.",
        standing(status, *days, *working_days, *done),
        as_of.long()
    ));
    if !tells.is_empty() {
        lines.push(format!("Told: {}.", tells.join(", ")));
    }
    lines
}

/// How a deadline stands, in neutral words.
pub(crate) fn standing(
    status: &str,
    days: i32,
    working_days: Option<i32>,
    done: Option<Date>,
) -> String {
    let calendar = if days == 1 { "1 day".to_owned() } else { format!("{days} days") };
    let count = match working_days {
        Some(1) => format!("{calendar}, 1 working day"),
        Some(working) => format!("{calendar}, {working} working days"),
        None => calendar,
    };
    let done = done.map_or_else(String::new, |day| format!(" on {}", day.long()));
    match status {
        "met" => format!("Done in time{done}."),
        "late" => format!("Done{done}, after the last day by {count}."),
        "due" if days == 0 => "Due: today is the last day.".to_owned(),
        "due" => format!("Due: {count} left."),
        "not-open" => format!("Not open yet; {count} to the last day."),
        "begun" if days > 0 => format!("Begun, after the last day by {count}; not completed."),
        "begun" => "Begun, not completed.".to_owned(),
        "waiting" => "Waiting: what it counts from has not happened.".to_owned(),
        "overdue" => format!("Overdue by {count}."),
        "cannot-be-met" => "It cannot be met any more.".to_owned(),
        "missed" => "Missed: it was overdue when it ended, and was never done.".to_owned(),
        "lapsed" => "Lapsed: it ended, or something took its place.".to_owned(),
        "outstanding" => "Outstanding; there is no time limit.".to_owned(),
        _ => "Undetermined: it cannot be said.".to_owned(),
    }
}

/// A fact as it stands in the input.
fn recorded(source: &Source) -> String {
    let line = source.line.map_or_else(String::new, |line| format!("line {line}: "));
    let details: Vec<String> =
        source.details.iter().map(|(name, value)| format!(" {name} {value}")).collect();
    format!("{line}{} {}{} (“{}”)", source.date, source.event, details.concat(), source.title)
}

fn not_governing(because_of: NotGoverning) -> &'static str {
    match because_of {
        NotGoverning::OtherReviews => "it is for other reviews",
        NotGoverning::OtherPeriod => "it is for clocks that started in another period",
        NotGoverning::ConditionNo => "its condition is not so",
        NotGoverning::ConditionUnknown => "whether its condition is so is not known",
        NotGoverning::Excepted => "an exception takes its place",
        NotGoverning::AnotherException => "another exception applies",
    }
}

/// The counting, unit by unit, naming every holiday skipped.
fn count(statement: &Statement) -> String {
    let Statement::Count { length, from, to, direction, skipped, weekend_days, month_end } =
        statement
    else {
        return String::new();
    };
    let how = match direction {
        Direction::After => format!("{length} after {} (that day not counted)", from.long()),
        Direction::Before => format!("{length} before {} (that day not counted)", from.long()),
        Direction::BeginningWith => {
            format!("{length} beginning with {} (that day is day 1)", from.long())
        }
    };
    let mut text = format!("{}: {}.", capitalised(&how), to.long());
    if *month_end {
        text.push_str(" That month has no such day, so its last day is taken.");
    }
    if *weekend_days > 0 || !skipped.is_empty() {
        let weekend = if *weekend_days == 1 {
            "1 Saturday or Sunday".to_owned()
        } else {
            format!("{weekend_days} Saturdays and Sundays")
        };
        let mut left_out: Vec<String> = vec![weekend];
        left_out.extend(skipped.iter().map(|(day, name)| format!("{name} ({})", day.long())));
        text = format!("{text} Not counted: {}.", left_out.join(", "));
    }
    text
}

fn basis_sentence(basis: &str, date: Date, known: Date) -> String {
    match basis {
        "actual" => format!("It counts from the review itself, on {}.", date.long()),
        "planned" => format!(
            "It counts from the review planned for {} (recorded on {}).",
            date.long(),
            known.long()
        ),
        _ => format!(
            "No review is held or planned yet, so it counts from the latest lawful date, {}.",
            date.long()
        ),
    }
}

fn reading(statement: &Statement) -> String {
    let Statement::Reading { name, chosen, others, reason, cites, switched } = statement else {
        return String::new();
    };
    let others = if others.is_empty() {
        String::new()
    } else {
        format!(" It could be read as {}.", others.join(", or as "))
    };
    let cites = source_words(cites);
    let switched = if *switched { " It was switched for this evaluation." } else { "" };
    format!("Reading {name}: {chosen}{cites}. {}.{others}{switched}", reason.trim_end_matches('.'))
}

/// The sections of the source: " (source: 2.1; 5)".
fn source_words(cites: &[String]) -> String {
    if cites.is_empty() { String::new() } else { format!(" (source: {})", cites.join("; ")) }
}

/// The text with its first letter made large.
fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    let mut sentence: String =
        letters.next().map(|first| first.to_uppercase().collect::<String>()).unwrap_or_default();
    sentence.push_str(letters.as_str());
    sentence
}
