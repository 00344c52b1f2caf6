//! What happens to made-up children who are looked after, the same for the same seed.
//!
//! No case is real. Most reviews are held in time and some late, some are moved, one child in eight
//! lives far away or at home, one in seven meets a challenge. Nothing is recorded after 20 May 2026.

use std::io::{self, Write};

use fastrand::Rng;

/// 1 January 2025, as the number of days since 1 January 1970.
const FIRST: i32 = 20_089;
/// 20 May 2026: the day as of which the cases are to be looked at. Nothing is recorded after it.
const LAST: i32 = 20_593;

/// An event: its day, its name, and its attributes with their values.
type Event = (i32, &'static str, Vec<(&'static str, String)>);

/// What is written and sent after a review.
const AFTER: [&str; 7] = [
    "decisions-circulated",
    "decisions-received",
    "decisions-agreed",
    "outcomes-finalised",
    "outcomes-completed",
    "record-completed",
    "record-distributed",
];
/// So many days after a review all of it is done, and the next review is not held yet.
const PAPERS: i32 = 30;

/// The seed of the caseload, unless another is asked for.
pub(crate) const SEED: u64 = 903;

/// How the cases are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// A line of JSON for each case.
    Lines,
    /// A row of a table for each event.
    Table,
}

/// Writes so many cases.
pub(crate) fn write(out: &mut impl Write, number: u32, form: Form, seed: u64) -> io::Result<()> {
    let table = form == Form::Table;
    if table {
        writeln!(out, "case,date,event,,,")?;
    }
    for case in 0..number {
        // Each case has a seed of its own, so that a longer caseload begins with the shorter.
        let mut child =
            Child { random: Rng::with_seed(seed << 32 | u64::from(case)), events: Vec::new() };
        child.live();
        child.events.retain(|(day, ..)| *day <= LAST);
        child.events.sort_by_key(|(day, ..)| *day);
        if table {
            for (day, event, attributes) in &child.events {
                write!(out, "LA-{case:07},{},{event}", Day(*day))?;
                for (name, value) in attributes {
                    write!(out, ",{name}={value}")?;
                }
                writeln!(out)?;
            }
            continue;
        }
        write!(out, "{{\"case\":\"LA-{case:07}\",\"events\":[")?;
        for (place, (day, event, attributes)) in child.events.iter().enumerate() {
            let comma = if place > 0 { "," } else { "" };
            write!(out, "{comma}{{\"date\":\"{}\",\"event\":\"{event}\"", Day(*day))?;
            for (name, value) in attributes {
                match value.as_str() {
                    "yes" => write!(out, ",\"{name}\":true")?,
                    "no" => write!(out, ",\"{name}\":false")?,
                    digits
                        if *name != "ref" && digits.bytes().all(|byte| byte.is_ascii_digit()) =>
                    {
                        write!(out, ",\"{name}\":{digits}")?;
                    }
                    text => write!(out, ",\"{name}\":\"{text}\"")?,
                }
            }
            write!(out, "}}")?;
        }
        writeln!(out, "]}}")?;
    }
    out.flush()
}

/// A child, and what happens.
struct Child {
    random: Rng,
    events: Vec<Event>,
}

