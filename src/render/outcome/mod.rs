//! A case, answered: what is due, from whom, by when, and what stands in the way.
//!
//! An outcome is first brought into the order in which people read it (most urgent first); the same
//! sections are then set on paper, told as sentences for a screen reader, or written as data.

mod climb;
mod data;
mod dates;
mod fold;
mod forbid;
mod human;
mod lines;
mod moved;
mod reason;
mod status;
mod words;

pub use climb::ladders_text;
pub use data::answer_json;
pub use forbid::{forbid_json, forbid_text};
pub use human::{answer_human, answer_plain};
pub use lines::{Columns, CsvLines};
pub use moved::{
    Moved, done_json, done_text, done_words, moved_json, moved_markdown, moved_text, notes_text,
};
pub(super) use words::Side;
pub use words::{count, when};

use crate::eval::{
    Deadline, Due, LadderState, Outcome, Part, Question, Reason, Standing, Status, Timeline,
    Verdict,
};
use crate::policy::words::{joined, ordinal};
use crate::policy::{Body, Duration, Policy, RuleId, Shape};

/// A policy, a case and what came of them.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'a> {
    /// The policy.
    pub policy: &'a Policy,
    /// The case.
    pub timeline: &'a Timeline,
    /// What evaluating the one with the other gave.
    pub outcome: &'a Outcome,
}

/// How much of an answer to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Extent {
    /// What is open, and what was not done in time.
    #[default]
    Open,
    /// Everything, what was done in time and what waits included.
    All,
}

/// A part of an answer under its own heading.
struct Section {
    heading: &'static str,
    tone: Tone,
    items: Vec<Item>,
}

/// How a section asks for attention; the heading says it too, colour only repeats it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::render) enum Tone {
    Urgent,
    Open,
    Quiet,
}

/// One entry of a section.
struct Item {
    /// The last day in time, for the entries that are deadlines.
    when: Option<String>,
    title: String,
    lines: Vec<String>,
    /// How many things it tells of; more than one where they are told together.
    count: usize,
}

impl Item {
    /// An entry that tells of one thing.
    fn one(when: Option<String>, title: String, lines: Vec<String>) -> Self {
        Self { when, title, lines, count: 1 }
    }
}

/// Deadlines under one heading.
pub(in crate::render) type Group = (&'static str, Tone, &'static [Status]);

/// The groups of deadlines on which something is to be done now, most urgent first.
pub(in crate::render) const NOW: &[Group] = &[
    ("Overdue", Tone::Urgent, &[Status::Overdue]),
    ("Cannot be met in time", Tone::Urgent, &[Status::CannotBeMet]),
    ("Cannot be said", Tone::Urgent, &[Status::Undetermined]),
    ("Begun", Tone::Open, &[Status::Begun]),
    ("Due", Tone::Open, &[Status::Due]),
];

/// The groups of deadlines that are open and press less.
pub(in crate::render) const THEN: &[Group] = &[
    ("Not open yet", Tone::Open, &[Status::NotOpen]),
    ("Waiting", Tone::Quiet, &[Status::Waiting]),
    ("Owed since the day shown, with no time limit", Tone::Open, &[Status::Outstanding]),
];

/// The groups of deadlines that are over.
pub(in crate::render) const OVER: &[Group] = &[
    ("Done late, or not done", Tone::Quiet, &[Status::Late, Status::Missed]),
    ("Done in time", Tone::Quiet, &[Status::Met]),
    ("No longer owed", Tone::Quiet, &[Status::Lapsed]),
];

