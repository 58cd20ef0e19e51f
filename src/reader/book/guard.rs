//! What no workbook has, whoever made it: bounds that are no settings, each with the reason for its
//! figure. What a person could have a reason to raise stands in `limits.rs`.
//!
//! A workbook is a zip archive of XML, in which a kilobyte can stand for a terabyte. Nothing in it
//! is believed: counts are not read, parts are inflated piece by piece, and what passes a bound
//! ends the run with a reason.

use super::inflate::TooMuch;
use super::limits::Limits;

/// Bytes that a part may inflate to that is neither a sheet nor the table of strings: lists of parts,
/// of styles and of tables, some of them held in memory.
pub(super) const MOST_OTHER: u64 = 64 << 20;
/// Bytes of one tag or text, where cells may not be longer: the widest list of ranges takes some more
/// than a cell.
pub(super) const LONGEST_TOKEN: usize = 1 << 20;
/// Bytes of the name of an element.
pub(super) const LONGEST_NAME: usize = 256;
/// Elements inside each other; a workbook has about ten.
pub(super) const DEEPEST: usize = 128;
/// Comments and instructions in a part; a workbook has one or two.
pub(super) const MOST_ASIDES: u32 = 1 << 18;
/// CDATA sections in a part: some writers put every text into one.
pub(super) const MOST_SECTIONS: u32 = 1 << 26;
/// Elements of a sheet beside its rows and cells: merged cells, links, rules.
pub(super) const MOST_BESIDE: u32 = 1 << 25;
/// Elements inside a cell; there are a value, a formula, a text.
pub(super) const MOST_IN_CELL: u32 = 64;
/// Rows and columns of a sheet (Excel specifications and limits).
pub(crate) const LAST_ROW: u32 = 1_048_576;
/// See [`LAST_ROW`].
pub(crate) const LAST_COLUMN: u32 = 16_384;
/// Cell formats and number formats; Excel takes 65,490.
pub(crate) const MOST_STYLES: usize = 1 << 17;
/// Merged areas and runs of hidden rows of a sheet.
pub(super) const MOST_AREAS: usize = 1 << 20;
/// Why a sheet is refused that has more of these.
pub(super) const ABSURD: &str = "it has more merged or hidden cells than any sheet";
/// Merged areas that the rows of a sheet may lie under, all rows together.
pub(super) const MOST_COVERED: u64 = 1 << 28;
/// Bytes that merged cells may add to one chunk of rows.
pub(super) const MOST_COVERED_BYTES: usize = 64 << 20;

/// What a part of a workbook may cost.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bound {
    /// Bytes that it may inflate to.
    pub(super) most: u64,
    /// The setting that raises that, if one does.
    setting: Option<&'static str>,
    /// Bytes of one cell.
    pub(super) cell: usize,
}

impl Bound {
    /// A part of so many bytes, whatever the settings.
    pub(super) fn fixed(most: u64, limits: &Limits) -> Self {
        let unpacked = limits.unpacked();
        let setting = (unpacked < most).then_some("unpacked_mib");
        Self { most: most.min(unpacked), setting, cell: limits.cell() }
    }

    /// A part that streams past.
    pub(crate) fn sheet(limits: &Limits) -> Self {
        Self { most: limits.unpacked(), setting: Some("unpacked_mib"), cell: limits.cell() }
    }

    /// The table of strings, which is held.
    pub(super) fn strings(limits: &Limits) -> Self {
        if limits.strings() > limits.unpacked() {
            return Self::sheet(limits);
        }
        Self { most: limits.strings(), setting: Some("strings_mib"), cell: limits.cell() }
    }

    /// Bytes of one tag or text.
    pub(super) fn token(&self) -> usize {
        self.cell.max(LONGEST_TOKEN)
    }

    /// Why a part that is larger is refused: a setting that was passed, or in words alone.
    pub(super) fn passed(&self) -> Result<TooMuch, String> {
        let why = format!("one of its parts inflates to more than {} MiB", self.most >> 20);
        match self.setting {
            Some(setting) => Ok(TooMuch { why, setting }),
            None => Err(why),
        }
    }
}

/// Why a cell is refused that is longer than it may be.
pub(super) fn long_cell() -> TooMuch {
    let why = "one of its cells or tags is longer than a spreadsheet allows".to_owned();
    TooMuch { why, setting: "cell_bytes" }
}
