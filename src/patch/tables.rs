//! Tables of the sheet, which are named areas with a filter: one that ends where columns are added gets
//! them. The columns of a table are called as their headers are, or Excel takes the workbook for damaged.

use std::collections::BTreeMap;
use std::io::Read;

use super::Outcome;
use super::book::{Book, Table};
use super::sink::{Act, Sink, attribute, rewrite, tag};
use super::styles::prefix_of;
use super::survey::area;
use crate::reader::parts::{Token, Xml};
use crate::row::Area;

/// Characters that the header of a table's column may have.
const LONGEST: usize = 255;

/// What became of headers, by row and column.
pub(super) type Headers = BTreeMap<(u32, u32), String>;

/// The table that the added columns join: it stands under this header, holds the first column of what is
/// read and ends in front of them.
pub(super) fn joined<'a>(
    book: &'a Book,
    (header, left): (u32, u32),
    first: u32,
    headers: &[&str],
) -> Option<&'a Table> {
    let fits = |header: &&str| header.chars().count() <= LONGEST && !header.is_empty();
    if headers.is_empty() || !headers.iter().all(fits) {
        return None;
    }
    book.tables.iter().find(|table| {
        let known = |header: &&str| table.names.contains(&header.to_lowercase());
        table.open
            && table.area.top == header
            && table.area.left <= left
            && table.area.right + 1 == first
            && !headers.iter().any(known)
    })
}

/// Whether the header of a column of a table changes.
pub(super) fn is_renamed(table: &Table, renamed: &Headers) -> bool {
    let columns = table.area.left..=table.area.right;
    renamed.keys().any(|(row, column)| *row == table.area.top && columns.contains(column))
}

/// Copies the part of a table, which gets columns, and whose columns may be called otherwise.
pub(super) fn write<R: Read>(
    xml: &mut Xml<R>,
    table: &Table,
    headers: &[&str],
    renamed: &Headers,
    sink: &mut Sink<'_>,
) -> Outcome<()> {
    let added = u32::try_from(headers.len()).unwrap_or(0);
    let wider = |area: Area| Area { right: table.area.right + added, ..area };
    let mut prefix = String::new();
    let mut filtered = false;
    let mut columns = table.area.left..;
    rewrite(xml, sink, &mut |xml, token, out| {
        let depth = xml.depth();
        match (token, xml.name()) {
            (Token::Open, b"table") if depth == 1 => {
                prefix = prefix_of(xml.whole_name());
                tag(out, xml.whole_name(), xml.attributes(), &[b"ref"])?;
                attribute(out, "ref", &wider(table.area).to_string());
                out.push(b'>');
                Ok(Act::Written)
            }
            (Token::Open, b"autoFilter") if depth == 2 => {
                filtered = true;
                let Some(old) = area(xml, b"ref")? else { return Ok(Act::Keep) };
                tag(out, xml.whole_name(), xml.attributes(), &[b"ref"])?;
                attribute(out, "ref", &wider(old).to_string());
                out.push(b'>');
                Ok(Act::Written)
            }
            (Token::Open, b"tableColumns") => {
                if !filtered && !headers.is_empty() {
                    // The rows of totals are not filtered.
                    let bottom = table.area.bottom.saturating_sub(table.totals);
                    let area = wider(Area { bottom: bottom.max(table.area.top), ..table.area });
                    out.extend_from_slice(
                        format!("<{prefix}autoFilter ref=\"{area}\"/>").as_bytes(),
                    );
                }
                let count = u32::try_from(table.names.len()).unwrap_or(0) + added;
                tag(out, xml.whole_name(), xml.attributes(), &[b"count"])?;
                attribute(out, "count", &count.to_string());
                out.push(b'>');
                Ok(Act::Written)
            }
            (Token::Open, b"tableColumn") => {
                let header = columns.next().and_then(|at| renamed.get(&(table.area.top, at)));
                let Some(header) = header.filter(|_| table.headed) else { return Ok(Act::Keep) };
                tag(out, xml.whole_name(), xml.attributes(), &[b"name"])?;
                attribute(out, "name", header);
                out.push(b'>');
                Ok(Act::Written)
            }
            (Token::Close, b"tableColumns") => {
                for (id, header) in (table.last + 1..).zip(headers) {
                    out.extend_from_slice(format!("<{prefix}tableColumn id=\"{id}\"").as_bytes());
                    attribute(out, "name", header);
                    out.extend_from_slice(b"/>");
                }
                Ok(Act::Keep)
            }
            _ => Ok(Act::Keep),
        }
    })
}
