//! A sheet as it streams from one workbook into its copy, with its cells changed on the way.

use std::collections::BTreeSet;
use std::io::Read;

use super::notes::Notes;
use super::sink::{Sink, attribute, close, copy_rest, spelled, tag};
use super::styles::{Styles, prefix_of};
use super::survey::{Survey, area, count};
use super::tables::Headers;
use super::{Change, Column, Done, Look, Next, Outcome, RowChanges, order};
use crate::reader::parts::{Fault, Place, Token, Xml, begin_row, place_cell};
use crate::row::{Area, letters};

/// Bytes that a cell may hold inside; Excel takes 32,767 characters, with their formats some more.
const LONGEST_INSIDE: usize = 16 << 20;

/// What becomes of the filter of the sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Filter {
    /// It stays.
    Stays,
    /// It reaches as far as this column.
    Widened(u32),
    /// There is one, from one column to the other.
    New(u32, u32),
}

/// What a sheet gets beside the changes of its cells.
pub(super) struct Frame<'a> {
    pub(super) survey: &'a Survey,
    /// The row of the header, from which the filter counts.
    pub(super) header: u32,
    /// The first of the added columns, and what each is like.
    pub(super) first: u32,
    pub(super) columns: Vec<Column>,
    pub(super) filter: Filter,
    /// How many rows stay on the screen; 0 for none.
    pub(super) frozen: u32,
    /// The relation to the shapes of the notes, where there were none.
    pub(super) shapes: Option<String>,
    /// The rows in which tables have their headers.
    pub(super) tables: BTreeSet<u32>,
    /// The names of relations in this kind of workbook.
    pub(super) relations: &'static str,
}

/// A sheet on its way.
pub(super) struct Copying<'a, 'b> {
    pub(super) frame: Frame<'a>,
    pub(super) styles: &'a mut Styles,
    pub(super) notes: &'a mut Notes,
    pub(super) next: &'a mut Next<'b>,
    pub(super) done: &'a mut Done,
    pub(super) waiting: Option<RowChanges>,
    pub(super) prefix: String,
    /// The last row that was changed, and the filter as it is.
    pub(super) last: u32,
    pub(super) filter: Option<Area>,
    /// What stands over the columns of tables, where that changes.
    pub(super) headers: Headers,
}

impl Copying<'_, '_> {
    /// Copies the sheet.
    pub(super) fn copy<R: Read>(&mut self, xml: &mut Xml<R>, sink: &mut Sink<'_>) -> Outcome<()> {
        self.waiting = (self.next)()?;
        let mut next = 0;
        let mut data = false;
        loop {
            match xml.advance()? {
                Token::End => return Err(Fault::broken("its sheet breaks off").into()),
                Token::Open if xml.depth() == 1 => {
                    self.prefix = prefix_of(xml.whole_name());
                    if xml.is_hollow() {
                        return Err(Fault::broken("its sheet holds no cells").into());
                    }
                    sink.room()?.extend_from_slice(xml.raw());
                }
                Token::Open => {
                    let unknown = if data { "oleObjects" } else { "sheetPr" };
                    let place = order::place(order::SHEET, xml.name(), unknown);
                    self.write_missing(&mut next, place, sink.room()?);
                    next = next.max(place + 1);
                    data |= xml.name() == b"sheetData";
                    self.element(xml, sink)?;
                }
                Token::Close => {
                    self.write_missing(&mut next, order::SHEET.len(), sink.room()?);
                    sink.room()?.extend_from_slice(xml.raw());
                    return Ok(());
                }
                Token::Text | Token::Data => sink.room()?.extend_from_slice(xml.raw()),
            }
        }
    }

