//! Many threads: one reads, those of the pool judge, and the caller's own takes what they are done with.

use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, TrySendError, sync_channel};

use rayon::ThreadPool;

use super::threads::{Take, Work};
use crate::error::{Error, Result};
use crate::reader::{self, Extent, Input};
use crate::row::Chunk;

/// Chunks that the reader hands over together while nobody waits for them: each time it has to be woken.
const PACK: usize = 2;
/// Chunks in flight beside those that are being judged: with few a thread of the pool waits whenever the
/// caller's takes longer over a chunk.
const SPARE: usize = 3;
/// Chunks that the caller's thread takes together while all that may be in flight are: it is woken when the
/// last of them is judged.
const TOGETHER: usize = 2;

/// Reads every input, works on its chunks in the pool and hands on the results in file order.
pub(super) fn run<T: Send>(
    inputs: &mut [Input],
    (pool, stop): (&ThreadPool, &AtomicBool),
    work: Work<'_, T>,
    take: Take<'_, T>,
) -> Result<()> {
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
