//! The recipe: what it decides, and how it is told off.

use serde_json::Value;

use crate::common::{Desk, Import, counts};
use crate::people::plain;
use crate::server::{Act, Server};

const SHEET: &str = "\
Who,Family name,Post,Sex,Shirt,Phone
Ada,Larkspur,ada@example.org,dame,L,+1 514 555 0101
Otis,Vale,otis@example.org,,,
";

const RECIPE: &str = "\
target = \"vome\"
[columns]
\"Who\" = \"first_name\"
\"Family name\" = \"last_name\"
\"Post\" = \"email\"
\"Sex\" = \"gender\"
\"Shirt\" = \"custom:T-shirt size\"
[values.gender]
\"dame\" = 1
";

fn people(import: Import) -> Value {
    import.run().desk.json("out/payloads/00001.json")["volunteers_data"].clone()
}

#[test]
fn columns_and_words_come_from_the_recipe() {
    let build = Import::new("build -o out").text("people.csv", SHEET).recipe(RECIPE);
    let people = people(build);
    assert_eq!(people[0]["profile_data"]["email"], "ada@example.org");
    assert_eq!(people[0]["profile_data"]["gender"], 1);
    assert!(people[0].to_string().contains(r#""custom_field_name":"T-shirt size""#));
    assert!(people[0].to_string().contains(r#""custom_field_user_value":"L""#));
    assert!(people[1]["profile_data"].get("gender").is_none(), "a blank leaves the field alone");
}

#[test]
fn a_recipe_in_the_folder_is_used_unasked() {
    let desk = Desk::new();
    desk.write("upsheet.toml", RECIPE);
    Import::at(&desk, "check").text("people.csv", SHEET).run();
    Import::new("check").text("people.csv", SHEET).expect_code(2).run();
}

#[test]
fn blanks_clear_only_when_the_recipe_says_so() {
    let recipe = format!("{RECIPE}[policy]\nblank = \"clear\"\n");
    let build = Import::new("build -o out").text("people.csv", SHEET).recipe(&recipe);
    let people = people(build);
    let otis = &people[1]["profile_data"];
    assert_eq!(otis.get("gender"), Some(&Value::Null));
    assert_eq!(otis.get("phone_number"), Some(&Value::Null));
    assert_eq!(otis["first_name"], "Otis");
}

#[test]
fn an_unknown_key_is_shown_where_it_stands() {
    let desk = Desk::new();
    desk.fixture("recipes/unknown-key.toml");
    let check = Import::at(&desk, "check --recipe recipes/unknown-key.toml");
    let done = check.text("people.csv", plain(1)).expect_code(2).run();
    done.says("on_duplicat").says("on_duplicate").says("unknown-key.toml:8:1").says("here");
    assert_eq!(done.stdout, "");
    for (recipe, place) in [
        ("taget = \"vome\"\n", "recipe.toml:1:1"),
        ("[vome]\nbatchsize = 3\n", "recipe.toml:2:1"),
        ("[vome.invite]\nenable = true\n", "recipe.toml:2:1"),
        ("target = \"vome\"\n[columns\n", "recipe.toml:2:"),
    ] {
        let check = Import::new("check").text("people.csv", plain(1)).recipe(recipe);
        check.expect_code(2).run().says(place);
    }
}

#[test]
fn a_value_of_the_wrong_type_is_shown_where_it_stands() {
    let desk = Desk::new();
    desk.fixture("recipes/bad-type.toml");
    let check = Import::at(&desk, "check --recipe recipes/bad-type.toml");
    let done = check.text("people.csv", plain(1)).expect_code(2).run();
    done.says("bad-type.toml:8:9").says("blank = 7");
    for (recipe, place) in [
        ("[policy]\nblank = \"erase\"\n", "recipe.toml:2:9"),
        ("[vome]\nbatch_size = \"many\"\n", "recipe.toml:2:14"),
        ("target = 3\n", "recipe.toml:1:10"),
    ] {
        let check = Import::new("check").text("people.csv", plain(1)).recipe(recipe);
        check.expect_code(2).run().says(place);
    }
}

#[test]
fn a_recipe_that_speaks_of_what_is_not_there_is_refused() {
    for (recipe, part) in [
        ("target = \"vomme\"\n", "vome"),
        ("[columns]\n\"Mail\" = \"email\"\n", "Mail"),
        ("[columns]\n\"Email\" = \"emial\"\n", "email"),
        ("[values.gendre]\n\"x\" = 1\n", "gender"),
    ] {
        let check = Import::new("check").text("people.csv", plain(1)).recipe(recipe);
        check.expect_code(2).run().says(part);
    }
}

#[test]
fn a_setting_that_no_request_could_follow_is_shown_in_the_recipe() {
    for (recipe, place) in [
        ("target = \"vme\"\n", "1:10"),
        ("[vome]\nbatch_size = 0\n", "2:14"),
        ("[vome]\nbatch_bytes = 0\n", "2:15"),
        ("[vome]\nrate = -1\n", "2:8"),
        ("[vome]\npage_size = 500\n", "2:13"),
        ("[vome]\nrecords_key = { upsert = \"\" }\n", "2:26"),
        ("[vome.endpoints.upsert]\npath = \"x\"\n", "2:8"),
        ("[vome]\ngender_map = { male = 0, female = 0 }\n", "2:14"),
        ("[vome.invite]\nmessage_file = \"none.html\"\n", "2:16"),
        ("target = \"omneo\"\n[omneo]\nbatch_size = 501\n", "3:14"),
        ("target = \"omneo\"\n[omneo]\nrequire = [\"emial\"]\n", "3:11"),
        ("target = \"omneo\"\n[omneo]\nmatch_criteria = \"\"\n", "3:18"),
        ("target = \"omneo\"\n[omneo]\nbatch_path = \"batch\"\n", "3:14"),
        ("target = \"scim\"\n[scim]\noperation = \"upsert\"\n", "3:13"),
        ("target = \"scim\"\n[scim]\nbulk_path = \"Bulk\"\n", "3:13"),
        ("target = \"scim\"\n[scim]\nconfirm = \"poll\"\n", "3:11"),
        ("target = \"scim\"\n[scim.attributes]\na = \"string\"\n", "3:5"),
    ] {
        let check = Import::new("check -q").text("people.csv", SHEET).recipe(recipe);
        let told = check.expect_code(2).run().stderr;
        assert!(told.contains(&format!(".toml:{place}]")) && told.contains("help:"), "{told}");
    }
    for url in ["nonsense", "http://api.example.org", "https://user:pw@api.example.org"] {
        let recipe = format!("[vome]\nbase_url = \"{url}\"\n");
        let push =
            Import::new("push --yes --state state").text("people.csv", SHEET).recipe(&recipe);
        let told = push.env("VOME_API_KEY", "k").expect_code(2).run().stderr;
        assert!(told.contains(".toml:2:12]"), "{told}");
    }
    // What the command line says stands in no recipe.
    let recipe = "target = \"scim\"\n[scim]\noperation = \"create\"\nbatch_size = 5\n";
    for flag in ["--operation upsert", "--batch-size 0"] {
        let check = Import::new("check -q").args(flag).text("people.csv", SHEET).recipe(recipe);
        let told = check.expect_code(2).run().stderr.clone();
        assert!(!told.contains(".toml"), "{told}");
    }
}

#[test]
fn the_recipes_of_the_fixtures_fit_their_sheets() {
    for (recipe, sheet, people) in [
        ("recipes/vome.toml", "spring-intake/volunteers.xlsx", 1000),
        ("recipes/omneo.toml", "loyalty/members.csv", 600),
    ] {
        let desk = Desk::new();
        desk.fixture(recipe);
        let check = Import::at(&desk, "check --format json --recipe").arg(recipe).file(sheet);
        assert_eq!(counts(&check.run().json()), [people, people, 0, 0]);
    }
}

#[test]
fn nobody_is_invited_without_the_right_number() {
    let desk = Desk::new();
    let recipe = "[vome.invite]\nenabled = true\nlanguage = \"EN\"\nmessage = \"Hello\"\n";
    let push = || {
        let push = Import::at(&desk, "push --to sandbox --state state --sandbox-data data --yes");
        push.text("people.csv", plain(3)).recipe(recipe)
    };
    let invited = || {
        let db = rusqlite::Connection::open(desk.path("data/sandbox.sqlite")).unwrap();
        let count = "SELECT count(*) FROM invitation";
        db.query_row(count, [], |row| row.get::<_, u32>(0)).unwrap()
    };
    push().expect_code(5).run().says("3 people").says("--expect-invites 3");
    push().args("--expect-invites 2").expect_code(5).run();
    assert_eq!(invited(), 0);
    assert!(desk.runs().is_empty());
    push().args("--expect-invites 3").run();
    assert_eq!(invited(), 3);
}

#[test]
fn invitations_are_off_in_what_is_sent() {
    let server = Server::start(|_, _| Act::fine());
    let push = Import::new("push --yes --state state").text("people.csv", plain(1));
    push.recipe(&server.vome(5)).env("VOME_API_KEY", "k").run();
    let body: Value = serde_json::from_slice(&server.seen()[0].body).unwrap();
    assert_eq!(body["invite_user_to_vome"], false);
}

#[test]
fn the_recipe_decides_method_path_and_key_of_the_request() {
    let server = Server::start(|_, _| Act::fine());
    let recipe = format!(
        "{}records_key = \"user_data\"\n[vome.endpoints.upsert]\nmethod = \"POST\"\npath = \"/v2/upsert\"\n",
        server.vome(5)
    );
    let push = Import::new("push --yes --state state").text("people.csv", plain(1));
    push.recipe(&recipe).env("VOME_API_KEY", "k").run();
    let seen = server.seen();
    assert_eq!(seen[0].line, "POST /v2/upsert");
    let body: Value = serde_json::from_slice(&seen[0].body).unwrap();
    assert_eq!(body["user_data"].as_array().unwrap().len(), 1);
}

#[test]
fn people_are_not_sent_in_the_clear() {
    for address in ["http://api.example.org", "ftp://127.0.0.1", "https://user:word@example.org"] {
        let recipe = format!("[vome]\nbase_url = \"{address}\"\n");
        let push = Import::new("push --yes --state state").text("people.csv", plain(1));
        let done = push.recipe(&recipe).env("VOME_API_KEY", "k").expect_code(2).run();
        done.says("https://");
        assert!(!done.stderr.contains("user:word"), "{}", done.stderr);
    }
    let omneo = Import::new("push --yes --state state --to omneo").text("people.csv", plain(1));
    omneo.env("OMNEO_TOKEN", "k").expect_code(2).run().says("base_url");
}
