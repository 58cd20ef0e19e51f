//! Omneo in full: every block of its batch from a sheet into the sandbox, matched by e-mail address or
//! by an identity, and what becomes of people when the sandbox answers otherwise than expected.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::common::{Desk, Done, Import, fixture_json, found, together};
use crate::server::STEADY;

/// The people that the sandbox holds, by e-mail address.
fn store(desk: &Desk) -> BTreeMap<String, Value> {
    let db = rusqlite::Connection::open(desk.path("data/sandbox.sqlite")).unwrap();
    let sql = "SELECT body FROM profile WHERE target = 'omneo' ORDER BY seq";
    let mut statement = db.prepare(sql).unwrap();
    let bodies = statement.query_map([], |row| row.get::<_, String>(0)).unwrap();
    let people = bodies.map(|body| {
        let body: Value = serde_json::from_str(&body.unwrap()).unwrap();
        (body["email"].as_str().unwrap().to_owned(), body)
    });
    people.collect()
}

/// Pushes to the sandbox of a desk.
fn push(desk: &Desk, args: &str) -> Import {
    let push = Import::at(desk, "push --to sandbox --state state --sandbox-data data");
    push.args(args)
}

/// The profiles in the payloads of a build of a sheet.
fn built(sheet: &str, recipe: &str, code: i32) -> (Vec<Value>, Value) {
    let recipe = format!("target = \"omneo\"\n{recipe}");
    let build = Import::new("build -o out --format json").text("people.csv", sheet);
    let done = build.recipe(&recipe).expect_code(code).run();
    let people = done.desk.files("out/payloads").into_iter().flat_map(|file| {
        let body = done.desk.json(file);
        body["profiles"].as_array().unwrap().clone()
    });
    (people.collect(), done.json())
}

#[test]
fn a_list_written_as_json_is_taken_whole_or_not_at_all() {
    let recipe = "[omneo]\ntags_mode = \"replace\"\n[omneo.custom_attributes]\nloyalty.arr = \"array\"\n\
                  [columns]\nArr = \"custom_attributes.loyalty.arr\"\n";
    let sheet = "First,Last,Email,Tags,Arr\nAda,Vale,a@example.org,\"[\"\"x,y\"\"]\",\"[\"\"1\"\",\"\"2\"\"]\"\n\
                 Otis,Roy,b@example.org,[VIP] gold;new,\n\
                 Zoe,Fern,c@example.org,,\"[1,2]\"\nIda,Fern,d@example.org,\"[\"\"x\"\",1]\",\n";
    let (people, report) = built(sheet, recipe, 1);
    assert_eq!(people[0]["tags"], json!(["x,y"]));
    assert_eq!(people[0]["custom_attributes"][0]["value"], json!(["1", "2"]));
    assert_eq!(people[1]["tags"], json!(["[VIP]-gold", "new"]));
    assert_eq!(people.len(), 2);
    assert_eq!(found(&report), [(3, "words-dashed"), (4, "json-syntax"), (5, "json-syntax")]);
}

/// A check that is refused before any row.
fn refused(sheet: &str, recipe: &str) -> Done {
    let recipe = format!("target = \"omneo\"\n{recipe}");
    Import::new("check").text("people.csv", sheet).recipe(&recipe).expect_code(2).run()
}

/// Every key of a value, with dots, whatever its values are.
fn keys(value: &Value, at: &str, into: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            for (name, inner) in map {
                into.push(format!("{at}.{name}"));
                keys(inner, &format!("{at}.{name}"), into);
            }
        }
        Value::Array(list) => list.iter().for_each(|inner| keys(inner, &format!("{at}[]"), into)),
        _ => {}
    }
}

#[test]
fn the_example_of_the_document_is_reproduced_by_an_import() {
    let desk = Desk::new();
    desk.fixture("seeds/omneo-batch.toml");
    let build = Import::at(&desk, "build -o out --recipe seeds/omneo-batch.toml");
    build.file("seeds/omneo-batch.csv").run();
    let expected = fixture_json("seeds/omneo-batch.json");
    assert_eq!(desk.json("out/payloads/00001.json"), expected);
    let mut all = Vec::new();
    keys(&expected, "", &mut all);
    assert_eq!(all.len(), 92, "the keys of the example: {all:?}");
    let push = push(&desk, "seeds/omneo-batch.csv --recipe seeds/omneo-batch.toml -q");
    push.run();
    let person = store(&desk).remove("jsmith@example.com").unwrap();
    assert_eq!(person, expected["profiles"][0], "and lands as it is");
}

