//! The reading of cells alone, beside that of `calamine`: `cargo bench --bench cells`.
//!
//! What is timed is everything from the path to the last cell: for ours two passes over the sheet, of
//! which one finds what is hidden and merged. `UPSHEET_BENCH_XLSX` names a workbook to read in place
//! of the generated ones.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a failed step is a failed benchmark"
)]

#[path = "../tests/integration/people.rs"]
#[expect(dead_code, reason = "the tests make other sheets too")]
mod people;
#[path = "../tests/integration/workbook.rs"]
#[expect(dead_code, reason = "the tests make other workbooks too")]
mod workbook;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{Cursor, Write as _};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::LazyLock;

use calamine::{Reader as _, Xlsx};
use divan::Bencher;
use divan::counter::ItemsCount;
use tempfile::TempDir;
use upsheet::reader::{Options, open};
use upsheet::row::{Chunk, letters};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

const ROWS: u32 = 200_000;

static FOLDER: LazyLock<TempDir> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let csv = people::sheet(0x5eed, ROWS);
    let (sheet, strings) = shared(&csv);
    let shared = workbook::workbook_of(&sheet, &[("xl/sharedStrings.xml", &strings)]);
    let inline = workbook::workbook(&workbook::sheet_xml(&csv));
    std::fs::write(folder.path().join("shared.xlsx"), compressed(shared)).unwrap();
    std::fs::write(folder.path().join("inline.xlsx"), compressed(inline)).unwrap();
    folder
});

fn main() {
    divan::main();
}

/// A sheet whose texts stand in a table of strings, and the table.
fn shared(csv: &str) -> (String, String) {
    let mut sheet = "<worksheet><sheetData>".to_owned();
    let mut strings = "<sst>".to_owned();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(csv.as_bytes());
    for (row, record) in (1..).zip(reader.records()) {
        write!(sheet, "<row r=\"{row}\">").unwrap();
        for (column, cell) in
            record.unwrap().iter().enumerate().filter(|(_, cell)| !cell.is_empty())
        {
            let next = places.len();
            let place = *places.entry(cell.to_owned()).or_insert_with(|| {
                let text = cell.replace('&', "&amp;").replace('<', "&lt;");
                write!(strings, "<si><t>{text}</t></si>").unwrap();
                next
            });
            let column = letters(column);
            write!(sheet, "<c r=\"{column}{row}\" t=\"s\"><v>{place}</v></c>").unwrap();
        }
        sheet.push_str("</row>");
    }
    (sheet + "</sheetData></worksheet>", strings + "</sst>")
}

/// A workbook as programs write it: its parts compressed.
fn compressed(stored: Vec<u8>) -> Vec<u8> {
    let mut archive = ZipArchive::new(Cursor::new(stored)).unwrap();
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for place in 0..archive.len() {
        let mut part = archive.by_index(place).unwrap();
        let mut bytes = Vec::new();
        std::io::copy(&mut part, &mut bytes).unwrap();
        writer.start_file(part.name().unwrap(), SimpleFileOptions::default()).unwrap();
        writer.write_all(&bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn path(name: &str) -> PathBuf {
    #[expect(clippy::disallowed_methods, reason = "a workbook for this benchmark alone")]
    let named = std::env::var_os("UPSHEET_BENCH_XLSX");
    named.map_or_else(|| FOLDER.path().join(name), PathBuf::from)
}

fn ours(name: &str) -> u64 {
    let mut input = open(&path(name), 0, &Options::default()).unwrap();
    let mut cells = 0;
    input
        .read(&mut |chunk| {
            if let Chunk::Cells(rows) = &chunk {
                cells += rows.cells() as u64;
            }
            ControlFlow::Continue(())
        })
        .unwrap();
    cells
}

fn theirs(name: &str) -> u64 {
    let file = std::io::BufReader::new(std::fs::File::open(path(name)).unwrap());
    let mut book = Xlsx::new(file).unwrap();
    let sheet = book.sheet_names().first().unwrap().clone();
    let mut reader = book.worksheet_cells_reader(&sheet).unwrap();
    let mut cells = 0;
    while let Some(cell) = reader.next_cell().unwrap() {
        divan::black_box(cell.get_value());
        cells += 1;
    }
    cells
}

#[divan::bench(args = ["shared.xlsx", "inline.xlsx"], sample_count = 3, sample_size = 1)]
fn upsheet(bencher: Bencher<'_, '_>, name: &str) {
    let cells = ours(name);
    bencher.counter(ItemsCount::new(cells)).bench(|| ours(name));
}

#[divan::bench(args = ["shared.xlsx", "inline.xlsx"], sample_count = 3, sample_size = 1)]
fn calamine(bencher: Bencher<'_, '_>, name: &str) {
    let cells = theirs(name);
    bencher.counter(ItemsCount::new(cells)).bench(|| theirs(name));
}
