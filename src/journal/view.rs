//! A look into the journal of a run that another process may be writing.

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, ErrorCode};

use super::counts::Counts;
use super::ledger;
use super::schema::{self, unreadable};
use super::{
    About, Attempt, FILE, Leg, Person, Phase, Planned, RunLock, Take, Tally, Tried, failed, hand_on,
};
use crate::error::{Error, Result};

/// The journal of a run, for reading. Whoever writes it is not held up.
#[derive(Debug)]
pub struct View {
    path: PathBuf,
    about: About,
    connection: Connection,
    /// Where a copy lies, of a journal that cannot be read where it is. Dropped after its connection.
    _copy: Option<tempfile::TempDir>,
}

impl View {
    /// Opens the journal in a run's folder. Of a run that was killed, what was left half-done is
    /// passed over; where that takes a folder that can be written into and this one cannot, a copy is
    /// read.
    ///
    /// # Errors
    /// When it is not there, cannot be read, or was made by another version.
    pub fn open(run_folder: &Path) -> Result<Self> {
        let path = run_folder.join(FILE);
        if !path.is_file() {
            return Err(Error::Journal { path, why: "there is none".to_owned() });
        }
        let tried = schema::look(&path).and_then(|connection| {
            connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
            Ok(connection)
        });
        match tried {
            Ok(connection) => Self::of(path, connection, None),
            Err(error) if is_about_the_folder(&error) && !RunLock::is_held(run_folder) => {
                Self::of_copy(path)
            }
            Err(error) => Err(unreadable(&path, error)),
        }
    }

    pub(super) fn of_copy(path: PathBuf) -> Result<Self> {
        let folder = copied(&path).map_err(|source| Error::Journal {
            path: path.clone(),
            why: format!("it cannot be read where it lies, and not be copied: {source}"),
        })?;
        let connection =
            Connection::open(folder.path().join(FILE)).map_err(|error| unreadable(&path, error))?;
        Self::of(path, connection, Some(folder))
    }

    fn of(path: PathBuf, connection: Connection, copy: Option<tempfile::TempDir>) -> Result<Self> {
        schema::careful(&connection, &path)?;
        schema::check(&connection, &path)?;
        let about = ledger::about(&connection).map_err(|error| unreadable(&path, error))?;
        Ok(Self { path, about, connection, _copy: copy })
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

    /// Hands on everybody as [`Journal::each`](super::Journal::each) does, as they stand at one instant.
    ///
    /// # Errors
    /// When the journal cannot be read, or those of `take`.
    pub fn each(&self, take: Take<'_>) -> Result<()> {
        // Ends when it is dropped; a look within a look is of the same instant.
        let _instant = if self.connection.is_autocommit() {
            Some(self.connection.unchecked_transaction().map_err(failed(&self.path))?)
        } else {
            None
        };
        for batch in self.with(ledger::numbers)? {
            hand_on(batch, &self.with(|connection| ledger::everybody(connection, batch))?, take)?;
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
        self.with(Counts::read).map(|counts| counts.tally(leg))
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

/// Whether a journal may be whole and only lies where nothing can be written.
fn is_about_the_folder(error: &rusqlite::Error) -> bool {
    use ErrorCode::{CannotOpen, PermissionDenied, ReadOnly};
    matches!(error.sqlite_error_code(), Some(CannotOpen | PermissionDenied | ReadOnly))
}

/// A copy of a journal with what belongs to it, in a folder for us alone.
fn copied(path: &Path) -> std::io::Result<tempfile::TempDir> {
    let folder = tempfile::tempdir()?;
    for ending in ["", "-wal", "-journal"] {
        let mut from = path.as_os_str().to_owned();
        from.push(ending);
        let to = folder.path().join(format!("{FILE}{ending}"));
        match fs::read(from).and_then(|bytes| fs::write(to, bytes)) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && !ending.is_empty() => {}
            other => other?,
        }
    }
    Ok(folder)
}
