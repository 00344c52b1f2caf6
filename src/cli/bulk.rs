//! Many cases at once: read piece by piece, worked on by every core, and taken up in order.
//!
//! The thread of the command reads and writes; one worker for each core reads the cases of a piece,
//! evaluates them and puts its answers into words. No more pieces are under way than the cores can work
//! on, so the memory is that of a few pieces, however many cases there are. What comes out does not
//! depend on how many cores there are.

use std::collections::{BTreeMap, VecDeque};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{Builder, Scope, available_parallelism, scope};

use super::ExitStatus;
use super::absent::Absent;
use super::faults::{Fault, Faults, Warnings};
use super::fs::{self, CliError, Printer};
use crate::cases::{Batch, Batches, CaseResult, Names, RowError};
use crate::diagnostic::printable::one_line;
use crate::eval::Timeline;
use crate::policy::Policy;

/// As in [`super::run`]: a deeply nested policy needs a deep stack.
const STACK: usize = 64 << 20;

/// Answers of one file up to this size wait for the rest of it, so that what is wrong with the file can
/// stand above them.
const HELD: usize = 256 << 10;

/// What is to be done with which cases.
pub(super) struct Load<'a> {
    pub(super) policy: &'a Policy,
    /// The cases that are wanted; all, where none is named.
    pub(super) wanted: &'a [String],
    pub(super) on_fault: OnFault,
}

/// What to do about a case or a row that cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OnFault {
    /// Leave it out, say so, and go on.
    GoOn,
    /// Stop.
    Stop,
}

/// Who takes up what was made of the cases, in the order of the input.
pub(super) trait Taker<T> {
    /// Takes what was made of a case, with what was written of it.
    fn answer(&mut self, made: T, text: &[u8], printer: &mut Printer) -> Result<(), CliError>;

    /// Takes what was made of cases that follow one another, each with the place where its text ends.
    fn answers(
        &mut self,
        made: Vec<(T, usize)>,
        text: &[u8],
        printer: &mut Printer,
    ) -> Result<(), CliError> {
        one_by_one(self, made, text, printer)
    }

    /// Whether the answers to a file wait for what is wrong with it, so that it can be told above them.
    /// Where nothing is printed of a case they need not.
    fn waits(&self) -> bool {
        true
    }

    /// Takes something that cannot be read.
    fn refuse(&mut self, file: &str, fault: &Fault, printer: &mut Printer) -> Result<(), CliError>;
}

/// Hands cases that follow one another to a taker one after the other.
pub(super) fn one_by_one<T>(
    taker: &mut (impl Taker<T> + ?Sized),
    made: Vec<(T, usize)>,
    text: &[u8],
    printer: &mut Printer,
) -> Result<(), CliError> {
    let mut begin = 0;
    for (made, end) in made {
        taker.answer(made, text.get(begin..end).unwrap_or_default(), printer)?;
        begin = end;
    }
    Ok(())
}

/// How many cases there were, and what became of them.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) answered: usize,
    /// Cases that could not be read.
    pub(super) faulty: usize,
    /// Files with something wrong outside any case.
    pub(super) unread: usize,
    /// How many of the faulty cases failed first in which field; by an empty name those that failed as a
    /// whole.
    pub(super) fields: BTreeMap<String, usize>,
    /// Whether it stopped at a mistake.
    pub(super) stopped: bool,
    /// The cases that are wanted and have not been seen.
    absent: Absent,
}

impl Tally {
    fn new(load: &Load<'_>) -> Tally {
        Tally { absent: Absent::new(load.wanted), ..Tally::default() }
    }

    /// Whether everything there was has been answered.
    pub(super) fn is_clean(&self) -> bool {
        self.faulty == 0 && self.unread == 0
    }

    /// The status with which a run over these cases ends, if nothing else is to be reported.
    pub(super) fn status(&self) -> ExitStatus {
        ExitStatus::found(!self.is_clean() || self.answered == 0 || !self.absent.is_empty())
    }

    /// Whether a case that is wanted is nowhere.
    pub(super) fn is_absent(&self, case: &str) -> bool {
        self.absent.has(case)
    }

    /// Says which of the cases that are wanted are nowhere; whether there are such cases.
    pub(super) fn tell_absent(&self, printer: &mut Printer) -> Result<bool, CliError> {
        // What comes behind the place where it stopped was not looked at.
        if self.absent.is_empty() || self.stopped {
            return Ok(false);
        }
        self.absent.tell(printer)?;
        Ok(true)
    }
}

