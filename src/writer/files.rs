//! Payload files: numbered, listed in a manifest, never half-written, and for their owner only.
//!
//! Everything is written into a hidden folder inside the output folder and moved into place at the
//! end, the manifest last: a folder with a manifest is whole. What a failed run leaves is removed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::Writer;
use crate::batch::{Batch, hex};
use crate::error::{Error, Result};
use crate::failpoint::{Point, hit};
use crate::private::{self, Made};
use crate::row::{Location, Places};

/// The names that a finished output folder may hold.
const PARTS: &[&str] = &["payloads", AFTER, "rows", "report.json", "rejects.csv", "outcomes.csv"];
/// The endings of the files in its folders, whose names are their numbers.
const OF_BATCHES: &[&str] = &["json", "csv"];
/// The last of them to be moved: a folder with it is whole.
const MANIFEST: &str = "manifest.json";
/// The folder of what is sent once the payloads have landed.
const AFTER: &str = "after";
/// The name of the file that is locked while a run writes.
const LOCK: &str = ".upsheet.lock";
/// How the hidden folder's name begins.
const PARTIAL: &str = ".upsheet-partial-";

/// One payload file, as the manifest lists it.
#[derive(Clone, Debug, Serialize)]
pub struct Entry {
    /// Its path in the output folder.
    pub file: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// How many people are in it.
    pub profiles: usize,
    /// Which rows of which inputs, as a spreadsheet counts.
    pub rows: Vec<Span>,
    /// What its people are sent once they have landed, where there is any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<After>,
    /// Its rows one by one, for those who deliver it.
    #[serde(skip)]
    pub places: Places,
}

/// A file of what the people of one payload are sent once they have landed: a list in the order of the
/// payload, of objects or, for those who are sent nothing more, nulls.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct After {
    /// Its path in the output folder.
    pub file: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// How many people are sent something.
    pub profiles: usize,
}

/// What a manifest says of what comes after its payloads, by their numbers.
///
/// # Errors
/// When the manifest cannot be read, or is none.
pub fn afterwards(folder: &Path) -> Result<BTreeMap<u32, After>> {
    #[derive(Deserialize)]
    struct Listed {
        files: Vec<ListedFile>,
    }
    #[derive(Deserialize)]
    struct ListedFile {
        after: Option<After>,
    }
    let path = folder.join(MANIFEST);
    let text = fs::read(&path).map_err(output(&path, "read"))?;
    let listed: Listed = serde_json::from_slice(&text).map_err(|error| {
        output(&path, "read")(io::Error::new(io::ErrorKind::InvalidData, error))
    })?;
    let numbered = (1..).zip(listed.files);
    Ok(numbered.filter_map(|(number, file)| Some((number, file.after?))).collect())
}

/// Rows of one input that follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Span {
    /// The number of the input, from 0.
    pub input: u16,
    /// The first row.
    pub from: u32,
    /// The last row.
    pub to: u32,
}

/// What the manifest says beside the files.
#[derive(Clone, Debug, Default, Serialize)]
pub struct About {
    /// The target's id.
    pub target: String,
    /// How the payloads are to be sent.
    pub request: String,
    /// How the files of what comes after them are, once the ids of profiles are put in; shown only where
    /// there are such files.
    #[serde(skip)]
    pub after: Option<String>,
    /// The inputs, as the user named them.
    pub inputs: Vec<String>,
}

#[derive(Serialize)]
struct Manifest<'a> {
    version: u32,
    upsheet: &'static str,
    #[serde(flatten)]
    about: &'a About,
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<&'a str>,
    profiles: usize,
    files: &'a [Entry],
}

/// An output folder that is being written.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    partial: Option<tempfile::TempDir>,
    /// Held until the folder is finished or given up.
    lock: Option<File>,
    entries: Vec<Entry>,
    keep_places: bool,
    /// The folders that were made for it; they go behind what is in them.
    made: Made,
}

fn output(path: &Path, action: &'static str) -> impl FnOnce(io::Error) -> Error {
    let path = path.to_owned();
    move |source| Error::Output { path, action, source }
}

