//! Office Open XML workbooks of binary parts, `.xlsb`: records one behind the other in the members
//! of a zip archive ([MS-XLSB]), read as they come.
//!
//! Only the table of strings is held in memory, within a bound. Records that say nothing of cells are
//! passed over without being held.

use std::collections::BTreeMap;
use std::io::{BufReader, Read};

use quick_xml::Reader;
use quick_xml::events::Event;

use super::archive::{self, Archive};
use super::cells::{self, Grid, Shown, Step};
use super::guard::ABSURD;
use super::inflate::{Measured, TooMuch};
use super::kind::Kind;
use super::limits::Limits;
use super::records::{u16_at, u32_at};
use super::strings::Strings;
use super::{Book, Layout, SheetName, Table};
use super::{Emit, Format, Input, Options, Origin, too_much, unreadable};
use crate::error::{Error, Result};
use crate::row::{Area, Mark, Rows};

/// Office Open XML workbooks of binary parts.
pub(in crate::reader) struct Xlsb;

const WORKBOOK: &str = "xl/workbook.bin";
const RELATIONS: &str = "xl/_rels/workbook.bin.rels";

impl Format for Xlsb {
    fn id(&self) -> &'static str {
        "xlsb"
    }

    fn reads(&self, kind: Kind) -> bool {
        kind == Kind::Xlsb
    }

    fn open(&self, origin: Origin, options: &Options) -> Result<Input> {
        let limits = options.limits;
        let damaged = || unreadable(&origin.path, "its archive is damaged or cut off");
        let archive = archive::open(&origin, &limits)?.ok_or_else(damaged)?;
        let mut book = XlsbBook {
            archive,
            sheets: Vec::new(),
            strings: Strings::default(),
            formats: Vec::new(),
            is_1904: false,
            limits,
        };
        let parts = book.relations(&origin)?;
        book.workbook(&origin, &parts)?;
        let beside = |kind: &str| parts.iter().find(|part| part.kind.ends_with(kind));
        if let Some(part) = beside("/styles") {
            book.styles(&origin, &part.name)?;
        }
        if let Some(part) = beside("/sharedStrings") {
            book.shared_strings(&origin, &part.name)?;
        }
        super::open(Box::new(book), self.id(), origin, options)
    }
}

/// A part of the workbook, as the list of relations names it.
struct Related {
    id: String,
    kind: String,
    name: String,
}

struct XlsbBook {
    archive: Archive,
    /// The sheets, each with its part.
    sheets: Vec<(SheetName, String)>,
    strings: Strings,
    formats: Vec<Shown>,
    is_1904: bool,
    limits: Limits,
}

/// The records of a part.
struct Parts<'a, R> {
    from: R,
    origin: &'a Origin,
    part: &'a str,
    limits: Limits,
    records: u64,
    kind: u16,
    data: Vec<u8>,
}

impl<R: Read> Parts<'_, R> {
    fn trouble(&self, error: &std::io::Error) -> Error {
        match TooMuch::behind(error) {
            Some(much) => too_much(self.origin, much),
            None => self.damaged(),
        }
    }

    fn damaged(&self) -> Error {
        unreadable(&self.origin.path, format!("its part {} is damaged or cut off", self.part))
    }

    /// Seven bits of each byte, the lowest first, while the eighth is set.
    fn number(&mut self, most: u32) -> Result<Option<u32>> {
        let mut number = 0;
        for place in 0..most {
            let mut byte = [0];
            match self.from.read(&mut byte) {
                Ok(0) if place == 0 => return Ok(None),
                Ok(0) => return Err(self.damaged()),
                Ok(_) => {}
                Err(error) => return Err(self.trouble(&error)),
            }
            let [byte] = byte;
            number |= u32::from(byte & 0x7f) << (7 * place);
            if byte & 0x80 == 0 {
                break;
            }
        }
        Ok(Some(number))
    }

    /// Goes to the next record whose kind is wanted; false behind the last one.
    fn next(&mut self, wanted: impl Fn(u16) -> bool) -> Result<bool> {
        loop {
            let Some(kind) = self.number(2)? else { return Ok(false) };
            self.records += 1;
            if self.records > self.limits.elements {
                let most = self.limits.elements;
                let why = format!("its part {} has more than {most} records", self.part);
                return Err(too_much(self.origin, &TooMuch { why, setting: "elements" }));
            }
            self.kind = u16::try_from(kind).unwrap_or(u16::MAX);
            let Some(length) = self.number(4)? else { return Err(self.damaged()) };
            let length = u64::from(length);
            let mut body = (&mut self.from).take(length);
            let read = if wanted(self.kind) {
                if length > self.limits.cell_bytes {
                    let why = "one of its cells is longer than a spreadsheet allows".to_owned();
                    return Err(too_much(self.origin, &TooMuch { why, setting: "cell_bytes" }));
                }
                self.data.clear();
                body.read_to_end(&mut self.data).map(|read| read as u64)
            } else {
                std::io::copy(&mut body, &mut std::io::sink())
            };
            match read {
                Ok(read) if read < length => return Err(self.damaged()),
                Ok(_) if wanted(self.kind) => return Ok(true),
                Ok(_) => {}
                Err(error) => return Err(self.trouble(&error)),
            }
        }
    }

    /// The string at a place: its length in four bytes, then UTF-16. Gives back what lies behind it.
    fn string(&self, at: usize) -> Result<(String, usize)> {
        let length = u32_at(&self.data, at);
        // What is missing here has no string.
        if length == u32::MAX {
            return Ok((String::new(), at + 4));
        }
        let start = at + 4;
        let end = (length as usize).checked_mul(2).and_then(|bytes| start.checked_add(bytes));
        let bytes = end.and_then(|end| self.data.get(start..end)).ok_or_else(|| self.damaged())?;
        let units = bytes.chunks_exact(2).map(|two| u16_at(two, 0));
        let text = char::decode_utf16(units).map(|unit| unit.unwrap_or('\u{fffd}')).collect();
        Ok((text, start + bytes.len()))
    }
}

