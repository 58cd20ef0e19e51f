//! Who reads, who judges, and who takes what was judged.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::ThreadPool;

use super::{along, apart};
use crate::error::{Error, Result};
use crate::reader::{self, Extent, Input};
use crate::row::{Chunk, Rows};

/// Up to so many threads the caller's own is one of those that judge. With more of them all would wait for it: to
/// read and to admit rows takes about a third of the time in which they are judged.
const FEW: usize = 3;

/// The threads that judge.
#[derive(Debug)]
pub struct Judges {
    /// How many they are.
    threads: usize,
    /// Those of them beside the caller's; nothing where that is the only one.
    pool: Option<ThreadPool>,
}

impl Judges {
    /// So many; 0 is one for each processor.
    ///
    /// # Errors
    /// [`Error::Usage`] when the system does not give so many.
    pub fn new(threads: usize) -> Result<Self> {
        let threads = match threads {
            0 => std::thread::available_parallelism().map_or(1, Into::into),
            threads => threads,
        };
        let others = if threads <= FEW { threads - 1 } else { threads };
        let pool = || {
            rayon::ThreadPoolBuilder::new()
                .num_threads(others)
                .thread_name(|index| format!("judge-{index}"))
                .build()
                .map_err(|error| {
                    Error::usage(
                        format!("cannot start the threads: {error}"),
                        "use fewer --threads",
                    )
                })
        };
        let pool = (others > 0).then(pool).transpose()?;
        Ok(Self { threads, pool })
    }

    /// Whether the caller's thread is the only one.
    pub fn are_one(&self) -> bool {
        self.threads == 1
    }
}

/// With what chunks are worked on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Means<'a> {
    pub(super) judges: &'a Judges,
    /// Whether the caller's thread shares its processor with one that writes.
    pub(super) shared: bool,
    /// Set when the user wants to stop.
    pub(super) stop: &'a AtomicBool,
}

/// What is done with the rows of a chunk, on any thread.
pub(super) type Work<'a, T> = &'a (dyn Fn(Rows) -> T + Sync);
/// Who takes what came of them, in file order, on the caller's thread.
pub(super) type Take<'a, T> = &'a mut dyn FnMut(T) -> Result<()>;

/// Reads every input, works on its chunks and hands on the results in file order.
///
/// # Errors
/// When an input cannot be read to its end, the user wants to stop, or a result is not taken. What was read in front
/// of a fault is handed on before the fault is told, on any number of threads.
pub(super) fn over_chunks<T: Send>(
    inputs: &mut [Input],
    means: Means<'_>,
    work: Work<'_, T>,
    take: Take<'_, T>,
) -> Result<()> {
    keep_what_is_freed();
    let Means { judges, shared, stop } = means;
    match &judges.pool {
        None => {
            let mut each = |chunk, extent| take(work(reader::parse(chunk, extent)));
            each_chunk(inputs, stop, &mut each)?
        }
        Some(pool) if judges.threads <= FEW => along::run(inputs, (pool, shared, stop), work, take),
        Some(pool) => apart::run(inputs, (pool, stop), work, take),
    }
}

