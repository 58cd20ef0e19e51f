//! Delivery to servers that misbehave: nobody is lost, nobody is called landed without proof, and
//! the five outcomes add up.

use std::time::Duration;

use serde_json::Value;

use crate::common::{Desk, Done, Import};
use crate::people::{email, emails, plain};
use crate::server::{Act, Seen, Server};

const KEY: &str = "delivery-key";

fn push_sheet(server: &Server, batch: usize, sheet: &str, code: i32) -> Done {
    let push = Import::new("push --yes --state state --format json").text("people.csv", sheet);
    push.recipe(&server.vome(batch)).env("VOME_API_KEY", KEY).expect_code(code).run()
}

fn push(server: &Server, batch: usize, people: u32, code: i32) -> Done {
    push_sheet(server, batch, &plain(people), code)
}

/// Accepted, rejected by the target, unknown, not sent; after a check that report, run folder and
/// valid rows agree.
fn outcomes(done: &Done) -> [u64; 4] {
    let report = done.json();
    let [_, valid, ..] = crate::common::counts(&report);
    let names = ["accepted", "rejected_by_target", "unknown", "not_sent"];
    let told = names.map(|name| report["delivery"][name].as_u64().unwrap());
    assert_eq!(told.iter().sum::<u64>(), valid, "the outcomes do not add up to the valid rows");
    let written = done.desk.outcomes();
    let words = ["accepted", "rejected by the target", "unknown", "not sent"];
    let counted =
        words.map(|word| written.iter().filter(|(_, outcome, _)| outcome == word).count() as u64);
    assert_eq!(counted, told, "outcomes.csv says something else than the report");
    assert_eq!(
        written.len() as u64,
        valid,
        "outcomes.csv has a line for each person who was ready"
    );
    told
}

fn everybody(seen: &[Seen]) -> Vec<String> {
    seen.iter().flat_map(Seen::emails).collect()
}

