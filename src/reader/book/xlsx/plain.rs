//! Cells, rows and strings as nearly every writer writes them, known by their bytes: a sheet has
//! millions of them, and a tokenizer asks of each what it asks of anything.
//!
//! Each of these answers "it is plainly this" or nothing. What is nothing here is read token by token
//! ([`super::xml`]), which decides everything else; a property test holds the two together.

use memchr::{memchr2, memchr3, memmem};

use super::sheet::Kind;
use super::strings::trimmed;
use super::text::Attributes;
use super::xml::plain_tag;
use crate::reader::book::guard::{LAST_COLUMN, LAST_ROW};

/// A cell that says where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cell<'a> {
    /// Its row from 1.
    pub(super) row: u32,
    /// Its column from 0.
    pub(super) column: u32,
    /// The number of its format.
    pub(super) style: u32,
    /// What it holds.
    pub(super) value: Value<'a>,
    /// Its bytes, from `<c` to its end.
    pub(super) length: usize,
}

/// What a cell holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Value<'a> {
    /// Nothing: it only has a format.
    Blank,
    /// A shared string, by its number.
    Shared(u32),
    /// A value as it is written, its entities resolved.
    Written(Kind, &'a str),
    /// A text of which nothing is to be resolved any more.
    Text(&'a str),
}

/// The cell with which a text begins.
#[inline]
pub(super) fn cell(text: &str, longest: usize) -> Option<Cell<'_>> {
    let (column, rest) = column(text.as_bytes().strip_prefix(b"<c r=\"")?)?;
    let (row, mut rest) = number(rest, b'"')?;
    if !(1..=LAST_ROW).contains(&row) {
        return None;
    }
    let (mut style, mut kind) = (0, Kind::Unsaid);
    let (value, rest) = loop {
        match rest {
            [b'>', ..] => break value(kind, Rest { text, bytes: rest.get(1..)? }, longest)?,
            [b'/', b'>', behind @ ..] if kind == Kind::Unsaid => break (Value::Blank, behind),
            [b' ', b's', b'=', b'"', behind @ ..] => (style, rest) = number(behind, b'"')?,
            [b' ', b't', b'=', b'"', behind @ ..] => (kind, rest) = kind_of(behind)?,
            _ => return None,
        }
    };
    Some(Cell { row, column, style, value, length: text.len() - rest.len() })
}

/// The column from 0 that capital letters name.
#[inline]
fn column(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let (mut column, mut rest) = (0, bytes);
    while let [letter @ b'A'..=b'Z', behind @ ..] = rest {
        column = column * 26 + u32::from(letter - b'A') + 1;
        if column > LAST_COLUMN {
            return None;
        }
        rest = behind;
    }
    Some((column.checked_sub(1)?, rest))
}

/// A number of one to eight digits, and what stands behind the byte that ends it.
#[inline]
pub(super) fn number(bytes: &[u8], end: u8) -> Option<(u32, &[u8])> {
    // Nine bytes at least: a number that is cut off is none.
    let eight = u64::from_le_bytes(*bytes.first_chunk()?) ^ 0x3030_3030_3030_3030;
    // The high bit of a byte says that it was no digit; the first of them is right.
    let others = (eight.wrapping_add(0x7676_7676_7676_7676) | eight) & 0x8080_8080_8080_8080;
    let count = (others.trailing_zeros() / 8) as usize;
    let (_, rest) = bytes.split_at_checked(count)?;
    let [byte, behind @ ..] = rest else { return None };
    if count == 0 || *byte != end {
        return None;
    }
    // Zeros in front, then neighbours joined three times: digits, pairs, fours.
    let digits = eight << (64 - 8 * count);
    let pairs = (digits.wrapping_mul(10) + (digits >> 8)) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs.wrapping_mul(100) + (pairs >> 16)) & 0x0000_ffff_0000_ffff;
    let number = (fours.wrapping_mul(10_000) + (fours >> 32)) & 0xffff_ffff;
    Some((u32::try_from(number).ok()?, behind))
}

fn kind_of(bytes: &[u8]) -> Option<(Kind, &[u8])> {
    match bytes {
        [b's', b'"', rest @ ..] => Some((Kind::Shared, rest)),
        [b'n', b'"', rest @ ..] => Some((Kind::Number, rest)),
        [b'b', b'"', rest @ ..] => Some((Kind::Bool, rest)),
        [b's', b't', b'r', b'"', rest @ ..] => Some((Kind::Text, rest)),
        _ => Some((Kind::Inline, bytes.strip_prefix(b"inlineStr\"")?)),
    }
}

