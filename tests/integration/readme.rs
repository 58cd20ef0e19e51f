//! Every command that README.md and the pages on sending and on reports show is run as it stands there.

use std::fs;
use std::path::Path;

use crate::common::{Desk, Import, repository};

/// A command of a page: what stands behind `cargo run … --`, and the code it must end with.
#[derive(Debug)]
struct Shown {
    line: usize,
    args: String,
    code: i32,
}

/// The commands in blocks of console or sh, with lines that go on joined.
fn commands(text: &str) -> Vec<Shown> {
    let mut commands = Vec::new();
    let mut inside = false;
    let mut lines = (1..).zip(text.lines());
    while let Some((number, line)) = lines.next() {
        if let Some(fence) = line.trim_start().strip_prefix("```") {
            inside = !inside && matches!(fence.trim(), "console" | "sh");
            continue;
        }
        let mut line = line.trim().trim_start_matches("$ ").to_owned();
        if !inside || !line.starts_with("cargo run") {
            continue;
        }
        while line.ends_with('\\') {
            line.pop();
            line.push_str(lines.next().map_or("", |(_, next)| next.trim()));
        }
        let (line, comment) = match line.split_once(" #") {
            Some((line, comment)) => (line.to_owned(), comment.trim().to_owned()),
            None => (line, String::new()),
        };
        let code = comment
            .strip_prefix("exit ")
            .and_then(|code| code.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok());
        let args = line.split_once(" -- ").map_or("--help", |(_, args)| args.trim()).to_owned();
        commands.push(Shown { line: number, args, code: code.unwrap_or(0) });
    }
    commands
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// Runs them one after the other in one folder, as a reader would try them, and tells how many there were.
fn run_all(page: &str) -> usize {
    let Ok(text) = fs::read_to_string(repository(page)) else { return 0 };
    let desk = Desk::new();
    copy(&repository("fixtures"), &desk.path("fixtures"));
    let program = env!("CARGO_BIN_EXE_upsheet");
    let commands = commands(&text);
    for Shown { line, args, code } in &commands {
        let shell = format!("'{program}' {args}");
        if args.split_whitespace().next() == Some("sandbox") {
            let running = Import::at(&desk, "").shell(&format!("exec {shell}"));
            running.until_it_says("listening");
            running.signal("INT");
            running.finish();
            continue;
        }
        let done = Import::at(&desk, "").expect_code(*code).shell(&shell).finish();
        assert!(
            !(done.stdout.is_empty() && done.stderr.is_empty() && *code != 0),
            "{page} line {line} fails without a word"
        );
    }
    commands.len()
}

#[test]
#[cfg(unix)]
fn every_command_of_the_readme_works_as_shown() {
    run_all("README.md");
}

#[test]
#[cfg(unix)]
fn every_command_of_the_page_on_sending_works_as_shown() {
    assert!(run_all("docs/push.md") >= 3);
}

#[test]
#[cfg(unix)]
fn every_command_of_the_page_on_reports_works_as_shown() {
    assert!(run_all("docs/reports.md") >= 6);
}

#[test]
fn commands_are_found_with_their_codes() {
    let text = "```console\n$ cargo run --release --quiet -- check a.csv # exit 1\nprinted\n\
                $ cargo run --release --quiet -- build a.csv \\\n    -o out\n```\n\
                ```text\n$ cargo run -- no\n```\n```sh\ncargo run -- rows b.csv\ncargo test\n```\n";
    let found: Vec<(usize, String, i32)> =
        commands(text).into_iter().map(|one| (one.line, one.args, one.code)).collect();
    assert_eq!(
        found,
        [
            (2, "check a.csv".to_owned(), 1),
            (4, "build a.csv -o out".to_owned(), 0),
            (11, "rows b.csv".to_owned(), 0),
        ]
    );
}
