//! A push of files whose earlier run ended before its end says so before it asks.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::common::{Desk, Done, Import};
use crate::server::{Act, Server};

const PEOPLE: &str = "First name,Last name,Email\nAna,Silva,ana@example.org\n\
                      Ben,Okoro,ben@example.org\nCleo,Marsh,cleo@example.org\n";

const SAID: &str = "an earlier run of this file stopped part-way";

fn push(desk: &Desk, server: &Server, more: &str, code: i32) -> Done {
    let push = Import::at(desk, "push").recipe(&server.vome(1)).args("--state state");
    push.args(more).env("VOME_API_KEY", "k").expect_code(code).run()
}

/// A server that answers the first request, and others while it is up.
fn server(up: &Arc<AtomicBool>) -> Server {
    let is_up = Arc::clone(up);
    Server::start(move |_, number| {
        if number > 0 && !is_up.load(Ordering::Relaxed) { Act::Drop } else { Act::fine() }
    })
}

#[test]
fn a_push_tells_of_an_unfinished_run_of_the_same_file() {
    let up = Arc::new(AtomicBool::new(true));
    let server = server(&up);
    let desk = Desk::new();
    desk.write("people.csv", PEOPLE);
    desk.write("copy.csv", PEOPLE);
    desk.write("others.csv", PEOPLE.replace("Ana", "Anna"));
    up.store(false, Ordering::Relaxed);
    let first = push(&desk, &server, "people.csv --yes", 6);
    assert!(!first.stderr.contains(SAID), "{}", first.stderr);
    let run = desk.run_folder();
    up.store(true, Ordering::Relaxed);
    // Before the question, which nobody answers here, by the bytes and not by the name.
    for file in ["people.csv", "copy.csv"] {
        let done = push(&desk, &server, file, 5);
        done.says(SAID).says("with 2 of 3 people left").says("sends everybody anew");
        done.says(&format!(
            "upsheet resume state/runs/{}",
            run.file_name().unwrap().to_str().unwrap()
        ));
        let (told, asked) = (done.stderr.find(SAID), done.stderr.find("3 people ready"));
        assert!(told < asked, "{}", done.stderr);
    }
    for (file, state) in [("others.csv", "state"), ("people.csv", "elsewhere")] {
        let push = Import::at(&desk, "push").recipe(&server.vome(1)).arg(file).arg("--state");
        let done = push.arg(state).env("VOME_API_KEY", "k").expect_code(5).run();
        assert!(!done.stderr.contains(SAID), "{file}: {}", done.stderr);
    }
    let resumed = Import::at(&desk, "resume --last --state state").env("VOME_API_KEY", "k").run();
    assert!(!resumed.stderr.contains(SAID));
    let idle = Import::at(&desk, "resume --last --state state").env("VOME_API_KEY", "k").run();
    assert!(idle.stdout.contains("nobody was left to send"), "{}", idle.stdout);
    assert!(!idle.stderr.contains("sen"), "nothing is sent: {}", idle.stderr);
    let again = push(&desk, &server, "people.csv --yes", 0);
    assert!(!again.stderr.contains(SAID), "the run was finished: {}", again.stderr);
}

#[test]
fn what_a_later_push_has_finished_is_not_told_again() {
    let up = Arc::new(AtomicBool::new(false));
    let server = server(&up);
    let desk = Desk::new();
    desk.write("people.csv", PEOPLE);
    push(&desk, &server, "people.csv --yes", 6);
    up.store(true, Ordering::Relaxed);
    push(&desk, &server, "people.csv --yes", 0).says(SAID);
    let done = push(&desk, &server, "people.csv", 5);
    assert!(!done.stderr.contains(SAID), "{}", done.stderr);
    assert_eq!(desk.runs().len(), 2);
}

#[test]
fn a_run_that_rejected_people_names_the_command_that_gives_them_back() {
    let desk = Desk::new();
    desk.write("people.csv", format!("{PEOPLE},Vale,vale@example.org\n"));
    let push = Import::at(&desk, "push people.csv --to sandbox").expect_code(1).run();
    let shown =
        |line: &str| line.split_once("put right: upsheet ").map(|(_, rest)| rest.to_owned());
    let command = push.stdout.lines().find_map(shown).expect("it is shown");
    let results = Import::at(&desk, &command).run();
    let failed = results.stdout.lines().find(|line| line.ends_with("failed.csv")).unwrap();
    let rows = desk.read(failed);
    assert_eq!(rows.lines().count(), 2, "{rows}");
    assert!(rows.contains("vale@example.org"), "{rows}");
}

#[test]
fn the_json_report_names_the_run_and_what_carries_on_with_it() {
    let up = Arc::new(AtomicBool::new(false));
    let server = server(&up);
    let desk = Desk::new();
    desk.write("people.csv", PEOPLE);
    let done = push(&desk, &server, "people.csv --yes --format json", 6);
    let report = done.json();
    crate::schema::validate("report.v1", &report);
    let run = desk.run_folder();
    assert!(run.ends_with(report["run"]["folder"].as_str().unwrap()), "{report}");
    assert_eq!(report["run"]["id"], run.file_name().unwrap().to_str().unwrap());
    let kept = || desk.json(run.join("report.json"));
    assert_eq!(kept()["run"], report["run"]);

    up.store(true, Ordering::Relaxed);
    let command = report["run"]["resume"].as_str().unwrap().strip_prefix("upsheet ").unwrap();
    let resume = Import::at(&desk, &format!("{command} --format json"));
    let done = resume.env("VOME_API_KEY", "earlier-key").run();
    let resumed = done.json();
    crate::schema::validate("report.v1", &resumed);
    assert_eq!(resumed["run"]["id"], report["run"]["id"]);
    assert_eq!(resumed["run"]["resume"], serde_json::Value::Null);
    // The report of the run folder is of the push in all but what became of people.
    let mut expected = report;
    expected["run"] = resumed["run"].clone();
    expected["delivery"] = resumed["delivery"].clone();
    assert_ne!(expected["delivery"]["accepted"], 1);
    assert_eq!(kept(), expected);
}

#[test]
fn rejections_that_a_baseline_accepts_fail_neither_the_push_nor_what_carries_on() {
    let up = Arc::new(AtomicBool::new(false));
    let server = server(&up);
    let desk = Desk::new();
    desk.write("people.csv", format!("{PEOPLE},Vale,vale@example.org\n"));
    Import::at(&desk, "check people.csv --write-baseline known.json").run();
    push(&desk, &server, "people.csv --yes --baseline known.json", 6);
    up.store(true, Ordering::Relaxed);
    let resume =
        Import::at(&desk, "resume --last --state state").env("VOME_API_KEY", "earlier-key");
    let done = resume.run();
    assert!(done.stdout.contains("  1  rejected by us\n"), "{}", done.stdout);
}

#[test]
fn what_carries_on_keeps_the_rate_that_the_push_was_told() {
    let up = Arc::new(AtomicBool::new(false));
    let server = server(&up);
    let desk = Desk::new();
    desk.write("people.csv", PEOPLE);
    // At the recipe's rate the second request would go out a quarter of an hour after the first.
    let recipe = server.vome(1).replace("rate = 0", "rate = 0.0012");
    let push = Import::at(&desk, "push people.csv --yes --rate 0 --state state").recipe(&recipe);
    push.env("VOME_API_KEY", "k").expect_code(6).run();
    up.store(true, Ordering::Relaxed);
    Import::at(&desk, "resume --last --state state").env("VOME_API_KEY", "k").run();
}
