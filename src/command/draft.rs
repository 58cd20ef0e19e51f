//! A file about people while it is written, for its owner only: it gets its name when it is whole, and an error says
//! which one could not be written.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::staged::{Readers, Staged};

/// How the names of files of a plan begin until they are whole, as `purge` and the next process know what a kill
/// leaves.
pub(super) const OF_PLAN: &str = ".upsheet-plan-";

/// The file.
pub(super) struct Draft {
    path: PathBuf,
    out: BufWriter<Staged>,
}

impl Draft {
    /// Begins one of this path, in its folder, under a name that begins so until it is whole.
    ///
    /// # Errors
    /// When it cannot be made.
    pub(super) fn create(path: PathBuf, prefix: &str) -> Result<Self> {
        let file = Staged::begin(&path, prefix, Readers::Owner);
        let file = file.map_err(|source| failed(&path, source))?;
        Ok(Self { out: BufWriter::new(file), path })
    }

    /// What an error of the writing is about.
    pub(super) fn failed(&self, source: io::Error) -> Error {
        failed(&self.path, source)
    }

    /// Gives it its name.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn finish(self) -> Result<()> {
        let Self { path, out } = self;
        let file = out.into_inner().map_err(io::IntoInnerError::into_error);
        let file = file.map_err(|source| failed(&path, source))?;
        file.replace().map_err(|source| failed(&path, source))
    }

    /// The same of one that is written as CSV.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn finish_table(table: csv::Writer<Self>) -> Result<()> {
        let draft = table.into_inner().map_err(|error| {
            let why = io::Error::other(error.error().to_string());
            error.into_inner().get_ref().failed(why)
        });
        draft?.finish()
    }
}

impl Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

fn failed(path: &Path, source: io::Error) -> Error {
    Error::Output { path: path.to_owned(), action: "write", source }
}
