//! Workbooks of Excel 5 to 2003, `.xls`: the records of the workbook stream, BIFF5 and BIFF8
//! ([MS-XLS]), read without trusting a length in them.
//!
//! The stream is held in memory, within a bound, and so are its strings; cells are not. The library
//! that reads other workbooks would hold every cell of every sheet, makes room by the counts that the
//! file claims, and panics on some damaged files.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Read as _;
use std::ops::Range;

use super::cells::{self, Grid, Shown, Step};
use super::guard::ABSURD;
use super::inflate::TooMuch;
use super::kind::Kind;
use super::letters::{Letters, code_page};
use super::limits::Limits;
use super::records::{Pieces, Record, Records, u16_at, u32_at};
use super::strings::Strings;
use super::{Book, Layout, SheetName, Table};
use super::{Emit, Format, Input, Options, Origin, ole, too_much, unreadable};
use crate::error::{Error, Result};
use crate::row::{Area, Mark, Rows};

/// Workbooks of Excel 5 to 2003, `.xls`.
pub(in crate::reader) struct Xls;

impl Format for Xls {
    fn id(&self) -> &'static str {
        "xls"
    }

    fn reads(&self, kind: Kind) -> bool {
        kind == Kind::Xls
    }

    fn open(&self, origin: Origin, options: &Options) -> Result<Input> {
        let stream = stream(&origin, &options.limits)?;
        let book = XlsBook::new(stream, &origin, options.limits)?;
        super::open(Box::new(book), self.id(), origin, options)
    }
}

/// The workbook stream of a container, or a file that is one.
fn stream(origin: &Origin, limits: &Limits) -> Result<Vec<u8>> {
    let mut file = File::open(origin.file()).map_err(|source| origin.io(source))?;
    let length = file.metadata().map_err(|source| origin.io(source))?.len();
    if length > limits.held() {
        let most = limits.held_mib;
        let why = format!(
            "it is an old .xls workbook of more than {most} MiB, which would be held in memory whole"
        );
        return Err(too_much(origin, &TooMuch { why, setting: "held_mib" }));
    }
    let mut magic = [0; 8];
    file.read_exact(&mut magic).map_err(|source| origin.io(source))?;
    if magic != ole::MAGIC {
        return std::fs::read(origin.file()).map_err(|source| origin.io(source));
    }
    let file = File::open(origin.file()).map_err(|source| origin.io(source))?;
    let broken = |why| unreadable(&origin.path, why);
    let mut container = ole::Container::open(file).map_err(broken)?;
    // A workbook for both Excel 5 and 97 holds both streams.
    let name = if container.size("Workbook").is_some() { "Workbook" } else { "Book" };
    container.stream(name).map_err(broken)
}

#[derive(Clone, Debug)]
struct SheetAt {
    name: SheetName,
    /// Where its records begin in the stream.
    start: usize,
}

struct XlsBook {
    stream: Vec<u8>,
    sheets: Vec<SheetAt>,
    strings: Strings,
    /// What the format of each cell style makes of a number.
    formats: Vec<Shown>,
    is_1904: bool,
    letters: Letters,
    limits: Limits,
}

/// The records with which a part of the stream begins and ends.
const BOF: u16 = 0x0809;
const EOF: u16 = 0x000a;

/// A cell that waits for its turn: where it stands, and where its record lies in the stream.
type Place = (u16, u16, u32);

