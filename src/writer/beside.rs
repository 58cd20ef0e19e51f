//! A thread of its own for what requests cost to keep: their hashes, and the system's calls.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{SyncSender, sync_channel};

use super::Writer;
use crate::batch::Batch;
use crate::error::{Error, Result};

/// Requests that are handed over together: each time the thread has to be woken.
const PACK: usize = 4;
/// Packs that wait to be written: while all of them do, so do the threads that judge.
const WAITING: usize = 4;
/// Requests that are written together: as many can be hashed at once.
const TOGETHER: usize = 16;
/// Bytes of bodies from which fewer are: those that wait are kept in memory.
const MOST: usize = 8 * 1024 * 1024;

/// Hands requests to the thread that writes them.
struct Beside {
    folder: Option<PathBuf>,
    pack: Vec<Batch>,
    packs: SyncSender<Vec<Batch>>,
}

impl Beside {
    fn hand_over(&mut self) -> Result<()> {
        // It hangs up when it could not write one; then its error is told, and this one is not.
        self.packs.send(std::mem::take(&mut self.pack)).map_err(|_| Error::Interrupted)
    }
}

impl Writer for Beside {
    fn batch(&mut self, batch: Batch) -> Result<()> {
        self.pack.push(batch);
        if self.pack.len() < PACK { Ok(()) } else { self.hand_over() }
    }

    fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }
}

/// Does some work whose requests are written beside it, in order. All of them are written when it comes back.
///
/// # Errors
/// When a request cannot be written, else those of the work: the request came first.
pub fn beside<T>(
    writer: &mut dyn Writer,
    work: impl FnOnce(&mut dyn Writer) -> Result<T>,
) -> Result<T> {
    let (packs, taken) = sync_channel(WAITING);
    let folder = writer.folder().map(Path::to_owned);
    let mut handed = Beside { folder, pack: Vec::new(), packs };
    std::thread::scope(|scope| {
        let write = move || {
            let (mut together, mut bytes) = (Vec::with_capacity(TOGETHER), 0);
            for pack in taken {
                bytes += pack.iter().map(|batch| batch.body.len()).sum::<usize>();
                together.extend(pack);
                if together.len() >= TOGETHER || bytes >= MOST {
                    let full = std::mem::replace(&mut together, Vec::with_capacity(TOGETHER));
                    writer.batches(full)?;
                    bytes = 0;
                }
            }
            writer.batches(together)
        };
        let writing = scope.spawn(write);
        let done = work(&mut handed);
        let last = handed.hand_over();
        let done = done.and_then(|done| last.map(|()| done));
        drop(handed);
        match writing.join() {
            Ok(written) => written.and(done),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::Body;

    /// Keeps the numbers of requests, and has room for so many.
    struct Shelf(Vec<u32>, usize);

    impl Writer for Shelf {
        fn batch(&mut self, batch: Batch) -> Result<()> {
            if self.0.len() == self.1 {
                return Err(Error::usage("full", "make room"));
            }
            self.0.push(batch.number);
            Ok(())
        }
    }

    fn send(writer: &mut dyn Writer, most: u32) -> Result<u32> {
        for number in 1..=most {
            let (body, rows, asides) = (Body::default(), Vec::new(), Vec::new());
            writer.batch(Batch { number, body, rows, asides })?;
        }
        Ok(most)
    }

    #[test]
    fn all_requests_are_written_in_order_before_the_end() {
        let mut shelf = Shelf(Vec::new(), usize::MAX);
        assert_eq!(beside(&mut shelf, |writer| send(writer, 100)).unwrap(), 100);
        assert!(shelf.0.iter().copied().eq(1..=100));
    }

    #[test]
    fn a_request_that_cannot_be_written_is_what_stops_the_run() {
        for (room, most) in [(3, 100), (3, 4), (0, 1)] {
            let mut shelf = Shelf(Vec::new(), room);
            let error = beside(&mut shelf, |writer| send(writer, most)).unwrap_err();
            assert!(matches!(error, Error::Usage { .. }), "{room} of {most}: {error}");
            assert_eq!(shelf.0.len(), room);
        }
        let mut shelf = Shelf(Vec::new(), 0);
        let both = |writer: &mut dyn Writer| send(writer, 1).and(Err::<(), _>(Error::Interrupted));
        assert!(matches!(beside(&mut shelf, both), Err(Error::Usage { .. })));
    }

    #[test]
    fn what_stops_the_work_lets_the_requests_before_it_be_written() {
        let mut shelf = Shelf(Vec::new(), usize::MAX);
        let work = |writer: &mut dyn Writer| send(writer, 2).and(Err::<(), _>(Error::Interrupted));
        assert!(matches!(beside(&mut shelf, work), Err(Error::Interrupted)));
        assert_eq!(shelf.0, [1, 2]);
    }
}
