//! Where text can be cut between rows, and how a block of it becomes cells.
//!
//! The reading thread only finds where rows end outside quotes and counts rows and lines, so every
//! block knows its place. The cells are cut by the parser of the `csv` crate, inside the parallel
//! stage. Both follow the same rules, which tests hold against each other: a quote opens a cell
//! only as its first byte, a doubled quote is a quote, `\n`, `\r\n` and `\r` end a row.

use csv_core::{ReadRecordResult, ReaderBuilder, Terminator};
use memchr::{memchr, memchr_iter, memrchr2};

use super::charset;
use crate::row::{Block, Dialect, Location, Quotes, Rows};

/// How many line breaks there are: `\n`, `\r\n` and a lone `\r` are one each.
fn breaks(bytes: &[u8]) -> u32 {
    let feeds = memchr_iter(b'\n', bytes).count();
    let lone = match memchr(b'\r', bytes) {
        None => 0,
        Some(_) => {
            memchr_iter(b'\r', bytes).filter(|&at| bytes.get(at + 1) != Some(&b'\n')).count()
        }
    };
    u32::try_from(feeds + lone).unwrap_or(u32::MAX)
}

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

/// Finds the last row end outside quotes. `text` begins at a row; at the end of the file the
/// last row needs no line break. `room` is scratch space.
pub(super) fn cut(text: &[u8], cutter: &mut Cutter, room: &mut Vec<u8>, end: bool) -> Piece {
    let mut piece = Piece::default();
    // Breaks inside rows: lines, but not rows.
    let mut inside = 0;
    let mut inside_at_end = 0;
    // Behind the last place that was looked at, and behind the last row end before it.
    let mut from = 0;
    let mut row = 0;
    let mut open = false;
    let rules = cutter.rules;
    let dialect = rules.dialect;
    let mut search = 0;
    while let Some(at) = dialect.quote.and_then(|quote| find(text, quote, search)) {
        let opens = match at.checked_sub(1).and_then(|before| text.get(before)) {
            None => true,
            Some(&before) => before == dialect.delimiter || matches!(before, b'\n' | b'\r'),
        };
        if !opens {
            search = at + 1;
            continue;
        }
        if let Some(last) = last_break(text, from, at, end) {
            piece.end = last;
            row = last;
            inside_at_end = inside;
        }
        let closing = dialect.quote.map(|quote| closing(text, rules, quote, at, end));
        if let Some(Closing::At(close)) = closing
            && memrchr2(b'\n', b'\r', text.get(at..close).unwrap_or_default()).is_none()
        {
            (from, search) = (close, close);
            continue;
        }
        // The quote joins lines, or never closes: the cutter decides what the row is.
        let rest = text.get(row..).unwrap_or_default();
        let next =
            if closing == Some(Closing::Beyond) { None } else { whole(rest, cutter, room, end) };
        let Some(read) = next else {
            open = true;
            break;
        };
        let record = rest.get(..read).unwrap_or_default();
        inside += breaks(without_break(record));
        (from, search) = (row + read, row + read);
        row += read;
        if !record.is_empty() && record.len() > without_break(record).len() {
            piece.end = row;
            inside_at_end = inside;
        }
    }
    if !open {
        if let Some(last) = last_break(text, from, text.len(), end) {
            piece.end = last;
            inside_at_end = inside;
        }
        if end {
            piece.end = text.len();
            inside_at_end = inside;
        }
    }
    piece.lines = breaks(text.get(..piece.end).unwrap_or_default());
    piece.rows = piece.lines - inside_at_end;
    piece
}

/// How long the record at the beginning of `rest` is, both bytes of `\r\n` included; nothing when
/// its end may still be to come.
fn whole(rest: &[u8], cutter: &mut Cutter, room: &mut Vec<u8>, end: bool) -> Option<usize> {
    if room.len() < rest.len() {
        room.resize(rest.len(), 0);
    }
    let read = cutter.record(rest, room, end)?.read;
    match (rest.get(read.checked_sub(1)?), rest.get(read)) {
        (Some(b'\r'), Some(b'\n')) => Some(read + 1),
        (Some(b'\r'), None) if !end => None,
        (Some(b'\n' | b'\r'), _) => Some(read),
        _ => end.then_some(read),
    }
}

