//! Text files: found out how to read, decoded, and handed on as blocks that end between rows.

use std::fs::File;
use std::io::Read as _;

use encoding_rs::{CoderResult, Decoder, UTF_8};

use super::block::{Cutter, cut, parse};
use super::charset::{self, Charset};
use super::kind::Kind;
use super::{Emit, Facts, Format, Input, Options, Origin, Source, unreadable};
use super::{dialect, table, utf32};
use crate::error::{Error, Result};
use crate::row::{Block, Chunk, Dialect, Location};

/// Bytes of a block.
const BLOCK: usize = 512 * 1024;
/// Bytes of one row; people's rows have some hundreds.
const LONGEST_ROW: usize = 16 * 1024 * 1024;
/// Bytes that are looked at to find out how to read the file.
const HEAD: usize = 256 * 1024;

/// Comma-, semicolon-, tab- or pipe-separated text.
pub(super) struct Csv;

impl Format for Csv {
    fn id(&self) -> &'static str {
        "csv"
    }

    fn reads(&self, kind: Kind) -> bool {
        kind == Kind::Text
    }

    fn open(&self, origin: Origin, options: &Options) -> Result<Input> {
        let mut head = head_of(&origin)?;
        let wide = utf32::find(&head, options);
        let (origin, charset) = if let Some((wide, why)) = wide {
            let origin = utf32::rewrite(origin, wide)?;
            head = head_of(&origin)?;
            if let Some(what) = charset::binary(&head) {
                return Err(unreadable(&origin.path, what));
            }
            let why = why.to_owned();
            (origin, Charset { encoding: UTF_8, bom: 0, why, guessed: false })
        } else {
            let charset = charset::charset(&origin, &head, options)?;
            (origin, charset)
        };
        let encoding = wide.map_or(charset.encoding.name(), |(wide, _)| wide.name());
        let whole = head.len() < HEAD;
        let mut text = Vec::new();
        let mut decoder = charset.encoding.new_decoder_without_bom_handling();
        decode(
            &charset,
            &mut decoder,
            head.get(charset.bom..).unwrap_or_default(),
            whole,
            &mut text,
        );
        let (dialect, dialect_why) = dialect::dialect(&text, options);
        // A row that the end of the sample cuts in two must not be taken for a whole one.
        if !whole {
            let mut cutter = Cutter::new(dialect, 0);
            text.truncate(cut(&text, &mut cutter, &mut Vec::new(), false).end);
        }
        let rows = dialect::rows_of(&text, dialect);
        // A delimiter that the user names makes such a line a row like any other.
        let sep = dialect::sep_line(&text).filter(|_| options.delimiter.is_none());
        let first = if sep.is_some() { 2 } else { 1 };
        let header = table::header_row(&rows, options.header_row, first);
        if let (None, Some(wanted)) = (header, options.header_row) {
            return Err(Error::usage(
                format!("{:?} has no row {wanted} to take the header from", origin.path),
                "give --header-row a row within the first 200",
            ));
        }
        let headers: Vec<String> = header
            .map(|header| header.cells().map(|cell| cell.text.to_owned()).collect())
            .unwrap_or_default();
        let at = header.map(|header| header.at).unwrap_or_default();
        let header_quotes = header.and_then(|header| header.quotes());
        let facts = Facts {
            path: origin.path.clone(),
            format: self.id(),
            encoding: Some(encoding),
            encoding_why: charset.why.clone(),
            encoding_guessed: charset.guessed,
            delimiter: Some(char::from(dialect.delimiter)),
            quote: dialect.quote.map(char::from),
            dialect_why,
            header_row: at.row,
            header_line: Some(at.line),
            header_quotes,
            ..Facts::default()
        };
        let width = headers.len();
        let sample = parse(&first_block(text, dialect, origin.index, width), facts.header_row);
        let header_row = facts.header_row;
        let source = CsvSource { origin, dialect, charset, header_row, width, block: BLOCK };
        Ok(Input::new(facts, headers, sample, Box::new(source)))
    }
}

/// The first bytes of a file.
fn head_of(origin: &Origin) -> Result<Vec<u8>> {
    let file = File::open(origin.file()).map_err(|source| origin.io(source))?;
    let mut head = Vec::with_capacity(HEAD);
    file.take(HEAD as u64).read_to_end(&mut head).map_err(|source| origin.io(source))?;
    Ok(head)
}

fn first_block(bytes: Vec<u8>, dialect: Dialect, input: u16, width: usize) -> Block {
    Block { bytes, dialect, first: Location { input, row: 1, line: 1, byte: 0 }, width }
}