    /// Copies one of the parts of a sheet.
    fn element<R: Read>(&mut self, xml: &mut Xml<R>, sink: &mut Sink<'_>) -> Outcome<()> {
        let adds = !self.frame.columns.is_empty();
        match xml.name() {
            b"sheetData" => self.data(xml, sink),
            b"dimension" if adds => self.dimension(xml, sink),
            b"sheetViews" if self.frame.frozen > 0 => self.views(xml, sink),
            b"cols" if adds => self.columns(xml, sink),
            b"autoFilter" => self.filter(xml, sink),
            // It speaks of shapes that are not there; it is written anew where there are some.
            b"legacyDrawing" if self.frame.shapes.is_some() => Ok(xml.skip()?),
            _ => {
                sink.room()?.extend_from_slice(xml.raw());
                copy_rest(xml, sink)
            }
        }
    }

    /// Writes the parts that are not there and that stand in front of a place of the order.
    fn write_missing(&mut self, next: &mut usize, place: usize, out: &mut Vec<u8>) {
        let p = self.prefix.clone();
        while *next < place {
            match order::SHEET.get(*next).copied().unwrap_or_default() {
                "sheetViews" if self.frame.frozen > 0 => {
                    out.extend_from_slice(
                        format!("<{p}sheetViews><{p}sheetView workbookViewId=\"0\">").as_bytes(),
                    );
                    self.pane(out);
                    out.extend_from_slice(format!("</{p}sheetView></{p}sheetViews>").as_bytes());
                }
                "cols" if !self.frame.columns.is_empty() => self.write_columns(Vec::new(), out),
                "autoFilter" => {
                    if let Filter::New(left, right) = self.frame.filter
                        && self.last > self.frame.header
                    {
                        let (top, bottom) = (self.frame.header, self.last);
                        let area = Area { top, left, bottom, right };
                        out.extend_from_slice(
                            format!("<{p}autoFilter ref=\"{area}\"/>").as_bytes(),
                        );
                        self.filter = Some(area);
                    }
                }
                "legacyDrawing" => {
                    let id = self.frame.shapes.as_ref().filter(|_| self.notes.has_new());
                    if let Some(id) = id {
                        let space = self.frame.relations;
                        let text = format!("<{p}legacyDrawing xmlns:r=\"{space}\" r:id=\"{id}\"/>");
                        out.extend_from_slice(text.as_bytes());
                    }
                }
                _ => {}
            }
            *next += 1;
        }
    }

    fn dimension<R: Read>(&mut self, xml: &mut Xml<R>, sink: &mut Sink<'_>) -> Outcome<()> {
        let Some(mut area) = area(xml, b"ref")? else { return Ok(xml.skip()?) };
        let added = u32::try_from(self.frame.columns.len()).unwrap_or(0);
        area.right = area.right.max(self.frame.first + added - 1);
        area.bottom = area.bottom.max(self.frame.survey.bottom);
        area.top = area.top.min(self.frame.header.max(1));
        let text = format!("<{}dimension ref=\"{area}\"/>", self.prefix);
        sink.room()?.extend_from_slice(text.as_bytes());
        Ok(xml.skip()?)
    }

    /// Fixes the header on the screen.
    fn views<R: Read>(&mut self, xml: &mut Xml<R>, sink: &mut Sink<'_>) -> Outcome<()> {
        sink.room()?.extend_from_slice(xml.raw());
        let (depth, mut first) = (xml.depth(), true);
        loop {
            let token = xml.advance()?;
            let out = sink.room()?;
            match (token, xml.name()) {
                (Token::Open, b"sheetView") if first => {
                    tag(out, xml.whole_name(), xml.attributes(), &[b"topLeftCell"])?;
                    out.push(b'>');
                    self.pane(out);
                    if xml.is_hollow() {
                        close(out, xml.whole_name());
                        first = false;
                    }
                }
                (Token::Open, b"selection") if first => {
                    tag(out, xml.whole_name(), xml.attributes(), &[b"pane"])?;
                    attribute(out, "pane", "bottomLeft");
                    out.extend_from_slice(if xml.is_hollow() { b"/>" } else { b">" });
                }
                (Token::Close, b"sheetView") => {
                    first = false;
                    out.extend_from_slice(xml.raw());
                }
                _ => out.extend_from_slice(xml.raw()),
            }
            if token == Token::End || xml.depth() < depth {
                return Ok(());
            }
        }
    }

