//! Vome in full: every operation and match key, blocks and custom fields, and what the sandbox answers
//! where the documents leave that open.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::common::{Desk, Import, counts, fixture_json, found, repository};
use crate::server::{Act, Server};

/// A build of text with a recipe: the payload.
fn payload(recipe: &str, sheet: &str) -> Value {
    let build = Import::new("build -o out").text("people.csv", sheet).recipe(recipe);
    build.run().desk.json("out/payloads/00001.json")
}

/// The people of such a payload.
fn people(recipe: &str, sheet: &str) -> Vec<Value> {
    payload(recipe, sheet)["volunteers_data"].as_array().unwrap().clone()
}

/// What a recipe is refused for, before anybody is judged.
fn refused(recipe: &str, sheet: &str, parts: &[&str]) {
    let build = Import::new("build -o out").text("people.csv", sheet).recipe(recipe);
    let done = build.expect_code(2).run();
    for part in parts {
        done.says(part);
    }
}

/// The values of the custom fields of one person, by name.
fn custom(person: &Value, name: &str) -> Value {
    let entries = person["custom_field_data"].as_array().unwrap();
    let entry = entries.iter().find(|entry| entry["custom_field_name"] == name);
    entry.map_or(Value::Null, |entry| entry["custom_field_user_value"].clone())
}

fn seeds(desk: &Desk) {
    for name in ["vome.csv", "vome.toml", "invitation.html"] {
        desk.fixture(&format!("seeds/{name}"));
    }
}

#[test]
fn the_examples_of_the_documents_are_made_by_an_import() {
    let desk = Desk::new();
    seeds(&desk);
    for (flags, example) in [
        ("", "seeds/vome-create-profiles.json"),
        ("--operation upsert", "seeds/vome-write-operations.json"),
    ] {
        let build = "build seeds/vome.csv --recipe seeds/vome.toml -o out --force";
        Import::at(&desk, build).args(flags).run();
        assert_eq!(desk.json("out/payloads/00001.json"), fixture_json(example), "{example}");
    }
}

#[test]
fn payloads_of_each_operation_and_key_are_as_they_were_reviewed() {
    let desk = Desk::new();
    seeds(&desk);
    let mut page = String::new();
    for operation in ["create", "update", "upsert"] {
        for key in ["email", "id", "custom:Salesforce ID"] {
            let build = "build seeds/vome.csv --recipe seeds/vome.toml -o out --force";
            let build = Import::at(&desk, build).args("--operation").arg(operation);
            let off = desk.read("seeds/vome.toml").replace("enabled = true", "enabled = false");
            desk.write("seeds/vome.toml", off);
            build.args("--match").arg(key).run();
            let body = desk.json("out/payloads/00001.json");
            let text = serde_json::to_string_pretty(&body).unwrap();
            write!(page, "--operation {operation} --match {key}\n{text}\n\n").unwrap();
        }
    }
    insta::assert_snapshot!("payloads-of-operations", page);
}

#[test]
fn payloads_of_the_fixtures_are_as_they_were_reviewed() {
    let mut page = String::new();
    for file in [
        "spring-intake/volunteers.xlsx",
        "faulty/volunteers.xlsx",
        "faulty/volunteers.csv",
        "addresses/people.csv",
        "dialects/comma.csv",
        "dialects/semicolon.csv",
        "dialects/quoted-line-breaks.csv",
        "dialects/ragged.csv",
        "damage/members.csv",
        "values/members.csv",
        "recipes/whole.csv",
    ] {
        let desk = Desk::new();
        desk.fixture("recipes/whole.toml");
        let flags = match file {
            "recipes/whole.csv" => "--recipe recipes/whole.toml",
            _ => "--default-region AU --date-order dmy",
        };
        let build = Import::at(&desk, "build -o out --to vome").args(flags).file(file);
        build.start().finish_with_any_code();
        let manifest = desk.json("out/manifest.json");
        for entry in manifest["files"].as_array().unwrap() {
            let name = entry["file"].as_str().unwrap();
            let body = desk.json(format!("out/{name}"));
            let first = serde_json::to_string_pretty(&body["volunteers_data"][0]).unwrap();
            let (hash, count) = (entry["sha256"].as_str().unwrap(), &entry["profiles"]);
            write!(page, "{file} {name}: {count} people, {hash}\n{first}\n\n").unwrap();
        }
    }
    insta::assert_snapshot!("payloads-of-fixtures", page);
}

#[test]
fn an_update_needs_the_key_and_sends_what_is_there() {
    let recipe = "[vome]\noperation = \"update\"\nmatch = \"id\"\n";
    let sheet = "Profile ID,Mobile,Email\nabc-1,5555550101,\nabc-2,,new@example.org\n";
    let sent = people(recipe, sheet);
    assert_eq!(
        sent,
        [
            json!({"profile_data": {"id": "abc-1", "phone_number": "5555550101"}}),
            json!({"profile_data": {"id": "abc-2", "email": "new@example.org"}}),
        ]
    );
    refused(recipe, "Mobile,Email\n5555550101,a@example.org\n", &["no column for `id`"]);
}

#[test]
fn an_update_clears_nobody_of_a_name_or_an_address() {
    let recipe = "[policy]\nblank = \"clear\"\nclear_word = \"#CLEAR\"\n[vome]\noperation = \"update\"\nmatch = \"id\"\n";
    let header = "Vome ID,First name,Email,Mobile\n";
    let sent = people(recipe, &format!("{header}abc-1,,,\n"));
    assert_eq!(sent, [json!({"profile_data": {"id": "abc-1", "phone_number": null}})]);
    let check = Import::new("check --format json").recipe(recipe);
    let check = check.text("people.csv", format!("{header}abc-1,#CLEAR,,\nabc-2,,,#CLEAR\n"));
    assert_eq!(found(&check.expect_code(1).run().json()), [(2, "clear-refused")]);
    let own = "[columns]\nEmail = { field = \"email\", blank = \"clear\" }\n[vome]\noperation = \"update\"\nmatch = \"id\"\n";
    refused(own, &format!("{header}abc-1,,,\n"), &["`email` cannot be cleared"]);
}

