//! The straight line: chunks are read ahead, judged in parallel, and admitted in file order.
//!
//! Four kinds of threads, none of which waits in the pool: one reads, the pool judges, the caller's
//! own admits (uniqueness, batches, reports), and one writes requests. With a pool of one thread the
//! caller's own does all of that. The output is the same on any number of threads, because only the caller's
//! thread decides anything, in file order.

use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, TrySendError, sync_channel};
use std::time::Instant;

use crate::admit::{Admit, Groups, tables};
use crate::baseline::Gate;
use crate::batch::{Batcher, Frame, Limits};
use crate::error::{Error, Result};
use crate::reader::{self, Extent, Input};
use crate::recipe::OnDuplicate;
use crate::report::{Head, Report, Summary};
use crate::row::{Chunk, Rows};
use crate::unique::{Budget, Fingerprint};
use crate::validate::{ColumnOf, Evidence, Judged, Rules};
use crate::writer::Writer;
use crate::writer::beside::beside;

/// Chunks that the reader hands over together while nobody waits for them: each time it has to be woken.
const PACK: usize = 2;
/// Chunks in flight beside those that are being judged: with few a thread of the pool waits whenever the
/// caller's takes longer over a chunk.
const SPARE: usize = 3;
/// Chunks that the caller's thread takes together while all that may be in flight are: it is woken when the
/// last of them is judged.
const TOGETHER: usize = 2;

/// What a run does with people, beside judging them.
#[derive(Debug)]
pub struct Settings<'a> {
    /// The threads that judge; of one, the caller's is used in its place.
    pub pool: &'a rayon::ThreadPool,
    /// What happens to rows with the same key.
    pub on_duplicate: OnDuplicate,
    /// How much memory the tables of keys may take together; all that they need where nothing is said.
    pub memory: Option<u64>,
    /// How much a request may hold.
    pub limits: Limits,
    /// What stands around the people in it.
    pub frame: Frame,
    /// Set when the user wants to stop.
    pub stop: Arc<AtomicBool>,
}

/// Reads, judges, admits and writes everything, and gives the summary. The reports have begun and
/// got every row, but are not ended: the caller does that when all is known.
///
/// # Errors
/// When an input cannot be read to its end, or a report or request cannot be written.
pub fn run(
    inputs: &mut [Input],
    rules: &Rules,
    settings: &Settings<'_>,
    (head, gate): (&Head, &mut Gate),
    reports: &mut [Box<dyn Report>],
    writer: &mut dyn Writer,
) -> Result<Summary> {
    let started = Instant::now();
    for report in reports.iter_mut() {
        report.begin(head)?;
    }
    let budget = Budget::new(settings.memory, tables(rules), writer.folder());
    let mut groups = Groups::new(rules, &budget);
    if matches!(settings.on_duplicate, OnDuplicate::Last | OnDuplicate::Merge) {
        judge_all(inputs, rules, settings, &|_| false, &mut |judged| groups.learn(&judged))?;
    }
    let batcher = || Batcher::new(settings.limits, settings.frame.clone());
    let batcher = || if rules.have_asides() { batcher() } else { batcher().without_asides() };
    let batcher = rules.are_written().then(batcher);
    let known = (&groups, &budget);
    let merge = settings.on_duplicate == OnDuplicate::Merge;
    let keep = |key| merge && groups.is_shared(key);
    let line = |writer: &mut dyn Writer| {
        let mut admit =
            Admit::new(rules, settings.on_duplicate, (head, gate), known, batcher, reports, writer);
        admit.notes(&head.notes)?;
        judge_all(inputs, rules, settings, &keep, &mut |judged| admit.chunk(judged))?;
        admit.finish(head)
    };
    let alone = settings.pool.current_num_threads() == 1 || writer.folder().is_none();
    let mut summary = if alone { line(writer) } else { beside(writer, line) }?;
    summary.seconds = started.elapsed().as_secs_f64();
    Ok(summary)
}

/// A pool of so many threads; 0 is one for each processor.
///
/// # Errors
/// [`Error::Usage`] when the system does not give so many.
pub fn pool(threads: usize) -> Result<rayon::ThreadPool> {
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .thread_name(|index| format!("judge-{index}"))
        .build()
        .map_err(|error| {
            Error::usage(format!("cannot start the threads: {error}"), "use fewer --threads")
        })
}