/// What a worker makes of a piece: for each case what was made of it, and where its text ends.
struct Worked<T> {
    cases: Vec<(CaseResult, Option<(T, usize)>)>,
    /// How many cases there were, with those that are not wanted.
    found: usize,
    /// What there was in place of those that are wanted.
    others: Absent,
    /// Whether it is a piece of a table, in which the rows of a case have to stand together.
    table: bool,
    text: Vec<u8>,
    errors: Vec<RowError>,
    notices: Vec<String>,
    size: usize,
}

/// A piece, an empty buffer for what is written of it, and where to send what was made of it.
type Job<T> = (Batch, Vec<u8>, Sender<Worked<T>>);

/// Works through the cases of the files.
///
/// `work` is called once for each worker, and gives what the worker does with a case: it writes about
/// the case into a buffer, and returns whatever else is to be known of it. The taker receives both, case
/// by case.
pub(super) fn run<T, W>(
    load: &Load<'_>,
    files: &[PathBuf],
    work: &(impl Fn() -> W + Sync),
    taker: &mut impl Taker<T>,
    printer: &mut Printer,
) -> Result<Tally, CliError>
where
    T: Send,
    W: FnMut(&Timeline, &mut Vec<u8>) -> T,
{
    scope(|threads| {
        let mut crew = Crew { threads, load, work, own: work(), pool: None, spare: Vec::new() };
        let mut names = Names::default();
        let mut tally = Tally::new(load);
        for (number, path) in (0..).zip(files) {
            let mut collector = Collector {
                load,
                files,
                number,
                shown: fs::called(path),
                names: &mut names,
                tally: &mut tally,
                holding: taker.waits(),
                taker,
                held: Vec::new(),
                held_text: Vec::new(),
                faults: Faults::default(),
                warnings: Warnings::default(),
                empty: true,
                table: false,
                read: 0,
                size: fs::size(path),
            };
            crew.work_through(path, &mut collector, printer)?;
            collector.finish(printer)?;
            if tally.stopped {
                break;
            }
        }
        Ok(tally)
    })
}

/// Those who work: the thread of the command itself, and a pool where there is something to share out.
struct Crew<'scope, 'env, T, F, W> {
    threads: &'scope Scope<'scope, 'env>,
    load: &'scope Load<'scope>,
    work: &'scope F,
    own: W,
    pool: Option<Pool<T>>,
    /// Buffers of pieces that have been taken up, for others.
    spare: Vec<Vec<u8>>,
}

impl<'scope, T, F, W> Crew<'scope, '_, T, F, W>
where
    T: Send + 'scope,
    F: Fn() -> W + Sync,
    W: FnMut(&Timeline, &mut Vec<u8>) -> T,
{
    /// Works through a file, as many pieces at a time as there are cores.
    fn work_through<K: Taker<T>>(
        &mut self,
        path: &Path,
        collector: &mut Collector<'_, T, K>,
        printer: &mut Printer,
    ) -> Result<(), CliError> {
        let unreadable = |error| fs::unreadable(path, &error);
        let batches = Batches::new(self.load.policy, &fs::shown(path), fs::open(path)?);
        let mut batches = batches.map_err(unreadable)?;
        let mut next = || batches.next().transpose().map_err(unreadable);
        let mut ahead = next()?;
        let mut under_way: VecDeque<Receiver<Worked<T>>> = VecDeque::new();
        while let Some(batch) = ahead.take() {
            ahead = next()?;
            let buffer = self.spare.pop().unwrap_or_default();
            if ahead.is_none() && under_way.is_empty() {
                // There is nothing to share out.
                let done = worked(self.load, batch, buffer, &mut self.own);
                self.spare.push(collector.take(done, printer)?);
                break;
            }
            let pool = match &mut self.pool {
                Some(pool) => pool,
                none => none.insert(Pool::new(self.threads, self.load, self.work)?),
            };
            under_way.push_back(pool.send(batch, buffer));
            if under_way.len() > pool.cores
                && let Some(done) = under_way.pop_front()
            {
                self.spare.push(collector.take(received(&done)?, printer)?);
            }
            if collector.tally.stopped {
                break;
            }
        }
        for done in under_way {
            self.spare.push(collector.take(received(&done)?, printer)?);
        }
        Ok(())
    }
}

/// What a worker sends back. One that panicked sends nothing, and the panic itself comes through when the
/// workers are waited for.
fn received<T>(done: &Receiver<Worked<T>>) -> Result<Worked<T>, CliError> {
    done.recv().map_err(|_| CliError::new("a part of the work could not be finished"))
}

/// The workers.
struct Pool<T> {
    jobs: SyncSender<Job<T>>,
    cores: usize,
}

