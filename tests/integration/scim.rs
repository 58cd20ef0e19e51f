//! SCIM: people of an identity provider's export become users of a server that behaves as the standard
//! says, in each way that it leaves open.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use upsheet::sandbox::{Options, Sandbox, Variants};

use crate::common::{Desk, Done, Import, together, until};
use crate::server::{Act, STEADY, Seen, Server};

const RECIPE: &str =
    "target = \"scim\"\n[scim]\nbase_url = \"https://people.example.org/scim/v2\"\n";
const CORE: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// What the sandbox holds: user name to id and attributes.
fn users(desk: &Desk) -> BTreeMap<String, (String, Value)> {
    let db = rusqlite::Connection::open(desk.path("data/sandbox.sqlite")).unwrap();
    let sql = "SELECT id, body FROM profile WHERE target = 'scim' ORDER BY seq";
    let mut statement = db.prepare(sql).unwrap();
    let rows = statement
        .query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))
        .unwrap();
    let users = rows.map(|row| {
        let (id, body) = row.unwrap();
        let body: Value = serde_json::from_str(&body).unwrap();
        (body["userName"].as_str().unwrap().to_owned(), (id, body))
    });
    users.collect()
}

/// A sheet of so many people who have a name and nothing else.
fn sheet(people: u32) -> String {
    let rows: Vec<String> = (1..=people).map(|n| format!("user{n:03},Ada,Larkspur\n")).collect();
    format!("userName,First name,Last name\n{}", rows.concat())
}

fn push(desk: &Desk, recipe: &str, more: &str, code: i32) -> Done {
    let push = Import::at(desk, "push --to sandbox --state state --sandbox-data data");
    let push = push.args("--format json people.csv").args(more);
    push.recipe(&format!("{RECIPE}{recipe}")).expect_code(code).run()
}

/// Accepted, refused, unknown, not sent.
fn delivery(done: &Done) -> [u64; 4] {
    let names = ["accepted", "rejected_by_target", "unknown", "not_sent"];
    names.map(|name| done.json()["delivery"][name].as_u64().unwrap())
}

#[test]
fn an_export_of_an_identity_provider_becomes_users_and_no_second_time() {
    let desk = Desk::new();
    for (code, expected) in [(0, [5, 0, 0, 0]), (1, [0, 5, 0, 0])] {
        let push = Import::at(&desk, "push --to sandbox --state state --sandbox-data data");
        let push = push.args("--format json --recipe directory/upsheet.toml");
        desk.fixture("directory/upsheet.toml");
        let done = push.file("directory/people.csv").expect_code(code).run();
        assert_eq!(delivery(&done), expected);
    }
    let users = users(&desk);
    assert_eq!(users.len(), 5);
    assert_eq!(
        users["ada.larkspur@example.org"].1,
        json!({
            "schemas": [CORE, ENTERPRISE],
            "userName": "ada.larkspur@example.org",
            "name": {"familyName": "Larkspur", "givenName": "Ada", "middleName": "Joy",
                "honorificPrefix": "Dr"},
            "displayName": "Ada Larkspur", "nickName": "Addie", "title": "Engineer",
            "userType": "Employee", "preferredLanguage": "en-AU", "locale": "en-AU",
            "timezone": "Australia/Sydney",
            "emails": [
                {"type": "work", "primary": true, "value": "ada.larkspur@example.org"},
                {"type": "home", "value": "ada@example.net"}],
            "phoneNumbers": [
                {"type": "work", "value": "+61255501234"},
                {"type": "mobile", "value": "+61491570006"}],
            "addresses": [{"type": "work", "streetAddress": "1 Elm St", "locality": "Sydney",
                "region": "NSW", "postalCode": "2000", "country": "AU"}],
            ENTERPRISE: {"employeeNumber": "00017", "costCenter": "C-7",
                "organization": "Example", "division": "North", "department": "Research"},
        })
    );
    assert_eq!(users["mei"].1["addresses"][0]["postalCode"], "07102");
    assert_eq!(users["karl.pinewood@example.org"].1["emails"].as_array().unwrap().len(), 1);
    let runs = desk.runs();
    let reasons = std::fs::read_to_string(runs[1].join("outcomes.csv")).unwrap();
    assert_eq!(reasons.matches("already there").count(), 5, "{reasons}");
}

