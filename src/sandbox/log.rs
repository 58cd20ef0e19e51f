//! The sandbox's own record of what it received and did, which another process can read while it
//! runs, and hold a client to.

use std::net::SocketAddr;

use rusqlite::{Connection, params};

use super::Tally;
use super::call::{Call, Reply, now};
use super::faults::Faults;
use super::people;
use super::store::integer;

pub(super) const SCHEMA: &str = "
    -- Each start of the server.
    CREATE TABLE IF NOT EXISTS serving (
        seq INTEGER PRIMARY KEY,
        at TEXT NOT NULL,
        address TEXT NOT NULL,
        -- The fault plan and its seed; null without one.
        plan TEXT,
        seed INTEGER
    );
    CREATE TABLE IF NOT EXISTS request (
        seq INTEGER PRIMARY KEY,
        at TEXT NOT NULL,
        method TEXT NOT NULL,
        path TEXT NOT NULL,
        -- How many of the body were received.
        body_bytes INTEGER NOT NULL,
        -- What was decided; 0 when it did not come to that.
        status INTEGER NOT NULL,
        effect TEXT NOT NULL,
        -- Of the bytes received, in hexadecimal; null when there were none.
        body_sha256 TEXT,
        records INTEGER NOT NULL DEFAULT 0,
        serving INTEGER,
        -- Whether the request came in whole: whole, part or none.
        received TEXT NOT NULL DEFAULT 'whole',
        -- Whether the store took it in; its people may be refused all the same.
        applied INTEGER NOT NULL DEFAULT 0,
        -- What its people came to; those of a batch are counted there.
        created INTEGER NOT NULL DEFAULT 0,
        updated INTEGER NOT NULL DEFAULT 0,
        unchanged INTEGER NOT NULL DEFAULT 0,
        refused INTEGER NOT NULL DEFAULT 0,
        batch TEXT,
        -- The keys of its people in their order, with a mark at those whom a fault had refused.
        people TEXT NOT NULL DEFAULT '',
        -- Which request it was since the start, and the faults that it met; with a plan only.
        number INTEGER,
        fault TEXT,
        -- The status that was sent, how much of the answer was (whole, cut or none), and in bytes;
        -- null until that is over, and without a plan, when nobody watches it.
        shown INTEGER,
        sent TEXT,
        sent_bytes INTEGER,
        answer_bytes INTEGER,
        ended_at TEXT
    );
";

/// What all requests and batches of the store came to.
pub(super) const COUNTS: &str = "
    CREATE VIEW IF NOT EXISTS counts AS
    SELECT sum(created) AS creates, sum(updated) AS updates, sum(unchanged) AS replays,
        sum(refused) AS refusals
    FROM (
        SELECT created, updated, unchanged, refused FROM request
        UNION ALL SELECT created, updated, unchanged, refused FROM batch
        UNION ALL SELECT 0, 0, 0, 0
    );
";

/// The columns that a store of an earlier version does not have.
pub(super) const ADDED: [(&str, &str, &str); 18] = [
    ("request", "body_sha256", "TEXT"),
    ("request", "records", "INTEGER NOT NULL DEFAULT 0"),
    ("request", "serving", "INTEGER"),
    ("request", "received", "TEXT NOT NULL DEFAULT 'whole'"),
    ("request", "applied", "INTEGER NOT NULL DEFAULT 0"),
    ("request", "created", "INTEGER NOT NULL DEFAULT 0"),
    ("request", "updated", "INTEGER NOT NULL DEFAULT 0"),
    ("request", "unchanged", "INTEGER NOT NULL DEFAULT 0"),
    ("request", "refused", "INTEGER NOT NULL DEFAULT 0"),
    ("request", "batch", "TEXT"),
    ("request", "people", "TEXT NOT NULL DEFAULT ''"),
    ("request", "number", "INTEGER"),
    ("request", "fault", "TEXT"),
    ("request", "shown", "INTEGER"),
    ("request", "sent", "TEXT"),
    ("request", "sent_bytes", "INTEGER"),
    ("request", "answer_bytes", "INTEGER"),
    ("request", "ended_at", "TEXT"),
];

/// What a request had to do with the fault plan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Visit {
    /// Which request it was since the start.
    pub(crate) number: Option<u64>,
    /// The faults that it met.
    pub(crate) fault: Option<String>,
    pub(crate) received: Received,
    /// The keys of the people whom a fault has refused.
    pub(crate) spoiled: Vec<String>,
}