fn find(text: &[u8], byte: u8, from: usize) -> Option<usize> {
    memchr(byte, text.get(from..)?).map(|at| from + at)
}

/// Where the quote that opens at some place closes.
#[derive(Debug, PartialEq, Eq)]
enum Closing {
    /// The cell ends in front of this place.
    At(usize),
    /// Not as far as a cell can reach: the quote is text.
    Nowhere,
    /// Not in the text that is here; more is to come.
    Beyond,
}

fn closing(text: &[u8], rules: Rules, quote: u8, open: usize, end: bool) -> Closing {
    let within = text.get(..open.saturating_add(rules.longest_cell)).unwrap_or(text);
    let dialect = rules.dialect;
    let cut_off = within.len() < text.len() || end;
    let mut search = open + 1;
    while let Some(at) = find(within, quote, search) {
        if dialect.escape.is_some_and(|escape| is_escaped(within, escape, open + 1, at)) {
            search = at + 1;
            continue;
        }
        match text.get(at + 1) {
            Some(&next) if next == quote => search = at + 2,
            None if !end => return Closing::Beyond,
            _ => return Closing::At(at + 1),
        }
    }
    if cut_off { Closing::Nowhere } else { Closing::Beyond }
}

/// Whether an odd number of escapes stands in front of a place of a cell.
fn is_escaped(text: &[u8], escape: u8, start: usize, at: usize) -> bool {
    let before = text.get(start..at).unwrap_or_default();
    before.iter().rev().take_while(|byte| **byte == escape).count() % 2 == 1
}

/// What the quotes of a row are like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Examined {
    /// So, whatever comes.
    Found(Option<Quotes>),
    /// The text that is here does not tell yet.
    Undecided,
}

/// What is wrong with the quotes of the row at the beginning of the text, as far as they stand in
/// its first `reach` bytes.
fn examine(text: &[u8], reach: usize, rules: Rules, end: bool) -> Examined {
    let dialect = rules.dialect;
    let Some(quote) = dialect.quote else { return Examined::Found(None) };
    let within = text.get(..reach).unwrap_or(text);
    let mut wrong = None;
    let mut search = 0;
    while let Some(at) = find(within, quote, search) {
        let before = at.checked_sub(1).and_then(|before| text.get(before));
        if before.is_some_and(|&before| before != dialect.delimiter) {
            wrong = Some(Quotes::Stray);
            search = at + 1;
            continue;
        }
        let close = match closing(text, rules, quote, at, end) {
            Closing::At(close) => close,
            Closing::Nowhere => return Examined::Found(Some(Quotes::Open)),
            Closing::Beyond => return Examined::Undecided,
        };
        // Spaces behind the closing quote are left over from typing and mean nothing.
        let behind = text.get(close..).unwrap_or_default();
        let is_delimiter = |byte: u8| byte == dialect.delimiter;
        let next = behind.iter().find(|&&byte| is_delimiter(byte) || !matches!(byte, b' ' | b'\t'));
        if next.is_some_and(|&next| !is_delimiter(next) && !matches!(next, b'\n' | b'\r')) {
            wrong = Some(Quotes::Stray);
        }
        search = close;
    }
    Examined::Found(wrong)
}

/// Behind the last line break in `text[from..to]`. A `\r` at the very end may be half of `\r\n`.
fn last_break(text: &[u8], from: usize, to: usize, end: bool) -> Option<usize> {
    let piece = text.get(from..to)?;
    let last = memrchr2(b'\n', b'\r', piece)?;
    if piece.get(last) == Some(&b'\r') && from + last + 1 == text.len() && !end {
        return memrchr2(b'\n', b'\r', piece.get(..last)?).map(|at| from + at + 1);
    }
    Some(from + last + 1)
}

