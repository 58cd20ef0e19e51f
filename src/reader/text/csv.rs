//! Text files: found out how to read, decoded, and handed on as blocks that end between rows.

use std::fs::File;
use std::io::Read as _;
use std::ops::ControlFlow;

use encoding_rs::{CoderResult, Decoder, UTF_8};

use super::block::cut;
use super::charset::{self, Charset};
use super::cutter::Cutter;
use super::dialect;
use super::kind::Kind;
use super::padding::without_padding;
use super::rewrite::Written;
use super::table::{self, Extent};
use super::{
    Emit, Facts, Format, Input, Limits, Options, Origin, Source, TooMuch, header_or_error, too_much,
};
use crate::error::Result;
use crate::row::{Block, CellKind, Chunk, Location, Row, Rows};

/// Bytes of a block.
const BLOCK: usize = 256 * 1024;
/// Rows that are looked at to find the header.
const HEADER_ROWS: usize = 200;
/// Rows by whose content columns are judged.
const SAMPLE_ROWS: usize = 1_000;
/// Bytes that are looked at to find out how to read the file.
const HEAD: usize = 256 * 1024;

/// Comma-, semicolon-, tab- or pipe-separated text.
pub(in crate::reader) struct Csv;

impl Format for Csv {
    fn id(&self) -> &'static str {
        "csv"
    }

    fn reads(&self, kind: Kind) -> bool {
        kind == Kind::Text
    }

    fn open(&self, origin: Origin, options: &Options) -> Result<Input> {
        let head = head_of(&origin)?;
        let (origin, head, padding) = match without_padding(&origin, &head)? {
            None => (origin, head, None),
            Some((text, note)) => {
                let head = head_of(&text)?;
                (text, head, Some(note))
            }
        };
        let (origin, charset) = charset::settle(origin, &head, options)?;
        // A text in a rare encoding has been written anew.
        let head = head_of(&origin)?;
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
        let found = dialect::dialect(&text, options);
        let dialect = found.dialect;
        // A delimiter that the user names makes such a line a row like any other.
        let sep = dialect::sep_line(&text).filter(|_| options.delimiter.is_none());
        let mut extent = Extent::of(options.range);
        if sep.is_some() {
            extent.after = extent.after.max(1);
        }
        let mut source = CsvSource {
            origin,
            found,
            charset,
            after: extent.after,
            width: 0,
            block: HEAD,
            limits: options.limits,
        };
        let rows = source.first_rows(extent, HEADER_ROWS)?;
        let header = table::find(&rows, options.header_row, extent.after + 1);
        let header = header_or_error(header, options, &source.origin.path)?;
        let is_header = |row: &Row<'_>| (header.first..=header.last).contains(&row.at.row);
        let damaged = rows.iter().filter(is_header).flat_map(damaged_headers).collect();
        let header_quotes =
            rows.iter().filter(|row| row.at.row == header.last).find_map(|row| row.quotes());
        let facts = Facts {
            path: source.origin.path.clone(),
            bytes: source.bytes(),
            format: self.id(),
            encoding: Some(source.charset.name),
            encoding_why: source.charset.why.clone(),
            encoding_guess: source.charset.guess.clone(),
            delimiter: Some(String::from_utf8_lossy(&source.found.delimiter).into_owned()),
            dialect_why: source.found.why.clone(),
            dialect_confidence: source.found.confidence,
            quote: dialect.quote.map(char::from),
            escape: dialect.escape.map(char::from),
            quote_why: source.found.quote_why.clone(),
            header_line: Some(header.line),
            header_quotes,
            header_damaged: damaged,
            extent,
            ..Facts::default()
        };
        // The width of the table decides what an open quote is; rows cut without it are only good
        // for finding the header.
        source.width = header.names.len();
        let rows = source.first_rows(extent, SAMPLE_ROWS)?;
        source.after = header.last.max(extent.after);
        source.block = BLOCK;
        let input = Input::new(facts, header, &rows, Box::new(source));
        Ok(input.with_notes(padding.into_iter().collect()))
    }
}