impl Folder {
    /// Takes a folder for output. It must be new or empty, or `force` must be given; then the parts
    /// of an earlier run are replaced and everything else in it is left alone.
    ///
    /// # Errors
    /// When the folder holds something, is in use, or cannot be written.
    pub fn create(path: &Path, force: bool, keep_places: bool) -> Result<Self> {
        let made = Made::folder(path).map_err(output(path, "create"))?;
        let lock_path = path.join(LOCK);
        let lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&lock_path)
            .map_err(output(path, "write into"))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(fs::TryLockError::WouldBlock) => {
                return Err(Error::OutputLocked { path: path.to_owned() });
            }
            Err(fs::TryLockError::Error(source)) => return Err(output(path, "lock")(source)),
        }
        let held = clear_leavings(path)?;
        if held && !force {
            // The lock file is ours; a folder that is refused is left as it was.
            let _ = fs::remove_file(&lock_path);
            return Err(Error::OutputNotEmpty { path: path.to_owned() });
        }
        if let Some(file) = not_ours(path).map_err(output(path, "open"))? {
            return Err(Error::usage(
                format!("{file:?} would be lost: it is none of an earlier run's"),
                "put it elsewhere, or name another folder",
            ));
        }
        let mut builder = tempfile::Builder::new();
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
        let partial =
            builder.prefix(PARTIAL).tempdir_in(path).map_err(output(path, "write into"))?;
        private::folder(&partial.path().join("payloads")).map_err(output(path, "write into"))?;
        Ok(Self {
            path: path.to_owned(),
            partial: Some(partial),
            lock: Some(lock),
            entries: Vec::new(),
            keep_places,
            made,
        })
    }

    /// Where a part is written until the folder is finished.
    fn staged(&self, name: &str) -> PathBuf {
        let base = self.partial.as_ref().map_or(self.path.as_path(), tempfile::TempDir::path);
        base.join(name)
    }

    /// Opens a part of the folder for writing, such as `report.json`.
    ///
    /// # Errors
    /// When it cannot be created.
    pub fn part(&self, name: &str) -> Result<BufWriter<File>> {
        let path = self.staged(name);
        let file = private::new_file(&path).map_err(output(&self.path, "write into"))?;
        Ok(BufWriter::with_capacity(64 * 1024, file))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Makes a folder inside it, for its owner only, and gives the place where its files are written
    /// until the whole is finished.
    ///
    /// # Errors
    /// When it cannot be created.
    pub fn subfolder(&self, name: &str) -> Result<PathBuf> {
        let path = self.staged(name);
        private::new_folder(&path).map_err(output(&self.path, "write into"))?;
        Ok(path)
    }

    /// Removes a part that turned out not to be wanted.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub fn discard(&self, name: &str) -> Result<()> {
        fs::remove_file(self.staged(name)).map_err(output(&self.path, "write into"))
    }

    /// Moves everything into place, the manifest last, and gives the list of payloads.
    ///
    /// # Errors
    /// When something cannot be moved; the manifest is then not there.
    pub fn finish(mut self, about: &About) -> Result<Vec<Entry>> {
        let apart = self.entries.iter().any(|entry| entry.after.is_some());
        let manifest = Manifest {
            version: 1,
            upsheet: env!("CARGO_PKG_VERSION"),
            about,
            after: about.after.as_deref().filter(|_| apart),
            profiles: self.entries.iter().map(|entry| entry.profiles).sum(),
            files: &self.entries,
        };
        let mut file = self.part(MANIFEST)?;
        serde_json::to_writer_pretty(&mut file, &manifest)
            .map_err(io::Error::from)
            .and_then(|()| file.write_all(b"\n"))
            .and_then(|()| file.flush())
            .map_err(output(&self.path, "write into"))?;
        let Some(partial) = self.partial.take() else { return Ok(Vec::new()) };
        let old = self.path.join(MANIFEST);
        if old.exists() {
            fs::remove_file(&old).map_err(output(&self.path, "replace a file in"))?;
        }
        let mut names: BTreeSet<String> = PARTS.iter().map(|&name| name.to_owned()).collect();
        // Rejected rows of further tables, of this run and of an earlier one.
        names.extend(further(partial.path()).map_err(output(&self.path, "write into"))?);
        names.extend(further(&self.path).map_err(output(&self.path, "open"))?);
        for name in names.into_iter().chain([MANIFEST.to_owned()]) {
            let (from, to) = (partial.path().join(&name), self.path.join(&name));
            if to.is_dir() {
                fs::remove_dir_all(&to).map_err(output(&self.path, "replace a folder in"))?;
            } else if to.exists() {
                fs::remove_file(&to).map_err(output(&self.path, "replace a file in"))?;
            }
            if from.exists() {
                hit(Point::BeforeRename);
                fs::rename(&from, &to).map_err(output(&self.path, "move a file in"))?;
                hit(Point::AfterRename);
            }
        }
        drop(partial);
        self.made.keep();
        Ok(std::mem::take(&mut self.entries))
    }
}

