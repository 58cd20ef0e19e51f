//! Sheets to fill in: a column for each field that a person fills, under a header that means it for certain,
//! with what goes in, and an example that is known again and skipped.

mod choose;
mod csv;
mod workbook;

pub use self::choose::{Certain, Chosen, columns};
use crate::error::Result;
use crate::record::Field;

/// One column of a sheet to fill in.
#[derive(Clone, Debug)]
pub struct Column {
    /// What stands over it, with a mark where every person needs a value.
    pub header: String,
    /// The field that it fills; nothing where the recipe makes something else of it, or nothing.
    pub field: Option<Field>,
    /// Whether every person needs a value.
    pub required: bool,
    /// What the example has.
    pub example: String,
    /// What goes in, in a line.
    pub takes: String,
    /// What must hold for it.
    pub rules: Vec<String>,
    /// The document that says so.
    pub source: &'static str,
    /// How cells are made ready for it.
    pub cells: Cells,
}

/// How the cells of a column are made ready.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cells {
    /// As a spreadsheet likes them.
    General,
    /// As text: a zero in front stays.
    Text,
    /// As days.
    Day,
    /// As one word of a list.
    OneOf(Vec<String>),
    /// As one word of a list, or another that means the same.
    Near(Vec<String>),
    /// As whole numbers, between two where that is known.
    Whole(Option<(i64, i64)>),
}

/// A sheet to fill in.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// Whose it is.
    pub target: &'static str,
    /// The day on which it was made.
    pub made: jiff::civil::Date,
    /// Its columns, those that everybody needs first.
    pub columns: Vec<Column>,
}

/// A form of such a sheet.
pub struct Form {
    /// The word for `--format`, and the ending of its files.
    pub id: &'static str,
    /// Makes the bytes of the file.
    pub make: fn(&Sheet) -> Result<Vec<u8>>,
}

/// Every form. To add one: its file, its `mod` line, its line here.
pub static ALL: &[Form] =
    &[Form { id: "xlsx", make: workbook::make }, Form { id: "csv", make: csv::make }];
