//! Spreadsheets of the Open Document Format: the rows of a sheet as they come out of `content.xml`, with nothing
//! held in memory but the row that is being read.
//!
//! The library that reads other workbooks builds every sheet of an ODS in memory with all its
//! repeated cells, which is no way to read a file of strangers.

use std::io::{BufReader, Read as _};
use std::ops::ControlFlow;

use quick_xml::Reader;
use quick_xml::events::Event;
use quick_xml::events::attributes::Attributes;
use zip::read::ZipFile;

use super::archive::{self, Archive};
use super::book::{Book, SheetName};
use super::cells::{self, Grid, LAST_COLUMN, Shown, Step};
use super::inflate::{Measured, TooMuch};
use super::kind::Kind;
use super::limits::Limits;
use super::{Emit, Format, Input, Options, Origin, book, too_much, unreadable};
use crate::error::{Error, Result};
use crate::row::CellKind;

/// Spreadsheets of the Open Document Format, `.ods`.
pub(super) struct Ods;

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
        book::open(Box::new(book), self.id(), origin, options)
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
    fn sheets(&self) -> Vec<SheetName> {
        self.sheets.clone()
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
    /// The name of the element that began or ended last, and its attributes as written.
    name: String,
    attributes: String,
    /// The text that came last.
    text: String,
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
}

#[derive(Debug, PartialEq)]
enum Value {
    Number(f64),
    Text(String, CellKind),
    Bool(bool),
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
        let mut xml = Reader::from_reader(part);
        xml.config_mut().expand_empty_elements = true;
        Ok(Self {
            xml,
            buffer: Vec::new(),
            origin,
            limits,
            depth: 0,
            name: String::new(),
            attributes: String::new(),
            text: String::new(),
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
            let token = match event {
                Event::Start(tag) => {
                    replace(&mut self.name, tag.name().as_ref());
                    replace(&mut self.attributes, tag.attributes_raw());
                    self.depth += 1;
                    Token::Start
                }
                Event::End(tag) => {
                    replace(&mut self.name, tag.name().as_ref());
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
        self.tables(&mut |_, name| {
            sheets.push(name);
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
                    if let Some(value) = self.cell()? {
                        if column > LAST_COLUMN {
                            return Err(self.damaged("a row goes on behind the last column"));
                        }
                        if let Value::Text(text, _) = &value {
                            bytes += text.len() as u64;
                        }
                        if bytes > self.limits.row() {
                            let most = self.limits.row_mib;
                            let why = format!("one of its rows is longer than {most} MiB");
                            return Err(self.much(why, "row_mib"));
                        }
                        cells.push(Written { column, repeated, value });
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
                        Step::Cell(rows) => match &cell.value {
                            Value::Number(number) => {
                                cells::push_number(rows, *number, Shown::Number, false);
                            }
                            Value::Text(text, kind) => rows.push_cell(text, *kind),
                            Value::Bool(value) => cells::push_bool(rows, *value),
                        },
                        Step::Before => {}
                        Step::Enough => return Ok(false),
                    }
                }
            }
        }
        Ok(true)
    }

    /// The value of the cell that has just begun; nothing when it is blank.
    fn cell(&mut self) -> Result<Option<Value>> {
        let mut kind = String::new();
        let mut error = false;
        let mut value = None;
        self.each_attribute(|key, text| match key {
            "office:value-type" => kind = text,
            "calcext:value-type" => error = text == "error",
            "office:value"
            | "office:date-value"
            | "office:time-value"
            | "office:boolean-value"
            | "office:string-value" => value = Some(text),
            _ => {}
        })?;
        let text = self.cell_text()?;
        if text.is_empty() && value.is_none() {
            return Ok(None);
        }
        Ok(meaning(&kind, error, value, text))
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

/// What a cell means by its type, its value and its text.
fn meaning(kind: &str, error: bool, value: Option<String>, text: String) -> Option<Value> {
    let numeric = matches!(kind, "float" | "percentage" | "currency");
    // Older programs write an error as the number 0 that reads like an error.
    if error || numeric && is_error(&text) {
        let text = if text.is_empty() { value.unwrap_or_default() } else { text };
        return Some(Value::Text(text, CellKind::Error));
    }
    let said = value.unwrap_or_else(|| text.clone());
    let value = match kind {
        _ if said.is_empty() => return None,
        "float" | "percentage" | "currency" => match said.trim().parse::<f64>() {
            Ok(number) if number.is_finite() => Value::Number(number),
            _ => Value::Text(text, CellKind::Text),
        },
        "date" => Value::Text(date(&said), CellKind::Date),
        "time" => Value::Text(time(&said).unwrap_or(said), CellKind::Date),
        "boolean" => Value::Bool(said.eq_ignore_ascii_case("true")),
        _ => Value::Text(said, CellKind::Text),
    };
    Some(value)
}

fn is_error(text: &str) -> bool {
    text.starts_with("Err:")
        || text == "#N/A"
        || text.starts_with('#') && text.ends_with(['!', '?'])
}

/// A date without a time of day that says nothing, and without fractions of a second.
fn date(said: &str) -> String {
    let Some((day, time)) = said.split_once('T') else { return said.to_owned() };
    let time = time.split(['.', ',']).next().unwrap_or_default();
    if time == "00:00:00" { day.to_owned() } else { format!("{day}T{time}") }
}

/// A duration such as `PT09H30M00S`, as a clock shows it.
fn time(said: &str) -> Option<String> {
    let mut rest = said.strip_prefix("PT")?;
    let mut parts = [0_u32; 3];
    for (part, unit) in parts.iter_mut().zip(['H', 'M', 'S']) {
        if let Some((number, behind)) = rest.split_once(unit) {
            let whole = number.split(['.', ',']).next()?;
            *part = whole.parse().ok()?;
            rest = behind;
        }
    }
    let [hours, minutes, seconds] = parts;
    rest.is_empty().then(|| format!("{hours:02}:{minutes:02}:{seconds:02}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_mean_what_their_type_says() {
        let text = |text: &str, kind| Some(Value::Text(text.to_owned(), kind));
        for (kind, value, shown, expected) in [
            ("float", Some("36"), "36.00", Some(Value::Number(36.0))),
            ("percentage", Some("0.5"), "50%", Some(Value::Number(0.5))),
            ("float", Some("0"), "#DIV/0!", text("#DIV/0!", CellKind::Error)),
            ("float", Some("x"), "x", text("x", CellKind::Text)),
            ("date", Some("1990-01-31"), "31/01/90", text("1990-01-31", CellKind::Date)),
            ("date", Some("1990-01-31T00:00:00"), "", text("1990-01-31", CellKind::Date)),
            (
                "date",
                Some("1990-01-31T09:30:00.500"),
                "",
                text("1990-01-31T09:30:00", CellKind::Date),
            ),
            ("time", Some("PT36H05M00.5S"), "", text("36:05:00", CellKind::Date)),
            ("boolean", Some("true"), "WAHR", Some(Value::Bool(true))),
            ("string", None, "Ada", text("Ada", CellKind::Text)),
            ("string", Some("Ada"), "shown", text("Ada", CellKind::Text)),
            ("", None, "", None),
            ("string", None, "", None),
        ] {
            let value = value.map(str::to_owned);
            assert_eq!(meaning(kind, false, value, shown.to_owned()), expected, "{kind} {shown}");
        }
        let lost = meaning("string", true, Some(String::new()), "#N/A".to_owned());
        assert_eq!(lost, text("#N/A", CellKind::Error));
    }
}