/// Whether a path leads to something that an output folder with this name would replace.
pub fn would_replace(folder: &Path, path: &Path) -> bool {
    let whole = |path: &Path| path.canonicalize().ok();
    let Some(inside) = whole(folder)
        .zip(whole(path))
        .and_then(|(folder, path)| Some(path.strip_prefix(folder).ok()?.to_owned()))
    else {
        return false;
    };
    let name = inside.iter().next().unwrap_or_default().to_string_lossy().into_owned();
    PARTS.contains(&name.as_str()) || name == MANIFEST || is_further(&name)
}

/// The files of rejected rows beside the first one: `rejects.2-people.csv`.
fn further(folder: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if is_further(&name) {
            names.push(name);
        }
    }
    Ok(names)
}

fn is_further(name: &str) -> bool {
    let tag = name.strip_prefix("rejects.").and_then(|rest| rest.strip_suffix(".csv"));
    tag.is_some_and(|tag| tag.starts_with(|c: char| c.is_ascii_digit()))
}

/// A file in the folders of an output folder that no run has put there: `payloads/00001.json` is ours.
fn not_ours(folder: &Path) -> io::Result<Option<PathBuf>> {
    for name in PARTS {
        let part = folder.join(name);
        if !part.is_dir() {
            continue;
        }
        for entry in fs::read_dir(&part)? {
            let name = entry?.file_name();
            let shown = name.to_string_lossy();
            let (number, ending) = shown.split_once('.').unwrap_or((&shown, ""));
            let is_number = number.len() >= 5 && number.bytes().all(|byte| byte.is_ascii_digit());
            // Programs that show folders leave hidden files in them.
            let is_hidden =
                shown.starts_with('.') || matches!(&*shown, "Thumbs.db" | "desktop.ini");
            let is_ours = is_number && OF_BATCHES.contains(&ending);
            if !(is_hidden || is_ours) {
                return Ok(Some(part.join(name)));
            }
        }
    }
    Ok(None)
}

impl Folder {
    /// Writes what the people of a request are sent once they have landed.
    fn after(&self, batch: &Batch) -> Result<Option<After>> {
        if batch.asides.is_empty() {
            return Ok(None);
        }
        let failed = |source| output(&self.path, "write into")(source);
        private::folder(&self.staged(AFTER)).map_err(failed)?;
        let mut body = vec![b'['];
        for (index, aside) in batch.asides.iter().enumerate() {
            body.extend_from_slice(if index > 0 { b",\n" } else { b"\n" });
            body.extend_from_slice(aside.as_deref().unwrap_or(b"null"));
        }
        body.extend_from_slice(b"\n]\n");
        let file = format!("{AFTER}/{:05}.json", batch.number);
        private::new_file(&self.staged(&file))
            .and_then(|mut out| out.write_all(&body))
            .map_err(failed)?;
        let profiles = batch.asides.iter().flatten().count();
        Ok(Some(After { file, sha256: hex(&Sha256::digest(&body)), profiles }))
    }
}