/// The end of a text, as bytes.
#[derive(Clone, Copy)]
struct Rest<'a> {
    text: &'a str,
    bytes: &'a [u8],
}

impl<'a> Rest<'a> {
    fn behind(self, prefix: &[u8]) -> Option<Self> {
        Some(Self { bytes: self.bytes.strip_prefix(prefix)?, ..self })
    }

    /// What stands in front of the next tag, if no entity and no line end is to be resolved in it.
    fn to_tag(self, longest: usize) -> Option<(&'a str, Self)> {
        let length = memchr3(b'<', b'&', b'\r', self.bytes).filter(|&length| length <= longest)?;
        let start = self.text.len() - self.bytes.len();
        let bytes = self.bytes.get(length..)?;
        Some((self.text.get(start..start + length)?, Self { bytes, ..self }))
    }

    /// A text element, its white space as the file says.
    fn element(self, longest: usize) -> Option<(&'a str, Self)> {
        let tag = self.behind(b"<t")?;
        let (text, rest) = match tag.behind(b">") {
            Some(rest) => {
                let (text, rest) = rest.to_tag(longest)?;
                (trimmed(text), rest)
            }
            None => tag.behind(b" xml:space=\"preserve\">")?.to_tag(longest)?,
        };
        Some((text, rest.behind(b"</t>")?))
    }
}

/// The content of a cell, to its end.
#[inline]
fn value(kind: Kind, rest: Rest<'_>, longest: usize) -> Option<(Value<'_>, &[u8])> {
    match kind {
        Kind::Shared => {
            let (index, rest) = number(rest.bytes.strip_prefix(b"<v>")?, b'<')?;
            Some((Value::Shared(index), rest.strip_prefix(b"/v></c>")?))
        }
        Kind::Inline => {
            let (text, rest) = rest.behind(b"<is>")?.element(longest)?;
            Some((Value::Written(Kind::Text, text), rest.bytes.strip_prefix(b"</is></c>")?))
        }
        _ => {
            let (value, rest) = rest.behind(b"<v>")?.to_tag(longest)?;
            Some((Value::Written(kind, value), rest.bytes.strip_prefix(b"</v></c>")?))
        }
    }
}

/// The string of the table of shared strings with which a text begins, and its bytes in the table.
/// What Excel escapes in it is still to be resolved.
pub(super) fn string(text: &str, longest: usize) -> Option<(&str, usize)> {
    let (string, rest) = Rest { text, bytes: text.as_bytes() }.behind(b"<si>")?.element(longest)?;
    Some((string, text.len() - rest.behind(b"</si>")?.bytes.len()))
}

/// The end of a row and the beginning of the next one, with which the bytes begin: the attributes of
/// the next one, and how many bytes that are.
pub(super) fn next_row(bytes: &[u8]) -> Option<(Attributes<'_>, usize)> {
    let (attributes, cells) = row(bytes.strip_prefix(b"</row>")?.trim_ascii_start())?;
    Some((attributes, bytes.len() - cells.len()))
}

/// The attributes of the row with which the bytes begin, and what stands behind its tag.
fn row(bytes: &[u8]) -> Option<(Attributes<'_>, &[u8])> {
    let tag = bytes.strip_prefix(b"<row")?;
    let (attributes, behind) = tag.split_at_checked(plain_tag(tag)?)?;
    let named = matches!(attributes.first(), None | Some(b' '));
    (named && !attributes.ends_with(b"/"))
        .then(|| (Attributes(attributes), behind.get(1..).unwrap_or_default()))
}

/// The cells of a whole row, and the tag that ends it.
pub(super) fn cells_of(text: &str) -> Option<&str> {
    text.get(text.len() - row(text.as_bytes())?.1.len()..)
}

/// Finds where rows end.
pub(super) struct RowEnds(memmem::Finder<'static>);

impl RowEnds {
    pub(super) fn new() -> Self {
        Self(memmem::Finder::new(b"</row"))
    }

    /// The attributes of the row with which the bytes begin, and how many bytes it has, its cells
    /// included: no comment and no CDATA section is among them.
    pub(super) fn whole_row<'a>(&self, bytes: &'a [u8]) -> Option<(Attributes<'a>, usize)> {
        let (attributes, cells) = row(bytes)?;
        let (cells, end) = cells.split_at_checked(self.0.find(cells)?)?;
        let mut rest = cells;
        while let Some(at) = memchr2(b'!', b'?', rest) {
            if rest.get(..at)?.ends_with(b"<") {
                return None;
            }
            rest = rest.get(at + 1..)?;
        }
        Some((attributes, bytes.len() - end.strip_prefix(b"</row>")?.len()))
    }
}
