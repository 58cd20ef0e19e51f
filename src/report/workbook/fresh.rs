//! A workbook made anew for an input that is none that we can give back as it was: a text file, an older
//! kind of workbook, standard input. Every cell is text as it was read and stands in its own row, so that a
//! row number means the same in the file, in every report and here. Rows go to the disk as they come.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Seek as _, Write as _};

use rust_xlsxwriter::{
    Color, Format, FormatAlign, FormatBorder, FormatPattern, IgnoreError, Note, Workbook,
    Worksheet, XlsxError,
};

use super::notes::{self, Notes};
use super::own::look;
use super::summary::{self, Cell};
use super::words;
use crate::error::{Error, Result};
use crate::finding::{Finding, Severity};
use crate::patch::{Look, Pattern};
use crate::report::{Head, Judged, Output, Report, Sheet, Summary, failed};
use crate::returned::{self, Record, Was};
use crate::row::letters;
use crate::validate::Fate;

/// How many rows a sheet has.
const ROWS: u32 = 1_048_576;
/// The number of the format that every spreadsheet program has for text.
const TEXT: u8 = 49;
/// Rows whose cells decide how wide their columns are.
const MEASURED: u32 = 200;
/// How wide columns are, in characters: people's, and ours.
const WIDTHS: (u16, u16) = (8, 40);
/// The widths of the columns of the Summary sheet.
pub(super) const SUMMARY_WIDTHS: [u16; 11] = [52, 40, 16, 26, 10, 24, 30, 60, 14, 40, 22];
/// The name of the sheet where the input has none.
const PEOPLE: &str = "People";
/// How many letters the name of a sheet may have.
const LONGEST_NAME: usize = 31;

/// How cells look.
struct Looks {
    header: Format,
    own_header: Format,
    text: Format,
    bad: BTreeMap<Look, Format>,
}

/// A text with the look that such a cell has in a copy of the user's own workbook, too.
fn text_with(look: Look) -> Format {
    let filling = look.filling();
    let pattern = match filling.pattern {
        Pattern::Solid => FormatPattern::Solid,
        Pattern::Stripes => FormatPattern::LightUp,
        Pattern::Dots => FormatPattern::Gray125,
    };
    Format::new()
        .set_num_format_index(TEXT)
        .set_pattern(pattern)
        .set_foreground_color(Color::RGB(filling.front))
        .set_background_color(Color::RGB(filling.back))
}

impl Looks {
    fn new() -> Self {
        let header = Format::new()
            .set_bold()
            .set_num_format_index(TEXT)
            .set_background_color(Color::RGB(0xDD_E8_F3))
            .set_border_bottom(FormatBorder::Thin);
        Self {
            own_header: header.clone().set_italic(),
            header,
            text: Format::new().set_num_format_index(TEXT),
            bad: Look::ALL.into_iter().map(|look| (look, text_with(look))).collect(),
        }
    }

    fn of(&self, severity: Option<Severity>) -> &Format {
        severity.and_then(look).and_then(|look| self.bad.get(&look)).unwrap_or(&self.text)
    }
}

/// Where columns stand on the sheet.
#[derive(Default)]
struct Places {
    /// The headers as the input has them; one of ours gives way to ours.
    headers: Vec<String>,
    status: usize,
    findings: usize,
    record: usize,
    /// How many columns were put behind those of the header.
    added: usize,
}

impl Places {
    fn new(sheet: &Sheet) -> Self {
        let columns = sheet.mapping.columns.iter();
        let headers: Vec<String> = columns.map(|column| column.header.clone()).collect();
        let mut added = 0;
        let mut place = |name: &str| {
            let is = |header: &String| match name {
                returned::RECORD => returned::is_record(header),
                name => header == name,
            };
            headers.iter().position(is).unwrap_or_else(|| {
                added += 1;
                headers.len() + added - 1
            })
        };
        let status = place(returned::STATUS);
        let findings = place(returned::FINDINGS);
        let record = place(returned::RECORD);
        Self { headers, status, findings, record, added }
    }

    /// Where a column of the input stands: one behind the header goes behind ours.
    fn of(&self, column: usize) -> usize {
        if column < self.headers.len() { column } else { column + self.added }
    }

