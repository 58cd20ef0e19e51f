//! Files in, chunks out: one [`Format`] for each kind of file, found by its bytes, not its name.
//!
//! [`open`] decides how an input is read before the first person is judged, and says so in
//! [`Facts`]. [`Input::read`] then hands on bounded [`Chunk`]s in file order; [`parse`] turns a
//! chunk into rows, wherever the caller wants that work done.

mod block;
mod book;
mod charset;
mod csv;
mod dialect;
mod guard;
mod table;
mod utf32;
mod xlsx;

use std::fs::File;
use std::io::Read as _;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::finding::{self, Finding};
use crate::row::{Chunk, Location, Quotes, Rows};

/// Takes one chunk after the other; [`ControlFlow::Break`] ends the reading.
pub type Emit<'a> = dyn FnMut(Chunk) -> ControlFlow<()> + 'a;

/// What the user decided about reading; what is `None` is found out.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The sheet, by name or by number from 1.
    pub sheet: Option<String>,
    /// The row of the header, as a spreadsheet counts.
    pub header_row: Option<u32>,
    /// The delimiter between cells.
    pub delimiter: Option<u8>,
    /// The quote; `Some(None)` says that quotes are text.
    pub quote: Option<Option<u8>>,
    /// The encoding, by its WHATWG label.
    pub encoding: Option<String>,
}

/// What was found out about an input, and will hold for every row of it.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// As the user named it; `-` for standard input.
    pub path: PathBuf,
    /// `csv`, `xlsx`, …
    pub format: &'static str,
    /// The encoding of a text file.
    pub encoding: Option<&'static str>,
    /// Why it is read in this encoding, in a few words.
    pub encoding_why: String,
    /// Whether the encoding is a guess by letters, which a person should look at.
    pub encoding_guessed: bool,
    /// The delimiter of a text file.
    pub delimiter: Option<char>,
    /// The quote of a text file, when it has one.
    pub quote: Option<char>,
    /// Why it is cut at this delimiter, in a few words.
    pub dialect_why: String,
    /// The sheet of a workbook.
    pub sheet: Option<String>,
    /// The other sheets of the workbook, with whether each is hidden.
    pub other_sheets: Vec<(String, bool)>,
    /// Whether a workbook counts its days from 1904; nothing where the file does not tell.
    pub dates_1904: Option<bool>,
    /// The row of the header, as a spreadsheet counts; 0 when the input has no row at all.
    pub header_row: u32,
    /// The line of the header in a text file.
    pub header_line: Option<u32>,
    /// What is wrong with the quotes of the header in a text file.
    pub header_quotes: Option<Quotes>,
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

    /// Whether a file that begins with these bytes is of this kind.
    fn recognises(&self, head: &[u8]) -> bool;

    /// Finds out how to read the file.
    ///
    /// # Errors
    /// When it cannot be read, or holds no table.
    fn open(&self, origin: Origin, options: &Options) -> Result<Input>;
}

/// Every kind of file, in the order in which they are asked; the last one takes any text.
pub static ALL: &[&dyn Format] = &[&xlsx::Xlsx, &csv::Csv];

/// An input of the run: how the user named it, where its bytes are, which number it has.
#[derive(Debug)]
pub struct Origin {
    /// As the user named it.
    pub path: PathBuf,
    /// Its number among the inputs, from 0.
    pub index: u16,
    /// The bytes, when they came from standard input; removed when dropped.
    spool: Option<tempfile::NamedTempFile>,
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
    /// The headers, as read.
    pub headers: Vec<String>,
    /// The first rows behind the header.
    pub sample: Rows,
    source: Box<dyn Source>,
}

impl Input {
    pub(crate) fn new(
        facts: Facts,
        headers: Vec<String>,
        sample: Rows,
        source: Box<dyn Source>,
    ) -> Self {
        Self { facts, headers, sample, source }
    }

    /// The number of cells that most of the first rows have, when there is such a number.
    pub fn usual_width(&self) -> Option<usize> {
        let (width, alike) = table::usual_width(&self.sample)?;
        let rows = self.sample.iter().filter(|row| !row.is_blank()).count();
        (alike * 3 > rows * 2).then_some(width)
    }

    /// What is to be said of the reading as a whole; `at` is the place of the header.
    pub fn notes(&self, at: Location) -> Vec<Finding> {
        let mut notes = Vec::new();
        let facts = &self.facts;
        if facts.encoding_guessed {
            let message = format!("the encoding was guessed: {}", facts.encoding_why);
            notes.push(
                Finding::new(&finding::ENCODING_GUESSED, at, message)
                    .help("if the words are wrong, say the encoding with --encoding"),
            );
        }
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
        notes
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

/// Finds out what a file is and how to read it. `-` is standard input.
///
/// # Errors
/// When there is no such file, it is a folder, it is empty, or it is no table.
pub fn open(path: &Path, index: u16, options: &Options) -> Result<Input> {
    let origin = locate(path, index)?;
    let mut head = [0; 8];
    let mut file = File::open(origin.file()).map_err(|source| origin.io(source))?;
    let mut filled = 0;
    while let Some(rest) = head.get_mut(filled..) {
        match file.read(rest).map_err(|source| origin.io(source))? {
            0 => break,
            read => filled += read,
        }
    }
    let head = head.get(..filled).unwrap_or_default();
    if head.is_empty() {
        return Err(Error::InputEmpty { path: origin.path, what: "it holds no bytes" });
    }
    match ALL.iter().find(|format| format.recognises(head)) {
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
    Ok(Origin { path: path.to_owned(), index, spool: Some(spool) })
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

/// The error for bytes that are no table.
pub(crate) fn unreadable(path: &Path, why: impl Into<String>) -> Error {
    Error::InputFormat {
        path: path.to_owned(),
        why: why.into(),
        help: "open it in the program that made it and export it as XLSX, or as CSV in UTF-8"
            .to_owned(),
    }
}

/// Turns a chunk into rows, without those up to and including row `header_row`.
pub fn parse(chunk: Chunk, header_row: u32) -> Rows {
    match chunk {
        Chunk::Text(block) => block::parse(&block, header_row),
        Chunk::Cells(rows) => rows,
    }
}