/// Cuts a block into cells. Rows up to and including `header_row` are left out, blank lines are
/// counted but are no rows. Cells whose bytes are not UTF-8 are marked as damaged.
pub(in crate::reader) fn parse(block: &Block, header_row: u32) -> Rows {
    let mut cutter = Cutter::new(block.dialect, block.width, block.longest_cell);
    let bytes = &block.bytes;
    let mut text = vec![0_u8; bytes.len() + 1];
    let mut ends: Vec<u32> = Vec::with_capacity(bytes.len() / 12 + 8);
    let mut rows = Vec::with_capacity(bytes.len() / 128 + 1);
    let mut quotes = Vec::new();
    let mut at = block.first;
    let mut position = 0;
    let mut written = 0;
    let mut after_return = false;
    while let Some(&byte) = bytes.get(position) {
        if byte == b'\n' || byte == b'\r' {
            // Half of a `\r\n` whose row has ended already, or a blank line.
            if !(byte == b'\n' && after_return) {
                at.row += 1;
                at.line += 1;
            }
            after_return = byte == b'\r';
            position += 1;
            continue;
        }
        let start = position;
        let kept = written;
        let rest = bytes.get(start..).unwrap_or_default();
        let room = text.get_mut(kept..).unwrap_or_default();
        let Some(cut) = cutter.record(rest, room, true) else { break };
        let record = rest.get(..cut.read).unwrap_or_default();
        position = start + cut.read;
        written = kept + cut.wrote;
        if at.row > header_row {
            let place = Location { byte: at.byte + start as u64, ..at };
            for end in cutter.ends.iter().take(cut.cells) {
                ends.push(u32::try_from(kept + end).unwrap_or(u32::MAX));
            }
            if let (Some(wrong), Ok(row)) = (cut.wrong, u32::try_from(rows.len())) {
                quotes.push((row, wrong));
            }
            rows.push((place, u32::try_from(ends.len()).unwrap_or(u32::MAX)));
        } else {
            written = kept;
        }
        after_return = record.last() == Some(&b'\r');
        at.row += 1;
        at.line += breaks(record);
        if !matches!(record.last(), Some(b'\n' | b'\r')) {
            break;
        }
    }
    text.truncate(written);
    let mut rows = match String::from_utf8(text) {
        Ok(text) => Rows::from_text(text, ends, rows),
        Err(error) => mend(error.as_bytes(), &ends, rows),
    };
    rows.mark_quotes(quotes);
    rows
}

/// One record, cut.
#[derive(Clone, Copy, Debug)]
struct Cut {
    /// Bytes read, its line break included.
    read: usize,
    /// Bytes of text written.
    wrote: usize,
    /// Cells.
    cells: usize,
    /// What is wrong with its quotes.
    wrong: Option<Quotes>,
}

/// By what cells are told from each other.
#[derive(Clone, Copy, Debug)]
struct Rules {
    dialect: Dialect,
    /// Bytes within which a quoted cell must close: a quote that does not close by then is a mistake,
    /// and must not swallow the people behind it.
    longest_cell: usize,
}

/// Cuts records one after the other. It alone decides which lines a record has, for the thread that
/// counts rows as for those that cut cells.
#[derive(Debug)]
pub(super) struct Cutter {
    rules: Rules,
    /// How many cells a row should have; 0 where that is not known yet.
    width: usize,
    parser: csv_core::Reader,
    literal: csv_core::Reader,
    /// The ends of the cells of the record that was cut last.
    ends: Vec<usize>,
}

impl Cutter {
    /// A cutter for one dialect.
    pub(super) fn new(dialect: Dialect, width: usize, longest_cell: usize) -> Self {
        let builder = || {
            let mut builder = ReaderBuilder::new();
            builder
                .delimiter(dialect.delimiter)
                .escape(dialect.escape)
                .terminator(Terminator::CRLF);
            builder
        };
        // A clone of a parser of `csv-core` 0.1.13 is a parser without rules: each is built anew.
        let literal = builder().quoting(false).build();
        let parser = match dialect.quote {
            Some(quote) => builder().quote(quote).build(),
            None => builder().quoting(false).build(),
        };
        Self { rules: Rules { dialect, longest_cell }, width, parser, literal, ends: vec![0; 64] }
    }

