//! Office Open XML workbooks: cells as `calamine` streams them, turned into rows of text with their
//! kinds.

use std::fs::File;
use std::io::BufReader;

use calamine::{DataRef, ExcelDateTime, Reader as _, SheetType, SheetVisible, XlsxError};

use super::book::{Book, Chunks, SheetName};
use super::{Emit, Format, Input, Options, Origin, book, guard, unreadable};
use crate::error::{Error, Result};
use crate::row::{CellKind, Location, Rows};

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
        let workbook = calamine::Xlsx::new(BufReader::with_capacity(64 * 1024, file))
            .map_err(|error| damaged(&origin, &error))?;
        book::open(Box::new(XlsxBook { workbook }), self.id(), origin, options)
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

struct XlsxBook {
    workbook: calamine::Xlsx<BufReader<File>>,
}

impl Book for XlsxBook {
    fn dates_1904(&self) -> Option<bool> {
        Some(self.workbook.has_1904_epoch())
    }

    fn sheets(&self) -> Vec<SheetName> {
        self.workbook
            .sheets_metadata()
            .iter()
            .filter(|sheet| sheet.typ == SheetType::WorkSheet)
            .map(|sheet| SheetName {
                name: sheet.name.clone(),
                hidden: sheet.visible != SheetVisible::Visible,
            })
            .collect()
    }

    fn read(
        &mut self,
        origin: &Origin,
        sheet: &str,
        after: u32,
        emit: &mut Emit<'_>,
    ) -> Result<()> {
        let mut cells =
            self.workbook.worksheet_cells_reader(sheet).map_err(|error| damaged(origin, &error))?;
        let mut chunks = Chunks::new(emit);
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
                if chunks.end_row(place(origin, before)).is_break() {
                    return Ok(());
                }
            }
            open = Some(number);
            let rows = chunks.rows();
            if (column as usize) < rows.open_cells() {
                return Err(out_of_order(origin, number, number));
            }
            while rows.open_cells() < column as usize {
                rows.push_cell("", CellKind::Text);
            }
            push(rows, cell.get_value());
        }
        if let Some(last) = open
            && chunks.end_row(place(origin, last)).is_break()
        {
            return Ok(());
        }
        chunks.end();
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
