//! Mistakes that were once made, each by the story in which it was found.

use std::fmt::Write as _;
use std::io::Write as _;

use crate::common::{Desk, Import, counts, found, repository};
use crate::people::plain;
use crate::server::{Act, Server};

const KEY: &str = "canary-5f1c";

#[cfg(unix)]
#[test]
fn a_pipe_named_as_a_file_is_read_whole() {
    let many = plain(12_000);
    assert!(many.len() > 300 * 1024);
    let done = Import::new("check --format json /dev/stdin").stdin(&many).expect_code(0).run();
    assert_eq!(counts(&done.json()), [12_000, 12_000, 0, 0]);
}

#[test]
fn apostrophes_in_names_are_no_quotes() {
    let sheet = "First Name,Last Name,Email\nJan,'t Hart,a@example.org\nPiet,'t Hooft,b@example.org\n\
                 Chris,Jones',c@example.org\nAnn,James',d@example.org\n";
    let build = Import::new("build -o out --format json").text("people.csv", sheet).expect_code(0);
    let done = build.run();
    assert_eq!(counts(&done.json()), [4, 4, 0, 0]);
    let people = done.desk.json("out/payloads/00001.json");
    assert_eq!(people["volunteers_data"][1]["profile_data"]["last_name"], "'t Hooft");
}

#[test]
fn rows_behind_an_open_quote_keep_their_numbers_and_are_sent_once() {
    let mut sheet = String::from("first_name,last_name,email,notes\n");
    for row in 2..40_000 {
        let note = match row {
            5 => "\"open",
            9 => "\"closed\"",
            _ => "plain",
        };
        let email = if row == 14_583 { 14_579 } else { row };
        writeln!(sheet, "Ada,Larkspur,p{email}@example.org,{note}").unwrap();
    }
    let desk = Desk::new();
    let build = Import::at(&desk, "build -o out --format json --on-duplicate last");
    let report = build.text("people.csv", &sheet).expect_code(1).run().json();
    assert_eq!(found(&report), [(5, "quote-open"), (14_579, "duplicate-skipped")]);
    let manifest = desk.json("out/manifest.json");
    let mut rows = Vec::new();
    for file in manifest["files"].as_array().unwrap() {
        for span in file["rows"].as_array().unwrap() {
            rows.extend(span["from"].as_u64().unwrap()..=span["to"].as_u64().unwrap());
        }
    }
    let expected: Vec<u64> = (2..40_000).filter(|row| ![5, 14_579].contains(row)).collect();
    assert_eq!(rows, expected);
}

#[test]
fn clearing_touches_only_cells_that_are_there_and_claims_nothing() {
    let sheet = "First Name,Last Name,Email,Medical information,Address\n\
                 Ada,Larkspur,a@example.org,,1 Rowan Court\nOtis,Vale,b@example.org\n";
    let build = Import::new("build -o out").text("people.csv", sheet);
    let done = build.recipe("[policy]\nblank = \"clear\"\n").expect_code(0).run();
    let people = done.desk.json("out/payloads/00001.json")["volunteers_data"].clone();
    let medical = serde_json::json!({"description": null});
    assert_eq!(people[0]["medical_information"], medical);
    assert!(people[1].get("medical_information").is_none(), "the row was cut off: {people}");
}