/// Removes what a killed run left behind, under the lock; tells whether anything else is there.
fn clear_leavings(path: &Path) -> Result<bool> {
    let mut held = false;
    for entry in fs::read_dir(path).map_err(output(path, "open"))? {
        let entry = entry.map_err(output(path, "open"))?;
        let name = entry.file_name();
        if name.to_string_lossy().starts_with(PARTIAL) {
            fs::remove_dir_all(entry.path()).map_err(output(path, "clear"))?;
        } else if name != LOCK {
            held = true;
        }
    }
    Ok(held)
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What is half-written goes first, then the lock, then folders that were not there before.
        // Failing to clean up must not hide the reason for giving up.
        drop(self.partial.take());
        let _ = fs::remove_file(self.path.join(LOCK));
        drop(self.lock.take());
    }
}

impl Writer for Folder {
    fn folder(&self) -> Option<&Path> {
        Some(&self.path)
    }

    fn batch(&mut self, batch: Batch) -> Result<()> {
        let sha256 = batch.sha256();
        self.keep(batch, sha256)
    }

    fn batches(&mut self, batches: Vec<Batch>) -> Result<()> {
        let hashes = Batch::sha256_of(&batches);
        batches.into_iter().zip(hashes).try_for_each(|(batch, sha256)| self.keep(batch, sha256))
    }
}

impl Folder {
    /// Writes a payload whose hash is known, and what comes after it.
    fn keep(&mut self, batch: Batch, sha256: String) -> Result<()> {
        let name = format!("payloads/{:05}.json", batch.number);
        let path = self.staged(&name);
        private::new_file(&path)
            .and_then(|mut file| {
                hit(Point::Payload);
                batch.body.write(&mut file)
            })
            .map_err(output(&self.path, "write into"))?;
        let after = self.after(&batch)?;
        self.entries.push(Entry {
            file: name,
            after,
            sha256,
            profiles: batch.rows.len(),
            rows: spans(&batch.rows),
            places: if self.keep_places {
                batch.rows.into_iter().collect()
            } else {
                Places::default()
            },
        });
        Ok(())
    }
}

/// Rows as spans of those that follow each other.
fn spans(rows: &[Location]) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    for at in rows {
        match spans.last_mut() {
            Some(span) if span.input == at.input && span.to.checked_add(1) == Some(at.row) => {
                span.to = at.row;
            }
            _ => spans.push(Span { input: at.input, from: at.row, to: at.row }),
        }
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch(number: u32) -> Batch {
        let row = |row| Location { row, ..Location::default() };
        Batch {
            number,
            body: b"{}".to_vec().into(),
            rows: vec![row(2), row(3), row(5)],
            asides: Vec::new(),
        }
    }

    #[test]
    fn a_folder_is_whole_or_not_there() {
        let base = tempfile::tempdir().unwrap();
        let path = base.path().join("a/out");
        let mut folder = Folder::create(&path, false, false).unwrap();
        folder.batch(batch(1)).unwrap();
        assert!(!path.join("payloads").exists(), "nothing is in place before the end");
        drop(folder);
        assert!(!path.exists(), "a folder that was given up is gone");

        let mut folder = Folder::create(&path, false, false).unwrap();
        folder.batch(batch(1)).unwrap();
        assert!(matches!(Folder::create(&path, true, false), Err(Error::OutputLocked { .. })));
        let entries = folder.finish(&About::default()).unwrap();
        assert_eq!(
            entries[0].rows,
            [Span { input: 0, from: 2, to: 3 }, Span { input: 0, from: 5, to: 5 }]
        );
        let mut names: Vec<_> = fs::read_dir(&path)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        assert_eq!(names, ["manifest.json", "payloads"]);

        fs::write(path.join("mine.txt"), "keep").unwrap();
        fs::write(path.join("payloads/00009.json"), "old").unwrap();
        assert!(matches!(Folder::create(&path, false, false), Err(Error::OutputNotEmpty { .. })));
        let mut folder = Folder::create(&path, true, false).unwrap();
        folder.batch(batch(1)).unwrap();
        folder.finish(&About::default()).unwrap();
        assert!(path.join("mine.txt").exists(), "files of others stay");
        assert!(!path.join("payloads/00009.json").exists(), "old payloads go");
    }
}
