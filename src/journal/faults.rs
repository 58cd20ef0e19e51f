//! A disk that fails when it is told to, in debug builds only: how it is tried that nothing is lost
//! when a journal cannot be kept.
//!
//! A file system of our own below the database would need `unsafe`, so the fault is made above it,
//! as truly as that goes. Each transaction has three operations that can fail: its writes, its
//! commit, and the sync of the commit. The N-th of them in the process fails.
//!
//! - `enospc` is a real `SQLITE_FULL` of the database's own pager: the file may not grow while the
//!   transaction needs more pages than there are, and is rolled back by the code that rolls back on
//!   a full disk.
//! - `eio` (the default) ends the transaction with an error before it is committed.
//! - `short` does so too, and leaves half a page behind the log, as a write does that was cut short.
//! - A sync that fails comes after a commit that stands: the caller is told that it failed, but a
//!   later process finds it kept. Only this order of things shows whoever trusts an error too much.
//!
//! A limit on the size of files (`ulimit -f`, with `SIGXFSZ` ignored) gives real short writes and
//! errors from outside, for every file of the process; tests of the whole program can have both.
//! After its first fault a journal refuses everything, so that `sticky` shows only where another
//! journal is opened in the same process.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rusqlite::{Connection, ffi};

use crate::error::{Error, Result};

/// What fails, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Faults {
    /// The operation that fails, counted from 1.
    at: u64,
    sticky: bool,
    kind: Kind,
    /// Operations so far.
    count: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Full,
    Failing,
    Short,
}

/// What a transaction does with the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operation {
    /// It is about to write.
    Write,
    /// It is about to be committed.
    Commit,
    /// It was committed.
    Sync,
}

static ARMED: Mutex<Option<Faults>> = Mutex::new(None);

/// Makes the N-th operation of the journals of this process fail: `N[:sticky][:enospc|eio|short]`.
/// A release build does nothing of the kind.
///
/// # Errors
/// When the text does not say that.
pub fn arm(text: &str) -> Result<()> {
    if cfg!(debug_assertions) {
        let faults = Faults::parse(text).ok_or_else(|| {
            Error::usage(
                format!("{text:?} does not say which operation of the journal is to fail"),
                "write N[:sticky][:enospc|eio|short]",
            )
        })?;
        *ARMED.lock().unwrap_or_else(PoisonError::into_inner) = Some(faults);
    }
    Ok(())
}

impl Faults {
    fn parse(text: &str) -> Option<Self> {
        let mut words = text.split(':');
        let at = words.next()?.parse().ok().filter(|&at| at > 0)?;
        let mut faults = Self { at, sticky: false, kind: Kind::Failing, count: 0 };
        for word in words {
            match word {
                "sticky" => faults.sticky = true,
                "enospc" => faults.kind = Kind::Full,
                "eio" => faults.kind = Kind::Failing,
                "short" => faults.kind = Kind::Short,
                _ => return None,
            }
        }
        Some(faults)
    }

    /// Counts an operation, and says whether it is to fail.
    fn is_due(&mut self) -> bool {
        self.count += 1;
        self.count == self.at || (self.sticky && self.count > self.at)
    }
}

/// Where the faults of a journal come from: those of the process, or of a test.
#[derive(Debug)]
pub(super) struct Disk {
    log: PathBuf,
    own: Option<Faults>,
}

impl Disk {
    /// The disk below a journal.
    pub(super) fn below(journal: &Path) -> Self {
        let mut log = journal.as_os_str().to_owned();
        log.push("-wal");
        Self { log: log.into(), own: None }
    }

    #[cfg(test)]
    pub(super) fn failing(journal: &Path, text: &str) -> Self {
        Self { own: Faults::parse(text), ..Self::below(journal) }
    }

    /// Fails if this operation is to.
    pub(super) fn at(
        &mut self,
        operation: Operation,
        connection: &Connection,
    ) -> rusqlite::Result<()> {
        if !cfg!(debug_assertions) {
            return Ok(());
        }
        let due = |faults: &mut Faults| faults.is_due().then_some(faults.kind);
        let kind = match &mut self.own {
            Some(faults) => due(faults),
            None => ARMED.lock().unwrap_or_else(PoisonError::into_inner).as_mut().and_then(due),
        };
        let Some(kind) = kind else { return Ok(()) };
        match (kind, operation) {
            (Kind::Full, Operation::Write | Operation::Commit) => fill(connection),
            (Kind::Full, Operation::Sync) => Err(made(ffi::SQLITE_FULL)),
            (Kind::Short, Operation::Write | Operation::Commit) => {
                let torn = File::options().append(true).open(&self.log);
                // Without a log there is nothing that could be torn.
                let _ = torn.and_then(|mut log| log.write_all(&[0x75; 2048]));
                Err(made(ffi::SQLITE_IOERR_WRITE))
            }
            (Kind::Failing, Operation::Write | Operation::Commit) => {
                Err(made(ffi::SQLITE_IOERR_WRITE))
            }
            (_, Operation::Sync) => Err(made(ffi::SQLITE_IOERR_FSYNC)),
        }
    }
}

fn made(code: i32) -> rusqlite::Error {
    rusqlite::Error::SqliteFailure(ffi::Error::new(code), None)
}

/// Lets the transaction run into the end of a file that may not grow.
fn fill(connection: &Connection) -> rusqlite::Result<()> {
    let read = |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let (pages, free, size) = (read("page_count")?, read("freelist_count")?, read("page_size")?);
    connection.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(()))?;
    let filler = (free + 4) * size;
    let full = connection
        .execute("INSERT INTO words (text) VALUES (hex(zeroblob(?1)))", [filler])
        .map(drop);
    connection.query_row("PRAGMA max_page_count = 4294967294", [], |_| Ok(()))?;
    full
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_a_fault() {
        let due = |text: &str| {
            let mut faults = Faults::parse(text).unwrap();
            (1..=4).filter(|_| faults.is_due()).count()
        };
        assert_eq!(due("2"), 1);
        assert_eq!(due("2:sticky:enospc"), 3);
        assert_eq!(due("9:short"), 0);
        for wrong in ["", "0", "x", "2:", "2:sticky:never"] {
            assert_eq!(Faults::parse(wrong), None, "{wrong}");
        }
    }
}