#[test]
fn a_server_that_asks_for_patience_gets_it() {
    let server = Server::start(|_, number| match number {
        0 => {
            Act::Answer(429, "Retry-After: 1\r\n".into(), r#"{"error":{"message":"slow"}}"#.into())
        }
        _ => Act::fine(),
    });
    let done = push(&server, 10, 10, 0);
    assert_eq!(outcomes(&done), [10, 0, 0, 0]);
    assert!(done.took >= Duration::from_secs(1), "Retry-After was not kept");
    let seen = server.seen();
    assert_eq!(seen.len(), 2);
    assert_eq!(seen[0].body, seen[1].body);
    assert_eq!(done.json()["delivery"]["retries"], 1);
}

#[test]
fn a_request_that_failed_after_its_effect_is_sent_again_with_the_same_bytes() {
    for failure in [500, 502, 504] {
        let server = Server::start(move |_, number| match number {
            0 => Act::json(failure, "oops"),
            _ => Act::fine(),
        });
        let done = push(&server, 10, 10, 0);
        assert_eq!(outcomes(&done), [10, 0, 0, 0]);
        let seen = server.seen();
        assert_eq!(seen.len(), 2, "{failure}");
        assert_eq!(seen[0].body, seen[1].body, "{failure}");
    }
}

#[test]
fn a_connection_that_breaks_is_tried_again_with_the_same_bytes() {
    let server = Server::start(|_, number| match number {
        0 => Act::Drop,
        1 => Act::BreakOff(200, r#"{"message":"#.into()),
        _ => Act::fine(),
    });
    let done = push(&server, 10, 10, 0);
    assert_eq!(outcomes(&done), [10, 0, 0, 0]);
    let bodies: Vec<Vec<u8>> = server.seen().into_iter().map(|seen| seen.body).collect();
    assert_eq!(bodies.len(), 3);
    assert!(bodies.iter().all(|body| *body == bodies[0]));
}

#[test]
fn a_success_that_cannot_be_read_is_never_a_success() {
    let unreadable = ["", r#"{"message":"o"#, "<html>Welcome</html>", "null", "\"ok\"", "[]"];
    let speaks_of_an_error = r#"{"error":{"message":"not really"}}"#;
    let cut_off = Server::start(|_, _| Act::BreakOff(200, r#"{"message":"ok"}"#.into()));
    // Each of them waits for what may still come, so all of them do it at once.
    std::thread::scope(|scope| {
        for body in unreadable.into_iter().chain([speaks_of_an_error]) {
            scope.spawn(move || {
                let server = Server::start(move |_, _| Act::json(200, body));
                assert_eq!(outcomes(&push(&server, 5, 10, 6)), [0, 0, 5, 5], "{body}");
            });
        }
        scope.spawn(|| assert_eq!(outcomes(&push(&cut_off, 5, 10, 6)), [0, 0, 5, 5], "cut off"));
    });
}

#[test]
fn a_status_that_no_document_knows_is_no_success() {
    for status in [202, 204, 226] {
        let server = Server::start(move |_, _| Act::json(status, "{}"));
        let done = push(&server, 5, 5, 6);
        assert_eq!(outcomes(&done), [0, 0, 5, 0], "{status}");
    }
}

#[test]
fn a_redirect_is_not_followed() {
    for status in [301, 302, 307, 308] {
        let elsewhere = Server::start(|_, _| Act::fine());
        let location = format!("Location: {}/api/profiles/bulk-upsert/\r\n", elsewhere.url());
        let server =
            Server::start(move |_, _| Act::Answer(status, location.clone(), String::new()));
        let done = push(&server, 5, 10, 4);
        assert_eq!(server.seen().len(), 1, "{status}");
        assert!(elsewhere.seen().is_empty(), "people and key went elsewhere on a {status}");
        assert_eq!(outcomes(&done), [0, 0, 0, 10], "{status}");
        done.says("base_url");
    }
}

#[test]
fn a_wrong_path_or_a_refused_key_stops_at_the_first_request() {
    for status in [401, 403, 404, 405] {
        let server = Server::start(move |_, _| Act::json(status, "{}"));
        let done = push(&server, 5, 10, 4);
        assert_eq!(server.seen().len(), 1, "{status}");
        assert_eq!(outcomes(&done), [0, 0, 0, 10], "{status}");
    }
}

#[test]
fn a_refusal_that_names_a_person_costs_nobody_else_the_journey() {
    let bad = [email(3), email(8)];
    let server = Server::start(move |seen, _| {
        let place = seen.emails().iter().position(|one| bad.contains(one));
        match place {
            Some(place) => Act::json(
                400,
                &format!(
                    r#"{{"error":{{"type":"invalid_request_error","code":"invalid_field",
                    "message":"no such mailbox","param":"volunteers_data[{place}].profile_data.email"}}}}"#
                ),
            ),
            None => Act::fine(),
        }
    });
    let done = push(&server, 10, 10, 1);
    assert_eq!(outcomes(&done), [8, 2, 0, 0]);
    assert_eq!(server.seen().len(), 3, "one more request for each who is named");
    let outcomes = done.desk.outcomes();
    for (row, outcome, reason) in outcomes {
        let is_bad = row == 5 || row == 10;
        assert_eq!(outcome == "rejected by the target", is_bad, "row {row}");
        assert_eq!(reason.contains("no such mailbox"), is_bad, "row {row}: {reason}");
    }
}

#[cfg(unix)]
#[test]
fn a_target_that_refuses_a_whole_request_one_by_one_takes_no_more_room() {
    // The first request lands, so that refusals are not held for the fault of all.
    let server = Server::start(|_, number| match number {
        0 => Act::fine(),
        _ => Act::json(
            400,
            r#"{"error":{"type":"invalid_request_error","code":"invalid_field",
            "message":"no such mailbox","param":"volunteers_data[0].profile_data.email"}}"#,
        ),
    });
    let push = Import::new("push --yes --state state --format json").text("people.csv", plain(600));
    let push = push.recipe(&server.vome(300)).env("VOME_API_KEY", KEY).expect_code(1);
    let done = push.shell("ulimit -s 1024; exec \"$0\" \"$@\"").finish();
    assert_eq!(outcomes(&done), [300, 300, 0, 0]);
    assert_eq!(server.seen().len(), 301);
}

#[test]
fn a_refusal_that_names_nobody_is_narrowed_down_to_the_one_at_fault() {
    let bad = email(6);
    let server = Server::start(move |seen, _| {
        if seen.emails().contains(&bad) { Act::json(400, "{}") } else { Act::fine() }
    });
    let done = push(&server, 16, 16, 1);
    assert_eq!(outcomes(&done), [15, 1, 0, 0]);
    let refused: Vec<u32> = done
        .desk
        .outcomes()
        .into_iter()
        .filter(|(_, outcome, _)| outcome == "rejected by the target")
        .map(|(row, ..)| row)
        .collect();
    assert_eq!(refused, [8], "p6 stands on row 8");
    assert!(server.seen().len() <= 9, "narrowed down by halves: {}", server.seen().len());
}