#[test]
fn keys_of_every_kind_are_unique_and_merge() {
    let custom =
        "[vome]\noperation = \"update\"\nmatch = \"custom:Badge\"\nmatch_field_id = \"f-1\"\n";
    let id = "[vome]\noperation = \"update\"\nmatch = \"id\"\n";
    for (recipe, header, field) in [(custom, "Badge", "custom:Badge"), (id, "Vome ID", "id")] {
        let sheet = format!(
            "{header},First,Mobile,Email\n007,Ada,,a@example.org\n7,Otis,,o@example.org\n007,,5555550101,a@example.org\n,Zoe,,\n8,Bo,,O@example.org\n"
        );
        let check = |policy: &str, code| {
            let check = Import::new("check --format json --on-duplicate").arg(policy);
            check.text("people.csv", &sheet).recipe(recipe).expect_code(code).run().json()
        };
        let report = check("reject", 1);
        assert_eq!(counts(&report), [5, 2, 3, 0], "{field}");
        let codes = found(&report);
        assert!(codes.contains(&(4, "duplicate")), "{codes:?}");
        assert!(codes.contains(&(5, "required-missing")), "{codes:?}");
        assert!(codes.contains(&(6, "duplicate")), "its address is another's: {codes:?}");
        let of_key = report["findings"].as_array().unwrap().iter().find(|one| one["row"] == 4);
        assert_eq!(of_key.unwrap()["field"], field);
        assert_eq!(counts(&check("first", 1)), [5, 2, 2, 1], "{field}");
        let build = Import::new("build -o out --on-duplicate merge");
        let done = build.text("people.csv", &sheet).recipe(recipe).expect_code(1).run();
        let sent = done.desk.json("out/payloads/00001.json")["volunteers_data"].clone();
        let ada =
            sent.as_array().unwrap().iter().find(|one| one["profile_data"]["first_name"] == "Ada");
        assert_eq!(ada.unwrap()["profile_data"]["phone_number"], "5555550101", "{sent}");
        let rejects = done.desk.read("out/rejects.csv");
        assert!(rejects.contains("Zoe") && rejects.contains("Bo"), "{rejects}");
    }
}

#[test]
fn a_custom_key_must_be_a_unique_id_that_is_known() {
    let sheet = "Badge,First,Last,Email\n1,Ada,Lark,a@example.org\n";
    let unknown = "[vome]\nmatch = \"custom:Badge\"\n";
    refused(unknown, sheet, &["the id of the custom field \"Badge\"", "match_field_id"]);
    let wrong = format!(
        "{unknown}[[vome.custom_fields]]\nid = \"x\"\nname = \"badge\"\ntype = \"number\"\n"
    );
    refused(&wrong, sheet, &["its type is number", "Unique ID"]);
    refused("[vome]\nmatch = \"phone\"\n", sheet, &["email, id or custom:NAME", "recipe.toml:2:9"]);
    let known = format!(
        "{unknown}[[vome.custom_fields]]\nid = \"x\"\nname = \"badge\"\ntype = \"unique_id\"\n"
    );
    let body = payload(&known, sheet);
    assert_eq!(
        body["unique_identifier"],
        json!({"identifier_type": 2, "unique_custom_field": "x", "unique_id": "x"})
    );
    assert_eq!(custom(&body["volunteers_data"][0], "badge"), "1");
}

const ALL_TYPES: &str = r#"
[[vome.custom_fields]]
name = "Note"
type = "general"
[[vome.custom_fields]]
name = "Hours"
type = "number"
[[vome.custom_fields]]
name = "Size"
type = "single_selection"
options = [{ id = "o-s", value = "Small" }, { id = "o-l", value = "Large" }]
[[vome.custom_fields]]
name = "Colours"
type = "multiple_selection"
options = [{ id = "o-b", value = "Blue" }, { id = "o-g", value = "Green" }]
[[vome.custom_fields]]
name = "Seen"
type = "date_time"
[[vome.custom_fields]]
name = "Guardian"
type = "email"
[[vome.custom_fields]]
name = "Papers"
type = "attachment"
[[vome.custom_fields]]
name = "Site"
type = "url"
[[vome.custom_fields]]
name = "Depot"
type = "address"
[[vome.custom_fields]]
name = "Badge"
type = "unique_id"
[[vome.custom_fields]]
name = "Driver"
type = "boolean"
[[vome.custom_fields]]
name = "Total"
type = "formula"
[[vome.custom_fields]]
name = "Trained"
type = "date"
"#;

const PERSON: &str =
    "First,Last,Email,Note,Hours,Size,Colours,Seen,Guardian,Site,Depot,Badge,Driver,Trained\n";

#[test]
fn all_types_of_custom_fields_are_checked_and_written() {
    let good = "Ada,Lark,a@example.org,hello,\"1 234,50\",LARGE,green; Blue,2024-09-19T19:35:35+02:00,g@example.org,https://example.org/a,1 Road,007,Yes,2024-05-31\n";
    let sheet = format!("{PERSON}{good}");
    let names = [
        "Note", "Hours", "Size", "Colours", "Seen", "Guardian", "Site", "Depot", "Badge", "Driver",
        "Trained",
    ];
    let sent = |settings: &str| {
        let person = people(&format!("[vome]\n{settings}\n{ALL_TYPES}"), &sheet).remove(0);
        names.map(|name| custom(&person, name))
    };
    let usual = sent("");
    let expected = json!([
        "hello",
        "1234.5",
        "Large",
        ["Green", "Blue"],
        "2024-09-19T17:35:35Z",
        "g@example.org",
        "https://example.org/a",
        "1 Road",
        "007",
        true,
        "2024-05-31"
    ]);
    assert_eq!(json!(usual), expected);
    let other = sent(
        "custom_encoding = { number = \"native\", single_selection = \"option_id\", multiple_selection = \"option_ids\", \
         date_time = \"%d/%m/%Y %H:%M\", boolean = \"string\", date = \"%d.%m.%Y\" }",
    );
    let expected = json!([
        "hello",
        1234.5,
        "o-l",
        ["o-g", "o-b"],
        "19/09/2024 17:35",
        "g@example.org",
        "https://example.org/a",
        "1 Road",
        "007",
        "true",
        "31.05.2024"
    ]);
    assert_eq!(json!(other), expected);
    let joined = sent("custom_encoding = { multiple_selection = \"joined\", separator = \", \" }");
    assert_eq!(joined[3], "Green, Blue");
}