#[test]
fn the_payload_of_the_export_is_this() {
    let build = Import::new("build -o out").file("directory/people.csv").recipe(RECIPE);
    let desk = build.run().desk;
    assert_eq!(desk.json("out/manifest.json")["request"], "POST /Bulk");
    let payload = desk.json("out/payloads/00001.json");
    insta::assert_snapshot!(serde_json::to_string_pretty(&payload).unwrap());
}

#[test]
fn whatever_the_standard_leaves_open_everybody_lands_once() {
    let cases = [
        ("--variant scim.order=reversed", ""),
        ("--variant scim.status_form=number", ""),
        ("--variant scim.order=reversed --variant scim.status_form=object", ""),
        ("--variant scim.strain=later", ""),
        ("--variant scim.strain=fails", ""),
        ("--variant scim.strain=silent --variant scim.order=reversed", ""),
        ("--variant scim.most_operations=3", ""),
        ("--variant scim.most_bytes=900", ""),
        ("--variant scim.work=deferred", ""),
        ("--variant scim.work=deferred --variant scim.page_cap=10", "page_size = 10"),
        ("--variant scim.rate_limit=2 --variant scim.rate_window_ms=100", ""),
    ];
    together(&cases, |(variants, recipe)| {
        let desk = Desk::new();
        desk.write("people.csv", sheet(25));
        let done = push(&desk, &format!("batch_size = 10\n{recipe}\n"), variants, 0);
        assert_eq!(delivery(&done), [25, 0, 0, 0], "{variants}");
        assert_eq!(users(&desk).len(), 25, "{variants}");
    });
}

#[test]
fn a_person_whom_the_server_cannot_take_is_named_and_holds_nobody_up() {
    let desk = Desk::new();
    desk.write("people.csv", "userName,Photo URL\nada,https://example.org/a.png\nADA,\nzoe,\n");
    // Two spellings of one name are one person: the file itself is refused for it.
    let done = push(&desk, "", "", 1);
    assert_eq!(delivery(&done), [2, 0, 0, 0]);
    let codes = done.json()["findings"].to_string();
    assert!(codes.contains("\"duplicate\""), "{codes}");
    desk.write("people.csv", "userName\notis\nAda\nmei\n");
    let done = push(&desk, "", "", 1);
    assert_eq!(delivery(&done), [2, 1, 0, 0]);
    let refused = std::fs::read_to_string(desk.runs()[1].join("outcomes.csv")).unwrap();
    assert!(refused.contains("userName is in use. (uniqueness)"), "{refused}");
}

#[test]
fn a_server_without_bulk_requests_is_told_from_a_wrong_address() {
    let desk = Desk::new();
    desk.write("people.csv", sheet(3));
    let done = push(&desk, "", "--variant scim.bulk=absent", 4);
    done.says("Bulk requests are not supported").says("bulk.supported");
    assert!(users(&desk).is_empty());
}

#[test]
fn people_are_changed_by_the_id_that_the_server_gave_them() {
    let desk = Desk::new();
    desk.write("people.csv", "userName,Title,Email\nada,Engineer,ada@example.org\nzoe,Nurse,\n");
    push(&desk, "", "", 0);
    let before = users(&desk);
    let rows: String = ["ada", "zoe"].map(|name| format!("{},Chief\n", before[name].0)).concat();
    desk.write("people.csv", format!("id,Title\n{rows}no-such-id,Chief\n"));
    let update = "operation = \"update\"\n";
    let done = push(&desk, update, "", 1);
    assert_eq!(delivery(&done), [2, 1, 0, 0]);
    let after = users(&desk);
    assert_eq!(after["ada"].0, before["ada"].0);
    assert_eq!(after["ada"].1["title"], "Chief");
    assert_eq!(after["ada"].1["emails"], before["ada"].1["emails"], "what is not sent is kept");

    // A server that cannot change in part says so for each; all of a person may go instead.
    desk.write("people.csv", format!("id,Title,userName\n{},Baker,ada\n", before["ada"].0));
    let done = push(&desk, update, "--variant scim.patch=absent", 1);
    assert_eq!(delivery(&done), [0, 1, 0, 0]);
    let done = push(&desk, "operation = \"update\"\nupdate_with = \"put\"\n", "", 0);
    assert_eq!(delivery(&done), [1, 0, 0, 0]);
    let last = users(&desk);
    assert_eq!(last["ada"].1["title"], "Baker");
    assert_eq!(last["ada"].1.get("emails"), None, "PUT is all of a person");
}

