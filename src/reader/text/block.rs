//! Where text can be cut between rows, and how a block of it becomes cells.
//!
//! The reading thread only finds where rows end outside quotes and counts rows and lines, so every
//! block knows its place. The cells are cut where they lie, inside the parallel stage. Both follow the
//! same rules, which tests hold against each other: a quote opens a cell only as its first byte, a
//! doubled quote is a quote, `\n`, `\r\n` and `\r` end a row.

use memchr::memchr2;

use super::charset;
use super::cutter::{Closing, Cutter, Rules, breaks, closing};
use super::signs::Signs;
use crate::row::{Block, Dialect, Location, Rows, Span, Text};

/// Where a text can be cut between rows.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Piece {
    /// Behind the last row that is whole.
    pub(super) end: usize,
    /// Rows up to there, blank lines included.
    pub(super) rows: u32,
    /// Lines up to there.
    pub(super) lines: u32,
}

impl Piece {
    /// One row more, with its lines.
    fn add(&mut self, end: usize, lines: u32) {
        self.end = end;
        self.rows += 1;
        self.lines += lines;
    }
}

/// Finds the last row end outside quotes. `text` begins at a row; at the end of the file the
/// last row needs no line break.
pub(super) fn cut(text: &[u8], cutter: &mut Cutter, end: bool) -> Piece {
    let rules = cutter.rules;
    let Dialect { delimiter, quote, .. } = rules.dialect;
    let mut piece = Piece::default();
    let mut signs = Signs::new([quote.unwrap_or(b'\n'), b'\n', b'\r', b'\n', b'\n']);
    while let Some(at) = signs.next(text) {
        let before = at.checked_sub(1).and_then(|before| text.get(before));
        match text.get(at) {
            // The second half of `\r\n`.
            Some(b'\n') if before == Some(&b'\r') && at == piece.end => piece.end = at + 1,
            // It may be half of `\r\n`.
            Some(b'\r') if at + 1 == text.len() && !end => break,
            Some(b'\n' | b'\r') => piece.add(at + 1, 1),
            _ => {
                let edge = |&byte: &u8| byte == delimiter || matches!(byte, b'\n' | b'\r');
                if !before.is_none_or(edge) || is_closed(text, &mut signs, rules, at, end) {
                    continue;
                }
                // The quote joins lines, or never closes: the cutter decides what the row is.
                let Some(row) = cutter.row_end(text, piece.end, end) else { return piece };
                let record = text.get(piece.end..row).unwrap_or_default();
                if matches!(record.last(), Some(b'\n' | b'\r')) {
                    piece.add(row, breaks(record));
                } else {
                    piece.lines += breaks(record);
                }
                signs.seek(row);
            }
        }
    }
    if end {
        piece.end = text.len();
    }
    piece
}

/// Whether the quote that opens at some place closes on its own line; then the next sign is behind
/// it.
fn is_closed(text: &[u8], signs: &mut Signs, rules: Rules, open: usize, end: bool) -> bool {
    let Some(quote) = rules.dialect.quote else { return false };
    if rules.dialect.escape.is_some() {
        let Closing::At(close) = closing(text, rules, quote, open, end) else { return false };
        signs.seek(close);
        return memchr2(b'\n', b'\r', text.get(open..close).unwrap_or_default()).is_none();
    }
    while let Some(at) = signs.next(text).filter(|at| at - open < rules.longest_cell) {
        match (text.get(at), text.get(at + 1)) {
            (Some(&sign), _) if sign != quote => return false,
            (_, Some(&next)) if next == quote => signs.next(text),
            (_, next) => return next.is_some(),
        };
    }
    false
}

/// Cuts a block into cells. Rows up to and including `header_row` are left out, blank lines are
/// counted but are no rows. Cells whose bytes are not UTF-8 are marked as damaged.
pub(in crate::reader) fn parse(block: Block, header_row: u32) -> Rows {
    parse_first(block, header_row, usize::MAX)
}

/// The same for the first rows of a block only.
pub(super) fn parse_first(block: Block, header_row: u32, most: usize) -> Rows {
    let mut cutter = Cutter::new(block.dialect, block.width, block.longest_cell);
    parse_with(&mut cutter, block, header_row, most)
}

