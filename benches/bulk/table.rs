//! Pairs of runs, and the table of what they come to.

use std::time::Duration;

/// What is held against something else, with how it was measured.
pub(super) struct Pairs {
    times: Vec<(Duration, Duration)>,
}

impl Pairs {
    /// Runs two things one after the other, turn about.
    pub(super) fn run(
        number: usize,
        mut one: impl FnMut() -> Duration,
        mut other: impl FnMut() -> Duration,
    ) -> Pairs {
        let mut times = Vec::new();
        for turn in 0..number {
            if turn % 2 == 0 {
                let first = one();
                times.push((first, other()));
            } else {
                let first = other();
                times.push((one(), first));
            }
        }
        Pairs { times }
    }

    /// How many times as long the one takes, from the least to the most.
    fn ratios(&self) -> Vec<f64> {
        let ratio =
            |(one, other): &(Duration, Duration)| one.as_secs_f64() / other.as_secs_f64().max(1e-9);
        let mut ratios: Vec<f64> = self.times.iter().map(ratio).collect();
        ratios.sort_by(f64::total_cmp);
        ratios
    }

    /// The median times of both.
    pub(super) fn medians(&self) -> (Duration, Duration) {
        let median = |mut times: Vec<Duration>| {
            times.sort();
            times[times.len() / 2]
        };
        let (one, other) = self.times.iter().copied().unzip();
        (median(one), median(other))
    }
}

/// How a ratio is wanted.
#[derive(Debug, Clone, Copy)]
pub(super) enum Aim {
    /// At most so much.
    Most(f64),
    /// At least so much.
    Least(f64),
    /// It is for comparison.
    None,
}

/// Prints what was measured, line by line.
pub(super) struct Table {
    timed: bool,
    unmet: usize,
}

impl Table {
    pub(super) fn new(timed: bool) -> Table {
        if timed {
            println!("\n{:<47} {:>7} {:>15} {:>8}", "", "ratio", "least to most", "aim");
        }
        Table { timed, unmet: 0 }
    }

    /// A ratio with what it is of.
    pub(super) fn row(&mut self, what: &str, pairs: &Pairs, aim: Aim) {
        let ratios = pairs.ratios();
        let (least, median, most) = (ratios[0], ratios[ratios.len() / 2], ratios[ratios.len() - 1]);
        let (one, other) = pairs.medians();
        let spread = format!("{least:.2} to {most:.2}");
        self.print(what, median, &spread, aim, &format!("{one:.2?} / {other:.2?}"));
    }

    /// A ratio that has no spread.
    pub(super) fn single(&mut self, what: &str, ratio: f64, aim: Aim, note: &str) {
        self.print(what, ratio, "", aim, note);
    }

    fn print(&mut self, what: &str, ratio: f64, spread: &str, aim: Aim, note: &str) {
        if !self.timed {
            return;
        }
        let (wanted, met) = match aim {
            Aim::Most(most) => (format!("<= {most}"), ratio <= most),
            Aim::Least(least) => (format!(">= {least}"), ratio >= least),
            Aim::None => (String::new(), true),
        };
        let verdict = match (aim, met) {
            (Aim::None, _) => "",
            (_, true) => "met",
            (_, false) => "NOT MET",
        };
        self.unmet += usize::from(!met);
        println!("{what:<47} {ratio:>7.2} {spread:>15} {wanted:>8} {verdict:<8}{note}");
    }

    /// Something that was not measured, or a number that is no ratio.
    pub(super) fn note(&self, text: &str) {
        if self.timed {
            println!("{text}");
        }
    }

    pub(super) fn end(&self) {
        match (self.timed, self.unmet) {
            (false, _) => println!("Everything was done once; nothing was measured."),
            (true, 0) => println!("\nEvery aim that was measured is met."),
            (true, 1) => println!("\nOne aim is not met."),
            (true, number) => println!("\n{number} aims are not met."),
        }
    }
}
