//! Workbooks of every kind: which sheet is read, and where in it the table stands.
//!
//! Each kind of file brings a [`Book`] that hands on the rows of a sheet; what rows mean is decided
//! here, once for all kinds.

use std::ops::ControlFlow;

use super::{Emit, Facts, Input, Options, Origin, Source, table};
use crate::error::{Error, Result};
use crate::row::{Chunk, Location, Rows};

/// Text of a chunk, in bytes.
const CHUNK: usize = 128 * 1024;
/// Cells and rows of a chunk, for sheets of blanks.
const CELLS: usize = 64 * 1024;
const ROWS: usize = 16 * 1024;
/// Rows that are looked at to find the header and to judge columns by their content.
const SAMPLE_ROWS: usize = 200;

/// A worksheet, as the workbook lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SheetName {
    /// Its name.
    pub(super) name: String,
    /// Whether a person who opens the workbook does not see it.
    pub(super) hidden: bool,
}

/// A workbook that has been opened.
pub(super) trait Book: Send {
    /// The worksheets in their order; sheets of charts and macros are none.
    fn sheets(&self) -> Vec<SheetName>;

    /// Whether it counts its days from 1904; nothing where the file does not tell.
    fn dates_1904(&self) -> Option<bool> {
        None
    }

    /// Hands on the rows of a sheet that stand behind row `after`, as a spreadsheet counts, in
    /// order. Rows without cells may be left out.
    ///
    /// # Errors
    /// When the sheet is damaged.
    fn read(&mut self, origin: &Origin, sheet: &str, after: u32, emit: &mut Emit<'_>)
    -> Result<()>;
}

/// Decides how a workbook is read: its sheet, its header.
///
/// # Errors
/// When there is no such sheet or header row, or the sheet is damaged.
pub(super) fn open(
    mut book: Box<dyn Book>,
    format: &'static str,
    origin: Origin,
    options: &Options,
) -> Result<Input> {
    let (sheet, other_sheets) = choose(&book.sheets(), &origin, options.sheet.as_deref())?;
    let mut sample = Rows::default();
    book.read(&origin, &sheet, 0, &mut |chunk| {
        let Chunk::Cells(rows) = chunk else { return ControlFlow::Break(()) };
        sample = rows;
        ControlFlow::Break(())
    })?;
    sample.truncate(SAMPLE_ROWS);
    let header = table::header_row(&sample, options.header_row, 1);
    if let (None, Some(wanted)) = (header, options.header_row) {
        return Err(Error::usage(
            format!("{:?} has no row {wanted} to take the header from", origin.path),
            "give --header-row a row within the first 200",
        ));
    }
    let header_row = header.map_or(0, |header| header.at.row);
    let headers: Vec<String> = header
        .map(|header| header.cells().map(|cell| cell.text.to_owned()).collect())
        .unwrap_or_default();
    let mut below = Rows::default();
    for row in sample.iter().filter(|row| row.at.row > header_row) {
        for cell in row.cells() {
            below.push_cell(cell.text, cell.kind);
        }
        below.end_row(row.at);
    }
    let facts = Facts {
        path: origin.path.clone(),
        format,
        sheet: Some(sheet.clone()),
        other_sheets,
        dates_1904: book.dates_1904(),
        header_row,
        ..Facts::default()
    };
    let source = BookSource { book, origin, sheet, header_row };
    Ok(Input::new(facts, headers, below, Box::new(source)))
}

/// The sheet that was asked for, or the first visible one; and the others.
fn choose(
    sheets: &[SheetName],
    origin: &Origin,
    wanted: Option<&str>,
) -> Result<(String, Vec<(String, bool)>)> {
    let found = match wanted {
        None => sheets.iter().find(|sheet| !sheet.hidden).or(sheets.first()),
        Some(wanted) => sheets
            .iter()
            .find(|sheet| sheet.name == wanted)
            .or_else(|| sheets.iter().find(|sheet| sheet.name.trim().eq_ignore_ascii_case(wanted)))
            .or_else(|| sheets.get(wanted.parse::<usize>().ok()?.checked_sub(1)?)),
    };
    let names = || {
        let names: Vec<String> = sheets.iter().map(|sheet| format!("{:?}", sheet.name)).collect();
        names.join(", ")
    };
    match (found, wanted) {
        (Some(found), _) => {
            let others = sheets.iter().filter(|other| other.name != found.name);
            let others = others.map(|other| (other.name.clone(), other.hidden)).collect();
            Ok((found.name.clone(), others))
        }
        (None, Some(wanted)) => Err(Error::SheetMissing {
            path: origin.path.clone(),
            wanted: wanted.to_owned(),
            help: match crate::spelling::nearest(
                wanted,
                sheets.iter().map(|sheet| sheet.name.as_str()),
            ) {
                Some(near) => format!("did you mean {near:?}? the workbook has {}", names()),
                None => format!("the workbook has {}", names()),
            },
        }),
        (None, None) => {
            Err(Error::InputEmpty { path: origin.path.clone(), what: "the workbook has no sheet" })
        }
    }
}

struct BookSource {
    book: Box<dyn Book>,
    origin: Origin,
    sheet: String,
    header_row: u32,
}

impl Source for BookSource {
    fn read(&mut self, emit: &mut Emit<'_>) -> Result<()> {
        self.book.read(&self.origin, &self.sheet, self.header_row, emit)
    }
}

/// Rows of cells on their way into chunks of bounded size.
pub(super) struct Chunks<'a, 'b> {
    rows: Rows,
    emit: &'a mut Emit<'b>,
}

impl<'a, 'b> Chunks<'a, 'b> {
    /// Nothing yet.
    pub(super) fn new(emit: &'a mut Emit<'b>) -> Self {
        Self { rows: Self::room(), emit }
    }

    fn room() -> Rows {
        Rows::with_capacity(CHUNK + CHUNK / 8)
    }

    /// The rows of the chunk that is being filled.
    pub(super) fn rows(&mut self) -> &mut Rows {
        &mut self.rows
    }

    /// Ends the row being built; hands the chunk on when it is full.
    pub(super) fn end_row(&mut self, at: Location) -> ControlFlow<()> {
        self.rows.end_row(at);
        if self.rows.bytes() < CHUNK && self.rows.cells() < CELLS && self.rows.len() < ROWS {
            return ControlFlow::Continue(());
        }
        (self.emit)(Chunk::Cells(std::mem::replace(&mut self.rows, Self::room())))
    }

    /// Hands on what is left.
    pub(super) fn end(self) {
        if !self.rows.is_empty() {
            // Whether the taker wants more does not matter any more.
            let _ = (self.emit)(Chunk::Cells(self.rows));
        }
    }
}
