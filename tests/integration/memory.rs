//! `--memory`: with room for few keys the others go into a file, and nothing else changes.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufWriter, Write as _};

use crate::common::{Desk, Import, counts};
use crate::people::{email, sheet};

#[test]
fn little_memory_changes_nothing_that_is_written() {
    let desk = Desk::new();
    desk.write("people.csv", sheet(0xf11e, 60_000));
    for policy in ["reject", "merge"] {
        let built = |name: &str, memory: &str| {
            let out = format!("{policy}-{name}");
            let build = Import::at(&desk, "build people.csv --quiet --on-duplicate").arg(policy);
            build.args(memory).arg("-o").arg(&out).expect_code(1).run();
            let files = desk.files(&out).into_iter();
            files
                .map(|file| (file.trim_start_matches(&out).to_owned(), desk.read(&file)))
                .collect::<Vec<_>>()
        };
        let (much, little) = (built("much", ""), built("little", "--memory 1M"));
        assert!(much.len() > 100, "so few files prove nothing: {}", much.len());
        assert!(much == little, "{policy}");
        let [rows, valid, rejected, skipped] =
            counts(&desk.json(format!("{policy}-much/report.json")));
        assert!(rows - valid > 150 && rejected + skipped == rows - valid, "{policy}");
    }
}

#[test]
fn keys_that_can_be_put_nowhere_end_the_run_with_the_cure() {
    let mut text = String::from("First name,Last name,Email\n");
    (0..60_000).for_each(|n| writeln!(text, "Ada,Larkspur,{}", email(n)).unwrap());
    let check = Import::new("check --memory 1M").text("people.csv", &text);
    let done = check.env("TMPDIR", "gone").expect_code(2).run();
    done.says("cannot keep what goes beyond --memory in \"gone\"").says("give more --memory");
}

#[test]
fn a_size_that_is_none_is_refused() {
    for (size, why) in [("much", "512M"), ("1000", "at least 1M"), ("1.5G", "512M")] {
        let check =
            Import::new("check --memory").arg(size).text("people.csv", "Email\na@b.example\n");
        check.expect_code(2).run().says(why);
    }
}

/// What a process has had in memory at most, in bytes, as long as it runs.
#[cfg(target_os = "linux")]
fn most_in_memory(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kib * 1024)
}

/// Ten million keys take more than 160 MB; the run stays below that with all that it needs beside them.
#[cfg(target_os = "linux")]
#[test]
#[ignore = "takes minutes and 400 MB of disk: cargo test --release ten_million -- --ignored"]
#[expect(clippy::print_stderr, reason = "the figure is what it is run for")]
fn ten_million_rows_need_no_more_memory_than_they_are_given() {
    const ROWS: u32 = 10_000_000;
    let desk = Desk::new();
    let mut out = BufWriter::new(File::create(desk.path("people.csv")).unwrap());
    writeln!(out, "First name,Last name,Email").unwrap();
    for row in 0..ROWS {
        // Every hundredth is somebody from the first half of those before.
        let number = if row % 100 == 99 { row / 2 - row / 2 % 100 } else { row };
        writeln!(out, "Ada,Larkspur,{}", email(number)).unwrap();
    }
    out.into_inner().unwrap();
    let check = Import::at(&desk, "check people.csv --format json --threads 1 --memory 16M");
    let running = check.expect_code(1).start();
    let mut most = 0;
    while let Some(bytes) = most_in_memory(running.id()) {
        most = most.max(bytes);
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let report = running.finish().json();
    let again = u64::from(ROWS / 100);
    assert_eq!(counts(&report), [u64::from(ROWS), u64::from(ROWS) - again, again, 0]);
    assert!(most > 0 && most < u64::from(ROWS) * 16, "{most} bytes");
    eprintln!("{} MiB at most", most >> 20);
}