const SINCE: &str =
    "[[vome.custom_fields]]\nid = \"f-1\"\nname = \"Since\"\ntype = \"date_time\"\n";

#[test]
fn moments_keep_their_offset_where_the_recipe_says_so() {
    let sheet = "Email,First,Last,Since\n\
                 a@example.org,Ada,Lark,2024-09-20T03:35:35+10:00\n\
                 b@example.org,Bo,Vale,2024-09-19T17:35:35Z\n\
                 c@example.org,Cy,Moss,2024-09-20 03:35\n\
                 d@example.org,Di,Fern,2024-09-20\n";
    let recipe = |settings: &str| {
        format!("[policy]\ntime_zone = \"+05:30\"\n[vome.custom_encoding]\n{settings}\n{SINCE}")
    };
    let sent = |settings: &str| -> Vec<Value> {
        people(&recipe(settings), sheet).iter().map(|one| custom(one, "Since")).collect()
    };
    let own = [
        "2024-09-20T03:35:35+10:00",
        "2024-09-19T17:35:35Z",
        "2024-09-20T03:35:00+05:30",
        "2024-09-20T00:00:00+05:30",
    ];
    let utc = [
        "2024-09-19T17:35:35Z",
        "2024-09-19T17:35:35Z",
        "2024-09-19T22:05:00Z",
        "2024-09-19T18:30:00Z",
    ];
    assert_eq!(json!(sent("date_time = \"keep_offset\"")), json!(own));
    assert_eq!(json!(sent("")), json!(utc));
    // What was sent is found again where no answer tells of it.
    let desk = Desk::new();
    desk.write("fields.toml", SINCE.replace("vome.custom_fields", "fields"));
    let flags = "--fields fields.toml --variant vome.success_body=empty";
    let pushed = push(&desk, flags, &recipe("date_time = \"keep_offset\""), sheet);
    assert_eq!(pushed.words, ["accepted"; 4], "{}", pushed.reasons);
}

#[test]
fn a_time_without_a_zone_is_refused_with_the_setting_that_reads_it() {
    let sheet = "Email,First,Last,Since\na@example.org,Ada,Lark,2024-09-20 03:35\n";
    let check = |recipe: &str, code: i32| {
        let check = Import::new("check --format json").text("people.csv", sheet);
        check.recipe(recipe).expect_code(code).run()
    };
    let finding = check(SINCE, 1).json()["findings"][0].clone();
    assert_eq!(finding["code"], "datetime-syntax", "{finding}");
    assert!(finding["help"].as_str().unwrap().contains("time_zone = "), "{finding}");
    check("[policy]\ntime_zone = \"Atlantis\"\n", 2).says("no time zone that is known here");
}

#[test]
fn wrong_values_of_custom_fields_reject_their_rows() {
    let rows = "Ada,Lark,a@example.org,,many,Small,,,,,,,,\n\
                Bo,Lark,b@example.org,,,Huge,,,,,,,,\n\
                Cy,Lark,c@example.org,,,Large,Blue; Red,,,,,,,\n\
                Di,Lark,d@example.org,,,,,2024-09-19 19:35,,,,,,\n\
                Ed,Lark,e@example.org,,,,,,g at example.org,,,,,\n\
                Flo,Lark,f@example.org,,,,,,,not a site,,,,\n\
                Gus,Lark,g@example.org,,,,,,,,,007,,\n\
                Hal,Lark,h@example.org,,,,,,,,,007,,\n\
                Ida,Lark,i@example.org,,,,,,,,,,perhaps,\n\
                Jo,Lark,j@example.org,,,,,,,,,,,31/31/2024\n";
    let check = Import::new("check --format json").text("people.csv", format!("{PERSON}{rows}"));
    let report = check.recipe(ALL_TYPES).expect_code(1).run().json();
    let codes: Vec<(u64, &str)> =
        found(&report).into_iter().filter(|(_, code)| *code != "required-missing").collect();
    let row = |row: u64| codes.iter().find(|(of, _)| *of == row).map_or("-", |(_, code)| *code);
    assert_eq!(
        [2, 3, 4, 5, 6, 7, 8, 9, 10, 11].map(row),
        [
            "number-syntax",
            "choice-unknown",
            "choice-unknown",
            "datetime-syntax",
            "email-syntax",
            "url-syntax",
            "-",
            "duplicate",
            "bool-syntax",
            "date-impossible"
        ]
    );
    let open = format!("[vome]\nallow_unknown_options = true\n{ALL_TYPES}");
    let sheet = format!("{PERSON}{}", rows.lines().skip(1).take(2).collect::<Vec<_>>().join("\n"));
    let sent = people(&open, &sheet);
    assert_eq!(custom(&sent[0], "Size"), "Huge");
    assert_eq!(custom(&sent[1], "Colours"), json!(["Blue", "Red"]));
}

