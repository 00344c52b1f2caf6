//! Where a report goes: onto the screen, into files, and which form it has there.

use std::path::{Path, PathBuf};

use crate::cli::args::{Form, Report as Command, ReportFormat};
use crate::cli::forms::{FILE_WIDTH, Forms};
use crate::cli::fs::{self, CliError, Printer};
use crate::diagnostic::list;
use crate::render::Style;
use crate::report::{Report, Table, csv_long, csv_table, json, markdown, page, text, workbook};

/// The forms that were asked for.
pub(super) struct Outputs(Forms<ReportFormat>);

impl Outputs {
    /// Sorts out what was asked for; refuses what cannot be written before any work is done.
    pub(super) fn new(command: &Command) -> Result<Self, CliError> {
        let mut forms = Forms::read(&asked(command)?, "--format human --format html=page.html")?;
        if forms.printed == Some(ReportFormat::Xlsx) {
            return Err(CliError::new("a workbook cannot be printed")
                .help("give it a file: `--out figures.xlsx`"));
        }
        if command.format.is_empty() && command.out.is_empty() {
            forms.printed = Some(ReportFormat::Human);
        }
        let files = forms.files.iter().filter(|(format, place)| !is_of_tables(*format, place));
        files.map(|(_, place)| place).try_for_each(|place| no_folder(place))?;
        Ok(Self(forms))
    }

    /// Refuses to write a form to a file that is read.
    pub(super) fn keep_apart(&self, read: &[&PathBuf]) -> Result<(), CliError> {
        self.0.keep_apart(read)
    }

    /// Writes the report in every form, files first: what cannot be written is said before anything is
    /// printed. No file that was read is written to.
    pub(super) fn write(
        &self,
        report: &Report,
        read: &[&PathBuf],
        printer: &mut Printer,
    ) -> Result<(), CliError> {
        let of_tables = |(format, place): &&(ReportFormat, PathBuf)| is_of_tables(*format, place);
        for (_, folder) in self.0.files.iter().filter(of_tables) {
            for table in &report.tables {
                fs::keep_apart(&file_of(folder, table), read)?;
            }
        }
        let in_files = Style { colour: false, width: FILE_WIDTH, ..printer.style };
        for (format, place) in &self.0.files {
            if is_of_tables(*format, place) {
                for table in &report.tables {
                    fs::write(&file_of(place, table), csv_table(table).as_bytes())?;
                }
            } else {
                fs::write(place, &written(*format, report, &in_files)?)?;
            }
        }
        match self.0.printed {
            None => Ok(()),
            Some(format) => {
                let bytes = written(format, report, &printer.style)?;
                printer.print(&String::from_utf8_lossy(&bytes))
            }
        }
    }
}

/// What was asked for with `--format` and with `--out`. A form without a file is that of the files of
/// `--out`, if there are any, as in other commands.
fn asked(command: &Command) -> Result<Vec<Form<ReportFormat>>, CliError> {
    let mut asked = command.format.clone();
    if command.out.is_empty() {
        return Ok(asked);
    }
    let printed = asked.iter().find(|form| form.file.is_none()).map(|form| form.format);
    asked.retain(|form| form.file.is_some());
    for file in &command.out {
        no_folder(file)?;
        let format = form_of(file, printed)?;
        asked.push(Form { format, file: Some(file.clone()) });
    }
    Ok(asked)
}

/// Refuses to write a form to a folder.
fn no_folder(place: &Path) -> Result<(), CliError> {
    if !fs::is_folder(place) {
        return Ok(());
    }
    let name = fs::shown(place);
    Err(CliError::new(format!("`{name}` is a folder, not a file"))
        .help(format!("`--format csv={name}` writes a file for each table there")))
}

/// The form of a file: what its ending names, or else what was asked for.
fn form_of(file: &Path, asked: Option<ReportFormat>) -> Result<ReportFormat, CliError> {
    let name = fs::shown(file);
    let ending = file.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    match (ending.as_deref().and_then(ReportFormat::of_ending), asked) {
        (Some(own), Some(asked)) if own != asked => {
            let (own, asked) = (own.name(), asked.name());
            let message = format!("`{name}` is {own} by its ending, and `--format {asked}` is not");
            Err(CliError::new(message).help(format!(
                "leave `--format` out; to print that too, write `--format {asked} --format \
                 {own}={name}`"
            )))
        }
        (Some(form), _) | (None, Some(form)) => Ok(form),
        (None, None) => {
            let error = CliError::new(format!("the ending of `{name}` names no form of a report"));
            Err(error.help(match ending.as_deref() {
                Some("pdf") => "a browser prints a page as PDF: `--out figures.html`".to_owned(),
                _ => format!("the endings are {}", list(ReportFormat::endings())),
            }))
        }
    }
}

/// Whether each table goes into a file of its own, in the folder that is named.
fn is_of_tables(format: ReportFormat, place: &Path) -> bool {
    let ends_as_a_file = place.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("csv"));
    format == ReportFormat::Csv && (!ends_as_a_file || fs::is_folder(place))
}

/// The file of a table in a folder.
fn file_of(folder: &Path, table: &Table) -> PathBuf {
    folder.join(format!("{}.csv", table.name))
}

fn written(format: ReportFormat, report: &Report, style: &Style) -> Result<Vec<u8>, CliError> {
    Ok(match format {
        ReportFormat::Human => text(report, style).into_bytes(),
        ReportFormat::Markdown => markdown(report).into_bytes(),
        ReportFormat::Csv => csv_long(report).into_bytes(),
        ReportFormat::Json => format!("{:#}\n", json(report)).into_bytes(),
        ReportFormat::Html => page(report).into_bytes(),
        ReportFormat::Xlsx => workbook(report).map_err(CliError::new)?,
    })
}
