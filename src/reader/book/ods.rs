//! Spreadsheets of the Open Document Format: the rows of a sheet as they come out of `content.xml`, with nothing
//! held in memory but the row that is being read.
//!
//! The library that reads other workbooks builds every sheet of an ODS in memory with all its
//! repeated cells, which is no way to read a file of strangers.

mod survey;

use std::io::{BufReader, Read as _};
use std::ops::ControlFlow;

use quick_xml::Reader;
use quick_xml::events::Event;
use quick_xml::events::attributes::Attributes;
use zip::read::ZipFile;

use super::archive::{self, Archive};
use super::cells::{self, Grid, LAST_COLUMN, Shown, Step};
use super::inflate::{Measured, TooMuch};
use super::kind::Kind;
use super::limits::Limits;
use super::odf::{Value, meaning};
use super::{Book, Layout, SheetName, Table};
use super::{Emit, Format, Input, Options, Origin, too_much, unreadable};
use crate::error::{Error, Result};
use crate::row::{CellKind, Mark};

/// Spreadsheets of the Open Document Format, `.ods`.
pub(in crate::reader) struct Ods;

/// Elements within elements; a spreadsheet has about ten.
const DEEPEST: usize = 256;
/// Bytes that are read ahead.
const AHEAD: usize = 64 * 1024;

impl Format for Ods {
    fn id(&self) -> &'static str {
        "ods"
    }

    fn reads(&self, kind: Kind) -> bool {
        kind == Kind::Ods
    }

    fn open(&self, origin: Origin, options: &Options) -> Result<Input> {
        let limits = options.limits;
        let damaged = || unreadable(&origin.path, "its archive is damaged or cut off");
        let mut archive = archive::open(&origin, &limits)?.ok_or_else(damaged)?;
        if is_encrypted(&mut archive) {
            return Err(Error::InputFormat {
                path: origin.path.clone(),
                why: "it is protected by a password".to_owned(),
                help: "open it, save a copy without the password, and give that copy".to_owned(),
            });
        }
        let sheets = Content::open(&mut archive, &origin, &limits)?.sheets()?;
        let book = OdsBook { archive, sheets, limits };
        super::open(Box::new(book), self.id(), origin, options)
    }
}

/// Whether a part of the file is encrypted; the manifest says so.
fn is_encrypted(archive: &mut Archive) -> bool {
    if archive.index_for_name("encrypted-package").is_some() {
        return true;
    }
    let mut manifest = Vec::new();
    if let Ok(member) = archive.by_name("META-INF/manifest.xml") {
        // A manifest that breaks off says no more.
        let _ = member.take(1 << 20).read_to_end(&mut manifest);
    }
    memchr::memmem::find(&manifest, b"encryption-data").is_some()
}

struct OdsBook {
    archive: Archive,
    sheets: Vec<SheetName>,
    limits: Limits,
}

impl Book for OdsBook {
    fn dates_1904(&self) -> Option<bool> {
        // Dates are written as dates; there is no count of days.
        Some(false)
    }

    fn sheets(&self) -> Vec<SheetName> {
        self.sheets.clone()
    }

    fn layout(&mut self, origin: &Origin, sheet: &str) -> Result<Layout> {
        let mut layout = Layout::default();
        let mut content = Content::open(&mut self.archive, origin, &self.limits)?;
        content.tables(&mut |content, found| {
            if found.name != sheet {
                return Ok(ControlFlow::Continue(()));
            }
            layout = content.survey()?;
            Ok(ControlFlow::Break(()))
        })?;
        Ok(layout)
    }

    fn tables(&mut self, _: &Origin) -> Result<Vec<Table>> {
        // Ranges of a database stand behind all sheets and are seldom what a person calls a table.
        Ok(Vec::new())
    }

    fn read(
        &mut self,
        origin: &Origin,
        sheet: &str,
        after: u32,
        emit: &mut Emit<'_>,
    ) -> Result<()> {
        let limits = self.limits;
        let mut content = Content::open(&mut self.archive, origin, &limits)?;
        content.tables(&mut |content, found| {
            if found.name != sheet {
                return Ok(ControlFlow::Continue(()));
            }
            content.table(Grid::new(origin, after, &limits, emit))?;
            Ok(ControlFlow::Break(()))
        })
    }
}

type Part<'a> = BufReader<Measured<ZipFile<'a, BufReader<std::fs::File>>>>;

/// `content.xml` on its way.
struct Content<'a> {
    xml: Reader<Part<'a>>,
    buffer: Vec<u8>,
    origin: &'a Origin,
    limits: &'a Limits,
    /// Elements that are open.
    depth: usize,
    /// The name of the element that began last, and its attributes as written.
    name: String,
    attributes: String,
    /// The text that came last.
    text: String,
    /// Whether the element that began last is empty, and ends next.
    empty: bool,
    /// Elements so far.
    elements: u64,
    /// Cells that were repeated so far.
    repeated: u64,
}

