//! What people are sent once their profiles have landed, and whose their ids are before they are sent:
//! over real HTTP against the sandbox of Omneo.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use upsheet::readback::Order;
use upsheet::readback::precheck::{Checked, Claims};
use upsheet::recipe::Recipe;
use upsheet::sandbox::{Options, Sandbox, Variants};
use upsheet::target::{self, Method, Overrides, Request, Target};
use upsheet::writer::after::{Asking, Words, read, unknown_words, words_of};
use upsheet::writer::api::{Client, Secret};
use upsheet::writer::files::After;
use upsheet::writer::pace::Pace;

use crate::common::{Desk, Done, Import, until};
use crate::server::{Act, Seen, Server};

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

    fn order<'a>(pace: &'a Pace<'a>, cache: Option<(&'a Path, Duration)>) -> Order<'a> {
        Order { wanted: &[], cache, pace, attempts: 3, progress: &|_, _| () }
    }

    fn words(&self, used: &[&str]) -> Words {
        let pace = Pace::new(Duration::ZERO, &self.stop);
        let used: BTreeSet<String> = used.iter().map(|&word| word.to_owned()).collect();
        let asking = Asking { client: &self.client, pace: &pace, attempts: 3 };
        unknown_words(self.target.afterwards().unwrap(), &asking, &used).unwrap()
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

fn ann() -> Value {
    json!({"email": "ann@example.org", "statuses": ["staff"]})
}

fn bob() -> Value {
    json!({"email": "bob@example.org", "identities": [{"handle": "pos", "identifier": "0001"}]})
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
        assert!(checked.conflicts.is_empty() && began.elapsed() < Duration::from_secs(20));
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

/// A push to the sandbox of a desk, whose recipe has these lines for Omneo.
fn push(desk: &Desk, sheet: &str, omneo: &str, args: &str) -> Import {
    desk.write("people.csv", format!("Email,First name,Last name,{sheet}"));
    let rate = if omneo.contains("rate") { "" } else { "rate = 0.0\n" };
    let till = "[columns]\nTill = \"identities.pos\"\n";
    let columns = if sheet.starts_with("Till") { till } else { "" };
    let recipe = format!("target = \"omneo\"\n{columns}[omneo]\n{omneo}{rate}");
    let push = Import::at(desk, "push people.csv --to sandbox --sandbox-data data");
    let state = if args.contains("--state") { "" } else { "--state state" };
    push.args(state).args(args).recipe(&recipe)
}

fn resume(desk: &Desk) -> Import {
    Import::at(desk, "resume --state state --format json").arg(desk.run_folder())
}

const TWO: &str = "Statuses\nann@example.org,Ann,Lark,vip\nbob@example.org,Bob,Vale,vip; gold\n";

/// The statuses of everybody in the sandbox, by address; nothing while there is no sandbox.
fn statuses(desk: &Desk) -> BTreeMap<String, Vec<String>> {
    let look = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
    let db = rusqlite::Connection::open_with_flags(desk.path("data/sandbox.sqlite"), look);
    let Ok(db) = db else { return BTreeMap::new() };
    let Ok(mut bodies) = db.prepare("SELECT body FROM profile WHERE target = 'omneo'") else {
        return BTreeMap::new();
    };
    let bodies = bodies.query_map([], |row| row.get::<_, String>(0)).unwrap();
    let person = |body: rusqlite::Result<String>| {
        let body: Value = serde_json::from_str(&body.unwrap()).unwrap();
        let list = body["statuses"].as_array().cloned().unwrap_or_default();
        let list = list.iter().map(|one| one.as_str().unwrap().to_owned());
        (body["email"].as_str().unwrap().to_owned(), list.collect())
    };
    bodies.map(person).collect()
}

/// How many requests to such a path the sandbox has met.
fn requests(desk: &Desk, part: &str) -> i64 {
    let db = rusqlite::Connection::open(desk.path("data/sandbox.sqlite")).unwrap();
    let sql = "SELECT count(*) FROM request WHERE instr(path, ?1) > 0";
    db.query_row(sql, [part], |row| row.get(0)).unwrap()
}

fn expected(ann: &[&str], bob: &[&str]) -> BTreeMap<String, Vec<String>> {
    let list = |statuses: &[&str]| statuses.iter().map(|&one| one.to_owned()).collect();
    let of = |email: &str, statuses| (email.to_owned(), list(statuses));
    BTreeMap::from([of("ann@example.org", ann), of("bob@example.org", bob)])
}

/// What a report says of that which is sent afterwards.
fn after(done: &Done) -> [u64; 4] {
    let report = done.json();
    let count = |name: &str| report["delivery"]["after"][name].as_u64().unwrap();
    ["added", "refused", "unknown", "not_sent"].map(count)
}

#[test]
fn a_push_adds_statuses_and_takes_none_away() {
    let desk = Desk::new();
    let first = "Statuses\nann@example.org,Ann,Lark,staff\nbob@example.org,Bob,Vale,\n";
    let done = push(&desk, first, "", "--format json").run();
    assert_eq!(after(&done), [1, 0, 0, 0], "who has none is sent none");
    let done = push(&desk, TWO, "", "").run();
    assert_eq!(statuses(&desk), expected(&["staff", "vip"], &["gold", "vip"]));
    assert!(done.stdout.contains("all 2 people have been imported"), "{}", done.stdout);
    let sums = "  2  added\n  0  rejected by Omneo\n  0  unknown\n  0  not sent\n  ─\n  2  with statuses\n";
    assert!(done.stdout.contains(sums), "{}", done.stdout);
    // Twice is as good as once.
    push(&desk, TWO, "batch_size = 1\n", "").run();
    assert_eq!(statuses(&desk), expected(&["staff", "vip"], &["gold", "vip"]));
}

#[test]
fn where_nobody_has_a_status_nothing_more_is_asked() {
    let desk = Desk::new();
    let sheet = "Statuses\nann@example.org,Ann,Lark,\nbob@example.org,Bob,Vale,\n";
    let done = push(&desk, sheet, "", "--format json").run();
    assert_eq!(done.json()["delivery"]["after"], Value::Null);
    assert_eq!(requests(&desk, "status"), 0);
    assert_eq!(requests(&desk, "/profiles?"), 0, "and nobody is read back");
}

#[test]
fn a_status_that_the_account_does_not_have_stops_a_push_before_anybody_is_sent() {
    let desk = Desk::new();
    let known = "--variant omneo.known_statuses=vip";
    let done = push(&desk, TWO, "", known).expect_code(5).run();
    done.says("Omneo has no status \"gold\"").says("Nothing was sent");
    assert_eq!((statuses(&desk).len(), requests(&desk, "batch")), (0, 0));
    assert!(desk.runs().is_empty(), "nothing of it need be kept");

    let args = format!("{known} --variant omneo.status_list=forbidden");
    let done = push(&desk, TWO, "", &args).run();
    done.says("warning: whether Omneo has each status that is sent was not learned");
    assert_eq!(statuses(&desk), expected(&["vip"], &["vip"]), "it goes on");
}

#[test]
fn statuses_that_are_not_known_to_be_added_are_told_and_a_resume_adds_them() {
    let desk = Desk::new();
    let pending = "--variant omneo.status_batch=pending";
    let done = push(&desk, TWO, "follow_for = 1\n", pending).expect_code(6).run();
    assert!(done.stdout.contains("2 people have landed whose statuses are not known to be added"));
    assert!(!done.stdout.contains("have been imported"), "{}", done.stdout);
    assert!(done.stdout.contains("Carry on: upsheet resume"), "{}", done.stdout);
    let outcomes = desk.outcomes();
    let (row, outcome, reason) = &outcomes[0];
    assert_eq!((*row, outcome.as_str()), (2, "accepted"));
    assert!(reason.starts_with("statuses not known to be added: queued as "), "{reason}");
    let results = Import::at(&desk, "results --state state").arg(desk.run_folder()).run();
    let lines: Vec<&str> = results.stdout.lines().collect();
    assert!(lines.iter().any(|line| line.split_whitespace().eq(["unknown", "2"])), "{lines:?}");
    assert_eq!(statuses(&desk), expected(&[], &[]));

    let done = resume(&desk).run();
    assert_eq!(after(&done), [2, 0, 0, 0]);
    assert_eq!(statuses(&desk), expected(&["vip"], &["gold", "vip"]));
    assert_eq!(desk.outcomes()[0], (2, "accepted".to_owned(), String::new()));
    assert_eq!(requests(&desk, "/profiles/batch.json"), 2, "nobody who has landed is sent again");
}

#[test]
fn a_run_whose_statuses_could_not_be_sent_is_carried_on_where_it_was() {
    let desk = Desk::new();
    let absent = "--variant omneo.status_batch=absent --format json";
    let done = push(&desk, TWO, "", absent).expect_code(4).run();
    done.says("statuses_mode = \"batch\"");
    assert_eq!(after(&done), [0, 0, 0, 2]);
    let (_, outcome, reason) = desk.outcomes().remove(1);
    assert_eq!((outcome.as_str(), reason.as_str()), ("accepted", "statuses not added: not sent"));
    assert_eq!(after(&resume(&desk).run()), [2, 0, 0, 0]);
    assert_eq!(statuses(&desk), expected(&["vip"], &["gold", "vip"]));
    assert_eq!(requests(&desk, "/profiles/batch.json"), 2);
}

#[test]
fn a_push_that_is_killed_when_people_have_landed_gives_them_their_statuses_when_it_is_resumed() {
    let desk = Desk::new();
    // Slowly, so that there is time between the legs; it must come out well wherever the kill falls.
    let running = push(&desk, TWO, "rate = 2.0\n", "").start();
    until("all have landed", || statuses(&desk).len() == 2);
    running.signal("KILL");
    drop(running);
    assert_eq!(after(&resume(&desk).run()), [2, 0, 0, 0]);
    assert_eq!(statuses(&desk), expected(&["vip"], &["gold", "vip"]));
    let outcomes = desk.outcomes();
    assert!(outcomes.iter().all(|one| (one.1.as_str(), one.2.as_str()) == ("accepted", "")));
}

/// A tenant with Ann and Bob, that does with a batch of statuses, by its number, what a script says.
fn scripted(script: impl Fn(usize) -> Act + Send + Sync + 'static) -> Server {
    let posts = std::sync::atomic::AtomicUsize::new(0);
    Server::start(move |seen, _| {
        let path = seen.line.split_once(' ').unwrap().1;
        let done = |count: &str| {
            let data = json!({"status": "success", "success_count": count, "failed_count": "0"});
            Act::json(200, &json!({"data": data}).to_string())
        };
        match path.split_once('?').map_or(path, |(path, _)| path) {
            "/statuses" => Act::json(200, r#"{"data":[{"handle":"vip"},{"handle":"gold"}]}"#),
            "/profiles/batch.json" => Act::json(202, r#"{"data":{"batch_id":"people"}}"#),
            "/batches/people" => done("2"),
            "/batches/one" => done("1"),
            "/profile/status/batch.json" => {
                script(posts.fetch_add(1, std::sync::atomic::Ordering::Relaxed))
            }
            _ => {
                let person = |id: &str, name: &str| json!({"id": id, "email": format!("{name}@example.org")});
                let list = [person("p1", "ann"), person("p2", "bob")];
                Act::json(200, &json!({"data": list, "meta": {"total": 2}}).to_string())
            }
        }
    })
}

fn push_scripted(desk: &Desk, server: &Server, code: i32) -> Done {
    desk.write("people.csv", format!("Email,First name,Last name,{TWO}"));
    let push = Import::at(desk, "push people.csv --yes --state state --format json");
    push.recipe(&server.omneo(500)).env("OMNEO_TOKEN", TOKEN).expect_code(code).run()
}

fn status_bodies(server: &Server) -> Vec<Value> {
    let is_batch = |seen: &&Seen| seen.line.starts_with("POST /profile/status/batch.json");
    let body = |seen: &Seen| serde_json::from_slice(&seen.body).unwrap();
    server.seen().iter().filter(is_batch).map(body).collect()
}

#[test]
fn a_profile_that_is_refused_its_statuses_is_told_and_the_others_get_theirs() {
    let server = scripted(|number| match number {
        0 => Act::json(429, ""),
        1 => Act::json(422, r#"{"errors":{"profiles.0.profile_id":["is of no profile"]}}"#),
        _ => Act::json(202, r#"{"data":{"batch_id":"one"}}"#),
    });
    let desk = Desk::new();
    let done = push_scripted(&desk, &server, 1);
    assert_eq!(after(&done), [1, 1, 0, 0]);
    let ann = json!({"profile_id": "p1", "statuses": ["vip"]});
    let bob = json!({"profile_id": "p2", "statuses": ["vip", "gold"]});
    let both = json!({"profiles": [ann, bob.clone()]});
    assert_eq!(status_bodies(&server), [both.clone(), both, json!({"profiles": [bob]})]);
    let outcomes = desk.outcomes();
    assert!(outcomes[0].2.starts_with("statuses not added: "), "{outcomes:?}");
    assert_eq!(outcomes[1], (3, "accepted".to_owned(), String::new()));
    Import::at(&desk, "results --state state").arg(desk.run_folder()).run();
    let failed = desk.read(desk.run_folder().join("results/failed.csv"));
    assert!(failed.contains("ann@example.org") && !failed.contains("bob@"), "{failed}");
}

#[test]
fn statuses_of_which_nothing_was_answered_are_sent_again_and_then_told_as_unknown() {
    let server = scripted(|_| Act::Drop);
    let desk = Desk::new();
    let done = push_scripted(&desk, &server, 6);
    assert_eq!(after(&done), [0, 0, 2, 0]);
    assert_eq!(status_bodies(&server).len(), 5, "as often as `attempts` says");
    assert_eq!(done.json()["delivery"]["accepted"], 2);
}

#[test]
fn who_has_an_identity_of_another_profile_is_not_sent_and_the_others_are() {
    let desk = Desk::new();
    push(&desk, "Till\nbob@example.org,Bob,Vale,0001\n", "", "").run();
    let sheet = "Till\nann@example.org,Ann,Lark,0001\ncy@example.org,Cy,Moss,9\n";
    let done = push(&desk, sheet, "", "--state other").expect_code(1).run();
    done.says("asking whose the identities of the input are: 2 look-ups at the most");
    assert!(done.stdout.contains("not sent: identity pos 0001 belongs to another profile"));
    let people = statuses(&desk);
    assert!(people.contains_key("cy@example.org") && !people.contains_key("ann@example.org"));
    // Without the check it is the tenant that refuses.
    let asked = requests(&desk, "search-id");
    let off = push(&desk, sheet, "identity_precheck = false\n", "--state third");
    let done = off.expect_code(1).run();
    assert!(!done.stdout.contains("not sent: identity"), "{}", done.stdout);
    assert_eq!(requests(&desk, "search-id"), asked);
}
