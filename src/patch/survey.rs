//! One pass over a sheet before it is copied: where its cells end, and what it has already of what a copy
//! may add.

use std::io::Read;

use super::Outcome;
use crate::reader::parts::{Place, Token, Xml, begin_row, number, place_cell};
use crate::row::Area;

/// What a copy needs to know of a sheet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Survey {
    /// The first column behind everything that holds something.
    pub(super) free: u32,
    /// The last row that holds something.
    pub(super) bottom: u32,
    /// The area over which the sheet offers a filter.
    pub(super) filter: Option<Area>,
    /// Whether a part of it is fixed on the screen, or nothing can be.
    pub(super) fixed: bool,
    /// The relation to the shapes of its notes.
    pub(super) shapes: Option<String>,
    /// The format of the last cell of the header.
    pub(super) header_style: u32,
}

/// Reads a sheet; of merged cells those count that reach below the beginning of the header.
pub(super) fn survey(mut xml: Xml<impl Read>, header: u32) -> Outcome<Survey> {
    let mut survey = Survey::default();
    let mut place = Place::default();
    loop {
        match xml.advance()? {
            Token::End => return Ok(survey),
            Token::Open => match xml.name() {
                b"row" => begin_row(xml.attributes(), &mut place)?,
                b"c" => {
                    let (row, column, style) = place_cell(xml.attributes(), &mut place)?;
                    if !xml.is_hollow() {
                        survey.free = survey.free.max(column + 1);
                        survey.bottom = survey.bottom.max(row);
                        if row == header {
                            survey.header_style = style;
                        }
                    }
                    xml.skip()?;
                }
                b"sheetView" => {
                    let view = xml.attributes().get(b"view")?;
                    survey.fixed |= view == Some(b"pageLayout");
                }
                b"pane" => survey.fixed = true,
                b"autoFilter" if xml.depth() == 2 => survey.filter = area(&xml, b"ref")?,
                b"mergeCell" => {
                    if let Some(area) = area(&xml, b"ref")?.filter(|area| area.bottom >= header) {
                        survey.free = survey.free.max(area.right.saturating_add(1));
                    }
                }
                b"legacyDrawing" => survey.shapes = relation(&xml)?,
                _ => {}
            },
            _ => {}
        }
    }
}

/// The area that an attribute names.
pub(super) fn area(xml: &Xml<impl Read>, name: &[u8]) -> Outcome<Option<Area>> {
    Ok(xml.attributes().text(name)?.and_then(|text| Area::parse(&text)))
}

/// The id by which an element speaks of another part, whatever the prefix.
pub(super) fn relation(xml: &Xml<impl Read>) -> Outcome<Option<String>> {
    for one in xml.attributes() {
        let (name, value) = one?;
        if name.ends_with(b":id") {
            return Ok(Some(String::from_utf8_lossy(value).into_owned()));
        }
    }
    Ok(None)
}

/// A number of an attribute; 0 where there is none.
pub(super) fn count(xml: &Xml<impl Read>, name: &[u8]) -> Outcome<u32> {
    Ok(number(xml.attributes().get(name)?).unwrap_or(0))
}