#[test]
fn attachments_and_formulas_are_refused_by_name() {
    let sheet = "First,Last,Email,Papers,Total\nAda,Lark,a@example.org,https://example.org/p,3\n";
    for (column, parts) in [
        ("Papers", ["`custom:Papers`", "it is a file", "custom_encoding.attachment"]),
        ("Total", ["`custom:Total`", "Vome calculates it", "leave the column out"]),
    ] {
        let recipe = format!("[columns]\n{column} = \"custom:{column}\"\n{ALL_TYPES}");
        refused(&recipe, sheet, &parts);
    }
    let url = format!("[vome]\ncustom_encoding.attachment = \"url\"\n{ALL_TYPES}");
    assert_eq!(custom(&people(&url, sheet)[0], "Papers"), "https://example.org/p");
    let inspect = Import::new("check").text("people.csv", sheet).recipe(ALL_TYPES).run();
    assert!(inspect.stdout.contains("Papers"), "left out, and told: {}", inspect.stdout);
}

#[test]
fn an_undeclared_custom_field_is_text_without_a_word() {
    let sheet = "First,Last,Email,Hours\nAda,Lark,a@example.org,\"1,5\"\n";
    let check = Import::new("check --format json --map").arg("Hours=custom:Hours");
    let report = check.text("people.csv", sheet).run().json();
    assert_eq!(found(&report), []);
}

#[test]
fn blocks_are_written_as_the_settings_say() {
    let sheet = "First,Last,Email,Gender,Gender text,Occupation,Institution,Allergies,Lat,Long,Mobile,Address\n\
                 Ada,Lark,a@example.org,Other,agender,Retired,,peanuts,42.1457951999999900,-71.4391298,0491 570 156,1 Road\n\
                 Bo,Lark,b@example.org,F,,Student,MIT,,,,(02) 5550 1234,\n";
    let person = |settings: &str| {
        let recipe = format!("[phones]\ndefault_region = \"AU\"\n[vome]\n{settings}\n");
        people(&recipe, sheet).swap_remove(0)
    };
    let usual = person("");
    assert_eq!(
        usual,
        json!({
            "medical_information": {"description": "peanuts", "has_medical_info": true},
            "occupation_info": {"occupation": 2},
            "profile_data": {"first_name": "Ada", "last_name": "Lark", "email": "a@example.org",
                "phone_number": "0491570156", "gender": 2, "address": "1 Road",
                "address_coordinates": ["42.14579519999999", "-71.4391298"]},
        })
    );
    let other = person(
        "gender_text = true\nphone = \"e164\"\nenum_encoding = \"string\"\nbool_encoding = \"string\"\n\
         coordinates_key = \"latitude_longitude\"\ncoordinates_as = \"numbers\"\n\
         gender_map = { other = 9 }\noccupation_map = { retiree = 5 }",
    );
    assert_eq!(
        other,
        json!({
            "medical_information": {"description": "peanuts", "has_medical_info": "true"},
            "occupation_info": {"occupation": "5"},
            "profile_data": {"first_name": "Ada", "last_name": "Lark", "email": "a@example.org",
                "phone_number": "+61491570156", "gender": "9", "gender_text": "agender",
                "address": "1 Road", "latitude_longitude": [42.145_795_199_999_99, -71.439_129_8]},
        })
    );
    assert_eq!(person("phone = \"asis\"")["profile_data"]["phone_number"], "0491 570 156");
}

#[test]
fn a_blank_flag_follows_its_text_and_what_is_cleared_is_cleared_whole() {
    let sheet = "Email,First,Last,Allergies,has_medical_info,Lat,Long\n\
                 a@example.org,Ada,Lark,peanuts,,1.5,2.5\n\
                 b@example.org,Bo,Lark,unsure,no,,\n\
                 c@example.org,Cy,Lark,,yes,,\n";
    let flags = |recipe: &str| -> Vec<Value> {
        people(recipe, sheet).iter().map(|one| one["medical_information"].clone()).collect()
    };
    let expected = json!([
        {"description": "peanuts", "has_medical_info": true},
        {"description": "unsure", "has_medical_info": false},
        {"has_medical_info": true},
    ]);
    assert_eq!(json!(flags("")), expected);
    let cleared = people("[policy]\nblank = \"clear\"\n", sheet).swap_remove(1);
    let place = cleared["profile_data"].get("address_coordinates");
    assert_eq!(place, Some(&Value::Null), "a list of nulls is no place");
}

#[test]
fn a_create_sends_nothing_for_what_is_cleared() {
    let sheet = "Email,First,Last,Mobile,Allergies,has_medical_info,Lat,Long,Badge\n\
                 a@example.org,Ada,Lark,,peanuts,,,,\n";
    let recipe = |operation: &str| {
        format!(
            "[columns]\nBadge = \"custom:Badge\"\n[policy]\nblank = \"clear\"\n\
             [vome]\noperation = \"{operation}\"\n"
        )
    };
    let created = payload(&recipe("create"), sheet);
    assert_eq!(
        created["users_data"][0],
        json!({
            "profile_data": {"first_name": "Ada", "last_name": "Lark", "email": "a@example.org"},
            "medical_information": {"description": "peanuts", "has_medical_info": true},
        })
    );
    let changed = people(&recipe("upsert"), sheet).swap_remove(0);
    assert_eq!(changed["profile_data"].get("phone_number"), Some(&Value::Null), "{changed}");
    assert_eq!(changed["custom_field_data"][0]["custom_field_user_value"], Value::Null);
}

