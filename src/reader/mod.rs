//! Files in, chunks out: one [`Format`] for each kind of file, found by its bytes, not its name.
//!
//! [`open`] decides how an input is read before the first person is judged, and says so in
//! [`Facts`]. [`Input::read`] then hands on bounded [`Chunk`]s in file order; [`parse`] turns a
//! chunk into rows, wherever the caller wants that work done.

mod book;
mod container;
mod facts;
mod harm;
mod limits;
mod origin;
mod ours;
mod presumed;
pub(crate) mod reload;
mod table;
mod text;

use std::io::Write;
use std::ops::ControlFlow;
use std::path::Path;

pub(crate) use self::book::parts;
use self::container::inflate::TooMuch;
pub use self::container::kind::Kind;
use self::container::unpack;
pub use self::facts::{Confidence, Decision, Facts};
pub use self::limits::Limits;
pub use self::origin::Origin;
use self::origin::locate;
pub use self::ours::{Earlier, Ours};
pub use self::presumed::Presumed;
pub use self::table::{Extent, heads_another, is_footer, is_of_notes, is_rule};
use self::text::{Copier, Written};
pub use self::text::{Guess, NAMES as ENCODING_NAMES, Other, is_encoding};
use crate::error::{Error, Result};
use crate::finding::{self, Finding};
use crate::returned::{self, Kept};
use crate::row::{Area, Chunk, Location, Quotes, Row, Rows, letters};

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
    /// Whether no thread may help to find out how a text is written.
    pub alone: bool,
    /// Whether a text may be taken for UTF-8 by its first part: for those who can begin anew.
    pub presumed: Presumed,
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

/// A cell that gets another text in a copy of its file.
#[derive(Clone, Copy, Debug)]
pub struct Edit<'a> {
    /// Its row, as a spreadsheet counts.
    pub row: u32,
    /// Its column, from 0.
    pub column: usize,
    /// What is to be read in it.
    pub text: &'a str,
}

/// Where the rows of an opened input come from.
pub trait Source: Send {
    /// How the text file is written; nothing for a workbook.
    #[expect(private_interfaces, reason = "only formats of this room implement it")]
    fn written(&self) -> Option<Written> {
        None
    }

    /// Hands on every row behind the header, in file order.
    ///
    /// # Errors
    /// When the file can no longer be read, or turns out to be damaged.
    fn read(&mut self, emit: &mut Emit<'_>) -> Result<()>;

    /// Makes certain what was presumed of the file, if anything still is.
    ///
    /// # Errors
    /// When it is not so, or the file can no longer be read.
    fn confirm(&mut self) -> Result<()> {
        Ok(())
    }
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
pub static ALL: &[&dyn Format] = &[&text::Csv, &book::Xlsx, &book::Xlsb, &book::Xls, &book::Ods];

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
    /// What is known of the sheet as it was checked before, where it was.
    pub earlier: Earlier,
    source: Box<dyn Source>,
    /// What the reader has to say of the input as a whole, without its place.
    about: Vec<Finding>,
}

impl Input {
    /// An input whose header has been found in the first rows. Another table below it in these rows
    /// ends the table.
    fn new(
        mut facts: Facts,
        mut header: table::Header,
        first_rows: &Rows,
        source: Box<dyn Source>,
    ) -> Self {
        let own = header.own.take();
        facts.extent.ours = own.as_ref().map_or_else(Ours::default, |own| own.ours);
        let kept = own.map_or_else(Kept::default, |own| own.kept);
        facts.dates_1904 = kept.dates_1904.unwrap_or(facts.dates_1904);
        facts.extent.reload = reload::recognise(&mut header.names);
        facts.header_row = header.last;
        facts.header_first = header.first;
        facts.header_why.clone_from(&header.why);
        facts.header_confidence = header.confidence;
        facts.extent.after = header.last.max(facts.extent.after);
        let plain;
        let first_rows = if facts.extent.ours.any() {
            plain = ours::without(first_rows.clone(), facts.extent.ours);
            &plain
        } else {
            first_rows
        };
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
        if facts.extent.reload {
            sample = reload::restore(sample);
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
            earlier: Earlier { header: kept.headers, rows: None },
        }
    }

    /// The same, with something to be said of it as a whole; the place is that of the header.
    pub(crate) fn with_notes(mut self, notes: Vec<Finding>) -> Self {
        self.about.extend(notes);
        self
    }

    /// The same, with what the Summary sheet of an earlier check says: how many rows of people there were,
    /// and below which row.
    pub(crate) fn had_rows(mut self, rows: Option<(u64, u32)>) -> Self {
        self.earlier.rows = rows;
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
        let doubled = table::doubled(&self.headers).into_iter();
        for (name, columns) in doubled.filter(|(name, _)| !returned::is_ours(name)) {
            let first = columns.first().and_then(|&column| u16::try_from(column).ok());
            let columns: Vec<String> = columns.into_iter().map(letters).collect();
            let letter = columns.first().cloned().unwrap_or_default();
            let message = format!("{name:?} stands over columns {}", columns.join(" and "));
            notes.push(
                Finding::new(&finding::HEADER_DUPLICATE, at, message)
                    .column(first)
                    .value(&name)
                    .help(format!(
                        "rename one, or name the column by its letter: --map '{letter}=FIELD'"
                    )),
            );
        }
        let nameless = table::nameless(&self.headers, &self.sample);
        if let Some(first) = nameless.first() {
            let list: Vec<String> = nameless.iter().copied().map(letters).collect();
            let (noun, verb) = match nameless.len() {
                1 => ("column", "holds values and has"),
                _ => ("columns", "hold values and have"),
            };
            let message = format!("{noun} {} {verb} no header", list.join(", "));
            let letter = letters(*first);
            notes.push(
                Finding::new(&finding::HEADER_EMPTY, at, message)
                    .column(u16::try_from(*first).ok())
                    .help(format!("to use it, name it by its letter: --map '{letter}=FIELD'")),
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

    /// Makes certain what was presumed of it, which it is by itself once all of it has been read.
    ///
    /// # Errors
    /// When it is not so, or the file can no longer be read.
    pub fn confirm(&mut self) -> Result<()> {
        self.source.confirm()
    }

    /// Copies a text file that is not compressed, with other texts in some of its cells, which are in
    /// the order of the file. Every other byte stays.
    ///
    /// # Errors
    /// When it is no text file, a text cannot be written in its encoding or dialect, or the copy cannot
    /// be written.
    pub fn rewrite(&mut self, edits: &[Edit<'_>], out: &mut dyn Write) -> Result<()> {
        let path = &self.facts.path;
        let origin = self.facts.origin.clone();
        let (Some(written), Some(origin)) = (self.source.written(), origin) else {
            return Err(unreadable(path, "it is no text file"));
        };
        let mut copier = Copier::new(&origin, written, self.facts.extent.reload, edits, out)?;
        let mut copied = Ok(());
        self.source.read(&mut |chunk| {
            if let Chunk::Text(block) = chunk {
                copied = copier.block(&block);
            }
            if copied.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        copied.and_then(|()| copier.finish())
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
    let mut input = open_table(origin.clone(), kind, options)?;
    input.facts.origin = Some(origin);
    input.facts.unpacked = unpacked;
    input.facts.limits = options.limits;
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
        Chunk::Text(block) => text::parse_block(block, extent.after),
        Chunk::Cells(rows) => rows,
    };
    if extent.reload {
        rows = reload::restore(rows);
    }
    rows = ours::without(rows, extent.ours);
    rows.crop(extent.bottom, extent.left, extent.right);
    rows
}
