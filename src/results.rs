//! Result files: every row that a run read stands in exactly one of them, with what became of it in
//! front of its original columns, so that it can be put right and loaded again.
//!
//! Bulk loaders have made three of the files known: success, failed, unprocessed. Two more keep these
//! three honest: unknown holds those of whom no answer told, and skipped what was left out by choice,
//! which loading `unprocessed` again must not send.

mod csv;
mod json;
pub mod kept;
mod place;
mod workbook;

use std::borrow::Cow;
use std::fmt;
use std::path::Path;

use self::kept::{Kept, Record};
pub use self::place::Place;
use crate::error::{Error, Result};
use crate::journal::{Outcome, State};
use crate::report::{Table, tables};
use crate::row::Location;
use crate::validate::Fate;

/// Where a row belongs, after all is known of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The target has taken it.
    Success,
    /// Rejected by us, or refused by the target.
    Failed,
    /// It could be sent and was not.
    Unprocessed,
    /// It was sent, and no answer told what became of it.
    Unknown,
    /// Left out by choice, or no person at all.
    Skipped,
}

impl Part {
    /// All of them, in the order in which they are told.
    pub const ALL: [Self; 5] =
        [Self::Success, Self::Failed, Self::Unprocessed, Self::Unknown, Self::Skipped];

    /// Its word, which names its files and sheets.
    pub fn word(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Failed => "failed",
            Self::Unprocessed => "unprocessed",
            Self::Unknown => "unknown",
            Self::Skipped => "skipped",
        }
    }

    /// The part that a word means.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.word() == word)
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// Where people of the journal belong, and why. Whoever was taken and did not get what is sent
/// afterwards has not landed as a whole.
pub fn part_of(state: &State) -> (Part, Cow<'_, str>) {
    let (part, reason) = place_of(&state.outcome);
    match &state.after {
        Some(after) if part == Part::Success => match place_of(after) {
            (Part::Success, _) => (part, reason),
            (part, why) => {
                (part, format!("taken, but not all that is sent afterwards: {why}").into())
            }
        },
        _ => (part, reason),
    }
}

fn place_of(outcome: &Outcome) -> (Part, Cow<'_, str>) {
    match outcome {
        Outcome::Accepted => (Part::Success, "accepted".into()),
        Outcome::Refused(why) => (Part::Failed, why.into()),
        Outcome::NotSent => (Part::Unprocessed, "not sent".into()),
        Outcome::InFlight => (Part::Unknown, "sent, and no answer was read".into()),
        Outcome::Unknown(why) => (Part::Unknown, why.into()),
        Outcome::Queued { ticket, why } => {
            let name = ticket.as_ref().map(|ticket| format!(" as {ticket}")).unwrap_or_default();
            (Part::Unknown, format!("queued{name}, unverified: {why}").into())
        }
    }
}

/// One row that goes into a file.
#[derive(Clone, Copy, Debug)]
struct Told<'a> {
    at: Location,
    part: Part,
    reason: &'a str,
    record: &'a Record,
    /// Which table its input is in.
    table: usize,
}

/// Files that are being written in one form.
trait Files {
    /// Takes a row, in file order.
    fn row(&mut self, told: Told<'_>) -> Result<()>;

    /// Writes what is left. The files are named by [`Place::commit`].
    fn finish(self: Box<Self>) -> Result<()>;
}

/// What a form needs to begin.
struct Begin<'a> {
    place: &'a mut Place,
    parts: &'a [Part],
    tables: &'a [Table],
    inputs: &'a [Kept],
}

/// A form of result files.
pub struct Form {
    /// The word for `--format`.
    pub id: &'static str,
    open: fn(Begin<'_>) -> Result<Box<dyn Files>>,
}

impl fmt::Debug for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Form").field(&self.id).finish()
    }
}

/// Every form. To add one: its file, its `mod` line, its line here.
pub static ALL: &[&Form] = &[&csv::FORM, &workbook::FORM, &json::FORM];

/// The form with this id.
pub fn find(id: &str) -> Option<&'static Form> {
    ALL.iter().copied().find(|form| form.id == id)
}

/// How many rows belong to each part, in the order of [`Part::ALL`].
pub type Counts = [u64; 5];

