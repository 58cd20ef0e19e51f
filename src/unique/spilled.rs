//! Keys for which there was no room in memory: sorted runs in files without a name, which are gone when the
//! run is, however it ends.
//!
//! In memory stay the first key of every page and a filter. So a key that is in no run is hardly ever looked
//! for, and one that is costs one page. Of many runs one is made, so that there are never many to ask.

use std::fs::File;
use std::io::{self, BufWriter, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use super::Fingerprint;
use super::budget::Budget;
use super::filter::Filter;
use super::ordered::{Ordered, Seen};
use crate::error::{Error, Result};

/// Keys of a page, which is read at once.
const PAGE: usize = 256;
/// Pages that are read at once where all of them are.
const AHEAD: usize = 16;
/// Runs of which one is made when another one comes.
const MOST: usize = 8;

/// Sorted runs, the oldest first.
#[derive(Debug, Default)]
pub(super) struct Spilled {
    runs: Vec<Run>,
}

impl Spilled {
    /// The place of a key, in the newest run that has it.
    #[inline]
    pub(super) fn get(&self, key: Fingerprint, budget: &Budget) -> Result<Option<u32>> {
        if self.runs.is_empty() { Ok(None) } else { self.find(key, budget) }
    }

    #[cold]
    fn find(&self, key: Fingerprint, budget: &Budget) -> Result<Option<u32>> {
        for run in self.runs.iter().rev().filter(|run| run.filter.may_hold(key)) {
            if let Some(place) = run.get(key).map_err(|source| failed(budget, source))? {
                return Ok(Some(place));
            }
        }
        Ok(None)
    }

    /// What lies where a key would, for looking there in time.
    pub(super) fn near(&self, key: Fingerprint) -> u32 {
        self.runs.iter().map(|run| run.filter.near(key)).fold(0, |all, one| all ^ one)
    }

    /// Takes all keys of a table.
    pub(super) fn take<const PLACES: u32>(
        &mut self,
        table: &Ordered<PLACES>,
        budget: &Budget,
    ) -> Result<()> {
        let run = write(table.iter().map(Ok), table.len() as u64, budget, false);
        self.runs.push(run.map_err(|source| failed(budget, source))?);
        if self.runs.len() > MOST {
            self.join(budget).map_err(|source| failed(budget, source))?;
        }
        Ok(())
    }

    /// Makes one run of all. Their filters are not asked meanwhile, and make room for the new one.
    fn join(&mut self, budget: &Budget) -> io::Result<()> {
        for run in &mut self.runs {
            budget.release_filter(std::mem::take(&mut run.filter).bytes());
        }
        let most = self.runs.iter().map(|run| run.len).sum();
        let joined = write(Joined::new(&self.runs)?, most, budget, true)?;
        self.runs = vec![joined];
        Ok(())
    }
}

/// What is said when the files fail.
fn failed(budget: &Budget, source: io::Error) -> Error {
    let folder = budget.folder().map_or_else(std::env::temp_dir, Path::to_owned);
    Error::Spill { folder, source }
}

/// Keys in their order, in a file.
#[derive(Debug)]
struct Run {
    /// One place at a time is read, also where several threads ask.
    file: Mutex<File>,
    len: u64,
    /// The first key of every page.
    fences: Vec<Fingerprint>,
    filter: Filter,
}

/// Writes keys that come in their order, at most so many.
fn write(
    keys: impl Iterator<Item = io::Result<Seen>>,
    most: u64,
    budget: &Budget,
    whole: bool,
) -> io::Result<Run> {
    let file = match budget.folder() {
        Some(folder) => tempfile::tempfile_in(folder),
        None => tempfile::tempfile(),
    }?;
    let mut out = BufWriter::with_capacity(AHEAD * PAGE * Seen::SIZE, file);
    let mut filter = Filter::of_bytes(budget.take_for_filter(most, whole));
    let (mut fences, mut len) = (Vec::new(), 0_u64);
    for seen in keys {
        let seen = seen?;
        if len.is_multiple_of(PAGE as u64) {
            fences.push(seen.key());
        }
        filter.add(seen.key());
        out.write_all(&seen.to_bytes())?;
        len += 1;
    }
    let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    Ok(Run { file: Mutex::new(file), len, fences, filter })
}

impl Run {
    /// The place of a key.
    fn get(&self, key: Fingerprint) -> io::Result<Option<u32>> {
        let Some(page) = self.fences.partition_point(|first| *first <= key).checked_sub(1) else {
            return Ok(None);
        };
        let mut buffer = [0; PAGE * Seen::SIZE];
        let page = self.read(page as u64 * PAGE as u64, &mut buffer)?;
        let found = page.binary_search_by_key(&key, |bytes| Seen::from_bytes(*bytes).key());
        Ok(found.ok().and_then(|at| page.get(at)).map(|bytes| Seen::from_bytes(*bytes).place()))
    }

    /// Reads keys from the one with a number, as many as there are and the buffer holds.
    fn read<'a>(&self, first: u64, buffer: &'a mut [u8]) -> io::Result<&'a [[u8; Seen::SIZE]]> {
        let (keys, _) = buffer.as_chunks_mut::<{ Seen::SIZE }>();
        let left = usize::try_from(self.len.saturating_sub(first)).unwrap_or(usize::MAX);
        let count = left.min(keys.len());
        let keys = keys.get_mut(..count).unwrap_or_default();
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(first * Seen::SIZE as u64))?;
        file.read_exact(keys.as_flattened_mut())?;
        Ok(keys)
    }
}