/// The payloads of every fixture for Omneo.
#[test]
fn the_payloads_of_the_fixtures_are_as_they_were_reviewed() {
    for (name, file, args) in [
        ("loyalty", "loyalty/members.csv", "--recipe recipes/omneo.toml"),
        ("values", "values/members.csv", "--to omneo"),
        ("causes", "causes/members.csv", "--to omneo --default-region AU --date-order dmy"),
        ("damage", "damage/members.csv", "--to omneo --default-region AU"),
        ("dialects", "dialects/comma.csv", "--to omneo"),
        ("members", "omneo/members.csv", "--recipe omneo/members.toml"),
        ("batch", "seeds/omneo-batch.csv", "--recipe seeds/omneo-batch.toml"),
    ] {
        let desk = Desk::new();
        for recipe in ["recipes/omneo.toml", "omneo/members.toml", "seeds/omneo-batch.toml"] {
            desk.fixture(recipe);
        }
        let build = Import::at(&desk, "build -q -o out").args(args).file(file);
        let mut running = build.start();
        assert!(running.wait_for_code() <= 1, "{name}");
        let manifest = desk.json("out/manifest.json");
        let mut page = String::new();
        for entry in manifest["files"].as_array().unwrap() {
            let body = desk.json(format!("out/{}", entry["file"].as_str().unwrap()));
            let people = body["profiles"].as_array().unwrap();
            let first = json!({
                "match_criteria": body["match_criteria"],
                "profiles": people.iter().take(6).collect::<Vec<_>>(),
            });
            let (count, hash) = (people.len(), entry["sha256"].as_str().unwrap());
            writeln!(page, "{count} people, SHA-256 {hash}\n{first:#}").unwrap();
        }
        insta::assert_snapshot!(format!("omneo-{name}"), page);
    }
}

#[test]
fn every_block_lands_by_an_identity_and_a_second_import_changes_the_same_people() {
    let desk = Desk::new();
    desk.fixture("omneo/members.toml");
    desk.fixture("omneo/members.csv");
    let args = "omneo/members.csv --recipe omneo/members.toml";
    push(&desk, args).run();
    let sent = desk.json(desk.run_folder().join("payloads/00001.json"));
    assert_eq!(sent["match_criteria"], "pos");
    let people = store(&desk);
    for person in sent["profiles"].as_array().unwrap() {
        let email = person["email"].as_str().unwrap();
        let mut expected = person.clone();
        if let Some(tags) = expected.get_mut("tags").and_then(Value::as_array_mut) {
            tags.sort_by_key(ToString::to_string);
        }
        assert_eq!(people[email], expected, "{email}");
    }
    let again = push(&desk, args).run();
    assert!(again.stdout.contains("0 people created, 0 updated, 4 unchanged"), "{}", again.stdout);
    // The address of a person changes; the till's number does not.
    let sheet = desk.read("omneo/members.csv").replace("otis.vale@", "otis.v@");
    desk.write("omneo/members.csv", sheet);
    let changed = push(&desk, args).run();
    let expected = "0 people created, 1 updated, 3 unchanged";
    assert!(changed.stdout.contains(expected), "{}", changed.stdout);
    assert_eq!(store(&desk)["otis.v@example.org"]["identities"][0]["identifier"], "000102");
}

