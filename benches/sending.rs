//! People per second of a whole `push` to a sink on loopback: `cargo bench --bench sending`.
//!
//! The sink counts bytes and says that all is well, because a server that read them would be the one that
//! is measured. `build` of the same sheet stands beside it; and a sink that takes 50 milliseconds for each
//! answer shows how many of its requests are always under way (the items are requests then: with eight at
//! once, 160 a second are all that can be).

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a failed step is a failed benchmark"
)]

#[path = "../tests/integration/people.rs"]
#[expect(dead_code, reason = "the tests make other sheets too")]
mod people;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::Duration;

use divan::Bencher;
use divan::counter::ItemsCount;
use tempfile::TempDir;
use upsheet::command::Shown;
use upsheet::command::build::{Build, build};
use upsheet::command::push::{Push, push};
use upsheet::plan::Job;
use upsheet::progress::Voice;
use upsheet::recipe::Recipe;
use upsheet::report::Style;
use upsheet::sandbox::Variants;

const ROWS: u32 = 100_000;
/// People in a request, and rows, where the sink is slow.
const FEW: u32 = 50;
const SLOW_ROWS: u32 = 20_000;

static SHEETS: LazyLock<TempDir> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    for rows in [ROWS, SLOW_ROWS] {
        let path = folder.path().join(format!("{rows}.csv"));
        std::fs::write(path, people::sheet(0x5eed, rows)).unwrap();
    }
    folder
});

fn main() {
    divan::main();
}

/// A server that takes whatever comes, and its port.
fn sink(delay: Duration) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            std::thread::spawn(move || while answer(stream.as_ref().unwrap(), delay).is_some() {});
        }
    });
    port
}

/// Answers one request; nothing when there is none.
fn answer(stream: &TcpStream, delay: Duration) -> Option<()> {
    let mut reader = BufReader::with_capacity(256 * 1024, stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
        match line.trim_end().split_once(": ") {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                length = value.parse().ok()?;
            }
            None if line.trim_end().is_empty() => break,
            _ => {}
        }
    }
    std::io::copy(&mut reader.take(length), &mut std::io::sink()).ok()?;
    std::thread::sleep(delay);
    let mut stream = stream;
    stream
        .write_all(
            b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}",
        )
        .ok()
}

fn job(rows: u32, people: u32, port: u16, concurrency: usize) -> Job {
    let recipe = format!(
        "target = \"vome\"\n[vome]\nbatch_size = {people}\nbase_url = \"http://127.0.0.1:{port}\"\nrate = 0\n\
         [sending]\nconcurrency = {concurrency}\n"
    );
    Job {
        files: vec![SHEETS.path().join(format!("{rows}.csv"))],
        recipe: Recipe::parse(recipe, "upsheet.toml").unwrap(),
        today: jiff::civil::date(2026, 11, 22),
        ..Job::default()
    }
}

fn shown() -> Shown {
    Shown {
        format: None,
        reports: Vec::new(),
        mask: None,
        style: Style::default(),
        voice: Voice::default(),
    }
}

fn send(job: Job, state: &Path) {
    let sending = job.recipe.sending.clone();
    let plan = Push {
        job,
        shown: shown(),
        state: state.to_owned(),
        state_is_usual: false,
        sandbox: None,
        variants: Variants::default(),
        yes: true,
        sending,
        expect_invites: None,
        quiet: true,
        environment: |_| Some("a-key-of-no-account".to_owned()),
    };
    push(&plan).unwrap();
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

/// The payload files alone.
#[divan::bench(sample_count = 5)]
fn a_build(bencher: Bencher<'_, '_>) {
    let job = job(ROWS, 500, 1, 1);
    let out = |folder: &TempDir| -> PathBuf { folder.path().join("out") };
    bencher.counter(ItemsCount::new(ROWS)).with_inputs(folder).bench_local_refs(|folder| {
        build(&Build { job: job.clone(), shown: shown(), folder: out(folder), force: false })
            .unwrap()
    });
}

/// The same people sent to a sink that answers at once.
#[divan::bench(sample_count = 5)]
fn b_push(bencher: Bencher<'_, '_>) {
    let job = job(ROWS, 500, sink(Duration::ZERO), 4);
    bencher
        .counter(ItemsCount::new(ROWS))
        .with_inputs(folder)
        .bench_local_refs(|folder| send(job.clone(), folder.path()));
}

/// Requests a second to a sink that takes its time.
#[divan::bench(sample_count = 3)]
fn c_push_to_a_slow_sink(bencher: Bencher<'_, '_>) {
    let job = job(SLOW_ROWS, FEW, sink(Duration::from_millis(50)), 8);
    bencher
        .counter(ItemsCount::new(SLOW_ROWS / FEW))
        .with_inputs(folder)
        .bench_local_refs(|folder| send(job.clone(), folder.path()));
}