impl XlsbBook {
    fn part<'a>(
        &'a mut self,
        origin: &'a Origin,
        part: &'a str,
    ) -> Result<Parts<'a, impl Read + use<'a>>> {
        let limits = self.limits;
        // Some programs write other cases and backslashes.
        let plain = |name: &str| name.replace('\\', "/").to_lowercase();
        let found = (0..self.archive.len()).find(|&index| {
            let name = self.archive.name_for_index(index).and_then(Result::ok);
            name.is_some_and(|name| plain(&name) == plain(part))
        });
        let Some(index) = found else {
            let why = format!("its part {part} is missing, which every workbook of its kind has");
            return Err(unreadable(&origin.path, why));
        };
        let member = self.archive.by_index(index).map_err(|error| {
            unreadable(&origin.path, format!("its part {part} {}", archive::trouble(&error)))
        })?;
        let from = BufReader::with_capacity(
            64 * 1024,
            Measured::new(member, limits.unpacked(), "unpacked_mib"),
        );
        Ok(Parts { from, origin, part, limits, records: 0, kind: 0, data: Vec::new() })
    }

    /// The parts of the workbook.
    fn relations(&mut self, origin: &Origin) -> Result<Vec<Related>> {
        let mut xml = String::new();
        let mut part = self.part(origin, RELATIONS)?;
        // A line for each part, of which there are no more than sheets and a few.
        if let Err(error) = (&mut part.from).take(1 << 20).read_to_string(&mut xml) {
            return Err(part.trouble(&error));
        }
        let damaged = part.damaged();
        let mut reader = Reader::from_str(&xml);
        let mut related = Vec::new();
        loop {
            let tag = match reader.read_event() {
                Ok(Event::Start(tag) | Event::Empty(tag)) => tag,
                Ok(Event::Eof) => return Ok(related),
                Ok(_) => continue,
                Err(_) => return Err(damaged),
            };
            let attribute = |name: &str| {
                let value = tag.try_get_attribute(name).ok().flatten()?.value;
                quick_xml::escape::unescape(&value).ok().map(std::borrow::Cow::into_owned)
            };
            if let (Some(id), Some(kind), Some(target)) =
                (attribute("Id"), attribute("Type"), attribute("Target"))
            {
                let name = match target.strip_prefix('/') {
                    Some(whole) => whole.to_owned(),
                    None => format!("xl/{target}"),
                };
                related.push(Related { id, kind, name });
            }
        }
    }

    fn workbook(&mut self, origin: &Origin, parts: &[Related]) -> Result<()> {
        let limits = self.limits;
        let mut sheets = Vec::new();
        let mut is_1904 = false;
        let mut records = self.part(origin, WORKBOOK)?;
        // WbProp, BundleSh
        while records.next(|kind| matches!(kind, 0x99 | 0x9c))? {
            if records.kind == 0x99 {
                is_1904 = u32_at(&records.data, 0) & 1 == 1;
                continue;
            }
            let hidden = u32_at(&records.data, 0) != 0;
            let (id, behind) = records.string(8)?;
            let (name, _) = records.string(behind)?;
            let part = parts.iter().find(|part| part.id == id);
            if let Some(part) = part.filter(|part| part.kind.ends_with("/worksheet")) {
                sheets.push((SheetName { name, hidden }, part.name.clone()));
                if sheets.len() as u64 > limits.members {
                    let why = format!("it has more than {} sheets", limits.members);
                    return Err(too_much(origin, &TooMuch { why, setting: "members" }));
                }
            }
        }
        drop(records);
        (self.sheets, self.is_1904) = (sheets, is_1904);
        Ok(())
    }

    fn styles(&mut self, origin: &Origin, part: &str) -> Result<()> {
        let mut codes: BTreeMap<u16, Shown> = BTreeMap::new();
        let mut formats = Vec::new();
        let mut of_cells = false;
        let mut records = self.part(origin, part)?;
        // Fmt, XF, and the beginning and end of the list of cell styles
        while records.next(|kind| matches!(kind, 0x2c | 0x2f | 0x269 | 0x26a))? {
            match records.kind {
                0x2c => {
                    let code = records.string(2)?.0;
                    codes.insert(u16_at(&records.data, 0), Shown::by_code(&code));
                }
                0x2f if of_cells => {
                    let id = u16_at(&records.data, 2);
                    let own = codes.get(&id).cloned();
                    formats.push(own.unwrap_or_else(|| Shown::built_in(id)));
                }
                kind => of_cells = kind == 0x269,
            }
        }
        drop(records);
        self.formats = formats;
        Ok(())
    }

    /// What a sheet says beside its cells ([MS-XLSB], `BrtRowHdr`, `BrtColInfo`, `BrtMergeCell`).
    fn survey(&mut self, origin: &Origin, part: &str) -> Result<Layout> {
        let mut layout = Layout::default();
        let mut records = self.part(origin, part)?;
        let mut row = 1;
        // Whether the row is hidden and has not shown yet that it holds something.
        let mut empty_hidden = false;
        // RowHdr, ColInfo, MergeCell, and cells that are not blank; of these only the kind counts.
        let wanted = |kind| matches!(kind, 0..=0x12 | 0x3c | 0x3e | 0xb0);
        while records.next(wanted)? {
            let data = &records.data;
            match records.kind {
                0x00 => {
                    row = u32_at(data, 0).saturating_add(1);
                    empty_hidden = data.get(11).is_some_and(|flags| flags & 0x10 != 0);
                }
                0x3c if u16_at(data, 16) & 1 == 1 => {
                    layout.hidden_columns.push((u32_at(data, 0), u32_at(data, 4)));
                }
                0x01 | 0x0c | 0x3c => {}
                0xb0 => layout.merged.push(Area {
                    top: u32_at(data, 0).saturating_add(1),
                    left: u32_at(data, 8),
                    bottom: u32_at(data, 4).saturating_add(1),
                    right: u32_at(data, 12),
                }),
                _ if std::mem::take(&mut empty_hidden) => layout.hide_row(row),
                _ => {}
            }
            if layout.is_absurd() {
                return Err(unreadable(&origin.path, ABSURD));
            }
        }
        layout.merged.retain(|area| area.top <= area.bottom && area.left <= area.right);
        layout.hidden_rows.sort_unstable();
        Ok(layout)
    }

    fn shared_strings(&mut self, origin: &Origin, part: &str) -> Result<()> {
        let limits = self.limits;
        let mut strings = Strings::default();
        let mut records = self.part(origin, part)?;
        // SSTItem
        while records.next(|kind| kind == 0x13)? {
            strings.push(&records.string(1)?.0);
            strings.check(&limits).map_err(|much| too_much(origin, &much))?;
        }
        drop(records);
        self.strings = strings;
        Ok(())
    }
}