#[test]
fn the_header_of_the_identity_is_found_only_where_people_are_matched_by_it() {
    let sheet = "Loyalty ID,First name,Last name,Email\n000123,Ada,Lark,ada@example.org\n";
    let (people, report) = built(sheet, "[omneo]\nmatch_criteria = \"loyalty\"\n", 0);
    let identity = json!([{"handle": "loyalty", "identifier": "000123"}]);
    assert_eq!(people[0]["identities"], identity);
    let column = &report["inputs"][0]["columns"][0];
    assert_eq!(
        (&column["field"], &column["confidence"]),
        (&json!("identities.loyalty"), &json!("certain"))
    );
    let (people, report) = built(sheet, "", 0);
    assert_eq!(people[0].get("identities"), None);
    assert_eq!(report["inputs"][0]["columns"][0]["field"], Value::Null);
    let none = "First name,Last name,Email\nAda,Lark,ada@example.org\n";
    refused(none, "[omneo]\nmatch_criteria = \"loyalty\"\n")
        .says("no column for `identities.loyalty`");
    let twice = "pos id,Email\n7,a@example.org\n7,b@example.org\n,c@example.org\n";
    let (people, report) = built(twice, "[omneo]\nmatch_criteria = \"pos\"\n", 1);
    assert_eq!(people.len(), 1);
    let errors: Vec<(u64, &str)> =
        found(&report).into_iter().filter(|(_, code)| *code != "wanted-missing").collect();
    assert_eq!(errors, [(3, "duplicate"), (4, "required-missing")]);
}

#[test]
fn what_the_documents_keep_out_of_a_batch_is_refused_by_its_name() {
    let sheet = "Email,X\nada@example.org,y\n";
    for (field, parts) in [
        ("external_id", ["primary identity", "identities.HANDLE"]),
        ("tier", ["read-only", "leave the column out"]),
        ("tags", ["takes these away", "tags_mode = \"replace\""]),
        ("push_promo", ["each single profile", "email_promo"]),
        ("custom_attributes.loyalty.points", ["not declared", "[omneo.custom_attributes]"]),
    ] {
        let done = refused(sheet, &format!("[columns]\nX = \"{field}\"\n"));
        for part in parts {
            done.says(part);
        }
        let check = Import::new("check --to omneo --map").arg(format!("X={field}"));
        let done = check.text("people.csv", sheet).expect_code(2).run();
        for part in parts {
            done.says(part);
        }
    }
    let inspect = Import::new("inspect --to omneo --format json");
    let inspect =
        inspect.text("people.csv", "Email,Tags,Created at\na@example.org,VIP,2024-01-01\n");
    let columns = inspect.run().json()["inputs"][0]["columns"].clone();
    for (column, part) in [(1, "takes these away"), (2, "read-only")] {
        let why = columns[column]["why"].as_str().unwrap();
        assert!(why.contains(part), "{why}");
    }
    let near = "[omneo.custom_attributes]\nloyalty.points = \"integer\"\n";
    refused(sheet, &format!("[columns]\nX = \"custom_attributes.loyalty.pionts:integer\"\n{near}"))
        .says("did you mean `custom_attributes.loyalty.points`?");
}

/// The findings of one row with these headers and cells, and the profile where it was sent.
fn row(headers: &str, cells: &str, recipe: &str) -> (Vec<String>, Option<Value>) {
    let sheet = format!("First name,Last name,Email,{headers}\nAda,Lark,ada@example.org,{cells}\n");
    let recipe = format!("target = \"omneo\"\n{recipe}");
    let build = Import::new("build -o out --format json").text("people.csv", sheet);
    let mut running = build.recipe(&recipe).start();
    assert!(running.wait_for_code() <= 1);
    let done = running.finish_with_any_code();
    let findings = done.json()["findings"].as_array().unwrap().clone();
    let told = findings.iter().map(|one| {
        let word = |key: &str| one[key].as_str().unwrap_or_default();
        format!("{} {}", word("code"), word("field"))
    });
    let sent = done.desk.files("out/payloads").first().map(|file| done.desk.json(file));
    (told.collect(), sent.map(|body| body["profiles"][0].clone()))
}

const PLACE: &str = "[columns]\nS = \"addresses.1.address_line_1\"\nT = \"addresses.1.city\"\n\
    P = \"addresses.1.postcode\"\nC = \"addresses.1.country\"\nN = \"addresses.1.state\"\n";

