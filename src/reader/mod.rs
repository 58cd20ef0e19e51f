//! Files in, chunks out: one [`Format`] for each kind of file, found by its bytes, not its name.
//!
//! [`open`] decides how an input is read before the first person is judged, and says so in
//! [`Facts`]. [`Input::read`] then hands on bounded [`Chunk`]s in file order; [`parse`] turns a
//! chunk into rows, wherever the caller wants that work done.

mod archive;
mod beside;
mod block;
mod book;
mod cells;
mod charset;
mod codec;
mod csv;
mod dialect;
mod guard;
mod harm;
mod inflate;
mod joined;
mod kind;
mod letters;
mod limits;
mod odf;
mod ods;
mod ole;
#[cfg(test)]
mod properties;
mod records;
mod strings;
mod table;
mod unpack;
mod xls;
mod xlsb;
mod xlsx;

use std::fs::File;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use charset::{Guess, Other};

use self::inflate::TooMuch;
pub use self::kind::Kind;
pub use self::limits::Limits;
use crate::error::{Error, Result};
use crate::finding::{self, Finding};
use crate::row::{Area, Chunk, Location, Quotes, Row, Rows, letters};

pub use self::table::{Extent, heads_another, is_footer};

/// Takes one chunk after the other; [`ControlFlow::Break`] ends the reading.
pub type Emit<'a> = dyn FnMut(Chunk) -> ControlFlow<()> + 'a;

/// What the user decided about reading; what is `None` is found out.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The sheet, by name or by number from 1.
    pub sheet: Option<String>,
    /// The part of the sheet that holds the table.
    pub range: Option<Area>,
    /// The table of the sheet, by number from 1 or by the name that the workbook gives it.
    pub table: Option<String>,
    /// The rows of the header.
    pub header_row: Option<HeaderRows>,
    /// The delimiter between cells: one character or several.
    pub delimiter: Option<String>,
    /// The quote; `Some(None)` says that quotes are text.
    pub quote: Option<Option<u8>>,
    /// The encoding, by its WHATWG label.
    pub encoding: Option<String>,
    /// What is done with hidden rows and columns.
    pub hidden: Hidden,
    /// Whether cells under merged ones stay blank, as the file stores them.
    pub as_stored: bool,

    /// What reading may cost.
    pub limits: Limits,
}

/// What is done with the rows and columns of a workbook that nobody sees.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Hidden {
    /// They are read like the others, and named.
    #[default]
    Include,
    /// They are left out, row by row, and named.
    Skip,
}

/// Which rows are the header, as a person says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeaderRows {
    /// The table has no header; its columns are called by their letters.
    None,
    /// These rows head the columns together, as a spreadsheet counts.
    Rows {
        /// The first of them.
        first: u32,
        /// The last of them.
        last: u32,
    },
}

/// How sure a decision about reading is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Confidence {
    /// A person said so.
    Said,
    /// The file itself says so, or leaves no other reading.
    Certain,
    /// Everything that was looked at fits, and so might something else.
    #[default]
    Likely,
    /// The best of several readings; a person should look.
    Guess,
}

impl Confidence {
    /// The word for it in reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Said => "said",
            Self::Certain => "certain",
            Self::Likely => "likely",
            Self::Guess => "guess",
        }
    }
}

/// One decision about how an input is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// What was decided: `encoding`, `delimiter`, …
    pub what: &'static str,
    /// What it is.
    pub value: String,
    /// Why, in a few words.
    pub why: String,
    /// How sure that is.
    pub confidence: Confidence,
}

