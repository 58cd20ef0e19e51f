//! What a reader hands on: bounded pieces of an input, parsed or still to be parsed.

use super::{Location, Rows};

/// How a text file is cut into cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialect {
    /// The delimiter between cells.
    pub delimiter: u8,
    /// The quote around cells that hold delimiters or line breaks; `None` where quotes are text.
    pub quote: Option<u8>,
    /// What makes a quote inside a quoted cell part of the text, beside doubling it.
    pub escape: Option<u8>,
}

impl Default for Dialect {
    /// RFC 4180: comma and double quote.
    fn default() -> Self {
        Self { delimiter: b',', quote: Some(b'"'), escape: None }
    }
}

/// A piece of a text file that begins and ends between rows. It is parsed where it is validated.
#[derive(Clone, Debug)]
pub struct Block {
    /// The bytes, in UTF-8 as far as the file is.
    pub bytes: Vec<u8>,
    /// How to cut them.
    pub dialect: Dialect,
    /// The place of the first byte: its row, its line, its offset.
    pub first: Location,
    /// How many cells a row should have; 0 where that is not known yet.
    pub width: usize,
    /// Bytes within which a quoted cell must close.
    pub longest_cell: usize,
}

/// What a reader hands on: one bounded piece of an input, in file order.
#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "one is moved a few times for a thousand rows")]
pub enum Chunk {
    /// Text still to be parsed.
    Text(Block),
    /// Typed cells.
    Cells(Rows),
}