#[test]
fn an_address_is_sent_whole_or_its_person_is_not() {
    let headers = "S,T,P,C,N";
    let (told, sent) = row(headers, "1 Elm St,Sydney,2000,Australia,NSW", PLACE);
    assert!(told.is_empty(), "{told:?}");
    let expected = json!([{"address_line_1": "1 Elm St", "city": "Sydney", "postcode": "2000",
        "country": "AU", "state": "NSW"}]);
    assert_eq!(sent.unwrap()["addresses"], expected);
    let (told, sent) = row(headers, "1 Elm St,Sydney,,AU,NSW", PLACE);
    assert!(sent.is_none());
    assert!(told.iter().all(|one| one.starts_with("field-incomplete addresses.1.")), "{told:?}");
    let (told, sent) = row(headers, "1 Elm St,Sydney,2000,NZ,", PLACE);
    assert_eq!(told, ["field-alone addresses.1.address_line_1"], "the state is wanted");
    assert!(sent.is_some());
    // What the sheet lacks for everybody is said once.
    let (told, _) = row("S,T,P,C,Q", "1 Elm St,Sydney,2000,NZ,", &PLACE.replace("N =", "Q ="));
    assert_eq!(told, ["field-alone addresses.1.address_line_1"]);
    let three: Vec<String> = (1..=3).map(|n| format!("A,L,a{n}@example.org,S,T,1,NZ\n")).collect();
    let three = three.concat();
    let build = Import::new("check --format json").recipe(&format!(
        "target = \"omneo\"\n{}",
        PLACE.replace("N = \"addresses.1.state\"\n", "")
    ));
    let sheet = format!("First name,Last name,Email,S,T,P,C\n{three}");
    let report = build.text("people.csv", sheet).run().json();
    assert_eq!(found(&report), [(1, "field-alone")], "once for the column, and not for each row");
    let (told, sent) = row(headers, ",,,,", PLACE);
    assert!(told.is_empty() && sent.unwrap().get("addresses").is_none());
    // What the recipe gives everybody makes no address of its own.
    let constants = format!(
        "{PLACE}[fields]\n\"addresses.1.is_default\" = true\n\
        [fields.\"addresses.1.iso\"]\ndefault = \"AUS\"\n"
    );
    let (told, sent) = row(headers, ",,,,", &constants);
    assert!(told.is_empty(), "{told:?}");
    assert_eq!(sent.unwrap().get("addresses"), None);
    let (_, sent) = row(headers, "1 Elm St,Sydney,2000,AU,NSW", &constants);
    assert_eq!(sent.unwrap()["addresses"][0]["iso"], "AUS");
    // What it gives everybody whole is meant for everybody.
    let region = "[fields]\n\"regions.1.region_id\" = 3\n\"regions.1.handle\" = \"au\"\n";
    let (told, sent) = row("X", "", region);
    assert!(told.is_empty(), "{told:?}");
    assert_eq!(sent.unwrap()["regions"], json!([{"region_id": 3, "handle": "au"}]));
    for (country, written) in [("alpha2", "AU"), ("name", "Australia"), ("asis", "Australien")] {
        let recipe = format!("{PLACE}[omneo]\ncountry_as = \"{country}\"\n");
        let (_, sent) = row(headers, "1 Elm St,Sydney,2000,Australien,NSW", &recipe);
        assert_eq!(sent.unwrap()["addresses"][0]["country"], written);
    }
}

#[test]
fn rows_of_one_person_do_not_mix_two_addresses() {
    let merged = |second: &str| {
        let sheet = format!(
            "First name,Last name,Email,S,T,P,C,L\n\
             Ada,Lark,ada@example.org,1 Elm St,Sydney,2000,AU,Level 2\n\
             Ada,Lark,ada@example.org,{second}\n"
        );
        let place =
            PLACE.replace("N = \"addresses.1.state\"", "L = \"addresses.1.address_line_2\"");
        let recipe = format!("{place}[policy]\non_duplicate = \"merge\"\n");
        let (people, report) = built(&sheet, &recipe, 0);
        assert_eq!(people.len(), 1);
        let told: Vec<String> = report["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| {
                format!("{} {}", one["code"].as_str().unwrap(), one["field"].as_str().unwrap_or(""))
            })
            .collect();
        (people[0]["addresses"][0].clone(), told)
    };
    let (address, told) = merged("9 Oak Ave,Perth,6000,AU,");
    let expected = json!({"address_line_1": "9 Oak Ave", "city": "Perth", "postcode": "6000", "country": "AU"});
    assert_eq!(address, expected);
    assert!(told.contains(&"duplicate-replaced addresses.1.address_line_2".to_owned()), "{told:?}");
    let (address, _) = merged("1 Elm St,Sydney,2000,AU,");
    assert_eq!(
        address["address_line_2"], "Level 2",
        "the same address, of which one row knows more"
    );
}