/// What comes next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Token {
    Start,
    End,
    Text,
}

/// A cell as it is written, before it is repeated.
struct Written {
    column: u32,
    repeated: u32,
    value: Value,
    formula: Option<Formula>,
}

/// What is known of the formula of a cell.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Formula {
    Stored,
    /// Without a result.
    Bare,
}

impl<'a> Content<'a> {
    fn open(archive: &'a mut Archive, origin: &'a Origin, limits: &'a Limits) -> Result<Self> {
        let member = archive.by_name("content.xml").map_err(|error| {
            unreadable(&origin.path, format!("its content {}", archive::trouble(&error)))
        })?;
        // The bytes that are read ahead count as well.
        let longest = limits.cell_bytes.saturating_add(2 * AHEAD as u64);
        let measured = Measured::new(member, limits.unpacked(), "unpacked_mib");
        let part = BufReader::with_capacity(AHEAD, measured.between_marks(longest));
        Ok(Self {
            xml: Reader::from_reader(part),
            buffer: Vec::new(),
            origin,
            limits,
            depth: 0,
            name: String::new(),
            attributes: String::new(),
            text: String::new(),
            empty: false,
            elements: 0,
            repeated: 0,
        })
    }

    fn damaged(&self, why: &str) -> Error {
        unreadable(&self.origin.path, format!("its content is damaged ({why})"))
    }

    fn much(&self, why: impl Into<String>, setting: &'static str) -> Error {
        too_much(self.origin, &TooMuch { why: why.into(), setting })
    }

    /// The next tag or text; nothing at the end of the file.
    fn next(&mut self) -> Result<Option<Token>> {
        if std::mem::take(&mut self.empty) {
            self.depth = self.depth.saturating_sub(1);
            return Ok(Some(Token::End));
        }
        loop {
            self.buffer.clear();
            let event = match self.xml.read_event_into(&mut self.buffer) {
                Ok(event) => event,
                Err(quick_xml::Error::Io(error)) => {
                    return Err(match TooMuch::behind(&error) {
                        Some(much) => too_much(self.origin, much),
                        None => unreadable(&self.origin.path, "its content is damaged or cut off"),
                    });
                }
                Err(error) => return Err(self.damaged(&error.to_string())),
            };
            self.empty = matches!(event, Event::Empty(_));
            let token = match event {
                Event::Start(tag) | Event::Empty(tag) => {
                    replace(&mut self.name, tag.name().as_ref());
                    replace(&mut self.attributes, tag.attributes_raw());
                    self.depth += 1;
                    self.elements += 1;
                    Token::Start
                }
                Event::End(_) => {
                    self.depth = self.depth.saturating_sub(1);
                    Token::End
                }
                Event::Text(text) => {
                    replace(&mut self.text, &text);
                    Token::Text
                }
                Event::CData(text) => {
                    replace(&mut self.text, &text);
                    Token::Text
                }
                Event::GeneralRef(name) => {
                    self.text.clear();
                    match name.resolve_char_ref() {
                        Ok(Some(c)) => self.text.push(c),
                        Ok(None) => match quick_xml::escape::resolve_xml_entity(&name) {
                            Some(text) => self.text.push_str(text),
                            None => return Err(self.damaged("it uses entities of its own")),
                        },
                        Err(error) => return Err(self.damaged(&error.to_string())),
                    }
                    Token::Text
                }
                Event::Eof if self.depth > 0 => return Err(self.damaged("it is cut off")),
                Event::Eof => return Ok(None),
                _ => continue,
            };
            if self.elements > self.limits.elements {
                let most = self.limits.elements;
                let why = format!("its content has more than {most} elements");
                return Err(self.much(why, "elements"));
            }
            if self.depth > DEEPEST {
                return Err(self.damaged("its elements are nested too deep"));
            }
            self.xml.get_mut().get_mut().mark();
            return Ok(Some(token));
        }
    }

    /// The next tag or text inside of the element that is `depth` deep; nothing at its end.
    fn inside(&mut self, depth: usize) -> Result<Option<Token>> {
        match self.next()? {
            None => Err(self.damaged("it is cut off")),
            Some(Token::End) if self.depth < depth => Ok(None),
            token => Ok(token),
        }
    }

    /// Passes over the element that has just begun.
    fn skip(&mut self) -> Result<()> {
        let depth = self.depth;
        while self.inside(depth)?.is_some() {}
        Ok(())
    }

    /// An attribute of the element that began last.
    fn attribute(&self, name: &str) -> Result<Option<String>> {
        let mut found = None;
        self.each_attribute(|key, value| {
            if key == name {
                found = Some(value);
            }
        })?;
        Ok(found)
    }

