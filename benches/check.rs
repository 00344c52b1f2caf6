//! How long it takes to read, to check and to examine a policy: `cargo bench --bench check`.
//!
//! Quick is what an editor waits for; full goes through every day of the calendar. Beside the shipped
//! policies a policy of 2,000 rules is made up, to see that nothing grows faster than the policy does.
//! Without `--bench`, as under `cargo test`, the made-up policy is small and everything is done once.

#![expect(clippy::unwrap_used, reason = "a measurement may stop where it fails")]
#![expect(clippy::print_stdout, reason = "the table is for whoever runs this")]

use std::fmt::Write as _;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};
use std::{env, fs};

use duly::analyse::{Depth, Subject, analyse};
use duly::bundle::Bundle;
use duly::calendar::Date;
use duly::check::{Calendars, Compiled, Switches, compile_parsed};
use duly::source::Source;

fn main() {
    let (rules, runs) =
        if env::args().any(|argument| argument == "--bench") { (2_000, 5) } else { (60, 1) };
    println!("{:<21} {:>6} {:<10} {:>11} {:>9}", "policy", "rules", "what", "median", "findings");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies");
    let mut folders: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    for folder in folders.into_iter().filter(|path| path.is_dir()) {
        let mut files: Vec<_> =
            fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.retain(|path| path.extension().is_some_and(|ending| ending == "duly"));
        files.sort_by_key(|path| (!path.ends_with("policy.duly"), path.clone()));
        let sources = files
            .iter()
            .map(|path| Source::new(path.display().to_string(), fs::read_to_string(path).unwrap()));
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        measure(&name, &Bundle::new(sources.collect()), runs);
    }
    let made_up = Source::new("policy.duly", made_up(rules));
    measure("made up", &Bundle::new(vec![made_up]), runs);
    if let Some(most) = most_memory() {
        println!("at most {most} of memory");
    }
}

fn measure(name: &str, bundle: &Bundle, runs: usize) {
    let compiled = || compile_parsed(bundle.parse(), &Calendars::default(), &Switches::default());
    let first = compiled();
    let rules = first.policy.as_ref().unwrap().rules.len();
    let row = |what: &str, median: Duration, findings: usize| {
        let median = format!("{median:.2?}");
        println!("{name:<21} {rules:>6} {what:<10} {median:>11} {findings:>9}");
    };
    row("compile", median(runs, compiled), first.problems.len());
    for (what, depth) in [("quick", Depth::Quick), ("full", Depth::Full)] {
        let findings = examined(&first, depth);
        row(what, median(runs, || examined(&first, depth)), findings);
    }
}

fn examined(compiled: &Compiled, depth: Depth) -> usize {
    let found = analyse(&Subject {
        policy: compiled.policy.as_ref().unwrap(),
        file: &compiled.file,
        scenarios: &compiled.scenarios,
        checked: &compiled.problems,
        calendars: &Calendars::default(),
        baseline: None,
        today: Date::parse("2026-03-02").ok(),
        depth,
    });
    found.problems.len()
}

fn median<T>(runs: usize, mut work: impl FnMut() -> T) -> Duration {
    let mut times: Vec<Duration> = (0..runs)
        .map(|_| {
            let start = Instant::now();
            black_box(work());
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    times.get(runs / 2).copied().unwrap_or_default()
}

/// A policy of about so many rules, of every kind that a policy has, with some of everything that the
/// analyses look for.
fn made_up(rules: usize) -> String {
    let mut text = String::from(
        "policy made-up \"A made-up policy\"\n  authority \"A council\"\n  source \"None\"\n  \
         calendar england-and-wales\nrole officer \"Officer\"\nrole manager \"Manager\"\n\
         event case-opened \"Opened\"\nevent case-ended \"Ended\"\nstate case-open \"Open\"\n  from case-opened\n  \
         until case-ended\n",
    );
    // Of every forty rules: one review, one ladder, one trigger, one prohibition, and duties.
    for block in 0..rules.div_ceil(40) {
        made_up_block(&mut text, block);
    }
    text
}

fn made_up_block(text: &mut String, block: usize) {
    let reading = block.is_multiple_of(10);
    if reading {
        writeln!(
            text,
            "reading limit-{block} \"Not said\"\n  is {} working days\n  or {} calendar days",
            block % 7 + 3,
            block % 9 + 4
        )
        .unwrap();
    }
    let length = if reading { format!("limit-{block}") } else { "20 working days".to_owned() };
    writeln!(
        text,
        "event held-{block} \"Review held\"\nevent raised-{block} \"Dispute raised\"\n  stage is a number\n\
         event answered-{block} \"Answered\"\n  stage is a number\nevent judged-{block} \"Judged\"\n  \
         satisfied is yes or no\nevent closed-{block} \"Closed\"\n\
         review review-{block} \"Review\"\n  by officer must\n  held on held-{block}\n  while case-open\n  \
         first within {length} after case-opened\n  later within the earlier of 6 months and 183 calendar days \
         after the previous\n\
         ladder ladder-{block} \"Ladder\"\n  by officer must\n  opened by raised-{block}\n  answered by \
         answered-{block}\n  judged by judged-{block}\n  closed by closed-{block}\n  enters at any stage\n  \
         cap 12 working days after the first opening from stage 1 up\n  stage 1 \"One\"\n    to officer\n    \
         answer from officer\n    within 5 working days\n    if satisfied ends\n    if not satisfied officer \
         may open stage 2\n    if no answer officer may open stage 2\n  stage 2 \"Two\"\n    to manager\n    \
         answer from manager\n    within 1 week\n    if satisfied ends\n\
         event noted-{block} \"Noted\"\nevent weighed-{block} \"Weighed\"\n  serious is yes or no\n\
         trigger trigger-{block} \"Weigh it\"\n  by officer must\n  on noted-{block}\n  asks officer to judge \
         serious, recorded by weighed-{block}\n  if serious review-{block} due within 10 working days after \
         weighed-{block}\n\
         forbid forbid-{block} \"No second note\"\n  by officer must\n  no more than 2 noted-{block} in any 3 \
         months"
    )
    .unwrap();
    for number in 0..36 {
        let name = format!("{block}-{number}");
        let due = match number % 6 {
            0 => format!("at least 5 working days before each review-{block}"),
            1 => "with no time limit after case-opened".to_owned(),
            2 => format!("within 3 weeks after held-{block}"),
            3 => format!("within 2 months after overdue duty-{block}-{}", number - 1),
            _ => {
                "within 10 working days after case-opened\n  except while urgent".to_owned()
                    + &format!(
                        "-{block}, within 2 working days\n  changing mid-clock from the next clock"
                    )
            }
        };
        writeln!(
            text,
            "event done-{name} \"Done\"\nduty duty-{name} \"Duty\"\n  by officer must\n  due {due}\n  met by \
             done-{name}"
        )
        .unwrap();
    }
    writeln!(
        text,
        "event urgent-seen-{block} \"Urgent\"\nstate urgent-{block} \"Urgent\"\n  from urgent-seen-{block}"
    )
    .unwrap();
}

/// The most memory that this process has held, where the system tells.
fn most_memory() -> Option<String> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().to_owned())
}