impl XlsBook {
    /// Reads the records that are about the whole workbook.
    fn new(stream: Vec<u8>, origin: &Origin, limits: Limits) -> Result<Self> {
        let mut book = Self {
            sheets: Vec::new(),
            strings: Strings::default(),
            formats: Vec::new(),
            is_1904: false,
            letters: Letters::Unicode,
            limits,
            stream: Vec::new(),
        };
        let mut codes: BTreeMap<u16, Shown> = BTreeMap::new();
        let mut styles: Vec<u16> = Vec::new();
        let mut any = false;
        for record in Records::new(&stream, 0) {
            let data = record.data;
            match record.kind {
                // FilePass
                0x002f => {
                    return Err(Error::InputFormat {
                        path: origin.path.clone(),
                        why: "it is protected by a password".to_owned(),
                        help: "open it, save a copy without the password, and give that copy"
                            .to_owned(),
                    });
                }
                BOF if !any => {
                    any = true;
                    if u16_at(data, 0) != 0x0600 {
                        book.letters = Letters::Page(encoding_rs::WINDOWS_1252);
                    }
                }
                // CodePage
                0x0042 if !matches!(book.letters, Letters::Unicode) => {
                    book.letters = code_page(u16_at(data, 0)).map_or(Letters::Ascii, Letters::Page);
                }
                0x0022 => book.is_1904 = u16_at(data, 0) == 1,
                // Format
                0x041e => {
                    let wide = matches!(book.letters, Letters::Unicode);
                    let code = book.letters.short(data, 2, wide);
                    codes.insert(u16_at(data, 0), Shown::by_code(&code));
                }
                // XF
                0x00e0 => styles.push(u16_at(data, 2)),
                // BoundSheet
                0x0085 if data.get(5) == Some(&0) => {
                    book.sheets.push(SheetAt {
                        name: SheetName {
                            name: book.letters.short(data, 6, false).replace('\0', ""),
                            hidden: data.get(4).is_some_and(|state| *state & 3 != 0),
                        },
                        start: u32_at(data, 0) as usize,
                    });
                    if book.sheets.len() as u64 > limits.members {
                        let why = format!("it has more than {} sheets", limits.members);
                        return Err(too_much(origin, &TooMuch { why, setting: "members" }));
                    }
                }
                // SST
                0x00fc => {
                    book.strings =
                        strings(&record, &limits).map_err(|much| too_much(origin, &much))?;
                }
                EOF => break,
                _ => {}
            }
        }
        if !any {
            return Err(unreadable(&origin.path, "its workbook stream is damaged"));
        }
        book.formats = styles
            .iter()
            .map(|id| codes.get(id).cloned().unwrap_or_else(|| Shown::built_in(*id)))
            .collect();
        book.stream = stream;
        book.find_starts();
        Ok(book)
    }

    /// Some writers point into a sheet instead of at its beginning: it begins where the records do in which
    /// that place lies. Where that cannot be told, or another sheet begins there too, it has no beginning, and
    /// is refused when it is read. Sheets that are pointed at as they should be keep what they have.
    fn find_starts(&mut self) {
        let begins = |at: usize| Records::new(&self.stream, at).next().map(|one| one.kind);
        let is_known = |sheet: &SheetAt| begins(sheet.start) == Some(BOF);
        let known: Vec<bool> = self.sheets.iter().map(is_known).collect();
        if known.iter().all(|known| *known) {
            return;
        }
        let right = self.sheets.iter().zip(&known).filter(|(_, known)| **known);
        let right: BTreeSet<usize> = right.map(|(sheet, _)| sheet.start).collect();
        let parts = self.parts(&right);
        let mut claims: BTreeMap<usize, usize> = right.iter().map(|&start| (start, 1)).collect();
        for (sheet, _) in self.sheets.iter_mut().zip(&known).filter(|(_, known)| !**known) {
            let before = parts.partition_point(|part| part.start <= sheet.start);
            let part = before.checked_sub(1).and_then(|last| parts.get(last));
            let part = part.filter(|part| part.contains(&sheet.start));
            sheet.start = part.map_or(usize::MAX, |part| part.start);
            *claims.entry(sheet.start).or_default() += 1;
        }
        let is_shared = |start: usize| claims.get(&start).is_some_and(|claims| *claims > 1);
        for (sheet, known) in self.sheets.iter_mut().zip(known) {
            if !known && is_shared(sheet.start) {
                sheet.start = usize::MAX;
            }
        }
    }

    /// The parts of the stream that sheets are, from their first record up to the last; some sheets begin where
    /// they are known to. One whose last record is missing ends where the next one begins.
    fn parts(&self, known: &BTreeSet<usize>) -> Vec<Range<usize>> {
        let (mut parts, mut open, mut depth) = (Vec::new(), None, 0);
        let mut end = |open: &mut Option<usize>, at: usize| {
            parts.extend(open.take().map(|from: usize| from..at));
        };
        for record in Records::new(&self.stream, 0) {
            let begins = record.kind == BOF;
            // Charts lie within a sheet, and nothing else does.
            let is_chart = begins && u16_at(record.data, 2) == 0x0020;
            if begins && depth > 0 && is_chart && !known.contains(&record.start) {
                depth += 1;
            } else if begins {
                end(&mut open, record.start);
                // What is about the whole workbook is no sheet.
                let is_sheet = u16_at(record.data, 2) != 0x0005;
                (open, depth) = (is_sheet.then_some(record.start), 1);
            } else if record.kind == EOF && depth > 0 {
                depth -= 1;
                if depth == 0 {
                    end(&mut open, record.start);
                }
            }
        }
        end(&mut open, self.stream.len());
        parts
    }

    /// Where the records of a sheet begin.
    fn start(&self, sheet: &str) -> usize {
        let found = self.sheets.iter().find(|found| found.name.name == sheet);
        found.map_or(usize::MAX, |found| found.start)
    }