fn parse_with(cutter: &mut Cutter, block: Block, header_row: u32, most: usize) -> Rows {
    let Block { bytes: mut text, first: mut at, .. } = block;
    let start_of_block = at.byte;
    let mut cells: Vec<Span> = Vec::with_capacity(text.len() / 12 + 8);
    let mut rows = Vec::with_capacity(text.len() / 128 + 1);
    let mut quotes = Vec::new();
    let mut position = 0;
    let mut after_return = false;
    while let Some(&byte) = text.get(position).filter(|_| rows.len() < most) {
        if byte == b'\n' || byte == b'\r' {
            // Half of a `\r\n` whose row has ended already, or a blank line.
            if !(byte == b'\n' && after_return) {
                at.row += 1;
                at.line += 1;
            }
            after_return = byte == b'\r';
            position += 1;
            cutter.skip_to(position);
            continue;
        }
        let place = Location { byte: start_of_block + position as u64, ..at };
        let kept = cells.len();
        let Some(cut) = cutter.cells(&mut text, position, place, &mut cells) else { break };
        if at.row > header_row {
            if let (Some(wrong), Ok(row)) = (cut.wrong, u32::try_from(rows.len())) {
                quotes.push((row, wrong));
            }
            rows.push((place, u32::try_from(cells.len()).unwrap_or(u32::MAX)));
        } else {
            cells.truncate(kept);
        }
        position = cut.end;
        after_return = cut.with == Some(b'\r');
        at.row += 1;
        at.line += cut.lines;
    }
    text.truncate(position);
    let mut rows = match Text::read(text) {
        Ok(text) if cutter.is_halved() => mend(text.as_bytes(), &cells, rows),
        Ok(text) => Rows::from_text(text, cells, rows),
        Err(bytes) => mend(&bytes, &cells, rows),
    };
    rows.mark_quotes(quotes);
    rows
}