#[test]
fn a_place_in_two_forms_is_sent_once_also_where_one_of_them_clears() {
    let recipe = "[vome]\noperation = \"update\"\n[policy]\nclear_word = \"#N/A\"\n";
    for (cells, expected) in [
        ("1.5,2.5,#N/A", "[\"1.5\",\"2.5\"]"),
        ("#N/A,#N/A,\"1.5, 2.5\"", "[\"1.5\",\"2.5\"]"),
        ("#N/A,,\"1.5, 2.5\"", "[\"1.5\",\"2.5\"]"),
        ("#N/A,,", "null"),
        ("#N/A,#N/A,#N/A", "null"),
    ] {
        let sheet = format!("Email,Lat,Long,Coordinates\na@example.org,{cells}\n");
        let build = Import::new("build -o out").text("people.csv", sheet).recipe(recipe).run();
        let payload = build.desk.read("out/payloads/00001.json");
        let profile = format!(r#"{{"email":"a@example.org","address_coordinates":{expected}}}"#);
        assert!(payload.contains(&profile), "{cells}: {payload}");
    }
}

#[test]
fn options_that_hold_a_separator_are_chosen_and_numbers_never_run_together() {
    let recipe = "[[vome.custom_fields]]\nname = \"Days\"\ntype = \"multiple_selection\"\n\
                  options = [\"1\", \"2\", \"12\", \"Mon; early\", \"Mon\", \"Tue, late\"]\n";
    for (cell, expected) in [
        ("1; 2", json!(["1", "2"])),
        ("1, 2", json!(["1", "2"])),
        ("mon; early; tue, late", json!(["Mon; early", "Tue, late"])),
        ("Mon, Tue, late", json!(["Mon", "Tue, late"])),
    ] {
        let sheet = format!("First,Last,Email,Days\nAda,Lark,a@example.org,\"{cell}\"\n");
        assert_eq!(custom(&people(recipe, &sheet)[0], "Days"), expected, "{cell}");
    }
    let sheet = "First,Last,Email,Days\nAda,Lark,a@example.org,Thursday\n";
    let check = Import::new("check").text("people.csv", sheet).recipe(recipe).expect_code(1);
    let told = check.run().stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains("`upsheet fields` renews the lock file"), "{told}");
}

#[test]
fn half_a_place_and_texts_that_do_not_apply_are_told() {
    let sheet = "First,Last,Email,Gender,Gender text,Occupation,Institution,Latitude,Longitude,Coordinates\n\
                 Ada,Lark,a@example.org,,,,,42.1,,\n\
                 Bo,Lark,b@example.org,,,,,91,10,\n\
                 Cy,Lark,c@example.org,F,agender,,,,,\n\
                 Di,Lark,d@example.org,,,Retired,MIT,,,\n\
                 Ed,Lark,e@example.org,,,,,1,2,\"3, 4\"\n\
                 Flo,Lark,f@example.org,,,,,,,\"91, 4\"\n";
    let recipe = "[vome]\ngender_text = true\n";
    let check = Import::new("check --format json").text("people.csv", sheet).recipe(recipe);
    let report = check.expect_code(1).run().json();
    let mut codes = found(&report);
    codes.dedup();
    assert_eq!(
        codes,
        [
            (2, "field-incomplete"),
            (3, "number-range"),
            (4, "field-unsuited"),
            (5, "field-unsuited"),
            (6, "field-twice"),
            (7, "coordinates-syntax")
        ]
    );
}

#[test]
fn invitations_take_their_message_from_a_file_and_are_counted() {
    let desk = Desk::new();
    desk.write("texts/hello.html", "<p>Bienvenue</p>\n");
    let recipe =
        "[vome.invite]\nenabled = true\nlanguage = \"FR\"\nmessage_file = \"texts/hello.html\"\n";
    let server = Server::start(|_, _| Act::fine());
    let recipe = format!("{}{recipe}", server.vome(50));
    let sheet = "First,Last,Email\nAda,Lark,a@example.org\nBo,Lark,b@example.org\n";
    let push = || {
        let push = Import::at(&desk, "push --yes --state state").env("VOME_API_KEY", "k");
        push.text("people.csv", sheet).recipe(&recipe)
    };
    push().expect_code(5).run().says("2 people").says("--expect-invites 2");
    push()
        .args("--operation update --expect-invites 2")
        .expect_code(2)
        .run()
        .says("there is nobody whom Vome would invite");
    push().args("--expect-invites 2").run();
    let body: Value = serde_json::from_slice(&server.seen()[0].body).unwrap();
    assert_eq!(body["invite_user_to_vome"], true);
    assert_eq!(body["invite_language"], "FR");
    assert_eq!(body["invite_message"], "<p>Bienvenue</p>");
    // Where nobody is ready nobody is mailed, and the reasons are what is to be told.
    let nobody = Import::at(&desk, "push --yes --state state").env("VOME_API_KEY", "k");
    let nobody = nobody.text("people.csv", "First,Last,Email\n,Lark,a@example.org\n");
    let told = nobody.recipe(&recipe).expect_code(1).run();
    assert!(told.stdout.contains("first_name is blank"), "{}", told.stdout);
    assert_eq!(server.seen().len(), 1);
    let twice = recipe.replace("enabled", "message = \"x\"\nenabled");
    let both = Import::at(&desk, "check").text("people.csv", sheet).recipe(&twice);
    both.expect_code(2).run().says("two messages");
}

#[test]
fn a_wrong_endpoint_stops_with_a_hint_and_is_never_changed() {
    for (variant, status) in [("absent", "no such path"), ("not_allowed", "takes OPTIONS only")] {
        let push = Import::new("push --to sandbox --state state --sandbox-data data");
        let push = push.args("--variant").arg(format!("vome.upsert={variant}"));
        let done = push.text("people.csv", crate::people::plain(3)).expect_code(4).run();
        done.says(status).says("[vome.endpoints.upsert]");
    }
    let recipe =
        "[vome.endpoints.upsert]\nmethod = \"POST\"\npath = \"/api/profiles/bulk-create/\"\n";
    let push = Import::new("push --to sandbox --state state --sandbox-data data");
    let push = push.args("--variant vome.upsert=post_bulk_create").recipe(recipe);
    push.text("people.csv", crate::people::plain(3)).run();
}

