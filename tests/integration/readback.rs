//! Reading profiles back over real HTTP, and what delivery makes of people whose outcome no answer
//! told: nobody is called landed or absent without proof, and nobody is created twice.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use upsheet::batch::{Batch, Frame, Limits};
use upsheet::journal::{self, Journal, Outcome, Planned, Tally};
use upsheet::layout::Around;
use upsheet::mapping::Schema;
use upsheet::readback::{Found, Order, Reader, Seen as Presence, Short, Way, fetch};
use upsheet::recipe::Recipe;
use upsheet::record::Field;
use upsheet::row::Location;
use upsheet::target::directory::Wanted;
use upsheet::target::{
    self, Answer, Confirm, Credential, Directory, Method, Overrides, Progress, Request, Sent,
    Target, Verdict,
};
use upsheet::writer::Writer as _;
use upsheet::writer::api::{Client, Options, Secret};
use upsheet::writer::deliver::{self, Delivered, Rules, Stopped};
use upsheet::writer::files::{About, Folder};
use upsheet::writer::pace::Pace;
use upsheet::writer::watch::{Event, Watch};

use crate::common::{Desk, Done, Import, together};
use crate::people::{Dice, email, emails, plain};
use crate::server::{Act, Seen, Server};

const KEY: &str = "reading-key";
const DAY: Duration = Duration::from_hours(24);

/// A target and a client of it.
struct Asker {
    target: Box<dyn Target>,
    client: Client,
}

impl Asker {
    fn new(recipe: &str) -> Self {
        let kind = target::find(if recipe.contains("[omneo]") { "omneo" } else { "vome" }).unwrap();
        let recipe = Recipe::parse(recipe.to_owned(), "upsheet.toml").unwrap();
        let target = (kind.configure)(&recipe, &Overrides::default()).unwrap();
        let secret = Secret::new(KEY, "the test").unwrap();
        let base = target.base_url().unwrap();
        let client =
            Client::new(&base, &target.credential(), &secret, &Options::default()).unwrap();
        Self { target, client }
    }

    fn fetch(&self, keys: &[String], cache: Option<(&Path, Duration)>) -> Found {
        self.fetch_until(keys, cache, &AtomicBool::new(false), &|_, _| {})
    }

    fn fetch_until(
        &self,
        keys: &[String],
        cache: Option<(&Path, Duration)>,
        stop: &AtomicBool,
        progress: &dyn Fn(u64, Option<u64>),
    ) -> Found {
        let wanted: Vec<Wanted> = keys.iter().filter_map(|key| Wanted::email(key)).collect();
        let pace = Pace::new(self.target.interval(), stop);
        let order = Order { wanted: &wanted, cache, pace: &pace, attempts: 3, progress };
        fetch(self.target.as_ref(), &self.client, &order).unwrap()
    }
}

fn look(found: &Found, email: &str) -> Presence {
    found.look(&Wanted::email(email).unwrap().key).unwrap()
}

/// The parameters of a request's address.
fn query(seen: &Seen) -> BTreeMap<String, String> {
    let path = seen.line.split(' ').nth(1).unwrap();
    let url = reqwest::Url::parse(&format!("http://host{path}")).unwrap();
    url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
}

pub(crate) fn vome_profile(email: &str) -> Value {
    json!({"id": format!("id-{email}"), "profile_details": {"email": email, "first_name": "Ada",
        "last_name": "Larkspur"}})
}

fn omneo_profile(email: &str) -> Value {
    json!({"id": format!("id-{email}"), "email": email, "first_name": "Ada",
        "last_name": "Larkspur"})
}

/// A page of Vome's listing.
pub(crate) fn vome_page(people: &[String], seen: &Seen) -> Act {
    let query = query(seen);
    let number = |name: &str| query[name].parse::<usize>().unwrap();
    let (page, limit) = (number("page"), number("limit"));
    let shown: Vec<Value> = people
        .iter()
        .skip((page - 1) * limit)
        .take(limit)
        .map(|email| vome_profile(email))
        .collect();
    let more = page * limit < people.len();
    let next = more.then(|| format!("http://other.example.org/?page={}", page + 1));
    Act::json(200, &json!({"count": people.len(), "next": next, "results": shown}).to_string())
}

/// Omneo's listing, or whoever has an address.
fn omneo_page(people: &[String], seen: &Seen) -> Act {
    let query = query(seen);
    let number = |name: &str| query.get(name).map_or(1, |text| text.parse::<usize>().unwrap());
    let (page, size) = (number("page[number]"), number("page[size]").max(2));
    let asked = query.get("filter[email]");
    let all: Vec<&String> =
        people.iter().filter(|email| asked.is_none_or(|asked| asked == *email)).collect();
    let shown: Vec<Value> =
        all.iter().skip((page - 1) * size).take(size).map(|email| omneo_profile(email)).collect();
    let next = (page * size < all.len()).then_some("http://other.example.org/");
    let body = json!({"data": shown, "links": {"next": next}, "meta": {"total": all.len()}});
    Act::json(200, &body.to_string())
}

fn vome_of(people: Vec<String>) -> Server {
    Server::start(move |seen, _| vome_page(&people, seen))
}

fn omneo_of(people: Vec<String>) -> Server {
    Server::start(move |seen, _| omneo_page(&people, seen))
}

#[test]
fn everybody_is_found_or_known_to_be_absent_page_by_page() {
    let server = vome_of(emails(0..250));
    let asker = Asker::new(&server.vome(50));
    let wanted = [email(0), email(249).to_uppercase(), email(999)];
    let found = asker.fetch(&wanted, None);
    assert_eq!((found.way, found.requests, &found.ended), (Way::Pages, 3, &None));
    assert_eq!(look(&found, &email(0)), Presence::One(vome_profile(&email(0))));
    assert_eq!(look(&found, &email(249)), Presence::One(vome_profile(&email(249))));
    assert_eq!(look(&found, &email(999)), Presence::Absent);
    assert!(matches!(look(&found, &email(5)), Presence::Unknown(_)), "nobody looked for them");
    let lines: Vec<String> = server.seen().into_iter().map(|seen| seen.line).collect();
    let page = |number| format!("GET /api/profiles/?page={number}&limit=100");
    assert_eq!(lines, [page(1), page(2), page(3)], "links to other hosts are not followed");
    assert!(server.seen().iter().all(|seen| seen.header("API-KEY") == KEY));
    let found = asker.fetch(&[], None);
    assert_eq!(found.requests, 0, "nobody is wanted");
}

