//! The one thread that writes a journal. It takes everything that waits, does it in one transaction,
//! and answers all of it when the commit has returned: many senders share the cost of a sync.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use rusqlite::Connection;

use super::failed;
use super::faults::{Disk, Operation};
use super::ledger::{self, Counts, Fault};
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
    reply: SyncSender<Result<i64>>,
}

/// Where an answer goes, and what it is if the transaction is committed.
type Answer = (SyncSender<Result<i64>>, Result<i64, String>);

/// The way to the thread. The thread ends when this is dropped, with everything written.
#[derive(Debug)]
pub(super) struct Keeper {
    path: PathBuf,
    requests: Option<Sender<Request>>,
    thread: Option<JoinHandle<()>>,
    counts: Arc<Mutex<Counts>>,
}

impl Keeper {
    /// Starts the thread for a connection.
    pub(super) fn start(path: &Path, connection: Connection, disk: Disk) -> Result<Self> {
        let known = Counts::read(&connection).map_err(failed(path))?;
        let counts = Arc::new(Mutex::new(known.clone()));
        let (requests, taken) = channel();
        let writer = Writer {
            path: path.to_owned(),
            connection,
            disk,
            known,
            counts: Arc::clone(&counts),
            broken: None,
        };
        let thread = std::thread::Builder::new()
            .name("journal".to_owned())
            .spawn(move || writer.run(&taken))
            .map_err(|error| lost(path, &error.to_string()))?;
        Ok(Self { path: path.to_owned(), requests: Some(requests), thread: Some(thread), counts })
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
        self.counts.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn ask(&self, order: Order) -> Result<i64> {
        let (reply, answer) = sync_channel(1);
        let ended = || lost(&self.path, "the thread that writes it has ended");
        let requests = self.requests.as_ref().ok_or_else(ended)?;
        requests.send(Request { order, reply }).map_err(|_| ended())?;
        answer.recv().map_err(|_| ended())?
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        drop(self.requests.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn lost(path: &Path, why: &str) -> Error {
    Error::Journal { path: path.to_owned(), why: why.to_owned() }
}

struct Writer {
    path: PathBuf,
    connection: Connection,
    disk: Disk,
    /// The counts of what is on the disk, for this thread and for the others.
    known: Counts,
    counts: Arc<Mutex<Counts>>,
    /// Why nothing is written any more.
    broken: Option<String>,
}

impl Writer {
    fn run(mut self, requests: &Receiver<Request>) {
        while let Ok(first) = requests.recv() {
            let mut group = Vec::new();
            let mut purges = Vec::new();
            for request in std::iter::once(first).chain(requests.try_iter().take(MOST - 1)) {
                match request.order {
                    Order::Write(work) => group.push((work, request.reply)),
                    Order::Purge => purges.push(request.reply),
                }
            }
            if !group.is_empty() {
                self.write(group);
            }
            for reply in purges {
                // Whoever asked may be gone.
                let _ = reply.send(self.purge().map(|()| 0));
            }
        }
    }

    /// Does a group of requests in one transaction and answers them when it has been committed.
    fn write(&mut self, group: Vec<(Work, SyncSender<Result<i64>>)>) {
        let mut replies = Vec::with_capacity(group.len());
        let mut counts = self.known.clone();
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
            self.known = counts.clone();
            *self.counts.lock().unwrap_or_else(PoisonError::into_inner) = counts;
        }
        for (reply, done) in replies {
            let answer = match &result {
                Err(why) => Err(lost(&self.path, why)),
                Ok(()) => done.map_err(|why| lost(&self.path, &why)),
            };
            // Whoever asked may be gone.
            let _ = reply.send(answer);
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
        group: Vec<(Work, SyncSender<Result<i64>>)>,
        replies: &mut Vec<Answer>,
        counts: &mut Counts,
    ) -> rusqlite::Result<()> {
        let (works, waiting): (Vec<_>, Vec<_>) = group.into_iter().unzip();
        replies.extend(waiting.into_iter().map(|reply| (reply, Ok(0))));
        self.connection.execute_batch("BEGIN IMMEDIATE")?;
        self.disk.at(Operation::Write, &self.connection)?;
        for (work, (_, done)) in works.into_iter().zip(replies.iter_mut()) {
            *done = match work(&self.connection, counts) {
                Ok(value) => Ok(value),
                Err(Fault::Refused(why)) => Err(why),
                Err(Fault::Failed(error)) => return Err(error),
            };
        }
        self.disk.at(Operation::Commit, &self.connection)?;
        self.connection.execute_batch("COMMIT")?;
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