impl<T: Send> Pool<T> {
    fn new<'scope, W>(
        threads: &'scope Scope<'scope, '_>,
        load: &'scope Load<'scope>,
        work: &'scope (impl Fn() -> W + Sync),
    ) -> Result<Pool<T>, CliError>
    where
        T: 'scope,
        W: FnMut(&Timeline, &mut Vec<u8>) -> T,
    {
        let cores = available_parallelism().map_or(1, usize::from);
        let (jobs, queue) = sync_channel::<Job<T>>(cores);
        let queue = Arc::new(Mutex::new(queue));
        for _ in 0..cores {
            let queue = Arc::clone(&queue);
            let body = move || {
                let mut work = work();
                loop {
                    let job = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
                    let Ok((batch, buffer, answer)) = job else { break };
                    // Nobody waits any more where the run has been stopped.
                    let _ = answer.send(worked(load, batch, buffer, &mut work));
                }
            };
            Builder::new()
                .stack_size(STACK)
                .spawn_scoped(threads, body)
                .map_err(|error| CliError::new(format!("cannot start a thread: {error}")))?;
        }
        Ok(Pool { jobs, cores })
    }

    fn send(&self, batch: Batch, buffer: Vec<u8>) -> Receiver<Worked<T>> {
        let (answer, done) = channel();
        // Where every worker has panicked, the answer that never comes tells it.
        let _ = self.jobs.send((batch, buffer, answer));
        done
    }
}

/// Reads the cases of a piece, and does the work on each.
fn worked<T>(
    load: &Load<'_>,
    batch: Batch,
    mut text: Vec<u8>,
    work: &mut impl FnMut(&Timeline, &mut Vec<u8>) -> T,
) -> Worked<T> {
    let (size, table) = (batch.size(), batch.is_of_table());
    let read = batch.read(load.policy);
    let found = read.cases.len();
    let mut others = Absent::new(load.wanted);
    let is_wanted = |case: &CaseResult| {
        let is_wanted = load.wanted.is_empty() || load.wanted.contains(&case.case);
        if !is_wanted {
            others.pass(&case.case);
        }
        is_wanted
    };
    let cases = read
        .cases
        .into_iter()
        .filter(is_wanted)
        .map(|case| {
            let made = case.outcome.as_ref().ok().map(|read| work(&read.timeline, &mut text));
            (case, made.map(|made| (made, text.len())))
        })
        .collect();
    let (errors, notices) = (read.errors, read.notices);
    Worked { cases, found, others, table, text, errors, notices, size }
}

/// Something to be handed to the taker.
enum Step<T> {
    /// What was made of a case, and where its text stands.
    Answer(T, Range<usize>),
    Refused(Fault),
}

/// What comes of one file.
struct Collector<'a, T, K> {
    load: &'a Load<'a>,
    files: &'a [PathBuf],
    number: u32,
    shown: String,
    names: &'a mut Names,
    tally: &'a mut Tally,
    taker: &'a mut K,
    held: Vec<Step<T>>,
    held_text: Vec<u8>,
    /// Whether the answers wait for what is wrong with the file.
    holding: bool,
    faults: Faults,
    warnings: Warnings,
    /// Whether neither a case nor a mistake was found in it.
    empty: bool,
    /// Whether the last piece was one of a table.
    table: bool,
    read: u64,
    size: Option<u64>,
}