impl Book for XlsbBook {
    fn dates_1904(&self) -> Option<bool> {
        Some(self.is_1904)
    }

    fn sheets(&self) -> Vec<SheetName> {
        self.sheets.iter().map(|(name, _)| name.clone()).collect()
    }

    fn layout(&mut self, origin: &Origin, sheet: &str) -> Result<Layout> {
        let found = self.sheets.iter().find(|(name, _)| name.name == sheet);
        match found.map(|(_, part)| part.clone()) {
            Some(part) => self.survey(origin, &part),
            None => Ok(Layout::default()),
        }
    }

    fn tables(&mut self, _: &Origin) -> Result<Vec<Table>> {
        // They lie in parts of their own, which are not read.
        Ok(Vec::new())
    }

    fn read(
        &mut self,
        origin: &Origin,
        sheet: &str,
        after: u32,
        emit: &mut Emit<'_>,
    ) -> Result<()> {
        let found = self.sheets.iter().find(|(name, _)| name.name == sheet);
        let Some(part) = found.map(|(_, part)| part.clone()) else { return Ok(()) };
        let limits = self.limits;
        let strings = std::mem::take(&mut self.strings);
        let formats = std::mem::take(&mut self.formats);
        let is_1904 = self.is_1904;
        let result = self.part(origin, &part).and_then(|records| {
            let grid = Grid::new(origin, after, &limits, emit);
            Sheet { records, strings: &strings, formats: &formats, is_1904, grid }.read()
        });
        (self.strings, self.formats) = (strings, formats);
        result
    }
}

