//! The sandbox's memory: one SQLite file, one connection, one transaction per request.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension as _, Row, TransactionBehavior, params};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use super::log;
use super::rule::Fault;
use super::variants::EmailMatch;

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS profile (
        seq INTEGER PRIMARY KEY,
        target TEXT NOT NULL,
        id TEXT NOT NULL,
        email_key TEXT NOT NULL,
        body TEXT NOT NULL,
        created_at TEXT NOT NULL,
        updated_at TEXT NOT NULL,
        UNIQUE (target, id),
        UNIQUE (target, email_key)
    );
    CREATE INDEX IF NOT EXISTS profile_order ON profile (target, seq);
    -- The other ways to find a profile: a mobile number, an identity, the value of a custom field.
    CREATE TABLE IF NOT EXISTS alias (
        target TEXT NOT NULL,
        name TEXT NOT NULL,
        value TEXT NOT NULL,
        profile TEXT NOT NULL,
        PRIMARY KEY (target, name, value, profile)
    ) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS custom_field (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        -- The number of the type; null when the field came to be by being used.
        kind INTEGER,
        is_active INTEGER NOT NULL DEFAULT 1,
        options TEXT NOT NULL DEFAULT '[]'
    );
    CREATE TABLE IF NOT EXISTS invitation (
        target TEXT NOT NULL,
        email TEXT NOT NULL,
        language TEXT NOT NULL,
        at TEXT NOT NULL,
        message TEXT
    );
    CREATE TABLE IF NOT EXISTS batch (
        seq INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        target TEXT NOT NULL,
        status TEXT NOT NULL,
        total INTEGER NOT NULL,
        success INTEGER NOT NULL DEFAULT 0,
        failed INTEGER NOT NULL DEFAULT 0,
        items TEXT NOT NULL,
        -- What was sent, until it is worked off, so that a stop loses nothing.
        sent TEXT,
        created_at TEXT NOT NULL,
        updated_at TEXT NOT NULL,
        -- What its people came to.
        created INTEGER NOT NULL DEFAULT 0,
        updated INTEGER NOT NULL DEFAULT 0,
        unchanged INTEGER NOT NULL DEFAULT 0,
        refused INTEGER NOT NULL DEFAULT 0
    );
";

/// The columns that a store of an earlier version does not have.
const ADDED: [(&str, &str, &str); 8] = [
    ("custom_field", "kind", "INTEGER"),
    ("custom_field", "is_active", "INTEGER NOT NULL DEFAULT 1"),
    ("custom_field", "options", "TEXT NOT NULL DEFAULT '[]'"),
    ("invitation", "message", "TEXT"),
    ("batch", "created", "INTEGER NOT NULL DEFAULT 0"),
    ("batch", "updated", "INTEGER NOT NULL DEFAULT 0"),
    ("batch", "unchanged", "INTEGER NOT NULL DEFAULT 0"),
    ("batch", "refused", "INTEGER NOT NULL DEFAULT 0"),
];

/// The open store.
pub(crate) struct Store {
    path: PathBuf,
    connection: Mutex<Connection>,
}

/// A profile as it is kept; what its body holds is the target's affair.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Person {
    pub(crate) id: String,
    pub(crate) email_key: String,
    pub(crate) body: Map<String, Value>,
    pub(crate) created_at: String,
    pub(crate) updated_at: String,
}

/// Pairs of name and value by which a profile can be found.
pub(crate) type Aliases = BTreeSet<(String, String)>;

/// The part of a list that was asked for.
#[derive(Clone, Copy)]
pub(crate) struct Page {
    pub(crate) number: u64,
    pub(crate) size: u64,
}

impl Page {
    /// How many come before it.
    pub(crate) fn skip(self) -> usize {
        let skip = self.number.saturating_sub(1).saturating_mul(self.size);
        usize::try_from(skip).unwrap_or(usize::MAX)
    }

