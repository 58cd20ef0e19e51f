//! Rows per second of each stage, and of a whole build: `cargo bench`.
//!
//! Each stage runs on one thread and on what the stage before made of the same generated people, so
//! that the times add up; the build uses all threads. The items of divan's throughput are rows.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a failed step is a failed benchmark"
)]

#[path = "../tests/integration/people.rs"]
#[expect(dead_code, reason = "the tests make other sheets too")]
mod people;
mod sheets;
#[path = "../tests/integration/workbook.rs"]
#[expect(dead_code, reason = "the tests make other workbooks too")]
mod workbook;

use std::hint::black_box;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use tempfile::TempDir;
use upsheet::batch::{Batcher, Person};
use upsheet::command::Shown;
use upsheet::command::build::{Build, build};
use upsheet::plan::{Job, Opened};
use upsheet::progress::Voice;
use upsheet::reader::{self, Input};
use upsheet::recipe::Recipe;
use upsheet::report::Style;
use upsheet::row::{Chunk, Rows};
use upsheet::unique::{Fingerprinter, Keys};
use upsheet::validate::Judged;

const ROWS: u32 = 100_000;

/// The generated sheets, in a folder that lives as long as the program.
static SHEETS: LazyLock<TempDir> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let csv = people::sheet(0x5eed, ROWS);
    let xlsx = workbook::workbook(&workbook::sheet_xml(&csv));
    std::fs::write(folder.path().join(QUOTED), quoted(&csv)).unwrap();
    std::fs::write(folder.path().join(PEOPLE), csv).unwrap();
    std::fs::write(folder.path().join("people.xlsx"), xlsx).unwrap();
    for sheet in sheets::ALL {
        std::fs::write(folder.path().join(sheet.target), sheet.csv(ROWS)).unwrap();
    }
    folder
});

/// The same people, once with quotes where they must be and once with quotes around every cell.
const PEOPLE: &str = "people.csv";
const QUOTED: &str = "quoted.csv";

fn main() {
    divan::main();
}

/// A sheet with quotes around every cell.
fn quoted(csv: &str) -> Vec<u8> {
    let mut rows = csv::ReaderBuilder::new().has_headers(false).from_reader(csv.as_bytes());
    let mut quoted =
        csv::WriterBuilder::new().quote_style(csv::QuoteStyle::Always).from_writer(Vec::new());
    for row in rows.byte_records() {
        quoted.write_byte_record(&row.unwrap()).unwrap();
    }
    quoted.into_inner().unwrap()
}

fn path(name: &str) -> PathBuf {
    SHEETS.path().join(name)
}

fn job(name: &str) -> Job {
    Job {
        files: vec![path(name)],
        today: jiff::civil::date(2026, 11, 22),
        threads: 0,
        ..Job::default()
    }
}

fn opened() -> Opened {
    job("people.csv").open().unwrap()
}

fn chunks(input: &mut Input) -> Vec<Chunk> {
    let mut chunks = Vec::new();
    let keep = &mut |chunk| {
        chunks.push(chunk);
        ControlFlow::Continue(())
    };
    input.read(keep).unwrap();
    chunks
}

fn rows(opened: &mut Opened) -> Vec<Rows> {
    let extent = opened.inputs[0].facts.extent;
    let chunks = opened.inputs.iter_mut().flat_map(chunks);
    chunks.map(|chunk| reader::parse(chunk, extent)).collect()
}

fn judged(opened: &mut Opened) -> Vec<Judged> {
    let rows = rows(opened);
    rows.into_iter().map(|rows| opened.rules.judge(rows, &|_| false)).collect()
}

fn bytes(name: &str) -> BytesCount {
    BytesCount::new(std::fs::metadata(path(name)).unwrap().len())
}

/// From the file to blocks that end between rows.
#[divan::bench(sample_count = 20, args = [PEOPLE, QUOTED])]
fn a_cut_blocks(bencher: Bencher<'_, '_>, name: &str) {
    let mut opened = job(name).open().unwrap();
    bencher.counter(ItemsCount::new(ROWS)).counter(bytes(name)).bench_local(|| {
        let mut blocks = 0;
        let count = &mut |_| {
            blocks += 1;
            ControlFlow::Continue(())
        };
        for input in &mut opened.inputs {
            input.read(count).unwrap();
        }
        blocks
    });
}

/// From blocks to cells.
#[divan::bench(sample_count = 20, args = [PEOPLE, QUOTED])]
fn b_parse_cells(bencher: Bencher<'_, '_>, name: &str) {
    let mut opened = job(name).open().unwrap();
    let extent = opened.inputs[0].facts.extent;
    let chunks: Vec<Chunk> = opened.inputs.iter_mut().flat_map(chunks).collect();
    bencher
        .counter(ItemsCount::new(ROWS))
        .counter(bytes(name))
        .with_inputs(|| chunks.clone())
        .bench_local_values(|chunks| {
            chunks.into_iter().map(|chunk| reader::parse(chunk, extent)).collect::<Vec<_>>()
        });
}

