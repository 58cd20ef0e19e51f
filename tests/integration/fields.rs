//! Custom fields of an account: read out of its profiles, kept in a lock file, and held against what is
//! there before a push.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;

use serde_json::{Value, json};
use upsheet::sandbox::{Options, Sandbox, Tally, Variants};

use crate::common::{Desk, Done, Import};
use crate::schema::validate;
use crate::server::{Act, Server};
use crate::terminal::{clean, hostile};

const FIELDS: &str = r#"
[[fields]]
id = "f-size"
name = "T-shirt size"
type = "single_selection"
options = ["S", "M", "L"]
[[fields]]
id = "f-colours"
name = "Colours"
type = "multiple_selection"
options = ["Red", "Blue"]
[[fields]]
id = "f-crm"
name = "CRM ID"
type = "unique_id"
is_active = false
[[fields]]
id = "f-waiver"
name = "Waiver"
type = "boolean"
[[fields]]
id = "f-rare"
name = "Rare"
type = "date"
"#;

/// A sandbox with custom fields, and a recipe that leads to it.
struct Account {
    desk: Desk,
    sandbox: Sandbox,
}

impl Account {
    fn new(fields: &str) -> Self {
        let desk = Desk::new();
        let sandbox = start(&desk.path("data"), 0, fields);
        let recipe = format!("[vome]\nbase_url = \"{}\"\nrate = 0\n", sandbox.vome_url());
        desk.write("upsheet.toml", recipe);
        Self { desk, sandbox }
    }

    /// The same account after somebody has changed its fields.
    fn with(self, fields: &str) -> Self {
        let Self { desk, sandbox } = self;
        let port = sandbox.address().port();
        drop(sandbox);
        let sandbox = start(&desk.path("data"), port, fields);
        Self { desk, sandbox }
    }

    /// People who have these custom fields.
    fn people(&self, from: usize, to: usize, custom: &Value) {
        let people: Vec<Value> = (from..to).map(|number| json!({
            "profile_data": {
                "first_name": "Ada", "last_name": "Lovelace", "email": format!("ada{number}@example.org"),
            },
            "custom_field_data": custom,
        })).collect();
        let body = json!({
            "unique_identifier": {"identifier_type": 0, "unique_custom_field": ""},
            "invite_user_to_vome": false, "invite_language": null, "invite_message": null,
            "volunteers_data": people,
        });
        let answer = put(&self.sandbox, &body.to_string());
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }

    fn run(&self, line: &str) -> Import {
        Import::at(&self.desk, line).env("VOME_API_KEY", "key")
    }

    fn push(&self, csv: &str) -> Import {
        self.run("push --yes --state state").text("people.csv", csv)
    }

    fn lock(&self) -> String {
        let address = self.sandbox.vome_url();
        let lock = self.desk.read("upsheet.lock").replace(&address, "http://ADDRESS");
        let dated = lock.lines().find(|line| line.starts_with("read_on")).unwrap();
        lock.replace(dated, "read_on = \"DAY\"")
    }
}

fn start(data: &Path, port: u16, fields: &str) -> Sandbox {
    let variants: Variants = toml::from_str(fields).unwrap();
    let (vome_key, omneo_token) = ("key".to_owned(), "key".to_owned());
    Sandbox::start(Options { port, data: data.to_owned(), vome_key, omneo_token, variants })
        .unwrap()
}

