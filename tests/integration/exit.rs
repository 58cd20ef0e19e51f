//! One test for each exit code, as `--help` and `ExitStatus` promise them.

use std::fs::File;

use upsheet::error::ExitStatus;
use upsheet::sandbox::{Options, Sandbox, Variants};

use crate::common::{Desk, Import, until};
use crate::people::plain;
use crate::server::{Act, Server, closed_port};

const CANARY: &str = "canary-key-7281";

#[test]
fn exit_0_when_every_row_is_good() {
    Import::new("check").text("people.csv", plain(3)).run();
}

#[test]
fn exit_1_when_rows_are_rejected() {
    let code = i32::from(ExitStatus::Findings.code());
    Import::new("check").file("faulty/volunteers.xlsx").expect_code(code).run();
    let build = Import::new("build").file("faulty/volunteers.xlsx").args("-o out");
    build.expect_code(code).run();
}

#[test]
fn exit_2_when_the_command_line_the_recipe_or_the_mapping_is_wrong() {
    let wrong = |verb: &str| Import::new(verb).text("people.csv", plain(1)).expect_code(2);
    wrong("check").args("--no-such-flag").run();
    wrong("check").args("--to nowhere").run().says("vome, omneo");
    wrong("check").args("--recipe missing.toml").run().says("missing.toml");
    wrong("check").recipe("[polcy]\n").run().says("policy");
    wrong("check").args("--map Email=e-post").run().says("e-post");
    wrong("check").args("--report report.doc").run().says(".json");
    wrong("rows").arg("people.csv").run();
    Import::new("check").text("people.csv", "Name\nAda\n").expect_code(2).run().says("email");
    Import::new("").expect_code(2).run();
    Import::new("explain no-such-finding").expect_code(2).run();
    Import::new("targets nowhere").expect_code(2).run();
}

#[test]
fn exit_3_when_the_input_cannot_be_read() {
    let unreadable = |verb: &str| {
        let desk = Desk::new();
        desk.write("people.csv", plain(1));
        std::fs::create_dir(desk.path("folder")).unwrap();
        Import::at(&desk, verb).expect_code(3)
    };
    unreadable("check").arg("poeple.csv").run().says("people.csv");
    unreadable("check").arg("folder").run().says("folder");
    unreadable("rows").arg("poeple.csv").run();
    unreadable("inspect").arg("poeple.csv").run();
    unreadable("build").args("poeple.csv -o out").run();
    unreadable("push").args("poeple.csv --to sandbox --state state").run();
    unreadable("check").args("people.csv poeple.csv").run();
}

#[test]
fn exit_4_when_the_key_is_wrong() {
    let desk = Desk::new();
    let sandbox = Sandbox::start(Options {
        port: 0,
        data: desk.path("data"),
        vome_key: "right".to_owned(),
        omneo_token: "right".to_owned(),
        variants: Variants::default(),
    })
    .unwrap();
    let (vome, omneo) = (sandbox.vome_url(), sandbox.omneo_url());
    let recipes = [
        format!("[vome]\nbase_url = \"{vome}\"\nrate = 0\n"),
        format!("target = \"omneo\"\n[omneo]\nbase_url = \"{omneo}\"\nrate = 0\n"),
    ];
    for (recipe, variable) in recipes.iter().zip(["VOME_API_KEY", "OMNEO_TOKEN"]) {
        let push = || {
            let push = Import::at(&desk, "push").text("people.csv", plain(2)).recipe(recipe);
            push.args("--yes --state state")
        };
        push().env(variable, "wrong").expect_code(4).run().says("check the key");
        push().expect_code(4).run().says(variable);
        push().env(variable, "right").run();
    }
    assert_eq!(sandbox.tally().created, 4, "two people in each target, by the right key only");
}

#[test]
fn exit_4_when_nobody_listens_at_the_address() {
    let base = format!("http://127.0.0.1:{}", closed_port());
    let recipe = format!("[sending]\nattempts = 2\n[vome]\nbase_url = \"{base}\"\nrate = 0\n");
    let push = Import::new("push").text("people.csv", plain(2)).recipe(&recipe).args("--yes");
    let done = push.args("--state state").env("VOME_API_KEY", "k").expect_code(4).run();
    done.says("127.0.0.1").says("nothing was sent");
    let outcomes = done.desk.outcomes();
    assert!(outcomes.iter().all(|(_, outcome, _)| outcome == "not sent"), "{outcomes:?}");
}

#[test]
fn exit_5_when_the_output_folder_is_not_empty() {
    let desk = Desk::new();
    desk.write("out/mine.txt", "keep me");
    let build = || Import::at(&desk, "build").text("people.csv", plain(2)).args("-o out");
    build().expect_code(5).run().says("out").says("--force");
    assert_eq!(desk.files("out"), ["out/mine.txt"], "a refused folder is left as it was");
    build().args("--force").run();
    assert_eq!(desk.read("out/mine.txt"), "keep me");
    assert!(desk.path("out/manifest.json").exists());
}