    /// Cuts the record at the beginning of `rest` into `room`, which must be as long. Nothing when
    /// the text that is here does not tell where the record ends; `end` says that no more comes.
    ///
    /// A quote that joins lines may be a mistake: it is one when it never closes, or when the first
    /// line alone is as wide as it should be, with its quotes or with its quotes as text.
    fn record(&mut self, rest: &[u8], room: &mut [u8], end: bool) -> Option<Cut> {
        let line = first_line(rest);
        let is_whole = match line.last() {
            Some(b'\n') => true,
            Some(b'\r') => line.len() < rest.len(),
            _ => false,
        };
        if !is_whole && !end {
            return None;
        }
        match examine(rest, line.len(), self.rules, end) {
            Examined::Found(Some(Quotes::Open)) => return Some(self.alone(line, room).0),
            Examined::Undecided => return None,
            Examined::Found(_) => {}
        }
        let (mut cut, is_ended) = cut_record(&mut self.parser, rest, room, &mut self.ends);
        let record = rest.get(..cut.read).unwrap_or_default();
        let quoted = self.rules.dialect.quote.is_some_and(|quote| memchr(quote, record).is_some());
        if quoted {
            cut.wrong = match examine(record, record.len(), self.rules, end || is_ended) {
                Examined::Found(wrong) => wrong,
                Examined::Undecided => return None,
            };
        }
        if cut.wrong == Some(Quotes::Open) {
            return Some(self.alone(line, room).0);
        }
        if !end && !is_ended {
            return None;
        }
        let ragged = self.width > 0 && cut.cells != self.width;
        if spans_lines(record) && (cut.wrong.is_some() || ragged) {
            let (alone, fits) = self.alone(line, room);
            if fits {
                return Some(alone);
            }
            let wrong = cut.wrong;
            let (again, _) = cut_record(&mut self.parser, rest, room, &mut self.ends);
            return Some(Cut { wrong, ..again });
        }
        Some(cut)
    }

    /// Cuts one line by itself, with its quotes if it is then as wide as it should be, else with
    /// its quotes as text; tells whether it is as wide as it should be.
    fn alone(&mut self, line: &[u8], room: &mut [u8]) -> (Cut, bool) {
        let width = self.width;
        let fits = |cut: Cut| if width == 0 { cut.cells > 1 } else { cut.cells == width };
        let quoted = cut_line(&mut self.parser, line, room, &mut self.ends);
        if fits(quoted) {
            return (quoted, true);
        }
        let literal = cut_line(&mut self.literal, line, room, &mut self.ends);
        (literal, fits(literal))
    }
}

/// Cuts one line as if the file ended behind it.
fn cut_line(
    parser: &mut csv_core::Reader,
    line: &[u8],
    room: &mut [u8],
    ends: &mut Vec<usize>,
) -> Cut {
    parser.reset();
    let (cut, _) = cut_record(parser, without_break(line), room, ends);
    parser.reset();
    Cut { read: line.len(), wrong: Some(Quotes::Open), ..cut }
}

/// Cuts the record at the beginning of `bytes`; the ends of its cells go to `ends`. Tells whether
/// the record ended before the bytes did.
fn cut_record(
    parser: &mut csv_core::Reader,
    bytes: &[u8],
    room: &mut [u8],
    ends: &mut Vec<usize>,
) -> (Cut, bool) {
    let mut cut = Cut { read: 0, wrote: 0, cells: 0, wrong: None };
    let mut is_ended = true;
    loop {
        let (result, read, wrote, ended) = parser.read_record(
            bytes.get(cut.read..).unwrap_or_default(),
            room.get_mut(cut.wrote..).unwrap_or_default(),
            ends.get_mut(cut.cells..).unwrap_or_default(),
        );
        cut.read += read;
        cut.wrote += wrote;
        cut.cells += ended;
        match result {
            ReadRecordResult::OutputEndsFull => ends.resize(ends.len() * 2, 0),
            // An empty input tells the parser that the last row is whole.
            ReadRecordResult::InputEmpty => is_ended = false,
            // The text cannot be longer than the bytes it is cut from; the rest is over.
            ReadRecordResult::OutputFull | ReadRecordResult::Record | ReadRecordResult::End => {
                return (cut, is_ended);
            }
        }
    }
}

/// Whether a line break stands inside the record, before the one that ends it.
fn spans_lines(record: &[u8]) -> bool {
    first_line(record).len() < record.len()
}

