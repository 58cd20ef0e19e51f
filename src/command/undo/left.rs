//! Who and what a plan that undoes a run leaves alone: counts, and the table `left.csv`. It shows people's keys,
//! and is for its owner only.

use std::io;
use std::path::{Path, PathBuf};

use super::decide::Decided;
use crate::command::draft::{Draft, OF_PLAN};
use crate::command::plan::names;
use crate::error::Result;
use crate::journal::InputPrint;
use crate::reader::reload::disarm;
use crate::row::Location;
use crate::visible::harmless;

/// The name of the table in the folder of the plan.
const FILE: &str = "left.csv";
/// Its columns.
const HEADER: [&str; 7] = ["input", "row", "left", "key", "id", "fields", "reason"];

/// Why somebody, or a part of what was changed, is left alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Why {
    /// The run has made the profile.
    Made,
    /// Somebody has changed since what the run had changed.
    Edited,
    /// Nobody knows how these fields can be written as they were.
    Lost,
    /// The run has sent something afterwards, which is not taken back.
    Afterwards,
    /// Another profile has the key now.
    Another,
    /// It cannot be told what there was, or what there is.
    Untold,
    /// Nobody has the key any more.
    Gone,
    /// Everything is as it was before.
    Back,
}

impl Why {
    /// All of them, in the order in which they are told.
    pub(super) const ALL: [Self; 8] = [
        Self::Made,
        Self::Edited,
        Self::Lost,
        Self::Afterwards,
        Self::Another,
        Self::Untold,
        Self::Gone,
        Self::Back,
    ];

    /// Its word.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Made => "made",
            Self::Edited => "edited",
            Self::Lost => "lost",
            Self::Afterwards => "afterwards",
            Self::Another => "another",
            Self::Untold => "untold",
            Self::Gone => "gone",
            Self::Back => "back",
        }
    }

    /// What it means.
    pub(super) fn meant(self) -> &'static str {
        match self {
            Self::Made => "the run has made the profile; upsheet deletes nobody",
            Self::Edited => "somebody has changed since what the run had changed",
            Self::Lost => "fields that cannot be written as they were",
            Self::Afterwards => "what was sent once they had landed stays",
            Self::Another => "another profile has the key now",
            Self::Untold => "it cannot be told what there was, or what there is",
            Self::Gone => "nobody has the key any more: deleted, or there under another key",
            Self::Back => "everything is as it was before",
        }
    }

    /// Whether something of the run stays because of it, or may stay.
    pub(super) fn stays(self) -> bool {
        self != Self::Back
    }

    fn place(self) -> usize {
        Self::ALL.iter().position(|one| *one == self).unwrap_or_default()
    }
}

/// One line of the table.
pub(super) struct LeftLine<'a> {
    /// Which row.
    pub(super) at: Location,
    /// Why.
    pub(super) why: Why,
    /// What was decided about the person.
    pub(super) decided: &'a Decided,
    /// The fields in which the reason lies.
    pub(super) fields: &'a [String],
}

/// How many are left alone for each reason, as in [`Why::ALL`].
pub(super) type Counts = [u64; Why::ALL.len()];

/// The table while it is written.
pub(super) struct LeftTable {
    names: Vec<String>,
    counts: Counts,
    out: csv::Writer<Draft>,
}

impl LeftTable {
    /// Begins it in the folder of a plan.
    ///
    /// # Errors
    /// When it cannot be made.
    pub(super) fn create(folder: &Path, inputs: &[InputPrint]) -> Result<Self> {
        let out = csv::Writer::from_writer(Draft::create(path(folder), OF_PLAN)?);
        let mut table = Self { names: names(inputs), counts: Counts::default(), out };
        table.write(&HEADER)?;
        Ok(table)
    }

    /// Writes down who is left alone.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn add(&mut self, left: &LeftLine<'_>) -> Result<()> {
        let LeftLine { at, why, decided, fields } = left;
        if let Some(count) = self.counts.get_mut(why.place()) {
            *count += 1;
        }
        let input = self.names.get(usize::from(at.input)).cloned().unwrap_or_default();
        let (row, fields) = (at.row.to_string(), fields.join(", "));
        let id = decided.id.as_deref().unwrap_or_default();
        let cells = [&input, &row, why.word(), &decided.key, id, &fields, why.meant()];
        // Keys and ids are others' words: no spreadsheet is to run them.
        let cells = cells.map(|cell| disarm(&harmless(cell)).into_owned());
        self.write(&cells)
    }

    fn write(&mut self, cells: &[impl AsRef<[u8]>]) -> Result<()> {
        let written = self.out.write_record(cells);
        written.map_err(|error| self.out.get_ref().failed(io::Error::other(error)))
    }

    /// Gives it its name, and gives the counts.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn finish(self) -> Result<Counts> {
        Draft::finish_table(self.out)?;
        Ok(self.counts)
    }
}

/// Where the table lies in the folder of a plan.
pub(super) fn path(folder: &Path) -> PathBuf {
    folder.join(FILE)
}

#[cfg(test)]
mod tests {
    use super::super::decide::Decision;
    use super::*;

    #[test]
    fn nothing_of_a_line_is_cut_and_no_spreadsheet_runs_it() {
        let folder = tempfile::tempdir().unwrap();
        let mut table = LeftTable::create(folder.path(), &[]).unwrap();
        let fields: Vec<String> = (1..40).map(|n| format!("addresses.{n}.city")).collect();
        let key = format!("={}@example.org", "a".repeat(200));
        let decision = Decision::Leave(Why::Edited, fields.clone());
        let decided = Decided { decision, key: key.clone(), id: None };
        let at = Location { row: 2, ..Location::default() };
        let (why, decided, fields) = (Why::Edited, &decided, fields.as_slice());
        table.add(&LeftLine { at, why, decided, fields }).unwrap();
        table.finish().unwrap();
        let text = std::fs::read_to_string(path(folder.path())).unwrap();
        assert!(text.contains(&format!("'{key}")), "{text}");
        assert!(text.contains(&fields.join(", ")), "{text}");
    }
}
