//! `duly timeline`: a case as a picture.

use super::args::Timeline;
use super::due::{as_of, matching, narrow, rules};
use super::fs::{CliError, Printer};
use super::{ExitStatus, case, policy};
use crate::eval::evaluate_with;
use crate::render::{Answer, Days, Extent, timeline_picture_of};

pub(super) fn run(command: &Timeline, printer: &mut Printer) -> Result<ExitStatus, CliError> {
    let loaded = policy::load_under(&command.under)?;
    let Some(policy) = loaded.policy(printer)? else {
        return Ok(ExitStatus::Found);
    };
    let only = rules(policy, &command.only)?;
    let wanted = (command.case.as_deref(), case::BY_OPTION);
    let Some(timeline) = case::only(&command.case_file, wanted, policy, printer)? else {
        return Ok(ExitStatus::Found);
    };
    let as_of = as_of(&command.under);
    let days = days(command, as_of)?;
    let mut outcome = evaluate_with(policy, &timeline, as_of, matching(&command.under));
    narrow(&mut outcome, &only);
    let answer = Answer { policy, timeline: &timeline, outcome: &outcome };
    let extent = if command.all { Extent::All } else { Extent::Open };
    printer.print(&timeline_picture_of(&answer, extent, days, &printer.style.clone()))?;
    Ok(ExitStatus::Done)
}

/// The days that were asked for; where one end was left open, a quarter of a year.
fn days(command: &Timeline, as_of: crate::calendar::Date) -> Result<Option<Days>, CliError> {
    /// So many days at an end that was left open.
    const QUARTER: i32 = 91;
    let (first, last) = match (command.from, command.until) {
        (None, None) => return Ok(None),
        (Some(first), Some(last)) => (first, last),
        (Some(first), None) => {
            (first, first.max(as_of).add_days(QUARTER).unwrap_or(crate::calendar::Date::MAX))
        }
        (None, Some(last)) => {
            (last.min(as_of).add_days(-QUARTER).unwrap_or(crate::calendar::Date::MIN), last)
        }
    };
    if last < first {
        return Err(CliError::new(format!(
            "the last day to draw, {}, comes before the first, {}",
            last.long(),
            first.long()
        )));
    }
    Ok(Some(Days { first, last }))
}
