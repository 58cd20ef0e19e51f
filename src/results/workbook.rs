//! Result files as one workbook, a sheet for each part. Every cell is text: nothing is a formula, and no
//! zero in front is lost. Rows go to the disk as they come, so that a workbook of a million needs no memory
//! for them.

use std::fs::File;
use std::io::BufWriter;
use std::path::PathBuf;

use rust_xlsxwriter::{Color, Format, FormatBorder, Workbook, Worksheet, XlsxError};

use super::{Begin, Files, Form, Part, Told, too_much};
use crate::error::{Error, Result};
use crate::reader::reload::REASON;

/// The form.
pub(super) static FORM: Form = Form { id: "xlsx", open };

/// The name of its file.
const NAME: &str = "results.xlsx";
/// How many rows a sheet has.
const ROWS: u32 = 1_048_576;
/// How many letters the name of a sheet may have.
const LONGEST: usize = 31;
/// The number of the format that every spreadsheet program has for text.
const TEXT: u8 = 49;
/// Rows whose cells decide how wide their columns are.
const MEASURED: u32 = 200;

/// One sheet of a part.
struct Sheet {
    part: Part,
    table: usize,
    headers: Vec<String>,
    /// Its place in the workbook, and how many rows it has.
    index: usize,
    next: u32,
    /// How many sheets the part has had, for this table.
    pages: u32,
    name: String,
    widths: Vec<usize>,
}

pub(super) struct Book {
    workbook: Workbook,
    path: PathBuf,
    out: File,
    sheets: Vec<Sheet>,
    /// How many worksheets there are.
    count: usize,
    header: Format,
    text: Format,
    rows: u32,
}

fn open(begin: Begin<'_>) -> Result<Box<dyn Files>> {
    Ok(Box::new(Book::new(begin, ROWS)?))
}

impl Book {
    pub(super) fn new(begin: Begin<'_>, rows: u32) -> Result<Self> {
        let Begin { place, parts, tables, .. } = begin;
        let (path, out) = place.file(NAME)?;
        let mut workbook = Workbook::new();
        let failed = |error: XlsxError| failed(&path, error);
        // The people's data stays where the user wants it.
        workbook.set_tempdir(place.folder()).map_err(failed)?;
        let mut book = Self {
            workbook,
            path: path.clone(),
            out,
            sheets: Vec::new(),
            count: 0,
            header: Format::new()
                .set_bold()
                .set_num_format_index(TEXT)
                .set_background_color(Color::RGB(0xDD_E8_F3))
                .set_border_bottom(FormatBorder::Thin),
            text: Format::new().set_num_format_index(TEXT),
            rows,
        };
        for &part in parts {
            for (table, of) in tables.iter().enumerate() {
                let name: String = match of.tag.as_str() {
                    "" => part.word().to_owned(),
                    tag => format!("{part} {tag}").chars().take(LONGEST).collect(),
                };
                let mut sheet = Sheet {
                    part,
                    table,
                    headers: of.headers.clone(),
                    index: 0,
                    next: 0,
                    pages: 0,
                    name,
                    widths: Vec::new(),
                };
                book.begin(&mut sheet).map_err(failed)?;
                book.sheets.push(sheet);
            }
        }
        Ok(book)
    }

    /// Begins a sheet, the first of its part or one that goes on where another is full.
    fn begin(&mut self, sheet: &mut Sheet) -> Result<(), XlsxError> {
        let worksheet = self.workbook.add_worksheet_with_constant_memory()?;
        sheet.index = self.count;
        self.count += 1;
        sheet.pages += 1;
        let name = match sheet.pages {
            1 => sheet.name.clone(),
            page => {
                let behind = format!(" page {page}");
                let kept = LONGEST - behind.len();
                sheet.name.chars().take(kept).chain(behind.chars()).collect()
            }
        };
        worksheet.set_name(name)?;
        worksheet.set_freeze_panes(1, 0)?;
        let headers = std::iter::once(REASON).chain(sheet.headers.iter().map(String::as_str));
        sheet.widths.clear();
        for (column, header) in (0_u16..).zip(headers) {
            worksheet.write_string_with_format(0, column, header, &self.header)?;
            sheet.widths.push(header.chars().count());
        }
        sheet.next = 1;
        Ok(())
    }

    fn write(&mut self, sheet: &mut Sheet, told: &Told<'_>) -> Result<(), XlsxError> {
        if sheet.next >= self.rows {
            self.close(sheet)?;
            self.begin(sheet)?;
        }
        let worksheet = self.workbook.worksheet_from_index(sheet.index)?;
        let cells = std::iter::once(told.reason).chain(told.record.cells());
        for (column, cell) in cells.enumerate() {
            if sheet.next <= MEASURED {
                let width = cell.chars().count();
                match sheet.widths.get_mut(column) {
                    Some(widest) => *widest = width.max(*widest),
                    None => sheet.widths.push(width),
                }
            }
            if cell.is_empty() {
                continue;
            }
            let column = u16::try_from(column).map_err(|_| XlsxError::RowColumnLimitError)?;
            worksheet.write_string_with_format(sheet.next, column, cell, &self.text)?;
        }
        sheet.next += 1;
        Ok(())
    }

    /// Sets what is known of a sheet when it has its rows.
    fn close(&mut self, sheet: &Sheet) -> Result<(), XlsxError> {
        let worksheet: &mut Worksheet = self.workbook.worksheet_from_index(sheet.index)?;
        for (column, &width) in (0_u16..).zip(&sheet.widths) {
            // The reason is a sentence, the others are mostly words.
            let (least, most) = if column == 0 { (24, 80) } else { (8, 40) };
            let width = u16::try_from(width + 2).unwrap_or(most).clamp(least, most);
            worksheet.set_column_width(column, width)?;
        }
        Ok(())
    }
}

fn failed(path: &std::path::Path, error: XlsxError) -> Error {
    match error {
        XlsxError::IoError(source) => {
            Error::Output { path: path.to_owned(), action: "write", source }
        }
        XlsxError::MaxStringLengthExceeded => {
            too_much("one cell is longer than the 32,767 characters of a spreadsheet")
        }
        XlsxError::RowColumnLimitError => {
            too_much("a row has more than the 16,384 columns of a spreadsheet")
        }
        error => too_much(error),
    }
}

impl Files for Book {
    fn row(&mut self, told: Told<'_>) -> Result<()> {
        let mut sheets = std::mem::take(&mut self.sheets);
        let of = |sheet: &&mut Sheet| (sheet.part, sheet.table) == (told.part, told.table);
        let done = match sheets.iter_mut().find(of) {
            Some(sheet) => self.write(sheet, &told),
            None => Ok(()),
        };
        self.sheets = sheets;
        done.map_err(|error| failed(&self.path, error))
    }

    fn finish(mut self: Box<Self>) -> Result<()> {
        let sheets = std::mem::take(&mut self.sheets);
        let closed = sheets.iter().try_for_each(|sheet| self.close(sheet));
        let mut out = BufWriter::new(&self.out);
        closed
            .and_then(|()| self.workbook.save_to_writer(&mut out))
            .and_then(|()| Ok(std::io::Write::flush(&mut out)?))
            .map_err(|error| failed(&self.path, error))
    }
}
