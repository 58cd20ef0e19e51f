//! What people are sent once their profiles have landed, and whose their ids are before they are sent:
//! over real HTTP against the sandbox of Omneo.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use serde_json::value::RawValue;
use serde_json::{Value, json};
use upsheet::readback::precheck::{Checked, Claims};
use upsheet::readback::{Order, fetch, profile_id};
use upsheet::recipe::Recipe;
use upsheet::sandbox::{Options, Sandbox, Variants};
use upsheet::target::{self, Method, Overrides, Request, Target};
use upsheet::writer::after::{
    Added, Ended, Means, Person, Words, read, send, unknown_words, words_of,
};
use upsheet::writer::api::{Client, Secret};
use upsheet::writer::files::After;
use upsheet::writer::pace::Pace;

use crate::common::{Import, until};
use crate::server::{Act, Server};

const TOKEN: &str = "omneo-token";
const DAY: Duration = Duration::from_hours(24);

/// A tenant with people, and a client of it.
struct Tenant {
    sandbox: Sandbox,
    folder: tempfile::TempDir,
    target: Box<dyn Target>,
    client: Client,
    stop: AtomicBool,
}

fn set_up(url: &str, recipe: &str) -> (Box<dyn Target>, Client) {
    let recipe = format!("[omneo]\nbase_url = {url:?}\nrate = 0.0\n{recipe}");
    let recipe = Recipe::parse(recipe, "upsheet.toml").unwrap();
    let kind = target::find("omneo").unwrap();
    let target = (kind.configure)(&recipe, &Overrides::default()).unwrap();
    let secret = Secret::new(TOKEN, "the test").unwrap();
    let client =
        Client::new(url, &target.credential(), &secret, &upsheet::writer::api::Options::default())
            .unwrap();
    (target, client)
}

fn means<'a, 'p>(client: &'a Client, pace: &'a mut Pace<'p>) -> Means<'a, 'p> {
    let (pause, within) = (Duration::from_millis(10), Duration::from_secs(20));
    Means { client, pace, attempts: 3, pause, within }
}

impl Tenant {
    fn new(variants: &[&str], recipe: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut all = Variants::default();
        for variant in variants {
            all.set(variant).unwrap();
        }
        let sandbox = Sandbox::start(Options {
            port: 0,
            data: folder.path().join("data"),
            vome_key: "vome-key".into(),
            omneo_token: TOKEN.into(),
            variants: all,
        })
        .unwrap();
        let (target, client) = set_up(&sandbox.omneo_url(), recipe);
        Self { sandbox, folder, target, client, stop: AtomicBool::new(false) }
    }

    fn get(&self, path: &str) -> Value {
        let request = Request { method: Method::Get, path: path.to_owned() };
        serde_json::from_slice(&self.client.send(&request, None).unwrap().body).unwrap()
    }

    /// Lets these people land.
    fn with(self, people: &[Value]) -> Self {
        let path = "/profiles/batch.json".to_owned();
        let body = json!({"match_criteria": "email", "profiles": people}).to_string();
        let request = Request { method: Method::Post, path };
        let reply = self.client.send(&request, Some(body.into_bytes())).unwrap();
        assert_eq!(reply.status, 202);
        until("they have landed", || self.get("/profiles")["meta"]["total"] == people.len());
        self
    }

    fn statuses(&self, email: &str) -> Value {
        self.get(&format!("/profiles?filter[email]={email}"))["data"][0]["statuses"].clone()
    }