impl<T, K: Taker<T>> Collector<'_, T, K> {
    /// Takes up a piece, and gives its buffer back.
    fn take(&mut self, worked: Worked<T>, printer: &mut Printer) -> Result<Vec<u8>, CliError> {
        let Worked { cases, found, others, table, mut text, errors, notices, size } = worked;
        if !self.tally.stopped {
            for notice in &notices {
                printer.note(&format!("{}: {}", self.shown, one_line(notice)))?;
            }
            self.empty &= found == 0 && errors.is_empty();
            self.table = table;
            self.tally.absent.take_in(others);
            let steps = self.steps(cases, errors);
            self.hold_or_hand_on(steps, &text, printer)?;
            self.read += size as u64;
            printer.progress(self.tally.answered, self.size.map(|size| (self.read, size)));
        }
        text.clear();
        Ok(text)
    }

    /// What is to be done about each case of a piece, and about what is wrong outside any case, in the
    /// order of the lines, up to where it stops.
    fn steps(
        &mut self,
        cases: Vec<(CaseResult, Option<(T, usize)>)>,
        errors: Vec<RowError>,
    ) -> Vec<Step<T>> {
        let mut steps = Vec::with_capacity(cases.len());
        let mut begin = 0;
        let mut errors = errors.into_iter().peekable();
        for (case, made) in cases {
            while let Some(error) = errors.next_if(|error| error.line < case.line) {
                self.outside(error, &mut steps);
            }
            let own = begin..made.as_ref().map_or(begin, |(_, end)| *end);
            begin = own.end;
            if !self.tally.stopped {
                self.case(case, made.map(|(made, _)| (made, own)), &mut steps);
            }
        }
        for error in errors {
            self.outside(error, &mut steps);
        }
        steps
    }

    /// Something that is wrong outside any case.
    fn outside(&mut self, error: RowError, steps: &mut Vec<Step<T>>) {
        if self.tally.stopped {
            return;
        }
        if self.faults.outside == 0 {
            self.tally.unread += 1;
        }
        self.faults.outside += 1;
        steps.push(self.refused((String::new(), error)));
    }

    fn case(
        &mut self,
        case: CaseResult,
        made: Option<(T, Range<usize>)>,
        steps: &mut Vec<Step<T>>,
    ) {
        self.tally.absent.found(&case.case);
        let before = self.names.note(self.number, &case);
        let again = before.filter(|_| case.outcome.is_ok()).map(|before| {
            let other = before.place.filter(|(file, _)| *file != self.number);
            let other = other.and_then(|(file, _)| self.files.get(file as usize));
            vec![before.refusal(&case, other.map(|path| fs::called(path)).as_deref())]
        });
        // In a table that is in another order nearly every case would be in pieces.
        self.tally.stopped |= self.table && again.is_some();
        let CaseResult { case: name, outcome, .. } = case;
        match (again.map_or(outcome, Err), made) {
            (Ok(read), Some((made, text))) => {
                self.tally.answered += 1;
                for warning in read.warnings {
                    self.warnings.add(&name, warning);
                }
                steps.push(Step::Answer(made, text));
            }
            (Ok(_), None) => {}
            (Err(mut errors), _) => {
                if self.load.on_fault == OnFault::Stop {
                    // It stops at the first of them.
                    errors.sort_by_key(|error| error.line);
                    errors.truncate(1);
                }
                self.tally.faulty += 1;
                let field = errors.first().and_then(|error| error.field.clone());
                *self.tally.fields.entry(field.unwrap_or_default()).or_default() += 1;
                for error in errors {
                    steps.push(self.refused((name.clone(), error)));
                }
            }
        }
    }

    fn refused(&mut self, fault: Fault) -> Step<T> {
        self.tally.stopped |= self.load.on_fault == OnFault::Stop;
        self.faults.add(&fault);
        Step::Refused(fault)
    }

    /// Keeps what is to be handed on until the file has been read, if there is not too much of it.
    fn hold_or_hand_on(
        &mut self,
        steps: Vec<Step<T>>,
        text: &[u8],
        printer: &mut Printer,
    ) -> Result<(), CliError> {
        let before = self.held_text.len();
        if self.holding && before + text.len() <= HELD {
            self.held_text.extend_from_slice(text);
            self.held.extend(steps.into_iter().map(|step| match step {
                Step::Answer(made, own) => Step::Answer(made, own.start + before..own.end + before),
                refused @ Step::Refused(_) => refused,
            }));
            return Ok(());
        }
        self.release(printer)?;
        self.hand_on(steps, text, printer)
    }

    /// Hands on what has been held back; from now on nothing is.
    fn release(&mut self, printer: &mut Printer) -> Result<(), CliError> {
        self.holding = false;
        let (steps, text) = (std::mem::take(&mut self.held), std::mem::take(&mut self.held_text));
        self.hand_on(steps, &text, printer)
    }

    /// Hands everything to the taker in order, and answers whose texts follow one another together.
    fn hand_on(
        &mut self,
        steps: Vec<Step<T>>,
        text: &[u8],
        printer: &mut Printer,
    ) -> Result<(), CliError> {
        let mut made = Vec::new();
        let mut whole = 0..0;
        let part = |range: Range<usize>| text.get(range).unwrap_or_default();
        for step in steps {
            let goes_on = matches!(&step, Step::Answer(_, own) if own.start == whole.end);
            if !goes_on && !made.is_empty() {
                self.taker.answers(std::mem::take(&mut made), part(whole.clone()), printer)?;
            }
            match step {
                Step::Answer(one, own) => {
                    let begin = if made.is_empty() { own.start } else { whole.start };
                    whole = begin..own.end;
                    made.push((one, own.end - begin));
                }
                Step::Refused(fault) => self.taker.refuse(&self.shown, &fault, printer)?,
            }
        }
        if made.is_empty() {
            return Ok(());
        }
        self.taker.answers(made, part(whole), printer)
    }

    /// Says what is wrong with the file, above its answers if they are few and below them otherwise.
    fn finish(mut self, printer: &mut Printer) -> Result<(), CliError> {
        if self.empty {
            printer.note(&format!("{}: there is no case in it", self.shown))?;
        }
        self.faults.tell(&self.shown, &self.load.policy.header.name, printer)?;
        self.warnings.tell(&self.shown, printer)?;
        self.release(printer)
    }
}
