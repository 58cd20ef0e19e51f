//! The short way of keeping a row: nearly every row of nearly every CSV can be kept as it stands in the file.
//!
//! Nothing is believed of how the file was read: what is kept is taken only where it is CSV of these very
//! cells by itself.

use std::borrow::Cow;

use super::guard;
use crate::row::Row;

/// The text of a row with the quotes around its cells, where it can be kept as it stands: it is CSV with
/// commas and on one line, and none of its cells begins a formula.
#[inline]
pub(super) fn as_it_stands(row: Row<'_>) -> Option<&[u8]> {
    let (text, cells) = row.placed()?;
    let text = text.as_bytes();
    let &(first, _) = cells.first()?;
    let mut at = first as usize;
    let has = |at: usize, sign: u8| text.get(at) == Some(&sign);
    let mut quoted = at.checked_sub(1).is_some_and(|before| has(before, b'"'));
    let begin = at - usize::from(quoted);
    // Commas and quotes that stand where they belong.
    let mut fine = usize::from(quoted);
    for (column, &(start, end)) in cells.iter().enumerate() {
        let (start, end) = (start as usize, end as usize);
        if column > 0 {
            if !has(at, b',') {
                return None;
            }
            quoted = start == at + 2 && has(at + 1, b'"');
            fine += 1 + usize::from(quoted);
            at += 1 + usize::from(quoted);
        }
        if start != at {
            return None;
        }
        // With a letter or digit begins no formula.
        if start < end
            && !text.get(start)?.is_ascii_alphanumeric()
            && matches!(guard(row.cell(column).text), Cow::Owned(_))
        {
            return None;
        }
        at = end;
        if quoted {
            if !has(end, b'"') {
                return None;
            }
            fine += 1 + count(text.get(start..end)?, |byte| byte == b',');
            at += 1;
        }
    }
    let text = text.get(begin..at)?;
    let is_sign = |byte| matches!(byte, b',' | b'"' | b'\n' | b'\r');
    (count(text, is_sign) == fine).then_some(text)
}

/// How many bytes of a short text are so. It is counted in bytes, of which the processor adds many at once.
#[inline]
fn count(text: &[u8], is: impl Fn(u8) -> bool) -> usize {
    let few = |part: &[u8]| part.iter().map(|&byte| u8::from(is(byte))).sum::<u8>();
    text.chunks(u8::MAX.into()).map(|part| usize::from(few(part))).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reader::Extent;
    use crate::row::{Block, Chunk, Dialect, Location};

    /// What is kept of a row of a text as it stands.
    fn kept(text: &str) -> Option<String> {
        let first = Location { row: 1, line: 1, ..Location::default() };
        let (bytes, dialect) = (text.as_bytes().to_vec(), Dialect::default());
        let block = Block { bytes, dialect, first, width: 0, longest_cell: 1 << 17 };
        let rows = crate::reader::parse(Chunk::Text(block), Extent::default());
        let kept = as_it_stands(rows.get(0).unwrap());
        kept.map(|kept| String::from_utf8(kept.to_vec()).unwrap())
    }

    #[test]
    fn plain_rows_stand_as_they_are_in_the_file() {
        for text in ["a,b,c", "a", ",,", "Ann,\"1 High Street, York\",x", "\"a\",\"b\",\"\"", "é,ü"]
        {
            assert_eq!(kept(&format!("{text}\nnext,row\n")).as_deref(), Some(text));
            assert_eq!(kept(text).as_deref(), Some(text));
        }
    }

    #[test]
    fn what_needs_a_closer_look_does_not_stand() {
        for text in ["a,=b", "-b,c", "a,\"b\"\"c\"", "\"a\nb\",c", "a,b\"c", "'a,b", "@a"] {
            assert_eq!(kept(&format!("{text}\nnext,row\n")), None, "{text}");
        }
    }
}
