//! What a run keeps of the time before it is sent, `before.jsonl`: for each person, in the order of the
//! payload files, what would have to be sent to have it undone.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Lines, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::draft::Draft;
use super::forecast::{Action, Case};
use crate::error::{Error, Result};
use crate::target::directory::{Directory, Reversal, reversal};

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
    pub(super) fn of(case: &Case<'_>, directory: &dyn Directory) -> Self {
        match (&case.action, &case.found) {
            (Action::Create, _) => Self::Made,
            (Action::Update(differences), Some(found)) => {
                Self::Changed(reversal(directory, case.sent, found, differences))
            }
            (Action::Update(_), None) | (Action::Untold(_), _) => Self::Untold,
            (Action::Unchanged | Action::Exists | Action::Absent | Action::NotSent(_), _) => {
                Self::Same
            }
        }
    }
}

/// The file while it is written.
pub(super) struct Writing {
    out: Draft,
}

impl Writing {
    /// Begins it in the folder of a plan.
    ///
    /// # Errors
    /// When it cannot be made.
    pub(super) fn create(folder: &Path) -> Result<Self> {
        Ok(Self { out: Draft::create(folder.join(FILE))? })
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
pub(in crate::command) struct Befores {
    path: PathBuf,
    lines: Lines<BufReader<File>>,
}

impl Befores {
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
