//! Rows whose cells can be seen from their delimiters, quotes and line breaks alone, which are nearly all rows
//! of nearly all files. This path only ever says "so it is" or "ask the cutter": what a row is
//! whose quotes are odd, [`super::cutter::Cutter`] alone decides. A test holds the two together.

use super::signs::Signs;
use crate::row::{Dialect, Span};

/// Stands where nothing stands any more in a text: between the cells of a row, mostly.
pub(super) const FILLER: u8 = b'"';

/// Finds the cells of plain rows, one row after the other.
#[derive(Debug)]
pub(super) struct Plain {
    dialect: Dialect,
    /// What stands for a quote where there is none: nothing that can be met as one.
    quote: u8,
    /// How many cells a row should have; 0 where that is not known.
    width: usize,
    /// Bytes within which a quoted cell must close.
    longest_cell: usize,
    /// The places of delimiters, quotes, escapes and line breaks.
    signs: Signs,
    /// Whether the characters of the dialect are such that rows can be plain.
    usable: bool,
    /// Cells of the row that was found last in which quotes are doubled.
    doubled: Vec<usize>,
}

/// Where a plain row ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct End {
    /// Behind its line break; of `\r\n`, between the two.
    pub(super) at: usize,
    /// Its line breaks.
    pub(super) lines: u32,
    /// The line break it ends with; nothing where the text ends with it.
    pub(super) with: Option<u8>,
}

/// A quoted cell.
struct Quoted {
    /// Where its closing quote stands.
    close: usize,
    /// Line breaks in it.
    breaks: u32,
    /// Whether quotes are doubled in it.
    doubled: bool,
}

impl Plain {
    /// For texts of one dialect.
    pub(super) fn new(dialect: Dialect, width: usize, longest_cell: usize) -> Self {
        let Dialect { delimiter, quote, escape } = dialect;
        let signs = [Some(delimiter), quote, escape];
        let odd = |sign: u8| !sign.is_ascii() || matches!(sign, b'\n' | b'\r');
        let usable = !signs.into_iter().flatten().any(odd)
            && quote != Some(delimiter)
            && escape.is_none_or(|escape| escape != delimiter && quote != Some(escape));
        let quote = quote.unwrap_or(delimiter);
        let signs = Signs::new([delimiter, quote, escape.unwrap_or(delimiter), b'\n', b'\r']);
        Self { dialect, quote, width, longest_cell, signs, usable, doubled: Vec::new() }
    }

    /// Takes no row for plain.
    #[cfg(test)]
    pub(super) fn none(dialect: Dialect) -> Self {
        Self { usable: false, ..Self::new(dialect, 0, 0) }
    }

    /// Passes over bytes in front of a row, which are no part of one.
    #[inline]
    pub(super) fn skip_to(&mut self, at: usize) {
        self.signs.skip_to(at);
    }

    /// Goes on at a row, when the last one was not found here.
    pub(super) fn seek(&mut self, at: usize) {
        self.signs.seek(at);
    }

    /// Finds the cells of the row that begins at `start`, where the last one ended or [`Plain::seek`]
    /// went, and appends them to `cells`. Nothing, and no cells, where the row is not plain.
    #[inline]
    pub(super) fn row(&mut self, text: &[u8], start: usize, cells: &mut Vec<Span>) -> Option<End> {
        let first = cells.len();
        self.doubled.clear();
        let end = self.walk(text, start, cells);
        if end.is_none() {
            cells.truncate(first);
        }
        end
    }

    fn walk(&mut self, text: &[u8], start: usize, cells: &mut Vec<Span>) -> Option<End> {
        // A byte-order mark in front of a row is not always part of it.
        if !self.usable || text.get(start) == Some(&0xef) {
            return None;
        }
        let Self { dialect: Dialect { delimiter, .. }, quote, .. } = *self;
        let first = cells.len();
        let place = |at: usize| u32::try_from(at).ok();
        let mut cell = start;
        let mut inside = 0;
        loop {
            let next = self.signs.next(text);
            let mut at = next.unwrap_or(text.len());
            let mut sign = text.get(at).copied();
            if sign == Some(delimiter) {
                cells.push((place(cell)?, place(at)?));
                cell = at + 1;
                continue;
            }
            let mut end = at;
            if at == cell && sign == Some(quote) {
                let quoted = self.closing(text, cell)?;
                if quoted.doubled {
                    self.doubled.push(cells.len() - first);
                }
                inside += quoted.breaks;
                (cell, end) = (cell + 1, quoted.close);
                at = self.signs.next(text).unwrap_or(text.len());
                if at != quoted.close + 1 {
                    return None;
                }
                sign = text.get(at).copied();
            }
            cells.push((place(cell)?, place(end)?));
            match sign {
                Some(sign) if sign == delimiter => cell = at + 1,
                Some(b'\n' | b'\r') | None => {
                    // A quote that joins lines may be a mistake.
                    let fits = self.width == 0 || cells.len() - first == self.width;
                    let ends = u32::from(sign.is_some());
                    let end = End { at: at + ends as usize, lines: inside + ends, with: sign };
                    return (inside == 0 || fits).then_some(end);
                }
                Some(_) => return None,
            }
        }
    }

    /// The end of the quoted cell that opens at `open`.
    fn closing(&mut self, text: &[u8], open: usize) -> Option<Quoted> {
        let mut quoted = Quoted { close: open, breaks: 0, doubled: false };
        loop {
            let at = self.signs.next(text)?;
            let next = text.get(at + 1);
            match *text.get(at)? {
                sign if sign == self.quote => {
                    if next != Some(&self.quote) {
                        quoted.close = at;
                        return (at - open < self.longest_cell).then_some(quoted);
                    }
                    quoted.doubled = true;
                    self.signs.next(text);
                }
                sign if sign == self.dialect.delimiter => {}
                b'\n' => quoted.breaks += 1,
                b'\r' => quoted.breaks += u32::from(next != Some(&b'\n')),
                _ => return None,
            }
        }
    }

    /// Leaves nothing in the text of the row that was found last but its cells and what stands
    /// between them, which is made to be of no interest to anybody.
    #[inline]
    pub(super) fn tidy(&self, text: &mut [u8], cells: &mut [Span]) {
        for cell in &self.doubled {
            if let Some(span) = cells.get_mut(*cell) {
                undouble(text, span, self.quote);
            }
        }
        if self.dialect.delimiter.is_ascii_graphic() {
            return;
        }
        for pair in cells.windows(2) {
            if let [(_, end), (next, _)] = *pair
                && let Some(between) = text.get_mut(end as usize..next as usize)
            {
                between.fill(FILLER);
            }
        }
    }
}

/// Takes one of two quotes out of a cell wherever they are doubled.
fn undouble(text: &mut [u8], (start, end): &mut Span, quote: u8) {
    let Some(cell) = text.get_mut(*start as usize..*end as usize) else { return };
    let (mut from, mut to) = (0, 0);
    while let Some(&byte) = cell.get(from) {
        if let Some(kept) = cell.get_mut(to) {
            *kept = byte;
        }
        from += if byte == quote { 2 } else { 1 };
        to += 1;
    }
    if let Some(rest) = cell.get_mut(to..) {
        rest.fill(FILLER);
    }
    *end = start.saturating_add(u32::try_from(to).unwrap_or(u32::MAX));
}