#[test]
fn lists_keep_their_order_whatever_numbers_their_entries_have() {
    let recipe = "[columns]\nA = \"identities.7.identifier\"\nB = \"identities.2.identifier\"\n\
        [fields]\n\"identities.7.handle\" = \"crm\"\n\"identities.2.handle\" = \"till\"\n";
    let (_, sent) = row("A,B", "9,8", recipe);
    let expected =
        json!([{"handle": "till", "identifier": "8"}, {"handle": "crm", "identifier": "9"}]);
    assert_eq!(sent.unwrap()["identities"], expected);
    let (_, sent) = row("A,B", "9,", recipe);
    assert_eq!(sent.unwrap()["identities"], json!([{"handle": "crm", "identifier": "9"}]));
    let recipe = "[columns]\nA = \"dates_attributes.1.links.4.profile_id\"\nB = \"dates_attributes.1.date\"\n\
        [fields]\n\"dates_attributes.1.name\" = \"Met\"\n\"dates_attributes.1.handle\" = \"met\"\n";
    let (told, sent) = row("A,B", "p-1,", recipe);
    assert!(told.contains(&"field-incomplete dates_attributes.1.links.4.profile_id".to_owned()));
    assert!(sent.is_none());
    let (_, sent) = row("A,B", ",2020-02-29", recipe);
    assert_eq!(
        sent.unwrap()["dates_attributes"],
        json!([{"date": "2020-02-29", "name": "Met", "handle": "met"}])
    );
}

#[test]
fn what_says_the_same_in_two_ways_is_not_sent() {
    let columns = "[columns]\nA = \"joined_location_id\"\nB = \"joined_location_external_code\"\n";
    let (told, sent) = row("A,B", "12,SYD", columns);
    assert_eq!(told, ["field-conflict joined_location_external_code"]);
    assert!(sent.is_none());
    let (told, sent) = row("A,B", ",SYD", columns);
    assert!(told.is_empty() && sent.unwrap()["joined_location_external_code"] == "SYD");
    let any = format!("{columns}[omneo]\nlocation_refs = \"any\"\n");
    assert_eq!(row("A,B", "12,SYD", &any).1.unwrap()["joined_location_id"], 12);
    let regions =
        "[columns]\nA = \"region_id\"\nB = \"regions.1.region_id\"\nC = \"regions.1.handle\"\n";
    let (told, _) = row("A,B,C", "1,2,apac", regions);
    assert_eq!(told, ["field-conflict regions.1.region_id", "field-conflict regions.1.handle"]);
    let (told, _) = row("A,B,C", ",2,", regions);
    assert_eq!(told, ["field-incomplete regions.1.region_id"]);
    let defaults = "[columns]\nA = \"addresses.1.is_default\"\nB = \"addresses.3.is_default\"\n";
    let (told, _) = row("A,B", "yes,yes", defaults);
    assert!(told.contains(&"field-conflict addresses.3.is_default".to_owned()), "{told:?}");
    let (told, _) = row("A,B", "yes,no", defaults);
    assert!(!told.iter().any(|one| one.starts_with("field-conflict")), "{told:?}");
}

