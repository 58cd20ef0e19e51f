//! What happened to everybody, kept so that a kill at any instant loses nothing: the journal of a run.
//!
//! A request is put down as under way before its first byte leaves ([`Journal::begin`]), and what
//! became of its people before anybody counts them ([`Journal::end`]). Both are on the disk when
//! they return. Whoever is found in flight in an open journal was sent with an outcome that nobody
//! knows; it never means that it failed.
//!
//! The journal is a database in the run's folder. It holds rows, codes and what the target said,
//! never a cell.

mod about;
mod counts;
pub mod faults;
mod keeper;
mod ledger;
mod locks;
mod outcome;
mod people;
mod place;
mod refused;
mod runs;
mod schema;
mod view;

use std::path::{Path, PathBuf};
use std::sync::mpsc::sync_channel;
use std::sync::{Mutex, PoisonError};

use rusqlite::Connection;

pub use self::about::{About, InputPrint, Overrides};
use self::faults::Disk;
use self::keeper::{Keeper, Work};
pub use self::locks::{ObjectLock, RunLock};
pub use self::outcome::{Class, Leg, Outcome, Phase, Tally};
use self::people::{spans, together};
pub use self::runs::{Listed, Run, Runs, Standing};
pub use self::view::View;
use crate::error::{Error, Result};
use crate::row::{Location, Places};

/// The name of the journal in a run's folder.
pub const FILE: &str = "journal.sqlite";

/// One payload file of the plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// Its number, from 1.
    pub number: u32,
    /// Its path in the run's folder.
    pub file: String,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// The rows of its people, in their order.
    pub places: Places,
}

/// One person of the plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Which person of the payload file, from 0.
    pub place: usize,
    /// Which row.
    pub at: Location,
    /// What is known of the person.
    pub state: State,
}

/// What is known of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// What became of the person.
    pub outcome: Outcome,
    /// When the first attempt began whose outcome is not known, in Unix milliseconds.
    pub since: Option<i64>,
    /// What became of what is sent when the ids are known.
    pub after: Option<Outcome>,
    /// As `since`, of what is sent when the ids are known.
    pub after_since: Option<i64>,
}

impl State {
    /// What became of the person in a leg; nothing of what is sent when the ids are known where there is
    /// none, or the person has not landed.
    pub fn in_leg(&self, leg: Leg) -> Option<&Outcome> {
        match leg {
            Leg::People => Some(&self.outcome),
            Leg::After => self.after.as_ref().filter(|_| self.outcome == Outcome::Accepted),
        }
    }

    /// When the first attempt of unknown outcome began in a leg.
    pub fn since_in(&self, leg: Leg) -> Option<i64> {
        match leg {
            Leg::People => self.since,
            Leg::After => self.after_since,
        }
    }
}

/// A payload file in which somebody has no outcome yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenFile {
    /// Its number.
    pub number: u32,
    /// Whether everybody in it is as not sent: of nobody there is anything to ask.
    pub fresh: bool,
}

/// People of a payload file who follow each other and of whom the same is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alike {
    /// How many they are.
    pub people: usize,
    /// What is known of each.
    pub state: State,
}

/// A request that is about to leave.
#[derive(Clone, Debug)]
pub struct Begin<'a> {
    /// What it is about.
    pub leg: Leg,
    /// The number of the payload file.
    pub batch: u32,
    /// Who of it is in the request, by place.
    pub people: &'a [usize],
    /// How long its body is.
    pub bytes: usize,
    /// SHA-256 of its body, in hexadecimal.
    pub sha256: String,
    /// Which attempt it is to settle its people, from 1.
    pub number: u32,
}

/// A request that was begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Attempt(pub(crate) i64);

/// How a request ended.
#[derive(Clone, Debug)]
pub struct End<'a> {
    /// The HTTP status, where there was an answer.
    pub status: Option<u16>,
    /// How the answer was read.
    pub class: Class,
    /// What the target or the network said.
    pub why: Option<&'a str>,
    /// What became of its people, by place.
    pub outcomes: &'a [(usize, Outcome)],
}

/// An attempt as the journal keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried {
    /// The attempt.
    pub attempt: Attempt,
    /// What it was about.
    pub leg: Leg,
    /// The number of the payload file.
    pub batch: u32,
    /// Who of it was in the request, by place.
    pub people: Vec<usize>,
    /// How long its body was.
    pub bytes: usize,
    /// SHA-256 of its body, in hexadecimal.
    pub sha256: String,
    /// Which attempt it was to settle its people, from 1.
    pub number: u32,
    /// When it began, in Unix milliseconds.
    pub began: i64,
    /// How it ended; nothing while it is under way, or when it was cut off.
    pub ended: Option<Ended>,
}

/// How an attempt ended, as the journal keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// When, in Unix milliseconds.
    pub at: i64,
    /// The HTTP status, where there was an answer.
    pub status: Option<u16>,
    /// How the answer was read.
    pub class: Class,
    /// What the target or the network said.
    pub why: Option<String>,
}

