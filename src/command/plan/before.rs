//! What a run keeps of the time before it is sent, so that it can be undone: `before.jsonl`.
//!
//! It has a line for each person, in the order of the payload files: what would have to be sent to bring back what
//! the target had of them. A plan writes it, and a push that looks everybody up (`keep`); what was kept of people
//! who are sent only later is kept anew (`renew`); `undo` reads it.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Lines, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::forecast::{Action, Case, Forecast};
use super::there::There;
use super::{draw, look};
use crate::command::draft::{Draft, OF_PLAN};
use crate::command::looking::Looking;
use crate::error::{Error, Result};
use crate::journal::{Journal, Outcome, Person};
use crate::target::Target;
use crate::target::directory::{Directory, Reversal};

/// The name of the file in the folder of a plan.
const FILE: &str = "before.jsonl";

/// What sending does with a person, as far as undoing it goes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(in crate::command) enum Before {
    /// Nothing is changed.
    Same,
    /// Nobody has the key: a profile is made.
    Made,
    /// Somebody has it, and this brings back what the profile showed.
    Changed(Reversal),
    /// It could not be told what there was.
    Untold,
}

impl Before {
    /// What sending does with a person of a plan.
    pub(super) fn of(case: &Case<'_>, directory: &dyn Directory) -> Self {
        match (&case.action, &case.found) {
            (Action::Create, _) => Self::Made,
            (Action::Update(differences), Some(found)) => {
                Self::Changed(Reversal::of(directory, case.sent, found, differences))
            }
            (Action::Update(_), None) | (Action::Untold(_), _) => Self::Untold,
            (Action::Unchanged | Action::Exists | Action::Absent | Action::NotSent(_), _) => {
                Self::Same
            }
        }
    }
}

/// The file while it is written.
pub(super) struct Writer {
    out: Draft,
}

impl Writer {
    /// Begins it in the folder of a plan.
    ///
    /// # Errors
    /// When it cannot be made.
    pub(super) fn create(folder: &Path) -> Result<Self> {
        Ok(Self { out: Draft::create(folder.join(FILE), OF_PLAN)? })
    }

    /// Keeps what there is of a person.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn add(&mut self, before: &Before) -> Result<()> {
        let written = serde_json::to_writer(&mut self.out, before).map_err(io::Error::from);
        let written = written.and_then(|()| self.out.write_all(b"\n"));
        written.map_err(|source| self.out.failed(source))
    }

    /// Gives it its name.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn finish(self) -> Result<()> {
        self.out.finish()
    }
}

/// The file, to be read in its order.
pub(in crate::command) struct Reader {
    path: PathBuf,
    lines: Lines<BufReader<File>>,
}

impl Reader {
    /// Whether a run has one.
    pub(in crate::command) fn is_there(folder: &Path) -> bool {
        folder.join(FILE).is_file()
    }

    /// Opens that of a run, where it has one: only those that look everybody up have.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(in crate::command) fn open(folder: &Path) -> Result<Option<Self>> {
        let path = folder.join(FILE);
        match File::open(&path) {
            Ok(file) => Ok(Some(Self { path, lines: BufReader::new(file).lines() })),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(Error::InputIo { path, source }),
        }
    }

    /// What is kept of the next person.
    ///
    /// # Errors
    /// When the file is not as it was written.
    pub(in crate::command) fn next(&mut self) -> Result<Before> {
        let line = self.lines.next().unwrap_or_else(|| Err(io::ErrorKind::UnexpectedEof.into()));
        line.and_then(|line| serde_json::from_str(&line).map_err(io::Error::from))
            .map_err(|error| self.damaged(error.to_string()))
    }

    /// Says that all of it should have been read.
    ///
    /// # Errors
    /// When there is more of it.
    pub(in crate::command) fn end(&mut self) -> Result<()> {
        match self.lines.next() {
            None => Ok(()),
            Some(_) => Err(self.damaged("it has more people than the run".to_owned())),
        }
    }

    /// The error for a file that is not as it was written.
    pub(in crate::command) fn damaged(&self, why: String) -> Error {
        Error::Kept { path: self.path.clone(), why }
    }
}

/// Looks everybody of a run up who is to be sent, and keeps what there is of them, as a plan does. Gives those
/// who are there with every value, and need not be sent.
///
/// # Errors
/// When not everybody could be looked for, or it cannot be kept.
pub(in crate::command) fn keep(
    folder: &Path,
    journal: &Journal,
    looking: &Looking<'_>,
) -> Result<There> {
    let forecast = Forecast { folder, journal, target: looking.target };
    let found = look(&forecast.wanted()?, looking)?;
    Ok(draw(&forecast, &found)?.there)
}

/// Keeps anew what there is of those whom a run has not sent yet: what was kept of them may be old. Where nobody
/// looks, or the target does not say, it is not known any more what there was before they are sent.
///
/// # Errors
/// When the user stops it, or what is kept cannot be read or written.
pub(in crate::command) fn renew(
    (folder, journal, target): (&Path, &Journal, &dyn Target),
    looking: Option<&Looking<'_>>,
) -> Result<()> {
    let Some(mut kept) = Reader::open(folder)? else { return Ok(()) };
    let forecast = Forecast { folder, journal, target };
    let is_open = |person: &Person| person.state.outcome == Outcome::NotSent;
    let wanted = forecast.wanted_of(&is_open)?;
    if wanted.is_empty() {
        return Ok(());
    }
    let found = match looking.map(|looking| look(&wanted, looking)).transpose() {
        Err(Error::TargetRefused { .. } | Error::Unreachable { .. }) => None,
        found => found?,
    };
    let mut renewed = Writer::create(folder)?;
    forecast.each_ready(&mut |file, people| {
        people.iter().try_for_each(|(person, sent)| {
            let before = kept.next()?;
            let before = match &found {
                _ if !is_open(person) => before,
                None => Before::Untold,
                Some(found) => {
                    let (action, found) = forecast.action(found, person, sent)?;
                    Before::of(&Case { file, person, sent, action, found }, target.directory())
                }
            };
            renewed.add(&before)
        })
    })?;
    kept.end()?;
    renewed.finish()
}