    fn is_own(&self, column: usize) -> bool {
        self.headers.get(column).is_some_and(|header| returned::is_ours(header))
    }

    fn width(&self) -> usize {
        self.headers.len() + self.added
    }
}

/// The sheet that is being filled.
#[derive(Default)]
struct Page {
    index: usize,
    number: u32,
    /// The row of the header, from 0, and the last row that was written.
    header: u32,
    last: u32,
}

pub(super) struct Fresh {
    output: Output,
    input: u16,
    rows: u32,
    workbook: Workbook,
    looks: Looks,
    head: Head,
    places: Places,
    page: Page,
    /// How many rows lower people stand here than in the file.
    lower: u32,
    widths: Vec<usize>,
    /// The notes of each sheet.
    notes: Vec<Notes>,
}

impl Fresh {
    /// The workbook of one input.
    pub(super) fn new(output: Output, input: u16) -> Self {
        Self {
            output,
            input,
            rows: ROWS,
            workbook: Workbook::new(),
            looks: Looks::new(),
            head: Head::default(),
            places: Places::default(),
            page: Page::default(),
            lower: 0,
            widths: Vec::new(),
            notes: Vec::new(),
        }
    }

    fn sheet(&self) -> Option<&Sheet> {
        self.head.sheets.get(usize::from(self.input))
    }

    /// Begins the sheet of this number, from 1.
    fn begin_page(&mut self, number: u32) -> Result<(), XlsxError> {
        if number > 1 {
            self.close_page()?;
        }
        let sheet = self.sheet();
        let own = sheet.and_then(|sheet| sheet.facts.sheet.clone());
        let own = own.filter(|name| name != returned::SUMMARY).unwrap_or_else(|| PEOPLE.into());
        let header_row = sheet.map_or(1, |sheet| sheet.facts.header_row.max(1));
        let dates_1904 = sheet.and_then(|sheet| sheet.facts.dates_1904);
        let behind = if number == 1 { String::new() } else { format!(" page {number}") };
        let kept = LONGEST_NAME - behind.len();
        let name = |own: &str| own.chars().take(kept).chain(behind.chars()).collect::<String>();
        let (wanted, plain) = (name(&own), name(PEOPLE));
        let header = if number == 1 { header_row - 1 } else { 0 };
        let index = if number == 1 { 0 } else { self.page.index + 1 };
        let about = self.about_rows(number);
        let worksheet = self.workbook.add_worksheet_with_constant_memory()?;
        if worksheet.set_name(&wanted).is_err() {
            worksheet.set_name(&plain)?;
        }
        worksheet.set_default_note_author("upsheet");
        worksheet.set_freeze_panes(header + 1, 0)?;
        let mut cells: BTreeMap<usize, (&str, &Format)> = BTreeMap::new();
        for (column, header) in self.places.headers.iter().enumerate() {
            cells.insert(self.places.of(column), (header, &self.looks.header));
        }
        let own: Vec<&str> = self.places.headers.iter().map(String::as_str).collect();
        let own: Vec<&str> = own.into_iter().filter(|header| !returned::is_ours(header)).collect();
        let record = returned::record_header(&own, dates_1904);
        cells.insert(self.places.status, (returned::STATUS, &self.looks.own_header));
        cells.insert(self.places.findings, (returned::FINDINGS, &self.looks.own_header));
        cells.insert(self.places.record, (&record, &self.looks.own_header));
        for (column, (text, format)) in cells {
            write(worksheet, header, column, text, format)?;
            widen(&mut self.widths, column, text);
        }
        let status = column_of(self.places.status)?;
        // The workbook knows of one note a sheet; the others join it when everything is written.
        worksheet.insert_note(header, status, &Note::new("upsheet").add_author_prefix(false))?;
        let mut notes = Notes::new(self.file()?);
        notes.add(header, status, &about)?;
        self.notes.push(notes);
        self.page = Page { index, number, header, last: header };
        Ok(())
    }

