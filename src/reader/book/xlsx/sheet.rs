//! The cells of a sheet, row by row.

use std::io::Read;
use std::ops::ControlFlow;

use super::number::{is_shortest, push_date, push_elapsed, push_number};
use super::plain::{self, Cell as Plain, Value};
use super::strings::rich_text;
use super::styles::{Look, Styles};
use super::text::{Attributes, unescape};
use super::xml::{Fault, Token, Xml};
use crate::reader::Limits;
use crate::reader::book::Chunks;
use crate::reader::book::guard::{LAST_COLUMN, LAST_ROW, MOST_IN_CELL, long_cell};
use crate::reader::book::inflate::TooMuch;
use crate::reader::book::strings::Strings;
use crate::row::{CellKind, Location, Mark, Rows};

/// What the cells of a sheet refer to.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    /// The shared strings.
    pub(super) strings: &'a Strings,
    /// The formats of cells.
    pub(super) styles: &'a Styles,
    /// Whether days are counted from 1904.
    pub(super) from_1904: bool,
    /// What reading may cost.
    pub(super) limits: &'a Limits,
    /// Which input of the run it is.
    pub(super) input: u16,
}

/// What the `t` of a cell says its value is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Kind {
    /// Nothing said: a number, or whatever a careless writer put there.
    #[default]
    Unsaid,
    Number,
    Shared,
    Text,
    Inline,
    Bool,
    Error,
    Iso,
}

/// One cell on its way.
#[derive(Debug, Default)]
struct Cell {
    kind: Kind,
    style: u32,
    /// The text of its value, decoded.
    value: String,
    has_value: bool,
    has_text: bool,
    formula: bool,
}

impl Cell {
    fn content(&self) -> Content<'_> {
        let Self { kind, style, ref value, has_value, has_text, formula } = *self;
        let value = if has_text { Value::Text(value) } else { Value::Written(kind, value) };
        Content { style, value, formula, no_result: formula && !has_value && !has_text }
    }
}

/// What a cell holds, however it was read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Content<'a> {
    style: u32,
    value: Value<'a>,
    formula: bool,
    /// Whether it is a formula without a stored result.
    no_result: bool,
}

impl<'a> Content<'a> {
    /// A value that no formula gave.
    #[inline]
    pub(super) fn plain(style: u32, value: Value<'a>) -> Self {
        Self { style, value, formula: false, no_result: false }
    }
}

/// Where the reader stands.
#[derive(Debug, Default)]
pub(crate) struct Place {
    /// The row that was begun last.
    pub(crate) row: u32,
    /// The column of the next cell that does not say where it stands.
    column: u32,
    /// The row being built, if one is.
    open: Option<u32>,
    /// Cells so far, those included that are left out in front of others.
    cells: u64,
    /// Bytes of text in the row so far, and in all rows.
    row_text: u64,
    text: u64,
}

impl Place {
    /// Counts the text of a cell.
    fn take_text(&mut self, bytes: usize, limits: &Limits) -> Result<(), Fault> {
        self.row_text += bytes as u64;
        self.text += bytes as u64;
        if self.row_text > limits.row() {
            let why = format!("its row {} is longer than {} MiB", self.row, limits.row_mib);
            return Err(TooMuch { why, setting: "row_mib" }.into());
        }
        // A string that is stored once can be shown in any number of cells.
        if self.text > limits.unpacked() {
            let why = format!("its cells hold more than {} MiB of text", limits.unpacked_mib);
            return Err(TooMuch { why, setting: "unpacked_mib" }.into());
        }
        Ok(())
    }

    /// Counts a cell, and those that the sheet leaves out in front of it.
    fn take_cell(&mut self, gap: u64, limits: &Limits) -> Result<(), Fault> {
        self.cells += 1 + gap;
        if self.cells > limits.cells {
            let why = format!("its sheet has more than {} cells", limits.cells);
            return Err(TooMuch { why, setting: "cells" }.into());
        }
        Ok(())
    }
}

/// Hands on the rows behind row `after`.
pub(super) fn read(
    mut xml: Xml<impl Read>,
    context: Context<'_>,
    after: u32,
    mut chunks: Chunks<'_, '_>,
) -> Result<(), Fault> {
    find_data(&mut xml)?;
    let mut place = Place::default();
    let mut cell = Cell::default();
    let mut room = String::new();
    loop {
        let (passed, then) = read_plain(&xml, after, &mut place, &mut chunks, &context)?;
        xml.pass(passed);
        match then {
            Then::GoOn if passed > 0 => continue,
            Then::GoOn => {}
            Then::SkipRow => xml.skip_fast()?,
            Then::Enough => return Ok(()),
        }
        match xml.advance()? {
            Token::Open if xml.name() == b"c" => {
                let at = begin_cell(xml.attributes(), &mut place, &mut cell)?;
                if at.0 <= after {
                    xml.skip()?;
                    continue;
                }
                read_cell(&mut xml, &mut cell, &mut room)?;
                if put(&mut chunks, &mut place, at, cell.content(), &context)?.is_break() {
                    return Ok(());
                }
            }
            Token::Open if xml.name() == b"row" => {
                begin_row(xml.attributes(), &mut place)?;
                if place.row <= after {
                    xml.skip_fast()?;
                }
            }
            Token::Close if xml.name() == b"sheetData" => break,
            Token::End => return Err(Fault::broken("its sheet breaks off")),
            _ => {}
        }
    }
    end(chunks, &place, &context);
    Ok(())
}