    /// What a sheet says beside its cells ([MS-XLS], `Row`, `ColInfo`, `MergeCells`).
    fn survey(&self, start: usize) -> Result<Layout, &'static str> {
        let mut layout = Layout::default();
        let (mut hidden, mut filled) = (BTreeSet::new(), BTreeSet::new());
        let mut depth = 0;
        for record in Records::new(&self.stream, start) {
            let data = record.data;
            let row = u32::from(u16_at(data, 0)) + 1;
            match record.kind {
                BOF => depth += 1,
                EOF if depth <= 1 => break,
                EOF => depth -= 1,
                _ if depth != 1 => {}
                // Row, with fDyZero
                0x0208 if u16_at(data, 12) & 0x20 != 0 => {
                    hidden.insert(row);
                }
                0x0203 | 0x027e | 0x00bd | 0x00fd | 0x0204 | 0x00d6 | 0x0205 | 0x0006 => {
                    filled.insert(row);
                }
                // ColInfo, with fHidden
                0x007d if u16_at(data, 8) & 1 == 1 => {
                    let (first, last) = (u16_at(data, 0), u16_at(data, 2));
                    layout.hidden_columns.push((u32::from(first), u32::from(last)));
                }
                // MergeCells
                0x00e5 => {
                    let areas = data.get(2..).unwrap_or_default().chunks_exact(8);
                    for area in areas.take(usize::from(u16_at(data, 0))) {
                        let side = |at: usize| u32::from(u16_at(area, at));
                        layout.merged.push(Area {
                            top: side(0) + 1,
                            left: side(4),
                            bottom: side(2) + 1,
                            right: side(6),
                        });
                    }
                }
                _ => {}
            }
            if layout.is_absurd() {
                return Err(ABSURD);
            }
        }
        layout.merged.retain(|area| area.top <= area.bottom && area.left <= area.right);
        hidden.intersection(&filled).for_each(|row| layout.hide_row(*row));
        Ok(layout)
    }

    /// Where the cells of a sheet are, in the order in which a person reads them.
    fn places(&self, origin: &Origin, start: usize) -> Result<Vec<Place>> {
        let mut places: Vec<Place> = Vec::new();
        let mut depth = 0;
        for record in Records::new(&self.stream, start) {
            match record.kind {
                // Charts lie within the sheet, as streams of their own.
                BOF => depth += 1,
                EOF if depth <= 1 => {
                    // A later record for the same cell is the one that counts.
                    places.sort_by_key(|&(row, column, _)| (row, column));
                    return Ok(places);
                }
                EOF => depth -= 1,
                0x0203 | 0x027e | 0x00bd | 0x00fd | 0x0204 | 0x00d6 | 0x0205 | 0x0006
                    if depth == 1 =>
                {
                    let at = u32::try_from(record.start).unwrap_or(u32::MAX);
                    places.push((u16_at(record.data, 0), u16_at(record.data, 2), at));
                }
                _ => {}
            }
        }
        Err(unreadable(&origin.path, "its sheet is cut off"))
    }

    /// Appends the cell of a record; several for a record of numbers.
    fn cells(
        &self,
        record: &Record<'_>,
        next: Option<Record<'_>>,
        mut step: impl FnMut(u32, &mut dyn FnMut(&mut Rows)) -> Result<bool>,
    ) -> Result<bool> {
        let data = record.data;
        let column = u32::from(u16_at(data, 2));
        let number = |rows: &mut Rows, number: f64, style: u16| {
            let shown = self.formats.get(usize::from(style)).unwrap_or(&Shown::Number);
            cells::push_number(rows, number, shown, self.is_1904);
        };
        let style = u16_at(data, 4);
        match record.kind {
            // MulRk: numbers side by side, each with its style.
            0x00bd => {
                let pairs = data.get(4..data.len().saturating_sub(2)).unwrap_or_default();
                for (column, pair) in (column..).zip(pairs.chunks_exact(6)) {
                    let push = &mut |rows: &mut Rows| {
                        number(rows, cells::rk(u32_at(pair, 2)), u16_at(pair, 0));
                    };
                    if !step(column, push)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            0x0203 => step(column, &mut |rows| number(rows, f64_at(data, 6), style)),
            0x027e => step(column, &mut |rows| number(rows, cells::rk(u32_at(data, 6)), style)),
            // LabelSst
            0x00fd => match self.strings.get(u32_at(data, 6)) {
                Some("") => Ok(true),
                text => {
                    step(column, &mut |rows| cells::push_text(rows, text.unwrap_or("\u{fffd}")))
                }
            },
            // Label, RString
            0x0204 | 0x00d6 => self.text(&mut record.pieces(6), &mut step, column),
            // BoolErr
            0x0205 => {
                let value = data.get(6).copied().unwrap_or(0);
                let is_error = data.get(7) == Some(&1);
                step(column, &mut |rows| {
                    if is_error {
                        cells::push_error(rows, value);
                    } else {
                        cells::push_bool(rows, value != 0);
                    }
                })
            }
            // Formula: its result, or word of what kind the result is.
            _ => match (u16_at(data, 12), data.get(6), data.get(8).copied().unwrap_or(0)) {
                (0xffff, Some(0), _) => match next {
                    Some(next) => self.text(&mut next.pieces(0), &mut step, column),
                    None => Ok(true),
                },
                (0xffff, Some(1), value) => {
                    step(column, &mut |rows| cells::push_bool(rows, value != 0))
                }
                (0xffff, Some(2), value) => {
                    step(column, &mut |rows| cells::push_error(rows, value))
                }
                (0xffff, ..) => Ok(true),
                _ => step(column, &mut |rows| number(rows, f64_at(data, 6), style)),
            },
        }
    }

    /// Appends a string that stands in its record itself.
    fn text(
        &self,
        pieces: &mut Pieces<'_>,
        step: &mut impl FnMut(u32, &mut dyn FnMut(&mut Rows)) -> Result<bool>,
        column: u32,
    ) -> Result<bool> {
        let letters = pieces.u16();
        let mut text = String::new();
        match self.letters {
            Letters::Unicode => {
                let wide = pieces.u8() & 1 == 1;
                pieces.text(usize::from(letters), wide, &mut text);
            }
            _ => text = self.letters.decode(pieces.rest(usize::from(letters))),
        }
        if text.is_empty() {
            return Ok(true);
        }
        step(column, &mut |rows| cells::push_text(rows, &text))
    }
}

impl Book for XlsBook {
    fn dates_1904(&self) -> Option<bool> {
        Some(self.is_1904)
    }

    fn sheets(&self) -> Vec<SheetName> {
        self.sheets.iter().map(|sheet| sheet.name.clone()).collect()
    }

    fn layout(&mut self, origin: &Origin, sheet: &str) -> Result<Layout> {
        self.survey(self.start(sheet)).map_err(|why| unreadable(&origin.path, why))
    }

    fn tables(&mut self, _: &Origin) -> Result<Vec<Table>> {
        // Lists of Excel 2003 are of no use beside the header that every one of them has.
        Ok(Vec::new())
    }

    fn read(
        &mut self,
        origin: &Origin,
        sheet: &str,
        after: u32,
        emit: &mut Emit<'_>,
    ) -> Result<()> {
        let places = self.places(origin, self.start(sheet))?;
        let mut grid = Grid::new(origin, after, &self.limits, emit);
        let mut waiting = places.iter().peekable();
        while let Some(&(row, column, at)) = waiting.next() {
            if waiting.peek().is_some_and(|&&(r, c, _)| (r, c) == (row, column)) {
                continue;
            }
            let row = u32::from(row) + 1;
            let mut records = Records::new(&self.stream, at as usize);
            let Some(record) = records.next() else { continue };
            // The string of a formula follows it, perhaps behind a formula that it shares.
            let next = records
                .take_while(|next| matches!(next.kind, 0x0207 | 0x04bc | 0x0221 | 0x0236))
                .find(|next| next.kind == 0x0207)
                .filter(|_| record.kind == 0x0006);
            let going = self.cells(&record, next, |column, push| {
                Ok(match grid.step(row, column)? {
                    Step::Cell(rows) => {
                        push(rows);
                        if record.kind == 0x0006 {
                            rows.mark_last(Mark::Formula);
                        }
                        true
                    }
                    Step::Before => true,
                    Step::Enough => false,
                })
            })?;
            if !going {
                return Ok(());
            }
        }
        grid.end();
        Ok(())
    }
}

fn f64_at(bytes: &[u8], at: usize) -> f64 {
    let eight = bytes.get(at..at + 8).and_then(|eight| eight.try_into().ok());
    eight.map_or(0.0, f64::from_le_bytes)
}

/// The table of strings ([MS-XLS] 2.4.265).
fn strings(record: &Record<'_>, limits: &Limits) -> Result<Strings, TooMuch> {
    let mut pieces = record.pieces(8);
    let mut strings = Strings::default();
    while !pieces.is_empty() {
        let letters = usize::from(pieces.u16());
        let flags = pieces.u8();
        let runs = if flags & 8 == 8 { usize::from(pieces.u16()) } else { 0 };
        let extension = if flags & 4 == 4 { pieces.u32() as usize } else { 0 };
        pieces.text(letters, flags & 1 == 1, strings.open());
        pieces.skip(runs * 4);
        pieces.skip(extension);
        strings.end();
        strings.check(limits)?;
    }
    Ok(strings)
}