/// A sheet that is being read.
struct Sheet<'a, 'b, R> {
    records: Parts<'a, R>,
    strings: &'a Strings,
    formats: &'a [Shown],
    is_1904: bool,
    grid: Grid<'a, 'b>,
}

impl<R: Read> Sheet<'_, '_, R> {
    fn read(mut self) -> Result<()> {
        // Rows, the end of the cells, and every kind of cell: with its column, or in a short form
        // behind the one before.
        const WANTED: [u16; 21] = [
            0x00, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e,
            0x0f, 0x10, 0x11, 0x12, 0x01, 0x3e, 0x92,
        ];
        let (mut row, mut next) = (1, 0);
        while self.records.next(|kind| WANTED.contains(&kind))? {
            let data = &self.records.data;
            match self.records.kind {
                0x00 => (row, next) = (u32_at(data, 0).saturating_add(1), 0),
                0x92 => {
                    self.grid.end();
                    return Ok(());
                }
                kind => {
                    let short = matches!(kind, 0x0c..=0x12);
                    let column = if short { next } else { u32_at(data, 0) };
                    next = column.saturating_add(1);
                    let kind = if short { kind - 0x0b } else { kind };
                    if !self.cell(kind, if short { 0 } else { 4 }, row, column)? {
                        return Ok(());
                    }
                }
            }
        }
        Err(self.records.damaged())
    }

    /// Appends a cell whose style stands at a place of its record; false when the taker has enough.
    fn cell(&mut self, kind: u16, at: usize, row: u32, column: u32) -> Result<bool> {
        let data = &self.records.data;
        let value = at + 4;
        let byte = data.get(value).copied().unwrap_or(0);
        let style = (u32_at(data, at) & 0x00ff_ffff) as usize;
        let shown = self.formats.get(style).unwrap_or(&Shown::Number);
        let is_1904 = self.is_1904;
        let strings = self.strings;
        let text = match kind {
            0x06 | 0x08 => self.records.string(value)?.0,
            0x3e => self.records.string(value + 1)?.0,
            _ => String::new(),
        };
        let shared = strings.get(u32_at(data, value)).unwrap_or("\u{fffd}");
        let push: &mut dyn FnMut(&mut Rows) = match kind {
            // Blank
            0x01 => return Ok(true),
            0x02 => &mut |rows| {
                cells::push_number(rows, cells::rk(u32_at(data, value)), shown, is_1904);
            },
            0x03 | 0x0b => &mut |rows| cells::push_error(rows, byte),
            0x04 | 0x0a => &mut |rows| cells::push_bool(rows, byte != 0),
            0x05 | 0x09 => &mut |rows| {
                let bits =
                    u64::from(u32_at(data, value)) | u64::from(u32_at(data, value + 4)) << 32;
                cells::push_number(rows, f64::from_bits(bits), shown, is_1904);
            },
            0x07 if shared.is_empty() => return Ok(true),
            0x07 => &mut |rows| cells::push_text(rows, shared),
            _ if text.is_empty() => return Ok(true),
            _ => &mut |rows| cells::push_text(rows, &text),
        };
        Ok(match self.grid.step(row, column)? {
            Step::Cell(rows) => {
                push(rows);
                if matches!(kind, 0x08..=0x0b) {
                    rows.mark_last(Mark::Formula);
                }
                true
            }
            Step::Before => true,
            Step::Enough => false,
        })
    }
}
