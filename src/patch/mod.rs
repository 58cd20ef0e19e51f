//! A copy of a file in which some cells are changed, and nothing else: the parts of a workbook that do not
//! change are taken over byte by byte, and a sheet streams past while its cells are changed.
//!
//! The changes come row by row in file order (`Next`); nothing here knows what they mean. Memory does
//! not grow with the rows or with the notes.

mod book;
mod copy;
mod listing;
mod notes;
mod order;
mod page;
mod shapes;
mod sheet;
mod sink;
mod spool;
mod styles;
mod survey;
mod tables;

use std::io;
use std::path::Path;

pub(crate) use self::book::Book;
pub(crate) use self::page::{Ink, Page, Words};
pub(crate) use self::spool::Spool;
use crate::reader::parts::Fault;

/// How a cell looks beside its own format. Each look differs from the others by pattern and by brightness,
/// not by hue alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Look {
    /// It cannot stay as it is.
    Error,
    /// A person should look at it.
    Warning,
    /// It was repaired.
    Repair,
}

impl Look {
    /// Every look.
    pub(crate) const ALL: [Self; 3] = [Self::Error, Self::Warning, Self::Repair];

    /// How its cells are filled.
    pub(crate) fn filling(self) -> Filling {
        let filling = |pattern, front, back, mixed| Filling { pattern, front, back, mixed };
        match self {
            // Full, and the darkest; no colour that a program offers, so that nobody else has it.
            Self::Error => filling(Pattern::Solid, 0xF6_B1_85, 0xF6_B1_85, 0xF6_B1_85),
            Self::Warning => filling(Pattern::Stripes, 0xE6_B8_00, 0xFF_F7_D6, 0xF9_E8_A1),
            Self::Repair => filling(Pattern::Dots, 0x5B_9B_D5, 0xEA_F3_FB, 0xD9_E8_F7),
        }
    }
}

/// How a cell is filled: in a pattern of two colours (red, green, blue).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Filling {
    pub(crate) pattern: Pattern,
    pub(crate) front: u32,
    pub(crate) back: u32,
    /// The one colour that a program without patterns makes of it (LibreOffice).
    pub(crate) mixed: u32,
}

/// A pattern of a filling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pattern {
    /// One colour.
    Solid,
    /// Thin stripes, rising to the right.
    Stripes,
    /// Few dots.
    Dots,
}

/// A change of one cell. What is nothing stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Change {
    /// The column, from 0.
    pub(crate) column: u32,
    /// The text that takes the place of its value.
    pub(crate) text: Option<String>,
    /// A look over its own.
    pub(crate) look: Option<Look>,
    /// A note, beside any that it has.
    pub(crate) note: Option<String>,
    /// Whether a new cell takes the format of the cell in front of it.
    pub(crate) alike: bool,
}

/// The changes of one row, from the left to the right.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct RowChanges {
    /// The row, from 1.
    pub(crate) row: u32,
    /// Its cells.
    pub(crate) cells: Vec<Change>,
}

/// Gives the changes of the next row, in the order of the rows; nothing behind the last.
pub(crate) type Next<'a> = dyn FnMut() -> io::Result<Option<RowChanges>> + 'a;

/// Makes the words of an added sheet, when it is known what the copy could not do.
pub(crate) type MakePage<'a> = dyn Fn(&Done) -> Page + 'a;

/// A column that is added behind all others.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column {
    /// Its width in characters.
    pub(crate) width: u32,
    /// Whether nobody sees it.
    pub(crate) hidden: bool,
}

/// What is changed beside the cells.
pub(crate) struct Job<'a> {
    /// The row of the header over the added columns; 0 for none.
    pub(crate) header: u32,
    /// The first column of the table, from 0.
    pub(crate) left: u32,
    /// The columns that are added, from [`Book::first_free`] on, with what stands over them.
    pub(crate) columns: Vec<(Column, String)>,
    /// A sheet that is added behind all others, or takes the place of the one of its name.
    pub(crate) page: Option<(&'a str, &'a MakePage<'a>)>,
    /// Whether a note is of an earlier copy, by its words: some programs forget by whom notes are.
    pub(crate) is_ours: fn(&str) -> bool,
    /// Where temporary files may lie; nothing for the system's folder.
    pub(crate) folder: Option<&'a Path>,
}

/// What a copy could not do as it was asked to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Done {
    /// Cells that keep their value because a formula makes it, as row and column.
    pub(crate) formulas: Vec<(u32, u32)>,
    /// Notes that are not in the copy, because their cells have a conversation.
    pub(crate) unnoted: u64,
}

/// Why a copy fails: its file, or the file that is copied.
#[derive(Debug)]
enum Trouble {
    Read(Fault),
    Write(io::Error),
}

type Outcome<T> = Result<T, Trouble>;

impl From<Fault> for Trouble {
    fn from(fault: Fault) -> Self {
        Self::Read(fault)
    }
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        Self::Write(error)
    }
}

impl From<zip::result::ZipError> for Trouble {
    fn from(error: zip::result::ZipError) -> Self {
        Self::Write(match error {
            zip::result::ZipError::Io(error) => error,
            other => io::Error::other(other.to_string()),
        })
    }
}