    fn pane(&self, out: &mut Vec<u8>) {
        let (p, rows) = (&self.prefix, self.frame.frozen);
        let text = format!(
            "<{p}pane ySplit=\"{rows}\" topLeftCell=\"A{}\" activePane=\"bottomLeft\" state=\"frozen\"/>",
            rows + 1
        );
        out.extend_from_slice(text.as_bytes());
    }

    /// Makes room for the added columns among the widths.
    fn columns<R: Read>(&mut self, xml: &mut Xml<R>, sink: &mut Sink<'_>) -> Outcome<()> {
        let (from, to) = self.added();
        let mut kept = Vec::new();
        let depth = xml.depth();
        loop {
            let token = xml.advance()?;
            if token == Token::End || xml.depth() < depth {
                break;
            }
            if token != Token::Open || xml.name() != b"col" {
                continue;
            }
            let (first, last) = (count(xml, b"min")?, count(xml, b"max")?);
            let mut rest = Vec::new();
            tag(&mut rest, b"", xml.attributes(), &[b"min", b"max"])?;
            rest.drain(..1);
            // Columns are counted from 1 here.
            if first <= from {
                kept.push((first, last.min(from), rest.clone()));
            }
            if last > to + 1 {
                kept.push((first.max(to + 2), last, rest));
            }
        }
        self.write_columns(kept, sink.room()?);
        Ok(())
    }

    /// The first and the last of the added columns.
    fn added(&self) -> (u32, u32) {
        let count = u32::try_from(self.frame.columns.len()).unwrap_or(0);
        (self.frame.first, (self.frame.first + count).saturating_sub(1))
    }

    fn write_columns(&self, mut kept: Vec<(u32, u32, Vec<u8>)>, out: &mut Vec<u8>) {
        for (number, column) in (self.frame.first + 1..).zip(&self.frame.columns) {
            let mut rest = Vec::new();
            attribute(&mut rest, "width", &column.width.to_string());
            if column.hidden {
                attribute(&mut rest, "hidden", "1");
            }
            attribute(&mut rest, "customWidth", "1");
            kept.push((number, number, rest));
        }
        kept.sort_by_key(|(first, _, _)| *first);
        let p = &self.prefix;
        out.extend_from_slice(format!("<{p}cols>").as_bytes());
        for (first, last, rest) in kept {
            out.extend_from_slice(format!("<{p}col min=\"{first}\" max=\"{last}\"").as_bytes());
            out.extend_from_slice(&rest);
            out.extend_from_slice(b"/>");
        }
        out.extend_from_slice(format!("</{p}cols>").as_bytes());
    }

    fn filter<R: Read>(&mut self, xml: &mut Xml<R>, sink: &mut Sink<'_>) -> Outcome<()> {
        let old = area(xml, b"ref")?;
        if let (Filter::Widened(right), Some(mut area)) = (self.frame.filter, old) {
            area.right = area.right.max(right);
            area.bottom = area.bottom.max(self.last);
            self.filter = Some(area);
            let out = sink.room()?;
            tag(out, xml.whole_name(), xml.attributes(), &[b"ref"])?;
            attribute(out, "ref", &area.to_string());
            out.extend_from_slice(if xml.is_hollow() { b"/>" } else { b">" });
        } else {
            sink.room()?.extend_from_slice(xml.raw());
        }
        copy_rest(xml, sink)
    }