/// Looks through whole columns for what their values prove together.
///
/// # Errors
/// When an input cannot be read to its end.
pub fn gather(
    inputs: &mut [Input],
    rules: &Rules,
    columns: &[ColumnOf],
    pool: &rayon::ThreadPool,
    stop: &AtomicBool,
) -> Result<Vec<Evidence>> {
    let mut all = vec![Evidence::default(); columns.len()];
    over_chunks(inputs, (pool, stop), &|rows| rules.evidence(&rows, columns), &mut |found| {
        for (evidence, later) in all.iter_mut().zip(found) {
            evidence.add(later);
        }
        Ok(())
    })?;
    Ok(all)
}

/// Reads every input and hands on its judged chunks in file order.
fn judge_all(
    inputs: &mut [Input],
    rules: &Rules,
    settings: &Settings<'_>,
    keep: &(dyn Fn(Fingerprint) -> bool + Sync),
    take: &mut dyn FnMut(Judged) -> Result<()>,
) -> Result<()> {
    let means = (settings.pool, &*settings.stop);
    over_chunks(inputs, means, &|rows| rules.judge(rows, keep), take)
}

/// Reads every input, works on its chunks in the pool and hands on the results in file order.
fn over_chunks<T: Send>(
    inputs: &mut [Input],
    (pool, stop): (&rayon::ThreadPool, &AtomicBool),
    work: &(dyn Fn(Rows) -> T + Sync),
    take: &mut dyn FnMut(T) -> Result<()>,
) -> Result<()> {
    keep_what_is_freed();
    if pool.current_num_threads() == 1 {
        return one_by_one(inputs, stop, work, take);
    }
    let extents: Vec<Extent> = inputs.iter().map(|input| input.facts.extent).collect();
    let (sender, packs) = sync_channel::<Vec<Result<Chunk>>>(1);
    let depth = pool.current_num_threads() + SPARE;
    std::thread::scope(|scope| {
        // Owned here, so that giving up drops it and the reader, waiting to send, gives up too.
        let mut chunks = Handed { packs, waiting: VecDeque::new(), end: None };
        scope.spawn(move || read_all(inputs, &sender));
        // The scope of the pool is run in place: this thread may wait, those of the pool do not.
        pool.in_place_scope(|tasks| {
            let mut flight = Flight { results: VecDeque::with_capacity(depth), depth };
            loop {
                while !flight.is_full()
                    && let Some(chunk) = chunks.next(flight.is_empty())
                {
                    let extent = extents.get(input_of(&chunk)).copied().unwrap_or_default();
                    let done = flight.add();
                    tasks.spawn(move |_| {
                        // Whoever waits for it may have given up.
                        let _ = done.send(work(reader::parse(chunk, extent)));
                    });
                }
                if stop.load(Ordering::Relaxed) {
                    return Err(Error::Interrupted);
                }
                // What was read in front of a fault is handed on before the fault is told, on any number of
                // threads.
                if flight.is_empty() {
                    return chunks.end.unwrap_or(Ok(()));
                }
                // A task that panics takes the scope down; there is nothing to hand on.
                let Some(results) = flight.land() else { return Ok(()) };
                results.into_iter().try_for_each(&mut *take)?;
            }
        })
    })
}

/// The results of chunks that are in the pool, in file order.
struct Flight<T> {
    results: VecDeque<Receiver<T>>,
    /// How many there may be.
    depth: usize,
}

impl<T> Flight<T> {
    fn is_full(&self) -> bool {
        self.results.len() >= self.depth
    }

    fn is_empty(&self) -> bool {
        self.results.is_empty()
    }

    /// One more; where its result is to be sent.
    fn add(&mut self) -> SyncSender<T> {
        let (done, result) = sync_channel(1);
        self.results.push_back(result);
        done
    }