#[test]
fn the_time_of_a_consent_stands_beside_the_consent() {
    let columns = "[columns]\nA = \"email_promo\"\nB = \"email_consent_updated_at\"\n";
    refused("Email,A,B\na@example.org,yes,2024-01-01T00:00:00Z\n", columns)
        .says("consent_is_customer_act = true");
    let own = format!("{columns}[omneo]\nconsent_is_customer_act = true\n");
    let (told, sent) = row("A,B", "yes,2024-03-01T10:00:00+11:00", &own);
    assert!(told.is_empty(), "{told:?}");
    let expected = json!({"email_promo": true, "email_consent_updated_at": "2024-02-29T23:00:00Z"});
    assert_eq!(sent.unwrap()["comms_attributes"], expected);
    let (told, _) = row("A,B", ",2024-03-01T10:00:00Z", &own);
    assert_eq!(told, ["field-incomplete email_consent_updated_at"]);
    let (told, _) = row("A,B", "yes,2024-03-01 10:00", &own);
    assert_eq!(told, ["datetime-syntax email_consent_updated_at"], "a time without its zone");
    let elsewhere = format!("{own}consent = \"attributes\"\n");
    let (_, sent) = row("A,B", "yes,2024-03-01T10:00:00Z", &elsewhere);
    let sent = sent.unwrap();
    assert_eq!(sent["comms_attributes"], json!({"email_promo": true}));
    assert_eq!(sent["attributes"]["comms"]["email_consent_updated_at"], "2024-03-01T10:00:00Z");
}

#[test]
fn custom_attributes_are_of_their_type() {
    let recipe = |more: &str| {
        format!(
            "[columns]\nA = \"custom_attributes.x.text\"\nB = \"custom_attributes.x.whole\"\n\
             C = \"custom_attributes.x.part\"\nD = \"custom_attributes.x.yes\"\n\
             E = \"custom_attributes.x.any\"\nF = \"custom_attributes.x.list\"\n\
             G = \"custom_attributes.y.free:string\"\n[omneo]\n{more}\
             [omneo.custom_attributes.x]\ntext = \"string\"\nwhole = \"integer\"\npart = \"float\"\n\
             yes = \"boolean\"\nany = \"json\"\nlist = \"array\"\n"
        )
    };
    let values = |more: &str| {
        let cells = "007,12,\"1,5\",ja,\"{\"\"a\"\":[1]}\",a b; c,\"say \"\"hi\"\"\"";
        let (told, sent) = row("A,B,C,D,E,F,G", cells, &recipe(more));
        assert!(told.is_empty(), "{told:?}");
        let all = sent.unwrap()["custom_attributes"].as_array().unwrap().clone();
        assert_eq!(all.len(), 7);
        let value = |handle: &str, of: &str| {
            let one = all.iter().find(|one| one["handle"] == handle).unwrap();
            assert_eq!(one["type"], of, "{handle}");
            one["value"].clone()
        };
        assert_eq!(value("free", "string"), "say \"hi\"");
        [
            value("text", "string"),
            value("whole", "integer"),
            value("part", "float"),
            value("yes", "boolean"),
            value("any", "json"),
            value("list", "array"),
        ]
    };
    assert_eq!(
        values(""),
        [json!("007"), json!(12), json!(1.5), json!(true), json!({"a": [1]}), json!(["a b", "c"])]
    );
    assert_eq!(
        values("custom_value = \"string\"\n"),
        ["007", "12", "1.5", "true", "{\"a\":[1]}", "a b; c"].map(Value::from)
    );
    let (told, sent) = row("A,B,C,D,E,F,G", "x,1.5,,,,,", &recipe(""));
    assert!(sent.is_none());
    assert_eq!(told, ["number-syntax custom_attributes.x.whole"]);
}

#[test]
fn tags_have_dashes_for_their_spaces_and_that_is_told() {
    let recipe = "[omneo]\ntags_mode = \"replace\"\n";
    let (told, sent) = row("Tags", "\" VIP ;gift  card; VIP\"", recipe);
    assert_eq!(told, ["words-dashed tags"]);
    assert_eq!(sent.unwrap()["tags"], json!(["VIP", "gift-card"]));
    let (told, sent) = row("Tags", "\"[\"\"VIP\"\", \"\"a,b\"\"]\"", recipe);
    assert!(told.is_empty(), "{told:?}");
    assert_eq!(sent.unwrap()["tags"], json!(["VIP", "a,b"]));
    let ask = Import::new("push --state state").text("p.csv", "Email,Tags\na@example.org,VIP\n");
    let recipe = format!("target = \"omneo\"\n{recipe}base_url = \"http://127.0.0.1:9\"\n");
    let done = ask.recipe(&recipe).env("OMNEO_TOKEN", "k").expect_code(5).run();
    assert!(
        done.stdout.contains("take the place of those") || done.stderr.contains("take the place")
    );
}