    /// Copies the rows.
    fn data<R: Read>(&mut self, xml: &mut Xml<R>, sink: &mut Sink<'_>) -> Outcome<()> {
        let name = xml.whole_name().to_vec();
        let out = sink.room()?;
        tag(out, &name, xml.attributes(), &[])?;
        out.push(b'>');
        let mut place = Place::default();
        loop {
            match xml.advance()? {
                Token::End => return Err(Fault::broken("its sheet breaks off").into()),
                Token::Open if xml.name() == b"row" => {
                    let before = place.row;
                    begin_row(xml.attributes(), &mut place)?;
                    if place.row <= before {
                        return Err(disordered(place.row));
                    }
                    self.rows_before(place.row, sink)?;
                    self.row(xml, &mut place, sink)?;
                }
                Token::Open => {
                    sink.room()?.extend_from_slice(xml.raw());
                    copy_rest(xml, sink)?;
                }
                Token::Close => {
                    self.rows_before(u32::MAX, sink)?;
                    close(sink.room()?, &name);
                    return Ok(());
                }
                Token::Text | Token::Data => sink.room()?.extend_from_slice(xml.raw()),
            }
        }
    }

    /// Takes the changes of the next row, if it is before a row.
    fn take(&mut self, wanted: impl Fn(u32) -> bool) -> Outcome<Option<RowChanges>> {
        let Some(changes) = self.waiting.take_if(|changes| wanted(changes.row)) else {
            return Ok(None);
        };
        self.waiting = (self.next)()?;
        self.last = self.last.max(changes.row);
        if self.frame.tables.contains(&changes.row) {
            let texts =
                changes.cells.iter().filter_map(|cell| Some((cell.column, cell.text.clone()?)));
            self.headers.extend(texts.map(|(column, text)| ((changes.row, column), text)));
        }
        Ok(Some(changes))
    }

    /// Writes the changes of rows that are not there.
    fn rows_before(&mut self, row: u32, sink: &mut Sink<'_>) -> Outcome<()> {
        while let Some(changes) = self.take(|one| one < row)? {
            let out = sink.room()?;
            let p = self.prefix.clone();
            out.extend_from_slice(format!("<{p}row r=\"{}\">", changes.row).as_bytes());
            for change in &changes.cells {
                self.new_cell(changes.row, change, out)?;
            }
            close(out, format!("{p}row").as_bytes());
        }
        Ok(())
    }

    /// Copies one row.
    fn row<R: Read>(
        &mut self,
        xml: &mut Xml<R>,
        place: &mut Place,
        sink: &mut Sink<'_>,
    ) -> Outcome<()> {
        let row = place.row;
        let changes = self.take(|one| one == row)?;
        let name = xml.whole_name().to_vec();
        if changes.is_none() && !self.styles.has_looks() {
            sink.room()?.extend_from_slice(xml.raw());
            return copy_rest(xml, sink);
        }
        let mut cells =
            changes.map(|changes| changes.cells).unwrap_or_default().into_iter().peekable();
        let (out, mut neighbour) = (sink.room()?, 0);
        // What it says of the width of its row is no longer true, and nobody needs it.
        tag(out, &name, xml.attributes(), &[b"spans"])?;
        out.push(b'>');
        loop {
            match xml.advance()? {
                Token::End => return Err(Fault::broken("its sheet breaks off").into()),
                Token::Open if xml.name() == b"c" => {
                    let (own, column, style) = place_cell(xml.attributes(), place)?;
                    if own != row {
                        return Err(disordered(own));
                    }
                    while let Some(change) = cells.next_if(|change| change.column < column) {
                        self.new_cell(row, &change, sink.room()?)?;
                    }
                    let change = cells.next_if(|change| change.column == column);
                    let at = (row, column, style);
                    neighbour = self.cell(xml, at, neighbour, change.as_ref(), sink)?;
                }
                token => {
                    if token == Token::Open || token == Token::Close {
                        for change in cells.by_ref() {
                            self.new_cell(row, &change, sink.room()?)?;
                        }
                    }
                    if token == Token::Close {
                        close(sink.room()?, &name);
                        return Ok(());
                    }
                    sink.room()?.extend_from_slice(xml.raw());
                    if token == Token::Open {
                        copy_rest(xml, sink)?;
                    }
                }
            }
        }
    }

