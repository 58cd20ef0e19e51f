//! Workbooks of every kind: which sheet is read, and where in it the table stands.
//!
//! Each kind of file brings a [`Book`] that hands on the rows of a sheet; what rows mean is decided
//! here, once for all kinds.

mod beside;
mod cells;
mod guard;
mod letters;
mod odf;
mod ods;
mod pattern;
mod strings;
mod xls;
mod xlsb;
mod xlsx;

use std::ops::ControlFlow;

use self::beside::{Layout, Treatment};
pub(super) use self::ods::Ods;
pub(super) use self::xls::Xls;
pub(super) use self::xlsb::Xlsb;
pub(super) use self::xlsx::Xlsx;
pub(crate) use self::xlsx::parts;
use crate::error::{Error, Result};
use crate::example;
use crate::finding::{self, Finding};
use crate::reader::container::{archive, inflate, kind, ole, records};
use crate::reader::table::{self, Extent};
use crate::reader::{
    Confidence, Emit, Facts, Format, HeaderRows, Hidden, Input, Options, Origin, Source,
    header_or_error, limits, ours, too_much, unreadable,
};
use crate::returned;
use crate::row::{Area, Chunk, Location, Rows};

/// Text of a chunk, in bytes.
pub(super) const CHUNK: usize = 128 * 1024;
/// Cells and rows of a chunk, for sheets of blanks.
const CELLS: usize = 64 * 1024;
const ROWS: usize = 16 * 1024;
/// Rows that are looked at to find the header and to judge columns by their content.
const SAMPLE_ROWS: usize = 200;

/// A worksheet, as the workbook lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct SheetName {
    /// Its name.
    name: String,
    /// Whether a person who opens the workbook does not see it.
    hidden: bool,
}

/// A table that the workbook itself calls one.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Table {
    /// Its name.
    name: String,
    /// The sheet that it stands on.
    sheet: String,
    /// Where it stands, without a row of totals.
    area: Area,
    /// Whether its first row is a header.
    header: bool,
}

/// A workbook that has been opened.
trait Book: Send {
    /// The worksheets in their order; sheets of charts and macros are none.
    fn sheets(&self) -> Vec<SheetName>;

    /// What a sheet says beside its cells.
    ///
    /// # Errors
    /// When the sheet is damaged.
    fn layout(&mut self, origin: &Origin, sheet: &str) -> Result<Layout>;

    /// The tables that the workbook itself calls so; none where that is not read.
    ///
    /// # Errors
    /// When a part is damaged.
    fn tables(&mut self, origin: &Origin) -> Result<Vec<Table>>;

