//! One cell: its text, what it was in the file, and what is known of it beside that.

/// What kind of thing a cell was before it became text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CellKind {
    /// Text, as every cell of a CSV is.
    #[default]
    Text,
    /// A number cell of a workbook; its text is the shortest exact decimal form, or what is shown
    /// where the cell's format puts zeros in front ([`super::Row::stored`]).
    Number,
    /// A date or date-time cell of a workbook; its text is ISO 8601.
    Date,
    /// A boolean cell of a workbook: `TRUE` or `FALSE`.
    Bool,
    /// An error cell of a workbook, such as `#N/A`.
    Error,
    /// Text whose bytes were not valid in the file's encoding; the bad bytes read `U+FFFD`.
    Damaged,
}

/// One cell: its text exactly as it will be validated, and what it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell<'a> {
    /// The text; empty for a blank cell.
    pub text: &'a str,
    /// What it was in the file.
    pub kind: CellKind,
}

impl Cell<'_> {
    /// The cell that is not there.
    pub const EMPTY: Cell<'static> = Cell { text: "", kind: CellKind::Text };

    /// Whether a person would call the cell blank.
    pub fn is_blank(&self) -> bool {
        self.text.chars().all(is_blank_char)
    }
}

/// White space, and the characters that look like it or like nothing: no-break and zero-width
/// spaces, the byte-order mark, the soft hyphen, the fillers of Mongolian, Hangul and Braille.
pub fn is_blank_char(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}')
        || matches!(
            c,
            '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{2800}' | '\u{3164}' | '\u{ffa0}'
        )
}

/// What is known of a cell beside its text and its kind. A cell may have several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// The value is the result of a formula, as it was when the file was saved.
    Formula,
    /// A formula without a stored result. The text is empty, but the cell must not pass for blank.
    NoResult,
    /// The cell is blank in the file and lies under a merged one, whose value it has been given.
    Merged,
}

/// What is wrong with the quotes of a row of a text file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quotes {
    /// A quote stands inside a cell that is not quoted, or text stands behind a closing quote. The
    /// quote was taken as text.
    Stray,
    /// A quote opens a cell and nothing closes it where a cell can end. The line was read with its
    /// quotes as text.
    Open,
}
