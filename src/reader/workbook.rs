//! Workbooks: cells as `calamine` streams them, turned into rows of text with their kinds.

use std::fs::File;
use std::io::BufReader;
use std::ops::ControlFlow;

use calamine::{DataRef, ExcelDateTime, Reader as _, SheetType, SheetVisible, XlsxError};

use super::{Emit, Facts, Format, Input, Options, Origin, Source, unreadable};
use super::{guard, sniff};
use crate::error::{Error, Result};
use crate::row::{CellKind, Chunk, Location, Rows};

/// Text of a chunk, in bytes.
const CHUNK: usize = 128 * 1024;
/// Cells and rows of a chunk, for sheets of blanks.
const CELLS: usize = 64 * 1024;
const ROWS: usize = 16 * 1024;
/// Rows that are looked at to find the header and to judge columns by their content.
const SAMPLE_ROWS: usize = 200;

type Book = calamine::Xlsx<BufReader<File>>;

/// Office Open XML workbooks: `.xlsx` and `.xlsm`.
pub(super) struct Xlsx;

impl Format for Xlsx {
    fn id(&self) -> &'static str {
        "xlsx"
    }

    fn recognises(&self, head: &[u8]) -> bool {
        head.starts_with(b"PK\x03\x04")
    }

    fn open(&self, origin: Origin, options: &Options) -> Result<Input> {
        let file = match guard::check(&origin)? {
            Some(copy) => copy,
            None => File::open(origin.file()).map_err(|source| origin.io(source))?,
        };
        let book = Book::new(BufReader::with_capacity(64 * 1024, file))
            .map_err(|error| damaged(&origin, &error))?;
        let (sheet, other_sheets) = choose(&book, &origin, options.sheet.as_deref())?;
        let mut source = XlsxSource { origin, book, sheet, header_row: 0 };
        let mut sample = Rows::default();
        source.stream(0, &mut |chunk| {
            let Chunk::Cells(rows) = chunk else { return ControlFlow::Break(()) };
            sample = rows;
            ControlFlow::Break(())
        })?;
        sample.truncate(SAMPLE_ROWS);
        let header = sniff::header_row(&sample, options.header_row, 1);
        if let (None, Some(wanted)) = (header, options.header_row) {
            return Err(Error::usage(
                format!("{:?} has no row {wanted} to take the header from", source.origin.path),
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
        source.header_row = header_row;
        let facts = Facts {
            path: source.origin.path.clone(),
            format: self.id(),
            sheet: Some(source.sheet.clone()),
            other_sheets,
            header_row,
            ..Facts::default()
        };
        Ok(Input::new(facts, headers, below, Box::new(source)))
    }
}

/// The sheet that was asked for, or the first visible one; and the others.
fn choose(
    book: &Book,
    origin: &Origin,
    wanted: Option<&str>,
) -> Result<(String, Vec<(String, bool)>)> {
    let sheets: Vec<(String, bool)> = book
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .map(|sheet| (sheet.name.clone(), sheet.visible != SheetVisible::Visible))
        .collect();
    let found = match wanted {
        None => sheets.iter().find(|(_, hidden)| !hidden).or(sheets.first()),
        Some(wanted) => sheets
            .iter()
            .find(|(name, _)| name == wanted)
            .or_else(|| sheets.iter().find(|(name, _)| name.trim().eq_ignore_ascii_case(wanted)))
            .or_else(|| sheets.get(wanted.parse::<usize>().ok()?.checked_sub(1)?)),
    };
    let names = || {
        let names: Vec<String> = sheets.iter().map(|(name, _)| format!("{name:?}")).collect();
        names.join(", ")
    };
    match (found, wanted) {
        (Some((name, _)), _) => {
            let others = sheets.iter().filter(|(other, _)| other != name).cloned().collect();
            Ok((name.clone(), others))
        }
        (None, Some(wanted)) => Err(Error::SheetMissing {
            path: origin.path.clone(),
            wanted: wanted.to_owned(),
            help: match crate::spelling::nearest(
                wanted,
                sheets.iter().map(|(name, _)| name.as_str()),
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

fn damaged(origin: &Origin, error: &XlsxError) -> Error {
    let why = match error {
        XlsxError::Io(source) => {
            return origin.io(std::io::Error::new(source.kind(), source.to_string()));
        }
        XlsxError::Password => {
            return Error::InputFormat {
                path: origin.path.clone(),
                why: "it is protected by a password".to_owned(),
                help: "open it, save a copy without the password, and give that copy".to_owned(),
            };
        }
        XlsxError::Zip(_) => "its archive is damaged or cut off".to_owned(),
        XlsxError::FileNotFound(_) | XlsxError::RelationshipNotFound => {
            "it is a zip archive, but a part that every workbook has is missing".to_owned()
        }
        other => format!("its sheet is damaged ({other})"),
    };
    unreadable(&origin.path, why)
}

struct XlsxSource {
    origin: Origin,
    book: Book,
    sheet: String,
    header_row: u32,
}

impl Source for XlsxSource {
    fn read(&mut self, emit: &mut Emit<'_>) -> Result<()> {
        self.stream(self.header_row, emit)
    }
}

impl XlsxSource {
    /// Hands on the rows behind row `after`, as a spreadsheet counts.
    fn stream(&mut self, after: u32, emit: &mut Emit<'_>) -> Result<()> {
        let Self { origin, book, sheet, .. } = self;
        let mut cells =
            book.worksheet_cells_reader(sheet).map_err(|error| damaged(origin, &error))?;
        let mut rows = Rows::with_capacity(CHUNK + CHUNK / 8);
        let mut open: Option<u32> = None;
        while let Some(cell) = cells.next_cell().map_err(|error| damaged(origin, &error))? {
            let (row, column) = cell.get_position();
            let number = row + 1;
            if number <= after {
                continue;
            }
            if let Some(before) = open.filter(|&before| before != number) {
                if number < before {
                    return Err(out_of_order(origin, number, before));
                }
                rows.end_row(place(origin, before));
                if rows.bytes() >= CHUNK || rows.cells() >= CELLS || rows.len() >= ROWS {
                    let full = std::mem::replace(&mut rows, Rows::with_capacity(CHUNK + CHUNK / 8));
                    if emit(Chunk::Cells(full)).is_break() {
                        return Ok(());
                    }
                }
            }
            open = Some(number);
            if (column as usize) < rows.open_cells() {
                return Err(out_of_order(origin, number, number));
            }
            while rows.open_cells() < column as usize {
                rows.push_cell("", CellKind::Text);
            }
            push(&mut rows, cell.get_value());
        }
        if let Some(last) = open {
            rows.end_row(place(origin, last));
        }
        if !rows.is_empty() {
            // Whether the taker wants more does not matter any more.
            let _ = emit(Chunk::Cells(rows));
        }
        Ok(())
    }
}

fn out_of_order(origin: &Origin, row: u32, before: u32) -> Error {
    unreadable(
        &origin.path,
        format!(
            "its cells are not in order (row {row} stands behind a later cell of row {before})"
        ),
    )
}

fn place(origin: &Origin, row: u32) -> Location {
    Location { input: origin.index, row, ..Location::default() }
}

/// Appends a cell: numbers in their shortest exact form, dates in ISO 8601, booleans TRUE/FALSE.
fn push(rows: &mut Rows, value: &DataRef<'_>) {
    match value {
        DataRef::Empty => rows.push_cell("", CellKind::Text),
        DataRef::String(text) => rows.push_cell(text, CellKind::Text),
        DataRef::SharedString(text) => rows.push_cell(text, CellKind::Text),
        DataRef::Int(number) => rows.push_display(number, CellKind::Number),
        DataRef::Float(number) if number.abs() < 1e21 => {
            rows.push_display(number, CellKind::Number);
        }
        DataRef::Float(number) => rows.push_display(format_args!("{number:e}"), CellKind::Number),
        DataRef::Bool(true) => rows.push_cell("TRUE", CellKind::Bool),
        DataRef::Bool(false) => rows.push_cell("FALSE", CellKind::Bool),
        DataRef::Error(error) => rows.push_display(error, CellKind::Error),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            rows.push_cell(text, CellKind::Date);
        }
        DataRef::DateTime(moment) => push_moment(rows, moment),
    }
}

fn push_moment(rows: &mut Rows, moment: &ExcelDateTime) {
    let serial = moment.as_f64();
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    if moment.is_duration() || (0.0..1.0).contains(&serial) {
        let hours = if moment.is_duration() { (serial * 24.0).trunc() } else { f64::from(hour) };
        rows.push_display(format_args!("{hours:02}:{minute:02}:{second:02}"), CellKind::Date);
    } else if (hour, minute, second) == (0, 0, 0) {
        rows.push_display(format_args!("{year:04}-{month:02}-{day:02}"), CellKind::Date);
    } else {
        rows.push_display(
            format_args!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"),
            CellKind::Date,
        );
    }
}