/// The headers whose bytes are no text in the encoding of the file, by their columns.
fn damaged_headers(header: Row<'_>) -> Vec<usize> {
    let kinds = header.cells().map(|cell| cell.kind).enumerate();
    kinds.filter(|(_, kind)| *kind == CellKind::Damaged).map(|(at, _)| at).collect()
}

/// The first bytes of a file.
fn head_of(origin: &Origin) -> Result<Vec<u8>> {
    let file = File::open(origin.file()).map_err(|source| origin.io(source))?;
    let mut head = Vec::with_capacity(HEAD);
    file.take(HEAD as u64).read_to_end(&mut head).map_err(|source| origin.io(source))?;
    Ok(head)
}

pub(super) struct CsvSource {
    origin: Origin,
    found: dialect::Found,
    charset: Charset,
    after: u32,
    width: usize,
    block: usize,
    limits: Limits,
}

impl CsvSource {
    /// Whether rows are cut from the bytes of the file as they are.
    fn is_plain(&self) -> bool {
        self.charset.encoding == UTF_8 && self.found.joiner().is_none()
    }

    /// The bytes of the file, where rows are cut from these.
    fn bytes(&self) -> Option<u64> {
        let bytes = std::fs::metadata(self.origin.file()).map(|file| file.len());
        bytes.ok().filter(|_| self.is_plain())
    }

    /// Holds the last bytes of a text against what was presumed of it; where they are not so, all of the file decides.
    /// Gives how many at its end are half a letter. At the end of the file nothing is presumed any more.
    fn hold(&mut self, text: &[u8], last: usize, end: bool) -> Result<usize> {
        let bytes = text.get(text.len().saturating_sub(last)..).unwrap_or_default();
        let Some(looked) = Charset::goes_on(bytes, end) else {
            self.charset.confirm(&self.origin)?;
            return Ok(0);
        };
        if end {
            self.charset.presumed = None;
        }
        Ok(bytes.len() - looked)
    }