#[test]
fn a_birth_date_is_sent_in_parts_as_the_recipe_has_them() {
    let (_, sent) = row("DOB", "1990-02-28", "[omneo]\nbirth_encoding = \"string\"\n");
    let sent = sent.unwrap();
    let parts = ["birth_day", "birth_month", "birth_year"].map(|part| sent[part].clone());
    assert_eq!(parts, ["28", "2", "1990"].map(Value::from));
    let columns = "[columns]\nA = \"birth_day\"\nB = \"birth_month\"\nC = \"birth_year\"\n";
    let (told, _) = row("A,B,C", "30,2,1990", columns);
    assert_eq!(told, ["date-impossible birth_date.day"]);
    let (told, _) = row("A,B,C", "30,,1990", columns);
    assert!(told.contains(&"field-incomplete birth_date.day".to_owned()), "{told:?}");
    let (_, sent) = row("A,B,C", "29,Feb,", columns);
    assert_eq!(sent.unwrap()["birth_month"], 2);
}

#[test]
fn a_type_that_takes_people_out_of_sight_has_to_be_allowed() {
    let columns = "[columns]\nT = \"profile_type\"\n";
    let (told, _) = row("T", "deleted", columns);
    assert_eq!(told, ["choice-unknown profile_type"]);
    let check = Import::new("check --to omneo --format json --map T=profile_type");
    let sheet = "First name,Last name,Email,T\nAda,Lark,ada@example.org,System\n";
    let done = check.text("people.csv", sheet).expect_code(1).run();
    let help = done.json()["findings"][0]["help"].to_string();
    assert!(help.contains("allow_types"), "{help}");
    let allowed = format!("{columns}[omneo]\nallow_types = [\"deleted\"]\n");
    let (told, sent) = row("T", "Deleted", &allowed);
    assert!(told.is_empty(), "{told:?}");
    assert_eq!(sent.unwrap()["profile_type"], "deleted");
    let numbers = "Email,Mobile\na@example.org,+61 491 570 006\nb@example.org,+61 491 570 006\n";
    let codes = |report: &Value| -> Vec<String> {
        let codes = found(report).into_iter().map(|(_, code)| code.to_owned());
        codes.filter(|code| code != "wanted-missing").collect()
    };
    assert_eq!(codes(&built(numbers, "", 1).1), ["duplicate"]);
    let kept = built(numbers, "[omneo]\nmobile_clash = \"secondary\"\n", 0);
    assert!(codes(&kept.1).is_empty());
}

/// Five people, of whom the third has the mobile number of somebody who is there already.
fn clash(variants: &str, recipe: &str) -> (Done, Vec<(u32, String, String)>) {
    let desk = Desk::new();
    desk.write(
        "first.csv",
        "First name,Last name,Email,Mobile\nEve,Old,eve@example.org,+61491570006\n",
    );
    push(&desk, "first.csv -q").recipe("target = \"omneo\"\n").run();
    let before = desk.run_folder();
    std::fs::remove_dir_all(before).unwrap();
    let mut sheet = "First name,Last name,Email,Mobile\n".to_owned();
    for number in 1..=5 {
        let mobile = if number == 3 { "+61491570006" } else { "" };
        writeln!(sheet, "P{number},Lark,p{number}@example.org,{mobile}").unwrap();
    }
    desk.write("people.csv", sheet);
    let push = push(&desk, "people.csv --format json").args(variants);
    let mut running = push.recipe(&format!("target = \"omneo\"\n{STEADY}{recipe}")).start();
    running.wait_for_code();
    let done = running.finish_with_any_code();
    let outcomes = desk.outcomes();
    (done, outcomes)
}

