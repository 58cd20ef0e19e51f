//! The list of runs: what is typed after a push that was killed, and that no run is hidden.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::Value;

use crate::common::{Desk, Done, Import, Running, until};
use crate::people::plain;
use crate::readback::vome_page;
use crate::schema::validate;
use crate::server::{Act, Server};

const KEY: &str = "runs-key";

pub(crate) fn runs(desk: &Desk) -> Done {
    Import::at(desk, "runs --state state").run()
}

/// The runs as a program sees them, after a check of their form.
pub(crate) fn listed(desk: &Desk) -> Vec<Value> {
    let json = Import::at(desk, "runs --state state --all --format json").run().json();
    validate("runs.v1", &json);
    assert_eq!(json["more"], 0);
    json["runs"].as_array().unwrap().clone()
}

/// The state of the only run.
pub(crate) fn state(desk: &Desk) -> String {
    let runs = listed(desk);
    assert_eq!(runs.len(), 1, "{runs:?}");
    runs[0]["state"].as_str().unwrap().to_owned()
}

/// A server that says nothing until it is told to, and a push to it that has sent its first request.
pub(crate) fn stuck() -> (Server, Arc<AtomicBool>, Running) {
    let awake = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&awake);
    let server = Server::start(move |seen, _| match asked.load(Ordering::SeqCst) {
        false => Act::Silence,
        true if seen.line.starts_with("GET") => vome_page(&[], seen),
        true => Act::fine(),
    });
    let push = Import::new("push --yes --state state").text("people.csv", plain(10));
    let push = push.recipe(&server.vome(5)).env("VOME_API_KEY", KEY).start();
    until("the first request is under way", || !server.seen().is_empty());
    (server, awake, push)
}

#[test]
fn without_a_run_that_is_said() {
    let desk = Desk::new();
    assert!(runs(&desk).stdout.starts_with("there is no run in state/runs;"));
    assert!(listed(&desk).is_empty());
}

#[test]
fn runs_are_listed_with_their_counts_the_newest_first() {
    let desk = Desk::new();
    let sheet = format!("{}Otis,Vale,nobody\n", plain(2));
    let push = |name: &str, sheet: &str, code| {
        let push = Import::at(&desk, "push --to sandbox --state state -q").text(name, sheet);
        push.expect_code(code).run();
    };
    push("first.csv", &sheet, 1);
    push("second.csv", &plain(1), 0);
    let text = runs(&desk).stdout;
    let (second, first) = (text.find("second.csv").unwrap(), text.find("first.csv").unwrap());
    assert!(second < first, "{text}");
    assert!(text.contains("Vome (sandbox), upsert by email, first.csv"), "{text}");
    assert!(text.contains("  3 rows: 2 accepted, 1 rejected by us\n"), "{text}");
    assert!(text.contains("  finished\n") && !text.contains("carry on"), "{text}");
    assert!(text.contains("2 runs take "), "{text}");
    let runs = listed(&desk);
    assert_eq!(runs[1]["counts"]["accepted"], 2);
    assert_eq!(runs[1]["inputs"][0]["name"], "first.csv");
    assert_eq!(runs[1]["resume"], Value::Null);
    assert!(runs[1]["bytes"].as_u64().unwrap() > 1000);
}

#[test]
fn more_runs_than_a_screen_holds_are_counted_and_shown_when_asked_for() {
    let desk = Desk::new();
    for number in 0..23 {
        fs::create_dir_all(desk.path(format!("state/runs/2026-01-02-abcd{number:02}"))).unwrap();
    }
    let text = runs(&desk).stdout;
    assert_eq!(text.matches("not begun").count(), 20, "{text}");
    assert!(text.contains("… 3 more, older; --all shows them"), "{text}");
    assert_eq!(listed(&desk).len(), 23);
}

#[test]
#[cfg(unix)]
fn after_a_kill_the_list_says_what_to_type_and_that_finishes_the_run() {
    let (server, awake, mut push) = stuck();
    let desk = push.desk().clone();
    assert_eq!(state(&desk), "sending");
    assert!(runs(&desk).stdout.contains("  being sent now by another process\n"));
    assert_eq!(listed(&desk)[0]["resume"], Value::Null, "nobody else may go on with it now");
    push.signal("KILL");
    push.wait_for_signal();
    awake.store(true, Ordering::SeqCst);
    let text = runs(&desk).stdout;
    assert!(
        text.contains("  interrupted: its process was killed while it was sending\n"),
        "{text}"
    );
    let (_, command) = text.split_once("carry on: upsheet ").unwrap();
    let command = command.lines().next().unwrap();
    assert_eq!(listed(&desk)[0]["resume"], format!("upsheet {command}"));
    Import::at(&desk, command).env("VOME_API_KEY", KEY).run();
    assert_eq!(state(&desk), "finished");
    assert!(runs(&desk).stdout.contains("10 rows: 10 accepted"));
    drop(server);
}

#[test]
fn a_push_that_was_killed_before_its_journal_is_not_begun() {
    let desk = Desk::new();
    Import::at(&desk, "push --to sandbox --state state -q").text("p.csv", plain(1)).run();
    let id = "2099-01-02-abc234";
    desk.write(&format!("state/runs/{id}/payloads/00001.json"), "{}");
    let text = runs(&desk).stdout;
    assert!(text.contains(&format!("{id}  not begun: nothing was sent\n")), "{text}");
    assert!(text.contains(&format!("upsheet purge state/runs/{id}")), "{text}");
    // It is the newest: nobody goes on with an older one by mistake.
    for verb in ["resume --last", "results --last", "verify --last", "resume 2099"] {
        let done = Import::at(&desk, verb).args("--state state").expect_code(5).run();
        done.says("was stopped before anything was sent, and has no journal");
    }
    Import::at(&desk, "purge 2099 --yes --state state").run();
    assert!(!desk.path(format!("state/runs/{id}")).exists());
    assert_eq!(state(&desk), "finished");
}

#[test]
fn a_run_whose_journal_cannot_be_read_is_listed_with_the_reason() {
    let desk = Desk::new();
    desk.write("state/runs/2026-01-02-abc234/journal.sqlite", "x".repeat(900));
    let text = runs(&desk).stdout;
    assert!(text.contains("it is no journal, or its begin is damaged"), "{text}");
    assert_eq!(state(&desk), "unreadable");
    let purge = |args: &str| Import::at(&desk, "purge 2026 --yes --state state").args(args);
    purge("").expect_code(5).run().says("its journal cannot be read");
    assert_eq!(state(&desk), "unreadable");
    purge("--force").run();
    assert!(listed(&desk).is_empty());
}