/// Hands on what is left behind the last cell.
pub(super) fn end(mut chunks: Chunks<'_, '_>, place: &Place, context: &Context<'_>) {
    if let Some(last) = place.open
        && end_row(&mut chunks, last, context).is_break()
    {
        return;
    }
    chunks.end();
}

/// What follows on plain cells.
enum Then {
    /// Whatever comes.
    GoOn,
    /// A row that is not wanted, which has been begun.
    SkipRow,
    /// Nothing: the taker has enough.
    Enough,
}

/// Reads on while all cells and rows are plain; gives back how many bytes that are.
fn read_plain(
    xml: &Xml<impl Read>,
    after: u32,
    place: &mut Place,
    chunks: &mut Chunks<'_, '_>,
    context: &Context<'_>,
) -> Result<(usize, Then), Fault> {
    let text = xml.ahead_text();
    let in_row = xml.whole_name() == b"row";
    let mut at = 0;
    while let Some(rest) = text.get(at..) {
        if let Some(cell) = plain::cell(rest, xml.longest_cell()) {
            let Plain { row, column, style, value, length } = cell;
            (place.row, place.column) = (row, column + 1);
            let content = Content::plain(style, value);
            at += length;
            if row > after && put(chunks, place, (row, column), content, context)?.is_break() {
                return Ok((at, Then::Enough));
            }
        } else if in_row && let Some((attributes, length)) = plain::next_row(rest.as_bytes()) {
            begin_row(attributes, place)?;
            at += length;
            if place.row <= after {
                return Ok((at, Then::SkipRow));
            }
        } else {
            break;
        }
    }
    Ok((at, Then::GoOn))
}