    /// How many it holds at most.
    pub(crate) fn take(self) -> usize {
        usize::try_from(self.size).unwrap_or(usize::MAX)
    }
}

/// The profiles of one target, seen through an open transaction.
#[derive(Clone, Copy)]
pub(crate) struct People<'db> {
    pub(crate) db: &'db Connection,
    pub(crate) target: &'static str,
}

impl Store {
    pub(crate) fn open(path: &Path) -> rusqlite::Result<Self> {
        let connection = Connection::open(path)?;
        connection.busy_timeout(Duration::from_secs(5))?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        connection.execute_batch(SCHEMA)?;
        connection.execute_batch(log::SCHEMA)?;
        for (table, column, form) in ADDED.iter().chain(&log::ADDED) {
            if !connection.column_exists(None, *table, *column)? {
                connection
                    .execute(&format!("ALTER TABLE {table} ADD COLUMN {column} {form}"), [])?;
            }
        }
        connection.execute_batch(log::COUNTS)?;
        connection.set_prepared_statement_cache_capacity(64);
        Ok(Self { path: path.to_owned(), connection: Mutex::new(connection) })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Does some work in a transaction of its own.
    pub(crate) fn transact<T>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<T> {
        let mut connection = self.lock();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let done = work(&transaction)?;
        transaction.commit()?;
        Ok(done)
    }

    /// Does some work that is undone unless `keep` likes its result; `after` is kept in any case.
    pub(crate) fn attempt<T, A>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
        keep: impl FnOnce(&T) -> bool,
        after: impl FnOnce(&Connection, &T) -> rusqlite::Result<A>,
    ) -> rusqlite::Result<(T, A)> {
        let mut connection = self.lock();
        let mut transaction =
            connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let savepoint = transaction.savepoint()?;
        let done = work(&savepoint)?;
        if keep(&done) {
            savepoint.commit()?;
        } else {
            savepoint.finish()?;
        }
        let noted = after(&transaction, &done)?;
        transaction.commit()?;
        Ok((done, noted))
    }

    fn lock(&self) -> MutexGuard<'_, Connection> {
        // A panic inside a transaction has rolled it back, so the connection is sound.
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl People<'_> {
    pub(crate) fn by_email(self, key: &str) -> rusqlite::Result<Option<Person>> {
        self.one("target = ?1 AND email_key = ?2", key)
    }

    pub(crate) fn by_id(self, id: &str) -> rusqlite::Result<Option<Person>> {
        self.one("target = ?1 AND id = ?2", id)
    }

    /// The profiles with an alias; two at most, since more than one is all a caller needs to know.
    pub(crate) fn by_alias(self, name: &str, value: &str) -> rusqlite::Result<Vec<Person>> {
        let sql =
            "SELECT profile FROM alias WHERE target = ?1 AND name = ?2 AND value = ?3 LIMIT 2";
        let mut statement = self.db.prepare_cached(sql)?;
        let ids = statement
            .query_map(params![self.target, name, value], |row| row.get::<_, String>(0))?
            .collect::<rusqlite::Result<Vec<_>>>()?;
        self.by_ids(&ids)
    }

    /// The profiles with a value under any alias whose name begins so.
    pub(crate) fn by_any_alias(self, prefix: &str, value: &str) -> rusqlite::Result<Vec<Person>> {
        let sql = "SELECT DISTINCT profile FROM alias
            WHERE target = ?1 AND substr(name, 1, length(?2)) = ?2 AND value = ?3";
        let mut statement = self.db.prepare_cached(sql)?;
        let ids = statement
            .query_map(params![self.target, prefix, value], |row| row.get::<_, String>(0))?
            .collect::<rusqlite::Result<Vec<_>>>()?;
        self.by_ids(&ids)
    }

    /// The profiles with these ids, as far as there are any.
    fn by_ids(self, ids: &[String]) -> rusqlite::Result<Vec<Person>> {
        let found = ids.iter().map(|id| self.by_id(id));
        found.filter_map(Result::transpose).collect()
    }

