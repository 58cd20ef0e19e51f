//! The rows of a run as they were read, kept in its folder: result files need neither the input, which
//! may have changed by then or was standard input, nor a second reading.
//!
//! `rows/1.csv` is of the first input: a record that names it, one with its headers, then one for each row
//! with its number, what became of it before anything was sent, why, and its cells. Nothing in it begins a
//! formula: such a cell, and one that begins with an apostrophe, has an apostrophe more.

mod standing;

use std::borrow::Cow;
use std::fs::{self, File};
use std::io::{self, BufReader, Write as _};
use std::path::{Path, PathBuf};

use self::standing::as_it_stands;
use crate::error::{Error, Result};
use crate::finding::Finding;
use crate::private;
use crate::reader::Extent;
use crate::reader::reload::disarm;
use crate::report::{self, Head, Judged, Report, Summary};
use crate::row::{Cell, Location, Row};
use crate::validate::Fate;

/// The folder of kept rows in a run folder.
pub const FOLDER: &str = "rows";
/// How the first record begins: what the file is, and in which form.
const FORM: [&str; 2] = ["upsheet rows", "1"];
/// What stands in front of the headers.
const FRONT: [&str; 3] = ["row", "fate", "reason"];

fn output(path: &Path) -> impl FnOnce(io::Error) -> Error {
    let path = path.to_owned();
    move |source| Error::Output { path, action: "write", source }
}

/// A cell as it is kept.
fn guard(text: &str) -> Cow<'_, str> {
    match disarm(text) {
        Cow::Borrowed(_) if text.starts_with('\'') => format!("'{text}").into(),
        guarded => guarded,
    }
}

/// The cell of a kept one.
fn plain(text: &str) -> &str {
    text.strip_prefix('\'').unwrap_or(text)
}

fn word(fate: Fate) -> &'static str {
    match fate {
        Fate::Ready => "ready",
        Fate::Rejected => "rejected",
        Fate::Skipped | Fate::NextTable => "skipped",
    }
}

fn fate(word: &str) -> Option<Fate> {
    [Fate::Ready, Fate::Rejected, Fate::Skipped].into_iter().find(|&fate| self::word(fate) == word)
}

/// One input, as its file begins.
#[derive(Debug)]
struct Beginning {
    name: String,
    headers: Vec<String>,
    /// Which of its columns are ours, from an earlier run: these are not kept.
    extent: Extent,
}

/// Writes every row of a run into its folder. Its end makes the files durable.
#[derive(Debug)]
pub struct Keeper {
    folder: PathBuf,
    inputs: Vec<Beginning>,
    /// How many files have been begun.
    begun: usize,
    out: Option<(PathBuf, File)>,
    /// The records that are not written yet.
    lines: Vec<u8>,
}

/// Bytes of records that are written at once.
const MANY: usize = 256 * 1024;

impl Keeper {
    /// Keeps rows in a folder that is there and empty.
    pub fn new(folder: PathBuf) -> Self {
        Self { folder, inputs: Vec::new(), begun: 0, out: None, lines: Vec::new() }
    }

    /// Closes the file that is being written: it is on the disk then.
    fn close(&mut self) -> Result<()> {
        self.flush()?;
        let Some((path, file)) = self.out.take() else { return Ok(()) };
        file.sync_all().map_err(output(&path))
    }

    /// Writes the records that are put together.
    fn flush(&mut self) -> Result<()> {
        let Some((path, file)) = &mut self.out else { return Ok(()) };
        file.write_all(&self.lines).map_err(|error| output(path)(error))?;
        self.lines.clear();
        Ok(())
    }

    /// Begins the files of the inputs up to one.
    fn reach(&mut self, input: usize) -> Result<()> {
        while self.begun <= input {
            self.close()?;
            let Some(beginning) = self.inputs.get(self.begun) else { return Ok(()) };
            self.begun += 1;
            let path = self.folder.join(format!("{}.csv", self.begun));
            let file = private::new_file(&path).map_err(output(&path))?;
            let headers = beginning.headers.iter().map(|header| guard(header));
            let headers = FRONT.into_iter().map(Cow::Borrowed).chain(headers);
            let name = [FORM[0].into(), FORM[1].into(), guard(&beginning.name)];
            record(&mut self.lines, name.into_iter());
            record(&mut self.lines, headers);
            self.out = Some((path, file));
        }
        Ok(())
    }
}

