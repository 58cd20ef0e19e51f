//! Standard output and standard error: closed pipes, and text that must not reach a terminal.

use upsheet::sandbox::{Options, Sandbox, Variants};

use crate::common::{Desk, Import};
use crate::people::plain;

/// Nothing below a space but line breaks, nothing that turns the line round.
pub(crate) fn assert_harmless(text: &str) {
    let bad = |c: &char| {
        (c.is_control() && *c != '\n')
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}')
    };
    let found = text.chars().find(bad);
    assert!(found.is_none(), "{found:?} in {text:?}");
}

/// JSON may hold any letter in its strings, but no raw control character.
fn assert_json_harmless(text: &str) {
    let found = text.chars().find(|c| c.is_ascii_control() && *c != '\n');
    assert!(found.is_none(), "{found:?} in {text:?}");
}

#[test]
fn a_reader_that_goes_away_is_no_disaster() {
    for bytes in [0, 10] {
        for verb in ["check --format json", "check", "rows", "rows --format json", "inspect"] {
            let import = Import::new(verb).file("spring-intake/volunteers.xlsx").read_only(bytes);
            let mut running = import.start();
            let code = running.wait_for_code();
            assert!([0, 5].contains(&code), "{verb} ended with {code}");
        }
    }
    for verb in ["--help", "explain", "targets", "completions bash"] {
        Import::new(verb).read_only(0).run();
    }
}

#[test]
fn a_push_goes_on_when_nobody_watches() {
    for format in ["text", "json"] {
        let desk = Desk::new();
        let sandbox = Sandbox::start(Options {
            port: 0,
            data: desk.path("data"),
            vome_key: "k".to_owned(),
            omneo_token: "k".to_owned(),
            variants: Variants::default(),
        })
        .unwrap();
        let recipe = format!("[vome]\nbase_url = \"{}\"\nrate = 0\n", sandbox.vome_url());
        let push = Import::at(&desk, "push --yes --state state --format").arg(format);
        let push = push.file("spring-intake/volunteers.xlsx").recipe(&recipe);
        push.env("VOME_API_KEY", "k").read_only(0).run();
        assert_eq!(sandbox.tally().created, 1000, "with --format {format}");
        assert_eq!(desk.outcomes().len(), 1000);
        let kept = desk.json(desk.run_folder().join("report.json"));
        assert_eq!(kept["delivery"]["accepted"], 1000);
    }
}