#[test]
fn a_refusal_behind_an_unknown_attempt_proves_nothing() {
    let first = std::sync::atomic::AtomicBool::new(true);
    let server = Server::start(move |_, _| {
        if first.swap(false, std::sync::atomic::Ordering::SeqCst) {
            Act::json(502, "")
        } else {
            Act::json(409, r#"{"error":{"message":"already being imported"}}"#)
        }
    });
    let push = Import::new("push --yes --state state --format json").text("p.csv", plain(4));
    let done = push.recipe(&server.vome(50)).env("VOME_API_KEY", KEY).expect_code(6).run();
    let delivery = done.json()["delivery"].clone();
    assert_eq!((&delivery["unknown"], &delivery["rejected_by_target"]), (&4.into(), &0.into()));
}

#[test]
fn the_page_shows_whom_the_target_refused() {
    let server = Server::start(|seen, _| {
        if seen.emails().contains(&"p1@example.org".to_owned()) {
            let body = r#"{"error":{"message":"blocked","param":"volunteers_data[1]"}}"#;
            return Act::json(400, body);
        }
        Act::fine()
    });
    let push = Import::new("push --yes --state state").text("p.csv", plain(3));
    let done = push.recipe(&server.vome(50)).env("VOME_API_KEY", KEY).expect_code(1).run();
    assert!(done.stdout.contains("1 person was refused by Vome"), "{}", done.stdout);
    assert!(done.stdout.contains("row 3 of p.csv: blocked"), "{}", done.stdout);
    assert!(!done.stdout.contains("✓"), "{}", done.stdout);
}

#[test]
fn the_next_command_is_the_one_that_was_meant() {
    let check = Import::new("check --to omneo --report r.json").text("my people.csv", plain(1));
    let done = check.expect_code(0).run();
    let next = "next: upsheet push --to omneo 'my people.csv'\n";
    assert!(done.stdout.contains(next), "{}", done.stdout);
    let done = Import::new("check -").stdin(plain(1)).expect_code(0).run();
    assert!(!done.stdout.contains("next:"), "standard input cannot be read again");
}

#[test]
fn the_next_commands_can_be_typed_whatever_the_file_is_called() {
    let program = env!("CARGO_BIN_EXE_upsheet");
    for name in ["-odd.csv", "it's one.csv", "$x;y.csv", "«é» & co.csv", "--sheet"] {
        let desk = Desk::new();
        desk.write(name, std::fs::read(repository("fixtures/causes/members.csv")).unwrap());
        let check = Import::at(&desk, "check --encoding utf-8 --fix-plan fixes.csv --").arg(name);
        let page = check.expect_code(1).run().stdout;
        let lines: Vec<&str> =
            page.lines().filter_map(|line| line.trim().strip_prefix("next: upsheet ")).collect();
        let verbs: Vec<&str> = lines.iter().filter_map(|line| line.split(' ').next()).collect();
        assert_eq!(verbs, ["check", "fix", "push"], "{page}");
        for (line, code) in lines.iter().zip([1, 0, 1]) {
            let line = line.replace("--to vome", "--to sandbox --yes");
            let line = format!("'{program}' {line}");
            let done = Import::at(&desk, "").expect_code(code).shell(&line).finish();
            if code == 0 {
                let next = done.stdout.trim().rsplit_once("next: upsheet ").unwrap().1;
                assert!(next.ends_with("--encoding utf-8"), "{next}");
                let line = format!("'{program}' {next}");
                Import::at(&desk, "").expect_code(1).shell(&line).finish();
            }
        }
    }
}

#[test]
fn no_command_is_told_that_would_be_refused() {
    let desk = Desk::new();
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(b"First Name,Last Name,Email\nAda,Lark,ada@gmial.com\n").unwrap();
    desk.write("people.csv.gz", packed.finish().unwrap());
    let check = Import::at(&desk, "check people.csv.gz --fix-plan fixes.csv").run().stdout;
    assert!(!check.contains("upsheet fix"), "{check}");
    assert!(check.contains("the plan is only to be read"), "{check}");
}

#[test]
fn rejects_of_two_sheets_keep_their_headers_and_load_again() {
    let desk = Desk::new();
    desk.write("a.csv", "First Name,Last Name,Email\nAda,Larkspur,nobody\n");
    desk.write("b.csv", "Email,Surname,First Name\nnowhere,Vale,Otis\n");
    desk.write("c.csv", "First Name,Last Name,Email\nMina,Holm,noone\n");
    let check = Import::at(&desk, "check a.csv b.csv c.csv -q --report rejects.csv");
    check.expect_code(1).run();
    let lines = |name: &str| -> Vec<String> {
        desk.read(name).replace('"', "").lines().map(str::to_owned).collect()
    };
    let first = lines("rejects.csv");
    assert_eq!(first[0], "reason,First Name,Last Name,Email");
    assert!(first[1].ends_with(",Ada,Larkspur,nobody"), "{first:?}");
    assert!(first[2].ends_with(",Mina,Holm,noone"), "{first:?}");
    assert_eq!(first.len(), 3);
    // One table would have two columns for the last name, and no reader could tell which is meant.
    let second = lines("rejects.2-b.csv");
    assert_eq!(second[0], "reason,Email,Surname,First Name");
    assert!(second[1].ends_with(",nowhere,Vale,Otis"), "{second:?}");
    assert_eq!(second.len(), 2);
    for (name, mended) in
        [("rejects.csv", ["nobody", "noone"]), ("rejects.2-b.csv", ["nowhere", "none"])]
    {
        let text = mended
            .iter()
            .fold(desk.read(name), |text, word| text.replace(word, &format!("{word}@example.org")));
        desk.write(name, text);
        Import::at(&desk, "check").arg(name).expect_code(0).run();
    }
    // What is being read is not written over, under whatever name.
    let check = Import::at(&desk, "check a.csv b.csv rejects.2-b.csv -q --report rejects.csv");
    check.expect_code(2).run().says("would replace its own input");
}

#[test]
fn a_folder_of_two_sheets_has_the_rejects_of_both() {
    let desk = Desk::new();
    desk.write("a.csv", "First Name,Last Name,Email\nAda,Larkspur,ada@example.org\n");
    desk.write("b.csv", "Email,Surname,First Name\nnowhere,Vale,Otis\n");
    let build = || Import::at(&desk, "build a.csv b.csv -o out --force");
    build().expect_code(1).run();
    assert_eq!(desk.read("out/rejects.csv"), "\"reason\",\"First Name\",\"Last Name\",\"Email\"\n");
    assert!(desk.read("out/rejects.2-b.csv").contains(",\"nowhere\",\"Vale\",\"Otis\"\n"));
    desk.write("b.csv", "Email,Surname,First Name\notis@example.org,Vale,Otis\n");
    build().run();
    assert_eq!(desk.files("out").iter().filter(|name| name.contains("rejects")).count(), 0);
    // As many again are written over those that were there.
    desk.write("c.csv", "Surname,Email,First Name\nVale,nowhere,Otis\n");
    desk.write("b.csv", "Email,Surname,First Name\nnowhere,Vale,Otis\n");
    let build = || Import::at(&desk, "build a.csv b.csv c.csv -o out --force").expect_code(1).run();
    build();
    let before = desk.files("out");
    assert!(before.iter().any(|name| name.contains("rejects.3-c.csv")), "{before:?}");
    build();
    assert_eq!(desk.files("out"), before);
}

#[test]
fn folders_above_one_that_was_given_up_go_with_it() {
    let desk = Desk::new();
    desk.write("a.csv", "First Name,Last Name,Email\nAda,Larkspur,nowhere\n");
    let build = Import::at(&desk, "build a.csv -o new/deep/out --max-errors 0");
    build.expect_code(5).run();
    assert!(!desk.path("new").exists());
}

#[test]
fn rejects_of_rejects_have_one_reason() {
    let desk = Desk::new();
    desk.write("a.csv", "First Name,Last Name,Email\nAda,Larkspur,nobody\n");
    Import::at(&desk, "check a.csv -q --report one.csv").expect_code(1).run();
    Import::at(&desk, "check one.csv -q --report two.csv").expect_code(1).run();
    assert_eq!(desk.read("one.csv"), desk.read("two.csv"));
}

/// An Omneo whose queued batches tell that these people failed, but not who; from its `stop`th
/// batch on it does not know the key any more.
fn omneo_that_counts(bad: &'static [&'static str], stop: usize) -> Server {
    let batches = std::sync::Mutex::new(Vec::<Vec<String>>::new());
    Server::start(move |seen, _| {
        let mut batches = batches.lock().unwrap();
        if seen.line.starts_with("POST") {
            if batches.len() + 1 >= stop {
                return Act::json(401, r#"{"message":"Unauthenticated."}"#);
            }
            batches.push(seen.emails());
            let ticket = batches.len() - 1;
            return Act::json(202, &format!(r#"{{"data":{{"batch_id":"{ticket}"}}}}"#));
        }
        let ticket: usize = seen.line.rsplit('/').next().unwrap().parse().unwrap();
        let batch = &batches[ticket];
        let failed = batch.iter().filter(|email| bad.contains(&email.as_str())).count();
        let status = if failed == batch.len() { "failed" } else { "success" };
        let state = serde_json::json!({"data": {"status": status, "failed_count": failed,
            "success_count": batch.len() - failed}});
        Act::json(200, &state.to_string())
    })
}

fn push_omneo(server: &Server, people: u32, code: i32) -> Vec<String> {
    let push = Import::new("push --yes --state state").text("p.csv", plain(people));
    let push = push.recipe(&server.omneo(500)).env("OMNEO_TOKEN", KEY).expect_code(code);
    push.run().desk.outcomes().into_iter().map(|(_, outcome, _)| outcome).collect()
}

#[test]
fn who_was_in_a_queued_batch_is_never_called_not_sent() {
    let server = omneo_that_counts(&["p3@example.org"], 2);
    assert_eq!(push_omneo(&server, 4, 4), ["unknown"; 4]);
}

#[test]
fn a_target_that_took_others_of_a_batch_is_not_given_up_for_its_first_refusals() {
    const BAD: &[&str] = &[
        "p0@example.org",
        "p1@example.org",
        "p2@example.org",
        "p3@example.org",
        "p4@example.org",
        "p5@example.org",
        "p6@example.org",
        "p7@example.org",
        "p8@example.org",
    ];
    let server = omneo_that_counts(BAD, usize::MAX);
    let outcomes = push_omneo(&server, 20, 1);
    let (refused, landed) = outcomes.split_at(BAD.len());
    assert!(refused.iter().all(|outcome| outcome == "rejected by the target"), "{outcomes:?}");
    assert!(landed.iter().all(|outcome| outcome == "accepted"), "{outcomes:?}");
}

#[test]
fn a_header_that_is_a_whole_text_takes_no_longer_than_a_text() {
    let letters = |number: u32| -> String {
        number.to_string().bytes().map(|digit| char::from(digit - b'0' + b'a')).collect()
    };
    let text: Vec<String> = (0..20_000).map(|word| format!("qx{}", letters(word))).collect();
    let text = text.join(" ");
    let sheet =
        format!("{text},Camper first name,Camper last name,Email\nx,Ada,Lark,a@example.org\n");
    let begun = std::time::Instant::now();
    let done = Import::new("check --format json").text("people.csv", &sheet).expect_code(0).run();
    assert_eq!(counts(&done.json()), [1, 1, 0, 0]);
    assert!(begun.elapsed().as_secs() < 30, "{:?}", begun.elapsed());
}

#[test]
fn rejected_rows_go_where_there_is_room_for_all_of_them() {
    let desk = Desk::new();
    desk.write("a.csv", "Name,First name,Last name,Email\nx,Ada,Vale,a@example.org\n");
    desk.write("b.csv", "First name,Last name,Email\nOtis,Roy,nowhere\n");
    let both = || Import::at(&desk, "check a.csv b.csv --format rejects");
    both().expect_code(2).run().says("--report FILE.csv writes a file for each");
    let one = Import::at(&desk, "check b.csv --format rejects").expect_code(1).run();
    assert!(one.stdout.contains("\"nowhere\""), "{}", one.stdout);
    // A plan that is sent reads no rows; those who were rejected fail its run all the same.
    Import::at(&desk, "plan b.csv --to sandbox -o pl -q").expect_code(1).run();
    let push = |more: &str| Import::at(&desk, "push --plan pl -q --report").arg(more);
    push("r.csv").expect_code(2).run().says("upsheet results RUN --only failed");
    push("r.xml").expect_code(1).run();
    let junit = desk.read("r.xml");
    assert!(junit.contains("failures=\"1\""), "{junit}");
    assert!(junit.contains("1 person was rejected when the run was planned"), "{junit}");
}

#[test]
fn what_is_no_person_and_what_is_doubted_is_not_sent() {
    let check = |sheet: &str, code: i32| {
        let check = Import::new("check --format json").text("people.csv", sheet);
        check.expect_code(code).run().json()
    };
    let report = check(
        "First Name,Last Name,Email,Phone\nAda,Oak,a@example.org,+1 506 555 0171\n\
         Bo,Elm,b@example.org,+1 506 555 0172\n\nOrganisation,Contact,Email,Phone\n\
         Acme Ltd,Ann,x@example.com,+1 506 555 0111\n",
        0,
    );
    assert_eq!((&report["counts"]["valid"], &report["counts"]["rejected"]), (&2.into(), &0.into()));
    // Options that people tick say what their headers say; behind a blank row stands a person all the same.
    let ticked = "First name,Last name,Email,Cooking,Driving\nAnn,Oak,a@example.org,Cooking,\n\
                  Bo,Elm,b@example.org,,\n\nCy,Fir,,Cooking,Driving\nDi,Ash,d@example.org,Cooking,\n";
    assert_eq!(check(ticked, 1)["counts"]["valid"], 3);
    let sums = "First Name,Last Name,Email,Phone\nAda,Oak,a@example.org,\nTotal,,1,+3\n";
    assert_eq!(check(sums, 0)["counts"]["skipped"], 1);
    let doubted = "First Name,Last Name,Email,Gender,Has medical info\n\
                   Ada,Oak,a@example.org,M?,no\nBo,Elm,b@example.org,M,yes?\nCy,Fir,c@example.org,F,no\n";
    assert_eq!(check(doubted, 1)["counts"]["rejected"], 2);
    let faults = "First Name,Last Name,Email,Gender\nAda,Oak,a@example.org,#N/A\n\
                  Bo,Elm,b@example.org,#N/A\nCy,Fir,c@example.org,F\n";
    let report = check(faults, 1);
    assert_eq!(found(&report), [(2, "cell-error"), (3, "cell-error")]);
}
