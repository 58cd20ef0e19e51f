//! What a workbook may cost. Every bound stands here, with the reason for its figure.
//!
//! A workbook is a zip archive of XML, in which a kilobyte can stand for a terabyte. Nothing in it
//! is believed: counts are not read, parts are inflated piece by piece, and what passes a bound
//! ends the run with a reason.

/// Members of an archive; a workbook has some dozens.
pub(super) const MOST_MEMBERS: usize = 10_000;
/// Bytes that a sheet may inflate to: a million rows of a hundred columns take about as much.
pub(super) const MOST_SHEET: u64 = 4 << 30;
/// Bytes that the table of strings, which is held in memory, may inflate to.
pub(super) const MOST_STRINGS: u64 = 512 << 20;
/// Strings in that table; each takes four bytes beside its text.
pub(super) const MOST_STRINGS_COUNT: usize = 32 << 20;
/// Bytes that any other part may inflate to.
pub(super) const MOST_OTHER: u64 = 64 << 20;
/// Bytes of one tag or text. A cell holds 32,767 characters (Excel specifications and limits), and
/// an escaped character takes up to ten bytes; the widest list of ranges takes some more.
pub(super) const LONGEST_TOKEN: usize = 1 << 20;
/// Bytes of the text of one cell: 32,767 characters, whatever they are, and what other programs than
/// Excel write beyond that.
pub(super) const LONGEST_CELL: usize = 10 * 32_768;
/// Bytes of the name of an element.
pub(super) const LONGEST_NAME: usize = 256;
/// Elements inside each other; a workbook has about ten.
pub(super) const DEEPEST: usize = 128;
/// Rows and columns of a sheet (Excel specifications and limits).
pub(super) const LAST_ROW: u32 = 1_048_576;
/// See [`LAST_ROW`].
pub(super) const LAST_COLUMN: u32 = 16_384;
/// Cells that a sheet leaves out in front of others, all rows together: a file of some kilobytes can
/// ask for 17 thousand million of them.
pub(super) const MOST_GAPS: u64 = 1 << 29;
/// Sheets of a workbook, cell formats, relationships of a part, tables.
pub(super) const MOST_ENTRIES: usize = 1 << 17;
/// Merged areas and runs of hidden rows of a sheet.
pub(super) const MOST_AREAS: usize = 1 << 20;
/// Cells that merged areas may fill.
pub(super) const MOST_FILLED: u64 = 1 << 26;