#[test]
fn the_way_that_needs_fewer_requests_is_taken() {
    for (people, wanted, way, requests, why) in [
        (1000, 1, Way::Keys, 1, "one person"),
        (1000, 5, Way::Keys, 6, "the first page, then five keys"),
        (300, 5, Way::Pages, 3, "three pages"),
        (500, 5, Way::Pages, 5, "four more pages are no more than five keys"),
        (50, 3, Way::Pages, 1, "the first page is the last"),
        (0, 3, Way::Pages, 1, "nobody is there"),
    ] {
        let server = omneo_of(emails(0..people));
        let found = Asker::new(&server.omneo(500)).fetch(&emails(0..wanted), None);
        assert_eq!((found.way, found.requests), (way, requests), "{why}");
        for number in 0..wanted {
            let expected = if number < people {
                Presence::One(omneo_profile(&email(number)))
            } else {
                Presence::Absent
            };
            assert_eq!(look(&found, &email(number)), expected, "{why}: {number}");
        }
    }
    let server = omneo_of(emails(0..1000));
    let small = format!("{}page_size = 10\n", server.omneo(500));
    let found = Asker::new(&small).fetch(&emails(995..1005), None);
    assert_eq!((found.way, found.requests), (Way::Keys, 11));
    assert_eq!(look(&found, &email(999)), Presence::One(omneo_profile(&email(999))));
    assert_eq!(look(&found, &email(1004)), Presence::Absent);
}

#[test]
fn a_filter_that_is_not_obeyed_proves_nobody_absent() {
    let people = emails(0..1000);
    let server = Server::start(move |seen, _| {
        let all = seen.line.replace("filter%5Bemail%5D", "page%5Bfrom%5D");
        omneo_page(&people, &Seen::of(&all))
    });
    let found = Asker::new(&server.omneo(500)).fetch(&emails(999..1003), None);
    assert_eq!(found.way, Way::Keys);
    for number in 999..1003 {
        let Presence::Unknown(why) = look(&found, &email(number)) else { panic!("{number}") };
        assert_eq!(why, "the target answers with other people than the one asked for");
    }
}

#[test]
fn an_address_in_another_case_is_asked_for_in_both() {
    let server = omneo_of(vec![email(1), email(2)]);
    let found = Asker::new(&server.omneo(500)).fetch(&[email(1).to_uppercase()], None);
    assert_eq!(look(&found, &email(1)), Presence::One(omneo_profile(&email(1))));
    assert_eq!(found.requests, 2, "as it was sent, and as keys compare");
}

#[test]
fn a_listing_that_does_not_show_everybody_proves_nobody_absent() {
    type Lie = fn(&[String], &Seen, usize) -> Act;
    let cases: [(&str, Lie, u64, &str); 4] = [
        (
            "it shows one page for ever",
            |people, seen, _| vome_page(people, &Seen::of(&seen.line.replace("page=2", "page=1"))),
            2,
            "the target counts 250 profiles and showed 100",
        ),
        (
            "it counts more than it shows",
            |people, seen, _| {
                let Act::Answer(status, head, body) = vome_page(people, seen) else { panic!() };
                Act::Answer(status, head, body.replace("\"count\":250", "\"count\":251"))
            },
            3,
            "the target counts 251 profiles and showed 250",
        ),
        (
            "people are removed meanwhile",
            |people, seen, number| vome_page(&people[number.min(1)..], seen),
            3,
            "people were removed while the pages were read",
        ),
        (
            "it breaks off",
            |people, seen, number| match number {
                0 => vome_page(people, seen),
                _ => Act::json(500, ""),
            },
            4,
            "status 500",
        ),
    ];
    for (what, lie, requests, expected) in cases {
        let people = emails(0..250);
        let server = Server::start(move |seen, number| lie(&people, seen, number));
        let found = Asker::new(&server.vome(50)).fetch(&[email(7), email(999)], None);
        assert_eq!(found.requests, requests, "{what}");
        assert_eq!(look(&found, &email(7)), Presence::One(vome_profile(&email(7))), "{what}");
        let Presence::Unknown(why) = look(&found, &email(999)) else { panic!("{what}") };
        assert_eq!(why, expected, "{what}");
    }
}

#[test]
fn somebody_seen_on_two_pages_is_one_and_two_with_one_key_are_several() {
    let server = Server::start(|seen, number| {
        let mut people = emails(0..250);
        if number > 0 {
            people.insert(0, "new@example.org".to_owned());
        }
        vome_page(&people, seen)
    });
    let found = Asker::new(&server.vome(50)).fetch(&[email(99), email(999)], None);
    assert_eq!(look(&found, &email(99)), Presence::One(vome_profile(&email(99))));
    let Presence::Unknown(why) = look(&found, &email(999)) else { panic!("nobody was new") };
    assert_eq!(why, "the target counts 251 profiles and showed 250", "the new one was not met");
    let twins = vec![email(3), email(3).to_uppercase()];
    let server = vome_of(twins.clone());
    let found = Asker::new(&server.vome(50)).fetch(&[email(3)], None);
    let profiles = twins.iter().map(|email| vome_profile(email)).collect();
    assert_eq!(look(&found, &email(3)), Presence::Several(profiles));
}