    /// What is said on the header of the first column of ours: of row numbers, where they are not those of
    /// the file.
    fn about_rows(&self, page: u32) -> String {
        let lower = self.lower;
        match page {
            1 if lower > 0 => format!(
                "The file has no header row. Reports count its rows from 1: its row 1 is row {} here.",
                lower + 1
            ),
            1 => "What became of each row: filter by it. Rows stand where they stand in the file."
                .into(),
            page => {
                let first = u64::from(self.rows) + u64::from(self.rows - 1) * u64::from(page - 2);
                let first = first.saturating_sub(u64::from(lower)) + 1;
                format!(
                    "The rows go on from the sheet before: row 2 here is row {first} of the file and in \
                     reports. To check this sheet again, name it with --sheet."
                )
            }
        }
    }

    /// The sheet and the row on it of a row of the input.
    fn place(&self, row: u32) -> (u32, u32) {
        let index = row.saturating_add(self.lower).saturating_sub(1);
        match index.checked_sub(self.rows) {
            None => (1, index),
            Some(beyond) => {
                let room = self.rows.saturating_sub(1).max(1);
                (2 + beyond / room, 1 + beyond % room)
            }
        }
    }

    fn write_row(&mut self, judged: Judged<'_>) -> Result<(), XlsxError> {
        let Judged { row, fate, findings } = judged;
        let (page, at) = self.place(row.at.row);
        while self.page.number < page {
            self.begin_page(self.page.number + 1)?;
        }
        let notes = words::notes(findings);
        let places = &self.places;
        let ours = |column: usize| places.is_own(column);
        let record = Record::of(&row, was(fate), findings, &ours).write();
        let said = words::findings(findings);
        let mut cells: BTreeMap<usize, (&str, Option<Severity>)> = BTreeMap::new();
        let noted = notes.iter().map(|note| usize::from(note.column));
        let columns = (0..row.len()).chain(noted.filter(|column| *column >= row.len()));
        for column in columns.filter(|column| !ours(*column)) {
            let note = notes.iter().find(|note| usize::from(note.column) == column);
            let severity = note.map(|note| note.severity);
            let text = row.cell(column).text;
            if !text.is_empty() || severity.is_some() {
                cells.insert(places.of(column), (text, severity));
            }
        }
        cells.insert(places.status, (words::status(fate, findings), None));
        if !said.is_empty() {
            cells.insert(places.findings, (&said, None));
        }
        cells.insert(places.record, (&record, None));
        let worksheet = self.workbook.worksheet_from_index(self.page.index)?;
        for (&column, &(text, severity)) in &cells {
            write(worksheet, at, column, text, self.looks.of(severity))?;
            if at.saturating_sub(self.page.header) <= MEASURED && column != places.record {
                widen(&mut self.widths, column, text);
            }
        }
        for note in &notes {
            let column = column_of(places.of(usize::from(note.column)))?;
            if let Some(own) = self.notes.last_mut() {
                own.add(at, column, &note.text)?;
            }
        }
        self.page.last = at;
        Ok(())
    }

    /// Sets what is known of a sheet when it has its rows.
    fn close_page(&mut self) -> Result<(), XlsxError> {
        let Page { index, header, last, .. } = self.page;
        let places = &self.places;
        let worksheet = self.workbook.worksheet_from_index(index)?;
        for (column, &width) in self.widths.iter().enumerate() {
            let (least, most) = if column == places.findings { (24, 80) } else { WIDTHS };
            let width = u16::try_from(width + 2).unwrap_or(most).clamp(least, most);
            let column = column_of(column)?;
            worksheet.set_column_width(column, width)?;
            // What is typed below stays the text that it is: an id keeps its zeros.
            worksheet.set_column_format(column, &self.looks.text)?;
        }
        worksheet.set_column_hidden(column_of(places.record)?)?;
        let right = column_of(places.width().saturating_sub(1))?;
        worksheet.autofilter(header, 0, last.max(header + 1), right)?;
        let bottom = last.max(header + 1);
        let widest = column_of(self.widths.len().saturating_sub(1))?;
        worksheet.ignore_error_range(header, 0, bottom, widest, IgnoreError::NumberStoredAsText)?;
        Ok(())
    }

