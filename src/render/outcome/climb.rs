//! Where each ladder stands: how far it has climbed, the time used, and what can be done next.

use super::{Answer, Item, words};
use crate::diagnostic::printable::one_line;
use crate::eval::{LadderState, Part, Standing};
use crate::policy::words::joined;
use crate::policy::{AttributeKind, ExitTo, Ladder};
use crate::render::{Style, paint, wrapped};

/// Sets where each ladder of a case stands, with every way on that its stage lists; nothing where no
/// ladder was opened.
pub fn ladders_text(answer: &Answer<'_>, style: &Style) -> String {
    let mut out = String::new();
    for standing in &answer.outcome.standings {
        let Some(Item { title, lines, .. }) = answer.ladder(standing) else { continue };
        let heading = line(&title, style);
        let set = wrapped(&heading, "", "  ", style);
        out += &set.replacen(&heading, &paint(style, "1", &heading), 1);
        for text in lines.into_iter().chain(answer.next(standing)) {
            out += &wrapped(&line(&text, style), "  ", "    ", style);
        }
    }
    out
}

impl Answer<'_> {
    /// What is owed at the stage now, and what each outcome would lead to.
    fn next(&self, standing: &Standing) -> Vec<String> {
        let mut lines = Vec::new();
        let Some(ladder) = words::ladder(self.policy.rule(standing.rule)) else { return lines };
        if standing.state == LadderState::Closed {
            return lines;
        }
        let owed = self.outcome.deadlines.iter().filter(|row| {
            (row.rule, row.ordinal) == (standing.rule, standing.ordinal)
                && matches!(row.part, Part::Answer { stage } | Part::Approval { stage }
                    if stage == standing.stage)
        });
        lines.extend(owed.map(|row| {
            let by = super::when(row);
            format!("{} owed by {by}: {}", row.part.word(), self.status(row))
        }));
        let stage = ladder.stages.iter().find(|stage| stage.number == standing.stage);
        for exit in stage.into_iter().flat_map(|stage| &stage.exits) {
            let open = standing
                .ways
                .iter()
                .any(|way| (way.outcome, way.leads) == (exit.outcome, exit.leads));
            // What is open already is told with the day since when.
            if open {
                continue;
            }
            let who = if exit.by.is_empty() {
                String::new()
            } else {
                format!("{} {} ", self.roles(&exit.by), words::strength(exit.strength))
            };
            let leads = match exit.leads {
                ExitTo::Stage(next) => {
                    let grounds = self.grounds(ladder, next);
                    let title = self.policy.stage_title(standing.rule, next);
                    format!("open {title}{grounds}")
                }
                ExitTo::Ends => "close it".to_owned(),
                ExitTo::Outside => "go to the outside track".to_owned(),
            };
            lines.push(format!("next, if {}: {who}{leads}", exit.outcome.words()));
        }
        lines
    }

    /// The grounds on which a stage may be opened, where it lists them.
    fn grounds(&self, ladder: &Ladder, number: u16) -> String {
        let stage = ladder.stages.iter().find(|stage| stage.number == number);
        let attribute = ladder.ground_attribute.and_then(|attribute| {
            self.policy.event(ladder.opened_by).attributes.get(attribute.index())
        });
        let (Some(stage), Some(AttributeKind::OneOf(all))) =
            (stage, attribute.map(|attribute| &attribute.kind))
        else {
            return String::new();
        };
        let listed: Vec<String> = stage
            .grounds
            .iter()
            .filter_map(|&ground| all.get(usize::from(ground)).cloned())
            .collect();
        if listed.is_empty() {
            String::new()
        } else {
            format!(", on the ground {}", joined(listed, "or"))
        }
    }
}

fn line(text: &str, style: &Style) -> String {
    let text = one_line(text);
    if style.unicode { text } else { text.replace(['“', '”'], "\"") }
}
