//! A few threads: the caller's own reads, hands chunks to the others, takes what they are done with, and judges too
//! while they have enough. It is hardly ever woken, and what it judges it has just read.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, TryRecvError, sync_channel};

use rayon::ThreadPool;

use super::threads::{Take, Work, each_chunk};
use crate::error::{Error, Result};
use crate::reader::{self, Input};

/// Chunks that wait for a thread of the pool.
const AHEAD: usize = 2;
/// The same where the caller's thread may lose its processor to one that writes: meanwhile the others go on.
const FAR_AHEAD: usize = 11;
/// Results that may wait for one in front of them, beside the chunks that are in the pool.
const BEHIND: usize = 4;

/// Reads every input, works on its chunks here and in the pool, and hands on the results in file order. `shared` tells
/// whether another thread takes the processor from this one.
pub(super) fn run<T: Send>(
    inputs: &mut [Input],
    (pool, shared, stop): (&ThreadPool, bool, &AtomicBool),
    work: Work<'_, T>,
    take: Take<'_, T>,
) -> Result<()> {
    let threads = pool.current_num_threads();
    let ahead = threads + if shared { FAR_AHEAD } else { AHEAD };
    // The scope of the pool is run in place: this thread may wait, those of the pool do not.
    pool.in_place_scope(|tasks| {
        let mut flight = Flight { results: VecDeque::new(), most: ahead + BEHIND };
        let unfinished = Arc::new(AtomicUsize::new(0));
        let read = each_chunk(inputs, stop, &mut |chunk, extent| {
            if unfinished.load(Ordering::Relaxed) < ahead {
                let (send, result) = sync_channel(1);
                flight.results.push_back(Place::Away(result));
                unfinished.fetch_add(1, Ordering::Relaxed);
                let unfinished = Arc::clone(&unfinished);
                tasks.spawn(move |_| {
                    // Whoever waits for it may have given up.
                    let _ = send.send(work(reader::parse(chunk, extent)));
                    unfinished.fetch_sub(1, Ordering::Relaxed);
                });
            } else {
                flight.results.push_back(Place::Here(work(reader::parse(chunk, extent))));
            }
            flight.land(take)
        })?;
        flight.most = 0;
        flight.land(take)?;
        read
    })
}

/// A result, or where it will come from.
enum Place<T> {
    Here(T),
    Away(Receiver<T>),
}

/// What was begun and is not handed on, in file order.
struct Flight<T> {
    results: VecDeque<Place<T>>,
    /// How many there may be.
    most: usize,
}

impl<T> Flight<T> {
    /// Hands on what is there, and waits for the rest where there is more than may be.
    fn land(&mut self, take: Take<'_, T>) -> Result<()> {
        while let Some(first) = self.results.pop_front() {
            let result = match first {
                Place::Here(result) => result,
                Place::Away(coming) => {
                    let result = match coming.try_recv() {
                        Err(TryRecvError::Empty) if self.results.len() < self.most => {
                            self.results.push_front(Place::Away(coming));
                            return Ok(());
                        }
                        Err(TryRecvError::Empty) => coming.recv().ok(),
                        result => result.ok(),
                    };
                    // A task that panics takes the scope down, whatever is said here.
                    result.ok_or(Error::Interrupted)?
                }
            };
            take(result)?;
        }
        Ok(())
    }
}
