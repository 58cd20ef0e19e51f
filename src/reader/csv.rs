//! Text files: cut into blocks between rows by one thread, parsed into cells by many.
//!
//! The reading thread only finds where rows end outside quotes and counts rows and lines, so every
//! block knows its place. The cells are cut by the parser of the `csv` crate, inside the parallel
//! stage. Both follow the same rules, which a test holds against each other: a quote opens a cell
//! only as its first byte, a doubled quote is a quote, `\n`, `\r\n` and `\r` end a row.

use std::fs::File;
use std::io::Read as _;

use csv_core::{ReadRecordResult, ReaderBuilder, Terminator};
use encoding_rs::{CoderResult, Decoder, UTF_8};
use memchr::{memchr, memchr_iter, memrchr2};

use super::sniff::{self, Charset};
use super::{Emit, Facts, Format, Input, Options, Origin, Source};
use crate::error::{Error, Result};
use crate::row::{Block, Chunk, Dialect, Location, Rows};

/// Bytes of a block.
const BLOCK: usize = 512 * 1024;
/// Bytes after which an open quote is taken for a mistake: no person's cell is as long.
const LONGEST_ROW: usize = 4 * 1024 * 1024;
/// Bytes that are looked at to find out how to read the file.
const HEAD: usize = 256 * 1024;

/// Comma-, semicolon-, tab- or pipe-separated text.
pub(super) struct Csv;

impl Format for Csv {
    fn id(&self) -> &'static str {
        "csv"
    }

    fn recognises(&self, _head: &[u8]) -> bool {
        true
    }

    fn open(&self, origin: Origin, options: &Options) -> Result<Input> {
        let mut file = File::open(origin.file()).map_err(|source| origin.io(source))?;
        let mut head = Vec::with_capacity(HEAD);
        let mut limited = file.by_ref().take(HEAD as u64);
        limited.read_to_end(&mut head).map_err(|source| origin.io(source))?;
        let whole = head.len() < HEAD;
        let charset = sniff::charset(&origin.path, &head, options)?;
        let mut text = Vec::new();
        let mut decoder = charset.encoding.new_decoder_without_bom_handling();
        decode(
            charset,
            &mut decoder,
            head.get(charset.bom..).unwrap_or_default(),
            whole,
            &mut text,
        );
        let (dialect, dialect_why) = sniff::dialect(&text, options);
        // A row that the end of the sample cuts in two must not be taken for a whole one.
        if !whole {
            text.truncate(cut(&text, dialect, false).end);
        }
        let rows = sniff::rows_of(&text, dialect);
        let header = match options.header_row {
            Some(wanted) => rows.iter().find(|row| row.at.row == wanted),
            None => rows.iter().find(|row| !row.is_blank()),
        };
        let Some(header) = header else {
            return Err(match options.header_row {
                Some(wanted) => Error::usage(
                    format!("{:?} has no row {wanted} to take the header from", origin.path),
                    "give --header-row a row within the first 200",
                ),
                None => Error::InputEmpty { path: origin.path, what: "it has no header row" },
            });
        };
        let headers = header.cells().map(|cell| cell.text.to_owned()).collect();
        let facts = Facts {
            path: origin.path.clone(),
            format: self.id(),
            encoding: Some(charset.encoding.name()),
            encoding_why: charset.why,
            delimiter: Some(char::from(dialect.delimiter)),
            quote: dialect.quote.map(char::from),
            dialect_why,
            header_row: header.at.row,
            header_line: Some(header.at.line),
            ..Facts::default()
        };
        let sample = parse(&first_block(text, dialect, origin.index), facts.header_row);
        let source =
            CsvSource { origin, dialect, charset, header_row: facts.header_row, block: BLOCK };
        Ok(Input::new(facts, headers, sample, Box::new(source)))
    }
}