struct CsvSource {
    origin: Origin,
    dialect: Dialect,
    charset: Charset,
    header_row: u32,
    width: usize,
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
        let mut cutter = Cutter::new(self.dialect, self.width);
        let mut room = Vec::new();
        loop {
            let read = fill(&mut file, &mut bytes).map_err(|source| self.origin.io(source))?;
            let end = read < bytes.len();
            let fresh = bytes.get(skip.min(read)..read).unwrap_or_default();
            skip = 0;
            decode(&self.charset, &mut decoder, fresh, end, &mut text);
            let piece = cut(&text, &mut cutter, &mut room, end);
            if text.len() - piece.end > LONGEST_ROW {
                return Err(unreadable(
                    &self.origin.path,
                    format!("the row on line {} is longer than 16 MiB", at.line + piece.lines),
                ));
            }
            if piece.end > 0 {
                let rest = text.get(piece.end..).unwrap_or_default().to_vec();
                text.truncate(piece.end);
                let first = at;
                at.row += piece.rows;
                at.line += piece.lines;
                at.byte += piece.end as u64;
                let (dialect, width) = (self.dialect, self.width);
                let block = Block { bytes: std::mem::take(&mut text), dialect, first, width };
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
fn decode(charset: &Charset, decoder: &mut Decoder, bytes: &[u8], end: bool, text: &mut Vec<u8>) {
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

#[cfg(test)]
mod tests {
    use std::io::Write as _;
    use std::ops::ControlFlow;

    use super::*;
    use crate::row::{Quotes, Rows};

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
        table(&parse(&first_block(text.to_vec(), Dialect::default(), 0, 0), 0))
    }

    fn source(text: &[u8], block: usize, width: usize) -> (tempfile::NamedTempFile, CsvSource) {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text).unwrap();
        let source = CsvSource {
            origin: Origin { path: file.path().to_owned(), index: 0, spool: None },
            dialect: Dialect::default(),
            charset: Charset { encoding: UTF_8, bom: 0, why: String::new(), guessed: false },
            header_row: 0,
            width,
            block,
        };
        (file, source)
    }

    fn in_blocks(text: &[u8], block: usize) -> Result<Table> {
        let mut source = source(text, block, 0);
        let mut all = Vec::new();
        source.1.read(&mut |chunk| {
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
        for text in TRICKY {
            let whole = at_once(text.as_bytes());
            // A quote that never closes is text here; the test below is about those.
            if *text == "\"a" {
                continue;
            }
            for block in 1..=text.len() + 1 {
                let pieces = in_blocks(text.as_bytes(), block).unwrap();
                assert_eq!(pieces, whole, "{text:?} in blocks of {block}");
            }
        }
    }

    #[test]
    fn the_csv_crate_cuts_the_same_cells() {
        for text in TRICKY.iter().filter(|text| **text != "\"a") {
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
    fn rows_keep_their_numbers_behind_an_open_quote_in_blocks_of_any_size() {
        let mut text = String::from("a,b\n1,2\n3,\"4\n5,6\n7,8\n9,\"x\"\n");
        for row in 0..40 {
            text.push_str(if row % 7 == 3 { "y,\"z\nz\"\n" } else { "y,z\n" });
        }
        text.push_str("5,\"6\n7,8\n");
        let whole = {
            let mut source = source(text.as_bytes(), 1 << 20, 2);
            let mut all = Vec::new();
            source
                .1
                .read(&mut |chunk| {
                    all.extend(table(&super::super::parse(chunk, 0)));
                    ControlFlow::Continue(())
                })
                .unwrap();
            all
        };
        assert!(whole.iter().all(|(_, _, cells)| cells.len() == 2), "{whole:?}");
        assert!(whole.windows(2).all(|pair| pair[0].0 + 1 == pair[1].0), "{whole:?}");
        for block in 40..text.len() {
            let mut source = source(text.as_bytes(), block, 2);
            let mut rows = Vec::new();
            source
                .1
                .read(&mut |chunk| {
                    rows.extend(
                        super::super::parse(chunk, 0).iter().map(|row| (row.at.row, row.at.line)),
                    );
                    ControlFlow::Continue(())
                })
                .unwrap();
            let rising = rows.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 < pair[1].1);
            assert!(rising, "blocks of {block}: {rows:?}");
            assert_eq!(rows.len(), whole.len(), "blocks of {block}");
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
    fn a_quote_that_does_not_close_costs_its_own_line_only() {
        let far = format!("a,b\n1,2\n3,\"4\n{}7,8\n", "5,6\n".repeat(60_000));
        let near = "a,b\n1,2\n3,\"4\n5,\"6\"\n7,8\n".to_owned();
        let end = "a,b\n1,2\n3,\"4".to_owned();
        for text in [far, near, end] {
            for block in [1 << 12, 1 << 20] {
                let mut rows = Vec::new();
                let mut open = Vec::new();
                let mut source = source(text.as_bytes(), block, 2);
                source
                    .1
                    .read(&mut |chunk| {
                        let parsed = super::super::parse(chunk, 0);
                        for row in parsed.iter() {
                            rows.push(row.len());
                            if row.quotes() == Some(Quotes::Open) {
                                open.push((row.at.line, row.cell(1).text.to_owned()));
                            }
                        }
                        ControlFlow::Continue(())
                    })
                    .unwrap();
                assert_eq!(rows.len(), text.lines().count());
                assert!(rows.iter().all(|width| *width == 2));
                assert_eq!(open, [(3, "4".to_owned())]);
            }
        }
    }
}
