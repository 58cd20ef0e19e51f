//! The tables of the journal, and how its file is opened: what is asked of the database is read back,
//! because it does not say when it cannot do it.

use std::fs::File;
use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::{About, Planned, failed, ledger};
use crate::error::{Error, Result};

/// What the file says that it is: "upsh" in ASCII.
const APPLICATION: i32 = 0x7570_7368;
/// The version of the tables. It is raised when an earlier program could not go on with the file.
const VERSION: i32 = 3;
/// Earlier libraries can damage a log that is reset while it is read.
const OLDEST_LIBRARY: i32 = 3_051_003;
/// How long one process waits for another.
const PATIENCE: Duration = Duration::from_secs(10);

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
    sha256 TEXT NOT NULL,
    people INTEGER NOT NULL,
    places BLOB NOT NULL
) STRICT;
CREATE TABLE people (
    batch INTEGER NOT NULL,
    first INTEGER NOT NULL,
    people INTEGER NOT NULL,
    state INTEGER NOT NULL,
    reason INTEGER,
    ticket INTEGER,
    since INTEGER,
    after_state INTEGER,
    after_reason INTEGER,
    after_ticket INTEGER,
    after_since INTEGER,
    PRIMARY KEY (batch, first)
) STRICT, WITHOUT ROWID;
CREATE TABLE attempt (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    leg TEXT NOT NULL,
    batch INTEGER NOT NULL,
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

fn refused(path: &Path, why: impl Into<String>) -> Error {
    Error::Journal { path: path.to_owned(), why: why.into() }
}

/// Makes the file, for its owner only. The log beside it takes its mode from it.
///
/// The plan is written before the file gets its log, so that each page goes to the disk once. The
/// tables, the mark of the file and the plan are one transaction: a file without them is of a run
/// that was cut off before anything was sent.
pub(super) fn create(path: &Path, about: &About, plan: &[Planned]) -> Result<Connection> {
    let mut options = File::options();
    options.create_new(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map_err(|error| refused(path, error.to_string()))?;
    let connection = connect(path)?;
    let write = || {
        connection.execute_batch("BEGIN IMMEDIATE")?;
        connection.pragma_update(None, "application_id", APPLICATION)?;
        connection.pragma_update(None, "user_version", VERSION)?;
        connection.execute_batch(TABLES)?;
        ledger::plan(&connection, about, plan)?;
        crate::failpoint::hit(crate::failpoint::Point::InJournal);
        connection.execute_batch("COMMIT")
    };
    write().map_err(failed(path))?;
    keep_log(&connection, path)?;
    let folder = path.parent().unwrap_or(Path::new("."));
    crate::private::sync(folder).map_err(|error| refused(path, error.to_string()))?;
    Ok(connection)
}

/// Opens the file of an earlier run for writing.
pub(super) fn open(path: &Path) -> Result<Connection> {
    if !path.is_file() {
        return Err(refused(path, "there is none"));
    }
    let connection = connect(path)?;
    check(&connection, path)?;
    let found: String = connection
        .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
        .map_err(|error| unreadable(path, error))?;
    if found != "ok" {
        return Err(refused(path, format!("it is damaged: {found}")));
    }
    keep_log(&connection, path)?;
    Ok(connection)
}

/// A connection that keeps what it commits.
fn connect(path: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(failed(path))?;
    if rusqlite::version_number() < OLDEST_LIBRARY {
        let version = rusqlite::version();
        return Err(refused(path, format!("SQLite {version} is too old to be trusted with it")));
    }
    careful(&connection, path)?;
    set(&connection, path, "synchronous", "FULL", 2)?;
    for name in ["fullfsync", "checkpoint_fullfsync"] {
        set(&connection, path, name, "ON", 1)?;
    }
    Ok(connection)
}

/// A connection that looks only.
pub(super) fn look(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Connection::open_with_flags(path, flags)
}

/// What holds of every connection: waits for others, maps no file, believes no definition in it, and keeps
/// the plan of a statement.
pub(super) fn careful(connection: &Connection, path: &Path) -> Result<()> {
    connection.busy_timeout(PATIENCE).map_err(failed(path))?;
    // Else a statement is planned anew for every number that it is given, in case this is a small one.
    let steady = connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true);
    if !steady.map_err(failed(path))? {
        return Err(refused(path, "SQLite did not take the setting that keeps its plans"));
    }
    set(connection, path, "trusted_schema", "OFF", 0)?;
    // Without a file behind it, the pragma gives no row.
    let mapped = connection.query_row("PRAGMA mmap_size = 0", [], |row| row.get::<_, i64>(0));
    match mapped {
        Ok(0) | Err(rusqlite::Error::QueryReturnedNoRows) => Ok(()),
        Ok(_) => Err(refused(path, "SQLite would map it into memory")),
        Err(error) => Err(unreadable(path, error)),
    }
}

fn set(connection: &Connection, path: &Path, name: &str, value: &str, expected: i64) -> Result<()> {
    connection
        .execute_batch(&format!("PRAGMA {name} = {value}"))
        .map_err(|error| unreadable(path, error))?;
    let found: i64 = connection
        .pragma_query_value(None, name, |row| row.get(0))
        .map_err(|error| unreadable(path, error))?;
    if found == expected {
        return Ok(());
    }
    Err(refused(path, format!("SQLite did not take the setting {name} = {value}")))
}

/// Gives the file its write-ahead log, or a rollback journal where the log is not to be had.
fn keep_log(connection: &Connection, path: &Path) -> Result<()> {
    // The log needs memory that all processes share, which machines do not.
    keep_in_mode(connection, path, super::place::is_of_a_network(path))
}

pub(super) fn keep_in_mode(connection: &Connection, path: &Path, elsewhere: bool) -> Result<()> {
    let ask = |mode: &str| {
        connection
            .query_row(&format!("PRAGMA journal_mode = {mode}"), [], |row| row.get::<_, String>(0))
            .map_err(|error| unreadable(path, error))
    };
    if !elsewhere && ask("WAL")? == "wal" {
        return Ok(());
    }
    match ask("DELETE")?.as_str() {
        "delete" => Ok(()),
        other => Err(refused(path, format!("SQLite would keep it in the mode {other}"))),
    }
}

/// Why a file without tables is none.
pub(super) const CUT_OFF: &str =
    "the run was cut off before everything was planned; nothing of it was sent";

/// Whether the file is a journal, whole and of a version that is known.
pub(super) fn check(connection: &Connection, path: &Path) -> Result<()> {
    let read = |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, i32>(0));
    let (application, version) = read("application_id")
        .and_then(|id| Ok((id, read("user_version")?)))
        .map_err(|error| unreadable(path, error))?;
    let tables: i64 = connection
        .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
        .map_err(|error| unreadable(path, error))?;
    match (application, version) {
        (APPLICATION, VERSION) => Ok(()),
        (APPLICATION, form) => {
            Err(Error::OtherVersion { path: path.to_owned(), form, ours: VERSION })
        }
        (0, 0) if tables == 0 => Err(refused(path, CUT_OFF)),
        _ => Err(refused(path, "it is a database, but no journal of upsheet")),
    }
}

/// What it means that the first look at a file fails.
pub(super) fn unreadable(path: &Path, error: rusqlite::Error) -> Error {
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => refused(path, "it is no journal, or its begin is damaged"),
        Some(ErrorCode::DatabaseCorrupt) => refused(path, format!("it is damaged: {error}")),
        _ => failed(path)(error),
    }
}