/// Reads every input. How the reading ended stands inside what stopped it before.
pub(super) fn each_chunk(
    inputs: &mut [Input],
    stop: &AtomicBool,
    each: &mut dyn FnMut(Chunk, Extent) -> Result<()>,
) -> Result<Result<()>> {
    let go_on = || if stop.load(Ordering::Relaxed) { Err(Error::Interrupted) } else { Ok(()) };
    for input in inputs {
        let extent = input.facts.extent;
        let mut done = Ok(());
        let read = input.read(&mut |chunk| {
            done = go_on().and_then(|()| each(chunk, extent));
            if done.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        done?;
        if read.is_err() {
            return Ok(read);
        }
    }
    go_on().map(Ok)
}

/// Bytes up to which the allocator keeps a piece that is given back.
const KEPT: usize = 4 << 20;

/// Lets the allocator keep what chunks give back, for the next ones. That of the GNU C library gives pieces like
/// theirs back to the system, again and again, until a larger one has been freed; others take no notice.
fn keep_what_is_freed() {
    drop(std::hint::black_box(Vec::<u8>::with_capacity(KEPT)));
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;
    use std::sync::atomic::AtomicUsize;
    use std::time::Duration;

    use super::*;
    use crate::reader::Options;

    /// As many as the caller's thread is alone with, one of a few with, and apart from.
    const THREADS: [usize; 4] = [1, 2, FEW, FEW + 1];

    /// A file of some thirty chunks, and of how many rows.
    fn file() -> (tempfile::NamedTempFile, usize) {
        let rows = 200_000;
        let mut text = String::from("Name,Email\n");
        for row in 0..rows {
            writeln!(text, "Ada Larkspur,person.{row}@example.org").unwrap();
        }
        let file = tempfile::NamedTempFile::with_suffix(".csv").unwrap();
        std::fs::write(file.path(), text).unwrap();
        (file, rows)
    }

    /// Works on the chunks of a file with so many threads; each takes another time.
    fn over<T: Send>(
        file: &tempfile::NamedTempFile,
        (threads, shared): (usize, bool),
        work: impl Fn(usize, Rows) -> T + Sync,
        mut take: impl FnMut(T) -> Result<()>,
    ) -> Result<()> {
        let mut inputs = [reader::open(file.path(), 0, &Options::default()).unwrap()];
        let judges = Judges::new(threads).unwrap();
        assert_eq!(judges.are_one(), threads == 1);
        let stop = AtomicBool::new(false);
        let begun = AtomicUsize::new(0);
        let work = |rows: Rows| {
            let number = begun.fetch_add(1, Ordering::Relaxed);
            std::thread::sleep(Duration::from_micros(number as u64 * 7919 % 3000));
            work(number, rows)
        };
        over_chunks(&mut inputs, Means { judges: &judges, shared, stop: &stop }, &work, &mut take)
    }

    fn all_ways() -> impl Iterator<Item = (usize, bool)> {
        THREADS.into_iter().flat_map(|threads| [(threads, false), (threads, true)])
    }

    #[test]
    fn what_comes_of_chunks_is_taken_in_the_order_of_the_file() {
        let (file, rows) = file();
        for way in all_ways() {
            let mut taken = Vec::new();
            let lines = |_, rows: Rows| rows.iter().map(|row| row.at.line).collect::<Vec<_>>();
            over(&file, way, lines, |lines| {
                taken.extend(lines);
                Ok(())
            })
            .unwrap();
            // The header is one of the rows of a file.
            assert!(taken.windows(2).all(|pair| pair[0] + 1 == pair[1]), "{way:?}");
            assert!((rows..=rows + 1).contains(&taken.len()), "{way:?}: {}", taken.len());
        }
    }

    #[test]
    fn nothing_is_taken_behind_what_was_not() {
        let (file, _) = file();
        for way in all_ways() {
            let mut taken = 0;
            let take = |()| {
                taken += 1;
                if taken < 5 { Ok(()) } else { Err(Error::usage("full", "make room")) }
            };
            let error = over(&file, way, |_, _| (), take).unwrap_err();
            assert!(matches!(error, Error::Usage { .. }), "{way:?}: {error}");
            assert_eq!(taken, 5, "{way:?}");
        }
    }

    #[test]
    fn who_wants_to_stop_is_not_kept() {
        let (file, _) = file();
        for threads in THREADS {
            let mut inputs = [reader::open(file.path(), 0, &Options::default()).unwrap()];
            let judges = Judges::new(threads).unwrap();
            let stop = AtomicBool::new(false);
            let mut taken = 0;
            let mut take = |()| {
                taken += 1;
                stop.store(true, Ordering::Relaxed);
                Ok(())
            };
            let means = Means { judges: &judges, shared: true, stop: &stop };
            let error = over_chunks(&mut inputs, means, &|_| (), &mut take).unwrap_err();
            assert!(matches!(error, Error::Interrupted), "{threads}: {error}");
            assert!(taken < 10, "{threads}: {taken}");
        }
    }

    #[test]
    fn a_panic_of_a_judge_is_one_of_the_run() {
        let (file, _) = file();
        for way in all_ways() {
            let work = |number, _| assert!(number < 7, "on purpose");
            let run = || over(&file, way, work, |()| Ok(()));
            let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(run));
            assert!(caught.is_err(), "{way:?}");
        }
    }
}