/// A request of which nothing was learned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// Its people, by their places in the payload file.
    pub people: Vec<usize>,
    /// The status that came, if one did.
    pub status: Option<u16>,
    /// When it was over, or began where the process ended first, in Unix milliseconds.
    pub at: i64,
    /// Whether it was over before the process was.
    pub is_over: bool,
}

/// The journal of a run, for the one process that sends it. It is used by several threads at once.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    about: About,
    /// Dropped before the keeper, so that the keeper is the last one and puts the log away.
    reader: Mutex<Connection>,
    keeper: Keeper,
    /// Whether nobody reads ahead.
    alone: bool,
}

impl Journal {
    /// Makes the journal of a new run, with everybody planned and nobody sent. Everything is on the
    /// disk when it returns.
    ///
    /// # Errors
    /// When there is one already, or it cannot be written.
    pub fn create(run_folder: &Path, about: &About, plan: &[Planned]) -> Result<Self> {
        let path = run_folder.join(FILE);
        let connection = schema::create(&path, about, plan)?;
        Self::start(path, connection, None)
    }

    /// Opens the journal of an earlier run to go on with it. Whoever was in flight still is.
    ///
    /// # Errors
    /// When it is not there, cannot be read or written, or was made by another version.
    pub fn open(run_folder: &Path) -> Result<Self> {
        let path = run_folder.join(FILE);
        let connection = schema::open(&path)?;
        Self::start(path, connection, None)
    }

    fn start(path: PathBuf, connection: Connection, disk: Option<Disk>) -> Result<Self> {
        let about = ledger::about(&connection).map_err(failed(&path))?;
        let reader = schema::look(&path).map_err(failed(&path))?;
        schema::careful(&reader, &path)?;
        let disk = disk.unwrap_or_else(|| Disk::below(&path));
        let keeper = Keeper::new(&path, connection, disk)?;
        Ok(Self { path, about, reader: Mutex::new(reader), keeper, alone: false })
    }

    fn with<T>(&self, work: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T> {
        let connection = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        work(&connection).map_err(failed(&self.path))
    }

    /// The same, for a process that starts no thread where one is enough.
    #[must_use]
    pub fn alone(self, alone: bool) -> Self {
        Self { alone, ..self }
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

    /// What is known of the people of a payload file, in order of place.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn states(&self, batch: u32) -> Result<Vec<Alike>> {
        self.with(|connection| ledger::states(connection, batch))
    }

    /// The payload files in which somebody has no outcome yet, in order, and how many files have anybody
    /// whom the leg concerns.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn open_files(&self, leg: Leg) -> Result<(Vec<OpenFile>, u64)> {
        self.with(|connection| ledger::open(connection, leg))
    }

