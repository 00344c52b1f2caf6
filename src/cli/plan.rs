//! `duly plan`: everything that is to be done for the next review or on a ladder.

use super::args::{AimName, PlanFormat, PlanVerb};
use super::due::{as_of, matching};
use super::fs::{CliError, Printer};
use super::{ExitStatus, case, policy};
use crate::render::{Planned, plan_csv, plan_ics, plan_json, plan_markdown, plan_text};
use crate::search::{Aim, plan};

pub(super) fn run(command: &PlanVerb, printer: &mut Printer) -> Result<ExitStatus, CliError> {
    let loaded = policy::load_under(&command.under)?;
    let Some(policy) = loaded.policy(printer)? else {
        return Ok(ExitStatus::Found);
    };
    let wanted = (command.case.as_deref(), case::BY_OPTION);
    let Some(timeline) = case::only(&command.case_file, wanted, policy, printer)? else {
        return Ok(ExitStatus::Found);
    };
    let as_of = as_of(&command.under);
    let (aim, nothing) = match command.aim {
        AimName::Review => (Aim::Review, "no review is open in this case"),
        AimName::Ladder => (Aim::Ladder, "no ladder is open in this case"),
    };
    let plans = plan(policy, &timeline, as_of, matching(&command.under), aim);
    if plans.is_empty() {
        printer
            .note(&format!("error: as of {}, {nothing}: there is nothing to plan", as_of.long()))?;
        return Ok(ExitStatus::Found);
    }
    let planned = Planned { policy, case: &timeline.case, as_of, plans: &plans };
    printer.print(&match command.format {
        PlanFormat::Human => plan_text(&planned, &printer.style),
        PlanFormat::Json => format!("{:#}\n", plan_json(&planned)),
        PlanFormat::Markdown => plan_markdown(&planned),
        PlanFormat::Csv => plan_csv(&planned),
        PlanFormat::Ics => plan_ics(&planned),
    })?;
    Ok(ExitStatus::Done)
}