#[test]
fn a_closed_pipe_never_turns_a_bad_end_into_a_good_one() {
    for form in ["json", "jsonl", "sarif", "junit", "github", "markdown"] {
        for bytes in [0, 10] {
            let check = Import::new("check --format").arg(form).file("faulty/volunteers.xlsx");
            let code = check.read_only(bytes).start().wait_for_code();
            assert_ne!(code, 0, "rows were rejected, and {form} says so");
        }
    }
    let build = Import::new("build -o out --format json").file("spring-intake/volunteers.xlsx");
    let running = build.read_only(0).start();
    let desk = running.desk().clone();
    let mut running = running;
    let code = running.wait_for_code();
    let whole = desk.path("out/manifest.json").exists();
    assert_eq!(code == 0, whole, "code {code}, but the folder is whole: {whole}");
    assert!(whole, "nothing hinders the build");
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_under_stdout_leaves_the_run_folder_whole() {
    let desk = Desk::new();
    desk.fixture("spring-intake/volunteers.xlsx");
    let program = env!("CARGO_BIN_EXE_upsheet");
    let line = format!(
        "'{program}' push spring-intake/volunteers.xlsx --to sandbox --state state > /dev/full"
    );
    let done = Import::at(&desk, "").expect_code(6).shell(&line).finish();
    // Whoever resumes the run gets the report.
    done.says("No space left").says("upsheet resume");
    let kept = desk.json(desk.run_folder().join("report.json"));
    assert_eq!(kept["delivery"]["accepted"], 1000, "what was done is written down all the same");
}

/// A colour, a title, a clearing and three turns of the line, with enough letters between them that
/// the file still looks like text.
const ESC: &str =
    "red\u{1b}[31m and title\u{1b}]0;t\u{7} and \u{9b}2J clear \u{202e}\u{2066}\u{200f}";

/// A sheet whose headers and cells would colour, clear and turn round a terminal. `~` is where they
/// stand.
fn nasty() -> String {
    let sheet = "\
First name,Last name,Email,Phone,Gender,Date of birth,\"~Notes~\"
\"~Ada~\",Larkspur,ada@example.org,,,,\"~0~\"
Otis,Vale,\"~not an address~\",,,,\"~1~\"
Zoe,Nunez,z@example.org,\"~call~\",,,\"~2~\"
Bo,Birch,b@example.org,,\"~x~\",,\"~3~\"
Al,Moss,a@example.org,,,\"~soon~\",\"~4~\"
Cy,Moss,\"~ada@example.org~\",,,,\"~5~\"
";
    sheet.replace('~', ESC)
}

#[test]
fn what_stands_in_a_sheet_cannot_move_the_cursor() {
    let check = || Import::new("check").text("people.csv", nasty()).expect_code(1);
    let done = check().run();
    assert_harmless(&done.stdout);
    assert_harmless(&done.stderr);
    assert!(done.stdout.contains("\\u{1b}"), "it is shown, as an escape: {}", done.stdout);
    assert_json_harmless(&check().args("--format json").run().stdout);
    assert_harmless(&check().args("--report report.txt").run().desk.read("report.txt"));
    assert_harmless(&Import::new("inspect").text("people.csv", nasty()).run().stdout);
    for form in ["json", "jsonl"] {
        let rows = Import::new("rows --format").arg(form).text("people.csv", nasty()).run();
        assert_json_harmless(&rows.stdout);
    }
    let push = Import::new("push --to sandbox --state state").text("people.csv", nasty());
    let done = push.expect_code(1).run();
    assert_harmless(&done.stdout);
    assert_harmless(&done.stderr);
}

#[test]
fn what_stands_in_a_header_cannot_move_the_cursor() {
    for header in ["Contact", "E-mial"] {
        let sheet = format!("First name,Last name,\"{ESC}{header}{ESC}\"\nAda,Larkspur,by post\n");
        for verb in ["check", "inspect"] {
            let done = Import::new(verb).text("people.csv", &sheet).expect_code(2).run();
            assert_harmless(&done.stdout);
            assert_harmless(&done.stderr);
        }
        let wrong = Import::new("check --map Contct=email").text("people.csv", &sheet);
        assert_harmless(&wrong.expect_code(2).run().stderr);
    }
}

#[test]
#[cfg(unix)]
fn what_stands_in_a_file_name_cannot_move_the_cursor() {
    let name = "pe\u{1b}[2Jople\u{202e}.csv";
    let check = Import::new("check").text(name, plain(2)).run();
    assert_harmless(&check.stdout);
    let inspect = Import::new("inspect").text(name, plain(2)).run();
    assert_harmless(&inspect.stdout);
    let push = Import::new("push --to sandbox --state state").text(name, plain(2)).run();
    assert_harmless(&push.stdout);
    for sheet in ["", "First name\nAda\n", "First name,Last name,Email\n"] {
        let running = Import::new("check").text(name, sheet).start();
        let done = running.finish_with_any_code();
        assert_harmless(&done.stdout);
        assert_harmless(&done.stderr);
    }
    let missing = Import::new("check").arg(name).expect_code(3).run();
    assert_harmless(&missing.stderr);
}

#[test]
fn colours_come_only_when_they_are_asked_for() {
    let plain = Import::new("check").file("faulty/volunteers.xlsx").expect_code(1).run();
    assert_harmless(&plain.stdout);
    let check = Import::new("check --color always").file("faulty/volunteers.xlsx");
    let colour = check.expect_code(1).run();
    assert!(colour.stdout.contains("\u{1b}[31m"));
    let stripped = |text: &str| {
        let mut parts = text.split('\u{1b}');
        let mut plain = parts.next().unwrap().to_owned();
        for part in parts {
            plain.push_str(part.split_once('m').unwrap().1);
        }
        plain
    };
    let without_time = |text: &str| {
        text.lines().filter(|line| !line.contains("people, in ")).collect::<Vec<_>>().join("\n")
    };
    assert_eq!(without_time(&stripped(&colour.stdout)), without_time(&plain.stdout));
}

#[test]
fn data_go_to_stdout_and_messages_to_stderr() {
    let done =
        Import::new("check --format json").file("faulty/volunteers.xlsx").expect_code(1).run();
    assert_eq!(done.stderr, "");
    let done = Import::new("check").arg("missing.csv").expect_code(3).run();
    assert_eq!(done.stdout, "");
    assert!(!done.stderr.is_empty());
}