/// Writes people as somebody else would, not by the program.
fn put(sandbox: &Sandbox, body: &str) -> String {
    let mut stream = TcpStream::connect(sandbox.address()).unwrap();
    let head = format!(
        "PUT /api/profiles/bulk-upsert/ HTTP/1.1\r\nHost: x\r\nAPI-KEY: key\r\nContent-Type: \
         application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(body.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

fn custom(values: &[(&str, Value)]) -> Value {
    let entry = |(id, value): &(&str, Value)| json!({"custom_field_id": id, "custom_field_user_value": value});
    values.iter().map(entry).collect()
}

/// An account in which people have values in all fields but one.
fn usual() -> Account {
    let account = Account::new(FIELDS);
    account.people(0, 50, &custom(&[("f-size", json!("M")), ("f-waiver", json!(true))]));
    account.people(50, 100, &json!([]));
    let both = [("f-colours", json!(["Blue"])), ("f-size", json!("S"))];
    account.people(100, 129, &custom(&both));
    account.people(129, 130, &custom(&[("f-crm", json!("0017"))]));
    account
}

const SIZES: &str = "E-mail,First name,Last name,T-shirt size\nada0@example.org,Ada,Lovelace,M\n";

/// The mapping of its last column.
const SIZE: &str = "T-shirt size=custom:T-shirt size";

#[test]
fn fields_are_read_from_all_pages_into_a_lock_beside_the_recipe() {
    let account = usual();
    let done = account.run("fields").run();
    assert!(done.stdout.contains("130 profiles on 2 pages, 4 custom fields"), "{}", done.stdout);
    insta::assert_snapshot!(account.lock(), @r##"
    # The custom fields of the account, as its profiles showed them. Written by `upsheet fields`, which also
    # renews it. Keep it beside the recipe: values are checked by it, and a push stops when a field that it
    # uses has changed. It holds names of fields and options, and nothing about people.
    version = 1

    [vome]
    base_url = "http://ADDRESS"
    read_on = "DAY"
    profiles = 130

    [[vome.fields]]
    id = "f-crm"
    name = "CRM ID"
    type = "unique_id"
    active = false  # not in the usual view of the account
    profiles = 1

    [[vome.fields]]
    id = "f-colours"
    name = "Colours"
    type = "multiple_selection"
    options = [
        { id = "1385e0e6-8da0-4059-932d-647d0ea8f454", value = "Red" },
        { id = "68650762-02a4-4563-b597-c9aec970eff7", value = "Blue" },
    ]
    profiles = 29

    [[vome.fields]]
    id = "f-size"
    name = "T-shirt size"
    type = "single_selection"
    options = [
        { id = "8f6f6764-cd57-4ca8-8521-a86d21eeda29", value = "S" },
        { id = "66136289-11d1-4247-b5a7-ab34b1801145", value = "M" },
        { id = "c2bca5a8-f816-401b-8443-dd81813d067a", value = "L" },
    ]
    profiles = 79

    [[vome.fields]]
    id = "f-waiver"
    name = "Waiver"
    type = "boolean"
    profiles = 50
    "##);
    let json = account.run("fields --format json").run().json();
    validate("fields.v1", &json);
    assert_eq!((&json["lock"]["written"], &json["lock"]["holds"]), (&json!(true), &json!(true)));
    assert_eq!(json["changes"], json!([]));
    assert_eq!(json["fields"][2]["options"][1]["value"], "M");
    assert_eq!(account.run("fields --check").run().stderr, "");
}

#[test]
fn a_page_for_people_says_what_is_there_and_what_is_otherwise() {
    let account = usual();
    account.run("fields").run();
    let changed = FIELDS
        .replace("name = \"CRM ID\"", "name = \"CRM number\"")
        .replace("type = \"boolean\"", "type = \"general\"")
        .replace("[\"Red\", \"Blue\"]", "[\"Blue\", \"Green\"]");
    let account = account.with(&changed);
    account.people(130, 131, &custom(&[("f-rare", json!("2026-11-26"))]));
    let before = account.lock();
    let checked = account.run("fields --check").expect_code(5).run();
    assert_eq!(account.lock(), before, "--check writes nothing");
    let json = account.run("fields --check --format json").expect_code(5).run().json();
    validate("fields.v1", &json);
    let changes: Vec<&str> = json["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["change"].as_str().unwrap())
        .collect();
    assert_eq!(changes, ["renamed", "option_gone", "option_new", "retyped", "new"]);
    let address = account.sandbox.vome_url();
    let today = jiff::Zoned::now().date().to_string();
    let shown =
        |done: &Done| done.stdout.replace(&address, "http://ADDRESS").replace(&today, "DAY");
    insta::assert_snapshot!(shown(&checked), @r#"
    Vome, http://ADDRESS: 131 profiles on 2 pages, 5 custom fields
    since DAY:
      "CRM ID" is called "CRM number" now
      "Colours" has lost its option "Red"
      "Colours" has the new option "Green"
      "Waiver" was of type boolean and is general
      "Rare" is new (date)

      CRM number    unique id           in 1 profile
      Colours       multiple selection  in 29 profiles        Blue, Green
      Rare          date                in 1 profile
      T-shirt size  single selection    in 79 profiles        S, M, L
      Waiver        general             in 50 profiles

    Vome may not show a field that nobody has a value in; declare such a one in the recipe under [[vome.custom_fields]]
    next: upsheet fields --to vome
    "#);
    let written = account.run("fields").run();
    assert!(shown(&written).ends_with("wrote upsheet.lock\n"), "{}", written.stdout);
    assert!(shown(&account.run("fields --check").run()).ends_with("says what the account has\n"));
}

#[test]
fn a_push_into_a_renamed_field_stops_before_anything_is_sent() {
    let account = usual();
    account.run("fields").run();
    let account = account.with(&FIELDS.replace("\"T-shirt size\"", "\"Hoodie size\""));
    let push = || account.push(SIZES).arg("--map").arg(SIZE);
    let stopped = push().expect_code(5).run();
    stopped
        .says("the custom fields of Vome are not what upsheet.lock of")
        .says("\"T-shirt size\" is called \"Hoodie size\" now")
        .says("upsheet fields --check --to vome");
    assert_eq!(account.sandbox.tally().updated, 0, "nothing was sent");
    assert!(account.desk.runs().is_empty(), "nothing is left");
    // Who does not use the field is not stopped.
    account.push("E-mail,First name,Last name\nada0@example.org,Ada,Byron\n").run();
    assert_eq!(account.sandbox.tally().updated, 1);
    // Nor is one who does not want to know.
    let recipe = account.desk.read("upsheet.toml");
    account.desk.write("upsheet.toml", format!("{recipe}check_fields = false\n"));
    push().run();
}

/// Files in a run folder that got no name, because their process was killed.
#[cfg(all(unix, debug_assertions))]
fn halves(desk: &Desk) -> usize {
    let names = fs::read_dir(desk.run_folder()).unwrap();
    let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.starts_with(".upsheet-")).count()
}

#[cfg(all(unix, debug_assertions))]
#[test]
fn a_resume_into_a_renamed_field_stops_wherever_the_run_was_killed() {
    let people = format!("{}ada1@example.org,Ada,Byron,L\n", SIZES.replace("Lovelace", "Byron"));
    for (point, landed) in [("after-journal", 0), ("after-end:1", 1)] {
        let account = usual();
        account.run("fields").run();
        let before = account.sandbox.tally().updated;
        let mut killed = account.push(&people).arg("--map").arg(SIZE);
        killed = killed.args("--batch-size 1 --concurrency 1");
        killed = killed.env("UPSHEET_FAIL_POINT", point);
        killed.start().wait_for_signal();
        assert_eq!(account.sandbox.tally().updated - before, landed, "{point}");
        assert!(halves(&account.desk) > 0, "{point}");
        let account = account.with(&FIELDS.replace("\"T-shirt size\"", "\"Hoodie size\""));
        let resume = || account.run("resume --last --yes --state state");
        resume()
            .expect_code(5)
            .run()
            .says("\"T-shirt size\" is called \"Hoodie size\" now")
            .says("--as-planned");
        assert_eq!(account.sandbox.tally().updated, 0, "{point}: nothing was sent");
        // Who knows what it is sends the rest all the same.
        resume().args("--as-planned").run();
        assert_eq!(account.sandbox.tally().updated, 2 - landed, "{point}");
        assert_eq!(halves(&account.desk), 0, "{point}: what was half-written is cleared away");
    }
}

#[test]
fn the_first_request_of_a_push_keeps_its_distance_from_the_look_at_the_fields() {
    let account = usual();
    account.run("fields").run();
    let recipe = account.desk.read("upsheet.toml").replace("rate = 0", "rate = 1.0");
    account.desk.write("upsheet.toml", recipe);
    let before = account.sandbox.tally().requests;
    let pushed = account.push(SIZES).arg("--map").arg(SIZE).run();
    assert_eq!(account.sandbox.tally().requests - before, 2);
    assert!(pushed.took >= std::time::Duration::from_secs(1), "{:?}", pushed.took);
}

#[test]
fn a_push_into_a_retyped_or_remade_field_stops_by_name() {
    let stopped = |fields: &str, custom: &Value, said: &str| {
        let account = usual();
        account.run("fields").run();
        let account = account.with(fields);
        account.people(0, 1, custom);
        let before = account.sandbox.tally();
        account.push(SIZES).arg("--map").arg(SIZE).expect_code(5).run().says(said);
        let reads = account.sandbox.tally().requests - before.requests;
        let after = Tally { requests: before.requests + reads, ..before };
        assert_eq!(account.sandbox.tally(), after, "nothing was sent");
    };
    let retyped = "\"T-shirt size\" was of type single selection and is general";
    stopped(&FIELDS.replace("\"single_selection\"", "\"general\""), &json!([]), retyped);
    let remade = "\"T-shirt size\" is another field now: it was f-size and is f-new";
    stopped(&FIELDS.replace("\"f-size\"", "\"f-new\""), &custom(&[("f-new", json!("M"))]), remade);
}

#[test]
fn an_option_that_is_gone_stops_only_who_sends_it() {
    let account = usual();
    account.run("fields").run();
    let account = account.with(&FIELDS.replace("[\"S\", \"M\", \"L\"]", "[\"S\", \"L\"]"));
    let push = |csv: &str| account.push(csv).arg("--map").arg(SIZE);
    push(SIZES).expect_code(5).run().says("\"T-shirt size\" has lost its option \"M\"");
    push(&SIZES.replace(",M\n", ",L\n")).run();
}

#[test]
fn a_field_that_no_profile_shows_stops_only_where_some_had_it() {
    let account = usual();
    account.run("fields").run();
    let lock = account.desk.read("upsheet.lock");
    let gone =
        "\n[[vome.fields]]\nid = \"f-gone\"\nname = \"Gone\"\ntype = \"general\"\nprofiles = ";
    let csv = "E-mail,First name,Last name,Gone\nada0@example.org,Ada,Lovelace,x\n";
    let push = || account.push(csv).arg("--map").arg("Gone=custom:Gone");
    account.desk.write("upsheet.lock", format!("{lock}{gone}3\n"));
    push()
        .expect_code(5)
        .run()
        .says("\"Gone\" is not seen: it was deleted or emptied, for 3 profiles had a value in it");
    // Renewing keeps it, as one that nobody has a value in; then a push only warns.
    account.run("fields").run();
    assert!(account.lock().contains("name = \"Gone\"\ntype = \"general\"\nprofiles = 0"));
    let checked = account.run("fields --check").run();
    assert!(checked.stdout.contains("--drop-unseen takes them out"), "{}", checked.stdout);
    account.run("fields --drop-unseen").run();
    assert!(!account.lock().contains("Gone"));
    account.desk.write("upsheet.lock", format!("{lock}{gone}0\n"));
    push()
        .run()
        .says("warning: \"Gone\" is not seen")
        .says("If it was deleted, take it out of the lock: upsheet fields")
        .says("--drop-unseen");
}

#[test]
fn a_name_that_the_lock_does_not_know_is_an_error_with_the_nearest() {
    let account = usual();
    let check = |map: &str| account.run("check").text("people.csv", SIZES).arg("--map").arg(map);
    check("T-shirt size=custom:Tshirt siez").run();
    account.run("fields").run();
    check("T-shirt size=custom:Tshirt siez")
        .expect_code(2)
        .run()
        .says("upsheet.lock of")
        .says("did you mean `custom:T-shirt size`?");
    check("T-shirt size=custom:Zebra").expect_code(2).run().says("[[vome.custom_fields]]");
    for good in ["custom:T-shirt size", "custom:t-shirt SIZE", "custom:f-size"] {
        check(&format!("T-shirt size={good}")).run();
    }
    // The lock can lie elsewhere, or be another one.
    fs::rename(account.desk.path("upsheet.lock"), account.desk.path("other.lock")).unwrap();
    check("T-shirt size=custom:Zebra").run();
    check("T-shirt size=custom:Zebra").args("--lock other.lock").expect_code(2).run();
}

#[test]
fn a_lock_that_is_wrong_or_not_there_is_told_with_its_place() {
    let account = Account::new("");
    let check = || account.run("check").text("people.csv", SIZES);
    check().args("--lock none.lock").expect_code(2).run().says("cannot read the lock file");
    account.desk.write("upsheet.lock", "version = 1\n[vome]\nbase_ulr = \"x\"\n");
    check().expect_code(2).run().says("unknown field `base_ulr`").says("upsheet.lock:3");
    account.desk.write("upsheet.lock", "version = 9\n");
    check().expect_code(2).run().says("has the form 9, this program knows 1");
    account.run("fields").expect_code(2).run();
    assert_eq!(account.desk.read("upsheet.lock"), "version = 9\n", "it is not overwritten");
}

#[test]
fn a_lock_of_another_address_stops_a_push_that_uses_it() {
    let account = usual();
    account.run("fields").run();
    let lock = account.desk.read("upsheet.lock");
    let other = lock.replace(&account.sandbox.vome_url(), "https://api.example.org");
    account.desk.write("upsheet.lock", other);
    let push = || account.push(SIZES).arg("--map").arg(SIZE);
    push().expect_code(5).run().says("was read from https://api.example.org");
    push().args("--to sandbox").run();
    account.run("fields --check").expect_code(5).run();
    account.run("fields").run();
    assert_eq!(account.desk.read("upsheet.lock"), lock);
}

#[test]
fn what_shows_no_definitions_says_so() {
    Import::new("fields --to omneo")
        .expect_code(2)
        .run()
        .says("shows no definitions of custom fields");
    Import::new("fields --to sandbox").expect_code(2).run().says("base_url");
    Import::new("fields --check").expect_code(2).run().says("write it: upsheet fields --to vome");
    Import::new("fields").expect_code(4).run().says("VOME_API_KEY");
}

/// A server that shows these pages of profiles, of which each says where the next one lies.
fn pages(pages: Vec<String>) -> Server {
    Server::start(move |seen, _| {
        let number = seen.line.split("page=").nth(1).unwrap().split('&').next().unwrap();
        let number: usize = number.parse().unwrap();
        pages.get(number - 1).map_or_else(|| Act::json(404, "{}"), |page| Act::json(200, page))
    })
}

fn recipe_for(desk: &Desk, server: &Server) {
    desk.write("upsheet.toml", format!("[vome]\nbase_url = \"{}\"\nrate = 0\n", server.url()));
}

#[test]
fn stray_shapes_are_passed_over_and_links_are_never_followed() {
    let page = |next: Value, fields: Value| {
        json!({"count": "2", "next": next, "previous": 7, "results": [{"custom_fields": fields}]})
            .to_string()
    };
    let elsewhere = json!("http://api.example.org/api/profiles/?page=99");
    let server = pages(vec![
        page(
            elsewhere,
            json!([
                null, 3, {"custom_field": []},
                {"custom_field": {"id": "a", "name": "A", "field_type": "MULTIPLE SELECTION", "options": null}},
                {"custom_field": {"id": "s", "name": "Signature", "field_type": 13}},
            ]),
        ),
        page(
            Value::Null,
            json!([
                {"custom_field": {"id": "a", "name": "A", "field_type": "3", "options": [
                    {"id": 2, "value": "Two", "order": "2"}, {"id": 1, "value": "One", "order": "1"}, "Three"]},
                 "custom_field_value": [{"value": {"id": 2, "value": "Two"}}]},
            ]),
        ),
    ]);
    let desk = Desk::new();
    recipe_for(&desk, &server);
    let done = Import::at(&desk, "fields").env("VOME_API_KEY", "key").run();
    for part in [
        "2 profiles on 2 pages",
        "multiple selection  in 1 profile          One, Two, Three",
        "\"Signature\" is of the type \"13\", which is not known",
        "3 entries for fields could not be read",
    ] {
        assert!(done.stdout.contains(part), "{part}: {}", done.stdout);
    }
    let lines: Vec<String> = server.seen().iter().map(|seen| seen.line.clone()).collect();
    assert_eq!(
        lines,
        ["GET /api/profiles/?page=1&limit=100", "GET /api/profiles/?page=2&limit=100"]
    );
    assert!(server.seen().iter().all(|seen| seen.header("API-KEY") == "key"));
    assert!(!desk.read("upsheet.lock").contains("Signature"));
}

#[test]
fn what_cannot_be_read_writes_nothing() {
    let head = "Location: http://api.example.org/\r\n";
    for (status, body, said) in [
        (401, "{}", "check the key"),
        (404, "{}", "check base_url"),
        (200, "[3", "cannot reach Vome"),
        (200, "{\"results\": 3}", "check base_url"),
    ] {
        let server = Server::start(move |_, _| Act::json(status, body));
        let desk = Desk::new();
        recipe_for(&desk, &server);
        Import::at(&desk, "fields").env("VOME_API_KEY", "key").expect_code(4).run().says(said);
        assert!(!desk.path("upsheet.lock").exists());
    }
    let server = Server::start(move |_, _| Act::Answer(302, head.to_owned(), String::new()));
    let desk = Desk::new();
    recipe_for(&desk, &server);
    Import::at(&desk, "fields").env("VOME_API_KEY", "key").expect_code(4).run();
    assert_eq!(server.seen().len(), 1, "a redirect is not followed and not asked for again");
}

#[test]
fn a_server_that_asks_for_patience_gets_it() {
    let page = json!({"count": 0, "next": null, "results": []}).to_string();
    let server = Server::start(move |_, number| {
        if number == 0 {
            Act::Answer(429, "Retry-After: 1\r\n".to_owned(), String::new())
        } else {
            Act::json(200, &page)
        }
    });
    let desk = Desk::new();
    recipe_for(&desk, &server);
    let done = Import::at(&desk, "fields").env("VOME_API_KEY", "key").run();
    assert!(done.took >= std::time::Duration::from_secs(1), "{:?}", done.took);
    assert_eq!(server.seen().len(), 2);
    assert!(done.stdout.contains("0 profiles on 1 page, 0 custom fields"), "{}", done.stdout);
}

#[cfg(unix)]
#[test]
fn a_reading_that_is_stopped_leaves_the_lock_as_it_was() {
    let page = |number: usize| {
        json!({"count": 9_000, "next": "x", "results": [{"id": number}]}).to_string()
    };
    let server = pages((0..90).map(page).collect());
    let desk = Desk::new();
    desk.write("upsheet.toml", format!("[vome]\nbase_url = \"{}\"\nrate = 2\n", server.url()));
    desk.write("upsheet.lock", "version = 1\n");
    let running = Import::at(&desk, "fields").env("VOME_API_KEY", "key").expect_code(130).start();
    running.until_it_says("of 9000 profiles");
    running.signal("INT");
    running.finish().says("interrupted");
    assert_eq!(desk.read("upsheet.lock"), "version = 1\n");
}

#[test]
fn a_push_reads_no_more_pages_than_it_takes_to_see_its_fields() {
    let shown = |id: &str, name: &str| json!({"custom_field": {"id": id, "name": name, "field_type": 0}, "custom_field_value": {"value": "x"}});
    let page = move |fields: Value| {
        json!({"count": 300, "next": "x", "results": [{"id": fields, "custom_fields": fields}]})
            .to_string()
    };
    let pages =
        [page(json!([])), page(json!([shown("f-hat", "Hat")])), page(json!([shown("f", "F")]))];
    let server = Server::start(move |seen, _| {
        let number =
            seen.line.split("page=").nth(1).map(|rest| usize::from(rest.as_bytes()[0] - b'0'));
        number.map_or_else(Act::fine, |number| Act::json(200, &pages[number - 1]))
    });
    let desk = Desk::new();
    recipe_for(&desk, &server);
    let field = |id: &str, name: &str, profiles: u32| {
        format!(
            "[[vome.fields]]\nid = \"{id}\"\nname = \"{name}\"\ntype = \"general\"\nprofiles = {profiles}\n"
        )
    };
    let lock = format!(
        "version = 1\n[vome]\nbase_url = \"{}\"\nread_on = \"2026-11-01\"\nprofiles = 300\n{}{}",
        server.url(),
        field("f-hat", "Hat", 9),
        field("f-cap", "Cap", 0)
    );
    desk.write("upsheet.lock", lock);
    let push = |column: &str| {
        let csv = format!("E-mail,First name,Last name,{column}\nada@example.org,Ada,Lovelace,x\n");
        let push = Import::at(&desk, "push --yes --state state").env("VOME_API_KEY", "key");
        let before = server.seen().len();
        let done = push
            .text("people.csv", csv)
            .arg("--map")
            .arg(format!("{column}=custom:{column}"))
            .run();
        let gets =
            server.seen().iter().skip(before).filter(|seen| seen.line.starts_with("GET")).count();
        (gets, done)
    };
    assert_eq!(push("Hat").0, 2, "it is on the second page");
    let (gets, done) = push("Cap");
    assert_eq!(gets, 1, "a field that nobody had is looked for on one page");
    done.says("warning: \"Cap\" is not seen").says("(in 1 profile)");
}

#[test]
fn a_listing_that_does_not_show_everybody_says_nothing_about_fields_that_were_not_seen() {
    let page = json!({"count": 2, "next": null, "results": [{"id": "p", "custom_fields": []}]});
    let server = pages(vec![page.to_string()]);
    let desk = Desk::new();
    recipe_for(&desk, &server);
    let lock = format!(
        "version = 1\n[vome]\nbase_url = \"{}\"\nread_on = \"2026-11-01\"\nprofiles = 2\n[[vome.fields]]\n\
         id = \"f\"\nname = \"F\"\ntype = \"general\"\nprofiles = 2\n",
        server.url()
    );
    desk.write("upsheet.lock", lock);
    let done = Import::at(&desk, "fields --drop-unseen").env("VOME_API_KEY", "key").run();
    done.says("the target counts 2 profiles and showed 1");
    let after = desk.read("upsheet.lock");
    assert!(after.ends_with("name = \"F\"\ntype = \"general\"\nprofiles = 2\n"), "{after}");
}

#[test]
fn names_and_options_of_fields_cannot_move_the_cursor() {
    let bad = hostile();
    let quoted = toml::Value::String(bad.clone()).to_string();
    let account = Account::new(&format!(
        "[[fields]]\nid = {quoted}\nname = {quoted}\ntype = \"single_selection\"\noptions = [\"a\", {quoted}]\n"
    ));
    account.people(0, 3, &custom(&[(&bad, json!(bad))]));
    for line in ["fields", "fields --check", "fields --format json"] {
        clean(line, account.run(line));
    }
    assert!(account.desk.path("upsheet.lock").exists(), "the lock was written");
    for line in [
        "template -o -",
        "template -o t.csv",
        "inspect people.csv",
        "check people.csv",
        "push --yes people.csv",
    ] {
        account.desk.write(
            "people.csv",
            format!("first_name,last_name,email,\"{bad}\"\nA,B,a@example.org,c\n"),
        );
        let run = account.run(line).env("XDG_STATE_HOME", account.desk.path("state"));
        if line == "template -o -" {
            run.start().finish_with_any_code();
        } else {
            clean(line, run);
        }
    }
    // The account has another option by now.
    let account = account.with(&format!(
        "[[fields]]\nid = {quoted}\nname = {quoted}\ntype = \"single_selection\"\noptions = [\"b\", {quoted}]\n"
    ));
    for line in ["fields --check", "fields --check --format json", "push --yes people.csv"] {
        let run = account.run(line).env("XDG_STATE_HOME", account.desk.path("state"));
        clean(line, run);
    }
}
