//! One pass over a sheet that reads what it says beside its cells, and passes over the cells.

use std::io::Read;

use super::kept::{Keeper, Kept};
use super::plain::RowEnds;
use super::sheet::{Place, begin_row};
use super::styles::number;
use super::text::utf8;
use super::xml::{Fault, Token, Xml};
use crate::reader::book::Layout;
use crate::reader::book::guard::{ABSURD, MOST_BESIDE};
use crate::row::Area;

/// Bytes of a row for the end of which is waited, so that it is kept.
const ROW: usize = 64 * 1024;

/// Reads what a sheet says beside its cells; also gives back its rows where all could be kept.
pub(super) fn survey(
    mut xml: Xml<&mut dyn Read>,
    mut keeper: Keeper,
) -> Result<(Layout, Option<Kept>), Fault> {
    let mut layout = Layout::default();
    let mut place = Place::default();
    // Whether the row is hidden and has not shown yet that it holds something.
    let mut empty_hidden = false;
    let mut beside = 0;
    let ends = RowEnds::new();
    loop {
        while let Some((attributes, length)) = ends.whole_row(xml.ahead())
            && attributes.clone().flag(b"hidden").is_ok_and(|hidden| !hidden)
        {
            begin_row(attributes, &mut place)?;
            empty_hidden = false;
            let row = xml.ahead().get(..length).unwrap_or_default();
            keeper.row(row, place.row, xml.longest_cell());
            xml.pass(length);
        }
        if keeper.wants_rows() && is_cut(xml.ahead(), &ends) && xml.more(ROW)? {
            continue;
        }
        let token = xml.advance()?;
        match token {
            Token::Open => keeper.open(xml.name(), xml.is_hollow()),
            Token::Close => keeper.close(xml.name()),
            _ => {}
        }
        match token {
            Token::End => return Ok((layout, keeper.end())),
            Token::Open => match xml.name() {
                b"c" | b"f" | b"t" => {}
                b"v" | b"is" => {
                    if std::mem::take(&mut empty_hidden) {
                        layout.hide_row(place.row);
                    }
                }
                b"row" => {
                    begin_row(xml.attributes(), &mut place)?;
                    empty_hidden = xml.attributes().flag(b"hidden")?;
                    // Of the rows that are seen, only their number counts.
                    if !empty_hidden {
                        xml.skip_fast()?;
                    }
                }
                b"col" if xml.attributes().flag(b"hidden")? => {
                    let first = number(xml.attributes().get(b"min")?);
                    let last = number(xml.attributes().get(b"max")?);
                    if let (Some(first @ 1..), Some(last @ 1..)) = (first, last) {
                        layout.hidden_columns.push((first - 1, last - 1));
                    }
                }
                b"mergeCell" => {
                    let raw = xml.attributes().get(b"ref")?.unwrap_or_default();
                    layout.merged.extend(Area::parse(utf8(raw)?));
                }
                b"autoFilter" => {
                    let raw = xml.attributes().get(b"ref")?.unwrap_or_default();
                    layout.filter = Area::parse(utf8(raw)?);
                }
                b"filterColumn" => layout.filtered = true,
                _ => {
                    beside += 1;
                    if beside > MOST_BESIDE {
                        return Err(Fault::broken("it has more beside its cells than any sheet"));
                    }
                }
            },
            _ => {}
        }
        if layout.is_absurd() {
            return Err(Fault::broken(ABSURD));
        }
    }
}

/// Whether a row begins that may end behind the bytes.
fn is_cut(bytes: &[u8], ends: &RowEnds) -> bool {
    const BEGIN: &[u8] = b"<row";
    BEGIN.starts_with(bytes) || bytes.starts_with(BEGIN) && ends.whole_row(bytes).is_none()
}