/// A push to the sandbox: the outcomes of the rows, in their order.
struct Pushed {
    words: Vec<String>,
    reasons: String,
    code: i32,
}

fn push(desk: &Desk, flags: &str, recipe: &str, sheet: &str) -> Pushed {
    let _ = std::fs::remove_dir_all(desk.path("state"));
    let push = Import::at(desk, "push --to sandbox --state state --sandbox-data data");
    let mut running = push.args(flags).text("people.csv", sheet).recipe(recipe).start();
    let code = running.wait_for_code();
    running.finish_with_any_code();
    let outcomes = if desk.runs().is_empty() { Vec::new() } else { desk.outcomes() };
    let words = outcomes.iter().map(|(_, word, _)| word.clone()).collect();
    let reasons = outcomes.into_iter().map(|(_, _, why)| why).collect::<Vec<_>>().join(" | ");
    Pushed { words, reasons, code }
}

const KEYED: &str = "Vome ID,Badge,First,Last,Email\n\
    00000000-0000-4000-8000-000000000001,B1,Ada,Lark,ada@example.org\n\
    00000000-0000-4000-8000-000000000002,B2,Bo,Vale,bo@example.org\n\
    00000000-0000-4000-8000-000000000003,B3,Cy,Moss,cy@example.org\n";

fn recipe_of(key: &str) -> String {
    format!(
        "[columns]\n\"Vome ID\" = \"id\"\n[vome]\nsend_profile_id = true\nmatch = \"{key}\"\n\
         [[vome.custom_fields]]\nid = \"395fd06d-48ca-41a0-be0c-3cd22fdad976\"\nname = \"Badge\"\ntype = \"unique_id\"\n"
    )
}

#[test]
fn every_operation_works_with_every_key() {
    const ACCEPTED: [&str; 3] = ["accepted"; 3];
    for key in ["email", "id", "custom:Badge"] {
        let recipe = recipe_of(key);
        let desk = Desk::new();
        let first = push(&desk, "--operation create", &recipe, KEYED);
        assert_eq!((first.words, first.code), (ACCEPTED.map(str::to_owned).to_vec(), 0), "{key}");
        let moved = KEYED.replace("Lark", "Larkspur");
        for operation in ["update", "upsert"] {
            let flags = format!("--operation {operation}");
            let again = push(&desk, &flags, &recipe, &moved);
            assert_eq!(again.words, ACCEPTED, "{key} {operation}: {}", again.reasons);
        }
        let more =
            format!("{moved}00000000-0000-4000-8000-000000000004,B4,Di,Fern,di@example.org\n");
        let upsert = push(&desk, "--operation upsert", &recipe, &more);
        assert_eq!(upsert.words, ["accepted"; 4], "{key}: {}", upsert.reasons);
        let none = push(&desk, "--operation create", &recipe, &more);
        assert_eq!(none.words, ["rejected by the target"; 4], "{key}");
        assert!(none.reasons.contains("exist already"), "{}", none.reasons);
        assert_eq!(none.code, 1);
    }
}

#[test]
fn an_update_of_somebody_unknown_is_told_in_every_form_that_says_so() {
    let recipe = recipe_of("email");
    let more = format!("{KEYED}00000000-0000-4000-8000-000000000004,B4,Di,Fern,di@example.org\n");
    for variants in [
        "--variant vome.unmatched=passed_over",
        "--variant vome.unmatched=counted",
        "--variant vome.unmatched=listed",
        "--variant vome.unmatched=listed --variant vome.success_body=empty_object",
        "--variant vome.unmatched=counted --variant vome.success_body=empty_object",
        "--variant vome.unmatched=passed_over --variant vome.success_body=rows",
        "--variant vome.unmatched=passed_over --variant vome.success_body=message",
    ] {
        let desk = Desk::new();
        push(&desk, "--operation create", &recipe, KEYED);
        let update = push(&desk, &format!("--operation update {variants}"), &recipe, &more);
        assert_eq!(
            update.words,
            ["accepted", "accepted", "accepted", "rejected by the target"],
            "{variants}: {}",
            update.reasons
        );
        assert_eq!(update.code, 1, "{variants}");
    }
}

#[test]
fn a_bad_record_is_found_in_every_form_that_tells_of_it() {
    // Vome's stand-in of digits alone refuses a plus.
    let sheet = "First,Last,Email,Mobile\nAda,Lark,a@example.org,5555550101\nBo,Vale,b@example.org,+5555550102\n\
                 Cy,Moss,c@example.org,5555550103\nDi,Fern,d@example.org,5555550104\n";
    let expected = ["accepted", "rejected by the target", "accepted", "accepted"];
    for bad_row in ["call", "call_unnamed", "row_named", "row_unnamed", "row_silent"] {
        for body in ["counts", "message", "rows", "empty_object"] {
            // A success that says nothing at all of a record that failed cannot be told from one.
            if bad_row == "row_silent" && body == "empty_object" {
                continue;
            }
            let desk = Desk::new();
            let flags = format!(
                "--variant vome.phone=digits --variant vome.bad_row={bad_row} --variant vome.success_body={body}"
            );
            let pushed = push(&desk, &flags, "", sheet);
            assert_eq!(pushed.words, expected, "{bad_row} {body}: {}", pushed.reasons);
        }
    }
}

#[test]
fn an_empty_answer_means_what_the_recipe_says() {
    let sheet = &crate::people::plain(2);
    let case = |flags: &str| {
        let told = push(&Desk::new(), flags, "[vome]\nempty_answer = \"accepted\"\n", sheet);
        assert_eq!(told.words, ["accepted"; 2], "{flags}");
        // Unasked, whoever is found as sent has landed; who cannot be looked for stays unknown.
        let read = push(&Desk::new(), flags, "", sheet);
        assert_eq!((read.words, read.code), (vec!["accepted".to_owned(); 2], 0), "{flags}");
        // Three attempts leave the outcome as open as eight do, in a part of the time.
        let blind = format!("{flags} --variant vome.page_cap=10");
        let open = push(&Desk::new(), &blind, "[sending]\nattempts = 3\n", sheet);
        assert_eq!((open.words, open.code), (vec!["unknown".to_owned(); 2], 6), "{flags}");
    };
    std::thread::scope(|scope| {
        scope.spawn(|| case("--variant vome.success_body=empty"));
        scope.spawn(|| {
            case("--variant vome.success_body=empty --variant vome.success_status=204");
        });
    });
}

