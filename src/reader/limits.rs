//! What reading one input may cost. No real file comes near these bounds; whoever has one that does
//! raises the bound in the recipe, under `[limits]`, by the name that the refusal gave.
//!
//! What a kind of file itself sets an end to (rows, columns, the depth of its XML) is no setting: such
//! bounds stand where the kind is read, those of workbooks in `book/guard.rs`.

use serde::Deserialize;

/// The bounds, by the names that they have in the recipe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Mebibytes that a compressed file, or one part of a workbook, may unpack to, and that the
    /// cells of a sheet may hold in all. Costs time and, for a compressed file, as much disk in the
    /// temporary folder; no memory.
    pub unpacked_mib: u64,
    /// How many times larger than itself a compressed file may become. The first 64 MiB are free:
    /// an archive bomb is small and becomes large, a small table may be all blanks. Costs what
    /// [`Self::unpacked_mib`] costs.
    pub unpacked_ratio: u64,
    /// Members of an archive, of which a workbook has some dozens; sheets and tables of a workbook.
    /// Each takes some hundred bytes of memory.
    pub members: u64,
    /// Mebibytes of the table of strings of a workbook, which is held in memory: so much, and a
    /// quarter more while it grows. More than 4095 are of no use: strings behind 4 GiB are refused.
    pub strings_mib: u64,
    /// Mebibytes of a file that is held in memory whole, as the old `.xls` is: so much, and up to
    /// six times as much again for its strings and the places of its cells.
    pub held_mib: u64,
    /// Bytes of one cell as it is written in the file; of a text file, bytes within which a quoted
    /// cell must close. A cell holds 32,767 characters (Excel specifications and limits), and an
    /// escaped character takes up to ten bytes. Costs up to four times as much memory.
    pub cell_bytes: u64,
    /// Mebibytes of one row; people's rows have some hundred bytes. Costs as much memory for each
    /// chunk that is in flight, and three times as much where it is cut.
    pub row_mib: u64,
    /// Cells of a sheet, blank ones in front of others included: a file of some kilobytes can ask
    /// for 17 thousand million of them. Costs time; no memory, but eight bytes for each cell of an XLS.
    pub cells: u64,
    /// Elements of the XML of an ODS, or records of a part of an XLSB: two or three for each cell of
    /// the one, one of the other. Costs time; no memory.
    pub elements: u64,
    /// Cells that are written once and said to be repeated, as ODS does. Costs time; no memory.
    pub repeated_cells: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            unpacked_mib: 4096,
            unpacked_ratio: 200,
            members: 10_000,
            strings_mib: 512,
            held_mib: 256,
            cell_bytes: 10 * 32_768,
            row_mib: 16,
            cells: 500_000_000,
            elements: 60_000_000,
            repeated_cells: 10_000_000,
        }
    }
}

impl Limits {
    /// The name of the recipe's section.
    pub const SECTION: &'static str = "limits";

    /// [`Self::unpacked_mib`] in bytes.
    pub(super) fn unpacked(&self) -> u64 {
        self.unpacked_mib.saturating_mul(1 << 20)
    }

    /// [`Self::strings_mib`] in bytes.
    pub(super) fn strings(&self) -> u64 {
        self.strings_mib.saturating_mul(1 << 20)
    }

    /// [`Self::row_mib`] in bytes.
    pub(super) fn row(&self) -> u64 {
        self.row_mib.saturating_mul(1 << 20)
    }

    /// [`Self::held_mib`] in bytes.
    pub(super) fn held(&self) -> u64 {
        self.held_mib.saturating_mul(1 << 20)
    }

    /// [`Self::cell_bytes`] as a length.
    pub(super) fn cell(&self) -> usize {
        usize::try_from(self.cell_bytes).unwrap_or(usize::MAX)
    }
}

/// How a refusal says which setting would let the file in.
pub(super) fn raise(setting: &str) -> String {
    format!(
        "if the file is what you expect, raise `{setting}` under [limits] in the recipe; else ask for \
         a new export of the table"
    )
}
