//! `duly rule`: the page that explains a finding.

use super::ExitStatus;
use super::args::Page;
use super::fs::{CliError, Printer};
use crate::diagnostic::Code;
use crate::diagnostic::printable::one_line;

pub(super) fn run(command: &Page, printer: &mut Printer) -> Result<ExitStatus, CliError> {
    let Some(wanted) = &command.code else {
        for code in Code::ALL {
            let severity = code.severity().name();
            printer.print(&format!(
                "{} {:<26} {severity:<8} {}\n",
                code.number(),
                code.name(),
                code.title()
            ))?;
        }
        return Ok(ExitStatus::Done);
    };
    let Some(code) = Code::find(wanted) else {
        let error = CliError::new(format!("there is no finding `{}`", one_line(wanted)));
        return Err(match Code::near(wanted) {
            Some(near) => error.help(format!("did you mean `{near}`?")),
            None => error.help("`duly rule` lists them all"),
        });
    };
    printer.print(code.page())?;
    Ok(ExitStatus::Done)
}