/// Sorts the rows of a run into its result files, as outcomes come in file order.
pub struct Sorter {
    inputs: Vec<Kept>,
    /// Which table each input is in.
    tables: Vec<usize>,
    parts: Vec<Part>,
    files: Box<dyn Files>,
    counts: Counts,
    /// The input whose rows are being sorted.
    current: usize,
    record: Record,
    /// Whether `record` waits to be sorted.
    waiting: bool,
}

impl fmt::Debug for Sorter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sorter").field("counts", &self.counts).finish_non_exhaustive()
    }
}

impl Sorter {
    /// Begins with the rows that a run folder has kept. Only files of `parts` are written; the rows of
    /// all are counted.
    ///
    /// # Errors
    /// When the rows cannot be read, or the files cannot be written.
    pub fn new(run: &Path, form: &Form, parts: &[Part], place: &mut Place) -> Result<Self> {
        let inputs = kept::open(run)?;
        let named = inputs.iter().map(|input| (input.name.as_path(), input.headers.clone()));
        let (list, tables) = tables(named);
        let files = (form.open)(Begin { place, parts, tables: &list, inputs: &inputs })?;
        Ok(Self {
            inputs,
            tables,
            parts: parts.to_vec(),
            files,
            counts: Counts::default(),
            current: 0,
            record: Record::default(),
            waiting: false,
        })
    }

    /// Takes what became of a row that was ready to be sent. Rows of which nothing is said were not
    /// sent.
    ///
    /// # Errors
    /// When there is no such row, or a file cannot be written.
    pub fn outcome(&mut self, at: Location, part: Part, reason: &str) -> Result<()> {
        while self.fill()? {
            let here = self.here();
            if (here.input, here.row) > (at.input, at.row) {
                break;
            }
            if (here.input, here.row) == (at.input, at.row) && self.record.fate == Fate::Ready {
                return self.put(part, reason);
            }
            self.put_alone()?;
        }
        let rows = self.inputs.first().map(Kept::folder).unwrap_or_default();
        Err(kept::damaged(
            &rows,
            format!("row {} of input {} has an outcome and is not there", at.row, at.input + 1),
        ))
    }

    /// Sorts the rows that are left and closes the files.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn finish(mut self) -> Result<Counts> {
        while self.fill()? {
            self.put_alone()?;
        }
        self.files.finish()?;
        Ok(self.counts)
    }

    /// Reads the next row unless one waits; tells whether there is one.
    fn fill(&mut self) -> Result<bool> {
        while !self.waiting {
            let Some(input) = self.inputs.get_mut(self.current) else { return Ok(false) };
            self.waiting = input.next(&mut self.record)?;
            if !self.waiting {
                self.current += 1;
            }
        }
        Ok(true)
    }

    /// Where the row that waits stands.
    fn here(&self) -> Location {
        let input = u16::try_from(self.current).unwrap_or(u16::MAX);
        Location { input, row: self.record.row, ..Location::default() }
    }

    /// Puts the row that waits where it belongs when nothing is said of it.
    fn put_alone(&mut self) -> Result<()> {
        let reason = std::mem::take(&mut self.record.reason);
        let (part, otherwise) = match self.record.fate {
            Fate::Ready => (Part::Unprocessed, "not sent"),
            Fate::Rejected => (Part::Failed, "rejected"),
            Fate::Skipped | Fate::NextTable => (Part::Skipped, "left out"),
        };
        self.put(part, if reason.is_empty() { otherwise } else { &reason })
    }

    fn put(&mut self, part: Part, reason: &str) -> Result<()> {
        self.waiting = false;
        let place = Part::ALL.iter().position(|other| *other == part);
        if let Some(count) = place.and_then(|place| self.counts.get_mut(place)) {
            *count += 1;
        }
        if !self.parts.contains(&part) {
            return Ok(());
        }
        let table = self.tables.get(self.current).copied().unwrap_or_default();
        self.files.row(Told { at: self.here(), part, reason, record: &self.record, table })
    }
}

/// The error for a cell or a number of columns that a form cannot hold.
fn too_much(what: impl fmt::Display) -> Error {
    Error::usage(
        format!("the results cannot be written as a workbook: {what}"),
        "take --format csv, which holds any cell",
    )
}

#[cfg(test)]
mod tests;