fn first_block(bytes: Vec<u8>, dialect: Dialect, input: u16) -> Block {
    Block { bytes, dialect, first: Location { input, row: 1, line: 1, byte: 0 } }
}

struct CsvSource {
    origin: Origin,
    dialect: Dialect,
    charset: Charset,
    header_row: u32,
    block: usize,
}

impl Source for CsvSource {
    fn read(&mut self, emit: &mut Emit<'_>) -> Result<()> {
        let mut file = File::open(self.origin.file()).map_err(|source| self.origin.io(source))?;
        let mut decoder = self.charset.encoding.new_decoder_without_bom_handling();
        let mut at = Location { input: self.origin.index, row: 1, line: 1, ..Location::default() };
        let mut text: Vec<u8> = Vec::with_capacity(self.block + self.block / 8);
        let mut bytes = vec![0; self.block];
        let mut skip = self.charset.bom;
        loop {
            let read = fill(&mut file, &mut bytes).map_err(|source| self.origin.io(source))?;
            let end = read < bytes.len();
            let fresh = bytes.get(skip.min(read)..read).unwrap_or_default();
            skip = 0;
            decode(self.charset, &mut decoder, fresh, end, &mut text);
            let piece = cut(&text, self.dialect, end);
            let too_long = text.len() - piece.end > LONGEST_ROW;
            if let Some(quote) = piece.open_quote.filter(|_| end || too_long) {
                let before = text.get(..quote).unwrap_or_default();
                return Err(Error::InputQuote {
                    path: self.origin.path.clone(),
                    line: at.line + breaks(before),
                });
            }
            if piece.end > 0 {
                let rest = text.get(piece.end..).unwrap_or_default().to_vec();
                text.truncate(piece.end);
                let first = at;
                at.row += piece.rows;
                at.line += piece.lines;
                at.byte += piece.end as u64;
                let block =
                    Block { bytes: std::mem::take(&mut text), dialect: self.dialect, first };
                text = Vec::with_capacity(self.block + self.block / 8);
                text.extend_from_slice(&rest);
                // The block of the header is not worth a trip of its own.
                let only_header = !end && at.row <= self.header_row + 1;
                if !only_header && emit(Chunk::Text(block)).is_break() {
                    return Ok(());
                }
            }
            if end {
                return Ok(());
            }
        }
    }
}