    /// Waits for the first result, or the first few where there are as many as may be. Nothing when a task will
    /// never have one.
    fn land(&mut self) -> Option<Vec<T>> {
        let few = if self.is_full() { TOGETHER.min(self.depth) } else { 1 };
        // When the last of them is there the others are, or nearly: this thread is woken once.
        let last = self.results.get(few - 1)?.recv().ok()?;
        let before = self.results.drain(..few).take(few - 1);
        let mut landed: Vec<T> = before.map(|result| result.recv().ok()).collect::<Option<_>>()?;
        landed.push(last);
        Some(landed)
    }
}

/// Bytes up to which the allocator keeps a piece that is given back.
const KEPT: usize = 4 << 20;

/// Lets the allocator keep what chunks give back, for the next ones. That of the GNU C library gives pieces like
/// theirs back to the system, again and again, until a larger one has been freed; others take no notice.
fn keep_what_is_freed() {
    drop(std::hint::black_box(Vec::<u8>::with_capacity(KEPT)));
}

/// The same in the caller's thread alone: whoever asks for one thread gets no more, and no chunk waits.
fn one_by_one<T>(
    inputs: &mut [Input],
    stop: &AtomicBool,
    work: &(dyn Fn(Rows) -> T + Sync),
    take: &mut dyn FnMut(T) -> Result<()>,
) -> Result<()> {
    let go_on = || if stop.load(Ordering::Relaxed) { Err(Error::Interrupted) } else { Ok(()) };
    for input in inputs {
        let extent = input.facts.extent;
        let mut done = Ok(());
        let read = input.read(&mut |chunk| {
            done = go_on().and_then(|()| take(work(reader::parse(chunk, extent))));
            if done.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        done.and(read)?;
    }
    go_on()
}

/// What the reader has handed over.
struct Handed {
    packs: Receiver<Vec<Result<Chunk>>>,
    /// What is left of the last pack.
    waiting: VecDeque<Result<Chunk>>,
    /// How the reading ended, once it has.
    end: Option<Result<()>>,
}

impl Handed {
    /// The next chunk; where there is none yet it may be waited for. Nothing comes behind the end.
    fn next(&mut self, wait: bool) -> Option<Chunk> {
        if self.waiting.is_empty() && self.end.is_none() {
            let pack = if wait {
                self.packs.recv().map_err(|_| TryRecvError::Disconnected)
            } else {
                self.packs.try_recv()
            };
            match pack {
                Ok(pack) => self.waiting = pack.into(),
                Err(TryRecvError::Empty) => {}
                Err(TryRecvError::Disconnected) => self.end = Some(Ok(())),
            }
        }
        match self.waiting.pop_front()? {
            Ok(chunk) => Some(chunk),
            Err(error) => {
                self.end = Some(Err(error));
                None
            }
        }
    }
}

fn read_all(inputs: &mut [Input], sender: &SyncSender<Vec<Result<Chunk>>>) {
    let mut pack = Vec::new();
    let mut end = Ok(());
    for input in inputs {
        let mut open = true;
        end = input.read(&mut |chunk| {
            pack.push(Ok(chunk));
            open = hand_over(&mut pack, sender);
            if open { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        if !open {
            return;
        }
        if end.is_err() {
            break;
        }
    }
    pack.extend(end.err().map(Err));
    if !pack.is_empty() {
        // Nobody listens any more when the run has ended for another reason.
        let _ = sender.send(pack);
    }
}

/// Hands over what there is if nothing waits to be taken, and in any case when the pack is full. Says whether
/// anybody listens.
fn hand_over(pack: &mut Vec<Result<Chunk>>, sender: &SyncSender<Vec<Result<Chunk>>>) -> bool {
    let chunks = std::mem::take(pack);
    if chunks.len() >= PACK {
        return sender.send(chunks).is_ok();
    }
    match sender.try_send(chunks) {
        Ok(()) => true,
        Err(TrySendError::Full(chunks)) => {
            *pack = chunks;
            true
        }
        Err(TrySendError::Disconnected(_)) => false,
    }
}

/// Which input a chunk is of.
fn input_of(chunk: &Chunk) -> usize {
    usize::from(match chunk {
        Chunk::Text(block) => block.first.input,
        Chunk::Cells(rows) => rows.get(0).map_or(0, |row| row.at.input),
    })
}