#[test]
fn a_list_under_a_key_that_vome_does_not_know_is_no_success() {
    let sheet = crate::people::plain(3);
    let flags = "--variant vome.upsert_key=user_data --variant vome.wrong_key=ignored";
    let ignored = push(&Desk::new(), flags, "", &sheet);
    assert_eq!(ignored.words, ["rejected by the target"; 3], "{}", ignored.reasons);
    assert!(ignored.reasons.contains("records_key"), "{}", ignored.reasons);
    let right = push(&Desk::new(), flags, "[vome]\nrecords_key = \"user_data\"\n", &sheet);
    assert_eq!(right.words, ["accepted"; 3]);
    let own = "[vome]\nrecords_key = { upsert = \"user_data\" }\n";
    assert_eq!(push(&Desk::new(), flags, own, &sheet).words, ["accepted"; 3]);
    for key in ["unique_custom_field", "unique_id"] {
        let flags = format!("--variant vome.unique_key={key}");
        let pushed = push(&Desk::new(), &flags, &recipe_of("custom:Badge"), KEYED);
        assert_eq!(pushed.words, ["accepted"; 3], "{key}: {}", pushed.reasons);
    }
}

#[test]
fn encodings_that_vome_might_want_are_met_by_settings() {
    let fields = "[[fields]]\nid = \"f-1\"\nname = \"Size\"\ntype = \"single_selection\"\noptions = [{ id = \"o-1\", value = \"Small\" }]\n\
                  [[fields]]\nid = \"f-2\"\nname = \"Colours\"\ntype = \"multiple_selection\"\noptions = [{ id = \"o-2\", value = \"Blue\" }, { id = \"o-3\", value = \"Green\" }]\n\
                  [[fields]]\nid = \"f-3\"\nname = \"Driver\"\ntype = \"boolean\"\n\
                  [[fields]]\nid = \"f-4\"\nname = \"Hours\"\ntype = \"number\"\n";
    let declared = fields.replace("[[fields]]", "[[vome.custom_fields]]");
    let sheet = "First,Last,Email,Gender,Lat,Long,Size,Colours,Driver,Hours\nAda,Lark,a@example.org,F,1.5,2.5,small,blue; green,yes,3.5\n";
    for (variants, settings) in [
        ("", ""),
        ("vome.code=string", "enum_encoding = \"string\""),
        ("vome.coordinates_as=native", "coordinates_as = \"numbers\""),
        ("vome.coordinates_key=latitude_longitude", "coordinates_key = \"latitude_longitude\""),
        ("vome.single_select=option_id", "custom_encoding.single_selection = \"option_id\""),
        ("vome.multi_select=option_ids", "custom_encoding.multiple_selection = \"option_ids\""),
        (
            "vome.single_shown=text --variant vome.single_select=option_id",
            "custom_encoding.single_selection = \"option_id\"",
        ),
        (
            "vome.multi_select=joined",
            "custom_encoding = { multiple_selection = \"joined\", separator = \",\" }",
        ),
        ("vome.boolean=string", "custom_encoding.boolean = \"string\""),
        ("vome.number=native", "custom_encoding.number = \"native\""),
        ("vome.field_by=id", ""),
        ("vome.field_by=name", ""),
    ] {
        let desk = Desk::new();
        desk.write("fields.toml", fields);
        let flags = format!(
            "--fields fields.toml {}",
            if variants.is_empty() { String::new() } else { format!("--variant {variants}") }
        );
        let recipe = format!("[vome]\n{settings}\n{declared}");
        let pushed = push(&desk, &flags, &recipe, sheet);
        assert_eq!(pushed.words, ["accepted"], "{variants}: {}", pushed.reasons);
        // Where the answer says nothing, the profile is read back and is as sent.
        let silent = format!("{flags} --variant vome.success_body=empty");
        let read = push(&desk, &silent, &recipe, sheet);
        assert_eq!(read.words, ["accepted"], "{variants}: {}", read.reasons);
        if !variants.is_empty() && !settings.is_empty() {
            let usual = push(&desk, &flags, &declared, sheet);
            assert_eq!(usual.words, ["rejected by the target"], "{variants} needs {settings}");
        }
    }
}

#[test]
fn other_ways_of_vome_are_met_too() {
    let sheet = "First,Last,Email,Gender,Gender text,Allergies,Badge\nAda,Lark,a@example.org,Other,agender,nuts,B1\nBo,Vale,b@example.org,,,,B2\n";
    let recipe =
        |settings: &str| format!("[columns]\nBadge = \"custom:Badge\"\n[vome]\n{settings}\n");
    for (variants, settings) in [
        ("vome.gender_text=true", "gender_text = true"),
        ("vome.medical_flag=string", "bool_encoding = \"string\""),
        ("vome.medical_flag=native", ""),
        ("vome.most_rows=1", ""),
        ("vome.most_rows=1 --variant vome.too_many_status=400", ""),
        ("vome.success_status=201", ""),
        ("vome.rate_limit=1 --variant vome.rate_window_ms=200", ""),
        ("vome.unknown_field=ignored", ""),
    ] {
        let flags = format!("--variant {variants}");
        let pushed = push(&Desk::new(), &flags, &recipe(settings), sheet);
        assert_eq!(pushed.words, ["accepted"; 2], "{variants}: {}", pushed.reasons);
    }
    let denied = push(&Desk::new(), "--variant vome.rights=read", &recipe(""), sheet);
    assert_eq!((denied.words, denied.code), (vec!["not sent".to_owned(); 2], 4));
    for (variants, why) in [
        ("vome.existing=conflict", "belongs to"),
        ("vome.existing=conflict --variant vome.bad_row=row_named", "belongs to"),
        ("vome.success_body=rows", "exists already"),
    ] {
        // Whom it makes is made once, whatever was said of the other.
        let desk = Desk::new();
        push(
            &desk,
            "--operation create",
            &recipe(""),
            &sheet.replace("Bo,Vale,b@", "Bo,Vale,c@").replace("B2", "B3"),
        );
        let flags = format!("--operation create --variant {variants}");
        let pushed = push(&desk, &flags, &recipe(""), sheet);
        assert_eq!(
            pushed.words,
            ["rejected by the target", "accepted"],
            "{variants}: {}",
            pushed.reasons
        );
        assert!(pushed.reasons.contains(why), "{variants}: {}", pushed.reasons);
    }
}

