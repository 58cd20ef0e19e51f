//! Reading a run back: who has landed, who differs, who is missing, and what is learned of those whose
//! outcome no answer told.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use rusqlite::Connection;
use serde_json::Value;

use crate::common::{Desk, Done, Import, until};
use crate::people::{email, emails, plain};
use crate::readback::vome_page;
use crate::runs::{runs, state, stuck};
use crate::schema::validate;
use crate::server::{Act, Server};

const KEY: &str = "verify-key";

fn verify(desk: &Desk, args: &str, code: i32) -> Done {
    let verify = Import::at(desk, "verify --last --state state").args(args);
    verify.env("VOME_API_KEY", KEY).expect_code(code).run()
}

/// Landed, differs, missing, untold; after a check of the form.
fn counts(done: &Done) -> ([u64; 4], Value) {
    let json = done.json();
    validate("verify.v1", &json);
    let counts =
        ["landed", "differs", "missing", "untold"].map(|name| json[name].as_u64().unwrap());
    assert_eq!(counts.iter().sum::<u64>(), json["people"].as_u64().unwrap());
    let cases = json["cases"].as_array().unwrap().len() as u64;
    assert_eq!(cases, counts[1] + counts[2] + counts[3], "each of them is a case");
    (counts, json)
}

#[test]
fn everybody_who_is_as_sent_has_landed() {
    let sheet = format!("{}Otis,Vale,nobody\n", plain(3));
    let push = Import::new("push --to sandbox --state state -q").text("people.csv", sheet);
    let desk = push.expect_code(1).run().desk;
    let done = verify(&desk, "-o verify.csv", 0);
    assert!(done.stdout.contains("3 people sent to Vome (sandbox), upsert by email"));
    assert!(done.stdout.contains("  landed                     3\n"), "{}", done.stdout);
    assert_eq!(
        desk.read("verify.csv"),
        "input,row,verdict,fields,reason\npeople.csv,2,landed,,\npeople.csv,3,landed,,\n\
         people.csv,4,landed,,\n"
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(desk.path("verify.csv")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    assert!(!desk.run_folder().join("readback.jsonl").exists(), "it holds people's data");
    assert_eq!(counts(&verify(&desk, "--format json", 0)).0, [3, 0, 0, 0]);
    verify(&desk, "-o people.csv", 2).says("would replace its own input");
}

#[test]
fn who_differs_or_is_missing_is_told_by_row_and_field_without_values() {
    let push = Import::new("push --to sandbox --state state -q").text("people.csv", plain(4));
    let desk = push.run().desk;
    let db = Connection::open(desk.path("state/sandbox/sandbox.sqlite")).unwrap();
    let changed = |sql: &str| assert_eq!(db.execute(sql, []).unwrap(), 1, "{sql}");
    changed("UPDATE profile SET body = replace(body, 'Ada', 'Beryl') WHERE body LIKE '%p1@%'");
    changed("DELETE FROM profile WHERE body LIKE '%p3@%'");
    let (told, json) = counts(&verify(&desk, "--format json", 1));
    assert_eq!(told, [2, 1, 1, 0]);
    let [one, other] = [&json["cases"][0], &json["cases"][1]];
    assert_eq!((&one["row"], &one["verdict"]), (&3.into(), &"differs".into()));
    assert_eq!((&other["row"], &other["verdict"]), (&5.into(), &"missing".into()));
    assert_eq!(one["fields"].as_array().unwrap().len(), 1);
    let text = verify(&desk, "-o verify.csv", 1).stdout;
    assert!(
        text.contains("× row 3 of people.csv: read back, and first_name otherwise than sent\n")
    );
    assert!(text.contains("× row 5 of people.csv: read back, and not found\n"), "{text}");
    let table = desk.read("verify.csv");
    assert!(table.contains("\npeople.csv,3,differs,first_name,"), "{table}");
    for shown in [text, table, json.to_string()] {
        assert!(!shown.contains("Beryl") && !shown.contains("Ada"), "a value: {shown}");
    }
    let text = verify(&desk, "--show-values", 1).stdout;
    assert!(text.contains("was sent as \"Ada\" and is \"Beryl\""), "{text}");
    // They were accepted when they were sent, and still count as that.
    assert!(runs(&desk).stdout.contains("4 rows: 4 accepted\n"));
}

#[test]
fn whose_outcome_was_not_known_and_who_is_there_is_accepted_from_then_on() {
    let reads = Arc::new(AtomicBool::new(false));
    let may = Arc::clone(&reads);
    let server = Server::start(move |seen, _| match seen.line.starts_with("GET") {
        true if may.load(Ordering::SeqCst) => vome_page(&emails(0..4), seen),
        true => Act::json(500, "{}"),
        false => Act::json(200, ""),
    });
    let push = Import::new("push --yes --state state -q").text("people.csv", plain(5));
    let push = push.recipe(&server.vome(5)).env("VOME_API_KEY", KEY);
    let desk = push.expect_code(6).run().desk;
    assert_eq!(desk.outcomes().iter().filter(|(_, word, _)| word == "unknown").count(), 5);
    verify(&desk, "", 4).says("refused the request");
    reads.store(true, Ordering::SeqCst);
    let before = server.seen().len();
    let done = verify(&desk, "--format json", 1);
    let (told, json) = counts(&done);
    assert_eq!(
        (told, &json["accepted_now"], &json["unknown"]),
        ([4, 0, 1, 0], &4.into(), &1.into())
    );
    assert!(server.seen()[before..].iter().all(|seen| seen.line.starts_with("GET")));
    let known: Vec<String> = desk.outcomes().into_iter().map(|(_, word, _)| word).collect();
    assert_eq!(known, ["accepted", "accepted", "accepted", "accepted", "unknown"]);
    assert_eq!(state(&desk), "stopped");
    let text = verify(&desk, "", 1).stdout;
    assert!(text.contains("1 unknown, 0 not sent. Carry on: upsheet resume state/runs/"), "{text}");
}

#[test]
fn a_run_whose_last_doubt_is_settled_is_finished() {
    let reads = Arc::new(AtomicBool::new(false));
    let may = Arc::clone(&reads);
    let server = Server::start(move |seen, _| match seen.line.starts_with("GET") {
        true if may.load(Ordering::SeqCst) => vome_page(&emails(0..3), seen),
        true => Act::json(500, "{}"),
        false => Act::json(200, ""),
    });
    let push = Import::new("push --yes --state state -q").text("people.csv", plain(3));
    let push = push.recipe(&server.vome(5)).env("VOME_API_KEY", KEY);
    let desk = push.expect_code(6).run().desk;
    let kept = || desk.json(desk.run_folder().join("report.json"));
    assert_eq!(kept()["delivery"]["unknown"], 3);
    reads.store(true, Ordering::SeqCst);
    let text = verify(&desk, "", 0).stdout;
    let kept = kept();
    assert_eq!(
        (&kept["delivery"]["accepted"], &kept["delivery"]["unknown"]),
        (&3.into(), &0.into())
    );
    assert!(!kept["run"].is_null() && kept["run"]["resume"].is_null(), "{}", kept["run"]);
    assert!(
        text.contains(
            "3 people whose outcome was not known are there as sent, and accepted from now on"
        ),
        "{text}"
    );
    assert_eq!(state(&desk), "finished");
    let results = Import::at(&desk, "results --last --state state").run();
    assert!(results.stdout.contains("  success              3\n"), "{}", results.stdout);
}

#[test]
fn a_reading_that_was_cut_off_is_carried_on_and_not_after_more_was_sent() {
    let people = emails(0..150);
    let pages = Arc::new(AtomicUsize::new(0));
    let asked = Arc::clone(&pages);
    let server = Server::start(move |seen, _| {
        if !seen.line.starts_with("GET") {
            return Act::fine();
        }
        // The second page is not answered the first time.
        if asked.fetch_add(1, Ordering::SeqCst) == 1 {
            Act::Silence
        } else {
            vome_page(&people, seen)
        }
    });
    let push = Import::new("push --yes --state state -q").text("people.csv", plain(150));
    let desk = push.recipe(&server.vome(50)).env("VOME_API_KEY", KEY).run().desk;
    let reading = Import::at(&desk, "verify --last --state state").env("VOME_API_KEY", KEY).start();
    until("the second page was asked for", || pages.load(Ordering::SeqCst) == 2);
    // It is dropped, which kills it.
    drop(reading);
    assert!(desk.run_folder().join("readback.jsonl").exists());
    let before = server.seen().len();
    assert_eq!(counts(&verify(&desk, "--format json", 0)).0, [150, 0, 0, 0]);
    let lines: Vec<String> = server.seen()[before..].iter().map(|seen| seen.line.clone()).collect();
    assert_eq!(lines, ["GET /api/profiles/?page=2&limit=100"]);
    assert!(!desk.run_folder().join("readback.jsonl").exists());
    // What is kept of a reading says nothing of whom a later process sends.
    desk.write(desk.run_folder().join("readback.jsonl").to_str().unwrap(), "old");
    Import::at(&desk, "resume --last --state state -q").env("VOME_API_KEY", KEY).run();
    assert!(!desk.run_folder().join("readback.jsonl").exists());
}

#[test]
fn a_key_that_may_not_read_is_told_and_nothing_is_called_missing() {
    let server = Server::start(|seen, _| match seen.line.split(' ').next() {
        Some("GET") => Act::json(403, r#"{"error":{"message":"not yours"}}"#),
        _ => Act::fine(),
    });
    let push = Import::new("push --yes --state state -q").text("people.csv", plain(3));
    let desk = push.recipe(&server.vome(5)).env("VOME_API_KEY", KEY).run().desk;
    let done = verify(&desk, "--format json", 4);
    assert_eq!(counts(&done).0, [0, 0, 0, 3]);
    done.says("may not read profiles").says("check the key and what it may read");
}

#[test]
fn who_shares_a_key_with_another_cannot_be_told() {
    let mut people = emails(0..2);
    people.push(email(1).to_uppercase());
    let server = Server::start(move |seen, _| match seen.line.split(' ').next() {
        Some("GET") => vome_page(&people, seen),
        _ => Act::fine(),
    });
    let push = Import::new("push --yes --state state -q").text("people.csv", plain(2));
    let desk = push.recipe(&server.vome(5)).env("VOME_API_KEY", KEY).run().desk;
    let (told, json) = counts(&verify(&desk, "--format json", 6));
    assert_eq!(told, [1, 0, 0, 1]);
    assert_eq!(json["cases"][0]["reason"], "not read back: 2 profiles have their key");
}

#[test]
#[cfg(unix)]
fn a_run_that_is_being_sent_is_not_read_back() {
    let (_server, _awake, mut push) = stuck();
    let desk = push.desk().clone();
    verify(&desk, "", 5).says("is in use by another upsheet");
    push.signal("KILL");
    push.wait_for_signal();
}