#[test]
fn a_target_that_refuses_everybody_is_not_asked_a_thousand_times() {
    let server = Server::start(|_, _| Act::json(400, "{}"));
    let done = push(&server, 64, 256, 4);
    assert!(server.seen().len() < 40, "{} requests", server.seen().len());
    let [accepted, refused, unknown, not_sent] = outcomes(&done);
    assert_eq!((accepted, unknown), (0, 0));
    assert!(refused > 0 && not_sent > 200, "{refused} {not_sent}");
}

#[test]
fn a_request_that_is_too_large_is_split() {
    let server =
        Server::start(
            |seen, _| {
                if seen.emails().len() > 2 { Act::json(413, "") } else { Act::fine() }
            },
        );
    let done = push(&server, 7, 7, 0);
    assert_eq!(outcomes(&done), [7, 0, 0, 0]);
    let landed: Vec<Seen> =
        server.seen().into_iter().filter(|seen| seen.emails().len() <= 2).collect();
    assert_eq!(everybody(&landed), emails(0..7), "each once, in the order of the file");
    let server = Server::start(|_, _| Act::json(413, ""));
    let done = push(&server, 2, 2, 1);
    assert_eq!(outcomes(&done), [0, 2, 0, 0], "who alone is too large is refused");
}

#[test]
fn every_request_says_who_we_are_and_is_the_payload_to_the_byte() {
    let server = Server::start(|_, _| Act::fine());
    let done = push(&server, 4, 10, 0);
    let seen = server.seen();
    assert_eq!(seen.len(), 3);
    let version = env!("CARGO_PKG_VERSION");
    for (number, request) in seen.iter().enumerate() {
        assert_eq!(request.line, "PUT /api/profiles/bulk-upsert/");
        assert_eq!(request.header("API-KEY"), KEY);
        assert_eq!(request.header("User-Agent"), format!("upsheet/{version}"));
        assert_eq!(request.header("Content-Type"), "application/json");
        let payload = done.desk.run_folder().join(format!("payloads/{:05}.json", number + 1));
        assert_eq!(request.body, std::fs::read(payload).unwrap());
    }
    assert_eq!(everybody(&seen), emails(0..10));
}

#[test]
fn the_five_outcomes_add_up_in_one_run() {
    let sheet = format!("{}Ada,Larkspur,nobody\nAda,,p99@example.org\n", plain(16));
    let server = Server::start(|seen, _| match seen.emails().first().map(String::as_str) {
        Some("p4@example.org") if seen.emails().len() == 4 => Act::json(
            400,
            r#"{"error":{"message":"no","param":"volunteers_data[1].profile_data.email"}}"#,
        ),
        Some("p0@example.org" | "p4@example.org") => Act::fine(),
        _ => Act::Drop,
    });
    let done = push_sheet(&server, 4, &sheet, 6);
    assert_eq!(outcomes(&done), [7, 1, 4, 4]);
    assert_eq!(crate::common::counts(&done.json()), [18, 16, 2, 0]);
    let rows: Vec<u32> = done.desk.outcomes().iter().map(|(row, ..)| *row).collect();
    assert_eq!(rows, (2..18).collect::<Vec<_>>(), "each row once, in file order");
    let kept = done.desk.json(done.desk.run_folder().join("report.json"));
    assert_eq!(kept["delivery"], done.json()["delivery"], "the run folder's report is the same");
}

#[test]
fn what_a_server_says_cannot_move_the_cursor() {
    let nasty = "{\"error\":{\"message\":\"\\u001b[2J\\u0007 gone \\u202e\"}}";
    for (status, code) in [(401, 4), (400, 1), (500, 6)] {
        for body in [nasty, "\u{1b}[2Jraw\u{7}"] {
            let server = Server::start(move |_, _| Act::json(status, body));
            let push = Import::new("push --yes --state state").text("people.csv", plain(1));
            let push = push.recipe(&server.vome(1)).env("VOME_API_KEY", KEY).expect_code(code);
            let done = push.run();
            crate::streams::assert_harmless(&done.stdout);
            crate::streams::assert_harmless(&done.stderr);
            let path = done.desk.run_folder().join("outcomes.csv");
            crate::streams::assert_harmless(&done.desk.read(path));
        }
    }
}

