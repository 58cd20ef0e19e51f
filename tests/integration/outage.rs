//! A target that is down for a while, requests that fail whoever else is answered, and runs that go on
//! after a kill: nobody is left unknown who could be known, and nobody is given up with the target.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use upsheet::batch::{Batch, hex};
use upsheet::journal::{self, Begin, Journal, Leg, Outcome, Planned};
use upsheet::readback::Reader;
use upsheet::recipe::Recipe;
use upsheet::row::Location;
use upsheet::target::{self, Overrides, Target};
use upsheet::writer::Writer as _;
use upsheet::writer::api::{Client, Options, Secret};
use upsheet::writer::deliver::{self, Delivered, Rules};
use upsheet::writer::files::{About, Folder};
use upsheet::writer::pace::Pace;
use upsheet::writer::watch::{Event, Watch};

use crate::common::{Desk, Done, Import};
use crate::people::{email, plain};
use crate::server::{Act, Seen, Server};

const KEY: &str = "outage-key";

struct Unwatched;

impl Watch for Unwatched {
    fn event(&self, _: &Event<'_>) {}
}

fn is_put(seen: &Seen) -> bool {
    seen.line.starts_with("PUT")
}

/// A listing with these people, as they are sent.
fn listing(people: &[String]) -> Act {
    let all: Vec<Value> = people
        .iter()
        .map(|email| {
            json!({"id": format!("id-{email}"), "profile_details":
                {"email": email, "first_name": "Ada", "last_name": "Larkspur"}})
        })
        .collect();
    Act::json(200, &json!({"count": all.len(), "next": null, "results": all}).to_string())
}

fn push(server: &Server, people: u32, sending: &str, code: i32) -> Done {
    let recipe = format!(
        "[sending]\n{sending}\n[vome]\nbase_url = \"{}\"\nrate = 0\nbatch_size = 2\n",
        server.url()
    );
    let push = Import::new("push --yes --state state --format json");
    let push = push.text("people.csv", plain(people)).recipe(&recipe);
    push.env("VOME_API_KEY", KEY).expect_code(code).run()
}

fn outcomes(done: &Done) -> [u64; 4] {
    let report = done.json();
    ["accepted", "rejected_by_target", "unknown", "not_sent"]
        .map(|name| report["delivery"][name].as_u64().unwrap())
}

#[test]
fn a_run_outlives_an_outage_and_leaves_nobody_unknown() {
    for outage in [|| Act::Drop, || Act::json(500, ""), || Act::json(503, "")] {
        for concurrency in [1, 4] {
            let server = Server::start(move |seen, number| match number {
                5..35 => outage(),
                _ if is_put(seen) => Act::fine(),
                _ => listing(&[]),
            });
            let sending = format!("attempts = 3\nconcurrency = {concurrency}");
            let done = push(&server, 60, &sending, 0);
            assert_eq!(outcomes(&done), [60, 0, 0, 0]);
        }
    }
}

#[test]
fn a_run_outlives_an_outage_of_writing_alone() {
    let puts = AtomicUsize::new(0);
    let server = Server::start(move |seen, _| {
        if !is_put(seen) {
            return listing(&[]);
        }
        match puts.fetch_add(1, Ordering::SeqCst) {
            5..25 => Act::json(500, ""),
            _ => Act::fine(),
        }
    });
    let done = push(&server, 40, "attempts = 3\nconcurrency = 2", 0);
    assert_eq!(outcomes(&done), [40, 0, 0, 0]);
}

#[test]
fn a_request_that_always_fails_costs_only_its_own_people() {
    // In the first request, which goes alone; in the middle; in the last.
    for bad in [0, 9, 19] {
        for concurrency in [1, 4] {
            let bad = email(bad);
            let server = Server::start(move |seen, _| match () {
                () if !is_put(seen) => listing(&[]),
                () if seen.emails().contains(&bad) => Act::json(500, ""),
                () => Act::fine(),
            });
            let sending = format!("attempts = 3\nconcurrency = {concurrency}");
            let done = push(&server, 20, &sending, 6);
            let [accepted, refused, unknown, not_sent] = outcomes(&done);
            assert_eq!((refused, not_sent), (0, 0));
            assert!((1..=2).contains(&unknown) && accepted + unknown == 20, "{unknown} unknown");
            assert!(server.seen().len() < 40, "{} requests", server.seen().len());
        }
    }
}

#[test]
fn a_silent_target_is_given_up_in_time_whatever_attempts_are_left() {
    let server = Server::start(|_, number| if number < 3 { Act::fine() } else { Act::Drop });
    let began = Instant::now();
    let done = push(&server, 200, "attempts = 20\ngive_up_after = \"2s\"\nconcurrency = 4", 6);
    assert!(began.elapsed() < Duration::from_secs(30), "{:?}", began.elapsed());
    let [accepted, _, unknown, not_sent] = outcomes(&done);
    assert_eq!(accepted + unknown + not_sent, 200);
    assert!(unknown <= 8, "{unknown} people are unknown");
}

/// A run of Vome's people as an earlier process has left it.
struct Left {
    desk: Desk,
    target: Box<dyn Target>,
    client: Client,
    journal: Journal,
    bodies: Vec<Vec<u8>>,
}

fn left(server: &Server, people: u32, size: u32) -> Left {
    let recipe = Recipe::parse(server.vome(50), "upsheet.toml").unwrap();
    let kind = target::find("vome").unwrap();
    let target = (kind.configure)(&recipe, &Overrides::default()).unwrap();
    let secret = Secret::new(KEY, "the test").unwrap();
    let base = target.base_url().unwrap();
    let client = Client::new(&base, &target.credential(), &secret, &Options::default()).unwrap();
    let desk = Desk::new();
    let mut folder = Folder::create(&desk.path("run"), false, true).unwrap();
    let numbers: Vec<u32> = (0..people).collect();
    let mut bodies = Vec::new();
    for (chunk, number) in numbers.chunks(size as usize).zip(1..) {
        let people: Vec<Vec<u8>> = chunk.iter().map(|one| person(*one)).collect();
        let body = target.frame().splice(people.iter().map(Vec::as_slice));
        let rows = chunk.iter().map(|row| Location { row: *row, ..Location::default() }).collect();
        bodies.push(body.clone());
        folder.batch(Batch { number, body: body.into(), rows, asides: Vec::new() }).unwrap();
    }
    let entries = folder.finish(&About::default()).unwrap();
    let plan: Vec<Planned> = (1..)
        .zip(entries)
        .map(|(number, entry)| Planned {
            number,
            file: entry.file,
            sha256: entry.sha256,
            places: entry.places,
        })
        .collect();
    let journal = Journal::create(&desk.path("run"), &journal::About::default(), &plan).unwrap();
    Left { desk, target, client, journal, bodies }
}

fn person(number: u32) -> Vec<u8> {
    let person = json!({"profile_data": {"first_name": "Ada", "last_name": "Larkspur",
        "email": email(number)}});
    person.to_string().into_bytes()
}

impl Left {
    /// Sent, and killed before the answer.
    fn cut_off(&self, batch: u32, people: &[usize]) {
        let begin =
            Begin { leg: Leg::People, batch, people, bytes: 1, sha256: String::new(), number: 1 };
        self.journal.begin(&begin).unwrap();
    }