/// A run that is read from its beginning to its end.
struct Reading<'a> {
    run: &'a Run,
    /// The number of the first key that was not read yet.
    next: u64,
    buffer: Vec<u8>,
    /// Keys that were read, the last one first.
    keys: Vec<Seen>,
}

impl Reading<'_> {
    /// Takes the next key.
    fn take(&mut self) -> io::Result<Option<Seen>> {
        if self.keys.is_empty() {
            let read = self.run.read(self.next, &mut self.buffer)?;
            self.next += read.len() as u64;
            self.keys.extend(read.iter().rev().copied().map(Seen::from_bytes));
        }
        Ok(self.keys.pop())
    }
}

/// The keys of several runs in their order, each once, with what the newest run says of it.
struct Joined<'a> {
    /// Each with its next key, the newest run first.
    runs: Vec<(Option<Seen>, Reading<'a>)>,
}

impl<'a> Joined<'a> {
    fn new(runs: &'a [Run]) -> io::Result<Self> {
        let buffer = vec![0; AHEAD * PAGE * Seen::SIZE];
        let begin = |run| -> io::Result<(Option<Seen>, Reading<'a>)> {
            let mut reading = Reading { run, next: 0, buffer: buffer.clone(), keys: Vec::new() };
            Ok((reading.take()?, reading))
        };
        Ok(Self { runs: runs.iter().rev().map(begin).collect::<io::Result<_>>()? })
    }

    fn next_key(&mut self) -> io::Result<Option<Seen>> {
        // Of equal ones the first is the least, and it is of the newest run.
        let heads = self.runs.iter().filter_map(|(head, _)| *head);
        let Some(least) = heads.min_by_key(|seen| seen.key()) else { return Ok(None) };
        for (head, reading) in &mut self.runs {
            if head.is_some_and(|seen| seen.key() == least.key()) {
                *head = reading.take()?;
            }
        }
        Ok(Some(least))
    }
}

impl Iterator for Joined<'_> {
    type Item = io::Result<Seen>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_key().transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row::Location;
    use crate::unique::{Fingerprinter, Keys};

    #[test]
    fn a_folder_that_takes_no_files_is_named_with_the_cure() {
        let folder = tempfile::tempdir().unwrap();
        let missing = folder.path().join("gone");
        let mut keys = Keys::within(&Budget::new(Some(0), 1, Some(&missing)));
        let print = Fingerprinter::default();
        let error = (2..100).find_map(|row| {
            let at = Location { row, ..Location::default() };
            keys.insert(print.of(&row.to_le_bytes()), at).err()
        });
        let Some(Error::Spill { folder, .. }) = error else { panic!("{error:?}") };
        assert_eq!(folder, missing);
    }

    #[test]
    fn there_are_never_many_runs() {
        let mut keys = Keys::within(&Budget::new(Some(100_000), 1, None));
        let print = Fingerprinter::default();
        for row in 2..60_000_u32 {
            let at = Location { row, ..Location::default() };
            assert_eq!(keys.insert(print.of(&row.to_le_bytes()), at).unwrap(), None);
            assert!(keys.spilled.runs.len() <= MOST);
        }
        assert!(!keys.spilled.runs.is_empty());
        for row in 2..60_000_u32 {
            let found = keys.get(print.of(&row.to_le_bytes())).unwrap();
            assert_eq!(found.map(|at| at.row), Some(row));
        }
    }
}