/// What was found out about an input, and will hold for every row of it.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// As the user named it; `-` for standard input.
    pub path: PathBuf,
    /// `csv`, `xlsx`, …
    pub format: &'static str,
    /// What the file was unpacked from, when it was compressed: `gzip`, `zip, member people.csv`, …
    pub unpacked: Option<String>,
    /// The encoding of a text file.
    pub encoding: Option<&'static str>,
    /// Why it is read in this encoding, in a few words.
    pub encoding_why: String,
    /// The evidence, when the encoding is a guess by letters, which a person should look at.
    pub encoding_guess: Option<Guess>,
    /// The delimiter of a text file: nearly always one character.
    pub delimiter: Option<String>,
    /// Why it is cut at this delimiter, in a few words.
    pub dialect_why: String,
    /// How sure that is.
    pub dialect_confidence: Confidence,
    /// The quote of a text file, when it has one.
    pub quote: Option<char>,
    /// What makes a quote part of a quoted cell, beside doubling it.
    pub escape: Option<char>,
    /// Why this is the quote, in a few words.
    pub quote_why: String,
    /// The sheet of a workbook.
    pub sheet: Option<String>,
    /// Why it is this sheet, and how sure that is.
    pub sheet_why: (&'static str, Confidence),
    /// The other sheets of the workbook, with whether each is hidden.
    pub other_sheets: Vec<(String, bool)>,
    /// Whether a workbook counts its days from 1904; nothing where the file does not tell.
    pub dates_1904: Option<bool>,
    /// The tables that the workbook itself calls so: name, sheet and area.
    pub tables: Vec<(String, String, String)>,
    /// The hidden rows below the header that hold something, in words.
    pub hidden_rows: Option<String>,
    /// The hidden columns of the table, in words.
    pub hidden_columns: Option<String>,
    /// The row of the header, as a spreadsheet counts: the last one where it has several. 0 when
    /// the table has none.
    pub header_row: u32,
    /// The first row of the header.
    pub header_first: u32,
    /// Why it is the header, in a few words.
    pub header_why: String,
    /// How sure that is.
    pub header_confidence: Confidence,
    /// The line of the header in a text file.
    pub header_line: Option<u32>,
    /// The part of the rows that is the table.
    pub extent: Extent,
    /// Where another table begins below this one, with its first cells.
    pub next_table: Option<(u32, String)>,
    /// What is wrong with the quotes of the header in a text file.
    pub header_quotes: Option<Quotes>,
    /// Columns whose header has bytes that are no text in the file's encoding.
    pub header_damaged: Vec<usize>,
}

impl Facts {
    /// How messages name the input: its file name, and its sheet.
    pub fn name(&self) -> String {
        let file = self.file_name();
        match &self.sheet {
            Some(sheet) => format!("{file} (sheet {sheet:?})"),
            None => file,
        }
    }

    /// Every decision about reading, in the order in which they were made.
    pub fn decisions(&self) -> Vec<Decision> {
        let certain = Confidence::Certain;
        let by_bytes = "by its first bytes".to_owned();
        let mut decisions = Vec::new();
        let mut add = |what, value: String, why: String, confidence| {
            decisions.push(Decision { what, value, why, confidence });
        };
        add("format", self.format.to_owned(), by_bytes, certain);
        if let Some(unpacked) = &self.unpacked {
            add("unpacked", unpacked.clone(), "by its first bytes".to_owned(), certain);
        }
        if let Some(encoding) = self.encoding {
            let confidence =
                if self.encoding_guess.is_some() { Confidence::Guess } else { certain };
            add("encoding", encoding.to_owned(), self.encoding_why.clone(), confidence);
        }
        if let Some(delimiter) = &self.delimiter {
            let why = self.dialect_why.clone();
            add("delimiter", delimiter.clone(), why, self.dialect_confidence);
            let quote = self.quote.map_or("none".to_owned(), String::from);
            let confidence = if self.quote_why.starts_with("named") {
                Confidence::Said
            } else {
                self.dialect_confidence
            };
            add("quote", quote, self.quote_why.clone(), confidence);
            if let Some(escape) = self.escape {
                let why = "quotes inside quoted cells stand behind it".to_owned();
                add("escape", escape.to_string(), why, confidence);
            }
        }
        if let Some(sheet) = &self.sheet {
            let (why, confidence) = self.sheet_why;
            add("sheet", sheet.clone(), why.to_owned(), confidence);
        }
        let header = match (self.header_first, self.header_row) {
            (_, 0) => "none".to_owned(),
            (first, last) if first == last => last.to_string(),
            (first, last) => format!("{first}-{last}"),
        };
        add("header", header, self.header_why.clone(), self.header_confidence);
        decisions
    }

    /// The file name without its folder.
    pub fn file_name(&self) -> String {
        self.path.file_name().map_or_else(
            || self.path.display().to_string(),
            |name| name.to_string_lossy().into_owned(),
        )
    }
}

/// Where the rows of an opened input come from.
pub trait Source: Send {
    /// Hands on every row behind the header, in file order.
    ///
    /// # Errors
    /// When the file can no longer be read, or turns out to be damaged.
    fn read(&mut self, emit: &mut Emit<'_>) -> Result<()>;
}

/// A kind of file that we read.
pub trait Format: Sync {
    /// Its short name in reports.
    fn id(&self) -> &'static str;

    /// Whether it reads files of this kind.
    fn reads(&self, kind: Kind) -> bool;