#[test]
fn patience_is_kept_and_attempts_come_to_an_end() {
    let people = emails(0..3);
    let server = Server::start(move |seen, number| match number {
        0 => Act::Answer(429, "Retry-After: 1\r\n".into(), String::new()),
        1 => Act::Drop,
        _ => vome_page(&people, seen),
    });
    let began = Instant::now();
    let found = Asker::new(&server.vome(50)).fetch(&[email(1)], None);
    assert!(began.elapsed() >= Duration::from_secs(1), "Retry-After was not kept");
    assert_eq!((found.requests, &found.ended), (3, &None));
    assert!(matches!(look(&found, &email(1)), Presence::One(_)));

    for (status, body, requests, ended) in [
        (500, "", 3, Short::GaveUp("status 500".to_owned())),
        (200, "{\"results\"", 3, Short::GaveUp("a success without a readable body".to_owned())),
        (403, "", 1, Short::Denied("status 403".to_owned())),
        (302, "", 1, Short::Wrong("status 302".to_owned())),
        (404, "", 1, Short::Wrong("status 404".to_owned())),
        (200, "{}", 1, Short::Wrong("the answer holds no list of profiles".to_owned())),
    ] {
        let server = Server::start(move |_, _| Act::json(status, body));
        let found = Asker::new(&server.vome(50)).fetch(&[email(1)], None);
        assert_eq!((found.requests, found.ended.as_ref()), (requests, Some(&ended)), "{status}");
        assert_eq!(look(&found, &email(1)), Presence::Unknown(ended.why()), "{status}");
    }
}

#[test]
fn a_reading_is_carried_on_from_where_it_was_left() {
    let desk = Desk::new();
    let path = desk.path("readback.jsonl");
    let ill = Arc::new(AtomicBool::new(true));
    let (sick, people) = (Arc::clone(&ill), emails(0..450));
    let server = Server::start(move |seen, _| match &*query(seen)["page"] {
        "4" if sick.load(Ordering::Relaxed) => Act::json(502, ""),
        _ => vome_page(&people, seen),
    });
    let asker = Asker::new(&server.vome(50));
    let wanted = [email(5), email(449), email(999)];
    let first = asker.fetch(&wanted, Some((&path, DAY)));
    assert_eq!(first.ended, Some(Short::GaveUp("status 502".to_owned())));
    assert!(matches!(look(&first, &email(449)), Presence::Unknown(_)));
    // Torn in the middle of a line, as a killed run leaves it.
    let mut torn = std::fs::read(&path).unwrap();
    torn.extend_from_slice(b"{\"line\":\"page\",\"numb");
    std::fs::write(&path, torn).unwrap();
    ill.store(false, Ordering::Relaxed);
    let second = asker.fetch(&wanted, Some((&path, DAY)));
    assert_eq!((second.carried_on, second.requests), (3, 2), "pages 4 and 5 alone");
    assert_eq!(look(&second, &email(5)), Presence::One(vome_profile(&email(5))));
    assert_eq!(look(&second, &email(449)), Presence::One(vome_profile(&email(449))));
    assert_eq!(look(&second, &email(999)), Presence::Absent);
    let third = asker.fetch(&wanted, Some((&path, DAY)));
    assert_eq!((third.carried_on, third.requests), (5, 0), "all of it was read before");
    assert_eq!(look(&third, &email(449)), Presence::One(vome_profile(&email(449))));
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(!text.contains(&email(6)), "who is not looked for is not kept");

    let others = asker.fetch(&[email(6)], Some((&path, DAY)));
    assert_eq!((others.carried_on, others.requests), (0, 5), "other people are wanted");
    let small = Asker::new(&format!("{}page_size = 50\n", server.vome(50)));
    let found = small.fetch(&[email(6)], Some((&path, DAY)));
    assert_eq!((found.carried_on, found.requests), (0, 9), "pages of another size");
    std::thread::sleep(Duration::from_millis(1100));
    let found = small.fetch(&[email(6)], Some((&path, Duration::ZERO)));
    assert_eq!((found.carried_on, found.requests), (0, 9), "too old");
}

#[test]
fn asking_key_by_key_is_carried_on_too() {
    let desk = Desk::new();
    let path = desk.path("readback.jsonl");
    let people = emails(0..2000);
    let server = Server::start(move |seen, number| match number {
        4..=6 => Act::json(500, ""),
        _ => omneo_page(&people, seen),
    });
    let asker = Asker::new(&server.omneo(500));
    let wanted = emails(1996..2004);
    let first = asker.fetch(&wanted, Some((&path, DAY)));
    assert_eq!(first.ended, Some(Short::GaveUp("status 500".to_owned())));
    let second = asker.fetch(&wanted, Some((&path, DAY)));
    assert_eq!((second.way, second.carried_on, second.requests), (Way::Keys, 3, 5));
    for number in 1996..2004 {
        let expected = if number < 2000 {
            Presence::One(omneo_profile(&email(number)))
        } else {
            Presence::Absent
        };
        assert_eq!(look(&second, &email(number)), expected, "{number}");
    }
}

#[test]
fn a_wish_to_stop_ends_a_reading_and_the_rate_is_kept() {
    let server = vome_of(emails(0..1000));
    let recipe = server.vome(50).replace("rate = 0", "rate = 20");
    let stop = AtomicBool::new(false);
    let began = Instant::now();
    let asker = Asker::new(&recipe);
    let told = RefCell::new(Vec::new());
    let found = asker.fetch_until(&[email(999)], None, &stop, &|done, of| {
        told.borrow_mut().push((done, of));
        stop.store(done == 4, Ordering::Relaxed);
    });
    assert_eq!(found.ended, Some(Short::Interrupted));
    assert_eq!(server.seen().len(), 4);
    assert!(began.elapsed() >= Duration::from_millis(150), "four requests at twenty a second");
    assert_eq!(told.into_inner(), [(2, Some(10)), (3, Some(10)), (4, Some(10))]);
    assert!(matches!(look(&found, &email(999)), Presence::Unknown(_)));
}

// ---- queued people, through the program

/// Accepted, rejected by the target, unknown, not sent.
fn outcomes(done: &Done) -> [u64; 4] {
    let report = done.json();
    let names = ["accepted", "rejected_by_target", "unknown", "not_sent"];
    names.map(|name| report["delivery"][name].as_u64().unwrap())
}

