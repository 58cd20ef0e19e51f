//! A file in the folder of a run while it is written, for its owner only: it gets its name when it is whole.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::error::{Error, Result};

/// The file.
pub(super) struct Draft {
    path: PathBuf,
    out: BufWriter<NamedTempFile>,
}

impl Draft {
    /// Begins one of this path, in its folder.
    ///
    /// # Errors
    /// When it cannot be made.
    pub(super) fn create(path: PathBuf) -> Result<Self> {
        let folder = path.parent().unwrap_or(Path::new("."));
        // As `purge` and the next process know what a kill leaves.
        let file = tempfile::Builder::new().prefix(".upsheet-plan-").tempfile_in(folder);
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
        file.persist(&path).map_err(|error| failed(&path, error.error))?;
        Ok(())
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