    pub(crate) fn count(self) -> rusqlite::Result<u64> {
        let sql = "SELECT count(*) FROM profile WHERE target = ?1";
        let count: i64 = self.db.prepare_cached(sql)?.query_row([self.target], |row| row.get(0))?;
        Ok(count.unsigned_abs())
    }

    /// One page of the profiles, in the order they were created.
    pub(crate) fn page(self, page: Page) -> rusqlite::Result<Vec<Person>> {
        self.slice(page.skip(), page.size)
    }

    /// So many of the profiles behind so many others, in the order they were created.
    pub(crate) fn slice(self, skip: usize, take: u64) -> rusqlite::Result<Vec<Person>> {
        let sql = "SELECT id, email_key, body, created_at, updated_at FROM profile
            WHERE target = ?1 ORDER BY seq LIMIT ?2 OFFSET ?3";
        let mut statement = self.db.prepare_cached(sql)?;
        statement.query_map(params![self.target, integer(take), integer(skip)], person)?.collect()
    }

    /// An id that is free: always the same one for the same key, as long as nobody has it.
    pub(crate) fn free_id(self, key: &str) -> rusqlite::Result<String> {
        let mut turn = 0;
        loop {
            let id = identify(&[self.target, key, &turn.to_string()]);
            if self.by_id(&id)?.is_none() {
                return Ok(id);
            }
            turn += 1;
        }
    }

    pub(crate) fn insert(self, person: &Person) -> rusqlite::Result<()> {
        let sql = "INSERT INTO profile (target, id, email_key, body, created_at, updated_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let Person { id, email_key, body, created_at, updated_at } = person;
        let body = text(body);
        let values = params![self.target, id, email_key, body, created_at, updated_at];
        self.db.prepare_cached(sql)?.execute(values)?;
        Ok(())
    }

    pub(crate) fn replace(self, person: &Person) -> rusqlite::Result<()> {
        let sql = "UPDATE profile SET email_key = ?3, body = ?4, updated_at = ?5
            WHERE target = ?1 AND id = ?2";
        let Person { id, email_key, body, updated_at, .. } = person;
        let values = params![self.target, id, email_key, text(body), updated_at];
        self.db.prepare_cached(sql)?.execute(values)?;
        Ok(())
    }

    /// Brings the aliases of a profile from what they were to what they are.
    pub(crate) fn realias(
        self,
        profile: &str,
        before: &Aliases,
        after: &Aliases,
    ) -> rusqlite::Result<()> {
        let gone = "DELETE FROM alias
            WHERE target = ?1 AND name = ?2 AND value = ?3 AND profile = ?4";
        for (name, value) in before.difference(after) {
            let values = params![self.target, name, value, profile];
            self.db.prepare_cached(gone)?.execute(values)?;
        }
        let new = "INSERT INTO alias (target, name, value, profile) VALUES (?1, ?2, ?3, ?4)";
        for (name, value) in after.difference(before) {
            let values = params![self.target, name, value, profile];
            self.db.prepare_cached(new)?.execute(values)?;
        }
        Ok(())
    }

    fn one(self, condition: &str, key: &str) -> rusqlite::Result<Option<Person>> {
        let sql = format!(
            "SELECT id, email_key, body, created_at, updated_at FROM profile WHERE {condition}"
        );
        self.db.prepare_cached(&sql)?.query_row([self.target, key], person).optional()
    }
}

/// Does some work that is undone, all of it, when it ends in an error; the transaction goes on.
pub(crate) fn within<T, E: From<rusqlite::Error>>(
    db: &Connection,
    work: impl FnOnce() -> Result<T, E>,
) -> Result<T, E> {
    db.prepare_cached("SAVEPOINT record")?.execute([])?;
    let done = work();
    if done.is_err() {
        db.prepare_cached("ROLLBACK TO record")?.execute([])?;
    }
    db.prepare_cached("RELEASE record")?.execute([])?;
    done
}