    /// Whether it counts its days from 1904; nothing where the file does not tell.
    fn dates_1904(&self) -> Option<bool>;

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
fn open(
    mut book: Box<dyn Book>,
    format: &'static str,
    origin: Origin,
    options: &Options,
) -> Result<Input> {
    let sheets = book.sheets();
    // Where nobody has asked for one, a damaged list of them is no reason to refuse the sheet.
    let tables = match &options.table {
        Some(_) => book.tables(&origin)?,
        None => book.tables(&origin).unwrap_or_default(),
    };
    let Wanted { chosen, range, header_row } = Wanted::new(&sheets, &tables, &origin, options)?;
    let Chosen { sheet, sheet_why, other_sheets } = chosen;
    let mut layout = book.layout(&origin, &sheet)?;
    if options.as_stored {
        layout.merged.clear();
    }
    let extent = Extent::of(range);
    let sample = first_rows(book.as_mut(), &origin, &sheet, &extent)?;
    let header = table::find(&sample, header_row, extent.after + 1);
    let mut header = header_or_error(header, options, &origin.path)?;
    if !layout.merged.is_empty() {
        let covered = layout.cover(&sample, header.last);
        header = header.named_by(&covered);
    }
    let mut facts = Facts {
        path: origin.path.clone(),
        format,
        sheet: Some(sheet.clone()),
        sheet_why,
        other_sheets,
        tables: tables.into_iter().map(|t| (t.name, t.sheet, t.area.to_string())).collect(),
        dates_1904: book.dates_1904(),
        header_row: header.last,
        extent,
        ..Facts::default()
    };
    let width = header.names.len();
    let hidden = options.hidden;
    let mut about = about_sheets(&sheets, &sheet);
    if let Some(own) = &header.own {
        layout.show_columns(|column| own.ours.has(column));
    }
    about.extend(layout.notes(&mut facts, width, hidden));
    let left_out = match hidden {
        Hidden::Skip => layout.hidden_columns(width),
        Hidden::Include => Vec::new(),
    };
    let after = header.last.max(extent.after);
    let damaged = |why| unreadable(&origin.path, why);
    let mut treatment = Treatment::new(&layout, hidden, after, width);
    let below = Chunk::Cells(behind(&sample, after));
    let Chunk::Cells(below) = treatment.treat(below).map_err(damaged)? else {
        return Err(damaged("its rows are no cells"));
    };
    let has_records = header.own.as_ref().is_some_and(|own| own.ours.has_records());
    let had = if has_records { rows_had(book.as_mut(), &origin, &sheets)? } else { None };
    let source = BookSource { book, origin, sheet, after, layout, hidden, width };
    let input = Input::new(facts, header, &below, Box::new(source));
    Ok(input.with_notes(about).without_columns(left_out).had_rows(had))
}

/// What of a workbook is to be read: its sheet, the part of it, and the rows of the header, as far as these were said.
struct Wanted {
    chosen: Chosen,
    range: Option<Area>,
    header_row: Option<HeaderRows>,
}

impl Wanted {
    /// By what the user says; a table says where it stands itself.
    fn new(
        sheets: &[SheetName],
        tables: &[Table],
        origin: &Origin,
        options: &Options,
    ) -> Result<Self> {
        let Some(name) = &options.table else {
            let chosen = choose(sheets, origin, options.sheet.as_deref())?;
            return Ok(Self { chosen, range: options.range, header_row: options.header_row });
        };
        let table = find_table(tables, name, origin)?;
        let top = table.area.top;
        let header_row = if table.header {
            options.header_row.or(Some(HeaderRows::Rows { first: top, last: top }))
        } else {
            Some(HeaderRows::None)
        };
        let chosen = choose(sheets, origin, Some(&table.sheet))?;
        Ok(Self { chosen, range: Some(table.area), header_row })
    }
}

/// The first rows of the part of a sheet that is read.
fn first_rows(book: &mut dyn Book, origin: &Origin, sheet: &str, extent: &Extent) -> Result<Rows> {
    let mut rows = first_chunk(book, origin, sheet, extent.after)?;
    rows.truncate(SAMPLE_ROWS);
    rows.crop(extent.bottom, extent.left, extent.right);
    Ok(rows)
}

/// The rows of a sheet behind row `after`, as far as they come in one chunk.
fn first_chunk(book: &mut dyn Book, origin: &Origin, sheet: &str, after: u32) -> Result<Rows> {
    let mut first = Rows::default();
    book.read(origin, sheet, after, &mut |chunk| {
        if let Chunk::Cells(rows) = chunk {
            first = rows;
        }
        ControlFlow::Break(())
    })?;
    Ok(first)
}

/// A copy of the rows that stand behind row `after`.
fn behind(rows: &Rows, after: u32) -> Rows {
    let mut behind = Rows::default();
    for row in rows.iter().filter(|row| row.at.row > after) {
        behind.push_row(&row);
    }
    behind
}

/// How many rows of people a workbook had when it was checked, and below which row, where our summary in it says so.
fn rows_had(
    book: &mut dyn Book,
    origin: &Origin,
    sheets: &[SheetName],
) -> Result<Option<(u64, u32)>> {
    if !sheets.iter().any(|sheet| sheet.name == returned::SUMMARY) {
        return Ok(None);
    }
    Ok(ours::rows_had(&first_chunk(book, origin, returned::SUMMARY, 0)?))
}

/// The table that the workbook itself calls by a name.
fn find_table<'a>(tables: &'a [Table], name: &str, origin: &Origin) -> Result<&'a Table> {
    let found = tables.iter().find(|table| table.name.eq_ignore_ascii_case(name));
    found.ok_or_else(|| {
        let names: Vec<String> =
            tables.iter().map(|t| format!("{:?} on {:?}", t.name, t.sheet)).collect();
        let help = if names.is_empty() {
            "the workbook calls nothing a table; give --table a number, or --range its corners"
                .to_owned()
        } else {
            format!("its tables are {}", names.join(", "))
        };
        Error::usage(format!("{:?} has no table {name:?}", origin.path), help)
    })
}