    /// Finds out how to read the file.
    ///
    /// # Errors
    /// When it cannot be read, or holds no table.
    fn open(&self, origin: Origin, options: &Options) -> Result<Input>;
}

/// Every kind of table that is read.
pub static ALL: &[&dyn Format] = &[&csv::Csv, &xlsx::Xlsx, &xlsb::Xlsb, &xls::Xls, &ods::Ods];

/// An input of the run: how the user named it, where its bytes are, which number it has.
#[derive(Clone, Debug)]
pub struct Origin {
    /// As the user named it.
    pub path: PathBuf,
    /// Its number among the inputs, from 0.
    pub index: u16,
    /// The bytes, when they came from standard input or were compressed; removed when dropped.
    spool: Option<Arc<tempfile::NamedTempFile>>,
}

impl Origin {
    /// Where the bytes lie.
    pub(crate) fn file(&self) -> &Path {
        self.spool.as_ref().map_or(&self.path, |spool| spool.path())
    }

    pub(crate) fn io(&self, source: std::io::Error) -> Error {
        Error::InputIo { path: self.path.clone(), source }
    }
}

/// An input that is ready to be read.
pub struct Input {
    /// What was found out.
    pub facts: Facts,
    /// The headers, as read; rows of a header of several are joined with a space.
    pub headers: Vec<String>,
    /// For each column of a header of several rows, what stands in the single rows.
    pub header_parts: Vec<Vec<String>>,
    /// The first rows behind the header.
    pub sample: Rows,
    /// Columns that are not to be used unless somebody names them: they are hidden.
    pub left_out: Vec<usize>,
    source: Box<dyn Source>,
    /// What the reader has to say of the input as a whole, without its place.
    about: Vec<Finding>,
}

impl Input {
    /// An input whose header has been found in the first rows. Another table below it in these rows
    /// ends the table.
    fn new(
        mut facts: Facts,
        header: table::Header,
        first_rows: &Rows,
        source: Box<dyn Source>,
    ) -> Self {
        facts.header_row = header.last;
        facts.header_first = header.first;
        facts.header_why.clone_from(&header.why);
        facts.header_confidence = header.confidence;
        facts.extent.after = header.last.max(facts.extent.after);
        if let Some(next) = table::next_table(&header, first_rows) {
            facts.next_table = Some((next.at.row, first_cells(&next)));
            facts.extent.bottom = facts.extent.bottom.min(next.at.row - 1);
        }
        let mut sample = Rows::default();
        let below = first_rows
            .iter()
            .filter(|row| (facts.extent.after + 1..=facts.extent.bottom).contains(&row.at.row));
        for row in below {
            sample.push_row(&row);
        }
        let table::Header { names: headers, parts: header_parts, .. } = header;
        Self {
            facts,
            headers,
            header_parts,
            sample,
            left_out: Vec::new(),
            source,
            about: Vec::new(),
        }
    }

    /// The same, with something to be said of it as a whole; the place is that of the header.
    pub(crate) fn with_notes(mut self, notes: Vec<Finding>) -> Self {
        self.about.extend(notes);
        self
    }

    /// The same, with columns that are not to be used unless somebody names them.
    pub(crate) fn without_columns(mut self, columns: Vec<usize>) -> Self {
        self.left_out = columns;
        self
    }

    /// The number of cells that most of the first rows have, when there is such a number.
    pub fn usual_width(&self) -> Option<usize> {
        let (width, alike) = table::usual_width(&self.sample)?;
        let rows = self.sample.iter().filter(|row| !row.is_blank()).count();
        (alike * 3 > rows * 2).then_some(width)
    }