/// Appends a record of CSV.
fn record<'a>(line: &mut Vec<u8>, cells: impl Iterator<Item = Cow<'a, str>>) {
    for (index, text) in cells.enumerate() {
        if index > 0 {
            line.push(b',');
        }
        cell(line, &text);
    }
    line.push(b'\n');
}

/// Appends the cells of a row, a comma in front of each, without those that were added by us.
fn cells(line: &mut Vec<u8>, row: Row<'_>, extent: Extent) {
    if let Some(text) = as_it_stands(row).filter(|_| extent.is_as_given()) {
        line.push(b',');
        line.extend_from_slice(text);
        return;
    }
    let cells = row.cells().enumerate().filter(|(column, _)| !extent.is_added(*column));
    for (_, Cell { text, .. }) in cells {
        line.push(b',');
        cell(line, &guard(text));
    }
}

/// Appends a cell of CSV.
pub fn cell(line: &mut Vec<u8>, text: &str) {
    if !needs_quotes(text) {
        line.extend_from_slice(text.as_bytes());
        return;
    }
    line.push(b'"');
    for (index, part) in text.split('"').enumerate() {
        line.extend_from_slice(if index > 0 { b"\"\"" } else { b"" });
        line.extend_from_slice(part.as_bytes());
    }
    line.push(b'"');
}

/// Whether a text can only stand in quotes as a cell.
fn needs_quotes(text: &str) -> bool {
    text.bytes().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r'))
}

impl Report for Keeper {
    fn begin(&mut self, head: &Head) -> Result<()> {
        self.inputs = head
            .sheets
            .iter()
            .map(|sheet| Beginning {
                name: sheet.facts.path.display().to_string(),
                headers: sheet.headers(),
                extent: sheet.facts.extent,
            })
            .collect();
        Ok(())
    }

    fn note(&mut self, _finding: &Finding) -> Result<()> {
        Ok(())
    }

    fn row(&mut self, Judged { row, fate, findings }: Judged<'_>) -> Result<()> {
        let input = usize::from(row.at.input);
        if self.begun <= input {
            self.reach(input)?;
        }
        let extent = self.inputs.get(input).map_or_else(Extent::default, |input| input.extent);
        let lines = &mut self.lines;
        lines.extend_from_slice(itoa::Buffer::new().format(row.at.row).as_bytes());
        for front in [word(fate), &guard(&report::reason(fate, findings))] {
            lines.push(b',');
            cell(lines, front);
        }
        cells(lines, row, extent);
        lines.push(b'\n');
        if self.lines.len() < MANY { Ok(()) } else { self.flush() }
    }

    fn takes_all(&self) -> bool {
        true
    }

    fn end(&mut self, _summary: &Summary) -> Result<()> {
        if let Some(last) = self.inputs.len().checked_sub(1) {
            self.reach(last)?;
        }
        self.close()
    }
}

/// The kept rows of one input, to be read in their order.
pub struct Kept {
    /// As the user named it; `-` for standard input.
    pub name: PathBuf,
    /// Its headers.
    pub headers: Vec<String>,
    path: PathBuf,
    reader: csv::Reader<BufReader<File>>,
    buffer: csv::StringRecord,
}

impl std::fmt::Debug for Kept {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Kept").field("path", &self.path).finish_non_exhaustive()
    }
}

/// One kept row.
#[derive(Clone, Debug)]
pub struct Record {
    /// Its number, as a spreadsheet counts.
    pub row: u32,
    /// What became of it before anything was sent.
    pub fate: Fate,
    /// Why it was rejected or left out.
    pub reason: String,
    /// Its cells, behind what stands in front.
    cells: csv::StringRecord,
}

