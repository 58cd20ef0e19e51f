//! Writes a journal. Whoever has something to write puts it into a line, and who comes first does all
//! that waits there in one transaction: many senders share the cost of a sync, and one who is alone waits
//! for no other thread.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;

use super::counts::Counts;
use super::failed;
use super::faults::{Disk, Operation};
use super::ledger;
use super::refused::Fault;
use crate::error::{Error, Result};

/// How many requests go into one transaction at most.
const MOST: usize = 64;

/// What is to be written. It may refuse before it has written anything, and not later.
pub(super) type Work = Box<dyn FnOnce(&Connection, &mut Counts) -> Result<i64, Fault> + Send>;

enum Order {
    /// Together with others.
    Write(Work),
    /// On its own: it cannot be a part of a transaction.
    Purge,
}

struct Request {
    order: Order,
    reply: SyncSender<Word>,
}

/// What is said to whoever waits.
enum Word {
    /// It was done, or could not be.
    Done(Result<i64>),
    /// Whoever wrote has gone: the one who hears this writes what waits, its own first.
    Lead,
}

/// Where an answer goes, and what it is if the transaction is committed.
type Answer = (SyncSender<Word>, Result<i64, String>);

/// What waits to be written, in order, and whether somebody is at it.
#[derive(Default)]
struct Line {
    waiting: VecDeque<Request>,
    turn: Turn,
}

#[derive(Default, PartialEq)]
enum Turn {
    /// Nobody writes, and nothing waits.
    #[default]
    Free,
    /// Somebody writes, or was told to.
    Taken,
    /// Whoever wrote has ended in the middle.
    Broken,
}

/// The one place where a journal is written.
pub(super) struct Keeper {
    path: PathBuf,
    line: Mutex<Line>,
    /// Only whoever has the turn takes it.
    writer: Mutex<Writer>,
    /// The counts of what is on the disk.
    counts: Mutex<Counts>,
}

impl std::fmt::Debug for Keeper {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keeper").field("path", &self.path).finish_non_exhaustive()
    }
}

impl Keeper {
    /// Writes through a connection.
    pub(super) fn new(path: &Path, connection: Connection, disk: Disk) -> Result<Self> {
        let counts = Mutex::new(Counts::read(&connection).map_err(failed(path))?);
        let writer = Writer { path: path.to_owned(), connection, disk, broken: None };
        let line = Mutex::default();
        Ok(Self { path: path.to_owned(), line, writer: Mutex::new(writer), counts })
    }

    /// Writes, and returns when it is on the disk.
    pub(super) fn write(&self, work: Work) -> Result<i64> {
        self.ask(Order::Write(work))
    }

    /// Takes away what the target said of people.
    pub(super) fn purge(&self) -> Result<()> {
        self.ask(Order::Purge).map(drop)
    }

    /// The counts of what is on the disk.
    pub(super) fn counts(&self) -> Counts {
        lock(&self.counts).clone()
    }

    fn ask(&self, order: Order) -> Result<i64> {
        let (reply, answer) = sync_channel(1);
        let ended = || lost(&self.path, "whoever was writing it has ended in the middle");
        let is_first = {
            let mut line = lock(&self.line);
            if line.turn == Turn::Broken {
                return Err(ended());
            }
            line.waiting.push_back(Request { order, reply });
            std::mem::replace(&mut line.turn, Turn::Taken) == Turn::Free
        };
        if is_first {
            self.lead();
        }
        loop {
            match answer.recv().map_err(|_| ended())? {
                Word::Done(done) => return done,
                Word::Lead => self.lead(),
            }
        }
    }

    /// Does what waits, as much as goes into one transaction, and gives the turn to the next one in the line.
    fn lead(&self) {
        let mut turn = Leading { line: &self.line, is_done: false };
        let waiting: Vec<Request> = {
            let mut line = lock(&self.line);
            let most = line.waiting.len().min(MOST);
            line.waiting.drain(..most).collect()
        };
        let (mut group, mut purges) = (Vec::new(), Vec::new());
        for request in waiting {
            match request.order {
                Order::Write(work) => group.push((work, request.reply)),
                Order::Purge => purges.push(request.reply),
            }
        }
        let mut writer = lock(&self.writer);
        if !group.is_empty() {
            writer.write(group, &self.counts);
        }
        for reply in purges {
            // Whoever asked may be gone.
            let _ = reply.send(Word::Done(writer.purge().map(|()| 0)));
        }
        turn.is_done = true;
    }
}