impl Child {
    fn add(&mut self, day: i32, event: &'static str, attributes: &[(&'static str, &str)]) {
        let attributes =
            attributes.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        self.events.push((day, event, attributes));
    }

    /// Whether something happens that happens in so many of a hundred cases.
    fn in_a_hundred(&mut self, cases: u32) -> bool {
        self.random.u32(0..100) < cases
    }

    /// A day that lies so many days after another, or somewhat more or less.
    fn around(&mut self, day: i32, days: i32, spread: i32) -> i32 {
        day + days + self.random.i32(-spread..=spread)
    }

    fn live(&mut self) {
        let begin = self.random.i32(FIRST + 260..LAST - 14);
        let born = begin - self.random.i32(100..6_000);
        self.add(born, "born", &[]);
        self.add(begin, "became-looked-after", &[]);
        if self.in_a_hundred(92) {
            let day = self.around(begin, 1, 1);
            self.add(day, "unit-notified", &[]);
        }
        let allocated = self.around(begin, 3, 2);
        self.add(allocated, "iro-allocated", &[]);
        self.place(begin);
        match self.random.u32(0..10) {
            0..4 => self.add(begin, "accommodated", &[]),
            4..8 => {
                self.add(begin, "interim-care-order-made", &[]);
                self.add(begin, "proceedings-issued", &[]);
                let made = self.around(begin, 200, 60);
                self.add(made, "care-order-made", &[]);
            }
            _ => self.add(begin, "care-order-made", &[]),
        }
        if self.in_a_hundred(70) {
            let day = self.around(begin, 2, 1);
            self.add(day, "health-assessment-initiated", &[]);
        }
        self.reviews(begin);
        for (event, cases) in [
            ("social-worker-changed", 18),
            ("went-missing", 9),
            ("panel-decision", 6),
            ("safeguarding-concern", 5),
            ("complaint-made", 3),
            ("became-eligible", 8),
            ("advocate-involved", 6),
            ("put-on-protection-plan", 5),
        ] {
            if self.in_a_hundred(cases) {
                let day = self.random.i32(begin + 1..=LAST);
                self.add(day, event, &[]);
                if cases > 5 && self.in_a_hundred(80) {
                    let informed = self.around(day, 3, 2);
                    self.add(informed, "iro-informed", &[]);
                    let judged = self.around(informed, 3, 2);
                    let significant = if self.in_a_hundred(20) { "yes" } else { "no" };
                    let by = Day(judged + 28).to_string();
                    let attributes = [("significant", significant), ("review-by", by.as_str())];
                    self.add(judged, "significance-judged", &attributes);
                }
            }
        }
        if self.in_a_hundred(14) {
            self.challenge(begin);
        }
        if self.in_a_hundred(10) {
            let day = self.random.i32(begin + 10..=LAST.max(begin + 11));
            self.add(day, "ceased-to-be-looked-after", &[]);
            self.end(day);
        }
    }

    /// Leaves out what would have come after the child ceased to be looked after. What is written about
    /// the last review until then is still finished.
    fn end(&mut self, ceased: i32) {
        let held =
            self.events.iter().filter(|(day, event, _)| *event == "review-held" && *day <= ceased);
        let written = held.map(|(day, ..)| day + PAPERS).max().unwrap_or(ceased);
        self.events
            .retain(|(day, event, _)| *day <= ceased || (*day <= written && AFTER.contains(event)));
    }

    fn place(&mut self, day: i32) {
        let miles = match self.random.u32(0..8) {
            0 => self.random.u32(36..140),
            _ => self.random.u32(1..35),
        };
        let setting = match self.random.u32(0..100) {
            0..70 => "foster",
            70..85 => "residential",
            85..93 => "with-parents",
            _ => "other",
        };
        self.add(day, "placed", &[("miles", miles.to_string().as_str()), ("setting", setting)]);
    }

    /// The reviews, one after the other, with what is done before and after each.
    fn reviews(&mut self, begin: i32) {
        let mut previous = begin;
        for (number, days) in (1..).zip([18, 80, 170, 170, 170]) {
            let late = if self.in_a_hundred(8) { self.random.i32(3..20) } else { 0 };
            let held = self.around(previous, days, 3) + late;
            let planned = if number == 1 { begin + 2 } else { previous };
            let first = if self.in_a_hundred(12) { held - 6 } else { held };
            self.add(planned, "review-planned", &[("new-date", Day(first).to_string().as_str())]);
            if first != held {
                self.add(first - 2, "new-date-agreed", &[]);
                let date = Day(held).to_string();
                let attributes = [("new-date", date.as_str()), ("exceptional", "yes")];
                self.add(first - 2, "review-rearranged", &attributes);
                self.add(first - 2, "review-planned", &[("new-date", date.as_str())]);
                self.add(first - 1, "participants-told", &[("about", "new-date")]);
            }
            self.before(held);
            if held > LAST {
                return;
            }
            let kind = if number == 1 { "initial" } else { "ordinary" };
            let changed = if self.in_a_hundred(30) { "yes" } else { "no" };
            let attributes = [("kind", kind), ("meeting", "yes"), ("plan-changed", changed)];
            self.add(held, "review-held", &attributes);
            self.after(held);
            if self.in_a_hundred(15) {
                let day = self.around(held, 40, 20);
                self.place(day);
                self.add(day, "placement-changed", &[("severity", "minor")]);
            }
            previous = held;
        }
    }

    fn before(&mut self, held: i32) {
        let day = self.around(held, -22, 3);
        self.add(day, "consulted", &[("who", "child"), ("about", "invitations")]);
        for (event, days, cases) in [
            ("purpose-discussed", -21, 80),
            ("attendance-weighed", -21, 40),
            ("invitations-sent", -15, 92),
            ("booklets-sent", -15, 80),
            ("child-visited", -8, 75),
            ("child-seen", -1, 55),
            ("documents-sent", -6, 85),
            ("consultation-returned", -3, 40),
        ] {
            if self.in_a_hundred(cases) {
                let day = self.around(held, days, 1);
                self.add(day.min(held), event, &[]);
            }
        }
    }

    fn after(&mut self, held: i32) {
        if self.in_a_hundred(60) {
            self.add(held, "matter-considered", &[("matter", "placement")]);
        }
        if self.in_a_hundred(50) {
            self.add(held, "plan-considered", &[("plan", "care"), ("standing", "up-to-date")]);
        }
        if self.in_a_hundred(35) {
            let by = Day(held + 30).to_string();
            self.add(held, "decision-made", &[("complete-by", by.as_str())]);
        }
        // Nothing is received before it was sent, nor given away before it was complete.
        let steps: [&[(&str, i32, u32)]; 3] = [
            &[
                ("decisions-circulated", 4, 93),
                ("decisions-received", 5, 60),
                ("decisions-agreed", 9, 70),
                ("outcomes-finalised", 16, 50),
            ],
            &[("outcomes-completed", 4, 88)],
            &[("record-completed", 17, 88), ("record-distributed", 20, 80)],
        ];
        for steps in steps {
            let mut earliest = held;
            for &(event, days, cases) in steps {
                if self.in_a_hundred(cases) {
                    earliest = earliest.max(self.around(held, days, 2));
                    self.add(earliest, event, &[]);
                }
            }
        }
    }

    /// A challenge that climbs until somebody is satisfied.
    fn challenge(&mut self, begin: i32) {
        let named = format!("ch-{}", self.random.u32(100..1000));
        let mut day = self.random.i32(begin + 20..LAST.max(begin + 21));
        self.add(day, "failure-found", &[("in-material-respect", "yes")]);
        for stage in ["1", "2", "3", "4"] {
            let own =
                [("ref", named.as_str()), ("stage", stage), ("ground", "decision-not-implemented")];
            self.add(day, "challenge-raised", &own);
            self.add(day, "challenge-recorded", &[]);
            if self.in_a_hundred(25) {
                day += self.random.i32(8..14);
                continue;
            }
            let answered = day + self.random.i32(1..7);
            self.add(answered, "challenge-answered", &[("ref", named.as_str()), ("stage", stage)]);
            let satisfied = self.in_a_hundred(65);
            day = answered + self.random.i32(0..4);
            let word = if satisfied { "yes" } else { "no" };
            self.add(day, "answer-judged", &[("ref", named.as_str()), ("satisfied", word)]);
            if satisfied {
                self.add(day, "challenge-resolved", &[("ref", named.as_str())]);
                return;
            }
        }
    }
}

/// A day, written as 2026-05-20.
struct Day(i32);

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Years are taken to begin in March, in cycles of 400.
        let days = self.0 + 719_468;
        let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
        let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let month = (5 * of_year + 2) / 153;
        let day = of_year - (153 * month + 2) / 5 + 1;
        let month = if month < 10 { month + 3 } else { month - 9 };
        let year = year + era * 400 + i32::from(month <= 2);
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}