fn fill(file: &mut File, buffer: &mut [u8]) -> std::io::Result<usize> {
    let mut filled = 0;
    while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match file.read(rest) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

/// Appends `bytes` to `text` as UTF-8. UTF-8 itself passes unchecked: [`parse`] checks it, cell by
/// cell where it must.
fn decode(charset: Charset, decoder: &mut Decoder, bytes: &[u8], end: bool, text: &mut Vec<u8>) {
    if charset.encoding == UTF_8 {
        text.extend_from_slice(bytes);
        return;
    }
    let mut bytes = bytes;
    loop {
        let room = decoder.max_utf8_buffer_length(bytes.len()).unwrap_or(bytes.len() * 3 + 16);
        let start = text.len();
        text.resize(start + room, 0);
        let (result, read, written, _) =
            decoder.decode_to_utf8(bytes, text.get_mut(start..).unwrap_or_default(), end);
        text.truncate(start + written);
        bytes = bytes.get(read..).unwrap_or_default();
        if result == CoderResult::InputEmpty {
            return;
        }
    }
}

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
struct Piece {
    /// Behind the last row that is whole.
    end: usize,
    /// Rows up to there, blank lines included.
    rows: u32,
    /// Lines up to there.
    lines: u32,
    /// Where a quote opens that does not close.
    open_quote: Option<usize>,
}

/// Finds the last row end outside quotes. `text` begins at a row; at the end of the file the
/// last row needs no line break.
fn cut(text: &[u8], dialect: Dialect, end: bool) -> Piece {
    let mut piece = Piece::default();
    // Breaks inside quotes: lines, but not rows.
    let mut inside = 0;
    let mut inside_at_end = 0;
    let mut from = 0;
    if let Some(quote) = dialect.quote {
        let mut search = 0;
        while let Some(at) = find(text, quote, search) {
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
                inside_at_end = inside;
            }
            let Some(close) = closing(text, quote, at + 1, end) else {
                piece.open_quote = Some(at);
                break;
            };
            inside += breaks(text.get(at..close).unwrap_or_default());
            from = close;
            search = close;
        }
    }
    if piece.open_quote.is_none() {
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

fn find(text: &[u8], byte: u8, from: usize) -> Option<usize> {
    memchr(byte, text.get(from..)?).map(|at| from + at)
}

/// Behind the quote that closes a cell; `None` when it is not there, or when the text ends before
/// one can tell whether it is doubled.
fn closing(text: &[u8], quote: u8, from: usize, end: bool) -> Option<usize> {
    let mut search = from;
    loop {
        let at = find(text, quote, search)?;
        match text.get(at + 1) {
            Some(&next) if next == quote => search = at + 2,
            None if !end => return None,
            _ => return Some(at + 1),
        }
    }
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
pub fn parse(block: &Block, header_row: u32) -> Rows {
    let mut builder = ReaderBuilder::new();
    builder.delimiter(block.dialect.delimiter).terminator(Terminator::CRLF);
    match block.dialect.quote {
        Some(quote) => builder.quote(quote),
        None => builder.quoting(false),
    };
    let mut parser = builder.build();
    let bytes = &block.bytes;
    let mut text = vec![0_u8; bytes.len() + 1];
    let mut ends: Vec<u32> = Vec::with_capacity(bytes.len() / 12 + 8);
    let mut rows = Vec::with_capacity(bytes.len() / 128 + 1);
    let mut record_ends = vec![0_usize; 64];
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
        let mut cells = 0;
        loop {
            let (result, read, wrote, ended) = parser.read_record(
                bytes.get(position..).unwrap_or_default(),
                text.get_mut(written..).unwrap_or_default(),
                record_ends.get_mut(cells..).unwrap_or_default(),
            );
            position += read;
            written += wrote;
            cells += ended;
            match result {
                ReadRecordResult::OutputEndsFull => record_ends.resize(record_ends.len() * 2, 0),
                // An empty input tells the parser that the last row is whole.
                ReadRecordResult::InputEmpty => {}
                // The text cannot be longer than the bytes it is cut from; the rest is over.
                ReadRecordResult::OutputFull | ReadRecordResult::Record | ReadRecordResult::End => {
                    break;
                }
            }
        }
        let record = bytes.get(start..position).unwrap_or_default();
        if at.row > header_row {
            let place = Location { byte: at.byte + start as u64, ..at };
            for end in record_ends.iter().take(cells) {
                ends.push(u32::try_from(kept + end).unwrap_or(u32::MAX));
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
    match String::from_utf8(text) {
        Ok(text) => Rows::from_text(text, ends, rows),
        Err(error) => mend(error.as_bytes(), &ends, rows),
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
            damaged.push(index);
        }
        text.push_str(&decoded);
        new_ends.push(u32::try_from(text.len()).unwrap_or(u32::MAX));
    }
    let mut rows = Rows::from_text(text, new_ends, rows);
    for index in damaged {
        rows.mark_damaged(index);
    }
    rows
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;
    use std::ops::ControlFlow;

    use super::*;
    use crate::row::CellKind;

    type Table = Vec<(u32, u32, Vec<String>)>;

    fn table(rows: &Rows) -> Table {
        rows.iter()
            .map(|row| {
                let cells = row.cells().map(|cell| cell.text.to_owned()).collect();
                (row.at.row, row.at.line, cells)
            })
            .collect()
    }

    fn at_once(text: &[u8]) -> Table {
        table(&parse(&first_block(text.to_vec(), Dialect::default(), 0), 0))
    }

    fn in_blocks(text: &[u8], block: usize) -> Result<Table> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text).unwrap();
        let mut source = CsvSource {
            origin: Origin { path: file.path().to_owned(), index: 0, spool: None },
            dialect: Dialect::default(),
            charset: Charset { encoding: UTF_8, bom: 0, why: "" },
            header_row: 0,
            block,
        };
        let mut all = Vec::new();
        source.read(&mut |chunk| {
            all.extend(table(&super::super::parse(chunk, 0)));
            ControlFlow::Continue(())
        })?;
        Ok(all)
    }

    const TRICKY: &[&str] = &[
        "a,b\n1,2\n",
        "a,b\r\n1,2\r\n\r\n3,4",
        "a,b\r1,2\r\r3,4\r",
        "a,\"b\nb\"\n\"1\"\"\n\"\"2\",3\n",
        "a,\"b\r\nb\"\r\nx,\"\"\r\n",
        "5\" nail,\"x\"\n\"y\" z\",w\n",
        "\"a\"b\"c\",d\ne,f\n",
        "\n\n a,b\n\n\nc,\"\n\n\"\n\n",
        "é,\u{1f600}\n\"ü\n\",ß\n",
        "a",
        "\"a",
        "",
        ",,\n\"\",\"\"\n",
        "a,\"b\"\r\n\"c\"\r\n",
    ];

    #[test]
    fn blocks_of_any_size_give_the_rows_of_the_whole() {
        for text in TRICKY.iter().filter(|text| **text != "\"a") {
            let whole = at_once(text.as_bytes());
            for block in 1..=text.len() + 1 {
                let pieces = in_blocks(text.as_bytes(), block).unwrap();
                assert_eq!(pieces, whole, "{text:?} in blocks of {block}");
            }
        }
    }

    #[test]
    fn the_csv_crate_cuts_the_same_cells() {
        for text in TRICKY {
            let mut oracle = ::csv::ReaderBuilder::new()
                .has_headers(false)
                .flexible(true)
                .from_reader(text.as_bytes());
            let expected: Vec<Vec<String>> = oracle
                .records()
                .map(|record| record.unwrap().iter().map(str::to_owned).collect())
                .collect();
            let cells: Vec<Vec<String>> =
                at_once(text.as_bytes()).into_iter().map(|(_, _, cells)| cells).collect();
            assert_eq!(cells, expected, "{text:?}");
        }
    }

    #[test]
    fn rows_and_lines_count_as_a_person_counts() {
        let rows = at_once(b"h\n\na\n\"b\nb\"\nc\r\n\r\nd");
        let places: Vec<_> =
            rows.iter().map(|(row, line, cells)| (*row, *line, &*cells[0])).collect();
        assert_eq!(places, [(1, 1, "h"), (3, 3, "a"), (4, 4, "b\nb"), (5, 6, "c"), (7, 8, "d")]);
    }

    #[test]
    fn an_open_quote_is_named_by_its_line() {
        let error = in_blocks(b"a,b\n1,2\n3,\"4\n5,6\n", 4).unwrap_err();
        assert!(matches!(error, Error::InputQuote { line: 3, .. }), "{error}");
    }

    #[test]
    fn bytes_that_are_not_utf8_mark_their_cell_only() {
        let rows = parse(&first_block(b"a,Jos\xe9,c\nd,e,f\n".to_vec(), Dialect::default(), 0), 0);
        let kinds: Vec<Vec<CellKind>> =
            rows.iter().map(|row| row.cells().map(|cell| cell.kind).collect()).collect();
        assert_eq!(kinds[0], [CellKind::Text, CellKind::Damaged, CellKind::Text]);
        assert_eq!(kinds[1], [CellKind::Text; 3]);
        assert_eq!(rows.get(0).unwrap().cell(1).text, "Jos\u{fffd}");
        assert_eq!(rows.get(1).unwrap().cell(2).text, "f");
    }
}