    /// What is to be said of the reading as a whole; `at` is the place of the header.
    pub fn notes(&self, at: Location) -> Vec<Finding> {
        let mut notes: Vec<Finding> =
            self.about.iter().map(|note| Finding { at, ..note.clone() }).collect();
        let facts = &self.facts;
        if facts.encoding_guess.is_some() {
            let message = format!("the encoding was guessed: {}", facts.encoding_why);
            notes.push(
                Finding::new(&finding::ENCODING_GUESSED, at, message)
                    .help("if the words are wrong, say the encoding with --encoding"),
            );
        }
        notes.extend(harm::notes(self, at));
        if let Some(quotes) = facts.header_quotes {
            let (code, message) = match quotes {
                Quotes::Open => {
                    (&finding::QUOTE_OPEN, "a quote opens in the header and is never closed")
                }
                Quotes::Stray => {
                    (&finding::QUOTE_STRAY, "a quote stands inside a header and was taken as text")
                }
            };
            notes.push(Finding::new(code, at, message));
        }
        let usual = self.usual_width().filter(|_| at.line > 0);
        if let Some(width) = usual.filter(|width| *width != self.headers.len()) {
            let message =
                format!("the header has {} cells, most rows have {width}", self.headers.len());
            notes.push(Finding::new(&finding::HEADER_WIDTH, at, message));
        }
        for (name, columns) in table::doubled(&self.headers) {
            let first = columns.first().and_then(|&column| u16::try_from(column).ok());
            let columns: Vec<String> = columns.into_iter().map(letters).collect();
            let message = format!("{name:?} stands over columns {}", columns.join(" and "));
            notes.push(
                Finding::new(&finding::HEADER_DUPLICATE, at, message)
                    .column(first)
                    .value(&name)
                    .help("rename one, or name the column by its letter: --map 'C=FIELD'"),
            );
        }
        for column in table::nameless(&self.headers, &self.sample) {
            let message = format!("column {} holds values and has no header", letters(column));
            notes.push(
                Finding::new(&finding::HEADER_EMPTY, at, message)
                    .column(u16::try_from(column).ok())
                    .help(format!(
                        "to use it, name it by its letter: --map '{}=FIELD'",
                        letters(column)
                    )),
            );
        }
        if facts.header_row == 0 {
            let message = "the table has no header; its columns are called by their letters";
            notes.push(
                Finding::new(&finding::HEADER_NONE, at, message)
                    .help("map columns by letter (--map 'A=email'), or say --header-row N"),
            );
        }
        if let Some((row, cells)) = &facts.next_table {
            notes.push(begins_another(Location { row: *row, line: 0, ..at }, cells));
        }
        notes
    }

    /// The headers by which the header of another table would be known; none where it is not
    /// certain that they are headers.
    pub fn telling_headers(&self) -> Vec<String> {
        let certain = self.facts.header_confidence == Confidence::Certain;
        let headers = self.headers.iter().filter(|_| certain);
        headers.map(|header| header.trim().to_owned()).collect()
    }

    /// Hands on every row behind the header, in file order. May be called again.
    ///
    /// # Errors
    /// When the file can no longer be read, or turns out to be damaged.
    pub fn read(&mut self, emit: &mut Emit<'_>) -> Result<()> {
        self.source.read(emit)
    }
}

impl std::fmt::Debug for Input {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Input").field("facts", &self.facts).finish_non_exhaustive()
    }
}

/// What is said of a row that begins another table below the one that is read.
pub fn next_table(row: &Row<'_>) -> Finding {
    begins_another(row.at, &first_cells(row))
}

/// The first cells of a row that are not blank, quoted.
fn first_cells(row: &Row<'_>) -> String {
    let cells = row.cells().filter(|cell| !cell.is_blank()).take(4);
    cells.map(|cell| format!("{:?}", cell.text.trim())).collect::<Vec<String>>().join(", ")
}

fn begins_another(at: Location, cells: &str) -> Finding {
    let message = format!("another table begins on row {} ({cells}); it is not read", at.row);
    Finding::new(&finding::TABLE_NEXT, at, message)
        .help("read it in a run of its own: --table 2, or --range with its corners")
}

/// Finds out what a file is and how to read it. `-` is standard input.
///
/// # Errors
/// When there is no such file, it is a folder, it is empty, or it is no table.
pub fn open(path: &Path, index: u16, options: &Options) -> Result<Input> {
    let (origin, kind, unpacked) = unpack::unpack(locate(path, index)?, &options.limits)?;
    let mut input = open_table(origin, kind, options)?;
    input.facts.unpacked = unpacked;
    Ok(input)
}

/// Opens the table of a file that is asked for: by its number it is looked for in all rows.
fn open_table(origin: Origin, kind: Kind, options: &Options) -> Result<Input> {
    let number = options.table.as_ref().and_then(|table| table.parse::<usize>().ok());
    let Some(number) = number else { return open_kind(origin, kind, options) };
    let everything = Options { header_row: Some(HeaderRows::None), table: None, ..options.clone() };
    let mut whole = open_kind(origin.clone(), kind, &everything)?;
    let mut tables = table::Tables::default();
    let extent = whole.facts.extent;
    whole.read(&mut |chunk| {
        parse(chunk, extent).iter().for_each(|row| tables.take(&row));
        ControlFlow::Continue(())
    })?;
    let Some((top, bottom)) = tables.rows(number) else {
        let list: Vec<String> =
            tables.list().map(|(row, names)| format!("row {row} ({})", names.join(", "))).collect();
        return Err(Error::usage(
            format!("{:?} has no table {number}", origin.path),
            if list.is_empty() {
                "no row of it looks like the header of a table; name its corners with --range"
                    .to_owned()
            } else {
                format!("its tables begin on {}", list.join(" and "))
            },
        ));
    };
    let area = match options.range {
        Some(area) => Area { top: top.max(area.top), bottom: bottom.min(area.bottom), ..area },
        None => Area { top, left: 0, bottom, right: u32::MAX },
    };
    open_kind(origin, kind, &Options { range: Some(area), table: None, ..options.clone() })
}