    /// The numbers of the payload files in which somebody is queued at the target, in order, and how
    /// many these are.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn queued(&self, leg: Leg) -> Result<Vec<(u32, usize)>> {
        self.with(|connection| ledger::queued(connection, leg))
    }

    /// Who of a payload file was in each of its requests, by place, in the order in which they began.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn together(&self, leg: Leg, batch: u32) -> Result<Vec<Vec<usize>>> {
        self.with(|connection| ledger::together(connection, leg, batch))
    }

    /// The requests of a payload file that nothing was learned of, in the order in which they began.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn doubtful(&self, leg: Leg, batch: u32) -> Result<Vec<Doubt>> {
        self.with(|connection| ledger::doubtful(connection, leg, batch))
    }

    /// Hands on everybody, in file order, with the number of the payload file: together those who follow
    /// each other and of whom the same is known. One thread more reads ahead, unless this is for one alone.
    ///
    /// # Errors
    /// When the journal cannot be read, or those of `take`.
    pub fn each(&self, take: Take<'_>) -> Result<()> {
        let numbers = self.with(ledger::numbers)?;
        let mut hand_on_all = |group: Vec<Peopled>| {
            group.iter().try_for_each(|(batch, people)| hand_on(*batch, people, take))
        };
        if self.alone {
            return numbers
                .chunks(TOGETHER)
                .try_for_each(|some| hand_on_all(self.everybody(some)?));
        }
        let (groups, read) = sync_channel(1);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                // Whoever takes them may have had enough.
                let send = |some| groups.send(self.everybody(some)).is_ok();
                let _ = numbers.chunks(TOGETHER).all(send);
                drop(groups);
            });
            read.into_iter().try_for_each(|group| hand_on_all(group?))
        })
    }

    /// The people of some payload files, with their numbers, as they all were at one instant.
    fn everybody(&self, batches: &[u32]) -> Result<Vec<Peopled>> {
        self.with(|connection| {
            let _instant = connection.unchecked_transaction()?;
            let read = |&batch: &u32| Ok((batch, ledger::everybody(connection, batch)?));
            batches.iter().map(read).collect()
        })
    }

    /// Puts a request down as under way, before its first byte leaves. It is on the disk when this
    /// returns.
    ///
    /// # Errors
    /// When it cannot be kept; then nothing may be sent. When somebody in it has landed already.
    pub fn begin(&self, begin: &Begin<'_>) -> Result<Attempt> {
        let Begin { leg, batch, bytes, number, .. } = *begin;
        let (people, sha256) = (spans(begin.people), begin.sha256.clone());
        let id = self.keeper.write(Box::new(move |connection, counts| {
            let begin =
                ledger::Opened { leg, batch, people: &people, bytes, sha256: &sha256, number };
            ledger::begin(connection, counts, &begin, now()).map(|attempt| attempt.0)
        }))?;
        Ok(Attempt(id))
    }

    /// Closes a request and puts down what became of its people. It is on the disk when this
    /// returns.
    ///
    /// # Errors
    /// When it cannot be kept; its people then stay in flight.
    pub fn end(&self, attempt: Attempt, end: &End<'_>) -> Result<()> {
        let End { status, class, .. } = *end;
        let (why, outcomes) = (end.why.map(str::to_owned), together(end.outcomes));
        let work: Work = Box::new(move |connection, counts| {
            let end = ledger::Closed { status, class, why: why.as_deref(), outcomes: &outcomes };
            ledger::end(connection, counts, attempt, &end, now()).map(|()| 0)
        });
        self.keeper.write(work).map(drop)
    }

    /// Puts down what became of people as it was learnt without a request of their own: by reading
    /// back, or because nothing was done. It is on the disk when this returns.
    ///
    /// # Errors
    /// When it cannot be kept.
    pub fn note(&self, leg: Leg, batch: u32, outcomes: &[(usize, Outcome)]) -> Result<()> {
        let outcomes = together(outcomes);
        let work: Work = Box::new(move |connection, counts| {
            ledger::note(connection, counts, leg, batch, &outcomes).map(|()| 0)
        });
        self.keeper.write(work).map(drop)
    }

    /// How far the run has come, and why it is there.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn phase(&self) -> Result<(Phase, Option<String>)> {
        self.with(ledger::phase)
    }

    /// Says how far the run has come. It is on the disk when this returns.
    ///
    /// # Errors
    /// When it cannot be kept.
    pub fn set_phase(&self, phase: Phase, why: Option<&str>) -> Result<()> {
        let why = why.map(str::to_owned);
        let work: Work = Box::new(move |connection, _| {
            ledger::set_phase(connection, phase, why.as_deref())?;
            Ok(0)
        });
        self.keeper.write(work).map(drop)
    }

    /// The counts of everything that is kept; it costs nothing to ask. Of [`Leg::After`] only people
    /// for whom something was begun or noted are counted.
    pub fn tally(&self, leg: Leg) -> Tally {
        self.keeper.counts().tally(leg)
    }

    /// What became of that which is sent when the ids are known, of those who have landed.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn afterwards(&self) -> Result<Tally> {
        let noted = self.tally(Leg::After);
        let mut tally = Tally { retries: noted.retries, ..Tally::default() };
        if noted.people() > 0 {
            self.each(&mut |_, places, state| {
                if let Some(outcome) = state.in_leg(Leg::After) {
                    tally.add(outcome, places.len() as u64);
                }
                Ok(())
            })?;
        }
        Ok(tally)
    }

    /// The counts of those whom a leg concerns.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn tally_of(&self, leg: Leg) -> Result<Tally> {
        match leg {
            Leg::People => Ok(self.tally(leg)),
            Leg::After => self.afterwards(),
        }
    }

    /// The attempts behind `after`, or from the first one, in the order in which they began; at
    /// most `limit`.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn attempts(&self, after: Option<Attempt>, limit: usize) -> Result<Vec<Tried>> {
        self.with(|connection| ledger::attempts(connection, after, limit))
    }

    /// Takes away what the target said of people: reasons and tickets. Counts, digests and the names
    /// of the inputs stay. No page of the file keeps what was taken away.
    ///
    /// # Errors
    /// When it cannot be written, or somebody else is reading the journal.
    pub fn purge(&self) -> Result<()> {
        self.keeper.purge()
    }
}

/// Takes people of a payload file of whom the same is known.
pub type Take<'t> = &'t mut dyn FnMut(u32, &[Location], &State) -> Result<()>;

/// The number of a payload file, with the rows of its people and what is known of them.
type Peopled = (u32, (Places, Vec<Alike>));

/// How many payload files are read in one go.
const TOGETHER: usize = 64;

/// Hands on the people of a payload file by what is known of them.
fn hand_on(batch: u32, (places, states): &(Places, Vec<Alike>), take: Take<'_>) -> Result<()> {
    let places: Vec<Location> = places.iter().collect();
    let mut rest = places.as_slice();
    for Alike { people, state } in states {
        let (alike, others) = rest.split_at((*people).min(rest.len()));
        take(batch, alike, state)?;
        rest = others;
    }
    Ok(())
}

/// What a failure of the database is for the run.
fn failed(path: &Path) -> impl Fn(rusqlite::Error) -> Error {
    let path = path.to_owned();
    move |error| Error::Journal { path: path.clone(), why: error.to_string() }
}

fn now() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}

#[cfg(test)]
mod properties;

#[cfg(test)]
mod tests;