    fn finish(&mut self, summary: &Summary) -> Result<(), XlsxError> {
        self.close_page()?;
        let lines = summary::lines(&self.head, self.input, summary);
        write_summary(self.workbook.add_worksheet(), &lines)?;
        let mut file = BufWriter::new(self.file()?);
        self.workbook.save_to_writer(&mut file)?;
        let file = file.into_inner().map_err(std::io::IntoInnerError::into_error)?;
        let out = self.file()?;
        let mut whole =
            notes::copy_with(file, &mut self.notes, out).map_err(std::io::Error::from)?;
        whole.rewind()?;
        std::io::copy(&mut whole, &mut self.output.out)?;
        Ok(self.output.out.flush()?)
    }

    /// A file without a name for what is being made, where people's data may lie.
    fn file(&self) -> std::io::Result<File> {
        match &self.output.folder {
            Some(folder) => tempfile::tempfile_in(folder),
            None => tempfile::tempfile(),
        }
    }

    /// What cannot be written, said with its place.
    fn explain(&self, error: XlsxError, cell: Option<(u32, usize)>) -> Error {
        let name = self.sheet().map_or_else(String::new, |sheet| sheet.facts.file_name());
        let what = match error {
            XlsxError::IoError(source) => return failed(source),
            XlsxError::MaxStringLengthExceeded => {
                let place = cell.map_or_else(String::new, |(row, column)| {
                    format!("{}{row} of {name:?}", letters(column))
                });
                format!("the cell {place} is longer than the 32,767 characters of a spreadsheet")
            }
            XlsxError::RowColumnLimitError => {
                format!(
                    "{name:?} has more columns than the 16,384 of a spreadsheet, or no room for ours"
                )
            }
            error => error.to_string(),
        };
        Error::usage(
            format!("the report cannot be written as a workbook: {what}"),
            "take --report FILE.csv or FILE.json, which hold any cell",
        )
    }
}

pub(super) fn was(fate: Fate) -> Was {
    match fate {
        Fate::Ready => Was::Ready,
        Fate::Rejected => Was::Rejected,
        Fate::Skipped | Fate::NextTable => Was::Skipped,
    }
}

fn column_of(column: usize) -> Result<u16, XlsxError> {
    u16::try_from(column).map_err(|_| XlsxError::RowColumnLimitError)
}

/// Makes a column at least as wide as a text in it.
fn widen(widths: &mut Vec<usize>, column: usize, text: &str) {
    if widths.len() <= column {
        widths.resize(column + 1, 0);
    }
    if let Some(widest) = widths.get_mut(column) {
        *widest = text.chars().count().max(*widest);
    }
}

fn write(
    worksheet: &mut Worksheet,
    row: u32,
    column: usize,
    text: &str,
    format: &Format,
) -> Result<(), XlsxError> {
    let column = column_of(column)?;
    if text.is_empty() {
        worksheet.write_blank(row, column, format)?;
    } else {
        worksheet.write_string_with_format(row, column, text, format)?;
    }
    Ok(())
}

fn write_summary(worksheet: &mut Worksheet, lines: &[Vec<Cell>]) -> Result<(), XlsxError> {
    worksheet.set_name(returned::SUMMARY)?;
    let wrapped = Format::new().set_align(FormatAlign::Top).set_text_wrap();
    let text = wrapped.clone().set_num_format_index(TEXT);
    let quiet = text.clone().set_font_color(Color::RGB(0x59_59_59));
    let title = Format::new().set_bold().set_font_size(14).set_num_format_index(TEXT);
    let header = Format::new()
        .set_bold()
        .set_num_format_index(TEXT)
        .set_background_color(Color::RGB(0xDD_E8_F3))
        .set_border_bottom(FormatBorder::Thin);
    let number = Format::new().set_align(FormatAlign::Top).set_num_format("#,##0");
    for (column, width) in (0_u16..).zip(SUMMARY_WIDTHS) {
        worksheet.set_column_width(column, width)?;
    }
    for (row, line) in (0_u32..).zip(lines) {
        for (column, cell) in (0_u16..).zip(line) {
            let (words, format) = match cell {
                Cell::Title(words) => (words, &title),
                Cell::Header(words) => (words, &header),
                Cell::Text(words) => (words, &text),
                Cell::Quiet(words) => (words, &quiet),
                Cell::Number(count) => {
                    // No count comes near what a number of a workbook cannot hold.
                    #[expect(clippy::cast_precision_loss, reason = "counts of rows")]
                    worksheet.write_number_with_format(row, column, *count as f64, &number)?;
                    continue;
                }
                Cell::Blank => continue,
            };
            worksheet.write_string_with_format(row, column, words, format)?;
        }
    }
    Ok(())
}