fn open_kind(origin: Origin, kind: Kind, options: &Options) -> Result<Input> {
    match ALL.iter().find(|format| format.reads(kind)) {
        Some(format) => format.open(origin, options),
        None => Err(unreadable(&origin.path, "it is of no kind that is known here")),
    }
}

fn locate(path: &Path, index: u16) -> Result<Origin> {
    if path.as_os_str() == "-" {
        return spool(path, index, &mut std::io::stdin().lock());
    }
    match std::fs::metadata(path) {
        Err(source) if source.kind() == std::io::ErrorKind::NotFound => {
            Err(Error::InputMissing { path: path.to_owned(), help: near_file(path) })
        }
        Err(source) => Err(Error::InputIo { path: path.to_owned(), source }),
        Ok(meta) if meta.is_dir() => Err(Error::InputFolder { path: path.to_owned() }),
        Ok(meta) if meta.is_file() => Ok(Origin { path: path.to_owned(), index, spool: None }),
        // A pipe can be read only once.
        Ok(_) => {
            let mut pipe = File::open(path)
                .map_err(|source| Error::InputIo { path: path.to_owned(), source })?;
            spool(path, index, &mut pipe)
        }
    }
}

/// Keeps what can be read only once in a temporary file, so that it can be read again.
fn spool(path: &Path, index: u16, from: &mut dyn std::io::Read) -> Result<Origin> {
    let failed = |source| Error::InputIo { path: path.to_owned(), source };
    let mut spool = tempfile::NamedTempFile::new().map_err(failed)?;
    std::io::copy(from, &mut spool).map_err(failed)?;
    Ok(Origin { path: path.to_owned(), index, spool: Some(Arc::new(spool)) })
}

fn near_file(path: &Path) -> String {
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let wanted = path.file_name().unwrap_or_default().to_string_lossy();
    let names: Vec<String> = std::fs::read_dir(folder)
        .map(|entries| {
            entries
                .filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned()))
                .collect()
        })
        .unwrap_or_default();
    match crate::spelling::nearest(&wanted, names.iter().map(String::as_str)) {
        Some(near) => format!("did you mean {near:?} in the same folder?"),
        None if names.is_empty() => format!("{} holds no such file", folder.display()),
        None => "check the spelling; names with spaces need quotes".to_owned(),
    }
}

/// The header, or the error for a row that the user named and that is not there.
fn header_or_error(
    header: Option<table::Header>,
    options: &Options,
    path: &Path,
) -> Result<table::Header> {
    match (header, options.header_row) {
        (Some(header), _) => Ok(header),
        (None, None) => Ok(table::Header::default()),
        (None, Some(wanted)) => {
            let row = match wanted {
                HeaderRows::Rows { last, .. } => last,
                HeaderRows::None => 1,
            };
            Err(Error::usage(
                format!("{path:?} has no row {row} to take the header from"),
                "give --header-row a row within the first 200",
            ))
        }
    }
}

/// The error for bytes that are no table.
pub(crate) fn unreadable(path: &Path, why: impl Into<String>) -> Error {
    Error::InputFormat {
        path: path.to_owned(),
        why: why.into(),
        help: "open it in the program that made it and export it as XLSX, or as CSV in UTF-8"
            .to_owned(),
    }
}

/// The error for a file that would cost more than it may.
fn too_much(origin: &Origin, much: &TooMuch) -> Error {
    Error::InputFormat { path: origin.path.clone(), why: much.why.clone(), help: much.help() }
}

/// Turns a chunk into the rows of it that belong to the table.
pub fn parse(chunk: Chunk, extent: Extent) -> Rows {
    let mut rows = match chunk {
        Chunk::Text(block) => block::parse(&block, extent.after),
        Chunk::Cells(rows) => rows,
    };
    rows.crop(extent.bottom, extent.left, extent.right);
    rows
}