#[test]
fn a_push_that_was_killed_can_be_repeated_and_creates_nobody_twice() {
    let desk = Desk::new();
    let sandbox = Sandbox::start(Options {
        port: 0,
        data: desk.path("data"),
        vome_key: String::new(),
        omneo_token: "sandbox".to_owned(),
        variants: Variants::default(),
    });
    let url = sandbox.as_ref().unwrap().url_of("scim").unwrap();
    desk.write("people.csv", sheet(60));
    let push = |url: &str, rate: u32, code: i32| {
        let recipe = format!(
            "target = \"scim\"\n[scim]\nbase_url = \"{url}\"\nbatch_size = 1\nrate = {rate}\n"
        );
        let push = Import::at(&desk, "push people.csv --yes --state state --format json");
        push.recipe(&recipe).env("SCIM_TOKEN", "sandbox").expect_code(code)
    };
    let first = push(&url, 50, 0).start();
    until("some have landed", || users(&desk).len() >= 5);
    first.signal("KILL");
    drop(first);
    let landed = users(&desk).len() as u64;
    assert!(landed < 60, "it was too late to kill it");
    let done = push(&url, 0, 1).run();
    let [accepted, refused, unknown, not_sent] = delivery(&done);
    assert_eq!((accepted + refused, unknown, not_sent), (60, 0, 0));
    assert!(refused >= landed, "those who were there are told");
    assert_eq!(users(&desk).len(), 60);
}

/// A server of the standard that lets a script meddle: what it does with the request of a number, if
/// it does not answer as it should.
fn server(meddle: impl Fn(&Seen, usize) -> Option<Act> + Send + Sync + 'static) -> Server {
    Server::start(move |seen, number| {
        meddle(seen, number).unwrap_or_else(|| {
            let body: Value = serde_json::from_slice(&seen.body).unwrap_or_default();
            let operations = body["Operations"].as_array().cloned().unwrap_or_default();
            let answers: Vec<Value> = operations
                .iter()
                .map(|one| json!({"method": "POST", "bulkId": one["bulkId"], "status": "201"}))
                .collect();
            Act::json(200, &json!({"Operations": answers}).to_string())
        })
    })
}

fn push_to(server: &Server, people: u32, code: i32) -> Done {
    let url = server.url();
    let recipe = format!(
        "target = \"scim\"\n{STEADY}timeout = \"4s\"\n[scim]\nbase_url = \"{url}/scim/v2\"\nbatch_size = 10\nrate = 0\n"
    );
    let push = Import::new("push --yes --state state --format json").recipe(&recipe);
    let push = push.text("people.csv", sheet(people)).env("SCIM_TOKEN", "s3cret");
    push.expect_code(code).run()
}