impl Default for Record {
    fn default() -> Self {
        let cells = csv::StringRecord::new();
        Self { row: 0, fate: Fate::Skipped, reason: String::new(), cells }
    }
}

impl Record {
    /// The texts of its cells, to the letter.
    pub fn cells(&self) -> impl Iterator<Item = &str> {
        self.cells.iter().skip(FRONT.len()).map(plain)
    }
}

/// The error for kept rows that are not as they were written.
pub(super) fn damaged(path: &Path, why: String) -> Error {
    Error::Kept { path: path.to_owned(), why }
}

/// Opens the kept rows of a run, an entry for each input.
///
/// # Errors
/// When there are none, or they are not as they were written.
pub fn open(run: &Path) -> Result<Vec<Kept>> {
    let mut inputs = Vec::new();
    loop {
        let path = run.join(FOLDER).join(format!("{}.csv", inputs.len() + 1));
        match File::open(&path) {
            Ok(file) => inputs.push(Kept::new(path, file)?),
            Err(error) if error.kind() == io::ErrorKind::NotFound && !inputs.is_empty() => {
                return Ok(inputs);
            }
            Err(source) => return Err(Error::InputIo { path, source }),
        }
    }
}

/// Whether a folder holds kept rows.
pub fn is_kept(run: &Path) -> bool {
    fs::exists(run.join(FOLDER).join("1.csv")).unwrap_or(false)
}

/// What another run keeps of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyRow<'a> {
    /// Why it is left out there; it is sent where nothing is said.
    pub left_out: Option<&'a str>,
    /// The key of the person, its one cell there.
    pub key: &'a str,
}

/// Keeps the rows of a run in the folder of another one, which sends something else of the same people: with their
/// numbers, and with one cell under `header` in place of their own.
///
/// # Errors
/// When they cannot be read, or written.
pub fn keep_keys<'a>(
    run: &Path,
    folder: &Path,
    header: &str,
    each: &mut dyn FnMut(Location) -> KeyRow<'a>,
) -> Result<()> {
    for (input, mut kept) in (0..).zip(open(run)?) {
        let path = folder.join(format!("{}.csv", u32::from(input) + 1));
        let mut file = private::new_file(&path).map_err(output(&path))?;
        let mut lines = Vec::new();
        let name = kept.name.display().to_string();
        record(&mut lines, [FORM[0].into(), FORM[1].into(), guard(&name)].into_iter());
        record(&mut lines, FRONT.into_iter().chain([header]).map(Cow::Borrowed));
        let mut row = Record::default();
        while kept.next(&mut row)? {
            let KeyRow { left_out, key } =
                each(Location { input, row: row.row, ..Location::default() });
            let fate = if left_out.is_some() { Fate::Skipped } else { Fate::Ready };
            let reason = left_out.map(|why| format!("left alone: {why}")).unwrap_or_default();
            let number = row.row.to_string();
            let cells = [number.as_str().into(), word(fate).into(), guard(&reason), guard(key)];
            record(&mut lines, cells.into_iter());
            if lines.len() >= MANY {
                file.write_all(&lines).map_err(output(&path))?;
                lines.clear();
            }
        }
        file.write_all(&lines).and_then(|()| file.sync_all()).map_err(output(&path))?;
    }
    Ok(())
}

impl Kept {
    fn new(path: PathBuf, file: File) -> Result<Self> {
        let reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(BufReader::with_capacity(64 * 1024, file));
        let (name, headers) = (PathBuf::new(), Vec::new());
        let mut kept = Self { name, headers, path, reader, buffer: csv::StringRecord::new() };
        let is_whole = kept.advance()?
            && kept.buffer.iter().take(FORM.len()).eq(FORM)
            && kept.buffer.get(FORM.len()).is_some_and(|name| {
                kept.name = PathBuf::from(plain(name));
                true
            })
            && kept.advance()?
            && kept.buffer.iter().take(FRONT.len()).eq(FRONT);
        if !is_whole {
            return Err(damaged(&kept.path, "it does not begin as kept rows do".to_owned()));
        }
        kept.headers =
            kept.buffer.iter().skip(FRONT.len()).map(|header| plain(header).to_owned()).collect();
        Ok(kept)
    }