    fn order<'a>(pace: &'a Pace<'a>, cache: Option<(&'a Path, Duration)>) -> Order<'a> {
        Order { wanted: &[], cache, pace, attempts: 3, progress: &|_, _| () }
    }

    /// The people with these addresses, by the ids that are read back, each with a status.
    fn people(&self, emails: &[&str], status: &str) -> Vec<Person> {
        let directory = self.target.directory();
        let sent: Vec<Value> = emails.iter().map(|email| json!({"email": email})).collect();
        let wanted: Vec<_> = sent.iter().filter_map(|one| directory.wanted(one)).collect();
        let pace = Pace::new(Duration::ZERO, &self.stop);
        let order = Order { wanted: &wanted, ..Self::order(&pace, None) };
        let found = fetch(self.target.as_ref(), &self.client, &order).unwrap();
        let ids = sent.iter().map(|one| profile_id(&found, directory, one).unwrap());
        let person = |(place, id): (usize, Result<String, String>)| Person {
            place,
            id: id.unwrap_or_else(|why| why),
            aside: aside(&[status]),
        };
        ids.enumerate().map(person).collect()
    }

    fn send(&self, people: &[Person], within: Duration) -> (Vec<(usize, Added)>, Option<Ended>) {
        let mut pace = Pace::new(Duration::ZERO, &self.stop);
        let mut means = Means { within, ..means(&self.client, &mut pace) };
        let mut told = Vec::new();
        let after = self.target.afterwards().unwrap();
        let ended = send(after, &mut means, people, &mut |place, added| {
            told.push((place, added));
            Ok(())
        });
        (told, ended.unwrap())
    }

    fn words(&self, used: &[&str]) -> Words {
        let mut pace = Pace::new(Duration::ZERO, &self.stop);
        let used: BTreeSet<String> = used.iter().map(|&word| word.to_owned()).collect();
        let after = self.target.afterwards().unwrap();
        unknown_words(after, &mut means(&self.client, &mut pace), &used).unwrap()
    }

    fn check(&self, sent: &[Value], cache: Option<(&Path, Duration)>) -> (usize, Checked) {
        let mut claims = Claims::of(self.target.as_ref()).unwrap();
        for (place, person) in sent.iter().enumerate() {
            claims.add(place, person);
        }
        let pace = Pace::new(Duration::ZERO, &self.stop);
        (claims.lookups(), claims.ask(&self.client, &Self::order(&pace, cache)).unwrap())
    }
}

fn aside(statuses: &[&str]) -> Box<RawValue> {
    RawValue::from_string(json!({"statuses": statuses}).to_string()).unwrap()
}

fn ann() -> Value {
    json!({"email": "ann@example.org", "statuses": ["staff"]})
}

fn bob() -> Value {
    json!({"email": "bob@example.org", "identities": [{"handle": "pos", "identifier": "0001"}]})
}

const LONG: Duration = Duration::from_secs(20);

#[test]
fn statuses_are_added_and_those_that_a_person_has_stay() {
    let tenant = Tenant::new(&[], "").with(&[ann(), bob()]);
    let people = tenant.people(&["Ann@example.org", "bob@example.org"], "vip");
    let (told, ended) = tenant.send(&people, LONG);
    assert_eq!((told, ended), (vec![(0, Added::Yes), (1, Added::Yes)], None));
    assert_eq!(tenant.statuses("ann@example.org"), json!(["staff", "vip"]));
    assert_eq!(tenant.statuses("bob@example.org"), json!(["vip"]));
    // Twice is as good as once.
    tenant.send(&people, LONG);
    assert_eq!(tenant.statuses("ann@example.org"), json!(["staff", "vip"]));
}

#[test]
fn a_profile_that_is_gone_is_refused_alone_whatever_the_report_shows() {
    for variants in [&[][..], &["omneo.items=absent"], &["omneo.items=reversed"]] {
        let tenant = Tenant::new(variants, "batch_size = 2\n").with(&[ann(), bob()]);
        let emails = ["ann@example.org", "nobody@example.org", "bob@example.org"];
        let (told, ended) = tenant.send(&tenant.people(&emails, "vip"), LONG);
        assert_eq!(ended, None);
        assert_eq!([&told[0], &told[2]], [&(0, Added::Yes), &(2, Added::Yes)], "{variants:?}");
        assert!(matches!(told[1], (1, Added::Refused(_))), "{variants:?}: {told:?}");
        assert_eq!(tenant.statuses("ann@example.org"), json!(["staff", "vip"]));
    }
}

#[test]
fn what_is_not_done_in_time_or_cannot_be_done_is_told() {
    let tenant = Tenant::new(&["omneo.status_batch=pending"], "").with(&[ann()]);
    let people = tenant.people(&["ann@example.org"], "vip");
    let (told, ended) = tenant.send(&people, Duration::from_millis(100));
    let Added::Unknown(why) = &told[0].1 else { panic!("{told:?}") };
    assert!(why.starts_with("queued as ") && why.contains("unverified"), "{why}");
    assert_eq!(ended, None);

    for (variant, part) in [
        ("omneo.status_batch=absent", "statuses_mode = \"batch\""),
        ("omneo.rights=read", "rights"),
    ] {
        let tenant = Tenant::new(&[variant], "batch_size = 1\n");
        let person = |place| Person { place, id: "p".to_owned(), aside: aside(&["vip"]) };
        let (told, ended) = tenant.send(&[person(0), person(1)], LONG);
        assert_eq!(told, [(0, Added::NotSent), (1, Added::NotSent)]);
        let Some(Ended::Stopped { help, .. }) = ended else { panic!("{ended:?}") };
        assert!(help.contains(part), "{help}");
    }
}