impl Answer<'_> {
    /// The lines above everything else: which case, which policy, which day, which calendar.
    pub(in crate::render) fn head(&self) -> [String; 2] {
        let header = &self.policy.header;
        let calendar = &self.policy.calendar;
        let of = [&header.title, &header.authority];
        let of: Vec<&str> =
            of.map(String::as_str).into_iter().filter(|it| !it.is_empty()).collect();
        [
            format!("{}: {}", self.timeline.case, of.join(", ")),
            format!(
                "As of {}. Working days: {} (until {}).",
                self.outcome.as_of.long(),
                calendar.name(),
                calendar.covered().1.short()
            ),
        ]
    }

    fn sections(&self, extent: Extent) -> Vec<Section> {
        let group = |&(heading, tone, statuses): &Group| Section {
            heading,
            tone,
            items: self.deadlines(statuses, extent),
        };
        let mut sections: Vec<Section> = NOW.iter().map(group).collect();
        sections.extend([self.ladders(extent), self.prohibitions(extent)]);
        sections.extend([self.strays(), self.questions()]);
        sections.extend(THEN.iter().chain(OVER).map(group));
        sections.extend([self.deemed(), self.ahead()]);
        sections.retain(|section| !section.items.is_empty());
        sections
    }

    /// The deadlines of a group, by their last day.
    fn deadlines(&self, statuses: &[Status], extent: Extent) -> Vec<Item> {
        let mut rows: Vec<&Deadline> = self
            .outcome
            .deadlines
            .iter()
            .filter(|deadline| statuses.contains(&deadline.status))
            .filter(|deadline| extent == Extent::All || !is_quiet(deadline))
            .collect();
        rows.sort_by_key(|deadline| match deadline.due {
            Due::On(day) => (0, Some(day), deadline.rule),
            Due::Beyond(_) | Due::Unknown => (1, None, deadline.rule),
            Due::Never => (2, deadline.anchor.map(|anchor| anchor.date), deadline.rule),
            Due::Waiting => (3, None, deadline.rule),
        });
        match extent {
            Extent::All => rows.into_iter().map(|row| self.item(row, extent)).collect(),
            Extent::Open => self.folded(&rows),
        }
    }

    fn item(&self, deadline: &Deadline, extent: Extent) -> Item {
        let mut lines = vec![self.status(deadline)];
        let mut when = when(deadline);
        // The heading says already that there is no time limit, so the day stands in its place.
        if let (Status::Outstanding, Some(start)) = (deadline.status, deadline.anchor) {
            when = start.date.long().to_string();
            lines.clear();
        }
        lines.extend(status::remarks(deadline));
        // The title says already that the review was held.
        let reasons = told(deadline);
        lines.extend(reasons.map(|reason| self.reason(deadline, reason)));
        // What is over asks nothing of anyone; how it came about is enough.
        if extent == Extent::All || !is_over(deadline) {
            lines.push(self.who(deadline));
        }
        Item::one(Some(when), self.full_title(deadline), lines)
    }

    /// Who, how strongly, by which section, and who is told.
    fn who(&self, deadline: &Deadline) -> String {
        let rule = self.policy.rule(deadline.rule);
        let (_, cites) = self.owners(deadline);
        let mut line = self.owner_words(deadline);
        if !rule.tells.is_empty() {
            line += &format!("; tells {}", self.roles(&rule.tells));
        }
        if !cites.is_empty() {
            line += &format!("; source: {}", cites.join(", "));
        }
        line
    }

    fn prohibitions(&self, extent: Extent) -> Section {
        let mut items = Vec::new();
        for finding in &self.outcome.findings {
            let stands = match finding.verdict {
                Verdict::Breached => "against the rule",
                Verdict::NotKnown => "whether it was against the rule cannot be said",
                Verdict::Kept if extent == Extent::All => "kept",
                Verdict::Kept => continue,
            };
            let rule = self.policy.rule(finding.rule);
            let mut lines = vec![match finding.fact {
                Some(fact) => format!("{}: {stands}", self.fact(fact)),
                None => stands.to_owned(),
            }];
            lines.extend(
                finding
                    .questions
                    .iter()
                    .map(|question| format!("not recorded: {}", self.question(question))),
            );
            let cites = if rule.cites.is_empty() {
                String::new()
            } else {
                format!("; source: {}", rule.cites.join(", "))
            };
            lines.push(format!(
                "{} ({}){cites}",
                self.roles(&rule.owners),
                words::strength(rule.strength)
            ));
            items.push(Item::one(None, rule.title.clone(), lines));
        }
        Section { heading: "Not to be done", tone: Tone::Urgent, items }
    }

    fn ladders(&self, extent: Extent) -> Section {
        let items = self
            .outcome
            .standings
            .iter()
            .filter(|standing| extent == Extent::All || standing.state != LadderState::Closed)
            .filter_map(|standing| self.ladder(standing))
            .collect();
        Section { heading: "Escalation: where each stands", tone: Tone::Open, items }
    }

    fn ladder(&self, standing: &Standing) -> Option<Item> {
        let rule = self.policy.rule(standing.rule);
        let ladder = words::ladder(rule)?;
        let stage = ladder.stages.iter().find(|stage| stage.number == standing.stage);
        let at = self.policy.stage_title(standing.rule, standing.stage);
        let since = self
            .known(standing.stage_opened)
            .map(|fact| format!(" since {}", fact.date.long()))
            .unwrap_or_default();
        let closed = standing
            .closed
            .and_then(|fact| self.known(fact))
            .map(|fact| format!(" on {}", fact.date.long()))
            .unwrap_or_default();
        let mut lines = vec![match standing.state {
            LadderState::Open => format!("open at {at}{since}"),
            LadderState::Settled => {
                format!("at {at}: the answer was judged satisfactory, the closing is not recorded")
            }
            LadderState::Closed => format!("closed{closed} at {at}"),
            LadderState::Exhausted => {
                format!("exhausted: the answer at {at}, the highest, was judged not satisfactory")
            }
            LadderState::NoListedWayOn => {
                format!("at {at}{since}: the policy lists no way on; the answer stays owed")
            }
        }];
        lines.extend(standing.ways.iter().map(|way| self.way(standing.rule, way)));
        lines.extend(self.cap(standing));
        if standing.state != LadderState::Closed {
            let mut copies = ladder.copies.clone();
            let own = stage.map(|stage| stage.copies.as_slice()).unwrap_or_default();
            copies.extend(own.iter().filter(|role| !ladder.copies.contains(role)));
            if !copies.is_empty() {
                lines.push(format!("copies to {}", self.roles(&copies)));
            }
            if let Some(outside) = ladder.outside {
                let title = &self.policy.event(outside).title;
                lines.push(format!("always available: “{title}”"));
            }
        }
        lines.extend(standing.outside.iter().map(|&fact| self.fact(fact)));
        lines.extend(
            standing
                .irregular
                .iter()
                .map(|&(fact, what)| format!("{}: {}", self.fact(fact), what.words())),
        );
        Some(Item::one(None, self.ladder_title(standing), lines))
    }

    /// Which ladder it is: `Challenge, ref 17`.
    pub(in crate::render) fn ladder_title(&self, standing: &Standing) -> String {
        let mut title = self.policy.rule(standing.rule).title.clone();
        if let Some(reference) = self.reference(Some(standing.opened)) {
            title += &format!(", ref {reference}");
        } else if standing.ordinal > 1 {
            title += &format!(" ({})", ordinal(standing.ordinal));
        }
        title
    }

    /// How much of the time for the whole process has been used.
    fn cap(&self, standing: &Standing) -> Option<String> {
        let row = self.outcome.deadlines.iter().find(|deadline| {
            (deadline.rule, deadline.part, deadline.ordinal)
                == (standing.rule, Part::Cap, standing.ordinal)
        })?;
        let (Due::On(due), Some(start)) = (row.due, row.anchor) else {
            return None;
        };
        let until = row.done_on.unwrap_or(self.outcome.as_of);
        let ladder = words::ladder(self.policy.rule(standing.rule))?;
        let working = match &ladder.cap.as_ref()?.window.shape {
            Shape::Within(Duration::Fixed(length))
            | Shape::PeriodBeginning(Duration::Fixed(length)) => {
                length.unit == crate::calendar::Unit::WorkingDays
            }
            _ => false,
        };
        let used = if working {
            count(self.policy.calendar.working_days_between(start.date, until)?, "working day")
        } else {
            count(start.date.days_until(until), "day")
        };
        Some(format!("whole process: by {}; {used} used since {}", due.long(), start.date.long()))
    }

    /// Everything nobody recorded on which some answer turns, each told once.
    pub fn open_questions(&self) -> Vec<Question> {
        let mut questions: Vec<Question> = Vec::new();
        let mut add = |question: Question| {
            if !questions.contains(&question) {
                questions.push(question);
            }
        };
        for deadline in &self.outcome.deadlines {
            for reason in &deadline.reasons {
                match reason {
                    Reason::NotRecorded(question) => add(question.clone()),
                    Reason::OrderNotRecorded(one, other) => add(Question::Order(*one, *other)),
                    _ => {}
                }
            }
        }
        for finding in &self.outcome.findings {
            finding.questions.iter().cloned().for_each(&mut add);
        }
        for one in &self.outcome.unclocked {
            one.start.iter().cloned().for_each(&mut add);
        }
        questions
    }

    fn questions(&self) -> Section {
        let items = self
            .open_questions()
            .iter()
            .map(|question| {
                let role = self.who_knows(question).map(|role| &self.policy.role(role).title);
                let lines = role.map(|role| format!("the policy leaves this to: {role}"));
                Item::one(None, self.question(question), lines.into_iter().collect())
            })
            .collect();
        Section { heading: "Not recorded, and it matters", tone: Tone::Open, items }
    }

    /// Acts on a ladder that belong to none, and reviews held while no clock ran: they count for nothing, so
    /// somebody has to look at them.
    fn strays(&self) -> Section {
        let title = |rule| &self.policy.rule(rule).title;
        let acts = self.outcome.strays.iter().map(|&(rule, fact, what)| {
            let line = format!("{}: {}; it counts for nothing", title(rule), what.words());
            Item::one(None, self.fact(fact), vec![line])
        });
        let reviews = self.outcome.unclocked.iter().map(|one| {
            let line = format!("{}: {UNCLOCKED}", title(one.rule));
            Item::one(None, self.fact(one.fact), vec![line])
        });
        let items = acts.chain(reviews).collect();
        Section { heading: "Recorded, and fits nothing", tone: Tone::Urgent, items }
    }

    fn deemed(&self) -> Section {
        let items = self
            .outcome
            .deemed
            .iter()
            .filter(|deemed| self.concerns(deemed.rule))
            .filter_map(|deemed| {
                let known = self.known(deemed.fact)?;
                let rule = &self.policy.rule(deemed.rule).title;
                Some(Item::one(
                    Some(deemed.date.long().to_string()),
                    known.event.title.clone(),
                    vec![format!("because nothing was done about: {rule}")],
                ))
            })
            .collect();
        Section { heading: "Taken to have happened", tone: Tone::Quiet, items }
    }

    /// Whether any deadline of the rule is among those to be shown.
    fn concerns(&self, rule: RuleId) -> bool {
        self.outcome.deadlines.iter().any(|deadline| deadline.rule == rule)
    }

    fn ahead(&self) -> Section {
        let items = self
            .outcome
            .ahead
            .iter()
            .filter_map(|&fact| {
                let known = self.known(fact)?;
                Some(Item::one(
                    Some(known.date.long().to_string()),
                    known.event.title.clone(),
                    vec![format!("line {} of the case", known.line)],
                ))
            })
            .collect();
        Section { heading: "Dated later, so not yet happened", tone: Tone::Quiet, items }
    }

    /// What a short answer leaves out, in a sentence.
    fn foot(&self, extent: Extent, empty: bool) -> Option<String> {
        let mut parts = Vec::new();
        if extent == Extent::Open {
            let hidden = |status| {
                let rows = &self.outcome.deadlines;
                rows.iter()
                    .filter(|deadline| deadline.status == status && is_quiet(deadline))
                    .count() as i32
            };
            for (number, what) in [
                (hidden(Status::Met), "done in time"),
                (hidden(Status::Lapsed), "no longer owed"),
                (hidden(Status::Waiting), "waiting for something to happen"),
            ] {
                if number > 0 {
                    parts.push(format!("{number} {what}"));
                }
            }
            let closed = self.outcome.standings.iter();
            let closed = closed.filter(|standing| standing.state == LadderState::Closed);
            let closed = closed.count();
            if closed > 0 {
                parts.push(format!("{closed} closed"));
            }
        }
        let nothing = match (empty, extent) {
            (false, _) => "",
            (true, Extent::Open) => "Nothing is open, and nothing was late. ",
            (true, Extent::All) => "The policy asks for nothing in this case.",
        };
        match (parts.is_empty(), nothing) {
            (true, "") => None,
            (true, _) => Some(nothing.trim_end().to_owned()),
            (false, _) => {
                Some(format!("{nothing}Not shown: {} (`--all` shows them).", joined(parts, "and")))
            }
        }
    }
}