#[test]
fn people_of_an_earlier_create_do_not_keep_those_behind_them_from_being_sent() {
    let recipe = "[vome]\nbatch_size = 10\n";
    for variants in [
        "vome.existing=conflict",
        "vome.existing=conflict --variant vome.bad_row=call_unnamed",
        "vome.existing=conflict --variant vome.bad_row=row_named",
        "vome.existing=refused",
        "vome.existing=refused --variant vome.bad_row=row_named",
        "vome.success_body=rows",
    ] {
        let desk = Desk::new();
        let flags = format!("--operation create --variant {variants}");
        let first = push(&desk, &flags, recipe, &crate::people::plain(20));
        assert_eq!((first.words, first.code), (vec!["accepted".to_owned(); 20], 0), "{variants}");
        let again = push(&desk, &flags, recipe, &crate::people::plain(30));
        let words: Vec<&str> = again.words.iter().map(String::as_str).collect();
        let (there, new) = words.split_at(20);
        assert_eq!(there, ["rejected by the target"; 20], "{variants}: {}", again.reasons);
        assert_eq!((new, again.code), (&["accepted"; 10][..], 1), "{variants}: {}", again.reasons);
    }
}

#[test]
fn what_is_said_before_and_after_speaks_of_the_operation() {
    let server = Server::start(|_, _| Act::Drop);
    for (flags, before, after) in [
        (
            "--operation upsert",
            "bulk-upsert by e-mail address",
            "A bulk-upsert by e-mail address can safely be sent again",
        ),
        (
            "--operation update",
            "bulk-update by e-mail address",
            "A bulk-update by e-mail address can safely be sent again",
        ),
        ("--operation create", "bulk-create by e-mail address", "bulk-create by e-mail address"),
    ] {
        let push = || {
            let push = Import::new("push --state state").args(flags).env("VOME_API_KEY", "k");
            push.text("people.csv", crate::people::plain(1)).recipe(&server.vome(50))
        };
        push().expect_code(5).run().says(before);
        let done = push().args("--yes").expect_code(6).run();
        let plain = done.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(plain.contains(after), "{plain} lacks {after}");
        let create = flags.contains("create");
        assert_eq!(plain.contains("may have made people"), create, "{plain}");
    }
}

#[test]
fn the_page_of_the_target_says_which_fields_there_are() {
    let Ok(page) = std::fs::read_to_string(repository("docs/vome.md")) else { return };
    for of in [
        "general",
        "number",
        "single_selection",
        "multiple_selection",
        "date_time",
        "email",
        "attachment",
        "url",
        "address",
        "unique_id",
        "boolean",
        "formula",
        "date",
    ] {
        assert!(page.contains(&format!("`{of}`")), "docs/vome.md lacks {of}");
    }
}

#[test]
fn a_text_that_says_that_there_is_nothing_is_no_medical_information() {
    let sheet = "First name,Last name,Email,Medical conditions\nAda,L,a@example.org,No known allergies\n\
                 Bob,M,b@example.org,Asthma\nCy,M,c@example.org,N/A\nDi,M,d@example.org,-\nEd,M,e@example.org,Keine\nFa,M,f@example.org,\u{2713}\n";
    let build = Import::new("build -o out --format json --to vome").text("people.csv", sheet).run();
    let expected: Vec<(u64, &str)> = [2, 4, 5, 6].map(|row| (row, "blank-word")).to_vec();
    assert_eq!(found(&build.json()), expected);
    let payload = build.desk.json("out/payloads/00001.json");
    let people = payload["volunteers_data"].as_array().unwrap();
    let said: Vec<&Value> = people.iter().map(|one| &one["medical_information"]).collect();
    let asthma = json!({"description": "Asthma", "has_medical_info": true});
    let tick = json!({"description": "\u{2713}", "has_medical_info": true});
    assert_eq!(said, [&Value::Null, &asthma, &Value::Null, &Value::Null, &Value::Null, &tick]);
}

#[test]
fn a_record_has_its_profile_though_only_a_custom_field_changes() {
    let recipe = "[vome]\noperation = \"update\"\nmatch = \"custom:Member no\"\n[[vome.custom_fields]]\n\
                  name = \"Member no\"\nid = \"a1\"\ntype = \"unique_id\"\n[[vome.custom_fields]]\nname = \"Size\"\nid = \"a2\"\n\
                  type = \"general\"\n";
    let build = Import::new("build -o out --to vome").recipe(recipe);
    let done = build.text("people.csv", "Member no,Size\n0017,S\n").run();
    let record = &done.desk.json("out/payloads/00001.json")["volunteers_data"][0];
    assert_eq!(record["profile_data"], json!({}));
    assert_eq!(record["custom_field_data"].as_array().unwrap().len(), 2, "{record}");
}