    fn each_attribute(&self, mut take: impl FnMut(&str, String)) -> Result<()> {
        for attribute in Attributes::new(&self.attributes, 0).with_checks(false) {
            let attribute = attribute.map_err(|error| self.damaged(&error.to_string()))?;
            let value = quick_xml::escape::unescape(&attribute.value)
                .map_err(|error| self.damaged(&error.to_string()))?;
            take(attribute.key.as_ref(), value.into_owned());
        }
        Ok(())
    }

    /// How often the row or cell that has just begun is repeated.
    fn repeated(&self, name: &str) -> Result<u32> {
        Ok(self.attribute(name)?.and_then(|text| text.parse().ok()).unwrap_or(1).max(1))
    }

    /// Every sheet, in order.
    fn sheets(mut self) -> Result<Vec<SheetName>> {
        let mut sheets = Vec::new();
        self.tables(&mut |content, name| {
            sheets.push(name);
            if sheets.len() as u64 > content.limits.members {
                let most = content.limits.members;
                return Err(content.much(format!("it has more than {most} sheets"), "members"));
            }
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(sheets)
    }

    /// Calls for every table of the spreadsheet that begins. Tables of links and of tracked changes
    /// lie deeper.
    fn tables(
        &mut self,
        each: &mut dyn FnMut(&mut Self, SheetName) -> Result<ControlFlow<()>>,
    ) -> Result<()> {
        let mut body = None;
        let mut style = String::new();
        let mut hidden_styles = Vec::new();
        while let Some(token) = self.next()? {
            if token != Token::Start {
                continue;
            }
            match self.name.as_str() {
                "style:style" => style = self.attribute("style:name")?.unwrap_or_default(),
                "style:table-properties"
                    if self.attribute("table:display")?.is_some_and(|shown| shown == "false") =>
                {
                    hidden_styles.push(std::mem::take(&mut style));
                    if hidden_styles.len() as u64 > self.limits.members {
                        let most = self.limits.members;
                        let why = format!("it has more than {most} styles of hidden sheets");
                        return Err(self.much(why, "members"));
                    }
                }
                "office:spreadsheet" => body = Some(self.depth),
                "table:table" if body.is_some_and(|body| self.depth == body + 1) => {
                    let name = self.attribute("table:name")?.unwrap_or_default();
                    let style = self.attribute("table:style-name")?;
                    let hidden = style.is_some_and(|style| hidden_styles.contains(&style));
                    let depth = self.depth;
                    if each(self, SheetName { name, hidden })?.is_break() {
                        return Ok(());
                    }
                    while self.depth >= depth && self.inside(depth)?.is_some() {}
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Puts the rows of the table that has just begun into a grid.
    fn table(&mut self, mut grid: Grid<'_, '_>) -> Result<()> {
        let depth = self.depth;
        let mut row = 1_u32;
        while let Some(token) = self.inside(depth)? {
            match self.name.as_str() {
                _ if token != Token::Start => {}
                "table:table-row" => {
                    let repeated = self.repeated("table:number-rows-repeated")?;
                    let cells = self.row()?;
                    if !cells.is_empty() && !self.put(&mut grid, row, repeated, &cells)? {
                        return Ok(());
                    }
                    row = row.saturating_add(repeated);
                }
                "table:table-row-group" | "table:table-rows" | "table:table-header-rows" => {}
                _ => self.skip()?,
            }
        }
        grid.end();
        Ok(())
    }

    /// The cells of the row that has just begun, without blank ones.
    fn row(&mut self) -> Result<Vec<Written>> {
        let depth = self.depth;
        let mut cells = Vec::new();
        let mut column = 0_u32;
        let mut bytes = 0;
        while let Some(token) = self.inside(depth)? {
            match self.name.as_str() {
                _ if token != Token::Start => {}
                "table:table-cell" | "table:covered-table-cell" => {
                    let repeated = self.repeated("table:number-columns-repeated")?;
                    if let Some((value, formula)) = self.cell()? {
                        if column > LAST_COLUMN {
                            return Err(self.damaged("a row goes on behind the last column"));
                        }
                        if let Value::Text(text, _) | Value::Padded(text, _) = &value {
                            bytes += text.len() as u64;
                        }
                        if bytes > self.limits.row() {
                            let most = self.limits.row_mib;
                            let why = format!("one of its rows is longer than {most} MiB");
                            return Err(self.much(why, "row_mib"));
                        }
                        cells.push(Written { column, repeated, value, formula });
                    }
                    column = column.saturating_add(repeated);
                }
                _ => self.skip()?,
            }
        }
        Ok(cells)
    }

    /// Puts a row into the grid as often as it is repeated; false when the taker has enough.
    fn put(
        &mut self,
        grid: &mut Grid<'_, '_>,
        row: u32,
        repeated: u32,
        cells: &[Written],
    ) -> Result<bool> {
        let width: u64 = cells.iter().map(|cell| u64::from(cell.repeated)).sum();
        self.repeated += width * u64::from(repeated) - cells.len() as u64;
        if self.repeated > self.limits.repeated_cells {
            let most = self.limits.repeated_cells;
            let why = format!("it says of more than {most} cells that they repeat another");
            return Err(self.much(why, "repeated_cells"));
        }
        for row in row..row.saturating_add(repeated) {
            for cell in cells {
                for column in cell.column..cell.column.saturating_add(cell.repeated) {
                    match grid.step(row, column)? {
                        Step::Cell(rows) => {
                            match &cell.value {
                                Value::Number(number) => {
                                    cells::push_number(rows, *number, &Shown::Number, false);
                                }
                                Value::Padded(text, number) => {
                                    rows.push_cell(text, CellKind::Number);
                                    rows.store_last(&number.to_string());
                                }
                                Value::Text(text, kind) => rows.push_cell(text, *kind),
                                Value::Bool(value) => cells::push_bool(rows, *value),
                            }
                            if cell.formula.is_some() {
                                rows.mark_last(Mark::Formula);
                            }
                            if cell.formula == Some(Formula::Bare) {
                                rows.mark_last(Mark::NoResult);
                            }
                        }
                        Step::Before => {}
                        Step::Enough => return Ok(false),
                    }
                }
            }
        }
        Ok(true)
    }

    /// The value of the cell that has just begun; nothing when it is blank.
    fn cell(&mut self) -> Result<Option<(Value, Option<Formula>)>> {
        let mut kind = String::new();
        let (mut error, mut formula) = (false, false);
        let mut value = None;
        self.each_attribute(|key, text| match key {
            "office:value-type" => kind = text,
            "calcext:value-type" => error = text == "error",
            "table:formula" => formula = true,
            "office:value"
            | "office:date-value"
            | "office:time-value"
            | "office:boolean-value"
            | "office:string-value" => value = Some(text),
            _ => {}
        })?;
        let text = self.cell_text()?;
        // A formula whose result is an empty text says that it is text.
        if text.is_empty() && value.is_none() && kind.is_empty() && formula {
            let blank = Value::Text(String::new(), CellKind::Text);
            return Ok(Some((blank, Some(Formula::Bare))));
        }
        if text.is_empty() && value.is_none() {
            return Ok(None);
        }
        let formula = formula.then_some(Formula::Stored);
        Ok(meaning(&kind, error, value, text).map(|value| (value, formula)))
    }

    /// The text of the cell that has just begun: its paragraphs, one line each. Notes and drawings
    /// that hang on the cell are not its text.
    fn cell_text(&mut self) -> Result<String> {
        let depth = self.depth;
        let mut text = String::new();
        let mut paragraphs = 0;
        while let Some(token) = self.inside(depth)? {
            match self.name.as_str() {
                _ if token != Token::Start => {}
                "text:p" | "text:h" => {
                    if paragraphs > 0 {
                        text.push('\n');
                    }
                    paragraphs += 1;
                    self.paragraph(&mut text)?;
                }
                _ => self.skip()?,
            }
        }
        Ok(text)
    }

    /// Appends a paragraph. White space that the XML is laid out with is one space; spaces, tabs and
    /// line breaks of the text are elements (ODF 1.3 part 3, 6.1.2).
    fn paragraph(&mut self, text: &mut String) -> Result<()> {
        let depth = self.depth;
        let mut blank = true;
        while let Some(token) = self.inside(depth)? {
            match (token, self.name.as_str()) {
                (Token::Text, _) => {
                    for c in self.text.chars() {
                        let space = matches!(c, ' ' | '\t' | '\r' | '\n');
                        if !(space && blank) {
                            text.push(if space { ' ' } else { c });
                        }
                        blank = space;
                    }
                }
                (Token::Start, "text:s") => {
                    let spaces = self.attribute("text:c")?.and_then(|count| count.parse().ok());
                    // No more than a cell holds.
                    let spaces = spaces.unwrap_or(1_usize).min(32_767);
                    text.extend(std::iter::repeat_n(' ', spaces));
                    blank = false;
                }
                (Token::Start, "text:tab") => text.push('\t'),
                (Token::Start, "text:line-break") => text.push('\n'),
                (Token::Start, name) if !name.starts_with("text:") || name == "text:note" => {
                    self.skip()?;
                }
                _ => {}
            }
            if text.len() as u64 > self.limits.cell_bytes {
                let why = "one of its cells is longer than a spreadsheet allows";
                return Err(self.much(why, "cell_bytes"));
            }
        }
        Ok(())
    }
}

fn replace(old: &mut String, new: &str) {
    old.clear();
    old.push_str(new);
}
