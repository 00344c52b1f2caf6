//! `duly init`: a folder with a policy to begin with, its scenarios and a workflow.

use std::path::PathBuf;

use super::ExitStatus;
use super::args::Init;
use super::fs::{self, CliError, Printer};
use crate::diagnostic::printable::one_line;

/// The files, and what each begins as.
const FILES: [(&str, &str); 3] = [
    ("policy.duly", include_str!("init/policy.duly")),
    ("scenarios.duly", include_str!("init/scenarios.duly")),
    ("policies.yml", include_str!("../../examples/ci/github.yml")),
];

pub(super) fn run(command: &Init, printer: &mut Printer) -> Result<ExitStatus, CliError> {
    let folder = &command.folder;
    let shown = fs::shown(folder);
    let written = folder.file_name().map(|name| name.to_string_lossy().into_owned());
    let written = written.ok_or_else(|| {
        CliError::new(format!("`{shown}` is not the name of a folder"))
            .help("give the new folder a name, such as `policies/leeds`")
    })?;
    let name = policy_name(&written).ok_or_else(|| {
        CliError::new(format!("`{}` cannot be the name of a policy", one_line(&written)))
            .help("begin it with a letter: the policy is called as its folder, such as `leeds`")
    })?;
    let files: Vec<(PathBuf, String)> = FILES
        .iter()
        .map(|(file, text)| {
            let text = text.replace("policy new-policy \"New policy\"", &head(&name));
            (folder.join(file), text)
        })
        .collect();
    // Nothing that somebody wrote is lost, and no half of a policy is left behind.
    if let Some((file, _)) = files.iter().find(|(file, _)| fs::is_file(file)) {
        return Err(CliError::new(format!("there is a file `{}` already", fs::shown(file)))
            .help("name a new folder"));
    }
    fs::make_folder(folder)?;
    for (file, text) in &files {
        fs::write_whole(file, text.as_bytes())?;
    }
    printer.print(&format!(
        "Made `{shown}`: a policy, its scenarios, and a workflow for GitHub (its first lines say where \
         to put it).\nNow change them to what your text says:\n  duly check {shown}\n  duly test \
         {shown}\n"
    ))?;
    Ok(ExitStatus::Done)
}

/// The name of a folder as the name of a policy, where it can be one.
fn policy_name(folder: &str) -> Option<String> {
    let small = folder.to_lowercase();
    let parts: Vec<&str> = small
        .split(|c: char| !(c.is_ascii_lowercase() || c.is_ascii_digit()))
        .filter(|part| !part.is_empty())
        .collect();
    let name = parts.join("-");
    name.starts_with(|c: char| c.is_ascii_lowercase()).then_some(name)
}

/// The first line of the policy: its name, and the same as a title.
fn head(name: &str) -> String {
    let capital = |part: &str| {
        let mut rest = part.chars();
        let first = rest.next().map(|first| first.to_ascii_uppercase());
        first.into_iter().chain(rest).collect::<String>()
    };
    let title: Vec<String> = name.split('-').map(capital).collect();
    format!("policy {name} \"{}\"", title.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_is_called_as_its_folder() {
        assert_eq!(policy_name("Leeds City_Council 2").as_deref(), Some("leeds-city-council-2"));
        assert_eq!(policy_name("2026"), None);
        assert_eq!(policy_name("..."), None);
        assert_eq!(head("leeds-city"), "policy leeds-city \"Leeds City\"");
        assert!(FILES[0].1.contains("\npolicy new-policy \"New policy\"\n"));
    }
}