/// A line without the break that ends it.
fn without_break(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// The bytes up to and including the first line break.
fn first_line(record: &[u8]) -> &[u8] {
    match memchr::memchr2(b'\n', b'\r', record) {
        Some(at) => {
            let pair = record.get(at) == Some(&b'\r') && record.get(at + 1) == Some(&b'\n');
            let end = if pair { at + 2 } else { at + 1 };
            record.get(..end).unwrap_or(record)
        }
        None => record,
    }
}

/// Builds the rows again, cell by cell, where some bytes are not UTF-8.
fn mend(bytes: &[u8], ends: &[u32], rows: Vec<(Location, u32)>) -> Rows {
    let mut text = String::with_capacity(bytes.len() + 16);
    let mut new_ends = Vec::with_capacity(ends.len());
    let mut damaged = Vec::new();
    let mut start = 0;
    for (index, &end) in ends.iter().enumerate() {
        let cell = bytes.get(start..end as usize).unwrap_or_default();
        start = end as usize;
        let decoded = String::from_utf8_lossy(cell);
        if matches!(decoded, std::borrow::Cow::Owned(_)) {
            damaged.push((index, charset::as_windows(cell)));
        }
        text.push_str(&decoded);
        new_ends.push(u32::try_from(text.len()).unwrap_or(u32::MAX));
    }
    let mut rows = Rows::from_text(text, new_ends, rows);
    for (index, reading) in damaged {
        rows.mark_damaged(index, reading);
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row::CellKind;

    fn whole(bytes: Vec<u8>) -> Block {
        let first = Location { row: 1, line: 1, ..Location::default() };
        Block { bytes, dialect: Dialect::default(), first, width: 0, longest_cell: 1 << 17 }
    }

    #[test]
    fn odd_quotes_are_noticed() {
        let rules = Rules { dialect: Dialect::default(), longest_cell: 1 << 17 };
        for (line, expected) in [
            ("a,b", None),
            ("\"a\",\"b,\"\"c\"\n", None),
            ("5\" nail,b", Some(Quotes::Stray)),
            ("\"a\"x,b\r\n", Some(Quotes::Stray)),
            ("a,\"b\n", Some(Quotes::Open)),
            ("a,\"\"", None),
            ("a,\"b\" \r\n", None),
        ] {
            let examined = examine(line.as_bytes(), line.len(), rules, true);
            assert_eq!(examined, Examined::Found(expected), "{line:?}");
        }
    }

    #[test]
    fn without_a_quote_every_quote_is_text() {
        let dialect = Dialect { quote: None, ..Dialect::default() };
        let rows = parse(&Block { dialect, ..whole(b"a,\"b\n\"c\",d\n".to_vec()) }, 0);
        let cells: Vec<Vec<&str>> =
            rows.iter().map(|row| row.cells().map(|cell| cell.text).collect()).collect();
        assert_eq!(cells, [["a", "\"b"], ["\"c\"", "d"]]);
        assert!(rows.iter().all(|row| row.quotes().is_none()));
    }

    #[test]
    fn an_escaped_quote_does_not_close_its_cell() {
        let dialect = Dialect { escape: Some(b'\\'), ..Dialect::default() };
        let text = b"\"a \\\"x, y\\\"\",b\n\"c\\\\\",\"d\n\\\"\"\n".to_vec();
        let rows = parse(&Block { dialect, ..whole(text) }, 0);
        let cells: Vec<Vec<&str>> =
            rows.iter().map(|row| row.cells().map(|cell| cell.text).collect()).collect();
        assert_eq!(cells, [["a \"x, y\"", "b"], ["c\\", "d\n\""]]);
        assert!(rows.iter().all(|row| row.quotes().is_none()));
    }

    #[test]
    fn bytes_that_are_not_utf8_mark_their_cell_only() {
        let rows = parse(&whole(b"a,Jos\xe9,c\nd,e,f\n".to_vec()), 0);
        let kinds: Vec<Vec<CellKind>> =
            rows.iter().map(|row| row.cells().map(|cell| cell.kind).collect()).collect();
        assert_eq!(kinds[0], [CellKind::Text, CellKind::Damaged, CellKind::Text]);
        assert_eq!(kinds[1], [CellKind::Text; 3]);
        assert_eq!(rows.get(0).unwrap().cell(1).text, "Jos\u{fffd}");
        assert_eq!(rows.get(1).unwrap().cell(2).text, "f");
    }
}