fn unverified(done: &Done) -> u64 {
    done.json()["delivery"]["unverified"].as_u64().unwrap()
}

/// An Omneo that queues what it is sent; what it says of a batch, and whom it takes in, is decided
/// by others.
fn omneo_queue(
    batches: impl Fn() -> Act + Send + Sync + 'static,
    takes: impl Fn(&mut Value) -> bool + Send + Sync + 'static,
) -> Server {
    let stored: Mutex<Vec<Value>> = Mutex::default();
    Server::start(move |seen, _| {
        let mut stored = stored.lock().unwrap();
        if seen.line.starts_with("POST") {
            let mut body: Value = serde_json::from_slice(&seen.body).unwrap();
            for profile in body["profiles"].as_array_mut().unwrap() {
                profile["id"] = profile["email"].clone();
                if takes(profile) {
                    stored.push(profile.take());
                }
            }
            return Act::json(202, r#"{"data":{"message":"queued","batch_id":"b-1"}}"#);
        }
        if seen.line.starts_with("GET /batches/") {
            return batches();
        }
        let body = json!({"data": *stored, "links": {"next": null},
            "meta": {"total": stored.len()}});
        Act::json(200, &body.to_string())
    })
}

fn push_omneo(server: &Server, settings: &str, people: u32, code: i32) -> Done {
    let push = Import::new("push --yes --state state --format json").text("p.csv", plain(people));
    let recipe = format!("{}follow_for = 1\n{settings}", server.omneo(3));
    push.recipe(&recipe).env("OMNEO_TOKEN", KEY).expect_code(code).run()
}

fn lines(server: &Server, part: &str) -> usize {
    server.seen().iter().filter(|seen| seen.line.contains(part)).count()
}

#[test]
fn where_batches_cannot_be_asked_for_people_are_read_back() {
    for status in [404, 403] {
        let server = omneo_queue(move || Act::json(status, "{}"), |_| true);
        let done = push_omneo(&server, "", 8, 0);
        assert_eq!(outcomes(&done), [8, 0, 0, 0], "{status}");
        assert_eq!(lines(&server, "POST"), 3);
        assert_eq!(lines(&server, "GET /batches/"), 3, "each is asked for once");
        assert_eq!(lines(&server, "GET /profiles"), 1, "all of them are read back together");
        done.says("reading back 8 people");
    }
}

#[test]
fn who_is_not_found_as_sent_stays_queued_and_unverified() {
    let server = omneo_queue(
        || Act::json(404, "{}"),
        |profile| {
            let email = profile["email"].as_str().unwrap().to_owned();
            if email == "p1@example.org" {
                profile["last_name"] = json!("Somebody Else");
            }
            email != "p2@example.org"
        },
    );
    let done = push_omneo(&server, "", 5, 6);
    assert_eq!(outcomes(&done), [3, 0, 2, 0]);
    assert_eq!(unverified(&done), 2);
    assert!(
        lines(&server, "GET /profiles") > 1,
        "they are looked for again until the time is over"
    );
    let mut left = done.desk.outcomes();
    left.retain(|(_, outcome, _)| outcome == "unknown");
    assert_eq!(
        left,
        [
            (
                3,
                "unknown".to_owned(),
                "queued as b-1, unverified: read back, and last_name otherwise than sent"
                    .to_owned()
            ),
            (
                4,
                "unknown".to_owned(),
                "queued as b-1, unverified: read back, and not found".to_owned()
            ),
        ],
        "fields are named, values are not"
    );
}

#[test]
fn what_is_said_of_a_batch_at_last_counts_for_those_who_were_not_found() {
    let done = Arc::new(Mutex::new(r#"{"data":{"status":"pending"}}"#.to_owned()));
    let state = Arc::clone(&done);
    let server = omneo_queue(
        move || Act::json(200, &state.lock().unwrap()),
        |profile| {
            !["p1@example.org", "p2@example.org"].contains(&profile["email"].as_str().unwrap())
        },
    );
    let first = push_omneo(&server, "", 3, 6);
    assert_eq!(outcomes(&first), [1, 0, 2, 0]);
    let resume = |code| {
        let resume = Import::at(&first.desk, "resume --last --state state --format json");
        resume.env("OMNEO_TOKEN", KEY).expect_code(code).run()
    };
    // Who of the three has failed is not said: it need not be one of those who were not found.
    let counts = r#"{"data":{"status":"success","success_count":2,"failed_count":1,"items":[]}}"#;
    counts.clone_into(&mut done.lock().unwrap());
    assert_eq!(outcomes(&resume(6)), [1, 0, 2, 0]);
    let named = r#"{"data":{"status":"success","success_count":2,"failed_count":1,"items":[
        {"status":"failed","email":"p2@example.org","error":"The mobile is taken."}]}}"#;
    named.clone_into(&mut done.lock().unwrap());
    let last = resume(1);
    assert_eq!(outcomes(&last), [2, 1, 0, 0]);
    assert_eq!(lines(&server, "POST"), 1, "nobody is sent again");
}

