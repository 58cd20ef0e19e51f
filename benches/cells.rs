//! The reading of cells alone, beside that of `calamine`: `cargo bench --bench cells`.
//!
//! What is timed is everything from the path to the last cell: for ours, with what is hidden and merged, for
//! which the whole sheet is looked through before its first row is handed on. `UPSHEET_BENCH_XLSX` names a
//! workbook to read in place of the generated ones. The ratios of wall time, and of processor time where
//! the system tells it, are said before the rest begins.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
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
use std::time::{Duration, Instant};

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
    // Not when it is only tried whether they run.
    if std::env::args().any(|argument| argument == "--bench") {
        for name in ["shared.xlsx", "inline.xlsx"] {
            say_ratios(name);
        }
    }
    divan::main();
}

/// Says what reading a workbook takes beside what it takes the other one: medians of five, in turns.
fn say_ratios(name: &str) {
    let (mut mine, mut others) = (Vec::new(), Vec::new());
    for _ in 0..5 {
        mine.push(took(|| ours(name)));
        others.push(took(|| theirs(name)));
    }
    for (place, what) in ["wall", "processor"].into_iter().enumerate() {
        let median = |times: &[[Option<Duration>; 2]]| {
            let mut times: Vec<Duration> = times.iter().filter_map(|both| both[place]).collect();
            times.sort_unstable();
            times.get(times.len() / 2).copied()
        };
        if let Some((mine, others)) = median(&mine).zip(median(&others)) {
            let ratio = mine.as_secs_f64() / others.as_secs_f64();
            println!("{name}, {what} time: {ratio:.2} of calamine ({mine:.2?} and {others:.2?})");
        }
    }
}

/// The wall time of some work, and the processor time of it in all threads.
fn took(work: impl FnOnce() -> u64) -> [Option<Duration>; 2] {
    let (began, before) = (Instant::now(), processor_time());
    divan::black_box(work());
    let processor = processor_time().zip(before).and_then(|(now, then)| now.checked_sub(then));
    [Some(began.elapsed()), processor]
}

/// The processor time of this process so far, in hundredths of a second, where Linux tells it.
fn processor_time() -> Option<Duration> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The name of the program may hold anything, and ends with the last bracket.
    let numbers: Vec<&str> = stat.rsplit_once(')')?.1.split_ascii_whitespace().collect();
    let ticks = [11, 12].map(|at| numbers.get(at).and_then(|ticks| ticks.parse::<u64>().ok()));
    Some(Duration::from_millis(10 * (ticks[0]? + ticks[1]?)))
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