#[test]
fn requests_are_those_of_the_standard() {
    let server = server(|_, _| None);
    let done = push_to(&server, 11, 0);
    assert_eq!(delivery(&done), [11, 0, 0, 0]);
    let seen = server.seen();
    assert_eq!(seen.len(), 2, "a request of one person is one as well");
    for one in &seen {
        assert_eq!(one.line, "POST /scim/v2/Bulk");
        assert_eq!(one.header("Content-Type"), "application/scim+json");
        assert_eq!(one.header("Authorization"), "Bearer s3cret");
    }
    let ids: Vec<String> = seen
        .iter()
        .flat_map(|one| {
            let body: Value = serde_json::from_slice(&one.body).unwrap();
            body["Operations"].as_array().unwrap().clone()
        })
        .map(|one| one["bulkId"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(ids, (1..=11).map(|id| id.to_string()).collect::<Vec<_>>());
}

#[test]
fn a_creation_without_an_answer_is_read_back_before_it_is_sent_again() {
    // Of three people one is there when they are read back; the other two are sent once more.
    let server = server(|seen, number| {
        let there = r#"{"totalResults":1,"Resources":[{"id":"1","userName":"USER001","name":{"givenName":"Ada","familyName":"Larkspur"}}]}"#;
        match seen.line.as_str() {
            "POST /scim/v2/Bulk" if number == 0 => Some(Act::Drop),
            line if line.starts_with("GET") => Some(Act::json(200, there)),
            _ => None,
        }
    });
    let done = push_to(&server, 3, 0);
    assert_eq!(delivery(&done), [3, 0, 0, 0]);
    let seen = server.seen();
    let bulk: Vec<Value> = seen
        .iter()
        .filter(|one| one.line.starts_with("POST"))
        .map(|one| serde_json::from_slice(&one.body).unwrap())
        .collect();
    assert_eq!(bulk.len(), 2);
    let names: Vec<&Value> = bulk[1]["Operations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["data"]["userName"])
        .collect();
    assert_eq!(names, ["user002", "user003"]);
    assert!(seen.iter().any(|one| one.line.starts_with("GET /scim/v2/Users?")));
}

#[test]
fn what_no_answer_tells_stays_unknown_and_nothing_is_sent_twice() {
    // The server forgets to answer for one person, and shows nobody who reads.
    let server = server(|seen, _| {
        if seen.line.starts_with("GET") {
            return Some(Act::json(403, r#"{"detail":"no right to read"}"#));
        }
        let answer =
            r#"{"Operations":[{"bulkId":"2","status":"201"},{"bulkId":"1","status":"500"}]}"#;
        Some(Act::json(200, answer))
    });
    let done = push_to(&server, 3, 6);
    assert_eq!(delivery(&done), [1, 0, 2, 0]);
    let posts = server.seen().iter().filter(|one| one.line.starts_with("POST")).count();
    assert_eq!(posts, 1);
    let reasons = done.desk.outcomes();
    assert!(reasons[0].2.starts_with("status 500"), "{reasons:?}");
}

#[test]
fn what_would_clear_a_list_that_is_not_sent_is_refused() {
    let recipe = format!(
        "{RECIPE}operation = \"update\"\n[policy]\nclear_word = \"#CLEAR\"\n[columns]\n\
         Work = \"phoneNumbers.work.value\"\nMobile = \"phoneNumbers.mobile.value\"\n\
         City = \"addresses.work.locality\"\nDept = \"department\"\n"
    );
    let sheet = "id,userName,Work,Mobile,City,Dept\n1,ada,#CLEAR,,,#CLEAR\n\
                 2,otis,#CLEAR,+33612345678,,\n3,zoe,,,#CLEAR,\n4,ida,,,,#CLEAR\n";
    let build = Import::new("build -o out --format json").text("people.csv", sheet);
    let done = build.recipe(&recipe).expect_code(1).run();
    let refused = [(2, "clear-refused"), (4, "clear-refused")];
    assert_eq!(crate::common::found(&done.json()), refused);
    assert!(done.stdout.contains("`addresses.work.locality` cannot be cleared"), "{}", done.stdout);
}

/// The field of each header, by `inspect`.
fn mapped(headers: &[(&str, &str)], recipe: &str) -> Vec<String> {
    let line = |cells: Vec<&str>| cells.join(",");
    let rows = line(headers.iter().map(|(header, _)| *header).collect());
    let cells = line(headers.iter().map(|(_, cell)| *cell).collect());
    let sheet = format!("{rows}\n{cells}\n");
    let inspect = Import::new("inspect --format json").text("people.csv", sheet);
    let done = inspect.recipe(&format!("{RECIPE}{recipe}")).run();
    let columns = done.json()["inputs"][0]["columns"].as_array().unwrap().clone();
    let field = |column: &Value| column["field"].as_str().unwrap_or("-").to_owned();
    columns.iter().map(field).collect()
}

#[test]
fn the_exports_of_identity_providers_find_their_fields() {
    for (recipe, columns) in [
        (
            "",
            vec![
                ("userPrincipalName", "ada@example.org", "userName"),
                ("displayName", "Ada Larkspur", "displayName"),
                ("surname", "Larkspur", "name.familyName"),
                ("mail", "ada@example.org", "emails.work.value"),
                ("givenName", "Ada", "name.givenName"),
                ("userType", "Member", "userType"),
                ("jobTitle", "Baker", "title"),
                ("department", "Lab", "department"),
                ("accountEnabled", "True", "active"),
                ("streetAddress", "1 Elm St", "addresses.work.streetAddress"),
                ("state", "NSW", "addresses.work.region"),
                ("country", "Australia", "addresses.work.country"),
                ("city", "Sydney", "addresses.work.locality"),
                ("postalCode", "2000", "addresses.work.postalCode"),
                ("telephoneNumber", "+61255501234", "phoneNumbers.work.value"),
                ("mobilePhone", "+61491570006", "phoneNumbers.mobile.value"),
                ("alternateEmailAddress", "ada@example.net", "emails.home.value"),
                ("companyName", "Example", "organization"),
                ("createdDateTime", "2024-03-01", "-"),
            ],
        ),
        (
            "",
            vec![
                ("Name [displayName] Required", "Ada Larkspur", "displayName"),
                ("User name [userPrincipalName] Required", "ada@example.org", "userName"),
                ("Initial password [passwordProfile] Required", "x", "-"),
                ("First name [givenName]", "Ada", "name.givenName"),
                ("Last name [surname]", "Larkspur", "name.familyName"),
                ("Job title [jobTitle]", "Baker", "title"),
                ("State or province [state]", "NSW", "addresses.work.region"),
                ("ZIP or postal code [postalCode]", "2000", "addresses.work.postalCode"),
                ("Mobile phone [mobile]", "+61491570006", "phoneNumbers.mobile.value"),
            ],
        ),
        (
            "",
            vec![
                ("First Name [Required]", "Ada", "name.givenName"),
                ("Last Name [Required]", "Larkspur", "name.familyName"),
                ("Email Address [Required]", "ada@example.org", "emails.work.value"),
                ("Password [Required]", "****", "-"),
                ("Org Unit Path [Required]", "/", "-"),
                ("Recovery Email", "ada@example.net", "emails.home.value"),
                ("Work Phone", "+61255501234", "phoneNumbers.work.value"),
                ("Home Phone", "+61255501235", "phoneNumbers.home.value"),
                ("Mobile Phone", "+61491570006", "phoneNumbers.mobile.value"),
                ("Employee ID", "00017", "employeeNumber"),
                ("Employee Type", "Staff", "userType"),
                ("Employee Title", "Baker", "title"),
                ("Department", "Lab", "department"),
                ("Cost Center", "C-7", "costCenter"),
            ],
        ),
    ] {
        let sheet: Vec<(&str, &str)> =
            columns.iter().map(|(head, cell, _)| (*head, *cell)).collect();
        let expected: Vec<&str> = columns.iter().map(|(.., field)| *field).collect();
        assert_eq!(mapped(&sheet, recipe), expected);
    }
}

#[test]
fn the_address_stands_in_for_a_user_name_that_no_column_gives() {
    let desk = Desk::new();
    desk.write(
        "people.csv",
        "First name,Last name,Email\nAda,Larkspur,Ada@example.org\nOtis,Vale,\nZoe,Nunez,zoe.example.org\n",
    );
    let done = push(&desk, "", "", 1);
    assert_eq!(delivery(&done), [1, 0, 0, 0]);
    let report = done.json();
    let made = &report["inputs"][0]["made"];
    assert_eq!(made[0]["field"], "userName", "{made}");
    let codes: Vec<(&Value, &Value)> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (&one["row"], &one["code"]))
        .collect();
    assert_eq!(
        codes,
        [(&json!(3), &json!("required-missing")), (&json!(4), &json!("email-syntax"))]
    );
    let missing = &report["findings"][0];
    assert_eq!(missing["cell"], "C3", "the finding points at the address: {missing}");
    let body = &users(&desk)["Ada@example.org"].1;
    assert_eq!(
        body["emails"],
        json!([{"type": "work", "primary": true, "value": "Ada@example.org"}])
    );

    let check = |recipe: &str, code: i32| {
        let check = Import::at(&desk, "check people.csv --format json");
        check.recipe(&format!("{RECIPE}{recipe}")).expect_code(code).run()
    };
    let own = "[fields.userName]\ntemplate = \"{First name|lower}.{Last name|lower}\"\n";
    check("user_name_from_email = false\n", 2).says("`userName`").says("[fields.userName]");
    let made = check(&format!("user_name_from_email = false\n{own}"), 1).json();
    assert_eq!(made["counts"]["valid"], 2, "a template makes it");
    let inspect = Import::at(&desk, "inspect people.csv --to scim --write-recipe=made.toml");
    inspect.run();
    let written = desk.read("made.toml");
    assert!(!written.contains("no column was found"), "nothing is missing: {written}");
    assert!(written.contains("# batch_size = 100 "), "{written}");
    desk.write("people.csv", "First name,Last name\nAda,Larkspur\n");
    check("", 2).says("a column of e-mail addresses would do as well");
}

#[test]
fn passwords_and_what_the_server_gives_are_refused_by_name() {
    for (field, words) in [
        ("password", "a spreadsheet is no place for passwords"),
        ("id", "operation = \"update\" under [scim]"),
        ("groups", "membership is changed at the group"),
    ] {
        let check = Import::new("check").text("people.csv", "userName,Thing\nada,x\n");
        let check = check.recipe(RECIPE).arg(format!("--map=Thing={field}")).expect_code(2);
        check.run().says(words);
    }
    let check = Import::new("check").text("people.csv", "userName\nada\n");
    check
        .recipe("[scim]\noperation = \"upsert\"\n")
        .arg("--to=scim")
        .expect_code(2)
        .run()
        .says("no upsert");
}

/// A server of users that answers each operation of a request with a status.
fn statuses(of: impl Fn(usize, usize) -> u16 + Send + Sync + 'static) -> Server {
    Server::start(move |seen, number| {
        let body: Value = serde_json::from_slice(&seen.body).unwrap_or_default();
        let Some(sent) = body["Operations"].as_array() else { return Act::json(404, "{}") };
        let done = sent.iter().enumerate().map(|(place, one)| {
            json!({"method": one["method"], "bulkId": one["bulkId"],
                "status": of(number, place).to_string()})
        });
        let done: Vec<Value> = done.collect();
        Act::json(200, &json!({"Operations": done}).to_string())
    })
}

fn push_there(server: &Server, people: u32, code: i32) -> Done {
    let url = server.url();
    let recipe = format!(
        "target = \"scim\"\n{STEADY}[scim]\nbase_url = \"{url}\"\nrate = 0\nbatch_size = 10\noperation = \"update\"\n"
    );
    let rows: Vec<String> = (1..=people).map(|n| format!("id{n},user{n}\n")).collect();
    let rows = rows.concat();
    let push =
        Import::new("push --yes --state state --format json --map id=id --map userName=userName");
    let push = push.text("people.csv", format!("id,userName\n{rows}")).recipe(&recipe);
    push.env("SCIM_TOKEN", "t").expect_code(code).run()
}

#[test]
fn operations_that_are_all_put_off_or_failed_are_tried_again_with_patience() {
    // At first half of them are put off and half fail; then all is well.
    let server = statuses(|number, place| match (number, place % 2) {
        (0 | 1, 0) => 429,
        (0 | 1, _) => 500,
        _ => 200,
    });
    assert_eq!(delivery(&push_there(&server, 10, 0)), [10, 0, 0, 0]);
    // A server that never does better is given up, and not asked for every request.
    let server = statuses(|_, place| if place % 2 == 0 { 429 } else { 500 });
    let done = push_there(&server, 100, 6);
    let [accepted, refused, unknown, not_sent] = delivery(&done);
    assert_eq!((accepted, refused, unknown, not_sent), (0, 0, 5, 95));
    assert!(server.seen().len() <= 6, "{} requests", server.seen().len());
}

#[test]
fn a_server_that_refuses_every_operation_is_not_asked_for_the_whole_file() {
    let server = statuses(|_, _| 400);
    let done = push_there(&server, 100, 4);
    assert_eq!(delivery(&done), [0, 10, 0, 90]);
    done.says("the request as a whole seems wrong");
}

#[test]
fn people_of_an_earlier_push_do_not_keep_those_behind_them_from_being_sent() {
    let desk = Desk::new();
    desk.write("people.csv", sheet(20));
    assert_eq!(delivery(&push(&desk, "batch_size = 10\n", "", 0)), [20, 0, 0, 0]);
    desk.write("people.csv", sheet(30));
    assert_eq!(delivery(&push(&desk, "batch_size = 10\n", "", 1)), [10, 20, 0, 0]);
}

#[test]
fn an_update_in_which_every_operation_failed_is_sent_again() {
    let server = statuses(|number, _| if number == 0 { 500 } else { 200 });
    assert_eq!(delivery(&push_there(&server, 10, 0)), [10, 0, 0, 0]);
}