#[test]
fn a_request_without_an_answer_is_sent_again_and_one_of_which_nothing_is_known_says_so() {
    let server = Server::start(|_, number| match number {
        1 => Act::json(503, ""),
        2 => Act::json(202, r#"{"data":{"batch_id":"b1"}}"#),
        3 => Act::json(200, r#"{"data":{"status":"pending"}}"#),
        4 => Act::json(
            200,
            r#"{"data":{"status":"success","success_count":"1","failed_count":"0"}}"#,
        ),
        _ => Act::Drop,
    });
    let (target, client) = set_up(&server.url(), "");
    let stop = AtomicBool::new(false);
    let mut pace = Pace::new(Duration::ZERO, &stop);
    let mut means = means(&client, &mut pace);
    let person = |place| Person { place, id: "p".to_owned(), aside: aside(&["vip"]) };
    let mut run = |people: &[Person]| {
        let mut told = Vec::new();
        let ended = send(target.afterwards().unwrap(), &mut means, people, &mut |place, added| {
            told.push((place, added));
            Ok(())
        });
        (told, ended.unwrap())
    };
    assert_eq!(run(&[person(7)]), (vec![(7, Added::Yes)], None));
    let (told, ended) = run(&[person(8)]);
    assert!(matches!(told[0], (8, Added::Unknown(_))), "{told:?}");
    assert!(matches!(ended, Some(Ended::GaveUp(_))), "{ended:?}");
    let seen = server.seen();
    let posts = seen.iter().filter(|one| one.line.starts_with("POST /profile/status/batch.json"));
    assert_eq!(posts.count(), 3 + 3);
    let body: Value = serde_json::from_slice(&seen[0].body).unwrap();
    assert_eq!(body, json!({"profiles": [{"profile_id": "p", "statuses": ["vip"]}]}));
}

#[test]
fn a_status_that_the_account_does_not_have_is_told_before_anything_is_sent() {
    let known = "omneo.known_statuses=vip,staff";
    let missing = |tenant: &Tenant| tenant.words(&["gold", "staff", "vip"]);
    let only = Words { missing: vec!["gold".to_owned()], unlearned: None };
    assert_eq!(missing(&Tenant::new(&[known], "")), only);
    assert_eq!(missing(&Tenant::new(&[known, "omneo.status_list=all"], "")), only);
    assert_eq!(missing(&Tenant::new(&[], "")), Words::default(), "any handle is one");
    let refusal = only.settle("Omneo", "status").unwrap_err();
    assert!(refusal.to_string().contains("has no status \"gold\""), "{refusal}");
    for (variant, part) in [("absent", "404"), ("forbidden", "403")] {
        let tenant = Tenant::new(&[&format!("omneo.status_list={variant}")], "");
        let words = missing(&tenant);
        let warning = words.settle("Omneo", "status").unwrap().unwrap();
        assert!(warning.contains(part) && warning.contains("\"vip\""), "{warning}");
        let (unlearned, why) = words.unlearned.unwrap();
        assert!(words.missing.is_empty() && unlearned == ["gold", "staff", "vip"]);
        assert!(why.contains(part), "{why}");
    }
}

#[test]
fn the_files_of_a_build_have_statuses_apart() {
    let sheet = "Email,First name,Last name,Statuses\n\
                 ann@example.org,Ann,Lark,vip; staff\nbob@example.org,Bob,Vale,\n\
                 cy@example.org,Cy,Moss,vip\n";
    let recipe = |mode: &str| format!("target = \"omneo\"\n[omneo]\nbatch_size = 2\n{mode}");
    let build = |mode: &str| {
        let build = Import::new("build -o out --format json").text("people.csv", sheet);
        build.recipe(&recipe(mode)).run().desk
    };
    let (omneo, _) = set_up("http://127.0.0.1:9", "");
    let desk = build("");
    insta::assert_snapshot!(desk.read("out/after/00001.json"), @r#"
    [
    {"statuses":["vip","staff"]},
    null
    ]
    "#);
    assert_eq!(desk.json("out/after/00002.json"), json!([{"statuses": ["vip"]}]));
    for file in ["out/payloads/00001.json", "out/payloads/00002.json"] {
        assert!(!desk.read(file).contains("statuses"), "{file}");
    }
    let manifest = desk.json("out/manifest.json");
    assert_eq!(manifest["after"], "POST /profile/status/batch.json");
    let after = &manifest["files"][0]["after"];
    assert_eq!((&after["file"], &after["profiles"]), (&json!("after/00001.json"), &json!(1)));
    assert_eq!(after["sha256"].as_str().unwrap().len(), 64);

    let entry: After = serde_json::from_value(after.clone()).unwrap();
    let asides = read(&desk.path("out"), &entry).unwrap();
    let used = words_of(omneo.afterwards().unwrap(), asides.iter().flatten());
    assert!(used.iter().eq(["staff", "vip"]), "{used:?}");
    desk.write("out/after/00001.json", "[null,null]");
    assert!(read(&desk.path("out"), &entry).is_err(), "it was changed");

    let desk = build("statuses_mode = \"batch\"\n");
    assert!(!desk.path("out/after").exists());
    assert_eq!(desk.json("out/payloads/00001.json")["profiles"][0]["statuses"][0], "vip");
    let manifest = desk.json("out/manifest.json");
    assert_eq!((manifest.get("after"), manifest["files"][0].get("after")), (None, None));
}

#[test]
fn a_status_is_not_cleared_by_what_only_adds() {
    let sheet = "Email,First name,Last name,Statuses\nann@example.org,Ann,Lark,<clear>\n";
    let recipe = "target = \"omneo\"\n[policy]\nclear_word = \"<clear>\"\n";
    let check = Import::new("check --format json").text("people.csv", sheet).recipe(recipe);
    let done = check.expect_code(1).run();
    let report = done.json();
    assert!(crate::common::found(&report).contains(&(2, "clear-refused")), "{report}");
}

/// Somebody in a sheet with a number of the till.
fn sheet(email: &str, number: &str) -> Value {
    json!({"email": email, "identities": [{"handle": "pos", "identifier": number}]})
}

#[test]
fn an_identity_of_another_profile_is_told_before_anybody_is_sent() {
    // By all profiles on one page, and one by one.
    for size in [100, 1] {
        let recipe = format!("page_size = {size}\n");
        let others = (0..8).map(|one| json!({"email": format!("p{one}@example.org")}));
        let all: Vec<Value> = others.chain([bob()]).collect();
        let tenant = Tenant::new(&[], &recipe).with(&all);
        let sent = [
            sheet("ann@example.org", "0001"),
            sheet("Bob@Example.org", "0001"),
            sheet("cy@example.org", "9"),
            json!({"email": "dee@example.org"}),
        ];
        let (lookups, checked) = tenant.check(&sent, None);
        assert_eq!(lookups, 2, "one for each identity");
        let id = tenant.get("/profiles?filter[email]=bob@example.org")["data"][0]["id"].clone();
        let id = id.as_str().unwrap();
        let why = format!("identity pos 0001 belongs to another profile ({id})");
        assert_eq!(checked.conflicts, [(0, why)], "pages of {size}");
        assert_eq!((checked.unknown, checked.doubt), (0, None));
        assert_eq!(tenant.sandbox.tally().updated, 0, "nothing was sent");
    }
}

#[test]
fn a_check_of_identities_carries_on_from_where_it_was() {
    let tenant = Tenant::new(&[], "").with(&[ann(), bob()]);
    let path = tenant.folder.path().join("precheck.jsonl");
    let sent = [sheet("ann@example.org", "0001"), sheet("cy@example.org", "9")];
    let first = tenant.check(&sent, Some((&path, DAY))).1;
    let again = tenant.check(&sent, Some((&path, DAY))).1;
    assert!(first.requests > 0 && again.requests == 0, "{first:?} {again:?}");
    assert_eq!((first.conflicts.len(), first.conflicts), (1, again.conflicts));
}

#[test]
fn a_target_that_cannot_be_asked_for_identities_is_not_taken_to_have_none() {
    let doubt = |variants: &[&str], people: &[Value]| {
        let tenant = Tenant::new(variants, "page_size = 1\n").with(people);
        let began = Instant::now();
        let checked = tenant.check(&[sheet("cy@example.org", "9")], None).1;
        assert!(checked.conflicts.is_empty() && began.elapsed() < LONG);
        checked.doubt
    };
    assert_eq!(doubt(&[], &[ann(), bob()]), None);
    let why = doubt(&["omneo.search_id=absent"], &[ann(), bob()]).unwrap();
    assert!(why.contains("does not even find a profile that it lists"), "{why}");

    let empty = Tenant::new(&["omneo.search_id=absent"], "");
    let checked = empty.check(&[sheet("cy@example.org", "9")], None).1;
    assert_eq!(checked.doubt, None, "where there is nobody, nobody has an identity");

    let tenant = Tenant::new(&["omneo.rights=none"], "");
    let checked = tenant.check(&[sheet("cy@example.org", "9")], None).1;
    assert_eq!(checked.unknown, 1);
    assert!(checked.doubt.unwrap().contains("may not read"));
}