/// The turn of whoever writes. It is handed on when that is done; where it ends otherwise, nobody waits any
/// more.
struct Leading<'k> {
    line: &'k Mutex<Line>,
    is_done: bool,
}

impl Drop for Leading<'_> {
    fn drop(&mut self) {
        let mut line = lock(self.line);
        if !self.is_done {
            line.turn = Turn::Broken;
            line.waiting.clear();
        } else if let Some(next) = line.waiting.front() {
            // It waits for its first word, so that there is room for it.
            let _ = next.reply.send(Word::Lead);
        } else {
            line.turn = Turn::Free;
        }
    }
}

/// What a thread leaves behind that panicked with it is whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn lost(path: &Path, why: &str) -> Error {
    Error::Journal { path: path.to_owned(), why: why.to_owned() }
}

struct Writer {
    path: PathBuf,
    connection: Connection,
    disk: Disk,
    /// Why nothing is written any more.
    broken: Option<String>,
}

impl Writer {
    /// Does a group of requests in one transaction and answers them when it has been committed.
    fn write(&mut self, group: Vec<(Work, SyncSender<Word>)>, known: &Mutex<Counts>) {
        let mut replies = Vec::with_capacity(group.len());
        let mut counts = lock(known).clone();
        let mut result = self.usable();
        if result.is_ok() {
            result = self.transact(group, &mut replies, &mut counts).map_err(|error| {
                if !self.connection.is_autocommit() {
                    // The transaction failed as it is; what it wrote is not read by anybody.
                    let _ = self.connection.execute_batch("ROLLBACK");
                }
                let why = error.to_string();
                self.broken = Some(why.clone());
                why
            });
        } else {
            replies.extend(group.into_iter().map(|(_, reply)| (reply, Ok(0))));
        }
        if result.is_ok() {
            *lock(known) = counts;
        }
        for (reply, done) in replies {
            let answer = match &result {
                Err(why) => Err(lost(&self.path, why)),
                Ok(()) => done.map_err(|why| lost(&self.path, &why)),
            };
            // Whoever asked may be gone.
            let _ = reply.send(Word::Done(answer));
        }
    }

    /// Nothing goes into a journal that has failed: what came before may be missing.
    fn usable(&self) -> Result<(), String> {
        match &self.broken {
            Some(why) => Err(format!("nothing more is written since it failed ({why})")),
            None => Ok(()),
        }
    }

    /// Whatever becomes of it, every request of the group has its place in `replies`.
    fn transact(
        &mut self,
        group: Vec<(Work, SyncSender<Word>)>,
        replies: &mut Vec<Answer>,
        counts: &mut Counts,
    ) -> rusqlite::Result<()> {
        let (works, waiting): (Vec<_>, Vec<_>) = group.into_iter().unzip();
        replies.extend(waiting.into_iter().map(|reply| (reply, Ok(0))));
        self.connection.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
        self.disk.at(Operation::Write, &self.connection)?;
        for (work, (_, done)) in works.into_iter().zip(replies.iter_mut()) {
            *done = match work(&self.connection, counts) {
                Ok(value) => Ok(value),
                Err(Fault::Refused(why)) => Err(why),
                Err(Fault::Failed(error)) => return Err(error),
            };
        }
        self.disk.at(Operation::Commit, &self.connection)?;
        self.connection.prepare_cached("COMMIT")?.execute([])?;
        self.disk.at(Operation::Sync, &self.connection)
    }

    fn purge(&self) -> Result<()> {
        self.usable().map_err(|why| lost(&self.path, &why))?;
        let busy = ledger::purge(&self.connection).map_err(|error| {
            let _ = self.connection.execute_batch("ROLLBACK");
            failed(&self.path)(error)
        })?;
        if busy {
            return Err(lost(
                &self.path,
                "somebody is reading it; purge it again when they are done",
            ));
        }
        Ok(())
    }
}
