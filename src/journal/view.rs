//! A look into the journal of a run that another process may be writing.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use super::{About, Attempt, FILE, Leg, Person, Phase, Planned, Tally, Tried, failed, ledger};
use crate::error::Result;

/// The journal of a run, for reading. Whoever writes it is not held up.
#[derive(Debug)]
pub struct View {
    path: PathBuf,
    about: About,
    connection: Connection,
}

impl View {
    /// Opens the journal in a run's folder.
    ///
    /// # Errors
    /// When it is not there, cannot be read, or was made by a later version.
    pub fn open(run_folder: &Path) -> Result<Self> {
        let path = run_folder.join(FILE);
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&path, flags).map_err(failed(&path))?;
        let about = ledger::about(&connection).map_err(failed(&path))?;
        Ok(Self { path, about, connection })
    }

    fn with<T>(&self, work: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T> {
        work(&self.connection).map_err(failed(&self.path))
    }

    /// What the run was asked to do.
    pub fn about(&self) -> &About {
        &self.about
    }

    /// All payload files with their places.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn plan(&self) -> Result<Vec<Planned>> {
        self.with(ledger::planned)
    }

    /// The people of a payload file, in order of place.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn people(&self, batch: u32) -> Result<Vec<Person>> {
        self.with(|connection| ledger::people(connection, batch))
    }

    /// Hands on everybody, in file order, with the number of the payload file, as they stand at one
    /// instant.
    ///
    /// # Errors
    /// When the journal cannot be read, or those of `take`.
    pub fn each(&self, take: &mut dyn FnMut(u32, Person) -> Result<()>) -> Result<()> {
        for batch in self.with(ledger::numbers)? {
            for person in self.people(batch)? {
                take(batch, person)?;
            }
        }
        Ok(())
    }

    /// How far the run has come, and why it is there.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn phase(&self) -> Result<(Phase, Option<String>)> {
        self.with(ledger::phase)
    }

    /// The counts, as [`Journal::tally`](super::Journal::tally) has them.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn tally(&self, leg: Leg) -> Result<Tally> {
        self.with(|connection| ledger::tally(connection, leg))
    }

    /// The attempts behind `after`, or from the first one, in the order in which they began; at
    /// most `limit`.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn attempts(&self, after: Option<Attempt>, limit: usize) -> Result<Vec<Tried>> {
        self.with(|connection| ledger::attempts(connection, after, limit))
    }
}