    /// Copies one cell; gives its format without a look, for the cell behind it.
    fn cell<R: Read>(
        &mut self,
        xml: &mut Xml<R>,
        (row, column, style): (u32, u32, u32),
        neighbour: u32,
        change: Option<&Change>,
        sink: &mut Sink<'_>,
    ) -> Outcome<u32> {
        let mut bare = style;
        if row > self.frame.header {
            bare = self.styles.without_look(style, neighbour);
        }
        let look = change.and_then(|change| change.look);
        let new = self.looking(bare, look);
        if let Some(note) = change.and_then(|change| change.note.as_deref()) {
            self.note(row, column, note)?;
        }
        let name = xml.whole_name().to_vec();
        let mut head = Vec::new();
        if new == style {
            tag(&mut head, &name, xml.attributes(), &[])?;
        } else {
            tag(&mut head, &name, xml.attributes(), &[b"s"])?;
            attribute(&mut head, "s", &new.to_string());
        }
        if let Some(text) = change.and_then(|change| change.text.as_deref()) {
            let (inside, formula) = inside(xml)?;
            if !formula {
                write_cell(sink.room()?, &self.prefix, (row, column, new), Some(text));
                return Ok(bare);
            }
            self.done.formulas.push((row, column));
            let out = sink.room()?;
            out.extend_from_slice(&head);
            out.push(b'>');
            out.extend_from_slice(&inside);
            close(out, &name);
            return Ok(bare);
        }
        let out = sink.room()?;
        out.extend_from_slice(&head);
        out.extend_from_slice(if xml.is_hollow() { b"/>" } else { b">" });
        copy_rest(xml, sink)?;
        Ok(bare)
    }

    /// Writes a cell that is not there.
    fn new_cell(&mut self, row: u32, change: &Change, out: &mut Vec<u8>) -> Outcome<()> {
        let style = if change.alike { self.frame.survey.header_style } else { 0 };
        let style = self.looking(style, change.look);
        if let Some(note) = &change.note {
            self.note(row, change.column, note)?;
        }
        write_cell(out, &self.prefix, (row, change.column, style), change.text.as_deref());
        Ok(())
    }

    fn looking(&mut self, style: u32, look: Option<Look>) -> u32 {
        look.map_or(style, |look| self.styles.with_look(style, look))
    }

    fn note(&mut self, row: u32, column: u32, note: &str) -> Outcome<()> {
        if !self.notes.add(row, column, note)? {
            self.done.unnoted += 1;
        }
        Ok(())
    }
}

fn disordered(row: u32) -> super::Trouble {
    Fault::Broken(format!("its rows are not in order (at row {row})")).into()
}

/// What stands inside the cell that was opened, and whether a formula is among it.
fn inside<R: Read>(xml: &mut Xml<R>) -> Outcome<(Vec<u8>, bool)> {
    let (depth, mut formula, mut inside) = (xml.depth(), false, Vec::new());
    loop {
        let token = xml.advance()?;
        if token == Token::End || xml.depth() < depth {
            return Ok((inside, formula));
        }
        formula |= token == Token::Open && xml.name() == b"f";
        inside.extend_from_slice(xml.raw());
        if inside.len() > LONGEST_INSIDE {
            return Err(Fault::broken("one of its cells is longer than any cell").into());
        }
    }
}

/// Writes a cell with a text, or one that only looks like something.
pub(super) fn write_cell(
    out: &mut Vec<u8>,
    p: &str,
    (row, column, style): (u32, u32, u32),
    text: Option<&str>,
) {
    out.extend_from_slice(format!("<{p}c r=\"{}{row}\"", letters(column as usize)).as_bytes());
    if style > 0 {
        attribute(out, "s", &style.to_string());
    }
    // A cell that was there and has no text now is blank.
    let Some(text) = text.filter(|text| !text.is_empty()) else {
        out.extend_from_slice(b"/>");
        return;
    };
    let head = format!(" t=\"inlineStr\"><{p}is><{p}t xml:space=\"preserve\">");
    out.extend_from_slice(head.as_bytes());
    spelled(out, text);
    out.extend_from_slice(format!("</{p}t></{p}is></{p}c>").as_bytes());
}
