//! What a report can write only when it knows the end, kept in a temporary file until then.

use std::fs::File;
use std::io::{self, BufWriter, Read as _, Seek as _, SeekFrom, Write};
use std::path::Path;

/// A file without a name, which is gone when it is dropped.
#[derive(Debug)]
pub(super) struct Spool {
    file: BufWriter<File>,
    length: u64,
}

impl Spool {
    /// An empty one in a folder, else in that of the system.
    pub(super) fn new(folder: Option<&Path>) -> io::Result<Self> {
        let file = match folder {
            Some(folder) => tempfile::tempfile_in(folder),
            None => tempfile::tempfile(),
        }?;
        Ok(Self { file: BufWriter::new(file), length: 0 })
    }

    /// Appends a text.
    pub(super) fn push(&mut self, text: &str) -> io::Result<()> {
        self.length += text.len() as u64;
        self.file.write_all(text.as_bytes())
    }

    /// How many bytes it holds.
    pub(super) fn len(&self) -> u64 {
        self.length
    }

    /// Copies what lies between two places.
    pub(super) fn copy(&mut self, from: u64, to: u64, out: &mut dyn Write) -> io::Result<()> {
        self.file.flush()?;
        let file = self.file.get_mut();
        file.seek(SeekFrom::Start(from))?;
        io::copy(&mut file.take(to - from), out)?;
        file.seek(SeekFrom::End(0)).map(drop)
    }
}
