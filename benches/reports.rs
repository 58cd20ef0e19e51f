//! What each form of report costs a check with 100,000 findings: `cargo bench --bench reports`.
//!
//! `none` is the check without any. The items of divan's throughput are findings.

#![allow(clippy::unwrap_used, reason = "a failed step is a failed benchmark")]

use std::fmt::Write as _;
use std::sync::LazyLock;

use divan::Bencher;
use divan::counter::ItemsCount;
use tempfile::TempDir;
use upsheet::command::Shown;
use upsheet::command::check::{Check, check};
use upsheet::plan::Job;
use upsheet::progress::Voice;
use upsheet::report::{ALL, Style};

const ROWS: u32 = 100_000;

/// A sheet of people who have one fault each, for which a repair is proposed.
static SHEET: LazyLock<TempDir> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let mut sheet = String::from("First name,Last name,E-mail,Mobile\n");
    for number in 0..ROWS {
        writeln!(sheet, "Ada,Larkspur,\"p{number}@example,org\",+1 514 555 0100").unwrap();
    }
    std::fs::write(folder.path().join("people.csv"), sheet).unwrap();
    folder
});

fn main() {
    divan::main();
}

/// Every form, and none.
fn forms() -> impl Iterator<Item = &'static str> {
    std::iter::once("none").chain(ALL.iter().map(|kind| kind.id))
}

#[divan::bench(args = forms(), sample_count = 5)]
fn check_with(bencher: Bencher<'_, '_>, form: &str) {
    let kind = ALL.iter().copied().find(|kind| kind.id == form);
    let path = SHEET.path().join("people.csv");
    let plan = Check {
        fix_plan: None,
        job: Job {
            files: vec![path],
            today: jiff::civil::date(2026, 11, 22),
            threads: 0,
            ..Job::default()
        },
        shown: Shown {
            format: None,
            reports: kind.map(|kind| (SHEET.path().join("report"), kind)).into_iter().collect(),
            style: Style::default(),
            voice: Voice::default(),
            mask: None,
        },
    };
    bencher.counter(ItemsCount::new(ROWS)).bench_local(|| check(&plan).unwrap());
}