/// Puts a cell behind the others, and blank ones where the sheet leaves some out in front of it.
pub(super) fn put(
    chunks: &mut Chunks<'_, '_>,
    place: &mut Place,
    (row, column): (u32, u32),
    content: Content<'_>,
    context: &Context<'_>,
) -> Result<ControlFlow<()>, Fault> {
    if place.open != Some(row) {
        if let Some(before) = place.open {
            if row < before {
                return Err(out_of_order(row, before));
            }
            if end_row(chunks, before, context).is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        (place.open, place.row_text) = (Some(row), 0);
    }
    let rows = chunks.rows();
    let gap =
        (column as usize).checked_sub(rows.open_cells()).ok_or_else(|| out_of_order(row, row))?;
    place.take_cell(gap as u64, context.limits)?;
    for _ in 0..gap {
        rows.push_cell("", CellKind::Text);
    }
    let before = rows.bytes();
    push(rows, content, context)?;
    let bytes = rows.bytes() - before;
    place.take_text(bytes, context.limits)?;
    Ok(ControlFlow::Continue(()))
}

fn find_data(xml: &mut Xml<impl Read>) -> Result<(), Fault> {
    loop {
        match xml.advance()? {
            Token::Open if xml.name() == b"sheetData" => return Ok(()),
            Token::End => return Err(Fault::broken("its sheet holds no cells and is no table")),
            _ => {}
        }
    }
}

fn end_row(chunks: &mut Chunks<'_, '_>, row: u32, context: &Context<'_>) -> ControlFlow<()> {
    chunks.end_row(Location { input: context.input, row, ..Location::default() })
}

fn out_of_order(row: u32, before: u32) -> Fault {
    Fault::Broken(format!(
        "its cells are not in order (row {row} stands behind a later cell of row {before})"
    ))
}

/// Goes on to the row that a `row` element begins.
pub(crate) fn begin_row(attributes: Attributes<'_>, place: &mut Place) -> Result<(), Fault> {
    place.row = match attributes.get(b"r")? {
        Some(raw) => digits(raw).filter(|row| (1..=LAST_ROW).contains(row)),
        None => Some(place.row + 1).filter(|&row| row <= LAST_ROW),
    }
    .ok_or_else(|| beyond("row"))?;
    place.column = 0;
    Ok(())
}

fn beyond(what: &str) -> Fault {
    Fault::Broken(format!("it names a {what} that no spreadsheet has"))
}

/// Reads what a cell says of itself; gives back where it stands.
fn begin_cell(
    attributes: Attributes<'_>,
    place: &mut Place,
    cell: &mut Cell,
) -> Result<(u32, u32), Fault> {
    cell.value.clear();
    (cell.kind, cell.style) = (Kind::Unsaid, 0);
    (cell.has_value, cell.has_text, cell.formula) = (false, false, false);
    for one in attributes {
        match one? {
            (b"r", raw) => {
                let (row, column) = reference(raw).ok_or_else(|| beyond("cell"))?;
                (place.row, place.column) = (row, column);
            }
            (b"s", raw) => cell.style = digits(raw).unwrap_or(0),
            (b"t", raw) => cell.kind = kind(raw)?,
            _ => {}
        }
    }
    let column = place.column;
    // A cell outside a row must say itself where it stands.
    if column >= LAST_COLUMN || place.row == 0 {
        return Err(beyond("cell"));
    }
    place.column += 1;
    Ok((place.row, column))
}

/// Where a cell stands, as row and column, and its format; for those who copy it.
pub(crate) fn place_cell(
    attributes: Attributes<'_>,
    place: &mut Place,
) -> Result<(u32, u32, u32), Fault> {
    let mut cell = Cell::default();
    let (row, column) = begin_cell(attributes, place, &mut cell)?;
    Ok((row, column, cell.style))
}

fn kind(raw: &[u8]) -> Result<Kind, Fault> {
    Ok(match raw {
        b"s" => Kind::Shared,
        b"n" => Kind::Number,
        b"str" => Kind::Text,
        b"inlineStr" | b"is" => Kind::Inline,
        b"b" => Kind::Bool,
        b"e" => Kind::Error,
        b"d" => Kind::Iso,
        other => {
            let other = String::from_utf8_lossy(other);
            return Err(Fault::Broken(format!("it has a cell of the unknown kind {other:?}")));
        }
    })
}

/// A number of digits alone.
fn digits(raw: &[u8]) -> Option<u32> {
    if raw.is_empty() || raw.len() > 9 {
        return None;
    }
    raw.iter().try_fold(0_u32, |sum, byte| match byte {
        b'0'..=b'9' => Some(sum * 10 + u32::from(byte - b'0')),
        _ => None,
    })
}

/// The place that a reference such as `AB12` names: its row from 1, its column from 0.
fn reference(raw: &[u8]) -> Option<(u32, u32)> {
    let (mut column, mut length) = (0_u32, 0);
    for byte in raw {
        let upper = byte.to_ascii_uppercase();
        if !upper.is_ascii_uppercase() || length == 3 {
            break;
        }
        column = column * 26 + u32::from(upper - b'A') + 1;
        length += 1;
    }
    let row = digits(raw.get(length..)?).filter(|row| (1..=LAST_ROW).contains(row))?;
    (1..=LAST_COLUMN).contains(&column).then(|| (row, column - 1))
}

/// Reads the content of a cell, to its end.
fn read_cell(xml: &mut Xml<impl Read>, cell: &mut Cell, room: &mut String) -> Result<(), Fault> {
    let depth = xml.depth();
    let mut elements = 0;
    loop {
        let token = xml.advance()?;
        if token == Token::Open {
            elements += 1;
            if elements > MOST_IN_CELL {
                return Err(Fault::broken("it has a cell with more in it than any cell has"));
            }
        }
        match token {
            Token::Close if xml.depth() < depth => return Ok(()),
            Token::Open => match xml.name() {
                // Beside an inline text it says nothing.
                b"v" if cell.kind != Kind::Inline => {
                    cell.has_value = true;
                    xml.read_text(&mut cell.value)?;
                    if cell.value.len() > xml.longest_cell() {
                        return Err(long_cell().into());
                    }
                }
                b"is" => {
                    cell.has_text = true;
                    cell.value.clear();
                    rich_text(xml, room, &mut cell.value)?;
                }
                b"f" => {
                    cell.formula = true;
                    xml.skip()?;
                }
                _ => xml.skip()?,
            },
            Token::End => return Err(Fault::broken("its sheet breaks off")),
            _ => {}
        }
    }
}

/// Appends a cell: text as it is, numbers in their shortest exact form or as they are shown where
/// zeros stand in front, dates in ISO 8601, booleans as TRUE and FALSE.
fn push(rows: &mut Rows, content: Content<'_>, context: &Context<'_>) -> Result<(), Fault> {
    match content.value {
        Value::Text(text) => rows.push_cell(text, CellKind::Text),
        Value::Shared(index) => {
            let text = context.strings.get(index).ok_or_else(no_string)?;
            rows.push_cell(text, CellKind::Text);
        }
        Value::Written(kind @ (Kind::Unsaid | Kind::Number), value) => {
            return push_value(rows, kind, value, content, context);
        }
        Value::Written(Kind::Shared, value) => {
            let value = value.trim_ascii();
            let text = match digits(value.as_bytes()) {
                Some(index) => context.strings.get(index),
                None if value.is_empty() => Some(""),
                None => None,
            };
            rows.push_cell(text.ok_or_else(no_string)?, CellKind::Text);
        }
        Value::Written(Kind::Text, value) => {
            rows.push_with(CellKind::Text, |out| {
                unescape(value, out);
                true
            });
        }
        Value::Blank | Value::Written(Kind::Inline, _) => rows.push_cell("", CellKind::Text),
        Value::Written(Kind::Bool, value) => match value.trim_ascii() {
            "1" | "true" | "TRUE" => rows.push_cell("TRUE", CellKind::Bool),
            "0" | "false" | "FALSE" => rows.push_cell("FALSE", CellKind::Bool),
            "" => rows.push_cell("", CellKind::Text),
            other => {
                let why = format!("it has a cell that is neither true nor false but {other:?}");
                return Err(Fault::Broken(why));
            }
        },
        Value::Written(Kind::Error, value) => rows.push_cell(value, CellKind::Error),
        Value::Written(Kind::Iso, value) => rows.push_cell(value, CellKind::Date),
    }
    if content.formula {
        rows.mark_last(Mark::Formula);
        if content.no_result {
            rows.mark_last(Mark::NoResult);
        }
    }
    Ok(())
}

fn no_string() -> Fault {
    Fault::broken("it has a cell whose text is not in its table of strings")
}

/// Appends a cell that should be a number.
fn push_value(
    rows: &mut Rows,
    kind: Kind,
    written: &str,
    content: Content<'_>,
    context: &Context<'_>,
) -> Result<(), Fault> {
    let value = written.trim_ascii();
    if value.is_empty() {
        rows.push_cell("", CellKind::Text);
        if content.formula {
            rows.mark_last(Mark::Formula);
            rows.mark_last(Mark::NoResult);
        }
        return Ok(());
    }
    let numeric = value.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c));
    let style = content.style as usize;
    let look = if style == 0 { Look::Plain } else { context.styles.look(style) };
    let done = match look {
        Look::Plain if is_shortest(value.as_bytes()) => {
            rows.push_cell(value, CellKind::Number);
            true
        }
        Look::Padded(index) if is_shortest(value.as_bytes()) && is_whole(value) => {
            let pattern = context.styles.pattern(index);
            pattern.inspect(|pattern| pattern.push(rows, value)).is_some()
        }
        _ => false,
    };
    if !done {
        match value.parse::<f64>() {
            Ok(number) if numeric => {
                let date = match look {
                    Look::Date => rows
                        .push_with(CellKind::Date, |out| push_date(number, context.from_1904, out)),
                    Look::Elapsed => {
                        rows.push_with(CellKind::Date, |out| push_elapsed(number, out))
                    }
                    Look::Plain | Look::Padded(_) => false,
                };
                if !date {
                    rows.push_with(CellKind::Number, |out| {
                        push_number(number, out);
                        true
                    });
                }
            }
            _ if kind == Kind::Unsaid => rows.push_cell(written, CellKind::Text),
            _ => {
                let shown: String = value.chars().take(40).collect();
                let why = format!("it has a number cell that holds {shown:?}");
                return Err(Fault::Broken(why));
            }
        }
    }
    if content.formula {
        rows.mark_last(Mark::Formula);
    }
    Ok(())
}

/// Whether a number in shortest form is a whole one, and not negative.
fn is_whole(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_cells_cannot_ask_for_many() {
        let limits = Limits::default();
        let mut place = Place::default();
        let rows = (1..1_000_000).take_while(|_| place.take_cell(16_383, &limits).is_ok()).count();
        assert!((10_000..100_000).contains(&rows), "{rows}");
        let mut place = Place::default();
        let wide = (1..1_000_000).all(|_| place.take_cell(100, &limits).is_ok());
        assert!(wide, "a wide table is none");
    }

    #[test]
    fn references_end_where_sheets_end() {
        for (text, expected) in [
            ("A1", Some((1, 0))),
            ("b7", Some((7, 1))),
            ("AA10", Some((10, 26))),
            ("XFD1048576", Some((1_048_576, 16_383))),
            ("XFE1", None),
            ("A1048577", None),
            ("A0", None),
            ("A", None),
            ("1", None),
            ("AAAA1", None),
            ("A1B", None),
            ("A-1", None),
            ("A99999999999999999999", None),
            ("", None),
        ] {
            assert_eq!(reference(text.as_bytes()), expected, "{text:?}");
        }
    }
}
