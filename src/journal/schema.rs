//! The tables of the journal, and how its file is opened.

use std::fs::File;
use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use super::failed;
use crate::error::{Error, Result};

const TABLES: &str = "
CREATE TABLE run (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    about TEXT NOT NULL,
    phase TEXT NOT NULL,
    why TEXT
) STRICT;
CREATE TABLE batch (
    number INTEGER PRIMARY KEY,
    file TEXT NOT NULL,
    sha256 TEXT NOT NULL
) STRICT;
CREATE TABLE person (
    batch INTEGER NOT NULL REFERENCES batch,
    place INTEGER NOT NULL,
    input INTEGER NOT NULL,
    sheet_row INTEGER NOT NULL,
    line INTEGER NOT NULL,
    byte INTEGER NOT NULL,
    state INTEGER NOT NULL DEFAULT 0,
    reason INTEGER,
    ticket INTEGER,
    since INTEGER,
    after_state INTEGER,
    after_reason INTEGER,
    after_ticket INTEGER,
    after_since INTEGER,
    PRIMARY KEY (batch, place)
) STRICT, WITHOUT ROWID;
CREATE TABLE attempt (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    leg TEXT NOT NULL,
    batch INTEGER NOT NULL REFERENCES batch,
    people TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    number INTEGER NOT NULL,
    began INTEGER NOT NULL,
    ended INTEGER,
    status INTEGER,
    class TEXT,
    why INTEGER
) STRICT;
CREATE TABLE words (
    id INTEGER PRIMARY KEY,
    text TEXT NOT NULL UNIQUE
) STRICT;
";

/// Makes the file with empty tables.
pub(super) fn create(path: &Path) -> Result<Connection> {
    let mut options = File::options();
    options.create_new(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
        .open(path)
        .map_err(|source| Error::Journal { path: path.to_owned(), why: source.to_string() })?;
    let connection = open(path)?;
    connection.execute_batch(TABLES).map_err(failed(path))?;
    Ok(connection)
}

/// Opens the file for writing.
pub(super) fn open(path: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(failed(path))?;
    connection
        .execute_batch(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=10000;",
        )
        .map_err(failed(path))?;
    Ok(connection)
}