#[test]
fn people_who_are_taken_in_late_are_waited_for() {
    let looks = AtomicUsize::new(0);
    let stored: Mutex<Vec<Value>> = Mutex::default();
    let server = Server::start(move |seen, _| {
        if seen.line.starts_with("POST") {
            let body: Value = serde_json::from_slice(&seen.body).unwrap();
            stored.lock().unwrap().extend(body["profiles"].as_array().unwrap().clone());
            return Act::json(200, r#"{"data":{"message":"queued"}}"#);
        }
        assert!(!seen.line.contains("batches"), "there is no id to ask for");
        let look = looks.fetch_add(1, Ordering::Relaxed);
        let stored = stored.lock().unwrap();
        let shown = &stored[..stored.len().min(look * 2)];
        Act::json(200, &json!({"data": shown, "meta": {"total": shown.len()}}).to_string())
    });
    let done = push_omneo(&server, "", 5, 0);
    assert_eq!(outcomes(&done), [5, 0, 0, 0]);
    assert_eq!(lines(&server, "POST"), 2, "what was taken is not sent again");
}

#[test]
fn a_batch_that_is_never_done_is_followed_for_its_time_and_then_read_back() {
    let server = omneo_queue(|| Act::json(200, r#"{"data":{"status":"pending"}}"#), |_| true);
    let done = push_omneo(&server, "", 8, 0);
    assert_eq!(outcomes(&done), [8, 0, 0, 0]);
    assert!(done.took >= Duration::from_millis(500), "it was not given its time");
    assert!(done.took < Duration::from_secs(20), "the second batch was waited for as long");
    assert_eq!(lines(&server, "GET /profiles"), 1);
}

#[test]
fn what_the_recipe_says_of_confirming_is_done() {
    let server = omneo_queue(|| panic!("nobody is to ask"), |_| true);
    let done = push_omneo(&server, "confirm = \"readback\"\n", 5, 0);
    assert_eq!(outcomes(&done), [5, 0, 0, 0]);
    assert_eq!(lines(&server, "GET /batches/"), 0);

    let server = omneo_queue(|| panic!("nobody is to ask"), |_| true);
    let done = push_omneo(&server, "confirm = \"none\"\n", 5, 6);
    assert_eq!((outcomes(&done), unverified(&done)), ([0, 0, 5, 0], 5));
    assert_eq!(lines(&server, "GET"), 0, "no reading either");

    let push = Import::new("push --yes --state state").text("p.csv", plain(5));
    let recipe = format!("{}confirm = \"none\"\n", server.omneo(3));
    let page = push.recipe(&recipe).env("OMNEO_TOKEN", KEY).expect_code(6).run().stdout;
    for part in ["5 people are queued, unverified", "outcomes.csv", "upsheet resume"] {
        assert!(page.contains(part), "{part}: {page}");
    }
}

#[test]
fn settings_of_reading_that_cannot_be_kept_are_refused() {
    for (recipe, part) in [
        ("[vome]\npage_size = 0\n", "[vome] page_size = 0"),
        ("[vome]\npage_size = 101\n", "[vome] page_size = 101"),
        ("target = \"omneo\"\n[omneo]\npage_size = 500\n", "[omneo] page_size = 500"),
        ("target = \"omneo\"\n[omneo]\nconfirm = \"wait\"\n", "confirm"),
    ] {
        let done = Import::new("check").text("p.csv", plain(1)).recipe(recipe).expect_code(2).run();
        done.says(part);
    }
}

#[test]
fn an_answer_that_cannot_be_read_is_settled_by_what_the_target_shows() {
    let stored: Mutex<Vec<String>> = Mutex::default();
    let server = Server::start(move |seen, _| {
        let mut stored = stored.lock().unwrap();
        if seen.line.starts_with("PUT") {
            for email in seen.emails() {
                if !stored.contains(&email) {
                    stored.push(email);
                }
            }
            return Act::json(200, r#"{"success":false}"#);
        }
        let names = |email: &String| {
            json!({"id": email, "profile_details": {"email": email, "first_name": "Ada",
                "last_name": "Larkspur"}})
        };
        let shown: Vec<Value> = stored.iter().map(names).collect();
        Act::json(200, &json!({"count": shown.len(), "next": null, "results": shown}).to_string())
    });
    let sheet =
        "First name,Last name,E-mail\nAda,Larkspur,a@example.org\nAda,Larkspur,b@example.org\n";
    let push = Import::new("push --yes --state state --format json").text("p.csv", sheet);
    let done = push.recipe(&server.vome(1)).env("VOME_API_KEY", KEY).run();
    assert_eq!(outcomes(&done), [2, 0, 0, 0]);
    assert_eq!(lines(&server, "PUT"), 2, "a success is not sent again to be read as badly");
}

#[test]
fn nobody_is_mailed_twice_who_can_be_seen_to_have_landed() {
    for (answer, puts) in [((500, ""), 4), ((200, ""), 4)] {
        let created = Created::default();
        let kept = created.clone();
        let server = Server::start(move |seen, number| {
            if !seen.line.starts_with("PUT") {
                return kept.list(seen);
            }
            // Of the first request half is lost, of the others nothing; none has a good answer.
            let emails = seen.emails();
            let half = if number == 0 { emails.len() / 2 } else { emails.len() };
            kept.add(&emails[..half]);
            Act::json(answer.0, answer.1)
        });
        let sheet = (0..6).fold("First name,Last name,E-mail\n".to_owned(), |sheet, one| {
            format!("{sheet}Ada,Larkspur,{}\n", email(one))
        });
        let push = Import::new("push --yes --expect-invites 6 --state state --format json");
        let recipe = format!("{}[vome.invite]\nenabled = true\n", server.vome(2));
        let push = push.text("p.csv", sheet).recipe(&recipe).env("VOME_API_KEY", KEY);
        let done = push.run();
        assert_eq!(outcomes(&done), [6, 0, 0, 0]);
        assert_eq!(lines(&server, "PUT"), puts, "three requests, and one person once more");
        assert!(created.is_once_each(6), "each was mailed once");
    }
}

#[test]
fn who_is_there_otherwise_than_sent_is_not_mailed_again() {
    let created = Created::default();
    let kept = created.clone();
    let mailed = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&mailed);
    let server = Server::start(move |seen, _| {
        if !seen.line.starts_with("PUT") {
            return kept.list(seen);
        }
        kept.add(&seen.emails());
        count.fetch_add(seen.emails().len(), Ordering::Relaxed);
        Act::json(200, "")
    });
    // The list shows every name as the server writes it.
    let sheet =
        "First name,Last name,E-mail\nAda,LARKSPUR,a@example.org\nAda,LARKSPUR,b@example.org\n";
    let push = Import::new("push --yes --expect-invites 2 --state state --format json");
    let recipe = format!("{}[vome.invite]\nenabled = true\n", server.vome(1));
    let push = push.text("p.csv", sheet).recipe(&recipe).env("VOME_API_KEY", KEY);
    let done = push.expect_code(6).run();
    assert_eq!(outcomes(&done), [0, 0, 2, 0]);
    let resume = Import::at(&done.desk, "resume --last --state state --format json");
    let resumed = resume.env("VOME_API_KEY", KEY).expect_code(6).run();
    assert_eq!((outcomes(&resumed), mailed.load(Ordering::Relaxed)), ([0, 0, 2, 0], 2));
}

#[test]
fn nobody_is_absent_from_a_list_that_shows_no_keys_and_from_one_that_repeats_itself() {
    for keyless in [true, false] {
        let server = Server::start(move |seen, number| {
            if seen.line.starts_with("POST") {
                return if number == 0 { Act::Drop } else { Act::fine() };
            }
            let one = json!({"id": "p-1", "profile_details": {"first_name": "Ada"}});
            let other =
                |id: &str| json!({"id": id, "profile_details": {"email": format!("{id}@x.org")}});
            let page = match (keyless, seen.line.contains("page=3")) {
                (true, _) => json!({"count": 1, "next": null, "results": [one]}),
                // The third page has somebody of the first, in place of who was sent.
                (false, true) => json!({"count": 3, "next": null, "results": [other("a")]}),
                (false, false) if seen.line.contains("page=2") => {
                    json!({"count": 3, "next": "x", "results": [other("b")]})
                }
                (false, false) => json!({"count": 3, "next": "x", "results": [other("a")]}),
            };
            Act::json(200, &page.to_string())
        });
        let push = Import::new("push --yes --state state --format json --operation create");
        let recipe = format!("{}page_size = 1\n", server.vome(1));
        let push = push.text("p.csv", plain(1)).recipe(&recipe).env("VOME_API_KEY", KEY);
        let done = push.expect_code(6).run();
        assert_eq!(outcomes(&done), [0, 0, 1, 0], "{keyless}: {}", done.stderr);
        assert_eq!(lines(&server, "POST"), 1, "{keyless}: created twice");
    }
}

// ---- the sandbox

fn push_sandbox(target: &str, variants: &[&str], people: u32, code: i32) -> Done {
    let mut push = Import::new("push --to sandbox --state state --format json")
        .text("p.csv", plain(people))
        .recipe(&format!(
            "target = \"{target}\"\n[omneo]\nfollow_for = 1\n[vome]\nbatch_size = 50\n"
        ));
    for variant in variants {
        push = push.args(&format!("--variant {variant}"));
    }
    push.expect_code(code).run()
}

#[test]
fn the_sandbox_is_read_back_in_each_of_its_variants() {
    for variants in [
        &["omneo.batches=absent"][..],
        &["omneo.batches=forbidden"],
        &["omneo.batches=pending"],
        &["omneo.batch_id=absent"],
        &["omneo.batch_id=absent", "omneo.name_case=title", "omneo.gender_shown=upper"],
        &["omneo.batches=absent", "omneo.times=iso", "omneo.birth_shown=string"],
        &["omneo.batches=absent", "omneo.queue_ms=300"],
        &["omneo.batches=absent", "omneo.page_cap=7", "omneo.over_cap=capped"],
        &["omneo.items=reversed"],
        &["omneo.items=absent"],
    ] {
        let done = push_sandbox("omneo", variants, 30, 0);
        assert_eq!(outcomes(&done), [30, 0, 0, 0], "{variants:?}");
    }
    for variants in [
        &["vome.success_body=empty"][..],
        &["vome.success_body=empty", "vome.page_cap=7", "vome.over_cap=capped"],
        &["vome.success_body=empty", "vome.links=odd"],
        &["vome.success_body=empty", "vome.links=vendor"],
    ] {
        let done = push_sandbox("vome", variants, 30, 0);
        assert_eq!(outcomes(&done), [30, 0, 0, 0], "{variants:?}");
    }
}

// ---- creations

/// Vome, creating: its `operation` with which a request may not be repeated.
#[derive(Debug)]
struct Creating(Box<dyn Target>);

impl Target for Creating {
    fn kind(&self) -> &'static target::Kind {
        self.0.kind()
    }
    fn schema(&self) -> Schema {
        self.0.schema()
    }
    fn match_field(&self) -> &str {
        self.0.match_field()
    }
    fn around(&self, used: &[Field], field: &Field) -> Around {
        self.0.around(used, field)
    }
    fn frame(&self) -> Frame {
        self.0.frame()
    }
    fn limits(&self) -> Limits {
        self.0.limits()
    }
    fn base_url(&self) -> upsheet::error::Result<String> {
        self.0.base_url()
    }
    fn credential(&self) -> Credential {
        self.0.credential()
    }
    fn interval(&self) -> Duration {
        self.0.interval()
    }
    fn request(&self) -> Request {
        Request { method: Method::Post, path: "/api/profiles/bulk-create/".to_owned() }
    }
    fn judge(&self, answer: Answer<'_>, sent: Sent<'_>) -> Verdict {
        let body: Value = serde_json::from_slice(answer.body).unwrap_or_default();
        match body["landed"].as_u64() {
            Some(landed) if usize::try_from(landed).unwrap() < sent.count() => Verdict::Unsorted {
                why: "not all of them".to_owned(),
                landed: usize::try_from(landed).unwrap(),
            },
            _ => self.0.judge(answer, sent),
        }
    }
    fn follow(&self, ticket: &str) -> Request {
        self.0.follow(ticket)
    }
    fn judge_follow(&self, answer: Answer<'_>, sent: Sent<'_>) -> Progress {
        self.0.judge_follow(answer, sent)
    }
    fn custom(&self) -> Option<target::Custom> {
        self.0.custom()
    }
    fn directory(&self) -> &dyn Directory {
        self.0.directory()
    }
    fn confirm(&self) -> Confirm {
        self.0.confirm()
    }
    fn repeatable(&self) -> bool {
        false
    }
    fn side_effects(&self) -> String {
        self.0.side_effects()
    }
    fn invites(&self) -> bool {
        self.0.invites()
    }
}

/// Nobody who watches.
struct Unwatched;

impl Watch for Unwatched {
    fn event(&self, _event: &Event<'_>) {}
}

/// Delivers these people, so many in a request, by a target that creates.
fn create(server: &Server, people: u32, size: u32) -> (Delivered, Vec<(u32, Outcome)>) {
    create_late(server, people, size, Duration::ZERO)
}

/// The same where a request without an answer may have its effect so long afterwards.
fn create_late(
    server: &Server,
    people: u32,
    size: u32,
    late: Duration,
) -> (Delivered, Vec<(u32, Outcome)>) {
    let asker = Asker::new(&server.vome(50));
    let target = Creating(asker.target);
    let desk = Desk::new();
    let mut folder = Folder::create(&desk.path("run"), false, true).unwrap();
    let numbers: Vec<u32> = (0..people).collect();
    for (chunk, number) in numbers.chunks(size as usize).zip(1..) {
        let records: Vec<Value> = chunk
            .iter()
            .map(|&one| {
                json!({"profile_data": {"first_name": "Ada", "last_name": "Larkspur",
                    "email": email(one)}})
            })
            .collect();
        let body = json!({"volunteers_data": records}).to_string().into_bytes();
        let rows = chunk.iter().map(|row| Location { row: *row, ..Location::default() }).collect();
        folder.batch(Batch { number, body: body.into(), rows, asides: Vec::new() }).unwrap();
    }
    let entries = folder.finish(&About::default()).unwrap();
    let stop = AtomicBool::new(false);
    let plan: Vec<Planned> = (1..)
        .zip(&entries)
        .map(|(number, entry)| Planned {
            number,
            file: entry.file.clone(),
            sha256: entry.sha256.clone(),
            places: entry.places.clone(),
        })
        .collect();
    let journal = Journal::create(&desk.path("run"), &journal::About::default(), &plan).unwrap();
    let pace = Pace::new(Duration::ZERO, &stop);
    let order = deliver::Order {
        folder: &desk.path("run"),
        journal: &journal,
        frame: target.frame(),
        pace: &pace,
        rules: Rules {
            attempts: 3,
            give_up_after: Duration::ZERO,
            concurrency: 1,
            canary: false,
            resend_window: DAY,
            resend_unknown: false,
            late,
            pause: Duration::from_millis(1),
        },
    };
    let mut reader = Reader::new(&target, &asker.client, &pace, 2);
    let delivered =
        deliver::deliver(&deliver::People(&target), &asker.client, &order, &mut reader, &Unwatched)
            .unwrap();
    let mut told = Vec::new();
    journal
        .each(&mut |_, places, state| {
            told.extend(places.iter().map(|at| (at.row, state.outcome.clone())));
            Ok(())
        })
        .unwrap();
    assert_eq!(told.len(), people as usize, "each has one outcome");
    (delivered, told)
}

/// What a server of creations remembers: how often each person was created.
#[derive(Clone, Default)]
struct Created(Arc<Mutex<BTreeMap<String, u32>>>);

impl Created {
    fn add(&self, emails: &[String]) {
        let mut all = self.0.lock().unwrap();
        for email in emails {
            *all.entry(email.clone()).or_default() += 1;
        }
    }

    fn list(&self, seen: &Seen) -> Act {
        let people: Vec<String> = self.0.lock().unwrap().keys().cloned().collect();
        vome_page(&people, seen)
    }

    fn is_once_each(&self, people: u32) -> bool {
        let all = self.0.lock().unwrap();
        all.len() == people as usize && all.values().all(|count| *count == 1)
    }
}

fn is_post(seen: &Seen) -> bool {
    assert!(seen.line.starts_with("GET ") || seen.line == "POST /api/profiles/bulk-create/");
    seen.line.starts_with("POST")
}

#[test]
fn a_creation_without_an_answer_is_not_sent_again_when_it_has_landed() {
    for answer in [|| Act::Drop, || Act::json(500, ""), || Act::json(200, "")] {
        let created = Created::default();
        let kept = created.clone();
        let server = Server::start(move |seen, _| {
            if !is_post(seen) {
                return kept.list(seen);
            }
            kept.add(&seen.emails());
            answer()
        });
        let (delivered, _) = create(&server, 8, 4);
        assert_eq!((delivered.tally.accepted, delivered.tally.unknown), (8, 0));
        assert!(delivered.stopped.is_none());
        assert!(created.is_once_each(8));
        assert_eq!(lines(&server, "POST"), 2);
    }
}

#[test]
fn a_creation_that_is_only_slow_is_not_sent_again() {
    for answer in [|| Act::Drop, || Act::json(504, "")] {
        let created = Created::default();
        let (kept, looks) = (created.clone(), AtomicU32::new(0));
        let server = Server::start(move |seen, _| {
            if is_post(seen) {
                // Not there yet: that comes between the first look and the second.
                return answer();
            }
            if looks.fetch_add(1, Ordering::Relaxed) == 1 {
                kept.add(&(0..4).map(email).collect::<Vec<_>>());
            }
            kept.list(seen)
        });
        let (delivered, _) = create_late(&server, 4, 4, Duration::from_secs(2));
        assert_eq!((delivered.tally.accepted, delivered.tally.retries), (4, 0));
        assert_eq!((lines(&server, "POST"), lines(&server, "GET")), (1, 2));
        assert!(created.is_once_each(4));
    }
}

#[test]
fn of_a_creation_without_an_answer_only_those_who_are_absent_are_sent_again() {
    let created = Created::default();
    let kept = created.clone();
    let server = Server::start(move |seen, number| {
        if !is_post(seen) {
            return kept.list(seen);
        }
        if number > 0 {
            kept.add(&seen.emails());
            return Act::fine();
        }
        kept.add(&seen.emails()[..3]);
        Act::Drop
    });
    let (delivered, _) = create(&server, 8, 8);
    assert_eq!((delivered.tally.accepted, delivered.tally.retries), (8, 1));
    assert!(created.is_once_each(8));
    let sent: Vec<usize> =
        server.seen().iter().filter(|seen| is_post(seen)).map(|seen| seen.emails().len()).collect();
    assert_eq!(sent, [8, 5]);
}

#[test]
fn a_creation_that_cannot_be_looked_for_is_never_sent_again() {
    for (answer, why) in [
        ((500, "no"), "no answer; not read back: status 500: no"),
        ((403, ""), "no answer; not read back: the key may not read profiles (status 403)"),
        ((200, "{}"), "no answer; not read back: the answer holds no list of profiles"),
    ] {
        let server =
            Server::start(
                move |seen, _| {
                    if is_post(seen) { Act::Drop } else { Act::json(answer.0, answer.1) }
                },
            );
        let (delivered, told) = create(&server, 8, 4);
        assert_eq!((delivered.tally.unknown, delivered.tally.not_sent), (4, 4));
        assert!(matches!(delivered.stopped, Some(Stopped::GaveUp(_))));
        assert_eq!(lines(&server, "POST"), 1, "{why}");
        let Outcome::Unknown(told) = &told[0].1 else { panic!("{told:?}") };
        assert!(told.ends_with(why.split_once("; ").unwrap().1), "{told}");
    }
}

#[test]
fn who_was_there_before_and_is_otherwise_is_not_created_again() {
    let created = Created::default();
    let kept = created.clone();
    let server = Server::start(move |seen, _| {
        if is_post(seen) {
            kept.add(&seen.emails());
            return Act::Drop;
        }
        let Act::Answer(status, head, body) = kept.list(seen) else { panic!() };
        Act::Answer(status, head, body.replace("Larkspur", "Moss"))
    });
    let (delivered, told) = create(&server, 4, 4);
    assert_eq!((delivered.tally.unknown, lines(&server, "POST")), (4, 1));
    let Outcome::Unknown(why) = &told[0].1 else { panic!("{told:?}") };
    assert!(why.ends_with("; read back, and last_name otherwise than sent"), "{why}");
}

#[test]
fn a_creation_that_never_lands_is_given_up_after_its_attempts() {
    let server =
        Server::start(|seen, _| if is_post(seen) { Act::Drop } else { vome_page(&[], seen) });
    let (delivered, told) = create(&server, 8, 4);
    assert_eq!(lines(&server, "POST"), 3, "as many as there are attempts");
    assert!(matches!(delivered.stopped, Some(Stopped::GaveUp(_))));
    assert_eq!((delivered.tally.unknown, delivered.tally.not_sent), (4, 4));
    let Outcome::Unknown(why) = &told[0].1 else { panic!("{told:?}") };
    assert!(why.ends_with("; read back, and not found"), "{why}");
}

#[test]
fn when_some_of_a_creation_landed_and_nobody_says_who_they_are_looked_for() {
    let created = Created::default();
    let kept = created.clone();
    let bad = [email(2), email(5)];
    let server = Server::start(move |seen, _| {
        if !is_post(seen) {
            return kept.list(seen);
        }
        let (good, ill): (Vec<String>, Vec<String>) =
            seen.emails().into_iter().partition(|email| !bad.contains(email));
        kept.add(&good);
        if ill.is_empty() {
            Act::fine()
        } else {
            Act::json(200, &json!({"landed": good.len()}).to_string())
        }
    });
    let (delivered, told) = create(&server, 8, 8);
    assert_eq!((delivered.tally.accepted, delivered.tally.refused), (6, 2));
    assert!(created.is_once_each(6));
    let refused: Vec<u32> = told
        .iter()
        .filter(|(_, outcome)| matches!(outcome, Outcome::Refused(_)))
        .map(|(row, _)| *row)
        .collect();
    assert_eq!(refused, [2, 5]);
}

#[test]
fn whatever_goes_wrong_nobody_is_created_twice_and_what_is_told_is_so() {
    let seeds: Vec<u64> = (0..80).collect();
    together(&seeds, |seed| nobody_is_created_twice(*seed));
}

/// The fault plan of a seed: what each request does and what it says.
fn nobody_is_created_twice(seed: u64) {
    let created = Created::default();
    let (kept, dice) = (created.clone(), Mutex::new(Dice(seed)));
    let server = Server::start(move |seen, _| {
        let mut dice = dice.lock().unwrap();
        if !is_post(seen) {
            return match dice.roll(6) {
                0 => Act::json(500, ""),
                1 => Act::Drop,
                _ => kept.list(seen),
            };
        }
        let emails = seen.emails();
        match dice.roll(8) {
            0..=2 => {
                kept.add(&emails);
                Act::fine()
            }
            3 => {
                kept.add(&emails);
                Act::Drop
            }
            4 => {
                kept.add(&emails[..emails.len() / 2]);
                Act::json(502, "")
            }
            5 => Act::Answer(429, "Retry-After: 0\r\n".into(), String::new()),
            6 => {
                kept.add(&emails[emails.len() / 2..]);
                let landed = emails.len() - emails.len() / 2;
                Act::json(200, &json!({"landed": landed}).to_string())
            }
            _ => Act::BreakOff(200, "{".to_owned()),
        }
    });
    let (delivered, told) = create(&server, 12, 4);
    let all = created.0.lock().unwrap();
    assert!(all.values().all(|count| *count == 1), "seed {seed}: {all:?}");
    for (row, outcome) in &told {
        let is_there = all.contains_key(&email(*row));
        match outcome {
            Outcome::Accepted => assert!(is_there, "seed {seed}: {row} is not there"),
            Outcome::NotSent | Outcome::Refused(_) => {
                assert!(!is_there, "seed {seed}: {row} is there");
            }
            Outcome::Unknown(_) => {}
            Outcome::Queued { .. } | Outcome::InFlight => {
                panic!("Vome queues nothing, and nobody is sent any more")
            }
        }
    }
    let Tally { accepted, refused, unknown, not_sent, .. } = delivered.tally;
    assert_eq!(accepted + refused + unknown + not_sent, 12, "seed {seed}");
}
