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
/// Comments and instructions in a part; a workbook has one or two.
pub(super) const MOST_ASIDES: u32 = 1 << 18;
/// CDATA sections in a part: some writers put every text into one.
pub(super) const MOST_SECTIONS: u32 = 1 << 26;
/// Elements of a sheet beside its rows and cells: merged cells, links, rules.
pub(super) const MOST_BESIDE: u32 = 1 << 25;
/// Elements inside a cell; there are a value, a formula, a text.
pub(super) const MOST_IN_CELL: u32 = 64;
/// Rows and columns of a sheet (Excel specifications and limits).
pub(super) const LAST_ROW: u32 = 1_048_576;
/// See [`LAST_ROW`].
pub(super) const LAST_COLUMN: u32 = 16_384;
/// Cells that a sheet leaves out in front of others, all rows together: a file of some kilobytes can
/// ask for 17 thousand million of them.
pub(super) const MOST_GAPS: u64 = 1 << 29;
/// Bytes of the text of one row; people's rows have some hundreds.
pub(super) const LONGEST_ROW: usize = 16 << 20;
/// Bytes of text that the cells of a sheet may hold together. A string that is stored once can be
/// shown in any number of cells.
pub(super) const MOST_TEXT: u64 = 4 << 30;
/// Cell formats and number formats; Excel takes 65,490.
pub(super) const MOST_STYLES: usize = 1 << 17;
/// Merged areas and runs of hidden rows of a sheet.
pub(super) const MOST_AREAS: usize = 1 << 20;
/// Merged areas that the rows of a sheet may lie under, all rows together.
pub(super) const MOST_COVERED: u64 = 1 << 28;
/// Bytes that merged cells may add to one chunk of rows.
pub(super) const MOST_COVERED_BYTES: usize = 64 << 20;