/// What is said of a review that was held while no clock ran.
const UNCLOCKED: &str =
    "its clock was not running on that day, as far as is recorded; it meets no deadline";

/// The reasons worth telling: the title says already that the review was held.
fn told(deadline: &Deadline) -> impl Iterator<Item = &Reason> {
    deadline.reasons.iter().filter(|reason| !matches!(reason, Reason::ReviewHeld(_)))
}

/// Whether a deadline is history: done late, or not done and past doing.
fn is_over(deadline: &Deadline) -> bool {
    matches!(deadline.status, Status::Late | Status::Missed)
}

/// Whether a short answer leaves the deadline out: it is settled, or its time has not begun.
pub(in crate::render) fn is_quiet(deadline: &Deadline) -> bool {
    match deadline.status {
        Status::Met | Status::Lapsed => true,
        Status::Waiting => deadline.reasons.is_empty(),
        Status::Late
        | Status::Due
        | Status::NotOpen
        | Status::Begun
        | Status::Overdue
        | Status::CannotBeMet
        | Status::Missed
        | Status::Outstanding
        | Status::Undetermined => false,
    }
}

/// The kind of a rule, as its keyword in the language.
pub(super) fn keyword(body: &Body) -> &'static str {
    match body {
        Body::Series(series) => series.noun,
        Body::Duty(_) => "duty",
        Body::Trigger(_) => "trigger",
        Body::Forbid(_) => "forbid",
        Body::Ladder(_) => "ladder",
    }
}
