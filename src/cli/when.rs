//! `duly when`: on which days an event can happen so that nothing it bears on is late.

use std::panic::resume_unwind;
use std::thread::{Builder, available_parallelism, scope};

use super::args::{WhenFormat, WhenVerb};
use super::due::{as_of, matching};
use super::fs::{CliError, Printer};
use super::{ExitStatus, case, policy};
use crate::diagnostic::printable::one_line;
use crate::diagnostic::way_on;
use crate::policy::{AttributeId, EventId, Policy};
use crate::render::{when_json, when_markdown, when_text};
use crate::search::{Search, Wanted, When};

/// As in [`super::run`]: a deeply nested policy needs a deep stack.
const STACK: usize = 64 << 20;

pub(super) fn run(command: &WhenVerb, printer: &mut Printer) -> Result<ExitStatus, CliError> {
    let loaded = policy::load_under(&command.under)?;
    let Some(policy) = loaded.policy(printer)? else {
        return Ok(ExitStatus::Found);
    };
    let wanted = wanted(policy, command)?;
    let case = (command.case.as_deref(), case::BY_OPTION);
    let Some(timeline) = case::only(&command.case_file, case, policy, printer)? else {
        return Ok(ExitStatus::Found);
    };
    let as_of = as_of(&command.under);
    let matching = matching(&command.under);
    let found = on_every_core(Search::new(policy, &timeline, as_of, matching, &wanted));
    if found.bears_on_nothing() {
        printer.note(&format!(
            "error: as of {}, `{}` bears on nothing in this case, whatever the day",
            as_of.long(),
            policy.event(wanted.event).name
        ))?;
        return Ok(ExitStatus::Found);
    }
    printer.print(&match command.format {
        WhenFormat::Human => when_text(policy, &found, &printer.style),
        WhenFormat::Json => format!("{:#}\n", when_json(policy, &found)),
        WhenFormat::Markdown => when_markdown(policy, &found),
    })?;
    Ok(ExitStatus::Done)
}

/// Has every core try its share of the days, one after another in turn: days that take long stand together.
pub(super) fn on_every_core(search: Search<'_>) -> When {
    let days = search.days();
    let cores = available_parallelism().map_or(1, usize::from);
    let share = |begin: usize| search.try_days(days.iter().copied().skip(begin).step_by(cores));
    let share = &share;
    let tried = scope(|scope| {
        let other = |begin| {
            let other = Builder::new().stack_size(STACK);
            (begin, other.spawn_scoped(scope, move || share(begin)))
        };
        let others: Vec<_> = (1..cores).map(other).collect();
        let mut tried = share(0);
        for (begin, other) in others {
            tried.extend(match other {
                Ok(other) => other.join().unwrap_or_else(|cause| resume_unwind(cause)),
                // Where there is no thread to be had, nobody else does this share.
                Err(_) => share(begin),
            });
        }
        tried
    });
    search.answer(tried)
}

/// The event that was asked about, with its attributes.
fn wanted(policy: &Policy, command: &WhenVerb) -> Result<Wanted, CliError> {
    let event = policy.find_event(&command.event).ok_or_else(|| {
        let names = policy.events.iter().map(|event| event.name.as_str());
        let error = CliError::new(format!(
            "the policy `{}` has no event `{}`",
            policy.header.name,
            one_line(&command.event)
        ));
        match way_on(&command.event, names, "it has") {
            Some(help) => error.help(help),
            None => error,
        }
    })?;
    let mut values = vec![None; policy.event(event).attributes.len()];
    for with in &command.with {
        let (attribute, text) = attribute(policy, event, with)?;
        let value = policy.read_value(event, attribute, &text).map_err(|error| {
            let told = CliError::new(one_line(&error.to_string()));
            match error.suggestion() {
                Some(near) => told.help(format!("did you mean `{near}`?")),
                None => told,
            }
        })?;
        if let Some(slot) = values.get_mut(attribute.index()) {
            *slot = Some(value);
        }
    }
    Ok(Wanted { event, values, reference: command.reference.clone() })
}

/// `NAME VALUE`
fn attribute(
    policy: &Policy,
    event: EventId,
    with: &str,
) -> Result<(AttributeId, String), CliError> {
    let declared = policy.event(event);
    let split = with.trim().split_once([' ', '=']);
    let (name, value) = split.ok_or_else(|| {
        CliError::new(format!(
            "an attribute is its name and its value, as in `miles 40`, not `{}`",
            one_line(with)
        ))
    })?;
    let place = declared.attributes.iter().position(|attribute| attribute.name == name);
    let place = place.ok_or_else(|| {
        let names = declared.attributes.iter().map(|attribute| attribute.name.as_str());
        let error = CliError::new(format!(
            "the event `{}` has no attribute `{}`",
            declared.name,
            one_line(name)
        ));
        error.help(way_on(name, names, "it has").unwrap_or_else(|| "it has none".to_owned()))
    })?;
    Ok((AttributeId(place as u16), value.trim().to_owned()))
}