/// How much of a request came in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Received {
    #[default]
    Whole,
    Part,
    None,
}

impl Visit {
    /// One that no plan watches.
    pub(crate) fn whole(is_whole: bool) -> Self {
        let received = if is_whole { Received::Whole } else { Received::Part };
        Self { received, ..Self::default() }
    }
}

impl Received {
    fn word(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::Part => "part",
            Self::None => "none",
        }
    }
}

/// What went out in answer to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sent {
    /// The status in it.
    pub(crate) status: Option<u16>,
    /// The bytes that were sent, and those that a whole answer has.
    pub(crate) bytes: usize,
    pub(crate) of: usize,
    /// Whether there was nothing in it that could have been altered as the fault wanted.
    pub(crate) unaltered: bool,
}

impl Sent {
    /// Nothing did.
    pub(crate) const NOTHING: Self = Self { status: None, bytes: 0, of: 0, unaltered: false };

    fn word(self) -> &'static str {
        match self.bytes {
            0 => "none",
            bytes if bytes < self.of => "cut",
            _ => "whole",
        }
    }
}

/// Notes a start of the server, and gives its number.
pub(super) fn start(
    db: &Connection,
    address: SocketAddr,
    faults: Option<&Faults>,
) -> rusqlite::Result<i64> {
    let sql = "INSERT INTO serving (at, address, plan, seed) VALUES (?1, ?2, ?3, ?4)";
    let (plan, seed) = (faults.map(Faults::text), faults.map(|faults| integer(faults.seed())));
    db.prepare_cached(sql)?.execute(params![now(), address.to_string(), plan, seed])?;
    Ok(db.last_insert_rowid())
}

/// Writes the log line of a request, which holds nobody's data, and gives its number. Without a reply it
/// did not come to a decision.
pub(super) fn log(
    db: &Connection,
    serving: i64,
    call: &Call,
    reply: Option<&Reply>,
) -> rusqlite::Result<i64> {
    let sql = "INSERT INTO request
        (at, method, path, body_bytes, status, effect, body_sha256, records, serving, received,
         applied, created, updated, unchanged, refused, batch, people, number, fault, shown)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,
         ?19, ?20)";
    let body = people::writes(&call.method, &call.path).then(|| call.received()).flatten();
    let carried = body.as_ref().map_or(&[][..], people::of);
    let keys: Vec<String> = carried
        .iter()
        .map(|person| {
            let key = people::key(person);
            if call.visit.spoiled.contains(&key) { format!("{key}!") } else { key }
        })
        .collect();
    let status = reply.map_or(0, |reply| reply.status.as_u16());
    let tally = reply.map_or_else(Tally::default, |reply| reply.tally);
    let [created, updated, unchanged, refused] = tally.people().map(integer);
    let taken = reply.is_some_and(|reply| reply.status.is_success());
    let applied = taken && people::writes(&call.method, &call.path);
    let visit = &call.visit;
    let values = params![
        call.at,
        call.method.as_str(),
        call.discreet_line(),
        integer(call.body_bytes()),
        status,
        reply.map_or("nothing", |reply| &reply.effect),
        call.body_sha256(),
        integer(reply.map_or(0, |reply| reply.records).max(carried.len())),
        serving,
        visit.received.word(),
        applied,
        created,
        updated,
        unchanged,
        refused,
        reply.and_then(|reply| reply.queue.as_deref()),
        keys.join(" "),
        visit.number.map(integer),
        visit.fault,
        visit.number.is_none().then_some(status),
    ];
    db.prepare_cached(sql)?.execute(values)?;
    Ok(db.last_insert_rowid())
}

/// Notes what went out in answer to a request.
pub(super) fn sent(db: &Connection, request: i64, sent: Sent) -> rusqlite::Result<()> {
    let sql = "UPDATE request SET shown = ?2, sent = ?3, sent_bytes = ?4, answer_bytes = ?5,
        ended_at = ?6, fault = fault || ?7 WHERE seq = ?1";
    let (bytes, of) = (integer(sent.bytes), integer(sent.of));
    let vain = if sent.unaltered { " in vain" } else { "" };
    let values = params![request, sent.status, sent.word(), bytes, of, now(), vain];
    db.prepare_cached(sql)?.execute(values)?;
    Ok(())
}
