//! People per second of a whole `push` to a sink on loopback: `cargo bench --bench sending`.
//!
//! The sink counts bytes and says that all is well, because a server that read them would be the one that
//! is measured. `build` of the same sheet stands beside it; and a sink that takes 50 milliseconds for each
//! answer shows how many of its requests are always under way (the items are requests then: with eight at
//! once, 160 a second are all that can be). Both are said as ratios before the rest begins.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "a failed step is a failed benchmark, and ratios are for reading"
)]

#[path = "../tests/integration/people.rs"]
#[expect(dead_code, reason = "the tests make other sheets too")]
mod people;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, LazyLock, Mutex};
use std::time::{Duration, Instant};

use divan::Bencher;
use divan::counter::ItemsCount;
use tempfile::TempDir;
use upsheet::command::Shown;
use upsheet::command::build::{Build, build};
use upsheet::command::push::{LookUp, Push, push};
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

/// How long a slow sink takes, and how many requests it may have at once.
const DELAY: Duration = Duration::from_millis(50);
const AT_ONCE: usize = 8;

fn main() {
    // Not when it is only tried whether they run.
    if std::env::args().any(|argument| argument == "--bench") {
        say_ratios();
    }
    divan::main();
}

/// Says how fast sending is beside building, and how full a slow sink is kept.
fn say_ratios() {
    let (mut building, mut sending) = (Duration::MAX, Duration::MAX);
    let build_job = job(ROWS, 500, 1, 1);
    let push_job = job(ROWS, 500, sink(Duration::ZERO).port, 4);
    for _ in 0..5 {
        let (out, state) = (folder(), folder());
        building = building.min(time(|| write(&build_job, out.path())));
        sending = sending.min(time(|| send(push_job.clone(), state.path())));
    }
    let ratio = building.as_secs_f64() / sending.as_secs_f64();
    println!("push at {ratio:.2} times the speed of build ({sending:.2?} and {building:.2?})");
    let slow = sink(DELAY);
    send(job(SLOW_ROWS, FEW, slow.port, AT_ONCE), folder().path());
    let answered = slow.answered.lock().unwrap();
    // The first people are a try, alone; from then on all can be under way.
    let together = &answered[2..];
    let seconds = (*together.last().unwrap() - together[0]).as_secs_f64();
    let posts = (together.len() - 1) as f64 / seconds;
    let ideal = AT_ONCE as f64 / DELAY.as_secs_f64();
    println!("{posts:.1} posts a second of {ideal:.0}: {:.1} %", posts / ideal * 100.0);
}

fn time(work: impl FnOnce()) -> Duration {
    let began = Instant::now();
    work();
    began.elapsed()
}

/// A server that takes whatever comes.
struct Sink {
    port: u16,
    /// When each answer was given.
    answered: Arc<Mutex<Vec<Instant>>>,
}

fn sink(delay: Duration) -> Sink {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let answered = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&answered);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let noted = Arc::clone(&noted);
            std::thread::spawn(move || {
                let stream = stream.unwrap();
                while answer(&stream, delay).is_some() {
                    noted.lock().unwrap().push(Instant::now());
                }
            });
        }
    });
    Sink { port, answered }
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

fn write(job: &Job, folder: &Path) {
    let folder = folder.join("out");
    build(&Build { job: job.clone(), shown: shown(), folder, force: false }).unwrap();
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
        look_up: LookUp::Nobody,
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
    bencher
        .counter(ItemsCount::new(ROWS))
        .with_inputs(folder)
        .bench_local_refs(|folder| write(&job, folder.path()));
}

/// The same people sent to a sink that answers at once.
#[divan::bench(sample_count = 5)]
fn b_push(bencher: Bencher<'_, '_>) {
    let job = job(ROWS, 500, sink(Duration::ZERO).port, 4);
    bencher
        .counter(ItemsCount::new(ROWS))
        .with_inputs(folder)
        .bench_local_refs(|folder| send(job.clone(), folder.path()));
}

/// Requests a second to a sink that takes its time.
#[divan::bench(sample_count = 3)]
fn c_push_to_a_slow_sink(bencher: Bencher<'_, '_>) {
    let job = job(SLOW_ROWS, FEW, sink(DELAY).port, AT_ONCE);
    bencher
        .counter(ItemsCount::new(SLOW_ROWS / FEW))
        .with_inputs(folder)
        .bench_local_refs(|folder| send(job.clone(), folder.path()));
}