impl Report for Fresh {
    fn begin(&mut self, head: &Head) -> Result<()> {
        self.head = head.clone();
        if let Some(folder) = self.output.folder.clone() {
            // The people's data stays where the user wants it.
            let set = self.workbook.set_tempdir(folder).map(drop);
            set.map_err(|error| self.explain(error, None))?;
        }
        let Some(sheet) = head.sheets.get(usize::from(self.input)) else { return Ok(()) };
        self.lower = u32::from(sheet.facts.header_row == 0);
        self.places = Places::new(sheet);
        let long = |header: &&String| words::units(header) > words::LONGEST_CELL;
        if let Some(column) = self.places.headers.iter().position(|header| long(&header)) {
            let place = Some((sheet.facts.header_row, column));
            return Err(self.explain(XlsxError::MaxStringLengthExceeded, place));
        }
        self.begin_page(1).map_err(|error| self.explain(error, None))
    }

    fn note(&mut self, _finding: &Finding) -> Result<()> {
        Ok(())
    }

    fn row(&mut self, judged: Judged<'_>) -> Result<()> {
        let at = judged.row.at;
        if at.input != self.input {
            return Ok(());
        }
        let long = |text: &str| {
            text.len() > words::LONGEST_CELL && words::units(text) > words::LONGEST_CELL
        };
        if let Some(column) = judged.row.cells().position(|cell| long(cell.text)) {
            let place = Some((at.row, column));
            return Err(self.explain(XlsxError::MaxStringLengthExceeded, place));
        }
        self.write_row(judged).map_err(|error| self.explain(error, None))
    }

    fn takes_all(&self) -> bool {
        true
    }

    fn end(&mut self, summary: &Summary) -> Result<()> {
        self.finish(summary).map_err(|error| self.explain(error, None))
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;
    use crate::mapping::{Column, Mapping};
    use crate::row::{CellKind, Location, Rows};

    #[test]
    fn what_has_no_room_on_a_sheet_goes_on_the_next_one() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let output = Output::to_file(file.reopen().unwrap(), &std::env::temp_dir());
        let mut report = Fresh::new(output, 0);
        report.rows = 4;
        let mut sheet = Sheet::default();
        sheet.facts.header_row = 1;
        let columns = vec![Column::unmapped("Name")];
        sheet.mapping = Mapping { columns, ..Mapping::default() };
        report.begin(&Head { sheets: vec![sheet], ..Head::default() }).unwrap();
        for number in 2..=8 {
            let mut rows = Rows::default();
            rows.push_cell(&format!("person {number}"), CellKind::Text);
            rows.end_row(Location { row: number, ..Location::default() });
            let row = rows.get(0).unwrap();
            report.row(Judged { row, fate: Fate::Ready, findings: &[] }).unwrap();
        }
        report.end(&Summary::default()).unwrap();
        let mut book = zip::ZipArchive::new(file.reopen().unwrap()).unwrap();
        let mut part = |name: &str| {
            let mut text = String::new();
            book.by_name(name).unwrap().read_to_string(&mut text).unwrap();
            text
        };
        let names = part("xl/workbook.xml");
        for name in ["People", "People page 2", "People page 3", "Summary (upsheet)"] {
            assert!(names.contains(&format!("name=\"{name}\"")), "{names}");
        }
        for (sheet, cell, text) in
            [(1, "A4", "person 4"), (2, "A1", "Name"), (2, "A2", "person 5"), (3, "A2", "person 8")]
        {
            let sheet = part(&format!("xl/worksheets/sheet{sheet}.xml"));
            let cell = sheet.split(&format!("<c r=\"{cell}\"")).nth(1).unwrap();
            assert!(cell.split("</c>").next().unwrap().contains(text), "{text}");
        }
        assert!(part("xl/comments2.xml").contains("row 2 here is row 5 of the file"));
    }
}
