//! What holds of every text, tried on thousands of made ones.

use std::io::Write as _;
use std::ops::ControlFlow;

use proptest::prelude::*;

use super::csv::testing;
use super::{Options, Source as _, dialect, table};
use crate::reader::{Extent, parse};
use crate::row::{Dialect, Quotes, Rows};

/// Eight times the usual number of cases, which `PROPTEST_CASES` says. What fails is written into a
/// test by hand, not into a file.
pub(super) fn config() -> ProptestConfig {
    let usual = ProptestConfig::default();
    ProptestConfig { cases: usual.cases * 8, failure_persistence: None, ..usual }
}

/// A row as it was read: its number, its line, what is wrong with its quotes, its cells.
type Read = (u32, u32, Option<Quotes>, Vec<String>);

fn read(rows: &Rows) -> Vec<Read> {
    let cells = |row: &crate::row::Row<'_>| row.cells().map(|cell| cell.text.to_owned()).collect();
    rows.iter().map(|row| (row.at.row, row.at.line, row.quotes(), cells(&row))).collect()
}

/// The rows of a text, read in blocks of a size.
fn in_blocks(text: &[u8], dialect: Dialect, width: usize, block: usize) -> Vec<Read> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(text).unwrap();
    let mut source = testing::source(file.path(), dialect, width, block);
    let mut all = Vec::new();
    source
        .read(&mut |chunk| {
            all.extend(read(&parse(chunk, Extent::default())));
            ControlFlow::Continue(())
        })
        .unwrap();
    all
}

/// Text of the characters that matter to a reader of delimited text.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => Just("a"), 2 => Just("é"), 6 => Just(","), 1 => Just(";"), 5 => Just("\""),
        2 => Just("\"\""), 4 => Just("\n"), 2 => Just("\r\n"), 1 => Just("\r"), 1 => Just("'"),
        1 => Just(" "), 1 => Just("\\"), 1 => Just("😀"), 1 => Just("\0"), 2 => Just("\",\""),
        2 => Just("\"\n\""),
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

/// A table of cells.
fn cells() -> impl Strategy<Value = Vec<Vec<String>>> {
    let cell = prop_oneof![
        3 => "[a-zé ]{0,6}",
        2 => "[a\",;\n\r' ]{0,8}",
        1 => Just(String::new()),
    ];
    (1..6_usize).prop_flat_map(move |width| {
        prop::collection::vec(prop::collection::vec(cell.clone(), width), 0..12)
    })
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn blocks_of_any_size_give_the_rows_of_the_whole(
        text in text(),
        width in 0..5_usize,
        block in 1..80_usize,
        escaped in any::<bool>(),
    ) {
        let dialect = Dialect { escape: escaped.then_some(b'\\'), ..Dialect::default() };
        let whole = in_blocks(text.as_bytes(), dialect, width, text.len() + 1);
        let pieces = in_blocks(text.as_bytes(), dialect, width, block);
        prop_assert_eq!(pieces, whole);
    }

    #[test]
    fn a_well_formed_file_is_read_as_it_was_written(
        rows in cells(),
        delimiter in prop::sample::select(b",;\t|".as_slice()),
        always in any::<bool>(),
        crlf in any::<bool>(),
        block in 1..200_usize,
    ) {
        let terminator = if crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') };
        let style = if always { csv::QuoteStyle::Always } else { csv::QuoteStyle::Necessary };
        let mut writer = csv::WriterBuilder::new()
            .delimiter(delimiter)
            .terminator(terminator)
            .quote_style(style)
            .from_writer(Vec::new());
        for row in &rows {
            writer.write_record(row).unwrap();
        }
        let bytes = writer.into_inner().unwrap();
        let mut oracle = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .has_headers(false)
            .flexible(true)
            .from_reader(bytes.as_slice());
        let expected: Vec<Vec<String>> = oracle
            .records()
            .map(|record| record.unwrap().iter().map(str::to_owned).collect())
            .collect();
        prop_assert_eq!(&expected, &rows);
        let dialect = Dialect { delimiter, ..Dialect::default() };
        let width = rows.first().map_or(0, Vec::len);
        let read = in_blocks(&bytes, dialect, width, block);
        prop_assert!(read.iter().all(|(_, _, quotes, _)| quotes.is_none()));
        let read: Vec<Vec<String>> = read.into_iter().map(|(_, _, _, cells)| cells).collect();
        prop_assert_eq!(read, expected);
    }

    #[test]
    fn every_text_has_a_dialect_and_a_header_or_none(text in text()) {
        let found = dialect::dialect(text.as_bytes(), &Options::default());
        let joined = found.joiner().map(|joiner| joiner.whole(text.as_bytes()));
        let bytes = joined.as_deref().unwrap_or(text.as_bytes());
        let rows = dialect::rows_of(bytes, found.dialect);
        let header = table::find(&rows, None, 1);
        let last = header.map_or(0, |header| header.last);
        prop_assert!(last == 0 || rows.iter().any(|row| row.at.row == last));
        let mut tables = table::Tables::default();
        rows.iter().for_each(|row| tables.take(&row));
    }
}