/// Builds the rows again, cell by cell, where some bytes are not UTF-8.
fn mend(bytes: &[u8], cells: &[Span], rows: Vec<(Location, u32)>) -> Rows {
    let mut text = String::with_capacity(bytes.len() + 16);
    let mut mended = Vec::with_capacity(cells.len());
    let mut damaged = Vec::new();
    let place = |text: &String| u32::try_from(text.len()).unwrap_or(u32::MAX);
    for (index, &(start, end)) in cells.iter().enumerate() {
        let cell = bytes.get(start as usize..end as usize).unwrap_or_default();
        let decoded = String::from_utf8_lossy(cell);
        if matches!(decoded, std::borrow::Cow::Owned(_)) {
            damaged.push((index, charset::as_windows(cell)));
        }
        let start = place(&text);
        text.push_str(&decoded);
        mended.push((start, place(&text)));
    }
    let mut rows = Rows::from_text(text.into(), mended, rows);
    for (index, reading) in damaged {
        rows.mark_damaged(index, reading);
    }
    rows
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::row::CellKind;

    fn whole(bytes: Vec<u8>) -> Block {
        let first = Location { row: 1, line: 1, ..Location::default() };
        Block { bytes, dialect: Dialect::default(), first, width: 0, longest_cell: 1 << 17 }
    }

    #[test]
    fn without_a_quote_every_quote_is_text() {
        let dialect = Dialect { quote: None, ..Dialect::default() };
        let rows = parse(Block { dialect, ..whole(b"a,\"b\n\"c\",d\n".to_vec()) }, 0);
        let cells: Vec<Vec<&str>> =
            rows.iter().map(|row| row.cells().map(|cell| cell.text).collect()).collect();
        assert_eq!(cells, [["a", "\"b"], ["\"c\"", "d"]]);
        assert!(rows.iter().all(|row| row.quotes().is_none()));
    }

    #[test]
    fn an_escaped_quote_does_not_close_its_cell() {
        let dialect = Dialect { escape: Some(b'\\'), ..Dialect::default() };
        let text = b"\"a \\\"x, y\\\"\",b\n\"c\\\\\",\"d\n\\\"\"\n".to_vec();
        let rows = parse(Block { dialect, ..whole(text) }, 0);
        let cells: Vec<Vec<&str>> =
            rows.iter().map(|row| row.cells().map(|cell| cell.text).collect()).collect();
        assert_eq!(cells, [["a \"x, y\"", "b"], ["c\\", "d\n\""]]);
        assert!(rows.iter().all(|row| row.quotes().is_none()));
    }

    /// A cutter that takes no row for plain.
    fn careful(dialect: Dialect, width: usize, longest_cell: usize) -> Cutter {
        Cutter::new(dialect, width, longest_cell).careful()
    }

    /// Everything that is known of some rows.
    fn all_of(rows: &Rows) -> Vec<String> {
        let cell = |row: &crate::row::Row<'_>, column: usize| {
            let cell = row.cell(column);
            format!("{:?} {:?} {:?}", cell.kind, cell.text, row.reading(column))
        };
        rows.iter()
            .map(|row| {
                let cells: Vec<String> = (0..row.len()).map(|at| cell(&row, at)).collect();
                assert!(row.cells().zip(0..).all(|(other, at)| other == row.cell(at)));
                assert!(row.cells().all(|cell| row.text().contains(cell.text)));
                format!("{:?} {:?} {cells:?}", row.at, row.quotes())
            })
            .collect()
    }

    /// Where a text can be cut, found record by record.
    fn cut_by_records(text: &[u8], cutter: &mut Cutter, end: bool) -> Piece {
        let mut piece = Piece::default();
        while let Some(&byte) = text.get(piece.end) {
            let next = text.get(piece.end + 1);
            let read = match byte {
                b'\r' if next == Some(&b'\n') => 2,
                b'\r' if next.is_none() && !end => break,
                b'\r' | b'\n' => 1,
                _ => match cutter.row_end(text, piece.end, end) {
                    Some(at) => at - piece.end,
                    None => break,
                },
            };
            let record = &text[piece.end..piece.end + read];
            piece.end += read;
            piece.lines += breaks(record);
            piece.rows += u32::from(record.ends_with(b"\n") || record.ends_with(b"\r"));
        }
        piece
    }

    /// Text in which much is odd.
    fn text() -> impl Strategy<Value = Vec<u8>> {
        let piece = prop_oneof![
            6 => Just(&b"a"[..]), 6 => Just(&b","[..]), 2 => Just(&b"\t"[..]), 5 => Just(&b"\""[..]),
            3 => Just(&b"\"\""[..]), 5 => Just(&b"\n"[..]), 2 => Just(&b"\r\n"[..]), 1 => Just(&b"\r"[..]),
            2 => Just(&b"'"[..]), 1 => Just(&b" "[..]), 1 => Just(&b"\\"[..]), 1 => Just(&b"\0"[..]),
            2 => Just("é".as_bytes()), 1 => Just(&b"\xe9"[..]), 1 => Just(&b"\xc3"[..]), 1 => Just(&b"\xa9"[..]),
            1 => Just("\u{feff}".as_bytes()), 4 => Just(&b"\",\""[..]), 2 => Just(&b"\"\n\""[..]),
            3 => Just(&b"aaa,\"a\",a\n"[..]), 1 => Just(&b"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"[..]),
        ];
        prop::collection::vec(piece, 0..80).prop_map(|pieces| pieces.concat())
    }

    fn any_dialect() -> impl Strategy<Value = Dialect> {
        let delimiter = prop::sample::select(b",,,\t\"a\xe9".as_slice());
        let quote = prop::sample::select(&[Some(b'"'), Some(b'"'), Some(b'\''), None][..]);
        let escape = prop::sample::select(&[None, None, Some(b'\\'), Some(b'"')][..]);
        (delimiter, quote, escape).prop_map(|(delimiter, quote, escape)| Dialect {
            delimiter,
            quote,
            escape,
        })
    }

    proptest! {
        #![proptest_config(super::super::properties::config())]

        #[test]
        fn plain_rows_are_what_the_cutter_makes_of_them(
            text in text(),
            dialect in any_dialect(),
            width in 0..6_usize,
            longest_cell in prop::sample::select(&[2_usize, 4, 9, 40, 1 << 17][..]),
            header_row in 0..3_u32,
            most in prop::sample::select(&[1_usize, 3, usize::MAX][..]),
            byte in prop::sample::select(&[0_u64, 7][..]),
        ) {
            let first = Location { row: 1, line: 1, byte, ..Location::default() };
            let block = Block { bytes: text, dialect, first, width, longest_cell };
            let mut cutter = careful(dialect, width, longest_cell);
            let expected = parse_with(&mut cutter, block.clone(), header_row, most);
            let rows = parse_first(block, header_row, most);
            prop_assert_eq!(all_of(&rows), all_of(&expected));
        }

        #[test]
        fn texts_are_cut_where_records_end(
            text in text(),
            dialect in any_dialect(),
            width in 0..6_usize,
            longest_cell in prop::sample::select(&[2_usize, 4, 9, 40, 1 << 17][..]),
            end in any::<bool>(),
        ) {
            let expected = cut_by_records(&text, &mut careful(dialect, width, longest_cell), end);
            let piece = cut(&text, &mut Cutter::new(dialect, width, longest_cell), end);
            prop_assert_eq!(piece, expected);
        }
    }

    #[test]
    fn bytes_that_are_not_utf8_mark_their_cell_only() {
        let rows = parse(whole(b"a,Jos\xe9,c\nd,e,f\n".to_vec()), 0);
        let kinds: Vec<Vec<CellKind>> =
            rows.iter().map(|row| row.cells().map(|cell| cell.kind).collect()).collect();
        assert_eq!(kinds[0], [CellKind::Text, CellKind::Damaged, CellKind::Text]);
        assert_eq!(kinds[1], [CellKind::Text; 3]);
        assert_eq!(rows.get(0).unwrap().cell(1).text, "Jos\u{fffd}");
        assert_eq!(rows.get(1).unwrap().cell(2).text, "f");
    }
}
