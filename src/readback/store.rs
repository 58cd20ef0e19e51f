//! Where the profiles that were found lie until somebody looks at them: a file of lines, which is also
//! what a later reading carries on from.
//!
//! The first line says what was read and how. Each page or key that is settled adds the profiles that
//! match somebody, and then one line for itself; they are written together. Lines without such an end
//! are those of a page that was cut off, and are read again.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::error::{Error, Result};

/// How people are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Way {
    /// All profiles, page by page.
    Pages,
    /// Each key with a request of its own.
    Keys,
}

/// What was read, and how. Only a file that says the same is carried on from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Header {
    pub(super) version: u32,
    pub(super) target: String,
    pub(super) base_url: String,
    pub(super) matched_by: String,
    pub(super) page_size: u64,
    /// SHA-256 of the keys: profiles of other people were dropped.
    pub(super) wanted: String,
    pub(super) way: Way,
    /// When, in seconds since 1970.
    pub(super) began: i64,
}

/// One line behind the header.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "line", rename_all = "lowercase")]
pub(super) enum Line {
    /// Somebody who is looked for.
    Profile { key: String, id: u64, profile: Json },
    /// A page is settled.
    Page(Settled),
    /// A key is settled, or cannot be, for a reason.
    Key { key: String, why: Option<String> },
}

/// A page that was read whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Settled {
    pub(super) number: u64,
    pub(super) last: bool,
    pub(super) total: Option<u64>,
    /// Prints of the ids on it.
    pub(super) ids: Vec<u64>,
    /// Whether one of them had a key.
    #[serde(default)]
    pub(super) keyed: bool,
}

/// Where a line lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    at: u64,
    bytes: usize,
}

/// The file.
#[derive(Debug)]
pub(super) struct Store {
    file: File,
    path: PathBuf,
    end: u64,
    /// Lines of what is not settled yet.
    open: Vec<u8>,
}

impl Store {
    /// A file that nobody else sees and that is gone with the run.
    pub(super) fn unnamed() -> Result<Self> {
        let path = std::env::temp_dir();
        match tempfile::tempfile() {
            Ok(file) => Ok(Self { file, path, end: 0, open: Vec::new() }),
            Err(source) => Err(Error::Output { path, action: "write into", source }),
        }
    }

    /// Opens the file of an earlier reading, or makes it, for its owner only.
    pub(super) fn open(path: &Path) -> Result<Self> {
        let mut options = File::options();
        options.create(true).truncate(false).read(true).write(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let failed = |source| Error::Output { path: path.to_owned(), action: "write", source };
        let file = options.open(path).map_err(failed)?;
        // Of a file that was there before, the mode is not ours yet.
        #[cfg(unix)]
        file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))
            .map_err(failed)?;
        Ok(Self { file, path: path.to_owned(), end: 0, open: Vec::new() })
    }

    fn failed(&self, action: &'static str) -> impl FnOnce(io::Error) -> Error {
        let path = self.path.clone();
        move |source| Error::Output { path, action, source }
    }

    /// Hands on the settled lines of an earlier reading with the same header, not older than
    /// `fresh`, and leaves off what stands behind them. Gives its way, or nothing when there is none
    /// to carry on from; the file is then empty.
    pub(super) fn carry_on(
        &mut self,
        header: &Header,
        fresh: Duration,
        mut take: impl FnMut(Line, Place),
    ) -> Result<Option<Way>> {
        let mut lines = BufReader::new(&self.file);
        let mut text = Vec::new();
        let mut at = 0_u64;
        let mut way = None;
        let mut open: Vec<(Line, Place)> = Vec::new();
        loop {
            text.clear();
            let bytes = lines.read_until(b'\n', &mut text).map_err(self.failed("read"))?;
            if text.last() != Some(&b'\n') {
                break;
            }
            let place = Place { at, bytes };
            at += bytes as u64;
            if way.is_none() {
                let Ok(found) = serde_json::from_slice::<Header>(&text) else { break };
                let (wanted, began) = (Header { way: found.way, ..header.clone() }, found.began);
                let age = u64::try_from(header.began.saturating_sub(began));
                let young = age.is_ok_and(|age| Duration::from_secs(age) <= fresh);
                if (Header { began, ..wanted }) != found || !young {
                    break;
                }
                way = Some(found.way);
                self.end = at;
                continue;
            }
            let Ok(line) = serde_json::from_slice::<Line>(&text) else { break };
            let settles = !matches!(line, Line::Profile { .. });
            open.push((line, place));
            if settles {
                open.drain(..).for_each(|(line, place)| take(line, place));
                self.end = at;
            }
        }
        self.file.set_len(self.end).map_err(self.failed("write"))?;
        Ok(way)
    }

    /// Begins the file.
    pub(super) fn begin(&mut self, header: &Header) -> Result<()> {
        let mut line = json(header);
        line.push(b'\n');
        self.open = line;
        self.settle_open()
    }

    /// Adds a line to what is to be settled.
    pub(super) fn add(&mut self, line: &Line) -> Place {
        let text = json(line);
        let at = self.end + self.open.len() as u64;
        self.open.extend_from_slice(&text);
        self.open.push(b'\n');
        Place { at, bytes: text.len() + 1 }
    }

    /// Writes the lines of a page or key, its own the last.
    pub(super) fn settle(&mut self, line: &Line) -> Result<()> {
        self.add(line);
        self.settle_open()
    }

    fn settle_open(&mut self) -> Result<()> {
        let open = std::mem::take(&mut self.open);
        (&self.file)
            .seek(SeekFrom::Start(self.end))
            .and_then(|_| (&self.file).write_all(&open))
            .map_err(self.failed("write"))?;
        self.end += open.len() as u64;
        Ok(())
    }

    /// The profile in a settled line.
    pub(super) fn profile(&self, place: Place) -> Result<Json> {
        let mut text = vec![0; place.bytes];
        let read = (&self.file)
            .seek(SeekFrom::Start(place.at))
            .and_then(|_| (&self.file).read_exact(&mut text));
        read.map_err(self.failed("read"))?;
        match serde_json::from_slice(&text) {
            Ok(Line::Profile { profile, .. }) => Ok(profile),
            _ => Err(self.failed("read")(io::Error::new(
                io::ErrorKind::InvalidData,
                "it was changed while it was in use",
            ))),
        }
    }
}

/// Our own lines have no form that JSON cannot hold.
fn json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).unwrap_or_default()
}

#[cfg(test)]
mod tests;