#[test]
fn a_clash_costs_the_one_person_whatever_the_report_of_the_batch_looks_like() {
    let cases = [
        "",
        "--variant omneo.items=reversed --variant omneo.item_external_id=email",
        "--variant omneo.items=failed_only --variant omneo.item_external_id=email",
        "--variant omneo.items=reversed --variant omneo.counts=string",
        "--variant omneo.items=absent",
        "--variant omneo.bad_row=call",
        "--variant omneo.item_error=map --variant omneo.batch_id=number",
    ];
    together(&cases, |variants| {
        let (done, outcomes) = clash(variants, "");
        let refused: Vec<u32> = outcomes
            .iter()
            .filter(|(_, outcome, _)| outcome == "rejected by the target")
            .map(|(row, ..)| *row)
            .collect();
        assert_eq!(refused, [4], "{variants}: {outcomes:?}");
        assert_eq!(done.json()["delivery"]["accepted"], 4, "{variants}");
        let why = &outcomes[2].2;
        let reason = if variants.contains("items=absent") { "no reason given" } else { "exists" };
        assert!(why.contains(reason), "{variants}: {why}");
        assert_eq!(store(&done.desk).len(), 5, "{variants}");
    });
}

#[test]
fn items_that_name_their_people_settle_a_batch_in_one_request() {
    let batches = |variants: &str| {
        let (done, _) = clash(variants, "");
        let db = rusqlite::Connection::open(done.desk.path("data/sandbox.sqlite")).unwrap();
        let count = "SELECT count(*) FROM batch";
        db.query_row(count, [], |row| row.get::<_, u32>(0)).unwrap() - 1
    };
    let named = "--variant omneo.items=reversed --variant omneo.item_external_id=email";
    assert_eq!(batches(named), 1);
    assert!(batches("--variant omneo.items=absent") > 1, "by halves, where nothing tells who");
}

#[test]
fn a_refusal_of_the_request_stops_the_run_and_blames_nobody() {
    let (done, outcomes) = clash("--variant omneo.most_rows=3", "");
    done.says("about the request and none of its people");
    assert!(outcomes.iter().all(|(_, outcome, _)| outcome == "not sent"), "{outcomes:?}");
    let (_, outcomes) = clash("--variant omneo.most_rows=3", "[omneo]\nbatch_size = 3\n");
    assert_eq!(outcomes.iter().filter(|(_, outcome, _)| outcome == "accepted").count(), 4);
}

#[test]
fn an_identity_in_two_columns_is_unique_with_its_handle() {
    let sheet = "First name,Last name,Email,H,I\nAda,L,ada@example.org,pos,7\nBo,M,bo@example.org,crm,7\n\
                 Cy,N,cy@example.org,pos,7\nDo,O,do@example.org,,\nEd,P,ed@example.org,,\n";
    let columns = "target = \"omneo\"\n[columns]\nI = \"identities.1.identifier\"\n";
    let check = |more: &str, code: i32| {
        let recipe = format!("{columns}{more}");
        let check = Import::new("check --format json").text("people.csv", sheet).recipe(&recipe);
        check.expect_code(code).run().json()
    };
    assert_eq!(found(&check("H = \"identities.1.handle\"\n", 1)), [(4, "duplicate")]);
    let constant = check("[fields]\n\"identities.1.handle\" = \"pos\"\n", 1);
    assert_eq!(found(&constant), [(3, "duplicate"), (4, "duplicate")]);
}

#[test]
fn cells_that_ask_to_be_cleared_are_refused_by_name_and_not_taken_for_shifted() {
    let recipe = format!(
        "[policy]\nclear_word = \"~\"\n{PLACE}X = \"identities.shop\"\nB = \"birth_date\"\n"
    );
    let (told, sent) = row("T,S,P,C,N,B,X", "~,~,~,~,~,~,~", &recipe);
    assert!(sent.is_none() && told.iter().all(|one| one.starts_with("clear-refused ")), "{told:?}");
}

#[test]
fn a_match_by_what_omneo_cannot_find_people_by_is_refused() {
    let check = Import::new("check --to omneo --match mobile_phone").expect_code(2);
    let done = check.text("p.csv", "Email,Mobile\nada@example.org,+61491570006\n").run();
    done.says("Omneo cannot find people by \"mobile_phone\"");
}
