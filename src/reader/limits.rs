//! What reading one input may cost. No real file comes near these bounds; whoever has one that does
//! raises the bound in the recipe, under `[limits]`, by the name that the refusal gave.

use serde::Deserialize;

/// The bounds, by the names that they have in the recipe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Mebibytes that a compressed file, or all parts of a workbook together, may unpack to.
    pub unpacked_mib: u64,
    /// How many times larger than itself a compressed file may become. The first 64 MiB are free:
    /// an archive bomb is small and becomes large, a small table may be all blanks.
    pub unpacked_ratio: u64,
    /// Members of an archive, of which a workbook has some dozens; sheets of a workbook.
    pub members: u64,
    /// Mebibytes of the table of strings of a workbook, which is held in memory.
    pub strings_mib: u64,
    /// Mebibytes of a file that is held in memory whole, as the old `.xls` is.
    pub held_mib: u64,
    /// Bytes of one cell of a workbook as it is written there. A cell holds 32,767 characters (Excel
    /// specifications and limits), and an escaped character takes up to ten bytes.
    pub cell_bytes: u64,
    /// Mebibytes of one row; people's rows have some hundred bytes.
    pub row_mib: u64,
    /// Cells of a sheet, blank ones in front of others included.
    pub cells: u64,
    /// Elements of the XML of an ODS, or records of a part of an XLSB: two or three for each cell of
    /// the one, one of the other.
    pub elements: u64,
    /// Cells that are written once and said to be repeated, as ODS does.
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
            cells: 100_000_000,
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
}

/// How a refusal says which setting would let the file in.
pub(super) fn raise(setting: &str) -> String {
    format!(
        "if the file is what you expect, raise `{setting}` under [limits] in the recipe; else ask for \
         a new export of the table"
    )
}