/// An Omneo that queues what it gets, and answers questions about it with these states in turn.
fn omneo(states: Vec<String>) -> Server {
    let asked = std::sync::atomic::AtomicUsize::new(0);
    Server::start(move |seen, _| {
        if seen.line.starts_with("POST") {
            return Act::json(202, r#"{"data":{"message":"queued","batch_id":"b-1"}}"#);
        }
        assert_eq!(seen.line, "GET /batches/b-1");
        let number = asked.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        Act::json(200, &states[number.min(states.len() - 1)])
    })
}

fn push_omneo(server: &Server, people: u32, code: i32) -> Done {
    let push = Import::new("push --yes --state state --format json").text("p.csv", plain(people));
    push.recipe(&server.omneo(500)).env("OMNEO_TOKEN", KEY).expect_code(code).run()
}

/// An Omneo that refuses one person of every batch, tells how many failed, and lists its items
/// backwards: the order of items is not documented.
fn omneo_backwards(refused: &'static str) -> Server {
    let batches = std::sync::Mutex::new(Vec::<Vec<String>>::new());
    Server::start(move |seen, _| {
        let mut batches = batches.lock().unwrap();
        if seen.line.starts_with("POST") {
            batches.push(seen.emails());
            let ticket = batches.len() - 1;
            return Act::json(202, &format!(r#"{{"data":{{"batch_id":"{ticket}"}}}}"#));
        }
        let ticket: usize = seen.line.rsplit('/').next().unwrap().parse().unwrap();
        let batch = &batches[ticket];
        let failed = batch.iter().filter(|email| *email == refused).count();
        let items: Vec<Value> = batch
            .iter()
            .rev()
            .map(|email| {
                if email == refused {
                    serde_json::json!({"status": "failed", "error": "taken"})
                } else {
                    serde_json::json!({"status": "success"})
                }
            })
            .collect();
        let status = if failed == batch.len() { "failed" } else { "success" };
        let landed = batch.len() - failed;
        let state = serde_json::json!({"data": {"status": status, "success_count": landed,
            "failed_count": failed.to_string(), "items": items}});
        Act::json(200, &state.to_string())
    })
}

#[test]
fn queued_work_is_followed_until_everybody_has_an_outcome() {
    let server = omneo_backwards("p1@example.org");
    let done = push_omneo(&server, 5, 1);
    assert_eq!(outcomes(&done), [4, 1, 0, 0]);
    let refused: Vec<(u32, String)> = done
        .desk
        .outcomes()
        .into_iter()
        .filter(|(_, outcome, _)| outcome == "rejected by the target")
        .map(|(row, _, why)| (row, why))
        .collect();
    assert_eq!(refused, [(3, "taken".to_owned())], "the person, not the place in a list");
    let seen = server.seen();
    assert!(seen.iter().all(|one| one.header("Authorization") == format!("Bearer {KEY}")));
}

#[test]
fn a_refusal_that_names_several_people_costs_one_more_request() {
    // Nine of twelve, more than it takes for a request to be given up where nobody else is taken.
    let bad: Vec<String> = (0..12).filter(|n| n % 4 != 1).map(email).collect();
    let refusing = bad.clone();
    let server = Server::start(move |seen, _| {
        if seen.line.starts_with("GET") {
            let state = r#"{"data":{"status":"success","success_count":3,"failed_count":0}}"#;
            return Act::json(200, state);
        }
        let emails = seen.emails();
        let wrong = emails.iter().enumerate().filter(|(_, one)| refusing.contains(one));
        let errors: Vec<String> =
            wrong.map(|(place, _)| format!(r#""profiles.{place}.email":["no {place}"]"#)).collect();
        if errors.is_empty() {
            return Act::json(202, r#"{"data":{"message":"queued","batch_id":"b1"}}"#);
        }
        Act::json(422, &format!(r#"{{"message":"m","errors":{{{}}}}}"#, errors.join(",")))
    });
    let done = push_omneo(&server, 12, 1);
    assert_eq!(outcomes(&done), [3, 9, 0, 0]);
    let posts = server.seen().iter().filter(|seen| seen.line.starts_with("POST")).count();
    assert_eq!(posts, 2);
    for (row, outcome, reason) in done.desk.outcomes() {
        let place = row - 2;
        let refused = bad.contains(&email(place));
        assert_eq!(outcome == "rejected by the target", refused, "row {row}");
        assert_eq!(
            reason.starts_with(&format!("no {place} (profiles.{place}.")),
            refused,
            "{reason}"
        );
    }
}

#[test]
fn items_that_are_said_to_stand_in_order_settle_a_batch_at_once() {
    let server = omneo_backwards("p1@example.org");
    let recipe = format!("{}items_in_order = true\n", server.omneo(500));
    let push = Import::new("push --yes --state state --format json").text("p.csv", plain(5));
    let done = push.recipe(&recipe).env("OMNEO_TOKEN", KEY).expect_code(1).run();
    assert_eq!(outcomes(&done), [4, 1, 0, 0]);
    let posts = server.seen().iter().filter(|seen| seen.line.starts_with("POST")).count();
    assert_eq!(posts, 1);
}

#[test]
fn queued_work_is_asked_for_until_it_is_done() {
    let pending = r#"{"data":{"status":"pending","items":[]}}"#.to_owned();
    let done = r#"{"data":{"status":"success","success_count":"5","failed_count":"0"}}"#;
    let server = omneo(vec![pending.clone(), pending, done.to_owned()]);
    let done = push_omneo(&server, 5, 0);
    assert_eq!(outcomes(&done), [5, 0, 0, 0]);
    assert_eq!(server.seen().len(), 4, "sent once, asked three times");
}

#[test]
fn queued_work_that_is_said_to_take_for_ever_stays_queued() {
    let server = Server::start(|seen, _| {
        if seen.line.starts_with("POST") {
            return Act::json(202, r#"{"data":{"batch_id":"b-1"}}"#);
        }
        let patience = "Retry-After: 99999999999999999999\r\n".to_owned();
        Act::Answer(200, patience, r#"{"data":{"status":"pending","items":[]}}"#.to_owned())
    });
    let done = push_omneo(&server, 5, 6);
    assert_eq!(outcomes(&done), [0, 0, 5, 0]);
}

#[test]
fn queued_work_whose_answer_contradicts_itself_is_unknown_and_not_sent_again() {
    for state in [
        r#"{"data":{"status":"success","success_count":4,"failed_count":0}}"#,
        r#"{"data":{"status":"failed","success_count":5,"failed_count":0}}"#,
        r#"{"data":{"status":"failed"}}"#,
    ] {
        let server = omneo(vec![state.to_owned()]);
        let done = push_omneo(&server, 5, 6);
        assert_eq!(outcomes(&done), [0, 0, 5, 0], "{state}");
        let posts = server.seen().iter().filter(|seen| seen.line.starts_with("POST")).count();
        assert_eq!(posts, 1, "what is queued is not queued twice: {state}");
    }
}

#[test]
fn a_queue_that_refuses_everybody_stops_the_run_as_refusals_one_by_one_do() {
    let all = r#"{"data":{"status":"failed","success_count":0,"failed_count":10,"items":[]}}"#;
    let server = omneo(vec![all.to_owned()]);
    let push = Import::new("push --yes --state state --format json").text("p.csv", plain(100));
    let done = push.recipe(&server.omneo(10)).env("OMNEO_TOKEN", KEY).expect_code(4).run();
    assert_eq!(outcomes(&done), [0, 10, 0, 90]);
    done.says("the request as a whole seems wrong");
    assert_eq!(server.seen().len(), 2, "one batch, and one question about it");
    // Where somebody was taken, it is the people who are wrong.
    let one = r#"{"data":{"status":"success","success_count":10,"failed_count":0}}"#;
    let server = omneo(vec![one.to_owned(), all.to_owned()]);
    let push = Import::new("push --yes --state state --format json").text("p.csv", plain(100));
    let done = push.recipe(&server.omneo(10)).env("OMNEO_TOKEN", KEY).expect_code(1).run();
    assert_eq!(outcomes(&done), [10, 90, 0, 0]);
}

#[test]
fn a_queue_without_a_ticket_is_no_success() {
    let server = Server::start(|_, _| Act::json(200, r#"{"data":{"message":"queued"}}"#));
    let done = push_omneo(&server, 5, 6);
    assert_eq!(outcomes(&done), [0, 0, 5, 0]);
}

#[test]
fn pauses_keep_to_the_rate_of_the_recipe() {
    let server = Server::start(|_, _| Act::fine());
    let desk = Desk::new();
    let recipe = server.vome(2).replace("rate = 0", "rate = 10");
    let push = Import::at(&desk, "push --yes --state state").text("people.csv", plain(12));
    let done = push.recipe(&recipe).env("VOME_API_KEY", KEY).run();
    assert_eq!(server.seen().len(), 6);
    assert!(done.took >= Duration::from_millis(500), "six requests at ten a second");
}