/// From cells to findings and JSON.
#[divan::bench(sample_count = 20)]
fn c_judge_and_encode(bencher: Bencher<'_, '_>) {
    let mut opened = opened();
    let rows = rows(&mut opened);
    let rules = &opened.rules;
    bencher.counter(ItemsCount::new(ROWS)).with_inputs(|| rows.clone()).bench_local_values(
        |rows| rows.into_iter().map(|rows| rules.judge(rows, &|_| false)).collect::<Vec<_>>(),
    );
}

/// Who has had this key before.
#[divan::bench(sample_count = 20)]
fn d_uniqueness(bencher: Bencher<'_, '_>) {
    let mut opened = opened();
    let judged = judged(&mut opened);
    let places: Vec<_> = judged
        .iter()
        .flat_map(|judged| &judged.outcomes)
        .zip(judged.iter().flat_map(|judged| judged.rows.iter().map(|row| row.at)))
        .map(|(_, at)| at)
        .collect();
    let keys: Vec<String> = people::emails(0..ROWS);
    let fingerprinter = Fingerprinter::default();
    bencher.counter(ItemsCount::new(ROWS)).bench_local(|| {
        let mut seen = Keys::default();
        for (key, at) in keys.iter().zip(&places) {
            black_box(seen.insert(fingerprinter.of(key.as_bytes()), *at).unwrap());
        }
        seen
    });
}

/// From people to full requests.
#[divan::bench(sample_count = 20)]
fn e_batches(bencher: Bencher<'_, '_>) {
    let mut opened = opened();
    let json = |judged: Judged| (Arc::new(judged.json.clone()), judged);
    let judged: Vec<_> = judged(&mut opened).into_iter().map(json).collect();
    let (limits, frame) = (opened.target.limits(), opened.target.frame());
    bencher.counter(ItemsCount::new(ROWS)).bench_local(|| {
        let mut batcher = Batcher::new(limits, frame.clone());
        for (json, judged) in &judged {
            let mut start = 0;
            for outcome in &judged.outcomes {
                let person = start..outcome.json_end;
                start = outcome.json_end;
                if let Some(row) = judged.rows.get(outcome.row).filter(|_| !person.is_empty()) {
                    black_box(batcher.push(&Person::new(json, person), &row.at));
                }
            }
        }
        batcher.close()
    });
}

/// From a workbook to cells, as a reader of its own.
#[divan::bench(sample_count = 5)]
fn f_read_workbook(bencher: Bencher<'_, '_>) {
    let path = path("people.xlsx");
    bencher.counter(ItemsCount::new(ROWS)).counter(bytes("people.xlsx")).bench_local(|| {
        let mut input = reader::open(&path, 0, &reader::Options::default()).unwrap();
        chunks(&mut input).len()
    });
}

/// From cells to findings and JSON, for sheets that use a target to the full.
#[divan::bench(args = ["vome", "omneo", "scim"], sample_count = 5)]
fn h_judge_and_encode_in_full(bencher: Bencher<'_, '_>, target: &str) {
    let sheet = sheets::ALL.iter().find(|sheet| sheet.target == target).unwrap();
    let recipe = Recipe::parse(sheet.recipe(), "upsheet.toml").unwrap();
    let mut opened = Job { recipe, ..job(target) }.open().unwrap();
    let rows = rows(&mut opened);
    let rules = &opened.rules;
    let judge = |rows: Vec<Rows>| -> Vec<Judged> {
        rows.into_iter().map(|rows| rules.judge(rows, &|_| false)).collect()
    };
    let outcomes = judge(rows.clone());
    let mut findings = outcomes.iter().flat_map(|judged| &judged.findings);
    assert!(findings.next().is_none(), "the sheet for {target} is not clean");
    bencher.counter(ItemsCount::new(ROWS)).with_inputs(|| rows.clone()).bench_local_values(judge);
}

/// The whole line, from a file to a folder of payloads, on all threads.
#[divan::bench(args = ["people.csv", "people.xlsx"], sample_count = 5)]
fn g_build(bencher: Bencher<'_, '_>, name: &str) {
    let empty = || tempfile::tempdir().unwrap();
    bencher
        .counter(ItemsCount::new(ROWS))
        .counter(bytes(name))
        .with_inputs(empty)
        .bench_local_refs(|folder| {
            let plan = Build {
                job: job(name),
                shown: Shown {
                    format: None,
                    reports: Vec::new(),
                    mask: None,
                    style: Style::default(),
                    voice: Voice::default(),
                },
                folder: folder.path().join("out"),
                force: false,
            };
            build(&plan).unwrap()
        });
}