#[test]
fn exit_5_when_another_run_writes_into_the_output_folder() {
    let desk = Desk::new();
    std::fs::create_dir(desk.path("out")).unwrap();
    let lock = File::create(desk.path("out/.upsheet.lock")).unwrap();
    lock.try_lock().unwrap();
    let build = || Import::at(&desk, "build").text("people.csv", plain(2)).args("-o out --force");
    build().expect_code(5).run().says("in use");
    assert_eq!(desk.files("out"), ["out/.upsheet.lock"]);
    drop(lock);
    build().run();
}

#[test]
fn exit_5_when_nobody_said_yes() {
    let server = Server::start(|_, _| Act::fine());
    let push = || {
        let push = Import::new("push").text("people.csv", plain(2)).recipe(&server.vome(50));
        push.args("--state state").env("VOME_API_KEY", "k")
    };
    for answer in ["", "y\n"] {
        // Not even a yes counts when it does not come from a person at a terminal.
        let done = push().stdin(answer).expect_code(5).run();
        done.says("2 people ready").says("--yes");
        assert!(done.desk.runs().is_empty(), "nothing was sent, so nothing is kept");
    }
    assert!(server.seen().is_empty(), "something was sent without a yes");
    push().args("--yes").run();
    assert_eq!(server.seen().len(), 1);
}

#[test]
fn exit_6_when_the_target_stops_answering_half_way() {
    let server = Server::start(|_, number| if number < 2 { Act::fine() } else { Act::Drop });
    let push = Import::new("push").text("people.csv", plain(20)).recipe(&server.vome(5));
    let push = push.args("--yes --state state --format json").env("VOME_API_KEY", CANARY);
    let done = push.expect_code(6).run();
    let delivery = &done.json()["delivery"];
    assert_eq!(delivery["accepted"], 10);
    assert_eq!(delivery["unknown"], 5, "sent, and no answer came");
    assert_eq!(delivery["not_sent"], 5);
    assert_eq!(delivery["rejected_by_target"], 0);
    let outcomes = done.desk.outcomes();
    assert_eq!(outcomes.len(), 20);
    let text = Import::new("push").text("people.csv", plain(20)).recipe(&server.vome(5));
    let text = text.args("--yes --state state").env("VOME_API_KEY", CANARY).expect_code(6).run();
    assert!(text.stdout.contains("again"), "it says how to go on: {}", text.stdout);
}

#[test]
#[cfg(unix)]
fn exit_130_when_a_push_is_interrupted() {
    let server = Server::start(|_, _| {
        std::thread::sleep(std::time::Duration::from_millis(150));
        Act::fine()
    });
    let push = Import::new("push").text("people.csv", plain(400)).recipe(&server.vome(4));
    let push = push.args("--yes --state state --format json").env("VOME_API_KEY", "k");
    let running = push.expect_code(130).start();
    until("the third request is out", || server.seen().len() >= 3);
    running.signal("INT");
    let done = running.finish();
    done.says("stopping");
    let delivery = &done.json()["delivery"];
    let count = |name: &str| delivery[name].as_u64().unwrap();
    assert!(count("accepted") >= 8, "what was under way is waited for: {delivery}");
    assert!(count("not_sent") > 300, "it stopped at once: {delivery}");
    assert_eq!(count("unknown"), 0, "nobody is left between two stools: {delivery}");
    assert_eq!(count("accepted") + count("not_sent"), 400);
    assert_eq!(count("accepted"), server.seen().len() as u64 * 4);
    assert_eq!(done.desk.outcomes().len(), 400);
}

#[test]
#[cfg(unix)]
fn exit_130_at_once_when_a_push_is_interrupted_twice() {
    let server = Server::start(|_, _| Act::Silence);
    let push = Import::new("push").text("people.csv", plain(4)).recipe(&server.vome(4));
    let push = push.args("--yes --state state").env("VOME_API_KEY", "k").expect_code(130);
    let running = push.start();
    until("the request is out", || !server.seen().is_empty());
    running.signal("INT");
    running.until_it_says("stopping");
    running.signal("INT");
    let done = running.finish();
    assert!(done.took.as_secs() < 30, "the second signal does not wait for the answer");
}

#[test]
#[cfg(unix)]
fn exit_130_when_a_build_is_interrupted_and_nothing_is_left() {
    for signal in ["INT", "TERM"] {
        let build = Import::new("build").args("- -o out --report more.json").stdin(plain(100));
        let mut running = build.stdin_stays_open().expect_code(130).start();
        let desk = running.desk().clone();
        until("standard input is being read", || !desk.files("tmp").is_empty());
        running.signal(signal);
        running.until_it_says("stopping");
        running.close_stdin();
        running.finish().says("interrupted");
        assert!(!desk.path("out").exists(), "a half-written folder is left");
        assert_eq!(desk.files("tmp"), [""; 0], "a temporary file is left");
    }
}