/// What is to be said of hidden sheets.
fn about_sheets(sheets: &[SheetName], read: &str) -> Vec<Finding> {
    let note =
        |message: String| Finding::new(&finding::SHEETS_HIDDEN, Location::default(), message);
    let mut notes = Vec::new();
    if sheets.iter().any(|sheet| sheet.name == read && sheet.hidden) {
        notes.push(note(format!("the sheet {read:?} is hidden in the workbook; it is read")));
    }
    let ours = [example::LISTS, returned::SUMMARY];
    let says_nothing =
        |sheet: &SheetName| sheet.name == read || ours.contains(&sheet.name.as_str());
    let hidden = sheets.iter().filter(|sheet| sheet.hidden && !says_nothing(sheet));
    let names: Vec<String> = hidden.map(|sheet| format!("{:?}", sheet.name)).collect();
    if let [name] = names.as_slice() {
        let message = format!("the sheet {name} is hidden and not read");
        notes.push(note(message).help("if the people stand on it, name it with --sheet"));
    } else if !names.is_empty() {
        let message = format!("the sheets {} are hidden and not read", names.join(", "));
        notes.push(note(message).help("if the people stand on one of them, name it with --sheet"));
    }
    notes
}

/// The sheet that is read, why, and the sheets that are not.
struct Chosen {
    sheet: String,
    sheet_why: (&'static str, Confidence),
    other_sheets: Vec<(String, bool)>,
}

/// The sheet that was asked for, or the first visible one; and the others.
fn choose(sheets: &[SheetName], origin: &Origin, wanted: Option<&str>) -> Result<Chosen> {
    let found = match wanted {
        // What we said of an earlier check is no table of people.
        None => sheets
            .iter()
            .find(|sheet| !sheet.hidden && sheet.name != returned::SUMMARY)
            .or_else(|| sheets.iter().find(|sheet| sheet.name != returned::SUMMARY))
            .or(sheets.first()),
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
            let others = sheets
                .iter()
                .filter(|other| other.name != found.name && other.name != returned::SUMMARY);
            let others: Vec<(String, bool)> =
                others.map(|other| (other.name.clone(), other.hidden)).collect();
            let why = match (wanted, found.hidden) {
                (Some(_), _) => ("named by --sheet", Confidence::Said),
                (None, true) => ("no sheet is visible; it is the first", Confidence::Likely),
                (None, false) if others.is_empty() => ("the only sheet", Confidence::Certain),
                (None, false) => ("the first visible sheet", Confidence::Likely),
            };
            Ok(Chosen { sheet: found.name.clone(), sheet_why: why, other_sheets: others })
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
    /// The last row that is not read.
    after: u32,
    layout: Layout,
    hidden: Hidden,
    width: usize,
}

impl Source for BookSource {
    fn read(&mut self, emit: &mut Emit<'_>) -> Result<()> {
        let mut treatment = Treatment::new(&self.layout, self.hidden, self.after, self.width);
        let mut failed = None;
        let mut treat = |chunk| match treatment.treat(chunk) {
            Ok(chunk) => emit(chunk),
            Err(why) => {
                failed = Some(why);
                ControlFlow::Break(())
            }
        };
        self.book.read(&self.origin, &self.sheet, self.after, &mut treat)?;
        failed.map_or(Ok(()), |why| Err(unreadable(&self.origin.path, why)))
    }
}

/// Rows of cells on their way into chunks of bounded size.
struct Chunks<'a, 'b> {
    rows: Rows,
    emit: &'a mut Emit<'b>,
}

impl<'a, 'b> Chunks<'a, 'b> {
    /// Nothing yet.
    fn new(emit: &'a mut Emit<'b>) -> Self {
        Self { rows: Self::room(), emit }
    }

    fn room() -> Rows {
        Rows::with_capacity(CHUNK + CHUNK / 8)
    }

    /// The rows of the chunk that is being filled.
    fn rows(&mut self) -> &mut Rows {
        &mut self.rows
    }

    /// Ends the row being built; hands the chunk on when it is full.
    fn end_row(&mut self, at: Location) -> ControlFlow<()> {
        self.rows.end_row(at);
        if self.rows.bytes() < CHUNK && self.rows.cells() < CELLS && self.rows.len() < ROWS {
            return ControlFlow::Continue(());
        }
        (self.emit)(Chunk::Cells(std::mem::replace(&mut self.rows, Self::room())))
    }

    /// Hands on what is left.
    fn end(self) {
        if !self.rows.is_empty() {
            // Whether the taker wants more does not matter any more.
            let _ = (self.emit)(Chunk::Cells(self.rows));
        }
    }
}