    /// The first rows of a part of the file.
    fn first_rows(&mut self, extent: Extent, most: usize) -> Result<Rows> {
        let mut first = Rows::default();
        self.read(&mut |chunk| {
            for row in crate::reader::parse(chunk, extent).iter().take(most - first.len()) {
                first.push_row(&row);
            }
            if first.len() < most { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        Ok(first)
    }
}

impl Source for CsvSource {
    fn written(&self) -> Option<Written> {
        let (letters, marks) = self.charset.own;
        Some(Written {
            letters,
            encoding: self.charset.name,
            marks,
            dialect: self.found.dialect,
            delimiter: self.found.delimiter.clone(),
        })
    }

    fn confirm(&mut self) -> Result<()> {
        self.charset.confirm(&self.origin)
    }

    fn read(&mut self, emit: &mut Emit<'_>) -> Result<()> {
        let mut file = File::open(self.origin.file()).map_err(|source| self.origin.io(source))?;
        let mut decoder = self.charset.encoding.new_decoder_without_bom_handling();
        let mut at = Location { input: self.origin.index, row: 1, line: 1, ..Location::default() };
        let mut text = Vec::new();
        skip(&mut file, self.charset.bom).map_err(|source| self.origin.io(source))?;
        let dialect = self.found.dialect;
        // What is to be decoded or joined, before it is.
        let mut raw = Vec::new();
        let mut decoded = Vec::new();
        let plain = self.is_plain();
        if !plain {
            self.confirm()?;
        }
        // Bytes at the end of the text that were not held against what was presumed of it: half a letter.
        let mut half = 0;
        let mut joiner = self.found.joiner();
        let mut cutter = Cutter::new(dialect, self.width, self.limits.cell());
        loop {
            let into = if plain { &mut text } else { &mut raw };
            let read =
                fill(&mut file, self.block, into).map_err(|source| self.origin.io(source))?;
            let end = read < self.block;
            match &mut joiner {
                _ if plain => {}
                None => decode(&self.charset, &mut decoder, &raw, end, &mut text),
                Some(joiner) => {
                    decode(&self.charset, &mut decoder, &raw, end, &mut decoded);
                    joiner.push(&decoded, end, &mut text);
                    decoded.clear();
                }
            }
            raw.clear();
            if self.charset.presumed.is_some() {
                half = self.hold(&text, read + half, end)?;
            }
            let piece = cut(&text, &mut cutter, end);
            if (text.len() - piece.end) as u64 > self.limits.row() {
                let (line, most) = (at.line + piece.lines, self.limits.row_mib);
                let why = format!("the row on line {line} is longer than {most} MiB");
                return Err(too_much(&self.origin, &TooMuch { why, setting: "row_mib" }));
            }
            if piece.end > 0 {
                let rest = text.get(piece.end..).unwrap_or_default();
                let mut next = Vec::with_capacity(if end { 0 } else { rest.len() + self.block });
                next.extend_from_slice(rest);
                text.truncate(piece.end);
                let first = at;
                at.row += piece.rows;
                at.line += piece.lines;
                at.byte += piece.end as u64;
                let (width, longest_cell) = (self.width, self.limits.cell());
                let bytes = std::mem::replace(&mut text, next);
                let block = Block { bytes, dialect, first, width, longest_cell };
                // The block of the header is not worth a trip of its own.
                let only_header = !end && at.row <= self.after + 1;
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

/// Passes over the bytes at the beginning of a file.
fn skip(file: &mut File, bytes: usize) -> std::io::Result<()> {
    std::io::copy(&mut file.take(bytes as u64), &mut std::io::sink()).map(|_| ())
}

/// Appends the next bytes of a file, and tells how many there were: fewer than `most` at its end.
fn fill(file: &mut File, most: usize, text: &mut Vec<u8>) -> std::io::Result<usize> {
    text.reserve(most);
    file.take(most as u64).read_to_end(text)
}

/// Appends `bytes` to `text` as UTF-8. UTF-8 itself passes unchecked: the cutting of cells checks it, cell by
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
pub(super) mod testing {
    use super::*;
    use crate::row::Dialect;

    /// A source that reads a file in UTF-8 in blocks of a size.
    pub(in crate::reader) fn source(
        path: &std::path::Path,
        dialect: Dialect,
        width: usize,
        block: usize,
    ) -> CsvSource {
        let found = dialect::dialect(b"a,b\n", &Options::default());
        CsvSource {
            origin: Origin { path: path.to_owned(), index: 0, spool: None },
            found: dialect::Found { dialect, ..found },
            charset: Charset {
                encoding: UTF_8,
                bom: 0,
                name: "UTF-8",
                why: String::new(),
                guess: None,
                own: (None, 0),
                presumed: None,
            },
            after: 0,
            width,
            block,
            limits: Limits::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::super::block::parse;
    use super::*;
    use crate::row::{Dialect, Quotes};

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
        let first = Location { row: 1, line: 1, ..Location::default() };
        let dialect = Dialect::default();
        let bytes = text.to_vec();
        table(&parse(Block { bytes, dialect, first, width: 0, longest_cell: 1 << 17 }, 0))
    }

    fn source(text: &[u8], block: usize, width: usize) -> (tempfile::NamedTempFile, CsvSource) {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text).unwrap();
        let source = testing::source(file.path(), Dialect::default(), width, block);
        (file, source)
    }

    fn in_blocks(text: &[u8], block: usize) -> Result<Table> {
        let mut source = source(text, block, 0);
        let mut all = Vec::new();
        source.1.read(&mut |chunk| {
            all.extend(table(&crate::reader::parse(chunk, Extent::default())));
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
        "",
        ",,\n\"\",\"\"\n",
        "a,\"b\"\r\n\"c\"\r\n",
        "\"'\n\n   ;\",\"\r \"\n,\"  a'\n\"\"'\"\n\"'\n;\",\" '\"\",a a\"\n",
    ];

    /// Quotes that are wrong; what is made of them is ours to decide, and the same in any block.
    const WRONG: &[&str] = &["aaaaaaa\",\"a\",\"\"\"a\r\n\r\n😀\",\"\"\"\",\"\n\"", "\"a"];

    #[test]
    fn blocks_of_any_size_give_the_rows_of_the_whole() {
        for text in TRICKY.iter().chain(WRONG) {
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
                    all.extend(table(&crate::reader::parse(chunk, Extent::default())));
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
                        crate::reader::parse(chunk, Extent::default())
                            .iter()
                            .map(|row| (row.at.row, row.at.line)),
                    );
                    ControlFlow::Continue(())
                })
                .unwrap();
            let rising = rows.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 < pair[1].1);
            assert!(rising, "blocks of {block}: {rows:?}");
            assert_eq!(rows.len(), whole.len(), "blocks of {block}");
        }
    }

    /// Opens a text and reads all of it.
    fn opened(text: &[u8], options: &Options) -> Result<(String, Table)> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text).unwrap();
        let mut input = crate::reader::open(file.path(), 0, options)?;
        let (mut rows, extent) = (Vec::new(), input.facts.extent);
        input.read(&mut |chunk| {
            rows.extend(table(&crate::reader::parse(chunk, extent)));
            ControlFlow::Continue(())
        })?;
        input.confirm()?;
        Ok((input.facts.encoding_why, rows))
    }

    /// So many texts as long as the first part of a file are tried, also where more are wanted of other tests.
    const LONG_TEXTS: u32 = 24;

    #[test]
    fn what_is_presumed_of_a_text_is_true_or_told() {
        use proptest::prelude::{ProptestConfig, any};
        use proptest::sample::select;

        let pieces: Vec<&[u8]> = vec![
            "é".as_bytes(),
            "\u{1f600}".as_bytes(),
            b"\n",
            b"a,b\n",
            b"\xc3",
            b"\xf0\x9f",
            b"\xe9\xe9\xe9",
        ];
        let texts = (
            8..20_usize,
            any::<bool>(),
            select(vec!["Zoë", "Zoe"]),
            proptest::collection::vec(select(pieces), 0..12),
        );
        let config = ProptestConfig {
            cases: LONG_TEXTS,
            failure_persistence: None,
            ..ProptestConfig::default()
        };
        let mut runner = proptest::test_runner::TestRunner::new(config);
        let held = runner.run(&texts, |(place, marked, proof, tail)| {
            presumed_or_told(place, marked, proof, &tail)
        });
        held.unwrap();
    }

    fn presumed_or_told(
        place: usize,
        marked: bool,
        proof: &str,
        tail: &[&[u8]],
    ) -> Result<(), proptest::test_runner::TestCaseError> {
        // The end of the first part cuts what comes behind in two.
        let mark: &[u8] = if marked { b"\xef\xbb\xbf" } else { b"" };
        let first = [mark, b"name,town\n", proof.as_bytes(), b",Ulm\n"].concat();
        let row = format!("Ada,{}\n", "x".repeat(1019)).into_bytes();
        let filler = row.repeat((HEAD - first.len()) / 1024);
        let padding = "x".repeat((HEAD - first.len()) % 1024 + place - 8);
        let end = b",Ulm\nAda,Ulm\n".to_vec();
        let text = [first, filler, padding.into_bytes(), tail.concat(), end].concat();
        let certain = opened(&text, &Options::default()).unwrap();
        let presumed = crate::reader::Presumed::allowed();
        let options = Options { presumed: presumed.clone(), ..Options::default() };
        match opened(&text, &options) {
            Ok((why, rows)) => {
                proptest::prop_assert_eq!(rows, certain.1);
                if std::str::from_utf8(&text).is_ok() {
                    proptest::prop_assert_eq!(why, certain.0);
                }
            }
            Err(error) => {
                let is_other = std::str::from_utf8(&text).is_err();
                proptest::prop_assert!(presumed.is_open() && is_other, "{error}");
                proptest::prop_assert!(certain.0.contains("not UTF-8"), "{}", certain.0);
            }
        }
        let first = &text[..HEAD];
        let is_so = std::str::from_utf8(first).map_or_else(|it| it.error_len().is_none(), |_| true);
        proptest::prop_assert_eq!(presumed.is_open(), is_so && (marked || !first.is_ascii()));
        Ok(())
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
                        let parsed = crate::reader::parse(chunk, Extent::default());
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