    fn advance(&mut self) -> Result<bool> {
        self.reader.read_record(&mut self.buffer).map_err(|error| match error.into_kind() {
            csv::ErrorKind::Io(source) => Error::InputIo { path: self.path.clone(), source },
            other => damaged(&self.path, format!("it is no CSV of ours: {other:?}")),
        })
    }

    /// Reads the next row into a record; tells whether there was one.
    ///
    /// # Errors
    /// When the file cannot be read, or is not as it was written.
    pub fn next(&mut self, record: &mut Record) -> Result<bool> {
        if !self.advance()? {
            return Ok(false);
        }
        std::mem::swap(&mut self.buffer, &mut record.cells);
        let mut front = record.cells.iter();
        let row = front.next().and_then(|row| row.parse().ok());
        let fate = front.next().and_then(fate);
        let (Some(row), Some(fate), Some(reason)) = (row, fate, front.next()) else {
            let line = record.cells.position().map_or(0, csv::Position::line);
            return Err(damaged(&self.path, format!("its line {line} is no kept row")));
        };
        (record.row, record.fate) = (row, fate);
        plain(reason).clone_into(&mut record.reason);
        Ok(true)
    }

    /// The folder that it lies in.
    pub(super) fn folder(&self) -> PathBuf {
        self.path.parent().map(Path::to_owned).unwrap_or_default()
    }
}

#[cfg(test)]
mod properties {
    use proptest::prelude::*;

    use super::*;
    use crate::row::{Location, Rows};

    /// What may stand between two cells: commas most of all.
    fn apart() -> impl Strategy<Value = &'static str> {
        proptest::sample::select(vec![",", ",", ",", ",\"", "\",", "\",\"", ";", "", ",,"])
    }

    /// What may stand in front of the first cell and behind the last one.
    fn edge() -> impl Strategy<Value = &'static str> {
        proptest::sample::select(vec!["", "", "\"", "\"\"", "\n", ","])
    }

    proptest! {
        #[test]
        fn records_are_written_as_the_csv_crate_writes_them(
            cells in proptest::collection::vec("([a-z0-9 é]|[,\"\r\n';])*", 3..8),
        ) {
            let mut whole = csv::Writer::from_writer(Vec::new());
            whole.write_record(&cells).unwrap();
            let expected = whole.into_inner().unwrap();
            let mut line = Vec::new();
            record(&mut line, cells.iter().map(|cell| cell.as_str().into()));
            prop_assert_eq!(&line, &expected);
        }

        #[test]
        fn cells_are_kept_whatever_stands_between_them(
            texts in proptest::collection::vec("[a-z0-9é=,'\"\r\n;-]{0,4}", 1..6),
            apart in proptest::collection::vec(apart(), 6),
            (front, behind) in (edge(), edge()),
        ) {
            let (mut whole, mut spans) = (front.to_owned(), Vec::new());
            for (text, apart) in texts.iter().zip(apart) {
                if !spans.is_empty() {
                    whole.push_str(apart);
                }
                let start = u32::try_from(whole.len()).unwrap();
                whole.push_str(text);
                spans.push((start, u32::try_from(whole.len()).unwrap()));
            }
            whole.push_str(behind);
            let count = u32::try_from(spans.len()).unwrap();
            let rows = Rows::from_text(whole.into(), spans, vec![(Location::default(), count)]);
            let mut line = Vec::from(*b"1");
            cells(&mut line, rows.get(0).unwrap(), Extent::default());
            line.push(b'\n');
            let mut reader =
                csv::ReaderBuilder::new().has_headers(false).from_reader(line.as_slice());
            let records: Vec<_> = reader.records().map(Result::unwrap).collect();
            prop_assert_eq!(records.len(), 1);
            let kept: Vec<&str> = records[0].iter().skip(1).collect();
            let guarded: Vec<_> = texts.iter().map(|text| guard(text)).collect();
            prop_assert_eq!(kept, guarded);
        }
    }
}
