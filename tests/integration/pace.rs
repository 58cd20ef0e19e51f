//! When requests go out: the rate that was said last, the patience that was asked for, and what may be
//! said of sending at all.

use std::time::Duration;

use crate::common::{Desk, Done, Import};
use crate::people::plain;
use crate::server::{Act, Server};

/// Sends so many people, two in a request.
fn push(server: &Server, rate: &str, people: u32, flags: &str) -> Done {
    let recipe = server.vome(2).replace("rate = 0", rate);
    let push =
        Import::new("push --yes --state state").args(flags).text("people.csv", plain(people));
    push.recipe(&recipe).env("VOME_API_KEY", "k").run()
}

#[test]
fn the_rate_of_the_command_line_wins() {
    let server = Server::start(|_, _| Act::fine());
    let done = push(&server, "rate = 0", 12, "--rate 10/s");
    assert!(done.took >= Duration::from_millis(500), "six requests at ten a second");
    let done = push(&server, "rate = 0", 4, "--rate 60/m");
    assert!(done.took >= Duration::from_secs(1), "two requests at sixty a minute");
    // Three requests at the recipe's rate would take half an hour.
    push(&server, "rate = 0.001", 6, "--rate 0");
    assert_eq!(server.seen().len(), 6 + 2 + 3);
}

#[test]
fn the_sandbox_keeps_to_a_rate_that_is_said() {
    let push = |rate: &str| {
        let push = Import::new("push --to sandbox --state state --batch-size 2").args(rate);
        push.text("people.csv", plain(8)).run()
    };
    assert!(push("--rate 5").took >= Duration::from_millis(600), "four requests at five a second");
    push("");
}

#[test]
fn a_date_is_held_against_the_clock_of_the_target() {
    // Its clock is years ahead, or behind: what counts is that it asks for one second.
    for year in [2019, 2044] {
        let server = Server::start(move |_, number| match number {
            0 => {
                let head = format!(
                    "Date: 22 Nov {year} 10:00:00 GMT\r\nRetry-After: 22 Nov {year} 10:00:01 GMT\r\n"
                );
                Act::Answer(429, head, String::new())
            }
            _ => Act::fine(),
        });
        let done = push(&server, "rate = 0", 2, "");
        assert!(done.took >= Duration::from_secs(1), "{year}: {:?}", done.took);
        assert_eq!(server.seen().len(), 2);
    }
}

#[test]
fn what_cannot_be_meant_is_told_before_a_file_is_opened() {
    for (recipe, place) in [
        ("[sending]\ntimeout = \"30\"\n", "write it as 30s, 15m or 24h"),
        ("[sending]\nconcurrency = 0\n", "write a number from 1 to 16"),
        ("[sending]\nattemps = 3\n", "did you mean `attempts`?"),
        ("sending = 3\n", "expected a table"),
    ] {
        let desk = Desk::new();
        for verb in ["check missing.csv", "push missing.csv --yes --state state"] {
            let done = Import::at(&desk, verb).recipe(recipe).expect_code(2).run();
            done.says(place).says("recipe.toml");
        }
    }
    for (flags, part) in [
        ("--rate fast", "2/s or 30/m"),
        ("--rate 2/h", "2/s or 30/m"),
        ("--rate 0.01/m", "a quarter of an hour"),
        ("--concurrency 0", "from 1 to 16"),
        ("--concurrency 17", "from 1 to 16"),
    ] {
        let push = Import::new("push missing.csv --yes --state state").args(flags);
        push.expect_code(2).run().says(part);
    }
}