    /// What became of everybody, in order.
    fn resume(&self) -> (Delivered, Vec<Outcome>) {
        let stop = AtomicBool::new(false);
        let pace = Pace::new(Duration::ZERO, &stop);
        let folder = self.desk.path("run");
        let order = self.order(&folder, &pace);
        let mut reader = Reader::new(self.target.as_ref(), &self.client, &pace, 2);
        let target = self.target.as_ref();
        let delivered = deliver::deliver(
            &deliver::People(target),
            &self.client,
            &order,
            &mut reader,
            &Unwatched,
        )
        .unwrap();
        let mut told = Vec::new();
        self.journal
            .each(&mut |_, places, state| {
                told.extend(places.iter().map(|_| state.outcome.clone()));
                Ok(())
            })
            .unwrap();
        (delivered, told)
    }

    fn order<'a>(&'a self, folder: &'a Path, pace: &'a Pace<'a>) -> deliver::Order<'a> {
        deliver::Order {
            folder,
            journal: &self.journal,
            frame: self.target.frame(),
            pace,
            rules: Rules {
                attempts: 3,
                give_up_after: Duration::from_mins(1),
                concurrency: 1,
                canary: false,
                resend_window: Duration::from_hours(24),
                resend_unknown: false,
                late: Duration::ZERO,
                pause: Duration::from_millis(1),
            },
        }
    }
}

#[test]
fn what_was_cut_off_is_sent_again_with_the_bytes_that_it_had() {
    let server = Server::start(|_, _| Act::fine());
    let left = left(&server, 8, 8);
    left.cut_off(1, &[0]);
    left.cut_off(1, &[1, 2, 3, 4, 5, 6, 7]);
    // Sent in halves since, both of which were cut off.
    left.cut_off(1, &[1, 2, 3]);
    let (delivered, _) = left.resume();
    assert_eq!((delivered.tally.accepted, delivered.tally.unknown), (8, 0));
    let people = |numbers: &[u32]| {
        let people: Vec<Vec<u8>> = numbers.iter().map(|one| person(*one)).collect();
        left.target.frame().splice(people.iter().map(Vec::as_slice))
    };
    let expected = [people(&[0]), people(&[4, 5, 6, 7]), people(&[1, 2, 3])];
    let sent: Vec<Vec<u8>> = server.seen().into_iter().map(|seen| seen.body).collect();
    assert_eq!(sent, expected);
}

#[test]
fn a_whole_request_that_was_cut_off_is_the_payload_file_again() {
    let server = Server::start(|_, _| Act::fine());
    let left = left(&server, 6, 3);
    left.cut_off(2, &[0, 1, 2]);
    left.resume();
    let digest = |bytes: &[u8]| hex(&<sha2::Sha256 as sha2::Digest>::digest(bytes));
    let sent: Vec<String> = server.seen().iter().map(|seen| digest(&seen.body)).collect();
    assert_eq!(sent, left.bodies.iter().map(|body| digest(body)).collect::<Vec<_>>());
}

#[test]
fn a_refusal_of_who_was_cut_off_does_not_deny_that_they_have_landed() {
    let server = Server::start(|seen, _| {
        if is_put(seen) { Act::json(400, "{}") } else { listing(&[email(0), email(1)]) }
    });
    let left = left(&server, 3, 3);
    left.cut_off(1, &[0, 1, 2]);
    let (delivered, told) = left.resume();
    assert!(delivered.stopped.is_none(), "{:?}", delivered.stopped);
    let refused = matches!(told[2], Outcome::Refused(_));
    assert!(told[..2] == [Outcome::Accepted, Outcome::Accepted] && refused, "{told:?}");
}

#[test]
fn refusals_in_a_run_that_has_landed_people_before_are_not_the_fault_of_the_requests() {
    let server = Server::start(|_, _| Act::json(400, "{}"));
    let left = left(&server, 12, 1);
    left.cut_off(1, &[0]);
    left.journal.note(Leg::People, 1, &[(0, Outcome::Accepted)]).unwrap();
    let (delivered, _) = left.resume();
    assert!(delivered.stopped.is_none(), "{:?}", delivered.stopped);
    assert_eq!((delivered.tally.accepted, delivered.tally.refused), (1, 11));
}

#[test]
fn a_target_that_is_away_when_nothing_was_ever_sent_is_told_at_once() {
    let port = crate::server::closed_port();
    let recipe = format!("[vome]\nbase_url = \"http://127.0.0.1:{port}\"\nrate = 0\n");
    let push = Import::new("push --yes --state state").text("people.csv", plain(3));
    let done = push.recipe(&recipe).env("VOME_API_KEY", KEY).expect_code(4).run();
    assert!(!done.stderr.contains("unknown"), "{}", done.stderr);
}

#[test]
fn a_target_that_never_answers_is_given_up_and_nobody_else_is_drawn_in() {
    let server = Server::start(|_, _| Act::Drop);
    let done = push(&server, 100, "attempts = 2\nconcurrency = 8", 6);
    assert_eq!(outcomes(&done), [0, 0, 1, 99], "only the first request went out");
}

#[test]
fn a_run_that_was_killed_is_carried_on_and_nobody_who_landed_is_sent_again() {
    let server = Server::start(|seen, number| match number {
        // Whoever was sent then is never answered; the process is killed meanwhile.
        2 => Act::Silence,
        _ if is_put(seen) => Act::fine(),
        _ => Act::json(500, ""),
    });
    let desk = Desk::new();
    let push = Import::at(&desk, "push --yes --state state --format json");
    let push = push.text("people.csv", plain(10)).recipe(&server.vome(2));
    let running = push.env("VOME_API_KEY", KEY).start();
    crate::common::until("the third request is under way", || server.seen().len() == 3);
    running.signal("KILL");
    drop(running);
    let run = desk.run_folder();
    let id = run.file_name().unwrap().to_str().unwrap();
    let resume = Import::at(&desk, "resume --format json --state state");
    let done = resume.arg(id).env("VOME_API_KEY", KEY).expect_code(0).run();
    assert_eq!(outcomes(&done), [10, 0, 0, 0]);
    let bodies: Vec<Vec<u8>> = server.seen().into_iter().map(|seen| seen.body).collect();
    assert_eq!(bodies.len(), 6, "five, and the one that was cut off");
    assert_eq!(bodies[2], bodies[3], "the bytes that it had");
    let again = Import::at(&desk, "resume --format json --state state");
    let done = again.arg(id).env("VOME_API_KEY", KEY).expect_code(0).run();
    assert_eq!(outcomes(&done), [10, 0, 0, 0]);
    assert_eq!(server.seen().len(), 6, "a run that is done sends nothing");
}

#[test]
fn the_word_to_carry_on_with_finds_the_run_where_it_lies() {
    let server = Server::start(|_, number| if number == 0 { Act::fine() } else { Act::Drop });
    let desk = Desk::new();
    let push = Import::at(&desk, "push --yes --state state");
    let push = push.text("people.csv", plain(4)).recipe(&server.vome(2));
    push.env("VOME_API_KEY", KEY).expect_code(6).run();
    let run = desk.run_folder();
    let id = run.file_name().unwrap().to_str().unwrap();
    let resume = Import::at(&desk, "resume --state state").arg(id);
    let done = resume.env("VOME_API_KEY", KEY).expect_code(6).run();
    assert!(done.stdout.contains(&format!("upsheet resume state/runs/{id}")), "{}", done.stdout);
}
