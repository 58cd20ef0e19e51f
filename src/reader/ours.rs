//! Our own columns in a checked workbook that came back, or in a text file that was made of it: they are
//! known by their headers, and nobody behind the reader sees what stands in them. The record of a row goes
//! with the row, beside its cells.

use super::table::Header;
use crate::returned::{self, Kept, Tag};
use crate::row::{Row, Rows};

/// How many such columns are heeded: a sheet has three; somebody may have copied some.
const MOST: usize = 8;

/// What a sheet says of itself as it was when it was checked before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Earlier {
    /// The tags of the headers that it had, ours not among them.
    pub header: Vec<Tag>,
    /// How many rows of people it had, and below which row, where it still says so.
    pub rows: Option<(u64, u32)>,
}

/// Which columns are ours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ours {
    columns: [Option<u16>; MOST],
    record: Option<u16>,
}

impl Ours {
    /// Whether there are any.
    pub fn any(&self) -> bool {
        // They are filled from the first on.
        self.columns.first().is_some_and(Option::is_some)
    }

    /// Whether a column is one of them.
    pub fn has(&self, column: usize) -> bool {
        self.any() && u16::try_from(column).is_ok_and(|column| self.columns.contains(&Some(column)))
    }

    /// Whether the rows have records.
    pub fn has_records(&self) -> bool {
        self.record.is_some()
    }
}

/// Our columns with what stands over them.
#[derive(Clone, Debug, Default)]
pub(super) struct Found {
    pub(super) ours: Ours,
    /// The row of their headers.
    pub(super) row: u32,
    /// Each column with its short name.
    names: Vec<(usize, &'static str)>,
    /// What the sheet was when it was checked.
    pub(super) kept: Kept,
}

/// Looks for our columns in the first rows of a sheet: a row that has the header of the record, or those of
/// both other columns.
pub(super) fn find(rows: &Rows) -> Option<Found> {
    rows.iter().find_map(|row| found_in(&row))
}

fn found_in(row: &Row<'_>) -> Option<Found> {
    // Nearly every row has no such cell.
    let own = |text: &str| text.contains("(upsheet)") && returned::is_ours(text);
    if !row.cells().any(|cell| own(cell.text)) {
        return None;
    }
    let mut found = Found { row: row.at.row, ..Found::default() };
    for (column, cell) in row.cells().enumerate().filter(|(_, cell)| own(cell.text)) {
        let text = cell.text.trim();
        let name = match text {
            returned::STATUS => returned::STATUS,
            returned::FINDINGS => returned::FINDINGS,
            _ => returned::RECORD,
        };
        if name == returned::RECORD && found.ours.record.is_none() {
            found.ours.record = u16::try_from(column).ok();
            found.kept = returned::parse_header(text).unwrap_or_default();
        }
        if let Some(place) = found.ours.columns.iter_mut().find(|place| place.is_none()) {
            *place = u16::try_from(column).ok();
            found.names.push((column, name));
        }
    }
    let has = |wanted: &str| found.names.iter().any(|(_, name)| *name == wanted);
    let is_certain = found.ours.has_records() || has(returned::STATUS) && has(returned::FINDINGS);
    is_certain.then_some(found)
}

impl Found {
    /// A header that was found without our columns, with their names in it. A table that had no header has
    /// got one by us.
    pub(super) fn named(self, mut header: Header) -> Header {
        for (column, name) in &self.names {
            if header.names.len() <= *column {
                header.names.resize(column + 1, String::new());
            }
            if let Some(place) = header.names.get_mut(*column) {
                (*name).clone_into(place);
            }
            // A cell that heads a group of columns does not head ours.
            if let Some(parts) = header.parts.get_mut(*column) {
                parts.clear();
            }
        }
        header.own = Some(Box::new(self));
        header
    }
}

/// How many rows of people a workbook had and below which row, by what its Summary sheet says.
pub(super) fn rows_had(summary: &Rows) -> Option<(u64, u32)> {
    summary.iter().find_map(|row| {
        let text = |column: usize| row.cell(column).text.trim();
        let is = text(0) == returned::ROWS && text(2) == returned::BELOW;
        is.then(|| Some((text(1).parse().ok()?, text(3).parse().ok()?)))?
    })
}

/// The rows without what stands in our columns; each keeps its record beside its cells.
pub(super) fn without(rows: Rows, ours: Ours) -> Rows {
    if !ours.any() {
        return rows;
    }
    let mut plain = Rows::with_capacity(rows.bytes());
    for row in rows.iter() {
        if let Some(record) = ours.record {
            let text = row.cell(usize::from(record)).text.trim();
            if !text.is_empty() && row.record().is_none() {
                plain.keep_record(text);
            }
        }
        plain.push_row_with(&row, |column, text| if ours.has(column) { "" } else { text });
    }
    plain
}