/// The form of an e-mail address that is compared.
pub(crate) fn email_key(email: &str, compared: EmailMatch) -> String {
    match compared {
        EmailMatch::Insensitive => email.trim().to_lowercase(),
        EmailMatch::Sensitive => email.trim().to_owned(),
    }
}

/// The SHA-256 of some bytes in hexadecimal.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        for half in [byte >> 4, byte & 0x0f] {
            text.extend(char::from_digit(u32::from(half), 16));
        }
    }
    text
}

/// A UUID that follows from its parts, so that a test or a demonstration gives the same ids twice.
pub(crate) fn identify(parts: &[&str]) -> String {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update(part.as_bytes());
        digest.update([0]);
    }
    let mut id = String::with_capacity(36);
    for (index, byte) in digest.finalize().iter().take(16).enumerate() {
        if matches!(index, 4 | 6 | 8 | 10) {
            id.push('-');
        }
        // The version and variant bits of a UUID v4 (Omneo "Profiles API overview", `id`).
        let byte = match index {
            6 => byte & 0x0f | 0x40,
            8 => byte & 0x3f | 0x80,
            _ => *byte,
        };
        for half in [byte >> 4, byte & 0x0f] {
            id.extend(char::from_digit(u32::from(half), 16));
        }
    }
    id
}

/// A count as SQLite keeps it.
pub(crate) fn integer(count: impl TryInto<i64>) -> i64 {
    count.try_into().unwrap_or(i64::MAX)
}

/// JSON from a column.
pub(crate) fn json<T: serde::de::DeserializeOwned>(
    row: &Row<'_>,
    column: usize,
) -> rusqlite::Result<T> {
    let text = row.get_ref(column)?.as_str()?;
    serde_json::from_str(text).map_err(|cause| {
        rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(cause))
    })
}

fn person(row: &Row<'_>) -> rusqlite::Result<Person> {
    Ok(Person {
        id: row.get(0)?,
        email_key: row.get(1)?,
        body: json(row, 2)?,
        created_at: row.get(3)?,
        updated_at: row.get(4)?,
    })
}

fn text(body: &Map<String, Value>) -> String {
    serde_json::to_string(body).unwrap_or_default()
}

/// Why one person did not land: what was sent is at fault, or the store.
pub(super) enum Miss {
    Fault(Fault),
    Store(rusqlite::Error),
}

impl From<Fault> for Miss {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<rusqlite::Error> for Miss {
    fn from(cause: rusqlite::Error) -> Self {
        Self::Store(cause)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_follows_from_its_parts_and_looks_like_a_uuid() {
        let id = identify(&["vome", "lily@example.org", "0"]);
        assert_eq!(id, identify(&["vome", "lily@example.org", "0"]));
        assert_ne!(id, identify(&["omneo", "lily@example.org", "0"]));
        assert_ne!(identify(&["ab", "c"]), identify(&["a", "bc"]));
        let shape: Vec<usize> = id.split('-').map(str::len).collect();
        assert_eq!(shape, [8, 4, 4, 4, 12]);
        assert_eq!(id.as_bytes()[14], b'4');
    }

    #[test]
    fn an_attempt_that_is_not_kept_leaves_only_what_comes_after() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("s.sqlite")).unwrap();
        let write = |db: &Connection, id: &str| {
            db.execute("INSERT INTO custom_field (id, name) VALUES (?1, '')", [id]).map(|_| ())
        };
        store.attempt(|db| write(db, "work"), |()| false, |db, ()| write(db, "after")).unwrap();
        let read = |db: &Connection| {
            let mut statement = db.prepare("SELECT id FROM custom_field")?;
            let ids = statement.query_map([], |row| row.get::<_, String>(0))?;
            ids.collect::<rusqlite::Result<Vec<_>>>()
        };
        assert_eq!(store.transact(read).unwrap(), ["after"]);
    }
}
